/* SPDX-License-Identifier: MIT */
/* The run options as a table: how each is shown, stepped, read and written. */
#include "bench/plan/preset.h"
#include "tui/ui/picker_options.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/text/quantity.h"

#define SECOND_NS 1000000000u

enum option_kind {
	KIND_NUMBER, /* as KIND_COUNT, without thousands: it counts nothing */
	KIND_COUNT,
	KIND_COUNT_OR_AUTO,
	KIND_SECONDS, /* kept in ns */
	KIND_WORD,    /* an enum */
	KIND_PERCENT, /* the bits of a double; 0: off */
	KIND_RATE,    /* the bits of a double: a second, 0 or PLAN_RATE_SWEEP */
};

struct option_row {
	const char *name;
	const char *help;
	const char *flag;
	enum option_kind kind;
	size_t offset;      /* into struct plan_options */
	uint64_t low, high; /* counts, or ns */
	const char *const *words;
};

#define FIELD(name) offsetof(struct plan_options, name)

static const struct option_row option_table[OPTION_COUNT] = {
	[OPTION_SAMPLES] = {"samples", "upper limit a cell, over all blocks", "-n", KIND_COUNT,
			    FIELD(samples), 1, 1000000000, NULL},
	[OPTION_BUDGET] = {"budget", "seconds a cell, then keep what there is", "-b", KIND_SECONDS,
			   FIELD(budget_ns), SECOND_NS / 100, UINT64_C(1000000) * SECOND_NS, NULL},
	[OPTION_BLOCKS] = {"blocks", "fresh pairs of processes a cell", "--blocks", KIND_COUNT,
			   FIELD(blocks), 1, 1000, NULL},
	[OPTION_WARMUP] = {"warm-up", "exchanges a block before the clock counts", "-w",
			   KIND_COUNT_OR_AUTO, FIELD(warmup), 0, 1000000, NULL},
	[OPTION_DIRECTION] = {"direction", "replies carry arrays, or requests do, or both",
			      "--direction", KIND_WORD, FIELD(direction), 0, 0, direction_names},
	[OPTION_SOURCE] = {"source", "is the array there, or drawn for every exchange", "--source",
			   KIND_WORD, FIELD(source), 0, 0, source_names},
	[OPTION_MEMORY] = {"memory", "touched before the clock, or new for every exchange",
			   "--memory", KIND_WORD, FIELD(memory), 0, 0, memory_names},
	[OPTION_PAGES] = {"pages", "4 KiB, or 2 MiB where the kernel gives them", "--pages",
			  KIND_WORD, FIELD(pages), 0, 0, pages_names},
	[OPTION_WAIT] = {"wait", "how each end waits for the other", "--wait", KIND_WORD,
			 FIELD(wait), 0, 0, wait_names},
	[OPTION_PIN] = {"pin", "which CPUs the two processes get", "--pin", KIND_WORD, FIELD(pin),
			0, 0, pin_names},
	[OPTION_TIMEOUT] = {"timeout", "seconds an exchange may take", "--timeout", KIND_SECONDS,
			    FIELD(timeout_ns), SECOND_NS / 100, UINT64_C(1000000) * SECOND_NS,
			    NULL},
	[OPTION_SEED] = {"seed", "of the arrays and of the order of cells", "--seed", KIND_NUMBER,
			 FIELD(seed), 0, UINT64_MAX, NULL},
	[OPTION_CLIENTS] = {"clients", "client processes of a pair, all asking at once",
			    "--clients", KIND_COUNT, FIELD(clients), 1, PLAN_CLIENTS_MAX, NULL},
	[OPTION_RATE] = {"rate", "a number a second on a schedule, sweep, or closed: no schedule",
			 "--rate", KIND_RATE, FIELD(rate), 0, 0, NULL},
	[OPTION_PRECISION] = {"precision", "rounds until medians are within +- so many percent",
			      "--precision", KIND_PERCENT, FIELD(precision_pct), 0, 0, NULL},
};

/* The enums of struct plan_options are all this wide. */
_Static_assert(sizeof(enum direction) == sizeof(unsigned), "enum direction");
_Static_assert(sizeof(enum source) == sizeof(unsigned), "enum source");
_Static_assert(sizeof(enum memory) == sizeof(unsigned), "enum memory");
_Static_assert(sizeof(enum pages) == sizeof(unsigned), "enum pages");
_Static_assert(sizeof(enum wait_mode) == sizeof(unsigned), "enum wait_mode");
_Static_assert(sizeof(enum pin) == sizeof(unsigned), "enum pin");

static uint64_t option_get(const struct plan_options *options, const struct option_row *row)
{
	const char *field = (const char *)options + row->offset;
	uint64_t number;
	unsigned word;

	if (row->kind == KIND_WORD) {
		memcpy(&word, field, sizeof(word));
		return word;
	}
	memcpy(&number, field, sizeof(number));
	return number;
}

static void option_set(struct picker *picker, enum picker_option option, uint64_t number)
{
	const struct option_row *row = &option_table[option];
	char *field = (char *)&picker->options + row->offset;
	unsigned word = (unsigned)number;

	if (row->kind == KIND_WORD)
		memcpy(field, &word, sizeof(word));
	else
		memcpy(field, &number, sizeof(number));
	picker->samples_set |= option == OPTION_SAMPLES;
	if (option == OPTION_BLOCKS)
		picker->options.blocks_slow = number;
	picker->stale = true;
}

static double rate_of(uint64_t bits)
{
	double rate;

	memcpy(&rate, &bits, sizeof(rate));
	return rate;
}

static uint64_t rate_bits(double rate)
{
	uint64_t bits;

	memcpy(&bits, &rate, sizeof(bits));
	return bits;
}

static void rate_format(double rate, char *text, size_t size)
{
	if (rate > 0)
		(void)snprintf(text, size, "%.10g", rate);
	else
		(void)snprintf(text, size, "%s", rate < 0 ? "sweep" : "closed");
}

/* As the command line takes it; off is what it has without the option. */
static void percent_format(double percent, char *text, size_t size)
{
	if (percent > 0)
		(void)snprintf(text, size, "%.10g", percent);
	else
		(void)snprintf(text, size, "off");
}

/* As the command line takes it. */
static char *option_format(const struct option_row *row, uint64_t number, char *text, size_t size)
{
	if (row->kind == KIND_WORD)
		(void)snprintf(text, size, "%s", row->words[number]);
	else if (row->kind == KIND_RATE)
		rate_format(rate_of(number), text, size);
	else if (row->kind == KIND_PERCENT)
		percent_format(rate_of(number), text, size);
	else if (row->kind == KIND_SECONDS)
		(void)snprintf(text, size, "%.10g", (double)number / SECOND_NS);
	else if (row->kind == KIND_COUNT_OR_AUTO && number == PLAN_WARMUP_AUTO)
		(void)snprintf(text, size, "auto");
	else
		(void)snprintf(text, size, "%" PRIu64, number);
	return text;
}

enum picker_option picker_option_at(const struct picker *picker)
{
	int option = picker->row - (int)picker->transport_count;

	return option >= 0 && option < OPTION_COUNT ? (enum picker_option)option : OPTION_COUNT;
}

const char *picker_option_name(enum picker_option option)
{
	return option_table[option].name;
}

const char *picker_option_help(enum picker_option option)
{
	return option_table[option].help;
}

enum picker_option picker_option_find(const char *name)
{
	unsigned i = 0;

	while (i < OPTION_COUNT && strcmp(option_table[i].name, name) != 0)
		i++;
	return (enum picker_option)i;
}

char *picker_option_value(const struct picker *picker, enum picker_option option, char *text,
			  size_t size)
{
	const struct option_row *row = &option_table[option];
	size_t length;

	(void)option_format(row, option_get(&picker->options, row), text, size);
	length = strlen(text);
	if (row->kind == KIND_SECONDS)
		(void)snprintf(text + length, size - length, " s");
	if (row->kind == KIND_PERCENT && rate_of(option_get(&picker->options, row)) > 0)
		(void)snprintf(text + length, size - length, " %%");
	return text;
}

const char *const *picker_option_words(enum picker_option option)
{
	return option_table[option].words;
}

/* A number of samples that the user set wins over the preset's rule for single cells, too. */
static bool option_changed(const struct picker *picker, enum picker_option option)
{
	const struct option_row *row = &option_table[option];
	const struct preset *preset = preset_find(picker->preset);
	const struct plan_options *base = preset ? &preset->options : &plan_defaults;

	if (option == OPTION_SAMPLES && picker->samples_set && preset && preset->samples)
		return true;
	return option_get(&picker->options, row) != option_get(base, row);
}

bool picker_options_changed(const struct picker *picker)
{
	for (unsigned i = 0; i < OPTION_COUNT; i++)
		if (option_changed(picker, (enum picker_option)i))
			return true;
	return false;
}

const char *picker_option_flag(const struct picker *picker, enum picker_option option, char *value,
			       size_t size)
{
	const struct option_row *row = &option_table[option];

	if (!option_changed(picker, option))
		return NULL;
	(void)option_format(row, option_get(&picker->options, row), value, size);
	return row->flag;
}

static uint64_t word_count(const char *const *words)
{
	uint64_t count = 0;

	while (words[count])
		count++;
	return count;
}

/* The next of 1, 2, 5, 10, 20, ... above (or below) number, in steps of unit. */
static uint64_t step_125(uint64_t number, int direction)
{
	static const uint64_t digits[] = {1, 2, 5, 10};
	uint64_t below = 0;

	for (uint64_t decade = 1; decade <= UINT64_MAX / 100; decade *= 10) {
		for (size_t i = 0; i < 3; i++) {
			uint64_t step = digits[i] * decade;

			if (direction > 0 && step > number)
				return step;
			if (direction < 0 && step >= number)
				return below;
			below = step;
		}
	}
	return number;
}

static uint64_t step_clamped(const struct option_row *row, uint64_t number, int direction)
{
	number = step_125(number, direction);
	return number < row->low ? row->low : number > row->high ? row->high : number;
}

#define PRECISION_MOST 100.0
#define RATE_FIRST 100.0 /* a second */

/* Closed, sweep, then numbers along 1-2-5 from RATE_FIRST on; what lies below 1 is closed. */
static double rate_step(double rate, int direction)
{
	if (rate < 0)
		return direction > 0 ? RATE_FIRST : 0;
	if (!(rate > 0))
		return direction > 0 ? PLAN_RATE_SWEEP : 0;
	if (direction < 0 && rate <= 1)
		return PLAN_RATE_SWEEP;
	return fmin((double)step_125((uint64_t)fmax(rate, 1), direction), PLAN_RATE_MOST);
}

void picker_option_step(struct picker *picker, enum picker_option option, int direction)
{
	const struct option_row *row = &option_table[option];
	uint64_t number = option_get(&picker->options, row);

	if (row->kind == KIND_WORD) {
		uint64_t count = word_count(row->words);

		number = (number + (direction > 0 ? 1 : count - 1)) % count;
	} else if (row->kind == KIND_RATE) {
		number = rate_bits(rate_step(rate_of(number), direction));
	} else if (row->kind == KIND_PERCENT) {
		uint64_t percent = (uint64_t)rate_of(number);

		percent = percent <= 1 && direction < 0 ? 0 : step_125(percent, direction);
		number = rate_bits(fmin((double)percent, PRECISION_MOST));
	} else if (row->kind == KIND_COUNT_OR_AUTO && number == PLAN_WARMUP_AUTO) {
		number = direction > 0 ? 0 : number;
	} else if (row->kind == KIND_COUNT_OR_AUTO && number == 0 && direction < 0) {
		number = PLAN_WARMUP_AUTO;
	} else {
		number = step_clamped(row, number, direction);
	}
	option_set(picker, option, number);
}

static int parse_number(const char *text, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	return errno || end == text || *end || *text == '-' ? -1 : 0;
}

static int parse_word(const struct option_row *row, const char *text, uint64_t *number)
{
	for (*number = 0; row->words[*number]; ++*number)
		if (strcmp(row->words[*number], text) == 0)
			return 0;
	return -1;
}

static int parse_rate(const char *text, uint64_t *bits)
{
	double rate = 0;

	if (strcmp(text, "closed") != 0 && plan_rate_parse(text, &rate) != 0)
		return -1;
	*bits = rate_bits(rate);
	return 0;
}

static int parse_percent(const char *text, uint64_t *bits)
{
	uint64_t billionths = 0;

	if (strcmp(text, "off") != 0 && quantity_percent(text, &billionths) != 0)
		return -1;
	*bits = rate_bits((double)billionths / (double)BILLION);
	return 0;
}

static int parse_value(const struct option_row *row, const char *text, uint64_t *number)
{
	if (row->kind == KIND_WORD)
		return parse_word(row, text, number);
	if (row->kind == KIND_RATE)
		return parse_rate(text, number);
	if (row->kind == KIND_PERCENT)
		return parse_percent(text, number);
	if (row->kind == KIND_SECONDS)
		return quantity_time_ns(text, number);
	if (row->kind == KIND_NUMBER)
		return parse_number(text, number);
	if (row->kind == KIND_COUNT_OR_AUTO && strcmp(text, "auto") == 0) {
		*number = PLAN_WARMUP_AUTO;
		return 0;
	}
	return quantity_count(text, number);
}

int picker_option_parse(struct picker *picker, enum picker_option option, const char *text,
			struct err *err)
{
	const struct option_row *row = &option_table[option];
	bool counted = row->kind != KIND_WORD && row->kind != KIND_RATE &&
		       row->kind != KIND_PERCENT &&
		       !(row->kind == KIND_COUNT_OR_AUTO && strcmp(text, "auto") == 0);
	uint64_t number;
	char low[32];
	char high[32];

	if (parse_value(row, text, &number) != 0)
		return err_set(err, ERR_USAGE, "\"%.40s\" is no value for %s", text, row->name);
	if (counted && (number < row->low || number > row->high))
		return err_set(err, ERR_RANGE, "%s goes from %s to %s", row->name,
			       option_format(row, row->low, low, sizeof(low)),
			       option_format(row, row->high, high, sizeof(high)));
	option_set(picker, option, number);
	return 0;
}
