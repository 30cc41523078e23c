#!/bin/sh
# SPDX-License-Identifier: MIT
# Who failed first is who is named: programs of real pairs that end early, badly or with rubbish.
. "$(dirname "$0")/lib.inc"

csv="$scratch/a.csv"
python=/usr/bin/python3
ways="good:raises good:leaves good:killed good:rubbish good:error good:eof good:set-up good:after
	raises:good leaves:good killed:good rubbish:good error:good set-up:good goes-on:raises
	raises:short killed:short"

$python - "$here" $ways >"$scratch/ends.json" <<'PY'
import json, os, sys
ends = [sys.executable, os.path.abspath(sys.argv[1]) + "/ends.py"]
hear = 'while read -r name value && [ "$name" != begin ]; do :; done; '
shell = lambda text: ["/bin/sh", "-c", hear + text]
serve = "echo ready nowhere; read -r line"
pairs = [(way.replace(":", "-"), [*ends, "server", way.partition(":")[0]],
          [*ends, "client", way.partition(":")[2]]) for way in sys.argv[2:]]
pairs += [
    ("sh-exits", shell(serve), shell("echo ready; read -r line; echo no disk >&2; exit 3")),
    ("sh-leaves", shell(serve), shell("echo ready; read -r line; exit 0")),
    ("sh-killed", shell("echo ready nowhere; kill -9 $$"),
     shell("echo ready; read -r line; echo lost my server >&2; exit 1")),
    ("sh-pipe", shell("echo ready nowhere; kill -13 $$"),
     shell("echo ready; read -r line; sleep 0.1; echo no disk >&2; exit 3")),
]
print(json.dumps({"pairs": [{"name": f"{name}+bytes", "server": server, "client": client}
                            for name, server, client in pairs]}))
PY
names=$($python -c 'import json, sys
print(",".join(pair["name"] for pair in json.load(open(sys.argv[1]))["pairs"]))' "$scratch/ends.json")

# named PAIR PATTERN: who is named in the reason, and with which words.
named() {
	said="$(column "$csv" state "$1+bytes"): $(column "$csv" reason "$1+bytes")"
	judge "$when: $1" "$said" "$(printf '%s\n' "$said" | grep -qE "^failed: $2"; echo $?)"
}

# measured WHEN ARGS...: all of them, with what is named in every case.
measured() {
	when=$1
	shift
	run run --pairs "$scratch/ends.json" -t "$names" -s 2x3 --blocks 1 --timeout 20 \
		--csv "$csv" "$@"
	clean "$when: nothing is left" "$pid"
	client='client: /usr/bin/python3 exited with status'
	server='server: /usr/bin/python3 exited with status'
	named good-raises "$client 1: RuntimeError: the client.s own trouble\$"
	named good-leaves "$client 0"
	named good-killed 'client: /usr/bin/python3 was killed by signal 11'
	named good-rubbish 'client: .*<html>rubbish'
	named good-error 'client: .*the client gives up'
	named good-eof '.*client: .*EOFError: Ran out of input'
	named good-set-up "$client 1: RuntimeError: the client.s own trouble\$"
	named raises-good "$server 1: RuntimeError: the server.s own trouble"
	named leaves-good "$server 0"
	named killed-good 'server: /usr/bin/python3 was killed by signal 11'
	named rubbish-good 'server: .*<html>rubbish'
	named error-good 'server: .*the server gives up'
	named set-up-good "$server 1: RuntimeError: the server.s own trouble"
	named goes-on-raises "$client 1: RuntimeError: the client.s own trouble\$"
	named raises-short "$short"
	named killed-short 'server: /usr/bin/python3 was killed by signal 11'
	named sh-exits 'client: /bin/sh exited with status 3: no disk'
	named sh-leaves 'client: /bin/sh exited with status 0'
	named sh-killed 'server: /bin/sh was killed by signal 9'
	named sh-pipe 'client: /bin/sh exited with status 3: no disk'
}

short='server: /usr/bin/python3 exited with status 1: RuntimeError: the server.s own trouble'
measured "timed" -n 5 -w 1
named good-after "$client 1: RuntimeError: the client.s own trouble\$"
measured "warm-up" -n 5 -w 5
# Each has trouble of its own, and one of several clients may be first to end by it.
short='(server|client): /usr/bin/python3 exited with status 1: RuntimeError: (the server|a short)'
measured "several clients" -n 12 -w 1 --clients 3

# On a schedule the end is noticed at once, while the client is not asked anything.
run run --pairs "$scratch/ends.json" -t good-after+bytes -s 2x3 -n 4 -w 0 -b 60 --blocks 1 --rate 1 \
	--timeout 30 --csv "$csv"
when="on a schedule"
named good-after "$client 1: RuntimeError: the client.s own trouble\$"

# After its last sample a client may end as it likes.
run run --pairs "$scratch/ends.json" -t good-after+bytes -s 2x3 -n 2 -w 0 --blocks 1 --csv "$csv"
status=$?
judge "at the very end" "exit $status, $(column "$csv" reason good-after+bytes)" \
	"$([ $status -eq 0 ]; echo $?)"

# What is to be done.
printf '{"pairs": [{"name": "a+bytes", "server": ["no-such-program"], "client": ["sh"]}]}' \
	>"$scratch/absent.json"
run run --pairs "$scratch/absent.json" -t a+bytes -s 2 -n 1 --blocks 1 --csv "$csv"
said=$(column "$csv" reason a+bytes)
judge "a program that is not there" "$said" \
	"$(echo "$said" | grep -q 'No such file or directory (is it installed, and in PATH?)'; echo $?)"
finish
