/* SPDX-License-Identifier: MIT */
/*
 * Two results compared: the join, the interval of a ratio against its formula, the
 * verdicts, and the table and CSV against tests/golden/ (GOLDEN_UPDATE=1 rewrites them).
 */
#include <stdint.h>

#include "bench/report/diff_export.h"
#include "bench/stats/interval.h"
#include "bench/stats/middle.h"
#include "bench/stats/moments.h"
#include "bench/text/text.h"
#include "tests/support/noise.h"
#include "tests/support/test.h"

#define TEXT_BYTES 20000

/* The columns that a row() has; the last four are the facts. */
#define HEADER \
	"run_id,transport,shape,dtype,source,memory,pages,wait,pin,clients,rate,state,reason," \
	"p50_ns,p50_ci_low_ns,p50_ci_high_ns,ipctop_version,host,kernel,cpu\r\n"
#define ROW(transport, shape, memory, state, figures) \
	"r," transport "," shape ",float64,ready," memory ",small,block,none,1,," state \
	"," figures ",0.1.0,lab,Linux 6,cpu\r\n"
#define DONE(transport, figures) ROW(transport, "2x3", "reused", "done,", figures)

static struct csv csvs[2];
static struct diff diff;
static struct err err;

static int compare(const char *a, const char *b)
{
	const char *const texts[] = {a, b};

	diff_fini(&diff);
	err_clear(&err);
	for (size_t i = 0; i < 2; i++) {
		csv_fini(&csvs[i]);
		if (csv_parse(&csvs[i], texts[i], strlen(texts[i]), &err) != 0)
			return -1;
	}
	return diff_make(&diff, &csvs[0], &csvs[1], &err);
}

static const struct {
	const char *a, *b; /* median and interval, from ranks: files of old */
	enum diff_verdict verdict;
	const char *why;
} judged[] = {
	{"1000,990,1010", "3000,2900,3100", DIFF_SLOWER, ""},
	{"1000,990,1010", "300,290,310", DIFF_FASTER, ""},
	{"1000,990,1010", "1100,1090,1110", DIFF_UNDECIDED,
	 "no reference, and below a factor of 2"},
	{"1000,990,1010", "2010,1990,2040", DIFF_UNDECIDED,
	 "no reference, and below a factor of 2"},
	{"1000,990,1010", "510,500,520", DIFF_UNDECIDED, "no reference, and below a factor of 2"},
	{"1000,990,1010", "1010,1000,1020", DIFF_UNDECIDED, ""},
	{"1000,900,1100", "1130,1010,1150", DIFF_UNDECIDED, "the interval holds 1"},
	{"1000,1000,1000", "1000,1000,1000", DIFF_UNDECIDED,
	 "no reference, and below a factor of 2"},
	{"1000,,", "1100,1090,1110", DIFF_INCOMPARABLE, "A has too few samples for an interval"},
	{"1000,990,1010", ",,", DIFF_INCOMPARABLE, "B has no median"},
	{"0,0,0", "1000,990,1010", DIFF_INCOMPARABLE, "A has no median"},
	{"-5,-6,-4", "nan,inf,x", DIFF_INCOMPARABLE, "A has no median; B has no median"},
	{"1000,1001,1010", "1000,990,1010", DIFF_INCOMPARABLE,
	 "A has an interval without its median"},
};

static void test_verdicts(void)
{
	for (size_t i = 0; i < sizeof(judged) / sizeof(judged[0]); i++) {
		char a[1000];
		char b[1000];
		char why[DIFF_TEXT_BYTES];

		(void)snprintf(a, sizeof(a), HEADER DONE("t", "%s"), judged[i].a);
		(void)snprintf(b, sizeof(b), HEADER DONE("t", "%s"), judged[i].b);
		CHECK_MSG(compare(a, b) == 0, "%s", err.message);
		CHECK(diff.count == 1);
		CHECK_MSG(diff.rows[0].verdict == judged[i].verdict, "%zu: %s", i,
			  diff_verdict_names[diff.rows[0].verdict]);
		CHECK(diff.verdicts[judged[i].verdict] == 1);
		if (*judged[i].why || judged[i].verdict != DIFF_UNDECIDED)
			CHECK_STR(diff_why(&diff.rows[0], why), judged[i].why);
	}
}

static struct diff_cell cell_make(double p50_ns, double low_ns, double high_ns)
{
	return (struct diff_cell){
		.state = "done",
		.reason = "",
		.governor = "",
		.p50_ns = {p50_ns, low_ns, high_ns},
		.reference = {NAN, NAN, NAN},
		.blocks = NAN,
		.block_range = NAN,
		.steal_share = NAN,
		.others_share = NAN,
	};
}

/*
 * Worked out apart: sqrt(ln²(1.1) + ln²(1.2)) = 0.205731,
 * sqrt(ln²(1.25) + ln²(1.05)) = 0.228415.
 */
/* The reference that a run's cells were measured beside is no cell. */
static void test_reference(void)
{
	CHECK(compare(HEADER DONE("unix+bytes", "1000,990,1010") DONE("reference", "10,9,11"),
		      HEADER DONE("unix+bytes", "1000,990,1010") DONE("reference", "99,98,99")) ==
	      0);
	CHECK(diff.count == 1);
	CHECK_STR(diff_row_cell(&diff.rows[0])->keys[DIFF_TRANSPORT], "unix+bytes");
}

static void test_interval(void)
{
	const struct diff_cell a = cell_make(1050, 1000, 1260);
	const struct diff_cell b = cell_make(2100, 2100 / 1.1, 2625);
	struct diff_row row = {.a = &a, .b = &b};
	struct diff_row back = {.a = &b, .b = &a};

	diff_judge(&row);
	CHECK(fabs(row.ratio.value - 2) < 1e-12);
	CHECK_MSG(fabs(row.ratio.low - 2 * exp(-0.205731)) < 1e-5, "%.9f", row.ratio.low);
	CHECK_MSG(fabs(row.ratio.high - 2 * exp(0.228415)) < 1e-5, "%.9f", row.ratio.high);
	diff_judge(&back); /* the other way round is the inverse */
	CHECK(fabs(row.ratio.low * back.ratio.high - 1) < 1e-12 &&
	      fabs(row.ratio.high * back.ratio.low - 1) < 1e-12);
}

static void test_slower_by(void)
{
	struct diff_row row = {
		.verdict = DIFF_SLOWER,
		.ratio = {3, 2.5, 4},
		.referenced = {NAN, NAN, NAN},
	};

	CHECK(diff_is_slower_by(&row, 0) && diff_is_slower_by(&row, 149));
	CHECK(!diff_is_slower_by(&row, 151));
	row.referenced = (struct diff_interval){1.1, 1.05, 1.2}; /* decides */
	CHECK(diff_is_slower_by(&row, 4.9) && !diff_is_slower_by(&row, 5.1));
	row.verdict = DIFF_UNDECIDED;
	CHECK(!diff_is_slower_by(&row, 0));
	row = (struct diff_row){.verdict = DIFF_ONLY_A, .ratio = {NAN, NAN, NAN}};
	CHECK(!diff_is_slower_by(&row, 0));
}

/*
 * Worked out apart, for three and five blocks: s = ln(1.06) / 1.9115 and
 * ln(1.1) / 2.4812; v = s²/3 + s²/5 = 6.0486e-4; F = 5.1387, t(F) = 2.5498,
 * half = 0.062710.
 */
static void test_range_of_blocks(void)
{
	struct diff_cell a = cell_make(1000, 990, 1010);
	struct diff_cell b = cell_make(1030, 1029, 1031);
	struct diff_row row = {.a = &a, .b = &b};

	a.blocks = 3;
	a.block_range = log(1.06);
	b.blocks = 5;
	b.block_range = log(1.1);
	diff_judge(&row);
	CHECK_MSG(fabs(log(row.ratio.high / row.ratio.value) - 0.062710) < 1e-5, "%.9f",
		  log(row.ratio.high / row.ratio.value));
	CHECK(fabs(row.ratio.low * row.ratio.high - row.ratio.value * row.ratio.value) < 1e-9);
	b.p50_ns.low = 900; /* the samples say less than the blocks: they decide, downwards */
	diff_judge(&row);
	CHECK(log(row.ratio.value / row.ratio.low) > 0.13 &&
	      log(row.ratio.high / row.ratio.value) < 0.063);
	b.p50_ns.low = 1029;
	b.blocks = 1;
	b.block_range = NAN; /* nothing is known of one side: as without the columns */
	diff_judge(&row);
	CHECK(log(row.ratio.high / row.ratio.value) < 0.011);
}

/*
 * Of five blocks each, by p50_ci_*: half intervals of ln 1.02 and ln 1.03 are 2.776445 standard
 * errors, 0.0071324 and 0.0106463; v = 1.64215e-4, F = 6.9893, t(F) = 2.3654, half 0.030312.
 */
static void test_interval_of_blocks(void)
{
	struct diff_cell a = cell_make(1500, 1000 / 1.02, 1000 * 1.02); /* need not hold p50 */
	struct diff_cell b = cell_make(1500, 1200 / 1.03, 1200 * 1.03);
	struct diff_row row = {.a = &a, .b = &b};
	char why[DIFF_TEXT_BYTES];

	a.from_blocks = b.from_blocks = true;
	a.blocks = b.blocks = 5;
	diff_judge(&row);
	CHECK(row.ratio.value == 1 && row.verdict == DIFF_UNDECIDED);
	CHECK_MSG(fabs(log(row.ratio.high / 1.2) - 0.030312) < 1e-4, "%.6f",
		  log(row.ratio.high / 1.2));
	CHECK(fabs(row.ratio.low * row.ratio.high - 1.44) < 1e-9);
	a.from_blocks = false; /* ranks alone: never mixed */
	a.p50_ns = (struct diff_interval){1000, 990, 1010};
	diff_judge(&row);
	CHECK(isnan(row.ratio.low) && row.verdict == DIFF_UNDECIDED);
	CHECK_STR(diff_why(&row, why), "the interval of A is from ranks, of B from blocks");
	a.block_range = log(1.04); /* but this is of blocks */
	diff_judge(&row);
	CHECK(row.ratio.low > 1 && row.cause == DIFF_CAUSE_STATE);
}

/* With a reference in both files that ratio decides, and the medians' stands beside it. */
static void test_referenced(void)
{
	struct diff_cell a = cell_make(1000, 990, 1010);
	struct diff_cell b = cell_make(1500, 1490, 1510);
	struct diff_row row = {.a = &a, .b = &b};

	a.from_blocks = b.from_blocks = true;
	a.blocks = b.blocks = 12;
	a.reference = (struct diff_interval){2, 1.99, 2.01};
	b.reference = (struct diff_interval){2, 1.99, 2.01};
	diff_judge(&row);
	CHECK(diff_is_referenced(&row) && row.verdict == DIFF_SAME && row.cause == DIFF_CAUSE_NONE);
	CHECK(diff_disagrees(&row)); /* by the medians it is 1.5 */
	b.reference = (struct diff_interval){3, 2.9, 3.1};
	diff_judge(&row);
	CHECK(row.verdict == DIFF_SLOWER && !diff_disagrees(&row));
	CHECK(diff_is_slower_by(&row, 40) && !diff_is_slower_by(&row, 50));
	b.reference = (struct diff_interval){1.5, 1.4, 1.6};
	diff_judge(&row);
	CHECK(row.verdict == DIFF_FASTER && diff_disagrees(&row));
	b.reference = (struct diff_interval){2.05, 1.9, 2.2};
	diff_judge(&row);
	CHECK(row.verdict == DIFF_UNDECIDED && row.cause == DIFF_CAUSE_FEW);
	b.reference = (struct diff_interval){3, NAN, NAN}; /* two rounds have none */
	diff_judge(&row);
	CHECK(!diff_is_referenced(&row) && row.cause == DIFF_CAUSE_STATE);
}

/* What the machine's other work can explain is no verdict; what it cannot, is. */
static void test_busier(void)
{
	struct diff_cell a = cell_make(1000, 990, 1010);
	struct diff_cell b = cell_make(1150, 1140, 1160);
	struct diff_row row = {.a = &a, .b = &b};
	char why[DIFF_TEXT_BYTES];

	a.from_blocks = b.from_blocks = true;
	a.blocks = b.blocks = 12;
	a.reference = (struct diff_interval){2, 1.99, 2.01};
	b.reference = (struct diff_interval){2.3, 2.29, 2.31};
	a.steal_share = a.others_share = 0.01;
	b.steal_share = 0.04;
	b.others_share = 0.2; /* 22 % more: sqrt(1 / (1 - 0.44)) is 1.34 */
	diff_judge(&row);
	CHECK(row.verdict == DIFF_UNDECIDED && row.cause == DIFF_CAUSE_BUSIER_B);
	CHECK_STR(diff_why(&row, why),
		  "the machine was busier in B: steal and other work 2.0 % in A, 24 % in B");
	b.others_share = 0.05; /* 7 % more: 1.08 */
	diff_judge(&row);
	CHECK(row.verdict == DIFF_SLOWER);
	b.others_share = 0.2;
	b.reference = (struct diff_interval){1.7, 1.69, 1.71}; /* faster, though it was busier */
	diff_judge(&row);
	CHECK(row.verdict == DIFF_FASTER);
	row = (struct diff_row){.a = &b, .b = &a}; /* slower, though it was not */
	diff_judge(&row);
	CHECK(row.verdict == DIFF_SLOWER);
	b.reference = (struct diff_interval){2.3, 2.29, 2.31};
	diff_judge(&row);
	CHECK(row.cause == DIFF_CAUSE_BUSIER_A);
	CHECK(strstr(diff_why(&row, why), "busier in A"));
	b.steal_share = NAN; /* not known: it explains nothing */
	diff_judge(&row);
	CHECK(row.verdict == DIFF_FASTER);
}

static void test_governor(void)
{
	struct diff_cell a = cell_make(1000, 990, 1010);
	struct diff_cell b = cell_make(3000, 2990, 3010);
	struct diff_row row = {.a = &a, .b = &b};
	char why[DIFF_TEXT_BYTES];

	diff_judge(&row);
	CHECK(row.verdict == DIFF_SLOWER);
	a.governor = "performance";
	diff_judge(&row);
	CHECK(row.verdict == DIFF_SLOWER);
	b.governor = "powersave";
	diff_judge(&row);
	CHECK(row.verdict == DIFF_UNDECIDED);
	CHECK_STR(diff_why(&row, why), "the governor is performance in A, powersave in B");
}

#define SEEDS 1000
#define BLOCKS 12

/* A run: a state of the machine that no other run has, and that walks on from block to block. */
static struct diff_cell draw_run(uint64_t *seed, double median_ns)
{
	double state = 0.25 * noise_normal(seed);
	struct moments medians = {0};
	double ratios[BLOCKS];
	struct diff_cell cell = cell_make(0, 0, 0);
	struct interval interval;

	for (size_t i = 0; i < BLOCKS; i++) {
		double reference, median;

		state += 0.05 * noise_normal(seed);
		reference = state + 0.05 * noise_normal(seed);
		state += 0.05 * noise_normal(seed);
		median = log(median_ns) + state + 0.05 * noise_normal(seed);
		moments_add(&medians, median);
		ratios[i] = exp(median - reference);
	}
	interval = interval_of_logs(&medians, 0.0005);
	cell.from_blocks = true;
	cell.blocks = BLOCKS;
	cell.p50_ns = (struct diff_interval){interval.middle, interval.low, interval.high};
	interval = middle_of(ratios, BLOCKS, 0.001);
	cell.reference = (struct diff_interval){interval.middle, interval.low, interval.high};
	return cell;
}

/* Of SEEDS comparisons, by verdict; and how often the medians' interval would have held none. */
struct outcomes {
	size_t verdicts[DIFF_VERDICTS];
	size_t medians_apart;
};

static struct outcomes draw_outcomes(double factor, bool referenced)
{
	struct outcomes outcomes = {0};

	for (uint64_t i = 0; i < SEEDS; i++) {
		uint64_t seed = i;
		struct diff_cell a = draw_run(&seed, 1000);
		struct diff_cell b = draw_run(&seed, 1000 * factor);
		struct diff_row row = {.a = &a, .b = &b};

		if (!referenced)
			a.reference = (struct diff_interval){NAN, NAN, NAN};
		diff_judge(&row);
		outcomes.verdicts[row.verdict]++;
		outcomes.medians_apart += row.ratio.low > 1 || row.ratio.high < 1;
	}
	return outcomes;
}

/*
 * Two runs of the same: with the reference at most one in twenty comes out faster or slower,
 * where the medians' own intervals lie apart in every second; and without it none does.
 */
static void test_runs(void)
{
	struct outcomes equal = draw_outcomes(1, true);
	struct outcomes alone = draw_outcomes(1, false);
	struct outcomes slower = draw_outcomes(1.2, true);
	size_t wrong = equal.verdicts[DIFF_FASTER] + equal.verdicts[DIFF_SLOWER];

	CHECK_MSG(wrong <= SEEDS * 5 / 100, "%zu of %d", wrong, SEEDS);
	CHECK_MSG(equal.medians_apart > SEEDS / 2, "%zu", equal.medians_apart);
	wrong = alone.verdicts[DIFF_FASTER] + alone.verdicts[DIFF_SLOWER];
	CHECK_MSG(wrong <= SEEDS * 5 / 100 && alone.verdicts[DIFF_SAME] == 0, "%zu", wrong);
	CHECK_MSG(slower.verdicts[DIFF_SLOWER] > SEEDS * 9 / 10, "%zu",
		  slower.verdicts[DIFF_SLOWER]);
	CHECK(slower.verdicts[DIFF_FASTER] == 0);
}

static void test_lost(void)
{
	static const struct {
		const char *a, *b;
		bool lost;
	} cases[] = {
		{"done,", "done,", false},   {"done,", "failed,", true},
		{"done,", "wrong,", true},   {"done,", "skipped,no memory", true},
		{"failed,", "done,", false}, {"failed,", "failed,", false},
	};
	char a[1000];
	char b[1000];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(a, sizeof(a), HEADER ROW("t", "2x3", "reused", "%s", "1,1,1"),
			       cases[i].a);
		(void)snprintf(b, sizeof(b), HEADER ROW("t", "2x3", "reused", "%s", "1,1,1"),
			       cases[i].b);
		CHECK(compare(a, b) == 0 && diff.count == 1);
		CHECK_MSG(diff_is_lost(&diff.rows[0]) == cases[i].lost, "%s", cases[i].b);
	}
	CHECK(compare(HEADER DONE("t", "1,1,1"), HEADER DONE("u", "1,1,1")) == 0);
	CHECK(diff_is_lost(&diff.rows[0]) && !diff_is_lost(&diff.rows[1]));
}

/* What a spreadsheet has made of a file is the same cells: 1000.00 is 1000 there, 0.50 is 0,5. */
static void test_spreadsheet(void)
{
	CHECK_MSG(compare("transport,shape,state,p50_ns,p50_ci_low_ns,p50_ci_high_ns,rate,load\r\n"
			  "t,2,done,1000.5,990,1010,1000.00,\r\n"
			  "t,2,done,2.59e11,258000000000,260000000000,7.00,0.50\r\n",
			  "transport;shape;state;p50_ns;p50_ci_low_ns;p50_ci_high_ns;rate;load\r"
			  "t;2;done;2001;1980,5;2E+03;1000;\r"
			  "t;2;done;2,59E+11;2,58E+11;2,6E+11;6,9;0,5\r"
			  ";;;;;;;\r") == 0, "%s", err.message);
	CHECK(diff.count == 2 && diff.verdicts[DIFF_UNDECIDED] == 1);
	CHECK(diff.verdicts[DIFF_INCOMPARABLE] == 1); /* 2E+03 is less than its median */
	CHECK(fabs(diff.rows[0].ratio.value - 2001 / 1000.5) < 1e-12);
	CHECK(diff.rows[1].ratio.value == 1);
}

/* The steps of a sweep are told by their share of the load, since their rates move. */
static void test_sweeps(void)
{
#define SWEEP "transport,shape,state,p50_ns,p50_ci_low_ns,p50_ci_high_ns,rate,load\r\n"
	CHECK(compare(SWEEP "t,2x3,done,10,9,11,,\r\nt,2x3,done,20,19,21,500,0.5\r\n"
			    "t,2x3,done,30,29,31,900,0.9\r\n",
		      SWEEP "t,2x3,done,10,9,11,,\r\nt,2x3,done,50,49,51,450,0.5\r\n"
			    "t,2x3,done,30,29,31,500,\r\n") == 0);
	CHECK(diff.count == 4 && diff.verdicts[DIFF_UNDECIDED] == 1 &&
	      diff.verdicts[DIFF_SLOWER] == 1 && diff.verdicts[DIFF_ONLY_A] == 1 &&
	      diff.verdicts[DIFF_ONLY_B] == 1);
	/* A file that does not know the loads has the rates still. */
	CHECK(compare(SWEEP "t,2x3,done,20,19,21,500,0.5\r\n",
		      "transport,shape,state,p50_ns,p50_ci_low_ns,p50_ci_high_ns,rate\r\n"
		      "t,2x3,done,20,19,21,500\r\n") == 0);
	CHECK(diff.count == 1 && diff.verdicts[DIFF_UNDECIDED] == 1);
}

/* The last row of a cell counts; the order of the files' rows does not matter to the join. */
static void test_repeats(void)
{
	CHECK(compare(HEADER DONE("t", "1,1,1") DONE("u", "7,7,7") DONE("t", "2,2,2"),
		      HEADER DONE("u", "14,14,14") DONE("t", "6,6,6")) == 0);
	CHECK(diff.count == 2 && diff.sides[0].repeats == 1 && diff.sides[1].repeats == 0);
	CHECK_STR(diff.rows[0].a->keys[DIFF_TRANSPORT], "u");
	CHECK(diff.rows[0].ratio.value == 2 && diff.rows[1].ratio.value == 3);
}

static void test_every_key_counts(void)
{
	static const char *const others[] = {
		"r,t,2x4,float64,ready,reused,small,block,none,1,,",
		"r,t,2x3,int8,ready,reused,small,block,none,1,,",
		"r,t,2x3,float64,fresh,reused,small,block,none,1,,",
		"r,t,2x3,float64,ready,fresh,small,block,none,1,,",
		"r,t,2x3,float64,ready,reused,huge,block,none,1,,",
		"r,t,2x3,float64,ready,reused,small,spin,none,1,,",
		"r,t,2x3,float64,ready,reused,small,block,same,1,,",
		"r,t,2x3,float64,ready,reused,small,block,none,2,,",
		"r,t,2x3,float64,ready,reused,small,block,none,1,100,",
		"r,u,2x3,float64,ready,reused,small,block,none,1,,",
	};
	static const enum diff_key keys[] = {
		DIFF_SHAPE, DIFF_DTYPE, DIFF_SOURCE,  DIFF_MEMORY, DIFF_PAGES,
		DIFF_WAIT,  DIFF_PIN,   DIFF_CLIENTS, DIFF_RATE,   DIFF_TRANSPORT,
	};
	char text[DIFF_TEXT_BYTES];
	char b[1000];

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		(void)snprintf(b, sizeof(b), HEADER "%sdone,,1,1,1,0.1.0,lab,Linux 6,cpu\r\n",
			       others[i]);
		CHECK(compare(HEADER DONE("t", "1,1,1"), b) == 0);
		CHECK_MSG(diff.count == 2 && diff.verdicts[DIFF_ONLY_A] == 1 &&
				  diff.verdicts[DIFF_ONLY_B] == 1,
			  "%s", others[i]);
		CHECK(diff_key_disjoint(&diff, keys[i], text));
	}
	CHECK_STR(text, "transport: t in A, u in B");
	CHECK(!diff_key_disjoint(&diff, DIFF_SHAPE, text));
}

#define WAYS_HEADER \
	"transport,shape,dtype,state,p50_ns,p50_ci_low_ns,p50_ci_high_ns,direction," \
	"request_shape,request_dtype\r\n"
#define WAYS(direction, request) "t,2x3,float64,done,100,99,101," direction "," request "\r\n"

/* Push and pull are two cells, as are two requests of both; what no column tells is pull. */
static void test_directions(void)
{
	char text[DIFF_TEXT_BYTES];

	CHECK(compare(WAYS_HEADER WAYS("push", "2x3,float64") WAYS("both", "5,float64"),
		      WAYS_HEADER WAYS("pull", ",") WAYS("both", "2x3,float64")) == 0);
	CHECK(diff.verdicts[DIFF_ONLY_A] == 2 && diff.verdicts[DIFF_ONLY_B] == 2);
	CHECK(diff_key_disjoint(&diff, DIFF_REQUEST_SHAPE, text) == NULL);
	CHECK(compare(WAYS_HEADER WAYS("push", "2x3,float64") WAYS("pull", ","),
		      "transport,shape,dtype,state,p50_ns,p50_ci_low_ns,p50_ci_high_ns\r\n"
		      "t,2x3,float64,done,100,99,101\r\n") == 0);
	CHECK(diff.count == 2 && diff.verdicts[DIFF_ONLY_A] == 1);
	CHECK(diff.verdicts[DIFF_ONLY_B] == 0);
	CHECK(compare(WAYS_HEADER WAYS("push", "2x3,float64"),
		      WAYS_HEADER WAYS("push", "2x3,float64")) == 0);
	CHECK(diff.count == 1 && !diff.verdicts[DIFF_ONLY_A] && !diff.verdicts[DIFF_ONLY_B]);
}

/* A file of another version: columns elsewhere, more of them, and fewer. */
static void test_other_columns(void)
{
	CHECK(compare(HEADER DONE("t", "1000,990,1010"),
		      "new,p50_ns,state,p50_ci_high_ns,p50_ci_low_ns,shape,transport\n"
		      "?,3000,done,3010,2990,2x3,t\n") == 0);
	CHECK(diff.count == 1 && diff.rows[0].verdict == DIFF_SLOWER &&
	      diff.rows[0].ratio.value == 3);
	CHECK(compare("transport,shape,state\nt,2x3,done\n", HEADER) == -1);
	CHECK_MSG(strstr(err.message, "A has no column \"p50_ns\""), "\"%s\"", err.message);
}

static void test_facts(void)
{
	char text[DIFF_TEXT_BYTES];

	CHECK(compare(HEADER DONE("t", "1,1,1"), HEADER DONE("t", "1,1,1")) == 0);
	for (enum diff_fact i = 0; i < DIFF_FACTS; i++)
		CHECK(!diff_fact_differs(&diff, i, text));
	CHECK(compare(HEADER DONE("t", "1,1,1"),
		      HEADER "r,t,2x3,float64,ready,reused,small,block,none,1,,done,,1,1,1,0.2.0,"
			     "desk,Linux 6,\r\n" DONE("u", "1,1,1")) == 0);
	CHECK(diff_fact_differs(&diff, DIFF_HOST, text));
	CHECK_STR(text, "another machine: lab in A, desk and 1 more in B");
	CHECK(diff_fact_differs(&diff, DIFF_CPU, text));
	CHECK_STR(text, "another processor: cpu in A, unknown and 1 more in B");
	CHECK(diff_fact_differs(&diff, DIFF_VERSION, text));
	CHECK(!diff_fact_differs(&diff, DIFF_KERNEL, text));
}

static char output[TEXT_BYTES];
static char golden[TEXT_BYTES];
static const char *const paths[] = {"before.csv", "after\x1b[2J.csv"};

static const char before[] = HEADER ROW("ws+shm", "1x3x224x224", "reused", "done,",
					"105000,103000,107000")
	ROW("unix+bytes", "1x3x224x224", "reused", "done,", "198000,196000,200000")
		ROW("http+json", "1x3x224x224", "reused", "done,", "3270000,3200000,3300000")
			ROW("tcp+bytes", "1x3x224x224", "reused", "done,", "230000,229000,231000")
				ROW("mp+pickle", "1x3x224x224", "reused", "skipped,no memory", ",,")
					ROW("ws+shm", "64x1024", "fresh", "done,",
					    "50000,49900,50100") ROW("ws+shm", "64x1024", "fresh",
								     "done,", "60000,59900,60100");
static const char after[] = HEADER ROW("http+json", "1x3x224x224", "reused", "done,",
				       "3290000,3210000,3350000") ROW("unix+bytes", "1x3x224x224",
								      "reused", "done,",
								      "190000,189000,191000")
	ROW("ws+shm", "1x3x224x224", "reused", "done,", "150000,145000,152000") ROW(
		"tcp+bytes", "1x3x224x224", "reused",
		"failed,\"'=the server\x1b[31m hung up in the middle of the reply, too early\"",
		",,") ROW("mp+pickle", "1x3x224x224", "reused", "done,",
			  "400000,390000,410000") "r,lws+bytes,1x3x224x224,float64,ready,reused,"
						  "small,block,none,1,,done,,900000,,,"
						  "0.2.0,\"desk\x1b]0;x\x07\",Linux 6,cpu\r\n" ROW(
							  "ws+shm", "64x1024", "reused", "done,",
							  "600000,590000,610000");

static bool file_read(const char *path, char *text)
{
	FILE *file = fopen(path, "r");
	size_t bytes;

	if (!file)
		return false;
	bytes = fread(text, 1, TEXT_BYTES - 1, file);
	text[bytes] = '\0';
	return fclose(file) == 0;
}

static void golden_check(const char *name)
{
	char path[100];
	FILE *file;

	(void)snprintf(path, sizeof(path), "tests/golden/%s", name);
	if (getenv("GOLDEN_UPDATE") && (file = fopen(path, "w"))) {
		(void)fputs(output, file);
		(void)fclose(file);
	}
	CHECK_MSG(file_read(path, golden), "no file %s: run from the top of the tree", path);
	CHECK_MSG(strcmp(output, golden) == 0, "%s differs; it is now:\n%s", path, output);
}

static int table_write(struct table_style style)
{
	FILE *file = fmemopen(output, sizeof(output), "w");
	int status = file ? diff_table(&diff, paths, &style, file, &err) : -1;

	return file && fclose(file) == 0 ? status : -1;
}

static void table_check(struct table_style style, const char *name)
{
	CHECK(compare(before, after) == 0 && table_write(style) == 0);
	golden_check(name);
}

static void test_table_wide(void)
{
	table_check((struct table_style){0}, "diff_wide.txt");
}

static void test_table_80(void)
{
	table_check((struct table_style){.columns = 80, .ascii = true}, "diff_80_ascii.txt");
}

static void test_table_50(void)
{
	table_check((struct table_style){.columns = 50}, "diff_50.txt");
}

static void test_table_color(void)
{
	table_check((struct table_style){.columns = 100, .color = true}, "diff_color.txt");
}

#define REFERENCED_HEADER \
	"transport,shape,dtype,state,p50_ns,p50_ci_low_ns,p50_ci_high_ns,p50_ci_from,blocks," \
	"reference_ratio,reference_ratio_low,reference_ratio_high,steal_share,others_share\r\n"
/* The state of the machine moves both runs' medians, but not the referenced ratios. */
static const struct {
	const char *transport, *figures[2];
} referenced[] = {
	{"ws+shm",
	 {"105000,103000,107000,blocks,12,1.15,1.14,1.16",
	  "147000,145000,149000,blocks,12,1.15,1.14,1.16"}},
	{"unix+bytes",
	 {"198000,196000,200000,blocks,12,2.17,2.15,2.19",
	  "360000,350000,370000,blocks,12,2.82,2.79,2.85"}},
	{"http+json",
	 {"3270000,3200000,3300000,blocks,12,35.8,35.1,36.5",
	  "4600000,4400000,4800000,blocks,12,36.2,34.9,37.6"}},
	{"tcp+bytes",
	 {"230000,229000,231000,blocks,12,2.52,2.5,2.54",
	  "350000,340000,360000,blocks,12,2.73,2.7,2.76"}},
	{"mp+pickle",
	 {"400000,390000,410000,blocks,12,4.4,4.2,4.6",
	  "430000,420000,440000,blocks,12,3.37,3.3,3.44"}},
	{"ws+bytes",
	 {"240000,230000,250000,ranks,2,2.6,,", "340000,330000,350000,blocks,12,2.7,2.65,2.75"}},
};

static int compare_referenced(void)
{
	static const char *const busy[] = {"0.01,0.02", "0.05,0.11"};
	char texts[2][2000];

	for (size_t side = 0; side < 2; side++) {
		int used = snprintf(texts[side], sizeof(texts[side]), "%s", REFERENCED_HEADER);

		for (size_t i = 0; i < sizeof(referenced) / sizeof(referenced[0]); i++)
			used += snprintf(texts[side] + used, sizeof(texts[side]) - (size_t)used,
					 "%s,1x3x224x224,float64,done,%s,%s\r\n",
					 referenced[i].transport, referenced[i].figures[side],
					 busy[side]);
	}
	return compare(texts[0], texts[1]);
}

static void test_table_referenced(void)
{
	CHECK(compare_referenced() == 0);
	CHECK(table_write((struct table_style){0}) == 0);
	golden_check("diff_referenced.txt");
	CHECK(table_write((struct table_style){.columns = 80}) == 0);
	golden_check("diff_referenced_80.txt");
}

static void test_table_fits(void)
{
	for (unsigned columns = 28; columns < 130; columns++) {
		CHECK((columns % 2 ? compare(before, after) : compare_referenced()) == 0);
		CHECK(table_write((struct table_style){.columns = columns}) == 0);
		for (const char *line = output; *line; line += strcspn(line, "\n") + 1)
			CHECK_MSG(text_width_of(line, strcspn(line, "\n")) <= columns,
				  "%u columns: %.*s", columns, (int)strcspn(line, "\n"), line);
	}
}

static void test_table_nothing_in_common(void)
{
	CHECK(compare(HEADER ROW("t", "2x3", "fresh", "done,", "1,1,1"),
		      HEADER ROW("t", "2x3", "reused", "done,", "1,1,1")) == 0);
	CHECK(table_write((struct table_style){0}) == 0);
	CHECK_MSG(strstr(output, "nothing in common: memory: fresh in A, reused in B\n"), "%s",
		  output);
	CHECK(compare(HEADER ROW("t", "2x3", "fresh", "done,", "1,1,1")
			      ROW("u", "2x3", "reused", "done,", "1,1,1"),
		      HEADER ROW("t", "2x3", "reused", "done,", "1,1,1")
			      ROW("u", "2x3", "fresh", "done,", "1,1,1")) == 0);
	CHECK(table_write((struct table_style){0}) == 0);
	CHECK_MSG(strstr(output, "nothing in common: no cell"), "%s", output);
}

static void test_table_empty(void)
{
	CHECK(compare(HEADER, HEADER DONE("t", "1,1,1")) == 0);
	CHECK(table_write((struct table_style){0}) == 0);
	CHECK(strstr(output, "A: before.csv, 0 cells\n") && strstr(output, "1 only in B\n"));
	CHECK(compare(HEADER, HEADER) == 0);
	CHECK(table_write((struct table_style){0}) == 0);
	CHECK(strstr(output, "no cells\n"));
}

static void test_csv(void)
{
	FILE *file = fmemopen(output, sizeof(output), "w");

	CHECK(file && compare(before, after) == 0);
	CHECK(diff_csv(&diff, file, &err) == 0 && fclose(file) == 0);
	golden_check("diff_csv.txt");
}

static const struct test tests[] = {
	{"spreadsheet", test_spreadsheet},
	{"verdicts", test_verdicts},
	{"reference", test_reference},
	{"interval", test_interval},
	{"slower_by", test_slower_by},
	{"range_of_blocks", test_range_of_blocks},
	{"interval_of_blocks", test_interval_of_blocks},
	{"referenced", test_referenced},
	{"busier", test_busier},
	{"governor", test_governor},
	{"runs_of_the_same", test_runs},
	{"lost", test_lost},
	{"sweeps", test_sweeps},
	{"repeats", test_repeats},
	{"every_key_counts", test_every_key_counts},
	{"directions", test_directions},
	{"other_columns", test_other_columns},
	{"facts", test_facts},
	{"table_wide", test_table_wide},
	{"table_80", test_table_80},
	{"table_50", test_table_50},
	{"table_color", test_table_color},
	{"table_referenced", test_table_referenced},
	{"table_fits", test_table_fits},
	{"table_nothing_in_common", test_table_nothing_in_common},
	{"table_empty", test_table_empty},
	{"csv", test_csv},
};

TEST_MAIN(tests)
