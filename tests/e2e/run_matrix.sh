#!/bin/sh
# SPDX-License-Identifier: MIT
# Every transport carries every kind of shape, whatever the source and the memory.
. "$(dirname "$0")/lib.inc"

ones=1
for _ in 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32; do
	ones=${ones}x1
done
shapes="1,3x5,2x0x3,$ones,1x3x224x224"
ours=$(ways | grep -c ' block$')
judge "there are transports" "$ours" "$([ "$ours" -gt 0 ]; echo $?)"

# matrix NAME CELLS SAMPLES ARGS...
matrix() {
	name=$1
	cells=$2
	samples=$3
	shift 3
	run run -t all --timeout 60 --budget 60 --csv "$scratch/m.csv" "$@"
	status=$?
	said=$(/usr/bin/python3 "$here/check_csv.py" "$scratch/m.csv" "$cells" "$samples" 2>&1)
	if [ "$status" -ne 0 ]; then
		not_ok "$name" "exit $status; $(head -c 300 "$scratch/err") $said"
	else
		judge "$name" "$said" "$([ -z "$said" ]; echo $?)"
	fi
	clean "$name: nothing is left" "$pid"
}

for source in ready fresh; do
	for memory in reused fresh; do
		matrix "source $source, memory $memory" $((5 * ours)) 3 -s "$shapes" -n 3 -w 1 --blocks 1 \
			--source $source --memory $memory
	done
done
matrix "several blocks" "$ours" 6 -s 7x11 -n 6 -w 2 --blocks 2
matrix "huge pages, pinned" "$ours" 2 -s 1x3x224x224 -n 2 -w 1 --blocks 1 --pages huge --pin split
finish
