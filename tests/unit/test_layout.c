/* SPDX-License-Identifier: MIT */
/* The layout at every size: nothing overlaps, nothing is outside, what must be there is. */
#include "tests/support/test.h"
#include "tui/ui/layout.h"

#define COLUMNS_MAX 260
#define ROWS_MAX_TESTED 80

static bool inside(struct rect part, struct rect whole)
{
	return part.x >= whole.x && part.y >= whole.y &&
	       part.x + part.width <= whole.x + whole.width &&
	       part.y + part.height <= whole.y + whole.height;
}

/* What is wrong with the parts of a screen, or NULL. */
static const char *fault(const struct layout *layout, struct rect body)
{
	for (int i = 0; i < PART_COUNT; i++) {
		struct rect a = layout->parts[i];

		if (a.width < 0 || a.height < 0)
			return "a part has a negative size";
		if (rect_empty(a))
			continue;
		if (!inside(a, body))
			return "a part is outside";
		for (int k = 0; k < i; k++)
			if (!rect_empty(rect_intersect(a, layout->parts[k])))
				return "two parts overlap";
	}
	return NULL;
}

static void check_frame(int columns, int rows)
{
	struct frame_layout frame = layout_frame(columns, rows);
	struct rect all = {0, 0, columns, rows};

	CHECK(inside(frame.header, all) && inside(frame.footer, all) && inside(frame.body, all));
	CHECK(rect_empty(rect_intersect(frame.header, frame.body)));
	CHECK(rect_empty(rect_intersect(frame.footer, frame.body)));
	if (frame.size >= SIZE_SMALL) {
		CHECK(frame.header.height == 1 && frame.footer.height == 1);
		CHECK(frame.header.y == 0 && frame.footer.y == rows - 1);
		CHECK(frame.body.height == rows - 2 && frame.toast.y == rows - 2);
		CHECK(inside(frame.toast, frame.body) && frame.toast.height == 1);
	}
}

static void check_screens(int columns, int rows, int table)
{
	struct frame_layout frame = layout_frame(columns, rows);

	for (unsigned screen = 0; screen < SCREEN_COUNT; screen++) {
		struct layout layout = layout_screen(screen, frame.size, frame.body, table);
		const char *wrong = fault(&layout, frame.body);
		struct rect lines = layout_table_rows(screen, frame.size, layout.parts[PART_TABLE]);

		CHECK_MSG(!wrong, "screen %u at %dx%d with %d rows: %s", screen, columns, rows,
			  table, wrong);
		CHECK(rect_empty(lines) || inside(lines, layout.parts[PART_TABLE]));
		if (frame.size >= SIZE_SMALL && screen != SCREEN_DETAIL)
			CHECK_MSG(lines.height >= (table < 2 ? table : 2),
				  "screen %u at %dx%d: %d of %d rows", screen, columns, rows,
				  lines.height, table);
	}
}

static void test_every_size(void)
{
	static const int tables[] = {0, 1, 8, 60, 1000};

	for (int columns = 1; columns <= COLUMNS_MAX; columns++) {
		for (int rows = 1; rows <= ROWS_MAX_TESTED; rows++) {
			check_frame(columns, rows);
			for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
				check_screens(columns, rows, tables[i]);
			if (test_why[0])
				return;
		}
	}
}

static void test_giants_and_nothing(void)
{
	check_frame(4096, 4096);
	check_screens(4096, 4096, 100);
	check_frame(4096, 1);
	check_screens(4096, 1, 100);
	check_frame(1, 4096);
	check_screens(1, 4096, 100);
	check_frame(0, 0);
	check_screens(0, 0, 0);
	check_screens(80, 24, -5);
}

static void test_breakpoints(void)
{
	CHECK(layout_size(180, 50) == SIZE_HUGE && layout_size(179, 50) == SIZE_WIDE);
	CHECK(layout_size(110, 34) == SIZE_WIDE && layout_size(110, 33) == SIZE_NORMAL);
	CHECK(layout_size(78, 22) == SIZE_NORMAL && layout_size(77, 22) == SIZE_COMPACT);
	CHECK(layout_size(60, 16) == SIZE_COMPACT && layout_size(59, 16) == SIZE_SMALL);
	CHECK(layout_size(24, 7) == SIZE_SMALL && layout_size(24, 6) == SIZE_LINE);
	CHECK(layout_size(1, 1) == SIZE_LINE && layout_size(1, 0) == SIZE_BLANK);
	CHECK(layout_size(0, 0) == SIZE_BLANK && layout_size(-1, -1) == SIZE_BLANK);
}

static void test_parts_of_the_mock_ups(void)
{
	struct frame_layout frame = layout_frame(80, 24);
	struct layout live = layout_screen(SCREEN_LIVE, frame.size, frame.body, 8);

	CHECK(live.parts[PART_PROGRESS].height == 1);
	CHECK(live.parts[PART_TABLE].height == 9);
	CHECK(live.parts[PART_HISTOGRAM].height >= 10);
	CHECK(live.parts[PART_HEAT].height == 1);
	frame = layout_frame(200, 60);
	live = layout_screen(SCREEN_LIVE, frame.size, frame.body, 8);
	CHECK(!rect_empty(live.parts[PART_MATRIX]) && !rect_empty(live.parts[PART_LADDER]));
	CHECK(!rect_empty(live.parts[PART_EVENTS]));
}

static void test_scroll(void)
{
	for (int count = 0; count < 40; count++) {
		for (int window = 1; window < 12; window++) {
			for (int selected = 0; selected < count; selected++) {
				int first = layout_scroll(selected, count, window);

				CHECK(first >= 0 && first <= selected && selected < first + window);
				CHECK(count <= window ? first == 0 : first + window <= count);
			}
		}
	}
	CHECK(layout_scroll(-1, 0, 5) == 0);
	CHECK(layout_scroll(3, 5, 0) >= 0);
}

static const struct test tests[] = {
	{"every_size", test_every_size},
	{"giants_and_nothing", test_giants_and_nothing},
	{"breakpoints", test_breakpoints},
	{"parts_of_the_mock_ups", test_parts_of_the_mock_ups},
	{"scroll", test_scroll},
};

TEST_MAIN(tests)
