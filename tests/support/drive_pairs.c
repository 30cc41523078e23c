/* SPDX-License-Identifier: MIT */
/* What must be true of pairs_parse. */
#include "tests/support/drive_pairs.h"

#include <stdlib.h>
#include <string.h>

#include "bench/plan/direction.h"
#include "tests/support/must.h"
#include "transports/registry.h"

static void check_command(const char *const *words)
{
	size_t count = 0;

	must(words[0] && *words[0]);
	while (words[count])
		count++;
	must(count <= PAIRS_WORDS_MAX);
}

static void check_row(const struct pairs_row *row)
{
	must(strlen(row->name) < TRANSPORT_NAME_BYTES);
	must(strspn(row->name, "abcdefghijklmnopqrstuvwxyz0123456789-+") == strlen(row->name));
	must(*row->carrier_name && *row->encoding_name);
	check_command(row->server);
	check_command(row->client);
	must(row->need_count <= PAIRS_NEEDS_MAX);
	must(row->protocol == 1 || row->protocol == 2);
	must(row->dtypes && !(row->dtypes & ~DTYPE_BITS_ALL));
	must(row->directions && row->directions < 1u << (DIRECTION_BOTH + 1));
	must(row->protocol == 2 || (row->dtypes == DTYPE_BIT(DTYPE_FLOAT64) &&
				    row->directions == 1u << DIRECTION_PULL));
	must(!row->title || strlen(row->title) < PAIRS_TITLE_BYTES);
}

int drive_pairs(struct pairs *pairs, const void *text, size_t size, struct err *err)
{
	char *copy = exact_copy(text, size);
	int status = pairs_parse(pairs, copy, size, err);

	free(copy);
	if (status != 0) {
		must(err->kind == ERR_USAGE && err->message[0]);
		return status;
	}
	must(pairs->count > 0 && pairs->count <= PAIRS_MAX);
	for (size_t i = 0; i < pairs->count; i++)
		check_row(&pairs->rows[i]);
	return status;
}
