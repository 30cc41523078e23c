/* SPDX-License-Identifier: MIT */
/* The command line: what is said of words that mean nothing there, and each command's help. */
#include "tests/support/test.h"
#include "tui/cli/options.h"
#include "tui/cli/options_help.h"
#include "tui/cli/options_table.h"
#include "tui/draw/theme.h"

#define WORDS_MAX 8

static struct options options;
static struct err err;

/* Parses words that are separated by spaces. */
static int parse(const char *line)
{
	static char text[200];
	char *argv[WORDS_MAX + 1] = {(char[]){"ipctop"}};
	char *rest = text;
	int argc = 1;

	(void)snprintf(text, sizeof(text), "%s", line);
	while (rest && *rest && argc < WORDS_MAX)
		argv[argc++] = strsep(&rest, " ");
	err_clear(&err);
	return options_parse(&options, argc, argv, &err);
}

static const struct {
	const char *line, *says;
} advised[] = {
	{"run --sampels 3",
	 "unknown option \"--sampels\": did you mean --samples? See ipctop run --help"},
	{"run --smaples=3",
	 "unknown option \"--smaples=3\": did you mean --samples? See ipctop run --help"},
	{"run --trans all",
	 "unknown option \"--trans\": did you mean --transports? See ipctop run --help"},
	{"--teme dark", "unknown option \"--teme\": did you mean --theme? See ipctop --help"},
	{"diff a b --flors", "unknown option \"--flors\": did you mean --floors, which goes with "
			     "ipctop list?"},
	{"run -N 3", "unknown option \"-N\": did you mean -n? See ipctop run --help"},
	{"list -N 3", "unknown option \"-N\": did you mean -n, which goes with the dashboard, "
		      "ipctop run and ipctop duel?"},
	{"run --frobnicate", "unknown option \"--frobnicate\": see ipctop run --help"},
	{"run -?", "unknown option \"-?\": see ipctop run --help"},
	{"run --", "unknown option \"--\": see ipctop run --help"},
	{"run -samples 3", "\"-samples\" wants two dashes: --samples"},
	{"run -csv=x", "\"-csv=x\" wants two dashes: --csv"},
	{"list --samples 3", "--samples does not go with ipctop list but with the dashboard, "
			     "ipctop run and ipctop duel: see ipctop list --help"},
	{"--port 8000",
	 "--port does not go with the dashboard but with ipctop serve: see ipctop --help"},
	{"serve --json x", "--json does not go with ipctop serve but with ipctop run, ipctop list "
			   "and ipctop duel: see ipctop serve --help"},
	{"list --json=x", "--json takes no value"},
	{"rnu", "unknown command \"rnu\": did you mean ipctop run? See ipctop --help"},
	{"frobnicate",
	 "unknown command \"frobnicate\": run, list, serve, duel or diff; see ipctop --help"},
	{"-n 3 run", "unexpected \"run\": the command comes before the options, ipctop run ..."},
	{"run quick", "unexpected \"quick\": see ipctop run --help"},
	{"--theme drak", "--theme \"drak\": choose from auto|dark|light|mono"},
	{"run --source stale", "--source \"stale\": choose from ready|fresh"},
};

static void test_advice(void)
{
	for (size_t i = 0; i < sizeof(advised) / sizeof(advised[0]); i++) {
		CHECK_MSG(parse(advised[i].line) == -1, "%s passes", advised[i].line);
		CHECK(err.kind == ERR_USAGE);
		CHECK_STR(err.message, advised[i].says);
	}
}

/* One name, two meanings: each command takes its own. */
static void test_twins(void)
{
	CHECK_MSG(parse("run --json x") == 0, "%s", err.message);
	CHECK_STR(options.json_path, "x");
	CHECK(!options.json && parse("list --json") == 0 && options.json && !options.json_path);
	CHECK(parse("duel a b -s 2x3") == 0 && strcmp(options.shapes, "2x3") == 0);
	CHECK(parse("serve -t http+json -s2x3") == 0 && strcmp(options.shapes, "2x3") == 0);
}

/* The help of a command has each option that it takes, and no other. */
static void test_help(void)
{
	for (const struct command_row *command = command_table; command->help; command++) {
		char text[20000] = "";
		FILE *file = fmemopen(text, sizeof(text), "w");

		CHECK(file);
		options_help(command->command, file);
		CHECK(fclose(file) == 0);
		for (const struct option_row *row = option_table; row->name; row++) {
			char line[100];
			bool takes = row->commands & command->command;

			(void)snprintf(line, sizeof(line), " --%s%s%s  ", row->name,
				       row->argument ? " " : "",
				       row->argument ? row->argument : "");
			if (command->name)
				CHECK_MSG(!!strstr(text, line) == takes, "%s: %s", command->name,
					  line);
		}
	}
}

static void test_themes(void)
{
	for (size_t i = 0; theme_names[i]; i++) {
		char line[40];

		(void)snprintf(line, sizeof(line), "--theme %s", theme_names[i]);
		CHECK_MSG(parse(line) == 0, "%s", err.message);
		CHECK_STR(options.theme, theme_names[i]);
	}
}

static const struct test tests[] = {
	{"advice", test_advice},
	{"twins", test_twins},
	{"help", test_help},
	{"themes", test_themes},
};

TEST_MAIN(tests)
