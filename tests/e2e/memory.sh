#!/bin/sh
# SPDX-License-Identifier: MIT
# Memory that runs out at the n'th allocation of a process: an error in words, nothing left.
[ -z "${FAULTS:-}" ] || E2E_SECONDS=3600
. "$(dirname "$0")/lib.inc"

preload=$(pwd)/$BUILD/tests/preload/failmalloc.so
csv="$scratch/a.csv"
case $BUILD in
*san) # its allocator is in that place already
	skip "memory" "the allocator is the sanitizer's"
	finish
	;;
esac

few="1 2 3 4 5 6 7 8 9 10 12 20 40"
numbers=$few
runner_numbers=$(seq 20 70) # before that, little that matters to it
if [ "${FAULTS:-}" = all ]; then
	numbers=$(seq 1 150)
	runner_numbers=$numbers
fi

# libwebsockets 4.1 dereferences NULL where it makes a connection, at either end: its own affair.
# The cell says so, and the one behind it gets its turn.
excused() {
	case "$1 $2" in
	ws+*"was killed by signal 11 "* | lws+*"was killed by signal 11 "*) ;;
	*) return 1 ;;
	esac
}
behind=unix+bytes

# Whatever became of the cell, the one behind it was measured, or failed by its own lack of memory.
goes_on() {
	case $(column "$csv" state "$behind") in done | failed) ;; *) return 1 ;; esac
}

# complaint STATUS TRANSPORT ROLE: what is wrong with how the run ended.
complaint() {
	reason=$(column "$csv" reason "$2" 2>/dev/null)
	if [ "$1" -gt 2 ]; then
		echo "exit $1"
	elif echo "$reason" | grep -q "signal [0-9]" && ! excused "$2" "$reason"; then
		echo "$reason"
	elif [ "$1" -ne 0 ] && [ -z "$reason$(column "$csv" reason "$behind" 2>/dev/null)" ] &&
		[ ! -s "$scratch/err" ]; then
		echo "exit $1 without a word"
	elif [ "$3" != run ] && ! goes_on; then
		echo "$behind is $(column "$csv" state "$behind")"
	elif ! nothing_left "$pid"; then
		echo "left: $(left_behind "$pid")"
	fi
}

# short ROLE TRANSPORT
short() {
	wrong=
	tried=0
	hit=0
	for number in $numbers; do
		rm -f "$csv"
		FAILMALLOC_ROLE=$1 FAILMALLOC_AT=$number LD_PRELOAD=$preload \
			run run -t "$2,$behind" -s 3x5 -n 2 -w 1 --blocks 1 --timeout 5 --csv "$csv"
		status=$?
		why=$(complaint $status "$2" "$1")
		[ -z "$why" ] || wrong="$wrong at $number: $why;"
		tried=$((tried + 1))
		[ $status -eq 0 ] || hit=$((hit + 1))
	done
	judge "memory: $2, the $1 has none" "$wrong $hit of $tried failed" \
		"$([ -z "$wrong" ] && [ $hit -gt 0 ]; echo $?)"
}

# Each carrier and each encoding; with FAULTS=all, by fewer numbers, each of both.
some="http+json ws+bytes lws+cjson mp+pickle unix+shm tcp+base64"
for transport in $some; do
	for role in server client; do
		short $role $transport
	done
done
if [ "${FAULTS:-}" = all ]; then
	numbers=$few
	for transport in $("$IPCTOP" list --json | /usr/bin/python3 -c 'import json, sys
print(*[row["name"] for row in json.load(sys.stdin)["transports"]])'); do
		case " $some " in *" $transport "*) continue ;; esac
		case $transport in py-*) continue ;; esac # Python has allocators of its own
		for role in server client; do
			short $role $transport
		done
	done
fi
# The pairs that come with it are out of reach: their many allocations would only take time.
cp "$IPCTOP" "$scratch/ipctop"
IPCTOP=$scratch/ipctop
numbers=$runner_numbers
short run tcp+bytes
clean "memory: no process is left" none

# brief COMMAND ARGS...: what prints and ends either does, or says in a line why not.
brief() {
	wrong=
	short=0
	for number in $(seq 1 2 150); do
		FAILMALLOC_ROLE=$1 FAILMALLOC_AT=$number LD_PRELOAD=$preload run "$@"
		status=$?
		[ $status -eq 0 ] || short=$((short + 1))
		[ $status -eq 0 ] || { [ $status -le 2 ] && lines_are "$scratch/err" 1; } ||
			wrong="$wrong at $number: exit $status: $(head -c 100 "$scratch/err");"
	done
	judge "memory: $*" "$wrong $short of 75 failed" \
		"$([ -z "$wrong" ] && [ $short -gt 0 ]; echo $?)"
}

run run -t unix+bytes -s 3x5 -n 2 -w 0 --blocks 1 --csv "$csv"
brief list --json
brief diff "$csv" "$csv"
brief diff "$csv" "$csv" --csv "$scratch/d.csv"
finish
