/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes what the members of a block say to the runner: a server and two clients of a world that
 * is made up, none of which does anything by itself. The input is pieces, each behind two bytes:
 * who says it, or that time passes, and how long it is. Whatever they say, the block ends, it
 * ends well only if it came to its end, and nothing of it is left.
 */
#include <string.h>

#include "bench/run/cast.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/fake_world.h"

#define MEMBERS 3u
#define STEP_NS 20000000u /* a unit of the time that passes */

static struct fake_world fake;
static struct cast cast;

/* Has the workers do nothing by themselves, but end when they are told to. */
static const struct fake_turn script[] = {
	{"server", 0, "setup", FAKE_SAYS, ""},   {"client", 0, "setup", FAKE_SAYS, ""},
	{"client", 1, "setup", FAKE_SAYS, ""},   {"client", 0, "connect", FAKE_SAYS, ""},
	{"client", 1, "connect", FAKE_SAYS, ""}, {"client", 0, "begin", FAKE_SAYS, ""},
	{"client", 1, "begin", FAKE_SAYS, ""},   {"client", 0, "go", FAKE_SAYS, ""},
	{"client", 1, "go", FAKE_SAYS, ""},      {NULL, 0, NULL, 0, NULL},
};

static void cast_open(void)
{
	struct cast_plan plan = {
		.watch = {.world = &fake.world, .set = fake.world.watch_open(&fake.world)},
		.setup = {.clients = MEMBERS - 1, .segment_prefix = "ipctop-fake"},
		.begin = {.samples = 1},
		.timeout_ns = FAKE_SECOND_NS,
	};
	struct shape shape = {.dimensions = 1, .extents = {2}};
	struct err err = {0};
	size_t server;

	must(transport_at(0, &plan.setup.transport));
	plan.setup.type = (struct array_type){shape, DTYPE_FLOAT64};
	must(cast_init(&cast, &plan, MEMBERS, &err) == 0);
	server = cast_add(&cast, &role_server, CAST_NOBODY, 0);
	for (unsigned i = 1; i < MEMBERS; i++)
		must(cast_add(&cast, &role_client, server, 0) == i);
	must(cast_start(&cast, &err) == 0 && fake.process_count == MEMBERS);
}

static void say(struct fake_process *process, const uint8_t *data, size_t size)
{
	size_t room = sizeof(process->says) - process->says_bytes;
	size_t bytes = size < room ? size : room;

	memcpy(process->says + process->says_bytes, data, bytes);
	process->says_bytes += bytes;
}

static void play(const uint8_t *data, size_t size)
{
	while (size >= 2) {
		unsigned who = data[0] % (MEMBERS + 1);
		size_t bytes = data[1];

		data += 2;
		size -= 2;
		if (who == MEMBERS) {
			fake.now_ns += bytes * STEP_NS;
		} else {
			bytes = bytes < size ? bytes : size;
			say(&fake.processes[who], data, bytes);
			data += bytes;
			size -= bytes;
		}
		(void)cast_step(&cast, fake.now_ns);
	}
}

static bool all_are_done(void)
{
	for (size_t i = 0; i < cast.count; i++)
		if (cast.members[i].role->takes && !(cast.members[i].steps & MEMBER_DONE))
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int set;

	fake_world_init(&fake);
	fake.script = script;
	cast_open();
	play(data, size);
	for (unsigned i = 0; i < 1000 && cast.state != CAST_ENDED; i++) {
		(void)cast_step(&cast, fake.now_ns);
		fake.now_ns += STEP_NS;
	}
	must(cast.state == CAST_ENDED);
	must(cast.outcome.kind < ERR_KINDS && (cast.outcome.kind || all_are_done()));
	must(!cast.outcome.kind || cast.outcome.message[0]);
	set = cast.plan.watch.set;
	cast_free(&cast);
	fake.world.close(&fake.world, &set);
	must(fake_world_left(&fake) == 0);
	return 0;
}
