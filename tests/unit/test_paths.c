/* SPDX-License-Identifier: MIT */
/* Where our files are; a home that is not there is not made. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tui/paths.h"

static char folder[] = "/tmp/test_paths.XXXXXX";

static void set(const char *name, const char *value)
{
	if (value)
		(void)setenv(name, value, 1);
	else
		(void)unsetenv(name);
}

/* In cases % is the test's own folder. */
static const char *expand(const char *text, char *expanded, size_t size)
{
	const char *mark = text ? strchr(text, '%') : NULL;

	if (!mark)
		return text;
	(void)snprintf(expanded, size, "%.*s%s%s", (int)(mark - text), text, folder, mark + 1);
	return expanded;
}

static const struct {
	const char *xdg, *home;
	const char *path; /* NULL: none */
	const char *says;
} cases[] = {
	{NULL, "%", "%/.local/state/ipctop/x", NULL},
	{"%/state", "%", "%/state/ipctop/x", NULL},
	{"state", "%", "%/.local/state/ipctop/x", NULL},
	{"%/state", NULL, "%/state/ipctop/x", NULL},
	{"%/state", "%/none", "%/state/ipctop/x", NULL},
	{"%/none-other", "%/none", "%/none-other/ipctop/x", NULL},
	{NULL, "%/", "%//.local/state/ipctop/x", NULL},
	{NULL, "/", "//.local/state/ipctop/x", NULL},
	{NULL, NULL, NULL, "neither XDG_STATE_HOME nor HOME"},
	{NULL, "", NULL, "neither XDG_STATE_HOME nor HOME"},
	{NULL, "home", NULL, "neither XDG_STATE_HOME nor HOME"},
	{NULL, "/nonexistent", NULL, "HOME, /nonexistent, is no directory"},
	{NULL, "%/none", NULL, "is no directory"},
	{NULL, "%/none/", NULL, "is no directory"},
	{"%/none/state", "%/none", NULL, "is no directory"},
	{NULL, "/dev/null", NULL, "HOME, /dev/null, is no directory"},
};

static void test_state(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char texts[3][200];
		char path[PATH_BYTES];
		struct err err = {0};
		int status;

		set("XDG_STATE_HOME", expand(cases[i].xdg, texts[0], sizeof(texts[0])));
		set("HOME", expand(cases[i].home, texts[1], sizeof(texts[1])));
		status = path_state("x", path, &err);
		CHECK_MSG((status == 0) == !!cases[i].path, "case %zu: %s", i, err.message);
		if (cases[i].path)
			CHECK_STR(path, expand(cases[i].path, texts[2], sizeof(texts[2])));
		else
			CHECK_MSG(strstr(err.message, cases[i].says), "case %zu: %s", i,
				  err.message);
	}
}

static void test_parents(void)
{
	char path[PATH_BYTES];
	struct stat status;

	set("HOME", folder);
	set("XDG_CONFIG_HOME", NULL);
	CHECK(path_config("a/b", path, NULL) == 0 && path_make_parents(path, NULL) == 0);
	*strrchr(path, '/') = '\0';
	CHECK(stat(path, &status) == 0 && S_ISDIR(status.st_mode));
	for (int i = 0; i < 3; i++) {
		CHECK(rmdir(path) == 0);
		*strrchr(path, '/') = '\0';
	}
}

static const struct test tests[] = {
	{"state", test_state},
	{"parents", test_parents},
};

int main(int argc, char **argv)
{
	int status;

	if (!mkdtemp(folder)) {
		printf("not ok files: none can be made\n");
		return 1;
	}
	status = test_main(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
	(void)rmdir(folder);
	return status;
}
