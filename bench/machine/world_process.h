/* SPDX-License-Identifier: MIT */
/* Processes of the real world: those functions of struct world. */
#ifndef BENCH_MACHINE_WORLD_PROCESS_H
#define BENCH_MACHINE_WORLD_PROCESS_H

#include "bench/machine/world.h"

int process_spawn(const struct world *world, const struct world_program *program,
		  struct world_process *process, struct err *err);
bool process_reap(const struct world *world, struct world_process *process, bool wait);
bool process_is_stopped(const struct world *world, const struct world_process *process);
void process_kill(const struct world *world, const struct world_process *process);
size_t process_log(const struct world *world, const struct world_process *process, char *text,
		   size_t size);

/*
 * Moves the descriptor above the numbers under which programs look for theirs, so that putting
 * one in its place cannot overwrite another that is still to be moved. -1: it is closed, see
 * errno.
 */
int process_lift(int *fd);

#endif
