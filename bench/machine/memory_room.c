/* SPDX-License-Identifier: MIT */
/* Memory that is available, from /proc/meminfo and the files of control groups. */
#include "bench/machine/memory_room.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNKNOWN UINT64_MAX

/* Where the two versions of control groups keep the same figures. */
static const struct group_files {
	const char *folder; /* below that of all groups */
	const char *limit, *used;
	const char *cache; /* in memory.stat: what the kernel gives back */
} version_1 = {"/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "},
  version_2 = {"", "memory.max", "memory.current", "inactive_file "};

/* The number behind key in a file's first line that begins with key; UNKNOWN if there is none. */
static uint64_t figure_read(const char *folder, const char *name, const char *key)
{
	char path[PATH_MAX];
	char line[128];
	uint64_t figure = UNKNOWN;
	FILE *file;

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		return UNKNOWN;
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, strlen(key)) != 0)
			continue;
		if (sscanf(line + strlen(key), " %" SCNu64, &figure) != 1)
			figure = UNKNOWN; /* "max" */
		break;
	}
	if (file)
		(void)fclose(file); /* only read from */
	return figure;
}

/* What the limit of one group leaves; UNKNOWN if it has none. */
static uint64_t group_room(const char *folder, const struct group_files *files)
{
	uint64_t limit = figure_read(folder, files->limit, "");
	uint64_t used = figure_read(folder, files->used, "");
	uint64_t cache = figure_read(folder, "memory.stat", files->cache);

	if (limit == UNKNOWN || used == UNKNOWN)
		return UNKNOWN;
	if (cache != UNKNOWN)
		used -= cache < used ? cache : used;
	return limit > used ? limit - used : 0;
}

/* What the limits of the group at path, and of all that it is in, leave. */
static uint64_t groups_room(const char *groups, char *path, const struct group_files *files)
{
	uint64_t least = UNKNOWN;
	char folder[PATH_MAX];
	char *slash;

	do {
		uint64_t room;

		slash = strrchr(path, '/');
		(void)snprintf(folder, sizeof(folder), "%.1000s%s%.3000s", groups, files->folder,
			       path);
		room = group_room(folder, files);
		least = room < least ? room : least;
		if (slash)
			*slash = '\0';
	} while (slash);
	return least;
}

/* Whether the line is that of our group of memory: "4:memory,x:/path" or "0::/path". */
static const struct group_files *line_version(const char *controllers)
{
	const char *memory = strstr(controllers, "memory");
	const char *end = strchr(controllers, ':');

	if (*controllers == ':')
		return &version_2;
	return memory && end && memory < end ? &version_1 : NULL;
}

static uint64_t limits_room(const char *proc, const char *groups)
{
	char path[PATH_MAX];
	char *line = NULL;
	size_t size = 0;
	uint64_t least = UNKNOWN;
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/self/cgroup", proc);
	file = fopen(path, "re");
	while (file && getline(&line, &size, file) > 0) {
		char *controllers = strchr(line, ':');
		const struct group_files *files = controllers ? line_version(controllers + 1) :
								NULL;
		uint64_t room;

		line[strcspn(line, "\n")] = '\0';
		if (!files)
			continue;
		room = groups_room(groups, strchr(controllers + 1, ':') + 1, files);
		least = room < least ? room : least;
	}
	free(line);
	if (file)
		(void)fclose(file); /* only read from */
	return least;
}

struct memory_room memory_room_in(const char *proc, const char *groups)
{
	/* MemAvailable counts caches that the kernel would give back. */
	uint64_t kib = figure_read(proc, "meminfo", "MemAvailable:");
	uint64_t bytes = kib == UNKNOWN ? UNKNOWN : kib << 10;
	uint64_t room = limits_room(proc, groups);

	return (struct memory_room){room < bytes ? room : bytes, room < bytes};
}

struct memory_room memory_room_now(void)
{
	return memory_room_in("/proc", "/sys/fs/cgroup");
}
