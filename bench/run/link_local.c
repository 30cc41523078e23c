/* SPDX-License-Identifier: MIT */
/*
 * The link to a worker on this machine: this program started again, with a control stream, its
 * cell's scoreboard and a log.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "bench/run/link.h"
#include "transports/registry.h"

struct local {
	const struct world *world; /* NULL: it was not started, or has ended */
	const struct worker_role *role;
	struct world_process process;
	struct control control; /* our end; its descriptor is the process's */
	const struct scoreboard_member *region;
};

static int local_watch(const struct world_watch *watch, int fd, struct err *err)
{
	return watch->world->watch(watch->world, watch->set, fd) == 0 ?
		       0 :
		       err_system(err, "watching a worker");
}

static int local_spawn(struct local *local, const struct link_start *start, struct err *err)
{
	char program[] = "ipctop";
	char worker[] = "worker";
	char role[16];
	char what[TRANSPORT_NAME_BYTES];
	char *arguments[] = {program, worker, role, *start->what ? what : NULL, NULL};
	const struct world_program spawned = {
		.role = start->role->name,
		.arguments = arguments,
		.control_number = CONTROL_FD,
		.shared_fd = start->scoreboard ? start->scoreboard->fd : -1,
		.shared_number = SCOREBOARD_FD,
		.environment_bytes = start->environment_bytes,
	};

	(void)snprintf(role, sizeof(role), "%s", start->role->name);
	(void)snprintf(what, sizeof(what), "%s", start->what);
	return local->world->spawn(local->world, &spawned, &local->process, err);
}

static const struct scoreboard_member *local_find(const struct world_shared *scoreboard,
						  size_t member)
{
	const struct scoreboard_member *regions = scoreboard ? scoreboard->map : NULL;

	assert(!regions || scoreboard_bytes(member + 1) <= scoreboard->bytes);
	return regions ? &regions[member] : NULL;
}

static int local_start(void *state, const struct link_start *start, struct err *err)
{
	struct local *local = state;

	assert(!local->world);
	*local = (struct local){
		.world = start->watch.world,
		.role = start->role,
		.process = WORLD_NO_PROCESS,
		.control = {.world = start->watch.world, .fd = -1},
	};
	local->region = local_find(start->scoreboard, start->member);
	if (local_spawn(local, start, err) != 0)
		return -1;
	local->control.fd = local->process.control_fd;
	if (local_watch(&start->watch, local->process.control_fd, err) != 0)
		return -1;
	return local_watch(&start->watch, local->process.exit_fd, err);
}

static int local_tell(void *state, struct record_writer *writer, struct err *err)
{
	return control_send(&((struct local *)state)->control, writer, err);
}

static void local_hang_up(struct local *local)
{
	local->world->close(local->world, &local->process.control_fd);
	local->control.fd = -1;
}

static int local_hear(void *state, struct record *record, struct err *err)
{
	struct local *local = state;
	int got;

	if (local->control.fd < 0)
		return 0;
	got = control_receive(&local->control, false, record, err);
	if (got < 0)
		local_hang_up(local);
	return got;
}

static const struct scoreboard_member *local_region(const void *state)
{
	return ((const struct local *)state)->region;
}

static enum link_fate local_reap(void *state)
{
	struct local *local = state;

	if (!local->world->reap(local->world, &local->process, false))
		return LINK_ALIVE;
	/* It would stay readable, and wake the runner up again and again. */
	local->world->close(local->world, &local->process.exit_fd);
	if (!WIFEXITED(local->process.status))
		return LINK_KILLED;
	return WEXITSTATUS(local->process.status) == 0 ? LINK_ENDED : LINK_FAILED;
}

static bool local_is_stopped(const void *state)
{
	const struct local *local = state;

	return local->world->is_stopped(local->world, &local->process);
}

static void local_kill(void *state)
{
	struct local *local = state;

	local->world->kill(local->world, &local->process);
}

static size_t local_log(const void *state, char *text, size_t size)
{
	const struct local *local = state;
	size_t got = local->world->log(local->world, &local->process, text, size - 1);

	text[got] = '\0';
	/* It may end on a terminal: nothing from outside may move a cursor there. */
	for (size_t i = 0; i < got; i++)
		if ((unsigned char)text[i] < ' ' && text[i] != '\n')
			text[i] = ' ';
		else if ((unsigned char)text[i] >= 127)
			text[i] = '?';
	return got;
}

static void local_last_line(const struct local *local, char *line, size_t size)
{
	char log[512];
	size_t length = local_log(local, log, sizeof(log));
	const char *start;

	while (length && (log[length - 1] == '\n' || log[length - 1] == ' '))
		log[--length] = '\0';
	start = strrchr(log, '\n');
	(void)snprintf(line, size, "%.190s", start ? start + 1 : log);
}

static void local_explain(const void *state, struct err *err)
{
	const struct local *local = state;
	int status = local->process.status;
	enum err_kind kind = ERR_LEFT;
	char line[200];
	char how[64];

	local_last_line(local, line, sizeof(line));
	if (WIFSIGNALED(status))
		(void)snprintf(how, sizeof(how), "was killed by signal %d (%s)", WTERMSIG(status),
			       strsignal(WTERMSIG(status)));
	else
		(void)snprintf(how, sizeof(how), "exited with status %d", WEXITSTATUS(status));
	if (status != 0)
		kind = WIFSIGNALED(status) ? ERR_KILLED : ERR_EXITED;
	(void)err_set(err, kind, "the %s %s%s%s", local->role->name, how, *line ? ": " : "", line);
}

static void local_end(void *state)
{
	struct local *local = state;

	if (!local->world)
		return;
	local_kill(local);
	(void)local->world->reap(local->world, &local->process, true);
	local_hang_up(local);
	local->world->close(local->world, &local->process.exit_fd);
	local->world->close(local->world, &local->process.log_fd);
	*local = (struct local){0};
}

const struct link link_local = {
	.size = sizeof(struct local),
	.start = local_start,
	.tell = local_tell,
	.hear = local_hear,
	.region = local_region,
	.reap = local_reap,
	.is_stopped = local_is_stopped,
	.explain = local_explain,
	.log = local_log,
	.kill = local_kill,
	.end = local_end,
};
