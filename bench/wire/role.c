/* SPDX-License-Identifier: MIT */
/* The table of roles. */
#include "bench/wire/role.h"

#include <stddef.h>
#include <string.h>

static const struct worker_role *const role_table[] = {
#define ROLE(name) &role_##name,
#include "bench/wire/roles.def"
#undef ROLE
};

const struct worker_role *role_find(const char *name)
{
	for (size_t i = 0; i < sizeof(role_table) / sizeof(role_table[0]); i++)
		if (strcmp(role_table[i]->name, name) == 0)
			return role_table[i];
	return NULL;
}
