/* SPDX-License-Identifier: MIT */
/* The test harness: runs a table of tests and prints a line for each. */
#include "tests/support/test.h"

#include <stdarg.h>

char test_why[1024];
bool test_skipped;

void test_fail(const char *format, ...)
{
	va_list args;

	if (test_why[0])
		return;
	va_start(args, format);
	(void)vsnprintf(test_why, sizeof(test_why), format, args);
	va_end(args);
}

void test_fail_at(const char *file, int line, const char *condition, const char *format, ...)
{
	size_t used;
	va_list args;

	if (test_why[0])
		return;
	(void)snprintf(test_why, sizeof(test_why), "%s:%d: %s: ", file, line, condition);
	used = strlen(test_why);
	va_start(args, format);
	(void)vsnprintf(test_why + used, sizeof(test_why) - used, format, args);
	va_end(args);
}

int test_main(const struct test *tests, size_t count, int argc, char **argv)
{
	size_t failed = 0;

	for (size_t i = 0; i < count; i++) {
		if (argc > 1 && !strstr(tests[i].name, argv[1]))
			continue;
		test_why[0] = '\0';
		test_skipped = false;
		tests[i].run();
		if (!test_why[0])
			printf("ok %s\n", tests[i].name);
		else if (test_skipped)
			printf("skip %s: %s\n", tests[i].name, test_why);
		else
			printf("not ok %s: %s\n", tests[i].name, test_why);
		failed += test_why[0] && !test_skipped;
		(void)fflush(stdout);
	}
	return failed ? 1 : 0;
}
