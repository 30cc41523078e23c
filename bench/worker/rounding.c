/* SPDX-License-Identifier: MIT */
/* One loop for each float and instruction set, and the choice between these at run time. */
#include "bench/worker/rounding.h"

#include "transports/narrow.h"

#define ROUND(dtype, path, target) \
	target static void dtype##_##path(const double in[NORMAL_BLOCK_COUNT], \
					  uint16_t out[NORMAL_BLOCK_COUNT]) \
	{ \
		for (size_t i = 0; i < NORMAL_BLOCK_COUNT; i++) \
			out[i] = dtype##_round(in[i]); \
	}
#define ROUND_BOTH(path, target) ROUND(float16, path, target) ROUND(bfloat16, path, target)

ROUND_BOTH(plain, )

#if defined(__x86_64__)

ROUND_BOTH(avx512, __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl"))))
ROUND_BOTH(avx2, __attribute__((target("avx2"))))

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

const struct rounding_path rounding_paths[] = {
#if defined(__x86_64__)
	{"avx512", has_avx512, float16_avx512, bfloat16_avx512},
	{"avx2", has_avx2, float16_avx2, bfloat16_avx2},
#endif
	{"plain", has_anything, float16_plain, bfloat16_plain},
};
const size_t rounding_path_count = sizeof(rounding_paths) / sizeof(rounding_paths[0]);

const struct rounding_path *rounding_fastest(void)
{
	const struct rounding_path *path = rounding_paths;

	while (!path->usable())
		path++;
	return path;
}
