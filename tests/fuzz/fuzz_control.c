/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the reader of control records: alone, where what it takes must survive
 * the writer, and at the end of a stream that brings the bytes in two pieces; and
 * those that read what a record carries, which must be whole or be refused.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/wire/control.h"
#include "bench/wire/records.h"
#include "bench/wire/setup.h"
#include "tests/fuzz/fuzz.h"

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

static void check_setup(const struct record *record)
{
	static struct worker_setup setup;
	static struct worker_setup again;
	static struct record_writer writer;
	static struct record written;
	struct err err = {0};

	/* That one names a file, which would be read. */
	if (record_get(record, "pairs"))
		return;
	if (setup_read(&setup, record, &err) != 0) {
		must(err.kind != ERR_NONE && err.message[0]);
		return;
	}
	must(setup.client < setup.clients && setup.clients <= PLAN_CLIENTS_MAX);
	must(setup.members ? setup.member < setup.members : setup.member == 0);
	must(setup.source <= SOURCE_FRESH && setup.cpu <= SETUP_CPU_ANY);
	setup_write(&setup, &writer);
	must(!writer.overflow && record_parse(&written, writer.text, writer.used, NULL) == 0);
	must(setup_read(&again, &written, NULL) == 0);
	must(again.seed == setup.seed && strcmp(again.connect, setup.connect) == 0);
}

/* What the others carry. */
static void check_contents(const struct record *record)
{
	char address[CARRIER_ADDRESS_BYTES] = "";
	struct begin begin = {0};
	struct err failure = {0};
	struct err err = {0};

	if (address_read(address, record, &err) == 0)
		must(*address && !strpbrk(address, "\n\x1b"));
	else
		must(err.kind == ERR_PROTOCOL && !*address);
	err_clear(&err);
	if (begin_read(&begin, record, &err) == 0)
		must(begin.samples > 0);
	else
		must(err.kind == ERR_PROTOCOL && begin.samples == 0);
	failure_read(&failure, record);
	must(failure.kind > ERR_NONE && failure.kind < ERR_KINDS);
}

static void fuzz_line(const uint8_t *data, size_t size)
{
	static struct record record;
	char *line = fuzz_copy(data, size);
	struct err err = {0};

	if (record_parse(&record, line, size, &err) == 0) {
		check_record(&record);
		check_setup(&record);
		check_contents(&record);
	} else {
		must(err.kind == ERR_PROTOCOL && err.message[0]);
	}
	free(line);
}

/* Takes what is there. Returns false once the stream is broken. */
static bool drain(struct control *control, bool ended)
{
	static struct record record;
	struct err err = {0};
	int got;

	while ((got = control_receive(control, false, &record, &err)) == 1)
		check_record(&record);
	must(got == 0 ? !ended : err.kind == ERR_PROTOCOL || err.kind == ERR_CLOSED);
	return got == 0;
}

static void fuzz_halves(const uint8_t *data, size_t size)
{
	static struct control control;
	size_t half = size / 2;
	int ends[2];

	if (size > FUZZ_STREAM_BYTES_MAX)
		return;
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	control.world = &world_real;
	control.fd = ends[1];
	control.used = 0;
	must(write(ends[0], data, half) == (ssize_t)half);
	if (drain(&control, false)) {
		must(write(ends[0], data + half, size - half) == (ssize_t)(size - half));
		(void)close(ends[0]);
		(void)drain(&control, true);
	} else {
		(void)close(ends[0]);
	}
	(void)close(ends[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_line(data, size);
	if (size)
		fuzz_halves(data, size);
	return 0;
}
