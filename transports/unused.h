/* SPDX-License-Identifier: MIT */
/* Marks a parameter that a function has because its table asks for it, and does not use. */
#ifndef TRANSPORTS_UNUSED_H
#define TRANSPORTS_UNUSED_H

#define UNUSED __attribute__((unused))

#endif
