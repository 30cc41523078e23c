/* SPDX-License-Identifier: MIT */
/* What each action of keys.def does to the interface. */
#include "tui/ui/ui_actions.h"

#include <stdio.h>

#include "bench/report/rows.h"
#include "transports/unused.h"
#include "tui/ui/help_list.h"
#include "tui/ui/ui_choose.h"
#include "tui/ui/ui_move.h"
#include "tui/ui/ui_needs.h"
#include "tui/ui/ui_overlay.h"
#include "tui/ui/ui_prompt.h"

#define AGAIN_NS UINT64_C(2000000000) /* a second Ctrl-C within this time quits */

/* Screens. */

static struct command act_screen(struct ui *ui, const struct model *model UNUSED,
				 enum action action)
{
	static const enum screen screens[ACTION_COUNT] = {
#define SCREEN(name, id) [ACTION_##name] = SCREEN_##name,
#include "tui/ui/screens.def"
#undef SCREEN
	};

	ui_show(ui, screens[action]);
	return NO_COMMAND;
}

static struct command act_next(struct ui *ui, const struct model *model UNUSED, enum action action)
{
	unsigned step = action == ACTION_NEXT ? 1 : SCREEN_COUNT - 1;

	ui_show(ui, (enum screen)((ui->screen + step) % SCREEN_COUNT));
	return NO_COMMAND;
}

static struct command act_open(struct ui *ui, const struct model *model UNUSED,
			       enum action action UNUSED)
{
	ui_show(ui, SCREEN_DETAIL);
	ui->zoom = (struct zoom){0, 1, 0.5};
	ui->scroll = 0;
	return NO_COMMAND;
}

static struct command act_back(struct ui *ui, const struct model *model UNUSED, enum action action)
{
	if (action == ACTION_BACK && ui->mark != UI_NO_CELL) {
		ui->mark = UI_NO_CELL;
		ui_toast(ui, ROLE_TEXT, "no duel: the mark is taken back");
	} else if (ui->screen == SCREEN_DETAIL && ui->log)
		ui->log = false;
	else if (ui->screen == SCREEN_DETAIL)
		ui_show(ui, ui->detail_from);
	else if (ui->screen == SCREEN_COMPARE)
		ui_show(ui, SCREEN_LIVE);
	else
		ui_show(ui, SCREEN_SETUP);
	return NO_COMMAND;
}

/* Leaving. */

static struct command act_quit(struct ui *ui, const struct model *model, enum action action UNUSED)
{
	if (!model->running)
		return (struct command){.kind = COMMAND_QUIT};
	ui->ask = ASK_QUIT;
	return NO_COMMAND;
}

static struct command act_answer(struct ui *ui, const struct model *model UNUSED,
				 enum action action)
{
	enum ask asked = ui->ask;
	size_t mark = ui->mark;

	ui->ask = ASK_NOTHING;
	if (asked == ASK_QUIT && action != ACTION_ASK_NO)
		return (struct command){.kind = COMMAND_QUIT};
	if (asked != ASK_DUEL || action != ACTION_ASK_YES)
		return NO_COMMAND;
	ui->mark = UI_NO_CELL;
	ui->follow = true;
	ui_show(ui, SCREEN_LIVE);
	return (struct command){.kind = COMMAND_DUEL, .cell = mark, .opponent = ui->opponent};
}

static struct command act_stop(struct ui *ui, const struct model *model, enum action action UNUSED)
{
	if (ui->stopped_ns && ui->now_ns - ui->stopped_ns <= AGAIN_NS)
		return (struct command){.kind = COMMAND_QUIT};
	ui->stopped_ns = ui->now_ns;
	if (model->running)
		ui_toast(ui, ROLE_WARN, "stopped, results kept; Ctrl-C again quits");
	else
		ui_toast(ui, ROLE_WARN, "nothing is running; Ctrl-C again quits");
	return (struct command){.kind = model->running ? COMMAND_STOP : COMMAND_NONE};
}

static struct command act_world(struct ui *ui UNUSED, const struct model *model UNUSED,
				enum action action)
{
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

static struct command act_mouse(struct ui *ui, const struct model *model UNUSED,
				enum action action UNUSED)
{
	ui->mouse = ui->mouse_setting = !ui->mouse;
	ui_toast(ui, ROLE_TEXT, ui->mouse ? "mouse on"
					  : "mouse off: selecting text is the terminal's");
	return (struct command){.kind = COMMAND_MOUSE};
}

/* Looking. */

static struct command act_follow(struct ui *ui, const struct model *model UNUSED,
				 enum action action UNUSED)
{
	ui->follow = !ui->follow;
	ui_toast(ui, ROLE_TEXT, ui->follow ? "following the cell that is measured"
					   : "the selection stays");
	return NO_COMMAND;
}

static struct command act_sort(struct ui *ui, const struct model *model UNUSED, enum action action)
{
	if (action == ACTION_SORT_INVERT) {
		ui->sort_inverted = !ui->sort_inverted;
		return NO_COMMAND;
	}
	ui->sort = (ui->sort + (action == ACTION_SORT_NEXT ? 1 : SORT_COUNT - 1)) % SORT_COUNT;
	ui->sort_inverted = false;
	ui_toast(ui, ROLE_TEXT, "sorted by %s", sort_names[ui->sort]);
	return NO_COMMAND;
}

static struct command act_cycle(struct ui *ui, const struct model *model UNUSED, enum action action)
{
	if (action == ACTION_UNIT)
		ui->unit = (ui->unit + 1) % UNITS;
	else if (action == ACTION_PLOT)
		ui->plot = (ui->plot + 1) % PLOT_KINDS;
	else if (action == ACTION_COUNTS)
		ui->counts = (ui->counts + 1) % COUNT_SCALES;
	else
		ui->axis_linear = !ui->axis_linear;
	return NO_COMMAND;
}

static struct command act_log(struct ui *ui, const struct model *model UNUSED,
			      enum action action UNUSED)
{
	ui->log = !ui->log;
	ui->scroll = 0;
	return NO_COMMAND;
}

static struct command act_export(struct ui *ui, const struct model *model,
				 enum action action UNUSED)
{
	char path[UI_TEXT_BYTES];

	if (model->run_id[0])
		(void)snprintf(path, sizeof(path), "ipctop-%s.csv", model->run_id);
	else
		(void)snprintf(path, sizeof(path), "ipctop.svg");
	prompt_open(ui, PROMPT_EXPORT, path);
	return NO_COMMAND;
}

/* Does the action of the selected line, as its key would. */
static struct command act_help_do(struct ui *ui, const struct model *model,
				  enum action action UNUSED)
{
	struct help_lines lines;

	help_find(ui, &lines);
	if (ui->help.selected >= lines.count)
		return NO_COMMAND;
	ui->help.open = false;
	return ui_act(ui, model, lines.actions[ui->help.selected]);
}

static struct command (*const act_table[ACTION_COUNT])(struct ui *ui, const struct model *model,
							enum action action) = {
	[ACTION_HELP] = act_help,
	[ACTION_NOTES] = act_help,
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
	[ACTION_MORE] = act_more,
	[ACTION_DROP] = act_drop,
	[ACTION_DUEL] = act_duel,
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
	[ACTION_ASK_AGAIN] = act_answer,
	[ACTION_ASK_NO] = act_answer,
};

struct command ui_act(struct ui *ui, const struct model *model, enum action action)
{
	const char *why = ui_why_not(ui, model, action);

	if (why) {
		ui_toast(ui, ROLE_WARN, "%s", why);
		return NO_COMMAND;
	}
	return act_table[action](ui, model, action);
}
