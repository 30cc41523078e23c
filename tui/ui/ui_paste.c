/* SPDX-License-Identifier: MIT */
/* Pasted text. */
#include "tui/ui/ui_paste.h"

#include <stdio.h>
#include <string.h>

#include "transports/err.h"
#include "transports/unused.h"
#include "tui/ui/ui_overlay.h"
#include "tui/ui/ui_prompt.h"

#define SHOWN_BYTES 48 /* of a text that is ignored */

/* Copies it as text for a field: one line, without controls or bytes that are no UTF-8. */
static void paste_clean(const struct event *event, char text[PASTE_BYTES + 1])
{
	char raw[PASTE_BYTES + 1];
	const char *from = raw;
	size_t used = 0;
	bool space = false;

	memcpy(raw, event->text, event->kept);
	raw[event->kept] = '\0';
	for (size_t i = 0; i < event->kept; i++)
		if (raw[i] == '\0')
			raw[i] = '\033'; /* dropped, too; the text goes on */
	while (*from) {
		const char *start = from;
		uint32_t glyph = utf8_next(&from);

		/* What has lines or columns stays apart. */
		space |= glyph == '\n' || glyph == '\r' || glyph == '\t';
		if (glyph < ' ' || (glyph >= 0x7f && glyph < 0xa0) ||
		    (glyph == '?' && *start != '?'))
			continue;
		if (space && used)
			text[used++] = ' ';
		space = false;
		memcpy(text + used, start, (size_t)(from - start));
		used += (size_t)(from - start);
	}
	text[used] = '\0';
}

static bool insert_into_prompt(struct ui *ui, uint32_t glyph)
{
	size_t length = strlen(ui->prompt.text);

	prompt_insert(&ui->prompt, glyph);
	return strlen(ui->prompt.text) > length;
}

static bool insert_into_help(struct ui *ui, uint32_t glyph)
{
	size_t length = strlen(ui->help.filter);

	help_insert(&ui->help, glyph);
	return strlen(ui->help.filter) > length;
}

/* Returns whether all of it had room. */
static bool paste_insert(struct ui *ui, const char *text,
			 bool (*insert)(struct ui *ui, uint32_t glyph))
{
	uint32_t glyph;

	while ((glyph = utf8_next(&text)))
		if (!insert(ui, glyph))
			return false;
	return true;
}

static void paste_refuse(struct ui *ui, const struct event *event)
{
	char quote[SHOWN_BYTES];

	ui_toast(ui, ROLE_WARN, "pasted text ignored: \"%s\" (%zu bytes): no field is open",
		 err_quote(quote, sizeof(quote), event->text, event->kept), event->bytes);
}

struct command ui_paste(struct ui *ui, const struct model *model UNUSED, const struct event *event)
{
	enum key_context context = ui_context(ui);
	bool whole = event->kept == event->bytes;
	char text[PASTE_BYTES + 1];

	if (event->bytes == 0)
		return NO_COMMAND;
	if (context != IN_PROMPT && context != IN_HELP) {
		paste_refuse(ui, event);
		return NO_COMMAND;
	}
	paste_clean(event, text);
	whole &= paste_insert(ui, text,
			      context == IN_PROMPT ? insert_into_prompt : insert_into_help);
	if (whole)
		return NO_COMMAND;
	if (context == IN_PROMPT)
		(void)snprintf(ui->prompt.error, sizeof(ui->prompt.error),
			       "the pasted text of %zu bytes does not fit: its end is cut off",
			       event->bytes);
	else
		ui_toast(ui, ROLE_WARN, "pasted text cut: %zu bytes do not fit", event->bytes);
	return NO_COMMAND;
}
