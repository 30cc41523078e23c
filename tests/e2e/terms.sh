#!/bin/sh
# SPDX-License-Identifier: MIT
# A locale has one answer for all that is printed.
. "$(dirname "$0")/lib.inc"

small="-t unix+bytes -s 2x3 -n 3 --blocks 1"

run run $small --csv "$scratch/a.csv"

# A locale that is not installed is the C locale, in every table.
beyond_ascii() {
	LC_ALL=C grep -c '[^ -~[:cntrl:]]' "$scratch/out"
}
for locale in C POSIX xx_YY.UTF-8 en_XX.utf8; do
	for words in "run $small" "diff $scratch/a.csv $scratch/a.csv" list "list --floors -s 2"; do
		E2E_MARK=$mark LC_ALL=$locale "$IPCTOP" $words >"$scratch/out" 2>&1 </dev/null
		judge "LC_ALL=$locale: ipctop ${words%% *}: ASCII" "$(cat "$scratch/out")" \
			"$([ "$(beyond_ascii)" -eq 0 ]; echo $?)"
	done
done
run run $small
judge "LC_ALL=C.UTF-8: more than ASCII" "$(cat "$scratch/out")" "$([ "$(beyond_ascii)" -gt 0 ]; echo $?)"
finish
