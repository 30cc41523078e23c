/* SPDX-License-Identifier: MIT */
/* SIGTSTP, noted by a handler that runs only during the wait in suspend_poll. */
#include "tui/term/suspend.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "transports/unused.h"

static volatile sig_atomic_t wanted;
static bool held;
static sigset_t waiting; /* the signals blocked in suspend_poll */

static sigset_t stop_signal(void)
{
	sigset_t stop;

	(void)sigemptyset(&stop);
	(void)sigaddset(&stop, SIGTSTP);
	return stop;
}

static void on_stop(int number UNUSED)
{
	wanted = 1;
}

void suspend_hold(void)
{
	const struct sigaction note = {.sa_handler = on_stop};
	struct sigaction former;
	sigset_t stop = stop_signal();

	if (sigaction(SIGTSTP, NULL, &former) != 0 || former.sa_handler == SIG_IGN)
		return;
	(void)sigprocmask(SIG_BLOCK, &stop, &waiting);
	(void)sigdelset(&waiting, SIGTSTP);
	(void)sigaction(SIGTSTP, &note, NULL);
	held = true;
}

int suspend_poll(struct pollfd *polled, nfds_t count, int timeout_ms)
{
	const struct timespec timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};

	return ppoll(polled, count, timeout_ms < 0 ? NULL : &timeout, held ? &waiting : NULL);
}

bool suspend_wanted(void)
{
	return wanted != 0;
}

void suspend_now(bool whole_job)
{
	const struct sigaction standard = {.sa_handler = SIG_DFL};
	struct sigaction former;
	sigset_t stop = stop_signal();

	wanted = 0;
	(void)sigaction(SIGTSTP, &standard, &former);
	(void)kill(whole_job ? 0 : getpid(), SIGTSTP);
	(void)sigprocmask(SIG_UNBLOCK, &stop, NULL); /* the process stops here */
	(void)sigprocmask(SIG_BLOCK, &stop, NULL);
	(void)sigaction(SIGTSTP, &former, NULL);
}

void suspend_release(void)
{
	const struct sigaction standard = {.sa_handler = SIG_DFL};
	sigset_t stop = stop_signal();

	if (!held)
		return;
	held = false;
	(void)sigaction(SIGTSTP, &standard, NULL);
	(void)sigprocmask(SIG_UNBLOCK, &stop, NULL);
}
