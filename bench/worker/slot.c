/* SPDX-License-Identifier: MIT */
/* What a server holds for one client. */
#include "bench/worker/slot.h"

#include "bench/machine/clock.h"

int slot_open(struct slot *slot, const struct encoding *encoding,
	      const struct encoding_setup *setup, const struct source_stream *stream,
	      struct err *err)
{
	*slot = (struct slot){.stream = *stream, .setup = *setup, .array = setup->type};
	if (memory_map(slot->array.bytes, setup->pages, true, &slot->array.data, err) != 0 ||
	    encoder_open(&slot->encoder, encoding, &slot->setup, err) != 0)
		return -1;
	source_prepare(&slot->stream, &slot->array);
	return 0;
}

struct give *slot_request(struct slot *slot, struct err *err)
{
	bool detailed = scoreboard_detailed(slot->exchange, slot->array.bytes);
	uint64_t start_ns = detailed ? clock_now_ns() : 0;
	uint64_t made_ns = start_ns;

	slot->record = (struct scoreboard_exchange){
		.exchange = slot->exchange,
		.detailed = detailed,
	};
	if (slot->stream.kind == SOURCE_FRESH) {
		source_draw(&slot->stream, slot->exchange, &slot->array);
		made_ns = detailed ? clock_now_ns() : 0;
	}
	if (encoder_begin(&slot->encoder, &slot->array, err) != 0) {
		encoder_end(&slot->encoder, false);
		return NULL;
	}
	if (!detailed)
		return &slot->encoder.give;
	slot->record.make_ns = made_ns - start_ns;
	slot->record.encode_ns = clock_now_ns() - made_ns;
	return give_timed_begin(&slot->timed, &slot->encoder.give);
}

void slot_replied(struct slot *slot, bool delivered)
{
	if (slot->record.detailed)
		slot->record.encode_ns += slot->timed.elapsed_ns;
	encoder_end(&slot->encoder, delivered);
	if (!delivered)
		return;
	slot->exchange++;
	if (slot->stream.kind == SOURCE_READY)
		source_refresh(&slot->stream, slot->exchange, &slot->array);
}

void slot_close(struct slot *slot)
{
	encoder_close(&slot->encoder);
	memory_unmap(slot->array.data, slot->array.bytes);
	slot->array.data = NULL;
}
