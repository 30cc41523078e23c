/* SPDX-License-Identifier: MIT */
/* Removal of what killed processes leave behind. */
#include "bench/machine/leftovers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "transports/net/io.h"
#include "transports/unused.h"

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

/* Whether /proc speaks of processes by the pids that we know them by. */
static bool sweep_proc_is_ours(void)
{
	char text[16] = "";

	return readlink("/proc/self", text, sizeof(text) - 1) > 0 &&
	       strtol(text, NULL, 10) == (long)getpid();
}

/* The inode of a namespace, which names it while a process lives in it. It has 32 bits. */
static uint64_t sweep_namespace(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 ? (uint32_t)status.st_ino : 0;
}

/* The realm in which our pids and start times have their meaning. 0: unknown. */
static uint64_t sweep_realm(void)
{
	if (!sweep_proc_is_ours())
		return 0;
	return sweep_namespace("/proc/self/ns/pid") << 32 | sweep_namespace("/proc/self/ns/time");
}

int sweep_make_name(char name[SWEEP_NAME_BYTES], struct err *err)
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return err_system(err, "drawing a random name");
	(void)snprintf(name, SWEEP_NAME_BYTES,
		       "ipctop-%d-%" PRIu64 "-%016" PRIx64 "-%016" PRIx64, (int)getpid(),
		       sweep_start_time(getpid()), sweep_realm(), random);
	return 0;
}

/* A directory that base (AT_FDCWD: a path) leads to without a symbolic link at its end. */
static void sweep_entries(int base, const char *directory,
			  void (*each)(int fd, const char *name, const void *arg), const void *arg)
{
	int fd = openat(base, directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		io_close(&fd);
		return;
	}
	while ((entry = readdir(dir)))
		each(dirfd(dir), entry->d_name, arg);
	(void)closedir(dir);
}

int sweep_make_directory(const char *path, struct err *err)
{
	return mkdir(path, 0700) == 0 ? 0 : err_system(err, "making the directory %s", path);
}

static void sweep_prefixed(int fd, const char *name, const void *prefix)
{
	if (strncmp(name, prefix, strlen(prefix)) == 0)
		(void)unlinkat(fd, name, 0);
}

void sweep_segments(const char *prefix)
{
	if (*prefix)
		sweep_entries(AT_FDCWD, "/dev/shm", sweep_prefixed, prefix);
}

static void sweep_any(int fd, const char *name, const void *arg UNUSED)
{
	if (name[0] != '.')
		(void)unlinkat(fd, name, 0);
}

void sweep_directory(const char *path)
{
	sweep_entries(AT_FDCWD, path, sweep_any, NULL);
	(void)rmdir(path);
}

/* Is this a name of ours, of this realm, whose runner is dead? */
static bool sweep_is_dead(int fd, const char *name, uint64_t realm)
{
	struct stat status;
	uint64_t start;
	uint64_t theirs;
	int pid;
	int used = 0;

	if (sscanf(name, "ipctop-%d-%" SCNu64 "-%16" SCNx64 "-%*16[0-9a-f]%n", &pid, &start,
		   &theirs, &used) != 3 || !used)
		return false;
	if (theirs != realm || !realm)
		return false;
	if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || status.st_uid != geteuid())
		return false;
	return sweep_start_time(pid) != start;
}

static void sweep_dead_segment(int fd, const char *name, const void *realm)
{
	if (sweep_is_dead(fd, name, *(const uint64_t *)realm))
		(void)unlinkat(fd, name, 0);
}

static void sweep_dead_directory(int fd, const char *name, const void *realm)
{
	if (!sweep_is_dead(fd, name, *(const uint64_t *)realm))
		return;
	sweep_entries(fd, name, sweep_any, NULL);
	(void)unlinkat(fd, name, AT_REMOVEDIR);
}

/* Sweeps a folder of socket directories, which may be a link. */
static void sweep_dead_below(const char *folder, const uint64_t *realm)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/.", folder) < (int)sizeof(path))
		sweep_entries(AT_FDCWD, path, sweep_dead_directory, realm);
}

void sweep_dead(void)
{
	uint64_t realm = sweep_realm();
	const char *folder = getenv("TMPDIR");

	sweep_entries(AT_FDCWD, "/dev/shm", sweep_dead_segment, &realm);
	sweep_dead_below(SWEEP_FOLDER, &realm);
	if (folder && folder[0] == '/')
		sweep_dead_below(folder, &realm);
}
