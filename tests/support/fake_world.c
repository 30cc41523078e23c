/* SPDX-License-Identifier: MIT */
/* A world that is made up. */
#include "tests/support/fake_world.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bench/wire/records.h"
#include "bench/wire/scoreboard.h"
#include "transports/unused.h"

#define FAKE_SET 1000
#define FAKE_SHARED 1001
#define FAKE_FDS 2000 /* three a process: control, exit, log */

static struct fake_world *fake_of(const struct world *world)
{
	return world->state;
}

#define TRACE(fake, ...) \
	do { \
		if ((fake)->trace) \
			(void)fprintf((fake)->trace, __VA_ARGS__); \
	} while (0)

/* What workers do. */

static void worker_say(struct fake_process *process, const char *text)
{
	size_t bytes = strlen(text);

	if (bytes > sizeof(process->says) - process->says_bytes)
		return;
	memcpy(process->says + process->says_bytes, text, bytes);
	process->says_bytes += bytes;
}

static void worker_exit(struct fake_process *process, int status)
{
	process->exited = true;
	process->status = status;
}

/* As many samples as it may take, each of 1 us more than the last. */
static void worker_measure(struct fake_world *fake, struct fake_process *process,
			   const struct begin *begin)
{
	uint64_t start_ns = fake->now_ns;

	struct scoreboard_member *regions = (struct scoreboard_member *)process->scoreboard;
	struct scoreboard_own *board = &regions[process->setup.member].own;

	for (uint64_t i = 0; i < begin->samples; i++) {
		uint64_t latency_ns = 1000 * (i + 1);

		if (fake->latency_ns) {
			if (i > 0 && fake->now_ns - start_ns >= begin->budget_ns)
				break;
			latency_ns = fake->latency_ns(fake, process);
			fake->now_ns += latency_ns;
			board->tally.wall_ns += latency_ns;
		}
		hist_record(&board->latency, latency_ns);
		hist_record(&board->with_read, latency_ns);
		board->ring[i % SCOREBOARD_RING] =
			(struct scoreboard_sample){.latency_ns = latency_ns};
		board->tally.samples++;
		board->tally.verified++;
		board->begun++;
		board->finished++;
		board->samples++;
	}
	board->peak_rss_bytes = 4096;
}

static void worker_on_setup(struct fake_process *process, const struct record *record)
{
	struct err err = {0};

	if (setup_read(&process->setup, record, &err) != 0)
		worker_exit(process, 2 << 8);
	else if (strcmp(process->role, "server") == 0)
		worker_say(process, "ready address=unix:///fake\n");
	else if (strcmp(process->role, "client") == 0 ||
		 strcmp(process->role, "reference") == 0)
		worker_say(process, "ready\n");
	else
		worker_say(process, "done memcpy_ps=2000 read_ps=1000 fault_ps=3000 "
				    "wakeup_ps=5000 wakeup_spin_ps=4000 clock_ps=30 "
				    "clock_step_ps=0\n");
}

static void worker_on_begin(struct fake_world *fake, struct fake_process *process,
			    const struct record *record)
{
	struct err err = {0};
	struct begin begin;

	if (begin_read(&begin, record, &err) != 0) {
		worker_exit(process, 2 << 8);
		return;
	}
	worker_measure(fake, process, &begin);
	worker_say(process, process->setup.clients > 1 ? "warm\n" : "done\n");
}

static void worker_obey(struct fake_world *fake, struct fake_process *process,
			const struct record *record)
{
	if (strcmp(record->verb, "setup") == 0)
		worker_on_setup(process, record);
	else if (strcmp(record->verb, "connect") == 0)
		worker_say(process, "connected\n");
	else if (strcmp(record->verb, "begin") == 0)
		worker_on_begin(fake, process, record);
	else if (strcmp(record->verb, "go") == 0)
		worker_say(process, "done remark=of%20its%20own\n");
	else if (strcmp(record->verb, "stop") == 0)
		worker_exit(process, 0);
}

static const struct fake_turn *fake_turn(const struct fake_world *fake,
					 const struct fake_process *process, const char *verb)
{
	for (const struct fake_turn *turn = fake->script; turn && turn->role; turn++)
		if (strcmp(turn->role, process->role) == 0 && turn->number == process->number &&
		    strcmp(turn->verb, verb) == 0)
			return turn;
	return NULL;
}

static void worker_die(struct fake_process *process)
{
	(void)snprintf(process->log, sizeof(process->log), "first\nlast words\n");
	worker_exit(process, SIGSEGV);
}

/* Returns whether that is all that the worker does. */
static bool worker_act(const struct fake_world *fake, struct fake_process *process,
		       const struct fake_turn *turn)
{
	switch (turn->act) {
	case FAKE_DIES:
		worker_die(process);
		return true;
	case FAKE_FALLS:
		process->falls_ns = fake->now_ns + FAKE_FALL_NS;
		return false;
	case FAKE_EXITS:
		worker_exit(process, 3 << 8);
		return true;
	case FAKE_HANGS:
	case FAKE_STOPS:
		process->hangs = true;
		process->stopped = turn->act == FAKE_STOPS;
		return true;
	case FAKE_SAYS:
		worker_say(process, turn->says);
		return true;
	case FAKE_ADDS:
		worker_say(process, turn->says);
		return false;
	}
	return false;
}

static void worker_hear(struct fake_world *fake, struct fake_process *process,
			const struct record *record)
{
	const struct fake_turn *turn = fake_turn(fake, process, record->verb);

	if (process->exited || process->hangs || (turn && worker_act(fake, process, turn)))
		return;
	worker_obey(fake, process, record);
}

/* What the runner does. */

static uint64_t fake_now_ns(const struct world *world)
{
	return fake_of(world)->now_ns;
}

static int64_t fake_date_s(const struct world *world UNUSED)
{
	return 1800000000;
}

static int fake_random(const struct world *world, void *bytes, size_t count)
{
	uint64_t *state = &fake_of(world)->random;
	unsigned char *out = bytes;

	for (size_t i = 0; i < count; i++) {
		*state = *state * 6364136223846793005u + 1442695040888963407u;
		out[i] = (unsigned char)(*state >> 56);
	}
	return 0;
}

static int fake_make_name(const struct world *world UNUSED, char name[SWEEP_NAME_BYTES],
			  struct err *err UNUSED)
{
	(void)snprintf(name, SWEEP_NAME_BYTES, "ipctop-fake");
	return 0;
}

static void fake_sweep(const struct world *world, const char *name)
{
	TRACE(fake_of(world), "sweep %s\n", name ? name : "the dead's");
	fake_of(world)->sweeps++;
}

static void fake_noise(const struct world *world, struct noise_snapshot *snapshot)
{
	memset(snapshot, 0xff, sizeof(*snapshot));
	snapshot->at_ns = fake_of(world)->now_ns;
}

static struct fake_process *fake_process(const struct world *world, int fd)
{
	size_t index = (size_t)(fd - FAKE_FDS) / 3;

	return fd >= FAKE_FDS && index < fake_of(world)->process_count ?
		       &fake_of(world)->processes[index] :
		       NULL;
}

static int fake_spawn(const struct world *world, const struct world_program *program,
		      struct world_process *process, struct err *err)
{
	struct fake_world *fake = fake_of(world);
	struct fake_process *fresh = &fake->processes[fake->process_count];
	int fd = FAKE_FDS + 3 * (int)fake->process_count;
	const struct fake_turn *turn;

	*process = (struct world_process)WORLD_NO_PROCESS;
	TRACE(fake, "%" PRIu64 " spawn %s\n", fake->now_ns, program->role);
	if (fake->process_count == FAKE_PROCESSES || fake->spawns_left-- == 0)
		return err_set(err, ERR_SYSTEM, "starting the %s: no more", program->role);
	*fresh = (struct fake_process){.heard = true, .watched = true};
	(void)snprintf(fresh->role, sizeof(fresh->role), "%s", program->arguments[2]);
	for (size_t i = 0; i < fake->process_count; i++)
		fresh->number += strcmp(fake->processes[i].role, fresh->role) == 0;
	if (program->shared_fd == FAKE_SHARED)
		fresh->scoreboard = fake->shared;
	fake->process_count++;
	fake->open += 3;
	*process = (struct world_process){
		.pid = fd, .control_fd = fd, .exit_fd = fd + 1, .log_fd = fd + 2};
	turn = fake_turn(fake, fresh, "");
	if (turn)
		(void)worker_act(fake, fresh, turn);
	return 0;
}

static bool fake_reap(const struct world *world, struct world_process *process, bool wait)
{
	struct fake_process *of = fake_process(world, process->pid);

	if (!of)
		return true;
	if (wait && !of->exited)
		abort(); /* it would be for ever */
	of->reaped |= of->exited;
	process->exited = of->exited;
	process->status = of->status;
	return of->exited;
}

static bool fake_is_stopped(const struct world *world, const struct world_process *process)
{
	const struct fake_process *of = fake_process(world, process->pid);

	return of && of->stopped && !of->exited;
}

static void fake_kill(const struct world *world, const struct world_process *process)
{
	struct fake_process *of = fake_process(world, process->pid);

	if (!of || of->exited)
		return;
	TRACE(fake_of(world), "%" PRIu64 " kill %s\n", fake_of(world)->now_ns, of->role);
	worker_exit(of, SIGKILL);
}

static size_t fake_log(const struct world *world, const struct world_process *process, char *text,
		       size_t size)
{
	const struct fake_process *of = fake_process(world, process->pid);
	size_t length = of ? strlen(of->log) : 0;
	size_t bytes = length < size ? length : size;

	if (of)
		memcpy(text, of->log + length - bytes, bytes);
	return bytes;
}

static ssize_t fake_send(const struct world *world, int fd, const void *data, size_t bytes)
{
	struct fake_process *process = fake_process(world, fd);
	struct record record;
	char *end;

	if (!process || process->exited || bytes > sizeof(process->told) - process->told_bytes) {
		errno = EPIPE;
		return -1;
	}
	TRACE(fake_of(world), "%" PRIu64 " to %s %u: %.*s", fake_of(world)->now_ns, process->role,
	      process->number, (int)bytes, (const char *)data);
	memcpy(process->told + process->told_bytes, data, bytes);
	process->told_bytes += bytes;
	while ((end = memchr(process->told, '\n', process->told_bytes))) {
		size_t length = (size_t)(end - process->told);

		if (record_parse(&record, process->told, length, NULL) == 0)
			worker_hear(fake_of(world), process, &record);
		process->told_bytes -= length + 1;
		memmove(process->told, end + 1, process->told_bytes);
	}
	return (ssize_t)bytes;
}

static ssize_t fake_receive(const struct world *world, int fd, void *data, size_t bytes,
			    bool wait UNUSED)
{
	struct fake_process *process = fake_process(world, fd);
	size_t got = process && process->says_bytes < bytes ? process->says_bytes : bytes;

	if (!process)
		abort();
	if (process->says_bytes == 0 && process->exited)
		return 0;
	if (process->says_bytes == 0) {
		errno = EAGAIN;
		return -1;
	}
	memcpy(data, process->says, got);
	process->says_bytes -= got;
	memmove(process->says, process->says + got, process->says_bytes);
	return (ssize_t)got;
}

static int fake_share(const struct world *world, const char *name, size_t bytes,
		      struct world_shared *shared, struct err *err)
{
	struct fake_world *fake = fake_of(world);

	*shared = (struct world_shared){.fd = -1};
	if (fake->shared)
		abort(); /* there is one block at a time */
	if (fake->shares_left-- == 0)
		return err_set(err, ERR_SYSTEM, "making the %s: no more", name);
	fake->shared =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fake->shared == MAP_FAILED)
		abort();
	fake->shared_bytes = bytes;
	fake->open++;
	*shared = (struct world_shared){fake->shared, bytes, FAKE_SHARED};
	return 0;
}

static void fake_unshare(const struct world *world, struct world_shared *shared)
{
	struct fake_world *fake = fake_of(world);

	if (!shared->map)
		return;
	if (shared->map != fake->shared)
		abort();
	(void)munmap(fake->shared, fake->shared_bytes);
	fake->shared = NULL;
	fake->open--;
	*shared = (struct world_shared){.fd = -1};
}

static int fake_watch_open(const struct world *world)
{
	fake_of(world)->open++;
	return FAKE_SET;
}

static int fake_watch(const struct world *world, int set, int fd)
{
	return set == FAKE_SET && fake_process(world, fd) ? 0 : -1;
}

static void fake_await(const struct world *world, int set UNUSED, int timeout_ms)
{
	if (timeout_ms)
		(void)fake_world_wait(fake_of(world), timeout_ms);
}

static void fake_close(const struct world *world, int *fd)
{
	struct fake_process *process = fake_process(world, *fd);

	if (*fd >= 0)
		fake_of(world)->open--;
	if (process && (*fd - FAKE_FDS) % 3 == 0)
		process->heard = false;
	else if (process && (*fd - FAKE_FDS) % 3 == 1)
		process->watched = false;
	*fd = -1;
}

static int fake_create(const struct world *world, const char *path)
{
	(void)snprintf(fake_of(world)->file, sizeof(fake_of(world)->file), "%s", path);
	return memfd_create("fake", MFD_CLOEXEC);
}

static int fake_rename(const struct world *world, const char *from, const char *to)
{
	struct fake_world *fake = fake_of(world);

	if (fake->rename_fails || strcmp(fake->file, from) != 0) {
		errno = EACCES;
		return -1;
	}
	(void)snprintf(fake->file, sizeof(fake->file), "%s", to);
	return 0;
}

static int fake_remove(const struct world *world, const char *path)
{
	struct fake_world *fake = fake_of(world);

	if (strcmp(fake->file, path) != 0)
		abort();
	fake->file[0] = '\0';
	return 0;
}

static const struct world fake_functions = {
	.now_ns = fake_now_ns,
	.date_s = fake_date_s,
	.random = fake_random,
	.make_name = fake_make_name,
	.sweep = fake_sweep,
	.noise = fake_noise,
	.spawn = fake_spawn,
	.reap = fake_reap,
	.is_stopped = fake_is_stopped,
	.kill = fake_kill,
	.log = fake_log,
	.send = fake_send,
	.receive = fake_receive,
	.share = fake_share,
	.unshare = fake_unshare,
	.watch_open = fake_watch_open,
	.watch = fake_watch,
	.await = fake_await,
	.close = fake_close,
	.create = fake_create,
	.rename = fake_rename,
	.remove = fake_remove,
};

void fake_world_init(struct fake_world *fake)
{
	memset(fake, 0, offsetof(struct fake_world, processes));
	fake->world = fake_functions;
	fake->world.state = fake;
	fake->now_ns = 1000 * FAKE_SECOND_NS;
	fake->spawns_left = fake->shares_left = UINT32_MAX;
}

/* Whether a descriptor that is open is readable: as poll has it, again and again. */
static bool fake_has_news(const struct fake_world *fake)
{
	for (size_t i = 0; i < fake->process_count; i++) {
		const struct fake_process *process = &fake->processes[i];

		if ((process->heard && (process->says_bytes || process->exited)) ||
		    (process->watched && process->exited))
			return true;
	}
	return false;
}

/* How long until the next worker falls, if that is sooner. */
static uint64_t fake_until_fall_ns(const struct fake_world *fake, uint64_t wait_ns)
{
	for (size_t i = 0; i < fake->process_count; i++) {
		const struct fake_process *process = &fake->processes[i];

		if (!process->exited && process->falls_ns > fake->now_ns &&
		    process->falls_ns - fake->now_ns < wait_ns)
			wait_ns = process->falls_ns - fake->now_ns;
	}
	return wait_ns;
}

bool fake_world_wait(struct fake_world *fake, int timeout_ms)
{
	if (fake_has_news(fake))
		fake->now_ns += 1000;
	else if (timeout_ms >= 0)
		fake->now_ns += fake_until_fall_ns(fake, (uint64_t)timeout_ms * 1000000u);
	else
		return false;
	for (size_t i = 0; i < fake->process_count; i++) {
		struct fake_process *process = &fake->processes[i];

		if (process->falls_ns && process->falls_ns <= fake->now_ns && !process->exited)
			worker_die(process);
	}
	return true;
}

size_t fake_world_left(const struct fake_world *fake)
{
	size_t left = fake->open + (fake->shared != NULL);

	for (size_t i = 0; i < fake->process_count; i++)
		left += !fake->processes[i].reaped;
	return left;
}
