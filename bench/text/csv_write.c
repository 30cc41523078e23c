/* SPDX-License-Identifier: MIT */
/* Writing fields of a CSV. */
#include "bench/text/csv_write.h"

#include <stdbool.h>
#include <string.h>

/* The last four are U+FF1D, U+FF0B, U+FF0D and U+FF20, which some spreadsheets take as well. */
static const char *const formula_starts[] = {
	"=",
	"+",
	"-",
	"@",
	"\t",
	"\r",
	"\n",
	"\xef\xbc\x9d",
	"\xef\xbc\x8b",
	"\xef\xbc\x8d",
	"\xef\xbc\xa0",
};

/* Could a spreadsheet take the text for a formula? */
static bool csv_text_runs(const char *text)
{
	/* Apostrophes count as well, so that csv_text_plain takes away exactly what was added. */
	text += strspn(text, " '");
	for (size_t i = 0; i < sizeof(formula_starts) / sizeof(formula_starts[0]); i++) {
		if (strncmp(text, formula_starts[i], strlen(formula_starts[i])) == 0)
			return true;
	}
	return false;
}

const char *csv_text_plain(const char *text)
{
	return text[0] == '\'' && csv_text_runs(text) ? text + 1 : text;
}

/*
 * A spreadsheet may split at semicolons and tabs, too, and find a formula behind
 * one: such a field is quoted.
 */
static void field_put(const char *mark, const char *text, FILE *file)
{
	bool quoted = strpbrk(text, ",;\t\"\r\n") != NULL;

	if (quoted)
		(void)fputc('"', file); /* errors are seen by ferror at the end */
	(void)fputs(mark, file);
	for (; *text; text++) {
		if (*text == '"')
			(void)fputc('"', file);
		(void)fputc(*text, file);
	}
	if (quoted)
		(void)fputc('"', file);
}

void csv_text_put(const char *text, FILE *file)
{
	field_put(csv_text_runs(text) ? "'" : "", text, file);
}

void csv_number_put(const char *number, FILE *file)
{
	field_put("", number, file);
}
