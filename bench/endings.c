/* SPDX-License-Identifier: MIT */
/* The signals that ask us to end. */
#include "bench/endings.h"

#include <pthread.h>

void endings_hold(sigset_t *held)
{
	struct sigaction hangup;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(held);
	(void)sigaddset(held, SIGINT);
	(void)sigaddset(held, SIGTERM);
	/* The kernel does not drop what is ignored, as under nohup(1), if it is held as well. */
	if (sigaction(SIGHUP, NULL, &hangup) != 0 || hangup.sa_handler != SIG_IGN)
		(void)sigaddset(held, SIGHUP);
	(void)pthread_sigmask(SIG_BLOCK, held, NULL);
}
