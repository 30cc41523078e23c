/* SPDX-License-Identifier: MIT */
/* Shapes in text: what is read, what is refused, and how they are written. */
#include "tests/support/drive_shape.h"
#include "tests/support/test.h"

#define LARGEST "1152921504606846975" /* elements whose bytes fit into 63 bits */

static char text[ARRAY_SHAPE_TEXT_BYTES];

static void test_good(void)
{
	static const struct {
		const char *written;
		const char *read;
	} cases[] = {
		{"1", "1"},
		{"0", "0"},
		{"7", "7"},
		{"2x3", "2x3"},
		{"(2,3)", "2x3"},
		{"(2, 3)", "2x3"},
		{"(2,)", "2"},
		{"(1,3,224,224)", "1x3x224x224"},
		{"2x0x3", "2x0x3"},
		{"(0,)", "0"},
		{"007x08", "7x8"},
		{LARGEST, LARGEST},
		{LARGEST "x0", LARGEST "x0"},
		{"0x" LARGEST, "0x" LARGEST},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct shape shape;
		struct err err = {0};

		CHECK_MSG(drive_shape(cases[i].written, &shape, &err) == 0, "%s", cases[i].written);
		CHECK(err.kind == ERR_NONE);
		CHECK_STR(shape_format(&shape, text), cases[i].read);
	}
}

static void test_bad(void)
{
	static const char *const cases[] = {
		"",      " ",    "x",        ",",      "()",      "(",      ")",     "(,)",
		"2x",    "x2",   "2xx3",     "2,,3",   "2,3,",    ",2",     "2x3,4", "2,3x4",
		"(2x3)", "(2,3", "2,3)",     "(2,3))", "((2,3))", "(2,3,)", "(2 3)", "-1",
		"+1",    "2x-3", "1.5",      "1e3",    "2 x 3",   " 2x3",   "2x3 ",  "2X3",
		"2*3",   "two",  "\xc3\x97", "2\327",  "0b1",     "[2,3]",  "2x3\n", "2,3",
		"0,0",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct shape shape = {.dimensions = 9};
		struct err err = {0};

		CHECK_MSG(drive_shape(cases[i], &shape, &err) == -1, "\"%s\" passes", cases[i]);
		CHECK(err.kind == ERR_USAGE && strstr(err.message, "malformed"));
		CHECK_MSG(shape.dimensions == 9, "\"%s\" has changed the shape", cases[i]);
	}
}

static void test_too_large(void)
{
	static const char *const cases[] = {
		"1152921504606846976",     "9223372036854775807",     "9223372036854775808",
		"18446744073709551615",    "18446744073709551616",    "18446744073709551617",
		"99999999999999999999999", "4294967296x4294967296",   "2x" LARGEST,
		"4294967296x4294967296x0", "0x4294967296x4294967296", "65536x65536x65536x65536",
		"1152921504606846976x0",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct shape shape;
		struct err err = {0};

		CHECK_MSG(drive_shape(cases[i], &shape, &err) == -1, "%s passes", cases[i]);
		CHECK(err.kind == ERR_USAGE && strstr(err.message, "large"));
	}
}

/* So many ones with a separator between them. */
static void ones(char *out, int count, char separator)
{
	for (int i = 0; i < count; i++) {
		*out++ = '1';
		*out++ = separator;
	}
	out[-1] = '\0';
}

static void test_dimensions(void)
{
	struct shape shape;
	struct err err = {0};
	char many[2 * ARRAY_DIMENSIONS_MAX + 8];

	ones(many, 32, 'x');
	CHECK(drive_shape(many, &shape, &err) == 0 && shape.dimensions == 32);
	CHECK_STR(shape_format(&shape, text), many);
	many[0] = '(';
	ones(many + 1, 32, ',');
	many[64] = ')';
	many[65] = '\0';
	CHECK(drive_shape(many, &shape, &err) == 0 && shape.dimensions == 32);
	ones(many, 33, 'x');
	CHECK(drive_shape(many, &shape, &err) == -1 && err.kind == ERR_USAGE);
	CHECK(strstr(err.message, "more than 32 dimensions"));
}

/* A message quotes what was written, however long, and ends in time. */
static void test_long_text(void)
{
	static char endless[100000];
	struct shape shape;
	struct err err = {0};

	memset(endless, '9', sizeof(endless) - 1);
	CHECK(drive_shape(endless, &shape, &err) == -1);
	CHECK(strlen(err.message) < 200);
	err_clear(&err);
	memset(endless, 'x', sizeof(endless) - 1);
	CHECK(drive_shape(endless, &shape, &err) == -1);
	CHECK(strlen(err.message) < 200);
	CHECK(drive_shape("nonsense", &shape, NULL) == -1);
}

static void test_equal(void)
{
	struct shape a;
	struct shape b;

	CHECK(drive_shape("2x3", &a, NULL) == 0 && drive_shape("(2,3)", &b, NULL) == 0);
	CHECK(shape_equal(&a, &b));
	CHECK(drive_shape("3x2", &b, NULL) == 0);
	CHECK(!shape_equal(&a, &b));
	CHECK(drive_shape("2x3x1", &b, NULL) == 0);
	CHECK(!shape_equal(&a, &b) && !shape_equal(&b, &a));
}

static void test_index(void)
{
	struct shape shape;

	CHECK(drive_shape("2x3x4", &shape, NULL) == 0);
	CHECK_STR(shape_format_index(&shape, 0, text), "[0, 0, 0]");
	CHECK_STR(shape_format_index(&shape, 23, text), "[1, 2, 3]");
	CHECK_STR(shape_format_index(&shape, 17, text), "[1, 1, 1]");
	CHECK(drive_shape("1x3x224x224", &shape, NULL) == 0);
	CHECK_STR(shape_format_index(&shape, 2 * 224 * 224 + 223, text), "[0, 2, 0, 223]");
	CHECK(drive_shape("5", &shape, NULL) == 0);
	CHECK_STR(shape_format_index(&shape, 4, text), "[4]");
}

static void test_describe(void)
{
	struct shape shape;
	struct array array;

	CHECK(drive_shape("2x3x4", &shape, NULL) == 0);
	array = array_describe(&(struct array_type){shape, DTYPE_FLOAT64});
	CHECK(array.count == 24 && array.bytes == 192 && !array.data);
	CHECK(shape_equal(&array.type.shape, &shape) && array.type.dtype == DTYPE_FLOAT64);
	CHECK(drive_shape("2x0x4", &shape, NULL) == 0);
	array = array_describe(&(struct array_type){shape, DTYPE_FLOAT64});
	CHECK(array.count == 0 && array.bytes == 0);
	CHECK(drive_shape(LARGEST, &shape, NULL) == 0);
	array = array_describe(&(struct array_type){shape, DTYPE_FLOAT64});
	CHECK(array.bytes == (size_t)INT64_MAX - 7);
	CHECK(dtype_table[DTYPE_FLOAT64].bytes == sizeof(double));
	CHECK_STR(dtype_table[DTYPE_FLOAT64].name, "float64");
}

static const struct test tests[] = {
	{"good", test_good},           {"bad", test_bad},
	{"too large", test_too_large}, {"dimensions", test_dimensions},
	{"long text", test_long_text}, {"equal", test_equal},
	{"index", test_index},         {"describe", test_describe},
};

TEST_MAIN(tests)
