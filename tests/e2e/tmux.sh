#!/bin/sh
# SPDX-License-Identifier: MIT
# The dashboard inside tmux: a second opinion beside the emulator of the tui_ programs.
. "$(dirname "$0")/lib.inc"

home=$scratch
servers=0
trap 't kill-server 2>/dev/null; sweep_scratch' EXIT

# t ARGUMENTS: this test's own tmux server, a new one for each start: one that is told to end
# takes its time.
t() { tmux -L "$mark-$servers" -f /dev/null "$@"; }

# start TERM LC_ALL ARGUMENTS: the dashboard in a window of 100x30; its exit status goes to $home/status.
start() {
	term=$1 locale=$2
	shift 2
	servers=$((servers + 1))
	rm -f "$home/status"
	t new-session -d -s ipctop -x 100 -y 30 \
		"env E2E_MARK=$mark TERM=$term LC_ALL=$locale XDG_CONFIG_HOME=$home XDG_STATE_HOME=$home $IPCTOP $*; \
		echo \$? >$home/status"
}

on_screen() { t capture-pane -p -t ipctop 2>/dev/null | grep -qF -- "$1"; }
shows() { until_ 300 on_screen "$1"; }

# left STATUS: is it gone, with that exit status?
left() { until_ 300 test -s "$home/status" && [ "$(cat "$home/status")" = "$1" ]; }

# Under the address sanitizer: whole stacks, so that tests/lsan.supp can tell the libraries apart.
ASAN_OPTIONS=${ASAN_OPTIONS:-}:fast_unwind_on_malloc=0
export ASAN_OPTIONS

for term in xterm-256color tmux-256color screen linux vt100; do
	start $term C.UTF-8
	if shows SETUP && t send-keys -t ipctop q && left 0; then
		ok "opens and quits with TERM=$term"
	else
		not_ok "opens and quits with TERM=$term" "$(t capture-pane -p -t ipctop 2>/dev/null | head -n 3)"
	fi
	t kill-server 2>/dev/null
done

start xterm-256color C
if shows SETUP && ! t capture-pane -p -t ipctop | LC_ALL=C grep -q '[^ -~]' &&
	t send-keys -t ipctop q && left 0; then
	ok "draws in ASCII in the C locale"
else
	not_ok "draws in ASCII in the C locale" "something else than ASCII"
fi
t kill-server 2>/dev/null

start xterm-256color xx_YY.UTF-8
if shows SETUP && ! t capture-pane -p -t ipctop | LC_ALL=C grep -q '[^ -~]' &&
	t send-keys -t ipctop q && left 0; then
	ok "draws in ASCII where the locale is not installed"
else
	not_ok "draws in ASCII where the locale is not installed" "something else than ASCII"
fi
t kill-server 2>/dev/null

# A service's home is not made: what cannot be kept is told, and the run goes on.
servers=$((servers + 1))
rm -f "$home/status"
t new-session -d -s ipctop -x 100 -y 30 \
	"env -u XDG_CONFIG_HOME -u XDG_STATE_HOME E2E_MARK=$mark TERM=xterm-256color HOME=$home/nonexistent \
	$IPCTOP -t unix+bytes -s 64 -n 20 --blocks 1 -b 0.2; echo \$? >$home/status"
if shows SETUP && t send-keys -t ipctop r && shows "results are not saved: HOME" && shows "done in" &&
	t send-keys -t ipctop Q && left 0 && [ ! -e "$home/nonexistent" ]; then
	ok "makes no home"
else
	not_ok "makes no home" "$(ls -A "$home"; t capture-pane -p -t ipctop 2>/dev/null | head -n 3)"
fi
t kill-server 2>/dev/null

start xterm-256color C.UTF-8 -t unix+bytes,tcp+bytes -s 64 -n 20 --blocks 1 -b 0.2
if shows SETUP && t send-keys -t ipctop r && shows LIVE && t resize-window -t ipctop -x 60 -y 16 &&
	shows "2/2" && t send-keys -t ipctop 3 && shows COMPARE && t send-keys -t ipctop Q && left 0; then
	ok "runs, is resized, compares and quits"
else
	not_ok "runs, is resized, compares and quits" "$(t capture-pane -p -t ipctop 2>/dev/null | head -n 3)"
fi
t kill-server 2>/dev/null

start dumb C.UTF-8 -t unix+bytes -s 64 -n 20 --blocks 1 -b 0.2
if left 0; then
	ok "runs without a screen with TERM=dumb"
else
	not_ok "runs without a screen with TERM=dumb" "status $(cat "$home/status" 2>/dev/null)"
fi

finish
