/* SPDX-License-Identifier: MIT */
/* What was probably meant. */
#include "tui/cli/options_advice.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "bench/text/slips.h"

#define COMMANDS_BYTES 120
#define PREFIX_LETTERS 3 /* of an option, from which on it is one that is abbreviated */

/* "ipctop run --help", with "run " and without. */
#define HELP "ipctop %s%s--help"
#define HELP_ARGUMENTS(row) (row)->name ? (row)->name : "", (row)->name ? " " : ""

/* Its name and how it is called: "ipctop list", "the dashboard". */
static const char *command_called(const struct command_row *row, char text[COMMANDS_BYTES])
{
	(void)snprintf(text, COMMANDS_BYTES, row->name ? "ipctop %s" : "the dashboard",
		       row->name);
	return text;
}

/* "the dashboard, ipctop run and ipctop duel": those whose bits are set. */
static char *commands_called(unsigned commands, char text[COMMANDS_BYTES])
{
	size_t used = 0;

	text[0] = '\0';
	for (const struct command_row *row = command_table; row->help; row++) {
		char name[COMMANDS_BYTES];

		if (!(commands & row->command))
			continue;
		commands &= ~(unsigned)row->command;
		used += (size_t)snprintf(text + used, COMMANDS_BYTES - used, "%s%.30s",
					 !used ? "" : commands ? ", " : " and ",
					 command_called(row, name));
	}
	return text;
}

/* All the commands that take an option of this name, in whatever way. */
static unsigned commands_of(const char *name)
{
	unsigned commands = 0;

	for (const struct option_row *row = option_table; row->name; row++)
		if (strcmp(row->name, name) == 0)
			commands |= row->commands;
	return commands;
}

/* How little a name resembles what was typed, less where the command takes it; SIZE_MAX: not. */
static size_t strangeness(const struct option_row *row, const char *typed,
			  enum subcommand command)
{
	size_t slips = slips_between(typed, row->name);

	if (strlen(typed) >= PREFIX_LETTERS && strncmp(typed, row->name, strlen(typed)) == 0)
		slips = 1;
	if (slips > slips_forgiven(typed))
		return SIZE_MAX;
	return 2 * slips + !(row->commands & command);
}

static const struct option_row *option_nearest(const char *typed, enum subcommand command)
{
	const struct option_row *nearest = NULL;
	size_t least = SIZE_MAX;

	for (const struct option_row *row = option_table; row->name; row++) {
		size_t strange = strangeness(row, typed, command);

		if (strange < least) {
			least = strange;
			nearest = row;
		}
	}
	return nearest;
}

/* The letter in its other case: "-N" for "-n". */
static const struct option_row *letter_nearest(char letter, enum subcommand command)
{
	const char word[] = {'-', (char)(letter ^ ('a' ^ 'A')), '\0'};

	return option_find(word, 2, command);
}

int advise_option(const char *word, size_t length, enum subcommand command, struct err *err)
{
	const struct command_row *here = command_row_of(command);
	bool is_long = word[1] == '-';
	const struct option_row *nearest;
	char typed[SLIPS_LETTERS_MAX + 2];
	char meant[SLIPS_LETTERS_MAX + 2];
	char elsewhere[COMMANDS_BYTES];

	(void)snprintf(typed, sizeof(typed), "%.*s", is_long ? (int)length - 2 : 0, word + 2);
	nearest = is_long ? option_nearest(typed, command) : letter_nearest(word[1], command);
	if (!nearest)
		return err_set(err, ERR_USAGE, "unknown option \"%.60s\": see " HELP, word,
			       HELP_ARGUMENTS(here));
	(void)snprintf(meant, sizeof(meant), is_long ? "-%s" : "%.1s",
		       is_long ? nearest->name : &nearest->letter);
	if (nearest->commands & command)
		return err_set(err, ERR_USAGE,
			       "unknown option \"%.60s\": did you mean -%s? See " HELP, word,
			       meant, HELP_ARGUMENTS(here));
	return err_set(err, ERR_USAGE,
		       "unknown option \"%.60s\": did you mean -%s, which goes with %s?", word,
		       meant, commands_called(commands_of(nearest->name), elsewhere));
}

int advise_misplaced(const struct option_row *row, enum subcommand command, struct err *err)
{
	const struct command_row *here = command_row_of(command);
	char elsewhere[COMMANDS_BYTES];
	char name[COMMANDS_BYTES];

	return err_set(err, ERR_USAGE, "--%s does not go with %s but with %s: see " HELP,
		       row->name, command_called(here, name),
		       commands_called(commands_of(row->name), elsewhere), HELP_ARGUMENTS(here));
}

int advise_command(const char *word, struct err *err)
{
	const struct command_row *nearest = NULL;
	size_t least = slips_forgiven(word) + 1;

	for (const struct command_row *row = command_table + 1; row->help; row++) {
		size_t slips = slips_between(word, row->name);

		if (slips < least) {
			least = slips;
			nearest = row;
		}
	}
	if (nearest)
		return err_set(err, ERR_USAGE,
			       "unknown command \"%.60s\": did you mean ipctop %s? See "
			       "ipctop --help", word, nearest->name);
	return err_set(err, ERR_USAGE,
		       "unknown command \"%.60s\": run, list, serve, duel or diff; see "
		       "ipctop --help", word);
}

int advise_word(const char *word, enum subcommand command, struct err *err)
{
	const struct command_row *here = command_row_of(command);

	for (const struct command_row *row = command_table + 1; row->help && !here->name; row++)
		if (strcmp(word, row->name) == 0)
			return err_set(err, ERR_USAGE,
				       "unexpected \"%s\": the command comes before the options, "
				       "ipctop %s ...", word, row->name);
	return err_set(err, ERR_USAGE, "unexpected \"%.60s\": see " HELP, word,
		       HELP_ARGUMENTS(here));
}

int advise_dashes(const char *word, struct err *err)
{
	size_t length = strcspn(word + 1, "=");

	for (const struct option_row *row = option_table; row->name; row++)
		if (strlen(row->name) == length && strncmp(word + 1, row->name, length) == 0)
			return err_set(err, ERR_USAGE, "\"%.60s\" wants two dashes: --%s", word,
				       row->name);
	return 0;
}
