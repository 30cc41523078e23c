/* SPDX-License-Identifier: MIT */
/*
 * A carrier whose exchanges take as long as they are told to: `unix` as
 * "delayed", and as "rival", which takes KNOWN_RIVAL percent longer; with
 * `bytes`. With KNOWN_CLOCK set, its clients' clock is detached, and the delay is
 * all that an exchange takes. Else it comes on top of the real exchange: no
 * sample can be shorter than its delay.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "tests/known/clock.h"
#include "tests/known/known.h"
#include "transports/unused.h"

extern const struct carrier carrier_unix;

struct delayed {
	uint64_t client;
	uint64_t exchange; /* the one under way, warm-up counted */
	uint64_t percent;  /* of the delay asked for */
	_Alignas(max_align_t) char state[];
};

static uint64_t delay_constant(uint64_t exchange UNUSED)
{
	return known_number("KNOWN_LOW_NS", 0);
}

/* KNOWN_SHARE of any hundred exchanges are slow, evenly spread. */
static uint64_t delay_humps(uint64_t exchange)
{
	bool slow = exchange * known_number("KNOWN_SHARE", 0) % 100 <
		    known_number("KNOWN_SHARE", 0);

	return known_number(slow ? "KNOWN_HIGH_NS" : "KNOWN_LOW_NS", 0);
}

/* From low to high in a straight line, over KNOWN_EXCHANGE exchanges. */
static uint64_t delay_drift(uint64_t exchange)
{
	int64_t low_ns = (int64_t)known_number("KNOWN_LOW_NS", 0);
	int64_t high_ns = (int64_t)known_number("KNOWN_HIGH_NS", 0);
	int64_t over = (int64_t)known_number("KNOWN_EXCHANGE", 1);
	int64_t done = (int64_t)exchange < over ? (int64_t)exchange : over;

	return (uint64_t)(low_ns + (high_ns - low_ns) * done / over);
}

/* High for KNOWN_CLIENT, once in KNOWN_EXCHANGE exchanges: the last of them. */
static uint64_t delay_stall(uint64_t exchange)
{
	uint64_t every = known_number("KNOWN_EXCHANGE", 1);

	return known_number(exchange % every == every - 1 ? "KNOWN_HIGH_NS" : "KNOWN_LOW_NS", 0);
}

static const struct delay {
	const char *name;
	uint64_t (*delay_ns)(uint64_t exchange);
	bool one_client; /* KNOWN_CLIENT's exchanges alone; the others' take KNOWN_LOW_NS */
} delay_table[] = {
	{.name = "constant", .delay_ns = delay_constant},
	{.name = "humps", .delay_ns = delay_humps},
	{.name = "drift", .delay_ns = delay_drift},
	{.name = "stall", .delay_ns = delay_stall, .one_client = true},
};

static const struct delay *delay_asked(void)
{
	for (size_t i = 0; i < sizeof(delay_table) / sizeof(delay_table[0]); i++)
		if (strcmp(delay_table[i].name, known_word("KNOWN_DELAY")) == 0)
			return &delay_table[i];
	return NULL;
}

static uint64_t delayed_ns(const struct delayed *delayed)
{
	const struct delay *delay = delay_asked();

	if (!delay || (delay->one_client && !known_is_client(delayed->client)))
		return delay_constant(delayed->exchange);
	return delay->delay_ns(delayed->exchange);
}

static int delayed_client_open(void *state, const struct client_setup *setup, const char *address,
			       struct err *err)
{
	struct delayed *delayed = state;
	const char *index = strrchr(setup->ticket, '/');

	delayed->percent = 100;
	delayed->client = index ? strtoull(index + 1, NULL, 10) : 0;
	if (*known_word("KNOWN_CLOCK"))
		clock_detach();
	return carrier_unix.client_open(delayed->state, setup, address, err);
}

static int rival_client_open(void *state, const struct client_setup *setup, const char *address,
			     struct err *err)
{
	int status = delayed_client_open(state, setup, address, err);

	((struct delayed *)state)->percent += known_number("KNOWN_RIVAL", 0);
	return status;
}

static int delayed_client_exchange(void *state, struct give *give, struct take *take,
				   struct wire_bytes *wire, struct err *err)
{
	struct delayed *delayed = state;

	if (carrier_unix.client_exchange(delayed->state, give, take, wire, err) != 0)
		return -1;
	clock_pass(delayed_ns(delayed) * delayed->percent / 100);
	delayed->exchange++;
	return 0;
}

static int delayed_client_descriptor(const void *state)
{
	return carrier_unix.client_descriptor(((const struct delayed *)state)->state);
}

static void delayed_client_close(void *state)
{
	carrier_unix.client_close(((struct delayed *)state)->state);
}

static struct carrier carrier_delayed;
static struct carrier carrier_rival;

__attribute__((constructor)) static void delays_add(void)
{
	carrier_delayed = carrier_unix;
	carrier_delayed.name = "delayed";
	carrier_delayed.client_size = sizeof(struct delayed) + carrier_unix.client_size;
	carrier_delayed.client_open = delayed_client_open;
	carrier_delayed.client_exchange = delayed_client_exchange;
	carrier_delayed.client_descriptor = delayed_client_descriptor;
	carrier_delayed.client_close = delayed_client_close;
	carrier_rival = carrier_delayed;
	carrier_rival.name = "rival";
	carrier_rival.client_open = rival_client_open;
	known_add(&carrier_delayed, encoding_find("bytes"));
	known_add(&carrier_rival, encoding_find("bytes"));
}
