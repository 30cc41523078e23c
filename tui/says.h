/* SPDX-License-Identifier: MIT */
/*
 * What the numbers show, in sentences, by rules. Each follows from figures in
 * the model; where intervals overlap, nothing is claimed. Pure.
 */
#ifndef TUI_SAYS_H
#define TUI_SAYS_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/model.h"
#include "tui/theme.h"

#define SAYS_BYTES 300

struct says_line {
	enum role role;        /* ROLE_TEXT, or ROLE_WARN for what asks for care */
	char text[SAYS_BYTES]; /* UTF-8 */
};

/* Sentences on one shape, or (NULL) on the whole run; the weightiest first. Returns how many. */
size_t says_find(const struct model *model, const struct shape *shape, struct says_line *lines,
		 size_t capacity);

/* What is odd about one cell: two humps, drift, blocks that disagree. False: nothing, text "". */
bool says_unsteady(const struct cell *cell, char text[SAYS_BYTES]);

struct says_humps {
	double low_ns, high_ns; /* where the two peaks are */
	double high_share;      /* of the samples, in the slower one */
};

/* Whether a distribution has two humps that chance does not explain. */
bool says_find_humps(const struct hist *hist, struct says_humps *humps);

struct says_drift {
	double first_ns, last_ns; /* medians of the first and the last third of the time */
};

bool says_find_drift(const struct series *series, struct says_drift *drift);

/* The 95 % interval of a histogram's median. False: too few samples for one. */
bool says_median_interval(const struct hist *hist, double *low_ns, double *high_ns);

#endif
