/* SPDX-License-Identifier: MIT */
/* What of a machine may be missing, and the remedies. */
#include "bench/machine/facilities.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "bench/machine/socket_folder.h"

/* Fails with what is missing, errno's reason in brackets, and the remedy. */
static int lack(struct err *err, const char *what, const char *remedy)
{
	return err_set(err, ERR_UNSUPPORTED, "%s (%s): %s", what, strerror(errno), remedy);
}

static int processes_check(struct err *err)
{
	if (access("/proc/self/exe", X_OK) != 0)
		return lack(err, "/proc, by which processes are started, is not there",
			    "mount -t proc proc /proc");
	if (access("/dev/null", R_OK) != 0)
		return lack(err, "/dev/null, which processes are started with, is not there",
			    "mknod -m 666 /dev/null c 1 3");
	return 0;
}

/* Nothing is sent: connecting a datagram socket looks for the way there. */
static int loopback_route(int fd)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr = {htonl(INADDR_LOOPBACK)},
	};
	socklen_t size = sizeof(address);

	if (bind(fd, (struct sockaddr *)&address, size) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		return -1;
	return connect(fd, (struct sockaddr *)&address, size);
}

static int loopback_check(struct err *err)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int status;

	if (fd < 0)
		return lack(err, "no TCP here", "give the container a network");
	status = loopback_route(fd);
	if (status != 0 && errno == EADDRNOTAVAIL)
		(void)lack(err, "127.0.0.1 is no address of this machine",
			   "ip addr add 127.0.0.1/8 dev lo");
	else if (status != 0)
		(void)lack(err, "the loopback interface is down", "ip link set lo up");
	(void)close(fd); /* nothing was sent */
	return status;
}

static int shared_memory_check(struct err *err)
{
	struct statvfs room;

	if (faccessat(AT_FDCWD, "/dev/shm/.", W_OK | X_OK, AT_EACCESS) != 0)
		return lack(err, "/dev/shm cannot be written",
			    errno == EACCES ? "chmod 1777 /dev/shm" :
					      "mount -t tmpfs tmpfs /dev/shm");
	if (statvfs("/dev/shm", &room) == 0 && room.f_files && !room.f_favail)
		return err_set(err, ERR_UNSUPPORTED,
			       "/dev/shm has no room for another name: remove what is left there");
	return 0;
}

int facility_check(enum facility facility, struct err *err)
{
	static int (*const checks[FACILITY_COUNT])(struct err * err) = {
		[FACILITY_PROCESSES] = processes_check,
		[FACILITY_LOOPBACK] = loopback_check,
		[FACILITY_SHARED_MEMORY] = shared_memory_check,
		[FACILITY_SOCKET_FILES] = socket_folder_check,
	};

	return checks[facility](err);
}
