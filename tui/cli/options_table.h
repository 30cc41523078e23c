/* SPDX-License-Identifier: MIT */
/* The commands and the options: what the parser, each --help and its advice are made of. */
#ifndef TUI_CLI_OPTIONS_TABLE_H
#define TUI_CLI_OPTIONS_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "tui/cli/asked.h"

enum option_kind {
	OPTION_TEXT,    /* of row->words, if there are any */
	OPTION_FLAG,
	OPTION_NUMBER,  /* uint64_t, from `least` to `most`: digits, which count nothing */
	OPTION_COUNT,   /* the same, also in thousands and millions */
	OPTION_TIME,    /* uint64_t ns */
	OPTION_PERCENT, /* double */
	OPTION_WORD,    /* an enum, by its words */
	OPTION_DTYPE,   /* enum dtype */
	OPTION_RATE,    /* double, a second, or PLAN_RATE_SWEEP */
	OPTION_REFUSED, /* known, but not working yet */
};

/* The plan's fields are found in struct plan_options, so that a preset can come under them. */
struct option_row {
	char letter; /* 0: none */
	bool in_plan;
	enum option_kind kind;
	unsigned commands; /* that take it */
	const char *name;
	const char *argument;
	const char *help;
	size_t offset;
	const char *const *words;
	uint64_t least;
	uint64_t most;
};

/* Ends with a row whose name is NULL. An option that two commands take differently has two rows. */
extern const struct option_row option_table[];

struct command_row {
	const char *name; /* NULL: the dashboard's, which is called by none */
	enum subcommand command;
	const char *synopsis;
	const char *help;
};

/* Ends with a row whose help is NULL. */
extern const struct command_row command_table[];

const struct command_row *command_row_of(enum subcommand command);

/*
 * The row of "--csv", of "-n" and what follows it, or NULL; length is that of the word without
 * "=VALUE". Of two rows the one that the command takes, if it takes either.
 */
const struct option_row *option_find(const char *word, size_t length, enum subcommand command);

#endif
