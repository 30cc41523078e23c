/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the command line: each line of the input is an argument. What is taken
 * must be within the limits that the engine relies on, lists included. Each argument is
 * read as a quantity of every kind, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/text/quantity.h"
#include "tests/fuzz/fuzz.h"
#include "tui/cli/options.h"

#define ARGUMENTS_MAX 64
#define LIST_BYTES_MAX 400 /* a list of cells is as long as two lists multiplied */

static void check_plan(const struct plan_options *plan)
{
	must(plan->direction <= DIRECTION_BOTH);
	must(plan->source <= SOURCE_FRESH && plan->memory <= MEMORY_FRESH);
	must(plan->pages <= PAGES_HUGE && plan->pin <= PIN_SAME && plan->wait <= WAIT_HYBRID);
	must(plan->samples >= 1 && plan->blocks >= 1 && plan->blocks <= 1000);
	must(plan->budget_ns >= 1 && plan->budget_ns <= BILLION * BILLION);
	must(plan->timeout_ns >= 1 && plan->timeout_ns <= BILLION * BILLION);
}

typedef int quantity_reader(const char *text, uint64_t *out);

/* Reads text with the unit behind it. -1, and nothing changed, if it is no quantity. */
static int read_with(quantity_reader *read, const char *text, const char *unit, uint64_t *out)
{
	size_t bytes = strlen(text) + strlen(unit) + 1;
	char *both = malloc(bytes);
	uint64_t value = 4711;
	int status;

	must(both);
	(void)snprintf(both, bytes, "%s%s", text, unit);
	status = read(both, &value);
	must(status == 0 || value == 4711);
	if (status == 0)
		*out = value;
	free(both);
	return status;
}

/* A unit that says what a bare number means changes nothing; a larger one makes it no smaller. */
static void check_quantity(quantity_reader *read, const char *text, const char *same,
			   const char *larger)
{
	uint64_t bare = 0;
	uint64_t with = 0;

	(void)read_with(read, text, larger, &with);
	if (read_with(read, text, "", &bare) != 0)
		return;
	if (text[strspn(text, "0123456789.")])
		return;
	must(read_with(read, text, same, &with) == 0 && with == bare);
	must(read_with(read, text, larger, &with) == 0 && with >= bare);
}

static void check_quantities(const char *text)
{
	check_quantity(quantity_time_ns, text, "s", "m");
	check_quantity(quantity_count, text, "", "k");
	check_quantity(quantity_bytes, text, "B", "K");
	check_quantity(quantity_billionths, text, "", "M");
	check_quantity(quantity_percent, text, "%", " %");
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
	for (int i = 1; i < argc; i++)
		check_quantities(argv[i]);
	fuzz_arguments(argc, argv);
	free(text);
	return 0;
}
