/* SPDX-License-Identifier: MIT */
/* The floors of this machine, measured now. */
#include "bench/run/survey.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/machine/host.h"
#include "bench/plan/preset.h"
#include "bench/run/floor.h"

#define BLOG_LIST_BYTES 256

static const char *blog_list(char text[BLOG_LIST_BYTES])
{
	size_t used = 0;

	for (size_t i = 0; i < BLOG_SHAPE_COUNT; i++)
		used += (size_t)snprintf(text + used, BLOG_LIST_BYTES - used, "%s%s", i ? "," : "",
					 blog_shapes[i]);
	return text;
}

/* Floors do not depend on the transport, but a plan has one. */
static int survey_plan(struct floor_survey *survey, const char *shapes,
		       const struct plan_options *options, struct err *err)
{
	char blog[BLOG_LIST_BYTES];
	char name[TRANSPORT_NAME_BYTES];
	struct transport transport;

	if (!transport_at(0, &transport))
		return err_set(err, ERR_UNSUPPORTED, "there are no transports");
	return plan_make(&survey->plan, transport_format(&transport, name),
			 shapes ? shapes : blog_list(blog), options, NULL, err);
}

static void survey_measure(struct floor_survey *survey, struct floors *floors,
			   const uint32_t cpu[ENDS])
{
	for (size_t i = 0; i < survey->plan.cell_count; i++) {
		struct worker_setup setup = {
			.transport = survey->plan.cells[i].transport,
			.type = survey->plan.cells[i].type,
			.clients = 1,
			.pages = survey->plan.options.pages,
			.cpu = cpu[END_CLIENT],
			.other_cpu = cpu[END_SERVER],
			.first_cpu = SETUP_CPU_ANY,
		};

		floors_measure(floors, &setup);
	}
}

int floor_survey_make(struct floor_survey *survey, const char *shapes,
		      const struct plan_options *options, const struct world *world,
		      struct err *err)
{
	struct world_watch watch = {.world = world};
	struct floors floors;
	uint32_t cpu[ENDS];
	int status = -1;

	*survey = (struct floor_survey){0};
	floor_facts_clear(&survey->facts);
	if (setup_choose_cpus(options->pin, cpu, err) != 0 ||
	    survey_plan(survey, shapes, options, err) != 0)
		return -1;
	watch.set = world->watch_open(world);
	if (watch.set < 0)
		return err_system(err, "making an epoll set");
	if (floors_init(&floors, &survey->facts, survey->plan.cell_count, &watch, err) == 0) {
		survey_measure(survey, &floors, cpu);
		host_facts_read(&survey->host);
		status = 0;
	}
	floors_stop(&floors); /* its rows are the survey's from here on */
	world->close(world, &watch.set);
	return status;
}

void floor_survey_free(struct floor_survey *survey)
{
	free(survey->facts.rows);
	plan_free(&survey->plan);
	*survey = (struct floor_survey){0};
}
