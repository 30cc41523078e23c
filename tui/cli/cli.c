/* SPDX-License-Identifier: MIT */
/* What the commands without a screen share, and `serve`. */
#include "tui/cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench/machine/facilities.h"
#include "bench/machine/socket_folder.h"
#include "bench/plan/estimate.h"
#include "bench/text/text.h"
#include "bench/worker/serve.h"
#include "tui/term/term_names.h"

void cli_tell(FILE *file, const struct err *err)
{
	char line[ERR_MESSAGE_BYTES];

	/* The message may quote what was typed: it becomes one line without control characters. */
	(void)fprintf(file, "ipctop: %s\n", text_clean(line, sizeof(line), err->message));
}

int cli_fail(int status, const struct err *err)
{
	cli_tell(stderr, err);
	return status;
}

int cli_flush(struct err *err)
{
	if (fflush(stdout) != 0)
		return err_system(err, "writing to stdout failed");
	if (ferror(stdout)) /* an earlier write failed, of which errno says nothing now */
		return err_set(err, ERR_SYSTEM, "writing to stdout failed");
	return 0;
}

/* Whether colours may be used on this stream. */
static bool cli_color(const struct options *options, FILE *file)
{
	const char *no_color = getenv("NO_COLOR");

	if (options->color != COLOR_AUTO)
		return options->color == COLOR_ALWAYS;
	return isatty(fileno(file)) && !(no_color && *no_color) && !term_is_dumb(getenv("TERM"));
}

unsigned cli_columns(FILE *file)
{
	struct winsize size;

	if (!isatty(fileno(file)) || ioctl(fileno(file), TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

struct table_style cli_table_style(const struct options *options, FILE *file)
{
	return (struct table_style){
		.ascii = options->ascii,
		.color = cli_color(options, file),
		.columns = cli_columns(file),
		.reference = options->reference,
	};
}

bool cli_is_stream(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

static void cli_serve_ready(const char *address)
{
	(void)fprintf(stderr, "ipctop: anyone who can connect is answered; Ctrl-C stops\n");
	(void)printf("ready %s\n", address);
	(void)fflush(stdout);
}

void cli_tell_socket_folder(const struct transport *transport)
{
	struct err why = {0};
	const char *folder;

	if (!(transport->carrier->flags & CARRIER_SOCKET_FILE))
		return;
	folder = socket_folder(&why);
	if (why.kind != ERR_NONE)
		(void)fprintf(stderr, "ipctop: socket files are in %s: %s\n", folder, why.message);
}

/* Fails with what the machine lacks for a server of that transport. */
static int serve_check_machine(const struct transport *transport, const char *bind_address,
			       struct err *err)
{
	bool by_file = transport->carrier->flags & CARRIER_SOCKET_FILE;

	if (by_file && facility_check(FACILITY_SOCKET_FILES, err) != 0)
		return -1;
	if (!by_file && !bind_address && facility_check(FACILITY_LOOPBACK, err) != 0)
		return -1;
	if (transport->encoding->flags & ENCODING_BY_REFERENCE)
		return facility_check(FACILITY_SHARED_MEMORY, err);
	return 0;
}

/* Fails if the encoding does not carry the type's elements. */
static int cli_serve_check_dtype(const struct serve_options *serve, struct err *err)
{
	const struct plan_cell cell = {
		.transport = serve->transport,
		.direction = serve->direction,
		.type = serve->types.reply,
		.request = serve->types.request,
	};
	const char *impossible = plan_cell_uncarried(&cell);

	return impossible ? err_set(err, ERR_USAGE, "%s", impossible) : 0;
}

/* Fails unless all that a server needs was asked for in so many words. */
static int cli_serve_options(const struct options *options, struct serve_options *serve,
			     struct err *err)
{
	const char *shapes = options->shapes;
	char type[DATA_TYPE_BYTES];

	if (data_read(options->plan.data, &serve->data, err) != 0 ||
	    data_say_type(&serve->data, options->plan.source == SOURCE_FRESH, &shapes, type, err) !=
		    0)
		return -1;
	if (!options->transports || !shapes)
		return err_set(
			err, ERR_USAGE,
			"serve wants one transport and one shape: -t http+json -s 1x3x224x224");
	serve->direction = options->plan.direction;
	if (transport_parse(options->transports, &serve->transport, err) != 0 ||
	    type_pair_read(shapes, options->plan.dtype, options->plan.direction,
			   &serve->types, err) != 0 ||
	    data_check_type(&serve->data, &serve->types.reply, err) != 0 ||
	    data_check_type(&serve->data, &serve->types.request, err) != 0 ||
	    cli_serve_check_dtype(serve, err) != 0 ||
	    plan_check_wait(&serve->transport, options->plan.wait, err) != 0)
		return -1;
	if (serve->transport.carrier->program)
		return err_set(err, ERR_USAGE,
			       "%s is served by a program of its own, which ipctop run starts",
			       options->transports);
	if (serve_check_machine(&serve->transport, options->bind_address, err) != 0)
		return -1;
	if ((serve->transport.carrier->flags & CARRIER_SOCKET_FILE) &&
	    (options->port || options->bind_address))
		return err_set(err, ERR_USAGE,
			       "%s listens on a socket file: it has no --port and no --bind",
			       options->transports);
	serve->source = options->plan.source;
	serve->pages = options->plan.pages;
	serve->wait = options->plan.wait;
	serve->seed = options->plan.seed;
	serve->memory = options->plan.memory;
	serve->port = (uint16_t)options->port;
	serve->bind_address = options->bind_address;
	serve->authkey = getenv("IPCTOP_AUTHKEY");
	serve->ready = cli_serve_ready;
	return 0;
}

int cli_serve(const struct options *options)
{
	struct serve_options serve_options = {0};
	struct err err = {0};

	if (cli_serve_options(options, &serve_options, &err) != 0)
		return cli_fail(EXIT_USAGE, &err);
	cli_tell_socket_folder(&serve_options.transport);
	if (serve(&serve_options, &err) != 0)
		return cli_fail(EXIT_USAGE, &err);
	return EXIT_FINE;
}
