/* SPDX-License-Identifier: MIT */
/* What the records of a block carry: there and back, and what is refused. */
#include "bench/wire/records.h"

#include <stdint.h>

#include "bench/worker/worker.h"
#include "tests/support/test.h"

static struct record record;
static struct record_writer writer;
static struct err err;

static bool parse(const char *line)
{
	err_clear(&err);
	return record_parse(&record, line, strlen(line), &err) == 0;
}

static bool parse_written(void)
{
	err_clear(&err);
	return !writer.overflow && record_parse(&record, writer.text, writer.used, &err) == 0;
}

static void test_begin(void)
{
	static const char *const refused[] = {
		"begin",
		"begin samples=1 budget_ns=3 timeout_ns=4",
		"begin warmup=1 budget_ns=3 timeout_ns=4",
		"begin warmup=1 samples=1 timeout_ns=4",
		"begin warmup=x samples=1 budget_ns=3 timeout_ns=4",
		"begin warmup=1 samples=0 budget_ns=3 timeout_ns=4",
		"begin warmup=1 samples=18446744073709551616 budget_ns=3 timeout_ns=4",
		"begin warmup=1 samples=1 budget_ns=-3 timeout_ns=4",
		"begin warmup=1 samples=1 budget_ns=3",
		"begin warmup=1 samples=1 budget_ns=3 timeout_ns=soon",
	};
	const struct begin sent = {
		.warmup = UINT64_MAX, .samples = 1, .budget_ns = 0, .timeout_ns = 7};
	struct begin got = {0};

	begin_write(&sent, &writer);
	CHECK(parse_written() && begin_read(&got, &record, &err) == 0);
	CHECK_STR(record.verb, "begin");
	CHECK(got.warmup == UINT64_MAX && got.samples == 1 && got.budget_ns == 0 &&
	      got.timeout_ns == 7);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		CHECK(parse(refused[i]));
		CHECK_MSG(begin_read(&got, &record, &err) == -1, "%s", refused[i]);
		CHECK(err.kind == ERR_PROTOCOL && got.samples == 1);
	}
}

static void test_address(void)
{
	static const char *const refused[] = {
		"ready",
		"ready address=",
		"ready address=a%0Ab",
		"ready address=%1B",
	};
	char got[CARRIER_ADDRESS_BYTES] = "before";
	char longest[CARRIER_ADDRESS_BYTES];
	char longer[CARRIER_ADDRESS_BYTES + 1];

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		CHECK(parse(refused[i]));
		CHECK_MSG(address_read(got, &record, &err) == -1, "%s", refused[i]);
		CHECK(err.kind == ERR_PROTOCOL);
		CHECK_STR(got, "before");
	}
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	(void)snprintf(longer, sizeof(longer), "%sb", longest);
	address_write("ready", longer, &writer);
	CHECK(parse_written() && address_read(got, &record, &err) == -1);
	address_write("connect", longest, &writer);
	CHECK(parse_written() && address_read(got, &record, &err) == 0);
	CHECK_STR(record.verb, "connect");
	CHECK_STR(got, longest);
}

/* An error is one, whatever kind it is said to be of. */
static void test_failure(void)
{
	static const char *const kinds[] = {"", "kind=0", "kind=13", "kind=x", "kind=4294967297"};
	struct err sent = {0};
	struct err got = {0};
	uint64_t age_ns;
	char line[64];

	CHECK(ERR_KINDS == 13);
	(void)err_set(&sent, ERR_WRONG, "element [1] is 2, expected 3");
	failure_write(&sent, 5000, &writer);
	CHECK(parse_written());
	CHECK_STR(record.verb, "error");
	failure_read(&got, &age_ns, &record);
	CHECK(got.kind == ERR_WRONG && age_ns == 5000);
	CHECK_STR(got.message, sent.message);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		(void)snprintf(line, sizeof(line), "error %s%stext=why", kinds[i],
			       *kinds[i] ? " " : "");
		CHECK(parse(line));
		err_clear(&got);
		failure_read(&got, &age_ns, &record);
		CHECK(age_ns == 0);
		CHECK_MSG(got.kind == ERR_PROTOCOL, "%s: %d", line, got.kind);
		CHECK_STR(got.message, "why");
	}
	CHECK(parse("error kind=2"));
	err_clear(&got);
	failure_read(&got, &age_ns, &record);
	CHECK(got.kind == ERR_TIMEOUT && strcmp(got.message, "failed") == 0);
}

static unsigned stops;

static void count_stop(struct worker *worker)
{
	CHECK(worker->stopping);
	stops++;
}

/* What a worker does as it is told, and what it does not. */
static void test_obey(void)
{
	static const char *const refused[] = {
		"connect", "connect address=", "begin", "setup", "halt", "ready",
		"begin warmup=1 samples=0 budget_ns=1 timeout_ns=1", "error kind=1 text=x",
	};
	static struct worker worker;

	worker.on_stop = count_stop;
	(void)pthread_mutex_init(&worker.lock, NULL);
	(void)pthread_cond_init(&worker.told, NULL);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		CHECK(parse(refused[i]));
		CHECK_MSG(worker_obey(&worker, &record, &err) == -1, "%s", refused[i]);
		CHECK(err.kind == ERR_PROTOCOL && !worker.begun && !worker.address[0]);
	}
	CHECK(parse("connect address=unix:///a") && worker_obey(&worker, &record, &err) == 0);
	CHECK_STR(worker.address, "unix:///a");
	CHECK(parse("begin warmup=1 samples=2 budget_ns=3 timeout_ns=4"));
	CHECK(worker_obey(&worker, &record, &err) == 0 && worker.begun);
	CHECK(worker.begin.samples == 2 && !worker.going && !worker.paused);
	CHECK(worker_check_latency(&worker, 4, &err) == 0);
	CHECK(worker_check_latency(&worker, 5, &err) == -1 && err.kind == ERR_TIMEOUT);
	err_clear(&err);
	worker.begin.timeout_ns = 0;
	CHECK(worker_check_latency(&worker, UINT64_MAX, &err) == 0);
	CHECK(parse("go") && worker_obey(&worker, &record, &err) == 0 && worker.going);
	CHECK(parse("pause") && worker_obey(&worker, &record, &err) == 0 && worker.paused);
	CHECK(parse("resume") && worker_obey(&worker, &record, &err) == 0 && !worker.paused);
	CHECK(!worker.stopping && stops == 0);
	CHECK(parse("stop") && worker_obey(&worker, &record, &err) == 0);
	CHECK(worker.stopping && stops == 1);
}

static const struct test tests[] = {
	{"begin", test_begin},
	{"address", test_address},
	{"failure", test_failure},
	{"what a worker obeys", test_obey},
};

TEST_MAIN(tests)
