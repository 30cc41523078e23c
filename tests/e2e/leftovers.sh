#!/bin/sh
# SPDX-License-Identifier: MIT
# What a killed run leaves, and who clears it up.
# Runs alone: another run would sweep what it leaves, and two seconds are promised.
. "$(dirname "$0")/lib.inc"

csv="$scratch/a.csv"
samples="$scratch/s.csv"

is_stopped() {
	grep -q '^State:.T' "/proc/$1/status" 2>/dev/null
}

# Stopped workers hear of the runner's death all the same.
if begin -t unix+shm; then
	server=$(worker_of "$pid" server)
	client=$(worker_of "$pid" client)
	said=$(ps -o comm=,args= -p "$server,$client" | sed 's/  */ /g; s/ $//' | paste -sd '|')
	judge "workers say in ps and top what they are" "$said" \
		"$([ "$said" = "ipctop server ipctop server unix+shm|ipctop client ipctop client unix+shm" ]
			echo $?)"
	kill -STOP "$server" "$client"
	until_ 50 is_stopped "$server" && until_ 50 is_stopped "$client"
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	clean "runner killed, workers stopped: nothing is left" "$pid" 20
else
	not_ok "runner killed, workers stopped" "no run to kill: $(cat "$scratch/err")"
fi

# Everything is killed at once: the next run clears up, and touches no living one's names.
if begin -t unix+shm; then
	living=$pid
	living_names=$(left_behind "$living")
	begin -t unix+shm --memory fresh
	dead=$pid
	kill -STOP "$dead"
	kill -KILL "$(worker_of "$dead" server)" "$(worker_of "$dead" client)" "$dead"
	wait "$dead" 2>/dev/null
	mkdir "/tmp/ipctop-$dead-mine" && : >"/dev/shm/ipctop-$dead-mine"
	run run -t tcp+bytes -s 3x5 -n 2 --blocks 1
	judge "all killed: the next start sweeps, and only that" "$(left_behind "$dead")" \
		"$([ "$(left_behind "$dead" | grep -vc 'mine$')" -eq 0 ] &&
			[ "$(left_behind "$dead" | wc -l)" -eq 2 ]; echo $?)"
	rmdir "/tmp/ipctop-$dead-mine"
	rm "/dev/shm/ipctop-$dead-mine"
	judge "all killed: a living run keeps its names" "$(left_behind "$living")" \
		"$([ -n "$living_names" ] && [ "$(left_behind "$living")" = "$living_names" ]
			echo $?)"

	# The same pid in another namespace would be another process's, or none's.
	if unshare -pf --mount-proc true 2>/dev/null; then
		for number in 1 2; do
			unshare -pf --mount-proc "$IPCTOP" run -t tcp+bytes -s 3x5 -n 2 --blocks 1 \
				>"$scratch/inner" 2>&1
			status=$?
		done
		judge "another pid namespace: the living keep their names" \
			"exit $status, left: $(left_behind "$living")" \
			"$([ $status -eq 0 ] && [ "$(left_behind "$living")" = "$living_names" ]
				echo $?)"

		# It is that namespace's first process: only what has a handler ends it.
		mkfifo "$scratch/unread"
		unshare -pf --mount-proc --kill-child "$IPCTOP" run -t tcp+bytes -s 3x5 -n 2 \
			--blocks 1 --json "$scratch/unread" >"$scratch/inner" 2>&1 &
		around=$!
		until_ 300 grep -q 'tcp+bytes' "$scratch/inner"
		kill -TERM "$(cat "/proc/$around/task/$around/children")"
		has_ended() {
			! kill -0 "$around" 2>/dev/null
		}
		until_ 100 has_ended || kill -KILL "$around"
		wait "$around"
		status=$?
		judge "another pid namespace: SIGTERM ends its first process" "exit $status" \
			"$([ $status -eq 143 ]; echo $?)"
	else
		skip "another pid namespace" "no pid namespace may be made here"
	fi
	kill -INT "$living"
	wait "$living"
	clean "all killed: nothing is left in the end" "$living"

	# Socket directories in TMPDIR are swept there.
	mkdir "$scratch/t"
	TMPDIR=$scratch/t
	export TMPDIR
	begin -t unix+bytes
	kill -STOP "$pid"
	kill -KILL "$(worker_of "$pid" server)" "$(worker_of "$pid" client)" "$pid"
	wait "$pid" 2>/dev/null
	said=$(ls "$scratch/t")
	run run -t tcp+bytes -s 3x5 -n 2 --blocks 1
	judge "all killed: the next start sweeps TMPDIR too" "$said, then $(ls "$scratch/t")" \
		"$([ -n "$said" ] && [ -z "$(ls "$scratch/t")" ]; echo $?)"
	unset TMPDIR
else
	not_ok "all killed" "no run to kill: $(cat "$scratch/err")"
fi

finish
