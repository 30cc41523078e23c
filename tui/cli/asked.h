/* SPDX-License-Identifier: MIT */
/* What was asked for on the command line. */
#ifndef TUI_CLI_ASKED_H
#define TUI_CLI_ASKED_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/plan/plan.h"

enum subcommand {
	SUBCOMMAND_DASHBOARD = 1,
	SUBCOMMAND_RUN = 2,
	SUBCOMMAND_LIST = 4,
	SUBCOMMAND_SERVE = 8,
	SUBCOMMAND_DIFF = 16,
	SUBCOMMAND_DUEL = 32,
};

enum color_when {
	COLOR_AUTO, /* not with NO_COLOR (set and not empty) */
	COLOR_ALWAYS,
	COLOR_NEVER,
};

/* What was asked for. Texts are borrowed from argv; NULL where not given. */
struct options {
	enum subcommand command;
	const char *transports;
	const char *shapes;
	const char *preset;
	const char *csv;
	const char *json_path;
	const char *samples_csv;
	const char *connect;
	const char *bind_address;
	const char *pairs;
	const char *theme;
	const char *words[2];   /* diff: files, '-' is stdin; duel: transports */
	double fail_slower;     /* diff: percent, NAN if not given */
	uint64_t port;
	int color;              /* enum color_when */
	bool ascii;             /* or the locale has no other characters: see main.c */
	bool json;              /* list */
	bool reference;         /* run: its row is in the table */
	bool floors;            /* list */
	bool no_mouse;
	bool help;
	bool version;
	bool samples_given;     /* given: wins over a preset's rule for single cells */
	struct plan_options plan; /* the preset's, or the defaults, with what was given over them */
	uint64_t given;         /* which of plan were given, for options_overlay */
};

#endif
