/* SPDX-License-Identifier: MIT */
/* Scatter from a range. */
#include "bench/stats/range.h"

#include <math.h>

/*
 * c = sqrt(E(W^2)) of the range W of standard normals, integrated numerically, and the
 * degrees of the chi distribution whose coefficient of variation is that of W.
 */
static const struct {
	size_t count;
	double c, degrees;
} range_table[] = {
	{2, 1.4142, 1.00},    {3, 1.9115, 1.98},    {4, 2.2389, 2.93},     {5, 2.4812, 3.83},
	{6, 2.6725, 4.68},    {7, 2.8298, 5.48},    {8, 2.9629, 6.25},     {9, 3.0779, 6.98},
	{10, 3.1790, 7.68},   {11, 3.2691, 8.35},   {12, 3.3502, 8.99},    {13, 3.4238, 9.61},
	{14, 3.4912, 10.20},  {15, 3.5532, 10.77},  {16, 3.6107, 11.32},   {17, 3.6642, 11.86},
	{18, 3.7142, 12.38},  {19, 3.7612, 12.88},  {20, 3.8054, 13.37},   {25, 3.9940, 15.63},
	{30, 4.1438, 17.63},  {40, 4.3731, 21.09},  {50, 4.5452, 24.03},   {100, 5.0516, 34.58},
	{200, 5.5212, 47.32}, {500, 6.0959, 67.55}, {1000, 6.5019, 85.41},
};

#define ROWS (sizeof(range_table) / sizeof(range_table[0]))

struct range_scatter range_scatter_of(double range, size_t count)
{
	size_t row = 0;

	if (count < range_table[0].count || !isfinite(range) || range < 0)
		return (struct range_scatter){NAN, NAN};
	while (row + 1 < ROWS && range_table[row + 1].count <= count)
		row++;
	return (struct range_scatter){range / range_table[row].c, range_table[row].degrees};
}
