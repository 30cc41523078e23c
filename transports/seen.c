/* SPDX-License-Identifier: MIT */
/* The beginning of a message, and what it should look like. */
#include "transports/seen.h"

#include <limits.h>

#include "transports/message.h"

static bool is_list(const struct seen *seen)
{
	struct head head = seen_head(seen);

	return looks_begin(looks_trim(head), "[") && !looks_wide_text(head, false);
}

static bool is_base64(const struct seen *seen)
{
	return looks_base64(seen_head(seen));
}

static bool is_pickle(const struct seen *seen)
{
	return (seen->bytes && *(const unsigned char *)seen->data == 0x80) ||
	       looks_old_pickle_surely(seen_head(seen));
}

static bool is_npy(const struct seen *seen)
{
	return looks_npy(seen_head(seen));
}

static bool is_safetensors(const struct seen *seen)
{
	return looks_safetensors(seen_head(seen));
}

static bool is_name(const struct seen *seen)
{
	return looks_name(seen_head(seen)) &&
	       (seen->length_bytes <= NAME_MAX || seen->length_bytes == MESSAGE_LENGTH_UNKNOWN);
}

/* What is wanted, and how a message is known to be that. */
static const struct {
	bool (*is)(const struct seen *seen);
	const char *words;
	bool text;
} forms[] = {
	[FORM_ANY] = {NULL, "the array's bytes alone are wanted", false},
	[FORM_LIST] = {is_list, "nested lists of numbers are wanted", true},
	[FORM_BASE64] = {is_base64, "base64 of the array's bytes is wanted", true},
	[FORM_PICKLE] = {is_pickle, "a pickled numpy array is wanted", false},
	[FORM_NPY] = {is_npy, "a .npy file is wanted", false},
	[FORM_SAFETENSORS] = {is_safetensors, "a file in safetensors is wanted", false},
	[FORM_NAME] = {is_name, "the segment's name alone is wanted", true},
	[FORM_UNKNOWN] = {NULL, "", true},
};

uint64_t seen_array_bytes(const struct seen *seen)
{
	return seen->type ? array_type_bytes(seen->type) : 0;
}

bool seen_is_wanted(const struct seen *seen)
{
	return forms[seen->wanted].is && forms[seen->wanted].is(seen);
}

bool seen_wants_text(const struct seen *seen)
{
	return forms[seen->wanted].text;
}

const char *seen_wanted_words(const struct seen *seen)
{
	return forms[seen->wanted].words;
}
