/* SPDX-License-Identifier: MIT */
/* Whole numbers of the length that comparing a decimal with a double may take. */
#ifndef TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_BIGNUM_H
#define TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_BIGNUM_H

#include <stddef.h>
#include <stdint.h>

/*
 * These are 4096 bits, and no number needs them all: 801 digits take 2661, and as the two
 * sides of a comparison are about equal, neither is beyond 5^(324 + 801) times a
 * significand, which takes 2670.
 */
#define BIGNUM_LIMBS 64

struct bignum {
	size_t used; /* limbs, the lowest first; the highest is not 0 */
	uint64_t limbs[BIGNUM_LIMBS];
};

/* They drop what does not fit; by the above, everything fits. */
void bignum_multiply_add(struct bignum *big, uint64_t factor, uint64_t carry);
void bignum_multiply_power_of_5(struct bignum *big, int64_t exponent);
void bignum_shift_left(struct bignum *big, int64_t count);

/* Returns a negative number, 0 or a positive one, as a is below, equal to or above b. */
int bignum_compare(const struct bignum *a, const struct bignum *b);

#endif
