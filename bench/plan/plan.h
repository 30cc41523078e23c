/* SPDX-License-Identifier: MIT */
/* What to run: transports, shapes, and how each cell is measured. Pure data. */
#ifndef BENCH_PLAN_PLAN_H
#define BENCH_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/plan/data.h"
#include "bench/plan/direction.h"
#include "transports/array.h"
#include "transports/err.h"
#include "transports/memory.h"
#include "transports/registry.h"
#include "transports/wait.h"

enum source {
	SOURCE_READY, /* the array exists before the request */
	SOURCE_FRESH, /* its giver draws a new one for every exchange, inside the clock */
};

enum pin {
	PIN_NONE,
	PIN_SPLIT, /* server on one CPU, client on another */
	PIN_SAME,  /* both on one */
};

/* The words for each, as the command line and the CSV say them; NULL-terminated. */
extern const char *const source_names[];
extern const char *const memory_names[];
extern const char *const pages_names[];
extern const char *const wait_names[];
extern const char *const pin_names[];

/* What is drawn anew for each worker of each block, to be no difference: bench/run/bias.h. */
enum plan_bias {
	BIAS_ENVIRONMENT,
	BIAS_STACK,
	BIAS_SHIFT,
	BIAS_ORDER,
	BIAS_CPU,
	BIAS_COUNT,
};

/* How cells are measured. */
struct plan_options {
	enum direction direction;
	enum source source;
	enum memory memory;
	enum pages pages;
	enum wait_mode wait;
	enum pin pin;
	enum dtype dtype;    /* of shapes that name none */
	const char *data;    /* as data_read takes it: NULL is random; borrowed */
	uint64_t samples;    /* upper limit a cell, over all blocks */
	uint64_t warmup;     /* exchanges a block, or PLAN_WARMUP_AUTO */
	uint64_t budget_ns;  /* a cell, set-up excluded; at least one sample a block */
	uint64_t blocks;
	uint64_t blocks_slow; /* of a cell of which a block has no time for two exchanges */
	uint64_t seed;
	uint64_t timeout_ns; /* an exchange */
	uint64_t clients;    /* processes of a pair, all asking the one server */
	/*
	 * Exchanges a second, over all clients; 0: a closed loop, each as soon as the
	 * last is over. PLAN_RATE_SWEEP: a closed loop, and then shares of what it
	 * reached, each a cell of its own.
	 */
	double rate;
	/*
	 * Rounds are added until the interval of the median of blocks is within +- so many percent,
	 * or the budget is over; 0: as many as blocks says.
	 */
	double precision_pct;
	unsigned fixed_biases; /* bits of enum plan_bias: not drawn, to see what they move */
};

#define PLAN_PRECISION_BLOCKS 5 /* from so many on, unless more are asked for */
#define PLAN_SAMPLES_ANY UINT64_MAX
#define PLAN_PRECISION_BUDGET_NS UINT64_C(60000000000) /* a cell, unless another is asked for */

/* So many may shake hands at once: transports/net/strangers.h. */
#define PLAN_CLIENTS_MAX 128
#define PLAN_RATE_SWEEP (-1.0)
#define PLAN_RATE_LEAST 0.001 /* a second: an exchange in a quarter of an hour */
#define PLAN_RATE_MOST 1e7    /* more than any loop reaches */

/* What a sweep asks for, as shares of the closed loop's rate; the closed loop (0) first. */
#define PLAN_SWEEP_STEPS 11
extern const double plan_sweep_loads[PLAN_SWEEP_STEPS];

/* As many exchanges as a tenth of the block's budget holds, 1 to 20. */
#define PLAN_WARMUP_AUTO UINT64_MAX

struct plan_cell {
	struct transport transport;
	enum direction direction;
	struct array_type type;    /* of the array that is measured: push: of the request's */
	struct array_type request; /* of both: that of the request's array; else as type */
	uint64_t samples;    /* this cell's limit: presets vary it with the shape */
	uint64_t blocks;     /* this cell's; with a precision, those it begins with */
	uint64_t budget_ns;  /* this cell's */
	uint64_t clients;
	uint64_t data_bytes; /* of a file's array, which each of its processes holds, or 0 */
	bool connects;       /* to a server that is not ours, and may be elsewhere */
	double rate;         /* exchanges a second, over all clients; 0: a closed loop, or load */
	double load;         /* the share of cell `base`'s achieved rate to ask for; 0: see rate */
	size_t base;
	bool reference;      /* no rival: bench/model/reference.h. No cell of a plan is one */
};

static inline struct ways plan_cell_ways(const struct plan_cell *cell)
{
	return ways_of(cell->direction, &cell->type, &cell->request);
}

#define PLAN_PRESET_BYTES 16

struct plan {
	struct plan_options options;
	struct data data;               /* what the elements of its arrays are */
	char preset[PLAN_PRESET_BYTES]; /* "" if none */
	struct plan_cell *cells;        /* owned, transports outermost */
	size_t cell_count;
	bool duel; /* of two cells: it ends when their difference is settled (bench/model/duel.h) */
	char connect[CARRIER_ADDRESS_BYTES]; /* of a server that is not ours, or "" */
	bool keyed; /* our client waits for that server to ask for its authkey */
};

/* Initialisers of struct plan_options: what runs, duels and presets have in common. */
#define PLAN_COMMON \
	.pages = PAGES_SMALL, .wait = WAIT_BLOCK, .pin = PIN_NONE, .warmup = PLAN_WARMUP_AUTO, \
	.seed = 1, .timeout_ns = UINT64_C(60000000000), .clients = 1

extern const struct plan_options plan_defaults;
extern const struct plan_options plan_duel_defaults; /* many short blocks */

/* Lists and options under a name: bench/plan/preset.h. */
struct preset {
	const char *name;
	const char *help;       /* one line */
	const char *transports; /* as --transports takes it */
	const char *shapes;
	struct plan_options options;
	/* The limit for an array of so many bytes sent by this encoding; NULL: options.samples. */
	uint64_t (*samples)(const struct transport *transport, const struct array_type *type);
};

/*
 * Fills plan->cells from comma-separated lists ("all", "blog" and "py" are
 * lists of transports too; shapes may be written "(1,3)", with their dtype, "1x3:uint8", and
 * as "IN/OUT" where the direction is both). shapes NULL: the type of the data's file, or the
 * preset's shapes. preset may be NULL. The options are copied from
 * options. Fails with ERR_USAGE, or ERR_MEMORY.
 */
int plan_make(struct plan *plan, const char *transports, const char *shapes,
	      const struct plan_options *options, const struct preset *preset, struct err *err);

/*
 * A duel of two transports, which may be the same one, on one shape, NULL: the data's
 * file's. Fails as plan_make does.
 */
int plan_make_duel(struct plan *plan, const char *a, const char *b, const char *shape,
		   const struct plan_options *options, struct err *err);

/*
 * Has the plan measure the server at that address, which is not ours: nothing is
 * compared with what it sent or took, and what it does is not known. Fails with
 * ERR_USAGE unless the plan is one transport, to which the address fits, and
 * one shape, or if it pins the server.
 */
int plan_connect(struct plan *plan, const char *address, struct err *err);

void plan_free(struct plan *plan);

/*
 * One cell under these options, in which both ways carry arrays of the type if any two do; preset,
 * which may be NULL, limits its samples.
 */
struct plan_cell plan_cell_make(const struct transport *transport, const struct array_type *type,
				const struct plan_options *options, const struct preset *preset);

/* Reads "200", "0.5", "1k" or "sweep" (PLAN_RATE_SWEEP). -1 if it is none, or out of range. */
int plan_rate_parse(const char *text, double *rate);

/* How many cells a transport and a shape come to: a sweep of rates is a cell a rate. */
size_t plan_steps(const struct plan_options *options);

/* Appends the cell, or its sweep, to plan->cells, which has room for plan_steps more. */
void plan_append(struct plan *plan, const struct plan_cell *cell);

/*
 * What the reference moves for an array of that type (bench/worker/reference.c): at least a byte,
 * so that there is a reply, and at most 64 MiB, with which larger arrays are compared.
 */
uint64_t plan_reference_bytes(const struct array_type *type);

/* 0 if what is measured can be measured to a precision, if one is asked for; else -1. */
int plan_check_precision(const struct plan_options *options, struct err *err);

/* 0 if the transport's carrier can wait this way, else -1 with the reason in err. */
int plan_check_wait(const struct transport *transport, enum wait_mode wait, struct err *err);

/*
 * Whether an end that spins must share its processor with another: each of so many
 * clients is one, and for each the server has one. usable_cpus 0: unknown.
 */
bool plan_spins_crowded(const struct plan_options *options, uint64_t clients,
			unsigned usable_cpus);

#endif
