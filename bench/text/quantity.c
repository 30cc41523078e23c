/* SPDX-License-Identifier: MIT */
/* Quantities as people type them. */
#include "bench/text/quantity.h"

#include <stddef.h>

int quantity_billionths(const char *text, uint64_t *billionths)
{
	uint64_t sum = 0;
	uint64_t unit = BILLION;
	const char *p = text;
	size_t digits = 0;

	for (; *p >= '0' && *p <= '9' && sum < BILLION * BILLION; p++, digits++)
		sum = sum * 10 + (uint64_t)(*p - '0') * BILLION;
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++, digits++)
			sum += (uint64_t)(*p - '0') * (unit /= 10);
	if (*p || digits == 0)
		return -1;
	*billionths = sum;
	return 0;
}
