/* SPDX-License-Identifier: MIT */
/* What a message looks like by its beginning and its length: recognise.c puts it in words. */
#ifndef TRANSPORTS_RECOGNISE_FIND_H
#define TRANSPORTS_RECOGNISE_FIND_H

#include "transports/seen.h"

/* What was recognised. Zeroed: nothing. */
struct finding {
	const char *what;
	const char *remedy; /* NULL: say what is wanted; "": nothing helps */
	bool shown;         /* its beginning says more */
};

/* What it is that is not what was wanted. Each returns whether it is anything. */
bool find_stranger(const struct seen *seen, struct finding *found);
/* Of what is no text, whatever was wanted. */
bool find_binary(struct head head, struct finding *found);
/* Of letters without spaces. */
bool find_letters(const struct seen *seen, struct finding *found);

#endif
