/* SPDX-License-Identifier: MIT */
/* The taking half of the toys, and the runner that gives each property its process. */
#include "tests/support/carrier_toy.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/carrier_toy_block.h"
#include "transports/registry.h"

#define BLOCK_SPARE ((size_t)1 << 20) /* offsets differ by up to so much */
#define BLOCK_BYTES (TOY_LARGE_BYTES + BLOCK_SPARE)
#define PROPERTY_SECONDS 60 /* against hanging: times test_slowness() */

const struct carrier *toy_row;
enum wait_mode toy_wait;
static char *block;

bool toy_block_open(void)
{
	uint64_t state = 1;

	block = malloc(BLOCK_BYTES + sizeof(state));
	for (size_t i = 0; block && i < BLOCK_BYTES; i += sizeof(state)) {
		uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15); /* SplitMix64 */

		z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		z ^= z >> 27;
		memcpy(block + i, &z, sizeof(z));
	}
	return block != NULL;
}

void toy_block_make_text(void)
{
	for (size_t i = 0; i < BLOCK_BYTES; i++)
		block[i] = (char)(' ' + (block[i] & 63));
}

void toy_block_close(void)
{
	free(block);
	block = NULL;
}

const char *toy_expected(const struct toy_plan *plan)
{
	return block + plan->offset % BLOCK_SPARE;
}

/* The taker. */

static void take_violate(struct toy_take *take, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void take_violate(struct toy_take *take, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (!take->violation[0])
		(void)vsnprintf(take->violation, sizeof(take->violation), format, args);
	va_end(args);
}

/* The words of a taker's failure, which the carrier must hand on as they are. */
static int take_fail(struct err *err)
{
	return err_set(err, ERR_RANGE, "the toy drops it");
}

static void take_expect_within(struct toy_take *take, const char *where)
{
	if (take->begun != 1 || take->ended)
		take_violate(take, "%s outside of begin and end", where);
}

static int take_begin(struct take *base, uint64_t length_bytes, struct err *err)
{
	struct toy_take *take = (struct toy_take *)base;

	if (take->begun++)
		take_violate(take, "begin twice");
	take->announced = length_bytes;
	return take->failure == TOY_BEGIN_FAILS ? take_fail(err) : 0;
}

/* Stops here once, in the middle of the message, until the test goes on. */
static void take_hold(struct toy_take *take)
{
	if (take->bytes < take->hold_at)
		return;
	take->hold_at = TOY_NEVER;
	(void)sem_post(&take->held);
	while (sem_wait(&take->resume) != 0)
		;
}

static int take_place(struct take *base, struct space *space, struct err *err)
{
	struct toy_take *take = (struct toy_take *)base;
	size_t room = take->room - take->bytes;

	take_expect_within(take, "place");
	take_hold(take);
	if (take->failure == TOY_PLACE_FAILS && take->bytes >= take->fail_at)
		return take_fail(err);
	if (take->failure == TOY_NO_ROOM)
		room = take->bytes < take->fail_at ? take->fail_at - take->bytes : 0;
	/* Sizes that fall on no boundary of the carrier's. */
	take->last = take->step == TOY_WHOLE ? room : 1 + (take->bytes * 31) % take->step;
	if (take->last > room)
		take->last = room;
	*space = (struct space){.data = take->data + take->bytes, .bytes = take->last};
	return 0;
}

static int take_count(struct toy_take *take, size_t bytes, struct err *err)
{
	take->bytes += bytes;
	if (take->failure == TOY_ARRIVED_FAILS && take->bytes >= take->fail_at)
		return take_fail(err);
	return 0;
}

static int take_arrived(struct take *base, size_t bytes, struct err *err)
{
	struct toy_take *take = (struct toy_take *)base;

	take_expect_within(take, "arrived");
	if (bytes > take->last || bytes == 0)
		take_violate(take, "%zu bytes arrived in a space of %zu", bytes, take->last);
	take->last = 0;
	return take_count(take, bytes, err);
}

/* The carrier's buffer instead of our place: fails where place would. */
static int take_accept(struct take *base, const void *data, size_t bytes, struct err *err)
{
	struct toy_take *take = (struct toy_take *)base;

	take_expect_within(take, "accept");
	take_hold(take);
	if (take->failure == TOY_PLACE_FAILS && take->bytes + bytes > take->fail_at)
		return take_fail(err);
	if (take->failure == TOY_NO_ROOM && take->bytes + bytes > take->fail_at)
		return err_set(err, ERR_WRONG, "the toy has no room for it");
	if (bytes > take->room - take->bytes)
		return err_set(err, ERR_WRONG, "%zu bytes more than the toy planned",
			       bytes - (take->room - take->bytes));
	memcpy(take->data + take->bytes, data, bytes);
	return take_count(take, bytes, err);
}

static int take_end(struct take *base, struct err *err)
{
	struct toy_take *take = (struct toy_take *)base;

	take_expect_within(take, "end");
	take->ended++;
	return take->failure == TOY_END_FAILS ? take_fail(err) : 0;
}

bool toy_take_open(struct toy_take *take, size_t room, size_t step)
{
	*take = (struct toy_take){
		.take =
			{
				.what = "reply",
				.begin = take_begin,
				.place = take_place,
				.arrived = take_arrived,
				.accept = take_accept,
				.end = take_end,
			},
		.data = malloc(room + 1), /* so that a sanitizer sees a byte too many */
		.room = room,
		.step = step,
		.hold_at = TOY_NEVER,
	};
	(void)sem_init(&take->held, 0, 0);
	(void)sem_init(&take->resume, 0, 0);
	return take->data != NULL;
}

void toy_take_close(struct toy_take *take)
{
	free(take->data);
	take->data = NULL;
	(void)sem_destroy(&take->held);
	(void)sem_destroy(&take->resume);
}

/* The client. */

int toy_client_open_as(struct toy_client *client, const char *address, const char *ticket)
{
	struct client_setup setup = {.ticket = ticket, .wait = toy_wait};

	*client = (struct toy_client){.state = calloc(1, toy_row->client_size)};
	if (!client->state)
		return err_set(&client->err, ERR_MEMORY, "no memory for a client");
	return toy_row->client_open(client->state, &setup, address, &client->err);
}

bool toy_client_open(struct toy_client *client, struct toy_server *server, size_t slot)
{
	const char *ticket = server->service.admit_any ? "" : server->slots[slot].ticket;

	if (toy_client_open_as(client, server->address, ticket) == 0)
		return true;
	TEST_FAIL("client_open: %s", client->err.message);
	return false;
}

void toy_client_close(struct toy_client *client)
{
	if (client->state)
		toy_row->client_close(client->state);
	free(client->state);
	client->state = NULL;
}

int toy_client_exchange_both(struct toy_client *client, struct toy_giver *giver,
			     struct toy_take *take)
{
	int status;

	err_clear(&client->err);
	status = toy_row->client_exchange(client->state, giver ? &giver->give : NULL,
					  take ? &take->take : NULL, &client->wire, &client->err);
	if (status == 0 && client->err.kind != ERR_NONE)
		TEST_FAIL("success with an error");
	if (status != 0 && (client->err.kind == ERR_NONE || !client->err.message[0]))
		TEST_FAIL("failure without words");
	return status;
}

int toy_client_exchange(struct toy_client *client, struct toy_take *take)
{
	return toy_client_exchange_both(client, NULL, take);
}

/* Puts into client->why what is wrong with a message that was taken. */
static bool toy_agrees(struct toy_client *client, const struct toy_take *take,
		       const struct toy_plan *plan, int status)
{
	size_t used = (size_t)snprintf(client->why, sizeof(client->why), "%s, kind %d, %zu bytes: ",
				       take->take.what, plan->kind, plan->bytes);
	char *why = client->why + used;
	size_t room = sizeof(client->why) - used;

	if (take->violation[0])
		(void)snprintf(why, room, "%s", take->violation);
	else if (status != 0)
		(void)snprintf(why, room, "%s", client->err.message);
	else if (take->begun != 1 || take->ended != 1)
		(void)snprintf(why, room, "%d begins, %d ends", take->begun, take->ended);
	else if (take->announced != MESSAGE_LENGTH_UNKNOWN && take->announced != plan->bytes)
		(void)snprintf(why, room, "%zu bytes announced", (size_t)take->announced);
	else if (take->bytes != plan->bytes)
		(void)snprintf(why, room, "%zu bytes came", take->bytes);
	else if (memcmp(take->data, toy_expected(plan), plan->bytes) != 0)
		(void)snprintf(why, room, "other bytes came");
	else
		client->why[0] = '\0';
	return !client->why[0];
}

bool toy_exchange(struct toy_client *client, struct toy_server *server, size_t slot,
		  const struct toy_plan *plan, size_t step)
{
	struct toy_take take;
	bool agrees;

	toy_plan_next(server, slot, plan);
	if (!toy_take_open(&take, plan->bytes, step)) {
		(void)snprintf(client->why, sizeof(client->why), "no memory");
		return false;
	}
	take.take.text = plan->text;
	agrees = toy_agrees(client, &take, plan, toy_client_exchange(client, &take));
	toy_take_close(&take);
	return agrees;
}

bool toy_exchange_both(struct toy_client *client, struct toy_server *server, size_t slot,
		       const struct toy_plan *request, const struct toy_plan *reply, size_t step)
{
	static struct toy_giver
		giver; /* too large for every stack; a test has one client at a time */
	struct toy_take incoming;
	struct toy_take take;
	bool opened = toy_take_open(&incoming, request->bytes, step);
	size_t delivered = toy_count(server, &server->slots[slot].delivered);
	bool agrees = false;
	int status;

	opened = toy_take_open(&take, reply->bytes, step) && opened;
	take.take.text = reply->text;
	incoming.take.text = request->text;
	incoming.take.what = "request";
	if (opened) {
		toy_plan_next(server, slot, reply);
		server->slots[slot].request = &incoming;
		server->slots[slot].request_plan = *request;
		toy_giver_begin(&giver, request);
		status = toy_client_exchange_both(client, &giver, reply->none ? NULL : &take);
		agrees = reply->none ? status == 0 : toy_agrees(client, &take, reply, status);
		if (reply->none && status != 0)
			(void)snprintf(client->why, sizeof(client->why), "%s", client->err.message);
		/* The server's end has let go of it once the exchange is over for it as well. */
		if (agrees)
			toy_await(server, &server->slots[slot].delivered, delivered + 1);
		agrees = agrees && toy_agrees(client, &incoming, request, 0);
		if (giver.violation[0]) {
			(void)snprintf(client->why, sizeof(client->why), "%s", giver.violation);
			agrees = false;
		}
	}
	toy_take_close(&take);
	toy_take_close(&incoming);
	return agrees;
}

bool toy_lives(struct toy_server *server, size_t slot)
{
	struct toy_plan plan = {.bytes = 70000, .offset = slot, .fail_at = TOY_NEVER};
	struct toy_plan none = {.fail_at = TOY_NEVER, .none = true};
	struct toy_client client;
	bool alive = toy_client_open(&client, server, slot);

	if (alive && !(server->service.takes ?
			       toy_exchange_both(&client, server, slot, &plan, &none, TOY_WHOLE) :
			       toy_exchange(&client, server, slot, &plan, TOY_WHOLE))) {
		TEST_FAIL("the server does not live on: %s", client.why);
		alive = false;
	}
	toy_client_close(&client);
	return alive;
}

size_t toy_count_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	size_t count = 0;

	while (directory && readdir(directory))
		count++;
	if (directory)
		(void)closedir(directory);
	return count;
}

/* The runner. */

static const struct test *property; /* under test */

/* In the property's own process: what failed goes down the pipe. */
static void property_child(int fd)
{
	size_t length;

	(void)alarm(PROPERTY_SECONDS * test_slowness());
	property->run();
	toy_block_close();
	length = strlen(test_why);
	if (test_skipped && length + 1 < sizeof(test_why)) {
		memmove(test_why + 1, test_why, length + 1);
		test_why[0] = '\1';
		length++;
	}
	if (write(fd, test_why, length) != (ssize_t)length)
		_exit(9);
	exit(0); /* not _exit: a sanitizer looks for leaks here */
}

static void property_judge(const char *why, int status)
{
	if (why[0] == '\1') {
		test_skipped = true;
		TEST_FAIL("%s", why + 1);
	} else if (why[0]) {
		TEST_FAIL("%s", why);
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		TEST_FAIL("hangs: no end within %u s", PROPERTY_SECONDS * test_slowness());
	else if (WIFSIGNALED(status))
		TEST_FAIL("died of signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status))
		TEST_FAIL("ended with status %d", WEXITSTATUS(status));
}

static void property_run(void)
{
	char why[sizeof(test_why)] = "";
	size_t used = 0;
	int status = 0;
	int ends[2];
	ssize_t got;
	pid_t pid;

	CHECK(pipe(ends) == 0);
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0) {
		(void)close(ends[0]);
		property_child(ends[1]);
	}
	(void)close(ends[1]);
	while ((got = read(ends[0], why + used, sizeof(why) - 1 - used)) > 0)
		used += (size_t)got;
	(void)close(ends[0]);
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
	property_judge(why, status);
}

/* Every property for the row's one way to wait. */
static int toy_run(const struct test *properties, size_t count, int argc, char **argv)
{
	static const char *const modes[WAIT_MODES] = {
		[WAIT_BLOCK] = "",
		[WAIT_SPIN] = ", spinning",
		[WAIT_HYBRID] = ", hybrid",
	};
	char name[80];
	const struct test test = {.name = name, .run = property_run};
	int status = 0;

	for (size_t i = 0; i < count; i++) {
		property = &properties[i];
		(void)snprintf(name, sizeof(name), "%s%s: %s", toy_row->name, modes[toy_wait],
			       property->name);
		status |= test_main(&test, 1, argc, argv);
	}
	return status;
}

int toy_main(const struct test *properties, size_t count, int argc, char **argv)
{
	int status = 0;

	(void)signal(SIGPIPE, SIG_IGN);
	if (!toy_block_open())
		return 1;
	for (size_t i = 0; carrier_table[i]; i++) {
		toy_row = carrier_table[i];
		for (toy_wait = WAIT_BLOCK; toy_wait < WAIT_MODES; toy_wait++)
			if (toy_row->waits & WAIT_BIT(toy_wait))
				status |= toy_run(properties, count, argc, argv);
	}
	toy_block_close();
	return status;
}
