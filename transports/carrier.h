/* SPDX-License-Identifier: MIT */
/*
 * The contract of a carrier: how a message crosses to another process. One
 * file in transports/carriers/ and one line in carriers.def add one; the
 * contract suite in tests/contract/ then holds it to what stands here.
 *
 * A carrier knows neither arrays nor clocks. Its states are private, zeroed by
 * the framework, and of the sizes stated in the row. A failed open leaves a
 * state that close accepts. Calls block; there is no deadline in them, since
 * whoever started the process watches it and ends it. That holds for an end
 * that spins as well: a hang-up and server_stop end it as they end a sleeping one.
 * SIGPIPE is ignored in every process that runs a carrier.
 */
#ifndef TRANSPORTS_CARRIER_H
#define TRANSPORTS_CARRIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/err.h"
#include "transports/message.h"
#include "transports/wait.h"

#define CARRIER_ADDRESS_BYTES 256
#define CARRIER_TICKET_BYTES 64

/*
 * What a server asks of its owner. The functions are called from the carrier's
 * own threads, for one slot from one thread at a time, for different slots
 * perhaps at once. A slot is one client's: its array, its encoder, its segments.
 */
struct service {
	/*
	 * A client presents its ticket ("token/index"; without the leading slash
	 * where it came as a path). Returns its slot, or NULL with err filled:
	 * hang up. Where admit_any is set, any ticket, or none (""), is good.
	 */
	void *(*admit)(struct service *service, const char *ticket, struct err *err);
	bool admit_any;
	/*
	 * The tickets that are good, for carriers whose challenge must find out
	 * which was meant: the index'th, or NULL past the last. A stand-alone
	 * server with a key has it as its only ticket; without, it has none.
	 */
	const char *(*ticket)(struct service *service, size_t index);
	/* A request has arrived. Returns the reply, or NULL with err filled. */
	struct give *(*request)(void *slot, struct err *err);
	/* The reply was handed over whole, or (delivered false) its client is gone. */
	void (*replied)(void *slot, bool delivered);
	/* The client has gone. The slot's pointer is not used again. */
	void (*leave)(void *slot);
	/* For the log: one line on something that went wrong with one client. */
	void (*complain)(struct service *service, const char *text);
};

struct server_setup {
	struct service *service;
	const char *directory;    /* private, 0700: for socket files */
	const char *bind_address; /* numeric; NULL: 127.0.0.1 */
	uint16_t port;            /* 0: the kernel picks one */
	enum wait_mode wait;      /* one of the row's */
};

struct client_setup {
	/*
	 * "token/index"; of a foreign server, which knows no tickets, its authkey
	 * where the carrier has keys (CARRIER_KEYED), or "".
	 */
	const char *ticket;
	enum wait_mode wait;
};

enum carrier_flags {
	CARRIER_SOCKET_FILE = 1, /* the address is a path: bind_address and port mean nothing */
	CARRIER_KEYED = 2,       /* a ticket is never sent: both ends prove that they have it */
	CARRIER_SHIPPED = 4,     /* a foreign program that comes with ipctop: list word `py` */
};

/*
 * The program that plays both ends of a carrier which is not ours: what to
 * start, for whoever starts it. Everything is borrowed from the row's owner.
 */
struct program {
	const char *const *server; /* argv, NULL-terminated */
	const char *const *client;
	const char *const *environment; /* name, value, name, value, ..., NULL: over ours */
	const char *directory;          /* absolute: where it starts */
	bool checksums;                 /* both ends say the checksum of every array */
	const char *missing;            /* why it cannot run here and what to install; "": it can */
	const char *file;               /* absolute: which says all this */
	uint64_t file_hash;             /* of that file's bytes */
};

struct carrier {
	const char *name;
	const char *title;  /* a few words for the picker: "HTTP/1.1 over TCP" */
	const char *scheme; /* of its address: "http" in http://127.0.0.1:1234 */
	unsigned flags;
	unsigned waits;     /* WAIT_BIT of each mode that both of its ends have */
	/* For estimates, before anything was measured: of an exchange, of a byte of its message. */
	double exchange_ns;
	double ns_per_byte;
	size_t server_size;
	size_t client_size;
	const struct program *program; /* NULL: ipctop itself, by what follows; else none is set */

	/*
	 * Names the libraries at work in our client, and in our server if that is there,
	 * as linked: "libcurl 7.88.1; libmicrohttpd 0.9.75". NULL: there are none.
	 */
	void (*libraries)(bool server, char *text, size_t size);
	/*
	 * What of its protocol's extensions client_open leaves agreed on: "none". NULL: it
	 * has none to agree on.
	 */
	const char *extensions;

	/* Listens; writes the address that client_open takes: "http://127.0.0.1:41234". */
	int (*server_open)(void *state, const struct server_setup *setup,
			   char address[CARRIER_ADDRESS_BYTES], struct err *err);
	/* Serves any number of clients until server_stop. */
	int (*server_run)(void *state, struct err *err);
	/* Makes server_run return soon. From any thread, also before server_run, also twice. */
	void (*server_stop)(void *state);
	void (*server_close)(void *state);

	/*
	 * Connects, shakes hands and presents the ticket, so that the first
	 * exchange carries nothing but the request and the reply.
	 */
	int (*client_open)(void *state, const struct client_setup *setup, const char *address,
			   struct err *err);
	/*
	 * One request, one reply into take (begin to end included). *wire_bytes:
	 * the reply with its framing. After a failure the client is only closed.
	 */
	int (*client_exchange)(void *state, struct take *take, uint64_t *wire_bytes,
			       struct err *err);
	void (*client_close)(void *state);
	/*
	 * What the exchanges so far held beside request and reply, in words, or NULL:
	 * connecting again, with a server that hangs up after a reply. NULL if there
	 * is never anything.
	 */
	const char *(*client_remark)(const void *state);
};

#endif
