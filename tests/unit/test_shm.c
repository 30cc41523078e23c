/* SPDX-License-Identifier: MIT */
/* Segments, and what the shm encoding makes of names; the contract suite tests the rest. */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/codec_feed.h"
#include "tests/support/test.h"
#include "transports/segment.h"

extern const struct encoding encoding_shm;

#define COUNT 600 /* 4800 bytes: more than a page, and no whole number of them */
#define BYTES (COUNT * sizeof(double))

static char prefix[64];

/* Every test has names of its own, so that tests may run side by side. */
static void prefix_draw(void)
{
	(void)snprintf(prefix, sizeof(prefix), "ipctop-test-%d", (int)getpid());
}

static struct encoding_setup setup_of(enum memory memory)
{
	struct shape shape = {.dimensions = 1, .extents = {COUNT}};

	prefix_draw();
	return (struct encoding_setup){
		.type = (struct array_type){shape, DTYPE_FLOAT64},
		.memory = memory,
		.segment_prefix = prefix,
	};
}

static bool exists(const char *name)
{
	char path[300];

	(void)snprintf(path, sizeof(path), "/dev/shm/%s", name);
	return access(path, F_OK) == 0;
}

static void test_create(void)
{
	char name[SEGMENT_NAME_BYTES], other[SEGMENT_NAME_BYTES];
	struct segment segment = {0};
	struct stat stat;
	int fd;

	prefix_draw();
	CHECK(segment_create(prefix, BYTES, PAGES_SMALL, name, &segment, NULL) == 0);
	CHECK(strncmp(name, prefix, strlen(prefix)) == 0 && strlen(name) == strlen(prefix) + 17);
	CHECK(segment.data && segment.bytes == BYTES && exists(name));
	fd = shm_open(name, O_RDONLY, 0);
	CHECK(fd >= 0 && fstat(fd, &stat) == 0 && close(fd) == 0);
	CHECK((stat.st_mode & 0777) == 0600 && stat.st_size == BYTES);
	CHECK(stat.st_blocks * 512 >= (blkcnt_t)BYTES); /* allocated, not only promised */
	CHECK(segment_create_filled(prefix, "", 0, other, NULL) == 0);
	CHECK(strcmp(name, other) != 0 && exists(other));
	segment_close(&segment);
	CHECK(!segment.data);
	CHECK(segment_unlink(name, NULL) == 0 && !exists(name));
	CHECK(segment_unlink(name, NULL) == 0); /* gone already is gone */
	CHECK(segment_unlink(other, NULL) == 0);
}

static void test_filled(void)
{
	char name[SEGMENT_NAME_BYTES], slashed[SEGMENT_NAME_BYTES + 1];
	static char data[BYTES];
	struct segment segment = {0};

	prefix_draw();
	memset(data, 'd', sizeof(data));
	CHECK(segment_create_filled(prefix, data, BYTES, name, NULL) == 0);
	(void)snprintf(slashed, sizeof(slashed), "/%.200s", name);
	CHECK(segment_open(slashed, BYTES, PAGES_HUGE, true, &segment, NULL) == 0);
	CHECK(memcmp(segment.data, data, BYTES) == 0);
	((char *)segment.data)[0] = 'x'; /* private to nobody, and writable */
	segment_close(&segment);
	CHECK(segment_open(name, BYTES, PAGES_SMALL, false, &segment, NULL) == 0);
	CHECK(((char *)segment.data)[0] == 'x');
	segment_close(&segment);
	CHECK(segment_unlink(name, NULL) == 0);
}

/* No room: an error in words, and nothing left. A file size limit stands in for a full disk. */
static void test_no_room(void)
{
	struct rlimit old, small = {.rlim_cur = 4096};
	struct sigaction old_action, ignore = {.sa_handler = SIG_IGN};
	char first[SEGMENT_NAME_BYTES] = "", second[SEGMENT_NAME_BYTES] = "";
	static char data[BYTES];
	struct segment segment = {0};
	struct err err = {0};
	int created, filled;

	prefix_draw();
	CHECK(sigaction(SIGXFSZ, &ignore, &old_action) == 0);
	CHECK(getrlimit(RLIMIT_FSIZE, &old) == 0);
	small.rlim_max = old.rlim_max;
	CHECK(setrlimit(RLIMIT_FSIZE, &small) == 0);
	created = segment_create(prefix, BYTES, PAGES_SMALL, first, &segment, &err);
	filled = segment_create_filled(prefix, data, BYTES, second, NULL);
	(void)setrlimit(RLIMIT_FSIZE, &old);
	(void)sigaction(SIGXFSZ, &old_action, NULL);
	CHECK(created != 0 && filled != 0 && !segment.data);
	CHECK_MSG(strstr(err.message, "4800 bytes"), "%.200s", err.message);
	CHECK(first[0] && !exists(first) && second[0] && !exists(second));
}

/* One exchange's taking side. Returns as take.end does. */
static int take_name(struct decoder *decoder, const char *name, size_t bytes, struct err *err)
{
	*err = (struct err){0};
	return codec_feed(&decoder->take, name, bytes, (struct feeding){.unknown = true}, err);
}

static void refused(const char *name, size_t bytes, const char *part)
{
	struct encoding_setup setup = setup_of(MEMORY_FRESH);
	struct decoder decoder;
	struct err err;

	CHECK(decoder_open(&decoder, &encoding_shm, &setup, NULL) == 0);
	CHECK_MSG(take_name(&decoder, name, bytes, &err) != 0, "%.100s passes", name);
	CHECK_MSG(strstr(err.message, part), "%.100s: %.200s", name, err.message);
	CHECK(!decoder.array.data);
	decoder_close(&decoder);
}

static void test_names(void)
{
	char longest[SEGMENT_NAME_BYTES];

	memset(longest, 'n', sizeof(longest));
	refused("../etc/passwd", 13, "character 2 is 0x2f");
	refused("a/b", 3, "character 1 is 0x2f");
	refused("//a", 3, "character 1 is 0x2f");
	refused("", 0, "no name");
	refused("/", 1, "no name");
	refused(".", 1, "no name");
	refused("/..", 3, "no name");
	refused("a\0b", 3, "NUL");
	refused("a\n", 2, "character 1 is 0x0a, a line break");
	refused("a b", 3, "character 1 is 0x20, a space");
	refused("/dev/shm/abc", 12, "send the segment's name alone, without folders");
	refused("\"psm_abc\"", 9, "it looks like a string in JSON, in quotation marks");
	refused("'psm_abc'", 9, "it looks like text in quotation marks");
	refused("\xef\xbb\xbfpsm_abc", 10, "a byte order mark");
	refused("\033[31m", 5, "character 0 is 0x1b");
	refused("caf\303\251", 5, "character 3 is 0xc3");
	refused(longest, sizeof(longest), "longer than a segment's name");
	refused(longest, sizeof(longest) - 1, "opening the segment");
	refused("ipctop-test-there-is-none", 25, "No such file");
}

static void test_sizes(void)
{
	static const struct {
		size_t bytes;
		bool taken;
	} cases[] = {{BYTES, true}, {8192, true}, {BYTES - 1, false}, {BYTES + 1, false},
		     {4096, false}, {12288, false}, {1, false},
		     {BYTES / 2, false}};
	static char data[12288];
	struct encoding_setup setup = setup_of(MEMORY_REUSED);
	struct decoder decoder;
	struct err err;

	CHECK(decoder_open(&decoder, &encoding_shm, &setup, NULL) == 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char name[SEGMENT_NAME_BYTES];
		bool taken;

		CHECK(segment_create_filled(prefix, data, cases[i].bytes, name, NULL) == 0);
		taken = take_name(&decoder, name, strlen(name), &err) == 0;
		CHECK(segment_unlink(name, NULL) == 0);
		CHECK_MSG(taken == cases[i].taken, "%zu: %.200s", cases[i].bytes, err.message);
		CHECK_MSG(cases[i].bytes != BYTES / 2 ||
				  strstr(err.message, "; float32 would have that size"),
			  "%.200s", err.message);
	}
	decoder_close(&decoder);
}

/* A directory, a link and a pipe in /dev/shm are no shared memory. */
static void test_kinds(void)
{
	char name[SEGMENT_NAME_BYTES], path[300];

	prefix_draw();
	(void)snprintf(name, sizeof(name), "%.60s-kind", prefix);
	(void)snprintf(path, sizeof(path), "/dev/shm/%.100s", name);
	CHECK(mkfifo(path, 0600) == 0);
	refused(name, strlen(name), "no shared memory");
	CHECK(unlink(path) == 0 && mkdir(path, 0700) == 0);
	refused(name, strlen(name), "opening the segment");
	CHECK(rmdir(path) == 0 && symlink("/etc/passwd", path) == 0);
	refused(name, strlen(name), "opening the segment");
	CHECK(unlink(path) == 0);
}

/* Fresh and foreign: the client removes the segment at release. Reused: nobody but the server. */
static void check_release(enum memory memory, bool foreign, bool removed)
{
	struct encoding_setup setup = setup_of(memory);
	char name[SEGMENT_NAME_BYTES];
	static char data[BYTES];
	struct decoder decoder;
	struct err err;

	setup.foreign_peer = foreign;
	CHECK(segment_create_filled(prefix, data, BYTES, name, NULL) == 0);
	CHECK(decoder_open(&decoder, &encoding_shm, &setup, NULL) == 0);
	CHECK(take_name(&decoder, name, strlen(name), &err) == 0 && exists(name));
	CHECK(decoder_release(&decoder, NULL) == 0 && exists(name) == !removed);
	decoder_close(&decoder);
	CHECK(exists(name) == !removed);
	CHECK(segment_unlink(name, NULL) == 0);
}

/* The segment of a request is its giver's, at either end. */
static void test_requests(void)
{
	struct encoding_setup setup = setup_of(MEMORY_FRESH);
	struct array array = array_describe(&setup.type);
	char name[SEGMENT_NAME_BYTES];
	static double data[COUNT];
	struct encoder encoder;
	struct decoder decoder;
	struct span span;
	struct err err;

	array.data = data;
	setup.requests = true;
	CHECK(encoder_open(&encoder, &encoding_shm, &setup, NULL) == 0);
	CHECK(decoder_open(&decoder, &encoding_shm, &setup, NULL) == 0);
	for (int delivered = 0; delivered < 2; delivered++) {
		CHECK(encoder_begin(&encoder, &array, NULL) == 0);
		CHECK(encoder.give.span(&encoder.give, &span, NULL) == 0 && span.bytes < 200);
		(void)snprintf(name, sizeof(name), "%.*s", (int)span.bytes, (char *)span.data);
		CHECK(take_name(&decoder, name, strlen(name), &err) == 0);
		CHECK(decoder_release(&decoder, NULL) == 0 && exists(name));
		encoder_end(&encoder, delivered);
		CHECK(!exists(name));
	}
	decoder_close(&decoder);
	encoder_close(&encoder);
}

static void test_release(void)
{
	check_release(MEMORY_FRESH, false, true);
	check_release(MEMORY_FRESH, true, true);
	check_release(MEMORY_REUSED, true, true);
	check_release(MEMORY_REUSED, false, false);
}

/* The mapping stays while the name does, and goes with it. */
static void test_mapping_kept(void)
{
	struct encoding_setup setup = setup_of(MEMORY_REUSED);
	char names[2][SEGMENT_NAME_BYTES];
	static double data[COUNT];
	struct decoder decoder;
	const void *map;
	struct err err;

	for (int i = 0; i < 2; i++) {
		data[0] = i;
		CHECK(segment_create_filled(prefix, data, BYTES, names[i], NULL) == 0);
	}
	CHECK(decoder_open(&decoder, &encoding_shm, &setup, NULL) == 0);
	CHECK(take_name(&decoder, names[0], strlen(names[0]), &err) == 0);
	map = decoder.array.data;
	CHECK(decoder_release(&decoder, NULL) == 0 && segment_unlink(names[0], NULL) == 0);
	CHECK(take_name(&decoder, names[0], strlen(names[0]), &err) == 0);
	CHECK(decoder.array.data == map && *(double *)decoder.array.data == 0);
	CHECK(take_name(&decoder, names[1], strlen(names[1]), &err) == 0);
	CHECK(*(double *)decoder.array.data == 1);
	CHECK(take_name(&decoder, names[0], strlen(names[0]), &err) != 0);
	decoder_close(&decoder);
	CHECK(segment_unlink(names[1], NULL) == 0);
}

/* The server keeps a delivered fresh segment for the client, and removes what was not. */
static void test_delivered(void)
{
	struct encoding_setup setup = setup_of(MEMORY_FRESH);
	struct array array = array_describe(&setup.type);
	char name[SEGMENT_NAME_BYTES];
	static double data[COUNT];
	struct encoder encoder;
	struct span span;

	array.data = data;
	CHECK(encoder_open(&encoder, &encoding_shm, &setup, NULL) == 0);
	for (int delivered = 0; delivered < 2; delivered++) {
		CHECK(encoder_begin(&encoder, &array, NULL) == 0);
		CHECK(encoder.give.span(&encoder.give, &span, NULL) == 0 && span.bytes < 200);
		(void)snprintf(name, sizeof(name), "%.*s", (int)span.bytes, (char *)span.data);
		CHECK(exists(name));
		encoder_end(&encoder, delivered);
		CHECK(exists(name) == delivered);
	}
	encoder_close(&encoder);
	CHECK(exists(name) && segment_unlink(name, NULL) == 0);
}

static const struct test tests[] = {
	{"create", test_create},
	{"filled", test_filled},
	{"no room", test_no_room},
	{"names", test_names},
	{"sizes", test_sizes},
	{"kinds", test_kinds},
	{"requests", test_requests},
	{"release", test_release},
	{"mapping kept", test_mapping_kept},
	{"delivered", test_delivered},
};

TEST_MAIN(tests)
