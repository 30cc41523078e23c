/* SPDX-License-Identifier: MIT */
/* The document of foreign pairs, through cJSON. */
#include "bench/plan/foreign_pairs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "bench/plan/direction.h"
#include "bench/text/text.h"

/* Each takes what a member holds. Returns what is wrong with it, or NULL. */
typedef const char *member_read(struct pairs_row *row, const cJSON *item);

static bool letters_are(const char *text, size_t length)
{
	return length && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static const char *read_name(struct pairs_row *row, const cJSON *item)
{
	const char *name = cJSON_GetStringValue(item);
	const char *plus = name ? strchr(name, '+') : NULL;

	if (!plus || !letters_are(name, (size_t)(plus - name)) ||
	    !letters_are(plus + 1, strlen(plus + 1)))
		return "must be CARRIER+ENCODING, of small letters, digits and dashes";
	if (strlen(name) >= sizeof(row->name))
		return "must have 31 characters at most";
	(void)snprintf(row->name, sizeof(row->name), "%s", name);
	(void)snprintf(row->carrier_name, sizeof(row->carrier_name), "%.*s", (int)(plus - name),
		       name);
	row->encoding_name = row->name + (plus - name) + 1;
	return NULL;
}

static const char *read_title(struct pairs_row *row, const cJSON *item)
{
	char clean[PAIRS_TITLE_BYTES];

	row->title = cJSON_GetStringValue(item);
	if (!row->title || strcmp(text_clean(clean, sizeof(clean), row->title), row->title) != 0)
		return "must be a text of 63 bytes at most, without control characters";
	return NULL;
}

static const char *read_words(const char *words[PAIRS_WORDS_MAX + 1], const cJSON *item)
{
	const cJSON *word;
	size_t count = 0;

	if (!cJSON_IsArray(item) || !item->child)
		return "must be a list: the program and its arguments";
	cJSON_ArrayForEach(word, item)
	{
		if (!cJSON_IsString(word) || count == PAIRS_WORDS_MAX)
			return "must be a list of 32 texts at most";
		words[count++] = word->valuestring;
	}
	return *words[0] ? NULL : "names no program";
}

static const char *read_server(struct pairs_row *row, const cJSON *item)
{
	return read_words(row->server, item);
}

static const char *read_client(struct pairs_row *row, const cJSON *item)
{
	return read_words(row->client, item);
}

static const char *read_env(struct pairs_row *row, const cJSON *item)
{
	const cJSON *variable;
	size_t count = 0;

	if (!cJSON_IsObject(item))
		return "must be an object of texts";
	cJSON_ArrayForEach(variable, item)
	{
		if (!cJSON_IsString(variable) || !*variable->string ||
		    strchr(variable->string, '=') || count == PAIRS_VARIABLES_MAX)
			return "must be an object of 16 texts at most";
		row->environment[2 * count] = variable->string;
		row->environment[2 * count++ + 1] = variable->valuestring;
	}
	return NULL;
}

static const char *read_directory(struct pairs_row *row, const cJSON *item)
{
	row->relative = cJSON_GetStringValue(item);
	if (!row->relative || !*row->relative || strlen(row->relative) >= PAIRS_PATH_BYTES)
		return "must be a path, which is taken from where the file is";
	return NULL;
}

static const char *read_checksums(struct pairs_row *row, const cJSON *item)
{
	row->checksums = cJSON_IsTrue(item);
	return cJSON_IsBool(item) ? NULL : "must be true or false";
}

static const char *read_protocol(struct pairs_row *row, const cJSON *item)
{
	double version = cJSON_IsNumber(item) ? item->valuedouble : 0;

	if (version != 1 && version != 2)
		return "must be 1 or 2";
	row->protocol = (unsigned)version;
	return NULL;
}

static const char *read_dtypes(struct pairs_row *row, const cJSON *item)
{
	const cJSON *word;
	enum dtype dtype;

	cJSON_ArrayForEach(word, item)
	{
		if (!cJSON_IsString(word) || dtype_parse(word->valuestring, &dtype, NULL) != 0)
			return "must be a list of dtypes, such as [\"float64\", \"uint8\"]";
		row->dtypes |= DTYPE_BIT(dtype);
	}
	return cJSON_IsArray(item) && row->dtypes ? NULL : "must be a list of one dtype or more";
}

static const char *read_directions(struct pairs_row *row, const cJSON *item)
{
	const cJSON *word;

	cJSON_ArrayForEach(word, item)
	{
		unsigned i = 0;

		while (cJSON_IsString(word) && direction_names[i] &&
		       strcmp(direction_names[i], word->valuestring) != 0)
			i++;
		if (!cJSON_IsString(word) || !direction_names[i])
			return "must be a list of \"pull\", \"push\" and \"both\"";
		row->directions |= 1u << i;
	}
	return cJSON_IsArray(item) && row->directions ? NULL :
							"must be a list of one direction or more";
}

static const char *read_needs(struct pairs_row *row, const cJSON *item)
{
	const cJSON *need;

	if (!cJSON_IsObject(item))
		return "must be an object: \"/path\": \"package\"";
	cJSON_ArrayForEach(need, item)
	{
		if (row->need_count == PAIRS_NEEDS_MAX || need->string[0] != '/' ||
		    !cJSON_IsString(need) || !letters_are(need->valuestring,
							  strlen(need->valuestring)))
			return "must be an object of 8 packages at most: \"/path\": \"package\"";
		row->needs[row->need_count++] =
			(struct pairs_need){need->string, need->valuestring};
	}
	return NULL;
}

static const struct member_row {
	const char *name;
	member_read *read;
	bool required;
} member_table[] = {
	{"name", read_name, true},
	{"title", read_title, false},
	{"server", read_server, true},
	{"client", read_client, true},
	{"env", read_env, false},
	{"directory", read_directory, false},
	{"checksums", read_checksums, false},
	{"protocol", read_protocol, false},
	{"dtypes", read_dtypes, false},
	{"directions", read_directions, false},
	{"needs", read_needs, false},
};

#define MEMBER_COUNT (sizeof(member_table) / sizeof(member_table[0]))

static int pair_refuse(const struct pairs_row *row, size_t index, const char *member,
		       const char *why, struct err *err)
{
	char clean[24];

	return err_set(err, ERR_USAGE, "pair %zu%s%s%s: \"%s\" %s", index + 1,
		       row->name[0] ? " (" : "", row->name, row->name[0] ? ")" : "",
		       text_clean(clean, sizeof(clean), member), why);
}

static int member_take(struct pairs_row *row, size_t index, const cJSON *item, unsigned *seen,
		       struct err *err)
{
	for (size_t i = 0; i < MEMBER_COUNT; i++) {
		const char *why;

		if (strcmp(member_table[i].name, item->string) != 0)
			continue;
		if (*seen & 1u << i)
			return pair_refuse(row, index, item->string, "is there twice", err);
		*seen |= 1u << i;
		why = member_table[i].read(row, item);
		return why ? pair_refuse(row, index, item->string, why, err) : 0;
	}
	return pair_refuse(row, index, item->string, "is not known: see ipctop-pair(7)", err);
}

/* What a pair speaks that does not say so; a program of version 1 would not be told of the rest. */
static const char *speech_complete(struct pairs_row *row)
{
	const char *wrong = NULL;

	if (!row->protocol)
		row->protocol = 1;
	if (row->protocol < 2 && row->dtypes)
		wrong = "dtypes";
	else if (row->protocol < 2 && row->directions)
		wrong = "directions";
	if (!row->dtypes)
		row->dtypes = DTYPE_BIT(DTYPE_FLOAT64);
	if (!row->directions)
		row->directions = 1u << DIRECTION_PULL;
	return wrong;
}

static int pair_read(struct pairs_row *row, size_t index, const cJSON *object, struct err *err)
{
	const cJSON *item;
	const char *wrong;
	unsigned seen = 0;

	if (!cJSON_IsObject(object))
		return err_set(err, ERR_USAGE, "pair %zu is not an object", index + 1);
	cJSON_ArrayForEach(item, object)
		if (member_take(row, index, item, &seen, err) != 0)
			return -1;
	for (size_t i = 0; i < MEMBER_COUNT; i++)
		if (member_table[i].required && !(seen & 1u << i))
			return pair_refuse(row, index, member_table[i].name, "is missing", err);
	wrong = speech_complete(row);
	return wrong ? pair_refuse(row, index, wrong, "needs \"protocol\": 2", err) : 0;
}

static int pairs_read(struct pairs *pairs, struct err *err)
{
	const cJSON *document = pairs->document;
	const cJSON *list = document->child;
	const cJSON *object;

	if (!cJSON_IsObject(document) || !list || list->next ||
	    strcmp(list->string, "pairs") != 0 || !cJSON_IsArray(list) || !list->child)
		return err_set(err, ERR_USAGE, "must be {\"pairs\": [...]}, with a pair at least");
	cJSON_ArrayForEach(object, list)
	{
		if (pairs->count == PAIRS_MAX)
			return err_set(err, ERR_USAGE, "has more than %d pairs", PAIRS_MAX);
		if (pair_read(&pairs->rows[pairs->count], pairs->count, object, err) != 0)
			return -1;
		pairs->count++;
	}
	return 0;
}

/* The line in which the document stops making sense. */
static size_t line_of(const char *text, const char *at)
{
	size_t line = 1;

	for (; at && text < at; text++)
		line += *text == '\n';
	return line;
}

int pairs_parse(struct pairs *pairs, const char *text, size_t bytes, struct err *err)
{
	static const char nul_escape[] = "\\u0000";
	const char *end = NULL;

	/* A NUL or its escape would end a text early: the text run would not be the one checked. */
	if (memchr(text, '\0', bytes) || memmem(text, bytes, nul_escape, sizeof(nul_escape) - 1))
		return err_set(err, ERR_USAGE, "has a NUL in it");
	pairs->document = cJSON_ParseWithLengthOpts(text, bytes, &end, false);
	while (pairs->document && end < text + bytes && strchr(" \t\r\n", *end))
		end++;
	if (!pairs->document || end < text + bytes)
		return err_set(err, ERR_USAGE, "is not JSON from line %zu on", line_of(text, end));
	return pairs_read(pairs, err);
}

void pairs_fini(struct pairs *pairs)
{
	cJSON_Delete(pairs->document);
	pairs->document = NULL;
	pairs->count = 0;
}
