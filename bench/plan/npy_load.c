/* SPDX-License-Identifier: MIT */
/* The elements of a .npy file, brought into C order and the machine's byte order. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/plan/npy.h"
#include "transports/memory.h"
#include "transports/net/io.h"

/* Reads up to bytes; less only at the end of the file. -1: errno says why. */
static ssize_t read_whole(int fd, void *to, size_t bytes)
{
	size_t done = 0;

	while (done < bytes) {
		size_t left = bytes - done;
		ssize_t n = read(fd, (char *)to + done, left < 1u << 30 ? left : 1u << 30);

		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

/* Opens the file, which must be one, and reads its header. */
static int open_header(int *fd, const char *path, struct npy_file *file, struct err *err)
{
	unsigned char *start;
	struct stat stat;
	ssize_t got;
	int status;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd < 0 || fstat(*fd, &stat) != 0)
		return err_system(err, "it cannot be opened");
	if (!S_ISREG(stat.st_mode))
		return err_set(err, ERR_USAGE, "it is no regular file, and is read more than once");
	start = malloc(NPY_HEADER_MAX);
	if (!start)
		return err_set(err, ERR_MEMORY, "no memory for its header");
	got = read_whole(*fd, start, NPY_HEADER_MAX);
	status = got < 0 ? err_system(err, "it cannot be read") :
			   npy_read_header(start, (size_t)got, file, err);
	free(start);
	if (status != 0)
		return -1;
	if ((uint64_t)stat.st_size - file->header_bytes == array_type_bytes(&file->type) &&
	    lseek(*fd, (off_t)file->header_bytes, SEEK_SET) >= 0)
		return 0;
	return err_set(err, ERR_USAGE,
		       "its header promises %zu bytes of elements, and %" PRIu64 " follow: it was "
		       "%s; copy or save it again", array_type_bytes(&file->type),
		       (uint64_t)stat.st_size - file->header_bytes,
		       (uint64_t)stat.st_size - file->header_bytes < array_type_bytes(&file->type) ?
			       "cut short" :
			       "written more than once");
}


/* Copies elements whose first index runs fastest to where the last one does. */
static void copy_columns(const struct array *from, struct array *to)
{
	const struct shape *shape = &from->type.shape;
	const size_t bytes = dtype_table[from->type.dtype].bytes;
	size_t strides[ARRAY_DIMENSIONS_MAX]; /* in C order, in elements */
	uint64_t index[ARRAY_DIMENSIONS_MAX] = {0};
	size_t place = 0;

	for (size_t i = shape->dimensions, stride = 1; i-- > 0; stride *= shape->extents[i])
		strides[i] = stride;
	for (size_t n = 0; n < from->count; n++) {
		memcpy((char *)to->data + place * bytes, (const char *)from->data + n * bytes,
		       bytes);
		for (size_t i = 0; i < shape->dimensions; i++) {
			place += strides[i];
			if (++index[i] < shape->extents[i])
				break;
			place -= strides[i] * index[i];
			index[i] = 0;
		}
	}
}

static int to_rows(struct array *array, struct err *err)
{
	struct array rows = array_describe(&array->type);

	if (memory_map(rows.bytes, PAGES_SMALL, false, &rows.data, err) != 0)
		return -1;
	copy_columns(array, &rows);
	npy_free(array);
	*array = rows;
	return 0;
}

/* Whether an element is infinite or no number, by its bits; or a byte is no bool. */
static bool is_unfit(const struct array *array, size_t index)
{
	static const uint64_t exponents[DTYPE_COUNT] = {
		[DTYPE_FLOAT64] = UINT64_C(0x7ff) << 52,
		[DTYPE_FLOAT32] = UINT64_C(0xff) << 23,
		[DTYPE_FLOAT16] = UINT64_C(0x1f) << 10,
	};
	const enum dtype dtype = array->type.dtype;
	const size_t bytes = dtype_table[dtype].bytes;
	uint64_t bits = 0;

	memcpy(&bits, (const char *)array->data + index * bytes, bytes);
	if (dtype_table[dtype].kind == DTYPE_TRUTH)
		return bits > 1;
	return exponents[dtype] && (bits & exponents[dtype]) == exponents[dtype];
}

static int check_elements(const struct array *array, struct err *err)
{
	char index[ARRAY_SHAPE_TEXT_BYTES];
	bool truth = dtype_table[array->type.dtype].kind == DTYPE_TRUTH;

	if (dtype_table[array->type.dtype].kind != DTYPE_FLOAT && !truth)
		return 0;
	for (size_t i = 0; i < array->count; i++) {
		if (!is_unfit(array, i))
			continue;
		return err_set(err, ERR_USAGE, "element %.120s is %s",
			       shape_format_index(&array->type.shape, i, index),
			       truth ? "no bool: save its .astype(\"bool\")" :
				       "NaN or infinite, which JSON has no number for and nothing "
				       "is compared with: save numpy.nan_to_num of it");
	}
	return 0;
}

static int read_elements(int fd, const struct npy_file *file, struct array *array,
			 struct err *err)
{
	ssize_t got;

	*array = array_describe(&file->type);
	if (memory_map(array->bytes, PAGES_SMALL, false, &array->data, err) != 0)
		return -1;
	got = read_whole(fd, array->data, array->bytes);
	if (got < 0)
		return err_system(err, "it cannot be read");
	if ((size_t)got < array->bytes)
		return err_set(err, ERR_USAGE, "it was cut short while it was read");
	if (file->big_endian)
		array_swap_bytes(array);
	if (file->columns_first && array->type.shape.dimensions > 1 &&
	    to_rows(array, err) != 0)
		return -1;
	return check_elements(array, err);
}

int npy_load(const char *path, struct array *array, struct err *err)
{
	struct npy_file file;
	int fd;
	int status = open_header(&fd, path, &file, err);

	*array = (struct array){0};
	if (status == 0)
		status = read_elements(fd, &file, array, err);
	io_close(&fd);
	if (status == 0)
		return 0;
	npy_free(array);
	return -1;
}

void npy_free(struct array *array)
{
	memory_unmap(array->data, array->bytes);
	array->data = NULL;
}
