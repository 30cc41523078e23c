/* SPDX-License-Identifier: MIT */
/* For parameters that a function of a table has and does not need. */
#ifndef TRANSPORTS_UNUSED_H
#define TRANSPORTS_UNUSED_H

#define UNUSED __attribute__((unused))

#endif
