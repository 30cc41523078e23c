/* SPDX-License-Identifier: MIT */
/* Whole numbers in limbs of 64 bits. See decimal_bignum.h. */
#include "transports/encodings/decimal/decimal_bignum.h"

#include <string.h>

void bignum_multiply_add(struct bignum *big, uint64_t factor, uint64_t carry)
{
	for (size_t i = 0; i < big->used; i++) {
		const unsigned __int128 sum = (unsigned __int128)big->limbs[i] * factor + carry;

		big->limbs[i] = (uint64_t)sum;
		carry = (uint64_t)(sum >> 64);
	}
	if (carry && big->used < BIGNUM_LIMBS)
		big->limbs[big->used++] = carry;
}

void bignum_multiply_power_of_5(struct bignum *big, int64_t exponent)
{
	const uint64_t five_27 = UINT64_C(7450580596923828125);

	for (; exponent >= 27; exponent -= 27)
		bignum_multiply_add(big, five_27, 0);
	for (; exponent > 0; exponent--)
		bignum_multiply_add(big, 5, 0);
}

void bignum_shift_left(struct bignum *big, int64_t count)
{
	const size_t limbs = (size_t)count / 64;

	bignum_multiply_add(big, UINT64_C(1) << (count % 64), 0);
	if (!big->used || big->used + limbs > BIGNUM_LIMBS)
		return;
	memmove(big->limbs + limbs, big->limbs, big->used * sizeof(big->limbs[0]));
	memset(big->limbs, 0, limbs * sizeof(big->limbs[0]));
	big->used += limbs;
}

int bignum_compare(const struct bignum *a, const struct bignum *b)
{
	if (a->used != b->used)
		return a->used < b->used ? -1 : 1;
	for (size_t i = a->used; i-- > 0;) {
		if (a->limbs[i] != b->limbs[i])
			return a->limbs[i] < b->limbs[i] ? -1 : 1;
	}
	return 0;
}
