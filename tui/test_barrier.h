/* SPDX-License-Identifier: MIT */
/*
 * For tests: with IPCTOP_TEST_BARRIER set, the terminal's title tells after each
 * frame how many inputs were taken, how many frames were drawn, and the size:
 * "ipctop INPUTS FRAMES COLUMNSxROWS". IPCTOP_TEST_DUMP names a file that has the
 * frame by then: that line, then its text, then its roles.
 */
#ifndef TUI_TEST_BARRIER_H
#define TUI_TEST_BARRIER_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/draw/grid.h"

struct barrier {
	bool on;
	const char *dump_path;
	uint64_t inputs, frames;
};

void barrier_init(struct barrier *barrier);

/* Counts a frame that has been shown, and writes its title. */
void barrier_frame(struct barrier *barrier, const struct grid *grid, char *title, size_t size);

#endif
