/* SPDX-License-Identifier: MIT */
/* The client's role: asks, takes the time, reads, verifies and releases every reply. */
#include <errno.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/clock.h"
#include "bench/source.h"
#include "bench/worker.h"
#include "transports/codec.h"

/* Above this latency the cost of an exchange is read every time; below, every 16th time. */
#define CLIENT_COST_NS 200000u

struct client_role {
	struct take take; /* first: what the carrier feeds, with the clock around the decoder's */
	struct worker *worker;
	struct decoder decoder;
	struct source_stream stream;
	void *carrier_state;
	uint64_t decode_ns;
	uint64_t wire_bytes;
	uint64_t last_ns; /* the latency before this one */
	uint64_t timed_ns; /* latencies so far */
	double sum; /* of what was read: kept so that no compiler can drop the reading */
};

/* What one exchange took. */
struct client_times {
	uint64_t latency_ns, decode_ns, read_ns, verify_ns, release_ns;
	struct worker_cost cost;
	bool costed;
};

static struct client_role *role_of(struct take *take)
{
	return (struct client_role *)take;
}

static int client_begin(struct take *take, uint64_t length_bytes, struct err *err)
{
	struct client_role *role = role_of(take);
	uint64_t start_ns = clock_now_ns();
	int status = role->decoder.take.begin(&role->decoder.take, length_bytes, err);

	role->decode_ns += clock_now_ns() - start_ns;
	return status;
}

static int client_place(struct take *take, struct space *space, struct err *err)
{
	struct client_role *role = role_of(take);

	return role->decoder.take.place(&role->decoder.take, space, err);
}

static int client_arrived(struct take *take, size_t bytes, struct err *err)
{
	struct client_role *role = role_of(take);
	uint64_t start_ns = clock_now_ns();
	int status = role->decoder.take.arrived(&role->decoder.take, bytes, err);

	role->decode_ns += clock_now_ns() - start_ns;
	return status;
}

static int client_accept(struct take *take, const void *data, size_t bytes, struct err *err)
{
	struct client_role *role = role_of(take);
	uint64_t start_ns = clock_now_ns();
	int status = role->decoder.take.accept(&role->decoder.take, data, bytes, err);

	role->decode_ns += clock_now_ns() - start_ns;
	return status;
}

static int client_end(struct take *take, struct err *err)
{
	struct client_role *role = role_of(take);
	uint64_t start_ns = clock_now_ns();
	int status = role->decoder.take.end(&role->decoder.take, err);

	role->decode_ns += clock_now_ns() - start_ns;
	return status;
}

/* One pass over every element: where a by-reference array's pages are first touched. */
static double client_read(const struct array *array)
{
	const double *elements = array->data;
	double sums[8] = {0};
	size_t i = 0;
	double sum = 0;

	/* Eight sums in flight, or the chain of additions would be slower than memory. */
	for (; i + 8 <= array->count; i += 8)
		for (size_t lane = 0; lane < 8; lane++)
			sums[lane] += elements[i + lane];
	for (; i < array->count; i++)
		sum += elements[i];
	for (size_t lane = 0; lane < 8; lane++)
		sum += sums[lane];
	return sum;
}

/* Waits until the server has published its record of the exchange. */
static int client_await_record(struct client_role *role, uint64_t exchange,
			       struct scoreboard_exchange *record, struct err *err)
{
	struct scoreboard_server *board = &role->worker->scoreboard->server;
	struct timespec patience = {.tv_nsec = 100000000};
	uint32_t settled;

	/* Exchanges of a block are far below 2^32; the comparison needs no wrap. */
	while ((settled = atomic_load(&board->settled)) <= (uint32_t)exchange) {
		if (role->worker->stopping)
			return err_set(err, ERR_CLOSED, "stopped while the server settled");
		(void)syscall(SYS_futex, &board->settled, FUTEX_WAIT, settled, &patience, NULL, 0);
	}
	*record = board->exchanges[exchange % SCOREBOARD_EXCHANGES];
	return 0;
}

static int client_explain(const struct array *array, const struct source_difference *difference,
			  struct err *err)
{
	char index[ARRAY_SHAPE_TEXT_BYTES];

	(void)shape_format_index(&array->shape, difference->first, index);
	return err_set(err, ERR_WRONG,
		       "element %.120s is %.17g, expected %.17g; %zu of %zu elements differ, by up "
		       "to %.3g",
		       index, difference->got, difference->expected, difference->wrong,
		       array->count, difference->largest);
}

/* Both ends' hashes agree, or the array is compared element by element with what it should be. */
static int client_verify(struct client_role *role, uint64_t exchange,
			 const struct scoreboard_exchange *record, struct err *err)
{
	const struct array *array = &role->decoder.array;
	struct source_difference difference;

	if (record->exchange != exchange)
		return err_set(err, ERR_WRONG,
			       "the server answered exchange %" PRIu64 " to our %" PRIu64,
			       record->exchange, exchange);
	if (source_hash(array) == record->hash)
		return 0;
	difference = source_compare(&role->stream, exchange, array,
				    role->decoder.encoding->tolerance);
	if (difference.wrong)
		return client_explain(array, &difference, err);
	if (difference.inexact == 0)
		return err_set(err, ERR_WRONG,
			       "the server's hash is of another array than the client got");
	return 0;
}

static int client_exchange(struct client_role *role, uint64_t exchange, struct client_times *times,
			   struct err *err)
{
	const struct carrier *carrier = role->worker->setup.transport.carrier;
	struct worker_cost before = {0};
	uint64_t start_ns;
	uint64_t end_ns;

	role->decode_ns = 0;
	times->costed = exchange == 0 || role->last_ns > CLIENT_COST_NS || exchange % 16 == 1;
	if (times->costed)
		before = worker_cost_now();
	start_ns = clock_now_ns();
	if (carrier->client_exchange(role->carrier_state, &role->take, &role->wire_bytes, err) != 0)
		return -1;
	end_ns = clock_now_ns();
	if (times->costed)
		times->cost = worker_cost_since(&before);
	times->latency_ns = end_ns - start_ns;
	times->decode_ns = role->decode_ns;
	start_ns = clock_now_ns();
	role->sum += client_read(&role->decoder.array);
	times->read_ns = clock_now_ns() - start_ns;
	role->last_ns = times->latency_ns;
	return 0;
}

static int client_settle(struct client_role *role, uint64_t exchange,
			 struct scoreboard_exchange *record, struct client_times *times,
			 struct err *err)
{
	uint64_t start_ns;
	int status;

	if (client_await_record(role, exchange, record, err) != 0)
		return -1;
	start_ns = clock_now_ns();
	status = client_verify(role, exchange, record, err);
	times->verify_ns = clock_now_ns() - start_ns;
	start_ns = clock_now_ns();
	if (decoder_release(&role->decoder, err) != 0)
		status = -1;
	times->release_ns = clock_now_ns() - start_ns;
	return status;
}

static void client_tally_cost(struct tally *tally, const struct client_times *times,
			      const struct scoreboard_exchange *record)
{
	tally->cost_samples++;
	tally->client_cpu_ns += times->cost.cpu_ns;
	tally->client_page_faults += times->cost.page_faults;
	tally->client_context_switches += times->cost.context_switches;
	tally->server_cpu_ns += record->cpu_ns;
	tally->server_page_faults += record->page_faults;
	tally->server_context_switches += record->context_switches;
}

static void client_score(struct client_role *role, const struct client_times *times,
			 const struct scoreboard_exchange *record)
{
	struct scoreboard_client *board = &role->worker->scoreboard->client;
	struct tally *tally = &board->tally;
	uint64_t sample = board->samples;

	tally->samples++;
	tally->verified++;
	tally->server_samples++;
	tally->make_ns += record->make_ns;
	tally->encode_ns += record->encode_ns;
	tally->decode_ns += times->decode_ns;
	tally->read_ns += times->read_ns;
	tally->verify_ns += times->verify_ns;
	tally->release_ns += times->release_ns;
	tally->wire_bytes = role->wire_bytes;
	if (times->costed)
		client_tally_cost(tally, times, record);
	hist_record(&board->latency, times->latency_ns);
	hist_record(&board->with_read, times->latency_ns + times->read_ns);
	board->ring[sample % SCOREBOARD_RING] =
		(struct scoreboard_sample){times->latency_ns, times->read_ns};
	atomic_store(&board->samples, sample + 1);
	role->timed_ns += times->latency_ns;
}

/* One whole exchange; it is a sample if timed. */
static int client_step(struct client_role *role, uint64_t exchange, bool timed, struct err *err)
{
	struct scoreboard_client *board = &role->worker->scoreboard->client;
	struct client_times times = {0};
	struct scoreboard_exchange record = {0};

	board->begun = exchange + 1;
	if (client_exchange(role, exchange, &times, err) != 0 ||
	    client_settle(role, exchange, &record, &times, err) != 0)
		return -1;
	if (exchange == 0)
		board->first_ns = times.latency_ns;
	if (timed)
		client_score(role, &times, &record);
	else
		board->warmed++;
	board->finished = exchange + 1;
	return 0;
}

/* Returns when not paused, or stopping. */
static void client_hold(struct worker *worker)
{
	if (!worker->paused)
		return;
	(void)pthread_mutex_lock(&worker->lock);
	while (worker->paused && !worker->stopping)
		(void)pthread_cond_wait(&worker->told, &worker->lock);
	(void)pthread_mutex_unlock(&worker->lock);
}

/* Automatic warm-up ends after 20 exchanges, or when it has used a tenth of the budget. */
static bool client_is_warm(const struct client_role *role, uint64_t exchange, uint64_t spent_ns)
{
	uint64_t warmup = role->worker->begin.warmup;

	if (warmup != PLAN_WARMUP_AUTO)
		return exchange >= warmup;
	return exchange >= 20 || (exchange >= 1 && spent_ns >= role->worker->begin.budget_ns / 10);
}

static int client_measure(struct client_role *role, struct err *err)
{
	struct worker *worker = role->worker;
	uint64_t exchange = 0;
	uint64_t samples = 0;
	uint64_t start_ns = clock_now_ns();

	for (; !client_is_warm(role, exchange, clock_now_ns() - start_ns); exchange++) {
		uint64_t hold_ns = clock_now_ns();

		client_hold(worker);
		start_ns += clock_now_ns() - hold_ns;
		if (worker->stopping)
			return 0;
		if (client_step(role, exchange, false, err) != 0)
			return -1;
	}
	/* Budgets are wall time but for pauses, which move their start. */
	start_ns = clock_now_ns();
	while (samples < worker->begin.samples &&
	       (samples == 0 || clock_now_ns() - start_ns < worker->begin.budget_ns)) {
		uint64_t hold_ns = clock_now_ns();

		client_hold(worker);
		start_ns += clock_now_ns() - hold_ns;
		if (worker->stopping)
			break;
		if (client_step(role, exchange++, true, err) != 0)
			return -1;
		samples++;
	}
	return 0;
}

/* Waits for the address, connects, and says how long that took. */
static int client_connect(struct client_role *role, struct err *err)
{
	struct worker *worker = role->worker;
	char ticket[CARRIER_TICKET_BYTES];
	struct client_setup setup = {.ticket = ticket};
	uint64_t start_ns;

	(void)snprintf(ticket, sizeof(ticket), "%s/%u", worker->setup.token, worker->setup.client);
	if (worker_tell(worker, "ready", NULL, NULL, err) != 0)
		return -1;
	(void)pthread_mutex_lock(&worker->lock);
	while (!worker->address[0] && !worker->stopping)
		(void)pthread_cond_wait(&worker->told, &worker->lock);
	(void)pthread_mutex_unlock(&worker->lock);
	if (worker->stopping)
		return 0;
	start_ns = clock_now_ns();
	if (worker->setup.transport.carrier->client_open(role->carrier_state, &setup,
							 worker->address, err) != 0)
		return err_wrap(err, "connecting");
	worker->scoreboard->client.connect_ns = clock_now_ns() - start_ns;
	return worker_tell(worker, "connected", NULL, NULL, err);
}

static int client_run(struct client_role *role, struct err *err)
{
	struct worker *worker = role->worker;

	if (client_connect(role, err) != 0)
		return -1;
	(void)pthread_mutex_lock(&worker->lock);
	while (!worker->begin.told && !worker->stopping)
		(void)pthread_cond_wait(&worker->told, &worker->lock);
	(void)pthread_mutex_unlock(&worker->lock);
	if (client_measure(role, err) != 0)
		return -1;
	worker->scoreboard->client.tally.client_peak_rss_bytes = worker_peak_rss_bytes();
	return worker_tell(worker, "done", NULL, NULL, err);
}

static struct client_role *client_new(struct worker *worker)
{
	struct client_role *role = calloc(1, sizeof(*role));

	if (!role)
		return NULL;
	role->worker = worker;
	role->take = (struct take){
		.begin = client_begin,
		.place = client_place,
		.arrived = client_arrived,
		.accept = client_accept,
		.end = client_end,
	};
	role->stream = (struct source_stream){
		.kind = worker->setup.source,
		.seed = worker->setup.seed,
		.client = worker->setup.client,
	};
	role->carrier_state = calloc(1, worker->setup.transport.carrier->client_size);
	return role;
}

int worker_client(struct worker *worker, struct err *err)
{
	const struct carrier *carrier = worker->setup.transport.carrier;
	struct client_role *role;
	int status = -1;

	if (worker_map_scoreboard(worker, err) != 0)
		return -1;
	role = client_new(worker);
	if (!role || !role->carrier_state) {
		free(role);
		return err_set(err, ERR_MEMORY, "no memory for the client");
	}
	if (worker_pin(worker->setup.cpu[1], err) == 0 &&
	    decoder_open(&role->decoder, worker->setup.transport.encoding, &worker->encoding_setup,
			 err) == 0)
		status = client_run(role, err);
	carrier->client_close(role->carrier_state);
	decoder_close(&role->decoder);
	free(role->carrier_state);
	free(role);
	return status;
}
