/* SPDX-License-Identifier: MIT */
/* The worker that measures, once a run, waking up the other process, a cache line, the clock. */
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/machine/clock.h"
#include "bench/machine/repeats.h"
#include "bench/worker/worker.h"
#include "transports/wait.h"

/*
 * Two processes, as a pair is, call each other over one word: the first writes
 * an odd number, the second answers with the next even one. What differs is how
 * they wait. Sleeping is on a futex, since nothing wakes a process with less in
 * it: an eventfd or a socket would add its own system calls to the floor.
 */
enum waiting {
	WAITING_ASLEEP,  /* a futex */
	WAITING_PAUSING, /* looks at the word, a pause between looks */
	WAITING_STARING, /* looks at nothing else: the line's own way */
};

struct rally {
	const char *key; /* of the `done` record */
	enum waiting waiting;
	uint64_t batch; /* round trips between two readings of the clock */
	uint64_t budget_ns;
};

#define RALLIES 3

static const struct rally rally_table[RALLIES] = {
	{"wakeup_ps", WAITING_ASLEEP, 1, 80000000},
	{"wakeup_spin_ps", WAITING_PAUSING, 64, 80000000},
	{"line_ps", WAITING_STARING, 256, 40000000},
};

#define RALLY_OVER UINT32_MAX
#define CLOCK_BATCH 200
#define CLOCK_BUDGET_NS 20000000u
#define CLOCK_STEPS 10000

/*
 * On a busy machine either may be long in getting there: for the first round
 * trip that counts there is more than the budget. The second process is killed
 * when it is no longer needed; its patience is for a first one that has died.
 */
#define FIRST_PATIENCE_NS 4000000000u
#define PARTNER_PATIENCE_NS 20000000000u

/* A rally's word, alone on its line and on the neighbour that a processor may fetch with it. */
struct ball {
	_Alignas(128) _Atomic uint32_t word;
};

/* Whether it slept until it was called, rather than that it had nothing to wait for. */
static bool futex_sleep(_Atomic uint32_t *word, uint32_t seen, uint32_t most_ns)
{
	struct timespec patience = {.tv_nsec = most_ns};

	return syscall(SYS_futex, word, FUTEX_WAIT, seen, &patience, NULL, 0) == 0;
}

/* Whether somebody was asleep there. */
static bool futex_call(_Atomic uint32_t *word)
{
	return syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0) == 1;
}

#define SLEEP_NS 10000000 /* between two looks at the clock */

static bool await_asleep(_Atomic uint32_t *word, uint32_t seen, uint64_t deadline_ns)
{
	while (atomic_load(word) == seen) {
		/* Whatever it returns for, the word tells. */
		(void)futex_sleep(word, seen, SLEEP_NS);
		if (atomic_load(word) == seen && clock_now_ns() > deadline_ns)
			return false;
	}
	return true;
}

#define LOOKS_A_CLOCK 4096 /* between two looks at the clock, so that those do not count */

static bool await_awake(_Atomic uint32_t *word, uint32_t seen, bool pausing, uint64_t deadline_ns)
{
	for (uint32_t looks = 1; atomic_load(word) == seen; looks++) {
		if (looks % LOOKS_A_CLOCK == 0 && clock_now_ns() > deadline_ns)
			return false;
		if (pausing)
			wait_rest();
	}
	return true;
}

/* Waits until the word is not `seen`; false if that takes too long. */
static bool await(_Atomic uint32_t *word, uint32_t seen, enum waiting waiting, uint64_t deadline_ns)
{
	if (waiting == WAITING_ASLEEP)
		return await_asleep(word, seen, deadline_ns);
	return await_awake(word, seen, waiting == WAITING_PAUSING, deadline_ns);
}

static void hit(_Atomic uint32_t *word, uint32_t value, enum waiting waiting)
{
	atomic_store(word, value);
	if (waiting == WAITING_ASLEEP)
		(void)futex_call(word);
}

/* The second process: answers until each rally is over, and exits. */
static void partner_main(struct ball balls[RALLIES], uint32_t cpu)
{
	if (worker_pin(cpu, NULL) != 0)
		_exit(1);
	for (int i = 0; i < RALLIES; i++) {
		enum waiting waiting = rally_table[i].waiting;
		_Atomic uint32_t *word = &balls[i].word;
		uint32_t seen = 0;

		while (await(word, seen, waiting, clock_now_ns() + PARTNER_PATIENCE_NS)) {
			uint32_t value = atomic_load(word);

			if (value == RALLY_OVER)
				break;
			seen = value + 1;
			/* Not a store: it could undo that the rally is over. */
			if (atomic_compare_exchange_strong(word, &value, seen) &&
			    waiting == WAITING_ASLEEP)
				(void)futex_call(word);
		}
		if (atomic_load(word) != RALLY_OVER)
			_exit(1);
	}
	_exit(0);
}

#define REST_NS 50000 /* enough for the other end to fall asleep */

/*
 * A round trip counts if both ends were asleep when they were called: two that
 * are quick enough find the word changed before they have gone to sleep.
 */
static void wakeups_add(struct repeats *repeats, _Atomic uint32_t *word, uint32_t *last)
{
	_Atomic uint32_t nobody = 0;
	uint64_t start_ns;
	bool called, slept;

	(void)futex_sleep(&nobody, 0, REST_NS);
	start_ns = clock_now_ns();
	atomic_store(word, *last + 1);
	called = futex_call(word);
	slept = futex_sleep(word, *last + 1, SLEEP_NS);
	if (called && slept && atomic_load(word) == *last + 2)
		repeats_add(repeats, clock_now_ns() - start_ns, 1);
	*last += 2;
}

static uint64_t wakeups_ps(const struct rally *rally, _Atomic uint32_t *word)
{
	uint64_t start_ns = clock_now_ns();
	struct repeats repeats = {.deadline_ns = start_ns + rally->budget_ns, .least = 1};
	uint64_t end_ns = start_ns + FIRST_PATIENCE_NS;
	uint32_t last = 0;

	while (repeats_wanted(&repeats, clock_now_ns()) && clock_now_ns() < end_ns) {
		wakeups_add(&repeats, word, &last);
		if (!await_asleep(word, last - 1, end_ns))
			return 0;
	}
	return repeats_median_ps(&repeats);
}

/*
 * Round trips from *last on; returns how many were made, less than count if one
 * was still open at the deadline.
 */
static uint64_t rally_play(_Atomic uint32_t *word, uint32_t *last, enum waiting waiting,
			   uint64_t count, uint64_t deadline_ns)
{
	for (uint64_t i = 0; i < count; i++) {
		hit(word, *last + 1, waiting);
		if (!await(word, *last + 1, waiting, deadline_ns))
			return i;
		*last += 2;
	}
	return count;
}

/* The median round trip, 0 if the other process did not answer: of ends that are awake. */
static uint64_t rally_ps(const struct rally *rally, _Atomic uint32_t *word)
{
	struct repeats repeats = {0};
	uint32_t last = 0;
	uint64_t start_ns = clock_now_ns();
	uint64_t first_ns;

	/* The first waits until the other is there: it counts only if nothing else comes. */
	if (rally_play(word, &last, rally->waiting, 1, start_ns + FIRST_PATIENCE_NS) == 0)
		return 0;
	first_ns = clock_now_ns() - start_ns;
	repeats.deadline_ns = clock_now_ns() + rally->budget_ns;
	while (repeats_wanted(&repeats, start_ns = clock_now_ns())) {
		uint64_t played =
			rally_play(word, &last, rally->waiting, rally->batch, repeats.deadline_ns);

		/* Cut short: counts only where a whole batch would never end. */
		if (played && (played == rally->batch || repeats.count == 0))
			repeats_add(&repeats, clock_now_ns() - start_ns, played);
		if (played < rally->batch)
			break;
	}
	if (repeats.count == 0)
		repeats_add(&repeats, first_ns, 1);
	return repeats_median_ps(&repeats);
}

static void measure_rallies(struct worker *worker, struct ball balls[RALLIES],
			    struct record_writer *writer)
{
	const struct worker_setup *setup = &worker->setup;
	bool two_cpus = setup->cpu != SETUP_CPU_ANY && setup->cpu != setup->other_cpu;

	for (int i = 0; i < RALLIES; i++) {
		const struct rally *rally = &rally_table[i];

		if (rally->waiting == WAITING_ASLEEP)
			record_add_u64(writer, rally->key, wakeups_ps(rally, &balls[i].word));
		else if (rally->waiting == WAITING_PAUSING || two_cpus)
			record_add_u64(writer, rally->key, rally_ps(rally, &balls[i].word));
		hit(&balls[i].word, RALLY_OVER, rally->waiting);
	}
}

static void measure_clock(struct record_writer *writer)
{
	struct repeats repeats = {.deadline_ns = clock_now_ns() + CLOCK_BUDGET_NS, .least = 1};
	uint64_t end_ns = repeats.deadline_ns + CLOCK_BUDGET_NS;
	uint64_t step_ns = 0;
	uint64_t start_ns, former_ns;

	while (repeats_wanted(&repeats, start_ns = clock_now_ns())) {
		for (int i = 1; i < CLOCK_BATCH; i++)
			(void)clock_now_ns();
		repeats_add(&repeats, clock_now_ns() - start_ns, CLOCK_BATCH);
	}
	former_ns = clock_now_ns();
	for (int i = 0; i < CLOCK_STEPS && former_ns < end_ns; i++) {
		uint64_t now_ns = clock_now_ns();
		uint64_t step = now_ns - former_ns;

		if (step && (!step_ns || step < step_ns))
			step_ns = step;
		former_ns = now_ns;
	}
	record_add_u64(writer, "clock_ps", repeats_median_ps(&repeats));
	record_add_u64(writer, "clock_step_ps", step_ns * 1000);
}

/* The partner is a copy of this process; it dies with the thread that started it. */
static pid_t partner_start(struct ball balls[RALLIES], uint32_t cpu, struct err *err)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		(void)err_system(err, "starting the second process");
	if (pid != 0)
		return pid;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(1);
	partner_main(balls, cpu);
	_exit(0);
}

static int machine_run(struct worker *worker, struct err *err)
{
	size_t bytes = RALLIES * sizeof(struct ball);
	struct ball *balls =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct record_writer writer;
	pid_t partner;

	if (balls == MAP_FAILED)
		return err_system(err, "mapping a page for two processes");
	record_begin(&writer, "done");
	if (worker_pin(worker->setup.cpu, err) != 0)
		return -1;
	partner = partner_start(balls, worker->setup.other_cpu, err);
	if (partner < 0)
		return -1;
	measure_rallies(worker, balls, &writer);
	(void)kill(partner, SIGKILL); /* not reaped yet, so the pid is its own */
	while (waitpid(partner, NULL, 0) < 0 && errno == EINTR)
		;
	measure_clock(&writer);
	return control_send(&worker->control, &writer, err);
}

const struct worker_role role_machine = {
	.name = "machine",
	.run = machine_run,
};
