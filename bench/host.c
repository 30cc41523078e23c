/* SPDX-License-Identifier: MIT */
/* What machine this is, from uname, /proc and /sys. */
#include "bench/host.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/text.h"

/*
 * Reads the first line of a file that begins with key (all do with "") and
 * copies what follows key and ": ", cleaned. Leaves text alone if there is none.
 */
static void line_read(const char *path, const char *key, char *text, size_t capacity)
{
	FILE *file = fopen(path, "re");
	char line[256];

	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		const char *value = line + strlen(key);

		if (strncmp(line, key, strlen(key)) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		text_clean(text, capacity, value + strspn(value, " \t:"));
		break;
	}
	(void)fclose(file); /* only read from */
}

static uint64_t memory_total(void)
{
	long pages = sysconf(_SC_PHYS_PAGES);
	long page_bytes = sysconf(_SC_PAGESIZE);

	return pages > 0 && page_bytes > 0 ? (uint64_t)pages * (uint64_t)page_bytes : 0;
}

void host_facts_read(struct host_facts *facts)
{
	struct utsname name;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	char kernel[sizeof(name.sysname) + sizeof(name.release)];

	*facts = (struct host_facts){
		.cpus = cpus > 0 ? (unsigned)cpus : 0,
		.memory_bytes = memory_total(),
	};
	if (uname(&name) == 0) {
		(void)snprintf(kernel, sizeof(kernel), "%s %s", name.sysname, name.release);
		text_clean(facts->host, sizeof(facts->host), name.nodename);
		text_clean(facts->kernel, sizeof(facts->kernel), kernel);
	}
	line_read("/proc/cpuinfo", "model name", facts->cpu, sizeof(facts->cpu));
	line_read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "", facts->governor,
		  sizeof(facts->governor));
	line_read("/sys/devices/system/clocksource/clocksource0/current_clocksource", "",
		  facts->clock_source, sizeof(facts->clock_source));
}
