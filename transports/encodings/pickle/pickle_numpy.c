/* SPDX-License-Identifier: MIT */
/* The few things of numpy that a pickle may ask for. */
#include "transports/encodings/pickle/pickle_numpy.h"

#include <inttypes.h>
#include <string.h>

#include "transports/type_refuse.h"

int pickle_malformed(const struct pickle_reader *reader, const char *what, struct err *err)
{
	return err_set(err, ERR_PROTOCOL, "the reply's pickle is malformed at byte %" PRIu64 ": %s",
		       reader->offset, what);
}

int pickle_refuse(const struct pickle_reader *reader, const char *what, struct err *err)
{
	if (reader->depth == 0)
		return err_set(err, ERR_WRONG, "the reply is %s, not a numpy array%s", what,
			       strcmp(what, "a list") == 0 ? " (send numpy.array of it)" : "");
	return err_set(err, ERR_WRONG,
		       "the reply's pickle has %s at byte %" PRIu64
		       ", where a numpy array has none",
		       what, reader->offset);
}

/* Whether a value is of the kind that a letter of a pattern stands for. */
static bool matches_letter(const struct pickle_value *value, char letter)
{
	static const struct {
		char letter;
		uint8_t kind;
		uint8_t or_kind;
	} rows[] = {
		{'n', PICKLE_NONE, PICKLE_NONE},   {'i', PICKLE_INT, PICKLE_INT},
		{'b', PICKLE_BOOL, PICKLE_INT},    {'s', PICKLE_TEXT, PICKLE_TEXT},
		{'l', PICKLE_BYTES, PICKLE_BYTES}, {'e', PICKLE_ELEMENTS, PICKLE_BYTES},
		{'t', PICKLE_TUPLE, PICKLE_TUPLE}, {'m', PICKLE_NAME, PICKLE_NAME},
		{'d', PICKLE_DTYPE, PICKLE_DTYPE}, {'u', PICKLE_ELEMENTS_TEXT, PICKLE_TEXT},
		{'(', PICKLE_MARK, PICKLE_MARK},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].letter == letter)
			return value->kind == rows[i].kind || value->kind == rows[i].or_kind;
	return false;
}

bool pickle_matches(const struct pickle_value *values, size_t count, const char *pattern)
{
	if (count != strlen(pattern))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!matches_letter(&values[i], pattern[i]))
			return false;
	return true;
}

/* The items of a tuple that fits the pattern, or NULL. */
static const struct pickle_value *items_of(const struct pickle_reader *reader,
					   const struct pickle_value *tuple, const char *pattern)
{
	const struct pickle_value *items = reader->items + tuple->first;

	if (tuple->kind != PICKLE_TUPLE || !pickle_matches(items, tuple->count, pattern))
		return NULL;
	return items;
}

static bool shape_of(const struct pickle_reader *reader, const struct pickle_value *tuple,
		     struct shape *shape)
{
	*shape = (struct shape){0};
	if (tuple->kind != PICKLE_TUPLE || tuple->count > ARRAY_DIMENSIONS_MAX)
		return false;
	for (uint32_t i = 0; i < tuple->count; i++) {
		const struct pickle_value *item = &reader->items[tuple->first + i];

		if (item->kind != PICKLE_INT || item->number < 0)
			return false;
		shape->extents[shape->dimensions++] = (uint64_t)item->number;
	}
	return true;
}

static bool dtype_is_right(const struct pickle_reader *reader)
{
	const char *code = dtype_table[reader->expected->type.dtype].numpy_code;

	return code && strcmp(reader->dtype_code, code) == 0;
}

/* Fails because the reply's type differs from the array's. shape NULL: not known yet. */
static int wrong_type(const struct pickle_reader *reader, const struct shape *shape,
		      struct err *err)
{
	const struct array_type *wanted = &reader->expected->type;
	const struct type_seen seen = {
		.dtype = type_numpy_name(reader->dtype_code),
		.big_endian = reader->dtype_order == '>',
		.shape = shape,
	};

	(void)type_refuse(wanted, &seen, err);
	if (dtype_is_right(reader) || !type_numpy_converts(reader->dtype_code))
		return -1;
	return err_add(err, " (send its .astype(\"%s\"))", dtype_table[wanted->dtype].name);
}

/* As wrong_type, with the shape from below the dtype and another value, if it lies there. */
static int wrong_dtype(const struct pickle_reader *reader, struct err *err)
{
	struct shape shape;
	bool known = reader->depth >= 3 &&
		     shape_of(reader, &reader->stack[reader->depth - 3], &shape);

	return wrong_type(reader, known ? &shape : NULL, err);
}

/*
 * A single byte is read as an opcode's argument, since it may as well be the b"b" of
 * _reconstruct: Python has one object for both, which the pickle then recalls.
 */
static int take_single(struct pickle_reader *reader, const struct pickle_value *elements,
		       struct err *err)
{
	if (elements->kind != PICKLE_BYTES)
		return 0;
	if (reader->elements_seen)
		return pickle_malformed(reader, "it holds elements twice", err);
	if (reader->expected->bytes != 1)
		return err_set(err, ERR_WRONG,
			       "the reply has 1 byte of elements, the array %zu",
			       reader->expected->bytes);
	reader->elements_seen = true;
	*(unsigned char *)reader->expected->data = (unsigned char)elements->byte;
	return 0;
}

/* Checks shape and dtype, and the order of the elements if that makes a difference. */
static int check_type(const struct pickle_reader *reader, const struct pickle_value *tuple,
		      bool column_major, struct err *err)
{
	struct shape shape;

	if (!shape_of(reader, tuple, &shape))
		return pickle_malformed(reader, "the array's shape is no tuple of extents", err);
	if (!dtype_is_right(reader) || !shape_equal(&shape, &reader->expected->type.shape))
		return wrong_type(reader, &shape, err);
	return column_major ? type_refuse_columns(&shape, err) : 0;
}

/* _reconstruct(ndarray, (0,), b"b"): an empty array, which its state fills. */
static int call_reconstruct(struct pickle_reader *reader, struct pickle_value *value,
			    struct err *err)
{
	const struct pickle_value *items = items_of(reader, value, "mtl");

	if (!items || strcmp(items[0].name->name, "ndarray") != 0)
		return pickle_malformed(reader, "_reconstruct is not asked for an ndarray", err);
	if (reader->array_seen)
		return pickle_malformed(reader, "it holds more than one array", err);
	reader->array_seen = true;
	value->kind = PICKLE_ARRAY;
	return 0;
}

/* dtype("f8", False, True): without byte order, which is in its state. */
static int call_dtype(struct pickle_reader *reader, struct pickle_value *value, struct err *err)
{
	const struct pickle_value *items = items_of(reader, value, "sbb");

	if (!items || strlen(items[0].text) >= sizeof(reader->dtype_code))
		return pickle_malformed(reader, "dtype is called in an unknown way", err);
	if (reader->dtype_code[0])
		return pickle_malformed(reader, "it holds more than one dtype", err);
	memcpy(reader->dtype_code, items[0].text, strlen(items[0].text) + 1);
	if (!dtype_is_right(reader))
		return wrong_dtype(reader, err);
	value->kind = PICKLE_DTYPE;
	return 0;
}

/* _frombuffer(elements, dtype, shape, "C"): the whole array at once. */
static int call_frombuffer(struct pickle_reader *reader, struct pickle_value *value,
			   struct err *err)
{
	const struct pickle_value *items = items_of(reader, value, "edts");

	if (!items || reader->array_seen || !reader->dtype_order)
		return pickle_malformed(reader, "_frombuffer is called in an unknown way", err);
	if (check_type(reader, &items[2], strcmp(items[3].text, "C") != 0, err) != 0 ||
	    take_single(reader, &items[0], err) != 0)
		return -1;
	reader->array_seen = true;
	reader->array_complete = true;
	value->kind = PICKLE_ARRAY;
	return 0;
}

/* encode(text, "latin1"): how protocol 2 writes bytes. */
static int call_encode(struct pickle_reader *reader, struct pickle_value *value, struct err *err)
{
	const struct pickle_value *items = items_of(reader, value, "us");

	if (!items || strcmp(items[1].text, "latin1") != 0 ||
	    (items[0].kind == PICKLE_TEXT && strlen(items[0].text) != 1))
		return pickle_malformed(reader, "encode is called in an unknown way", err);
	value->byte = items[0].byte;
	value->kind = items[0].kind == PICKLE_TEXT ? PICKLE_BYTES : PICKLE_ELEMENTS;
	return 0;
}

/* bytes(): how protocol 2 writes no bytes. */
static int call_bytes(struct pickle_reader *reader, struct pickle_value *value, struct err *err)
{
	if (!items_of(reader, value, "") || reader->elements_seen || reader->expected->bytes)
		return pickle_malformed(reader, "bytes is called in an unknown way", err);
	reader->elements_seen = true;
	value->kind = PICKLE_ELEMENTS;
	return 0;
}

/* All that a pickle may import. numpy 2 renamed numpy.core to numpy._core. */
static const struct pickle_name names[] = {
	{"numpy.core.multiarray", "_reconstruct", call_reconstruct},
	{"numpy._core.multiarray", "_reconstruct", call_reconstruct},
	{"numpy.core.numeric", "_frombuffer", call_frombuffer},
	{"numpy._core.numeric", "_frombuffer", call_frombuffer},
	{"numpy", "ndarray", NULL},
	{"numpy", "dtype", call_dtype},
	{"_codecs", "encode", call_encode},
	{"__builtin__", "bytes", call_bytes},
	{"builtins", "bytes", call_bytes},
};

const struct pickle_name *pickle_find_name(const char *module, const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].module, module) == 0 && strcmp(names[i].name, name) == 0)
			return &names[i];
	return NULL;
}

/* The state of a dtype: (3, "<", None, None, None, -1, -1, 0). */
int pickle_build_dtype(struct pickle_reader *reader, const struct pickle_value *state,
		       struct err *err)
{
	const struct pickle_value *items = items_of(reader, state, "isnnniii");

	if (!items || reader->dtype_order)
		return pickle_malformed(reader, "the dtype's state is unknown to us", err);
	if (strlen(items[1].text) != 1 || !strchr("<>=|", items[1].text[0]))
		return pickle_malformed(reader, "the dtype's byte order is unknown to us", err);
	reader->dtype_order = items[1].text[0];
	return dtype_is_right(reader) ? 0 : wrong_dtype(reader, err);
}

/* The state of an array: (1, shape, dtype, is it in Fortran order, elements). */
int pickle_build_array(struct pickle_reader *reader, const struct pickle_value *state,
		       struct err *err)
{
	const struct pickle_value *items = items_of(reader, state, "itdbe");

	if (!items || !reader->dtype_order || reader->array_complete)
		return pickle_malformed(reader, "the array's state is unknown to us", err);
	if (check_type(reader, &items[1], items[3].number != 0, err) != 0 ||
	    take_single(reader, &items[4], err) != 0)
		return -1;
	reader->array_complete = true;
	return 0;
}

bool pickle_is_encode(const struct pickle_value *value)
{
	return value->kind == PICKLE_NAME && value->name->call == call_encode;
}

/*
 * The elements begin where an array's state has come to them, or where
 * _frombuffer takes them as its first argument.
 */
int pickle_check_place(const struct pickle_reader *reader, bool text, struct err *err)
{
	unsigned depth = reader->depth - text; /* less the encode around them */
	const struct pickle_value *state = reader->stack + depth;

	if (reader->elements_seen)
		return pickle_malformed(reader, "it holds elements twice", err);
	if (depth >= 5 && pickle_matches(state - 5, 5, "(itdb"))
		return check_type(reader, state - 3, state[-1].number != 0, err);
	if (depth >= 2 && pickle_matches(state - 2, 2, "m(") &&
	    state[-2].name->call == call_frombuffer)
		return 0;
	return pickle_refuse(reader, "bytes", err);
}
