#!/bin/sh
# SPDX-License-Identifier: MIT
# The program itself under memcheck: every transport, and each of its commands.
. "$(dirname "$0")/../e2e/lib.inc"

csv="$scratch/a.csv"

# ends NAME STATUS ARGUMENTS...: nothing but how it ends is looked at; tests/run has the reports.
ends() {
	name=$1
	wanted=$2
	shift 2
	run "$@"
	status=$?
	judge "$name" "exit $status: $(tail -n 3 "$scratch/err" "$scratch/out")" \
		"$([ $status -eq "$wanted" ]; echo $?)"
}

short="--samples-csv $scratch/samples.csv --timeout 100 -n 2 -w 1 --blocks 1"
ends "every transport" 0 run -t all -s 3x5 --csv "$csv" $short
ends "every transport, all that is fresh" 0 run -t all -s 1x3x60x60 --memory fresh --source fresh \
	--json "$scratch/a.json" $short
ends "spinning, two clients, a schedule" 0 run -t http+json,ws+bytes,mp+pickle,unix+shm -s 2x3 \
	--wait hybrid --clients 2 --rate 50 --csv "$scratch/b.csv" $short
ends "a duel" 0 duel unix+bytes tcp+bytes -s 2x3 -b 0.1 --blocks 5
ends "two results" 0 diff "$csv" "$csv"
ends "list" 0 list
ends "list in JSON" 0 list --json
ends "help" 0 --help
ends "an option that there is not" 2 run --no-such-option

# A server for others, and clients of it.
for transport in http+json ws+bytes mp+pickle unix+bytes; do
	start serve -t $transport -s 2x3
	until_ 600 grep -q '://' "$scratch/out"
	address=$(grep -o '[a-z]*://[^ ]*' "$scratch/out" | head -n 1)
	server=$pid
	cp "$scratch/out" "$scratch/served"
	ends "a client of serve, $transport" 0 run -t $transport -s 2x3 --connect "$address" $short
	kill "$server"
	wait "$server"
	status=$?
	judge "serve, $transport" "exit $status: $(cat "$scratch/served")" "$([ $status -eq 0 ]; echo $?)"
done
finish
