/* SPDX-License-Identifier: MIT */
/* The signals that ask us to end. */
#include "bench/endings.h"

#include <pthread.h>

void endings_hold(sigset_t *held)
{
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(held);
	(void)sigaddset(held, SIGINT);
	(void)sigaddset(held, SIGTERM);
	(void)sigaddset(held, SIGHUP);
	(void)pthread_sigmask(SIG_BLOCK, held, NULL);
}
