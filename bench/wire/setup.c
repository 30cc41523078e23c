/* SPDX-License-Identifier: MIT */
/* The `setup` record. */
#include "bench/wire/setup.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "bench/plan/foreign_pairs.h"
#include "bench/wire/scoreboard.h"

_Static_assert(SETUP_CPU_ANY == CPU_SETSIZE, "any is one more than the last");
_Static_assert(sizeof(enum source) == sizeof(uint32_t), "numbers have one of two widths");

int setup_choose_cpus(enum pin pin, uint32_t cpu[ENDS], struct err *err)
{
	cpu_set_t set;
	size_t found = 0;

	cpu[END_SERVER] = cpu[END_CLIENT] = SETUP_CPU_ANY;
	if (pin == PIN_NONE)
		return 0;
	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return err_system(err, "asking which CPUs we may use, for --pin");
	for (uint32_t i = 0; i < CPU_SETSIZE && found < ENDS; i++)
		if (CPU_ISSET(i, &set))
			cpu[found++] = i;
	if (pin == PIN_SAME)
		cpu[END_CLIENT] = cpu[END_SERVER];
	else if (found < ENDS)
		return err_set(err, ERR_UNSUPPORTED,
			       "--pin split needs two CPUs, and we may use one");
	return 0;
}

/* Fields that are numbers: where they are, how many bytes they have there, what they may be. */
static const struct setup_number {
	const char *key;
	size_t offset;
	size_t bytes;
	struct record_range range;
} setup_numbers[] = {
#define NUMBER(member, least, most) \
	{ \
		#member, offsetof(struct worker_setup, member), \
		sizeof(((struct worker_setup *)NULL)->member), {least, most} \
	}
	NUMBER(direction, DIRECTION_PULL, DIRECTION_BOTH),
	NUMBER(source, SOURCE_READY, SOURCE_FRESH),
	NUMBER(memory, MEMORY_REUSED, MEMORY_FRESH),
	NUMBER(pages, PAGES_SMALL, PAGES_HUGE),
	NUMBER(wait, 0, WAIT_MODES - 1),
	NUMBER(seed, 0, UINT64_MAX),
	NUMBER(member, 0, SCOREBOARD_MEMBERS_MAX - 1),
	NUMBER(members, 0, SCOREBOARD_MEMBERS_MAX),
	NUMBER(client, 0, PLAN_CLIENTS_MAX - 1),
	NUMBER(clients, 1, PLAN_CLIENTS_MAX),
	NUMBER(interval_ns, 0, SETUP_INTERVAL_NS_MAX),
	NUMBER(cpu, 0, SETUP_CPU_ANY),
	NUMBER(other_cpu, 0, SETUP_CPU_ANY),
	NUMBER(environment_bytes, 0, SETUP_PAGE_BYTES - 1),
	NUMBER(stack_bytes, 0, SETUP_PAGE_BYTES - 1),
	NUMBER(shift_bytes, 0, SETUP_PAGE_BYTES - 1),
	NUMBER(order, 0, 1),
	NUMBER(first_cpu, 0, SETUP_CPU_ANY),
	NUMBER(data_hash, 0, UINT64_MAX),
#undef NUMBER
};

#define SETUP_NUMBERS (sizeof(setup_numbers) / sizeof(setup_numbers[0]))

static bool is_token(const char *text)
{
	return text[strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz")] == '\0';
}

/* What is swept goes by these two: they name nothing of anybody else. */
static bool is_name(const char *text)
{
	return !*text || (strncmp(text, "ipctop-", 7) == 0 && !strchr(text, '/'));
}

static bool is_directory(const char *text)
{
	return !*text || *text == '/';
}

static bool is_address(const char *text)
{
	return *text != '\0';
}

static bool is_data(const char *text)
{
	return !*text || *text == '/' || strcmp(text, DATA_SMOOTH_WORD) == 0;
}

/* Fields that are text. Of floors, which put nothing anywhere, names are empty. */
static const struct setup_text {
	const char *key;
	size_t offset;
	size_t size;
	bool (*may_be)(const char *text);
	bool optional; /* missing: "" */
} setup_texts[] = {
#define TEXT(key, member, may_be, optional) \
	{ \
		key, offsetof(struct worker_setup, member), \
		sizeof(((struct worker_setup *)NULL)->member), may_be, optional \
	}
	TEXT("token", token, is_token, false),
	TEXT("directory", directory, is_directory, false),
	TEXT("prefix", segment_prefix, is_name, false),
	TEXT("server", connect, is_address, true),
	TEXT("data", data, is_data, true),
#undef TEXT
};

#define SETUP_TEXTS (sizeof(setup_texts) / sizeof(setup_texts[0]))

static uint64_t setup_number(const struct worker_setup *setup, const struct setup_number *number)
{
	const char *at = (const char *)setup + number->offset;
	uint32_t narrow;
	uint64_t wide;

	if (number->bytes == sizeof(wide)) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, at, sizeof(narrow));
	return narrow;
}

static int setup_read_number(struct worker_setup *setup, const struct setup_number *number,
			     const struct record *record, struct err *err)
{
	char *at = (char *)setup + number->offset;
	uint64_t wide = 0;
	uint32_t narrow;

	if (record_get_u64(record, number->key, number->range, &wide, err) != 0)
		return -1;
	narrow = (uint32_t)wide;
	if (number->bytes == sizeof(wide))
		memcpy(at, &wide, sizeof(wide));
	else
		memcpy(at, &narrow, sizeof(narrow));
	return 0;
}

static int setup_read_text(struct worker_setup *setup, const struct setup_text *text,
			   const struct record *record, struct err *err)
{
	char *at = (char *)setup + text->offset;

	if (text->optional && !record_get(record, text->key))
		return 0;
	if (record_get_text(record, text->key, at, text->size, err) != 0)
		return -1;
	if (!text->may_be(at))
		return err_set(err, ERR_PROTOCOL, "the setup record's %s cannot be that",
			       text->key);
	return 0;
}

void setup_write(const struct worker_setup *setup, struct record_writer *writer)
{
	const struct program *program = setup->transport.carrier->program;
	char transport[TRANSPORT_NAME_BYTES];
	char shape[ARRAY_SHAPE_TEXT_BYTES];
	char request[ARRAY_TYPE_TEXT_BYTES];

	record_begin(writer, "setup");
	record_add_u64(writer, "v", CONTROL_VERSION);
	record_add(writer, "transport", transport_format(&setup->transport, transport));
	record_add(writer, "shape", shape_format(&setup->type.shape, shape));
	record_add(writer, "dtype", dtype_table[setup->type.dtype].name);
	if (setup->direction == DIRECTION_BOTH)
		record_add(writer, "request", array_type_format(&setup->request, request));
	for (size_t i = 0; i < SETUP_NUMBERS; i++)
		record_add_u64(writer, setup_numbers[i].key,
			       setup_number(setup, &setup_numbers[i]));
	for (size_t i = 0; i < SETUP_TEXTS; i++) {
		const char *text = (const char *)setup + setup_texts[i].offset;

		if (*text || !setup_texts[i].optional)
			record_add(writer, setup_texts[i].key, text);
	}
	if (program) {
		record_add(writer, "pairs", program->file);
		record_add_u64(writer, "pairs_hash", program->file_hash);
	}
}

/*
 * A worker knows our own transports. One of a pairs file it reads there, and not
 * from this record: commands come from files that the user named. The hash makes
 * sure that all blocks run the same ones.
 */
static int setup_load_pairs(const struct record *record, struct err *err)
{
	const struct record_range any = {0, UINT64_MAX};
	const char *file = record_get(record, "pairs");
	uint64_t hash;

	if (!file)
		return 0;
	if (record_get_u64(record, "pairs_hash", any, &hash, err) != 0)
		return -1;
	return pairs_load(file, &hash, 0, err);
}

/* What it is to carry, and how. */
static int setup_read_transport(struct worker_setup *setup, const struct record *record,
				struct err *err)
{
	const char *transport = record_get(record, "transport");
	const char *shape = record_get(record, "shape");
	const char *dtype = record_get(record, "dtype");

	if (!transport || !shape)
		return err_set(err, ERR_PROTOCOL, "the setup record names no transport or shape");
	if (setup_load_pairs(record, err) != 0 ||
	    transport_parse(transport, &setup->transport, err) != 0 ||
	    shape_parse(shape, &setup->type.shape, err) != 0 ||
	    dtype_parse(dtype ? dtype : "", &setup->type.dtype, err) != 0)
		return -1;
	return 0;
}

/* The type of what requests carry, where it may be another one. */
static int setup_read_request(struct worker_setup *setup, const struct record *record,
			      struct err *err)
{
	const char *request = record_get(record, "request");

	setup->request = setup->type;
	if (setup->direction != DIRECTION_BOTH)
		return 0;
	if (!request)
		return err_set(err, ERR_PROTOCOL, "the setup record names no type for requests");
	return array_type_parse(request, DTYPE_FLOAT64, &setup->request, err);
}

/* What of its fields cannot be at once. */
static int setup_check(const struct worker_setup *setup, struct err *err)
{
	if (!(setup->transport.carrier->waits & WAIT_BIT(setup->wait)))
		return err_set(err, ERR_UNSUPPORTED, "the carrier does not wait this way");
	if (setup->client >= setup->clients)
		return err_set(err, ERR_PROTOCOL, "the setup record's clients make no sense");
	if (setup->member >= setup->members && (setup->member || setup->members))
		return err_set(err, ERR_PROTOCOL, "the setup record's members make no sense");
	return 0;
}

int setup_read(struct worker_setup *setup, const struct record *record, struct err *err)
{
	const struct record_range version = {CONTROL_VERSION, CONTROL_VERSION};
	uint64_t v;

	*setup = (struct worker_setup){0};
	if (strcmp(record->verb, "setup") != 0 ||
	    record_get_u64(record, "v", version, &v, NULL) != 0)
		return err_set(err, ERR_PROTOCOL, "the first control record is not our setup");
	if (setup_read_transport(setup, record, err) != 0)
		return -1;
	for (size_t i = 0; i < SETUP_NUMBERS; i++)
		if (setup_read_number(setup, &setup_numbers[i], record, err) != 0)
			return -1;
	for (size_t i = 0; i < SETUP_TEXTS; i++)
		if (setup_read_text(setup, &setup_texts[i], record, err) != 0)
			return -1;
	if (setup_read_request(setup, record, err) != 0)
		return -1;
	return setup_check(setup, err);
}
