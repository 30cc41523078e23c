/* SPDX-License-Identifier: MIT */
/*
 * What each bias that is drawn for a block moves here: runs in turns in which none is drawn, each
 * alone, and all of them. For each, how much the medians of blocks scatter, each over the
 * reference's of its round, so that the state of the machine divides out; and that scatter over
 * the one without any, which is 1 where the bias moves nothing. Run it on a machine that does
 * nothing else.
 */
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/plan/plan.h"
#include "bench/run/run.h"
#include "bench/stats/moments.h"
#include "bench/worker/worker.h"

#define TURNS 5
#define ARMS (BIAS_COUNT + 2)
#define CELLS_MOST 64
#define NONE_DRAWN ((1u << BIAS_COUNT) - 1)

static const struct arm {
	const char *name;
	unsigned fixed;
} arms[ARMS] = {
	{"none", NONE_DRAWN},
	{"environment", NONE_DRAWN & ~(1u << BIAS_ENVIRONMENT)},
	{"stack", NONE_DRAWN & ~(1u << BIAS_STACK)},
	{"alignment", NONE_DRAWN & ~(1u << BIAS_SHIFT)},
	{"order", NONE_DRAWN & ~(1u << BIAS_ORDER)},
	{"first CPU", NONE_DRAWN & ~(1u << BIAS_CPU)},
	{"all", 0},
};

/* The scatter of each turn, of each arm and cell: its logarithm, since it is above 0. */
static struct moments scatters[CELLS_MOST][ARMS];

static void run_whole(struct run *run)
{
	while (run_step(run)) {
		struct pollfd polled = {.fd = run_fd(run), .events = POLLIN};

		(void)poll(&polled, 1, run_timeout_ms(run));
	}
}

static void cell_take(const struct cell *cell, struct moments *scatter)
{
	struct moments logs = {0};

	for (size_t i = 0; i < cell->blocks_done; i++) {
		double ratio = cell->blocks[i].p50_ns / cell->blocks[i].reference_p50_ns;

		if (ratio > 0 && isfinite(ratio))
			moments_add(&logs, log(ratio));
	}
	if (logs.count > 1 && logs.squares > 0)
		moments_add(scatter, log(logs.squares / ((double)logs.count - 1)) / 2);
}

static int turn_run(const struct plan *plan, size_t arm, struct err *err)
{
	struct run *run = run_new(plan, &world_real, err);

	if (!run)
		return -1;
	run_whole(run);
	for (size_t i = 0; i < plan->cell_count && i < CELLS_MOST; i++)
		cell_take(&run_model(run)->cells[i], &scatters[i][arm]);
	run_free(run);
	return 0;
}

static void cell_print(const struct plan_cell *cell, const struct moments of[ARMS])
{
	char name[TRANSPORT_NAME_BYTES];

	printf("%s, %zu B\n", transport_format(&cell->transport, name),
	       array_type_bytes(&cell->type));
	for (size_t arm = 0; arm < ARMS; arm++) {
		double error = sqrt(moments_error2(&of[arm]) + moments_error2(&of[0]));
		double ratio = exp(of[arm].mean - of[0].mean);

		printf("  %-12s blocks scatter %5.2f %%   over none %5.2f (%.2f to %.2f)\n",
		       arms[arm].name, 100 * exp(of[arm].mean), ratio, ratio * exp(-2 * error),
		       ratio * exp(2 * error));
	}
}

/* Transports and shapes, as ipctop run takes them. */
int main(int argc, char **argv)
{
	struct plan_options options = plan_defaults;
	struct plan plan = {0};
	struct err err = {0};

	if (argc > 1 && strcmp(argv[1], "worker") == 0)
		return worker_main(argc - 1, argv + 1);
	options.budget_ns = 1000000000;
	for (uint64_t turn = 0; turn < TURNS; turn++) {
		for (size_t arm = 0; arm < ARMS; arm++) {
			options.fixed_biases = arms[arm].fixed;
			options.seed = 1 + turn;
			plan_free(&plan);
			if (plan_make(&plan, argc > 1 ? argv[1] : "unix+bytes,ws+shm,mp+pickle",
				      argc > 2 ? argv[2] : "8,1x3x224x224", &options, NULL,
				      &err) != 0 ||
			    turn_run(&plan, arm, &err) != 0) {
				(void)fprintf(stderr, "%s\n", err.message);
				return 1;
			}
		}
	}
	for (size_t i = 0; i < plan.cell_count && i < CELLS_MOST; i++)
		cell_print(&plan.cells[i], scatters[i]);
	plan_free(&plan);
	return 0;
}
