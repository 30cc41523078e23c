/* SPDX-License-Identifier: MIT */
/* The setup screen's matrix when there are as many transports as there can be. */
#include "tests/support/test.h"
#include "tui/ui/picker.h"

static struct picker picker;

static bool registry_fill(void)
{
	static struct carrier carriers[REGISTRY_ADDED_MAX];
	static char names[REGISTRY_ADDED_MAX][16];
	static bool full;

	for (size_t i = 0; !full && i < REGISTRY_ADDED_MAX; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "added%zu", i);
		carriers[i] = (struct carrier){.name = names[i], .waits = WAIT_BIT(WAIT_BLOCK)};
		if (registry_add(&carriers[i], encoding_table[0], NULL) != 0)
			return false;
	}
	return full = true;
}

static void test_every_transport(void)
{
	struct transport transport;
	struct err err = {0};
	struct plan plan;
	size_t count = 0;

	CHECK(registry_fill());
	while (transport_at(count, &transport))
		count++;
	CHECK(count == PICKER_TRANSPORTS_MAX);
	picker_init(&picker);
	CHECK(picker.transport_count == count);
	CHECK_STR(picker.transports[count - 1].carrier->name, "added127");
	CHECK(picker_apply_lists(&picker, NULL, NULL, &err) == 0);
	CHECK(picker_make_plan(&picker, &plan, &err) == 0);
	CHECK(plan.cell_count == count * picker.type_count);
	plan_free(&plan);
}

/* Hardly two transports on the same shapes, and so nearly as many commands. */
static void test_whole_command(void)
{
	static char cut[4096];
	char name[TRANSPORT_NAME_BYTES];
	char *command;

	CHECK(registry_fill());
	picker_init(&picker);
	CHECK(picker_add_shape(&picker, "1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x2", NULL) == 0);
	CHECK(picker_add_shape(&picker, "1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x3", NULL) == 0);
	CHECK(picker_add_shape(&picker, "4", NULL) == 0);
	CHECK(picker_add_shape(&picker, "5", NULL) == 0);
	CHECK(picker.transport_count < (size_t)1 << picker.type_count);
	for (size_t t = 0; t < picker.transport_count; t++)
		for (size_t s = 0; s < picker.type_count; s++)
			picker.cells[t][s].on = (t + 1) >> s & 1;
	(void)transport_format(&picker.transports[picker.transport_count - 1], name);
	CHECK(!strstr(picker_command(&picker, cut, sizeof(cut)), name));
	command = picker_command_whole(&picker);
	CHECK(command);
	if (strncmp(command, cut, sizeof(cut) - 1) != 0 || !strstr(command, name))
		TEST_FAIL("%s", command);
	free(command);
}

static const struct test tests[] = {
	{"every_transport", test_every_transport},
	{"whole_command", test_whole_command},
};

TEST_MAIN(tests)
