/* SPDX-License-Identifier: MIT */
/* What machine this is, from uname, /proc and /sys. */
#include "bench/machine/host.h"

#include <dirent.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/machine/pages.h"
#include "bench/text/text.h"

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

#define FLAWS "/sys/devices/system/cpu/vulnerabilities"

/* How many of the processor's flaws the kernel works around, and how many it does not. */
static void mitigations_read(char *text, size_t capacity)
{
	DIR *folder = opendir(FLAWS);
	unsigned mitigated = 0;
	unsigned vulnerable = 0;
	const struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		char path[sizeof(FLAWS) + sizeof(entry->d_name) + 1];
		char state[32] = "";

		(void)snprintf(path, sizeof(path), FLAWS "/%s", entry->d_name);
		line_read(path, "", state, sizeof(state));
		mitigated += strncmp(state, "Mitigation", 10) == 0;
		vulnerable += strncmp(state, "Vulnerable", 10) == 0;
	}
	if (!folder)
		return;
	(void)closedir(folder); /* only read from */
	(void)snprintf(text, capacity, "%u mitigated, %u vulnerable", mitigated, vulnerable);
}

unsigned host_usable_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned)CPU_COUNT(&set) : 0;
}

bool host_same_core(uint32_t a, uint32_t b)
{
	const uint32_t cpus[2] = {a, b};
	char siblings[2][128] = {"", ""};

	for (size_t i = 0; i < 2; i++) {
		char path[96];

		(void)snprintf(path, sizeof(path),
			       "/sys/devices/system/cpu/cpu%" PRIu32
			       "/topology/thread_siblings_list",
			       cpus[i]);
		line_read(path, "", siblings[i], sizeof(siblings[i]));
	}
	return a != b && siblings[0][0] && strcmp(siblings[0], siblings[1]) == 0;
}

void host_facts_read(struct host_facts *facts)
{
	struct utsname name;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	char kernel[sizeof(name.sysname) + sizeof(name.release)];

	*facts = (struct host_facts){
		.cpus = cpus > 0 ? (unsigned)cpus : 0,
		.memory_bytes = memory_total(),
		.cpus_usable = host_usable_cpus(),
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
	(void)pages_huge_given(PAGES_FOLDER, false, facts->thp);
	mitigations_read(facts->mitigations, sizeof(facts->mitigations));
}
