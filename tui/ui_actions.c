/* SPDX-License-Identifier: MIT */
/* What each action of keys.def does to the interface. */
#include "tui/ui_actions.h"

#include <stdio.h>
#include <string.h>

#include "tui/views/help.h"

#define AGAIN_NS UINT64_C(2000000000) /* a second Ctrl-C within this time quits */

static const struct command no_command = {0};

static int clamp(int value, int low, int high)
{
	return value > high ? high : value < low ? low : value;
}

/* Moving the cursor by rows and columns. */

static int page_lines(const struct ui *ui)
{
	return ui->rows > 12 ? ui->rows - 10 : 2;
}

/* How far an action moves: as many lines as there can be for the ends. */
static int move_lines(const struct ui *ui, enum action action)
{
	switch (action) {
	case ACTION_UP:
	case ACTION_HELP_UP:
		return -1;
	case ACTION_DOWN:
	case ACTION_HELP_DOWN:
		return 1;
	case ACTION_PAGE_UP:
	case ACTION_HELP_PAGE_UP:
		return -page_lines(ui);
	case ACTION_PAGE_DOWN:
	case ACTION_HELP_PAGE_DOWN:
		return page_lines(ui);
	case ACTION_HALF_UP:
		return -(page_lines(ui) + 1) / 2;
	case ACTION_HALF_DOWN:
		return (page_lines(ui) + 1) / 2;
	case ACTION_FIRST:
	case ACTION_HELP_FIRST:
		return -10000;
	default:
		return 10000;
	}
}

static void select_row(struct ui *ui, const struct model *model, int row)
{
	struct rows rows;

	ui_rows(ui, model, &rows);
	if (rows.count == 0)
		return;
	ui->cell = rows.cells[clamp(row, 0, (int)rows.count - 1)];
	ui->follow = false;
}

static struct command act_move(struct ui *ui, const struct model *model, enum action action)
{
	struct picker *picker = &ui->picker;
	int lines = move_lines(ui, action);
	struct rows rows;

	if (ui->screen == SCREEN_SETUP) {
		picker->row = clamp(picker->row + lines, -1,
				    (int)picker->transport_count + OPTION_COUNT - 1);
	} else if (ui->screen == SCREEN_DETAIL && ui->log) {
		ui->scroll = clamp(ui->scroll + lines, 0, CELL_LOG_BYTES);
	} else {
		ui_rows(ui, model, &rows);
		select_row(ui, model, ui_selected_row(ui, &rows) + lines);
	}
	return no_command;
}

/* The same transport in another shape, or that shape's first cell. */
static void select_shape(struct ui *ui, const struct model *model, size_t index)
{
	const struct cell *cell = ui_cell(ui, model);
	struct rows rows;
	struct row_shapes shapes;

	rows_shapes(model, &shapes);
	ui->shape = index;
	ui->follow = false;
	if (index >= shapes.count || !cell)
		return;
	cell = rows_cell(model, &cell->plan->transport, shapes.shapes[index]);
	rows_of_shape(model, shapes.shapes[index], SORT_PLAN, false, &rows);
	ui->cell = cell ? (size_t)(cell - model->cells) : rows.cells[0];
}

static struct command act_shape(struct ui *ui, const struct model *model, enum action action)
{
	struct row_shapes shapes;
	size_t count;

	rows_shapes(model, &shapes);
	/* Compare has one more: all of them. */
	count = shapes.count + (ui->screen == SCREEN_COMPARE);
	if (action == ACTION_SHAPE_NEXT || action == ACTION_RIGHT)
		select_shape(ui, model, (ui->shape + 1) % count);
	else
		select_shape(ui, model, (ui->shape + count - 1) % count);
	return no_command;
}

/* The plot's cursor goes a column: about the width of the histogram's axis. */
static void move_plot_cursor(struct ui *ui, int direction)
{
	struct zoom *zoom = &ui->zoom;
	double step = (zoom->right - zoom->left) / (ui->columns > 24 ? ui->columns - 14 : 10);

	zoom->cursor += direction * step;
	if (zoom->cursor < zoom->left)
		zoom->cursor = zoom->left;
	if (zoom->cursor > zoom->right)
		zoom->cursor = zoom->right;
}

static struct command act_sideways(struct ui *ui, const struct model *model, enum action action)
{
	struct picker *picker = &ui->picker;
	int direction = action == ACTION_RIGHT ? 1 : -1;
	enum picker_option option = picker_option_at(picker);

	if (ui->screen == SCREEN_DETAIL)
		move_plot_cursor(ui, direction);
	else if (ui->screen != SCREEN_SETUP)
		return model->cell_count ? act_shape(ui, model, action) : no_command;
	else if (option != OPTION_COUNT)
		picker_option_step(picker, option, direction);
	else
		picker->column = clamp(picker->column + direction, -1, (int)picker->shape_count - 1);
	return no_command;
}

/* Screens. */

static void show(struct ui *ui, enum screen screen)
{
	ui->log = false;
	if (screen == SCREEN_DETAIL && ui->screen != SCREEN_DETAIL)
		ui->detail_from = ui->screen;
	ui->screen = screen;
	if (screen == SCREEN_SETUP)
		ui->picker.stale = true; /* what is free may have changed */
}

static struct command act_screen(struct ui *ui, const struct model *model, enum action action)
{
	(void)model; /* one of the functions of the table below */
	show(ui, (enum screen)(action - ACTION_SETUP));
	return no_command;
}

static struct command act_next(struct ui *ui, const struct model *model, enum action action)
{
	unsigned step = action == ACTION_NEXT ? 1 : SCREEN_COUNT - 1;

	(void)model; /* one of the functions of the table below */
	show(ui, (enum screen)((ui->screen + step) % SCREEN_COUNT));
	return no_command;
}

static struct command act_open(struct ui *ui, const struct model *model, enum action action)
{
	(void)action; /* there is only one way */
	show(ui, SCREEN_DETAIL);
	ui->zoom = (struct zoom){0, 1, 0.5};
	ui->scroll = 0;
	(void)model; /* the cell is selected already */
	return no_command;
}

static struct command act_back(struct ui *ui, const struct model *model, enum action action)
{
	(void)model; /* one of the functions of the table below */
	(void)action; /* LEAVE and BACK do the same */
	if (ui->screen == SCREEN_DETAIL && ui->log)
		ui->log = false;
	else if (ui->screen == SCREEN_DETAIL)
		show(ui, ui->detail_from);
	else if (ui->screen == SCREEN_COMPARE)
		show(ui, SCREEN_LIVE);
	else
		show(ui, SCREEN_SETUP);
	return no_command;
}

/* Leaving. */

static struct command act_quit(struct ui *ui, const struct model *model, enum action action)
{
	(void)action; /* QUIT and QUIT_NOW do the same */
	if (!model->running)
		return (struct command){.kind = COMMAND_QUIT};
	ui->ask = ASK_QUIT;
	return no_command;
}

static struct command act_answer(struct ui *ui, const struct model *model, enum action action)
{
	(void)model; /* one of the functions of the table below */
	ui->ask = ASK_NOTHING;
	return (struct command){.kind = action == ACTION_ASK_YES ? COMMAND_QUIT : COMMAND_NONE};
}

static struct command act_stop(struct ui *ui, const struct model *model, enum action action)
{
	(void)action; /* there is only one way */
	if (ui->stopped_ns && ui->now_ns - ui->stopped_ns <= AGAIN_NS)
		return (struct command){.kind = COMMAND_QUIT};
	ui->stopped_ns = ui->now_ns;
	if (model->running)
		ui_toast(ui, ROLE_WARN, "stopped, results kept; Ctrl-C again quits");
	else
		ui_toast(ui, ROLE_WARN, "nothing is running; Ctrl-C again quits");
	return (struct command){.kind = model->running ? COMMAND_STOP : COMMAND_NONE};
}

static struct command act_world(struct ui *ui, const struct model *model, enum action action)
{
	(void)ui;    /* nothing changes here, */
	(void)model; /* only outside */
	switch (action) {
	case ACTION_SAVE:
		return (struct command){.kind = COMMAND_SAVE};
	case ACTION_COPY:
		return (struct command){.kind = COMMAND_COPY};
	case ACTION_SUSPEND:
		return (struct command){.kind = COMMAND_SUSPEND};
	default:
		return (struct command){.kind = COMMAND_REDRAW};
	}
}

static struct command act_mouse(struct ui *ui, const struct model *model, enum action action)
{
	(void)model;  /* one of the functions of the table below */
	(void)action; /* there is only one way */
	ui->mouse = !ui->mouse;
	ui_toast(ui, ROLE_TEXT, ui->mouse ? "mouse on" : "mouse off: selecting text is the terminal's");
	return (struct command){.kind = COMMAND_MOUSE};
}

/* Choosing. */

static struct command act_toggle(struct ui *ui, const struct model *model, enum action action)
{
	const char *why = "";
	enum picker_option option = picker_option_at(&ui->picker);

	(void)model;  /* one of the functions of the table below */
	(void)action; /* there is only one way */
	if (option != OPTION_COUNT)
		picker_option_step(&ui->picker, option, 1);
	else if (!picker_toggle(&ui->picker, &why))
		ui_toast(ui, ROLE_WARN, "cannot run here: %s", why);
	return no_command;
}

static struct command act_matrix(struct ui *ui, const struct model *model, enum action action)
{
	struct picker *picker = &ui->picker;

	(void)model; /* one of the functions of the table below */
	if (action == ACTION_TOGGLE_ALL)
		picker_toggle_all(picker);
	else if (action == ACTION_INVERT)
		picker_invert(picker);
	else if (picker->column < 0 || !picker_remove_shape(picker, (size_t)picker->column))
		ui_toast(ui, ROLE_WARN, "only columns of your own shapes can be removed");
	return no_command;
}

static struct command act_edit(struct ui *ui, const struct model *model, enum action action)
{
	enum picker_option option = picker_option_at(&ui->picker);
	char value[64];

	if (option == OPTION_COUNT || picker_option_words(option))
		return act_toggle(ui, model, action);
	prompt_open(ui, PROMPT_OPTION,
		    picker_option_value(&ui->picker, option, value, sizeof(value)));
	ui->prompt.option = option;
	return no_command;
}

static struct command act_add_shape(struct ui *ui, const struct model *model, enum action action)
{
	(void)model;  /* one of the functions of the table below */
	(void)action; /* there is only one way */
	prompt_open(ui, PROMPT_SHAPE, "");
	return no_command;
}

static struct command act_preset(struct ui *ui, const struct model *model, enum action action)
{
	const struct preset *preset = preset_table;
	struct err err = {0};

	(void)model;  /* one of the functions of the table below */
	(void)action; /* there is only one way */
	while (preset->name && strcmp(preset->name, ui->picker.preset) != 0)
		preset++;
	/* After the last, or from none, the first. */
	if (!preset->name || !(++preset)->name)
		preset = preset_table;
	if (picker_apply_preset(&ui->picker, preset, &err) == 0)
		ui_toast(ui, ROLE_TEXT, "%s: %s", preset->name, preset->help);
	else
		ui_toast(ui, ROLE_BAD, "%s: %s", preset->name, err.message);
	return no_command;
}

static struct command act_run(struct ui *ui, const struct model *model, enum action action)
{
	(void)action; /* there is only one way */
	if (model->running) {
		ui_toast(ui, ROLE_WARN, "a run is under way: Ctrl-C stops it, 2 shows it");
		return no_command;
	}
	if (picker_total(&ui->picker).cells == 0) {
		ui_toast(ui, ROLE_WARN, "nothing is chosen that can run: Space turns cells on");
		return no_command;
	}
	ui->follow = true;
	show(ui, SCREEN_LIVE);
	return (struct command){.kind = COMMAND_START};
}

/* While running. */

static struct command act_pause(struct ui *ui, const struct model *model, enum action action)
{
	(void)ui;     /* the model says whether it is paused */
	(void)model;  /* and the engine changes it */
	(void)action; /* there is only one way */
	return (struct command){.kind = COMMAND_PAUSE};
}

static struct command act_skip(struct ui *ui, const struct model *model, enum action action)
{
	(void)action; /* there is only one way */
	if (model->current >= model->cell_count) {
		ui_toast(ui, ROLE_WARN, "no cell is under way just now");
		return no_command;
	}
	return (struct command){.kind = COMMAND_SKIP, .cell = model->current};
}

static struct command act_retry(struct ui *ui, const struct model *model, enum action action)
{
	const struct cell *cell = ui_cell(ui, model);

	(void)action; /* there is only one way */
	if (!cell || !cell_state_final(cell->state)) {
		ui_toast(ui, ROLE_WARN, "this cell is not finished yet");
		return no_command;
	}
	return (struct command){.kind = COMMAND_RETRY, .cell = ui->cell};
}

static struct command act_drop(struct ui *ui, const struct model *model, enum action action)
{
	const struct cell *cell = ui_cell(ui, model);

	(void)action; /* there is only one way */
	if (!cell || cell_state_final(cell->state) || ui->cell == model->current) {
		ui_toast(ui, ROLE_WARN, "only a cell that waits can be dropped");
		return no_command;
	}
	return (struct command){.kind = COMMAND_DROP, .cell = ui->cell};
}

/* Looking. */

static struct command act_follow(struct ui *ui, const struct model *model, enum action action)
{
	(void)model;  /* one of the functions of the table below */
	(void)action; /* there is only one way */
	ui->follow = !ui->follow;
	ui_toast(ui, ROLE_TEXT, ui->follow ? "following the cell that is measured"
					   : "the selection stays");
	return no_command;
}

static struct command act_sort(struct ui *ui, const struct model *model, enum action action)
{
	(void)model; /* one of the functions of the table below */
	if (action == ACTION_SORT_INVERT) {
		ui->sort_inverted = !ui->sort_inverted;
		return no_command;
	}
	ui->sort = (ui->sort + (action == ACTION_SORT_NEXT ? 1 : SORT_COUNT - 1)) % SORT_COUNT;
	ui->sort_inverted = false;
	ui_toast(ui, ROLE_TEXT, "sorted by %s", sort_names[ui->sort]);
	return no_command;
}

static struct command act_cycle(struct ui *ui, const struct model *model, enum action action)
{
	(void)model; /* one of the functions of the table below */
	if (action == ACTION_UNIT)
		ui->unit = (ui->unit + 1) % UNITS;
	else if (action == ACTION_PLOT)
		ui->plot = (ui->plot + 1) % PLOT_KINDS;
	else if (action == ACTION_COUNTS)
		ui->counts = (ui->counts + 1) % COUNT_SCALES;
	else
		ui->axis_linear = !ui->axis_linear;
	return no_command;
}

#define ZOOM_LEAST (1.0 / 256) /* share of the axis that still fills the plot */

/* Around the cursor, which keeps its place in the window where that is possible. */
static void zoom_by(struct zoom *zoom, double factor)
{
	double width = zoom->right - zoom->left;
	double place = (zoom->cursor - zoom->left) / width;

	width *= factor;
	if (width < ZOOM_LEAST)
		width = ZOOM_LEAST;
	if (width > 1)
		width = 1;
	zoom->left = zoom->cursor - place * width;
	if (zoom->left < 0)
		zoom->left = 0;
	if (zoom->left + width > 1)
		zoom->left = 1 - width;
	zoom->right = zoom->left + width;
}

static struct command act_zoom(struct ui *ui, const struct model *model, enum action action)
{
	(void)model; /* one of the functions of the table below */
	if (action == ACTION_ZOOM_FIT)
		ui->zoom = (struct zoom){0, 1, ui->zoom.cursor};
	else
		zoom_by(&ui->zoom, action == ACTION_ZOOM_IN ? 0.5 : 2);
	return no_command;
}

static struct command act_log(struct ui *ui, const struct model *model, enum action action)
{
	(void)model;  /* one of the functions of the table below */
	(void)action; /* there is only one way */
	ui->log = !ui->log;
	ui->scroll = 0;
	return no_command;
}

static struct command act_export(struct ui *ui, const struct model *model, enum action action)
{
	char path[UI_TEXT_BYTES];

	(void)action; /* there is only one way */
	if (model->run_id[0])
		(void)snprintf(path, sizeof(path), "ipctop-%s.csv", model->run_id);
	else
		(void)snprintf(path, sizeof(path), "ipctop.svg");
	prompt_open(ui, PROMPT_EXPORT, path);
	return no_command;
}

/* Help and prompt. */

static struct command act_help(struct ui *ui, const struct model *model, enum action action)
{
	(void)model;  /* one of the functions of the table below */
	(void)action; /* there is only one way */
	ui->help = (struct help){.open = true};
	return no_command;
}

static struct command act_help_move(struct ui *ui, const struct model *model, enum action action)
{
	struct help_lines lines;

	(void)model; /* one of the functions of the table below */
	help_find(ui, &lines);
	ui->help.selected = clamp(ui->help.selected + move_lines(ui, action), 0, lines.count - 1);
	if (ui->help.selected < 0)
		ui->help.selected = 0;
	return no_command;
}

static struct command act_help_erase(struct ui *ui, const struct model *model, enum action action)
{
	size_t length = strlen(ui->help.filter);

	(void)model;  /* one of the functions of the table below */
	(void)action; /* there is only one way */
	while (length > 0 && ((unsigned char)ui->help.filter[--length] & 0xc0) == 0x80)
		;
	ui->help.filter[length] = '\0';
	ui->help.selected = 0;
	return no_command;
}

static struct command act_help_close(struct ui *ui, const struct model *model, enum action action)
{
	(void)model;  /* one of the functions of the table below */
	(void)action; /* there is only one way */
	if (ui->help.filter[0])
		ui->help = (struct help){.open = true};
	else
		ui->help.open = false;
	return no_command;
}

static struct command act_help_do(struct ui *ui, const struct model *model, enum action action)
{
	struct help_lines lines;

	(void)action; /* there is only one way */
	help_find(ui, &lines);
	if (ui->help.selected >= lines.count)
		return no_command;
	ui->help.open = false;
	return ui_act(ui, model, lines.actions[ui->help.selected]);
}

static struct command act_prompt(struct ui *ui, const struct model *model, enum action action)
{
	if (action == ACTION_EDIT_ACCEPT)
		return prompt_accept(ui, model);
	if (action == ACTION_EDIT_CANCEL)
		ui->prompt.kind = PROMPT_NONE;
	else
		prompt_edit(&ui->prompt, action);
	return no_command;
}

static struct command (*const act_table[ACTION_COUNT])(struct ui *ui, const struct model *model,
							enum action action) = {
	[ACTION_HELP] = act_help,
	[ACTION_TOGGLE] = act_toggle,
	[ACTION_TOGGLE_ALL] = act_matrix,
	[ACTION_INVERT] = act_matrix,
	[ACTION_REMOVE_SHAPE] = act_matrix,
	[ACTION_EDIT] = act_edit,
	[ACTION_ADD_SHAPE] = act_add_shape,
	[ACTION_PRESET] = act_preset,
	[ACTION_RUN] = act_run,
	[ACTION_OPEN] = act_open,
	[ACTION_PAUSE] = act_pause,
	[ACTION_SKIP] = act_skip,
	[ACTION_RETRY] = act_retry,
	[ACTION_DROP] = act_drop,
	[ACTION_FOLLOW] = act_follow,
	[ACTION_SHAPE_PREV] = act_shape,
	[ACTION_SHAPE_NEXT] = act_shape,
	[ACTION_SORT_PREV] = act_sort,
	[ACTION_SORT_NEXT] = act_sort,
	[ACTION_SORT_INVERT] = act_sort,
	[ACTION_UNIT] = act_cycle,
	[ACTION_PLOT] = act_cycle,
	[ACTION_COUNTS] = act_cycle,
	[ACTION_AXIS] = act_cycle,
	[ACTION_ZOOM_IN] = act_zoom,
	[ACTION_ZOOM_OUT] = act_zoom,
	[ACTION_ZOOM_FIT] = act_zoom,
	[ACTION_LOG] = act_log,
	[ACTION_SETUP] = act_screen,
	[ACTION_LIVE] = act_screen,
	[ACTION_COMPARE] = act_screen,
	[ACTION_DETAIL] = act_screen,
	[ACTION_NEXT] = act_next,
	[ACTION_PREVIOUS] = act_next,
	[ACTION_EXPORT] = act_export,
	[ACTION_COPY] = act_world,
	[ACTION_SAVE] = act_world,
	[ACTION_MOUSE] = act_mouse,
	[ACTION_UP] = act_move,
	[ACTION_DOWN] = act_move,
	[ACTION_LEFT] = act_sideways,
	[ACTION_RIGHT] = act_sideways,
	[ACTION_FIRST] = act_move,
	[ACTION_LAST] = act_move,
	[ACTION_PAGE_UP] = act_move,
	[ACTION_PAGE_DOWN] = act_move,
	[ACTION_HALF_UP] = act_move,
	[ACTION_HALF_DOWN] = act_move,
	[ACTION_BACK] = act_back,
	[ACTION_QUIT] = act_quit,
	[ACTION_LEAVE] = act_back,
	[ACTION_QUIT_NOW] = act_quit,
	[ACTION_STOP] = act_stop,
	[ACTION_REDRAW] = act_world,
	[ACTION_SUSPEND] = act_world,
	[ACTION_HELP_UP] = act_help_move,
	[ACTION_HELP_DOWN] = act_help_move,
	[ACTION_HELP_PAGE_UP] = act_help_move,
	[ACTION_HELP_PAGE_DOWN] = act_help_move,
	[ACTION_HELP_FIRST] = act_help_move,
	[ACTION_HELP_LAST] = act_help_move,
	[ACTION_HELP_ERASE] = act_help_erase,
	[ACTION_HELP_DO] = act_help_do,
	[ACTION_HELP_CLOSE] = act_help_close,
	[ACTION_EDIT_ACCEPT] = act_prompt,
	[ACTION_EDIT_CANCEL] = act_prompt,
	[ACTION_EDIT_LEFT] = act_prompt,
	[ACTION_EDIT_RIGHT] = act_prompt,
	[ACTION_EDIT_FIRST] = act_prompt,
	[ACTION_EDIT_LAST] = act_prompt,
	[ACTION_EDIT_ERASE] = act_prompt,
	[ACTION_EDIT_DELETE] = act_prompt,
	[ACTION_EDIT_CLEAR] = act_prompt,
	[ACTION_ASK_YES] = act_answer,
	[ACTION_ASK_NO] = act_answer,
};

struct command ui_act(struct ui *ui, const struct model *model, enum action action)
{
	if (!ui_works(ui, model, action)) {
		ui_toast(ui, ROLE_WARN, model->cell_count ? "nothing is running"
							  : "nothing has run yet: r on the setup screen");
		return no_command;
	}
	return act_table[action](ui, model, action);
}

static void help_type(struct help *help, uint32_t key)
{
	char text[5];
	size_t length = strlen(help->filter);

	if (length + utf8_put(key, text) < sizeof(help->filter)) {
		(void)snprintf(help->filter + length, sizeof(help->filter) - length, "%s", text);
		help->selected = 0;
	}
}

struct command ui_type(struct ui *ui, const struct model *model, enum key_context context,
		       uint32_t key)
{
	bool letter = key >= ' ' && key != CODE_BACKSPACE && key < CODE_UP;

	(void)model; /* typing changes only the interface */
	if (context == IN_PROMPT && letter)
		prompt_insert(&ui->prompt, key);
	else if (context == IN_HELP && letter)
		help_type(&ui->help, key);
	return no_command;
}

/* The number of the row at y, or -1. */
static int row_at(const struct ui *ui, int y, int count, int selected)
{
	struct frame_layout frame = layout_frame(ui->columns, ui->rows);
	struct layout layout = layout_screen(ui->screen, frame.size, frame.body, count);
	struct rect lines = layout_table_rows(ui->screen, frame.size, layout.parts[PART_TABLE]);
	int row = y - lines.y + layout_scroll(selected, count, lines.height);

	return y < lines.y || y >= lines.y + lines.height || row >= count ? -1 : row;
}

static struct command click_setup(struct ui *ui, int y)
{
	struct picker *picker = &ui->picker;
	int count = (int)picker->transport_count;
	int row = row_at(ui, y, count, picker->row < count ? picker->row : count - 1);

	if (row >= 0)
		picker->row = row;
	return no_command;
}

struct command ui_click(struct ui *ui, const struct model *model, const struct event *event)
{
	struct rows rows;
	int selected;
	int row;

	if (!(ui_context(ui) & (IN_SETUP | IN_TABLES)))
		return no_command;
	if (ui->screen == SCREEN_SETUP)
		return click_setup(ui, event->y);
	ui_rows(ui, model, &rows);
	selected = ui_selected_row(ui, &rows);
	row = row_at(ui, event->y, (int)rows.count, selected);
	if (row < 0)
		return no_command;
	/* A second click on the same row opens it. */
	if (row == selected)
		return ui_act(ui, model, ACTION_OPEN);
	select_row(ui, model, row);
	return no_command;
}
