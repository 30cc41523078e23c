/* SPDX-License-Identifier: MIT */
/* The help overlay and the prompt: their keys, and letters typed into them. */
#include "tui/ui/ui_actions.h"

#include <stdio.h>
#include <string.h>

#include "transports/unused.h"
#include "tui/ui/help_list.h"

static const struct command no_command = {0};

static int clamp(int value, int low, int high)
{
	return value > high ? high : value < low ? low : value;
}

struct command act_help(struct ui *ui, const struct model *model UNUSED, enum action action)
{
	ui->help = (struct help){.open = true, .notes = action == ACTION_NOTES};
	return no_command;
}

struct command act_help_move(struct ui *ui, const struct model *model UNUSED, enum action action)
{
	struct help_lines lines;

	help_find(ui, &lines);
	ui->help.selected = clamp(ui->help.selected + move_lines(ui, action), 0, lines.count - 1);
	if (ui->help.selected < 0)
		ui->help.selected = 0;
	return no_command;
}

struct command act_help_erase(struct ui *ui, const struct model *model UNUSED,
			      enum action action UNUSED)
{
	size_t length = strlen(ui->help.filter);

	while (length > 0 && ((unsigned char)ui->help.filter[--length] & 0xc0) == 0x80)
		;
	ui->help.filter[length] = '\0';
	ui->help.selected = 0;
	return no_command;
}

struct command act_help_close(struct ui *ui, const struct model *model UNUSED,
			      enum action action UNUSED)
{
	if (ui->help.filter[0])
		ui->help = (struct help){.open = true, .notes = ui->help.notes};
	else
		ui->help.open = false;
	return no_command;
}

struct command act_help_do(struct ui *ui, const struct model *model, enum action action UNUSED)
{
	struct help_lines lines;

	help_find(ui, &lines);
	if (ui->help.selected >= lines.count)
		return no_command;
	ui->help.open = false;
	return ui_act(ui, model, lines.actions[ui->help.selected]);
}

struct command act_prompt(struct ui *ui, const struct model *model, enum action action)
{
	if (action == ACTION_EDIT_ACCEPT)
		return prompt_accept(ui, model);
	if (action == ACTION_EDIT_CANCEL)
		ui->prompt.kind = PROMPT_NONE;
	else
		prompt_edit(&ui->prompt, action);
	return no_command;
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

struct command ui_type(struct ui *ui, const struct model *model UNUSED, enum key_context context,
		       uint32_t key)
{
	bool letter = key >= ' ' && key != CODE_BACKSPACE && key < CODE_UP;

	if (context == IN_PROMPT && letter)
		prompt_insert(&ui->prompt, key);
	else if (context == IN_HELP && letter)
		help_type(&ui->help, key);
	return no_command;
}
