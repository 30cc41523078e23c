/* SPDX-License-Identifier: MIT */
/* What two rows of one cell show: ratios, their intervals, a verdict, and why there is none. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/diff.h"
#include "bench/stats/range.h"
#include "bench/stats/ratio.h"
#include "bench/stats/student.h"
#include "bench/text/text.h"

bool diff_is_done(const struct diff_cell *cell)
{
	return strcmp(cell->state, "done") == 0;
}

static double log_distance(double low, double high)
{
	return fmax(log(high / low), DIFF_RESOLUTION);
}

/* The mean of the logarithms of something's blocks, how well it is known, and by how many. */
struct mean {
	double middle, error, degrees; /* error: NAN if nothing is known */
};

/* More blocks than any run measures; a file may say anything. */
#define BLOCKS_MOST 1e6

/* From an interval by Student's t over so many blocks. */
static struct mean mean_of_interval(const struct diff_interval *interval, double blocks)
{
	bool counted = blocks >= 3 && blocks <= BLOCKS_MOST;
	double degrees = counted ? floor(blocks) - 1 : 2;

	if (!(interval->low > 0) || !(interval->low <= interval->high))
		return (struct mean){NAN, NAN, NAN};
	return (struct mean){
		.middle = log(interval->low) / 2 + log(interval->high) / 2,
		.error = log_distance(interval->low, interval->high) / 2 /
			 student_two_sided(RATIO_CONFIDENCE, degrees),
		.degrees = degrees,
	};
}

static struct mean mean_of_blocks(const struct diff_cell *cell)
{
	bool counted = cell->blocks >= 2 && cell->blocks <= BLOCKS_MOST;
	struct range_scatter scatter =
		range_scatter_of(cell->block_range, counted ? (size_t)cell->blocks : 0);

	if (cell->from_blocks)
		return mean_of_interval(&cell->p50_ns, cell->blocks);
	return (struct mean){
		.middle = log(cell->p50_ns.value),
		.error = scatter.sigma / sqrt(cell->blocks),
		.degrees = scatter.degrees,
	};
}

/* Half of the interval of their difference, by Welch's test. */
static double means_distance(const struct mean *a, const struct mean *b)
{
	double va = a->error * a->error;
	double vb = b->error * b->error;
	double v = va + vb;

	if (!(v > 0))
		return DIFF_RESOLUTION;
	return fmax(
		DIFF_RESOLUTION,
		sqrt(v) * student_two_sided(RATIO_CONFIDENCE,
					    v * v / (va * va / a->degrees + vb * vb / b->degrees)));
}

/* Does it hold its own value? One that does not says nothing. */
static bool interval_is_whole(const struct diff_interval *interval)
{
	return interval->low > 0 && interval->low <= interval->value &&
	       interval->value <= interval->high;
}

/* How far a ratio of two figures may lie below and above: their distances add up as squares do. */
static void ratio_distances(const struct diff_interval *a, const struct diff_interval *b,
			    double *below, double *above)
{
	*below = hypot(log_distance(b->low, b->value), log_distance(a->value, a->high));
	*above = hypot(log_distance(b->value, b->high), log_distance(a->low, a->value));
}

static bool cell_has_ranks(const struct diff_cell *cell)
{
	return !cell->from_blocks && interval_is_whole(&cell->p50_ns);
}

/* Of the medians: by blocks, or by ranks; without an interval if neither is on both sides. */
static struct diff_interval ratio_of_medians(const struct diff_cell *a, const struct diff_cell *b)
{
	struct mean means[] = {mean_of_blocks(a), mean_of_blocks(b)};
	bool blocks = !isnan(means[0].error) && !isnan(means[1].error);
	bool ranks = cell_has_ranks(a) && cell_has_ranks(b);
	double ratio = b->p50_ns.value / a->p50_ns.value;
	double middle = blocks ? means[1].middle - means[0].middle : log(ratio);
	double below = 0;
	double above = 0;
	double distance;

	if (!blocks && !ranks)
		return (struct diff_interval){ratio, NAN, NAN};
	if (ranks)
		ratio_distances(&a->p50_ns, &b->p50_ns, &below, &above);
	distance = blocks ? means_distance(&means[0], &means[1]) : 0;
	return (struct diff_interval){ratio, exp(middle - fmax(below, distance)),
				      exp(middle + fmax(above, distance))};
}

static struct diff_interval ratio_of_references(const struct diff_cell *a,
						const struct diff_cell *b)
{
	double ratio = b->reference.value / a->reference.value;
	double below, above;

	if (!interval_is_whole(&a->reference) || !interval_is_whole(&b->reference))
		return (struct diff_interval){NAN, NAN, NAN};
	ratio_distances(&a->reference, &b->reference, &below, &above);
	return (struct diff_interval){ratio, ratio * exp(-below), ratio * exp(above)};
}

/* The share of the CPUs' time that was others'; NAN where it is not known. */
static double busy_share(const struct diff_cell *cell)
{
	double others = cell->others_share; /* not known of a server that is not ours */

	return cell->steal_share + (isnan(others) ? 0 : others);
}

/* By how much the machine alone may have made one of two equal cells slower: 1 is not at all. */
static double busy_factor(double excess, bool referenced)
{
	double factor = excess < 0.5 ? 1 / (1 - 2 * excess) : INFINITY;

	if (!(excess > DIFF_BUSIER)) /* not if it is unknown either */
		return 1;
	return referenced ? sqrt(factor) : factor;
}

/* What stands in the way of a verdict that the interval alone would give. */
static enum diff_cause row_doubt(const struct diff_row *row, enum diff_verdict verdict)
{
	bool referenced = diff_is_referenced(row);
	const struct diff_interval *ratio = referenced ? &row->referenced : &row->ratio;
	double excess = busy_share(row->b) - busy_share(row->a);

	if (verdict == DIFF_SLOWER && ratio->low <= busy_factor(excess, referenced))
		return DIFF_CAUSE_BUSIER_B;
	if (verdict == DIFF_FASTER && 1 / ratio->high <= busy_factor(-excess, referenced))
		return DIFF_CAUSE_BUSIER_A;
	if (referenced)
		return DIFF_CAUSE_NONE;
	if (*row->a->governor && *row->b->governor &&
	    strcmp(row->a->governor, row->b->governor) != 0)
		return DIFF_CAUSE_GOVERNOR;
	return ratio->low <= DIFF_STATES && ratio->high >= 1 / DIFF_STATES ? DIFF_CAUSE_STATE :
									     DIFF_CAUSE_NONE;
}

static enum diff_verdict interval_verdict(const struct diff_interval *ratio)
{
	static const enum diff_verdict verdicts[] = {
		[RATIO_UNDECIDED] = DIFF_UNDECIDED,
		[RATIO_SAME] = DIFF_SAME,
		[RATIO_FASTER] = DIFF_FASTER,
		[RATIO_SLOWER] = DIFF_SLOWER,
	};

	return verdicts[ratio_judge(ratio->low, ratio->high)];
}

static void row_decide(struct diff_row *row)
{
	bool referenced = diff_is_referenced(row);

	row->verdict = interval_verdict(referenced ? &row->referenced : &row->ratio);
	if (row->verdict == DIFF_UNDECIDED)
		row->cause = DIFF_CAUSE_FEW;
	else if (row->verdict == DIFF_SAME)
		row->cause = referenced ? DIFF_CAUSE_NONE : DIFF_CAUSE_STATE;
	else
		row->cause = row_doubt(row, row->verdict);
	if (row->cause != DIFF_CAUSE_NONE)
		row->verdict = DIFF_UNDECIDED;
}

/* Has it any interval, of whichever kind? */
static bool cell_has_interval(const struct diff_cell *cell)
{
	return cell_has_ranks(cell) || !isnan(mean_of_blocks(cell).error);
}

void diff_judge(struct diff_row *row)
{
	const struct diff_cell *a = row->a;
	const struct diff_cell *b = row->b;

	row->ratio = row->referenced = (struct diff_interval){NAN, NAN, NAN};
	row->cause = DIFF_CAUSE_NONE;
	row->verdict = !b ? DIFF_ONLY_A : !a ? DIFF_ONLY_B : DIFF_INCOMPARABLE;
	if (!a || !b || !diff_is_done(a) || !diff_is_done(b))
		return;
	row->ratio = ratio_of_medians(a, b);
	row->referenced = ratio_of_references(a, b);
	if (isnan(row->ratio.value))
		return;
	if (diff_is_referenced(row) || !isnan(row->ratio.low)) {
		row_decide(row);
	} else if (cell_has_interval(a) && cell_has_interval(b)) {
		row->verdict = DIFF_UNDECIDED;
		row->cause = DIFF_CAUSE_MIXED;
	}
}

bool diff_is_referenced(const struct diff_row *row)
{
	return !isnan(row->referenced.low);
}

bool diff_disagrees(const struct diff_row *row)
{
	return row->referenced.low > row->ratio.high || row->referenced.high < row->ratio.low;
}

bool diff_is_slower_by(const struct diff_row *row, double percent)
{
	double low = diff_is_referenced(row) ? row->referenced.low : row->ratio.low;

	return row->verdict == DIFF_SLOWER && low > 1 + percent / 100;
}

/* Why one cell cannot be compared; NULL if it can. */
static const char *cell_lack(const struct diff_cell *cell)
{
	if (!diff_is_done(cell))
		return *cell->state ? cell->state : "has no state";
	if (isnan(cell->p50_ns.value))
		return "has no median";
	if (cell_has_interval(cell))
		return NULL;
	return isnan(cell->p50_ns.low) || isnan(cell->p50_ns.high) ?
		       "has too few samples for an interval" :
		       "has an interval without its median";
}

static void lacks_text(const struct diff_row *row, char text[DIFF_TEXT_BYTES])
{
	const struct diff_cell *cells[] = {row->a, row->b};
	size_t used = 0;

	for (size_t i = 0; i < 2; i++) {
		const char *lack = cell_lack(cells[i]);
		bool reason = lack && !diff_is_done(cells[i]) && *cells[i]->reason;

		if (lack)
			used += (size_t)snprintf(text + used, DIFF_TEXT_BYTES - used,
						 "%s%c %.40s%s%.180s", used ? "; " : "", "AB"[i],
						 lack, reason ? ": " : "",
						 reason ? cells[i]->reason : "");
	}
}

/* "the machine was busier in B: steal and other work 3.1 % in A, 24 % in B". */
static void busier_text(const struct diff_row *row, char side, char text[DIFF_TEXT_BYTES])
{
	char shares[2][TEXT_NUMBER_BYTES];

	(void)snprintf(text, DIFF_TEXT_BYTES,
		       "the machine was busier in %c: steal and other work %s %% in A, %s %% in B",
		       side, text_significant(100 * busy_share(row->a), 2, shares[0]),
		       text_significant(100 * busy_share(row->b), 2, shares[1]));
}

/* "12 blocks each cannot tell", "3 and 12 blocks cannot tell". */
static void few_text(const struct diff_row *row, char text[DIFF_TEXT_BYTES])
{
	double a = row->a->blocks;
	double b = row->b->blocks;

	if (isnan(a) || isnan(b))
		(void)snprintf(text, DIFF_TEXT_BYTES, "the interval holds 1");
	else if (a == b)
		(void)snprintf(text, DIFF_TEXT_BYTES, "%.0f block%s each cannot tell", a,
			       a == 1 ? "" : "s");
	else
		(void)snprintf(text, DIFF_TEXT_BYTES, "%.0f and %.0f blocks cannot tell", a, b);
}

char *diff_why(const struct diff_row *row, char text[DIFF_TEXT_BYTES])
{
	text[0] = '\0';
	if (row->verdict == DIFF_INCOMPARABLE)
		lacks_text(row, text);
	switch (row->cause) {
	case DIFF_CAUSE_NONE:
		break;
	case DIFF_CAUSE_FEW:
		few_text(row, text);
		break;
	case DIFF_CAUSE_STATE:
		(void)snprintf(text, DIFF_TEXT_BYTES, "no reference, and below a factor of %.0f",
			       DIFF_STATES);
		break;
	case DIFF_CAUSE_MIXED:
		(void)snprintf(text, DIFF_TEXT_BYTES,
			       "the interval of %s is from ranks, of %s from blocks",
			       row->a->from_blocks ? "B" : "A", row->a->from_blocks ? "A" : "B");
		break;
	case DIFF_CAUSE_BUSIER_A:
		busier_text(row, 'A', text);
		break;
	case DIFF_CAUSE_BUSIER_B:
		busier_text(row, 'B', text);
		break;
	case DIFF_CAUSE_GOVERNOR:
		(void)snprintf(text, DIFF_TEXT_BYTES, "the governor is %.40s in A, %.40s in B",
			       row->a->governor, row->b->governor);
		break;
	}
	return text;
}
