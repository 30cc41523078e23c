/* SPDX-License-Identifier: MIT */
/* The setup screen's matrix has every transport that there can be. */
#include "tests/support/test.h"
#include "tui/ui/picker.h"

static struct picker picker;

/* Fills the registry: the tests after this one find it full. */
static void test_every_transport(void)
{
	static struct carrier carriers[REGISTRY_ADDED_MAX];
	static char names[REGISTRY_ADDED_MAX][16];
	struct transport transport;
	struct err err = {0};
	struct plan plan;
	size_t count = 0;

	for (size_t i = 0; i < REGISTRY_ADDED_MAX; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "added%zu", i);
		carriers[i] = (struct carrier){.name = names[i], .waits = WAIT_BIT(WAIT_BLOCK)};
		CHECK(registry_add(&carriers[i], encoding_table[0], &err) == 0);
	}
	while (transport_at(count, &transport))
		count++;
	CHECK(count == PICKER_TRANSPORTS_MAX);
	picker_init(&picker);
	CHECK(picker.transport_count == count);
	CHECK(picker.transports[count - 1].carrier == &carriers[REGISTRY_ADDED_MAX - 1]);
	CHECK(picker_apply_lists(&picker, NULL, NULL, &err) == 0);
	CHECK(picker_make_plan(&picker, &plan, &err) == 0);
	CHECK(plan.cell_count == count * picker.shape_count);
	plan_free(&plan);
}

static const struct test tests[] = {
	{"every_transport", test_every_transport},
};

TEST_MAIN(tests)
