/* SPDX-License-Identifier: MIT */
/* Output that waits for the terminal, so that the program does not. */
#include "tui/term/term_out.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "bench/machine/clock.h"

static struct {
	int terminal; /* does not block; -1: all goes straight to standard output */
	int kept;     /* the file in memory */
	int real;     /* the real standard output, while it is the file; else -1 */
	off_t sent;   /* how many of the kept bytes */
} out = {.terminal = -1, .kept = -1, .real = -1};

int out_reopen(int fd)
{
	const int flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	char path[32];
	int reopened;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	reopened = open(path, flags);
	/*
	 * After su(1) the terminal's file is another user's, but its own session may open
	 * it this way.
	 */
	if (reopened < 0 && tcgetsid(fd) == getsid(0))
		reopened = open("/dev/tty", flags);
	return reopened;
}

void out_open(void)
{
	out.terminal = out_reopen(STDOUT_FILENO);
	out.kept = memfd_create("ipctop-screen", MFD_CLOEXEC);
	out.sent = 0;
	if (out.terminal < 0 || out.kept < 0)
		out_close();
}

void out_close(void)
{
	if (out.terminal >= 0)
		(void)close(out.terminal);
	if (out.kept >= 0)
		(void)close(out.kept);
	out.terminal = out.kept = -1;
}

void out_begin(void)
{
	if (out.terminal < 0 || out.real >= 0)
		return;
	out.real = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	if (out.real >= 0)
		(void)dup2(out.kept, STDOUT_FILENO);
}

void out_end(void)
{
	if (out.real >= 0) {
		(void)dup2(out.real, STDOUT_FILENO);
		(void)close(out.real);
		out.real = -1;
	}
	(void)out_flush();
}

void out_text(const char *text)
{
	size_t bytes = strlen(text);
	int fd = out.terminal >= 0 ? out.kept : STDOUT_FILENO;

	while (bytes > 0) {
		ssize_t written = write(fd, text, bytes);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			break; /* no memory, or no terminal: the picture is lost */
		text += written;
		bytes -= (size_t)written;
	}
	if (out.real < 0)
		(void)out_flush();
}

static void out_forget(void)
{
	out.sent = 0;
	(void)lseek(out.kept, 0, SEEK_SET);
	if (ftruncate(out.kept, 0) != 0)
		out_close(); /* not seen to happen; output is direct from now on */
}

static bool out_is_empty(void)
{
	return out.terminal < 0 || lseek(out.kept, 0, SEEK_CUR) == 0;
}

bool out_flush(void)
{
	char block[4096];
	ssize_t got;

	if (out_is_empty())
		return true;
	while ((got = pread(out.kept, block, sizeof(block), out.sent)) > 0) {
		ssize_t sent = write(out.terminal, block, (size_t)got);

		if (sent < 0 && errno == EAGAIN)
			return false;
		if (sent < 0 && errno != EINTR)
			break; /* the terminal is gone */
		out.sent += sent > 0 ? sent : 0;
	}
	out_forget();
	return true;
}

bool out_drain(uint64_t patience_ns)
{
	uint64_t until_ns = clock_now_ns() + patience_ns;
	struct pollfd ready = {.fd = out.terminal, .events = POLLOUT};

	while (!out_flush()) {
		uint64_t now_ns = clock_now_ns();

		if (now_ns >= until_ns) {
			out_forget();
			return false;
		}
		(void)poll(&ready, 1, (int)((until_ns - now_ns) / 1000000u) + 1);
	}
	return true;
}

int out_waiting_fd(void)
{
	return out_is_empty() ? -1 : out.terminal;
}

int out_terminal(void)
{
	if (out.terminal >= 0)
		return out.terminal;
	return out.real >= 0 ? out.real : STDOUT_FILENO;
}
