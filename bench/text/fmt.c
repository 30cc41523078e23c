/* SPDX-License-Identifier: MIT */
/* Figures for people. */
#include "bench/text/fmt.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/text/text.h"

/* A unit serves figures below its limit; what rounds up to the limit takes the next unit. */
struct unit {
	double size;
	double limit; /* INFINITY: the last */
	const char *text;
	const char *ascii; /* NULL: the same */
};

static const struct unit time_units[] = {
	{1, 999.5, "ns", NULL},
	{1e3, 999.5, "\xc2\xb5s", "us"},
	{1e6, 999.5, "ms", NULL},
	{1e9, 999.5, "s", NULL},
	{60e9, 59.95, "min", NULL},
	{3600e9, INFINITY, "h", NULL},
};

static const struct unit payload_units[] = {
	{1, 999.5, " B", NULL},
	{1e3, 999.95, " kB", NULL},
	{1e6, 999.95, " MB", NULL},
	{1e9, 999.95, " GB", NULL},
	{1e12, INFINITY, " TB", NULL},
};

static const struct unit memory_units[] = {
	{1, 1023.5, " B", NULL},
	{0x1p10, 1023.95, " KiB", NULL},
	{0x1p20, 1023.95, " MiB", NULL},
	{0x1p30, 1023.95, " GiB", NULL},
	{0x1p40, INFINITY, " TiB", NULL},
};

static const struct unit rate_units[] = {
	{1, 999.5, " B/s", NULL},
	{1e3, 999.5, " kB/s", NULL},
	{1e6, 999.5, " MB/s", NULL},
	{1e9, 999.5, " GB/s", NULL},
	{1e12, INFINITY, " TB/s", NULL},
};

static const struct unit *unit_for(const struct unit *unit, double value)
{
	while (fabs(value) / unit->size >= unit->limit)
		unit++;
	return unit;
}

static char *fmt_unknown(char text[FMT_BYTES])
{
	(void)snprintf(text, FMT_BYTES, "-");
	return text;
}

/* The unit's symbol is kept whole whatever the number. */
static char *fmt_join(const char *number, const char *symbol, char text[FMT_BYTES])
{
	(void)snprintf(text, FMT_BYTES, "%.16s%s", number, symbol);
	return text;
}

/* Fewer digits than three, of a value that was rounded to them. */
static char *fmt_few(const struct unit *units, double value, int digits, bool ascii,
		     char text[FMT_BYTES])
{
	const struct unit *unit = unit_for(units, value);
	char number[TEXT_NUMBER_BYTES];
	double figure = value / unit->size;
	int whole = 1 + (int)floor(log10(figure) + 1e-9);

	text_fixed(figure, digits > whole ? (unsigned)(digits - whole) : 0, number);
	return fmt_join(number, ascii && unit->ascii ? unit->ascii : unit->text, text);
}

/* Three significant digits. */
static char *fmt_three(const struct unit *units, double value, bool ascii, char text[FMT_BYTES])
{
	const struct unit *unit = unit_for(units, value);
	char number[TEXT_NUMBER_BYTES];
	double figure = value / unit->size;

	if (figure == 0 || fabs(figure) >= 999.5)
		text_fixed(figure, 0, number);
	else if (fabs(figure) < 0.1)
		text_significant(figure, 2, number);
	else if (fabs(figure) < 1)
		text_fixed(figure, 2, number);
	else
		text_significant(figure, 3, number);
	return fmt_join(number, ascii && unit->ascii ? unit->ascii : unit->text, text);
}

/* One decimal; bytes are whole. */
static char *fmt_one(const struct unit *units, double value, char text[FMT_BYTES])
{
	const struct unit *unit = unit_for(units, value);
	char number[TEXT_NUMBER_BYTES];

	text_fixed(value / unit->size, unit == units ? 0 : 1, number);
	return fmt_join(number, unit->text, text);
}

char *fmt_ns(double ns, bool ascii, char text[FMT_BYTES])
{
	return isfinite(ns) ? fmt_three(time_units, ns, ascii, text) : fmt_unknown(text);
}

/* The digits of value down to the place of within's first; but one alone would hide an order. */
static int digits_known(double value, double within)
{
	double digits = 1 + floor(log10(value)) - floor(log10(within));

	return digits < 2 ? 2 : digits > 3 ? 3 : (int)digits;
}

char *fmt_ns_within(double ns, double within_ns, bool ascii, char text[FMT_BYTES])
{
	bool known = isfinite(ns) && ns > 0 && isfinite(within_ns) && within_ns > 0;
	int digits = known ? digits_known(ns, within_ns) : 3;
	double place;

	if (digits == 3)
		return fmt_ns(ns, ascii, text);
	place = pow(10, floor(log10(ns)) - digits + 1);
	return fmt_few(time_units, round(ns / place) * place, digits, ascii, text);
}

char *fmt_payload(uint64_t bytes, char text[FMT_BYTES])
{
	const uint64_t gib = (uint64_t)1 << 30;

	if (bytes && bytes % (gib << 10) == 0)
		(void)snprintf(text, FMT_BYTES, "%" PRIu64 " TiB", bytes / (gib << 10));
	else if (bytes && bytes % gib == 0)
		(void)snprintf(text, FMT_BYTES, "%" PRIu64 " GiB", bytes / gib);
	else
		fmt_one(payload_units, (double)bytes, text);
	return text;
}

char *fmt_memory(double bytes, char text[FMT_BYTES])
{
	return isfinite(bytes) ? fmt_one(memory_units, bytes, text) : fmt_unknown(text);
}

char *fmt_rate(double bytes_per_s, char text[FMT_BYTES])
{
	if (!isfinite(bytes_per_s))
		return fmt_unknown(text);
	return fmt_three(rate_units, bytes_per_s, false, text);
}

char *fmt_rate_short(double bytes_per_s, char text[FMT_BYTES])
{
	static const struct unit units[] = {
		{1, 999.5, "", NULL},    {1e3, 999.5, "k", NULL},     {1e6, 999.5, "M", NULL},
		{1e9, 999.5, "G", NULL}, {1e12, INFINITY, "T", NULL},
	};

	if (!isfinite(bytes_per_s))
		return fmt_unknown(text);
	return fmt_three(units, bytes_per_s, false, text);
}

static const struct unit *rate_unit(double fastest)
{
	return unit_for(rate_units, isfinite(fastest) ? fastest : 1e9);
}

const char *fmt_rate_unit(double fastest)
{
	return rate_unit(fastest)->text + 1; /* behind the space */
}

bool fmt_rate_is_far(double bytes_per_s, double fastest)
{
	return bytes_per_s > 0 && bytes_per_s < rate_unit(fastest)->size / 10;
}

char *fmt_rate_in(double bytes_per_s, double fastest, char text[FMT_BYTES])
{
	char number[TEXT_NUMBER_BYTES];

	if (!isfinite(bytes_per_s) || fmt_rate_is_far(bytes_per_s, fastest))
		return fmt_rate(bytes_per_s, text);
	text_significant(bytes_per_s / rate_unit(fastest)->size, 3, number);
	return fmt_join(bytes_per_s > 0 ? number : "0", "", text);
}

char *fmt_ratio(double ratio, bool ascii, char text[FMT_BYTES])
{
	const struct unit times = {1, INFINITY, "\xc3\x97", "x"};

	return isfinite(ratio) ? fmt_three(&times, ratio, ascii, text) : fmt_unknown(text);
}

char *fmt_clock(double ns, char text[FMT_BYTES])
{
	uint64_t seconds;

	if (!isfinite(ns))
		return fmt_unknown(text);
	seconds = (uint64_t)(fmin(fmax(ns, 0), 9e18) / 1e9);
	if (seconds < 3600)
		(void)snprintf(text, FMT_BYTES, "%02u:%02u", (unsigned)(seconds / 60),
			       (unsigned)(seconds % 60));
	else
		(void)snprintf(text, FMT_BYTES, "%" PRIu64 ":%02u:%02u", seconds / 3600,
			       (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
	return text;
}

char *fmt_count(double count, char text[FMT_BYTES])
{
	char digits[TEXT_NUMBER_BYTES];
	size_t length;
	size_t used = 0;

	if (!isfinite(count))
		return fmt_unknown(text);
	text_fixed(fmin(fmax(count, 0), 1e17), 0, digits); /* 18 digits and 5 spaces fit */
	length = strlen(digits);
	for (size_t i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			text[used++] = ' ';
		text[used++] = digits[i];
	}
	text[used] = '\0';
	return text;
}
