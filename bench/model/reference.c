/* SPDX-License-Identifier: MIT */
/* Cells over the reference of their type, by round. */
#include "bench/model/reference.h"

#include <math.h>
#include <stdlib.h>

#include "bench/model/cell.h"
#include "bench/stats/middle.h"

/* A histogram gives each of the two medians to 0.05 % (bench/stats/hist.h). */
#define RATIO_RESOLUTION 0.001

/* It has no transport; this one says how its processes are spoken to, and what they need. */
static int reference_plan(struct plan_cell *plan, const struct array_type *type)
{
	*plan = (struct plan_cell){
		.type = *type,
		.samples = UINT64_MAX,
		.blocks = 12,
		.clients = 1,
		.reference = true,
	};
	return transport_parse("unix+bytes", &plan->transport, NULL);
}

int references_make(struct model *model)
{
	const struct plan *plan = model->plan;

	model->references = calloc(plan->cell_count + 1, sizeof(model->references[0]));
	model->reference_plans = calloc(plan->cell_count + 1, sizeof(model->reference_plans[0]));
	if (!model->references || !model->reference_plans)
		return -1;
	for (size_t i = 0; i < plan->cell_count; i++) {
		struct plan_cell *added = &model->reference_plans[model->reference_count];

		if (reference_of(model, &plan->cells[i].type) ||
		    reference_plan(added, &plan->cells[i].type) != 0)
			continue;
		cell_init(&model->references[model->reference_count++], added, &plan->options);
	}
	return 0;
}

void references_free(struct model *model)
{
	for (size_t i = 0; i < model->reference_count; i++)
		cell_free(&model->references[i]);
	free(model->references);
	free(model->reference_plans);
	model->references = NULL;
	model->reference_plans = NULL;
	model->reference_count = 0;
}

struct cell *reference_of(const struct model *model, const struct array_type *type)
{
	for (size_t i = 0; i < model->reference_count; i++)
		if (array_type_equal(&model->references[i].plan->type, type))
			return &model->references[i];
	return NULL;
}

/* The latest rounds are the ones that are asked for. */
double reference_p50_ns(const struct model *model, const struct array_type *type, size_t round)
{
	const struct cell *reference = reference_of(model, type);

	for (size_t i = reference ? reference->blocks_done : 0; i-- > 0;)
		if (reference->blocks[i].round == round)
			return reference->blocks[i].p50_ns;
	return NAN;
}

void reference_compare(struct cell *cell)
{
	struct summary *summary = &cell->summary;
	double *ratios = calloc(cell->blocks_done + 1, sizeof(*ratios));
	struct interval interval;
	size_t count = 0;

	for (size_t i = 0; ratios && i < cell->blocks_done; i++) {
		double ratio = cell->blocks[i].p50_ns / cell->blocks[i].reference_p50_ns;

		if (ratio > 0 && isfinite(ratio))
			ratios[count++] = ratio;
	}
	interval =
		middle_of(ratios, count, RATIO_RESOLUTION); /* none: unknown, as without memory */
	free(ratios);
	summary->reference_ratio = interval.middle;
	summary->reference_ratio_low = interval.low;
	summary->reference_ratio_high = interval.high;
}
