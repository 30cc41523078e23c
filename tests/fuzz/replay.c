/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzzer over its stored corpus without libFuzzer: each file of
 * tests/fuzz/corpus/NAME as it is, cut short, and with bytes flipped.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILE_BYTES_MAX 65536u

static void replay_mutations(const uint8_t *data, size_t size)
{
	static uint8_t copy[FILE_BYTES_MAX];
	size_t step = size / 64 + 1;

	(void)LLVMFuzzerTestOneInput(data, size);
	for (size_t cut = 0; cut < size; cut += step)
		(void)LLVMFuzzerTestOneInput(data, cut);
	for (size_t i = 0; i < size; i += step) {
		memcpy(copy, data, size);
		copy[i] ^= (uint8_t)(1u << (i % 8));
		(void)LLVMFuzzerTestOneInput(copy, size);
	}
}

static void replay_file(const char *path)
{
	static uint8_t data[FILE_BYTES_MAX];
	FILE *file = fopen(path, "rb");
	size_t size;

	if (!file)
		return;
	size = fread(data, 1, sizeof(data), file);
	(void)fclose(file);
	replay_mutations(data, size);
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	char folder[256];
	char path[600];
	struct dirent *entry;
	size_t files = 0;
	DIR *dir;

	(void)argc;
	name = name ? name + 1 : argv[0];
	name += strncmp(name, "fuzz_", 5) == 0 ? 5 : 0;
	(void)snprintf(folder, sizeof(folder), "tests/fuzz/corpus/%s", name);
	dir = opendir(folder);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		replay_file(path);
		files++;
	}
	if (dir)
		(void)closedir(dir);
	if (files == 0) {
		printf("not ok corpus: %s holds no seed\n", folder);
		return 1;
	}
	printf("ok corpus\n");
	return 0;
}
