#!/bin/sh
# SPDX-License-Identifier: MIT
# Transports whose delays and faults are known, through the real measuring path.
. "$(dirname "$0")/lib.inc"

known=${BUILD:-build/release}/tests/known/ipctop

E2E_MARK=$mark /usr/bin/python3 "$here/known.py" "$known" "$scratch" >"$scratch/known" 2>&1
status=$?
cat "$scratch/known"
failures=$((failures + $(grep -c '^not ok' "$scratch/known")))
[ $status -eq 0 ] || [ "$failures" -gt 0 ] || not_ok "known.py" "exit $status"

# The dashboard names the humps and the drift: known to it are the delays alone.
screen() {
	tmux -L "$mark-$screens" -f /dev/null "$@"
}

on_screen() {
	screen capture-pane -p -t ipctop 2>/dev/null | grep -qe "$1"
}

# sentence NAME PATTERN KNOWN...: what the dashboard says of a thousand such delays.
sentence() {
	name=$1
	pattern=$2
	screens=$((screens + 1)) # a server each: one that is told to end takes its time
	shift 2
	screen new-session -d -s ipctop -x 160 -y 45 "env TERM=xterm-256color \
		XDG_CONFIG_HOME=$scratch XDG_STATE_HOME=$scratch E2E_MARK=$mark KNOWN_CLOCK=detached \
		KNOWN_LOW_NS=10000000 KNOWN_HIGH_NS=20000000 $* \
		$known -t delayed+bytes -s 8 -n 1000 -w 5 -b 1000 --blocks 1"
	until_ 300 on_screen SETUP && screen send-keys -t ipctop r && until_ 300 on_screen "$pattern"
	judge "$name" "$(screen capture-pane -p -t ipctop | grep -F '! delayed' | tail -n 1)" $?
	screen kill-server
}
screens=0
sentence "both humps are named" "has two humps: 10.1ms, and 19.[89]ms for 30% of its samples" \
	KNOWN_DELAY=humps KNOWN_SHARE=30
sentence "the drift is named" "got [78].% slower while it ran: 10..ms in the first .*, 19..ms in the" \
	KNOWN_DELAY=drift KNOWN_EXCHANGE=1000

until_ 20 none_marked
judge "no process is left" "$(marked | tr '\n' ' ')" "$(none_marked; echo $?)"
finish
