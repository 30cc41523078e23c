/* SPDX-License-Identifier: MIT */
/*
 * What runs out in a process whose command line has the word FAILMALLOC_ROLE:
 * memory, since malloc, calloc and realloc fail once, at call FAILMALLOC_AT
 * (e2e/memory.sh); descriptors, since it may have FAILMALLOC_FILES of them
 * (e2e/scarce.sh).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);
void *malloc(size_t bytes);
void *calloc(size_t count, size_t bytes);
void *realloc(void *old, size_t bytes);

static atomic_long left = -1; /* calls until the one that fails; negative: none will */

static int fails(void)
{
	if (atomic_load(&left) <= 0 || atomic_fetch_sub(&left, 1) != 1)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t bytes)
{
	return fails() ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
	return fails() ? NULL : __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes)
{
	return fails() ? NULL : __libc_realloc(old, bytes);
}

/* The command line's words are separated by NULs. */
static int has_role(const char *role)
{
	char text[512];
	int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof(text));

	if (fd >= 0)
		(void)close(fd);
	return got > 0 && memmem(text, (size_t)got, role, strlen(role) + 1) != NULL;
}

__attribute__((constructor)) static void failmalloc_init(void)
{
	const char *at = getenv("FAILMALLOC_AT");
	const char *files = getenv("FAILMALLOC_FILES");
	const char *role = getenv("FAILMALLOC_ROLE");
	struct rlimit limit;

	if (!role || !has_role(role))
		return;
	if (at)
		atomic_store(&left, strtol(at, NULL, 10));
	if (files) {
		limit.rlim_cur = limit.rlim_max = strtoul(files, NULL, 10);
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
			_exit(3);
	}
}
