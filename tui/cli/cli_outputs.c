/* SPDX-License-Identifier: MIT */
/* Two outputs in one file: the second to be written would be all that is left. */
#include "tui/cli/cli_outputs.h"

#include <unistd.h>

#include "bench/report/export_place.h"
#include "tui/cli/cli.h"

/* False where nothing is written or read, or where opening it will fail in words of its own. */
static bool output_find(const struct cli_output *output, struct place *place)
{
	if (!output->path)
		return false;
	if (!cli_is_stream(output->path))
		return place_find(place, output->path, NULL) == 0;
	place_of_stream(place, output->is_read ? STDIN_FILENO : STDOUT_FILENO);
	return place->exists;
}

/* Of two at least one is written. */
static int pair_say(const struct cli_output *a, const struct cli_output *b, struct err *err)
{
	if (cli_is_stream(a->path) && cli_is_stream(b->path))
		return err_set(err, ERR_USAGE,
			       "%s and %s cannot both be '-': stdout takes one of them", a->called,
			       b->called);
	if (a->is_read || b->is_read)
		return err_set(err, ERR_USAGE,
			       "%s %.150s would be written over %s, which is read: give it "
			       "another name",
			       a->is_read ? b->called : a->called, a->is_read ? b->path : a->path,
			       a->is_read ? a->called : b->called);
	return err_set(err, ERR_USAGE,
		       "%s %.120s and %s %.120s are one file: give each a name of its own",
		       a->called, a->path, b->called, b->path);
}

static int pairs_check(const struct cli_output *outputs, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < i; k++) {
			struct place a;
			struct place b;

			if (outputs[i].is_read && outputs[k].is_read)
				continue;
			if (output_find(&outputs[k], &a) && output_find(&outputs[i], &b) &&
			    place_same(&a, &b))
				return pair_say(&outputs[k], &outputs[i], err);
		}
	}
	return 0;
}

/*
 * Whether the output would come to the file that a stream is, among all that is printed there.
 * A pipe that only complaints go to may be wanted for it.
 */
static bool output_is_stream(const struct cli_output *output, int stream)
{
	struct place printed;
	struct place place;

	if (output->is_read || cli_is_stream(output->path) || !output_find(output, &place))
		return false;
	place_of_stream(&printed, stream);
	if (stream == STDERR_FILENO && !S_ISREG(printed.found.st_mode))
		return false;
	return place_keeps_order(&printed) && place_same(&printed, &place);
}

/* The table goes to stdout unless an output does; stderr has complaints. */
static int streams_check(const struct cli_output *outputs, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (output_is_stream(&outputs[i], STDOUT_FILENO))
			return err_set(err, ERR_USAGE,
				       "%s %.200s is stdout, where the table goes: write %s -, and "
				       "the table goes to stderr",
				       outputs[i].called, outputs[i].path, outputs[i].called);
		if (output_is_stream(&outputs[i], STDERR_FILENO))
			return err_set(err, ERR_USAGE,
				       "%s %.200s is stderr, where complaints go: give it another "
				       "name",
				       outputs[i].called, outputs[i].path);
	}
	return 0;
}

int cli_outputs_check(const struct cli_output *outputs, size_t count, struct err *err)
{
	if (pairs_check(outputs, count, err) != 0)
		return -1;
	return streams_check(outputs, count, err);
}
