/* SPDX-License-Identifier: MIT */
/* Whole numbers of the length that comparing a decimal with a double may take. */
#ifndef TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_BIGNUM_H
#define TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_BIGNUM_H

#include <stddef.h>
#include <stdint.h>

/*
 * 801 digits are 2661 bits. The two sides of a comparison are about equal, so no more
 * than 5^(324 + 801) and a significand, which is 2670, and a limb to spare.
 */
#define BIGNUM_LIMBS 64

struct bignum {
	size_t used; /* limbs, the lowest first; the highest is not 0 */
	uint64_t limbs[BIGNUM_LIMBS];
};

/* What would not fit is dropped: by the above, none does. */
void bignum_multiply_add(struct bignum *big, uint64_t factor, uint64_t carry);
void bignum_multiply_power_of_5(struct bignum *big, int64_t exponent);
void bignum_shift_left(struct bignum *big, int64_t count);

/* Negative, 0 or positive, as a is below, equal to or above b. */
int bignum_compare(const struct bignum *a, const struct bignum *b);

#endif
