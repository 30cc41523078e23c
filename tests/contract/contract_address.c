/* SPDX-License-Identifier: MIT */
/*
 * Holds every carrier of the table to its contract about where it listens, who
 * can get there, and what stays behind: addresses, socket files, descriptors.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <ifaddrs.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/carrier_toy.h"
#include "transports/net/io.h"

static bool is_file(void)
{
	return toy_row->flags & CARRIER_SOCKET_FILE;
}

static uint16_t address_port(const char *address)
{
	const char *colon = strrchr(address, ':');

	return colon ? (uint16_t)strtoul(colon + 1, NULL, 10) : 0;
}

static void check_scheme(void)
{
	struct toy_server server;
	size_t length = strlen(toy_row->scheme);

	CHECK(toy_server_open(&server, false));
	if (strncmp(server.address, toy_row->scheme, length) != 0 ||
	    strncmp(server.address + length, "://", 3) != 0)
		TEST_FAIL("the address is \"%s\"", server.address);
	if (!is_file() && address_port(server.address) == 0)
		TEST_FAIL("no port in \"%s\"", server.address);
	toy_server_end(&server);
}

/* Who listens on the port, by the kernel's own table: 0 nobody, 1 loopback only, 2 others too. */
static int listens(uint16_t port, const char *table)
{
	FILE *file = fopen(table, "r");
	char line[512];
	int found = 0;

	while (file && fgets(line, sizeof(line), file)) {
		char host[40];
		unsigned local;
		unsigned state;

		if (sscanf(line, " %*d: %39[0-9A-F]:%x %*[0-9A-F]:%*x %x", host, &local, &state) !=
			    3 ||
		    local != port || state != 0x0A)
			continue;
		found = strcmp(host, "0100007F") == 0 && found < 2 ? 1 : 2;
	}
	if (file)
		(void)fclose(file);
	return found;
}

/* Can the port be reached by an address of this machine that is not loopback's? */
static bool reachable_from_outside(uint16_t port)
{
	struct ifaddrs *list = NULL;
	bool reached = false;

	(void)getifaddrs(&list);
	for (struct ifaddrs *entry = list; entry; entry = entry->ifa_next) {
		struct sockaddr_in name;
		int fd;

		if (!entry->ifa_addr || entry->ifa_addr->sa_family != AF_INET)
			continue;
		memcpy(&name, entry->ifa_addr, sizeof(name));
		if (ntohl(name.sin_addr.s_addr) >> 24 == 127)
			continue;
		name.sin_port = htons(port);
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		reached |= connect(fd, (struct sockaddr *)&name, sizeof(name)) == 0;
		(void)close(fd);
	}
	freeifaddrs(list);
	return reached;
}

static void check_loopback(void)
{
	struct toy_server server;

	if (is_file())
		return;
	CHECK(toy_server_start(&server, false));
	(void)toy_lives(&server, 0); /* it listens by now */
	if (listens(address_port(server.address), "/proc/net/tcp") != 1)
		TEST_FAIL("%s: other addresses than 127.0.0.1 listen", server.address);
	if (listens(address_port(server.address), "/proc/net/tcp6") != 0)
		TEST_FAIL("%s: listens on IPv6 too", server.address);
	if (reachable_from_outside(address_port(server.address)))
		TEST_FAIL("%s can be reached from outside", server.address);
	toy_server_end(&server);
}

/* A port that was free a moment ago: the kernel gives it to nobody else so soon. */
static uint16_t free_port(void)
{
	char address[CARRIER_ADDRESS_BYTES];
	struct server_setup setup = {0};
	int fd = io_listen_tcp(&setup, "tcp", address, NULL);

	if (fd < 0)
		return 0;
	(void)close(fd);
	return address_port(address);
}

static void check_given_port(void)
{
	struct toy_server server;
	struct server_setup setup = {.service = &server.service, .port = free_port()};

	if (is_file())
		return;
	CHECK(toy_server_open(&server, false));
	toy_row->server_close(server.state);
	memset(server.state, 0, toy_row->server_size);
	setup.directory = server.directory;
	if (toy_row->server_open(server.state, &setup, server.address, &server.err) != 0)
		TEST_FAIL("port %u: %s", setup.port, server.err.message);
	else if (address_port(server.address) != setup.port)
		TEST_FAIL("asked for port %u, got %s", setup.port, server.address);
	else if (toy_server_run(&server))
		(void)toy_lives(&server, 0);
	toy_server_end(&server);
}

/* What cannot be listened on: an error in words, and a state that close accepts. */
static void open_fails(const struct server_setup *setup, const char *what)
{
	char address[CARRIER_ADDRESS_BYTES];
	void *state = calloc(1, toy_row->server_size);
	struct err err = {0};

	CHECK(state);
	toy_row->server_close(state);
	if (toy_row->server_open(state, setup, address, &err) == 0)
		TEST_FAIL("listens on %s", what);
	else if (err.kind == ERR_NONE || !err.message[0] || strchr(err.message, '\n'))
		TEST_FAIL("%s is refused without words", what);
	toy_row->server_close(state);
	toy_row->server_close(state);
	free(state);
}

static void check_failed_open(void)
{
	static const char *const hosts[] = {"nonsense", "300.1.1.1", "192.0.2.77", "", "::zz"};
	struct toy_server server;
	struct server_setup setup = {.service = &server.service};
	char directory[300];

	CHECK(toy_server_open(&server, false));
	memset(directory, 'd', sizeof(directory) - 1);
	directory[sizeof(directory) - 1] = '\0';
	if (is_file()) {
		setup.directory = "/dev/null/ipctop";
		open_fails(&setup, setup.directory);
		setup.directory = directory;
		open_fails(&setup, "a path of 300 bytes");
	}
	for (size_t i = 0; !is_file() && i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		setup.bind_address = hosts[i];
		open_fails(&setup, hosts[i]);
	}
	setup.bind_address = NULL;
	setup.port = address_port(server.address);
	if (!is_file())
		open_fails(&setup, "a port in use");
	toy_server_end(&server);
}

/* Nobody listens there any more. */
static void check_refused(void)
{
	struct toy_server server;
	struct toy_client client;

	CHECK(toy_server_open(&server, false));
	toy_server_end(&server);
	if (toy_client_open_as(&client, server.address, server.slots[0].ticket) == 0)
		TEST_FAIL("connected to nobody");
	else if (client.err.kind != ERR_SYSTEM || !client.err.message[0])
		TEST_FAIL("the error is of kind %d: %s", client.err.kind, client.err.message);
	toy_client_close(&client);
	toy_client_close(&client);
}

static void check_bad_address(void)
{
	static const char *const addresses[] = {
		"",
		"nonsense",
		"x://",
		"://",
		"http://",
		"ws://",
		"mp://",
		"unix://",
		"tcp://",
		"tcp://127.0.0.1",
		"tcp://127.0.0.1:0",
		"tcp://127.0.0.1:99999",
		"mp://[::1:5",
		"mp://127.0.0.1:1x",
		"unix:///dev/null/ipctop.sock",
		"tcp://nohost.invalid:1",
	};
	char text[CARRIER_ADDRESS_BYTES];

	memset(text, 'a', sizeof(text));
	(void)memcpy(text, "unix://", 7);
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 0; i <= sizeof(addresses) / sizeof(addresses[0]) && !test_why[0]; i++) {
		const char *address = i ? addresses[i - 1] : text;
		struct toy_client client;

		if (toy_client_open_as(&client, address, "0123456789abcdef/0") == 0)
			TEST_FAIL("connected to \"%s\"", address);
		else if (client.err.kind == ERR_NONE || !client.err.message[0])
			TEST_FAIL("\"%s\" is refused without words", address);
		toy_client_close(&client);
	}
}

/* What means something elsewhere is refused by name, before any connection. */
static void check_foreign_parts(void)
{
	static const struct {
		const char *tail; /* behind the scheme */
		const char *part; /* of the words */
	} cases[] = {
		{"s://127.0.0.1:1/", "TLS"},
		{"://user:word@127.0.0.1:1/", "a user's name"},
		{"://127.0.0.1:1/#top", "a fragment"},
	};
	char address[CARRIER_ADDRESS_BYTES];

	for (size_t i = 0; !is_file() && i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct toy_client client;

		(void)snprintf(address, sizeof(address), "%s%s", toy_row->scheme, cases[i].tail);
		if (toy_client_open_as(&client, address, "") == 0)
			TEST_FAIL("connected to \"%s\"", address);
		else if (!strstr(client.err.message, cases[i].part) &&
			 (i || io_is_tls(address)))
			TEST_FAIL("\"%s\": %s", address, client.err.message);
		toy_client_close(&client);
	}
}

/* Schemes know no case. The server may learn late that the client has gone: another comes then. */
static void check_capitals(void)
{
	struct toy_server server;
	struct toy_client client;
	char address[CARRIER_ADDRESS_BYTES];

	CHECK(toy_server_start(&server, false));
	(void)snprintf(address, sizeof(address), "%s", server.address);
	for (char *p = address; *p != ':'; p++)
		*p = (char)toupper(*p);
	if (toy_client_open_as(&client, address, server.slots[1].ticket) != 0)
		TEST_FAIL("%s: %s", address, client.err.message);
	toy_client_close(&client);
	(void)toy_lives(&server, 0);
	toy_server_end(&server);
}

/* Numbers in brackets, with a server that listens there. */
static void check_ipv6(void)
{
	struct toy_server server;
	struct server_setup setup = {.service = &server.service, .bind_address = "::1"};

	if (is_file())
		return;
	CHECK(toy_server_open(&server, false));
	toy_row->server_close(server.state);
	memset(server.state, 0, toy_row->server_size);
	setup.directory = server.directory;
	if (toy_row->server_open(server.state, &setup, server.address, &server.err) != 0) {
		if (server.err.kind != ERR_SYSTEM) /* a kernel without IPv6 */
			TEST_FAIL("%s", server.err.message);
	} else if (!strstr(server.address, "://[::1]:")) {
		TEST_FAIL("the address is \"%s\"", server.address);
	} else if (toy_server_run(&server)) {
		(void)toy_lives(&server, 0);
	}
	toy_server_end(&server);
}

/* What is not there is named with the kernel's reason, whatever library connects. */
static void check_reason(void)
{
	struct toy_client client;
	char address[CARRIER_ADDRESS_BYTES];

	(void)snprintf(address, sizeof(address),
		       is_file() ? "%s:///nonexistent/a.sock" : "%s://127.0.0.1:1",
		       toy_row->scheme);
	if (toy_client_open_as(&client, address, "") == 0)
		TEST_FAIL("connected to %s", address);
	else if (!strstr(client.err.message, address) ||
		 !strstr(client.err.message,
			 is_file() ? "No such file or directory" : "Connection refused"))
		TEST_FAIL("%s: %s", address, client.err.message);
	toy_client_close(&client);
	if (is_file())
		return;
	(void)snprintf(address, sizeof(address), "%s://nohost.invalid:1", toy_row->scheme);
	if (toy_client_open_as(&client, address, "") == 0)
		TEST_FAIL("connected to %s", address);
	else if (!strstr(client.err.message, "no host that we know"))
		TEST_FAIL("%s: %s", address, client.err.message);
	toy_client_close(&client);
}

static void check_untouched(void)
{
	void *server = calloc(1, toy_row->server_size);
	void *client = calloc(1, toy_row->client_size);

	if (server && client) {
		toy_row->server_close(server);
		toy_row->client_close(client);
	} else {
		TEST_FAIL("no memory");
	}
	free(server);
	free(client);
}

/* Mode 0600 in a directory that only we may enter; toy_server_end sees that it is gone. */
static void check_socket_file(void)
{
	struct toy_server server;
	struct stat status;
	const char *path;

	if (!is_file())
		return;
	CHECK(toy_server_open(&server, false));
	path = strstr(server.address, "://") + 3;
	if (strncmp(path, server.directory, strlen(server.directory)) != 0)
		TEST_FAIL("%s is not in %s", path, server.directory);
	else if (lstat(path, &status) != 0 || !S_ISSOCK(status.st_mode))
		TEST_FAIL("%s is no socket", path);
	else if ((status.st_mode & 07777) != 0600)
		TEST_FAIL("%s has mode %o", path, status.st_mode & 07777);
	toy_server_end(&server);
}

/* Good, turned away, and cut off in the middle. */
static void live_once(void)
{
	static const struct toy_plan plan = {.bytes = 300000, .fail_at = 200000};
	struct toy_server server;
	struct toy_client client;
	struct toy_take take;

	CHECK(toy_server_start(&server, false));
	(void)toy_lives(&server, 0);
	if (toy_client_open_as(&client, server.address, "wrong/0") == 0 &&
	    toy_take_open(&take, 300000, TOY_WHOLE)) {
		(void)toy_client_exchange(&client, &take);
		toy_take_close(&take);
	}
	toy_client_close(&client);
	(void)toy_client_open(&client, &server, 1);
	(void)toy_exchange(&client, &server, 1, &plan, TOY_WHOLE);
	toy_client_close(&client);
	toy_server_end(&server);
	(void)toy_client_open_as(&client, server.address, server.slots[0].ticket);
	toy_client_close(&client);
}

/* What a library keeps for good it has after two lives. */
static void check_descriptors(void)
{
	size_t before = 0;

	for (int i = 0; i < 12 && !test_why[0]; i++) {
		if (i == 2)
			before = toy_count_descriptors();
		live_once();
	}
	CHECK(!test_why[0]);
	CHECK_MSG(toy_count_descriptors() == before, "%zu descriptors became %zu", before,
		  toy_count_descriptors());
}

static const struct test properties[] = {
	{"scheme", check_scheme},
	{"loopback only", check_loopback},
	{"given port", check_given_port},
	{"failed open", check_failed_open},
	{"connection refused", check_refused},
	{"bad addresses", check_bad_address},
	{"foreign parts of addresses", check_foreign_parts},
	{"scheme in capitals", check_capitals},
	{"IPv6", check_ipv6},
	{"the kernel's reason", check_reason},
	{"nothing opened", check_untouched},
	{"socket file", check_socket_file},
	{"descriptors", check_descriptors},
};

TOY_MAIN(properties)
