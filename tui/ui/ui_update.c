/* SPDX-License-Identifier: MIT */
/* Events to actions: each goes to what is on top. */
#include "tui/ui/ui_update.h"

#include "transports/unused.h"
#include "tui/ui/ui_actions.h"
#include "tui/ui/ui_click.h"
#include "tui/ui/ui_overlay.h"
#include "tui/ui/ui_paste.h"
#include "tui/ui/ui_prompt.h"

/* A key without an action is a letter for the prompt or the help's filter. */
static void on_letter(struct ui *ui, enum key_context context, uint32_t key)
{
	bool letter = key >= ' ' && key != CODE_BACKSPACE && key < CODE_UP;

	if (context == IN_PROMPT && letter)
		prompt_insert(&ui->prompt, key);
	else if (context == IN_HELP && letter)
		help_insert(&ui->help, key);
}

static struct command on_key(struct ui *ui, const struct model *model, const struct event *event)
{
	enum key_context context = ui_context(ui);
	enum action action = keymap_find(&ui->keymap, context, event->key);

	if (action != ACTION_NONE)
		return ui_act(ui, model, action);
	on_letter(ui, context, event->key);
	return NO_COMMAND;
}

static struct command on_resize(struct ui *ui, const struct model *model UNUSED,
				const struct event *event)
{
	ui->columns = event->x;
	ui->rows = event->y;
	return NO_COMMAND;
}

static struct command on_interrupt(struct ui *ui, const struct model *model,
				   const struct event *event UNUSED)
{
	return ui_act(ui, model, ACTION_STOP);
}

static struct command on_wheel_up(struct ui *ui, const struct model *model,
				  const struct event *event UNUSED)
{
	return ui_context(ui) & IN_SCREENS ? ui_act(ui, model, ACTION_UP) : NO_COMMAND;
}

static struct command on_wheel_down(struct ui *ui, const struct model *model,
				    const struct event *event UNUSED)
{
	return ui_context(ui) & IN_SCREENS ? ui_act(ui, model, ACTION_DOWN) : NO_COMMAND;
}

struct command ui_update(struct ui *ui, const struct model *model, const struct event *event)
{
	static struct command (*const handlers[])(struct ui * ui, const struct model *model,
						  const struct event *event) = {
		[EVENT_NONE] = NULL,
		[EVENT_KEY] = on_key,
		[EVENT_CLICK] = ui_click,
		[EVENT_WHEEL_UP] = on_wheel_up,
		[EVENT_WHEEL_DOWN] = on_wheel_down,
		[EVENT_RESIZE] = on_resize,
		[EVENT_INTERRUPT] = on_interrupt,
		[EVENT_TICK] = NULL,
		[EVENT_PASTE] = ui_paste,
	};

	ui->now_ns = event->now_ns;
	if (ui->toast.text[0] && ui->now_ns >= ui->toast.until_ns)
		ui->toast.text[0] = '\0';
	ui_follow(ui, model);
	return handlers[event->kind] ? handlers[event->kind](ui, model, event) : NO_COMMAND;
}
