/* SPDX-License-Identifier: MIT */
/* Our JSON documents, through cJSON. */
#include "bench/report/json.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "bench/machine/pages.h"
#include "bench/plan/estimate.h"
#include "bench/plan/preset.h"
#include "bench/report/column.h"
#include "bench/report/export.h"
#include "bench/text/version.h"

/* Gives item to object. False if there was no memory for one of them. */
static bool member_add(cJSON *object, const char *name, cJSON *item)
{
	if (object && item && cJSON_AddItemToObject(object, name, item))
		return true;
	cJSON_Delete(item);
	return false;
}

static bool element_add(cJSON *array, cJSON *item)
{
	if (array && item && cJSON_AddItemToArray(array, item))
		return true;
	cJSON_Delete(item);
	return false;
}

/* All digits, which a double might not hold. */
static cJSON *integer_new(uint64_t value)
{
	char text[TEXT_NUMBER_BYTES];

	(void)snprintf(text, sizeof(text), "%" PRIu64, value);
	return cJSON_CreateRaw(text);
}

/* A figure that cannot be 0 is unknown where it is 0. */
static cJSON *integer_or_null(uint64_t value)
{
	return value ? integer_new(value) : cJSON_CreateNull();
}

/* What is unknown is "" in a model, null here. */
static cJSON *string_new(const char *value)
{
	char text[COLUMN_TEXT_BYTES];

	if (!*value)
		return cJSON_CreateNull();
	return cJSON_CreateString(text_clean(text, sizeof(text), value));
}

static cJSON *shape_new(const struct shape *shape)
{
	cJSON *array = cJSON_CreateArray();

	for (unsigned i = 0; i < shape->dimensions; i++) {
		if (!element_add(array, integer_new(shape->extents[i]))) {
			cJSON_Delete(array);
			return NULL;
		}
	}
	return array;
}

static bool bucket_add(cJSON *array, const struct hist_walk *bucket)
{
	cJSON *pair = cJSON_CreateArray();

	if (element_add(pair, integer_new(bucket->low_ns)) &&
	    element_add(pair, integer_new(bucket->count)))
		return element_add(array, pair);
	cJSON_Delete(pair);
	return false;
}

static cJSON *histogram_new(const struct hist *hist)
{
	cJSON *array = cJSON_CreateArray();

	for (struct hist_walk walk = hist_walk(hist); hist_next(&walk);) {
		if (!bucket_add(array, &walk)) {
			cJSON_Delete(array);
			return NULL;
		}
	}
	return array;
}

static cJSON *value_new(const struct column *column, const struct model *model,
			const struct cell *cell)
{
	char text[COLUMN_TEXT_BYTES];
	struct shape shape;

	column_format(column, model, cell, text);
	if (column->kind == COLUMN_SHAPE && shape_parse(text, &shape, NULL) == 0)
		return shape_new(&shape);
	if (column->kind == COLUMN_NUMBER && *text)
		return cJSON_CreateRaw(text);
	return string_new(text);
}

/* null where it is not finite. */
static cJSON *number_new(double value)
{
	return isfinite(value) ? cJSON_CreateNumber(value) : cJSON_CreateNull();
}

static cJSON *steady_new(double steady)
{
	return isnan(steady) ? cJSON_CreateNull() : cJSON_CreateBool(steady > 0);
}

static cJSON *block_new(const struct block_result *block)
{
	cJSON *object = cJSON_CreateObject();

	if (member_add(object, "order", integer_new(block->order)) &&
	    member_add(object, "samples", integer_new(block->samples)) &&
	    member_add(object, "p50_ns", number_new(block->p50_ns)) &&
	    member_add(object, "p50_with_read_ns", number_new(block->p50_with_read_ns)) &&
	    member_add(object, "connect_ns", number_new(block->connect_ns)) &&
	    member_add(object, "first_ns", number_new(block->first_ns)) &&
	    member_add(object, "setup_ns", number_new(block->setup_ns)) &&
	    member_add(object, "round", integer_new(block->round)) &&
	    member_add(object, "warmed", integer_new(block->warmed)) &&
	    member_add(object, "steady", steady_new(block->steady)) &&
	    member_add(object, "reference_p50_ns", number_new(block->reference_p50_ns)))
		return object;
	cJSON_Delete(object);
	return NULL;
}

static cJSON *blocks_new(const struct cell *cell)
{
	cJSON *array = cJSON_CreateArray();

	for (size_t i = 0; i < cell->blocks_done; i++) {
		if (!element_add(array, block_new(&cell->blocks[i]))) {
			cJSON_Delete(array);
			return NULL;
		}
	}
	return array;
}

static cJSON *cell_new(const struct model *model, const struct cell *cell)
{
	cJSON *object = cJSON_CreateObject();
	bool whole = object != NULL;

	for (size_t i = 0; whole && i < column_count; i++)
		whole = member_add(object, column_table[i].name,
				   value_new(&column_table[i], model, cell));
	if (whole && member_add(object, "block_results", blocks_new(cell)) &&
	    member_add(object, "histogram", histogram_new(cell->latency)))
		return object;
	cJSON_Delete(object);
	return NULL;
}

static cJSON *cells_new(const struct model *model, const struct cell *cells, size_t count)
{
	cJSON *array = cJSON_CreateArray();

	for (size_t i = 0; i < count; i++) {
		if (model_state_so_far(&cells[i]) != CELL_QUEUED &&
		    !element_add(array, cell_new(model, &cells[i]))) {
			cJSON_Delete(array);
			return NULL;
		}
	}
	return array;
}

/* A number, "sweep", or null for a closed loop. */
static cJSON *rate_new(double rate)
{
	if (rate < 0)
		return string_new("sweep");
	return rate > 0 ? cJSON_CreateNumber(rate) : cJSON_CreateNull();
}

static cJSON *run_new_object(const struct model *model)
{
	const struct plan_options *options = &model->plan->options;
	const struct host_facts *host = &model->host;
	const char *connect = model->plan->connect;
	bool auto_warmup = options->warmup == PLAN_WARMUP_AUTO;
	char pinned[64];
	const struct {
		const char *name;
		cJSON *item;
	} members[] = {
		{"run_id", string_new(model->run_id)},
		{"started_utc", string_new(model->started_utc)},
		{"elapsed_ns", integer_new(model->elapsed_ns)},
		{"ipctop_version", string_new(IPCTOP_VERSION)},
		{"preset", string_new(model->plan->preset)},
		{"direction", string_new(direction_names[options->direction])},
		{"source",
		 connect[0] ? cJSON_CreateNull() : string_new(source_names[options->source])},
		{"data", connect[0] && options->direction == DIRECTION_PULL ?
				 cJSON_CreateNull() :
				 string_new(data_name(&model->plan->data))},
		{"memory", string_new(memory_names[options->memory])},
		{"pages", string_new(pages_names[options->pages])},
		{"wait", string_new(wait_names[options->wait])},
		{"pin", string_new(pin_names[options->pin])},
		{"samples", integer_new(options->samples)},
		{"warmup", auto_warmup ? string_new("auto") : integer_new(options->warmup)},
		{"budget_ns", integer_new(options->budget_ns)},
		{"blocks", integer_new(options->blocks)},
		{"seed", integer_new(options->seed)},
		{"timeout_ns", integer_new(options->timeout_ns)},
		{"clients", integer_new(options->clients)},
		{"rate", rate_new(options->rate)},
		{"precision_pct",
		 number_new(options->precision_pct > 0 ? options->precision_pct : (double)NAN)},
		{"connect", connect[0] ? string_new(connect) : cJSON_CreateNull()},
		{"host", string_new(host->host)},
		{"kernel", string_new(host->kernel)},
		{"cpu", string_new(host->cpu)},
		{"governor", string_new(host->governor)},
		{"cpus", integer_or_null(host->cpus)},
		{"memory_bytes", integer_or_null(host->memory_bytes)},
		{"cpus_usable", integer_or_null(host->cpus_usable)},
		{"pinned_cpus", string_new(model_pinned_cpus(model, pinned, sizeof(pinned)))},
		{"clock_source", string_new(host->clock_source)},
		{"thp", string_new(host->thp)},
		{"mitigations", string_new(host->mitigations)},
		{"build_flags", string_new(IPCTOP_BUILD_FLAGS)},
	};
	cJSON *object = cJSON_CreateObject();
	bool whole = object != NULL;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		whole &= member_add(object, members[i].name, members[i].item);
	if (whole)
		return object;
	cJSON_Delete(object);
	return NULL;
}

/* The duel of the run; null where the plan is no duel. */
static cJSON *duel_new(const struct model *model)
{
	const struct sequential *duel = &model->duel;
	char names[2][TRANSPORT_NAME_BYTES];
	cJSON *object;

	if (!model->plan->duel)
		return cJSON_CreateNull();
	object = cJSON_CreateObject();
	for (size_t i = 0; i < 2; i++)
		(void)transport_format(&model->cells[i].plan->transport, names[i]);
	if (member_add(object, "a", string_new(names[0])) &&
	    member_add(object, "b", string_new(names[1])) &&
	    member_add(object, "verdict", string_new(sequential_state_names[duel->state])) &&
	    member_add(object, "rounds", integer_new(duel->rounds)) &&
	    member_add(object, "a_wins", integer_new(duel->a_wins)) &&
	    member_add(object, "b_wins", integer_new(duel->b_wins)) &&
	    member_add(object, "ratio", number_new(duel->ratio)) &&
	    member_add(object, "low", number_new(duel->low > 0 ? duel->low : NAN)) &&
	    member_add(object, "high", number_new(duel->high)) &&
	    member_add(object, "e", number_new(duel->e)))
		return object;
	cJSON_Delete(object);
	return NULL;
}

static char *document_print(const struct model *model)
{
	cJSON *document = cJSON_CreateObject();
	char *text = NULL;

	if (member_add(document, "run", run_new_object(model)) &&
	    member_add(document, "duel", duel_new(model)) &&
	    member_add(document, "cells", cells_new(model, model->cells, model->cell_count)) &&
	    member_add(document, "references",
		       cells_new(model, model->references, model->reference_count)))
		text = cJSON_Print(document);
	cJSON_Delete(document);
	return text;
}

/*
 * Writes {"run": {...}, "cells": [...]}: a cell has the CSV's columns as members,
 * null where unknown, and "histogram", its buckets as [lowest ns, count]; "references" has the
 * same of the references. Cells without a result so far are left out.
 */
int export_json(const struct model *model, FILE *file, struct err *err)
{
	char *text = document_print(model);

	if (!text)
		return err_set(err, ERR_MEMORY, "no memory for the JSON document");
	(void)fprintf(file, "%s\n", text); /* ferror tells */
	cJSON_free(text);
	return ferror(file) ? err_system(err, "cannot write the JSON document") : 0;
}

/* `ipctop list --json`: {"transports": [...], "shapes": [...], "presets": [...]}. */

/* The shapes on which a transport cannot run here now, each with its reason. */
static cJSON *misfits_new(const struct transport *transport)
{
	cJSON *object = cJSON_CreateObject();
	bool whole = object != NULL;

	for (size_t i = 0; i < BLOG_SHAPE_COUNT && whole; i++) {
		struct plan_cell cell;
		struct array_type type;
		struct err err = {0};

		if (array_type_parse(blog_shapes[i], DTYPE_FLOAT64, &type, NULL) != 0)
			continue;
		cell = plan_cell_make(transport, &type, &plan_defaults, NULL);
		if (plan_cell_fits(&cell, &err) != 0)
			whole = member_add(object, blog_shapes[i], string_new(err.message));
	}
	if (whole)
		return object;
	cJSON_Delete(object);
	return NULL;
}

/* The words whose bits are set. */
static cJSON *words_new(const char *const *words, unsigned bits)
{
	cJSON *array = cJSON_CreateArray();

	for (unsigned i = 0; words[i]; i++) {
		if (bits >> i & 1 && !element_add(array, string_new(words[i]))) {
			cJSON_Delete(array);
			return NULL;
		}
	}
	return array;
}

/* The names of the dtypes that it carries. */
static cJSON *dtypes_new(const struct transport *transport)
{
	const struct program *program = transport->carrier->program;
	const unsigned dtypes = program ? program->dtypes : transport->encoding->dtypes;
	cJSON *array = cJSON_CreateArray();

	for (unsigned i = 0; i < DTYPE_COUNT; i++) {
		if (dtypes & DTYPE_BIT(i) &&
		    !element_add(array, string_new(dtype_table[i].name))) {
			cJSON_Delete(array);
			return NULL;
		}
	}
	return array;
}

static cJSON *transport_new(const struct transport *transport)
{
	cJSON *object = cJSON_CreateObject();
	const struct program *program = transport->carrier->program;
	char name[TRANSPORT_NAME_BYTES];
	bool lossy = transport->encoding->flags & ENCODING_LOSSY;

	if (member_add(object, "name", string_new(transport_format(transport, name))) &&
	    member_add(object, "carrier", string_new(transport->carrier->title)) &&
	    member_add(object, "encoding", string_new(transport->encoding->title)) &&
	    member_add(object, "dtypes", dtypes_new(transport)) &&
	    member_add(object, "directions",
		       words_new(direction_names, program ? program->directions : UINT_MAX)) &&
	    member_add(object, "lossy", cJSON_CreateBool(lossy)) &&
	    member_add(object, "wait", words_new(wait_names, transport->carrier->waits)) &&
	    member_add(object, "memory", words_new(memory_names, UINT_MAX)) &&
	    member_add(object, "pages",
		       words_new(pages_names, pages_had_by(transport))) &&
	    member_add(object, "foreign", cJSON_CreateBool(program != NULL)) &&
	    member_add(object, "cannot_run", misfits_new(transport)))
		return object;
	cJSON_Delete(object);
	return NULL;
}

static cJSON *preset_new(const struct preset *preset)
{
	cJSON *object = cJSON_CreateObject();

	if (member_add(object, "name", string_new(preset->name)) &&
	    member_add(object, "help", string_new(preset->help)) &&
	    member_add(object, "transports", string_new(preset->transports)) &&
	    member_add(object, "shapes", string_new(preset->shapes)) &&
	    member_add(object, "direction",
		       string_new(direction_names[preset->options.direction])))
		return object;
	cJSON_Delete(object);
	return NULL;
}

/* A figure of the floors; what is unknown is null. */
static cJSON *floor_new(double ns)
{
	char text[TEXT_NUMBER_BYTES];

	return isfinite(ns) ? cJSON_CreateRaw(text_fixed(ns, 1, text)) : cJSON_CreateNull();
}

static cJSON *floor_row_new(const struct floor_facts *facts, const struct array_type *type)
{
	struct floor_row row = floor_facts_row(facts, array_type_bytes(type));
	cJSON *object = cJSON_CreateObject();

	if (member_add(object, "shape", shape_new(&type->shape)) &&
	    member_add(object, "payload_bytes", integer_new(array_type_bytes(type))) &&
	    member_add(object, "memcpy_ns", floor_new(row.memcpy_ns)) &&
	    member_add(object, "read_ns", floor_new(row.read_ns)) &&
	    member_add(object, "fault_ns", floor_new(row.fault_ns)))
		return object;
	cJSON_Delete(object);
	return NULL;
}

static bool floors_fill(cJSON *object, const struct floor_survey *report)
{
	const struct floor_facts *facts = &report->facts;
	cJSON *sizes = cJSON_AddArrayToObject(object, "sizes");
	bool whole = sizes != NULL;

	for (size_t i = 0; whole && i < report->plan.cell_count; i++)
		whole = element_add(sizes, floor_row_new(facts, &report->plan.cells[i].type));
	return whole &&
	       member_add(object, "pin", string_new(pin_names[report->plan.options.pin])) &&
	       member_add(object, "wakeup_ns", floor_new(facts->wakeup_ns)) &&
	       member_add(object, "wakeup_spin_ns", floor_new(facts->wakeup_spin_ns)) &&
	       member_add(object, "line_ns", floor_new(facts->line_ns)) &&
	       member_add(object, "line_missing",
			  string_new(facts->line_missing ? facts->line_missing : "")) &&
	       member_add(object, "clock_ns", floor_new(facts->clock_ns)) &&
	       member_add(object, "clock_step_ns", floor_new(facts->clock_step_ns)) &&
	       member_add(object, "clock_source", string_new(report->host.clock_source));
}

static bool list_fill(cJSON *document)
{
	cJSON *transports = cJSON_AddArrayToObject(document, "transports");
	cJSON *shapes = cJSON_AddArrayToObject(document, "shapes");
	cJSON *presets = cJSON_AddArrayToObject(document, "presets");
	struct transport transport;
	bool whole = transports && shapes && presets;

	for (size_t i = 0; whole && transport_at(i, &transport); i++)
		whole = cJSON_AddItemToArray(transports, transport_new(&transport));
	for (size_t i = 0; whole && i < BLOG_SHAPE_COUNT; i++)
		whole = cJSON_AddItemToArray(shapes, string_new(blog_shapes[i]));
	for (const struct preset *preset = preset_table; whole && preset->name; preset++)
		whole = cJSON_AddItemToArray(presets, preset_new(preset));
	return whole;
}

int json_list(const struct floor_survey *floors, FILE *file, struct err *err)
{
	cJSON *document = cJSON_CreateObject();
	bool whole = list_fill(document) &&
		     (!floors || floors_fill(cJSON_AddObjectToObject(document, "floors"), floors));
	char *text = whole ? cJSON_Print(document) : NULL;

	cJSON_Delete(document);
	if (!text)
		return err_set(err, ERR_MEMORY, "no memory for the JSON document");
	(void)fprintf(file, "%s\n", text);
	cJSON_free(text);
	return ferror(file) ? err_system(err, "cannot write the JSON document") : 0;
}
