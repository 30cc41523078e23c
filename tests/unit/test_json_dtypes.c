/* SPDX-License-Identifier: MIT */
/* The json encoding's text of each dtype, and its words for what another dtype has. */
#include "tests/support/codec_feed.h"
#include "tests/support/test.h"

extern const struct encoding encoding_json;

static struct encoding_setup setup_of(const char *shape, enum dtype dtype)
{
	struct encoding_setup setup = codec_setup(shape);

	setup.type.dtype = dtype;
	return setup;
}

static void written(const char *shape, enum dtype dtype, const void *elements, const char *want)
{
	const struct encoding_setup setup = setup_of(shape, dtype);
	char text[1024];
	uint64_t announced;
	size_t bytes =
		codec_text(&encoding_json, &setup, elements, text, sizeof(text) - 1, &announced);

	text[bytes] = '\0';
	CHECK_STR(text, want);
}

static void test_text(void)
{
	const uint8_t bytes[] = {0, 1, 10, 99, 100, 255};
	const int64_t wide[] = {INT64_MIN, INT64_MAX, 0, -1, 10000, -100000};
	const float floats[] = {0.1f, -1, 1e-7f, 16777216, 3.4028235e38f, 1.0f / 3};
	const uint16_t halves[] = {0x2e66, 0x7bff, 1, 0x8000, 0x3c00, 0x3555};

	written("2x3", DTYPE_UINT8, bytes, "[[0,1,10],[99,100,255]]");
	written("3x2", DTYPE_INT64, wide,
		"[[-9223372036854775808,9223372036854775807],[0,-1],[10000,-100000]]");
	written("6", DTYPE_FLOAT32, floats,
		"[0.1,-1.0,1e-07,16777216.0,3.4028235e+38,0.33333334]");
	written("6", DTYPE_FLOAT16, halves, "[0.1,65500.0,6e-08,-0.0,1.0,0.3333]");
	written("1x2", DTYPE_BOOL, bytes, "[[false,true]]");
	written("2x0", DTYPE_BOOL, NULL, "[[],[]]");
}

static int decode(struct decoder *decoder, const char *text, size_t piece, struct err *err)
{
	const struct feeding feeding = {.piece = piece, .unknown = true};

	*err = (struct err){0};
	return codec_feed(&decoder->take, text, strlen(text), feeding, err);
}

/* However it comes, the text is read as these elements. */
static void taken(const char *shape, enum dtype dtype, const char *text, const void *elements)
{
	const struct encoding_setup setup = setup_of(shape, dtype);
	struct decoder decoder;
	struct err err;

	CHECK(decoder_open(&decoder, &encoding_json, &setup, NULL) == 0);
	for (size_t piece = 1; piece <= strlen(text) + 1; piece++) {
		int status = decode(&decoder, text, piece, &err);

		CHECK_MSG(status == 0, "%.90s in %zus: %.200s", text, piece, err.message);
		CHECK_MSG(memcmp(decoder.array.data, elements, decoder.array.bytes) == 0,
			  "%.90s in %zus", text, piece);
	}
	decoder_close(&decoder);
}

static void test_spellings(void)
{
	const uint8_t bytes[] = {1, 20, 255, 0, 1, 100};
	const uint8_t bools[] = {1, 0, 0, 1, 1, 0};
	const int16_t words[] = {-32768, 32767, 0};
	const float floats[] = {1, -0.0f, 0.1f};

	taken("2x3", DTYPE_UINT8, "[[1,20,255],[0,1,100]]", bytes);
	taken("2x3", DTYPE_UINT8, " [ [1.0, 2e1, 255] , [-0, 10e-1,1.00E+2 ] ]\n", bytes);
	taken("6", DTYPE_BOOL, "[true,false,false,true,true,false]", bools);
	taken("3x2", DTYPE_BOOL, "[[true, false], [0, 1],\n[1.0, 0e0]]", bools);
	taken("3", DTYPE_INT16, "[-32768,32767,0]", words);
	taken("3", DTYPE_FLOAT32, "[1,-0.0,0.1]", floats);
	taken("3", DTYPE_FLOAT32, "[1.0,-0,0.100000001490116119384765625]", floats);
}

/* However it comes, the text is refused in these words. */
static void refused(const char *shape, enum dtype dtype, const char *text, const char *want)
{
	const struct encoding_setup setup = setup_of(shape, dtype);
	struct decoder decoder;
	struct err err;

	CHECK(decoder_open(&decoder, &encoding_json, &setup, NULL) == 0);
	for (size_t piece = 1; piece <= strlen(text) + 1; piece++) {
		CHECK_MSG(decode(&decoder, text, piece, &err) == -1, "%s passes", text);
		CHECK(err.kind == ERR_WRONG);
		CHECK_STR(err.message, want);
	}
	decoder_close(&decoder);
}

static void test_misfits(void)
{
	refused("2x3", DTYPE_UINT8, "[[1,2,3],[4,300,6]]",
		"the reply's element [1, 1] is 300, beyond uint8's 0 to 255 (uint16 has it)");
	refused("2x3", DTYPE_UINT8, "[[1,2,3],[4,5,-1]]",
		"the reply's element [1, 2] is -1, beyond uint8's 0 to 255 (int8 has it)");
	refused("3", DTYPE_INT32, "[1,1.5,2]",
		"the reply's element [1] is 1.5, no whole number, as int32 has (float32 has it)");
	refused("3", DTYPE_INT32, "[NaN,1,2]",
		"the reply's element [0] is NaN, which int32 does not have (float32 has it)");
	refused("3", DTYPE_UINT8, "[1,2,true]",
		"the reply's element [2] is true, which uint8 does not have (a truth value; "
		"bool has it)");
	refused("1x2", DTYPE_BOOL, "[[true,2]]",
		"the reply's element [0, 1] is 2, beyond bool's false and true, 0 and 1 "
		"(uint8 has it)");
	refused("2", DTYPE_FLOAT16, "[65504,65520]",
		"the reply's element [1] is 65520, beyond float16's -65504 to 65504 "
		"(uint16 has it)");
	refused("2", DTYPE_FLOAT32, "[0.5,1e39]",
		"the reply's element [1] is 1e39, beyond float32's -3.4028235e38 to "
		"3.4028235e38 (float64 has it)");
	refused("2", DTYPE_INT64, "[9223372036854775808,0]",
		"the reply's element [0] is 9223372036854775808, beyond int64's "
		"-9223372036854775808 to 9223372036854775807 (uint64 has it)");
	refused("2", DTYPE_INT8, "[1,null]",
		"the reply's list has null, which is no number (some programs write NaN and "
		"infinities so)");
	refused("2", DTYPE_INT8, "[1]", "the reply's list has 1 elements, the array 2");
}

static const struct test tests[] = {
	{"text", test_text},
	{"spellings", test_spellings},
	{"misfits", test_misfits},
};

TEST_MAIN(tests)
