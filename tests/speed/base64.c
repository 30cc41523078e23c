/* SPDX-License-Identifier: MIT */
/*
 * Micro benchmark of the base64 kernels: GB/s of raw bytes, both ways, of every
 * kernel this CPU has, next to memcpy, in the L2 cache and in memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/machine/clock.h"
#include "tests/speed/verdict.h"
#include "transports/encodings/base64_codec.h"

enum {
	ROUNDS = 15,
	ROUND_BYTES = 64 << 20,   /* what one timing goes through, whatever the size */
	SKEW = 7,                 /* the text starts here: replies put it anywhere */
	CACHED_BYTES = 256 << 10, /* with its text and copy, in an L2 cache of 1 MiB */
	MEMORY_BYTES = 32 << 20,
	BOUND_GB_S = 8, /* of a kernel with vectors, in the cache */
};

struct job {
	const char *name;
	const struct base64_kernel *kernel;
	void (*run)(const struct job *job);
	uint8_t *raw;
	uint8_t *copy;
	char *text;
	size_t raw_bytes;
	size_t text_bytes;
};

static void run_memcpy(const struct job *job)
{
	memcpy(job->copy, job->raw, job->raw_bytes);
}

static void run_encode(const struct job *job)
{
	(void)base64_encode_with(job->kernel, job->raw, job->raw_bytes, job->text);
}

static void run_decode(const struct job *job)
{
	size_t bytes = 0;

	if (base64_decode_with(job->kernel, job->text, job->text_bytes, job->copy, &bytes) ||
	    bytes != job->raw_bytes)
		abort();
}

/* The bound is for kernels with vectors, which all have but the last, in the cache. */
static bool is_bound(const struct job *job)
{
	return job->kernel && job->kernel != &base64_kernels[base64_kernel_count - 1] &&
	       job->raw_bytes == CACHED_BYTES;
}

/* The best of the rounds: what disturbs a round can only slow it down. */
static void report(const struct job *job)
{
	size_t times = ROUND_BYTES / job->raw_bytes;
	char bound[16] = "-";
	double best = 0;

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t start_ns = clock_now_ns();

		for (size_t i = 0; i < times; i++) {
			job->run(job);
			__asm__ volatile("" ::: "memory"); /* each result counts */
		}
		double rate =
			(double)(times * job->raw_bytes) / (double)(clock_now_ns() - start_ns);

		best = rate > best ? rate : best;
	}
	if (is_bound(job))
		(void)snprintf(bound, sizeof(bound), ">= %d", BOUND_GB_S);
	printf("%5zu KiB  %-7s %-11s %7.2f %6s  %s\n", job->raw_bytes >> 10, job->name,
	       job->kernel ? job->kernel->name : "", best, bound,
	       is_bound(job) ? verdict(best >= BOUND_GB_S) : "-");
}

static void report_kernel(struct job job, const struct base64_kernel *kernel)
{
	job.kernel = kernel;
	job.name = "encode";
	job.run = run_encode;
	report(&job);
	job.name = "decode";
	job.run = run_decode;
	report(&job);
}

static int report_size(size_t raw_bytes)
{
	size_t text_bytes = base64_encoded_bytes(raw_bytes);
	uint8_t *raw = malloc(raw_bytes);
	uint8_t *copy = malloc(raw_bytes);
	char *text = malloc(text_bytes + SKEW);
	int result = -1;

	if (!raw || !copy || !text)
		goto out;
	for (size_t i = 0; i < raw_bytes; i++)
		raw[i] = (uint8_t)(i * 2654435761u >> 13);
	struct job job = {
		.name = "memcpy",
		.run = run_memcpy,
		.raw = raw,
		.copy = copy,
		.text = text + SKEW,
		.raw_bytes = raw_bytes,
		.text_bytes = text_bytes,
	};

	report(&job);
	for (size_t i = 0; i < base64_kernel_count; i++) {
		if (base64_kernels[i].usable())
			report_kernel(job, &base64_kernels[i]);
	}
	result = 0;
out:
	free(text);
	free(copy);
	free(raw);
	return result;
}

int main(void)
{
	printf("%9s  %-7s %-11s %7s %6s  %s\n", "RAW", "WAY", "KERNEL", "GB/s", "BOUND", "VERDICT");
	if (report_size(CACHED_BYTES) || report_size(MEMORY_BYTES)) {
		(void)fputs("base64: out of memory\n", stderr);
		return 1;
	}
	return 0;
}
