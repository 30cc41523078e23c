/* SPDX-License-Identifier: MIT */
/* The help over the screen: opening, moving, filtering, closing. */
#include "tui/ui/ui_overlay.h"

#include <stdio.h>
#include <string.h>

#include "transports/unused.h"
#include "tui/draw/clamp.h"
#include "tui/ui/help_list.h"
#include "tui/ui/ui_move.h"

struct command act_help(struct ui *ui, const struct model *model UNUSED, enum action action)
{
	ui->help = (struct help){.open = true, .notes = action == ACTION_NOTES};
	return NO_COMMAND;
}

struct command act_help_move(struct ui *ui, const struct model *model UNUSED, enum action action)
{
	struct help_lines lines;

	help_find(ui, &lines);
	ui->help.selected =
		clamp_int(ui->help.selected + move_lines(ui, action), 0, lines.count - 1);
	return NO_COMMAND;
}

struct command act_help_erase(struct ui *ui, const struct model *model UNUSED,
			      enum action action UNUSED)
{
	size_t length = strlen(ui->help.filter);

	while (length > 0 && ((unsigned char)ui->help.filter[--length] & 0xc0) == 0x80)
		;
	ui->help.filter[length] = '\0';
	ui->help.selected = 0;
	return NO_COMMAND;
}

struct command act_help_close(struct ui *ui, const struct model *model UNUSED,
			      enum action action UNUSED)
{
	if (ui->help.filter[0])
		ui->help = (struct help){.open = true, .notes = ui->help.notes};
	else
		ui->help.open = false;
	return NO_COMMAND;
}

void help_insert(struct help *help, uint32_t glyph)
{
	char text[5];
	size_t length = strlen(help->filter);

	if (length + utf8_put(glyph, text) < sizeof(help->filter)) {
		(void)snprintf(help->filter + length, sizeof(help->filter) - length, "%s", text);
		help->selected = 0;
	}
}
