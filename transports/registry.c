/* SPDX-License-Identifier: MIT */
/* The two registries and their product. */
#include "transports/registry.h"

#include <stdio.h>
#include <string.h>

#define ENCODING(name) extern const struct encoding encoding_##name;
#include "transports/encodings.def"
#undef ENCODING

#define CARRIER(name) extern const struct carrier carrier_##name;
#include "transports/carriers.def"
#undef CARRIER

const struct encoding *const encoding_table[] = {
#define ENCODING(name) &encoding_##name,
#include "transports/encodings.def"
#undef ENCODING
	NULL,
};

const struct carrier *const carrier_table[] = {
#define CARRIER(name) &carrier_##name,
#include "transports/carriers.def"
#undef CARRIER
	NULL,
};

/* What was added at run time; the one thing here that is not a constant. */
static struct {
	struct transport rows[REGISTRY_ADDED_MAX];
	size_t count;
} registry_added;

static size_t encoding_count(void)
{
	return sizeof(encoding_table) / sizeof(encoding_table[0]) - 1;
}

static size_t carrier_count(void)
{
	return sizeof(carrier_table) / sizeof(carrier_table[0]) - 1;
}

bool transport_at(size_t index, struct transport *transport)
{
	size_t product = carrier_count() * encoding_count();

	if (index >= product) {
		if (index - product >= registry_added.count)
			return false;
		*transport = registry_added.rows[index - product];
		return true;
	}
	transport->carrier = carrier_table[index / encoding_count()];
	transport->encoding = encoding_table[index % encoding_count()];
	return true;
}

char *transport_format(const struct transport *transport, char text[TRANSPORT_NAME_BYTES])
{
	(void)snprintf(text, TRANSPORT_NAME_BYTES, "%s+%s", transport->carrier->name,
		       transport->encoding->name);
	return text;
}

#define NAME_LETTERS_MAX 31

/* Levenshtein's distance between two names of at most NAME_LETTERS_MAX letters. */
static size_t name_distance(const char *a, const char *b)
{
	size_t row[NAME_LETTERS_MAX + 1];
	size_t length = strlen(b);

	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < length; j++) {
			size_t replaced = diagonal + (a[i] != b[j]);
			size_t best = row[j] < row[j + 1] ? row[j] + 1 : row[j + 1] + 1;

			diagonal = row[j + 1];
			row[j + 1] = replaced < best ? replaced : best;
		}
	}
	return row[length];
}

/* Writes the transport that may have been meant: what takes a few slips to write, else "". */
static void transport_nearest(const char *name, char text[TRANSPORT_NAME_BYTES])
{
	struct transport transport;
	size_t best = strlen(name) / 3 + 2; /* beyond a third of the letters it is a guess */
	char candidate[TRANSPORT_NAME_BYTES];

	text[0] = '\0';
	for (size_t i = 0; transport_at(i, &transport); i++) {
		size_t distance = name_distance(name, transport_format(&transport, candidate));

		if (distance < best) {
			best = distance;
			memcpy(text, candidate, sizeof(candidate));
		}
	}
}

static bool transport_find(const char *name, struct transport *transport)
{
	char text[TRANSPORT_NAME_BYTES];

	for (size_t i = 0; transport_at(i, transport); i++)
		if (strcmp(name, transport_format(transport, text)) == 0)
			return true;
	return false;
}

const struct encoding *encoding_find(const char *name)
{
	size_t i = 0;

	while (encoding_table[i] && strcmp(encoding_table[i]->name, name) != 0)
		i++;
	return encoding_table[i];
}

int registry_add(const struct carrier *carrier, const struct encoding *encoding, struct err *err)
{
	const struct transport added = {carrier, encoding};
	struct transport found;
	char name[TRANSPORT_NAME_BYTES];

	if (transport_find(transport_format(&added, name), &found))
		return err_set(err, ERR_USAGE, "there is a transport %s already", name);
	if (registry_added.count == REGISTRY_ADDED_MAX)
		return err_set(err, ERR_RANGE, "no more than %d transports can be added",
			       REGISTRY_ADDED_MAX);
	registry_added.rows[registry_added.count++] = added;
	return 0;
}

int transport_parse(const char *name, struct transport *transport, struct err *err)
{
	struct transport candidate;
	char text[TRANSPORT_NAME_BYTES];

	if (transport_find(name, &candidate)) {
		*transport = candidate;
		return 0;
	}
	if (strlen(name) > NAME_LETTERS_MAX)
		return err_set(err, ERR_USAGE, "unknown transport \"%.40s...\": see ipctop list",
			       name);
	transport_nearest(name, text);
	if (!*text)
		return err_set(err, ERR_USAGE,
			       "unknown transport \"%s\": carrier+encoding is wanted, "
			       "as http+json; see ipctop list",
			       name);
	return err_set(err, ERR_USAGE, "unknown transport \"%s\": did you mean \"%s\"?", name,
		       text);
}

char *transport_libraries(const struct transport *transport, bool server,
			  char text[TRANSPORT_LIBRARIES_BYTES])
{
	char encoding[TRANSPORT_LIBRARIES_BYTES / 2] = "";
	char carrier[TRANSPORT_LIBRARIES_BYTES / 2 - 2] = "";

	if (transport->carrier->libraries)
		transport->carrier->libraries(server, carrier, sizeof(carrier));
	/* A foreign program has its own code for the encoding of that name. */
	if (transport->encoding->libraries && !transport->carrier->program)
		transport->encoding->libraries(encoding, sizeof(encoding));
	(void)snprintf(text, TRANSPORT_LIBRARIES_BYTES, "%s%s%s", carrier,
		       carrier[0] && encoding[0] ? "; " : "", encoding);
	return text;
}
