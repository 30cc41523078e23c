/* SPDX-License-Identifier: MIT */
/* Decimal text of float64: exact, shortest, closest, and read as JSON spells numbers. */
#include <locale.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "transports/encodings/decimal/decimal.h"

#define TEXT_MAX 2048 /* bytes of the longest text read, and more */

struct random {
	uint64_t state;
};

/* A splitmix64 generator. */
static uint64_t random_next(struct random *random)
{
	uint64_t mixed = random->state += UINT64_C(0x9e3779b97f4a7c15);

	mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
	return mixed ^ mixed >> 31;
}

static int random_within(struct random *random, int least, int most)
{
	return least + (int)(random_next(random) % (uint64_t)(most - least + 1));
}

static double double_of(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static uint64_t bits_of(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* Any bits at all. */
static double random_bits(struct random *random)
{
	return double_of(random_next(random));
}

static double random_subnormal(struct random *random)
{
	return double_of(random_next(random) >> random_within(random, 12, 63));
}

static double random_uniform(struct random *random)
{
	return ((double)(random_next(random) >> 11) + 0.5) * 0x1p-53;
}

static double random_normal(struct random *random)
{
	const double size = sqrt(-2 * log(random_uniform(random)));

	return size * cos(2 * 3.14159265358979323846 * random_uniform(random));
}

/* Whole numbers and halves, quarters and so on: ties are among them. */
static double random_binary(struct random *random)
{
	const double whole = (double)(random_next(random) >> random_within(random, 1, 63));

	return ldexp(whole, random_within(random, -60, 40));
}

/* A few digits and a power of ten: what people write. */
static double random_decimal(struct random *random)
{
	const double whole = (double)(random_next(random) % 1000000);

	return whole / pow(10, random_within(random, 0, 22));
}

static double (*const sources[])(struct random *random) = {
	random_bits, random_subnormal, random_normal, random_binary, random_decimal,
};

#define SOURCES (sizeof(sources) / sizeof(sources[0]))

/* Writes, reads back by both parsers; a failure says why. */
static void check_round_trip(const struct decimal_kernel *kernel, double value)
{
	char text[DECIMAL_MAX_BYTES + 1];
	const size_t length = kernel->format(value, text);
	double back = 0;

	CHECK_MSG(length && length <= 24, "%a: length %zu", value, length);
	text[length] = '\0';
	CHECK_MSG(kernel->parse(text, text + length, &back) == text + length,
		  "%s %a: does not read %s", kernel->name, value, text);
	if (isnan(value)) {
		CHECK_STR(text, "NaN");
		CHECK(isnan(back));
		return;
	}
	CHECK_MSG(bits_of(back) == bits_of(value), "%s %a: \"%s\" is read as %a", kernel->name,
		  value, text, back);
	CHECK_MSG(bits_of(strtod(text, NULL)) == bits_of(value), "%s %a: wrote \"%s\"",
		  kernel->name, value, text);
}

static void check_random_round_trips(const struct decimal_kernel *kernel)
{
	struct random random = {.state = 1};

	for (size_t source = 0; source < SOURCES; source++) {
		for (int i = 0; i < 300000 && !test_why[0]; i++)
			check_round_trip(kernel, sources[source](&random));
	}
}

static void each_kernel(void (*check)(const struct decimal_kernel *kernel))
{
	for (size_t i = 0; i < decimal_kernel_count; i++) {
		if (decimal_kernels[i].usable())
			check(&decimal_kernels[i]);
	}
}

static void round_trips_random(void)
{
	each_kernel(check_random_round_trips);
}

static void check_neighbours(const struct decimal_kernel *kernel, double value)
{
	double below = value;
	double above = value;

	for (int i = 0; i < 4; i++) {
		check_round_trip(kernel, below);
		check_round_trip(kernel, above);
		check_round_trip(kernel, -above);
		below = nextafter(below, -HUGE_VAL);
		above = nextafter(above, HUGE_VAL);
	}
}

static void check_powers(const struct decimal_kernel *kernel)
{
	char text[16];

	for (int exponent = -1074; exponent < 1024; exponent++)
		check_neighbours(kernel, ldexp(1, exponent));
	for (int exponent = -323; exponent <= 308; exponent++) {
		(void)snprintf(text, sizeof(text), "1e%d", exponent);
		check_neighbours(kernel, strtod(text, NULL));
	}
	check_neighbours(kernel, 0x1.fffffffffffffp+1023);
	for (int i = 0; i < 20000; i++) {
		check_round_trip(kernel, i);
		check_round_trip(kernel, i / 1000.0);
	}
}

static void round_trips_powers(void)
{
	each_kernel(check_powers);
}

struct spelling {
	double value;
	const char *text;
};

static const struct spelling spellings[] = {
	{0.0, "0.0"},
	{-0.0, "-0.0"},
	{1, "1.0"},
	{-1, "-1.0"},
	{3, "3.0"},
	{0.1, "0.1"},
	{-12.5, "-12.5"},
	{100, "100.0"},
	{0.001, "0.001"},
	{0.0001, "0.0001"},
	{0.00012345678901234567, "0.00012345678901234567"},
	{0.00001, "1e-05"},
	{0.0000012, "1.2e-06"},
	{1e15, "1000000000000000.0"},
	{9007199254740993.0, "9007199254740992.0"},
	{2251799813685249.5, "2251799813685249.5"},
	{562949953421312.25, "562949953421312.2"},
	{1e16, "1e+16"},
	{12345678901234567890.0, "1.2345678901234567e+19"},
	{1e22, "1e+22"},
	{1e23, "1e+23"},
	{9.5e-3, "0.0095"},
	{0.3, "0.3"},
	{0.1 + 0.2, "0.30000000000000004"},
	{2.0 / 3, "0.6666666666666666"},
	{1e100, "1e+100"},
	{1.5e300, "1.5e+300"},
	{5e-324, "5e-324"},
	{1e-323, "1e-323"},
	{2.2250738585072014e-308, "2.2250738585072014e-308"},
	{-2.2250738585072014e-308, "-2.2250738585072014e-308"},
	{2.225073858507201e-308, "2.225073858507201e-308"},
	{1.7976931348623157e308, "1.7976931348623157e+308"},
	{9007199254740992.0, "9007199254740992.0"},
	{2e-44, "2e-44"},
	{HUGE_VAL, "Infinity"},
	{-HUGE_VAL, "-Infinity"},
};

#define SPELLINGS (sizeof(spellings) / sizeof(spellings[0]))

static void check_spellings(const struct decimal_kernel *kernel)
{
	char text[DECIMAL_MAX_BYTES + 1];

	for (size_t i = 0; i < SPELLINGS; i++) {
		text[kernel->format(spellings[i].value, text)] = '\0';
		CHECK_STR(text, spellings[i].text);
		check_round_trip(kernel, spellings[i].value);
	}
	text[kernel->format(NAN, text)] = '\0';
	CHECK_STR(text, "NaN");
	text[kernel->format(-NAN, text)] = '\0';
	CHECK_STR(text, "NaN");
	text[decimal_format(-0.1, text)] = '\0';
	CHECK_STR(text, "-0.1");
}

static void spells_as_python(void)
{
	each_kernel(check_spellings);
}

/* The digits of a text without point, zeros around them and exponent, and how many. */
static int digits_of(const char *text, char *digits)
{
	int count = 0;
	int used = 0;

	for (; *text && *text != 'e'; text++) {
		if (*text < '0' || *text > '9' || (!count && *text == '0'))
			continue;
		digits[count++] = *text;
		used = *text == '0' ? used : count;
	}
	digits[used] = '\0';
	return used;
}

/*
 * With one digit less, the nearest does not read back; with as many, the nearest is what
 * was written, unless it does not read back: by a power of two another may.
 */
static void check_shortest(const struct decimal_kernel *kernel, double value)
{
	char text[DECIMAL_MAX_BYTES + 1];
	char nearest[64];
	char got[64];
	char want[64];

	text[kernel->format(value, text)] = '\0';
	const int count = digits_of(text, got);

	if (!isfinite(value) || value == 0)
		return;
	if (count > 1) {
		(void)snprintf(nearest, sizeof(nearest), "%.*e", count - 2, value);
		CHECK_MSG(strtod(nearest, NULL) != value, "%a: wrote %s, %s would do", value, text,
			  nearest);
	}
	(void)snprintf(nearest, sizeof(nearest), "%.*e", count - 1, value);
	if (strtod(nearest, NULL) != value)
		return;
	(void)digits_of(nearest, want);
	CHECK_MSG(!strcmp(got, want), "%a: wrote %s, %s is closer", value, text, nearest);
}

static void check_all_shortest(const struct decimal_kernel *kernel)
{
	struct random random = {.state = 2};

	for (size_t source = 0; source < SOURCES; source++) {
		for (int i = 0; i < 50000 && !test_why[0]; i++)
			check_shortest(kernel, sources[source](&random));
	}
	for (int exponent = -1074; exponent < 1024; exponent++)
		check_shortest(kernel, ldexp(1, exponent));
}

static void writes_shortest_and_closest(void)
{
	each_kernel(check_all_shortest);
}

/* A row is what its values are one by one, and stays in its room. */
static void check_row(const struct decimal_kernel *kernel, const double *values, size_t count)
{
	const struct decimal_kernel *const plain = &decimal_kernels[decimal_kernel_count - 1];
	char *const row = malloc(count * DECIMAL_MAX_BYTES + 1);
	char text[DECIMAL_MAX_BYTES];
	size_t at = 0;

	if (!row) {
		TEST_FAIL("no memory");
		return;
	}
	row[count * DECIMAL_MAX_BYTES] = '#';
	const size_t length = kernel->format_row(values, count, row);

	for (size_t i = 0; i < count; i++) {
		const size_t size = plain->format(values[i], text);
		const bool last = i + 1 == count;

		if (memcmp(row + at, text, size) != 0 || (!last && row[at + size] != ','))
			TEST_FAIL("%s: value %zu of %zu, %a", kernel->name, i, count, values[i]);
		at += size + !last;
	}
	if (at != length || row[count * DECIMAL_MAX_BYTES] != '#')
		TEST_FAIL("%s: %zu bytes for %zu values", kernel->name, length, count);
	free(row);
}

static void check_rows(const struct decimal_kernel *kernel)
{
	struct random random = {.state = 3};
	double values[64];

	for (size_t source = 0; source <= SOURCES; source++) {
		for (int round = 0; round < 15000 && !test_why[0]; round++) {
			const size_t count = (size_t)random_within(&random, 0, 64);

			for (size_t i = 0; i < count; i++) {
				const size_t any = random_next(&random) % SOURCES;

				values[i] = sources[source < SOURCES ? source : any](&random);
			}
			check_row(kernel, values, count);
		}
	}
	for (size_t i = 0; i < SPELLINGS; i++)
		values[i] = spellings[i].value;
	check_row(kernel, values, SPELLINGS);
	for (size_t i = 0; i < 64; i++)
		values[i] = -2.2250738585072014e-308;
	check_row(kernel, values, 64);
}

static void writes_rows(void)
{
	each_kernel(check_rows);
}

/* Reads the text by kernel, as strtod does, with more text after it and without. */
static void check_text(const struct decimal_kernel *kernel, char *text, size_t length)
{
	double value = 0.5;

	text[length] = '\0';
	const double want = strtod(text, NULL);

	CHECK_MSG(kernel->parse(text, text + length, &value) == text + length, "%s: \"%.300s\"",
		  kernel->name, text);
	CHECK_MSG(bits_of(value) == bits_of(want), "%s: \"%.300s\" is %a, not %a", kernel->name,
		  text, want, value);
	text[length] = ',';
	CHECK_MSG(kernel->parse(text, text + length + 1, &value) == text + length,
		  "%s: \"%.300s\" and a comma", kernel->name, text);
	CHECK(bits_of(value) == bits_of(want));
}

static size_t put_digits(struct random *random, char *text, int count)
{
	const bool zeros = random_next(random) % 8 == 0; /* a run of them, but for the last */

	for (int i = 0; i < count; i++)
		text[i] = (char)('0' + (zeros && i + 1 < count ? 0 : random_within(random, 0, 9)));
	return (size_t)count;
}

/* A number as JSON spells them, of up to most digits on each side of the point. */
static size_t random_text(struct random *random, char *text, int most)
{
	size_t length = 0;
	const int whole = random_within(random, 0, most);
	const int part = random_within(random, 0, most);

	if (random_next(random) & 1)
		text[length++] = '-';
	text[length++] = whole ? (char)('0' + random_within(random, 1, 9)) : '0';
	if (whole > 1)
		length += put_digits(random, text + length, whole - 1);
	if (part) {
		text[length++] = '.';
		length += put_digits(random, text + length, part);
	}
	if (random_next(random) & 1)
		length += (size_t)snprintf(text + length, 16, "%s%+d",
					   random_next(random) & 1 ? "e" : "E",
					   random_within(random, -400, 400));
	return length;
}

static void check_random_texts(const struct decimal_kernel *kernel)
{
	static const struct {
		int most;
		int rounds;
	} sizes[] = {{3, 100000}, {9, 200000}, {18, 200000}, {40, 50000}, {400, 5000}, {800, 2000}};
	struct random random = {.state = 4};
	char text[TEXT_MAX];

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (int round = 0; round < sizes[i].rounds && !test_why[0]; round++)
			check_text(kernel, text, random_text(&random, text, sizes[i].most));
	}
}

static void reads_as_strtod(void)
{
	each_kernel(check_random_texts);
}

/* Appends a tail to text and reads it. */
static void check_with_tail(const struct decimal_kernel *kernel, char *text, size_t length,
			    const char *tail)
{
	memcpy(text + length, tail, strlen(tail));
	check_text(kernel, text, length + strlen(tail));
}

/* Exactly halfway between a double and the next, and as little as can be from that. */
static void check_halfway(const struct decimal_kernel *kernel, uint64_t bits)
{
	static const char *const tails[] = {"", "0", "1", "000000000000000000000000000001"};
	char text[TEXT_MAX];
	const double low = double_of(bits);
	const double high = double_of(bits + 1);
	const long double halfway = (long double)low + ((long double)high - low) / 2;
	const size_t length = (size_t)snprintf(text, sizeof(text), "%.1080Lf", halfway);

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		check_with_tail(kernel, text, length, tails[i]);
	for (size_t at = length; at-- > 0;) { /* one less in the last place */
		if (text[at] == '.')
			continue;
		text[at] = text[at] == '0' ? '9' : (char)(text[at] - 1);
		if (text[at] != '9')
			break;
	}
	if (text[0] != '0' || text[1] == '.')
		check_text(kernel, text, length);
}

static void check_all_halfway(const struct decimal_kernel *kernel)
{
	struct random random = {.state = 5};

	if (sizeof(long double) < 16)
		return;
	for (int i = 0; i < 1500 && !test_why[0]; i++)
		check_halfway(kernel, random_next(&random) % UINT64_C(0x7fe0000000000000));
	for (uint64_t bits = 0; bits < 8; bits++) {
		check_halfway(kernel, bits);
		check_halfway(kernel, UINT64_C(0x000ffffffffffffc) + bits);
	}
	for (int i = 0; i < 3000 && !test_why[0]; i++) /* near 2^53: few digits */
		check_halfway(kernel, (UINT64_C(0x430) << 52) + random_next(&random) % (1U << 20));
}

static void reads_halfway(void)
{
	each_kernel(check_all_halfway);
}

struct reading {
	const char *text;
	size_t taken; /* 0 if it is not a number */
	double value;
};

static const struct reading readings[] = {
	{"9007199254740993", 16, 9007199254740992.0},
	{"9007199254740993.00000000000000000000000000000000000000000001", 61, 9007199254740994.0},
	{"9007199254740995", 16, 9007199254740996.0},
	{"0", 1, 0.0},
	{"-0", 2, -0.0},
	{"-0.0", 4, -0.0},
	{"0e0", 3, 0.0},
	{"0e99999999999999999999", 22, 0.0},
	{"-0.000000000000000000000000000000000000000e5", 44, -0.0},
	{"1e400", 5, HUGE_VAL},
	{"-1e400", 6, -HUGE_VAL},
	{"1e99999999999999999999", 22, HUGE_VAL},
	{"1e-400", 6, 0.0},
	{"-1e-99999999999999999999", 24, -0.0},
	{"1.7976931348623157e308", 22, 0x1.fffffffffffffp+1023},
	{"1.7976931348623158e308", 22, 0x1.fffffffffffffp+1023},
	{"1.7976931348623159e308", 22, HUGE_VAL},
	{"2.4703282292062327e-324", 23, 0.0},
	{"2.4703282292062328e-324", 23, 0x1p-1074},
	{"2.2250738585072011e-308", 23, 0x0.fffffffffffffp-1022},
	{"2.2250738585072012e-308", 23, 0x1p-1022},
	{"1e23", 4, 1e23},
	{"8.5E-1", 6, 0.85},
	{"12345678901234567890123456789012", 32, 12345678901234567890123456789012.0},
	{"1234567890123456789012345678901", 31, 1234567890123456789012345678901.0},
	{"0.1234567890123456789012345678901", 33, 0.1234567890123456789012345678901},
	{"1,2", 1, 1},
	{"1 ", 1, 1},
	{"1.5]", 3, 1.5},
	{"1-2", 1, 1},
	{"1.5.5", 3, 1.5},
	{"NaN", 3, NAN},
	{"NaN,", 3, NAN},
	{"Infinity", 8, HUGE_VAL},
	{"-Infinity]", 9, -HUGE_VAL},
	{"", 0, 0},
	{"-", 0, 0},
	{"+1", 0, 0},
	{"--1", 0, 0},
	{"01", 0, 0},
	{"-01", 0, 0},
	{"00", 0, 0},
	{"00.5", 0, 0},
	{"000000000000000000000000000000000001", 0, 0},
	{".5", 0, 0},
	{"-.5", 0, 0},
	{"1.", 0, 0},
	{"1.,", 0, 0},
	{"1.e5", 0, 0},
	{"1.-5", 0, 0},
	{"1e", 0, 0},
	{"1e+", 0, 0},
	{"1e-,", 0, 0},
	{"1.5ex", 0, 0},
	{" 1", 0, 0},
	{"e5", 0, 0},
	{",", 0, 0},
	{"x", 0, 0},
	{"nan", 0, 0},
	{"Na", 0, 0},
	{"-NaN", 0, 0},
	{"inf", 0, 0},
	{"Infinit", 0, 0},
	{"+Infinity", 0, 0},
	{"/", 0, 0},
	{":", 0, 0},
	{"\xb0", 0, 0},
};

static void check_readings(const struct decimal_kernel *kernel)
{
	for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
		const struct reading *const want = &readings[i];
		const char *const end = want->text + strlen(want->text);
		double value = 0.5;
		const char *const after = kernel->parse(want->text, end, &value);

		if (!want->taken) {
			CHECK_MSG(!after && value == 0.5, "%s: took \"%s\"", kernel->name,
				  want->text);
			continue;
		}
		CHECK_MSG(after == want->text + want->taken, "%s: \"%s\"", kernel->name,
			  want->text);
		CHECK_MSG(bits_of(value) == bits_of(want->value) ||
				  (isnan(value) && isnan(want->value)),
			  "%s: \"%s\" is %a", kernel->name, want->text, value);
	}
}

static void reads_json_only(void)
{
	each_kernel(check_readings);
}

/* Every prefix of every text, ending where the next byte cannot be read. */
static void check_bounds(const struct decimal_kernel *kernel)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *const map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *const end = map + page;
	double value;
	double again;

	CHECK(map != MAP_FAILED);
	CHECK(mprotect(end, page, PROT_NONE) == 0);
	for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
		for (size_t size = 0; size <= strlen(readings[i].text); size++) {
			char *const text = end - size;
			char copy[128];

			memcpy(text, readings[i].text, size);
			memcpy(copy, readings[i].text, size);
			memset(copy + size, '7', sizeof(copy) - size); /* more of the number */
			value = again = 0.5;
			const char *const after = kernel->parse(text, end, &value);
			const char *const other = kernel->parse(copy, copy + size, &again);

			CHECK_MSG(!after == !other, "%s: \"%.*s\"", kernel->name, (int)size, copy);
			CHECK(!after || after - text == other - copy);
			CHECK(bits_of(value) == bits_of(again));
		}
	}
	CHECK(munmap(map, 2 * page) == 0);
}

static void reads_within_bounds(void)
{
	each_kernel(check_bounds);
}

/* A point is a point, whatever the locale says, if there is a locale that says otherwise. */
static void ignores_locale(void)
{
	char text[DECIMAL_MAX_BYTES + 1];
	static const char quarter[] = "1.25";
	double value;

	if (!setlocale(LC_NUMERIC, "de_DE.UTF-8"))
		SKIP("no locale de_DE.UTF-8");
	text[decimal_format(0.5, text)] = '\0';
	const bool read = decimal_parse(quarter, &quarter[4], &value) && value == 1.25;

	(void)setlocale(LC_NUMERIC, "C"); /* always there */
	CHECK_STR(text, "0.5");
	CHECK(read);
}

static const struct test tests[] = {
	{"decimal_spells_as_python", spells_as_python},
	{"decimal_round_trips_random", round_trips_random},
	{"decimal_round_trips_powers", round_trips_powers},
	{"decimal_writes_shortest_and_closest", writes_shortest_and_closest},
	{"decimal_writes_rows", writes_rows},
	{"decimal_reads_as_strtod", reads_as_strtod},
	{"decimal_reads_halfway", reads_halfway},
	{"decimal_reads_json_only", reads_json_only},
	{"decimal_reads_within_bounds", reads_within_bounds},
	{"decimal_ignores_locale", ignores_locale},
};

TEST_MAIN(tests)
