/* SPDX-License-Identifier: MIT */
/* Files under the XDG base directories. */
#include "tui/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_BYTES_MAX 65536

/*
 * Fails if path is in a home that is not there: services have one, such as /nonexistent, which
 * nobody may make.
 */
static int home_check(const char *path, const char *home, struct err *err)
{
	size_t length = home ? strlen(home) : 0;
	struct stat status;

	while (length > 1 && home[length - 1] == '/')
		length--;
	if (length < 2 || strncmp(path, home, length) != 0 || path[length] != '/')
		return 0;
	if (stat(home, &status) == 0 && S_ISDIR(status.st_mode))
		return 0;
	return err_set(err, ERR_UNSUPPORTED, "HOME, %.200s, is no directory", home);
}

static int path_base(const char *variable, const char *below_home, const char *leaf,
		     char path[PATH_BYTES], struct err *err)
{
	const char *base = getenv(variable);
	const char *home = getenv("HOME");
	int length;

	/* The specification has paths ignored that are not absolute. */
	if (base && base[0] == '/')
		length = snprintf(path, PATH_BYTES, "%s/ipctop/%s", base, leaf);
	else if (home && home[0] == '/')
		length = snprintf(path, PATH_BYTES, "%s/%s/ipctop/%s", home, below_home, leaf);
	else
		return err_set(err, ERR_UNSUPPORTED, "neither %s nor HOME names a directory",
			       variable);
	if (length >= PATH_BYTES)
		return err_set(err, ERR_RANGE, "the path of %s is too long", leaf);
	return home_check(path, home, err);
}

int path_config(const char *leaf, char path[PATH_BYTES], struct err *err)
{
	return path_base("XDG_CONFIG_HOME", ".config", leaf, path, err);
}

int path_state(const char *leaf, char path[PATH_BYTES], struct err *err)
{
	return path_base("XDG_STATE_HOME", ".local/state", leaf, path, err);
}

int path_make_parents(const char *path, struct err *err)
{
	char part[PATH_BYTES];

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		(void)snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		if (mkdir(part, 0700) != 0 && errno != EEXIST)
			return err_system(err, "making the directory %s", part);
	}
	return 0;
}

char *path_read(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = file ? calloc(1, TEXT_BYTES_MAX) : NULL;
	size_t bytes = text ? fread(text, 1, TEXT_BYTES_MAX, file) : 0;

	if (file)
		(void)fclose(file); /* only read from */
	if (bytes < TEXT_BYTES_MAX)
		return text;
	free(text);
	return NULL;
}

static int write_synced(FILE *file, const char *text)
{
	int status = fputs(text, file) < 0 || fflush(file) != 0 || fsync(fileno(file)) != 0;

	return fclose(file) != 0 || status ? -1 : 0;
}

int path_write(const char *path, const char *text, struct err *err)
{
	char temporary[PATH_BYTES + 16];
	FILE *file;

	if (path_make_parents(path, err) != 0)
		return -1;
	(void)snprintf(temporary, sizeof(temporary), "%s.%ld", path, (long)getpid());
	file = fopen(temporary, "we");
	if (!file)
		return err_system(err, "writing %s", temporary);
	if (write_synced(file, text) == 0 && rename(temporary, path) == 0)
		return 0;
	(void)err_system(err, "writing %s", path);
	(void)unlink(temporary);
	return -1;
}
