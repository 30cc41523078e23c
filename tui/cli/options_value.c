/* SPDX-License-Identifier: MIT */
/* Values of options: each kind is read by a function of its own. */
#include "tui/cli/options_value.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/plan/dtype_read.h"
#include "bench/text/quantity.h"

/* So that sums of times and of moments fit into 64 bits. */
#define TIME_MOST_NS (BILLION * BILLION)

static int option_bad(const struct option_row *row, const char *value, const char *wanted,
		      struct err *err)
{
	return err_set(err, ERR_USAGE, "--%s \"%.60s\" %s", row->name, value, wanted);
}

/* A number that was read, if it is one that the option takes. */
static int option_in_range(const struct option_row *row, const char *value, uint64_t number,
			   uint64_t *out, struct err *err)
{
	if (number < row->least)
		return err_set(err, ERR_USAGE, "--%s \"%.60s\" is too small: at least %" PRIu64,
			       row->name, value, row->least);
	if (number > row->most)
		return err_set(err, ERR_USAGE, "--%s \"%.60s\" is too large: at most %" PRIu64,
			       row->name, value, row->most);
	*out = number;
	return 0;
}

static int option_number(const struct option_row *row, const char *value, uint64_t *out,
			 struct err *err)
{
	char *end;
	uint64_t number;

	errno = 0;
	number = strtoull(value, &end, 10);
	if (*value < '0' || *value > '9' || *end)
		return option_bad(row, value, "is not a whole number in digits", err);
	if (errno)
		return option_bad(row, value, "is larger than 64 bits", err);
	return option_in_range(row, value, number, out, err);
}

static int option_count(const struct option_row *row, const char *value, uint64_t *out,
			struct err *err)
{
	uint64_t number;

	if (quantity_count(value, &number) != 0)
		return option_bad(row, value,
				  "is not a whole number, perhaps with k or M (of 1000): 200, 2k",
				  err);
	return option_in_range(row, value, number, out, err);
}

static int option_time(const struct option_row *row, const char *value, uint64_t *out,
		       struct err *err)
{
	uint64_t ns;

	if (quantity_time_ns(value, &ns) != 0)
		return option_bad(row, value,
				  "is not a number of seconds, nor one with ns, us, ms, s, m or h: "
				  "0.5, 500ms, 2m", err);
	if (ns == 0)
		return option_bad(row, value, "must be more than nothing", err);
	if (ns > TIME_MOST_NS)
		return option_bad(row, value, "is too large: at most a billion seconds", err);
	*out = ns;
	return 0;
}

static int option_rate(const struct option_row *row, const char *value, double *out,
		       struct err *err)
{
	if (plan_rate_parse(value, out) == 0)
		return 0;
	return option_bad(row, value,
			  "is neither \"sweep\" nor a number a second from 0.001 to 10M: 200, 1k",
			  err);
}

static int option_percent(const struct option_row *row, const char *value, double *out,
			  struct err *err)
{
	uint64_t billionths;

	if (quantity_percent(value, &billionths) != 0)
		return option_bad(row, value, "is not a number of percent: 5, 2.5 or 5%", err);
	*out = (double)billionths / (double)BILLION;
	return 0;
}

/* "ready|fresh": the words to choose from. */
static char *words_join(const char *const *words, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; words[i] && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? "|" : "", words[i]);
	return text;
}

static int option_word(const struct option_row *row, const char *value, int *out, struct err *err)
{
	char words[60];

	for (int i = 0; row->words[i]; i++) {
		if (strcmp(row->words[i], value) == 0) {
			*out = i;
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "--%s \"%.60s\": choose from %s", row->name, value,
		       words_join(row->words, words, sizeof(words)));
}

static int option_dtype(const struct option_row *row, const char *value, enum dtype *out,
			struct err *err)
{
	struct err why = {0};

	if (dtype_read(value, out, &why) == 0)
		return 0;
	return err_set(err, ERR_USAGE, "--%s: %s", row->name, why.message);
}

static int option_text(const struct option_row *row, const char *value, const char **out,
		       struct err *err)
{
	int word;

	if (row->words && option_word(row, value, &word, err) != 0)
		return -1;
	*out = value;
	return 0;
}

int option_store(const struct option_row *row, const char *value, void *base,
			struct err *err)
{
	void *field = (char *)base + row->offset;

	switch (row->kind) {
	case OPTION_TEXT:
		return option_text(row, value, field, err);
	case OPTION_FLAG:
		*(bool *)field = true;
		return 0;
	case OPTION_NUMBER:
		return option_number(row, value, field, err);
	case OPTION_COUNT:
		return option_count(row, value, field, err);
	case OPTION_TIME:
		return option_time(row, value, field, err);
	case OPTION_PERCENT:
		return option_percent(row, value, field, err);
	case OPTION_WORD:
		return option_word(row, value, field, err);
	case OPTION_DTYPE:
		return option_dtype(row, value, field, err);
	case OPTION_RATE:
		return option_rate(row, value, field, err);
	case OPTION_REFUSED:
		break;
	}
	return err_set(err, ERR_USAGE, "--%s is not working yet", row->name);
}
