/* SPDX-License-Identifier: MIT */
/* Two names of one file are one place, whether it is there yet or not. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/report/export_place.h"
#include "tests/support/test.h"

static const struct {
	const char *a, *b;
	bool same;
} cases[] = {
	{"new", "new", true},
	{"new", "./new", true},
	{"new", "sub/../new", true},
	{"new", "subl/../new", true},
	{"new", "newer", false},
	{"new", "sub/new", false},
	{"dangling", "new", true},
	{"dangling", "sub/dangling2", true},
	{"subl/new", "sub/new", true},
	{"there", "there", true},
	{"there", "hard", true},
	{"there", "soft", true},
	{"there", "sub/soft2", true},
	{"hard", "sub/soft2", true},
	{"there", "other", false},
	{"there", "new", false},
	{"fifo", "fifo", true},
	{"/dev/null", "/dev/null", false},
	{"/dev/full", "/dev/full", true},
};

static void test_same(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct place a;
		struct place b;
		struct err err = {0};

		CHECK_MSG(place_find(&a, cases[i].a, &err) == 0, "%s", err.message);
		CHECK_MSG(place_find(&b, cases[i].b, &err) == 0, "%s", err.message);
		CHECK_MSG(place_same(&a, &b) == cases[i].same, "%s, %s", cases[i].a, cases[i].b);
		CHECK(place_same(&b, &a) == cases[i].same);
	}
}

static void test_stream(void)
{
	int file = open("there", O_WRONLY | O_CLOEXEC);
	struct place stream;
	struct place path;

	place_of_stream(&stream, file);
	CHECK(place_find(&path, "sub/soft2", NULL) == 0 && place_same(&stream, &path));
	CHECK(place_keeps_order(&stream));
	CHECK(close(file) == 0);
	place_of_stream(&stream, file);
	CHECK(!place_same(&stream, &path) && !place_keeps_order(&stream));
}

static void test_nowhere(void)
{
	char endless[PATH_MAX + 2];
	struct place place;
	struct err err = {0};

	CHECK(place_find(&place, "none/a", &err) == -1 && err.message[0]);
	err_clear(&err);
	CHECK(place_find(&place, "loop", &err) == -1 && strstr(err.message, "Too many levels"));
	memset(endless, 'x', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	err_clear(&err);
	CHECK(place_find(&place, endless, &err) == -1 && strstr(err.message, "too long"));
}

static const struct test tests[] = {
	{"same", test_same},
	{"stream", test_stream},
	{"nowhere", test_nowhere},
};

static int file_make(const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return file < 0 ? -1 : close(file);
}

static int files_make(void)
{
	return mkdir("sub", 0700) || symlink("sub", "subl") || file_make("there") ||
	       file_make("other") || link("there", "hard") || symlink("there", "soft") ||
	       symlink("../soft", "sub/soft2") || symlink("new", "dangling") ||
	       symlink("../dangling", "sub/dangling2") || symlink("loop", "loop") ||
	       mkfifo("fifo", 0600);
}

static void files_remove(const char *directory, int start)
{
	static const char *const names[] = {
		"subl",     "there",         "other", "hard", "soft", "sub/soft2",
		"dangling", "sub/dangling2", "loop",  "fifo", "sub",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)remove(names[i]); /* the last is the directory, which is empty then */
	if (fchdir(start) == 0)
		(void)rmdir(directory);
}

int main(int argc, char **argv)
{
	char directory[] = "/tmp/test_place.XXXXXX";
	int start = open("/", O_PATH | O_CLOEXEC);
	int status;

	if (!mkdtemp(directory) || chdir(directory) != 0 || files_make()) {
		printf("not ok files: none can be made in %s\n", directory);
		return 1;
	}
	status = test_main(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
	files_remove(directory, start);
	(void)close(start); /* only gone to */
	return status;
}
