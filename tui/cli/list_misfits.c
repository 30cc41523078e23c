/* SPDX-License-Identifier: MIT */
/* What cannot run here, and why. */
#include "tui/cli/list_misfits.h"

#include <stdbool.h>
#include <string.h>

#include "bench/machine/socket_folder.h"
#include "bench/plan/estimate.h"
#include "bench/plan/preset.h"

#define NAMES_BYTES 2000

struct misfits {
	FILE *file;
	enum dtype dtype; /* of the shapes */
	struct plan_available available;
	unsigned lacks; /* FACILITY_BIT of each facility that is not there */
	size_t count;   /* of the lines so far */
};

static void line_begin(struct misfits *misfits)
{
	if (misfits->count++ == 0)
		(void)fprintf(misfits->file, "\nCannot run here, as things are now\n");
}

static bool cell_of(struct plan_cell *cell, const struct transport *transport, const char *shape,
		    enum dtype dtype)
{
	struct array_type type;

	if (array_type_parse(shape, dtype, &type, NULL) != 0)
		return false;
	*cell = plan_cell_make(transport, &type, &plan_defaults, NULL);
	return true;
}

static bool transport_needs(const struct transport *transport, enum facility facility)
{
	struct plan_cell cell;

	return cell_of(&cell, transport, blog_shapes[0], DTYPE_FLOAT64) &&
	       plan_cell_need(&cell).facilities & FACILITY_BIT(facility);
}

/* Whether all of the transports that half is a half of need the facility. */
static bool half_needs(const struct carrier *carrier, const struct encoding *encoding,
		       enum facility facility)
{
	struct transport transport;

	for (size_t i = 0; transport_at(i, &transport); i++)
		if ((!carrier || transport.carrier == carrier) &&
		    (!encoding || transport.encoding == encoding) &&
		    !transport_needs(&transport, facility))
			return false;
	return true;
}

static void name_add(char names[NAMES_BYTES], const char *name)
{
	size_t used = strlen(names);

	(void)snprintf(names + used, NAMES_BYTES - used, "%s%s", used ? ", " : "", name);
}

/* "http, ws, shm, py-mp+pickle": the halves that need it, and the foreign pairs. */
static void names_fill(char names[NAMES_BYTES], enum facility facility)
{
	char name[TRANSPORT_NAME_BYTES];
	struct transport transport;

	names[0] = '\0';
	for (size_t i = 0; carrier_table[i]; i++)
		if (half_needs(carrier_table[i], NULL, facility))
			name_add(names, carrier_table[i]->name);
	for (size_t i = 0; encoding_table[i] && !names[0]; i++)
		if (half_needs(NULL, encoding_table[i], facility))
			name_add(names, encoding_table[i]->name);
	for (size_t i = 0; transport_at(i, &transport); i++)
		if (transport.carrier->program && transport_needs(&transport, facility))
			name_add(names, transport_format(&transport, name));
}

static void facilities_put(struct misfits *misfits)
{
	char names[NAMES_BYTES];

	for (enum facility i = 0; i < FACILITY_COUNT; i++) {
		if (!*misfits->available.facilities[i].reason)
			continue;
		misfits->lacks |= FACILITY_BIT(i);
		names_fill(names, i);
		line_begin(misfits);
		(void)fprintf(misfits->file, "  %s: %s\n", names,
			      misfits->available.facilities[i].reason);
	}
}

static void cell_put(struct misfits *misfits, const struct plan_cell *cell)
{
	const struct program *program = cell->transport.carrier->program;
	bool missing = program && *program->missing;
	struct plan_need need = plan_cell_need(cell);
	struct err err = {0};
	char name[TRANSPORT_NAME_BYTES];
	char shape[ARRAY_SHAPE_TEXT_BYTES];

	if ((need.facilities & misfits->lacks && !missing) || plan_cell_uncarried(cell))
		return;
	if (plan_need_check(&need, &misfits->available, &err) == 0)
		return;
	/* What is not installed is missing for every shape, and is said once. */
	if (missing && strcmp(shape_format(&cell->type.shape, shape), blog_shapes[0]) != 0)
		return;
	line_begin(misfits);
	(void)fprintf(misfits->file, "  %-14s %s: %s\n", transport_format(&cell->transport, name),
		      missing ? "any shape" : shape_format(&cell->type.shape, shape), err.message);
}

static void socket_folder_put(FILE *file)
{
	struct err why = {0};
	const char *folder = socket_folder(&why);

	if (why.kind != ERR_NONE)
		(void)fprintf(file, "\nSocket files are in %s\n  %s\n", folder, why.message);
}

void list_misfits(FILE *file, enum dtype dtype)
{
	struct misfits misfits = {.file = file, .dtype = dtype, .available = plan_available_now()};
	struct transport transport;

	facilities_put(&misfits);
	for (size_t t = 0; transport_at(t, &transport); t++) {
		for (size_t s = 0; s < BLOG_SHAPE_COUNT; s++) {
			struct plan_cell cell;

			if (cell_of(&cell, &transport, blog_shapes[s], dtype))
				cell_put(&misfits, &cell);
		}
	}
	socket_folder_put(file);
}
