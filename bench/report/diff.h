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
	DIFF_DIRECTION,     /* a file without the column is of pull */
	DIFF_REQUEST_SHAPE, /* of direction both; else "" */
	DIFF_REQUEST_DTYPE,
	DIFF_DATA, /* a file without the column is of random data */
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
	DIFF_GOVERNOR,
	DIFF_VERSION,
	DIFF_FACTS,
};

/* A figure with its 95 % interval; NAN where unknown. */
struct diff_interval {
	double value, low, high;
};

/* A cell of one file. Figures are NAN where they are missing. */
struct diff_cell {
	const char *keys[DIFF_KEYS]; /* "" for a column that one of the files does not have */
	size_t row;
	const char *state;
	const char *reason;
	struct diff_interval p50_ns;
	bool from_blocks; /* that interval; else from ranks within the samples */
	double blocks;
	double block_range;             /* of the logarithms of their medians */
	struct diff_interval reference; /* the cell over the reference, by rounds */
	double steal_share, others_share;
	const char *governor; /* "" where unknown */
};

enum diff_verdict {
	DIFF_FASTER,       /* B is: the whole interval that decides is below 1 */
	DIFF_SLOWER,       /* B is: it is above 1 */
	DIFF_SAME,         /* it lies within 2 % (RATIO_SAME_WIDTH) and holds 1 */
	DIFF_UNDECIDED,    /* none of these was shown: the cause says why */
	DIFF_INCOMPARABLE, /* one of them is not done, or a figure is missing */
	DIFF_ONLY_A,
	DIFF_ONLY_B,
	DIFF_VERDICTS,
};

/* One word for each, as the CSV says it. */
extern const char *const diff_verdict_names[DIFF_VERDICTS];

/* Why a row is undecided. */
enum diff_cause {
	DIFF_CAUSE_NONE,     /* it is not */
	DIFF_CAUSE_FEW,      /* the interval holds 1, and more than `same` */
	DIFF_CAUSE_STATE,    /* no reference, and less than a machine's states differ by */
	DIFF_CAUSE_MIXED,    /* one interval is from ranks, the other from blocks */
	DIFF_CAUSE_BUSIER_A, /* the machine was, and that can explain the difference */
	DIFF_CAUSE_BUSIER_B,
	DIFF_CAUSE_GOVERNOR, /* another one, and no reference */
};

/* A cell in either file or both; the one that is not there is NULL. */
struct diff_row {
	const struct diff_cell *a, *b;
	struct diff_interval ratio;      /* of p50, B / A: of the states that were measured */
	struct diff_interval referenced; /* of cell over reference, B / A */
	enum diff_verdict verdict;
	enum diff_cause cause;
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
 * Sets ratio, referenced, verdict and cause from a and b (bench/report/diff_judge.c).
 *
 * The ratio of medians is that of two states of the machine: a state lasts longer than a run,
 * and moves the medians of equal runs by a standard deviation of 0.2 to 0.3 of their
 * logarithm. Its interval is by blocks, a block being one draw of placement and memory: by
 * Welch's test (Biometrika 34 (1947), 28) on the logarithms' means m with standard errors s
 * and f degrees of freedom,
 *     ln low, high = mb - ma -+ t(F) sqrt(v), v = sa^2 + sb^2, F = v^2 / (sa^4/fa + sb^4/fb)
 * where m, s and f of k blocks come from p50_ci_* if these are from blocks (f = k - 1), else
 * from the range of the block medians (bench/stats/range.h). Intervals from ranks are about
 * the samples at hand alone. Where both sides have no other, their distances add up as
 * squares do (G. Zou and A. Donner, Statistics in Medicine 27 (2008), 1693):
 *     ln(ratio / low) = sqrt(ln(b.p50 / b.low)^2 + ln(a.high / a.p50)^2)
 * the other way round above, and the wider counts where there is one by range too. An interval
 * from ranks is never combined with one from blocks. No distance is below DIFF_RESOLUTION.
 *
 * The referenced ratio is that of the two cells over the reference, which was measured in the
 * same rounds, so that the state divides out; its interval is made of theirs as that of ranks is.
 * It decides where both files have it. Else the ratio of medians does, if its interval lies
 * beyond DIFF_STATES: there is no `same` then.
 *
 * Steal and other work can explain a difference to the side that was busier, by e of the CPUs'
 * time: a clock goes on while its CPU is away, of which the whole may be on the CPU in use, so
 * up to 1 / (1 - 2e) for medians, and its square root for referenced ratios, in whose
 * logarithm a half at most of what a state does was found (DECISIONS.md).
 */
void diff_judge(struct diff_row *row);

/* What the state of a machine may put between two equal medians: exp(1.96 sqrt(2) 0.25). */
#define DIFF_STATES 2.0

#define DIFF_BUSIER 0.02 /* of the CPUs' time: less is not called busier */

/* The relative error of a percentile from the histogram; see ipctop-csv(5). */
#define DIFF_RESOLUTION 0.001

bool diff_is_done(const struct diff_cell *cell);

/* Was it the referenced ratio that decided, or could not? */
bool diff_is_referenced(const struct diff_row *row);

/* Have the two ratios' intervals nothing in common? The reference then moved between the runs. */
bool diff_disagrees(const struct diff_row *row);

/* Is B slower by more than percent with the whole interval that decides? */
bool diff_is_slower_by(const struct diff_row *row, double percent);

/* Was A's cell done and is B's not, or not there? */
bool diff_is_lost(const struct diff_row *row);

#define DIFF_TEXT_BYTES 500

/*
 * Why a row is undecided or not comparable: "the machine was busier in B (...)", "B failed: no
 * memory"; "" with other verdicts. Returns text.
 */
char *diff_why(const struct diff_row *row, char text[DIFF_TEXT_BYTES]);

/*
 * "another machine: laptop in A, server and 1 more in B", if that is not the same in
 * both. Returns text, or NULL if it is.
 */
char *diff_fact_differs(const struct diff *diff, enum diff_fact fact, char text[DIFF_TEXT_BYTES]);

/*
 * "the machine was busier in B: ...", by means over the cells that say so, if they are more than
 * DIFF_BUSIER apart; else NULL. Returns text.
 */
char *diff_busier(const struct diff *diff, char text[DIFF_TEXT_BYTES]);

/* "memory: fresh in A, reused in B", if no cell of A has a value that one of B has; else NULL. */
char *diff_key_disjoint(const struct diff *diff, enum diff_key key, char text[DIFF_TEXT_BYTES]);

#endif
