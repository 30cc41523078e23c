/* SPDX-License-Identifier: MIT */
/* Huge pages: what the kernel's settings say, and what is said of what came. */
#include <sys/stat.h>
#include <unistd.h>

#include "bench/machine/pages.h"
#include "tests/support/test.h"

#define MIB ((uint64_t)1 << 20)

static char text[200];

static const char *remark(uint64_t server, uint64_t client, uint64_t asked)
{
	return pages_remark(&(struct pages_got){asked, server}, &(struct pages_got){asked, client},
			    text, sizeof(text));
}

static void test_remark(void)
{
	static const struct pages_got none;

	CHECK_STR(pages_remark(&none, &none, text, sizeof(text)), "");
	CHECK_STR(remark(0, 0, MIB), "huge pages were asked for, the kernel gave small ones");
	CHECK_STR(remark(36 * MIB, 34 * MIB, 37 * MIB), "");
	CHECK_STR(remark(36 * MIB, 0, 37 * MIB),
		  "huge pages were asked for, the kernel gave the client's array small ones");
	CHECK_STR(remark(8 * MIB, 0, 37 * MIB),
		  "huge pages were asked for, the kernel gave the server's array "
		  "8.0 MiB of 37.0 MiB, the client's array small ones");
}

static void put(const char *folder, const char *file, const char *line)
{
	char path[128];
	FILE *stream;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, file);
	stream = fopen(path, "w");
	CHECK(stream);
	(void)fputs(line, stream);
	(void)fclose(stream);
}

static void drop(const char *folder, const char *file)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, file);
	(void)remove(path);
}

static void check_folder(const char *folder)
{
	char word[PAGES_WORD_BYTES];

	CHECK(!pages_huge_given(folder, false, word) && !*word); /* a kernel without them */
	put(folder, "enabled", "always [madvise] never\n");
	put(folder, "shmem_enabled", "always within_size advise [never] deny force\n");
	CHECK(pages_huge_given(folder, false, word));
	CHECK_STR(word, "madvise");
	CHECK(!pages_huge_given(folder, true, word));
	CHECK_STR(word, "never");
	put(folder, "shmem_enabled", "always [within_size] advise never deny force\n");
	CHECK(pages_huge_given(folder, true, word));
	CHECK_STR(word, "within_size");
	put(folder, "hugepages-2048kB/enabled", "always [inherit] madvise never\n");
	put(folder, "hugepages-2048kB/shmem_enabled", "always inherit advise [never]\n");
	CHECK(pages_huge_given(folder, false, word));
	CHECK(!pages_huge_given(folder, true, word));
	put(folder, "enabled", "nothing in brackets\n");
	CHECK(!pages_huge_given(folder, false, word) && !*word);
}

static void test_settings(void)
{
	char folder[] = "/tmp/ipctop-pages-XXXXXX";
	char inner[64];

	CHECK(mkdtemp(folder));
	(void)snprintf(inner, sizeof(inner), "%s/hugepages-2048kB", folder);
	CHECK(mkdir(inner, 0700) == 0);
	check_folder(folder);
	drop(inner, "enabled");
	drop(inner, "shmem_enabled");
	(void)rmdir(inner);
	drop(folder, "enabled");
	drop(folder, "shmem_enabled");
	(void)rmdir(folder);
}

static const struct test tests[] = {
	{"remark", test_remark},
	{"settings", test_settings},
};

TEST_MAIN(tests)
