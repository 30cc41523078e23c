/* SPDX-License-Identifier: MIT */
/*
 * Faulty encodings: every encoding as "bad-NAME", with every carrier. One
 * exchange hands a corrupted copy of its array to the real encoding, or ends
 * the real message early. The taking end is the real one.
 */
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/known/known.h"

#define CLIENTS 2

struct faulty {
	const struct encoding *inner; /* NULL until it is open */
	uint64_t client;
	uint64_t exchange;
	struct array copy;     /* what is sent instead; its data owned */
	bool prepared;         /* the copy is this exchange's, */
	bool corrupted;        /* and to be sent */
	struct array previous; /* what the last exchange sent; its data owned */
	uint64_t left;         /* bytes of the message that may go out yet */
	_Alignas(max_align_t) char state[];
};

/* What every client was sent last, for those who are to get another's. */
static struct {
	pthread_mutex_t lock;
	uint64_t clients; /* encoders so far: a server opens them in the order of its clients */
	double *sent[CLIENTS];
} faults = {.lock = PTHREAD_MUTEX_INITIALIZER};

static size_t element_of(const struct array *array)
{
	const char *word = known_word("KNOWN_ELEMENT");

	if (strcmp(word, "last") == 0)
		return array->count - 1;
	return strcmp(word, "middle") == 0 ? array->count / 2 : 0;
}

static bool fault_flip(struct faulty *faulty)
{
	uint64_t *elements = faulty->copy.data;

	elements[element_of(&faulty->copy)] ^= UINT64_C(1) << known_number("KNOWN_BIT", 0);
	return true;
}

/* With the one opposite, counted from the ends. */
static bool fault_swap(struct faulty *faulty)
{
	double *elements = faulty->copy.data;
	size_t a = element_of(&faulty->copy);
	size_t b = faulty->copy.count - 1 - a;
	double element;

	if (a == b)
		b = 0;
	element = elements[a];
	elements[a] = elements[b];
	elements[b] = element;
	return true;
}

static bool fault_stale(struct faulty *faulty)
{
	memcpy(faulty->copy.data, faulty->previous.data, faulty->copy.bytes);
	return true;
}

/* False as long as no other client was sent anything. */
static bool fault_other(struct faulty *faulty)
{
	const double *sent;

	(void)pthread_mutex_lock(&faults.lock);
	sent = faults.sent[(faulty->client + 1) % CLIENTS];
	if (sent)
		memcpy(faulty->copy.data, sent, faulty->copy.bytes);
	(void)pthread_mutex_unlock(&faults.lock);
	return sent != NULL;
}

static const struct fault {
	const char *name;
	bool (*corrupt)(struct faulty *faulty); /* false: not at this exchange yet */
	bool cuts;                              /* the message's last byte never goes out */
	bool announced; /* though its length, where it is known, counts that */
} fault_table[] = {
	{.name = "flip", .corrupt = fault_flip},
	{.name = "swap", .corrupt = fault_swap},
	{.name = "stale", .corrupt = fault_stale},
	{.name = "other", .corrupt = fault_other},
	{.name = "ends-early", .cuts = true, .announced = true},
	{.name = "short", .cuts = true},
};

/* The fault that is due at the encoder's exchange, or NULL. */
static const struct fault *fault_due(const struct faulty *faulty)
{
	uint64_t exchange = known_number("KNOWN_EXCHANGE", 0);

	for (size_t i = 0; i < sizeof(fault_table) / sizeof(fault_table[0]); i++)
		if (strcmp(fault_table[i].name, known_word("KNOWN_FAULT")) == 0)
			return known_is_client(faulty->client) && faulty->exchange >= exchange ?
				       &fault_table[i] :
				       NULL;
	return NULL;
}

static int faulty_open(void *state, const struct encoding *inner,
		       const struct encoding_setup *setup, struct err *err)
{
	struct faulty *faulty = state;

	*faulty = (struct faulty){
		.inner = inner,
		.copy = array_describe(&setup->type),
		.previous = array_describe(&setup->type),
	};
	faulty->copy.data = calloc(1, array_type_bytes(&setup->type) + 1);
	faulty->previous.data = calloc(1, array_type_bytes(&setup->type) + 1);
	if (!faulty->copy.data || !faulty->previous.data)
		return err_set(err, ERR_MEMORY, "no memory for a faulty encoder");
	(void)pthread_mutex_lock(&faults.lock);
	faulty->client = faults.clients++;
	(void)pthread_mutex_unlock(&faults.lock);
	return inner->encoder_open ? inner->encoder_open(faulty->state, setup, err) : 0;
}

static void faulty_close(void *state)
{
	struct faulty *faulty = state;

	if (faulty->inner && faulty->inner->encoder_close)
		faulty->inner->encoder_close(faulty->state);
	free(faulty->copy.data);
	free(faulty->previous.data);
}

/* Formats the message once, for its length. */
static int faulty_measure(struct faulty *faulty, const struct array *array, uint64_t *length_bytes,
			  struct err *err)
{
	char block[4096];
	uint64_t unknown = MESSAGE_LENGTH_UNKNOWN;
	size_t filled;

	*length_bytes = 0;
	do {
		if (faulty->inner->fill(faulty->state, block, sizeof(block), &filled, err) != 0)
			return -1;
		*length_bytes += filled;
	} while (filled);
	return faulty->inner->encode(faulty->state, array, &unknown, err);
}

static int faulty_cut(struct faulty *faulty, const struct array *array, bool announced,
		      uint64_t *length_bytes, struct err *err)
{
	bool known = *length_bytes != MESSAGE_LENGTH_UNKNOWN;
	uint64_t whole_bytes = *length_bytes;

	if (!known && faulty_measure(faulty, array, &whole_bytes, err) != 0)
		return -1;
	faulty->left = whole_bytes - 1;
	if (known && !announced)
		*length_bytes = faulty->left;
	return 0;
}

/* Lets others have what this client was sent last. */
static void faulty_remember(struct faulty *faulty, const struct array *array)
{
	double **sent = &faults.sent[faulty->client % CLIENTS];

	memcpy(faulty->previous.data, array->data, array->bytes);
	(void)pthread_mutex_lock(&faults.lock);
	if (!*sent)
		*sent = calloc(1, array->bytes + 1);
	if (*sent)
		memcpy(*sent, array->data, array->bytes);
	(void)pthread_mutex_unlock(&faults.lock);
}

/*
 * Makes the copy and says whether it is to be sent. Once an exchange: what was measured is encoded
 * again, and must not have become another client's next array meanwhile.
 */
static bool faulty_prepare(struct faulty *faulty, const struct fault *fault,
			   const struct array *array)
{
	if (faulty->prepared)
		return faulty->corrupted;
	memcpy(faulty->copy.data, array->data, array->bytes);
	faulty->prepared = true;
	faulty->corrupted = fault->corrupt(faulty);
	return faulty->corrupted;
}

static int faulty_encode(void *state, const struct array *array, uint64_t *length_bytes,
			 struct err *err)
{
	struct faulty *faulty = state;
	const struct fault *fault = fault_due(faulty);

	faulty->left = UINT64_MAX;
	if (fault && fault->corrupt && faulty_prepare(faulty, fault, array))
		array = &faulty->copy;
	if (!fault)
		faulty_remember(faulty, array);
	if (faulty->inner->encode(faulty->state, array, length_bytes, err) != 0)
		return -1;
	return fault && fault->cuts ?
		       faulty_cut(faulty, array, fault->announced, length_bytes, err) :
		       0;
}

static int faulty_span(void *state, struct span *span, struct err *err)
{
	struct faulty *faulty = state;

	if (faulty->inner->span(faulty->state, span, err) != 0)
		return -1;
	if (span->bytes > faulty->left)
		span->bytes = (size_t)faulty->left;
	faulty->left -= span->bytes;
	return 0;
}

static int faulty_fill(void *state, void *buffer, size_t capacity, size_t *filled, struct err *err)
{
	struct faulty *faulty = state;

	if (faulty->inner->fill(faulty->state, buffer, capacity, filled, err) != 0)
		return -1;
	if (*filled > faulty->left)
		*filled = (size_t)faulty->left;
	faulty->left -= *filled;
	return 0;
}

static void faulty_encode_end(void *state, bool delivered)
{
	struct faulty *faulty = state;

	faulty->exchange++;
	faulty->prepared = false;
	if (faulty->inner->encode_end)
		faulty->inner->encode_end(faulty->state, delivered);
}

/* An encoder_open knows nothing but its state, so there is one for each encoding. */
#define ENCODING(name) \
	extern const struct encoding encoding_##name; \
	static int faulty_open_##name(void *state, const struct encoding_setup *setup, \
				      struct err *err) \
	{ \
		return faulty_open(state, &encoding_##name, setup, err); \
	}
#include "transports/encodings.def"
#undef ENCODING

static struct {
	const struct encoding *inner;
	int (*open)(void *state, const struct encoding_setup *setup, struct err *err);
	char name[16];
	struct encoding row;
} faulty_table[] = {
#define ENCODING(name) {.inner = &encoding_##name, .open = faulty_open_##name},
#include "transports/encodings.def"
#undef ENCODING
};

__attribute__((constructor)) static void faults_add(void)
{
	for (size_t i = 0; i < sizeof(faulty_table) / sizeof(faulty_table[0]); i++) {
		const struct encoding *inner = faulty_table[i].inner;
		struct encoding *row = &faulty_table[i].row;

		(void)snprintf(faulty_table[i].name, sizeof(faulty_table[i].name), "bad-%s",
			       inner->name);
		*row = *inner;
		row->name = faulty_table[i].name;
		row->encoder_size = sizeof(struct faulty) + inner->encoder_size;
		row->encoder_open = faulty_table[i].open;
		row->encode = faulty_encode;
		row->span = inner->span ? faulty_span : NULL;
		row->fill = inner->fill ? faulty_fill : NULL;
		row->encode_end = faulty_encode_end;
		row->encoder_close = faulty_close;
		for (size_t k = 0; carrier_table[k]; k++)
			known_add(carrier_table[k], row);
	}
}
