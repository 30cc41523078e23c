/* SPDX-License-Identifier: MIT */
/* The dashboard: terminal, interface and engine in one loop. */
#ifndef TUI_APP_H
#define TUI_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/plan/plan.h"
#include "transports/err.h"
#include "tui/cli/asked.h"

/* From the command line; what is NULL there comes from the settings, else the defaults. */
struct app_options {
	bool ascii;
	enum color_when color;
	const char *theme;       /* "auto", "dark", "light", "mono" */
	const char *preset;
	const char *transports;  /* as --transports */
	const char *shapes;
	const struct plan_options *plan;
	uint64_t given;          /* of plan: see options_overlay */
	bool no_mouse;
	bool samples_given;      /* given: wins over a preset's rule for single cells */
};

#define APP_NO_SCREEN (-1)

/*
 * Runs until the user leaves. Returns the exit status, or APP_NO_SCREEN with err
 * filled, before anything was printed, if there is no terminal that can show it.
 */
int app_main(const struct app_options *options, struct err *err);

#endif
