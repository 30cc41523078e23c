/* SPDX-License-Identifier: MIT */
/* The header of a .npy file: what numpy writes is read, all else refused with a remedy. */
#include "bench/plan/npy.h"
#include "tests/support/test.h"

static struct npy_file header;
static struct err err;

/* A header of that version around the dictionary. */
static int read_version(unsigned char version, const char *dictionary)
{
	unsigned char bytes[1024] = "\x93NUMPY";
	size_t length = strlen(dictionary);
	size_t start = version == 1 ? 10 : 12;

	bytes[6] = version;
	bytes[8] = (unsigned char)length;
	bytes[9] = (unsigned char)(length >> 8);
	memcpy(bytes + start, dictionary, length);
	err_clear(&err);
	return npy_read_header(bytes, start + length, &header, &err);
}

static void test_read(void)
{
	static const struct {
		unsigned char version;
		const char *dictionary, *type;
		bool big_endian, columns_first;
	} rows[] = {
		{1, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }  \n", "2x3", false,
		 false},
		{2, "{'descr': '>f4', 'fortran_order': True, 'shape': (2,), }\n", "2:float32", true,
		 true},
		{3, "{\"shape\":(4L,0),\"descr\":\"|u1\",\"fortran_order\":False}", "4x0:uint8",
		 false, false},
		{1, "{'descr': '|b1', 'fortran_order': False, 'shape': (1, 2, 3), }\n",
		 "1x2x3:bool", false, false},
		{1, "{'descr': '>i2', 'fortran_order': False, 'shape': (7,), }", "7:int16", true,
		 false},
		{1, "{'descr': '<f2', 'fortran_order': False, 'shape': (7,), }", "7:float16", false,
		 false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[ARRAY_TYPE_TEXT_BYTES];

		CHECK_MSG(read_version(rows[i].version, rows[i].dictionary) == 0, "%s",
			  err.message);
		CHECK_STR(array_type_format(&header.type, text), rows[i].type);
		CHECK(header.big_endian == rows[i].big_endian);
		CHECK(header.columns_first == rows[i].columns_first);
		CHECK(header.header_bytes ==
		      strlen(rows[i].dictionary) + (rows[i].version == 1 ? 10 : 12));
	}
}

#define WITH(descr, shape) "{'descr': " descr ", 'fortran_order': False, 'shape': " shape ", }"

static void test_refused(void)
{
	static const struct {
		const char *dictionary, *why;
	} rows[] = {
		{WITH("'|O'", "(2,)"), "Python objects, which are not read: save its .astype"},
		{WITH("[('a', '<f4')]", "(2,)"), "records: save one field"},
		{WITH("'<c16'", "(2,)"), "numpy's dtype \"<c16\", which no array here has: save"},
		{WITH("'|f8'", "(2,)"), "numpy's dtype \"|f8\""},
		{WITH("''", "(2,)"), "numpy's dtype \"\""},
		{WITH("'<f8'", "()"), "save its .reshape(1)"},
		{WITH("'<f8'", "(2)"), "a tuple of extents is wanted"},
		{WITH("'<f8'", "(2 3)"), "a tuple of extents is wanted"},
		{WITH("'<f8'", "(-2,)"), "a tuple of extents is wanted"},
		{WITH("'<f8'", "(9999999999999999999,)"), "an extent that is too large"},
		{WITH("'<f8'",
		      "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1," "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)"),
		 "a tuple of extents is wanted"},
		{WITH("'<f8'", "(4611686018427387904, 4)"), "larger than any memory"},
		{WITH("None", "(2,)"), "a dtype is wanted"},
		{WITH("'<f8'", "(2,)") "x", "nothing may follow"},
		{"{'descr': '<f8', 'fortran_order': 0, 'shape': (2,)}",
		 "True or False is wanted"},
		{"{'descr': '<f8', 'shape': (2,)}", "are its keys"},
		{"{'descr': '<f8', 'descr': '<f8', 'shape': (2,)}", "once each"},
		{"{'descr': '<f8', 'more': 1}", "once each"},
		{"{'descr': '<f8'", "a comma is wanted"},
		{"{'descr': '<f8' 'shape': (2,)}", "a comma is wanted"},
		{"", "a dictionary is wanted"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK_MSG(read_version(1, rows[i].dictionary) != 0, "%s", rows[i].dictionary);
		CHECK_MSG(strstr(err.message, rows[i].why), "%s: %s", rows[i].dictionary,
			  err.message);
		CHECK(err.kind == ERR_USAGE);
	}
	CHECK(read_version(4, WITH("'<f8'", "(2,)")) != 0);
	CHECK_MSG(strstr(err.message, "version 4.0"), "%s", err.message);
}

/* However much of it is there, short of all: no .npy, or cut short. */
static void test_cut_short(void)
{
	static const char whole[] = "\x93NUMPY\1\0\x3c\0" WITH("'<f8'", "(2,)") "  \n";
	const unsigned char *bytes = (const unsigned char *)whole;

	for (size_t count = 0; count < sizeof(whole) - 1; count++) {
		unsigned char *exact = malloc(count + 1);

		memcpy(exact, bytes, count);
		err_clear(&err);
		if (npy_read_header(exact, count, &header, &err) == 0 ||
		    !strstr(err.message, count < 8 ? "it is no .npy file" : "cut short"))
			TEST_FAIL("%zu bytes: %s", count, err.message);
		free(exact);
	}
	CHECK_MSG(npy_read_header(bytes, sizeof(whole) - 1, &header, &err) == 0, "%s", err.message);
}

static const struct test tests[] = {
	{"what numpy writes", test_read},
	{"what is no array of ours", test_refused},
	{"cut short", test_cut_short},
};

TEST_MAIN(tests)
