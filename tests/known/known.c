/* SPDX-License-Identifier: MIT */
/* The environment as the transports of tests/known/ read it. */
#include "tests/known/known.h"

#include <stdio.h>
#include <stdlib.h>

const char *known_word(const char *variable)
{
	const char *word = getenv(variable);

	return word ? word : "";
}

uint64_t known_number(const char *variable, uint64_t otherwise)
{
	const char *word = known_word(variable);
	char *end;
	uint64_t number = strtoull(word, &end, 10);

	if (!*word)
		return otherwise;
	if (*end) {
		(void)fprintf(stderr, "%s=%s is no number\n", variable, word);
		exit(2);
	}
	return number;
}

bool known_is_client(uint64_t client)
{
	return known_number("KNOWN_CLIENT", client) == client;
}

void known_add(const struct carrier *carrier, const struct encoding *encoding)
{
	struct err err = {0};

	if (registry_add(carrier, encoding, &err) == 0)
		return;
	(void)fprintf(stderr, "%s\n", err.message);
	exit(2);
}
