/* SPDX-License-Identifier: MIT */
/* Waiting for a reader and for signals at once. */
#include "tui/cli/patient.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "tui/term/suspend.h"
#include "tui/term/term_out.h"

/* A process that is told to end waits this long for a reader that takes nothing. */
#define HURRY_MS 1000

/* Waits until something can be written. False: it has given up. */
static bool patient_wait(struct patient *patient)
{
	struct pollfd polled[] = {
		{.fd = patient->fd, .events = POLLOUT},
		{.fd = patient->signal_fd, .events = POLLIN},
	};

	if (patient->given_up)
		return false;
	while (suspend_poll(polled, 2, patient->hurried ? HURRY_MS : -1) < 0 && errno == EINTR)
		if (suspend_wanted()) /* perhaps with the reader's job, too */
			suspend_now(false);
	if (!polled[0].revents && polled[1].revents)
		(void)poll(polled, 1, HURRY_MS); /* the result is in revents */
	patient->given_up = !polled[0].revents;
	if (patient->given_up)
		errno = EAGAIN; /* as a write would fail */
	return !patient->given_up;
}

/* A pipe that can be written to takes PIPE_BUF bytes without waiting. */
static ssize_t patient_write(void *cookie, const char *text, size_t bytes)
{
	struct patient *patient = cookie;
	size_t done = 0;

	while (done < bytes && patient_wait(patient)) {
		size_t left = bytes - done;
		ssize_t written =
			write(patient->fd, text + done, left < PIPE_BUF ? left : PIPE_BUF);

		if (written < 0 && errno != EAGAIN && errno != EINTR)
			break;
		done += written > 0 ? (size_t)written : 0;
	}
	return (ssize_t)done;
}

static int patient_close(void *cookie)
{
	struct patient *patient = cookie;

	return close(patient->fd);
}

int patient_file(const char *path, int flags)
{
	int fd = open(path, flags | O_NONBLOCK, 0666);

	if (fd >= 0) {
		(void)fcntl(fd, F_SETFL, flags); /* as it is opened; nothing is lost if it fails */
		return fd;
	}
	if (errno != ENXIO)
		return -1;
	(void)fprintf(stderr, "ipctop: waiting until something reads %s, a named pipe\n", path);
	return open(path, flags, 0666);
}

FILE *patient_open(struct patient *patient, int fd, int signal_fd)
{
	const cookie_io_functions_t functions = {.write = patient_write, .close = patient_close};
	/* poll says that a terminal can be written to when it has room for one byte. */
	int quick_fd = isatty(fd) ? out_reopen(fd) : -1;
	FILE *file;

	if (quick_fd >= 0) {
		(void)close(fd); /* nothing was written */
		fd = quick_fd;
	}
	*patient = (struct patient){.fd = fd, .signal_fd = signal_fd};
	file = fopencookie(patient, "w", functions);
	if (!file)
		(void)close(fd); /* nothing was written */
	return file;
}

int patient_finish(FILE *file, const char *what, struct err *err)
{
	int status = 0;

	/* errno no longer says why an earlier write failed. */
	if (fflush(file) != 0)
		status = err_system(err, "writing %.300s failed", what);
	else if (ferror(file))
		status = err_set(err, ERR_SYSTEM, "writing %.300s failed", what);
	if (fclose(file) != 0 && status == 0)
		status = err_system(err, "writing %.300s failed", what);
	return status;
}
