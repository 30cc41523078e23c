/* SPDX-License-Identifier: MIT */
/* Both JSON encodings take the same texts, and say the same of what is odd about others. */
#include "tests/support/codec_feed.h"
#include "tests/support/test.h"

extern const struct encoding encoding_cjson;
extern const struct encoding encoding_json;

/* Decodes text whole. Returns the taker's word; the values are in decoder until it is closed. */
static int decode(struct decoder *decoder, const struct encoding *encoding,
		  const struct encoding_setup *setup, const char *text, size_t bytes,
		  struct err *err)
{
	const struct feeding whole = {.unknown = true};

	*err = (struct err){0};
	if (decoder_open(decoder, encoding, setup, err) != 0)
		return -1;
	return codec_feed(&decoder->take, text, bytes, whole, err);
}

static void both_say(const char *text, size_t bytes, const char *part)
{
	const struct encoding *const encodings[] = {&encoding_json, &encoding_cjson};
	struct encoding_setup setup = codec_setup("2x2");

	setup.foreign_peer = true;
	for (size_t i = 0; i < 2; i++) {
		struct decoder decoder;
		struct err err;
		int status = decode(&decoder, encodings[i], &setup, text, bytes, &err);

		decoder_close(&decoder);
		CHECK_MSG((status == 0) == (part == NULL), "%s, %.60s: %.200s", encodings[i]->name,
			  text, err.message);
		CHECK_MSG(!part || strstr(err.message, part), "%s, %.60s: %.200s",
			  encodings[i]->name, text, err.message);
	}
}

static void test_taken(void)
{
	static const char *const texts[] = {
		"[[1,2],[3,4]]",           " \t\r\n[ [ 1 , 2 ]\n,[3,4] ] \r\n",
		"[[1.5,2e0],[3E+1,4e-1]]", "[[-0,-0.0],[0,0.0]]",
		"[[0e0,0.0e-0],[10,100]]", "[[-1.25e+2,2],[3,4]]",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		both_say(texts[i], strlen(texts[i]), NULL);
}

/* cJSON would take the first ten. */
static void test_refused(void)
{
	static const struct {
		const char *text;
		const char *part;
	} rows[] = {
		{"\xef\xbb\xbf[[1,2],[3,4]]", "byte order mark"},
		{"\f[[1,2],[3,4]]", "white space that JSON does not have"},
		{"[[1,\v2],[3,4]]", "white space that JSON does not have"},
		{"[[1,2],[3,4]]\f", "white space that JSON does not have"},
		{"[[01,2],[3,4]]", "no leading zeros"},
		{"[[-01,2],[3,4]]", "no leading zeros"},
		{"[[1.,2],[3,4]]", "digits behind the point"},
		{"[[-.5,2],[3,4]]", "begin with a digit"},
		{"[[1,2],[3,4.]]", "digits behind the point"},
		{"[[1,2],[3,1.e5]]", "digits behind the point"},
		{"[[.5,2],[3,4]]", "begin with a digit"},
		{"[[+1,2],[3,4]]", "no plus sign"},
		{"[[1,2],[3,4],]", "one too many"},
		{"[[1,2,],[3,4]]", "one too many"},
		{"[[1,2 ,\n ] ,[3,4]]", "one too many"},
		{"// x\n[[1,2],[3,4]]", "a comment"},
		{"[[1,2],/* x */[3,4]]", "a comment"},
		{"[[1,2],[3,4]] # x", "a comment"},
		{"[[1,2],[3,4]][[1,2],[3,4]]", "(a second document)"},
		{"[[1,2],[3,4]]\n{}", "(a second document)"},
		{"[[1,2],[3,4]]x", "goes on after its list: x"},
		{"[[1,2],[3,4]]]", "goes on after its list: ]"},
		{"[[1 2],[3,4]]", "a comma is missing"},
		{"[[nan,2],[3,4]]", "no word for what is not finite"},
		{"[[inf,2],[3,4]]", "no word for what is not finite"},
		{"[[null,2],[3,4]]", "null, which is no number (some programs write NaN"},
		{"[[\"1\",2],[3,4]]", "a string"},
		{"[[{},2],[3,4]]", "an object"},
		{"[[true,2],[3,4]]", "a truth value"},
		{"[[None,2],[3,4]]", "Python's word for nothing"},
		{"   \n", "the reply is empty"},
		{"\"[[1,2],[3,4]]\"", "a list within a string"},
		{"<html></html>", "an HTML page"},
		{"[\0[\0001\0,\0", "UTF-16"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) - 1; i++)
		both_say(rows[i].text, strlen(rows[i].text), rows[i].part);
	both_say("[\0[\0001\0,\0", 8, "UTF-16");
	both_say("[[1,2],[3,4]]\0", 14, "(a NUL)");
}

/* What cJSON prints is said of texts that it printed; of others', it is not known. */
static void test_foreign(void)
{
	static const struct {
		const char *text;
		const char *own, *foreign;
	} rows[] = {
		{"[[null,2],[3,4]]", "how cJSON prints NaN", "some programs write NaN"},
		{"[[1e999,2],[3,4]]", "cJSON's 15 digits", "a number that reads as infinity"},
	};
	struct encoding_setup setup = codec_setup("2x2");
	struct decoder decoder;
	struct err err;

	for (size_t i = 0; i < 4; i++) {
		const char *want = i & 1 ? rows[i / 2].foreign : rows[i / 2].own;

		setup.foreign_peer = i & 1;
		CHECK(decode(&decoder, &encoding_cjson, &setup, rows[i / 2].text,
			     strlen(rows[i / 2].text), &err) != 0);
		decoder_close(&decoder);
		CHECK_MSG(strstr(err.message, want), "%.200s", err.message);
		CHECK_MSG(!(i & 1) || !strstr(err.message, "cJSON"), "%.200s", err.message);
	}
}

/* One digit more than both take. */
static void test_long_number(void)
{
	char text[1200];

	(void)snprintf(text, sizeof(text), "[[1,2],[3,4.%01021d]]", 0);
	both_say(text, strlen(text), NULL);
	(void)snprintf(text, sizeof(text), "[[1,2],[3,4.%01022d]]", 0);
	both_say(text, strlen(text), "(a number of more than 1023 characters)");
}

static const struct test tests[] = {
	{"taken", test_taken},
	{"refused", test_refused},
	{"foreign", test_foreign},
	{"long number", test_long_number},
};

TEST_MAIN(tests)
