/* SPDX-License-Identifier: MIT */
/* What this build calls itself. */
#ifndef BENCH_TEXT_VERSION_H
#define BENCH_TEXT_VERSION_H

/* The Makefile defines it; this is for a file that is compiled by hand. */
#ifndef IPCTOP_VERSION
#define IPCTOP_VERSION "unknown"
#endif

/* The compiler and its flags. */
#ifndef IPCTOP_BUILD_FLAGS
#define IPCTOP_BUILD_FLAGS ""
#endif

#endif
