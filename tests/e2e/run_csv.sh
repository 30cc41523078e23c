#!/bin/sh
# SPDX-License-Identifier: MIT
# What `run` writes, where, and when it refuses to.
. "$(dirname "$0")/lib.inc"

quick="-t unix+bytes,http+json -s 3x5 -n 4 -w 1 --blocks 2"
csv="$scratch/a.csv"

run run $quick --csv "$csv"
said=$(/usr/bin/python3 "$here/check_csv.py" "$csv" 2 4 2>&1)
judge "csv: header and rows" "$said" "$([ -z "$said" ]; echo $?)"
judge "csv: the table goes to stdout" "$(cat "$scratch/out")" \
	"$(grep -q 'unix+bytes' "$scratch/out"; echo $?)"
judge "csv: stderr is silent" "$(cat "$scratch/err")" "$([ ! -s "$scratch/err" ]; echo $?)"
judge "csv: no other file is beside it" "$(ls -A "$scratch")" \
	"$([ "$(ls -A "$scratch" | tr '\n' ' ')" = "a.csv err out " ]; echo $?)"

run run $quick --csv -
cp "$scratch/out" "$scratch/b.csv"
said=$(/usr/bin/python3 "$here/check_csv.py" "$scratch/b.csv" 2 4 2>&1)
judge "csv: '-' is stdout" "$said" "$([ -z "$said" ]; echo $?)"
judge "csv: the table then goes to stderr" "$(cat "$scratch/err")" \
	"$(grep -q 'unix+bytes' "$scratch/err"; echo $?)"

: >"$scratch/full.csv"
chmod 640 "$scratch/full.csv"
ln -s full.csv "$scratch/link.csv"
run run $quick --csv "$scratch/link.csv"
judge "csv: a link stays a link" "it does not" \
	"$([ -L "$scratch/link.csv" ] && has_lines "$scratch/full.csv" 3; echo $?)"
judge "csv: the file keeps its mode" "$(stat -c %a "$scratch/full.csv")" \
	"$([ "$(stat -c %a "$scratch/full.csv")" = 640 ]; echo $?)"

# unwritable NAME OPTION PATH: exit 2, one line on stderr, nothing measured.
unwritable() {
	run run $quick "$2" "$3" --samples-csv "$scratch/never.csv"
	status=$?
	if [ "$status" -ne 2 ]; then
		not_ok "$1" "exit $status"
	elif ! lines_are "$scratch/err" 1 || [ -s "$scratch/out" ]; then
		not_ok "$1" "not one line: $(cat "$scratch/err" "$scratch/out")"
	else
		judge "$1" "it was measured first" "$([ ! -e "$scratch/never.csv" ]; echo $?)"
	fi
}

unwritable "csv: in no directory" --csv "$scratch/none/a.csv"
unwritable "csv: a directory" --csv "$scratch"
unwritable "csv: no name" --csv ""
unwritable "csv: where nobody can write" --csv /proc/a.csv
unwritable "json: in no directory" --json "$scratch/none/a.json"
unwritable "json: twice stdout" "--json=-" --csv=-

# shared NAME PATTERN OPTION FILE OPTION FILE: refused before anything is written, or changed.
shared() {
	name=$1
	pattern=$2
	shift 2
	before=$(ls -A "$scratch" | sort; cat "$scratch/kept")
	run run $quick "$@"
	status=$?
	judge "$name" "exit $status: $(cat "$scratch/err")" \
		"$([ $status -eq 2 ] && lines_are "$scratch/err" 1 && grep -q "$pattern" "$scratch/err" &&
			[ "$(ls -A "$scratch" | sort; cat "$scratch/kept")" = "$before" ]; echo $?)"
}
echo "what is in it" >"$scratch/kept"
ln "$scratch/kept" "$scratch/hard"
ln -s new "$scratch/soft"
mkdir "$scratch/sub"
ln -s ../sub "$scratch/sub/around"
new="$scratch/new"
shared "one file: csv and json" 'are one file: give each' --csv "$new" --json "$new"
shared "one file: by another way" 'are one file' --csv "$new" --json "$scratch/sub/../new"
shared "one file: by a link of its directory" 'are one file' \
	--json "$scratch/sub/new" --samples-csv "$scratch/sub/around/new"
shared "one file: by a link that leads to nothing yet" 'are one file' --csv "$scratch/soft" --json "$new"
shared "one file: by a hard link" 'are one file' --csv "$scratch/kept" --samples-csv "$scratch/hard"
cp "$here/../../bench/pairs/examples/pairs.json" "$scratch/pairs.json"
shared "one file: the pairs are read" 'written over --pairs, which is read' \
	--pairs "$scratch/pairs.json" --csv "$scratch/pairs.json"
shared "one file: stdout by another name" "are one file" --csv - --json /dev/stdout
for to in '>>"$scratch/kept"' '| cat >>"$scratch/kept"'; do
	eval '"$IPCTOP" run $quick --csv /dev/stdout 2>"$scratch/err" </dev/null' "$to"
	judge "one file: csv and table ($to)" "$(cat "$scratch/err" "$scratch/kept")" \
		"$(grep -q 'is stdout, where the table goes' "$scratch/err" &&
			[ "$(cat "$scratch/kept")" = "what is in it" ]; echo $?)"
done
"$IPCTOP" run $quick --csv "$scratch/kept" >"$scratch/out" 2>>"$scratch/kept" </dev/null
judge "one file: csv and complaints" "$(cat "$scratch/out" "$scratch/kept")" \
	"$(grep -q 'is stderr, where complaints go' "$scratch/kept" && [ ! -s "$scratch/out" ]; echo $?)"
rm -r "$scratch/sub" "$scratch/soft" "$scratch/hard" "$scratch/kept" "$scratch/pairs.json"
run run $quick --csv /dev/null --json /dev/null
judge "nothing is lost in /dev/null" "$(cat "$scratch/err")" "$([ ! -s "$scratch/err" ]; echo $?)"
run run $quick --samples-csv "$scratch/none/s.csv"
status=$?
judge "samples: in no directory" "exit $status: $(cat "$scratch/err")" \
	"$([ $status -eq 2 ] && lines_are "$scratch/err" 1; echo $?)"

for option in csv json samples-csv; do
	run run $quick --$option /dev/full
	status=$?
	judge "$option: a full disk is told of" "exit $status: $(cat "$scratch/err")" \
		"$([ $status -eq 1 ] && grep -q 'No space left' "$scratch/err" &&
			[ -c /dev/full ]; echo $?)"
done

run run $quick --csv /dev/full --json "$scratch/a.json"
status=$?
judge "json: it is written where the csv cannot be" "exit $status: $(cat "$scratch/err")" \
	"$([ $status -eq 1 ] && [ -s "$scratch/a.json" ] && grep -q /dev/full "$scratch/err"
		echo $?)"

run run $quick --json "$scratch/a.json"
said=$(/usr/bin/python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
cells = next(v for v in d.values() if isinstance(v, list) and len(v) == 2)
assert all(c["state"] == "done" for c in cells), cells' "$scratch/a.json" 2>&1)
judge "json: read by Python" "$said" "$([ -z "$said" ]; echo $?)"
run run $quick --json -
said=$(/usr/bin/python3 -c 'import json, sys; json.load(sys.stdin)' <"$scratch/out" 2>&1)
judge "json: '-' is stdout" "$said" "$([ -z "$said" ]; echo $?)"

run run $quick --samples-csv "$scratch/s.csv" --csv "$csv"
said=$(/usr/bin/python3 - "$scratch/s.csv" "$csv" <<'PY'
import collections, csv, sys
samples = list(csv.DictReader(open(sys.argv[1], newline="")))
found = collections.defaultdict(list)
for row in samples:
    found[row["transport"]].append(int(row["latency_ns"]))
for row in csv.DictReader(open(sys.argv[2], newline="")):
    if row["transport"] == "reference":
        continue
    mine = found[row["transport"]]
    if len(mine) != int(row["samples"]):
        print(row["transport"], len(mine), "samples of", row["samples"])
    elif (min(mine), max(mine)) != (int(row["min_ns"]), int(row["max_ns"])):
        print(row["transport"], "min or max is another")
if {(r["block"], r["sample"]) for r in samples} != {(b, s) for b in "01" for s in "01"}:
    print("blocks and samples are numbered otherwise")
PY
)
judge "samples: as many as were taken" "$said" "$([ -z "$said" ]; echo $?)"

# A locale of our own with a decimal comma, so that none need be installed.
cat >"$scratch/comma" <<'LOCALE'
comment_char %
escape_char /
LC_CTYPE
END LC_CTYPE
LC_NUMERIC
decimal_point ","
thousands_sep "."
grouping 3;3
END LC_NUMERIC
LOCALE
mkdir "$scratch/locales"
localedef -c -i "$scratch/comma" -f ANSI_X3.4-1968 "$scratch/locales/comma" >/dev/null 2>&1
point=$(LOCPATH=$scratch/locales LC_ALL=comma /usr/bin/python3 -c 'import locale
locale.setlocale(locale.LC_NUMERIC, "")
print(locale.localeconv()["decimal_point"])' 2>/dev/null)
if [ "$point" = , ]; then
	LOCPATH=$scratch/locales LC_ALL=comma
	export LOCPATH
	run run $quick --csv "$csv" --json "$scratch/a.json" --budget 2.5
	LC_ALL=C.UTF-8
	said=$(/usr/bin/python3 "$here/check_csv.py" "$csv" 2 4 2>&1
		/usr/bin/python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$scratch/a.json" 2>&1)
	judge "csv and json: a point in a locale of commas" "$said" "$([ -z "$said" ]; echo $?)"
else
	skip "csv and json: a point in a locale of commas" "localedef cannot make one here"
fi

E2E_MARK=$mark "$IPCTOP" run $quick --csv - >/dev/full 2>"$scratch/err" </dev/null
status=$?
judge "csv: a full stdout is told of" "exit $status: $(cat "$scratch/err")" \
	"$([ $status -ne 0 ] && grep -q '^ipctop: ' "$scratch/err"; echo $?)"
for closed in '>&-' '<&- >&-' '<&- >&- 2>&-'; do
	rm -f "$csv" "$scratch/s.csv"
	eval E2E_MARK=$mark timeout $((60 * slowness)) '"$IPCTOP"' run $quick --csv '"$csv"' \
		--samples-csv '"$scratch/s.csv"' '</dev/null 2>"$scratch/err"' "$closed"
	status=$?
	said=$(/usr/bin/python3 "$here/check_csv.py" "$csv" 2 4 2>&1)
	judge "started with $closed: told of, and all else is whole" \
		"exit $status: $said $(cat "$scratch/err")" \
		"$([ $status -eq 1 ] && [ -z "$said" ] && lines_are "$scratch/s.csv" 9; echo $?)"
done
clean "nothing is left" "$pid"
finish
