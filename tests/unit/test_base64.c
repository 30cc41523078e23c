/* SPDX-License-Identifier: MIT */
/* The base64 encoding's own text and words; the contract suite tests the rest. */
#include "tests/support/codec_feed.h"
#include "tests/support/test.h"

extern const struct encoding encoding_base64;

/* What base64.b64encode(numpy.array([1.0, -2.5]).tobytes()) gives. */
#define TEXT_2 "AAAAAAAA8D8AAAAAAAAEwA=="
/* And of [1.0], [1.0, 1.0, 1.0]. */
#define TEXT_1 "AAAAAAAA8D8="
#define TEXT_3 "AAAAAAAA8D8AAAAAAADwPwAAAAAAAPA/"

static void encode_is(double *values, const char *shape, const char *want)
{
	struct encoding_setup setup = codec_setup(shape);
	char text[1024];
	uint64_t announced;
	size_t bytes =
		codec_text(&encoding_base64, &setup, values, text, sizeof(text) - 1, &announced);

	text[bytes] = '\0';
	CHECK_MSG(strcmp(text, want) == 0, "%.100s, not %.100s", text, want);
	CHECK(announced == bytes);
}

static void test_text(void)
{
	encode_is((double[]){1.0}, "1", TEXT_1);
	encode_is((double[]){1.0, -2.5}, "2", TEXT_2);
	encode_is((double[]){1.0, 1.0, 1.0}, "3x1", TEXT_3);
	encode_is(NULL, "3x0", "");
}

/* Decodes text in pieces; no message is left if it is taken, and the values must be right. */
static void decode(const char *text, const char *shape, size_t piece, struct err *err)
{
	static const double want[] = {1.0, -2.5};
	struct encoding_setup setup = codec_setup(shape);
	struct decoder decoder;
	const struct feeding feeding = {.piece = piece, .unknown = true};

	*err = (struct err){0};
	CHECK(decoder_open(&decoder, &encoding_base64, &setup, err) == 0);
	if (codec_feed(&decoder.take, text, strlen(text), feeding, err) == 0 && decoder.array.bytes)
		CHECK(memcmp(decoder.array.data, want, decoder.array.bytes) == 0);
	decoder_close(&decoder);
}

static void test_pieces(void)
{
	struct err err;

	for (size_t piece = 1; piece < 30; piece++) {
		decode(TEXT_2, "2", piece, &err);
		CHECK_MSG(err.kind == ERR_NONE, "%.200s", err.message);
		decode(TEXT_1, "1", piece, &err);
		CHECK_MSG(err.kind == ERR_NONE, "%.200s", err.message);
	}
}

static void test_words(void)
{
	static const struct {
		const char *text;
		const char *part; /* of the message */
	} cases[] = {
		{TEXT_2 "\n", "longer than the 24 characters of the array's base64: a line break "
			      "ends it"},
		{TEXT_2 "\r\n", "longer than the 24 characters of the array's base64: a line "
				"break ends it"},
		{TEXT_2 "A", "longer than the 24"},
		{TEXT_1, "character 11 (0x3d) cannot"},
		{"", "ends after 0 of the 24"},
		{"AAA", "ends after 3 of the 24"},
		{"AAAAAAAA8D8AAAAAAAAEwA=", "ends after 23 of the 24"},
		{"AAAAAAAA8D8AAAAAAAAEwA=", "; its padding, =, is missing"},
		{"AAAAAAAA8D8AAAAAAAAEwA", "; its padding, =, is missing"},
		{"AAAAAAAA8D8AAA?AAAAEwA==", "character 14 (0x3f) cannot"},
		{"AAAAAAAA8D8AAA\nAAAAEwA==",
		 "character 14 (0x0a) cannot stand there in base64: it is a line break"},
		{"AAAAAAAA8D8AAA-AAAAEwA==",
		 "character 14 (0x2d) cannot stand there in base64: it is a letter of the URL-"},
		{"\"AAAAAAA8D8AAAAAAAAEwA==",
		 "character 0 (0x22) cannot stand there in base64: it is a quotation mark"},
		{"AAAA====8D8AAAAAAAAEwA==", "character 4 (0x3d) cannot"},
		{"AAAAAAAA8D8AAAAAAAAEwAA=", "cannot"},
		{"AAAAAAAA8D8AAAAAAAAEwAAA", "other padding"},
		{"AAAAAAAA8D8AAAAAAAAEwB==", "cannot"}, /* bits that must be 0 */
		{"{\"detail\":\"Not Found\"}  ", "character 0 (0x7b) cannot"},
	};
	struct err err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t piece = 1; piece < 26; piece += 3) {
			decode(cases[i].text, "2", piece, &err);
			CHECK_MSG(strstr(err.message, cases[i].part), "%zu in %zus: %.200s", i,
				  piece, err.message);
			CHECK(err.kind == ERR_WRONG);
		}
	}
}

/* A wrong length is said when something has come that can be shown, or at the end. */
static void test_announced(void)
{
	struct encoding_setup setup = codec_setup("2");
	struct decoder decoder;
	struct err err = {0};

	CHECK(decoder_open(&decoder, &encoding_base64, &setup, &err) == 0);
	CHECK(decoder.take.begin(&decoder.take, 23, &err) == 0);
	CHECK(decoder.take.accept(&decoder.take, "<html>\n<body>", 13, &err) != 0);
	CHECK_STR(err.message, "the reply has 23 characters, the array's base64 24; "
			       "it looks like an HTML page: <html>\\n<body>");
	err_clear(&err);
	CHECK(decoder.take.begin(&decoder.take, 0, &err) != 0);
	CHECK_STR(err.message,
		  "the reply has 0 characters, the array's base64 24; it is empty");
	CHECK(decoder.take.begin(&decoder.take, 24, NULL) == 0);
	decoder_close(&decoder);
}

/* A line break more is announced, too, by servers that know their length. */
static void test_announced_break(void)
{
	struct encoding_setup setup = codec_setup("2");
	struct decoder decoder;
	struct err err = {0};

	CHECK(decoder_open(&decoder, &encoding_base64, &setup, &err) == 0);
	CHECK(codec_feed(&decoder.take, TEXT_2 "\n", 25, (struct feeding){0}, &err) != 0);
	CHECK_MSG(strstr(err.message, ": a line break ends it"), "%s", err.message);
	decoder_close(&decoder);
}

static const struct test tests[] = {
	{"text", test_text},
	{"pieces", test_pieces},
	{"words", test_words},
	{"announced", test_announced},
	{"announced line break", test_announced_break},
};

TEST_MAIN(tests)
