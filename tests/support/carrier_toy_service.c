/* SPDX-License-Identifier: MIT */
/* The giving half of the toys, and a service whose slots give and take known bytes. */
#include "tests/support/carrier_toy.h"

#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/carrier_toy_block.h"
#include "transports/unused.h"

#define FILL_BYTES_MIN 1024 /* the room that transports/message.h promises a filler */

static void toy_violate(struct toy_server *server, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Keeps the first breach of the service's contract. */
static void toy_violate(struct toy_server *server, const char *format, ...)
{
	va_list args;

	(void)pthread_mutex_lock(&server->lock);
	va_start(args, format);
	if (!server->violation[0])
		(void)vsnprintf(server->violation, sizeof(server->violation), format, args);
	va_end(args);
	(void)pthread_mutex_unlock(&server->lock);
}

static void toy_add(struct toy_server *server, size_t *counter)
{
	(void)pthread_mutex_lock(&server->lock);
	++*counter;
	(void)pthread_cond_broadcast(&server->changed);
	(void)pthread_mutex_unlock(&server->lock);
}

/* A slot is called from one thread at a time. */
static void toy_enter(struct toy_slot *slot, const char *where, bool open)
{
	if (atomic_exchange(&slot->busy, true))
		toy_violate(slot->server, "%s while the slot was called already", where);
	if (slot->open != open)
		toy_violate(slot->server, "%s %s a message", where, open ? "outside of" : "within");
}

static void toy_leave(struct toy_slot *slot)
{
	atomic_store(&slot->busy, false);
}

/* The giver. */

static void giver_violate(struct toy_giver *giver, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void giver_violate(struct toy_giver *giver, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (!giver->violation[0])
		(void)vsnprintf(giver->violation, sizeof(giver->violation), format, args);
	va_end(args);
}

/* How many bytes come next, at most limit. */
static int giver_advance(struct toy_giver *giver, size_t limit, size_t *bytes, struct err *err)
{
	const struct toy_plan *plan = &giver->plan;
	size_t left = plan->bytes - giver->position;

	if (plan->fail_at <= giver->position)
		return err_set(err, ERR_WRONG, "the toy broke after %zu bytes", giver->position);
	if (plan->fail_at - giver->position < left)
		left = plan->fail_at - giver->position;
	if (plan->odd && ++giver->pulls % 4 == 0 && limit > 1)
		limit = 1 + (giver->pulls * 7919) % (limit - 1);
	*bytes = left < limit ? left : limit;
	giver->position += *bytes;
	return 0;
}

static int giver_fill(struct give *give, void *buffer, size_t capacity, size_t *filled,
		      struct err *err)
{
	struct toy_giver *giver = (struct toy_giver *)give;
	const char *from = toy_expected(&giver->plan) + giver->position;

	giver->by_fill = true;
	if (giver->by_span)
		giver_violate(giver, "pulled by spans and by filling");
	if (capacity < FILL_BYTES_MIN)
		giver_violate(giver, "a filler gets room for %zu bytes", capacity);
	if (giver_advance(giver, capacity, filled, err) != 0)
		return -1;
	memcpy(buffer, from, *filled);
	return 0;
}

/* Of the lasting kind: a seventh, a third, a half, and what is left. */
static size_t giver_span_limit(const struct toy_giver *giver)
{
	static const size_t parts[] = {7, 3, 2};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (giver->plan.bytes / parts[i] > giver->position)
			return giver->plan.bytes / parts[i] - giver->position;
	return SIZE_MAX;
}

static int giver_span(struct give *give, struct span *span, struct err *err)
{
	struct toy_giver *giver = (struct toy_giver *)give;
	const char *from = toy_expected(&giver->plan) + giver->position;
	bool lasting = giver->plan.kind == TOY_SPANS;

	giver->by_span = true;
	if (giver->by_fill)
		giver_violate(giver, "pulled by spans and by filling");
	*span = (struct span){.data = lasting ? from : giver->stage, .lasting = lasting};
	if (giver_advance(giver, lasting ? giver_span_limit(giver) : sizeof(giver->stage),
			  &span->bytes, err) != 0)
		return -1;
	if (!lasting)
		memcpy(giver->stage, from, span->bytes);
	return 0;
}

static int giver_measure(struct give *give, struct err *err UNUSED)
{
	struct toy_giver *giver = (struct toy_giver *)give;

	if (giver->position)
		giver_violate(giver, "measured after %zu bytes", giver->position);
	give->length_bytes = giver->plan.bytes;
	return 0;
}

void toy_giver_begin(struct toy_giver *giver, const struct toy_plan *plan)
{
	giver->plan = *plan;
	giver->position = 0;
	giver->by_span = giver->by_fill = false;
	giver->violation[0] = '\0';
	giver->give = (struct give){
		.length_bytes = plan->kind == TOY_FILL ? MESSAGE_LENGTH_UNKNOWN : plan->bytes,
		.text = plan->text,
		.by_span = plan->kind == TOY_SPANS,
		.media_type = plan->text ? "text/plain" : "application/octet-stream",
		.span = giver_span,
		.fill = giver_fill,
		.measure = giver_measure,
	};
}

/* A slot's: no other call of the slot may be under way. */

static int toy_fill(struct give *give, void *buffer, size_t capacity, size_t *filled,
		    struct err *err)
{
	struct toy_slot *slot = (struct toy_slot *)give;
	int status;

	toy_enter(slot, "fill", true);
	status = giver_fill(give, buffer, capacity, filled, err);
	toy_leave(slot);
	return status;
}

static int toy_span(struct give *give, struct span *span, struct err *err)
{
	struct toy_slot *slot = (struct toy_slot *)give;
	int status;

	toy_enter(slot, "span", true);
	status = giver_span(give, span, err);
	toy_leave(slot);
	return status;
}

static int toy_measure(struct give *give, struct err *err)
{
	struct toy_slot *slot = (struct toy_slot *)give;
	int status;

	toy_enter(slot, "measure", true);
	status = giver_measure(give, err);
	toy_leave(slot);
	return status;
}

/* The service. */

static struct take *toy_request(void *state, struct err *err)
{
	struct toy_slot *slot = state;
	struct toy_take *take = slot->request;

	toy_enter(slot, "request", false);
	if (!slot->server->service.takes)
		toy_violate(slot->server, "a request() where requests are empty");
	slot->open = true;
	toy_leave(slot);
	toy_add(slot->server, &slot->requests);
	if (take)
		return &take->take;
	(void)err_set(err, ERR_MEMORY, "the toy expects nothing");
	return NULL;
}

/* The request, if it carries something, has come whole. */
static void toy_check_request(struct toy_slot *slot)
{
	const struct toy_take *take = slot->request;

	if (!slot->open)
		toy_violate(slot->server, "a reply() before the request()");
	else if (take->ended != 1 || take->bytes != slot->request_plan.bytes)
		toy_violate(slot->server, "a reply() after %d ends and %zu of %zu bytes",
			    take->ended, take->bytes, slot->request_plan.bytes);
}

static int toy_reply(void *state, struct give **give, struct err *err)
{
	struct toy_slot *slot = state;
	struct toy_server *server = slot->server;
	bool takes = server->service.takes;
	struct toy_plan plan;

	toy_enter(slot, "reply", takes);
	if (takes)
		toy_check_request(slot);
	(void)pthread_mutex_lock(&server->lock);
	plan = slot->next;
	(void)pthread_mutex_unlock(&server->lock);
	toy_giver_begin(&slot->giver, &plan);
	slot->giver.give.span = toy_span;
	slot->giver.give.fill = toy_fill;
	slot->giver.give.measure = toy_measure;
	slot->open = true;
	toy_leave(slot);
	if (!takes)
		toy_add(server, &slot->requests);
	if (plan.refuse)
		toy_add(server, &slot->refused);
	if (plan.refuse)
		return err_set(err, ERR_MEMORY, "the toy has nothing to give");
	if (!plan.none)
		*give = &slot->giver.give;
	return 0;
}

static void toy_replied(void *state, bool delivered)
{
	struct toy_slot *slot = state;
	const struct toy_giver *giver = &slot->giver;

	toy_enter(slot, "replied", true);
	slot->open = false;
	if (giver->violation[0])
		toy_violate(slot->server, "%s", giver->violation);
	if (delivered && !giver->plan.none && giver->position != giver->plan.bytes)
		toy_violate(slot->server, "delivered after %zu of %zu bytes", giver->position,
			    giver->plan.bytes);
	toy_leave(slot);
	toy_add(slot->server, delivered ? &slot->delivered : &slot->lost);
}

static void toy_left(void *state)
{
	struct toy_slot *slot = state;

	toy_enter(slot, "leave", false);
	toy_leave(slot);
	toy_add(slot->server, &slot->left);
}

static struct toy_slot *toy_find(struct toy_server *server, const char *ticket)
{
	for (size_t i = 0; i < TOY_SLOTS; i++)
		if (strcmp(server->slots[i].ticket, ticket) == 0)
			return &server->slots[i];
	return NULL;
}

static void *toy_admit(struct service *service, const char *ticket, int fd, struct err *err)
{
	struct toy_server *server = (struct toy_server *)service;
	struct toy_slot *slot;

	(void)pthread_mutex_lock(&server->lock);
	slot = service->admit_any ? &server->slots[server->anybody++ % TOY_SLOTS] :
				    toy_find(server, ticket);
	(void)pthread_mutex_unlock(&server->lock);
	if (slot) {
		slot->fd = fd;
		toy_add(server, &slot->admitted);
		return slot;
	}
	toy_add(server, &server->turned_away);
	(void)err_set(err, ERR_PROTOCOL, "the toy does not know this ticket");
	return NULL;
}

static const char *toy_ticket(struct service *service, size_t index)
{
	struct toy_server *server = (struct toy_server *)service;

	return index < TOY_SLOTS && !service->admit_any ? server->slots[index].ticket : NULL;
}

static void toy_complain(struct service *service, const char *text)
{
	struct toy_server *server = (struct toy_server *)service;

	if (!text[0] || strchr(text, '\n'))
		toy_violate(server, "a complaint that is not one line of words");
	toy_add(server, &server->complaints);
}

/* The lifetime of the server around it. */

static void toy_slots_init(struct toy_server *server)
{
	for (size_t i = 0; i < TOY_SLOTS; i++) {
		struct toy_slot *slot = &server->slots[i];

		slot->server = server;
		(void)snprintf(slot->ticket, sizeof(slot->ticket), "0123456789abcdef/%zu", i);
		slot->next = (struct toy_plan){.bytes = 100 + i, .fail_at = TOY_NEVER};
	}
}

static void toy_server_init(struct toy_server *server, bool admit_any)
{
	memset(server, 0, sizeof(*server));
	server->service = (struct service){
		.admit = toy_admit,
		.admit_any = admit_any,
		.ticket = toy_ticket,
		.request = toy_request,
		.reply = toy_reply,
		.replied = toy_replied,
		.leave = toy_left,
		.complain = toy_complain,
	};
	(void)pthread_mutex_init(&server->lock, NULL);
	(void)pthread_cond_init(&server->changed, NULL);
	toy_slots_init(server);
	(void)snprintf(server->directory, sizeof(server->directory), "/tmp/ipctop-toy-XXXXXX");
	server->state = calloc(1, toy_row->server_size);
}

bool toy_server_open(struct toy_server *server, bool admit_any)
{
	struct server_setup setup = {
		.service = &server->service,
		.directory = server->directory,
		.wait = toy_wait,
	};

	toy_server_init(server, admit_any);
	if (!server->state || !mkdtemp(server->directory)) {
		TEST_FAIL("no memory or no directory for a server");
		return false;
	}
	if (toy_row->server_open(server->state, &setup, server->address, &server->err) == 0)
		return true;
	TEST_FAIL("server_open: %s", server->err.message);
	toy_server_end(server);
	return false;
}

static void *toy_server_main(void *arg)
{
	struct toy_server *server = arg;

	server->status = toy_row->server_run(server->state, &server->err);
	return NULL;
}

bool toy_server_run(struct toy_server *server)
{
	server->running = pthread_create(&server->thread, NULL, toy_server_main, server) == 0;
	if (!server->running)
		TEST_FAIL("no thread for the server");
	return server->running;
}

bool toy_server_start(struct toy_server *server, bool admit_any)
{
	return toy_server_open(server, admit_any) && toy_server_run(server);
}

bool toy_server_start_taking(struct toy_server *server)
{
	if (!toy_server_open(server, false))
		return false;
	server->service.takes = true;
	return toy_server_run(server);
}

int toy_server_stop(struct toy_server *server)
{
	if (!server->running)
		return server->status;
	toy_row->server_stop(server->state);
	(void)pthread_join(server->thread, NULL);
	server->running = false;
	return server->status;
}

/* Every admission has its leave, every request its replied, and nothing broke a rule. */
static void toy_server_audit(const struct toy_server *server)
{
	if (server->violation[0])
		TEST_FAIL("%s", server->violation);
	if (server->status != 0)
		TEST_FAIL("server_run: %s", server->err.message);
	for (size_t i = 0; i < TOY_SLOTS; i++) {
		const struct toy_slot *slot = &server->slots[i];

		if (slot->left != slot->admitted)
			TEST_FAIL("slot %zu: %zu admitted, %zu left", i, slot->admitted,
				  slot->left);
		if (slot->delivered + slot->lost != slot->requests)
			TEST_FAIL("slot %zu: %zu requests, %zu delivered, %zu lost", i,
				  slot->requests, slot->delivered, slot->lost);
	}
}

void toy_server_end(struct toy_server *server)
{
	(void)toy_server_stop(server);
	toy_row->server_close(server->state);
	toy_server_audit(server);
	free(server->state);
	if (rmdir(server->directory) != 0)
		TEST_FAIL("the server left something in its directory");
	(void)pthread_mutex_destroy(&server->lock);
	(void)pthread_cond_destroy(&server->changed);
}

void toy_await(struct toy_server *server, const size_t *counter, size_t least)
{
	(void)pthread_mutex_lock(&server->lock);
	while (*counter < least)
		(void)pthread_cond_wait(&server->changed, &server->lock);
	(void)pthread_mutex_unlock(&server->lock);
}

size_t toy_count(struct toy_server *server, const size_t *counter)
{
	size_t count;

	(void)pthread_mutex_lock(&server->lock);
	count = *counter;
	(void)pthread_mutex_unlock(&server->lock);
	return count;
}

void toy_plan_next(struct toy_server *server, size_t slot, const struct toy_plan *plan)
{
	(void)pthread_mutex_lock(&server->lock);
	server->slots[slot].next = *plan;
	(void)pthread_mutex_unlock(&server->lock);
}
