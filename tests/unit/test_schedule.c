/* SPDX-License-Identifier: MIT */
/* The order of blocks: rounds of all cells, what is measured again, what is put off. */
#include "bench/run/schedule.h"
#include "tests/support/test.h"

#define CELLS 5
#define BLOCKS 3

static struct schedule schedule;

static bool start(size_t cells, size_t blocks)
{
	const uint64_t counts[CELLS] = {blocks, blocks, blocks, blocks, blocks};

	schedule_free(&schedule);
	return schedule_init(&schedule, cells, counts, 7, NULL) == 0;
}

/* How many blocks of the cell are ahead. */
static size_t ahead(size_t cell)
{
	size_t count = 0;

	for (size_t i = schedule.next; i < schedule.count; i++)
		count += schedule.blocks[i].cell == cell;
	return count;
}

static void test_rounds(void)
{
	CHECK(start(CELLS, BLOCKS) && schedule.count == CELLS * BLOCKS && schedule.next == 0);
	for (size_t block = 0; block < BLOCKS; block++) {
		unsigned seen = 0;

		for (size_t i = 0; i < CELLS; i++) {
			seen |= 1u << schedule.blocks[block * CELLS + i].cell;
			CHECK(schedule.blocks[block * CELLS + i].round == block);
		}
		CHECK(seen == (1u << CELLS) - 1);
	}
	schedule_free(&schedule);
	CHECK(!schedule.blocks && schedule.count == 0);
}

/* What lies behind stays, what is ahead of the cell goes, and all its blocks come last. */
static void test_again(void)
{
	struct schedule_block taken[CELLS + 1];

	CHECK(start(CELLS, BLOCKS));
	schedule.next = CELLS + 1;
	memcpy(taken, schedule.blocks, sizeof(taken));
	CHECK(schedule_again(&schedule, 2, BLOCKS) == 0);
	CHECK(memcmp(taken, schedule.blocks, sizeof(taken)) == 0 && schedule.next == CELLS + 1);
	for (size_t cell = 0; cell < CELLS; cell++)
		CHECK_MSG(ahead(cell) == (cell == 2 ? BLOCKS : 2u - (taken[CELLS].cell == cell)),
			  "%zu of cell %zu", ahead(cell), cell);
	/* Each is a round of its own: it has no rivals there. */
	for (size_t i = 1; i <= BLOCKS; i++) {
		CHECK(schedule.blocks[schedule.count - i].cell == 2);
		CHECK(schedule.blocks[schedule.count - i].round == 2 * BLOCKS - i);
	}
	schedule_free(&schedule);
}

/* At the end, again and again: the schedule grows. */
static void test_again_at_the_end(void)
{
	CHECK(start(2, BLOCKS));
	for (size_t turn = 1; turn <= 100; turn++) {
		schedule.next = schedule.count;
		CHECK(schedule_again(&schedule, turn % 2, BLOCKS) == 0);
		CHECK(schedule.count == (turn + 2) * BLOCKS && ahead(turn % 2) == BLOCKS);
		CHECK(ahead(1 - turn % 2) == 0);
	}
	schedule_free(&schedule);
}

static void test_defer(void)
{
	size_t first;
	size_t second;

	CHECK(start(CELLS, 1));
	schedule.next = 1;
	first = schedule.blocks[1].cell;
	second = schedule.blocks[2].cell;
	schedule_defer(&schedule);
	CHECK(schedule.count == CELLS && schedule.next == 1 && schedule.blocks[1].cell == second);
	CHECK(schedule.blocks[CELLS - 1].cell == first && ahead(first) == 1);
	schedule.next = CELLS - 1; /* the last one, behind which there is nothing */
	schedule_defer(&schedule);
	CHECK(schedule.blocks[CELLS - 1].cell == first);
	schedule_free(&schedule);
}

/* A cell with fewer blocks has them evenly, in rounds with the others. */
static void test_fewer(void)
{
	const uint64_t counts[] = {12, 5, 1};
	size_t last = 0;
	size_t widest = 0;

	CHECK(schedule_init(&schedule, 3, counts, 7, NULL) == 0);
	CHECK(schedule.count == 18 && schedule.rounds == 12);
	CHECK(ahead(0) == 12 && ahead(1) == 5 && ahead(2) == 1);
	for (size_t i = 0; i < schedule.count; i++) {
		if (schedule.blocks[i].cell != 1)
			continue;
		if (schedule.blocks[i].round - last > widest)
			widest = schedule.blocks[i].round - last;
		last = schedule.blocks[i].round;
	}
	CHECK(widest <= 3 && last == 11);
	schedule_free(&schedule);
}

static void test_add_round(void)
{
	const size_t cells[] = {4, 1};

	CHECK(start(CELLS, BLOCKS) && schedule_add_round(&schedule, cells, 2) == 0);
	CHECK(schedule.count == CELLS * BLOCKS + 2 && schedule.rounds == BLOCKS + 1);
	for (size_t i = CELLS * BLOCKS; i < schedule.count; i++)
		CHECK(schedule.blocks[i].round == BLOCKS);
	CHECK(ahead(4) == BLOCKS + 1 && ahead(1) == BLOCKS + 1 && ahead(0) == BLOCKS);
	schedule_free(&schedule);
}

static const struct test tests[] = {
	{"rounds", test_rounds},
	{"again", test_again},
	{"again at the end", test_again_at_the_end},
	{"defer", test_defer},
	{"fewer blocks than rounds", test_fewer},
	{"one more round", test_add_round},
};

TEST_MAIN(tests)
