/* SPDX-License-Identifier: MIT */
/* Counters of the kernel, from /proc/stat, /proc/pressure/cpu and getrusage. */
#include "bench/machine/noise.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/machine/clock.h"

#define UNKNOWN UINT64_MAX

/* The fields behind "cpu " in /proc/stat, in ticks: see proc(5). Guests are counted in user. */
enum {
	STAT_USER,
	STAT_NICE,
	STAT_SYSTEM,
	STAT_IDLE,
	STAT_IOWAIT,
	STAT_IRQ,
	STAT_SOFTIRQ,
	STAT_STEAL,
	STAT_FIELDS,
};

static void stat_parse(struct noise_snapshot *snapshot, const char *text)
{
	uint64_t fields[STAT_FIELDS] = {0};
	uint64_t total = 0;
	char *at;

	if (strncmp(text, "cpu ", 4) != 0)
		return;
	text += 4;
	for (size_t i = 0; i < STAT_FIELDS; i++, text = at) {
		fields[i] = strtoull(text, &at, 10);
		if (at == text)
			return;
		total += fields[i];
	}
	snapshot->total_ticks = total;
	snapshot->idle_ticks = fields[STAT_IDLE] + fields[STAT_IOWAIT];
	snapshot->steal_ticks = fields[STAT_STEAL];
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=123" */
static void pressure_parse(struct noise_snapshot *snapshot, const char *text)
{
	const char *end = strchrnul(text, '\n');
	const char *total = strstr(text, " total=");

	if (strncmp(text, "some ", 5) == 0 && total && total < end)
		snapshot->stall_us = strtoull(total + 7, NULL, 10);
}

void noise_parse(struct noise_snapshot *snapshot, const char *stat, const char *pressure)
{
	*snapshot = (struct noise_snapshot){
		.total_ticks = UNKNOWN,
		.idle_ticks = UNKNOWN,
		.steal_ticks = UNKNOWN,
		.stall_us = UNKNOWN,
	};
	stat_parse(snapshot, stat);
	pressure_parse(snapshot, pressure);
}

/* The first line of a file, "" if there is none. */
static void line_read(const char *path, char *line, int size)
{
	FILE *file = fopen(path, "re");

	line[0] = '\0';
	if (!file)
		return;
	if (!fgets(line, size, file))
		line[0] = '\0';
	(void)fclose(file); /* only read from */
}

static uint64_t timeval_ns(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_usec * 1000u;
}

static uint64_t own_cpu_ns(void)
{
	static const int whose[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
	uint64_t ns = 0;

	for (size_t i = 0; i < 2; i++) {
		struct rusage usage = {0};

		(void)getrusage(whose[i], &usage);
		ns += timeval_ns(&usage.ru_utime) + timeval_ns(&usage.ru_stime);
	}
	return ns;
}

void noise_take(struct noise_snapshot *snapshot)
{
	char stat[256];
	char pressure[128];

	line_read("/proc/stat", stat, sizeof(stat));
	line_read("/proc/pressure/cpu", pressure, sizeof(pressure));
	noise_parse(snapshot, stat, pressure);
	snapshot->at_ns = clock_now_ns();
	snapshot->own_cpu_ns = own_cpu_ns();
}

/* A counter that went back is of no use: a container may have moved to another machine. */
static bool counted(uint64_t from, uint64_t to)
{
	return from != UNKNOWN && to != UNKNOWN && from <= to;
}

void noise_add(struct noise *noise, const struct noise_snapshot *from,
	       const struct noise_snapshot *to)
{
	uint64_t wall_ns = to->at_ns - from->at_ns;

	if (counted(from->stall_us, to->stall_us)) {
		noise->stall_us += to->stall_us - from->stall_us;
		noise->stall_wall_ns += wall_ns;
	}
	if (!counted(from->total_ticks, to->total_ticks) ||
	    !counted(from->idle_ticks, to->idle_ticks) ||
	    !counted(from->steal_ticks, to->steal_ticks))
		return;
	noise->ticks += to->total_ticks - from->total_ticks;
	noise->idle_ticks += to->idle_ticks - from->idle_ticks;
	noise->steal_ticks += to->steal_ticks - from->steal_ticks;
	noise->own_ns += to->own_cpu_ns - from->own_cpu_ns;
}

/* Fewer ticks say nothing in per cents. */
#define TICKS_LEAST 100

static double share_of(double part, double whole)
{
	return fmin(fmax(part / whole, 0), 1);
}

double noise_steal_share(const struct noise *noise)
{
	return noise->ticks < TICKS_LEAST ?
		       NAN :
		       share_of((double)noise->steal_ticks, (double)noise->ticks);
}

double noise_stall_share(const struct noise *noise)
{
	return noise->stall_wall_ns == 0 ?
		       NAN :
		       share_of(1e3 * (double)noise->stall_us, (double)noise->stall_wall_ns);
}

double noise_others_share(const struct noise *noise)
{
	double tick_ns = 1e9 / (double)sysconf(_SC_CLK_TCK);
	double busy = (double)(noise->ticks - noise->idle_ticks - noise->steal_ticks);

	return noise->ticks < TICKS_LEAST ?
		       NAN :
		       share_of(busy - (double)noise->own_ns / tick_ns, (double)noise->ticks);
}
