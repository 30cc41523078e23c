/* SPDX-License-Identifier: MIT */
/*
 * A duel: two transports on one shape, a block each a round in random order,
 * until the difference is settled or the rounds are used up. The test that
 * decides (bench/stats/sequential.h) may be looked at after every round.
 */
#ifndef BENCH_MODEL_DUEL_H
#define BENCH_MODEL_DUEL_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/model/model.h"

#define DUEL_ALPHA 0.01  /* false verdicts, of all duels between equals */
#define DUEL_MARGIN 0.02 /* an interval of the ratio that lies this close around 1: the same */

/*
 * Counts the round that is complete, if there is one. Once the duel is over, settled or with a
 * side that dropped out, ends what is left of both cells. For after every block.
 */
void duel_round(struct model *model);

/* Whether latency and read together are what counts: where one of the two goes by reference. */
bool duel_with_read(const struct model *model);

/* What counts of the blocks of a round that both sides have. */
struct duel_blocks {
	size_t round;
	double a_ns, b_ns; /* NaN: unknown */
};

/* The index'th such round, from 0. Returns false if there are not so many. */
bool duel_blocks(const struct model *model, size_t index, struct duel_blocks *blocks);

#define DUEL_TEXT_BYTES 400

/* What the rounds so far show, in a sentence; "" if the plan is no duel. Returns text. */
char *duel_sentence(const struct model *model, char text[DUEL_TEXT_BYTES]);

#endif
