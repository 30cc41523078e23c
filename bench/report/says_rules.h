/* SPDX-License-Identifier: MIT */
/* The rules behind says.h: each writes one sentence, or none. For the says_*.c files. */
#ifndef BENCH_REPORT_SAYS_RULES_H
#define BENCH_REPORT_SAYS_RULES_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/model/model.h"
#include "bench/report/ranking.h"
#include "bench/text/fmt.h"

#define NAME_BYTES TRANSPORT_NAME_BYTES

struct says_rule {
	bool (*say)(const struct ranking *ranking, char *text); /* SAYS_BYTES of says.h */
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

/* "12 blocks", of which each side has so many. */
static inline const char *says_blocks(size_t count, char text[FMT_BYTES])
{
	(void)snprintf(text, FMT_BYTES, "%zu block%s", count, count == 1 ? "" : "s");
	return text;
}

static inline const char *says_ratio(double ratio, char text[FMT_BYTES])
{
	return fmt_ratio(ratio, false, text);
}

#endif
