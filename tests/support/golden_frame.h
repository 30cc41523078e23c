/* SPDX-License-Identifier: MIT */
/*
 * Golden frames: models in known states, drawn at a size and compared with
 * tests/golden/frame_NAME_COLUMNSxROWS_GLYPHS.txt, which holds the text and then
 * a letter of role for each cell. GOLDEN_UPDATE=1 in the environment writes them.
 */
#ifndef TESTS_SUPPORT_GOLDEN_FRAME_H
#define TESTS_SUPPORT_GOLDEN_FRAME_H

#include "bench/model/model.h"
#include "tui/draw/grid.h"
#include "tui/ui/ui.h"

enum fixture {
	FIXTURE_EMPTY,   /* nothing has run yet */
	FIXTURE_PENDING, /* started, every cell queued */
	FIXTURE_RUNNING, /* the smallest shape done, one failed, one under way */
	FIXTURE_PAUSED,
	FIXTURE_FAILED, /* over: some failed, one wrong, skipped, interrupted */
	FIXTURE_DONE,   /* over, everything done, one with two modes */
	FIXTURE_MANY,   /* 100 transports */
	FIXTURE_DUEL,   /* two transports on one shape, 40 rounds, undecided, under way */
	FIXTURE_LOAD,   /* a sweep of rates for two transports, over, one client more */
	FIXTURE_CLOSE,  /* over: at the first shape one the same, one undecided, one of trust F */
	FIXTURE_BOTH,   /* as done, with arrays in requests, too */
	FIXTURE_COUNT,
};

extern const char *const fixture_names[FIXTURE_COUNT]; /* "empty", ... */

/* Eight transports and three shapes (FIXTURE_MANY: more). Built once, the same everywhere. */
const struct model *fixture_model(enum fixture fixture);

/* An interface on that screen with a fixed picker, the interesting cell selected. */
void fixture_ui(struct ui *ui, enum fixture fixture, enum screen screen);

/* Draws a frame and compares it; a difference fails the running test. */
void golden_frame(const char *name, const struct model *model, struct ui *ui, int columns,
		  int rows, enum glyph_set glyphs);

/* Draws into a grid of that size without comparing; the grid stays valid until the next call. */
const struct grid *golden_draw(const struct model *model, struct ui *ui, int columns, int rows,
			       enum glyph_set glyphs);

/* Whether, and how often, a frame has this text. */
bool golden_has(const struct grid *grid, const char *text);
size_t golden_count(const struct grid *grid, const char *text);

#endif
