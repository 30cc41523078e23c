/* SPDX-License-Identifier: MIT */
/*
 * What both JSON encodings take and refuse: lists of numbers as RFC 8259 has them, and the
 * same words for what is written otherwise. Pure.
 */
#ifndef TRANSPORTS_ENCODINGS_JSON_WORDS_H
#define TRANSPORTS_ENCODINGS_JSON_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "transports/err.h"

/* JSON has no limit; ours is far beyond what any double needs. */
#define JSON_NUMBER_BYTES_MAX 1023

/* Where in a text something stands that may not. */
enum json_place {
	JSON_AT_START,
	JSON_IN_PLACE_OF_ELEMENT, /* after a bracket */
	JSON_AFTER_COMMA,
	JSON_AFTER_ELEMENT,
	JSON_AFTER_LIST, /* behind the whole list */
};

/* Adds to err what is odd about the text from the byte on that may not stand there. Returns -1. */
int json_add_words(const char *at, size_t bytes, enum json_place place, struct err *err);

/* The place of text[at], by what is in front of it. */
enum json_place json_place_of(const char *text, size_t at);

/*
 * The first byte of a text that JSON does not have although cJSON reads over it, or bytes if
 * there is none: white space of other kinds, numbers spelled otherwise or too long, what follows
 * the list.
 * *over: the list has ended before it.
 */
size_t json_find_lax(const char *text, size_t bytes, bool *over);

/* Whether there is nothing but white space. */
bool json_is_blank(const char *text, size_t bytes);

#endif
