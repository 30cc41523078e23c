/* SPDX-License-Identifier: MIT */
/*
 * What of a machine a transport needs beside memory: a container, a chroot or a machine that is
 * put together by hand may be without it. Looking takes some microseconds and changes nothing.
 */
#ifndef BENCH_MACHINE_FACILITIES_H
#define BENCH_MACHINE_FACILITIES_H

#include "transports/err.h"

enum facility {
	FACILITY_PROCESSES,     /* workers are started by /proc/self/exe, with /dev/null */
	FACILITY_LOOPBACK,      /* TCP to 127.0.0.1 */
	FACILITY_SHARED_MEMORY, /* segments in /dev/shm */
	FACILITY_SOCKET_FILES,  /* directories in TMPDIR or /tmp */
	FACILITY_COUNT,
};

#define FACILITY_BIT(facility) (1u << (facility))

/* 0 if the machine has it now, else -1 with the reason, and what to do about it. */
int facility_check(enum facility facility, struct err *err);

#endif
