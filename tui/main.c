/* SPDX-License-Identifier: MIT */
/* Chooses the role: dashboard, a command without a screen, or a worker process. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "bench/machine/endings.h"
#include "bench/plan/foreign_pairs.h"
#include "bench/plan/preset.h"
#include "bench/text/version.h"
#include "bench/worker/worker.h"
#include "tui/app.h"
#include "tui/cli/cli.h"
#include "tui/cli/options.h"
#include "tui/cli/options_help.h"
#include "tui/term/charset.h"

static int main_dashboard(struct options *options)
{
	struct app_options app = {
		.ascii = options->ascii,
		.color = (enum color_when)options->color,
		.theme = options->theme,
		.preset = options->preset,
		.transports = options->transports,
		.shapes = options->shapes,
		.plan = &options->plan,
		.given = options->given,
		.samples_given = options->samples_given,
		.no_mouse = options->no_mouse,
	};
	struct err err = {0};
	int status = app_main(&app, &err);

	if (status != APP_NO_SCREEN)
		return status;
	(void)fprintf(stderr, "ipctop: no dashboard here (%s): running without a screen\n",
		      err.message);
	if (!options->preset && !(options->transports && options->shapes)) {
		struct plan_options plan = preset_find("quick")->options;

		options_overlay(&plan, &options->plan, options->given);
		options->plan = plan;
		options->preset = "quick";
	}
	return cli_run(options);
}

static int main_command(struct options *options)
{
	struct err err = {0};

	if (options->help) {
		options_help(options->command, stdout);
		return cli_flush(&err) == 0 ? EXIT_FINE : cli_fail(EXIT_CELL_FAILED, &err);
	}
	if (options->version) {
		(void)printf("ipctop %s\n", IPCTOP_VERSION);
		return cli_flush(&err) == 0 ? EXIT_FINE : cli_fail(EXIT_CELL_FAILED, &err);
	}
	pairs_load_shipped();
	if (options->pairs && pairs_load(options->pairs, NULL, 0, &err) != 0)
		return cli_fail(EXIT_USAGE, &err);
	switch (options->command) {
	case SUBCOMMAND_RUN:
	case SUBCOMMAND_DUEL:
		return cli_run(options);
	case SUBCOMMAND_LIST:
		return cli_list(options);
	case SUBCOMMAND_SERVE:
		return cli_serve(options);
	case SUBCOMMAND_DIFF:
		return cli_diff(options);
	case SUBCOMMAND_DASHBOARD:
		break;
	}
	return main_dashboard(options);
}

/*
 * Opens something for each standard stream that is closed. Otherwise a file of ours could
 * get its number, and what is meant for the stream would be written there. What is opened
 * refuses reads and writes, as a closed stream does.
 */
static void main_occupy_streams(void)
{
	int fd;

	while ((fd = open("/", O_PATH)) >= 0 && fd <= STDERR_FILENO)
		;
	if (fd >= 0)
		(void)close(fd);
}

int main(int argc, char **argv)
{
	struct options options;
	struct err err = {0};
	bool utf8;

	main_occupy_streams();
	/* A write beyond the limit of a file's size is to fail, as on a full disk. */
	(void)signal(SIGXFSZ, SIG_IGN);
	endings_heed();
	/* Workers format and parse numbers, so they stay in the C locale. */
	if (argc > 1 && strcmp(argv[1], "worker") == 0)
		return worker_main(argc - 1, argv + 1);
	utf8 = charset_open();
	if (options_parse(&options, argc, argv, &err) != 0)
		return cli_fail(EXIT_USAGE, &err);
	options.ascii |= !utf8;
	return main_command(&options);
}
