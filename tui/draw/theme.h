/* SPDX-License-Identifier: MIT */
/*
 * Roles, and the colours that a theme gives them. Colour repeats what a glyph or
 * a word already says, so every role may look the same and nothing is lost.
 */
#ifndef TUI_DRAW_THEME_H
#define TUI_DRAW_THEME_H

#include <stdbool.h>
#include <stdint.h>

enum role {
	ROLE_TEXT,
	ROLE_STRONG, /* bold: headings, the best of a column */
	ROLE_DIM,    /* labels, units, axes, queued rows */
	ROLE_ACCENT, /* title, focus bar, active tab, progress */
	ROLE_KEY,    /* key names in hints */
	ROLE_GOOD,   /* verified, faster */
	ROLE_WARN,   /* unsteady, a limit */
	ROLE_BAD,    /* failed, slower */
	ROLE_PLOT,   /* body of a plot */
	ROLE_MARK,   /* percentile marks */
	ROLE_BASE,   /* published figures, what is compared with */
	ROLE_RANK_1, /* fastest of its column: background ramp */
	ROLE_RANK_2,
	ROLE_RANK_3,
	ROLE_RANK_4,
	ROLE_RANK_5, /* slowest */
	ROLE_MAKE,   /* the phases of a stacked bar */
	ROLE_ENCODE,
	ROLE_CARRY,
	ROLE_DECODE,
	ROLE_READ,
	ROLE_COUNT,
};

/* One letter a role, for golden files. Indexed by enum role. */
extern const char role_letters[ROLE_COUNT + 1];

enum color_depth {
	DEPTH_MONO,
	DEPTH_8,
	DEPTH_16,
	DEPTH_256,
};

#define COLOR_DEFAULT (-1)

/* Colours are palette indices, never RGB; the palette is the user's. */
struct style {
	int16_t foreground; /* or COLOR_DEFAULT */
	int16_t background;
	bool bold, dim, reverse;
};

struct theme;

/* "dark", "light", "mono"; NULL if there is none of that name. */
const struct theme *theme_find(const char *name);

/* The theme for "auto": light if $COLORFGBG (or NULL) says so, else dark. */
const struct theme *theme_guess(const char *colorfgbg);

/* The names, NULL-terminated, "auto" first. */
extern const char *const theme_names[];

struct style theme_style(const struct theme *theme, enum color_depth depth, enum role role,
			 bool selected);

/* For pictures: what xterm shows for a palette index (COLOR_DEFAULT too), as 0xRRGGBB. */
uint32_t theme_rgb(const struct theme *theme, int color, bool background);

#endif
