/* SPDX-License-Identifier: MIT */
/*
 * A clock that is known. The linker puts it in front of clock_gettime and
 * clock_nanosleep (--wrap), for the whole program. It is the kernel's until
 * clock_detach; from then on time passes only by what is said here, whatever the
 * machine does: sleeping and clock_pass move it, and every look by CLOCK_LOOK_NS.
 */
#ifndef TESTS_KNOWN_CLOCK_H
#define TESTS_KNOWN_CLOCK_H

#include <stdint.h>

/* Else whoever watches the clock until it is time would watch it for ever. */
#define CLOCK_LOOK_NS 20u

/* From here on this process's monotonic clock is not the kernel's. */
void clock_detach(void);

/* So much time has passed; on the kernel's clock, waits until it has. */
void clock_pass(uint64_t ns);

#endif
