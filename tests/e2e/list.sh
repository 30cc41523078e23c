#!/bin/sh
# SPDX-License-Identifier: MIT
# `list` knows every transport, in words and as JSON, and measures floors.
. "$(dirname "$0")/lib.inc"

carriers=$(rows carriers)
encodings=$(rows encodings)

run list
status=$?
missing=
for carrier in ${carriers:-none}; do
	for encoding in ${encodings:-none}; do
		grep -q "^ *$carrier+$encoding " "$scratch/out" || missing="$missing $carrier+$encoding"
	done
done
judge "text: all transports" "exit $status, without$missing" \
	"$([ $status -eq 0 ] && [ -z "$missing" ]; echo $?)"
missing=
for word in blog quick full 1x3x224x224 128x1024x1024 --source --samples 'block|spin' 'Huge pages'; do
	grep -qe "$word" "$scratch/out" || missing="$missing $word"
done
judge "text: shapes, presets, defaults" "without$missing" "$([ -z "$missing" ]; echo $?)"

missing=
for line in "^  pickle  *all but bfloat16: numpy has none$" "^  bytes  *all$" \
		"^  py-ws+bytes  *all but bfloat16; pull|push|both$" "^  1x3x224x224  *1.2 MB of float64$"; do
	grep -q "$line" "$scratch/out" || missing="$missing $line"
done
judge "text: dtypes" "without$missing" "$([ -z "$missing" ]; echo $?)"
run list --dtype uint8
judge "--dtype: the shapes' sizes" "$(grep 1x3x224x224 "$scratch/out")" \
	"$(grep -q "^  1x3x224x224  *150.5 kB of uint8$" "$scratch/out"; echo $?)"

for words in --help --version list "list --json" "list --floors -s 1"; do
	E2E_MARK=$mark "$IPCTOP" $words >/dev/full 2>"$scratch/err" </dev/null
	status=$?
	judge "$words: a full stdout is told of" "exit $status: $(cat "$scratch/err")" \
		"$([ $status -eq 1 ] && lines_are "$scratch/err" 1; echo $?)"
done

run list --json
status=$?
said=$(/usr/bin/python3 - "$scratch/out" "$carriers" "$encodings" <<'PY' 2>&1
import json, sys
text = open(sys.argv[1], encoding="utf-8").read()
document = json.loads(text)
for carrier in sys.argv[2].split():
    for encoding in sys.argv[3].split():
        if '"%s+%s"' % (carrier, encoding) not in text:
            print("without", carrier + "+" + encoding)
for word in ("blog", "quick", "full", "128x1024x1024"):
    if word not in text:
        print("without", word)
if not isinstance(document, dict):
    print("no object")
for transport in document["transports"]:
    if "block" not in transport["wait"] or transport["memory"] != ["reused", "fresh"]:
        print(transport["name"], "waits", transport["wait"], "memory", transport["memory"])
    numpys = transport["foreign"] or transport["name"].split("+")[1] in ("pickle", "npy", "f16")
    if ("bfloat16" in transport["dtypes"]) == numpys:
        print(transport["name"], "carries", transport["dtypes"])
    if transport["directions"] != ["pull", "push", "both"]:
        print(transport["name"], "goes", transport["directions"])
    if "small" not in transport["pages"]:
        print(transport["name"], "pages", transport["pages"])
PY
)
judge "json: parses, all transports" "exit $status $said" \
	"$([ $status -eq 0 ] && [ -z "$said" ]; echo $?)"

# floors_are JSON-FILE PIN SIZES LINE: complaints about the floors in it, none is good.
floors_are() {
	/usr/bin/python3 - "$@" <<'PY' 2>&1
import json, sys
path, pin, sizes, line = sys.argv[1:]
floors = json.load(open(path, encoding="utf-8"))["floors"]
payloads = [row["payload_bytes"] for row in floors["sizes"]]
if floors["pin"] != pin:
    print("pin is", floors["pin"])
if payloads != [int(size) for size in sizes.split(",")]:
    print("the payloads are", payloads)
figures = {name: floors[name] for name in ("wakeup_ns", "wakeup_spin_ns", "clock_ns", "clock_step_ns")}
for row in floors["sizes"]:
    for name in ("memcpy_ns", "read_ns", "fault_ns"):
        figures["%s of %d" % (name, row["payload_bytes"])] = row[name]
if line == "line":
    figures["line_ns"] = floors["line_ns"]
elif floors["line_ns"] is not None or line not in floors["line_missing"]:
    print("line_ns is", floors["line_ns"], "since", floors["line_missing"])
for name, value in figures.items():
    if not (isinstance(value, (int, float)) and value > 0):
        print(name, "is", value)
PY
}

# floors NAME PIN LINE [COMMAND...]: the floors as JSON, under a command that places us.
floors() {
	name=$1 pin=$2 line=$3
	shift 3
	E2E_MARK=$mark "$@" "$IPCTOP" list --floors --json --pin "$pin" -s 3x5,2x3,1x3x224x224 \
		>"$scratch/out" 2>"$scratch/err"
	status=$?
	said=$(floors_are "$scratch/out" "$pin" 120,48,1204224 "$line")
	judge "$name" "exit $status $(cat "$scratch/err") $said" \
		"$([ $status -eq 0 ] && [ -z "$said" ]; echo $?)"
}

unpinned="the kernel may move both"
[ "$(nproc)" -ge 2 ] || unpinned="only one CPU"
cpu=$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')
floors "floors: all that is measured without pinning" none "$unpinned" env
floors "floors: --pin same" same "one CPU" env
floors "floors: one CPU says what it cannot measure" none "only one CPU" taskset -c "$cpu"
if [ "$(nproc)" -ge 2 ]; then
	floors "floors: --pin split has the line" split line env
else
	skip "floors: --pin split has the line" "one CPU"
fi

run list --floors --ascii -s 2x3 --pin same
judge "floors: table in ASCII" "$(cat "$scratch/out" "$scratch/err")" \
	"$(grep -q '^  2x3  *48 B  *[0-9.]*[nu]s  *[0-9.]* [MG]B/s .*[0-9.]*us$' "$scratch/out" &&
		! LC_ALL=C grep -q '[^ -~]' "$scratch/out"; echo $?)"
until_ 20 none_marked
judge "floors: no process is left" "$(marked)" $?
run list -s 2x3
status=$?
judge "shapes go with --floors" "exit $status $(cat "$scratch/err")" \
	"$([ $status -eq 2 ] && grep -q -e '--floors' "$scratch/err"; echo $?)"
E2E_MARK=$mark taskset -c "$cpu" "$IPCTOP" list --floors --pin split >"$scratch/out" 2>"$scratch/err"
status=$?
judge "floors: --pin split on one CPU is refused" "exit $status $(cat "$scratch/err")" \
	"$([ $status -eq 2 ] && grep -q 'two CPUs' "$scratch/err"; echo $?)"
finish
