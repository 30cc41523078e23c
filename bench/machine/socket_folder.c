/* SPDX-License-Identifier: MIT */
/* The folder of socket files. */
#include "bench/machine/socket_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/machine/leftovers.h"

/* A slash, and what io_listen_unix calls the file. */
#define SOCKET_FILE_BYTES sizeof("/0123abcd.sock")

/* Fails with errno unless entries can be made in path. */
static int folder_access(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return -1;
	if (!S_ISDIR(status.st_mode)) {
		errno = ENOTDIR;
		return -1;
	}
	return faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS);
}

/* Names of one process are equally long, whatever is random in them. */
static size_t name_length(void)
{
	char name[SWEEP_NAME_BYTES];

	return sweep_make_name(name, NULL) == 0 ? strlen(name) : SWEEP_NAME_BYTES - 1;
}

/* 0 if path will do, else -1 with why not. */
static int folder_check(const char *path, struct err *why)
{
	size_t longest = SOCKET_FOLDER_BYTES - SOCKET_FILE_BYTES - name_length() - 1;

	if (path[0] != '/')
		return err_set(why, ERR_USAGE, "TMPDIR \"%.100s\" is no absolute path", path);
	if (strlen(path) > longest)
		return err_set(why, ERR_RANGE,
			       "TMPDIR %.100s is too long for the path of a socket file: %zu bytes "
			       "at most",
			       path, longest);
	return folder_access(path) == 0 ? 0 : err_system(why, "TMPDIR %.100s", path);
}

const char *socket_folder(struct err *why)
{
	const char *path = getenv("TMPDIR");

	if (!path || !*path || folder_check(path, why) != 0)
		return SWEEP_FOLDER;
	return path;
}

char *socket_folder_path(const char *name, char path[SOCKET_FOLDER_BYTES])
{
	(void)snprintf(path, SOCKET_FOLDER_BYTES, "%s/%s", socket_folder(NULL), name);
	return path;
}

int socket_folder_check(struct err *err)
{
	struct err why = {0};
	const char *folder = socket_folder(&why);
	bool ours = why.kind == ERR_NONE;

	if (folder_access(folder) == 0)
		return 0;
	return err_set(err, ERR_UNSUPPORTED,
		       "%.220s%s%s cannot be written (%s): set TMPDIR to a folder that can",
		       why.message, ours ? "" : ", and ", folder, strerror(errno));
}
