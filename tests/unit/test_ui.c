/* SPDX-License-Identifier: MIT */
/* The interface as a value: keys in, state and commands out. */
#include "bench/plan/preset.h"
#include "tests/support/golden_frame.h"
#include "tests/support/test.h"
#include "tui/cli/options.h"
#include "tui/settings.h"
#include "tui/term/term_names.h"
#include "tui/ui/help_list.h"
#include "tui/ui/picker_options.h"
#include "tui/ui/ui_needs.h"
#include "tui/ui/ui_update.h"

static struct ui ui;
static const struct model *model;
static uint64_t now_ns;

static void begin(enum fixture fixture, enum screen screen)
{
	model = fixture_model(fixture);
	fixture_ui(&ui, fixture, screen);
	ui.columns = 120;
	ui.rows = 40;
	now_ns = UINT64_C(1000000000000);
	ui.now_ns = now_ns;
}

/* A key, and what comes before the next frame. */
static struct command press(uint32_t key)
{
	struct event event = {.kind = EVENT_KEY, .key = key};
	struct command command;

	event.now_ns = now_ns += 1000000;
	command = ui_update(&ui, model, &event);
	ui_follow(&ui, model);
	return command;
}

static enum command_kind press_kind(uint32_t key)
{
	return press(key).kind;
}

static void type(const char *text)
{
	uint32_t glyph;

	while ((glyph = utf8_next(&text)))
		(void)press(glyph);
}

#define CTRL(letter) ((uint32_t)(letter) - '@')

static void test_screens(void)
{
	begin(FIXTURE_RUNNING, SCREEN_SETUP);
	(void)press('2');
	CHECK(ui.screen == SCREEN_LIVE);
	(void)press(CODE_TAB);
	CHECK(ui.screen == SCREEN_COMPARE);
	(void)press(CODE_TAB);
	(void)press(CODE_TAB);
	CHECK(ui.screen == SCREEN_SETUP);
	(void)press(CODE_SHIFT_TAB);
	CHECK(ui.screen == SCREEN_DETAIL);
	(void)press('c');
	CHECK(ui.screen == SCREEN_COMPARE);
	(void)press(CODE_ENTER);
	CHECK(ui.screen == SCREEN_DETAIL);
	CHECK(press_kind('q') == COMMAND_NONE && ui.screen == SCREEN_COMPARE);
	CHECK(press_kind('q') == COMMAND_NONE && ui.screen == SCREEN_LIVE);
}

/* However often and wherever it is pressed. */
static void test_esc_never_quits(void)
{
	for (unsigned screen = 0; screen < SCREEN_COUNT; screen++) {
		for (unsigned fixture = 0; fixture < FIXTURE_COUNT; fixture++) {
			begin(fixture, screen);
			(void)press('?');
			for (int i = 0; i < 10; i++)
				CHECK(press_kind(CODE_ESC) == COMMAND_NONE);
			CHECK(ui.screen == SCREEN_SETUP && !ui.help.open);
		}
	}
}

static void test_quit_asks_while_running(void)
{
	begin(FIXTURE_RUNNING, SCREEN_LIVE);
	CHECK(press_kind('q') == COMMAND_NONE && ui.ask == ASK_QUIT);
	CHECK(press_kind('x') == COMMAND_NONE && ui.ask == ASK_QUIT);
	/* Whatever the size, it says which keys answer. */
	CHECK(golden_has(golden_draw(model, &ui, 80, 24, GLYPHS_UTF8), "y yes   n no"));
	CHECK(golden_has(golden_draw(model, &ui, 40, 12, GLYPHS_UTF8), "y yes  n no"));
	CHECK(golden_has(golden_draw(model, &ui, 16, 6, GLYPHS_UTF8), "quit? y n"));
	CHECK(press_kind(CODE_ESC) == COMMAND_NONE && ui.ask == ASK_NOTHING);
	(void)press('Q');
	CHECK(press_kind('y') == COMMAND_QUIT);
	begin(FIXTURE_DONE, SCREEN_LIVE);
	CHECK(press_kind('q') == COMMAND_QUIT);
	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	CHECK(press_kind(CODE_F1 + 9) == COMMAND_QUIT);
}

static void test_ctrl_c(void)
{
	begin(FIXTURE_RUNNING, SCREEN_DETAIL);
	CHECK(press_kind(CTRL('C')) == COMMAND_STOP);
	CHECK(press_kind(CTRL('C')) == COMMAND_QUIT);
	begin(FIXTURE_RUNNING, SCREEN_DETAIL);
	CHECK(press_kind(CTRL('C')) == COMMAND_STOP);
	now_ns += UINT64_C(2100000000);
	CHECK(press_kind(CTRL('C')) == COMMAND_STOP);
	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	CHECK(press_kind(CTRL('C')) == COMMAND_NONE);
	CHECK(press_kind(CTRL('C')) == COMMAND_QUIT);
	/* In a prompt and in the help as well, and as a signal. */
	begin(FIXTURE_RUNNING, SCREEN_SETUP);
	(void)press('s');
	CHECK(press_kind(CTRL('C')) == COMMAND_STOP);
	begin(FIXTURE_RUNNING, SCREEN_SETUP);
	(void)press('?');
	CHECK(ui_update(&ui, model, &(struct event){.kind = EVENT_INTERRUPT, .now_ns = now_ns})
		      .kind == COMMAND_STOP);
}

static void test_keys_need_a_run(void)
{
	begin(FIXTURE_EMPTY, SCREEN_LIVE);
	CHECK(press_kind('p') == COMMAND_NONE && ui.toast.text[0]);
	CHECK(press_kind('r') == COMMAND_NONE);
	CHECK(press_kind(CODE_ENTER) == COMMAND_NONE && ui.screen == SCREEN_LIVE);
	begin(FIXTURE_DONE, SCREEN_LIVE);
	CHECK(press_kind('p') == COMMAND_NONE && ui.toast.text[0]);
}

static void test_run_commands(void)
{
	struct command command;

	begin(FIXTURE_RUNNING, SCREEN_LIVE);
	CHECK(press_kind('p') == COMMAND_PAUSE && press_kind(CODE_SPACE) == COMMAND_PAUSE);
	command = press('s');
	CHECK(command.kind == COMMAND_SKIP && command.cell == model->current);
	CHECK(press_kind('r') == COMMAND_NONE); /* it is running */
	CHECK(press_kind('x') == COMMAND_NONE);
	ui.cell = 0;
	command = press('r');
	CHECK(command.kind == COMMAND_RETRY && command.cell == 0);
	ui.cell = 2;
	ui.type = 2;
	command = press('x');
	CHECK(command.kind == COMMAND_DROP && command.cell == 2);
}

/* B is the same on all screens of a run, and says why it does nothing. */
static void test_more(void)
{
	static const enum screen screens[] = {SCREEN_LIVE, SCREEN_COMPARE, SCREEN_DETAIL};

	for (size_t i = 0; i < 3; i++) {
		struct command command;

		begin(FIXTURE_CLOSE, screens[i]);
		command = press('B');
		CHECK(command.kind == COMMAND_MORE && command.cell == ui.cell);
		begin(FIXTURE_DONE, screens[i]);
		CHECK(press_kind('B') == COMMAND_NONE);
		CHECK_STR(ui.toast.text, "nothing is undecided at this shape (~)");
		begin(FIXTURE_DUEL, screens[i]);
		CHECK(press_kind('B') == COMMAND_NONE);
		CHECK_STR(ui.toast.text, "a duel has its own rounds: D D fights it again");
		begin(FIXTURE_FAILED, screens[i]);
		CHECK(press_kind('B') == COMMAND_NONE);
		CHECK_STR(ui.toast.text, "this run was stopped: r on setup starts another");
	}
}

/* The rows of compare by median: ws+shm, http+shm, unix+bytes, ws+bytes, ... */
static void test_duel_of_two(void)
{
	struct command command;
	size_t first;

	begin(FIXTURE_DONE, SCREEN_COMPARE);
	first = ui.cell;
	CHECK(press_kind('D') == COMMAND_NONE && ui.mark == first && ui.ask == ASK_NOTHING);
	CHECK(golden_has(golden_draw(model, &ui, 80, 24, GLYPHS_UTF8), "!Dws+bytes"));
	(void)press('j');
	CHECK(press_kind('D') == COMMAND_NONE && ui.ask == ASK_DUEL);
	CHECK(golden_has(golden_draw(model, &ui, 80, 24, GLYPHS_UTF8),
			 "duel ws+bytes against tcp+bytes on 4.2 MB?   y yes   n no"));
	CHECK(golden_has(golden_draw(model, &ui, 16, 6, GLYPHS_UTF8), "duel? y n"));
	command = press('y');
	CHECK(command.kind == COMMAND_DUEL && command.cell == first);
	CHECK(command.opponent == ui.opponent && command.opponent != first);
	CHECK(ui.screen == SCREEN_LIVE && ui.mark == UI_NO_CELL && ui.follow);
}

static void test_duel_with_the_best(void)
{
	struct rows rows;

	begin(FIXTURE_DONE, SCREEN_COMPARE);
	ui_rows(&ui, model, &rows);
	(void)press('D');
	(void)press('D');
	CHECK(ui.ask == ASK_DUEL && ui.opponent == rows.cells[0]);
	/* No is no, and so is the key that quits. */
	CHECK(press_kind('n') == COMMAND_NONE && ui.ask == ASK_NOTHING);
	(void)press('D');
	CHECK(press_kind('q') == COMMAND_NONE && ui.ask == ASK_NOTHING);
	CHECK(press_kind(CODE_ESC) == COMMAND_NONE && ui.mark == UI_NO_CELL);
	CHECK(ui.screen == SCREEN_COMPARE);
	/* The best itself meets the next. */
	(void)press('g');
	(void)press('D');
	(void)press('D');
	CHECK(ui.mark == rows.cells[0] && ui.opponent == rows.cells[1]);
	(void)press('n');
	/* In another shape the mark is that transport's cell there. */
	(void)press('[');
	(void)press('G');
	(void)press('D');
	CHECK(ui.ask == ASK_DUEL && ui.mark == rows.cells[0] - 1);
	CHECK(array_type_equal(&model->cells[ui.mark].plan->type,
			  &model->cells[ui.opponent].plan->type));
}

static void test_duel_needs(void)
{
	begin(FIXTURE_DONE, SCREEN_COMPARE);
	ui.type = 3; /* all */
	(void)press('D');
	CHECK(ui.mark == UI_NO_CELL && strstr(ui.toast.text, "one shape"));
	begin(FIXTURE_EMPTY, SCREEN_LIVE);
	CHECK(press_kind('D') == COMMAND_NONE && ui.mark == UI_NO_CELL);
	/* A run is not thrown away without a word. */
	begin(FIXTURE_RUNNING, SCREEN_LIVE);
	(void)press('D');
	(void)press('D');
	CHECK(golden_has(golden_draw(model, &ui, 120, 40, GLYPHS_UTF8),
			 "stop the run, keep its results, and duel ws+bytes against"));
	/* One side of a duel cannot begin again. */
	begin(FIXTURE_DUEL, SCREEN_LIVE);
	CHECK(press_kind('r') == COMMAND_NONE && strstr(ui.toast.text, "pairs"));
}

/* Steps of a sweep are no rivals: tables have the closed loop, detail goes through them. */
static void test_steps_of_a_sweep(void)
{
	struct rows rows;

	begin(FIXTURE_LOAD, SCREEN_COMPARE);
	ui_rows(&ui, model, &rows);
	CHECK(rows.count == 2 && rows.cells[0] == 0 && rows.cells[1] == PLAN_SWEEP_STEPS);
	CHECK(ui_selected_row(&ui, model, &rows) == 1);
	ui.cell = PLAN_SWEEP_STEPS + 4;
	CHECK(ui_selected_row(&ui, model, &rows) == 1);
	CHECK(rows_cell(model, &model->cells[3].plan->transport,
			&model->cells[3].plan->type) == &model->cells[0]);
	rows_of_type(model, NULL, SORT_MEDIAN, false, &rows);
	CHECK(rows.count == 2 && rows.cells[0] == 0);
	(void)press(CODE_ENTER);
	(void)press('j');
	CHECK(ui.screen == SCREEN_DETAIL && ui.cell == PLAN_SWEEP_STEPS + 5);
	CHECK(golden_has(golden_draw(model, &ui, 120, 40, GLYPHS_UTF8), "planned p99"));
	(void)press('D');
	CHECK(ui.mark == PLAN_SWEEP_STEPS);
}

static void test_moving(void)
{
	struct rows rows;

	begin(FIXTURE_RUNNING, SCREEN_LIVE);
	ui_rows(&ui, model, &rows);
	CHECK(rows.count == 8);
	(void)press('g');
	CHECK(ui_selected_row(&ui, model, &rows) == 0);
	(void)press('k');
	CHECK(ui_selected_row(&ui, model, &rows) == 0);
	(void)press('j');
	(void)press(CODE_DOWN);
	CHECK(ui_selected_row(&ui, model, &rows) == 2);
	(void)press('G');
	CHECK(ui_selected_row(&ui, model, &rows) == 7);
	(void)press(CODE_PAGE_DOWN);
	CHECK(ui_selected_row(&ui, model, &rows) == 7);
	(void)press(']');
	CHECK(ui.type == 2);
	ui_rows(&ui, model, &rows);
	CHECK(ui_selected_row(&ui, model, &rows) == 7);
	(void)press(']');
	CHECK(ui.type == 0);
	(void)press('h');
	CHECK(ui.type == 2);
}

static void test_following(void)
{
	begin(FIXTURE_RUNNING, SCREEN_LIVE);
	ui.cell = 0;
	ui.follow = true;
	ui_follow(&ui, model);
	CHECK(ui.cell == model->current && ui.type == 1);
	(void)press('k');
	CHECK(!ui.follow && ui.cell != model->current);
	(void)press('f');
	CHECK(ui.cell == model->current);
}

/* Whatever is selected stays valid when the model changes under it. */
static void test_another_model(void)
{
	for (unsigned screen = 0; screen < SCREEN_COUNT; screen++) {
		begin(FIXTURE_MANY, screen);
		(void)press('G');
		ui_follow(&ui, fixture_model(FIXTURE_EMPTY));
		CHECK(ui_cell(&ui, fixture_model(FIXTURE_EMPTY)) == NULL);
		ui.cell = 99;
		ui.type = 7;
		ui_follow(&ui, fixture_model(FIXTURE_DONE));
		CHECK(ui_cell(&ui, fixture_model(FIXTURE_DONE)));
		CHECK(ui.type <= 3);
	}
}

static void test_compare_all_shapes(void)
{
	struct rows rows;

	begin(FIXTURE_DONE, SCREEN_COMPARE);
	for (int i = 0; i < 4 && ui_type(&ui, model); i++)
		(void)press(']');
	CHECK(!ui_type(&ui, model));
	ui_rows(&ui, model, &rows);
	CHECK(rows.count == 8);
	for (int i = 0; i < 8; i++) {
		(void)press(i ? 'j' : 'g');
		CHECK(ui_selected_row(&ui, model, &rows) == i && !ui_type(&ui, model));
	}
	(void)press('2');
	CHECK(ui_type(&ui, model));
}

static void test_sorting(void)
{
	struct rows rows;
	double before = 0;

	begin(FIXTURE_FAILED, SCREEN_COMPARE);
	ui.type = 1;
	ui.sort = SORT_MEDIAN;
	ui_rows(&ui, model, &rows);
	CHECK(rows.count == 8);
	for (size_t i = 0; i < 6; i++) {
		const struct cell *cell = &model->cells[rows.cells[i]];

		CHECK(cell->summary.p50_ns >= before);
		CHECK(cell->state == CELL_DONE);
		before = cell->summary.p50_ns;
	}
	/* The wrong one and the failed one are not ranked, also not the other way round. */
	ui.sort_inverted = true;
	ui_rows(&ui, model, &rows);
	CHECK(model->cells[rows.cells[0]].summary.p50_ns == before);
	CHECK(model->cells[rows.cells[6]].state != CELL_DONE);
	CHECK(model->cells[rows.cells[7]].state != CELL_DONE);
	for (int i = 0; i < SORT_COUNT; i++)
		(void)press('>');
	CHECK(ui.sort == SORT_MEDIAN && !ui.sort_inverted);
	(void)press('<');
	CHECK(ui.sort == SORT_NAME);
}

/* Over all types: who is fastest (or slowest) in every shape is first (or last). */
static void test_sorting_all_shapes(void)
{
	struct row_types types;
	struct rows all, one;

	begin(FIXTURE_DONE, SCREEN_COMPARE);
	rows_types(model, &types);
	rows_of_type(model, types.types[1], SORT_MEDIAN, false, &one);
	ui.type = types.count;
	ui.sort = SORT_MEDIAN;
	for (int inverted = 0; inverted < 2; inverted++) {
		const struct transport *ends[2];

		ui_rows(&ui, model, &all);
		CHECK(!ui_type(&ui, model) && all.count == 8);
		ends[inverted] = &model->cells[all.cells[0]].plan->transport;
		ends[!inverted] = &model->cells[all.cells[7]].plan->transport;
		CHECK(rows_cell(model, ends[0], types.types[1]) == &model->cells[one.cells[0]]);
		CHECK(rows_cell(model, ends[1], types.types[1]) == &model->cells[one.cells[7]]);
		(void)press('I');
	}
}

/* What a key cannot do now it says, rather than that nothing runs. */
static void test_unmet_needs(void)
{
	begin(FIXTURE_RUNNING, SCREEN_LIVE);
	ui.cell = model->current;
	CHECK(press_kind('r') == COMMAND_NONE && strstr(ui.toast.text, "not finished"));
	CHECK(press_kind('x') == COMMAND_NONE && strstr(ui.toast.text, "that waits"));
	begin(FIXTURE_DONE, SCREEN_COMPARE);
	ui.columns = 80;
	ui.rows = 24;
	CHECK(!ui_works(&ui, model, ACTION_UNIT) && !ui_works(&ui, model, ACTION_PLOT));
	ui.columns = 120;
	ui.rows = 40;
	CHECK(ui_works(&ui, model, ACTION_UNIT) && ui_works(&ui, model, ACTION_PLOT));
}

/* What the help says when Enter is pressed on this line: the toast, "" if there is none. */
static const char *help_says(enum fixture fixture, enum screen screen, int line)
{
	begin(fixture, screen);
	ui.help = (struct help){.open = true, .selected = line};
	(void)press(CODE_ENTER);
	return ui.toast.text;
}

/* A dimmed line of the help says why it cannot be done now, as its key does. */
static void test_help_says_why(void)
{
	static struct help_lines lines;
	char said[UI_TEXT_BYTES];

	for (unsigned screen = 0; screen < SCREEN_COUNT; screen++) {
		for (unsigned fixture = 0; fixture < FIXTURE_COUNT; fixture++) {
			begin(fixture, screen);
			help_find(&ui, &lines);
			for (int i = 0; i < lines.count; i++) {
				begin(fixture, screen);
				if (ui_works(&ui, model, lines.actions[i]))
					continue;
				(void)press(ui.keymap.keys[lines.actions[i]][0]);
				(void)snprintf(said, sizeof(said), "%s", ui.toast.text);
				CHECK(said[0]);
				CHECK_STR(help_says(fixture, screen, i), said);
			}
		}
	}
}

static void test_zoom(void)
{
	begin(FIXTURE_DONE, SCREEN_DETAIL);
	for (int i = 0; i < 30; i++)
		(void)press('+');
	CHECK(ui.zoom.right - ui.zoom.left > 0.001);
	for (int i = 0; i < 5000; i++)
		(void)press(CODE_RIGHT);
	CHECK(ui.zoom.cursor >= ui.zoom.left && ui.zoom.cursor <= ui.zoom.right);
	for (int i = 0; i < 30; i++)
		(void)press('-');
	CHECK(ui.zoom.left == 0 && ui.zoom.right == 1);
	(void)press('=');
	(void)press('0');
	CHECK(ui.zoom.left == 0 && ui.zoom.right == 1);
}

static void test_matrix_by_cell_row_and_column(void)
{
	struct picker *picker = &ui.picker;

	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	picker->row = 7;
	picker->column = 0;
	CHECK(!picker->cells[7][0].on);
	(void)press(CODE_SPACE);
	CHECK(picker->cells[7][0].on && !picker->cells[7][1].on);
	(void)press(CODE_LEFT);
	CHECK(picker->column == -1);
	(void)press(CODE_SPACE);
	CHECK(picker->cells[7][0].on && picker->cells[7][3].on);
	(void)press(CODE_SPACE);
	CHECK(!picker->cells[7][0].on && !picker->cells[7][3].on);
	(void)press('g');
	CHECK(picker->row == -1);
	(void)press(CODE_RIGHT);
	(void)press(CODE_SPACE);
	for (size_t t = 0; t < picker->transport_count; t++)
		CHECK(picker->cells[t][0].on);
}

static void test_what_cannot_run_says_why(void)
{
	struct picker *picker = &ui.picker;

	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	picker->row = 3;
	picker->column = 3;
	picker->cells[3][3].on = false;
	CHECK(!picker->cells[3][3].possible);
	(void)press(CODE_SPACE);
	CHECK(!picker->cells[3][3].on);
	CHECK(strstr(ui.toast.text, "/dev/shm"));
	(void)press('a');
	CHECK(!picker->cells[3][3].on);
	CHECK(picker_total(picker).cells == 30 && picker_total(picker).skipped == 0);
	CHECK(picker_total(picker).transports == 8 && picker_total(picker).shapes == 4);
	(void)press('a');
	CHECK(picker_total(picker).cells == 0);
	CHECK(press_kind('r') == COMMAND_NONE && ui.screen == SCREEN_SETUP);
	(void)press('i');
	CHECK(picker_total(picker).cells == 30);
	CHECK(press_kind('r') == COMMAND_START && ui.screen == SCREEN_LIVE);
}

static void test_own_shape(void)
{
	struct picker *picker = &ui.picker;

	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	(void)press('s');
	type("(3, x");
	(void)press(CODE_ENTER);
	CHECK(ui.prompt.kind == PROMPT_SHAPE && ui.prompt.error[0]);
	(void)press(CTRL('U'));
	type("(64,64)");
	(void)press(CODE_ENTER);
	CHECK(ui.prompt.kind == PROMPT_NONE && picker->type_count == 5);
	CHECK(picker->own[0] && picker->column == 0 && picker->row == -1);
	CHECK(strstr(ui.toast.text, "64x64") && strstr(ui.toast.text, "all off"));
	CHECK(picker->types[0].shape.dimensions == 2 && picker->types[0].shape.extents[1] == 64);
	CHECK(picker->cells[0][1].on && !picker->cells[0][0].on);
	(void)press('x');
	CHECK(picker->type_count == 4 && picker->cells[0][0].on);
	(void)press('x');
	CHECK(picker->type_count == 4 && ui.toast.text[0]);
	(void)press('s');
	type("0x4");
	(void)press(CODE_ENTER);
	CHECK(ui.prompt.error[0]);
	(void)press(CODE_ESC);
	for (int i = 0; i < 20; i++) {
		char text[16];

		(void)snprintf(text, sizeof(text), "%dx7", i + 2);
		(void)press('s');
		type(text);
		(void)press(CODE_ENTER);
		(void)press(CODE_ESC);
	}
	CHECK(picker->type_count == PICKER_SHAPES_MAX);
}

static void test_options_in_place(void)
{
	struct picker *picker = &ui.picker;
	char text[64];

	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	picker->row = (int)picker->transport_count + OPTION_SAMPLES;
	(void)press(CODE_RIGHT);
	CHECK(picker->options.samples == 2000 && picker->samples_set);
	(void)press(CODE_ENTER);
	CHECK(ui.prompt.kind == PROMPT_OPTION);
	CHECK_STR(ui.prompt.text, "2000");
	(void)press(CODE_BACKSPACE);
	(void)press(CODE_HOME);
	type("1");
	(void)press(CODE_ENTER);
	CHECK(picker->options.samples == 1200);
	picker->row = (int)picker->transport_count + OPTION_SOURCE;
	(void)press(CODE_ENTER);
	CHECK(picker->options.source == SOURCE_FRESH);
	(void)press(CODE_LEFT);
	(void)press(CODE_LEFT);
	CHECK(picker->options.source == SOURCE_FRESH);
	CHECK_STR(picker_option_value(picker, OPTION_BUDGET, text, sizeof(text)), "5 s");
	CHECK_STR(picker_option_value(picker, OPTION_WARMUP, text, sizeof(text)), "auto");
}

/* A shape is what it is on the command line, where a comma separates two. */
static void test_shape_typed(void)
{
	struct err err = {0};

	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	CHECK(picker_add_shape(&ui.picker, "2,3", &err) == -1);
	CHECK_MSG(strstr(err.message, "for one write 2x3"), "%s", err.message);
	CHECK(picker_add_shape(&ui.picker, "(2,3)", NULL) == 0);
}

/* Each option survives any number of steps, and what is shown can be read back. */
static void test_options_step_and_parse(void)
{
	char text[64];

	for (unsigned option = 0; option < OPTION_COUNT; option++) {
		for (int direction = -1; direction <= 1; direction += 2) {
			begin(FIXTURE_EMPTY, SCREEN_SETUP);
			for (int i = 0; i < 100; i++) {
				struct plan_options before;

				picker_option_step(&ui.picker, option, direction);
				before = ui.picker.options;
				(void)picker_option_value(&ui.picker, option, text, sizeof(text));
				CHECK_MSG(picker_option_parse(&ui.picker, option, text, NULL) == 0,
					  "%s: %s", picker_option_name(option), text);
				CHECK(memcmp(&before, &ui.picker.options, sizeof(before)) == 0);
			}
		}
	}
	CHECK(picker_option_parse(&ui.picker, OPTION_SAMPLES, "0", NULL) != 0);
	CHECK(picker_option_parse(&ui.picker, OPTION_SAMPLES, "-1", NULL) != 0);
	CHECK(picker_option_parse(&ui.picker, OPTION_SAMPLES, "1x", NULL) != 0);
	CHECK(picker_option_parse(&ui.picker, OPTION_BUDGET, "nan", NULL) != 0);
	CHECK(picker_option_parse(&ui.picker, OPTION_BUDGET, "0.5", NULL) == 0);
	CHECK(ui.picker.options.budget_ns == 500000000);
	/* As on the command line, which is to take the value in turn. */
	CHECK(picker_option_parse(&ui.picker, OPTION_BUDGET, "250ms", NULL) == 0);
	CHECK(ui.picker.options.budget_ns == 250000000);
	CHECK(picker_option_parse(&ui.picker, OPTION_BUDGET, "1,5", NULL) != 0);
	CHECK(picker_option_parse(&ui.picker, OPTION_BUDGET, "1000000", NULL) == 0);
	CHECK_STR(picker_option_flag(&ui.picker, OPTION_BUDGET, text, sizeof(text)), "-b");
	CHECK_STR(text, "1000000");
	CHECK(picker_option_parse(&ui.picker, OPTION_SAMPLES, "2k", NULL) == 0);
	CHECK(ui.picker.options.samples == 2000);
	CHECK(picker_option_parse(&ui.picker, OPTION_SEED, "2k", NULL) != 0);
	CHECK(picker_option_parse(&ui.picker, OPTION_WAIT, "fast", NULL) != 0);
	CHECK(picker_option_parse(&ui.picker, OPTION_RATE, "0", NULL) != 0);
	CHECK(picker_option_parse(&ui.picker, OPTION_RATE, "0.5", NULL) == 0);
	CHECK(ui.picker.options.rate == 0.5);
	CHECK(picker_option_parse(&ui.picker, OPTION_CLIENTS, "0", NULL) != 0);
	/* By arrows alone from no schedule to a sweep, to numbers, and back. */
	CHECK(picker_option_parse(&ui.picker, OPTION_RATE, "closed", NULL) == 0);
	picker_option_step(&ui.picker, OPTION_RATE, 1);
	CHECK(ui.picker.options.rate == PLAN_RATE_SWEEP);
	picker_option_step(&ui.picker, OPTION_RATE, 1);
	CHECK(ui.picker.options.rate == 100);
	for (int i = 0; i < 9; i++)
		picker_option_step(&ui.picker, OPTION_RATE, -1);
	CHECK(ui.picker.options.rate == 0);
}

static void test_command_line(void)
{
	static char text[4096];
	struct picker *picker = &ui.picker;

	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	picker->preset[0] = '\0';
	picker->options = plan_defaults;
	for (size_t t = 0; t < 8; t++)
		for (size_t s = 0; s < 4; s++)
			picker->cells[t][s].on = t < 2 && s < 2;
	CHECK_STR(picker_command(picker, text, sizeof(text)),
		  "ipctop run -t http+json,http+base64 -s 1x3x224x224,2x1024x16x16");
	picker->cells[1][0].on = false;
	picker->options.samples = 50;
	picker->options.pages = PAGES_HUGE;
	picker->options.budget_ns = 500000000;
	CHECK_STR(picker_command(picker, text, sizeof(text)),
		  "ipctop run -t http+json -s 1x3x224x224,2x1024x16x16 -n 50 -b 0.5 --pages huge; "
		  "ipctop run -t http+base64 -s 2x1024x16x16 -n 50 -b 0.5 --pages huge");
	for (size_t size = 1; size < 80; size++)
		CHECK(strlen(picker_command(picker, text, size)) < size);
}

/* A type is typed with its dtype, or has the usual one, which is the command line's. */
static void test_dtypes(void)
{
	static char text[4096];
	struct picker *picker = &ui.picker;
	struct err err = {0};

	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	CHECK(picker_add_shape(picker, "2x3:uint8", NULL) == 0);
	CHECK(picker->types[picker->column].dtype == DTYPE_UINT8);
	CHECK(picker_add_shape(picker, "2x3", NULL) == 0);
	CHECK(picker->types[picker->column].dtype == DTYPE_FLOAT64);
	CHECK(picker_add_shape(picker, "2x3:u8", &err) == -1);
	CHECK_MSG(strstr(err.message, "did you mean uint8"), "%.300s", err.message);
	picker_init(picker);
	picker_use_dtype(picker, DTYPE_FLOAT16);
	CHECK(picker_apply_preset(picker, preset_find("quick"), NULL) == 0);
	CHECK(picker->type_count == 4 && picker->types[0].dtype == DTYPE_FLOAT16);
	CHECK_STR(picker_command(picker, text, sizeof(text)),
		  "ipctop run -p quick --dtype float16");
	CHECK(picker_apply_lists(picker, "http+bytes", NULL, NULL) == 0 && picker->type_count == 4);
	CHECK(picker_apply_lists(picker, "http+bytes", "5,6:bool", NULL) == 0);
	CHECK(strstr(picker_command(picker, text, sizeof(text)), " -s 6:bool,5:float16"));
}

static void test_presets(void)
{
	static char text[4096];
	struct plan plan;
	struct err err = {0};

	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	picker_init(&ui.picker);
	CHECK(picker_apply_preset(&ui.picker, preset_find("blog"), &err) == 0);
	picker_survey(&ui.picker);
	CHECK(!ui.picker.stale);
	CHECK_STR(picker_command(&ui.picker, text, sizeof(text)), "ipctop run -p blog");
	CHECK(picker_make_plan(&ui.picker, &plan, &err) == 0);
	CHECK_STR(plan.preset, "blog");
	CHECK(plan.cell_count == 24);
	for (size_t i = 0; i < plan.cell_count; i++)
		if (strcmp(plan.cells[i].transport.encoding->name, "json") == 0 &&
		    array_type_bytes(&plan.cells[i].type) == 1u << 30)
			CHECK(plan.cells[i].samples == 5);
	plan_free(&plan);
	(void)press('P');
	CHECK_STR(ui.picker.preset, "quick");
	(void)press('P');
	CHECK_STR(ui.picker.preset, "full");
	(void)press('P');
	CHECK_STR(ui.picker.preset, "frames");
	CHECK(ui.picker.options.direction == DIRECTION_PUSH);
	(void)press('P');
	CHECK_STR(ui.picker.preset, "tensors");
	(void)press('P');
	CHECK_STR(ui.picker.preset, "blog");
	/* What the user says beats the preset's rule. */
	ui.picker.row = (int)ui.picker.transport_count + OPTION_SAMPLES;
	(void)press(CODE_RIGHT);
	CHECK_STR(picker_command(&ui.picker, text, sizeof(text)), "ipctop run -p blog -n 200");
	CHECK(picker_make_plan(&ui.picker, &plan, &err) == 0);
	CHECK(plan.cells[0].samples == 200 && plan.cells[3].samples == 200);
	CHECK_STR(plan.preset, "blog"); /* as run -p blog -n 200 has it */
	plan_free(&plan);
}

/* The command says what was changed, and nothing else. */
static void test_command_of_a_preset(void)
{
	static char text[4096];
	struct picker *picker = &ui.picker;

	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	picker_init(picker);
	CHECK(picker_cells_changed(picker) && !picker_options_changed(picker));
	CHECK(picker_apply_preset(picker, preset_find("quick"), NULL) == 0);
	CHECK(!picker_cells_changed(picker) && !picker_options_changed(picker));
	CHECK(picker_option_parse(picker, OPTION_BUDGET, "2", NULL) == 0);
	CHECK_STR(picker_command(picker, text, sizeof(text)), "ipctop run -p quick -b 2");
	CHECK(picker_option_parse(picker, OPTION_BUDGET, "1", NULL) == 0);
	CHECK_STR(picker_command(picker, text, sizeof(text)), "ipctop run -p quick");
	picker_survey(picker);
	picker_invert(picker);
	CHECK(picker_cells_changed(picker) && strstr(picker_command(picker, text, 4096), " -t "));
	picker_invert(picker);
	/* Where all can run, twice is as it was. */
	CHECK(picker_option_parse(picker, OPTION_RATE, "sweep", NULL) == 0);
	CHECK(picker_option_parse(picker, OPTION_CLIENTS, "3", NULL) == 0);
	CHECK(strstr(picker_command(picker, text, 4096), " --clients 3 --rate sweep"));
	CHECK(picker_apply_preset(picker, preset_find("quick"), NULL) == 0);
	CHECK(picker_apply_lists(picker, "http+json", "1x3x224x224", NULL) == 0);
	CHECK_STR(picker_command(picker, text, sizeof(text)),
		  "ipctop run -p quick -t http+json -s 1x3x224x224");
	/* The blog's rule for samples is beaten by a number, be it the preset's own. */
	CHECK(picker_apply_preset(picker, preset_find("blog"), NULL) == 0);
	CHECK(picker_option_parse(picker, OPTION_SAMPLES, "100", NULL) == 0);
	CHECK_STR(picker_command(picker, text, sizeof(text)), "ipctop run -p blog -n 100");
}

/* What is given on the command line counts, also where it says what the default is. */
static void test_given_options(void)
{
	char *argv[] = {(char[]){"ipctop"},          (char[]){"-b"},     (char[]){"5"},
			(char[]){"--memory=reused"}, (char[]){"--seed"}, (char[]){"9"}};
	struct plan_options over = preset_find("blog")->options;
	struct options options;

	CHECK(over.budget_ns != plan_defaults.budget_ns && over.memory == MEMORY_FRESH);
	CHECK(options_parse(&options, 6, argv, NULL) == 0);
	options_overlay(&over, &options.plan, options.given);
	CHECK(over.budget_ns == UINT64_C(5000000000) && over.memory == MEMORY_REUSED);
	CHECK(over.seed == 9 && over.source == SOURCE_FRESH);
	CHECK(over.samples == preset_find("blog")->options.samples);
}

static void test_lists(void)
{
	struct err err = {0};
	char many[256] = "1";

	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	picker_init(&ui.picker);
	for (int i = 2; i < 15; i++)
		(void)snprintf(many + strlen(many), sizeof(many) - strlen(many), ",%d", i);
	CHECK(picker_apply_lists(&ui.picker, "ws+shm", many, &err) != 0 && err.kind == ERR_RANGE);
	err_clear(&err);
	picker_init(&ui.picker);
	CHECK(picker_apply_lists(&ui.picker, "ws+shm,http+json", "5x5,(2,2)", &err) == 0);
	CHECK(ui.picker.type_count == 6 && ui.picker.own[0] && ui.picker.own[1]);
	picker_survey(&ui.picker);
	CHECK(picker_total(&ui.picker).cells == 4);
	CHECK(picker_apply_lists(&ui.picker, "ws+nonsense", NULL, &err) != 0 && err.message[0]);
}

static void test_prompt_editing(void)
{
	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	(void)press('s');
	type("aµb");
	(void)press(CODE_LEFT);
	(void)press(CODE_LEFT);
	(void)press(CODE_DELETE);
	CHECK_STR(ui.prompt.text, "ab");
	type("é");
	CHECK_STR(ui.prompt.text, "aéb");
	(void)press(CTRL('H'));
	CHECK_STR(ui.prompt.text, "ab");
	(void)press(CODE_END);
	(void)press(CODE_RIGHT);
	(void)press(CODE_DELETE);
	CHECK_STR(ui.prompt.text, "ab");
	for (int i = 0; i < 5; i++)
		(void)press(CODE_BACKSPACE);
	CHECK_STR(ui.prompt.text, "");
	for (int i = 0; i < 1000; i++)
		type("é");
	CHECK(strlen(ui.prompt.text) < UI_TEXT_BYTES);
	/* Letters that are keys elsewhere are letters here. */
	(void)press(CTRL('U'));
	type("hjklq?");
	CHECK_STR(ui.prompt.text, "hjklq?");
}

static void test_export_prompt(void)
{
	struct command command;

	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	(void)press('e');
	CHECK(ui.prompt.kind == PROMPT_EXPORT);
	(void)press(CTRL('U'));
	type("x.csv");
	CHECK(press_kind(CODE_ENTER) == COMMAND_NONE && ui.prompt.error[0]);
	(void)press(CTRL('U'));
	type("x.png");
	CHECK(press_kind(CODE_ENTER) == COMMAND_NONE && ui.prompt.error[0]);
	(void)press(CTRL('U'));
	type("x.svg");
	command = press(CODE_ENTER);
	CHECK(command.kind == COMMAND_EXPORT && ui.prompt.kind == PROMPT_NONE);
	CHECK_STR(command.text, "x.svg");
	begin(FIXTURE_DONE, SCREEN_LIVE);
	(void)press('e');
	CHECK_STR(ui.prompt.text, "ipctop-20261122T180000Z-4711.csv");
	CHECK(press_kind(CODE_ENTER) == COMMAND_EXPORT);
}

static void test_help(void)
{
	begin(FIXTURE_RUNNING, SCREEN_LIVE);
	(void)press('?');
	CHECK(ui.help.open);
	type("pause");
	CHECK_STR(ui.help.filter, "pause");
	CHECK(press_kind(CODE_ENTER) == COMMAND_PAUSE && !ui.help.open);
	(void)press(CODE_F1);
	type("zzz");
	CHECK(press_kind(CODE_DOWN) == COMMAND_NONE && press_kind(CODE_ENTER) == COMMAND_NONE);
	CHECK(ui.help.open);
	(void)press(CODE_BACKSPACE);
	CHECK_STR(ui.help.filter, "zz");
	(void)press(CODE_ESC);
	CHECK(ui.help.open && !ui.help.filter[0]);
	for (int i = 0; i < 200; i++)
		(void)press(CODE_DOWN);
	(void)press(CODE_HOME);
	CHECK(ui.help.selected == 0);
	(void)press(CODE_ESC);
	CHECK(!ui.help.open);
}

/* All that was said can be read, also what a toast showed only the first of. */
static void test_notes(void)
{
	begin(FIXTURE_DONE, SCREEN_SETUP);
	for (int i = 0; i < 100; i++)
		ui_note(&ui, "complaint %d about keys.conf", i);
	(void)press('!');
	CHECK(ui.help.open && ui.help.notes);
	CHECK(golden_has(golden_draw(model, &ui, 80, 24, GLYPHS_UTF8), "complaint 99 about"));
	CHECK(!golden_has(golden_draw(model, &ui, 80, 24, GLYPHS_UTF8), "complaint 60 about"));
	type(" 60 ");
	CHECK(golden_has(golden_draw(model, &ui, 80, 24, GLYPHS_UTF8), "complaint 60 about"));
	CHECK(press_kind(CODE_ENTER) == COMMAND_NONE && ui.help.open);
	(void)press(CODE_ESC);
	for (int i = 0; i < 200; i++)
		(void)press(CODE_DOWN);
	/* The oldest that is kept. */
	CHECK(ui.help.selected == UI_NOTES - 1);
	(void)press(CODE_ESC);
	CHECK(!ui.help.open && ui.screen == SCREEN_SETUP);
}

/* What was asked for and cannot run is not passed over. */
static void test_impossible(void)
{
	char text[UI_TEXT_BYTES];
	struct picker *picker = &ui.picker;

	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	for (size_t t = 0; t < picker->transport_count; t++)
		for (size_t s = 0; s < picker->type_count; s++)
			picker->cells[t][s].on = picker->cells[t][s].possible;
	CHECK(!picker_impossible(picker, text, sizeof(text)));
	picker->cells[3][3].on = true;
	CHECK(picker_impossible(picker, text, sizeof(text)));
	CHECK_STR(text, "http+shm of 128x1024x1024 cannot run here: "
			"needs 1.0 GiB in /dev/shm, 64.0 MiB are free");
	picker->cells[4][3].on = true;
	CHECK(strstr(picker_impossible(picker, text, sizeof(text)), "nor can 1 more"));
	CHECK(golden_has(golden_draw(model, &ui, 80, 24, GLYPHS_ASCII), "2 that cannot run"));
	CHECK(golden_has(golden_draw(model, &ui, 80, 24, GLYPHS_ASCII), "/!"));
}

static void test_toast_goes(void)
{
	begin(FIXTURE_DONE, SCREEN_COMPARE);
	(void)press('>');
	CHECK(ui.toast.text[0] && ui.note_count == 1);
	now_ns += UINT64_C(2500000000);
	(void)ui_update(&ui, model, &(struct event){.kind = EVENT_TICK, .now_ns = now_ns});
	CHECK(!ui.toast.text[0]);
}

static void test_mouse(void)
{
	struct frame_layout frame = layout_frame(120, 40);
	struct layout layout = layout_screen(SCREEN_LIVE, frame.size, frame.body, 8);
	struct rect lines = layout_table_rows(SCREEN_LIVE, frame.size, layout.parts[PART_TABLE]);
	struct event event = {.kind = EVENT_CLICK, .x = 5, .y = lines.y + 6};
	struct rows rows;

	begin(FIXTURE_RUNNING, SCREEN_LIVE);
	event.now_ns = now_ns;
	(void)ui_update(&ui, model, &event);
	ui_rows(&ui, model, &rows);
	CHECK(ui_selected_row(&ui, model, &rows) == 6 && ui.screen == SCREEN_LIVE);
	(void)ui_update(&ui, model, &event);
	CHECK(ui.screen == SCREEN_DETAIL);
	CHECK(press_kind('M') == COMMAND_MOUSE);
	/* Where options stand in the table's place, a click is on one of them. */
	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	ui.columns = 40;
	ui.rows = 12;
	ui.picker.row = (int)ui.picker.transport_count;
	event.y = 3;
	(void)ui_update(&ui, model, &event);
	CHECK(ui.picker.row == (int)ui.picker.transport_count + 1);
	/* Beside the options is no option. */
	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	event.y = 22;
	(void)ui_update(&ui, model, &event);
	CHECK(ui.picker.row >= (int)ui.picker.transport_count);
	ui.picker.row = 0;
	event.x = 110;
	(void)ui_update(&ui, model, &event);
	CHECK(ui.picker.row == 0);
	for (unsigned screen = 0; screen < SCREEN_COUNT; screen++) {
		begin(FIXTURE_RUNNING, screen);
		for (event.y = -1; event.y < 60; event.y++)
			(void)ui_update(&ui, model, &event);
	}
}

/* Beside the table, where the largest screen has all shapes, is no row. */
static void test_mouse_beside_the_table(void)
{
	struct frame_layout frame = layout_frame(200, 60);
	struct layout layout = layout_screen(SCREEN_LIVE, frame.size, frame.body, 8);
	struct rect table = layout_table_rows(SCREEN_LIVE, frame.size, layout.parts[PART_TABLE]);
	struct event event = {.kind = EVENT_CLICK, .y = table.y};
	size_t before;

	begin(FIXTURE_RUNNING, SCREEN_LIVE);
	ui.columns = 200;
	ui.rows = 60;
	event.now_ns = now_ns;
	before = ui.cell;
	CHECK(table.x > 40);
	for (event.x = -1; event.x < 201; event.x++) {
		bool inside = event.x >= table.x && event.x < table.x + table.width;

		ui.cell = before;
		ui.screen = SCREEN_LIVE;
		(void)ui_update(&ui, model, &event);
		CHECK_MSG((ui.cell != before) == inside, "at column %d", event.x);
	}
}

/* Any keys in any state: nothing breaks, and every frame can be drawn. */
static void test_any_keys(void)
{
	uint64_t state = 7;

	for (unsigned fixture = 0; fixture < FIXTURE_COUNT; fixture++) {
		begin(fixture, SCREEN_SETUP);
		for (int i = 0; i < 3000; i++) {
			uint32_t key;

			state = state * 6364136223846793005u + 1442695040888963407u;
			key = (uint32_t)(state >> 33) % 150;
			(void)press(key < 127 ? key + 1 : CODE_UP + key - 127);
			if (i % 50 == 0)
				(void)golden_draw(model, &ui, 1 + (int)(state >> 40) % 200,
						  1 + (int)(state >> 50) % 60, GLYPHS_UTF8);
		}
	}
}

static void test_settings(void)
{
	static struct ui other;
	static char text[4096];
	static char again[4096];

	begin(FIXTURE_EMPTY, SCREEN_SETUP);
	picker_option_step(&ui.picker, OPTION_WAIT, 1);
	picker_option_step(&ui.picker, OPTION_BUDGET, -1);
	ui.unit = UNIT_RATE;
	ui.theme = "light";
	ui.mouse_setting = false;
	(void)settings_format(&ui, text, sizeof(text));
	ui_init(&other);
	settings_apply(&other, text, true);
	CHECK(other.note_count == 0);
	CHECK_STR(settings_format(&other, again, sizeof(again)), text);
	CHECK(strstr(text, "theme = light\n") && strstr(text, "budget = 2 s\n"));
	ui_init(&other);
	settings_apply(&other, text, false);
	CHECK(other.picker.options.wait == WAIT_BLOCK && other.unit == UNIT_RATE);
	settings_apply(&other, "nonsense\nfoo = 1\nunit = miles\nsamples = 0\n# fine\n\n", true);
	CHECK(other.note_count == 4);
}

static void test_terminals(void)
{
	CHECK(term_traits("xterm-256color").synchronized);
	CHECK(!term_traits("tmux-256color").synchronized && term_traits("tmux-256color").titled);
	CHECK(!term_traits("linux").titled && !term_traits("vt100").titled);
	CHECK_STR(term_stand_in("xterm-kitty"), "xterm-256color");
	CHECK(term_stand_in("vt100") == NULL);
	CHECK(term_glyph_set("xterm", "UTF-8", 1) == GLYPHS_UTF8);
	CHECK(term_glyph_set("xterm", "UTF-8", 2) == GLYPHS_ASCII);
	CHECK(term_glyph_set("xterm", "ANSI_X3.4-1968", -1) == GLYPHS_ASCII);
	CHECK(term_glyph_set("linux", "UTF-8", 1) == GLYPHS_CONSOLE);
	CHECK(term_is_dumb(NULL) && term_is_dumb("") && term_is_dumb("dumb") &&
	      term_is_dumb("unknown"));
	CHECK(!term_is_dumb("xterm") && !term_is_dumb("dumber") && !term_is_dumb("vt100"));
}

static const struct test tests[] = {
	{"screens", test_screens},
	{"esc_never_quits", test_esc_never_quits},
	{"quit_asks_while_running", test_quit_asks_while_running},
	{"ctrl_c", test_ctrl_c},
	{"keys_need_a_run", test_keys_need_a_run},
	{"run_commands", test_run_commands},
	{"more of what is undecided", test_more},
	{"moving", test_moving},
	{"following", test_following},
	{"another_model", test_another_model},
	{"compare_all_shapes", test_compare_all_shapes},
	{"sorting", test_sorting},
	{"sorting_all_shapes", test_sorting_all_shapes},
	{"unmet_needs", test_unmet_needs},
	{"help_says_why", test_help_says_why},
	{"zoom", test_zoom},
	{"matrix_by_cell_row_and_column", test_matrix_by_cell_row_and_column},
	{"what_cannot_run_says_why", test_what_cannot_run_says_why},
	{"own_shape", test_own_shape},
	{"options_in_place", test_options_in_place},
	{"shape_typed", test_shape_typed},
	{"options_step_and_parse", test_options_step_and_parse},
	{"command_line", test_command_line},
	{"dtypes", test_dtypes},
	{"more", test_more},
	{"duel_of_two", test_duel_of_two},
	{"duel_with_the_best", test_duel_with_the_best},
	{"duel_needs", test_duel_needs},
	{"steps_of_a_sweep", test_steps_of_a_sweep},
	{"presets", test_presets},
	{"command_of_a_preset", test_command_of_a_preset},
	{"given_options", test_given_options},
	{"lists", test_lists},
	{"prompt_editing", test_prompt_editing},
	{"export_prompt", test_export_prompt},
	{"help", test_help},
	{"notes", test_notes},
	{"impossible", test_impossible},
	{"toast_goes", test_toast_goes},
	{"mouse", test_mouse},
	{"mouse_beside_the_table", test_mouse_beside_the_table},
	{"any_keys", test_any_keys},
	{"settings", test_settings},
	{"terminals", test_terminals},
};

TEST_MAIN(tests)
