/* SPDX-License-Identifier: MIT */
/*
 * Two results held against each other, cell by cell: what `ipctop diff` shows.
 * Pure: from two CSV files in memory to a value. Texts are borrowed from them,
 * as they stand there, and may hold anything.
 */
#ifndef BENCH_REPORT_DIFF_H
#define BENCH_REPORT_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/text/csv_read.h"
#include "transports/err.h"

/* What makes two rows one cell; the transport last, so that a section's cells are neighbours. */
enum diff_key {
	DIFF_SHAPE,
	DIFF_DTYPE,
	DIFF_SOURCE,
	DIFF_MEMORY,
	DIFF_PAGES,
	DIFF_WAIT,
	DIFF_PIN,
	DIFF_CLIENTS,
	DIFF_RATE, /* "" where load says it: no two sweeps have the same rates */
	DIFF_LOAD,
	DIFF_TRANSPORT,
	DIFF_KEYS,
};

/* The names of their columns. */
extern const char *const diff_key_names[DIFF_KEYS];

/* What was measured on, and with. */
enum diff_fact {
	DIFF_HOST,
	DIFF_CPU,
	DIFF_KERNEL,
	DIFF_VERSION,
	DIFF_FACTS,
};

/* A cell of one file. Figures are NAN where they are missing. */
struct diff_cell {
	const char *keys[DIFF_KEYS]; /* "" for a column that one of the files does not have */
	size_t row;
	const char *state;
	const char *reason;
	double p50_ns, low_ns, high_ns;
	double blocks;
	double block_range; /* of the logarithms of their medians */
};

enum diff_verdict {
	DIFF_FASTER,       /* B is: the whole interval is below 1 */
	DIFF_SLOWER,       /* B is: it is above 1 */
	DIFF_NOISE,        /* it spans 1 */
	DIFF_INCOMPARABLE, /* one of them is not done, or a figure is missing */
	DIFF_ONLY_A,
	DIFF_ONLY_B,
	DIFF_VERDICTS,
};

/* One word for each, as the CSV says it. */
extern const char *const diff_verdict_names[DIFF_VERDICTS];

/* A cell in either file or both; the one that is not there is NULL. */
struct diff_row {
	const struct diff_cell *a, *b;
	double ratio, low, high; /* of p50, B / A, with its interval; NAN where unknown */
	enum diff_verdict verdict;
	size_t section; /* where the first of its section stands: an order of sections */
	size_t place;   /* its own place in A, after that in B */
};

/* One file, with the last row of each cell. */
struct diff_side {
	const struct csv *csv;
	struct diff_cell *cells; /* sorted by keys */
	size_t count;
	size_t repeats;      /* earlier rows of a cell, which do not count */
	bool has[DIFF_KEYS]; /* the column */
};

struct diff {
	struct diff_side sides[2];
	struct diff_row *rows; /* section by section, in A's order and then B's */
	size_t count;
	size_t verdicts[DIFF_VERDICTS];
};

/*
 * Joins the cells on all keys whose columns both files have. The last row counts where
 * a file has several of one cell, as when runs were put one behind the other.
 * Borrowed: a and b, until diff_fini. Fails with ERR_PROTOCOL if a file lacks a column
 * without which nothing can be said, or with ERR_MEMORY.
 */
int diff_make(struct diff *diff, const struct csv *a, const struct csv *b, struct err *err);

void diff_fini(struct diff *diff);

/* Are the two rows of one section: the same but for their transports? */
bool diff_same_section(const struct diff_row *a, const struct diff_row *b);

/* The cell that the row has, A's if it has both. */
const struct diff_cell *diff_row_cell(const struct diff_row *row);

/*
 * Sets ratio, low and high from a and b, whose figures are not NAN. Two things are
 * not known exactly, and the wider of the two decides, on each side of the ratio:
 *
 * The medians of the samples at hand. Their logarithms are taken to be independent
 * and their intervals to be those of normal estimates, each side on its own, so
 * that distances add up as squares do (G. Zou and A. Donner, Statistics in Medicine
 * 27 (2008), 1693):
 *     below = sqrt(ln²(b.p50 / b.low) + ln²(a.high / a.p50))
 *     above = sqrt(ln²(b.high / b.p50) + ln²(a.p50 / a.low))
 * No distance is taken as less than DIFF_RESOLUTION.
 *
 * What another run would have found, since a block is one draw of placement and
 * memory. From the range of each side's k block medians, whose scatter is s with f
 * degrees of freedom (bench/stats/range.h), by Welch's test (Biometrika 34 (1947), 28):
 *     below = above = t(F) sqrt(v), v = va + vb, va = sa² / ka
 *     F = v² / (va² / fa + vb² / fb)
 * This is left out unless both sides have two blocks and say how they spread.
 */
void diff_ratio(struct diff_row *row);

/* The relative error of a percentile from the histogram; see ipctop-csv(5). */
#define DIFF_RESOLUTION 0.001

/* Is B slower by more than percent with its whole interval: low > 1 + percent / 100? */
bool diff_is_slower_by(const struct diff_row *row, double percent);

/* Was A's cell done and is B's not, or not there? */
bool diff_is_lost(const struct diff_row *row);

#define DIFF_TEXT_BYTES 500

/* Why a row is not comparable: "B failed: no memory"; "" with other verdicts. Returns text. */
char *diff_why(const struct diff_row *row, char text[DIFF_TEXT_BYTES]);

/*
 * "another machine: laptop in A, server and 1 more in B", if that is not the same in
 * both. Returns text, or NULL if it is.
 */
char *diff_fact_differs(const struct diff *diff, enum diff_fact fact, char text[DIFF_TEXT_BYTES]);

/* "memory: fresh in A, reused in B", if no cell of A has a value that one of B has; else NULL. */
char *diff_key_disjoint(const struct diff *diff, enum diff_key key, char text[DIFF_TEXT_BYTES]);

#endif
