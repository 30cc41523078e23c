/* SPDX-License-Identifier: MIT */
/* What to run: its words, its defaults, what it may ask for. */
#include "bench/plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/text/quantity.h"
#include "transports/net/io.h"

const char *const source_names[] = {"ready", "fresh", NULL};
const char *const memory_names[] = {"reused", "fresh", NULL};
const char *const pages_names[] = {"small", "huge", NULL};
const char *const wait_names[] = {"block", "spin", "hybrid", NULL};
const char *const pin_names[] = {"none", "split", "same", NULL};

const struct plan_options plan_defaults = {
	PLAN_COMMON,
	.source = SOURCE_READY,
	.memory = MEMORY_REUSED,
	.samples = 1000,
	.budget_ns = 5000000000,
	/*
	 * Ratios by round hold from six blocks on, and of those 12 make the narrower interval at
	 * the same budget; 20 made none that was narrower by much, and a block's set-up is not
	 * free (DECISIONS.md).
	 */
	.blocks = 12,
	.blocks_slow = 5,
};

const struct plan_options plan_duel_defaults = {
	PLAN_COMMON,
	.source = SOURCE_READY,
	.memory = MEMORY_REUSED,
	.samples = 100000,
	.budget_ns = 40000000000,
	.blocks = 200,
	.blocks_slow = 200,
};

const double plan_sweep_loads[PLAN_SWEEP_STEPS] = {0,   0.1, 0.2, 0.35, 0.5, 0.6,
						   0.7, 0.8, 0.9, 1,    1.1};

int plan_rate_parse(const char *text, double *rate)
{
	uint64_t billionths;
	double number;

	if (strcmp(text, "sweep") == 0) {
		*rate = PLAN_RATE_SWEEP;
		return 0;
	}
	if (quantity_billionths(text, &billionths) != 0)
		return -1;
	number = (double)billionths / (double)BILLION;
	if (number < PLAN_RATE_LEAST || number > PLAN_RATE_MOST)
		return -1;
	*rate = number;
	return 0;
}

#define REFERENCE_BYTES_MOST ((uint64_t)64 << 20)

uint64_t plan_reference_bytes(const struct array_type *type)
{
	uint64_t bytes = array_type_bytes(type);

	if (bytes == 0)
		return 1;
	return bytes < REFERENCE_BYTES_MOST ? bytes : REFERENCE_BYTES_MOST;
}

int plan_check_precision(const struct plan_options *options, struct err *err)
{
	if (!(options->precision_pct > 0) || options->rate >= 0)
		return 0;
	return err_set(err, ERR_USAGE,
		       "--precision and --rate sweep do not go together: a sweep's rates follow "
		       "from a closed loop that has ended; ask for one rate");
}

int plan_check_wait(const struct transport *transport, enum wait_mode wait, struct err *err)
{
	if (transport->carrier->waits & WAIT_BIT(wait))
		return 0;
	return err_set(err, ERR_UNSUPPORTED, "%s has no --wait %s (see ipctop list)",
		       transport->carrier->name, wait_names[wait]);
}

bool plan_spins_crowded(const struct plan_options *options, uint64_t clients,
			unsigned usable_cpus)
{
	return options->wait != WAIT_BLOCK &&
	       (options->pin == PIN_SAME || (usable_cpus && usable_cpus < 2 * clients));
}

static int plan_check_address(const struct carrier *carrier, const char *address,
			      struct err *err)
{
	if (!io_is_scheme(address, carrier->scheme) && !io_is_tls(address))
		return err_set(err, ERR_USAGE,
			       "--connect \"%.100s\" is no address for the carrier %s: "
			       "it begins with %s://", address, carrier->name, carrier->scheme);
	return io_check_address(address, carrier->flags & CARRIER_SOCKET_FILE, err);
}

/* Whether the client has a key to prove: see client_set_up in worker_client.c. */
static bool plan_has_key(const struct carrier *carrier)
{
	const char *key = getenv("IPCTOP_AUTHKEY");

	return carrier->flags & CARRIER_KEYED && key && key[0];
}

int plan_connect(struct plan *plan, const char *address, struct err *err)
{
	if (plan->cell_count != plan_steps(&plan->options))
		return err_set(err, ERR_USAGE,
			       "--connect measures one transport and one shape, not %zu cells: "
			       "-t http+json -s 1x3x224x224", plan->cell_count);
	if (plan->cells[0].transport.carrier->program)
		return err_set(err, ERR_USAGE, "--connect goes with a client of ours: %s is a "
			       "program of its own", plan->cells[0].transport.carrier->name);
	if (plan->options.pin != PIN_NONE)
		return err_set(err, ERR_USAGE, "--pin cannot pin a server that is not ours: "
			       "leave it out with --connect");
	if (plan_check_address(plan->cells[0].transport.carrier, address, err) != 0)
		return -1;
	if (plan->data.kind != DATA_RANDOM && plan->options.direction == DIRECTION_PULL)
		return err_set(err, ERR_USAGE,
			       "--data says what our end sends, and with --connect it only takes: "
			       "add --direction push, or leave --data out");
	(void)snprintf(plan->connect, sizeof(plan->connect), "%s", address);
	plan->keyed = plan_has_key(plan->cells[0].transport.carrier);
	for (size_t i = 0; i < plan->cell_count; i++)
		plan->cells[i].connects = true;
	/* Another program makes a new segment for every reply, whatever our own memory would be. */
	if (plan->cells[0].transport.encoding->flags & ENCODING_BY_REFERENCE)
		plan->options.memory = MEMORY_FRESH;
	return 0;
}

void plan_free(struct plan *plan)
{
	free(plan->cells);
	*plan = (struct plan){0};
}
