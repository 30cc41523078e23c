/* SPDX-License-Identifier: MIT */
/*
 * What the interface asks for, done to a run that is made up: this file has the
 * functions of bench/run/run.h, so that a run ends when a test says so.
 */
#include <unistd.h>

#include "bench/run/run.h"
#include "tests/support/test.h"
#include "transports/unused.h"
#include "tui/app_commands.h"

struct run {
	struct model model;
	bool stopped, lingers; /* lingers: it does not end when it is stopped */
	int steps;
	size_t more[3], more_count; /* the cells that more blocks were asked of */
};

static size_t runs; /* that there are */

struct run *run_new(const struct plan *plan, const struct world *world UNUSED,
		    struct err *err UNUSED)
{
	struct run *run = calloc(1, sizeof(*run));
	struct cell *cells = calloc(plan->cell_count, sizeof(*cells));

	if (!run || !cells)
		abort();
	for (size_t i = 0; i < plan->cell_count; i++)
		cells[i].plan = &plan->cells[i];
	run->model = (struct model){
		.plan = plan,
		.cells = cells,
		.cell_count = plan->cell_count,
		.current = plan->cell_count,
		.running = true,
	};
	(void)snprintf(run->model.run_id, sizeof(run->model.run_id), "run%zu", plan->cell_count);
	runs++;
	return run;
}

void run_free(struct run *run)
{
	if (!run)
		return;
	free(run->model.cells);
	free(run);
	runs--;
}

bool run_step(struct run *run)
{
	run->steps++;
	run->model.running &= !run->stopped || run->lingers;
	return run->model.running;
}

void run_stop(struct run *run)
{
	run->stopped = true;
}

int run_fd(const struct run *run UNUSED)
{
	return -1;
}

int run_timeout_ms(const struct run *run UNUSED)
{
	return 0;
}

const struct model *run_model(const struct run *run)
{
	return &run->model;
}

void run_pause(struct run *run, bool pause)
{
	run->model.paused = pause;
}

void run_skip(struct run *run UNUSED, size_t index UNUSED)
{
}

void run_retry(struct run *run UNUSED, size_t index UNUSED)
{
}

size_t run_more(struct run *run, const size_t *cells, size_t count, size_t rounds)
{
	for (size_t i = 0; i < count; i++)
		run->more[i] = cells[i];
	run->more_count = count;
	return run->stopped ? 0 : rounds;
}

void run_drop(struct run *run UNUSED, size_t index UNUSED)
{
}

static struct app app;
static char directory[] = "/tmp/ipctop-test-XXXXXX";

/* A dashboard with a run of three transports under way, whose arrays go that way. */
static bool begin_way(enum direction direction, const char *shape)
{
	struct plan_options options = plan_defaults;

	options.direction = direction;
	app = (struct app){.signal_fd = -1, .saved = SIZE_MAX};
	ui_init(&app.ui);
	if (plan_make(&app.plan, "http+bytes,unix+bytes,tcp+bytes", shape, &options, NULL,
		      NULL) != 0)
		return false;
	app.run = run_new(&app.plan, &world_real, NULL);
	app.run->lingers = true;
	return setenv("XDG_STATE_HOME", directory, 1) == 0;
}

static bool begin(void)
{
	return begin_way(DIRECTION_PULL, "4");
}

static void end(void)
{
	run_free(app.run);
	plan_free(&app.plan);
	plan_free(&app.next);
}

static void duel(size_t a, size_t b)
{
	app_execute(&app, &(struct command){.kind = COMMAND_DUEL, .cell = a, .opponent = b});
}

static bool duels(const char *a, const char *b)
{
	char names[2][TRANSPORT_NAME_BYTES];

	if (!app.plan.duel || app.plan.cell_count != 2)
		return false;
	return strcmp(transport_format(&app.plan.cells[0].transport, names[0]), a) == 0 &&
	       strcmp(transport_format(&app.plan.cells[1].transport, names[1]), b) == 0;
}

/* The run under way gets its time to end, and nothing waits for that but the duel. */
static void test_duel_waits_for_the_end(void)
{
	struct run *before;

	CHECK(begin());
	before = app.run;
	duel(0, 2);
	CHECK(app.run == before && before->stopped && before->steps == 0);
	CHECK_MSG(strstr(app.ui.toast.text, "being ended"), "%s", app.ui.toast.text);
	for (int i = 0; i < 3; i++)
		app_step_run(&app);
	CHECK(app.run == before && before->steps == 3);
	before->lingers = false;
	app_step_run(&app);
	CHECK(app.run->model.running && !app.run->stopped && duels("http+bytes", "tcp+bytes"));
	CHECK(runs == 1);
	end();
}

/* One that does not end is left to run_free. */
static void test_duel_waits_no_longer(void)
{
	CHECK(begin());
	duel(0, 2);
	app_step_run(&app);
	CHECK(!app.plan.duel && app.next_by_ns > 0);
	app.next_by_ns = 1;
	app_step_run(&app);
	CHECK(duels("http+bytes", "tcp+bytes") && runs == 1);
	end();
}

static void test_duel_at_once(void)
{
	CHECK(begin());
	app.run->model.running = false;
	duel(1, 2);
	CHECK(duels("unix+bytes", "tcp+bytes") && runs == 1);
	end();
}

/* A duel goes the way of the cells that it is of, with their arrays. */
static void test_duel_goes_both_ways(void)
{
	struct ways ways;

	CHECK(begin_way(DIRECTION_BOTH, "4/5x2:uint8"));
	app.run->model.running = false;
	duel(1, 2);
	CHECK(duels("unix+bytes", "tcp+bytes"));
	ways = plan_cell_ways(&app.plan.cells[1]);
	CHECK(app.plan.options.direction == DIRECTION_BOTH && ways_bytes(&ways) == 42);
	end();
}

static void test_another_duel_meanwhile(void)
{
	uint64_t by_ns;

	CHECK(begin());
	duel(0, 2);
	by_ns = app.next_by_ns;
	duel(0, 1);
	CHECK(app.next_by_ns == by_ns);
	app.run->lingers = false;
	app_step_run(&app);
	CHECK(duels("http+bytes", "unix+bytes"));
	end();
}

/* Ctrl-C stops what is to come as well. */
static void test_stop_meanwhile(void)
{
	CHECK(begin());
	duel(0, 2);
	app_execute(&app, &(struct command){.kind = COMMAND_STOP});
	app.run->lingers = false;
	app_step_run(&app);
	app_step_run(&app);
	CHECK(!app.plan.duel && !app.run->model.running);
	end();
}

static void test_quit_meanwhile(void)
{
	CHECK(begin());
	duel(0, 2);
	app_execute(&app, &(struct command){.kind = COMMAND_QUIT});
	CHECK(app.leaving);
	app.run->lingers = false;
	app_end_run(&app);
	CHECK(!app.plan.duel && !app.run->model.running);
	end();
}

/* What is asked about cells of the run before is not answered with others. */
static void test_question_meanwhile(void)
{
	CHECK(begin());
	duel(0, 2);
	app.ui.ask = ASK_DUEL;
	app.ui.mark = 2;
	app.ui.opponent = 1;
	app.run->lingers = false;
	app_step_run(&app);
	CHECK(app.plan.duel && app.ui.ask == ASK_NOTHING && app.ui.mark == UI_NO_CELL);
	end();
}

/* Levels of blocks, a round each: the second cell scatters too much for a verdict. */
static struct block_result rounds[3][4];

static void fill_rounds(void)
{
	for (size_t i = 0; i < 3; i++) {
		struct cell *cell = &app.run->model.cells[i];

		for (size_t round = 0; round < 4; round++)
			rounds[i][round] = (struct block_result){
				.p50_ns = (double)(i + 1) * (i == 1 && round % 2 ? 40 : 100),
				.round = round,
			};
		cell->state = CELL_DONE;
		cell->blocks = rounds[i];
		cell->blocks_done = 4;
		cell->summary.p50_ns = (double)(i + 1) * 100;
		cell->summary.p50_with_read_ns = cell->summary.p50_ns;
	}
}

static void test_more(void)
{
	const struct command more = {.kind = COMMAND_MORE, .cell = 2};

	CHECK(begin());
	app_execute(&app, &more);
	CHECK_MSG(strstr(app.ui.toast.text, "takes no more"), "%s", app.ui.toast.text);
	fill_rounds();
	app_execute(&app, &more);
	CHECK(app.run->more_count == 2 && app.run->more[0] == 1 && app.run->more[1] == 0);
	CHECK_STR(app.ui.toast.text, "measuring 12 more blocks of 2 cells");
	run_stop(app.run);
	app_execute(&app, &more);
	CHECK_MSG(strstr(app.ui.toast.text, "takes no more"), "%s", app.ui.toast.text);
	end();
}

static const struct test tests[] = {
	{"more of what is undecided", test_more},
	{"duel_waits_for_the_end", test_duel_waits_for_the_end},
	{"duel_waits_no_longer", test_duel_waits_no_longer},
	{"duel_at_once", test_duel_at_once},
	{"a duel goes both ways", test_duel_goes_both_ways},
	{"another_duel_meanwhile", test_another_duel_meanwhile},
	{"stop_meanwhile", test_stop_meanwhile},
	{"quit_meanwhile", test_quit_meanwhile},
	{"question_meanwhile", test_question_meanwhile},
};

/* Where results go, and nothing is left of it. */
static void remove_directory(void)
{
	static const char *const parts[] = {"ipctop/runs", "ipctop", ""};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char path[80];

		(void)snprintf(path, sizeof(path), "%s/%s", directory, parts[i]);
		(void)rmdir(path);
	}
}

int main(int argc, char **argv)
{
	int status;

	if (!mkdtemp(directory))
		return 1;
	status = test_main(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
	remove_directory();
	return status;
}
