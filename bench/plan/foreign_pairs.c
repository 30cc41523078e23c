/* SPDX-License-Identifier: MIT */
/* Foreign pairs: their file, where it is, and their rows for the registry. */
#include "bench/plan/foreign_pairs.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/text/hash.h"
#include "transports/net/io.h"

/* A regular file's bytes, at most PAIRS_FILE_BYTES of them. */
static int file_read(const char *file, char *text, size_t *bytes, struct err *err)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat stat;
	size_t used = 0;
	ssize_t got = 1;

	if (fd < 0)
		return err_system(err, "cannot be read");
	if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode)) {
		io_close(&fd);
		return err_set(err, ERR_USAGE, "is not a file");
	}
	while (got > 0 && used < PAIRS_FILE_BYTES) {
		got = read(fd, text + used, PAIRS_FILE_BYTES - used);
		used += got > 0 ? (size_t)got : 0;
	}
	io_close(&fd);
	if (got < 0)
		return err_system(err, "cannot be read");
	if (used == PAIRS_FILE_BYTES)
		return err_set(err, ERR_USAGE, "is larger than %u KiB", PAIRS_FILE_BYTES >> 10);
	*bytes = used;
	return 0;
}

/* "needs python3-numpy python3-fastapi: apt-get install them" */
static void row_look_for_needs(struct pairs_row *row)
{
	size_t used = 0;

	for (size_t i = 0; i < row->need_count; i++) {
		const struct pairs_need *need = &row->needs[i];

		if (access(need->file, F_OK) == 0 || used >= sizeof(row->missing))
			continue;
		used += (size_t)snprintf(row->missing + used, sizeof(row->missing) - used, "%s %s",
					 used ? "" : "needs: apt-get install", need->package);
	}
}

static int row_choose_directory(struct pairs_row *row, const char *file, struct err *err)
{
	int own = (int)(strrchr(file, '/') - file);
	const char *relative = row->relative ? row->relative : ".";
	int length;

	if (*relative == '/')
		length = snprintf(row->directory, sizeof(row->directory), "%s", relative);
	else
		length = snprintf(row->directory, sizeof(row->directory), "%.*s/%s", own, file,
				  relative);
	if (length >= (int)sizeof(row->directory) || access(row->directory, X_OK) != 0)
		return err_set(err, ERR_USAGE, "%s: \"directory\" is none that can be entered",
			       row->name);
	return 0;
}

/* For the estimates: an encoding that our table does not know. */
static struct encoding_need foreign_need(const struct array_type *type)
{
	return (struct encoding_need){.taker_bytes = array_type_bytes(type)};
}

static int row_add(struct pairs_row *row, const struct pairs *pairs, uint64_t hash, unsigned flags,
		   struct err *err)
{
	const struct encoding *encoding = encoding_find(row->encoding_name);

	row_look_for_needs(row);
	row->program = (struct program){
		.server = row->server,
		.client = row->client,
		.environment = row->environment,
		.directory = row->directory,
		.checksums = row->checksums,
		.protocol = row->protocol,
		.dtypes = row->dtypes,
		.directions = row->directions,
		.missing = row->missing,
		.file = pairs->file,
		.file_hash = hash,
	};
	row->carrier = (struct carrier){
		.name = row->carrier_name,
		.title = row->title ? row->title : "a foreign pair",
		.scheme = row->carrier_name,
		.flags = flags,
		.waits = WAIT_BIT(WAIT_BLOCK),
		.program = &row->program,
	};
	row->encoding = (struct encoding){
		.name = row->encoding_name,
		.title = row->encoding_name,
		.dtypes = row->dtypes,
		.need = foreign_need,
		.cost.foreign = {1.4, 0.6, 6, 0}, /* as bytes: it may be anything */
	};
	return registry_add(&row->carrier, encoding ? encoding : &row->encoding, err);
}

static int pairs_add(struct pairs *pairs, uint64_t hash, unsigned flags, size_t *added,
		     struct err *err)
{
	for (size_t i = 0; i < pairs->count; i++) {
		if (row_choose_directory(&pairs->rows[i], pairs->file, err) != 0 ||
		    row_add(&pairs->rows[i], pairs, hash, flags, err) != 0)
			return -1;
		++*added;
	}
	return 0;
}

/* Reads and parses it; *found is what its bytes hash to. */
static int pairs_open(struct pairs *pairs, const char *file, const uint64_t *hash, uint64_t *found,
		      struct err *err)
{
	char *text = malloc(PAIRS_FILE_BYTES);
	char path[PATH_MAX];
	size_t bytes = 0;
	int status = -1;

	if (!text)
		return err_set(err, ERR_MEMORY, "no memory for it");
	if (!realpath(file, path))
		(void)err_system(err, "cannot be read");
	else if (strlen(path) >= sizeof(pairs->file))
		(void)err_set(err, ERR_USAGE, "has a path of more than %d bytes",
			      PAIRS_PATH_BYTES - 1);
	else if (file_read(path, text, &bytes, err) == 0) {
		(void)snprintf(pairs->file, sizeof(pairs->file), "%s", path);
		*found = hash_bytes(text, bytes);
		status = hash && *hash != *found ?
				 err_set(err, ERR_USAGE, "has changed since this run began") :
				 pairs_parse(pairs, text, bytes, err);
	}
	free(text);
	return status;
}

int pairs_load(const char *file, const uint64_t *hash, unsigned flags, struct err *err)
{
	struct pairs *pairs = calloc(1, sizeof(*pairs));
	char context[200];
	uint64_t found = 0;
	size_t added = 0;
	int status = -1;

	if (!pairs)
		return err_set(err, ERR_MEMORY, "no memory for foreign pairs");
	if (pairs_open(pairs, file, hash, &found, err) == 0)
		status = pairs_add(pairs, found, flags, &added, err);
	/* Rows that the registry has already must stay. */
	if (!added) {
		pairs_fini(pairs);
		free(pairs);
	}
	(void)snprintf(context, sizeof(context), "%.190s", file);
	return status == 0 ? 0 : err_wrap(err, context);
}

void pairs_load_shipped(void)
{
	/* In a build tree, in a variant's build, in an installation. */
	static const char *const places[] = {
		"bench/pairs", "../../bench/pairs", "../share/ipctop/pairs",
	};
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char file[PATH_MAX + 64];
	char *slash;

	program[length > 0 ? length : 0] = '\0';
	slash = strrchr(program, '/');
	for (size_t i = 0; slash && i < sizeof(places) / sizeof(places[0]); i++) {
		(void)snprintf(file, sizeof(file), "%.*s/%s/python/pairs.json",
			       (int)(slash - program), program, places[i]);
		/* A fault in these pairs is no error: the rest works without them. */
		if (access(file, R_OK) == 0 && pairs_load(file, NULL, CARRIER_SHIPPED, NULL) == 0)
			return;
	}
}
