/* SPDX-License-Identifier: MIT */
/* The tables of carriers and encodings, and the names that they form. */
#include "tests/support/test.h"
#include "transports/registry.h"

#define NAME(name) #name,
#define CARRIER NAME
static const char *const carriers[] = {
#include "transports/carriers.def"
};
#undef CARRIER
#define ENCODING NAME
static const char *const encodings[] = {
#include "transports/encodings.def"
};
#undef ENCODING

#define CARRIERS (sizeof(carriers) / sizeof(carriers[0]))
#define ENCODINGS (sizeof(encodings) / sizeof(encodings[0]))

static void test_product(void)
{
	struct transport transport;
	char name[TRANSPORT_NAME_BYTES];
	char want[TRANSPORT_NAME_BYTES];

	for (size_t i = 0; i < CARRIERS * ENCODINGS; i++) {
		CHECK(transport_at(i, &transport));
		(void)snprintf(want, sizeof(want), "%s+%s", carriers[i / ENCODINGS],
			       encodings[i % ENCODINGS]);
		CHECK_STR(transport_format(&transport, name), want);
	}
	CHECK(!transport_at(CARRIERS * ENCODINGS, &transport) &&
	      !transport_at(SIZE_MAX, &transport));
}

static void test_tables(void)
{
	for (size_t i = 0; i < CARRIERS; i++)
		CHECK_STR(carrier_table[i]->name, carriers[i]);
	for (size_t i = 0; i < ENCODINGS; i++)
		CHECK_STR(encoding_table[i]->name, encodings[i]);
	CHECK(!carrier_table[CARRIERS] && !encoding_table[ENCODINGS]);
}

static void test_parse(void)
{
	struct transport transport;
	struct transport parsed;
	char name[TRANSPORT_NAME_BYTES];
	struct err err = {0};

	for (size_t i = 0; transport_at(i, &transport); i++) {
		CHECK(transport_parse(transport_format(&transport, name), &parsed, &err) == 0);
		CHECK(parsed.carrier == transport.carrier && parsed.encoding == transport.encoding);
	}
}

static void test_nearest(void)
{
	static const struct {
		const char *written;
		const char *meant;
	} cases[] = {
		{"htp+json", "http+json"},   {"http+jsn", "http+json"},
		{"http-json", "http+json"},  {"wss+shm", "ws+shm"},
		{"ws+shmm", "ws+shm"},       {"lws+byte", "lws+bytes"},
		{"mp+pickel", "mp+pickle"},  {"unix+base46", "unix+base64"},
		{"tcpp+bytes", "tcp+bytes"}, {"tcp+cjsn", "tcp+cjson"},
		{"Http+Json", "http+json"},  {"unixbytes", "unix+bytes"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct transport transport = {0};
		struct err err = {0};
		char want[64];

		CHECK(transport_parse(cases[i].written, &transport, &err) == -1);
		CHECK(err.kind == ERR_USAGE && !transport.carrier && !transport.encoding);
		(void)snprintf(want, sizeof(want), "did you mean \"%s\"", cases[i].meant);
		CHECK_MSG(strstr(err.message, want), "%s: %s", cases[i].written, err.message);
		CHECK(strstr(err.message, cases[i].written));
	}
}

/* What is like no name is not taken for a slip. */
static void test_no_guess(void)
{
	static const char *const cases[] = {"qqqqq+zzz", "x", "json+http", "http", "shared memory"};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct transport transport;
		struct err err = {0};

		CHECK(transport_parse(cases[i], &transport, &err) == -1);
		CHECK_MSG(!strstr(err.message, "did you mean"), "%s", err.message);
		CHECK_MSG(strstr(err.message, "see ipctop list"), "%s", err.message);
	}
}

static void test_refused(void)
{
	static const char *const cases[] = {
		"",
		"+",
		"http",
		"http+",
		"+json",
		"json",
		"http+json+",
		"http+json ",
		" http+json",
		"http++json",
		"json+http",
		"all",
		"blog",
		"0123456789012345678901234567890",
		"01234567890123456789012345678901",
		"http+jsonhttp+jsonhttp+jsonhttp+jsonhttp+jsonhttp+jsonhttp+json",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct transport transport;
		struct err err = {0};

		CHECK_MSG(transport_parse(cases[i], &transport, &err) == -1, "%s", cases[i]);
		CHECK(err.kind == ERR_USAGE && err.message[0]);
		CHECK(transport_parse(cases[i], &transport, NULL) == -1);
	}
}

/* Each half names its own; what goes through none says nothing. */
static void test_libraries(void)
{
	static const struct {
		const char *name, *first, *second; /* "": nothing at all */
	} cases[] = {
		{"http+cjson", "libcurl 7", "; cJSON 1"},
		{"uhttp+bytes", "libcurl 7", ""},
		{"http+bytes", "; libmicrohttpd 0", ""},
		{"ws+shm", "libwebsockets 4", ""},
		{"lws+cjson", "libwebsockets 4", "; cJSON 1"},
		{"unix+cjson", "cJSON 1", ""},
		{"mp+pickle", "OpenSSL ", ""}, /* a ticket is an authkey */
	};
	char text[TRANSPORT_LIBRARIES_BYTES];
	struct transport transport;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK(transport_parse(cases[i].name, &transport, NULL) == 0);
		transport_libraries(&transport, true, text);
		CHECK_MSG(strstr(text, cases[i].first) && strstr(text, cases[i].second), "%s: %s",
			  cases[i].name, text);
	}
	CHECK(transport_parse("unix+json", &transport, NULL) == 0);
	CHECK_STR(transport_libraries(&transport, true, text), "");
	(void)transport_parse("http+cjson", &transport, NULL);
	CHECK(!strstr(transport_libraries(&transport, false, text), "microhttpd"));
	CHECK(strstr(text, "libcurl") && strstr(text, "cJSON"));
}

static const struct test tests[] = {
	{"product", test_product}, {"tables", test_tables},   {"parse", test_parse},
	{"nearest", test_nearest}, {"no_guess", test_no_guess}, {"refused", test_refused},
	{"registry names libraries", test_libraries},
};

TEST_MAIN(tests)
