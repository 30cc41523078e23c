/* SPDX-License-Identifier: MIT */
/*
 * Who is named when several members of a block fail: the rule, and casts in a world that is made
 * up, whose members fail in every order.
 */
#include "bench/run/cause.h"

#include "bench/run/cast.h"
#include "tests/support/fake_world.h"
#include "tests/support/test.h"

#define MS_NS UINT64_C(1000000)
#define MEMBERS 3u

static const struct {
	enum err_kind kind;
	const char *message;
	enum cause_rank rank;
} ranks[] = {
	{ERR_WRONG, "element [0] is 1", CAUSE_WRONG},
	{ERR_WRONG, "hung up", CAUSE_WRONG},
	{ERR_KILLED, "sh was killed by signal 9 (Killed): Broken pipe", CAUSE_KILLED},
	{ERR_PROTOCOL, "said \"hello\"", CAUSE_WORDS},
	{ERR_SYSTEM, "opening a: No such file or directory", CAUSE_WORDS},
	{ERR_MEMORY, "no memory", CAUSE_WORDS},
	{ERR_PROTOCOL, "python3: the server hung up", CAUSE_HUNG_UP},
	{ERR_SYSTEM, "receiving: Connection reset by peer", CAUSE_HUNG_UP},
	{ERR_EXITED, "exited with status 1: RuntimeError: own trouble", CAUSE_EXITED},
	{ERR_EXITED, "exited with status 1", CAUSE_EXITED},
	{ERR_EXITED, "status 1: BrokenPipeError: [Errno 32] Broken pipe", CAUSE_HUNG_UP},
	{ERR_EXITED, "status 1: Error: read ECONNRESET", CAUSE_HUNG_UP},
	{ERR_EXITED, "status 1: EOFError", CAUSE_HUNG_UP},
	{ERR_LEFT, "exited with status 0", CAUSE_LEFT},
	{ERR_TIMEOUT, "no reply within 3 s", CAUSE_LEFT},
	{ERR_CLOSED, "the other end hung up", CAUSE_HUNG_UP},
	{ERR_NONE, "", CAUSE_NOTHING},
};

static void test_ranks(void)
{
	for (size_t i = 0; i < sizeof(ranks) / sizeof(ranks[0]); i++) {
		struct err err = {.kind = ranks[i].kind};

		(void)snprintf(err.message, sizeof(err.message), "%s", ranks[i].message);
		CHECK_MSG(cause_rank(&err) == ranks[i].rank, "%s: %d", ranks[i].message,
			  cause_rank(&err));
	}
}

/* A rank beats a later one whenever it came; among equals the time decides. */
static void test_order(void)
{
	for (enum cause_rank a = 0; a <= CAUSE_NOTHING; a++)
		for (enum cause_rank b = 0; b <= CAUSE_NOTHING; b++) {
			const struct cause early = {a, 1};
			const struct cause late = {b, 2};

			CHECK(cause_explains(&early, &late) == (a <= b));
			CHECK(cause_explains(&late, &early) == (b < a));
			CHECK(!cause_explains(&early, &early));
		}
	for (enum cause_rank rank = 0; rank < CAUSE_HUNG_UP; rank++)
		CHECK(cause_patience_ns(rank) <= cause_patience_ns(rank + 1));
	CHECK(cause_patience_ns(CAUSE_HUNG_UP) <= 1000 * MS_NS);
}

static struct fake_world fake;
static struct cast cast;

/* The members do nothing by themselves, but end when they are told to. */
static const struct fake_turn idle[] = {
	{"client", 0, "begin", FAKE_SAYS, ""}, {"client", 1, "begin", FAKE_SAYS, ""},
	{NULL, 0, NULL, 0, NULL},
};

static const struct fake_turn idle_in_setup[] = {
	{"client", 0, "setup", FAKE_SAYS, ""}, {"client", 1, "setup", FAKE_SAYS, ""},
	{NULL, 0, NULL, 0, NULL},
};

static bool open_cast(const struct fake_turn *script)
{
	struct cast_plan plan = {
		.watch = {.world = &fake.world},
		.setup = {.clients = MEMBERS - 1, .segment_prefix = "ipctop-fake"},
		.begin = {.samples = 1},
		.timeout_ns = 5 * FAKE_SECOND_NS,
	};
	struct err err = {0};

	fake_world_init(&fake);
	fake.script = script;
	plan.watch.set = fake.world.watch_open(&fake.world);
	plan.setup.type = (struct array_type){{.dimensions = 1, .extents = {2}}, DTYPE_FLOAT64};
	if (!transport_at(0, &plan.setup.transport) || cast_init(&cast, &plan, MEMBERS, &err) != 0)
		return false;
	(void)cast_add(&cast, &role_server, CAST_NOBODY, 0);
	for (unsigned i = 1; i < MEMBERS; i++)
		(void)cast_add(&cast, &role_client, 0, 0);
	if (cast_start(&cast, &err) != 0)
		return false;
	for (unsigned i = 0; i < 3; i++)
		(void)cast_step(&cast, fake.now_ns);
	return true;
}

static void pass(uint64_t ns)
{
	fake.now_ns += ns;
	(void)cast_step(&cast, fake.now_ns);
}

static void say(unsigned member, const char *record)
{
	struct fake_process *process = &fake.processes[member];

	(void)snprintf(process->says + process->says_bytes,
		       sizeof(process->says) - process->says_bytes, "%s\n", record);
	process->says_bytes += strlen(record) + 1;
}

/* What a member says, and then it is gone. */
static void fail(unsigned member, const char *record)
{
	say(member, record);
	fake.processes[member].exited = true;
	fake.processes[member].status = 1 << 8;
}

/* Steps until it has ended. Returns how long that took, in ms. */
static uint64_t await_end(void)
{
	uint64_t start_ns = fake.now_ns;

	for (unsigned i = 0; i < 10000 && cast.state != CAST_ENDED; i++)
		pass(MS_NS);
	return (fake.now_ns - start_ns) / MS_NS;
}

static bool close_cast(void)
{
	int set = cast.plan.watch.set;

	cast_free(&cast);
	fake.world.close(&fake.world, &set);
	return fake_world_left(&fake) == 0;
}

/* From what explains most to what explains least, the numbers of ERR_... in them. */
static const char *const failures[] = {
	"error kind=10 text=killed%20by%20signal%2011",
	"error kind=4 text=no%20such%20line",
	"error kind=11 text=status%201:%20RuntimeError",
	"error kind=12 text=status%200",
	"error kind=3 text=hung%20up",
};

#define FAILURES (sizeof(failures) / sizeof(failures[0]))

/* Whatever two members fail of, in either order and with a wait between: the worse is named. */
static void check_two(size_t a, size_t b, unsigned first, uint64_t wait_ns)
{
	unsigned second = first ? 0 : 1;
	const char *role = (a <= b) == (first == 0) ? "server: " : "client: ";
	const char *text = strstr(failures[a < b ? a : b], "text=") + 5;

	CHECK(open_cast(idle) && cast.state == CAST_MEASURING);
	fail(first, failures[a]);
	if (wait_ns) {
		pass(MS_NS); /* the first is heard */
		pass(wait_ns);
	}
	fail(second, failures[b]);
	CHECK(await_end() <= 1300); /* the third has nothing to say */
	if (a == b && !wait_ns) /* at the same time: from whom things flow, or who left */
		role = strstr(failures[a], "kind=12") ? "client: " : "server: ";
	CHECK_MSG(strncmp(cast.outcome.message, role, 8) == 0 &&
			  strncmp(cast.outcome.message + 8, text, 2) == 0,
		  "%zu, %zu, %u, %zu ns: %s", a, b, first, (size_t)wait_ns, cast.outcome.message);
	CHECK(close_cast());
}

static void test_two(void)
{
	for (size_t a = 0; a < FAILURES; a++)
		for (size_t b = 0; b < FAILURES; b++)
			for (unsigned first = 0; first < 2 && !*test_why; first++) {
				check_two(a, b, first, 0);
				if (!*test_why && a > 0) /* a signal is not waited for */
					check_two(a, b, first, 150 * MS_NS);
			}
}

/* Three members, in each of the six orders. */
static void test_three(void)
{
	static const unsigned orders[][MEMBERS] = {
		{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

	for (size_t i = 0; i < 6; i++) {
		const char *says[] = {failures[3], failures[4], failures[2]};

		CHECK(open_cast(idle));
		for (size_t j = 0; j < MEMBERS; j++) {
			fail(orders[i][j], says[orders[i][j]]);
			pass(50 * MS_NS);
		}
		CHECK(await_end() <= 300);
		CHECK_STR(cast.outcome.message, "client: status 1: RuntimeError");
		CHECK(close_cast());
	}
}

/* An ending counts from when it came about, not from when it is told of. */
static void test_age(void)
{
	CHECK(open_cast(idle));
	fail(0, "error kind=11 text=status%202");
	pass(100 * MS_NS);
	fail(2, "error kind=11 age_ns=150000000 text=status%203");
	CHECK(await_end() <= 300);
	CHECK_STR(cast.outcome.message, "client: status 3");
	CHECK(close_cast());
	/* One that had ended before others were told to stop says so then. */
	CHECK(open_cast(idle));
	fail(0, "error kind=12 text=status%200");
	while (cast.state < CAST_STOPPING)
		pass(MS_NS);
	fail(2, "error kind=11 age_ns=900000000000 text=status%203");
	fail(1, "error kind=11 text=told%20to");
	CHECK(await_end() <= 300);
	CHECK_STR(cast.outcome.message, "client: status 3");
	CHECK(close_cast());
}

/* What says little is shown with what the next said; the wait for more is bounded. */
static void test_little(void)
{
	uint64_t took_ms;

	CHECK(open_cast(idle));
	fail(1, "error kind=12 text=status%200");
	fail(0, "error kind=11 text=status%201:%20EOFError");
	took_ms = await_end(); /* the other client says nothing */
	CHECK_MSG(took_ms >= 1000 && took_ms <= 1300, "%zu ms", (size_t)took_ms);
	CHECK_STR(cast.outcome.message, "client: status 0; server: status 1: EOFError");
	CHECK(close_cast());
	CHECK(open_cast(idle_in_setup));
	fail(2, "error kind=11 text=status%207");
	pass(50 * MS_NS);
	fail(0, "error kind=12 text=status%200");
	CHECK(await_end() <= 500);
	CHECK_STR(cast.outcome.message, "client: status 7");
	CHECK(close_cast());
}

/* At the very end what ends by itself explains nothing; a lie still does. */
static void test_end(void)
{
	for (size_t i = 0; i < FAILURES; i++) {
		bool words = i == 1;

		CHECK(open_cast(idle));
		fake.processes[0].hangs = true; /* it has not heard that it is to stop */
		say(1, "warm");
		say(2, "warm");
		pass(MS_NS);
		pass(MS_NS);
		CHECK(cast.state == CAST_STOPPING && !cast.failed);
		fail(0, failures[i]);
		CHECK(await_end() <= 300);
		CHECK_MSG((cast.outcome.kind != ERR_NONE) == words, "%zu: %s", i,
			  cast.outcome.message);
		CHECK(close_cast());
	}
}

static const struct test tests[] = {
	{"ranks", test_ranks},
	{"ranks before times", test_order},
	{"two that fail, in all orders", test_two},
	{"three that fail, in all orders", test_three},
	{"when it came about", test_age},
	{"what says little", test_little},
	{"at the very end", test_end},
};

TEST_MAIN(tests)
