/* SPDX-License-Identifier: MIT */
/*
 * The contract of a carrier: how a message crosses to another process. A new
 * carrier is a file in transports/carriers/ and a line in carriers.def; the
 * contract suites in tests/contract/ then hold it to what stands here.
 *
 * A carrier knows neither arrays nor clocks. Its states are private, zeroed by
 * the framework, and of the sizes stated in the row. A failed open leaves a
 * state that close accepts. Calls block and have no deadline: the parent process
 * watches this one and ends it if it must. A hang-up and server_stop end a call,
 * whether it sleeps or spins. SIGPIPE is ignored in every process that runs a
 * carrier.
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
 * What a server asks of its owner. The carrier calls these functions from its own
 * threads: for one slot from one thread at a time, for different slots perhaps at
 * once. A slot is one client's: its arrays, its encoder and decoder, its segments.
 */
struct service {
	/*
	 * A client presents its ticket ("token/index"; without the leading slash
	 * if it came as a path). Returns its slot, or NULL with err filled: the
	 * carrier then hangs up. If admit_any is set, any ticket is good, and so is
	 * none (""). fd is the connection's: to look at while the slot is the client's,
	 * never to read from or close.
	 */
	void *(*admit)(struct service *service, const char *ticket, int fd, struct err *err);
	bool admit_any;
	/*
	 * Returns the index'th good ticket, or NULL past the last: for carriers
	 * whose challenge must find out which ticket a client has. A stand-alone
	 * server has its key as its only ticket, or none if it has no key.
	 */
	const char *(*ticket)(struct service *service, size_t index);
	/* Requests carry a message. Else they are empty, and request is not called. */
	bool takes;
	/* A request's message begins. Returns where it goes, or NULL with err filled. */
	struct take *(*request)(void *slot, struct err *err);
	/*
	 * The request has come, whole: its take has ended. Sets *give to the reply's message,
	 * or leaves it NULL: the reply is an acknowledgement. Fails with err filled.
	 */
	int (*reply)(void *slot, struct give **give, struct err *err);
	/*
	 * The exchange is over: the reply was handed over whole, or (delivered false) something
	 * failed or the client is gone. Comes once for each exchange of which request or reply
	 * was called, whatever they returned.
	 */
	void (*replied)(void *slot, bool delivered);
	/* The client has gone. The slot's pointer is not used again. */
	void (*leave)(void *slot);
	/* Logs one line about what went wrong with one client. */
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
	 * "token/index". A foreign server knows no tickets: for it, the authkey if
	 * the carrier has keys (CARRIER_KEYED), else "".
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
 * The foreign programs that play the two ends of a carrier, and how to start them.
 * Everything is borrowed from the row's owner.
 */
struct program {
	const char *const *server; /* argv, NULL-terminated */
	const char *const *client;
	const char *const *environment; /* name, value, ..., NULL: set over our own */
	const char *directory;          /* absolute: where it starts */
	bool checksums;                 /* both ends say the checksum of every array */
	unsigned protocol;              /* the version that both speak: 1 or 2 */
	unsigned dtypes;                /* that they carry: DTYPE_BIT of each */
	unsigned directions;            /* a bit for each enum direction that they take */
	const char *missing;            /* why it cannot run here and what to install; "": it can */
	const char *file;               /* absolute: the file that says all this */
	uint64_t file_hash;             /* of that file's bytes */
};

/* What an exchange took on the wire, framing included. */
struct wire_bytes {
	uint64_t request, reply;
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
	const struct program *program; /* NULL: ipctop itself; else nothing below is set */

	/*
	 * Names the linked libraries that our client uses, and with `server` those of
	 * our server too: "libcurl 7.88.1; libmicrohttpd 0.9.75". NULL: there are none.
	 */
	void (*libraries)(bool server, char *text, size_t size);
	/*
	 * The extensions of the protocol that client_open leaves agreed on: "none".
	 * NULL: the protocol has no extensions.
	 */
	const char *extensions;

	/* Listens; writes the address that client_open takes: "http://127.0.0.1:41234". */
	int (*server_open)(void *state, const struct server_setup *setup,
			   char address[CARRIER_ADDRESS_BYTES], struct err *err);
	/* Serves any number of clients until server_stop. */
	int (*server_run)(void *state, struct err *err);
	/* Makes server_run return soon. Any thread may call it, even before server_run or twice. */
	void (*server_stop)(void *state);
	void (*server_close)(void *state);

	/*
	 * Connects, shakes hands and presents the ticket, so that the first
	 * exchange carries nothing but the request and the reply.
	 */
	int (*client_open)(void *state, const struct client_setup *setup, const char *address,
			   struct err *err);
	/*
	 * Sends one request and receives its reply. give is the request's message, pulled to its
	 * end before the reply is taken; NULL: the request is empty. The reply moves into take,
	 * from begin to end; NULL: it is an acknowledgement and has to be empty. After a failure
	 * the client is only closed.
	 */
	int (*client_exchange)(void *state, struct give *give, struct take *take,
			       struct wire_bytes *wire, struct err *err);
	/* The connection's descriptor, to look at; -1 if there is none at the moment. */
	int (*client_descriptor)(const void *state);
	void (*client_close)(void *state);
	/*
	 * Says in words what the exchanges so far held beside request and reply, such
	 * as connecting again to a server that hangs up after each reply; NULL if
	 * nothing. A row without such a function has NULL here.
	 */
	const char *(*client_remark)(const void *state);
};

#endif
