/* SPDX-License-Identifier: MIT */
/* What only the largest live screen shows: all shapes, the percentile ladder, events. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/views/cells.h"
#include "tui/views/live_parts.h"
#include "tui/views/matrix.h"
#include "tui/views/view.h"

void live_draw_matrix(const struct live *live, struct rect part)
{
	struct rect inside = rect_inside(part);
	struct rows rows;
	struct rect legend;
	char title[80];

	(void)snprintf(title, sizeof(title), "all shapes · %s",
		       matrix_unit_name(live->model, UNIT_TIME));
	grid_box(live->grid, part, title, NULL);
	rows_of_type(live->model, NULL, SORT_PLAN, false, &rows);
	legend = rect_cut_bottom(&inside, 2);
	matrix_draw(live->grid, inside, live->model, live->ui, &rows, UNIT_TIME);
	(void)grid_text(live->grid, legend.x + 1, legend.y, legend.width - 1, ROLE_DIM,
			"· queued  ▸ running  ✗ failed  ≠ wrong  – skipped  ◂ cut short");
	(void)grid_text(live->grid, legend.x + 1, legend.y + 1, legend.width - 1, ROLE_DIM,
			"background: fastest of its column … slowest");
}

#define LADDER_LINES 26

/* The rows' letters; the names go into the frame. Returns how many. */
static size_t ladder_lines(const struct live *live, struct plot_line *lines, char *names,
			   size_t size)
{
	size_t count = 0;
	size_t used = 0;

	names[0] = '\0';
	for (size_t i = 0; i < live->rows.count && count < LADDER_LINES; i++) {
		const struct cell *cell = &live->model->cells[live->rows.cells[i]];
		char name[TRANSPORT_NAME_BYTES];
		char letter = (char)('a' + count);

		if (!cell_has_figures(cell))
			continue;
		lines[count++] = (struct plot_line){
			.letter = letter,
			.role = cell == live->cell ? ROLE_MARK : ROLE_PLOT,
			.hist = cell->latency,
		};
		if (used < size)
			used += (size_t)snprintf(names + used, size - used, "%s%c %s",
						 used ? "  " : "", letter,
						 transport_format(&cell->plan->transport, name));
	}
	return count;
}

void live_draw_ladder(const struct live *live, struct rect part)
{
	struct plot_line lines[LADDER_LINES];
	struct rect inside = rect_inside(part);
	char names[LADDER_LINES * (TRANSPORT_NAME_BYTES + 4)];
	size_t count = ladder_lines(live, lines, names, sizeof(names));
	struct rect legend = rect_cut_top(&inside, 1);

	grid_box(live->grid, part, "percentile ladder", "every nine as wide as the next");
	(void)grid_text(live->grid, legend.x + 2, legend.y, legend.width - 3, ROLE_TEXT, names);
	(void)rect_cut_right(&inside, 1);
	plot_ladder(live->grid, inside, lines, count);
}

/* A line about the machine or ourselves, if there is anything to say. */
static void draw_fact(struct grid *grid, struct rect *lines, const char *name, const char *text)
{
	struct rect line;

	if (!text[0] || lines->height < 1)
		return;
	line = rect_cut_bottom(lines, 1);
	(void)grid_text(grid, line.x, line.y, 9, ROLE_DIM, name);
	(void)grid_text(grid, line.x + 10, line.y, line.width - 10, ROLE_DIM, text);
}

static void draw_facts(const struct live *live, struct rect *lines)
{
	const struct host_facts *host = &live->model->host;
	const struct plan_options *options = &live->model->plan->options;
	char memory[FMT_BYTES];
	char text[CELLS_TEXT_BYTES];

	draw_fact(live->grid, lines, "results", live->ui->results);
	if (isfinite(live->ui->own_cpu)) {
		(void)snprintf(text, sizeof(text),
			       "takes %.1f%% of one core (measured, shown on purpose)",
			       100 * live->ui->own_cpu);
		draw_fact(live->grid, lines, "dashboard", text);
	}
	(void)snprintf(text, sizeof(text),
		       "%s · source %s · memory %s · pages %s · wait %s · pin %s",
		       direction_names[options->direction], source_names[options->source],
		       memory_names[options->memory], pages_names[options->pages],
		       wait_names[options->wait], pin_names[options->pin]);
	draw_fact(live->grid, lines, "options", text);
	(void)snprintf(text, sizeof(text), "%s · %s · %u CPUs · %s%s%s", host->kernel, host->cpu,
		       host->cpus, fmt_memory((double)host->memory_bytes, memory),
		       host->governor[0] ? " · governor " : "", host->governor);
	draw_fact(live->grid, lines, "host", text);
}

/* The latest at the bottom. */
void live_draw_events(const struct live *live, struct rect part)
{
	const struct model *model = live->model;
	struct rect inside = rect_inside(part);
	size_t kept = model->event_count < MODEL_EVENTS ? model->event_count : MODEL_EVENTS;
	size_t shown;

	grid_box(live->grid, part, "events", "time since the run began");
	(void)rect_cut_left(&inside, 1);
	(void)rect_cut_right(&inside, 1);
	draw_facts(live, &inside);
	(void)rect_cut_bottom(&inside, 1);
	shown = inside.height > 0 ? (size_t)inside.height : 0;
	shown = shown < kept ? shown : kept;
	for (size_t i = 0; i < shown; i++) {
		const struct model_event *event =
			&model->events[(model->event_count - shown + i) % MODEL_EVENTS];
		int y = inside.y + (int)i;
		char clock[FMT_BYTES];

		(void)grid_text(live->grid, inside.x, y, 8, ROLE_DIM,
				fmt_clock((double)event->at_ns, clock));
		(void)grid_text(live->grid, inside.x + 10, y, inside.width - 10, ROLE_TEXT,
				event->text);
	}
}
