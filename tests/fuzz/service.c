/* SPDX-License-Identifier: MIT */
/* A service for fuzzers of carriers. */
#include "tests/fuzz/service.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "transports/unused.h"

extern const struct encoding encoding_bytes;

static void *service_admit(struct service *service, const char *ticket, int fd UNUSED,
			   struct err *err)
{
	struct fuzz_service *own = (struct fuzz_service *)service;

	must(memchr(ticket, '\0', CARRIER_TICKET_BYTES) != NULL && !own->admitted);
	if (!service->admit_any && strcmp(ticket, FUZZ_TICKET) != 0) {
		(void)err_set(err, ERR_PROTOCOL, "an unknown ticket");
		return NULL;
	}
	own->admitted = true;
	return own;
}

static const char *service_ticket(struct service *service, size_t index)
{
	return service->admit_any || index ? NULL : FUZZ_TICKET;
}

static int service_reply(void *slot, struct give **give, struct err *err)
{
	struct fuzz_service *own = slot;

	must(own->admitted && !own->answering);
	own->answering = true;
	if (own->requests++ == FUZZ_REQUESTS_MAX)
		return err_set(err, ERR_WRONG, "that is enough");
	must(encoder_begin(&own->encoder, &own->array, err) == 0);
	*give = &own->encoder.give;
	return 0;
}

static void service_replied(void *slot, bool delivered)
{
	struct fuzz_service *own = slot;

	must(own->answering);
	own->answering = false;
	encoder_end(&own->encoder, delivered);
}

static void service_leave(void *slot)
{
	struct fuzz_service *own = slot;

	must(own->admitted && !own->answering);
	own->admitted = false;
}

static void service_complain(struct service *service UNUSED, const char *text)
{
	must(text[0] != '\0');
}

struct encoding_setup fuzz_setup(void)
{
	struct shape shape = {.dimensions = 1, .extents = {FUZZ_ELEMENTS}};

	return (struct encoding_setup){.type = (struct array_type){shape, DTYPE_FLOAT64}};
}

void fuzz_service_open(struct fuzz_service *service, bool with_ticket)
{
	*service = (struct fuzz_service){
		.service =
			{
				.admit = service_admit,
				.admit_any = !with_ticket,
				.ticket = service_ticket,
				.reply = service_reply,
				.replied = service_replied,
				.leave = service_leave,
				.complain = service_complain,
			},
		.setup = fuzz_setup(),
		.values = {1, 2, 3},
	};
	service->array = array_describe(&service->setup.type);
	service->array.data = service->values;
	must(encoder_open(&service->encoder, &encoding_bytes, &service->setup, NULL) == 0);
}

void fuzz_service_close(struct fuzz_service *service)
{
	must(!service->admitted && !service->answering);
	encoder_close(&service->encoder);
}
