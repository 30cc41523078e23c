/* SPDX-License-Identifier: MIT */
/* The signals that ask us to end. */
#include "bench/machine/endings.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

static bool ending_is_ignored(int number)
{
	struct sigaction now;

	return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

void endings_hold(sigset_t *held)
{
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(held);
	(void)sigaddset(held, SIGINT);
	(void)sigaddset(held, SIGTERM);
	/* The kernel does not drop an ignored signal, as under nohup(1), if it is held as well. */
	if (!ending_is_ignored(SIGHUP))
		(void)sigaddset(held, SIGHUP);
	(void)pthread_sigmask(SIG_BLOCK, held, NULL);
}

/* Ends with the status by which a shell reports a program that a signal has ended. */
static void ending_exit(int number)
{
	_exit(128 + number);
}

void endings_heed(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	const struct sigaction end = {.sa_handler = ending_exit};

	if (getpid() != 1)
		return;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!ending_is_ignored(numbers[i]))
			(void)sigaction(numbers[i], &end, NULL); /* as valid as a line ago */
}
