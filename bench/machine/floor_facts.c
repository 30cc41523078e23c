/* SPDX-License-Identifier: MIT */
/* The floors as values. */
#include "bench/machine/floor_facts.h"

#include <math.h>

void floor_facts_clear(struct floor_facts *facts)
{
	*facts = (struct floor_facts){
		.wakeup_ns = NAN,
		.wakeup_spin_ns = NAN,
		.line_ns = NAN,
		.clock_ns = NAN,
		.clock_step_ns = NAN,
		.line_missing = "not measured",
	};
}

struct floor_row floor_facts_row(const struct floor_facts *facts, size_t bytes)
{
	for (size_t i = 0; i < facts->row_count; i++)
		if (facts->rows[i].bytes == bytes)
			return facts->rows[i];
	return (struct floor_row){
		.bytes = bytes, .memcpy_ns = NAN, .read_ns = NAN, .fault_ns = NAN};
}
