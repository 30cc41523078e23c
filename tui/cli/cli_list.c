/* SPDX-License-Identifier: MIT */
/* `ipctop list`: what there is, and what of it can run here. */
#include <inttypes.h>
#include <string.h>

#include "bench/machine/facilities.h"
#include "bench/machine/pages.h"
#include "bench/machine/world.h"
#include "bench/plan/preset.h"
#include "bench/report/floors_text.h"
#include "bench/report/json.h"
#include "bench/run/survey.h"
#include "bench/text/fmt.h"
#include "tui/cli/cli.h"
#include "tui/cli/list_misfits.h"

#define LIST_WORDS_BYTES 32

/* "block|spin": the words whose bits are set. Returns text. */
static char *list_words(const char *const *words, unsigned bits, char text[LIST_WORDS_BYTES])
{
	size_t used = 0;

	*text = '\0';
	for (unsigned i = 0; words[i]; i++)
		if (bits >> i & 1)
			used += (size_t)snprintf(text + used, LIST_WORDS_BYTES - used, "%s%s",
						 used ? "|" : "", words[i]);
	return text;
}

static void list_transports(FILE *file)
{
	struct transport transport;
	char name[TRANSPORT_NAME_BYTES];
	char waits[LIST_WORDS_BYTES];
	char pages[LIST_WORDS_BYTES];

	(void)fprintf(file, "Transports\n  %-14s %-18s %-13s %-11s %s\n", "", "--wait",
		      "--memory", "--pages", "how the array travels");
	for (size_t i = 0; transport_at(i, &transport); i++)
		(void)fprintf(file, "  %-14s %-18s %-13s %-11s %s: %s%s\n",
			      transport_format(&transport, name),
			      list_words(wait_names, transport.carrier->waits, waits),
			      "reused|fresh", /* the destination's or the segment's; all have it */
			      list_words(pages_names, pages_had_by(&transport), pages),
			      transport.carrier->title, transport.encoding->title,
			      transport.encoding->flags & ENCODING_LOSSY ? " (loses bits)" : "");
}

/* The dtypes that each encoding carries, and why not the others. */
static void list_dtypes(FILE *file)
{
	char names[DTYPE_NAMES_BYTES];

	(void)fprintf(file, "\nDtypes (of shapes that name none: --dtype)\n  %-14s %s\n", "all",
		      dtype_names(DTYPE_BITS_ALL, names));
	for (size_t i = 0; encoding_table[i]; i++) {
		const struct encoding *encoding = encoding_table[i];
		unsigned others = DTYPE_BITS_ALL & ~encoding->dtypes;

		(void)fprintf(file, "  %-14s %s%s", encoding->name, others ? "all but " : "all",
			      dtype_names(others, names));
		(void)fprintf(file, "%s%s\n", others && encoding->cannot ? ": " : "",
			      others && encoding->cannot ? encoding->cannot : "");
	}
}

/* What each foreign pair's programs speak. */
static void list_foreign(FILE *file)
{
	struct transport transport;
	char name[TRANSPORT_NAME_BYTES];
	char names[DTYPE_NAMES_BYTES];
	char ways[LIST_WORDS_BYTES];
	bool any = false;

	for (size_t i = 0; transport_at(i, &transport); i++) {
		const struct program *program = transport.carrier->program;
		unsigned others = program ? DTYPE_BITS_ALL & ~program->dtypes : 0;
		bool few = __builtin_popcount(others) > DTYPE_COUNT / 2;

		if (!program)
			continue;
		if (!any)
			(void)fprintf(file, "\nForeign pairs: dtypes and --direction\n");
		any = true;
		(void)fprintf(file, "  %-17s %s%s; %s\n", transport_format(&transport, name),
			      few     ? "" :
			      others  ? "all but " :
					"all",
			      dtype_names(few ? program->dtypes : others, names),
			      list_words(direction_names, program->directions, ways));
	}
}

/* What --pages huge gives on this machine, and why. */
static void list_pages(FILE *file)
{
	static const char *const kinds[] = {"arrays", "shared memory"};

	(void)fprintf(file, "\nHuge pages (the kernel's settings in %s)\n", PAGES_FOLDER);
	for (int shared = 0; shared < 2; shared++) {
		char word[PAGES_WORD_BYTES];
		bool given = pages_huge_given(PAGES_FOLDER, shared, word);

		(void)fprintf(file, "  %-14s %s: %s is %s\n", kinds[shared],
			      given ? "given, where 2 MiB fit" : "not given",
			      shared ? "shmem_enabled" : "enabled", *word ? word : "not there");
	}
}

static void list_shapes(FILE *file, enum dtype dtype)
{
	(void)fprintf(file, "\nShapes (any other may be named: 1 to %d dimensions)\n",
		      ARRAY_DIMENSIONS_MAX);
	for (size_t i = 0; i < BLOG_SHAPE_COUNT; i++) {
		struct array_type type;
		char payload[FMT_BYTES];

		if (array_type_parse(blog_shapes[i], dtype, &type, NULL) == 0)
			(void)fprintf(file, "  %-18s %s of %s\n", blog_shapes[i],
				      fmt_payload(array_type_bytes(&type), payload),
				      dtype_table[dtype].name);
	}
}

static void list_presets(FILE *file)
{
	(void)fprintf(file, "\nPresets\n");
	for (const struct preset *preset = preset_table; preset->name; preset++)
		(void)fprintf(file, "  %-8s %s\n", preset->name, preset->help);
}

/* No transport, but measured beside them. */
static void list_reference(FILE *file)
{
	(void)fprintf(file, "\nReference, in every round: a bare exchange over a Unix socket pair, "
			    "at most 64 MiB\n  run --reference shows its row\n");
}

static void list_defaults(FILE *file)
{
	const struct plan_options *plan = &plan_defaults;

	(void)fprintf(file,
		      "\nDefaults\n  --source %s --memory %s --pages %s --wait %s --pin %s\n"
		      "  --samples %" PRIu64 " --budget %.3g --blocks %" PRIu64 " --seed %" PRIu64
		      " --timeout %.3g\n",
		      source_names[plan->source], memory_names[plan->memory],
		      pages_names[plan->pages], wait_names[plan->wait], pin_names[plan->pin],
		      plan->samples, (double)plan->budget_ns / 1e9, plan->blocks, plan->seed,
		      (double)plan->timeout_ns / 1e9);
}

static int list_print(const struct floor_survey *floors, const struct options *options,
		      struct err *err)
{
	if (options->json)
		return json_list(floors, stdout, err) == 0 ? cli_flush(err) : -1;
	if (floors) {
		floors_text(floors, options->ascii, stdout);
		return cli_flush(err);
	}
	list_transports(stdout);
	list_pages(stdout);
	list_dtypes(stdout);
	list_foreign(stdout);
	list_misfits(stdout, options->plan.dtype);
	list_shapes(stdout, options->plan.dtype);
	list_presets(stdout);
	list_reference(stdout);
	list_defaults(stdout);
	return cli_flush(err);
}

static int list_floors(const struct options *options)
{
	struct floor_survey report;
	struct err err = {0};
	int status = EXIT_USAGE;

	if (facility_check(FACILITY_PROCESSES, &err) != 0)
		return cli_fail(EXIT_USAGE, &err);
	if (floor_survey_make(&report, options->shapes, &options->plan, &world_real, &err) == 0)
		status = list_print(&report, options, &err) == 0 ? EXIT_FINE : EXIT_CELL_FAILED;
	floor_survey_free(&report);
	return status == EXIT_FINE ? status : cli_fail(status, &err);
}

int cli_list(const struct options *options)
{
	struct err err = {0};

	if (options->floors)
		return list_floors(options);
	if (options->shapes || options->plan.pin != plan_defaults.pin) {
		(void)err_set(&err, ERR_USAGE, "--shapes and --pin go with list --floors");
		return cli_fail(EXIT_USAGE, &err);
	}
	return list_print(NULL, options, &err) == 0 ? EXIT_FINE : cli_fail(EXIT_CELL_FAILED, &err);
}
