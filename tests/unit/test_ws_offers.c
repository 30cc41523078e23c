/* SPDX-License-Identifier: MIT */
/* A handshake without what its client offers. */
#include "tests/support/must.h"
#include "tests/support/test.h"
#include "transports/carriers/ws/ws_offers.h"

static void becomes(const char *head, const char *want)
{
	size_t bytes = strlen(head);
	char *copy = exact_copy(head, bytes);
	size_t left = ws_remove_offers(copy, bytes);

	CHECK_MSG(left == strlen(want) && memcmp(copy, want, left) == 0, "%.*s, not %s", (int)left,
		  copy, want);
	free(copy);
}

#define START "GET /x HTTP/1.1\r\nHost: h\r\n"

static void test_offers(void)
{
	becomes(START "Sec-WebSocket-Protocol: binary\r\nUpgrade: websocket\r\n\r\n",
		START "Upgrade: websocket\r\n\r\n");
	becomes(START "sec-websocket-protocol:a,b\r\nSEC-WEBSOCKET-EXTENSIONS : x; y=1\r\n\r\n",
		START "\r\n");
	becomes(START "Sec-WebSocket-Protocol: a,\r\n b,\r\n\tc\r\nX: 1\r\n\r\n",
		START "X: 1\r\n\r\n");
	becomes(START "Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b\r\n\r\n",
		START "\r\n");
	becomes("GET / HTTP/1.1\nSec-WebSocket-Protocol: a\nX: 1\n\n", "GET / HTTP/1.1\nX: 1\n\n");
}

static void test_others(void)
{
	static const char *const heads[] = {
		START "Sec-WebSocket-Protocols: a\r\nSec-WebSocket-Key: k\r\n\r\n",
		START "X: Sec-WebSocket-Protocol: a\r\n Sec-WebSocket-Protocol: b\r\n\r\n",
		START "\r\nSec-WebSocket-Protocol: behind the headers\r\n",
		START "\r\n\x81\x80",
		"",
		"\r\n",
		"GET",
		"Sec-WebSocket",
		START,
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		becomes(heads[i], heads[i]);
}

static void test_end(void)
{
	static const char head[] = START "X: 1\r\n\r\n\x81\x80";
	const size_t end = strlen(head) - 2;

	for (size_t bytes = 0; bytes < sizeof(head); bytes++)
		CHECK_MSG(ws_head_end(head, bytes) == (bytes >= end ? end : 0), "%zu", bytes);
	CHECK(ws_head_end("GET / HTTP/1.1\n\n", 16) == 16);
	CHECK(ws_head_end("\r\nGET / HTTP/1.1\r\n", 18) == 0);
}

static void test_get(void)
{
	static const char *const gets[] = {"", "G", "GET", "GET ", "GET / HTTP/1.1\r\n"};
	static const char *const others[] = {"P", "GEX", "GET/", "get /", "\r\nGET /", "POST /"};

	for (size_t i = 0; i < sizeof(gets) / sizeof(gets[0]); i++)
		CHECK_MSG(ws_head_may_get(gets[i], strlen(gets[i])), "%s", gets[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		CHECK_MSG(!ws_head_may_get(others[i], strlen(others[i])), "%s", others[i]);
}

static const struct test tests[] = {
	{"offers", test_offers},
	{"others", test_others},
	{"end", test_end},
	{"get", test_get},
};

TEST_MAIN(tests)
