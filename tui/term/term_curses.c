/* SPDX-License-Identifier: MIT */
/*
 * The terminal by way of ncurses: the only file that knows it. ncurses gets
 * whole frames and finds out itself what has changed.
 */
#include "tui/term/term.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_NOMACROS 1
#include <ncurses.h>
#include <term.h>
/* term.h names its capabilities by macros, some of them everyday words. */
#undef columns
#undef lines

#include "bench/machine/clock.h"
#include "tui/term/paste.h"
#include "tui/term/term_names.h"
#include "tui/term/term_out.h"
#include "tui/term/term_rescue.h"

#define ROW_CELLS 4096 /* no grid is wider */

/* Codes that curses has no names for. */
enum {
	KEY_PASTE_BEGIN = KEY_MAX + 1,
	KEY_PASTE_END,
};

/* A terminal has this long to take our last bytes. */
#define LAST_NS UINT64_C(1000000000)

static struct {
	bool open;
	bool suspended;
	bool deaf; /* it did not take our last bytes */
	SCREEN *screen;
	WINDOW *keys; /* a pad that is never shown: reading keys must not refresh the screen */
	struct term_traits traits;
	enum glyph_set glyphs;
	enum color_depth depth;
	const struct theme *theme;
	struct style styles[ROLE_COUNT];
	char title[128];
	bool pastes; /* it puts brackets around a paste if asked to */
	struct paste paste;
} term;

/* Setting up. */

/*
 * Chooses what is drawn with. curses itself always gets a UTF-8 locale if there is one: in
 * others it repeats characters by a sequence that some terminals get wrong at the edge of a
 * line.
 */
static enum glyph_set choose_glyphs(const char *name, bool ascii)
{
	if (!ascii)
		return term_glyph_set(name, nl_langinfo(CODESET), wcwidth(L'─'));
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	return GLYPHS_ASCII;
}

/* Whether terminfo has the terminal and it can place its cursor. */
static bool term_usable(const char *name)
{
	bool usable = false;
	int status;

	if (setupterm(name, STDOUT_FILENO, &status) != OK)
		return false;
	usable = cursor_address && !tigetflag("gn");
	(void)del_curterm(cur_term);
	return usable;
}

/*
 * The name to open: TERM's, or a stand-in for one that the database lacks; NULL if
 * neither will do.
 */
static const char *choose_name(char note[256])
{
	const char *name = getenv("TERM");
	const char *stand_in = name ? term_stand_in(name) : NULL;

	note[0] = '\0';
	if (!term_is_dumb(name) && term_usable(name))
		return name;
	if (!stand_in || !term_usable(stand_in))
		return NULL;
	(void)snprintf(note, 256, "no terminfo entry for %.80s: using that of %s", name, stand_in);
	return stand_in;
}

static enum color_depth choose_depth(const struct term_options *options)
{
	if (options->mono || !has_colors())
		return DEPTH_MONO;
	if (COLORS >= 256)
		return DEPTH_256;
	return COLORS >= 16 ? DEPTH_16 : COLORS >= 8 ? DEPTH_8 : DEPTH_MONO;
}

/* Each role has the pair role + 1. The palette is the user's and stays as it is. */
static void init_styles(void)
{
	bool defaults = use_default_colors() == OK;

	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		struct style *style = &term.styles[role];

		*style = theme_style(term.theme, term.depth, (enum role)role, false);
		if (term.depth == DEPTH_MONO)
			continue;
		if (!defaults && style->foreground == COLOR_DEFAULT)
			style->foreground = COLOR_WHITE;
		if (!defaults && style->background == COLOR_DEFAULT)
			style->background = COLOR_BLACK;
		(void)init_pair((short)(role + 1), style->foreground, style->background);
	}
}

/* Has the terminal say where a paste begins and ends, or not any more. */
static void bracket_pastes(bool on)
{
	if (term.pastes)
		out_text(on ? "\033[?2004h" : "\033[?2004l");
	term.paste.open = false;
}

/* Whether it does, by its name or its database entry; others might show the request. */
static bool can_bracket_pastes(void)
{
	const char *request = tigetstr("BE");

	return term.pastes || (request && request != (const char *)-1);
}

static void init_modes(void)
{
	/*
	 * Ctrl-C, Ctrl-Z and Ctrl-S are keys like others, so that they come in order and
	 * none is lost.
	 */
	(void)raw();
	(void)noecho();
	(void)nonl();
	out_open();
	out_begin();
	(void)curs_set(0);
	term.keys = newpad(1, 1);
	(void)keypad(term.keys, TRUE);
	(void)nodelay(term.keys, TRUE);
	if (!getenv("ESCDELAY"))
		(void)set_escdelay(25);
	(void)mouseinterval(0);
	(void)define_key(PASTE_BEGIN, KEY_PASTE_BEGIN);
	(void)define_key(PASTE_END, KEY_PASTE_END);
	out_end();
	bracket_pastes(true);
}

static int open_screen(const char *name, const struct term_options *options, struct err *err)
{
	rescue_save();
	term.screen = newterm(name, stdout, stdin);
	if (!term.screen)
		return err_set(err, ERR_UNSUPPORTED, "the terminal %.80s cannot be opened", name);
	term.open = true;
	rescue_arm(tigetstr("rmkx"), tigetstr("rmcup"), tigetstr("cnorm"), tigetstr("sgr0"));
	if (!options->mono && has_colors())
		(void)start_color();
	term.depth = choose_depth(options);
	term.pastes = can_bracket_pastes();
	init_styles();
	init_modes();
	term_mouse(options->mouse);
	if (term.traits.title_stack)
		out_text("\033[22;2t");
	return 0;
}

/* Fails, and says what is wrong with a terminal of that name. */
static int open_refuse(const char *name, struct err *err)
{
	if (!name || !*name)
		return err_set(err, ERR_UNSUPPORTED, "TERM does not name a terminal");
	return err_set(err, ERR_UNSUPPORTED, "the terminal \"%.80s\" cannot place its cursor",
		       name);
}

int term_open(const struct term_options *options, char note[256], struct err *err)
{
	static bool registered;
	const char *name;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_UNSUPPORTED, "%s is not a terminal",
			       isatty(STDIN_FILENO) ? "standard output" : "standard input");
	/* curses would take these for the window's size, whatever that becomes. */
	(void)unsetenv("LINES");
	(void)unsetenv("COLUMNS");
	name = choose_name(note);
	if (!name)
		return open_refuse(getenv("TERM"), err);
	term.traits = term_traits(name);
	term.pastes = term.traits.titled;
	/* Tests read the title of every terminal. */
	term.traits.titled |= getenv("IPCTOP_TEST_BARRIER") != NULL;
	term.theme = options->theme;
	term.glyphs = choose_glyphs(name, options->ascii);
	if (!registered)
		(void)atexit(term_close);
	registered = true;
	return open_screen(name, options, err);
}

void term_close(void)
{
	if (!term.open)
		return;
	term.open = false;
	term_mouse(false);
	if (!term.suspended)
		bracket_pastes(false);
	/* Standard output is a file here, whose modes endwin cannot set: rescue_disarm does. */
	out_begin();
	if (!term.suspended)
		(void)endwin();
	if (term.traits.title_stack)
		out_text("\033[23;2t");
	out_end();
	term.deaf = !out_drain(LAST_NS);
	rescue_disarm();
	out_close();
	(void)delwin(term.keys);
	delscreen(term.screen);
}

int term_fd(void)
{
	return STDIN_FILENO;
}

int term_waiting_fd(void)
{
	return out_waiting_fd();
}

bool term_flush(void)
{
	return out_flush();
}

bool term_was_deaf(void)
{
	return term.deaf;
}

enum glyph_set term_glyphs(void)
{
	return term.glyphs;
}

void term_size(int *columns, int *rows)
{
	*columns = COLS;
	*rows = LINES;
}

bool term_resize(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
		return false;
	if (size.ws_col == COLS && size.ws_row == LINES)
		return false;
	/* resizeterm would put a KEY_RESIZE among the keys. */
	(void)resize_term(size.ws_row, size.ws_col);
	term_repaint();
	return true;
}

/* Input. */

static const struct curses_key {
	int curses;
	uint32_t key;
} curses_key_table[] = {
	{KEY_UP, CODE_UP},
	{KEY_DOWN, CODE_DOWN},
	{KEY_LEFT, CODE_LEFT},
	{KEY_RIGHT, CODE_RIGHT},
	{KEY_HOME, CODE_HOME},
	{KEY_FIND, CODE_HOME},
	{KEY_END, CODE_END},
	{KEY_SELECT, CODE_END},
	{KEY_PPAGE, CODE_PAGE_UP},
	{KEY_NPAGE, CODE_PAGE_DOWN},
	{KEY_DC, CODE_DELETE},
	{KEY_BTAB, CODE_SHIFT_TAB},
	{KEY_BACKSPACE, CODE_BACKSPACE},
	{KEY_ENTER, CODE_ENTER},
};

static uint32_t convert_key(int curses)
{
	if (curses >= KEY_F(1) && curses <= KEY_F(12))
		return CODE_F1 + (uint32_t)(curses - KEY_F(1));
	for (size_t i = 0; i < sizeof(curses_key_table) / sizeof(curses_key_table[0]); i++)
		if (curses_key_table[i].curses == curses)
			return curses_key_table[i].key;
	return CODE_NONE;
}

static bool convert_mouse(struct event *event)
{
	MEVENT mouse;

	if (getmouse(&mouse) != OK)
		return false;
	if (mouse.bstate & BUTTON4_PRESSED)
		event->kind = EVENT_WHEEL_UP;
	else if (mouse.bstate & BUTTON5_PRESSED)
		event->kind = EVENT_WHEEL_DOWN;
	else if (mouse.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED))
		event->kind = EVENT_CLICK;
	else
		return false;
	event->x = mouse.x;
	event->y = mouse.y;
	return true;
}

/*
 * The rest of a paste is read past curses, which would take a lone ESC in it, and what follows
 * later, for keys. Never more than up to its end, so that what follows is left for curses.
 */
static void receive_paste(void)
{
	char bytes[sizeof(PASTE_END)];
	int waiting;

	while (term.paste.open && ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting > 0) {
		size_t room = paste_room(&term.paste);
		size_t wanted = (size_t)waiting < room ? (size_t)waiting : room;
		ssize_t got = read(STDIN_FILENO, bytes, wanted);

		if (got <= 0)
			break;
		paste_feed(&term.paste, bytes, (size_t)got, clock_now_ns());
	}
	if (paste_left_ns(&term.paste, clock_now_ns()) == 0)
		term.paste.open = false;
}

/* Returns whether all of it has come, or nothing more will. */
static bool read_paste(struct event *event)
{
	receive_paste();
	if (term.paste.open)
		return false;
	*event = (struct event){
		.kind = EVENT_PASTE,
		.text = term.paste.text,
		.kept = term.paste.kept,
		.bytes = term.paste.bytes,
	};
	return true;
}

uint64_t term_due_ns(void)
{
	return paste_left_ns(&term.paste, clock_now_ns());
}

bool term_read(struct event *event)
{
	wint_t code;
	int status;

	if (term.paste.open)
		return read_paste(event);
	while ((status = wget_wch(term.keys, &code)) != ERR) {
		*event = (struct event){.kind = EVENT_KEY};
		if (status == KEY_CODE_YES && code == KEY_MOUSE) {
			if (convert_mouse(event))
				return true;
			continue;
		}
		if (status == KEY_CODE_YES && code == KEY_PASTE_BEGIN) {
			paste_begin(&term.paste, clock_now_ns());
			return read_paste(event);
		}
		event->key = status == KEY_CODE_YES ? convert_key((int)code) : (uint32_t)code;
		/* Some programs in between make a line feed of Enter. */
		if (event->key == '\n')
			event->key = CODE_ENTER;
		if (event->key != CODE_NONE)
			return true;
	}
	return false;
}

/* Output. */

static attr_t style_attributes(const struct style *style)
{
	return (style->bold ? A_BOLD : 0) | (style->dim ? A_DIM : 0);
}

static void show_row(const struct grid *grid, int y)
{
	static cchar_t line[ROW_CELLS];
	const struct grid_cell *cells = &grid->cells[(size_t)y * (size_t)grid->columns];
	bool colored = term.depth != DEPTH_MONO;

	for (int x = 0; x < grid->columns; x++) {
		wchar_t text[2] = {(wchar_t)cells[x].glyph, 0};
		attr_t attributes = style_attributes(&term.styles[cells[x].role]);

		if (cells[x].selected)
			attributes |= A_REVERSE;
		(void)setcchar(&line[x], text, attributes,
			       colored ? (short)(cells[x].role + 1) : 0, NULL);
	}
	/* Neither wraps nor scrolls, so the last cell of the last row is one like others. */
	(void)mvwadd_wchnstr(stdscr, y, 0, line, grid->columns);
}

void term_show(const struct grid *grid, int cursor_x, int cursor_y)
{
	int rows = grid->rows < LINES ? grid->rows : LINES;

	if (term.suspended)
		return;
	out_begin();
	(void)werase(stdscr);
	for (int y = 0; y < rows; y++)
		show_row(grid, y);
	(void)curs_set(cursor_x >= 0);
	if (cursor_x >= 0)
		(void)wmove(stdscr, cursor_y, cursor_x);
	(void)wnoutrefresh(stdscr);
	if (term.traits.synchronized)
		out_text("\033[?2026h");
	(void)doupdate();
	if (term.traits.synchronized)
		out_text("\033[?2026l");
	out_end();
}

void term_repaint(void)
{
	(void)clearok(curscr, TRUE);
}

void term_mouse(bool on)
{
	mmask_t wanted = BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED;

	out_begin();
	(void)mousemask(on ? wanted : 0, NULL);
	out_end();
}

void term_title(const char *text)
{
	char sequence[160];

	if (!term.traits.titled || term.suspended || strcmp(text, term.title) == 0)
		return;
	(void)snprintf(term.title, sizeof(term.title), "%s", text);
	(void)snprintf(sequence, sizeof(sequence), "\033]2;%s\a", term.title);
	out_text(sequence);
}

/* xterm takes at most 100000 bytes of OSC 52; most others take as many. */
#define COPY_BYTES_MAX 74000

static void base64(const unsigned char *from, size_t bytes, char *to)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes; i += 3) {
		unsigned group = (unsigned)from[i] << 16;

		group |= i + 1 < bytes ? (unsigned)from[i + 1] << 8 : 0;
		group |= i + 2 < bytes ? from[i + 2] : 0;
		*to++ = digits[group >> 18];
		*to++ = digits[group >> 12 & 63];
		*to++ = i + 1 < bytes ? digits[group >> 6 & 63] : '=';
		*to++ = i + 2 < bytes ? digits[group & 63] : '=';
	}
	*to = '\0';
}

int term_copy(const char *text, struct err *err)
{
	size_t bytes = strlen(text);
	char *encoded;

	if (!term.traits.titled)
		return err_set(err, ERR_UNSUPPORTED,
			       "this terminal has no clipboard that can be reached");
	if (out_waiting_fd() >= 0) /* or every key would add as much to what is kept */
		return err_set(err, ERR_TIMEOUT, "the terminal has not read what came before");
	if (bytes > COPY_BYTES_MAX)
		return err_set(err, ERR_RANGE, "%zu bytes are too much for the clipboard", bytes);
	encoded = malloc(bytes / 3 * 4 + 5);
	if (!encoded)
		return err_set(err, ERR_MEMORY, "no memory to copy %zu bytes", bytes);
	base64((const unsigned char *)text, bytes, encoded);
	out_text("\033]52;c;");
	out_text(encoded);
	out_text("\a");
	free(encoded);
	return 0;
}

void term_suspend(void)
{
	bracket_pastes(false);
	out_begin();
	(void)endwin();
	out_end();
	(void)out_drain(LAST_NS);
	term.suspended = true;
	rescue_disarm();
}

void term_resume(void)
{
	term.suspended = false;
	rescue_save();
	rescue_rearm();
	(void)reset_prog_mode();
	(void)term_resize();
	term_repaint();
	bracket_pastes(true);
	term.title[0] = '\0';
}
