/* SPDX-License-Identifier: MIT */
/* The worker roles where another program plays them. */
#include "bench/worker/worker_foreign.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/machine/clock.h"
#include "bench/machine/leftovers.h"
#include "bench/wire/settle.h"
#include "bench/worker/bridge.h"
#include "bench/worker/pace.h"
#include "transports/unused.h"

#define OPTIONS_BYTES 4096
#define FOREIGN_CLIENTS_MAX PLAN_CLIENTS_MAX

/* A rest ends so long before the planned start, for which pace_await_start is exact. */
#define REST_EARLY_NS 2000000u

struct foreign {
	struct worker *worker;
	const struct program *program;
	struct ways ways;
	struct bridge bridge;
	/* A client's: where its figures go, and where what its server says is. */
	struct pace pace;
	struct scoreboard_own *board;
	const struct scoreboard_served *served;
	/* A server's: the exchange of each client that it is to tell of next. */
	uint64_t expected[FOREIGN_CLIENTS_MAX];
};

/* All that becomes of an exchange on the scoreboard, once it is a sample. */
struct foreign_sample {
	struct pair_line line;
	struct scoreboard_exchange record;
	uint64_t planned_ns; /* its latency from the planned start; 0: there was no such */
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
	const unsigned protocol = setup->transport.carrier->program->protocol;
	const struct ways ways = setup_ways(setup);
	char name[TRANSPORT_NAME_BYTES];
	char shape[ARRAY_SHAPE_TEXT_BYTES];

	options_add(options, "ipctop-pair %u\nrole %s\n", protocol, role);
	options_add(options, "transport %s\n", transport_format(&setup->transport, name));
	options_add(options, "shape %s\n", shape_format(&setup->type.shape, shape));
	options_add(options, "dtype %s\n", dtype_table[setup->type.dtype].name);
	if (protocol > 1)
		options_add(options, "direction %s\n", direction_names[setup->direction]);
	if (ways.request)
		options_add(options, "request_shape %s\nrequest_dtype %s\n",
			    shape_format(&ways.request->shape, shape),
			    dtype_table[ways.request->dtype].name);
	options_add(options, "source %s\n", source_names[setup->source]);
	options_add(options, "memory %s\n", memory_names[setup->memory]);
	options_add(options, "pages %s\n", pages_names[setup->pages]);
	options_add(options, "seed %" PRIu64 "\nclients %" PRIu32 "\n", setup->seed,
		    setup->clients);
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

static int foreign_start(struct foreign *foreign, const char *const *command, uint32_t takers,
			 struct err *err)
{
	struct worker *worker = foreign->worker;

	if (worker_map_scoreboard(worker, takers, err) != 0 ||
	    worker_pin(worker->setup.cpu, err) != 0 ||
	    bridge_start(&foreign->bridge, foreign->program, command, err) != 0)
		return -1;
	worker->role = foreign;
	foreign_arm(worker, foreign_on_stop);
	return 0;
}

/* The program has played its part, or has failed; when it did is part of what went wrong. */
static void foreign_disarm(struct foreign *foreign, struct err *err)
{
	foreign_arm(foreign->worker, NULL);
	/* What is given up since others have failed may have ended before, while unheard. */
	if (err->kind == ERR_CLOSED && foreign->worker->stopping) {
		struct err ending = {0};

		if (bridge_check(&foreign->bridge, &ending) != 0)
			*err = ending;
	}
	foreign->worker->failed_ns = foreign->bridge.ended_ns;
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

/* The checksum that a line lacks; NULL: it has one for each array of the exchange. */
static const char *checksum_missing(const struct foreign *foreign, const struct pair_line *line)
{
	if (foreign->ways.reply && !pair_line_has(line, PAIR_CHECKSUM))
		return "checksum";
	if (foreign->ways.request && !pair_line_has(line, PAIR_REQUEST_CHECKSUM))
		return "request_checksum";
	return NULL;
}

/* Whether the line has what its end does for the reply and for the request, where they are. */
static bool phases_told(const struct foreign *foreign, const struct pair_line *line,
			enum pair_field of_reply, enum pair_field of_request)
{
	return (!foreign->ways.reply || pair_line_has(line, of_reply)) &&
	       (!foreign->ways.request || pair_line_has(line, of_request));
}

/* Of the request's array, which its server reads and gives back. */
static uint64_t told_of_request(const struct foreign *foreign, const struct pair_line *line,
				enum pair_field field)
{
	if (!foreign->ways.request)
		return 0;
	return pair_line_has(line, field) ? line->fields[field] : SCOREBOARD_READ_UNKNOWN;
}

/* The server. */

static int server_check(const struct foreign *foreign, const struct pair_line *line,
			struct err *err)
{
	const struct worker *worker = foreign->worker;
	const char *name = foreign->bridge.name;
	const char *missing = checksum_missing(foreign, line);
	uint64_t client = line->fields[PAIR_CLIENT];

	if (line->verb != PAIR_EXCHANGE)
		return err_set(err, ERR_PROTOCOL, "%.60s: a server that runs says `exchange`",
			       name);
	if (client >= worker->setup.clients)
		return err_set(err, ERR_PROTOCOL, "%.60s: there is no client %" PRIu64, name,
			       client);
	if (line->number != foreign->expected[client])
		return err_set(err, ERR_PROTOCOL,
			       "%.60s: exchange %" PRIu64 " where %" PRIu64 " comes next", name,
			       line->number, foreign->expected[client]);
	if (line->number >= worker_taker(worker, (uint32_t)client)->own.begun)
		return err_set(err, ERR_PROTOCOL, "%.60s: nobody asked for exchange %" PRIu64,
			       name, line->number);
	if (missing)
		return err_set(err, ERR_PROTOCOL, "%.60s: exchange %" PRIu64 " has no %s=", name,
			       line->number, missing);
	return 0;
}

static void server_take(struct foreign *foreign, const struct pair_line *line)
{
	const struct scoreboard_exchange record = {
		.exchange = line->number,
		.hash = line->fields[PAIR_CHECKSUM],
		.request_hash = line->fields[PAIR_REQUEST_CHECKSUM],
		.read_ns = told_of_request(foreign, line, PAIR_REQUEST_READ),
		.release_ns = told_of_request(foreign, line, PAIR_REQUEST_RELEASE),
		.detailed = phases_told(foreign, line, PAIR_MAKE, PAIR_REQUEST_DECODE),
		.make_ns = line->fields[PAIR_MAKE],
		.encode_ns = line->fields[PAIR_ENCODE],
		.decode_ns = line->fields[PAIR_REQUEST_DECODE],
	};
	uint64_t client = line->fields[PAIR_CLIENT];

	foreign->expected[client]++;
	settle_publish(&worker_taker(foreign->worker, (uint32_t)client)->served, &record);
}

static int server_listen(struct foreign *foreign, struct err *err)
{
	struct pair_line line;
	int status;

	while ((status = bridge_hear(&foreign->bridge, &line, err)) == 1) {
		if (!foreign->program->checksums)
			continue; /* of no use to a client that does not wait for it */
		if (server_check(foreign, &line, err) != 0)
			return -1;
		server_take(foreign, &line);
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
		.ways = setup_ways(&worker->setup),
	};
	/* Whether the program makes socket files there is its own business. */
	int status = sweep_make_directory(worker->setup.directory, err);

	if (status == 0)
		status = foreign_start(&foreign, foreign.program->server,
				       worker->setup.clients, err);
	if (status == 0)
		status = server_serve(&foreign, err);
	if (status == 0)
		status = bridge_stop(&foreign.bridge, err);
	foreign_disarm(&foreign, err);
	if (worker->scoreboard)
		worker_region(worker)->own.peak_rss_bytes = foreign.bridge.peak_rss_bytes;
	bridge_end(&foreign.bridge);
	return status;
}

/* The client. */

static const enum pair_field timed[] = {
	PAIR_DECODE, PAIR_READ, PAIR_RELEASE, PAIR_REQUEST_MAKE, PAIR_REQUEST_ENCODE,
};

/* No part of an exchange takes longer than the whole took by our clock. */
static int client_check(const struct foreign *foreign, const struct pair_line *line,
			uint64_t elapsed_ns, struct err *err)
{
	const char *name = foreign->bridge.name;
	const char *missing = checksum_missing(foreign, line);
	uint64_t longest = line->number;

	if (line->verb != PAIR_SAMPLE)
		return err_set(err, ERR_PROTOCOL, "%.60s: a client answers `next` by `sample`",
			       name);
	for (size_t i = 0; i < sizeof(timed) / sizeof(timed[0]); i++)
		if (line->fields[timed[i]] > longest)
			longest = line->fields[timed[i]];
	if (longest > elapsed_ns)
		return err_set(err, ERR_PROTOCOL,
			       "%.60s: says %" PRIu64 " ns of what took %" PRIu64 " ns in all",
			       name, longest, elapsed_ns);
	if (foreign->program->checksums && missing)
		return err_set(err, ERR_PROTOCOL, "%.60s: the sample has no %s=", name, missing);
	return 0;
}

/* Each array's taker is to have what its giver has sent. */
static int client_compare(const struct foreign *foreign, uint64_t exchange,
			  const struct scoreboard_exchange *record, const struct pair_line *line,
			  struct err *err)
{
	uint64_t sent = line->fields[PAIR_REQUEST_CHECKSUM];

	if (foreign->ways.request && record->request_hash != sent)
		return err_set(err, ERR_WRONG,
			       "exchange %" PRIu64 ": the request that arrived has the checksum "
			       "%" PRIx64 ", what was sent has %" PRIx64,
			       exchange, record->request_hash, sent);
	if (foreign->ways.reply && record->hash != line->fields[PAIR_CHECKSUM])
		return err_set(err, ERR_WRONG,
			       "exchange %" PRIu64 ": what arrived has the checksum %" PRIx64
			       ", what was sent has %" PRIx64,
			       exchange, line->fields[PAIR_CHECKSUM], record->hash);
	return 0;
}

/* What the program did not tell, nobody knows. */
static unsigned client_unknown(const struct foreign *foreign, const struct pair_line *line,
			       const struct scoreboard_exchange *record)
{
	unsigned unknown = (foreign->program->checksums ? 0 : TALLY_VERIFIED) | TALLY_VERIFY;

	if (foreign->ways.reply && !pair_line_has(line, PAIR_READ))
		unknown |= TALLY_READ;
	if (foreign->ways.reply && !pair_line_has(line, PAIR_RELEASE))
		unknown |= TALLY_RELEASE;
	if (record->read_ns == SCOREBOARD_READ_UNKNOWN)
		unknown |= TALLY_REQUEST_READ;
	if (record->release_ns == SCOREBOARD_READ_UNKNOWN)
		unknown |= TALLY_RELEASE;
	return unknown;
}

static void client_score(void *state, const void *data)
{
	struct foreign *foreign = state;
	const struct foreign_sample *kept = data;
	const struct pair_line *line = &kept->line;
	const struct scoreboard_exchange *record = &kept->record;
	struct scoreboard_own *board = foreign->board;
	struct tally *tally = &board->tally;
	unsigned unknown = client_unknown(foreign, line, record);
	uint64_t read_ns = line->fields[PAIR_READ] + record->read_ns;
	uint64_t sample = board->samples;

	tally->unknown |= unknown;
	tally->samples++;
	tally->verified += foreign->program->checksums;
	tally->detailed[END_CLIENT] +=
		phases_told(foreign, line, PAIR_DECODE, PAIR_REQUEST_MAKE);
	tally->detailed[END_SERVER] += record->detailed;
	tally->make_ns += record->make_ns;
	tally->encode_ns += record->encode_ns;
	tally->decode_ns += line->fields[PAIR_DECODE];
	tally->request_make_ns += line->fields[PAIR_REQUEST_MAKE];
	tally->request_encode_ns += line->fields[PAIR_REQUEST_ENCODE];
	tally->request_decode_ns += record->decode_ns;
	tally->read_ns += line->fields[PAIR_READ];
	tally->request_read_ns += record->read_ns;
	tally->release_ns += line->fields[PAIR_RELEASE] + record->release_ns;
	tally->wire_bytes = line->fields[PAIR_WIRE];
	tally->request_wire_bytes = line->fields[PAIR_REQUEST_WIRE];
	hist_record(&board->latency, line->number);
	if (kept->planned_ns)
		hist_record(&board->planned, kept->planned_ns);
	if (!(unknown & (TALLY_READ | TALLY_REQUEST_READ)))
		hist_record(&board->with_read, line->number + read_ns);
	else
		read_ns = SCOREBOARD_READ_UNKNOWN;
	board->ring[sample % SCOREBOARD_RING] = (struct scoreboard_sample){
		.latency_ns = line->number,
		.read_ns = read_ns,
	};
	atomic_store(&board->samples, sample + 1);
}

/* Has the program do one exchange. *planned_ns: its latency from the planned start. */
static int client_exchange(struct foreign *foreign, struct pair_line *line, uint64_t *planned_ns,
			   struct err *err)
{
	struct bridge *bridge = &foreign->bridge;
	uint64_t start_ns;
	int status;

	/* The end of a program that is not asked for a while is noticed at once. */
	if (foreign->pace.interval_ns &&
	    bridge_rest(bridge, foreign->pace.next_ns - REST_EARLY_NS, err) != 0)
		return -1;
	if (bridge_has_words(bridge))
		return err_set(err, ERR_PROTOCOL, "%.60s: speaks without being asked",
			       bridge->name);
	pace_await_start(&foreign->pace);
	start_ns = clock_now_ns();
	if (bridge_say(bridge, "next\n", err) != 0)
		return -1;
	status = bridge_hear(bridge, line, err);
	if (status == 0)
		return err_set(err, ERR_CLOSED, "stopped while %.60s was asked", bridge->name);
	if (status < 0 || client_check(foreign, line, clock_now_ns() - start_ns, err) != 0)
		return -1;
	/* The way of the line `next` is ours and not the transport's. */
	*planned_ns = pace_next(&foreign->pace, start_ns + line->number);
	return 0;
}

/* One whole exchange. */
static int client_step(void *state, uint64_t exchange, void *sample, struct err *err)
{
	struct foreign *foreign = state;
	struct scoreboard_own *board = foreign->board;
	/* Without checksums nothing is heard of the server. */
	const uint64_t unheard = foreign->ways.request ? SCOREBOARD_READ_UNKNOWN : 0;
	struct scoreboard_exchange record = {.read_ns = unheard, .release_ns = unheard};
	struct pair_line line;
	uint64_t planned_ns = 0;

	board->begun = exchange + 1;
	if (client_exchange(foreign, &line, &planned_ns, err) != 0 ||
	    worker_check_latency(foreign->worker, line.number, err) != 0)
		return -1;
	if (foreign->program->checksums &&
	    (settle_await(foreign->served, exchange, &foreign->worker->stopping, &record,
			  err) != 0 ||
	     client_compare(foreign, exchange, &record, &line, err) != 0))
		return -1;
	foreign->pace.over_ns = clock_now_ns();
	if (exchange == 0)
		board->first_ns = line.number;
	foreign->pace.latency_ns = line.number;
	if (sample)
		*(struct foreign_sample *)sample =
			(struct foreign_sample){line, record, planned_ns};
	else if (board->samples == 0)
		board->warmed++;
	board->finished = exchange + 1;
	return 0;
}

/* Waits for the address, has the program connect. 1, 0 if stopped, or -1. */
static int client_connect(struct foreign *foreign, struct err *err)
{
	struct worker *worker = foreign->worker;
	struct options_text options = {0};
	struct pair_line line;
	int status;

	/* It is on its way up by now; what it needs to know comes with the address. */
	if (pace_await_address(worker, err) != 0)
		return -1;
	if (worker->stopping)
		return 0;
	options_fill(&options, worker, "client");
	options_add(&options, "client %" PRIu32 "\naddress %s\n", worker->setup.client,
		    worker->address);
	status = foreign_greet(foreign, &options, &line, err);
	if (status == 1)
		foreign->board->connect_ns = line.fields[PAIR_CONNECT];
	if (status == 1 && worker_tell(worker, "connected", NULL, NULL, err) != 0)
		return -1;
	return status;
}

static const char *client_finish(void *state UNUSED)
{
	return NULL;
}

static int client_run(struct foreign *foreign, struct err *err)
{
	struct worker *worker = foreign->worker;
	int status;

	foreign->board = &worker_region(worker)->own;
	foreign->served = &worker_region(worker)->served;
	foreign->pace = (struct pace){
		.worker = worker,
		.board = foreign->board,
		.step = client_step,
		.score = client_score,
		.sample_bytes = sizeof(struct foreign_sample),
		.finish = client_finish,
		.state = foreign,
	};
	status = client_connect(foreign, err);
	if (status == 1)
		status = pace_measure(&foreign->pace, err);
	if (status == 0)
		status = bridge_stop(&foreign->bridge, err);
	foreign->board->peak_rss_bytes = foreign->bridge.peak_rss_bytes;
	return status;
}

int worker_foreign_client(struct worker *worker, struct err *err)
{
	struct foreign foreign = {
		.worker = worker,
		.program = worker->setup.transport.carrier->program,
		.ways = setup_ways(&worker->setup),
	};
	int status = foreign_start(&foreign, foreign.program->client, 0, err);

	if (status == 0)
		status = client_run(&foreign, err);
	foreign_disarm(&foreign, err);
	bridge_end(&foreign.bridge);
	return status;
}
