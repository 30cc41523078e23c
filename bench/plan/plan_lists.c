/* SPDX-License-Identifier: MIT */
/* The lists of transports and of shapes that a plan is made of, from words. */
#include "bench/plan/plan_lists.h"

#include <stdlib.h>
#include <string.h>

#include "bench/plan/type_read.h"
#include "transports/unused.h"

/* direction: of the run, by which an item may be two types. */
typedef int item_add(struct plan_lists *lists, const char *item, enum direction direction,
		     struct err *err);

static void transport_add(struct plan_lists *lists, const struct transport *transport)
{
	for (size_t i = 0; i < lists->transport_count; i++) {
		if (lists->transports[i].carrier == transport->carrier &&
		    lists->transports[i].encoding == transport->encoding)
			return;
	}
	lists->transports[lists->transport_count++] = *transport;
}

/* Tables have a column for each type that comes back, which one request must be enough to name. */
static int pair_add(struct plan_lists *lists, const struct type_pair *pair, struct err *err)
{
	char text[ARRAY_TYPE_TEXT_BYTES];

	for (size_t i = 0; i < lists->type_count; i++) {
		if (!array_type_equal(&lists->types[i].reply, &pair->reply))
			continue;
		if (array_type_equal(&lists->types[i].request, &pair->request))
			return 0;
		return err_set(err, ERR_USAGE,
			       "two requests of the list bring back %.80s: measure them one after "
			       "the other", array_type_format(&pair->reply, text));
	}
	lists->types[lists->type_count++] = *pair;
	return 0;
}

static int transports_add_all(struct plan_lists *lists, struct err *err UNUSED)
{
	struct transport transport;

	/* Pairs that come with ipctop are taken only when they are asked for: see below. */
	for (size_t i = 0; transport_at(i, &transport); i++)
		if (!(transport.carrier->flags & CARRIER_SHIPPED))
			transport_add(lists, &transport);
	return 0;
}

static int transports_add_shipped(struct plan_lists *lists, struct err *err)
{
	struct transport transport;
	size_t found = 0;

	for (size_t i = 0; transport_at(i, &transport); i++)
		if (transport.carrier->flags & CARRIER_SHIPPED) {
			transport_add(lists, &transport);
			found++;
		}
	return found ? 0 :
		       err_set(err, ERR_USAGE,
			       "the Python pairs are not where ipctop looks for them: make install "
			       "puts them into PREFIX/share/ipctop/pairs");
}

static int transports_add_blog(struct plan_lists *lists, struct err *err)
{
	static const char *const names[] = {
		"http+json", "http+base64", "ws+bytes", "http+shm", "ws+shm", "mp+pickle",
	};
	struct transport transport;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (transport_parse(names[i], &transport, err) != 0)
			return -1;
		transport_add(lists, &transport);
	}
	return 0;
}

/* The words that stand for several transports. */
static const struct group {
	const char *name;
	int (*add)(struct plan_lists *lists, struct err *err);
} group_table[] = {
	{"all", transports_add_all},
	{"blog", transports_add_blog},
	{"py", transports_add_shipped},
};

static int transport_item_add(struct plan_lists *lists, const char *item,
			      enum direction direction UNUSED, struct err *err)
{
	struct transport transport;

	for (size_t i = 0; i < sizeof(group_table) / sizeof(group_table[0]); i++) {
		if (strcmp(item, group_table[i].name) == 0)
			return group_table[i].add(lists, err);
	}
	if (transport_parse(item, &transport, err) != 0)
		return -1;
	transport_add(lists, &transport);
	return 0;
}

static int type_item_add(struct plan_lists *lists, const char *item, enum direction direction,
			 struct err *err)
{
	struct type_pair pair;

	if (type_pair_read(item, lists->usual, direction, &pair, err) != 0)
		return -1;
	return pair_add(lists, &pair, err);
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

/* A list, as it is read: what it is of, and what takes its items. */
struct list {
	const char *text;
	const char *what;
	item_add *add;
	enum direction direction;
};

static int list_read_into(struct plan_lists *lists, const struct list *list, char *item,
			  struct err *err)
{
	const char *text = list->text;

	for (;;) {
		size_t length = type_item_length(text);

		if (!*item_copy(item, text, length))
			return err_set(err, ERR_USAGE,
				       "the list \"%.80s\" has nothing between two commas", text);
		if (list->add(lists, item, list->direction, err) != 0)
			return -1;
		if (!text[length])
			return 0;
		text += length + 1;
	}
}

static int list_read(struct plan_lists *lists, const struct list *list, struct err *err)
{
	const char *text = list->text;
	char *item;
	int status;

	if (!text || !text[strspn(text, " ")])
		return err_set(err, ERR_USAGE, "the list of %s is empty", list->what);
	item = malloc(strlen(text) + 1);
	if (!item)
		return err_set(err, ERR_MEMORY, "no memory for the list of %s", list->what);
	status = list_read_into(lists, list, item, err);
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

int plan_lists_read(struct plan_lists *lists, const char *transports, const char *shapes,
		    const struct plan_options *options, struct err *err)
{
	const struct list list_table[] = {
		{transports, "transports", transport_item_add, options->direction},
		{shapes, "shapes", type_item_add, options->direction},
	};

	/* Room for everything that the lists can name. */
	*lists = (struct plan_lists){
		.usual = options->dtype,
		.transports = calloc(transport_count() + 1, sizeof(*lists->transports)),
		.types = calloc(item_count_max(shapes), sizeof(*lists->types)),
	};
	if (!lists->transports || !lists->types)
		return err_set(err, ERR_MEMORY, "no memory for the plan");
	if (list_read(lists, &list_table[0], err) != 0)
		return -1;
	return list_read(lists, &list_table[1], err);
}

void plan_lists_free(struct plan_lists *lists)
{
	free(lists->transports);
	free(lists->types);
}
