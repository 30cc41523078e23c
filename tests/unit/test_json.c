/* SPDX-License-Identifier: MIT */
/* The json encoding's own text and words; the contract suite tests the rest. */
#include "tests/support/codec_feed.h"
#include "tests/support/noise.h"
#include "tests/support/test.h"

extern const struct encoding encoding_json;

static void encode_is(double *values, const char *shape, const char *want)
{
	struct encoding_setup setup = codec_setup(shape);
	char text[1024];
	uint64_t announced;
	size_t bytes =
		codec_text(&encoding_json, &setup, values, text, sizeof(text) - 1, &announced);

	text[bytes] = '\0';
	CHECK_MSG(strcmp(text, want) == 0, "%.100s, not %.100s", text, want);
}

/* As json.dumps(array.tolist(), separators=(",", ":")) writes them. */
static void test_text(void)
{
	double values[] = {1, -0.0, 1e-7, 1e22, 0.1, -2.5, 1.0 / 3, 1e16};
	double odd[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};

	encode_is(values, "1", "[1.0]");
	encode_is(values, "2x3", "[[1.0,-0.0,1e-07],[1e+22,0.1,-2.5]]");
	encode_is(values, "2x2x2", "[[[1.0,-0.0],[1e-07,1e+22]],"
				   "[[0.1,-2.5],[0.3333333333333333,1e+16]]]");
	encode_is(values, "3x1x1", "[[[1.0]],[[-0.0]],[[1e-07]]]");
	encode_is(values, "1x1x2", "[[[1.0,-0.0]]]");
	encode_is(odd, "3", "[NaN,Infinity,-Infinity]");
}

/* As numpy's tolist nests what has no elements. */
static void test_empty(void)
{
	encode_is(NULL, "0", "[]");
	encode_is(NULL, "0x3", "[]");
	encode_is(NULL, "2x0", "[[],[]]");
	encode_is(NULL, "2x0x3", "[[],[]]");
	encode_is(NULL, "2x2x0", "[[[],[]],[[],[]]]");
}

/* Decodes text in pieces. */
static int decode(struct decoder *decoder, const char *text, size_t length, size_t piece,
		  struct err *err)
{
	const struct feeding feeding = {.piece = piece, .unknown = true};

	*err = (struct err){0};
	return codec_feed(&decoder->take, text, length, feeding, err);
}

/* Whatever the pieces, text is refused with words that part is part of. */
static void refused(const char *shape, const char *text, const char *part)
{
	struct encoding_setup setup = codec_setup(shape);
	struct decoder decoder;
	struct err err;

	CHECK(decoder_open(&decoder, &encoding_json, &setup, NULL) == 0);
	for (size_t piece = 1; piece <= strlen(text) + 1; piece++) {
		int status = decode(&decoder, text, strlen(text), piece, &err);

		CHECK_MSG(status != 0, "%s passes for %s", text, shape);
		CHECK_MSG(strstr(err.message, part), "%.90s in %zus: %.200s", text, piece,
			  err.message);
		CHECK(err.kind == ERR_WRONG);
	}
	decoder_close(&decoder);
}

/* Whatever the pieces, text is taken for 1 to 6. */
static void taken(const char *shape, const char *text)
{
	struct encoding_setup setup = codec_setup(shape);
	struct decoder decoder;
	struct err err;

	CHECK(decoder_open(&decoder, &encoding_json, &setup, NULL) == 0);
	for (size_t piece = 1; piece <= strlen(text) + 1; piece++) {
		int status = decode(&decoder, text, strlen(text), piece, &err);
		const double *values = decoder.array.data;

		CHECK_MSG(status == 0, "%.90s in %zus: %.200s", text, piece, err.message);
		for (size_t i = 0; i < decoder.array.count; i++)
			CHECK_MSG(values[i] == (double)(i + 1), "%s in %zus: %g at %zu", text,
				  piece, values[i], i);
	}
	decoder_close(&decoder);
}

static void test_spellings(void)
{
	taken("2x3", "[[1,2,3],[4,5,6]]");
	taken("2x3", "[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]");
	taken("2x3", " \t\r\n[ [ 1e0 ,2E+0\n,\n300e-2 ] , [4.000,0.5e1,6.0E0 ] ] \n");
	taken("6", "[1,2,3,4,5,6]\n");
	taken("1x1x1", "[[[1]]]");
	taken("3x1", "[[1],[2],[3]]");
	taken("2x0", "[ [ ] , [ ] ]");
	taken("2x0x3", "[[],[]]");
	taken("0", "[]");
}

static void test_not_finite(void)
{
	static const char text[] = "[NaN,Infinity,-Infinity,-0.0,1e999]";
	struct encoding_setup setup = codec_setup("5");
	struct decoder decoder;
	const double *values;
	struct err err;

	CHECK(decoder_open(&decoder, &encoding_json, &setup, NULL) == 0);
	for (size_t piece = 1; piece < sizeof(text); piece++) {
		CHECK(decode(&decoder, text, strlen(text), piece, &err) == 0);
		values = decoder.array.data;
		CHECK(isnan(values[0]) && isinf(values[1]) && values[1] > 0);
		CHECK(isinf(values[2]) && values[2] < 0 && values[3] == 0 && signbit(values[3]));
		CHECK(isinf(values[4]) && values[4] > 0);
	}
	decoder_close(&decoder);
}

static void test_counts(void)
{
	refused("2x3", "[[1,2,3],[4,5]]", "list at [1] has 2 elements, the array 3");
	refused("2x3", "[[1,2,3],[]]", "list at [1] has 0 elements, the array 3");
	refused("2x3", "[[1,2,3,4],[5,6]]", "list at [0] has more elements than the array's 3");
	refused("2x3", "[[1,2,3]]", "list has 1 elements, the array 2");
	refused("2x3", "[[1,2,3],[4,5,6],[7]]", "list has more elements than the array's 2");
	refused("2x4x2x2", "[[[[1,2],[3,4]],[[1,2],[3,4]],[[1,2],[3,4]],[[1,2],[3]]]]",
		"list at [0, 3, 1] has 1 elements, the array 2");
	refused("3", "[]", "list has 0 elements, the array 3");
	refused("0", "[1]", "more elements than the array's 0");
	refused("0x3", "[[]]", "more elements than the array's 0");
	refused("2x0x3", "[[],[[]]]", "list at [1] has more elements than the array's 0");
	refused("2x0", "[[]]", "list has 1 elements, the array 2");
}

static void test_nesting(void)
{
	refused("2x3", "[1,2,3,4,5,6]", "nested 1 deep, the array 2");
	refused("2x3", "-1.5", "nested 0 deep, the array 2");
	refused("6", "[[1,2,3],[4,5,6]]", "nested deeper than the array's 1");
	refused("2x3", "[[1,[2],3],[4,5,6]]", "nested deeper than the array's 2");
}

static void test_strays(void)
{
	refused("2x3", "{\"detail\":\"Not Found\"}", "no list: {\"detail\":\"Not Found\"}");
	refused("2x3", "Internal Server Error", "no list: Internal Server Error");
	refused("2x3", "<html>\n\033[31m", "no list: <html>??[31m");
	refused("2x3", "\"0123456789012345678901234567890123456789012345678901234567890123456789\"",
		"no list: \"01234567890123456789012345678901234567890123456789012345678");
	refused("2x3", "null", "no list: null");
	refused("2x3", "", "empty");
	refused("2x3", " \n ", "empty");
	refused("2x3", "[[1,null,3],[4,5,6]]", "list at [0] has null, which is no number (some");
	refused("2x3", "[[1,true,3],[4,5,6]]", "[0, 1] is true, which float64 does not have");
	refused("2x3", "[null,[4,5,6]]", "instead of an element: null,[4,5,6]]");
	refused("2x3", "[[1,\"2\",3]]", "instead of an element: \"2\",3]]");
	refused("2x3", "[[1,2,3,],[4,5,6]]", "instead of an element: ],[4");
	refused("2x3", "[[,1,2,3]]", "instead of an element: ,1,2,3]]");
	refused("2x3", "[[1 2,3]]", "instead of a comma or bracket: 2,3]]");
	refused("2x3", "[[1,2,3][4,5,6]]", "instead of a comma or bracket: [4,5,6]]");
	refused("2x3", "[[1,2,3}]", "instead of a comma or bracket: }]");
	refused("6", "[1,2,3,4,5,6]x", "goes on after its list: x");
	refused("6", "[1,2,3,4,5,6][1]", "goes on after its list: [1]");
	refused("6", "]", "no list: ]");
}

static void test_numbers_refused(void)
{
	static const char *const words[] = {"01", "+1", "1e", "-", "1.e5", "nan", "inf", "0x10",
					    "Infinit", "1e5e5", "--1", "1.2.3", "Nan"};
	char text[64];

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		(void)snprintf(text, sizeof(text), "[%s,2]", words[i]);
		refused("2", text, "the reply's list has");
		(void)snprintf(text, sizeof(text), "[2,%s]", words[i]);
		refused("2", text, "the reply's list has");
	}
}

static void test_cut_short(void)
{
	refused("2x3", "[[1,2,3],[4,5,6]", "ends in its list, after 2 elements");
	refused("2x3", "[[1,2,3],[4,5", "ends in its list at [1], after 1 elements");
	refused("2x3", "[[1,2,3],[4,5,", "ends in its list at [1], after 2 elements");
	refused("2x3", "[", "ends in its list, after 0 elements");
}

/* A number has no length that JSON limits, but ours is limited however it is cut. */
static void test_long_numbers(void)
{
	struct encoding_setup setup = codec_setup("1");
	struct decoder decoder;
	char text[2100];
	struct err err;

	CHECK(decoder_open(&decoder, &encoding_json, &setup, NULL) == 0);
	for (size_t digits = 1000; digits < 1050; digits++) {
		memset(text, '0', sizeof(text));
		memcpy(text, "[1.", 3);
		text[3 + digits - 2] = ']';
		for (size_t piece = 1; piece < 2100; piece = piece * 3 + 1) {
			int status = decode(&decoder, text, digits + 2, piece, &err);

			CHECK_MSG((status == 0) == (digits < 1024), "%zu in %zus: %.200s", digits,
				  piece, err.message);
		}
	}
	decoder_close(&decoder);
}

#define MANY 120 /* in 3 lists of 4 lists of 10: enough for eight at a time, and pieces of rows */

/* The text of so many numbers, with blanks after commas if spaced. Returns its length. */
static size_t many_text(char *text, const double *values, bool spaced)
{
	size_t length = 0;

	for (size_t i = 0; i < MANY; i++) {
		const char *before = i == 0	   ? "[[["
				     : i % 40 == 0 ? "]],[["
				     : i % 10 == 0 ? "],["
						   : ",";

		for (; *before; before++) {
			text[length++] = *before;
			if (spaced && *before == ',')
				text[length++] = ' ';
		}
		length += (size_t)snprintf(text + length, 32, "%.17g", values[i]);
	}
	memcpy(text + length, "]]]", 4);
	return length + 3;
}

/* Wherever the pieces end, rows and their turns among them, the numbers are the same. */
static void many_taken(bool spaced)
{
	static char text[MANY * 40];
	struct encoding_setup setup = codec_setup("3x4x10");
	struct decoder decoder;
	double values[MANY];
	uint64_t noise = 5;
	struct err err;
	size_t length;

	for (size_t i = 0; i < MANY; i++)
		values[i] = i % 17 ? noise_normal(&noise) : 1e-7 * (double)i;
	length = many_text(text, values, spaced);
	CHECK(decoder_open(&decoder, &encoding_json, &setup, NULL) == 0);
	for (size_t piece = 1; piece <= length; piece++) {
		CHECK_MSG(decode(&decoder, text, length, piece, &err) == 0, "in %zus: %.200s",
			  piece, err.message);
		CHECK_MSG(memcmp(decoder.array.data, values, sizeof(values)) == 0, "in %zus",
			  piece);
	}
	decoder_close(&decoder);
}

static void test_many(void)
{
	many_taken(false);
	many_taken(true);
}

/* A number with two points among so many short ones that not all their points are marked. */
static void test_crowded(void)
{
	char text[512] = "[1.55555555555555555555555555555,";
	size_t length = strlen(text);

	for (size_t i = 1; i < 60; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%c",
					   i == 24 ? "1.." : "1.5", i < 59 ? ',' : ']');
	refused("60", text, "1..");
}

static const struct test tests[] = {
	{"text", test_text},
	{"empty", test_empty},
	{"spellings", test_spellings},
	{"not finite", test_not_finite},
	{"counts", test_counts},
	{"nesting", test_nesting},
	{"strays", test_strays},
	{"numbers refused", test_numbers_refused},
	{"cut short", test_cut_short},
	{"long numbers", test_long_numbers},
	{"many numbers", test_many},
	{"crowded numbers", test_crowded},
};

TEST_MAIN(tests)
