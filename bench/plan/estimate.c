/* SPDX-License-Identifier: MIT */
/* What a cell takes, in memory (exactly enough to refuse it) and in time (by rules of thumb). */
#include "bench/plan/estimate.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/statvfs.h>

#include "bench/machine/memory_room.h"
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
 * The facilities that both ends cannot do without. Our carriers go by socket files or by TCP, as
 * the programs that come with ipctop do; of other programs that is not known. Each pair of
 * foreign programs is given a directory.
 */
static unsigned facilities_of(const struct plan_cell *cell)
{
	const struct carrier *carrier = cell->transport.carrier;
	unsigned bits = FACILITY_BIT(FACILITY_PROCESSES);

	if (cell->transport.encoding->flags & ENCODING_BY_REFERENCE)
		bits |= FACILITY_BIT(FACILITY_SHARED_MEMORY);
	if (cell->connects)
		return bits;
	if (carrier->program || carrier->flags & CARRIER_SOCKET_FILE)
		bits |= FACILITY_BIT(FACILITY_SOCKET_FILES);
	if (carrier->program ? carrier->flags & CARRIER_SHIPPED :
			       !(carrier->flags & CARRIER_SOCKET_FILE))
		bits |= FACILITY_BIT(FACILITY_LOOPBACK);
	return bits;
}

static const char *type_uncarried(const struct encoding *encoding, const struct array_type *type)
{
	if (!type || encoding->dtypes & DTYPE_BIT(type->dtype))
		return NULL;
	return encoding->cannot ? encoding->cannot : "the encoding does not carry this dtype";
}

static const char *program_uncarried(const struct program *program, const struct plan_cell *cell)
{
	const struct ways ways = plan_cell_ways(cell);
	unsigned dtypes = (ways.request ? DTYPE_BIT(ways.request->dtype) : 0) |
			  (ways.reply ? DTYPE_BIT(ways.reply->dtype) : 0);

	if (!(program->directions >> cell->direction & 1u))
		return program->protocol > 1 ?
			       "the pair does not take this direction: see \"directions\" in its "
			       "pairs file" :
			       "pairs of protocol 1 take requests without an array: that is "
			       "--direction pull";
	if (dtypes & ~program->dtypes)
		return program->protocol > 1 ?
			       "the pair does not carry this dtype: see \"dtypes\" in its pairs "
			       "file" :
			       "pairs of protocol 1 carry float64 alone";
	return NULL;
}

const char *plan_cell_uncarried(const struct plan_cell *cell)
{
	const struct encoding *encoding = cell->transport.encoding;
	const struct ways ways = plan_cell_ways(cell);
	const char *why;

	/* What its own code does with the encoding of that name, a program knows best. */
	if (cell->transport.carrier->program)
		return program_uncarried(cell->transport.carrier->program, cell);
	why = type_uncarried(encoding, ways.request);
	return why ? why : type_uncarried(encoding, ways.reply);
}

#define INTERPRETER_BYTES (96 * MIB) /* and ours beside it */

static struct plan_need foreign_need(const struct plan_cell *cell)
{
	const struct encoding_cost *cost = &cell->transport.encoding->cost;
	const struct program *program = cell->transport.carrier->program;
	const struct ways ways = plan_cell_ways(cell);
	uint64_t bytes = multiply_bytes(ways_bytes(&ways), cell->clients);

	return (struct plan_need){
		.private_bytes = add_bytes((cell->clients + 1) * INTERPRETER_BYTES,
					   multiply_bytes(bytes, cost->foreign.private_copies)),
		.shared_bytes = multiply_bytes(bytes, cost->foreign.shared_copies),
		.impossible = *program->missing ? program->missing : plan_cell_uncarried(cell),
		.facilities = facilities_of(cell),
	};
}

/* Adds what one client's arrays of a way take, at both ends: an array, an encoder, segments. */
static void need_add_way(struct plan_need *result, const struct encoding *encoding,
			 const struct array_type *type)
{
	struct encoding_need need;

	if (!type)
		return;
	need = encoding->need(type);
	result->private_bytes = add_bytes(result->private_bytes, array_type_bytes(type));
	result->private_bytes = add_bytes(result->private_bytes, need.giver_bytes);
	result->private_bytes = add_bytes(result->private_bytes, need.taker_bytes);
	result->shared_bytes = add_bytes(result->shared_bytes, need.shared_bytes);
	if (!result->impossible)
		result->impossible = need.impossible;
}

struct plan_need plan_cell_need(const struct plan_cell *cell)
{
	const struct encoding *encoding = cell->transport.encoding;
	const struct ways ways = plan_cell_ways(cell);
	const uint64_t process_bytes = add_bytes(PROCESS_BYTES, cell->data_bytes);
	struct plan_need result = {.facilities = facilities_of(cell)};

	if (cell->transport.carrier->program)
		return foreign_need(cell);
	need_add_way(&result, encoding, ways.request);
	need_add_way(&result, encoding, ways.reply);
	result.private_bytes = add_bytes(result.private_bytes, process_bytes);
	result.private_bytes = multiply_bytes(result.private_bytes, cell->clients);
	result.private_bytes = add_bytes(result.private_bytes, process_bytes);
	result.shared_bytes = multiply_bytes(result.shared_bytes, cell->clients);
	if (!result.impossible)
		result.impossible = plan_cell_uncarried(cell);
	return result;
}

#define CONTAINER_REMEDY " in this container: raise its limit (docker run --memory)"
#define SHARED_REMEDY "make it larger (docker run --shm-size, mount -o remount,size=)"

/* Fails with the first facility that the machine does not have. */
static int facilities_check(const struct plan_need *need, const struct plan_available *available,
			    struct err *err)
{
	for (enum facility i = 0; i < FACILITY_COUNT; i++)
		if (need->facilities & FACILITY_BIT(i) && *available->facilities[i].reason)
			return err_set(err, ERR_UNSUPPORTED, "%s",
				       available->facilities[i].reason);
	return 0;
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
	if (facilities_check(need, available, err) != 0)
		return -1;
	if (add_bytes(memory, RESERVE_BYTES) > free_bytes)
		return err_set(err, ERR_MEMORY, "needs %s of memory, %s are available%s",
			       fmt_memory((double)memory, needed),
			       fmt_memory((double)free_bytes, has),
			       available->memory_is_limited ? CONTAINER_REMEDY : "");
	if (need->shared_bytes > available->shared_bytes)
		return err_set(err, ERR_MEMORY, "needs %s in /dev/shm, %s are free: " SHARED_REMEDY,
			       fmt_memory((double)need->shared_bytes, needed),
			       fmt_memory((double)available->shared_bytes, has));
	return 0;
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
	struct memory_room room = memory_room_now();
	struct plan_available available = {
		.memory_bytes = room.bytes,
		.memory_is_limited = room.is_limited,
		.shared_bytes = shared_available(),
	};

	for (enum facility i = 0; i < FACILITY_COUNT; i++) {
		struct err err = {0};

		if (facility_check(i, &err) != 0)
			(void)snprintf(available.facilities[i].reason, PLAN_REASON_BYTES, "%.*s",
				       PLAN_REASON_BYTES - 1, err.message);
	}
	return available;
}

int plan_cell_fits(const struct plan_cell *cell, struct err *err)
{
	struct plan_need need = plan_cell_need(cell);
	struct plan_available available = plan_available_now();

	return plan_need_check(&need, &available, err);
}

/* For our own processes, and for programs in Python and the like; see struct encoding_cost. */
static const struct pace {
	double draw_ns;            /* a random normal, or 8 bytes of random integers */
	double pair_ns;            /* starting and stopping both processes */
	double set_up_ns_per_byte; /* making the first array, touching destinations */
	double settle_ns_per_byte; /* between exchanges: reading, hashing, changing */
} own_pace = {3, 3e7, 1.5, 0.15}, foreign_pace = {12, 1.5e9, 1.5, 1.5};

#define FOREIGN_EXCHANGE_NS 1e6

static const struct pace *pace_of(const struct plan_cell *cell)
{
	return cell->transport.carrier->program ? &foreign_pace : &own_pace;
}

/* So many draws of pace.draw_ns. */
static double draw_count(const struct array_type *type)
{
	bool normals = dtype_table[type->dtype].kind == DTYPE_FLOAT;

	return normals ? (double)array_type_count(type) :
			 (double)array_type_bytes(type) / sizeof(double);
}

static double draws_count(const struct ways *ways)
{
	return (ways->request ? draw_count(ways->request) : 0) +
	       (ways->reply ? draw_count(ways->reply) : 0);
}

/*
 * The bytes that the encoding's cost is for: of decimal digits those of as many float64 as have
 * the text of these elements, a comma and brackets included.
 */
static double costing_bytes(const struct encoding *encoding, const struct array_type *type)
{
	static const double letters[DTYPE_COUNT] = {
		[DTYPE_FLOAT64] = 19.5, [DTYPE_FLOAT32] = 11.5, [DTYPE_FLOAT16] = 8,
		[DTYPE_BFLOAT16] = 7,   [DTYPE_INT8] = 4.1,     [DTYPE_INT16] = 6.3,
		[DTYPE_INT32] = 11.3,   [DTYPE_INT64] = 20.4,   [DTYPE_UINT8] = 3.6,
		[DTYPE_UINT16] = 5.8,   [DTYPE_UINT32] = 10.8,  [DTYPE_UINT64] = 20.4,
		[DTYPE_BOOL] = 5.5,
	};

	if (!(encoding->flags & ENCODING_DIGITS))
		return (double)array_type_bytes(type);
	return (double)array_type_count(type) * sizeof(double) * letters[type->dtype] /
	       letters[DTYPE_FLOAT64];
}

double plan_cell_estimate_latency_ns(const struct plan_cell *cell,
				     const struct plan_options *options)
{
	const struct carrier *carrier = cell->transport.carrier;
	const struct encoding *encoding = cell->transport.encoding;
	const struct encoding_cost *cost = &encoding->cost;
	const struct ways ways = plan_cell_ways(cell);
	bool fresh = options->memory == MEMORY_FRESH;
	double fixed = carrier->exchange_ns;
	double byte = cost->ns_per_byte + cost->wire_per_byte * carrier->ns_per_byte +
		      (fresh ? cost->fresh_ns_per_byte : 0);

	if (carrier->program) {
		fixed = FOREIGN_EXCHANGE_NS;
		byte = cost->foreign.ns_per_byte + (fresh ? cost->foreign.fresh_ns_per_byte : 0);
	}
	if (options->source == SOURCE_FRESH)
		fixed += pace_of(cell)->draw_ns * draws_count(&ways);
	return fixed + byte * (ways.request ? costing_bytes(encoding, ways.request) : 0) +
	       byte * (ways.reply ? costing_bytes(encoding, ways.reply) : 0);
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
	double limit = (double)cell->samples / (double)cell->blocks;
	double warmup = (double)options->warmup;

	if (options->warmup == PLAN_WARMUP_AUTO)
		warmup = clamp(allowed / 10, 1, 20);
	return warmup + clamp(allowed, 1, limit > 1 ? limit : 1);
}

double plan_cell_estimate_ns(const struct plan_cell *cell, const struct plan_options *options)
{
	const struct pace *pace = pace_of(cell);
	const struct ways ways = plan_cell_ways(cell);
	double blocks = (double)cell->blocks;
	double bytes = (double)ways_bytes(&ways);
	double each = plan_cell_estimate_latency_ns(cell, options) +
		      pace->settle_ns_per_byte * bytes;
	double allowed = (double)cell->budget_ns / blocks / each;

	return blocks * (pace->pair_ns + pace->set_up_ns_per_byte * bytes +
			 block_exchanges(cell, options, allowed) * each);
}
