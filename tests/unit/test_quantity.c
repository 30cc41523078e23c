/* SPDX-License-Identifier: MIT */
/* Quantities as people type them: what is read, exactly, and what is refused. */
#include <inttypes.h>
#include <locale.h>

#include "bench/text/fmt.h"
#include "bench/text/quantity.h"
#include "tests/support/test.h"

typedef int reader(const char *text, uint64_t *out);

struct good {
	const char *text;
	uint64_t value;
};

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))
#define SECOND BILLION
#define UNTOUCHED UINT64_C(4711)

static const struct good times[] = {
	{"10s", 10 * SECOND},
	{"500ms", SECOND / 2},
	{"2m", 120 * SECOND},
	{"2min", 120 * SECOND},
	{"0.5s", SECOND / 2},
	{".5s", SECOND / 2},
	{"1.s", SECOND},
	{"1h", 3600 * SECOND},
	{"250us", 250000},
	{"250\xc2\xb5s", 250000},
	{"250\xce\xbcs", 250000},
	{"7ns", 7},
	{"0.1ns", 0},
	{"1.9ns", 1},
	{"1.000000001", SECOND + 1},
	{"1.0000000019", SECOND + 1},
	{"5", 5 * SECOND},
	{"0.25", SECOND / 4},
	{"5 s", 5 * SECOND},
	{"1.5 min", 90 * SECOND},
	{"0", 0},
	{"0s", 0},
	{"0.000000001m", 60},
	{"18446744073.709551615", UINT64_MAX},
	{"18446744074", UINT64_MAX},
	{"99999999999999999999999999h", UINT64_MAX},
};

static const struct good counts[] = {
	{"200", 200},
	{"1k", 1000},
	{"2M", 2000000},
	{"1.5k", 1500},
	{"0.001k", 1},
	{"1.000000000000", 1},
	{"1.5 M", 1500000},
	{"0", 0},
	{"007", 7},
	{"18446744073709551615", UINT64_MAX},
	{"18446744073709551614", UINT64_MAX - 1},
	{"18446744073709551616", UINT64_MAX},
	{"184467440737095516150", UINT64_MAX},
	{"20000000000000M", UINT64_MAX},
};

static const struct good sizes[] = {
	{"512", 512},         {"64 B", 64},     {"64B", 64},       {"4K", 4096},
	{"4KiB", 4096},       {"4 KiB", 4096},  {"4kB", 4000},     {"1M", 1 << 20},
	{"1MiB", 1 << 20},    {"1MB", 1000000}, {"64M", 64 << 20}, {"2G", UINT64_C(2) << 30},
	{"2GB", 2 * BILLION}, {"0.5K", 512},    {"1.5M", 3 << 19}, {"17179869184G", UINT64_MAX},
};

static const struct good billionths[] = {
	{"0.001", 1000000},       {"200", 200 * BILLION},      {"1k", 1000 * BILLION},
	{"2.5k", 2500 * BILLION}, {"10M", 10000000 * BILLION}, {"99999999999", UINT64_MAX},
};

static const struct good percents[] = {
	{"5", 5 * BILLION},
	{"2.5", 5 * BILLION / 2},
	{"10%", 10 * BILLION},
	{"10 %", 10 * BILLION},
};

static const char *const bad_times[] = {
	"",     " ",    "s",   ".",     ".s",   "soon",          "1,5",  "1,5s",  "-1s",
	"+1s",  " 1s",  "1s ", "1  s",  "1 ",   "10S",           "10MS", "10M",   "1e3",
	"1e3s", "0x10", "1s1", "1m30s", "1:30", "1_000",         "ten",  "1.2.3", "1..5",
	"1d",   "1k",   "1%",  "inf",   "nan",  "\xef\xbc\x91s",
};

static const char *const bad_counts[] = {
	"",        "k",       "many",          "-1",   "+1",  "1K",  "1m", "1G",    "0.5",   "1.5",
	"1.2345k", "0.0001k", "1.00000000001", "1 k ", "1k5", "1kk", "1s", "1 000", "1,000", "1e3",
};

static const char *const bad_sizes[] = {
	"", "K", "4k", "4b", "4 kb", "4Kb", "4KB", "4mb", "0.5", "1.5B", "0.3K", "4K4", "-4K",
};

static const char *const bad_billionths[] = {"", "sweep", "1K", "1G", "1s", "1%", "100/s"};
static const char *const bad_percents[] = {"", "%", "much", "-5", "5%%", "5 percent", "5k"};

static const struct {
	const char *name;
	reader *read;
	const struct good *good;
	size_t good_count;
	const char *const *bad;
	size_t bad_count;
} kinds[] = {
	{"time", quantity_time_ns, times, COUNT_OF(times), bad_times, COUNT_OF(bad_times)},
	{"count", quantity_count, counts, COUNT_OF(counts), bad_counts, COUNT_OF(bad_counts)},
	{"size", quantity_bytes, sizes, COUNT_OF(sizes), bad_sizes, COUNT_OF(bad_sizes)},
	{"rate", quantity_billionths, billionths, COUNT_OF(billionths), bad_billionths,
	 COUNT_OF(bad_billionths)},
	{"percent", quantity_percent, percents, COUNT_OF(percents), bad_percents,
	 COUNT_OF(bad_percents)},
};

static void test_good(void)
{
	for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
		for (size_t i = 0; i < kinds[kind].good_count; i++) {
			const struct good *good = &kinds[kind].good[i];
			uint64_t got = UNTOUCHED;

			CHECK_MSG(kinds[kind].read(good->text, &got) == 0, "%s \"%s\" is refused",
				  kinds[kind].name, good->text);
			CHECK_MSG(got == good->value, "%s \"%s\" is %" PRIu64, kinds[kind].name,
				  good->text, got);
		}
	}
}

static void test_bad(void)
{
	for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
		for (size_t i = 0; i < kinds[kind].bad_count; i++) {
			const char *text = kinds[kind].bad[i];
			uint64_t got = UNTOUCHED;

			CHECK_MSG(kinds[kind].read(text, &got) == -1,
				  "%s \"%s\" is taken for %" PRIu64, kinds[kind].name, text, got);
			CHECK_MSG(got == UNTOUCHED, "%s \"%s\" has changed it", kinds[kind].name,
				  text);
		}
	}
}

/* What a table shows may be typed. */
static void test_what_fmt_writes(void)
{
	static const double ns[] = {1, 12.3, 999, 1e3, 1.23e6, 5e8, 2.5e9, 90e9, 4e12};

	for (size_t i = 0; i < COUNT_OF(ns); i++) {
		for (int ascii = 0; ascii < 2; ascii++) {
			char text[FMT_BYTES];
			uint64_t got;

			fmt_ns(ns[i], ascii, text);
			CHECK_MSG(quantity_time_ns(text, &got) == 0, "\"%s\" is refused", text);
			CHECK_MSG(fabs((double)got - ns[i]) <= ns[i] * 0.005 + 1,
				  "\"%s\" is %" PRIu64, text, got);
		}
	}
}

/* tests/run has built one with a decimal comma. */
static void test_locale(void)
{
	uint64_t got = 0;

	if (!setlocale(LC_ALL, "de_DE.UTF-8"))
		SKIP("no locale with a decimal comma");
	CHECK(quantity_time_ns("1.5s", &got) == 0 && got == 3 * SECOND / 2);
	CHECK(quantity_time_ns("1,5s", &got) == -1);
	(void)setlocale(LC_ALL, "C");
}

static const struct test tests[] = {
	{"what is read is exact", test_good},
	{"what is refused leaves the value alone", test_bad},
	{"times as tables show them are read", test_what_fmt_writes},
	{"the same in a locale with a decimal comma", test_locale},
};

TEST_MAIN(tests)
