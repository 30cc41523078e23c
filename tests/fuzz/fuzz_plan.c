/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the lists of --transports and --shapes: the first byte chooses a sweep or a duel, the
 * first line is one list and the rest the other. A plan that is made holds every pair of them
 * once, and what is said about its cells makes sense.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/plan/estimate.h"
#include "bench/plan/plan.h"
#include "tests/fuzz/fuzz.h"

#define LISTS_BYTES_MAX 400 /* a plan is as long as two lists multiplied */

static bool cell_equal(const struct plan_cell *a, const struct plan_cell *b)
{
	return a->transport.carrier == b->transport.carrier &&
	       a->transport.encoding == b->transport.encoding &&
	       shape_equal(&a->type.shape, &b->type.shape) && a->load == b->load;
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
		check_names(&plan->cells[i]);
		must(plan->cells[i].base <= i && plan->cells[plan->cells[i].base].load == 0);
		for (size_t k = 0; !plan->duel && k < i; k++)
			must(!cell_equal(&plan->cells[i], &plan->cells[k]));
	}
	check_estimates(&plan->cells[0], &plan->options);
	check_estimates(&plan->cells[plan->cell_count - 1], &plan->options);
}

static void fuzz_lists(const char *transports, char *shapes, uint8_t choice)
{
	struct plan_options options = plan_defaults;
	struct plan plan = {0};
	struct err err = {0};
	int status;

	options.rate = (choice & 5) == 1 ? PLAN_RATE_SWEEP : 0; /* a duel has no sweep */
	options.clients = choice & 2 ? PLAN_CLIENTS_MAX : 1;
	if (choice & 4) {
		const char *second = strsep(&shapes, "\n");

		status = plan_make_duel(&plan, transports, second, shapes ? shapes : "", &options,
					&err);
	} else {
		status = plan_make(&plan, transports, shapes, &options, NULL, &err);
	}
	if (status == 0)
		check_plan(&plan);
	else
		must(err.kind == ERR_USAGE && err.message[0]);
	plan_free(&plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;
	char *rest;
	char *transports;

	if (size == 0 || size > LISTS_BYTES_MAX)
		return 0;
	text = rest = fuzz_text(data + 1, size - 1);
	transports = strsep(&rest, "\n");
	fuzz_lists(transports, rest ? rest : (char[]){""}, data[0]);
	free(text);
	return 0;
}
