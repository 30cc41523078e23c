/* SPDX-License-Identifier: MIT */
/* What can be said of a model, and its list of events. */
#include "bench/model/model.h"

#include <inttypes.h>
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

enum cell_state model_state_so_far(const struct cell *cell)
{
	if (cell_state_final(cell->state))
		return cell->state;
	if (cell->was_done)
		return CELL_DONE;
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
