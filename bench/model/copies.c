/* SPDX-License-Identifier: MIT */
/* Copies of the array in the time of an exchange. */
#include "bench/model/copies.h"

#include <math.h>

/* The system calls of an exchange take about as long: a shorter copy cannot be told from them. */
#define COPY_LEAST_NS 10000

static bool converts(const struct encoding *encoding)
{
	return (encoding->flags & ENCODING_TEXT) && !(encoding->flags & ENCODING_BY_REFERENCE);
}

double copies_estimate(const struct summary *summary, const struct encoding *encoding,
		       double memcpy_ns, double wakeup_ns)
{
	double wakeup = isfinite(wakeup_ns) ? wakeup_ns : 0;
	double left = summary->p50_ns - summary->make_ns - wakeup;

	if (converts(encoding))
		return NAN;
	return memcpy_ns >= COPY_LEAST_NS && left > wakeup ? left / memcpy_ns : (double)NAN;
}
