/* SPDX-License-Identifier: MIT */
/* A stack machine for the pickles of numpy arrays, and for nothing else. */
#include "transports/encodings/pickle/pickle_reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "transports/encodings/pickle/pickle_numpy.h"
#include "transports/looks.h"
#include "transports/unused.h"

#define PROTOCOL_FIRST 2
#define PROTOCOL_LAST 5
#define PROTOCOL 0x80      /* the opcode that states it, the first from protocol 2 on */
#define OLD_HEAD_BYTES 128 /* so much tells what came from a pickle of protocol 0 or 1 */

/* How an opcode's argument is laid out. */
enum pickle_form {
	FORM_FIXED,    /* `width` bytes */
	FORM_COUNTED,  /* a length of `width` bytes, then as many bytes */
	FORM_ELEMENTS, /* the same; unless short enough to be a letter, not read here */
	FORM_LINES,    /* two lines */
};

struct pickle_opcode {
	/* argument: what follows the length, for those forms that have one. */
	int (*run)(struct pickle_reader *reader, const struct pickle_opcode *opcode,
		   const unsigned char *argument, size_t bytes, struct err *err);
	enum pickle_form form;
	uint8_t width;
	uint8_t number; /* tells opcodes with the same run function apart */
};

static uint64_t read_little_endian(const unsigned char *data, size_t bytes)
{
	uint64_t value = 0;

	for (size_t i = bytes; i-- > 0;)
		value = value << 8 | data[i];
	return value;
}

static int push(struct pickle_reader *reader, const struct pickle_value *value, struct err *err)
{
	if (reader->depth == PICKLE_STACK_MAX)
		return pickle_malformed(reader, "it nests too deep", err);
	reader->stack[reader->depth++] = *value;
	return 0;
}

/* The count values on top, which stay there; NULL with err filled if one of them is a mark. */
static struct pickle_value *top(struct pickle_reader *reader, unsigned count, struct err *err)
{
	struct pickle_value *values = reader->stack + reader->depth - count;

	if (reader->depth < count) {
		(void)pickle_malformed(reader, "it takes more off the stack than there is", err);
		return NULL;
	}
	for (unsigned i = 0; i < count; i++) {
		if (values[i].kind == PICKLE_MARK) {
			(void)pickle_malformed(reader, "it takes a mark for a value", err);
			return NULL;
		}
	}
	return values;
}

/* Copies untrusted text for a message, as much as fits; anything unprintable becomes '?'. */
static void copy_text(char text[PICKLE_TEXT_BYTES], const unsigned char *data, size_t bytes)
{
	if (bytes > PICKLE_TEXT_BYTES - 1)
		bytes = PICKLE_TEXT_BYTES - 1;
	for (size_t i = 0; i < bytes; i++)
		text[i] = (char)(data[i] >= ' ' && data[i] <= '~' ? data[i] : '?');
	text[bytes] = '\0';
}

static int push_name(struct pickle_reader *reader, const char *module, const char *name,
		     struct err *err)
{
	struct pickle_value value = {
		.kind = PICKLE_NAME,
		.name = pickle_find_name(module, name),
	};

	if (value.name)
		return push(reader, &value, err);
	return err_set(err, ERR_WRONG,
		       "the reply's pickle asks for %s.%s, which is refused: "
		       "only numpy arrays are read",
		       module, name);
}

static int run_protocol(struct pickle_reader *reader, const struct pickle_opcode *opcode UNUSED,
			const unsigned char *argument, size_t bytes UNUSED, struct err *err)
{
	if (reader->started)
		return pickle_malformed(reader, "it states its protocol twice", err);
	if (argument[0] < PROTOCOL_FIRST || argument[0] > PROTOCOL_LAST)
		return err_set(err, ERR_UNSUPPORTED,
			       "the reply is a pickle of protocol %u, not %d to %d", argument[0],
			       PROTOCOL_FIRST, PROTOCOL_LAST);
	reader->started = true;
	return 0;
}

/* Frames help readers of files; we do not need them. */
static int run_frame(struct pickle_reader *reader, const struct pickle_opcode *opcode UNUSED,
		     const unsigned char *argument, size_t bytes, struct err *err)
{
	if (read_little_endian(argument, bytes) > INT64_MAX)
		return pickle_malformed(reader, "a frame has no end", err);
	return 0;
}

static int run_mark(struct pickle_reader *reader, const struct pickle_opcode *opcode,
		    const unsigned char *argument UNUSED, size_t bytes UNUSED, struct err *err)
{
	return push(reader, &(struct pickle_value){.kind = opcode->number}, err);
}

static int run_bool(struct pickle_reader *reader, const struct pickle_opcode *opcode,
		    const unsigned char *argument UNUSED, size_t bytes UNUSED, struct err *err)
{
	struct pickle_value value = {.kind = PICKLE_BOOL, .number = opcode->number};

	return push(reader, &value, err);
}

/* number: 1 if the argument is signed. */
static int run_int(struct pickle_reader *reader, const struct pickle_opcode *opcode,
		   const unsigned char *argument, size_t bytes, struct err *err)
{
	struct pickle_value value = {.kind = PICKLE_INT};
	uint64_t number;

	if (bytes > sizeof(number))
		return pickle_refuse(reader, "an int of more than 64 bits", err);
	number = read_little_endian(argument, bytes);
	if (opcode->number && bytes && bytes < sizeof(number) && argument[bytes - 1] & 0x80)
		number |= UINT64_MAX << (8 * bytes);
	value.number = (int64_t)number;
	return push(reader, &value, err);
}

static int run_text(struct pickle_reader *reader, const struct pickle_opcode *opcode,
		    const unsigned char *argument, size_t bytes, struct err *err)
{
	struct pickle_value value = {.kind = opcode->number};

	value.byte = bytes ? argument[0] : 0;
	copy_text(value.text, argument, bytes);
	return push(reader, &value, err);
}

static int run_global(struct pickle_reader *reader, const struct pickle_opcode *opcode UNUSED,
		      const unsigned char *argument, size_t bytes, struct err *err)
{
	const unsigned char *end = memchr(argument, '\n', bytes);
	size_t length = (size_t)(end - argument);
	char module[PICKLE_TEXT_BYTES];
	char name[PICKLE_TEXT_BYTES];

	copy_text(module, argument, length);
	copy_text(name, end + 1, bytes - length - 2);
	return push_name(reader, module, name, err);
}

static int run_stack_global(struct pickle_reader *reader, const struct pickle_opcode *opcode UNUSED,
			    const unsigned char *argument UNUSED, size_t bytes UNUSED,
			    struct err *err)
{
	const struct pickle_value *values = top(reader, 2, err);

	if (!values)
		return -1;
	if (!pickle_matches(values, 2, "ss"))
		return pickle_malformed(reader, "it imports something without a name", err);
	reader->depth -= 2;
	return push_name(reader, values[0].text, values[1].text, err);
}

/* Makes a tuple of the count values on top, and takes `dropped` more off the stack. */
static int make_tuple(struct pickle_reader *reader, unsigned count, unsigned dropped,
		      struct err *err)
{
	struct pickle_value tuple = {
		.kind = PICKLE_TUPLE,
		.first = reader->item_count,
		.count = count,
	};
	const struct pickle_value *values = top(reader, count, err);

	if (!values)
		return -1;
	if (count > PICKLE_ITEMS_MAX - reader->item_count)
		return pickle_malformed(reader, "its tuples are too long", err);
	memcpy(reader->items + reader->item_count, values, count * sizeof(*values));
	reader->item_count += count;
	reader->depth -= count + dropped;
	return push(reader, &tuple, err);
}

/* number: how many items. */
static int run_short_tuple(struct pickle_reader *reader, const struct pickle_opcode *opcode,
			   const unsigned char *argument UNUSED, size_t bytes UNUSED,
			   struct err *err)
{
	return make_tuple(reader, opcode->number, 0, err);
}

static int run_tuple(struct pickle_reader *reader, const struct pickle_opcode *opcode UNUSED,
		     const unsigned char *argument UNUSED, size_t bytes UNUSED, struct err *err)
{
	unsigned count = 0;

	while (count < reader->depth &&
	       reader->stack[reader->depth - 1 - count].kind != PICKLE_MARK)
		count++;
	if (count == reader->depth)
		return pickle_malformed(reader, "a tuple has no mark", err);
	return make_tuple(reader, count, 1, err);
}

static int memo_put(struct pickle_reader *reader, uint64_t index, struct err *err)
{
	const struct pickle_value *value = top(reader, 1, err);

	if (!value)
		return -1;
	if (index > reader->memo_count || index >= PICKLE_MEMO_MAX)
		return pickle_malformed(reader, "it remembers too much", err);
	reader->memo[index] = *value;
	reader->memo_count += index == reader->memo_count;
	return 0;
}

static int run_memoize(struct pickle_reader *reader, const struct pickle_opcode *opcode UNUSED,
		       const unsigned char *argument UNUSED, size_t bytes UNUSED, struct err *err)
{
	return memo_put(reader, reader->memo_count, err);
}

static int run_put(struct pickle_reader *reader, const struct pickle_opcode *opcode UNUSED,
		   const unsigned char *argument, size_t bytes, struct err *err)
{
	return memo_put(reader, read_little_endian(argument, bytes), err);
}

static int run_get(struct pickle_reader *reader, const struct pickle_opcode *opcode UNUSED,
		   const unsigned char *argument, size_t bytes, struct err *err)
{
	uint64_t index = read_little_endian(argument, bytes);

	if (index >= reader->memo_count)
		return pickle_malformed(reader, "it recalls what it never remembered", err);
	return push(reader, &reader->memo[index], err);
}

static int run_reduce(struct pickle_reader *reader, const struct pickle_opcode *opcode UNUSED,
		      const unsigned char *argument UNUSED, size_t bytes UNUSED, struct err *err)
{
	struct pickle_value *values = top(reader, 2, err);

	if (!values)
		return -1;
	if (!pickle_matches(values, 2, "mt") || !values[0].name->call)
		return pickle_malformed(reader, "it calls what cannot be called", err);
	if (values[0].name->call(reader, &values[1], err) != 0)
		return -1;
	values[0] = values[1];
	reader->depth--;
	return 0;
}

static int run_build(struct pickle_reader *reader, const struct pickle_opcode *opcode UNUSED,
		     const unsigned char *argument UNUSED, size_t bytes UNUSED, struct err *err)
{
	const struct pickle_value *values = top(reader, 2, err);
	int status = 0;

	if (!values)
		return -1;
	if (values[0].kind == PICKLE_DTYPE)
		status = pickle_build_dtype(reader, &values[1], err);
	else if (values[0].kind == PICKLE_ARRAY)
		status = pickle_build_array(reader, &values[1], err);
	else
		return pickle_malformed(reader, "it builds neither an array nor a dtype", err);
	reader->depth--;
	return status;
}

/* What a pickle was that ended without an array. */
static const char *const kind_names[] = {
	[PICKLE_NONE] = "None",
	[PICKLE_MARK] = "nothing",
	[PICKLE_BOOL] = "a bool",
	[PICKLE_INT] = "an int",
	[PICKLE_TEXT] = "a str",
	[PICKLE_BYTES] = "bytes",
	[PICKLE_ELEMENTS] = "bytes",
	[PICKLE_ELEMENTS_TEXT] = "a str",
	[PICKLE_TUPLE] = "a tuple",
	[PICKLE_NAME] = "a name",
	[PICKLE_DTYPE] = "a dtype",
	[PICKLE_ARRAY] = "an array",
};

static int run_stop(struct pickle_reader *reader, const struct pickle_opcode *opcode UNUSED,
		    const unsigned char *argument UNUSED, size_t bytes UNUSED, struct err *err)
{
	if (reader->depth != 1)
		return pickle_malformed(reader, "it ends with more or less than one value", err);
	if (reader->stack[0].kind != PICKLE_ARRAY)
		return err_set(err, ERR_WRONG, "the reply is %s, not a numpy array",
			       kind_names[reader->stack[0].kind]);
	if (!reader->array_complete)
		return pickle_malformed(reader, "the array has no elements", err);
	reader->event = PICKLE_END;
	return 0;
}

/* number: 1 if the elements come as text. */
static int begin_elements(struct pickle_reader *reader, uint64_t bytes, bool text,
			  struct err *err)
{
	struct pickle_value value = {.kind = text ? PICKLE_ELEMENTS_TEXT : PICKLE_ELEMENTS};

	if (pickle_check_place(reader, text, err) != 0)
		return -1;
	if (bytes < reader->expected->bytes || bytes > (reader->expected->bytes << text))
		return err_set(err, ERR_WRONG,
			       "the reply has %" PRIu64 " bytes of elements, the array %zu",
			       bytes, reader->expected->bytes);
	reader->payload_text = text;
	reader->payload_bytes = bytes;
	reader->elements_seen = true;
	reader->event = PICKLE_PAYLOAD;
	return push(reader, &value, err);
}

static const struct pickle_opcode opcodes[256] = {
	['('] = {run_mark, FORM_FIXED, 0, PICKLE_MARK},
	[')'] = {run_short_tuple, FORM_FIXED, 0, 0},
	['.'] = {run_stop, FORM_FIXED, 0, 0},
	['B'] = {run_text, FORM_ELEMENTS, 4, PICKLE_BYTES},
	['C'] = {run_text, FORM_ELEMENTS, 1, PICKLE_BYTES},
	['J'] = {run_int, FORM_FIXED, 4, 1},
	['K'] = {run_int, FORM_FIXED, 1, 0},
	['M'] = {run_int, FORM_FIXED, 2, 0},
	['N'] = {run_mark, FORM_FIXED, 0, PICKLE_NONE},
	['R'] = {run_reduce, FORM_FIXED, 0, 0},
	['X'] = {run_text, FORM_COUNTED, 4, PICKLE_TEXT},
	['b'] = {run_build, FORM_FIXED, 0, 0},
	['c'] = {run_global, FORM_LINES, 0, 0},
	['h'] = {run_get, FORM_FIXED, 1, 0},
	['j'] = {run_get, FORM_FIXED, 4, 0},
	['q'] = {run_put, FORM_FIXED, 1, 0},
	['r'] = {run_put, FORM_FIXED, 4, 0},
	['t'] = {run_tuple, FORM_FIXED, 0, 0},
	[PROTOCOL] = {run_protocol, FORM_FIXED, 1, 0},
	[0x85] = {run_short_tuple, FORM_FIXED, 0, 1},
	[0x86] = {run_short_tuple, FORM_FIXED, 0, 2},
	[0x87] = {run_short_tuple, FORM_FIXED, 0, 3},
	[0x88] = {run_bool, FORM_FIXED, 0, 1},
	[0x89] = {run_bool, FORM_FIXED, 0, 0},
	[0x8a] = {run_int, FORM_COUNTED, 1, 1},
	[0x8c] = {run_text, FORM_COUNTED, 1, PICKLE_TEXT},
	[0x8e] = {run_text, FORM_ELEMENTS, 8, PICKLE_BYTES},
	[0x93] = {run_stack_global, FORM_FIXED, 0, 0},
	[0x94] = {run_memoize, FORM_FIXED, 0, 0},
	[0x95] = {run_frame, FORM_FIXED, 8, 0},
	[0x96] = {run_text, FORM_ELEMENTS, 8, PICKLE_BYTES},
};

static int refuse_opcode(const struct pickle_reader *reader, unsigned char code, struct err *err)
{
	static const struct {
		unsigned char code;
		const char *what;
	} rows[] = {
		{']', "a list"},         {'}', "a dict"},         {'G', "a float"},
		{0x8f, "a set"},         {'T', "a Python 2 str"}, {'U', "a Python 2 str"},
		{0x81, "an object"},     {0x92, "an object"},     {0x8b, "an int of many digits"},
		{0x8d, "a very long str"},
		{0x97, "a buffer sent by other means"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].code == code)
			return pickle_refuse(reader, rows[i].what, err);
	return err_set(err, ERR_WRONG,
		       "the reply's pickle has opcode 0x%02x at byte %" PRIu64
		       ", which numpy arrays do not use",
		       code, reader->offset);
}

/* The size of an opcode with two lines; one byte more than there is if they do not end here. */
static size_t lines_size(const unsigned char *data, size_t bytes)
{
	unsigned lines = 0;

	for (size_t i = 1; i < bytes; i++) {
		lines += data[i] == '\n';
		if (lines == 2)
			return i + 1;
	}
	return bytes + 1;
}

/* Protocol 2 writes bytes as text with a call of encode around it. */
static bool is_encoded_text(const struct pickle_reader *reader, const struct pickle_opcode *opcode)
{
	return opcode->run == run_text && opcode->number == PICKLE_TEXT && reader->depth &&
	       pickle_is_encode(&reader->stack[reader->depth - 1]);
}

/*
 * Takes the count of the opcode at data: sets *size to all of it, or to its head if
 * elements follow. A single byte is a value: see take_single.
 */
static int counted_size(struct pickle_reader *reader, const struct pickle_opcode *opcode,
			const unsigned char *data, size_t *size, struct err *err)
{
	uint64_t count = read_little_endian(data + 1, opcode->width);
	bool text = is_encoded_text(reader, opcode);

	if ((opcode->form == FORM_ELEMENTS || text) && count != 1)
		return begin_elements(reader, count, text, err);
	if (count > PICKLE_OPCODE_MAX - *size) {
		char what[48];

		(void)snprintf(what, sizeof(what), "a %s of %" PRIu64 " bytes",
			       opcode->run == run_text ? "str" : "number", count);
		return pickle_refuse(reader, what, err);
	}
	*size += count;
	return 0;
}

/* What does not state its protocol: of 0 or 1, or no pickle. protocol: looks_old_pickle's words. */
static int refuse_start(const char *protocol, unsigned char first, struct err *err)
{
	if (protocol && protocol[0])
		return err_set(err, ERR_UNSUPPORTED,
			       "the reply is a pickle of protocol %s, not %d to %d", protocol,
			       PROTOCOL_FIRST, PROTOCOL_LAST);
	return err_set(err, ERR_WRONG, "the reply is no pickle: it begins with byte 0x%02x", first);
}

int pickle_refuse_start(const unsigned char *data, size_t bytes, struct err *err)
{
	return refuse_start(looks_old_pickle((struct head){data, bytes, true}), data[0], err);
}

/* Refuses what can be no pickle at once, and else as what it is once enough of it is there. */
static int run_stranger(const unsigned char *data, size_t bytes, size_t *size, struct err *err)
{
	const size_t seen = bytes < OLD_HEAD_BYTES ? bytes : OLD_HEAD_BYTES;
	const char *protocol = looks_old_pickle((struct head){data, seen, false});

	*size = OLD_HEAD_BYTES;
	return protocol && seen < OLD_HEAD_BYTES ? 0 : refuse_start(protocol, data[0], err);
}

/* Runs the opcode at data if all of it is there. Sets *size to its size, or to more than bytes. */
static int run_opcode(struct pickle_reader *reader, const unsigned char *data, size_t bytes,
		      size_t *size, struct err *err)
{
	const struct pickle_opcode *opcode = &opcodes[data[0]];
	size_t head = 1 + (size_t)opcode->width;

	if (!reader->started && data[0] != PROTOCOL)
		return run_stranger(data, bytes, size, err);
	if (!opcode->run)
		return refuse_opcode(reader, data[0], err);
	*size = opcode->form == FORM_LINES ? lines_size(data, bytes) : head;
	if (*size > PICKLE_OPCODE_MAX)
		return pickle_malformed(reader, "it imports something with a name too long", err);
	if (*size > bytes)
		return 0;
	if (opcode->form == FORM_COUNTED || opcode->form == FORM_ELEMENTS) {
		if (counted_size(reader, opcode, data, size, err) != 0)
			return -1;
		if (*size > bytes || reader->event == PICKLE_PAYLOAD)
			return 0;
		return opcode->run(reader, opcode, data + head, *size - head, err);
	}
	return opcode->run(reader, opcode, data + 1, *size - 1, err);
}

void pickle_reader_begin(struct pickle_reader *reader, const struct array *expected)
{
	reader->expected = expected;
	reader->event = PICKLE_MORE;
	reader->want = 1;
	reader->offset = 0;
	reader->depth = 0;
	reader->memo_count = 0;
	reader->item_count = 0;
	reader->dtype_code[0] = '\0';
	reader->dtype_order = 0;
	reader->started = false;
	reader->elements_seen = false;
	reader->array_seen = false;
	reader->array_complete = false;
}

int pickle_read(struct pickle_reader *reader, const unsigned char *data, size_t bytes,
		size_t *used, struct err *err)
{
	size_t done = 0;

	if (reader->event == PICKLE_PAYLOAD)
		reader->offset += reader->payload_bytes;
	reader->event = PICKLE_MORE;
	reader->want = 1;
	while (reader->event == PICKLE_MORE && done < bytes) {
		size_t size = 0;

		if (run_opcode(reader, data + done, bytes - done, &size, err) != 0)
			return -1;
		if (size > bytes - done) {
			reader->want = size - (bytes - done);
			break;
		}
		done += size;
		reader->offset += size;
	}
	*used = done;
	return 0;
}
