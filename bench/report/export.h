/* SPDX-License-Identifier: MIT */
/* Writes a model to a file: the CSV of ipctop-csv(5), JSON, the table for a terminal. */
#ifndef BENCH_REPORT_EXPORT_H
#define BENCH_REPORT_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/machine/world.h"
#include "bench/model/model.h"
#include "transports/err.h"

struct exporter {
	const char *name;      /* "csv" */
	const char *extension; /* ".csv" */
	int (*write)(const struct model *model, FILE *file, struct err *err);
};

/* Ends with a row whose name is NULL. */
extern const struct exporter exporter_table[];

#define EXPORTER(name) \
	int export_##name(const struct model *model, FILE *file, struct err *err);
#include "bench/report/exporters.def"
#undef EXPORTER

/* How a table is laid out for people. */
struct table_style {
	bool ascii;
	bool color;
	unsigned columns; /* of the terminal; 0: as wide as it needs */
	bool reference;   /* its row is shown below the cells of its type, which it is none of */
};

/*
 * The comparison table that `run` prints: a section a shape, best marked, ratio to
 * best, blog columns.
 */
int export_table(const struct model *model, const struct table_style *style, FILE *file,
		 struct err *err);

/*
 * Rewrites path with what exporter writes, through a temporary file in the
 * same directory and a rename, so that a reader never sees half a file. The old
 * file stays if anything fails. Follows the path if it is a symbolic link;
 * writes straight into what is not a regular file, and may have to wait there.
 */
int export_file(const struct world *world, const struct model *model,
		const struct exporter *exporter, const char *path, struct err *err);

/* Is path something other than a file: a FIFO, a terminal, a shell's pipe "/dev/fd/63"? */
bool export_is_stream(const char *path);

/* As export_file, for what is no model: `write` is given `what`. */
int export_replace(const struct world *world, const char *path,
		   int (*write)(const void *what, FILE *file, struct err *err), const void *what,
		   struct err *err);

/* Fails now, in words, if export_file(path) would fail later. Leaves no file behind. */
int export_check_path(const struct world *world, const char *path, struct err *err);

/* The names of the CSV's columns in order, NULL-terminated: for tests and the man page. */
extern const char *const csv_columns[];

#endif
