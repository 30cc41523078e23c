/* SPDX-License-Identifier: MIT */
/*
 * What a process has counted is written by exit(). Those that end by _exit() write it here, as
 * the linker's --wrap leads them; those that a signal ends do not.
 */
void __gcov_dump(void); /* of libgcov; its header is where only gcc looks */
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);

void __wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}
