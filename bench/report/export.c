/* SPDX-License-Identifier: MIT */
/* The table of exporters, and files that are replaced in one step. */
#include "bench/report/export.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/report/export_place.h"

const struct exporter exporter_table[] = {
#define EXPORTER(name_) {.name = #name_, .extension = "." #name_, .write = export_##name_},
#include "bench/report/exporters.def"
#undef EXPORTER
	{.name = NULL},
};

/* A file on its way: what is written, and what it is to replace. */
struct target {
	const struct world *world;
	char path[PATH_MAX];      /* where symbolic links lead */
	char temporary[PATH_MAX]; /* beside it; "" if written straight */
	mode_t mode;              /* of our file that is replaced, or 0 */
};

/*
 * Only root and the owners of file and directory may replace a file in a sticky directory, as
 * /tmp is: another user could write beside it, and would fail in the end.
 */
static int target_check_owner(const char *path, struct err *err)
{
	struct stat there;
	struct stat around;

	if (lstat(path, &there) != 0 || geteuid() == 0 || there.st_uid == geteuid())
		return 0;
	if (place_directory_stat(path, &around, err) != 0)
		return -1;
	if (!(around.st_mode & S_ISVTX) || around.st_uid == geteuid())
		return 0;
	return err_set(err, ERR_SYSTEM,
		       "cannot replace %.300s: it is another user's, in a sticky directory", path);
}

/* Creates an empty file beside target's, of a name that no other process can have taken. */
static int temporary_open(struct target *target, struct err *err)
{
	int length = (int)place_directory_length(target->path);
	uint64_t random;
	int file;

	if (target->world->random(target->world, &random, sizeof(random)) != 0)
		return err_system(err, "drawing a random name");
	if (snprintf(target->temporary, PATH_MAX, "%.*s.ipctop-%016" PRIx64 ".tmp", length,
		     target->path, random) >= PATH_MAX)
		return place_name_too_long(target->path, err);
	file = target->world->create(target->world, target->temporary);
	if (file < 0)
		return err_system(err, "cannot create a file beside %.300s", target->path);
	if (target->mode)
		(void)fchmod(file, target->mode); /* a courtesy: its failure is no error */
	return file;
}

/* Finds out what path means and opens what is to be written. Returns a descriptor, or -1. */
static int target_open(struct target *target, const struct world *world, const char *path,
		       struct err *err)
{
	struct stat stat_now;
	bool exists = stat(path, &stat_now) == 0;
	int file;

	target->world = world;
	target->temporary[0] = '\0';
	/* Another user's file may be open to all writers: its mode is not taken over. */
	target->mode = exists && stat_now.st_uid == geteuid() ? stat_now.st_mode & 07777 : 0;
	if (strlen(path) >= PATH_MAX)
		return place_name_too_long(path, err);
	memcpy(target->path, path, strlen(path) + 1);
	if (!exists || S_ISREG(stat_now.st_mode)) {
		if (place_follow_links(target->path, err) != 0 ||
		    target_check_owner(target->path, err) != 0)
			return -1;
		return temporary_open(target, err);
	}
	file = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	return file < 0 ? err_system(err, "cannot write %.300s", path) : file;
}

bool export_is_stream(const char *path)
{
	struct stat there;

	return stat(path, &there) == 0 && !S_ISREG(there.st_mode);
}

static void target_remove(const struct target *target)
{
	if (target->temporary[0])
		(void)target->world->remove(target->world, target->temporary);
}

/* Closes the file and gives it its name, or takes it away again if status is not 0. */
static int target_finish(struct target *target, FILE *file, int status, struct err *err)
{
	const struct world *world = target->world;

	if (fclose(file) != 0 && status == 0)
		status = err_system(err, "cannot write %.300s", target->path);
	if (!target->temporary[0])
		return status;
	if (status == 0 && world->rename(world, target->temporary, target->path) != 0)
		status = err_system(err, "cannot replace %.300s", target->path);
	if (status != 0)
		target_remove(target); /* the first error is the one to tell */
	return status;
}

int export_replace(const struct world *world, const char *path,
		   int (*write)(const void *what, FILE *file, struct err *err), const void *what,
		   struct err *err)
{
	struct target target;
	int descriptor = target_open(&target, world, path, err);
	FILE *file;

	if (descriptor < 0)
		return -1;
	file = fdopen(descriptor, "w");
	if (!file) {
		(void)close(descriptor); /* nothing was written */
		target_remove(&target);
		return err_set(err, ERR_MEMORY, "no memory to write %.300s", path);
	}
	return target_finish(&target, file, write(what, file, err), err);
}

struct export_job {
	const struct model *model;
	const struct exporter *exporter;
};

static int export_write(const void *what, FILE *file, struct err *err)
{
	const struct export_job *job = what;

	return job->exporter->write(job->model, file, err);
}

int export_file(const struct world *world, const struct model *model,
		const struct exporter *exporter, const char *path, struct err *err)
{
	const struct export_job job = {model, exporter};

	return export_replace(world, path, export_write, &job, err);
}

/* Opening a FIFO would wait for its reader, and closing it again would end that one. */
static int special_check(const char *path, bool directory, struct err *err)
{
	int allowed = access(path, W_OK);

	if (directory) {
		errno = EISDIR;
		allowed = -1;
	}
	return allowed == 0 ? 0 : err_system(err, "cannot write %.300s", path);
}

int export_check_path(const struct world *world, const char *path, struct err *err)
{
	struct target target;
	struct stat stat_now;
	int descriptor;

	if (!path[0] || path[strlen(path) - 1] == '/')
		return err_set(err, ERR_USAGE, "\"%.300s\" does not name a file", path);
	if (stat(path, &stat_now) == 0 && !S_ISREG(stat_now.st_mode))
		return special_check(path, S_ISDIR(stat_now.st_mode), err);
	descriptor = target_open(&target, world, path, err);
	if (descriptor < 0)
		return -1;
	(void)close(descriptor); /* nothing was written */
	target_remove(&target);
	return 0;
}
