/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzzer without libFuzzer: each file of tests/fuzz/corpus/NAME as it is,
 * cut short and with bits flipped, and then so many mutations of them: the
 * argument, or what FUZZ_MUTATIONS says, or MUTATIONS. The same ones every time.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUTATIONS 20000u
#define FILE_BYTES_MAX 65536u
#define SEEDS_MAX 512
#define CHANGES_MAX 8u /* of one input */
#define RUN_MAX 64u    /* bytes that one change touches */

/* A file of the corpus. */
struct seed {
	uint8_t *data; /* owned */
	size_t size;
};

struct corpus {
	struct seed seeds[SEEDS_MAX];
	size_t count;
	uint64_t random; /* never 0 */
};

/* An input that is being mutated. */
struct input {
	uint8_t data[FILE_BYTES_MAX];
	size_t size;
};

/* xorshift64*: the same everywhere. */
static uint64_t draw(struct corpus *corpus, uint64_t below)
{
	corpus->random ^= corpus->random >> 12;
	corpus->random ^= corpus->random << 25;
	corpus->random ^= corpus->random >> 27;
	return below ? (corpus->random * 2685821657736338717u >> 16) % below : 0;
}

static size_t draw_run(struct corpus *corpus, size_t available)
{
	return (size_t)draw(corpus, (available < RUN_MAX ? available : RUN_MAX) + 1);
}

/* Makes room for bytes at `at`; what does not fit at the end is lost. */
static void input_open(struct input *input, size_t at, size_t bytes)
{
	if (input->size + bytes > FILE_BYTES_MAX)
		input->size = FILE_BYTES_MAX - bytes;
	if (at > input->size)
		at = input->size;
	memmove(input->data + at + bytes, input->data + at, input->size - at);
	input->size += bytes;
}

static void flip_bit(struct corpus *corpus, struct input *input)
{
	if (input->size)
		input->data[draw(corpus, input->size)] ^= (uint8_t)(1u << draw(corpus, 8));
}

static void set_byte(struct corpus *corpus, struct input *input)
{
	static const uint8_t telling[] = {0, 1, 0x7f, 0x80, 0xff, '0', '9', '-', '.', 'e', '[',
					  ']', ',', ' ', '\n', '\r', '=', ':', ';', '"', '(', 't'};

	if (input->size)
		input->data[draw(corpus, input->size)] = telling[draw(corpus, sizeof(telling))];
}

static void set_random(struct corpus *corpus, struct input *input)
{
	if (input->size)
		input->data[draw(corpus, input->size)] = (uint8_t)draw(corpus, 256);
}

/* A length where one may stand: all ones, the largest positive, or one too many. */
static void set_number(struct corpus *corpus, struct input *input)
{
	static const uint64_t telling[] = {UINT64_MAX, INT64_MAX, UINT64_C(1) << 63, UINT32_MAX,
					   INT32_MAX, UINT32_C(1) << 31, 0, 1, 255, 65536};
	uint64_t number = telling[draw(corpus, sizeof(telling) / sizeof(telling[0]))];
	size_t bytes = (size_t)1 << draw(corpus, 4);

	if (draw(corpus, 2))
		number = __builtin_bswap64(number);
	if (input->size >= bytes)
		memcpy(input->data + draw(corpus, input->size - bytes + 1), &number, bytes);
}

/* Digits in a row where a text's number may stand. */
static void put_digits(struct corpus *corpus, struct input *input)
{
	size_t at = (size_t)draw(corpus, input->size + 1);
	size_t bytes = 1 + draw_run(corpus, 24);

	input_open(input, at, bytes);
	for (size_t i = 0; i < bytes && at + i < input->size; i++)
		input->data[at + i] = (uint8_t)('0' + draw(corpus, 10));
}

static void drop_run(struct corpus *corpus, struct input *input)
{
	size_t at = (size_t)draw(corpus, input->size + 1);
	size_t bytes = draw_run(corpus, input->size - at);

	memmove(input->data + at, input->data + at + bytes, input->size - at - bytes);
	input->size -= bytes;
}

/* Copies a run of any of the files to anywhere. */
static void splice(struct corpus *corpus, struct input *input)
{
	const struct seed *seed = &corpus->seeds[draw(corpus, corpus->count)];
	size_t from = (size_t)draw(corpus, seed->size + 1);
	size_t bytes = draw_run(corpus, seed->size - from);
	size_t at = (size_t)draw(corpus, input->size + 1);

	input_open(input, at, bytes);
	if (bytes && at + bytes <= input->size)
		memcpy(input->data + at, seed->data + from, bytes);
}

static void cut(struct corpus *corpus, struct input *input)
{
	input->size = (size_t)draw(corpus, input->size + 1);
}

static void (*const changes[])(struct corpus *, struct input *) = {
	flip_bit, flip_bit, set_byte, set_byte, set_random, set_number,
	put_digits, drop_run, splice, splice, cut,
};

static void mutate(struct corpus *corpus, struct input *input)
{
	const struct seed *seed = &corpus->seeds[draw(corpus, corpus->count)];
	uint64_t count = 1 + draw(corpus, CHANGES_MAX);

	memcpy(input->data, seed->data, seed->size);
	input->size = seed->size;
	while (count--)
		changes[draw(corpus, sizeof(changes) / sizeof(changes[0]))](corpus, input);
	(void)LLVMFuzzerTestOneInput(input->data, input->size);
}

/* The file as it is, its beginnings, and one bit at a time the other way round. */
static void replay(const struct seed *seed)
{
	size_t step = seed->size / 64 + 1;

	(void)LLVMFuzzerTestOneInput(seed->data, seed->size);
	for (size_t bytes = 0; bytes < seed->size; bytes += step)
		(void)LLVMFuzzerTestOneInput(seed->data, bytes);
	for (size_t i = 0; i < seed->size; i += step) {
		seed->data[i] ^= (uint8_t)(1u << (i % 8));
		(void)LLVMFuzzerTestOneInput(seed->data, seed->size);
		seed->data[i] ^= (uint8_t)(1u << (i % 8));
	}
}

static void load(struct corpus *corpus, const char *path)
{
	struct seed seed = {.data = malloc(FILE_BYTES_MAX)};
	FILE *file = fopen(path, "rb");

	if (file && seed.data && corpus->count < SEEDS_MAX) {
		seed.size = fread(seed.data, 1, FILE_BYTES_MAX, file);
		corpus->seeds[corpus->count++] = seed;
	} else {
		free(seed.data);
	}
	if (file)
		(void)fclose(file);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* In the order of their names, or the mutations would differ from one machine to the next. */
static void load_all(struct corpus *corpus, const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_file, by_name);
	char path[600];

	for (int i = 0; i < count; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		load(corpus, path);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

int main(int argc, char **argv)
{
	static struct corpus corpus = {.random = 0x9E3779B97F4A7C15u};
	static struct input input;
	const char *name = strrchr(argv[0], '/');
	const char *wanted = argc > 1 ? argv[1] : getenv("FUZZ_MUTATIONS");
	size_t mutations = wanted ? strtoul(wanted, NULL, 10) : MUTATIONS;
	char folder[256];

	name = name ? name + 1 : argv[0];
	name += strncmp(name, "fuzz_", 5) == 0 ? 5 : 0;
	(void)snprintf(folder, sizeof(folder), "tests/fuzz/corpus/%s", name);
	load_all(&corpus, folder);
	if (corpus.count == 0) {
		printf("not ok corpus: %s holds no seed\n", folder);
		return 1;
	}
	for (size_t i = 0; i < corpus.count; i++)
		replay(&corpus.seeds[i]);
	printf("ok corpus\n");
	for (size_t i = 0; i < mutations; i++)
		mutate(&corpus, &input);
	printf("ok %zu mutations\n", mutations);
	for (size_t i = 0; i < corpus.count; i++)
		free(corpus.seeds[i].data);
	return 0;
}
