/* SPDX-License-Identifier: MIT */
/*
 * Foreign pairs: transports whose two ends are other people's programs, read
 * from a JSON file and added to the registry; ipctop-pair(7).
 *
 * Commands come from such files only: from those that the user names, and from
 * the one that comes with ipctop.
 */
#ifndef BENCH_PLAN_FOREIGN_PAIRS_H
#define BENCH_PLAN_FOREIGN_PAIRS_H

#include <stddef.h>
#include <stdint.h>

#include "transports/err.h"
#include "transports/registry.h"

#define PAIRS_MAX 32              /* of a file */
#define PAIRS_FILE_BYTES (64u << 10)
#define PAIRS_PATH_BYTES 512      /* of a file's absolute path: it travels in a control record */
#define PAIRS_WORDS_MAX 32        /* of a command */
#define PAIRS_VARIABLES_MAX 16
#define PAIRS_NEEDS_MAX 8
#define PAIRS_TITLE_BYTES 64
#define PAIRS_DIRECTORY_BYTES (2 * PAIRS_PATH_BYTES)

/* A pair as the file has it. Texts are the document's. */
struct pairs_row {
	char name[TRANSPORT_NAME_BYTES];    /* "zmq+bytes" */
	char carrier_name[TRANSPORT_NAME_BYTES];
	const char *encoding_name;          /* the end of name */
	const char *title;                  /* NULL: none is given */
	const char *server[PAIRS_WORDS_MAX + 1];
	const char *client[PAIRS_WORDS_MAX + 1];
	const char *environment[2 * PAIRS_VARIABLES_MAX + 1];
	const char *relative;               /* directory, as it is written; NULL: the file's own */
	bool checksums;
	unsigned protocol;                  /* 1 or 2 */
	unsigned dtypes;                    /* DTYPE_BIT of each */
	unsigned directions;                /* a bit for each enum direction */
	struct pairs_need {
		const char *file;
		const char *package;
	} needs[PAIRS_NEEDS_MAX];
	size_t need_count;
	/* What pairs_load makes of it for the registry. */
	char directory[PAIRS_DIRECTORY_BYTES];
	char missing[200];
	struct program program;
	struct carrier carrier;
	struct encoding encoding; /* where the table has none of that name */
};

struct pairs {
	void *document; /* owned; bench/plan/foreign_pairs_json.c knows what it is */
	char file[PAIRS_PATH_BYTES];
	size_t count;
	struct pairs_row rows[PAIRS_MAX];
};

/*
 * Reads the document in text (bytes long, not NUL-terminated). Strict: a member
 * that is not known, given twice, of another kind or too long is an error, which
 * names the pair and the member. Pure; fuzzed.
 */
int pairs_parse(struct pairs *pairs, const char *text, size_t bytes, struct err *err);

/* Accepts a zeroed struct. */
void pairs_fini(struct pairs *pairs);

/*
 * Reads a file and adds its pairs to the registry, where they stay until the
 * process ends. hash: what the file's bytes must hash to, since another process
 * has read it before; NULL: anything. flags: enum carrier_flags of every row.
 * Messages begin with the file's name.
 */
int pairs_load(const char *file, const uint64_t *hash, unsigned flags, struct err *err);

/* Adds the pairs that come with ipctop, if they are where they should be. */
void pairs_load_shipped(void);

#endif
