/* SPDX-License-Identifier: MIT */
/*
 * Names of dead runners go; those of the living, and of others, stay.
 * Runs alone: another run would sweep what it makes.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/machine/leftovers.h"
#include "tests/support/test.h"

/* A name of ours whose process is gone. */
static bool dead_name(char name[SWEEP_NAME_BYTES])
{
	int ends[2];
	pid_t pid;
	bool fine;

	if (pipe(ends) != 0)
		return false;
	pid = fork();
	if (pid == 0) {
		memset(name, 0, SWEEP_NAME_BYTES);
		if (sweep_make_name(name, NULL) != 0 ||
		    write(ends[1], name, SWEEP_NAME_BYTES) != SWEEP_NAME_BYTES)
			_exit(1);
		_exit(0);
	}
	(void)close(ends[1]);
	fine = pid > 0 && read(ends[0], name, SWEEP_NAME_BYTES) == SWEEP_NAME_BYTES &&
	       waitpid(pid, NULL, 0) == pid;
	(void)close(ends[0]);
	return fine;
}

static char path[300];

static bool touch(const char *directory, const char *name, const char *suffix)
{
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s%s", directory, name, suffix);
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	return fd >= 0 && close(fd) == 0;
}

static bool there(const char *directory, const char *name, const char *suffix)
{
	struct stat status;

	(void)snprintf(path, sizeof(path), "%s/%s%s", directory, name, suffix);
	return lstat(path, &status) == 0;
}

static void test_name(void)
{
	char name[SWEEP_NAME_BYTES];
	char other[SWEEP_NAME_BYTES];
	char want[64];

	CHECK(sweep_make_name(name, NULL) == 0 && sweep_make_name(other, NULL) == 0);
	(void)snprintf(want, sizeof(want), "ipctop-%d-", (int)getpid());
	CHECK(strncmp(name, want, strlen(want)) == 0);
	CHECK(strcmp(name, other) != 0);
	CHECK(strlen(name) > strlen(want) + 17 && name[strlen(name) - 17] == '-');
}

static void test_longest_name(void)
{
	char name[SWEEP_NAME_BYTES];
	int length = snprintf(name, sizeof(name), "ipctop-%d-%ju-%016jx-%016jx", INT_MAX,
			      UINTMAX_MAX, UINTMAX_MAX, UINTMAX_MAX);

	CHECK(length > 0 && (size_t)length < sizeof(name));
}

/* The realm of this process, as its names have it. */
static void own_realm(char realm[17])
{
	char name[SWEEP_NAME_BYTES];

	realm[0] = '\0';
	if (sweep_make_name(name, NULL) == 0)
		(void)sscanf(name, "ipctop-%*d-%*u-%16[0-9a-f]-", realm);
}

static void test_dead_segments(void)
{
	char dead[SWEEP_NAME_BYTES];

	CHECK(dead_name(dead));
	CHECK(touch("/dev/shm", dead, "-0") && touch("/dev/shm", dead, ""));
	CHECK(touch("/dev/shm", "other-", dead));
	sweep_dead();
	CHECK(!there("/dev/shm", dead, "-0") && !there("/dev/shm", dead, ""));
	CHECK(there("/dev/shm", "other-", dead));
	CHECK(unlink(path) == 0);
}

static void test_dead_directory(void)
{
	char dead[SWEEP_NAME_BYTES];

	CHECK(dead_name(dead));
	(void)snprintf(path, sizeof(path), "/tmp/%s", dead);
	CHECK(mkdir(path, 0700) == 0);
	CHECK(touch("/tmp", dead, "/a.sock") && touch("/tmp", dead, "/b.sock"));
	sweep_dead();
	CHECK(!there("/tmp", dead, ""));
}

static void test_living(void)
{
	char name[SWEEP_NAME_BYTES];

	CHECK(sweep_make_name(name, NULL) == 0);
	(void)snprintf(path, sizeof(path), "/tmp/%s", name);
	CHECK(mkdir(path, 0700) == 0);
	CHECK(touch("/dev/shm", name, "-0") && touch("/tmp", name, "/a.sock"));
	sweep_dead();
	CHECK(there("/dev/shm", name, "-0") && there("/tmp", name, "/a.sock"));
	sweep_segments(name);
	CHECK(!there("/dev/shm", name, "-0"));
	(void)snprintf(path, sizeof(path), "/tmp/%s", name);
	sweep_directory(path);
	CHECK(!there("/tmp", name, ""));
}

/* The pid lives, but it is another process's by now. */
static void test_pid_reused(void)
{
	char name[SWEEP_NAME_BYTES];
	char realm[17];

	own_realm(realm);
	CHECK(strlen(realm) == 16);
	(void)snprintf(name, sizeof(name), "ipctop-%d-1-%s-0123456789abcdef", (int)getpid(), realm);
	CHECK(touch("/dev/shm", name, "-0"));
	sweep_dead();
	CHECK(!there("/dev/shm", name, "-0"));
}

/* Dead by our process table, which is not the one that counts. */
static void test_other_realm(void)
{
	static const char *const realms[] = {"f123456700000001", "0000000000000000"};
	char name[SWEEP_NAME_BYTES];
	bool stays;

	for (size_t i = 0; i < 2; i++) {
		(void)snprintf(name, sizeof(name), "ipctop-%d-1-%s-0123456789abcdef", (int)getpid(),
			       realms[i]);
		CHECK(touch("/dev/shm", name, "-0"));
		sweep_dead();
		stays = there("/dev/shm", name, "-0");
		(void)unlink(path);
		CHECK_MSG(stays, "%s is gone", name);
	}
}

/* A name of a dead runner that is no directory, but leads to one. */
static void test_symbolic_link(void)
{
	char dead[SWEEP_NAME_BYTES];
	char target[] = "/tmp/ipctop-target-XXXXXX";
	bool kept;

	CHECK(dead_name(dead) && mkdtemp(target));
	CHECK(touch(target, "kept", ""));
	(void)snprintf(path, sizeof(path), "/tmp/%s", dead);
	CHECK(symlink(target, path) == 0);
	sweep_dead();
	sweep_directory(path);
	(void)unlink(path);
	kept = there(target, "kept", "");
	(void)unlink(path);
	CHECK(rmdir(target) == 0 && kept);
}

static void test_make_directory(void)
{
	char name[SWEEP_NAME_BYTES];
	char directory[SWEEP_NAME_BYTES + 8];
	struct stat status;
	struct err err = {0};

	CHECK(sweep_make_name(name, NULL) == 0);
	(void)snprintf(directory, sizeof(directory), "/tmp/%s", name);
	CHECK(sweep_make_directory(directory, &err) == 0);
	CHECK(stat(directory, &status) == 0 && (status.st_mode & 07777) == 0700);
	CHECK(sweep_make_directory(directory, &err) != 0 && err.message[0]);
	sweep_directory(directory);
	CHECK(stat(directory, &status) != 0);
}

/* Much like ours, but not ours. */
static void test_foreign(void)
{
	static const struct {
		const char *before;
		const char *after;
	} names[] = {
		{"ipctop-", ""},
		{"ipctop-x", "-1-0123456789abcdef"},
		{"ipctop-", "-1"},
		{"ipctop-", "-1-xyz"},
		{"xipctop-", "-1-0123456789abcdef"},
		{"ipctop-", "-1-_0123456789abcdef"},
		{"ipctop-", "-1-0123456789abcdef"},
		{"ipctop-", "-1-0123456789abcdef-"},
		{"ipctop-contract-", ""},
	};
	char name[64];

	for (size_t i = 0; i < 2 * sizeof(names) / sizeof(names[0]); i++) {
		size_t k = i / 2;

		(void)snprintf(name, sizeof(name), "%s%d", names[k].before, (int)getpid());
		if (i % 2 == 0)
			CHECK(touch("/dev/shm", name, names[k].after));
		else
			sweep_dead();
		CHECK_MSG(there("/dev/shm", name, names[k].after), "%s is gone", path);
		if (i % 2)
			CHECK(unlink(path) == 0);
	}
}

static void test_prefix(void)
{
	char name[SWEEP_NAME_BYTES];
	char longer[SWEEP_NAME_BYTES + 1];

	CHECK(sweep_make_name(name, NULL) == 0);
	(void)snprintf(longer, sizeof(longer), "%sx", name);
	CHECK(touch("/dev/shm", name, "-a") && touch("/dev/shm", longer, "-b"));
	sweep_segments(longer);
	CHECK(there("/dev/shm", name, "-a") && !there("/dev/shm", longer, "-b"));
	sweep_segments(name);
	CHECK(!there("/dev/shm", name, "-a"));
}

static const struct test tests[] = {
	{"name", test_name},
	{"longest name", test_longest_name},
	{"dead segments", test_dead_segments},
	{"dead directory", test_dead_directory},
	{"living", test_living},
	{"pid reused", test_pid_reused},
	{"other realm", test_other_realm},
	{"symbolic link", test_symbolic_link},
	{"make directory", test_make_directory},
	{"foreign", test_foreign},
	{"prefix", test_prefix},
};

TEST_MAIN(tests)
