/* SPDX-License-Identifier: MIT */
/*
 * The line of progress of a run without a screen: on stderr, if that is a terminal. One that
 * does not read misses it; nothing here waits.
 */
#ifndef TUI_CLI_STATUS_LINE_H
#define TUI_CLI_STATUS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/model/model.h"

struct status_line {
	int fd; /* the terminal, or -1 */
	bool ascii;
	uint64_t shown_ns;
};

void status_line_open(struct status_line *line, bool ascii);

/* Shows how far the run has come, if it is time for that again. */
void status_line_show(struct status_line *line, const struct model *model, uint64_t now_ns);

void status_line_clear(const struct status_line *line);

/* Puts text, which ends its own line, in its place: to stderr wherever that leads, and stays. */
void status_line_tell(const struct status_line *line, const char *text);

void status_line_close(struct status_line *line);

#endif
