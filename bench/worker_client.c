/* SPDX-License-Identifier: MIT */
/* The client's role: asks, takes the time, reads, verifies and releases every reply. */
#include <errno.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/clock.h"
#include "bench/read.h"
#include "bench/source.h"
#include "bench/worker.h"
#include "transports/codec.h"

/*
 * On a schedule the client sleeps until this long before the planned start and then
 * watches the clock: a timer's lateness is not the transport's.
 */
#define CLIENT_EARLY_NS 200000u

struct client_role {
	struct take take; /* first: what the carrier feeds, with the clock around the decoder's */
	struct worker *worker;
	struct scoreboard_client *board;
	const struct scoreboard_server *server_board;
	struct decoder decoder;
	struct source_stream stream;
	void *carrier_state;
	uint64_t decode_ns;
	uint64_t wire_bytes;
	double sum; /* of all that was read: kept so that no compiler can drop the reading */
};

/* What one exchange took. */
struct client_times {
	uint64_t latency_ns, decode_ns, read_ns, verify_ns, release_ns;
	uint64_t planned_ns; /* from the planned start; 0 without a schedule */
	struct worker_cost cost;
	bool detailed; /* decode_ns and cost are known */
	bool verified; /* compared with what the server sent */
	double sum;    /* of the elements */
	uint64_t hash; /* of the array */
};

/* When requests are to go out, if --rate asks for a schedule. */
struct client_schedule {
	uint64_t interval_ns; /* 0: each as soon as the last is over */
	uint64_t next_ns;     /* the planned start of the next */
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

/* Waits until the server has published its record of the exchange. */
static int client_await_record(struct client_role *role, uint64_t exchange,
			       struct scoreboard_exchange *record, struct err *err)
{
	const struct scoreboard_server *board = role->server_board;
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
static int client_verify(struct client_role *role, uint64_t exchange, uint64_t hash,
			 const struct scoreboard_exchange *record, struct err *err)
{
	const struct array *array = &role->decoder.array;
	struct source_difference difference;

	if (record->exchange != exchange)
		return err_set(err, ERR_WRONG,
			       "the server answered exchange %" PRIu64 " to our %" PRIu64,
			       record->exchange, exchange);
	if (hash == record->hash)
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

/*
 * All that can be said of an array that nobody knows, beyond its shape and dtype:
 * its elements are finite. So they are if their sum is, which has been taken already.
 */
static int client_check_finite(const struct array *array, double sum, struct err *err)
{
	const double *elements = array->data;
	char index[ARRAY_SHAPE_TEXT_BYTES];

	for (size_t i = 0; !isfinite(sum) && i < array->count; i++)
		if (!isfinite(elements[i]))
			return err_set(err, ERR_WRONG, "element %.120s is %g, which is not finite",
				       shape_format_index(&array->shape, i, index), elements[i]);
	return 0;
}

/* Returns at the planned start, or at once if that is past: then the exchange is late. */
static void client_await_start(const struct client_schedule *schedule)
{
	struct timespec wake;
	uint64_t wake_ns = schedule->next_ns - CLIENT_EARLY_NS;

	if (schedule->interval_ns == 0)
		return;
	if (clock_now_ns() < wake_ns) {
		wake = (struct timespec){(time_t)(wake_ns / 1000000000u),
					 (long)(wake_ns % 1000000000u)};
		(void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, NULL);
	}
	while (clock_now_ns() < schedule->next_ns)
		continue;
}

static int client_exchange(struct client_role *role, uint64_t exchange,
			   struct client_schedule *schedule, struct client_times *times,
			   struct err *err)
{
	const struct worker_setup *setup = &role->worker->setup;
	struct worker_cost before = {0};
	struct take *take;
	uint64_t start_ns;
	uint64_t end_ns;

	role->decode_ns = 0;
	times->detailed = scoreboard_detailed(exchange, setup->type.bytes);
	take = times->detailed ? &role->take : &role->decoder.take;
	if (times->detailed)
		before = worker_cost_now();
	client_await_start(schedule);
	start_ns = clock_now_ns();
	if (setup->transport.carrier->client_exchange(role->carrier_state, take, &role->wire_bytes,
						      err) != 0)
		return -1;
	end_ns = clock_now_ns();
	if (times->detailed)
		times->cost = worker_cost_since(&before);
	times->latency_ns = end_ns - start_ns;
	if (schedule->interval_ns) {
		times->planned_ns = end_ns - schedule->next_ns;
		schedule->next_ns += schedule->interval_ns;
	}
	times->decode_ns = role->decode_ns;
	times->sum = read_array(&role->decoder.array);
	role->sum += times->sum;
	times->read_ns = clock_now_ns() - end_ns;
	return 0;
}

static int client_settle(struct client_role *role, uint64_t exchange,
			 struct scoreboard_exchange *record, struct client_times *times,
			 struct err *err)
{
	const struct array *array = &role->decoder.array;
	uint64_t start_ns;
	int status;

	times->verified = !role->worker->setup.connect[0];
	if (times->verified && client_await_record(role, exchange, record, err) != 0)
		return -1;
	start_ns = clock_now_ns();
	times->hash = source_hash(array);
	if (times->verified)
		status = client_verify(role, exchange, times->hash, record, err);
	else
		status = client_check_finite(array, times->sum, err);
	times->verify_ns = clock_now_ns() - start_ns;
	if (exchange == 0)
		role->board->pages = worker_pages_got(role->worker, &role->decoder.array);
	start_ns = clock_now_ns();
	if (decoder_release(&role->decoder, err) != 0)
		status = -1;
	times->release_ns = clock_now_ns() - start_ns;
	return status;
}

static void client_tally_own(struct tally *tally, const struct client_times *times)
{
	tally->client_detailed++;
	tally->decode_ns += times->decode_ns;
	tally->client_cpu_ns += times->cost.cpu_ns;
	tally->client_page_faults += times->cost.page_faults;
	tally->client_context_switches += times->cost.context_switches;
	tally->client_involuntary_switches += times->cost.involuntary_switches;
	tally->client_migrations += times->cost.migrations;
}

/* Of several clients' exchanges at once, nobody can tell which cost the server what. */
static void client_tally_server(struct tally *tally, const struct scoreboard_exchange *record,
				uint32_t clients)
{
	tally->server_detailed++;
	tally->make_ns += record->make_ns;
	tally->encode_ns += record->encode_ns;
	if (clients > 1)
		return;
	tally->server_costed++;
	tally->server_cpu_ns += record->cpu_ns;
	tally->server_page_faults += record->page_faults;
	tally->server_context_switches += record->context_switches;
	tally->server_involuntary_switches += record->involuntary_switches;
	tally->server_migrations += record->migrations;
}

static void client_score(struct client_role *role, const struct client_times *times,
			 const struct scoreboard_exchange *record)
{
	struct scoreboard_client *board = role->board;
	struct tally *tally = &board->tally;
	uint64_t sample = board->samples;

	tally->samples++;
	tally->verified += times->verified;
	tally->read_ns += times->read_ns;
	tally->verify_ns += times->verify_ns;
	tally->release_ns += times->release_ns;
	tally->wire_bytes = role->wire_bytes;
	if (times->detailed)
		client_tally_own(tally, times);
	if (record->detailed)
		client_tally_server(tally, record, role->worker->setup.clients);
	hist_record(&board->latency, times->latency_ns);
	hist_record(&board->with_read, times->latency_ns + times->read_ns);
	if (times->planned_ns)
		hist_record(&board->planned, times->planned_ns);
	board->ring[sample % SCOREBOARD_RING] =
		(struct scoreboard_sample){times->latency_ns, times->read_ns, times->hash};
	atomic_store(&board->samples, sample + 1);
}

/* One whole exchange; it is a sample if timed. */
static int client_step(struct client_role *role, uint64_t exchange,
		       struct client_schedule *schedule, bool timed, struct err *err)
{
	struct scoreboard_client *board = role->board;
	struct client_times times = {0};
	struct scoreboard_exchange record = {0};

	board->begun = exchange + 1;
	if (client_exchange(role, exchange, schedule, &times, err) != 0 ||
	    client_settle(role, exchange, &record, &times, err) != 0)
		return -1;
	if (exchange == 0)
		board->first_ns = times.latency_ns;
	if (timed)
		client_score(role, &times, &record);
	else if (board->samples == 0)
		board->warmed++;
	board->finished = exchange + 1;
	return 0;
}

/* Returns when not paused, or stopping. How long it was held is added to what pauses move. */
static void client_hold(struct worker *worker, struct client_schedule *schedule, uint64_t *start_ns)
{
	uint64_t hold_ns = clock_now_ns();
	uint64_t held_ns;

	if (!worker->paused)
		return;
	(void)pthread_mutex_lock(&worker->lock);
	while (worker->paused && !worker->stopping)
		(void)pthread_cond_wait(&worker->told, &worker->lock);
	(void)pthread_mutex_unlock(&worker->lock);
	held_ns = clock_now_ns() - hold_ns;
	*start_ns += held_ns;
	schedule->next_ns += held_ns;
}

/* The clients' planned starts lie evenly between each other's. */
static struct client_schedule client_schedule_from(const struct worker_setup *setup,
						   uint64_t start_ns)
{
	return (struct client_schedule){
		.interval_ns = setup->interval_ns,
		.next_ns = start_ns + setup->interval_ns / setup->clients * setup->client,
	};
}

/* Automatic warm-up ends after 20 exchanges, or when it has used a tenth of the budget. */
static bool client_is_warm(const struct client_role *role, uint64_t exchange, uint64_t spent_ns)
{
	uint64_t warmup = role->worker->begin.warmup;

	if (warmup != PLAN_WARMUP_AUTO)
		return exchange >= warmup;
	return exchange >= 20 || (exchange >= 1 && spent_ns >= role->worker->begin.budget_ns / 10);
}

/* Exchanges that are not samples, until enough; *exchange is counted on. */
static int client_warm_up(struct client_role *role, uint64_t *exchange, struct err *err)
{
	struct worker *worker = role->worker;
	uint64_t start_ns = clock_now_ns();
	struct client_schedule schedule = client_schedule_from(&worker->setup, start_ns);

	while (!client_is_warm(role, *exchange, clock_now_ns() - start_ns)) {
		client_hold(worker, &schedule, &start_ns);
		if (worker->stopping)
			return 0;
		if (client_step(role, (*exchange)++, &schedule, false, err) != 0)
			return -1;
	}
	return 0;
}

/* Keeps the load on while others of the pair are not there yet, or are still measuring. */
static int client_go_on(struct client_role *role, uint64_t *exchange, const atomic_bool *until,
			struct err *err)
{
	struct worker *worker = role->worker;
	uint64_t start_ns = clock_now_ns();
	struct client_schedule schedule = client_schedule_from(&worker->setup, start_ns);

	while (!*until && !worker->stopping) {
		client_hold(worker, &schedule, &start_ns);
		if (client_step(role, (*exchange)++, &schedule, false, err) != 0)
			return worker->stopping && err->kind != ERR_WRONG ? 0 : -1;
	}
	return 0;
}

/* When the exchange that has just ended makes room for the next: on a schedule, not before that. */
static uint64_t client_end_ns(const struct client_schedule *schedule)
{
	uint64_t now_ns = clock_now_ns();

	return schedule->interval_ns && schedule->next_ns > now_ns ? schedule->next_ns : now_ns;
}

/* Budgets are wall time but for pauses, which move their start. */
static int client_sample(struct client_role *role, uint64_t *exchange, struct err *err)
{
	struct worker *worker = role->worker;
	struct scoreboard_client *board = role->board;
	uint64_t start_ns = clock_now_ns();
	struct client_schedule schedule = client_schedule_from(&worker->setup, start_ns);
	uint64_t offset_ns = schedule.next_ns - start_ns;

	while (board->samples < worker->begin.samples &&
	       (board->samples == 0 || clock_now_ns() - start_ns < worker->begin.budget_ns)) {
		client_hold(worker, &schedule, &start_ns);
		if (worker->stopping)
			break;
		if (client_step(role, (*exchange)++, &schedule, true, err) != 0)
			return -1;
		board->tally.wall_ns = client_end_ns(&schedule) - offset_ns - start_ns;
	}
	return 0;
}

static int client_tell_done(const struct client_role *role, struct err *err)
{
	const struct carrier *carrier = role->worker->setup.transport.carrier;
	const char *remark = carrier->client_remark ? carrier->client_remark(role->carrier_state)
						    : NULL;

	return worker_tell(role->worker, "done", "remark", remark, err);
}

/* Where the pair has several clients, all of them run while any takes samples. */
static int client_measure(struct client_role *role, struct err *err)
{
	struct worker *worker = role->worker;
	bool several = worker->setup.clients > 1;
	uint64_t exchange = 0;

	if (client_warm_up(role, &exchange, err) != 0)
		return -1;
	if (several && (worker_tell(worker, "warm", NULL, NULL, err) != 0 ||
			client_go_on(role, &exchange, &worker->going, err) != 0))
		return -1;
	if (client_sample(role, &exchange, err) != 0)
		return -1;
	role->board->tally.client_peak_rss_bytes = worker_peak_rss_bytes();
	if (client_tell_done(role, err) != 0)
		return -1;
	return several ? client_go_on(role, &exchange, &worker->stopping, err) : 0;
}

/* What to present to the server: another's wants no ticket of ours, and perhaps a key. */
static void client_set_up(const struct worker *worker, char ticket[CARRIER_TICKET_BYTES],
			  struct client_setup *setup)
{
	bool keyed = worker->setup.transport.carrier->flags & CARRIER_KEYED;
	const char *key = keyed ? getenv("IPCTOP_AUTHKEY") : NULL;

	(void)snprintf(ticket, CARRIER_TICKET_BYTES, "%s/%u", worker->setup.token,
		       worker->setup.client);
	setup->ticket = !worker->setup.connect[0] ? ticket : key ? key : "";
}

/* Waits for the address, connects, and says how long that took. */
static int client_connect(struct client_role *role, struct err *err)
{
	struct worker *worker = role->worker;
	char ticket[CARRIER_TICKET_BYTES];
	struct client_setup setup = {.wait = worker->setup.wait};
	uint64_t start_ns;

	client_set_up(worker, ticket, &setup);
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
	role->board->connect_ns = clock_now_ns() - start_ns;
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
	return client_measure(role, err);
}

static struct client_role *client_new(struct worker *worker)
{
	struct client_role *role = calloc(1, sizeof(*role));

	if (!role)
		return NULL;
	role->worker = worker;
	role->board = &worker->scoreboard->slots[worker->setup.client].client;
	role->server_board = &worker->scoreboard->slots[worker->setup.client].server;
	role->take = (struct take){
		.text = worker->setup.transport.encoding->flags & ENCODING_TEXT,
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
