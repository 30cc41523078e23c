/* SPDX-License-Identifier: MIT */
/* Quantities as people type them: a number, and a unit from a table. */
#include "bench/text/quantity.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The size is what the unit counts of the smallest thing that is told apart. */
struct unit {
	const char *name;
	uint64_t size;
};

static const struct unit time_units[] = {
	{"", BILLION},
	{"ns", 1},
	{"us", 1000},
	{"\xc2\xb5s", 1000}, /* U+00B5, which fmt_ns writes, and U+03BC, which keyboards have */
	{"\xce\xbcs", 1000},
	{"ms", 1000000},
	{"s", BILLION},
	{"m", 60 * BILLION},
	{"min", 60 * BILLION},
	{"h", 3600 * BILLION},
	{NULL, 0},
};

static const struct unit count_units[] = {
	{"", 1},
	{"k", 1000},
	{"M", 1000000},
	{NULL, 0},
};

static const struct unit byte_units[] = {
	{"", 1},
	{"B", 1},
	{"K", UINT64_C(1) << 10},
	{"M", UINT64_C(1) << 20},
	{"G", UINT64_C(1) << 30},
	{"KiB", UINT64_C(1) << 10},
	{"MiB", UINT64_C(1) << 20},
	{"GiB", UINT64_C(1) << 30},
	{"kB", 1000},
	{"MB", 1000000},
	{"GB", BILLION},
	{NULL, 0},
};

static const struct unit billionth_units[] = {
	{"", BILLION},
	{"k", 1000 * BILLION},
	{"M", 1000000 * BILLION},
	{NULL, 0},
};

static const struct unit percent_units[] = {
	{"", BILLION},
	{"%", BILLION},
	{NULL, 0},
};

struct number {
	uint64_t whole;      /* UINT64_MAX if it is more */
	uint64_t billionths; /* of one, below BILLION */
	bool finer;          /* there was more behind them than zeros */
};

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static void digit_append(uint64_t *number, uint64_t digit)
{
	if (__builtin_mul_overflow(*number, 10, number) ||
	    __builtin_add_overflow(*number, digit, number))
		*number = UINT64_MAX;
}

/* Reads digits and one point at *text, and moves it behind them. -1 if there is no digit. */
static int number_read(const char **text, struct number *number)
{
	uint64_t unit = BILLION;
	const char *p = *text;
	size_t digits = 0;

	for (; is_digit(*p); p++, digits++)
		digit_append(&number->whole, (uint64_t)(*p - '0'));
	if (*p == '.')
		for (p++; is_digit(*p); p++, digits++) {
			unit /= 10;
			number->billionths += (uint64_t)(*p - '0') * unit;
			number->finer |= !unit && *p != '0';
		}
	*text = p;
	return digits ? 0 : -1;
}

static const struct unit *unit_find(const struct unit *units, const char *name)
{
	name += *name == ' ';
	while (units->name && strcmp(units->name, name) != 0)
		units++;
	return units->name ? units : NULL;
}

/* Reads text as so many of the smallest; whole: there may be no fraction of that. */
static int quantity_read(const char *text, const struct unit *units, bool whole, uint64_t *out)
{
	struct number number = {0};
	const struct unit *unit;
	unsigned __int128 sum;

	if (number_read(&text, &number) != 0)
		return -1;
	unit = unit_find(units, text);
	if (!unit || (*text == ' ' && !*unit->name))
		return -1;
	sum = (unsigned __int128)number.billionths * unit->size;
	if (whole && (sum % BILLION || number.finer))
		return -1;
	sum = sum / BILLION + (unsigned __int128)number.whole * unit->size;
	*out = sum < UINT64_MAX ? (uint64_t)sum : UINT64_MAX;
	return 0;
}

int quantity_time_ns(const char *text, uint64_t *ns)
{
	return quantity_read(text, time_units, false, ns);
}

int quantity_count(const char *text, uint64_t *count)
{
	return quantity_read(text, count_units, true, count);
}

int quantity_bytes(const char *text, uint64_t *bytes)
{
	return quantity_read(text, byte_units, true, bytes);
}

int quantity_billionths(const char *text, uint64_t *billionths)
{
	return quantity_read(text, billionth_units, false, billionths);
}

int quantity_percent(const char *text, uint64_t *billionths)
{
	return quantity_read(text, percent_units, false, billionths);
}
