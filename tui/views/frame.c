/* SPDX-License-Identifier: MIT */
/* A whole screen from its pieces. */
#include "tui/views/frame.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/text/fmt.h"
#include "transports/unused.h"
#include "tui/views/footer.h"
#include "tui/views/help.h"
#include "tui/views/tiny.h"
#include "tui/views/view.h"

/* The header bar. */

/* How the worst outcome of any cell looks. */
static struct state_look worst_look(const struct model *model)
{
	static const enum cell_state worst[] = {CELL_WRONG, CELL_FAILED, CELL_INTERRUPTED};

	for (size_t k = 0; k < sizeof(worst) / sizeof(worst[0]); k++)
		for (size_t i = 0; i < model->cell_count; i++)
			if (model->cells[i].state == worst[k])
				return view_state(model, &model->cells[i]);
	return (struct state_look){U'✓', ROLE_GOOD};
}

static struct state_look run_look(const struct model *model)
{
	if (model->running)
		return model->paused ? (struct state_look){U'‖', ROLE_WARN} :
				       (struct state_look){U'▸', ROLE_ACCENT};
	return worst_look(model);
}

/* "▸ 17/48" at the right end. Returns the columns left of it. */
static int draw_run_state(struct grid *grid, struct rect header, const struct model *model)
{
	struct state_look look = run_look(model);
	char text[48];
	int x;

	if (model->cell_count == 0)
		return header.width;
	(void)snprintf(text, sizeof(text), "%s%zu/%zu", model->paused ? "paused " : "",
		       model->finals, model->cell_count);
	x = grid_text_right(grid, header.x, header.y, header.width - 1, look.role, text);
	grid_put(grid, x - 2, header.y, look.glyph, look.role);
	return x - 3 - header.x;
}

/* Draws what the dashboard itself costs, if there is room. Returns the columns left of it. */
static int draw_own_share(struct grid *grid, struct rect header, int width, const struct ui *ui)
{
	int x;

	if (isnan(ui->own_cpu) || header.width < 100)
		return width;
	x = header.x + width - 24;
	(void)grid_printf_right(grid, x, header.y, 22, ROLE_DIM, "ipctop itself %.1f%%",
				100 * ui->own_cpu);
	return width - 24;
}

/* Puts "push · " in front of a headline, where narrow screens have it too. */
static void tell_direction(const struct model *model, const struct ui *ui,
			   char headline[UI_TEXT_BYTES])
{
	char text[UI_TEXT_BYTES];
	enum direction direction;

	if (ui->screen == SCREEN_SETUP || model->cell_count == 0)
		return;
	direction = model->plan->options.direction;
	if (direction == DIRECTION_PULL)
		return;
	(void)snprintf(text, sizeof(text), "%s · %.*s", direction_names[direction],
		       UI_TEXT_BYTES - 16, headline);
	memcpy(headline, text, sizeof(text));
}

static void draw_header(struct grid *grid, struct rect header, const struct model *model,
			const struct ui *ui)
{
	const struct view *view = view_table[ui->screen];
	int width = draw_own_share(grid, header, draw_run_state(grid, header, model), ui);
	int x = header.x + 1;
	char headline[UI_TEXT_BYTES] = "";

	if (header.width >= 60)
		x += 2 + grid_text(grid, x, header.y, width - 1, ROLE_STRONG, "ipctop");
	x += 2 + grid_text(grid, x, header.y, width - x, ROLE_ACCENT, view->title);
	view->headline(model, ui, headline, sizeof(headline));
	tell_direction(model, ui, headline);
	if (header.width >= 100)
		(void)grid_text_center(grid, x, header.y, width - x, ROLE_TEXT, headline);
	else
		(void)grid_text(grid, x, header.y, width - x, ROLE_TEXT, headline);
}

/* The line above the footer: a question, a prompt, or a toast. */

static const char *prompt_label(const struct prompt *prompt)
{
	switch (prompt->kind) {
	case PROMPT_SHAPE:
		return "shape, as 1x3x224x224 or 8x8:uint8:";
	case PROMPT_OPTION:
		return picker_option_name(prompt->option);
	default:
		return "write to:";
	}
}

/* Where the parts of a prompt are on its line. */
struct prompt_view {
	int text_x, room; /* of the text */
	const char *text; /* from here it is shown */
	int cursor_x;
};

static struct prompt_view prompt_view(const struct grid *grid, struct rect line,
				      const struct prompt *prompt)
{
	int label = glyph_text_width(grid->glyphs, prompt_label(prompt));
	struct prompt_view view = {.text = prompt->text};
	char before[UI_TEXT_BYTES];
	int cursor;

	/* On a narrow line the text matters more than its label. */
	label = label + 14 > line.width ? 0 : label + 1;
	view.text_x = line.x + 1 + label;
	view.room = line.width - 2 - label;
	(void)snprintf(before, sizeof(before), "%.*s", (int)prompt->cursor, prompt->text);
	cursor = glyph_text_width(grid->glyphs, before);
	while (cursor >= view.room && *view.text) {
		cursor -= glyph_fold(grid->glyphs, utf8_next(&view.text)) != 0;
	}
	view.cursor_x = view.text_x + cursor;
	return view;
}

static void draw_prompt(struct grid *grid, struct rect line, const struct ui *ui)
{
	const struct prompt *prompt = &ui->prompt;
	struct prompt_view view = prompt_view(grid, line, prompt);
	struct rect above = {line.x, line.y - 1, line.width, 1};

	grid_fill(grid, line, ' ', ROLE_TEXT);
	(void)grid_text(grid, line.x + 1, line.y, view.text_x - line.x - 2, ROLE_ACCENT,
			prompt_label(prompt));
	(void)grid_text(grid, view.text_x, line.y, view.room, ROLE_STRONG, view.text);
	if (!prompt->error[0])
		return;
	grid_fill(grid, above, ' ', ROLE_TEXT);
	(void)grid_text(grid, above.x + 1, above.y, above.width - 2, ROLE_BAD, prompt->error);
}

static void draw_line(struct grid *grid, struct rect line, enum role role, const char *text)
{
	grid_fill(grid, line, ' ', ROLE_TEXT);
	(void)grid_text(grid, line.x + 1, line.y, line.width - 2, role, text);
}

#define ASK_TEXTS 3 /* of a question, the longest first */
#define ASK_BYTES (2 * TRANSPORT_NAME_BYTES + FMT_BYTES + 80)

static void ask_quit(const struct model *model UNUSED, const struct ui *ui UNUSED,
		     char texts[ASK_TEXTS][ASK_BYTES])
{
	(void)snprintf(texts[0], ASK_BYTES, "%s",
		       "stop the run and quit? results so far are kept    y yes   n no");
	(void)snprintf(texts[1], ASK_BYTES, "stop and quit?  y yes  n no");
	(void)snprintf(texts[2], ASK_BYTES, "quit? y n");
}

static void ask_duel(const struct model *model, const struct ui *ui,
		     char texts[ASK_TEXTS][ASK_BYTES])
{
	const struct cell *a = &model->cells[ui->mark];
	const struct cell *b = &model->cells[ui->opponent];
	char names[2][TRANSPORT_NAME_BYTES];
	char bytes[FMT_BYTES];

	(void)transport_format(&a->plan->transport, names[0]);
	(void)transport_format(&b->plan->transport, names[1]);
	fmt_payload(array_type_bytes(&a->plan->type), bytes);
	(void)snprintf(texts[0], ASK_BYTES, "%sduel %s against %s on %s?   y yes   n no",
		       model->running ? "stop the run, keep its results, and " : "", names[0],
		       names[1], bytes);
	(void)snprintf(texts[1], ASK_BYTES, "%sduel %s against %s?  y yes  n no",
		       model->running ? "stop the run, " : "", names[0], names[1]);
	(void)snprintf(texts[2], ASK_BYTES, "%s? y n", model->running ? "stop, duel" : "duel");
}

static void draw_ask(struct grid *grid, struct rect line, const struct model *model,
		     const struct ui *ui)
{
	char texts[ASK_TEXTS][ASK_BYTES];
	int i = 0;

	if (ui->ask == ASK_QUIT)
		ask_quit(model, ui, texts);
	else
		ask_duel(model, ui, texts);
	while (i + 1 < ASK_TEXTS && glyph_text_width(grid->glyphs, texts[i]) + 2 > line.width)
		i++;
	draw_line(grid, line, ROLE_WARN, texts[i]);
}

static void draw_toast(struct grid *grid, struct rect line, const struct model *model,
		       const struct ui *ui)
{
	if (ui->ask != ASK_NOTHING)
		draw_ask(grid, line, model, ui);
	else if (ui->prompt.kind != PROMPT_NONE)
		draw_prompt(grid, line, ui);
	else if (ui->toast.text[0])
		draw_line(grid, line, ui->toast.role, ui->toast.text);
}

static void draw_body(struct grid *grid, const struct frame_layout *frame,
		      const struct model *model, const struct ui *ui)
{
	struct rect former = grid_clip(grid, frame->body);

	if (frame->size >= SIZE_SMALL)
		view_table[ui->screen]->draw(grid, frame->body, model, ui);
	else
		tiny_draw(grid, frame->body, model, ui);
	grid->clip = former;
}

void frame_draw(struct grid *grid, const struct model *model, const struct ui *ui)
{
	struct frame_layout frame = layout_frame(grid->columns, grid->rows);

	grid_clear(grid);
	if (frame.size == SIZE_BLANK)
		return;
	draw_body(grid, &frame, model, ui);
	if (ui->help.open)
		help_draw(grid, frame.body, model, ui);
	draw_toast(grid, frame.toast, model, ui);
	if (rect_empty(frame.header))
		return;
	draw_header(grid, frame.header, model, ui);
	footer_draw(grid, frame.footer, model, ui);
}

bool frame_cursor(const struct grid *grid, const struct ui *ui, int *x, int *y)
{
	struct frame_layout frame = layout_frame(grid->columns, grid->rows);

	if (ui->prompt.kind == PROMPT_NONE || ui->ask != ASK_NOTHING || frame.size == SIZE_BLANK)
		return false;
	*x = prompt_view(grid, frame.toast, &ui->prompt).cursor_x;
	*y = frame.toast.y;
	return *x < grid->columns;
}

char *frame_title(const struct model *model, char *text, size_t size)
{
	char left[FMT_BYTES];

	if (model->running)
		(void)snprintf(text, size, "ipctop %.0f%% %s", 100 * model->progress,
			       fmt_clock(model->left_ns, left));
	else
		(void)snprintf(text, size, "ipctop");
	return text;
}
