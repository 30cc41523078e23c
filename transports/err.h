/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, in words. The caller owns the struct and passes it last; the
 * deepest function that fails fills it, and the first report wins. Reporting
 * never allocates and never fails. A message names the operation, the object
 * and the reason; it has no newline and no trailing dot.
 */
#ifndef TRANSPORTS_ERR_H
#define TRANSPORTS_ERR_H

#include <stddef.h>

enum err_kind {
	ERR_NONE,
	ERR_SYSTEM,      /* a system call; errno's text is in the message */
	ERR_TIMEOUT,     /* the other end did not answer in time */
	ERR_CLOSED,      /* the other end hung up */
	ERR_PROTOCOL,    /* the other end sent what the protocol does not allow */
	ERR_RANGE,       /* a size or number that does not fit */
	ERR_UNSUPPORTED, /* asked for something this build or machine cannot do */
	ERR_MEMORY,      /* no memory */
	ERR_USAGE,       /* the user asked for something malformed */
	ERR_WRONG,       /* the reply differs from what was sent */
	ERR_KILLED,      /* a signal has ended a program */
	ERR_EXITED,      /* a program has ended, with another status than 0 */
	ERR_LEFT,        /* a program has ended too early, with status 0 */
	ERR_KINDS,
};

#define ERR_MESSAGE_BYTES 400

struct err {
	enum err_kind kind;
	char message[ERR_MESSAGE_BYTES];
};

/* Each returns -1, so that a function can say `return err_set(...)`. err may be NULL. */
int err_set(struct err *err, enum err_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As err_set with kind ERR_SYSTEM; appends ": " and errno's text. */
int err_system(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " in front of a message that is already there. */
int err_wrap(struct err *err, const char *context);

/* Puts words behind a message that is there, as far as they fit. Returns -1. */
int err_add(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts one word or more in the place of others, where the message has them first. */
void err_rename(struct err *err, const char *from, const char *to);

/*
 * Copies what the other end sent as printable ASCII: "\\n" and "\\x1b" for what is
 * not, "..." at the end if capacity (at least 8) does not hold it all. Returns to.
 */
char *err_quote(char *to, size_t capacity, const void *data, size_t bytes);

/* Makes err reusable. */
void err_clear(struct err *err);

#endif
