/* SPDX-License-Identifier: MIT */
/* The order in which blocks are measured. */
#include "bench/run/schedule.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/*
 * SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
 * OOPSLA 2014).
 */
static uint64_t schedule_random(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

/* Fisher and Yates; the bias of the remainder is below 2^-50 for any plan. */
static void schedule_shuffle(struct schedule_block *blocks, size_t count, uint64_t *state)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = schedule_random(state) % i;
		struct schedule_block block = blocks[i - 1];

		blocks[i - 1] = blocks[j];
		blocks[j] = block;
	}
}

static int schedule_reserve(struct schedule *schedule, size_t more)
{
	size_t capacity = schedule->count + more;
	struct schedule_block *grown;

	if (capacity <= schedule->capacity)
		return 0;
	grown = reallocarray(schedule->blocks, capacity, sizeof(*grown));
	if (!grown)
		return -1;
	schedule->blocks = grown;
	schedule->capacity = capacity;
	return 0;
}

/* At the end, for which there is room. */
static void schedule_put(struct schedule *schedule, size_t cell, size_t round)
{
	schedule->blocks[schedule->count++] = (struct schedule_block){cell, round};
}

/* Whether a cell of so many blocks has one in a round of so many: evenly, and in the last. */
static bool has_turn(uint64_t blocks, uint64_t round, uint64_t rounds)
{
	return (round + 1) * blocks / rounds > round * blocks / rounds;
}

static void schedule_fill_round(struct schedule *schedule, size_t cells, const uint64_t *blocks,
				uint64_t rounds)
{
	size_t first = schedule->count;
	size_t round = schedule->rounds++;

	for (size_t i = 0; i < cells; i++)
		if (has_turn(blocks[i], round, rounds))
			schedule_put(schedule, i, round);
	schedule_shuffle(schedule->blocks + first, schedule->count - first, &schedule->random);
}

int schedule_init(struct schedule *schedule, size_t cells, const uint64_t *blocks, uint64_t seed,
		  struct err *err)
{
	uint64_t rounds = 0;
	size_t total = 0;

	*schedule = (struct schedule){.random = seed};
	for (size_t i = 0; i < cells; i++) {
		rounds = blocks[i] > rounds ? blocks[i] : rounds;
		total += blocks[i];
	}
	if (schedule_reserve(schedule, total + 1) != 0)
		return err_set(err, ERR_MEMORY, "no memory for the schedule");
	while (schedule->rounds < rounds)
		schedule_fill_round(schedule, cells, blocks, rounds);
	return 0;
}

int schedule_add_round(struct schedule *schedule, const size_t *cells, size_t count)
{
	size_t first = schedule->count;

	if (schedule_reserve(schedule, count) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		schedule_put(schedule, cells[i], schedule->rounds);
	schedule_shuffle(schedule->blocks + first, count, &schedule->random);
	schedule->rounds++;
	return 0;
}

int schedule_again(struct schedule *schedule, size_t cell, size_t blocks)
{
	size_t kept = schedule->next;

	if (schedule_reserve(schedule, blocks) != 0)
		return -1;
	for (size_t i = schedule->next; i < schedule->count; i++)
		if (schedule->blocks[i].cell != cell)
			schedule->blocks[kept++] = schedule->blocks[i];
	schedule->count = kept;
	for (size_t i = 0; i < blocks; i++)
		schedule_put(schedule, cell, schedule->rounds++);
	return 0;
}

void schedule_defer(struct schedule *schedule)
{
	struct schedule_block *next = &schedule->blocks[schedule->next];
	size_t cell = next->cell;

	memmove(next, next + 1, (schedule->count - schedule->next - 1) * sizeof(*next));
	schedule->count--;
	schedule_put(schedule, cell, schedule->rounds++);
}

void schedule_free(struct schedule *schedule)
{
	free(schedule->blocks);
	*schedule = (struct schedule){0};
}
