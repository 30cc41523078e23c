/* SPDX-License-Identifier: MIT */
/* The clock around a codec. */
#include "bench/worker/stopwatch.h"

#include "bench/machine/clock.h"

static int give_timed_span(struct give *give, struct span *span, struct err *err)
{
	struct give_timed *timed = (struct give_timed *)give;
	uint64_t start_ns = clock_now_ns();
	int status = timed->inner->span(timed->inner, span, err);

	timed->elapsed_ns += clock_now_ns() - start_ns;
	return status;
}

static int give_timed_fill(struct give *give, void *buffer, size_t capacity, size_t *filled,
			   struct err *err)
{
	struct give_timed *timed = (struct give_timed *)give;
	uint64_t start_ns = clock_now_ns();
	int status = timed->inner->fill(timed->inner, buffer, capacity, filled, err);

	timed->elapsed_ns += clock_now_ns() - start_ns;
	return status;
}

static int give_timed_measure(struct give *give, struct err *err)
{
	struct give_timed *timed = (struct give_timed *)give;
	uint64_t start_ns = clock_now_ns();
	int status = timed->inner->measure(timed->inner, err);

	timed->elapsed_ns += clock_now_ns() - start_ns;
	give->length_bytes = timed->inner->length_bytes;
	return status;
}

struct give *give_timed_begin(struct give_timed *timed, struct give *inner)
{
	*timed = (struct give_timed){.give = *inner, .inner = inner};
	timed->give.span = give_timed_span;
	timed->give.fill = give_timed_fill;
	timed->give.measure = give_timed_measure;
	return &timed->give;
}

static int take_timed_start(struct take *take, uint64_t length_bytes, struct err *err)
{
	struct take_timed *timed = (struct take_timed *)take;
	uint64_t start_ns = clock_now_ns();
	int status = timed->inner->begin(timed->inner, length_bytes, err);

	timed->elapsed_ns += clock_now_ns() - start_ns;
	return status;
}

/* Only an address is asked for, and perhaps pages: no decoding. */
static int take_timed_place(struct take *take, struct space *space, struct err *err)
{
	struct take_timed *timed = (struct take_timed *)take;

	return timed->inner->place(timed->inner, space, err);
}

static int take_timed_arrived(struct take *take, size_t bytes, struct err *err)
{
	struct take_timed *timed = (struct take_timed *)take;
	uint64_t start_ns = clock_now_ns();
	int status = timed->inner->arrived(timed->inner, bytes, err);

	timed->elapsed_ns += clock_now_ns() - start_ns;
	return status;
}

static int take_timed_accept(struct take *take, const void *data, size_t bytes, struct err *err)
{
	struct take_timed *timed = (struct take_timed *)take;
	uint64_t start_ns = clock_now_ns();
	int status = timed->inner->accept(timed->inner, data, bytes, err);

	timed->elapsed_ns += clock_now_ns() - start_ns;
	return status;
}

static int take_timed_end(struct take *take, struct err *err)
{
	struct take_timed *timed = (struct take_timed *)take;
	uint64_t start_ns = clock_now_ns();
	int status = timed->inner->end(timed->inner, err);

	timed->elapsed_ns += clock_now_ns() - start_ns;
	return status;
}

struct take *take_timed_begin(struct take_timed *timed, struct take *inner)
{
	*timed = (struct take_timed){
		.take = {
			.what = inner->what,
			.text = inner->text,
			.begin = take_timed_start,
			.place = take_timed_place,
			.arrived = take_timed_arrived,
			.accept = take_timed_accept,
			.end = take_timed_end,
		},
		.inner = inner,
	};
	return &timed->take;
}
