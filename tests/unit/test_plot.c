/* SPDX-License-Identifier: MIT */
/* Axes, ticks, bins and the pictures made of them. */
#include <locale.h>
#include <stdlib.h>

#include "tests/support/test.h"
#include "tui/draw/plot.h"

static struct hist hist;
static struct series series;
static struct grid grid;

/* The grid as text; the caller frees it. */
static char *grid_string(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		abort();
	grid_to_text(&grid, file);
	if (fclose(file) != 0)
		abort();
	return text;
}

static void clear(int columns, int rows)
{
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	hist_clear(&hist);
	memset(&series, 0, sizeof(series));
	if (grid_resize(&grid, columns, rows, GLYPHS_UTF8, NULL) != 0)
		abort();
}

static void check_grid(const char *want)
{
	char *got = grid_string();

	CHECK_MSG(strcmp(got, want) == 0, "got:\n%s", got);
	free(got);
}

/* One line of the grid; the rest does not matter. */
static void check_row(int row, const char *want)
{
	char *got = grid_string();
	char *line = got;
	char *end = strchr(line, '\n');

	for (; end && row > 0; row--) {
		line = end + 1;
		end = strchr(line, '\n');
	}
	CHECK(end);
	*end = '\0';
	CHECK_STR(line, want);
	free(got);
}

static void test_axis_round_trip(void)
{
	static const double ends[][2] = {{100, 1e6}, {1e6, 1.1e6}, {1, 1e12},  {5e5, 5e5},
					 {0, 0},     {NAN, NAN},   {1e9, 1e3}, {-5, INFINITY}};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		for (int linear = 0; linear < 2; linear++) {
			struct axis axis = axis_fit(ends[i][0], ends[i][1], 60, linear);

			CHECK(axis.low_ns > 0 && axis.high_ns > axis.low_ns);
			for (double at = 0; at <= 60; at += 7.5)
				CHECK(fabs(axis_position(&axis, axis_value(&axis, at)) - at) <
				      1e-5);
			CHECK(axis_cell(&axis, 0) == 0 && axis_cell(&axis, 1e300) == 59);
			CHECK(axis_cell(&axis, NAN) == 0);
		}
}

static void test_axis_contains(void)
{
	for (double low = 60; low < 1e10; low *= 3.7)
		for (double ratio = 1; ratio < 1e5; ratio *= 2.3) {
			struct axis fit = axis_fit(low, low * ratio, 50, false);
			struct axis rounded = axis_rounded(low, low * ratio, 50);

			CHECK(fit.low_ns < low && fit.high_ns > low * ratio);
			CHECK(fit.low_ns > low * 0.8 && fit.high_ns < low * ratio * 1.25);
			CHECK(rounded.low_ns <= low && rounded.high_ns >= low * ratio);
		}
}

static void test_window(void)
{
	struct axis axis = {.low_ns = 1e3, .high_ns = 1e7, .cells = 40};
	struct axis window = axis_window(&axis, 0.25, 0.5);

	CHECK(fabs(window.low_ns - 1e4) < 1 && fabs(window.high_ns - 1e5) < 1);
	window = axis_window(&axis, 0.7, 0.2);
	CHECK(window.high_ns > window.low_ns);
}

/* Labels are on the axis, in order, round, and do not touch. */
static void check_ticks(const struct axis *axis, bool upright)
{
	struct tick ticks[AXIS_TICKS_MAX];
	int count = axis_ticks(axis, upright, 2, false, ticks);
	int used = -2;

	for (int i = 0; i < count; i++) {
		int width = upright ? 1 : glyph_text_width(GLYPHS_UTF8, ticks[i].text);
		int left = ticks[i].cell - (width - 1) / 2;

		left = left < 0 ? 0 : left + width > axis->cells ? axis->cells - width : left;
		CHECK_MSG(left >= used + 2, "%s after %d", ticks[i].text, used);
		CHECK(left >= 0 && left + width <= axis->cells);
		CHECK(i == 0 || ticks[i].ns > ticks[i - 1].ns);
		used = left + width;
	}
	CHECK_MSG(count > 0 || axis->cells < 24, "no tick from %g to %g in %d", axis->low_ns,
		  axis->high_ns, axis->cells);
}

static void test_ticks(void)
{
	for (double low = 70; low < 1e11; low *= 4.1)
		for (double ratio = 1.001; ratio < 1e7; ratio = 1 + (ratio - 1) * 2.9)
			for (int cells = 1; cells < 200; cells += 13)
				for (int way = 0; way < 4 && !test_why[0]; way++) {
					struct axis axis =
						axis_fit(low, low * ratio, cells, way % 2);

					check_ticks(&axis, way / 2);
				}
}

static void test_tick_texts(void)
{
	struct axis axis = {.low_ns = 1e5, .high_ns = 1e8, .cells = 100};
	struct tick ticks[AXIS_TICKS_MAX];

	CHECK(axis_ticks(&axis, false, 2, false, ticks) == 10);
	CHECK_STR(ticks[0].text, "100µs");
	CHECK_STR(ticks[1].text, "200µs");
	CHECK_STR(ticks[3].text, "1ms");
	CHECK_STR(ticks[9].text, "100ms");
	CHECK(axis_ticks(&axis, false, 2, true, ticks) == 10);
	CHECK_STR(ticks[2].text, "500us");
}

/* One pass gives what hist_percentile gives. */
static void test_quantiles(void)
{
	static const double percents[] = {0, 1, 25, 50, 75, 99, 99.9, 100};
	double values[8];
	uint64_t state = 7;

	clear(1, 1);
	plot_quantiles(&hist, percents, 8, values);
	CHECK(isnan(values[0]) && isnan(values[7]));
	for (int i = 0; i < 5000; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		hist_record(&hist, 100 + (state >> 44));
	}
	plot_quantiles(&hist, percents, 8, values);
	for (int i = 0; i < 8; i++) {
		double want = (double)hist_percentile(&hist, percents[i]);

		CHECK_MSG(fabs(values[i] - want) <= want * 0.001 + 1, "p%g: %g, not %g",
			  percents[i], values[i], want);
	}
}

static void test_slices(void)
{
	clear(1, 1);
	for (uint64_t i = 0; i < 4000; i++)
		series_record(&series, i * 400000, 100000 + i * 37 % 900000);
	for (size_t i = 0; i < series.used; i++)
		for (double percent = 0; percent <= 100; percent += 12.5) {
			double want = series_percentile_ns(&series, i, percent);

			CHECK(fabs(plot_slice_ns(&series, i, percent) - want) <= want * 1e-9);
		}
}

/* Every sample is in a cell or outside, and where it belongs. */
static void test_bins(void)
{
	double bins[PLOT_COLUMNS_MAX];
	double below, above, largest, sum;

	clear(1, 1);
	for (uint64_t i = 0; i < 1000; i++)
		hist_record(&hist, 1000 + i * 1000);
	for (int linear = 0; linear < 2; linear++) {
		struct axis axis = {200000, 500000, 30, linear};

		largest = plot_bins(&hist, &axis, bins, &below, &above);
		sum = below + above;
		for (int i = 0; i < 30; i++) {
			sum += bins[i];
			CHECK(bins[i] <= largest);
			CHECK(fabs(bins[i] - hist_count_between(&hist, axis_value(&axis, i),
								axis_value(&axis, i + 1))) <= 2);
		}
		CHECK(fabs(sum - 1000) < 1e-6);
		CHECK(fabs(below - 199) < 1.5 && fabs(above - 501) < 1.5);
	}
}

static void test_histogram(void)
{
	static const struct plot_mark marks[] = {
		{2e6, "p50", 0}, {2.1e6, "p90", 1}, {8e6, "max", 2}};
	struct plot_histogram plot = {
		.hist = &hist,
		.axis = {1e6, 1e7, 0, false},
		.counts = COUNTS_LINEAR,
		.marks = marks,
		.mark_count = 3,
		.cursor_ns = NAN,
	};

	clear(40, 7);
	for (int i = 0; i < 960; i++)
		hist_record(&hist, i < 640 ? 2000000 : 4000000);
	for (int i = 0; i < 10; i++)
		hist_record(&hist, 8000000);
	hist_record(&hist, 90000000);
	plot_histogram(&grid, (struct rect){0, 0, 40, 7}, &plot);
	check_grid("    640 ┤         █                  1 ▸\n"
		   "        │         █\n"
		   "    200 ┤         █        █\n"
		   "        │         █        █        ▁\n"
		   "        └┬────────▲───────────┬─────▲──┬\n"
		   "   count 1ms     2ms         5ms    10ms\n"
		   "                 p50 p90           max\n");
}

static int bar_width(int y)
{
	int width = 0;

	for (int x = PLOT_GUTTER; x < grid.columns; x++)
		width += grid.cells[y * grid.columns + x].glyph != ' ';
	return width;
}

/* Bars of few samples are wide, but marks stay where they are, and no sample is lost. */
static void test_histogram_of_few(void)
{
	static const struct plot_mark marks[] = {{2e6, "p50", 0}};
	struct plot_histogram plot = {
		.hist = &hist,
		.axis = {1e6, 4e6, 0, false},
		.counts = COUNTS_LINEAR,
		.marks = marks,
		.mark_count = 1,
		.cursor_ns = NAN,
	};

	clear(PLOT_GUTTER + 101, 8);
	hist_record(&hist, 2000000);
	plot_histogram(&grid, (struct rect){0, 0, PLOT_GUTTER + 101, 8}, &plot);
	CHECK(bar_width(4) == 1);
	clear(PLOT_GUTTER + 101, 8);
	for (int i = 0; i < 40; i++)
		hist_record(&hist, (uint64_t)(2e6 * pow(2, (i - 20) / 20.0)));
	plot_histogram(&grid, (struct rect){0, 0, PLOT_GUTTER + 101, 8}, &plot);
	/* Evenly spread over the whole axis: no column is empty, no bar stands out. */
	CHECK_MSG(bar_width(4) == 101, "%d", bar_width(4));
	check_row(7, " /8 cols                                                  p50");
	CHECK(grid.cells[5 * grid.columns + PLOT_GUTTER + 50].glyph == U'▲');
	/* The last bar is cut off by the right end, but has all its samples. */
	plot.axis.high_ns = 3.9e6;
	plot_histogram(&grid, (struct rect){0, 0, PLOT_GUTTER + 101, 8}, &plot);
	CHECK(bar_width(4) == 101);
}

/* Names of marks that crowd at the end are pushed back, apart, and the least of them goes. */
static void test_histogram_names(void)
{
	static const struct plot_mark marks[] = {
		{8.8e6, "p50", 0},
		{9.2e6, "p90", 3},
		{9.5e6, "p99", 2},
		{9.9e6, "max", 1},
	};
	struct plot_histogram plot = {
		.hist = &hist,
		.axis = {1e6, 1e7, 0, false},
		.marks = marks,
		.mark_count = 4,
		.cursor_ns = NAN,
	};

	clear(40, 7);
	hist_record(&hist, 9000000);
	plot_histogram(&grid, (struct rect){0, 0, 40, 7}, &plot);
	check_row(6, "                         p50 p90 p99 max");
	clear(23, 7);
	hist_record(&hist, 9000000);
	plot_histogram(&grid, (struct rect){0, 0, 23, 7}, &plot);
	check_row(6, "            p50 p99 max");
}

/* A floor is a dotted line with a name; off the axis an arrow says where and what it is. */
static void test_histogram_floor(void)
{
	static const struct plot_mark marks[] = {{4e6, "p50", 0}, {4.1e6, "p90", 3}};
	struct plot_histogram plot = {
		.hist = &hist,
		.axis = {1e6, 1e7, 0, false},
		.counts = COUNTS_LINEAR,
		.marks = marks,
		.mark_count = 2,
		.cursor_ns = NAN,
		.floor_ns = 2e6,
	};

	clear(40, 7);
	hist_record(&hist, 4000000);
	plot_histogram(&grid, (struct rect){0, 0, 40, 7}, &plot);
	check_grid("      1 ┤         ┊        █\n"
		   "        │         ┊        █\n"
		   "        │         ┊        █\n"
		   "        │         ┊        █\n"
		   "        └┬────────▲────────▲──┬────────┬\n"
		   "   count 1ms     2ms         5ms    10ms\n"
		   "                memcpy    p50 p90\n");
	clear(40, 7);
	grid.glyphs = GLYPHS_ASCII;
	hist_record(&hist, 4000000);
	plot.floor_ns = 120e3;
	plot_histogram(&grid, (struct rect){0, 0, 40, 7}, &plot);
	check_row(6, "         < memcpy 120us   p50 p90");
	clear(40, 7);
	plot.floor_ns = 50e6;
	plot_histogram(&grid, (struct rect){0, 0, 40, 7}, &plot);
	check_row(6, "                 p50 p90 memcpy 50.0ms ▸");
	clear(40, 7);
	plot.floor_ns = NAN;
	plot_histogram(&grid, (struct rect){0, 0, 40, 7}, &plot);
	check_row(6, "                          p50 p90");
}

static void test_histogram_empty(void)
{
	struct plot_histogram plot = {.hist = &hist, .axis = {1e6, 1e7, 0, false}};

	clear(20, 5);
	for (int width = 0; width <= 20; width++)
		for (int height = 0; height <= 5; height++)
			plot_histogram(&grid, (struct rect){0, 0, width, height}, &plot);
	plot.hist = NULL;
	plot_histogram(&grid, (struct rect){0, 0, 20, 5}, &plot);
	CHECK(!test_why[0]);
}

static void test_strip(void)
{
	struct axis axis = {1e6, 1e8, 40, false};

	clear(40, 2);
	for (int i = 0; i < 1000; i++)
		hist_record(&hist, (uint64_t)(1e7 * pow(1.8, i / 500.0 - 1)));
	hist_record(&hist, 60000000);
	plot_strip(&grid, 0, 0, &axis, &hist, true);
	plot_strip(&grid, 0, 1, &axis, &hist, false);
	check_grid("              ───━━●━━━───╌╌╌╌╌╌╌╌╌×\n"
		   "              ───━━●━━━───╌╌╌╌╌╌╌╌╌╌\n");
}

static void test_floor(void)
{
	struct axis axis = {1e6, 1e8, 40, false};

	clear(40, 4);
	plot_floor(&grid, 0, 0, &axis, 1e7);
	plot_floor(&grid, 0, 1, &axis, 1e5);
	plot_floor(&grid, 0, 2, &axis, 1e9);
	plot_floor(&grid, 0, 3, &axis, NAN);
	plot_floor(&grid, 0, 3, &axis, 0);
	check_grid("                    ┊\n"
		   "◂\n"
		   "                                       ▸\n"
		   "\n");
	CHECK(plot_floor_low(1e6, 6e5) == 6e5);
	CHECK(plot_floor_low(1e6, 4e5) == 1e6); /* too far off */
	CHECK(plot_floor_low(1e6, 2e6) == 1e6);
	CHECK(plot_floor_low(1e6, NAN) == 1e6);
}

static void test_bars(void)
{
	static const struct plot_part parts[] = {
		{0, U'░', ROLE_MAKE},
		{30, U'▒', ROLE_ENCODE},
		{NAN, U'█', ROLE_CARRY},
		{10, U'▓', ROLE_DECODE},
	};

	clear(12, 4);
	plot_bar(&grid, 0, 0, 4, 0.5, ROLE_PLOT);
	plot_bar(&grid, 6, 0, 4, 0.28, ROLE_PLOT);
	plot_bar(&grid, 0, 1, 4, 1e-9, ROLE_PLOT);
	plot_bar(&grid, 6, 1, 4, 7, ROLE_PLOT);
	plot_bar(&grid, 0, 2, 4, NAN, ROLE_PLOT);
	CHECK(plot_stack(&grid, 0, 3, 12, parts, 4, 40) == 12);
	check_grid("██    █▏\n"
		   "▏     ████\n"
		   "\n"
		   "▒▒▒▒▒▒▒▒▒▓▓▓\n");
}

static void test_ratio_share(void)
{
	CHECK(plot_ratio_share(1, 100) > 0 && plot_ratio_share(1, 100) < 0.01);
	CHECK(fabs(plot_ratio_share(10, 100) - 0.5) < 1e-9);
	CHECK(plot_ratio_share(100, 100) == 1);
	CHECK(plot_ratio_share(1.1, 1.1) < 0.05); /* a small lead is no long bar */
	CHECK(plot_ratio_share((double)NAN, 100) == 0);
}

static void test_trend(void)
{
	clear(16, 1);
	for (uint64_t i = 0; i < 8; i++)
		series_record(&series, i * 1000000, i < 6 ? 900000 : 3600000);
	plot_trend(&grid, 0, 0, 16, &series, 50, 0.5);
	check_grid("▁▁▁▁▁▁██░░░░░░░░\n");
}

static void test_trend_noise(void)
{
	clear(8, 1);
	for (uint64_t i = 0; i < 8; i++)
		series_record(&series, i * 1000000, 900000 + i % 2 * 40000);
	plot_trend(&grid, 0, 0, 8, &series, 50, 1);
	CHECK(grid.cells[0].glyph == U'▁' && grid.cells[1].glyph <= U'▃');
}

static void test_heat(void)
{
	clear(40, 8);
	for (uint64_t i = 0; i < 64; i++)
		series_record(&series, i * 1000000, i % 2 ? 800000 : 3000000);
	plot_heat(&grid, (struct rect){0, 0, 40, 8}, &series, 1);
	for (int height = 0; height <= 8; height++)
		for (int width = 0; width <= 40; width++)
			plot_heat(&grid, (struct rect){0, 0, width, height}, &series, 0.3);
	CHECK(!test_why[0]);
}

/* Two humps that take turns: both rows of the map are full, between them is nothing. */
static void test_heat_rows(void)
{
	int full = 0;
	int empty = 0;

	clear(30, 10);
	for (uint64_t i = 0; i < 640; i++)
		series_record(&series, i * 100000, i % 2 ? 200000 : 1600000);
	plot_heat(&grid, (struct rect){0, 0, 30, 10}, &series, 1);
	for (int y = 0; y < 8; y++) {
		uint32_t glyph = grid.cells[y * 30 + PLOT_GUTTER + 5].glyph;

		full += glyph == U'█' || glyph == U'▓';
		empty += glyph == U' ';
	}
	CHECK_MSG(full == 2 && empty >= 4, "%d full, %d empty", full, empty);
}

/* A sample is one cell of the map, wherever it lies and however high the map is. */
static void test_heat_of_one(void)
{
	for (int height = 1; height <= 20; height++) {
		for (uint64_t ns = 100000; ns < 200000; ns += 7000) {
			int cells = 0;

			clear(30, 20);
			series_record(&series, 1000000, ns);
			series_record(&series, 20000000, 5000000);
			plot_heat(&grid, (struct rect){0, 0, 30, height}, &series, 1);
			for (int y = 0; y < height - (height >= 5 ? 2 : 0); y++)
				for (int x = PLOT_GUTTER; x < 15; x++)
					cells += grid.cells[y * 30 + x].glyph != ' ';
			CHECK_MSG(cells >= 1, "%d lines, %.0f ns", height, (double)ns);
			for (int x = PLOT_GUTTER; x < 15; x++, cells = 0) {
				for (int y = 0; y < height - (height >= 5 ? 2 : 0); y++)
					cells += grid.cells[y * 30 + x].glyph != ' ';
				CHECK_MSG(cells <= 1, "%d lines, %.0f ns", height, (double)ns);
			}
		}
	}
}

static void test_ladder(void)
{
	struct plot_line lines[2] = {{'a', ROLE_PLOT, &hist, NULL}, {'b', ROLE_MARK, NULL, NULL}};
	char *text;

	clear(50, 10);
	for (uint64_t i = 0; i < 500; i++)
		hist_record(&hist, 1000000 + i * 1000);
	plot_ladder(&grid, (struct rect){0, 0, 50, 10}, lines, 2);
	text = grid_string();
	CHECK_MSG(strstr(text, "p99.9"), "got:\n%s", text);
	free(text);
	/* 500 samples carry no p99.9: the curve ends before. */
	CHECK(grid.cells[49].glyph == ' ');
	for (int i = 0; i <= 50; i++)
		plot_ladder(&grid, (struct rect){0, 0, i, i / 4}, lines, 2);
}

static void test_scaling(void)
{
	static const double sizes[] = {1e6, 1e7, 1e8};
	static const char *const labels[] = {"1 MB", "10 MB", "100 MB"};
	static const double values[][3] = {{1e6, 1e7, 1e8}, {1e6, NAN, 3e7}};
	struct plot_line lines[] = {
		{'a', ROLE_PLOT, NULL, values[0]},
		{'b', ROLE_PLOT, NULL, values[1]},
	};
	char *text;

	clear(50, 9);
	plot_scaling(&grid, (struct rect){0, 0, 50, 9}, lines, 2, sizes, labels, 3);
	text = grid_string();
	CHECK_MSG(strstr(text, "ab") && strstr(text, "100 MB"), "got:\n%s", text);
	free(text);
	for (int i = 0; i <= 50; i++)
		plot_scaling(&grid, (struct rect){0, 0, i, i / 5}, lines, 2, sizes, labels, 3);
}

static const struct test tests[] = {
	{"axis there and back", test_axis_round_trip},
	{"axes contain what they are for", test_axis_contains},
	{"axis window", test_window},
	{"ticks keep apart", test_ticks},
	{"tick texts", test_tick_texts},
	{"quantiles in one pass", test_quantiles},
	{"slices", test_slices},
	{"bins", test_bins},
	{"histogram", test_histogram},
	{"histogram of few", test_histogram_of_few},
	{"names keep apart", test_histogram_names},
	{"floor of a histogram", test_histogram_floor},
	{"histogram of nothing, at any size", test_histogram_empty},
	{"strip", test_strip},
	{"floor in a strip", test_floor},
	{"bars", test_bars},
	{"ratio bars are logarithmic", test_ratio_share},
	{"trend", test_trend},
	{"a trend of noise stays low", test_trend_noise},
	{"heat map at any size", test_heat},
	{"heat map", test_heat_rows},
	{"heat map of one sample", test_heat_of_one},
	{"percentile ladder", test_ladder},
	{"size scaling", test_scaling},
};

TEST_MAIN(tests)
