/* SPDX-License-Identifier: MIT */
/* CSV is taken apart in a copy of the file: a field is never longer than it was there. */
#include "bench/text/csv_read.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/text/csv_dialect.h"

/* The state of one pass. text is read at `in` and written at `out`, which never overtakes it. */
struct parser {
	struct csv *csv;
	const char *data;
	size_t bytes, in, out;
	size_t line;             /* at which `in` stands, from 1 */
	char stops[4];           /* what ends a field: the separator, CR, LF */
	size_t fields, capacity; /* of csv->offsets */
	struct err *err;
};

static int damaged(struct parser *parser, size_t line, const char *what)
{
	return err_set(parser->err, ERR_PROTOCOL, "line %zu: %s", line, what);
}

/* gcc 12's analyzer does not know that reallocarray frees what it was given. */
#ifndef __clang__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif
static int field_add(struct parser *parser)
{
	size_t capacity = parser->capacity ? 2 * parser->capacity : 128;
	uint32_t *more;

	if (parser->fields == parser->capacity) {
		more = reallocarray(parser->csv->offsets, capacity, sizeof(*more));
		if (!more)
			return err_set(parser->err, ERR_MEMORY, "no memory for its fields");
		parser->csv->offsets = more;
		parser->capacity = capacity;
	}
	parser->csv->offsets[parser->fields++] = (uint32_t)parser->out; /* below CSV_BYTES_MAX */
	return 0;
}
#ifndef __clang__
#pragma GCC diagnostic pop
#endif

static bool at_end(const struct parser *parser)
{
	return parser->in == parser->bytes;
}

static bool at(const struct parser *parser, char byte)
{
	return !at_end(parser) && parser->data[parser->in] == byte;
}

static bool at_stop(const struct parser *parser)
{
	return at_end(parser) || strchr(parser->stops, parser->data[parser->in]);
}

/* Moves on by a byte. A line ends behind LF, or behind a CR that has none. */
static char byte_pass(struct parser *parser)
{
	char byte = parser->data[parser->in++];

	parser->line += byte == '\n' || (byte == '\r' && !at(parser, '\n'));
	return byte;
}

static void byte_take(struct parser *parser)
{
	parser->csv->text[parser->out++] = byte_pass(parser);
}

/* What stands between quotation marks; two of them are one. */
static int quoted_read(struct parser *parser)
{
	size_t begun = parser->line;

	for (parser->in++;; byte_take(parser)) {
		if (at_end(parser))
			return damaged(parser, begun,
				       "its quotation mark is never closed: "
				       "the file may have been cut short");
		if (at(parser, '"')) {
			parser->in++;
			if (!at(parser, '"'))
				return 0;
		}
	}
}

static int plain_read(struct parser *parser)
{
	while (!at_stop(parser)) {
		if (at(parser, '"'))
			return damaged(parser, parser->line,
				       "a quotation mark inside a field "
				       "that does not begin with one");
		byte_take(parser);
	}
	return 0;
}

static int field_read(struct parser *parser)
{
	bool quoted = at(parser, '"');

	if (field_add(parser) != 0)
		return -1;
	if ((quoted ? quoted_read(parser) : plain_read(parser)) != 0)
		return -1;
	if (!at_stop(parser))
		return damaged(parser, parser->line, "text after a closing quotation mark");
	parser->csv->text[parser->out++] = '\0';
	return 0;
}

/* Passes over a line's end, if it stands there: LF, CR LF, or CR as on old Macs. */
static void line_end_read(struct parser *parser)
{
	if (at(parser, '\r'))
		(void)byte_pass(parser);
	if (at(parser, '\n'))
		(void)byte_pass(parser);
}

static int record_read(struct parser *parser)
{
	do {
		if (field_read(parser) != 0)
			return -1;
	} while (at(parser, parser->csv->separator) && ++parser->in);
	line_end_read(parser);
	return 0;
}

static int header_check(struct parser *parser)
{
	struct csv *csv = parser->csv;

	if (csv->columns > CSV_COLUMNS_MAX)
		return err_set(parser->err, ERR_RANGE, "more than %d columns", CSV_COLUMNS_MAX);
	for (size_t i = 0; i < csv->columns; i++) {
		const char *name = csv->text + csv->offsets[i];

		/* Spreadsheets add columns without a name. */
		if (*name && csv_column(csv, name) != i)
			return err_set(parser->err, ERR_PROTOCOL,
				       "the header has two columns called \"%.60s\"", name);
	}
	return 0;
}

/* Is the record that begins with this field the header once more? A mark may be before it. */
static bool header_again(const struct csv *csv, size_t field)
{
	const char *first = csv->text + csv->offsets[field];

	if (strcmp(csv->text + csv->offsets[0], first + csv_mark_bytes(first, strlen(first))) != 0)
		return false;
	for (size_t i = 1; i < csv->columns; i++) {
		if (strcmp(csv->text + csv->offsets[i], csv->text + csv->offsets[field + i]) != 0)
			return false;
	}
	return true;
}

/* Are all fields from this one on empty? Spreadsheets write such rows behind the last. */
static bool row_is_empty(const struct parser *parser, size_t field)
{
	while (field < parser->fields && !parser->csv->text[parser->csv->offsets[field]])
		field++;
	return field == parser->fields;
}

static int row_read(struct parser *parser)
{
	struct csv *csv = parser->csv;
	size_t line = parser->line;
	size_t first = parser->fields;

	if (record_read(parser) != 0)
		return -1;
	if (row_is_empty(parser, first)) {
		parser->fields = first;
		return 0;
	}
	if (parser->fields - first != csv->columns)
		return err_set(parser->err, ERR_PROTOCOL,
			       "line %zu has %zu fields, the header %zu: the line may have been "
			       "cut short; remove it or write the file again",
			       line, parser->fields - first, csv->columns);
	if (header_again(csv, first))
		parser->fields = first;
	else
		csv->rows++;
	return 0;
}

/* Passes over what stands between two records: empty lines, and "sep=;" of another file. */
static void between_skip(struct parser *parser)
{
	char separator = 0;
	size_t told = csv_dialect_line(parser->data + parser->in, parser->bytes - parser->in,
				       &separator);

	if (separator == parser->csv->separator)
		parser->in += told;
	line_end_read(parser);
}

static int header_read(struct parser *parser)
{
	if (at_end(parser))
		return err_set(parser->err, ERR_PROTOCOL,
			       "is empty: it has not even a header");
	if (record_read(parser) != 0)
		return -1;
	parser->csv->columns = parser->fields;
	return header_check(parser);
}

static int records_read(struct parser *parser)
{
	size_t before;

	if (header_read(parser) != 0)
		return -1;
	while (!at_end(parser)) {
		before = parser->in;
		between_skip(parser);
		if (parser->in == before && row_read(parser) != 0)
			return -1;
	}
	return 0;
}

int csv_parse(struct csv *csv, const char *data, size_t bytes, struct err *err)
{
	struct parser parser = {.csv = csv, .data = data, .bytes = bytes, .err = err};
	struct csv_dialect dialect;

	*csv = (struct csv){0};
	if (bytes > CSV_BYTES_MAX)
		return err_set(err, ERR_RANGE, "is larger than %zu MiB", CSV_BYTES_MAX >> 20);
	if (csv_dialect_find(&dialect, data, bytes, err) != 0)
		return -1;
	parser.in = dialect.begin;
	parser.line = dialect.line;
	csv->separator = dialect.separator;
	(void)snprintf(parser.stops, sizeof(parser.stops), "%c\r\n", dialect.separator);
	/* A field takes its bytes and a NUL, for which a separator went, but at the very end. */
	csv->text = malloc(bytes + 1);
	if (!csv->text)
		return err_set(err, ERR_MEMORY, "no memory for its text");
	if (records_read(&parser) == 0)
		return 0;
	csv_fini(csv);
	return -1;
}

void csv_fini(struct csv *csv)
{
	free(csv->text);
	free(csv->offsets);
	*csv = (struct csv){0};
}

/* One byte more than is allowed, so that a larger file is noticed. */
static ssize_t file_read(int file, char *data, struct err *err)
{
	size_t bytes = 0;

	while (bytes <= CSV_BYTES_MAX) {
		ssize_t more = read(file, data + bytes, CSV_BYTES_MAX + 1 - bytes);

		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return err_system(err, "reading it");
		if (more == 0)
			break;
		bytes += (size_t)more;
	}
	return (ssize_t)bytes;
}

static int load(struct csv *csv, int file, struct err *err)
{
	char *data = malloc(CSV_BYTES_MAX + 1); /* its pages are there when they are written */
	ssize_t bytes;
	int status = -1;

	if (!data)
		return err_set(err, ERR_MEMORY, "no memory to read it");
	bytes = file_read(file, data, err);
	if (bytes >= 0)
		status = csv_parse(csv, data, (size_t)bytes, err);
	/* Results without a row end with their header's line. */
	if (status == 0 && csv->rows == 0 && !strchr("\r\n", data[bytes - 1])) {
		csv_fini(csv);
		status = err_set(err, ERR_PROTOCOL, "ends within its header: it may have been cut "
						    "short; write it again");
	}
	free(data);
	return status;
}

int csv_load(struct csv *csv, const char *path, struct err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	int file = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int status = -1;

	*csv = (struct csv){0};
	if (file < 0)
		(void)err_system(err, "opening it");
	else
		status = load(csv, file, err);
	if (file >= 0 && !is_stdin)
		(void)close(file); /* only read from */
	return status == 0 ? 0 : err_wrap(err, is_stdin ? "stdin" : path);
}

size_t csv_column(const struct csv *csv, const char *name)
{
	for (size_t i = 0; i < csv->columns; i++) {
		if (strcmp(csv->text + csv->offsets[i], name) == 0)
			return i;
	}
	return CSV_NO_COLUMN;
}

const char *csv_field(const struct csv *csv, size_t row, size_t column)
{
	if (column == CSV_NO_COLUMN)
		return "";
	return csv->text + csv->offsets[(row + 1) * csv->columns + column];
}

/* Reads "E+11" at *text, as spreadsheets write it behind large numbers. -1 if it is none. */
static int exponent_read(const char **text, int *exponent)
{
	const char *p = *text;
	bool negative;
	int value = 0;

	if (*p != 'E' && *p != 'e')
		return *p ? -1 : 0;
	p++;
	negative = *p == '-';
	p += *p == '-' || *p == '+';
	if (!*p || strlen(p) > 2)
		return -1;
	for (; *p >= '0' && *p <= '9'; p++)
		value = value * 10 + (*p - '0');
	*exponent = negative ? -value : value;
	*text = p;
	return *p ? -1 : 0;
}

/*
 * By hand, since strtod follows the locale and takes "inf" and "0x1p3" too.
 * Fifteen digits and small powers of ten are exact; more are not asked for.
 */
static double number_read(const char *field, char mark)
{
	const char *p = field;
	double value = 0;
	double scale = 1;
	bool negative = *p == '-';
	size_t digits = 0;
	int exponent = 0;

	for (p += negative; *p >= '0' && *p <= '9'; p++, digits++)
		value = value * 10 + (*p - '0');
	if (*p == '.' || *p == mark)
		for (p++; *p >= '0' && *p <= '9'; p++, digits++, scale *= 10)
			value = value * 10 + (*p - '0');
	if (digits == 0 || digits > 30 || exponent_read(&p, &exponent) != 0)
		return NAN;
	value = (negative ? -value : value) / scale;
	return exponent ? value * pow(10, exponent) : value;
}

double csv_number(const char *field)
{
	return number_read(field, '.');
}

double csv_figure(const struct csv *csv, size_t row, size_t column)
{
	return number_read(csv_field(csv, row, column), csv->separator == ',' ? '.' : ',');
}
