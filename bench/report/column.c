/* SPDX-License-Identifier: MIT */
/* The columns of the CSV and where their values are. */
#include "bench/report/column.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/export.h"
#include "bench/text/version.h"
#include "transports/unused.h"

/* Every getter is given what any of them needs, so that a table can call them all. */
#define GETTER(name) \
	static void get_##name(const struct model *model UNUSED, \
			       const struct cell *cell UNUSED, char *text)
#define STRING(name, string) \
	GETTER(name) \
	{ \
		(void)text_clean(text, COLUMN_TEXT_BYTES, string); \
	}
#define INTEGER(name, value) \
	GETTER(name) \
	{ \
		(void)snprintf(text, TEXT_NUMBER_BYTES, "%" PRIu64, (uint64_t)(value)); \
	}
/* A floor of 0 was not measured. */
#define FLOOR(name, value, decimals) \
	GETTER(name) \
	{ \
		double ns = value; \
		(void)text_fixed(ns > 0 ? ns : NAN, decimals, text); \
	}

/* What a cell has and the reference does not, or has whatever the run's options are. */
static const char *unless_reference(const struct cell *cell, const char *text,
				    const char *reference)
{
	return reference_is(cell) ? reference : text;
}

static const char *data_of(const struct model *model)
{
	bool others = model->plan->connect[0] && model->plan->options.direction == DIRECTION_PULL;

	return others ? "" : data_name(&model->plan->data);
}

GETTER(transport)
{
	if (reference_is(cell))
		(void)snprintf(text, COLUMN_TEXT_BYTES, REFERENCE_NAME);
	else
		transport_format(&cell->plan->transport, text);
}

GETTER(shape)
{
	shape_format(&cell->plan->type.shape, text);
}

/* Of what requests carry; "" where that is no array. */

GETTER(request_shape)
{
	const struct ways ways = plan_cell_ways(cell->plan);

	text[0] = '\0';
	if (ways.request)
		shape_format(&ways.request->shape, text);
}

GETTER(request_dtype)
{
	const struct ways ways = plan_cell_ways(cell->plan);

	(void)snprintf(text, COLUMN_TEXT_BYTES, "%s",
		       ways.request ? dtype_table[ways.request->dtype].name : "");
}

GETTER(request_bytes)
{
	const struct ways ways = plan_cell_ways(cell->plan);

	text[0] = '\0';
	if (ways.request)
		(void)snprintf(text, TEXT_NUMBER_BYTES, "%zu", array_type_bytes(ways.request));
}

GETTER(libraries)
{
	text[0] = '\0';
	if (!reference_is(cell))
		transport_libraries(&cell->plan->transport, !model->plan->connect[0], text);
}

GETTER(trust_reason)
{
	trust_format(&cell->trust, text);
}

GETTER(rate)
{
	(void)text_significant(cell->rate > 0 ? cell->rate : NAN, 6, text);
}

GETTER(load)
{
	(void)text_significant(cell->plan->load > 0 ? cell->plan->load : NAN, 4, text);
}

GETTER(extensions)
{
	const char *extensions = cell->plan->transport.carrier->extensions;

	(void)text_clean(text, COLUMN_TEXT_BYTES,
			 unless_reference(cell, extensions ? extensions : "", ""));
}

/* What nothing measures yet. */
GETTER(unknown)
{
	text[0] = '\0';
}

/* Of what its interval is made; "" where there is none. */
GETTER(p50_ci_from)
{
	const struct summary *summary = &cell->summary;
	const char *from = summary->p50_ci_blocks > 0 ? "blocks" : "ranks";

	(void)snprintf(text, COLUMN_TEXT_BYTES, "%s",
		       summary->samples > 0 && summary->p50_ci_low_ns > 0 ? from : "");
}

GETTER(steady)
{
	double steady = cell->summary.samples > 0 ? cell->summary.steady : (double)NAN;

	(void)snprintf(text, COLUMN_TEXT_BYTES, "%s",
		       isnan(steady) ? "" : steady > 0 ? "yes" : "no");
}

GETTER(pinned_cpus)
{
	(void)model_pinned_cpus(model, text, COLUMN_TEXT_BYTES);
}

STRING(run_id, model->run_id)
STRING(started_utc, model->started_utc)
STRING(carrier, unless_reference(cell, cell->plan->transport.carrier->name, ""))
STRING(encoding, unless_reference(cell, cell->plan->transport.encoding->name, ""))
STRING(dtype, dtype_table[cell->plan->type.dtype].name)
STRING(source, unless_reference(cell,
				model->plan->connect[0] ?
					"" :
					source_names[model->plan->options.source],
				"ready"))
STRING(memory, unless_reference(cell, memory_names[model->plan->options.memory], "reused"))
STRING(pages, unless_reference(cell, pages_names[model->plan->options.pages], "small"))
STRING(wait, unless_reference(cell, wait_names[model->plan->options.wait], "block"))
STRING(pin, pin_names[model->plan->options.pin])
STRING(state, cell_state_names[model_state_so_far(cell)])
STRING(reason, cell_state_final(cell->state) ? cell->reason : "not all blocks were measured yet")
STRING(ipctop_version, IPCTOP_VERSION)
STRING(connect, unless_reference(cell, model->plan->connect, ""))
STRING(host, model->host.host)
STRING(kernel, model->host.kernel)
STRING(cpu, model->host.cpu)
STRING(clock_source, model->host.clock_source)
STRING(direction, unless_reference(cell, direction_names[cell->plan->direction], ""))
/* What a server that is not ours sends, and where it runs, is not known. */
STRING(data, unless_reference(cell, data_of(model), ""))
STRING(server_host, unless_reference(cell, model->plan->connect[0] ? "" : "local", "local"))
STRING(client_host, "local")
INTEGER(clients, cell->plan->clients)
STRING(governor, model->host.governor)
STRING(thp, model->host.thp)
STRING(mitigations, model->host.mitigations)
STRING(build_flags, IPCTOP_BUILD_FLAGS)
STRING(trust, ((const char[2]){cell->trust.grade, '\0'}))
INTEGER(payload, reference_is(cell) ? plan_reference_bytes(&cell->plan->type) :
					 array_type_bytes(&cell->plan->type))
INTEGER(blocks, cell->blocks_done)
INTEGER(seed, model->plan->options.seed)
FLOOR(read_floor, floor_facts_row(&model->floors, array_type_bytes(&cell->plan->type)).read_ns, 1)
FLOOR(fault_floor, floor_facts_row(&model->floors, array_type_bytes(&cell->plan->type)).fault_ns, 1)
FLOOR(wakeup, model->floors.wakeup_ns, 0)
FLOOR(wakeup_spin, model->floors.wakeup_spin_ns, 0)
FLOOR(line, model->floors.line_ns, 1)
FLOOR(clock, model->floors.clock_ns, 1)

#define GIVEN(column, column_kind, getter) \
	{.name = #column, .kind = column_kind, .get = get_##getter},
#define FIGURE(column, member, function, count) \
	{ \
		.name = #column, \
		.kind = COLUMN_NUMBER, \
		.offset = offsetof(struct summary, member), \
		.write = function, \
		.digits = count, \
	},

const struct column column_table[] = {
#define TEXT(name, getter) GIVEN(name, COLUMN_TEXT, getter)
#define SHAPE(name, getter) GIVEN(name, COLUMN_SHAPE, getter)
#define NUMBER(name, getter) GIVEN(name, COLUMN_NUMBER, getter)
#define WHOLE(member) FIGURE(member, member, text_fixed, 0)
#define MEAN(member) FIGURE(member, member, text_fixed, 1)
#define RATE(member) FIGURE(member, member, text_significant, 4)
#define END_WHOLE(name, end, member) FIGURE(name, ends[end].member, text_fixed, 0)
#define END_MEAN(name, end, member) FIGURE(name, ends[end].member, text_fixed, 1)
#define END_RATE(name, end, member) FIGURE(name, ends[end].member, text_significant, 4)
#include "bench/report/columns.def"
#undef TEXT
#undef SHAPE
#undef NUMBER
#undef WHOLE
#undef MEAN
#undef RATE
#undef END_WHOLE
#undef END_MEAN
#undef END_RATE
};

const char *const csv_columns[] = {
#define TEXT(name, getter) #name,
#define SHAPE(name, getter) #name,
#define NUMBER(name, getter) #name,
#define WHOLE(member) #member,
#define MEAN(member) #member,
#define RATE(member) #member,
#define END_WHOLE(name, end, member) #name,
#define END_MEAN(name, end, member) #name,
#define END_RATE(name, end, member) #name,
#include "bench/report/columns.def"
	NULL,
};

const size_t column_count = sizeof(column_table) / sizeof(column_table[0]);

static double figure_of(const struct column *column, const struct cell *cell)
{
	double value;

	memcpy(&value, (const char *)&cell->summary + column->offset, sizeof(value));
	/* A cell that never ran may have a summary of zeros, which were not measured. */
	return cell->summary.samples > 0 ? value : NAN;
}

char *column_format(const struct column *column, const struct model *model,
		    const struct cell *cell, char text[COLUMN_TEXT_BYTES])
{
	if (column->get)
		column->get(model, cell, text);
	else
		column->write(figure_of(column, cell), column->digits, text);
	return text;
}
