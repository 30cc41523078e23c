/* SPDX-License-Identifier: MIT */
/* From histograms and sums to the CSV's figures. */
#include <stdint.h>

#include "bench/model/summary.h"
#include "bench/stats/middle.h"
#include "tests/support/test.h"

#define PAYLOAD 1000000

static struct hist latency;
static struct hist with_read;
static struct summary summary;

static const struct tally full_tally = {
	.samples = 10, .verified = 9,
	.detailed = {[END_CLIENT] = 5, [END_SERVER] = 10},
	.costed = {[END_CLIENT] = 5, [END_SERVER] = 5},
	.wall_ns = 1000000,
	.make_ns = 1000, .encode_ns = 2000, .decode_ns = 1500,
	.read_ns = 400, .release_ns = 500, .verify_ns = 600,
	.cost = {
		[END_CLIENT] = {
			.cpu_ns = 50, .page_faults = 1, .context_switches = 15,
			.involuntary_switches = 5, .migrations = 30,
		},
		[END_SERVER] = {
			.cpu_ns = 100, .page_faults = 2, .context_switches = 20,
			.involuntary_switches = 10, .migrations = 35,
		},
	},
	.wire_bytes = 1234,
	.peak_rss_bytes = {[END_CLIENT] = 4096, [END_SERVER] = 8192},
};

/* 1000, 1001, ... */
static void fill(uint64_t count)
{
	hist_clear(&latency);
	hist_clear(&with_read);
	for (uint64_t i = 0; i < count; i++) {
		hist_record(&latency, 1000 + i);
		hist_record(&with_read, 1040 + i);
	}
}

static void compute(const struct tally *tally)
{
	summary_compute(&summary, &latency, &with_read, tally, NULL, 0, PAYLOAD, 100);
}

static void test_nothing(void)
{
	const double *figures = (const double *)&summary;
	struct block_result block = {.connect_ns = 5, .first_ns = 6};
	size_t known = 0;

	fill(0);
	summary_compute(&summary, &latency, NULL, &full_tally, &block, 1, PAYLOAD, 100);
	for (size_t i = 0; i < sizeof(summary) / sizeof(double); i++)
		known += isnan(figures[i]) ? 0 : 1;
	CHECK(known == 0);
	summary_compute(&summary, NULL, NULL, NULL, NULL, 0, PAYLOAD, NAN);
	CHECK(isnan(summary.samples) && isnan(summary.p50_ns));
}

static void test_latency(void)
{
	fill(99);
	compute(&full_tally);
	CHECK(summary.samples == 99 && summary.verified == 9);
	CHECK(summary.min_ns == 1000 && summary.max_ns == 1098 && summary.p50_ns == 1049);
	CHECK(summary.mean_ns == 1049 && fabs(summary.stddev_ns - 28.722813) < 1e-5);
	CHECK(summary.p50_with_read_ns == 1089);
	CHECK(fabs(summary.throughput_bytes_per_s - 1e15 / 1049) < 1);
	CHECK(fabs(summary.memcpy_ratio - 10.49) < 1e-9);
	CHECK(summary.wire_bytes == 1234);
}

static void test_percentiles_carried(void)
{
	static const struct {
		uint64_t samples;
		bool p90, p99, p999;
	} cases[] = {
		{1, false, false, false}, {99, false, false, false}, {100, true, false, false},
		{999, true, false, false}, {1000, true, true, false}, {9999, true, true, false},
		{10000, true, true, true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fill(cases[i].samples);
		compute(&full_tally);
		CHECK(!isnan(summary.p50_ns));
		CHECK(!isnan(summary.p90_ns) == cases[i].p90);
		CHECK(!isnan(summary.p99_ns) == cases[i].p99);
		CHECK(!isnan(summary.p999_ns) == cases[i].p999);
	}
}

static void test_phases(void)
{
	fill(10); /* mean 1004.5, stages 600 */
	compute(&full_tally);
	CHECK(summary.make_ns == 100 && summary.encode_ns == 200 && summary.decode_ns == 300);
	CHECK(summary.read_ns == 40 && summary.release_ns == 50 && summary.verify_ns == 60);
	CHECK(summary.carry_ns == 404.5 && summary.overlap_ns == 0);
}

/* Of requests: a push has no other array; with both, all stages are taken from the mean. */
static void test_ways(void)
{
	struct tally tally = full_tally;

	tally.request_make_ns = 50 * tally.detailed[END_CLIENT];
	tally.request_encode_ns = 60 * tally.detailed[END_CLIENT];
	tally.request_decode_ns = 70 * tally.detailed[END_SERVER];
	tally.request_read_ns = 80 * tally.samples;
	tally.request_wire_bytes = 4321;
	fill(10); /* mean 1004.5, stages of the reply 600 */
	compute(&tally);
	summary_ways(&summary, DIRECTION_PULL, &tally);
	CHECK(isnan(summary.request_make_ns) && isnan(summary.request_wire_bytes));
	summary_ways(&summary, DIRECTION_BOTH, &tally);
	CHECK(summary.make_ns == 100 && summary.request_make_ns == 50);
	CHECK(summary.read_ns == 40 && summary.request_read_ns == 80);
	CHECK(summary.wire_bytes == 1234 && summary.request_wire_bytes == 4321);
	CHECK(summary.carry_ns == 224.5 && summary.overlap_ns == 0);
	compute(&tally);
	summary_ways(&summary, DIRECTION_PUSH, &tally);
	CHECK(summary.make_ns == 50 && summary.encode_ns == 60 && summary.decode_ns == 70);
	CHECK(summary.request_encode_ns == 60 && summary.request_decode_ns == 70);
	CHECK(summary.read_ns == 80 && summary.wire_bytes == 4321);
	CHECK(summary.carry_ns == 824.5);
}

static void test_overlap(void)
{
	struct tally tally = full_tally;

	tally.encode_ns = 8000;
	fill(10);
	compute(&tally);
	CHECK(summary.carry_ns == 0 && summary.overlap_ns == 195.5);
}

static void test_costs(void)
{
	const struct summary_end *client = &summary.ends[END_CLIENT];
	const struct summary_end *server = &summary.ends[END_SERVER];

	fill(10);
	compute(&full_tally);
	CHECK(client->cpu_ns == 10 && server->cpu_ns == 20);
	CHECK(client->page_faults == 0.2 && server->page_faults == 0.4);
	CHECK(client->context_switches == 3 && server->context_switches == 4);
	CHECK(client->involuntary_switches == 1 && server->involuntary_switches == 2);
	CHECK(client->migrations == 6 && server->migrations == 7);
	CHECK(client->peak_rss_bytes == 4096 && server->peak_rss_bytes == 8192);
}

/* What was not measured is unknown, not 0. */
static void test_unknown(void)
{
	struct tally foreign = full_tally;
	struct tally bare = {.samples = 10, .detailed = {[END_SERVER] = 10}};

	fill(10);
	foreign.detailed[END_SERVER] = foreign.costed[END_SERVER] = 0;
	compute(&foreign);
	CHECK(isnan(summary.make_ns) && isnan(summary.encode_ns) && isnan(summary.carry_ns));
	CHECK(isnan(summary.overlap_ns) && isnan(summary.ends[END_SERVER].cpu_ns));
	CHECK(summary.decode_ns == 300 && summary.ends[END_CLIENT].cpu_ns == 10);
	compute(&bare);
	CHECK(isnan(summary.ends[END_CLIENT].cpu_ns) && isnan(summary.wire_bytes));
	CHECK(isnan(summary.ends[END_SERVER].peak_rss_bytes) && isnan(summary.connect_ns));
	CHECK(summary.make_ns == 0);
	summary_compute(&summary, &latency, NULL, NULL, NULL, 0, PAYLOAD, NAN);
	CHECK(isnan(summary.p50_with_read_ns) && isnan(summary.memcpy_ratio));
	CHECK(isnan(summary.verified) && summary.samples == 10);
}

static void test_blocks(void)
{
	static const struct block_result blocks[] = {
		{.connect_ns = 5, .first_ns = NAN, .p50_ns = 200},
		{.connect_ns = 1, .first_ns = 8, .p50_ns = 250},
		{.connect_ns = 5, .first_ns = 6, .p50_ns = 210},
		{.connect_ns = 9, .first_ns = NAN, .p50_ns = NAN},
		{.connect_ns = 7, .first_ns = NAN, .p50_ns = 240},
	};

	fill(10);
	summary_compute(&summary, &latency, NULL, &full_tally, blocks, 5, PAYLOAD, 1);
	CHECK(summary.connect_ns == 5 && summary.first_ns == 7);
	CHECK_MSG(summary.p50_block_spread == 1.25, "%g", summary.p50_block_spread);
	summary_compute(&summary, &latency, NULL, &full_tally, blocks, 1, PAYLOAD, 1);
	CHECK(summary.connect_ns == 5 && isnan(summary.first_ns));
	CHECK(isnan(summary.p50_block_spread));
}

/*
 * The largest k with P(fewer than k of count below the median) <= 2.5 %, by
 * exact fractions; above 1000 it may be one less, which is on the safe side.
 */
static void test_ci_ranks(void)
{
	static const struct {
		uint64_t count, rank;
	} cases[] = {
		{0, 0}, {1, 0}, {5, 0}, {6, 1}, {8, 1}, {9, 2}, {10, 2}, {11, 2}, {12, 3}, {15, 4},
		{20, 6}, {25, 8}, {30, 10}, {50, 18}, {100, 40}, {1000, 469}, {1001, 469},
		{10000, 4902},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_MSG(middle_rank(cases[i].count) == cases[i].rank, "%zu: %zu",
			  (size_t)cases[i].count, (size_t)middle_rank(cases[i].count));
}

static void test_interval(void)
{
	fill(5);
	compute(&full_tally);
	CHECK(isnan(summary.p50_ci_low_ns) && isnan(summary.p50_ci_high_ns));
	fill(6);
	compute(&full_tally);
	CHECK(summary.p50_ci_low_ns == 1000 && summary.p50_ci_high_ns == 1005);
	fill(100);
	compute(&full_tally);
	CHECK(summary.p50_ci_low_ns == 1039 && summary.p50_ci_high_ns == 1060);
}

/* By hand: t of 3 degrees is 3.1824; the interval is no narrower than the histogram resolves. */
static void test_interval_of_blocks(void)
{
	static const struct block_result blocks[] = {
		{.p50_ns = 200, .warmed = 20, .steady = 1},
		{.p50_ns = 250, .warmed = 7, .steady = NAN},
		{.p50_ns = NAN, .steady = NAN},
		{.p50_ns = 210, .steady = 0},
		{.p50_ns = 240, .steady = 1},
	};

	fill(100);
	summary_compute(&summary, &latency, NULL, &full_tally, blocks, 5, PAYLOAD, 1);
	CHECK(summary.p50_ci_blocks == 4);
	CHECK_MSG(fabs(summary.p50_ci_low_ns - 189.1258) < 0.001, "%g", summary.p50_ci_low_ns);
	CHECK_MSG(fabs(summary.p50_ci_high_ns - 265.4297) < 0.001, "%g", summary.p50_ci_high_ns);
	CHECK_MSG(fabs(summary.precision_pct - 18.4675) < 0.001, "%g", summary.precision_pct);
	CHECK(summary.warmed == 27 && summary.steady == 0);
	summary_compute(&summary, &latency, NULL, &full_tally, blocks, 2, PAYLOAD, 1);
	CHECK(summary.p50_ci_blocks == 0 && summary.p50_ci_low_ns == 1039);
	CHECK(isnan(summary.precision_pct) && summary.steady == 1);
}

static void test_merge(void)
{
	struct tally tally = {.wire_bytes = 7, .peak_rss_bytes = {[END_CLIENT] = 5000}};
	const struct end_cost *client = &tally.cost[END_CLIENT];
	const struct end_cost *server = &tally.cost[END_SERVER];
	struct tally silent = {.samples = 1};

	tally_merge(&tally, &full_tally);
	tally_merge(&tally, &full_tally);
	tally_merge(&tally, &silent);
	CHECK(tally.samples == 21 && tally.verified == 18);
	CHECK(tally.detailed[END_CLIENT] == 10 && tally.detailed[END_SERVER] == 20);
	CHECK(tally.costed[END_CLIENT] == 10 && tally.costed[END_SERVER] == 10);
	CHECK(tally.make_ns == 2000 && tally.encode_ns == 4000);
	CHECK(tally.decode_ns == 3000 && tally.read_ns == 800 && tally.release_ns == 1000);
	CHECK(tally.verify_ns == 1200 && client->cpu_ns == 100 && server->cpu_ns == 200);
	CHECK(client->page_faults == 2 && server->page_faults == 4);
	CHECK(client->context_switches == 30 && server->context_switches == 40);
	CHECK(client->involuntary_switches == 10 && server->involuntary_switches == 20);
	CHECK(client->migrations == 60 && server->migrations == 70);
	CHECK(tally.wire_bytes == 1234);
	CHECK(tally.peak_rss_bytes[END_CLIENT] == 5000);
	CHECK(tally.peak_rss_bytes[END_SERVER] == 8192);
}

static const struct test tests[] = {
	{"summary of nothing is unknown throughout", test_nothing},
	{"summary of latencies", test_latency},
	{"summary gives the percentiles that the samples carry", test_percentiles_carried},
	{"summary of phases", test_phases},
	{"summary of both ways", test_ways},
	{"summary of phases that overlap", test_overlap},
	{"summary of costs", test_costs},
	{"summary leaves the unmeasured unknown", test_unknown},
	{"summary of blocks takes medians", test_blocks},
	{"summary ranks of the median's interval", test_ci_ranks},
	{"summary interval of the median", test_interval},
	{"summary interval of the median of blocks", test_interval_of_blocks},
	{"tally merges", test_merge},
};

TEST_MAIN(tests)
