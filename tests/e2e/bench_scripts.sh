#!/bin/sh
# SPDX-License-Identifier: MIT
# The scripts behind `make bench`, each with the fewest exchanges: they measure, judge, keep
# and go on. What the figures are does not matter here. PEERS=DIR adds the peer programs.
. "$(dirname "$0")/lib.inc"
micro=$here/../../tests/speed
programs=$BUILD/tests/speed
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

said=$(/usr/bin/python3 "$here/bench_scripts.py" 2>&1)
judge "statistics, verdicts, going on" "$said" "$([ -z "$said" ]; echo $?)"

# script NAME ARGS...: with figures in $scratch/NAME.csv; its words in $scratch/out.
script() {
	name=$1
	shift
	E2E_MARK=$mark timeout 120 /usr/bin/python3 "$micro/$name.py" "$@" --csv "$scratch/$name.csv" \
		>"$scratch/out" 2>&1 </dev/null
}

# measured NAME LINES FIGURES: the last script printed and kept so much, and nothing failed. But
# on a busy machine a small exchange may take longer than a large one; that is said, and right.
measured() {
	status=$?
	busy='failed: the correction for small messages'
	lines=$(grep -cE " [0-9]+x[0-9]+ .*(met|MET|-), too few|$busy" "$scratch/out")
	grep -q "$busy" "$scratch/out" && status=0
	figures=$(($(wc -l <"$scratch/$name.csv") - 1))
	judge "$1" "exit $status, $lines lines, $figures figures; $(tail -n 3 "$scratch/out")" \
		"$([ $status -eq 0 ] && [ "$lines" -eq "$2" ] && [ "$figures" -eq "$3" ]; echo $?)"
}

"$programs/empty" 100 >"$scratch/out" 2>&1
judge "empty exchanges" "$(cat "$scratch/out")" \
	"$(grep -cE '^ +[08]  in(side clock| all) .* <= +(50|250)  (met|NOT MET)$' "$scratch/out" |
		grep -qx 4; echo $?)"
"$programs/normality" 1000000 >"$scratch/out" 2>&1
status=$?
judge "normal values" "$(cat "$scratch/out")" $status
"$programs/normality" 1000000 1.01 >"$scratch/out" 2>&1
status=$?
judge "values that are not" "exit $status; $(cat "$scratch/out")" \
	"$([ $status -eq 1 ] && grep -q '^variance .* NOT MET$' "$scratch/out"; echo $?)"
E2E_MARK=$mark /usr/bin/python3 "$micro/start.py" "$IPCTOP" --rounds 2 \
	-t unix+bytes,http+bytes >"$scratch/out" 2>&1
judge "pairs that start" "$(cat "$scratch/out")" \
	"$(grep -cE '^(unix|http).* <= (10|25) ms  (met|NOT MET), too few$' "$scratch/out" |
		grep -qx 2; echo $?)"
for stage in format parse charconv; do
	"$programs/alone" $stage 80000 2 >"$scratch/out" 2>&1
	judge "$stage alone" "$(cat "$scratch/out")" "$(grep -qxE '[1-9][0-9]*' "$scratch/out"; echo $?)"
done
for program in bareloop alone; do
	"$programs/$program" nonsense >"$scratch/out" 2>&1
	judge "$program: usage" "$(cat "$scratch/out")" "$(grep -q '^usage: ' "$scratch/out"; echo $?)"
done

# refused NAME PATTERN: the last command ended with 2 and said so.
refused() {
	status=$?
	judge "$1" "exit $status; $(tail -n 1 "$scratch/out")" \
		"$([ $status -eq 2 ] && grep -q "$2" "$scratch/out"; echo $?)"
}

BENCH=nonsense "$micro/run" >"$scratch/out" 2>&1
refused "make bench: an unknown section" 'peers  *[0-9]* min'
script peers "$IPCTOP" "$scratch/nowhere"
refused "peers: a folder that is not there" 'no peers: .*nowhere'
script small "$scratch/nothing" "$programs/bareloop"
refused "a program that is not there" 'is not a program; build it'

if [ "$(nproc)" -lt 2 ]; then
	skip "small, oracles, peers" "one CPU"
	finish
fi
script small "$IPCTOP" "$programs/bareloop" --runs 1 --exchanges 3 --sizes 64B
measured "small: every line" 10 20
script small "$IPCTOP" "$programs/bareloop" --runs 2 --exchanges 3 --sizes 64B --only 'unix*'
measured "small: goes on with the second run" 2 24
script oracles "$IPCTOP" --runs 1 --exchanges 3 --sizes 64B
measured "oracles: sockperf and wrk" 2 4
if [ -n "${PEERS:-}" ]; then
	script peers "$IPCTOP" "$PEERS" --alone "$programs/alone" --runs 1 --exchanges 2 --sizes 1.2MB
	measured "peers: the loops" 13 38
fi
until_ 20 none_marked
judge "no process is left" "$(marked)" $?
finish
