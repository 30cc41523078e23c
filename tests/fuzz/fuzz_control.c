/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the reader of control records: alone, and at the end of a stream that brings the bytes
 * in two pieces.
 */
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/drive_record.h"

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

	(void)drive_record(&record, data, size, &err);
	if (size)
		fuzz_halves(data, size);
	return 0;
}
