/* SPDX-License-Identifier: MIT */
/* What must be true of control records, however they come. */
#include "tests/support/drive_record.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "bench/machine/world.h"
#include "tests/support/must.h"

static void check_same(const struct record *a, const struct record *b)
{
	must(strcmp(a->verb, b->verb) == 0 && a->field_count == b->field_count);
	for (size_t i = 0; i < a->field_count; i++) {
		must(strcmp(a->fields[i].key, b->fields[i].key) == 0);
		must(strcmp(a->fields[i].value, b->fields[i].value) == 0);
	}
}

static void check_record(const struct record *record)
{
	static struct record_writer writer;
	static struct record again;

	must(record->field_count <= CONTROL_FIELDS_MAX && record->verb[0]);
	record_begin(&writer, record->verb);
	for (size_t i = 0; i < record->field_count; i++) {
		must(record_get(record, record->fields[i].key) != NULL);
		record_add(&writer, record->fields[i].key, record->fields[i].value);
	}
	/* Encoded bytes take three: what came may not fit any more. */
	if (writer.overflow)
		return;
	must(record_parse(&again, writer.text, writer.used, NULL) == 0);
	check_same(record, &again);
}

int drive_record(struct record *record, const void *line, size_t size, struct err *err)
{
	char *copy = exact_copy(line, size);
	int status = record_parse(record, copy, size, err);

	free(copy);
	if (status == 0)
		check_record(record);
	else
		must(err->kind == ERR_PROTOCOL && err->message[0]);
	return status;
}

int drive_control(struct control *control, bool wait, struct record *record, struct err *err)
{
	int got = control_receive(control, wait, record, err);

	if (got == 1)
		check_record(record);
	if (got < 0)
		must((err->kind == ERR_PROTOCOL || err->kind == ERR_CLOSED) && err->message[0]);
	return got;
}

void drive_stream(struct control *control, int *other)
{
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	*other = ends[0];
	*control = (struct control){.world = &world_real, .fd = ends[1]};
}
