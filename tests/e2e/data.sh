#!/bin/sh
# SPDX-License-Identifier: MIT
# What the elements are: --data random|smooth|FILE.npy, by files that numpy has written.
. "$(dirname "$0")/lib.inc"

unset http_proxy HTTP_PROXY all_proxy ALL_PROXY

E2E_MARK=$mark /usr/bin/python3 "$here/data.py" "$scratch" "$IPCTOP" >"$scratch/judged" 2>&1
status=$?
grep -E '^(not )?ok ' "$scratch/judged"
failures=$((failures + $(grep -c '^not ok ' "$scratch/judged")))
judge "numpy has judged" "exit $status: $(grep -vE '^(not )?ok ' "$scratch/judged" | tail -n 3)" \
	"$status"

# moves NAME DATA ARGS...: every cell is done and verified, and its row names the data.
moves() {
	name=$1
	data=$2
	shift 2
	run "$@" -n 4 -w 1 --blocks 1 --csv "$scratch/moves.csv"
	status=$?
	said=$(/usr/bin/python3 - "$scratch/moves.csv" "$data" <<'PY' 2>&1
import csv, sys
rows = [row for row in csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8"))]
for row in rows:
    if row["transport"] == "reference":
        continue
    if row["state"] != "done" or row["verified"] != row["samples"] or row["data"] != sys.argv[2]:
        print(row["transport"], row["state"], row["reason"], row["verified"], row["data"])
print(len(rows) < 2 and "no rows" or "", end="")
PY
)
	judge "$name" "exit $status; $(tail -n 1 "$scratch/err"); $said" \
		"$([ $status -eq 0 ] && [ -z "$said" ]; echo $?)"
}
carried=unix+bytes,tcp+json,http+base64,ws+shm,mp+pickle,lws+cjson
for way in pull push both; do
	moves "a file, $way" frame.npy run -t $carried --data "$scratch/frame.npy" --direction $way
	moves "smooth, $way" smooth run -t $carried -s 33x50:float32,9001:uint8 --data smooth \
		--direction $way
done
moves "a file of columns in the other byte order" column.npy run -t $carried \
	--data "$scratch/column.npy" -s 33x50:float32
moves "a file whose elements are all one" one.npy run -t $carried --data "$scratch/one.npy"
moves "smooth, fresh" smooth run -t $carried -s 5000 --data smooth --source fresh
moves "two clients" frame.npy run -t tcp+bytes --clients 2 --data "$scratch/frame.npy"
moves "a preset, whose shapes give way" frame.npy run -p quick -t tcp+bytes \
	--data "$scratch/frame.npy"
moves "a duel" one.npy duel tcp+bytes unix+bytes --data "$scratch/one.npy"

run run -t tcp+bytes -s 5 --data smooth -n 2 --blocks 1
judge "the heading says so" "$(head -n 1 "$scratch/out")" \
	"$(head -n 1 "$scratch/out" | grep -q 'data smooth'; echo $?)"

# diff joins by it, and takes a file without the column to be of random data.
run run -t tcp+bytes -s 5 -n 2 --blocks 1 --csv "$scratch/random.csv"
run run -t tcp+bytes -s 5 --data smooth -n 2 --blocks 1 --csv "$scratch/smooth.csv"
run diff "$scratch/random.csv" "$scratch/smooth.csv"
judge "diff: random is not smooth" "$(cat "$scratch/out" "$scratch/err")" \
	"$(grep -q 'data: random in A, smooth in B' "$scratch/out" "$scratch/err"; echo $?)"
sed 's/,data,/,was_data,/' "$scratch/random.csv" >"$scratch/old.csv"
run diff "$scratch/old.csv" "$scratch/random.csv"
judge "diff: a file without the column is of random data" "$(cat "$scratch/out")" \
	"$(! grep -q 'only in' "$scratch/out"; echo $?)"

# refused PATTERN ARGS...: exit 2, and one line that says what to do.
refused() {
	pattern=$1
	shift
	run "$@"
	status=$?
	judge "refused: $pattern" "exit $status: $(cat "$scratch/err")" \
		"$([ $status -eq 2 ] && lines_are "$scratch/err" 1 &&
			grep -q -e "$pattern" "$scratch/err"; echo $?)"
}
# file NAME PATTERN: that file is.
file() {
	refused "--data $1.npy: .*$2" run -t tcp+bytes --data "$scratch/$1.npy"
}
file nan 'element \[0, 1\] is NaN or infinite, .*: save numpy.nan_to_num of it'
file inf 'element \[1\] is NaN or infinite'
file bool 'element \[1\] is no bool: save its .astype("bool")'
file object 'Python objects, which are not read: save its .astype("float64")'
file records 'records: save one field of them'
file complex 'dtype "<c16", which no array here has: save'
file scalar 'save its .reshape(1)'
file short '9216 bytes of elements, and 9215 follow: it was cut short'
file long 'and 9217 follow: it was written more than once'
file head 'it ends within its header'
file version 'it is of .npy version 7.0, and 1.0, 2.0 and 3.0 are read'
file text 'it is no .npy file: save the array with numpy.save'
refused 'No such file' run -t tcp+bytes --data "$scratch/none.npy"
mkfifo "$scratch/fifo.npy"
file fifo 'it is no regular file'
refused 'choose from random, smooth, or the name of a file' run -t tcp+bytes -s 3 --data smoth
refused 'do not go together.*add --source ready' \
	run -t tcp+bytes --data "$scratch/frame.npy" --source fresh
refused 'do not go together.*add --source ready' \
	serve -t tcp+bytes --data "$scratch/frame.npy" --source fresh
refused 'is 48x64x3:uint8: leave -s out' run -t tcp+bytes --data "$scratch/frame.npy" -s 48x64x3
refused 'is 48x64x3:uint8: leave -s out' \
	duel tcp+bytes unix+bytes --data "$scratch/frame.npy" -s 2:uint8
refused 'is 48x64x3:uint8: leave -s out' serve -t tcp+bytes --data "$scratch/frame.npy" -s 2:uint8
refused 'draws arrays of its own' run -t py -s 3 --data smooth
refused 'add --direction push' run -t tcp+bytes -s 3 --data smooth --connect tcp://127.0.0.1:1

finish
