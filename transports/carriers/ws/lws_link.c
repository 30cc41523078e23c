/* SPDX-License-Identifier: MIT */
/* libwebsockets' contexts, and the client's connection and handshake, for ws and lws. */
#include "transports/carriers/ws/lws_link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "transports/carriers/ws/ws_frames.h"
#include "transports/carriers/ws/ws_offers.h"
#include "transports/net/io.h"
#include "transports/unused.h"

/* Descriptors of a context: its connection, its wake-up event, and room for what it opens. */
#define LWS_DESCRIPTORS 16
#define LWS_HTTP_SWITCHING_PROTOCOLS 101
#define LWS_ANSWER "HTTP/" /* what an answer to the handshake begins with */
#define LWS_HEADER_BYTES 512
#define LWS_QUOTE_BYTES 160 /* of a header's value */

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

/* libwebsockets' words for what is wrong with an answer to the handshake, and ours. */
static const struct {
	const char *shorthand; /* or how it begins */
	enum err_kind kind;
	const char *words;
} lws_words[] = {
	{"HS: ACCEPT missing", ERR_PROTOCOL,
	 "the server's answer to the handshake has no Sec-WebSocket-Accept"},
	{"HS: Accept hash wrong", ERR_PROTOCOL,
	 "the server's Sec-WebSocket-Accept is not the one that belongs to our key"},
	{"HS: UPGRADE missing", ERR_PROTOCOL,
	 "the server's answer to the handshake has no Upgrade: websocket"},
	{"HS: UPGRADE malformed", ERR_PROTOCOL,
	 "the server's answer to the handshake has no Connection: Upgrade"},
	{"HS: Upgrade to", ERR_PROTOCOL,
	 "the server's answer to the handshake upgrades to something other than websocket"},
	{"HS: PROTOCOL", ERR_PROTOCOL, "the server names a subprotocol, and none was asked for"},
	{"HS: Cannot match protocol", ERR_PROTOCOL,
	 "the server names a subprotocol, and none was asked for"},
	{"HS: EXT", ERR_PROTOCOL, "the server names an extension, and none was asked for"},
	{"HS: h2", ERR_PROTOCOL, "the server answered the handshake in HTTP/2"},
	{"HS: OOM", ERR_MEMORY, "no memory for the handshake"},
	{"problems parsing header", ERR_PROTOCOL,
	 "the server's answer to the handshake is no HTTP, or has more headers than there is "
	 "room for"},
	{"Peer hung up", ERR_CLOSED, "the server hung up in the handshake"},
	{"closed before established", ERR_CLOSED, "the server hung up in the handshake"},
	{"Closed before conn", ERR_CLOSED, "the server hung up in the handshake"},
	{"read failed", ERR_CLOSED, "the server hung up in the handshake"},
	{"Timed out", ERR_TIMEOUT, "the server did not answer the handshake in time"},
};

/* Sentences in place of libwebsockets' shorthand, which stands for itself if it is not known. */
static int lws_link_translate(const char *shorthand, struct err *err)
{
	for (size_t i = 0; i < sizeof(lws_words) / sizeof(lws_words[0]); i++)
		if (strncmp(shorthand, lws_words[i].shorthand, strlen(lws_words[i].shorthand)) == 0)
			return err_set(err, lws_words[i].kind, "%s", lws_words[i].words);
	return err_set(err, ERR_CLOSED, "no connection: libwebsockets says \"%.100s\"", shorthand);
}

/* Adds what a header of the server's answer says, if it has that, between these words. */
static void lws_link_add_header(struct lws *wsi, enum lws_token_indexes header,
				const char *before, const char *behind, struct err *err)
{
	char value[LWS_HEADER_BYTES];
	char quote[LWS_QUOTE_BYTES];
	int bytes = lws_hdr_copy(wsi, value, sizeof(value), header);

	if (bytes > 0)
		(void)err_add(err, "%s%s%s", before,
			      err_quote(quote, sizeof(quote), value, (size_t)bytes), behind);
}

/* Adds what the answer says behind its headers, as far as it had come with them. */
static void lws_link_add_body(const struct lws_link *link, struct err *err)
{
	size_t head = ws_head_end(link->answer, link->answer_bytes);
	size_t bytes = link->answer_bytes - head;
	char quote[LWS_QUOTE_BYTES];

	while (bytes && memchr("\r\n ", link->answer[head + bytes - 1], 3))
		bytes--;
	if (head && bytes)
		(void)err_add(err, ": %s",
			      err_quote(quote, sizeof(quote), link->answer + head, bytes));
}

/* Why there is no connection: the server's answer if it gave one, or libwebsockets' words. */
static void lws_link_explain(struct lws_link *link, struct lws *wsi, const char *words)
{
	unsigned answer = lws_http_client_http_response(wsi);
	struct err *err = &link->err;

	if (err->kind != ERR_NONE)
		return;
	if (answer && answer != LWS_HTTP_SWITCHING_PROTOCOLS) {
		(void)err_set(err, ERR_PROTOCOL,
			      "the server answered the handshake with HTTP status %u", answer);
		if (answer / 100 == 3)
			lws_link_add_header(wsi, WSI_TOKEN_HTTP_LOCATION, ", a redirect to ",
					    ", which is not followed", err);
		else
			lws_link_add_body(link, err);
		return;
	}
	(void)lws_link_translate(words ? words : "no reason given", err);
	if (words && strncmp(words, "HS: PROTOCOL", 12) == 0)
		lws_link_add_header(wsi, WSI_TOKEN_PROTOCOL, ": \"", "\"", err);
	else if (words && strncmp(words, "HS: EXT", 7) == 0)
		lws_link_add_header(wsi, WSI_TOKEN_EXTENSIONS, ": \"", "\"", err);
}

/* Who ended the connection: the server, of whom nothing more comes, or libwebsockets. */
static void lws_link_ended(struct lws_link *link, struct lws *wsi)
{
	char byte;
	ssize_t got = recv(lws_get_socket_fd(wsi), &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	link->refused = got > 0 || (got < 0 && errno == EAGAIN);
}

/* What the server's close frame says, as far as libwebsockets lets it be seen. */
static void lws_link_closed(struct lws_link *link, const unsigned char *payload, size_t bytes)
{
	(void)ws_report_close(payload, bytes, &link->err);
	if (bytes >= 2 && (payload[0] << 8 | payload[1]) == LWS_CLOSE_STATUS_PROTOCOL_ERR)
		(void)err_add(&link->err,
			      " (libwebsockets says 1002 for any status that may not be "
			      "sent, too)");
}

int lws_link_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		   size_t length)
{
	struct lws_link *link = lws_link_of(wsi);

	if (reason == LWS_CALLBACK_CLIENT_ESTABLISHED)
		link->up = true;
	else if (reason == LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER)
		link->asked = true;
	else if (reason == LWS_CALLBACK_CLIENT_CONNECTION_ERROR)
		lws_link_explain(link, wsi, in);
	else if (reason == LWS_CALLBACK_WS_PEER_INITIATED_CLOSE)
		lws_link_closed(link, in, length);
	else if (reason == LWS_CALLBACK_CLIENT_CLOSED)
		lws_link_ended(link, wsi);
	else if (reason == LWS_CALLBACK_WSI_DESTROY)
		link->gone = true;
	return lws_callback_http_dummy(wsi, reason, user, in, length);
}

int lws_link_fail(const struct lws_link *link, struct err *err)
{
	if (link->err.kind != ERR_NONE)
		return err_set(err, link->err.kind, "%s", link->err.message);
	if (!link->up)
		return err_set(err, ERR_CLOSED, "no connection");
	return link->refused ? err_set(err, ERR_PROTOCOL,
				       "libwebsockets did not take what the server sent") :
			       err_set(err, ERR_CLOSED, "the server hung up");
}

/*
 * Looks at how the answer to the handshake begins, before libwebsockets reads it: of what is no
 * HTTP it would wait for the end of headers.
 */
static int lws_link_look(struct lws_link *link)
{
	struct pollfd polled = {.fd = lws_get_socket_fd(link->wsi), .events = POLLIN};
	const size_t start = sizeof(LWS_ANSWER) - 1;
	ssize_t got;

	link->looked = true;
	while (poll(&polled, 1, -1) < 0 && errno == EINTR)
		;
	got = recv(polled.fd, link->answer, sizeof(link->answer), MSG_PEEK | MSG_DONTWAIT);
	if (got <= 0)
		return 0;
	link->answer_bytes = (size_t)got;
	if (memcmp(link->answer, LWS_ANSWER, (size_t)got < start ? (size_t)got : start) == 0)
		return 0;
	(void)err_set(&link->err, ERR_PROTOCOL, "the server does not answer in HTTP");
	return io_add_beginning(polled.fd, "", 0, &link->err);
}

/* Waits for the end of the handshake. */
static int lws_link_shake(struct lws_link *link, struct err *err)
{
	while (!link->up && !link->gone) {
		if (link->asked && !link->looked && lws_link_look(link) != 0)
			break;
		(void)lws_service(link->context, 0);
	}
	return link->up ? 0 : lws_link_fail(link, err);
}

/* Splits address where it is. Writes the host as a header has it, "[::1]:1234". */
static int lws_link_split(char *address, struct lws_client_connect_info *info,
			  const char **path, char host[CARRIER_ADDRESS_BYTES], struct err *err)
{
	const char *scheme;

	if (lws_parse_uri(address, &scheme, &info->address, &info->port, path) != 0 ||
	    strcasecmp(scheme, LWS_SCHEME) != 0)
		return err_set(err, ERR_USAGE, "this is not an address like ws://127.0.0.1:1234");
	(void)snprintf(host, CARRIER_ADDRESS_BYTES,
		       strchr(info->address, ':') ? "[%s]:%d" : "%s:%d", info->address, info->port);
	return 0;
}

static int lws_link_connect(struct lws_link *link, char *address, const char *ticket,
			    const char *protocol, struct err *err)
{
	struct lws_client_connect_info info = {
		.context = link->context,
		.local_protocol_name = protocol,
		.pwsi = &link->wsi,
		.retry_and_idle_policy = &lws_patience,
		.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT, /* and no TLS */
	};
	char path[CARRIER_ADDRESS_BYTES];
	char host[CARRIER_ADDRESS_BYTES];
	const char *own_path;

	if (lws_link_split(address, &info, &own_path, host, err) != 0)
		return -1;
	own_path += *own_path == '/';
	(void)snprintf(path, sizeof(path), "/%s", *own_path ? own_path : ticket);
	info.path = path;
	info.host = host;
	if (!lws_client_connect_via_info(&info))
		return lws_link_fail(link, err);
	return lws_link_shake(link, err);
}

/* libwebsockets does not tell errno, so we connect again to learn it. err has its words. */
static int lws_link_ask_kernel(const char *address, struct err *err)
{
	struct err again = {0};
	int fd = io_connect_tcp(address, &again);

	io_close(&fd);
	if (again.kind == ERR_NONE)
		return err_wrap(err, address);
	err_clear(err);
	return err_set(err, again.kind, "%s", again.message);
}

int lws_link_open(struct lws_link *link, const struct lws_protocols *protocols, const char *address,
		  const struct client_setup *setup, struct err *err)
{
	char copy[CARRIER_ADDRESS_BYTES]; /* it is cut into its parts */

	if (io_check_address(address, false, err) != 0)
		return -1;
	(void)snprintf(copy, sizeof(copy), "%s", address);
	link->context = lws_context_open(protocols, CONTEXT_PORT_NO_LISTEN, link);
	if (!link->context)
		return err_set(err, ERR_MEMORY, "libwebsockets has no room for a connection");
	if (lws_link_connect(link, copy, setup->ticket, protocols[0].name, err) != 0)
		return err->kind == ERR_CLOSED ? lws_link_ask_kernel(address, err) :
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
