/* SPDX-License-Identifier: MIT */
/* From lists in words to cells, and the presets. */
#include <stdint.h>

#include "bench/plan/dtype_read.h"
#include "bench/plan/estimate.h"
#include "bench/plan/preset.h"
#include "tests/support/drive_plan.h"
#include "tests/support/test.h"

static struct plan plan;
static struct err err;

/* The cells of the plan in words: "ws+shm 2x3\n...". */
__attribute__((noinline)) static const char *cells_text(void)
{
	static char text[8192];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < plan.cell_count; i++) {
		char transport[TRANSPORT_NAME_BYTES];
		char shape[ARRAY_SHAPE_TEXT_BYTES];

		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s %s\n",
					 transport_format(&plan.cells[i].transport, transport),
					 shape_format(&plan.cells[i].type.shape, shape));
	}
	return text;
}

/* Not inlined, or gcc counts the bytes of a message that would be cut. */
__attribute__((noinline)) static const char *err_text(void)
{
	return err.message;
}

static int make(const char *transports, const char *shapes)
{
	plan_free(&plan);
	err_clear(&err);
	return drive_plan(plan_make(&plan, transports, shapes, &plan_defaults, NULL, &err), &plan,
			  &err);
}

static void test_lists(void)
{
	const char *want;

	CHECK(make("ws+shm,http+json", "2x3,(4,5,6),(7,),8") == 0);
	want = "ws+shm 2x3\nws+shm 4x5x6\nws+shm 7\nws+shm 8\n"
	       "http+json 2x3\nhttp+json 4x5x6\nhttp+json 7\nhttp+json 8\n";
	CHECK_STR(cells_text(), want);
	CHECK(array_type_bytes(&plan.cells[1].type) == 4 * 5 * 6 * 8);
	CHECK(array_type_count(&plan.cells[1].type) == 4 * 5 * 6);
	CHECK(plan.cells[1].samples == plan_defaults.samples);
	CHECK(make("unix+bytes , tcp+bytes", " 2x3 ,(4, 5)") == 0);
	want = "unix+bytes 2x3\nunix+bytes 4x5\ntcp+bytes 2x3\ntcp+bytes 4x5\n";
	CHECK_STR(cells_text(), want);
	plan_free(&plan);
}

static void test_duplicates(void)
{
	const char *want;

	CHECK(make("ws+shm,blog,ws+shm", "2x3,(2,3),3x2,2x3") == 0);
	want = "ws+shm 2x3\nws+shm 3x2\nhttp+json 2x3\nhttp+json 3x2\n"
	       "http+base64 2x3\nhttp+base64 3x2\nws+bytes 2x3\nws+bytes 3x2\n"
	       "http+shm 2x3\nhttp+shm 3x2\nmp+pickle 2x3\nmp+pickle 3x2\n";
	CHECK_STR(cells_text(), want);
	plan_free(&plan);
}

static void test_all(void)
{
	struct transport transport;
	size_t count = 0;

	while (transport_at(count, &transport))
		count++;
	CHECK(make("unix+bytes,all", "5") == 0);
	CHECK(plan.cell_count == count);
	CHECK(strcmp(plan.cells[0].transport.carrier->name, "unix") == 0);
	plan_free(&plan);
}

static void test_errors(void)
{
	static const struct {
		const char *transports, *shapes, *message;
	} cases[] = {
		{"http+jsn", "5", "unknown transport \"http+jsn\": did you mean \"http+json\"?"},
		{"", "5", "the list of transports is empty"},
		{NULL, "5", "the list of transports is empty"},
		{"all", " ", "the list of shapes is empty"},
		{"all", NULL, "the list of shapes is empty"},
		{"ws+shm,,ws+shm", "5", "the list \",ws+shm\" has nothing between two commas"},
		{"ws+shm", "5,", "the list \"\" has nothing between two commas"},
		{"ws+shm", "5x",
		 "shape \"5x\" is malformed: write extents like 1x3x224x224 or (1,3,224,224)"},
		{"ws+shm", "(2,3", "shape \"(2,3\" is malformed: write 2x3"},
		{"ws+shm", "5,[2,3],7", "shape \"[2,3]\" is malformed: write 2x3"},
		{"ws+shm", "4K",
		 "shape \"4K\" is malformed: extents count elements; write 512 for an array of "
		 "4096 bytes of float64"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK(make(cases[i].transports, cases[i].shapes) == -1);
		CHECK(err.kind == ERR_USAGE);
		CHECK_STR(err_text(), cases[i].message);
		CHECK(plan.cells == NULL && plan.cell_count == 0);
	}
}

static int make_preset(const char *name)
{
	const struct preset *preset = preset_find(name);

	if (!preset)
		return -1;
	plan_free(&plan);
	err_clear(&err);
	return drive_plan(plan_make(&plan, preset->transports, preset->shapes, &preset->options,
				    preset, &err),
			  &plan, &err);
}

static int make_way(enum direction direction, const char *shapes)
{
	struct plan_options options = plan_defaults;

	options.direction = direction;
	plan_free(&plan);
	err_clear(&err);
	return drive_plan(plan_make(&plan, "tcp+bytes,http+json", shapes, &options, NULL, &err),
			  &plan, &err);
}

/* One type is that of whatever carries an array; two are what goes there and what comes back. */
static void test_directions(void)
{
	char text[WAYS_TEXT_BYTES];
	struct ways ways;

	CHECK_MSG(make_way(DIRECTION_BOTH, "2x3/5,(7,)/(2,2),2x3/5") == 0, "%s", err_text());
	CHECK(plan.cell_count == 4);
	ways = plan_cell_ways(&plan.cells[3]);
	CHECK(array_type_count(ways.request) == 7 && array_type_count(ways.reply) == 4);
	CHECK(ways_bytes(&ways) == 88 && ways_count(&ways) == 11);
	CHECK_STR(ways_format(&ways, text), "7/2x2");
	CHECK(make_way(DIRECTION_BOTH, "2x3") == 0);
	ways = plan_cell_ways(&plan.cells[0]);
	CHECK(ways_bytes(&ways) == 96);
	CHECK_STR(ways_format(&ways, text), "2x3");
	CHECK(make_way(DIRECTION_PUSH, "2x3") == 0);
	ways = plan_cell_ways(&plan.cells[0]);
	CHECK(ways.request == &plan.cells[0].type && !ways.reply && ways_bytes(&ways) == 48);
	CHECK(make_way(DIRECTION_PULL, "2x3") == 0);
	ways = plan_cell_ways(&plan.cells[0]);
	CHECK(ways.reply == &plan.cells[0].type && !ways.request);
}

static void test_directions_refused(void)
{
	static const struct {
		enum direction direction;
		const char *shapes, *words;
	} cases[] = {
		{DIRECTION_PUSH, "2x3/5", "that is --direction both, and this is push"},
		{DIRECTION_PULL, "5,2x3/5", "that is --direction both, and this is pull"},
		{DIRECTION_BOTH, "2x3/", "shape \"\""},
		{DIRECTION_BOTH, "/5", "shape \"\""},
		{DIRECTION_BOTH, "2/3/4", "shape \"3/4\""},
		{DIRECTION_BOTH, "2/3,4/3", "bring back 3"},
		{DIRECTION_BOTH, "3,4/3", "bring back 3"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_MSG(make_way(cases[i].direction, cases[i].shapes) == -1, "%s",
			  cases[i].shapes);
		CHECK_MSG(strstr(err_text(), cases[i].words), "%s", err_text());
	}
}

static void test_blog(void)
{
	static const struct {
		size_t cell;
		uint64_t samples, published_ns;
	} cases[] = {
		{0, 100, 290000000}, {1, 100, 1090000000}, {2, 30, 9230000000},
		{3, 5, 259000000000}, {7, 6, 12300000000}, {20, 100, 7000000}, {23, 6, 4730000000},
	};

	CHECK_MSG(make_preset("blog") == 0, "%s", err_text());
	CHECK(plan.cell_count == 24);
	CHECK_STR(plan.preset, "blog");
	CHECK(plan.options.source == SOURCE_FRESH && plan.options.memory == MEMORY_FRESH);
	CHECK(plan.options.blocks == 12);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct plan_cell *cell = &plan.cells[cases[i].cell];

		CHECK_MSG(cell->samples == cases[i].samples, "cell %zu", cases[i].cell);
		CHECK_MSG(blog_median_ns(&cell->transport, &cell->type) ==
				  cases[i].published_ns,
			  "cell %zu", cases[i].cell);
	}
	plan_free(&plan);
}

static void test_blog_none(void)
{
	CHECK(make("unix+bytes,ws+shm", "1x3x224x224,3x224x224") == 0);
	CHECK(blog_median_ns(&plan.cells[0].transport, &plan.cells[0].type) == 0);
	CHECK(blog_median_ns(&plan.cells[2].transport, &plan.cells[2].type) == 4340000);
	CHECK(blog_median_ns(&plan.cells[3].transport, &plan.cells[3].type) == 0);
	plan_free(&plan);
}

/* A preset only lowers the limit that the caller gives. */
static void test_preset_limit(void)
{
	struct plan_options options = plan_defaults;

	options.samples = 7;
	err_clear(&err);
	CHECK(plan_make(&plan, "http+json", "5,128x1024x1024", &options, preset_find("blog"),
			&err) == 0);
	CHECK(plan.cells[0].samples == 7 && plan.cells[1].samples == 5);
	plan_free(&plan);
}

/* Cells of which a block holds no two exchanges, or that have few samples, are cut into fewer. */
static void test_blocks(void)
{
	struct plan_options options = plan_defaults;

	err_clear(&err);
	CHECK(plan_make(&plan, "http+json,unix+bytes", "2x3,128x1024x1024", &options, NULL, &err) ==
	      0);
	CHECK(plan.cells[0].blocks == 12 && plan.cells[1].blocks == 5);
	CHECK(plan.cells[2].blocks == 12 && plan.cells[3].blocks == 5);
	plan_free(&plan);
	options.samples = 11;
	CHECK(plan_make(&plan, "unix+bytes", "2x3", &options, NULL, &err) == 0);
	CHECK(plan.cells[0].blocks == 5);
	plan_free(&plan);
	/* What was asked for is asked for. */
	options.blocks = options.blocks_slow = 20;
	CHECK(plan_make(&plan, "http+json", "128x1024x1024", &options, NULL, &err) == 0);
	CHECK(plan.cells[0].blocks == 20);
	plan_free(&plan);
}

static void test_presets(void)
{
	static const struct {
		const char *name;
		size_t cells;
	} cases[] = {
		{"blog", 24}, {"quick", 24}, {"full", 0}, {"frames", 24}, {"tensors", 24},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double total = 0;

		CHECK_MSG(make_preset(cases[i].name) == 0, "%s: %s", cases[i].name, err_text());
		CHECK(plan.options.blocks >= 3 && plan.options.samples && plan.options.timeout_ns);
		CHECK(plan.options.warmup == PLAN_WARMUP_AUTO);
		CHECK(!cases[i].cells || plan.cell_count == cases[i].cells);
		for (size_t c = 0; c < plan.cell_count; c++)
			total += plan_cell_estimate_ns(&plan.cells[c], &plan.options);
		CHECK_MSG(strcmp(cases[i].name, "quick") != 0 || total < 60e9,
			  "quick takes %g s", total / 1e9);
		plan_free(&plan);
	}
	CHECK(preset_find("frames")->options.direction == DIRECTION_PUSH);
	CHECK(preset_find("tensors")->options.direction == DIRECTION_BOTH);
	CHECK(preset_find("slow") == NULL && preset_find("") == NULL);
}

/* A type is a shape and a dtype: two dtypes of one shape are two columns. */
static void test_dtypes(void)
{
	struct plan_options options = plan_defaults;
	const enum dtype want[] = {DTYPE_UINT8, DTYPE_FLOAT16, DTYPE_INT16, DTYPE_FLOAT64};

	options.dtype = DTYPE_INT16;
	err_clear(&err);
	CHECK(plan_make(&plan, "unix+bytes", "2x3:uint8,(2,3):float16,2x3,2x3:int16,2x3:float64",
			&options, NULL, &err) == 0);
	CHECK(plan.cell_count == 4);
	for (size_t i = 0; i < 4; i++)
		CHECK(plan.cells[i].type.dtype == want[i]);
	CHECK(array_type_bytes(&plan.cells[0].type) == 6);
	plan_free(&plan);
	CHECK(plan_make_duel(&plan, "unix+bytes", "tcp+bytes", "5", &options, &err) == 0);
	CHECK(plan.cells[1].type.dtype == DTYPE_INT16);
	plan_free(&plan);
	CHECK(plan_make(&plan, "unix+bytes", "2x3:half", &options, NULL, &err) == -1);
	plan_free(&plan);
}

static void test_dtype_names(void)
{
	static const struct {
		const char *name, *meant; /* meant NULL: nothing is near */
	} cases[] = {
		{"f32", "float32"},  {"float", "float32"},   {"double", "float64"},
		{"half", "float16"}, {"u8", "uint8"},        {"byte", "uint8"},
		{"<f4", "float32"},  {"|b1", "bool"},        {"Float64", "float64"},
		{"BF16", "bfloat16"}, {"flaot16", "float16"}, {"unit8", "uint8"},
		{"complex128", NULL}, {"", NULL},
	};
	enum dtype dtype;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char want[60];

		err_clear(&err);
		(void)snprintf(want, sizeof(want), "did you mean %s: ", cases[i].meant);
		CHECK(dtype_read(cases[i].name, &dtype, &err) == -1 && err.kind == ERR_USAGE);
		CHECK_MSG(cases[i].meant ? strstr(err_text(), want) != NULL :
					   !strstr(err_text(), "did you mean"), "%s", err_text());
		CHECK_MSG(strstr(err_text(), ", uint64, bool"), "%s", err_text());
	}
	for (unsigned i = 0; i < DTYPE_COUNT; i++)
		CHECK(dtype_read(dtype_table[i].name, &dtype, NULL) == 0 && dtype == i);
}

static const struct test tests[] = {
	{"plan reads lists of transports and shapes", test_lists},
	{"plan drops duplicates", test_duplicates},
	{"plan knows all", test_all},
	{"plan refuses in words", test_errors},
	{"plan knows directions", test_directions},
	{"plan refuses two arrays for one way", test_directions_refused},
	{"plan blog: limits and published medians", test_blog},
	{"plan blog: nothing published for others", test_blog_none},
	{"plan preset only lowers the limit", test_preset_limit},
	{"plan cuts slow cells into fewer blocks", test_blocks},
	{"plan dtypes", test_dtypes},
	{"plan names of dtypes", test_dtype_names},
	{"plan presets can be planned", test_presets},
};

TEST_MAIN(tests)
