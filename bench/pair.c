/* SPDX-License-Identifier: MIT */
/* A server and a client process that measure one block. */
#include "bench/pair.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/clock.h"
#include "bench/sweep.h"
#include "transports/io.h"

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
			    struct err *err)
{
	struct record_writer writer;

	if (child_start(child, role, pair->scoreboard_fd, err) != 0)
		return -1;
	setup_write(&pair->setup, &writer);
	if (control_send(&child->control, &writer, err) != 0)
		return -1;
	if (pair_watch(pair, child->control.fd, err) != 0)
		return -1;
	return pair_watch(pair, child->pidfd, err);
}

static int pair_map(struct pair *pair, struct err *err)
{
	void *map;

	pair->scoreboard_fd = memfd_create("ipctop-scoreboard", MFD_CLOEXEC);
	if (pair->scoreboard_fd < 0 ||
	    ftruncate(pair->scoreboard_fd, sizeof(struct scoreboard)) != 0)
		return err_system(err, "making the scoreboard");
	/* Above the descriptors that child_start moves into place. */
	int lifted = fcntl(pair->scoreboard_fd, F_DUPFD_CLOEXEC, 10);

	io_close(&pair->scoreboard_fd);
	pair->scoreboard_fd = lifted;
	map = mmap(NULL, sizeof(struct scoreboard), PROT_READ, MAP_SHARED, lifted, 0);
	if (map == MAP_FAILED)
		return err_system(err, "mapping the scoreboard");
	pair->scoreboard = map;
	return 0;
}

int pair_start(struct pair *pair, const struct worker_setup *setup,
	       const struct pair_limits *limits, int epoll_fd, struct err *err)
{
	*pair = (struct pair){
		.state = PAIR_STARTING,
		.setup = *setup,
		.limits = *limits,
		.epoll_fd = epoll_fd,
		.scoreboard_fd = -1,
		/* Set-up draws and touches the array: allow 8 ns a byte for it. */
		.deadline_ns = clock_now_ns() + limits->timeout_ns + setup->type.bytes * 8,
	};
	if (pair_map(pair, err) != 0)
		return -1;
	if (pair_start_child(pair, &pair->server, "server", err) != 0)
		return -1;
	return pair_start_child(pair, &pair->client, "client", err);
}

static void pair_say(struct child *child, const char *verb)
{
	struct record_writer writer;

	record_begin(&writer, verb);
	/* A child that cannot be told is gone: its pidfd says so. */
	(void)control_send(&child->control, &writer, NULL);
}

static void pair_leave(struct pair *pair, uint64_t grace_ns, uint64_t now_ns)
{
	if (pair->state >= PAIR_STOPPING)
		return;
	pair->state = PAIR_STOPPING;
	pair->deadline_ns = now_ns + grace_ns;
	pair_say(&pair->client, "stop");
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

static struct err *pair_slot(struct pair *pair, const struct child *child)
{
	return child == &pair->server ? &pair->server_error : &pair->client_error;
}

static void pair_connect(struct pair *pair, uint64_t now_ns)
{
	struct record_writer writer;

	if (!pair->client_ready || !pair->server_ready || pair->state != PAIR_STARTING)
		return;
	pair->state = PAIR_CONNECTING;
	pair->deadline_ns = now_ns + pair->limits.timeout_ns;
	record_begin(&writer, "connect");
	record_add(&writer, "address", pair->address);
	(void)control_send(&pair->client.control, &writer, NULL);
}

static void pair_begin(struct pair *pair, uint64_t now_ns)
{
	struct record_writer writer;

	pair->state = PAIR_MEASURING;
	pair->mark_ns = now_ns;
	record_begin(&writer, "begin");
	record_add_u64(&writer, "warmup", pair->limits.warmup);
	record_add_u64(&writer, "samples", pair->limits.samples);
	record_add_u64(&writer, "budget_ns", pair->limits.budget_ns);
	(void)control_send(&pair->client.control, &writer, NULL);
}

static void pair_on_ready(struct pair *pair, struct child *child, const struct record *record,
			  uint64_t now_ns)
{
	const char *address = record_get(record, "address");

	if (child == &pair->server && address) {
		(void)snprintf(pair->address, sizeof(pair->address), "%s", address);
		pair->server_ready = true;
	} else if (child == &pair->client) {
		pair->client_ready = true;
	}
	pair_connect(pair, now_ns);
}

static void pair_on_error(struct pair *pair, struct child *child, const struct record *record,
			  uint64_t now_ns)
{
	struct err err = {.kind = (enum err_kind)record_get_u64(record, "kind", ERR_PROTOCOL)};
	const char *text = record_get(record, "text");

	(void)snprintf(err.message, sizeof(err.message), "%s: %.350s", child->role,
		       text ? text : "failed");
	pair_fail(pair, pair_slot(pair, child), &err, now_ns);
}

static void pair_obey(struct pair *pair, struct child *child, const struct record *record,
		      uint64_t now_ns)
{
	if (strcmp(record->verb, "ready") == 0)
		pair_on_ready(pair, child, record, now_ns);
	else if (strcmp(record->verb, "connected") == 0 && pair->state == PAIR_CONNECTING)
		pair_begin(pair, now_ns);
	else if (strcmp(record->verb, "done") == 0)
		pair_leave(pair, PAIR_GRACE_NS, now_ns);
	else if (strcmp(record->verb, "error") == 0 && !pair->stop_wanted)
		pair_on_error(pair, child, record, now_ns);
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
	if (pair->state < PAIR_STOPPING || (child->status && !pair->stop_wanted && !pair->failed)) {
		err_clear(&err);
		child_explain(child, &err);
		pair_fail(pair, pair_slot(pair, child), &err, now_ns);
	}
}

static void pair_time_out(struct pair *pair, const char *what, uint64_t now_ns)
{
	struct err err = {0};

	(void)err_set(&err, ERR_TIMEOUT, "%s within %.3g s (--timeout)", what,
		      (double)pair->limits.timeout_ns / 1e9);
	pair_fail(pair, &pair->client_error, &err, now_ns);
	pair->failed_ns = 0; /* nobody will tell us a better cause */
}

/* An exchange, its verification included, that is not over in time. */
static void pair_watch_progress(struct pair *pair, uint64_t now_ns)
{
	const struct scoreboard_client *board = &pair->scoreboard->client;
	uint64_t mark = board->begun + board->finished;
	/* Settling an exchange reads and draws the array outside the clock. */
	uint64_t allowance_ns = pair->limits.timeout_ns + pair->setup.type.bytes * 8;

	if (mark != pair->mark || (pair->paused && board->begun == board->finished)) {
		pair->mark = mark;
		pair->mark_ns = now_ns;
	}
	if (now_ns - pair->mark_ns > allowance_ns)
		pair_time_out(pair, "no reply", now_ns);
}

static void pair_watch_deadlines(struct pair *pair, uint64_t now_ns)
{
	if (pair->failed)
		return;
	if (pair->state == PAIR_MEASURING)
		pair_watch_progress(pair, now_ns);
	else if (pair->state == PAIR_STARTING && now_ns > pair->deadline_ns)
		pair_time_out(pair, pair->server_ready ? "the client was not set up" :
							 "the server was not set up", now_ns);
	else if (pair->state == PAIR_CONNECTING && now_ns > pair->deadline_ns)
		pair_time_out(pair, "no connection", now_ns);
}

static void pair_watch_exit(struct pair *pair, uint64_t now_ns)
{
	if (pair->state == PAIR_STOPPING && now_ns > pair->deadline_ns) {
		child_kill(&pair->client);
		child_kill(&pair->server);
	}
	if (pair->state < PAIR_STOPPING || !pair->client.exited || !pair->server.exited)
		return;
	pair->state = PAIR_ENDED;
	/* What happened to the server explains what happened to the client. */
	if (pair->failed)
		pair->outcome = pair->server_error.kind ? pair->server_error : pair->client_error;
}

bool pair_step(struct pair *pair, uint64_t now_ns)
{
	enum pair_state before = pair->state;

	if (before == PAIR_NONE || before == PAIR_ENDED)
		return false;
	pair_hear(pair, &pair->server, now_ns);
	pair_hear(pair, &pair->client, now_ns);
	pair_watch_deadlines(pair, now_ns);
	if (pair->failed && (pair->server_error.kind || now_ns - pair->failed_ns > PAIR_CAUSE_NS ||
			     pair->client_error.kind == ERR_WRONG))
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
		pair_say(&pair->client, pause ? "pause" : "resume");
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
	child_end(&pair->client);
	child_end(&pair->server);
	sweep_segments(pair->setup.segment_prefix);
	if (pair->scoreboard)
		(void)munmap(pair->scoreboard, sizeof(struct scoreboard));
	io_close(&pair->scoreboard_fd);
	*pair = (struct pair){0};
}
