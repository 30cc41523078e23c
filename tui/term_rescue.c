/* SPDX-License-Identifier: MIT */
/* Restoring the terminal from a signal handler. */
#include "tui/term_rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT, SIGSYS};

#define FATAL_COUNT (sizeof(fatal_signals) / sizeof(fatal_signals[0]))

static struct {
	bool armed;
	bool saved;
	struct termios modes;
	char text[256]; /* what restores the screen */
	size_t length;
	struct sigaction former[FATAL_COUNT];
	int stderr_fd;  /* the real one while it is turned away, else 0 */
	char stack[65536];
} rescue;

void rescue_write(int fd, const char *text, size_t bytes)
{
	while (bytes > 0) {
		ssize_t written = write(fd, text, bytes);

		if (written > 0) {
			text += written;
			bytes -= (size_t)written;
		} else if (written < 0 && errno == EAGAIN) {
			struct pollfd ready = {.fd = fd, .events = POLLOUT};

			(void)poll(&ready, 1, -1);
		} else if (written >= 0 || errno != EINTR) {
			return;
		}
	}
}

void rescue_save(void)
{
	rescue.saved = tcgetattr(STDIN_FILENO, &rescue.modes) == 0;
}

static void add_text(const char *text)
{
	bool padding = false;

	for (; text && *text && rescue.length + 1 < sizeof(rescue.text); text++) {
		/* Delays are written "$<5>": no terminal of today needs them. */
		if (text[0] == '$' && text[1] == '<')
			padding = true;
		if (!padding)
			rescue.text[rescue.length++] = *text;
		if (*text == '>')
			padding = false;
	}
}

/* What was written to stderr while the screen was ours. */
static void show_stderr(void)
{
	char text[512];
	off_t at = 0;
	ssize_t bytes;
	int hidden = dup(STDERR_FILENO);

	(void)dup2(rescue.stderr_fd, STDERR_FILENO);
	(void)close(rescue.stderr_fd);
	rescue.stderr_fd = 0;
	while ((bytes = pread(hidden, text, sizeof(text), at)) > 0) {
		rescue_write(STDERR_FILENO, text, (size_t)bytes);
		at += bytes;
	}
	(void)close(hidden);
}

static void hide_stderr(void)
{
	int fd;

	if (!isatty(STDERR_FILENO))
		return;
	fd = memfd_create("ipctop-stderr", MFD_CLOEXEC);
	if (fd < 0)
		return;
	(void)fcntl(fd, F_SETFL, O_APPEND); /* nothing is lost if it fails */
	rescue.stderr_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (rescue.stderr_fd > 0)
		(void)dup2(fd, STDERR_FILENO);
	else
		rescue.stderr_fd = 0;
	(void)close(fd);
}

/* Every step is tried, whatever became of the one before. */
static void restore(void)
{
	if (rescue.saved)
		(void)tcsetattr(STDIN_FILENO, TCSANOW, &rescue.modes);
	if (rescue.stderr_fd > 0)
		show_stderr();
}

static void put_back_handlers(void)
{
	for (size_t i = 0; i < FATAL_COUNT; i++)
		(void)sigaction(fatal_signals[i], &rescue.former[i], NULL);
}

/* Async-signal-safe calls only. */
static void on_fatal(int number, siginfo_t *info, void *context)
{
	(void)context; /* the former handler will want it */
	put_back_handlers();
	rescue_write(STDOUT_FILENO, rescue.text, rescue.length);
	restore();
	/* A fault happens again on return, for the former handler; what was sent is sent again. */
	if (info->si_code <= 0 || number == SIGABRT || number == SIGQUIT)
		(void)raise(number);
}

static void install_handlers(void)
{
	const stack_t stack = {.ss_sp = rescue.stack, .ss_size = sizeof(rescue.stack)};
	struct sigaction action = {
		.sa_sigaction = on_fatal,
		.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
	};

	(void)sigaltstack(&stack, NULL); /* without it, only a stack overflow goes unhandled */
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < FATAL_COUNT; i++)
		(void)sigaction(fatal_signals[i], &action, &rescue.former[i]);
}

void rescue_rearm(void)
{
	if (rescue.armed)
		return;
	rescue.armed = true;
	install_handlers();
	hide_stderr();
}

void rescue_arm(const char *keypad_off, const char *screen_off, const char *cursor_on,
		const char *attributes_off)
{
	rescue.length = 0;
	/* Synchronized updates and every kind of mouse reporting off; unknown modes are ignored. */
	if (screen_off)
		add_text("\033[?2026l\033[?1000l\033[?1002l\033[?1003l\033[?1006l");
	add_text(keypad_off);
	add_text(screen_off);
	add_text(attributes_off);
	add_text(cursor_on);
	rescue_rearm();
}

void rescue_disarm(void)
{
	if (!rescue.armed)
		return;
	rescue.armed = false;
	put_back_handlers();
	restore();
}
