#!/bin/sh
# SPDX-License-Identifier: MIT
# Arrays of every dtype from `serve`, read as a program with numpy reads them; and `run`, which
# skips what an encoding does not carry and says why.
. "$(dirname "$0")/lib.inc"

unset http_proxy HTTP_PROXY all_proxy ALL_PROXY

# One server after another, each for a transport and a type: the script says what it found.
E2E_MARK=$mark /usr/bin/python3 "$here/dtypes.py" "$IPCTOP" "$scratch" >"$scratch/judged" 2>&1
status=$?
grep -E '^(not )?ok ' "$scratch/judged"
failures=$((failures + $(grep -c '^not ok ' "$scratch/judged")))
judge "numpy has judged" "exit $status: $(grep -vE '^(not )?ok ' "$scratch/judged" | tail -n 3)" \
	"$status"

run run -t all -s 7:float64,5:float32,3:float16,3:bfloat16,9:uint8,9:int8,2:uint16,2:int16 \
	-n 2 --blocks 1 -w 1 --csv "$scratch/a.csv"
status=$?
said=$(/usr/bin/python3 - "$scratch/a.csv" 7 5 3 9 2 <<'PY' 2>&1
import csv, sys
rows = [row for row in csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8"))
        if row["transport"] != "reference"]
if {row["shape"] for row in rows} != set(sys.argv[2:]):
    print("shapes", {row["shape"] for row in rows})
for row in rows:
    if row["state"] == "skipped" and not row["reason"]:
        print(row["transport"], row["dtype"], "is skipped without a reason")
    if row["state"] not in ("done", "skipped") or row["dtype"] == "float64" != row["state"] == "skipped":
        print(row["transport"], row["dtype"], row["state"], row["reason"])
    if row["state"] == "done" and row["verified"] != row["samples"]:
        print(row["transport"], row["dtype"], row["verified"], "of", row["samples"], "verified")
    bits = int("".join(letter for letter in row["dtype"] if letter.isdigit()))
    if int(row["payload_bytes"]) != int(row["shape"]) * bits // 8:
        print(row["transport"], row["dtype"], row["payload_bytes"])
PY
)
judge "run: dtypes of the product, in the CSV" "exit $status; $said" \
	"$([ $status -eq 0 ] && [ -z "$said" ]; echo $?)"

run run -t tcp+bytes -s 3,4:bool --dtype int16 -n 2 --blocks 1 --csv "$scratch/b.csv"
said=$(grep -v ',reference,' "$scratch/b.csv" | cut -d, -f6,7 | tr '\n' ' ')
judge "--dtype: of shapes that name none" "$said" \
	"$([ "$said" = "shape,dtype 3,int16 4,bool " ]; echo $?)"

examples="$here/../../bench/pairs/examples/pairs.json"
run run --pairs "$examples" -t shell-fifo+bytes,unix+bytes -s 3:uint8 -n 2 --blocks 1 \
	--csv "$scratch/d.csv"
status=$?
said=$(grep '^[^,]*,[^,]*,shell-' "$scratch/d.csv" | cut -d, -f7,15,16)
judge "pairs of version 1: skipped" "exit $status: $said" \
	"$([ "$said" = "uint8,skipped,pairs of protocol 1 carry float64 alone" ]; echo $?)"

run run -p quick --dtype uint8 -t unix+bytes -n 2 --blocks 1 --csv "$scratch/c.csv"
said=$(grep -v ',reference,' "$scratch/c.csv" | cut -d, -f6,7 | tr '\n' ' ')
judge "--dtype: of a preset's shapes" "$said" \
	"$([ "$said" = "shape,dtype 1x3x224x224,uint8 2x1024x16x16,uint8 2x3x16x224x224,uint8 " ]; echo $?)"

finish
