/* SPDX-License-Identifier: MIT */
/* How far a word is from the one that was meant. Pure. */
#ifndef BENCH_TEXT_SLIPS_H
#define BENCH_TEXT_SLIPS_H

#include <stddef.h>

#define SLIPS_LETTERS_MAX 31

/*
 * How many letters were left out, put in, taken for another or for their neighbour to make
 * one word of the other. SIZE_MAX for words of more than SLIPS_LETTERS_MAX bytes.
 */
size_t slips_between(const char *a, const char *b);

/* The slips that are forgiven in a word of so many letters: beyond a third it is a guess. */
size_t slips_forgiven(const char *word);

#endif
