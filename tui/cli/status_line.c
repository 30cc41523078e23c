/* SPDX-License-Identifier: MIT */
/* The line of progress, rewritten in its place. */
#include "tui/cli/status_line.h"

#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/text/fmt.h"
#include "transports/net/io.h"
#include "tui/cli/cli.h"
#include "tui/term/term_names.h"
#include "tui/term/term_out.h"

/* How often the line is shown; a shorter interval would cost the measured processes more. */
#define SHOW_NS 250000000u

void status_line_open(struct status_line *line, bool ascii)
{
	*line = (struct status_line){.fd = -1, .ascii = ascii};
	if (!isatty(STDERR_FILENO) || term_is_dumb(getenv("TERM")))
		return;
	line->fd = out_reopen(STDERR_FILENO);
	if (line->fd < 0) /* it is another user's, and not our controlling one: share it */
		line->fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
}

static void line_write(const struct status_line *line, const char *text)
{
	if (line->fd >= 0)
		(void)!write(line->fd, text, strlen(text)); /* the next line will do */
}

void status_line_clear(const struct status_line *line)
{
	line_write(line, "\r\033[K");
}

void status_line_tell(const struct status_line *line, const char *text)
{
	struct pollfd polled = {
		.fd = line->fd < 0 ? STDERR_FILENO : line->fd,
		.events = POLLOUT,
	};

	status_line_clear(line);
	if (poll(&polled, 1, 0) == 1)
		(void)!write(polled.fd, text, strlen(text)); /* the end of the run says it again */
}

void status_line_show(struct status_line *line, const struct model *model, uint64_t now_ns)
{
	const struct cell *cell;
	char text[256];
	char whole[272];
	char name[TRANSPORT_NAME_BYTES];
	char type[ARRAY_TYPE_TEXT_BYTES];
	char median[FMT_BYTES];
	char left[FMT_BYTES];
	unsigned columns = cli_columns(stderr);

	if (line->fd < 0 || now_ns - line->shown_ns < SHOW_NS ||
	    model->current >= model->cell_count)
		return;
	line->shown_ns = now_ns;
	cell = &model->cells[model->current];
	(void)snprintf(text, sizeof(text),
		       "[%zu/%zu] %s %.40s  %s  %.0f samples  median %s  %s left", model->finals,
		       model->cell_count, transport_format(&cell->plan->transport, name),
		       array_type_format(&cell->plan->type, type), cell_state_names[cell->state],
		       isnan(cell->summary.samples) ? 0 : cell->summary.samples,
		       fmt_ns(cell->summary.p50_ns, line->ascii, median),
		       fmt_clock(model->left_ns, left));
	/* A text has no more columns than bytes, so the line never wraps. */
	(void)snprintf(whole, sizeof(whole), "\r%.*s\033[K", columns > 1 ? (int)columns - 1 : 79,
		       text);
	line_write(line, whole);
}

void status_line_close(struct status_line *line)
{
	io_close(&line->fd);
}
