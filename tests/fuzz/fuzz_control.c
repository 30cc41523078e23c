/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the reader of control records: alone, and at the end of a stream that brings the bytes
 * in two pieces; and those that read what a record carries, which must be whole or be refused.
 */
#include <string.h>
#include <unistd.h>

#include "bench/wire/records.h"
#include "bench/wire/setup.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/drive_record.h"

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
	must(setup.direction <= DIRECTION_BOTH);
	must(setup.direction == DIRECTION_BOTH || array_type_equal(&setup.request, &setup.type));
	must(setup.source <= SOURCE_FRESH && setup.cpu <= SETUP_CPU_ANY);
	setup_write(&setup, &writer);
	must(!writer.overflow && record_parse(&written, writer.text, writer.used, NULL) == 0);
	must(setup_read(&again, &written, NULL) == 0);
	must(again.direction == setup.direction);
	must(array_type_equal(&again.request, &setup.request));
	must(again.seed == setup.seed && strcmp(again.connect, setup.connect) == 0);
}

/* What the others carry. */
static void check_contents(const struct record *record)
{
	char address[CARRIER_ADDRESS_BYTES] = "";
	struct begin begin = {0};
	struct err failure = {0};
	uint64_t age_ns;
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
	failure_read(&failure, &age_ns, record);
	must(failure.kind > ERR_NONE && failure.kind < ERR_KINDS);
}

/* Takes what is there. Returns false once the stream is broken. */
static bool drain(struct control *control, bool ended)
{
	static struct record record;
	struct err err = {0};
	int got;

	while ((got = drive_control(control, false, &record, &err)) == 1)
		;
	must(got != 0 || !ended);
	return got == 0;
}

static void fuzz_halves(const uint8_t *data, size_t size)
{
	static struct control control;
	size_t half = size / 2;
	int other;

	if (size > FUZZ_STREAM_BYTES_MAX)
		return;
	drive_stream(&control, &other);
	must(write(other, data, half) == (ssize_t)half);
	if (drain(&control, false)) {
		must(write(other, data + half, size - half) == (ssize_t)(size - half));
		(void)close(other);
		(void)drain(&control, true);
	} else {
		(void)close(other);
	}
	(void)close(control.fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct record record;
	struct err err = {0};

	if (drive_record(&record, data, size, &err) == 0) {
		check_setup(&record);
		check_contents(&record);
	}
	if (size)
		fuzz_halves(data, size);
	return 0;
}
