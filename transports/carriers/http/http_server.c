/* SPDX-License-Identifier: MIT */
/*
 * http's server: libmicrohttpd with a thread for each connection, so that a
 * client whose message takes long to make, or who reads slowly, stops no other.
 * Those threads can only sleep, so a server that spins runs libmicrohttpd in its
 * own thread.
 */
#include "transports/carriers/http/http.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "transports/carriers/http/http_reply.h"
#include "transports/net/io.h"
#include "transports/unused.h"

/* What is answered: where requests are empty, and where they carry something. */
#define HTTP_METHODS "GET, HEAD, OPTIONS"
#define HTTP_METHODS_TAKING "POST, OPTIONS"

/* libmicrohttpd makes a chunk as large as this allows: see HTTP_BLOCK_BYTES for the size. */
#define HTTP_CONNECTION_BYTES (128u << 10)

/*
 * libmicrohttpd writes as much as the socket takes. With the kernel's 4 MiB the
 * bytes under way fall out of the L2 cache: measured 1.2 to 1.4 times slower.
 */
#define HTTP_SEND_BUFFER_BYTES (512u << 10)

/* Descriptors for what a server has open beside connections, and for its encoder's segments. */
#define HTTP_SPARE_FDS 16

/* One client's connection. Only its own thread touches it. */
struct http_connection {
	struct http_server *server;
	struct service *service;
	struct stranger stranger;
	void *slot; /* NULL until a ticket was admitted */
	char ticket[CARRIER_TICKET_BYTES];
	int fd;    /* libmicrohttpd's */
	bool head; /* the reply under way has no body */
	bool exchanging; /* service->replied is due */
	struct take *take; /* where the request's body goes; NULL before it has begun */
	struct err err; /* why the rest of it is passed over, until its end can be answered */
	struct http_reply reply;
};

static struct http_connection *http_connection_new(struct http_server *server, int fd)
{
	struct http_connection *connection = calloc(1, sizeof(*connection));

	if (!connection)
		return NULL;
	connection->server = server;
	connection->service = server->service;
	connection->reply.service = server->service;
	connection->fd = fd;
	strangers_enter(&server->strangers, &connection->stranger, fd);
	return connection;
}

static void http_connection_leave(struct http_connection *connection)
{
	if (connection->slot)
		connection->service->leave(connection->slot);
	connection->slot = NULL;
}

static void http_connection_free(struct http_connection *connection)
{
	if (!connection)
		return;
	strangers_leave(&connection->server->strangers, &connection->stranger);
	http_connection_leave(connection);
	free(connection);
}

/* libmicrohttpd says that a connection has come or gone. */
static void http_notify_connection(void *server, struct MHD_Connection *wire, void **context,
				   enum MHD_ConnectionNotificationCode what)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(wire, MHD_CONNECTION_INFO_CONNECTION_FD);

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = info ? http_connection_new(server, info->connect_fd) : NULL;
		return;
	}
	http_connection_free(*context);
	*context = NULL;
}

static void http_replied(struct http_connection *connection, bool delivered)
{
	if (connection->exchanging)
		connection->service->replied(connection->slot, delivered);
	connection->exchanging = false;
	connection->reply.give = NULL;
	connection->take = NULL;
	err_clear(&connection->err);
}

/* libmicrohttpd has handed the last byte of a reply to the socket, or never will. */
static void http_notify_completed(void *arg UNUSED, struct MHD_Connection *wire UNUSED,
				  void **context, enum MHD_RequestTerminationCode how)
{
	struct http_connection *connection = *context;

	if (connection)
		http_replied(connection,
			     how == MHD_REQUEST_TERMINATED_COMPLETED_OK && !connection->head);
	*context = NULL;
}

/* Makes the connection's slot the one that the ticket names. */
static int http_admit(struct http_connection *connection, const char *ticket, struct err *err)
{
	struct service *service = connection->service;

	if (strlen(ticket) >= CARRIER_TICKET_BYTES && !service->admit_any)
		return err_set(err, ERR_PROTOCOL, "a ticket of %zu bytes", strlen(ticket));
	if (connection->slot && (service->admit_any || strcmp(connection->ticket, ticket) == 0))
		return 0;
	http_connection_leave(connection);
	(void)snprintf(connection->ticket, sizeof(connection->ticket), "%s", ticket);
	connection->slot = service->admit(service, connection->ticket, connection->fd, err);
	if (!connection->slot)
		return -1;
	strangers_leave(&connection->server->strangers, &connection->stranger);
	return 0;
}

/* Queues the response and takes it in every case. */
static enum MHD_Result http_queue(struct MHD_Connection *wire, unsigned status,
				  struct MHD_Response *response)
{
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	result = MHD_queue_response(wire, status, response);
	MHD_destroy_response(response); /* the queue holds a reference of its own */
	return result;
}

/* Queues a line of text in place of the message, and a header that says more. */
static enum MHD_Result http_queue_text(struct MHD_Connection *wire, unsigned status,
				       const char *text, const char *header, const char *value)
{
	char line[ERR_MESSAGE_BYTES + 1];
	int bytes = snprintf(line, sizeof(line), "%s\n", text);
	struct MHD_Response *response;

	response = MHD_create_response_from_buffer((size_t)bytes, line, MHD_RESPMEM_MUST_COPY);
	if (!response)
		return MHD_NO;
	(void)MHD_add_response_header(response, "Content-Type", "text/plain; charset=utf-8");
	(void)MHD_add_response_header(response, header, value);
	return http_queue(wire, status, response);
}

/* Says what went wrong to the client and to the log, and hangs up. */
static enum MHD_Result http_refuse(struct http_connection *connection,
				   struct MHD_Connection *wire, unsigned status,
				   const struct err *err)
{
	connection->service->complain(connection->service, err->message);
	return http_queue_text(wire, status, err->message, "Connection", "close");
}

/*
 * libmicrohttpd 0.9.75 ends even the chunked body that HEAD leaves out with its
 * end mark, which the client takes for the next reply. So HEAD gets no chunks.
 */
static void http_tame_head(const struct http_connection *connection,
			   struct MHD_Response *response)
{
	if (connection->head && connection->reply.give->length_bytes == MESSAGE_LENGTH_UNKNOWN)
		(void)MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT,
					       MHD_RO_END);
}

/* The request is whole: queues the reply, a message or an acknowledgement. */
static enum MHD_Result http_respond(struct http_connection *connection, struct MHD_Connection *wire)
{
	struct MHD_Response *response = NULL;
	struct give **give = &connection->reply.give;
	struct err err = {0};

	connection->exchanging = true;
	if (connection->service->reply(connection->slot, give, &err) == 0)
		response = *give ? http_reply_respond(&connection->reply, &err) :
				   MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	if (response && *give) {
		http_tame_head(connection, response);
		return http_queue(wire, MHD_HTTP_OK, response);
	}
	if (response)
		return http_queue(wire, MHD_HTTP_NO_CONTENT, response);
	(void)err_set(&err, ERR_MEMORY, "no memory for a reply");
	http_replied(connection, false);
	return http_refuse(connection, wire, MHD_HTTP_INTERNAL_SERVER_ERROR, &err);
}

static uint64_t http_body_length(struct MHD_Connection *wire)
{
	const char *length = MHD_lookup_connection_value(wire, MHD_HEADER_KIND,
							 MHD_HTTP_HEADER_CONTENT_LENGTH);
	char *end;
	unsigned long long bytes = length ? strtoull(length, &end, 10) : 0;

	return length && end != length && !*end ? bytes : MESSAGE_LENGTH_UNKNOWN;
}

/* A request's body begins. Fails with what the client will be told once its body has come. */
static int http_take_begin(struct http_connection *connection, struct MHD_Connection *wire,
			   const char *ticket, struct err *err)
{
	if (connection->take)
		return 0;
	if (http_admit(connection, ticket, err) != 0)
		return -1;
	connection->exchanging = true;
	connection->take = connection->service->request(connection->slot, err);
	if (!connection->take)
		return -1;
	return connection->take->begin(connection->take, http_body_length(wire), err);
}

/* A piece of a request's body. libmicrohttpd takes no answer before the end of it. */
static void http_take_piece(struct http_connection *connection, struct MHD_Connection *wire,
			    const char *ticket, const char *body, size_t bytes)
{
	if (connection->err.kind == ERR_NONE &&
	    http_take_begin(connection, wire, ticket, &connection->err) == 0)
		(void)connection->take->accept(connection->take, body, bytes, &connection->err);
}

static enum MHD_Result http_post(struct http_connection *connection, struct MHD_Connection *wire)
{
	struct err *err = &connection->err;
	struct err told;

	if (err->kind == ERR_NONE &&
	    http_take_begin(connection, wire, connection->ticket, err) == 0 &&
	    connection->take->end(connection->take, err) == 0)
		return http_respond(connection, wire);
	told = *err;
	http_replied(connection, false);
	return http_refuse(connection, wire, MHD_HTTP_BAD_REQUEST, &told);
}

static const char *http_allowed(const struct http_connection *connection)
{
	return connection->service->takes ? HTTP_METHODS_TAKING : HTTP_METHODS;
}

/* Our client sends OPTIONS first, so that its ticket is checked outside the clock. */
static enum MHD_Result http_options(struct http_connection *connection,
				    struct MHD_Connection *wire)
{
	struct MHD_Response *response;

	response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	if (response)
		(void)MHD_add_response_header(response, "Allow", http_allowed(connection));
	return http_queue(wire, MHD_HTTP_NO_CONTENT, response);
}

struct http_method {
	const char *name;
	bool head; /* libmicrohttpd leaves the body out */
	bool empty, taking; /* a service whose requests are empty, or carry something, answers it */
	enum MHD_Result (*answer)(struct http_connection *, struct MHD_Connection *);
};

static const struct http_method http_methods[] = {
	{MHD_HTTP_METHOD_GET, .empty = true, .answer = http_respond},
	{MHD_HTTP_METHOD_HEAD, .head = true, .empty = true, .answer = http_respond},
	{MHD_HTTP_METHOD_POST, .taking = true, .answer = http_post},
	{MHD_HTTP_METHOD_OPTIONS, .empty = true, .taking = true, .answer = http_options},
};

static const struct http_method *http_find_method(const char *name, bool taking)
{
	for (size_t i = 0; i < sizeof(http_methods) / sizeof(http_methods[0]); i++) {
		const struct http_method *method = &http_methods[i];

		if (strcmp(method->name, name) == 0 && (taking ? method->taking : method->empty))
			return method;
	}
	return NULL;
}

static enum MHD_Result http_answer(struct http_connection *connection,
				   struct MHD_Connection *wire, const char *name,
				   const char *ticket)
{
	const struct http_method *method = http_find_method(name, connection->service->takes);
	struct err err = {0};

	if (!method)
		return http_queue_text(wire, MHD_HTTP_METHOD_NOT_ALLOWED, "method not allowed",
				       MHD_HTTP_HEADER_ALLOW, http_allowed(connection));
	if (!connection->exchanging && http_admit(connection, ticket, &err) != 0)
		return http_refuse(connection, wire, MHD_HTTP_FORBIDDEN, &err);
	connection->head = method->head;
	return method->answer(connection, wire);
}

/* libmicrohttpd has a request's headers, then perhaps pieces of its body, then its end. */
static enum MHD_Result http_handle(void *arg UNUSED, struct MHD_Connection *wire, const char *url,
				   const char *method, const char *version UNUSED,
				   const char *body, size_t *body_bytes, void **context)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(wire, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct http_connection *connection = info ? info->socket_context : NULL;

	if (!connection)
		return MHD_NO;
	if (!*context) {
		*context = connection; /* replying this early would cost the connection */
		return MHD_YES;
	}
	if (*body_bytes) {
		if (connection->service->takes && strcmp(method, MHD_HTTP_METHOD_POST) == 0)
			http_take_piece(connection, wire, url + (*url == '/'), body, *body_bytes);
		*body_bytes = 0;
		return MHD_YES;
	}
	return http_answer(connection, wire, method, url + (*url == '/'));
}

/*
 * As many as there are descriptors for. Beyond the limit libmicrohttpd hangs up;
 * without one it would try again and again to accept a connection for which there
 * is no descriptor, and take a whole processor for that.
 */
static unsigned http_connections_max(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur > FD_SETSIZE)
		files.rlim_cur = FD_SETSIZE;
	return files.rlim_cur > 2 * HTTP_SPARE_FDS ? (unsigned)files.rlim_cur - HTTP_SPARE_FDS :
						     (unsigned)files.rlim_cur / 2;
}

/* libmicrohttpd takes the listener, and closes it in the end. */
static struct MHD_Daemon *http_start(struct http_server *server, unsigned flags)
{
	return MHD_start_daemon(flags, 0, NULL, NULL, http_handle, NULL,
				MHD_OPTION_LISTEN_SOCKET, server->listener,
				MHD_OPTION_CONNECTION_LIMIT, http_connections_max(),
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_CONNECTION_BYTES,
				MHD_OPTION_NOTIFY_CONNECTION, http_notify_connection, server,
				MHD_OPTION_NOTIFY_COMPLETED, http_notify_completed, NULL,
				MHD_OPTION_END);
}

int http_server_open(struct http_server *server, const struct server_setup *setup, int listener,
		     const char *path, struct err *err)
{
	int bytes = HTTP_SEND_BUFFER_BYTES;

	if (listener < 0)
		return -1;
	*server = (struct http_server){
		.service = setup->service,
		.listener = listener,
		.stop_event = -1,
		.wait = setup->wait,
		.open = true,
	};
	(void)strncat(server->path, path, sizeof(server->path) - 1);
	strangers_init(&server->strangers);
	/* Accepted TCP sockets inherit the size. If the kernel allows less, less will do. */
	(void)setsockopt(server->listener, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	/* A client that has gone between poll and accept must not block the others. */
	if (fcntl(server->listener, F_SETFL, O_NONBLOCK) != 0)
		return err_system(err, "setting up the listening socket");
	server->stop_event = eventfd(0, EFD_CLOEXEC);
	return server->stop_event < 0 ? err_system(err, "making an eventfd") : 0;
}

/* libmicrohttpd's threads do the work. */
static int http_run_threads(struct http_server *server, struct MHD_Daemon *daemon UNUSED,
			    struct err *err)
{
	struct pollfd stop = {.fd = server->stop_event, .events = POLLIN};

	while (!stop.revents)
		if (poll(&stop, 1, -1) < 0 && errno != EINTR)
			return err_system(err, "waiting for the end");
	return 0;
}

/* Whether libmicrohttpd wants to run although no descriptor is ready. */
static bool http_is_pending(struct MHD_Daemon *daemon)
{
	MHD_UNSIGNED_LONG_LONG timeout_ms;

	return MHD_get_timeout(daemon, &timeout_ms) == MHD_YES && timeout_ms == 0;
}

struct http_sets {
	fd_set readable, writable, other;
};

/*
 * Looks for work with select(2). The epoll of libmicrohttpd 0.9.75 misses a client
 * that has hung up by the time its last bytes are read.
 */
static int http_select(const struct http_server *server, struct MHD_Daemon *daemon,
		       struct http_sets *sets, bool block)
{
	struct timeval none = {0};
	int last = server->stop_event;

	FD_ZERO(&sets->readable);
	FD_ZERO(&sets->writable);
	FD_ZERO(&sets->other);
	/* A descriptor without room in a set is not served, but libmicrohttpd accepts none such. */
	(void)MHD_get_fdset(daemon, &sets->readable, &sets->writable, &sets->other, &last);
	FD_SET(server->stop_event, &sets->readable);
	return select(last + 1, &sets->readable, &sets->writable, &sets->other,
		      block ? NULL : &none);
}

/* This thread does the work, and looks for it as setup->wait says. */
static int http_run_loop(struct http_server *server, struct MHD_Daemon *daemon, struct err *err)
{
	struct wait wait = wait_begin(server->wait);
	struct http_sets sets;

	for (;;) {
		bool pending = http_is_pending(daemon);
		int found = http_select(server, daemon, &sets, !pending && !wait_spins(&wait));

		if (found < 0 && errno != EINTR)
			return err_system(err, "waiting for clients");
		if (found > 0 && FD_ISSET(server->stop_event, &sets.readable))
			return 0;
		if (found < 0 || (found == 0 && !pending))
			continue;
		if (MHD_run_from_select(daemon, &sets.readable, &sets.writable, &sets.other) !=
		    MHD_YES)
			return err_set(err, ERR_SYSTEM, "libmicrohttpd does not run");
		wait = wait_begin(server->wait);
	}
}

static const struct http_loop {
	unsigned flags;
	int (*run)(struct http_server *server, struct MHD_Daemon *daemon, struct err *err);
} http_loops[WAIT_MODES] = {
	[WAIT_BLOCK] = {MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
				MHD_USE_POLL | MHD_USE_ITC,
			http_run_threads},
	[WAIT_SPIN] = {MHD_NO_FLAG, http_run_loop},
	[WAIT_HYBRID] = {MHD_NO_FLAG, http_run_loop},
};

int http_server_run(void *state, struct err *err)
{
	struct http_server *server = state;
	const struct http_loop *loop = &http_loops[server->wait];
	struct MHD_Daemon *daemon = http_start(server, loop->flags);
	int status;

	server->listener = -1;
	if (!daemon)
		return err_set(err, ERR_SYSTEM, "libmicrohttpd does not start");
	status = loop->run(server, daemon, err);
	MHD_stop_daemon(daemon);
	return status;
}

void http_server_stop(void *state)
{
	struct http_server *server = state;
	uint64_t one = 1;

	/* The write fails only if the eventfd is full, which takes 2^64 stops. */
	(void)!write(server->stop_event, &one, sizeof(one));
}

void http_server_close(void *state)
{
	struct http_server *server = state;

	if (!server->open)
		return;
	io_close(&server->listener);
	io_close(&server->stop_event);
	if (server->path[0])
		(void)unlink(server->path);
	strangers_fini(&server->strangers);
	server->open = false;
}
