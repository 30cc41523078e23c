/* SPDX-License-Identifier: MIT */
/* `ipctop diff`: two results side by side. */
#include <math.h>

#include "bench/machine/world.h"
#include "bench/report/diff_export.h"
#include "tui/cli/cli.h"
#include "tui/cli/cli_outputs.h"

/* Before anything is read: what would be written over is still there then. */
static int files_check(const struct options *options, struct err *err)
{
	const struct cli_output outputs[] = {
		{"--csv", options->csv, false},
		{"A", options->words[0], true},
		{"B", options->words[1], true},
	};

	return cli_outputs_check(outputs, sizeof(outputs) / sizeof(outputs[0]), err);
}

static int files_load(const struct options *options, struct csv files[2], struct err *err)
{
	if (!options->words[1])
		return err_set(err, ERR_USAGE, "diff wants two files: ipctop diff A.csv B.csv");
	if (cli_is_stream(options->words[0]) && cli_is_stream(options->words[1]))
		return err_set(err, ERR_USAGE, "only one of the two files can be '-'");
	if (files_check(options, err) != 0)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		if (csv_load(&files[i], options->words[i], err) != 0)
			return -1;
	}
	return 0;
}

static int csv_write(const void *diff, FILE *file, struct err *err)
{
	return diff_csv(diff, file, err);
}

static int diff_print(const struct options *options, const struct diff *diff, struct err *err)
{
	FILE *file = cli_is_stream(options->csv) ? stderr : stdout;
	struct table_style style = cli_table_style(options, file);

	if (file == stderr && diff_csv(diff, stdout, err) != 0)
		return -1;
	if (options->csv && file == stdout &&
	    export_replace(&world_real, options->csv, csv_write, diff, err) != 0)
		return -1;
	if (diff_table(diff, options->words, &style, file, err) != 0)
		return -1;
	return cli_flush(err);
}

/* A cell that is gone does not pass the gate either. */
static int diff_status(const struct options *options, const struct diff *diff)
{
	double percent = options->fail_slower;
	size_t slower = 0;
	size_t lost = 0;

	if (isnan(percent))
		return EXIT_FINE;
	for (size_t i = 0; i < diff->count; i++) {
		slower += diff_is_slower_by(&diff->rows[i], percent);
		lost += diff_is_lost(&diff->rows[i]);
	}
	if (slower)
		(void)fprintf(stderr, "ipctop: %zu cell%s slower by more than %.10g %%\n", slower,
			      slower == 1 ? " is" : "s are", percent);
	if (lost)
		(void)fprintf(stderr, "ipctop: %zu cell%s done in A and not in B\n", lost,
			      lost == 1 ? " is" : "s are");
	return slower || lost ? EXIT_SLOWER : EXIT_FINE;
}

/* Errors exit with 2, as those of diff(1) do: 1 means slower. */
int cli_diff(const struct options *options)
{
	struct csv files[2] = {0};
	struct diff diff = {0};
	struct err err = {0};
	int status = EXIT_USAGE;

	if (files_load(options, files, &err) == 0 &&
	    diff_make(&diff, &files[0], &files[1], &err) == 0 &&
	    diff_print(options, &diff, &err) == 0)
		status = diff_status(options, &diff);
	diff_fini(&diff);
	csv_fini(&files[0]);
	csv_fini(&files[1]);
	return err.kind == ERR_NONE ? status : cli_fail(status, &err);
}
