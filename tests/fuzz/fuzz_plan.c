/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the lists of --transports and --shapes: the first byte chooses a sweep or a duel, the
 * first line is one list and the rest the other.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/drive_plan.h"

#define LISTS_BYTES_MAX 400 /* a plan is as long as two lists multiplied */

static void fuzz_lists(const char *transports, char *shapes, uint8_t choice)
{
	struct plan_options options = plan_defaults;
	struct plan plan = {0};
	struct err err = {0};
	int status;

	options.rate = (choice & 5) == 1 ? PLAN_RATE_SWEEP : 0; /* a duel has no sweep */
	options.direction = (enum direction)((choice >> 3) % 3);
	options.clients = choice & 2 ? PLAN_CLIENTS_MAX : 1;
	if (choice & 4) {
		const char *second = strsep(&shapes, "\n");

		status = plan_make_duel(&plan, transports, second, shapes ? shapes : "", &options,
					&err);
	} else {
		status = plan_make(&plan, transports, shapes, &options, NULL, &err);
	}
	(void)drive_plan(status, &plan, &err);
	plan_free(&plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;
	char *rest;
	char *transports;

	if (size == 0 || size > LISTS_BYTES_MAX)
		return 0;
	text = rest = exact_text(data + 1, size - 1);
	transports = strsep(&rest, "\n");
	fuzz_lists(transports, rest ? rest : (char[]){""}, data[0]);
	free(text);
	return 0;
}
