/* SPDX-License-Identifier: MIT */
/* Huge pages: what the kernel is set to give, and what it gave. */
#include "bench/machine/pages.h"

#include <stdio.h>
#include <string.h>

#include "bench/text/fmt.h"

#define HUGE_BYTES (2u << 20)

/* At both ends of a mapping there is less than a huge page that cannot be one. */
static bool pages_short(const struct pages_got *got)
{
	if (got->asked_bytes == 0)
		return false;
	return got->huge_bytes == 0 ||
	       got->huge_bytes + 2 * (uint64_t)HUGE_BYTES < got->asked_bytes;
}

/* "the client's array small ones", "the server's array 4.0 MiB of 36.7 MiB". */
static void pages_describe(const char *who, const struct pages_got *got, char *text, size_t size)
{
	size_t used = strlen(text);
	char figures[2][FMT_BYTES];

	if (!pages_short(got))
		return;
	if (got->huge_bytes == 0)
		(void)snprintf(text + used, size - used, "%sthe %s's array small ones",
			       used ? ", " : "", who);
	else
		(void)snprintf(text + used, size - used, "%sthe %s's array %s of %s",
			       used ? ", " : "", who,
			       fmt_memory((double)got->huge_bytes, figures[0]),
			       fmt_memory((double)got->asked_bytes, figures[1]));
}

char *pages_remark(const struct pages_got *server, const struct pages_got *client, char *text,
		   size_t size)
{
	char ends[160] = "";

	pages_describe("server", server, ends, sizeof(ends));
	pages_describe("client", client, ends, sizeof(ends));
	if (pages_short(server) && pages_short(client) && !server->huge_bytes &&
	    !client->huge_bytes)
		(void)snprintf(ends, sizeof(ends), "small ones");
	(void)snprintf(text, size, "%s%s",
		       ends[0] ? "huge pages were asked for, the kernel gave " : "", ends);
	return text;
}

/* The word in brackets of a line such as "always [madvise] never". */
static void pages_read_word(const char *folder, const char *file, char word[PAGES_WORD_BYTES])
{
	char path[160];
	char line[128] = "";
	FILE *stream;

	*word = '\0';
	(void)snprintf(path, sizeof(path), "%s/%s", folder, file);
	stream = fopen(path, "re");
	if (!stream)
		return;
	if (fgets(line, sizeof(line), stream) && strchr(line, '['))
		(void)sscanf(strchr(line, '['), "[%15[a-z_]]", word);
	(void)fclose(stream); /* only read from */
}

bool pages_huge_given(const char *folder, bool shared, char word[PAGES_WORD_BYTES])
{
	/* Kernels from 6.8 on have a setting for each size, which may defer to the common one. */
	static const char *const own[] = {"hugepages-2048kB/enabled",
					  "hugepages-2048kB/shmem_enabled"};
	static const char *const common[] = {"enabled", "shmem_enabled"};

	pages_read_word(folder, own[shared], word);
	if (!*word || strcmp(word, "inherit") == 0)
		pages_read_word(folder, common[shared], word);
	return *word && strcmp(word, "never") != 0 && strcmp(word, "deny") != 0;
}

unsigned pages_had_by(const struct transport *transport)
{
	bool shared = transport->encoding->flags & ENCODING_BY_REFERENCE;
	char word[PAGES_WORD_BYTES];

	/* What a foreign program can do is unknown: it is told, and may refuse. */
	if (transport->carrier->program)
		return 1u << PAGES_SMALL;
	return 1u << PAGES_SMALL | (unsigned)pages_huge_given(PAGES_FOLDER, shared, word)
					   << PAGES_HUGE;
}
