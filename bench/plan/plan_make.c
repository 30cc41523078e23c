/* SPDX-License-Identifier: MIT */
/* From lists of transports and shapes to the cells of a plan. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/plan/estimate.h"
#include "bench/plan/plan.h"
#include "bench/plan/plan_lists.h"

/*
 * Blocks that have no time for an exchange to warm up and one to measure, or that there are no
 * samples for, take whole exchanges more than what was asked for: of such cells there are fewer.
 */
static uint64_t cell_blocks(const struct plan_cell *cell, const struct plan_options *options)
{
	double block_ns = (double)options->budget_ns / (double)options->blocks;
	bool slow = cell->samples < options->blocks ||
		    2 * plan_cell_estimate_latency_ns(cell, options) > block_ns;

	if (options->precision_pct > 0)
		return options->blocks_slow > PLAN_PRECISION_BLOCKS ? options->blocks_slow :
								      PLAN_PRECISION_BLOCKS;
	return slow && options->blocks_slow < options->blocks ? options->blocks_slow :
								 options->blocks;
}

/* Where a width is asked for, what else limits a cell is what was asked for besides. */
static void cell_free_limits(struct plan_cell *cell, const struct plan_options *defaults)
{
	if (cell->samples == defaults->samples)
		cell->samples = PLAN_SAMPLES_ANY;
	if (cell->budget_ns == defaults->budget_ns)
		cell->budget_ns = PLAN_PRECISION_BUDGET_NS;
}

/* Requests and replies of two types, if both ways carry an array. */
static struct plan_cell plan_cell_make_ways(const struct transport *transport,
					    const struct type_pair *types,
					    const struct plan_options *options,
					    const struct preset *preset)
{
	struct plan_cell cell = {
		.transport = *transport,
		.direction = options->direction,
		.type = types->reply,
		.request = types->request,
		.samples = options->samples,
		.budget_ns = options->budget_ns,
		.clients = options->clients,
		.rate = options->rate > 0 ? options->rate : 0,
	};

	if (options->precision_pct > 0) {
		cell_free_limits(&cell, preset ? &preset->options : &plan_defaults);
	} else if (preset && preset->samples) {
		uint64_t limit = preset->samples(transport, &cell.type);

		if (cell.samples > limit)
			cell.samples = limit;
	}
	cell.blocks = cell_blocks(&cell, options);
	return cell;
}

struct plan_cell plan_cell_make(const struct transport *transport, const struct array_type *type,
				const struct plan_options *options, const struct preset *preset)
{
	const struct type_pair types = {*type, *type};

	return plan_cell_make_ways(transport, &types, options, preset);
}

size_t plan_steps(const struct plan_options *options)
{
	return options->rate < 0 ? PLAN_SWEEP_STEPS : 1;
}

void plan_append(struct plan *plan, const struct plan_cell *cell)
{
	size_t base = plan->cell_count;

	for (size_t step = 0; step < plan_steps(&plan->options); step++) {
		struct plan_cell *added = &plan->cells[plan->cell_count++];

		*added = *cell;
		added->load = plan_sweep_loads[step];
		added->base = base;
	}
}

static int plan_fill(struct plan *plan, const struct plan_lists *lists,
		     const struct preset *preset, struct err *err)
{
	size_t count = lists->transport_count * lists->type_count;

	plan->cells = calloc(count * plan_steps(&plan->options), sizeof(*plan->cells));
	if (!plan->cells)
		return err_set(err, ERR_MEMORY, "no memory for a plan of %zu cells", count);
	for (size_t i = 0; i < count; i++) {
		const struct type_pair *pair = &lists->types[i % lists->type_count];
		struct plan_cell cell =
			plan_cell_make_ways(&lists->transports[i / lists->type_count], pair,
					    &plan->options, preset);

		plan_append(plan, &cell);
	}
	return 0;
}

static int plan_read_data(struct plan *plan, const char **shapes, char type[DATA_TYPE_BYTES],
			  struct err *err)
{
	const struct plan_options *options = &plan->options;

	return data_read(options->data, &plan->data, err) == 0 ?
		       data_say_type(&plan->data, options->source == SOURCE_FRESH, shapes, type,
				     err) :
		       -1;
}

/* Fails unless the data can be the elements of each of the plan's arrays. */
static int plan_check_data(struct plan *plan, struct err *err)
{
	const struct data *data = &plan->data;

	for (size_t i = 0; i < plan->cell_count && data->kind != DATA_RANDOM; i++) {
		struct plan_cell *cell = &plan->cells[i];

		if (cell->transport.carrier->program)
			return err_set(err, ERR_USAGE,
				       "%s is a program that draws arrays of its own: --data %.80s "
				       "goes with transports of ours",
				       cell->transport.carrier->name, data_name(data));
		if (data_check_type(data, &cell->type, err) != 0 ||
		    data_check_type(data, &cell->request, err) != 0)
			return -1;
		if (data->kind == DATA_FILE)
			cell->data_bytes = array_type_bytes(&data->type);
	}
	return 0;
}

int plan_make(struct plan *plan, const char *transports, const char *shapes,
	      const struct plan_options *options, const struct preset *preset, struct err *err)
{
	struct plan_lists lists = {0};
	char type[DATA_TYPE_BYTES];
	int status;

	*plan = (struct plan){.options = *options};
	status = plan_read_data(plan, &shapes, type, err);
	if (!shapes && preset)
		shapes = preset->shapes;
	if (status == 0)
		status = plan_lists_read(&lists, transports, shapes, options, err);
	if (status == 0)
		status = plan_check_precision(options, err);
	if (preset)
		(void)snprintf(plan->preset, sizeof(plan->preset), "%s", preset->name);
	if (status == 0)
		status = plan_fill(plan, &lists, preset, err);
	if (status == 0)
		status = plan_check_data(plan, err);
	plan_lists_free(&lists);
	return status;
}

int plan_make_duel(struct plan *plan, const char *a, const char *b, const char *shape,
		   const struct plan_options *options, struct err *err)
{
	struct transport transports[2];
	struct type_pair pair;
	char type[DATA_TYPE_BYTES];

	*plan = (struct plan){.options = *options, .duel = true};
	if (plan_read_data(plan, &shape, type, err) != 0)
		return -1;
	if (transport_parse(a, &transports[0], err) != 0 ||
	    transport_parse(b, &transports[1], err) != 0 ||
	    type_pair_read(shape, options->dtype, options->direction, &pair, err) != 0)
		return -1;
	plan->cells = calloc(2, sizeof(*plan->cells));
	if (!plan->cells)
		return err_set(err, ERR_MEMORY, "no memory for a duel");
	for (size_t i = 0; i < 2; i++)
		plan->cells[plan->cell_count++] =
			plan_cell_make_ways(&transports[i], &pair, options, NULL);
	return plan_check_data(plan, err);
}
