/* SPDX-License-Identifier: MIT */
/*
 * Base64 (RFC 4648 section 4: the standard alphabet, '=' padding, no line
 * breaks), with the fastest kernel the CPU has. Nothing here allocates, blocks
 * or keeps state; any alignment will do; in and out must not overlap.
 */
#ifndef TRANSPORTS_ENCODINGS_BASE64_CODEC_H
#define TRANSPORTS_ENCODINGS_BASE64_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The characters that in_bytes raw bytes become, padding included. */
static inline size_t base64_encoded_bytes(size_t in_bytes)
{
	return (in_bytes / 3 + (in_bytes % 3 != 0)) * 4;
}

/*
 * Writes base64_encoded_bytes(in_bytes) characters to out, and no NUL; returns
 * that number. Padding appears when in_bytes is not a multiple of 3, so a caller
 * that encodes in pieces passes multiples of 3 until the last one.
 */
size_t base64_encode(const void *in, size_t in_bytes, char *out);

/*
 * Decodes the whole of in, whose padding (if any) ends it. out has room for
 * in_bytes / 4 * 3 bytes less one for each '=' that ends in (at most two), and
 * nothing is written beyond that, nor read beyond in_bytes. Sets *out_bytes to
 * the bytes decoded and returns 0, or returns -1 with *out_bytes untouched and
 * out's content undefined: in_bytes is not a multiple of 4, a character is
 * outside the alphabet, padding is misplaced, or the unused low bits before it
 * are not zero.
 */
int base64_decode(const char *in, size_t in_bytes, void *out, size_t *out_bytes);

/*
 * One way to do the bulk of the work: groups of 3 raw bytes, 4 characters,
 * without padding. For tests and benchmarks; others call the functions above.
 */
struct base64_kernel {
	const char *name;
	bool (*usable)(void);
	void (*encode)(const uint8_t *in, size_t groups, char *out);
	/* False when a character is outside the alphabet ('=' is outside, too). */
	bool (*decode)(const char *in, size_t groups, uint8_t *out);
};

/* Fastest first; the last one, "portable", is usable everywhere. */
extern const struct base64_kernel base64_kernels[];
extern const size_t base64_kernel_count;

/* As base64_encode() and base64_decode(), with a kernel that must be usable. */
size_t base64_encode_with(const struct base64_kernel *kernel, const void *in, size_t in_bytes,
			  char *out);
int base64_decode_with(const struct base64_kernel *kernel, const char *in, size_t in_bytes,
		       void *out, size_t *out_bytes);

#endif
