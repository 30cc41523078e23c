/* SPDX-License-Identifier: MIT */
/* The grid: clipping, cutting, folding, and the files made from it. */
#include <locale.h>

#include "tests/support/test.h"
#include "tui/draw/grid.h"

static struct grid grid;

static bool setup(int columns, int rows, enum glyph_set glyphs)
{
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	return grid_resize(&grid, columns, rows, glyphs, NULL) == 0;
}

static char *written(void (*write)(const struct grid *grid, FILE *file))
{
	static char text[65536];
	FILE *file = fmemopen(text, sizeof(text), "w");

	if (!file)
		abort();
	write(&grid, file);
	(void)fclose(file);
	return text;
}

static void test_text_cut(void)
{
	CHECK(setup(12, 3, GLYPHS_UTF8));
	CHECK(grid_text(&grid, 0, 0, 6, ROLE_TEXT, "abcdef") == 6);
	CHECK(grid_text(&grid, 0, 1, 6, ROLE_TEXT, "abcdefg") == 6);
	CHECK(grid_text(&grid, 0, 2, 0, ROLE_TEXT, "abc") == 0);
	CHECK(grid_text(&grid, 0, 2, -3, ROLE_TEXT, "abc") == 0);
	CHECK_STR(written(grid_to_text), "abcdef\nabcde…\n\n");
}

static void test_text_cut_counts_cells_not_bytes(void)
{
	CHECK(setup(12, 3, GLYPHS_UTF8));
	CHECK(grid_text(&grid, 0, 0, 4, ROLE_TEXT, "µ×µ×") == 4);
	CHECK(grid_text(&grid, 0, 1, 3, ROLE_TEXT, "µ×µ×") == 3);
	/* A combining mark takes no cell, also behind the last one. */
	CHECK(grid_text(&grid, 0, 2, 3, ROLE_TEXT, "abc\u0301") == 3);
	CHECK_STR(written(grid_to_text), "µ×µ×\nµ×…\nabc\n");
}

static void test_text_from_outside(void)
{
	CHECK(setup(20, 5, GLYPHS_UTF8));
	(void)grid_text(&grid, 0, 0, 20, ROLE_TEXT, "a\033[2Jb\tc\nd\x7f");
	(void)grid_text(&grid, 0, 1, 20, ROLE_TEXT, "漢字x🎉");
	(void)grid_text(&grid, 0, 2, 20, ROLE_TEXT, "x\xff\xc3(\xe2\x82");
	(void)grid_text(&grid, 0, 3, 20, ROLE_TEXT, "\xed\xa0\x80\xf4\x90\x80\x80\xc0\x80");
	(void)grid_text(&grid, 0, 4, 20, ROLE_TEXT, "\u202e\u200bok\xc2\x9b");
	CHECK_STR(written(grid_to_text),
		  "a?[2Jb?c?d?\n??x?\nx?" "?(??\n????\nok?\n");
}

static void test_ascii_has_only_ascii(void)
{
	const char *text;

	CHECK(setup(40, 12, GLYPHS_ASCII));
	grid_box(&grid, (struct rect){0, 0, 40, 12}, "µ title ×", "→ right");
	for (uint32_t glyph = 1; glyph < 0x3000; glyph++)
		grid_put(&grid, 1 + (int)(glyph % 38), 1 + (int)(glyph / 38 % 10), glyph,
			 ROLE_TEXT);
	for (text = written(grid_to_text); *text; text++)
		CHECK((*text >= ' ' && *text < 127) || *text == '\n');
}

static void test_stand_ins(void)
{
	CHECK(setup(24, 1, GLYPHS_ASCII));
	(void)grid_text(&grid, 0, 0, 24, ROLE_TEXT, "✓✗·▸–≠‖▲▽●━─╌×╭╯│▌▁█░µ…²");
	CHECK_STR(written(grid_to_text), "+X.>-#=^vo=-.x++|#.#.u>2\n");
	CHECK(setup(24, 1, GLYPHS_CONSOLE));
	(void)grid_text(&grid, 0, 0, 24, ROLE_TEXT, "✓✗·▸╭╯│▌▁█░µ█▅▊");
	CHECK_STR(written(grid_to_text), "+X·>┌┘│▌▄█░µ█▄█\n");
}

static void test_bars(void)
{
	CHECK(glyph_bar_up(0) == ' ' && glyph_bar_up(1) == U'▁' && glyph_bar_up(8) == U'█');
	CHECK(glyph_bar_up(99) == U'█');
	CHECK(glyph_bar_right(1) == U'▏' && glyph_bar_right(8) == U'█');
	CHECK(glyph_shade(0) == ' ' && glyph_shade(4) == U'█' && glyph_shade(9) == U'█');
	/* What is not empty never looks empty. */
	for (unsigned set = GLYPHS_UTF8; set <= GLYPHS_ASCII; set++)
		for (unsigned i = 1; i <= 8; i++)
			CHECK(glyph_fold(set, glyph_bar_up(i)) != ' ' &&
			      glyph_fold(set, glyph_bar_right(i)) != ' ');
}

/* The table is searched by halves: every stand-in must be found. */
static void test_fold_table_is_sorted(void)
{
	static const char listed[] = "±²³µ·×÷Δ‖‘’“”–—•…←↑→↓−√∞≈≠≤≥⊘⏎─━│┃┊┌┐└┘├┤┬┴┼╌╭╮╯╰╴╶╸╺"
				     "▁▂▃▄▅▆▇█▉▊▋▌▍▎▏▐░▒▓▕■□▪▲△▴▸▹▼▽▾◂◆◌●✓✗";
	const char *text = listed;
	uint32_t glyph;

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	while ((glyph = utf8_next(&text)))
		CHECK_MSG(glyph_fold(GLYPHS_ASCII, glyph) != '?', "U+%04x", glyph);
}

static void test_clip(void)
{
	struct rect former;

	CHECK(setup(6, 3, GLYPHS_UTF8));
	former = grid_clip(&grid, (struct rect){1, 1, 3, 1});
	for (int y = -2; y < 5; y++)
		(void)grid_text(&grid, -3, y, 20, ROLE_BAD, "0123456789abcdef");
	grid_fill(&grid, (struct rect){3, -5, 100, 100}, '#', ROLE_BAD);
	grid_select(&grid, (struct rect){-5, -5, 100, 100});
	grid.clip = former;
	grid_put(&grid, 5, 2, 'z', ROLE_TEXT);
	grid_put(&grid, 6, 2, 'z', ROLE_TEXT);
	grid_put(&grid, 5, 3, 'z', ROLE_TEXT);
	CHECK_STR(written(grid_to_text), "\n 45#\n     z\n");
	CHECK_STR(written(grid_to_roles), "\n.BBB\n......" "\n");
}

static void test_right_and_center(void)
{
	CHECK(setup(8, 4, GLYPHS_UTF8));
	CHECK(grid_text_right(&grid, 0, 0, 8, ROLE_TEXT, "abc") == 5);
	CHECK(grid_text_right(&grid, 0, 1, 2, ROLE_TEXT, "abc") == 0);
	CHECK(grid_text_center(&grid, 0, 2, 8, ROLE_TEXT, "ab") == 2);
	CHECK(grid_printf_right(&grid, 0, 3, 8, ROLE_TEXT, "%d%%", 42) == 5);
	CHECK_STR(written(grid_to_text), "     abc\na…\n   ab\n     42%\n");
}

static void test_box_at_every_size(void)
{
	for (int width = 0; width < 30; width++) {
		for (int height = 0; height < 6; height++) {
			CHECK(setup(20, 4, GLYPHS_UTF8));
			grid_box(&grid, (struct rect){1, 1, width, height}, "a title", "right");
			CHECK(grid.cells[0].glyph == ' ');
		}
	}
	CHECK(setup(24, 3, GLYPHS_UTF8));
	grid_box(&grid, (struct rect){0, 0, 24, 3}, "title", "right");
	CHECK_STR(written(grid_to_text), "╭─ title ────── right ─╮\n│                      │\n"
					 "╰──────────────────────╯\n");
}

static void test_rule_drops_the_right_text(void)
{
	CHECK(setup(14, 2, GLYPHS_UTF8));
	grid_rule(&grid, 0, 0, 14, "title", "far right");
	grid_rule(&grid, 0, 1, 14, "a very long title", NULL);
	CHECK_STR(written(grid_to_text), "── title ─────\n── a very … ──\n");
}

static void test_paragraph(void)
{
	CHECK(setup(10, 6, GLYPHS_UTF8));
	CHECK(grid_paragraph(&grid, (struct rect){0, 0, 10, 6}, ROLE_TEXT,
			     "one two three\nfour abcdefghijklmno") == 5);
	CHECK_STR(written(grid_to_text), "one two\nthree\nfour\nabcdefghij\nklmno\n\n");
	CHECK(grid_paragraph(&grid, (struct rect){0, 0, 0, 6}, ROLE_TEXT, "one") == 0);
	CHECK(grid_paragraph(&grid, (struct rect){0, 0, 10, 1}, ROLE_TEXT, "one two three") == 1);
}

static void test_roles(void)
{
	const struct theme *theme = theme_find("dark");

	CHECK(setup(4, 1, GLYPHS_UTF8));
	grid_put(&grid, 0, 0, 'a', ROLE_BAD);
	grid_put(&grid, 1, 0, 'b', ROLE_RANK_1);
	grid_select(&grid, (struct rect){1, 0, 2, 1});
	CHECK_STR(written(grid_to_roles), "b!#\n");
	CHECK(theme_style(theme, DEPTH_256, ROLE_BAD, false).foreground == 166);
	CHECK(theme_style(theme, DEPTH_256, ROLE_RANK_1, true).background == 24);
}

static void test_svg(void)
{
	static char text[4096];
	FILE *file = fmemopen(text, sizeof(text), "w");

	CHECK(file && setup(4, 1, GLYPHS_UTF8));
	(void)grid_text(&grid, 0, 0, 4, ROLE_TEXT, "a<&µ");
	grid_to_svg(&grid, theme_find("light"), file);
	(void)fclose(file);
	CHECK(strstr(text, "a&lt;&amp;µ</text>"));
	CHECK(strstr(text, "</svg>\n"));
}

/* Readers that trim blanks must still put each word where it belongs. */
static void test_svg_words(void)
{
	static char text[4096];
	FILE *file = fmemopen(text, sizeof(text), "w");

	CHECK(file && setup(8, 1, GLYPHS_UTF8));
	(void)grid_text(&grid, 0, 0, 8, ROLE_TEXT, "  ab  cd");
	grid_to_svg(&grid, theme_find("light"), file);
	(void)fclose(file);
	CHECK(strstr(text, "<rect x=\"0\" y=\"0\" width=\"64\""));
	CHECK(strstr(text, "<text x=\"16\" y=\"13\" textLength=\"16\""));
	CHECK(strstr(text, "<text x=\"48\" y=\"13\" textLength=\"16\""));
	CHECK(strstr(text, ">ab</text>") && strstr(text, ">cd</text>"));
	CHECK(!strstr(text, "&#160;"));
}

static void test_utf8_round_trip(void)
{
	char text[5];

	for (uint32_t glyph = 1; glyph < 0x110000; glyph++) {
		const char *at = text;

		if (glyph >= 0xd800 && glyph < 0xe000)
			continue;
		(void)utf8_put(glyph, text);
		CHECK_MSG(utf8_next(&at) == glyph && *at == '\0', "U+%04x", glyph);
	}
}

static void test_themes(void)
{
	CHECK(strlen(role_letters) == ROLE_COUNT);
	CHECK(theme_guess("15;0") == theme_find("dark"));
	CHECK(theme_guess("0;15") == theme_find("light"));
	CHECK(theme_guess("0;default;15") == theme_find("light"));
	CHECK(theme_guess(NULL) == theme_find("dark"));
	CHECK(theme_guess("x") == theme_find("dark"));
	CHECK(theme_find("auto") == NULL);
	for (size_t i = 1; theme_names[i]; i++)
		CHECK(theme_find(theme_names[i]));
}

/* No colour above what the terminal has, and none at all without colours. */
static void test_depths(void)
{
	static const int limits[] = {0, 8, 16, 256};

	for (size_t i = 1; theme_names[i]; i++) {
		const struct theme *theme = theme_find(theme_names[i]);

		for (unsigned depth = DEPTH_MONO; depth <= DEPTH_256; depth++) {
			for (unsigned role = 0; role < ROLE_COUNT; role++) {
				struct style style = theme_style(theme, depth, role, false);

				CHECK(style.foreground < limits[depth]);
				CHECK(style.background < limits[depth]);
			}
		}
	}
	CHECK(theme_style(theme_find("mono"), DEPTH_256, ROLE_BAD, false).bold);
	CHECK(theme_style(theme_find("dark"), DEPTH_8, ROLE_TEXT, true).reverse);
}

static const struct test tests[] = {
	{"text_cut", test_text_cut},
	{"text_cut_counts_cells_not_bytes", test_text_cut_counts_cells_not_bytes},
	{"text_from_outside", test_text_from_outside},
	{"ascii_has_only_ascii", test_ascii_has_only_ascii},
	{"stand_ins", test_stand_ins},
	{"bars", test_bars},
	{"fold_table_is_sorted", test_fold_table_is_sorted},
	{"clip", test_clip},
	{"right_and_center", test_right_and_center},
	{"box_at_every_size", test_box_at_every_size},
	{"rule_drops_the_right_text", test_rule_drops_the_right_text},
	{"paragraph", test_paragraph},
	{"roles", test_roles},
	{"svg", test_svg},
	{"svg_words", test_svg_words},
	{"utf8_round_trip", test_utf8_round_trip},
	{"themes", test_themes},
	{"depths", test_depths},
};

TEST_MAIN(tests)
