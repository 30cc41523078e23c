/* SPDX-License-Identifier: MIT */
/* The server's role: holds a slot for each client, answers, and says what it did. */
#include <linux/futex.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/slot.h"
#include "bench/worker.h"

struct server_slot {
	struct slot slot; /* first */
	struct worker *worker;
	char ticket[CARRIER_TICKET_BYTES];
	uint64_t hash; /* of the array as the next exchange sends it; source ready */
	struct worker_cost cost; /* when the last exchange was settled */
};

struct server_role {
	struct service service; /* first */
	void *carrier_state;
	struct server_slot slot;
};

static void *server_admit(struct service *service, const char *ticket, struct err *err)
{
	struct server_role *role = (struct server_role *)service;

	if (strcmp(ticket, role->slot.ticket) == 0) {
		role->slot.cost = worker_cost_now();
		return &role->slot;
	}
	(void)err_set(err, ERR_PROTOCOL, "a client without this run's ticket was turned away");
	return NULL;
}

static const char *server_ticket(struct service *service, size_t index)
{
	return index == 0 ? ((struct server_role *)service)->slot.ticket : NULL;
}

static struct give *server_request(void *state, struct err *err)
{
	return slot_request(state, err);
}

/* Lets the client see what the server knows of the exchange, and ask for the next. */
static void server_publish(struct worker *worker, const struct scoreboard_exchange *record)
{
	struct scoreboard_server *board = &worker->scoreboard->server;

	board->exchanges[record->exchange % SCOREBOARD_EXCHANGES] = *record;
	atomic_store(&board->settled, (uint32_t)record->exchange + 1);
	(void)syscall(SYS_futex, &board->settled, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

/* Outside the clock: the client waits until this is done before it asks again. */
static void server_replied(void *state, bool delivered)
{
	struct server_slot *slot = state;
	struct worker_cost spent = worker_cost_since(&slot->cost);
	struct scoreboard_exchange record = slot->slot.record;

	encoder_end(&slot->slot.encoder, delivered);
	if (!delivered)
		return;
	record.cpu_ns = spent.cpu_ns;
	record.page_faults = spent.page_faults;
	record.context_switches = spent.context_switches;
	/* A ready array was hashed before the request, a fresh one did not exist then. */
	record.hash = slot->slot.stream.kind == SOURCE_FRESH ? source_hash(&slot->slot.array) :
							       slot->hash;
	slot_next(&slot->slot);
	if (slot->slot.stream.kind == SOURCE_READY)
		slot->hash = source_hash(&slot->slot.array);
	slot->cost = worker_cost_now();
	server_publish(slot->worker, &record);
}

static void server_leave(void *state)
{
	(void)state; /* the slot lives as long as the worker */
}

static void server_complain(struct service *service, const char *text)
{
	(void)service;
	(void)fprintf(stderr, "%s\n", text);
}

static int server_slot_open(struct server_slot *slot, struct worker *worker, struct err *err)
{
	const struct worker_setup *setup = &worker->setup;
	struct source_stream stream = {.kind = setup->source, .seed = setup->seed};

	slot->worker = worker;
	(void)snprintf(slot->ticket, sizeof(slot->ticket), "%s/0", setup->token);
	if (slot_open(&slot->slot, setup->transport.encoding, &worker->encoding_setup, &stream,
		      err) != 0)
		return -1;
	slot->hash = source_hash(&slot->slot.array);
	slot->cost = worker_cost_now();
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
	};

	if (carrier->server_open(role->carrier_state, &setup, address, err) != 0)
		return -1;
	server_arm(worker);
	if (worker_tell(worker, "ready", "address", address, err) != 0)
		return -1;
	return carrier->server_run(role->carrier_state, err);
}

int worker_server(struct worker *worker, struct err *err)
{
	const struct carrier *carrier = worker->setup.transport.carrier;
	struct server_role *role;
	int status = -1;

	if (worker_map_scoreboard(worker, err) != 0)
		return -1;
	role = calloc(1, sizeof(*role));
	if (role)
		role->carrier_state = calloc(1, carrier->server_size);
	if (!role || !role->carrier_state) {
		free(role);
		return err_set(err, ERR_MEMORY, "no memory for the server");
	}
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
	    server_slot_open(&role->slot, worker, err) == 0)
		status = server_serve(worker, role, err);
	server_disarm(worker);
	carrier->server_close(role->carrier_state);
	worker->scoreboard->server.peak_rss_bytes = worker_peak_rss_bytes();
	slot_close(&role->slot.slot);
	free(role->carrier_state);
	free(role);
	return status;
}
