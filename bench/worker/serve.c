/* SPDX-License-Identifier: MIT */
/* A stand-alone server for foreign clients. */
#include "bench/worker/serve.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/machine/endings.h"
#include "bench/machine/leftovers.h"
#include "bench/machine/socket_folder.h"
#include "bench/plan/npy.h"
#include "bench/text/text.h"
#include "bench/worker/slot.h"
#include "transports/unused.h"

struct server {
	struct service service; /* first */
	const struct serve_options *options;
	struct encoding_setup setup;
	struct array data; /* of the data's file; owned */
	char name[SWEEP_NAME_BYTES];
	char directory[SOCKET_FOLDER_BYTES];
	_Atomic uint32_t clients; /* ever admitted: each gets arrays of its own */
	void *carrier_state;
	sigset_t endings; /* the signals that end it, held in every thread */
};

static void *serve_admit(struct service *service, const char *ticket UNUSED, int fd UNUSED,
			 struct err *err)
{
	struct server *server = (struct server *)service;
	const struct serve_options *options = server->options;
	const struct ways ways = ways_of(options->direction, &options->types.reply,
					 &options->types.request);
	struct slot *slot = calloc(1, sizeof(*slot));
	const struct slot_setup setup = {
		.encoding = options->transport.encoding,
		.ends = server->setup,
		.stream = {
			.kind = options->source,
			.seed = options->seed,
			.client = server->clients++,
			.data = options->data.kind,
			.file = &server->data,
		},
		.gives = ways.reply,
		.takes = ways.request,
	};

	if (!slot) {
		(void)err_set(err, ERR_MEMORY, "no memory for another client");
		return NULL;
	}
	if (slot_open(slot, &setup, err) == 0)
		return slot;
	slot_close(slot);
	free(slot);
	return NULL;
}

static const char *serve_ticket(struct service *service, size_t index)
{
	return index == 0 ? ((struct server *)service)->options->authkey : NULL;
}

static struct take *serve_request(void *state, struct err *err)
{
	return slot_request(state, err);
}

static int serve_reply(void *state, struct give **give, struct err *err)
{
	return slot_reply(state, give, err);
}

static void serve_replied(void *state, bool delivered)
{
	/* What cannot be given back now is when the client leaves. */
	(void)slot_replied(state, delivered, NULL);
}

static void serve_leave(void *state)
{
	slot_close(state);
	free(state);
}

static void serve_complain(struct service *service UNUSED, const char *text)
{
	struct pollfd polled = {.fd = STDERR_FILENO, .events = POLLOUT};
	char line[ERR_MESSAGE_BYTES];

	/*
	 * It may quote the stranger that it is about. Strangers give reason for any number of
	 * these: where nobody reads them, none waits for room, and of all threads one looks for it.
	 */
	flockfile(stderr);
	if (poll(&polled, 1, 0) == 1)
		(void)fprintf(stderr, "ipctop: %s\n", text_clean(line, sizeof(line), text));
	funlockfile(stderr);
}

/* Waits for SIGINT or SIGTERM, which every thread has blocked. */
static void *serve_wait_for_signal(void *arg)
{
	struct server *server = arg;
	int got;

	(void)sigwait(&server->endings, &got);
	server->options->transport.carrier->server_stop(server->carrier_state);
	return NULL;
}

static int serve_until_signal(struct server *server, struct err *err)
{
	pthread_t thread;
	int status;

	if (pthread_create(&thread, NULL, serve_wait_for_signal, server) != 0)
		return err_set(err, ERR_SYSTEM, "no thread for signals");
	status = server->options->transport.carrier->server_run(server->carrier_state, err);
	(void)pthread_kill(thread, SIGTERM); /* if the server ended by itself */
	(void)pthread_join(thread, NULL);
	return status;
}

static int serve_open(struct server *server, struct err *err)
{
	const struct serve_options *options = server->options;
	struct server_setup setup = {
		.service = &server->service,
		.directory = server->directory,
		.bind_address = options->bind_address,
		.port = options->port,
		.wait = options->wait,
	};
	char address[CARRIER_ADDRESS_BYTES];

	if (options->transport.carrier->server_open(server->carrier_state, &setup, address, err) !=
	    0)
		return -1;
	options->ready(address);
	return serve_until_signal(server, err);
}

static int serve_prepare(struct server *server, struct err *err)
{
	endings_hold(&server->endings);
	sweep_dead();
	if (sweep_make_name(server->name, err) != 0)
		return -1;
	(void)socket_folder_path(server->name, server->directory);
	server->setup.segment_prefix = server->name;
	if (server->options->transport.carrier->flags & CARRIER_SOCKET_FILE)
		return sweep_make_directory(server->directory, err);
	return 0;
}

static int serve_load_data(struct server *server, struct err *err)
{
	const struct data *data = &server->options->data;

	return data->kind == DATA_FILE ? data_load(data->path, data->hash, &server->data, err) : 0;
}

int serve(const struct serve_options *options, struct err *err)
{
	struct server server = {
		.service = {
			.admit = serve_admit,
			.admit_any = true,
			.ticket = serve_ticket,
			.takes = options->direction != DIRECTION_PULL,
			.request = serve_request,
			.reply = serve_reply,
			.replied = serve_replied,
			.leave = serve_leave,
			.complain = serve_complain,
		},
		.options = options,
		.setup = {
			.memory = options->memory,
			.pages = options->pages,
			.foreign_peer = true,
		},
		.carrier_state = calloc(1, options->transport.carrier->server_size),
	};
	int status = -1;

	if (!server.carrier_state)
		return err_set(err, ERR_MEMORY, "no memory for the server");
	if (serve_load_data(&server, err) == 0 && serve_prepare(&server, err) == 0)
		status = serve_open(&server, err);
	options->transport.carrier->server_close(server.carrier_state);
	free(server.carrier_state);
	npy_free(&server.data);
	if (server.name[0]) {
		sweep_segments(server.name);
		sweep_directory(server.directory);
	}
	return status;
}
