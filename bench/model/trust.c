/* SPDX-License-Identifier: MIT */
/*
 * The rules: what is measured, from where on it lowers the grade, and what would
 * help. Thresholds are where the disturbance reaches the size of the differences
 * that people argue about (1, 5, 20, 50 %), or where a figure of the statistics
 * has no meaning any more; each says which.
 */
#include "bench/model/trust.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "bench/text/text.h"

static const char grades[] = "ABCDF";

#define GRADES_BELOW_A 4
#define NEVER ((double)INFINITY)

struct rule {
	size_t fact; /* the offset of a double in struct trust_facts, */
	size_t word; /* or of a string, where judge looks at one; 0: none */
	/* How bad it is, NaN where unknown; NULL: the fact says it. */
	double (*judge)(const struct trust_facts *facts);
	double limits[GRADES_BELOW_A]; /* above them it is a B, C, D, F at best */
	/* The reason: the word, or the fact times scale (0: neither), with text around it. */
	const char *before, *after;
	const char *says, *said; /* the same, of the sentence */
	double scale;
	unsigned digits; /* significant ones */
	bool grave;      /* even as a B: without it the median would be misread */
	const char *advice;
};

static double governor_judge(const struct trust_facts *facts)
{
	if (!facts->governor[0])
		return NAN;
	return strcmp(facts->governor, "performance") != 0;
}

/* Those that user space reads without the kernel (vDSO); those that go to a device's register. */
static double clock_judge(const struct trust_facts *facts)
{
	static const struct {
		const char *name;
		double badness;
	} sources[] = {
		{"tsc", 0},
		{"kvm-clock", 0},
		{"hyperv_clocksource_tsc_page", 0},
		{"arch_sys_counter", 0},
		{"riscv_clocksource", 0},
		{"hpet", 3},
		{"acpi_pm", 3},
		{"jiffies", 4},
	};

	if (!facts->clock_source[0])
		return NAN;
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (strcmp(facts->clock_source, sources[i].name) == 0)
			return sources[i].badness;
	return 1; /* read by a system call, as far as we know */
}

/* NaN stays NaN, unlike with fmin. */
static double at_most(double badness, double most)
{
	return badness > most ? most : badness;
}

/*
 * Below this share of the CPUs at work for others, what waits for a CPU or loses it does
 * so to our own other end: the scheduler likes to wake that where the waker runs. It
 * belongs to an unpinned pair, and lowers the grade by one at most.
 */
#define OTHERS_AT_WORK 0.05

static double stall_judge(const struct trust_facts *facts)
{
	return facts->others_share < OTHERS_AT_WORK ? at_most(facts->stall_share, 0.2) :
						      facts->stall_share;
}

/* What a delay is to a latency: all of it to a short one, little to a long one. */
static double weight(double delay_ns, double mean_ns)
{
	return mean_ns > delay_ns ? delay_ns / mean_ns : 1;
}

/* A migrated thread fetches its caches again: a megabyte or two at a few GB/s. */
#define MIGRATION_NS 1e6

static double migrations_judge(const struct trust_facts *facts)
{
	return facts->migrations * weight(MIGRATION_NS, facts->mean_ns);
}

/* Who takes a CPU keeps it for a slice of the scheduler's at most, about 3 ms. */
#define PREEMPTION_NS 3e6

static double preemptions_judge(const struct trust_facts *facts)
{
	double lost = facts->preemptions * weight(PREEMPTION_NS, facts->mean_ns);

	/* As good as every short exchange hands its CPU over once, on the quietest machine. */
	if (facts->others_share < OTHERS_AT_WORK)
		return 0;
	return isnan(facts->others_share) ? at_most(lost, 0.5) : lost;
}

static double cpus_judge(const struct trust_facts *facts)
{
	return 2 - facts->cpus;
}

static double samples_judge(const struct trust_facts *facts)
{
	return -facts->samples;
}

static double blocks_judge(const struct trust_facts *facts)
{
	return 3 - facts->blocks;
}

/* As bad downwards as upwards. */
static double drift_judge(const struct trust_facts *facts)
{
	return fmax(facts->drift_ratio, 1 / facts->drift_ratio) - 1;
}

static double rate_judge(const struct trust_facts *facts)
{
	return 1 - facts->rate_reached;
}

#define FACT(member) .fact = offsetof(struct trust_facts, member)
#define WORD(member) .word = offsetof(struct trust_facts, member)

static const struct rule rules[] = {
	/*
	 * While a CPU is stolen the clock goes on: that share of the time is in the latencies,
	 * and twice it where one of two CPUs is idle. Up to one in two hundred is the noise of a
	 * virtual machine's bookkeeping.
	 */
	{
		FACT(steal_share),
		.limits = {0.005, 0.02, 0.1, 0.3},
		.before = "steal ",
		.after = " % of the time",
		.scale = 100,
		.digits = 2,
		.says = "The host gave this machine's CPUs to others ",
		.said = " % of the time.",
		.advice = "The host gives this machine's CPUs to others: measure when it is "
			  "quiet, or on hardware of your own.",
	},
	/*
	 * Pressure "some": a task was ready and had no CPU (Documentation/accounting/psi.rst
	 * of the kernel).
	 */
	{
		FACT(stall_share),
		.judge = stall_judge,
		.limits = {0.05, 0.2, 0.5, 0.8},
		.before = "tasks waited for a CPU ",
		.after = " % of the time",
		.scale = 100,
		.digits = 2,
		.says = "Tasks were ready and waited for a CPU ",
		.said = " % of the time.",
		.advice = "More is ready to run than there are CPUs: stop other work, or use "
			  "--pin split with CPUs that isolcpus= keeps free.",
	},
	/* The chance that a thread which wakes finds its CPU taken. */
	{
		FACT(others_share),
		.limits = {0.05, 0.2, 0.5, 0.8},
		.before = "other work on ",
		.after = " % of the CPUs",
		.scale = 100,
		.digits = 2,
		.says = "Other work took ",
		.said = " % of the CPUs.",
		.advice = "Other processes are at work (top shows them): stop them, and keep "
			  "irqbalance and timers away from two CPUs.",
	},
	/* The others let the frequency follow the load, which an end that waits lowers. */
	{
		WORD(governor),
		.judge = governor_judge,
		.limits = {0.5, NEVER, NEVER, NEVER},
		.before = "governor ",
		.says = "The governor is ",
		.said = ": the frequency follows the load.",
		.advice = "`cpupower frequency-set -g performance` keeps the frequency from "
			  "following the load.",
	},
	/* hpet and acpi_pm take about a microsecond a look; jiffies are milliseconds long. */
	{
		WORD(clock_source),
		.judge = clock_judge,
		.limits = {0.5, 1.5, 2.5, 3.5},
		.before = "clock source ",
		.says = "The clock source is ",
		.said = ", which takes long to read.",
		.advice = "The clock is not read from the processor's counter: the kernel's log "
			  "(dmesg) says why, "
			  "/sys/devices/system/clocksource/clocksource0 what else there is.",
	},
	/* Each end's polling takes the time that the other needs, a scheduler's slice at a time. */
	{
		FACT(one_cpu_spin),
		.limits = {0.5, 0.5, 0.5, 0.5},
		.before = "an end polls without a CPU of its own",
		.says = "An end polls without a CPU of its own.",
		.advice = "Polling wants a CPU for each end: --pin split, or --wait block.",
	},
	/* Nothing can overlap, and the runner shares the CPU too. */
	{
		FACT(cpus),
		.judge = cpus_judge,
		.limits = {0.5, 0.5, NEVER, NEVER},
		.before = "one CPU for everything",
		.says = "There is one CPU for everything.",
		.advice = "Give the pair two CPUs: see taskset(1), or the container's limits.",
	},
	/* Two threads of a core share its execution units and its first two caches. */
	{
		FACT(one_core),
		.limits = {0.5, NEVER, NEVER, NEVER},
		.before = "both ends on one core",
		.says = "Both ends share one core.",
		.advice = "The CPUs of --pin split are two threads of one core: choose others "
			  "with taskset(1).",
	},
	/*
	 * From a tenth on the p90 is one of a migrated exchange. No worse: that is what an
	 * unpinned pair is like, in the program that one measures for too.
	 */
	{
		FACT(migrations),
		.judge = migrations_judge,
		.limits = {0.1, NEVER, NEVER, NEVER},
		.after = " migrations an exchange",
		.scale = 1,
		.digits = 2,
		.says = "Threads went to another CPU ",
		.said = " times an exchange.",
		.advice = "--pin split keeps each end on its CPU.",
	},
	/* From a tenth on the p90 is one of a disturbed exchange; from half on the median is. */
	{
		FACT(preemptions),
		.judge = preemptions_judge,
		.limits = {0.1, 0.5, NEVER, NEVER},
		.before = "preempted ",
		.after = " times an exchange",
		.scale = 1,
		.digits = 2,
		.says = "Others took the CPU away ",
		.said = " times an exchange.",
		.advice = "Other threads took the CPU in the middle: stop other work, or use "
			  "--pin split with CPUs that isolcpus= keeps free.",
	},
	/* Below 100 there is no p90, below 30 no shape, below 6 no interval; 1 is an anecdote. */
	{
		FACT(samples),
		.judge = samples_judge,
		.limits = {-100, -30, -6, -2},
		.after = " samples",
		.scale = 1,
		.digits = 1,
		.says = "There are only ",
		.said = " samples.",
		.advice = "Take more: --samples, --budget.",
	},
	/*
	 * One fresh pair is an anecdote of placement and memory, and two have a t of 12.7: from
	 * three blocks on an interval knows how pairs differ (bench/stats/interval.h).
	 */
	{
		FACT(blocks),
		.judge = blocks_judge,
		.limits = {0.5, 1.5, NEVER, NEVER},
		.before = "blocks: ",
		.scale = 1,
		.digits = 1,
		.says = "It has ",
		.said = " of the 3 blocks that it takes to see how pairs differ.",
		.advice = "Let it run to its end, with --blocks 3 or more.",
	},
	/* Differences smaller than the interval cannot be seen. */
	{
		FACT(interval_width),
		.limits = {0.05, 0.1, 0.3, 1},
		.before = "interval ",
		.after = " % of the median wide",
		.scale = 100,
		.digits = 2,
		.says = "The interval of the median is ",
		.said = " % of it wide.",
		.advice = "Take more: --samples, --budget, --blocks.",
	},
	/* What a fresh pair changes: no number of samples in one block shows it. */
	{
		FACT(block_spread),
		.limits = {0.1, 0.3, 1, 3},
		.before = "blocks ",
		.after = " % apart",
		.scale = 100,
		.digits = 2,
		.says = "The medians of its blocks lie ",
		.said = " % apart.",
		.advice = "Each pair is another: more --blocks, and --pin split, so that all are "
			  "placed alike.",
	},
	/* A median over a drift depends on how long one measured. */
	{
		FACT(drift_ratio),
		.judge = drift_judge,
		.limits = {0.1, 0.3, 1, 3},
		.before = "drifts to ",
		.after = " times its start",
		.scale = 1,
		.digits = 3,
		.grave = true,
		.says = "It drifted to ",
		.said = " times its start.",
		.advice = "It had not settled, or the machine heats up: longer --warmup, more "
			  "--blocks, shorter runs.",
	},
	/* The median lies in one of them and says nothing of the other. */
	{
		FACT(modes),
		.limits = {1.5, NEVER, NEVER, NEVER},
		.before = "two humps",
		.grave = true,
		.says = "It has two humps, and the median lies in one of them.",
		.advice = "The median hides one of them: look at the histogram, and try --pin "
			  "split.",
	},
	/* The load that was measured is not the load that was asked for. */
	{
		FACT(rate_reached),
		.judge = rate_judge,
		.limits = {0.01, 0.05, 0.2, 0.5},
		.before = "reached ",
		.after = " % of the rate",
		.scale = 100,
		.digits = 3,
		.says = "It reached ",
		.said = " % of the rate that was asked for.",
		.advice = "The transport cannot keep up: a lower --rate, or more --clients.",
	},
};

#define RULES (sizeof(rules) / sizeof(rules[0]))
_Static_assert(RULES <= TRUST_REASONS_MAX, "every rule may be a reason");

struct trust_facts trust_facts_unknown(void)
{
	return (struct trust_facts){
		.steal_share = NAN,
		.stall_share = NAN,
		.others_share = NAN,
		.governor = "",
		.clock_source = "",
		.cpus = NAN,
		.one_cpu_spin = NAN,
		.one_core = NAN,
		.migrations = NAN,
		.preemptions = NAN,
		.mean_ns = NAN,
		.samples = NAN,
		.blocks = NAN,
		.interval_width = NAN,
		.block_spread = NAN,
		.drift_ratio = NAN,
		.modes = NAN,
		.rate_reached = NAN,
	};
}

static double fact_of(const struct rule *rule, const struct trust_facts *facts)
{
	double fact;

	memcpy(&fact, (const char *)facts + rule->fact, sizeof(fact));
	return fact;
}

static const char *word_of(const struct rule *rule, const struct trust_facts *facts)
{
	const char *word;

	memcpy(&word, (const char *)facts + rule->word, sizeof(word));
	return word;
}

/* How far below A: 0 to GRADES_BELOW_A. */
static size_t rule_grade(const struct rule *rule, double badness)
{
	size_t grade = 0;

	while (grade < GRADES_BELOW_A && badness > rule->limits[grade])
		grade++;
	return grade;
}

static void rule_say(const struct rule *rule, const struct trust_facts *facts,
		     struct trust_reason *reason)
{
	char figure[TRUST_REASON_BYTES / 2] = "";

	_Static_assert(sizeof(figure) >= TEXT_NUMBER_BYTES, "a number is a figure");
	if (rule->word)
		text_clean(figure, sizeof(figure), word_of(rule, facts));
	else if (rule->scale > 0)
		text_significant(rule->scale * fact_of(rule, facts), rule->digits, figure);
	(void)snprintf(reason->text, sizeof(reason->text), "%s%s%s",
		       rule->before ? rule->before : "", figure, rule->after ? rule->after : "");
	(void)snprintf(reason->sentence, sizeof(reason->sentence), "%s%s%s", rule->says, figure,
		       rule->said ? rule->said : "");
}

/* Puts a reason behind those that are as bad. */
static struct trust_reason *reason_insert(struct trust *trust, char grade)
{
	size_t place = trust->count++;

	for (; place > 0 && trust->reasons[place - 1].grade < grade; place--)
		trust->reasons[place] = trust->reasons[place - 1];
	trust->reasons[place].grade = grade;
	return &trust->reasons[place];
}

void trust_grade(const struct trust_facts *facts, struct trust *out)
{
	*out = (struct trust){0};
	for (size_t i = 0; i < RULES; i++) {
		const struct rule *rule = &rules[i];
		double badness = rule->judge ? rule->judge(facts) : fact_of(rule, facts);
		size_t grade = rule_grade(rule, badness);
		struct trust_reason *reason;

		if (isnan(badness))
			continue;
		if (grades[grade] > out->grade)
			out->grade = grades[grade];
		if (grade == 0)
			continue;
		reason = reason_insert(out, grades[grade]);
		reason->grave = rule->grave || grades[grade] >= 'C';
		reason->advice = rule->advice;
		rule_say(rule, facts, reason);
	}
}

/* Adds one more, if it fits. Returns the bytes used then. */
static size_t text_add(char text[TRUST_TEXT_BYTES], size_t used, const char *between,
		       const char *more)
{
	size_t need = strlen(more) + (used ? strlen(between) : 0);

	if (used + need >= TRUST_TEXT_BYTES)
		return used;
	(void)snprintf(text + used, TRUST_TEXT_BYTES - used, "%s%s", used ? between : "", more);
	return used + need;
}

char *trust_format(const struct trust *trust, char text[TRUST_TEXT_BYTES])
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < trust->count; i++)
		used = text_add(text, used, "; ", trust->reasons[i].text);
	return text;
}

char *trust_says(const struct trust *trust, bool all, char text[TRUST_TEXT_BYTES])
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < trust->count; i++)
		if (all || trust->reasons[i].grave)
			used = text_add(text, used, " ", trust->reasons[i].sentence);
	return text;
}
