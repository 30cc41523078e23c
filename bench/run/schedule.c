/* SPDX-License-Identifier: MIT */
/* The order in which blocks are measured. */
#include "bench/run/schedule.h"

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
static void schedule_shuffle(size_t *cells, size_t count, uint64_t *state)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = schedule_random(state) % i;
		size_t cell = cells[i - 1];

		cells[i - 1] = cells[j];
		cells[j] = cell;
	}
}

int schedule_init(struct schedule *schedule, size_t cells, size_t blocks, uint64_t seed,
		  struct err *err)
{
	*schedule = (struct schedule){.capacity = cells * blocks};
	schedule->cells = calloc(schedule->capacity + 1, sizeof(schedule->cells[0]));
	if (!schedule->cells)
		return err_set(err, ERR_MEMORY, "no memory for the schedule");
	for (size_t block = 0; block < blocks; block++) {
		size_t *round = schedule->cells + schedule->count;

		for (size_t i = 0; i < cells; i++)
			round[i] = i;
		schedule_shuffle(round, cells, &seed);
		schedule->count += cells;
	}
	return 0;
}

int schedule_again(struct schedule *schedule, size_t cell, size_t blocks)
{
	size_t kept = schedule->next;
	size_t *grown;

	for (size_t i = schedule->next; i < schedule->count; i++)
		if (schedule->cells[i] != cell)
			schedule->cells[kept++] = schedule->cells[i];
	schedule->count = kept;
	if (kept + blocks > schedule->capacity) {
		grown = realloc(schedule->cells, (kept + blocks) * sizeof(grown[0]));
		if (!grown)
			return -1;
		schedule->cells = grown;
		schedule->capacity = kept + blocks;
	}
	for (size_t i = 0; i < blocks; i++)
		schedule->cells[schedule->count++] = cell;
	return 0;
}

void schedule_defer(struct schedule *schedule)
{
	size_t *next = &schedule->cells[schedule->next];
	size_t cell = *next;

	memmove(next, next + 1, (schedule->count - schedule->next - 1) * sizeof(*next));
	schedule->cells[schedule->count - 1] = cell;
}

void schedule_free(struct schedule *schedule)
{
	free(schedule->cells);
	*schedule = (struct schedule){0};
}
