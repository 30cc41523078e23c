/* SPDX-License-Identifier: MIT */
/*
 * The whole test harness. A test program lists its tests in a table and ends
 * with TEST_MAIN; each test prints one line, "ok NAME", "not ok NAME: why" or
 * "skip NAME: why", which tests/run counts.
 */
#ifndef TESTS_SUPPORT_TEST_H
#define TESTS_SUPPORT_TEST_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* By how much limits of time are longer than usual: under a sanitizer, under memcheck. */
static inline unsigned test_slowness(void)
{
	const char *told = getenv("TEST_SLOWNESS");
	unsigned long factor = told ? strtoul(told, NULL, 10) : 1;

	return factor >= 1 && factor <= 100 ? (unsigned)factor : 1;
}

/* Programs are run by valgrind, as tests/run or tests/memcheck/run was told. */
static inline bool test_under_valgrind(void)
{
	return getenv("UNDER") != NULL;
}

struct test {
	const char *name;
	void (*run)(void);
};

/* Why the running test failed or was skipped; the first failure stays. */
extern char test_why[1024];
extern bool test_skipped;

void test_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define TEST_FAIL(...) test_fail(__VA_ARGS__)

void test_fail_at(const char *file, int line, const char *condition, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* A failed check ends the test: write tests as functions that may return early. */
#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			TEST_FAIL("%s:%d: %s", __FILE__, __LINE__, #cond); \
			return; \
		} \
	} while (0)

/* As CHECK, with the values that made it fail, printf fashion. */
#define CHECK_MSG(cond, ...) \
	do { \
		if (!(cond)) { \
			test_fail_at(__FILE__, __LINE__, #cond, __VA_ARGS__); \
			return; \
		} \
	} while (0)

#define CHECK_STR(got, want) \
	CHECK_MSG(strcmp((got), (want)) == 0, "got \"%s\", want \"%s\"", (got), (want))

#define SKIP(...) \
	do { \
		test_skipped = true; \
		TEST_FAIL(__VA_ARGS__); \
		return; \
	} while (0)

/* Runs every test of the table, or those whose name contains argv[1]. Returns the exit status. */
int test_main(const struct test *tests, size_t count, int argc, char **argv);

#define TEST_MAIN(table) \
	int main(int argc, char **argv) \
	{ \
		return test_main(table, sizeof(table) / sizeof((table)[0]), argc, argv); \
	}

#endif
