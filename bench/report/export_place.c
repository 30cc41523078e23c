/* SPDX-License-Identifier: MIT */
/* Where the name of a file leads, links included. */
#include "bench/report/export_place.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define LINKS_MAX 40 /* as the kernel has it */

int place_name_too_long(const char *path, struct err *err)
{
	return err_set(err, ERR_RANGE, "cannot write %.300s: its name is too long", path);
}

size_t place_directory_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

int place_directory_stat(const char *path, struct stat *around, struct err *err)
{
	char directory[PATH_MAX];

	(void)snprintf(directory, sizeof(directory), "%.*s.", (int)place_directory_length(path),
		       path);
	return stat(directory, around) == 0 ? 0 : err_system(err, "cannot write %.300s", path);
}

/*
 * The kernel's own rule where everybody may make names, as in /tmp (proc(5), protected_symlinks):
 * there a link is followed only if it is ours or the directory's owner's. Whoever made another
 * would choose which file of ours is replaced.
 */
static int link_check(const char *path, const struct stat *link_stat, struct err *err)
{
	struct stat around;

	if (place_directory_stat(path, &around, err) != 0)
		return -1;
	if (!(around.st_mode & S_ISVTX) || !(around.st_mode & S_IWOTH) ||
	    link_stat->st_uid == geteuid() || link_stat->st_uid == around.st_uid)
		return 0;
	return err_set(err, ERR_SYSTEM, "cannot write %.300s: it is a link of another user's",
		       path);
}

/* Replaces path, a symbolic link, by what it says. */
static int link_follow(char path[PATH_MAX], const struct stat *link_stat, struct err *err)
{
	char link[PATH_MAX];
	ssize_t length = readlink(path, link, sizeof(link));
	size_t before = place_directory_length(path);

	if (link_check(path, link_stat, err) != 0)
		return -1;
	if (length < 0)
		return err_system(err, "cannot read the link %.300s", path);
	if (link[0] == '/')
		before = 0;
	if (before + (size_t)length >= PATH_MAX)
		return place_name_too_long(path, err);
	memcpy(path + before, link, (size_t)length);
	path[before + (size_t)length] = '\0';
	return 0;
}

int place_follow_links(char path[PATH_MAX], struct err *err)
{
	struct stat link_stat;

	for (unsigned i = 0; i < LINKS_MAX; i++) {
		if (lstat(path, &link_stat) != 0 || !S_ISLNK(link_stat.st_mode))
			return 0;
		if (link_follow(path, &link_stat, err) != 0)
			return -1;
	}
	errno = ELOOP;
	return err_system(err, "cannot write %.300s", path);
}

/* What is there already is known by its inode; what is not, by its directory and its name. */
int place_find(struct place *place, const char *path, struct err *err)
{
	char target[PATH_MAX];
	struct stat found;

	*place = (struct place){.exists = stat(path, &found) == 0};
	if (place->exists) {
		place->found = found;
		return 0;
	}
	if (strlen(path) >= sizeof(target))
		return place_name_too_long(path, err);
	memcpy(target, path, strlen(path) + 1);
	if (place_follow_links(target, err) != 0 ||
	    place_directory_stat(target, &place->found, err) != 0)
		return -1;
	(void)snprintf(place->name, sizeof(place->name), "%.*s", (int)sizeof(place->name) - 1,
		       target + place_directory_length(target));
	return 0;
}

void place_of_stream(struct place *place, int fd)
{
	*place = (struct place){0};
	place->exists = fstat(fd, &place->found) == 0;
}

/* /dev/null keeps nothing, so that nothing is lost there. */
static bool place_is_null(const struct place *place)
{
	return S_ISCHR(place->found.st_mode) && place->found.st_rdev == makedev(1, 3);
}

bool place_same(const struct place *a, const struct place *b)
{
	return a->exists == b->exists && !place_is_null(a) && a->found.st_dev == b->found.st_dev &&
	       a->found.st_ino == b->found.st_ino && strcmp(a->name, b->name) == 0;
}

bool place_keeps_order(const struct place *place)
{
	return place->exists && (S_ISREG(place->found.st_mode) || S_ISFIFO(place->found.st_mode));
}
