/* SPDX-License-Identifier: MIT */
/* The dashboard's state: the loop (app.c) and what carries out commands share it. */
#ifndef TUI_APP_STATE_H
#define TUI_APP_STATE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/run/run.h"
#include "tui/draw/grid.h"
#include "tui/paths.h"
#include "tui/test_barrier.h"
#include "tui/ui/ui.h"

struct app_options;

struct app {
	const struct app_options *options;
	const struct theme *theme;
	struct ui ui;
	struct grid grid;
	struct model idle;     /* shown before the first run */
	struct plan plan;      /* of run */
	struct run *run;       /* NULL before the first */
	struct plan next;      /* the duel that begins when run has ended; no cells: none */
	uint64_t next_by_ns;   /* when it begins at the latest */
	size_t saved;          /* the generation that was last saved, or failed to be */
	bool save_failed;      /* the last save failed, and the user was told */
	char results[PATH_BYTES]; /* this run's CSV */
	int signal_fd;
	sigset_t signals;      /* watched by signal_fd, and blocked otherwise */
	bool leaving;
	int signal;            /* the signal that ends the dashboard, 0 if none */
	bool dirty;            /* the model has changed since the last frame */
	bool urgent;           /* the user did something: draw at once */
	bool resized;          /* the terminal's size may have changed */
	uint64_t drawn_ns;     /* when the last frame was begun, and how long it took */
	uint64_t draw_cost_ns;
	uint64_t cpu_at_ns;    /* when our CPU time was last taken, and what it was */
	uint64_t cpu_ns;
	struct barrier barrier;
};

static inline const struct model *app_model(const struct app *app)
{
	return app->run ? run_model(app->run) : &app->idle;
}

#endif
