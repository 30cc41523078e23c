/* SPDX-License-Identifier: MIT */
/*
 * Toys for the contract tests of carriers: a small service, messages and clients.
 * What is given comes from one block of known bytes, so that what is taken can
 * be compared with it. Each property runs in a process of its own, so that one
 * that hangs or dies fails alone.
 */
#ifndef TESTS_SUPPORT_CARRIER_TOY_H
#define TESTS_SUPPORT_CARRIER_TOY_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/support/test.h"
#include "transports/carrier.h"
#include "transports/wait.h"

/* The carrier under test. */
extern const struct carrier *toy_row;
/* How both ends wait. */
extern enum wait_mode toy_wait;

#define TOY_SLOTS 16
#define TOY_LARGE_BYTES ((size_t)33000000) /* no socket buffer holds it */
#define TOY_WHOLE SIZE_MAX
#define TOY_NEVER SIZE_MAX

enum toy_kind {
	TOY_SPANS,      /* several lasting spans, of known length */
	TOY_FILL,       /* filling, of unknown length until measured */
	TOY_FILL_KNOWN, /* filling, of known length */
	TOY_KINDS,
};

/* A message to give: bytes of the known block from offset on. */
struct toy_plan {
	size_t bytes;
	size_t offset;
	enum toy_kind kind;
	size_t fail_at; /* the giver fails after so many bytes; TOY_NEVER */
	bool odd;       /* fill less than there is room for, now and then */
	bool text;
	bool refuse; /* reply() fails */
	bool none;   /* there is no message: an acknowledgement, an empty request */
};

struct toy_server;

/* What gives a message: a server's slot its reply, a client its request. */
struct toy_giver {
	struct give give; /* first */
	struct toy_plan plan; /* of the message under way */
	size_t position;      /* in it */
	size_t pulls;
	bool by_span, by_fill; /* how it is being pulled */
	char stage[4096];      /* of spans that do not last */
	char violation[120];
};

/* What the taking end does wrong, and when. */
enum toy_failure {
	TOY_FINE,
	TOY_BEGIN_FAILS,
	TOY_PLACE_FAILS,
	TOY_ARRIVED_FAILS,
	TOY_END_FAILS,
	TOY_NO_ROOM, /* fewer bytes are expected than come */
};

struct toy_take {
	struct take take; /* first */
	char *data;       /* owned */
	size_t room;
	size_t bytes; /* so far */
	size_t step;  /* spaces of at most so many bytes; TOY_WHOLE */
	size_t last;  /* the space handed out, 0: none */
	uint64_t announced;
	int begun, ended;
	enum toy_failure failure;
	size_t fail_at;
	size_t hold_at; /* stop there, post held, wait for resume; TOY_NEVER */
	sem_t held, resume;
	char violation[120];
};

struct toy_slot {
	struct toy_giver giver; /* first */
	struct toy_server *server;
	char ticket[CARRIER_TICKET_BYTES];
	struct toy_plan next; /* guarded by the server's lock, as are the counters */
	struct toy_take *request;     /* where requests go, if they carry something; the test's */
	struct toy_plan request_plan; /* what the next one has to bring */
	bool open;        /* between request or reply and replied */
	int fd;           /* that admit was told */
	atomic_bool busy; /* a carrier's thread is in here */
	size_t admitted, left, refused, requests, delivered, lost;
};

/* A server, its thread, and what its service has seen. */
struct toy_server {
	struct service service; /* first */
	void *state;
	char address[CARRIER_ADDRESS_BYTES];
	char directory[64];
	pthread_t thread;
	bool running;
	int status; /* server_run's */
	struct err err;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t complaints;
	size_t turned_away;
	size_t anybody; /* admit_any: slots handed out */
	struct toy_slot slots[TOY_SLOTS];
	char violation[160]; /* of the service's contract */
};

struct toy_client {
	void *state;
	struct err err; /* of the last call */
	struct wire_bytes wire;
	char why[512]; /* toy_exchange's */
};

/* Opens the carrier's server in a directory of its own; toy_server_run starts its thread. */
bool toy_server_open(struct toy_server *server, bool admit_any);
bool toy_server_run(struct toy_server *server);
/* Both. */
bool toy_server_start(struct toy_server *server, bool admit_any);
/* The same for a service whose requests carry something. */
bool toy_server_start_taking(struct toy_server *server);
/* Stops and joins if running. Returns server_run's status. */
int toy_server_stop(struct toy_server *server);
/* Stops, closes, and fails the test where the accounts do not balance. */
void toy_server_end(struct toy_server *server);

/* Waits until the slot's counter, one of those in struct toy_slot, is at least so much. */
void toy_await(struct toy_server *server, const size_t *counter, size_t least);
/* What a counter is now. */
size_t toy_count(struct toy_server *server, const size_t *counter);

/* Says what the slot gives next. */
void toy_plan_next(struct toy_server *server, size_t slot, const struct toy_plan *plan);
/* The known bytes that a plan is made of. */
const char *toy_expected(const struct toy_plan *plan);

/* Connects with the ticket, or the slot's, or "" if the server admits anybody. */
int toy_client_open_as(struct toy_client *client, const char *address, const char *ticket);
bool toy_client_open(struct toy_client *client, struct toy_server *server, size_t slot);
void toy_client_close(struct toy_client *client);

/* Room for what the plan brings. */
bool toy_take_open(struct toy_take *take, size_t room, size_t step);
void toy_take_close(struct toy_take *take);

/* A giver of the plan's message, for a client's request. */
void toy_giver_begin(struct toy_giver *giver, const struct toy_plan *plan);

/* One exchange of any outcome, with an empty request. */
int toy_client_exchange(struct toy_client *client, struct toy_take *take);
/* The same with a request; either may be NULL. */
int toy_client_exchange_both(struct toy_client *client, struct toy_giver *giver,
			     struct toy_take *take);
/* One that must bring what was planned; else false, and client->why says why. */
bool toy_exchange(struct toy_client *client, struct toy_server *server, size_t slot,
		  const struct toy_plan *plan, size_t step);
/*
 * One whose request and reply must bring what was planned, or nothing where a plan says none; the
 * server's service takes. False: client->why says why.
 */
bool toy_exchange_both(struct toy_client *client, struct toy_server *server, size_t slot,
		       const struct toy_plan *request, const struct toy_plan *reply, size_t step);
/* A new client of that slot gets an answer: the server lives. */
bool toy_lives(struct toy_server *server, size_t slot);

/* Descriptors that this process has open. */
size_t toy_count_descriptors(void);

/*
 * Runs every property for every carrier of the table, and for every way to wait
 * that it has. Returns the exit status.
 */
int toy_main(const struct test *properties, size_t count, int argc, char **argv);

#define TOY_MAIN(table) \
	int main(int argc, char **argv) \
	{ \
		return toy_main(table, sizeof(table) / sizeof((table)[0]), argc, argv); \
	}

#endif
