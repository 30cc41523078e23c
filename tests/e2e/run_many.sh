#!/bin/sh
# SPDX-License-Identifier: MIT
# Many cells in one plan, and many samples in one cell (MANY_SAMPLES, of which none may be lost).
. "$(dirname "$0")/lib.inc"

csv="$scratch/a.csv"
samples="$scratch/samples.csv"
many=${MANY_SAMPLES:-100000}

# Eight shapes for each of the transports: more than 256 cells.
run run -t all -s 1,2,3,4,5,6,7,8 -n 1 -w 0 -b 1 --blocks 1 --csv "$csv"
status=$?
cells=$(tail -n +2 "$csv" | wc -l)
done=$(tail -n +2 "$csv" | cut -d, -f15 | grep -c '^done$')
judge "256 cells and more" "exit $status: $done of $cells are done: $(head -n 3 "$scratch/err")" \
	"$([ $status -eq 0 ] && [ "$cells" -ge 256 ] && [ "$done" -eq "$cells" ]; echo $?)"
clean "256 cells and more: nothing is left" "$pid"

# What the runner was too slow to fetch is missing from --samples-csv, and it says how many.
run run -t unix+bytes -s 1 -n "$many" -b 600 --blocks 1 --csv "$csv" --samples-csv "$samples"
status=$?
counted=$(grep -v ',reference,' "$csv" | cut -d, -f15,19,20 | tail -n 1)
missing=$(sed -n 's/.* \([0-9][0-9]*\) samples are missing from .*/\1/p' "$scratch/err")
written=$(($(wc -l <"$samples") - 1))
judge "$many samples are counted and verified" "$counted" \
	"$([ "$counted" = "done,$many,$many" ]; echo $?)"
judge "$many samples are written, or said to be missing" \
	"exit $status: $written written, ${missing:-0} said to be missing: $(cat "$scratch/err")" \
	"$([ $((written + ${missing:-0})) -eq "$many" ] && [ $status -eq $((${missing:-0} > 0)) ]; echo $?)"
finish
