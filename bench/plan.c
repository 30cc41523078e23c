/* SPDX-License-Identifier: MIT */
/* What to run: from lists in words to cells. */
#include "bench/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transports/io.h"

const char *const source_names[] = {"ready", "fresh", NULL};
const char *const memory_names[] = {"reused", "fresh", NULL};
const char *const pages_names[] = {"small", "huge", NULL};
const char *const wait_names[] = {"block", "spin", "hybrid", NULL};
const char *const pin_names[] = {"none", "split", "same", NULL};

const struct plan_options plan_defaults = {
	PLAN_COMMON,
	.source = SOURCE_READY,
	.memory = MEMORY_REUSED,
	.samples = 1000,
	.budget_ns = 5000000000,
	.blocks = 5,
};

const struct plan_options plan_duel_defaults = {
	PLAN_COMMON,
	.source = SOURCE_READY,
	.memory = MEMORY_REUSED,
	.samples = 100000,
	.budget_ns = 40000000000,
	.blocks = 200,
};

/* What a list has been read into. Each thing is in it once, in the order of its first mention. */
struct list {
	struct transport *transports;
	size_t transport_count;
	struct shape *shapes;
	size_t shape_count;
};

typedef int list_add(struct list *list, const char *item, struct err *err);

static void transport_add(struct list *list, const struct transport *transport)
{
	for (size_t i = 0; i < list->transport_count; i++) {
		if (list->transports[i].carrier == transport->carrier &&
		    list->transports[i].encoding == transport->encoding)
			return;
	}
	list->transports[list->transport_count++] = *transport;
}

static void shape_add(struct list *list, const struct shape *shape)
{
	for (size_t i = 0; i < list->shape_count; i++) {
		if (shape_equal(&list->shapes[i], shape))
			return;
	}
	list->shapes[list->shape_count++] = *shape;
}

static int transports_add_all(struct list *list, struct err *err)
{
	struct transport transport;

	(void)err; /* one of the functions of the table below */
	/* Those that come with ipctop are there to compare with, when asked for: see below. */
	for (size_t i = 0; transport_at(i, &transport); i++)
		if (!(transport.carrier->flags & CARRIER_SHIPPED))
			transport_add(list, &transport);
	return 0;
}

static int transports_add_shipped(struct list *list, struct err *err)
{
	struct transport transport;
	size_t found = 0;

	for (size_t i = 0; transport_at(i, &transport); i++)
		if (transport.carrier->flags & CARRIER_SHIPPED) {
			transport_add(list, &transport);
			found++;
		}
	return found ? 0 :
		       err_set(err, ERR_USAGE,
			       "the Python pairs are not where ipctop looks for them: make install "
			       "puts them into PREFIX/share/ipctop/pairs");
}

static int transports_add_blog(struct list *list, struct err *err)
{
	static const char *const names[] = {
		"http+json", "http+base64", "ws+bytes", "http+shm", "ws+shm", "mp+pickle",
	};
	struct transport transport;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (transport_parse(names[i], &transport, err) != 0)
			return -1;
		transport_add(list, &transport);
	}
	return 0;
}

/* The words that stand for several transports. */
static const struct group {
	const char *name;
	int (*add)(struct list *list, struct err *err);
} group_table[] = {
	{"all", transports_add_all},
	{"blog", transports_add_blog},
	{"py", transports_add_shipped},
};

static int transport_item_add(struct list *list, const char *item, struct err *err)
{
	struct transport transport;

	for (size_t i = 0; i < sizeof(group_table) / sizeof(group_table[0]); i++) {
		if (strcmp(item, group_table[i].name) == 0)
			return group_table[i].add(list, err);
	}
	if (transport_parse(item, &transport, err) != 0)
		return -1;
	transport_add(list, &transport);
	return 0;
}

static int shape_item_add(struct list *list, const char *item, struct err *err)
{
	struct shape shape;

	if (shape_parse(item, &shape, err) != 0)
		return -1;
	shape_add(list, &shape);
	return 0;
}

/* How long the item at text is: up to a comma outside of parentheses. */
static size_t item_length(const char *text)
{
	size_t length = 0;
	bool inside = false;

	for (; text[length] && (inside || text[length] != ','); length++) {
		if (text[length] == '(' || text[length] == ')')
			inside = text[length] == '(';
	}
	return length;
}

/* Copies the item of length bytes at text without the spaces around it. Returns item. */
static char *item_copy(char *item, const char *text, size_t length)
{
	while (length && *text == ' ') {
		text++;
		length--;
	}
	while (length && text[length - 1] == ' ')
		length--;
	memcpy(item, text, length);
	item[length] = '\0';
	return item;
}

static int list_read_into(struct list *list, const char *text, char *item, list_add *add,
			  struct err *err)
{
	for (;;) {
		size_t length = item_length(text);

		if (!*item_copy(item, text, length))
			return err_set(err, ERR_USAGE,
				       "the list \"%.80s\" has nothing between two commas", text);
		if (add(list, item, err) != 0)
			return -1;
		if (!text[length])
			return 0;
		text += length + 1;
	}
}

static int list_read(struct list *list, const char *text, const char *what, list_add *add,
		     struct err *err)
{
	char *item;
	int status;

	if (!text || !text[strspn(text, " ")])
		return err_set(err, ERR_USAGE, "the list of %s is empty", what);
	item = malloc(strlen(text) + 1);
	if (!item)
		return err_set(err, ERR_MEMORY, "no memory for the list of %s", what);
	status = list_read_into(list, text, item, add, err);
	free(item);
	return status;
}

static size_t transport_count(void)
{
	struct transport transport;
	size_t count = 0;

	while (transport_at(count, &transport))
		count++;
	return count;
}

static size_t item_count_max(const char *text)
{
	size_t count = 1;

	for (const char *p = text; p && *p; p++)
		count += *p == ',';
	return count;
}

/* Room for everything that the lists can name. */
static int list_open(struct list *list, const char *shapes, struct err *err)
{
	*list = (struct list){
		.transports = calloc(transport_count() + 1, sizeof(*list->transports)),
		.shapes = calloc(item_count_max(shapes), sizeof(*list->shapes)),
	};
	if (!list->transports || !list->shapes)
		return err_set(err, ERR_MEMORY, "no memory for the plan");
	return 0;
}

static void list_close(struct list *list)
{
	free(list->transports);
	free(list->shapes);
}

const double plan_sweep_loads[PLAN_SWEEP_STEPS] = {0,   0.1, 0.2, 0.35, 0.5, 0.6,
						   0.7, 0.8, 0.9, 1,    1.1};

struct plan_cell plan_cell_make(const struct transport *transport, const struct shape *shape,
				const struct plan_options *options, const struct preset *preset)
{
	struct plan_cell cell = {
		.transport = *transport,
		.type = array_describe(shape, DTYPE_FLOAT64),
		.samples = options->samples,
		.clients = options->clients,
		.rate = options->rate > 0 ? options->rate : 0,
	};

	if (preset && preset->samples) {
		uint64_t limit = preset->samples(transport, &cell.type);

		if (cell.samples > limit)
			cell.samples = limit;
	}
	return cell;
}

size_t plan_steps(const struct plan_options *options)
{
	return options->rate < 0 ? PLAN_SWEEP_STEPS : 1;
}

void plan_append(struct plan *plan, const struct plan_cell *cell)
{
	size_t base = plan->cell_count;

	for (size_t step = 0; step < plan_steps(&plan->options); step++) {
		struct plan_cell *added = &plan->cells[plan->cell_count++];

		*added = *cell;
		added->load = plan_sweep_loads[step];
		added->base = base;
	}
}

static int plan_fill(struct plan *plan, const struct list *list, const struct preset *preset,
		     struct err *err)
{
	size_t count = list->transport_count * list->shape_count;

	plan->cells = calloc(count * plan_steps(&plan->options), sizeof(*plan->cells));
	if (!plan->cells)
		return err_set(err, ERR_MEMORY, "no memory for a plan of %zu cells", count);
	for (size_t i = 0; i < count; i++) {
		struct plan_cell cell =
			plan_cell_make(&list->transports[i / list->shape_count],
				       &list->shapes[i % list->shape_count], &plan->options,
				       preset);

		plan_append(plan, &cell);
	}
	return 0;
}

int plan_make(struct plan *plan, const char *transports, const char *shapes,
	      const struct plan_options *options, const struct preset *preset, struct err *err)
{
	struct list list;
	int status = list_open(&list, shapes, err);

	*plan = (struct plan){.options = *options};
	if (preset)
		(void)snprintf(plan->preset, sizeof(plan->preset), "%s", preset->name);
	if (status == 0)
		status = list_read(&list, transports, "transports", transport_item_add, err);
	if (status == 0)
		status = list_read(&list, shapes, "shapes", shape_item_add, err);
	if (status == 0)
		status = plan_fill(plan, &list, preset, err);
	list_close(&list);
	return status;
}

int plan_make_duel(struct plan *plan, const char *a, const char *b, const char *shape,
		   const struct plan_options *options, struct err *err)
{
	struct transport transports[2];
	struct shape parsed;

	*plan = (struct plan){.options = *options, .duel = true};
	if (transport_parse(a, &transports[0], err) != 0 ||
	    transport_parse(b, &transports[1], err) != 0 || shape_parse(shape, &parsed, err) != 0)
		return -1;
	plan->cells = calloc(2, sizeof(*plan->cells));
	if (!plan->cells)
		return err_set(err, ERR_MEMORY, "no memory for a duel");
	for (size_t i = 0; i < 2; i++)
		plan->cells[plan->cell_count++] =
			plan_cell_make(&transports[i], &parsed, options, NULL);
	return 0;
}

int plan_check_wait(const struct transport *transport, enum wait_mode wait, struct err *err)
{
	if (transport->carrier->waits & WAIT_BIT(wait))
		return 0;
	return err_set(err, ERR_UNSUPPORTED, "%s has no --wait %s (see ipctop list)",
		       transport->carrier->name, wait_names[wait]);
}

bool plan_spins_crowded(const struct plan_options *options, uint64_t clients,
			unsigned usable_cpus)
{
	return options->wait != WAIT_BLOCK &&
	       (options->pin == PIN_SAME || (usable_cpus && usable_cpus < 2 * clients));
}

static int plan_check_address(const struct carrier *carrier, const char *address,
			      struct err *err)
{
	size_t length = strlen(carrier->scheme);

	if (strncmp(address, carrier->scheme, length) != 0 ||
	    strncmp(address + length, "://", 3) != 0)
		return err_set(err, ERR_USAGE,
			       "--connect \"%.100s\" is no address for the carrier %s: "
			       "it begins with %s://", address, carrier->name, carrier->scheme);
	return io_check_address(address, carrier->flags & CARRIER_SOCKET_FILE, err);
}

int plan_connect(struct plan *plan, const char *address, struct err *err)
{
	if (plan->cell_count != plan_steps(&plan->options))
		return err_set(err, ERR_USAGE,
			       "--connect measures one transport and one shape, not %zu cells: "
			       "-t http+json -s 1x3x224x224", plan->cell_count);
	if (plan->cells[0].transport.carrier->program)
		return err_set(err, ERR_USAGE, "--connect goes with a client of ours: %s is a "
			       "program of its own", plan->cells[0].transport.carrier->name);
	if (plan->options.pin != PIN_NONE)
		return err_set(err, ERR_USAGE, "--pin cannot pin a server that is not ours: "
			       "leave it out with --connect");
	if (plan_check_address(plan->cells[0].transport.carrier, address, err) != 0)
		return -1;
	(void)snprintf(plan->connect, sizeof(plan->connect), "%s", address);
	/* Other programs' segments are new for every reply, whatever we would do with our own. */
	if (plan->cells[0].transport.encoding->flags & ENCODING_BY_REFERENCE)
		plan->options.memory = MEMORY_FRESH;
	return 0;
}

void plan_free(struct plan *plan)
{
	free(plan->cells);
	*plan = (struct plan){0};
}
