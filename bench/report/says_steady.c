/* SPDX-License-Identifier: MIT */
/* Is a cell steady? Humps, drift, blocks that disagree. */
#include <math.h>
#include <stdio.h>

#include "bench/report/says.h"
#include "bench/stats/drift.h"
#include "bench/stats/modes.h"
#include "bench/text/fmt.h"

#define BLOCK_SAMPLES_LEAST 10
#define BLOCK_RATIO_LEAST 1.3

/* The lowest and the highest median of blocks with enough samples. */
static bool blocks_disagree(const struct cell *cell, double *low_ns, double *high_ns)
{
	*low_ns = INFINITY;
	*high_ns = 0;
	for (size_t i = 0; cell->blocks && i < cell->blocks_done; i++) {
		if (cell->blocks[i].samples < BLOCK_SAMPLES_LEAST)
			continue;
		*low_ns = fmin(*low_ns, cell->blocks[i].p50_ns);
		*high_ns = fmax(*high_ns, cell->blocks[i].p50_ns);
	}
	return *high_ns > *low_ns * BLOCK_RATIO_LEAST;
}

#define DRIFT_RATIO_LEAST 1.1 /* a smaller drift is not worth a sentence */

/* Looks closer only where cell_judge has found a ratio worth it. */
static bool drift_shows(const struct cell *cell, struct drift *drift)
{
	double ratio = cell->summary.drift_ratio;

	return fmax(ratio, 1 / ratio) >= DRIFT_RATIO_LEAST && drift_find(cell->series, drift) &&
	       drift->beyond_noise;
}

static bool humps_show(const struct cell *cell, struct modes *modes)
{
	return cell->summary.modes > 1 && modes_find(cell->latency, modes);
}

bool says_unsteady(const struct cell *cell, char text[SAYS_BYTES])
{
	char name[TRANSPORT_NAME_BYTES];
	char low[FMT_BYTES];
	char high[FMT_BYTES];
	struct modes modes;
	struct drift drift;
	double low_ns, high_ns;

	text[0] = '\0';
	if (cell->state != CELL_DONE && cell->state != CELL_INTERRUPTED)
		return false;
	transport_format(&cell->plan->transport, name);
	if (blocks_disagree(cell, &low_ns, &high_ns))
		(void)snprintf(text, SAYS_BYTES,
			       "%s: its blocks disagree, their medians lie between %s and "
			       "%s.",
			       name, fmt_ns(low_ns, false, low), fmt_ns(high_ns, false, high));
	else if (drift_shows(cell, &drift))
		(void)snprintf(text, SAYS_BYTES,
			       "%s got %.0f%% %s while it ran: %s in the first tenth of its "
			       "time, %s in the last.",
			       name, 100 * fabs(drift.ratio - 1),
			       drift.ratio > 1 ? "slower" : "faster",
			       fmt_ns(drift.first_ns, false, low),
			       fmt_ns(drift.last_ns, false, high));
	else if (humps_show(cell, &modes))
		(void)snprintf(text, SAYS_BYTES,
			       "%s has two humps: %s, and %s for %.0f%% of its samples; the median "
			       "hides that.",
			       name, fmt_ns(modes.low_ns, false, low),
			       fmt_ns(modes.high_ns, false, high), 100 * modes.high_share);
	return text[0] != '\0';
}
