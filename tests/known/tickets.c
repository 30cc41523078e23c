/* SPDX-License-Identifier: MIT */
/*
 * Servers that mix their clients up: every carrier as "mixed-NAME", with
 * `bytes`. Whoever comes with the ticket of client 0 gets the slot of client 1,
 * and the reverse.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "tests/known/known.h"

struct mixed {
	struct service service; /* first: what the carrier is given */
	struct service *real;
	_Alignas(max_align_t) char state[];
};

static void *mixed_admit(struct service *service, const char *ticket, int fd, struct err *err)
{
	struct service *real = ((struct mixed *)service)->real;
	char other[CARRIER_TICKET_BYTES];
	size_t bytes = strlen(ticket);

	(void)snprintf(other, sizeof(other), "%s", ticket);
	if (bytes && bytes < sizeof(other))
		other[bytes - 1] = other[bytes - 1] == '0' ? '1' : '0';
	return real->admit(real, other, fd, err);
}

static const char *mixed_ticket(struct service *service, size_t index)
{
	struct service *real = ((struct mixed *)service)->real;

	return real->ticket(real, index);
}

static void mixed_complain(struct service *service, const char *text)
{
	struct service *real = ((struct mixed *)service)->real;

	real->complain(real, text);
}

static int mixed_server_open(void *state, const struct carrier *inner,
			     const struct server_setup *setup, char address[CARRIER_ADDRESS_BYTES],
			     struct err *err)
{
	struct mixed *mixed = state;
	struct server_setup own = *setup;

	mixed->real = setup->service;
	mixed->service = *setup->service;
	mixed->service.admit = mixed_admit;
	mixed->service.ticket = mixed_ticket;
	mixed->service.complain = mixed_complain;
	own.service = &mixed->service;
	return inner->server_open(mixed->state, &own, address, err);
}

#define CARRIER(name) \
	extern const struct carrier carrier_##name; \
	static int mixed_open_##name(void *state, const struct server_setup *setup, \
				     char address[CARRIER_ADDRESS_BYTES], struct err *err) \
	{ \
		return mixed_server_open(state, &carrier_##name, setup, address, err); \
	} \
	static int mixed_run_##name(void *state, struct err *err) \
	{ \
		return carrier_##name.server_run(((struct mixed *)state)->state, err); \
	} \
	static void mixed_stop_##name(void *state) \
	{ \
		carrier_##name.server_stop(((struct mixed *)state)->state); \
	} \
	static void mixed_close_##name(void *state) \
	{ \
		carrier_##name.server_close(((struct mixed *)state)->state); \
	}
#include "transports/carriers.def"
#undef CARRIER

/* What a row has of its own; the rest is that of the real carrier. */
static struct {
	const struct carrier *inner;
	struct carrier own;
	struct carrier row;
} mixed_table[] = {
#define CARRIER(name_) \
	{.inner = &carrier_##name_, \
	 .own = {.name = "mixed-" #name_, \
		 .server_open = mixed_open_##name_, \
		 .server_run = mixed_run_##name_, \
		 .server_stop = mixed_stop_##name_, \
		 .server_close = mixed_close_##name_}},
#include "transports/carriers.def"
#undef CARRIER
};

__attribute__((constructor)) static void tickets_add(void)
{
	for (size_t i = 0; i < sizeof(mixed_table) / sizeof(mixed_table[0]); i++) {
		const struct carrier *own = &mixed_table[i].own;
		struct carrier *row = &mixed_table[i].row;

		*row = *mixed_table[i].inner;
		row->name = own->name;
		row->server_size = sizeof(struct mixed) + mixed_table[i].inner->server_size;
		row->server_open = own->server_open;
		row->server_run = own->server_run;
		row->server_stop = own->server_stop;
		row->server_close = own->server_close;
		known_add(row, encoding_find("bytes"));
	}
}
