/* SPDX-License-Identifier: MIT */
/* What a cell needs, whether it fits, how long it takes. */
#include <stdint.h>

#include "bench/plan/estimate.h"
#include "tests/support/test.h"

#define MIB ((uint64_t)1 << 20)
#define GIB ((uint64_t)1 << 30)

static struct encoding_need fake_need(const struct array_type *type)
{
	return (struct encoding_need){
		.giver_bytes = 10,
		.taker_bytes = array_type_bytes(type),
		.shared_bytes = 2 * array_type_bytes(type),
		.impossible = array_type_count(type) == 13 ? "thirteen brings bad luck" : NULL,
	};
}

static struct encoding encoding = {
	.name = "fake",
	.dtypes = 1u << DTYPE_FLOAT64,
	.need = fake_need,
};

static struct carrier carrier = {.name = "fake"};

static struct plan_cell cell_of(const struct transport *transport, uint64_t count)
{
	struct shape shape = {.dimensions = 1, .extents = {count}};

	return (struct plan_cell){
		.transport = *transport,
		.type = (struct array_type){shape, DTYPE_FLOAT64},
		.samples = 100,
		.blocks = 5,
		.budget_ns = plan_defaults.budget_ns,
		.clients = 1,
	};
}

static struct plan_cell cell_make(uint64_t count)
{
	return cell_of(&(struct transport){.carrier = &carrier, .encoding = &encoding}, count);
}

static void test_need(void)
{
	struct plan_cell cell = cell_make(1000);
	struct plan_need need = plan_cell_need(&cell);

	CHECK(need.private_bytes == 8000 + 10 + 8000 + 64 * MIB);
	CHECK(need.shared_bytes == 16000);
	CHECK(need.impossible == NULL);
	encoding.dtypes = 0;
	need = plan_cell_need(&cell);
	encoding.dtypes = 1u << DTYPE_FLOAT64;
	CHECK(need.impossible != NULL);
	encoding.cannot = "it is for text";
	cell.type.dtype = DTYPE_UINT8;
	CHECK_STR(plan_cell_need(&cell).impossible, "it is for text");
	encoding.cannot = NULL;
	cell = cell_make(13);
	CHECK_STR(plan_cell_need(&cell).impossible, "thirteen brings bad luck");
}

/* Each way has its arrays and segments; both ways have two. */
static void test_need_ways(void)
{
	struct plan_cell cell = cell_make(1000);
	uint64_t pull = plan_cell_need(&cell).private_bytes;
	uint64_t pull_shared = plan_cell_need(&cell).shared_bytes;
	uint64_t bytes = array_type_bytes(&cell.type);

	cell.direction = DIRECTION_PUSH;
	CHECK(plan_cell_need(&cell).private_bytes == pull);
	CHECK(plan_cell_need(&cell).shared_bytes == pull_shared);
	cell.direction = DIRECTION_BOTH;
	cell.request = cell.type;
	CHECK(plan_cell_need(&cell).private_bytes >= pull + bytes);
	CHECK(plan_cell_need(&cell).shared_bytes == 2 * pull_shared);
	cell.request.shape.extents[0] *= 10;
	CHECK(plan_cell_need(&cell).private_bytes >= pull + 10 * bytes);
}

static void test_need_large(void)
{
	struct plan_cell cell = cell_make((uint64_t)1 << 59);

	CHECK(plan_cell_need(&cell).private_bytes >= (uint64_t)1 << 63);
}

/* Not inlined, or gcc counts the bytes of a message that would be cut. */
__attribute__((noinline)) static const char *err_text(const struct err *err)
{
	return err->message;
}

static void test_check(void)
{
	static const struct {
		struct plan_need need;
		struct plan_available available;
		const char *message; /* NULL: fits */
	} cases[] = {
		{{GIB, 0, NULL, 0}, {.memory_bytes = GIB + 256 * MIB, .shared_bytes = 0}, NULL},
		{{GIB, 0, NULL, 0}, {.memory_bytes = GIB + 256 * MIB - 1, .shared_bytes = 0},
		 "needs 1.0 GiB of memory, 1.2 GiB are available"},
		{{GIB, GIB, NULL, 0}, {.memory_bytes = 2 * GIB, .shared_bytes = 2 * GIB},
		 "needs 2.0 GiB of memory, 2.0 GiB are available"},
		{{GIB, GIB, NULL, 0}, {.memory_bytes = 3 * GIB, .shared_bytes = 64 * MIB},
		 "needs 1.0 GiB in /dev/shm, 64.0 MiB are free: make it larger (docker run "
		 "--shm-size, mount -o remount,size=)"},
		{{GIB, 0, NULL, 0}, {.memory_bytes = GIB, .memory_is_limited = true},
		 "needs 1.0 GiB of memory, 1.0 GiB are available in this container: raise its "
		 "limit (docker run --memory)"},
		{{1, 0, NULL, FACILITY_BIT(FACILITY_LOOPBACK)},
		 {.memory_bytes = GIB, .facilities[FACILITY_SHARED_MEMORY] = {"none"}}, NULL},
		{{1, 0, NULL, FACILITY_BIT(FACILITY_LOOPBACK) | FACILITY_BIT(FACILITY_PROCESSES)},
		 {.facilities[FACILITY_LOOPBACK] = {"lo is down"}}, "lo is down"},
		{{1, 0, "never", FACILITY_BIT(FACILITY_PROCESSES)},
		 {.facilities[FACILITY_PROCESSES] = {"no /proc"}}, "never"},
		{{GIB, GIB, NULL, 0}, {.memory_bytes = 3 * GIB, .shared_bytes = GIB}, NULL},
		{{GIB, GIB, NULL, 0}, {.memory_bytes = UINT64_MAX, .shared_bytes = GIB}, NULL},
		{{1, 1, "never", 0}, {.memory_bytes = UINT64_MAX, .shared_bytes = GIB}, "never"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = {0};
		int status = plan_need_check(&cases[i].need, &cases[i].available, &err);

		CHECK_MSG((status == 0) == !cases[i].message, "case %zu", i);
		CHECK_STR(err_text(&err), cases[i].message ? cases[i].message : "");
	}
}

/* What a cell cannot do without: a figure of bits that are P for /proc and so on. */
static const struct {
	const char *transport;
	bool connects;
	unsigned facilities;
} facilities[] = {
#define P FACILITY_BIT(FACILITY_PROCESSES)
#define L FACILITY_BIT(FACILITY_LOOPBACK)
#define S FACILITY_BIT(FACILITY_SHARED_MEMORY)
#define F FACILITY_BIT(FACILITY_SOCKET_FILES)
	{"http+json", false, P | L}, {"tcp+shm", false, P | L | S},  {"unix+bytes", false, P | F},
	{"ws+shm", true, P | S},     {"unix+shm", false, P | F | S}, {"http+json", true, P},
	{"unix+bytes", true, P},
#undef P
#undef L
#undef S
#undef F
};

static void test_facilities(void)
{
	for (size_t i = 0; i < sizeof(facilities) / sizeof(facilities[0]); i++) {
		struct transport transport;
		struct plan_cell cell;

		CHECK(transport_parse(facilities[i].transport, &transport, NULL) == 0);
		cell = cell_of(&transport, 10);
		cell.connects = facilities[i].connects;
		CHECK_MSG(plan_cell_need(&cell).facilities == facilities[i].facilities, "%s",
			  facilities[i].transport);
	}
}

static void test_available(void)
{
	struct plan_available available = plan_available_now();

	CHECK(available.memory_bytes > MIB);
}

static void test_latency(void)
{
	static const struct {
		const char *transport;
		enum source source;
		enum memory memory;
		double low_ns, high_ns; /* for 38.5 MB */
	} cases[] = {
		{"http+json", SOURCE_READY, MEMORY_REUSED, 30e6, 120e6},
		{"http+cjson", SOURCE_READY, MEMORY_REUSED, 5e9, 20e9},
		{"http+shm", SOURCE_READY, MEMORY_REUSED, 1.5e6, 5e6},
		{"lws+shm", SOURCE_READY, MEMORY_FRESH, 20e6, 50e6},
		{"lws+bytes", SOURCE_READY, MEMORY_REUSED, 150e6, 300e6},
		{"ws+bytes", SOURCE_READY, MEMORY_REUSED, 5e6, 20e6},
		{"ws+bytes", SOURCE_FRESH, MEMORY_REUSED, 20e6, 50e6},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct plan_options options = plan_defaults;
		struct transport transport;
		struct plan_cell cell;
		double ns;

		CHECK(transport_parse(cases[i].transport, &transport, NULL) == 0);
		cell = cell_of(&transport, 4816896);
		options.source = cases[i].source;
		options.memory = cases[i].memory;
		ns = plan_cell_estimate_latency_ns(&cell, &options);
		CHECK_MSG(ns > cases[i].low_ns && ns < cases[i].high_ns, "case %zu: %g", i, ns);
	}
}

/* A new row that forgets what it costs would be foretold to take no time. */
static void test_rows(void)
{
	struct transport transport;

	for (size_t i = 0; transport_at(i, &transport); i++) {
		struct plan_cell cell = cell_of(&transport, 4816896);
		double ns = plan_cell_estimate_latency_ns(&cell, &plan_defaults);

		CHECK_MSG(transport.carrier->exchange_ns > 0 && transport.carrier->ns_per_byte > 0,
			  "carrier %s", transport.carrier->name);
		CHECK_MSG(ns > 1e6, "encoding %s: %g ns", transport.encoding->name, ns);
		CHECK_MSG(transport.encoding->cost.foreign.ns_per_byte > 0 &&
				  transport.encoding->cost.foreign.private_copies > 0,
			  "encoding %s", transport.encoding->name);
	}
}

static void test_whole(void)
{
	struct plan_options options = plan_defaults;
	struct transport transport;
	struct plan_cell cell;
	double all;
	double latency;

	CHECK(transport_parse("ws+bytes", &transport, NULL) == 0);
	cell = cell_of(&transport, 4816896);
	all = plan_cell_estimate_ns(&cell, &options);
	latency = plan_cell_estimate_latency_ns(&cell, &options);
	CHECK(all > 100 * latency && all < 400 * latency);
	cell.budget_ns = 0; /* still one sample and one warm-up a block */
	all = plan_cell_estimate_ns(&cell, &options);
	CHECK(all > 10 * latency && all < 200 * latency);
	cell.budget_ns = UINT64_MAX;
	cell.blocks = 1;
	cell.samples = 1000000;
	CHECK(plan_cell_estimate_ns(&cell, &options) > 1000000 * latency);
	cell.samples = 0;
	CHECK(isfinite(plan_cell_estimate_ns(&cell, &options)));
}

static const struct test tests[] = {
	{"estimate need adds up both processes", test_need},
	{"estimate need of two ways", test_need_ways},
	{"estimate need of the largest array does not wrap", test_need_large},
	{"estimate refuses with both figures", test_check},
	{"estimate knows what each transport cannot do without", test_facilities},
	{"estimate reads what the machine has free", test_available},
	{"estimate latency by encoding, carrier, source and memory", test_latency},
	{"estimate goes by what every row says", test_rows},
	{"estimate of a whole cell", test_whole},
};

TEST_MAIN(tests)
