/* SPDX-License-Identifier: MIT */
/* What must be true of plans. */
#include "tests/support/drive_plan.h"

#include <math.h>

#include "bench/plan/estimate.h"
#include "tests/support/must.h"

static bool cell_equal(const struct plan_cell *a, const struct plan_cell *b)
{
	return a->transport.carrier == b->transport.carrier &&
	       a->transport.encoding == b->transport.encoding &&
	       shape_equal(&a->type.shape, &b->type.shape) &&
	       array_type_equal(&a->request, &b->request) && a->load == b->load;
}

static void check_names(const struct plan_cell *cell)
{
	char text[ARRAY_SHAPE_TEXT_BYTES];
	char name[TRANSPORT_NAME_BYTES];
	struct transport transport;
	struct shape shape;

	must(transport_parse(transport_format(&cell->transport, name), &transport, NULL) == 0);
	must(transport.carrier == cell->transport.carrier);
	must(shape_parse(shape_format(&cell->type.shape, text), &shape, NULL) == 0);
	must(shape_equal(&shape, &cell->type.shape));
}

static void check_estimates(const struct plan_cell *cell, const struct plan_options *options)
{
	double latency_ns = plan_cell_estimate_latency_ns(cell, options);
	double whole_ns = plan_cell_estimate_ns(cell, options);
	struct plan_need need = plan_cell_need(cell);

	must(isfinite(latency_ns) && latency_ns > 0 && isfinite(whole_ns) && whole_ns > 0);
	/* What an array takes does not wrap around: no need is less than the array. */
	must(need.impossible || need.private_bytes >= array_type_bytes(&cell->type) ||
	     need.shared_bytes >= array_type_bytes(&cell->type));
}

static void check_plan(const struct plan *plan)
{
	must(plan->cell_count >= 1);
	must(plan->cell_count % plan_steps(&plan->options) == 0);
	must(!plan->duel || plan->cell_count == 2);
	for (size_t i = 0; i < plan->cell_count; i++) {
		must(plan->cells[i].direction == plan->options.direction);
		must(plan->cells[i].direction == DIRECTION_BOTH ||
		     array_type_equal(&plan->cells[i].request, &plan->cells[i].type));
		check_names(&plan->cells[i]);
		must(plan->cells[i].base <= i && plan->cells[plan->cells[i].base].load == 0);
		for (size_t k = 0; !plan->duel && k < i; k++)
			must(!cell_equal(&plan->cells[i], &plan->cells[k]));
	}
	check_estimates(&plan->cells[0], &plan->options);
	check_estimates(&plan->cells[plan->cell_count - 1], &plan->options);
}

int drive_plan(int status, const struct plan *plan, const struct err *err)
{
	if (status == 0)
		check_plan(plan);
	else
		must(err->kind == ERR_USAGE && err->message[0]);
	return status;
}
