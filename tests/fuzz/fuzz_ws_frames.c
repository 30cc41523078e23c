/* SPDX-License-Identifier: MIT */
/* Fuzzes the WebSocket frame reader: any bytes are read alike, however they are portioned. */
#include "transports/carriers/ws/ws_frames.h"

#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

/* A digest of all that the reader reported. */
struct transcript {
	uint64_t digest;
	uint64_t payload_bytes;
	enum ws_step last;
	char message[ERR_MESSAGE_BYTES];
};

struct source {
	const uint8_t *data;
	size_t bytes;
	size_t portion;
};

static void transcript_add(struct transcript *transcript, const void *data, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		transcript->digest = (transcript->digest ^ ((const uint8_t *)data)[i]) *
				     UINT64_C(0x100000001b3);
}

static size_t source_give(struct source *source, void *room, size_t bytes)
{
	if (bytes > source->portion)
		bytes = source->portion;
	if (bytes > source->bytes)
		bytes = source->bytes;
	if (bytes)
		memcpy(room, source->data, bytes);
	source->data += bytes;
	source->bytes -= bytes;
	return bytes;
}

static bool read_more(struct ws_reader *reader, struct source *source)
{
	size_t bytes;
	void *room = ws_reader_room(reader, &bytes);

	if (bytes == 0)
		abort(); /* it would wait for bytes that it has no room for */
	bytes = source_give(source, room, bytes);
	ws_reader_received(reader, bytes);
	return bytes > 0;
}

static bool read_payload(struct ws_reader *reader, struct source *source,
			 struct transcript *transcript)
{
	uint8_t place[64];
	size_t bytes = ws_reader_move(reader, place, source->portion < sizeof(place) ?
							     source->portion : sizeof(place));

	if (bytes == 0) {
		bytes = source_give(source, place, reader->left < sizeof(place) ?
							   (size_t)reader->left : sizeof(place));
		ws_reader_skip(reader, bytes);
	}
	transcript_add(transcript, place, bytes);
	transcript->payload_bytes += bytes;
	return bytes > 0;
}

static struct transcript read_all(const uint8_t *data, size_t size, size_t portion)
{
	struct source source = {data, size, portion};
	struct transcript transcript = {0};
	struct ws_reader reader = {0};
	struct err err = {0};
	bool going = true;

	while (going) {
		enum ws_step step = ws_reader_next(&reader, &err);

		transcript.last = step;
		if (step == WS_STEP_RECEIVE)
			going = read_more(&reader, &source);
		else if (step == WS_STEP_PAYLOAD)
			going = read_payload(&reader, &source, &transcript);
		else
			transcript_add(&transcript, &step, sizeof(step));
		if (step == WS_STEP_BEGIN)
			transcript_add(&transcript, &reader.frame.bytes, sizeof(uint64_t));
		if (step == WS_STEP_CONTROL) {
			transcript_add(&transcript, reader.control, reader.control_bytes);
			(void)ws_report_close(reader.control, reader.control_bytes, NULL);
		}
		going = going && step != WS_STEP_REFUSED;
	}
	if (transcript.payload_bytes > reader.wire_bytes)
		abort();
	memcpy(transcript.message, err.message, sizeof(transcript.message));
	return transcript;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transcript whole = read_all(data, size, SIZE_MAX);

	for (size_t portion = 1; portion <= 11; portion++) {
		struct transcript parts = read_all(data, size, portion);

		if (parts.digest != whole.digest || parts.last != whole.last ||
		    strcmp(parts.message, whole.message) != 0)
			abort();
	}
	return 0;
}
