/* SPDX-License-Identifier: MIT */
/* A server on a listening stream socket with a thread for each client. */
#include "transports/net/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct stream_client {
	struct service service; /* first: the server's, except that we see the admission */
	struct stream_server *server;
	struct stranger stranger;
	struct stream_client *next;
	int fd; /* owned */
};

int stream_open(struct stream_server *server, const struct server_setup *setup, int listener,
		const char *path, stream_serve *serve, struct err *err)
{
	*server = (struct stream_server){
		.service = setup->service,
		.serve = serve,
		.wait = setup->wait,
		.listener = listener,
	};
	(void)strncat(server->path, path, sizeof(server->path) - 1);
	(void)pthread_mutex_init(&server->lock, NULL);
	(void)pthread_cond_init(&server->idle, NULL);
	strangers_init(&server->strangers);
	server->open = true;
	/* A client may hang up between poll and accept: that must not block us. */
	(void)fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK);
	server->stop_event = eventfd(0, EFD_CLOEXEC);
	return server->stop_event < 0 ? err_system(err, "making an eventfd") : 0;
}

static void *stream_admit(struct service *service, const char *ticket, int fd, struct err *err)
{
	struct stream_client *client = (struct stream_client *)service;
	struct stream_server *server = client->server;
	void *slot = server->service->admit(server->service, ticket, fd, err);

	if (slot)
		strangers_leave(&server->strangers, &client->stranger);
	return slot;
}

static const char *stream_ticket(struct service *service, size_t index)
{
	struct service *real = ((struct stream_client *)service)->server->service;

	return real->ticket(real, index);
}

static void stream_complain(struct service *service, const char *text)
{
	struct service *real = ((struct stream_client *)service)->server->service;

	real->complain(real, text);
}

static void stream_init_client(struct stream_client *client, struct stream_server *server, int fd)
{
	*client = (struct stream_client){.service = *server->service, .server = server, .fd = fd};
	client->service.admit = stream_admit;
	client->service.ticket = stream_ticket;
	client->service.complain = stream_complain;
	strangers_enter(&server->strangers, &client->stranger, fd);
}

static void stream_forget(struct stream_client *client)
{
	struct stream_server *server = client->server;
	struct stream_client **link = &server->clients;

	strangers_leave(&server->strangers, &client->stranger);
	(void)pthread_mutex_lock(&server->lock);
	while (*link != client)
		link = &(*link)->next;
	*link = client->next;
	io_close(&client->fd);
	if (!server->clients)
		(void)pthread_cond_signal(&server->idle);
	(void)pthread_mutex_unlock(&server->lock);
	free(client);
}

static void *stream_client_main(void *arg)
{
	struct stream_client *client = arg;
	struct stream_server *server = client->server;
	struct io_peer peer = {client->fd, server->wait};
	struct err err = {0};

	io_set_nodelay(client->fd);
	if (server->serve(peer, &client->service, &err) != 0)
		server->service->complain(server->service, err.message);
	stream_forget(client);
	return NULL;
}

/*
 * Waits a while. A client for which there is no descriptor or memory stays in the
 * queue and keeps the listener readable, so to look again at once would spin.
 */
static void stream_wait_for_room(struct stream_server *server)
{
	struct pollfd stop = {.fd = server->stop_event, .events = POLLIN};

	strangers_evict(&server->strangers);
	server->service->complain(server->service, "no room for another client");
	(void)poll(&stop, 1, 100);
}

/* A client that cannot be given a thread is hung up on; the others go on. */
static void stream_accept(struct stream_server *server)
{
	struct stream_client *client = calloc(1, sizeof(*client));
	pthread_attr_t attributes;
	pthread_t thread;
	int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
	bool gone = fd < 0 && (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR);

	if (fd < 0 && !gone)
		stream_wait_for_room(server);
	if (fd < 0 || !client) {
		io_close(&fd);
		free(client);
		return;
	}
	stream_init_client(client, server, fd);
	(void)pthread_mutex_lock(&server->lock);
	client->next = server->clients;
	server->clients = client;
	(void)pthread_mutex_unlock(&server->lock);
	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attributes, stream_client_main, client) != 0) {
		server->service->complain(server->service, "no thread for another client");
		stream_forget(client);
	}
	(void)pthread_attr_destroy(&attributes);
}

/* Hangs up on every client and waits until their threads are done with us. */
static void stream_drain(struct stream_server *server)
{
	(void)pthread_mutex_lock(&server->lock);
	for (struct stream_client *client = server->clients; client; client = client->next)
		(void)shutdown(client->fd, SHUT_RDWR);
	while (server->clients)
		(void)pthread_cond_wait(&server->idle, &server->lock);
	(void)pthread_mutex_unlock(&server->lock);
}

int stream_run(void *state, struct err *err)
{
	struct stream_server *server = state;
	struct pollfd polled[] = {
		{.fd = server->stop_event, .events = POLLIN},
		{.fd = server->listener, .events = POLLIN},
	};
	int status = 0;

	while (status == 0 && !polled[0].revents) {
		if (poll(polled, 2, -1) < 0 && errno != EINTR)
			status = err_system(err, "waiting for clients");
		else if (polled[1].revents)
			stream_accept(server);
	}
	stream_drain(server);
	return status;
}

void stream_stop(void *state)
{
	struct stream_server *server = state;
	uint64_t one = 1;

	/* The write fails only if the eventfd is full, which takes 2^64 stops. */
	(void)!write(server->stop_event, &one, sizeof(one));
}

void stream_close(void *state)
{
	struct stream_server *server = state;

	if (!server->open)
		return;
	io_close(&server->listener);
	io_close(&server->stop_event);
	if (server->path[0])
		(void)unlink(server->path);
	strangers_fini(&server->strangers);
	(void)pthread_mutex_destroy(&server->lock);
	(void)pthread_cond_destroy(&server->idle);
	server->open = false;
}
