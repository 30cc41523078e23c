/* SPDX-License-Identifier: MIT */
/* The server's role: holds a slot for each client, answers, and says what it did. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/machine/clock.h"
#include "bench/machine/leftovers.h"
#include "bench/machine/sockets.h"
#include "bench/wire/settle.h"
#include "bench/worker/slot.h"
#include "bench/worker/worker.h"
#include "bench/worker/worker_foreign.h"
#include "transports/unused.h"

/* What the server holds for one of the clients. */
struct server_client {
	struct slot slot; /* first */
	struct worker *worker;
	struct scoreboard_served *board;
	const struct scoreboard_own *taker; /* the client's own */
	struct source_stream stream;        /* of the arrays that it sends */
	char ticket[CARRIER_TICKET_BYTES];
	int fd;        /* of its connection, to look at; -1 before the first */
	uint64_t hash; /* of the array as the next exchange sends it; source ready */
	struct worker_cost cost; /* when the last exchange was settled */
};

struct server_role {
	struct service service; /* first */
	void *carrier_state;
	struct server_client *clients; /* of the pair */
	size_t client_count;
	atomic_uint complaints;
	atomic_bool told; /* the runner, of a request that failed */
};

/* Anybody may connect and be complained of, and the log is memory. */
#define SERVER_COMPLAINTS_MAX 1000

static void *server_admit(struct service *service, const char *ticket, int fd, struct err *err)
{
	struct server_role *role = (struct server_role *)service;

	for (size_t i = 0; i < role->client_count; i++) {
		if (strcmp(ticket, role->clients[i].ticket) != 0)
			continue;
		role->clients[i].cost = worker_cost_now();
		role->clients[i].fd = fd;
		return &role->clients[i];
	}
	(void)err_set(err, ERR_PROTOCOL, "a client without this run's ticket was turned away");
	return NULL;
}

static const char *server_ticket(struct service *service, size_t index)
{
	struct server_role *role = (struct server_role *)service;

	return index < role->client_count ? role->clients[index].ticket : NULL;
}

/* Not every carrier can tell the client what went wrong: the runner hears it from here, once. */
static void server_tell_error(struct server_client *client, const struct err *err)
{
	struct server_role *role = client->worker->role;

	if (!atomic_exchange(&role->told, true))
		worker_tell_error(client->worker, err);
}

static struct take *server_request(void *state, struct err *err)
{
	struct server_client *client = state;

	return slot_request(&client->slot, err);
}

static int server_reply(void *state, struct give **give, struct err *err)
{
	struct server_client *client = state;
	int status = slot_reply(&client->slot, give, err);

	if (status != 0)
		server_tell_error(client, err);
	return status;
}

/* The request's array is the one that the client had: by its hash, or element by element. */
static int server_verify(const struct server_client *client, struct err *err)
{
	const struct slot *slot = &client->slot;
	const struct encoding_loss loss =
		encoding_loss_of(slot->decoder.encoding, slot->decoder.array.type.dtype);
	bool ready = client->stream.kind == SOURCE_READY;
	int status;

	if (ready && source_hash(&slot->decoder.array) == client->taker->given_hash)
		return 0;
	status = source_verify(&client->stream, slot->exchange, &slot->decoder.array, &loss,
			       err);
	if (status > 0 && ready)
		status = err_set(err, ERR_WRONG,
				 "the client's hash is of another array than the server got");
	return status < 0 ? err_wrap(err, "in the request") : 0;
}

/* What is done with a request's array once it is answered: first touch, pages, comparison. */
static int server_settle_request(struct server_client *client, struct err *err)
{
	struct slot *slot = &client->slot;
	uint64_t start_ns;
	int status;

	slot_read(slot);
	if (slot->exchange == 0 && !slot->gives)
		client->board->pages = worker_pages_got(client->worker, &slot->decoder.array);
	start_ns = clock_now_ns();
	status = server_verify(client, err);
	slot->record.verify_ns = clock_now_ns() - start_ns;
	return status;
}

/* The exchange has failed: because of the request, or for what the client says. */
static void server_fail(struct server_client *client)
{
	const struct err *said = &client->slot.decoder.said;

	if (client->slot.takes && said->kind != ERR_NONE)
		server_tell_error(client, said);
	(void)slot_replied(&client->slot, false, NULL);
}

/* Tells the client that the exchange is settled. */
static void server_publish(struct server_client *client)
{
	const struct array *array = &client->slot.array;
	bool ready = client->slot.gives && client->slot.stream.kind == SOURCE_READY;
	struct scoreboard_exchange record = client->slot.record;

	/* A ready array was hashed before the request, a fresh one did not exist then. */
	if (client->slot.gives)
		record.hash = ready ? client->hash : source_hash(array);
	if (scoreboard_looks_at_sockets(record.exchange))
		client->board->send_buffer_bytes = socket_buffers_of(client->fd).send;
	if (ready)
		client->hash = source_hash(array);
	if (scoreboard_detailed(client->slot.exchange, slot_payload_bytes(&client->slot)))
		client->cost = worker_cost_now();
	settle_publish(client->board, &record);
}

/* Outside the clock: the client waits until this is done before it asks again. */
static void server_replied(void *state, bool delivered)
{
	struct server_client *client = state;
	struct err err = {0};

	if (client->slot.record.detailed)
		client->slot.record.cost = worker_cost_since(&client->cost);
	if (!delivered) {
		server_fail(client);
		return;
	}
	if (client->slot.takes && server_settle_request(client, &err) != 0)
		server_tell_error(client, &err); /* and the client waits for its end */
	/* What cannot be given back now is when the slot closes. */
	(void)slot_replied(&client->slot, true, NULL);
	if (err.kind == ERR_NONE)
		server_publish(client);
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

static int server_client_open(struct server_client *client, struct worker *worker, uint32_t index,
			    struct err *err)
{
	const struct worker_setup *setup = &worker->setup;
	const struct ways ways = setup_ways(setup);
	struct slot_setup slot_setup = {
		.encoding = setup->transport.encoding,
		.ends = worker->encoding_setup,
		.stream = {.kind = setup->source, .seed = setup->seed, .client = index},
		.gives = ways.reply,
		.takes = ways.request,
	};

	client->worker = worker;
	client->board = &worker_taker(worker, index)->served;
	client->taker = &worker_taker(worker, index)->own;
	worker_stream_data(worker, &slot_setup.stream);
	client->stream = slot_setup.stream;
	client->stream.request = true;
	(void)snprintf(client->ticket, sizeof(client->ticket), "%s/%u", setup->token, index);
	client->fd = -1;
	if (slot_open(&client->slot, &slot_setup, err) != 0)
		return -1;
	client->board->pages = worker_pages_got(worker, &client->slot.array);
	if (client->slot.gives)
		client->hash = source_hash(&client->slot.array);
	client->cost = worker_cost_now();
	return 0;
}

static int server_clients_open(struct server_role *role, struct worker *worker, struct err *err)
{
	for (uint32_t i = 0; i < worker->setup.clients; i++) {
		role->client_count++;
		if (server_client_open(&role->clients[i], worker, i, err) != 0)
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
	for (size_t i = 0; i < role->client_count; i++)
		slot_close(&role->clients[i].slot);
	free(role->clients);
	free(role->carrier_state);
	free(role);
}

static struct server_role *server_new(struct worker *worker)
{
	struct server_role *role = calloc(1, sizeof(*role));

	if (!role)
		return NULL;
	role->clients = calloc(worker->setup.clients, sizeof(role->clients[0]));
	if (role->clients)
		return role;
	server_free(role);
	return NULL;
}

static int server_make_carrier(struct server_role *role, struct worker *worker, struct err *err)
{
	role->carrier_state = calloc(1, worker->setup.transport.carrier->server_size);
	return role->carrier_state ? 0 : err_set(err, ERR_MEMORY, "no memory for the server");
}

/* What it needs, in the order that was drawn. */
static int server_make(struct server_role *role, struct worker *worker, struct err *err)
{
	if (worker->setup.order)
		return server_clients_open(role, worker, err) == 0 ?
			       server_make_carrier(role, worker, err) :
			       -1;
	return server_make_carrier(role, worker, err) == 0 ?
		       server_clients_open(role, worker, err) :
		       -1;
}

static int server_run(struct worker *worker, struct err *err)
{
	const struct carrier *carrier = worker->setup.transport.carrier;
	struct server_role *role;
	int status = -1;

	if (worker_map_scoreboard(worker, worker->setup.clients, err) != 0 ||
	    worker_load_data(worker, err) != 0)
		return -1;
	role = server_new(worker);
	if (!role)
		return err_set(err, ERR_MEMORY, "no memory for the server");
	role->service = (struct service){
		.admit = server_admit,
		.ticket = server_ticket,
		.takes = worker->setup.direction != DIRECTION_PULL,
		.request = server_request,
		.reply = server_reply,
		.replied = server_replied,
		.leave = server_leave,
		.complain = server_complain,
	};
	worker->role = role;
	if (worker_pin(worker->setup.cpu, err) == 0 && server_make(role, worker, err) == 0)
		status = server_serve(worker, role, err);
	server_disarm(worker);
	if (role->carrier_state)
		carrier->server_close(role->carrier_state);
	worker_region(worker)->own.peak_rss_bytes = worker_peak_rss_bytes();
	server_free(role);
	return status;
}

const struct worker_role role_server = {
	.name = "server",
	.listens = true,
	.run = server_run,
	.run_foreign = worker_foreign_server,
};
