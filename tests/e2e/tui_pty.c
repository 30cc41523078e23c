/* SPDX-License-Identifier: MIT */
/*
 * The real program on a pseudo-terminal inside libvterm. It is waited for by
 * the title that it sets after each frame (IPCTOP_TEST_BARRIER), never by time;
 * an alarm ends a test that hangs. IPCTOP names the program.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include "tests/support/test.h"
#include "transports/registry.h"
#include "transports/unused.h"
#include "tui/draw/glyphs.h"
#include "tui/draw/theme.h"

#define COLUMNS_MAX 300
#define ROWS_MAX_SHOWN 100
#define MODES 3000    /* DEC private modes that are watched */
/* For what must come; only a hang takes as long. */
#define WAIT_MS (60000 * (int)test_slowness())

/* What the terminal shows for one cell. */
struct seen {
	uint32_t glyph;
	bool reverse, bold;
	int foreground; /* palette index, -1: default */
};

/* What the little shell around the program reports. */
struct report {
	enum report_kind { REPORT_STARTED, REPORT_STOPPED, REPORT_ENDED, REPORT_ALL_GONE } kind;
	int pid, status;
};

static struct session {
	int master, slave;
	int reports; /* from the shell */
	int orders;  /* to it: any byte is fg */
	pid_t shell, pid;
	VTerm *vterm;
	VTermScreen *screen;
	bool alternate, cursor;
	bool modes[MODES];
	char escape[64]; /* a "\033[?..." that is coming in */
	size_t escape_used;
	char pending[1 << 17]; /* not given to libvterm yet */
	size_t pending_used;
	bool in_osc;
	char title[256];
	unsigned long inputs, frames;
	int columns, rows; /* of the frame that the title tells of */
	struct seen cells[ROWS_MAX_SHOWN][COLUMNS_MAX];
	char raw[1 << 20]; /* what came last, for looking at bytes */
	size_t raw_used;
	char directory[64];
	bool tells; /* of struct start */
	struct termios modes_before;
	unsigned long sent; /* keys */
} session;

/* The screen as libvterm sees it. */

static void take_snapshot(void)
{
	for (int y = 0; y < session.rows && y < ROWS_MAX_SHOWN; y++) {
		for (int x = 0; x < session.columns && x < COLUMNS_MAX; x++) {
			VTermScreenCell cell;
			struct seen *seen = &session.cells[y][x];

			(void)vterm_screen_get_cell(session.screen, (VTermPos){y, x}, &cell);
			seen->glyph = cell.chars[0] ? cell.chars[0] : ' ';
			seen->reverse = cell.attrs.reverse;
			seen->bold = cell.attrs.bold;
			seen->foreground = VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) ? -1 :
					   VTERM_COLOR_IS_INDEXED(&cell.fg) ? cell.fg.indexed.idx :
									      -2;
		}
	}
}

static void on_title(const char *title)
{
	unsigned long inputs;
	unsigned long frames;
	int columns;
	int rows;

	if (sscanf(title, "ipctop %lu %lu %dx%d", &inputs, &frames, &columns, &rows) != 4)
		return;
	(void)snprintf(session.title, sizeof(session.title), "%s", title);
	session.inputs = inputs;
	session.frames = frames;
	session.columns = columns;
	session.rows = rows;
	take_snapshot();
}

static int on_property(VTermProp property, VTermValue *value, void *user UNUSED)
{
	if (property == VTERM_PROP_ALTSCREEN)
		session.alternate = value->boolean;
	else if (property == VTERM_PROP_CURSORVISIBLE)
		session.cursor = value->boolean;
	else if (property == VTERM_PROP_TITLE)
		on_title(value->string);
	return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

/* Follows "\033[?1000;1006h" and the like: libvterm does not report all of them. */
static void watch_modes(char byte)
{
	size_t used = session.escape_used;
	char *number;

	if (byte == '\033' || used >= sizeof(session.escape) - 1)
		used = 0;
	session.escape[used] = byte;
	session.escape_used = used + (used > 0 || byte == '\033');
	if ((byte != 'h' && byte != 'l') || used < 4)
		return;
	session.escape[used] = '\0';
	session.escape_used = 0;
	if (strncmp(session.escape, "\033[?", 3) != 0)
		return;
	for (number = session.escape + 3; *number; number++) {
		unsigned long mode = strtoul(number, &number, 10);

		if (mode < MODES)
			session.modes[mode] = byte == 'h';
		if (*number != ';')
			break;
	}
}

static void flush_pending(void)
{
	(void)vterm_input_write(session.vterm, session.pending, session.pending_used);
	session.pending_used = 0;
	session.in_osc = false;
}

/*
 * libvterm gets an OSC string in one piece (it loses split ones), and nothing
 * behind it yet, so that a snapshot is of the moment its title came.
 */
static void feed_byte(char byte)
{
	bool escaped = session.pending_used > 0 &&
		       session.pending[session.pending_used - 1] == '\033';

	session.pending[session.pending_used++] = byte;
	session.in_osc |= escaped && byte == ']';
	if (session.pending_used == sizeof(session.pending) || (session.in_osc && byte == '\a'))
		flush_pending();
}

static void feed(const char *bytes, size_t count)
{
	if (session.raw_used + count > sizeof(session.raw))
		session.raw_used = 0;
	memcpy(session.raw + session.raw_used, bytes, count);
	session.raw_used += count;
	for (size_t i = 0; i < count; i++) {
		watch_modes(bytes[i]);
		feed_byte(bytes[i]);
	}
	if (!session.in_osc && bytes[count - 1] != '\033')
		flush_pending();
}

/* Takes in what there is; waits at most so long. False if nothing came. */
static bool pump(int wait_ms)
{
	struct pollfd polled = {.fd = session.master, .events = POLLIN};
	char bytes[8192];
	ssize_t count;

	if (poll(&polled, 1, wait_ms) <= 0)
		return false;
	count = read(session.master, bytes, sizeof(bytes));
	if (count <= 0)
		return false;
	feed(bytes, (size_t)count);
	return true;
}

/* A test is over in so long, or hangs: see on_alarm. */
static void allow_time(void)
{
	(void)alarm(300 * test_slowness());
}

/* Starting the program under a little shell with job control. */

static void report(int fd, enum report_kind kind, int pid, int status)
{
	struct report one = {kind, pid, status};

	if (write(fd, &one, sizeof(one)) != sizeof(one))
		_exit(3);
}

static void run_program(const char *const *arguments, const char *const *environment)
{
	const char *argv[32] = {getenv("IPCTOP")};
	char *envp[32] = {NULL};
	size_t count = 0;

	for (size_t i = 0; arguments[i]; i++)
		argv[i + 1] = arguments[i];
	for (size_t i = 0; environment[i]; i++)
		envp[count++] = (char *)environment[i];
	(void)execve(argv[0], (char *const *)argv, envp);
	_exit(127);
}

static void become_foreground(pid_t group)
{
	(void)setpgid(group, group);
	(void)tcsetpgrp(STDIN_FILENO, group);
}

/* Waits for the program, and then for everything that it left behind. */
static void watch_program(pid_t pid, int reports, int orders)
{
	int status;
	pid_t ended;
	char order;

	while ((ended = waitpid(-1, &status, WUNTRACED)) > 0) {
		if (ended != pid)
			continue;
		if (!WIFSTOPPED(status)) {
			report(reports, REPORT_ENDED, pid, status);
			continue;
		}
		(void)tcsetpgrp(STDIN_FILENO, getpgrp());
		report(reports, REPORT_STOPPED, pid, status);
		if (read(orders, &order, 1) != 1)
			_exit(0);
		(void)tcsetpgrp(STDIN_FILENO, pid);
		(void)kill(-pid, SIGCONT);
	}
	report(reports, REPORT_ALL_GONE, 0, 0);
}

/* What it says on stderr goes to a file, unless session.tells. */
static void run_shell(const char *const *arguments, const char *const *environment, int reports,
		      int orders)
{
	pid_t pid;

	(void)setsid();
	(void)ioctl(session.slave, TIOCSCTTY, 0);
	for (int fd = 0; fd < 3; fd++)
		(void)dup2(session.slave, fd);
	if (!session.tells)
		(void)dup2(open("stderr", O_WRONLY | O_CREAT | O_APPEND, 0600), STDERR_FILENO);
	(void)close(session.slave);
	(void)close(session.master);
	(void)signal(SIGTTOU, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	/* What the program leaves behind becomes ours, and is waited for. */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = fork();
	if (pid == 0) {
		(void)signal(SIGTTOU, SIG_IGN);
		become_foreground(getpid());
		(void)signal(SIGTTOU, SIG_DFL);
		(void)signal(SIGHUP, SIG_DFL);
		run_program(arguments, environment);
	}
	become_foreground(pid);
	report(reports, REPORT_STARTED, pid, 0);
	watch_program(pid, reports, orders);
	_exit(0);
}

static void make_directory(void)
{
	(void)snprintf(session.directory, sizeof(session.directory), "/tmp/ipctop-pty-XXXXXX");
	if (!mkdtemp(session.directory))
		abort();
}

static bool next_report(struct report *one)
{
	struct pollfd polled[] = {
		{.fd = session.reports, .events = POLLIN},
		{.fd = session.master, .events = POLLIN},
	};

	while (poll(polled, 2, WAIT_MS) > 0) {
		if (polled[1].revents && !pump(0))
			polled[1].fd = -1;
		if (polled[0].revents)
			return read(session.reports, one, sizeof(*one)) == sizeof(*one);
	}
	return false;
}

struct start {
	const char *const *arguments;
	const char *term;
	const char *locale;
	const char *extra; /* one more variable */
	const char *keys;  /* of keys.conf */
	const char *pairs; /* of pairs.json */
	int columns, rows;
	bool crashes; /* sanitizers leave that to the program */
	bool tells;   /* on the terminal what it says on stderr */
};

static const char *const no_arguments[] = {NULL};

static void write_file(const char *name, const char *text)
{
	char path[120];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", session.directory, name);
	file = fopen(path, "w");
	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		abort();
}

static void write_keys(const char *text)
{
	static const char *const parts[] = {"config", "config/ipctop"};
	char path[120];

	for (size_t i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", session.directory, parts[i]);
		(void)mkdir(path, 0700);
	}
	write_file("config/ipctop/keys.conf", text);
}

/* What tests/run tells a sanitizer, and what the program is told besides. */
static void sanitizer_options(char *text, size_t size, const char *name, const char *more)
{
	const char *told = getenv(name);

	(void)snprintf(text, size, "%s=%s:%s", name, told ? told : "", more);
}

/* Sets up the terminal and starts the program in it. */
static void start(const struct start *how)
{
	static char term[80], home[100], dump[100], state[100], config[100], locale[80];
	static char asan[200], lsan[200], tsan[200], ubsan[200], memcheck[200];
	/* With whole stacks, tests/lsan.supp can tell the libraries apart. */
	const char *options = how->crashes ? "handle_segv=0" : "fast_unwind_on_malloc=0";
	const char *environment[] = {
		"PATH=/usr/bin:/bin",
		"IPCTOP_TEST_BARRIER=1",
		term,
		home,
		dump,
		state,
		config,
		locale,
		asan,
		lsan,
		tsan,
		ubsan,
		memcheck,
		how->extra,
		NULL,
	};
	struct winsize size = {.ws_col = (unsigned short)how->columns,
			       .ws_row = (unsigned short)how->rows};
	struct report one;
	int reports[2];
	int orders[2];

	memset(&session, 0, sizeof(session));
	make_directory();
	if (how->keys)
		write_keys(how->keys);
	if (how->pairs)
		write_file("pairs.json", how->pairs);
	(void)snprintf(term, sizeof(term), "TERM=%s", how->term ? how->term : "xterm-256color");
	(void)snprintf(locale, sizeof(locale), "LC_ALL=%s", how->locale ? how->locale : "C.UTF-8");
	(void)snprintf(home, sizeof(home), "HOME=%s", session.directory);
	(void)snprintf(dump, sizeof(dump), "IPCTOP_TEST_DUMP=%s/dump", session.directory);
	(void)snprintf(state, sizeof(state), "XDG_STATE_HOME=%s/state", session.directory);
	(void)snprintf(config, sizeof(config), "XDG_CONFIG_HOME=%s/config", session.directory);
	sanitizer_options(asan, sizeof(asan), "ASAN_OPTIONS", options);
	sanitizer_options(lsan, sizeof(lsan), "LSAN_OPTIONS", options);
	sanitizer_options(tsan, sizeof(tsan), "TSAN_OPTIONS", options);
	sanitizer_options(ubsan, sizeof(ubsan), "UBSAN_OPTIONS", options);
	(void)snprintf(memcheck, sizeof(memcheck), "MEMCHECK_REPORTS=%s",
		       getenv("MEMCHECK_REPORTS") ? getenv("MEMCHECK_REPORTS") : "");
	if (openpty(&session.master, &session.slave, NULL, NULL, &size) != 0 ||
	    pipe(reports) != 0 || pipe(orders) != 0)
		abort();
	(void)fcntl(session.master, F_SETFD, FD_CLOEXEC);
	(void)tcgetattr(session.slave, &session.modes_before);
	session.vterm = vterm_new(how->rows, how->columns);
	vterm_set_utf8(session.vterm, 1);
	session.screen = vterm_obtain_screen(session.vterm);
	vterm_screen_set_callbacks(session.screen, &callbacks, NULL);
	vterm_screen_enable_altscreen(session.screen, 1);
	vterm_screen_reset(session.screen, 1);
	session.cursor = true;
	session.tells = how->tells;
	session.shell = fork();
	if (session.shell == 0) {
		if (chdir(session.directory) != 0)
			_exit(3);
		(void)close(reports[0]);
		(void)close(orders[1]);
		for (int i = 0; i < 2; i++)
			(void)fcntl(i ? orders[0] : reports[1], F_SETFD, FD_CLOEXEC);
		run_shell(how->arguments ? how->arguments : no_arguments, environment, reports[1],
			  orders[0]);
	}
	(void)close(reports[1]);
	(void)close(orders[0]);
	session.reports = reports[0];
	session.orders = orders[1];
	if (!next_report(&one) || one.kind != REPORT_STARTED)
		abort();
	session.pid = one.pid;
}

static void remove_tree(const char *path)
{
	char command[200];
	pid_t pid;

	(void)snprintf(command, sizeof(command), "%s", path);
	pid = fork();
	if (pid == 0) {
		(void)execl("/bin/rm", "rm", "-rf", "--", command, (char *)NULL);
		_exit(127);
	}
	(void)waitpid(pid, NULL, 0);
}

/* Ends whatever is left of a session, whether or not the test got to its end. */
static void finish(void)
{
	if (!session.vterm)
		return;
	(void)kill(session.pid, SIGKILL);
	(void)kill(session.shell, SIGKILL);
	(void)waitpid(session.shell, NULL, 0);
	(void)close(session.reports);
	(void)close(session.orders);
	(void)close(session.slave);
	if (session.master >= 0)
		(void)close(session.master);
	vterm_free(session.vterm);
	remove_tree(session.directory);
	session.vterm = NULL;
}

/* Input and waiting. */

static void send_bytes(const char *bytes, size_t count)
{
	while (count > 0) {
		ssize_t written = write(session.master, bytes, count);

		if (written < 0 && errno != EINTR)
			return;
		bytes += written > 0 ? written : 0;
		count -= written > 0 ? (size_t)written : 0;
	}
}

/* One key: its bytes, and one more input to wait for. */
static void key(const char *bytes)
{
	send_bytes(bytes, strlen(bytes));
	session.sent++;
}

static void keys(const char *letters)
{
	for (; *letters; letters++) {
		send_bytes(letters, 1);
		session.sent++;
	}
}

/* Until a frame has been drawn that knows of every key so far. */
static bool settle(void)
{
	while (session.frames == 0 || session.inputs < session.sent)
		if (!pump(WAIT_MS))
			return false;
	return true;
}

static bool settle_size(int columns, int rows)
{
	while (session.columns != columns || session.rows != rows)
		if (!pump(WAIT_MS))
			return false;
	return settle();
}

static void resize(int columns, int rows)
{
	struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};

	vterm_set_size(session.vterm, rows, columns);
	(void)ioctl(session.master, TIOCSWINSZ, &size);
}

static bool wait_frames(unsigned long more)
{
	unsigned long until = session.frames + more;

	while (session.frames < until)
		if (!pump(WAIT_MS))
			return false;
	return true;
}

/* The row as text, what is not ASCII as '?'. */
static const char *row_text(int y)
{
	static char text[COLUMNS_MAX + 1];
	int length = 0;

	for (int x = 0; x < session.columns && x < COLUMNS_MAX; x++) {
		uint32_t glyph = session.cells[y][x].glyph;

		text[length++] = glyph < 127 ? (char)glyph : '?';
	}
	while (length > 0 && text[length - 1] == ' ')
		length--;
	text[length] = '\0';
	return text;
}

static bool screen_has(const char *text)
{
	for (int y = 0; y < session.rows && y < ROWS_MAX_SHOWN; y++)
		if (strstr(row_text(y), text))
			return true;
	return false;
}

static bool wait_for(const char *text)
{
	while (session.frames == 0 || !screen_has(text))
		if (!pump(WAIT_MS))
			return false;
	return true;
}

/* What the program says it drew. */

static char dumped[1 << 19];

static bool read_dump(void)
{
	char path[100];
	FILE *file;
	size_t bytes;

	(void)snprintf(path, sizeof(path), "%s/dump", session.directory);
	file = fopen(path, "r");
	if (!file)
		return false;
	bytes = fread(dumped, 1, sizeof(dumped) - 1, file);
	dumped[bytes] = '\0';
	(void)fclose(file);
	return true;
}

static size_t line_length(const char *line)
{
	return strcspn(line, "\n");
}

static bool dump_is_shown(void)
{
	size_t length = line_length(dumped);

	return strlen(session.title) == length && strncmp(dumped, session.title, length) == 0;
}

static uint32_t next_glyph(const char **at)
{
	uint32_t utf8_glyph;
	const char *text = *at;

	if (*text == '\n')
		return ' ';
	utf8_glyph = utf8_next(&text);
	*at = text;
	return utf8_glyph;
}

/* Unselected letter of a role letter, as grid_to_roles writes them. */
static enum role role_of(char letter, bool *selected)
{
	static const char shifted[] = "!@%^&";
	const char *at;

	*selected = letter == '#' || (letter >= 'A' && letter <= 'Z') || strchr(shifted, letter);
	if (letter == '#')
		return ROLE_TEXT;
	at = strchr(shifted, letter);
	if (at)
		return (enum role)(ROLE_RANK_1 + (at - shifted));
	if (letter >= 'A' && letter <= 'Z')
		letter = (char)(letter - 'A' + 'a');
	return (enum role)(strchr(role_letters, letter) - role_letters);
}

static bool cell_equal(const struct seen *seen, uint32_t glyph, char letter, bool colors)
{
	bool selected;
	struct style style =
		theme_style(theme_find("dark"), DEPTH_256, role_of(letter, &selected), false);

	if (seen->glyph != glyph || seen->reverse != selected)
		return false;
	/* A blank's colour shows nowhere, and curses may leave it out. */
	return !colors || glyph == ' ' ||
	       (seen->foreground == style.foreground && seen->bold == style.bold);
}

/* Compares every cell with what the program says; where != 0: the first that differs. */
static bool grids_equal(bool colors, char *where, size_t size)
{
	const char *text = dumped + line_length(dumped) + 1;
	const char *roles = text;

	for (int y = 0; y < session.rows; y++)
		roles += line_length(roles) + 1;
	for (int y = 0; y < session.rows && y < ROWS_MAX_SHOWN; y++) {
		for (int x = 0; x < session.columns && x < COLUMNS_MAX; x++) {
			uint32_t glyph = next_glyph(&text);
			char letter = *roles == '\n' ? '.' : *roles++;

			if (cell_equal(&session.cells[y][x], glyph, letter, colors))
				continue;
			(void)snprintf(where, size,
				       "%s: row %d column %d: U+%04x %c shown as "
				       "U+%04x colour %d bold %d",
				       session.title, y, x, glyph, letter,
				       session.cells[y][x].glyph, session.cells[y][x].foreground,
				       session.cells[y][x].bold);
			return false;
		}
		text += line_length(text) + 1;
		roles += line_length(roles) + 1;
	}
	return true;
}

static bool expect_colors = true;

/* The terminal shows what was drawn. */
static void check_grid(void)
{
	char where[300] = "";

	CHECK(settle());
	CHECK(read_dump());
	/* Frames that only data asked for may have come since. */
	while (!dump_is_shown()) {
		CHECK_MSG(pump(WAIT_MS), "shown: %s, drawn: %.40s", session.title, dumped);
		CHECK(read_dump());
	}
	CHECK_MSG(grids_equal(expect_colors, where, sizeof(where)), "%s", where);
}

/* Endings. */

static bool has_entry(const char *directory, const char *prefix)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	bool found = false;

	while (dir && (entry = readdir(dir)))
		found |= strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
	if (dir)
		(void)closedir(dir);
	return found;
}

/* How long what a program started may outlive it: what ARCHITECTURE.md promises. */
#define SURVIVE_MS (2000 * (int)test_slowness())

/*
 * Waits until the program is gone, and then for all its processes, as long as they may
 * take. Returns the program's wait status.
 */
static int wait_end(void)
{
	struct report one = {0};
	struct pollfd polled = {.events = POLLIN};
	int status = -1;

	polled.fd = session.reports;
	while (next_report(&one) && one.kind != REPORT_ALL_GONE) {
		if (one.kind != REPORT_ENDED)
			continue;
		status = one.status;
		if (poll(&polled, 1, SURVIVE_MS) != 1)
			TEST_FAIL("processes outlive it by more than %d ms", SURVIVE_MS);
	}
	return one.kind == REPORT_ALL_GONE ? status : -1;
}

static void check_leftovers(void)
{
	char prefix[40];

	(void)snprintf(prefix, sizeof(prefix), "ipctop-%d-", session.pid);
	CHECK_MSG(!has_entry("/dev/shm", prefix), "%s in /dev/shm", prefix);
	CHECK_MSG(!has_entry("/tmp", prefix), "%s in /tmp", prefix);
}

/* The screen is the shell's again. */
static void check_restored(void)
{
	static const int off[] = {
		1, 9, 47, 1000, 1002, 1003, 1005, 1006, 1015, 1047, 1049, 2004, 2026,
	};
	struct termios now;

	while (pump(0))
		;
	CHECK(!session.alternate);
	CHECK(session.cursor);
	for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++)
		CHECK_MSG(!session.modes[off[i]], "mode %d is still on", off[i]);
	CHECK(tcgetattr(session.slave, &now) == 0);
	CHECK(now.c_iflag == session.modes_before.c_iflag);
	CHECK(now.c_oflag == session.modes_before.c_oflag);
	CHECK(now.c_cflag == session.modes_before.c_cflag);
	CHECK(now.c_lflag == session.modes_before.c_lflag);
	CHECK(memcmp(now.c_cc, session.modes_before.c_cc, sizeof(now.c_cc)) == 0);
}

static bool file_has(const char *name, const char *text)
{
	static char content[1 << 18];
	char path[200];
	FILE *file;
	size_t bytes;

	(void)snprintf(path, sizeof(path), "%s/%s", session.directory, name);
	file = fopen(path, "r");
	if (!file)
		return false;
	bytes = fread(content, 1, sizeof(content) - 1, file);
	content[bytes] = '\0';
	(void)fclose(file);
	return strstr(content, text);
}

/* A sanitizer that had something to say. */
static void check_stderr(void)
{
	CHECK_MSG(!file_has("stderr", "Sanitizer"), "a sanitizer reported");
	CHECK_MSG(!file_has("stderr", "runtime error"), "a sanitizer reported");
}

static void check_end(void)
{
	check_restored();
	check_leftovers();
	check_stderr();
}

/* Long enough that it is still running whenever a test gets to it. */
static const char *const long_run[] = {
	"-t",       "unix+bytes,ws+shm,http+json",
	"-s",       "64x64,128x128",
	"-b",       "600",
	"-n",       "100000000",
	"--blocks", "3",
	NULL,
};

static const struct start run_start = {.arguments = long_run, .columns = 80, .rows = 24};
/* Starts a run, and waits until samples are being taken. */
static void start_run(void)
{
	start(&run_start);
	CHECK(settle());
	key("r");
	CHECK(settle());
	CHECK(wait_for("0/6"));
	CHECK(wait_frames(8));
	check_grid();
}

/* The tests. */

static void test_every_size(void)
{
	static const int sizes[][2] = {
		{120, 40}, {200, 60}, {60, 20}, {40, 12}, {20, 5},  {1, 1},   {12, 2},
		{250, 3},  {3, 70},   {16, 6},  {30, 8},  {60, 18}, {80, 24},
	};

	start(&(struct start){.columns = 80, .rows = 24});
	check_grid();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]) && !test_why[0]; i++) {
		resize(sizes[i][0], sizes[i][1]);
		CHECK(settle_size(sizes[i][0], sizes[i][1]));
		for (const char *screen = "1234?"; *screen && !test_why[0]; screen++) {
			keys((const char[]){*screen, '\0'});
			check_grid();
		}
		key("\033");
		CHECK(settle());
	}
}

static void test_quit(void)
{
	start(&(struct start){.columns = 80, .rows = 24});
	CHECK(settle());
	CHECK(session.alternate && !session.cursor);
	key("q");
	CHECK(wait_end() == 0);
	check_end();
}

static void test_quit_while_running(void)
{
	start_run();
	key("q");
	CHECK(settle());
	CHECK(screen_has("stop the run and quit?"));
	key("y");
	CHECK(WIFEXITED(wait_end()));
	check_end();
	CHECK(file_has("stderr", "") && has_entry(session.directory, "state"));
}

static void test_ctrl_c(void)
{
	start_run();
	key("\003");
	CHECK(settle());
	CHECK(screen_has("Ctrl-C again quits"));
	key("\003");
	CHECK(WEXITSTATUS(wait_end()) == 130);
	check_end();
}

/* From outside it is what Ctrl-C is, which the terminal does not make a signal of here. */
static void test_sigint(void)
{
	start_run();
	if (test_why[0])
		return;
	(void)kill(session.pid, SIGINT);
	CHECK(wait_for("Ctrl-C again quits"));
	(void)kill(session.pid, SIGINT);
	CHECK(WEXITSTATUS(wait_end()) == 130);
	check_end();
}

static void end_by_signal(int number, int status)
{
	int ended;

	start_run();
	if (test_why[0])
		return;
	(void)kill(session.pid, number);
	ended = wait_end();
	CHECK_MSG(WIFEXITED(ended) && WEXITSTATUS(ended) == status, "ended with %x",
		  (unsigned)ended);
	check_end();
}

static void test_sigterm(void)
{
	end_by_signal(SIGTERM, 143);
}

static void test_sighup(void)
{
	end_by_signal(SIGHUP, 129);
}

/* How many files of results there are. */
static size_t count_results(void)
{
	char path[100];
	DIR *dir;
	struct dirent *entry;
	size_t count = 0;

	(void)snprintf(path, sizeof(path), "%s/state/ipctop/runs", session.directory);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		count += strstr(entry->d_name, ".csv") != NULL;
	if (dir)
		(void)closedir(dir);
	return count;
}

/* A duel takes the place of a run under way, after a question; both are kept. */
static void test_duel(void)
{
	start_run();
	keys("DD");
	CHECK(settle());
	CHECK(screen_has("stop the run"));
	key("n");
	CHECK(settle());
	check_grid();
	keys("Dy");
	CHECK(wait_for("of at most 200"));
	CHECK(screen_has("duel"));
	check_grid();
	key("\003");
	CHECK(settle());
	CHECK(wait_for("stopped after"));
	CHECK(count_results() == 2);
	key("q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
}

/* The file of the latest results, in the session's folder; NULL if there is none. */
static const char *results_name(void)
{
	static char name[300];
	char path[100];
	DIR *dir;
	struct dirent *entry;
	bool found = false;

	(void)snprintf(path, sizeof(path), "%s/state/ipctop/runs", session.directory);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		size_t length = strlen(entry->d_name);

		if (length < 4 || strcmp(entry->d_name + length - 4, ".csv") != 0)
			continue;
		found = true;
		(void)snprintf(name, sizeof(name), "state/ipctop/runs/%.200s", entry->d_name);
	}
	if (dir)
		(void)closedir(dir);
	return found ? name : NULL;
}

/* The results so far are on disk, whole. */
static void test_results_are_kept(void)
{
	const char *name;

	end_by_signal(SIGTERM, 143);
	if (test_why[0])
		return;
	name = results_name();
	CHECK(name);
	CHECK(file_has(name, "run_id,started_utc,transport,"));
	CHECK(file_has(name, "interrupted"));
}

/* What one transport does nearly all of the time: it is in the middle of a reply. */
static const char *const reply_run[] = {
	"-t",        "http+json", "-s", "2x1024x16x16", "-b", "600", "-n",
	"100000000", "--blocks",  "1",  NULL,
};

/* The number before these words on the screen: how many cells have ended, or samples are taken. */
static int number_before(const char *of)
{
	for (int y = 0; y < session.rows && y < ROWS_MAX_SHOWN; y++) {
		const char *text = row_text(y);
		const char *at = strstr(text, of);

		while (at && at > text && at[-1] >= '0' && at[-1] <= '9')
			at--;
		if (at && *at != *of)
			return (int)strtol(at, NULL, 10);
	}
	return -1;
}

/* The same with names: a directory for its socket, and a segment. */
static const char *const named_run[] = {
	"-t",        "unix+shm", "-s", "2x1024x16x16", "-b", "600", "-n",
	"100000000", "--blocks", "1",  NULL,
};

static void start_reply_of(const char *const *arguments)
{
	start(&(struct start){.arguments = arguments, .columns = 80, .rows = 24, .crashes = true});
	CHECK(settle());
	key("r");
	CHECK(settle());
	while (number_before("/100000000") < 1)
		CHECK(pump(WAIT_MS));
}

static void start_reply(void)
{
	start_reply_of(reply_run);
}

static void die_by(int number, const char *const *arguments)
{
	char prefix[40];
	int status;

	start_reply_of(arguments);
	if (test_why[0])
		return;
	(void)snprintf(prefix, sizeof(prefix), "ipctop-%d-", session.pid);
	if (arguments == named_run)
		CHECK_MSG(has_entry("/dev/shm", prefix) && has_entry("/tmp", prefix),
			  "there is no %s to be left", prefix);
	CHECK_MSG(kill(session.pid, number) == 0, "signal %d cannot be sent", number);
	status = wait_end();
	CHECK_MSG(WIFSIGNALED(status) && WTERMSIG(status) == number, "signal %d: ended with %x",
		  number, (unsigned)status);
	check_leftovers();
	if (number != SIGKILL)
		check_restored();
	if (test_why[0])
		TEST_FAIL("signal %d: see above", number);
}

/* Valgrind keeps one for itself. */
static int last_signal(void)
{
	return test_under_valgrind() ? SIGRTMAX - 1 : SIGRTMAX;
}

/*
 * Those that end a program which does nothing about them; SIGTERM, SIGHUP and SIGINT have
 * their tests. Of the real-time signals, of which the C library keeps two, the first and last.
 */
static bool kills(int number)
{
	static const int spared[] = {
		SIGTERM,  SIGHUP,  SIGINT,  SIGPIPE, SIGXFSZ, SIGCHLD, SIGURG,
		SIGWINCH, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU,
	};

	for (size_t i = 0; i < sizeof(spared) / sizeof(spared[0]); i++)
		if (number == spared[i])
			return false;
	return number < 32 || number == SIGRTMIN || number == last_signal();
}

/* One of each kind, or with FAULTS=all every one. */
static bool is_chosen(int number)
{
	static const int few[] = {SIGKILL, SIGSEGV, SIGABRT, SIGALRM, SIGXCPU};
	const char *faults = getenv("FAULTS");

	for (size_t i = 0; i < sizeof(few) / sizeof(few[0]); i++)
		if (number == few[i])
			return true;
	return number == last_signal() || (faults && strcmp(faults, "all") == 0);
}

static void test_fatal_signals(void)
{
	for (int number = 1; number <= SIGRTMAX && !test_why[0]; number++) {
		if (!kills(number) || !is_chosen(number))
			continue;
		allow_time();
		die_by(number, reply_run);
		finish();
		if (!test_why[0])
			die_by(number, named_run);
		finish();
	}
}

/* Two are nothing to us: what was not written is noticed where it is written. */
static void test_failed_writes(void)
{
	start_reply();
	if (test_why[0])
		return;
	(void)kill(session.pid, SIGPIPE);
	(void)kill(session.pid, SIGXFSZ);
	key("4");
	check_grid();
	(void)kill(session.pid, SIGTERM);
	CHECK(WEXITSTATUS(wait_end()) == 143);
	check_end();
}

/* Terminals that do not read. */

/* Stopped as by Ctrl-S, or so full that not a byte more goes in. */
enum deaf { DEAF_STOPPED, DEAF_FULL, DEAF_KINDS };

static void deafen(enum deaf how)
{
	char path[64];
	char blanks[4096] = "";
	int fd;

	if (how == DEAF_STOPPED) {
		CHECK(tcflow(session.slave, TCOOFF) == 0);
		return;
	}
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", session.slave);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY);
	CHECK(fd >= 0);
	/*
	 * NULs, which a terminal ignores. The kernel passes some on to where they are read from,
	 * and has room for as many again.
	 */
	for (int idle = 0; idle < 5; idle++) {
		for (size_t size = sizeof(blanks); size; size /= 2)
			while (write(fd, blanks, size) == (ssize_t)size)
				idle = 0;
		(void)poll(NULL, 0, 10);
	}
	(void)close(fd);
}

static void undeafen(enum deaf how)
{
	if (how == DEAF_STOPPED)
		(void)tcflow(session.slave, TCOON);
}

/* How many cells a CSV of the session's folder says are done. */
static size_t cells_done(const char *name)
{
	static char text[1 << 16];
	char path[400];
	size_t count = 0;
	size_t bytes = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", session.directory, name);
	file = fopen(path, "r");
	if (file) {
		bytes = fread(text, 1, sizeof(text) - 1, file);
		(void)fclose(file);
	}
	text[bytes] = '\0';
	for (const char *at = text; (at = strstr(at, ",done,")); at++)
		count++;
	return count;
}

/* Until a run that nobody reads from has put so many cells on disk. */
static bool wait_done(const char *(*name)(void), size_t cells)
{
	for (int i = 0; i < WAIT_MS / 10; i++) {
		const char *csv = name();

		if (csv && cells_done(csv) >= cells)
			return true;
		(void)poll(NULL, 0, 10);
	}
	return false;
}

static const char *const short_run[] = {
	"-t", "unix+bytes,tcp+bytes", "-s", "8,16", "-n", "20", "-b", "0.2", "--blocks", "1", NULL,
};

/* The run goes on to its end, its results are on disk, and the screen is right afterwards. */
static void run_deaf(enum deaf how)
{
	start(&(struct start){.arguments = short_run, .columns = 80, .rows = 24});
	CHECK(settle());
	deafen(how);
	key("r");
	keys("1234?");
	key("\033");
	CHECK(wait_done(results_name, 4));
	undeafen(how);
	key("2");
	check_grid();
	CHECK(screen_has("4/4"));
	key("q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
}

/* Until the program has drawn a frame that knows of every key so far, whether or not it is read. */
static bool wait_input(void)
{
	unsigned long inputs = 0;

	for (int i = 0; i < WAIT_MS / 10 && inputs < session.sent; i++) {
		(void)poll(NULL, 0, 10);
		if (!read_dump() || sscanf(dumped, "ipctop %lu", &inputs) != 1)
			inputs = 0;
	}
	return inputs == session.sent;
}

/* The last frame that there is to draw comes when the terminal reads again, without a key. */
static void draw_deaf(enum deaf how)
{
	start(&(struct start){.columns = 80, .rows = 24});
	CHECK(settle());
	deafen(how);
	key("2");
	CHECK(wait_input());
	undeafen(how);
	check_grid();
	key("q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
}

/* Until it has taken every key, whether or not it draws. */
static bool wait_taken(void)
{
	int bytes = 1;

	for (int i = 0; i < WAIT_MS / 10 && bytes > 0; i++) {
		(void)poll(NULL, 0, 10);
		if (ioctl(session.slave, FIONREAD, &bytes) != 0)
			return false;
	}
	return bytes == 0;
}

/* What waits for the terminal has a maximum, however often something is to be copied. */
static void test_copy_is_not_read(void)
{
	start(&(struct start){.columns = 80, .rows = 24});
	CHECK(settle());
	deafen(DEAF_STOPPED);
	key("2"); /* a frame that waits */
	CHECK(wait_input());
	keys("1yyy");
	CHECK(wait_taken());
	undeafen(DEAF_STOPPED);
	CHECK(wait_for("not copied: the terminal has not read"));
	CHECK(!memmem(session.raw, session.raw_used, "\033]52;c;", 7));
	key("q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
}

/* Nobody reads, and yet it ends as it is told. */
static void end_deaf(enum deaf how, int number)
{
	struct report one;
	int status = 0;

	start_reply();
	if (test_why[0])
		return;
	deafen(how);
	keys("1234?2");
	if (number == SIGHUP) { /* of the kernel: the terminal is gone as well */
		(void)close(session.master);
		(void)close(session.slave);
		session.master = session.slave = -1;
	} else {
		(void)kill(session.pid, number);
	}
	/* Not wait_end: that reads. */
	do
		CHECK_MSG(read(session.reports, &one, sizeof(one)) == sizeof(one), "no report");
	while (one.kind != REPORT_ENDED);
	status = one.status;
	undeafen(how);
	/* The address sanitizer ends with a status of its own. */
	CHECK_MSG((WIFEXITED(status) &&
		   (WEXITSTATUS(status) == 128 + number || WEXITSTATUS(status) == 99)) ||
			  (WIFSIGNALED(status) && WTERMSIG(status) == number),
		  "ended with %x", (unsigned)status);
	(void)wait_end();
	check_leftovers();
}

static const char *headless_name(void)
{
	return "out.csv";
}

/* The same without a screen: neither progress nor the table holds anything up that matters. */
static void headless_deaf(enum deaf how)
{
	static const char *const arguments[] = {
		"run",      "-t",   "unix+bytes,tcp+bytes",
		"-s",       "8,16", "-n",
		"20",       "-b",   "0.2",
		"--blocks", "1",    "--csv",
		"out.csv",  NULL,
	};
	struct report one;

	start(&(struct start){.arguments = arguments, .columns = 80, .rows = 24});
	deafen(how);
	if (test_why[0])
		return;
	CHECK(wait_done(headless_name, 4));
	(void)kill(session.pid, SIGTERM);
	do
		CHECK(read(session.reports, &one, sizeof(one)) == sizeof(one));
	while (one.kind != REPORT_ENDED);
	CHECK_MSG(WIFSIGNALED(one.status) || WEXITSTATUS(one.status) == 143, "ended with %x",
		  (unsigned)one.status);
	undeafen(how);
	(void)wait_end();
	check_leftovers();
}

/* More rows of a table than a terminal's way has room for, but that it is read. */
static const char *const table_run[] = {
	"-t",       "all", "-s", "1,2,3,4,5,6,7,8,9,10,11,12", "-n", "1", "-b", "0.05",
	"--blocks", "1",   NULL,
};

/* Takes so many bytes, all NULs, off a full terminal. */
static void take_blanks(size_t bytes)
{
	char blanks[1024];

	for (ssize_t got; bytes > 0; bytes -= (size_t)got) {
		got = read(session.master, blanks, bytes < sizeof(blanks) ? bytes : sizeof(blanks));
		CHECK(got > 0);
	}
}

/* Until the program has ended, with such a signal every so often. -1: it does not. */
static int end_by_repeated(int number, int every_ms)
{
	struct pollfd polled = {.fd = session.reports, .events = POLLIN};
	struct report one = {0};

	for (int i = 0; i < WAIT_MS / every_ms; i++) {
		(void)kill(session.pid, number);
		if (poll(&polled, 1, every_ms) == 1 &&
		    read(session.reports, &one, sizeof(one)) == sizeof(one) &&
		    one.kind == REPORT_ENDED)
			return one.status;
	}
	return -1;
}

/* Nor do its last words, where stderr is that terminal: one signal in the middle ends it. */
static void headless_deaf_told(enum deaf how)
{
	static const char *const arguments[] = {
		"run", "-t", "unix+bytes,tcp+bytes", "-s", "1,2,3,4,5,6,7,8,9,10,11,12",
		"-n", "1000000", "-b", "1", "--blocks", "1", "--csv", "out.csv", NULL,
	};
	int status;

	start(&(struct start){.arguments = arguments, .columns = 80, .rows = 24, .tells = true});
	deafen(how);
	if (test_why[0])
		return;
	CHECK(wait_done(headless_name, 1));
	status = end_by_repeated(SIGTERM, WAIT_MS);
	CHECK_MSG(WIFEXITED(status) && WEXITSTATUS(status) == 143, "ended with %x",
		  (unsigned)status);
	undeafen(how);
	(void)wait_end();
	check_leftovers();
}

/* It takes the end of the screen and then reads no more: the table that follows can be ended. */
static void test_table_is_not_read(void)
{
	int status;

	start(&(struct start){.arguments = table_run, .columns = 80, .rows = 24});
	CHECK(settle());
	key("r");
	CHECK(wait_done(results_name, 1));
	key("\003");
	CHECK(wait_for("stopped"));
	deafen(DEAF_FULL);
	take_blanks(8192);
	keys("Q");
	status = end_by_repeated(SIGTERM, 10);
	CHECK_MSG(status != -1, "SIGTERM does not end it");
	CHECK_MSG(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM, "ended with %x",
		  (unsigned)status);
	(void)wait_end();
	check_leftovers();
}

/* The handler waits for a terminal that is stopped, and others come meanwhile: not too early. */
static void test_fatal_signals_come_twice(void)
{
	struct termios now;

	start_reply();
	if (test_why[0])
		return;
	deafen(DEAF_STOPPED);
	keys("1234?2");
	(void)kill(session.pid, SIGALRM);
	CHECK(WIFSIGNALED(end_by_repeated(SIGUSR1, 1)));
	CHECK(tcgetattr(session.slave, &now) == 0);
	CHECK(now.c_lflag == session.modes_before.c_lflag);
	undeafen(DEAF_STOPPED);
	(void)wait_end();
	check_leftovers();
}

static void test_terminal_does_not_read(void)
{
	static const int numbers[] = {SIGTERM, SIGSEGV, SIGHUP};

	for (int how = 0; how < DEAF_KINDS && !test_why[0]; how++) {
		run_deaf((enum deaf)how);
		finish();
		if (!test_why[0])
			draw_deaf((enum deaf)how);
		finish();
		if (!test_why[0])
			headless_deaf((enum deaf)how);
		finish();
		if (!test_why[0])
			headless_deaf_told((enum deaf)how);
		finish();
		for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]) && !test_why[0]; i++) {
			end_deaf((enum deaf)how, numbers[i]);
			finish();
		}
	}
}

/* CPU time that the program has used so far, in seconds; its workers' is not in it. */
static double cpu_seconds(void)
{
	char path[64];
	char text[1024];
	unsigned long user = 0;
	unsigned long system = 0;
	FILE *file;
	size_t bytes;
	const char *at;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", session.pid);
	file = fopen(path, "r");
	if (!file)
		return -1;
	bytes = fread(text, 1, sizeof(text) - 1, file);
	(void)fclose(file);
	text[bytes] = '\0';
	at = strrchr(text, ')');
	if (!at || sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
			  &system) != 2)
		return -1;
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

/*
 * Every millisecond another size, a thousand of them, while a run goes on: of so many
 * sizes it draws few, and spends a part of the time on that, however long all of it takes.
 */
static void test_resize_storm(void)
{
	struct timespec pace = {.tv_nsec = 1000000};
	unsigned long frames;
	double before;
	double used;
	int samples;

	start_reply();
	if (test_why[0])
		return;
	samples = number_before("/100000000");
	frames = session.frames;
	before = cpu_seconds();
	for (int i = 0; i < 1000; i++) {
		resize(60 + i % 60, 20 + i % 20);
		(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &pace, NULL);
		while (pump(0))
			;
	}
	used = cpu_seconds() - before;
	resize(81, 25);
	CHECK(settle_size(81, 25));
	check_grid();
	while (number_before("/100000000") <= samples)
		CHECK(pump(WAIT_MS));
	CHECK_MSG(session.frames - frames < 200, "%lu frames", session.frames - frames);
	CHECK_MSG(before >= 0 && used < 0.5, "%.2f s of CPU time for 1000 sizes", used);
	(void)kill(session.pid, SIGTERM);
	CHECK(WEXITSTATUS(wait_end()) == 143);
	check_end();
}

static void test_terminal_closed(void)
{
	int status;

	start_run();
	if (test_why[0])
		return;
	(void)close(session.master);
	(void)close(session.slave);
	session.master = session.slave = -1;
	status = wait_end();
	CHECK_MSG(WIFEXITED(status) && WEXITSTATUS(status) == 129, "ended with %x",
		  (unsigned)status);
	check_leftovers();
	check_stderr();
}

static void test_suspend_and_resume(void)
{
	struct report one;

	if (test_under_valgrind())
		SKIP("valgrind stops for no signal but SIGSTOP");
	start_run();
	if (test_why[0])
		return;
	key("\032");
	CHECK(next_report(&one) && one.kind == REPORT_STOPPED);
	check_restored();
	if (test_why[0])
		return;
	resize(100, 30);
	CHECK(write(session.orders, "f", 1) == 1);
	CHECK(settle_size(100, 30));
	CHECK(session.alternate);
	check_grid();
	key("Q");
	key("y");
	(void)wait_end();
	check_end();
}

/* CPU time that a process has used so far, in clock ticks. */
static unsigned long ticks_of(int pid)
{
	char path[40];
	unsigned long user = 0;
	unsigned long kernel = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (fscanf(file, "%*d %*s %*c" /* the fourth to the thirteenth: */
			 " %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %lu", &user, &kernel) != 2)
		user = kernel = 0;
	(void)fclose(file);
	return user + kernel;
}

static unsigned long worker_ticks(void)
{
	char path[80];
	unsigned long ticks = 0;
	int child;
	FILE *children;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", session.pid, session.pid);
	children = fopen(path, "r");
	while (children && fscanf(children, "%d", &child) == 1)
		ticks += ticks_of(child);
	if (children)
		(void)fclose(children);
	return ticks;
}

static bool wait_idle(void)
{
	unsigned long before = worker_ticks();

	for (int i = 0; i < WAIT_MS / 200; i++) {
		unsigned long now;

		(void)poll(NULL, 0, 200);
		now = worker_ticks();
		if (now == before)
			return true;
		before = now;
	}
	return false;
}

/* Of a program that has no frames. */
static bool wait_line(const char *text)
{
	while (!memmem(session.raw, session.raw_used, text, strlen(text)))
		if (!pump(WAIT_MS))
			return false;
	return true;
}

/* Ctrl-Z holds a run without a screen too, and nothing is measured meanwhile. */
static void test_suspend_headless(void)
{
	static const char *const arguments[] = {
		"run", "-t",  "unix+bytes", "-s", "8",     "-n",      "100000000",
		"-b",  "600", "--blocks",   "1",  "--csv", "out.csv", NULL,
	};
	struct report one;

	if (test_under_valgrind())
		SKIP("valgrind stops for no signal but SIGSTOP");
	start(&(struct start){.arguments = arguments, .columns = 80, .rows = 24, .tells = true});
	CHECK(wait_line("running"));
	key("\032");
	CHECK(next_report(&one) && one.kind == REPORT_STOPPED);
	CHECK_MSG(wait_idle(), "workers go on while the run is stopped");
	session.raw_used = 0;
	CHECK(write(session.orders, "f", 1) == 1);
	CHECK(wait_line("running"));
	key("\003");
	CHECK(WEXITSTATUS(wait_end()) == 130);
	CHECK(file_has("out.csv", ",interrupted,"));
	check_leftovers();
}

/* SIGSTOP cannot be caught; what was drawn over must come back. */
static void test_stopped_by_force(void)
{
	struct report one;

	start(&(struct start){.columns = 80, .rows = 24});
	check_grid();
	(void)kill(session.pid, SIGSTOP);
	CHECK(next_report(&one) && one.kind == REPORT_STOPPED);
	feed("\033[2J\033[Hgarbage", 14);
	CHECK(write(session.orders, "f", 1) == 1);
	CHECK(wait_frames(1));
	check_grid();
}

static void test_redraw(void)
{
	start(&(struct start){.columns = 80, .rows = 24});
	check_grid();
	feed("\033[2J\033[Hgarbage", 14);
	key("\014");
	check_grid();
}

static void test_export_and_copy(void)
{
	char fifo[200];

	start_run();
	if (test_why[0])
		return;
	key("\003");
	CHECK(wait_for("6/6"));
	for (const char *name = "csvsvgtxt"; *name; name += 3) {
		key("e");
		key("\025"); /* Ctrl-U */
		keys("out.");
		keys((const char[]){name[0], name[1], name[2], '\0'});
		key("\r");
		check_grid();
		CHECK(screen_has("written: out."));
	}
	CHECK(file_has("out.csv", "run_id,started_utc,transport,"));
	CHECK(file_has("out.svg", "</svg>") && file_has("out.txt", "ipctop"));
	CHECK(!file_has("out.txt", "write to:"));
	(void)snprintf(fifo, sizeof(fifo), "%s/fifo.csv", session.directory);
	CHECK(mkfifo(fifo, 0600) == 0);
	key("e");
	key("\025"); /* Ctrl-U */
	keys("fifo.csv\r");
	check_grid();
	CHECK(screen_has("cannot write fifo.csv: it is not a file"));
	key("1");
	key("y");
	CHECK(settle());
	CHECK(screen_has("copied: the command"));
	CHECK(memmem(session.raw, session.raw_used, "\033]52;c;", 7));
	key("\023"); /* Ctrl-S */
	CHECK(settle());
	CHECK(file_has("config/ipctop/settings", "theme = auto\n"));
}

/* A remapped key works, every line that is wrong is told of. */
static void test_keys_conf(void)
{
	start(&(struct start){
		.keys = "export = w\nfly = f\nquit = 1 2 3 4 5\n", .columns = 80, .rows = 24});
	CHECK(settle());
	CHECK(screen_has("keys.conf:2: fly: no such action"));
	key("!");
	check_grid();
	CHECK(screen_has("keys.conf:2: fly: no such action") &&
	      screen_has("keys.conf:3: quit: more than 4 keys"));
	key("\033");
	key("w");
	check_grid();
	CHECK(screen_has("write to:"));
	key("\033");
	key("q");
	CHECK(wait_end() == 0);
	check_end();
}

/* What a foreign program writes is shown, and moves no cursor: not as a reason, not in the log. */
static void test_foreign_words(void)
{
	static const char *const arguments[] = {
		"--pairs",  "pairs.json", "-t", "bad-dies+bytes", "-s", "8", "-n", "1",
		"--blocks", "1",          NULL,
	};
	char pairs[2 * PATH_MAX + 200];
	char *program = realpath("tests/e2e/bad_pair.py", NULL);

	if (test_under_valgrind())
		SKIP("valgrind 3.19 knows no pidfd_open, by which foreign programs are watched");
	CHECK(program);
	(void)snprintf(
		pairs, sizeof(pairs),
		"{\"pairs\": [{\"name\": \"bad-dies+bytes\", \"server\": [\"/usr/bin/python3\", "
		"\"%s\", \"server\"], \"client\": [\"/usr/bin/python3\", \"%s\", \"dies\"]}]}",
		program, program);
	free(program);
	start(&(struct start){.arguments = arguments, .pairs = pairs, .columns = 200, .rows = 40});
	CHECK(settle());
	key("r");
	CHECK(wait_for("1/1"));
	key("4");
	CHECK(wait_for("the reason"));
	check_grid();
	key("L");
	CHECK(wait_for("first line"));
	CHECK(screen_has("the reason"));
	check_grid();
	CHECK(!memmem(session.raw, session.raw_used, "\033]0;", 4));
	CHECK(!memmem(session.raw, session.raw_used, "\033[2J\302", 6));
	key("Q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
	CHECK(!memmem(session.raw, session.raw_used, "\033]0;", 4));
}

/* What is asked for and cannot run is told of, before the run and in it. */
static void test_impossible(void)
{
	static const char *const arguments[] = {
		"-t", "unix+cjson,unix+bytes", "-s", "4,128x1024x1024", "-b", "0.05", NULL,
	};

	start(&(struct start){.arguments = arguments, .columns = 120, .rows = 40});
	CHECK(settle());
	CHECK(screen_has("unix+cjson of 128x1024x1024 cannot run here: cJSON cannot print"));
	CHECK(screen_has("1 more cannot run here"));
	check_grid();
	/* A shape of one's own is off, and it says so. */
	key("s");
	keys("8x8");
	key("\r");
	CHECK(settle());
	CHECK(screen_has("8x8 has a column, all off: Space turns it on"));
	key("P");
	CHECK(settle());
	CHECK(screen_has("ipctop run -p full"));
	check_grid();
}

static void test_themes(void)
{
	static const char *const themes[] = {"light", "mono"};

	for (size_t i = 0; i < 2 && !test_why[0]; i++) {
		const char *const arguments[] = {"--theme", themes[i], "--no-mouse", NULL};

		expect_colors = false; /* of the dark theme */
		start(&(struct start){.arguments = arguments, .columns = 80, .rows = 24});
		check_grid();
		CHECK(!!memmem(session.raw, session.raw_used, "38;5;", 5) == (i == 0));
		key("q");
		CHECK(wait_end() == 0);
		check_end();
		finish();
	}
	expect_colors = true;
}

/* Terminals of all kinds show the same frame. */
static void test_terminals(void)
{
	static const char *const terms[] = {
		"xterm-256color", "tmux-256color", "screen",      "linux",
		"vt100",          "xterm",         "xterm-kitty",
	};

	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]) && !test_why[0]; i++) {
		start(&(struct start){.term = terms[i], .columns = 80, .rows = 24});
		expect_colors = i == 0;
		for (const char *screen = "12?"; *screen && !test_why[0]; screen++) {
			keys((const char[]){*screen, '\0'});
			check_grid();
		}
		key("\033");
		key("1");
		key("q");
		if (!test_why[0])
			CHECK_MSG(wait_end() == 0, "%s", terms[i]);
		check_restored();
		finish();
	}
	expect_colors = true;
}

static bool raw_is_ascii(void)
{
	for (size_t i = 0; i < session.raw_used; i++)
		if ((unsigned char)session.raw[i] > 126)
			return false;
	return true;
}

static void test_ascii_where_the_locale_is(void)
{
	static const char *const ascii[] = {"--ascii", NULL};

	expect_colors = false;
	for (int i = 0; i < 2 && !test_why[0]; i++) {
		start(&(struct start){.locale = i ? NULL : "C",
				      .arguments = i ? ascii : NULL,
				      .columns = 80,
				      .rows = 24});
		for (const char *screen = "1234?"; *screen && !test_why[0]; screen++) {
			keys((const char[]){*screen, '\0'});
			check_grid();
		}
		CHECK(raw_is_ascii());
		finish();
	}
	expect_colors = true;
}

/* A UTF-8 locale that this machine does not have is still UTF-8. */
static void test_locale_that_is_missing(void)
{
	start(&(struct start){.locale = "xx_YY.UTF-8", .columns = 80, .rows = 24});
	check_grid();
	CHECK(!raw_is_ascii());
}

static void test_no_color(void)
{
	expect_colors = false;
	start(&(struct start){.extra = "NO_COLOR=1", .columns = 80, .rows = 24});
	check_grid();
	CHECK(!memmem(session.raw, session.raw_used, "38;5;", 5));
	finish();
	expect_colors = true;
	/* Set but empty counts as not set. */
	start(&(struct start){.extra = "NO_COLOR=", .columns = 80, .rows = 24});
	check_grid();
	CHECK(memmem(session.raw, session.raw_used, "38;5;", 5));
}

static void test_mouse(void)
{
	start(&(struct start){.columns = 80, .rows = 24});
	CHECK(settle());
	CHECK(session.modes[1000]);
	key("M");
	CHECK(settle());
	CHECK(!session.modes[1000] && !session.modes[1006]);
	key("M");
	CHECK(settle());
	CHECK(session.modes[1000]);
	key("\033[<65;10;10M"); /* wheel down */
	check_grid();
	key("q");
	CHECK(wait_end() == 0);
	check_end();
}

/* Without a screen to use it says so and runs without one. */
static void test_dumb_terminal(void)
{
	static const char *const one[] = {
		"-t", "unix+bytes", "-s", "8", "-n", "1", "--blocks", "1", NULL,
	};

	start(&(struct start){.term = "dumb", .arguments = one, .columns = 80, .rows = 24});
	CHECK(wait_end() == 0);
	CHECK(file_has("stderr", "cannot place its cursor"));
	CHECK(!session.modes[1049]);
	check_restored();
}

/* Random keys and sizes: it lives, and shows what it drew. */

static uint64_t storm_state = 20261122;

static unsigned storm_random(unsigned below)
{
	storm_state = storm_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(storm_state >> 33) % below;
}

/* Not q, Q, ^C, ^Z, which leave, nor r, which may start something big: they have their tests. */
static const char *const storm_keys[] = {
	"1",    "2",    "3",      "4",        "\t",     "\033[Z", "?",       "\033",    "\r",
	" ",    "a",    "i",      "s",        "x",      "P",      "f",       "v",       "m",
	"X",    "Y",    "I",      "<",        ">",      "[",      "]",       "+",       "-",
	"0",    "L",    "e",      "y",        "M",      "h",      "j",       "k",       "l",
	"g",    "G",    "\033OA", "\033OB",   "\033OC", "\033OD", "\033[5~", "\033[6~", "\033[3~",
	"\006", "\002", "\004",   "\014",     "\177",   "n",      "N",       "/",       "\\",
	"z",    "7",    ",",      "\xc3\xa9",
};

static void storm_step(void)
{
	if (storm_random(8) == 0)
		resize(1 + (int)storm_random(220), 1 + (int)storm_random(70));
	else
		key(storm_keys[storm_random(sizeof(storm_keys) / sizeof(storm_keys[0]))]);
	/* A lone Esc is told from the beginning of another key by what follows. */
	(void)settle();
}

static void test_storm(void)
{
	start_run();
	for (int i = 0; i < 2000 && !test_why[0]; i++) {
		storm_step();
		if (i % 20 == 0) {
			resize(20 + (int)storm_random(200), 6 + (int)storm_random(60));
			key("\014");
			check_grid();
		}
		if (kill(session.pid, 0) != 0)
			TEST_FAIL("it ended at step %d", i);
	}
	(void)kill(session.pid, SIGTERM);
	CHECK(WEXITSTATUS(wait_end()) == 143);
	check_end();
}

/* Keys of every screen, each answered by what it asks for. */
static void press_round(const char *of)
{
	keys("4cjk]?");
	CHECK(settle());
	key("\033");
	check_grid();
	key("2");
	check_grid();
	CHECK(screen_has(of));
}

/* 64 clients with 1.2 MB each, on every carrier: keys are answered while they are served. */
static void test_many_clients(void)
{
	static const char *const arguments[] = {
		"-t",        "http+bytes,ws+bytes,lws+bytes,mp+bytes,unix+bytes,tcp+bytes",
		"-s",        "1x3x224x224",
		"--clients", "64",
		"-n",        "100000000",
		"-b",        "0.5",
		"--blocks",  "1",
		"-w",        "1",
		NULL,
	};
	int rounds = 0;

	start(&(struct start){.arguments = arguments, .columns = 120, .rows = 40});
	CHECK(settle());
	key("r");
	CHECK(wait_for("0/6"));
	for (; number_before("/6") < 6 && !test_why[0]; rounds++)
		press_round("/6");
	CHECK(!screen_has("failed"));
	CHECK_MSG(rounds > 6, "%d rounds of keys", rounds);
	key("Q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
}

/* Eight of each transport, which end many times a second: keys are answered on every screen. */
static void test_many_cells(void)
{
	static const char *const arguments[] = {
		"-t", "all", "-s", "1,2,3,4,5,6,7,8", "-n", "100000000", "-b", "0.05",
		"--blocks", "1", "-w", "0", NULL,
	};
	static const struct start many_start = {.arguments = arguments, .columns = 120, .rows = 40};

	struct transport transport;
	char of[16];
	int cells = 0;

	while (transport_at((size_t)cells / 8, &transport))
		cells += 8;
	(void)snprintf(of, sizeof(of), "/%d", cells);
	CHECK_MSG(cells >= 256, "%d cells", cells);
	start(&many_start);
	CHECK(settle());
	key("r");
	CHECK(wait_for(of));
	while (number_before(of) < 8 && !test_why[0])
		press_round(of);
	CHECK(number_before(of) < cells);
	(void)kill(session.pid, SIGTERM);
	CHECK(WEXITSTATUS(wait_end()) == 143);
	check_end();
}

/* A test that hangs ends the program, loudly. */
static void on_alarm(int number UNUSED)
{
	static const char text[] = "not ok tui_pty: a test hangs\n";

	if (write(STDOUT_FILENO, text, sizeof(text) - 1) < 0)
		_exit(2);
	(void)kill(session.pid, SIGKILL);
	(void)kill(session.shell, SIGKILL);
	_exit(1);
}

#define SESSION_TESTS(X) \
	X(every_size) \
	X(quit) \
	X(quit_while_running) \
	X(ctrl_c) \
	X(sigint) \
	X(sigterm) \
	X(sighup) \
	X(results_are_kept) \
	X(duel) \
	X(fatal_signals) \
	X(failed_writes) X(terminal_closed) X(terminal_does_not_read) X(table_is_not_read) \
		X(fatal_signals_come_twice) X(copy_is_not_read) X(resize_storm) \
			X(suspend_and_resume) X(suspend_headless) X(stopped_by_force) X(redraw) \
				X(export_and_copy) \
				X(keys_conf) X(foreign_words) X(impossible) X(themes) X(terminals) \
					X(ascii_where_the_locale_is) X(locale_that_is_missing) \
						X(no_color) X(mouse) X(dumb_terminal) X(storm) \
							X(many_cells) X(many_clients)

#define WRAP(name) \
	static void run_##name(void) \
	{ \
		allow_time(); \
		test_##name(); \
		finish(); \
	}
SESSION_TESTS(WRAP)
#undef WRAP

#define ROW(name) {#name, run_##name},
static const struct test tests[] = {SESSION_TESTS(ROW)};
#undef ROW

int main(int argc, char **argv)
{
	if (!getenv("IPCTOP"))
		(void)setenv("IPCTOP", "./ipctop", 0);
	if (getenv("IPCTOP")[0] != '/') {
		char *path = realpath(getenv("IPCTOP"), NULL);

		if (path)
			(void)setenv("IPCTOP", path, 1);
		free(path);
	}
	(void)signal(SIGALRM, on_alarm);
	(void)signal(SIGPIPE, SIG_IGN);
	return test_main(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
