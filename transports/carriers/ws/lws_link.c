/* SPDX-License-Identifier: MIT */
/* libwebsockets' contexts, and the client's connection and handshake, for ws and lws. */
#include "transports/carriers/ws/lws_link.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "transports/carriers/ws/ws_frames.h"
#include "transports/net/io.h"
#include "transports/unused.h"

/* Descriptors of a context: its connection, its wake-up event, and room for what it opens. */
#define LWS_DESCRIPTORS 16
#define LWS_HTTP_SWITCHING_PROTOCOLS 101

/*
 * A silent connection is neither pinged nor hung up on. By default libwebsockets
 * does that after 300 seconds, and an exchange may take longer.
 */
static const lws_retry_bo_t lws_patience = {.secs_since_valid_ping = 0};

void lws_libraries(bool server UNUSED, char *text, size_t size)
{
	/* "4.1.6-debian-4.1.6-3": what comes after the number is the packager's. */
	const char *version = lws_get_library_version();

	(void)snprintf(text, size, "libwebsockets %.*s", (int)strcspn(version, "-"), version);
}

struct lws_context *lws_context_open(const struct lws_protocols *protocols, int port, void *user)
{
	const struct lws_context_creation_info info = {
		.port = port,
		.protocols = protocols,
		.gid = -1,
		.uid = -1,
		.user = user,
		.pt_serv_buf_size = MESSAGE_BLOCK_BYTES,
		.fd_limit_per_thread = LWS_DESCRIPTORS,
		.retry_and_idle_policy = &lws_patience,
		.http_proxy_address = "", /* else that of the environment variable http_proxy */
		.options = LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME,
	};

	lws_set_log_level(0, NULL);
	return lws_create_context(&info);
}

static struct lws_link *lws_link_of(struct lws *wsi)
{
	return lws_context_user(lws_get_context(wsi));
}

/* Why there is no connection: libwebsockets' words, and the server's answer if it gave one. */
static void lws_link_explain(struct lws_link *link, struct lws *wsi, const char *words)
{
	unsigned answer = lws_http_client_http_response(wsi);

	if (answer && answer != LWS_HTTP_SWITCHING_PROTOCOLS)
		(void)err_set(&link->err, ERR_PROTOCOL,
			      "the server answered the handshake with HTTP status %u", answer);
	else
		(void)err_set(&link->err, ERR_CLOSED, "no connection: %s",
			      words ? words : "no reason given");
}

int lws_link_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		   size_t length)
{
	if (reason == LWS_CALLBACK_CLIENT_ESTABLISHED)
		lws_link_of(wsi)->up = true;
	else if (reason == LWS_CALLBACK_CLIENT_CONNECTION_ERROR)
		lws_link_explain(lws_link_of(wsi), wsi, in);
	else if (reason == LWS_CALLBACK_WS_PEER_INITIATED_CLOSE)
		(void)ws_report_close(in, length, &lws_link_of(wsi)->err);
	else if (reason == LWS_CALLBACK_WSI_DESTROY)
		lws_link_of(wsi)->gone = true;
	return lws_callback_http_dummy(wsi, reason, user, in, length);
}

int lws_link_fail(const struct lws_link *link, struct err *err)
{
	if (link->err.kind == ERR_NONE)
		return err_set(err, ERR_CLOSED, link->up ? "the server hung up" : "no connection");
	return err_set(err, link->err.kind, "%s", link->err.message);
}

static int lws_link_connect(struct lws_link *link, char *address, const char *ticket,
			    const char *protocol, struct err *err)
{
	struct lws_client_connect_info info = {
		.context = link->context,
		.local_protocol_name = protocol,
		.pwsi = &link->wsi,
		.retry_and_idle_policy = &lws_patience,
	};
	char path[CARRIER_ADDRESS_BYTES];
	char host[CARRIER_ADDRESS_BYTES];
	const char *scheme;
	const char *own_path;

	if (lws_parse_uri(address, &scheme, &info.address, &info.port, &own_path) != 0 ||
	    strcmp(scheme, LWS_SCHEME) != 0)
		return err_set(err, ERR_USAGE, "this is not an address like ws://127.0.0.1:1234");
	own_path += *own_path == '/';
	(void)snprintf(path, sizeof(path), "/%s", *own_path ? own_path : ticket);
	(void)snprintf(host, sizeof(host), "%s:%d", info.address, info.port);
	info.path = path;
	info.host = host;
	if (!lws_client_connect_via_info(&info))
		return lws_link_fail(link, err);
	while (!link->up && !link->gone)
		(void)lws_service(link->context, 0);
	return link->up ? 0 : lws_link_fail(link, err);
}

/* libwebsockets does not tell errno, so we connect again to learn it. err has its words. */
static int lws_link_ask_kernel(const char *address, struct err *err)
{
	struct err again = {0};
	int fd = io_connect_tcp(address, &again);

	io_close(&fd);
	if (again.kind != ERR_SYSTEM)
		return err_wrap(err, address);
	err_clear(err);
	return err_set(err, again.kind, "%s", again.message);
}

int lws_link_open(struct lws_link *link, const struct lws_protocols *protocols, const char *address,
		  const struct client_setup *setup, struct err *err)
{
	char copy[CARRIER_ADDRESS_BYTES]; /* it is cut into its parts */

	(void)snprintf(copy, sizeof(copy), "%s", address);
	link->context = lws_context_open(protocols, CONTEXT_PORT_NO_LISTEN, link);
	if (!link->context)
		return err_set(err, ERR_MEMORY, "libwebsockets has no room for a connection");
	if (lws_link_connect(link, copy, setup->ticket, protocols[0].name, err) != 0)
		return link->err.kind == ERR_CLOSED ? lws_link_ask_kernel(address, err) :
						      err_wrap(err, address);
	io_set_nodelay(lws_get_socket_fd(link->wsi));
	return 0;
}

int lws_link_detach(struct lws_link *link, struct err *err)
{
	int fd;

	/*
	 * Bytes that came right behind the server's answer lie in libwebsockets'
	 * buffer. It handles those first, so that the next byte is the socket's.
	 */
	do {
		(void)lws_service(link->context, -1);
	} while (!link->gone && lws_service_adjust_timeout(link->context, 1, 0) == 0);
	if (link->gone)
		return lws_link_fail(link, err);
	fd = fcntl(lws_get_socket_fd(link->wsi), F_DUPFD_CLOEXEC, 0);
	if (fd < 0 || fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) != 0) {
		io_close(&fd);
		return err_system(err, "taking the connection from libwebsockets");
	}
	lws_link_close(link);
	return fd;
}

void lws_link_close(struct lws_link *link)
{
	if (link->context)
		lws_context_destroy(link->context);
	link->context = NULL;
	link->wsi = NULL;
}
