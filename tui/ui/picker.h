/* SPDX-License-Identifier: MIT */
/*
 * What the setup screen chooses: the matrix of transports and shapes with each
 * cell on or off, and the run options. Everything is pure but picker_survey.
 */
#ifndef TUI_UI_PICKER_H
#define TUI_UI_PICKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/plan/estimate.h"
#include "bench/plan/plan.h"
#include "transports/err.h"
#include "transports/registry.h"

/* Counts every transport that there can be: those of the tables, and those that may be added. */
enum {
	PICKER_TRANSPORTS_MAX = (0
#define CARRIER(name) +1
#include "transports/carriers.def"
#undef CARRIER
	) * (0
#define ENCODING(name) +1
#include "transports/encodings.def"
#undef ENCODING
	) + REGISTRY_ADDED_MAX,
};

#define PICKER_SHAPES_MAX 16
#define PICKER_WHY_BYTES 120

struct picker_cell {
	bool on;             /* goes into the plan; if impossible, the run skips it and says why */
	bool preset;         /* is on in the preset */
	bool possible;       /* can run here and now */
	double estimate_ns;  /* of the whole cell, with the present options */
	struct plan_need need;
	char why[PICKER_WHY_BYTES]; /* why not possible; "" if it is */
};

/* The rows of the options list, in its order. */
enum picker_option {
	OPTION_SAMPLES,
	OPTION_BUDGET,
	OPTION_BLOCKS,
	OPTION_WARMUP,
	OPTION_DIRECTION,
	OPTION_SOURCE,
	OPTION_MEMORY,
	OPTION_PAGES,
	OPTION_WAIT,
	OPTION_PIN,
	OPTION_TIMEOUT,
	OPTION_SEED,
	OPTION_CLIENTS,
	OPTION_RATE,
	OPTION_PRECISION,
	OPTION_COUNT,
};

struct picker {
	size_t transport_count;
	struct transport transports[PICKER_TRANSPORTS_MAX];
	size_t type_count;
	struct array_type types[PICKER_SHAPES_MAX]; /* by size, small first */
	bool own[PICKER_SHAPES_MAX];            /* the user typed it */
	struct picker_cell cells[PICKER_TRANSPORTS_MAX][PICKER_SHAPES_MAX];
	struct plan_options options;
	char preset[PLAN_PRESET_BYTES]; /* the preset it started from, "" if none */
	bool samples_set;               /* the user set it: wins over the preset's rule */
	/*
	 * The cursor: row -1 is the shapes' heading, from transport_count on the options;
	 * column -1 is the transport's own box.
	 */
	int row, column;
	bool stale; /* picker_survey should run again */
	/* Filled in by picker_survey. */
	uint64_t memory_free_bytes, shm_free_bytes;
	unsigned usable_cpus;
};

/* Every transport and the blog's shapes; nothing on. */
void picker_init(struct picker *picker);

/* The dtype of shapes that name none, and of the columns so far: before any was typed. */
void picker_use_dtype(struct picker *picker, enum dtype dtype);

/* Turns on what the preset has, and takes its options but for the dtype. */
int picker_apply_preset(struct picker *picker, const struct preset *preset, struct err *err);

/*
 * Turns on exactly these lists, as --transports and --shapes take them; NULL: everything.
 * Fails with ERR_USAGE, or ERR_RANGE if there are more shapes than columns.
 */
int picker_apply_lists(struct picker *picker, const char *transports, const char *shapes,
		       struct err *err);

/* Whether the chosen cells, or the options, differ from the preset's, or there is no preset. */
bool picker_cells_changed(const struct picker *picker);
bool picker_options_changed(const struct picker *picker);

/* Adds a column, off; the cursor goes to its heading. Fails with ERR_USAGE or ERR_RANGE. */
int picker_add_shape(struct picker *picker, const char *text, struct err *err);

/* Removes the column of a shape that the user typed. False if it is not one. */
bool picker_remove_shape(struct picker *picker, size_t column);

/* Toggles what is under the cursor: a cell, a row, a column. False if none of it can run: *why. */
bool picker_toggle(struct picker *picker, const char **why);
void picker_toggle_all(struct picker *picker);
void picker_invert(struct picker *picker);

/* The option under the cursor, or OPTION_COUNT. */
enum picker_option picker_option_at(const struct picker *picker);
/* An option's name ("samples"), its meaning in a line, its value as shown ("2 s", "1000"). */
const char *picker_option_name(enum picker_option option);
const char *picker_option_help(enum picker_option option);
char *picker_option_value(const struct picker *picker, enum picker_option option, char *text,
			  size_t size);
/* The words that an option has, NULL-terminated; NULL if it is a number. */
const char *const *picker_option_words(enum picker_option option);
/* Steps an option by one word, or along 1-2-5. */
void picker_option_step(struct picker *picker, enum picker_option option, int direction);
int picker_option_parse(struct picker *picker, enum picker_option option, const char *text,
			struct err *err);

struct picker_total {
	size_t cells, transports, shapes; /* on and possible */
	size_t skipped; /* on, but not possible */
	double estimate_ns;
	uint64_t private_bytes, shared_bytes; /* the largest need of one cell */
};

struct picker_total picker_total(const struct picker *picker);
/*
 * Writes which chosen cell cannot run and why, and how many more cannot. Returns text, or
 * NULL if everything that is on can run.
 */
char *picker_impossible(const struct picker *picker, char *text, size_t size);
/* Whether the present options would spin without a core for each end. */
bool picker_spins_crowded(const struct picker *picker);
/* Estimate of a row's chosen cells; NaN if none. */
double picker_row_estimate_ns(const struct picker *picker, size_t row);

/*
 * Writes the equivalent command, "ipctop run -t ... -s ...". If the chosen cells are no
 * product of transports and shapes, there is one command for each group of transports,
 * joined by "; ".
 */
char *picker_command(const struct picker *picker, char *text, size_t size);

/* The same, however long it is. The caller frees it; NULL if there is no memory. */
char *picker_command_whole(const struct picker *picker);

/*
 * The chosen cells as a plan, which the caller frees. Fails with ERR_USAGE if nothing is
 * chosen, and with ERR_RANGE if it is more than the tables have room for.
 */
int picker_make_plan(const struct picker *picker, struct plan *plan, struct err *err);

/* Asks the machine what fits, and recomputes the estimates. The one function that is not pure. */
void picker_survey(struct picker *picker);

#endif
