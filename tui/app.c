/* SPDX-License-Identifier: MIT */
/* The dashboard's loop: events change the state, and the state is drawn. */
#include "tui/app.h"

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "bench/machine/clock.h"
#include "bench/machine/endings.h"
#include "bench/plan/preset.h"
#include "bench/report/export.h"
#include "transports/unused.h"
#include "tui/app_commands.h"
#include "tui/app_state.h"
#include "tui/cli/options.h"
#include "tui/settings.h"
#include "tui/term/term.h"
#include "tui/ui/ui_update.h"
#include "tui/views/frame.h"

#define FRAME_NS UINT64_C(125000000) /* between two frames that only show new data */
#define CPU_NS UINT64_C(2000000000)  /* the own CPU share is taken over this long */
#define CPU_COST_MAX 20              /* a frame costs at most a twentieth of the time */
#define RESIZE_NS UINT64_C(30000000) /* between two frames while the size changes */

/* Events. */

static void app_event(struct app *app, struct event *event)
{
	struct command command;

	event->now_ns = clock_now_ns();
	command = ui_update(&app->ui, app_model(app), event);
	if (command.kind != COMMAND_NONE)
		app_execute(app, &command);
	if (app->ui.picker.stale)
		picker_survey(&app->ui.picker);
	app->urgent = true;
}

static void app_read_keys(struct app *app)
{
	struct event event;

	while (!app->leaving && term_read(&event)) {
		app->barrier.inputs++;
		app_event(app, &event);
	}
}

static void app_resized(struct app *app)
{
	struct event event = {.kind = EVENT_RESIZE};

	app->resized = false;
	(void)term_resize();
	term_size(&event.x, &event.y);
	app_event(app, &event);
}

static void on_leave(struct app *app, int number)
{
	app->signal = number;
	app->leaving = true;
}

static void on_interrupt(struct app *app, int number UNUSED)
{
	struct event event = {.kind = EVENT_INTERRUPT};

	app_event(app, &event);
}

static void on_window(struct app *app, int number UNUSED)
{
	app->resized = true;
}

static void on_stop(struct app *app, int number UNUSED)
{
	struct command command = {.kind = COMMAND_SUSPEND};

	app_execute(app, &command);
}

/* We were stopped with SIGSTOP and go on: the screen may show anything. */
static void on_continue(struct app *app, int number UNUSED)
{
	term_repaint();
	app_resized(app);
}

static const struct signal_row {
	int number;
	void (*act)(struct app *app, int number);
} signal_table[] = {
	{SIGTERM, on_leave},   {SIGHUP, on_leave}, {SIGINT, on_interrupt},
	{SIGWINCH, on_window}, {SIGTSTP, on_stop}, {SIGCONT, on_continue},
};

#define SIGNAL_COUNT (sizeof(signal_table) / sizeof(signal_table[0]))

static void app_signals(struct app *app)
{
	struct signalfd_siginfo info;

	while (read(app->signal_fd, &info, sizeof(info)) == sizeof(info))
		for (size_t i = 0; i < SIGNAL_COUNT; i++)
			if (signal_table[i].number == (int)info.ssi_signo)
				signal_table[i].act(app, signal_table[i].number);
}

/* Before curses starts, so that its own handlers never see one of these. */
static int app_watch_signals(struct app *app, struct err *err)
{
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(&app->signals);
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		(void)sigaddset(&app->signals, signal_table[i].number);
	app->signal_fd = signalfd(-1, &app->signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (app->signal_fd < 0 || sigprocmask(SIG_BLOCK, &app->signals, NULL) != 0)
		return err_system(err, "watching for signals");
	return 0;
}

static bool signal_ends(int number)
{
	return number == SIGTERM || number == SIGHUP || number == SIGINT;
}

/* curses has set handlers of its own for signals that were not ignored; they exit with 1. */
static void signal_reset(int number)
{
	const struct sigaction standard = {.sa_handler = SIG_DFL};
	struct sigaction now;

	if (sigaction(number, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
		(void)sigaction(number, &standard, NULL); /* the number was valid a line ago */
}

/*
 * From now on signals end us as usual. One that has come since the loop ended counts as
 * what made us leave.
 */
static void app_release_signals(struct app *app)
{
	struct signalfd_siginfo info;

	while (read(app->signal_fd, &info, sizeof(info)) == sizeof(info))
		if (signal_ends((int)info.ssi_signo))
			app->signal = (int)info.ssi_signo;
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		if (signal_ends(signal_table[i].number))
			signal_reset(signal_table[i].number);
	endings_heed();
	(void)sigprocmask(SIG_UNBLOCK, &app->signals, NULL);
}

/* Drawing. */

static void app_measure_self(struct app *app, uint64_t now_ns)
{
	struct rusage usage;
	uint64_t cpu_ns;

	if (now_ns - app->cpu_at_ns < CPU_NS || getrusage(RUSAGE_SELF, &usage) != 0)
		return;
	cpu_ns = (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000u +
		 (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000u;
	if (app->cpu_at_ns)
		app->ui.own_cpu =
			(double)(cpu_ns - app->cpu_ns) / (double)(now_ns - app->cpu_at_ns);
	app->cpu_at_ns = now_ns;
	app->cpu_ns = cpu_ns;
}

static void app_draw(struct app *app)
{
	uint64_t now_ns = clock_now_ns();
	const struct model *model = app_model(app);
	char title[128];
	int columns;
	int rows;
	int x = -1;
	int y = 0;

	app_measure_self(app, now_ns);
	term_size(&columns, &rows);
	if ((columns != app->grid.columns || rows != app->grid.rows) &&
	    grid_resize(&app->grid, columns, rows, term_glyphs(), NULL) != 0)
		return; /* no memory for a frame: the run goes on without one */
	app->ui.columns = columns;
	app->ui.rows = rows;
	ui_follow(&app->ui, model);
	frame_draw(&app->grid, model, &app->ui);
	if (!frame_cursor(&app->grid, &app->ui, &x, &y))
		x = -1;
	term_show(&app->grid, x, y);
	if (app->barrier.on)
		barrier_frame(&app->barrier, &app->grid, title, sizeof(title));
	else
		(void)frame_title(model, title, sizeof(title));
	term_title(title);
	app->dirty = app->urgent = false;
	app->drawn_ns = now_ns;
	app->draw_cost_ns = clock_now_ns() - now_ns;
}

/* Frames for new data, or for a new size, are at least this far apart. */
static uint64_t app_due_ns(const struct app *app, uint64_t least_ns)
{
	uint64_t pause_ns = app->draw_cost_ns * CPU_COST_MAX;

	return app->drawn_ns + (pause_ns > least_ns ? pause_ns : least_ns);
}

/* When the next frame is due, if the terminal takes one. UINT64_MAX: there is nothing to draw. */
static uint64_t app_frame_due_ns(const struct app *app)
{
	if (app->urgent)
		return 0;
	if (app->resized)
		return app_due_ns(app, RESIZE_NS);
	return app->dirty ? app_due_ns(app, FRAME_NS) : UINT64_MAX;
}

static int least_ms(int a, int b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

static int until_ms(uint64_t due_ns, uint64_t now_ns)
{
	return due_ns <= now_ns ? 0 : (int)((due_ns - now_ns) / 1000000u) + 1;
}

static int app_timeout_ms(const struct app *app)
{
	uint64_t now_ns = clock_now_ns();
	int timeout = app->run ? run_timeout_ms(app->run) : -1;

	if (app->next.cell_count > 0)
		timeout = least_ms(timeout, until_ms(app->next_by_ns, now_ns));
	if (app_frame_due_ns(app) != UINT64_MAX && term_waiting_fd() < 0)
		timeout = least_ms(timeout, until_ms(app_frame_due_ns(app), now_ns));
	if (app->ui.toast.text[0])
		timeout = least_ms(timeout, until_ms(app->ui.toast.until_ns, now_ns));
	if (term_due_ns() != UINT64_MAX)
		timeout = least_ms(timeout, until_ms(now_ns + term_due_ns(), now_ns));
	return timeout;
}

/* The loop. */

static void app_tick(struct app *app)
{
	struct event event = {.kind = EVENT_TICK};

	if (app->ui.toast.text[0] && clock_now_ns() >= app->ui.toast.until_ns)
		app_event(app, &event);
}

static void app_wait(struct app *app)
{
	struct pollfd polled[] = {
		{.fd = term_fd(), .events = POLLIN},
		{.fd = app->signal_fd, .events = POLLIN},
		{.fd = app->run ? run_fd(app->run) : -1, .events = POLLIN},
		{.fd = term_waiting_fd(), .events = POLLOUT},
	};

	if (poll(polled, 4, app_timeout_ms(app)) < 0)
		return;
	if (polled[1].revents)
		app_signals(app);
	if (polled[3].revents)
		(void)term_flush(); /* the rest is sent once the terminal takes more */
	/* A terminal that is gone has no key to read, and would be polled for ever. */
	if (polled[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		on_leave(app, SIGHUP);
	else if (polled[0].revents || term_due_ns() == 0)
		app_read_keys(app);
}

/* A new frame is drawn only when the terminal has taken the last one. */
static void app_show(struct app *app)
{
	uint64_t due_ns = app_frame_due_ns(app);

	if (due_ns == UINT64_MAX || clock_now_ns() < due_ns || !term_flush())
		return;
	if (app->resized)
		app_resized(app);
	app_draw(app);
}

static void app_loop(struct app *app)
{
	app_draw(app);
	while (!app->leaving) {
		app_wait(app);
		app_step_run(app);
		app_tick(app);
		if (!app->leaving)
			app_show(app);
	}
}

/* Beginning and end. */

static bool colors_wanted(const struct app_options *options)
{
	const char *no_color = getenv("NO_COLOR");

	if (options->color == COLOR_AUTO)
		return !(no_color && *no_color);
	return options->color == COLOR_ALWAYS;
}

static int app_choose_cells(struct app *app, struct err *err)
{
	const struct app_options *options = app->options;
	struct picker *picker = &app->ui.picker;
	const struct preset *preset = preset_find(options->preset ? options->preset : "quick");
	bool lists = options->transports || options->shapes;

	if (!preset)
		return err_set(err, ERR_USAGE, "there is no preset \"%s\"", options->preset);
	picker_use_dtype(picker, options->plan->dtype);
	if (picker_apply_preset(picker, preset, err) != 0)
		return -1;
	if (!lists)
		return 0;
	return picker_apply_lists(picker,
				  options->transports ? options->transports : preset->transports,
				  options->shapes ? options->shapes : preset->shapes, err);
}

/* Shows the first complaint so far; ! lists them all. */
static void app_tell_complaints(struct app *app)
{
	struct ui *ui = &app->ui;
	char text[UI_TEXT_BYTES];

	if (picker_impossible(&ui->picker, text, sizeof(text)))
		ui_note(ui, "%s", text);
	if (ui->note_count > 1)
		ui_toast(ui, ROLE_BAD, "%.200s   ! shows all %zu notes", ui->notes[0],
			 ui->note_count);
	else if (ui->note_count > 0)
		ui_toast(ui, ROLE_BAD, "%.250s", ui->notes[0]);
}

/* Options of the command line win over the settings, which win over the preset. */
static void app_choose_options(struct app *app)
{
	const struct app_options *options = app->options;
	struct picker *picker = &app->ui.picker;

	settings_load(&app->ui, !options->preset);
	settings_load_keys(&app->ui);
	options_overlay(&picker->options, options->plan, options->given);
	picker->samples_set |= options->samples_given;
	picker_survey(picker);
	app_tell_complaints(app);
}

static const struct theme *app_theme(const struct app *app)
{
	const char *name = app->options->theme ? app->options->theme : app->ui.theme;
	const struct theme *theme = theme_find(name);

	return theme ? theme : theme_guess(getenv("COLORFGBG"));
}

static int app_open_terminal(struct app *app, struct err *err)
{
	struct term_options options = {.ascii = app->options->ascii};
	char note[256];

	app->theme = app_theme(app);
	app->ui.mouse &= !app->options->no_mouse;
	options.theme = app->theme;
	options.mono = !colors_wanted(app->options);
	options.mouse = app->ui.mouse;
	if (term_open(&options, note, err) != 0)
		return -1;
	if (note[0])
		ui_toast(&app->ui, ROLE_WARN, "%s", note);
	return 0;
}

static bool model_any(const struct model *model, enum cell_state state)
{
	for (size_t i = 0; i < model->cell_count; i++)
		if (model->cells[i].state == state)
			return true;
	return false;
}

/* Prints the results, which stay in the scrollback. */
static void app_print_results(const struct app *app)
{
	const struct model *model = app_model(app);
	struct table_style style = {
		.ascii = app->grid.glyphs != GLYPHS_UTF8,
		.color = colors_wanted(app->options),
		.columns = app->grid.columns > 40 ? (unsigned)app->grid.columns : 0,
	};

	if (!model_any(model, CELL_DONE) && !model_any(model, CELL_FAILED) &&
	    !model_any(model, CELL_WRONG))
		return;
	(void)export_table(model, &style, stdout, NULL); /* the same is in the file */
	if (app->results[0])
		(void)printf("\nresults: %s\n", app->results);
	(void)fflush(stdout);
}

static int app_status(const struct app *app)
{
	const struct model *model = app_model(app);

	if (app->signal)
		return 128 + app->signal;
	return model_any(model, CELL_FAILED) || model_any(model, CELL_WRONG);
}

static void app_fini(struct app *app)
{
	run_free(app->run);
	plan_free(&app->plan);
	plan_free(&app->next);
	grid_free(&app->grid);
	if (app->signal_fd >= 0)
		(void)close(app->signal_fd);
	(void)sigprocmask(SIG_UNBLOCK, &app->signals, NULL);
}

static int app_prepare(struct app *app, struct err *err)
{
	ui_init(&app->ui);
	app->ui.now_ns = clock_now_ns();
	app->idle = (struct model){.left_ns = (double)NAN};
	barrier_init(&app->barrier);
	if (app_choose_cells(app, err) != 0)
		return -1;
	app_choose_options(app);
	if (app_watch_signals(app, err) != 0)
		return -1;
	return app_open_terminal(app, err);
}

int app_main(const struct app_options *options, struct err *err)
{
	static struct app app; /* too large for a stack */
	int status;

	app = (struct app){.options = options, .signal_fd = -1};
	if (app_prepare(&app, err) != 0) {
		app_fini(&app);
		return APP_NO_SCREEN;
	}
	app_loop(&app);
	app_end_run(&app);
	term_close();
	app_release_signals(&app);
	if (!term_was_deaf())
		app_print_results(&app);
	status = app_status(&app);
	app_fini(&app);
	return status;
}
