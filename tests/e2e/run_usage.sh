#!/bin/sh
# SPDX-License-Identifier: MIT
# Bad input gets one clear line and exit 2; good input is understood in any order.
. "$(dirname "$0")/lib.inc"

# refused NAME PATTERN ARGS...: exit 2, nothing on stdout, one line that has the pattern in it.
refused() {
	name=$1
	pattern=$2
	shift 2
	run "$@"
	status=$?
	if [ "$status" -ne 2 ]; then
		not_ok "$name" "exit $status: $(head -c 200 "$scratch/err")"
	elif [ -s "$scratch/out" ] || ! lines_are "$scratch/err" 1; then
		not_ok "$name" "not one line: $(head -c 300 "$scratch/err" "$scratch/out")"
	else
		judge "$name" "$(cat "$scratch/err")" "$(grep -qe "$pattern" "$scratch/err"; echo $?)"
	fi
}

refused "unknown transport names the nearest" '"http+json"' run -t htp+json -s 3x5
refused "unknown transport in a list" '"ws+shm"' run -t http+json,ws+smh -s 3x5
refused "carrier alone" 'unknown transport' run -t http -s 3x5
refused "empty transport" 'list' run -t http+json,,ws+shm -s 3x5
refused "no transports" 'say what to run' run -s 3x5
refused "no shapes" 'say what to run' run -t http+json
refused "nothing said" 'say what to run' run
refused "malformed shape" 'malformed' run -t http+json -s 3y5
refused "malformed tuple" 'shape' run -t http+json -s '(3,5'
refused "negative extent" 'malformed' run -t http+json -s 3x-5
refused "shape: one more extent is missing" 'write extents like' run -t http+json -s 3x
refused "shape: a capital X" 'write 2x3$' run -t http+json -s 2X3
refused "shape: brackets" 'write 2x3$' run -t http+json -s "5,[2,3]"
refused "shape: a size" 'write 512 for an array of 4096 bytes' run -t http+json -s 4K
refused "list: a size" 'write 512 for an array of 4096 bytes' list --floors -s 7,4K
refused "dtype: of other names" 'did you mean float16: float64, float32' run -t ws+shm -s 3:half
refused "dtype: by its bits" 'did you mean uint8: ' run -t ws+shm -s 3 --dtype u8
refused "dtype: a slip" 'did you mean float32: ' serve -t ws+shm -s 3:flaot32
refused "dtype: none of the kind" '"complex128": float64, float32' duel ws+shm ws+bytes -s 3:complex128
refused "serve: a dtype that the encoding has not" 'numpy has none' serve -t mp+pickle -s 3:bfloat16
refused "duel: several shapes" 'a comma separates shapes; for one write 2x3$' duel ws+shm unix+shm -s 2,3
refused "serve: one shape with a comma" 'for one write 2x3$' serve -t http+json -s 2,3
refused "serve: several tuples" 'one is wanted$' serve -t http+json -s "(2,3),(4,5)"
refused "overflowing extent" 'too large' run -t http+json -s 99999999999999999999
refused "overflowing shape" 'larger than any memory' run -t http+json -s 4294967296x4294967296
refused "33 dimensions" 'more than 32' run -t http+json \
	-s 1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1
refused "unknown option" '--frobnicate' run --frobnicate
refused "unknown letter" 'unknown option "-Z": see ipctop run --help$' run -Z
refused "unknown option names the nearest" 'did you mean --samples? See ipctop run --help$' run --sampels 3
refused "unknown option names whose it may be" 'did you mean --floors, which goes with ipctop list?$' run --flors
refused "one dash" 'two dashes: --samples$' run -samples 3
refused "unknown command names the nearest" 'did you mean ipctop list?' lits
refused "options before the command" 'the command comes before the options' -n 3 run
refused "unknown theme" 'auto|dark|light|mono' --theme drak
refused "option of another command" 'not go with ipctop list but with .*ipctop run.*: see ipctop list --help$' \
	list --samples 3
refused "missing value" 'wants a value' run -t
refused "value where none goes" 'takes no value' run --ascii=yes
refused "unknown command" 'unknown command "rnu"' rnu
refused "extra word" 'unexpected' run -p quick now
refused "unknown preset" 'unknown preset "blgo"' run -p blgo
refused "no samples" '"0" is too small: at least 1$' run -p quick -n 0
refused "not a number" 'whole number' run -p quick -n many
refused "negative number" 'whole number' run -p quick -w -1
refused "number too large" 'too large: at most 1000$' run -p quick --blocks 18446744073709551616
refused "no time" 'more than nothing' run -p quick --timeout 0
refused "time in words" 'number of seconds' run -p quick --budget soon
refused "a point alone" 'number of seconds' run -p quick --budget .
refused "decimal comma" 'number of seconds' run -p quick --budget 1,5
refused "time: a unit that is none" 'number of seconds' run -p quick --budget 10M
refused "time: two units" '0.5, 500ms, 2m$' run -p quick --timeout 1m30s
refused "time: nothing, with a unit" 'more than nothing' run -p quick --timeout 0ms
refused "time: too large" 'too large' run -p quick --timeout 99999999999h
refused "count: K is no unit of counts" 'k or M (of 1000)' run -p quick -n 1K
refused "count: not whole" 'whole number' run -p quick --blocks 0.5
refused "count: too large, with a unit" 'too large: at most 1000$' run -p quick --blocks 2k
refused "a seed counts nothing" 'whole number in digits' run -p quick --seed 1k
refused "a seed of more than 64 bits" 'larger than 64 bits' run -p quick --seed 18446744073709551616
refused "rate: a unit that is none" 'number a second' run -p quick --rate 1G
refused "unknown word" 'ready|fresh' run -p quick --source stale
refused "unknown wait" 'block|spin|hybrid' run -p quick --wait idle
connect="run -t http+json -s 3x5 --connect"
refused "--connect: several transports" 'one transport' run -t http+json,ws+shm -s 3 --connect http://127.0.0.1:1
refused "--connect: several shapes" 'one transport' run -t http+json -s 3,5 --connect http://127.0.0.1:1
refused "--connect: another carrier's scheme" 'begins with http://' $connect ws://127.0.0.1:1
refused "--connect: no scheme" 'begins with http://' $connect 127.0.0.1:1
refused "--connect: no host" 'not an address' $connect http:///random_tolist
refused "--connect: no port" 'not an address' $connect http://127.0.0.1:x/
refused "--connect: port too large" 'not an address' $connect http://127.0.0.1:65536/
refused "--connect: no port where one must be" 'not an address' run -t mp+pickle -s 3 --connect mp://127.0.0.1
refused "--connect: no path" 'not an address' run -t unix+bytes -s 3 --connect unix://socket
refused "--connect: control character" 'character' $connect "$(printf 'http://h:1/\033[31m')"
refused "--connect: --pin" 'pin' $connect http://127.0.0.1:1 --pin same
refused "--connect: serve has none" 'does not go' serve -t http+json -s 3 --connect http://127.0.0.1:1
refused "diff: one file" 'two files' diff a.csv
refused "diff: three files" 'unexpected "c.csv"' diff a.csv b.csv c.csv
refused "diff: stdin twice" "only one" diff - -
refused "diff: no percent" 'number of percent' diff a.csv b.csv --fail-slower much
refused "diff: below nothing" 'number of percent' diff a.csv b.csv --fail-slower -5
refused "diff: option of another command" 'does not go with' diff a.csv b.csv -n 3
refused "--fail-slower elsewhere" 'does not go with' run -p quick --fail-slower 5
refused "line break in an argument" 'unknown' run "--a
b"
refused "serve: no transport" 'serve wants' serve -s 3x5
refused "serve: no shape" 'serve wants' serve -t http+json
refused "serve: several transports" 'unknown transport' serve -t http+json,ws+shm -s 3x5
refused "serve: several shapes" 'shape' serve -t http+json -s 3x5,7
refused "serve: no address" 'numeric address' serve -t http+json -s 3x5 --bind nowhere
refused "serve: not our address" 'listening on' serve -t http+json -s 3x5 --bind 192.0.2.77
refused "serve: port too large" 'too large' serve -t http+json -s 3x5 --port 65536
refused "serve: a port for a socket file" 'socket file' serve -t unix+bytes -s 3x5 --port 1234
refused "worker is not for people" 'for ipctop itself' worker
clean "nothing is left" "$pid"

# The preset's samples are many: what is given wins, wherever it stands.
for order in "-p quick -n 2 --blocks 1 -w 0 --source fresh" \
	"-n 2 --source fresh --blocks 1 -w 0 -p quick"; do
	run run $order -t unix+bytes -s 7 --csv "$scratch/p.csv"
	said="$(column "$scratch/p.csv" samples unix+bytes) $(column "$scratch/p.csv" blocks unix+bytes)"
	said="$said $(column "$scratch/p.csv" source unix+bytes)"
	judge "explicit beats preset: $order" "$said" "$([ "$said" = "2 1 fresh" ]; echo $?)"
done

for form in "-n3" "-n3 -b .2" "-n3 -b 2." "-n 3" "--samples=3" "--samples 3"; do
	run run $form -t unix+bytes -s "(2,3)" --blocks 1 -w 0 --csv "$scratch/p.csv"
	said="$(column "$scratch/p.csv" samples unix+bytes) $(column "$scratch/p.csv" shape unix+bytes)"
	judge "form: $form" "$said" "$([ "$said" = "3 2x3" ]; echo $?)"
done

# What is typed with a unit means what the figure means.
quantities() {
	/usr/bin/python3 -c 'import json, sys
run = json.load(open(sys.argv[1]))["run"]
print(*(run[name] for name in sys.argv[2:]))' "$scratch/q.json" "$@"
}
for form in "-n 1k -b 50ms --timeout 2m:1000 50000000 120000000000" \
	"-n 1.5k -b .05s --timeout 1h:1500 50000000 3600000000000" \
	"-n 2M -b 50000us --timeout 9:2000000 50000000 9000000000"; do
	run run ${form%:*} -t unix+bytes -s 2x3 --blocks 1 -w 0 --json "$scratch/q.json"
	said=$(quantities samples budget_ns timeout_ns 2>&1)
	judge "units: ${form%:*}" "$said $(cat "$scratch/err")" "$([ "$said" = "${form##*:}" ]; echo $?)"
done
run run -t unix+bytes -s 2x3 --rate 1k -n 20 --blocks 1 --csv "$scratch/p.csv"
said=$(column "$scratch/p.csv" rate unix+bytes)
judge "units: --rate 1k" "$said $(cat "$scratch/err")" "$([ "$said" = 1000.00 ]; echo $?)"

# A comma separates, and in parentheses it is numpy's.
run run -t unix+bytes -s "2,3,(4,5), (6,)" -n 1 --blocks 1 -w 0 --csv "$scratch/p.csv"
said=$(grep -v ',reference,' "$scratch/p.csv" | cut -d, -f6 | tail -n +2 | sort | tr '\n' ' ')
judge "commas separate shapes" "$said" "$([ "$said" = "2 3 4x5 6 " ]; echo $?)"

for word in --help -h "run --help" "list -h" "serve --help" "duel --help" "diff -h" --version; do
	run $word
	status=$?
	judge "$word" "exit $status" \
		"$([ $status -eq 0 ] && [ -s "$scratch/out" ] && [ ! -s "$scratch/err" ]; echo $?)"
done
finish
