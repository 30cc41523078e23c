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
		.cpu = 1,
		.other_cpu = SETUP_CPU_ANY,
		.environment_bytes = 4095,
		.stack_bytes = 4080,
		.shift_bytes = 4032,
		.order = 1,
		.first_cpu = 17,
		.token = "0123456789abcdef",
		.clients = 9,
		.interval_ns = 1234,
		.directory = "/tmp/a b=c%d",
		.segment_prefix = "ipctop-1-2-3",
		.connect = "http://[::1]:1/a%20b?c=d&e",
	};
	struct shape shape = {.dimensions = 3, .extents = {2, 0, 5}};

	(void)transport_parse("mp+pickle", &setup.transport, NULL);
	setup.type = (struct array_type){shape, DTYPE_FLOAT64};
	shape.extents[0] = 7;
	setup.request = (struct array_type){shape, DTYPE_FLOAT64};
	setup.direction = DIRECTION_BOTH;
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
	CHECK(shape_equal(&got.type.shape, &sent.type.shape) && array_type_bytes(&got.type) == 0);
	CHECK(got.direction == DIRECTION_BOTH && array_type_equal(&got.request, &sent.request));
	CHECK(got.source == sent.source && got.memory == sent.memory && got.pages == sent.pages);
	CHECK(got.wait == WAIT_HYBRID);
	CHECK(got.environment_bytes == 4095 && got.stack_bytes == 4080);
	CHECK(got.shift_bytes == 4032 && got.order == 1 && got.first_cpu == 17);
	CHECK(got.seed == sent.seed && got.client == sent.client);
	CHECK(got.member == sent.member && got.members == sent.members);
	CHECK(got.clients == sent.clients && got.interval_ns == sent.interval_ns);
	CHECK(got.cpu == 1 && got.other_cpu == SETUP_CPU_ANY);
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
	setup.request = setup.type;
	memset(setup.directory + 1, '%', sizeof(setup.directory) - 2);
	memset(setup.segment_prefix + 7, ' ', sizeof(setup.segment_prefix) - 8);
	memset(setup.token, 'f', sizeof(setup.token) - 1);
	memset(setup.connect, '%', sizeof(setup.connect) - 1);
	setup_write(&setup, &writer);
	CHECK(!writer.overflow);
	writer.text[writer.used] = '\0';
	CHECK_MSG(read_line(writer.text, &got) == 0, "%.100s", err.message);
	CHECK(shape_equal(&got.type.shape, &setup.type.shape));
	CHECK(array_type_equal(&got.request, &setup.request));
	CHECK_STR(got.directory, setup.directory);
	CHECK_STR(got.connect, setup.connect);
}

#define TEN "0123456789"
#define LONG TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

/* The example as it is written, with the value of a key replaced, or without it if that is NULL. */
static void write_with(const char *key, const char *value, char line[CONTROL_RECORD_BYTES])
{
	struct worker_setup setup = example();
	struct record_writer changed;

	setup_write(&setup, &writer);
	(void)record_parse(&record, writer.text, writer.used, NULL);
	record_begin(&changed, record.verb);
	for (size_t i = 0; i < record.field_count; i++)
		if (strcmp(record.fields[i].key, key) != 0)
			record_add(&changed, record.fields[i].key, record.fields[i].value);
	if (value)
		record_add(&changed, key, value);
	(void)snprintf(line, CONTROL_RECORD_BYTES, "%.*s", (int)changed.used, changed.text);
}

/* What of a setup cannot be, a field at a time. */
static void test_refused(void)
{
	static const struct {
		const char *key;
		const char *values[8];
	} cases[] = {
		{"v", {"0", "2", "x"}},
		{"transport", {"", "http", "http+jso", "json+http"}},
		{"shape", {"", "2x", "-1", "x"}},
		{"request", {"", "2x", "2/3", "5:int"}},
		{"direction", {"3", "-1", "push"}},
		{"source", {"2", "-1", ""}},
		{"memory", {"2", "x"}},
		{"pages", {"2", "18446744073709551616"}},
		{"wait", {"3", "4294967296"}},
		{"seed", {"x", "18446744073709551616"}},
		{"member", {"10", "129", "4294967300"}},
		{"members", {"4", "0", "130", "4294967306"}},
		{"client", {"9", "128", "4294967299"}},
		{"clients", {"0", "3", "129", "4294967305"}},
		{"interval_ns", {"10000000000000001", "x"}},
		{"cpu", {"1025", "4294967295", "4294967297", "-1"}},
		{"other_cpu", {"1025", "x"}},
		{"token", {"a b", "a/b", "A", LONG}},
		{"directory", {"tmp", "/a\n", "/" LONG}},
		{"prefix", {"p", "ipctop", "ipctop-/x", "ipctop-" LONG}},
		{"server", {"", "http://\x1b[m", LONG LONG LONG}},
	};
	struct worker_setup setup;
	char line[CONTROL_RECORD_BYTES];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t k = 0; cases[i].values[k]; k++) {
			write_with(cases[i].key, cases[i].values[k], line);
			CHECK_MSG(read_line(line, &setup) == -1, "%s=%s", cases[i].key,
				  cases[i].values[k]);
			CHECK(err.kind != ERR_NONE && err.message[0]);
		}
		write_with(cases[i].key, NULL, line);
		CHECK_MSG((read_line(line, &setup) == 0) == (strcmp(cases[i].key, "server") == 0),
			  "without %s", cases[i].key);
	}
	CHECK(read_line("set v=1", &setup) == -1);
	write_with("wait", "1", line);
	CHECK(read_line(line, &setup) == 0 && setup.wait == WAIT_SPIN);
	write_with("unknown", "1", line);
	CHECK(read_line(line, &setup) == 0);
}

/* What requests carry is told where replies carry something else. */
static void test_directions(void)
{
	struct worker_setup setup;
	char line[CONTROL_RECORD_BYTES];
	struct ways ways;

	for (enum direction i = DIRECTION_PULL; i <= DIRECTION_PUSH; i++) {
		write_with("direction", i == DIRECTION_PULL ? "0" : "1", line);
		CHECK(read_line(line, &setup) == 0 && setup.direction == i);
		CHECK(array_type_equal(&setup.request, &setup.type));
		ways = setup_ways(&setup);
		CHECK(ways.request == (i == DIRECTION_PUSH ? &setup.type : NULL));
		CHECK(ways.reply == (i == DIRECTION_PULL ? &setup.type : NULL));
	}
}

/* Floors have no scoreboard, and put nothing anywhere. */
static void test_bare(void)
{
	struct worker_setup setup = example();
	struct worker_setup got;

	setup.members = setup.member = 0;
	setup.token[0] = setup.directory[0] = setup.segment_prefix[0] = setup.connect[0] = '\0';
	setup_write(&setup, &writer);
	writer.text[writer.used] = '\0';
	CHECK_MSG(read_line(writer.text, &got) == 0, "%.100s", err.message);
	CHECK(got.members == 0 && !*got.token && !*got.directory && !*got.connect);
}

/* A pairs file is read again only with its hash. */
static void test_pairs(void)
{
	struct worker_setup setup;
	char line[CONTROL_RECORD_BYTES];

	write_with("pairs", "/dev/null", line);
	CHECK(read_line(line, &setup) == -1);
	CHECK_MSG(strstr(err.message, "pairs_hash"), "%s", err.message);
}

static const struct test tests[] = {
	{"round trip", test_round_trip},
	{"longest", test_longest},
	{"refused", test_refused},
	{"directions", test_directions},
	{"bare", test_bare},
	{"pairs", test_pairs},
};

TEST_MAIN(tests)
