/* SPDX-License-Identifier: MIT */
/* What the interface asks for, done to the world. */
#include "tui/app_commands.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/machine/clock.h"
#include "bench/machine/world.h"
#include "bench/report/export.h"
#include "transports/unused.h"
#include "tui/settings.h"
#include "tui/term/suspend.h"
#include "tui/term/term.h"
#include "tui/views/frame.h"

/* A pair that has not stopped after this long is left to run_free. */
#define END_NS UINT64_C(5000000000)

static bool has_extension(const char *path, const char *extension)
{
	size_t length = strlen(path);
	size_t part = strlen(extension);

	return length > part && strcmp(path + length - part, extension) == 0;
}

static const struct exporter *exporter_for(const char *path)
{
	const struct exporter *exporter = exporter_table;

	while (exporter->name && !has_extension(path, exporter->extension))
		exporter++;
	return exporter->name ? exporter : NULL;
}

/* Results are always on disk. */

static void app_save(struct app *app)
{
	struct err err = {0};

	if (!app->results[0] || app->saved == run_model(app->run)->generation)
		return;
	app->saved = run_model(app->run)->generation;
	if (export_file(&world_real, app_model(app), exporter_for(app->results), app->results,
			&err) == 0)
		app->save_failed = false;
	else if (!app->save_failed)
		ui_toast(&app->ui, ROLE_BAD, "results are not saved: %.200s", err.message);
	app->save_failed = err.kind != ERR_NONE;
}

static void choose_results(struct app *app)
{
	struct err err = {0};
	char leaf[80];

	(void)snprintf(leaf, sizeof(leaf), "runs/%s.csv", app_model(app)->run_id);
	app->results[0] = '\0';
	if (path_state(leaf, app->results, &err) != 0 ||
	    path_make_parents(app->results, &err) != 0) {
		app->results[0] = '\0';
		ui_toast(&app->ui, ROLE_BAD, "results are not saved: %.200s", err.message);
	}
	(void)snprintf(app->ui.results, sizeof(app->ui.results), "%.*s", UI_TEXT_BYTES - 1,
		       app->results);
	app->saved = SIZE_MAX;
}

static void save_anew(struct app *app)
{
	app->saved = SIZE_MAX;
	app_save(app);
}

/* The run. */

/* Takes over a plan and runs it, in place of the run there is. */
static void start_plan(struct app *app, const struct plan *plan)
{
	struct run *run;
	struct err err = {0};

	ui_forget_cells(&app->ui);
	run_free(app->run);
	app->run = NULL;
	plan_free(&app->plan);
	app->plan = *plan;
	run = run_new(&app->plan, &world_real, &err);
	if (!run) {
		ui_toast(&app->ui, ROLE_BAD, "%.250s", err.message);
		return;
	}
	app->run = run;
	choose_results(app);
}

/* The same after a run: says where its results are. */
static void start_after(struct app *app, const struct plan *plan)
{
	if (app->results[0])
		ui_toast(&app->ui, ROLE_TEXT, "the run before is kept in %.200s", app->results);
	start_plan(app, plan);
}

/* Ends the run there is, and has the plan wait for that. The loop goes on meanwhile. */
static void start_when_ended(struct app *app, const struct plan *plan)
{
	if (app->next.cell_count == 0)
		app->next_by_ns = clock_now_ns() + END_NS;
	plan_free(&app->next);
	app->next = *plan;
	run_stop(app->run);
	ui_toast(&app->ui, ROLE_TEXT, "the run before is being ended: the duel begins after it");
}

static void start_next(struct app *app)
{
	struct plan plan = app->next;

	if (run_model(app->run)->running)
		save_anew(app);
	app->next = (struct plan){0};
	start_after(app, &plan);
	app->urgent = true;
}

void app_step_run(struct app *app)
{
	const struct model *model = app_model(app);
	bool was_running = model->running;

	if (!app->run)
		return;
	(void)run_step(app->run);
	app_save(app);
	app->dirty |= was_running;
	if (app->next.cell_count > 0 && (!model->running || clock_now_ns() >= app->next_by_ns))
		start_next(app);
}

void app_end_run(struct app *app)
{
	uint64_t until_ns = app->next.cell_count ? app->next_by_ns : clock_now_ns() + END_NS;

	if (!app->run)
		return;
	run_stop(app->run);
	while (run_step(app->run) && clock_now_ns() < until_ns) {
		struct pollfd polled = {.fd = run_fd(app->run), .events = POLLIN};
		int timeout = run_timeout_ms(app->run);

		(void)poll(&polled, 1, timeout < 0 || timeout > 100 ? 100 : timeout);
	}
	save_anew(app);
}

static void do_start(struct app *app, const struct command *command UNUSED)
{
	struct plan plan;
	struct err err = {0};

	if (picker_make_plan(&app->ui.picker, &plan, &err) == 0)
		start_plan(app, &plan);
	else
		ui_toast(&app->ui, ROLE_BAD, "%.250s", err.message);
}

/* A duel of two cells of the model, with the options that they were measured with. */
static int duel_plan(const struct model *model, const struct command *command, struct plan *plan,
		     struct err *err)
{
	const struct plan_cell *a = model->cells[command->cell].plan;
	const struct plan_cell *b = model->cells[command->opponent].plan;
	const struct plan_options *shown = &model->plan->options;
	struct plan_options options = plan_duel_defaults;
	char names[2][TRANSPORT_NAME_BYTES];
	char types[WAYS_TEXT_BYTES];
	const struct ways ways = plan_cell_ways(a);

	options.direction = shown->direction;
	options.source = shown->source;
	options.memory = shown->memory;
	options.pages = shown->pages;
	options.wait = shown->wait;
	options.pin = shown->pin;
	options.timeout_ns = shown->timeout_ns;
	options.seed = shown->seed;
	options.clients = shown->clients;
	return plan_make_duel(plan, transport_format(&a->transport, names[0]),
			      transport_format(&b->transport, names[1]),
			      ways_format(&ways, types), &options, err);
}

static void do_duel(struct app *app, const struct command *command)
{
	struct plan plan;
	struct err err = {0};

	if (duel_plan(app_model(app), command, &plan, &err) != 0) {
		ui_toast(&app->ui, ROLE_BAD, "%.250s", err.message);
		return;
	}
	if (app_model(app)->running)
		start_when_ended(app, &plan);
	else
		start_after(app, &plan);
}

/* A duel that waits for the end is called off. */
static void do_stop(struct app *app, const struct command *command UNUSED)
{
	plan_free(&app->next);
	run_stop(app->run);
}

static void do_pause(struct app *app, const struct command *command UNUSED)
{
	bool pause = !app_model(app)->paused;

	run_pause(app->run, pause);
	ui_toast(&app->ui, ROLE_TEXT, pause ? "paused after the sample in flight: p goes on"
					    : "going on");
}

static void do_skip(struct app *app, const struct command *command)
{
	run_skip(app->run, command->cell);
	ui_toast(&app->ui, ROLE_TEXT, "skipped");
}

static void do_retry(struct app *app, const struct command *command)
{
	run_retry(app->run, command->cell);
	app->dirty = true;
	ui_toast(&app->ui, ROLE_TEXT, app_model(app)->running
		 ? "measuring it again" : "this run was stopped: r on setup starts another");
}

static void do_more(struct app *app, const struct command *command)
{
	struct ranking_more more;
	size_t rounds = 0;

	if (ui_more(app_model(app), command->cell, &more))
		rounds = run_more(app->run, more.rows.cells, more.rows.count, more.rounds);
	app->dirty = true;
	if (rounds)
		ui_toast(&app->ui, ROLE_TEXT, "measuring %zu more blocks of %zu cells", rounds,
			 more.rows.count);
	else
		ui_toast(&app->ui, ROLE_WARN,
			 "this run takes no more blocks: r on setup starts another");
}

static void do_drop(struct app *app, const struct command *command)
{
	run_drop(app->run, command->cell);
	ui_toast(&app->ui, ROLE_TEXT, "dropped");
}

/* Export and copy. */

static int screen_picture(const void *what, FILE *file, struct err *err)
{
	const struct app *app = what;

	grid_to_svg(&app->grid, app->theme, file);
	return ferror(file) ? err_system(err, "cannot write the screen") : 0;
}

static int screen_text(const void *what, FILE *file, struct err *err)
{
	const struct app *app = what;

	grid_to_text(&app->grid, file);
	return ferror(file) ? err_system(err, "cannot write the screen") : 0;
}

static int write_screen(struct app *app, const char *path, struct err *err)
{
	/* Drawn again without the prompt that asked for the name. */
	app->ui.toast.text[0] = '\0';
	frame_draw(&app->grid, app_model(app), &app->ui);
	return export_replace(&world_real, path,
			      has_extension(path, ".svg") ? screen_picture : screen_text, app, err);
}

static int write_results(struct app *app, const char *path, struct err *err)
{
	const struct exporter *exporter = exporter_for(path);

	if (export_is_stream(path)) /* the dashboard cannot wait for a reader */
		return err_set(err, ERR_USAGE, "cannot write %.200s: it is not a file", path);
	return exporter ? export_file(&world_real, app_model(app), exporter, path, err) :
			  write_screen(app, path, err);
}

static void do_export(struct app *app, const struct command *command)
{
	struct err err = {0};

	if (write_results(app, command->text, &err) == 0)
		ui_toast(&app->ui, ROLE_GOOD, "written: %.240s", command->text);
	else
		ui_toast(&app->ui, ROLE_BAD, "%.250s", err.message);
}

/* Writes the table as text, which the caller frees. */
static char *table_text(const struct app *app)
{
	struct table_style style = {.ascii = app->grid.glyphs != GLYPHS_UTF8};
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);
	int status;

	if (!file)
		return NULL;
	status = export_table(app_model(app), &style, file, NULL);
	if (fclose(file) == 0 && status == 0)
		return text;
	free(text);
	return NULL;
}

/* Frees text, which is NULL if it could not be made. */
static void copy_text(struct app *app, char *text, const char *what)
{
	struct err err = {0};

	if (text && term_copy(text, &err) == 0)
		ui_toast(&app->ui, ROLE_GOOD, "copied: %s", what);
	else if (text)
		ui_toast(&app->ui, ROLE_BAD, "not copied: %.200s", err.message);
	else
		ui_toast(&app->ui, ROLE_BAD, "not copied: %s cannot be made", what);
	free(text);
}

static void do_copy(struct app *app, const struct command *command UNUSED)
{
	if (app->ui.screen == SCREEN_SETUP || app_model(app)->cell_count == 0)
		copy_text(app, picker_command_whole(&app->ui.picker), "the command");
	else
		copy_text(app, table_text(app), "the table");
}

/* Settings and terminal. */

static void do_save(struct app *app, const struct command *command UNUSED)
{
	struct err err = {0};

	if (settings_save(&app->ui, &err) == 0)
		ui_toast(&app->ui, ROLE_GOOD, "settings saved");
	else
		ui_toast(&app->ui, ROLE_BAD, "settings not saved: %.200s", err.message);
}

static void do_mouse(struct app *app, const struct command *command UNUSED)
{
	term_mouse(app->ui.mouse);
}

static void do_redraw(struct app *app UNUSED, const struct command *command UNUSED)
{
	term_repaint();
}

/*
 * Pauses the pair after the sample in flight, so that nothing is measured while we are
 * stopped: Ctrl-Z does not reach the pair, which has a process group of its own.
 */
static void do_suspend(struct app *app, const struct command *command UNUSED)
{
	const struct model *model = app_model(app);
	bool hold = model->running && !model->paused;

	if (hold)
		run_pause(app->run, true);
	term_suspend();
	suspend_now(true);
	term_resume();
	if (hold)
		run_pause(app->run, false);
	app->urgent = true;
}

static void do_quit(struct app *app, const struct command *command UNUSED)
{
	/* A second Ctrl-C interrupts the run, as it does without a screen. */
	if (app->ui.stopped_ns && app->ui.stopped_ns != app->ui.now_ns &&
	    app->ui.now_ns - app->ui.stopped_ns <= UINT64_C(2000000000))
		app->signal = SIGINT;
	app->leaving = true;
}

void app_execute(struct app *app, const struct command *command)
{
	static void (*const table[])(struct app *app, const struct command *command) = {
		[COMMAND_START] = do_start,
		[COMMAND_DUEL] = do_duel,
		[COMMAND_STOP] = do_stop,
		[COMMAND_PAUSE] = do_pause,
		[COMMAND_SKIP] = do_skip,
		[COMMAND_RETRY] = do_retry,
		[COMMAND_MORE] = do_more,
		[COMMAND_DROP] = do_drop,
		[COMMAND_EXPORT] = do_export,
		[COMMAND_COPY] = do_copy,
		[COMMAND_SAVE] = do_save,
		[COMMAND_MOUSE] = do_mouse,
		[COMMAND_SUSPEND] = do_suspend,
		[COMMAND_REDRAW] = do_redraw,
		[COMMAND_QUIT] = do_quit,
	};

	table[command->kind](app, command);
}
