/* SPDX-License-Identifier: MIT */
/* Reading CSV files that may be damaged, and writing fields that a spreadsheet does not run. */
#include <locale.h>
#include <stdint.h>
#include <unistd.h>

#include "bench/text/csv_write.h"
#include "tests/support/drive_csv.h"
#include "tests/support/test.h"

static struct csv csv;
static struct err err;

static int parse(const char *text)
{
	csv_fini(&csv);
	err_clear(&err);
	return drive_csv(&csv, text, strlen(text), &err);
}

/* Text, and all its fields joined by '|', rows by '/'. */
static const struct {
	const char *text, *fields;
} good[] = {
	{"a,b\r\n1,2\r\n", "1|2/"},
	{"a,b\n1,2", "1|2/"},
	{"a,b", ""},
	{"a,b\r\n", ""},
	{"\xef\xbb\xbf"
	 "a,b\n1,2\n",
	 "1|2/"},
	{"a,b\n\"1\",\"x,\"\"y\"\"\"\n", "1|x,\"y\"/"},
	{"a,b\n\"1\n2\r\n3\",4\n5,6\n", "1\n2\r\n3|4/5|6/"},
	{"a,b\n,1\n", "|1/"},
	{"a,b\n\"\",\"1\"", "|1/"},
	{"a,b\n1,", "1|/"},
	{"a,b\n\n1,2\r\n\r\n\n3,4\n\n", "1|2/3|4/"},
	{"a,b\n1,2\na,b\n3,4\n", "1|2/3|4/"},
	{"a,b\n 1 , 2\t\n", " 1 | 2\t/"},
	/* As spreadsheets write it. */
	{"a;b\r\n1,5;2\r\n", "1,5|2/"},
	{"a\tb\n1,5\t2;3\n", "1,5|2;3/"},
	{"\"a\";\"b\"\n\"x;\"\"y\"\"\";\"1\n2\"\n", "x;\"y\"|1\n2/"},
	{"a|b\n1,5|2;3\n", "1,5|2;3/"},
	{"sep=;\r\na;b\r\n1,5;2\r\n", "1,5|2/"},
	{"SEP=,\na,b\n1;2,3\n", "1;2|3/"},
	{"sep=\t\na\tb\n1\t2\n", "1|2/"},
	{"\n\r\n\na;b\n1;2", "1|2/"},
	{"a,b\r1,2\r3,4\r", "1|2/3|4/"},
	{"a,b\r1,\"2\r3\"", "1|2\r3/"},
	{"a,b\n1,2\n,\n3,4\n\"\",\n,,,,\n", "1|2/3|4/"},
	{"\xef\xbb\xbf"
	 "a;b\n1;2\n\xef\xbb\xbf"
	 "a;b\n3;4\n",
	 "1|2/3|4/"},
	{"sep=;\na;b\n1;2\nsep=;\na;b\n3;4\n", "1|2/3|4/"},
	{"a,b\n\"sep=;\",1\n", "sep=;|1/"},
};

/* Columns without a name, which spreadsheets add. */
static void test_nameless_columns(void)
{
	CHECK_MSG(parse("a;b;;\r\n1;2;;\r\n;;;\r\n3;;;\r\n") == 0, "%s", err.message);
	CHECK(csv.columns == 4 && csv.rows == 2);
	CHECK_STR(csv_field(&csv, 1, csv_column(&csv, "a")), "3");
	CHECK_STR(csv_field(&csv, 1, csv_column(&csv, "b")), "");
}

static void test_good(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		char text[100] = "";
		size_t used = 0;

		CHECK_MSG(parse(good[i].text) == 0, "%zu: %s", i, err.message);
		CHECK(csv.columns == 2 && csv_column(&csv, "a") == 0 && csv_column(&csv, "b") == 1);
		for (size_t row = 0; row < csv.rows; row++)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s|%s/",
						 csv_field(&csv, row, 0), csv_field(&csv, row, 1));
		CHECK_STR(text, good[i].fields);
	}
}

static const struct {
	const char *text, *says;
} bad[] = {
	{"", "empty"},
	{"\xef\xbb\xbf\n\r\n", "empty"},
	{"a,b\n1\n", "line 2 has 1 fields, the header 2"},
	{"a,b\n1,2\n\"3\n4\",5,6\n", "line 3 has 3 fields"},
	{"a,b\n1,\"2\n3\n", "line 2: its quotation mark is never closed"},
	{"a,b\n1,2\"3\n", "line 2: a quotation mark inside"},
	{"a,b\n\n\"1\"2,3\n", "line 3: text after a closing"},
	{"a,b\r1,2\r3\r", "line 3 has 1 fields"},
	{"a,b\n1,2\r3\n", "line 3 has 1 fields"},
	{"\n\na,b\n1\n", "line 4 has 1 fields"},
	{"sep=;\r\na;b\r\n1,2\r\n", "line 3 has 1 fields"},
	{"sep=;\n", "empty"},
	{"a,b,a\n", "two columns called \"a\""},
	{"\xff\xfe"
	 "a",
	 "UTF-16"},
	{"\xfe\xff"
	 "a",
	 "UTF-16"},
	{"PK\x03\x04 and more", "spreadsheet"},
	{"\x1f\x8b\x08", "gunzip"},
	{"{\"run\": {}}", "is JSON"},
	{"<!DOCTYPE html>\n", "is HTML"},
};

static void test_bad(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK_MSG(parse(bad[i].text) == -1, "%zu", i);
		CHECK(err.kind == ERR_PROTOCOL);
		CHECK_MSG(strstr(err.message, bad[i].says), "\"%s\"", err.message);
	}
}

static void test_nul(void)
{
	csv_fini(&csv);
	err_clear(&err);
	CHECK(drive_csv(&csv, "a,b\n1,\0\n", 9, &err) == -1);
	CHECK_MSG(strstr(err.message, "line 2: a NUL"), "\"%s\"", err.message);
}

static void test_limits(void)
{
	static char many[CSV_BYTES_MAX + 2]; /* all NUL, and not there before it is written */

	csv_fini(&csv);
	err_clear(&err);
	CHECK(csv_parse(&csv, many, CSV_BYTES_MAX + 1, &err) == -1 && err.kind == ERR_RANGE);
	memset(many, ',', CSV_COLUMNS_MAX);
	CHECK(parse(many) == -1);
	CHECK_MSG(strstr(err.message, "more than 1000 columns"), "\"%s\"", err.message);
}

static void test_missing_column(void)
{
	CHECK(parse("a,b\n1,2\n") == 0);
	CHECK(csv_column(&csv, "c") == CSV_NO_COLUMN);
	CHECK_STR(csv_field(&csv, 0, CSV_NO_COLUMN), "");
}

static void test_load(void)
{
	char path[] = "/tmp/test_csv.XXXXXX";
	int file = mkstemp(path);

	csv_fini(&csv);
	CHECK(file >= 0 && write(file, "a,b\n1,2", 7) == 7 && close(file) == 0);
	CHECK(csv_load(&csv, path, &err) == 0 && csv.rows == 1);
	csv_fini(&csv);
	CHECK(unlink(path) == 0);
	err_clear(&err);
	CHECK(csv_load(&csv, path, &err) == -1);
	CHECK(strstr(err.message, path) && strstr(err.message, "No such file"));
	err_clear(&err);
	CHECK(csv_load(&csv, "/", &err) == -1 && strstr(err.message, "Is a directory"));
}

static void test_number(void)
{
	static const char *const no[] = {"",
					 "-",
					 ".",
					 "1,5",
					 "1e",
					 "1e+",
					 "1e123",
					 "1e5.",
					 "e5",
					 "1f5",
					 "inf",
					 "nan",
					 "0x10",
					 "1 ",
					 " 1",
					 "1234567890123456789012345678901"};

	(void)setlocale(LC_NUMERIC, "de_DE.UTF-8"); /* where it is there, it must change nothing */
	CHECK(csv_number("8876032") == 8876032);
	CHECK(csv_number("154573.2") == 154573.2);
	CHECK(csv_number("0.03000") == 0.03);
	CHECK(csv_number("-1.5") == -1.5);
	CHECK(csv_number("2.59E+11") == 2.59e11 && csv_number("1e6") == 1e6);
	CHECK(fabs(csv_number("-5E-03") + 0.005) < 1e-12);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		CHECK_MSG(isnan(csv_number(no[i])), "\"%s\"", no[i]);
	(void)setlocale(LC_NUMERIC, "C");
}

/* A comma is the decimal mark where it separates no fields. */
static void test_figures(void)
{
	static const struct {
		const char *text;
		double figure;
	} cases[] = {
		{"a;b\n1;154573,2\n", 154573.2}, {"a\tb\n1\t2,59E+11\n", 2.59e11},
		{"a;b\n1;1.5\n", 1.5},          {"a;b\n1;1.234,5\n", NAN},
		{"a,b\n1,\"1,5\"\n", NAN},      {"a,b\n1,1.5\n", 1.5},
		{"sep=;\na;b\n1;2,5\n", 2.5},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double figure;

		CHECK_MSG(parse(cases[i].text) == 0, "%s", err.message);
		figure = csv_figure(&csv, 0, csv_column(&csv, "b"));
		CHECK_MSG(figure == cases[i].figure || (isnan(figure) && isnan(cases[i].figure)),
			  "%s: %g", cases[i].text, figure);
		CHECK(isnan(csv_figure(&csv, 0, CSV_NO_COLUMN)));
	}
}

/* A text, and how it stands in a file. */
static const struct {
	const char *text, *field;
} written[] = {
	{"", ""},
	{"plain", "plain"},
	{"a b+c=d@e-f", "a b+c=d@e-f"},
	{"=1+1", "'=1+1"},
	{"+1", "'+1"},
	{"-lab,1", "\"'-lab,1\""},
	{"@sum", "'@sum"},
	{"\tx", "\"'\tx\""},
	{"\rx", "\"'\rx\""},
	{"\nx", "\"'\nx\""},
	{"  =1", "'  =1"},
	{"'=1", "''=1"},
	{"'tis", "'tis"},
	{"\xef\xbc\x9d"
	 "1",
	 "'\xef\xbc\x9d"
	 "1"},
	{"a;=1", "\"a;=1\""},
	{"a\t=1", "\"a\t=1\""},
	{"say \"=1\"", "\"say \"\"=1\"\"\""},
};

static void test_written(void)
{
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		char text[200] = "a,b\nx,";
		size_t used = strlen(text);
		FILE *file = fmemopen(text + used, sizeof(text) - used, "w");

		CHECK(file);
		csv_text_put(written[i].text, file);
		CHECK(fclose(file) == 0);
		CHECK_STR(text + used, written[i].field);
		CHECK_MSG(parse(text) == 0, "%s", err.message);
		CHECK_STR(csv_text_plain(csv_field(&csv, 0, 1)), written[i].text);
	}
}

static void test_numbers_stay(void)
{
	char text[20] = "";
	FILE *file = fmemopen(text, sizeof(text), "w");

	CHECK(file);
	csv_number_put("-1.5", file);
	CHECK(fclose(file) == 0);
	CHECK_STR(text, "-1.5");
}

static const struct test tests[] = {
	{"good", test_good},
	{"nameless_columns", test_nameless_columns},
	{"bad", test_bad},
	{"nul", test_nul},
	{"limits", test_limits},
	{"missing_column", test_missing_column},
	{"load", test_load},
	{"number", test_number},
	{"figures", test_figures},
	{"written", test_written},
	{"numbers_stay", test_numbers_stay},
};

TEST_MAIN(tests)
