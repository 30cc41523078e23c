/* SPDX-License-Identifier: MIT */
/*
 * What valgrind 3.19 does not do for ipctop, preloaded by tests/memcheck. It has no
 * pidfd_open, for which a pipe stands in here: the new process has the other end, so
 * that reading ends with it. And to the kernel /proc/self/exe is valgrind itself; only
 * readlink is told the truth.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LEAST_FD 100 /* the low ones have a meaning to a worker */

long syscall(long number, ...);

static pid_t last_pid;    /* of posix_spawn */
static int last_fd = -1; /* tells of its end; to be handed out once */

/* A pipe: both ends are the caller's, and out of the way. */
static int pipe_open(int ends[2])
{
	int low[2];

	if (pipe2(low, O_CLOEXEC) != 0)
		return errno;
	ends[0] = fcntl(low[0], F_DUPFD_CLOEXEC, LEAST_FD);
	ends[1] = fcntl(low[1], F_DUPFD, LEAST_FD);
	(void)close(low[0]);
	(void)close(low[1]);
	return ends[0] < 0 || ends[1] < 0 ? EMFILE : 0;
}

int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
		const posix_spawnattr_t *attributes, char *const arguments[],
		char *const environment[])
{
	int (*next)(pid_t *, const char *, const posix_spawn_file_actions_t *,
		    const posix_spawnattr_t *, char *const[], char *const[]) =
		dlsym(RTLD_NEXT, "posix_spawn");
	char self[PATH_MAX] = "";
	int ends[2] = {-1, -1};
	int status = pipe_open(ends);

	if (status != 0)
		return status;
	if (strcmp(path, "/proc/self/exe") == 0 && readlink(path, self, sizeof(self) - 1) > 0)
		path = self;
	status = next(pid, path, actions, attributes, arguments, environment);
	(void)close(ends[1]);
	if (last_fd >= 0)
		(void)close(last_fd);
	last_fd = ends[0];
	last_pid = status == 0 ? *pid : 0;
	return status;
}

long syscall(long number, ...)
{
	long (*next)(long, ...) = dlsym(RTLD_NEXT, "syscall");
	long words[6];
	va_list arguments;
	int fd = last_fd;

	va_start(arguments, number);
	for (size_t i = 0; i < 6; i++)
		words[i] = va_arg(arguments, long);
	va_end(arguments);
	if (number == SYS_pidfd_open && fd >= 0 && (pid_t)words[0] == last_pid) {
		last_fd = -1;
		return fd;
	}
	return next(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
