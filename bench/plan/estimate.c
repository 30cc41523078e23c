/* SPDX-License-Identifier: MIT */
/* What a cell takes, in memory (exactly enough to refuse it) and in time (by rules of thumb). */
#include "bench/plan/estimate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "bench/text/fmt.h"

#define MIB ((uint64_t)1 << 20)
#define PROCESS_BYTES (32 * MIB)  /* code, stacks, histogram and sockets of one process */
#define RESERVE_BYTES (256 * MIB) /* what the rest of the machine is left with */

/* For sums of sizes, which must not wrap into something small. */
static uint64_t add_bytes(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t multiply_bytes(uint64_t bytes, uint64_t times)
{
	return times && bytes > UINT64_MAX / times ? UINT64_MAX : bytes * times;
}

/*
 * What programs in Python and the like hold of an array, in arrays, both ends
 * together: the array itself, its text or bytes, copies on their way, and where
 * text becomes lists of numbers, 32 bytes for each. The first row that fits is
 * meant.
 */
static const struct foreign_copies {
	const char *encoding;
	uint64_t private_copies, shared_copies;
} foreign_copies_table[] = {
	{"json", 22, 0}, {"base64", 9, 0}, {"shm", 2, 1}, {"pickle", 6, 0}, {NULL, 6, 0},
};

#define INTERPRETER_BYTES (96 * MIB) /* and ours beside it */

static struct plan_need foreign_need(const struct plan_cell *cell)
{
	const struct foreign_copies *row = foreign_copies_table;
	const struct program *program = cell->transport.carrier->program;
	uint64_t bytes = cell->type.bytes;
	uint64_t clients = cell->clients;

	while (row->encoding && strcmp(row->encoding, cell->transport.encoding->name) != 0)
		row++;
	return (struct plan_need){
		.private_bytes = add_bytes((clients + 1) * INTERPRETER_BYTES,
					   multiply_bytes(bytes, clients * row->private_copies)),
		.shared_bytes = multiply_bytes(bytes, clients * row->shared_copies),
		.impossible = *program->missing ? program->missing : NULL,
	};
}

struct plan_need plan_cell_need(const struct plan_cell *cell)
{
	const struct encoding *encoding = cell->transport.encoding;
	struct encoding_need need = encoding->need(&cell->type);
	struct plan_need result = {
		.shared_bytes = need.shared_bytes,
		.impossible = need.impossible,
	};

	if (cell->transport.carrier->program)
		return foreign_need(cell);
	/* Each client has a slot in the server: an array, an encoder, segments. */
	result.private_bytes = add_bytes(cell->type.bytes, need.server_bytes);
	result.private_bytes = add_bytes(result.private_bytes, need.client_bytes);
	result.private_bytes = add_bytes(result.private_bytes, PROCESS_BYTES);
	result.private_bytes = multiply_bytes(result.private_bytes, cell->clients);
	result.private_bytes = add_bytes(result.private_bytes, PROCESS_BYTES);
	result.shared_bytes = multiply_bytes(result.shared_bytes, cell->clients);
	if (!result.impossible && !(encoding->dtypes & 1u << cell->type.dtype))
		result.impossible = "the encoding does not carry this dtype";
	return result;
}

int plan_need_check(const struct plan_need *need, const struct plan_available *available,
		    struct err *err)
{
	uint64_t memory = add_bytes(need->private_bytes, need->shared_bytes);
	uint64_t free_bytes = available->memory_bytes;
	char needed[FMT_BYTES];
	char has[FMT_BYTES];

	if (need->impossible)
		return err_set(err, ERR_UNSUPPORTED, "%s", need->impossible);
	if (add_bytes(memory, RESERVE_BYTES) > free_bytes)
		return err_set(err, ERR_MEMORY, "needs %s of memory, %s are available",
			       fmt_memory((double)memory, needed),
			       fmt_memory((double)free_bytes, has));
	if (need->shared_bytes > available->shared_bytes)
		return err_set(err, ERR_MEMORY, "needs %s in /dev/shm, %s are free",
			       fmt_memory((double)need->shared_bytes, needed),
			       fmt_memory((double)available->shared_bytes, has));
	return 0;
}

/* MemAvailable, which counts caches that the kernel would give back. */
static uint64_t memory_available(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	uint64_t bytes = UINT64_MAX;
	uint64_t kib;
	char line[128];

	if (!file)
		return bytes;
	while (bytes == UINT64_MAX && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "MemAvailable: %" SCNu64 " kB", &kib) == 1)
			bytes = kib << 10;
	}
	(void)fclose(file); /* only read from */
	return bytes;
}

static uint64_t shared_available(void)
{
	struct statvfs stat;

	if (statvfs("/dev/shm", &stat) != 0)
		return 0;
	return (uint64_t)stat.f_bavail * stat.f_frsize;
}

struct plan_available plan_available_now(void)
{
	return (struct plan_available){
		.memory_bytes = memory_available(),
		.shared_bytes = shared_available(),
	};
}

int plan_cell_fits(const struct plan_cell *cell, struct err *err)
{
	struct plan_need need = plan_cell_need(cell);
	struct plan_available available = plan_available_now();

	return plan_need_check(&need, &available, err);
}

#define FIXED_NS 1e5          /* wake-ups and system calls of an exchange */
#define DRAW_NS 3.0           /* a random normal */
#define PAIR_NS 3e7           /* starting and stopping both processes */
#define SET_UP_NS_PER_BYTE 1.5 /* making the first array, touching destinations */
#define VERIFY_NS_PER_BYTE 0.3 /* a hash at each end, mostly at once */

/* Bytes of payload a ns. The first row that fits is meant; NULL fits everything. */
static const struct speed {
	const char *carrier;
	const char *encoding;
	double reused, fresh; /* by the memory of the run */
} speed_table[] = {
	{NULL, "json", 0.15, 0.14},
	{NULL, "cjson", 0.004, 0.004},
	{NULL, "shm", 8, 1.2},
	{"lws", NULL, 0.17, 0.16},
	{NULL, "base64", 2, 1.2},
	{NULL, NULL, 3.5, 1.7},
};

/* Of programs in Python and the like; what they cost beyond bytes. */
static const struct speed foreign_speed_table[] = {
	{NULL, "json", 0.012, 0.012},
	{NULL, "base64", 0.15, 0.15},
	{NULL, "shm", 2, 0.7},
	{NULL, NULL, 0.7, 0.5},
};

#define FOREIGN_FIXED_NS 1e6
#define FOREIGN_DRAW_NS 12.0
#define FOREIGN_PAIR_NS 1.5e9 /* interpreters and their modules */
#define FOREIGN_VERIFY_NS_PER_BYTE 1.5 /* CRC-32 */

static bool speed_fits(const struct speed *row, const struct transport *transport)
{
	return (!row->carrier || strcmp(row->carrier, transport->carrier->name) == 0) &&
	       (!row->encoding || strcmp(row->encoding, transport->encoding->name) == 0);
}

double plan_cell_estimate_latency_ns(const struct plan_cell *cell,
				     const struct plan_options *options)
{
	bool foreign = cell->transport.carrier->program != NULL;
	const struct speed *row = foreign ? foreign_speed_table : speed_table;
	double draw = foreign ? FOREIGN_DRAW_NS : DRAW_NS;

	while (!speed_fits(row, &cell->transport))
		row++;
	if (options->source != SOURCE_FRESH)
		draw = 0;
	return (foreign ? FOREIGN_FIXED_NS : FIXED_NS) + draw * (double)cell->type.count +
	       (double)cell->type.bytes /
		       (options->memory == MEMORY_FRESH ? row->fresh : row->reused);
}

static double clamp(double value, double low, double high)
{
	if (value < low)
		return low;
	return value < high ? value : high;
}

/* The exchanges of a block, warm-up included; its share of the budget has time for `allowed`. */
static double block_exchanges(const struct plan_cell *cell, const struct plan_options *options,
			      double allowed)
{
	double limit = (double)cell->samples / (double)options->blocks;
	double warmup = (double)options->warmup;

	if (options->warmup == PLAN_WARMUP_AUTO)
		warmup = clamp(allowed / 10, 1, 20);
	return warmup + clamp(allowed, 1, limit > 1 ? limit : 1);
}

double plan_cell_estimate_ns(const struct plan_cell *cell, const struct plan_options *options)
{
	double blocks = options->blocks ? (double)options->blocks : 1;
	double bytes = (double)cell->type.bytes;
	double latency = plan_cell_estimate_latency_ns(cell, options);
	double allowed = (double)options->budget_ns / blocks / latency;
	bool foreign = cell->transport.carrier->program != NULL;
	double verify = (foreign ? FOREIGN_VERIFY_NS_PER_BYTE : VERIFY_NS_PER_BYTE) * bytes;

	return blocks * ((foreign ? FOREIGN_PAIR_NS : PAIR_NS) + SET_UP_NS_PER_BYTE * bytes +
			 block_exchanges(cell, options, allowed) * (latency + verify));
}
