/* SPDX-License-Identifier: MIT */
/* Sentences: each from figures that call for it, and silence where they do not. */
#include <stdlib.h>

#include "bench/report/says.h"
#include "bench/stats/drift.h"
#include "tests/support/test.h"

static const struct carrier ws = {.name = "ws"};
static const struct carrier http = {.name = "http"};
static const struct encoding bytes = {.name = "bytes"};
static const struct encoding json = {.name = "json", .flags = ENCODING_DIGITS};
static const struct encoding shm = {.name = "shm", .flags = ENCODING_BY_REFERENCE};

enum { BYTES, SHM, JSON, CELLS_A_SHAPE };
#define SHAPES 2
#define CELLS (CELLS_A_SHAPE * SHAPES)

static struct plan plan;
static struct plan_cell plan_cells[CELLS];
static struct cell cells[CELLS];
static struct model model;
#define BLOCKS 3

static struct block_result cell_blocks[CELLS][BLOCKS];
static struct hist hists[CELLS];
static struct series series;
static struct says_line lines[16];

static struct cell *cell_at(int shape, int row)
{
	return &cells[shape * CELLS_A_SHAPE + row];
}

/* The figures that most rules look at; the blocks' medians lie at low, in between and at high. */
static void set_median(struct cell *cell, double ns, double low_ns, double high_ns)
{
	struct block_result *blocks = cell_blocks[cell - cells];
	double levels[BLOCKS] = {low_ns, ns, high_ns};

	for (int i = 0; i < BLOCKS; i++)
		blocks[i] = (struct block_result){
			.samples = 300,
			.p50_ns = levels[(i + (cell - cells)) % BLOCKS], /* in no common order */
			.p50_with_read_ns = levels[(i + (cell - cells)) % BLOCKS],
			.round = (size_t)i,
		};
	cell->blocks = blocks;
	cell->blocks_done = BLOCKS;
	cell->state = CELL_DONE;
	cell->summary.samples = cell->summary.verified = 1000;
	cell->summary.p50_ns = cell->summary.p50_with_read_ns = ns;
	cell->summary.mean_ns = ns;
	cell->summary.throughput_bytes_per_s =
		(double)array_type_bytes(&cell->plan->type) / ns * 1e9;
}

static void clear_summary(struct summary *summary)
{
	double *figure = (double *)summary;

	for (size_t i = 0; i < sizeof(*summary) / sizeof(*figure); i++)
		figure[i] = (double)NAN;
}

/* Nothing measured yet. */
static void reset(void)
{
	static const char *const shapes[SHAPES] = {"1x3x224x224", "2x3x16x224x224"};
	static const struct transport transports[CELLS_A_SHAPE] = {
		{&ws, &bytes},
		{&ws, &shm},
		{&http, &json},
	};

	memset(hists, 0, sizeof(hists));
	memset(&series, 0, sizeof(series));
	memset(cells, 0, sizeof(cells));
	for (int i = 0; i < CELLS; i++) {
		struct shape shape;

		if (shape_parse(shapes[i / CELLS_A_SHAPE], &shape, NULL) != 0)
			abort();
		plan_cells[i].transport = transports[i % CELLS_A_SHAPE];
		plan_cells[i].type = (struct array_type){shape, DTYPE_FLOAT64};
		cells[i].plan = &plan_cells[i];
		clear_summary(&cells[i].summary);
	}
	plan = (struct plan){.options = plan_defaults, .cells = plan_cells, .cell_count = CELLS};
	model = (struct model){.plan = &plan, .cells = cells, .cell_count = CELLS};
}

static const struct array_type *shape_at(int shape)
{
	return &plan_cells[shape * CELLS_A_SHAPE].type;
}

/* Whether a sentence contains text; type NULL: of the whole run. */
static bool says(const struct array_type *type, const char *text)
{
	size_t count = says_find(&model, type, lines, 16);

	for (size_t i = 0; i < count; i++)
		if (strstr(lines[i].text, text))
			return true;
	return false;
}

static void test_nothing(void)
{
	reset();
	CHECK(says_find(&model, shape_at(0), lines, 16) == 0);
	CHECK(says_find(&model, NULL, lines, 16) == 0);
	model = (struct model){0};
	CHECK(says_find(&model, NULL, lines, 16) == 0);
}

static void test_winner(void)
{
	reset();
	set_median(cell_at(0, BYTES), 2e6, 1.9e6, 2.1e6);
	CHECK(!says(shape_at(0), "fastest")); /* alone it beats nobody */
	set_median(cell_at(0, SHM), 1e6, 0.9e6, 1.1e6);
	set_median(cell_at(0, JSON), 30e6, 29e6, 31e6);
	/* Two rivals: each ratio at 1 - 0.05 / 2, so that both hold at once. */
	CHECK_MSG(says(shape_at(0), "ws+shm is fastest, the first read included: 1.00ms, 2.01× as "
				    "fast as ws+bytes (95%: 1.24× to 3.23×) and 30.1× as fast as "
				    "http+json."),
		  "%s", lines[0].text);
	cell_at(0, SHM)->state = CELL_FAILED; /* nobody left who goes by reference */
	CHECK_MSG(says(shape_at(0),
		       "ws+bytes is fastest: 2.00ms, 602 MB/s, 15.0× as fast as http+json"),
		  "%s", lines[0].text);
	cell_at(0, SHM)->state = CELL_DONE;
	CHECK(says_find(&model, shape_at(0), lines, 1) == 1);
	CHECK(says_find(&model, shape_at(0), lines, 0) == 0);
}

static void test_tie(void)
{
	reset();
	set_median(cell_at(0, BYTES), 1.05e6, 1.0e6, 1.2e6);
	set_median(cell_at(0, SHM), 1e6, 0.9e6, 1.1e6);
	CHECK(!says(shape_at(0), "fastest"));
	CHECK_MSG(says(shape_at(0), "ws+shm and ws+bytes are undecided: 3 blocks of each cannot "
				    "tell; their ratio is 0."),
		  "%s", lines[0].text);
	CHECK(says(shape_at(0), "× (95%)."));
	CHECK(!says(shape_at(0), "Shared memory"));
	set_median(cell_at(0, BYTES), 9e6, 9e6, 9e6);
	CHECK(says(shape_at(0), "fastest"));
	cell_at(0, SHM)->blocks_done = 1; /* however many samples */
	CHECK(!says(shape_at(0), "fastest"));
	CHECK(says(shape_at(0), "undecided: 1 block of each cannot tell."));
	cell_at(0, SHM)->blocks[0].round = 7; /* measured again, after the others */
	CHECK(says(shape_at(0), "undecided: no round has a block of each."));
}

/* A winner is named only if it beats each of its rivals; else all that it does not beat are. */
static void test_ties(void)
{
	reset();
	set_median(cell_at(0, BYTES), 1e6, 0.999e6, 1.001e6);
	set_median(cell_at(0, SHM), 1e6, 0.999e6, 1.001e6);
	CHECK_MSG(says(shape_at(0),
		       "ws+bytes and ws+shm are the same within 2% (3 blocks of each); "
		       "their ratio is"),
		  "%s", lines[0].text);
	set_median(cell_at(0, JSON), 1.01e6, 0.5e6, 2e6);
	CHECK_MSG(says(shape_at(0),
		       "ws+bytes, ws+shm and http+json cannot be told apart (3 blocks of each)."),
		  "%s", lines[0].text);
	set_median(cell_at(0, JSON), 30e6, 29e6, 31e6);
	CHECK(says(shape_at(0), "ws+bytes and ws+shm are the same"));
	CHECK(!says(shape_at(0), "fastest"));
}

/* Whatever it measured, a cell of trust F wins nothing, and is said to stand below the rest. */
static void test_distrusted(void)
{
	struct cell *shm_cell = cell_at(0, SHM);

	reset();
	set_median(cell_at(0, BYTES), 2e6, 1.9e6, 2.1e6);
	set_median(shm_cell, 1e6, 0.9e6, 1.1e6);
	set_median(cell_at(0, JSON), 30e6, 29e6, 31e6);
	shm_cell->trust = (struct trust){.grade = 'F', .count = 1};
	(void)snprintf(shm_cell->trust.reasons[0].sentence, TRUST_SENTENCE_BYTES, "It drifted.");
	CHECK_MSG(says(shape_at(0), "ws+bytes is fastest, the first read included: 2.00ms"), "%s",
		  lines[0].text);
	CHECK(says(shape_at(0), "ws+shm: trust F, so below the rest and not ranked. It drifted."));
	cell_at(0, BYTES)->trust.grade = cell_at(0, JSON)->trust.grade = 'F';
	CHECK(says(shape_at(0), "ws+shm is fastest")); /* all alike: that sets none apart */
	CHECK(!says(shape_at(0), "trust F"));
}

static void test_reference(void)
{
	reset();
	set_median(cell_at(0, BYTES), 2e6, 1.9e6, 2.1e6);
	set_median(cell_at(0, SHM), 1e6, 0.9e6, 1.1e6);
	CHECK(says(shape_at(0), "Shared memory pays here: ws+shm is 2.01× as fast as ws+bytes"));
	set_median(cell_at(0, SHM), 3e6, 2.9e6, 3.1e6);
	CHECK(says(shape_at(0),
		   "does not pay here: ws+bytes copies and is 1.50× as fast as ws+shm"));
	set_median(cell_at(0, SHM), 2.1e6, 2e6, 2.2e6);
	CHECK(!says(shape_at(0), "Shared memory"));
}

static void set_with_read(struct cell *cell, double ns)
{
	cell->summary.p50_with_read_ns = ns;
	for (int i = 0; i < BLOCKS; i++)
		cell->blocks[i].p50_with_read_ns = ns * (1 + 0.01 * i);
}

static void test_with_read(void)
{
	reset();
	set_median(cell_at(0, BYTES), 2e6, 1.9e6, 2.1e6);
	set_median(cell_at(0, SHM), 1e6, 0.9e6, 1.1e6);
	CHECK(!says(shape_at(0), "turns it round"));
	set_with_read(cell_at(0, BYTES), 2.2e6);
	set_with_read(cell_at(0, SHM), 2.9e6);
	CHECK(says(shape_at(0), "turns it round: ws+bytes needs 2.20ms"));
	set_with_read(cell_at(0, BYTES), 2.9e6);
	CHECK(!says(shape_at(0), "turns it round"));
}

static void test_read(void)
{
	reset();
	set_median(cell_at(0, BYTES), 2e6, 1.9e6, 2.1e6);
	set_median(cell_at(0, SHM), 1e6, 0.9e6, 1.1e6);
	cell_at(0, BYTES)->summary.read_ns = 1e5;
	cell_at(0, SHM)->summary.read_ns = 1.1e5;
	CHECK(!says(shape_at(0), "first read of"));
	cell_at(0, SHM)->summary.read_ns = 8e5;
	CHECK(says(shape_at(0), "The first read of ws+shm takes 800µs on top"));
}

static void test_make(void)
{
	reset();
	set_median(cell_at(0, SHM), 1e6, 0.9e6, 1.1e6);
	cell_at(0, SHM)->summary.make_ns = 7e5;
	CHECK(!says(shape_at(0), "random"));
	plan.options.source = SOURCE_FRESH;
	CHECK(says(shape_at(0), "Of ws+shm's latency 70% is the drawing of random numbers"));
	cell_at(0, SHM)->summary.make_ns = 1e5;
	CHECK(!says(shape_at(0), "random"));
}

static void test_json(void)
{
	reset();
	set_median(cell_at(0, JSON), 1e7, 9e6, 1.1e7);
	CHECK(!says(shape_at(0), "as text"));
	cell_at(0, JSON)->summary.encode_ns = 6e6;
	cell_at(0, JSON)->summary.decode_ns = 3e6;
	cell_at(0, JSON)->summary.overlap_ns = 0;
	CHECK(says(shape_at(0),
		   "http+json spends 60% of its latency writing numbers as text and 30% "
		   "reading them back."));
	cell_at(0, JSON)->summary.overlap_ns = 1e5;
	CHECK(says(shape_at(0), "partly at once"));
}

static void test_few(void)
{
	reset();
	set_median(cell_at(0, JSON), 1e7, 9e6, 1.1e7);
	CHECK(!says(shape_at(0), "fewer"));
	cell_at(0, JSON)->summary.samples = 3;
	CHECK(says(shape_at(0), "1 of 1 cells have fewer than 20 samples (http+json: 3)"));
}

static void test_sizes(void)
{
	reset();
	set_median(cell_at(0, BYTES), 1e6, 0.9e6, 1.1e6);
	set_median(cell_at(0, SHM), 2e6, 1.9e6, 2.1e6);
	CHECK(!says(NULL, "winner"));
	set_median(cell_at(1, BYTES), 3e7, 2.9e7, 3.1e7);
	set_median(cell_at(1, SHM), 2e7, 1.9e7, 2.1e7);
	CHECK(says(NULL, "changes with size: ws+bytes at 1.2 MB, ws+shm at 38.5 MB"));
	CHECK(says(NULL, "begins to pay between 1.2 MB, where copying wins, and 38.5 MB"));
	set_median(cell_at(1, BYTES), 1e7, 0.9e7, 1.1e7);
	CHECK(says(NULL, "ws+bytes wins every shape."));
	set_median(cell_at(1, SHM), 1e7, 0.9e7, 1.1e7);
	CHECK(!says(NULL, "every shape."));
	/* Copying wins at the larger size alone: there is no size from which on it pays. */
	set_median(cell_at(0, BYTES), 3e6, 2.9e6, 3.1e6);
	set_median(cell_at(1, SHM), 2e7, 1.9e7, 2.1e7);
	CHECK(!says(NULL, "Shared memory"));
}

/* Published medians are of fresh arrays in fresh memory; beside others they stay away. */
static void test_published(void)
{
	reset();
	set_median(cell_at(0, BYTES), 2.135e6, 2e6, 2.2e6);
	set_median(cell_at(0, JSON), 29e6, 28e6, 30e6);
	CHECK(!says(NULL, "published"));
	plan.options.source = SOURCE_FRESH;
	plan.options.memory = MEMORY_FRESH;
	CHECK(says(NULL, "these are 2.00× to 10.0× as fast"));
}

static void test_wrong(void)
{
	reset();
	set_median(cell_at(0, BYTES), 1e6, 0.9e6, 1.1e6);
	set_median(cell_at(0, SHM), 2e6, 1.9e6, 2.1e6);
	cell_at(0, BYTES)->state = CELL_WRONG;
	(void)snprintf(cell_at(0, BYTES)->reason, CELL_REASON_BYTES, "element [0] is 1");
	CHECK(says(shape_at(0), "ws+bytes sent wrong arrays and is not ranked: element [0] is 1"));
	CHECK(says(NULL, "B sent wrong arrays and is not ranked: element [0] is 1"));
	CHECK(says(NULL, "ws+bytes at "));
	CHECK(!says(shape_at(0), "fastest") && !says(shape_at(0), "Shared"));
	CHECK(lines[0].warning);
}

#define MANY 1360

/* A model of cells that are all alike but for what a test makes of them. The caller frees it. */
static struct cell *many_cells(size_t shapes)
{
	struct plan_cell *plans = calloc(MANY, sizeof(*plans));
	struct cell *many = calloc(MANY, sizeof(*many));

	if (!plans || !many)
		abort();
	for (size_t i = 0; i < MANY; i++) {
		struct shape shape = {.dimensions = 1, .extents = {i % shapes + 1}};

		plans[i].transport = (struct transport){&http, &json};
		plans[i].type = (struct array_type){shape, DTYPE_FLOAT64};
		many[i] = (struct cell){.plan = &plans[i], .state = CELL_DONE};
		clear_summary(&many[i].summary);
		many[i].summary.samples = 1000;
		many[i].summary.p50_ns = many[i].summary.p50_with_read_ns = 9e6;
	}
	plan = (struct plan){.options = plan_defaults, .cells = plans, .cell_count = MANY};
	model = (struct model){.plan = &plan, .cells = many, .cell_count = MANY};
	return many;
}

/* No sentence leaves out a cell because there are many. */
static void test_many_cells(void)
{
	struct cell *many = many_cells(1);

	plan.cells[MANY - 1].transport = (struct transport){&ws, &shm};
	plan.cells[MANY - 2].transport = (struct transport){&ws, &bytes};
	many[MANY - 1].summary.p50_ns = many[MANY - 1].summary.p50_with_read_ns = 1e6;
	many[MANY - 2].summary.p50_ns = many[MANY - 2].summary.p50_with_read_ns = 2e6;
	many[MANY - 1].summary.samples = 3;
	if (!says(&plan.cells[0].type, "are undecided: no round has a block of each"))
		TEST_FAIL("%s", lines[0].text);
	if (!says(&plan.cells[0].type, "1 of 1360 cells have fewer than 20 samples"))
		TEST_FAIL("%s", lines[1].text);
	free(plan.cells);
	free(many);
}

/* Nor a shape: here two transports meet on each, and the last is won by the other one. */
static void test_many_shapes(void)
{
	static struct block_result blocks[MANY][BLOCKS];
	size_t shapes = MANY / 2;
	struct cell *many = many_cells(shapes);

	for (size_t i = 0; i < MANY; i++) {
		bool wins = (i < shapes) == (i % shapes < shapes - 1);

		plan.cells[i].transport.carrier = i < shapes ? &ws : &http;
		for (int k = 0; k < BLOCKS; k++)
			blocks[i][k] = (struct block_result){
				.samples = 300,
				.p50_ns = (wins ? 1e6 : 5e6) * (1 + 0.01 * k),
				.round = (size_t)k,
			};
		many[i].blocks = blocks[i];
		many[i].blocks_done = BLOCKS;
		many[i].summary.p50_ns = wins ? 1e6 : 5e6;
	}
	if (!says(NULL, "changes with size: ws+json at 8 B, http+json at 5.4 kB; the first change "
			"is at 5.4 kB"))
		TEST_FAIL("%s", lines[0].text);
	free(plan.cells);
	free(many);
}

static double random_share(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double)(*state >> 11) / 9007199254740992.0;
}

/* About normal, a tenth wide. */
static uint64_t sample_ns(double median_ns, uint64_t *state)
{
	double sum = random_share(state) + random_share(state) + random_share(state);

	return (uint64_t)(median_ns * (1 + (sum - 1.5) * 0.2));
}

static void fill_series(double first_ns, double last_ns, uint64_t *seed)
{
	for (uint64_t i = 0; i < 600; i++)
		series_record(&series, i * 1000000,
			      sample_ns(first_ns + (last_ns - first_ns) * (double)i / 600, seed));
}

static void test_unsteady(void)
{
	struct block_result blocks[2] = {{.samples = 100, .p50_ns = 1e6},
					 {.samples = 100, .p50_ns = 1.5e6}};
	char text[SAYS_BYTES];
	struct drift drift;
	uint64_t seed = 5;

	reset();
	set_median(cell_at(0, SHM), 1e6, 0.9e6, 1.1e6);
	CHECK(!says_unsteady(cell_at(0, SHM), text));
	CHECK_STR(text, "");
	cell_at(0, SHM)->blocks = blocks;
	cell_at(0, SHM)->blocks_done = 2;
	CHECK(says_unsteady(cell_at(0, SHM), text));
	CHECK_STR(text,
		  "ws+shm: its blocks disagree, their medians lie between 1.00ms and 1.50ms.");
	blocks[1].samples = 3; /* too few to disagree */
	CHECK(!says_unsteady(cell_at(0, SHM), text));
	fill_series(9e5, 1.4e6, &seed);
	cell_at(0, SHM)->series = &series;
	CHECK(!says_unsteady(cell_at(0, SHM), text)); /* not judged yet */
	CHECK(drift_find(&series, &drift));
	cell_at(0, SHM)->summary.drift_ratio = drift.ratio; /* as cell_judge does */
	CHECK(says_unsteady(cell_at(0, SHM), text));
	CHECK_MSG(strstr(text, "slower while it ran"), "%s", text);
	cell_at(0, SHM)->state = CELL_RUNNING;
	CHECK(!says_unsteady(cell_at(0, SHM), text));
}

static const struct test tests[] = {
	{"nothing to say", test_nothing},
	{"winner", test_winner},
	{"undecided", test_tie},
	{"several at the top", test_ties},
	{"trust F ranks below the rest", test_distrusted},
	{"shared memory against copying", test_reference},
	{"with read", test_with_read},
	{"first read", test_read},
	{"drawing the numbers", test_make},
	{"numbers as text", test_json},
	{"few samples", test_few},
	{"winners by size", test_sizes},
	{"published medians", test_published},
	{"wrong arrays are not ranked", test_wrong},
	{"unsteady", test_unsteady},
	{"many cells", test_many_cells},
	{"many shapes", test_many_shapes},
};

TEST_MAIN(tests)
