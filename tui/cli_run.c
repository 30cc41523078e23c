/* SPDX-License-Identifier: MIT */
/* `ipctop run` and `ipctop duel`: the engine without a screen. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "bench/clock.h"
#include "bench/endings.h"
#include "bench/export.h"
#include "bench/run.h"
#include "bench/text.h"
#include "transports/io.h"
#include "tui/cli.h"
#include "tui/patient.h"
#include "tui/status_line.h"

struct headless {
	const struct options *options;
	struct plan plan;
	struct run *run;
	int samples_fd; /* until samples has it */
	FILE *samples;
	struct patient patient; /* their reader's */
	int signal_fd;
	sigset_t signals; /* that it watches; blocked elsewhere */
	int signal;       /* that ended the run, 0 if none */
	struct status_line line;
	size_t saved;     /* the generation that was saved last, or would not be */
	bool save_failed; /* and has been told */
};

static const struct exporter *exporter_named(const char *name)
{
	const struct exporter *exporter = exporter_table;

	while (exporter->name && strcmp(exporter->name, name) != 0)
		exporter++;
	return exporter;
}

/* Whatever would fail after an hour of measuring fails now. */
static int headless_check_paths(const struct options *options, struct err *err)
{
	const char *const paths[] = {options->csv, options->json_path, options->samples_csv};
	size_t to_stdout = 0;

	for (size_t i = 0; i < 3; i++) {
		if (cli_is_stream(paths[i]))
			to_stdout++;
		else if (paths[i] && export_check_path(paths[i], err) != 0)
			return -1;
	}
	if (to_stdout > 1)
		return err_set(err, ERR_USAGE,
			       "only one of --csv, --json and --samples-csv can be '-'");
	return 0;
}

static int headless_plan_duel(struct headless *headless, struct err *err)
{
	const struct options *options = headless->options;

	if (!options->words[1] || !options->shapes)
		return err_set(err, ERR_USAGE,
			       "say who against whom: ipctop duel ws+bytes tcp+bytes -s "
			       "1x3x224x224");
	return plan_make_duel(&headless->plan, options->words[0], options->words[1],
			      options->shapes, &options->plan, err);
}

static int headless_plan(struct headless *headless, struct err *err)
{
	const struct options *options = headless->options;
	const struct preset *found = options->preset ? preset_find(options->preset) : NULL;
	struct preset preset = found ? *found : (struct preset){0};

	if (options->command == SUBCOMMAND_DUEL)
		return headless_plan_duel(headless, err);
	if (options->samples_given)
		preset.samples = NULL;
	if (!found && (!options->transports || !options->shapes))
		return err_set(err, ERR_USAGE,
			       "say what to run: -p quick, or -t http+json,ws+shm -s 1x3x224x224");
	if (plan_make(&headless->plan,
		      options->transports ? options->transports : preset.transports,
		      options->shapes ? options->shapes : preset.shapes, &options->plan,
		      found ? &preset : NULL, err) != 0)
		return -1;
	return options->connect ? plan_connect(&headless->plan, options->connect, err) : 0;
}

/* A FIFO is waited for until somebody reads it; no signal is held yet. */
static int headless_open_samples(struct headless *headless, struct err *err)
{
	const char *path = headless->options->samples_csv;

	if (!path)
		return 0;
	headless->samples_fd = cli_is_stream(path) ?
				       fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) :
				       open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	return headless->samples_fd < 0 ? err_system(err, "writing %s", path) : 0;
}

static int headless_log_samples(struct headless *headless, struct err *err)
{
	int fd = headless->samples_fd;

	if (fd < 0)
		return 0;
	headless->samples_fd = -1;
	headless->samples = patient_open(&headless->patient, fd, headless->signal_fd);
	if (!headless->samples)
		return err_set(err, ERR_MEMORY, "no memory to write the samples");
	run_log_samples(headless->run, headless->samples);
	return 0;
}

/* SIGINT, SIGTERM and SIGHUP end the run, with what was measured kept. */
static int headless_watch_signals(struct headless *headless, struct err *err)
{
	endings_hold(&headless->signals);
	headless->signal_fd = signalfd(-1, &headless->signals, SFD_CLOEXEC | SFD_NONBLOCK);
	return headless->signal_fd < 0 ? err_system(err, "watching for signals") : 0;
}

/* Is path given, and no file, to be replaced when more is known? It gets all at the end. */
static bool takes_all_at_once(const char *path)
{
	return path && (cli_is_stream(path) || export_is_stream(path));
}

/*
 * Results so far are on disk after every block. Where they cannot be, the file from
 * before stays, and after the next block there may be room again.
 */
static int headless_save(struct headless *headless, struct err *err)
{
	const struct options *options = headless->options;
	const struct model *model = run_model(headless->run);
	int status = 0;

	if (options->csv && !takes_all_at_once(options->csv))
		status |= export_file(model, exporter_named("csv"), options->csv, err);
	/* Wherever that is, it may have more luck. */
	if (options->json_path && !takes_all_at_once(options->json_path))
		status |= export_file(model, exporter_named("json"), options->json_path, err);
	return status;
}

/* Hours of a full disk are not mute. What the last time brings is what the run ends with. */
static void headless_save_news(struct headless *headless)
{
	size_t generation = run_model(headless->run)->generation;
	struct err err = {0};
	char clean[ERR_MESSAGE_BYTES];
	char line[ERR_MESSAGE_BYTES + 40];
	bool told = headless->save_failed;

	if (headless->saved == generation)
		return;
	headless->saved = generation;
	headless->save_failed = headless_save(headless, &err) != 0;
	if (!headless->save_failed || told)
		return;
	(void)snprintf(line, sizeof(line), "ipctop: results are not saved: %s\n",
		       text_clean(clean, sizeof(clean), err.message));
	status_line_tell(&headless->line, line);
}

/* Has a signal come that asks for the end? */
static bool headless_hear(struct headless *headless)
{
	struct signalfd_siginfo info;
	bool heard = false;

	while (read(headless->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		headless->signal = (int)info.ssi_signo;
		headless->patient.hurried = heard = true;
	}
	return heard;
}

static void headless_loop(struct headless *headless)
{
	struct pollfd polled[] = {
		{.fd = headless->signal_fd, .events = POLLIN},
		{.fd = run_fd(headless->run), .events = POLLIN},
	};

	while (run_step(headless->run)) {
		headless_save_news(headless);
		status_line_show(&headless->line, run_model(headless->run), clock_now_ns());
		(void)poll(polled, 2, run_timeout_ms(headless->run));
		if (headless_hear(headless))
			run_stop(headless->run);
	}
	status_line_clear(&headless->line);
}

/*
 * What is written at the end goes to fd, which is -1 and errno where that cannot be opened. It may
 * wait, as for a pipe's reader, and a signal ends us there as it ends anybody; once one has asked
 * for the end, it waits for a second at most.
 */
static FILE *last_begin(struct headless *headless, int fd, const char *path, struct err *err)
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
	file = patient_open(&headless->patient, fd, -1);
	if (!file)
		(void)err_set(err, ERR_MEMORY, "no memory to write %.300s", path);
	headless->patient.hurried = headless->signal != 0;
	return file;
}

static FILE *last_stream(struct headless *headless, int stream, struct err *err)
{
	return last_begin(headless, fcntl(stream, F_DUPFD_CLOEXEC, 3),
			  stream == STDERR_FILENO ? "to stderr" : "to stdout", err);
}

/* A FIFO waits for its reader here already. */
static FILE *last_open(struct headless *headless, const char *path, struct err *err)
{
	int hurry = headless->signal ? O_NONBLOCK : 0;

	if (cli_is_stream(path))
		return last_stream(headless, STDOUT_FILENO, err);
	return last_begin(headless, open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | hurry), path, err);
}

static int last_close(FILE *file, const char *path, int status, struct err *err)
{
	bool failed = fflush(file) != 0 || ferror(file);

	failed |= fclose(file) != 0;
	if (failed && status == 0)
		return err_set(err, ERR_SYSTEM, "writing %.300s failed",
			       cli_is_stream(path) ? "to stdout" : path);
	return status;
}

static int last_export(struct headless *headless, const char *exporter, const char *path,
		       struct err *err)
{
	FILE *file;

	if (!takes_all_at_once(path))
		return 0;
	file = last_open(headless, path, err);
	if (!file)
		return -1;
	return last_close(file, path,
			  exporter_named(exporter)->write(run_model(headless->run), file, err),
			  err);
}

static int last_table(struct headless *headless, struct err *err)
{
	const struct options *options = headless->options;
	const struct model *model = run_model(headless->run);
	bool taken = cli_is_stream(options->csv) || cli_is_stream(options->json_path) ||
		     cli_is_stream(options->samples_csv);
	struct table_style style = cli_table_style(options, taken ? stderr : stdout);
	FILE *file = last_stream(headless, taken ? STDERR_FILENO : STDOUT_FILENO, err);

	if (!file)
		return -1;
	return last_close(file, taken ? "to stderr" : "-", export_table(model, &style, file, err),
			  err);
}

static void headless_print(struct headless *headless, struct err *err)
{
	const struct options *options = headless->options;

	(void)last_table(headless, err);
	(void)last_export(headless, "csv", options->csv, err);
	(void)last_export(headless, "json", options->json_path, err);
}

/* The last words, for which stderr may have no reader either. */
static void headless_complain(struct headless *headless, const struct err *complaint)
{
	struct err err = {0};
	FILE *file = last_stream(headless, STDERR_FILENO, &err);

	cli_tell(file ? file : stderr, complaint); /* without a descriptor to spare it may wait */
	if (file)
		(void)fclose(file); /* whom to tell? */
}

static int headless_status(const struct headless *headless)
{
	const struct model *model = run_model(headless->run);
	size_t fine = 0;

	if (headless->signal)
		return EXIT_SIGNAL_BASE + headless->signal;
	for (size_t i = 0; i < model->cell_count; i++) {
		enum cell_state state = model->cells[i].state;

		if (state == CELL_FAILED || state == CELL_WRONG)
			return EXIT_CELL_FAILED;
		fine += state == CELL_DONE;
	}
	return fine ? EXIT_FINE : EXIT_CELL_FAILED;
}

/* The samples were written as they came: did all of them get there? */
static int headless_close_samples(struct headless *headless, struct err *err)
{
	int failed;

	if (!headless->samples)
		return 0;
	failed = fflush(headless->samples) != 0 || ferror(headless->samples);
	failed |= fclose(headless->samples) != 0;
	headless->samples = NULL;
	if (failed)
		return err_set(err, ERR_SYSTEM, "writing the samples failed");
	if (run_samples_lost(headless->run))
		return err_set(err, ERR_SYSTEM,
			       "%" PRIu64 " samples are missing from %s: ipctop was held up",
			       run_samples_lost(headless->run), headless->options->samples_csv);
	return 0;
}

static int headless_measure(struct headless *headless)
{
	struct err err = {0};
	int status;

	headless_loop(headless);
	(void)headless_save(headless, &err);
	(void)headless_close_samples(headless, &err);
	(void)headless_hear(headless); /* what came while we saved: the rest is said all the same */
	/* All is saved: if nobody reads the rest, a signal ends us as it ends anybody. */
	(void)sigprocmask(SIG_UNBLOCK, &headless->signals, NULL);
	headless_print(headless, &err);
	status = headless_status(headless);
	if (err.kind == ERR_NONE)
		return status;
	headless_complain(headless, &err);
	return status ? status : EXIT_CELL_FAILED;
}

int cli_run(const struct options *options)
{
	struct headless headless = {
		.options = options,
		.samples_fd = -1,
		.signal_fd = -1,
	};
	struct err err = {0};
	bool checked;
	int status;

	status_line_open(&headless.line, cli_ascii(options));
	checked = headless_plan(&headless, &err) == 0 && headless_check_paths(options, &err) == 0;
	if (checked && headless_open_samples(&headless, &err) == 0 &&
	    headless_watch_signals(&headless, &err) == 0)
		headless.run = run_new(&headless.plan, &err);
	if (headless.run && headless_log_samples(&headless, &err) == 0)
		status = headless_measure(&headless);
	else
		status = cli_fail(checked ? EXIT_CELL_FAILED : EXIT_USAGE, &err);
	run_free(headless.run);
	plan_free(&headless.plan);
	io_close(&headless.samples_fd);
	io_close(&headless.signal_fd);
	status_line_close(&headless.line);
	return status;
}
