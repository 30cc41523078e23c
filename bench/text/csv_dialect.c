/* SPDX-License-Identifier: MIT */
/* Spreadsheets write what they call CSV with the separator of their country. */
#include "bench/text/csv_dialect.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static const char separators[] = ",;\t|";

#define SEPARATORS (sizeof(separators) - 1)

/* What files that are no CSV begin with, and what to do about it. */
static const struct foreign {
	const char *begin;
	const char *says;
} foreign_table[] = {
	{"\xff\xfe", "is UTF-16, which spreadsheets call Unicode text: save it as CSV in UTF-8"},
	{"\xfe\xff", "is UTF-16, which spreadsheets call Unicode text: save it as CSV in UTF-8"},
	{"PK\x03\x04", "is a spreadsheet's own file, or another archive: save it as CSV"},
	{"\x1f\x8b", "is compressed: unpack it with gunzip"},
	{"{", "is JSON: give what --csv wrote"},
	{"<", "is HTML or XML: give what --csv wrote"},
};

static bool begins_with(const char *data, size_t bytes, const char *begin)
{
	return bytes >= strlen(begin) && memcmp(data, begin, strlen(begin)) == 0;
}

static int foreign_check(const char *data, size_t bytes, struct err *err)
{
	for (size_t i = 0; i < sizeof(foreign_table) / sizeof(foreign_table[0]); i++)
		if (begins_with(data, bytes, foreign_table[i].begin))
			return err_set(err, ERR_PROTOCOL, "%s", foreign_table[i].says);
	return 0;
}

static int nul_check(const char *data, size_t bytes, struct err *err)
{
	const char *nul = bytes ? memchr(data, '\0', bytes) : NULL;
	size_t line = 1;

	if (!nul)
		return 0;
	for (const char *p = data; p < nul; p++)
		line += *p == '\n';
	return err_set(err, ERR_PROTOCOL, "line %zu: a NUL byte: this is not a CSV in UTF-8", line);
}

size_t csv_mark_bytes(const char *data, size_t bytes)
{
	return begins_with(data, bytes, "\xef\xbb\xbf") ? 3 : 0;
}

size_t csv_dialect_line(const char *data, size_t bytes, char *separator)
{
	const size_t length = strlen("sep=") + 1;

	if (bytes < length || strncasecmp(data, "sep=", 4) != 0 || !data[4] ||
	    !strchr(separators, data[4]))
		return 0;
	if (bytes > length && data[length] != '\r' && data[length] != '\n')
		return 0;
	*separator = data[4];
	return length;
}

/* The one that stands most often in the first line, quotations aside. */
static char separator_guess(const char *data, size_t bytes)
{
	size_t counts[SEPARATORS] = {0};
	bool quoted = false;
	size_t best = 0;

	for (size_t i = 0; i < bytes && (quoted || !strchr("\r\n", data[i])); i++) {
		const char *found = quoted ? NULL : strchr(separators, data[i]);

		quoted ^= data[i] == '"';
		if (found)
			counts[found - separators]++;
	}
	for (size_t i = 1; i < SEPARATORS; i++)
		best = counts[i] > counts[best] ? i : best;
	return separators[best];
}

/* Passes over empty lines, whatever they end with. */
static void blank_lines_skip(struct csv_dialect *dialect, const char *data, size_t bytes)
{
	for (; dialect->begin < bytes && strchr("\r\n", data[dialect->begin]); dialect->begin++)
		dialect->line += data[dialect->begin] == '\n' || dialect->begin + 1 == bytes ||
				 data[dialect->begin + 1] != '\n';
}

int csv_dialect_find(struct csv_dialect *dialect, const char *data, size_t bytes, struct err *err)
{
	size_t told;

	*dialect = (struct csv_dialect){.begin = csv_mark_bytes(data, bytes), .line = 1};
	if (foreign_check(data + dialect->begin, bytes - dialect->begin, err) != 0 ||
	    nul_check(data, bytes, err) != 0)
		return -1;
	blank_lines_skip(dialect, data, bytes);
	told = csv_dialect_line(data + dialect->begin, bytes - dialect->begin, &dialect->separator);
	dialect->begin += told;
	blank_lines_skip(dialect, data, bytes);
	if (!told)
		dialect->separator = separator_guess(data + dialect->begin, bytes - dialect->begin);
	return 0;
}
