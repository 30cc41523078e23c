/* SPDX-License-Identifier: MIT */
/* The command line. */
#include "tui/cli/options.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bench/plan/preset.h"
#include "bench/text/quantity.h"

enum option_kind {
	OPTION_TEXT,
	OPTION_FLAG,
	OPTION_NUMBER,  /* uint64_t, from `least` to `most`: digits, which count nothing */
	OPTION_COUNT,   /* the same, also in thousands and millions */
	OPTION_TIME,    /* uint64_t ns */
	OPTION_PERCENT, /* double */
	OPTION_WORD,    /* an enum, by its words */
	OPTION_RATE,    /* double, a second, or PLAN_RATE_SWEEP */
	OPTION_REFUSED, /* known, but not working yet */
};

/* The plan's fields are found in struct plan_options, so that a preset can come under them. */
struct option_row {
	char letter; /* 0: none */
	bool in_plan;
	enum option_kind kind;
	unsigned commands; /* that take it */
	const char *name;
	const char *argument;
	const char *help;
	size_t offset;
	const char *const *words;
	uint64_t least;
	uint64_t most;
};

#define FIELD(member) .offset = offsetof(struct options, member)
#define PLAN_FIELD(member) .in_plan = true, .offset = offsetof(struct plan_options, member)
#define HEADLESS (SUBCOMMAND_RUN | SUBCOMMAND_DUEL)
#define MEASURING (SUBCOMMAND_DASHBOARD | HEADLESS)
#define CHOOSING (SUBCOMMAND_DASHBOARD | SUBCOMMAND_RUN)
#define EVERYWHERE (MEASURING | SUBCOMMAND_LIST | SUBCOMMAND_SERVE | SUBCOMMAND_DIFF)

/* So that sums of times and of moments fit into 64 bits. */
#define TIME_MOST_NS (BILLION * BILLION)

static const char *const color_names[] = {
	[COLOR_AUTO] = "auto",
	[COLOR_ALWAYS] = "always",
	[COLOR_NEVER] = "never",
	NULL,
};

static const struct option_row option_table[] = {
	{.letter = 't',
	 .name = "transports",
	 .argument = "LIST",
	 .kind = OPTION_TEXT,
	 .commands = CHOOSING | SUBCOMMAND_SERVE,
	 FIELD(transports),
	 .help = "http+json,ws+shm,...; also: all, blog, py (serve: one)"},
	{.letter = 's',
	 .name = "shapes",
	 .argument = "LIST",
	 .kind = OPTION_TEXT,
	 .commands = MEASURING | SUBCOMMAND_SERVE | SUBCOMMAND_LIST,
	 FIELD(shapes),
	 .help = "1x3x224x224,128x1024x1024,...; also \"(1,3,224,224)\" (serve: one)"},
	{.letter = 'p',
	 .name = "preset",
	 .argument = "NAME",
	 .kind = OPTION_TEXT,
	 .commands = CHOOSING,
	 FIELD(preset),
	 .help = "blog, quick or full; see below"},
	{.letter = 'n',
	 .name = "samples",
	 .argument = "N",
	 .kind = OPTION_COUNT,
	 .commands = MEASURING,
	 PLAN_FIELD(samples),
	 .least = 1,
	 .most = 1000000000,
	 .help = "upper limit a cell, over all blocks; also 2k, 1M"},
	{.letter = 'w',
	 .name = "warmup",
	 .argument = "N",
	 .kind = OPTION_COUNT,
	 .commands = MEASURING,
	 PLAN_FIELD(warmup),
	 .most = 1000000,
	 .help = "exchanges before the samples of each block"},
	{.letter = 'b',
	 .name = "budget",
	 .argument = "TIME",
	 .kind = OPTION_TIME,
	 .commands = MEASURING,
	 PLAN_FIELD(budget_ns),
	 .help = "a cell, set-up excluded, in seconds or as 500ms, 2m; at least a sample a block"},
	{.name = "source",
	 .argument = "ready|fresh",
	 .kind = OPTION_WORD,
	 .commands = MEASURING | SUBCOMMAND_SERVE,
	 PLAN_FIELD(source),
	 .words = source_names,
	 .help = "the array exists, or is drawn for every request inside the clock"},
	{.name = "memory",
	 .argument = "reused|fresh",
	 .kind = OPTION_WORD,
	 .commands = MEASURING | SUBCOMMAND_SERVE,
	 PLAN_FIELD(memory),
	 .words = memory_names,
	 .help = "segments and destination: set up once, or for every exchange"},
	{.name = "pages",
	 .argument = "small|huge",
	 .kind = OPTION_WORD,
	 .commands = MEASURING | SUBCOMMAND_SERVE,
	 PLAN_FIELD(pages),
	 .words = pages_names,
	 .help = "4 KiB, or 2 MiB where the kernel gives them"},
	{.name = "wait",
	 .argument = "block|spin|hybrid",
	 .kind = OPTION_WORD,
	 .commands = MEASURING | SUBCOMMAND_SERVE,
	 PLAN_FIELD(wait),
	 .words = wait_names,
	 .help = "each end sleeps, or keeps its CPU, or spins for 50 us and then sleeps"},
	{.name = "blocks",
	 .argument = "N",
	 .kind = OPTION_COUNT,
	 .commands = MEASURING,
	 PLAN_FIELD(blocks),
	 .least = 1,
	 .most = 1000,
	 .help = "fresh pairs a cell"},
	{.name = "seed",
	 .argument = "N",
	 .kind = OPTION_NUMBER,
	 .commands = MEASURING | SUBCOMMAND_SERVE,
	 PLAN_FIELD(seed),
	 .most = UINT64_MAX,
	 .help = "of the arrays and of the order of cells"},
	{.name = "pin",
	 .argument = "none|split|same",
	 .kind = OPTION_WORD,
	 .commands = MEASURING | SUBCOMMAND_LIST,
	 PLAN_FIELD(pin),
	 .words = pin_names,
	 .help = "server and client: free, on a CPU each, on one CPU"},
	{.name = "timeout",
	 .argument = "TIME",
	 .kind = OPTION_TIME,
	 .commands = MEASURING,
	 PLAN_FIELD(timeout_ns),
	 .help = "an exchange, in seconds or as 500ms, 2m; then its cell has failed"},
	{.name = "clients",
	 .argument = "N",
	 .kind = OPTION_COUNT,
	 .commands = MEASURING,
	 PLAN_FIELD(clients),
	 .least = 1,
	 .most = PLAN_CLIENTS_MAX,
	 .help = "client processes of a pair, all running while any is timed"},
	{.name = "rate",
	 .argument = "R|sweep",
	 .kind = OPTION_RATE,
	 .commands = CHOOSING,
	 PLAN_FIELD(rate),
	 .help = "exchanges a second on a schedule, over all clients; sweep: find the knee"},
	{.name = "csv",
	 .argument = "FILE",
	 .kind = OPTION_TEXT,
	 .commands = HEADLESS | SUBCOMMAND_DIFF,
	 FIELD(csv),
	 .help = "write ipctop-csv(5); '-' is stdout, the table then goes to stderr"},
	{.name = "json",
	 .argument = "FILE",
	 .kind = OPTION_TEXT,
	 .commands = HEADLESS,
	 FIELD(json_path),
	 .help = "the same with the histograms (list: no FILE)"},
	{.name = "floors",
	 .kind = OPTION_FLAG,
	 .commands = SUBCOMMAND_LIST,
	 FIELD(floors),
	 .help = "measure what this machine takes at the least, for --shapes and --pin (list)"},
	{.name = "samples-csv",
	 .argument = "FILE",
	 .kind = OPTION_TEXT,
	 .commands = HEADLESS,
	 FIELD(samples_csv),
	 .help = "write every sample"},
	{.name = "connect",
	 .argument = "URL",
	 .kind = OPTION_TEXT,
	 .commands = SUBCOMMAND_RUN,
	 FIELD(connect),
	 .help = "measure another program's server with our client"},
	{.name = "pairs",
	 .argument = "FILE",
	 .kind = OPTION_TEXT,
	 .commands = MEASURING | SUBCOMMAND_LIST,
	 FIELD(pairs),
	 .help = "foreign pairs to add to the transports; see ipctop-pair(7)"},
	{.name = "port",
	 .argument = "N",
	 .kind = OPTION_NUMBER,
	 .commands = SUBCOMMAND_SERVE,
	 FIELD(port),
	 .most = 65535,
	 .help = "to listen on (default: a free one)"},
	{.name = "bind",
	 .argument = "ADDR",
	 .kind = OPTION_TEXT,
	 .commands = SUBCOMMAND_SERVE,
	 FIELD(bind_address),
	 .help = "to listen on (default: 127.0.0.1)"},
	{.name = "fail-slower",
	 .argument = "PCT",
	 .kind = OPTION_PERCENT,
	 .commands = SUBCOMMAND_DIFF,
	 FIELD(fail_slower),
	 .help = "exit 1 if a cell is slower by more than PCT %, surely, or is lost"},
	{.name = "ascii",
	 .kind = OPTION_FLAG,
	 .commands = EVERYWHERE,
	 FIELD(ascii),
	 .help = "no characters beyond ASCII"},
	{.name = "color",
	 .argument = "auto|always|never",
	 .kind = OPTION_WORD,
	 .commands = EVERYWHERE,
	 FIELD(color),
	 .words = color_names,
	 .help = "auto: on a terminal, unless NO_COLOR is set"},
	{.name = "theme",
	 .argument = "NAME",
	 .kind = OPTION_TEXT,
	 .commands = SUBCOMMAND_DASHBOARD,
	 FIELD(theme),
	 .help = "auto, dark, light or mono"},
	{.name = "no-mouse",
	 .kind = OPTION_FLAG,
	 .commands = SUBCOMMAND_DASHBOARD,
	 FIELD(no_mouse),
	 .help = "leave the mouse to the terminal"},
	{.letter = 'h',
	 .name = "help",
	 .kind = OPTION_FLAG,
	 .commands = EVERYWHERE,
	 FIELD(help),
	 .help = "this text"},
	{.name = "version",
	 .kind = OPTION_FLAG,
	 .commands = EVERYWHERE,
	 FIELD(version),
	 .help = "print the version"},
};

#define OPTION_COUNT_ALL (sizeof(option_table) / sizeof(option_table[0]))
_Static_assert(OPTION_COUNT_ALL <= 64, "options.given has a bit for each");

static const struct {
	const char *name;
	enum subcommand command;
	const char *synopsis;
	const char *help;
} command_table[] = {
	{NULL, SUBCOMMAND_DASHBOARD, "", "the dashboard"},
	{"run", SUBCOMMAND_RUN, "run [options]",
	 "the same engine without a screen; prints a table"},
	{"list", SUBCOMMAND_LIST, "list [--json] [--floors]",
	 "transports, shapes, presets, and what can run here"},
	{"serve", SUBCOMMAND_SERVE, "serve -t T -s SHAPE",
	 "a server for foreign clients; prints \"ready ADDRESS\""},
	{"duel", SUBCOMMAND_DUEL, "duel A B -s SHAPE",
	 "two transports in turns until their difference is settled"},
	{"diff", SUBCOMMAND_DIFF, "diff A.csv B.csv",
	 "compare two results cell by cell; '-' is stdin"},
};

static int option_bad(const struct option_row *row, const char *value, const char *wanted,
		      struct err *err)
{
	return err_set(err, ERR_USAGE, "--%s \"%.60s\" %s", row->name, value, wanted);
}

/* A number that was read, if it is one that the option takes. */
static int option_in_range(const struct option_row *row, const char *value, uint64_t number,
			   uint64_t *out, struct err *err)
{
	if (number < row->least)
		return err_set(err, ERR_USAGE, "--%s \"%.60s\" is too small: at least %" PRIu64,
			       row->name, value, row->least);
	if (number > row->most)
		return err_set(err, ERR_USAGE, "--%s \"%.60s\" is too large: at most %" PRIu64,
			       row->name, value, row->most);
	*out = number;
	return 0;
}

static int option_number(const struct option_row *row, const char *value, uint64_t *out,
			 struct err *err)
{
	char *end;
	uint64_t number;

	errno = 0;
	number = strtoull(value, &end, 10);
	if (*value < '0' || *value > '9' || *end)
		return option_bad(row, value, "is not a whole number in digits", err);
	if (errno)
		return option_bad(row, value, "is larger than 64 bits", err);
	return option_in_range(row, value, number, out, err);
}

static int option_count(const struct option_row *row, const char *value, uint64_t *out,
			struct err *err)
{
	uint64_t number;

	if (quantity_count(value, &number) != 0)
		return option_bad(row, value,
				  "is not a whole number, perhaps with k or M (of 1000): 200, 2k",
				  err);
	return option_in_range(row, value, number, out, err);
}

static int option_time(const struct option_row *row, const char *value, uint64_t *out,
		       struct err *err)
{
	uint64_t ns;

	if (quantity_time_ns(value, &ns) != 0)
		return option_bad(row, value,
				  "is not a number of seconds, nor one with ns, us, ms, s, m or h: "
				  "0.5, 500ms, 2m", err);
	if (ns == 0)
		return option_bad(row, value, "must be more than nothing", err);
	if (ns > TIME_MOST_NS)
		return option_bad(row, value, "is too large: at most a billion seconds", err);
	*out = ns;
	return 0;
}

static int option_rate(const struct option_row *row, const char *value, double *out,
		       struct err *err)
{
	if (plan_rate_parse(value, out) == 0)
		return 0;
	return option_bad(row, value,
			  "is neither \"sweep\" nor a number a second from 0.001 to 10M: 200, 1k",
			  err);
}

static int option_percent(const struct option_row *row, const char *value, double *out,
			  struct err *err)
{
	uint64_t billionths;

	if (quantity_percent(value, &billionths) != 0)
		return option_bad(row, value, "is not a number of percent: 5, 2.5 or 5%", err);
	*out = (double)billionths / (double)BILLION;
	return 0;
}

static int option_word(const struct option_row *row, const char *value, int *out, struct err *err)
{
	for (int i = 0; row->words[i]; i++) {
		if (strcmp(row->words[i], value) == 0) {
			*out = i;
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "--%s \"%.60s\": choose from %s", row->name, value,
		       row->argument);
}

static int option_store(const struct option_row *row, const char *value, void *base,
			struct err *err)
{
	void *field = (char *)base + row->offset;

	switch (row->kind) {
	case OPTION_TEXT:
		*(const char **)field = value;
		return 0;
	case OPTION_FLAG:
		*(bool *)field = true;
		return 0;
	case OPTION_NUMBER:
		return option_number(row, value, field, err);
	case OPTION_COUNT:
		return option_count(row, value, field, err);
	case OPTION_TIME:
		return option_time(row, value, field, err);
	case OPTION_PERCENT:
		return option_percent(row, value, field, err);
	case OPTION_WORD:
		return option_word(row, value, field, err);
	case OPTION_RATE:
		return option_rate(row, value, field, err);
	case OPTION_REFUSED:
		break;
	}
	return err_set(err, ERR_USAGE, "--%s is not working yet", row->name);
}

/* An option as it stands on the command line. */
struct option_given {
	const struct option_row *row;
	const char *value;
};

static const struct option_row *option_find(const char *word, size_t length)
{
	for (size_t i = 0; i < OPTION_COUNT_ALL; i++) {
		const struct option_row *row = &option_table[i];

		if (word[1] == '-' && strlen(row->name) == length - 2 &&
		    strncmp(row->name, word + 2, length - 2) == 0)
			return row;
		if (word[1] != '-' && row->letter == word[1])
			return row;
	}
	return NULL;
}

/* Reads argv[*index] and its value, which may be joined: --csv=FILE, -n10. */
static int option_read(int argc, char **argv, int *index, struct option_given *given,
		       struct err *err)
{
	char *word = argv[*index];
	bool is_long = word[1] == '-';
	char *joined = is_long ? strchr(word, '=') : word[1] && word[2] ? word + 2 : NULL;
	size_t length = is_long && joined ? (size_t)(joined - word) : strlen(word);

	given->row = option_find(word, length);
	if (!given->row) {
		(void)err_set(err, ERR_USAGE, "unknown option \"%.60s\": see ipctop --help", word);
		return -1; /* what err_set returns, for who looks at this file alone */
	}
	given->value = NULL;
	if (!given->row->argument) {
		if (joined)
			return err_set(err, ERR_USAGE, "--%s takes no value", given->row->name);
		return 0;
	}
	if (joined)
		given->value = joined + is_long;
	else if (*index + 1 < argc)
		given->value = argv[++*index];
	else
		return err_set(err, ERR_USAGE, "--%s wants a value: %s", given->row->name,
			       given->row->argument);
	return 0;
}

static int command_read(struct options *options, int argc, char **argv, struct err *err)
{
	options->command = SUBCOMMAND_DASHBOARD;
	if (argc < 2 || argv[1][0] == '-')
		return 1;
	for (size_t i = 1; i < sizeof(command_table) / sizeof(command_table[0]); i++)
		if (strcmp(argv[1], command_table[i].name) == 0) {
			options->command = command_table[i].command;
			return 2;
		}
	return err_set(err, ERR_USAGE,
		       "unknown command \"%.60s\": run, list, serve, duel or diff; see "
		       "ipctop --help",
		       argv[1]);
}

/* `list --json` is a flag, `run --json FILE` is not. */
static bool option_is_list_json(const struct options *options, const char *word)
{
	return options->command == SUBCOMMAND_LIST && strcmp(word, "--json") == 0;
}

/* What is no option: the files of `diff`, and nothing elsewhere. */
static int word_read(struct options *options, const char *word, struct err *err)
{
	bool takes_words = options->command == SUBCOMMAND_DIFF ||
			   options->command == SUBCOMMAND_DUEL;

	for (size_t i = 0; i < 2 && takes_words; i++) {
		if (!options->words[i]) {
			options->words[i] = word;
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "unexpected \"%.60s\": see ipctop --help", word);
}

static int options_read(struct options *options, int argc, char **argv, int first,
			struct option_given *given, size_t *count, struct err *err)
{
	for (int i = first; i < argc; i++) {
		if (option_is_list_json(options, argv[i])) {
			options->json = true;
			continue;
		}
		if (argv[i][0] != '-' || !argv[i][1]) {
			if (word_read(options, argv[i], err) != 0)
				return -1;
			continue;
		}
		if (option_read(argc, argv, &i, &given[*count], err) != 0)
			return -1;
		if (!(given[*count].row->commands & options->command))
			return err_set(err, ERR_USAGE,
				       "--%s does not go with this command: see ipctop --help",
				       given[*count].row->name);
		++*count;
	}
	return 0;
}

/* The preset comes first and what was given over it, in whatever order they stand. */
static int options_store(struct options *options, const struct option_given *given, size_t count,
			 struct err *err)
{
	const struct preset *preset;

	for (size_t i = 0; i < count; i++)
		if (!given[i].row->in_plan &&
		    option_store(given[i].row, given[i].value, options, err) != 0)
			return -1;
	preset = options->preset ? preset_find(options->preset) : NULL;
	if (options->preset && !preset)
		return err_set(err, ERR_USAGE, "unknown preset \"%.60s\": blog, quick or full",
			       options->preset);
	options->plan = preset				       ? preset->options :
			options->command == SUBCOMMAND_DUEL ? plan_duel_defaults :
							      plan_defaults;
	for (size_t i = 0; i < count; i++) {
		if (!given[i].row->in_plan)
			continue;
		if (option_store(given[i].row, given[i].value, &options->plan, err) != 0)
			return -1;
		options->given |= UINT64_C(1) << (given[i].row - option_table);
		options->samples_given |= strcmp(given[i].row->name, "samples") == 0;
	}
	return 0;
}

void options_overlay(struct plan_options *over, const struct plan_options *plan, uint64_t given)
{
	for (size_t i = 0; i < OPTION_COUNT_ALL; i++) {
		const struct option_row *row = &option_table[i];
		size_t bytes = row->kind == OPTION_WORD ? sizeof(int) : sizeof(uint64_t);

		if (given >> i & 1)
			memcpy((char *)over + row->offset, (const char *)plan + row->offset, bytes);
	}
}

int options_parse(struct options *options, int argc, char **argv, struct err *err)
{
	struct option_given *given = calloc((size_t)argc + 1, sizeof(*given));
	size_t count = 0;
	int first;
	int status = -1;

	*options = (struct options){.fail_slower = NAN};
	if (!given)
		return err_set(err, ERR_MEMORY, "no memory for the options");
	first = command_read(options, argc, argv, err);
	if (first > 0 && options_read(options, argc, argv, first, given, &count, err) == 0)
		status = options_store(options, given, count, err);
	free(given);
	return status;
}

static void option_help(const struct option_row *row, FILE *file)
{
	char left[64];

	(void)snprintf(left, sizeof(left), "%c%c%s --%s%s%s", row->letter ? '-' : ' ',
		       row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name,
		       row->argument ? " " : "", row->argument ? row->argument : "");
	(void)fprintf(file, "  %-32s %s\n", left, row->help);
}

void options_help(FILE *file)
{
	(void)fputs("ipctop: top for inter-process communication\n\nUsage:\n", file);
	for (size_t i = 0; i < sizeof(command_table) / sizeof(command_table[0]); i++)
		(void)fprintf(file, "  ipctop %-25s %s\n", command_table[i].synopsis,
			      command_table[i].help);
	(void)fputs("\nOptions:\n", file);
	for (size_t i = 0; i < OPTION_COUNT_ALL; i++)
		option_help(&option_table[i], file);
	(void)fputs("\nPresets:\n", file);
	for (const struct preset *preset = preset_table; preset->name; preset++)
		(void)fprintf(file, "  %-8s %s\n", preset->name, preset->help);
	(void)fputs("\nAn explicit option beats a preset. See ipctop(1), ipctop-csv(5) and\n"
	      "ipctop-pair(7).\n",
		    file);
}
