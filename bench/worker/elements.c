/* SPDX-License-Identifier: MIT */
/* The rows of all dtypes, and what follows from one. */
#include "bench/worker/elements.h"

#include <math.h>

#define DTYPE(id, name, type, kind, code) extern const struct elements elements_##name;
#include "transports/dtypes.def"
#undef DTYPE

const struct elements *const elements_table[DTYPE_COUNT] = {
#define DTYPE(id, name, type, kind, code) [DTYPE_##id] = &elements_##name,
#include "transports/dtypes.def"
#undef DTYPE
};

size_t elements_first_unfit(const struct array *array, double sum)
{
	size_t i = 0;

	/* All are finite, and each bool is one, if their sum is finite. */
	if (isfinite(sum))
		return array->count;
	while (i < array->count &&
	       isfinite(elements_table[array->type.dtype]->value(array->data, i)))
		i++;
	return i;
}
