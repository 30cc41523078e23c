/* SPDX-License-Identifier: MIT */
/* From the scoreboard into the model. */
#include "bench/run/intake.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bench/model/copies.h"
#include "bench/model/summary.h"

/* The oldest samples in the ring may be overwritten while they are read: leave those. */
#define INTAKE_RING_SAFE (SCOREBOARD_RING - 4096)

void intake_log_samples(struct intake *intake, FILE *file)
{
	intake->samples_file = file;
	(void)fputs("transport,shape,block,sample,latency_ns,read_ns,client,hash,dtype\n", file);
}

void intake_begin(struct intake *intake, const struct cell *cell, const struct hop *hop)
{
	intake->hop = *hop;
	intake->latency = *cell->latency;
	intake->with_read = *cell->with_read;
	if (cell->planned)
		intake->planned = *cell->planned;
	memset(intake->drained, 0, sizeof(intake->drained));
}

static void intake_write_sample(const struct intake *intake, const struct cell *cell,
				uint32_t client, const struct scoreboard_sample *sample)
{
	FILE *file = intake->samples_file;
	char transport[TRANSPORT_NAME_BYTES];
	char shape[ARRAY_SHAPE_TEXT_BYTES];

	(void)fprintf(file, "%s,%s,%zu,%" PRIu64 ",%" PRIu64 ",",
		      transport_format(&cell->plan->transport, transport),
		      shape_format(&cell->plan->type.shape, shape), cell->blocks_done,
		      intake->drained[client], sample->latency_ns);
	if (sample->read_ns != SCOREBOARD_READ_UNKNOWN)
		(void)fprintf(file, "%" PRIu64, sample->read_ns);
	(void)fprintf(file, ",%" PRIu32 ",", client);
	/* A foreign program's checksum is another one, and stays with it. */
	if (!cell->plan->transport.carrier->program)
		(void)fprintf(file, "%016" PRIx64, sample->hash);
	(void)fprintf(file, ",%s\n", dtype_table[cell->plan->type.dtype].name);
}

/* The samples one by one: the time series, and the file. */
static void intake_drain(struct intake *intake, struct cell *cell, uint32_t client,
			 struct model *model)
{
	const struct scoreboard_own *board = &intake->hop.takers[client]->own;
	uint64_t *drained = &intake->drained[client];
	uint64_t samples = board->samples;

	if (samples - *drained > INTAKE_RING_SAFE) {
		uint64_t lost = samples - *drained - INTAKE_RING_SAFE;

		model_note(model, "%" PRIu64 " samples came too fast for the time series", lost);
		intake->samples_lost += lost;
		*drained += lost;
	}
	for (; *drained < samples; ++*drained) {
		struct scoreboard_sample sample = board->ring[*drained % SCOREBOARD_RING];

		/* Clients measure side by side: a share each of the time that passes. */
		cell->measured_ns += sample.latency_ns / intake->hop.count;
		series_record(cell->series, cell->measured_ns, sample.latency_ns);
		if (intake->samples_file && !reference_is(cell))
			intake_write_sample(intake, cell, client, &sample);
	}
}

/* What a client's exchanges have come to so far. */
static struct tally intake_taker_tally(const struct scoreboard_own *board)
{
	struct tally live = board->tally;

	live.peak_rss_bytes[END_CLIENT] = board->peak_rss_bytes;
	return live;
}

/* What the block has come to so far, over all its clients. */
static struct tally intake_tally(const struct intake *intake)
{
	const struct hop *hop = &intake->hop;
	struct tally live = {0};

	for (uint32_t i = 0; i < hop->count; i++) {
		struct tally taker = intake_taker_tally(&hop->takers[i]->own);

		tally_merge(&live, &taker);
	}
	if (hop->giver)
		live.peak_rss_bytes[END_SERVER] = hop->giver->own.peak_rss_bytes;
	return live;
}

/* One warm copy of what a way carries. */
static double intake_memcpy_ns(const struct floor_facts *floors, const struct array_type *type)
{
	return type ? floor_facts_row(floors, array_type_bytes(type)).memcpy_ns : 0;
}

static void intake_summarize(const struct intake *intake, struct cell *cell,
			     const struct tally *tally, const struct floor_facts *floors)
{
	/* Of several clients, the first stands for all: their sockets are of a kind. */
	const struct scoreboard_member *taker = intake->hop.takers[0];
	const struct ways ways = plan_cell_ways(cell->plan);
	bool bare = reference_is(cell);
	uint64_t bytes = bare ? plan_reference_bytes(&cell->plan->type) : ways_bytes(&ways);
	double memcpy_ns = bare ? floor_facts_row(floors, bytes).memcpy_ns :
				  intake_memcpy_ns(floors, ways.request) +
					  intake_memcpy_ns(floors, ways.reply);
	struct summary drawn; /* with the drawing of both arrays in one figure */

	summary_compute(&cell->summary, cell->latency, cell->with_read, tally, cell->blocks,
			cell->blocks_done, bytes, memcpy_ns);
	if (!bare)
		summary_ways(&cell->summary, cell->plan->direction, tally);
	drawn = cell->summary;
	if (cell->plan->direction == DIRECTION_BOTH)
		drawn.make_ns += drawn.request_make_ns;
	cell->summary.copies = copies_estimate(&drawn, cell->plan->transport.encoding, memcpy_ns,
					       floors->wakeup_ns);
	summary_load(&cell->summary, cell->planned, tally, cell->plan->clients);
	cell->summary.ends[END_SERVER].socket_buffer_bytes =
		summary_known(taker->served.send_buffer_bytes);
	cell->summary.ends[END_CLIENT].socket_buffer_bytes =
		summary_known(taker->own.receive_buffer_bytes);
}

/* Has any client taken samples that are not in the cell yet? */
static bool intake_has_news(const struct intake *intake)
{
	for (uint32_t i = 0; i < intake->hop.count; i++)
		if (intake->hop.takers[i]->own.samples != intake->drained[i])
			return true;
	return false;
}

void intake_refresh(struct intake *intake, struct cell *cell, struct model *model)
{
	struct tally tally = cell->tally;
	struct tally live;

	if (!intake_has_news(intake))
		return;
	*cell->latency = intake->latency;
	*cell->with_read = intake->with_read;
	if (cell->planned)
		*cell->planned = intake->planned;
	for (uint32_t i = 0; i < intake->hop.count; i++) {
		const struct scoreboard_own *client = &intake->hop.takers[i]->own;

		intake_drain(intake, cell, i, model);
		hist_merge(cell->latency, &client->latency);
		hist_merge(cell->with_read, &client->with_read);
		if (cell->planned)
			hist_merge(cell->planned, &client->planned);
	}
	live = intake_tally(intake);
	tally_merge(&tally, &live);
	intake_summarize(intake, cell, &tally, &model->floors);
}

#define QUARTILES_OF_NORMALS 1.349 /* so many deviations lie between them */

/* One figure each of the block, over all its clients. */
static struct block_result intake_result(struct intake *intake)
{
	struct block_result result = {.steady = NAN, .reference_p50_ns = NAN};
	struct hist *latency = &intake->latency; /* of no use any more, as the other */
	struct hist *with_read = &intake->with_read;

	hist_clear(latency);
	hist_clear(with_read);
	for (uint32_t i = 0; i < intake->hop.count; i++) {
		const struct scoreboard_own *client = &intake->hop.takers[i]->own;

		hist_merge(latency, &client->latency);
		hist_merge(with_read, &client->with_read);
		result.warmed += client->warmed;
		if (client->steadiness != STEADINESS_UNKNOWN)
			result.steady = fmin(result.steady,
					     client->steadiness == STEADINESS_STEADY);
		result.connect_ns = fmax(result.connect_ns, (double)client->connect_ns);
		result.first_ns = fmax(result.first_ns, (double)client->first_ns);
	}
	if (result.connect_ns == 0) /* a foreign program need not say */
		result.connect_ns = NAN;
	result.p50_ns = (double)hist_percentile(latency, 50);
	result.spread = log((double)hist_percentile(latency, 75) /
			    (double)hist_percentile(latency, 25)) / QUARTILES_OF_NORMALS;
	result.p50_with_read_ns = (double)hist_percentile(with_read, 50);
	return result;
}

struct block_result *intake_keep(struct intake *intake, struct cell *cell,
				 const struct model *model)
{
	/* Of several clients, the first stands for all: their arrays are of a kind. */
	const struct scoreboard_member *taker = intake->hop.takers[0];
	struct tally live = intake_tally(intake);
	struct block_result *result;

	if (live.samples == 0)
		return NULL;
	result = &cell->blocks[cell->blocks_done++];
	*result = intake_result(intake);
	result->samples = live.samples;
	cell->pages[END_SERVER] = taker->served.pages;
	cell->pages[END_CLIENT] = taker->own.pages;
	tally_merge(&cell->tally, &live);
	intake_summarize(intake, cell, &cell->tally, &model->floors);
	return result;
}
