/* SPDX-License-Identifier: MIT */
/* From a scoreboard that two clients have written to the figures of a cell. */
#include "bench/run/intake.h"

#include <stdint.h>

#include "bench/model/cell.h"
#include "tests/support/test.h"

#define CLIENTS 2

static struct plan_options options;
static struct plan plan = {.cell_count = 1};
static struct cell cell;
static struct model model;
static struct scoreboard_member *board;
static struct intake intake;

/* The region of one of the clients; the server's is the first. */
static struct scoreboard_member *taker(uint32_t client)
{
	return &board[scoreboard_taker(0, client)];
}

static void begin_block(void)
{
	const struct hop hop = {
		.giver = &board[0],
		.takers = {taker(0), taker(1)},
		.count = CLIENTS,
	};

	memset(board, 0, scoreboard_bytes(1 + CLIENTS));
	intake_begin(&intake, &cell, &hop);
}

static bool begin(void)
{
	struct err err = {0};

	options = plan_defaults;
	options.clients = CLIENTS;
	if (plan_make(&plan, "unix+bytes", "2x3", &options, NULL, &err) != 0)
		return false;
	model = (struct model){.plan = &plan, .cells = &cell, .cell_count = 1};
	cell_init(&cell, &plan.cells[0], &options);
	board = aligned_alloc(_Alignof(struct scoreboard_member), scoreboard_bytes(1 + CLIENTS));
	if (!board || cell_allocate(&cell) != 0)
		return false;
	begin_block();
	return true;
}

static void end(void)
{
	cell_free(&cell);
	plan_free(&plan);
	free(board);
	intake = (struct intake){0};
}

/* As a client does it: figures first, then their number. */
static void sample(uint32_t client, uint64_t latency_ns)
{
	struct scoreboard_own *region = &taker(client)->own;

	hist_record(&region->latency, latency_ns);
	hist_record(&region->with_read, latency_ns + 1);
	region->tally.samples++;
	region->tally.verified++;
	region->ring[region->samples % SCOREBOARD_RING] = (struct scoreboard_sample){
		.latency_ns = latency_ns,
		.read_ns = 1,
	};
	region->samples++;
}

static void test_refresh(void)
{
	CHECK(begin());
	sample(0, 1000);
	intake_refresh(&intake, &cell, &model);
	CHECK(cell.latency->count == 1 && cell.summary.samples == 1);
	sample(0, 1000);
	sample(1, 3000);
	intake_refresh(&intake, &cell, &model);
	intake_refresh(&intake, &cell, &model); /* nothing new, nothing twice */
	CHECK(cell.latency->count == 3 && cell.with_read->count == 3);
	CHECK(cell.summary.samples == 3 && cell.summary.verified == 3);
	CHECK(cell.summary.max_ns == 3000 && cell.measured_ns == (1000 + 1000 + 3000) / CLIENTS);
	CHECK(cell.blocks_done == 0 && cell.tally.samples == 0);
	end();
}

/* What of a block is kept, and that the next adds to it. */
static void test_keep(void)
{
	CHECK(begin());
	CHECK(!intake_keep(&intake, &cell, &model) && cell.blocks_done == 0);
	taker(0)->own.connect_ns = 70;
	taker(1)->own.connect_ns = 80;
	board[0].own.peak_rss_bytes = 5000;
	taker(0)->own.peak_rss_bytes = 7000;
	taker(1)->own.peak_rss_bytes = 6000;
	sample(0, 1000);
	sample(1, 3000);
	sample(1, 3000);
	intake_refresh(&intake, &cell, &model);
	CHECK(intake_keep(&intake, &cell, &model) == &cell.blocks[0]);
	CHECK(cell.blocks_done == 1 && cell.blocks[0].samples == 3 && cell.tally.samples == 3);
	CHECK(fabs(cell.blocks[0].p50_ns / 3000 - 1) < 0.001 && cell.blocks[0].connect_ns == 80);
	CHECK(cell.summary.ends[END_SERVER].peak_rss_bytes == 5000);
	CHECK(cell.summary.ends[END_CLIENT].peak_rss_bytes == 7000);
	begin_block();
	sample(0, 5000);
	intake_refresh(&intake, &cell, &model);
	CHECK(cell.latency->count == 4 && cell.summary.samples == 4);
	CHECK(intake_keep(&intake, &cell, &model) == &cell.blocks[1]);
	CHECK(cell.blocks_done == 2 && isnan(cell.blocks[1].connect_ns));
	CHECK(fabs(cell.blocks[1].p50_ns / 5000 - 1) < 0.001 && cell.tally.samples == 4);
	end();
}

/* Every sample of every client is a row, unless the ring went round before it was read. */
static void test_log(void)
{
	char *text = NULL;
	size_t bytes;
	FILE *file = open_memstream(&text, &bytes);

	CHECK(file && begin());
	intake_log_samples(&intake, file);
	sample(1, 1000);
	taker(1)->own.ring[0].hash = 0xabc;
	intake_refresh(&intake, &cell, &model);
	CHECK(fclose(file) == 0);
	CHECK_STR(text, "transport,shape,block,sample,latency_ns,read_ns,client,hash,dtype\n"
			"unix+bytes,2x3,0,0,1000,1,1,0000000000000abc,float64\n");
	free(text);
	intake.samples_file = NULL;
	for (size_t i = 0; i < SCOREBOARD_RING + 10; i++)
		sample(0, 1000);
	intake_refresh(&intake, &cell, &model);
	CHECK(intake.samples_lost > 10 && intake.samples_lost < SCOREBOARD_RING);
	CHECK(intake.drained[0] == SCOREBOARD_RING + 10 && model.event_count == 1);
	CHECK(cell.summary.samples == SCOREBOARD_RING + 11); /* they are lost to the series alone */
	end();
}

static const struct test tests[] = {
	{"intake keeps a cell up to date", test_refresh},
	{"intake keeps blocks", test_keep},
	{"intake logs samples, and counts those it lost", test_log},
};

TEST_MAIN(tests)
