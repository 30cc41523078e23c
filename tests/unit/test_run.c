/* SPDX-License-Identifier: MIT */
/*
 * Whole runs in a world that is made up: how they end when all goes well, and when a member dies,
 * hangs, lies or is not wanted any more. No process is started and no time passes.
 */
#include "bench/run/run.h"

#include <stdint.h>

#include "bench/report/export.h"
#include "tests/support/fake_world.h"
#include "tests/support/noise.h"
#include "tests/support/test.h"
#include "transports/unused.h"

#define PRECISE_RUNS 40
#define STEPS_MAX 100000 /* more than any run here takes: it does not end */

static struct fake_world fake;
static struct plan plan;
static struct run *run;
static const struct model *model;
static struct err err;

/* Two transports, and a block or two of each; the order of blocks hangs on the seed alone. */
static bool begin(uint64_t blocks, uint64_t clients, const struct fake_turn *script)
{
	struct plan_options options = plan_defaults;

	err_clear(&err);
	options.blocks = blocks;
	options.clients = clients;
	options.samples = 6;
	if (plan_make(&plan, "unix+bytes,tcp+bytes", "2x3", &options, NULL, &err) != 0)
		return false;
	fake_world_init(&fake);
	fake.script = script;
	run = run_new(&plan, &fake.world, &err);
	model = run ? run_model(run) : NULL;
	return run != NULL;
}

/* Steps until the run has ended, or until condition is true. False: neither comes. */
static bool step_until(bool (*condition)(void))
{
	for (size_t i = 0; i < STEPS_MAX; i++) {
		if (condition && condition())
			return true;
		if (!run_step(run))
			return !condition || condition();
		if (!fake_world_wait(&fake, run_timeout_ms(run)))
			return false;
	}
	return false;
}

/* Returns what is left of the run once it is freed. */
static size_t end(void)
{
	run_free(run);
	run = NULL;
	plan_free(&plan);
	return fake_world_left(&fake);
}

/* The cell that was measured first, and the other. */
static const struct cell *first_cell(void)
{
	const struct cell *cells = model->cells;

	return cells[0].state == CELL_FAILED || cells[0].state == CELL_WRONG ? &cells[0] :
									      &cells[1];
}

static const struct cell *other_cell(void)
{
	return first_cell() == &model->cells[0] ? &model->cells[1] : &model->cells[0];
}

static void test_goes_well(void)
{
	CHECK_MSG(begin(2, 1, NULL), "%s", err.message);
	CHECK(step_until(NULL));
	for (size_t i = 0; i < 2; i++) {
		const struct cell *cell = &model->cells[i];

		CHECK_MSG(cell->state == CELL_DONE, "%s: %s", cell_state_names[cell->state],
			  cell->reason);
		CHECK(cell->blocks_done == 2 && cell->summary.samples == 6);
		CHECK(cell->summary.min_ns == 1000 && cell->summary.max_ns == 3000);
		CHECK(cell->summary.ends[END_CLIENT].peak_rss_bytes == 4096);
		CHECK(cell->blocks[0].setup_ns > 0 && cell->blocks_wall_ns > 0);
	}
	CHECK(model->floors.wakeup_ns == 5 && isnan(model->floors.clock_step_ns));
	CHECK(floor_facts_row(&model->floors, 48).memcpy_ns == 2);
	/* A floor of the machine and one of the size, two a block, and a reference a round. */
	CHECK(fake.process_count == 2 + 2 * (4 + 1) && !model->running);
	CHECK_STR(model->started_utc, "2027-01-15T08:00:00Z");
	CHECK(model->elapsed_ns == fake.now_ns - model->started_ns);
	CHECK(model->event_count == 2 && model->events[0].at_ns < model->events[1].at_ns);
	CHECK(model->events[1].at_ns == model->elapsed_ns);
	CHECK(end() == 0);
}

/* All of several clients are warm before one takes samples. */
static void test_several(void)
{
	CHECK(begin(1, 3, NULL) && step_until(NULL));
	CHECK(model->cells[0].state == CELL_DONE && model->cells[1].state == CELL_DONE);
	CHECK(model->cells[0].summary.samples == 6);
	CHECK_STR(model->cells[0].reason, "of its own");
	CHECK(fake.process_count == 2 + 2 * 4 + 1);
	CHECK(end() == 0);
}

/* Of another's server only the address is there, and clients are told that. */
static void test_connect(void)
{
	struct plan_options options = plan_defaults;
	char *trace = NULL;
	size_t bytes;

	options.samples = 4;
	options.blocks = 1;
	err_clear(&err);
	CHECK(plan_make(&plan, "tcp+bytes", "2x3", &options, NULL, &err) == 0);
	CHECK_MSG(plan_connect(&plan, "tcp://127.0.0.1:9", &err) == 0, "%s", err.message);
	fake_world_init(&fake);
	fake.trace = open_memstream(&trace, &bytes);
	run = run_new(&plan, &fake.world, &err);
	CHECK(run && fake.trace);
	model = run_model(run);
	CHECK(step_until(NULL) && model->cells[0].state == CELL_DONE);
	CHECK(isnan(model->cells[0].summary.ends[END_SERVER].peak_rss_bytes));
	CHECK(fclose(fake.trace) == 0);
	CHECK(!strstr(trace, "spawn server") && strstr(trace, "spawn client"));
	CHECK(strstr(trace, " to client 0: connect address=tcp://127.0.0.1:9\n"));
	fake.trace = NULL;
	free(trace);
	CHECK(end() == 0);
}

/* What is wrong with the first of two cells, which goes on to the other. */
struct mishap {
	const char *name;
	uint64_t clients;
	struct fake_turn script[3];
	enum cell_state state;
	const char *reason;
	uint64_t least_ms, most_ms; /* that the run takes */
};

#define DIED "was killed by signal 11 (Segmentation fault): last words"
#define TIME_OUT " within 60 s (--timeout)"
#define OUT_OF_TURN ", for which it is not the time"

/* How long is waited for what explains it better: bench/run/cause.h. */
#define AT_ONCE 0, 10
#define AFTER_A_WHILE 200, 300
#define AFTER_LONGER 1000, 1100
/* Those that hang are killed 0.25 s after the others were told to stop. */
#define HANGING 250, 300
#define HANGING_LATER 450, 600
#define AFTER_60_S 60250, 61500
#define AFTER_10_S 10000, 10100

static const struct mishap mishaps[] = {
	{"server dies while set up", 1, {{"server", 0, "setup", FAKE_DIES, NULL}},
	 CELL_FAILED, "the server " DIED, AT_ONCE},
	{"client dies while set up", 1, {{"client", 0, "setup", FAKE_DIES, NULL}},
	 CELL_FAILED, "the client " DIED, AT_ONCE},
	{"client dies while it connects", 1, {{"client", 0, "connect", FAKE_DIES, NULL}},
	 CELL_FAILED, "the client " DIED, AT_ONCE},
	{"client dies while it measures", 1, {{"client", 0, "begin", FAKE_DIES, NULL}},
	 CELL_FAILED, "the client " DIED, AT_ONCE},
	{"server dies as it ends", 1, {{"server", 0, "stop", FAKE_DIES, NULL}},
	 CELL_FAILED, "the server " DIED, AT_ONCE},
	{"client exits", 1, {{"client", 0, "begin", FAKE_EXITS, NULL}},
	 CELL_FAILED, "the client exited with status 3", AFTER_A_WHILE},
	{"one of several dies", 3, {{"client", 1, "go", FAKE_DIES, NULL}},
	 CELL_FAILED, "the client " DIED, AT_ONCE},
	{"client fails", 1,
	 {{"client", 0, "begin", FAKE_SAYS, "error kind=3 text=hung%20up\n"},
	  {"server", 0, "stop", FAKE_DIES, NULL}},
	 CELL_FAILED, "client: hung up", AFTER_LONGER},
	{"client fails since its server dies, which is noticed later", 1,
	 {{"client", 0, "begin", FAKE_SAYS, "error kind=3 text=hung%20up\n"},
	  {"server", 0, "setup", FAKE_FALLS, NULL}},
	 CELL_FAILED, "the server " DIED, 100, 190},
	{"server hangs while set up", 1, {{"server", 0, "setup", FAKE_HANGS, NULL}},
	 CELL_FAILED, "the server was not set up" TIME_OUT, AFTER_60_S},
	{"client hangs while set up", 1, {{"client", 0, "setup", FAKE_HANGS, NULL}},
	 CELL_FAILED, "the client was not set up" TIME_OUT, AFTER_60_S},
	{"client hangs while it connects", 1, {{"client", 0, "connect", FAKE_HANGS, NULL}},
	 CELL_FAILED, "no connection" TIME_OUT, AFTER_60_S},
	{"client hangs while it measures", 1, {{"client", 0, "begin", FAKE_HANGS, NULL}},
	 CELL_FAILED, "no reply" TIME_OUT, AFTER_60_S},
	{"server is stopped", 1, {{"server", 0, "setup", FAKE_STOPS, NULL}},
	 CELL_FAILED, "the server was not set up" TIME_OUT ": a signal has stopped the server",
	 AFTER_60_S},
	{"client is stopped", 1, {{"client", 0, "begin", FAKE_STOPS, NULL}},
	 CELL_FAILED, "no reply" TIME_OUT ": a signal has stopped the client", AFTER_60_S},
	{"server does not end", 1, {{"server", 0, "stop", FAKE_HANGS, NULL}},
	 CELL_FAILED, "the server did not end within 10 s", AFTER_10_S},
	{"client does not end", 1, {{"client", 0, "stop", FAKE_STOPS, NULL}},
	 CELL_FAILED, "the client did not end within 10 s: a signal has stopped the client",
	 AFTER_10_S},
	{"server dies, and client does not end", 1,
	 {{"server", 0, "setup", FAKE_DIES, NULL}, {"client", 0, "stop", FAKE_HANGS, NULL}},
	 CELL_FAILED, "the server " DIED, HANGING},
	{"client dies, and server does not end", 1,
	 {{"client", 0, "begin", FAKE_DIES, NULL}, {"server", 0, "stop", FAKE_HANGS, NULL}},
	 CELL_FAILED, "the client " DIED, HANGING},
	{"a wrong reply", 1,
	 {{"client", 0, "begin", FAKE_SAYS, "error kind=9 text=element%20[0]\n"}},
	 CELL_WRONG, "client: element [0]", AT_ONCE},
	{"a wrong reply is worst", 3,
	 {{"client", 0, "go", FAKE_SAYS, "error kind=3 text=hung%20up\n"},
	  {"client", 2, "go", FAKE_SAYS, "error kind=9 text=element%20[0]\n"}},
	 CELL_WRONG, "client: element [0]", AT_ONCE},
	/* What no worker of ours says; some are done before a cause has been waited for. */
	{"an error that is none", 1,
	 {{"client", 0, "begin", FAKE_SAYS, "error kind=0 text=all%20is%20well\n"}},
	 CELL_FAILED, "client: all is well", AFTER_A_WHILE},
	{"an error without a word", 1, {{"server", 0, "setup", FAKE_SAYS, "error\n"}},
	 CELL_FAILED, "server: failed", AFTER_A_WHILE},
	{"ready without an address", 1, {{"server", 0, "setup", FAKE_SAYS, "ready\n"}},
	 CELL_FAILED, "server: the ready record's address is missing, too long, or not one line",
	 AFTER_A_WHILE},
	{"connected before it was told where", 1,
	 {{"client", 0, "setup", FAKE_SAYS, "connected\n"}},
	 CELL_FAILED, "client: said `connected`" OUT_OF_TURN, AFTER_A_WHILE},
	{"done before it has begun", 1, {{"client", 0, "connect", FAKE_SAYS, "done\n"}},
	 CELL_FAILED, "client: said `done`" OUT_OF_TURN, AFTER_A_WHILE},
	{"ready twice", 1, {{"client", 0, "setup", FAKE_ADDS, "ready\n"}},
	 CELL_FAILED, "client: said `ready`" OUT_OF_TURN, AT_ONCE},
	{"a server that is done", 1, {{"server", 0, "setup", FAKE_ADDS, "done\n"}},
	 CELL_FAILED, "server: said `done`" OUT_OF_TURN, AT_ONCE},
	{"words that are not known", 1, {{"client", 0, "setup", FAKE_ADDS, "h\x1bllo\n"}},
	 CELL_FAILED, "client: said `h\\x1bllo`" OUT_OF_TURN, AT_ONCE},
	{"words that are no record", 1, {{"client", 0, "setup", FAKE_ADDS, "ready now\n"}},
	 CELL_FAILED, "a malformed control record", HANGING_LATER},
};

static void check_mishap(const struct mishap *mishap)
{
	uint64_t took_ms;

	CHECK_MSG(begin(1, mishap->clients, mishap->script), "%s", err.message);
	CHECK_MSG(step_until(NULL), "%s: no end", mishap->name);
	CHECK_MSG(first_cell()->state == mishap->state, "%s: %s, %s", mishap->name,
		  cell_state_names[first_cell()->state], first_cell()->reason);
	CHECK_MSG(strcmp(first_cell()->reason, mishap->reason) == 0, "%s: %s", mishap->name,
		  first_cell()->reason);
	CHECK_MSG(other_cell()->state == CELL_DONE, "%s: the other %s", mishap->name,
		  other_cell()->reason);
	took_ms = (fake.now_ns - model->started_ns) / 1000000;
	CHECK_MSG(took_ms >= mishap->least_ms && took_ms <= mishap->most_ms, "%s: %zu ms",
		  mishap->name, (size_t)took_ms);
	CHECK_MSG(end() == 0, "%s: something is left", mishap->name);
}

static void test_mishaps(void)
{
	for (size_t i = 0; i < sizeof(mishaps) / sizeof(mishaps[0]); i++) {
		check_mishap(&mishaps[i]);
		if (*test_why)
			return;
	}
}

/* Floors that cannot be had, or cannot be true, are unknown; the run goes on. */
static void test_floors(void)
{
	static const struct fake_turn scripts[][2] = {
		{{"machine", 0, "setup", FAKE_DIES, NULL}},
		{{"machine", 0, "setup", FAKE_HANGS, NULL}},
		{{"machine", 0, "setup", FAKE_SAYS, "error kind=1 text=x\n"}},
		{{"machine", 0, "setup", FAKE_SAYS, "done\n"}},
		{{"machine", 0, "setup", FAKE_SAYS, "done wakeup_ps=x\n"}},
		{{"machine", 0, "setup", FAKE_SAYS, "done wakeup_ps=0\n"}},
		{{"machine", 0, "setup", FAKE_SAYS, "done wakeup_ps=30000000000001\n"}},
	};

	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		CHECK(begin(1, 1, scripts[i]) && step_until(NULL));
		CHECK_MSG(isnan(model->floors.wakeup_ns), "%zu: %g", i, model->floors.wakeup_ns);
		CHECK(floor_facts_row(&model->floors, 48).read_ns == 1);
		CHECK(model->cells[0].state == CELL_DONE && model->cells[1].state == CELL_DONE);
		CHECK(end() == 0);
	}
}

/* Each round has a reference of each type, before the type's cells, which is none of them. */
static void test_reference(void)
{
	CHECK(begin(4, 1, NULL) && step_until(NULL));
	CHECK(model->reference_count == 1 && model->cell_count == 2 && model->finals == 2);
	CHECK(model->references[0].state == CELL_DONE && model->references[0].blocks_done == 4);
	CHECK(model->references[0].summary.p50_ci_blocks == 4);
	for (size_t i = 0; i < 2; i++) {
		const struct cell *cell = &model->cells[i];

		for (size_t block = 0; block < 4; block++) {
			const struct block_result *reference = &model->references[0].blocks[block];

			CHECK(cell->blocks[block].round == block && reference->round == block);
			CHECK(cell->blocks[block].reference_p50_ns == reference->p50_ns);
			CHECK(reference->order % 3 == 0);
		}
		/* The median of 2 samples here, over that of 200. */
		CHECK_MSG(fabs(cell->summary.reference_ratio - 0.01) < 1e-4 &&
				  cell->summary.reference_ratio_low < 0.01 &&
				  cell->summary.reference_ratio_high > 0.01,
			  "%g", cell->summary.reference_ratio);
	}
	CHECK(end() == 0);
}

/* A reference that cannot be had is not tried again, and nothing is compared with it. */
static void test_reference_fails(void)
{
	static const struct fake_turn script[] = {{"reference", 1, "begin", FAKE_DIES, NULL},
						  {NULL, 0, NULL, 0, NULL}};

	CHECK(begin(4, 1, script) && step_until(NULL));
	CHECK(model->references[0].state == CELL_FAILED && model->references[0].blocks_done == 1);
	CHECK_STR(model->references[0].reason, "the reference " DIED);
	for (size_t i = 0; i < 2; i++) {
		CHECK(model->cells[i].state == CELL_DONE && model->cells[i].blocks_done == 4);
		CHECK(model->cells[i].blocks[0].reference_p50_ns > 0);
		CHECK(isnan(model->cells[i].blocks[3].reference_p50_ns));
		CHECK(isnan(model->cells[i].summary.reference_ratio_low));
	}
	CHECK(end() == 0);
}

/*
 * Latencies of a machine whose state drifts slowly, and of blocks that differ: what a block's
 * level is, its first sample draws.
 */
static struct {
	uint64_t noise;
	double state, level;
	const struct fake_process *process;
} machine;

static uint64_t machine_latency_ns(struct fake_world *of UNUSED, const struct fake_process *process)
{
	double slower = process->setup.transport.carrier->name[0] == 't' ? log(1.2) : 0;

	if (machine.process != process) {
		machine.process = process;
		machine.state = 0.999 * machine.state + 0.25 * sqrt(1 - 0.999 * 0.999) *
								noise_normal(&machine.noise);
		machine.level = slower + machine.state + 0.04 * noise_normal(&machine.noise);
	}
	return (uint64_t)(1e6 * exp(machine.level + 0.05 * noise_normal(&machine.noise)));
}

static bool begin_precise(uint64_t seed, double precision_pct, uint64_t budget_ns)
{
	struct plan_options options = plan_defaults;

	err_clear(&err);
	options.precision_pct = precision_pct;
	options.budget_ns = budget_ns;
	machine.noise = seed * 0x9E3779B9u + 1;
	machine.state = 0.25 * noise_normal(&machine.noise);
	machine.process = NULL;
	if (plan_make(&plan, "unix+bytes,tcp+bytes", "2x3", &options, NULL, &err) != 0)
		return false;
	fake_world_init(&fake);
	fake.latency_ns = machine_latency_ns;
	run = run_new(&plan, &fake.world, &err);
	model = run ? run_model(run) : NULL;
	return run != NULL;
}

/* Whole rounds are added until both are within it; the ratio to the reference holds as it says. */
static void test_precision(void)
{
	size_t held = 0;
	size_t longest = 0;

	for (uint64_t seed = 0; seed < PRECISE_RUNS; seed++) {
		CHECK_MSG(begin_precise(seed, 3, plan_defaults.budget_ns), "%s", err.message);
		CHECK(step_until(NULL));
		for (size_t i = 0; i < 2; i++) {
			const struct cell *cell = &model->cells[i];
			const struct summary *summary = &cell->summary;
			double truth = i ? 1.2 : 1;

			CHECK_MSG(cell->state == CELL_DONE && !*cell->reason, "%s", cell->reason);
			CHECK_MSG(cell->rounds_within >= 3, "%zu", cell->rounds_within);
			CHECK(summary->precision_pct <= 3 || cell->blocks_done > 7);
			CHECK(cell->blocks_done >= 7);
			held += summary->reference_ratio_low <= truth &&
				truth <= summary->reference_ratio_high;
			longest = cell->blocks_done > longest ? cell->blocks_done : longest;
		}
		/* Rivals have as many. */
		CHECK(model->cells[0].blocks_done == model->cells[1].blocks_done);
		CHECK(model->references[0].blocks_done == model->cells[0].blocks_done);
		CHECK(end() == 0);
	}
	CHECK_MSG(held >= 2 * PRECISE_RUNS * 85 / 100, "%zu of %d", held, 2 * PRECISE_RUNS);
	CHECK_MSG(longest > 10, "%zu", longest);
}

/* A budget that is over before: the row says so. */
static void test_precision_not_reached(void)
{
	CHECK(begin_precise(1, 0.1, FAKE_SECOND_NS) && step_until(NULL));
	for (size_t i = 0; i < 2; i++) {
		CHECK(model->cells[i].state == CELL_DONE && model->cells[i].blocks_done >= 5);
		CHECK(model->cells[i].tally.wall_ns >= FAKE_SECOND_NS);
		CHECK_MSG(strstr(model->cells[i].reason, "its time was up at +-") &&
				  strstr(model->cells[i].reason, "before +-0.1 % was reached"),
			  "%s", model->cells[i].reason);
	}
	CHECK(end() == 0);
}

/* What cannot be started fails its cell, in words. */
static void test_no_start(void)
{
	for (unsigned spawns = 0; spawns < 7; spawns++) {
		bool beside = spawns < 3; /* two floors, a reference */

		CHECK(begin(1, 1, NULL));
		fake.spawns_left = spawns;
		CHECK(step_until(NULL));
		CHECK(other_cell()->state == CELL_DONE);
		CHECK(first_cell()->state == (beside ? CELL_DONE : CELL_FAILED));
		CHECK(beside || strstr(first_cell()->reason, ": no more"));
		CHECK(end() == 0);
	}
	CHECK(begin(1, 1, NULL));
	fake.shares_left = 0; /* the reference's */
	CHECK(step_until(NULL));
	CHECK_STR(model->references[0].reason, "making the scoreboard: no more");
	CHECK(model->cells[0].state == CELL_DONE && model->cells[1].state == CELL_DONE);
	CHECK(end() == 0);
}

static bool is_measuring(void)
{
	return model->current < model->cell_count &&
	       model->cells[model->current].state == CELL_WARMING;
}

static bool is_over(void)
{
	return !model->running;
}

/* A client that never comes to a sample, so that the owner has all the time. */
static const struct fake_turn endless[] = {
	{"client", 0, "begin", FAKE_HANGS, NULL},
	{NULL, 0, NULL, 0, NULL},
};

static void test_stop(void)
{
	CHECK(begin(1, 1, endless) && step_until(is_measuring));
	run_stop(run);
	CHECK(step_until(is_over));
	for (size_t i = 0; i < 2; i++) {
		CHECK(model->cells[i].state == CELL_INTERRUPTED);
		CHECK_STR(model->cells[i].reason, "the run was stopped");
	}
	CHECK(end() == 0);
}

static void test_skip_and_retry(void)
{
	size_t index;

	CHECK(begin(1, 1, endless) && step_until(is_measuring));
	index = model->current;
	run_drop(run, 1 - index);
	run_skip(run, index);
	CHECK(step_until(is_over));
	CHECK(model->cells[index].state == CELL_SKIPPED);
	CHECK_STR(model->cells[index].reason, "by the user");
	CHECK_STR(model->cells[1 - index].reason, "dropped by the user");
	run_retry(run, index);
	CHECK(model->running && step_until(is_over));
	CHECK(model->cells[index].state == CELL_DONE && model->cells[index].summary.samples == 6);
	CHECK(end() == 0);
}

static const size_t both[] = {0, 1};

/* Whether a cell has so many blocks, rounds in which its rival and the reference have one too. */
static bool has_rounds(size_t index, size_t blocks)
{
	const struct cell *cell = &model->cells[index];
	const struct cell *others[] = {&model->cells[1 - index], &model->references[0]};

	for (size_t i = 0; i < cell->blocks_done; i++)
		for (size_t k = 0; k < 2; k++)
			if (others[k]->blocks_done != blocks ||
			    others[k]->blocks[i].round != cell->blocks[i].round)
				return false;
	return cell->blocks_done == blocks;
}

static bool has_a_block(void)
{
	return model->cells[0].blocks_done == 1 && model->cells[1].blocks_done == 1;
}

/* More rounds while the run is under way and after its end: nothing that was measured is lost. */
static void test_more(void)
{
	struct block_result first;

	CHECK(begin(2, 1, NULL) && step_until(has_a_block));
	first = model->cells[0].blocks[0];
	CHECK(run_more(run, both, 2, 3) == 3 && step_until(is_over));
	CHECK(has_rounds(0, 5) && has_rounds(1, 5) && model->finals == 2);
	/* The plan's 6 samples, and blocks of as many more. */
	CHECK(model->cells[0].summary.samples == 6 + 3 * 3);
	CHECK(run_more(run, both, 2, 12) == 12 && model->running && model->finals == 0);
	CHECK(model->cells[0].state == CELL_WAITING && model->cells[0].summary.samples == 15);
	CHECK(model_state_so_far(&model->cells[0]) == CELL_DONE);
	CHECK(step_until(is_over) && has_rounds(0, 17) && has_rounds(1, 17) && model->finals == 2);
	CHECK(memcmp(&model->cells[0].blocks[0], &first, sizeof(first)) == 0);
	for (size_t i = 0; i < 2; i++)
		CHECK(model->cells[i].state == CELL_DONE && !*model->cells[i].reason);
	CHECK(run_more(run, both, 0, 12) == 0 && !model->running);
	run_retry(run, 0);
	CHECK(step_until(is_over) && model->cells[0].blocks_done == 2);
	CHECK(end() == 0);
}

/* What was done before stays done, whatever ends the blocks that were added. */
static void test_more_ended(void)
{
	CHECK(begin(2, 1, NULL) && step_until(is_over) && run_more(run, both, 2, 12) == 12);
	run_drop(run, 0);
	CHECK(model->cells[0].state == CELL_DONE && model->cells[0].summary.samples == 6);
	CHECK_STR(model->cells[0].reason, "not all blocks that were added: dropped by the user");
	while (model->cells[1].blocks_done < 4)
		CHECK(run_step(run) && fake_world_wait(&fake, run_timeout_ms(run)));
	run_stop(run);
	CHECK(step_until(is_over) && model->cells[1].state == CELL_DONE);
	CHECK_STR(model->cells[1].reason, "not all blocks that were added: the run was stopped");
	CHECK(model->cells[1].blocks_done >= 4 && model->cells[0].blocks_done == 2);
	CHECK(run_more(run, both, 2, 12) == 0 && !model->running);
	CHECK(end() == 0);
}

/* A client that dies in a block that was added: so many of them were there before. */
static const struct fake_turn dies_later[] = {
	{"client", 4, "begin", FAKE_DIES, NULL},
	{NULL, 0, NULL, 0, NULL},
};

static void test_more_dies(void)
{
	size_t done = 0;

	CHECK(begin(2, 1, dies_later) && step_until(is_over) && run_more(run, both, 2, 3) == 3);
	CHECK(step_until(is_over));
	for (size_t i = 0; i < 2; i++) {
		CHECK(model->cells[i].state == CELL_DONE && model->cells[i].blocks_done >= 2);
		done += !*model->cells[i].reason;
	}
	CHECK(done == 1 && end() == 0);
}

/* With a precision too: what was reached stays reached. */
static void test_more_precise(void)
{
	size_t blocks;

	CHECK(begin_precise(1, 3, plan_defaults.budget_ns) && step_until(is_over));
	blocks = model->cells[0].blocks_done;
	CHECK(run_more(run, both, 2, 12) == 12 && step_until(is_over));
	for (size_t i = 0; i < 2; i++)
		CHECK(model->cells[i].state == CELL_DONE &&
		      model->cells[i].blocks_done >= blocks + 12);
	CHECK(end() == 0);
}

/* A pause stops the clock of what waits for a reply. */
static void test_pause(void)
{
	CHECK(begin(1, 1, endless) && step_until(is_measuring));
	run_pause(run, true);
	for (unsigned i = 0; i < 100; i++) {
		CHECK(run_step(run) && is_measuring());
		fake.now_ns += FAKE_SECOND_NS;
	}
	run_pause(run, false);
	CHECK(step_until(is_over) && first_cell()->state == CELL_FAILED);
	CHECK_STR(first_cell()->reason, "no reply within 60 s (--timeout)");
	CHECK(model->elapsed_ns > 155 * FAKE_SECOND_NS);
	CHECK(end() == 0);
}

/* Killed in the middle of a block, as by its owner's end. */
static void test_free(void)
{
	CHECK(begin(1, 2, endless) && step_until(is_measuring));
	CHECK(end() == 0);
	CHECK(begin(1, 2, NULL) && end() == 0);
}

/* The same world and the same seed are the same run, to every word that it says. */
static void test_same_again(void)
{
	char *traces[2] = {NULL, NULL};
	size_t bytes[2];

	for (size_t i = 0; i < 2; i++) {
		CHECK(begin(2, 2, mishaps[0].script));
		fake.trace = open_memstream(&traces[i], &bytes[i]);
		CHECK(fake.trace && step_until(NULL));
		CHECK(end() == 0 && fclose(fake.trace) == 0);
	}
	CHECK(bytes[0] > 1000 && bytes[0] == bytes[1]);
	CHECK(memcmp(traces[0], traces[1], bytes[0]) == 0);
	free(traces[0]);
	free(traces[1]);
}

/* A file of results gets its name once it is whole, and is gone where it cannot have it. */
static void test_results(void)
{
	CHECK(begin(1, 1, NULL) && step_until(NULL));
	CHECK(export_file(&fake.world, model, &exporter_table[0], "/nowhere/a.csv", &err) == 0);
	CHECK_STR(fake.file, "/nowhere/a.csv");
	fake.rename_fails = true;
	CHECK(export_file(&fake.world, model, &exporter_table[0], "/nowhere/b.csv", &err) == -1);
	CHECK_STR(err.message, "cannot replace /nowhere/b.csv: Permission denied");
	CHECK_STR(fake.file, "");
	CHECK(end() == 0);
}

static const struct test tests[] = {
	{"a run that goes well", test_goes_well},
	{"a run of several clients", test_several},
	{"a run of clients alone", test_connect},
	{"members that die, hang and lie", test_mishaps},
	{"a reference in every round", test_reference},
	{"a reference that dies", test_reference_fails},
	{"rounds are added for a precision", test_precision},
	{"a precision that is not reached", test_precision_not_reached},
	{"floors that are not to be had", test_floors},
	{"processes that do not start", test_no_start},
	{"stop", test_stop},
	{"drop, skip and retry", test_skip_and_retry},
	{"more rounds", test_more},
	{"more rounds that do not end", test_more_ended},
	{"more rounds, and a client dies", test_more_dies},
	{"more rounds with a precision", test_more_precise},
	{"pause", test_pause},
	{"freed in the middle", test_free},
	{"the same run again", test_same_again},
	{"results", test_results},
};

TEST_MAIN(tests)
