/* SPDX-License-Identifier: MIT */
/* Sizes to rectangles. Everything is cut from what is left, so nothing can overlap. */
#include "tui/ui/layout.h"

struct breakpoint {
	int columns, rows;
	enum size_class size;
};

/* Largest first. */
static const struct breakpoint breakpoint_table[] = {
	{180, 50, SIZE_HUGE}, {110, 34, SIZE_WIDE}, {78, 22, SIZE_NORMAL}, {60, 16, SIZE_COMPACT},
	{24, 7, SIZE_SMALL},  {1, 1, SIZE_LINE},    {0, 0, SIZE_BLANK},
};

enum size_class layout_size(int columns, int rows)
{
	const struct breakpoint *row = breakpoint_table;

	while (columns < row->columns || rows < row->rows) {
		if (row->size == SIZE_BLANK)
			break;
		row++;
	}
	return row->size;
}

struct frame_layout layout_frame(int columns, int rows)
{
	struct frame_layout frame = {.size = layout_size(columns, rows)};
	struct rect rest = {0, 0, columns > 0 ? columns : 0, rows > 0 ? rows : 0};

	if (frame.size >= SIZE_SMALL) {
		frame.header = rect_cut_top(&rest, 1);
		frame.footer = rect_cut_bottom(&rest, 1);
	}
	frame.body = rest;
	frame.toast = rect_cut_bottom(&rest, 1);
	return frame;
}

/* A body while it is being divided. */
struct division {
	struct layout *layout;
	struct rect rest;
	int rows;   /* table rows wanted */
	int border; /* lines that a frame adds: 2, or 0 below SIZE_WIDE */
};

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

static void give_top(struct division *d, enum part part, int rows)
{
	d->layout->parts[part] = rect_cut_top(&d->rest, rows);
}

static void give_bottom(struct division *d, enum part part, int rows)
{
	d->layout->parts[part] = rect_cut_bottom(&d->rest, rows);
}

static void give_rest(struct division *d, enum part part)
{
	d->layout->parts[part] = d->rest;
	d->rest.height = 0;
}

/* Divides what is left into two parts side by side; share is the left one's, in hundredths. */
static void give_halves(struct division *d, enum part left, int share, enum part right)
{
	d->layout->parts[left] = rect_cut_left(&d->rest, d->rest.width * share / 100);
	give_rest(d, right);
}

/* The same with the top rows only. */
static void give_top_halves(struct division *d, int rows, enum part left, int share,
			    enum part right)
{
	struct division top = *d;

	top.rest = rect_cut_top(&d->rest, rows);
	give_halves(&top, left, share, right);
}

/* Gives the table its heading and rows, but leaves least_rest lines to the other parts. */
static void give_table(struct division *d, int extra, int least_rest)
{
	int room = most(d->rest.height - least_rest, least(d->rest.height, 4));

	give_top(d, PART_TABLE, least(d->rows + 1 + extra, room));
}

/* Whether the table has left enough lines for a part of a small screen. */
static bool left_over(const struct division *d, int lines)
{
	return d->rest.height >= lines;
}

static void divide_setup(struct division *d)
{
	enum size_class size = d->layout->size;
	int room;

	give_top(d, PART_PROGRESS, size == SIZE_NORMAL || size == SIZE_COMPACT);
	if (size <= SIZE_SMALL) {
		give_bottom(d, PART_PREVIEW, left_over(d, 12) ? 2 : 0);
		give_rest(d, PART_TABLE);
		return;
	}
	if (size >= SIZE_WIDE) {
		/* The matrix, the two explaining lines under it, and its frame. */
		room = most(8, d->rest.height - 15);
		give_top(d, PART_TABLE, least(d->rows + 1 + 3 + d->border, room));
		give_halves(d, PART_OPTIONS, size == SIZE_HUGE ? 40 : 50, PART_PREVIEW);
		return;
	}
	give_bottom(d, PART_PREVIEW, size == SIZE_NORMAL ? 3 : 2);
	/* The options and the rule above them; the matrix keeps the larger part. */
	give_bottom(d, PART_OPTIONS, least(14, d->rest.height * 2 / 5));
	give_rest(d, PART_TABLE);
}

static void divide_live_huge(struct division *d)
{
	int table = least(d->rows + 3 + d->border, d->rest.height * 2 / 5);

	give_top_halves(d, most(table, 8), PART_MATRIX, 33, PART_TABLE);
	give_bottom(d, PART_NUMBERS, 5);
	give_top_halves(d, d->rest.height * 11 / 20, PART_HISTOGRAM, 55, PART_HEAT);
	give_halves(d, PART_LADDER, 55, PART_EVENTS);
}

static void divide_live(struct division *d)
{
	enum size_class size = d->layout->size;

	give_top(d, PART_PROGRESS, 1);
	if (size == SIZE_HUGE) {
		divide_live_huge(d);
	} else if (size == SIZE_WIDE) {
		/* Two lines of heading: the axes have names. */
		give_table(d, 1, 20);
		give_bottom(d, PART_NUMBERS, 5);
		give_halves(d, PART_HISTOGRAM, 63, PART_HEAT);
	} else if (size == SIZE_NORMAL) {
		give_table(d, 0, 10);
		give_bottom(d, PART_HEAT, 1);
		give_rest(d, PART_HISTOGRAM);
	} else {
		give_table(d, 0, 0);
		give_bottom(d, PART_HEAT, left_over(d, 8));
		if (left_over(d, 5))
			give_rest(d, PART_HISTOGRAM);
	}
}

static void divide_compare_huge(struct division *d)
{
	give_table(d, 1, d->rest.height * 3 / 5);
	give_bottom(d, PART_EVENTS, 0);
	give_top_halves(d, least(d->rows + 3 + d->border, d->rest.height / 2), PART_MATRIX, 100,
			PART_LADDER);
	give_halves(d, PART_SAYS, 50, PART_SCALING);
}

static void divide_compare(struct division *d)
{
	enum size_class size = d->layout->size;

	give_top(d, PART_PROGRESS, size >= SIZE_NORMAL ? 2 : 1);
	if (size == SIZE_HUGE) {
		divide_compare_huge(d);
	} else if (size == SIZE_WIDE) {
		give_table(d, 1, 22);
		give_top(d, PART_MATRIX, least(d->rows + 2 + d->border, d->rest.height - 9));
		give_halves(d, PART_SAYS, 61, PART_SCALING);
	} else if (size == SIZE_NORMAL) {
		give_table(d, 0, 9);
		/* A rule, shape, name, figure; then sentences. */
		give_top(d, PART_MATRIX, 4);
		give_rest(d, PART_SAYS);
	} else {
		give_table(d, 0, 0);
		give_top(d, PART_MATRIX, left_over(d, 9) ? 4 : 0);
		if (left_over(d, 3))
			give_rest(d, PART_SAYS);
	}
}

static void divide_detail(struct division *d)
{
	enum size_class size = d->layout->size;

	give_top(d, PART_PROGRESS, size == SIZE_NORMAL || size == SIZE_COMPACT);
	if (size >= SIZE_WIDE) {
		give_top(d, PART_HISTOGRAM, d->rest.height * 9 / 20);
		give_top(d, PART_PHASES, 2 + d->border);
		give_halves(d, PART_HEAT, 62, PART_NUMBERS);
	} else if (size == SIZE_NORMAL) {
		/* A rule, four lines of figures, trust. */
		give_bottom(d, PART_NUMBERS, 6);
		give_bottom(d, PART_PHASES, 2);
		give_bottom(d, PART_HEAT, least(6, d->rest.height / 3));
		give_rest(d, PART_HISTOGRAM);
	} else if (size == SIZE_COMPACT) {
		give_bottom(d, PART_NUMBERS, 4);
		give_rest(d, PART_HISTOGRAM);
	} else {
		if (left_over(d, 15))
			give_top(d, PART_HISTOGRAM, d->rest.height / 2);
		give_rest(d, PART_NUMBERS);
	}
}

struct layout layout_screen(enum screen screen, enum size_class size, struct rect body, int rows)
{
	static void (*const divide[SCREEN_COUNT])(struct division * d) = {
#define SCREEN(name, id) [SCREEN_##name] = divide_##id,
#include "tui/ui/screens.def"
#undef SCREEN
	};
	struct layout layout = {.size = size};
	struct division division = {
		.layout = &layout,
		.rest = body,
		.rows = rows < 0 ? 0 : least(rows, 4096),
		.border = size >= SIZE_WIDE ? 2 : 0,
	};

	if (size >= SIZE_SMALL)
		divide[screen](&division);
	return layout;
}

/* What a table has around its rows. */
struct trim {
	bool framed;
	int above, below;
};

static const struct trim trim_table[SCREEN_COUNT][SIZE_HUGE + 1] =
	{
		[SCREEN_SETUP] =
			{
				[SIZE_SMALL] = {false, 1, 0},
				[SIZE_COMPACT] = {false, 1, 0},
				[SIZE_NORMAL] = {false, 1, 2},
				[SIZE_WIDE] = {true, 1, 3},
				[SIZE_HUGE] = {true, 1, 3},
			},
		[SCREEN_LIVE] =
			{
				[SIZE_SMALL] = {false, 1, 0},
				[SIZE_COMPACT] = {false, 1, 0},
				[SIZE_NORMAL] = {false, 1, 0},
				[SIZE_WIDE] = {false, 2, 0},
				[SIZE_HUGE] = {true, 1, 2},
			},
		[SCREEN_COMPARE] =
			{
				[SIZE_SMALL] = {false, 1, 0},
				[SIZE_COMPACT] = {false, 1, 0},
				[SIZE_NORMAL] = {false, 1, 0},
				[SIZE_WIDE] = {false, 1, 1},
				[SIZE_HUGE] = {false, 1, 1},
			},
};

struct rect layout_table_rows(enum screen screen, enum size_class size, struct rect table)
{
	const struct trim *trim = &trim_table[screen][size];
	struct rect rows = trim->framed ? rect_inside(table) : table;

	(void)rect_cut_top(&rows, trim->above);
	(void)rect_cut_bottom(&rows, trim->below);
	return rows;
}

bool layout_table_framed(enum screen screen, enum size_class size)
{
	return trim_table[screen][size].framed;
}

struct rect layout_option_lines(enum size_class size, struct rect part, int count)
{
	struct rect lines = size >= SIZE_WIDE ? rect_inside(part) : part;

	(void)rect_cut_top(&lines, size < SIZE_WIDE); /* a rule */
	(void)rect_cut_top(&lines, lines.height > count + 1);
	return lines;
}

int layout_scroll(int selected, int count, int window)
{
	int first = selected - window / 2;

	if (first > count - window)
		first = count - window;
	return first > 0 ? first : 0;
}
