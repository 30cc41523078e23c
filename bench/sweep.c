/* SPDX-License-Identifier: MIT */
/* Removal of what killed processes leave behind. */
#include "bench/sweep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A process's start time in clock ticks since boot: with the pid, it names the process
 * for good. 0: no such process.
 */
static uint64_t sweep_start_time(int pid)
{
	char path[32];
	char text[1024];
	FILE *file;
	size_t used;
	char *p;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	used = fread(text, 1, sizeof(text) - 1, file);
	(void)fclose(file);
	text[used] = '\0';
	p = strrchr(text, ')'); /* the command may hold spaces and parentheses */
	/* proc(5): the start time is field 22, the state after the command is field 3. */
	for (int field = 3; p && field <= 22; field++)
		p = strchr(p + 1, ' ');
	return p ? strtoull(p + 1, NULL, 10) : 0;
}

int sweep_make_name(char name[SWEEP_NAME_BYTES], struct err *err)
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return err_system(err, "drawing a random name");
	(void)snprintf(name, SWEEP_NAME_BYTES, "ipctop-%d-%" PRIu64 "-%016" PRIx64, (int)getpid(),
		       sweep_start_time(getpid()), random);
	return 0;
}

static void sweep_entries(const char *directory, void (*each)(int fd, const char *name, void *arg),
			  void *arg)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		each(dirfd(dir), entry->d_name, arg);
	(void)closedir(dir);
}

static void sweep_prefixed(int fd, const char *name, void *arg)
{
	if (strncmp(name, arg, strlen(arg)) == 0)
		(void)unlinkat(fd, name, 0);
}

void sweep_segments(const char *prefix)
{
	if (*prefix)
		sweep_entries("/dev/shm", sweep_prefixed, (void *)(uintptr_t)prefix);
}

static void sweep_any(int fd, const char *name, void *arg)
{
	(void)arg;
	if (name[0] != '.')
		(void)unlinkat(fd, name, 0);
}

void sweep_directory(const char *path)
{
	sweep_entries(path, sweep_any, NULL);
	(void)rmdir(path);
}

/* Is this a name of ours whose runner is dead? */
static bool sweep_is_dead(int fd, const char *name)
{
	struct stat status;
	uint64_t start;
	int pid;
	int used = 0;

	if (sscanf(name, "ipctop-%d-%" SCNu64 "-%*16[0-9a-f]%n", &pid, &start, &used) != 2 || !used)
		return false;
	if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || status.st_uid != geteuid())
		return false;
	return sweep_start_time(pid) != start;
}

static void sweep_dead_segment(int fd, const char *name, void *arg)
{
	(void)arg;
	if (sweep_is_dead(fd, name))
		(void)unlinkat(fd, name, 0);
}

static void sweep_dead_directory(int fd, const char *name, void *arg)
{
	char path[sizeof("/tmp/") + NAME_MAX];

	(void)arg;
	if (!sweep_is_dead(fd, name))
		return;
	(void)snprintf(path, sizeof(path), "/tmp/%s", name);
	sweep_directory(path);
}

void sweep_dead(void)
{
	sweep_entries("/dev/shm", sweep_dead_segment, NULL);
	sweep_entries("/tmp", sweep_dead_directory, NULL);
}
