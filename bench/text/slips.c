/* SPDX-License-Identifier: MIT */
/* The distance of two words, a swap of two neighbours being one slip. */
#include "bench/text/slips.h"

#include <stdint.h>
#include <string.h>

/* For each beginning of b, what makes it of the beginning of a that was looked at last. */
struct rows {
	size_t now[SLIPS_LETTERS_MAX + 1];
	size_t before[SLIPS_LETTERS_MAX + 1];
	size_t twice_before[SLIPS_LETTERS_MAX + 1];
};

static size_t lesser(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The row of a's first i letters, i at least 1. */
static void row_fill(struct rows *rows, const char *a, size_t i, const char *b)
{
	rows->now[0] = i;
	for (size_t j = 1; b[j - 1]; j++) {
		size_t put_in = lesser(rows->now[j - 1], rows->before[j]) + 1;
		size_t taken_for = rows->before[j - 1] + (a[i - 1] != b[j - 1]);

		rows->now[j] = lesser(put_in, taken_for);
		if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
			rows->now[j] = lesser(rows->now[j], rows->twice_before[j - 2] + 1);
	}
}

size_t slips_between(const char *a, const char *b)
{
	struct rows rows;

	if (strlen(a) > SLIPS_LETTERS_MAX || strlen(b) > SLIPS_LETTERS_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= SLIPS_LETTERS_MAX; j++)
		rows.now[j] = rows.before[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		memcpy(rows.twice_before, rows.before, sizeof(rows.before));
		memcpy(rows.before, rows.now, sizeof(rows.now));
		row_fill(&rows, a, i, b);
	}
	return rows.now[strlen(b)];
}

size_t slips_forgiven(const char *word)
{
	return strlen(word) / 3 + (strlen(word) < 3 ? 0 : 1);
}
