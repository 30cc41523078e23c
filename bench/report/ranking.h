/* SPDX-License-Identifier: MIT */
/*
 * Which cell of an array type is how fast: what tables, screens and sentences go by, so that
 * they all say the same. Pure.
 *
 * Verdicts go by ratios paired by round (bench/stats/ratio.h). Wherever a rival goes by
 * reference, all go by latency with read, since its page faults lie in the first read. A cell
 * of trust F ranks below the rest, and nothing is decided about it.
 */
#ifndef BENCH_REPORT_RANKING_H
#define BENCH_REPORT_RANKING_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/model/model.h"
#include "bench/report/rows.h"
#include "bench/stats/ratio.h"

/* Which cells of the type: */
enum ranking_of {
	RANKING_DONE,    /* those that are done */
	RANKING_SETTLED, /* the same, but none while one of the type is being measured */
	RANKING_SO_FAR,  /* those with figures, which may still change or were interrupted */
};

/* The cells of one type that can be ranked: they stay where they are, in the model. */
struct ranking {
	const struct model *model;
	const struct array_type *type; /* NULL: the whole run, no cells */
	bool with_read;                /* latency and read together are what counts */
	enum ranking_of of;
	bool distrusted; /* all have trust F: that sets none of them apart */
	size_t count;
	const struct cell *best, *second, *last; /* NULL: there are not so many */
};

void ranking_make(struct ranking *ranking, const struct model *model, const struct array_type *type,
		  enum ranking_of of);

/* Whether it is one of them. */
bool ranking_has(const struct ranking *ranking, const struct cell *cell);

/* Whether it would be, were its trust not F. */
bool ranking_sets_apart(const struct ranking *ranking, const struct cell *cell);

/* What a cell is ranked by: the median of its latency, or of that with read; NaN: unknown. */
double ranking_ns(const struct ranking *ranking, const struct cell *cell);

/* Below 0: a stands before b. Cells that are ranked, then those of trust F, then the rest. */
int ranking_compare(const struct ranking *ranking, const struct cell *a, const struct cell *b);

/* A / B by what counts here, as one of the verdicts on all that are ranked. */
struct ratio ranking_ratio(const struct ranking *ranking, const struct cell *a,
			   const struct cell *b);

/*
 * What is shown of two: that ratio where both have a round in common, else the quotient of the
 * medians, undecided. NaN where one is unknown.
 */
struct ratio ranking_versus(const struct ranking *ranking, const struct cell *a,
			    const struct cell *b);

/* The same to the best, for VS BEST. */
struct ratio ranking_versus_best(const struct ranking *ranking, const struct cell *cell);

/* What stands before a ratio: "~" undecided, "=" the same, "" decided. */
const char *ranking_mark(const struct ratio *ratio);

/* Shown to be faster. */
bool ranking_beats(const struct ranking *ranking, const struct cell *a, const struct cell *b);

#define RANKING_TOP 3

/* The cells that the best was not shown to be faster than, in the plan's order. */
struct ranking_top {
	size_t count;
	const struct cell *cells[RANKING_TOP]; /* of more than these, the first and the last */
	enum ratio_state state;                /* RATIO_SAME: each of them is, with the best */
	size_t rounds_least;                   /* that one of them and the best have in common */
};

struct ranking_top ranking_top(const struct ranking *ranking);

#define RANKING_MORE_ROUNDS 12 /* as a plan has by default */

/* What it takes to know more of what is undecided. */
struct ranking_more {
	struct rows rows; /* the best and the cells that are undecided against it; or none */
	size_t rounds;    /* more of each of them */
	double ns;        /* expected, as their blocks so far and the reference's took */
};

void ranking_more(const struct ranking *ranking, struct ranking_more *more);

/* The best, if it was shown to be faster than each of its rivals and has some; else NULL. */
const struct cell *ranking_winner(const struct ranking *ranking);

/* The fastest cell for which is_so is true, NULL if there is none. */
const struct cell *ranking_fastest(const struct ranking *ranking,
				   bool (*is_so)(const struct cell *cell));

/* Whether a cell's arrays go by reference, in shared memory, or are copied. */
bool ranking_is_shared(const struct cell *cell);
bool ranking_is_copied(const struct cell *cell);

#endif
