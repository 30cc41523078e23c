/* SPDX-License-Identifier: MIT */
/*
 * The line of progress of a run without a screen: on stderr, if that is a terminal. A
 * terminal that does not read misses it: nothing here waits.
 */
#ifndef TUI_CLI_STATUS_LINE_H
#define TUI_CLI_STATUS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/model/model.h"

struct status_line {
	int fd; /* the terminal, or -1; a dumb one cannot take a line back and gets none */
	bool ascii;
	uint64_t shown_ns;
};

void status_line_open(struct status_line *line, bool ascii);

/* Shows the run's progress, if the line is due again. */
void status_line_show(struct status_line *line, const struct model *model, uint64_t now_ns);

void status_line_clear(const struct status_line *line);

/* Writes text, with its newline, in place of the line: to stderr wherever that leads. It stays. */
void status_line_tell(const struct status_line *line, const char *text);

void status_line_close(struct status_line *line);

#endif
