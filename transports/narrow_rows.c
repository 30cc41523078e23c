/* SPDX-License-Identifier: MIT */
/* One loop for each float and instruction set, and the choice between these at run time. */
#include "transports/narrow_rows.h"

#include <stdint.h>

#include "transports/narrow.h"

/* What lies at any address. */
typedef uint16_t half __attribute__((aligned(1), may_alias));

/* At -O2 gcc vectorises loops of a known length alone: so many at a time, and then the rest. */
#define CHUNK 64

#define EACH(from_type, to_type, cast, target, name) \
	target static void name(const void *restrict from, void *restrict to, size_t count) \
	{ \
		const from_type *restrict in = from; \
		to_type *restrict out = to; \
		for (; count >= CHUNK; in += CHUNK, out += CHUNK, count -= CHUNK) \
			for (size_t i = 0; i < CHUNK; i++) \
				out[i] = cast; \
		for (size_t i = 0; i < count; i++) \
			out[i] = cast; \
	}
#define ROUND(name, type, narrow, target) \
	EACH(type, half, narrow##_round((double)in[i]), target, name)
#define WIDEN(name, type, target) \
	EACH(half, type, (type)float16_widen(in[i]), target, name)
#define ROWS(path, target) \
	ROUND(float16_round64_##path, double, float16, target) \
	ROUND(float16_round32_##path, float, float16, target) \
	ROUND(bfloat16_round64_##path, double, bfloat16, target) \
	WIDEN(float16_widen64_##path, double, target) \
	WIDEN(float16_widen32_##path, float, target)
#define PATH(path, usable) \
	{#path, usable, float16_round64_##path, float16_round32_##path, \
	 float16_widen64_##path, float16_widen32_##path, bfloat16_round64_##path}

ROWS(plain, )

#if defined(__x86_64__)

ROWS(avx512, __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl"))))
ROWS(avx2, __attribute__((target("avx2"))))

static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
	       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

#endif

static bool has_anything(void)
{
	return true;
}

const struct narrow_path narrow_paths[] = {
#if defined(__x86_64__)
	PATH(avx512, has_avx512),
	PATH(avx2, has_avx2),
#endif
	PATH(plain, has_anything),
};
const size_t narrow_path_count = sizeof(narrow_paths) / sizeof(narrow_paths[0]);

const struct narrow_path *narrow_fastest(void)
{
	const struct narrow_path *path = narrow_paths;

	while (!path->usable())
		path++;
	return path;
}
