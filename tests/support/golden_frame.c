/* SPDX-License-Identifier: MIT */
/* Models in known states for golden frames, and the comparison. */
#include "tests/support/golden_frame.h"

#include <locale.h>
#include <math.h>

#include "bench/model/copies.h"
#include "bench/model/duel.h"
#include "bench/plan/preset.h"
#include "bench/stats/modes.h"
#include "tests/support/test.h"
#include "tui/views/frame.h"

const char *const fixture_names[FIXTURE_COUNT] = {
	"empty", "pending", "running", "paused", "failed", "done",
	"many",  "duel",    "load",    "close",  "both",
};

/* Carriers and encodings of our own, so that goldens stay when the registries grow. */

static const struct carrier carrier_http = {.name = "http", .title = "HTTP/1.1 over TCP"};
static const struct carrier carrier_ws = {.name = "ws", .title = "WebSocket, read in place"};
static const struct carrier carrier_mp = {.name = "mp", .title = "Listener/Client framing"};
static const struct carrier carrier_unix = {.name = "unix", .title = "Unix stream socket"};
static const struct carrier carrier_tcp = {.name = "tcp", .title = "TCP on the loopback"};
static const struct encoding encoding_json = {
	.name = "json", .title = "numbers as text", .flags = ENCODING_DIGITS};
static const struct encoding encoding_base64 = {.name = "base64", .title = "base64 text"};
static const struct encoding encoding_bytes = {.name = "bytes", .title = "raw bytes"};
static const struct encoding encoding_shm = {
	.name = "shm", .title = "POSIX shared memory", .flags = ENCODING_BY_REFERENCE};
static const struct encoding encoding_pickle = {.name = "pickle", .title = "a pickled array"};

/* With the latency of the smallest shape and how it grows: a + b * bytes. */
static const struct row {
	struct transport transport;
	double fixed_ns, ns_per_byte;
} row_table[] = {
	{{&carrier_http, &encoding_json}, 250e3, 6.1},
	{{&carrier_http, &encoding_base64}, 200e3, 0.55},
	{{&carrier_ws, &encoding_bytes}, 60e3, 0.24},
	{{&carrier_http, &encoding_shm}, 180e3, 0.13},
	{{&carrier_ws, &encoding_shm}, 50e3, 0.125},
	{{&carrier_mp, &encoding_pickle}, 70e3, 0.29},
	{{&carrier_unix, &encoding_bytes}, 30e3, 0.21},
	{{&carrier_tcp, &encoding_bytes}, 40e3, 0.26},
};

#define ROWS (sizeof(row_table) / sizeof(row_table[0]))

static const char *const shape_table[] = {"1x3x224x224", "2x1024x16x16", "2x3x16x224x224"};

#define SHAPES (sizeof(shape_table) / sizeof(shape_table[0]))
#define CELLS (ROWS * SHAPES)
#define MANY_ROWS 100

/* A fixed stream of numbers, the same on every machine. */
static double fixture_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double)(*state >> 11) / 9007199254740992.0;
}

/* Everything behind one fixture; all of it stays until the program ends. */
struct scene {
	struct plan plan;
	struct plan_cell plan_cells[MANY_ROWS];
	struct cell cells[MANY_ROWS];
	struct carrier carriers[MANY_ROWS];
	char names[MANY_ROWS][16];
	struct block_result blocks[MANY_ROWS][5];
	struct floor_row floors[MANY_ROWS];
	struct model model;
};

static struct scene scenes[FIXTURE_COUNT];

static void *fixture_memory(size_t bytes)
{
	void *memory = calloc(1, bytes);

	if (!memory)
		abort();
	return memory;
}

/* Mostly near the median, a tail to the right, sometimes a second hump. */
static double sample_ns(double median_ns, bool humps, uint64_t *state)
{
	double u = fixture_random(state);
	double v = fixture_random(state);
	double w = fixture_random(state);
	double spread = (u + v + w - 1.5) * 0.12;

	if (humps && fixture_random(state) < 0.22)
		return median_ns * 1.42 * (1 + spread);
	if (fixture_random(state) < 0.02)
		return median_ns * (1.15 + 1.6 * u * u);
	return median_ns * (1 + spread);
}

static void fill_samples(struct cell *cell, double median_ns, size_t count, bool humps,
			 uint64_t seed)
{
	uint64_t at_ns = 0;

	cell->latency = fixture_memory(sizeof(*cell->latency));
	cell->with_read = fixture_memory(sizeof(*cell->with_read));
	cell->series = fixture_memory(sizeof(*cell->series));
	for (size_t i = 0; i < count; i++) {
		uint64_t ns = (uint64_t)sample_ns(median_ns, humps, &seed);

		at_ns += ns;
		hist_record(cell->latency, ns);
		hist_record(cell->with_read, ns + ns / 20);
		series_record(cell->series, at_ns, ns);
	}
	cell->measured_ns = at_ns;
}

static double carried(const struct cell *cell, double percent, size_t least)
{
	return cell->latency->count < least ? (double)NAN :
					      (double)hist_percentile(cell->latency, percent);
}

static void fill_percentiles(struct cell *cell)
{
	struct summary *summary = &cell->summary;
	const struct hist *latency = cell->latency;

	summary->samples = summary->verified = (double)latency->count;
	summary->min_ns = (double)latency->min_ns;
	summary->p50_ns = (double)hist_percentile(latency, 50);
	summary->p90_ns = carried(cell, 90, 100);
	summary->p99_ns = carried(cell, 99, 1000);
	summary->p999_ns = carried(cell, 99.9, 10000);
	summary->max_ns = (double)latency->max_ns;
	summary->mean_ns = hist_mean_ns(latency);
	summary->stddev_ns = hist_stddev_ns(latency);
	summary->p50_ci_low_ns = summary->p50_ns * 0.99;
	summary->p50_ci_blocks = 5;
	summary->p50_ci_high_ns = summary->p50_ns * 1.01;
	summary->p50_with_read_ns = (double)hist_percentile(cell->with_read, 50);
}

#define MEMCPY_NS_PER_BYTE 0.09
#define READ_NS_PER_BYTE 0.07
#define WAKEUP_NS 9510

static void fill_rest(struct cell *cell)
{
	struct summary *summary = &cell->summary;
	struct summary_end *client = &summary->ends[END_CLIENT];
	struct summary_end *server = &summary->ends[END_SERVER];
	double bytes = (double)array_type_bytes(&cell->plan->type);
	double mean = summary->mean_ns;

	summary->wire_bytes = bytes + 200;
	summary->make_ns = 0;
	summary->encode_ns = mean * 0.35;
	summary->decode_ns = mean * 0.25;
	summary->carry_ns = mean * 0.4;
	summary->overlap_ns = 0;
	summary->read_ns = mean * 0.05;
	summary->release_ns = mean * 0.01;
	summary->connect_ns = 310e3;
	summary->first_ns = summary->p50_ns * 1.8;
	summary->throughput_bytes_per_s = bytes / summary->p50_ns * 1e9;
	summary->memcpy_ratio = summary->p50_ns / (bytes * MEMCPY_NS_PER_BYTE);
	summary->copies = copies_estimate(summary, cell->plan->transport.encoding,
					  bytes * MEMCPY_NS_PER_BYTE, WAKEUP_NS);
	client->cpu_ns = mean * 0.66;
	server->cpu_ns = mean * 0.51;
	client->peak_rss_bytes = bytes * 2 + 12e6;
	server->peak_rss_bytes = bytes * 3 + 14e6;
	client->page_faults = 12;
	server->page_faults = 9;
	client->context_switches = 3;
	server->context_switches = 2;
}

static void clear_summary(struct summary *summary)
{
	double *figure = (double *)summary;

	for (size_t i = 0; i < sizeof(*summary) / sizeof(*figure); i++)
		figure[i] = (double)NAN;
}

/* A governor that lowers the frequency; stolen time and too few samples for the first row. */
static void fill_trust(struct cell *cell, bool disturbed)
{
	struct trust_facts facts = trust_facts_unknown();

	cell->summary.modes = modes_count(cell->latency);
	facts.governor = "powersave";
	facts.clock_source = "tsc";
	facts.steal_share = disturbed ? 0.031 : 0;
	facts.samples = cell->summary.samples;
	facts.modes = cell->summary.modes;
	trust_grade(&facts, &cell->trust);
}

static double median_of(const struct cell *cell, size_t row)
{
	return row_table[row % ROWS].fixed_ns +
	       row_table[row % ROWS].ns_per_byte * (double)array_type_bytes(&cell->plan->type);
}

static void make_done(struct scene *scene, struct cell *cell, size_t row)
{
	bool humps = row % ROWS == 2;
	size_t count = row % ROWS == 0 ? 51 : 1000;

	fill_samples(cell, median_of(cell, row), count, humps,
		     row * 977 + array_type_bytes(&cell->plan->type));
	fill_percentiles(cell);
	fill_rest(cell);
	fill_trust(cell, row % ROWS == 0);
	cell->state = CELL_DONE;
	cell->blocks = scene->blocks[cell - scene->cells];
	cell->blocks_done = 5;
	cell->blocks_wall_ns = 5 * UINT64_C(380000000);
	for (size_t i = 0; i < 5; i++) {
		double level = 0.98 + 0.01 * (double)((2 * i + row) % 5);

		cell->blocks[i] = (struct block_result){
			.order = i * ROWS + row,
			.samples = 200,
			.p50_ns = cell->summary.p50_ns * level,
			.connect_ns = 310e3,
			.first_ns = 4e6,
			.setup_ns = 25e6,
			.p50_with_read_ns = cell->summary.p50_with_read_ns * level,
			.round = i,
		};
	}
}

static void make_running(struct cell *cell, size_t row)
{
	fill_samples(cell, median_of(cell, row), 312, row % ROWS == 2, row * 977 + 5);
	fill_percentiles(cell);
	fill_rest(cell);
	cell->state = CELL_RUNNING;
	cell->blocks_done = 1;
}

static void make_ended(struct cell *cell, enum cell_state state, const char *reason)
{
	cell->state = state;
	(void)snprintf(cell->reason, sizeof(cell->reason), "%s", reason);
}

static void event(struct model *model, uint64_t at_ns, const char *text)
{
	struct model_event *entry = &model->events[model->event_count++ % MODEL_EVENTS];

	entry->at_ns = at_ns;
	(void)snprintf(entry->text, sizeof(entry->text), "%s", text);
}

static void scene_cell(struct scene *scene, size_t index, const struct transport *transport,
		       const char *shape_text)
{
	struct shape shape = {0};

	(void)shape_parse(shape_text, &shape, NULL);
	scene->plan_cells[index] = (struct plan_cell){
		.transport = *transport,
		.type = (struct array_type){shape, DTYPE_FLOAT64},
		.samples = 1000,
		.blocks = 5,
		.clients = 1,
	};
	scene->cells[index].plan = &scene->plan_cells[index];
	scene->cells[index].estimate_ns = 6e9;
	clear_summary(&scene->cells[index].summary);
}

static void scene_base(struct scene *scene, size_t count)
{
	scene->plan = (struct plan){
		.options = plan_defaults,
		.preset = "quick",
		.cells = scene->plan_cells,
		.cell_count = count,
	};
	scene->model = (struct model){
		.plan = &scene->plan,
		.run_id = "20261122T180000Z-4711",
		.started_utc = "2026-11-22T18:00:00Z",
		.host = {.host = "lab",
			 .kernel = "Linux 6.1",
			 .cpu = "a CPU of the lab",
			 .governor = "performance",
			 .cpus = 2,
			 .memory_bytes = 8ull << 30,
			 .clock_source = "tsc"},
		.cells = scene->cells,
		.cell_count = count,
		.current = count,
		.left_ns = (double)NAN,
	};
}

/* As if each cell's size had been measured: equal ones are found at the first. */
static void scene_floors(struct scene *scene)
{
	struct floor_facts *facts = &scene->model.floors;

	*facts = (struct floor_facts){
		.wakeup_ns = WAKEUP_NS,
		.wakeup_spin_ns = 213,
		.line_ns = 121,
		.clock_ns = 25.3,
		.clock_step_ns = 20,
		.rows = scene->floors,
		.row_count = scene->model.cell_count,
	};
	for (size_t i = 0; i < facts->row_count; i++) {
		size_t bytes = array_type_bytes(&scene->plan_cells[i].type);

		scene->floors[i] = (struct floor_row){
			.bytes = bytes,
			.memcpy_ns = (double)bytes * MEMCPY_NS_PER_BYTE,
			.read_ns = (double)bytes * READ_NS_PER_BYTE,
			.fault_ns = 251,
		};
	}
}

static void scene_cells(struct scene *scene)
{
	for (size_t i = 0; i < CELLS; i++)
		scene_cell(scene, i, &row_table[i / SHAPES].transport, shape_table[i % SHAPES]);
	scene_base(scene, CELLS);
	scene_floors(scene);
}

static void scene_pending(struct scene *scene)
{
	scene_cells(scene);
	scene->model.running = true;
	scene->model.left_ns = 144e9;
	scene->model.elapsed_ns = 20000000;
}

static void scene_running(struct scene *scene)
{
	struct model *model = &scene->model;

	scene_pending(scene);
	for (size_t row = 0; row < ROWS; row++) {
		make_done(scene, &scene->cells[row * SHAPES], row);
		if (row > 2 && row < 6)
			make_done(scene, &scene->cells[row * SHAPES + 1], row);
	}
	make_running(&scene->cells[2 * SHAPES + 1], 2);
	make_ended(&scene->cells[7 * SHAPES + 1], CELL_FAILED,
		   "the server exited with status 1: bind 127.0.0.1: Address already in use");
	model->current = 2 * SHAPES + 1;
	model->elapsed_ns = 91000000000;
	model->progress = 0.36;
	model->left_ns = 161e9;
	model->finals = 12;
	event(model, 1000000000, "http+json 1x3x224x224 done, 51 samples");
	event(model, 64000000000, "tcp+bytes 2x1024x16x16 failed: the server exited with status 1");
}

static void scene_paused(struct scene *scene)
{
	scene_running(scene);
	scene->model.paused = true;
}

static void scene_over(struct scene *scene)
{
	scene_cells(scene);
	for (size_t i = 0; i < CELLS; i++)
		make_done(scene, &scene->cells[i], i / SHAPES);
	scene->model.progress = 1;
	scene->model.left_ns = 0;
	scene->model.finals = CELLS;
	scene->model.elapsed_ns = 252000000000;
}

static void scene_failed(struct scene *scene)
{
	static const char log[] = "18:00:27.031 listening on 127.0.0.1:40117\n"
				  "18:00:27.032 bind: Address already in use\n";

	scene_over(scene);
	for (size_t i = 7 * SHAPES; i < CELLS; i++) {
		clear_summary(&scene->cells[i].summary);
		free(scene->cells[i].latency);
		free(scene->cells[i].with_read);
		free(scene->cells[i].series);
		scene->cells[i].latency = scene->cells[i].with_read = NULL;
		scene->cells[i].series = NULL;
		scene->cells[i].blocks_done = 0;
		make_ended(
			&scene->cells[i], CELL_FAILED,
			"the server exited with status 1: bind 127.0.0.1: Address already in use");
		memcpy(scene->cells[i].log, log, sizeof(log));
	}
	make_ended(&scene->cells[SHAPES + 1], CELL_WRONG,
		   "element [0, 17, 3, 9] is 0.25 instead of 0.5; 12 of 524288 differ");
	make_ended(&scene->cells[2], CELL_SKIPPED,
		   "needs 2.1 GiB of memory, 1.2 GiB are available");
	make_ended(&scene->cells[5 * SHAPES + 2], CELL_INTERRUPTED, "stopped");
}

static void scene_many(struct scene *scene)
{
	struct transport transport = {NULL, &encoding_bytes};

	for (size_t i = 0; i < MANY_ROWS; i++) {
		(void)snprintf(scene->names[i], sizeof(scene->names[i]), "carrier%02zu", i);
		scene->carriers[i] =
			(struct carrier){.name = scene->names[i], .title = "one of many"};
		transport.carrier = &scene->carriers[i];
		scene_cell(scene, i, &transport, shape_table[0]);
		scene->cells[i].state = CELL_QUEUED;
	}
	scene_base(scene, MANY_ROWS);
	for (size_t i = 0; i < 40; i++)
		make_done(scene, &scene->cells[i], i % ROWS ? i : 1);
	scene->model.running = true;
	scene->model.current = 40;
	make_running(&scene->cells[40], 42);
	scene->model.finals = 40;
	scene->model.progress = 0.4;
	scene->model.left_ns = 100e9;
}

#define DUEL_ROUNDS 40

/* The second one is 1 % slower, and rounds differ by 8 %. */
static void scene_duel(struct scene *scene)
{
	static struct block_result blocks[2][DUEL_ROUNDS];
	struct sequential *duel = &scene->model.duel;
	uint64_t seed = 11;

	for (size_t i = 0; i < 2; i++)
		scene_cell(scene, i, &row_table[i ? 7 : 2].transport, shape_table[0]);
	scene_base(scene, 2);
	scene_floors(scene);
	scene->plan.duel = true;
	scene->plan.preset[0] = '\0';
	scene->plan.options = plan_duel_defaults;
	sequential_init(duel, DUEL_ALPHA, DUEL_MARGIN);
	for (size_t i = 0; i < 2; i++) {
		make_running(&scene->cells[i], i ? 7 : 2);
		scene->cells[i].blocks = blocks[i];
		scene->cells[i].blocks_done = DUEL_ROUNDS;
		scene->plan_cells[i].blocks = plan_duel_defaults.blocks;
	}
	scene->cells[1].state = CELL_WAITING;
	for (size_t round = 0; round < DUEL_ROUNDS; round++) {
		for (size_t i = 0; i < 2; i++)
			blocks[i][round] = (struct block_result){
				.samples = 12,
				.round = round,
				.p50_ns = 340e3 * (i ? 1.01 : 1) *
					  (0.96 + 0.08 * fixture_random(&seed)),
			};
		(void)sequential_add(duel, blocks[0][round].p50_ns, blocks[1][round].p50_ns, NULL);
	}
	scene->model.duel_rounds = DUEL_ROUNDS;
	scene->model.running = true;
	scene->model.current = 0;
	scene->model.progress = 0.2;
	scene->model.elapsed_ns = 16000000000;
	scene->model.left_ns = 64e9;
}

#define LOAD_ROWS 2

/* A queue: the planned latency grows as the server's idle time goes. */
static void fill_load(struct cell *cell, double service_ns, double load)
{
	struct summary *summary = &cell->summary;
	double most = 1e9 / service_ns;
	double idle = fmax(1 - load * 0.93, 0.01);

	summary->achieved_rate = load > 0 ? fmin(load, 1) * most : most;
	if (load <= 0)
		return;
	cell->rate = load * most;
	summary->planned_p50_ns = service_ns * (1 + 0.1 / idle);
	summary->planned_p90_ns = service_ns * (1 + 0.4 / idle);
	summary->planned_p99_ns = service_ns * (1 + 1.2 / idle);
	summary->planned_p999_ns = NAN;
	summary->planned_max_ns = service_ns * (1 + 4 / idle);
}

static void scene_load(struct scene *scene)
{
	for (size_t i = 0; i < LOAD_ROWS * PLAN_SWEEP_STEPS; i++) {
		size_t step = i % PLAN_SWEEP_STEPS;
		size_t row = i / PLAN_SWEEP_STEPS ? 2 : 7;

		scene_cell(scene, i, &row_table[row].transport, shape_table[0]);
		scene->plan_cells[i].clients = 2;
		scene->plan_cells[i].load = plan_sweep_loads[step];
		scene->plan_cells[i].base = i - step;
	}
	scene_base(scene, LOAD_ROWS * PLAN_SWEEP_STEPS);
	scene_floors(scene);
	scene->plan.options.rate = PLAN_RATE_SWEEP;
	scene->plan.options.clients = 2;
	for (size_t i = 0; i < LOAD_ROWS * PLAN_SWEEP_STEPS; i++) {
		make_done(scene, &scene->cells[i], i / PLAN_SWEEP_STEPS ? 2 : 7);
		fill_load(&scene->cells[i], scene->cells[i].summary.p50_ns,
			  scene->plan_cells[i].load);
	}
	/* An idle machine answers a step sooner than a closed loop: it wins nothing by that. */
	scene->cells[1].summary.p50_ns *= 0.5;
	scene->model.progress = 1;
	scene->model.left_ns = 0;
	scene->model.finals = scene->model.cell_count;
	scene->model.elapsed_ns = 110000000000;
}

/* Makes a cell as fast as another, first read included, but for a scatter of its blocks. */
static void make_alike(struct cell *cell, const struct cell *like, double ratio, double scatter)
{
	cell->summary.p50_ns = like->summary.p50_ns * ratio;
	cell->summary.p50_with_read_ns = like->summary.p50_with_read_ns * ratio;
	for (size_t i = 0; i < cell->blocks_done; i++) {
		double off = ratio * (1 + scatter * ((double)(i % 3) - 1));

		cell->blocks[i].p50_ns = like->blocks[i].p50_ns * off;
		cell->blocks[i].p50_with_read_ns = like->blocks[i].p50_with_read_ns * off;
	}
}

static void scene_close(struct scene *scene)
{
	struct trust_facts facts = trust_facts_unknown();
	struct cell *first = scene->cells; /* of the first shape, each row's SHAPES on */
	const struct cell *best = &first[4 * SHAPES];

	scene_over(scene);
	make_alike(&first[3 * SHAPES], best, 1.004, 0.002);
	make_alike(&first[6 * SHAPES], best, 1.06, 0.1);
	facts.steal_share = 0.41;
	facts.samples = 1000;
	trust_grade(&facts, &first[5 * SHAPES].trust);
}

static void scene_both(struct scene *scene)
{
	scene_over(scene);
	scene->plan.options.direction = DIRECTION_BOTH;
	for (size_t i = 0; i < scene->model.cell_count; i++) {
		struct summary *summary = &scene->cells[i].summary;

		scene->plan_cells[i].direction = DIRECTION_BOTH;
		scene->plan_cells[i].request = scene->plan_cells[i].type;
		summary->request_wire_bytes = summary->wire_bytes + 20;
		summary->request_make_ns = summary->make_ns;
		summary->request_encode_ns = summary->encode_ns / 2;
		summary->request_decode_ns = summary->decode_ns / 2;
		summary->request_read_ns = summary->read_ns;
		summary->carry_ns -= (summary->encode_ns + summary->decode_ns) / 2;
	}
}

static void scene_empty(struct scene *scene)
{
	scene->model = (struct model){.left_ns = (double)NAN};
}

const struct model *fixture_model(enum fixture fixture)
{
	static void (*const make[FIXTURE_COUNT])(struct scene * scene) = {
		scene_empty,  scene_pending, scene_running, scene_paused,
		scene_failed, scene_over,    scene_many,    scene_duel,
		scene_load,   scene_close,   scene_both,
	};
	static bool made[FIXTURE_COUNT];

	if (!made[fixture])
		make[fixture](&scenes[fixture]);
	made[fixture] = true;
	return &scenes[fixture].model;
}

static void fixture_picker_cell(struct picker_cell *cell, size_t row, const struct array_type *type)
{
	double latency = row_table[row].fixed_ns +
			 row_table[row].ns_per_byte * (double)array_type_bytes(type);

	*cell = (struct picker_cell){
		.on = row < 6,
		.possible = true,
		.estimate_ns = 1e9 + 20 * latency,
		.need = {.private_bytes = 3 * array_type_bytes(type) + (64u << 20),
			 .shared_bytes = row == 3 || row == 4 ? array_type_bytes(type) : 0},
	};
	if (cell->need.shared_bytes < 64u << 20)
		return;
	cell->possible = false;
	cell->estimate_ns = (double)NAN;
	(void)snprintf(cell->why, sizeof(cell->why),
		       "needs 1.0 GiB in /dev/shm, 64.0 MiB are free");
}

static void fixture_picker(struct picker *picker)
{
	picker->transport_count = ROWS;
	picker->type_count = BLOG_SHAPE_COUNT;
	for (size_t t = 0; t < ROWS; t++) {
		picker->transports[t] = row_table[t].transport;
		for (size_t s = 0; s < BLOG_SHAPE_COUNT; s++) {
			struct array_type *type = &picker->types[s];

			(void)array_type_parse(blog_shapes[s], DTYPE_FLOAT64, type, NULL);
			fixture_picker_cell(&picker->cells[t][s], t, type);
		}
	}
	(void)snprintf(picker->preset, sizeof(picker->preset), "quick");
	picker->options = plan_defaults;
	picker->row = 3;
	picker->column = 1;
	picker->stale = false;
	picker->memory_free_bytes = 2ull << 30;
	picker->shm_free_bytes = 64u << 20;
}

void fixture_ui(struct ui *ui, enum fixture fixture, enum screen screen)
{
	static const size_t cells[FIXTURE_COUNT] = {
		[FIXTURE_RUNNING] = 2 * SHAPES + 1,
		[FIXTURE_PAUSED] = 2 * SHAPES + 1,
		[FIXTURE_FAILED] = 7 * SHAPES,
		[FIXTURE_DONE] = 2 * SHAPES + 1,
		[FIXTURE_MANY] = 40,
		[FIXTURE_LOAD] = PLAN_SWEEP_STEPS,
	};

	ui_init(ui);
	fixture_picker(&ui->picker);
	ui->screen = screen;
	ui->detail_from = SCREEN_LIVE;
	ui->cell = cells[fixture];
	ui->follow = false;
	ui->own_cpu = 0.012;
	ui_follow(ui, fixture_model(fixture));
}

const struct grid *golden_draw(const struct model *model, struct ui *ui, int columns, int rows,
			       enum glyph_set glyphs)
{
	static struct grid grid;

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	ui->columns = columns;
	ui->rows = rows;
	if (grid_resize(&grid, columns, rows, glyphs, NULL) != 0)
		abort();
	ui_follow(ui, model);
	frame_draw(&grid, model, ui);
	return &grid;
}

/* A frame's text, and its roles as the file holds them. The caller frees it. */
static char *frame_format(const struct grid *grid, bool roles)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		abort();
	grid_to_text(grid, file);
	if (roles) {
		(void)fputs("--- roles\n", file);
		grid_to_roles(grid, file);
	}
	if (fclose(file) != 0)
		abort();
	return text;
}

size_t golden_count(const struct grid *grid, const char *text)
{
	char *all = frame_format(grid, false);
	size_t count = 0;

	for (const char *at = all; (at = strstr(at, text)); at++)
		count++;
	free(all);
	return count;
}

bool golden_has(const struct grid *grid, const char *text)
{
	return golden_count(grid, text) > 0;
}

static char *read_all(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	if (getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = NULL;
	}
	(void)fclose(file); /* only read from */
	return text;
}

static void write_all(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	bool written = file && fputs(text, file) >= 0;

	if (!file || fclose(file) != 0 || !written)
		TEST_FAIL("cannot write %s", path);
}

/* The first line in which two texts differ, from 1. */
static size_t difference(const char *got, const char *want)
{
	size_t line = 1;

	for (size_t i = 0; got[i] && got[i] == want[i]; i++)
		line += got[i] == '\n';
	return line;
}

static void frame_compare(const char *path, const char *got)
{
	char *want = read_all(path);

	if (!want)
		TEST_FAIL("no file %s: GOLDEN_UPDATE=1 from the top of the tree makes it", path);
	else if (strcmp(got, want) != 0)
		TEST_FAIL("%s differs from line %zu on", path, difference(got, want));
	free(want);
}

void golden_frame(const char *name, const struct model *model, struct ui *ui, int columns, int rows,
		  enum glyph_set glyphs)
{
	static const char *const sets[] = {"utf8", "console", "ascii"};
	char path[200];
	char *got = frame_format(golden_draw(model, ui, columns, rows, glyphs), true);

	(void)snprintf(path, sizeof(path), "tests/golden/frame_%s_%dx%d_%s.txt", name, columns,
		       rows, sets[glyphs]);
	if (getenv("GOLDEN_UPDATE"))
		write_all(path, got);
	frame_compare(path, got);
	free(got);
}
