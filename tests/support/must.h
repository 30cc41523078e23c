/* SPDX-License-Identifier: MIT */
/*
 * What must hold of every input, a fuzzer's or a unit test's: the process ends where it does not.
 */
#ifndef TESTS_SUPPORT_MUST_H
#define TESTS_SUPPORT_MUST_H

#include <stddef.h>

#define must(condition) ((condition) ? (void)0 : must_fail(__FILE__, __LINE__, #condition))

/* Says so, as a failed test, and aborts. */
_Noreturn void must_fail(const char *file, int line, const char *condition);

/* A copy of the bytes in memory of its own, so that reading past it is noticed. free() it. */
void *exact_copy(const void *data, size_t size);

/* The same with a NUL behind it. */
char *exact_text(const void *data, size_t size);

#endif
