#!/bin/sh
# SPDX-License-Identifier: MIT
# Several clients at once, and requests on a schedule.
. "$(dirname "$0")/lib.inc"

csv="$scratch/a.csv"
samples="$scratch/samples.csv"

# load NAME CLIENTS RATE OPTIONS...: a run whose rows and samples must be right.
load() {
	name=$1 clients=$2 rate=$3
	shift 3
	run run --blocks 2 -w 3 "$@" --clients "$clients" --csv "$csv" --samples-csv "$samples"
	status=$?
	said=$(/usr/bin/python3 "$here/check_load.py" "$csv" "$samples" "$clients" "$rate" 2>&1)
	judge "$name" "exit $status: $said $(head -n 3 "$scratch/err")" \
		"$([ $status -eq 0 ] && [ -z "$said" ]; echo $?)"
}

every=http+json,http+shm,ws+bytes,ws+shm,lws+bytes,mp+pickle,mp+shm,unix+bytes,unix+shm,tcp+base64
load "three clients, every carrier" 3 0 -t $every -s 16x3x5 -n 60
load "one client on a schedule" 1 400 -t $every -s 16x3x5 -n 40 --rate 400
load "four clients on a schedule" 4 1000 -t http+bytes,unix+shm -s 100x100 -n 80 --rate 1000
# Whatever a library thinks of idle connections.
load "one client, seconds of pause" 1 0.5 -t http+bytes,ws+bytes,lws+bytes -s 3x5 -n 3 -w 0 \
	--blocks 1 --rate 0.5
load "64 clients, 1.2 MB" 64 0 -t http+bytes,ws+bytes,lws+bytes,mp+bytes,unix+bytes,tcp+bytes \
	-s 1x3x224x224 -n 64 -w 1 -b 1 --blocks 1

# The limit holds over all clients.
run run -t unix+bytes -s 4 -n 10 -w 0 --blocks 2 --clients 3 --csv "$csv"
taken=$(column "$csv" samples unix+bytes)
judge "samples are limited over all clients" "$taken" "$([ "$taken" -le 10 ]; echo $?)"

# A client that dies takes the cell with it, and the others of its pair.
has_sample() {
	grep -q '^unix+bytes,' "$samples" 2>/dev/null
}
rm -f "$samples"
start run -t unix+bytes -s 1x3x224x224 -n 1000000 -b 100 --blocks 1 --clients 3 --csv "$csv" \
	--samples-csv "$samples"
until_ 600 has_sample || not_ok "a client dies" "no sample: $(cat "$scratch/err")"
kill -9 "$(worker_of "$pid" client)"
wait "$pid"
reason=$(column "$csv" reason unix+bytes)
judge "a client dies" "$reason" "$(echo "$reason" | grep -q 'client.*killed'; echo $?)"
clean "a client dies: nothing is left" "$pid"

run run -t unix+bytes -s 16 -n 44 -b 1 --blocks 2 --rate sweep --csv "$csv"
grep -v ',reference,' "$csv" >"$csv.cells"
judge "a sweep: eleven rows" "$(wc -l <"$csv.cells") lines" "$(has_lines "$csv.cells" 12; echo $?)"
judge "a sweep: one without a rate" "$(cut -d, -f14 "$csv.cells")" \
	"$([ "$(cut -d, -f14 "$csv.cells" | grep -c '^$')" -eq 1 ]; echo $?)"

for wrong in "--clients 0" "--clients 129" "--rate 0" "--rate -1" "--rate 1e3" "--rate fast"; do
	run run -t unix+bytes -s 4 $wrong
	status=$?
	judge "refused: $wrong" "exit $status" "$([ $status -eq 2 ]; echo $?)"
done
finish
