/* SPDX-License-Identifier: MIT */
/* What --help prints: of everything, or of one command. */
#include "tui/cli/options_help.h"

#include <string.h>

#include "bench/plan/preset.h"
#include "tui/cli/options_table.h"

#define EVERY_COMMAND (~0u)

static void option_put(const struct option_row *row, FILE *file)
{
	char left[64];

	(void)snprintf(left, sizeof(left), "%c%c%s --%s%s%s", row->letter ? '-' : ' ',
		       row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name,
		       row->argument ? " " : "", row->argument ? row->argument : "");
	(void)fprintf(file, "  %-32s %s\n", left, row->help);
}

/* An option of two rows is there once: as the first of the commands takes it. */
static bool option_is_repeated(const struct option_row *row, unsigned commands)
{
	for (const struct option_row *before = option_table; before < row; before++)
		if (before->commands & commands && strcmp(before->name, row->name) == 0)
			return true;
	return false;
}

static void options_put(unsigned commands, FILE *file)
{
	(void)fputs("\nOptions:\n", file);
	for (const struct option_row *row = option_table; row->name; row++)
		if (row->commands & commands && !option_is_repeated(row, commands))
			option_put(row, file);
}

static void presets_put(FILE *file)
{
	(void)fputs("\nPresets:\n", file);
	for (const struct preset *preset = preset_table; preset->name; preset++)
		(void)fprintf(file, "  %-8s %s\n", preset->name, preset->help);
	(void)fputs("\nAn explicit option beats a preset.\n", file);
}

static void command_put(const struct command_row *row, FILE *file)
{
	char preset[] = "--preset";
	const struct option_row *takes = option_find(preset, strlen(preset), row->command);

	(void)fprintf(file, "ipctop %s: %s\n\nUsage:\n  ipctop %s%s\n", row->name, row->help,
		      row->synopsis, strstr(row->synopsis, "options") ? "" : " [options]");
	options_put(row->command, file);
	if (takes->commands & row->command)
		presets_put(file);
	(void)fputs("\nSee ipctop(1).\n", file);
}

static void overview_put(FILE *file)
{
	(void)fputs("ipctop: top for inter-process communication\n\nUsage:\n", file);
	for (const struct command_row *row = command_table; row->help; row++)
		(void)fprintf(file, "  ipctop %-25s %s\n", row->synopsis, row->help);
	options_put(EVERY_COMMAND, file);
	presets_put(file);
	(void)fputs("\nWhat a command takes is in its own help: ipctop run --help. See ipctop(1),\n"
		    "ipctop-csv(5) and ipctop-pair(7).\n",
		    file);
}

void options_help(enum subcommand command, FILE *file)
{
	const struct command_row *row = command_row_of(command);

	if (row->name)
		command_put(row, file);
	else
		overview_put(file);
}
