/* SPDX-License-Identifier: MIT */
/* The four screens: golden frames at the standard sizes, and every size without harm. */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/golden_frame.h"
#include "tests/support/test.h"
#include "tui/ui/ui_update.h"
#include "tui/views/frame.h"
#include "tui/views/view.h"

struct size {
	int columns, rows;
};

/* What a golden frame is made from. */
struct shot {
	const char *name;
	enum screen screen;
	enum fixture fixture;
	struct size size;
	enum glyph_set glyphs;
	void (*change)(struct ui *ui); /* NULL: nothing */
};

static void open_log(struct ui *ui)
{
	ui->log = true;
}

static void on_interrupted(struct ui *ui)
{
	ui->cell = 5 * 3 + 2;
	ui->type = 2;
}

static void open_notes(struct ui *ui)
{
	ui_note(ui, "keys.conf:1: foo: no such action");
	ui_note(ui, "%s",
		"http+cjson of 128x1024x1024 cannot run here: cJSON cannot print more "
		"than 2 GiB of text");
	ui->help = (struct help){.open = true, .notes = true};
}

static void zoom_in(struct ui *ui)
{
	ui->zoom.left = 0.2;
	ui->zoom.right = 0.5;
	ui->zoom.cursor = 0.4;
	ui->counts = COUNTS_LOG;
}

static void all_shapes(struct ui *ui)
{
	ui->type = 3;
}

static void all_shapes_rate(struct ui *ui)
{
	ui->type = 3;
	ui->unit = UNIT_RATE;
}

static void plot_spreads(struct ui *ui)
{
	ui->plot = PLOT_SPREAD;
}

static void plot_trends(struct ui *ui)
{
	ui->plot = PLOT_TREND;
}

static void sort_cpu(struct ui *ui)
{
	ui->sort = SORT_P99;
	ui->sort_inverted = true;
}

static void on_option(struct ui *ui)
{
	ui->picker.row = (int)ui->picker.transport_count + OPTION_MEMORY;
}

static void open_help(struct ui *ui)
{
	ui->help = (struct help){.open = true, .selected = 3};
}

/* The step of the knee. */
static void on_step(struct ui *ui)
{
	ui->cell += 7;
}

static void ask_duel(struct ui *ui)
{
	ui->mark = ui->cell;
	ui->opponent = 6 * 3 + 1;
	ui->ask = ASK_DUEL;
}

static void on_heading(struct ui *ui)
{
	ui->picker.row = -1;
	ui->picker.column = 2;
}

static void on_impossible(struct ui *ui)
{
	ui->picker.row = 4;
	ui->picker.column = 3;
}

static const struct shot shots[] = {
	{"setup", SCREEN_SETUP, FIXTURE_EMPTY, {200, 60}, GLYPHS_UTF8, NULL},
	{"setup", SCREEN_SETUP, FIXTURE_EMPTY, {120, 40}, GLYPHS_UTF8, NULL},
	{"setup", SCREEN_SETUP, FIXTURE_EMPTY, {80, 24}, GLYPHS_UTF8, NULL},
	{"setup", SCREEN_SETUP, FIXTURE_EMPTY, {60, 20}, GLYPHS_UTF8, NULL},
	{"setup", SCREEN_SETUP, FIXTURE_EMPTY, {40, 12}, GLYPHS_UTF8, NULL},
	{"setup", SCREEN_SETUP, FIXTURE_EMPTY, {60, 18}, GLYPHS_UTF8, NULL},
	{"setup", SCREEN_SETUP, FIXTURE_EMPTY, {30, 8}, GLYPHS_UTF8, NULL},
	{"setup", SCREEN_SETUP, FIXTURE_EMPTY, {20, 5}, GLYPHS_UTF8, NULL},
	{"setup", SCREEN_SETUP, FIXTURE_EMPTY, {16, 6}, GLYPHS_UTF8, NULL},
	{"setup", SCREEN_SETUP, FIXTURE_EMPTY, {80, 24}, GLYPHS_ASCII, NULL},
	{"setup_option", SCREEN_SETUP, FIXTURE_EMPTY, {40, 12}, GLYPHS_UTF8, on_option},
	{"setup_option", SCREEN_SETUP, FIXTURE_EMPTY, {20, 5}, GLYPHS_UTF8, on_option},
	{"setup_help", SCREEN_SETUP, FIXTURE_EMPTY, {30, 8}, GLYPHS_UTF8, open_help},
	{"setup_help", SCREEN_SETUP, FIXTURE_EMPTY, {16, 6}, GLYPHS_UTF8, open_help},
	{"setup_option", SCREEN_SETUP, FIXTURE_EMPTY, {80, 24}, GLYPHS_UTF8, on_option},
	{"setup_heading", SCREEN_SETUP, FIXTURE_EMPTY, {80, 24}, GLYPHS_UTF8, on_heading},
	{"setup_impossible", SCREEN_SETUP, FIXTURE_EMPTY, {80, 24}, GLYPHS_UTF8, on_impossible},

	{"live_running", SCREEN_LIVE, FIXTURE_RUNNING, {200, 60}, GLYPHS_UTF8, NULL},
	{"live_running", SCREEN_LIVE, FIXTURE_RUNNING, {120, 40}, GLYPHS_UTF8, NULL},
	{"live_running", SCREEN_LIVE, FIXTURE_RUNNING, {80, 24}, GLYPHS_UTF8, NULL},
	{"live_running", SCREEN_LIVE, FIXTURE_RUNNING, {60, 20}, GLYPHS_UTF8, NULL},
	{"live_running", SCREEN_LIVE, FIXTURE_RUNNING, {40, 12}, GLYPHS_UTF8, NULL},
	{"live_running", SCREEN_LIVE, FIXTURE_RUNNING, {60, 18}, GLYPHS_UTF8, NULL},
	{"live_running", SCREEN_LIVE, FIXTURE_RUNNING, {30, 8}, GLYPHS_UTF8, NULL},
	{"live_running", SCREEN_LIVE, FIXTURE_RUNNING, {20, 5}, GLYPHS_UTF8, NULL},
	{"live_paused", SCREEN_LIVE, FIXTURE_PAUSED, {16, 6}, GLYPHS_UTF8, NULL},
	{"live_running", SCREEN_LIVE, FIXTURE_RUNNING, {1, 1}, GLYPHS_UTF8, NULL},
	{"live_running", SCREEN_LIVE, FIXTURE_RUNNING, {80, 24}, GLYPHS_ASCII, NULL},
	{"live_running", SCREEN_LIVE, FIXTURE_RUNNING, {120, 40}, GLYPHS_ASCII, NULL},
	{"live_empty", SCREEN_LIVE, FIXTURE_EMPTY, {80, 24}, GLYPHS_UTF8, NULL},
	{"live_pending", SCREEN_LIVE, FIXTURE_PENDING, {80, 24}, GLYPHS_UTF8, NULL},
	{"live_paused", SCREEN_LIVE, FIXTURE_PAUSED, {80, 24}, GLYPHS_UTF8, NULL},
	{"live_failed", SCREEN_LIVE, FIXTURE_FAILED, {80, 24}, GLYPHS_UTF8, NULL},
	{"live_interrupted", SCREEN_LIVE, FIXTURE_FAILED, {80, 24}, GLYPHS_UTF8, on_interrupted},
	{"live_notes", SCREEN_LIVE, FIXTURE_FAILED, {80, 24}, GLYPHS_UTF8, open_notes},
	{"live_done", SCREEN_LIVE, FIXTURE_DONE, {120, 40}, GLYPHS_UTF8, NULL},
	{"live_many", SCREEN_LIVE, FIXTURE_MANY, {80, 24}, GLYPHS_UTF8, NULL},
	{"live_spread", SCREEN_LIVE, FIXTURE_DONE, {80, 24}, GLYPHS_UTF8, plot_spreads},
	{"live_duel", SCREEN_LIVE, FIXTURE_DUEL, {200, 60}, GLYPHS_UTF8, NULL},
	{"live_duel", SCREEN_LIVE, FIXTURE_DUEL, {120, 40}, GLYPHS_UTF8, NULL},
	{"live_duel", SCREEN_LIVE, FIXTURE_DUEL, {80, 24}, GLYPHS_UTF8, NULL},
	{"live_duel", SCREEN_LIVE, FIXTURE_DUEL, {60, 16}, GLYPHS_UTF8, NULL},
	{"live_duel", SCREEN_LIVE, FIXTURE_DUEL, {80, 24}, GLYPHS_ASCII, NULL},
	{"live_both", SCREEN_LIVE, FIXTURE_BOTH, {80, 24}, GLYPHS_UTF8, NULL},
	{"live_trend", SCREEN_LIVE, FIXTURE_DONE, {80, 24}, GLYPHS_UTF8, plot_trends},

	{"compare_done", SCREEN_COMPARE, FIXTURE_DONE, {200, 60}, GLYPHS_UTF8, NULL},
	{"compare_done", SCREEN_COMPARE, FIXTURE_DONE, {120, 40}, GLYPHS_UTF8, NULL},
	{"compare_done", SCREEN_COMPARE, FIXTURE_DONE, {80, 24}, GLYPHS_UTF8, NULL},
	{"compare_done", SCREEN_COMPARE, FIXTURE_DONE, {60, 20}, GLYPHS_UTF8, NULL},
	{"compare_done", SCREEN_COMPARE, FIXTURE_DONE, {40, 12}, GLYPHS_UTF8, NULL},
	{"compare_done", SCREEN_COMPARE, FIXTURE_DONE, {60, 18}, GLYPHS_UTF8, NULL},
	{"compare_done", SCREEN_COMPARE, FIXTURE_DONE, {16, 6}, GLYPHS_UTF8, NULL},
	{"compare_done", SCREEN_COMPARE, FIXTURE_DONE, {80, 24}, GLYPHS_ASCII, NULL},
	{"compare_sorted", SCREEN_COMPARE, FIXTURE_DONE, {80, 24}, GLYPHS_UTF8, sort_cpu},
	{"compare_all", SCREEN_COMPARE, FIXTURE_DONE, {80, 24}, GLYPHS_UTF8, all_shapes},
	{"compare_all", SCREEN_COMPARE, FIXTURE_FAILED, {120, 40}, GLYPHS_UTF8, all_shapes_rate},
	{"compare_failed", SCREEN_COMPARE, FIXTURE_FAILED, {120, 40}, GLYPHS_UTF8, NULL},
	{"compare_running", SCREEN_COMPARE, FIXTURE_RUNNING, {80, 24}, GLYPHS_UTF8, NULL},
	{"compare_duel", SCREEN_COMPARE, FIXTURE_DUEL, {120, 40}, GLYPHS_UTF8, NULL},
	{"compare_duel", SCREEN_COMPARE, FIXTURE_DUEL, {80, 24}, GLYPHS_UTF8, NULL},
	{"compare_load", SCREEN_COMPARE, FIXTURE_LOAD, {200, 60}, GLYPHS_UTF8, NULL},
	{"compare_load", SCREEN_COMPARE, FIXTURE_LOAD, {120, 40}, GLYPHS_UTF8, NULL},
	{"compare_load", SCREEN_COMPARE, FIXTURE_LOAD, {80, 24}, GLYPHS_UTF8, NULL},
	{"compare_load", SCREEN_COMPARE, FIXTURE_LOAD, {80, 24}, GLYPHS_ASCII, NULL},
	{"compare_close", SCREEN_COMPARE, FIXTURE_CLOSE, {120, 40}, GLYPHS_UTF8, NULL},
	{"compare_close", SCREEN_COMPARE, FIXTURE_CLOSE, {80, 24}, GLYPHS_UTF8, NULL},
	{"compare_help", SCREEN_COMPARE, FIXTURE_DONE, {80, 24}, GLYPHS_UTF8, open_help},
	{"compare_ask", SCREEN_COMPARE, FIXTURE_DONE, {80, 24}, GLYPHS_UTF8, ask_duel},
	{"compare_both", SCREEN_COMPARE, FIXTURE_BOTH, {200, 60}, GLYPHS_UTF8, NULL},
	{"compare_both", SCREEN_COMPARE, FIXTURE_BOTH, {60, 20}, GLYPHS_UTF8, NULL},
	{"compare_empty", SCREEN_COMPARE, FIXTURE_EMPTY, {80, 24}, GLYPHS_UTF8, NULL},

	{"detail_done", SCREEN_DETAIL, FIXTURE_DONE, {200, 60}, GLYPHS_UTF8, NULL},
	{"detail_done", SCREEN_DETAIL, FIXTURE_DONE, {120, 40}, GLYPHS_UTF8, NULL},
	{"detail_done", SCREEN_DETAIL, FIXTURE_DONE, {80, 24}, GLYPHS_UTF8, NULL},
	{"detail_done", SCREEN_DETAIL, FIXTURE_DONE, {60, 20}, GLYPHS_UTF8, NULL},
	{"detail_done", SCREEN_DETAIL, FIXTURE_DONE, {40, 12}, GLYPHS_UTF8, NULL},
	{"detail_done", SCREEN_DETAIL, FIXTURE_DONE, {40, 20}, GLYPHS_UTF8, NULL},
	{"detail_done", SCREEN_DETAIL, FIXTURE_DONE, {16, 6}, GLYPHS_UTF8, NULL},
	{"detail_failed", SCREEN_DETAIL, FIXTURE_FAILED, {30, 8}, GLYPHS_UTF8, NULL},
	{"detail_done", SCREEN_DETAIL, FIXTURE_DONE, {80, 24}, GLYPHS_ASCII, NULL},
	{"detail_zoom", SCREEN_DETAIL, FIXTURE_DONE, {80, 24}, GLYPHS_UTF8, zoom_in},
	{"detail_running", SCREEN_DETAIL, FIXTURE_RUNNING, {120, 40}, GLYPHS_UTF8, NULL},
	{"detail_pending", SCREEN_DETAIL, FIXTURE_PENDING, {80, 24}, GLYPHS_UTF8, NULL},
	{"detail_failed", SCREEN_DETAIL, FIXTURE_FAILED, {80, 24}, GLYPHS_UTF8, NULL},
	{"detail_close", SCREEN_DETAIL, FIXTURE_CLOSE, {120, 40}, GLYPHS_UTF8, NULL},
	{"detail_close", SCREEN_DETAIL, FIXTURE_CLOSE, {80, 24}, GLYPHS_UTF8, NULL},
	{"detail_load", SCREEN_DETAIL, FIXTURE_LOAD, {80, 24}, GLYPHS_UTF8, on_step},
	{"detail_load", SCREEN_DETAIL, FIXTURE_LOAD, {120, 40}, GLYPHS_UTF8, on_step},
	{"detail_both", SCREEN_DETAIL, FIXTURE_BOTH, {200, 60}, GLYPHS_UTF8, NULL},
	{"detail_both", SCREEN_DETAIL, FIXTURE_BOTH, {120, 40}, GLYPHS_UTF8, NULL},
	{"detail_both", SCREEN_DETAIL, FIXTURE_BOTH, {80, 24}, GLYPHS_ASCII, NULL},
	{"detail_log", SCREEN_DETAIL, FIXTURE_FAILED, {80, 24}, GLYPHS_UTF8, open_log},
};

#define SHOTS (sizeof(shots) / sizeof(shots[0]))

static struct ui ui;

static void take_shots(enum screen screen)
{
	for (size_t i = 0; i < SHOTS && !test_why[0]; i++) {
		const struct shot *shot = &shots[i];

		if (shot->screen != screen)
			continue;
		fixture_ui(&ui, shot->fixture, screen);
		if (shot->change)
			shot->change(&ui);
		golden_frame(shot->name, fixture_model(shot->fixture), &ui, shot->size.columns,
			     shot->size.rows, shot->glyphs);
	}
}

static void test_setup(void)
{
	take_shots(SCREEN_SETUP);
}

static void test_live(void)
{
	take_shots(SCREEN_LIVE);
}

static void test_compare(void)
{
	take_shots(SCREEN_COMPARE);
}

static void test_detail(void)
{
	take_shots(SCREEN_DETAIL);
}

/* Ways that the interface may stand; chosen by a number. */
static void set_variant(unsigned variant)
{
	ui.plot = (enum plot_kind)(variant % PLOT_KINDS);
	ui.counts = (enum count_scale)(variant / 2 % COUNT_SCALES);
	ui.unit = (enum unit)(variant / 3 % UNITS);
	ui.axis_linear = variant % 2;
	ui.type = variant % 5 == 0 && ui.screen == SCREEN_COMPARE ? 3 : ui.type;
	ui.log = variant % 7 == 6;
	ui.scroll = (int)(variant % 3);
	ui.picker.row = (int)(variant % 23) - 1;
	ui.picker.column = (int)(variant % 5) - 1;
	ui.zoom.left = variant % 11 / 12.0;
	ui.zoom.right = ui.zoom.left + 1 / 12.0;
	ui.zoom.cursor = ui.zoom.left;
}

static void draw_variant(enum fixture fixture, enum screen screen, struct size size,
			 unsigned variant)
{
	const struct grid *grid;

	fixture_ui(&ui, fixture, screen);
	set_variant(variant);
	grid = golden_draw(fixture_model(fixture), &ui, size.columns, size.rows,
			   variant % 2 ? GLYPHS_UTF8 : GLYPHS_ASCII);
	for (int i = 0; i < grid->columns * grid->rows; i++)
		CHECK_MSG(grid->cells[i].glyph >= ' ' && grid->cells[i].role < ROLE_COUNT,
			  "%s screen %d at %dx%d", fixture_names[fixture], screen, size.columns,
			  size.rows);
}

#define DRAWN ((unsigned)FIXTURE_COUNT * SCREEN_COUNT)

/* Every size up to this; each with one fixture and one screen, all of them in turn. */
#define COLUMNS 140
#define ROWS 50

static void test_every_size(void)
{
	unsigned turn = 0;
	unsigned step = getenv("VIEWS_ALL") ? 1 : DRAWN; /* all combinations, or one in turn */

	for (int columns = 1; columns <= COLUMNS; columns++)
		for (int rows = 1; rows <= ROWS; rows++, turn++)
			for (unsigned i = turn % step; i < DRAWN && !test_why[0]; i += step)
				draw_variant((enum fixture)(i % FIXTURE_COUNT),
					     (enum screen)(i / FIXTURE_COUNT),
					     (struct size){columns, rows}, turn);
}

static void test_giants(void)
{
	static const struct size sizes[] = {{4000, 10}, {700, 300}, {181, 1000}, {300, 51}};

	for (unsigned i = 0; i < DRAWN * 4 && !test_why[0]; i++)
		draw_variant((enum fixture)(i % FIXTURE_COUNT),
			     (enum screen)(i / FIXTURE_COUNT % SCREEN_COUNT), sizes[i / DRAWN], i);
}

/* What every table must say whatever its size: the best is named in words, not by colour. */
static void test_best_in_words(void)
{
	static const struct size sizes[] = {{40, 12}, {60, 20}, {80, 24}, {120, 40}, {200, 60}};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		fixture_ui(&ui, FIXTURE_DONE, SCREEN_COMPARE);
		CHECK_MSG(golden_has(golden_draw(fixture_model(FIXTURE_DONE), &ui, sizes[i].columns,
						 sizes[i].rows, GLYPHS_ASCII),
				     "best"),
			  "%dx%d", sizes[i].columns, sizes[i].rows);
	}
}

static void test_published(void)
{
	struct model model = *fixture_model(FIXTURE_DONE);
	struct plan plan = *model.plan;

	fixture_ui(&ui, FIXTURE_DONE, SCREEN_COMPARE);
	CHECK(!golden_has(golden_draw(&model, &ui, 120, 40, GLYPHS_UTF8), "PUBLISHED"));
	plan.options.source = SOURCE_FRESH;
	plan.options.memory = MEMORY_FRESH;
	model.plan = &plan;
	CHECK(golden_has(golden_draw(&model, &ui, 80, 24, GLYPHS_UTF8), "PUBLISHED"));
	CHECK(golden_has(golden_draw(&model, &ui, 120, 40, GLYPHS_UTF8), "1.09s"));
}

/* Where no row has samples enough for p99 or p90, the maximum stands in their place. */
static void test_one_maximum(void)
{
	static struct cell cells[64];
	struct model model = *fixture_model(FIXTURE_DONE);

	CHECK(model.cell_count <= 64);
	for (size_t i = 0; i < model.cell_count; i++) {
		cells[i] = model.cells[i];
		cells[i].summary.p90_ns = cells[i].summary.p99_ns = (double)NAN;
	}
	model.cells = cells;
	fixture_ui(&ui, FIXTURE_DONE, SCREEN_COMPARE);
	CHECK(golden_count(golden_draw(&model, &ui, 200, 60, GLYPHS_UTF8), " MAX") == 1);
	ui.sort = SORT_MAX;
	CHECK(golden_count(golden_draw(&model, &ui, 200, 60, GLYPHS_UTF8), " MAX▲") == 1);
	ui.sort = SORT_WITH_READ;
	CHECK(golden_count(golden_draw(&model, &ui, 200, 60, GLYPHS_UTF8), " WITH READ▲") == 1);
	/* Linux's console has a µ: not here "µs" and there "us". */
	CHECK(golden_count(golden_draw(&model, &ui, 200, 60, GLYPHS_CONSOLE), "0us") == 0);
}

/* Small arrays have slow rates: every heading names their unit, and none the wrong one. */
static void test_slow_rates(void)
{
	static struct cell cells[64];
	struct model model = *fixture_model(FIXTURE_DONE);
	const struct grid *grid;

	for (size_t i = 0; i < model.cell_count; i++) {
		cells[i] = model.cells[i];
		cells[i].summary.p50_ns *= 1000;
		cells[i].summary.throughput_bytes_per_s /= 1000;
	}
	model.cells = cells;
	fixture_ui(&ui, FIXTURE_DONE, SCREEN_COMPARE);
	grid = golden_draw(&model, &ui, 120, 40, GLYPHS_UTF8);
	CHECK(golden_has(grid, "MAX  MB/s MEMCPY") && golden_has(grid, "more MB/s is better"));
	CHECK(golden_has(grid, " 7.27 ") && golden_has(grid, "0.161"));
	ui.sort = SORT_RATE;
	CHECK(golden_has(golden_draw(&model, &ui, 120, 40, GLYPHS_UTF8), "MB/s▲"));
	ui.screen = SCREEN_LIVE;
	CHECK(golden_has(golden_draw(&model, &ui, 120, 40, GLYPHS_UTF8), "MB/s"));
	/* One that is far below the fastest says so. */
	cells[0].summary.p50_ns *= 100;
	cells[0].summary.throughput_bytes_per_s /= 100;
	ui.screen = SCREEN_COMPARE;
	all_shapes_rate(&ui);
	grid = golden_draw(&model, &ui, 120, 40, GLYPHS_UTF8);
	CHECK(golden_has(grid, "throughput in MB/s") && golden_has(grid, "k "));
}

#define BIG_TRANSPORTS 32
#define BIG_SHAPES 8
#define BIG_CELLS (BIG_TRANSPORTS * BIG_SHAPES)

/* As many cells as a plan may well have, with figures; everything stays until the end. */
static const struct model *big_model(void)
{
	static struct carrier carriers[BIG_TRANSPORTS];
	static char names[BIG_TRANSPORTS][16];
	static struct plan_cell plans[BIG_CELLS];
	static struct cell cells[BIG_CELLS];
	static struct plan plan;
	static struct model model;

	model = *fixture_model(FIXTURE_DONE);
	plan = *model.plan;
	for (size_t i = 0; i < BIG_CELLS; i++) {
		size_t t = i / BIG_SHAPES;
		struct shape shape = {.dimensions = 1, .extents = {1024u << i % BIG_SHAPES}};

		cells[i] = model.cells[t % 8 * 3];
		plans[i] = *cells[i].plan;
		(void)snprintf(names[t], sizeof(names[t]), "carrier%02zu", t);
		carriers[t] = *plans[i].transport.carrier;
		carriers[t].name = names[t];
		plans[i].transport.carrier = &carriers[t];
		plans[i].type = (struct array_type){shape, DTYPE_FLOAT64};
		cells[i].plan = &plans[i];
	}
	plan.cells = plans;
	model.plan = &plan;
	model.cells = cells;
	model.cell_count = model.current = model.finals = plan.cell_count = BIG_CELLS;
	return &model;
}

static struct command big_press(uint32_t key)
{
	struct event event = {.kind = EVENT_KEY, .key = key};

	return ui_update(&ui, big_model(), &event);
}

/* From any of many cells to any other, and what is selected is always in sight. */
static void test_256_cells(void)
{
	static const struct size sizes[] = {{200, 60}, {120, 40}, {80, 24}, {60, 16}, {30, 8}};
	const struct model *model = big_model();

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]) * 2; i++) {
		struct size size = sizes[i / 2];

		fixture_ui(&ui, FIXTURE_DONE, i % 2 ? SCREEN_COMPARE : SCREEN_LIVE);
		ui.cell = 0;
		ui.sort = SORT_NAME;
		(void)big_press('G');
		CHECK(golden_has(golden_draw(model, &ui, size.columns, size.rows, GLYPHS_UTF8),
				 "▌✓ carrier31") ||
		      golden_has(golden_draw(model, &ui, size.columns, size.rows, GLYPHS_UTF8),
				 "▌! carrier31"));
		(void)big_press('k');
		CHECK_MSG(golden_has(golden_draw(model, &ui, size.columns, size.rows, GLYPHS_UTF8),
				     "carrier30"),
			  "%dx%d", size.columns, size.rows);
		for (size_t shape = 0; shape < BIG_SHAPES; shape++, (void)big_press(']'))
			CHECK(ui_cell(&ui, model) == &model->cells[30 * BIG_SHAPES + ui.type]);
		(void)big_press('g');
		CHECK(golden_has(golden_draw(model, &ui, size.columns, size.rows, GLYPHS_UTF8),
				 "carrier00"));
	}
}

static const struct test tests[] = {
	{"256 cells", test_256_cells},
	{"setup's golden frames", test_setup},
	{"live's golden frames", test_live},
	{"compare's golden frames", test_compare},
	{"detail's golden frames", test_detail},
	{"every size", test_every_size},
	{"giant sizes", test_giants},
	{"the best is named in words", test_best_in_words},
	{"slow rates have a unit of their own", test_slow_rates},
	{"published medians only beside fresh arrays", test_published},
	{"one column of maxima, and whole headings", test_one_maximum},
};

TEST_MAIN(tests)
