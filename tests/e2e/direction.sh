#!/bin/sh
# SPDX-License-Identifier: MIT
# Arrays go there, and both ways: over real pairs, on the command line, from programs in Python.
. "$(dirname "$0")/lib.inc"

unset http_proxy HTTP_PROXY all_proxy ALL_PROXY

transports=
count=0
for carrier in $(rows carriers); do
	for encoding in bytes json shm; do
		transports=$transports${transports:+,}$carrier+$encoding
		count=$((count + 1))
	done
done

# moves DIRECTION CELLS SAMPLES SHAPES ARGS...: every cell is done, and its row says so.
moves() {
	way=$1
	cells=$2
	samples=$3
	shapes=$4
	shift 4
	run run -t "$transports" -s "$shapes" -n "$samples" -w 1 --timeout 60 --budget 60 \
		--blocks 1 --direction "$way" --csv "$scratch/$way.csv" "$@"
	status=$?
	said=$(/usr/bin/python3 "$here/direction.py" rows "$scratch/$way.csv" "$way" "$cells" \
		"$samples" 2>&1)
	judge "$way $shapes $*" "exit $status; $(tail -n 1 "$scratch/err"); $said" \
		"$([ $status -eq 0 ] && [ -z "$said" ]; echo $?)"
	clean "$way $shapes $*: nothing is left" "$pid"
}

few=$transports
transports=all
moves push $((2 * $(ways | grep -c ' block$'))) 3 3x5,1
moves both "$(ways | grep -c ' block$')" 3 3x5/1
transports=$few
moves push $((2 * count)) 3 3x5,64x129
moves push "$count" 3 64x129 --source fresh --memory fresh
moves both $((2 * count)) 3 3x5,7x3/64x129
moves both "$count" 3 64x129/2 --source fresh --memory fresh
moves push "$count" 4 600 --clients 2
moves both "$count" 4 600 --clients 2 --source fresh
transports=unix+bytes,tcp+json,ws+shm,http+base64
moves both 4 4 600 --pages huge
grep -q 'direction both' "$scratch/out"
judge "the table says which way" "$(head -n 3 "$scratch/out")" $?

# Programs of version 1 answer requests without an array.
run run --pairs "$here/../../bench/pairs/examples/pairs.json" -t unix+bytes,shell-fifo+bytes -s 3 \
	-n 1 -w 1 --blocks 1 --direction push --csv "$scratch/py.csv"
said=$(column "$scratch/py.csv" state shell-fifo+bytes
	column "$scratch/py.csv" reason shell-fifo+bytes)
judge "pairs of version 1 are skipped, with the reason" "$said" \
	"$(echo "$said" | grep -q '^skipped$' && ! echo "$said" | grep -q done; echo $?)"

# A push is no pull.
run diff "$scratch/push.csv" "$scratch/both.csv"
judge "diff keeps directions apart" "$(tail -n 3 "$scratch/out")" \
	"$(grep -q 'direction: push in A, both in B' "$scratch/out" &&
		! grep -q 'faster\|slower\|noise' "$scratch/out"; echo $?)"

# refused NAME PATTERN ARGS...: exit 2, and one line that says what to do.
refused() {
	name=$1
	pattern=$2
	shift 2
	run "$@"
	status=$?
	judge "$name" "exit $status: $(cat "$scratch/err")" \
		"$([ $status -eq 2 ] && lines_are "$scratch/err" 1 &&
			grep -q "$pattern" "$scratch/err"; echo $?)"
}
refused "two arrays for pull" "that is --direction both, and this is pull" \
	run -t tcp+bytes -s 2x3/5
refused "two arrays for push" "that is --direction both, and this is push" \
	duel tcp+bytes unix+bytes -s 2x3/5 --direction push
refused "two arrays for a server that sends" "that is --direction both" serve -t tcp+bytes -s 2/3
refused "no such direction" "choose from pull|push|both" run -t tcp+bytes -s 2 --direction up

# given WAY TRANSPORT SHAPE [DTYPE]: our client sends to a server in Python, which numpy reads.
given() {
	name="$2 $3${4:+:$4}, $1, to Python"
	: >"$scratch/server"
	E2E_MARK=$mark /usr/bin/python3 "$here/direction_servers.py" "$1" "${2%+*}" "${2#*+}" \
		"${4:-float64}" "$3" >"$scratch/server" 2>"$scratch/server.err" </dev/null &
	server=$!
	if until_ 200 grep -q '^ready ' "$scratch/server"; then
		run run -t "$2" -s "$3${4:+:$4}" -n 3 -w 1 --blocks 1 --timeout 20 --direction "$1" \
			--connect "$(sed -n 's/^ready //p' "$scratch/server")" \
			--csv "$scratch/given.csv" --samples-csv "$scratch/samples.csv"
		said=$(column "$scratch/given.csv" state "$2") # and what nobody knows is empty
		said="$said $(column "$scratch/given.csv" request_read_ns "$2")"
		judge "$name" "$said: $(column "$scratch/given.csv" reason "$2"); $(tail -n 2 \
			"$scratch/server.err")" "$([ "$said" = "done " ]; echo $?)"
		# The last three that numpy got are the samples, bit for bit; the warm-up is before.
		sent=$(cut -d, -f8 "$scratch/samples.csv" | tail -n 3)
		got=$(sed -n 's/^hash //p' "$scratch/server" | tail -n 3)
		[ "$1" = both ] || judge "$name: the same bits" "sent $sent, got $got" \
			"$([ -n "$sent" ] && [ "$sent" = "$got" ]; echo $?)"
	else
		not_ok "$name" "not ready: $(tail -n 2 "$scratch/server.err")"
	fi
	kill "$server"
	wait "$server" 2>/dev/null
	left=$(ls -d /dev/shm/ipctop-"$pid"-* 2>/dev/null)
	judge "$name: no segment is left" "$left" "$([ -z "$left" ]; echo $?)"
}
for way in push both; do
	for transport in http+json http+base64 http+bytes http+shm ws+bytes ws+shm lws+bytes mp+pickle; do
		given $way $transport 7x33
	done
	given $way http+bytes 129x1031 float32
	given $way ws+bytes 129x1031 float16
	given $way mp+pickle 129x1031 float32
	given $way http+shm 1 float32
done

# serves WAY TRANSPORT SHAPE: plain Python sends to it, and takes what it sends.
is_ready() {
	grep -q '^ready ' "$scratch/out"
}
serves() {
	start serve -t "$2" -s "$3" --direction "$1"
	if until_ 100 is_ready; then
		address=$(sed -n 's/^ready //p' "$scratch/out")
		said=$(/usr/bin/python3 "$here/direction.py" "$1" "$2" "$address" "$3" 2>&1)
		judge "serve $1 $2 $3" "$said; $(tail -n 3 "$scratch/err")" "$([ -z "$said" ]; echo $?)"
	else
		not_ok "serve $1 $2 $3" "not ready: $(cat "$scratch/err")"
	fi
	kill -TERM "$pid"
	wait "$pid"
	clean "serve $1 $2 $3: nothing is left" "$pid"
}
for way in push both; do
	for transport in http+json http+base64 http+bytes http+shm ws+bytes ws+shm ws+json lws+bytes \
		mp+pickle; do
		serves $way $transport 7x33
	done
	serves $way http+bytes 1x3x224x224
	serves $way ws+bytes 1x3x224x224
	serves $way mp+pickle 1x3x224x224
done
finish
