/* SPDX-License-Identifier: MIT */
/* The block under way. */
#include "bench/run/block.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>

#include "bench/machine/clock.h"
#include "bench/machine/leftovers.h"
#include "bench/machine/socket_folder.h"
#include "bench/model/cell.h"

/* How often the scoreboard is looked at while samples are taken. */
#define BLOCK_REFRESH_NS 100000000u

int block_init(struct block *block, struct model *model, int epoll_fd, struct err *err)
{
	const struct plan_options *options = &model->plan->options;
	struct worker_setup *common = &block->common;
	char name[SWEEP_NAME_BYTES];
	uint64_t random[2];

	block->model = model;
	block->epoll_fd = epoll_fd;
	*common = (struct worker_setup){
		.source = options->source,
		.memory = options->memory,
		.pages = options->pages,
		.wait = options->wait,
		.cpu = {model->cpu[0], model->cpu[1]},
	};
	if (sweep_make_name(name, err) != 0)
		return -1;
	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return err_system(err, "drawing the run's token");
	(void)snprintf(common->segment_prefix, sizeof(common->segment_prefix), "%s", name);
	(void)socket_folder_path(name, common->directory);
	(void)snprintf(common->token, sizeof(common->token), "%015" PRIx64 "%016" PRIx64,
		       random[0] >> 4, random[1]);
	(void)snprintf(common->connect, sizeof(common->connect), "%s", model->plan->connect);
	return 0;
}

struct worker_setup block_setup(const struct block *block, const struct cell *cell)
{
	struct worker_setup setup = block->common;

	setup.transport = cell->plan->transport;
	setup.type = cell->plan->type;
	/* Blocks differ, so that no reply of another block can pass for one of this. */
	setup.seed = block->model->plan->options.seed + cell->blocks_done * 0x9E3779B97F4A7C15u;
	setup.clients = (uint32_t)cell->plan->clients;
	if (cell->rate > 0)
		setup.interval_ns = (uint64_t)((double)cell->plan->clients * 1e9 / cell->rate);
	return setup;
}

/* A client's share of the cell's limits: what is left, over the blocks that are left. */
static struct pair_limits block_limits(const struct cell *cell, const struct plan_options *options)
{
	uint64_t blocks_left = options->blocks - cell->blocks_done;
	uint64_t samples_done = cell->latency->count;
	uint64_t samples_left =
		cell->plan->samples > samples_done ? cell->plan->samples - samples_done : 0;
	uint64_t samples = (samples_left + blocks_left - 1) / blocks_left / cell->plan->clients;

	return (struct pair_limits){
		.warmup = options->warmup,
		.samples = samples ? samples : 1,
		.budget_ns = options->budget_ns / options->blocks,
		.timeout_ns = options->timeout_ns,
	};
}

/* The cell whose block is under way, or NULL: the model's screens are told by a number. */
static void block_set_cell(struct block *block, struct cell *cell)
{
	struct model *model = block->model;

	block->cell = cell;
	model->current = cell ? (size_t)(cell - model->cells) : model->cell_count;
}

int block_start(struct block *block, struct cell *cell, struct err *err)
{
	const struct plan_options *options = &block->model->plan->options;
	struct worker_setup setup = block_setup(block, cell);
	struct pair_limits limits;

	block->started_ns = clock_now_ns();
	noise_take(&block->noise);
	if (cell_allocate(cell, options) != 0)
		return err_set(err, ERR_MEMORY, "no memory for the cell's figures");
	limits = block_limits(cell, options);
	if (pair_start(&block->pair, &setup, &limits, block->epoll_fd, err) != 0) {
		pair_free(&block->pair);
		return -1;
	}
	intake_begin(&block->intake, cell, block->pair.scoreboard);
	block_set_cell(block, cell);
	cell->state = CELL_STARTING;
	return 0;
}

static void block_show_state(const struct block *block)
{
	/* Of several clients, the first stands for all: they go from state to state together. */
	const struct scoreboard_client *board = &block->pair.scoreboard->slots[0].client;

	if (block->pair.state < PAIR_MEASURING)
		block->cell->state = CELL_STARTING;
	else
		block->cell->state = board->samples ? CELL_RUNNING : CELL_WARMING;
	block->cell->warmed = board->warmed;
}

bool block_step(struct block *block, uint64_t now_ns)
{
	bool changed;

	if (!block->cell)
		return false;
	changed = pair_step(&block->pair, now_ns);
	block_show_state(block);
	if (changed || now_ns - block->refreshed_ns >= BLOCK_REFRESH_NS) {
		intake_refresh(&block->intake, block->cell, block->model);
		block->refreshed_ns = now_ns;
	}
	return block->pair.state == PAIR_ENDED;
}

static size_t block_write_log(const struct child *child, char *text, size_t size)
{
	char log[CELL_LOG_BYTES / 2 - 16];
	size_t length = child_log(child, log, sizeof(log));

	if (length == 0)
		return 0;
	return (size_t)snprintf(text, size, "%s: %s%s", child->role, log,
				log[length - 1] == '\n' ? "" : "\n");
}

static void block_keep_logs(const struct pair *pair, struct cell *cell)
{
	size_t used = block_write_log(&pair->server, cell->log, sizeof(cell->log));

	for (uint32_t i = 0; i < pair->setup.clients && used < sizeof(cell->log) - 1; i++)
		used += block_write_log(&pair->clients[i].child, cell->log + used,
					sizeof(cell->log) - used);
}

/* Both processes are reaped: their CPU time is known to be ours. */
static void block_keep_noise(const struct block *block, struct noise *noise)
{
	struct noise_snapshot now;

	noise_take(&now);
	noise_add(noise, &block->noise, &now);
}

void block_keep(struct block *block)
{
	struct cell *cell = block->cell;
	struct block_result *result;

	intake_refresh(&block->intake, cell, block->model);
	block_keep_logs(&block->pair, cell);
	result = intake_keep(&block->intake, cell, block->model);
	if (!result)
		return;
	result->order = block->kept++;
	result->setup_ns = (double)block->pair.setup_ns;
	cell->blocks_wall_ns += clock_now_ns() - block->started_ns;
	block_keep_noise(block, &cell->noise);
	cell_judge(cell, block->model);
	block->model->generation++;
}

void block_end(struct block *block)
{
	pair_free(&block->pair);
	block_set_cell(block, NULL);
}

void block_fini(struct block *block)
{
	pair_free(&block->pair);
	if (block->common.segment_prefix[0])
		sweep_segments(block->common.segment_prefix);
}
