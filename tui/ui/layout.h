/* SPDX-License-Identifier: MIT */
/*
 * Where everything goes, as a pure function of the size. Parts that do not fit
 * fall away in a fixed order; no size is refused.
 */
#ifndef TUI_UI_LAYOUT_H
#define TUI_UI_LAYOUT_H

#include "tui/draw/grid.h"
#include "tui/ui/screen.h"

enum size_class {
	SIZE_BLANK,   /* no cell at all */
	SIZE_LINE,    /* from 1x1: progress, and a list in the lines below */
	SIZE_SMALL,   /* from 24x7: name, median, p99, ratio */
	SIZE_COMPACT, /* from 60x16: table with one row plot, progress; more where lines are left */
	SIZE_NORMAL,  /* from 78x22: and histogram, drift strip */
	SIZE_WIDE,    /* from 110x34: both row plots, heat map, numbers; frames around panes */
	SIZE_HUGE,    /* from 180x50: everything */
};

enum size_class layout_size(int columns, int rows);

/* The frame around every screen. An absent part is empty. */
struct frame_layout {
	enum size_class size;
	struct rect header;
	struct rect body;
	struct rect toast; /* one line above the footer, over the body's last */
	struct rect footer;
};

struct frame_layout layout_frame(int columns, int rows);

/*
 * The parts of all screens; a screen uses some of them. From SIZE_WIDE on, parts marked *
 * include a frame.
 */
enum part {
	PART_PROGRESS,  /* live: one line; compare: the shape tabs; setup, detail: a rule */
	PART_TABLE,     /* see layout_table_rows; the frame as layout_table_framed says */
	PART_OPTIONS,   /* setup: * run options */
	PART_PREVIEW,   /* setup: * estimate and command line */
	PART_HISTOGRAM, /* * */
	PART_HEAT,      /* * heat map over time; one line (drift strip) at SIZE_NORMAL on live */
	PART_NUMBERS,   /* * percentile table, or the numbers so far */
	PART_PHASES,    /* * detail: the stacked bar */
	PART_MATRIX,    /* * all shapes at once */
	PART_SAYS,      /* * sentences */
	PART_SCALING,   /* * compare: median over size */
	PART_LADDER,    /* * percentile ladder */
	PART_EVENTS,    /* * what happened */
	PART_COUNT,
};

struct layout {
	enum size_class size;
	struct rect parts[PART_COUNT]; /* absent: empty */
};

/*
 * Divides body (frame_layout.body) for a screen. rows: how many table rows it
 * would like to show; the table gets them as far as there is room.
 */
struct layout layout_screen(enum screen screen, enum size_class size, struct rect body, int rows);

/*
 * The rows' part of PART_TABLE: without the frame (if that table has one at this size), the
 * heading above and the lines of explanation below.
 */
struct rect layout_table_rows(enum screen screen, enum size_class size, struct rect table);
bool layout_table_framed(enum screen screen, enum size_class size);

/* The lines of setup's options, count of them, in the part that shows them. */
struct rect layout_option_lines(enum size_class size, struct rect part, int count);

/*
 * The first of count rows to show, so that the selected one lies near the middle of a
 * window of so many lines.
 */
int layout_scroll(int selected, int count, int window);

#endif
