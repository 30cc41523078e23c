/* SPDX-License-Identifier: MIT */
/* What the elements of arrays are. */
#include "bench/plan/data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/plan/npy.h"
#include "bench/text/hash.h"

#define RANDOM_WORD "random"
#define FILE_ENDING ".npy"

bool data_is_file(const char *text)
{
	const size_t ending = strlen(FILE_ENDING);
	const size_t bytes = text ? strlen(text) : 0;

	return bytes > ending && strcmp(text + bytes - ending, FILE_ENDING) == 0;
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int data_load_file(const char *path, struct array *array, struct err *err)
{
	char context[90];

	if (npy_load(path, array, err) == 0)
		return 0;
	(void)snprintf(context, sizeof(context), "--data %.80s", name_of(path));
	return err_wrap(err, context);
}

static int data_read_file(const char *text, struct data *data, struct err *err)
{
	char *path = realpath(text, NULL);
	struct array array;
	size_t bytes;

	if (!path)
		return err_system(err, "--data %.100s", text);
	bytes = strlen(path) + 1;
	if (bytes <= sizeof(data->path))
		memcpy(data->path, path, bytes);
	free(path);
	if (bytes > sizeof(data->path))
		return err_set(err, ERR_USAGE,
			       "--data %.60s...: its whole path is longer than %zu bytes: link to "
			       "it from a shorter one", text, sizeof(data->path) - 1);
	if (data_load_file(data->path, &array, err) != 0)
		return -1;
	data->kind = DATA_FILE;
	data->type = array.type;
	data->hash = hash_bytes(array.data, array.bytes);
	npy_free(&array);
	return 0;
}

int data_read(const char *text, struct data *data, struct err *err)
{
	*data = (struct data){0};
	if (!text || strcmp(text, RANDOM_WORD) == 0)
		return 0;
	if (data_is_file(text))
		return data_read_file(text, data, err);
	if (strcmp(text, DATA_SMOOTH_WORD) != 0)
		return err_set(err, ERR_USAGE,
			       "--data \"%.80s\": choose from random, smooth, or the name of a "
			       "file that ends in .npy (numpy.save)", text);
	data->kind = DATA_SMOOTH;
	return 0;
}

const char *data_name(const struct data *data)
{
	if (data->kind != DATA_FILE)
		return data->kind == DATA_SMOOTH ? DATA_SMOOTH_WORD : RANDOM_WORD;
	return name_of(data->path);
}

int data_say_type(const struct data *data, bool fresh, const char **shapes,
		  char type[DATA_TYPE_BYTES], struct err *err)
{
	char shape[ARRAY_SHAPE_TEXT_BYTES];

	if (data->kind != DATA_FILE)
		return 0;
	if (fresh)
		return err_set(err, ERR_USAGE,
			       "--data %.80s and --source fresh do not go together: what a file "
			       "holds is not drawn; add --source ready", data_name(data));
	if (*shapes)
		return 0;
	(void)snprintf(type, DATA_TYPE_BYTES, "%s:%s", shape_format(&data->type.shape, shape),
		       dtype_table[data->type.dtype].name);
	*shapes = type;
	return 0;
}

int data_check_type(const struct data *data, const struct array_type *type, struct err *err)
{
	char asked[ARRAY_TYPE_TEXT_BYTES];
	char held[ARRAY_TYPE_TEXT_BYTES];

	if (data->kind != DATA_FILE || array_type_equal(&data->type, type))
		return 0;
	return err_set(err, ERR_USAGE,
		       "-s asks for %.80s, and --data %.80s is %.80s: leave -s out, the file says "
		       "what it is", array_type_format(type, asked), data_name(data),
		       array_type_format(&data->type, held));
}

int data_load(const char *path, uint64_t hash, struct array *array, struct err *err)
{
	if (data_load_file(path, array, err) != 0)
		return -1;
	if (hash_bytes(array->data, array->bytes) == hash)
		return 0;
	npy_free(array);
	return err_set(err, ERR_USAGE,
		       "--data %.80s has changed since the run began: measure a file that nobody "
		       "writes", name_of(path));
}
