/* SPDX-License-Identifier: MIT */
/* The user's settings. */
#include "tui/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/paths.h"
#include "tui/ui/picker_options.h"

static const char *const unit_words[UNITS + 1] = {
	[UNIT_TIME] = "time",
	[UNIT_RATIO] = "ratio",
	[UNIT_RATE] = "rate",
};
static const char *const plot_words[PLOT_KINDS + 1] = {
	[PLOT_STRIP] = "range",
	[PLOT_SPREAD] = "spread",
	[PLOT_TREND] = "trend",
};
static const char *const count_words[COUNT_SCALES + 1] = {
	[COUNTS_SQRT] = "sqrt",
	[COUNTS_LINEAR] = "linear",
	[COUNTS_LOG] = "log",
};
static const char *const axis_words[] = {"log", "linear", NULL};
static const char *const switch_words[] = {"off", "on", NULL};

static int get_unit(const struct ui *ui)
{
	return (int)ui->unit;
}

static void set_unit(struct ui *ui, int word)
{
	ui->unit = (enum unit)word;
}

static int get_plot(const struct ui *ui)
{
	return (int)ui->plot;
}

static void set_plot(struct ui *ui, int word)
{
	ui->plot = (enum plot_kind)word;
}

static int get_counts(const struct ui *ui)
{
	return (int)ui->counts;
}

static void set_counts(struct ui *ui, int word)
{
	ui->counts = (enum count_scale)word;
}

static int get_axis(const struct ui *ui)
{
	return ui->axis_linear;
}

static void set_axis(struct ui *ui, int word)
{
	ui->axis_linear = word;
}

static int get_mouse(const struct ui *ui)
{
	return ui->mouse_setting;
}

static void set_mouse(struct ui *ui, int word)
{
	ui->mouse = ui->mouse_setting = word;
}

static int get_theme(const struct ui *ui)
{
	int word = 0;

	while (theme_names[word] && strcmp(theme_names[word], ui->theme) != 0)
		word++;
	return theme_names[word] ? word : 0;
}

static void set_theme(struct ui *ui, int word)
{
	ui->theme = theme_names[word];
}

static const struct setting {
	const char *name;
	const char *const *words;
	int (*get)(const struct ui *ui);
	void (*set)(struct ui *ui, int word);
} setting_table[] = {
	{"theme", theme_names, get_theme, set_theme},
	{"mouse", switch_words, get_mouse, set_mouse},
	{"unit", unit_words, get_unit, set_unit},
	{"plot", plot_words, get_plot, set_plot},
	{"counts", count_words, get_counts, set_counts},
	{"axis", axis_words, get_axis, set_axis},
};

#define SETTING_COUNT (sizeof(setting_table) / sizeof(setting_table[0]))

static const struct setting *setting_find(const char *name)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (strcmp(setting_table[i].name, name) == 0)
			return &setting_table[i];
	return NULL;
}

static void apply_word(struct ui *ui, const struct setting *setting, const char *value)
{
	for (int word = 0; setting->words[word]; word++) {
		if (strcmp(setting->words[word], value) == 0) {
			setting->set(ui, word);
			return;
		}
	}
	ui_note(ui, "settings: \"%.40s\" is no value for %s", value, setting->name);
}

static void apply_option(struct ui *ui, const char *name, const char *value, bool with_options)
{
	enum picker_option option = picker_option_find(name);
	struct err err = {0};

	if (option == OPTION_COUNT)
		ui_note(ui, "settings: there is no \"%.40s\"", name);
	else if (with_options && picker_option_parse(&ui->picker, option, value, &err) != 0)
		ui_note(ui, "settings: %.200s", err.message);
}

/* Cuts blanks off both ends, in place. */
static char *trim(char *text)
{
	char *end;

	text += strspn(text, " \t\r");
	end = text + strlen(text);
	while (end > text && strchr(" \t\r", end[-1]))
		end--;
	*end = '\0';
	return text;
}

static void apply_line(struct ui *ui, char *line, bool with_options)
{
	char *equals = strchr(line, '=');
	const struct setting *setting;
	char *name;

	line = trim(line);
	if (*line == '\0' || *line == '#')
		return;
	if (!equals) {
		ui_note(ui, "settings: \"%.40s\" is not \"name = value\"", line);
		return;
	}
	*equals = '\0';
	name = trim(line);
	setting = setting_find(name);
	if (setting)
		apply_word(ui, setting, trim(equals + 1));
	else
		apply_option(ui, name, trim(equals + 1), with_options);
}

void settings_apply(struct ui *ui, const char *text, bool with_options)
{
	char line[256];

	while (*text) {
		size_t length = strcspn(text, "\n");

		(void)snprintf(line, sizeof(line), "%.*s", (int)(length < 255 ? length : 255),
			       text);
		apply_line(ui, line, with_options);
		text += length + (text[length] == '\n');
	}
}

char *settings_format(const struct ui *ui, char *text, size_t size)
{
	size_t used = (size_t)snprintf(text, size, "# written by ipctop (Ctrl-S)\n");
	char value[64];

	for (size_t i = 0; i < SETTING_COUNT && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s = %s\n",
					 setting_table[i].name,
					 setting_table[i].words[setting_table[i].get(ui)]);
	for (unsigned i = 0; i < OPTION_COUNT && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s = %s\n",
					 picker_option_name((enum picker_option)i),
					 picker_option_value(&ui->picker, (enum picker_option)i,
							     value, sizeof(value)));
	return text;
}

void settings_load(struct ui *ui, bool with_options)
{
	char path[PATH_BYTES];
	char *text = path_config("settings", path, NULL) == 0 ? path_read(path) : NULL;

	if (text)
		settings_apply(ui, text, with_options);
	free(text);
}

int settings_save(const struct ui *ui, struct err *err)
{
	char path[PATH_BYTES];
	char text[2048];

	if (path_config("settings", path, err) != 0)
		return -1;
	return path_write(path, settings_format(ui, text, sizeof(text)), err);
}

static void complain(void *context, const char *line)
{
	ui_note(context, "%s", line);
}

void settings_load_keys(struct ui *ui)
{
	char path[PATH_BYTES];
	char *text = path_config("keys.conf", path, NULL) == 0 ? path_read(path) : NULL;

	if (text)
		keymap_read(&ui->keymap, text, complain, ui);
	free(text);
}
