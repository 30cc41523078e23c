/* SPDX-License-Identifier: MIT */
/* http's client: libcurl, one handle in one loop, with a connection kept between exchanges. */
#include "transports/carriers/http/http.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include <curl/curl.h>
#include <linux/tcp.h>

#include "transports/net/io.h"
#include "transports/unused.h"

/* libcurl receives this much at a time and hands it on in pieces of 16 KiB. */
#define HTTP_BUFFER_BYTES (64L << 10)
/* libcurl asks for this much of a message at a time; more than 2 MiB it does not allow. */
#define HTTP_UPLOAD_BYTES ((long)MESSAGE_PIECE_BYTES)
#define HTTP_POLL_MS 1000 /* as curl_easy_perform has it; libcurl's own timers shorten it */
#define HTTP_PLAIN "identity"
#define HTTP_UNIX_URL "http://localhost/" /* the Host that curl --unix-socket is told, too */
#define HTTP_STATUS_OK 200
#define HTTP_STATUS_NO_CONTENT 204
#define HTTP_STATUS_REFUSED 400 /* and above */

/* So much is read of a reply that is not the message, so that the connection can be kept. */
#define HTTP_UNWANTED_BYTES_MAX (64u << 10)

/* How many bytes of the server's own words a message shows. */
#define HTTP_WORDS_BYTES 160

/* libcurl's failures, except for the other end simply hanging up. */
struct http_failure {
	CURLcode code;
	enum err_kind kind;
};

static const struct http_failure http_failures[] = {
	{CURLE_URL_MALFORMAT, ERR_USAGE},
	{CURLE_UNSUPPORTED_PROTOCOL, ERR_USAGE},
	{CURLE_COULDNT_RESOLVE_HOST, ERR_USAGE},
	{CURLE_COULDNT_CONNECT, ERR_SYSTEM},
	{CURLE_OPERATION_TIMEDOUT, ERR_TIMEOUT},
	{CURLE_OUT_OF_MEMORY, ERR_MEMORY},
	{CURLE_FAILED_INIT, ERR_SYSTEM},
	{CURLE_WEIRD_SERVER_REPLY, ERR_PROTOCOL},
	{CURLE_BAD_CONTENT_ENCODING, ERR_PROTOCOL},
	{CURLE_WRITE_ERROR, ERR_PROTOCOL},
};

static enum err_kind http_failure_kind(const struct http_client *client, CURLcode code)
{
	enum err_kind kind = ERR_CLOSED;
	long request_bytes = 0;

	for (size_t i = 0; i < sizeof(http_failures) / sizeof(http_failures[0]); i++) {
		if (http_failures[i].code == code)
			kind = http_failures[i].kind;
	}
	/* Once a request has gone out, our address was good: the fault is the other end's. */
	(void)curl_easy_getinfo(client->curl, CURLINFO_REQUEST_SIZE, &request_bytes);
	return kind == ERR_USAGE && request_bytes ? ERR_PROTOCOL : kind;
}

static long http_status(const struct http_client *client)
{
	long status = 0;

	(void)curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

static size_t http_complaint_bytes(const struct http_client *client)
{
	return client->unwanted_bytes < sizeof(client->complaint) ? (size_t)client->unwanted_bytes :
								    sizeof(client->complaint);
}

/* Fails in the words of a server that speaks another protocol. */
static int http_no_http(const struct http_client *client)
{
	char words[HTTP_WORDS_BYTES];

	return err_set(client->err, ERR_PROTOCOL, "%.150s: the server does not answer in HTTP: %s",
		       client->url,
		       err_quote(words, sizeof(words), client->complaint,
				 http_complaint_bytes(client)));
}

static int http_fail(const struct http_client *client, CURLcode code)
{
	const char *text = client->curl_text[0] ? client->curl_text : curl_easy_strerror(code);
	long number = 0;

	if (client->failed)
		return -1;
	if (client->unwanted_bytes && http_status(client) == 0)
		return http_no_http(client);
	(void)curl_easy_getinfo(client->curl, CURLINFO_OS_ERRNO, &number);
	errno = (int)number;
	if (code == CURLE_COULDNT_CONNECT && number)
		return err_system(client->err, "connecting to %.200s", client->url);
	return err_set(client->err, http_failure_kind(client, code), "%.200s: %.150s", client->url,
		       text);
}

/* The length that the reply's headers state, or -1. */
static curl_off_t http_stated_length(const struct http_client *client)
{
	curl_off_t length = -1;

	(void)curl_easy_getinfo(client->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	return length;
}

static int http_begin(struct http_client *client)
{
	curl_off_t length;

	if (client->begun)
		return 0;
	client->begun = true;
	length = http_stated_length(client);
	return client->take->begin(client->take,
				   length < 0 ? MESSAGE_LENGTH_UNKNOWN : (uint64_t)length,
				   client->err);
}

static int http_accept(struct http_client *client, const char *data, size_t bytes)
{
	if (http_begin(client) == 0 &&
	    client->take->accept(client->take, data, bytes, client->err) == 0)
		return 0;
	client->failed = true;
	return -1;
}

/* Keeps the head of a body that is not the message. */
static int http_complaint(struct http_client *client, const char *data, size_t bytes)
{
	size_t used = http_complaint_bytes(client);
	size_t room = sizeof(client->complaint) - used;

	memcpy(client->complaint + used, data, bytes < room ? bytes : room);
	client->unwanted_bytes += bytes;
	return client->unwanted_bytes < HTTP_UNWANTED_BYTES_MAX ? 0 : -1;
}

/* libcurl has bytes of a body, at most 16 KiB. Returning anything but `bytes` ends the transfer. */
static size_t http_body(char *data, size_t one UNUSED, size_t bytes, void *arg)
{
	struct http_client *client = arg;
	int status;

	client->wait = wait_begin(client->wait.mode);
	if (client->take && http_status(client) == HTTP_STATUS_OK)
		status = http_accept(client, data, bytes);
	else
		status = http_complaint(client, data, bytes);
	/* Without a status it is no HTTP, and may have no end. */
	return status == 0 && http_status(client) ? bytes : 0;
}

/* libcurl wants the next bytes of a request's body, and has at least 16 KiB of room. */
static size_t http_read(char *buffer, size_t one UNUSED, size_t room, void *arg)
{
	struct http_client *client = arg;
	const struct give *give = client->give;
	size_t filled = 0;

	if (client->give->fill(client->give, buffer, room, &filled, client->err) == 0) {
		client->given_bytes += filled;
		if (filled || give->length_bytes == MESSAGE_LENGTH_UNKNOWN ||
		    client->given_bytes == give->length_bytes)
			return filled;
		/* The server would wait for the rest, and libcurl for an answer. */
		(void)err_set(client->err, ERR_WRONG,
			      "a request is not as long as its encoder said");
	}
	client->failed = true;
	return CURL_READFUNC_ABORT;
}

/* Keeps what Content-Encoding says. */
static void http_keep_coding(struct http_client *client, const char *line, size_t bytes)
{
	static const char name[] = "Content-Encoding:";
	const size_t length = sizeof(name) - 1;

	if (bytes < length || strncasecmp(line, name, length) != 0)
		return;
	while (bytes > length && strchr(" \t\r\n", line[bytes - 1]))
		bytes--;
	line += length;
	bytes -= length;
	while (bytes && (*line == ' ' || *line == '\t')) {
		line++;
		bytes--;
	}
	(void)err_quote(client->coding, sizeof(client->coding), line, bytes);
}

/* libcurl shows what it reads, if it was told to: of a body, before it takes chunks apart. */
static int http_overhear(CURL *curl UNUSED, curl_infotype what, char *data UNUSED, size_t bytes,
			 void *arg)
{
	struct http_client *client = arg;

	if (what == CURLINFO_DATA_IN)
		client->body_bytes += bytes;
	return 0;
}

/* The kernel counts no bytes of a Unix socket, so the marks of chunks are overheard. */
static void http_watch_body(struct http_client *client)
{
	client->body_bytes = 0;
	if (client->over_unix && http_stated_length(client) < 0)
		(void)curl_easy_setopt(client->curl, CURLOPT_VERBOSE, 1L);
}

/*
 * libcurl has one line of headers. If the stream ends within the headers, libcurl
 * reports a good reply without a body, so we watch for their end ourselves.
 */
static size_t http_header(char *line, size_t one UNUSED, size_t bytes, void *arg)
{
	struct http_client *client = arg;

	if (bytes > 5 && memcmp(line, "HTTP/", 5) == 0)
		client->headed = false; /* an interim reply may have come before */
	else
		http_keep_coding(client, line, bytes);
	if (bytes && (line[0] == '\r' || line[0] == '\n')) {
		client->headed = true;
		http_watch_body(client);
	}
	return bytes;
}

/* The bytes that the kernel has received on the connection, or 0 if it does not say. */
static uint64_t http_connection_bytes(const struct http_client *client)
{
	curl_socket_t fd = CURL_SOCKET_BAD;
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);

	(void)curl_easy_getinfo(client->curl, CURLINFO_ACTIVESOCKET, &fd);
	if (fd == CURL_SOCKET_BAD || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0)
		return 0;
	return info.tcpi_bytes_received;
}

/*
 * The reply's bytes with its framing. libcurl counts headers and body; the marks
 * of a chunked body show only in the kernel's count for the whole connection,
 * and not at all if the connection is gone by now.
 */
static uint64_t http_wire_bytes(struct http_client *client)
{
	long header_bytes = 0;
	long connects = 0;
	curl_off_t body_bytes = 0;
	uint64_t bytes;

	(void)curl_easy_getinfo(client->curl, CURLINFO_HEADER_SIZE, &header_bytes);
	(void)curl_easy_getinfo(client->curl, CURLINFO_SIZE_DOWNLOAD_T, &body_bytes);
	(void)curl_easy_getinfo(client->curl, CURLINFO_NUM_CONNECTS, &connects);
	if (connects)
		client->received_bytes = 0;
	if (client->body_bytes > (uint64_t)body_bytes)
		return (uint64_t)header_bytes + client->body_bytes;
	bytes = (uint64_t)header_bytes + (uint64_t)body_bytes;
	if (http_stated_length(client) < 0) {
		uint64_t total = http_connection_bytes(client);

		if (total > client->received_bytes + bytes)
			bytes = total - client->received_bytes;
	}
	client->received_bytes += bytes;
	return bytes;
}

/* How the one transfer of the loop ended. */
static CURLcode http_outcome(const struct http_client *client)
{
	const CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(client->multi, &left)))
		if (message->msg == CURLMSG_DONE)
			return message->data.result;
	return CURLE_FAILED_INIT;
}

/*
 * Does what curl_easy_perform does, without polling while we spin. The handle
 * stays in the loop until the next transfer, so that libcurl still knows its
 * connection.
 */
static CURLcode http_loop(struct http_client *client)
{
	int running = 1;

	(void)curl_multi_remove_handle(client->multi, client->curl); /* left by the last transfer */
	if (curl_multi_add_handle(client->multi, client->curl) != CURLM_OK)
		return CURLE_OUT_OF_MEMORY;
	while (running) {
		if (curl_multi_perform(client->multi, &running) != CURLM_OK)
			return CURLE_OUT_OF_MEMORY;
		if (running && !wait_spins(&client->wait) &&
		    curl_multi_poll(client->multi, NULL, 0, HTTP_POLL_MS, NULL) != CURLM_OK)
			return CURLE_OUT_OF_MEMORY;
	}
	return http_outcome(client);
}

static CURLcode http_perform(struct http_client *client, struct give *give, struct take *take,
			     struct err *err)
{
	client->give = give;
	client->given_bytes = 0;
	client->take = take;
	client->err = err;
	client->headed = false;
	client->body_bytes = 0;
	if (client->over_unix)
		(void)curl_easy_setopt(client->curl, CURLOPT_VERBOSE, 0L);
	client->coding[0] = '\0';
	client->begun = false;
	client->failed = false;
	client->unwanted_bytes = 0;
	client->curl_text[0] = '\0';
	client->wait = wait_begin(client->wait.mode);
	return http_loop(client);
}

/* Fails in the server's own words: the status and the head of what came with it. */
static int http_refused(const struct http_client *client, long status)
{
	size_t bytes = http_complaint_bytes(client);
	char words[HTTP_WORDS_BYTES];
	char *target = NULL;

	(void)curl_easy_getinfo(client->curl, CURLINFO_REDIRECT_URL, &target);
	if (target)
		return err_set(client->err, ERR_PROTOCOL,
			       "%.120s answered with status %ld, a redirect to %s, "
			       "which is not followed",
			       client->url, status,
			       err_quote(words, sizeof(words), target, strlen(target)));
	while (bytes && memchr("\r\n ", client->complaint[bytes - 1], 3))
		bytes--;
	return err_set(client->err, ERR_PROTOCOL, "%.150s answered with status %ld%s%s",
		       client->url, status, bytes ? ": " : "",
		       err_quote(words, sizeof(words), client->complaint, bytes));
}

/* libcurl wants a socket to connect. The first one of TCP that it gets is connected already. */
static curl_socket_t http_open_socket(void *arg, curlsocktype purpose UNUSED,
				      struct curl_sockaddr *address)
{
	struct http_client *client = arg;
	int fd = client->fd;

	client->fd = -1;
	if (fd >= 0)
		return fd;
	client->again = client->opened || !client->over_unix;
	client->opened = true;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void http_global_init(void)
{
	/* Plain http needs nothing that libcurl could start here, such as TLS. */
	(void)curl_global_init(CURL_GLOBAL_NOTHING);
}

static void http_set_options(struct http_client *client)
{
	CURL *curl = client->curl;

	(void)curl_easy_setopt(curl, CURLOPT_URL, client->url);
	(void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
	(void)curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_NOPROXY, "*"); /* whatever the environment says */
	/* In seconds. Keeps the connection over any pause, as there is at a low rate. */
	(void)curl_easy_setopt(curl, CURLOPT_MAXAGE_CONN, (long)INT_MAX);
	/* What libcurl does not take for HTTP it hands over as a body, to be shown. */
	(void)curl_easy_setopt(curl, CURLOPT_HTTP09_ALLOWED, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, HTTP_BUFFER_BYTES);
	(void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->curl_text);
	(void)curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, http_open_socket);
	(void)curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, client);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, http_body);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, client);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, http_header);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, client);
	(void)curl_easy_setopt(curl, CURLOPT_READFUNCTION, http_read);
	(void)curl_easy_setopt(curl, CURLOPT_READDATA, client);
	(void)curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, HTTP_UPLOAD_BYTES);
}

/*
 * Presents the ticket by an OPTIONS request, which our server answers without
 * making a message. A foreign server knows no tickets and may answer any request
 * with the array, so it is asked nothing outside the clock.
 */
static int http_present(struct http_client *client, struct err *err)
{
	CURLcode code;

	(void)curl_easy_setopt(client->curl, CURLOPT_CUSTOMREQUEST, "OPTIONS");
	code = http_perform(client, NULL, NULL, err);
	(void)curl_easy_setopt(client->curl, CURLOPT_CUSTOMREQUEST, NULL);
	(void)http_wire_bytes(client);
	if (code != CURLE_OK)
		return http_fail(client, code);
	if (http_status(client) >= HTTP_STATUS_REFUSED)
		return http_refused(client, http_status(client));
	return 0;
}

int http_client_adopt(struct http_client *client, int fd, const char *url, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, http_global_init);
	client->open = true;
	client->fd = fd;
	(void)snprintf(client->url, sizeof(client->url), "%s", url);
	client->curl_text = calloc(1, CURL_ERROR_SIZE);
	client->curl = curl_easy_init();
	client->multi = curl_multi_init();
	if (!client->curl || !client->multi || !client->curl_text)
		return err_set(err, ERR_MEMORY, "no memory for libcurl");
	http_set_options(client);
	return 0;
}

/* A server that compresses at will is asked not to; what it compresses all the same is shown. */
static void http_ask_plain(struct http_client *client)
{
	(void)curl_easy_setopt(client->curl, CURLOPT_ACCEPT_ENCODING, HTTP_PLAIN);
	(void)curl_easy_setopt(client->curl, CURLOPT_HTTP_CONTENT_DECODING, 0L);
}

/* The connection is there: presents the ticket, if the server is ours. */
static int http_meet(struct http_client *client, const struct client_setup *setup, struct err *err)
{
	client->wait.mode = setup->wait;
	if (setup->ticket[0])
		return http_present(client, err);
	http_ask_plain(client);
	return 0;
}

/* A foreign server's address is used as it is; our own servers take the ticket as path. */
int http_client_open(void *state, const struct client_setup *setup, const char *address,
		     struct err *err)
{
	struct http_client *client = state;
	char url[HTTP_URL_BYTES];
	int fd = io_connect_ahead(address, err);

	if (fd < 0)
		return -1;
	(void)snprintf(url, sizeof(url), setup->ticket[0] ? "%s/%s" : "%s%s", address,
		       setup->ticket);
	return http_client_adopt(client, fd, url, err) == 0 ? http_meet(client, setup, err) : -1;
}

/*
 * libcurl makes the connection itself, with the first request: it connects whatever socket it is
 * given, and a Unix socket that is connected already says EISCONN. A foreign server gets none
 * before the clock runs, so we look whether there is one, and its first exchange connects.
 * libcurl's URL is of a host that it does not look up; ours, in messages, is the path.
 */
int http_client_open_unix(void *state, const struct client_setup *setup, const char *address,
			  struct err *err)
{
	struct http_client *client = state;
	char url[sizeof(HTTP_UNIX_URL) + CARRIER_TICKET_BYTES];
	int probe = -1;

	if (io_check_address(address, true, err) != 0)
		return -1;
	client->over_unix = true;
	if (!setup->ticket[0] && (probe = io_connect_unix(address, err)) < 0)
		return -1;
	io_close(&probe);
	if (http_client_adopt(client, -1, address, err) != 0)
		return -1;
	(void)snprintf(url, sizeof(url), HTTP_UNIX_URL "%s", setup->ticket);
	(void)curl_easy_setopt(client->curl, CURLOPT_URL, url);
	(void)curl_easy_setopt(client->curl, CURLOPT_UNIX_SOCKET_PATH,
			       strstr(address, "://") + 3);
	(void)curl_easy_setopt(client->curl, CURLOPT_DEBUGFUNCTION, http_overhear);
	(void)curl_easy_setopt(client->curl, CURLOPT_DEBUGDATA, client);
	return http_meet(client, setup, err);
}

static bool http_header_add(struct http_client *client, const char *line)
{
	struct curl_slist *list = curl_slist_append(client->headers, line);

	if (list)
		client->headers = list;
	return list != NULL;
}

/* A message's headers are the same for every exchange: they are made for the first. */
static int http_make_headers(struct http_client *client, const struct give *give, struct err *err)
{
	char type[128];

	if (client->headers)
		return 0;
	(void)snprintf(type, sizeof(type), "Content-Type: %s", give->media_type);
	/* "Expect: 100-continue" would wait for leave to send what will be sent anyway. */
	if (http_header_add(client, type) && http_header_add(client, "Expect:") &&
	    (give->length_bytes != MESSAGE_LENGTH_UNKNOWN ||
	     http_header_add(client, "Transfer-Encoding: chunked")))
		return 0;
	return err_set(err, ERR_MEMORY, "no memory for libcurl");
}

/* GET if the request is empty, else POST with the message as body. */
static int http_set_request(struct http_client *client, const struct give *give, struct err *err)
{
	curl_off_t bytes = -1;

	if (!give) {
		if (client->headers) /* the last request was a POST */
			(void)curl_easy_setopt(client->curl, CURLOPT_HTTPGET, 1L);
		return 0;
	}
	if (http_make_headers(client, give, err) != 0)
		return -1;
	if (give->length_bytes != MESSAGE_LENGTH_UNKNOWN)
		bytes = (curl_off_t)give->length_bytes;
	(void)curl_easy_setopt(client->curl, CURLOPT_POST, 1L);
	(void)curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE_LARGE, bytes);
	(void)curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->headers);
	return 0;
}

/* What libcurl has sent: headers and body. */
static uint64_t http_request_bytes(const struct http_client *client)
{
	long header_bytes = 0;
	curl_off_t body_bytes = 0;

	(void)curl_easy_getinfo(client->curl, CURLINFO_REQUEST_SIZE, &header_bytes);
	(void)curl_easy_getinfo(client->curl, CURLINFO_SIZE_UPLOAD_T, &body_bytes);
	return (uint64_t)header_bytes + (uint64_t)body_bytes;
}

/* The end of a reply that has to be empty: 204, or another success without a body. */
static int http_acknowledged(const struct http_client *client, long status)
{
	if (status == HTTP_STATUS_NO_CONTENT || client->unwanted_bytes == 0)
		return 0;
	return err_set(client->err, ERR_PROTOCOL,
		       "%.200s: the server sent %llu bytes in place of an acknowledgement",
		       client->url, (unsigned long long)client->unwanted_bytes);
}

/* The end of the reply's message, which has not begun yet if it is empty. */
static int http_taken(struct http_client *client)
{
	if (http_begin(client) == 0 && client->take->end(client->take, client->err) == 0)
		return 0;
	client->failed = true;
	return -1;
}

/* Adds the coding that a body which was refused has, if it has one: nobody asked for that. */
static int http_add_coding(const struct http_client *client)
{
	if (!client->failed || !client->coding[0] || strcasecmp(client->coding, HTTP_PLAIN) == 0)
		return -1;
	return err_add(client->err,
		       "; the server says Content-Encoding: %s, and was asked for " HTTP_PLAIN,
		       client->coding);
}

/* After the transfer, which ended with code. */
static int http_conclude(struct http_client *client, CURLcode code, struct wire_bytes *wire)
{
	const long status = http_status(client);

	if (status && status != HTTP_STATUS_OK &&
	    (client->take || status != HTTP_STATUS_NO_CONTENT))
		return http_refused(client, status);
	if (code != CURLE_OK)
		return http_fail(client, code);
	if (!client->headed)
		return err_set(client->err, ERR_CLOSED,
			       "%.200s: the server hung up within its headers", client->url);
	wire->request = http_request_bytes(client);
	wire->reply = http_wire_bytes(client);
	return client->take ? http_taken(client) : http_acknowledged(client, status);
}

int http_client_exchange(void *state, struct give *give, struct take *take,
			 struct wire_bytes *wire, struct err *err)
{
	struct http_client *client = state;

	if (http_set_request(client, give, err) != 0)
		return -1;
	if (http_conclude(client, http_perform(client, give, take, err), wire) == 0)
		return 0;
	return http_add_coding(client);
}

int http_client_descriptor(const void *state)
{
	const struct http_client *client = state;
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (client->open && client->curl)
		(void)curl_easy_getinfo(client->curl, CURLINFO_ACTIVESOCKET, &fd);
	return fd == CURL_SOCKET_BAD ? -1 : (int)fd;
}

void http_client_close(void *state)
{
	struct http_client *client = state;

	if (!client->open)
		return;
	client->open = false;
	if (client->curl && client->multi)
		(void)curl_multi_remove_handle(client->multi, client->curl);
	if (client->curl)
		curl_easy_cleanup(client->curl);
	if (client->multi)
		(void)curl_multi_cleanup(client->multi);
	curl_slist_free_all(client->headers);
	client->headers = NULL;
	client->curl = NULL;
	client->multi = NULL;
	io_close(&client->fd);
	free(client->curl_text);
	client->curl_text = NULL;
}

const char *http_client_remark(const void *state)
{
	const struct http_client *client = state;

	return client->again ? "the server hangs up between exchanges: "
			       "connecting again is in the latency" : NULL;
}
