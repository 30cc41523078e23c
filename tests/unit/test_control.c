/* SPDX-License-Identifier: MIT */
/* Control records: there and back, in pieces, and what is refused. */
#include <inttypes.h>
#include <unistd.h>

#include "tests/support/drive_record.h"
#include "tests/support/test.h"

static struct record record;
static struct record_writer writer;
static struct err err;

/* Two ends of a stream; the test writes to the first, the control reads the second. */
static int peer;
static struct control control;

static void stream_open(void)
{
	drive_stream(&control, &peer);
	err_clear(&err);
}

/* Sends what has been written, from the first end. */
static int tell(void)
{
	struct control teller = {.world = &world_real, .fd = peer};

	return control_send(&teller, &writer, &err);
}

static void stream_close(void)
{
	(void)close(peer);
	(void)close(control.fd);
}

static int parse(const char *line)
{
	err_clear(&err);
	return drive_record(&record, line, strlen(line), &err);
}

static void test_parse(void)
{
	CHECK(parse("ready") == 0);
	CHECK_STR(record.verb, "ready");
	CHECK(record.field_count == 0);
	CHECK(parse("setup v=1 shape=2x3 empty= last=a=b") == 0);
	CHECK(record.field_count == 4);
	CHECK_STR(record_get(&record, "shape"), "2x3");
	CHECK_STR(record_get(&record, "empty"), "");
	CHECK_STR(record_get(&record, "last"), "a=b");
	CHECK(!record_get(&record, "sha") && !record_get(&record, "2x3"));
	CHECK(parse("x text=a%20b%25%0A%FF") == 0);
	CHECK_STR(record_get(&record, "text"), "a b%\n\xff");
}

static void test_malformed(void)
{
	static const char *const lines[] = {
		"",
		" ",
		"   ",
		"verb key",
		"verb =ok key",
		"verb a=1 b",
		"verb a=%",
		"verb a=%2",
		"verb a=%G0",
		"verb a=%0G",
		"verb a=%00",
		"verb a=x%00y",
		"verb a=100%",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		CHECK_MSG(parse(lines[i]) == -1, "\"%s\" passes", lines[i]);
		CHECK(err.kind == ERR_PROTOCOL && err.message[0]);
	}
	err_clear(&err);
	CHECK(drive_record(&record, "verb a=\0b", 9, &err) == -1 && err.kind == ERR_PROTOCOL);
}

/* The value of a key, or 7 where it is no number of that range. */
static uint64_t number_in(const char *key, uint64_t least, uint64_t most)
{
	const struct record_range range = {least, most};
	uint64_t value = 7;

	err_clear(&err);
	(void)record_get_u64(&record, key, range, &value, &err);
	return value;
}

static uint64_t number(const char *key)
{
	return number_in(key, 0, UINT64_MAX);
}

static void test_many_fields(void)
{
	char line[CONTROL_RECORD_BYTES] = "verb";

	for (int i = 0; i < CONTROL_FIELDS_MAX; i++)
		(void)snprintf(line + strlen(line), 16, " k%d=%d", i, i);
	CHECK(parse(line) == 0 && record.field_count == CONTROL_FIELDS_MAX);
	CHECK(number("k31") == 31);
	(void)snprintf(line + strlen(line), 16, " one=more");
	CHECK(parse(line) == -1);
}

static void test_numbers(void)
{
	CHECK(parse("x a=0 b=18446744073709551615 c=18446744073709551616 d=-1 e=12x f= g=+1 "
		    "h=%201") == 0);
	CHECK(number("a") == 0 && err.kind == ERR_NONE);
	CHECK(number("b") == UINT64_MAX);
	for (const char *bad = "cdefghz"; *bad; bad++) {
		CHECK_MSG(number((char[]){*bad, '\0'}) == 7, "%c", *bad);
		CHECK(err.kind == ERR_PROTOCOL && strstr(err.message, "the x record's"));
	}
	CHECK(parse("x a=10") == 0);
	CHECK(number_in("a", 10, 10) == 10 && number_in("a", 11, 12) == 7);
	CHECK(number_in("a", 0, 9) == 7 && err.kind == ERR_PROTOCOL);
}

static int text(const char *key, char *out, size_t size)
{
	err_clear(&err);
	return record_get_text(&record, key, out, size, &err);
}

static void test_texts(void)
{
	char out[8] = "before";

	CHECK(parse("x a=1234567 b=12345678 c=a%0Ab d=%7F e=%1B f= g=%C3%A9") == 0);
	for (const char *bad = "bcdez"; *bad; bad++) {
		CHECK_MSG(text((char[]){*bad, '\0'}, out, sizeof(out)) == -1, "%c", *bad);
		CHECK(err.kind == ERR_PROTOCOL && strstr(err.message, "the x record's"));
		CHECK_STR(out, "before");
	}
	CHECK(text("a", out, sizeof(out)) == 0);
	CHECK_STR(out, "1234567");
	CHECK(text("f", out, sizeof(out)) == 0 && !*out);
	CHECK(text("g", out, sizeof(out)) == 0);
}

/* Every byte that a string can hold, in one value. */
static void test_round_trip(void)
{
	char every[256];

	stream_open();
	for (int i = 1; i < 256; i++)
		every[i - 1] = (char)i;
	every[255] = '\0';
	record_begin(&writer, "error");
	record_add(&writer, "text", every);
	record_add(&writer, "none", "");
	record_add_u64(&writer, "most", UINT64_MAX);
	CHECK(tell() == 0);
	CHECK(drive_control(&control, true, &record, &err) == 1);
	CHECK_STR(record.verb, "error");
	CHECK(strcmp(record_get(&record, "text"), every) == 0);
	CHECK_STR(record_get(&record, "none"), "");
	CHECK(number("most") == UINT64_MAX);
	CHECK(drive_control(&control, false, &record, &err) == 0);
	stream_close();
}

static void test_in_pieces(void)
{
	static const char line[] = "connect address=http://127.0.0.1:1\n";

	stream_open();
	for (size_t i = 0; i + 1 < sizeof(line); i++) {
		CHECK(drive_control(&control, false, &record, &err) == 0);
		CHECK(write(peer, line + i, 1) == 1);
	}
	CHECK(drive_control(&control, false, &record, &err) == 1);
	CHECK_STR(record_get(&record, "address"), "http://127.0.0.1:1");
	stream_close();
}

/* Several records in one piece, and the head of another. */
static void test_together(void)
{
	static const char lines[] = "pause\nresume\nbegin samples=3\nst";

	stream_open();
	CHECK(write(peer, lines, sizeof(lines) - 1) == sizeof(lines) - 1);
	CHECK(drive_control(&control, true, &record, &err) == 1);
	CHECK_STR(record.verb, "pause");
	CHECK(drive_control(&control, true, &record, &err) == 1);
	CHECK_STR(record.verb, "resume");
	CHECK(drive_control(&control, true, &record, &err) == 1);
	CHECK(number("samples") == 3);
	CHECK(drive_control(&control, false, &record, &err) == 0);
	CHECK(write(peer, "op\n", 3) == 3);
	CHECK(drive_control(&control, false, &record, &err) == 1);
	CHECK_STR(record.verb, "stop");
	stream_close();
}

static void test_end(void)
{
	stream_open();
	CHECK(write(peer, "done\nhalf", 9) == 9);
	(void)close(peer);
	CHECK(drive_control(&control, true, &record, &err) == 1);
	CHECK_STR(record.verb, "done");
	CHECK(drive_control(&control, true, &record, &err) == -1);
	CHECK(err.kind == ERR_CLOSED);
	err_clear(&err);
	CHECK(drive_control(&control, false, &record, &err) == -1 && err.kind == ERR_CLOSED);
	(void)close(control.fd);
}

static void test_endless(void)
{
	char piece[512];

	stream_open();
	memset(piece, 'a', sizeof(piece));
	for (int i = 0; i < 9; i++)
		CHECK(write(peer, piece, sizeof(piece)) == sizeof(piece));
	CHECK(drive_control(&control, true, &record, &err) == -1);
	CHECK(err.kind == ERR_PROTOCOL);
	stream_close();
}

/* A broken record is an error of its own: what follows it can be read. */
static void test_after_malformed(void)
{
	stream_open();
	CHECK(write(peer, "bad field\nstop\n", 15) == 15);
	CHECK(drive_control(&control, true, &record, &err) == -1 && err.kind == ERR_PROTOCOL);
	err_clear(&err);
	CHECK(drive_control(&control, true, &record, &err) == 1);
	CHECK_STR(record.verb, "stop");
	stream_close();
}

static void test_too_long(void)
{
	static char value[CONTROL_RECORD_BYTES];

	stream_open();
	memset(value, 'a', sizeof(value) - 1);
	record_begin(&writer, "error");
	record_add(&writer, "text", value);
	CHECK(tell() == -1);
	CHECK(err.kind == ERR_RANGE);
	CHECK(drive_control(&control, false, &record, &err) == 0);
	stream_close();
}

/* The longest record that can be sent arrives. */
static void test_longest(void)
{
	static char value[CONTROL_RECORD_BYTES];
	static const char head[] = "error text=";

	stream_open();
	memset(value, 'a', sizeof(value) - sizeof(head));
	record_begin(&writer, "error");
	record_add(&writer, "text", value);
	CHECK(!writer.overflow && writer.used == CONTROL_RECORD_BYTES - 1);
	CHECK(tell() == 0);
	CHECK_MSG(drive_control(&control, true, &record, &err) == 1, "%.100s", err.message);
	CHECK(strlen(record_get(&record, "text")) == sizeof(value) - sizeof(head));
	stream_close();
}

static const struct test tests[] = {
	{"parse", test_parse},
	{"malformed", test_malformed},
	{"many fields", test_many_fields},
	{"numbers", test_numbers},
	{"texts", test_texts},
	{"round trip", test_round_trip},
	{"in pieces", test_in_pieces},
	{"together", test_together},
	{"end", test_end},
	{"endless", test_endless},
	{"after malformed", test_after_malformed},
	{"too long", test_too_long},
	{"longest", test_longest},
};

TEST_MAIN(tests)
