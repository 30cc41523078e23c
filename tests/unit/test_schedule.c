/* SPDX-License-Identifier: MIT */
/* The order of blocks: rounds of all cells, what is measured again, what is put off. */
#include "bench/run/schedule.h"
#include "tests/support/test.h"

#define CELLS 5
#define BLOCKS 3

static struct schedule schedule;

static bool start(size_t cells, size_t blocks)
{
	schedule_free(&schedule);
	return schedule_init(&schedule, cells, blocks, 7, NULL) == 0;
}

/* How many blocks of the cell are ahead. */
static size_t ahead(size_t cell)
{
	size_t count = 0;

	for (size_t i = schedule.next; i < schedule.count; i++)
		count += schedule.cells[i] == cell;
	return count;
}

static void test_rounds(void)
{
	CHECK(start(CELLS, BLOCKS) && schedule.count == CELLS * BLOCKS && schedule.next == 0);
	for (size_t block = 0; block < BLOCKS; block++) {
		unsigned seen = 0;

		for (size_t i = 0; i < CELLS; i++)
			seen |= 1u << schedule.cells[block * CELLS + i];
		CHECK(seen == (1u << CELLS) - 1);
	}
	schedule_free(&schedule);
	CHECK(!schedule.cells && schedule.count == 0);
}

/* What lies behind stays, what is ahead of the cell goes, and all its blocks come last. */
static void test_again(void)
{
	size_t taken[CELLS + 1];

	CHECK(start(CELLS, BLOCKS));
	schedule.next = CELLS + 1;
	memcpy(taken, schedule.cells, sizeof(taken));
	CHECK(schedule_again(&schedule, 2, BLOCKS) == 0);
	CHECK(memcmp(taken, schedule.cells, sizeof(taken)) == 0 && schedule.next == CELLS + 1);
	for (size_t cell = 0; cell < CELLS; cell++)
		CHECK_MSG(ahead(cell) == (cell == 2 ? BLOCKS : 2u - (taken[CELLS] == cell)),
			  "%zu of cell %zu", ahead(cell), cell);
	for (size_t i = 1; i <= BLOCKS; i++)
		CHECK(schedule.cells[schedule.count - i] == 2);
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
	first = schedule.cells[1];
	second = schedule.cells[2];
	schedule_defer(&schedule);
	CHECK(schedule.count == CELLS && schedule.next == 1 && schedule.cells[1] == second);
	CHECK(schedule.cells[CELLS - 1] == first && ahead(first) == 1);
	schedule.next = CELLS - 1; /* the last one, behind which there is nothing */
	schedule_defer(&schedule);
	CHECK(schedule.cells[CELLS - 1] == first);
	schedule_free(&schedule);
}

static const struct test tests[] = {
	{"rounds", test_rounds},
	{"again", test_again},
	{"again at the end", test_again_at_the_end},
	{"defer", test_defer},
};

TEST_MAIN(tests)
