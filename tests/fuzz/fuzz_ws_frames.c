/* SPDX-License-Identifier: MIT */
/* Fuzzes the WebSocket frame reader: any bytes are read alike, however they are portioned. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/drive_ws.h"

/* A digest of all that the reader reported. */
struct transcript {
	struct ws_listener listener; /* first */
	uint64_t digest;
	struct ws_outcome outcome;
};

static void transcript_add(struct transcript *transcript, const void *data, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		transcript->digest =
			(transcript->digest ^ ((const uint8_t *)data)[i]) * UINT64_C(0x100000001b3);
}

static void hear_payload(struct ws_listener *listener, const void *data, size_t bytes)
{
	transcript_add((struct transcript *)listener, data, bytes);
}

static void hear_step(struct ws_listener *listener, const struct ws_reader *reader,
		      enum ws_step step)
{
	struct transcript *transcript = (struct transcript *)listener;

	transcript_add(transcript, &step, sizeof(step));
	if (step == WS_STEP_BEGIN)
		transcript_add(transcript, &reader->frame.bytes, sizeof(uint64_t));
	if (step == WS_STEP_CONTROL) {
		transcript_add(transcript, reader->control, reader->control_bytes);
		(void)ws_report_close(reader->control, reader->control_bytes, NULL);
	}
}

static struct transcript read_all(const uint8_t *data, size_t size, size_t portion)
{
	struct transcript transcript = {.listener = {hear_step, hear_payload}};

	transcript.outcome = drive_ws(&transcript.listener, data, size, portion);
	return transcript;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transcript whole = read_all(data, size, SIZE_MAX);

	for (size_t portion = 1; portion <= 11; portion++) {
		struct transcript parts = read_all(data, size, portion);

		must(parts.digest == whole.digest && parts.outcome.last == whole.outcome.last);
		must(strcmp(parts.outcome.err.message, whole.outcome.err.message) == 0);
	}
	return 0;
}
