/* SPDX-License-Identifier: MIT */
/* The block under way. */
#include "bench/run/block.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "bench/machine/leftovers.h"
#include "bench/machine/socket_folder.h"
#include "bench/model/cell.h"
#include "bench/model/reference.h"

/* How often the scoreboard is looked at while samples are taken. */
#define BLOCK_REFRESH_NS 100000000u

int block_init(struct block *block, struct model *model, const struct world_watch *watch,
	       struct err *err)
{
	const struct plan_options *options = &model->plan->options;
	struct worker_setup *common = &block->common;
	char name[SWEEP_NAME_BYTES];
	uint64_t random[2];

	block->model = model;
	block->watch = *watch;
	*common = (struct worker_setup){
		.source = options->source,
		.memory = options->memory,
		.pages = options->pages,
		.wait = options->wait,
		/* Floors are measured by the client's CPU; members get their own. */
		.cpu = model->cpu[END_CLIENT],
		.other_cpu = model->cpu[END_SERVER],
		.first_cpu = SETUP_CPU_ANY,
	};
	if (watch->world->make_name(watch->world, name, err) != 0)
		return -1;
	if (watch->world->random(watch->world, random, sizeof(random)) != 0)
		return err_system(err, "drawing the run's token");
	(void)snprintf(common->segment_prefix, sizeof(common->segment_prefix), "%s", name);
	(void)socket_folder_path(name, common->directory);
	(void)snprintf(common->token, sizeof(common->token), "%015" PRIx64 "%016" PRIx64,
		       random[0] >> 4, random[1]);
	common->data_hash = model->plan->data.hash;
	if (model->plan->data.kind != DATA_RANDOM)
		(void)snprintf(common->data, sizeof(common->data), "%s",
			       model->plan->data.kind == DATA_SMOOTH ? DATA_SMOOTH_WORD :
								       model->plan->data.path);
	(void)snprintf(common->connect, sizeof(common->connect), "%s", model->plan->connect);
	return 0;
}

struct worker_setup block_setup(const struct block *block, const struct cell *cell)
{
	struct worker_setup setup = block->common;

	setup.transport = cell->plan->transport;
	setup.direction = cell->plan->direction;
	setup.type = cell->plan->type;
	setup.request = cell->plan->request;
	/* Blocks differ, so that no reply of another block can pass for one of this. */
	setup.seed = block->model->plan->options.seed + cell->blocks_done * 0x9E3779B97F4A7C15u;
	setup.clients = (uint32_t)cell->plan->clients;
	if (cell->rate > 0)
		setup.interval_ns = (uint64_t)((double)cell->plan->clients * 1e9 / cell->rate);
	return setup;
}

/* A server, unless it is another's, and its clients. */
static void block_add_pair(const struct block *block, struct cast *cast)
{
	const struct worker_setup *setup = &cast->plan.setup;
	const uint32_t *cpu = block->model->cpu;
	size_t server = CAST_OUTSIDE;

	if (!setup->connect[0])
		server = cast_add(cast, &role_server, CAST_NOBODY, cpu[END_SERVER]);
	for (uint32_t i = 0; i < setup->clients; i++)
		(void)cast_add(cast, &role_client, server, cpu[END_CLIENT]);
}

/* Its other end is a copy of itself: there is nothing to connect to. */
static void block_add_reference(const struct block *block, struct cast *cast)
{
	(void)snprintf(cast->plan.setup.connect, sizeof(cast->plan.setup.connect), "%s",
		       REFERENCE_NAME);
	(void)cast_add(cast, &role_reference, CAST_OUTSIDE, block->model->cpu[END_CLIENT]);
}

static int block_cast(struct block *block, const struct cell *cell, const struct begin *begin,
		      struct err *err)
{
	const struct cast_plan plan = {
		.watch = block->watch,
		.setup = block_setup(block, cell),
		.begin = *begin,
		.block = block->begun,
		.seed = block->model->plan->options.seed,
		.fixed_biases = block->model->plan->options.fixed_biases,
		.timeout_ns = block->model->plan->options.timeout_ns,
	};
	struct cast *cast = &block->cast;

	if (cast_init(cast, &plan, 1 + plan.setup.clients, err) != 0)
		return -1;
	(reference_is(cell) ? block_add_reference : block_add_pair)(block, cast);
	return cast_start(cast, err);
}

/* The one transfer that such a cast has. */
static struct hop block_hop(const struct cast *cast)
{
	struct hop hop = {0};

	for (size_t i = 0; i < cast->count; i++) {
		const struct member *member = &cast->members[i];

		assert(hop.count < PLAN_CLIENTS_MAX);
		if (member->role->takes)
			hop.takers[hop.count++] = member->link->region(member->worker);
		else
			hop.giver = member->link->region(member->worker);
	}
	return hop;
}

/* The cell whose block is under way, or NULL: the model's screens are told by a number. */
static void block_set_cell(struct block *block, struct cell *cell)
{
	struct model *model = block->model;

	block->cell = cell;
	model->current = cell && !reference_is(cell) ? (size_t)(cell - model->cells) :
						       model->cell_count;
}

int block_start(struct block *block, struct cell *cell, size_t round, const struct begin *begin,
		struct err *err)
{
	const struct world *world = block->watch.world;
	struct hop hop;

	assert(!block->cell && block->begun == block->ended);
	block->started_ns = world->now_ns(world);
	world->noise(world, &block->noise);
	if (cell_allocate(cell) != 0)
		return err_set(err, ERR_MEMORY, "no memory for the cell's figures");
	if (block_cast(block, cell, begin, err) != 0) {
		cast_free(&block->cast);
		return -1;
	}
	hop = block_hop(&block->cast);
	intake_begin(&block->intake, cell, &hop);
	block_set_cell(block, cell);
	block->round = round;
	block->begun++;
	cell->state = CELL_STARTING;
	return 0;
}

static void block_show_state(const struct block *block)
{
	/* Of several clients, the first stands for all: they go from state to state together. */
	const struct scoreboard_own *board = &block->intake.hop.takers[0]->own;

	if (block->cast.state < CAST_MEASURING)
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
	changed = cast_step(&block->cast, now_ns);
	block_show_state(block);
	if (changed || now_ns - block->refreshed_ns >= BLOCK_REFRESH_NS) {
		intake_refresh(&block->intake, block->cell, block->model);
		block->refreshed_ns = now_ns;
	}
	return block->cast.state == CAST_ENDED;
}

static size_t block_write_log(const struct member *member, char *text, size_t size)
{
	char log[CELL_LOG_BYTES / 2 - 16];
	size_t length = member->link->log(member->worker, log, sizeof(log));

	if (length == 0)
		return 0;
	return (size_t)snprintf(text, size, "%s: %s%s", member->role->name, log,
				log[length - 1] == '\n' ? "" : "\n");
}

static void block_keep_logs(const struct cast *cast, struct cell *cell)
{
	size_t used = 0;

	for (size_t i = 0; i < cast->count && used < sizeof(cell->log) - 1; i++)
		used += block_write_log(&cast->members[i], cell->log + used,
					sizeof(cell->log) - used);
}

/* All processes are reaped: their CPU time is known to be ours. */
static void block_keep_noise(const struct block *block, struct noise *noise)
{
	struct noise_snapshot now;

	block->watch.world->noise(block->watch.world, &now);
	noise_add(noise, &block->noise, &now);
}

void block_keep(struct block *block)
{
	const struct world *world = block->watch.world;
	struct cell *cell = block->cell;
	struct block_result *result;

	assert(cell && block->cast.state == CAST_ENDED);
	intake_refresh(&block->intake, cell, block->model);
	block_keep_logs(&block->cast, cell);
	result = intake_keep(&block->intake, cell, block->model);
	if (!result)
		return;
	result->order = block->kept++;
	result->round = block->round;
	if (!reference_is(cell))
		result->reference_p50_ns =
			reference_p50_ns(block->model, &cell->plan->type, block->round);
	result->setup_ns = (double)block->cast.setup_ns;
	cell->blocks_wall_ns += world->now_ns(world) - block->started_ns;
	block_keep_noise(block, &cell->noise);
	reference_compare(cell);
	cell_judge(cell, block->model);
	block->model->generation++;
}

void block_end(struct block *block)
{
	if (!block->cell)
		return;
	cast_free(&block->cast);
	block_set_cell(block, NULL);
	block->ended++;
}

void block_fini(struct block *block)
{
	const struct world *world = block->watch.world;

	block_end(block);
	assert(block->begun == block->ended && block->cast.state == CAST_NONE);
	if (block->common.segment_prefix[0])
		world->sweep(world, block->common.segment_prefix);
}
