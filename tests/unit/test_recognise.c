/* SPDX-License-Identifier: MIT */
/* What a refused message is said to look like, in whole sentences: they are the same everywhere. */
#include "tests/support/codec_feed.h"
#include "tests/support/hex.h"
#include "tests/support/must.h"
#include "tests/support/noise.h"
#include "tests/support/test.h"
#include "transports/recognise.h"
#include "transports/recognise_size.h"

#define BYTES_MAX 512

static uint64_t same_bytes(uint64_t array_bytes)
{
	return array_bytes;
}

static uint64_t base64_bytes(uint64_t array_bytes)
{
	return (array_bytes + 2) / 3 * 4;
}

/* Adds the words for data, all of a message for an array of 2x3 float64, to "refused". */
static struct err words_for(enum form wanted, const void *data, size_t bytes)
{
	const struct encoding_setup setup = codec_setup("2x3");
	void *copy = exact_copy(data, bytes);
	const struct seen seen = {
		.data = copy,
		.bytes = bytes < SEEN_BYTES_MAX ? bytes : SEEN_BYTES_MAX,
		.length_bytes = bytes,
		.wanted = wanted,
		.type = &setup.type,
		.message_bytes = wanted == FORM_ANY    ? same_bytes :
				 wanted == FORM_BASE64 ? base64_bytes :
							 NULL,
	};
	struct err err = {0};

	(void)err_set(&err, ERR_WRONG, "refused");
	(void)recognise_add(&seen, &err);
	free(copy);
	return err;
}

static void says(enum form wanted, const void *data, size_t bytes, const char *want)
{
	struct err err = words_for(wanted, data, bytes);

	CHECK_MSG(strncmp(err.message, "refused", 7) == 0 && strcmp(err.message + 7, want) == 0,
		  "got \"%.300s\", want \"%.300s\"", err.message + 7, want);
}

#define SAYS(wanted, literal, want) says(wanted, literal, sizeof(literal) - 1, want)

/* What has bytes of its own in front is known wherever it comes, whatever was wanted. */
static void test_formats(void)
{
	static const struct {
		const char *data;
		size_t bytes;
		const char *what;
	} rows[] = {
#define ROW(literal, what) {literal, sizeof(literal) - 1, what}
		ROW("\x1f\x8b\x08\0\0\0\0\0\0\3abc", "gzip (send it uncompressed)"),
		ROW("\x28\xb5\x2f\xfd\x04\x58", "zstd (send it uncompressed)"),
		ROW("\xfd"
		    "7zXZ\0",
		    "xz (send it uncompressed)"),
		ROW("BZh91AY&SY", "bzip2 (send it uncompressed)"),
		ROW("\x04\x22\x4d\x18\x40", "lz4 (send it uncompressed)"),
		ROW("x\x9c\x8b\x8e", "zlib (send it uncompressed)"),
		ROW("x\x01\x8b\x8e", "zlib (send it uncompressed)"),
		ROW("\xff\xfe[\0[\0"
		    "1\0]\0",
		    "text in UTF-16 or UTF-32 (send UTF-8)"),
		ROW("\xfe\xff\0[\0[\0"
		    "1\0]",
		    "text in UTF-16 or UTF-32 (send UTF-8)"),
		ROW("[\0[\0"
		    "1\0]\0]\0",
		    "text in UTF-16 or UTF-32 (send UTF-8)"),
		ROW("\xff\xfe\0\0[\0\0\0[\0\0\0", "text in UTF-16 or UTF-32 (send UTF-8)"),
#undef ROW
	};
	char want[100];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(want, sizeof(want), "; it looks like %s", rows[i].what);
		for (enum form form = FORM_ANY; form <= FORM_NAME; form++)
			says(form, rows[i].data, rows[i].bytes, want);
	}
	SAYS(FORM_LIST, "\xef\xbb\xbf[[1]]",
	     "; it looks like text behind a byte order mark, or BOM "
	     "(send it without that): \\xef\\xbb\\xbf[[1]]");
	SAYS(FORM_ANY, "\x93NUMPY\1\0",
	     "; it looks like a .npy file, which has a header "
	     "(the encoding npy takes those)");
	SAYS(FORM_ANY, "\x40\0\0\0\0\0\0\0{\"weight\":{\"dtype\":",
	     "; it looks like a file in safetensors (the encoding safetensors takes those)");
	SAYS(FORM_NPY, "[[1]]",
	     "; it looks like a list in JSON (the encoding json takes those): [[1]]");
	SAYS(FORM_NPY, "PK\3\4\x14\0",
	     "; it looks like a zip archive, as .npz files are (a .npy file is wanted)");
	SAYS(FORM_PICKLE, "PK\3\4\x14\0",
	     "; it looks like a zip archive, as .npz files are "
	     "(a pickled numpy array is wanted)");
}

static void test_texts(void)
{
	SAYS(FORM_BASE64, " <!DOCTYPE HTML><p>",
	     "; it looks like an HTML page:  <!DOCTYPE HTML><p>");
	SAYS(FORM_ANY, "<html>\n</html>", "; it looks like an HTML page: <html>\\n</html>");
	SAYS(FORM_LIST, "<?xml version=\"1.0\"?>",
	     "; it looks like HTML or XML: <?xml version=\"1.0\"?>");
	SAYS(FORM_LIST, "{\"data\": [[1]]}",
	     "; it looks like an object in JSON "
	     "(nested lists of numbers are wanted): {\"data\": [[1]]}");
	SAYS(FORM_BASE64, "[[0.5,1.5]]",
	     "; it looks like a list in JSON "
	     "(the encoding json takes those): [[0.5,1.5]]");
	SAYS(FORM_BASE64, "\"AAAAAAAA4D8=\"",
	     "; it looks like a string in JSON, in quotation marks "
	     "(send the text alone): \"AAAAAAAA4D8=\"");
	SAYS(FORM_NAME, "\"psm_1\"",
	     "; it looks like a string in JSON, in quotation marks "
	     "(send the text alone): \"psm_1\"");
	SAYS(FORM_LIST, "\"[[1]]\"",
	     "; it looks like a list within a string in JSON "
	     "(it was encoded twice): \"[[1]]\"");
	SAYS(FORM_BASE64, "b'AAAA'",
	     "; it looks like Python's repr of bytes "
	     "(send them as they are): b'AAAA'");
	SAYS(FORM_NAME, "'psm_1'",
	     "; it looks like text in quotation marks "
	     "(send it without them): 'psm_1'");
	SAYS(FORM_BASE64, "data:text/plain;base64,AAAA",
	     "; it looks like a data: URL "
	     "(base64 of the array's bytes is wanted): data:text/plain;base64,AAAA");
	SAYS(FORM_LIST, "data: [[1]]",
	     "; it looks like an event stream "
	     "(nested lists of numbers are wanted): data: [[1]]");
	SAYS(FORM_LIST, "0.5,1.5\n2.5,3.5\n",
	     "; it looks like numbers without brackets "
	     "(nested lists of numbers are wanted): 0.5,1.5\\n2.5,3.5\\n");
	SAYS(FORM_LIST, "{\"d\xc3\xa9tail\": 1}",
	     "; it looks like an object in JSON "
	     "(nested lists of numbers are wanted): {\"d\\xc3\\xa9tail\": 1}");
	SAYS(FORM_ANY, "Sorry, no array",
	     "; it looks like text "
	     "(the array's bytes alone are wanted): Sorry, no array");
	SAYS(FORM_BASE64, "Sorry, no array", "; it begins: Sorry, no array");
	SAYS(FORM_ANY, "HTTP/1.1 400 Bad",
	     "; it looks like a whole reply of HTTP "
	     "(the array's bytes alone are wanted): HTTP/1.1 400 Bad");
	SAYS(FORM_NAME, "/dev/shm/psm_1",
	     "; it looks like a path "
	     "(send the segment's name alone, without folders): /dev/shm/psm_1");
}

/* Hexadecimal digits are letters of base64: their number tells. */
static void test_letters(void)
{
	static const char hex[] = "000000000000e03f000000000000f83f0000000000000440"
				  "0000000000000c4000000000000012400000000000001640";
	static const char url[] =
		"l9RGRvUOZ7yX1EZG9Q5nvJfURkb1Dme8l9RGRvUOZ7-X1EZG9Q5nvJfURkb1Dme_";
	static const char right[] =
		"AAAAAAAA4D8AAAAAAAD4PwAAAAAAAARAAAAAAAAADEAAAAAAAAASQAAAAAAAABZA";
	char lines[80];

	SAYS(FORM_BASE64, hex,
	     "; it looks like hexadecimal digits (base64 of the array's bytes is "
	     "wanted): 000000000000e03f000000000000f83f0000000000000440000000000000...");
	SAYS(FORM_ANY, "0123456789abcdef",
	     "; it looks like hexadecimal digits "
	     "(the array's bytes alone are wanted): 0123456789abcdef");
	SAYS(FORM_BASE64, url,
	     "; it looks like base64 of the URL-safe alphabet (send the usual one, "
	     "with + and /): l9RGRvUOZ7yX1EZG9Q5nvJfURkb1Dme8l9RGRvUOZ7-X1EZG9Q5nvJfURkb1...");
	(void)snprintf(lines, sizeof(lines), "%.20s\n%s", right, right + 20);
	says(FORM_BASE64, lines, strlen(lines),
	     "; it looks like base64 with line breaks (send it without them): "
	     "AAAAAAAA4D8AAAAAAAD4\\nPwAAAAAAAARAAAAAAAAADEAAAAAAAAASQAAAAA...");
	SAYS(FORM_LIST, right,
	     "; it looks like base64 (the encoding base64 takes that): "
	     "AAAAAAAA4D8AAAAAAAD4PwAAAAAAAARAAAAAAAAADEAAAAAAAAASQAAAAAAA...");
	SAYS(FORM_BASE64, right, "");
	SAYS(FORM_BASE64, "none", "; it begins: none");
	SAYS(FORM_BASE64, "k05VTVBZAQB2AHsnZGVz",
	     "; it looks like base64 of a .npy file, which has "
	     "a header");
	SAYS(FORM_BASE64, "H4sIAAAAAAACA2NgAIEA", "; it looks like base64 of gzip");
}

static void test_sizes(void)
{
	char data[300];

	memset(data, 0, sizeof(data));
	data[7] = 0x3f;
	says(FORM_ANY, data, 6, "; uint8 would have that size");
	says(FORM_ANY, data, 12, "; float16 would have that size");
	says(FORM_ANY, data, 24, "; float32 would have that size");
	says(FORM_ANY, data, 96, "; complex128, or 2 arrays, would have that size");
	says(FORM_ANY, data, 144, "; 3 arrays would have that size");
	says(FORM_ANY, data, 9, "; it begins: \\x00\\x00\\x00\\x00\\x00\\x00\\x00?\\x00");
	says(FORM_PICKLE, data, 48,
	     "; it looks like the array's bytes as they are "
	     "(the encoding bytes takes those)");
	memset(data, 'A', sizeof(data));
	says(FORM_BASE64, data, 32, "; float32 would have that size");
	says(FORM_BASE64, data, 16, "; float16 would have that size");
	says(FORM_BASE64, data, 128, "; complex128, or 2 arrays, would have that size");
	says(FORM_BASE64, data, 88, "; it looks like base64 of base64 (it was encoded twice)");
	says(FORM_ANY, data, 0, "; it is empty");
}

/* One channel of an image, behind an axis of 1. */
static void test_rows(void)
{
	const struct encoding_setup setup = codec_setup("1x3x5");
	struct err err = {0};

	(void)err_set(&err, ERR_WRONG, "refused");
	CHECK(size_add_words(&setup.type, NULL, 40, &err));
	CHECK_STR(err.message, "refused; 1 of the 3 along an axis would have that size");
	CHECK(!size_add_words(&setup.type, NULL, 24, NULL));
}

/* Where the array's base64 is padded: 2x5 doubles are 80 bytes, which 3 does not divide. */
static void test_padding(void)
{
	const struct encoding_setup setup = codec_setup("2x5");
	struct seen seen = {
		.data = "AAAAAAAA4D8AAAAAAAD4PwAAAAAAAARA",
		.bytes = 32,
		.length_bytes = 107,
		.wanted = FORM_BASE64,
		.type = &setup.type,
		.message_bytes = base64_bytes,
	};
	struct err err = {0};

	(void)err_set(&err, ERR_WRONG, "refused");
	CHECK(recognise_add(&seen, &err));
	CHECK_STR(err.message, "refused; its padding, =, is missing");
}

/* numpy.array([[1.0]]) and [1.0, 2.0] by pickle.dumps(..., protocol). */
static void test_pickles(void)
{
	static const struct {
		const char *hex;
		const char *what;
	} rows[] = {
		{"636e756d70792e636f72652e6d756c746961727261790a5f7265636f6e7374727563740a70300a28"
		 "636e756d70790a6e6461727261790a70310a2849300a7470320a2e",
		 "a pickle of protocol 0 or 1 (the encoding pickle takes 2 to 5)"},
		{"5d71002847"
		 "3ff00000000000004740000000000000"
		 "00652e",
		 "a pickle of protocol 1 (the encoding pickle takes 2 to 5)"},
		{"80024b012e", "a pickle (the encoding pickle takes those)"},
		{"8004950300000000000000"
		 "4b012e",
		 "a pickle (the encoding pickle takes those)"},
	};
	unsigned char data[BYTES_MAX];
	char want[100];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t bytes = hex_read(rows[i].hex, data);
		struct err err = words_for(FORM_LIST, data, bytes);

		(void)snprintf(want, sizeof(want), "refused; it looks like %s", rows[i].what);
		CHECK_MSG(strncmp(err.message, want, strlen(want)) == 0, "%.300s", err.message);
		CHECK_STR(words_for(FORM_PICKLE, data, bytes).message, "refused");
	}
}

/* What looks as it should needs no words, nor what has been quoted already. */
static void test_nothing_to_say(void)
{
	struct err err = {0};
	struct seen seen = {
		.data = "No such array",
		.bytes = 13,
		.length_bytes = 13,
		.wanted = FORM_LIST,
	};

	SAYS(FORM_LIST, "[[1,2,3],[4,5]]", "");
	SAYS(FORM_LIST, " \n[", "");
	SAYS(FORM_NAME, "psm_1234-x.y", "");
	SAYS(FORM_NAME, "/psm_1234", "");
	CHECK(!recognise_add(&seen, NULL));
	CHECK(!recognise_add(&seen, &err) && err.kind == ERR_NONE);
	(void)err_set(&err, ERR_WRONG, "the reply is no list: No such array");
	(void)recognise_add(&seen, &err);
	CHECK_STR(err.message, "the reply is no list: No such array");
	err_clear(&err);
	(void)err_set(&err, ERR_WRONG, "the reply is empty");
	seen.bytes = seen.length_bytes = 0;
	(void)recognise_add(&seen, &err);
	CHECK_STR(err.message, "the reply is empty");
}

/* Carriers know no encoding, so nothing is said of what one would want. */
static void test_messages(void)
{
	struct err err = {0};

	(void)err_set(&err, ERR_WRONG, "refused");
	recognise_add_message("{\"error\": 1}", 12, 12, &err);
	CHECK_STR(err.message, "refused; it looks like an object in JSON: {\"error\": 1}");
	err_clear(&err);
	(void)err_set(&err, ERR_WRONG, "refused");
	recognise_add_message("", 0, 0, &err);
	CHECK_STR(err.message, "refused; it is empty");
	err_clear(&err);
	(void)err_set(&err, ERR_WRONG, "refused");
	recognise_add_message("\1\2", 2, 2, &err);
	CHECK_STR(err.message, "refused; it begins: \\x01\\x02");
}

static unsigned below(uint64_t *noise, unsigned limit)
{
	unsigned drawn = (unsigned)(noise_share(noise) * limit);

	return drawn < limit ? drawn : limit - 1;
}

/* Whatever comes: one printable line, behind any words that are there already. */
static void test_any_bytes(void)
{
	unsigned char data[SEEN_BYTES_MAX];
	uint64_t noise = 7;

	for (int i = 0; i < 20000; i++) {
		size_t bytes = below(&noise, SEEN_BYTES_MAX + 1);
		struct err err;

		for (size_t k = 0; k < bytes; k++)
			data[k] = (unsigned char)(i & 1 ? below(&noise, 256) :
							  ' ' + below(&noise, 95));
		err = words_for((enum form)(i % (FORM_UNKNOWN + 1)), data, bytes);
		for (const char *p = err.message; *p; p++)
			CHECK_MSG(*p >= ' ' && *p <= '~', "%.300s", err.message);
	}
}

static void test_long_words(void)
{
	struct err err = {0};

	(void)err_set(&err, ERR_WRONG, "%0390d", 7);
	recognise_add_message("<html>", 6, 6, &err);
	CHECK(strlen(err.message) == ERR_MESSAGE_BYTES - 1);
	CHECK(memcmp(err.message + 390, "; it look", 9) == 0);
}

static const struct test tests[] = {
	{"formats", test_formats},
	{"texts", test_texts},
	{"letters", test_letters},
	{"sizes", test_sizes},
	{"rows", test_rows},
	{"padding", test_padding},
	{"pickles", test_pickles},
	{"nothing to say", test_nothing_to_say},
	{"messages", test_messages},
	{"any bytes", test_any_bytes},
	{"long words", test_long_words},
};

TEST_MAIN(tests)
