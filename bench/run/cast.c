/* SPDX-License-Identifier: MIT */
/* The members of one block, from their start to their end. */
#include "bench/run/cast.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/run/bias.h"
#include "bench/run/cast_parts.h"
#include "bench/run/cause.h"

#define SECOND_NS 1000000000u

/* A block that went well gets this long to tear down 1 GiB of pages; one that did not, less. */
#define CAST_GRACE_NS (10u * (uint64_t)SECOND_NS)
#define CAST_SHORT_GRACE_NS (SECOND_NS / 4)

#define STATE(state) (1u << (state))

void cast_enter(struct cast *cast, enum cast_state state, uint64_t deadline_ns)
{
	static const unsigned follow[] = {
		[CAST_NONE] = STATE(CAST_OPEN),
		[CAST_OPEN] = STATE(CAST_STARTING),
		[CAST_STARTING] = STATE(CAST_CONNECTING) | STATE(CAST_STOPPING),
		[CAST_CONNECTING] = STATE(CAST_MEASURING) | STATE(CAST_STOPPING),
		[CAST_MEASURING] = STATE(CAST_STOPPING),
		[CAST_STOPPING] = STATE(CAST_ENDED),
		[CAST_ENDED] = 0,
	};

	assert(follow[cast->state] & STATE(state));
	cast->state = state;
	cast->deadline_ns = deadline_ns;
}

int cast_init(struct cast *cast, const struct cast_plan *plan, size_t capacity, struct err *err)
{
	assert(cast->state == CAST_NONE && !cast->members);
	*cast = (struct cast){
		.plan = *plan,
		.members = calloc(capacity, sizeof(cast->members[0])),
		.capacity = capacity,
		.scoreboard = {.fd = -1},
	};
	cast_enter(cast, CAST_OPEN, UINT64_MAX);
	return cast->members ?
		       0 :
		       err_set(err, ERR_MEMORY, "no memory for %u clients", plan->setup.clients);
}

/* How many members there are that take from the same. */
static uint32_t cast_takers(const struct cast *cast, size_t upstream)
{
	uint32_t count = 0;

	for (size_t i = 0; i < cast->count; i++)
		count += cast->members[i].upstream == upstream;
	return count;
}

size_t cast_add(struct cast *cast, const struct worker_role *role, size_t upstream, uint32_t cpu)
{
	size_t index = cast->count;
	struct member *member = &cast->members[index];

	assert(cast->state == CAST_OPEN && index < cast->capacity);
	assert(role->takes ? upstream < index || upstream == CAST_OUTSIDE :
			     upstream == CAST_NOBODY);
	*member = (struct member){
		.role = role,
		.upstream = upstream,
		.client = role->takes ? cast_takers(cast, upstream) : 0,
		.cpu = cpu,
		.link = &link_local,
	};
	assert(member->client < cast->plan.setup.clients);
	/* Its upstream finds its region there. */
	assert(upstream >= index || scoreboard_taker(upstream, member->client) == index);
	return cast->count++;
}

static struct worker_setup cast_setup(const struct cast *cast, const struct member *member)
{
	struct worker_setup setup = cast->plan.setup;

	setup.member = (uint32_t)(member - cast->members);
	setup.members = (uint32_t)cast->count;
	setup.client = member->client;
	setup.cpu = member->cpu;
	bias_draw(&setup, cast->plan.fixed_biases, cast->plan.seed, cast->plan.block);
	return setup;
}

static int cast_start_member(struct cast *cast, struct member *member, struct err *err)
{
	const struct worker_setup setup = cast_setup(cast, member);
	char name[TRANSPORT_NAME_BYTES];
	const struct link_start start = {
		.watch = cast->plan.watch,
		.role = member->role,
		.what = transport_format(&setup.transport, name),
		.scoreboard = &cast->scoreboard,
		.member = setup.member,
		.environment_bytes = setup.environment_bytes,
	};
	struct record_writer writer;

	member->worker = calloc(1, member->link->size);
	if (!member->worker)
		return err_set(err, ERR_MEMORY, "no memory for %u clients", setup.clients);
	setup_write(&setup, &writer);
	if (member->link->start(member->worker, &start, err) != 0)
		return -1;
	if (writer.overflow)
		return err_set(err, ERR_RANGE, "the names of the run are too long for a worker");
	/* If it cannot be told it is dead already: that is seen, and why, when it is reaped. */
	(void)member->link->tell(member->worker, &writer, NULL);
	return 0;
}

int cast_start(struct cast *cast, struct err *err)
{
	const struct world *world = cast->plan.watch.world;
	const struct worker_setup *setup = &cast->plan.setup;

	cast->started_ns = world->now_ns(world);
	/* Set-up draws and touches the arrays: allow 8 ns a byte for it. */
	cast_enter(cast, CAST_STARTING,
		   cast->started_ns + cast->plan.timeout_ns +
			   array_type_bytes(&setup->type) * 8 * setup->clients);
	if (world->share(world, "scoreboard", scoreboard_bytes(cast->count), &cast->scoreboard,
			 err) != 0)
		return -1;
	for (size_t i = 0; i < cast->count; i++)
		if (cast_start_member(cast, &cast->members[i], err) != 0)
			return -1;
	return 0;
}

static void cast_tell(struct member *member, const char *verb)
{
	struct record_writer writer;

	record_begin(&writer, verb);
	/* One that cannot be told is gone: that is noticed where it is reaped. */
	(void)member->link->tell(member->worker, &writer, NULL);
}

void cast_tell_takers(struct cast *cast, const char *verb)
{
	for (size_t i = 0; i < cast->count; i++)
		if (cast->members[i].role->takes)
			cast_tell(&cast->members[i], verb);
}

static void cast_leave(struct cast *cast, uint64_t grace_ns, uint64_t now_ns)
{
	if (cast->state >= CAST_STOPPING)
		return;
	cast_enter(cast, CAST_STOPPING, now_ns + grace_ns);
	cast->settled_ns = cast->failed ? now_ns : 0;
	/* Whoever takes from another is told before that one is. */
	for (size_t i = cast->count; i-- > 0;)
		cast_tell(&cast->members[i], "stop");
}

void cast_leave_well(struct cast *cast, uint64_t now_ns)
{
	cast_leave(cast, CAST_GRACE_NS, now_ns);
}

static struct cause member_cause(const struct member *member)
{
	bool ahead = member->role->takes && member->error.kind == ERR_LEFT;
	uint64_t head_start_ns = ahead ? CAUSE_HEAD_START_NS : 0;

	return (struct cause){
		.rank = cause_rank(&member->error),
		.at_ns = member->failed_ns > head_start_ns ? member->failed_ns - head_start_ns : 0,
	};
}

void cast_fail(struct cast *cast, struct member *member, const struct err *err, uint64_t at_ns)
{
	const struct cause new = {cause_rank(err), at_ns};
	const struct cause old = member_cause(member);

	assert(err->kind != ERR_NONE);
	assert(member >= cast->members && member < cast->members + cast->count);
	if (cast->settled_ns && at_ns >= cast->settled_ns && err->kind != ERR_WRONG)
		return;
	cast->failed = true;
	if (!cause_explains(&new, &old))
		return;
	member->error = *err;
	member->failed_ns = at_ns;
}

/* The likeliest reason of all for a process that does nothing. */
static const char *cast_stopped(const struct cast *cast, char text[64])
{
	text[0] = '\0';
	for (size_t i = 0; i < cast->count && !text[0]; i++) {
		const struct member *member = &cast->members[i];

		if (member->link->is_stopped(member->worker))
			(void)snprintf(text, 64, ": a signal has stopped the %s",
				       member->role->name);
	}
	return text;
}

/* Whoever measures has not got what it waits for; the first stands for all. */
static struct member *cast_first_taker(struct cast *cast)
{
	size_t i = 0;

	while (i < cast->count && !cast->members[i].role->takes)
		i++;
	assert(i < cast->count);
	return &cast->members[i];
}

static void cast_time_out(struct cast *cast, const char *what, uint64_t now_ns)
{
	struct err err = {0};
	char stopped[64];

	(void)err_set(&err, ERR_TIMEOUT, "%s within %.3g s (--timeout)%s", what,
		      (double)cast->plan.timeout_ns / 1e9, cast_stopped(cast, stopped));
	if (cast->plan.setup.transport.carrier->program && !*stopped)
		(void)err_add(&err, ": a program must flush its stdout after each line");
	cast_fail(cast, cast_first_taker(cast), &err, now_ns);
	cast_leave(cast, CAST_SHORT_GRACE_NS, now_ns); /* nobody will tell us a better cause */
}

/* An exchange, its verification included, that is not over in time. */
static void cast_watch_progress(struct cast *cast, struct member *member, uint64_t now_ns)
{
	const struct scoreboard_own *board = &member->link->region(member->worker)->own;
	const struct worker_setup *setup = &cast->plan.setup;
	const struct ways ways = setup_ways(setup);
	uint64_t mark = board->begun + board->finished;
	/* Settling an exchange reads and draws its arrays outside the clock. */
	uint64_t allowance_ns =
		cast->plan.timeout_ns + ways_bytes(&ways) * 8 + setup->interval_ns;

	if (mark != member->mark || (cast->paused && board->begun == board->finished)) {
		member->mark = mark;
		member->mark_ns = now_ns;
	}
	if (now_ns - member->mark_ns > allowance_ns)
		cast_time_out(cast, "no reply", now_ns);
}

/* Who of the cast holds up its start. */
static const struct member *cast_last(const struct cast *cast)
{
	size_t i = 0;

	while (i < cast->count && cast->members[i].steps & MEMBER_READY)
		i++;
	assert(i < cast->count);
	return &cast->members[i];
}

static void cast_watch_deadlines(struct cast *cast, uint64_t now_ns)
{
	char what[64];

	if (cast->failed)
		return;
	for (size_t i = 0; cast->state == CAST_MEASURING && i < cast->count; i++)
		if (cast->members[i].role->takes)
			cast_watch_progress(cast, &cast->members[i], now_ns);
	if (now_ns <= cast->deadline_ns)
		return;
	if (cast->state == CAST_STARTING) {
		(void)snprintf(what, sizeof(what), "the %s was not set up",
			       cast_last(cast)->role->name);
		cast_time_out(cast, what, now_ns);
	} else if (cast->state == CAST_CONNECTING) {
		cast_time_out(cast, "no connection", now_ns);
	}
}

/* Of all members but one, whose error explains the others'; NULL if there is none. */
static const struct member *cast_cause(const struct cast *cast, const struct member *but)
{
	const struct member *first = NULL;

	for (size_t i = 0; i < cast->count; i++) {
		const struct member *member = &cast->members[i];
		const struct cause cause = member_cause(member);
		const struct cause best = first ? member_cause(first) : cause;

		if (member == but || member->error.kind == ERR_NONE)
			continue;
		if (!first || cause_explains(&cause, &best))
			first = member;
	}
	return first;
}

/* How long what other members may yet say can explain what went wrong; 0: not any more. */
static uint64_t cast_patience_ns(const struct cast *cast, uint64_t now_ns)
{
	const struct member *cause = cast_cause(cast, NULL);
	uint64_t until_ns = cast->failed_ns + cause_patience_ns(cause_rank(&cause->error));
	size_t told = 0;

	for (size_t i = 0; i < cast->count; i++)
		told += cast->members[i].gone || cast->members[i].error.kind != ERR_NONE;
	return told == cast->count || now_ns >= until_ns ? 0 : until_ns - now_ns;
}

/* Settles who is named, unless a better explanation may still come. */
static void cast_watch_failure(struct cast *cast, uint64_t now_ns)
{
	if (!cast->failed || cast->state >= CAST_STOPPING)
		return;
	if (!cast->failed_ns)
		cast->failed_ns = now_ns;
	if (cast_patience_ns(cast, now_ns) == 0)
		cast_leave(cast, CAST_SHORT_GRACE_NS, now_ns);
}

static void cast_conclude(struct cast *cast)
{
	const struct member *cause = cast_cause(cast, NULL);
	const struct member *next = cast_cause(cast, cause);

	assert(cause); /* else it has not failed */
	cause_write(&cause->error, next ? &next->error : NULL, &cast->outcome);
}

/* Its grace is over. A block that was to go well has not, then. */
static void cast_give_up(struct cast *cast, struct member *member, uint64_t now_ns)
{
	struct err err = {0};
	char stopped[64];

	if (member->gone)
		return;
	(void)err_set(&err, ERR_TIMEOUT, "the %s did not end within %.3g s%s", member->role->name,
		      (double)CAST_GRACE_NS / 1e9, cast_stopped(cast, stopped));
	if (!cast->failed && !cast->stop_wanted)
		cast_fail(cast, member, &err, now_ns);
	member->link->kill(member->worker);
}

static void cast_watch_exit(struct cast *cast, uint64_t now_ns)
{
	bool gone = true;

	if (cast->state != CAST_STOPPING)
		return;
	for (size_t i = 0; i < cast->count; i++) {
		if (now_ns > cast->deadline_ns)
			cast_give_up(cast, &cast->members[i], now_ns);
		gone = gone && cast->members[i].gone;
	}
	if (!gone)
		return;
	cast_enter(cast, CAST_ENDED, UINT64_MAX);
	if (cast->failed)
		cast_conclude(cast);
}

bool cast_step(struct cast *cast, uint64_t now_ns)
{
	enum cast_state before = cast->state;

	if (before == CAST_NONE || before == CAST_ENDED)
		return false;
	assert(before != CAST_OPEN);
	for (size_t i = 0; i < cast->count; i++)
		cast_hear(cast, &cast->members[i], now_ns);
	cast_watch_deadlines(cast, now_ns);
	cast_watch_failure(cast, now_ns);
	cast_watch_exit(cast, now_ns);
	return cast->state != before;
}

uint64_t cast_wait_ns(const struct cast *cast, uint64_t now_ns)
{
	if (cast->state == CAST_NONE || cast->state == CAST_ENDED)
		return UINT64_MAX;
	if (cast->failed && cast->state < CAST_STOPPING)
		return cast_patience_ns(cast, now_ns);
	if (cast->state == CAST_MEASURING)
		return SECOND_NS / 10;
	/* After the deadline the kill is on its way: look again soon. */
	return cast->deadline_ns > now_ns ? cast->deadline_ns - now_ns : SECOND_NS / 100;
}

void cast_pause(struct cast *cast, bool pause)
{
	cast->paused = pause;
	if (cast->state > CAST_NONE && cast->state < CAST_STOPPING)
		cast_tell_takers(cast, pause ? "pause" : "resume");
}

void cast_stop(struct cast *cast, uint64_t now_ns)
{
	if (cast->state == CAST_NONE)
		return;
	cast->stop_wanted = true;
	cast->cut_short |= cast->state < CAST_STOPPING && !cast->failed;
	cast_leave(cast, CAST_SHORT_GRACE_NS, now_ns);
}

void cast_free(struct cast *cast)
{
	const struct world *world = cast->plan.watch.world;

	if (cast->state == CAST_NONE)
		return;
	for (size_t i = cast->count; i-- > 0;) {
		struct member *member = &cast->members[i];

		/* All have been started, unless that is what has failed. */
		assert(member->worker || cast->state <= CAST_STARTING);
		if (member->worker)
			member->link->end(member->worker);
		free(member->worker);
	}
	world->sweep(world, cast->plan.setup.segment_prefix);
	world->unshare(world, &cast->scoreboard);
	free(cast->members);
	*cast = (struct cast){0};
}
