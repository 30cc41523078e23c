/* SPDX-License-Identifier: MIT */
/*
 * What is written to files: the table, CSV and JSON against tests/golden/, and
 * how a file is replaced. GOLDEN_UPDATE=1 in the environment writes the goldens
 * anew, for a reader to judge by `git diff`.
 */
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/model/copies.h"
#include "bench/model/summary.h"
#include "bench/plan/preset.h"
#include "bench/report/column.h"
#include "bench/report/export.h"
#include "bench/report/table_load.h"
#include "tests/support/test.h"
#include "transports/unused.h"

#define TEXT_BYTES (1 << 18)
#define CELLS 14 /* seven transports, two shapes */

static struct plan plan;
static struct cell cells[CELLS];
static struct hist hists[CELLS];
static struct block_result cell_blocks[CELLS][2];
static struct model model;
static struct err err;

/* What has become of each cell, in the plan's order: the first shape's, then the second's. */
static const struct fate {
	enum cell_state state;
	uint64_t samples, median_ns, verified;
	const char *reason;
} fates[CELLS] = {
	/* http+json */
	{CELL_DONE, 100, 8880000, 100, ""},
	{CELL_DONE, 100, 31560000, 98, ""},
	/* http+base64 */
	{CELL_FAILED, 0, 0, 0,
	 "the server hung up in the middle of the reply, after 65536 of 1605632 bytes"},
	{CELL_SKIPPED, 0, 0, 0, "needs 10.8 GiB of memory, 3.2 GiB are available"},
	/* ws+bytes */
	{CELL_DONE, 100, 737123, 100, ""},
	{CELL_INTERRUPTED, 12, 2812345, 12, ""},
	/* http+shm */
	{CELL_DONE, 100, 1170999, 100, ""},
	{CELL_WRONG, 40, 4100000, 39,
	 "element [1, 1023, 15, 7] is 0.5, want -1.25: "
	 "3 of 524288 elements differ, by 1.75 at most"},
	/* ws+shm */
	{CELL_DONE, 100, 729999, 100, ""},
	{CELL_FAILED, 0, 0, 0, "=cmd(\"\x1b[31m\", 1)\nand \xff more"},
	/* mp+pickle */
	{CELL_DONE, 6, 745000, 6, ""},
	{CELL_INTERRUPTED, 0, 0, 0, ""},
	/* http+cjson */
	{CELL_DONE, 3, 259000000, 3, "cjson keeps 15 digits: the largest relative error is 5e-16"},
	{CELL_QUEUED, 0, 0, 0, ""},
};

static const struct tally tally = {
	.samples = 100, .verified = 100,
	.make_ns = 30000000, .encode_ns = 12345, .decode_ns = 5000000, .read_ns = 7000000,
	.release_ns = 100, .verify_ns = 1,
	.cost = {
		[END_CLIENT] = {
			.cpu_ns = 40000000, .page_faults = 29400, .context_switches = 250,
			.involuntary_switches = 50,
		},
		[END_SERVER] = {
			.cpu_ns = 50000000, .page_faults = 3, .context_switches = 1,
			.migrations = 7,
		},
	},
	.wire_bytes = 1204234,
	.peak_rss_bytes = {[END_CLIENT] = 41 << 20, [END_SERVER] = 64 << 20},
};

/* 6 % of spread around the median, evenly. */
static void cell_measure(struct cell *cell, struct hist *hist, const struct fate *fate)
{
	struct block_result *blocks = cell_blocks[cell - cells];
	double median_ns = (double)fate->median_ns;
	struct trust_facts facts = trust_facts_unknown();
	struct tally part = tally;

	blocks[0] = (struct block_result){.order = (size_t)(cell - cells),
					  .samples = fate->samples / 2,
					  .p50_ns = median_ns * 0.995,
					  .p50_with_read_ns = median_ns * 0.995,
					  .connect_ns = 110000,
					  .first_ns = 2000000,
					  .setup_ns = 25000000,
					  .warmed = 20,
					  .steady = 1,
					  .reference_p50_ns = 89200};
	blocks[1] = (struct block_result){
		.order = (size_t)(2 * CELLS - 1 - (cell - cells)),
		.samples = fate->samples - fate->samples / 2,
		.p50_with_read_ns = median_ns * (fate->samples < 100 ? 1.05 : 1.005),
		.setup_ns = 24000000,
		.p50_ns = median_ns * (fate->samples < 100 ? 1.05 : 1.005),
		.connect_ns = 90000,
		.first_ns = 1000000,
		.round = 1,
		.warmed = 31,
		.steady = NAN,
		.reference_p50_ns = NAN};
	hist_clear(hist);
	for (uint64_t i = 0; i < fate->samples; i++)
		hist_record(hist,
			    fate->median_ns * (9700 + (600 * i + 300) / fate->samples) / 10000);
	part.samples = fate->samples;
	for (enum end end = 0; end < ENDS; end++)
		part.detailed[end] = part.costed[end] = fate->samples;
	part.verified = fate->verified;
	summary_compute(&cell->summary, hist, hist, &part, blocks, 2,
			array_type_bytes(&cell->plan->type), 89200);
	cell->summary.copies =
		copies_estimate(&cell->summary, cell->plan->transport.encoding, 89200, 9510);
	cell->summary.ends[END_SERVER].socket_buffer_bytes = 2626560;
	cell->summary.ends[END_CLIENT].socket_buffer_bytes = 131072;
	cell->latency = hist;
	cell->blocks = blocks;
	cell->blocks_done = 2;
	facts.samples = cell->summary.samples;
	facts.steal_share = 0.002;
	facts.governor = fate->samples < 30 ? "powersave" : "performance";
	trust_grade(&facts, &cell->trust);
}

static void cell_make(size_t i)
{
	struct cell *cell = &cells[i];

	*cell = (struct cell){.plan = &plan.cells[i], .state = fates[i].state};
	(void)snprintf(cell->reason, sizeof(cell->reason), "%s", fates[i].reason);
	if (fates[i].samples)
		cell_measure(cell, &hists[i], &fates[i]);
}

static int model_make(enum source source)
{
	static struct floor_row rows[] = {
		{.bytes = 1204224, .memcpy_ns = 89200, .read_ns = 80100.25, .fault_ns = 251.5},
	};
	struct plan_options options = preset_find("blog")->options;

	plan_free(&plan);
	err_clear(&err);
	options.source = source;
	options.seed = UINT64_MAX;
	if (plan_make(&plan, "blog,http+cjson", "1x3x224x224,2x1024x16x16", &options,
		      preset_find("blog"), &err) != 0)
		return -1;
	for (size_t i = 0; i < CELLS; i++)
		cell_make(i);
	model = (struct model){
		.plan = &plan,
		.run_id = "20261122T180000Z-4711",
		.started_utc = "2026-11-22T18:00:00Z",
		.host = {.host = "-lab,1", .kernel = "Linux 6.18", .cpu = "A \"CPU\" @ 3 GHz",
			 .governor = "powersave", .cpus = 2, .clock_source = "tsc",
			 .mitigations = "5 mitigated, 1 vulnerable"},
		/* One size is not known, and no line: those stay empty. */
		.floors = {.wakeup_ns = 9510, .wakeup_spin_ns = 213, .line_ns = NAN,
			   .clock_ns = 25.25, .rows = rows, .row_count = 1},
		.cpu = {0, 1},
		.cells = cells,
		.cell_count = CELLS,
		.elapsed_ns = 12000000000,
	};
	return 0;
}

static char output[TEXT_BYTES];
static char golden[TEXT_BYTES];

/* Reads a whole file into text. Returns false if there is none. */
static bool file_read(const char *path, char *text)
{
	FILE *file = fopen(path, "r");
	size_t bytes;

	if (!file)
		return false;
	bytes = fread(text, 1, TEXT_BYTES - 1, file);
	text[bytes] = '\0';
	(void)fclose(file);
	return true;
}

static bool file_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return false;
	(void)fputs(text, file);
	return fclose(file) == 0;
}

/* Puts a word in the place of a text, everywhere. */
static void text_hide(const char *text, const char *word)
{
	size_t length = strlen(text);
	char *found = output;

	while (length && (found = strstr(found, text)) != NULL) {
		memmove(found + strlen(word), found + length, strlen(found + length) + 1);
		memcpy(found, word, strlen(word));
		found += strlen(word);
	}
}

/* What a column says of this build, which moves, is a word in the goldens. */
static void build_hide(const char *name, const char *word)
{
	char text[COLUMN_TEXT_BYTES];

	for (size_t i = 0; i < column_count; i++)
		/* The last cell first: its text holds those of others. */
		for (size_t cell = CELLS; strcmp(column_table[i].name, name) == 0 && cell > 0;
		     cell--)
			text_hide(column_format(&column_table[i], &model, &cells[cell - 1], text),
				  word);
}

static void version_hide(void)
{
	build_hide("ipctop_version", "VERSION");
	build_hide("build_flags", "FLAGS");
	build_hide("libraries", "LIBRARIES");
}

/* Where the first difference is, for the message. */
static size_t first_difference_line(void)
{
	size_t line = 1;

	for (size_t i = 0; output[i] && output[i] == golden[i]; i++)
		line += output[i] == '\n';
	return line;
}

static void golden_check(const char *name)
{
	char path[100];

	(void)snprintf(path, sizeof(path), "tests/golden/%s", name);
	if (getenv("GOLDEN_UPDATE"))
		(void)file_write(path, output);
	CHECK_MSG(file_read(path, golden), "no file %s: run from the top of the tree", path);
	CHECK_MSG(strcmp(output, golden) == 0, "%s differs from line %zu on", path,
		  first_difference_line());
}

static void table_check(enum source source, struct table_style style, const char *name)
{
	FILE *file = fmemopen(output, sizeof(output), "w");

	CHECK(file && model_make(source) == 0);
	CHECK(export_table(&model, &style, file, &err) == 0);
	CHECK(fclose(file) == 0);
	golden_check(name);
}

static void test_table_wide(void)
{
	table_check(SOURCE_FRESH, (struct table_style){0}, "table_wide.txt");
}

static void test_table_80(void)
{
	table_check(SOURCE_FRESH, (struct table_style){.columns = 80}, "table_80.txt");
}

static void test_table_ready(void)
{
	table_check(SOURCE_READY, (struct table_style){.columns = 80, .ascii = true},
		    "table_ready_ascii.txt");
}

static void test_table_narrow(void)
{
	table_check(SOURCE_FRESH, (struct table_style){.columns = 50}, "table_50.txt");
}

static void test_table_color(void)
{
	table_check(SOURCE_FRESH, (struct table_style){.columns = 100, .color = true},
		    "table_color.txt");
}

/* No line is longer than the terminal, whatever its width, but for what cannot be cut. */
static void test_table_fits(void)
{
	CHECK(model_make(SOURCE_FRESH) == 0);
	for (unsigned columns = 30; columns < 130; columns++) {
		struct table_style style = {.columns = columns};
		FILE *file = fmemopen(output, sizeof(output), "w");

		CHECK(file && export_table(&model, &style, file, &err) == 0);
		CHECK(fclose(file) == 0);
		for (const char *line = output; *line; line += strcspn(line, "\n") + 1)
			CHECK_MSG(text_width_of(line, strcspn(line, "\n")) <= columns,
				  "%u columns: %.*s", columns, (int)strcspn(line, "\n"), line);
	}
}

/* Each section has the tail that its own cells carry. */
static void test_table_tails(void)
{
	struct table_style style = {0};
	FILE *file = fmemopen(output, sizeof(output), "w");
	const char *second;

	CHECK(file && model_make(SOURCE_FRESH) == 0);
	cells[0].summary.p99_ns = 9000000;
	CHECK(export_table(&model, &style, file, &err) == 0 && fclose(file) == 0);
	second = strstr(output, "\n\n");
	CHECK(second && strstr(second, "MAX") && !strstr(second, "P99"));
	CHECK(strstr(output, "P99") && strstr(output, "P99") < second);
	CHECK(strstr(output, "MAX") > second);
}

static void test_table_empty(void)
{
	struct table_style style = {0};
	FILE *file = fmemopen(output, sizeof(output), "w");

	CHECK(file && model_make(SOURCE_FRESH) == 0);
	model.cell_count = 0;
	CHECK(export_table(&model, &style, file, &err) == 0);
	CHECK(fclose(file) == 0);
	CHECK(strcmp(output, "no cells\n") == 0);
}

static const struct exporter *exporter_find(const char *name)
{
	const struct exporter *exporter = exporter_table;

	while (exporter->name && strcmp(exporter->name, name) != 0)
		exporter++;
	return exporter->name ? exporter : NULL;
}

static void export_check(const char *exporter, const char *name)
{
	FILE *file = fmemopen(output, sizeof(output), "w");
	const struct exporter *found = exporter_find(exporter);

	CHECK(file && found && model_make(SOURCE_FRESH) == 0);
	CHECK(found->write(&model, file, &err) == 0);
	CHECK(fclose(file) == 0);
	version_hide();
	golden_check(name);
}

static void test_csv(void)
{
	export_check("csv", "export_csv.txt");
}

static void test_json(void)
{
	export_check("json", "export_json.txt");
}

/* The columns are a promise: this is a copy of it, not of the table. */
static void test_columns(void)
{
	static const char promise[] =
		"run_id,started_utc,transport,carrier,encoding,shape,dtype,source,memory,"
		"pages,wait,pin,clients,rate,state,reason,payload_bytes,wire_bytes,samples,"
		"verified,blocks,min_ns,p50_ns,p90_ns,p99_ns,p999_ns,max_ns,mean_ns,"
		"stddev_ns,p50_ci_low_ns,p50_ci_high_ns,p50_with_read_ns,make_ns,encode_ns,"
		"carry_ns,decode_ns,overlap_ns,read_ns,release_ns,connect_ns,first_ns,"
		"throughput_bytes_per_s,memcpy_ratio,client_cpu_ns,server_cpu_ns,"
		"client_peak_rss_bytes,server_peak_rss_bytes,client_page_faults,"
		"server_page_faults,client_context_switches,server_context_switches,trust,"
		"trust_reason,seed,ipctop_version,host,kernel,cpu,achieved_rate,planned_p50_ns,"
		"planned_p90_ns,planned_p99_ns,planned_p999_ns,planned_max_ns,"
		"p50_block_spread,drift_ratio,"
		"modes,client_involuntary_switches,server_involuntary_switches,"
		"client_migrations,server_migrations,steal_share,stall_share,others_share,"
		"governor,clock_source,thp,mitigations,build_flags,libraries,"
		"copies,read_floor_ns,fault_floor_ns,wakeup_ns,wakeup_spin_ns,line_ns,clock_ns,"
		"connect,"
		"load,server_send_buffer_bytes,client_receive_buffer_bytes,extensions,pinned_cpus,"
		"direction,request_shape,request_dtype,request_bytes,request_wire_bytes,"
		"request_make_ns,request_encode_ns,request_decode_ns,request_read_ns,"
		"data,copies_by_design,compression_ratio,p50_ci_from,precision_pct,warmed,steady,"
		"server_host,client_host,launcher,"
		"reference_ratio,reference_ratio_low,reference_ratio_high";
	size_t used = 0;

	for (size_t i = 0; csv_columns[i]; i++) {
		used += (size_t)snprintf(output + used, TEXT_BYTES - used, "%s%s", i ? "," : "",
					 csv_columns[i]);
		CHECK_STR(column_table[i].name, csv_columns[i]);
	}
	CHECK(strcmp(output, promise) == 0);
}

static void test_csv_pinned(void)
{
	const struct column *column = column_table;
	char text[COLUMN_TEXT_BYTES];

	CHECK(model_make(SOURCE_FRESH) == 0);
	while (strcmp(column->name, "pinned_cpus") != 0)
		column++;
	CHECK_STR(column_format(column, &model, &cells[0], text), "");
	plan.options.pin = PIN_SPLIT;
	CHECK_STR(column_format(column, &model, &cells[0], text), "server 0, client 1");
	(void)snprintf(plan.connect, sizeof(plan.connect), "ws://127.0.0.1:8000");
	CHECK_STR(column_format(column, &model, &cells[0], text), "client 1");
}

/* A row's summary of zeros, as a cell has that never ran, is not written as measured. */
static void test_csv_never_zero(void)
{
	char text[COLUMN_TEXT_BYTES];

	CHECK(model_make(SOURCE_FRESH) == 0);
	memset(&cells[0].summary, 0, sizeof(cells[0].summary));
	for (size_t i = 0; i < column_count; i++) {
		if (!column_table[i].get)
			CHECK_STR(column_format(&column_table[i], &model, &cells[0], text), "");
	}
}

static char directory[] = "/tmp/test_export.XXXXXX";

static char *path_in(const char *name)
{
	static char paths[4][100];
	static unsigned next;
	char *path = paths[next++ % 4];

	(void)snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);
	return path;
}

static size_t directory_count(void)
{
	DIR *entries = opendir(directory);
	size_t count = 0;

	while (entries && readdir(entries))
		count++;
	if (entries)
		(void)closedir(entries);
	return count - 2; /* . and .. */
}

static int write_short(const struct model *ignored UNUSED, FILE *file, struct err *error UNUSED)
{
	(void)fputs("new", file);
	return 0;
}

static int write_failing(const struct model *ignored UNUSED, FILE *file, struct err *error)
{
	(void)fputs("half", file);
	return err_set(error, ERR_SYSTEM, "no more");
}

static const struct exporter exporter_short = {"short", ".txt", write_short};
static const struct exporter exporter_failing = {"failing", ".txt", write_failing};

static int save(const struct exporter *exporter, const char *path)
{
	return export_file(&world_real, &model, exporter, path, &err);
}

static void check_file_replace(void)
{
	const char *path = path_in("a.csv");
	struct stat now;

	CHECK(file_write(path, "old and longer"));
	CHECK(chmod(path, 0640) == 0);
	CHECK(save(&exporter_failing, path) == -1);
	CHECK(strcmp(err.message, "no more") == 0);
	CHECK(file_read(path, output));
	CHECK(strcmp(output, "old and longer") == 0);
	err_clear(&err);
	CHECK(save(&exporter_short, path) == 0);
	CHECK(file_read(path, output));
	CHECK(strcmp(output, "new") == 0);
	CHECK(stat(path, &now) == 0 && (now.st_mode & 0777) == 0640);
	CHECK(directory_count() == 1);
	CHECK(unlink(path) == 0);
}

static void check_file_link(void)
{
	struct stat now;

	CHECK(mkdir(path_in("sub"), 0700) == 0);
	CHECK(symlink("sub/link2", path_in("link")) == 0);
	CHECK(symlink("target.csv", path_in("sub/link2")) == 0);
	for (unsigned i = 0; i < 2; i++) { /* first it dangles, then it does not */
		CHECK(save(&exporter_short, path_in("link")) == 0);
		CHECK(lstat(path_in("link"), &now) == 0 && S_ISLNK(now.st_mode));
		CHECK(lstat(path_in("sub/target.csv"), &now) == 0 && S_ISREG(now.st_mode));
	}
	CHECK(unlink(path_in("sub/target.csv")) == 0 && unlink(path_in("sub/link2")) == 0);
	CHECK(unlink(path_in("link")) == 0 && rmdir(path_in("sub")) == 0);
}

static void check_file_fails(const char *path, const char *reason)
{
	err_clear(&err);
	CHECK(export_check_path(&world_real, path, &err) == -1);
	CHECK_MSG(strstr(err.message, reason), "\"%.300s\"", err.message);
	err_clear(&err);
	CHECK(save(&exporter_short, path) == -1);
	err_clear(&err);
}

/* A path of so many bytes that leads to a.csv in the folder. */
static const char *path_of(size_t bytes)
{
	static char path[2 * PATH_MAX];
	size_t used = (size_t)snprintf(path, sizeof(path), "%s/", directory);

	for (; used < bytes - 5; used++)
		path[used] = '/';
	memcpy(path + used, "a.csv", 6);
	return path;
}

/* Whatever is too long: the path, that of the file beside it, or where a link leads. */
static void check_file_long_paths(void)
{
	char target[PATH_MAX - 10];

	CHECK(export_file(&world_real, &model, &exporter_short, path_of(PATH_MAX - 100), &err) ==
	      0);
	CHECK(unlink(path_in("a.csv")) == 0);
	check_file_fails(path_of(PATH_MAX - 10), "its name is too long");
	check_file_fails(path_of(PATH_MAX + 10), "its name is too long");
	memset(target, '/', sizeof(target));
	memcpy(target, "sub", 3);
	memcpy(target + sizeof(target) - 6, "a.csv", 6);
	CHECK(mkdir(path_in("sub"), 0700) == 0);
	CHECK(symlink(target, path_in("link")) == 0);
	check_file_fails(path_in("link"), "its name is too long");
	CHECK(unlink(path_in("link")) == 0 && rmdir(path_in("sub")) == 0);
}

static void check_file_paths(void)
{
	CHECK(symlink("loop", path_in("loop")) == 0);
	check_file_fails(path_in("loop"), "Too many levels");
	CHECK(unlink(path_in("loop")) == 0);
	check_file_fails(path_in("none/a.csv"), "No such file or directory");
	check_file_fails(directory, "Is a directory");
	check_file_fails(path_in(""), "does not name a file");
	check_file_fails("", "does not name a file");
	CHECK(export_check_path(&world_real, path_in("fine.csv"), &err) == 0);
	CHECK(export_check_path(&world_real, "/dev/null", &err) == 0);
	CHECK(save(&exporter_short, "/dev/null") == 0);
	CHECK(directory_count() == 0);
}

static void test_file(void)
{
	CHECK(mkdtemp(directory));
	err_clear(&err);
	check_file_replace();
	check_file_link();
	check_file_long_paths();
	check_file_paths();
	CHECK(rmdir(directory) == 0);
}

static void test_disk_full(void)
{
	err_clear(&err);
	if (access("/dev/full", W_OK) != 0)
		SKIP("no /dev/full");
	CHECK(model_make(SOURCE_FRESH) == 0);
	for (size_t i = 0; i < 2; i++) {
		err_clear(&err);
		CHECK(save(exporter_find(i ? "json" : "csv"), "/dev/full") == -1);
		CHECK_MSG(strstr(err.message, "No space left"), "\"%.300s\"", err.message);
	}
}

/* Below the rest, with the reason, and nothing against the best but a mark. */
static void test_distrusted(void)
{
	struct table_style style = {0};
	const char *row;
	FILE *file;

	CHECK(model_make(SOURCE_FRESH) == 0);
	cells[8].trust = (struct trust){.grade = 'F', .count = 1};
	cells[8].trust.reasons[0] = (struct trust_reason){
		.grade = 'F', .grave = true, .sentence = "It drifted to 9.00 times its start."};
	file = fmemopen(output, sizeof(output), "w");
	CHECK(file && export_table(&model, &style, file, &err) == 0 && fclose(file) == 0);
	row = strstr(output, "\nws+shm ");
	CHECK_MSG(row && row > strstr(output, "\nhttp+json "), "%s", output);
	CHECK(strstr(row, "  Not ranked: trust F. It drifted to 9.00 times its start.\n"));
	CHECK_MSG(strcspn(row, "~") < strcspn(row + 1, "\n"), "%s", row);
	plan_free(&plan);
}

/* A rate that took less than a lower one is remarked on, and so is one that brought less. */
static void test_load_remark(void)
{
	struct knee_point points[] = {{500, 499, 1.3e6}, {700, NAN, NAN}, {900, 897, 1e6}};
	char text[TABLE_LOAD_TEXT_BYTES];

	CHECK_STR(table_load_remark(points, 3, true, text),
		  "Not monotone: 900.0/s took 1.00ms, and 500.0/s before it 1.30ms. Ends sleep "
		  "longer at low rates, or the machine changed in between.");
	points[2] = (struct knee_point){900, 400, 5e6};
	CHECK_STR(table_load_remark(points, 3, true, text),
		  "Not monotone: asked for 900.0/s it reached 400.0/s, and 500.0/s before it "
		  "499.0/s. It is beyond its load, or the machine changed in between.");
	points[2].achieved = 880;
	CHECK_STR(table_load_remark(points, 3, true, text), "");
}

/* A row behind the cells', with the figures that it has; in the table only if asked for. */
static void test_reference(void)
{
	static struct plan_cell reference_plan;
	static struct cell reference;
	struct table_style style = {.ascii = true};
	char *text = NULL;
	size_t bytes;
	FILE *file = open_memstream(&text, &bytes);

	CHECK(file && model_make(SOURCE_READY) == 0);
	reference = cells[0];
	reference_plan = *cells[0].plan;
	reference_plan.reference = true;
	reference.plan = &reference_plan;
	model.references = &reference;
	model.reference_count = 1;
	CHECK(export_csv(&model, file, &err) == 0 && fflush(file) == 0);
	CHECK(strstr(text, "\r\n20261122T180000Z-4711,2026-11-22T18:00:00Z,reference,,,"));
	CHECK(strstr(text, ",float64,ready,reused,small,block,"));
	rewind(file);
	CHECK(export_json(&model, file, &err) == 0 && fflush(file) == 0);
	CHECK(strstr(text, "\"references\":\t[{"));
	CHECK(strstr(strstr(text, "\"references\":"), "\"transport\":\t\"reference\""));
	for (int shown = 0; shown < 2; shown++) {
		style.reference = shown;
		rewind(file);
		CHECK(export_table(&model, &style, file, &err) == 0 && fflush(file) == 0);
		text[ftell(file)] = '\0';
		CHECK(!strstr(text, "\nreference ") == !shown);
	}
	CHECK(fclose(file) == 0);
	free(text);
	model.references = NULL;
	model.reference_count = 0;
}

static const struct test tests[] = {
	{"the reference's row", test_reference},
	{"trust F below the rest", test_distrusted},
	{"load that is not monotone", test_load_remark},
	{"table as wide as it needs", test_table_wide},
	{"table on 80 columns", test_table_80},
	{"table of another experiment than the published one, in ASCII", test_table_ready},
	{"table on 50 columns", test_table_narrow},
	{"table in color", test_table_color},
	{"table fits any terminal", test_table_fits},
	{"tail of each section", test_table_tails},
	{"table of nothing", test_table_empty},
	{"csv", test_csv},
	{"csv columns are as promised", test_columns},
	{"csv names the pinned processors", test_csv_pinned},
	{"csv never says 0 for unknown", test_csv_never_zero},
	{"json", test_json},
	{"export replaces files in one step", test_file},
	{"export notices a full disk", test_disk_full},
};

TEST_MAIN(tests)
