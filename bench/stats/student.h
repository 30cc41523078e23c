/* SPDX-License-Identifier: MIT */
/* Student's t distribution, whose tables end where few blocks begin. Pure. */
#ifndef BENCH_STATS_STUDENT_H
#define BENCH_STATS_STUDENT_H

/*
 * The probability that a t of so many degrees of freedom (above 0, need not be
 * whole) is at most t: by the incomplete beta function, I_x(a, b) with
 * x = df / (df + t^2) (Abramowitz and Stegun 26.7.1), as the continued fraction
 * DLMF 8.17.22. Correct to 1e-12.
 */
double student_cdf(double t, double degrees);

/*
 * The t that encloses so much probability between -t and t: 0.95 with 2 degrees
 * -> 4.303. confidence: above 0, below 1. NaN for degrees that are not above 0.
 */
double student_two_sided(double confidence, double degrees);

#endif
