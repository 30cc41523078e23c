/* SPDX-License-Identifier: MIT */
/* What foreign programs say: a line at a time, and as bytes. */
#ifndef TESTS_SUPPORT_DRIVE_PAIR_LINE_H
#define TESTS_SUPPORT_DRIVE_PAIR_LINE_H

#include "bench/wire/pair_lines.h"

/* As pair_line_parse, of a copy of its own, and held to what must be true of any line. */
int drive_pair_line(struct pair_line *line, const void *text, size_t size, struct err *err);

/* As pair_lines_take, likewise. */
int drive_pair_lines(struct pair_lines *lines, struct pair_line *line, struct err *err);

/* Puts as many of the bytes into lines as there is room for; returns how many. */
size_t drive_pair_add(struct pair_lines *lines, const void *bytes, size_t size);

#endif
