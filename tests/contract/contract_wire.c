/* SPDX-License-Identifier: MIT */
/*
 * What every carrier's conversation looks like on the wire, against tests/golden/wire_NAME.txt:
 * programs that were not written for ipctop hold on to it. Two empty requests and their messages;
 * two messages and their acknowledgements. GOLDEN_UPDATE=1 in the environment writes the files.
 * What differs each time (dates, keys, masks, ports) is left out.
 */
#include "tests/support/carrier_relay.h"
#include "tests/support/carrier_toy.h"
#include "tests/support/carrier_toy_block.h"

#define TEXT_BYTES 20000

static const struct toy_plan spans = {.bytes = 20, .kind = TOY_SPANS, .fail_at = TOY_NEVER};
static const struct toy_plan filled = {.bytes = 20, .kind = TOY_FILL, .fail_at = TOY_NEVER};
static const struct toy_plan acknowledgement = {.fail_at = TOY_NEVER, .none = true};

/* What one end sent. */
struct heard {
	char *data; /* malloc'd */
	size_t bytes;
};

/* Headers whose values are of this run alone. */
static bool is_own(const char *line, size_t bytes)
{
	static const char *const names[] = {"Date: ", "Host: ", "Sec-WebSocket-Key: ",
					    "Sec-WebSocket-Accept: "};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes > strlen(names[i]) && strncmp(line, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

/* Writes bytes as text, a line of theirs a line. */
static void put_bytes(const char *data, size_t bytes, FILE *file)
{
	for (size_t i = 0; i < bytes; i++) {
		unsigned char byte = (unsigned char)data[i];

		if (i == 0 || data[i - 1] == '\n') {
			const char *end = memchr(data + i, '\n', bytes - i);
			size_t line = end ? (size_t)(end - data) - i : bytes - i;

			(void)fputs("    ", file);
			if (is_own(data + i, line)) {
				(void)fprintf(file, "%.*s...\n",
					      (int)(strchr(data + i, ' ') - data) + 1 - (int)i,
					      data + i);
				i += line;
				continue;
			}
		}
		if (byte == '\n')
			(void)fputs("\\n\n", file);
		else if (byte == '\r')
			(void)fputs("\\r", file);
		else if (byte < ' ' || byte > '~')
			(void)fprintf(file, "\\x%02x", byte);
		else
			(void)fputc(byte, file);
	}
	if (bytes && data[bytes - 1] != '\n')
		(void)fputc('\n', file);
}

/* Writes a client's frames with their payload unmasked. */
static void put_frames(const unsigned char *data, size_t bytes, FILE *file)
{
	while (bytes >= 6 && (data[1] & 127) < 126 && bytes >= 6u + (data[1] & 127)) {
		size_t payload = data[1] & 127;
		char plain[126] = "";

		for (size_t i = 0; i < payload; i++)
			plain[i] = (char)(data[6 + i] ^ data[2 + i % 4]);
		(void)fprintf(file, "    frame \\x%02x\\x%02x and a mask\n", data[0], data[1]);
		put_bytes(plain, payload, file);
		data += 6 + payload;
		bytes -= 6 + payload;
	}
	if (bytes)
		(void)fprintf(file, "    and %zu bytes that are no frame\n", bytes);
}

static bool is_websocket(void)
{
	return strcmp(toy_row->scheme, "ws") == 0;
}

/* The server's answer to a close frame may come or not: the client does not wait for it. */
static void drop_goodbye(struct heard *heard)
{
	static const char goodbye[] = "\x88\x02\x03\xe8";
	size_t bytes = sizeof(goodbye) - 1;

	if (is_websocket() && heard->bytes > bytes &&
	    memcmp(heard->data + heard->bytes - bytes, goodbye, bytes) == 0)
		heard->bytes -= bytes;
}

static void put_heard(const char *who, const struct heard *heard, FILE *file)
{
	const char *end = is_websocket() && who[0] == 'c' ?
				  memmem(heard->data, heard->bytes, "\r\n\r\n", 4) : NULL;
	size_t head = end ? (size_t)(end - heard->data) + 4 : heard->bytes;

	(void)fprintf(file, "  %s\n", who);
	put_bytes(heard->data, head, file);
	if (end)
		put_frames((const unsigned char *)heard->data + head, heard->bytes - head, file);
}

/* Two exchanges of the server's kind; false: the test has failed. */
static bool converse(struct toy_server *server, const char *address)
{
	const char *ticket = server->service.admit_any ? "" : server->slots[0].ticket;
	struct toy_client client;
	bool good = toy_client_open_as(&client, address, ticket) == 0;

	if (!good)
		TEST_FAIL("client_open: %s", client.err.message);
	for (int i = 0; i < 2 && good; i++) {
		const struct toy_plan *plan = i ? &filled : &spans;

		good = server->service.takes ?
			       toy_exchange_both(&client, server, 0, plan, &acknowledgement,
						 TOY_WHOLE) :
			       toy_exchange(&client, server, 0, plan, TOY_WHOLE);
		if (!good)
			TEST_FAIL("%s", client.why);
	}
	toy_client_close(&client);
	return good;
}

static bool overhear(struct toy_server *server, struct heard heard[2])
{
	struct relay relay;
	bool good = relay_open(&relay, server->address);

	relay.limit = SIZE_MAX;
	for (int i = 0; i < 2; i++)
		relay.seen[i] = open_memstream(&heard[i].data, &heard[i].bytes);
	if (good && pthread_create(&relay.thread, NULL, relay_main, &relay) == 0) {
		good = converse(server, relay.address);
		(void)pthread_join(relay.thread, NULL);
	}
	for (int i = 0; i < 2; i++)
		(void)fclose(relay.seen[i]);
	relay_close(&relay);
	return good;
}

/* One conversation, written to file. mp's challenge is random: there, anybody is admitted. */
static void record(const char *title, bool takes, FILE *file)
{
	struct toy_server server;
	struct heard heard[2] = {{0}};

	CHECK(toy_server_open(&server, toy_row->flags & CARRIER_KEYED));
	server.service.takes = takes;
	if (toy_server_run(&server) && overhear(&server, heard)) {
		drop_goodbye(&heard[1]);
		(void)fprintf(file, "%s\n", title);
		put_heard("client", &heard[0], file);
		put_heard("server", &heard[1], file);
	}
	free(heard[0].data);
	free(heard[1].data);
	toy_server_end(&server);
}

static void compare(const char *text, size_t bytes)
{
	static char golden[TEXT_BYTES];
	char path[100];
	FILE *file;
	size_t got;

	(void)snprintf(path, sizeof(path), "tests/golden/wire_%s.txt", toy_row->name);
	if (getenv("GOLDEN_UPDATE") && (file = fopen(path, "w"))) {
		(void)fwrite(text, 1, bytes, file);
		(void)fclose(file);
	}
	file = fopen(path, "r");
	/* A carrier that is new has none yet; docs.sh sees that each has one in the end. */
	if (!file)
		SKIP("no file %s: GOLDEN_UPDATE=1 from the top of the tree makes it", path);
	got = fread(golden, 1, sizeof(golden), file);
	(void)fclose(file);
	CHECK_MSG(got == bytes && memcmp(golden, text, bytes) == 0, "%s differs; now it is:\n%s",
		  path, text);
}

static void check_wire(void)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *file;

	if (toy_wait != WAIT_BLOCK)
		return; /* how an end waits is nothing that the other sees */
	file = open_memstream(&text, &bytes);
	CHECK(file);
	toy_block_make_text();
	record("empty requests, messages", false, file);
	record("messages, acknowledgements", true, file);
	(void)fclose(file);
	if (!test_why[0])
		compare(text, bytes);
	free(text);
}

static const struct test properties[] = {
	{"conversation", check_wire},
};

TOY_MAIN(properties)
