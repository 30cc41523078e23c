/* SPDX-License-Identifier: MIT */
/* What can be said of a model, and its list of events. */
#include "bench/model/model.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

const char *const cell_state_names[] = {
	[CELL_QUEUED] = "queued",
	[CELL_STARTING] = "starting",
	[CELL_WARMING] = "warming",
	[CELL_RUNNING] = "running",
	[CELL_WAITING] = "waiting",
	[CELL_DONE] = "done",
	[CELL_FAILED] = "failed",
	[CELL_WRONG] = "wrong",
	[CELL_SKIPPED] = "skipped",
	[CELL_INTERRUPTED] = "interrupted",
};

void model_note(struct model *model, const char *format, ...)
{
	struct model_event *event = &model->events[model->event_count % MODEL_EVENTS];
	va_list args;

	event->at_ns = model->elapsed_ns;
	va_start(args, format);
	(void)vsnprintf(event->text, sizeof(event->text), format, args);
	va_end(args);
	model->event_count++;
}

/* A figure of each of its blocks, given where the first one's is. */
static struct ratio_side side_make(const struct cell *cell, const double *first)
{
	return (struct ratio_side){
		.medians_ns = first,
		.count = cell->blocks ? cell->blocks_done : 0,
		.step_bytes = sizeof(cell->blocks[0]),
	};
}

struct ratio model_ratio(const struct cell *a, const struct cell *b)
{
	struct ratio_side a_side = side_make(a, a->blocks ? &a->blocks[0].p50_ns : NULL);
	struct ratio_side b_side = side_make(b, b->blocks ? &b->blocks[0].p50_ns : NULL);

	return ratio_of_blocks(&a_side, &b_side);
}

struct ratio model_ratio_with_read(const struct cell *a, const struct cell *b)
{
	struct ratio_side a_side = side_make(a, a->blocks ? &a->blocks[0].p50_with_read_ns : NULL);
	struct ratio_side b_side = side_make(b, b->blocks ? &b->blocks[0].p50_with_read_ns : NULL);

	return ratio_of_blocks(&a_side, &b_side);
}

double model_best_p50_ns(const struct model *model, const struct array_type *type)
{
	double best = NAN;

	for (size_t i = 0; i < model->cell_count; i++) {
		const struct cell *cell = &model->cells[i];

		if (cell->state == CELL_DONE && cell->plan->load <= 0 &&
		    array_type_equal(&cell->plan->type, type))
			best = fmin(best, cell->summary.p50_ns); /* passes over NaN */
	}
	return best;
}

enum cell_state model_state_so_far(const struct cell *cell)
{
	if (cell_state_final(cell->state))
		return cell->state;
	return cell->summary.samples > 0 ? CELL_INTERRUPTED : CELL_QUEUED;
}

char *model_pinned_cpus(const struct model *model, char *text, size_t capacity)
{
	text[0] = '\0';
	if (model->plan->options.pin == PIN_NONE)
		return text;
	if (model->plan->connect[0])
		(void)snprintf(text, capacity, "client %" PRIu32, model->cpu[END_CLIENT]);
	else
		(void)snprintf(text, capacity, "server %" PRIu32 ", client %" PRIu32,
			       model->cpu[END_SERVER], model->cpu[END_CLIENT]);
	return text;
}
