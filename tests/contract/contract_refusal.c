/* SPDX-License-Identifier: MIT */
/*
 * Holds every encoding of the table to its contract when the peer does not:
 * messages that are cut, too long, garbled or another array's are refused in
 * words, nothing is written outside the array, and the next message is fine.
 */
#include <inttypes.h>

#include "tests/support/codec_ends.h"

#define ENDLESS_BYTES ((size_t)1 << 20)
#define STORED_BYTES_MAX (64u << 10) /* of a message for six numbers */

static void check_truncated(void)
{
	struct ends ends;
	struct message whole;

	CHECK(ends_open_captured(&ends, "2x3", &whole));
	for (size_t i = 0; i < whole.bytes * WAYS_WRONG && !test_why[0]; i++) {
		const struct way *way = &ways_wrong[i % WAYS_WRONG];
		struct message message = {.data = whole.data, .bytes = i / WAYS_WRONG};

		if (ends_takes(&ends, way, &message, MESSAGE_LENGTH_UNKNOWN) ||
		    ends_takes(&ends, way, &message, message.bytes) ||
		    ends_takes(&ends, way, &message, whole.bytes))
			TEST_FAIL("%zu of %zu bytes pass", message.bytes, whole.bytes);
		(void)ends_release(&ends);
	}
	ends_close_captured(&ends, &whole);
}

static void check_trailing(void)
{
	static const char tails[][4] = {"x", "]", "A", "=", "\0", ",", "0", "AAA"};
	struct ends ends;
	struct message whole;
	size_t bytes;

	CHECK(ends_open_captured(&ends, "2x3", &whole));
	bytes = whole.bytes;
	for (size_t i = 0; i < 8 * WAYS_WRONG && !test_why[0]; i++) {
		const struct way *way = &ways_wrong[i % WAYS_WRONG];
		const char *tail = tails[i / WAYS_WRONG];

		whole.bytes = bytes;
		message_add(&whole, tail, tail[0] ? strlen(tail) : 1);
		if (ends_takes(&ends, way, &whole, MESSAGE_LENGTH_UNKNOWN) ||
		    ends_takes(&ends, way, &whole, whole.bytes))
			TEST_FAIL("a message with \"%s\" behind it passes", tail);
		(void)ends_release(&ends);
	}
	ends_close_captured(&ends, &whole);
}

/* A length that the message then does not have. Encodings that know theirs must notice. */
static void check_announced(void)
{
	static const uint64_t lengths[] = {0, 1, UINT64_MAX - 1, UINT64_C(1) << 62, 1u << 31};
	struct ends ends;
	struct message whole;
	bool known;

	CHECK(ends_open_captured(&ends, "2x3", &whole));
	known = ends.encoder.give.length_bytes != MESSAGE_LENGTH_UNKNOWN;
	if (!ends_takes(&ends, &way_usual, &whole, whole.bytes))
		TEST_FAIL("the right length is refused");
	if (!ends_takes(&ends, &way_usual, &whole, MESSAGE_LENGTH_UNKNOWN))
		TEST_FAIL("an unknown length is refused");
	for (size_t i = 0; known && i < 7 && !test_why[0]; i++) {
		uint64_t length = i < 5 ? lengths[i] : whole.bytes + (i == 5 ? 1 : UINT64_MAX);

		if (ends_takes(&ends, &ways_wrong[i % 4], &whole, length))
			TEST_FAIL("%zu bytes pass for %" PRIu64, whole.bytes, length);
		(void)ends_release(&ends);
	}
	ends_close_captured(&ends, &whole);
}

static void check_flips(void)
{
	struct ends ends;
	struct message whole;

	CHECK(ends_open_captured(&ends, "2x3", &whole));
	for (size_t i = 0; i < whole.bytes * 8 * WAYS_WRONG && !test_why[0]; i++) {
		char *byte = &whole.data[i / (8 * WAYS_WRONG)];
		char kept = *byte;
		uint64_t length = i & 32 ? whole.bytes : MESSAGE_LENGTH_UNKNOWN;

		*byte = (char)(kept ^ (1 << (i / WAYS_WRONG % 8)));
		(void)ends_takes(&ends, &ways_wrong[i % WAYS_WRONG], &whole, length);
		(void)ends_release(&ends);
		*byte = kept;
	}
	ends_close_captured(&ends, &whole);
}

/* Characters that get further into a reader of text than any bytes do. */
static const char letters[] = "[[[]]],,,,0123456789.eE+--{}\"\" \n\tnulNaInfityABC+/==";

static void garble(struct message *message, size_t most)
{
	bool text = random_bits() & 1;

	message->bytes = random_below(most + 1);
	for (size_t i = 0; i < message->bytes; i++)
		message->data[i] = text ? letters[random_below(sizeof(letters) - 1)]
					: (char)random_bits();
}

/* Bytes of the message inserted, removed, doubled and moved. */
static void mangle(struct message *message, const struct message *whole, size_t most)
{
	size_t from = random_below(whole->bytes + 1);
	size_t to = random_below(whole->bytes + 1);
	size_t tail = whole->bytes - to;

	if (from + tail > most)
		tail = most - from;
	memcpy(message->data, whole->data, from);
	memcpy(message->data + from, whole->data + to, tail);
	message->bytes = from + tail;
	if (message->bytes && random_bits() & 1)
		message->data[random_below(message->bytes)] =
			letters[random_below(sizeof(letters) - 1)];
}

static void check_garbage(void)
{
	struct ends ends;
	struct message whole;
	struct message message = {0};

	CHECK(ends_open_captured(&ends, "2x3", &whole));
	message.data = malloc(2 * whole.bytes);
	for (int i = 0; i < 20000 && !test_why[0]; i++) {
		uint64_t length;

		if (i & 1)
			garble(&message, 2 * whole.bytes);
		else
			mangle(&message, &whole, 2 * whole.bytes);
		length = i & 2 ? message.bytes : MESSAGE_LENGTH_UNKNOWN;
		(void)ends_takes(&ends, &ways_wrong[random_below(WAYS_WRONG)], &message, length);
		(void)ends_release(&ends);
	}
	free(message.data);
	ends_close_captured(&ends, &whole);
}

/* What never ends must not be stored for ever, nor taken when it does. */
static void check_endless(void)
{
	static const char fillers[] = "[0A ,\"{-e\0=\377";
	struct message message = {.data = malloc(ENDLESS_BYTES), .bytes = ENDLESS_BYTES};
	struct ends ends;

	if (!message.data || !ends_open(&ends, "2x3", MEMORY_REUSED)) {
		free(message.data);
		TEST_FAIL("no memory");
		return;
	}
	for (size_t i = 0; i < sizeof(fillers) && !test_why[0]; i++) {
		struct err err = {0};
		struct space space = {0};
		size_t stored = 0;
		int status =
			ends.decoder.take.begin(&ends.decoder.take, MESSAGE_LENGTH_UNKNOWN, &err);

		while (ends_row->place && status == 0 && stored < ENDLESS_BYTES) {
			status = ends_row->place(ends.decoder.state, &space, &err);
			if (status != 0 || space.bytes == 0)
				break;
			memset(space.data, fillers[i], space.bytes);
			stored += space.bytes;
			status = ends_row->arrived(ends.decoder.state, space.bytes, &err);
		}
		if (stored > STORED_BYTES_MAX)
			TEST_FAIL("%zu bytes of 0x%02x are stored", stored,
				  (unsigned char)fillers[i]);
		memset(message.data, fillers[i], message.bytes);
		if (ends_takes(&ends, &way_usual, &message, MESSAGE_LENGTH_UNKNOWN) ||
		    ends_takes(&ends, &way_usual, &message, message.bytes))
			TEST_FAIL("%zu bytes of 0x%02x pass", message.bytes,
				  (unsigned char)fillers[i]);
		(void)ends_release(&ends);
	}
	message_free(&message);
	ends_close(&ends);
}

/* After a refusal, and after half a message, both ends go on as if nothing had been. */
static void check_recovery(void)
{
	struct ends ends;
	struct message message;
	enum memory memories[] = {MEMORY_REUSED, MEMORY_FRESH};

	for (int i = 0; i < 8 && !test_why[0]; i++) {
		CHECK(ends_open(&ends, "3x50", memories[i & 1]));
		if (ends_capture(&ends, &message)) {
			message.bytes /= 2;
			if (ends_takes(&ends, &ways_wrong[i / 2], &message, MESSAGE_LENGTH_UNKNOWN))
				TEST_FAIL("half a message passes");
			encoder_end(&ends.encoder, false);
			message_free(&message);
			(void)ends_release(&ends);
			(void)ends_exchange(&ends, &way_usual, false);
		}
		ends_close(&ends);
	}
}

/* A peer that holds another array. As many elements in another order are the peer's business. */
static void check_other_shape(void)
{
	static const struct {
		const char *given;
		const char *taken;
		bool legal;
	} cases[] = {
		{"2x3", "3x2", true}, {"6", "2x3", true}, {"2x3", "6", true},
		{"2x3", "2x4", false}, {"2x4", "2x3", false}, {"7", "2x3", false},
		{"5", "2x3", false}, {"1", "7", false}, {"0", "7", false}, {"7", "0", false},
		{"2x3x4", "2x3", false}, {"2x3", "2x3x4", false}, {"2x0x3", "2x3", false},
		{"1000", "7", false}, {"7", "1000", false}, {"1x1x1x1x1x1", "2", false},
	};
	struct ends ends;
	struct message message;

	for (size_t i = 0; i < WAYS_WRONG * sizeof(cases) / sizeof(cases[0]); i++) {
		const struct way *way = &ways_wrong[i % WAYS_WRONG];
		const char *given = cases[i / WAYS_WRONG].given;
		const char *taken = cases[i / WAYS_WRONG].taken;

		CHECK(ends_open_unlike(&ends, given, taken, MEMORY_REUSED));
		if (!ends_capture(&ends, &message))
			ends_close(&ends);
		CHECK(!test_why[0]);
		if (!ends_takes(&ends, way, &message, ends.encoder.give.length_bytes))
			;
		else if (cases[i / WAYS_WRONG].legal)
			(void)ends_agrees(&ends);
		else
			TEST_FAIL("%s passes for %s", given, taken);
		(void)ends_release(&ends);
		ends_close_captured(&ends, &message);
		CHECK(!test_why[0]);
	}
}

/* What programs send that speak of arrays in other ways, or of no array at all. */
static const struct {
	const char *data;
	size_t bytes;
	const char *part; /* of what is said of it */
	const char *not_by; /* an encoding that this is a message of, or names another way */
} strangers[] = {
#define STRANGER(literal, part, not_by) {literal, sizeof(literal) - 1, part, not_by}
	STRANGER("<!DOCTYPE html><title>502 Bad Gateway</title>", "an HTML page", ""),
	STRANGER("\n <html>\n</html>\n", "an HTML page", ""),
	STRANGER("{\"detail\":\"Not Found\"}", "an object in JSON", ""),
	STRANGER("\x1f\x8b\x08\0\0\0\0\0\0\3abcdefghi", "gzip (send it uncompressed)", ""),
	STRANGER("\x28\xb5\x2f\xfd\x04\x58[[1,2,3],[4,5,6]]", "zstd (send it uncompressed)", ""),
	STRANGER("x\x9c\x8b\x8e" "6\xd0\x33\xd5", "zlib (send it uncompressed)", ""),
	STRANGER("\xef\xbb\xbf[[1,2,3],[4,5,6]]", "a byte order mark", ""),
	STRANGER("\xff\xfe[\0[\0" "1\0,\0" "2\0,\0", "UTF-16", "bytes"),
	STRANGER("\x93NUMPY\1\0v\0{'descr': '<f8'}", "a .npy file", "npy"),
	STRANGER("\x40\0\0\0\0\0\0\0{\"t\":{\"dtype\":\"F64\"", "a file in safetensors",
		 "safetensors"),
	STRANGER("\"AAAAAAAA4D8AAAAAAAD4PwAAAAAAAARAAAAAAAAA\"", "in quotation marks", ""),
	STRANGER("b'AAAAAAAA4D8AAAAAAAD4PwAAAAAAAARAAAAAAAAA'", "Python's repr of bytes", ""),
	STRANGER("data:text/plain;base64,AAAAAAAA4D8AAAAAAAD4PwAAAAAAAARAAAA", "a data: URL", ""),
	STRANGER("(lp0\nF0.5\naF1.5\na.", "a pickle of protocol 0", ""),
	STRANGER("]q\0(K\1K\2e.", "a pickle of protocol 1", ""),
	STRANGER("\x80\x04\x95\3\0\0\0\0\0\0\0K\1.", "a pickle", "pickle"),
	STRANGER("Sorry, there is no such array", "Sorry, there", ""),
#undef STRANGER
};

/* Words for a message that is wrong in the way of a stranger, however it comes. */
static void check_stranger(struct ends *ends, size_t i, bool place, uint64_t length)
{
	struct take *take = &ends->decoder.take;
	struct err err = {0};
	struct space space;
	int status = take->begin(take, length, &err);

	if (status == 0 && place)
		status = take->place(take, &space, &err);
	if (status == 0 && place && space.bytes >= strangers[i].bytes) {
		memcpy(space.data, strangers[i].data, strangers[i].bytes);
		status = take->arrived(take, strangers[i].bytes, &err);
	} else if (status == 0) {
		status = take->accept(take, strangers[i].data, strangers[i].bytes, &err);
	}
	if (status == 0)
		status = take->end(take, &err);
	CHECK_MSG(status != 0, "%zu passes", i);
	CHECK_MSG(strstr(err.message, strangers[i].part), "%zu: %s", i, err.message);
	CHECK(strlen(err.message) < ERR_MESSAGE_BYTES - 1);
}

static void check_strangers(void)
{
	struct ends ends;

	CHECK(ends_open(&ends, "2x3", MEMORY_REUSED));
	for (size_t i = 0; i < 4 * sizeof(strangers) / sizeof(strangers[0]) && !test_why[0]; i++) {
		const size_t stranger = i / 4;

		if (strcmp(strangers[stranger].not_by, ends_row->name) == 0)
			continue;
		check_stranger(&ends, stranger, i & 1,
			       i & 2 ? strangers[stranger].bytes : MESSAGE_LENGTH_UNKNOWN);
		(void)ends_release(&ends);
	}
	ends_close(&ends);
}

static const struct test properties[] = {
	{"truncated", check_truncated},
	{"trailing", check_trailing},
	{"announced length", check_announced},
	{"flipped bits", check_flips},
	{"garbage", check_garbage},
	{"endless", check_endless},
	{"recovery", check_recovery},
	{"other shape", check_other_shape},
	{"strangers are named", check_strangers},
};

ENDS_MAIN(properties)
