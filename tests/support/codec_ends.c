/* SPDX-License-Identifier: MIT */
/* Both ends of an encoding in one process. */
#include "tests/support/codec_ends.h"

#include <dirent.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/worker/elements.h"
#include "transports/registry.h"
#include "transports/unused.h"

#define PAGE_BYTES 4096
#define FILLER 0xa5

const struct encoding *ends_row;
char ends_prefix[64];
enum dtype ends_dtype;

const struct way way_usual = {.capacity = MESSAGE_BLOCK_BYTES, .piece = SIZE_MAX};

const struct way ways_wrong[WAYS_WRONG] = {
	{.piece = SIZE_MAX},
	{.piece = 1},
	{.piece = SIZE_MAX, .place = true},
	{.piece = 3, .place = true},
};

/* Random numbers: splitmix64. */

static uint64_t random_state;

uint64_t random_bits(void)
{
	uint64_t x = random_state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

size_t random_below(size_t limit)
{
	return (size_t)(random_bits() % limit);
}

static double double_of(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static uint64_t bits_of(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* Values. */

static double value_normal(size_t i UNUSED)
{
	double sum = -6;

	for (int k = 0; k < 12; k++)
		sum += (double)(random_bits() >> 11) * 0x1p-53;
	return sum;
}

static double value_pattern(size_t i UNUSED)
{
	double value = double_of(random_bits());

	return isfinite(value) ? value : 1;
}

static double value_from(const double *values, size_t count, size_t i)
{
	return values[i % count];
}

static double value_zero(size_t i)
{
	static const double values[] = {0.0, -0.0, -0.0, 0.0};

	return value_from(values, 4, i);
}

static double value_denormal(size_t i)
{
	static const double values[] = {0x1p-1074, -0x1p-1074, 0x1.fffffffffffffp-1023, 0x1p-1022};

	return i & 1 ? double_of(random_bits() >> 12) : value_from(values, 4, i / 2);
}

static double value_short(size_t i)
{
	static const double values[] = {1, -1, 0.1, 1e22, 1e23, 123456, 1e-7, 0x1p53, 5e-324, 100};

	return value_from(values, 10, i);
}

/* 1 - 2^-52 is where 15 digits lose most. */
static double value_near(size_t i)
{
	static const double values[] = {1 - 0x1p-52, 1 + 0x1p-52, 1 - 0x1p-53, 0.1 + 0.2};

	return value_from(values, 4, i);
}

static double value_extreme(size_t i)
{
	static const double values[] = {DBL_MAX, -DBL_MAX, DBL_MIN, -DBL_MIN};

	return value_from(values, 4, i);
}

static double value_special(size_t i)
{
	static const uint64_t bits[] = {
		UINT64_C(0x7ff0000000000000), UINT64_C(0xfff0000000000000),
		UINT64_C(0x7ff8000000000000), UINT64_C(0xfff8000000000001),
		UINT64_C(0x7ff800000000beef),
	};

	return double_of(bits[i % 5]);
}

const struct values values_table[] = {
	{"normals", value_normal, false},
	{"short numbers", value_short, false},
	{"bit patterns", value_pattern, false},
	{"zeros", value_zero, false},
	{"denormals", value_denormal, false},
	{"neighbours of 1", value_near, false},
	{"extremes", value_extreme, true},
	{"not finite", value_special, true},
};

const size_t values_count = sizeof(values_table) / sizeof(values_table[0]);

/* The ends. */

static bool guard_open(struct guard *guard, size_t bytes)
{
	size_t room = (bytes + PAGE_BYTES) / PAGE_BYTES * PAGE_BYTES;
	void *map = mmap(NULL, room + PAGE_BYTES, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		return false;
	guard->map = map;
	guard->map_bytes = room + PAGE_BYTES;
	guard->data = guard->map + room - bytes;
	memset(map, FILLER, room);
	return mprotect(guard->map + room, PAGE_BYTES, PROT_NONE) == 0;
}

/* Whether the memory in front is as it was. */
static bool guard_holds(const struct guard *guard)
{
	for (const unsigned char *p = guard->map; p < guard->data; p++) {
		if (*p != FILLER)
			return false;
	}
	return true;
}

static void guard_close(struct guard *guard)
{
	if (guard->map)
		(void)munmap(guard->map, guard->map_bytes);
	*guard = (struct guard){0};
}

bool setup_init(struct encoding_setup *setup, const char *shape_text, enum memory memory)
{
	struct shape shape;
	struct err err = {0};

	if (shape_parse(shape_text, &shape, &err) != 0) {
		TEST_FAIL("shape %s: %s", shape_text, err.message);
		return false;
	}
	*setup = (struct encoding_setup){
		.type = (struct array_type){shape, ends_dtype},
		.memory = memory,
		.segment_prefix = ends_prefix,
	};
	return true;
}

void ends_close(struct ends *ends)
{
	if (ends->usual)
		ends->decoder.destination = ends->usual;
	if (ends->encoder.encoding)
		encoder_close(&ends->encoder);
	if (ends->decoder.encoding)
		decoder_close(&ends->decoder);
	guard_close(&ends->guard);
	free(ends->array.data);
	*ends = (struct ends){0};
}

bool ends_start(struct ends *ends)
{
	struct err err = {0};

	ends->array = array_describe(&ends->give_setup.type);
	ends->array.data = malloc(ends->array.bytes + 1);
	if (encoder_open(&ends->encoder, ends_row, &ends->give_setup, &err) != 0 ||
	    decoder_open(&ends->decoder, ends_row, &ends->take_setup, &err) != 0) {
		TEST_FAIL("open: %s", err.message);
		ends_close(ends);
		return false;
	}
	if (!ends->decoder.destination)
		return true;
	ends->usual = ends->decoder.destination;
	if (!guard_open(&ends->guard, array_type_bytes(&ends->take_setup.type))) {
		TEST_FAIL("no memory for the guard");
		ends_close(ends);
		return false;
	}
	ends->decoder.destination = ends->guard.data;
	return true;
}

/* Opens ends of two shapes. False, with the test failed and nothing open, if that cannot be. */
bool ends_open_unlike(struct ends *ends, const char *given, const char *taken,
			     enum memory memory)
{
	*ends = (struct ends){0};
	return setup_init(&ends->give_setup, given, memory) &&
	       setup_init(&ends->take_setup, taken, memory) && ends_start(ends);
}

bool ends_open(struct ends *ends, const char *shape, enum memory memory)
{
	return ends_open_unlike(ends, shape, shape, memory);
}

/* Any bits that the dtype has. What is not finite has properties of its own. */
static uint64_t element_bits(enum dtype dtype, size_t i)
{
	uint64_t bits = random_bits();

	/* Zero and all bits are the least and the largest of integers. */
	if (i % 11 < 2)
		bits = i % 11 ? UINT64_MAX : 0;
	if (dtype == DTYPE_BOOL)
		return bits & 1;
	if (dtype == DTYPE_FLOAT64 && (bits >> 52 & 0x7ff) == 0x7ff)
		bits ^= UINT64_C(1) << 60;
	if (dtype == DTYPE_FLOAT32 && (bits >> 23 & 0xff) == 0xff)
		bits ^= 1u << 29;
	if (dtype == DTYPE_FLOAT16 && (bits >> 10 & 0x1f) == 0x1f)
		bits ^= 1u << 12;
	if (dtype == DTYPE_BFLOAT16 && (bits >> 7 & 0xff) == 0xff)
		bits ^= 1u << 12;
	return bits;
}

static void ends_draw_bits(struct ends *ends)
{
	size_t bytes = dtype_table[ends->array.type.dtype].bytes;

	for (size_t i = 0; i < ends->array.count; i++) {
		uint64_t bits = element_bits(ends->array.type.dtype, i);

		memcpy((char *)ends->array.data + i * bytes, &bits, bytes);
	}
}

void ends_draw(struct ends *ends, const struct values *values)
{
	double *data = ends->array.data;

	if (ends->array.type.dtype != DTYPE_FLOAT64) {
		ends_draw_bits(ends);
		return;
	}

	for (size_t i = 0; i < ends->array.count; i++)
		data[i] = values->at(i);
}

void message_add(struct message *message, const void *data, size_t bytes)
{
	char *grown = realloc(message->data, message->bytes + bytes + 1);

	if (!grown)
		abort();
	if (bytes)
		memcpy(grown + message->bytes, data, bytes);
	message->data = grown;
	message->bytes += bytes;
}

void message_free(struct message *message)
{
	free(message->data);
	*message = (struct message){0};
}

/* Pulls a whole message by fill. 1 is a byte written beyond the capacity. */
static int message_fill(struct give *give, size_t capacity, struct message *message,
			struct err *err)
{
	char *buffer = malloc(capacity + 1);
	size_t filled;
	int status;

	do {
		buffer[capacity] = 'S';
		status = give->fill(give, buffer, capacity, &filled, err);
		if (status == 0 && (filled > capacity || buffer[capacity] != 'S'))
			status = 1;
		if (status == 0)
			message_add(message, buffer, filled);
	} while (status == 0 && filled);
	free(buffer);
	return status;
}

int message_pull(struct give *give, const struct way *way, struct message *message,
			struct err *err)
{
	struct span span;

	*message = (struct message){0};
	if (way->fill)
		return message_fill(give, way->capacity, message, err);
	do {
		if (give->span(give, &span, err) != 0)
			return -1;
		if (span.bytes)
			message_add(message, span.data, span.bytes);
	} while (span.bytes);
	return 0;
}

/* Hands over bytes that end where a page that must not be touched begins. */
static int piece_accept(struct take *take, const char *data, size_t bytes, struct err *err)
{
	static struct guard guard;
	static size_t room;

	if (bytes > room) {
		guard_close(&guard);
		room = bytes < MESSAGE_BLOCK_BYTES ? MESSAGE_BLOCK_BYTES : bytes;
		if (!guard_open(&guard, room))
			abort();
	}
	memcpy(guard.data + room - bytes, data, bytes);
	return take->accept(take, guard.data + room - bytes, bytes, err);
}

static int piece_place(struct take *take, const char *data, size_t bytes, struct err *err)
{
	struct space space;

	while (bytes) {
		if (take->place(take, &space, err) != 0)
			return -1;
		if (space.bytes == 0)
			return err_set(err, ERR_WRONG, "no further byte is expected");
		if (space.bytes > bytes)
			space.bytes = bytes;
		memcpy(space.data, data, space.bytes);
		if (take->arrived(take, space.bytes, err) != 0)
			return -1;
		data += space.bytes;
		bytes -= space.bytes;
	}
	return 0;
}

/* Feeds a message whose length is announced as length_bytes. */
static int message_push(struct take *take, const struct way *way, const struct message *message,
			uint64_t length_bytes, struct err *err)
{
	size_t done = 0;
	size_t bytes;
	int status = take->begin(take, length_bytes, err);

	while (status == 0 && done < message->bytes) {
		bytes = message->bytes - done < way->piece ? message->bytes - done : way->piece;
		status = way->place ? piece_place(take, message->data + done, bytes, err)
				    : piece_accept(take, message->data + done, bytes, err);
		done += bytes;
	}
	return status == 0 ? take->end(take, err) : status;
}

/* What came instead of a message: every failure must have words fit for a terminal. */
static bool err_is_sound(const struct err *err)
{
	if (err->kind == ERR_NONE || !err->message[0]) {
		TEST_FAIL("failed without words");
		return false;
	}
	for (const char *p = err->message; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f) {
			TEST_FAIL("a message with a control character: %s", err->message);
			return false;
		}
	}
	return true;
}

static bool value_agrees(double got, double want)
{
	const struct encoding_loss loss = encoding_loss_of(ends_row, ends_dtype);

	if (bits_of(got) == bits_of(want))
		return true;
	if ((ends_row->flags & (ENCODING_TEXT | ENCODING_LOSSY)) && isnan(got) && isnan(want))
		return true; /* text has only one NaN */
	if (loss.largest && fabs(want) > loss.largest && isinf(got))
		return signbit(got) == signbit(want);
	return (ends_row->flags & ENCODING_LOSSY) &&
	       fabs(got - want) <= fmax(loss.tolerance * fabs(want), loss.tolerance_near_0);
}

static bool bits_agree(const struct ends *ends)
{
	const enum dtype dtype = ends->array.type.dtype;
	const size_t bytes = dtype_table[dtype].bytes;
	const bool lossy = encoding_loss_of(ends_row, dtype).tolerance > 0;
	const unsigned char *got = ends->decoder.array.data;
	const unsigned char *want = ends->array.data;
	uint64_t bits[2] = {0};

	for (size_t i = 0; i < ends->array.count; i++) {
		if (memcmp(got + i * bytes, want + i * bytes, bytes) == 0)
			continue;
		if (lossy && value_agrees(elements_table[dtype]->value(got, i),
					  elements_table[dtype]->value(want, i)))
			continue;
		memcpy(&bits[0], got + i * bytes, bytes);
		memcpy(&bits[1], want + i * bytes, bytes);
		TEST_FAIL("element %zu of %s is 0x%" PRIx64 ", not 0x%" PRIx64, i,
			  dtype_table[dtype].name, bits[0], bits[1]);
		return false;
	}
	return true;
}

bool ends_agrees(const struct ends *ends)
{
	const double *got = ends->decoder.array.data;
	const double *want = ends->array.data;

	if (ends->array.count && !got) {
		TEST_FAIL("no array at the end");
		return false;
	}
	if (ends->array.type.dtype != DTYPE_FLOAT64)
		return bits_agree(ends);
	for (size_t i = 0; i < ends->array.count; i++) {
		if (!value_agrees(got[i], want[i])) {
			TEST_FAIL("element %zu is %a, not %a", i, got[i], want[i]);
			return false;
		}
	}
	return true;
}

/* Between exchanges: what the last one left must not pass for the next one. */
bool ends_release(struct ends *ends)
{
	struct err err = {0};

	if (decoder_release(&ends->decoder, &err) != 0)
		TEST_FAIL("release: %s", err.message);
	if (ends->guard.map && !guard_holds(&ends->guard))
		TEST_FAIL("written in front of the destination");
	if (ends->guard.map)
		memset(ends->guard.data, FILLER, array_type_bytes(&ends->take_setup.type));
	return !test_why[0];
}

/* One exchange. Fails the test unless the array arrives, or is refused where that is allowed. */
bool ends_exchange(struct ends *ends, const struct way *way, bool refusable)
{
	struct give *give = &ends->encoder.give;
	struct message message = {0};
	struct err err = {0};
	uint64_t length = MESSAGE_LENGTH_UNKNOWN;
	int status = encoder_begin(&ends->encoder, &ends->array, &err);

	if (status == 0) {
		length = way->unknown ? MESSAGE_LENGTH_UNKNOWN : give->length_bytes;
		status = message_pull(give, way, &message, &err);
	}
	if (status == 0 && give->length_bytes != MESSAGE_LENGTH_UNKNOWN &&
	    give->length_bytes != message.bytes)
		TEST_FAIL("%" PRIu64 " bytes stated, %zu given", give->length_bytes, message.bytes);
	if (status == 0)
		status = message_push(&ends->decoder.take, way, &message, length, &err);
	if (status == 0)
		(void)ends_agrees(ends);
	else if (err_is_sound(&err) && !refusable)
		TEST_FAIL("%s", err.message);
	encoder_end(&ends->encoder, status == 0);
	message_free(&message);
	return ends_release(ends);
}

/* Encodes new normals and keeps the message; the encoder stays begun. */
bool ends_capture(struct ends *ends, struct message *message)
{
	struct err err = {0};

	ends_draw(ends, VALUES_NORMAL);
	if (encoder_begin(&ends->encoder, &ends->array, &err) == 0 &&
	    message_pull(&ends->encoder.give, &way_usual, message, &err) == 0)
		return true;
	TEST_FAIL("encode: %s", err.message);
	return false;
}

/* As ends_capture, for a new ends of a shape. */
bool ends_open_captured(struct ends *ends, const char *shape, struct message *message)
{
	if (!ends_open(ends, shape, MEMORY_REUSED))
		return false;
	if (ends_capture(ends, message))
		return true;
	ends_close(ends);
	return false;
}

void ends_close_captured(struct ends *ends, struct message *message)
{
	encoder_end(&ends->encoder, false);
	message_free(message);
	ends_close(ends);
}

/* Feeds what is not quite a message; true if it was taken. A refusal must have words. */
bool ends_takes(struct ends *ends, const struct way *way, const struct message *message,
		       uint64_t length_bytes)
{
	struct err err = {0};

	if (message_push(&ends->decoder.take, way, message, length_bytes, &err) == 0)
		return true;
	(void)err_is_sound(&err);
	return false;
}

/* Every test ends with this: nothing of ours may be left in /dev/shm. */
static void check_nothing_left(void)
{
	DIR *directory = opendir("/dev/shm");
	const struct dirent *entry;
	char own[sizeof(ends_prefix) + 1];

	if (!directory)
		return;
	/* With the dash: another process's number may begin with ours. */
	(void)snprintf(own, sizeof(own), "%s-", ends_prefix);
	while ((entry = readdir(directory)) != NULL) {
		if (strncmp(entry->d_name, own, strlen(own)) == 0)
			TEST_FAIL("left in /dev/shm: %s", entry->d_name);
	}
	(void)closedir(directory);
}

static const struct test *property; /* under test */
static char property_name[64];

static void property_run(void)
{
	random_state = 1;
	ends_dtype = DTYPE_FLOAT64;
	property->run();
	check_nothing_left();
}

/* The guard pages turn a stray access into this: say whose it was, then die of it. */
static void fault_handle(int number)
{
	static const char before[] = "not ok ";
	static const char after[] = ": touched memory that is not the array's\n";
	ssize_t wrote = write(STDOUT_FILENO, before, sizeof(before) - 1);

	wrote += write(STDOUT_FILENO, property_name, strlen(property_name));
	wrote += write(STDOUT_FILENO, after, sizeof(after) - 1);
	_exit(wrote > 0 ? number : -1);
}

int ends_main(const struct test *properties, size_t count, int argc, char **argv)
{
	const struct sigaction action = {.sa_handler = fault_handle};
	const struct test test = {.name = property_name, .run = property_run};
	int status = 0;

	(void)sigaction(SIGSEGV, &action, NULL);
	(void)sigaction(SIGBUS, &action, NULL);
	(void)snprintf(ends_prefix, sizeof(ends_prefix), "ipctop-contract-%d", (int)getpid());
	for (size_t i = 0; encoding_table[i]; i++) {
		for (size_t k = 0; k < count; k++) {
			ends_row = encoding_table[i];
			property = &properties[k];
			(void)snprintf(property_name, sizeof(property_name), "%s: %s",
				       ends_row->name, property->name);
			status |= test_main(&test, 1, argc, argv);
		}
	}
	return status;
}
