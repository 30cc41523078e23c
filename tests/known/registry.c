/* SPDX-License-Identifier: MIT */
/* The registry with room for what is added here: each carrier with each encoding, spoilt. */
#include "transports/registry.h"

#undef REGISTRY_ADDED_MAX
#define REGISTRY_ADDED_MAX 1000
#include "transports/registry.c" /* NOLINT(bugprone-suspicious-include) */
