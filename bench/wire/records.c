/* SPDX-License-Identifier: MIT */
/* What the records of a block carry. */
#include "bench/wire/records.h"

#include <string.h>

void begin_write(const struct begin *begin, struct record_writer *writer)
{
	record_begin(writer, "begin");
	record_add_u64(writer, "warmup", begin->warmup);
	record_add_u64(writer, "samples", begin->samples);
	record_add_u64(writer, "budget_ns", begin->budget_ns);
	record_add_u64(writer, "timeout_ns", begin->timeout_ns);
}

int begin_read(struct begin *begin, const struct record *record, struct err *err)
{
	const struct record_range any = {0, UINT64_MAX};
	const struct record_range some = {1, UINT64_MAX};
	struct begin got;

	if (record_get_u64(record, "warmup", any, &got.warmup, err) != 0 ||
	    record_get_u64(record, "samples", some, &got.samples, err) != 0 ||
	    record_get_u64(record, "budget_ns", any, &got.budget_ns, err) != 0 ||
	    record_get_u64(record, "timeout_ns", any, &got.timeout_ns, err) != 0)
		return -1;
	*begin = got;
	return 0;
}

void address_write(const char *verb, const char *address, struct record_writer *writer)
{
	record_begin(writer, verb);
	record_add(writer, "address", address);
}

int address_read(char address[CARRIER_ADDRESS_BYTES], const struct record *record, struct err *err)
{
	char got[CARRIER_ADDRESS_BYTES];

	if (record_get_text(record, "address", got, sizeof(got), err) != 0)
		return -1;
	if (!*got)
		return err_set(err, ERR_PROTOCOL, "the %.20s record's address is empty",
			       record->verb);
	memcpy(address, got, sizeof(got));
	return 0;
}

void failure_write(const struct err *failure, uint64_t age_ns, struct record_writer *writer)
{
	record_begin(writer, "error");
	record_add_u64(writer, "age_ns", age_ns);
	record_add_u64(writer, "kind", failure->kind);
	record_add(writer, "text", failure->message);
}

void failure_read(struct err *failure, uint64_t *age_ns, const struct record *record)
{
	const struct record_range any = {0, UINT64_MAX};
	const struct record_range kinds = {ERR_NONE + 1, ERR_KINDS - 1};
	const char *text = record_get(record, "text");
	uint64_t kind = ERR_PROTOCOL;

	*age_ns = 0;
	(void)record_get_u64(record, "age_ns", any, age_ns, NULL);
	(void)record_get_u64(record, "kind", kinds, &kind, NULL);
	(void)err_set(failure, (enum err_kind)kind, "%s", text ? text : "failed");
}
