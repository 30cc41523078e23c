/* SPDX-License-Identifier: MIT */
/* A duel as it goes: rounds won, every round's ratio, and the interval that they leave. */
#include "tui/views/duel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/model/duel.h"
#include "bench/text/text.h"
#include "tui/draw/clamp.h"
#include "tui/draw/plot.h"

#define ROUNDS_MAX 1024 /* drawn are the first ones */
#define NAME_MOST 20
#define LABEL_WIDTH 6

/* The rounds in the order in which they were fought, and what was known after each. */
struct course {
	size_t count;
	double ratio[ROUNDS_MAX];
	double low[ROUNDS_MAX], high[ROUNDS_MAX]; /* 0 and INFINITY: not bounded yet */
};

static void sorted_insert(double *sorted, size_t count, double value)
{
	size_t at = count;

	while (at > 0 && sorted[at - 1] > value)
		at--;
	memmove(&sorted[at + 1], &sorted[at], (count - at) * sizeof(*sorted));
	sorted[at] = value;
}

/* A round is a block of each; sequential_rank says which of those so far bound the ratio. */
static void course_fill(const struct model *model, struct course *course)
{
	double sorted[ROUNDS_MAX];
	struct duel_blocks blocks;

	course->count = 0;
	for (size_t i = 0;
	     i < model->duel_rounds && course->count < ROUNDS_MAX && duel_blocks(model, i, &blocks);
	     i++) {
		size_t n = course->count;
		double ratio = blocks.a_ns / blocks.b_ns;
		size_t rank = sequential_rank(n + 1, model->duel.alpha);

		if (!(ratio > 0) || !isfinite(ratio))
			continue; /* it does not count */
		sorted_insert(sorted, n, ratio);
		course->ratio[n] = ratio;
		course->low[n] = rank ? sorted[rank - 1] : 0;
		course->high[n] = rank ? sorted[n + 1 - rank] : INFINITY;
		course->count++;
	}
}

/* Where the plot is, and how far it reaches up and down from 1. */
struct frame {
	struct grid *grid;
	struct rect area;
	double reach; /* as a logarithm */
};

#define REACH_LEAST 0.05

/* The reach that shows all rounds but the wildest, and the present interval. */
static double course_reach(const struct course *course)
{
	size_t last = course->count - 1;
	double reach = REACH_LEAST;
	double logs[ROUNDS_MAX] = {0};

	for (size_t i = 0; i < course->count; i++)
		sorted_insert(logs, i, fabs(log(course->ratio[i])));
	reach = fmax(reach, logs[last * 19 / 20]);
	if (course->low[last] > 0)
		reach = fmax(reach, fmax(fabs(log(course->low[last])),
					 fabs(log(course->high[last]))));
	return reach * 1.1;
}

/* The line of a ratio, kept inside. */
static int ratio_y(const struct frame *frame, double ratio)
{
	double share = (1 - log(ratio) / frame->reach) / 2;
	int last = frame->area.height - 1;

	return frame->area.y + (int)lround(clamp_double(share, 0, 1) * last);
}

static void draw_label(const struct frame *frame, double ratio)
{
	char text[TEXT_NUMBER_BYTES];
	int y = ratio_y(frame, ratio);

	(void)grid_text_right(frame->grid, frame->area.x - LABEL_WIDTH - 1, y, LABEL_WIDTH - 1,
			      ROLE_DIM, text_significant(ratio, 3, text));
	grid_put(frame->grid, frame->area.x - 1, y, U'┤', ROLE_DIM);
}

static void draw_axis(const struct frame *frame)
{
	const struct rect *area = &frame->area;

	for (int i = 0; i < area->height; i++)
		grid_put(frame->grid, area->x - 1, area->y + i, U'│', ROLE_DIM);
	grid_hline(frame->grid, area->x, ratio_y(frame, 1), area->width, U'╌', ROLE_DIM);
	draw_label(frame, 1);
	if (area->height >= 3) {
		draw_label(frame, exp(frame->reach));
		draw_label(frame, exp(-frame->reach));
	}
}

/* The rounds that a column shows: [first, *end). Few rounds get a column each. */
static size_t column_rounds(const struct frame *frame, const struct course *course, int column,
			    size_t *end)
{
	size_t width = (size_t)frame->area.width;
	size_t columns = course->count < width ? course->count : width;
	size_t first = (size_t)column * course->count / columns;

	*end = ((size_t)column + 1) * course->count / columns;
	return first;
}

static void draw_course(const struct frame *frame, const struct course *course)
{
	int columns = (size_t)frame->area.width < course->count ? frame->area.width :
								   (int)course->count;

	for (int column = 0; column < columns; column++) {
		int x = frame->area.x + column;
		size_t end;
		size_t first = column_rounds(frame, course, column, &end);
		size_t last = end - 1;

		for (int y = ratio_y(frame, course->high[last]);
		     course->low[last] > 0 && y <= ratio_y(frame, course->low[last]); y++)
			grid_put(frame->grid, x, y, U'░', ROLE_PLOT);
		for (size_t i = first; i < end; i++)
			grid_put(frame->grid, x, ratio_y(frame, course->ratio[i]), U'•', ROLE_MARK);
	}
}

static void draw_plot(struct grid *grid, struct rect rect, const struct course *course)
{
	struct frame frame = {.grid = grid, .area = rect};

	(void)rect_cut_left(&frame.area, LABEL_WIDTH + 2);
	if (frame.area.height < 2 || frame.area.width < 8 || course->count == 0)
		return;
	frame.reach = course_reach(course);
	draw_axis(&frame);
	draw_course(&frame, course);
}

/* "ws+bytes 12 ████████▒▒▒ 3 tcp+bytes": who won the rounds. */
static void draw_wins(struct grid *grid, struct rect line, const struct model *model)
{
	const struct sequential *duel = &model->duel;
	double rounds = fmax((double)duel->rounds, 1);
	char names[2][TRANSPORT_NAME_BYTES];
	char left[TRANSPORT_NAME_BYTES + 24];
	char right[TRANSPORT_NAME_BYTES + 24];
	struct plot_part parts[] = {
		{(double)duel->a_wins, U'█', ROLE_GOOD},
		{rounds - (double)(duel->a_wins + duel->b_wins), U'╌', ROLE_DIM},
		{(double)duel->b_wins, U'▒', ROLE_BASE},
	};
	int x;

	for (size_t i = 0; i < 2; i++)
		(void)transport_format(&model->cells[i].plan->transport, names[i]);
	(void)snprintf(left, sizeof(left), "%s won %zu", names[0], duel->a_wins);
	(void)snprintf(right, sizeof(right), "%zu won by %s", duel->b_wins, names[1]);
	x = line.x + 1 + grid_text(grid, line.x, line.y, line.width, ROLE_TEXT, left);
	line.width -= x - line.x + glyph_text_width(grid->glyphs, right) + 1;
	if (line.width >= 4)
		(void)plot_stack(grid, x, line.y, line.width, parts, 3, rounds);
	(void)grid_text(grid, x + (line.width >= 4 ? line.width + 1 : 1), line.y,
			NAME_MOST + 16, ROLE_TEXT, right);
}

/* "round 15 of at most 200". */
static void rounds_text(const struct model *model, char *text, size_t size)
{
	if (model->running)
		(void)snprintf(text, size, "round %zu of at most %llu", model->duel.rounds + 1,
			       (unsigned long long)model->plan->options.blocks);
	else
		(void)snprintf(text, size, "%zu round%s", model->duel.rounds,
			       model->duel.rounds == 1 ? "" : "s");
}

/* Below the plot: what the marks are. */
static void draw_legend(struct grid *grid, struct rect line, const struct model *model)
{
	char names[2][TRANSPORT_NAME_BYTES];

	for (size_t i = 0; i < 2; i++)
		(void)transport_format(&model->cells[i].plan->transport, names[i]);
	(void)grid_printf(grid, line.x, line.y, line.width, ROLE_DIM,
			  "• a round: %s over %s   ░ their ratio lies there", names[0], names[1]);
}

#define LEGEND_LINES_LEAST 5
#define WORD_LOST 8 /* about what a broken line leaves empty, in columns */

/* The lines that a sentence takes, at most half of rect. */
static int sentence_lines(struct grid *grid, const char *sentence, struct rect rect)
{
	int width = rect.width > 2 * WORD_LOST ? rect.width - WORD_LOST : WORD_LOST;
	int lines = 1 + glyph_text_width(grid->glyphs, sentence) / width;

	return lines < rect.height / 2 ? lines : rect.height / 2;
}

static void draw_inside(struct grid *grid, struct rect rect, const struct model *model)
{
	const struct sequential *duel = &model->duel;
	char sentence[DUEL_TEXT_BYTES];
	struct course course;
	struct rect lines;

	if (rect.height < 1)
		return;
	if (duel->rounds == 0) {
		(void)grid_text(grid, rect.x, rect.y, rect.width, ROLE_DIM,
				"the first round, a block of each, is under way");
		return;
	}
	draw_wins(grid, rect_cut_top(&rect, 1), model);
	(void)duel_sentence(model, sentence);
	lines = rect_cut_bottom(&rect, sentence_lines(grid, sentence, rect));
	(void)grid_paragraph(grid, lines,
			     duel->state == SEQUENTIAL_UNDECIDED ? ROLE_TEXT : ROLE_STRONG,
			     sentence);
	if (rect.height >= LEGEND_LINES_LEAST)
		draw_legend(grid, rect_cut_bottom(&rect, 1), model);
	course_fill(model, &course);
	draw_plot(grid, rect, &course);
}

void duel_draw(struct grid *grid, struct rect rect, const struct model *model, bool framed)
{
	struct rect inside = framed ? rect_inside(rect) : rect;
	char right[48];

	if (rect_empty(rect) || !model->plan->duel)
		return;
	rounds_text(model, right, sizeof(right));
	if (framed) {
		grid_box(grid, rect, "duel", right);
	} else {
		grid_rule(grid, rect.x, rect.y, rect.width, "duel", right);
		(void)rect_cut_top(&inside, 1);
	}
	(void)rect_cut_left(&inside, 1);
	(void)rect_cut_right(&inside, 1);
	draw_inside(grid, inside, model);
}
