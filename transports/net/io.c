/* SPDX-License-Identifier: MIT */
/* Stream sockets. */
#include "transports/net/io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "transports/seen.h"

#define IO_HOST_BYTES 64
#define IO_QUOTE_BYTES 64 /* of what a stranger says */

/* Copies the head of vectors, at most limit bytes of it, into window. Returns how many vectors. */
static int io_window(const struct iovec *vectors, int count, size_t limit, struct iovec *window)
{
	int used = 0;

	for (int i = 0; i < count && limit; i++) {
		size_t bytes = vectors[i].iov_len < limit ? vectors[i].iov_len : limit;

		window[used++] = (struct iovec){vectors[i].iov_base, bytes};
		limit -= bytes;
	}
	return used;
}

static void io_advance(struct iovec **vectors, int *count, size_t bytes)
{
	while (*count && bytes >= (*vectors)->iov_len) {
		bytes -= (*vectors)->iov_len;
		(*vectors)++;
		(*count)--;
	}
	if (bytes) {
		(*vectors)->iov_base = (char *)(*vectors)->iov_base + bytes;
		(*vectors)->iov_len -= bytes;
	}
}

#define IO_VECTORS_MAX 8

/* One sendmsg or recvmsg, once the socket is ready for it. Returns what that returns. */
static ssize_t io_turn(ssize_t (*turn)(int, struct msghdr *, int), struct io_peer peer,
		       struct msghdr *message)
{
	struct wait wait = wait_begin(peer.wait);
	bool look;
	ssize_t done;

	do {
		look = wait_spins(&wait);
		done = turn(peer.fd, message, look ? MSG_DONTWAIT : 0);
	} while (done < 0 && (errno == EINTR || (look && errno == EAGAIN)));
	return done;
}

static ssize_t io_turn_send(int fd, struct msghdr *message, int flags)
{
	return sendmsg(fd, message, flags | MSG_NOSIGNAL);
}

int io_send(struct io_peer peer, struct iovec *vectors, int count, struct err *err)
{
	struct iovec window[IO_VECTORS_MAX];

	io_advance(&vectors, &count, 0);
	while (count) {
		int head = count < IO_VECTORS_MAX ? count : IO_VECTORS_MAX;
		struct msghdr message = {.msg_iov = window};
		ssize_t sent;

		message.msg_iovlen = (size_t)io_window(vectors, head, MESSAGE_PIECE_BYTES, window);
		sent = io_turn(io_turn_send, peer, &message);
		if (sent < 0)
			return errno == EPIPE || errno == ECONNRESET ?
				       err_set(err, ERR_CLOSED, "the other end hung up") :
				       err_system(err, "sending");
		io_advance(&vectors, &count, (size_t)sent);
	}
	return 0;
}

ssize_t io_receive_some(struct io_peer peer, struct iovec *vectors, int count, struct err *err)
{
	struct msghdr message = {.msg_iov = vectors, .msg_iovlen = (size_t)count};
	ssize_t got = io_turn(recvmsg, peer, &message);

	if (got == 0 || (got < 0 && errno == ECONNRESET))
		return err_set(err, ERR_CLOSED, "the other end hung up");
	if (got < 0)
		return err_system(err, "receiving");
	return got;
}

int io_receive(struct io_peer peer, void *data, size_t bytes, struct err *err)
{
	while (bytes) {
		struct iovec piece = {data, bytes < MESSAGE_PIECE_BYTES ? bytes :
									  MESSAGE_PIECE_BYTES};
		ssize_t got = io_receive_some(peer, &piece, 1, err);

		if (got < 0)
			return -1;
		data = (char *)data + got;
		bytes -= (size_t)got;
	}
	return 0;
}

int io_take(struct io_peer peer, struct take *take, uint64_t bytes, struct err *err)
{
	while (bytes) {
		struct space space;
		struct iovec piece;
		ssize_t got;

		if (take->place(take, &space, err) != 0)
			return -1;
		if (space.bytes == 0)
			return err_set(err, ERR_WRONG,
				       "the %s is longer than the array: %" PRIu64 " more bytes",
				       take->what, bytes);
		if (space.bytes > bytes)
			space.bytes = bytes;
		if (space.bytes > MESSAGE_PIECE_BYTES)
			space.bytes = MESSAGE_PIECE_BYTES;
		piece = (struct iovec){space.data, space.bytes};
		got = io_receive_some(peer, &piece, 1, err);
		if (got < 0 || take->arrived(take, (size_t)got, err) != 0)
			return -1;
		bytes -= (uint64_t)got;
	}
	return 0;
}

void io_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

void io_set_nodelay(int fd)
{
	int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* A numeric IPv4 or IPv6 address and port as the kernel takes them. */
static socklen_t io_address(const char *host, uint16_t port, struct sockaddr_storage *storage)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)storage;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)storage;

	memset(storage, 0, sizeof(*storage));
	if (strcmp(host, "localhost") == 0)
		host = "127.0.0.1";
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		return sizeof(*v6);
	}
	return 0;
}

static uint16_t io_bound_port(int fd)
{
	struct sockaddr_storage storage = {0};
	socklen_t length = sizeof(storage);

	(void)getsockname(fd, (struct sockaddr *)&storage, &length);
	if (storage.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&storage)->sin6_port);
	return ntohs(((struct sockaddr_in *)&storage)->sin_port);
}

int io_listen_tcp(const struct server_setup *setup, const char *scheme,
		  char address[CARRIER_ADDRESS_BYTES], struct err *err)
{
	const char *host = setup->bind_address ? setup->bind_address : "127.0.0.1";
	struct sockaddr_storage storage;
	socklen_t length = io_address(host, setup->port, &storage);
	int on = 1;
	int fd;

	if (length == 0)
		return err_set(err, ERR_USAGE, "\"%s\" is not a numeric address to listen on",
			       host);
	fd = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_system(err, "making a socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&storage, length) != 0 || listen(fd, SOMAXCONN) != 0) {
		(void)err_system(err, "listening on %s port %u", host, setup->port);
		(void)close(fd);
		return -1;
	}
	(void)snprintf(address, CARRIER_ADDRESS_BYTES,
		       storage.ss_family == AF_INET6 ? "%s://[%s]:%u" : "%s://%s:%u", scheme, host,
		       io_bound_port(fd));
	return fd;
}

int io_listen_unix(const struct server_setup *setup, const char *scheme,
		   char address[CARRIER_ADDRESS_BYTES], struct err *err)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	uint32_t random; /* the directory is ours alone, and its path may be long */
	int fd;
	int length;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return err_system(err, "drawing a random name");
	length = snprintf(name.sun_path, sizeof(name.sun_path), "%s/%08" PRIx32 ".sock",
			  setup->directory, random);
	if (length < 0 || (size_t)length >= sizeof(name.sun_path))
		return err_set(err, ERR_RANGE, "the path of a socket in %s is too long",
			       setup->directory);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_system(err, "making a socket");
	(void)fchmod(fd, 0600); /* the file takes the socket's mode: no other user ever connects */
	if (bind(fd, (struct sockaddr *)&name, sizeof(name)) != 0 || listen(fd, SOMAXCONN) != 0) {
		(void)err_system(err, "listening on %s", name.sun_path);
		(void)close(fd);
		return -1;
	}
	(void)snprintf(address, CARRIER_ADDRESS_BYTES, "%s://%s", scheme, name.sun_path);
	return fd;
}

bool io_is_scheme(const char *address, const char *scheme)
{
	size_t length = strlen(scheme);

	return strncasecmp(address, scheme, length) == 0 &&
	       strncmp(address + length, "://", 3) == 0;
}

bool io_is_tls(const char *address)
{
	static const char *const schemes[] = {"https", "wss", "tcps", "tls", "ssl"};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (io_is_scheme(address, schemes[i]))
			return true;
	return false;
}

/* The port of an address that names none, or 0 if it has to name one. */
static uint16_t io_default_port(const char *address)
{
	return io_is_scheme(address, "http") || io_is_scheme(address, "ws") ? 80 : 0;
}

/* Reads ":1234" or nothing, up to the path. */
static int io_read_port(const char *text, uint16_t *port)
{
	unsigned long number = *port;
	char *end = (char *)(uintptr_t)text;

	if (*text == ':' && text[1] >= '0' && text[1] <= '9')
		number = strtoul(text + 1, &end, 10);
	if (number == 0 || number > UINT16_MAX || (*end && *end != '/'))
		return -1;
	*port = (uint16_t)number;
	return 0;
}

/* Splits "scheme://host[:port][/...]" or "scheme://[v6]..." */
static int io_split(const char *address, char host[IO_HOST_BYTES], uint16_t *port)
{
	const char *start = strstr(address, "://");
	bool bracket = start && start[3] == '[';
	size_t length;

	if (!start)
		return -1;
	start += bracket ? 4 : 3;
	length = strcspn(start, bracket ? "]" : ":/?#@");
	if (length == 0 || length >= IO_HOST_BYTES || (bracket && start[length] != ']'))
		return -1;
	memcpy(host, start, length);
	host[length] = '\0';
	*port = io_default_port(address);
	return io_read_port(start + length + bracket, port);
}

static int io_not_address(const char *address, bool socket_file, struct err *err)
{
	return err_set(err, ERR_USAGE, "\"%.200s\" is not an address like %.*s%s", address,
		       (int)strcspn(address, ":/"), address,
		       socket_file ? ":///path/of/socket" : "://127.0.0.1:1234");
}

static int io_refuse_tls(const char *address, struct err *err)
{
	return err_set(err, ERR_USAGE,
		       "\"%.*s\" means TLS, and there is none here: measure a server without it, "
		       "or put a tunnel that ends it in front (stunnel, socat)",
		       (int)strcspn(address, ":"), address);
}

/* What addresses elsewhere may have, and ours may not. A name or password is not shown. */
static int io_check_parts(const char *address, struct err *err)
{
	const char *start = strstr(address, "://");
	size_t authority;

	if (!start)
		return 0;
	authority = strcspn(start + 3, "/?#");
	if (memchr(start + 3, '@', authority))
		return err_set(err, ERR_USAGE,
			       "the address has a user's name before its host, and none is sent: "
			       "leave it out, with the password and the @");
	if (strchr(start + 3, '#'))
		return err_set(err, ERR_USAGE,
			       "the address has a fragment, \"%.60s\", and none is sent to a "
			       "server: leave it out", strchr(start + 3, '#'));
	return 0;
}

static int io_check_characters(const char *address, struct err *err)
{
	for (const char *p = address; *p; p++)
		if (*p <= ' ' || *p > '~')
			return err_set(err, ERR_USAGE,
				       "the address holds a character (0x%02x) that none can hold",
				       (unsigned char)*p);
	return 0;
}

int io_check_address(const char *address, bool socket_file, struct err *err)
{
	struct sockaddr_un name;
	const char *path = strstr(address, "://");
	char host[IO_HOST_BYTES];
	uint16_t port;
	bool good;

	if (io_check_characters(address, err) != 0)
		return -1;
	if (io_is_tls(address))
		return io_refuse_tls(address, err);
	if (socket_file)
		good = path && path[3] == '/' && strlen(path + 3) < sizeof(name.sun_path);
	else if (io_check_parts(address, err) != 0)
		return -1;
	else
		good = strlen(address) < CARRIER_ADDRESS_BYTES &&
		       io_split(address, host, &port) == 0;
	return good ? 0 : io_not_address(address, socket_file, err);
}

int io_add_beginning(int fd, const void *data, size_t bytes, struct err *err)
{
	char head[SEEN_BYTES_MAX];
	char quote[IO_QUOTE_BYTES];
	ssize_t more;

	memcpy(head, data, bytes);
	more = recv(fd, head + bytes, sizeof(head) - bytes, MSG_PEEK | MSG_DONTWAIT);
	if (more > 0)
		bytes += (size_t)more;
	return err_add(err, ": %s", err_quote(quote, sizeof(quote), head, bytes));
}

/* Waits for a connect() that did not block. Leaves its outcome in errno. */
static int io_await_connect(int fd)
{
	struct pollfd polled = {.fd = fd, .events = POLLOUT};
	socklen_t length = sizeof(errno);

	while (poll(&polled, 1, -1) < 0 && errno == EINTR)
		;
	errno = 0;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &errno, &length) != 0)
		return -1;
	return errno ? -1 : 0;
}

/* flags: 0 or SOCK_NONBLOCK. */
static int io_connect(const struct addrinfo *to, int flags, const char *address, struct err *err)
{
	int fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
	int status;

	if (fd < 0)
		return err_system(err, "making a socket");
	status = connect(fd, to->ai_addr, to->ai_addrlen);
	if (status != 0 && errno == EINPROGRESS)
		status = io_await_connect(fd);
	if (status != 0) {
		(void)err_system(err, "connecting to %s", address);
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* The first of the host's addresses that can be connected to. */
static int io_connect_any(const struct addrinfo *found, int flags, const char *address,
			  struct err *err)
{
	struct err last = {0};

	for (; found; found = found->ai_next) {
		int fd;

		err_clear(&last);
		fd = io_connect(found, flags, address, &last);
		if (fd >= 0) {
			io_set_nodelay(fd);
			return fd;
		}
	}
	return err_set(err, last.kind, "%s", last.message);
}

static int io_connect_host(const char *address, int flags, struct err *err)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *found;
	char host[IO_HOST_BYTES];
	char service[8];
	uint16_t port;
	int status;
	int fd;

	if (io_check_address(address, false, err) != 0 || io_split(address, host, &port) != 0)
		return -1;
	(void)snprintf(service, sizeof(service), "%u", port);
	status = getaddrinfo(host, service, &hints, &found);
	if (status != 0)
		return err_set(err, ERR_USAGE, "\"%s\" is no host that we know: %s", host,
			       gai_strerror(status));
	fd = io_connect_any(found, flags, address, err);
	freeaddrinfo(found);
	return fd;
}

int io_connect_tcp(const char *address, struct err *err)
{
	return io_connect_host(address, 0, err);
}

/* Linux says EISCONN to a second connect() only after one has returned 0 to its caller. */
int io_connect_ahead(const char *address, struct err *err)
{
	return io_connect_host(address, SOCK_NONBLOCK, err);
}

/* A file that is there and no socket refuses connections like one that nobody listens on. */
static void io_add_file(const char *path, struct err *err)
{
	struct stat stat;

	if (lstat(path, &stat) == 0 && !S_ISSOCK(stat.st_mode) && !S_ISLNK(stat.st_mode))
		(void)err_add(err, ": it is no socket");
}

int io_connect_unix(const char *address, struct err *err)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	const char *path = strstr(address, "://");
	int fd;

	if (!path || strlen(path + 3) >= sizeof(name.sun_path))
		return io_not_address(address, true, err);
	memcpy(name.sun_path, path + 3, strlen(path + 3) + 1);
	fd = io_connect(&(struct addrinfo){.ai_family = AF_UNIX,
					   .ai_addr = (struct sockaddr *)&name,
					   .ai_addrlen = sizeof(name)}, 0, address, err);
	if (fd < 0)
		io_add_file(name.sun_path, err);
	return fd;
}
