/* SPDX-License-Identifier: MIT */
/* When a client's exchanges begin. */
#include "bench/worker/pace.h"

#include <time.h>

#include "bench/machine/clock.h"

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

static int pace_step(struct pace *pace, bool timed, struct err *err)
{
	return pace->step(pace->state, pace->exchange++, timed, err);
}

/* Exchanges that are not samples, until enough. */
static int pace_warm_up(struct pace *pace, struct err *err)
{
	uint64_t start_ns = clock_now_ns();

	pace->over_ns = start_ns;
	pace_schedule_from(pace, start_ns);
	while (!pace_is_warm(pace, pace->over_ns - start_ns)) {
		pace_hold(pace, &start_ns);
		if (pace->worker->stopping)
			return 0;
		if (pace_step(pace, false, err) != 0)
			return -1;
	}
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
		if (pace_step(pace, false, err) != 0)
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

/* Budgets are wall time but for pauses, which move their start. */
static int pace_sample(struct pace *pace, struct err *err)
{
	struct worker *worker = pace->worker;
	struct scoreboard_own *board = pace->board;
	uint64_t start_ns = clock_now_ns();
	uint64_t offset_ns;

	pace_schedule_from(pace, start_ns);
	offset_ns = pace->next_ns - start_ns;
	while (board->samples < worker->begin.samples &&
	       (board->samples == 0 || pace->over_ns - start_ns < worker->begin.budget_ns)) {
		pace_hold(pace, &start_ns);
		if (worker->stopping)
			break;
		if (pace_step(pace, true, err) != 0)
			return -1;
		board->tally.wall_ns = pace_end_ns(pace) - offset_ns - start_ns;
	}
	return 0;
}

/* Where the pair has several clients, all of them run while any takes samples. */
int pace_measure(struct pace *pace, struct err *err)
{
	struct worker *worker = pace->worker;
	bool several = worker->setup.clients > 1;

	(void)pthread_mutex_lock(&worker->lock);
	while (!worker->begun && !worker->stopping)
		(void)pthread_cond_wait(&worker->told, &worker->lock);
	(void)pthread_mutex_unlock(&worker->lock);
	if (pace_warm_up(pace, err) != 0)
		return -1;
	if (several && (worker_tell(worker, "warm", NULL, NULL, err) != 0 ||
			pace_go_on(pace, &worker->going, err) != 0))
		return -1;
	if (pace_sample(pace, err) != 0)
		return -1;
	if (worker_tell(worker, "done", "remark", pace->finish(pace->state), err) != 0)
		return -1;
	return several ? pace_go_on(pace, &worker->stopping, err) : 0;
}
