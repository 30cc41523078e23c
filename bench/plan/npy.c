/* SPDX-License-Identifier: MIT */
/* The header of a .npy file. */
#include "bench/plan/npy.h"

#include <inttypes.h>
#include <string.h>

#define MAGIC "\x93NUMPY"
#define MAGIC_BYTES 6
#define START_BYTES 8 /* with the version */
#define DESCR_BYTES 24

/* A dictionary as Python writes it, as far as it was read. */
struct scan {
	const unsigned char *at, *end;
};

struct dictionary {
	char descr[DESCR_BYTES];
	bool records; /* its descr is a list of fields */
	bool has_descr, has_order, has_shape;
};

static int header_bad(const char *what, struct err *err)
{
	return err_set(err, ERR_USAGE, "its header is malformed: %s; save it with numpy.save",
		       what);
}

static void scan_space(struct scan *scan)
{
	while (scan->at < scan->end && strchr(" \t\n", *scan->at) && *scan->at)
		scan->at++;
}

static bool scan_word(struct scan *scan, const char *word)
{
	size_t bytes = strlen(word);

	scan_space(scan);
	if ((size_t)(scan->end - scan->at) < bytes || memcmp(scan->at, word, bytes) != 0)
		return false;
	scan->at += bytes;
	return true;
}

/* A text in quotation marks, without any within. */
static bool scan_text(struct scan *scan, char text[DESCR_BYTES])
{
	unsigned char quote;
	size_t bytes = 0;

	scan_space(scan);
	if (scan->at == scan->end || (*scan->at != '\'' && *scan->at != '"'))
		return false;
	quote = *scan->at++;
	for (; scan->at < scan->end && *scan->at != quote; scan->at++) {
		if (bytes + 1 == DESCR_BYTES || *scan->at < ' ' || *scan->at > '~')
			return false;
		text[bytes++] = (char)*scan->at;
	}
	text[bytes] = '\0';
	return scan->at++ < scan->end;
}

/* Digits that fit into 63 bits. */
static bool scan_extent(struct scan *scan, uint64_t *extent)
{
	const unsigned char *start;

	scan_space(scan);
	start = scan->at;
	*extent = 0;
	for (; scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9'; scan->at++) {
		if (*extent > (INT64_MAX - 9) / 10)
			return false;
		*extent = *extent * 10 + (*scan->at - '0');
	}
	return scan->at > start;
}

/* "(2, 3)" or "(2,)"; Python 2 has an L behind a long number. */
static int read_shape(struct scan *scan, struct shape *shape, struct err *err)
{
	bool comma = true;

	if (!scan_word(scan, "("))
		return header_bad("a tuple of extents is wanted", err);
	if (scan_word(scan, ")"))
		return err_set(err, ERR_USAGE,
			       "it is one number without a shape: save its .reshape(1)");
	while (!scan_word(scan, ")")) {
		if (!comma)
			return header_bad("a comma is wanted between extents", err);
		if (shape->dimensions == ARRAY_DIMENSIONS_MAX)
			return header_bad("it has more than 32 extents", err);
		if (!scan_extent(scan, &shape->extents[shape->dimensions++]))
			return header_bad("an extent is no number below 2^63", err);
		(void)scan_word(scan, "L");
		comma = scan_word(scan, ",");
	}
	return shape->dimensions > 1 || comma ? 0 : header_bad("its shape is no tuple", err);
}

static int read_descr(struct scan *scan, struct dictionary *dictionary, struct err *err)
{
	if (scan_word(scan, "[") || scan_word(scan, "(")) {
		dictionary->records = true;
		return 0;
	}
	return scan_text(scan, dictionary->descr) ? 0 : header_bad("its dtype is no text", err);
}

static int read_order(struct scan *scan, struct npy_header *header, struct err *err)
{
	header->columns_first = scan_word(scan, "True");
	return header->columns_first || scan_word(scan, "False") ?
		       0 :
		       header_bad("fortran_order is neither True nor False", err);
}

/* One of the three keys; each comes once. */
static int read_entry(struct scan *scan, struct dictionary *dictionary, struct npy_header *header,
		      struct err *err)
{
	char key[DESCR_BYTES];
	bool *has;

	if (!scan_text(scan, key) || !scan_word(scan, ":"))
		return header_bad("a key is wanted", err);
	has = strcmp(key, "descr") == 0		? &dictionary->has_descr :
	      strcmp(key, "fortran_order") == 0 ? &dictionary->has_order :
	      strcmp(key, "shape") == 0		? &dictionary->has_shape :
						  NULL;
	if (!has || *has)
		return header_bad("its keys are not descr, fortran_order and shape, once each",
				  err);
	*has = true;
	if (has == &dictionary->has_descr)
		return read_descr(scan, dictionary, err);
	return has == &dictionary->has_order ? read_order(scan, header, err) :
					       read_shape(scan, &header->type.shape, err);
}

static int read_dictionary(struct scan *scan, struct dictionary *dictionary,
			   struct npy_header *header, struct err *err)
{
	bool comma = true;

	if (!scan_word(scan, "{"))
		return header_bad("a dictionary is wanted", err);
	while (!scan_word(scan, "}")) {
		if (!comma)
			return header_bad("a comma is wanted between keys", err);
		if (read_entry(scan, dictionary, header, err) != 0)
			return -1;
		if (dictionary->records)
			return 0; /* which is enough to refuse it */
		comma = scan_word(scan, ",");
	}
	scan_space(scan);
	if (scan->at != scan->end)
		return header_bad("something follows its dictionary", err);
	return dictionary->has_descr && dictionary->has_order && dictionary->has_shape ?
		       0 :
		       header_bad("descr, fortran_order and shape are not all there", err);
}

static int read_dtype(const struct dictionary *dictionary, struct npy_header *header,
		      struct err *err)
{
	const char *descr = dictionary->descr;

	if (dictionary->records)
		return err_set(err, ERR_USAGE,
			       "its elements are records: save one field of them, a[\"field\"]");
	if (strcmp(descr, "|O") == 0)
		return err_set(err, ERR_USAGE,
			       "its elements are Python objects, which are not read: save its "
			       ".astype(\"float64\")");
	for (enum dtype dtype = 0; dtype < DTYPE_COUNT; dtype++) {
		const struct dtype_row *row = &dtype_table[dtype];

		if (!row->numpy_code || !*descr || strcmp(descr + 1, row->numpy_code) != 0)
			continue;
		if (!strchr("<>", *descr) && (*descr != '|' || row->bytes > 1))
			break;
		header->type.dtype = dtype;
		header->big_endian = *descr == '>';
		return 0;
	}
	return err_set(err, ERR_USAGE,
		       "its elements are of numpy's dtype \"%s\", which no array here has: save "
		       "its .astype(\"float64\"), or as another of ipctop's dtypes", descr);
}

/* Fails unless the array's size fits, as that of any other. */
static int check_size(const struct array_type *type, struct err *err)
{
	char text[ARRAY_TYPE_TEXT_BYTES];
	struct array_type read;

	return array_type_parse(array_type_format(type, text), DTYPE_FLOAT64, &read, err);
}

int npy_read_header(const unsigned char *bytes, size_t count, struct npy_header *header,
		    struct err *err)
{
	struct dictionary dictionary = {0};
	struct scan scan;
	size_t width;
	size_t length = 0;

	*header = (struct npy_header){0};
	if (count < START_BYTES || memcmp(bytes, MAGIC, MAGIC_BYTES) != 0)
		return err_set(err, ERR_USAGE,
			       "it is no .npy file: save the array with numpy.save");
	if (bytes[6] < 1 || bytes[6] > 3 || bytes[7] != 0)
		return err_set(err, ERR_USAGE,
			       "it is of .npy version %u.%u, and 1.0, 2.0 and 3.0 are read: save "
			       "it with numpy.save", bytes[6], bytes[7]);
	width = bytes[6] == 1 ? 2 : 4;
	for (size_t i = width; i-- > 0 && count >= START_BYTES + width;)
		length = length << 8 | bytes[START_BYTES + i];
	header->bytes = START_BYTES + width + length;
	if (header->bytes > NPY_HEADER_MAX)
		return header_bad("it is longer than 64 KiB", err);
	if (count < START_BYTES + width || count < header->bytes)
		return err_set(err, ERR_USAGE,
			       "it ends within its header: it was cut short; copy or save it "
			       "again");
	scan = (struct scan){bytes + START_BYTES + width, bytes + header->bytes};
	if (read_dictionary(&scan, &dictionary, header, err) != 0 ||
	    read_dtype(&dictionary, header, err) != 0)
		return -1;
	return check_size(&header->type, err);
}
