/* SPDX-License-Identifier: MIT */
/* What two results differ in as a whole: where and with what they were measured. */
#include "bench/report/diff.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/text/csv_write.h"
#include "bench/text/text.h"
#include "transports/unused.h"

static const struct fact_row {
	const char *column;
	const char *differs;
} fact_table[DIFF_FACTS] = {
	[DIFF_HOST] = {"host", "another machine"},
	[DIFF_CPU] = {"cpu", "another processor"},
	[DIFF_KERNEL] = {"kernel", "another kernel"},
	[DIFF_GOVERNOR] = {"governor", "another governor"},
	[DIFF_VERSION] = {"ipctop_version", "another ipctop"},
};

/* The values that one side has of something: the first, and how many others. */
struct values {
	const char **all;
	size_t count;
};

static int values_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts them and leaves one of each. */
static void values_unite(struct values *values)
{
	size_t kept = 0;

	qsort(values->all, values->count, sizeof(values->all[0]), values_compare);
	for (size_t i = 0; i < values->count; i++) {
		if (!kept || strcmp(values->all[kept - 1], values->all[i]) != 0)
			values->all[kept++] = values->all[i];
	}
	values->count = kept;
}

typedef const char *value_of(const struct diff_side *side, const struct diff_cell *cell,
			     unsigned what);

static const char *fact_of(const struct diff_side *side, const struct diff_cell *cell,
			   unsigned what)
{
	const struct csv *csv = side->csv;

	return csv_text_plain(csv_field(csv, cell->row, csv_column(csv, fact_table[what].column)));
}

static const char *key_of(const struct diff_side *side UNUSED, const struct diff_cell *cell,
			  unsigned what)
{
	return cell->keys[what];
}

static int values_fill(struct values *values, const struct diff_side *side, value_of *of,
		       unsigned what)
{
	values->all = calloc(side->count + 1, sizeof(values->all[0]));
	values->count = 0;
	if (!values->all)
		return -1;
	for (size_t i = 0; i < side->count; i++)
		values->all[values->count++] = of(side, &side->cells[i], what);
	values_unite(values);
	return 0;
}

static bool values_equal(const struct values *a, const struct values *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		if (strcmp(a->all[i], b->all[i]) != 0)
			return false;
	}
	return a->count == b->count;
}

static bool values_disjoint(const struct values *a, const struct values *b)
{
	size_t j = 0;

	for (size_t i = 0; i < a->count; i++) {
		while (j < b->count && strcmp(b->all[j], a->all[i]) < 0)
			j++;
		if (j < b->count && strcmp(b->all[j], a->all[i]) == 0)
			return false;
	}
	return true;
}

typedef bool values_test(const struct values *a, const struct values *b);

/* "server in B and 1 more". Returns the bytes written. */
static size_t values_tell(const struct values *values, char name, char *text, size_t capacity)
{
	const char *first = *values->all[0] ? values->all[0] : "unknown";

	if (values->count > 1)
		return (size_t)snprintf(text, capacity, "%.100s and %zu more in %c", first,
					values->count - 1, name);
	return (size_t)snprintf(text, capacity, "%.100s in %c", first, name);
}

static bool values_equal_not(const struct values *a, const struct values *b)
{
	return !values_equal(a, b);
}

/* What to look at, and what to look for. */
struct contrast {
	const char *name;
	value_of *of;
	unsigned what;
	values_test *test;
};

/* Tells what the two sides have, if the test holds. A side without cells has nothing to tell. */
static char *sides_tell(const struct diff *diff, const struct contrast *contrast,
			char text[DIFF_TEXT_BYTES])
{
	struct values values[2] = {0};
	char *told = NULL;
	size_t used;

	if (values_fill(&values[0], &diff->sides[0], contrast->of, contrast->what) == 0 &&
	    values_fill(&values[1], &diff->sides[1], contrast->of, contrast->what) == 0 &&
	    values[0].count && values[1].count && contrast->test(&values[0], &values[1])) {
		used = (size_t)snprintf(text, DIFF_TEXT_BYTES, "%s: ", contrast->name);
		used += values_tell(&values[0], 'A', text + used, DIFF_TEXT_BYTES - used);
		used += (size_t)snprintf(text + used, DIFF_TEXT_BYTES - used, ", ");
		(void)values_tell(&values[1], 'B', text + used, DIFF_TEXT_BYTES - used);
		told = text;
	}
	free(values[0].all);
	free(values[1].all);
	return told;
}

char *diff_fact_differs(const struct diff *diff, enum diff_fact fact, char text[DIFF_TEXT_BYTES])
{
	const struct contrast contrast = {fact_table[fact].differs, fact_of, fact,
					  values_equal_not};

	return sides_tell(diff, &contrast, text);
}

char *diff_key_disjoint(const struct diff *diff, enum diff_key key, char text[DIFF_TEXT_BYTES])
{
	const struct contrast contrast = {diff_key_names[key], key_of, key, values_disjoint};

	return sides_tell(diff, &contrast, text);
}

/* The mean over the cells that know the figure; NAN if none does. */
static double side_mean(const struct diff_side *side,
			double (*figure)(const struct diff_cell *cell))
{
	double sum = 0;
	size_t count = 0;

	for (size_t i = 0; i < side->count; i++) {
		double value = figure(&side->cells[i]);

		if (isnan(value))
			continue;
		sum += value;
		count++;
	}
	return count ? sum / (double)count : NAN;
}

static double steal_of(const struct diff_cell *cell)
{
	return cell->steal_share;
}

static double others_of(const struct diff_cell *cell)
{
	return cell->others_share;
}

/* "3.1 %", "unknown". */
static char *share_text(double share, char text[TEXT_NUMBER_BYTES + 4])
{
	char number[TEXT_NUMBER_BYTES];

	if (isnan(share))
		(void)snprintf(text, TEXT_NUMBER_BYTES + 4, "unknown");
	else
		(void)snprintf(text, TEXT_NUMBER_BYTES + 4, "%s %%",
			       text_significant(100 * share, 2, number));
	return text;
}

char *diff_busier(const struct diff *diff, char text[DIFF_TEXT_BYTES])
{
	double steal[2], others[2];
	char shares[4][TEXT_NUMBER_BYTES + 4];
	double excess;

	for (size_t i = 0; i < 2; i++) {
		steal[i] = side_mean(&diff->sides[i], steal_of);
		others[i] = side_mean(&diff->sides[i], others_of);
	}
	excess = steal[1] - steal[0];
	if (!isnan(others[1] - others[0]))
		excess += others[1] - others[0];
	if (!(fabs(excess) > DIFF_BUSIER))
		return NULL;
	(void)snprintf(
		text, DIFF_TEXT_BYTES,
		"the machine was busier in %c: steal %s and other work %s in A, %s and %s in "
		"B (means over the cells)",
		"AB"[excess > 0], share_text(steal[0], shares[0]), share_text(others[0], shares[1]),
		share_text(steal[1], shares[2]), share_text(others[1], shares[3]));
	return text;
}
