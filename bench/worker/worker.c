/* SPDX-License-Identifier: MIT */
/* What both worker roles share: set-up, the control thread, the process's costs. */
#include "bench/worker/worker.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bench/machine/clock.h"
#include "bench/machine/leftovers.h"
#include "transports/unused.h"

struct worker_cost worker_cost_now(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return (struct worker_cost){
		.used.cpu_ns =
			(uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000u +
			(uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000u,
		.used.page_faults = (uint64_t)(usage.ru_minflt + usage.ru_majflt),
		.used.context_switches = (uint64_t)(usage.ru_nvcsw + usage.ru_nivcsw),
		.used.involuntary_switches = (uint64_t)usage.ru_nivcsw,
		.cpu = sched_getcpu(),
	};
}

struct end_cost worker_cost_since(const struct worker_cost *start)
{
	struct worker_cost now = worker_cost_now();

	return (struct end_cost){
		.cpu_ns = now.used.cpu_ns - start->used.cpu_ns,
		.page_faults = now.used.page_faults - start->used.page_faults,
		.context_switches = now.used.context_switches - start->used.context_switches,
		.involuntary_switches =
			now.used.involuntary_switches - start->used.involuntary_switches,
		.migrations = now.cpu != start->cpu,
	};
}

struct pages_got worker_pages_got(const struct worker *worker, const struct array *array)
{
	if (worker->setup.pages != PAGES_HUGE || array->bytes == 0)
		return (struct pages_got){0};
	return (struct pages_got){
		.asked_bytes = array->bytes,
		.huge_bytes = memory_huge_bytes(array->data, array->bytes),
	};
}

uint64_t worker_peak_rss_bytes(void)
{
	char line[256];
	uint64_t peak_kib = 0;
	FILE *file = fopen("/proc/self/status", "re");

	/* Not ru_maxrss: that survives exec and would count the runner's memory. */
	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, "VmHWM:", 6) == 0)
			peak_kib = strtoull(line + 6, NULL, 10);
	if (file)
		(void)fclose(file);
	return peak_kib * 1024;
}

int worker_tell(struct worker *worker, const char *verb, const char *key, const char *value,
		struct err *err)
{
	struct record_writer writer;

	record_begin(&writer, verb);
	if (key && value)
		record_add(&writer, key, value);
	return control_send(&worker->control, &writer, err);
}

void worker_tell_error(struct worker *worker, const struct err *err)
{
	struct record_writer writer;
	uint64_t age_ns = worker->failed_ns ? clock_now_ns() - worker->failed_ns : 0;

	failure_write(err, age_ns, &writer);
	/* A runner that cannot be told has gone: that is noticed where it is listened to. */
	(void)control_send(&worker->control, &writer, NULL);
}

/* There is no runner to obey: leave nothing behind, whatever the main thread is doing. */
static void worker_abandon(struct worker *worker)
{
	sweep_segments(worker->setup.segment_prefix);
	sweep_directory(worker->setup.directory);
	/* We lead our process group; what a foreign program has started is in it. */
	if (getpgrp() == getpid())
		(void)kill(0, SIGKILL);
	_exit(3);
}

static int obey_connect(struct worker *worker, const struct record *record, struct err *err)
{
	return address_read(worker->address, record, err);
}

static int obey_begin(struct worker *worker, const struct record *record, struct err *err)
{
	if (begin_read(&worker->begin, record, err) != 0)
		return -1;
	worker->begun = true;
	return 0;
}

static int obey_go(struct worker *worker, const struct record *record UNUSED,
		   struct err *err UNUSED)
{
	worker->going = true;
	return 0;
}

static int obey_pause(struct worker *worker, const struct record *record UNUSED,
		      struct err *err UNUSED)
{
	worker->paused = true;
	return 0;
}

static int obey_resume(struct worker *worker, const struct record *record UNUSED,
		       struct err *err UNUSED)
{
	worker->paused = false;
	return 0;
}

static int obey_stop(struct worker *worker, const struct record *record UNUSED,
		     struct err *err UNUSED)
{
	worker->stopping = true;
	if (worker->on_stop)
		worker->on_stop(worker);
	return 0;
}

int worker_obey(struct worker *worker, const struct record *record, struct err *err)
{
	static const struct {
		const char *verb;
		int (*obey)(struct worker *worker, const struct record *record, struct err *err);
	} orders[] = {
		{"connect", obey_connect}, {"begin", obey_begin},   {"go", obey_go},
		{"pause", obey_pause},     {"resume", obey_resume}, {"stop", obey_stop},
	};
	int status;

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		if (strcmp(record->verb, orders[i].verb) != 0)
			continue;
		(void)pthread_mutex_lock(&worker->lock);
		status = orders[i].obey(worker, record, err);
		(void)pthread_cond_broadcast(&worker->told);
		(void)pthread_mutex_unlock(&worker->lock);
		return status;
	}
	return err_set(err, ERR_PROTOCOL, "a record of the runner's is none that there is");
}

static void *worker_control_main(void *arg)
{
	struct worker *worker = arg;
	struct record record;
	struct err err = {0};

	while (control_receive(&worker->control, true, &record, &err) == 1 &&
	       worker_obey(worker, &record, &err) == 0)
		continue;
	/* The runner is gone, or says what it cannot mean: of that it hears why we leave. */
	if (err.kind != ERR_CLOSED)
		worker_tell_error(worker, &err);
	worker_abandon(worker);
	return NULL;
}

static int worker_start_control(struct worker *worker, struct err *err)
{
	pthread_t thread;

	(void)pthread_mutex_init(&worker->lock, NULL);
	(void)pthread_cond_init(&worker->told, NULL);
	if (pthread_create(&thread, NULL, worker_control_main, worker) != 0)
		return err_set(err, ERR_SYSTEM, "no thread for the control stream");
	(void)pthread_detach(thread);
	return 0;
}

int worker_check_latency(const struct worker *worker, uint64_t latency_ns, struct err *err)
{
	uint64_t timeout_ns = worker->begin.timeout_ns;

	if (!timeout_ns || latency_ns <= timeout_ns)
		return 0;
	return err_set(err, ERR_TIMEOUT, "no reply within %.3g s (--timeout): it took %.3g s",
		       (double)timeout_ns / 1e9, (double)latency_ns / 1e9);
}

int worker_pin(uint32_t cpu, struct err *err)
{
	cpu_set_t set;

	if (cpu == SETUP_CPU_ANY)
		return 0;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) == 0 ?
		       0 :
		       err_system(err, "pinning to CPU %u", cpu);
}

/* Starts on a CPU of those that it may use, and lets go of it: the kernel moves it as it likes. */
static void worker_start_on(uint32_t first)
{
	cpu_set_t usable, one;
	unsigned skip;

	if (sched_getaffinity(0, sizeof(usable), &usable) != 0 || CPU_COUNT(&usable) < 2)
		return;
	skip = first % (unsigned)CPU_COUNT(&usable);
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &usable) || skip-- > 0)
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		/* A hint: where it cannot be followed the kernel chooses, as it would have. */
		if (sched_setaffinity(0, sizeof(one), &one) == 0)
			(void)sched_setaffinity(0, sizeof(usable), &usable);
		return;
	}
}

int worker_load_data(struct worker *worker, struct err *err)
{
	const struct worker_setup *setup = &worker->setup;

	if (setup->data[0] != '/')
		return 0;
	if (data_load(setup->data, setup->data_hash, &worker->data, err) != 0)
		return -1;
	if (array_type_equal(&worker->data.type, &setup->type) &&
	    array_type_equal(&worker->data.type, &setup->request))
		return 0;
	return err_set(err, ERR_PROTOCOL, "the setup record's data is of another type");
}

void worker_stream_data(const struct worker *worker, struct source_stream *stream)
{
	const char *data = worker->setup.data;

	stream->data = !*data ? DATA_RANDOM : *data == '/' ? DATA_FILE : DATA_SMOOTH;
	stream->file = &worker->data;
}

int worker_map_scoreboard(struct worker *worker, uint32_t takers, struct err *err)
{
	const struct worker_setup *setup = &worker->setup;
	void *map;

	if (setup->member >= setup->members || takers >= setup->members - setup->member)
		return err_set(err, ERR_PROTOCOL, "the setup record's members make no sense");
	map = mmap(NULL, scoreboard_bytes(setup->members), PROT_READ | PROT_WRITE, MAP_SHARED,
		   SCOREBOARD_FD, 0);
	if (map == MAP_FAILED)
		return err_system(err, "mapping the scoreboard");
	worker->scoreboard = map;
	return 0;
}

struct scoreboard_member *worker_region(const struct worker *worker)
{
	return &worker->scoreboard[worker->setup.member];
}

struct scoreboard_member *worker_taker(const struct worker *worker, uint32_t client)
{
	return &worker->scoreboard[scoreboard_taker(worker->setup.member, client)];
}

static int worker_prepare(struct worker *worker, struct err *err)
{
	struct record record;

	if (control_receive(&worker->control, true, &record, err) != 1 ||
	    setup_read(&worker->setup, &record, err) != 0)
		return -1;
	worker->encoding_setup = (struct encoding_setup){
		.type = worker->setup.type,
		.memory = worker->setup.memory,
		.pages = worker->setup.pages,
		.shift_bytes = worker->setup.shift_bytes,
		.segment_prefix = worker->setup.segment_prefix,
		.foreign_peer = worker->setup.connect[0],
	};
	if (worker->setup.first_cpu != SETUP_CPU_ANY)
		worker_start_on(worker->setup.first_cpu);
	return worker_start_control(worker, err);
}

/*
 * What ps and top show: "ipctop server http+json" rather than how it was started. The words lie
 * one behind another, where the kernel looks for them; the first, "worker", makes room.
 */
static void worker_show_name(int argc, char **argv)
{
	char name[16]; /* all that the kernel keeps */
	char *end = argv[argc - 1] + strlen(argv[argc - 1]) + 1;
	size_t moved = (size_t)(argv[1] - argv[0]);

	(void)snprintf(name, sizeof(name), "ipctop %s", argv[1]);
	(void)prctl(PR_SET_NAME, name);
	memmove(argv[0], argv[1], (size_t)(end - argv[1]));
	memset(end - moved, 0, moved);
}

static int worker_play(struct worker *worker, const struct worker_role *role, struct err *err)
{
	if (worker->setup.transport.carrier->program && role->run_foreign)
		return role->run_foreign(worker, err);
	return role->run(worker, err);
}

/* The same, on a stack that begins lower. */
static int worker_play_lower(struct worker *worker, const struct worker_role *role, struct err *err)
{
	/* At most a page; no array has a length that is known only now. */
	volatile char *lower = __builtin_alloca(worker->setup.stack_bytes + 1);
	int status;

	lower[0] = 0;
	status = worker_play(worker, role, err);
	return lower[0] == 0 ? status : -1;
}

int worker_main(int argc, char **argv)
{
	static struct worker worker;
	const struct worker_role *role = argc >= 2 ? role_find(argv[1]) : NULL;
	struct err err = {0};

	worker.control.world = &world_real;
	worker.control.fd = CONTROL_FD;
	(void)signal(SIGPIPE, SIG_IGN);
	/* A terminal's Ctrl-C is the runner's business: it tells us what to do. */
	(void)signal(SIGINT, SIG_IGN);
	/* What the kernel sends a stopped worker whose runner dies, before it makes it go on. */
	(void)signal(SIGHUP, SIG_IGN);
	if (!role) {
		(void)fprintf(stderr, "ipctop: the worker role is for ipctop itself\n");
		return 2;
	}
	worker_show_name(argc, argv);
	if (worker_prepare(&worker, &err) == 0 && worker_play_lower(&worker, role, &err) == 0)
		return 0;
	(void)fprintf(stderr, "%s\n", err.message);
	worker_tell_error(&worker, &err);
	return 1;
}
