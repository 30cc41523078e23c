/* SPDX-License-Identifier: MIT */
/* One end of one client's exchanges. */
#include "bench/worker/slot.h"

#include "bench/machine/clock.h"
#include "transports/unused.h"

static int slot_open_giver(struct slot *slot, const struct slot_setup *setup, struct err *err)
{
	slot->array = array_describe(setup->gives);
	slot->give_setup.type = *setup->gives;
	slot->give_setup.requests = slot->asks;
	slot->stream.request = slot->asks;
	if (memory_map_shifted(slot->array.bytes, slot->give_setup.shift_bytes,
			       slot->give_setup.pages, true, &slot->array.data, err) != 0 ||
	    encoder_open(&slot->encoder, setup->encoding, &slot->give_setup, err) != 0)
		return -1;
	source_prepare(&slot->stream, &slot->array);
	return 0;
}

static int slot_open_taker(struct slot *slot, const struct slot_setup *setup, struct err *err)
{
	slot->take_setup.type = *setup->takes;
	slot->take_setup.requests = !slot->asks;
	return decoder_open(&slot->decoder, setup->encoding, &slot->take_setup, err);
}

int slot_open(struct slot *slot, const struct slot_setup *setup, struct err *err)
{
	*slot = (struct slot){
		.gives = setup->gives != NULL,
		.takes = setup->takes != NULL,
		.asks = setup->asks,
		.stream = setup->stream,
		.give_setup = setup->ends,
		.take_setup = setup->ends,
	};
	if (slot->gives && slot_open_giver(slot, setup, err) != 0)
		return -1;
	return slot->takes ? slot_open_taker(slot, setup, err) : 0;
}

size_t slot_payload_bytes(const struct slot *slot)
{
	size_t given = slot->array.bytes;
	size_t taken = slot->decoder.array.bytes;

	return given > taken ? given : taken;
}

static void slot_record(struct slot *slot)
{
	slot->record = (struct scoreboard_exchange){
		.exchange = slot->exchange,
		.detailed = scoreboard_detailed(slot->exchange, slot_payload_bytes(slot)),
	};
}

static struct take *slot_take(struct slot *slot)
{
	return slot->record.detailed ? take_timed_begin(&slot->take, &slot->decoder.take) :
				       &slot->decoder.take;
}

struct take *slot_begin(struct slot *slot)
{
	slot_record(slot);
	return slot->takes ? slot_take(slot) : NULL;
}

int slot_give(struct slot *slot, struct give **give, struct err *err)
{
	bool detailed = slot->record.detailed;
	uint64_t start_ns;
	uint64_t made_ns;

	if (!slot->gives)
		return 0;
	start_ns = made_ns = detailed ? clock_now_ns() : 0;
	if (slot->stream.kind == SOURCE_FRESH) {
		source_draw(&slot->stream, slot->exchange, &slot->array);
		made_ns = detailed ? clock_now_ns() : 0;
	}
	slot->encoding = true;
	if (encoder_begin(&slot->encoder, &slot->array, err) != 0)
		return -1;
	*give = &slot->encoder.give;
	if (!detailed)
		return 0;
	slot->record.make_ns = made_ns - start_ns;
	slot->record.encode_ns = clock_now_ns() - made_ns;
	*give = give_timed_begin(&slot->give, *give);
	return 0;
}

struct take *slot_request(struct slot *slot, struct err *err UNUSED)
{
	slot_record(slot);
	return slot_take(slot);
}

int slot_reply(struct slot *slot, struct give **give, struct err *err)
{
	if (!slot->takes)
		slot_record(slot);
	return slot_give(slot, give, err);
}

void slot_read(struct slot *slot)
{
	uint64_t start_ns = clock_now_ns();

	slot->sum = elements_sum(&slot->decoder.array);
	slot->record.read_ns = clock_now_ns() - start_ns;
}

/* What the exchange mapped goes, and with a request's segment its name. */
static int slot_release(struct slot *slot, bool delivered, struct err *err)
{
	uint64_t start_ns = clock_now_ns();
	int status = slot->takes ? decoder_release(&slot->decoder, err) : 0;

	if (slot->encoding && slot->asks)
		encoder_end(&slot->encoder, delivered);
	slot->record.release_ns = clock_now_ns() - start_ns;
	return status;
}

int slot_replied(struct slot *slot, bool delivered, struct err *err)
{
	int status = 0;

	if (slot->record.detailed) {
		slot->record.encode_ns += slot->give.elapsed_ns;
		slot->record.decode_ns = slot->take.elapsed_ns;
	}
	if (slot->encoding && !slot->asks)
		encoder_end(&slot->encoder, delivered);
	if (slot->takes || slot->asks)
		status = slot_release(slot, delivered, err);
	slot->encoding = false;
	if (!delivered)
		return status;
	slot->exchange++;
	if (slot->gives && slot->stream.kind == SOURCE_READY)
		source_refresh(&slot->stream, slot->exchange, &slot->array);
	return status;
}

void slot_close(struct slot *slot)
{
	if (slot->gives) {
		encoder_close(&slot->encoder);
		memory_unmap(slot->array.data, slot->array.bytes);
		slot->array.data = NULL;
	}
	if (slot->takes)
		decoder_close(&slot->decoder);
}
