/* SPDX-License-Identifier: MIT */
/* Glyphs, their stand-ins for poorer terminals, and UTF-8. */
#include "tui/draw/glyphs.h"

#include <stdlib.h>
#include <wchar.h>

struct fold {
	uint32_t glyph, console, ascii;
};

/* Sorted by glyph. The console's font has the characters of code page 437. */
static const struct fold fold_table[] = {
	{U'\u00a0', ' ', ' '}, {U'±', U'±', '+'},  {U'²', U'²', '2'}, {U'³', '3', '3'},
	{U'µ', U'µ', 'u'},     {U'·', U'·', '.'},  {U'×', 'x', 'x'},  {U'÷', U'÷', '/'},
	{U'Δ', 'd', 'd'},      {U'–', '-', '-'},   {U'—', '-', '-'},  {U'‖', '=', '='},
	{U'‘', '\'', '\''},    {U'’', '\'', '\''}, {U'“', '"', '"'},  {U'”', '"', '"'},
	{U'•', 'o', 'o'},      {U'…', '>', '>'},   {U'←', '<', '<'},  {U'↑', '^', '^'},
	{U'→', '>', '>'},      {U'↓', 'v', 'v'},   {U'−', '-', '-'},  {U'√', U'√', '/'},
	{U'∞', U'∞', '8'},     {U'≈', U'≈', '='},  {U'≠', '#', '#'},  {U'≤', U'≤', '<'},
	{U'≥', U'≥', '>'},     {U'⊘', '/', '/'},   {U'⏎', '>', '>'},  {U'─', U'─', '-'},
	{U'━', '=', '='},      {U'│', U'│', '|'},  {U'┃', U'│', '|'}, {U'┊', U'│', ':'},
	{U'┌', U'┌', '+'},     {U'┐', U'┐', '+'},  {U'└', U'└', '+'}, {U'┘', U'┘', '+'},
	{U'├', U'├', '+'},     {U'┤', U'┤', '+'},  {U'┬', U'┬', '+'}, {U'┴', U'┴', '+'},
	{U'┼', U'┼', '+'},     {U'╌', '.', '.'},   {U'╭', U'┌', '+'}, {U'╮', U'┐', '+'},
	{U'╯', U'┘', '+'},     {U'╰', U'└', '+'},  {U'╴', U'─', '-'}, {U'╶', U'─', '-'},
	{U'╸', '>', '>'},      {U'╺', '=', '='},   {U'▁', U'▄', '.'}, {U'▂', U'▄', ':'},
	{U'▃', U'▄', '-'},     {U'▄', U'▄', '='},  {U'▅', U'▄', '+'}, {U'▆', U'█', '*'},
	{U'▇', U'█', '#'},     {U'█', U'█', '#'},  {U'▉', U'█', '#'}, {U'▊', U'█', '#'},
	{U'▋', U'▌', '#'},     {U'▌', U'▌', '#'},  {U'▍', U'▌', '|'}, {U'▎', U'▌', '|'},
	{U'▏', U'▌', '|'},     {U'▐', U'▐', '#'},  {U'░', U'░', '.'}, {U'▒', U'▒', ':'},
	{U'▓', U'▓', '*'},     {U'▕', U'▐', '|'},  {U'■', U'■', '#'}, {U'□', '.', '.'},
	{U'▪', '+', '+'},      {U'▲', '^', '^'},   {U'△', '^', '^'},  {U'▴', '^', '^'},
	{U'▸', '>', '>'},      {U'▹', ':', ':'},   {U'▼', 'v', 'v'},  {U'▽', 'v', 'v'},
	{U'▾', 'v', 'v'},      {U'◂', '<', '<'},   {U'◆', '*', '*'},  {U'◌', 'o', 'o'},
	{U'●', 'o', 'o'},      {U'✓', '+', '+'},   {U'✗', 'X', 'X'},
};

#define FOLD_COUNT (sizeof(fold_table) / sizeof(fold_table[0]))

static int fold_compare(const void *key, const void *row)
{
	uint32_t glyph = *(const uint32_t *)key;
	uint32_t other = ((const struct fold *)row)->glyph;

	return (glyph > other) - (glyph < other);
}

static uint32_t fold_unlisted(enum glyph_set set, uint32_t glyph)
{
	int width = glyph < 0x110000 ? wcwidth((wchar_t)glyph) : -1;

	if (width == 0)
		return 0;
	if (width != 1 || set == GLYPHS_ASCII || (set == GLYPHS_CONSOLE && glyph > 0xff))
		return '?';
	return glyph;
}

uint32_t glyph_fold(enum glyph_set set, uint32_t glyph)
{
	const struct fold *fold;

	if (glyph >= ' ' && glyph < 0x7f)
		return glyph;
	fold = bsearch(&glyph, fold_table, FOLD_COUNT, sizeof(fold_table[0]), fold_compare);
	if (!fold)
		return fold_unlisted(set, glyph);
	if (set == GLYPHS_UTF8)
		return glyph;
	return set == GLYPHS_CONSOLE ? fold->console : fold->ascii;
}

uint32_t glyph_bar_up(unsigned eighths)
{
	return eighths == 0 ? U' ' : U'▁' + (eighths > 8 ? 7 : eighths - 1);
}

uint32_t glyph_bar_right(unsigned eighths)
{
	return eighths == 0 ? U' ' : U'▏' - (eighths > 8 ? 7 : eighths - 1);
}

uint32_t glyph_shade(unsigned level)
{
	static const uint32_t shades[] = {U' ', U'░', U'▒', U'▓', U'█'};

	return shades[level > 4 ? 4 : level];
}

/* How many bytes follow this first one; 4 for a byte that cannot begin a character. */
static unsigned utf8_tail(unsigned char first)
{
	if (first < 0x80)
		return 0;
	if (first >= 0xc2 && first < 0xe0)
		return 1;
	if (first >= 0xe0 && first < 0xf0)
		return 2;
	return first >= 0xf0 && first < 0xf5 ? 3 : 4;
}

static uint32_t utf8_check(uint32_t glyph, unsigned tail)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};

	if (glyph < least[tail] || glyph > 0x10ffff || (glyph >= 0xd800 && glyph < 0xe000))
		return '?';
	return glyph;
}

uint32_t utf8_next(const char **text)
{
	const unsigned char *byte = (const unsigned char *)*text;
	unsigned tail = utf8_tail(*byte);
	uint32_t glyph = tail == 0 ? *byte : *byte & (0x3fU >> tail);

	if (!*byte)
		return 0;
	*text += 1;
	if (tail > 3)
		return '?';
	for (unsigned i = 1; i <= tail; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return '?';
		glyph = glyph << 6 | (byte[i] & 0x3f);
	}
	*text += tail;
	return utf8_check(glyph, tail);
}

size_t utf8_put(uint32_t glyph, char text[5])
{
	static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t bytes = glyph < 0x80 ? 1 : glyph < 0x800 ? 2 : glyph < 0x10000 ? 3 : 4;

	text[bytes] = '\0';
	for (size_t i = bytes - 1; i > 0; i--) {
		text[i] = (char)(0x80 | (glyph & 0x3f));
		glyph >>= 6;
	}
	text[0] = (char)(first[bytes] | glyph);
	return bytes;
}

int glyph_text_width(enum glyph_set set, const char *text)
{
	uint32_t glyph;
	int width = 0;

	while ((glyph = utf8_next(&text)))
		width += glyph_fold(set, glyph) != 0;
	return width;
}
