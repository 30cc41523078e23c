/* SPDX-License-Identifier: MIT */
/* Where the numbers of rows end and have their points: scanning with AVX-512. */
#ifndef TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_SCAN_AVX512_H
#define TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_SCAN_AVX512_H

#include <stdbool.h>
#include <stddef.h>

#include "transports/encodings/decimal/decimal.h"
#include "transports/encodings/decimal/decimal_avx512.h"
#include "transports/encodings/decimal/decimal_internal.h"

#define BLOCK_BYTES 64
#define BLOCK_MARKS 16 /* the most marks of a kind that are taken from a block */
/* A multiple of eight, and below 64, so that a word has a bit for each and for one more. */
#define SCAN_NUMBERS 56
#define SCAN_BYTES 2048
#define MARKS_MAX (SCAN_NUMBERS + BLOCK_MARKS + 8) /* eight more are looked at, and ignored */

/* Places in a text, counted from where the scan began. All else in a number is digits. */
struct marks {
	uint32_t ends[1 + MARKS_MAX]; /* after a number; [0] is -1, the last is repeated 8 times */
	/* [0] is -1; after the last stands INT32_MAX, or 0 if there may be more unmarked. */
	uint32_t points[1 + MARKS_MAX];
	uint64_t negative; /* a bit for each number that starts with a sign, */
	uint64_t turned;   /* and for each that starts after "],[", not after a comma */
	size_t numbers;    /* that end in what was scanned */
	size_t point_count;
};

/* A block's bytes by their part in a row, a bit for each; none from the first stop on. */
struct block {
	uint64_t end;
	uint64_t turn; /* of the ends, those before "],[" rather than a comma */
	uint64_t start;
	uint64_t sign;
	uint64_t point;
	uint64_t stop; /* where rows cannot go on */
};

/* What a block's last bytes say about the next one's first: 1 or 0 each. */
struct carry {
	uint64_t start;  /* a number starts */
	uint64_t closed; /* "]" came last */
	uint64_t parted; /* "]," did */
};

static inline size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* 0 to 63, the place of a byte in a block. */
AVX512 static inline __m512i places_avx512(void)
{
	return _mm512_set_epi8(63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47,
			       46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30,
			       29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13,
			       12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

AVX512 static inline uint64_t find_avx512(__m512i bytes, char wanted)
{
	uint64_t found = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(wanted));

	/* Compilers would make "and" a comparison under a mask, which takes longer. */
	__asm__("" : "+r"(found));
	return found;
}

/* For a block with brackets, with a byte that rows do not have, or after one with brackets. */
AVX512 static inline void find_turns_avx512(__m512i bytes, uint64_t known, struct block *block,
					    struct carry *carry)
{
	const uint64_t comma = block->end;
	const uint64_t close = find_avx512(bytes, ']');
	const uint64_t after_close = close << 1 | carry->closed;
	const uint64_t parting = comma & after_close;
	const uint64_t after_parting = parting << 1 | carry->parted;
	const uint64_t open = find_avx512(bytes, '[') & after_parting;
	const uint64_t before_start = (comma & ~after_close) | open;
	const uint64_t start = before_start << 1 | carry->start;
	const uint64_t sign = block->sign & start;
	const uint64_t stop = ~(known | close | open | sign) | (after_close & ~comma) |
			      (after_parting & ~open);
	const uint64_t before = (stop - 1) & ~stop;

	*carry = (struct carry){before_start >> 63, close >> 63, parting >> 63};
	*block = (struct block){
		.end = ((comma & ~after_close) | close) & before,
		.turn = close & before,
		.start = start & before,
		.sign = sign & before,
		.point = block->point & before,
		.stop = stop,
	};
}

/* bytes: 64 of the text, with zeros after its end, which stop the scan. */
AVX512 static inline struct block look_avx512(__m512i bytes, struct carry *carry)
{
	const __m512i digits = _mm512_sub_epi8(bytes, _mm512_set1_epi8('0'));
	const uint64_t digit = _mm512_cmple_epu8_mask(digits, _mm512_set1_epi8(9));
	struct block block = {
		.end = find_avx512(bytes, ','),
		.point = find_avx512(bytes, '.'),
		.sign = find_avx512(bytes, '-'),
	};
	const uint64_t known = digit | block.end | block.point;
	const uint64_t start = block.end << 1 | carry->start;

	if (~(known | (block.sign & start)) | carry->closed | carry->parted) {
		find_turns_avx512(bytes, known, &block, carry);
	} else {
		block.start = start;
		carry->start = block.end >> 63;
	}
	return block;
}

/* Appends the places of the first BLOCK_MARKS bits set; returns how many there are. */
AVX512 static inline size_t mark_avx512(uint64_t bits, size_t offset, uint32_t *places)
{
	const __m512i set = _mm512_maskz_compress_epi8(bits, places_avx512());
	const __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(set));

	_mm512_storeu_si512(places, _mm512_add_epi32(wide, _mm512_set1_epi32((int)offset)));
	return (size_t)__builtin_popcountll(bits);
}

/* What has been marked so far; a bit for each number, as in struct marks. */
struct tally {
	size_t starts;
	size_t ends;
	size_t points;
	uint64_t negative;
	uint64_t turns; /* those that end before "],[" */
	uint32_t beyond; /* what is to stand after the last point */
};

/* Marks what the block has. False if that is more than can be taken from one. */
AVX512 static inline bool append_avx512(const struct block *block, size_t offset,
					struct tally *tally, struct marks *marks)
{
	const size_t ends = mark_avx512(block->end, offset, marks->ends + 1 + tally->ends);
	const size_t points = mark_avx512(block->point, offset, marks->points + 1 + tally->points);

	tally->negative |= _pext_u64(block->sign, block->start) << tally->starts;
	tally->turns |= _pext_u64(block->turn, block->end) << tally->ends;
	tally->starts += (size_t)__builtin_popcountll(block->start);
	tally->ends += least(ends, BLOCK_MARKS);
	tally->points += least(points, BLOCK_MARKS);
	if (unlikely(points > BLOCK_MARKS))
		tally->beyond = 0;
	return likely(ends <= BLOCK_MARKS && points <= BLOCK_MARKS);
}

/* A bit for each of the next 64 numbers that should be the last of a row. */
static inline uint64_t turns_wanted(const struct decimal_rows *rows)
{
	uint64_t turns = 0;

	for (size_t i = rows->left - 1; i < 64; i += least(rows->each, 64))
		turns |= UINT64_C(1) << i;
	return turns;
}

/* Whether what is at text[end] ends a number: digits before it, and no exponent. */
static inline bool ends_number(const char *text, size_t end)
{
	return end && (unsigned char)(text[end - 1] - '0') <= 9 && (text[end] | 0x20) != 'e';
}

/*
 * Concludes how many numbers there are: up to the first that ends a row where it should
 * not, or does not end one where it should.
 */
AVX512 static inline void conclude_avx512(const struct decimal_rows *rows,
					  const struct tally *tally, struct marks *marks)
{
	const uint64_t wrong = tally->turns ^ turns_wanted(rows);
	const size_t right = least((size_t)_tzcnt_u64(wrong) + 1, SCAN_NUMBERS);
	const size_t numbers = least(least(tally->ends, rows->count), right);

	_mm256_storeu_si256((__m256i *)(void *)(marks->ends + numbers + 1),
			    _mm256_set1_epi32((int)marks->ends[numbers]));
	marks->points[1 + tally->points] = tally->beyond;
	marks->point_count = tally->points;
	marks->negative = tally->negative;
	marks->turned = tally->turns << 1;
	marks->numbers = numbers;
}

/*
 * Marks at most SCAN_NUMBERS numbers, up to the first that is not followed by what rows
 * says. That one is marked too, whatever follows it.
 */
AVX512 static inline void scan_avx512(const char *text, size_t bytes,
				      const struct decimal_rows *rows, struct marks *marks)
{
	const size_t limit = least(rows->count, SCAN_NUMBERS);
	struct carry carry = {.start = 1};
	struct tally tally = {.beyond = INT32_MAX};

	marks->ends[0] = UINT32_MAX;
	marks->points[0] = UINT32_MAX;
	for (size_t offset = 0;
	     offset < bytes && tally.ends < limit && tally.points < SCAN_NUMBERS;
	     offset += BLOCK_BYTES) {
		const unsigned room = (unsigned)least(bytes - offset, BLOCK_BYTES);
		const __m512i there =
			_mm512_maskz_loadu_epi8(_bzhi_u64(UINT64_MAX, room), text + offset);
		const struct block block = look_avx512(there, &carry);
		const size_t stop = offset + _tzcnt_u64(block.stop);

		if (!append_avx512(&block, offset, &tally, marks))
			break;
		if (block.stop) {
			if (stop < bytes && ends_number(text, stop))
				marks->ends[1 + tally.ends++] = (uint32_t)stop;
			break;
		}
	}
	conclude_avx512(rows, &tally, marks);
}

#endif
