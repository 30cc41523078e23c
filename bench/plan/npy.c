/* SPDX-License-Identifier: MIT */
/* Which array a .npy file is, by its header. */
#include "bench/plan/npy.h"

#include <string.h>

#include "transports/npy_header.h"

static int read_dtype(const struct npy_header *header, struct npy_file *file, struct err *err)
{
	if (header->structured)
		return err_set(err, ERR_USAGE,
			       "its elements are records: save one field of them, a[\"field\"]");
	if (strcmp(header->descr, "|O") == 0)
		return err_set(err, ERR_USAGE,
			       "its elements are Python objects, which are not read: save its "
			       ".astype(\"float64\")");
	for (enum dtype dtype = 0; dtype < DTYPE_COUNT; dtype++) {
		if (!npy_header_is_of(header, dtype))
			continue;
		file->type.dtype = dtype;
		file->big_endian = npy_header_is_big_endian(header);
		return 0;
	}
	return err_set(err, ERR_USAGE,
		       "its elements are of numpy's dtype \"%s\", which no array here has: save "
		       "its .astype(\"float64\"), or as another of ipctop's dtypes",
		       header->descr);
}

/* Fails unless the array's size fits, as that of any other. */
static int check_size(const struct array_type *type, struct err *err)
{
	char text[ARRAY_TYPE_TEXT_BYTES];
	struct array_type read;

	return array_type_parse(array_type_format(type, text), DTYPE_FLOAT64, &read, err);
}

static int read_header(const unsigned char *bytes, struct npy_file *file, struct err *err)
{
	struct npy_header header;

	if (npy_header_read(bytes, file->header_bytes, "its header", &header, err) != 0) {
		err->kind = ERR_USAGE;
		return err_add(err, "; save it with numpy.save");
	}
	if (read_dtype(&header, file, err) != 0)
		return -1;
	if (header.shape.dimensions == 0)
		return err_set(err, ERR_USAGE,
			       "it is one number without a shape: save its .reshape(1)");
	file->type.shape = header.shape;
	file->columns_first = header.columns_first;
	return check_size(&file->type, err);
}

int npy_read_header(const unsigned char *bytes, size_t count, struct npy_file *file,
		    struct err *err)
{
	uint64_t header_bytes = 0;

	*file = (struct npy_file){0};
	switch (count < NPY_START_BYTES ? NPY_OTHER : npy_measure(bytes, count, &header_bytes)) {
	case NPY_OTHER:
		return err_set(err, ERR_USAGE,
			       "it is no .npy file: save the array with numpy.save");
	case NPY_VERSION:
		return err_set(err, ERR_USAGE,
			       "it is of .npy version %u.%u, and 1.0, 2.0 and 3.0 are read: save "
			       "it with numpy.save", bytes[6], bytes[7]);
	case NPY_MORE:
	case NPY_KNOWN:
		break;
	}
	if (header_bytes > NPY_HEADER_MAX)
		return err_set(err, ERR_USAGE,
			       "its header is longer than 64 KiB: save it with numpy.save");
	if (header_bytes == 0 || count < header_bytes)
		return err_set(err, ERR_USAGE,
			       "it ends within its header: it was cut short; copy or save it "
			       "again");
	file->header_bytes = (size_t)header_bytes;
	return read_header(bytes, file, err);
}
