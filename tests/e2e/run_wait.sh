#!/bin/sh
# SPDX-License-Identifier: MIT
# Every transport waits in every way that it claims, and says what spoils a figure.
. "$(dirname "$0")/lib.inc"

ways >"$scratch/ways"
said=$(cut -d' ' -f1 "$scratch/ways" | sort -u | while read -r transport; do
	grep -qx "$transport block" "$scratch/ways" || echo "$transport"
done)
judge "every transport blocks" "not $said" "$([ -s "$scratch/ways" ] && [ -z "$said" ]; echo $?)"

# Two ends that spin on one processor take turns by the scheduler's clock.
pin=none
[ "$(nproc)" -gt 1 ] && pin=split
for wait in spin hybrid; do
	transports=$(sed -n "s/ $wait$//p" "$scratch/ways" | paste -sd,)
	run run -t "$transports" -s 3x5 -n 2 -w 1 --blocks 1 --timeout 60 --budget 60 --wait $wait --pin $pin \
		--csv "$scratch/m.csv"
	status=$?
	cells=$(grep -c " $wait$" "$scratch/ways")
	said=$(/usr/bin/python3 "$here/check_csv.py" "$scratch/m.csv" "$cells" 2 2>&1)
	judge "$wait" "exit $status; $(head -c 300 "$scratch/err") $said" \
		"$([ "$status" -eq 0 ] && [ -z "$said" ]; echo $?)"
	waits=$(/usr/bin/python3 -c 'import csv, sys
print(*{row["wait"] for row in csv.DictReader(open(sys.argv[1], newline=""))
       if row["transport"] != "reference"})' "$scratch/m.csv")
	judge "$wait: the column says so" "$waits" "$([ "$waits" = $wait ]; echo $?)"
	clean "$wait: nothing is left" "$pid"
done

run run -t unix+bytes -s 3x5 -n 2 -w 1 --blocks 1 --wait hybrid --pin same --csv "$scratch/same.csv"
reason=$(column "$scratch/same.csv" reason unix+bytes)
judge "no core of its own is said" "$reason" \
	"$([ "$reason" = "spinning without a core of its own" ]; echo $?)"

# No page of 2 MiB fits into an array of 120 bytes, whatever the kernel is set to.
run run -t tcp+bytes -s 3x5 -n 2 -w 1 --blocks 1 --pages huge --csv "$scratch/huge.csv"
reason=$(column "$scratch/huge.csv" reason tcp+bytes)
judge "small pages in place of huge ones are said" "$reason" \
	"$(echo "$reason" | grep -q 'the kernel gave small ones'; echo $?)"
finish
