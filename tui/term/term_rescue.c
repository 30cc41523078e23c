/* SPDX-License-Identifier: MIT */
/* Restoring the terminal from a signal handler. */
#include "tui/term/term_rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "transports/unused.h"
#include "tui/term/term_out.h"

/* A terminal that takes nothing for this long is left as it is. */
#define PATIENCE_MS 200

/* Signals that end no process, that cannot be caught, or that the loop in app.c watches. */
static const int spared_signals[] = {
	SIGCHLD, SIGURG, SIGCONT, SIGTTIN, SIGTTOU,  SIGKILL, SIGSTOP,
	SIGPIPE, SIGINT, SIGTERM, SIGHUP,  SIGWINCH, SIGTSTP,
};

static struct {
	bool armed;
	bool saved;
	struct termios modes;
	char text[256]; /* what restores the screen */
	size_t length;
	struct sigaction former[NSIG];
	int stderr_fd; /* the real stderr while it is redirected, else 0 */
	int quick_fd;  /* its terminal, without blocking; -1: cannot be opened */
	char stack[65536];
} rescue = {.quick_fd = -1};

/* Writes everything, whatever signals come. False if it cannot. */
static bool rescue_write(int fd, const char *text, size_t bytes)
{
	while (bytes > 0) {
		ssize_t written = write(fd, text, bytes);

		if (written > 0) {
			text += written;
			bytes -= (size_t)written;
		} else if (written < 0 && errno == EAGAIN) {
			struct pollfd ready = {.fd = fd, .events = POLLOUT};

			if (poll(&ready, 1, PATIENCE_MS) == 0)
				return false;
		} else if (written >= 0 || errno != EINTR) {
			return false;
		}
	}
	return true;
}

void rescue_save(void)
{
	rescue.saved = tcgetattr(STDIN_FILENO, &rescue.modes) == 0;
}

static void add_text(const char *text)
{
	bool padding = false;

	for (; text && *text && rescue.length + 1 < sizeof(rescue.text); text++) {
		/* Leaves out delays, written "$<5>": no terminal of today needs them. */
		if (text[0] == '$' && text[1] == '<')
			padding = true;
		if (!padding)
			rescue.text[rescue.length++] = *text;
		if (*text == '>')
			padding = false;
	}
}

/* Shows what was written to stderr while the screen was ours. */
static void show_stderr(void)
{
	char text[512];
	off_t at = 0;
	ssize_t bytes;
	int hidden = dup(STDERR_FILENO);
	int terminal = rescue.quick_fd >= 0 ? rescue.quick_fd : rescue.stderr_fd;

	(void)dup2(rescue.stderr_fd, STDERR_FILENO);
	while ((bytes = pread(hidden, text, sizeof(text), at)) > 0 &&
	       rescue_write(terminal, text, (size_t)bytes))
		at += bytes;
	(void)close(hidden);
	(void)close(rescue.stderr_fd);
	if (rescue.quick_fd >= 0)
		(void)close(rescue.quick_fd);
	rescue.stderr_fd = 0;
	rescue.quick_fd = -1;
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
	if (rescue.stderr_fd > 0) {
		rescue.quick_fd = out_reopen(STDERR_FILENO);
		(void)dup2(fd, STDERR_FILENO);
	} else {
		rescue.stderr_fd = 0;
	}
	(void)close(fd);
}

/* Tries every step, even if the one before has failed. */
static void restore(void)
{
	if (rescue.saved)
		(void)tcsetattr(STDIN_FILENO, TCSANOW, &rescue.modes);
	if (rescue.stderr_fd > 0)
		show_stderr();
}

static bool is_fatal(int number)
{
	for (size_t i = 0; i < sizeof(spared_signals) / sizeof(spared_signals[0]); i++)
		if (number == spared_signals[i])
			return false;
	return true;
}

static void put_back_handlers(void)
{
	for (int number = 1; number < NSIG; number++)
		if (is_fatal(number))
			(void)sigaction(number, &rescue.former[number], NULL);
}

/* Whether the processor raised it: then it happens again when the handler returns. */
static bool is_fault(int number, const siginfo_t *info)
{
	return info->si_code > 0 &&
	       (number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL);
}

/* Async-signal-safe calls only. */
static void on_fatal(int number, siginfo_t *info, void *context UNUSED)
{
	int saved_errno = errno; /* for the interrupted code, if it goes on */

	put_back_handlers();
	/* The modes are restored even if the terminal does not take the text. */
	(void)rescue_write(out_terminal(), rescue.text, rescue.length);
	restore();
	/* The former handler runs once this one returns. */
	if (!is_fault(number, info))
		(void)raise(number);
	errno = saved_errno;
}

static void install_handlers(void)
{
	const stack_t stack = {.ss_sp = rescue.stack, .ss_size = sizeof(rescue.stack)};
	struct sigaction action = {
		.sa_sigaction = on_fatal,
		.sa_flags = SA_SIGINFO | SA_ONSTACK,
	};

	(void)sigaltstack(&stack, NULL); /* without it, only a stack overflow goes unhandled */
	/* Other signals wait until the terminal is whole; a fault in the handler kills at once. */
	(void)sigfillset(&action.sa_mask);
	/* The C library refuses its own two signals. Ignored signals stay ignored. */
	for (int number = 1; number < NSIG; number++)
		if (is_fatal(number) && sigaction(number, NULL, &rescue.former[number]) == 0 &&
		    rescue.former[number].sa_handler != SIG_IGN)
			(void)sigaction(number, &action, NULL);
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
	/* Off: synchronized updates, brackets around pastes, every kind of mouse reporting. */
	if (screen_off)
		add_text("\033[?2026l\033[?2004l"
			 "\033[?1000l\033[?1002l\033[?1003l\033[?1006l");
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
