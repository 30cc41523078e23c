/* SPDX-License-Identifier: MIT */
/* Where socket files go, what memory a container leaves, and what a whole machine has. */
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/machine/facilities.h"
#include "bench/machine/leftovers.h"
#include "bench/machine/memory_room.h"
#include "bench/machine/socket_folder.h"
#include "tests/support/test.h"

#define MIB ((uint64_t)1 << 20)

static char folder[] = "/tmp/test_facilities.XXXXXX";

/* TMPDIR is value for the check, and what it was after it. */
static const char *folder_with(const char *value, struct err *why)
{
	static char path[200];
	const char *before = getenv("TMPDIR");
	char kept[500];

	(void)snprintf(kept, sizeof(kept), "%s", before ? before : "");
	err_clear(why);
	if (value)
		(void)setenv("TMPDIR", value, 1);
	else
		(void)unsetenv("TMPDIR");
	(void)snprintf(path, sizeof(path), "%s", socket_folder(why));
	if (before)
		(void)setenv("TMPDIR", kept, 1);
	else
		(void)unsetenv("TMPDIR");
	return path;
}

static const struct {
	const char *value, *folder;
	const char *says; /* NULL: nothing */
} values[] = {
	{NULL, "/tmp", NULL},
	{"", "/tmp", NULL},
	{folder, folder, NULL},
	{"/var/tmp", "/var/tmp", NULL},
	{"tmp", "/tmp", "no absolute path"},
	{"./", "/tmp", "no absolute path"},
	{"/nonexistent/tmp", "/tmp", "No such file or directory"},
	{"/etc/passwd", "/tmp", "Not a directory"},
	{"/tmp/a-longer-name-than-is-left-for-it-beside-that-of-the-run", "/tmp", "too long"},
};

static void test_folder(void)
{
	CHECK(mkdtemp(folder));
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct err why = {0};
		const char *found = folder_with(values[i].value, &why);

		CHECK_STR(found, values[i].folder);
		CHECK_MSG(values[i].says ? !!strstr(why.message, values[i].says) : !why.message[0],
			  "%s: %s", values[i].value, why.message);
	}
	CHECK(rmdir(folder) == 0);
}

/* The longest TMPDIR that is taken leaves room for a socket file's path. */
static void test_folder_length(void)
{
	char path[200] = "/tmp/t.XXXXXX"; /* what is longer than that is ours, too */
	char name[SWEEP_NAME_BYTES];
	struct err why = {0};

	CHECK(sweep_make_name(name, NULL) == 0 && mkdtemp(path) && rmdir(path) == 0);
	for (size_t length = strlen(path); length < 100; length++) {
		path[length] = 'x';
		path[length + 1] = '\0';
		CHECK(mkdir(path, 0700) == 0);
		(void)folder_with(path, &why);
		CHECK(rmdir(path) == 0);
		if (why.message[0])
			break;
		CHECK(length + 1 + strlen("/") + strlen(name) + strlen("/0123abcd.sock") < 108);
	}
	CHECK_MSG(strstr(why.message, "too long"), "%s", why.message);
	CHECK(strlen(path) + strlen("/") + strlen(name) + strlen("/0123abcd.sock") == 108);
}

static char *path_in(const char *name)
{
	static char path[200];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static bool file_put(const char *name, const char *text)
{
	FILE *file = fopen(path_in(name), "we");

	return file && fputs(text, file) >= 0 && fclose(file) == 0;
}

static struct memory_room room(void)
{
	char proc[200];
	char groups[200];

	(void)snprintf(proc, sizeof(proc), "%s/proc", folder);
	(void)snprintf(groups, sizeof(groups), "%s/groups", folder);
	return memory_room_in(proc, groups);
}

static const char *const folders[] = {"proc",       "proc/self",     "groups",         "groups/a",
				      "groups/a/b", "groups/memory", "groups/memory/c"};
static const char *const files[] = {
	"proc/meminfo",
	"proc/self/cgroup",
	"groups/a/memory.max",
	"groups/a/memory.current",
	"groups/a/memory.stat",
	"groups/a/b/memory.max",
	"groups/a/b/memory.current",
	"groups/memory/memory.limit_in_bytes",
	"groups/memory/memory.usage_in_bytes",
	"groups/memory/memory.stat",
};

/* Control groups of the second version: the limit of what we are in counts, its caches do not. */
static void check_second(void)
{
	CHECK(room().bytes == UINT64_MAX && !room().is_limited);
	CHECK(file_put("proc/meminfo", "MemTotal: 8388608 kB\nMemAvailable:    4194304 kB\n"));
	CHECK(room().bytes == 4096 * MIB && !room().is_limited);
	CHECK(file_put("proc/self/cgroup", "0::/a/b\n"));
	CHECK(room().bytes == 4096 * MIB && !room().is_limited);
	CHECK(file_put("groups/a/b/memory.max", "max\n"));
	CHECK(file_put("groups/a/b/memory.current", "1048576\n"));
	CHECK(room().bytes == 4096 * MIB);
	CHECK(file_put("groups/a/memory.max", "536870912\n"));
	CHECK(file_put("groups/a/memory.current", "209715200\n"));
	CHECK(room().bytes == 312 * MIB && room().is_limited);
	CHECK(file_put("groups/a/memory.stat", "anon 5\ninactive_file 104857600\nx 1\n"));
	CHECK(room().bytes == 412 * MIB);
	CHECK(file_put("groups/a/memory.current", "636870912\n") && room().bytes == 4857600);
	CHECK(file_put("groups/a/memory.current", "999999999\n") && room().bytes == 0);
}

/* Of the first; a container sees its own group as the root of all. */
static void check_first(void)
{
	CHECK(file_put("proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/docker/0123\n0::/\n"));
	CHECK(file_put("groups/memory/memory.limit_in_bytes", "9223372036854771712\n"));
	CHECK(file_put("groups/memory/memory.usage_in_bytes", "104857600\n"));
	CHECK(room().bytes == 4096 * MIB && !room().is_limited);
	CHECK(file_put("groups/memory/memory.limit_in_bytes", "268435456\n"));
	CHECK(file_put("groups/memory/memory.stat", "cache 7\ntotal_inactive_file 52428800\n"));
	CHECK(room().bytes == 206 * MIB && room().is_limited);
	CHECK(file_put("proc/self/cgroup", "nonsense\n:\n4:memory\n::\n\n"));
	CHECK(room().bytes == 4096 * MIB);
}

static void test_room(void)
{
	(void)snprintf(folder + strlen(folder) - 6, 7, "XXXXXX");
	CHECK(mkdtemp(folder));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		CHECK(mkdir(path_in(folders[i]), 0700) == 0);
	check_second();
	check_first();
	for (size_t i = sizeof(files) / sizeof(files[0]); i-- > 0;)
		CHECK(unlink(path_in(files[i])) == 0);
	for (size_t i = sizeof(folders) / sizeof(folders[0]); i-- > 0;)
		CHECK(rmdir(path_in(folders[i])) == 0);
	CHECK(rmdir(folder) == 0);
}

/* Where the tests run, all is there: other tests would fail if it were not. */
static void test_all_there(void)
{
	for (enum facility i = 0; i < FACILITY_COUNT; i++) {
		struct err err = {0};

		CHECK_MSG(facility_check(i, &err) == 0, "%s", err.message);
	}
}

static const struct test tests[] = {
	{"folder", test_folder},
	{"folder_length", test_folder_length},
	{"room", test_room},
	{"all_there", test_all_there},
};

TEST_MAIN(tests)
