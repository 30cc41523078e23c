/* SPDX-License-Identifier: MIT */
/* When a client's exchanges begin. */
#include "bench/worker/pace.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/machine/clock.h"
#include "bench/stats/warmup.h"

/*
 * On a schedule the client sleeps until this long before the planned start and then
 * watches the clock: a timer's lateness is not the transport's.
 */
#define PACE_EARLY_NS 200000u

int pace_await_address(struct worker *worker, struct err *err)
{
	if (worker_tell(worker, "ready", NULL, NULL, err) != 0)
		return -1;
	(void)pthread_mutex_lock(&worker->lock);
	while (!worker->address[0] && !worker->stopping)
		(void)pthread_cond_wait(&worker->told, &worker->lock);
	(void)pthread_mutex_unlock(&worker->lock);
	return 0;
}

void pace_await_start(const struct pace *pace)
{
	struct timespec wake;
	uint64_t wake_ns = pace->next_ns - PACE_EARLY_NS;

	if (pace->interval_ns == 0)
		return;
	if (clock_now_ns() < wake_ns) {
		wake = (struct timespec){(time_t)(wake_ns / 1000000000u),
					 (long)(wake_ns % 1000000000u)};
		(void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, NULL);
	}
	while (clock_now_ns() < pace->next_ns)
		continue;
}

uint64_t pace_next(struct pace *pace, uint64_t end_ns)
{
	uint64_t planned_ns = end_ns - pace->next_ns;

	if (pace->interval_ns == 0)
		return 0;
	pace->next_ns += pace->interval_ns;
	return planned_ns;
}

/* Returns when not paused, or stopping. How long it was held is added to what pauses move. */
static void pace_hold(struct pace *pace, uint64_t *start_ns)
{
	struct worker *worker = pace->worker;
	uint64_t hold_ns;
	uint64_t held_ns;

	if (!worker->paused)
		return;
	hold_ns = clock_now_ns();
	(void)pthread_mutex_lock(&worker->lock);
	while (worker->paused && !worker->stopping)
		(void)pthread_cond_wait(&worker->told, &worker->lock);
	(void)pthread_mutex_unlock(&worker->lock);
	held_ns = clock_now_ns() - hold_ns;
	*start_ns += held_ns;
	pace->next_ns += held_ns;
	pace->held_ns += held_ns;
}

/* The clients' planned starts lie evenly between each other's. */
static void pace_schedule_from(struct pace *pace, uint64_t start_ns)
{
	const struct worker_setup *setup = &pace->worker->setup;

	pace->interval_ns = setup->interval_ns;
	pace->next_ns = start_ns + setup->interval_ns / setup->clients * setup->client;
}

/* Automatic warm-up ends after 20 exchanges, or when it has used a tenth of the budget. */
static bool pace_is_warm(const struct pace *pace, uint64_t spent_ns)
{
	uint64_t warmup = pace->worker->begin.warmup;

	if (warmup != PLAN_WARMUP_AUTO)
		return pace->exchange >= warmup;
	return pace->exchange >= 20 ||
	       (pace->exchange >= 1 && spent_ns >= pace->worker->begin.budget_ns / 10);
}

static int pace_step(struct pace *pace, void *sample, struct err *err)
{
	return pace->step(pace->state, pace->exchange++, sample, err);
}

/* Exchanges that are not samples, until enough; how long they took. */
static int pace_warm_up(struct pace *pace, uint64_t *spent_ns, struct err *err)
{
	uint64_t start_ns = clock_now_ns();

	pace->over_ns = start_ns;
	pace_schedule_from(pace, start_ns);
	while (!pace_is_warm(pace, pace->over_ns - start_ns)) {
		pace_hold(pace, &start_ns);
		if (pace->worker->stopping)
			return 0;
		if (pace_step(pace, NULL, err) != 0)
			return -1;
	}
	*spent_ns = pace->over_ns - start_ns;
	return 0;
}

/* Keeps the load on while others of the pair are not there yet, or are still measuring. */
static int pace_go_on(struct pace *pace, const atomic_bool *until, struct err *err)
{
	struct worker *worker = pace->worker;
	uint64_t start_ns = clock_now_ns();

	pace_schedule_from(pace, start_ns);
	while (!*until && !worker->stopping) {
		pace_hold(pace, &start_ns);
		if (pace_step(pace, NULL, err) != 0)
			return worker->stopping && err->kind != ERR_WRONG ? 0 : -1;
	}
	return 0;
}

/* When the exchange that has just ended makes room for the next: on a schedule, not before that. */
static uint64_t pace_end_ns(const struct pace *pace)
{
	bool early = pace->interval_ns && pace->next_ns > pace->over_ns;

	return early ? pace->next_ns : pace->over_ns;
}

/*
 * The block's first exchanges after the automatic warm-up, kept until the rule has spoken: then
 * those that it drops were warm-up too, and the others become samples. It ends with as many as the
 * rule looks at, or the block allows; or after half of the block, or two seconds, once there are
 * enough for the rule; or with the block.
 */
struct pace_window {
	size_t most, count;
	uint64_t deadline_ns;  /* but for pauses */
	uint64_t *latencies_ns;
	uint64_t *ends_ns;     /* when each made room for the next, but for pauses */
	unsigned char *samples;
};

#define PACE_WINDOW_NS 2000000000u

static void window_free(struct pace *pace)
{
	struct pace_window *window = pace->window;

	pace->window = NULL;
	if (!window)
		return;
	free(window->latencies_ns);
	free(window->ends_ns);
	free(window->samples);
	free(window);
}

static uint64_t least_of(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* As many exchanges as the block will have, by those of the warm-up. */
static uint64_t pace_expected(const struct pace *pace, uint64_t warmup_ns)
{
	const struct begin *begin = &pace->worker->begin;
	uint64_t each_ns = pace->exchange ? warmup_ns / pace->exchange : 0;

	return least_of(begin->samples, begin->budget_ns / (each_ns ? each_ns : 1));
}

/* Written to, so that no page of it faults between exchanges. */
static void *window_room(size_t count, size_t bytes)
{
	void *room = malloc(count * bytes);

	if (room)
		memset(room, 1, count * bytes);
	return room;
}

/* Where the rule has nothing to say, or no memory, exchanges are samples at once. */
static void window_open(struct pace *pace, uint64_t warmup_ns)
{
	const struct begin *begin = &pace->worker->begin;
	size_t most = least_of(begin->samples, WARMUP_LATENCIES_MOST);
	struct pace_window *window;

	if (begin->warmup != PLAN_WARMUP_AUTO ||
	    pace_expected(pace, warmup_ns) < WARMUP_LATENCIES_LEAST)
		return;
	pace->window = window = calloc(1, sizeof(*window));
	if (!window)
		return;
	window->most = most;
	window->latencies_ns = window_room(most, sizeof(window->latencies_ns[0]));
	window->ends_ns = window_room(most, sizeof(window->ends_ns[0]));
	window->samples = window_room(most, pace->sample_bytes);
	window->deadline_ns = clock_now_ns() - pace->held_ns +
			      least_of(begin->budget_ns / 2, PACE_WINDOW_NS);
	if (!window->latencies_ns || !window->ends_ns || !window->samples)
		window_free(pace);
}

static bool window_is_full(const struct pace *pace)
{
	const struct pace_window *window = pace->window;

	return window->count == window->most ||
	       (window->count >= WARMUP_LATENCIES_LEAST &&
		pace->over_ns - pace->held_ns >= window->deadline_ns);
}

/*
 * No more than half of all that were exchanged is dropped. Those that are were warm-up: timed
 * exchanges begin where the last of them ended, which moves *first_ns, their start but for pauses.
 */
static void window_close(struct pace *pace, uint64_t *first_ns)
{
	struct pace_window *window = pace->window;
	uint64_t warmed = pace->board->warmed;
	size_t half;
	struct warmup warmup;

	if (!window)
		return;
	half = (size_t)(warmed + window->count) / 2;
	warmup = warmup_find(window->latencies_ns, window->count,
			     half > warmed ? half - (size_t)warmed : 0);
	pace->board->steadiness = warmup.steadiness;
	pace->board->warmed = warmed + warmup.drop;
	if (warmup.drop)
		*first_ns = window->ends_ns[warmup.drop - 1];
	for (size_t i = warmup.drop; i < window->count; i++)
		pace->score(pace->state, window->samples + i * pace->sample_bytes);
	window_free(pace);
}

/* Where the next sample is kept. */
static void *pace_room(struct pace *pace, void *single)
{
	const struct pace_window *window = pace->window;

	return window ? window->samples + window->count * pace->sample_bytes : single;
}

/* A sample was taken: it is one now, or when the window closes. */
static void pace_keep(struct pace *pace, const void *single, uint64_t *first_ns)
{
	struct pace_window *window = pace->window;

	if (!window) {
		pace->score(pace->state, single);
		return;
	}
	window->latencies_ns[window->count] = pace->latency_ns;
	window->ends_ns[window->count++] = pace_end_ns(pace) - pace->held_ns;
	if (window_is_full(pace))
		window_close(pace, first_ns);
}

/* Whether the block has room for another: at least one sample is taken, whatever it costs. */
static bool pace_goes_on(const struct pace *pace, uint64_t start_ns)
{
	const struct begin *begin = &pace->worker->begin;
	bool has_one = pace->board->samples || (pace->window && pace->window->count);

	return pace->board->samples < begin->samples &&
	       (!has_one || pace->over_ns - start_ns < begin->budget_ns);
}

/* Budgets are wall time but for pauses, which move their start. */
static int pace_sample(struct pace *pace, void *single, struct err *err)
{
	struct worker *worker = pace->worker;
	uint64_t start_ns = clock_now_ns();
	uint64_t first_ns, last_ns; /* when the samples began and ended, but for pauses */
	int status = 0;

	pace_schedule_from(pace, start_ns);
	first_ns = last_ns = pace->next_ns - pace->held_ns;
	while (status == 0 && pace_goes_on(pace, start_ns)) {
		pace_hold(pace, &start_ns);
		if (worker->stopping)
			break;
		status = pace_step(pace, pace_room(pace, single), err);
		if (status != 0)
			break;
		last_ns = pace_end_ns(pace) - pace->held_ns;
		pace_keep(pace, single, &first_ns);
		pace->board->tally.wall_ns = last_ns - first_ns;
	}
	window_close(pace, &first_ns);
	pace->board->tally.wall_ns = last_ns - first_ns;
	return status;
}

/* Where the pair has several clients, all of them run while any takes samples. */
static int pace_exchange_all(struct pace *pace, void *single, struct err *err)
{
	struct worker *worker = pace->worker;
	bool several = worker->setup.clients > 1;
	uint64_t warmup_ns = 0;

	if (pace_warm_up(pace, &warmup_ns, err) != 0)
		return -1;
	if (several && (worker_tell(worker, "warm", NULL, NULL, err) != 0 ||
			pace_go_on(pace, &worker->going, err) != 0))
		return -1;
	window_open(pace, warmup_ns);
	if (pace_sample(pace, single, err) != 0)
		return -1;
	if (worker_tell(worker, "done", "remark", pace->finish(pace->state), err) != 0)
		return -1;
	return several ? pace_go_on(pace, &worker->stopping, err) : 0;
}

int pace_measure(struct pace *pace, struct err *err)
{
	struct worker *worker = pace->worker;
	void *single = calloc(1, pace->sample_bytes);
	int status;

	if (!single)
		return err_set(err, ERR_MEMORY, "no memory for a sample");
	(void)pthread_mutex_lock(&worker->lock);
	while (!worker->begun && !worker->stopping)
		(void)pthread_cond_wait(&worker->told, &worker->lock);
	(void)pthread_mutex_unlock(&worker->lock);
	status = pace_exchange_all(pace, single, err);
	window_free(pace);
	free(single);
	return status;
}
