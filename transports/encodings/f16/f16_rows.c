/* SPDX-License-Identifier: MIT */
/* One loop for each cast and instruction set, and the choice between these at run time. */
#include "transports/encodings/f16/f16_rows.h"

#include <stdint.h>
#include <string.h>

#include "transports/narrow.h"

#define ROUND(name, type, target) \
	target static void name(const void *from, void *to, size_t count) \
	{ \
		const type *elements = from; \
		for (size_t i = 0; i < count; i++) { \
			const uint16_t half = float16_round((double)elements[i]); \
			memcpy((char *)to + i * sizeof(half), &half, sizeof(half)); \
		} \
	}
#define WIDEN(name, type, target) \
	target static void name(const void *from, void *to, size_t count) \
	{ \
		type *elements = to; \
		for (size_t i = 0; i < count; i++) { \
			uint16_t half; \
			memcpy(&half, (const char *)from + i * sizeof(half), sizeof(half)); \
			elements[i] = (type)float16_widen(half); \
		} \
	}
#define ROWS(path, target) \
	ROUND(round64_##path, double, target) \
	ROUND(round32_##path, float, target) \
	WIDEN(widen64_##path, double, target) \
	WIDEN(widen32_##path, float, target)
#define PATH(path, usable) \
	{#path, usable, round64_##path, round32_##path, widen64_##path, widen32_##path}

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

const struct f16_path f16_paths[] = {
#if defined(__x86_64__)
	PATH(avx512, has_avx512),
	PATH(avx2, has_avx2),
#endif
	PATH(plain, has_anything),
};
const size_t f16_path_count = sizeof(f16_paths) / sizeof(f16_paths[0]);

const struct f16_path *f16_fastest(void)
{
	const struct f16_path *path = f16_paths;

	while (!path->usable())
		path++;
	return path;
}
