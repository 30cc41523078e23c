/* SPDX-License-Identifier: MIT */
/*
 * Estimates beside what came of them: the quick preset, each cell's latency and duration as
 * they were foretold and as they were. Both are rules of thumb: within a factor of two is met.
 */
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/plan/estimate.h"
#include "bench/plan/preset.h"
#include "bench/run/run.h"
#include "bench/worker/worker.h"
#include "tests/speed/verdict.h"

#define FACTOR_MOST 2.0

static double off_by(double foretold, double measured)
{
	return fmax(foretold / measured, measured / foretold);
}

static double cell_print(const struct cell *cell, const struct plan_options *options)
{
	char name[TRANSPORT_NAME_BYTES];
	double latency_ns = plan_cell_estimate_latency_ns(cell->plan, options);
	double whole_ns = plan_cell_estimate_ns(cell->plan, options);
	double latency_off = off_by(latency_ns, cell->summary.p50_ns);
	double whole_off = off_by(whole_ns, (double)cell->blocks_wall_ns);

	printf("%-12s %9zu B  latency %9.3f ms, foretold %9.3f (x%.2f)   all of it %5.2f s, "
	       "foretold %5.2f (x%.2f)   least %9.3f ms\n",
	       transport_format(&cell->plan->transport, name), array_type_bytes(&cell->plan->type),
	       cell->summary.p50_ns / 1e6, latency_ns / 1e6, latency_off,
	       (double)cell->blocks_wall_ns / 1e9, whole_ns / 1e9, whole_off,
	       cell->summary.min_ns / 1e6);
	return fmax(latency_off, whole_off);
}

static void run_whole(struct run *run)
{
	while (run_step(run)) {
		struct pollfd polled = {.fd = run_fd(run), .events = POLLIN};

		(void)poll(&polled, 1, run_timeout_ms(run));
	}
}

static double run_print(struct run *run)
{
	const struct model *model = run_model(run);
	double worst = 0;

	for (size_t i = 0; i < model->cell_count; i++) {
		if (model->cells[i].state == CELL_DONE)
			worst = fmax(worst, cell_print(&model->cells[i], &model->plan->options));
		else
			printf("not measured: %s\n", model->cells[i].reason);
	}
	return worst;
}

/* Without words, the quick preset; else --preset's transports and these: estimates T S [fresh]. */
int main(int argc, char **argv)
{
	const struct preset *preset = preset_find("quick");
	struct plan_options options = preset->options;
	struct plan plan;
	struct run *run;
	struct err err = {0};
	double worst;

	if (argc > 1 && strcmp(argv[1], "worker") == 0)
		return worker_main(argc - 1, argv + 1);
	if (argc > 3)
		options.memory = MEMORY_FRESH;
	if (plan_make(&plan, argc > 1 ? argv[1] : preset->transports,
		      argc > 2 ? argv[2] : preset->shapes, &options, preset, &err) != 0)
		goto failed;
	run = run_new(&plan, &world_real, &err);
	if (!run)
		goto failed;
	run_whole(run);
	worst = run_print(run);
	printf("the farthest off: x%.2f, bound x%.0f: %s\n", worst, FACTOR_MOST,
	       verdict(worst <= FACTOR_MOST));
	run_free(run);
	plan_free(&plan);
	return 0;
failed:
	(void)fprintf(stderr, "%s\n", err.message);
	return 1;
}
