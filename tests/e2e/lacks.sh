#!/bin/sh
# SPDX-License-Identifier: MIT
# What a machine lacks is known before: `list` and the state `skipped` say it, and what to do.
. "$(dirname "$0")/lib.inc"

short="-s 3x5 -n 3 -w 1 --blocks 1"
all="-t http+json,ws+bytes,lws+bytes,mp+pickle,tcp+bytes,unix+bytes,unix+shm"

# within NAMESPACES COMMANDS ARGS...: ipctop in namespaces of its own, after the commands.
within() {
	namespaces=$1
	commands=$2
	shift 2
	E2E_MARK=$mark unshare $namespaces sh -c "$commands"' && exec "$@"' sh "$IPCTOP" "$@" \
		>"$scratch/out" 2>"$scratch/err" </dev/null
}

# states FILE: "transport state, ..." of a CSV.
states() {
	/usr/bin/python3 - "$1" <<'PY'
import csv, sys
print(", ".join(row["transport"] + " " + row["state"] for row in csv.DictReader(open(sys.argv[1], newline=""))
                if row["transport"] != "reference"))
PY
}

# skips NAME STATUS STATES REASON: of the run before, whose CSV was its stdout.
skips() {
	said=$(states "$scratch/out")
	judge "$1: what cannot run is skipped" "exit $status: $said $(cat "$scratch/err")" \
		"$([ "$status" -eq "$2" ] && [ "$said" = "$3" ]; echo $?)"
	judge "$1: the reason, and what to do" "$(cat "$scratch/out")" \
		"$([ "$(grep -c ",skipped,\"*$4" "$scratch/out")" -eq \
			"$(grep -c ',skipped,' "$scratch/out")" ]; echo $?)"
}

# lists NAME PATTERN: of `list` before, one line has it.
lists() {
	judge "$1: list says so, once" "exit $status: $(cat "$scratch/out" "$scratch/err")" \
		"$([ $status -eq 0 ] && [ "$(grep -ce "$2" "$scratch/out")" -eq 1 ]; echo $?)"
}

if unshare -n true 2>/dev/null; then
	reason='the loopback interface is down (.*): ip link set lo up'
	within -n : run $all $short --csv -
	status=$?
	skips "no loopback" 0 "http+json skipped, ws+bytes skipped, lws+bytes skipped, mp+pickle skipped, tcp+bytes skipped, unix+bytes done, unix+shm done" "$reason"
	within -n : run -t tcp+bytes,ws+shm $short --csv -
	status=$?
	skips "no loopback, nothing runs" 1 "tcp+bytes skipped, ws+shm skipped" "$reason"
	within -n : list
	status=$?
	lists "no loopback" "^  http, ws, lws, mp, tcp.*: $reason\$"
	within -n : list --json
	said=$(/usr/bin/python3 -c 'import json, sys
for t in json.load(open(sys.argv[1]))["transports"]:
    if t["name"] in ("http+json", "unix+bytes"):
        print(t["name"], "lo up" in json.dumps(t))' "$scratch/out" 2>&1 | tr '\n' ' ')
	judge "no loopback: list --json" "$said" "$([ "$said" = "http+json True unix+bytes False " ]; echo $?)"
	within -n : duel tcp+bytes ws+bytes -s 3x5 --csv -
	status=$?
	skips "no loopback, a duel" 1 "tcp+bytes skipped, ws+bytes skipped" "$reason"
	within -n : serve -t http+json -s 3x5
	status=$?
	judge "no loopback: serve" "exit $status: $(cat "$scratch/out" "$scratch/err")" \
		"$([ $status -eq 2 ] && lines_are "$scratch/err" 1 && grep -q "$reason" "$scratch/err"; echo $?)"
	within -n 'ip link set lo up && ip addr del 127.0.0.1/8 dev lo' run -t tcp+bytes,unix+bytes $short --csv -
	status=$?
	skips "no address of loopback" 0 "tcp+bytes skipped, unix+bytes done" \
		'127.0.0.1 is no address of this machine (.*): ip addr add 127.0.0.1/8 dev lo'
	within -n 'ip link set lo up' run $all $short --csv -
	status=$?
	judge "loopback brought up" "$(states "$scratch/out")" \
		"$([ $status -eq 0 ] && ! grep -q skipped "$scratch/out"; echo $?)"
else
	skip "no loopback" "no network namespace may be made here"
fi

# A /dev without shm: what else is needed there is what it was.
bare="mkdir -p $scratch/dev && mount -t tmpfs tmpfs $scratch/dev &&
	for name in null zero full random urandom tty; do
		: >$scratch/dev/\$name && mount --bind /dev/\$name $scratch/dev/\$name || exit 99
	done && mount --rbind $scratch/dev /dev"
if unshare -m true 2>/dev/null; then
	for kind in "read-only|mount -t tmpfs -o ro tmpfs /dev/shm" "missing|$bare"; do
		commands=${kind#*|}
		reason='/dev/shm cannot be written (.*): mount -t tmpfs tmpfs /dev/shm'
		within -m "$commands" run -t ws+shm,ws+bytes,unix+shm $short --csv -
		status=$?
		skips "/dev/shm ${kind%%|*}" 0 "ws+shm skipped, ws+bytes done, unix+shm skipped" "$reason"
		within -m "$commands" list
		status=$?
		lists "/dev/shm ${kind%%|*}" "^  shm.*: $reason\$"
		within -m "$commands" serve -t ws+shm -s 3x5
		status=$?
		judge "/dev/shm ${kind%%|*}: serve" "exit $status: $(cat "$scratch/out" "$scratch/err")" \
			"$([ $status -eq 2 ] && lines_are "$scratch/err" 1 && grep -q "$reason" "$scratch/err"
			echo $?)"
	done
	within -m 'mount -t tmpfs -o mode=755 tmpfs /dev/shm && set -- setpriv --reuid=65534 --regid=65534 --clear-groups "$@"' \
		run -t ws+shm,ws+bytes $short --csv -
	status=$?
	skips "/dev/shm is another user's" 0 "ws+shm skipped, ws+bytes done" \
		'/dev/shm cannot be written (Permission denied): chmod 1777 /dev/shm'
	within -m "$(echo "$bare" | sed 's/ null / /')" run -t unix+bytes,tcp+bytes $short --csv -
	status=$?
	skips "no /dev/null" 1 "unix+bytes skipped, tcp+bytes skipped" \
		'"*/dev/null, which processes are started with, is not there (.*): mknod -m 666 /dev/null c 1 3'
	within -m 'mount -t tmpfs -o size=64m tmpfs /dev/shm' run -t ws+shm,ws+bytes \
		-s 2x3,4x4194304 -n 2 -w 0 --blocks 1 -b 1 --csv -
	status=$?
	skips "/dev/shm of 64 MB, as Docker has it" 0 \
		"ws+shm done, ws+shm skipped, ws+bytes done, ws+bytes done" \
		"needs 128.0 MiB in /dev/shm, 64.0 MiB are free: make it larger (docker run --shm-size"
	within -m 'mount -t tmpfs -o nr_inodes=1 tmpfs /dev/shm' run -t ws+shm,ws+bytes $short --csv -
	status=$?
	skips "/dev/shm without a name to spare" 0 "ws+shm skipped, ws+bytes done" \
		'/dev/shm has no room for another name: '

	reason='/tmp cannot be written (.*): set TMPDIR to a folder that can'
	within -m 'unset TMPDIR; mount -t tmpfs -o ro tmpfs /tmp' run -t unix+bytes,tcp+bytes $short --csv -
	status=$?
	skips "/tmp read-only" 0 "unix+bytes skipped, tcp+bytes done" "$reason"
	within -m 'unset TMPDIR; mount -t tmpfs -o ro tmpfs /tmp' list
	status=$?
	lists "/tmp read-only" "^  unix.*: $reason\$"
	within -m 'unset TMPDIR; mount -t tmpfs -o ro tmpfs /tmp' serve -t unix+bytes -s 3x5
	status=$?
	judge "/tmp read-only: serve" "exit $status: $(cat "$scratch/out" "$scratch/err")" \
		"$([ $status -eq 2 ] && lines_are "$scratch/err" 1 && grep -q "$reason" "$scratch/err"; echo $?)"
	other='mount -t tmpfs tmpfs /var/tmp && mkdir /var/tmp/t && mount -t tmpfs -o ro tmpfs /tmp'
	within -m "$other"' && export TMPDIR=/var/tmp/t' run -t unix+bytes,unix+shm $short --csv -
	status=$?
	judge "/tmp read-only, TMPDIR set" "exit $status: $(states "$scratch/out") $(cat "$scratch/err")" \
		"$([ $status -eq 0 ] && [ "$(states "$scratch/out")" = "unix+bytes done, unix+shm done" ]; echo $?)"
	for value in /nonexistent relative /etc/passwd /var/tmp/$(printf '%080d' 0); do
		within -m "$other"' && export TMPDIR='"$value" run -t unix+bytes,tcp+bytes $short --csv -
		status=$?
		skips "/tmp read-only, TMPDIR=$(printf %.12s "$value")" 0 "unix+bytes skipped, tcp+bytes done" \
			"\"*TMPDIR .*, and /tmp cannot be written"
	done

	reason='/proc, by which processes are started, is not there (.*): mount -t proc proc /proc'
	within -m 'mount -t tmpfs tmpfs /proc' run -t unix+bytes,tcp+bytes $short --csv -
	status=$?
	skips "no /proc" 1 "unix+bytes skipped, tcp+bytes skipped" "\"*$reason"
	within -m 'mount -t tmpfs tmpfs /proc' list
	status=$?
	lists "no /proc" "^  http, .*tcp.*: $reason\$"
	within -m 'mount -t tmpfs tmpfs /proc' list --floors
	status=$?
	judge "no /proc: list --floors" "exit $status: $(cat "$scratch/out" "$scratch/err")" \
		"$([ $status -eq 2 ] && lines_are "$scratch/err" 1 && grep -q "$reason" "$scratch/err"; echo $?)"
else
	skip "/dev/shm, /tmp, /proc" "no mount namespace may be made here"
fi

# TMPDIR where it will do, and where it will not, which is said once.
mkdir "$scratch/t"
for value in "$scratch/t" /tmp; do
	TMPDIR=$value run run -t unix+bytes,unix+shm $short
	status=$?
	judge "TMPDIR=${value##*/}" "exit $status: $(cat "$scratch/err")" \
		"$([ $status -eq 0 ] && [ ! -s "$scratch/err" ] && [ -z "$(ls "$scratch/t")" ]; echo $?)"
	clean "TMPDIR=${value##*/}: nothing is left" "$pid"
done
long=$scratch/$(printf '%080d' 0)
mkdir "$long"
for value in "$long" /nonexistent relative; do
	TMPDIR=$value run run -t unix+bytes,unix+json,tcp+bytes $short
	status=$?
	judge "TMPDIR=$(printf %.12s "$value"): said once" "exit $status: $(cat "$scratch/err")" \
		"$([ $status -eq 0 ] && lines_are "$scratch/err" 1 &&
			grep -q '^ipctop: socket files are in /tmp: TMPDIR ' "$scratch/err"; echo $?)"
	TMPDIR=$value run list
	judge "TMPDIR=$(printf %.12s "$value"): list says so" "$(cat "$scratch/out")" \
		"$(grep -A1 '^Socket files are in /tmp$' "$scratch/out" | grep -q '^  TMPDIR '; echo $?)"
done
TMPDIR=/nonexistent run run -t tcp+bytes $short
judge "TMPDIR is of no account to TCP" "$(cat "$scratch/err")" "$([ ! -s "$scratch/err" ]; echo $?)"
TMPDIR=$scratch/t start serve -t unix+bytes -s 3x5
has_address() {
	grep -q "^ready unix://$scratch/t/ipctop-" "$scratch/out"
}
until_ 100 has_address
judge "TMPDIR: serve's socket is there" "$(cat "$scratch/out" "$scratch/err")" "$(has_address; echo $?)"
kill -INT "$pid"
wait "$pid"
judge "TMPDIR: serve's socket is gone" "$(ls "$scratch/t")" "$([ -z "$(ls "$scratch/t")" ]; echo $?)"
finish
