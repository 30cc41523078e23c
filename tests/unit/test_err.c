/* SPDX-License-Identifier: MIT */
/* Errors in words: the first report wins, and none is too long. */
#include <errno.h>

#include "tests/support/test.h"
#include "transports/err.h"

static struct err err;

/* Not inlined, or gcc counts the bytes of a message that would be cut. */
__attribute__((noinline)) static const char *words(void)
{
	return err.message;
}

static void test_set(void)
{
	err_clear(&err);
	CHECK(err_set(&err, ERR_RANGE, "%d bytes in %s", 7, "a box") == -1);
	CHECK(err.kind == ERR_RANGE);
	CHECK_STR(words(), "7 bytes in a box");
}

static void test_first_wins(void)
{
	err_clear(&err);
	(void)err_set(&err, ERR_CLOSED, "the cause");
	CHECK(err_set(&err, ERR_MEMORY, "a consequence") == -1);
	errno = EPERM;
	CHECK(err_system(&err, "another") == -1);
	CHECK(err.kind == ERR_CLOSED);
	CHECK_STR(words(), "the cause");
}

static void test_system(void)
{
	err_clear(&err);
	errno = ENOENT;
	CHECK(err_system(&err, "opening %s", "it") == -1);
	CHECK(err.kind == ERR_SYSTEM);
	CHECK_STR(words(), "opening it: No such file or directory");
}

static void test_nobody_listens(void)
{
	CHECK(err_set(NULL, ERR_USAGE, "unheard") == -1);
	CHECK(err_system(NULL, "unheard") == -1);
	CHECK(err_wrap(NULL, "unheard") == -1);
}

static void test_wrap(void)
{
	err_clear(&err);
	(void)err_set(&err, ERR_TIMEOUT, "no answer");
	CHECK(err_wrap(&err, "connecting") == -1);
	CHECK(err.kind == ERR_TIMEOUT);
	CHECK_STR(words(), "connecting: no answer");
}

static void test_add(void)
{
	err_clear(&err);
	CHECK(err_add(&err, "; more") == -1 && err_add(NULL, "; more") == -1);
	CHECK(err.kind == ERR_NONE && !err.message[0]);
	(void)err_set(&err, ERR_WRONG, "no list");
	CHECK(err_add(&err, "; it begins: %s", "[") == -1);
	CHECK(err.kind == ERR_WRONG);
	CHECK_STR(words(), "no list; it begins: [");
	for (int i = 0; i < 100; i++)
		(void)err_add(&err, "; and so on");
	CHECK(strlen(err.message) == ERR_MESSAGE_BYTES - 1);
}

static void test_long(void)
{
	static char many[3 * ERR_MESSAGE_BYTES];

	memset(many, 'm', sizeof(many) - 1);
	err_clear(&err);
	(void)err_set(&err, ERR_USAGE, "%s", many);
	CHECK(strlen(err.message) == ERR_MESSAGE_BYTES - 1);
	(void)err_wrap(&err, many);
	CHECK(strlen(err.message) < ERR_MESSAGE_BYTES && strstr(err.message, ": mmm"));
	err_clear(&err);
	(void)err_system(&err, "%s", many);
	CHECK(strlen(err.message) == ERR_MESSAGE_BYTES - 1);
}

static void test_clear(void)
{
	(void)err_set(&err, ERR_USAGE, "x");
	err_clear(&err);
	CHECK(err.kind == ERR_NONE && !err.message[0]);
	(void)err_set(&err, ERR_WRONG, "new");
	CHECK(err.kind == ERR_WRONG);
	CHECK_STR(words(), "new");
}

static void test_quote(void)
{
	char text[16];

	CHECK_STR(err_quote(text, sizeof(text), "plain", 5), "plain");
	CHECK_STR(err_quote(text, sizeof(text), "", 0), "");
	CHECK_STR(err_quote(text, sizeof(text), "a\nb\0\x1b", 5), "a\\nb\\x00\\x1b");
	CHECK_STR(err_quote(text, sizeof(text), "\xc3\xa9", 2), "\\xc3\\xa9");
	CHECK_STR(err_quote(text, sizeof(text), "123456789012345", 15), "123456789012345");
	CHECK_STR(err_quote(text, sizeof(text), "1234567890123456", 16), "123456789012...");
	CHECK_STR(err_quote(text, 8, "\x01\x02\x03", 3), "\\x01...");
}

static const struct test tests[] = {
	{"set", test_set},       {"first wins", test_first_wins},
	{"system", test_system}, {"nobody listens", test_nobody_listens},
	{"wrap", test_wrap},     {"add", test_add},
	{"long", test_long},
	{"clear", test_clear},   {"quote", test_quote},
};

TEST_MAIN(tests)
