/* SPDX-License-Identifier: MIT */
/* What a client does with the reader of WebSocket frames. */
#include "tests/support/drive_ws.h"

#include <string.h>

#include "tests/support/must.h"

struct source {
	const uint8_t *data;
	size_t bytes;
	size_t portion;
};

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t source_give(struct source *source, void *room, size_t bytes)
{
	bytes = least(least(bytes, source->portion), source->bytes);
	if (bytes)
		memcpy(room, source->data, bytes);
	source->data += bytes;
	source->bytes -= bytes;
	return bytes;
}

static size_t read_more(struct ws_reader *reader, struct source *source)
{
	size_t bytes;
	void *room = ws_reader_room(reader, &bytes);

	must(bytes > 0); /* or it would wait for bytes that it has no room for */
	bytes = source_give(source, room, bytes);
	ws_reader_received(reader, bytes);
	return bytes;
}

/* What the reader holds already, and once that is used up straight from the source. */
static size_t read_payload(struct ws_reader *reader, struct source *source,
			   struct ws_listener *listener)
{
	uint8_t place[64];
	size_t bytes = ws_reader_move(reader, place, least(source->portion, sizeof(place)));

	if (bytes == 0) {
		size_t room = reader->left < sizeof(place) ? (size_t)reader->left : sizeof(place);

		bytes = source_give(source, place, room);
		ws_reader_skip(reader, bytes);
	}
	if (bytes)
		listener->payload(listener, place, bytes);
	return bytes;
}

struct ws_outcome drive_ws(struct ws_listener *listener, const void *data, size_t size,
			   size_t portion)
{
	struct source source = {data, size, portion};
	struct ws_reader reader = {0};
	struct ws_outcome outcome = {0};
	size_t bytes = 1;

	while (bytes > 0 && outcome.last != WS_STEP_REFUSED) {
		outcome.last = ws_reader_next(&reader, &outcome.err);
		if (outcome.last == WS_STEP_RECEIVE) {
			bytes = read_more(&reader, &source);
		} else if (outcome.last == WS_STEP_PAYLOAD) {
			bytes = read_payload(&reader, &source, listener);
			outcome.payload_bytes += bytes;
		} else {
			listener->step(listener, &reader, outcome.last);
		}
	}
	outcome.wire_bytes = reader.wire_bytes;
	must(outcome.payload_bytes <= outcome.wire_bytes);
	must((outcome.last == WS_STEP_REFUSED) == (outcome.err.kind != ERR_NONE));
	return outcome;
}
