/* SPDX-License-Identifier: MIT */
/* `ipctop run` and `ipctop duel`: the engine without a screen. */
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "bench/machine/clock.h"
#include "bench/machine/endings.h"
#include "bench/machine/world.h"
#include "bench/plan/preset.h"
#include "bench/run/run.h"
#include "bench/text/text.h"
#include "transports/net/io.h"
#include "tui/cli/cli.h"
#include "tui/cli/cli_results.h"
#include "tui/cli/patient.h"
#include "tui/cli/status_line.h"
#include "tui/term/suspend.h"

struct headless {
	const struct options *options;
	struct plan plan;
	struct run *run;
	int samples_fd; /* until samples takes it over */
	FILE *samples;
	struct patient patient; /* of the samples */
	int signal_fd;
	sigset_t signals; /* watched by signal_fd, and blocked otherwise */
	int signal;       /* the signal that ended the run, 0 if none */
	struct status_line line;
	size_t saved;     /* the generation that was last saved, or failed to be */
	bool save_failed; /* the last save failed, and that was told */
};

static int headless_plan_duel(struct headless *headless, struct err *err)
{
	const struct options *options = headless->options;

	if (!options->words[1] || (!options->shapes && !data_is_file(options->plan.data)))
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
	if (!found && (!options->transports ||
		       (!options->shapes && !data_is_file(options->plan.data))))
		return err_set(err, ERR_USAGE,
			       "say what to run: -p quick, or -t http+json,ws+shm -s 1x3x224x224");
	if (plan_make(&headless->plan,
		      options->transports ? options->transports : preset.transports,
		      options->shapes, &options->plan,
		      found ? &preset : NULL, err) != 0)
		return -1;
	return options->connect ? plan_connect(&headless->plan, options->connect, err) : 0;
}

/* Opening a FIFO waits for its reader; no signal is held yet. */
static int headless_open_samples(struct headless *headless, struct err *err)
{
	const char *path = headless->options->samples_csv;

	if (!path)
		return 0;
	headless->samples_fd = cli_is_stream(path) ?
				       fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) :
				       patient_file(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
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
	suspend_hold();
	headless->signal_fd = signalfd(-1, &headless->signals, SFD_CLOEXEC | SFD_NONBLOCK);
	return headless->signal_fd < 0 ? err_system(err, "watching for signals") : 0;
}

/* A disk that is full for hours is told of once; the last save, at the end, has its own say. */
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
	headless->save_failed =
		results_save(headless->options, run_model(headless->run), &err) != 0;
	if (!headless->save_failed || told)
		return;
	(void)snprintf(line, sizeof(line), "ipctop: results are not saved: %s\n",
		       text_clean(clean, sizeof(clean), err.message));
	status_line_tell(&headless->line, line);
}

/* Whether a signal has asked for the end. */
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

/* Pauses the pair after the sample in flight, so that nothing is measured while we are stopped. */
static void headless_suspend(struct headless *headless)
{
	status_line_clear(&headless->line);
	run_pause(headless->run, true);
	suspend_now(false);
	run_pause(headless->run, false);
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
		(void)suspend_poll(polled, 2, run_timeout_ms(headless->run));
		if (suspend_wanted())
			headless_suspend(headless);
		if (headless_hear(headless))
			run_stop(headless->run);
	}
	status_line_clear(&headless->line);
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

/* Fails unless all samples, which were written as they came, got there. */
static int headless_close_samples(struct headless *headless, struct err *err)
{
	int status;

	if (!headless->samples)
		return 0;
	status = patient_finish(headless->samples, "the samples", err);
	headless->samples = NULL;
	if (status != 0)
		return -1;
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
	(void)results_save(headless->options, run_model(headless->run), &err);
	(void)headless_close_samples(headless, &err);
	(void)headless_hear(headless); /* the table is printed even so */
	/* All is saved. If the rest finds no reader, signals end us as usual. */
	(void)sigprocmask(SIG_UNBLOCK, &headless->signals, NULL);
	suspend_release();
	results_print(headless->options, run_model(headless->run), headless->signal != 0,
		      &err);
	status = headless_status(headless);
	if (err.kind == ERR_NONE)
		return status;
	results_complain(headless->signal != 0, &err);
	return status ? status : EXIT_CELL_FAILED;
}

/* Our servers' socket files have one folder: it is told once. */
static void headless_tell_socket_folder(const struct headless *headless)
{
	const struct plan *plan = &headless->plan;

	for (size_t i = 0; i < plan->cell_count; i++) {
		const struct plan_cell *cell = &plan->cells[i];

		if (cell->transport.carrier->flags & CARRIER_SOCKET_FILE && !cell->connects) {
			cli_tell_socket_folder(&cell->transport);
			return;
		}
	}
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

	status_line_open(&headless.line, options->ascii);
	checked = headless_plan(&headless, &err) == 0 && results_check(options, &err) == 0;
	if (checked)
		headless_tell_socket_folder(&headless);
	if (checked && headless_open_samples(&headless, &err) == 0 &&
	    headless_watch_signals(&headless, &err) == 0)
		headless.run = run_new(&headless.plan, &world_real, &err);
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
