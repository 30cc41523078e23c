/* SPDX-License-Identifier: MIT */
/* A cell of the model. */
#include "bench/model/cell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/model/summary.h"
#include "bench/plan/estimate.h"
#include "bench/stats/drift.h"
#include "bench/stats/modes.h"
#include "bench/text/text.h"

static void cell_forget(struct cell *cell)
{
	summary_compute(&cell->summary, NULL, NULL, NULL, NULL, 0,
			array_type_bytes(&cell->plan->type), NAN);
}

void cell_init(struct cell *cell, const struct plan_cell *plan, const struct plan_options *options)
{
	*cell = (struct cell){
		.plan = plan,
		.rate = plan->rate,
		.estimate_ns = plan_cell_estimate_ns(plan, options),
	};
	cell_forget(cell);
}

static int cell_reserve_block(struct cell *cell)
{
	size_t room = cell->block_room ? 2 * cell->block_room : 16;
	struct block_result *grown;

	if (cell->blocks_done < cell->block_room)
		return 0;
	grown = reallocarray(cell->blocks, room, sizeof(*grown));
	if (!grown)
		return -1;
	cell->blocks = grown;
	cell->block_room = room;
	return 0;
}

int cell_allocate(struct cell *cell)
{
	if (!cell->latency)
		cell->latency = calloc(1, sizeof(*cell->latency));
	if (!cell->with_read)
		cell->with_read = calloc(1, sizeof(*cell->with_read));
	if (!cell->planned && cell->rate > 0)
		cell->planned = calloc(1, sizeof(*cell->planned));
	if (!cell->series)
		cell->series = calloc(1, sizeof(*cell->series));
	if (cell_reserve_block(cell) != 0)
		return -1;
	return cell->latency && cell->with_read && cell->series &&
			       (cell->planned || cell->rate <= 0) ?
		       0 :
		       -1;
}

/* What is known of one end, or of both. */
static double both_ends(double client, double server)
{
	return isnan(server) ? client : client + server;
}

/* Have its ends a CPU each? If not, they wait for one by design, whoever else is at work. */
static bool cell_has_cpus(const struct cell *cell, const struct model *model)
{
	unsigned usable = model->host.cpus_usable;

	return model->plan->options.pin != PIN_SAME &&
	       (usable == 0 || usable >= 2 * cell->plan->clients);
}

static struct trust_facts cell_facts(const struct cell *cell, const struct model *model)
{
	const struct summary *summary = &cell->summary;
	const struct summary_end *server = &summary->ends[END_SERVER];
	const struct summary_end *client = &summary->ends[END_CLIENT];
	struct trust_facts facts = trust_facts_unknown();
	struct drift drift;

	facts.steal_share = summary->steal_share;
	facts.stall_share = cell_has_cpus(cell, model) ? summary->stall_share : NAN;
	facts.others_share = summary->others_share;
	facts.governor = model->host.governor;
	facts.clock_source = model->host.clock_source;
	if (model->host.cpus_usable)
		facts.cpus = model->host.cpus_usable;
	facts.one_cpu_spin = plan_spins_crowded(&model->plan->options, cell->plan->clients,
						model->host.cpus_usable);
	facts.one_core = model->host.one_core;
	facts.migrations = both_ends(client->migrations, server->migrations);
	facts.preemptions = both_ends(client->involuntary_switches, server->involuntary_switches);
	facts.mean_ns = summary->mean_ns;
	facts.samples = summary->samples;
	facts.blocks = (double)cell->blocks_done;
	facts.interval_width = (summary->p50_ci_high_ns - summary->p50_ci_low_ns) / summary->p50_ns;
	facts.block_spread = summary->p50_block_spread - 1;
	if (drift_find(cell->series, &drift))
		facts.drift_ratio = drift.beyond_noise ? drift.ratio : 1;
	facts.modes = summary->modes;
	if (cell->rate > 0)
		facts.rate_reached = summary->achieved_rate / cell->rate;
	return facts;
}

void cell_judge(struct cell *cell, const struct model *model)
{
	struct summary *summary = &cell->summary;
	struct trust_facts facts;
	struct drift drift;

	if (!(summary->samples > 0))
		return;
	summary->drift_ratio = drift_find(cell->series, &drift) ? drift.ratio : NAN;
	summary->modes = modes_count(cell->latency);
	summary->steal_share = noise_steal_share(&cell->noise);
	summary->stall_share = noise_stall_share(&cell->noise);
	/* The work of a server that is not ours cannot be told from that of others. */
	summary->others_share = model->plan->connect[0] ? NAN : noise_others_share(&cell->noise);
	facts = cell_facts(cell, model);
	trust_grade(&facts, &cell->trust);
}

/* Why a connection may not come about: a server without a key never answers a key's proof. */
static const char *cell_doubt(const struct model *model, const char *reason)
{
	static const char silent[] = "no connection within";

	if (!model->plan->keyed || strncmp(reason, silent, sizeof(silent) - 1) != 0)
		return "";
	return ": IPCTOP_AUTHKEY is set, and a server without a key never asks for it";
}

static void cell_end(struct cell *cell, struct model *model, enum cell_state state,
		     const char *reason)
{
	char name[CELL_NAME_BYTES];

	if (cell_state_final(cell->state))
		return;
	cell->state = state;
	cell->was_done = false;
	(void)snprintf(cell->reason, sizeof(cell->reason), "%s%s", reason,
		       cell_doubt(model, reason));
	model->finals++;
	model->generation++;
	(void)cell_name(cell, name);
	if (state == CELL_DONE)
		model_note(model, "%s done, %.0f samples", name, cell->summary.samples);
	else
		model_note(model, "%.60s %s: %.80s", name, cell_state_names[state], reason);
}

/* What its encoding loses by design, or "": what a program of others' does is not known. */
static const char *cell_loss(const struct cell *cell, const struct plan *plan)
{
	const struct transport *transport = &cell->plan->transport;
	const bool ours = !transport->carrier->program && !plan->connect[0];
	const char *lost = encoding_loss_of(transport->encoding, cell->plan->type.dtype).what;

	return ours && lost ? lost : "";
}

void cell_finish_done(struct cell *cell, struct model *model, const char *how)
{
	bool crowded = plan_spins_crowded(&model->plan->options, cell->plan->clients,
					  model->host.cpus_usable);
	char pages[CELL_REASON_BYTES / 2];
	const char *const remarks[] = {
		how,
		cell_loss(cell, model->plan),
		crowded ? "spinning without a core of its own" : "",
		pages_remark(&cell->pages[END_SERVER], &cell->pages[END_CLIENT], pages,
			     sizeof(pages)),
	};
	char reason[CELL_REASON_BYTES] = "";
	size_t used = 0;

	for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]) && used < sizeof(reason); i++)
		if (*remarks[i])
			used += (size_t)snprintf(reason + used, sizeof(reason) - used, "%s%s",
						 used ? "; " : "", remarks[i]);
	cell_end(cell, model, CELL_DONE, reason);
}

void cell_finish(struct cell *cell, struct model *model, enum cell_state state, const char *reason)
{
	char how[CELL_REASON_BYTES / 2];

	if (!cell->was_done || state == CELL_WRONG || cell_state_final(cell->state)) {
		cell_end(cell, model, state, reason);
		return;
	}
	(void)snprintf(how, sizeof(how), "not all blocks that were added: %.160s", reason);
	cell_finish_done(cell, model, how);
}

void cell_finish_rounds(struct cell *cell, struct model *model)
{
	double asked_pct = model->plan->options.precision_pct;
	char how[CELL_REASON_BYTES / 2] = "";
	char reached[TEXT_NUMBER_BYTES];

	if (!(cell->summary.precision_pct <= asked_pct))
		(void)snprintf(how, sizeof(how),
			       "its time was up at +-%s %%, before +-%.4g %% was reached",
			       text_significant(cell->summary.precision_pct, 2, reached),
			       asked_pct);
	cell_finish_done(cell, model, how);
}

void cell_free(struct cell *cell)
{
	free(cell->latency);
	free(cell->with_read);
	free(cell->planned);
	free(cell->series);
	free(cell->blocks);
}

void cell_reset(struct cell *cell)
{
	const struct cell kept = *cell;

	cell_free(cell);
	*cell = (struct cell){
		.plan = kept.plan,
		.rate = kept.rate,
		.estimate_ns = kept.estimate_ns,
	};
	cell_forget(cell);
}

void cell_ask_more(struct cell *cell, struct model *model, size_t blocks)
{
	cell->blocks_asked = cell_blocks_asked(cell) + blocks;
	if (cell_state_final(cell->state)) {
		cell->was_done = cell->state == CELL_DONE;
		cell->blocks_asked = cell->blocks_done + blocks;
		cell->state = CELL_WAITING;
		cell->reason[0] = '\0';
		model->finals--;
	}
}

double cell_block_ns(const struct cell *cell)
{
	if (cell->blocks_done)
		return (double)cell->blocks_wall_ns / (double)cell->blocks_done;
	return cell->estimate_ns / (double)cell->plan->blocks;
}

char *cell_name(const struct cell *cell, char text[CELL_NAME_BYTES])
{
	char transport[TRANSPORT_NAME_BYTES];
	char types[WAYS_TEXT_BYTES];
	const struct ways ways = plan_cell_ways(cell->plan);
	bool pull = cell->plan->direction == DIRECTION_PULL;

	(void)snprintf(text, CELL_NAME_BYTES, "%s %.100s%s%s",
		       reference_is(cell) ? REFERENCE_NAME :
					    transport_format(&cell->plan->transport, transport),
		       ways_format(&ways, types), pull ? "" : " ",
		       pull ? "" : direction_names[cell->plan->direction]);
	return text;
}
