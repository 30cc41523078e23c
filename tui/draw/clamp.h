/* SPDX-License-Identifier: MIT */
/* Keeping a number between two others. */
#ifndef TUI_DRAW_CLAMP_H
#define TUI_DRAW_CLAMP_H

/* Returns low if high is below it. */
static inline int clamp_int(int value, int low, int high)
{
	int capped = value < high ? value : high;

	return capped > low ? capped : low;
}

/* NaN becomes low. */
static inline double clamp_double(double value, double low, double high)
{
	return value > low ? value < high ? value : high : low;
}

#endif
