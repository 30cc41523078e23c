/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the command line: each line of the input is an argument. What is taken
 * must be within the limits that the engine relies on, lists included.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tui/cli/options.h"

#define ARGUMENTS_MAX 64
#define LIST_BYTES_MAX 400 /* a list of cells is as long as two lists multiplied */

static void check_plan(const struct plan_options *plan)
{
	must(plan->source <= SOURCE_FRESH && plan->memory <= MEMORY_FRESH);
	must(plan->pages <= PAGES_HUGE && plan->pin <= PIN_SAME && plan->wait <= WAIT_HYBRID);
	must(plan->samples >= 1 && plan->blocks >= 1 && plan->blocks <= 1000);
	must(plan->budget_ns >= 1 && plan->timeout_ns >= 1);
}

static void check_cells(const struct options *options)
{
	struct plan plan = {0};
	struct err err = {0};

	if (strlen(options->transports) + strlen(options->shapes) > LIST_BYTES_MAX)
		return;
	if (plan_make(&plan, options->transports, options->shapes, &options->plan, NULL, &err) == 0)
		must(plan.cell_count >= 1 && plan.cells);
	else
		must(err.kind == ERR_USAGE && err.message[0]);
	plan_free(&plan);
}

static void fuzz_arguments(int argc, char **argv)
{
	struct options options;
	struct err err = {0};

	if (options_parse(&options, argc, argv, &err) != 0) {
		must(err.kind == ERR_USAGE && err.message[0]);
		return;
	}
	must(options.command && options.port <= 65535);
	check_plan(&options.plan);
	if (options.transports && options.shapes)
		check_cells(&options);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = exact_text(data, size);
	char *argv[ARGUMENTS_MAX + 2] = {(char[]){"ipctop"}};
	char *rest = text;
	int argc = 1;

	while (size && rest && argc <= ARGUMENTS_MAX)
		argv[argc++] = strsep(&rest, "\n");
	fuzz_arguments(argc, argv);
	free(text);
	return 0;
}
