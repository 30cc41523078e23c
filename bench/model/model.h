/* SPDX-License-Identifier: MIT */
/*
 * Everything known about a run, as values: what the screens draw and the
 * exporters write. Only the runner writes it: run.c, and what run.c calls.
 * Durations are in ns. A figure that was not measured, or that the samples
 * cannot carry, is NaN.
 */
#ifndef BENCH_MODEL_MODEL_H
#define BENCH_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/machine/floor_facts.h"
#include "bench/machine/host.h"
#include "bench/machine/noise.h"
#include "bench/machine/pages.h"
#include "bench/model/trust.h"
#include "bench/plan/plan.h"
#include "bench/stats/hist.h"
#include "bench/stats/sequential.h"
#include "bench/stats/series.h"
#include "bench/stats/tally.h"

enum cell_state {
	CELL_QUEUED,
	CELL_STARTING, /* its pair is being set up */
	CELL_WARMING,
	CELL_RUNNING,  /* samples are being taken */
	CELL_WAITING,  /* some blocks are done, others follow later */
	CELL_DONE,
	CELL_FAILED,
	CELL_WRONG,
	CELL_SKIPPED,
	CELL_INTERRUPTED,
};

/* "queued", ..., "interrupted". Those from CELL_DONE on are final, and the CSV's words. */
extern const char *const cell_state_names[];

static inline bool cell_state_final(enum cell_state state)
{
	return state >= CELL_DONE;
}

/* What the process at one end of a cell's exchanges used: means, but for the peak. */
struct summary_end {
	double cpu_ns;
	double page_faults, context_switches, involuntary_switches, migrations;
	double peak_rss_bytes;
	double socket_buffer_bytes; /* that the server sends from, that the client receives into */
};

/* The CSV's figures; see ipctop-csv(5). Nothing but doubles: summary_compute goes by that. */
struct summary {
	double wire_bytes;
	double samples, verified;
	double min_ns, p50_ns, p90_ns, p99_ns, p999_ns, max_ns, mean_ns, stddev_ns;
	double p50_ci_low_ns, p50_ci_high_ns, p50_with_read_ns;
	double make_ns, encode_ns, carry_ns, decode_ns, overlap_ns, read_ns, release_ns;
	double verify_ns; /* not in the CSV */
	double connect_ns, first_ns;
	double throughput_bytes_per_s, memcpy_ratio;
	struct summary_end ends[ENDS];
	/*
	 * Exchanges a second over all clients, with what lies between them (reading,
	 * verifying), as it came out; and latencies from the planned start, where a
	 * rate was asked for.
	 */
	double achieved_rate;
	double planned_p50_ns, planned_p90_ns, planned_p99_ns, planned_p999_ns, planned_max_ns;
	double p50_block_spread; /* highest over lowest median of a block */
	/* Filled by cell_judge, when a block has ended. */
	double drift_ratio, modes;
	double steal_share, stall_share, others_share;
	double copies; /* bench/model/copies.h */
	/*
	 * Of what requests carry; unknown where that is no array. Where it alone is an array, it is
	 * the measured one, and wire_bytes, make_ns, encode_ns, decode_ns and read_ns are its too.
	 */
	double request_wire_bytes;
	double request_make_ns, request_encode_ns, request_decode_ns, request_read_ns;
	/*
	 * How many blocks the interval of p50 rests on, 0 if it is of ranks within the samples;
	 * half its width in percent, if it rests on blocks (bench/stats/interval.h).
	 */
	double p50_ci_blocks, precision_pct;
	double warmed; /* exchanges that were dropped as warm-up, over all blocks and clients */
	double steady; /* 1: every block was, once warm; 0: one was not; NaN: too few to tell */
	/* p50 over the reference's, paired by round: filled by reference_compare. */
	double reference_ratio, reference_ratio_low, reference_ratio_high;
};

/* One finished block, for the spread between blocks. */
struct block_result {
	size_t order; /* of all blocks of the run, when it was measured: from 0 */
	uint64_t samples;
	double p50_ns;
	double connect_ns, first_ns;
	double setup_ns; /* from the start of its processes until all were connected */
	double p50_with_read_ns;
	size_t round;    /* in which it was measured, from 0: its blocks are rivals */
	uint64_t warmed; /* exchanges that were dropped before its samples */
	double steady;   /* 1: so are its samples; 0: they are not; NaN: too few to tell */
	double reference_p50_ns; /* of the reference in the same round; NaN: there was none */
	double spread; /* of its samples: the deviation of their logarithms, by their quartiles */
};

#define CELL_REASON_BYTES 400
#define CELL_LOG_BYTES 2048

struct cell {
	const struct plan_cell *plan;
	enum cell_state state;
	char reason[CELL_REASON_BYTES]; /* why not done; or what was lost */
	uint64_t warmed;          /* warm-up exchanges of the present block */
	size_t blocks_done;
	size_t blocks_asked;      /* that it is to have, by run_more; 0: as the plan says */
	bool was_done;            /* before run_more: whatever ends it, it is done again */
	double rate;              /* asked for; 0: a closed loop, or not known yet */
	uint64_t measured_ns;     /* time spent in timed exchanges, all blocks */
	struct hist *latency;     /* all samples so far; NULL before the first */
	struct hist *with_read;   /* latency + read */
	struct hist *planned;     /* from the planned start; NULL without a rate */
	struct series *series;    /* NULL before the first sample */
	struct summary summary;   /* kept up to date while running */
	struct block_result *blocks; /* blocks_done of them */
	size_t block_room;           /* there is room for so many */
	struct tally tally;       /* of them together */
	uint64_t blocks_wall_ns;  /* that they took, set-up included */
	struct pages_got pages[ENDS]; /* of the last of them */
	struct noise noise;       /* of the machine, while they were measured */
	struct trust trust;       /* as of the last of them */
	/* Where a precision was asked for (bench/run/rounds.h). */
	size_t rounds_within; /* in succession, after which its interval was within it */
	size_t blocks_wanted; /* that it and its rivals are expected to need; 0: not known yet */
	double estimate_ns;       /* expected duration of all its blocks, set-up included */
	char log[CELL_LOG_BYTES]; /* the end of its last block's stderr */
};

#define MODEL_EVENTS 64

struct model_event {
	uint64_t at_ns; /* since the run started */
	char text[160];
};

struct model {
	const struct plan *plan;
	char run_id[40];
	char started_utc[24]; /* 2026-11-22T18:00:00Z */
	struct host_facts host;
	uint32_t cpu[ENDS];   /* that they are pinned to, unless pin is none */
	struct floor_facts floors;
	struct cell *cells;   /* cell_count of them, in the plan's order */
	size_t cell_count;
	struct cell *references; /* of each type, no rivals: bench/model/reference.h */
	struct plan_cell *reference_plans;
	size_t reference_count;
	size_t current;       /* the cell whose block is under way, or cell_count */
	bool running;         /* between start and the end of the last block */
	bool paused;
	uint64_t started_ns;  /* by the clock of the run's world */
	uint64_t elapsed_ns;  /* since the run started, as it last looked */
	double progress;      /* 0 to 1, by expected time */
	double left_ns;       /* expected; NaN while unknown */
	size_t finals;        /* cells in a final state */
	size_t generation;    /* of what is worth saving: another when a block or a cell ended */
	struct sequential duel; /* of a plan that is one */
	size_t duel_rounds;     /* of it that were looked at, those without figures too */
	struct model_event events[MODEL_EVENTS]; /* a ring */
	size_t event_count;   /* ever; the latest is at (event_count - 1) % MODEL_EVENTS */
};

#define REFERENCE_NAME "reference" /* where a cell has its transport's */

static inline bool reference_is(const struct cell *cell)
{
	return cell->plan->reference;
}

/* Adds a line to the events; all but the latest MODEL_EVENTS are forgotten. */
void model_note(struct model *model, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * The state under which a cell is written to a file: CELL_INTERRUPTED while it
 * has samples but is not final, since that is what it is if nothing follows;
 * CELL_DONE if it was done before more was asked for.
 * CELL_QUEUED: there is nothing to write yet.
 */
enum cell_state model_state_so_far(const struct cell *cell);

/* "server 0, client 1", or "" if they are free. Returns text. */
char *model_pinned_cpus(const struct model *model, char *text, size_t capacity);

#endif
