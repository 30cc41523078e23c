/* SPDX-License-Identifier: MIT */
/*
 * cjson: json's document through the cJSON library, whole, as a program without
 * streaming would do it: a tree of nodes, then one text, and the same back.
 */
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "transports/encoding.h"
#include "transports/encodings/cjson_number.h"
#include "transports/encodings/json_misfit.h"
#include "transports/encodings/json_words.h"
#include "transports/unused.h"

#define NODE_BYTES 80        /* resident: a struct cJSON of 64, and malloc's share */
#define TEXT_BYTES_TENTHS 199 /* a number and its comma, measured on normals: 19.9 */
#define WIDE_TEXT_BYTES_TENTHS 216 /* of int64: 15 digits, sign, point and e+18 */
#define LIST_TEXT_BYTES 3    /* brackets and comma */
#define ACCEPT_BYTES 64      /* of text, for each number and list, white space included */
#define ACCEPT_BYTES_MIN 4096 /* and at least this many, so that an error page can be quoted */
#define TEXT_BYTES_FIRST (64u << 10) /* of a text of unknown length */
#define QUOTE_BYTES 60

/*
 * cJSON settles for 15 digits when |a - b| <= max(|a|, |b|) * DBL_EPSILON, where
 * b is what reads back. Relative to a that is a hair more: 1 - 2^-52 becomes 1.
 */
#define CJSON_TOLERANCE (DBL_EPSILON * (1 + 2 * DBL_EPSILON))

/* The nearest double is half an epsilon off an integer of 64 bits, and its text one more. */
#define CJSON_WIDE_TOLERANCE (2 * DBL_EPSILON)
/* Below 2^52 an epsilon is less than 1. */
#define CJSON_WIDE_WORDS \
	"cJSON's numbers are float64, printed to within one epsilon: integers beyond 2^52 may " \
	"differ"

_Static_assert(ARRAY_DIMENSIONS_MAX <= CJSON_NESTING_LIMIT, "every shape must be parseable");

struct cjson_encoder {
	char *text;
	struct span span;
};

struct cjson_decoder {
	char *text;
	size_t bytes;    /* arrived */
	size_t capacity;
	size_t limit;    /* a longer text is no such array */
	bool exact;      /* the length was announced: capacity is that */
	bool foreign;    /* the text may be another program's than cJSON's */
};

/* Lists in the text of an array, the innermost ones included; saturates. */
static uint64_t cjson_count_lists(const struct shape *shape)
{
	uint64_t total = 0;
	uint64_t lists = 1;

	for (unsigned i = 0; i < shape->dimensions && lists; i++) {
		if (__builtin_add_overflow(total, lists, &total) ||
		    __builtin_mul_overflow(lists, shape->extents[i], &lists))
			return UINT64_MAX;
	}
	return total;
}

/* Of elements narrower than float64 the text is shorter, or as long where they are floats. */
static uint64_t cjson_text_bytes(const struct array_type *type, uint64_t lists)
{
	const struct dtype_row *row = &dtype_table[type->dtype];
	const bool wide = row->bytes == sizeof(uint64_t) && row->kind != DTYPE_FLOAT;

	return array_type_count(type) * (wide ? WIDE_TEXT_BYTES_TENTHS : TEXT_BYTES_TENTHS) / 10 +
	       lists * LIST_TEXT_BYTES;
}

static struct encoding_need cjson_need(const struct array_type *type)
{
	uint64_t lists = cjson_count_lists(&type->shape);
	struct encoding_need need = {0};
	uint64_t nodes, text;

	if (lists > INT_MAX || array_type_count(type) > INT_MAX ||
	    cjson_text_bytes(type, lists) > INT_MAX) {
		need.impossible = "cJSON cannot print more than 2 GiB of text";
		return need;
	}
	nodes = (array_type_count(type) + lists) * NODE_BYTES;
	text = cjson_text_bytes(type, lists);
	/* A growing text is copied into a buffer of twice the size: half a text and a whole one. */
	need.giver_bytes = nodes + text + text / 2;
	need.taker_bytes = nodes + text + text / 2 + array_type_bytes(type);
	return need;
}

static int cjson_fail_memory(struct err *err)
{
	return err_set(err, ERR_MEMORY, "cJSON found no memory for the list's nodes");
}

static cJSON *cjson_build_element(enum dtype dtype, const void *element)
{
	double number = cjson_number_of(dtype, element);

	return dtype == DTYPE_BOOL ? cJSON_CreateBool(number != 0) : cJSON_CreateNumber(number);
}

/* The nested list from dimension depth on, or NULL. *next moves over what it holds. */
static cJSON *cjson_build(const struct array_type *type, unsigned depth, const char **next)
{
	const size_t bytes = dtype_table[type->dtype].bytes;
	uint64_t extent = type->shape.extents[depth];
	bool inner = depth + 1 == type->shape.dimensions;
	cJSON *list, *element;

	if (inner && extent && type->dtype == DTYPE_FLOAT64) {
		*next += extent * bytes;
		return cJSON_CreateDoubleArray((const double *)(const void *)*next - extent,
					       (int)extent);
	}
	list = cJSON_CreateArray();
	for (uint64_t i = 0; list && i < extent; i++) {
		element = inner ? cjson_build_element(type->dtype, *next) :
				  cjson_build(type, depth + 1, next);
		*next += inner ? bytes : 0;
		if (!cJSON_AddItemToArray(list, element)) {
			cJSON_Delete(list);
			return NULL;
		}
	}
	return list;
}

static void cjson_encode_end(void *state, bool delivered UNUSED)
{
	struct cjson_encoder *encoder = state;

	cJSON_free(encoder->text);
	encoder->text = NULL;
}

static int cjson_encode(void *state, const struct array *array, uint64_t *length_bytes,
			struct err *err)
{
	struct cjson_encoder *encoder = state;
	const char *next = array->data;
	cJSON *list;

	cjson_encode_end(encoder, false); /* in case the last encode had no end */
	list = cjson_build(&array->type, 0, &next);
	if (!list)
		return cjson_fail_memory(err);
	encoder->text = cJSON_PrintUnformatted(list);
	cJSON_Delete(list);
	if (!encoder->text)
		return err_set(err, ERR_MEMORY,
			       "cJSON could not print the list: no memory, or over 2 GiB of text");
	*length_bytes = strlen(encoder->text);
	encoder->span = (struct span){
		.data = encoder->text,
		.bytes = (size_t)*length_bytes,
		.lasting = true,
	};
	return 0;
}

static int cjson_span(void *state, struct span *span, struct err *err UNUSED)
{
	struct cjson_encoder *encoder = state;

	*span = encoder->span;
	encoder->span.bytes = 0;
	return 0;
}

static void cjson_encoder_close(void *state)
{
	cjson_encode_end(state, false);
}

static int cjson_decoder_open(void *state, const struct encoding_setup *setup,
			      struct err *err UNUSED)
{
	((struct cjson_decoder *)state)->foreign = setup->foreign_peer;
	return 0;
}

static void cjson_drop_text(struct cjson_decoder *decoder)
{
	free(decoder->text);
	decoder->text = NULL;
	decoder->bytes = 0;
	decoder->capacity = 0;
}

static int cjson_grow(struct cjson_decoder *decoder, size_t capacity, struct err *err)
{
	char *text = realloc(decoder->text, capacity);

	if (!text)
		return err_set(err, ERR_MEMORY, "no memory for %zu bytes of text", capacity);
	decoder->text = text;
	decoder->capacity = capacity;
	return 0;
}

static int cjson_decode(void *state, struct array *destination, uint64_t length_bytes,
			struct err *err)
{
	struct cjson_decoder *decoder = state;
	uint64_t lists = cjson_count_lists(&destination->type.shape);

	cjson_drop_text(decoder); /* left by a message that failed */
	if (lists > INT_MAX || destination->count > INT_MAX)
		return err_set(err, ERR_RANGE, "the array's text would be over 2 GiB");
	decoder->limit = (destination->count + lists) * ACCEPT_BYTES + ACCEPT_BYTES_MIN;
	decoder->exact = length_bytes != MESSAGE_LENGTH_UNKNOWN;
	if (!decoder->exact)
		return 0;
	if (length_bytes == 0)
		return err_set(err, ERR_WRONG, "the reply is empty");
	if (length_bytes > decoder->limit)
		return err_set(err, ERR_WRONG, "the reply has %" PRIu64 " bytes, too many for %zu "
			       "numbers", length_bytes, destination->count);
	return cjson_grow(decoder, length_bytes, err);
}

static int cjson_place(void *state, struct space *space, struct err *err)
{
	struct cjson_decoder *decoder = state;
	size_t capacity = decoder->capacity ? decoder->capacity * 2 : TEXT_BYTES_FIRST;

	if (capacity > decoder->limit)
		capacity = decoder->limit;
	if (decoder->bytes == decoder->capacity && !decoder->exact &&
	    capacity > decoder->capacity && cjson_grow(decoder, capacity, err) != 0)
		return -1;
	*space = (struct space){
		.data = decoder->text + decoder->bytes,
		.bytes = decoder->capacity - decoder->bytes,
	};
	return 0;
}

static int cjson_arrived(void *state, size_t bytes, struct err *err UNUSED)
{
	((struct cjson_decoder *)state)->bytes += bytes;
	return 0;
}

/* Refuses a text that would become a larger tree: every node but the first takes a comma. */
static int cjson_check_size(const struct cjson_decoder *decoder, const struct array *array,
			    struct err *err)
{
	uint64_t most = array->count + cjson_count_lists(&array->type.shape);
	uint64_t commas = 0;

	for (size_t i = 0; i < decoder->bytes; i++)
		commas += decoder->text[i] == ',';
	if (commas <= most)
		return 0;
	return err_set(err, ERR_WRONG, "the reply has %" PRIu64 " elements, the array %zu",
		       commas + 1, array->count);
}

/* Copies the text from byte `at` on, up to QUOTE_BYTES, as printable ASCII. Returns quote. */
static const char *cjson_quote(const struct cjson_decoder *decoder, size_t at,
			       char quote[QUOTE_BYTES + 1])
{
	size_t length = 0;

	for (; at < decoder->bytes && length < QUOTE_BYTES; at++) {
		char letter = decoder->text[at];

		quote[length++] = letter >= ' ' && letter <= '~' ? letter : '?';
	}
	quote[length] = '\0';
	return quote;
}

/* Quotes what cJSON could not read, from the byte at which it stopped. */
static int cjson_refuse_text(const struct cjson_decoder *decoder, const char *stop,
			     struct err *err)
{
	size_t at = stop ? (size_t)(stop - decoder->text) : 0;
	char quote[QUOTE_BYTES + 1];

	(void)err_set(err, ERR_WRONG, "cJSON cannot read the reply from byte %zu of %zu on: %s",
		      at, decoder->bytes, cjson_quote(decoder, at, quote));
	return json_add_words(decoder->text + at, decoder->bytes - at,
			      json_place_of(decoder->text, at), err);
}

/* Refuses what cJSON would read although it is no JSON, so that we take what json takes. */
static int cjson_check_text(const struct cjson_decoder *decoder, struct err *err)
{
	bool over;
	size_t at = json_find_lax(decoder->text, decoder->bytes, &over);
	char quote[QUOTE_BYTES + 1];

	if (json_is_blank(decoder->text, decoder->bytes))
		return err_set(err, ERR_WRONG, "the reply is empty");
	if (at == decoder->bytes)
		return 0;
	(void)cjson_quote(decoder, at, quote);
	if (over)
		(void)err_set(err, ERR_WRONG, "the reply goes on after its list: %s", quote);
	else
		(void)err_set(err, ERR_WRONG, "the reply is not JSON from byte %zu of %zu on: %s",
			      at, decoder->bytes, quote);
	return json_add_words(decoder->text + at, decoder->bytes - at,
			      over ? JSON_AFTER_LIST : json_place_of(decoder->text, at), err);
}

static cJSON *cjson_parse(const struct cjson_decoder *decoder, struct err *err)
{
	const char *stop = NULL;
	cJSON *list = cJSON_ParseWithLengthOpts(decoder->text, decoder->bytes, &stop, 0);

	if (!list)
		(void)cjson_refuse_text(decoder, stop, err);
	return list;
}

/* A walk over the tree with the expected shape in hand. */
struct cjson_walk {
	const struct shape *shape;
	enum dtype dtype;
	unsigned depth;
	size_t position; /* of the list among those of its depth */
	size_t taken;    /* elements so far */
	char *next;
	bool foreign;    /* see struct cjson_decoder */
};

#define WHERE_BYTES (ARRAY_SHAPE_TEXT_BYTES + 8)

/* Writes " at [0, 3]", the index of the list in hand, or "" for the whole. */
static const char *cjson_where(const struct cjson_walk *walk, char text[WHERE_BYTES])
{
	struct shape outer = *walk->shape;

	text[0] = '\0';
	if (walk->depth == 0)
		return text;
	outer.dimensions = walk->depth;
	memcpy(text, " at ", 4);
	(void)shape_format_index(&outer, walk->position, text + 4);
	return text;
}

static const char *cjson_kind(const cJSON *element)
{
	if (cJSON_IsString(element))
		return "a string";
	if (cJSON_IsBool(element))
		return "a truth value";
	if (cJSON_IsObject(element))
		return "an object";
	return cJSON_IsArray(element) ? "another list" : "something else";
}

/* What cJSON prints is said of cJSON's texts only. */
static int cjson_refuse_number(const struct cjson_walk *walk, const cJSON *element,
			       struct err *err)
{
	char where[WHERE_BYTES];

	(void)cjson_where(walk, where);
	if (cJSON_IsNull(element))
		return err_set(err, ERR_WRONG, "the reply's list%s has null, %s", where,
			       walk->foreign ? "which is no number (some programs write NaN and "
					       "infinities so)" :
					       "which is how cJSON prints NaN and infinities");
	if (cJSON_IsNumber(element))
		return err_set(err, ERR_WRONG,
			       "the reply's list%s has a number that reads as infinity%s", where,
			       walk->foreign ? "" :
					       ": cJSON's 15 digits round the largest ones up");
	return err_set(err, ERR_WRONG, "the reply's list%s has %s instead of a number%s", where,
		       cjson_kind(element),
		       cJSON_IsString(element) ? " (JSON's numbers have no quotation marks)" : "");
}

/* Says which element is a value of another dtype, and which dtype has it. */
static int cjson_refuse_misfit(const struct cjson_walk *walk, const cJSON *element,
			       enum decimal_misfit misfit, struct err *err)
{
	char index[ARRAY_SHAPE_TEXT_BYTES];
	char word[40];

	if (cJSON_IsBool(element))
		(void)snprintf(word, sizeof(word), cJSON_IsTrue(element) ? "true" : "false");
	else
		(void)snprintf(word, sizeof(word), "%.17g", element->valuedouble);
	(void)err_set(err, ERR_WRONG, "the reply's element %.120s is %s, ",
		      shape_format_index(walk->shape, walk->taken, index), word);
	return json_add_misfit(word, strlen(word), walk->dtype, misfit, err);
}

static int cjson_take_element(struct cjson_walk *walk, const cJSON *element, struct err *err)
{
	const bool truth = walk->dtype == DTYPE_BOOL && cJSON_IsBool(element);
	enum decimal_misfit misfit;

	if (!truth && cJSON_IsBool(element) && walk->dtype != DTYPE_FLOAT64)
		return cjson_refuse_misfit(walk, element, DECIMAL_NAMED, err);
	if (!truth && (!cJSON_IsNumber(element) || isinf(element->valuedouble)))
		return cjson_refuse_number(walk, element, err);
	misfit = cjson_number_put(walk->dtype,
				  truth ? cJSON_IsTrue(element) : element->valuedouble,
				  walk->next);
	return misfit == DECIMAL_FITS ? 0 : cjson_refuse_misfit(walk, element, misfit, err);
}

static int cjson_take_numbers(struct cjson_walk *walk, const cJSON *list, struct err *err)
{
	const cJSON *element;

	cJSON_ArrayForEach(element, list) {
		if (cjson_take_element(walk, element, err) != 0)
			return -1;
		walk->next += dtype_table[walk->dtype].bytes;
		walk->taken++;
	}
	return 0;
}

static int cjson_check_list(const struct cjson_walk *walk, const cJSON *list, struct err *err)
{
	uint64_t extent = walk->shape->extents[walk->depth];
	uint64_t count = 0;
	const cJSON *element;
	char where[WHERE_BYTES];

	if (cJSON_IsNumber(list))
		return err_set(err, ERR_WRONG, "the reply is nested %u deep, the array %u",
			       walk->depth, walk->shape->dimensions);
	if (!cJSON_IsArray(list))
		return err_set(err, ERR_WRONG,
			       "the reply has something at depth %u that is no list", walk->depth);
	cJSON_ArrayForEach(element, list)
		count++;
	if (count == extent)
		return 0;
	return err_set(err, ERR_WRONG,
		       "the reply's list%s has %" PRIu64 " elements, the array %" PRIu64,
		       cjson_where(walk, where), count, extent);
}

static int cjson_take_list(struct cjson_walk *walk, const cJSON *list, struct err *err)
{
	uint64_t extent = walk->shape->extents[walk->depth];
	size_t position = walk->position;
	const cJSON *element;
	int status = 0;

	if (cjson_check_list(walk, list, err) != 0)
		return -1;
	if (walk->depth + 1 == walk->shape->dimensions)
		return cjson_take_numbers(walk, list, err);
	walk->depth++;
	walk->position = position * extent;
	cJSON_ArrayForEach(element, list) {
		status = cjson_take_list(walk, element, err);
		if (status != 0)
			break;
		walk->position++;
	}
	walk->depth--;
	walk->position = position;
	return status;
}

static int cjson_decode_end(void *state, struct array *destination, struct err *err)
{
	struct cjson_decoder *decoder = state;
	struct cjson_walk walk = {
		.shape = &destination->type.shape,
		.dtype = destination->type.dtype,
		.next = destination->data,
		.foreign = decoder->foreign,
	};
	char quote[QUOTE_BYTES + 1];
	cJSON *list = NULL;
	int status = -1;

	if (decoder->exact && decoder->bytes != decoder->capacity)
		(void)err_set(err, ERR_WRONG, "the reply ends after %zu of %zu bytes",
			      decoder->bytes, decoder->capacity);
	else if (cjson_check_text(decoder, err) == 0 &&
		 cjson_check_size(decoder, destination, err) == 0)
		list = cjson_parse(decoder, err);
	if (list && !cJSON_IsArray(list))
		(void)err_set(err, ERR_WRONG, "the reply is no list: %s",
			      cjson_quote(decoder, 0, quote));
	else if (list)
		status = cjson_take_list(&walk, list, err);
	cJSON_Delete(list);
	cjson_drop_text(decoder);
	return status;
}

static void cjson_decoder_close(void *state)
{
	cjson_drop_text(state);
}

/* Its numbers are doubles, and a whole one that fits an int is printed as that: -0.0 as 0. */
static struct encoding_loss cjson_loss(enum dtype dtype)
{
	static const struct encoding_loss losses[DTYPE_COUNT] = {
		[DTYPE_FLOAT64] = {CJSON_TOLERANCE, "cJSON prints 15 digits where they read back "
						    "within one epsilon: last bits differ"},
		[DTYPE_FLOAT32] = {CJSON_TOLERANCE, "cJSON prints -0.0 as 0"},
		[DTYPE_FLOAT16] = {CJSON_TOLERANCE, "cJSON prints -0.0 as 0"},
		[DTYPE_BFLOAT16] = {CJSON_TOLERANCE, "cJSON prints -0.0 as 0"},
		[DTYPE_INT64] = {CJSON_WIDE_TOLERANCE, CJSON_WIDE_WORDS},
		[DTYPE_UINT64] = {CJSON_WIDE_TOLERANCE, CJSON_WIDE_WORDS},
	};

	return losses[dtype];
}

static void cjson_libraries(char *text, size_t size)
{
	(void)snprintf(text, size, "cJSON %s", cJSON_Version());
}

const struct encoding encoding_cjson = {
	.name = "cjson",
	.title = "the same lists through the cJSON library",
	.flags = ENCODING_TEXT | ENCODING_DIGITS | ENCODING_LOSSY,
	.dtypes = DTYPE_BITS_ALL,
	.media_type = "application/json",
	.form = FORM_LIST,
	.cost = {
		.ns_per_byte = 250, .fresh_ns_per_byte = 0.5, .wire_per_byte = 2.3,
		.foreign = {
			.ns_per_byte = 83,
			.private_copies = 22,
		},
	},
	.encoder_size = sizeof(struct cjson_encoder),
	.decoder_size = sizeof(struct cjson_decoder),
	.loss = cjson_loss,
	.libraries = cjson_libraries,
	.need = cjson_need,
	.encode = cjson_encode,
	.span = cjson_span,
	.encode_end = cjson_encode_end,
	.encoder_close = cjson_encoder_close,
	.decoder_open = cjson_decoder_open,
	.decode = cjson_decode,
	.place = cjson_place,
	.arrived = cjson_arrived,
	.decode_end = cjson_decode_end,
	.decoder_close = cjson_decoder_close,
};
