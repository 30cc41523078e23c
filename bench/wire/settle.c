/* SPDX-License-Identifier: MIT */
/* When an exchange is settled. */
#include "bench/wire/settle.h"

#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void settle_publish(struct scoreboard_served *served, const struct scoreboard_exchange *record)
{
	served->exchanges[record->exchange % SCOREBOARD_EXCHANGES] = *record;
	atomic_store(&served->settled, (uint32_t)record->exchange + 1);
	(void)syscall(SYS_futex, &served->settled, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

int settle_await(const struct scoreboard_served *served, uint64_t exchange,
		 const atomic_bool *stopping, struct scoreboard_exchange *record, struct err *err)
{
	struct timespec patience = {.tv_nsec = 100000000};
	uint32_t settled;

	/* Exchanges of a block are far below 2^32; the comparison needs no wrap. */
	while ((settled = atomic_load(&served->settled)) <= (uint32_t)exchange) {
		if (*stopping)
			return err_set(err, ERR_CLOSED, "stopped while the server settled");
		(void)syscall(SYS_futex, &served->settled, FUTEX_WAIT, settled, &patience, NULL, 0);
	}
	*record = served->exchanges[exchange % SCOREBOARD_EXCHANGES];
	return 0;
}
