/* SPDX-License-Identifier: MIT */
/*
 * The reference's role: a small request and a reply of an array's bytes, read into place, between
 * two processes over a Unix socket pair, with nothing around it. The other process is a copy of
 * this one. It goes by no code of transports/, so that a change there does not move it. The reply
 * begins with the number of the request, which alone is looked at.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/machine/clock.h"
#include "bench/worker/pace.h"
#include "bench/worker/worker.h"
#include "transports/memory.h"

struct reference {
	struct worker *worker;
	struct pace pace;
	int sockets[2];       /* ours, the other's */
	pid_t other;          /* 0: there is none */
	unsigned char *bytes; /* that the other process sends, or that we receive into */
	size_t count;
};

/* All of the bytes, here and below; false once the other end is gone. */
static bool send_all(int fd, const unsigned char *bytes, size_t count)
{
	while (count) {
		ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);

		if (sent < 0 && errno != EINTR)
			return false;
		bytes += sent > 0 ? sent : 0;
		count -= sent > 0 ? (size_t)sent : 0;
	}
	return true;
}

static bool receive_all(int fd, unsigned char *bytes, size_t count)
{
	while (count) {
		ssize_t got = recv(fd, bytes, count, 0);

		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		bytes += got > 0 ? got : 0;
		count -= got > 0 ? (size_t)got : 0;
	}
	return true;
}

/* As much of a request's number as the reply has room for. */
static size_t stamp_bytes(const struct reference *reference)
{
	return reference->count < sizeof(uint64_t) ? reference->count : sizeof(uint64_t);
}

/* The other process: answers until it is killed, or we are gone. */
static void other_main(const struct reference *reference)
{
	uint64_t request;

	(void)close(reference->sockets[0]);
	if (worker_pin(reference->worker->setup.other_cpu, NULL) != 0)
		_exit(1);
	while (receive_all(reference->sockets[1], (unsigned char *)&request, sizeof(request))) {
		memcpy(reference->bytes, &request, stamp_bytes(reference));
		if (!send_all(reference->sockets[1], reference->bytes, reference->count))
			break;
	}
	_exit(0);
}

/* It dies with the thread that started it. */
static int other_start(struct reference *reference, struct err *err)
{
	pid_t parent = getpid();
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, reference->sockets) != 0)
		return err_system(err, "making a pair of sockets");
	pid = fork();
	if (pid < 0)
		return err_system(err, "starting the second process");
	if (pid == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
			_exit(1);
		/* Pages of its own: those that were touched before are shared until written. */
		memset(reference->bytes, 1, reference->count);
		other_main(reference);
	}
	reference->other = pid;
	(void)close(reference->sockets[1]);
	reference->sockets[1] = -1;
	/* So are ours, which no exchange is to find shared. */
	memset(reference->bytes, 2, reference->count);
	return 0;
}

static void other_end(struct reference *reference)
{
	if (reference->sockets[0] >= 0)
		(void)close(reference->sockets[0]);
	if (reference->sockets[1] >= 0)
		(void)close(reference->sockets[1]);
	if (!reference->other)
		return;
	(void)kill(reference->other, SIGKILL); /* not reaped yet, so the pid is its own */
	while (waitpid(reference->other, NULL, 0) < 0 && errno == EINTR)
		;
}

static int reference_step(void *state, uint64_t exchange, void *sample, struct err *err)
{
	struct reference *reference = state;
	struct scoreboard_own *board = reference->pace.board;
	uint64_t start_ns;
	bool whole;

	board->begun = exchange + 1;
	pace_await_start(&reference->pace);
	start_ns = clock_now_ns();
	whole = send_all(reference->sockets[0], (const unsigned char *)&exchange,
			 sizeof(exchange)) &&
		receive_all(reference->sockets[0], reference->bytes, reference->count);
	reference->pace.over_ns = clock_now_ns();
	if (!whole)
		return err_set(err, ERR_CLOSED, "its second process has gone");
	if (memcmp(reference->bytes, &exchange, stamp_bytes(reference)) != 0)
		return err_set(err, ERR_WRONG, "the reply is to another request");
	reference->pace.latency_ns = reference->pace.over_ns - start_ns;
	(void)pace_next(&reference->pace, reference->pace.over_ns);
	if (exchange == 0)
		board->first_ns = reference->pace.latency_ns;
	if (sample)
		memcpy(sample, &reference->pace.latency_ns, sizeof(reference->pace.latency_ns));
	else if (board->samples == 0)
		board->warmed++;
	board->finished = exchange + 1;
	return 0;
}

static void reference_score(void *state, const void *sample)
{
	struct reference *reference = state;
	struct scoreboard_own *board = reference->pace.board;
	uint64_t number = board->samples;
	uint64_t latency_ns;

	memcpy(&latency_ns, sample, sizeof(latency_ns));
	board->tally.samples++;
	board->tally.unknown = TALLY_READ | TALLY_RELEASE | TALLY_VERIFY | TALLY_VERIFIED;
	board->tally.wire_bytes = reference->count;
	hist_record(&board->latency, latency_ns);
	board->ring[number % SCOREBOARD_RING] = (struct scoreboard_sample){
		.latency_ns = latency_ns,
		.read_ns = SCOREBOARD_READ_UNKNOWN,
	};
	atomic_store_explicit(&board->samples, number + 1, memory_order_release);
}

static const char *reference_finish(void *state)
{
	struct reference *reference = state;

	reference->pace.board->peak_rss_bytes = worker_peak_rss_bytes();
	return NULL;
}

static int reference_measure(struct reference *reference, struct err *err)
{
	struct worker *worker = reference->worker;

	reference->pace = (struct pace){
		.worker = worker,
		.board = &worker_region(worker)->own,
		.step = reference_step,
		.score = reference_score,
		.sample_bytes = sizeof(uint64_t),
		.finish = reference_finish,
		.state = reference,
	};
	if (pace_await_address(worker, err) != 0)
		return -1;
	if (worker->stopping)
		return 0;
	if (worker_tell(worker, "connected", NULL, NULL, err) != 0)
		return -1;
	return pace_measure(&reference->pace, err);
}

static int reference_run(struct worker *worker, struct err *err)
{
	struct reference reference = {
		.worker = worker,
		.sockets = {-1, -1},
		.count = plan_reference_bytes(&worker->setup.type),
	};
	void *bytes = NULL;
	int status = -1;

	if (worker_map_scoreboard(worker, 0, err) != 0 ||
	    worker_pin(worker->setup.cpu, err) != 0 ||
	    memory_map(reference.count, PAGES_SMALL, false, &bytes, err) != 0)
		return -1;
	reference.bytes = bytes;
	if (other_start(&reference, err) == 0)
		status = reference_measure(&reference, err);
	other_end(&reference);
	memory_unmap(bytes, reference.count);
	return status;
}

const struct worker_role role_reference = {
	.name = "reference",
	.takes = true,
	.run = reference_run,
};
