/* SPDX-License-Identifier: MIT */
/* WebSocket frames: what the reader makes of good, odd and forbidden bytes, in any portions. */
#include "tests/support/drive_ws.h"
#include "tests/support/test.h"

#define ROOM 256

/* What a stream of bytes was read as. */
struct reading {
	struct ws_listener listener; /* first */
	char events[ROOM]; /* "B5 " begin, 5 bytes; "B? " in fragments; "C9 " control; "E " */
	uint8_t payload[ROOM];
	size_t payload_bytes;
	char control[WS_CONTROL_BYTES + 1]; /* the last one */
	uint64_t wire_bytes;
	bool refused;
	struct err err;
};

static void hear_payload(struct ws_listener *listener, const void *data, size_t bytes)
{
	struct reading *reading = (struct reading *)listener;

	if (bytes > ROOM - reading->payload_bytes)
		abort();
	memcpy(reading->payload + reading->payload_bytes, data, bytes);
	reading->payload_bytes += bytes;
}

static void hear_step(struct ws_listener *listener, const struct ws_reader *reader,
		      enum ws_step step)
{
	struct reading *reading = (struct reading *)listener;
	char event[32] = "E ";

	if (step == WS_STEP_BEGIN && !reader->frame.final)
		(void)snprintf(event, sizeof(event), "B? ");
	else if (step == WS_STEP_BEGIN)
		(void)snprintf(event, sizeof(event), "B%lu ", (unsigned long)reader->frame.bytes);
	else if (step == WS_STEP_CONTROL)
		(void)snprintf(event, sizeof(event), "C%x ", reader->frame.opcode);
	else if (step != WS_STEP_END)
		return;
	(void)strncat(reading->events, event, ROOM - strlen(reading->events) - 1);
	if (step != WS_STEP_CONTROL)
		return;
	memcpy(reading->control, reader->control, reader->control_bytes);
	reading->control[reader->control_bytes] = '\0';
}

/* Reads until there is no more or the reader refuses. */
static struct reading read_all(const void *data, size_t bytes, size_t portion)
{
	struct reading reading = {.listener = {hear_step, hear_payload}};
	struct ws_outcome outcome = drive_ws(&reading.listener, data, bytes, portion);

	reading.wire_bytes = outcome.wire_bytes;
	reading.refused = outcome.last == WS_STEP_REFUSED;
	reading.err = outcome.err;
	return reading;
}

#define READ(literal, portion) read_all(literal, sizeof(literal) - 1, portion)
#define PORTIONS_MAX 24

static void test_one_frame(void)
{
	for (size_t portion = 1; portion <= PORTIONS_MAX; portion++) {
		struct reading reading =
			READ("\x81\x05hello\x82\x00\x82\x0elonger than it", portion);

		CHECK_STR(reading.events, "B5 E B0 E B14 E ");
		CHECK(reading.payload_bytes == 19);
		CHECK(memcmp(reading.payload, "hellolonger than it", 19) == 0);
		CHECK(reading.wire_bytes == 7 + 2 + 16);
	}
}

static void test_fragments_with_control_between(void)
{
	static const char bytes[] = "\x01\x03one\x89\x04ping\x00\x00\x8a\x00\x80\x04-two";

	for (size_t portion = 1; portion <= PORTIONS_MAX; portion++) {
		struct reading reading = read_all(bytes, sizeof(bytes) - 1, portion);

		CHECK_STR(reading.events, "B? C9 Ca E ");
		CHECK(reading.payload_bytes == 7 && memcmp(reading.payload, "one-two", 7) == 0);
		CHECK(reading.wire_bytes == 5 + 2 + 6);
	}
}

static void test_longest_control(void)
{
	uint8_t bytes[2 + WS_CONTROL_BYTES] = {0x89, WS_CONTROL_BYTES};

	memset(bytes + 2, 'x', WS_CONTROL_BYTES);
	for (size_t portion = 1; portion <= sizeof(bytes); portion++) {
		struct reading reading = read_all(bytes, sizeof(bytes), portion);

		CHECK_STR(reading.events, "C9 ");
		CHECK(strlen(reading.control) == WS_CONTROL_BYTES);
	}
}

static void test_heads_round_trip(void)
{
	static const struct {
		uint64_t bytes;
		size_t head_bytes;
	} rows[] = {
		{0, 2}, {1, 2}, {125, 2}, {126, 4}, {65535, 4}, {65536, 10},
		{UINT64_C(1) << 30, 10}, {UINT64_C(1) << 40, 10}, {INT64_MAX, 10},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct ws_frame frame = {WS_BINARY, true, rows[i].bytes};
		struct ws_reader reader = {0};
		struct err err = {0};

		reader.held_bytes = ws_head_write(reader.held, &frame);
		CHECK(reader.held_bytes == rows[i].head_bytes);
		CHECK(ws_reader_next(&reader, &err) == WS_STEP_BEGIN);
		CHECK(reader.frame.opcode == WS_BINARY && reader.frame.final);
		CHECK(reader.left == rows[i].bytes && reader.held_bytes == 0);
		CHECK(reader.wire_bytes == rows[i].bytes + rows[i].head_bytes);
	}
}

static void test_head_bytes(void)
{
	uint8_t head[WS_HEAD_BYTES];

	CHECK(ws_head_write(head, &(struct ws_frame){WS_TEXT, false, 5}) == 2);
	CHECK(memcmp(head, "\x01\x05", 2) == 0);
	CHECK(ws_head_write(head, &(struct ws_frame){WS_CONTINUATION, true, 0x1234}) == 4);
	CHECK(memcmp(head, "\x80\x7e\x12\x34", 4) == 0);
	CHECK(ws_head_write(head, &(struct ws_frame){WS_BINARY, true, 0x123456789a}) == 10);
	CHECK(memcmp(head, "\x82\x7f\0\0\0\x12\x34\x56\x78\x9a", 10) == 0);
}

static void test_refused(void)
{
#define ROW(literal, words) {literal, sizeof(literal) - 1, words}
	static const struct {
		const char *data;
		size_t bytes;
		const char *words;
	} rows[] = {
		ROW("\xc1\x00", "reserved bits 0x40"),
		ROW("\x93\x00", "reserved bits 0x10"),
		ROW("\x83\x00", "of unknown kind 0x3"),
		ROW("\x8b\x00", "of unknown kind 0xb"),
		ROW("\x8f\x00", "of unknown kind 0xf"),
		ROW("\x82\x81\0\0\0\0x", "masked"),
		ROW("\x09\x00", "in fragments"),
		ROW("\x89\x7e\x00\x7e", "too long a control"),
		ROW("\x88\x7f\0\0\0\0\0\0\0\1", "too long a control"),
		ROW("\x82\x7e\x00\x7d", "of a frame wrongly"),
		ROW("\x82\x7f\0\0\0\0\0\0\xff\xff", "of a frame wrongly"),
		ROW("\x82\x7f\x80\0\0\0\0\0\0\0", "of a frame wrongly"),
		ROW("\x80\x00", "had not begun"),
		ROW("\x00\x01x", "had not begun"),
		ROW("\x81\x01x\x80\x00", "had not begun"),
		ROW("\x01\x01x\x81\x00", "inside another"),
		ROW("\x02\x00\x02\x00", "inside another"),
		ROW("\x88\x01x", "malformed status"),
		ROW("\x88\x02\x03\xe7", "malformed status"),
		ROW("\x88\x02\x03\xed", "malformed status"),
		ROW("\x88\x02\x07\xd0", "malformed status"),
		ROW("\x88\x02\x13\x88", "malformed status"),
	};
#undef ROW

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t portion = 1; portion <= PORTIONS_MAX; portion++) {
			struct reading reading = read_all(rows[i].data, rows[i].bytes, portion);

			CHECK_MSG(reading.refused, "row %zu, portions of %zu", i, portion);
			CHECK(reading.err.kind == ERR_PROTOCOL);
			CHECK_MSG(strstr(reading.err.message, rows[i].words), "row %zu: %.200s", i,
				  reading.err.message);
		}
	}
}

static void test_incomplete_is_not_refused(void)
{
	static const char bytes[] = "\x82\x7e\x01\x00";

	for (size_t length = 0; length < sizeof(bytes); length++) {
		struct reading reading = read_all(bytes, length, PORTIONS_MAX);

		CHECK(!reading.refused);
		CHECK_STR(reading.events, length < 4 ? "" : "B256 ");
	}
}

static void test_close_in_a_message(void)
{
	struct reading reading = READ("\x01\x02" "ab" "\x88\x08\x03\xf3" "out of", 3);

	CHECK_STR(reading.events, "B? C8 ");
	CHECK(reading.payload_bytes == 2);
	CHECK_STR(reading.control, "\x03\xf3" "out of");
	reading = READ("\x01\x02" "ab" "\x88\x09\x03\xf3" "out of", 3);
	CHECK_STR(reading.events, "B? ");
}

static void test_close_report(void)
{
	static const struct {
		const char *payload;
		size_t bytes;
		const char *message;
	} rows[] = {
		{"", 0, "the server closed the connection"},
		{"\x03\xe8", 2, "the server closed the connection with status 1000"},
		{"\x03\xf3" "out\nof", 8,
		 "the server closed the connection with status 1011: out?of"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = {0};

		CHECK(ws_report_close(rows[i].payload, rows[i].bytes, &err) == -1);
		CHECK(err.kind == ERR_CLOSED);
		CHECK_MSG(strcmp(err.message, rows[i].message) == 0, "%.200s", err.message);
	}
}

static void test_masked(void)
{
	static const uint8_t mask[WS_MASK_BYTES] = {0x37, 0xfa, 0x21, 0x3d};
	uint8_t out[WS_MASKED_FRAME_BYTES];
	uint8_t most[WS_CONTROL_BYTES + 1] = {0};

	/* The example of RFC 6455, 5.7. */
	CHECK(ws_masked_write(out, WS_TEXT, "Hello", 5, mask) == 11);
	CHECK(memcmp(out, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11) == 0);
	CHECK(ws_masked_write(out, WS_TEXT, NULL, 0, mask) == 6);
	CHECK(memcmp(out, "\x81\x80\x37\xfa\x21\x3d", 6) == 0);
	CHECK(ws_masked_write(out, WS_PONG, most, sizeof(most), mask) == WS_MASKED_FRAME_BYTES);
	CHECK(out[1] == (0x80 | WS_CONTROL_BYTES));
}

/* What follows a message in the same portion is the next one's, and is not lost. */
static void test_next_message_is_kept(void)
{
	struct ws_reader reader = {0};
	struct err err = {0};
	char place[8];

	memcpy(reader.held, "\x82\x02" "ab" "\x82\x03" "cd", 8);
	reader.held_bytes = 8;
	CHECK(ws_reader_next(&reader, &err) == WS_STEP_BEGIN);
	CHECK(ws_reader_next(&reader, &err) == WS_STEP_PAYLOAD);
	CHECK(ws_reader_move(&reader, place, sizeof(place)) == 2 && memcmp(place, "ab", 2) == 0);
	CHECK(ws_reader_next(&reader, &err) == WS_STEP_END);
	CHECK(reader.held_bytes == 4);
	CHECK(ws_reader_next(&reader, &err) == WS_STEP_BEGIN && reader.frame.bytes == 3);
	CHECK(ws_reader_next(&reader, &err) == WS_STEP_PAYLOAD);
	CHECK(ws_reader_move(&reader, place, 1) == 1 && place[0] == 'c');
	CHECK(ws_reader_move(&reader, place, 8) == 1 && place[0] == 'd');
	CHECK(ws_reader_move(&reader, place, 8) == 0 && reader.left == 1);
	CHECK(ws_reader_next(&reader, &err) == WS_STEP_PAYLOAD);
}

static const struct test tests[] = {
	{"one frame", test_one_frame},
	{"fragments with control frames between", test_fragments_with_control_between},
	{"longest control frame", test_longest_control},
	{"heads round trip", test_heads_round_trip},
	{"head bytes", test_head_bytes},
	{"refused", test_refused},
	{"incomplete is not refused", test_incomplete_is_not_refused},
	{"close in a message", test_close_in_a_message},
	{"close report", test_close_report},
	{"masked", test_masked},
	{"next message is kept", test_next_message_is_kept},
};

TEST_MAIN(tests)
