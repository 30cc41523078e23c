/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the settings file: whatever it says, the options stay within what the engine takes,
 * and what is then written is read back as the same.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tui/settings.h"
#include "tui/ui/picker_options.h"

static void check_options(const struct plan_options *options)
{
	must(options->direction <= DIRECTION_BOTH);
	must(options->source <= SOURCE_FRESH && options->memory <= MEMORY_FRESH);
	must(options->pages <= PAGES_HUGE && options->pin <= PIN_SAME);
	must(options->wait <= WAIT_HYBRID && options->samples >= 1);
	must(options->blocks >= 1 && options->budget_ns >= 1 && options->timeout_ns >= 1);
	must(options->clients >= 1 && options->clients <= PLAN_CLIENTS_MAX);
}

static void check_again(const struct ui *ui)
{
	static struct ui other;
	char text[2048];
	char again[2048];

	(void)settings_format(ui, text, sizeof(text));
	must(strlen(text) < sizeof(text) - 1);
	ui_init(&other);
	settings_apply(&other, text, true);
	must(other.note_count == 0);
	must(strcmp(settings_format(&other, again, sizeof(again)), text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ui ui;
	char *text = exact_text(data, size);

	ui_init(&ui);
	settings_apply(&ui, text, true);
	check_options(&ui.picker.options);
	check_again(&ui);
	free(text);
	return 0;
}
