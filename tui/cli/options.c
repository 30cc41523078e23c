/* SPDX-License-Identifier: MIT */
/* The command line. */
#include "tui/cli/options.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bench/plan/preset.h"
#include "tui/cli/options_advice.h"
#include "tui/cli/options_table.h"
#include "tui/cli/options_value.h"

/* An option as it stands on the command line. */
struct option_given {
	const struct option_row *row;
	const char *value;
};

struct command_line {
	int argc;
	char **argv;
	int at; /* the word that is being read */
};

/* The value of an option, which may be the next word. joined: what was behind it, or NULL. */
static int value_read(struct command_line *line, char *joined, struct option_given *given,
		      struct err *err)
{
	const struct option_row *row = given->row;

	given->value = joined;
	if (!row->argument && joined)
		return err_set(err, ERR_USAGE, "--%s takes no value", row->name);
	if (!row->argument || joined)
		return 0;
	if (line->at + 1 == line->argc)
		return err_set(err, ERR_USAGE, "--%s wants a value: %s", row->name,
			       row->argument);
	given->value = line->argv[++line->at];
	return 0;
}

/* Reads an option and its value, which may be joined: --csv=FILE, -n10. */
static int option_read(struct command_line *line, enum subcommand command,
		       struct option_given *given, struct err *err)
{
	char *word = line->argv[line->at];
	bool is_long = word[1] == '-';
	char *joined = is_long ? strchr(word, '=') : word[2] ? word + 2 : NULL;
	size_t length = is_long && joined ? (size_t)(joined - word) : strlen(word);

	if (!is_long && joined && advise_dashes(word, err) != 0)
		return -1;
	given->row = option_find(word, length, command);
	if (!given->row) {
		(void)advise_option(word, length, command, err);
		return -1; /* what it returns, for who looks at this file alone */
	}
	if (!(given->row->commands & command))
		return advise_misplaced(given->row, command, err);
	return value_read(line, joined ? joined + is_long : NULL, given, err);
}

static int command_read(struct options *options, struct command_line *line, struct err *err)
{
	const struct command_row *row = command_table + 1;

	options->command = SUBCOMMAND_DASHBOARD;
	if (line->argc < 2 || line->argv[1][0] == '-')
		return 0;
	while (row->help && strcmp(line->argv[1], row->name) != 0)
		row++;
	if (!row->help)
		return advise_command(line->argv[1], err);
	options->command = row->command;
	line->at = 2;
	return 0;
}

/* What is no option: the files of `diff`, and nothing elsewhere. */
static int word_read(struct options *options, const char *word, struct err *err)
{
	bool takes_words = options->command == SUBCOMMAND_DIFF ||
			   options->command == SUBCOMMAND_DUEL;

	for (size_t i = 0; i < 2 && takes_words; i++) {
		if (!options->words[i]) {
			options->words[i] = word;
			return 0;
		}
	}
	return advise_word(word, options->command, err);
}

static int options_read(struct options *options, struct command_line *line,
			struct option_given *given, size_t *count, struct err *err)
{
	for (; line->at < line->argc; line->at++) {
		const char *word = line->argv[line->at];

		if (word[0] != '-' || !word[1]) {
			if (word_read(options, word, err) != 0)
				return -1;
			continue;
		}
		if (option_read(line, options->command, &given[*count], err) != 0)
			return -1;
		++*count;
	}
	return 0;
}

/* The preset comes first and what was given over it, in whatever order they stand. */
static int options_store(struct options *options, const struct option_given *given, size_t count,
			 struct err *err)
{
	const struct preset *preset;

	for (size_t i = 0; i < count; i++)
		if (!given[i].row->in_plan &&
		    option_store(given[i].row, given[i].value, options, err) != 0)
			return -1;
	preset = options->preset ? preset_find(options->preset) : NULL;
	if (options->preset && !preset)
		return err_set(err, ERR_USAGE,
			       "unknown preset \"%.60s\": blog, quick, full, frames or tensors",
			       options->preset);
	options->plan = preset				       ? preset->options :
			options->command == SUBCOMMAND_DUEL ? plan_duel_defaults :
							      plan_defaults;
	for (size_t i = 0; i < count; i++) {
		if (!given[i].row->in_plan)
			continue;
		if (option_store(given[i].row, given[i].value, &options->plan, err) != 0)
			return -1;
		options->given |= UINT64_C(1) << (given[i].row - option_table);
		options->samples_given |= strcmp(given[i].row->name, "samples") == 0;
		/* So many were asked for: slow cells have no fewer. */
		if (strcmp(given[i].row->name, "blocks") == 0)
			options->plan.blocks_slow = options->plan.blocks;
	}
	return 0;
}

void options_overlay(struct plan_options *over, const struct plan_options *plan, uint64_t given)
{
	for (size_t i = 0; option_table[i].name; i++) {
		const struct option_row *row = &option_table[i];
		bool word = row->kind == OPTION_WORD || row->kind == OPTION_DTYPE;
		size_t bytes = word ? sizeof(int) : sizeof(uint64_t);

		if (given >> i & 1)
			memcpy((char *)over + row->offset, (const char *)plan + row->offset, bytes);
		if (given >> i & 1 && row->offset == offsetof(struct plan_options, blocks))
			over->blocks_slow = plan->blocks_slow;
	}
}

int options_parse(struct options *options, int argc, char **argv, struct err *err)
{
	struct option_given *given = calloc((size_t)argc + 1, sizeof(*given));
	struct command_line line = {.argc = argc, .argv = argv, .at = 1};
	size_t count = 0;
	int status = -1;

	*options = (struct options){.fail_slower = NAN};
	if (!given)
		return err_set(err, ERR_MEMORY, "no memory for the options");
	if (command_read(options, &line, err) == 0 &&
	    options_read(options, &line, given, &count, err) == 0)
		status = options_store(options, given, count, err);
	free(given);
	return status;
}
