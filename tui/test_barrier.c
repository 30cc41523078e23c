/* SPDX-License-Identifier: MIT */
/* Lets tests wait for frames instead of sleeping. */
#include "tui/test_barrier.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void barrier_init(struct barrier *barrier)
{
	const char *on = getenv("IPCTOP_TEST_BARRIER");

	*barrier = (struct barrier){
		.on = on && *on,
		.dump_path = getenv("IPCTOP_TEST_DUMP"),
	};
}

/* Replaces the file as a whole: a reader sees this frame or the one before. */
static void dump(const struct barrier *barrier, const struct grid *grid, const char *title)
{
	char temporary[512];
	FILE *file;

	(void)snprintf(temporary, sizeof(temporary), "%s.new", barrier->dump_path);
	file = fopen(temporary, "we");
	if (!file)
		return;
	(void)fprintf(file, "%s\n", title);
	grid_to_text(grid, file);
	grid_to_roles(grid, file);
	if (fclose(file) == 0)
		(void)rename(temporary, barrier->dump_path);
}

void barrier_frame(struct barrier *barrier, const struct grid *grid, char *title, size_t size)
{
	barrier->frames++;
	(void)snprintf(title, size, "ipctop %" PRIu64 " %" PRIu64 " %dx%d", barrier->inputs,
		       barrier->frames, grid->columns, grid->rows);
	if (barrier->dump_path)
		dump(barrier, grid, title);
}
