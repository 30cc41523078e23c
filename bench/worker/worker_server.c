/* SPDX-License-Identifier: MIT */
/* The server's role: holds a slot for each client, answers, and says what it did. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/machine/leftovers.h"
#include "bench/machine/sockets.h"
#include "bench/wire/settle.h"
#include "bench/worker/slot.h"
#include "bench/worker/worker.h"
#include "transports/unused.h"

struct server_slot {
	struct slot slot; /* first */
	struct worker *worker;
	struct scoreboard_server *board;
	char ticket[CARRIER_TICKET_BYTES];
	uint64_t hash; /* of the array as the next exchange sends it; source ready */
	struct worker_cost cost; /* when the last exchange was settled */
};

struct server_role {
	struct service service; /* first */
	void *carrier_state;
	struct server_slot *slots; /* one a client of the pair */
	size_t slot_count;
	atomic_uint complaints;
	atomic_bool told; /* the runner, of a request that failed */
};

/* Anybody may connect and be complained of, and the log is memory. */
#define SERVER_COMPLAINTS_MAX 1000

static void *server_admit(struct service *service, const char *ticket, struct err *err)
{
	struct server_role *role = (struct server_role *)service;

	for (size_t i = 0; i < role->slot_count; i++) {
		if (strcmp(ticket, role->slots[i].ticket) != 0)
			continue;
		role->slots[i].cost = worker_cost_now();
		return &role->slots[i];
	}
	(void)err_set(err, ERR_PROTOCOL, "a client without this run's ticket was turned away");
	return NULL;
}

static const char *server_ticket(struct service *service, size_t index)
{
	struct server_role *role = (struct server_role *)service;

	return index < role->slot_count ? role->slots[index].ticket : NULL;
}

/* Not every carrier can tell the client why there is no reply: the runner hears it from here. */
static struct give *server_request(void *state, struct err *err)
{
	struct server_slot *slot = state;
	struct server_role *role = slot->worker->role;
	struct give *give = slot_request(&slot->slot, err);

	if (!give && !atomic_exchange(&role->told, true))
		worker_tell_error(slot->worker, err);
	return give;
}

/* Outside the clock: the client waits until this is done before it asks again. */
static void server_replied(void *state, bool delivered)
{
	struct server_slot *slot = state;
	struct scoreboard_exchange record = slot->slot.record;

	if (record.detailed) {
		struct worker_cost spent = worker_cost_since(&slot->cost);

		record.cpu_ns = spent.cpu_ns;
		record.page_faults = spent.page_faults;
		record.context_switches = spent.context_switches;
		record.involuntary_switches = spent.involuntary_switches;
		record.migrations = spent.migrations;
	}
	encoder_end(&slot->slot.encoder, delivered);
	if (!delivered)
		return;
	/* A ready array was hashed before the request, a fresh one did not exist then. */
	record.hash = slot->slot.stream.kind == SOURCE_FRESH ? source_hash(&slot->slot.array) :
							       slot->hash;
	if (scoreboard_looks_at_sockets(record.exchange))
		slot->board->send_buffer_bytes = sockets_find().send;
	slot_next(&slot->slot);
	if (slot->slot.stream.kind == SOURCE_READY)
		slot->hash = source_hash(&slot->slot.array);
	if (scoreboard_detailed(slot->slot.exchange, slot->slot.array.bytes))
		slot->cost = worker_cost_now();
	settle_publish(slot->board, &record);
}

static void server_leave(void *state UNUSED)
{
}

static void server_complain(struct service *service, const char *text)
{
	struct server_role *role = (struct server_role *)service;

	if (role->complaints++ < SERVER_COMPLAINTS_MAX)
		(void)fprintf(stderr, "%s\n", text);
}

static int server_slot_open(struct server_slot *slot, struct worker *worker, uint32_t client,
			    struct err *err)
{
	const struct worker_setup *setup = &worker->setup;
	struct source_stream stream = {
		.kind = setup->source,
		.seed = setup->seed,
		.client = client,
	};

	slot->worker = worker;
	slot->board = &worker->scoreboard->slots[client].server;
	(void)snprintf(slot->ticket, sizeof(slot->ticket), "%s/%u", setup->token, client);
	if (slot_open(&slot->slot, setup->transport.encoding, &worker->encoding_setup, &stream,
		      err) != 0)
		return -1;
	slot->board->pages = worker_pages_got(worker, &slot->slot.array);
	slot->hash = source_hash(&slot->slot.array);
	slot->cost = worker_cost_now();
	return 0;
}

static int server_slots_open(struct server_role *role, struct worker *worker, struct err *err)
{
	for (uint32_t i = 0; i < worker->setup.clients; i++) {
		role->slot_count++;
		if (server_slot_open(&role->slots[i], worker, i, err) != 0)
			return -1;
	}
	return 0;
}

static void server_on_stop(struct worker *worker)
{
	struct server_role *role = worker->role;

	worker->setup.transport.carrier->server_stop(role->carrier_state);
}

/* From here on the control thread may stop the carrier; perhaps it was told to already. */
static void server_arm(struct worker *worker)
{
	(void)pthread_mutex_lock(&worker->lock);
	worker->on_stop = server_on_stop;
	if (worker->stopping)
		server_on_stop(worker);
	(void)pthread_mutex_unlock(&worker->lock);
}

static void server_disarm(struct worker *worker)
{
	(void)pthread_mutex_lock(&worker->lock);
	worker->on_stop = NULL;
	(void)pthread_mutex_unlock(&worker->lock);
}

static int server_serve(struct worker *worker, struct server_role *role, struct err *err)
{
	const struct carrier *carrier = worker->setup.transport.carrier;
	char address[CARRIER_ADDRESS_BYTES];
	struct server_setup setup = {
		.service = &role->service,
		.directory = worker->setup.directory,
		.wait = worker->setup.wait,
	};

	if ((carrier->flags & CARRIER_SOCKET_FILE) &&
	    sweep_make_directory(worker->setup.directory, err) != 0)
		return -1;
	if (carrier->server_open(role->carrier_state, &setup, address, err) != 0)
		return -1;
	server_arm(worker);
	if (worker_tell(worker, "ready", "address", address, err) != 0)
		return -1;
	return carrier->server_run(role->carrier_state, err);
}

static void server_free(struct server_role *role)
{
	for (size_t i = 0; i < role->slot_count; i++)
		slot_close(&role->slots[i].slot);
	free(role->slots);
	free(role->carrier_state);
	free(role);
}

static struct server_role *server_new(struct worker *worker)
{
	struct server_role *role = calloc(1, sizeof(*role));

	if (!role)
		return NULL;
	role->carrier_state = calloc(1, worker->setup.transport.carrier->server_size);
	role->slots = calloc(worker->setup.clients, sizeof(role->slots[0]));
	if (role->carrier_state && role->slots)
		return role;
	server_free(role);
	return NULL;
}

int worker_server(struct worker *worker, struct err *err)
{
	const struct carrier *carrier = worker->setup.transport.carrier;
	struct server_role *role;
	int status = -1;

	if (worker_map_scoreboard(worker, err) != 0)
		return -1;
	role = server_new(worker);
	if (!role)
		return err_set(err, ERR_MEMORY, "no memory for the server");
	role->service = (struct service){
		.admit = server_admit,
		.ticket = server_ticket,
		.request = server_request,
		.replied = server_replied,
		.leave = server_leave,
		.complain = server_complain,
	};
	worker->role = role;
	if (worker_pin(worker->setup.cpu[0], err) == 0 &&
	    server_slots_open(role, worker, err) == 0)
		status = server_serve(worker, role, err);
	server_disarm(worker);
	carrier->server_close(role->carrier_state);
	worker->scoreboard->server_peak_rss_bytes = worker_peak_rss_bytes();
	server_free(role);
	return status;
}
