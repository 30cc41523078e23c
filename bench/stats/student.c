/* SPDX-License-Identifier: MIT */
/* Student's t by the incomplete beta function; its quantiles by Newton's method. */
#include "bench/stats/student.h"

#include <math.h>

#define FRACTION_TERMS 500
#define FRACTION_TINY 1e-300 /* in the place of a denominator of 0 */

/* lgamma writes a global. */
static double log_gamma(double x)
{
	int sign;

	return lgamma_r(x, &sign);
}

/* The n'th partial numerator of DLMF 8.17.22. */
static double fraction_numerator(int n, double a, double b, double x)
{
	double m = floor(n / 2.0);

	if (n % 2 == 0)
		return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
	return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
}

static double away_from_zero(double value)
{
	return fabs(value) < FRACTION_TINY ? FRACTION_TINY : value;
}

/*
 * The continued fraction from its front, by Lentz's method as Thompson and Barnett
 * changed it (J. Comput. Phys. 64, 1986).
 */
static double fraction(double a, double b, double x)
{
	double above = 1;
	double below = 0;
	double value = 1;

	for (int n = 0; n < FRACTION_TERMS; n++) {
		double numerator = n == 0 ? 1 : fraction_numerator(n, a, b, x);
		double factor;

		below = 1 / away_from_zero(1 + numerator * below);
		above = away_from_zero(1 + numerator / above);
		factor = above * below;
		value *= factor;
		if (fabs(factor - 1) < 1e-15)
			break;
	}
	return value - 1;
}

/* The regularised incomplete beta function I_x(a, b). */
static double beta_share(double a, double b, double x)
{
	double front = a * log(x) + b * log1p(-x) - log_gamma(a) - log_gamma(b) + log_gamma(a + b);

	if (x <= 0 || x >= 1)
		return x <= 0 ? 0 : 1;
	/* The fraction converges fast on one side of the mean; the other is its complement. */
	if (x > (a + 1) / (a + b + 2))
		return 1 - exp(front) / b * fraction(b, a, 1 - x);
	return exp(front) / a * fraction(a, b, x);
}

double student_cdf(double t, double degrees)
{
	double beyond = beta_share(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2;

	return t > 0 ? 1 - beyond : beyond;
}

static double student_density(double t, double degrees)
{
	return exp(log_gamma((degrees + 1) / 2) - log_gamma(degrees / 2) -
		   (degrees + 1) / 2 * log1p(t * t / degrees)) /
	       sqrt(degrees * acos(-1));
}

/*
 * By Newton's method from 0. Above 0 the distribution is concave, so that its tangents lie above
 * it and no step goes too far: t only grows, and has arrived when it does not any more.
 */
double student_two_sided(double confidence, double degrees)
{
	double wanted = (1 + confidence) / 2;
	double t = 0;

	if (!(degrees > 0))
		return NAN;
	for (int i = 0; i < 200; i++) {
		double step = (wanted - student_cdf(t, degrees)) / student_density(t, degrees);

		t += step;
		if (!(step > 1e-13 * t))
			break;
	}
	return t;
}
