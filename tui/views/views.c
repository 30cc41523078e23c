/* SPDX-License-Identifier: MIT */
/* The registry of screens, and what all their tables share. */
#include "tui/views/view.h"

const struct view *const view_table[SCREEN_COUNT] = {
#define SCREEN(name, id) [SCREEN_##name] = &view_##id,
#include "tui/ui/screens.def"
#undef SCREEN
};

static const struct state_look look_table[] = {
	[CELL_QUEUED] = {U'·', ROLE_DIM},     [CELL_STARTING] = {U'◌', ROLE_ACCENT},
	[CELL_WARMING] = {U'↑', ROLE_ACCENT}, [CELL_RUNNING] = {U'▸', ROLE_ACCENT},
	[CELL_WAITING] = {U'▹', ROLE_DIM},    [CELL_DONE] = {U'✓', ROLE_GOOD},
	[CELL_FAILED] = {U'✗', ROLE_BAD},     [CELL_WRONG] = {U'≠', ROLE_BAD},
	[CELL_SKIPPED] = {U'–', ROLE_DIM},    [CELL_INTERRUPTED] = {U'◂', ROLE_WARN},
};

struct state_look view_state(const struct model *model, const struct cell *cell)
{
	bool current = model->current < model->cell_count && cell == &model->cells[model->current];

	if (model->paused && current && !cell_state_final(cell->state))
		return (struct state_look){U'‖', ROLE_WARN};
	return look_table[cell->state];
}

void view_focus(struct grid *grid, int x, int y, bool focused)
{
	grid_put(grid, x, y, focused ? U'▌' : U' ', focused ? ROLE_ACCENT : ROLE_TEXT);
}

void view_scroll_marks(struct grid *grid, struct rect lines, int first, int count)
{
	if (lines.height < 3)
		return;
	if (first > 0)
		grid_put(grid, lines.x, lines.y, U'▴', ROLE_KEY);
	if (first + lines.height < count)
		grid_put(grid, lines.x, lines.y + lines.height - 1, U'▾', ROLE_KEY);
}

void view_draw_nothing(struct grid *grid, struct rect rect, const char *text, const char *hint)
{
	int y = rect.y + rect.height / 3;

	(void)grid_text_center(grid, rect.x + 1, y, rect.width - 2, ROLE_TEXT, text);
	(void)grid_text_center(grid, rect.x + 1, y + 1, rect.width - 2, ROLE_DIM, hint);
}
