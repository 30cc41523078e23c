/* SPDX-License-Identifier: MIT */
/* Roles to colours: three themes, four depths. */
#include "tui/draw/theme.h"

#include <string.h>
#include <stdlib.h>

const char role_letters[ROLE_COUNT + 1] = {
	[ROLE_TEXT] = '.',   [ROLE_STRONG] = 's', [ROLE_DIM] = 'd',    [ROLE_ACCENT] = 'a',
	[ROLE_KEY] = 'k',    [ROLE_GOOD] = 'g',   [ROLE_WARN] = 'w',   [ROLE_BAD] = 'b',
	[ROLE_PLOT] = 'p',   [ROLE_MARK] = 'm',   [ROLE_BASE] = 'v',   [ROLE_RANK_1] = '1',
	[ROLE_RANK_2] = '2', [ROLE_RANK_3] = '3', [ROLE_RANK_4] = '4', [ROLE_RANK_5] = '5',
	[ROLE_MAKE] = 'h',   [ROLE_ENCODE] = 'e', [ROLE_CARRY] = 'c',  [ROLE_DECODE] = 't',
	[ROLE_READ] = 'r',
};

const char *const theme_names[] = {"auto", "dark", "light", "mono", NULL};

/* A role's look in one theme: its colour of 256, of 16 and of 8, and its attributes. */
struct look {
	int16_t color256, color16, color8;
	int16_t background256; /* the rank ramp; COLOR_DEFAULT elsewhere */
	bool bold, dim;        /* at every depth, MONO included */
	bool only_mono;        /* bold and dim are for MONO only */
};

struct theme {
	const char *name;
	bool mono;
	uint32_t ink, paper; /* of pictures */
	struct look looks[ROLE_COUNT];
};

#define PLAIN {-1, -1, -1, -1, false, false, false}
#define STRONG {-1, -1, -1, -1, true, false, false}
/* Bright black is invisible in some palettes: grey is index 245 or the dim attribute. */
#define DIM_8 -1, -1
#define RANK(background, foreground, bold) {foreground, -1, -1, background, bold, false, false}

/*
 * The six hues keep at least 5.5:1 on black and stay apart for protan, deutan
 * and tritan readers (CIE76 distance 22 or more); the ramp carries white text
 * at 4.7:1 or better.
 */
static const struct theme theme_dark = {
	.name = "dark", .ink = 0xd8dee9, .paper = 0x101418,
	.looks = {
		[ROLE_TEXT] = PLAIN,
		[ROLE_STRONG] = STRONG,
		[ROLE_DIM] = {245, DIM_8, -1, false, true, false},
		[ROLE_ACCENT] = {81, 14, 6, -1, true, false, true},
		[ROLE_KEY] = {81, 14, 6, -1, true, false, true},
		[ROLE_GOOD] = {35, 10, 2, -1, false, false, false},
		[ROLE_WARN] = {220, 11, 3, -1, true, false, true},
		[ROLE_BAD] = {166, 9, 1, -1, true, false, true},
		[ROLE_PLOT] = {69, 12, 4, -1, false, false, false},
		[ROLE_MARK] = {175, 13, 5, -1, true, false, true},
		[ROLE_BASE] = {245, DIM_8, -1, false, true, false},
		[ROLE_RANK_1] = RANK(24, 231, true),
		[ROLE_RANK_2] = RANK(23, 231, false),
		[ROLE_RANK_3] = RANK(59, 231, false),
		[ROLE_RANK_4] = RANK(94, 231, false),
		[ROLE_RANK_5] = RANK(130, 231, false),
		[ROLE_MAKE] = {245, DIM_8, -1, false, true, false},
		[ROLE_ENCODE] = {220, 11, 3, -1, false, false, false},
		[ROLE_CARRY] = {69, 12, 4, -1, false, false, false},
		[ROLE_DECODE] = {175, 13, 5, -1, false, false, false},
		[ROLE_READ] = {35, 10, 2, -1, false, false, false},
	},
};

static const struct theme theme_light = {
	.name = "light", .ink = 0x1c1c1c, .paper = 0xffffff,
	.looks = {
		[ROLE_TEXT] = PLAIN,
		[ROLE_STRONG] = STRONG,
		[ROLE_DIM] = {242, DIM_8, -1, false, true, false},
		[ROLE_ACCENT] = {31, 4, 4, -1, true, false, true},
		[ROLE_KEY] = {31, 4, 4, -1, true, false, true},
		[ROLE_GOOD] = {29, 2, 2, -1, false, false, false},
		[ROLE_WARN] = {130, 5, 5, -1, true, false, true},
		[ROLE_BAD] = {160, 1, 1, -1, true, false, true},
		[ROLE_PLOT] = {31, 4, 4, -1, false, false, false},
		[ROLE_MARK] = {133, 5, 5, -1, true, false, true},
		[ROLE_BASE] = {242, DIM_8, -1, false, true, false},
		[ROLE_RANK_1] = RANK(153, 16, true),
		[ROLE_RANK_2] = RANK(152, 16, false),
		[ROLE_RANK_3] = RANK(253, 16, false),
		[ROLE_RANK_4] = RANK(223, 16, false),
		[ROLE_RANK_5] = RANK(216, 16, false),
		[ROLE_MAKE] = {242, DIM_8, -1, false, true, false},
		[ROLE_ENCODE] = {130, 1, 1, -1, false, false, false},
		[ROLE_CARRY] = {31, 4, 4, -1, false, false, false},
		[ROLE_DECODE] = {133, 5, 5, -1, false, false, false},
		[ROLE_READ] = {29, 2, 2, -1, false, false, false},
	},
};

static const struct theme theme_mono = {
	.name = "mono", .mono = true, .ink = 0xd8dee9, .paper = 0x101418,
};

static const struct theme *const theme_table[] = {&theme_dark, &theme_light, &theme_mono};

#define THEME_COUNT (sizeof(theme_table) / sizeof(theme_table[0]))

const struct theme *theme_find(const char *name)
{
	for (size_t i = 0; i < THEME_COUNT; i++)
		if (strcmp(theme_table[i]->name, name) == 0)
			return theme_table[i];
	return NULL;
}

/* COLORFGBG is "15;0" or "0;default;15": the last number is the background. */
const struct theme *theme_guess(const char *colorfgbg)
{
	const char *last = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
	long background;

	if (!last || last[1] < '0' || last[1] > '9')
		return &theme_dark;
	background = strtol(last + 1, NULL, 10);
	return background == 7 || background >= 9 ? &theme_light : &theme_dark;
}

static int16_t look_color(const struct look *look, enum color_depth depth)
{
	if (depth == DEPTH_256)
		return look->color256;
	if (depth == DEPTH_16)
		return look->color16;
	return depth == DEPTH_8 ? look->color8 : COLOR_DEFAULT;
}

struct style theme_style(const struct theme *theme, enum color_depth depth, enum role role,
			 bool selected)
{
	/* Without colours every theme has the dark one's attributes. */
	const struct look *look = &(theme->mono ? &theme_dark : theme)->looks[role];
	bool colored = !theme->mono && depth != DEPTH_MONO;
	bool attributes = !colored || !look->only_mono;

	return (struct style){
		.foreground = colored ? look_color(look, depth) : COLOR_DEFAULT,
		.background = colored && depth == DEPTH_256 ? look->background256 : COLOR_DEFAULT,
		.bold = attributes && look->bold,
		/* Grey is dim already. */
		.dim = attributes && look->dim && !(colored && depth == DEPTH_256),
		.reverse = selected,
	};
}

static uint32_t rgb_cube(unsigned index)
{
	static const uint32_t steps[] = {0, 95, 135, 175, 215, 255};

	return steps[index / 36] << 16 | steps[index / 6 % 6] << 8 | steps[index % 6];
}

uint32_t theme_rgb(const struct theme *theme, int color, bool background)
{
	static const uint32_t first[16] = {
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
	};

	if (color < 0)
		return background ? theme->paper : theme->ink;
	if (color < 16)
		return first[color];
	if (color < 232)
		return rgb_cube((unsigned)color - 16);
	return (uint32_t)(8 + 10 * (color - 232)) * 0x010101;
}
