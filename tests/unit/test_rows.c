/* SPDX-License-Identifier: MIT */
/* Cells as rows of tables: every one of them, however many a plan has. */
#include "bench/report/rows.h"
#include "tests/support/test.h"

#define CARRIERS 340
#define ENCODINGS 4
#define TRANSPORTS ((size_t)CARRIERS * ENCODINGS)
#define SHAPES 3
#define CELLS (TRANSPORTS * SHAPES)

static struct plan plan;
static struct model model;

/*
 * More transports than there will be for long, on three shapes. A cell is the faster the
 * later its transport comes, so that what is left out is what should stand first.
 */
static void begin(void)
{
	static struct plan_cell plan_cells[CELLS];
	static struct cell cells[CELLS];
	static struct carrier carriers[CARRIERS];
	static struct encoding encodings[ENCODINGS];
	static char names[CARRIERS][8];

	for (size_t i = 0; i < CELLS; i++) {
		size_t transport = i / SHAPES;
		size_t carrier = transport / ENCODINGS;
		struct shape shape = {.dimensions = 1, .extents = {i % SHAPES + 1}};

		(void)snprintf(names[carrier], sizeof(names[0]), "c%03zu", carrier);
		carriers[carrier].name = names[carrier];
		encodings[transport % ENCODINGS].name = "bytes";
		plan_cells[i] = (struct plan_cell){
			.transport = {&carriers[carrier], &encodings[transport % ENCODINGS]},
			.type = (struct array_type){shape, DTYPE_FLOAT64},
			.base = i,
		};
		cells[i] = (struct cell){.plan = &plan_cells[i], .state = CELL_DONE};
		cells[i].summary.p50_ns = (double)(CELLS - i);
	}
	plan = (struct plan){.cells = plan_cells, .cell_count = CELLS};
	model = (struct model){.plan = &plan, .cells = cells, .cell_count = CELLS};
}

static const struct array_type *shape_at(size_t shape)
{
	return &plan.cells[shape].type;
}

static void test_340_transports_in_4_encodings(void)
{
	static struct rows rows;

	begin();
	rows_of_type(&model, shape_at(1), SORT_MEDIAN, false, &rows);
	CHECK_MSG(rows.count == TRANSPORTS, "%zu rows", rows.count);
	for (size_t i = 0; i < rows.count; i++)
		CHECK(rows.cells[i] == CELLS - SHAPES * (i + 1) + 1);
	rows_of_type(&model, shape_at(1), SORT_NAME, true, &rows);
	CHECK(rows.count == TRANSPORTS);
	rows_with_steps(&model, 0, &rows);
	CHECK(rows.count == TRANSPORTS);
}

/* Trust F stands below the rest either way round, but not where names are sorted. */
static void test_distrusted(void)
{
	static struct rows rows;
	size_t fastest = CELLS - SHAPES + 1;

	begin();
	model.cells[fastest].trust.grade = 'F';
	rows_of_type(&model, shape_at(1), SORT_MEDIAN, false, &rows);
	CHECK(rows.cells[TRANSPORTS - 1] == fastest && rows.cells[0] == fastest - SHAPES);
	model.cells[1].trust.grade = 'F';
	rows_of_type(&model, shape_at(1), SORT_MEDIAN, true, &rows);
	CHECK(rows.cells[TRANSPORTS - 1] == fastest && rows.cells[TRANSPORTS - 2] == 1);
	rows_of_type(&model, shape_at(1), SORT_NAME, false, &rows);
	CHECK(rows.cells[0] == 1);
}

static void test_over_all_shapes(void)
{
	static struct rows rows;

	begin();
	rows_of_type(&model, NULL, SORT_MEDIAN, false, &rows);
	CHECK_MSG(rows.count == TRANSPORTS, "%zu rows", rows.count);
	CHECK(rows.cells[0] == CELLS - SHAPES);
}

/* By size, those of one size in the plan's order, each once; as rows_types has them. */
static void test_shapes(void)
{
	static const char *const names[] = {"6", "4x1", "2x3", "4", "6", "2x2", "3x2", "4", "1"};
	static const char *const sorted[] = {"1", "4x1", "4", "2x2", "6", "2x3", "3x2"};
	struct plan_cell plans[9] = {0};
	struct cell cells[9] = {0};
	struct row_types types;
	const struct array_type *type = NULL;
	char text[ARRAY_TYPE_TEXT_BYTES];

	for (size_t i = 0; i < 9; i++) {
		CHECK(shape_parse(names[i], &plans[i].type.shape, NULL) == 0);
		cells[i].plan = &plans[i];
	}
	model = (struct model){.cells = cells, .cell_count = 9};
	rows_types(&model, &types);
	CHECK(types.count == 7);
	for (size_t i = 0; i < 7; i++) {
		type = rows_next_type(&model, type);
		CHECK(type && type == types.types[i]);
		CHECK_STR(array_type_format(type, text), sorted[i]);
	}
	CHECK(!rows_next_type(&model, type));
}

static int check_plan(size_t cells, size_t shapes, struct err *err)
{
	struct plan_cell *plan_cells = calloc(cells, sizeof(*plan_cells));
	static struct carrier carriers[ROWS_MAX + 1];
	int status;

	if (!plan_cells)
		abort();
	for (size_t i = 0; i < cells; i++) {
		struct shape shape = {.dimensions = 1, .extents = {i % shapes + 1}};

		plan_cells[i].transport.carrier = &carriers[i];
		plan_cells[i].type = (struct array_type){shape, DTYPE_FLOAT64};
	}
	plan = (struct plan){.cells = plan_cells, .cell_count = cells};
	status = rows_check_plan(&plan, err);
	free(plan_cells);
	return status;
}

/* What tables have no room for is not left out of them, but refused. */
static void test_too_many(void)
{
	struct err err = {0};

	begin();
	CHECK(rows_check_plan(&plan, &err) == 0);
	CHECK(check_plan(ROWS_MAX, 1, &err) == 0 && check_plan(ROWS_MAX, 4, &err) == 0);
	CHECK(check_plan(ROWS_MAX + 1, 1, &err) != 0);
	CHECK_STR(err.message, "tables have room for 2048 rows, and this is 2049");
	err_clear(&err);
	CHECK(check_plan(ROWS_MAX + 1, 4, &err) != 0);
	err_clear(&err);
	CHECK(check_plan(100, ROW_TYPES_MAX, &err) == 0);
	CHECK(check_plan(100, ROW_TYPES_MAX + 1, &err) != 0);
	CHECK_STR(err.message, "tables have room for 32 shapes, and these are 33");
}

/* Detail goes through a sweep, too. */
static void test_too_many_steps(void)
{
	static struct plan_cell cells[ROWS_MAX];
	struct err err = {0};

	for (size_t i = 0; i < ROWS_MAX; i++)
		cells[i].load = i && i < PLAN_SWEEP_STEPS ? 0.5 : 0;
	plan = (struct plan){.cells = cells, .cell_count = ROWS_MAX};
	CHECK(rows_check_plan(&plan, &err) == 0);
	cells[ROWS_MAX - 1].load = 0;
	cells[PLAN_SWEEP_STEPS - 1].load = 0;
	CHECK(rows_check_plan(&plan, &err) != 0 && err.kind == ERR_RANGE);
}

static const struct test tests[] = {
	{"trust F below the rest", test_distrusted},
	{"shapes", test_shapes},
	{"too_many", test_too_many},
	{"too_many_steps", test_too_many_steps},
	{"340_transports_in_4_encodings", test_340_transports_in_4_encodings},
	{"over_all_shapes", test_over_all_shapes},
};

TEST_MAIN(tests)
