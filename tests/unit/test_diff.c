/* SPDX-License-Identifier: MIT */
/*
 * Two results compared: the join, the interval of a ratio against its formula, the
 * verdicts, and the table and CSV against tests/golden/ (GOLDEN_UPDATE=1 rewrites them).
 */
#include <stdint.h>

#include "bench/report/diff_export.h"
#include "bench/text/text.h"
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
	const char *a, *b; /* median and interval */
	enum diff_verdict verdict;
	const char *why;
} judged[] = {
	{"1000,990,1010", "1100,1090,1110", DIFF_SLOWER, ""},
	{"1000,990,1010", "900,890,910", DIFF_FASTER, ""},
	{"1000,990,1010", "1010,1000,1020", DIFF_NOISE, ""},
	{"1000,900,1100", "1130,1010,1150", DIFF_NOISE, ""},
	{"1000,1000,1000", "1000,1000,1000", DIFF_NOISE, ""},
	{"1000,1000,1000", "1001,1001,1001", DIFF_NOISE, ""}, /* the histogram's resolution */
	{"1000,1000,1000", "1002,1002,1002", DIFF_SLOWER, ""},
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
		CHECK_STR(diff_why(&diff.rows[0], why), judged[i].why);
	}
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
	const struct diff_cell a = {.p50_ns = 1050, .low_ns = 1000, .high_ns = 1260};
	const struct diff_cell b = {.p50_ns = 2100, .low_ns = 2100 / 1.1, .high_ns = 2625};
	struct diff_row row = {.a = &a, .b = &b};

	diff_ratio(&row);
	CHECK(fabs(row.ratio - 2) < 1e-12);
	CHECK_MSG(fabs(row.low - 2 * exp(-0.205731)) < 1e-5, "%.9f", row.low);
	CHECK_MSG(fabs(row.high - 2 * exp(0.228415)) < 1e-5, "%.9f", row.high);
}

/* The other way round is the inverse. */
static void test_interval_inverse(void)
{
	const struct diff_cell a = {.p50_ns = 1050, .low_ns = 1000, .high_ns = 1260};
	const struct diff_cell b = {.p50_ns = 2100, .low_ns = 2000, .high_ns = 2625};
	struct diff_row row = {.a = &a, .b = &b};
	struct diff_row back = {.a = &b, .b = &a};

	diff_ratio(&row);
	diff_ratio(&back);
	CHECK(fabs(row.low * back.high - 1) < 1e-12 && fabs(row.high * back.low - 1) < 1e-12);
}

static void test_slower_by(void)
{
	struct diff_row row = {.verdict = DIFF_SLOWER, .ratio = 1.1, .low = 1.05, .high = 1.2};

	CHECK(diff_is_slower_by(&row, 0) && diff_is_slower_by(&row, 4.9));
	CHECK(!diff_is_slower_by(&row, 5.1) && !diff_is_slower_by(&row, 10));
	row = (struct diff_row){.verdict = DIFF_NOISE, .ratio = 1.1, .low = 0.9, .high = 1.2};
	CHECK(!diff_is_slower_by(&row, 0));
	row = (struct diff_row){.verdict = DIFF_ONLY_A, .ratio = NAN, .low = NAN, .high = NAN};
	CHECK(!diff_is_slower_by(&row, 0));
}

/*
 * Worked out apart, for three and five blocks: s = ln(1.06) / 1.9115 and
 * ln(1.1) / 2.4812; v = s²/3 + s²/5 = 6.0486e-4; F = 5.1387, t(F) = 2.5498,
 * half = 0.062710.
 */
static void test_blocks(void)
{
	struct diff_cell a = {.p50_ns = 1000, .low_ns = 990, .high_ns = 1010};
	struct diff_cell b = {.p50_ns = 1030, .low_ns = 1029, .high_ns = 1031};
	struct diff_row row = {.a = &a, .b = &b};

	a.blocks = 3;
	a.block_range = log(1.06);
	b.blocks = 5;
	b.block_range = log(1.1);
	diff_ratio(&row);
	CHECK_MSG(fabs(log(row.high / row.ratio) - 0.062710) < 1e-5, "%.9f",
		  log(row.high / row.ratio));
	CHECK(fabs(row.low * row.high - row.ratio * row.ratio) < 1e-9);
	b.low_ns = 900; /* the samples say less than the blocks: they decide, downwards */
	diff_ratio(&row);
	CHECK(log(row.ratio / row.low) > 0.13 && log(row.high / row.ratio) < 0.063);
	b.low_ns = 1029;
	b.blocks = 1;
	b.block_range = NAN; /* nothing is known of one side: as without the columns */
	diff_ratio(&row);
	CHECK(log(row.high / row.ratio) < 0.011);
}

/* A standard normal by Box and Muller, from a generator of its own. */
static double draw_normal(uint64_t *state)
{
	double uniform[2];

	for (size_t i = 0; i < 2; i++) {
		*state = *state * 6364136223846793005u + 1442695040888963407u;
		uniform[i] = ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
	}
	return sqrt(-2 * log(uniform[0])) * cos(6.283185307179586 * uniform[1]);
}

/* A run of a cell whose blocks scatter by 4 %, and whose samples do not show it. */
static struct diff_cell draw_run(uint64_t *state, size_t blocks, double median_ns)
{
	double least = INFINITY;
	double most = -INFINITY;
	double sum = 0;
	struct diff_cell cell = {.state = "done", .blocks = (double)blocks};

	for (size_t i = 0; i < blocks; i++) {
		double log_median = 0.04 * draw_normal(state);

		least = fmin(least, log_median);
		most = fmax(most, log_median);
		sum += log_median;
	}
	cell.p50_ns = median_ns * exp(sum / (double)blocks);
	cell.low_ns = cell.p50_ns * 0.999;
	cell.high_ns = cell.p50_ns * 1.001;
	cell.block_range = most - least;
	return cell;
}

#define DRAWS 2000

/* How many of DRAWS rows of runs have an interval that does not hold 1. */
static size_t count_verdicts(size_t a_blocks, size_t b_blocks, double factor)
{
	uint64_t state = 1;
	size_t verdicts = 0;

	for (size_t i = 0; i < DRAWS; i++) {
		struct diff_cell a = draw_run(&state, a_blocks, 1000);
		struct diff_cell b = draw_run(&state, b_blocks, 1000 * factor);
		struct diff_row row = {.a = &a, .b = &b};

		diff_ratio(&row);
		verdicts += row.low > 1 || row.high < 1;
	}
	return verdicts;
}

/* Of two runs of the same thing about one in twenty differs; a real difference is found. */
static void test_runs(void)
{
	static const size_t blocks[][2] = {{2, 2}, {3, 3}, {5, 5}, {3, 5}, {10, 10}, {30, 30}};

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		size_t wrong = count_verdicts(blocks[i][0], blocks[i][1], 1);

		CHECK_MSG(wrong <= DRAWS * 6 / 100, "%zu and %zu blocks: %zu of %d", blocks[i][0],
			  blocks[i][1], wrong, DRAWS);
	}
	CHECK(count_verdicts(5, 5, 1.2) > DRAWS * 98 / 100);
	CHECK(count_verdicts(3, 3, 0.7) > DRAWS * 98 / 100);
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
	CHECK(diff.count == 2 && diff.verdicts[DIFF_NOISE] == 1);
	CHECK(diff.verdicts[DIFF_INCOMPARABLE] == 1); /* 2E+03 is less than its median */
	CHECK(fabs(diff.rows[0].ratio - 2001 / 1000.5) < 1e-12);
	CHECK(diff.rows[1].ratio == 1);
}

/* The steps of a sweep are told by their share of the load, since their rates move. */
static void test_sweeps(void)
{
#define SWEEP "transport,shape,state,p50_ns,p50_ci_low_ns,p50_ci_high_ns,rate,load\r\n"
	CHECK(compare(SWEEP "t,2x3,done,10,9,11,,\r\nt,2x3,done,20,19,21,500,0.5\r\n"
			    "t,2x3,done,30,29,31,900,0.9\r\n",
		      SWEEP "t,2x3,done,10,9,11,,\r\nt,2x3,done,40,39,41,450,0.5\r\n"
			    "t,2x3,done,30,29,31,500,\r\n") == 0);
	CHECK(diff.count == 4 && diff.verdicts[DIFF_NOISE] == 1 &&
	      diff.verdicts[DIFF_SLOWER] == 1 && diff.verdicts[DIFF_ONLY_A] == 1 &&
	      diff.verdicts[DIFF_ONLY_B] == 1);
	/* A file that does not know the loads has the rates still. */
	CHECK(compare(SWEEP "t,2x3,done,20,19,21,500,0.5\r\n",
		      "transport,shape,state,p50_ns,p50_ci_low_ns,p50_ci_high_ns,rate\r\n"
		      "t,2x3,done,20,19,21,500\r\n") == 0);
	CHECK(diff.count == 1 && diff.verdicts[DIFF_NOISE] == 1);
}

/* The last row of a cell counts; the order of the files' rows does not matter to the join. */
static void test_repeats(void)
{
	CHECK(compare(HEADER DONE("t", "1,1,1") DONE("u", "7,7,7") DONE("t", "2,2,2"),
		      HEADER DONE("u", "14,14,14") DONE("t", "6,6,6")) == 0);
	CHECK(diff.count == 2 && diff.sides[0].repeats == 1 && diff.sides[1].repeats == 0);
	CHECK_STR(diff.rows[0].a->keys[DIFF_TRANSPORT], "u");
	CHECK(diff.rows[0].ratio == 2 && diff.rows[1].ratio == 3);
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
	char text[DIFF_TEXT_BYTES];
	char b[1000];

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		(void)snprintf(b, sizeof(b), HEADER "%sdone,,1,1,1,0.1.0,lab,Linux 6,cpu\r\n",
			       others[i]);
		CHECK(compare(HEADER DONE("t", "1,1,1"), b) == 0);
		CHECK_MSG(diff.count == 2 && diff.verdicts[DIFF_ONLY_A] == 1 &&
				  diff.verdicts[DIFF_ONLY_B] == 1,
			  "%s", others[i]);
		CHECK(diff_key_disjoint(&diff, i < DIFF_LOAD ? (enum diff_key)i : DIFF_TRANSPORT,
					text));
	}
	CHECK_STR(text, "transport: t in A, u in B");
	CHECK(!diff_key_disjoint(&diff, DIFF_SHAPE, text));
}

/* A file of another version: columns elsewhere, more of them, and fewer. */
static void test_other_columns(void)
{
	CHECK(compare(HEADER DONE("t", "1000,990,1010"),
		      "new,p50_ns,state,p50_ci_high_ns,p50_ci_low_ns,shape,transport\n"
		      "?,2000,done,2010,1990,2x3,t\n") == 0);
	CHECK(diff.count == 1 && diff.rows[0].verdict == DIFF_SLOWER && diff.rows[0].ratio == 2);
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

static void test_table_fits(void)
{
	CHECK(compare(before, after) == 0);
	for (unsigned columns = 28; columns < 130; columns++) {
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
	{"interval_inverse", test_interval_inverse},
	{"slower_by", test_slower_by},
	{"interval_by_blocks", test_blocks},
	{"runs_of_the_same", test_runs},
	{"lost", test_lost},
	{"sweeps", test_sweeps},
	{"repeats", test_repeats},
	{"every_key_counts", test_every_key_counts},
	{"other_columns", test_other_columns},
	{"facts", test_facts},
	{"table_wide", test_table_wide},
	{"table_80", test_table_80},
	{"table_50", test_table_50},
	{"table_color", test_table_color},
	{"table_fits", test_table_fits},
	{"table_nothing_in_common", test_table_nothing_in_common},
	{"table_empty", test_table_empty},
	{"csv", test_csv},
};

TEST_MAIN(tests)
