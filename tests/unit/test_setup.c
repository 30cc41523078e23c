/* SPDX-License-Identifier: MIT */
/* What a worker is told to be, there and back, and what is refused. */
#include "bench/wire/setup.h"
#include "tests/support/test.h"

static struct record_writer writer;
static struct record record;
static struct err err;

static struct worker_setup example(void)
{
	struct worker_setup setup = {
		.source = SOURCE_FRESH,
		.memory = MEMORY_FRESH,
		.pages = PAGES_HUGE,
		.wait = WAIT_HYBRID,
		.seed = UINT64_MAX,
		.member = 4,
		.members = 10,
		.client = 3,
		.cpu = {1, SETUP_CPU_ANY},
		.token = "0123456789abcdef",
		.clients = 9,
		.interval_ns = 1234,
		.directory = "/tmp/a b=c%d",
		.segment_prefix = "ipctop-1-2-3",
		.connect = "http://[::1]:1/a%20b?c=d&e",
	};
	struct shape shape = {.dimensions = 3, .extents = {2, 0, 5}};

	(void)transport_parse("mp+pickle", &setup.transport, NULL);
	setup.type = array_describe(&shape, DTYPE_FLOAT64);
	return setup;
}

static int read_line(const char *line, struct worker_setup *setup)
{
	err_clear(&err);
	if (record_parse(&record, line, strlen(line), &err) != 0)
		return -1;
	return setup_read(setup, &record, &err);
}

static void test_round_trip(void)
{
	struct worker_setup sent = example();
	struct worker_setup got;

	setup_write(&sent, &writer);
	CHECK(!writer.overflow);
	writer.text[writer.used] = '\0';
	CHECK_MSG(read_line(writer.text, &got) == 0, "%.100s", err.message);
	CHECK(got.transport.carrier == sent.transport.carrier);
	CHECK(got.transport.encoding == sent.transport.encoding);
	CHECK(shape_equal(&got.type.shape, &sent.type.shape) && got.type.bytes == 0);
	CHECK(got.source == sent.source && got.memory == sent.memory && got.pages == sent.pages);
	CHECK(got.wait == WAIT_HYBRID);
	CHECK(got.seed == sent.seed && got.client == sent.client);
	CHECK(got.member == sent.member && got.members == sent.members);
	CHECK(got.clients == sent.clients && got.interval_ns == sent.interval_ns);
	CHECK(got.cpu[0] == 1 && got.cpu[1] == SETUP_CPU_ANY);
	CHECK_STR(got.token, sent.token);
	CHECK_STR(got.directory, sent.directory);
	CHECK_STR(got.segment_prefix, sent.segment_prefix);
	CHECK_STR(got.connect, sent.connect);
}

/* The longest of everything fits into a record. */
static void test_longest(void)
{
	struct worker_setup setup = example();
	struct worker_setup got;

	for (unsigned i = 0; i < ARRAY_DIMENSIONS_MAX; i++)
		setup.type.shape.extents[i] = i ? 1 : (uint64_t)1 << 59;
	setup.type.shape.dimensions = ARRAY_DIMENSIONS_MAX;
	memset(setup.directory, '%', sizeof(setup.directory) - 1);
	memset(setup.segment_prefix, ' ', sizeof(setup.segment_prefix) - 1);
	memset(setup.token, 'f', sizeof(setup.token) - 1);
	memset(setup.connect, '%', sizeof(setup.connect) - 1);
	setup_write(&setup, &writer);
	CHECK(!writer.overflow);
	writer.text[writer.used] = '\0';
	CHECK_MSG(read_line(writer.text, &got) == 0, "%.100s", err.message);
	CHECK(shape_equal(&got.type.shape, &setup.type.shape));
	CHECK_STR(got.directory, setup.directory);
	CHECK_STR(got.connect, setup.connect);
}

#define REST " token=t directory=/d prefix=p"
#define TEN "0123456789"
#define LONG TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static void test_refused(void)
{
	static const char *const lines[] = {
		"set v=1 transport=http+json shape=2" REST,
		"setup transport=http+json shape=2" REST,
		"setup v=2 transport=http+json shape=2" REST,
		"setup v=1 shape=2" REST,
		"setup v=1 transport=http+json" REST,
		"setup v=1 transport=http+jso shape=2" REST,
		"setup v=1 transport=http+json shape=2x" REST,
		"setup v=1 transport=http+json shape=2 directory=/d prefix=p",
		"setup v=1 transport=http+json shape=2 token=t prefix=p",
		"setup v=1 transport=http+json shape=2 token=t directory=/d",
		"setup v=1 transport=http+json shape=2 directory=/d prefix=p token=" LONG,
		"setup v=1 transport=http+json shape=2 token=t prefix=p directory=" LONG,
		"setup v=1 transport=http+json shape=2 token=t directory=/d prefix=" LONG,
	};
	struct worker_setup setup;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		CHECK_MSG(read_line(lines[i], &setup) == -1, "%s", lines[i]);
		CHECK(err.kind != ERR_NONE && err.message[0]);
	}
	CHECK(read_line("setup v=1 transport=http+json shape=2 unknown=1" REST, &setup) == 0);
	CHECK(!setup.connect[0]);
}

static const struct test tests[] = {
	{"round trip", test_round_trip},
	{"longest", test_longest},
	{"refused", test_refused},
};

TEST_MAIN(tests)
