/* SPDX-License-Identifier: MIT */
/*
 * json: lists nested as deep as the shape, of the shortest numbers that read
 * back to the same value of their type, without spaces; streamed both ways. What
 * is not finite is spelled NaN, Infinity and -Infinity, as Python's json module
 * does; a bool is true or false.
 */
#include <inttypes.h>
#include <string.h>

#include "transports/encoding.h"
#include "transports/encodings/decimal/decimal_types.h"
#include "transports/encodings/json_misfit.h"
#include "transports/encodings/json_words.h"
#include "transports/unused.h"

/* Closing all lists but the outermost, a comma, and opening them again. */
#define TURN_BYTES (2 * ARRAY_DIMENSIONS_MAX + 1)

/* Space that is worth another turn of the loop: a number and what may follow it. */
#define ROOM_BYTES 128
_Static_assert(ROOM_BYTES > TURN_BYTES + DECIMAL_MAX_BYTES, "a number and a turn must fit");

#define WORD_BYTES_MAX DECIMAL_ROW_LONGEST /* a number; ours have up to 24 */
_Static_assert(WORD_BYTES_MAX == JSON_NUMBER_BYTES_MAX + 1, "so much is refused");
#define QUOTE_BYTES 60      /* of what is no array, for the message */

struct json_encoder {
	struct shape shape;                   /* of the text: see json_text_shape */
	uint64_t index[ARRAY_DIMENSIONS_MAX]; /* of the innermost list being written */
	const struct decimal_type *elements;
	size_t element_bytes;
	const char *next;
	size_t left;                          /* elements of that list */
	bool begun;
	bool ended;
};

/* What may come next. */
enum json_expect {
	EXPECT_VALUE,     /* a list or a number */
	EXPECT_FIRST,     /* as above, or the list's end */
	EXPECT_SEPARATOR, /* a comma, or the list's end */
	EXPECT_END,       /* nothing but white space */
};

struct json_decoder {
	struct shape shape; /* of the text: see json_text_shape */
	enum dtype dtype;
	const struct decimal_type *elements;
	size_t element_bytes;
	char *next;
	enum json_expect expect;
	unsigned depth;                        /* lists that are open */
	uint64_t counts[ARRAY_DIMENSIONS_MAX]; /* elements so far of each of them */
	bool spaced;                           /* white space came after the last comma */
	bool stray;                            /* what is held is no part of an array */
	size_t held_bytes;
	char held[WORD_BYTES_MAX];             /* a word that a piece's end cut, or the quote */
};

/* Whether the byte may stand in a number, or in a word like NaN or null. */
static const bool json_is_word[256] = {
	['+'] = true, ['-'] = true, ['.'] = true,
	['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true,
};

static const bool json_is_white[256] = {
	[' '] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true,
};

/* Lists below an extent of 0 do not appear: numpy's 2x0x3 is [[],[]]. */
static struct shape json_text_shape(const struct shape *shape)
{
	struct shape text = *shape;

	for (unsigned i = 0; i < shape->dimensions; i++) {
		if (shape->extents[i] == 0) {
			text.dimensions = i + 1;
			break;
		}
	}
	return text;
}

static struct encoding_need json_need(const struct array_type *type)
{
	return (struct encoding_need){.taker_bytes = array_type_bytes(type)};
}

static int json_encode(void *state, const struct array *array, uint64_t *length_bytes,
		       struct err *err UNUSED)
{
	struct json_encoder *encoder = state;

	*encoder = (struct json_encoder){
		.shape = json_text_shape(&array->type.shape),
		.elements = decimal_types[array->type.dtype],
		.element_bytes = dtype_table[array->type.dtype].bytes,
		.next = array->data,
	};
	encoder->left = encoder->shape.extents[encoder->shape.dimensions - 1];
	*length_bytes = MESSAGE_LENGTH_UNKNOWN;
	return 0;
}

static char *json_put(char *out, char letter, unsigned count)
{
	memset(out, letter, count);
	return out + count;
}

/* Writes as many of the innermost list's numbers as surely fit, at least one. */
static char *json_put_numbers(struct json_encoder *encoder, char *out, const char *end)
{
	size_t count = ((size_t)(end - out) - TURN_BYTES) / DECIMAL_MAX_BYTES;

	if (count > encoder->left)
		count = encoder->left;
	out += encoder->elements->format_row(encoder->next, count, out);
	encoder->next += count * encoder->element_bytes;
	encoder->left -= count;
	if (encoder->left)
		*out++ = ',';
	return out;
}

/* Ends the innermost list and the others that end with it, and begins the next ones. */
static char *json_put_turn(struct json_encoder *encoder, char *out)
{
	const struct shape *shape = &encoder->shape;
	unsigned inner = shape->dimensions - 1;
	unsigned outer = inner; /* the innermost dimension that goes on */

	while (outer > 0 && ++encoder->index[outer - 1] == shape->extents[outer - 1])
		encoder->index[--outer] = 0;
	out = json_put(out, ']', inner - outer + 1);
	encoder->ended = outer == 0;
	if (encoder->ended)
		return out;
	*out++ = ',';
	encoder->left = shape->extents[inner];
	return json_put(out, '[', inner - outer + 1);
}

static int json_fill(void *state, void *buffer, size_t capacity, size_t *filled,
		     struct err *err UNUSED)
{
	struct json_encoder *encoder = state;
	char *out = buffer;
	const char *end = out + capacity;

	if (!encoder->begun)
		out = json_put(out, '[', encoder->shape.dimensions);
	encoder->begun = true;
	while (!encoder->ended && end - out >= ROOM_BYTES) {
		if (encoder->left)
			out = json_put_numbers(encoder, out, end);
		if (encoder->left == 0)
			out = json_put_turn(encoder, out);
	}
	*filled = (size_t)(out - (char *)buffer);
	return 0;
}

static int json_decode(void *state, struct array *destination, uint64_t length_bytes UNUSED,
		       struct err *err UNUSED)
{
	struct json_decoder *decoder = state;

	/* A short length is not refused here, since the text that came says more. */
	decoder->shape = json_text_shape(&destination->type.shape);
	decoder->dtype = destination->type.dtype;
	decoder->elements = decimal_types[decoder->dtype];
	decoder->element_bytes = dtype_table[decoder->dtype].bytes;
	decoder->next = destination->data;
	decoder->expect = EXPECT_VALUE;
	decoder->depth = 0;
	decoder->spaced = false;
	decoder->stray = false;
	decoder->held_bytes = 0;
	return 0;
}

#define WHERE_BYTES (ARRAY_SHAPE_TEXT_BYTES + 8)

/* Writes " at [0, 3]", the index of the innermost open list, or "" for the whole. */
static const char *json_where(const struct json_decoder *decoder, char text[WHERE_BYTES])
{
	struct shape outer = decoder->shape;
	size_t position = 0;

	text[0] = '\0';
	if (decoder->depth < 2)
		return text;
	outer.dimensions = decoder->depth - 1;
	for (unsigned i = 0; i < outer.dimensions; i++)
		position = position * outer.extents[i] + decoder->counts[i];
	memcpy(text, " at ", 4);
	(void)shape_format_index(&outer, position, text + 4);
	return text;
}

static uint64_t json_extent(const struct json_decoder *decoder)
{
	return decoder->shape.extents[decoder->depth - 1];
}

static int json_refuse_more(const struct json_decoder *decoder, struct err *err)
{
	char where[WHERE_BYTES];

	return err_set(err, ERR_WRONG,
		       "the reply's list%s has more elements than the array's %" PRIu64,
		       json_where(decoder, where), json_extent(decoder));
}

static int json_refuse_fewer(const struct json_decoder *decoder, struct err *err)
{
	char where[WHERE_BYTES];

	return err_set(err, ERR_WRONG,
		       "the reply's list%s has %" PRIu64 " elements, the array %" PRIu64,
		       json_where(decoder, where), decoder->counts[decoder->depth - 1],
		       json_extent(decoder));
}

/* Copies what is held, up to QUOTE_BYTES of it, as printable ASCII. Returns text. */
static const char *json_quote(const struct json_decoder *decoder, char text[QUOTE_BYTES + 1])
{
	size_t bytes = decoder->held_bytes < QUOTE_BYTES ? decoder->held_bytes : QUOTE_BYTES;

	for (size_t i = 0; i < bytes; i++) {
		char letter = decoder->held[i];

		text[i] = letter >= ' ' && letter <= '~' ? letter : '?';
	}
	text[bytes] = '\0';
	return text;
}

/* What json_expect allows, in words. */
static const char *const json_wanted[] = {
	[EXPECT_VALUE] = "an element",
	[EXPECT_FIRST] = "an element",
	[EXPECT_SEPARATOR] = "a comma or bracket",
};

/* The same for words about what is there instead. */
static const enum json_place json_places[] = {
	[EXPECT_VALUE] = JSON_AFTER_COMMA,
	[EXPECT_FIRST] = JSON_IN_PLACE_OF_ELEMENT,
	[EXPECT_SEPARATOR] = JSON_AFTER_ELEMENT,
	[EXPECT_END] = JSON_AFTER_LIST,
};

static int json_refuse_stray(const struct json_decoder *decoder, struct err *err)
{
	char quote[QUOTE_BYTES + 1];
	char where[WHERE_BYTES];

	(void)json_quote(decoder, quote);
	if (decoder->expect != EXPECT_END && decoder->depth == 0) {
		(void)err_set(err, ERR_WRONG, "the reply is no list: %s", quote);
		return json_add_words(decoder->held, decoder->held_bytes, JSON_AT_START, err);
	}
	if (decoder->expect == EXPECT_END)
		(void)err_set(err, ERR_WRONG, "the reply goes on after its list: %s", quote);
	else
		(void)err_set(err, ERR_WRONG, "the reply's list%s has, instead of %s: %s",
			      json_where(decoder, where), json_wanted[decoder->expect], quote);
	return json_add_words(decoder->held, decoder->held_bytes, json_places[decoder->expect],
			      err);
}

/* Collects what is worth quoting from a reply that is no array; 0 while it waits for more. */
static int json_take_stray(struct json_decoder *decoder, const char *text, const char *end,
			   struct err *err)
{
	decoder->stray = true;
	while (text < end && decoder->held_bytes < QUOTE_BYTES)
		decoder->held[decoder->held_bytes++] = *text++;
	return decoder->held_bytes < QUOTE_BYTES ? 0 : json_refuse_stray(decoder, err);
}

/* The index of the element that is due. */
static size_t json_position(const struct json_decoder *decoder)
{
	size_t position = 0;

	for (unsigned i = 0; i < decoder->depth; i++)
		position = position * decoder->shape.extents[i] + decoder->counts[i];
	return position;
}

/* Says which element is a value of another type, and which type has it. */
static int json_refuse_misfit(const struct json_decoder *decoder, enum decimal_misfit misfit,
			      struct err *err)
{
	char index[ARRAY_SHAPE_TEXT_BYTES];
	char quote[QUOTE_BYTES + 1];

	(void)err_set(err, ERR_WRONG, "the reply's element %.120s is %s, ",
		      shape_format_index(&decoder->shape, json_position(decoder), index),
		      json_quote(decoder, quote));
	return json_add_misfit(decoder->held, decoder->held_bytes, decoder->dtype, misfit, err);
}

static int json_refuse_word(const struct json_decoder *decoder, struct err *err)
{
	char quote[QUOTE_BYTES + 1];
	char where[WHERE_BYTES];
	bool null = decoder->held_bytes == 4 && memcmp(decoder->held, "null", 4) == 0;

	(void)err_set(err, ERR_WRONG, "the reply's list%s has %s, which is no number%s",
		      json_where(decoder, where), json_quote(decoder, quote),
		      null ? " (some programs write NaN and infinities so)" : "");
	return json_add_words(decoder->held, decoder->held_bytes, JSON_IN_PLACE_OF_ELEMENT, err);
}

static int json_refuse_depth(const struct json_decoder *decoder, struct err *err)
{
	return err_set(err, ERR_WRONG, "the reply is nested %u deep, the array %u", decoder->depth,
		       decoder->shape.dimensions);
}

/*
 * Takes a word the slow way, because its end is not here or it is no number.
 * Returns where to go on, which is end if the rest is in the next piece, or NULL.
 */
static const char *json_take_word(struct json_decoder *decoder, const char *text,
				  const char *end, struct err *err)
{
	enum decimal_misfit misfit = DECIMAL_FITS;
	const char *held_end;
	uint64_t value = 0;

	while (text < end && json_is_word[(unsigned char)*text] &&
	       decoder->held_bytes < WORD_BYTES_MAX)
		decoder->held[decoder->held_bytes++] = *text++;
	if (text == end)
		return text;
	held_end = decoder->held + decoder->held_bytes;
	if (decoder->held_bytes == WORD_BYTES_MAX ||
	    decoder->elements->parse(decoder->held, held_end, &value, &misfit) != held_end) {
		if (misfit == DECIMAL_FITS)
			misfit = json_find_misfit(decoder->held, decoder->held_bytes);
		(void)(misfit == DECIMAL_FITS ? json_refuse_word(decoder, err) :
						json_refuse_misfit(decoder, misfit, err));
		return NULL;
	}
	memcpy(decoder->next, &value, decoder->element_bytes);
	decoder->next += decoder->element_bytes;
	decoder->counts[decoder->depth - 1]++;
	decoder->held_bytes = 0;
	decoder->expect = EXPECT_SEPARATOR;
	return text;
}

static int json_open(struct json_decoder *decoder, struct err *err)
{
	if (decoder->depth > 0 && decoder->counts[decoder->depth - 1] == json_extent(decoder))
		return json_refuse_more(decoder, err);
	if (decoder->depth == decoder->shape.dimensions)
		return err_set(err, ERR_WRONG, "the reply is nested deeper than the array's %u",
			       decoder->depth);
	decoder->counts[decoder->depth++] = 0;
	decoder->expect = EXPECT_FIRST;
	return 0;
}

static int json_close(struct json_decoder *decoder, struct err *err)
{
	if (decoder->counts[decoder->depth - 1] != json_extent(decoder))
		return json_refuse_fewer(decoder, err);
	decoder->depth--;
	decoder->expect = decoder->depth ? EXPECT_SEPARATOR : EXPECT_END;
	if (decoder->depth)
		decoder->counts[decoder->depth - 1]++;
	return 0;
}

static bool json_is_number(char letter)
{
	return letter == '-' || (letter >= '0' && letter <= '9');
}

/* Takes one character where no number may stand. Returns where to go on, or NULL. */
static const char *json_take_mark(struct json_decoder *decoder, const char *text,
				  const char *end, struct err *err)
{
	bool element = decoder->expect == EXPECT_VALUE || decoder->expect == EXPECT_FIRST;
	bool list_end = decoder->expect == EXPECT_SEPARATOR || decoder->expect == EXPECT_FIRST;
	int status = 0;

	if (*text == '[' && element)
		status = json_open(decoder, err);
	else if (*text == ']' && list_end)
		status = json_close(decoder, err);
	else if (*text == ',' && decoder->expect == EXPECT_SEPARATOR)
		decoder->expect = EXPECT_VALUE;
	else if (json_is_number(*text) && element && decoder->depth == decoder->shape.dimensions)
		status = json_refuse_more(decoder, err);
	else if (json_is_number(*text) && element)
		status = json_refuse_depth(decoder, err);
	else
		return json_take_stray(decoder, text, end, err) == 0 ? end : NULL;
	return status == 0 ? text + 1 : NULL;
}

static bool json_is_number_next(const struct json_decoder *decoder)
{
	return (decoder->expect == EXPECT_VALUE || decoder->expect == EXPECT_FIRST) &&
	       decoder->depth == decoder->shape.dimensions &&
	       decoder->counts[decoder->depth - 1] < json_extent(decoder);
}

/* What may follow without other marks than "],[": the rest of this list and its siblings. */
static struct decimal_rows json_rows(const struct json_decoder *decoder)
{
	const uint64_t each = json_extent(decoder);
	const uint64_t left = each - decoder->counts[decoder->depth - 1];
	uint64_t siblings = 0;

	if (decoder->depth > 1)
		siblings = decoder->shape.extents[decoder->depth - 2] -
			   decoder->counts[decoder->depth - 2] - 1;
	return (struct decimal_rows){.left = left, .each = each, .count = left + siblings * each};
}

/* Counts numbers that were read, and the siblings that began with some of them. */
static void json_count(struct json_decoder *decoder, size_t read)
{
	uint64_t *const count = &decoder->counts[decoder->depth - 1];
	const uint64_t lists = (*count + read - 1) / json_extent(decoder);

	decoder->next += read * decoder->element_bytes;
	*count += read - lists * json_extent(decoder);
	if (lists) /* there is an outer list then: json_rows gave siblings */
		decoder->counts[decoder->depth - 2] += lists;
}

/* Takes a row of one number, for which decimal_parse_rows would take twice as long. */
static bool json_take_number(struct json_decoder *decoder, struct decimal_text *text)
{
	enum decimal_misfit misfit;
	const char *const after =
		decoder->elements->parse(text->at, text->end, decoder->next, &misfit);

	if (!after || after == text->end || after - text->at >= DECIMAL_ROW_LONGEST)
		return false;
	text->at = after;
	decoder->next += decoder->element_bytes;
	decoder->counts[decoder->depth - 1]++;
	return true;
}

/* Moves text->at past a comma and white space after a number. Whether a number may follow. */
static bool json_take_comma(struct json_decoder *decoder, struct decimal_text *text)
{
	const bool comma = *text->at == ',';

	decoder->expect = comma ? EXPECT_VALUE : EXPECT_SEPARATOR;
	text->at += comma;
	decoder->spaced = comma && text->at < text->end && json_is_white[(unsigned char)*text->at];
	while (text->at < text->end && json_is_white[(unsigned char)*text->at])
		text->at++;
	return comma && json_is_number_next(decoder);
}

/*
 * The hot loop: the numbers of an innermost list that is not full, and of its siblings.
 * Moves text->at to where to go on, or sets it to NULL.
 */
static void json_take_numbers(struct json_decoder *decoder, struct decimal_text *text,
			      struct err *err)
{
	const struct decimal_rows rows = json_rows(decoder);
	size_t read = 0;
	bool more = true;

	if (!decoder->spaced)
		read = decoder->elements->parse_rows(text, decoder->next, &rows);
	if (read) {
		json_count(decoder, read);
		more = json_take_comma(decoder, text);
	}
	/* Numbers with white space between them are read one by one. */
	while (more && json_take_number(decoder, text))
		more = json_take_comma(decoder, text);
	if (!more || text->at == text->end)
		return;
	text->at = json_is_word[(unsigned char)*text->at]
			   ? json_take_word(decoder, text->at, text->end, err)
			   : json_take_mark(decoder, text->at, text->end, err);
}

static int json_accept(void *state, const void *data, size_t bytes, struct err *err)
{
	struct json_decoder *decoder = state;
	struct decimal_text text = {data, data, (const char *)data + bytes};

	while (text.at && text.at < text.end) {
		if (decoder->stray)
			return json_take_stray(decoder, text.at, text.end, err);
		if (decoder->held_bytes)
			text.at = json_take_word(decoder, text.at, text.end, err);
		else if (json_is_white[(unsigned char)*text.at])
			text.at++;
		else if (json_is_number_next(decoder))
			json_take_numbers(decoder, &text, err);
		else
			text.at = json_take_mark(decoder, text.at, text.end, err);
	}
	return text.at ? 0 : -1;
}

static int json_decode_end(void *state, struct array *destination UNUSED, struct err *err)
{
	struct json_decoder *decoder = state;
	char where[WHERE_BYTES];

	if (decoder->stray)
		return json_refuse_stray(decoder, err);
	if (decoder->expect == EXPECT_END)
		return 0;
	if (decoder->depth == 0)
		return err_set(err, ERR_WRONG, "the reply is empty");
	return err_set(err, ERR_WRONG, "the reply ends in its list%s, after %" PRIu64 " elements",
		       json_where(decoder, where), decoder->counts[decoder->depth - 1]);
}

const struct encoding encoding_json = {
	.name = "json",
	.title = "nested lists of shortest numbers",
	.flags = ENCODING_TEXT | ENCODING_DIGITS,
	.dtypes = DTYPE_BITS_ALL,
	.media_type = "application/json",
	.form = FORM_LIST,
	.cost = {
		.ns_per_byte = 0.75, .fresh_ns_per_byte = 0.5, .wire_per_byte = 2.44,
		.foreign = {
			.ns_per_byte = 83,
			.private_copies = 22,
		},
	},
	.encoder_size = sizeof(struct json_encoder),
	.decoder_size = sizeof(struct json_decoder),
	.need = json_need,
	.encode = json_encode,
	.fill = json_fill,
	.decode = json_decode,
	.accept = json_accept,
	.decode_end = json_decode_end,
};
