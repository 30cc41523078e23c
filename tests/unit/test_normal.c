/* SPDX-License-Identifier: MIT */
/*
 * Tests of the normals: same bits on every path and for ever, right formulas,
 * right distribution. IPCTOP_NORMAL_COUNT sets how many values the latter sees.
 */
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/worker/random_normal.h"
#include "bench/worker/random_normal_paths.h"
#include "tests/support/test.h"

#define BLOCK	     NORMAL_BLOCK_COUNT
#define PAIRS	     (NORMAL_BLOCK_COUNT / 2)
#define MAX_SIGMAS   5.0 /* a sound generator fails a check in 1 of 1.7 million seeds */
#define SURVEY_COUNT 10000000
#define BINS_A_UNIT  1024
#define BINS	     (20 * BINS_A_UNIT) /* from -10 to 10, which no value exceeds */
#define LOW_BITS     20

static const struct normal_stream some_streams[] = {
	{.seed = 0, .client = 0, .exchange = 0},
	{.seed = 1, .client = 0, .exchange = 0},
	{.seed = 0, .client = 1, .exchange = 0},
	{.seed = 0, .client = 0, .exchange = 1},
	{.seed = 0x0123456789abcdef, .client = 77, .exchange = 123456789},
	{.seed = UINT64_MAX, .client = UINT32_MAX, .exchange = UINT64_MAX},
};
static const size_t stream_count = sizeof(some_streams) / sizeof(some_streams[0]);

/* ---- the same bits on every path ---- */

static void test_paths_agree(void)
{
	static const uint64_t bases[] = {0, 0xfffff0, (UINT64_C(1) << 56) - 64};
	const struct normal_path *plain = &normal_paths[normal_path_count - 1];
	double want[BLOCK];
	double got[BLOCK];

	for (size_t i = 0; i < stream_count * 3 * 64 * normal_path_count; i++) {
		const struct normal_path *path = &normal_paths[i % normal_path_count];
		size_t rest = i / normal_path_count;
		uint64_t block = bases[rest / 64 % 3] + rest % 64;

		if (!path->usable())
			continue;
		plain->block(&some_streams[rest / 192], block, want);
		path->block(&some_streams[rest / 192], block, got);
		CHECK_MSG(memcmp(got, want, sizeof(got)) == 0,
			  "path %s, stream %zu, block %" PRIu64, path->name, rest / 192, block);
	}
}

static uint64_t hash_values(uint64_t hash, const double *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t bits;

		memcpy(&bits, &values[i], sizeof(bits));
		hash = (hash ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return hash;
}

/* Results of different builds are compared, so what a seed means must never change. */
static void test_stream_is_for_ever(void)
{
	double values[BLOCK];

	for (size_t p = 0; p < normal_path_count; p++) {
		uint64_t hash = 0;

		if (!normal_paths[p].usable())
			continue;
		for (size_t i = 0; i < stream_count * 4; i++) {
			normal_paths[p].block(&some_streams[i / 4], i % 4, values);
			hash = hash_values(hash, values, BLOCK);
		}
		CHECK_MSG(hash == UINT64_C(0x416020a546a67695), "%s: %016" PRIx64,
			  normal_paths[p].name, hash);
	}
}

/* ---- the formulas, written out again with libm ---- */

static const int threefry_left[8] = {16, 42, 12, 31, 16, 32, 24, 21};

static uint64_t rotate(uint64_t x, int left)
{
	return x << left | x >> (64 - left);
}

/* What is added to word `word` after 4 * group rounds. */
static uint64_t threefry_key(const uint64_t key[2], unsigned group, unsigned word)
{
	const uint64_t keys[3] = {key[0], key[1], key[0] ^ key[1] ^ 0x1bd11bdaa9fc1a22};

	return keys[(group + word) % 3] + word * group;
}

static void threefry(const uint64_t key[2], const uint64_t counter[2], uint64_t x[2])
{
	x[0] = counter[0];
	x[1] = counter[1];
	for (unsigned i = 0; i < 13; i++) {
		for (unsigned word = 0; word < 2 && i % 4 == 0; word++)
			x[word] += threefry_key(key, i / 4, word);
		x[0] += x[1];
		x[1] = rotate(x[1], threefry_left[i % 8]) ^ x[0];
	}
}

/* The counter that gives x: no search would find the rarest values. */
static void threefry_invert(const uint64_t key[2], const uint64_t x[2], uint64_t counter[2])
{
	counter[0] = x[0];
	counter[1] = x[1];
	for (unsigned i = 13; i-- > 0;) {
		counter[1] = rotate(counter[1] ^ counter[0], 64 - threefry_left[i % 8]);
		counter[0] -= counter[1];
		for (unsigned word = 0; word < 2 && i % 4 == 0; word++)
			counter[word] -= threefry_key(key, i / 4, word);
	}
}

/* The answers that the authors of Threefry publish with their own code. */
static void test_threefry_known_answers(void)
{
	static const uint64_t zero[2] = {0, 0};
	static const uint64_t ones[2] = {UINT64_MAX, UINT64_MAX};
	uint64_t x[2];

	threefry(zero, zero, x);
	CHECK(x[0] == 0xf167b032c3b480bd && x[1] == 0xe91f9fee4b7a6fb5);
	threefry(ones, ones, x);
	CHECK(x[0] == 0xccdec5c917a874b1 && x[1] == 0x4df53abca26ceb01);
}

/* What of the cosine and the sine goes to either value, for each setting of bits 63 and 62. */
static void reference_pair(const uint64_t x[2], double out[2])
{
	static const double turn[4][4] = {
		{1, 0, 0, 1}, {0, 1, 1, 0}, {-1, 0, 0, 1}, {0, 1, -1, 0},
	};
	const double *t = turn[x[1] >> 62];
	double radius = sqrt(-2 * log((double)(x[0] | 1) * 0x1p-64));
	double angle = acos(-1) / 2 * ((double)(x[1] << 12 >> 12) * 0x1p-52 - 0.5);

	out[0] = radius * (t[0] * cos(angle) + t[1] * sin(angle));
	out[1] = radius * (t[2] * cos(angle) + t[3] * sin(angle));
}

static void check_pair(const double got[BLOCK], uint64_t pair, const uint64_t x[2])
{
	double want[2];

	reference_pair(x, want);
	for (size_t half = 0; half < 2; half++) {
		double value = got[half * PAIRS + pair % PAIRS];

		CHECK_MSG(fabs(value - want[half]) <= 2e-15 * fabs(want[half]),
			  "half %zu of bits %016" PRIx64 " %016" PRIx64 ": %.17g, want %.17g", half,
			  x[0], x[1], value, want[half]);
	}
}

static void test_formulas(void)
{
	double values[BLOCK];
	uint64_t x[2];

	for (size_t i = 0; i < stream_count * 20 * PAIRS; i++) {
		const struct normal_stream *stream = &some_streams[i / (20 * PAIRS)];
		uint64_t pair = i % (20 * PAIRS);

		if (pair % PAIRS == 0)
			normal_block(stream, pair / PAIRS, values);
		threefry((uint64_t[]){stream->seed, stream->client},
			 (uint64_t[]){pair, stream->exchange}, x);
		check_pair(values, pair, x);
	}
}

/* Makes, on every path, the block in which a pair has the bits x. Returns its first value. */
static double check_bits(const uint64_t x[2])
{
	const uint64_t key[2] = {11, 12};
	struct normal_stream stream = {.seed = 11, .client = 12};
	uint64_t counter[2];
	double values[BLOCK] = {0};

	threefry_invert(key, x, counter);
	stream.exchange = counter[1];
	for (size_t p = 0; p < normal_path_count; p++) {

		if (!normal_paths[p].usable())
			continue;
		normal_paths[p].block(&stream, counter[0] / PAIRS, values);
		check_pair(values, counter[0], x);
	}
	return values[counter[0] % PAIRS];
}

/* Radii next to each power of two, angles at and next to the ends and middle of each quadrant. */
static void test_extreme_bits(void)
{
	for (unsigned i = 0; i < 65 * 5 * 4 * 8; i++) {
		uint64_t power = i % 65 < 64 ? UINT64_C(1) << i % 65 : 0;
		uint64_t quadrant = (uint64_t)(i / 325 % 4) << 62;
		uint64_t angle = (uint64_t)(i / 1300 / 2) << 50;

		if (i / 1300 % 2)
			angle = (angle - 1) << 12 >> 12;
		(void)check_bits((uint64_t[]){power + i / 65 % 5 - 2, quadrant | angle});
	}
}

static void test_largest_and_smallest(void)
{
	const uint64_t right = UINT64_C(1) << 51;
	double largest = check_bits((uint64_t[]){0, right});
	double smallest = check_bits((uint64_t[]){UINT64_MAX, right});

	CHECK_MSG(largest > 9.419 && largest < 9.42, "largest is %.17g", largest);
	CHECK_MSG(smallest == 0, "smallest is %.17g", smallest);
}

/* ---- filling ---- */

static void test_fill_is_prefix(void)
{
	static const size_t counts[] = {0, 1, 7, 511, 512, 513, 1023, 1024, 2000};
	const struct normal_stream *stream = &some_streams[4];
	double want[4 * BLOCK];
	double got[4 * BLOCK];

	for (uint64_t i = 0; i < 4; i++)
		normal_block(stream, 9 + i, want + i * BLOCK);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		for (size_t j = 0; j < 4 * BLOCK; j++)
			got[j] = 1000;
		normal_fill(stream, 9, got, counts[i]);
		CHECK_MSG(memcmp(got, want, counts[i] * sizeof(got[0])) == 0, "count %zu",
			  counts[i]);
		for (size_t j = counts[i]; j < 4 * BLOCK; j++)
			CHECK_MSG(got[j] == 1000, "count %zu wrote value %zu", counts[i], j);
	}
}

static void test_any_alignment(void)
{
	double want[BLOCK];
	double got[BLOCK + 8];

	normal_block(&some_streams[4], 3, want);
	for (size_t p = 0; p < normal_path_count * 8; p++) {
		if (!normal_paths[p / 8].usable())
			continue;
		normal_paths[p / 8].block(&some_streams[4], 3, got + p % 8);
		CHECK_MSG(memcmp(got + p % 8, want, sizeof(want)) == 0, "%s at %zu",
			  normal_paths[p / 8].name, p % 8);
	}
}

/* ---- independence of neighbours ---- */

#define NEIGHBOUR_COUNT (512 * BLOCK)

/* How many standard deviations the correlation of a and b is from none. */
static double correlation_sigmas(const double *a, const double *b, size_t count, int power)
{
	double sum = 0;
	double scale = power == 1 ? 1 : 2; /* the variance of x, of x squared */

	for (size_t i = 0; i < count; i++)
		sum += power == 1 ? a[i] * b[i] : (a[i] * a[i] - 1) * (b[i] * b[i] - 1);
	return sum / scale / sqrt((double)count);
}

static void check_independent(const char *what, const double *a, const double *b, size_t count)
{
	for (int power = 1; power <= 2; power++) {
		double sigmas = correlation_sigmas(a, b, count, power);

		CHECK_MSG(fabs(sigmas) < MAX_SIGMAS, "%s, power %d: %.2f sigmas", what, power,
			  sigmas);
	}
}

static void test_neighbours_independent(void)
{
	static const struct {
		const char *what;
		struct normal_stream stream;
		uint64_t first_block;
		size_t skip;
	} rows[] = {
		{"next value", {.seed = 5, .client = 6, .exchange = 7}, 0, 1},
		{"other of the pair", {.seed = 5, .client = 6, .exchange = 7}, 0, PAIRS},
		{"next block", {.seed = 5, .client = 6, .exchange = 7}, 1, 0},
		{"next seed", {.seed = 6, .client = 6, .exchange = 7}, 0, 0},
		{"next client", {.seed = 5, .client = 7, .exchange = 7}, 0, 0},
		{"next exchange", {.seed = 5, .client = 6, .exchange = 8}, 0, 0},
		{"exchange for block", {.seed = 5, .client = 6, .exchange = 0}, 7, 0},
		{"client for seed", {.seed = 6, .client = 5, .exchange = 7}, 0, 0},
	};
	const struct normal_stream base = {.seed = 5, .client = 6, .exchange = 7};
	double *a = malloc(NEIGHBOUR_COUNT * sizeof(*a));
	double *b = malloc(NEIGHBOUR_COUNT * sizeof(*b));

	if (a && b) {
		normal_fill(&base, 0, a, NEIGHBOUR_COUNT);
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			normal_fill(&rows[i].stream, rows[i].first_block, b, NEIGHBOUR_COUNT);
			check_independent(rows[i].what, a, b + rows[i].skip,
					  NEIGHBOUR_COUNT - rows[i].skip);
		}
	} else {
		TEST_FAIL("no memory");
	}
	free(a);
	free(b);
}

/* ---- distribution ---- */

struct survey {
	uint64_t count;
	double power_sums[5];
	uint64_t bins[BINS];
	uint64_t bit_ones[LOW_BITS];
};

static uint64_t survey_count(void)
{
	const char *text = getenv("IPCTOP_NORMAL_COUNT");

	return text ? strtoull(text, NULL, 10) : SURVEY_COUNT;
}

static void survey_add(struct survey *survey, const double values[BLOCK])
{
	for (size_t i = 0; i < BLOCK; i++) {
		double x = values[i];
		uint64_t bits;

		memcpy(&bits, &x, sizeof(bits));
		for (int b = 0; b < LOW_BITS; b++)
			survey->bit_ones[b] += bits >> b & 1;
		for (int p = 1; p <= 4; p++, x *= values[i])
			survey->power_sums[p] += x;
		survey->bins[(size_t)((values[i] + 10) * BINS_A_UNIT)]++;
	}
}

/* The caller frees it. NULL, with the test failed, if there is no memory. */
static struct survey *survey_new(void)
{
	const struct normal_stream stream = {.seed = 2024, .client = 3, .exchange = 1};
	struct survey *survey = calloc(1, sizeof(*survey));
	double values[BLOCK];

	if (!survey) {
		TEST_FAIL("no memory");
		return NULL;
	}
	for (uint64_t i = 0; i < survey_count() / BLOCK; i++) {
		normal_block(&stream, i, values);
		survey_add(survey, values);
		survey->count += BLOCK;
	}
	return survey;
}

static void check_sigmas(const char *what, double sigmas)
{
	if (getenv("IPCTOP_NORMAL_COUNT"))
		printf("# %s: %.2f sigmas from expected\n", what, sigmas);
	CHECK_MSG(fabs(sigmas) < MAX_SIGMAS, "%s: %.2f sigmas from expected", what, sigmas);
}

/* Each raw moment of n normals is normal, with the variance given: E x^2p - (E x^p)^2. */
static void test_moments(void)
{
	static const struct {
		const char *what;
		double want;
		double variance;
	} moments[5] = {
		[1] = {"mean", 0, 1},
		[2] = {"mean square", 1, 2},
		[3] = {"mean cube", 0, 15},
		[4] = {"mean fourth power", 3, 96},
	};
	struct survey *survey = survey_new();

	if (!survey)
		return;
	for (int p = 1; p <= 4; p++) {
		double n = (double)survey->count;

		check_sigmas(moments[p].what, (survey->power_sums[p] / n - moments[p].want) /
						      sqrt(moments[p].variance / n));
	}
	free(survey);
}

static double bin_edge(size_t bin)
{
	return (double)bin / BINS_A_UNIT - 10;
}

static double normal_cdf(double x)
{
	return erfc(-x / sqrt(2)) / 2;
}

/* Kolmogorov and Smirnov's distance at the bins' edges: below 1.95 but for 1 in 1000. */
static void test_kolmogorov_smirnov(void)
{
	struct survey *survey = survey_new();
	uint64_t below = 0;
	double distance = 0;

	if (!survey)
		return;
	for (size_t i = 0; i < BINS; i++) {
		below += survey->bins[i];
		distance = fmax(distance, fabs((double)below / (double)survey->count -
					       normal_cdf(bin_edge(i + 1))));
	}
	distance *= sqrt((double)survey->count);
	free(survey);
	if (getenv("IPCTOP_NORMAL_COUNT"))
		printf("# distance times sqrt(n): %.3f\n", distance);
	CHECK_MSG(distance < 1.95, "distance times sqrt(n) is %.3f", distance);
}

/* Chi square over the bins that expect 20 values or more: finer than the test above. */
static void test_bins(void)
{
	struct survey *survey = survey_new();
	double chi2 = 0;
	double used = 0;

	if (!survey)
		return;
	for (size_t i = 0; i < BINS; i++) {
		double want = (normal_cdf(bin_edge(i + 1)) - normal_cdf(bin_edge(i))) *
			      (double)survey->count;
		double off = (double)survey->bins[i] - want;

		if (want >= 20) {
			chi2 += off * off / want;
			used++;
		}
	}
	free(survey);
	check_sigmas("chi square", (chi2 - used) / sqrt(2 * used));
}

static uint64_t count_beyond(const struct survey *survey, size_t sigmas)
{
	uint64_t count = 0;

	for (size_t i = 0; i < (10 - sigmas) * BINS_A_UNIT; i++)
		count += survey->bins[i] + survey->bins[BINS - 1 - i];
	return count;
}

static void test_tails(void)
{
	struct survey *survey = survey_new();

	if (!survey)
		return;
	for (size_t k = 3; k <= 5; k++) {
		double want = (double)survey->count * erfc((double)k / sqrt(2));
		double got = (double)count_beyond(survey, k);
		char what[64];

		(void)snprintf(what, sizeof(what), "%.0f beyond %zu, want %.1f", got, k, want);
		check_sigmas(what, (got - want) / sqrt(want));
	}
	free(survey);
}

static void test_low_bits_balanced(void)
{
	struct survey *survey = survey_new();

	if (!survey)
		return;
	for (size_t b = 0; b < LOW_BITS; b++) {
		double half = (double)survey->count / 2;
		char what[32];

		(void)snprintf(what, sizeof(what), "ones in bit %zu", b);
		check_sigmas(what, ((double)survey->bit_ones[b] - half) / sqrt(half / 2));
	}
	free(survey);
}

static int shortest_length(double x)
{
	char text[40];
	int length = 0;

	for (int digits = 1; digits <= 17; digits++) {
		length = snprintf(text, sizeof(text), "%.*g", digits, x);
		if (strtod(text, NULL) == x)
			break;
	}
	return length;
}

/* The transports' figures assume values of full length in JSON: some 19.6 bytes with a comma. */
static void test_decimal_length(void)
{
	double values[20 * BLOCK];
	double mean = 0;

	normal_fill(&some_streams[4], 0, values, 20 * BLOCK);
	for (size_t i = 0; i < 20 * BLOCK; i++)
		mean += (shortest_length(values[i]) + 1) / (20.0 * BLOCK);
	CHECK_MSG(mean > 19.4 && mean < 19.9, "mean length %.3f", mean);
}

static const struct test tests[] = {
	{"normal_paths_agree", test_paths_agree},
	{"normal_stream_is_for_ever", test_stream_is_for_ever},
	{"normal_threefry_known_answers", test_threefry_known_answers},
	{"normal_formulas", test_formulas},
	{"normal_extreme_bits", test_extreme_bits},
	{"normal_largest_and_smallest", test_largest_and_smallest},
	{"normal_fill_is_prefix", test_fill_is_prefix},
	{"normal_any_alignment", test_any_alignment},
	{"normal_neighbours_independent", test_neighbours_independent},
	{"normal_moments", test_moments},
	{"normal_kolmogorov_smirnov", test_kolmogorov_smirnov},
	{"normal_bins", test_bins},
	{"normal_tails", test_tails},
	{"normal_low_bits_balanced", test_low_bits_balanced},
	{"normal_decimal_length", test_decimal_length},
};

TEST_MAIN(tests)
