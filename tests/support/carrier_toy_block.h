/* SPDX-License-Identifier: MIT */
/* The known bytes that the toys give and expect. */
#ifndef TESTS_SUPPORT_CARRIER_TOY_BLOCK_H
#define TESTS_SUPPORT_CARRIER_TOY_BLOCK_H

#include <stdbool.h>

/* Allocates and draws the block; false without memory. Plans beyond its end wrap their offset. */
bool toy_block_open(void);
/* Makes ASCII text of it, for messages that say they are. */
void toy_block_make_text(void);
void toy_block_close(void);

#endif
