/* SPDX-License-Identifier: MIT */
/* Sums of exchanges, added up. */
#include "bench/stats/tally.h"

void end_cost_add(struct end_cost *into, const struct end_cost *from)
{
	into->cpu_ns += from->cpu_ns;
	into->page_faults += from->page_faults;
	into->context_switches += from->context_switches;
	into->involuntary_switches += from->involuntary_switches;
	into->migrations += from->migrations;
}

/* The figures that are told apart by ends. */
static void tally_merge_end(struct tally *into, const struct tally *from, enum end end)
{
	into->detailed[end] += from->detailed[end];
	into->costed[end] += from->costed[end];
	end_cost_add(&into->cost[end], &from->cost[end]);
	if (from->peak_rss_bytes[end] > into->peak_rss_bytes[end])
		into->peak_rss_bytes[end] = from->peak_rss_bytes[end];
}

void tally_merge(struct tally *into, const struct tally *from)
{
	into->unknown |= from->unknown;
	into->samples += from->samples;
	into->verified += from->verified;
	into->wall_ns += from->wall_ns;
	into->make_ns += from->make_ns;
	into->encode_ns += from->encode_ns;
	into->decode_ns += from->decode_ns;
	into->read_ns += from->read_ns;
	into->request_make_ns += from->request_make_ns;
	into->request_encode_ns += from->request_encode_ns;
	into->request_decode_ns += from->request_decode_ns;
	into->request_read_ns += from->request_read_ns;
	into->release_ns += from->release_ns;
	into->verify_ns += from->verify_ns;
	if (from->wire_bytes)
		into->wire_bytes = from->wire_bytes;
	if (from->request_wire_bytes)
		into->request_wire_bytes = from->request_wire_bytes;
	for (enum end end = 0; end < ENDS; end++)
		tally_merge_end(into, from, end);
}
