/* SPDX-License-Identifier: MIT */
/* Grades: each fact lowers it on its own, the worst decides, what is unknown is left out. */
#include <stddef.h>

#include "bench/model/trust.h"
#include "tests/support/test.h"

/* A quiet machine and good figures. */
static struct trust_facts facts_good(void)
{
	return (struct trust_facts){
		.steal_share = 0,
		.stall_share = 0.01,
		.others_share = 0.01,
		.governor = "performance",
		.clock_source = "tsc",
		.cpus = 8,
		.one_cpu_spin = 0,
		.one_core = 0,
		.migrations = 0.001,
		.preemptions = 0.002,
		.mean_ns = 50000,
		.samples = 5000,
		.blocks = 12,
		.interval_width = 0.01,
		.block_spread = 0.02,
		.drift_ratio = 1,
		.modes = 1,
		.rate_reached = 1,
	};
}

static void test_good(void)
{
	struct trust_facts facts = facts_good();
	struct trust trust;
	char text[TRUST_TEXT_BYTES];

	trust_grade(&facts, &trust);
	CHECK_MSG(trust.grade == 'A' && trust.count == 0, "%c %s", trust.grade,
		  trust_format(&trust, text));
	CHECK_STR(trust_format(&trust, text), "");
}

static void test_unknown(void)
{
	struct trust_facts facts = trust_facts_unknown();
	struct trust trust;

	trust_grade(&facts, &trust);
	CHECK(trust.grade == 0 && trust.count == 0);
	facts.samples = 5000;
	trust_grade(&facts, &trust);
	CHECK(trust.grade == 'A' && trust.count == 0);
	facts.samples = 1;
	trust_grade(&facts, &trust);
	CHECK(trust.grade == 'F' && trust.count == 1);
}

#define AT(member) offsetof(struct trust_facts, member)

/* One fact changed, and what becomes of the grade and of the reason. */
static void test_rules(void)
{
	static const struct {
		size_t fact;
		double value;
		char grade;
		const char *reason;
	} cases[] = {
		{AT(steal_share), 0.004, 'A', ""},
		{AT(steal_share), 0.006, 'B', "steal 0.60 % of the time"},
		{AT(steal_share), 0.031, 'C', "steal 3.1 % of the time"},
		{AT(steal_share), 0.12, 'D', "steal 12 % of the time"},
		{AT(steal_share), 0.5, 'F', "steal 50 % of the time"},
		{AT(stall_share), 0.25, 'B', "tasks waited for a CPU 25 % of the time"},
		{AT(others_share), 0.08, 'B', "other work on 8.0 % of the CPUs"},
		{AT(one_cpu_spin), 1, 'F', "an end polls without a CPU of its own"},
		{AT(cpus), 2, 'A', ""},
		{AT(cpus), 1, 'C', "one CPU for everything"},
		{AT(one_core), 1, 'B', "both ends on one core"},
		{AT(migrations), 0.2, 'B', "0.20 migrations an exchange"},
		{AT(migrations), 2, 'B', "2.0 migrations an exchange"},
		{AT(preemptions), 1.1, 'A', ""}, /* our own other end's */
		{AT(blocks), 3, 'A', ""},
		{AT(blocks), 2, 'B', "blocks: 2"},
		{AT(blocks), 1, 'C', "blocks: 1"},
		{AT(samples), 100, 'A', ""},
		{AT(samples), 99, 'B', "99 samples"},
		{AT(samples), 29, 'C', "29 samples"},
		{AT(samples), 5, 'D', "5 samples"},
		{AT(samples), 1, 'F', "1 samples"},
		{AT(interval_width), 0.12, 'C', "interval 12 % of the median wide"},
		{AT(block_spread), 0.35, 'C', "blocks 35 % apart"},
		{AT(drift_ratio), 1.2, 'B', "drifts to 1.20 times its start"},
		{AT(drift_ratio), 0.7, 'C', "drifts to 0.700 times its start"},
		{AT(modes), 2, 'B', "two humps"},
		{AT(rate_reached), 0.9, 'C', "reached 90.0 % of the rate"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct trust_facts facts = facts_good();
		struct trust trust;
		char text[TRUST_TEXT_BYTES];

		memcpy((char *)&facts + cases[i].fact, &cases[i].value, sizeof(double));
		trust_grade(&facts, &trust);
		CHECK_STR(trust_format(&trust, text), cases[i].reason);
		CHECK_MSG(trust.grade == cases[i].grade, "case %zu: %c", i, trust.grade);
		CHECK(trust.count == 0 || strlen(trust.reasons[0].advice) > 20);
	}
}

static void test_words(void)
{
	static const struct {
		const char *governor, *clock_source;
		char grade;
		const char *reason;
	} cases[] = {
		{"", "", 'A', ""},
		{"performance", "kvm-clock", 'A', ""},
		{"powersave", "tsc", 'B', "governor powersave"},
		{"performance", "hpet", 'D', "clock source hpet"},
		{"performance", "acpi_pm", 'D', "clock source acpi_pm"},
		{"performance", "jiffies", 'F', "clock source jiffies"},
		{"performance", "sundial", 'B', "clock source sundial"},
		{"on\x1b[31mdemand", "", 'B', "governor on [31mdemand"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct trust_facts facts = facts_good();
		struct trust trust;
		char text[TRUST_TEXT_BYTES];

		facts.governor = cases[i].governor;
		facts.clock_source = cases[i].clock_source;
		trust_grade(&facts, &trust);
		CHECK_STR(trust_format(&trust, text), cases[i].reason);
		CHECK_MSG(trust.grade == cases[i].grade, "case %zu: %c", i, trust.grade);
	}
}

/* Waiting for a CPU, and losing it, count for more where others are at work. */
static void test_others(void)
{
	static const struct {
		double others, stall, preemptions;
		char grade;
	} cases[] = {
		{0.04, 0.6, 0, 'B'},   {0.06, 0.6, 0, 'D'},    {NAN, 0.6, 0, 'D'},
		{0.04, 0.01, 1, 'A'},  {0.06, 0.01, 0.05, 'B'}, {0.06, 0.01, 0.3, 'B'},
		{0.06, 0.01, 1, 'C'},  {NAN, 0.01, 1, 'B'},    {NAN, NAN, 0, 'A'},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct trust_facts facts = facts_good();
		struct trust trust;

		facts.others_share = cases[i].others;
		facts.stall_share = cases[i].stall;
		facts.preemptions = cases[i].preemptions;
		trust_grade(&facts, &trust);
		CHECK_MSG(trust.grade == cases[i].grade, "case %zu: %c", i, trust.grade);
	}
}

/*
 * What a quiet machine of the usual kinds is like gets a B or better: a laptop, whose
 * governor saves power, and a virtual machine with two CPUs, unpinned.
 */
static void test_usual_machines(void)
{
	struct trust_facts laptop = facts_good();
	struct trust_facts guest = facts_good();
	struct trust trust;
	char text[TRUST_TEXT_BYTES];

	laptop.governor = "powersave";
	laptop.others_share = 0.03;
	laptop.stall_share = 0.04;
	laptop.migrations = 0.3;
	laptop.preemptions = 0.9;
	laptop.block_spread = 0.12;
	trust_grade(&laptop, &trust);
	CHECK_MSG(trust.grade == 'B', "%s", trust_format(&trust, text));
	guest.governor = "";
	guest.clock_source = "kvm-clock";
	guest.cpus = 2;
	guest.steal_share = 0.01;
	guest.stall_share = 0.3;
	guest.others_share = 0.02;
	guest.preemptions = 1.2;
	guest.block_spread = 0.15;
	trust_grade(&guest, &trust);
	CHECK_MSG(trust.grade == 'B', "%s", trust_format(&trust, text));
}

/* A preemption or a migration in each exchange is much for 50 us, and nothing for a second. */
static void test_long_exchanges(void)
{
	struct trust_facts facts = facts_good();
	struct trust trust;

	facts.migrations = facts.preemptions = 3;
	facts.others_share = 0.0501;
	trust_grade(&facts, &trust);
	CHECK(trust.grade == 'C' && trust.count == 3);
	facts.mean_ns = 1e9;
	trust_grade(&facts, &trust);
	CHECK(trust.grade == 'B' && trust.count == 1);
}

/* The worst first, and it decides; of equals, the machine's before the figures'. */
static void test_order(void)
{
	struct trust_facts facts = facts_good();
	struct trust trust;
	char text[TRUST_TEXT_BYTES];

	facts.governor = "ondemand";
	facts.samples = 20;
	facts.clock_source = "hpet";
	facts.stall_share = 0.3;
	facts.others_share = NAN;
	trust_grade(&facts, &trust);
	CHECK_STR(trust_format(&trust, text),
		  "clock source hpet; tasks waited for a CPU 30 % of the time; 20 samples; "
		  "governor ondemand");
	CHECK(trust.grade == 'D' && trust.reasons[3].grade == 'B');
	facts.modes = 2;
	trust_grade(&facts, &trust);
	CHECK_STR(
		trust_says(&trust, false, text),
		"The clock source is hpet, which takes long to read. Tasks were ready and waited "
		"for a CPU 30 % of the time. There are only 20 samples. It has two humps, and the "
		"median lies in one of them.");
	CHECK(strlen(trust_says(&trust, true, text)) > strlen(trust_says(&trust, false, text)) ||
	      strstr(trust_says(&trust, true, text), "The governor is ondemand"));
}

/* Everything at once: as many reasons as there are rules, and a text that ends with a whole one. */
static void test_everything(void)
{
	struct trust_facts facts = {
		.steal_share = 0.5,
		.stall_share = 0.9,
		.others_share = 0.9,
		.governor = "a governor with a name that is far longer than any governor's name is",
		.clock_source = "jiffies",
		.cpus = 1,
		.one_cpu_spin = 1,
		.one_core = 1,
		.migrations = 9,
		.preemptions = 9,
		.mean_ns = 1000,
		.samples = 1,
		.blocks = 1,
		.interval_width = 5,
		.block_spread = 9,
		.drift_ratio = 9,
		.modes = 2,
		.rate_reached = 0,
	};
	struct trust trust;
	char text[TRUST_TEXT_BYTES];

	trust_grade(&facts, &trust);
	CHECK(trust.grade == 'F' && trust.count == TRUST_REASONS_MAX);
	CHECK(strlen(trust_format(&trust, text)) > TRUST_TEXT_BYTES - TRUST_REASON_BYTES);
	CHECK(text[strlen(text) - 1] != ' ' && text[strlen(text) - 1] != ';');
}

static const struct test tests[] = {
	{"trust of a quiet machine", test_good},
	{"trust leaves out what is unknown", test_unknown},
	{"trust rule by rule", test_rules},
	{"trust of words", test_words},
	{"trust asks who else is at work", test_others},
	{"trust of the usual machines", test_usual_machines},
	{"trust weighs disturbances by the latency", test_long_exchanges},
	{"trust names the worst first", test_order},
	{"trust of everything wrong", test_everything},
};

TEST_MAIN(tests)
