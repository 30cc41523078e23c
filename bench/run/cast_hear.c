/* SPDX-License-Identifier: MIT */
/* What the members of a block say, and what follows from it. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "bench/run/cast_parts.h"
#include "bench/run/cause.h"
#include "transports/unused.h"

/* Where the member's upstream listens. */
static const char *cast_address(const struct cast *cast, const struct member *member)
{
	if (member->upstream == CAST_OUTSIDE)
		return cast->plan.setup.connect;
	assert(member->upstream < cast->count);
	return cast->members[member->upstream].address;
}

/* All are ready: those that take from another are told where that is. */
static void cast_connect(struct cast *cast, uint64_t now_ns)
{
	struct record_writer writer;

	cast_enter(cast, CAST_CONNECTING, now_ns + cast->plan.timeout_ns);
	for (struct member *member = cast->members; member < cast->members + cast->count;
	     member++) {
		if (!member->role->takes)
			continue;
		address_write("connect", cast_address(cast, member), &writer);
		/* One that cannot be told is gone: that is noticed where it is reaped. */
		(void)member->link->tell(member->worker, &writer, NULL);
	}
}

/* All are connected. */
static void cast_begin(struct cast *cast, uint64_t now_ns)
{
	struct record_writer writer;

	cast_enter(cast, CAST_MEASURING, UINT64_MAX);
	cast->setup_ns = now_ns - cast->started_ns;
	begin_write(&cast->plan.begin, &writer);
	for (struct member *member = cast->members; member < cast->members + cast->count;
	     member++) {
		if (!member->role->takes)
			continue;
		member->mark_ns = now_ns;
		(void)member->link->tell(member->worker, &writer, NULL); /* as above */
	}
}

/* All are warm. */
static void cast_go(struct cast *cast, uint64_t now_ns UNUSED)
{
	cast_tell_takers(cast, "go");
}

/* What a member says when it has come one step further: when all have, the cast has. */
static const struct step {
	const char *verb;
	enum member_step step;
	bool takers;           /* said by those that take from another, and by no others */
	enum cast_state state; /* in which it may be said; later, nothing follows from it */
	void (*all)(struct cast *cast, uint64_t now_ns);
} step_table[] = {
	{"ready", MEMBER_READY, false, CAST_STARTING, cast_connect},
	{"connected", MEMBER_CONNECTED, true, CAST_CONNECTING, cast_begin},
	{"warm", MEMBER_WARM, true, CAST_MEASURING, cast_go},
	{"done", MEMBER_DONE, true, CAST_MEASURING, cast_leave_well},
};

static const struct step *step_find(const char *verb)
{
	for (size_t i = 0; i < sizeof(step_table) / sizeof(step_table[0]); i++)
		if (strcmp(step_table[i].verb, verb) == 0)
			return &step_table[i];
	return NULL;
}

static bool step_is_turn(const struct step *step, const struct cast *cast,
			 const struct member *member)
{
	return (cast->state == step->state || cast->state == CAST_STOPPING) &&
	       (member->role->takes || !step->takers) && !(member->steps & step->step);
}

/* Has every member that is to take the step taken it? */
static bool step_is_complete(const struct step *step, const struct cast *cast)
{
	for (size_t i = 0; i < cast->count; i++)
		if ((cast->members[i].role->takes || !step->takers) &&
		    !(cast->members[i].steps & step->step))
			return false;
	return true;
}

static int cast_take_step(struct cast *cast, struct member *member, const struct record *record,
			  uint64_t now_ns, struct err *err)
{
	const struct step *step = step_find(record->verb);
	const char *remark = record_get(record, "remark");
	char verb[32];

	if (!step || !step_is_turn(step, cast, member))
		return err_set(err, ERR_PROTOCOL, "said `%s`, for which it is not the time",
			       err_quote(verb, sizeof(verb), record->verb, strlen(record->verb)));
	if (step->step == MEMBER_READY && member->role->listens &&
	    address_read(member->address, record, err) != 0)
		return -1;
	member->steps |= step->step;
	if (step->step == MEMBER_DONE && remark)
		(void)snprintf(cast->remark, sizeof(cast->remark), "%s", remark);
	if (cast->state == step->state && step_is_complete(step, cast))
		step->all(cast, now_ns);
	return 0;
}

/*
 * When all are done, one that goes on for the others' sake is cut off in an exchange that is not
 * wanted, and a foreign program may end before it is told to.
 */
static bool cast_excuses(const struct cast *cast, const struct member *member,
			 const struct err *said)
{
	enum cause_rank rank = cause_rank(said);

	if (cast->state != CAST_STOPPING || rank == CAUSE_WRONG)
		return false;
	return (member->steps & MEMBER_DONE && cast->plan.setup.clients > 1) ||
	       (!cast->failed && (said->kind >= ERR_KILLED || rank == CAUSE_HUNG_UP));
}

/* What a member says of itself, or what is wrong with what it says, becomes its error. */
static void cast_blame(struct cast *cast, struct member *member, const struct err *said,
		       uint64_t at_ns)
{
	struct err err = {0};

	if (cast->stop_wanted)
		return;
	if (cast_excuses(cast, member, said)) {
		member->excused = true;
		return;
	}
	(void)err_set(&err, said->kind, "%s: %.350s", member->role->name, said->message);
	cast_fail(cast, member, &err, at_ns);
}

static void cast_obey(struct cast *cast, struct member *member, const struct record *record,
		      uint64_t now_ns)
{
	struct err said = {0};
	uint64_t age_ns = 0;

	if (strcmp(record->verb, "error") == 0)
		failure_read(&said, &age_ns, record);
	else if (cast_take_step(cast, member, record, now_ns, &said) == 0)
		return;
	cast_blame(cast, member, &said, age_ns < now_ns ? now_ns - age_ns : 0);
}

static void cast_miss(struct cast *cast, struct member *member, enum link_fate fate,
		      uint64_t now_ns)
{
	struct err err = {0};
	bool well = fate == LINK_ENDED || cast->stop_wanted || cast->failed ||
		    (fate == LINK_FAILED && member->excused);

	member->gone = true;
	if (cast->state >= CAST_STOPPING && well)
		return;
	/* It has said itself why. */
	if (fate == LINK_FAILED && member->error.kind != ERR_NONE)
		return;
	member->link->explain(member->worker, &err);
	cast_fail(cast, member, &err, now_ns);
}

void cast_hear(struct cast *cast, struct member *member, uint64_t now_ns)
{
	/* Before its stream is read: what it said ahead of its end is then all there. */
	enum link_fate fate = member->gone ? LINK_ENDED : member->link->reap(member->worker);
	struct record record;
	struct err err = {0};
	int got;

	while ((got = member->link->hear(member->worker, &record, &err)) == 1)
		cast_obey(cast, member, &record, now_ns);
	/* The end of the stream comes with the end of the process, which is looked at below. */
	if (got < 0 && err.kind != ERR_CLOSED)
		cast_fail(cast, member, &err, now_ns);
	if (!member->gone && fate != LINK_ALIVE)
		cast_miss(cast, member, fate, now_ns);
}
