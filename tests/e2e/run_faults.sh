#!/bin/sh
# SPDX-License-Identifier: MIT
# What dies, hangs or is interrupted marks its cell; the rest goes on, and nothing stays behind.
# Runs alone: another run would sweep what it leaves, and two seconds are promised.
. "$(dirname "$0")/lib.inc"

csv="$scratch/a.csv"
samples="$scratch/s.csv"

# The victim takes long enough to be caught, the bystander does not.
victim=http+json
bystander=unix+bytes

# Of a cell, beside the reference's.
has_result() {
	has_lines "$csv" 3 2>/dev/null
}

has_sample() {
	grep -q "^$1," "$samples" 2>/dev/null
}

# begin ARGS...: a run that is measuring the victim by now.
begin() {
	rm -f "$csv" "$samples"
	start run -t "$victim,$bystander" -s 1x3x224x224 -n 3000 -w 1 --blocks 1 -b 100 \
		--csv "$csv" --samples-csv "$samples" "$@"
	until_ 600 has_sample "$victim" && until_ 100 has_worker "$pid" server &&
		until_ 100 has_worker "$pid" client
}

# concluded NAME PATTERN: the victim failed for that reason, the bystander did not, exit 1.
concluded() {
	wait "$pid"
	status=$?
	state=$(column "$csv" state "$victim")
	reason=$(column "$csv" reason "$victim")
	other=$(column "$csv" state "$bystander")
	judge "$1: exit 1" "exit $status" "$([ $status -eq 1 ]; echo $?)"
	judge "$1: the cell failed, and why" "$state: $reason" \
		"$([ "$state" = failed ] && echo "$reason" | grep -qe "$2"; echo $?)"
	judge "$1: the other cell goes on" "$other: $(column "$csv" reason "$bystander")" \
		"$([ "$other" = done ]; echo $?)"
	clean "$1: nothing is left" "$pid"
}

# hurt NAME SIGNAL ROLE PATTERN ARGS...
hurt() {
	name=$1
	signal=$2
	role=$3
	pattern=$4
	shift 4
	if begin "$@"; then
		kill "-$signal" "$(worker_of "$pid" "$role")"
		concluded "$name" "$pattern"
	else
		not_ok "$name" "no run to hurt: $(cat "$scratch/err")"
	fi
}

hurt "server killed" KILL server 'server.*killed'
hurt "client killed" KILL client 'client.*killed'
hurt "server crashes" ABRT server 'server.*signal 6'
# Long enough that what only waits for its turn is not taken for it.
patience=$((3 * slowness))
hurt "server stopped" STOP server "no reply within $patience s" --timeout $patience
hurt "client stopped" STOP client "within $patience s" --timeout $patience

# interrupted SIGNAL STATUS: what was measured is kept.
interrupted() {
	if ! begin; then
		not_ok "SIG$1" "no run to interrupt: $(cat "$scratch/err")"
		return
	fi
	kill "-$1" "$pid"
	wait "$pid"
	status=$?
	judge "SIG$1: exit $2" "exit $status" "$([ $status -eq "$2" ]; echo $?)"
	state=$(column "$csv" state "$victim")
	kept=$(column "$csv" samples "$victim")
	judge "SIG$1: the csv has what was measured" "$state, $kept samples" \
		"$([ "$state" = interrupted ] && [ "${kept:-0}" -gt 0 ]; echo $?)"
	judge "SIG$1: the csv has every cell" "$(cat "$csv")" "$(lines_are "$csv" 4; echo $?)"
	judge "SIG$1: the table has it too" "$(cat "$scratch/out")" \
		"$(grep -q interrupted "$scratch/out"; echo $?)"
	clean "SIG$1: nothing is left" "$pid"
}

# After a signal that is to change nothing.
concluded_well() {
	wait "$pid"
	status=$?
	judge "$name: the run goes on" "exit $status: $(cat "$scratch/err")" \
		"$([ $status -eq 0 ] && [ "$(column "$csv" state "$victim")" = done ]; echo $?)"
	clean "$name: nothing is left" "$pid"
}

interrupted INT 130
interrupted TERM 143

# Under nohup(1) a run goes on when its terminal is gone.
trap '' HUP
name="SIGHUP that is ignored"
if begin; then
	trap - HUP
	kill -HUP "$pid"
	concluded_well
else
	not_ok "$name" "no run to interrupt: $(cat "$scratch/err")"
fi
trap - HUP

# A FIFO gets its results once, at the end, and its reader holds up nothing before that.
mkfifo "$scratch/json"
short="-t unix+bytes -s 3x5 -n 4 -w 1 --blocks 2"
has_ended() {
	! kill -0 "$pid" 2>/dev/null
}
# end_by SIGNAL: sends it to the run, whose exit status is then in $status; 137 if it has no effect.
end_by() {
	kill "-$1" "$pid"
	until_ 300 has_ended || kill -KILL "$pid"
	wait "$pid"
	status=$?
}
has_table() {
	grep -q 'unix+bytes' "$scratch/out"
}
rm -f "$csv" "$samples"
start run $short --csv "$csv" --json "$scratch/json" --samples-csv "$samples"
until_ 300 has_table
said="$(cat "$scratch/out" "$samples") $(column "$csv" state unix+bytes)"
judge "JSON to a FIFO that nobody has opened: all else is there" "$said" \
	"$(has_table && lines_are "$samples" 5 && [ "$(column "$csv" state unix+bytes)" = done ]
	echo $?)"
says_it_waits() {
	grep -q 'waiting until something reads .*, a named pipe$' "$scratch/err"
}
until_ 300 says_it_waits
judge "JSON to a FIFO that nobody has opened: it says so" "$(cat "$scratch/err")" \
	"$(says_it_waits; echo $?)"
end_by TERM
judge "JSON to a FIFO that nobody opens: SIGTERM ends it" "exit $status" \
	"$([ $status -eq 143 ]; echo $?)"
clean "JSON to a FIFO that nobody opens: nothing is left" "$pid"
start run $short --json "$scratch/json"
timeout 60 cat "$scratch/json" >"$scratch/read"
wait "$pid"
status=$?
judge "JSON to a FIFO that is read: one document" "exit $status: $(head -c 300 "$scratch/read")" \
	"$([ $status -eq 0 ] && /usr/bin/python3 -m json.tool "$scratch/read" >/dev/null; echo $?)"
if begin --json "$scratch/json"; then
	end_by TERM
	judge "SIGTERM, and then a FIFO that nobody reads" "exit $status: $(cat "$scratch/err")" \
		"$([ $status -eq 143 ] && grep -q 'nobody reads it' "$scratch/err"; echo $?)"
	judge "SIGTERM, and then a FIFO: the table is printed" "$(cat "$scratch/out")" \
		"$(grep -q interrupted "$scratch/out"; echo $?)"
else
	not_ok "SIGTERM, and then a FIFO" "no run to interrupt: $(cat "$scratch/err")"
fi

# A reader of the samples that reads nothing holds the run up, and signals end it all the same.
mkfifo "$scratch/pipe"
exec 3<>"$scratch/pipe"
is_full() {
	/usr/bin/python3 -c 'import select, sys
sys.exit(bool(select.select([], [3], [], 0)[1]))'
}
for number in TERM INT; do
	name="SIG$number, samples that nobody reads"
	rm -f "$csv"
	E2E_MARK=$mark "$IPCTOP" run -t unix+bytes -s 3x5 -n 100000000 -w 1 --blocks 1 -b 100 \
		--csv "$csv" --samples-csv - >"$scratch/pipe" 2>"$scratch/err" </dev/null 3>&- &
	pid=$!
	until_ 300 is_full
	end_by $number
	judge "$name: it is over" "exit $status" \
		"$([ $status -gt 128 ] && [ $status -ne 137 ]; echo $?)"
	judge "$name: the results are kept, and it is said what is not" "$(cat "$scratch/err")" \
		"$([ "$(column "$csv" state unix+bytes)" = interrupted ] &&
			grep -q 'writing the samples failed' "$scratch/err"; echo $?)"
	clean "$name: nothing is left" "$pid"
	timeout 0.3 cat <&3 >/dev/null
done
exec 3<&-
# A FIFO of samples that no reader has opened does not hold it up either.
is_waiting() {
	grep -qx ipctop "/proc/$pid/comm" && grep -q '^State:.S' "/proc/$pid/status"
}
start run -t unix+bytes -s 3x5 -n 4 --blocks 1 --samples-csv "$scratch/pipe"
until_ 300 says_it_waits
until_ 300 is_waiting
end_by TERM
judge "SIGTERM, samples to a FIFO without a reader" "exit $status: $(cat "$scratch/err")" \
	"$([ $status -eq 143 ]; echo $?)"

# The runner itself is killed: its workers notice, and clear up after it.
for memory in reused fresh; do
	name="runner killed, memory $memory"
	rm -f "$samples"
	start run -t unix+shm -s 1x3x224x224 -n 100000000 --blocks 1 -b 100 --memory $memory \
		--samples-csv "$samples"
	if ! until_ 300 has_sample unix+shm || nothing_left "$pid"; then
		not_ok "$name" "no run to kill: $(cat "$scratch/err")"
		continue
	fi
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	clean "$name: nothing is left" "$pid" 20
done

# What was measured before that is on disk, whole.
rm -f "$csv"
start run -t unix+bytes,http+json -s 1x3x224x224 -n 1000 -b 100 --blocks 1 --csv "$csv"
if until_ 600 has_result; then
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	said="$(column "$csv" state unix+bytes), $(column "$csv" samples unix+bytes) samples"
	judge "runner killed: results so far are on disk" "$said" \
		"$([ "$said" = "done, 1000 samples" ] && lines_are "$csv" 3; echo $?)"
	clean "runner killed between cells: nothing is left" "$pid"
else
	not_ok "runner killed: results so far are on disk" "no results: $(cat "$scratch/err")"
fi

# A container's small /dev/shm, in a mount namespace of our own.
small='mount -t tmpfs -o size=1m tmpfs /dev/shm && exec "$@"'
if unshare -m sh -c "$small" sh true 2>/dev/null; then
	E2E_MARK=$mark unshare -m sh -c "$small" sh "$IPCTOP" run -t ws+shm,unix+shm,unix+bytes \
		-s 3x5,1x3x224x224 -n 3 -w 1 --blocks 1 --csv "$csv" >"$scratch/out" 2>"$scratch/err"
	status=$?
	said=$(/usr/bin/python3 - "$csv" <<'PY'
import csv, re, sys
for row in csv.DictReader(open(sys.argv[1], newline="")):
    large = row["encoding"] == "shm" and row["shape"] != "3x5"
    if row["state"] != ("skipped" if large else "done"):
        print(row["transport"], row["shape"], row["state"], row["reason"])
    if large and not re.search(r"needs [\d.]+ \S+ in /dev/shm, [\d.]+ \S+ (is|are) ", row["reason"]):
        print("without both figures:", row["reason"])
PY
)
	judge "small /dev/shm: what does not fit is skipped" "exit $status $said" \
		"$([ $status -eq 0 ] && [ -z "$said" ]; echo $?)"
else
	skip "small /dev/shm" "no mount namespace may be made here"
fi
finish
