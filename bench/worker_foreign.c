/* SPDX-License-Identifier: MIT */
/* The worker roles where another program plays them. */
#include "bench/worker_foreign.h"

#include <inttypes.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/bridge.h"
#include "bench/clock.h"

#define OPTIONS_BYTES 4096

struct foreign {
	struct worker *worker;
	const struct program *program;
	struct bridge bridge;
};

/* The first lines that a program is told. */
struct options_text {
	char text[OPTIONS_BYTES];
	size_t used;
};

static void options_add(struct options_text *options, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void options_add(struct options_text *options, const char *format, ...)
{
	va_list args;
	size_t room = sizeof(options->text) - options->used;
	int length;

	va_start(args, format);
	length = vsnprintf(options->text + options->used, room, format, args);
	va_end(args);
	options->used += (size_t)length < room ? (size_t)length : room - 1;
}

static void options_fill(struct options_text *options, const struct worker *worker,
			 const char *role)
{
	const struct worker_setup *setup = &worker->setup;
	char name[TRANSPORT_NAME_BYTES];
	char shape[ARRAY_SHAPE_TEXT_BYTES];

	options_add(options, "ipctop-pair %d\nrole %s\n", PAIR_LINES_VERSION, role);
	options_add(options, "transport %s\n", transport_format(&setup->transport, name));
	options_add(options, "shape %s\n", shape_format(&setup->type.shape, shape));
	options_add(options, "dtype %s\n", dtype_table[setup->type.dtype].name);
	options_add(options, "source %s\n", source_names[setup->source]);
	options_add(options, "memory %s\n", memory_names[setup->memory]);
	options_add(options, "pages %s\n", pages_names[setup->pages]);
	options_add(options, "seed %" PRIu64 "\n", setup->seed);
	options_add(options, "prefix %s\ndirectory %s\n", setup->segment_prefix, setup->directory);
}

/* The control thread's word that we are to stop. */
static void foreign_on_stop(struct worker *worker)
{
	struct foreign *foreign = worker->role;

	bridge_wake(&foreign->bridge);
}

static void foreign_arm(struct worker *worker, void (*on_stop)(struct worker *worker))
{
	(void)pthread_mutex_lock(&worker->lock);
	worker->on_stop = on_stop;
	if (on_stop && worker->stopping)
		on_stop(worker);
	(void)pthread_mutex_unlock(&worker->lock);
}

static int foreign_start(struct foreign *foreign, const char *const *command, uint32_t cpu,
			 struct err *err)
{
	struct worker *worker = foreign->worker;

	if (worker_map_scoreboard(worker, err) != 0 || worker_pin(cpu, err) != 0 ||
	    bridge_start(&foreign->bridge, foreign->program, command, err) != 0)
		return -1;
	worker->role = foreign;
	foreign_arm(worker, foreign_on_stop);
	return 0;
}

/* Tells the options and hears `ready`. 1, 0 if it was stopped before, or -1. */
static int foreign_greet(struct foreign *foreign, struct options_text *options,
			 struct pair_line *line, struct err *err)
{
	int status;

	options_add(options, "begin\n");
	if (bridge_say(&foreign->bridge, options->text, err) != 0)
		return -1;
	status = bridge_hear(&foreign->bridge, line, err);
	if (status == 1 && line->verb != PAIR_READY)
		return err_set(err, ERR_PROTOCOL, "%.60s: its first line is not `ready`",
			       foreign->bridge.name);
	return status;
}

/* The server. */

static int server_check(const struct foreign *foreign, const struct pair_line *line,
			uint64_t expected, struct err *err)
{
	const char *name = foreign->bridge.name;

	if (line->verb != PAIR_EXCHANGE)
		return err_set(err, ERR_PROTOCOL, "%.60s: a server that runs says `exchange`",
			       name);
	if (line->number != expected)
		return err_set(err, ERR_PROTOCOL,
			       "%.60s: exchange %" PRIu64 " where %" PRIu64 " comes next", name,
			       line->number, expected);
	if (line->number >= foreign->worker->scoreboard->client.begun)
		return err_set(err, ERR_PROTOCOL, "%.60s: nobody asked for exchange %" PRIu64,
			       name, line->number);
	if (!pair_line_has(line, PAIR_CHECKSUM))
		return err_set(err, ERR_PROTOCOL, "%.60s: exchange %" PRIu64 " has no checksum=",
			       name, line->number);
	return 0;
}

/* Lets the client see what the server knows of the exchange, and ask for the next. */
static void server_publish(struct scoreboard_server *board, const struct pair_line *line)
{
	board->exchanges[line->number % SCOREBOARD_EXCHANGES] = (struct scoreboard_exchange){
		.exchange = line->number,
		.hash = line->fields[PAIR_CHECKSUM],
		.make_ns = line->fields[PAIR_MAKE],
		.encode_ns = line->fields[PAIR_ENCODE],
		.detailed = pair_line_has(line, PAIR_MAKE),
	};
	atomic_store(&board->settled, (uint32_t)line->number + 1);
	(void)syscall(SYS_futex, &board->settled, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static int server_listen(struct foreign *foreign, struct err *err)
{
	struct pair_line line;
	uint64_t expected = 0;
	int status;

	while ((status = bridge_hear(&foreign->bridge, &line, err)) == 1) {
		if (!foreign->program->checksums)
			continue; /* what it says then is of no use to a client that does not wait */
		if (server_check(foreign, &line, expected++, err) != 0)
			return -1;
		server_publish(&foreign->worker->scoreboard->server, &line);
	}
	return status;
}

static int server_serve(struct foreign *foreign, struct err *err)
{
	struct worker *worker = foreign->worker;
	struct options_text options = {0};
	struct pair_line line;
	int status;

	options_fill(&options, worker, "server");
	options_add(&options, "clients 1\n");
	status = foreign_greet(foreign, &options, &line, err);
	if (status == 1 && !*line.text)
		return err_set(err, ERR_PROTOCOL, "%.60s: a server says `ready ADDRESS`",
			       foreign->bridge.name);
	if (status == 1 && worker_tell(worker, "ready", "address", line.text, err) != 0)
		return -1;
	if (status == 1)
		status = server_listen(foreign, err);
	return status;
}

int worker_foreign_server(struct worker *worker, struct err *err)
{
	struct foreign foreign = {
		.worker = worker,
		.program = worker->setup.transport.carrier->program,
	};
	int status = foreign_start(&foreign, foreign.program->server, worker->setup.cpu[0], err);

	if (status == 0)
		status = server_serve(&foreign, err);
	if (status == 0)
		status = bridge_stop(&foreign.bridge, err);
	foreign_arm(worker, NULL);
	if (worker->scoreboard)
		worker->scoreboard->server.peak_rss_bytes = foreign.bridge.peak_rss_bytes;
	bridge_end(&foreign.bridge);
	return status;
}

/* The client. */

/* No part of an exchange takes longer than the whole took by our clock. */
static int client_check(const struct foreign *foreign, const struct pair_line *line,
			uint64_t elapsed_ns, struct err *err)
{
	const char *name = foreign->bridge.name;
	uint64_t longest = line->number;

	if (line->verb != PAIR_SAMPLE)
		return err_set(err, ERR_PROTOCOL, "%.60s: a client answers `next` by `sample`",
			       name);
	for (enum pair_field field = PAIR_DECODE; field <= PAIR_RELEASE; field++)
		if (line->fields[field] > longest)
			longest = line->fields[field];
	if (longest > elapsed_ns)
		return err_set(err, ERR_PROTOCOL,
			       "%.60s: says %" PRIu64 " ns of what took %" PRIu64 " ns in all",
			       name, longest, elapsed_ns);
	if (foreign->program->checksums && !pair_line_has(line, PAIR_CHECKSUM))
		return err_set(err, ERR_PROTOCOL, "%.60s: the sample has no checksum=", name);
	return 0;
}

/* Waits until the server has said what it sent. 1, 0 if stopped. */
static int client_await_record(struct foreign *foreign, uint64_t exchange,
			       struct scoreboard_exchange *record)
{
	struct scoreboard_server *board = &foreign->worker->scoreboard->server;
	struct timespec patience = {.tv_nsec = 100000000};
	uint32_t settled;

	while ((settled = atomic_load(&board->settled)) <= (uint32_t)exchange) {
		if (foreign->worker->stopping)
			return 0;
		bridge_drain(&foreign->bridge);
		(void)syscall(SYS_futex, &board->settled, FUTEX_WAIT, settled, &patience, NULL, 0);
	}
	*record = board->exchanges[exchange % SCOREBOARD_EXCHANGES];
	return 1;
}

static int client_compare(uint64_t exchange, const struct scoreboard_exchange *record,
			  const struct pair_line *line, struct err *err)
{
	if (record->hash == line->fields[PAIR_CHECKSUM])
		return 1;
	return err_set(err, ERR_WRONG,
		       "exchange %" PRIu64 ": what arrived has the checksum %" PRIx64
		       ", what was sent has %" PRIx64,
		       exchange, line->fields[PAIR_CHECKSUM], record->hash);
}

/* What the program did not tell, nobody knows. */
static unsigned client_unknown(const struct foreign *foreign, const struct pair_line *line)
{
	return (pair_line_has(line, PAIR_DECODE) ? 0 : TALLY_DECODE) |
	       (pair_line_has(line, PAIR_READ) ? 0 : TALLY_READ) |
	       (pair_line_has(line, PAIR_RELEASE) ? 0 : TALLY_RELEASE) |
	       (foreign->program->checksums ? 0 : TALLY_VERIFIED) | TALLY_VERIFY;
}

static void client_score(struct foreign *foreign, const struct pair_line *line,
			 const struct scoreboard_exchange *record)
{
	struct scoreboard_client *board = &foreign->worker->scoreboard->client;
	struct tally *tally = &board->tally;
	uint64_t read_ns = line->fields[PAIR_READ];
	uint64_t sample = board->samples;

	tally->unknown |= client_unknown(foreign, line);
	tally->samples++;
	tally->verified += foreign->program->checksums;
	tally->server_samples += record->detailed;
	tally->make_ns += record->make_ns;
	tally->encode_ns += record->encode_ns;
	tally->decode_ns += line->fields[PAIR_DECODE];
	tally->read_ns += read_ns;
	tally->release_ns += line->fields[PAIR_RELEASE];
	tally->wire_bytes = line->fields[PAIR_WIRE];
	hist_record(&board->latency, line->number);
	if (pair_line_has(line, PAIR_READ))
		hist_record(&board->with_read, line->number + read_ns);
	else
		read_ns = SCOREBOARD_READ_UNKNOWN;
	board->ring[sample % SCOREBOARD_RING] = (struct scoreboard_sample){line->number, read_ns};
	atomic_store(&board->samples, sample + 1);
}

/* One whole exchange; it is a sample if timed. 1, 0 if stopped, or -1. */
static int client_step(struct foreign *foreign, uint64_t exchange, bool timed, struct err *err)
{
	struct scoreboard_client *board = &foreign->worker->scoreboard->client;
	struct scoreboard_exchange record = {0};
	struct pair_line line;
	uint64_t start_ns;
	int status;

	if (bridge_has_words(&foreign->bridge))
		return err_set(err, ERR_PROTOCOL, "%.60s: speaks without being asked",
			       foreign->bridge.name);
	board->begun = exchange + 1;
	start_ns = clock_now_ns();
	if (bridge_say(&foreign->bridge, "next\n", err) != 0)
		return -1;
	status = bridge_hear(&foreign->bridge, &line, err);
	if (status == 1 && client_check(foreign, &line, clock_now_ns() - start_ns, err) != 0)
		return -1;
	if (status == 1 && foreign->program->checksums)
		status = client_await_record(foreign, exchange, &record);
	if (status == 1 && foreign->program->checksums)
		status = client_compare(exchange, &record, &line, err);
	if (status != 1)
		return status;
	if (exchange == 0)
		board->first_ns = line.number;
	if (timed)
		client_score(foreign, &line, &record);
	else
		board->warmed++;
	board->finished = exchange + 1;
	return 1;
}

/* Waits for the address, has the program connect. 1, 0 if stopped, or -1. */
static int client_connect(struct foreign *foreign, struct err *err)
{
	struct worker *worker = foreign->worker;
	struct options_text options = {0};
	struct pair_line line;
	int status;

	/* It is on its way up by now; what it needs to know comes with the address. */
	if (worker_tell(worker, "ready", NULL, NULL, err) != 0)
		return -1;
	(void)pthread_mutex_lock(&worker->lock);
	while (!worker->address[0] && !worker->stopping)
		(void)pthread_cond_wait(&worker->told, &worker->lock);
	(void)pthread_mutex_unlock(&worker->lock);
	if (worker->stopping)
		return 0;
	options_fill(&options, worker, "client");
	options_add(&options, "client %u\naddress %s\n", worker->setup.client, worker->address);
	status = foreign_greet(foreign, &options, &line, err);
	if (status == 1)
		worker->scoreboard->client.connect_ns = line.fields[PAIR_CONNECT];
	if (status == 1 && worker_tell(worker, "connected", NULL, NULL, err) != 0)
		return -1;
	return status;
}

/* Returns when not paused, or stopping. */
static void client_hold(struct worker *worker)
{
	(void)pthread_mutex_lock(&worker->lock);
	while (worker->paused && !worker->stopping)
		(void)pthread_cond_wait(&worker->told, &worker->lock);
	(void)pthread_mutex_unlock(&worker->lock);
}

/* Automatic warm-up ends after 20 exchanges, or when it has used a tenth of the budget. */
static bool client_is_warm(const struct worker *worker, uint64_t exchange, uint64_t spent_ns)
{
	uint64_t warmup = worker->begin.warmup;

	if (warmup != PLAN_WARMUP_AUTO)
		return exchange >= warmup;
	return exchange >= 20 || (exchange >= 1 && spent_ns >= worker->begin.budget_ns / 10);
}

/* 1 when the block is over, 0 if stopped, or -1. */
static int client_measure(struct foreign *foreign, struct err *err)
{
	struct worker *worker = foreign->worker;
	uint64_t start_ns = clock_now_ns();
	uint64_t exchange = 0;
	uint64_t samples = 0;
	bool warm = false;
	int status = 1;

	while (status == 1) {
		uint64_t now_ns = clock_now_ns();

		if (!warm && client_is_warm(worker, exchange, now_ns - start_ns)) {
			warm = true;
			start_ns = now_ns;
		}
		if (samples == worker->begin.samples ||
		    (samples && now_ns - start_ns >= worker->begin.budget_ns))
			break;
		client_hold(worker);
		/* Budgets are wall time but for pauses, which move their start. */
		start_ns += clock_now_ns() - now_ns;
		if (worker->stopping)
			return 0;
		status = client_step(foreign, exchange++, warm, err);
		samples += warm;
	}
	return status;
}

static int client_run(struct foreign *foreign, struct err *err)
{
	struct worker *worker = foreign->worker;
	int status = client_connect(foreign, err);

	if (status != 1)
		return status;
	(void)pthread_mutex_lock(&worker->lock);
	while (!worker->begin.told && !worker->stopping)
		(void)pthread_cond_wait(&worker->told, &worker->lock);
	(void)pthread_mutex_unlock(&worker->lock);
	status = worker->stopping ? 0 : client_measure(foreign, err);
	return status < 0 ? -1 : bridge_stop(&foreign->bridge, err);
}

int worker_foreign_client(struct worker *worker, struct err *err)
{
	struct foreign foreign = {
		.worker = worker,
		.program = worker->setup.transport.carrier->program,
	};
	int status = foreign_start(&foreign, foreign.program->client, worker->setup.cpu[1], err);

	if (status == 0)
		status = client_run(&foreign, err);
	foreign_arm(worker, NULL);
	if (worker->scoreboard)
		worker->scoreboard->client.tally.client_peak_rss_bytes =
			foreign.bridge.peak_rss_bytes;
	bridge_end(&foreign.bridge);
	/* Last: what it counted is all there, and it has ended as it should. */
	return status == 0 ? worker_tell(worker, "done", NULL, NULL, err) : -1;
}
