/* SPDX-License-Identifier: MIT */
/* The reader of shapes: what it takes must be written, and read again, as the same. */
#ifndef TESTS_SUPPORT_DRIVE_SHAPE_H
#define TESTS_SUPPORT_DRIVE_SHAPE_H

#include "transports/array.h"

/* As shape_parse, which is held to what must be true of any text. */
int drive_shape(const char *text, struct shape *shape, struct err *err);

#endif
