/* SPDX-License-Identifier: MIT */
/* The floors as `list` shows them. */
#include "bench/floors_report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "bench/floor.h"
#include "bench/fmt.h"
#include "bench/host.h"
#include "bench/text.h"
#include "transports/io.h"

#define BLOG_LIST_BYTES 256

static const char *blog_list(char text[BLOG_LIST_BYTES])
{
	size_t used = 0;

	for (size_t i = 0; i < BLOG_SHAPE_COUNT; i++)
		used += (size_t)snprintf(text + used, BLOG_LIST_BYTES - used, "%s%s", i ? "," : "",
					 blog_shapes[i]);
	return text;
}

/* Floors do not depend on the transport, but a plan has one. */
static int report_plan(struct floors_report *report, const char *shapes,
		       const struct plan_options *options, struct err *err)
{
	char blog[BLOG_LIST_BYTES];
	char name[TRANSPORT_NAME_BYTES];
	struct transport transport;

	if (!transport_at(0, &transport))
		return err_set(err, ERR_UNSUPPORTED, "there are no transports");
	return plan_make(&report->plan, transport_format(&transport, name),
			 shapes ? shapes : blog_list(blog), options, NULL, err);
}

static void report_measure(struct floors_report *report, struct floors *floors,
			   const uint32_t cpu[2])
{
	for (size_t i = 0; i < report->plan.cell_count; i++) {
		struct worker_setup setup = {
			.transport = report->plan.cells[i].transport,
			.type = report->plan.cells[i].type,
			.clients = 1,
			.pages = report->plan.options.pages,
			.cpu = {cpu[0], cpu[1]},
		};

		floors_measure(floors, &setup);
	}
}

int floors_report_make(struct floors_report *report, const char *shapes,
		       const struct plan_options *options, struct err *err)
{
	struct floors floors;
	uint32_t cpu[2];
	int epoll_fd;
	int status = -1;

	*report = (struct floors_report){0};
	floor_facts_clear(&report->facts);
	if (setup_choose_cpus(options->pin, cpu, err) != 0 ||
	    report_plan(report, shapes, options, err) != 0)
		return -1;
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_fd < 0)
		return err_system(err, "making an epoll set");
	if (floors_init(&floors, &report->facts, report->plan.cell_count, epoll_fd, err) == 0) {
		report_measure(report, &floors, cpu);
		host_facts_read(&report->host);
		status = 0;
	}
	floors_stop(&floors); /* its rows are the report's from here on */
	io_close(&epoll_fd);
	return status;
}

void floors_report_free(struct floors_report *report)
{
	free(report->facts.rows);
	plan_free(&report->plan);
	*report = (struct floors_report){0};
}

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

static const char *clock_words(const struct floors_report *report, bool ascii, char *text,
			       size_t size)
{
	char step[FMT_BYTES];

	(void)snprintf(text, size, "%s; the smallest step seen is %s",
		       report->host.clock_source[0] ? report->host.clock_source :
						      "clock source not known",
		       fmt_ns(report->facts.clock_step_ns, ascii, step));
	return text;
}

static void size_put(const struct array *type, const struct floor_row *row, bool ascii, FILE *file)
{
	const double times_ns[] = {row->memcpy_ns, row->read_ns};
	char shape[ARRAY_SHAPE_TEXT_BYTES];
	char text[FMT_BYTES];

	(void)fprintf(file, "  %-18s", shape_format(&type->shape, shape));
	right_put(fmt_payload(type->bytes, text), 10, file);
	for (size_t i = 0; i < sizeof(times_ns) / sizeof(times_ns[0]); i++) {
		right_put(fmt_ns(times_ns[i], ascii, text), 10, file);
		right_put(fmt_rate((double)type->bytes / times_ns[i] * 1e9, text), 11, file);
	}
	right_put(fmt_ns(row->fault_ns, ascii, text), 13, file);
	(void)fputc('\n', file);
}

void floors_report_print(const struct floors_report *report, bool ascii, FILE *file)
{
	const struct floor_facts *facts = &report->facts;
	char words[128];

	(void)fprintf(file, "Floors: medians of what this machine takes now, --pin %s\n",
		      pin_names[report->plan.options.pin]);
	machine_put("wake-up and back, asleep", facts->wakeup_ns, "two processes, a futex", ascii,
		    file);
	machine_put("wake-up and back, spinning", facts->wakeup_spin_ns, "two processes, one word",
		    ascii, file);
	machine_put("cache line there and back", facts->line_ns,
		    facts->line_missing ? facts->line_missing : "the two CPUs of a pair", ascii,
		    file);
	machine_put("reading the clock", facts->clock_ns,
		    clock_words(report, ascii, words, sizeof(words)), ascii, file);
	(void)fprintf(file, "\n  %-18s%10s%10s%11s%10s%11s%13s\n", "SHAPE", "PAYLOAD", "MEMCPY", "",
		      "READ", "", "FAULT A PAGE");
	for (size_t i = 0; i < report->plan.cell_count; i++) {
		const struct array *type = &report->plan.cells[i].type;
		struct floor_row row = floor_facts_row(facts, type->bytes);

		size_put(type, &row, ascii, file);
	}
	(void)fputs("\n  memcpy: one warm copy; read: one warm pass; fault: mapping 4 KiB and "
		    "touching them first\n",
		    file);
}
