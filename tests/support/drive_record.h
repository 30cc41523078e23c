/* SPDX-License-Identifier: MIT */
/* Control records: what is taken must survive the writer. */
#ifndef TESTS_SUPPORT_DRIVE_RECORD_H
#define TESTS_SUPPORT_DRIVE_RECORD_H

#include "bench/wire/control.h"

/* As record_parse, of a copy of its own, and held to what must be true of any line. */
int drive_record(struct record *record, const void *line, size_t size, struct err *err);

/* As control_receive, likewise. */
int drive_control(struct control *control, bool wait, struct record *record, struct err *err);

/* Both ends of a stream: bytes are written to *other, control reads them. Close both. */
void drive_stream(struct control *control, int *other);

#endif
