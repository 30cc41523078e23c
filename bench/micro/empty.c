/* SPDX-License-Identifier: MIT */
/*
 * What the client adds around an exchange: the client's role of bench/worker_client.c,
 * whole, over a carrier that has a reply at hand. It sees a server that has always
 * settled, so neither another process nor the kernel has a part in what is printed.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/source.h"
#include "bench/worker.h"

#define EXCHANGES_DEFAULT 200000u
#define ROUNDS 15u
#define BUDGET_NS UINT64_C(60000000000)

extern const struct encoding encoding_bytes;

/* The prepared reply, and where the server's records are; one run at a time. */
struct empty {
	struct scoreboard_server *board;
	uint64_t reply;
	uint64_t hash;
	uint64_t exchange;
	size_t bytes;
};

static struct empty empty;

static int empty_open(void *state, const struct client_setup *setup, const char *address,
		      struct err *err)
{
	(void)state;
	(void)setup;
	(void)address;
	(void)err;
	return 0;
}

static int empty_exchange(void *state, struct take *take, uint64_t *wire_bytes, struct err *err)
{
	struct scoreboard_exchange *record =
		&empty.board->exchanges[empty.exchange % SCOREBOARD_EXCHANGES];

	(void)state;
	record->exchange = empty.exchange++;
	*wire_bytes = empty.bytes;
	if (take->begin(take, empty.bytes, err) != 0)
		return -1;
	if (empty.bytes && take->accept(take, &empty.reply, empty.bytes, err) != 0)
		return -1;
	return take->end(take, err);
}

static void empty_close(void *state)
{
	(void)state;
}

static const struct carrier carrier_empty = {
	.name = "empty",
	.client_size = 1,
	.client_open = empty_open,
	.client_exchange = empty_exchange,
	.client_close = empty_close,
};

/* The scoreboard where a worker finds it; returns our view of it, or NULL. */
static struct scoreboard *make_scoreboard(void)
{
	const int fd = memfd_create("empty", MFD_CLOEXEC);
	void *map = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, (off_t)scoreboard_bytes(1)) == 0 &&
	    dup2(fd, WORKER_SCOREBOARD_FD) == WORKER_SCOREBOARD_FD)
		map = mmap(NULL, scoreboard_bytes(1), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return map == MAP_FAILED ? NULL : map;
}

/* Every exchange is settled before it is asked for. */
static void settle_all(struct scoreboard_server *board, const struct array *type)
{
	struct array array = *type;

	empty = (struct empty){.board = board, .reply = 1, .bytes = type->bytes};
	array.data = &empty.reply;
	empty.hash = source_hash(&array);
	for (size_t i = 0; i < SCOREBOARD_EXCHANGES; i++)
		board->exchanges[i] = (struct scoreboard_exchange){.hash = empty.hash};
	atomic_store(&board->settled, UINT32_MAX);
}

static void prepare(struct worker *worker, const char *text, uint64_t exchanges, struct err *err)
{
	struct shape shape;

	if (shape_parse(text, &shape, err) != 0)
		return;
	worker->setup = (struct worker_setup){
		.transport = {&carrier_empty, &encoding_bytes},
		.type = array_describe(&shape, DTYPE_FLOAT64),
		.clients = 1,
		.cpu = {SETUP_CPU_ANY, SETUP_CPU_ANY},
		.token = "empty",
	};
	worker->encoding_setup = (struct encoding_setup){
		.type = worker->setup.type,
		.segment_prefix = worker->setup.segment_prefix,
	};
	(void)snprintf(worker->address, sizeof(worker->address), "nowhere");
	worker->begin.told = true;
	worker->begin.warmup = 1000;
	worker->begin.samples = exchanges;
	worker->begin.budget_ns = BUDGET_NS;
	(void)pthread_mutex_init(&worker->lock, NULL);
	(void)pthread_cond_init(&worker->told, NULL);
}

/* What one round found. */
struct cost {
	double inside_ns; /* the median latency */
	double all_ns;    /* from one exchange to the next, on average */
};

/* What the client tells its runner is for nobody: a few lines, which the socket holds. */
static int measure(const char *shape, uint64_t exchanges, struct cost *cost, struct err *err)
{
	static struct worker worker;
	struct scoreboard *scoreboard = make_scoreboard();
	const struct scoreboard_client *board;
	int control[2];

	memset(&worker, 0, sizeof(worker));
	prepare(&worker, shape, exchanges, err);
	if (err->kind != ERR_NONE)
		return -1;
	if (!scoreboard || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) != 0)
		return err_system(err, "setting up");
	worker.control.fd = control[0];
	settle_all(&scoreboard->slots[0].server, &worker.setup.type);
	if (worker_client(&worker, err) != 0)
		return -1;
	board = &scoreboard->slots[0].client;
	cost->inside_ns = (double)hist_percentile(&board->latency, 50);
	cost->all_ns = (double)board->tally.wall_ns / (double)board->tally.samples;
	(void)munmap(scoreboard, scoreboard_bytes(1));
	(void)close(control[0]);
	(void)close(control[1]);
	return 0;
}

static int compare_numbers(const void *a, const void *b)
{
	const double x = *(const double *)a;
	const double y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Prints the median and the least of the rounds. */
static int measure_rounds(const char *shape, uint64_t exchanges, struct err *err)
{
	double inside[ROUNDS], all[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		struct cost cost = {0};

		if (measure(shape, exchanges, &cost, err) != 0)
			return -1;
		inside[i] = cost.inside_ns;
		all[i] = cost.all_ns;
	}
	qsort(inside, ROUNDS, sizeof(inside[0]), compare_numbers);
	qsort(all, ROUNDS, sizeof(all[0]), compare_numbers);
	(void)printf("%11zu %12.0f %9.0f %12.0f %9.0f\n", empty.bytes, inside[ROUNDS / 2],
		     inside[0], all[ROUNDS / 2], all[0]);
	return 0;
}

int main(int argc, char **argv)
{
	static const char *const shapes[] = {"0", "1"};
	const uint64_t exchanges = argc > 1 ? strtoull(argv[1], NULL, 10) : EXCHANGES_DEFAULT;
	struct err err = {0};

	if (exchanges == 0) {
		(void)fprintf(stderr, "usage: empty [EXCHANGES]\n");
		return 2;
	}
	(void)printf("ns an exchange over a carrier that does nothing: %u rounds of %llu\n"
		     "%11s %12s %9s %12s %9s\n",
		     ROUNDS, (unsigned long long)exchanges, "reply bytes", "inside clock", "least",
		     "in all", "least");
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		if (measure_rounds(shapes[i], exchanges, &err) != 0) {
			(void)fprintf(stderr, "empty: %s\n", err.message);
			return 1;
		}
	}
	(void)printf("%11s %12s %9s %12s\n", "bound", "50", "", "250");
	return 0;
}
