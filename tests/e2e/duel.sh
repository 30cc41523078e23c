#!/bin/sh
# SPDX-License-Identifier: MIT
# Two transports in turns until their difference is settled.
. "$(dirname "$0")/lib.inc"

json="$scratch/a.json"

# member NAME: of the duel in the JSON document.
member() {
	/usr/bin/python3 -c 'import json, sys
print(json.load(open(sys.argv[1]))["duel"][sys.argv[2]])' "$json" "$1"
}

# cJSON formats, parses and allocates: no machine is noisy enough to hide that.
run duel http+cjson unix+bytes -s 100x100 -b 20 --json "$json"
status=$?
judge "a clear difference is settled" "exit $status: $(cat "$scratch/out" "$scratch/err")" \
	"$([ $status -eq 0 ] && [ "$(member verdict)" = "B faster" ]; echo $?)"
judge "what an encoding lost is said of a duel too" "$(cat "$scratch/out")" \
	"$(grep -q 'last bits differ' "$scratch/out"; echo $?)"
judge "in eleven rounds, the fewest there can be" "$(member rounds)" \
	"$([ "$(member rounds)" -eq 11 ]; echo $?)"
judge "in words" "$(cat "$scratch/out")" \
	"$(tr '\n' ' ' <"$scratch/out" | grep -q 'unix+bytes is faster than http+cjson: settled'; echo $?)"

run duel unix+bytes unix+bytes -s 10 -b 0.1 --blocks 5 --json "$json"
status=$?
judge "five rounds settle nothing" "exit $status: $(member verdict)" \
	"$([ $status -eq 0 ] && [ "$(member verdict)" = undecided ]; echo $?)"
judge "all of them are counted" "$(member rounds)" "$([ "$(member rounds)" -eq 5 ]; echo $?)"

for wrong in "" "unix+bytes" "unix+bytes tcp+bytes" "unix+bytes tcp+bytes ws+bytes -s 3" \
	"unix+bytes tcp+nothing -s 3" "unix+bytes tcp+bytes -s 3 -p quick" \
	"unix+bytes tcp+bytes -s 3 --rate 10"; do
	run duel $wrong
	status=$?
	judge "refused: duel $wrong" "exit $status: $(cat "$scratch/err")" \
		"$([ $status -eq 2 ] && lines_are "$scratch/err" 1; echo $?)"
done
finish
