/* SPDX-License-Identifier: MIT */
/* Addresses that people write, and what is wrong with some; connecting is the contract suites'. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "transports/net/io.h"

static void good(const char *address, bool socket_file)
{
	struct err err = {0};

	CHECK_MSG(io_check_address(address, socket_file, &err) == 0, "%s: %.200s", address,
		  err.message);
}

static void bad(const char *address, bool socket_file, const char *part)
{
	struct err err = {0};

	CHECK_MSG(io_check_address(address, socket_file, &err) != 0, "%s passes", address);
	CHECK(err.kind == ERR_USAGE);
	CHECK_MSG(strstr(err.message, part), "%s: %.200s", address, err.message);
}

static void test_good(void)
{
	static const char *const addresses[] = {
		"http://127.0.0.1:8000", "http://localhost/x",
		"HTTP://localhost/x",    "Ws://h:1/",
		"http://[::1]:1234/",    "ws://[::1]",
		"tcp://[fe80::1]:5",     "mp://127.0.0.1:1",
		"http://h:1/a@b",        "http://h/x?y=1&z",
		"http://h:1/~a/%20",
	};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		good(addresses[i], false);
	good("unix:///tmp/a.sock", true);
	good("UNIX:///tmp/a@b#c.sock", true);
}

static void test_tls(void)
{
	static const char *const addresses[] = {
		"https://127.0.0.1:1/", "HTTPS://h", "wss://h:1", "Wss://h:1/x", "tls://h:1",
	};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		bad(addresses[i], false, "means TLS, and there is none here");
}

static void test_parts(void)
{
	struct err err = {0};

	bad("http://user@127.0.0.1:1/", false, "a user's name before its host");
	bad("ws://user:word@h/", false, "a user's name before its host");
	bad("http://user:word@[::1]:1", false, "a user's name before its host");
	bad("http://h:1/#top", false, "a fragment, \"#top\"");
	bad("http://h:1#top", false, "a fragment, \"#top\"");
	bad("tcp://h:1#", false, "a fragment, \"#\"");
	CHECK(io_check_address("http://user:se-cret@h/", false, &err) != 0);
	CHECK_MSG(!strstr(err.message, "se-cret"), "%.200s", err.message);
	err_clear(&err);
	CHECK(io_connect_tcp("http://user:se-cret@h/", &err) == -1);
	CHECK_MSG(!strstr(err.message, "se-cret"), "%.200s", err.message);
}

static void test_bad(void)
{
	bad("", false, "is not an address like");
	bad("http://", false, "is not an address like");
	bad("http://h:0/", false, "is not an address like");
	bad("http://h:65536", false, "is not an address like");
	bad("http://[::1", false, "is not an address like");
	bad("tcp://h", false, "is not an address like");
	bad("unix://relative", true, "is not an address like unix:///path/of/socket");
	bad("http://h\n", false, "a character (0x0a) that none can hold");
	bad("http://h\xc3\xa4", false, "a character (0xc3) that none can hold");
}

static void test_scheme(void)
{
	CHECK(io_is_scheme("http://h", "http") && io_is_scheme("HtTp://h", "http"));
	CHECK(!io_is_scheme("https://h", "http") && !io_is_scheme("http:/h", "http"));
	CHECK(!io_is_scheme("h", "http") && !io_is_scheme("", "http"));
	CHECK(io_is_tls("https://h") && io_is_tls("WSS://h") && !io_is_tls("http://h"));
}

/* A file that is missing is named with its errno's text; one that is no socket, as that. */
static void test_socket_file(void)
{
	char path[64], address[80];
	struct err err = {0};
	FILE *file;

	(void)snprintf(path, sizeof(path), "/tmp/ipctop-test-%d", (int)getpid());
	(void)snprintf(address, sizeof(address), "unix://%s", path);
	CHECK(io_connect_unix(address, &err) == -1);
	CHECK_MSG(strstr(err.message, path) && strstr(err.message, "No such file"), "%.200s",
		  err.message);
	err_clear(&err);
	file = fopen(path, "w");
	CHECK(file && fclose(file) == 0);
	CHECK(io_connect_unix(address, &err) == -1);
	CHECK(unlink(path) == 0);
	CHECK_MSG(strstr(err.message, "refused: it is no socket"), "%.200s", err.message);
}

static const struct test tests[] = {
	{"good", test_good}, {"TLS", test_tls},       {"parts", test_parts},
	{"bad", test_bad},   {"scheme", test_scheme}, {"socket file", test_socket_file},
};

TEST_MAIN(tests)
