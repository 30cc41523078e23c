#!/bin/sh
# SPDX-License-Identifier: MIT
# Foreign pairs: those that come with ipctop, the examples, programs that play badly, bad files.
. "$(dirname "$0")/lib.inc"

root=$(cd "$here/../.." && pwd)
csv="$scratch/a.csv"
python=/usr/bin/python3
escape=$(printf '\033')
controls=$(printf '[\001-\010\013\014\016-\037\177]|\302[\200-\237]')

# The tests' programs talk to this machine only.
unset http_proxy HTTP_PROXY all_proxy ALL_PROXY

# no_escapes NAME FILE...: nothing that a terminal would obey.
no_escapes() {
	name=$1
	shift
	said=$(LC_ALL=C grep -alE "$controls" "$@" | tr '\n' ' ')
	judge "$name: no escapes" "there are some in $said" "$([ -z "$said" ]; echo $?)"
}

# all_done NAME ROWS: what the csv says of so many cells.
all_done() {
	said=$($python - "$csv" "$2" <<'PY'
import csv, sys
rows = [row for row in csv.DictReader(open(sys.argv[1], newline=""))
        if row["transport"] != "reference"]
if len(rows) != int(sys.argv[2]):
    print(len(rows), "rows")
for row in rows:
    name = row["transport"] + " " + row["shape"]
    if row["state"] != "done":
        print(name, row["state"], row["reason"])
    elif row["samples"] != row["verified"]:
        print(name, row["samples"], "samples, verified", row["verified"])
    elif row["transport"].startswith("py-"):
        for column in ("make_ns", "encode_ns", "carry_ns", "decode_ns", "read_ns", "release_ns",
                       "p50_with_read_ns", "first_ns", "client_peak_rss_bytes",
                       "server_peak_rss_bytes"):
            if not row[column]:
                print(name, "has no", column)
PY
)
	judge "$1" "$said; $(tail -n 3 "$scratch/err")" "$([ -z "$said" ]; echo $?)"
}

# The six in Python, beside their originals.
"$IPCTOP" list >"$scratch/list"
missing=$(grep 'any shape: needs' "$scratch/list")
if [ -n "$missing" ]; then
	skip "pairs in Python" "$(echo "$missing" | head -n 1 | tr -s ' ')"
else
	run run -t py -s 2x1x3,1x3x224x224 -n 2 -w 1 --blocks 1 -b 1 --csv "$csv"
	all_done "pairs in Python: ready, reused" 12
	clean "pairs in Python: ready, reused: nothing is left" "$pid"
	run run -t py -s 1x3x224x224 -n 2 -w 1 --blocks 1 -b 1 --source fresh --memory fresh \
		--csv "$csv"
	all_done "pairs in Python: fresh, fresh" 6
	clean "pairs in Python: fresh, fresh: nothing is left" "$pid"
	run run -t py-ws+shm,py-http+base64,py-mp+pickle -s 50x3 -n 6 -w 1 --blocks 1 --clients 2 \
		--csv "$csv"
	all_done "pairs in Python: two clients" 3
	run run -t ws+bytes,py-ws+bytes -s 2x3 -n 4 -w 1 --blocks 1
	judge "the table holds them against ours" "$(cat "$scratch/out")" \
		"$(grep -q 'VS OURS' "$scratch/out"; echo $?)"
	run run -t py-mp+pickle -s 2x3 -n 1 --blocks 1 --pages huge --csv "$csv"
	said=$(column "$csv" reason py-mp+pickle)
	judge "pairs in Python: no huge pages" "$said" "$(echo "$said" | grep -q 'small pages'; echo $?)"
	for direction in pull push both; do
		run run -t py -s 7,5x3:uint8,3:float16,1:bool -n 2 -w 1 --blocks 1 --csv "$csv" \
			--direction $direction
		all_done "pairs in Python: dtypes, $direction" 24
		clean "pairs in Python: dtypes, $direction: nothing is left" "$pid"
	done
	run run -t py -s 2x0x3:int8/9:uint64,50x3:float32/7:bool -n 3 -w 1 --blocks 1 --clients 2 \
		--source fresh --memory fresh --direction both --csv "$csv"
	all_done "pairs in Python: both ways, fresh, two clients" 12
	clean "pairs in Python: both ways, fresh: nothing is left" "$pid"

	# What is spoilt on its way is caught at its taker, either way.
	$python - "$here" "$root" >"$scratch/spoilt.json" <<'PY'
import json, os, sys
spoilt = ["/usr/bin/python3", os.path.abspath(sys.argv[1]) + "/spoilt_pair.py"]
print(json.dumps({"pairs": [
    {"name": f"{role}-{way}-{scheme}+{encoding}", "checksums": True, "protocol": 2,
     "dtypes": ["uint8"], "directions": ["both"],
     "env": {"PYTHONDONTWRITEBYTECODE": "1"}, "directory": sys.argv[2] + "/bench/pairs/python",
     "server": [*spoilt, f"py_{scheme}.py", role, way],
     "client": [*spoilt, f"py_{scheme}.py", role, way]}
    for role in ("server", "client") for way in ("flip", "swap", "stale")
    for scheme, encoding in (("ws", "shm"), ("http", "json"), ("mp", "pickle"))]}))
PY
	names=$($python -c 'import json, sys
print(",".join(pair["name"] for pair in json.load(open(sys.argv[1]))["pairs"]))' \
		"$scratch/spoilt.json")
	run run --pairs "$scratch/spoilt.json" -t "$names" -s 50x3:uint8 -n 4 -w 1 --blocks 1 \
		--direction both --csv "$csv"
	for pair in $(echo "$names" | tr , ' '); do
		said="$(column "$csv" state "$pair"): $(column "$csv" reason "$pair")"
		case $pair in
		client-*) what='the request that arrived has the checksum' ;;
		*) what='what arrived has the checksum' ;;
		esac
		judge "spoilt: $pair" "$said" "$(echo "$said" | grep -q "^wrong: .*exchange 2: $what";
			echo $?)"
	done
	clean "spoilt: nothing is left" "$pid"
	said=$(E2E_MARK=$mark $python "$here/mp_strangers.py" "$root/bench/pairs/python" 2>&1)
	judge "pairs in Python: strangers take nothing from py-mp" "$said" "$([ -z "$said" ]; echo $?)"
fi

# The examples.
examples="$root/bench/pairs/examples/pairs.json"
"$IPCTOP" list --pairs "$examples" >"$scratch/list"
for pair in shell-fifo+bytes python-unix+bytes node-ws+bytes; do
	missing=$(grep "$pair *any shape: needs" "$scratch/list" | tr -s ' ')
	if [ -n "$missing" ]; then
		skip "example $pair" "$missing"
		continue
	fi
	run run --pairs "$examples" -t $pair -s 2x0x3,100x30 -n 4 -w 1 --blocks 2 -b 2 --csv "$csv"
	all_done "example $pair" 2
	run run --pairs "$examples" -t $pair -s 100x30 -n 3 -w 1 --blocks 1 -b 2 --source fresh \
		--csv "$csv"
	all_done "example $pair: fresh" 1
	clean "example $pair: nothing is left" "$pid"
done

# A program of version 1 is told of nothing that version 1 does not have.
$python - >"$scratch/told.json" <<'PY'
import json
hear = 'said=; while read -r line && [ "$line" != begin ]; do said="$said $line;"; done; '
names = {1: {}, 2: {"protocol": 2, "dtypes": ["float64", "uint8", "bool"],
                    "directions": ["pull", "push", "both"]}}
print(json.dumps({"pairs": [
    {"name": f"told-{version}+bytes", "server": ["/bin/sh", "-c", hear + 'echo "error$said"'],
     "client": ["/bin/sh", "-c", hear], **members} for version, members in names.items()]}))
PY
# told NAME PATTERN ARGS...
told() {
	name=$1
	pattern=$2
	shift 2
	run run --pairs "$scratch/told.json" -n 1 --blocks 1 --csv "$csv" "$@"
	said=$(column "$csv" reason "$name+bytes")
	judge "told: $*" "$said" "$(echo "$said" | grep -qE "$pattern"; echo $?)"
}
told told-1 'ipctop-pair 1; role server; transport told-1\+bytes; shape 2x3; dtype float64; source' \
	-t told-1+bytes -s 2x3
told told-2 'ipctop-pair 2; .*shape 2x3; dtype uint8; direction pull; source' \
	-t told-2+bytes -s 2x3:uint8
told told-2 'shape 5; dtype bool; direction push; request_shape 5; request_dtype bool; source' \
	-t told-2+bytes -s 5:bool --direction push
told told-2 'shape 2; dtype bool; direction both; request_shape 5; request_dtype uint8; source' \
	-t told-2+bytes -s 5:uint8/2:bool --direction both
told told-1 '^pairs of protocol 1 carry float64 alone$' -t told-1+bytes -s 5:uint8
told told-1 '^pairs of protocol 1 take requests without' -t told-1+bytes -s 5 --direction both
told told-2 '^the pair does not carry this dtype' -t told-2+bytes -s 5:uint8/3 --dtype int8 \
	--direction both

# What plays badly fails, and the table and the csv say why.
$python - "$here" "$root" >"$scratch/bad.json" <<'PY'
import json, os, sys
here = os.path.abspath(sys.argv[1])
bad = ["/usr/bin/python3", here + "/bad_pair.py"]
pairs = []
def add(name, server, client, checksums=False):
    pairs.append({"name": f"bad-{name}+bytes", "server": server, "client": client,
                  "checksums": checksums})
for way in ("good flood long-line garbage negative zero absurd too-long too-long-read bad-field "
            "unknown error not-ready dies killed never-ready never-answers ignores-stop loud spawns "
            "late-lines closes-stdout").split():
    add(way, bad + ["server"], bad + [way])
for way in "dies never-ready server-no-address garbage error".split():
    add("server-" + way.removeprefix("server-"), bad + [way], bad + ["good"])
for way in "server-flood server-samples".split():
    add(way, bad + [way], bad + ["never-answers"], True)
add("no-checksum", [*bad, "server"], bad + ["good"], True)
add("absent", ["no-such-program"], bad + ["good"])
add("wrong-checksum", ["/usr/bin/python3", sys.argv[2] + "/bench/pairs/examples/unix_server.py"],
    bad + ["wrong-checksum"], True)
print(json.dumps({"pairs": pairs}))
PY
names=$($python -c 'import json, sys
print(",".join(pair["name"] for pair in json.load(open(sys.argv[1]))["pairs"]))' "$scratch/bad.json")
run run --pairs "$scratch/bad.json" -t "$names" -s 2x3 -n 3 -w 1 --blocks 1 -b 1 --timeout 3 \
	--csv "$csv" --json "$scratch/a.json" --samples-csv "$scratch/s.csv"
status=$?
judge "bad pairs: exit 1" "exit $status: $(cat "$scratch/err")" "$([ $status -eq 1 ]; echo $?)"
clean "bad pairs: nothing is left" "$pid"
no_escapes "bad pairs" "$scratch/out" "$scratch/err" "$csv" "$scratch/a.json" "$scratch/s.csv"

# bad WAY STATE PATTERN
bad() {
	said="$(column "$csv" state "bad-$1+bytes"): $(column "$csv" reason "bad-$1+bytes")"
	judge "bad pair: $1" "$said" "$(echo "$said" | grep -qE "^$2: .*$3"; echo $?)"
}

bad good done ''
bad loud done ''
bad flood failed 'speaks without being asked'
bad late-lines failed 'speaks without being asked'
bad long-line failed 'a line of more than 511 bytes'
bad garbage failed 'client: /usr/bin/python3: said '
bad negative failed 'said "sample -5": a sample.s latency is a whole number of ns'
bad zero failed 'said "sample 0"'
bad absurd failed 'whole number of ns, from 1 to a day'
bad too-long failed 'says 70000000000000 ns of what took [0-9]+ ns in all'
bad too-long-read failed 'says 70000000000000 ns of what took'
bad bad-field failed 'a field is name=value'
bad unknown failed 'not of the protocol'
bad error failed 'no luck today'
bad not-ready failed 'first line is not .ready.'
bad dies failed 'exited with status 3: .*the reason'
bad killed failed 'killed by signal 9'
bad never-ready failed 'no connection within 3 s'
bad never-answers failed 'no reply within 3 s .--timeout.: a program must flush its stdout'
bad ignores-stop failed 'had not ended 3 s after it was told to stop'
bad spawns failed 'exited with status 7'
bad closes-stdout failed 'closed its stdout'
bad server-dies failed 'server: .*exited with status 3: .*the reason'
bad server-never-ready failed 'the server was not set up within 3 s'
bad server-no-address failed 'a server says .ready ADDRESS.'
bad server-garbage failed 'server: '
bad server-error failed 'server: .*no luck today'
bad server-flood failed 'nobody asked for exchange 0|exchange [0-9]+'
bad server-samples failed 'a server that runs says .exchange.'
bad no-checksum failed 'the sample has no checksum='
bad absent failed 'no-such-program exited with status 127: no-such-program: No such file'
bad wrong-checksum wrong 'what arrived has the checksum 1234567, what was sent has'
verified=$(column "$csv" verified bad-good+bytes)
judge "without checksums nothing is verified" "\"$verified\"" "$([ -z "$verified" ]; echo $?)"
judge "what was not told is empty" "$(grep bad-good "$scratch/s.csv")" \
	"$([ "$(grep -c '^bad-good+bytes,2x3,0,[0-9]*,1000,,0,,float64$' "$scratch/s.csv")" -eq 3 ]; echo $?)"

# More than a file of pairs may hold.
$python - "$here" >"$scratch/more.json" <<'PY'
import json, os, sys
bad = ["/usr/bin/python3", os.path.abspath(sys.argv[1]) + "/bad_pair.py"]
ends = {"ready-twice": ("server", "ready-twice"), "closes-stdin": ("server", "closes-stdin"),
        "blank-end": ("server", "blank-end"),
        "server-stranger": ("server-stranger", "never-answers"),
        "server-skips": ("server-skips", "never-answers")}
pairs = [{"name": f"bad-{name}+bytes", "server": [*bad, server],
          "client": [*bad, client], "checksums": server != "server"}
         for name, (server, client) in ends.items()]
pairs.append({"name": "bad-no-request-checksum+bytes", "server": [*bad, "server"],
              "client": [*bad, "checksum"], "checksums": True, "protocol": 2,
              "directions": ["push", "both"]})
print(json.dumps({"pairs": pairs}))
PY
run run --pairs "$scratch/more.json" \
	-t bad-ready-twice+bytes,bad-closes-stdin+bytes,bad-blank-end+bytes,bad-server-stranger+bytes,\
bad-server-skips+bytes -s 2x3 -n 3 -w 1 --blocks 1 -b 1 --timeout 3 --csv "$csv"
bad closes-stdin failed 'closed its stdin'
bad blank-end failed 'exited with status 4: the reason$'
bad ready-twice failed 'a client answers .next. by .sample.'
bad server-stranger failed 'there is no client 9'
bad server-skips failed 'exchange 7 where 0 comes next'
for direction in push both; do
	run run --pairs "$scratch/more.json" -t bad-no-request-checksum+bytes -s 2x3 -n 3 -w 1 \
		--blocks 1 -b 1 --timeout 3 --direction $direction --csv "$csv"
	bad no-request-checksum failed 'the sample has no request_checksum='
done
clean "more bad pairs: nothing is left" "$pid"

# On a schedule; and where the closed loop fails, the shares of its rate are not measured.
run run --pairs "$scratch/bad.json" -t bad-good+bytes -s 2x3 -n 4 -w 0 --blocks 1 --rate 100 \
	--csv "$csv"
status=$?
said="$(column "$csv" samples bad-good+bytes) samples, $(column "$csv" planned_max_ns bad-good+bytes) ns"
judge "on a schedule" "exit $status, $said" \
	"$([ $status -eq 0 ] && echo "$said" | grep -q '^4 samples, [1-9][0-9]* ns$'; echo $?)"
run run --pairs "$scratch/bad.json" -t bad-dies+bytes -s 2x3 -n 4 --blocks 1 --rate sweep --csv "$csv"
status=$?
said=$(grep -c ',skipped,"*the closed loop' "$csv")
judge "a sweep of what fails" "exit $status, $said skipped" \
	"$([ $status -eq 1 ] && [ "$said" -eq 10 ] && has_lines "$csv" 12; echo $?)"
clean "a sweep of what fails: nothing is left" "$pid"

# A host of such a name: no terminal obeys it and no spreadsheet computes it.
named='printf "=1+1\033]0;owned\007" >/proc/sys/kernel/hostname && exec "$@"'
if unshare -u sh -c "$named" sh true 2>/dev/null; then
	E2E_MARK=$mark unshare -u sh -c "$named" sh "$IPCTOP" run --pairs "$scratch/bad.json" \
		-t bad-error+bytes,unix+bytes -s 2x3 -n 3 -w 1 --blocks 1 --csv "$scratch/host.csv" \
		--json "$scratch/host.json" >"$scratch/out" 2>"$scratch/err" </dev/null
	said=$(column "$scratch/host.csv" host unix+bytes)
	judge "a host's name: no formula" "$said" "$([ "$said" = "'=1+1 ]0;owned " ]; echo $?)"
	run diff "$scratch/host.csv" "$scratch/host.csv"
	cp "$scratch/out" "$scratch/diff"
	no_escapes "a host's name" "$scratch/out" "$scratch/err" "$scratch/host.csv" \
		"$scratch/host.json" "$scratch/diff"
else
	skip "a host's name" "no namespace for it may be made here"
fi

# The runner is killed in the middle: what a program has started goes too.
start run --pairs "$scratch/bad.json" -t bad-never-answers+bytes -s 2x3 --blocks 1 --timeout 100
victim_is_up() {
	[ "$(marked | wc -l)" -ge 5 ]
}
if until_ 100 victim_is_up; then
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	clean "runner killed: nothing is left" "$pid"
else
	not_ok "runner killed" "no programs are up: $(cat "$scratch/err")"
fi

# A run is paused and stopped in the same way as ours; SIGINT keeps what was measured.
start run --pairs "$scratch/bad.json" -t bad-good+bytes -s 2x3 -n 1000000000 -b 1000 --blocks 1 \
	--csv "$csv" --samples-csv "$scratch/s.csv"
until_ 100 has_lines "$scratch/s.csv" 100
kill -INT "$pid"
wait "$pid"
status=$?
state=$(column "$csv" state bad-good+bytes)
judge "interrupted" "exit $status, $state" \
	"$([ $status -eq 130 ] && [ "$state" = interrupted ]; echo $?)"
clean "interrupted: nothing is left" "$pid"

# refused NAME TEXT PATTERN: a file that is no good is a usage error, in a line that names it.
refused() {
	printf '%s' "$2" >"$scratch/refused.json"
	run list --pairs "$scratch/refused.json"
	status=$?
	judge "--pairs: $1" "exit $status: $(cat "$scratch/err")" \
		"$([ $status -eq 2 ] && lines_are "$scratch/err" 1 &&
			grep -q 'refused.json' "$scratch/err" && grep -qE "$3" "$scratch/err"; echo $?)"
	no_escapes "--pairs: $1" "$scratch/err" "$scratch/out"
}

ends='"server": ["a"], "client": ["b"]'
refused "not JSON" '{"pairs": [
}' 'is not JSON from line 2 on'
refused "empty" '' 'is not JSON'
refused "another document" '{"run": {}}' 'must be .*pairs'
refused "no pairs" '{"pairs": []}' 'a pair at least'
refused "built-in name" "{\"pairs\": [{\"name\": \"ws+shm\", $ends}]}" 'there is a transport ws\+shm already'
refused "shipped name" "{\"pairs\": [{\"name\": \"py-ws+shm\", $ends}]}" 'there is a transport py-ws\+shm already'
refused "twice the same" "{\"pairs\": [{\"name\": \"a+b\", $ends}, {\"name\": \"a+b\", $ends}]}" 'a\+b already'
refused "no encoding" "{\"pairs\": [{\"name\": \"zmq\", $ends}]}" 'pair 1: "name" must be CARRIER\+ENCODING'
refused "a formula for a name" "{\"pairs\": [{\"name\": \"=1+1\", $ends}]}" '"name" must be CARRIER'
refused "no client" '{"pairs": [{"name": "a+b", "server": ["a"]}]}' 'pair 1 \(a\+b\): "client" is missing'
refused "unknown member" "{\"pairs\": [{\"name\": \"a+b\", \"colour\": 1, $ends}]}" '"colour" is not known'
refused "no directory" "{\"pairs\": [{\"name\": \"a+b\", \"directory\": \"x\", $ends}]}" '"directory" is none'
refused "escapes in a title" \
	"{\"pairs\": [{\"name\": \"a+b\", \"title\": \"\\u001b[2Jx\", $ends}]}" '"title" must be'
refused "escapes in a member" "{\"pairs\": [{\"name\": \"a+b\", \"${escape}[2J\": 1, $ends}]}" 'is not known'
run list --pairs "$scratch/absent.json"
judge "--pairs: no such file" "exit $? $(cat "$scratch/err")" \
	"$(grep -q 'absent.json: cannot be read: No such file' "$scratch/err"; echo $?)"
run list --pairs "$scratch"
judge "--pairs: a folder" "$(cat "$scratch/err")" "$(grep -q 'is not a file' "$scratch/err"; echo $?)"
head -c 70000 /dev/zero | tr '\0' ' ' >"$scratch/large.json"
run list --pairs "$scratch/large.json"
judge "--pairs: too large" "$(cat "$scratch/err")" "$(grep -q 'larger than 64 KiB' "$scratch/err"; echo $?)"
run serve -t py-ws+bytes -s 2
judge "serve refuses them" "$(cat "$scratch/err")" "$(grep -q 'a program of its own' "$scratch/err"; echo $?)"
finish
