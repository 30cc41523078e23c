/* SPDX-License-Identifier: MIT */
/* Files are replaced after every block; the table and streams are written at the end. */
#include "tui/cli/cli_results.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/machine/world.h"
#include "bench/report/export.h"
#include "tui/cli/cli.h"
#include "tui/cli/cli_outputs.h"
#include "tui/cli/patient.h"

/* What the end of a run writes, and how. */
struct last {
	const struct options *options;
	const struct model *model;
	bool hurried;
	struct patient patient; /* the reader of what is being written */
};

static const struct exporter *exporter_named(const char *name)
{
	const struct exporter *exporter = exporter_table;

	while (exporter->name && strcmp(exporter->name, name) != 0)
		exporter++;
	return exporter;
}

int results_check(const struct options *options, struct err *err)
{
	const struct cli_output outputs[] = {
		{"--csv", options->csv, false},
		{"--json", options->json_path, false},
		{"--samples-csv", options->samples_csv, false},
		{"--pairs", options->pairs, true},
	};
	const size_t count = sizeof(outputs) / sizeof(outputs[0]);

	for (size_t i = 0; i < count; i++)
		if (outputs[i].path && !outputs[i].is_read && !cli_is_stream(outputs[i].path) &&
		    export_check_path(&world_real, outputs[i].path, err) != 0)
			return -1;
	return cli_outputs_check(outputs, count, err);
}

/* Whether path is given and cannot be replaced after every block: it gets all at the end. */
static bool takes_all_at_once(const char *path)
{
	return path && (cli_is_stream(path) || export_is_stream(path));
}

int results_save(const struct options *options, const struct model *model, struct err *err)
{
	const struct world *world = &world_real;
	int status = 0;

	if (options->csv && !takes_all_at_once(options->csv))
		status |= export_file(world, model, exporter_named("csv"), options->csv, err);
	/* The other file may be elsewhere, where there is room. */
	if (options->json_path && !takes_all_at_once(options->json_path))
		status |= export_file(world, model, exporter_named("json"), options->json_path,
				      err);
	return status;
}

/*
 * Opens a stream to fd; -1 with errno: fd could not be opened. Writing waits for the
 * reader, and signals end us as usual meanwhile. If one has asked for the end already, it
 * waits for a second at most.
 */
static FILE *last_begin(struct last *last, int fd, const char *path, struct err *err)
{
	FILE *file;

	if (fd < 0 && errno == ENXIO) {
		(void)err_set(err, ERR_SYSTEM, "cannot write %.300s: nobody reads it", path);
		return NULL;
	}
	if (fd < 0) {
		(void)err_system(err, "cannot write %.300s", path);
		return NULL;
	}
	file = patient_open(&last->patient, fd, -1);
	if (!file)
		(void)err_set(err, ERR_MEMORY, "no memory to write %.300s", path);
	last->patient.hurried = last->hurried;
	return file;
}

static FILE *last_stream(struct last *last, int stream, struct err *err)
{
	return last_begin(last, fcntl(stream, F_DUPFD_CLOEXEC, 3),
			  stream == STDERR_FILENO ? "to stderr" : "to stdout", err);
}

/* Opening a FIFO waits for its reader. */
static FILE *last_open(struct last *last, const char *path, struct err *err)
{
	const int flags = O_WRONLY | O_CLOEXEC | O_NOCTTY;

	if (cli_is_stream(path))
		return last_stream(last, STDOUT_FILENO, err);
	return last_begin(last,
			  last->hurried ? open(path, flags | O_NONBLOCK) :
					  patient_file(path, flags),
			  path, err);
}

static int last_close(FILE *file, const char *path, int status, struct err *err)
{
	int closed = patient_finish(file, cli_is_stream(path) ? "to stdout" : path, err);

	return status == 0 ? closed : status;
}

static int last_export(struct last *last, const char *exporter, const char *path, struct err *err)
{
	FILE *file;

	if (!takes_all_at_once(path))
		return 0;
	file = last_open(last, path, err);
	if (!file)
		return -1;
	return last_close(file, path, exporter_named(exporter)->write(last->model, file, err),
			  err);
}

static int last_table(struct last *last, struct err *err)
{
	const struct options *options = last->options;
	bool taken = cli_is_stream(options->csv) || cli_is_stream(options->json_path) ||
		     cli_is_stream(options->samples_csv);
	struct table_style style = cli_table_style(options, taken ? stderr : stdout);
	FILE *file = last_stream(last, taken ? STDERR_FILENO : STDOUT_FILENO, err);

	if (!file)
		return -1;
	return last_close(file, taken ? "to stderr" : "-",
			  export_table(last->model, &style, file, err), err);
}

void results_print(const struct options *options, const struct model *model, bool hurried,
		   struct err *err)
{
	struct last last = {.options = options, .model = model, .hurried = hurried};

	(void)last_table(&last, err);
	(void)last_export(&last, "csv", options->csv, err);
	(void)last_export(&last, "json", options->json_path, err);
}

void results_complain(bool hurried, const struct err *complaint)
{
	struct last last = {.hurried = hurried};
	struct err err = {0};
	FILE *file = last_stream(&last, STDERR_FILENO, &err);

	cli_tell(file ? file : stderr, complaint); /* stderr itself may wait */
	if (file)
		(void)fclose(file); /* stderr was the last resort */
}
