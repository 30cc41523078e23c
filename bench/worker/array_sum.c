/* SPDX-License-Identifier: MIT */
/* One pass over every element. */
#include "bench/worker/array_sum.h"

double read_array(const struct array *array)
{
	const double *elements = array->data;
	double sums[8] = {0};
	size_t i = 0;
	double sum = 0;

	/* Eight sums in flight, or the chain of additions would be slower than memory. */
	for (; i + 8 <= array->count; i += 8)
		for (size_t lane = 0; lane < 8; lane++)
			sums[lane] += elements[i + lane];
	for (; i < array->count; i++)
		sum += elements[i];
	for (size_t lane = 0; lane < 8; lane++)
		sum += sums[lane];
	return sum;
}
