/* SPDX-License-Identifier: MIT */
/* The client's role: asks, takes the time, reads, verifies and releases every reply. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/machine/clock.h"
#include "bench/machine/sockets.h"
#include "bench/wire/settle.h"
#include "bench/worker/elements.h"
#include "bench/worker/pace.h"
#include "bench/worker/slot.h"
#include "bench/worker/worker.h"
#include "bench/worker/worker_foreign.h"

struct client_role {
	struct worker *worker;
	struct scoreboard_own *board;
	const struct scoreboard_served *served;
	struct pace pace;
	struct slot slot;
	struct source_stream stream; /* of the arrays that it takes */
	void *carrier_state;
	struct wire_bytes wire;
};

/* What one exchange took. */
struct client_times {
	uint64_t latency_ns, verify_ns;
	uint64_t planned_ns; /* from the planned start; 0 without a schedule */
	struct end_cost cost; /* if the exchange is detailed */
	bool verified; /* compared with what the server sent, and by it with what it took */
	uint64_t hash; /* of that array; push: of the one that it sent */
};

/* All that becomes of an exchange on the scoreboard, once it is a sample. */
struct client_sample {
	struct client_times times;
	struct scoreboard_exchange record; /* the server's */
	struct scoreboard_exchange own;
	struct wire_bytes wire;
};

/* One look at the clock ends a stretch of time and begins the next. */
static uint64_t client_lap(uint64_t *mark_ns)
{
	uint64_t start_ns = *mark_ns;

	*mark_ns = clock_now_ns();
	return *mark_ns - start_ns;
}

/* Both ends' hashes agree, or the array is compared element by element with what it should be. */
static int client_verify(struct client_role *role, uint64_t exchange, uint64_t hash,
			 const struct scoreboard_exchange *record, struct err *err)
{
	struct encoding_loss loss;
	const struct slot *slot = &role->slot;
	int status;

	if (record->exchange != exchange)
		return err_set(err, ERR_WRONG,
			       "the server answered exchange %" PRIu64 " to our %" PRIu64,
			       record->exchange, exchange);
	if (!slot->takes || hash == record->hash)
		return 0;
	loss = encoding_loss_of(slot->decoder.encoding, slot->decoder.array.type.dtype);
	status = source_verify(&role->stream, exchange, &slot->decoder.array, &loss, err);
	if (status > 0)
		return err_set(err, ERR_WRONG,
			       "the server's hash is of another array than the client got");
	return status < 0 && slot->gives ? err_wrap(err, "in the reply") : status;
}

/*
 * All that can be said of an array that nobody knows, beyond its shape and dtype:
 * its elements are finite. So they are if their sum is, which has been taken already.
 */
static int client_check_finite(const struct array *array, double sum, struct err *err)
{
	size_t first = elements_first_unfit(array, sum);
	char index[ARRAY_SHAPE_TEXT_BYTES];
	char value[ELEMENT_TEXT_BYTES];

	if (first == array->count)
		return 0;
	return err_set(err, ERR_WRONG, "element %.120s is %s, which is %s",
		       shape_format_index(&array->type.shape, first, index),
		       elements_table[array->type.dtype]->format(array->data, first, value),
		       array->type.dtype == DTYPE_BOOL ? "no bool" : "not finite");
}

static int client_exchange(struct client_role *role, struct client_times *times, struct err *err)
{
	const struct carrier *carrier = role->worker->setup.transport.carrier;
	struct slot *slot = &role->slot;
	struct take *take = slot_begin(slot);
	struct give *give = NULL;
	struct worker_cost before = {0};
	uint64_t mark_ns;

	/* Waiting for the planned start costs time that is not the exchange's. */
	pace_await_start(&role->pace);
	if (slot->record.detailed)
		before = worker_cost_now();
	mark_ns = clock_now_ns();
	if (slot_give(slot, &give, err) != 0 ||
	    carrier->client_exchange(role->carrier_state, give, take, &role->wire, err) != 0)
		return -1;
	times->latency_ns = client_lap(&mark_ns);
	if (slot->record.detailed)
		times->cost = worker_cost_since(&before);
	if (slot->takes)
		slot_read(slot);
	times->planned_ns = pace_next(&role->pace, mark_ns);
	return 0;
}

static uint64_t client_receive_buffer(const struct client_role *role)
{
	const struct carrier *carrier = role->worker->setup.transport.carrier;

	return socket_buffers_of(carrier->client_descriptor(role->carrier_state)).receive;
}

/* The array that the scoreboard's pages and the samples' hashes are of. */
static const struct array *client_measured(const struct slot *slot)
{
	return slot->takes ? &slot->decoder.array : &slot->array;
}

static int client_check(struct client_role *role, uint64_t exchange,
			const struct scoreboard_exchange *record, struct client_times *times,
			struct err *err)
{
	const struct slot *slot = &role->slot;
	uint64_t mark_ns = clock_now_ns();
	int status;

	times->hash = source_hash(client_measured(slot));
	if (times->verified)
		status = client_verify(role, exchange, times->hash, record, err);
	else
		status = slot->takes ? client_check_finite(&slot->decoder.array, slot->sum, err) :
				       0;
	times->verify_ns = client_lap(&mark_ns);
	return status;
}

/* A ready array is known before its request: its server compares with this. */
static void client_tell_hash(const struct client_role *role)
{
	if (role->slot.gives && role->slot.stream.kind == SOURCE_READY)
		role->board->given_hash = source_hash(&role->slot.array);
}

static int client_settle(struct client_role *role, uint64_t exchange,
			 struct scoreboard_exchange *record, struct client_times *times,
			 struct err *err)
{
	int status;

	times->verified = !role->worker->setup.connect[0];
	if (times->verified &&
	    settle_await(role->served, exchange, &role->worker->stopping, record, err) != 0)
		return -1;
	if (exchange == 0)
		role->board->pages = worker_pages_got(role->worker, client_measured(&role->slot));
	if (scoreboard_looks_at_sockets(exchange))
		role->board->receive_buffer_bytes = client_receive_buffer(role);
	status = client_check(role, exchange, record, times, err);
	if (slot_replied(&role->slot, true, err) != 0)
		status = -1;
	client_tell_hash(role);
	role->pace.over_ns = clock_now_ns();
	return status;
}

/* What this end has done: of the reply it is the taker, of the request the giver. */
static void client_tally_own(struct tally *tally, const struct scoreboard_exchange *own,
			     const struct end_cost *cost)
{
	tally->detailed[END_CLIENT]++;
	tally->decode_ns += own->decode_ns;
	tally->request_make_ns += own->make_ns;
	tally->request_encode_ns += own->encode_ns;
	tally->costed[END_CLIENT]++;
	end_cost_add(&tally->cost[END_CLIENT], cost);
}

/* Of several clients' exchanges at once, nobody can tell which cost the server what. */
static void client_tally_server(struct tally *tally, const struct scoreboard_exchange *record,
				uint32_t clients)
{
	tally->detailed[END_SERVER]++;
	tally->make_ns += record->make_ns;
	tally->encode_ns += record->encode_ns;
	tally->request_decode_ns += record->decode_ns;
	if (clients > 1)
		return;
	tally->costed[END_SERVER]++;
	end_cost_add(&tally->cost[END_SERVER], &record->cost);
}

static void client_score(void *state, const void *data)
{
	struct client_role *role = state;
	const struct client_sample *kept = data;
	const struct client_times *times = &kept->times;
	const struct scoreboard_exchange *record = &kept->record;
	struct scoreboard_own *board = role->board;
	const struct scoreboard_exchange *own = &kept->own;
	struct tally *tally = &board->tally;
	uint64_t sample = board->samples;
	/* How long a server of others reads what it took is not known. */
	bool reads = times->verified || !role->slot.gives;
	uint64_t read_ns = own->read_ns + record->read_ns;

	tally->samples++;
	tally->verified += times->verified;
	tally->read_ns += own->read_ns;
	tally->request_read_ns += record->read_ns;
	if (!reads)
		tally->unknown |= TALLY_REQUEST_READ;
	tally->verify_ns += times->verify_ns + record->verify_ns;
	tally->release_ns += own->release_ns + record->release_ns;
	tally->wire_bytes = kept->wire.reply;
	if (role->slot.gives)
		tally->request_wire_bytes = kept->wire.request;
	if (own->detailed)
		client_tally_own(tally, own, &times->cost);
	if (record->detailed)
		client_tally_server(tally, record, role->worker->setup.clients);
	hist_record(&board->latency, times->latency_ns);
	if (reads)
		hist_record(&board->with_read, times->latency_ns + read_ns);
	if (times->planned_ns)
		hist_record(&board->planned, times->planned_ns);
	board->ring[sample % SCOREBOARD_RING] =
		(struct scoreboard_sample){
			.latency_ns = times->latency_ns,
			.read_ns = reads ? read_ns : SCOREBOARD_READ_UNKNOWN,
			.hash = times->hash,
		};
	atomic_store_explicit(&board->samples, sample + 1, memory_order_release);
}

/* One whole exchange. */
static int client_step(void *state, uint64_t exchange, void *sample, struct err *err)
{
	struct client_role *role = state;
	struct scoreboard_own *board = role->board;
	struct client_times times = {0};
	struct scoreboard_exchange record = {0};

	atomic_store_explicit(&board->begun, exchange + 1, memory_order_release);
	if (client_exchange(role, &times, err) != 0 ||
	    worker_check_latency(role->worker, times.latency_ns, err) != 0 ||
	    client_settle(role, exchange, &record, &times, err) != 0)
		return -1;
	if (exchange == 0)
		board->first_ns = times.latency_ns;
	role->pace.latency_ns = times.latency_ns;
	if (sample)
		*(struct client_sample *)sample =
			(struct client_sample){times, record, role->slot.record, role->wire};
	else if (board->samples == 0)
		board->warmed++;
	atomic_store_explicit(&board->finished, exchange + 1, memory_order_release);
	return 0;
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
	if (pace_await_address(worker, err) != 0)
		return -1;
	if (worker->stopping)
		return 0;
	start_ns = clock_now_ns();
	if (worker->setup.transport.carrier->client_open(role->carrier_state, &setup,
							 worker->address, err) != 0)
		return err_wrap(err, "connecting");
	role->board->connect_ns = clock_now_ns() - start_ns;
	return worker_tell(worker, "connected", NULL, NULL, err);
}

static const char *client_finish(void *state)
{
	struct client_role *role = state;
	const struct carrier *carrier = role->worker->setup.transport.carrier;

	role->board->peak_rss_bytes = worker_peak_rss_bytes();
	return carrier->client_remark ? carrier->client_remark(role->carrier_state) : NULL;
}

static struct client_role *client_new(struct worker *worker)
{
	struct client_role *role = calloc(1, sizeof(*role));

	if (!role)
		return NULL;
	role->worker = worker;
	role->board = &worker_region(worker)->own;
	role->served = &worker_region(worker)->served;
	role->pace = (struct pace){
		.worker = worker,
		.board = role->board,
		.step = client_step,
		.score = client_score,
		.sample_bytes = sizeof(struct client_sample),
		.finish = client_finish,
		.state = role,
	};
	role->stream = (struct source_stream){
		.kind = worker->setup.source,
		.seed = worker->setup.seed,
		.client = worker->setup.client,
	};
	worker_stream_data(worker, &role->stream);
	return role;
}

static int client_open_slot(struct client_role *role, struct err *err)
{
	const struct worker_setup *setup = &role->worker->setup;
	const struct ways ways = setup_ways(setup);
	const struct slot_setup slot_setup = {
		.encoding = setup->transport.encoding,
		.ends = role->worker->encoding_setup,
		.stream = role->stream,
		.gives = ways.request,
		.takes = ways.reply,
		.asks = true,
	};

	if (slot_open(&role->slot, &slot_setup, err) != 0)
		return -1;
	client_tell_hash(role);
	return 0;
}

static int client_make_carrier(struct client_role *role, struct err *err)
{
	role->carrier_state = calloc(1, role->worker->setup.transport.carrier->client_size);
	return role->carrier_state ? 0 : err_set(err, ERR_MEMORY, "no memory for the client");
}

/* What it needs, in the order that was drawn. */
static int client_make(struct client_role *role, struct err *err)
{
	if (role->worker->setup.order)
		return client_open_slot(role, err) == 0 ? client_make_carrier(role, err) : -1;
	return client_make_carrier(role, err) == 0 ? client_open_slot(role, err) : -1;
}

static int client_run(struct worker *worker, struct err *err)
{
	const struct carrier *carrier = worker->setup.transport.carrier;
	struct client_role *role;
	int status = -1;

	if (worker_map_scoreboard(worker, 0, err) != 0 || worker_load_data(worker, err) != 0)
		return -1;
	role = client_new(worker);
	if (!role)
		return err_set(err, ERR_MEMORY, "no memory for the client");
	if (worker_pin(worker->setup.cpu, err) == 0 && client_make(role, err) == 0)
		status = client_connect(role, err);
	if (status == 0)
		status = pace_measure(&role->pace, err);
	if (role->carrier_state)
		carrier->client_close(role->carrier_state);
	slot_close(&role->slot);
	free(role->carrier_state);
	free(role);
	return status;
}

const struct worker_role role_client = {
	.name = "client",
	.takes = true,
	.run = client_run,
	.run_foreign = worker_foreign_client,
};
