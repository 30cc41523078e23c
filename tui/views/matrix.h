/* SPDX-License-Identifier: MIT */
/* All transports against all shapes: a figure each, its rank as a background. */
#ifndef TUI_VIEWS_MATRIX_H
#define TUI_VIEWS_MATRIX_H

#include "bench/model/model.h"
#include "bench/report/rows.h"
#include "tui/draw/grid.h"
#include "tui/ui/ui.h"

/* "median latency", "throughput in GB/s": what the figures of a unit are. */
const char *matrix_unit_name(const struct model *model, enum unit unit);

/*
 * A heading line and a row a transport into rect. rows: a cell for each
 * transport; the selected cell's row and column are marked.
 */
void matrix_draw(struct grid *grid, struct rect rect, const struct model *model,
		 const struct ui *ui, const struct rows *rows, enum unit unit);

/* Under every shape its winner: shape, name, figure, as many lines as there are. */
void matrix_draw_winners(struct grid *grid, struct rect rect, const struct model *model,
			 const struct ui *ui);

#endif
