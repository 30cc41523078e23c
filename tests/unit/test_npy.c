/* SPDX-License-Identifier: MIT */
/*
 * The npy encoding against headers that numpy 1.24 writes, and headers that others may; the
 * contract suite tests the rest.
 */
#include "tests/support/codec_feed.h"
#include "tests/support/must.h"
#include "tests/support/test.h"

extern const struct encoding encoding_npy;

#define MESSAGE_BYTES_MAX 2048

/* A .npy file: version, header as text, elements. */
struct file {
	unsigned char bytes[MESSAGE_BYTES_MAX];
	size_t count;
};

static void add(struct file *file, const void *data, size_t bytes)
{
	memcpy(file->bytes + file->count, data, bytes);
	file->count += bytes;
}

static struct file file_of(unsigned char version, const char *header, const void *elements,
			   size_t bytes)
{
	const uint32_t length = (uint32_t)strlen(header);
	struct file file = {0};

	add(&file, "\x93NUMPY", 6);
	add(&file, (unsigned char[]){version, 0}, 2);
	add(&file, &length, version == 1 ? 2 : 4); /* we are little-endian */
	add(&file, header, length);
	add(&file, elements, bytes);
	return file;
}

static struct encoding_setup setup_of(const char *type)
{
	struct encoding_setup setup = {0};

	must(array_type_parse(type, DTYPE_FLOAT64, &setup.type, NULL) == 0);
	return setup;
}

/* Decodes it in pieces. Returns what the decoder says; the elements go to `to`, if they came. */
static int decode(const struct file *file, const char *type, struct feeding feeding, void *to,
		  struct err *err)
{
	struct encoding_setup setup = setup_of(type);
	struct decoder decoder;
	int status;

	*err = (struct err){0};
	must(decoder_open(&decoder, &encoding_npy, &setup, err) == 0);
	status = codec_feed(&decoder.take, file->bytes, file->count, feeding, err);
	if (status == 0 && to && decoder.array.bytes)
		memcpy(to, decoder.array.data, decoder.array.bytes);
	decoder_close(&decoder);
	return status;
}

static void check_written(const char *type, const char *header, size_t header_bytes)
{
	static const unsigned char elements[1024];
	struct encoding_setup setup = setup_of(type);
	char text[MESSAGE_BYTES_MAX];
	uint64_t announced;
	size_t bytes = codec_text(&encoding_npy, &setup, elements, text, sizeof(text), &announced);
	const size_t words = strlen(header);

	CHECK_MSG(bytes == announced && bytes == header_bytes + array_type_bytes(&setup.type),
		  "%s: %zu bytes", type, bytes);
	CHECK_MSG(memcmp(text, "\x93NUMPY\1", 8) == 0 && text[9] == 0 &&
			  (unsigned char)text[8] == header_bytes - 10, "%s: %s", type, text);
	CHECK_MSG(memcmp(text + 10, header, words) == 0, "%s: %.200s", type, text + 10);
	for (size_t i = 10 + words; i < header_bytes - 1; i++)
		CHECK(text[i] == ' ');
	CHECK(text[header_bytes - 1] == '\n');
}

/* Lengths are those of numpy.lib.format. Where spaces are not needed, it adds a block of them. */
static void test_written(void)
{
	check_written("2x3", "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", 128);
	check_written("7:bool", "{'descr': '|b1', 'fortran_order': False, 'shape': (7,), }", 128);
	check_written("0x5:float16",
		      "{'descr': '<f2', 'fortran_order': False, 'shape': (0, 5), }", 128);
	check_written("1x1x1x1x1x1x1x1x1x1x1x1x1x1:uint8",
		      "{'descr': '|u1', 'fortran_order': False, 'shape': "
		      "(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), }", 128);
	check_written("1x1x1x1x1x1x1x1x1x1x1x1x1x1x1:int64",
		      "{'descr': '<i8', 'fortran_order': False, 'shape': "
		      "(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), }", 192);
	check_written("0x2x2x2x2x2x2x2x2x2x2x2x100000",
		      "{'descr': '<f8', 'fortran_order': False, 'shape': "
		      "(0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 100000), }", 192);
}

static const float floats[] = {1.5f, -2.0f, 3.25f, 0.0f, 5.0f, -6.0f};

static void test_read(void)
{
	static const char *const headers[] = {
		"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }      \n",
		"{'descr':'<f4','fortran_order':False,'shape':(2,3)}",
		"{\"shape\": (2, 3,), \"descr\": \"<f4\", \"fortran_order\": False}\n",
		" { 'fortran_order' : False , 'shape' : ( 2L , 3L ) , 'descr' : '<f4' , } ",
	};

	for (size_t i = 0; i < 3 * sizeof(headers) / sizeof(headers[0]); i++)
		for (size_t piece = 0; piece < 150; piece += piece < 12 ? 1 : 23) {
			const struct file file = file_of((unsigned char)(1 + i % 3), headers[i / 3],
							 floats, sizeof(floats));
			float got[6] = {0};
			struct err err;

			CHECK_MSG(decode(&file, "2x3:float32",
					 (struct feeding){.piece = piece, .unknown = i & 1}, got,
					 &err) == 0, "%zu in %zus: %.300s", i, piece, err.message);
			CHECK(memcmp(got, floats, sizeof(floats)) == 0);
		}
}

static void test_big_endian(void)
{
	static const struct {
		const char *type, *descr;
		unsigned char big[16], little[16];
	} cases[] = {
		{"2:int16", ">i2", {1, 2, 3, 4}, {2, 1, 4, 3}},
		{"1:float32", ">f4", {1, 2, 3, 4}, {4, 3, 2, 1}},
		{"1", ">f8", {1, 2, 3, 4, 5, 6, 7, 8}, {8, 7, 6, 5, 4, 3, 2, 1}},
		{"3:uint8", ">u1", {1, 2, 3}, {1, 2, 3}},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct encoding_setup setup = setup_of(cases[i].type);
		const size_t bytes = array_type_bytes(&setup.type);
		unsigned char got[16] = {0};
		char header[128];
		struct file file;
		struct err err;

		(void)snprintf(header, sizeof(header),
			       "{'descr': '%s', 'fortran_order': False, 'shape': (%u,), }\n",
			       cases[i].descr, (unsigned)setup.type.shape.extents[0]);
		file = file_of(1, header, cases[i].big, bytes);
		CHECK_MSG(decode(&file, cases[i].type, (struct feeding){0}, got, &err) == 0,
			  "%.300s", err.message);
		CHECK_MSG(memcmp(got, cases[i].little, bytes) == 0, "%s", cases[i].type);
	}
}

#define TYPE(descr, order, shape) \
	"{'descr': " descr ", 'fortran_order': " order ", 'shape': " shape ", }"

static const struct refusal {
	const char *header;
	const char *part;
	enum err_kind kind;
} refusals[] = {
	{TYPE("'<f8'", "False", "(2, 3)"),
	 "the reply is float64 of shape 2x3, the array float32 of shape 2x3 "
	 "(send its .astype(\"float32\"))", ERR_WRONG},
	{TYPE("'>f4'", "False", "(3, 2)"),
	 "the reply is big-endian float32 of shape 3x2, the array float32 of shape 2x3", ERR_WRONG},
	{TYPE("'<f4'", "False", "()"), "of shape (), the array", ERR_WRONG},
	{TYPE("'<c16'", "False", "(2, 3)"), "the reply is complex128 of shape 2x3, the array",
	 ERR_WRONG},
	{TYPE("'|O'", "False", "(2, 3)"), "the reply is object of shape", ERR_WRONG},
	{TYPE("'\x1b[m\n'", "False", "(2, 3)"), "the reply is \\x1b[m\\n of shape", ERR_WRONG},
	{TYPE("''", "False", "(2, 3)"), "the array float32", ERR_WRONG},
	{TYPE("'|f4'", "False", "(2, 3)"), "the array float32", ERR_WRONG},
	{TYPE("[('x', '<f4')]", "False", "(2, 3)"), "an array of fields, the array one of float32",
	 ERR_WRONG},
	{TYPE("'<f4'", "True", "(2, 3)"), "in Fortran order (columns first)", ERR_WRONG},
	{TYPE("'<f4'", "False", "(6)"), "malformed at byte 63: a tuple", ERR_PROTOCOL},
	{TYPE("'<f4'", "False", "(02, 3)"), "a tuple of extents", ERR_PROTOCOL},
	{TYPE("'<f4'", "False", "(2, -3)"), "a tuple of extents", ERR_PROTOCOL},
	{TYPE("'<f4'", "False", "(2 3)"), "a tuple of extents", ERR_PROTOCOL},
	{TYPE("'<f4'", "False", "(18446744073709551616, 3)"), "a tuple of extents", ERR_PROTOCOL},
	{TYPE("'<f4'", "None", "(2, 3)"), "True or False", ERR_PROTOCOL},
	{TYPE("3", "False", "(2, 3)"), "a dtype is wanted", ERR_PROTOCOL},
	{"{'descr': '<f4', 'shape': (2, 3)}", "are its keys", ERR_PROTOCOL},
	{"{'descr': '<f4', 'descr': '<f4', 'shape': (2, 3)}", "once each", ERR_PROTOCOL},
	{"{'descr': '<f4' 'shape': (2, 3)}", "a comma", ERR_PROTOCOL},
	{"{'descr': '<f4', 'color': 3}", "are its keys", ERR_PROTOCOL},
	{TYPE("'<f4'", "False", "(2, 3)") " x", "nothing may follow", ERR_PROTOCOL},
	{"[]", "a dictionary", ERR_PROTOCOL},
	{"{'descr", "a key", ERR_PROTOCOL},
	{"", "a dictionary", ERR_PROTOCOL},
};

static void test_refused(void)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		for (size_t piece = 0; piece < 100; piece += 33) {
			const struct file file =
				file_of(1, refusals[i].header, floats, sizeof(floats));
			const struct feeding feeding = {.piece = piece, .unknown = piece & 1};
			struct err err;

			CHECK_MSG(decode(&file, "2x3:float32", feeding, NULL, &err) == -1,
				  "%zu passes", i);
			CHECK_MSG(strstr(err.message, refusals[i].part), "%zu: %s", i, err.message);
			CHECK_MSG(err.kind == refusals[i].kind, "%zu: %s", i, err.message);
		}
}

static void refused(struct file file, const char *part)
{
	struct err err;

	CHECK(decode(&file, "2x3:float32", (struct feeding){0}, NULL, &err) == -1);
	CHECK_MSG(strstr(err.message, part), "%s", err.message);
}

/* What is wrong before or behind the header's words. */
static void test_frame(void)
{
	static const char right[] = TYPE("'<f4'", "False", "(2, 3)");
	struct file file = file_of(4, right, floats, sizeof(floats));
	const uint32_t length = 1u << 31;

	refused(file, "of version 4.0, not 1.0, 2.0 or 3.0");
	file = file_of(1, right, floats, sizeof(floats) - 4);
	refused(file, "the reply has 20 bytes of elements, the array 24");
	file = file_of(1, right, floats, sizeof(floats));
	add(&file, floats, 4);
	refused(file, "the reply has 28 bytes of elements, the array 24");
	file.count = 40;
	refused(file, "the reply ends after 40 bytes, within its header");
	file = file_of(2, right, floats, sizeof(floats));
	memcpy(file.bytes + 8, &length, sizeof(length));
	refused(file, "its header has 2147483660 bytes, and no more than 61440 are read");
	file = file_of(1, right, floats, sizeof(floats));
	file.bytes[3] = 'x';
	refused(file, "does not begin as a .npy file does");
}

/* Columns first is no other order where there is only one column, or row. */
static void test_columns(void)
{
	const struct file file =
		file_of(1, TYPE("'<f4'", "True", "(1, 6)"), floats, sizeof(floats));
	float got[6];
	struct err err;

	CHECK_MSG(decode(&file, "1x6:float32", (struct feeding){0}, got, &err) == 0, "%.300s",
		  err.message);
	CHECK(memcmp(got, floats, sizeof(got)) == 0);
}

static const struct test tests[] = {
	{"writes as numpy", test_written}, {"reads headers", test_read},
	{"swaps bytes", test_big_endian},  {"refuses headers", test_refused},
	{"refuses frames", test_frame},    {"columns first", test_columns},
};

TEST_MAIN(tests)
