/* SPDX-License-Identifier: MIT */
/* A server process and its clients that measure one block. */
#include "bench/run/pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/machine/clock.h"
#include "bench/machine/leftovers.h"
#include "bench/wire/records.h"
#include "transports/net/io.h"

#define SECOND_NS 1000000000u

/* A block that went well gets this long to tear down 1 GiB of pages; one that did not, less. */
#define PAIR_GRACE_NS (10u * (uint64_t)SECOND_NS)
#define PAIR_SHORT_GRACE_NS (SECOND_NS / 4)

/* A client that fails because its server died tells so first: wait this long for the cause. */
#define PAIR_CAUSE_NS (SECOND_NS / 5)

static int pair_watch(struct pair *pair, int fd, struct err *err)
{
	struct epoll_event event = {.events = EPOLLIN, .data = {.fd = fd}};

	return epoll_ctl(pair->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0 ?
		       0 :
		       err_system(err, "watching a worker");
}

static int pair_start_child(struct pair *pair, struct child *child, const char *role,
			    uint32_t client, struct err *err)
{
	struct worker_setup setup = pair->setup;
	struct record_writer writer;
	char name[TRANSPORT_NAME_BYTES];

	if (child_start(child, role, transport_format(&setup.transport, name), pair->scoreboard_fd,
			err) != 0)
		return -1;
	setup.client = client;
	if (child == &pair->server)
		setup.cpu = setup.other_cpu;
	setup.members = 1 + setup.clients;
	setup.member = child == &pair->server ? 0 : (uint32_t)scoreboard_taker(0, client);
	setup_write(&setup, &writer);
	if (writer.overflow)
		return err_set(err, ERR_RANGE, "the names of the run are too long for a worker");
	/* If it cannot be told it is dead already: its pidfd says so, and why. */
	(void)control_send(&child->control, &writer, NULL);
	if (pair_watch(pair, child->control.fd, err) != 0)
		return -1;
	return pair_watch(pair, child->pidfd, err);
}

static int pair_map(struct pair *pair, struct err *err)
{
	size_t bytes = scoreboard_bytes(1 + pair->setup.clients);
	void *map;

	pair->scoreboard_fd = memfd_create("ipctop-scoreboard", MFD_CLOEXEC);
	if (pair->scoreboard_fd < 0 || ftruncate(pair->scoreboard_fd, (off_t)bytes) != 0 ||
	    child_lift(&pair->scoreboard_fd) != 0)
		return err_system(err, "making the scoreboard");
	map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, pair->scoreboard_fd, 0);
	if (map == MAP_FAILED)
		return err_system(err, "mapping the scoreboard");
	pair->scoreboard = map;
	return 0;
}

/* Of a server that is not ours, only the address is there from the start. */
static int pair_start_server(struct pair *pair, struct err *err)
{
	if (!pair->setup.connect[0])
		return pair_start_child(pair, &pair->server, "server", 0, err);
	pair->server = (struct child){.pidfd = -1, .log_fd = -1, .control = {.fd = -1}};
	pair->server.exited = true;
	pair->server_ready = true;
	memcpy(pair->address, pair->setup.connect, sizeof(pair->address));
	return 0;
}

int pair_start(struct pair *pair, const struct worker_setup *setup,
	       const struct pair_limits *limits, int epoll_fd, struct err *err)
{
	uint64_t now_ns = clock_now_ns();

	*pair = (struct pair){
		.state = PAIR_STARTING,
		.started_ns = now_ns,
		.setup = *setup,
		.limits = *limits,
		.epoll_fd = epoll_fd,
		.scoreboard_fd = -1,
		/* Set-up draws and touches the arrays: allow 8 ns a byte for it. */
		.deadline_ns = now_ns + limits->timeout_ns +
			       setup->type.bytes * 8 * setup->clients,
		.clients = calloc(setup->clients, sizeof(pair->clients[0])),
	};
	if (!pair->clients)
		return err_set(err, ERR_MEMORY, "no memory for %u clients", setup->clients);
	if (pair_map(pair, err) != 0 || pair_start_server(pair, err) != 0)
		return -1;
	for (uint32_t i = 0; i < setup->clients; i++)
		if (pair_start_child(pair, &pair->clients[i].child, "client", i, err) != 0)
			return -1;
	return 0;
}

static void pair_say(struct child *child, const char *verb)
{
	struct record_writer writer;

	record_begin(&writer, verb);
	/* A child that cannot be told is gone: its pidfd says so. */
	(void)control_send(&child->control, &writer, NULL);
}

static void pair_say_all(struct pair *pair, const char *verb)
{
	for (uint32_t i = 0; i < pair->setup.clients; i++)
		pair_say(&pair->clients[i].child, verb);
}

/* Is this so of every client? The member is one of struct pair_client's flags. */
#define PAIR_ALL(pair, member) pair_all(pair, offsetof(struct pair_client, member))

static bool pair_all(const struct pair *pair, size_t flag)
{
	for (uint32_t i = 0; i < pair->setup.clients; i++)
		if (!*(const bool *)((const char *)&pair->clients[i] + flag))
			return false;
	return true;
}

static void pair_leave(struct pair *pair, uint64_t grace_ns, uint64_t now_ns)
{
	if (pair->state >= PAIR_STOPPING)
		return;
	pair->state = PAIR_STOPPING;
	pair->deadline_ns = now_ns + grace_ns;
	pair_say_all(pair, "stop");
	pair_say(&pair->server, "stop");
}

static void pair_fail(struct pair *pair, struct err *slot, const struct err *err, uint64_t now_ns)
{
	if (slot->kind == ERR_NONE)
		*slot = *err;
	if (!pair->failed) {
		pair->failed = true;
		pair->failed_ns = now_ns;
	}
}

/* NULL if it is the server. */
static struct pair_client *pair_client_of(struct pair *pair, struct child *child)
{
	return child == &pair->server ? NULL : (struct pair_client *)child;
}

static struct err *pair_slot(struct pair *pair, struct child *child)
{
	return child == &pair->server ? &pair->server_error : &pair_client_of(pair, child)->error;
}

static void pair_connect(struct pair *pair, uint64_t now_ns)
{
	struct record_writer writer;

	if (pair->state != PAIR_STARTING || !pair->server_ready || !PAIR_ALL(pair, ready))
		return;
	pair->state = PAIR_CONNECTING;
	pair->deadline_ns = now_ns + pair->limits.timeout_ns;
	address_write("connect", pair->address, &writer);
	for (uint32_t i = 0; i < pair->setup.clients; i++)
		(void)control_send(&pair->clients[i].child.control, &writer, NULL);
}

static void pair_begin(struct pair *pair, uint64_t now_ns)
{
	const struct begin begin = {
		.warmup = pair->limits.warmup,
		.samples = pair->limits.samples,
		.budget_ns = pair->limits.budget_ns,
	};
	struct record_writer writer;

	if (!PAIR_ALL(pair, connected))
		return;
	pair->state = PAIR_MEASURING;
	pair->setup_ns = now_ns - pair->started_ns;
	begin_write(&begin, &writer);
	for (uint32_t i = 0; i < pair->setup.clients; i++) {
		pair->clients[i].mark_ns = now_ns;
		(void)control_send(&pair->clients[i].child.control, &writer, NULL);
	}
}

static void pair_on_ready(struct pair *pair, struct child *child, const struct record *record,
			  uint64_t now_ns)
{
	struct err err = {0};

	if (child != &pair->server)
		pair_client_of(pair, child)->ready = true;
	else if (address_read(pair->address, record, &err) == 0)
		pair->server_ready = true;
	else
		pair_fail(pair, pair_slot(pair, child), &err, now_ns);
	pair_connect(pair, now_ns);
}

static void pair_on_error(struct pair *pair, struct child *child, const struct record *record,
			  uint64_t now_ns)
{
	struct pair_client *client = pair_client_of(pair, child);
	struct err said = {0};
	struct err err = {0};

	failure_read(&said, record);
	/* Of several, one that goes on for the others' sake is cut off when all are done. */
	if (client && client->done && pair->state == PAIR_STOPPING && said.kind != ERR_WRONG)
		return;
	(void)err_set(&err, said.kind, "%s: %.350s", child->role, said.message);
	pair_fail(pair, pair_slot(pair, child), &err, now_ns);
}

/* A client has come one step further: when all have, the pair has. */
static void pair_on_step(struct pair *pair, struct pair_client *client,
			 const struct record *record, uint64_t now_ns)
{
	const char *verb = record->verb;
	const char *remark = record_get(record, "remark");

	if (strcmp(verb, "connected") == 0 && pair->state == PAIR_CONNECTING) {
		client->connected = true;
		pair_begin(pair, now_ns);
	} else if (strcmp(verb, "warm") == 0) {
		client->warm = true;
		if (PAIR_ALL(pair, warm))
			pair_say_all(pair, "go");
	} else if (strcmp(verb, "done") == 0) {
		client->done = true;
		if (remark)
			(void)snprintf(pair->remark, sizeof(pair->remark), "%s", remark);
		if (PAIR_ALL(pair, done))
			pair_leave(pair, PAIR_GRACE_NS, now_ns);
	}
}

static void pair_obey(struct pair *pair, struct child *child, const struct record *record,
		      uint64_t now_ns)
{
	if (strcmp(record->verb, "ready") == 0)
		pair_on_ready(pair, child, record, now_ns);
	else if (child != &pair->server && strcmp(record->verb, "error") != 0)
		pair_on_step(pair, pair_client_of(pair, child), record, now_ns);
	else if (strcmp(record->verb, "error") == 0 && !pair->stop_wanted)
		pair_on_error(pair, child, record, now_ns);
}

/* Of several, a client that has all its samples may be cut off in an exchange nobody wants. */
static bool pair_was_done(struct pair *pair, struct child *child)
{
	struct pair_client *client = pair_client_of(pair, child);

	return client && client->done && pair->setup.clients > 1 && WIFEXITED(child->status);
}

/* Everything that a child has said, and whether it is still there. */
static void pair_hear(struct pair *pair, struct child *child, uint64_t now_ns)
{
	struct record record;
	struct err err = {0};
	bool was_there = !child->exited;
	/* Before its stream is read: what it said ahead of its end is then all there. */
	bool gone = child_reap(child);

	while (child->control.fd >= 0) {
		int got = control_receive(&child->control, false, &record, &err);

		if (got == 1)
			pair_obey(pair, child, &record, now_ns);
		if (got == 0)
			break;
		if (got < 0) {
			/*
			 * The end of the stream comes with the end of the process:
			 * that is looked at below.
			 */
			if (err.kind != ERR_CLOSED)
				pair_fail(pair, pair_slot(pair, child), &err, now_ns);
			io_close(&child->control.fd);
		}
	}
	if (!gone || !was_there)
		return;
	io_close(&child->pidfd);
	if (pair->state < PAIR_STOPPING ||
	    (child->status && !pair->stop_wanted && !pair->failed && !pair_was_done(pair, child))) {
		err_clear(&err);
		child_explain(child, &err);
		pair_fail(pair, pair_slot(pair, child), &err, now_ns);
	}
}

/* The likeliest reason of all for a process that does nothing. */
static const char *pair_stopped(const struct pair *pair)
{
	if (child_is_stopped(&pair->server))
		return ": a signal has stopped the server";
	for (uint32_t i = 0; i < pair->setup.clients; i++)
		if (child_is_stopped(&pair->clients[i].child))
			return ": a signal has stopped the client";
	return "";
}

static void pair_time_out(struct pair *pair, const char *what, uint64_t now_ns)
{
	struct err err = {0};

	(void)err_set(&err, ERR_TIMEOUT, "%s within %.3g s (--timeout)%s", what,
		      (double)pair->limits.timeout_ns / 1e9, pair_stopped(pair));
	pair_fail(pair, &pair->clients[0].error, &err, now_ns);
	pair->failed_ns = 0; /* nobody will tell us a better cause */
}

/* An exchange, its verification included, that is not over in time. */
static void pair_watch_progress(struct pair *pair, uint32_t index, uint64_t now_ns)
{
	const struct scoreboard_own *board = &pair->scoreboard[scoreboard_taker(0, index)].own;
	struct pair_client *client = &pair->clients[index];
	uint64_t mark = board->begun + board->finished;
	/* Settling an exchange reads and draws the array outside the clock. */
	uint64_t allowance_ns = pair->limits.timeout_ns + pair->setup.type.bytes * 8 +
				pair->setup.interval_ns;

	if (mark != client->mark || (pair->paused && board->begun == board->finished)) {
		client->mark = mark;
		client->mark_ns = now_ns;
	}
	if (now_ns - client->mark_ns > allowance_ns)
		pair_time_out(pair, "no reply", now_ns);
}

static void pair_watch_deadlines(struct pair *pair, uint64_t now_ns)
{
	if (pair->failed)
		return;
	for (uint32_t i = 0; pair->state == PAIR_MEASURING && i < pair->setup.clients; i++)
		pair_watch_progress(pair, i, now_ns);
	if (pair->state == PAIR_STARTING && now_ns > pair->deadline_ns)
		pair_time_out(pair, pair->server_ready ? "the client was not set up" :
							 "the server was not set up", now_ns);
	else if (pair->state == PAIR_CONNECTING && now_ns > pair->deadline_ns)
		pair_time_out(pair, "no connection", now_ns);
}

/* What happened to the server explains what happened to its clients; a wrong reply is worst. */
static const struct err *pair_cause(const struct pair *pair)
{
	const struct err *cause = NULL;

	for (uint32_t i = 0; i < pair->setup.clients; i++) {
		const struct err *error = &pair->clients[i].error;

		if (error->kind == ERR_WRONG)
			return error;
		if (error->kind && !cause)
			cause = error;
	}
	return pair->server_error.kind || !cause ? &pair->server_error : cause;
}

/* Its grace is over. A block that was to go well has not, then. */
static void pair_give_up(struct pair *pair, struct child *child, uint64_t now_ns)
{
	struct err err = {0};

	if (child->exited)
		return;
	(void)err_set(&err, ERR_TIMEOUT, "the %s did not end within %.3g s%s", child->role,
		      (double)PAIR_GRACE_NS / 1e9, pair_stopped(pair));
	if (!pair->failed && !pair->stop_wanted)
		pair_fail(pair, pair_slot(pair, child), &err, now_ns);
	child_kill(child);
}

static void pair_watch_exit(struct pair *pair, uint64_t now_ns)
{
	bool exited = pair->server.exited;

	if (pair->state == PAIR_STOPPING && now_ns > pair->deadline_ns) {
		pair_give_up(pair, &pair->server, now_ns);
		for (uint32_t i = 0; i < pair->setup.clients; i++)
			pair_give_up(pair, &pair->clients[i].child, now_ns);
	}
	for (uint32_t i = 0; i < pair->setup.clients; i++)
		exited = exited && pair->clients[i].child.exited;
	if (pair->state < PAIR_STOPPING || !exited)
		return;
	pair->state = PAIR_ENDED;
	if (pair->failed)
		pair->outcome = *pair_cause(pair);
}

bool pair_step(struct pair *pair, uint64_t now_ns)
{
	enum pair_state before = pair->state;

	if (before == PAIR_NONE || before == PAIR_ENDED)
		return false;
	pair_hear(pair, &pair->server, now_ns);
	for (uint32_t i = 0; i < pair->setup.clients; i++)
		pair_hear(pair, &pair->clients[i].child, now_ns);
	pair_watch_deadlines(pair, now_ns);
	if (pair->failed && (pair->server_error.kind || now_ns - pair->failed_ns > PAIR_CAUSE_NS ||
			     pair_cause(pair)->kind == ERR_WRONG))
		pair_leave(pair, PAIR_SHORT_GRACE_NS, now_ns);
	pair_watch_exit(pair, now_ns);
	return pair->state != before;
}

uint64_t pair_wait_ns(const struct pair *pair, uint64_t now_ns)
{
	if (pair->state == PAIR_NONE || pair->state == PAIR_ENDED)
		return UINT64_MAX;
	if (pair->failed && pair->state < PAIR_STOPPING)
		return PAIR_CAUSE_NS / 4;
	if (pair->state == PAIR_MEASURING)
		return SECOND_NS / 10;
	/* After the deadline the kill is on its way: look again soon. */
	return pair->deadline_ns > now_ns ? pair->deadline_ns - now_ns : SECOND_NS / 100;
}

void pair_pause(struct pair *pair, bool pause)
{
	pair->paused = pause;
	if (pair->state > PAIR_NONE && pair->state < PAIR_STOPPING)
		pair_say_all(pair, pause ? "pause" : "resume");
}

void pair_stop(struct pair *pair, uint64_t now_ns)
{
	pair->stop_wanted = true;
	pair->cut_short |= pair->state < PAIR_STOPPING && !pair->failed;
	if (pair->state > PAIR_NONE)
		pair_leave(pair, PAIR_SHORT_GRACE_NS, now_ns);
}

void pair_free(struct pair *pair)
{
	if (pair->state == PAIR_NONE)
		return;
	for (uint32_t i = 0; pair->clients && i < pair->setup.clients; i++)
		child_end(&pair->clients[i].child);
	child_end(&pair->server);
	sweep_segments(pair->setup.segment_prefix);
	sweep_directory(pair->setup.directory);
	if (pair->scoreboard)
		(void)munmap(pair->scoreboard, scoreboard_bytes(1 + pair->setup.clients));
	io_close(&pair->scoreboard_fd);
	free(pair->clients);
	*pair = (struct pair){0};
}
