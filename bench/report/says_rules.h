/* SPDX-License-Identifier: MIT */
/* The rules behind says.h: each writes one sentence, or none. For the says_*.c files. */
#ifndef BENCH_REPORT_SAYS_RULES_H
#define BENCH_REPORT_SAYS_RULES_H

#include "bench/model/model.h"
#include "bench/report/rows.h"
#include "bench/report/says.h"
#include "bench/text/fmt.h"

#define NAME_BYTES TRANSPORT_NAME_BYTES

/* The cells of one shape that can be ranked, fastest first. */
struct ranking {
	const struct model *model;
	const struct shape *shape; /* NULL: the whole run, no cells */
	size_t count;
	const struct cell *cells[ROWS_MAX];
};

void rank_shape(const struct model *model, const struct shape *shape, struct ranking *ranking);

/* Shown to be faster: the interval of the ratio of medians, by blocks, lies below 1. */
bool rank_beats(const struct cell *a, const struct cell *b);

/* The fastest that goes by reference (or does not), NULL if none. */
const struct cell *rank_fastest(const struct ranking *ranking, bool reference);

struct says_rule {
	bool (*say)(const struct ranking *ranking, char *text); /* SAYS_BYTES of it */
	bool warning;
};

/* End with a row whose say is NULL. */
extern const struct says_rule says_shape_rules[];
extern const struct says_rule says_run_rules[];

/* Figures as sentences have them. */

static inline const char *says_name(const struct cell *cell, char name[NAME_BYTES])
{
	return transport_format(&cell->plan->transport, name);
}

static inline const char *says_ns(double ns, char text[FMT_BYTES])
{
	return fmt_ns(ns, false, text);
}

static inline const char *says_ratio(double ratio, char text[FMT_BYTES])
{
	return fmt_ratio(ratio, false, text);
}

#endif
