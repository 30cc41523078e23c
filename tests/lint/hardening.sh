#!/bin/sh
# SPDX-License-Identifier: MIT
# What the build's hardening has left in the program: an option that the compiler or the
# linker drops, or a Makefile that loses one, is seen here and nowhere else.
set -u
cd "$(dirname "$0")/../.." || exit 1
LC_ALL=C.UTF-8
export LC_ALL
ipctop=${IPCTOP:-$PWD/ipctop}
failed=0

# holds NAME WHAT PATTERN: a line that is read has the pattern.
holds()
{
	if grep -qE "$3"; then
		echo "ok $1"
	else
		echo "not ok $1: $2"
		failed=1
	fi
}

# lacks NAME WHAT PATTERN: none has it.
lacks()
{
	if grep -E "$3"; then
		echo "not ok $1: $2"
		failed=1
	else
		echo "ok $1"
	fi
}

headers() { readelf -lW "$ipctop"; }
dynamic() { readelf -dW "$ipctop"; }
calls() { readelf -W --dyn-syms "$ipctop"; }
main_code() { objdump -d --disassemble=main "$ipctop"; }

if ! headers >/dev/null 2>&1; then
	echo "not ok hardening: no program at $ipctop (make, or set IPCTOP)"
	exit 1
fi
dynamic | holds it_lies_anywhere "not a position-independent executable" 'FLAGS_1.*\bPIE\b'
headers | holds relocations_are_read_only "no RELRO segment" 'GNU_RELRO'
dynamic | holds symbols_are_bound_at_the_start "bound when first called" 'BIND_NOW|FLAGS_1.*\bNOW\b'
headers | holds the_stack_is_no_code "an executable stack" 'GNU_STACK .* RW +0x'
headers | lacks nothing_is_both_written_and_run "a segment is both" ' RWE '
dynamic | lacks no_library_comes_from_elsewhere "a path for libraries is built in" '\((RPATH|RUNPATH|TEXTREL)\)'
calls | holds frames_have_a_guard "no call of __stack_chk_fail" '__stack_chk_fail'
case ${BUILD:-build/release} in
*/release) # sanitizers check the same calls themselves, and without optimisation no size is known
	calls | holds calls_with_sizes_are_checked "no call of __snprintf_chk" '__snprintf_chk'
	calls | holds copies_are_checked "no call of __memcpy_chk" '__memcpy_chk'
	;;
esac
# In the code, not in the program's notes: Debian 12's start files have none of it, and so no note.
case $(uname -m) in
x86_64) main_code | holds branches_land_on_marks "main begins without endbr64" endbr64 ;;
aarch64) main_code | holds branches_land_on_marks "main begins without a mark" 'bti|paciasp' ;;
esac
exit $failed
