/* SPDX-License-Identifier: MIT */
/*
 * What the client adds around an exchange: the client's role of bench/worker/worker_client.c,
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

#include "bench/worker/source.h"
#include "bench/worker/worker.h"
#include "tests/speed/verdict.h"
#include "transports/unused.h"

/* Many rounds of 2 ms: on a machine that does other work too, some are undisturbed. */
#define EXCHANGES_DEFAULT 10000u
#define ROUNDS 300u
#define BOUND_INSIDE_NS 50
#define BOUND_ALL_NS 250
#define BUDGET_NS UINT64_C(60000000000)

extern const struct encoding encoding_bytes;

/* The prepared reply, and where the server's records are; one run at a time. */
struct empty {
	struct scoreboard_served *served;
	uint64_t reply;
	uint64_t hash;
	uint64_t exchange;
	size_t bytes;
};

static struct empty empty;

static int empty_open(void *state UNUSED, const struct client_setup *setup UNUSED,
		      const char *address UNUSED, struct err *err UNUSED)
{
	return 0;
}

static int empty_exchange(void *state UNUSED, struct give *give UNUSED, struct take *take,
			  struct wire_bytes *wire, struct err *err)
{
	struct scoreboard_exchange *record =
		&empty.served->exchanges[empty.exchange % SCOREBOARD_EXCHANGES];

	record->exchange = empty.exchange++;
	wire->reply = empty.bytes;
	if (take->begin(take, empty.bytes, err) != 0)
		return -1;
	if (empty.bytes && take->accept(take, &empty.reply, empty.bytes, err) != 0)
		return -1;
	return take->end(take, err);
}

static int empty_descriptor(const void *state UNUSED)
{
	return -1;
}

static void empty_close(void *state UNUSED)
{
}

static const struct carrier carrier_empty = {
	.name = "empty",
	.client_size = 1,
	.client_open = empty_open,
	.client_exchange = empty_exchange,
	.client_descriptor = empty_descriptor,
	.client_close = empty_close,
};

/* The scoreboard where a worker finds it; returns our view of it, or NULL. */
static struct scoreboard_member *make_scoreboard(void)
{
	const int fd = memfd_create("empty", MFD_CLOEXEC);
	void *map = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, (off_t)scoreboard_bytes(1)) == 0 &&
	    dup2(fd, SCOREBOARD_FD) == SCOREBOARD_FD)
		map = mmap(NULL, scoreboard_bytes(1), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0 && fd != SCOREBOARD_FD)
		(void)close(fd);
	return map == MAP_FAILED ? NULL : map;
}

/* Every exchange is settled before it is asked for. */
static void settle_all(struct scoreboard_served *served, const struct array_type *type)
{
	struct array array = array_describe(type);

	empty = (struct empty){.served = served, .reply = 1, .bytes = array.bytes};
	array.data = &empty.reply;
	empty.hash = source_hash(&array);
	for (size_t i = 0; i < SCOREBOARD_EXCHANGES; i++)
		served->exchanges[i] = (struct scoreboard_exchange){.hash = empty.hash};
	atomic_store(&served->settled, UINT32_MAX);
}

static void prepare(struct worker *worker, const char *text, uint64_t exchanges, struct err *err)
{
	struct shape shape;

	if (shape_parse(text, &shape, err) != 0)
		return;
	worker->setup = (struct worker_setup){
		.transport = {&carrier_empty, &encoding_bytes},
		.type = (struct array_type){shape, DTYPE_FLOAT64},
		.members = 1,
		.clients = 1,
		.cpu = SETUP_CPU_ANY,
		.token = "empty",
	};
	worker->encoding_setup = (struct encoding_setup){
		.type = worker->setup.type,
		.segment_prefix = worker->setup.segment_prefix,
	};
	(void)snprintf(worker->address, sizeof(worker->address), "nowhere");
	worker->begun = true;
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

/* What the client tells its runner is not read: a few lines, which the socket holds. */
static int measure(const char *shape, uint64_t exchanges, struct cost *cost, struct err *err)
{
	static struct worker worker;
	struct scoreboard_member *scoreboard = make_scoreboard();
	const struct scoreboard_own *board;
	int control[2];

	memset(&worker, 0, sizeof(worker));
	prepare(&worker, shape, exchanges, err);
	if (err->kind != ERR_NONE)
		return -1;
	if (!scoreboard || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) != 0)
		return err_system(err, "setting up");
	worker.control.world = &world_real;
	worker.control.fd = control[0];
	settle_all(&scoreboard->served, &worker.setup.type);
	if (role_client.run(&worker, err) != 0)
		return -1;
	board = &scoreboard->own;
	cost->inside_ns = (double)hist_percentile(&board->latency, 50);
	cost->all_ns = (double)board->tally.wall_ns / (double)board->tally.samples;
	(void)munmap(scoreboard, scoreboard_bytes(1));
	(void)munmap(worker.scoreboard, scoreboard_bytes(1));
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

/* The least of the rounds is judged: what disturbs a round can only slow it down. */
static void report(const char *what, double rounds_ns[ROUNDS], unsigned bound_ns)
{
	qsort(rounds_ns, ROUNDS, sizeof(rounds_ns[0]), compare_numbers);
	(void)printf("%11zu  %-12s %6.0f %8.0f %4s %3u  %s\n", empty.bytes, what, rounds_ns[0],
		     rounds_ns[ROUNDS / 2], "<=", bound_ns, verdict(rounds_ns[0] <= bound_ns));
}

static int measure_rounds(const char *shape, uint64_t exchanges, struct err *err)
{
	double inside_ns[ROUNDS], all_ns[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		struct cost cost = {0};

		if (measure(shape, exchanges, &cost, err) != 0)
			return -1;
		inside_ns[i] = cost.inside_ns;
		all_ns[i] = cost.all_ns;
	}
	report("inside clock", inside_ns, BOUND_INSIDE_NS);
	report("in all", all_ns, BOUND_ALL_NS);
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
	(void)printf("ns an exchange over a carrier that does nothing, %u rounds of %llu\n"
		     "%11s  %-12s %6s %8s %8s  %s\n",
		     ROUNDS, (unsigned long long)exchanges, "REPLY BYTES", "WHAT", "LEAST",
		     "MEDIAN", "BOUND", "VERDICT");
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		if (measure_rounds(shapes[i], exchanges, &err) != 0) {
			(void)fprintf(stderr, "empty: %s\n", err.message);
			return 1;
		}
	}
	return 0;
}
