/* SPDX-License-Identifier: MIT */
/* Curves made of letters and marks: percentile ladders, latency over array sizes and over load. */
#include <math.h>
#include <string.h>

#include "bench/text/text.h"
#include "tui/draw/plot.h"

/* A plot of letters while it is drawn. */
struct canvas {
	struct grid *grid;
	struct rect area;
	struct axis axis; /* upwards */
};

static void canvas_draw_axes(const struct canvas *canvas)
{
	struct tick ticks[AXIS_TICKS_MAX];
	const struct rect *area = &canvas->area;
	struct grid *grid = canvas->grid;
	int bottom = area->y + area->height - 1;
	int count = axis_ticks(&canvas->axis, true, 1, grid->glyphs == GLYPHS_ASCII, ticks);

	for (int i = 0; i < area->height; i++)
		grid_put(grid, area->x - 1, area->y + i, U'│', ROLE_DIM);
	for (int i = 0; i < count; i++) {
		int y = bottom - ticks[i].cell;

		(void)grid_text_right(grid, area->x - PLOT_GUTTER, y, PLOT_GUTTER - 2, ROLE_DIM,
				      ticks[i].text);
		grid_put(grid, area->x - 1, y, U'┤', ROLE_DIM);
	}
	grid_put(grid, area->x - 1, bottom + 1, U'└', ROLE_DIM);
	grid_hline(grid, area->x, bottom + 1, area->width, U'─', ROLE_DIM);
}

static void canvas_put(const struct canvas *canvas, int column, double ns, uint32_t glyph,
		       enum role role)
{
	int bottom = canvas->area.y + canvas->area.height - 1;

	if (ns > 0 && column >= 0 && column < canvas->area.width)
		grid_put(canvas->grid, canvas->area.x + column,
			 bottom - axis_cell(&canvas->axis, ns), glyph, role);
}

/* Leaves room for the axis at the left and two lines below; false if too little remains. */
static bool canvas_place(struct canvas *canvas, struct rect rect)
{
	canvas->area = rect;
	(void)rect_cut_left(&canvas->area, PLOT_GUTTER);
	(void)rect_cut_bottom(&canvas->area, 2);
	if (canvas->area.width > PLOT_COLUMNS_MAX)
		canvas->area.width = PLOT_COLUMNS_MAX;
	return canvas->area.width >= 8 && canvas->area.height >= 2;
}

#define NINES 3.0 /* the ladder ends at p99.9 */
#define LETTER_EVERY 6

/* The percent at a column: 0 at the left end, 99.9 at the right. */
static double ladder_percent(double column, int width)
{
	return 100 * (1 - pow(10, -NINES * column / (width > 1 ? width - 1 : 1)));
}

static int ladder_column(double percent, int width)
{
	double nines = percent >= 100 ? NINES : -log10(1 - percent / 100);

	return (int)fmax(0, round(fmin(nines, NINES) / NINES * (width - 1)));
}

/* Draws a line up to the last percent that its samples carry. */
static void ladder_draw_line(const struct canvas *canvas, const struct plot_line *line,
			     size_t index)
{
	double percents[PLOT_COLUMNS_MAX] = {0};
	double values[PLOT_COLUMNS_MAX];
	int width = canvas->area.width;
	double count = line->hist ? (double)line->hist->count : 0;
	int last;

	if (!(count > 1))
		return;
	last = ladder_column(100 * (1 - 1 / count), width);
	for (int i = 0; i <= last; i++)
		percents[i] = ladder_percent(i, width);
	plot_quantiles(line->hist, percents, (size_t)last + 1, values);
	for (int i = 0; i <= last; i++) {
		bool letter = i % LETTER_EVERY == (int)(index * 2 % LETTER_EVERY) || i == last;

		canvas_put(canvas, i, values[i], letter ? (uint32_t)line->letter : U'·',
			   line->role);
	}
}

static void ladder_draw_labels(const struct canvas *canvas)
{
	static const struct {
		double percent;
		const char *name;
	} labels[] = {{0, "min"}, {50, "p50"}, {90, "p90"}, {99, "p99"}, {99.9, "p99.9"}};
	int y = canvas->area.y + canvas->area.height;
	int free = 0;

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		int column = ladder_column(labels[i].percent, canvas->area.width);
		int width = (int)strlen(labels[i].name);
		int left = column - width / 2;

		left = left < canvas->area.width - width ? left : canvas->area.width - width;
		left = left > 0 ? left : 0;
		grid_put(canvas->grid, canvas->area.x + column, y, U'┬', ROLE_DIM);
		if (left < free)
			continue;
		(void)grid_text(canvas->grid, canvas->area.x + left, y + 1, width, ROLE_DIM,
				labels[i].name);
		free = left + width + 1;
	}
}

void plot_ladder(struct grid *grid, struct rect rect, const struct plot_line *lines, size_t count)
{
	struct canvas canvas = {.grid = grid};
	double low = INFINITY;
	double high = 0;

	for (size_t i = 0; i < count; i++) {
		static const double ends[] = {0, 99.9};
		double values[2];

		plot_quantiles(lines[i].hist, ends, 2, values);
		low = fmin(low, values[0]);
		high = fmax(high, values[1]);
	}
	if (!canvas_place(&canvas, rect) || !(high > 0))
		return;
	canvas.axis = axis_fit(low, high, canvas.area.height, false);
	canvas_draw_axes(&canvas);
	ladder_draw_labels(&canvas);
	for (size_t i = count; i-- > 0;)
		ladder_draw_line(&canvas, &lines[i], i);
}

/* The column of a size, with half a label's room at both ends. */
static int size_column(const struct canvas *canvas, const double *sizes, size_t count, size_t i)
{
	int room = canvas->area.width > 24 ? 4 : 0;
	double first = log(fmax(sizes[0], 1));
	double last = log(fmax(sizes[count - 1], 1));
	double share = last > first ? (log(fmax(sizes[i], 1)) - first) / (last - first) : 0.5;

	return room + (int)lround(share * (canvas->area.width - 1 - 2 * room));
}

/* Draws dots between two points. */
static void scaling_draw_segment(const struct canvas *canvas, int from, double low, int to,
				 double high)
{
	for (int i = from + 1; i < to; i++) {
		double share = (double)(i - from) / (to - from);

		canvas_put(canvas, i, low * pow(high / low, share), U'·', ROLE_DIM);
	}
}

static void scaling_draw_labels(const struct canvas *canvas, const double *sizes,
				const char *const *labels, size_t count)
{
	int y = canvas->area.y + canvas->area.height;
	int free = 0;

	for (size_t i = 0; i < count; i++) {
		int column = size_column(canvas, sizes, count, i);
		int width = glyph_text_width(canvas->grid->glyphs, labels[i]);
		int left = column - width / 2;

		grid_put(canvas->grid, canvas->area.x + column, y, U'┬', ROLE_DIM);
		left = left < canvas->area.width - width ? left : canvas->area.width - width;
		if (left < free)
			continue;
		(void)grid_text(canvas->grid, canvas->area.x + left, y + 1, width, ROLE_DIM,
				labels[i]);
		free = left + width + 1;
	}
}

/* Draws the letters of all lines at one size; a letter that would hide another stands beside it. */
static void scaling_draw_letters(const struct canvas *canvas, const struct plot_line *lines,
				 size_t count, int column, size_t size)
{
	for (size_t i = 0; i < count; i++) {
		double ns = lines[i].values_ns[size];
		int beside = 0;

		if (!(ns > 0))
			continue;
		for (size_t j = 0; j < i; j++)
			beside += lines[j].values_ns[size] > 0 &&
				  axis_cell(&canvas->axis, lines[j].values_ns[size]) ==
					  axis_cell(&canvas->axis, ns);
		canvas_put(canvas, column + beside, ns, (uint32_t)lines[i].letter, lines[i].role);
	}
}

void plot_scaling(struct grid *grid, struct rect rect, const struct plot_line *lines, size_t count,
		  const double *sizes, const char *const *labels, size_t size_count)
{
	struct canvas canvas = {.grid = grid};
	double low = INFINITY;
	double high = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t s = 0; s < size_count; s++) {
			low = fmin(low, lines[i].values_ns[s]);
			high = fmax(high, lines[i].values_ns[s]);
		}
	if (!canvas_place(&canvas, rect) || !(high > 0))
		return;
	canvas.axis = axis_fit(low, high, canvas.area.height, false);
	canvas_draw_axes(&canvas);
	scaling_draw_labels(&canvas, sizes, labels, size_count);
	for (size_t i = 0; i < count; i++)
		for (size_t s = 1; s < size_count; s++)
			if (lines[i].values_ns[s - 1] > 0 && lines[i].values_ns[s] > 0)
				scaling_draw_segment(&canvas,
						     size_column(&canvas, sizes, size_count, s - 1),
						     lines[i].values_ns[s - 1],
						     size_column(&canvas, sizes, size_count, s),
						     lines[i].values_ns[s]);
	for (size_t s = 0; s < size_count; s++)
		scaling_draw_letters(&canvas, lines, count,
				     size_column(&canvas, sizes, size_count, s), s);
}

/* The column of a rate; the axis begins at 0, with room for half a label at the right. */
static int load_column(const struct canvas *canvas, double asked, double most)
{
	return (int)lround(asked / most * (canvas->area.width - 4));
}

static void load_draw_labels(const struct canvas *canvas, const struct plot_load_point *points,
			     size_t count, double most)
{
	int y = canvas->area.y + canvas->area.height;
	int free = 0;

	for (size_t i = 0; i < count; i++) {
		char text[TEXT_NUMBER_BYTES];
		int width = (int)strlen(text_significant(points[i].asked, 3, text));
		int column, left;

		if (!(points[i].asked > 0))
			continue;
		column = load_column(canvas, points[i].asked, most);
		left = column - width / 2;
		grid_put(canvas->grid, canvas->area.x + column, y, U'┬', ROLE_DIM);
		left = left < canvas->area.width - width ? left : canvas->area.width - width;
		if (left < free)
			continue;
		(void)grid_text(canvas->grid, canvas->area.x + left, y + 1, width,
				points[i].selected ? ROLE_STRONG : ROLE_DIM, text);
		free = left + width + 2;
	}
}

static void load_draw_point(const struct canvas *canvas, const struct plot_load_point *point,
			    double most)
{
	int column = load_column(canvas, point->asked, most);

	canvas_put(canvas, column, point->p99_ns, U'▲', ROLE_DIM);
	canvas_put(canvas, column, point->p50_ns, point->kept_up ? U'●' : U'✗',
		   !point->kept_up ? ROLE_WARN : point->selected ? ROLE_MARK : ROLE_PLOT);
}

static bool load_range(const struct plot_load_point *points, size_t count, double *low_ns,
		       double *high_ns, double *most)
{
	*low_ns = INFINITY;
	*high_ns = *most = 0;
	for (size_t i = 0; i < count; i++) {
		*low_ns = fmin(*low_ns, points[i].p50_ns); /* passes over NaN */
		*high_ns = fmax(*high_ns, fmax(points[i].p50_ns, points[i].p99_ns));
		*most = fmax(*most, points[i].asked);
	}
	return *most > 0 && *high_ns > 0;
}

void plot_load(struct grid *grid, struct rect rect, const struct plot_load_point *points,
	       size_t count, size_t knee)
{
	struct canvas canvas = {.grid = grid};
	double low, high, most;

	if (!canvas_place(&canvas, rect) || !load_range(points, count, &low, &high, &most))
		return;
	canvas.axis = axis_fit(low, high, canvas.area.height, false);
	canvas_draw_axes(&canvas);
	load_draw_labels(&canvas, points, count, most);
	for (int y = 0; knee < count && y < canvas.area.height; y++)
		grid_put(grid, canvas.area.x + load_column(&canvas, points[knee].asked, most),
			 canvas.area.y + y, U'┊', ROLE_MARK);
	for (size_t i = 0; i < count; i++)
		load_draw_point(&canvas, &points[i], most);
}
