/* SPDX-License-Identifier: MIT */
/*
 * Are they normal? Moments, the distance of Kolmogorov and Smirnov, and tails of
 * 10^8 values of the generator, and whether every path gives the same bits. A scale
 * other than 1 spoils the values: to see that the tests find that.
 */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/worker/random_normal.h"
#include "bench/worker/random_normal_paths.h"
#include "tests/speed/verdict.h"

#define COUNT_DEFAULT 100000000u

/*
 * A sound generator fails a test with one seed of ten thousand: so rarely is a normal
 * figure beyond MAX_SIGMAS, and the distance times the root of the count above MAX_DISTANCE.
 */
#define MAX_SIGMAS 3.891
#define MAX_DISTANCE 2.225

/* From -10 to 10, which no value exceeds. What a bin hides is 0.015 of 10^8 values' distance. */
#define BINS_A_UNIT (1u << 18)
#define BINS (20u * BINS_A_UNIT)

struct survey {
	double count;
	double power_sums[5];
	const char *unlike; /* the first path that gave other bits; NULL: none did */
	uint32_t bins[BINS];
};

static void survey_add(struct survey *survey, const double values[NORMAL_BLOCK_COUNT], double scale)
{
	for (size_t i = 0; i < NORMAL_BLOCK_COUNT; i++) {
		const double x = values[i] * scale;
		const double square = x * x;
		const double bin = (x + 10) * BINS_A_UNIT;

		survey->power_sums[1] += x;
		survey->power_sums[2] += square;
		survey->power_sums[3] += square * x;
		survey->power_sums[4] += square * square;
		survey->bins[bin < 0 ? 0 : bin < BINS ? (size_t)bin : BINS - 1]++;
	}
	survey->count += NORMAL_BLOCK_COUNT;
}

static void survey_compare(struct survey *survey, const struct normal_stream *stream,
			   uint64_t block, const double values[NORMAL_BLOCK_COUNT])
{
	double others[NORMAL_BLOCK_COUNT];

	for (size_t p = 0; p < normal_path_count && !survey->unlike; p++) {
		if (!normal_paths[p].usable())
			continue;
		normal_paths[p].block(stream, block, others);
		if (memcmp(others, values, sizeof(others)) != 0)
			survey->unlike = normal_paths[p].name;
	}
}

static void survey_take(struct survey *survey, uint64_t count, double scale)
{
	const struct normal_stream stream = {.seed = 1};
	double values[NORMAL_BLOCK_COUNT];

	for (uint64_t i = 0; i < (count + NORMAL_BLOCK_COUNT - 1) / NORMAL_BLOCK_COUNT; i++) {
		normal_block(&stream, i, values);
		survey_compare(survey, &stream, i, values);
		survey_add(survey, values, scale);
	}
}

static bool say(const char *what, double got, double want, double error)
{
	const double sigmas = fabs(got - want) / error;
	const bool met = sigmas <= MAX_SIGMAS;

	(void)printf("%-18s %13.7g %13.7g +- %-9.3g %6.2f  <= %.2f  %s\n", what, got, want, error,
		     sigmas, MAX_SIGMAS, verdict(met));
	return met;
}

/* About the mean; what they are expected to be is off by as much as their errors say. */
static bool say_moments(const struct survey *survey)
{
	const double n = survey->count;
	const double mean = survey->power_sums[1] / n;
	const double square = survey->power_sums[2] / n;
	const double cube = survey->power_sums[3] / n;
	const double fourth = survey->power_sums[4] / n;
	const double variance = square - mean * mean;
	const double third_about = cube - 3 * mean * square + 2 * pow(mean, 3);
	const double fourth_about =
		fourth - 4 * mean * cube + 6 * mean * mean * square - 3 * pow(mean, 4);
	bool met = true;

	met &= say("mean", mean, 0, sqrt(1 / n));
	met &= say("variance", variance, 1, sqrt(2 / n));
	met &= say("skewness", third_about / pow(variance, 1.5), 0, sqrt(6 / n));
	met &= say("kurtosis", fourth_about / (variance * variance), 3, sqrt(24 / n));
	return met;
}

static double normal_cdf(double x)
{
	return erfc(-x / sqrt(2)) / 2;
}

/* At the edges of the bins. */
static bool say_distance(const struct survey *survey)
{
	double distance = 0;
	double below = 0;
	bool met;

	for (size_t i = 0; i < BINS; i++) {
		below += survey->bins[i];
		distance = fmax(distance, fabs(below / survey->count -
					       normal_cdf((double)(i + 1) / BINS_A_UNIT - 10)));
	}
	distance *= sqrt(survey->count);
	met = distance <= MAX_DISTANCE;
	(void)printf("%-18s %13.7g %13s %-12s %6.2f  <= %.2f  %s\n", "distance",
		     distance / sqrt(survey->count), "0", "", distance, MAX_DISTANCE, verdict(met));
	return met;
}

static bool say_tail(const struct survey *survey, unsigned sigmas)
{
	const double chance = erfc(sigmas / sqrt(2));
	char what[32];
	double beyond = 0;

	for (size_t i = 0; i < (10 - sigmas) * BINS_A_UNIT; i++)
		beyond += (double)survey->bins[i] + survey->bins[BINS - 1 - i];
	(void)snprintf(what, sizeof(what), "beyond %u sigmas", sigmas);
	return say(what, beyond, survey->count * chance,
		   sqrt(survey->count * chance * (1 - chance)));
}

static bool say_paths(const struct survey *survey)
{
	(void)printf("the same bits from");
	for (size_t p = 0; p < normal_path_count; p++)
		if (normal_paths[p].usable())
			(void)printf(" %s", normal_paths[p].name);
	(void)printf(": %s%s%s\n", verdict(!survey->unlike), survey->unlike ? ", not from " : "",
		     survey->unlike ? survey->unlike : "");
	return !survey->unlike;
}

int main(int argc, char **argv)
{
	const uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : COUNT_DEFAULT;
	const double scale = argc > 2 ? strtod(argv[2], NULL) : 1;
	struct survey *survey = calloc(1, sizeof(*survey));
	bool met = true;

	if (count == 0 || !(scale > 0) || !survey) {
		(void)fprintf(stderr, survey ? "usage: normality [COUNT [SCALE]]\n" :
					       "normality: no memory\n");
		free(survey);
		return 2;
	}
	survey_take(survey, count, scale);
	(void)printf("%.0f values\n%-18s %13s %13s %12s %6s %8s  %s\n", survey->count, "WHAT", "IS",
		     "EXPECTED", "", "SIGMAS", "BOUND", "VERDICT");
	met &= say_moments(survey);
	met &= say_distance(survey);
	for (unsigned sigmas = 3; sigmas <= 5; sigmas++)
		met &= say_tail(survey, sigmas);
	met &= say_paths(survey);
	free(survey);
	return met ? 0 : 1;
}
