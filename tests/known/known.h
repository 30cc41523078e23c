/* SPDX-License-Identifier: MIT */
/*
 * What the transports of tests/known/ are told: by the environment, which the
 * runner hands on to its workers. They are in a program of their own, which is
 * ipctop with these transports added; each file's constructor adds its rows.
 *
 *   KNOWN_FAULT     what goes wrong: a row of faults.c; nothing if it is not set
 *   KNOWN_ELEMENT   where: first, middle or last
 *   KNOWN_BIT       which bit of it flips
 *   KNOWN_EXCHANGE  at which exchange, the warm-up counted, from 0
 *   KNOWN_CLIENT    with whom; every client if it is not set
 *   KNOWN_DELAY     what an exchange takes: a row of delays.c
 *   KNOWN_LOW_NS, KNOWN_HIGH_NS, KNOWN_SHARE    the figures that it is made of
 *   KNOWN_RIVAL     by how many percent "rival" is slower than "delayed"
 *   KNOWN_CLOCK     if it is set, nothing but that delay takes any time: clock.h
 */
#ifndef TESTS_KNOWN_KNOWN_H
#define TESTS_KNOWN_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "transports/registry.h"

/* The variable's value, or "". */
const char *known_word(const char *variable);

/* The variable's number, or otherwise. A word that is none ends the process. */
uint64_t known_number(const char *variable, uint64_t otherwise);

/* Whether client (from 0) is the one to be treated. */
bool known_is_client(uint64_t client);

/* registry_add; what cannot be added ends the process. */
void known_add(const struct carrier *carrier, const struct encoding *encoding);

#endif
