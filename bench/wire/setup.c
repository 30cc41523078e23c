/* SPDX-License-Identifier: MIT */
/* The `setup` record. */
#include "bench/wire/setup.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "bench/plan/foreign_pairs.h"

int setup_choose_cpus(enum pin pin, uint32_t cpu[2], struct err *err)
{
	cpu_set_t set;
	size_t found = 0;

	cpu[0] = cpu[1] = SETUP_CPU_ANY;
	if (pin == PIN_NONE)
		return 0;
	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return err_system(err, "asking which CPUs we may use, for --pin");
	for (uint32_t i = 0; i < CPU_SETSIZE && found < 2; i++)
		if (CPU_ISSET(i, &set))
			cpu[found++] = i;
	if (pin == PIN_SAME)
		cpu[1] = cpu[0];
	else if (found < 2)
		return err_set(err, ERR_UNSUPPORTED,
			       "--pin split needs two CPUs, and we may use one");
	return 0;
}

void setup_write(const struct worker_setup *setup, struct record_writer *writer)
{
	char transport[TRANSPORT_NAME_BYTES];
	char shape[ARRAY_SHAPE_TEXT_BYTES];

	record_begin(writer, "setup");
	record_add_u64(writer, "v", CONTROL_VERSION);
	record_add(writer, "transport", transport_format(&setup->transport, transport));
	record_add(writer, "shape", shape_format(&setup->type.shape, shape));
	record_add_u64(writer, "source", setup->source);
	record_add_u64(writer, "memory", setup->memory);
	record_add_u64(writer, "pages", setup->pages);
	record_add_u64(writer, "wait", setup->wait);
	record_add_u64(writer, "seed", setup->seed);
	record_add_u64(writer, "member", setup->member);
	record_add_u64(writer, "members", setup->members);
	record_add_u64(writer, "client", setup->client);
	record_add_u64(writer, "clients", setup->clients);
	record_add_u64(writer, "interval_ns", setup->interval_ns);
	record_add_u64(writer, "server_cpu", setup->cpu[0]);
	record_add_u64(writer, "client_cpu", setup->cpu[1]);
	record_add(writer, "token", setup->token);
	record_add(writer, "directory", setup->directory);
	record_add(writer, "prefix", setup->segment_prefix);
	if (setup->connect[0])
		record_add(writer, "server", setup->connect);
	if (setup->transport.carrier->program) {
		record_add(writer, "pairs", setup->transport.carrier->program->file);
		record_add_u64(writer, "pairs_hash", setup->transport.carrier->program->file_hash);
	}
}

static int setup_text(const struct record *record, const char *key, char *out, size_t size,
		      struct err *err)
{
	const char *value = record_get(record, key);

	if (!value || strlen(value) >= size)
		return err_set(err, ERR_PROTOCOL, "the setup record's %s is missing or too long",
			       key);
	memcpy(out, value, strlen(value) + 1);
	return 0;
}

/*
 * A worker knows our own transports. One of a pairs file it reads there, and not
 * from this record: commands come from files that the user named. The hash makes
 * sure that all blocks run the same ones.
 */
static int setup_load_pairs(const struct record *record, struct err *err)
{
	const char *file = record_get(record, "pairs");
	uint64_t hash = record_get_u64(record, "pairs_hash", 0);

	return file ? pairs_load(file, &hash, 0, err) : 0;
}

int setup_read(struct worker_setup *setup, const struct record *record, struct err *err)
{
	const char *transport = record_get(record, "transport");
	const char *shape = record_get(record, "shape");
	struct shape parsed;

	*setup = (struct worker_setup){0};
	if (strcmp(record->verb, "setup") != 0 || record_get_u64(record, "v", 0) != CONTROL_VERSION)
		return err_set(err, ERR_PROTOCOL, "the first control record is not our setup");
	if (!transport || !shape)
		return err_set(err, ERR_PROTOCOL, "the setup record names no transport or shape");
	if (setup_load_pairs(record, err) != 0 ||
	    transport_parse(transport, &setup->transport, err) != 0 ||
	    shape_parse(shape, &parsed, err) != 0)
		return -1;
	setup->type = array_describe(&parsed, DTYPE_FLOAT64);
	setup->source = (enum source)record_get_u64(record, "source", SOURCE_READY);
	setup->memory = (enum memory)record_get_u64(record, "memory", MEMORY_REUSED);
	setup->pages = (enum pages)record_get_u64(record, "pages", PAGES_SMALL);
	setup->wait = (enum wait_mode)record_get_u64(record, "wait", WAIT_BLOCK);
	if (setup->wait >= WAIT_MODES ||
	    !(setup->transport.carrier->waits & WAIT_BIT(setup->wait)))
		return err_set(err, ERR_UNSUPPORTED, "the carrier does not wait this way");
	setup->seed = record_get_u64(record, "seed", 0);
	setup->member = (uint32_t)record_get_u64(record, "member", 0);
	setup->members = (uint32_t)record_get_u64(record, "members", 0);
	setup->client = (uint32_t)record_get_u64(record, "client", 0);
	setup->clients = (uint32_t)record_get_u64(record, "clients", 1);
	setup->interval_ns = record_get_u64(record, "interval_ns", 0);
	setup->cpu[0] = (uint32_t)record_get_u64(record, "server_cpu", SETUP_CPU_ANY);
	setup->cpu[1] = (uint32_t)record_get_u64(record, "client_cpu", SETUP_CPU_ANY);
	if (setup->clients < 1 || setup->clients > PLAN_CLIENTS_MAX ||
	    setup->client >= setup->clients)
		return err_set(err, ERR_PROTOCOL, "the setup record's clients make no sense");
	if (setup_text(record, "token", setup->token, sizeof(setup->token), err) != 0 ||
	    setup_text(record, "directory", setup->directory, sizeof(setup->directory), err) != 0)
		return -1;
	if (record_get(record, "server") &&
	    setup_text(record, "server", setup->connect, sizeof(setup->connect), err) != 0)
		return -1;
	return setup_text(record, "prefix", setup->segment_prefix, sizeof(setup->segment_prefix),
			  err);
}
