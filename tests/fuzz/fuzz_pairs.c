/* SPDX-License-Identifier: MIT */
/* Fuzzes the reader of pairs files: what it takes keeps to what the registry is promised. */
#include <stdlib.h>
#include <string.h>

#include "bench/plan/foreign_pairs.h"
#include "tests/fuzz/fuzz.h"

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
	must(!row->title || strlen(row->title) < PAIRS_TITLE_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pairs pairs;
	struct err err = {0};
	char *text = fuzz_copy(data, size);

	memset(&pairs, 0, sizeof(pairs));
	if (pairs_parse(&pairs, text, size, &err) == 0) {
		must(pairs.count > 0 && pairs.count <= PAIRS_MAX);
		for (size_t i = 0; i < pairs.count; i++)
			check_row(&pairs.rows[i]);
	} else {
		must(err.kind == ERR_USAGE && err.message[0]);
	}
	pairs_fini(&pairs);
	free(text);
	return 0;
}
