#!/bin/sh
# SPDX-License-Identifier: MIT
# A terminal that can do nothing gets text and nothing else; a locale has one answer for all.
. "$(dirname "$0")/lib.inc"

small="-t unix+bytes -s 2x3 -n 3 --blocks 1"

# on_terminal SETTING ARGS...: ipctop on a terminal of its own, under env SETTING; all that it writes.
on_terminal() {
	setting=$1
	shift
	# shellcheck disable=SC2086 # "-u TERM" is two words
	E2E_MARK=$mark env $setting /usr/bin/python3 -c 'import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "$IPCTOP" "$@" \
		>"$scratch/out" 2>&1 </dev/null
}

escapes() {
	tr -dc '\033' <"$scratch/out" | wc -c
}

run run $small --csv "$scratch/a.csv"
for setting in TERM=dumb TERM= "-u TERM" TERM=unknown; do
	for words in "run $small" "diff $scratch/a.csv $scratch/a.csv" list "list --floors -s 2" "$small"; do
		on_terminal "$setting" $words
		status=$?
		judge "$setting: ipctop ${words%% *}: no escape sequence" "exit $status, $(escapes) of them" \
			"$([ $status -eq 0 ] && [ -s "$scratch/out" ] && [ "$(escapes)" -eq 0 ]; echo $?)"
	done
	judge "$setting: why there is no dashboard" "$(cat "$scratch/out")" \
		"$(grep -q 'no dashboard here (.*): running without a screen' "$scratch/out"; echo $?)"
done
on_terminal TERM=dumb run $small --color always
judge "TERM=dumb: colours that were asked for" "none" "$([ "$(escapes)" -gt 0 ]; echo $?)"
on_terminal TERM=xterm run $small
judge "TERM=xterm: colours and a line of progress" "none" \
	"$([ "$(escapes)" -gt 0 ] && grep -q "$(printf '\033\\[K')" "$scratch/out"; echo $?)"
on_terminal "TERM=xterm NO_COLOR=1" run $small
judge "NO_COLOR: no colours" "$(cat -v "$scratch/out")" \
	"$(! grep -q "$(printf '\033\\[[0-9;]*m')" "$scratch/out"; echo $?)"

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
