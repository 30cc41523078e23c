/* SPDX-License-Identifier: MIT */
/* Figures and strings for people. */
#include <locale.h>
#include <stdint.h>

#include "bench/text/fmt.h"
#include "bench/text/text.h"
#include "tests/support/test.h"

struct figure {
	double value;
	const char *text;
};

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

static const struct figure times[] = {
	{0, "0ns"}, {5, "5.00ns"}, {56.25, "56.3ns"}, {999, "999ns"}, {999.4, "999ns"},
	{999.5, "1.00us"}, {1000, "1.00us"}, {1004, "1.00us"}, {1006, "1.01us"},
	{9994, "9.99us"}, {9996, "10.0us"}, {12345, "12.3us"}, {99949, "99.9us"},
	{99951, "100us"}, {999499, "999us"}, {999500, "1.00ms"}, {1234567, "1.23ms"},
	{259e9, "259s"}, {999.4e9, "999s"}, {999.5e9, "16.7min"}, {3599e9, "1.00h"},
	{3600e9, "1.00h"}, {86400e9, "24.0h"}, {3.6e15, "1000h"}, {0.25, "0.25ns"},
	{-1500, "-1.50us"}, {NAN, "-"}, {INFINITY, "-"},
};

static const struct figure payloads[] = {
	{0, "0 B"}, {8, "8 B"}, {999, "999 B"}, {1000, "1.0 kB"}, {65536, "65.5 kB"},
	{999949, "999.9 kB"}, {999950, "1.0 MB"}, {1204224, "1.2 MB"}, {4194304, "4.2 MB"},
	{38535168, "38.5 MB"}, {134217728, "134.2 MB"}, {1073741823, "1.1 GB"},
	{1073741824, "1 GiB"}, {3221225472, "3 GiB"}, {0x1p40, "1 TiB"}, {0x1p62, "4194304 TiB"},
};

static const struct figure memories[] = {
	{0, "0 B"}, {512, "512 B"}, {1024, "1.0 KiB"}, {0x1p26, "64.0 MiB"},
	{0x1p30 - 1, "1.0 GiB"}, {25125558681.6, "23.4 GiB"}, {NAN, "-"},
};

static const struct figure rates[] = {
	{6.54e9, "6.54 GB/s"}, {4e6, "4.00 MB/s"}, {999.6e6, "1.00 GB/s"}, {0, "0 B/s"},
	{1.5e13, "15.0 TB/s"}, {NAN, "-"},
};

static const struct figure short_rates[] = {
	{6.54e9, "6.54G"}, {4e6, "4.00M"}, {999.6e6, "1.00G"}, {999, "999"}, {65400, "65.4k"},
	{0, "0"}, {1.5e13, "15.0T"}, {NAN, "-"},
};

static const struct figure ratios[] = {
	{1, "1.00x"}, {2.345, "2.35x"}, {31.3, "31.3x"}, {99.94, "99.9x"}, {99.96, "100x"},
	{12345, "12345x"}, {0.8, "0.80x"}, {0.996, "1.00x"}, {0.0123, "0.012x"}, {NAN, "-"},
};

static const struct figure clocks[] = {
	{0, "00:00"}, {161e9, "02:41"}, {3599.9e9, "59:59"}, {4320e9, "1:12:00"},
	{360000e9, "100:00:00"}, {-1, "00:00"}, {NAN, "-"},
};

static const struct figure counts[] = {
	{0, "0"}, {999, "999"}, {1000, "1 000"}, {12345, "12 345"}, {1234567, "1 234 567"},
	{1e30, "100 000 000 000 000 000"}, {NAN, "-"},
};

static char *ns_ascii(double value, char *text)
{
	return fmt_ns(value, true, text);
}

static char *ratio_ascii(double value, char *text)
{
	return fmt_ratio(value, true, text);
}

static char *payload(double value, char *text)
{
	return fmt_payload((uint64_t)value, text);
}

static const struct {
	const struct figure *figures;
	size_t count;
	char *(*fmt)(double value, char *text);
} tables[] = {
	{times, COUNT_OF(times), ns_ascii},
	{payloads, COUNT_OF(payloads), payload},
	{memories, COUNT_OF(memories), fmt_memory},
	{rates, COUNT_OF(rates), fmt_rate},
	{short_rates, COUNT_OF(short_rates), fmt_rate_short},
	{ratios, COUNT_OF(ratios), ratio_ascii},
	{clocks, COUNT_OF(clocks), fmt_clock},
	{counts, COUNT_OF(counts), fmt_count},
};

static void test_figures(void)
{
	char text[FMT_BYTES];

	for (size_t t = 0; t < COUNT_OF(tables); t++) {
		for (size_t i = 0; i < tables[t].count; i++) {
			const struct figure *figure = &tables[t].figures[i];

			CHECK_STR(tables[t].fmt(figure->value, text), figure->text);
		}
	}
}

static void test_signs(void)
{
	char text[FMT_BYTES];

	CHECK_STR(fmt_ns(1500, false, text), "1.50\xc2\xb5s");
	CHECK_STR(fmt_ratio(2, false, text), "2.00\xc3\x97");
}

/* Three digits and the same width, whatever is rounded. */
static void test_width(void)
{
	char text[FMT_BYTES];

	for (double ns = 1; ns < 900e9; ns *= 1.000037) {
		size_t digits = strspn(fmt_ns(ns, true, text), "0123456789.");

		CHECK_MSG(digits == 3 + (strchr(text, '.') != NULL), "%.17g: %s", ns, text);
	}
}

static void test_locale(void)
{
	if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
		SKIP("no locale with a decimal comma");
	test_figures();
	(void)setlocale(LC_ALL, "C"); /* always there */
}

static void test_numbers(void)
{
	char text[TEXT_NUMBER_BYTES];

	CHECK_STR(text_fixed(3.14159, 2, text), "3.14");
	CHECK_STR(text_fixed(-3.14159, 0, text), "-3");
	CHECK_STR(text_fixed(-0.04, 1, text), "0.0");
	CHECK_STR(text_fixed(1.005e15, 1, text), "1005000000000000.0");
	CHECK_STR(text_fixed(NAN, 1, text), "");
	CHECK_STR(text_significant(31.3, 4, text), "31.30");
	CHECK_STR(text_significant(12345.6, 4, text), "12346");
	CHECK_STR(text_significant(0.001234, 4, text), "0.001234");
	CHECK_STR(text_significant(9.99996, 4, text), "10.00");
	CHECK_STR(text_significant(0, 4, text), "0.000");
	CHECK_STR(text_significant(1e-300, 4, text), "0.000000000");
	CHECK_STR(text_significant(INFINITY, 4, text), "");
}

static void test_clean(void)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{"plain", "plain"},
		{"a\nb\tc\x1b[31m\x7f", "a b c [31m "},
		{"\xc2\xb5s \xe2\x80\xa6 \xf0\x9f\x98\x80",
		 "\xc2\xb5s \xe2\x80\xa6 \xf0\x9f\x98\x80"},
		{"\xc2\x9b""31m", " 31m"},                  /* C1's CSI */
		{"\xff\xc3", "??"},
		{"\xc0\xaf", "??"},                         /* overlong */
		{"\xed\xa0\x80", "???"},                    /* a surrogate */
		{"\xe2\x80", "??"},
		{"\xf4\x90\x80\x80", "????"},
	};
	char text[64];

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		CHECK_STR(text_clean(text, sizeof(text), cases[i].from), cases[i].to);
	CHECK_STR(text_clean(text, 3, "a\xc2\xb5"), "a");
	CHECK_STR(text_clean(text, 4, "a\xc2\xb5"), "a\xc2\xb5");
	CHECK_STR(text_clean(text, 1, "a"), "");
}

static void test_columns(void)
{
	CHECK(text_width("12\xc2\xb5s") == 4);
	CHECK(text_width("") == 0);
	CHECK(text_width_of("\xc2\xb5s", 2) == 1);
	CHECK(text_prefix_bytes("a\xc2\xb5s", 2) == 3);
	CHECK(text_prefix_bytes("a\xc2\xb5s", 0) == 0);
	CHECK(text_prefix_bytes("abc", 9) == 3);
}

/* A column has one unit, that of its fastest; what is far below names its own. */
static const struct {
	double rate, fastest;
	const char *unit, *text;
} columns[] = {
	{7.27e9, 7.27e9, "GB/s", "7.27"},      {1.61e8, 7.27e9, "GB/s", "0.161"},
	{1e8, 7.27e9, "GB/s", "0.100"},        {99e6, 7.27e9, "GB/s", "99.0 MB/s"},
	{4.65e6, 7.27e9, "GB/s", "4.65 MB/s"}, {3.07e6, 3.67e6, "MB/s", "3.07"},
	{41e3, 3.67e6, "MB/s", "41.0 kB/s"},   {999.6e6, 999.6e6, "GB/s", "1.00"},
	{999e6, 999e6, "MB/s", "999"},         {12e3, 12e3, "kB/s", "12.0"},
	{5, 5, "B/s", "5.00"},                 {0, 0, "B/s", "0"},
	{0, 7e9, "GB/s", "0"},                 {NAN, 7e9, "GB/s", "-"},
	{NAN, NAN, "GB/s", "-"},               {1.5e13, 1.5e13, "TB/s", "15.0"},
};

static void test_rate_columns(void)
{
	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		char text[FMT_BYTES];

		CHECK_STR(fmt_rate_unit(columns[i].fastest), columns[i].unit);
		CHECK_STR(fmt_rate_in(columns[i].rate, columns[i].fastest, text), columns[i].text);
		CHECK(fmt_rate_is_far(columns[i].rate, columns[i].fastest) ==
		      !!strchr(columns[i].text, '/'));
	}
}

/* As far as it is known, and never more than three digits. */
static void test_within(void)
{
	static const struct {
		double ns, within_ns;
		const char *text;
	} cases[] = {
		{252000, 35000, "250us"},   {252000, 350, "252us"},     {252000, 3500, "252us"},
		{252000, 400000, "250us"},  {121000, 12000, "120us"},   {2934000, 50000, "2.93ms"},
		{2934000, 150000, "2.9ms"}, {2934000, 1500000, "2.9ms"}, {18.8, 2, "19ns"},
		{2034000, 150000, "2.0ms"}, {999600, 20000, "1.0ms"},   {996000, 150000, "1.0ms"},
		{1.44, 0.2, "1.4ns"},       {61.2e9, 5e9, "61s"},    {252000, 0, "252us"},
		{252000, (double)NAN, "252us"}, {(double)NAN, 1, "-"},  {0, 1, "0ns"},
	};
	char text[FMT_BYTES];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_MSG(strcmp(fmt_ns_within(cases[i].ns, cases[i].within_ns, true, text),
				 cases[i].text) == 0,
			  "%g within %g: %s", cases[i].ns, cases[i].within_ns, text);
}

static const struct test tests[] = {
	{"fmt no further than is known", test_within},
	{"fmt of a column of rates", test_rate_columns},
	{"fmt figures", test_figures},
	{"fmt signs beyond ASCII", test_signs},
	{"fmt durations have three digits", test_width},
	{"fmt in a locale with a decimal comma", test_locale},
	{"text numbers", test_numbers},
	{"text from outside is made harmless", test_clean},
	{"text columns", test_columns},
};

TEST_MAIN(tests)
