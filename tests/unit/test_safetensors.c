/* SPDX-License-Identifier: MIT */
/* The safetensors encoding's own headers and words; the contract suite tests the rest. */
#include "tests/support/codec_feed.h"
#include "tests/support/must.h"
#include "tests/support/test.h"

extern const struct encoding encoding_safetensors;

#define MESSAGE_BYTES_MAX 2048

struct file {
	unsigned char bytes[MESSAGE_BYTES_MAX];
	size_t count;
};

static const float floats[] = {1.5f, -2.0f, 3.25f, 0.0f, 5.0f, -6.0f};

static struct file file_of(const char *header, size_t bytes)
{
	const uint64_t length = strlen(header);
	struct file file = {.count = sizeof(length) + length + bytes};

	memcpy(file.bytes, &length, sizeof(length)); /* we are little-endian */
	memcpy(file.bytes + sizeof(length), header, length);
	memcpy(file.bytes + sizeof(length) + length, floats, bytes);
	return file;
}

/* Decodes it as 2x3 of float32. Returns what the decoder says; the elements go to `to`. */
static int decode(const struct file *file, struct feeding feeding, float to[6], struct err *err)
{
	struct encoding_setup setup = codec_setup("2x3");
	struct decoder decoder;
	int status;

	*err = (struct err){0};
	setup.type.dtype = DTYPE_FLOAT32;
	must(decoder_open(&decoder, &encoding_safetensors, &setup, err) == 0);
	status = codec_feed(&decoder.take, file->bytes, file->count, feeding, err);
	if (status == 0)
		memcpy(to, decoder.array.data, sizeof(floats));
	decoder_close(&decoder);
	return status;
}

static void check_written(const char *type, const char *header)
{
	static const unsigned char elements[64];
	struct encoding_setup setup = {0};
	char text[MESSAGE_BYTES_MAX];
	const size_t words = strlen(header);
	uint64_t announced;
	uint64_t length;
	size_t bytes;

	must(array_type_parse(type, DTYPE_FLOAT64, &setup.type, NULL) == 0);
	bytes = codec_text(&encoding_safetensors, &setup, elements, text, sizeof(text), &announced);
	memcpy(&length, text, sizeof(length));
	CHECK_MSG(length == (words + 7) / 8 * 8, "%s: %llu", type, (unsigned long long)length);
	CHECK(bytes == announced && bytes == 8 + length + array_type_bytes(&setup.type));
	CHECK_MSG(memcmp(text + 8, header, words) == 0, "%s: %.200s", type, text + 8);
	for (size_t i = words; i < length; i++)
		CHECK(text[8 + i] == ' ');
}

/* As serde writes what has no spaces; the format wants elements aligned by spaces behind it. */
static void test_written(void)
{
	check_written("2x3",
		      "{\"array\":{\"dtype\":\"F64\",\"shape\":[2,3],\"data_offsets\":[0,48]}}");
	check_written("7:bfloat16",
		      "{\"array\":{\"dtype\":\"BF16\",\"shape\":[7],\"data_offsets\":[0,14]}}");
	check_written("2x0x3:bool",
		      "{\"array\":{\"dtype\":\"BOOL\",\"shape\":[2,0,3],\"data_offsets\":[0,0]}}");
	check_written("5:uint8",
		      "{\"array\":{\"dtype\":\"U8\",\"shape\":[5],\"data_offsets\":[0,5]}}");
}

#define OFFSETS ",\"data_offsets\":[0,24]}"
#define F32 "{\"dtype\":\"F32\",\"shape\":[2,3]" OFFSETS

static void test_read(void)
{
	static const char *const headers[] = {
		"{\"array\":" F32 "}",
		"{\"a layer's \\\"weight\\\"\":" F32 "}       ",
		"{ \"t\" : {\"data_offsets\" : [ 0 , 24 ] , \"dtype\":\"F32\",\"shape\":[2, 3]} }",
		"{\"__metadata__\":{\"format\":\"pt\",\"by\":\"{\\\\}\"},\"t\":" F32 "}",
		"{\"t\":" F32 ",\"__metadata__\":{}}",
	};

	for (size_t i = 0; i < 2 * sizeof(headers) / sizeof(headers[0]); i++)
		for (size_t piece = 0; piece < 120; piece += piece < 12 ? 1 : 23) {
			const struct file file = file_of(headers[i / 2], sizeof(floats));
			const struct feeding feeding = {.piece = piece, .unknown = i & 1};
			float got[6] = {0};
			struct err err;

			CHECK_MSG(decode(&file, feeding, got, &err) == 0, "%zu in %zus: %.300s", i,
				  piece, err.message);
			CHECK(memcmp(got, floats, sizeof(floats)) == 0);
		}
}

static const struct refusal {
	const char *header;
	const char *part;
	enum err_kind kind;
} refusals[] = {
	{"{\"t\":{\"dtype\":\"F64\",\"shape\":[2,3],\"data_offsets\":[0,48]}}",
	 "the reply is float64 of shape 2x3, the array float32 of shape 2x3 (send it as F32)",
	 ERR_WRONG},
	{"{\"t\":{\"dtype\":\"F8_E4M3\",\"shape\":[2,3],\"data_offsets\":[0,6]}}",
	 "the reply is F8_E4M3 of shape", ERR_WRONG},
	{"{\"t\":{\"dtype\":\"F32\",\"shape\":[3,2]" OFFSETS "}",
	 "the reply is float32 of shape 3x2, the array float32 of shape 2x3", ERR_WRONG},
	{"{\"t\":{\"dtype\":\"F32\",\"shape\":[]" OFFSETS "}", "of shape ()", ERR_WRONG},
	{"{\"t\":" F32 ",\"u\":" F32 "}", "more than one tensor: send it alone", ERR_WRONG},
	{"{}", "no tensor", ERR_WRONG},
	{"{\"__metadata__\":{\"a\":\"b\"}}", "no tensor", ERR_WRONG},
	{"{\"t\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[4,28]}}",
	 "its elements at bytes 4 to 28, the array at 0 to 24", ERR_WRONG},
	{"{\"t\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[4,24]}}",
	 "its elements at bytes 4 to 24", ERR_WRONG},
	{"{\"t\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0]}}", "two offsets",
	 ERR_PROTOCOL},
	{"{\"t\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24,48]}}",
	 "a list of numbers", ERR_PROTOCOL},
	{"{\"t\":{\"dtype\":\"F32\",\"shape\":[2,03]" OFFSETS "}", "malformed at byte 39: a list",
	 ERR_PROTOCOL},
	{"{\"t\":{\"dtype\":\"F32\",\"shape\":[2,-3]" OFFSETS "}", "a list of numbers",
	 ERR_PROTOCOL},
	{"{\"t\":{\"dtype\":\"F32\",\"shape\":[2,99999999999999999999]" OFFSETS "}",
	 "a list of numbers", ERR_PROTOCOL},
	{"{\"t\":{\"shape\":[2,3]" OFFSETS "}", "are its keys", ERR_PROTOCOL},
	{"{\"t\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2,3]" OFFSETS "}", "once each",
	 ERR_PROTOCOL},
	{"{\"t\":{\"color\":3}}", "are its keys", ERR_PROTOCOL},
	{"{\"t\":[1]}", "an object", ERR_PROTOCOL},
	{"{\"__metadata__\":{\"a\":3}}", "a text", ERR_PROTOCOL},
	{"{\"t\":" F32 "} x", "nothing may follow", ERR_PROTOCOL},
	{"{\"t\":" F32, "a comma", ERR_PROTOCOL},
	{"{\"t", "a key", ERR_PROTOCOL},
	{"[1,2]", "does not begin as a file in safetensors does", ERR_WRONG},
	{"", "does not begin as a file in safetensors does", ERR_WRONG},
};

static void test_refused(void)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		for (size_t piece = 0; piece < 100; piece += 33) {
			const struct file file = file_of(refusals[i].header, sizeof(floats));
			const struct feeding feeding = {.piece = piece, .unknown = piece & 1};
			float got[6];
			struct err err;

			CHECK_MSG(decode(&file, feeding, got, &err) == -1, "%zu passes", i);
			CHECK_MSG(strstr(err.message, refusals[i].part), "%zu: %s", i, err.message);
			CHECK_MSG(err.kind == refusals[i].kind, "%zu: %s", i, err.message);
		}
}

static void refused(struct file file, const char *part)
{
	float got[6];
	struct err err;

	CHECK(decode(&file, (struct feeding){0}, got, &err) == -1);
	CHECK_MSG(strstr(err.message, part), "%s", err.message);
}

static void test_frame(void)
{
	const uint64_t long_header = 99999999;
	struct file file = file_of("{\"t\":" F32 "}", sizeof(floats) - 4);

	refused(file, "the reply has 20 bytes of elements, the array 24");
	file.count = 30;
	refused(file, "the reply ends after 30 bytes, within its header");
	memcpy(file.bytes, &long_header, sizeof(long_header));
	refused(file, "its header has 100000007 bytes, and no more than 61440 are read");
}

static const struct test tests[] = {
	{"writes headers", test_written},
	{"reads headers", test_read},
	{"refuses headers", test_refused},
	{"refuses frames", test_frame},
};

TEST_MAIN(tests)
