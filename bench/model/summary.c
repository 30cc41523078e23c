/* SPDX-License-Identifier: MIT */
/* The figures of a cell, from its histograms and sums. */
#include "bench/model/summary.h"

#include <math.h>

#include "bench/stats/interval.h"
#include "bench/stats/middle.h"

/* struct summary is nothing but doubles. */
static void summary_clear(struct summary *summary)
{
	double *figures = (double *)summary;

	_Static_assert(sizeof(*summary) % sizeof(double) == 0, "a figure is a double");
	for (size_t i = 0; i < sizeof(*summary) / sizeof(double); i++)
		figures[i] = NAN;
}

double summary_within_ns(const struct summary *summary)
{
	return (summary->p50_ci_high_ns - summary->p50_ci_low_ns) / 2;
}

static double value_at_rank(const struct hist *hist, uint64_t rank)
{
	return (double)hist_percentile(hist, 100.0 * (double)rank / (double)hist->count);
}

/* A histogram gives a median to 0.05 % (bench/stats/hist.h). */
#define MEDIAN_RESOLUTION 0.0005

static struct interval interval_of_blocks(const struct block_result *blocks, size_t count)
{
	struct moments logs = {0};

	for (size_t i = 0; i < count; i++)
		if (blocks[i].p50_ns > 0)
			moments_add(&logs, log(blocks[i].p50_ns));
	return interval_of_logs(&logs, MEDIAN_RESOLUTION);
}

/* Of the median of blocks; of fewer than three, of the median within the run, by ranks. */
static void fill_interval(struct summary *out, const struct hist *latency,
			  const struct block_result *blocks, size_t count)
{
	struct interval interval = interval_of_blocks(blocks, count);
	uint64_t rank = middle_rank(latency->count);

	out->p50_ci_blocks = 0;
	if (interval.low > 0) {
		out->p50_ci_blocks = (double)interval.count;
		out->p50_ci_low_ns = interval.low;
		out->p50_ci_high_ns = interval.high;
		out->precision_pct = 100 * interval_half_width(&interval);
		return;
	}
	if (rank == 0)
		return;
	out->p50_ci_low_ns = value_at_rank(latency, rank);
	out->p50_ci_high_ns = value_at_rank(latency, latency->count + 1 - rank);
}

/* A percentile is given only if at least ten samples lie beyond it. */
static double percentile_if(const struct hist *hist, double percent, uint64_t count_least)
{
	return hist->count >= count_least ? (double)hist_percentile(hist, percent) : NAN;
}

static void fill_latency(struct summary *out, const struct hist *latency)
{
	out->samples = (double)latency->count;
	out->min_ns = (double)latency->min_ns;
	out->max_ns = (double)latency->max_ns;
	out->p50_ns = percentile_if(latency, 50, 1);
	out->p90_ns = percentile_if(latency, 90, 100);
	out->p99_ns = percentile_if(latency, 99, 1000);
	out->p999_ns = percentile_if(latency, 99.9, 10000);
	out->mean_ns = hist_mean_ns(latency);
	out->stddev_ns = hist_stddev_ns(latency);
}

double summary_known(uint64_t value)
{
	return value ? (double)value : NAN;
}

static double mean_of(uint64_t sum, uint64_t count)
{
	return count ? (double)sum / (double)count : NAN;
}

static double told_mean(const struct tally *tally, enum tally_unknown figure, uint64_t sum)
{
	return tally->unknown & figure ? NAN : mean_of(sum, tally->samples);
}

/* What the stages, which may overlap, leave of the mean; unknown with them. */
static void fill_carry(struct summary *out, double stages)
{
	if (isnan(stages))
		return;
	out->carry_ns = fmax(0, out->mean_ns - stages);
	out->overlap_ns = fmax(0, stages - out->mean_ns);
}

static void fill_phases(struct summary *out, const struct tally *tally)
{
	out->make_ns = mean_of(tally->make_ns, tally->detailed[END_SERVER]);
	out->encode_ns = mean_of(tally->encode_ns, tally->detailed[END_SERVER]);
	out->decode_ns = mean_of(tally->decode_ns, tally->detailed[END_CLIENT]);
	out->read_ns = told_mean(tally, TALLY_READ, tally->read_ns);
	out->release_ns = told_mean(tally, TALLY_RELEASE, tally->release_ns);
	out->verify_ns = told_mean(tally, TALLY_VERIFY, tally->verify_ns);
	fill_carry(out, out->make_ns + out->encode_ns + out->decode_ns);
}

static double request_stages(const struct summary *summary)
{
	return summary->request_make_ns + summary->request_encode_ns + summary->request_decode_ns;
}

/* Only the request has an array: what is known of arrays is known of that one. */
static void fill_push(struct summary *out)
{
	out->wire_bytes = out->request_wire_bytes;
	out->make_ns = out->request_make_ns;
	out->encode_ns = out->request_encode_ns;
	out->decode_ns = out->request_decode_ns;
	out->read_ns = out->request_read_ns;
	fill_carry(out, request_stages(out));
}

void summary_ways(struct summary *out, enum direction direction, const struct tally *tally)
{
	if (direction == DIRECTION_PULL || !tally->samples)
		return;
	out->request_wire_bytes = summary_known(tally->request_wire_bytes);
	out->request_make_ns = mean_of(tally->request_make_ns, tally->detailed[END_CLIENT]);
	out->request_encode_ns = mean_of(tally->request_encode_ns, tally->detailed[END_CLIENT]);
	out->request_decode_ns = mean_of(tally->request_decode_ns, tally->detailed[END_SERVER]);
	out->request_read_ns = told_mean(tally, TALLY_REQUEST_READ, tally->request_read_ns);
	if (direction == DIRECTION_PUSH) {
		fill_push(out);
		return;
	}
	fill_carry(out, out->make_ns + out->encode_ns + out->decode_ns + request_stages(out));
}

static void fill_end(struct summary_end *out, const struct tally *tally, enum end end)
{
	const struct end_cost *cost = &tally->cost[end];
	uint64_t count = tally->costed[end];

	out->cpu_ns = mean_of(cost->cpu_ns, count);
	out->page_faults = mean_of(cost->page_faults, count);
	out->context_switches = mean_of(cost->context_switches, count);
	out->involuntary_switches = mean_of(cost->involuntary_switches, count);
	out->migrations = mean_of(cost->migrations, count);
	out->peak_rss_bytes = summary_known(tally->peak_rss_bytes[end]);
}

static void fill_costs(struct summary *out, const struct tally *tally)
{
	for (enum end end = 0; end < ENDS; end++)
		fill_end(&out->ends[end], tally, end);
	out->wire_bytes = summary_known(tally->wire_bytes);
	out->verified = summary_known(tally->verified); /* none: nothing to compare with */
}

static double block_connect_ns(const struct block_result *block)
{
	return block->connect_ns;
}

static double block_first_ns(const struct block_result *block)
{
	return block->first_ns;
}

static double block_p50_ns(const struct block_result *block)
{
	return block->p50_ns;
}

typedef double block_figure(const struct block_result *block);

/* How many of the known figures are below value. */
static size_t count_below(const struct block_result *blocks, size_t count, block_figure *figure,
			  double value)
{
	size_t below = 0;

	for (size_t i = 0; i < count; i++)
		below += figure(&blocks[i]) < value;
	return below;
}

/* The rank'th smallest (from 0) of the known figures. Blocks are few: no sorting, no memory. */
static double block_at_rank(const struct block_result *blocks, size_t count, block_figure *figure,
			    size_t rank)
{
	double found = NAN;

	for (size_t i = 0; i < count; i++) {
		double value = figure(&blocks[i]);

		if (count_below(blocks, count, figure, value) <= rank)
			found = fmax(found, value); /* passes over NaN */
	}
	return found;
}

static double block_median(const struct block_result *blocks, size_t count, block_figure *figure)
{
	size_t known_count = count_below(blocks, count, figure, INFINITY);

	if (known_count == 0)
		return NAN;
	return (block_at_rank(blocks, count, figure, (known_count - 1) / 2) +
		block_at_rank(blocks, count, figure, known_count / 2)) / 2;
}

void summary_load(struct summary *out, const struct hist *planned, const struct tally *tally,
		  uint64_t clients)
{
	/* The clients' times lie side by side: their mean is what passed. */
	if (tally->samples && tally->wall_ns)
		out->achieved_rate = (double)tally->samples * 1e9 * (double)clients /
				     (double)tally->wall_ns;
	if (!planned || planned->count == 0)
		return;
	out->planned_p50_ns = percentile_if(planned, 50, 1);
	out->planned_p90_ns = percentile_if(planned, 90, 100);
	out->planned_p99_ns = percentile_if(planned, 99, 1000);
	out->planned_p999_ns = percentile_if(planned, 99.9, 10000);
	out->planned_max_ns = (double)planned->max_ns;
}

/* The highest median over the lowest, NaN below two. */
static double block_spread(const struct block_result *blocks, size_t count)
{
	return count < 2 ? NAN :
			   block_at_rank(blocks, count, block_p50_ns, count - 1) /
				   block_at_rank(blocks, count, block_p50_ns, 0);
}

/* What was dropped, and whether the rest was steady in every block that could tell. */
static void fill_warmth(struct summary *out, const struct block_result *blocks, size_t count)
{
	if (count)
		out->warmed = 0;
	for (size_t i = 0; i < count; i++) {
		out->warmed += (double)blocks[i].warmed;
		out->steady = fmin(out->steady, blocks[i].steady); /* passes over NaN */
	}
}

void summary_compute(struct summary *out, const struct hist *latency, const struct hist *with_read,
		     const struct tally *tally, const struct block_result *blocks,
		     size_t block_count, uint64_t payload_bytes, double memcpy_ns)
{
	summary_clear(out);
	if (!latency || latency->count == 0)
		return;
	fill_latency(out, latency);
	if (with_read && with_read->count == latency->count)
		out->p50_with_read_ns = (double)hist_percentile(with_read, 50);
	if (tally && tally->samples) {
		fill_phases(out, tally);
		fill_costs(out, tally);
	}
	fill_interval(out, latency, blocks, block_count);
	fill_warmth(out, blocks, block_count);
	out->connect_ns = block_median(blocks, block_count, block_connect_ns);
	out->first_ns = block_median(blocks, block_count, block_first_ns);
	out->p50_block_spread = block_spread(blocks, block_count);
	if (out->p50_ns > 0) {
		out->throughput_bytes_per_s = (double)payload_bytes / out->p50_ns * 1e9;
		out->memcpy_ratio = out->p50_ns / memcpy_ns;
	}
}
