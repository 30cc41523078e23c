/* SPDX-License-Identifier: MIT */
/* The state of the interface, all of it, and what can be asked about it. Pure. */
#ifndef TUI_UI_UI_H
#define TUI_UI_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/model/model.h"
#include "bench/report/ranking.h"
#include "bench/report/rows.h"
#include "tui/draw/plot.h"
#include "tui/draw/theme.h"
#include "tui/ui/keys.h"
#include "tui/ui/layout.h"
#include "tui/ui/picker.h"

#define UI_TEXT_BYTES 256

enum plot_kind {
	PLOT_STRIP,  /* median, middle half, p1 to p99, maximum on the shared log axis */
	PLOT_SPREAD, /* distribution divided by its own median */
	PLOT_TREND,  /* the median over time */
	PLOT_KINDS,
};

enum unit {
	UNIT_TIME,
	UNIT_RATIO, /* to the best of the shape */
	UNIT_RATE,
	UNITS,
};

/* What the line at the bottom is asking for. */
enum prompt_kind {
	PROMPT_NONE,
	PROMPT_SHAPE,
	PROMPT_OPTION, /* ui->prompt.option */
	PROMPT_EXPORT,
};

struct prompt {
	enum prompt_kind kind;
	enum picker_option option;
	char text[UI_TEXT_BYTES]; /* UTF-8 */
	size_t cursor;            /* a byte offset into text, at a character */
	char error[UI_TEXT_BYTES]; /* what was wrong with it, "" if nothing */
};

enum ask {
	ASK_NOTHING,
	ASK_QUIT, /* a run is under way */
	ASK_DUEL, /* ui->mark against ui->opponent */
};

/* The list over a screen: the screen's keys, or the notes. */
struct help {
	bool open;
	bool notes;
	char filter[32];
	int selected; /* an index into the lines of help_find */
};

struct toast {
	char text[UI_TEXT_BYTES]; /* "" if there is none */
	enum role role;
	uint64_t until_ns;
};

/* A window onto the latency axis, as shares of the whole (fitted) axis. */
struct zoom {
	double left, right; /* 0 and 1: everything */
	double cursor;      /* 0 to 1, of the whole axis, too */
};

#define UI_NOTES 64
#define UI_NO_CELL SIZE_MAX

struct ui {
	int columns, rows; /* the terminal */
	uint64_t now_ns;   /* of the last event */
	enum screen screen;
	enum screen detail_from; /* where detail was opened from, and goes back to */
	struct keymap keymap;
	struct picker picker;

	size_t cell;  /* the selected cell: an index into model->cells, or cell_count if none */
	size_t type;  /* an index into rows_types(); on compare its count means all shapes */
	bool follow;  /* the selection goes to the cell that is being measured */
	size_t mark;  /* the cell that was marked for a duel, or UI_NO_CELL */
	size_t opponent; /* the cell to duel it with, while the user is asked */

	enum sort_key sort; /* compare */
	bool sort_inverted;
	enum unit unit;
	enum plot_kind plot;
	enum count_scale counts;
	bool axis_linear;
	struct zoom zoom;   /* detail's histogram */
	bool log;           /* detail shows the log */
	int scroll;         /* lines that the log is scrolled by */

	struct help help;
	struct prompt prompt;
	enum ask ask;
	struct toast toast;

	bool mouse;         /* on at the moment */
	bool mouse_setting; /* what is saved: not touched by --no-mouse */
	uint64_t stopped_ns; /* when Ctrl-C was last pressed; 0: never */

	/* Set by the application, for display only. */
	double own_cpu;           /* share of one core, 0 to 1; NaN while unknown */
	const char *theme;        /* its name */
	char results[UI_TEXT_BYTES]; /* where this run's CSV is kept; "" if nowhere */
	char notes[UI_NOTES][UI_TEXT_BYTES]; /* a ring of messages */
	size_t note_count;        /* so far, with those that the ring has lost */
};

/* The setup screen, everything at its default. */
void ui_init(struct ui *ui);

/*
 * Follows the running cell and keeps the selection valid, since the model or the selection
 * may have changed. Called before each event and before drawing.
 */
void ui_follow(struct ui *ui, const struct model *model);

/* Takes back the mark and the question about cells, since another model replaces theirs. */
void ui_forget_cells(struct ui *ui);

/* A line above the footer for two seconds, kept in the notes too. */
void ui_toast(struct ui *ui, enum role role, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void ui_note(struct ui *ui, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Goes to a screen. */
void ui_show(struct ui *ui, enum screen screen);

/* The context that keys are looked up in: an open overlay's, else the screen's. */
enum key_context ui_context(const struct ui *ui);
enum key_context ui_screen_context(enum screen screen);

/* The selected cell, or NULL. */
const struct cell *ui_cell(const struct ui *ui, const struct model *model);
/* The selected shape; NULL: all shapes, or none there. */
const struct array_type *ui_type(const struct ui *ui, const struct model *model);
/* What B would measure more of, at the shape of that cell; false: nothing is undecided there. */
bool ui_more(const struct model *model, size_t cell, struct ranking_more *more);
/* The rows of the present screen's table, in its order; detail has the steps of a sweep, too. */
void ui_rows(const struct ui *ui, const struct model *model, struct rows *rows);
/* The index among them of the selected cell, or of its sweep's closed loop; else -1. */
int ui_selected_row(const struct ui *ui, const struct model *model, const struct rows *rows);

#endif
