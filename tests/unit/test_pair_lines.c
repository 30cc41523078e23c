/* SPDX-License-Identifier: MIT */
/* What foreign programs say: what is taken, what is refused, how bytes become lines. */
#include "tests/support/drive_pair_line.h"
#include "tests/support/test.h"

static struct pair_line line;
static struct err err;

static int parse(const char *text)
{
	err_clear(&err);
	return drive_pair_line(&line, text, strlen(text), &err);
}

static void test_ready(void)
{
	CHECK(parse("ready") == 0 && line.verb == PAIR_READY && !*line.text && !line.has);
	CHECK(parse("ready http://127.0.0.1:1/?a=b#c connect=12") == 0);
	CHECK_STR(line.text, "http://127.0.0.1:1/?a=b#c");
	CHECK(pair_line_has(&line, PAIR_CONNECT) && line.fields[PAIR_CONNECT] == 12);
	CHECK(parse("ready connect=5") == 0 && !*line.text && line.fields[PAIR_CONNECT] == 5);
}

static void test_sample(void)
{
	CHECK(parse("sample 1234 decode=1 read=22 release=333 wire=4444 checksum=DeadBeef\r") == 0);
	CHECK(line.verb == PAIR_SAMPLE && line.number == 1234);
	CHECK(line.fields[PAIR_DECODE] == 1 && line.fields[PAIR_READ] == 22);
	CHECK(line.fields[PAIR_RELEASE] == 333 && line.fields[PAIR_WIRE] == 4444);
	CHECK(line.fields[PAIR_CHECKSUM] == 0xdeadbeef && !pair_line_has(&line, PAIR_MAKE));
	CHECK(parse("sample 86400000000000 checksum=ffffffffffffffff") == 0);
	CHECK(line.fields[PAIR_CHECKSUM] == UINT64_MAX);
	CHECK(parse("sample  7  later=anything ") == 0 && line.number == 7 && !line.has);
}

/* Either end says what it did with the request's array, apart from the reply's. */
static void test_request(void)
{
	CHECK(parse("sample 9 request_make=1 request_encode=2 request_wire=3 "
		    "request_checksum=aB checksum=c") == 0);
	CHECK(line.fields[PAIR_REQUEST_MAKE] == 1 && line.fields[PAIR_REQUEST_ENCODE] == 2);
	CHECK(line.fields[PAIR_REQUEST_WIRE] == 3 && line.fields[PAIR_REQUEST_CHECKSUM] == 0xab);
	CHECK(line.fields[PAIR_CHECKSUM] == 0xc && !pair_line_has(&line, PAIR_MAKE));
	CHECK(parse("exchange 3 request_decode=4 request_read=5 request_release=6") == 0);
	CHECK(line.fields[PAIR_REQUEST_DECODE] == 4 && line.fields[PAIR_REQUEST_READ] == 5);
	CHECK(line.fields[PAIR_REQUEST_RELEASE] == 6);
	CHECK(!pair_line_has(&line, PAIR_REQUEST_CHECKSUM) && !pair_line_has(&line, PAIR_READ));
}

static void test_exchange_and_error(void)
{
	CHECK(parse("exchange 0 client=3 make=0 encode=9 checksum=0") == 0);
	CHECK(line.verb == PAIR_EXCHANGE && line.number == 0 && line.fields[PAIR_CLIENT] == 3);
	CHECK(pair_line_has(&line, PAIR_MAKE) && line.fields[PAIR_ENCODE] == 9);
	CHECK(parse("error no \x1b[31mluck") == 0 && line.verb == PAIR_ERROR);
	CHECK_STR(line.text, "no  [31mluck");
	CHECK(parse("error") == 0 && !*line.text);
}

static void test_refused(void)
{
	static const char *const lines[] = {
		"", " ", "Ready", "hello", "sample", "sample x", "sample -1", "sample 0",
		"sample +1", "sample 1.5", "sample 1e9", "sample 0x10",
		"sample 86400000000001",
		"sample 18446744073709551617", "sample 1 read", "sample 1 read=",
		"sample 1 read=-1", "sample 1 read=1e3", "sample 1 checksum=g",
		"sample 1 checksum=10000000000000000",
		"sample 1 make=1", "sample 1 request_make=1", "sample 1 request_checksum=x",
		"exchange 0 request_encode=1", "exchange 0 request_read=-1", "exchange",
		"exchange -1", "exchange 4294967296",
		"exchange 1 encode=1", "ready a b", "ready connect=x",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		CHECK_MSG(parse(lines[i]) == -1, "%s", lines[i]);
		CHECK(err.kind == ERR_PROTOCOL && err.message[0]);
	}
	CHECK(drive_pair_line(&line, "ready\0x", 7, &err) == -1);
}

/* What is quoted is cut, and nothing of it moves a cursor. */
static void test_refused_is_quoted(void)
{
	char text[400];

	memset(text, '\x1b', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	CHECK(parse(text) == -1 && !strchr(err.message, '\x1b') && strlen(err.message) < 200);
}

static void add(struct pair_lines *lines, const char *text)
{
	(void)drive_pair_add(lines, text, strlen(text));
}

static void test_lines(void)
{
	struct pair_lines lines = {0};

	CHECK(drive_pair_lines(&lines, &line, &err) == 0);
	add(&lines, "rea");
	CHECK(drive_pair_lines(&lines, &line, &err) == 0);
	add(&lines, "dy\nsample 5\nsam");
	CHECK(drive_pair_lines(&lines, &line, &err) == 1 && line.verb == PAIR_READY);
	CHECK(drive_pair_lines(&lines, &line, &err) == 1 && line.number == 5);
	CHECK(drive_pair_lines(&lines, &line, &err) == 0 && lines.used == 3);
}

static void test_endless_line(void)
{
	struct pair_lines lines = {0};
	char endless[PAIR_LINE_BYTES + 1];

	memset(endless, 'x', sizeof(endless));
	CHECK(drive_pair_add(&lines, endless, sizeof(endless)) == PAIR_LINE_BYTES);
	err_clear(&err);
	CHECK(drive_pair_lines(&lines, &line, &err) == -1 && err.kind == ERR_PROTOCOL);
}

static const struct test tests[] = {
	{"ready", test_ready},
	{"sample", test_sample},
	{"request", test_request},
	{"exchange and error", test_exchange_and_error},
	{"refused", test_refused},
	{"refused is quoted", test_refused_is_quoted},
	{"lines", test_lines},
	{"endless line", test_endless_line},
};

TEST_MAIN(tests)
