/* SPDX-License-Identifier: MIT */
/* The floors as `list` shows them. */
#include "bench/report/floors_text.h"

#include <string.h>

#include "bench/text/fmt.h"
#include "bench/text/text.h"

/* At the right of so many columns, whatever its bytes are. */
static void right_put(const char *text, int columns, FILE *file)
{
	(void)fprintf(file, "%*s", columns + (int)(strlen(text) - text_width(text)), text);
}

static void machine_put(const char *name, double ns, const char *words, bool ascii, FILE *file)
{
	char text[FMT_BYTES];

	(void)fprintf(file, "  %-30s", name);
	right_put(fmt_ns(ns, ascii, text), 8, file);
	(void)fprintf(file, "  %s\n", words);
}

static const char *clock_words(const struct floor_survey *survey, bool ascii, char *text,
			       size_t size)
{
	char step[FMT_BYTES];

	(void)snprintf(text, size, "%s; the smallest step seen is %s",
		       survey->host.clock_source[0] ? survey->host.clock_source :
						      "clock source not known",
		       fmt_ns(survey->facts.clock_step_ns, ascii, step));
	return text;
}

static void size_put(const struct array_type *type, const struct floor_row *row, bool ascii,
		     FILE *file)
{
	const double times_ns[] = {row->memcpy_ns, row->read_ns};
	char name[ARRAY_TYPE_TEXT_BYTES];
	char text[FMT_BYTES];

	(void)fprintf(file, "  %-18s", array_type_format(type, name));
	right_put(fmt_payload(array_type_bytes(type), text), 10, file);
	for (size_t i = 0; i < sizeof(times_ns) / sizeof(times_ns[0]); i++) {
		right_put(fmt_ns(times_ns[i], ascii, text), 10, file);
		right_put(fmt_rate((double)array_type_bytes(type) / times_ns[i] * 1e9, text), 11,
			  file);
	}
	right_put(fmt_ns(row->fault_ns, ascii, text), 13, file);
	(void)fputc('\n', file);
}

void floors_text(const struct floor_survey *survey, bool ascii, FILE *file)
{
	const struct floor_facts *facts = &survey->facts;
	char words[128];

	(void)fprintf(file, "Floors: medians of what this machine takes now, --pin %s\n",
		      pin_names[survey->plan.options.pin]);
	machine_put("wake-up and back, asleep", facts->wakeup_ns, "two processes, a futex", ascii,
		    file);
	machine_put("wake-up and back, spinning", facts->wakeup_spin_ns, "two processes, one word",
		    ascii, file);
	machine_put("cache line there and back", facts->line_ns,
		    facts->line_missing ? facts->line_missing : "the two CPUs of a pair", ascii,
		    file);
	machine_put("reading the clock", facts->clock_ns,
		    clock_words(survey, ascii, words, sizeof(words)), ascii, file);
	(void)fprintf(file, "\n  %-18s%10s%10s%11s%10s%11s%13s\n", "SHAPE", "PAYLOAD", "MEMCPY", "",
		      "READ", "", "FAULT A PAGE");
	for (size_t i = 0; i < survey->plan.cell_count; i++) {
		const struct array_type *type = &survey->plan.cells[i].type;
		struct floor_row row = floor_facts_row(facts, array_type_bytes(type));

		size_put(type, &row, ascii, file);
	}
	(void)fputs("\n  memcpy: one warm copy; read: one warm pass; fault: mapping 4 KiB and "
		    "touching them first\n",
		    file);
}
