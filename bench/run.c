/* SPDX-License-Identifier: MIT */
/* The engine: a schedule of blocks, the pair under way, and the model. */
#include "bench/run.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#include "bench/cell.h"
#include "bench/clock.h"
#include "bench/copies.h"
#include "bench/duel.h"
#include "bench/floor.h"
#include "bench/host.h"
#include "bench/noise.h"
#include "bench/pages.h"
#include "bench/pair.h"
#include "bench/schedule.h"
#include "bench/summary.h"
#include "bench/sweep.h"
#include "transports/io.h"

/* How often the scoreboard is looked at while samples are taken. */
#define RUN_REFRESH_NS 100000000u

/* The oldest samples in the ring may be overwritten while they are read: leave those. */
#define RUN_RING_SAFE (SCOREBOARD_RING - 4096)

/* What the engine keeps of a cell beside the model. */
struct run_cell {
	struct tally tally;       /* of its finished blocks */
	uint64_t blocks_wall_ns;  /* of its finished blocks, set-up included */
	size_t blocks_tried;
	struct pages_got server_pages; /* of the last block */
	struct pages_got client_pages;
};

struct run {
	const struct plan *plan;
	struct model model;
	struct run_cell *cells;
	struct schedule schedule;
	struct floors floors;
	int epoll_fd;
	struct pair pair;
	/* The present block. */
	struct hist *base_latency;   /* the cell's finished blocks; the model's adds the live one */
	struct hist *base_with_read;
	struct hist *base_planned;
	uint64_t base_measured_ns;
	uint64_t drained[PLAN_CLIENTS_MAX]; /* samples taken out of each client's ring */
	uint64_t block_start_ns;
	struct noise_snapshot block_start; /* what the kernel had counted then */
	bool skip_wanted;
	bool retry_wanted;
	uint64_t refreshed_ns;
	uint64_t started_ns;
	bool stop_wanted;
	bool pause_wanted;
	size_t generation;
	size_t blocks_measured;      /* of all cells */
	char name[SWEEP_NAME_BYTES]; /* of our segments and directory */
	char directory[SWEEP_NAME_BYTES + 8];
	char token[CARRIER_TICKET_BYTES / 2];
	FILE *samples_file;
	uint64_t samples_lost;       /* of those that should be in it */
};

static void run_note(struct run *run, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* One line for the event list. */
static void run_note(struct run *run, const char *format, ...)
{
	struct model *model = &run->model;
	struct model_event *event = &model->events[model->event_count % MODEL_EVENTS];
	va_list args;

	event->at_ns = clock_now_ns() - run->started_ns;
	va_start(args, format);
	(void)vsnprintf(event->text, sizeof(event->text), format, args);
	va_end(args);
	model->event_count++;
}

static void run_finish_cell(struct run *run, struct cell *cell, enum cell_state state,
			    const char *reason)
{
	char name[CELL_NAME_BYTES];

	if (cell_state_final(cell->state))
		return;
	cell->state = state;
	(void)snprintf(cell->reason, sizeof(cell->reason), "%s", reason);
	run->model.finals++;
	run->generation++;
	(void)cell_name(cell, name);
	if (state == CELL_DONE)
		run_note(run, "%s done, %.0f samples", name, cell->summary.samples);
	else
		run_note(run, "%.60s %s: %.80s", name, cell_state_names[state], reason);
}

/* Setting up. */

static int run_make_names(struct run *run, struct err *err)
{
	uint64_t random[2];

	if (sweep_make_name(run->name, err) != 0)
		return -1;
	(void)snprintf(run->directory, sizeof(run->directory), "/tmp/%s", run->name);
	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return err_system(err, "drawing the run's token");
	(void)snprintf(run->token, sizeof(run->token), "%015" PRIx64 "%016" PRIx64, random[0] >> 4,
		       random[1]);
	return 0;
}

static void run_describe(struct run *run)
{
	struct model *model = &run->model;
	time_t now = time(NULL);
	struct tm utc;

	(void)gmtime_r(&now, &utc);
	(void)strftime(model->started_utc, sizeof(model->started_utc), "%Y-%m-%dT%H:%M:%SZ", &utc);
	(void)strftime(model->run_id, sizeof(model->run_id), "%Y%m%dT%H%M%SZ", &utc);
	(void)snprintf(model->run_id + strlen(model->run_id),
		       sizeof(model->run_id) - strlen(model->run_id), "-%d", (int)getpid());
	host_facts_read(&model->host);
	model->host.one_core = run->plan->options.pin == PIN_SPLIT &&
			       host_same_core(run->model.cpu[0], run->model.cpu[1]);
}

/* What cannot run here is said before anything is measured. */
static void run_skip_unfit(struct run *run)
{
	for (size_t i = 0; i < run->model.cell_count; i++) {
		struct err err = {0};

		const struct plan_cell *plan = run->model.cells[i].plan;

		if (plan_check_wait(&plan->transport, run->plan->options.wait, &err) != 0 ||
		    plan_cell_fits(plan, &err) != 0)
			run_finish_cell(run, &run->model.cells[i], CELL_SKIPPED, err.message);
	}
}

static int run_make_cells(struct run *run, struct err *err)
{
	struct model *model = &run->model;

	model->cell_count = model->current = run->plan->cell_count;
	model->cells = calloc(model->cell_count + 1, sizeof(model->cells[0]));
	run->cells = calloc(model->cell_count + 1, sizeof(run->cells[0]));
	run->base_latency = calloc(1, sizeof(struct hist));
	run->base_with_read = calloc(1, sizeof(struct hist));
	run->base_planned = calloc(1, sizeof(struct hist));
	if (!model->cells || !run->cells || !run->base_latency || !run->base_with_read ||
	    !run->base_planned)
		return err_set(err, ERR_MEMORY, "no memory for %zu cells", model->cell_count);
	for (size_t i = 0; i < model->cell_count; i++)
		cell_init(&model->cells[i], &run->plan->cells[i], &run->plan->options);
	if (floors_init(&run->floors, &model->floors, model->cell_count, run->epoll_fd, err) != 0)
		return -1;
	return schedule_init(&run->schedule, model->cell_count, run->plan->options.blocks,
			     run->plan->options.seed, err);
}

struct run *run_new(const struct plan *plan, struct err *err)
{
	struct run *run = calloc(1, sizeof(*run));

	if (!run) {
		(void)err_set(err, ERR_MEMORY, "no memory for a run");
		return NULL;
	}
	run->plan = run->model.plan = plan;
	run->model.running = true;
	run->model.left_ns = NAN;
	sequential_init(&run->model.duel, DUEL_ALPHA, DUEL_MARGIN);
	run->started_ns = clock_now_ns();
	run->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	sweep_dead();
	if (run->epoll_fd < 0)
		(void)err_system(err, "making an epoll set");
	else if (setup_choose_cpus(plan->options.pin, run->model.cpu, err) == 0 &&
		 run_make_cells(run, err) == 0 && run_make_names(run, err) == 0) {
		run_describe(run);
		run_skip_unfit(run);
		return run;
	}
	run_free(run);
	return NULL;
}

void run_free(struct run *run)
{
	if (!run)
		return;
	pair_free(&run->pair);
	floors_free(&run->floors);
	if (run->name[0])
		sweep_segments(run->name);
	for (size_t i = 0; run->model.cells && i < run->model.cell_count; i++)
		cell_free(&run->model.cells[i]);
	io_close(&run->epoll_fd);
	free(run->model.cells);
	free(run->cells);
	sequential_free(&run->model.duel);
	schedule_free(&run->schedule);
	free(run->base_latency);
	free(run->base_with_read);
	free(run->base_planned);
	free(run);
}

void run_log_samples(struct run *run, FILE *file)
{
	run->samples_file = file;
	(void)fputs("transport,shape,block,sample,latency_ns,read_ns,client,hash\n", file);
}

uint64_t run_samples_lost(const struct run *run)
{
	return run->samples_lost;
}

/* The block under way. */

static struct cell *run_current(struct run *run)
{
	return run->model.current < run->model.cell_count ? &run->model.cells[run->model.current] :
							    NULL;
}

/* A client's share of the cell's limits: what is left, over the blocks that are left. */
static struct pair_limits run_limits(const struct run *run, const struct cell *cell)
{
	const struct plan_options *options = &run->plan->options;
	uint64_t blocks_left = options->blocks - cell->blocks_done;
	uint64_t samples_done = cell->latency ? cell->latency->count : 0;
	uint64_t samples_left =
		cell->plan->samples > samples_done ? cell->plan->samples - samples_done : 0;
	uint64_t samples =
		(samples_left + blocks_left - 1) / blocks_left / cell->plan->clients;

	return (struct pair_limits){
		.warmup = options->warmup,
		.samples = samples ? samples : 1,
		.budget_ns = options->budget_ns / options->blocks,
		.timeout_ns = options->timeout_ns,
	};
}

static void run_describe_worker(const struct run *run, const struct cell *cell,
				struct worker_setup *setup)
{
	const struct plan_options *options = &run->plan->options;

	*setup = (struct worker_setup){
		.transport = cell->plan->transport,
		.type = cell->plan->type,
		.source = options->source,
		.memory = options->memory,
		.pages = options->pages,
		.wait = options->wait,
		/* Blocks differ, so that no reply of another block can pass for one of this. */
		.seed = options->seed + cell->blocks_done * 0x9E3779B97F4A7C15u,
		.cpu = {run->model.cpu[0], run->model.cpu[1]},
		.clients = (uint32_t)cell->plan->clients,
	};
	if (cell->rate > 0)
		setup->interval_ns = (uint64_t)((double)cell->plan->clients * 1e9 / cell->rate);
	(void)snprintf(setup->token, sizeof(setup->token), "%s", run->token);
	(void)snprintf(setup->directory, sizeof(setup->directory), "%s", run->directory);
	(void)snprintf(setup->segment_prefix, sizeof(setup->segment_prefix), "%s", run->name);
	(void)snprintf(setup->connect, sizeof(setup->connect), "%s", run->plan->connect);
}

static void run_start_block(struct run *run, size_t index)
{
	struct cell *cell = &run->model.cells[index];
	struct pair_limits limits = run_limits(run, cell);
	struct worker_setup setup;
	struct err err = {0};

	if (plan_cell_fits(cell->plan, &err) != 0) {
		run_finish_cell(run, cell, cell->blocks_done ? CELL_FAILED : CELL_SKIPPED,
				err.message);
		return;
	}
	run->model.current = index;
	run->block_start_ns = clock_now_ns();
	memset(run->drained, 0, sizeof(run->drained));
	noise_take(&run->block_start);
	run->skip_wanted = run->retry_wanted = false;
	run_describe_worker(run, cell, &setup);
	if (cell_allocate(cell, &run->plan->options) != 0)
		(void)err_set(&err, ERR_MEMORY, "no memory for the cell's figures");
	else if (pair_start(&run->pair, &setup, &limits, run->epoll_fd, &err) == 0) {
		*run->base_latency = *cell->latency;
		*run->base_with_read = *cell->with_read;
		if (cell->planned)
			*run->base_planned = *cell->planned;
		run->base_measured_ns = cell->measured_ns;
		cell->state = CELL_STARTING;
		return;
	}
	pair_free(&run->pair);
	run->model.current = run->model.cell_count;
	run_finish_cell(run, cell, CELL_FAILED, err.message);
}

static void run_write_sample(struct run *run, const struct cell *cell, uint32_t client,
			     const struct scoreboard_sample *sample)
{
	char name[CELL_NAME_BYTES];
	char *space = strchr(cell_name(cell, name), ' ');

	if (space)
		*space = ',';
	(void)fprintf(run->samples_file, "%s,%zu,%" PRIu64 ",%" PRIu64 ",", name,
		      cell->blocks_done, run->drained[client], sample->latency_ns);
	if (sample->read_ns != SCOREBOARD_READ_UNKNOWN)
		(void)fprintf(run->samples_file, "%" PRIu64, sample->read_ns);
	(void)fprintf(run->samples_file, ",%" PRIu32 ",", client);
	/* A foreign program's checksum is another one, and stays with it. */
	if (!cell->plan->transport.carrier->program)
		(void)fprintf(run->samples_file, "%016" PRIx64, sample->hash);
	(void)fputc('\n', run->samples_file);
}

static void run_drain(struct run *run, struct cell *cell, uint32_t client)
{
	const struct scoreboard_client *board = &run->pair.scoreboard->slots[client].client;
	uint64_t *drained = &run->drained[client];
	uint64_t samples = board->samples;

	if (samples - *drained > RUN_RING_SAFE) {
		uint64_t lost = samples - *drained - RUN_RING_SAFE;

		run_note(run, "%" PRIu64 " samples came too fast for the time series", lost);
		run->samples_lost += lost;
		*drained += lost;
	}
	for (; *drained < samples; ++*drained) {
		struct scoreboard_sample sample = board->ring[*drained % SCOREBOARD_RING];

		/* Clients measure side by side: a share each of the time that passes. */
		cell->measured_ns += sample.latency_ns / cell->plan->clients;
		series_record(cell->series, cell->measured_ns, sample.latency_ns);
		if (run->samples_file)
			run_write_sample(run, cell, client, &sample);
	}
}

/* What the block under way has come to so far, over all its clients. */
static struct tally run_live_tally(const struct run *run)
{
	const struct scoreboard *board = run->pair.scoreboard;
	struct tally live = {0};

	for (uint32_t i = 0; i < run->pair.setup.clients; i++)
		tally_merge(&live, &board->slots[i].client.tally);
	live.server_peak_rss_bytes = board->server_peak_rss_bytes;
	return live;
}

static double known(uint64_t bytes)
{
	return bytes ? (double)bytes : NAN;
}

static void run_summarize(const struct run *run, struct cell *cell, const struct tally *tally)
{
	/* Of several clients, the first stands for all: their sockets are of a kind. */
	const struct scoreboard_slot *slot = &run->pair.scoreboard->slots[0];
	const struct floor_facts *floors = &run->model.floors;
	struct floor_row floor = floor_facts_row(floors, cell->plan->type.bytes);

	summary_compute(&cell->summary, cell->latency, cell->with_read, tally, cell->blocks,
			cell->blocks_done, cell->plan->type.bytes, floor.memcpy_ns);
	cell->summary.copies = copies_estimate(&cell->summary, cell->plan->transport.encoding,
					       floor.memcpy_ns, floors->wakeup_ns);
	summary_load(&cell->summary, cell->planned, tally, cell->plan->clients);
	cell->summary.server_send_buffer_bytes = known(slot->server.send_buffer_bytes);
	cell->summary.client_receive_buffer_bytes = known(slot->client.receive_buffer_bytes);
}

/* Has any client taken samples that are not in the cell yet? */
static bool run_has_news(const struct run *run)
{
	for (uint32_t i = 0; i < run->pair.setup.clients; i++)
		if (run->pair.scoreboard->slots[i].client.samples != run->drained[i])
			return true;
	return false;
}

/* Brings the cell up to what the scoreboard says. */
static void run_refresh(struct run *run, struct cell *cell)
{
	const struct scoreboard *board = run->pair.scoreboard;
	struct tally tally = run->cells[run->model.current].tally;
	struct tally live;

	if (!board || !run_has_news(run))
		return;
	*cell->latency = *run->base_latency;
	*cell->with_read = *run->base_with_read;
	if (cell->planned)
		*cell->planned = *run->base_planned;
	for (uint32_t i = 0; i < run->pair.setup.clients; i++) {
		const struct scoreboard_client *client = &board->slots[i].client;

		run_drain(run, cell, i);
		hist_merge(cell->latency, &client->latency);
		hist_merge(cell->with_read, &client->with_read);
		if (cell->planned)
			hist_merge(cell->planned, &client->planned);
	}
	live = run_live_tally(run);
	tally_merge(&tally, &live);
	run_summarize(run, cell, &tally);
}

static void run_show_state(struct run *run, struct cell *cell)
{
	/* Of several clients, the first stands for all: they go from state to state together. */
	const struct scoreboard_client *board = &run->pair.scoreboard->slots[0].client;

	if (run->pair.state < PAIR_MEASURING)
		cell->state = CELL_STARTING;
	else
		cell->state = board->samples ? CELL_RUNNING : CELL_WARMING;
	cell->warmed = board->warmed;
}

/* The block under way as one figure each, over all its clients. */
static struct block_result run_block_result(const struct run *run, const struct tally *live)
{
	const struct scoreboard *board = run->pair.scoreboard;
	struct block_result result = {
		.order = run->blocks_measured,
		.samples = live->samples,
		.setup_ns = (double)run->pair.setup_ns,
	};
	struct hist *latency = run->base_latency; /* of no use any more, as the other */
	struct hist *with_read = run->base_with_read;

	hist_clear(latency);
	hist_clear(with_read);
	for (uint32_t i = 0; i < run->pair.setup.clients; i++) {
		const struct scoreboard_client *client = &board->slots[i].client;

		hist_merge(latency, &client->latency);
		hist_merge(with_read, &client->with_read);
		result.connect_ns = fmax(result.connect_ns, (double)client->connect_ns);
		result.first_ns = fmax(result.first_ns, (double)client->first_ns);
	}
	if (result.connect_ns == 0) /* a foreign program need not say */
		result.connect_ns = NAN;
	result.p50_ns = (double)hist_percentile(latency, 50);
	result.p50_with_read_ns = (double)hist_percentile(with_read, 50);
	return result;
}

/* Both processes are reaped: their CPU time is known to be ours. */
static void run_keep_noise(const struct run *run, struct cell *cell)
{
	struct noise_snapshot block_end;

	noise_take(&block_end);
	noise_add(&cell->noise, &run->block_start, &block_end);
}

/* Keeps the block: its figures become the cell's. */
static void run_keep_block(struct run *run, struct cell *cell)
{
	struct run_cell *kept = &run->cells[run->model.current];
	struct tally live = run_live_tally(run);

	if (live.samples == 0)
		return;
	cell->blocks[cell->blocks_done++] = run_block_result(run, &live);
	run->blocks_measured++;
	/* Of several clients, the first stands for all: their arrays are of a kind. */
	kept->server_pages = run->pair.scoreboard->slots[0].server.pages;
	kept->client_pages = run->pair.scoreboard->slots[0].client.pages;
	tally_merge(&kept->tally, &live);
	kept->blocks_wall_ns += clock_now_ns() - run->block_start_ns;
	run_summarize(run, cell, &kept->tally);
	run_keep_noise(run, cell);
	cell_judge(cell, &run->model);
	run->generation++;
}

/* The cell is measured: what whoever reads its figures must know. */
static void run_finish_done(struct run *run, struct cell *cell, const char *how)
{
	const struct run_cell *kept = &run->cells[cell - run->model.cells];
	bool crowded = plan_spins_crowded(&run->plan->options, cell->plan->clients,
					  run->model.host.cpus_usable);
	char pages[CELL_REASON_BYTES / 2];
	const char *const remarks[] = {
		how,
		cell_loss(cell),
		crowded ? "spinning without a core of its own" : "",
		pages_remark(&kept->server_pages, &kept->client_pages, pages, sizeof(pages)),
	};
	char reason[CELL_REASON_BYTES] = "";
	size_t used = 0;

	for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]) && used < sizeof(reason); i++)
		if (*remarks[i])
			used += (size_t)snprintf(reason + used, sizeof(reason) - used, "%s%s",
						 used ? "; " : "", remarks[i]);
	run_finish_cell(run, cell, CELL_DONE, reason);
}

static void run_conclude(struct run *run, struct cell *cell)
{
	const struct err *outcome = &run->pair.outcome;

	if (outcome->kind != ERR_NONE)
		run_finish_cell(run, cell, outcome->kind == ERR_WRONG ? CELL_WRONG : CELL_FAILED,
				outcome->message);
	else if (cell->blocks_done == run->plan->options.blocks && !run->pair.cut_short)
		run_finish_done(run, cell, run->pair.remark);
	else if (run->stop_wanted)
		run_finish_cell(run, cell, CELL_INTERRUPTED, "the run was stopped");
	else if (run->skip_wanted && cell->latency->count)
		run_finish_done(run, cell, "ended early by the user");
	else if (run->skip_wanted)
		run_finish_cell(run, cell, CELL_SKIPPED, "by the user");
	else
		cell->state = CELL_WAITING;
}

/* Has it ended before all of its blocks? */
static bool run_dropped_out(const struct run *run, const struct cell *cell)
{
	return cell_state_final(cell->state) && cell->blocks_done < run->plan->options.blocks;
}

/* A duel is over when one side drops out, and when a round has settled it. */
static void run_duel_round(struct run *run)
{
	struct cell *a = &run->model.cells[0];
	struct cell *b = &run->model.cells[1];
	struct sequential *duel = &run->model.duel;
	size_t round = duel->rounds;
	bool over = run_dropped_out(run, a) || run_dropped_out(run, b);

	if (a->blocks_done > round && b->blocks_done > round) {
		struct err err = {0};

		if (sequential_add(duel, a->blocks[round].p50_ns, b->blocks[round].p50_ns, &err))
			run_note(run, "round %zu does not count: %s", round + 1, err.message);
		over |= duel->state != SEQUENTIAL_UNDECIDED;
	}
	for (size_t i = 0; over && i < 2; i++) {
		struct cell *cell = &run->model.cells[i];
		const char *reason = duel->state != SEQUENTIAL_UNDECIDED ?
					     "" :
					     "the duel ended with its opponent";

		if (cell_state_final(cell->state))
			continue;
		if (cell->blocks_done)
			run_finish_done(run, cell, reason);
		else
			run_finish_cell(run, cell, CELL_SKIPPED, reason);
	}
}

static size_t run_write_log(const struct child *child, char *text, size_t size)
{
	char log[CELL_LOG_BYTES / 2 - 16];
	size_t length = child_log(child, log, sizeof(log));

	if (length == 0)
		return 0;
	return (size_t)snprintf(text, size, "%s: %s%s", child->role, log,
				log[length - 1] == '\n' ? "" : "\n");
}

static void run_end_block(struct run *run, struct cell *cell)
{
	size_t used;

	run_refresh(run, cell);
	run_keep_block(run, cell);
	used = run_write_log(&run->pair.server, cell->log, sizeof(cell->log));
	for (uint32_t i = 0; i < run->pair.setup.clients && used < sizeof(cell->log) - 1; i++)
		used += run_write_log(&run->pair.clients[i].child, cell->log + used,
				      sizeof(cell->log) - used);
	if (run->retry_wanted && !run->stop_wanted) {
		run->cells[run->model.current] = (struct run_cell){0};
		cell_reset(cell);
	} else {
		run_conclude(run, cell);
		if (run->plan->duel)
			run_duel_round(run);
	}
	pair_free(&run->pair);
	run->model.current = run->model.cell_count;
}

/* What is left, and how far we are. */

static double run_block_cost_ns(const struct run *run, size_t index)
{
	const struct cell *cell = &run->model.cells[index];

	if (cell->blocks_done)
		return (double)run->cells[index].blocks_wall_ns / (double)cell->blocks_done;
	return cell->estimate_ns / (double)run->plan->options.blocks;
}

static void run_estimate(struct run *run, uint64_t now_ns)
{
	struct model *model = &run->model;
	double left_ns = 0;

	model->elapsed_ns = now_ns - run->started_ns;
	for (size_t i = run->schedule.next; i < run->schedule.count; i++)
		if (!cell_state_final(model->cells[run->schedule.cells[i]].state))
			left_ns += run_block_cost_ns(run, run->schedule.cells[i]);
	if (run->pair.state != PAIR_NONE) {
		double spent_ns = (double)(now_ns - run->block_start_ns);
		double cost_ns = run_block_cost_ns(run, model->current);

		left_ns += cost_ns > spent_ns ? cost_ns - spent_ns : 0;
	}
	model->left_ns = left_ns;
	model->progress = model->running ? (double)model->elapsed_ns /
						   ((double)model->elapsed_ns + left_ns + 1) :
					   1;
}

static void run_end(struct run *run)
{
	floors_stop(&run->floors);
	for (size_t i = 0; i < run->model.cell_count; i++)
		run_finish_cell(run, &run->model.cells[i], CELL_INTERRUPTED, "the run was stopped");
	run->model.running = false;
	run->generation++;
}

/*
 * A cell that asks for a share of another's rate waits for that one. Returns false if
 * it is not its turn: its block then comes last.
 */
static bool run_resolve_load(struct run *run, struct cell *cell)
{
	const struct cell *base = &run->model.cells[cell->plan->base];

	if (cell->plan->load <= 0 || cell->rate > 0)
		return true;
	if (!cell_state_final(base->state)) {
		schedule_defer(&run->schedule);
		return false;
	}
	if (base->state != CELL_DONE)
		run_finish_cell(run, cell, CELL_SKIPPED,
				"the closed loop, whose rate it is a share of, was not measured");
	cell->rate = cell->plan->load * base->summary.achieved_rate;
	return true;
}

/* Starts what comes next; the floor of a payload's size is measured before its first block. */
static void run_advance(struct run *run)
{
	while (run->pair.state == PAIR_NONE && run->schedule.next < run->schedule.count) {
		size_t index = run->schedule.cells[run->schedule.next];
		struct worker_setup setup;

		if (run->model.paused)
			return;
		if (!run_resolve_load(run, &run->model.cells[index]))
			continue;
		if (!cell_state_final(run->model.cells[index].state)) {
			run_describe_worker(run, &run->model.cells[index], &setup);
			if (floors_begin(&run->floors, &setup))
				return;
			run_start_block(run, index);
		}
		run->schedule.next++;
	}
	if (run->pair.state == PAIR_NONE)
		run_end(run);
}

/*
 * Readiness is level-triggered and pair_step looks at everything: the events
 * themselves say nothing.
 */
static void run_swallow_events(struct run *run)
{
	struct epoll_event events[8];

	(void)epoll_wait(run->epoll_fd, events, 8, 0);
}

bool run_step(struct run *run)
{
	uint64_t now_ns = clock_now_ns();
	struct cell *cell = run_current(run);

	if (!run->model.running)
		return false;
	run_swallow_events(run);
	if (cell) {
		bool changed = pair_step(&run->pair, now_ns);

		run_show_state(run, cell);
		if (changed || now_ns - run->refreshed_ns >= RUN_REFRESH_NS) {
			run_refresh(run, cell);
			run->refreshed_ns = now_ns;
		}
		if (run->pair.state == PAIR_ENDED)
			run_end_block(run, cell);
	}
	if (run->pair.state == PAIR_NONE && run->stop_wanted)
		run_end(run);
	else if (run->pair.state == PAIR_NONE && !floors_step(&run->floors, now_ns))
		run_advance(run);
	run_estimate(run, now_ns);
	return run->model.running;
}

int run_fd(const struct run *run)
{
	return run->epoll_fd;
}

int run_timeout_ms(const struct run *run)
{
	uint64_t wait_ns;

	if (!run->model.running)
		return -1;
	if (run->pair.state == PAIR_NONE && run->stop_wanted)
		return 0;
	if (run->floors.child.role)
		return 1000;
	if (run->pair.state == PAIR_NONE)
		return run->model.paused ? -1 : 0;
	wait_ns = pair_wait_ns(&run->pair, clock_now_ns());
	return wait_ns > 1000000000u ? 1000 : (int)(wait_ns / 1000000u) + 1;
}

const struct model *run_model(const struct run *run)
{
	return &run->model;
}

size_t run_generation(const struct run *run)
{
	return run->generation;
}

void run_pause(struct run *run, bool pause)
{
	if (run->model.paused == pause)
		return;
	run->model.paused = pause;
	pair_pause(&run->pair, pause);
	run_note(run, pause ? "paused" : "going on");
}

void run_skip(struct run *run, size_t index)
{
	if (index != run->model.current || run->pair.state == PAIR_NONE)
		return;
	run->skip_wanted = true;
	pair_stop(&run->pair, clock_now_ns());
}

void run_retry(struct run *run, size_t index)
{
	struct cell *cell;

	/* A duel's rounds are pairs of blocks: one side cannot begin again. */
	if (index >= run->model.cell_count || run->stop_wanted || run->plan->duel)
		return;
	cell = &run->model.cells[index];
	if (schedule_again(&run->schedule, index, run->plan->options.blocks) != 0)
		return;
	if (cell_state_final(cell->state))
		run->model.finals--;
	run->model.running = true;
	if (index == run->model.current) {
		run->retry_wanted = true;
		pair_stop(&run->pair, clock_now_ns());
		return;
	}
	run->cells[index] = (struct run_cell){0};
	cell_reset(cell);
}

void run_drop(struct run *run, size_t index)
{
	if (index < run->model.cell_count && index != run->model.current)
		run_finish_cell(run, &run->model.cells[index], CELL_SKIPPED, "dropped by the user");
}

void run_stop(struct run *run)
{
	if (!run->model.running)
		return;
	run->stop_wanted = true;
	pair_stop(&run->pair, clock_now_ns());
}
