/* SPDX-License-Identifier: MIT */
/* A cell's storage and its names. */
#include "bench/cell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/summary.h"

static void cell_forget(struct cell *cell)
{
	summary_compute(&cell->summary, NULL, NULL, NULL, NULL, 0, cell->plan->type.bytes, NAN);
}

void cell_init(struct cell *cell, const struct plan_cell *plan, const struct plan_options *options)
{
	*cell = (struct cell){
		.plan = plan,
		.rate = plan->rate,
		.estimate_ns = plan_cell_estimate_ns(plan, options),
	};
	cell_forget(cell);
}

int cell_allocate(struct cell *cell, const struct plan_options *options)
{
	if (!cell->latency)
		cell->latency = calloc(1, sizeof(*cell->latency));
	if (!cell->with_read)
		cell->with_read = calloc(1, sizeof(*cell->with_read));
	if (!cell->planned && cell->rate > 0)
		cell->planned = calloc(1, sizeof(*cell->planned));
	if (!cell->series)
		cell->series = calloc(1, sizeof(*cell->series));
	if (!cell->blocks)
		cell->blocks = calloc(options->blocks, sizeof(*cell->blocks));
	return cell->latency && cell->with_read && cell->series && cell->blocks &&
			       (cell->planned || cell->rate <= 0) ?
		       0 :
		       -1;
}

void cell_free(struct cell *cell)
{
	free(cell->latency);
	free(cell->with_read);
	free(cell->planned);
	free(cell->series);
	free(cell->blocks);
}

void cell_reset(struct cell *cell)
{
	const struct cell kept = *cell;

	cell_free(cell);
	*cell = (struct cell){
		.plan = kept.plan,
		.rate = kept.rate,
		.estimate_ns = kept.estimate_ns,
	};
	cell_forget(cell);
}

char *cell_name(const struct cell *cell, char text[CELL_NAME_BYTES])
{
	char transport[TRANSPORT_NAME_BYTES];
	char shape[ARRAY_SHAPE_TEXT_BYTES];

	(void)snprintf(text, CELL_NAME_BYTES, "%s %.100s",
		       transport_format(&cell->plan->transport, transport),
		       shape_format(&cell->plan->type.shape, shape));
	return text;
}

const char *cell_loss(const struct cell *cell)
{
	const struct encoding *encoding = cell->plan->transport.encoding;

	return encoding->flags & ENCODING_LOSSY ? encoding->lost : "";
}
