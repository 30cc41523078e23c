/* SPDX-License-Identifier: MIT */
/*
 * Holds every carrier of the table to its contract while both ends keep to it:
 * messages of every size and kind arrive whole, for many clients at once.
 */
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "tests/support/carrier_toy.h"
#include "tests/support/carrier_toy_block.h"

static void check_row(void)
{
	CHECK(toy_row->name && toy_row->name[0] && strlen(toy_row->name) < 16);
	CHECK(toy_row->title && toy_row->title[0]);
	CHECK(toy_row->scheme && toy_row->scheme[0]);
	CHECK(!strpbrk(toy_row->name, "+, :/"));
	CHECK(toy_row->waits & WAIT_BIT(WAIT_BLOCK));
	CHECK((toy_row->waits & ~WAIT_ALL) == 0);
	CHECK(toy_row->server_size && toy_row->client_size);
	CHECK(toy_row->server_open && toy_row->server_run && toy_row->server_stop);
	CHECK(toy_row->server_close);
	CHECK(toy_row->client_open && toy_row->client_exchange && toy_row->client_close);
	CHECK(toy_row->client_descriptor);
}

static const size_t sizes[] = {
	0,    1,    125,   126,   127,   1023,   1024,   1025,    4095,
	4096, 4097, 65535, 65536, 65537, 131071, 131073, 1204224, TOY_LARGE_BYTES,
};

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

/* One client, every size of a kind, into spaces of a size. */
static void exchange_sizes(enum toy_kind kind, size_t step, bool odd)
{
	struct toy_server server;
	struct toy_client client;

	CHECK(toy_server_start(&server, false));
	if (toy_client_open(&client, &server, 0)) {
		for (size_t i = 0; i < SIZES && !test_why[0]; i++) {
			struct toy_plan plan = {
				.bytes = sizes[i],
				.offset = i * 4099,
				.kind = kind,
				.fail_at = TOY_NEVER,
				.odd = odd,
			};

			if (!toy_exchange(&client, &server, 0, &plan, step))
				TEST_FAIL("%s", client.why);
		}
		if (!test_why[0])
			toy_await(&server, &server.slots[0].delivered, SIZES);
	}
	toy_client_close(&client);
	toy_server_end(&server);
}

static void check_spans(void)
{
	exchange_sizes(TOY_SPANS, TOY_WHOLE, false);
}

static void check_filled_unknown(void)
{
	exchange_sizes(TOY_FILL, TOY_WHOLE, true);
}

static void check_filled_known(void)
{
	exchange_sizes(TOY_FILL_KNOWN, TOY_WHOLE, true);
}

static void check_small_spaces(void)
{
	for (enum toy_kind kind = TOY_SPANS; kind < TOY_KINDS && !test_why[0]; kind++)
		exchange_sizes(kind, 8191, false);
}

static void check_text(void)
{
	struct toy_server server;
	struct toy_client client;

	toy_block_make_text();
	CHECK(toy_server_start(&server, false));
	if (toy_client_open(&client, &server, 0)) {
		for (size_t i = 0; i < 3 * SIZES && !test_why[0]; i++) {
			struct toy_plan plan = {
				.bytes = sizes[i / 3] % 2000000,
				.kind = (enum toy_kind)(i % TOY_KINDS),
				.fail_at = TOY_NEVER,
				.text = true,
			};

			if (!toy_exchange(&client, &server, 0, &plan, TOY_WHOLE))
				TEST_FAIL("%s", client.why);
		}
	}
	toy_client_close(&client);
	toy_server_end(&server);
}

/* Every message is another one, so that an old one cannot pass for it. */
static bool exchange_many(struct toy_client *client, struct toy_server *server, size_t slot,
			  size_t count, size_t most)
{
	for (size_t i = 0; i < count; i++) {
		struct toy_plan plan = {
			.bytes = (i * 37 + slot) % most,
			.offset = i * 131 + slot * 40961,
			.kind = (enum toy_kind)(i % TOY_KINDS),
			.fail_at = TOY_NEVER,
			.odd = i & 1,
		};

		if (!toy_exchange(client, server, slot, &plan, i & 2 ? 97 : TOY_WHOLE))
			return false;
	}
	return true;
}

/* Where more ends spin than there are processors, each turn waits for the scheduler: fewer then. */
static size_t share(size_t count)
{
	return toy_wait == WAIT_SPIN ? count / 8 : count;
}

static void check_many(void)
{
	size_t count = share(1000);
	struct toy_server server;
	struct toy_client client;

	CHECK(toy_server_start(&server, false));
	if (toy_client_open(&client, &server, 0) && !exchange_many(&client, &server, 0, count, 700))
		TEST_FAIL("%s", client.why);
	if (!test_why[0])
		toy_await(&server, &server.slots[0].delivered, count);
	toy_client_close(&client);
	/* One connection for all of them. */
	if (!test_why[0] && toy_count(&server, &server.slots[0].admitted) != 1)
		TEST_FAIL("admitted %zu times", toy_count(&server, &server.slots[0].admitted));
	toy_server_end(&server);
}

#define CLIENTS 8

struct worker {
	pthread_t thread;
	struct toy_server *server;
	size_t slot;
	bool started;
	char why[512];
};

static void *worker_main(void *arg)
{
	struct worker *worker = arg;
	struct toy_client client;
	const char *ticket = worker->server->slots[worker->slot].ticket;

	if (toy_client_open_as(&client, worker->server->address, ticket) != 0)
		(void)snprintf(worker->why, sizeof(worker->why), "%s", client.err.message);
	else if (!exchange_many(&client, worker->server, worker->slot, share(64), 300000))
		(void)snprintf(worker->why, sizeof(worker->why), "%s", client.why);
	toy_client_close(&client);
	return NULL;
}

static void check_clients(void)
{
	struct toy_server server;
	struct worker workers[CLIENTS] = {0};

	CHECK(toy_server_start(&server, false));
	for (size_t i = 0; i < CLIENTS; i++) {
		workers[i].server = &server;
		workers[i].slot = i;
		workers[i].started =
			pthread_create(&workers[i].thread, NULL, worker_main, &workers[i]) == 0;
	}
	for (size_t i = 0; i < CLIENTS; i++) {
		if (workers[i].started)
			(void)pthread_join(workers[i].thread, NULL);
		if (!workers[i].started || workers[i].why[0])
			TEST_FAIL("client %zu: %s", i, workers[i].why);
	}
	toy_server_end(&server);
}

static void check_anybody(void)
{
	struct toy_plan plan = {.bytes = 4097, .fail_at = TOY_NEVER};
	struct toy_server server;
	struct toy_client client;

	CHECK(toy_server_start(&server, true));
	for (size_t i = 0; i < 3 && !test_why[0]; i++) {
		if (toy_client_open(&client, &server, 0) &&
		    !toy_exchange(&client, &server, i, &plan, TOY_WHOLE))
			TEST_FAIL("client %zu: %s", i, client.why);
		toy_client_close(&client);
	}
	toy_server_end(&server);
}

static void wire_bytes(struct toy_client *client, struct toy_server *server, size_t bytes,
		       enum toy_kind kind)
{
	struct toy_plan plan = {.bytes = bytes, .kind = kind, .fail_at = TOY_NEVER};

	CHECK_MSG(toy_exchange(client, server, 0, &plan, TOY_WHOLE), "%s", client->why);
	CHECK_MSG(client->wire.reply >= bytes && client->wire.reply < bytes + bytes / 100 + 4096,
		  "%zu bytes took %zu on the wire", bytes, (size_t)client->wire.reply);
}

static void check_wire_bytes(void)
{
	struct toy_server server;
	struct toy_client client;

	CHECK(toy_server_start(&server, false));
	if (toy_client_open(&client, &server, 0))
		for (size_t i = 0; i < TOY_KINDS * SIZES && !test_why[0]; i++)
			wire_bytes(&client, &server, sizes[i / TOY_KINDS],
				   (enum toy_kind)(i % TOY_KINDS));
	toy_client_close(&client);
	toy_server_end(&server);
}

static bool is_connected_stream(int fd)
{
	struct sockaddr_storage address;
	socklen_t bytes = sizeof(address);
	int type = 0;
	socklen_t type_bytes = sizeof(type);

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_bytes) == 0 &&
	       type == SOCK_STREAM && getpeername(fd, (struct sockaddr *)&address, &bytes) == 0;
}

/* Both ends say which descriptor carries the data. */
static void check_descriptors(void)
{
	struct toy_plan plan = {.bytes = 4097, .fail_at = TOY_NEVER};
	struct toy_server server;
	struct toy_client client;

	CHECK(toy_server_start(&server, false));
	if (toy_client_open(&client, &server, 0) &&
	    !toy_exchange(&client, &server, 0, &plan, TOY_WHOLE))
		TEST_FAIL("%s", client.why);
	if (!test_why[0] && !is_connected_stream(toy_row->client_descriptor(client.state)))
		TEST_FAIL("the client's is no connection");
	if (!test_why[0] && !is_connected_stream(server.slots[0].fd))
		TEST_FAIL("the server's is no connection");
	toy_client_close(&client);
	toy_server_end(&server);
}

#define SPINNING_EXCHANGES 100

/* The thread sanitizer has a thread of its own, which wakes up ten times a second. */
#ifdef __SANITIZE_THREAD__
#define SANITIZER_SLEEPS_S 10
#else
#define SANITIZER_SLEEPS_S 0
#endif

static long now_s(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec;
}

/* How often threads of this process have fallen asleep. */
static long sleeps(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return usage.ru_nvcsw;
}

/* Neither end sleeps in an exchange; the toy's own locks may now and then. */
static void check_sleepless(void)
{
	struct toy_server server;
	struct toy_client client;
	long slept = 0;
	long most = SPINNING_EXCHANGES / 2;
	long start_s;

	if (toy_wait != WAIT_SPIN)
		return;
	if (test_under_valgrind())
		SKIP("valgrind lets one thread run at a time: the others sleep");
	CHECK(toy_server_start(&server, false));
	if (toy_client_open(&client, &server, 0) && exchange_many(&client, &server, 0, 10, 700)) {
		slept = sleeps();
		start_s = now_s();
		if (!exchange_many(&client, &server, 0, SPINNING_EXCHANGES, 700))
			TEST_FAIL("%s", client.why);
		slept = sleeps() - slept;
		most += SANITIZER_SLEEPS_S * (now_s() - start_s + 1);
	}
	toy_client_close(&client);
	toy_server_end(&server);
	CHECK_MSG(slept < most, "%ld sleeps in %d exchanges", slept,
		  SPINNING_EXCHANGES);
}

static const struct test properties[] = {
	{"row", check_row},
	{"spans", check_spans},
	{"filled, length unknown", check_filled_unknown},
	{"filled, length known", check_filled_known},
	{"small spaces", check_small_spaces},
	{"text", check_text},
	{"many exchanges", check_many},
	{"clients at once", check_clients},
	{"anybody", check_anybody},
	{"wire bytes", check_wire_bytes},
	{"descriptors", check_descriptors},
	{"sleepless", check_sleepless},
};

TOY_MAIN(properties)
