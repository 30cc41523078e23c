/* SPDX-License-Identifier: MIT */
/* The line at the bottom that the user types into. */
#include "tui/ui/ui_prompt.h"

#include <stdio.h>
#include <string.h>

void prompt_open(struct ui *ui, enum prompt_kind kind, const char *text)
{
	struct prompt *prompt = &ui->prompt;

	*prompt = (struct prompt){.kind = kind};
	(void)snprintf(prompt->text, sizeof(prompt->text), "%s", text);
	prompt->cursor = strlen(prompt->text);
}

void prompt_insert(struct prompt *prompt, uint32_t glyph)
{
	char text[5];
	size_t bytes = utf8_put(glyph, text);
	size_t length = strlen(prompt->text);

	if (length + bytes >= sizeof(prompt->text))
		return;
	memmove(prompt->text + prompt->cursor + bytes, prompt->text + prompt->cursor,
		length - prompt->cursor + 1);
	memcpy(prompt->text + prompt->cursor, text, bytes);
	prompt->cursor += bytes;
	prompt->error[0] = '\0';
}

static bool utf8_inside(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t prompt_before(const struct prompt *prompt)
{
	size_t at = prompt->cursor;

	if (at > 0)
		at--;
	while (at > 0 && utf8_inside(prompt->text[at]))
		at--;
	return at;
}

static size_t prompt_after(const struct prompt *prompt)
{
	size_t at = prompt->cursor;

	if (prompt->text[at])
		at++;
	while (prompt->text[at] && utf8_inside(prompt->text[at]))
		at++;
	return at;
}

static void prompt_cut(struct prompt *prompt, size_t from, size_t to)
{
	memmove(prompt->text + from, prompt->text + to, strlen(prompt->text + to) + 1);
	prompt->cursor = from;
}

/* Any of EDIT_LEFT to EDIT_CLEAR. */
static void prompt_edit(struct prompt *prompt, enum action action)
{
	prompt->error[0] = '\0';
	if (action == ACTION_EDIT_LEFT)
		prompt->cursor = prompt_before(prompt);
	else if (action == ACTION_EDIT_RIGHT)
		prompt->cursor = prompt_after(prompt);
	else if (action == ACTION_EDIT_FIRST)
		prompt->cursor = 0;
	else if (action == ACTION_EDIT_LAST)
		prompt->cursor = strlen(prompt->text);
	else if (action == ACTION_EDIT_ERASE)
		prompt_cut(prompt, prompt_before(prompt), prompt->cursor);
	else if (action == ACTION_EDIT_DELETE)
		prompt_cut(prompt, prompt->cursor, prompt_after(prompt));
	else if (action == ACTION_EDIT_CLEAR)
		prompt_cut(prompt, 0, strlen(prompt->text));
}

/* Whether path has an ending that is known; *results: such a file holds results. */
static bool ending_known(const char *path, bool *results)
{
	static const struct ending {
		const char *text;
		bool results;
	} endings[] = {
		{".csv", true},
		{".json", true},
		{".txt", false},
		{".svg", false},
	};
	size_t length = strlen(path);

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t part = strlen(endings[i].text);

		*results = endings[i].results;
		if (length > part && strcmp(path + length - part, endings[i].text) == 0)
			return true;
	}
	return false;
}

static struct command accept_export(struct ui *ui, const struct model *model)
{
	struct prompt *prompt = &ui->prompt;
	struct command command = {.kind = COMMAND_EXPORT};
	bool results;

	if (!ending_known(prompt->text, &results)) {
		(void)snprintf(prompt->error, sizeof(prompt->error),
			       "the name must end in .csv .json (results), .txt or .svg (screen)");
		return NO_COMMAND;
	}
	if (results && model->cell_count == 0) {
		(void)snprintf(prompt->error, sizeof(prompt->error), "there are no results yet");
		return NO_COMMAND;
	}
	memcpy(command.text, prompt->text, sizeof(command.text));
	prompt->kind = PROMPT_NONE;
	return command;
}

/* Says what became of a shape that was added; the cursor is on its column's heading. */
static void tell_shape(struct ui *ui)
{
	const struct picker *picker = &ui->picker;
	char shape[ARRAY_TYPE_TEXT_BYTES];
	bool on = false;

	for (size_t t = 0; t < picker->transport_count; t++)
		on |= picker->cells[t][picker->column].on;
	ui_toast(ui, ROLE_TEXT,
		 on ? "%.200s has a column: Space toggles it" :
		      "%.200s has a column, all off: Space turns it on",
		 array_type_format(&picker->types[picker->column], shape));
}

static struct command prompt_accept(struct ui *ui, const struct model *model)
{
	struct prompt *prompt = &ui->prompt;
	struct err err = {0};
	int status;

	if (prompt->kind == PROMPT_EXPORT)
		return accept_export(ui, model);
	if (prompt->kind == PROMPT_SHAPE)
		status = picker_add_shape(&ui->picker, prompt->text, &err);
	else
		status = picker_option_parse(&ui->picker, prompt->option, prompt->text, &err);
	if (status == 0 && prompt->kind == PROMPT_SHAPE)
		tell_shape(ui);
	if (status == 0)
		prompt->kind = PROMPT_NONE;
	else
		(void)snprintf(prompt->error, sizeof(prompt->error), "%.*s", UI_TEXT_BYTES - 1,
			       err.message);
	return NO_COMMAND;
}

struct command act_prompt(struct ui *ui, const struct model *model, enum action action)
{
	if (action == ACTION_EDIT_ACCEPT)
		return prompt_accept(ui, model);
	if (action == ACTION_EDIT_CANCEL)
		ui->prompt.kind = PROMPT_NONE;
	else
		prompt_edit(&ui->prompt, action);
	return NO_COMMAND;
}
