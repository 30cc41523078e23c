/* SPDX-License-Identifier: MIT */
/*
 * Rows of decimal text are read as their numbers are one by one, whichever way: as much of
 * them, and to the same bits. What a row is comes from a plain reader of this file's own.
 */
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/drive_decimal.h"
#include "tests/support/noise.h"
#include "tests/support/test.h"

#define COUNT_MAX DECIMAL_COUNT_MAX
#define TEXT_BYTES 16384

struct sheet {
	struct decimal_rows rows;
	char text[TEXT_BYTES];
	size_t before; /* of the text, where reading starts */
	size_t length;
};

static size_t below(uint64_t *noise, size_t limit)
{
	return (size_t)(noise_share(noise) * (double)limit) % limit;
}

/* What should come after so many numbers. */
static const char *separator(const struct decimal_rows *rows, size_t count)
{
	return count >= rows->left && (count - rows->left) % rows->each == 0 ? "],[" : ",";
}

/* The plain way: number, separator, number, by the reader of single numbers. */
static void read_plainly(const struct sheet *sheet, struct decimal_reading *reading)
{
	const char *const end = sheet->text + sheet->length;
	const char *at = sheet->text + sheet->before;

	reading->count = 0;
	reading->at = sheet->before;
	while (reading->count < sheet->rows.count) {
		double *const value = &reading->values[reading->count];
		const char *const after = decimal_portable()->parse(at, end, value);
		const char *wanted;

		if (!after || after == end || after - at >= DECIMAL_ROW_LONGEST)
			return;
		reading->count++;
		reading->at = (size_t)(after - sheet->text);
		wanted = separator(&sheet->rows, reading->count);
		if ((size_t)(end - after) < strlen(wanted) ||
		    memcmp(after, wanted, strlen(wanted)) != 0)
			return;
		at = after + strlen(wanted);
	}
}

static void check_reading(const struct decimal_kernel *kernel, const struct sheet *sheet,
			  char *text, const struct decimal_reading *want)
{
	static struct decimal_reading got;
	const char *wrong;

	memcpy(text, sheet->text, sheet->length);
	drive_decimal(kernel, text, sheet->before, sheet->length, &sheet->rows, &got);
	wrong = decimal_difference(&got, want);
	if (wrong)
		TEST_FAIL("%s: %s, in rows of %zu, %zu, of %zu: %.600s", kernel->name, wrong,
			  sheet->rows.left, sheet->rows.each, sheet->rows.count,
			  sheet->text + sheet->before);
}

/* By every way; with nothing behind the text that may be read, and with nothing before it. */
static void check_sheet(const struct sheet *sheet, char *memory, size_t bytes)
{
	static struct decimal_reading want;

	read_plainly(sheet, &want);
	for (size_t i = 0; i < decimal_kernel_count && !test_why[0]; i++) {
		if (!decimal_kernels[i].usable())
			continue;
		check_reading(&decimal_kernels[i], sheet, memory + bytes - sheet->length, &want);
		if (!test_why[0])
			check_reading(&decimal_kernels[i], sheet, memory, &want);
	}
}

typedef size_t number_writer(uint64_t *noise, char *text);

static size_t write_normal(uint64_t *noise, char *text)
{
	return decimal_format(noise_normal(noise), text);
}

static size_t write_scaled(uint64_t *noise, char *text)
{
	const double scale = pow(10, (double)below(noise, 24) - 8);

	return decimal_format(noise_normal(noise) * scale, text);
}

/* Zeros, whole numbers, exponents and names, few digits. */
static size_t write_odd(uint64_t *noise, char *text)
{
	static const char *const odd[] = {
		"0.0",     "-0.0",  "0",         "7",
		"-12",     "1e-05", "2.5E+3",    "0.5",
		"-100.25", "NaN",   "Infinity",  "-Infinity",
		"0.1",     "3.0",   "1234567.0", "0.00012345678901234567",
	};
	const char *const chosen = odd[below(noise, sizeof(odd) / sizeof(odd[0]))];

	memcpy(text, chosen, strlen(chosen));
	return strlen(chosen);
}

/* Digits in any numbers, on both sides of a point. */
static size_t write_digits(uint64_t *noise, char *text)
{
	const size_t whole = below(noise, 20);
	const size_t part = 1 + below(noise, 22);
	size_t length = 0;

	if (below(noise, 2))
		text[length++] = '-';
	text[length++] = (char)(whole ? '1' + (char)below(noise, 9) : '0');
	for (size_t i = 1; i < whole; i++)
		text[length++] = (char)('0' + (char)below(noise, 10));
	text[length++] = '.';
	for (size_t i = 0; i < part; i++)
		text[length++] = (char)('0' + (char)below(noise, 10));
	return length;
}

/* As few bytes as a number with a point has: many to a block. */
static size_t write_dense(uint64_t *noise, char *text)
{
	text[0] = (char)('0' + (char)below(noise, 10));
	text[1] = '.';
	text[2] = (char)('0' + (char)below(noise, 10));
	return 3;
}

/* More digits than are looked at together, most of them zeros. */
static size_t write_long(uint64_t *noise, char *text)
{
	const size_t zeros = below(noise, 60);

	if (below(noise, 3))
		return write_dense(noise, text);
	memcpy(text, "1.", 2);
	memset(text + 2, '0', zeros);
	text[2 + zeros] = (char)('0' + (char)below(noise, 10));
	return 3 + zeros;
}

/* As near to halfway between two doubles as 17 to 19 digits come, and exactly there. */
static size_t write_halfway(uint64_t *noise, char *text)
{
	const double low = ldexp(1 + noise_share(noise) / 2, (int)below(noise, 70) - 10);
	const long double halfway = ((long double)low + (long double)nextafter(low, 1e300)) / 2;

	return (size_t)snprintf(text, 40, "%.*Lf", 1 + (int)below(noise, 17), halfway);
}

/* One of the others, usually a normal. */
static size_t write_any(uint64_t *noise, char *text)
{
	static number_writer *const writers[] = {write_scaled, write_odd, write_digits,
						 write_halfway};
	const size_t chosen = below(noise, 40);

	return chosen < 4 ? writers[chosen](noise, text) : write_normal(noise, text);
}

static void write_sheet(uint64_t *noise, number_writer *writer, struct sheet *sheet)
{
	const size_t each = below(noise, 4) ? 1 + below(noise, 40) : COUNT_MAX;
	const size_t count = 1 + below(noise, COUNT_MAX);

	sheet->rows.left = 1 + below(noise, each);
	sheet->rows.each = each;
	sheet->rows.count = count;
	sheet->before = below(noise, 3) ? below(noise, 70) : 0; /* short numbers want 32 */
	sheet->length = sheet->before;
	memset(sheet->text, '8', sheet->before);
	for (size_t i = 1; i <= count; i++) {
		const char *const after = i < count ? separator(&sheet->rows, i) : "]],[[";

		sheet->length += writer(noise, sheet->text + sheet->length);
		memcpy(sheet->text + sheet->length, after, strlen(after));
		sheet->length += strlen(after);
	}
	sheet->text[sheet->length] = '\0';
}

/* Changes some bytes, cuts some out, ends it early: what is no row, or not all of one. */
static void spoil_sheet(uint64_t *noise, struct sheet *sheet)
{
	static const char letters[] = "0123456789.,-][eE+ \n/:aN";
	size_t changes = below(noise, 4);

	while (changes--) {
		char *const at =
			sheet->text + sheet->before + below(noise, sheet->length - sheet->before);
		const size_t rest = (size_t)(sheet->text + sheet->length - at);

		if (below(noise, 3)) {
			*at = letters[below(noise, sizeof(letters) - 1)];
		} else if (rest > 1) {
			memmove(at, at + 1, rest);
			sheet->length--;
		}
	}
	if (below(noise, 4) == 0)
		sheet->length -= below(noise, sheet->length - sheet->before);
	sheet->text[sheet->length] = '\0';
}

/* Pages for a text, and none before or after them. Returns NULL if there are none. */
static char *map_between(size_t bytes)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *const map =
		mmap(NULL, bytes + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED || mprotect(map + page, bytes, PROT_READ | PROT_WRITE) != 0)
		return NULL;
	return map + page;
}

static void check_sheets(number_writer *writer, bool spoilt)
{
	static struct sheet sheet;
	char *const memory = map_between(TEXT_BYTES);
	uint64_t noise = 11;

	CHECK(memory);
	for (int i = 0; i < 4000 && !test_why[0]; i++) {
		write_sheet(&noise, writer, &sheet);
		if (spoilt)
			spoil_sheet(&noise, &sheet);
		check_sheet(&sheet, memory, TEXT_BYTES);
	}
}

static void rows_of_normals(void)
{
	check_sheets(write_normal, false);
}

static void rows_of_any_size(void)
{
	check_sheets(write_scaled, false);
}

static void rows_of_odd_numbers(void)
{
	check_sheets(write_odd, false);
}

static void rows_of_digits(void)
{
	check_sheets(write_digits, false);
}

static void rows_of_few_digits(void)
{
	check_sheets(write_dense, false);
}

static void rows_of_many_zeros(void)
{
	check_sheets(write_long, false);
}

static void rows_of_halves(void)
{
	check_sheets(write_halfway, false);
}

static void rows_of_all(void)
{
	check_sheets(write_any, false);
}

static void rows_that_are_spoilt(void)
{
	check_sheets(write_normal, true);
	check_sheets(write_any, true);
	check_sheets(write_odd, true);
	check_sheets(write_dense, true);
}

/* More marks in a block than are taken of one, and what hides among them. */
static void rows_that_are_crowded(void)
{
	static const char *const texts[] = {
		"1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1..,7.25,8.25]",
		"1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1..]",
		"3.11111111111111111111111111111111111111111111111111111111111,2."
		"5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1,2.5,3.5]",
		"1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2.5,3.5]",
	};
	static struct sheet sheet;
	char *const memory = map_between(TEXT_BYTES);

	CHECK(memory);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (sheet.before = 0; sheet.before <= 64; sheet.before++) {
			sheet.rows = (struct decimal_rows){.left = 40, .each = 40, .count = 40};
			sheet.length = sheet.before + strlen(texts[i]);
			memset(sheet.text, '8', sheet.before);
			memcpy(sheet.text + sheet.before, texts[i], strlen(texts[i]) + 1);
			check_sheet(&sheet, memory, TEXT_BYTES);
		}
	}
}

/* Points without end, which are no numbers. */
static void rows_of_points(void)
{
	static struct sheet sheet;
	char *const memory = map_between(TEXT_BYTES);

	CHECK(memory);
	sheet.rows = (struct decimal_rows){.left = 60, .each = 60, .count = 60};
	sheet.length = 0;
	while (sheet.length < 2000) {
		memcpy(sheet.text + sheet.length, sheet.length < 32 ? "1.5,2.5," : "..111111", 8);
		sheet.length += 8;
	}
	sheet.text[sheet.length] = '\0';
	check_sheet(&sheet, memory, TEXT_BYTES);
}

/* Rows without end, as far as anybody can say. */
static void rows_that_are_endless(void)
{
	static const char text[] = "1.5],[2.5],[3.5,4.5,5.5,6.5,7.5,8.5,9.5,1.5]";
	static struct sheet sheet;
	char *const memory = map_between(TEXT_BYTES);

	CHECK(memory);
	sheet.rows = (struct decimal_rows){.left = 2, .each = SIZE_MAX, .count = 20};
	sheet.before = 64;
	memset(sheet.text, '8', sheet.before);
	memcpy(sheet.text + sheet.before, text, sizeof(text));
	sheet.length = sheet.before + strlen(text);
	check_sheet(&sheet, memory, TEXT_BYTES);
}

/* The text fills its pages from their start: nothing before may be looked at either. */
static void rows_at_the_start(void)
{
	static const char text[] = "1.5,-2.25,0.1234567890123456789,3.5]";
	const size_t bytes = sizeof(text) - 1;
	char *const memory = map_between((size_t)sysconf(_SC_PAGESIZE));
	const struct decimal_rows rows = {.left = 4, .each = 4, .count = 4};

	CHECK(memory);
	memcpy(memory, text, bytes);
	for (size_t i = 0; i < decimal_kernel_count; i++) {
		struct decimal_text at = {.begin = memory, .at = memory, .end = memory + bytes};
		double values[4] = {0};

		if (!decimal_kernels[i].usable())
			continue;
		CHECK_MSG(decimal_kernels[i].parse_rows(&at, values, &rows) == 4, "%s",
			  decimal_kernels[i].name);
		CHECK(at.at == memory + bytes - 1);
		CHECK(values[0] == 1.5 && values[1] == -2.25 &&
		      values[2] == 0.1234567890123456789 && values[3] == 3.5);
	}
}

/* A number of DECIMAL_ROW_LONGEST bytes is none of a row; one of a byte less is. */
static void rows_of_long_numbers(void)
{
	static struct sheet sheet;
	char *const memory = map_between(TEXT_BYTES);

	CHECK(memory);
	for (size_t longest = DECIMAL_ROW_LONGEST - 2; longest <= DECIMAL_ROW_LONGEST; longest++) {
		sheet.rows = (struct decimal_rows){.left = 3, .each = 3, .count = 3};
		memcpy(sheet.text, "1.5,0.", 6);
		memset(sheet.text + 6, '3', longest - 2);
		memcpy(sheet.text + 4 + longest, ",2.5]", 6);
		sheet.length = longest + 9;
		check_sheet(&sheet, memory, TEXT_BYTES);
	}
}

static const struct test tests[] = {
	{"decimal_rows_of_normals", rows_of_normals},
	{"decimal_rows_of_any_size", rows_of_any_size},
	{"decimal_rows_of_odd_numbers", rows_of_odd_numbers},
	{"decimal_rows_of_digits", rows_of_digits},
	{"decimal_rows_of_few_digits", rows_of_few_digits},
	{"decimal_rows_of_many_zeros", rows_of_many_zeros},
	{"decimal_rows_of_halves", rows_of_halves},
	{"decimal_rows_of_all", rows_of_all},
	{"decimal_rows_that_are_spoilt", rows_that_are_spoilt},
	{"decimal_rows_that_are_crowded", rows_that_are_crowded},
	{"decimal_rows_of_points", rows_of_points},
	{"decimal_rows_that_are_endless", rows_that_are_endless},
	{"decimal_rows_at_the_start", rows_at_the_start},
	{"decimal_rows_of_long_numbers", rows_of_long_numbers},
};

TEST_MAIN(tests)
