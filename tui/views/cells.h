/* SPDX-License-Identifier: MIT */
/* What several screens show of a cell: words for its state, figures, marks, its plots. */
#ifndef TUI_VIEWS_CELLS_H
#define TUI_VIEWS_CELLS_H

#include "bench/model/model.h"
#include "bench/text/fmt.h"
#include "tui/draw/grid.h"
#include "tui/draw/plot.h"
#include "tui/ui/ui.h"
#include "tui/views/view.h"

#define CELLS_TEXT_BYTES 256

/* Whether it has a figure to show. */
bool cell_has_figures(const struct cell *cell);

/* Whether it is ranked with others: it was measured to the end, and is right. */
bool cell_is_ranked(const struct cell *cell);

/* Its state, with '!' for what was measured to the end but is unsteady. */
struct state_look cell_look(const struct model *model, const struct cell *cell);

/* What a row says in words: why there are no figures, or what it waits for. */
char *cell_words(const struct cell *cell, char text[CELLS_TEXT_BYTES]);

/* "312/1000, block 2/5": how far it is. */
char *cell_progress(const struct cell *cell, char text[CELLS_TEXT_BYTES]);

/* "14s": what more of what is undecided is expected to cost. */
char *cells_more_cost(const struct ranking_more *more, char text[FMT_BYTES]);

/* "B measures 12 more blocks of 3 cells, about 14s"; "" where it would not. */
char *cells_more_text(const struct model *model, const struct ui *ui, char text[CELLS_TEXT_BYTES]);

/* The share of its time that is over, above 0 up to 1. */
double cell_share(const struct model *model, const struct cell *cell);

/* "2x1024x16x16 float64 · 4.2 MB". */
char *cell_array_text(const struct array_type *type, char text[CELLS_TEXT_BYTES]);

/* " · 4 clients · 798 of 812/s"; "" for one client in a closed loop. */
char *cell_load_text(const struct cell *cell, char text[CELLS_TEXT_BYTES]);

/* The array for a headline: only its size if the screen is narrow and a load follows. */
char *cell_headline_array(const struct array_type *type, const struct ui *ui, const char *load,
			  char text[CELLS_TEXT_BYTES]);

/* The figures that every list of numbers has, ascending. */
enum cell_figure_kind {
	FIGURE_MIN,
	FIGURE_P50,
	FIGURE_P90,
	FIGURE_P99,
	FIGURE_P999,
	FIGURE_MAX,
	CELL_FIGURES,
};

struct cell_figure {
	const char *name; /* "p99" */
	size_t offset;    /* into struct summary */
	double samples_least;
};

/* Indexed by enum cell_figure_kind. */
extern const struct cell_figure cell_figures[CELL_FIGURES];

double cell_figure_ns(const struct cell *cell, const struct cell_figure *figure);
/* The figure as text, or how many samples it would take: "n<1000". */
char *cell_figure_text(const struct cell *cell, const struct cell_figure *figure,
		       char text[FMT_BYTES]);

/* The time of one warm copy of the payload; NaN if unknown. */
double cell_memcpy_ns(const struct cell *cell);

/* The histogram of a cell with its percentile marks; zoom may be NULL. */
void cell_draw_histogram(struct grid *grid, struct rect rect, const struct cell *cell,
			 const struct ui *ui, const struct zoom *zoom);

/* The axis that it is drawn on. */
struct axis cell_axis(const struct cell *cell, const struct ui *ui, int cells);

/* Heat map, trend below it and what the shades mean. */
void cell_draw_time(struct grid *grid, struct rect rect, const struct model *model,
		    const struct cell *cell);

/* "p90 ▂▂▃…": the trend in one line. */
void cell_draw_trend(struct grid *grid, struct rect line, const struct model *model,
		     const struct cell *cell);

/* "slice 1.40s", "" before the first sample. */
char *cell_slice_text(const struct cell *cell, char text[CELLS_TEXT_BYTES]);

/*
 * The range of a plot that cells share: from their lowest sample, or a floor near it, to
 * the highest. False if there is no sample.
 */
bool cells_range(const struct model *model, const struct rows *rows, double *low_ns,
		 double *high_ns);

/*
 * Draws the sentences on a shape, with blank lines between them if there is room; below
 * them those on the whole run, if enough lines are left.
 */
void cells_draw_says(struct grid *grid, struct rect rect, const struct model *model,
		     const struct array_type *shape);

#endif
