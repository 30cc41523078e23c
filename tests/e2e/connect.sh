#!/bin/sh
# SPDX-License-Identifier: MIT
# `run --connect` says what is wrong with a server, and keeps to its --timeout.
. "$(dirname "$0")/lib.inc"

unset http_proxy HTTP_PROXY all_proxy ALL_PROXY IPCTOP_AUTHKEY

E2E_MARK=$mark /usr/bin/python3 "$here/connect_faults.py" "$IPCTOP" "$scratch" >"$scratch/faults" 2>&1
status=$?
cat "$scratch/faults"
judge "all servers" "exit $status" "$status"
failures=$((failures + $(grep -c '^not ok' "$scratch/faults")))
judge "no process is left" "$(marked | tr '\n' ' ')" "$(until_ 20 none_marked; echo $?)"
# What no server has to be asked about.
refused() { # NAME TRANSPORT ADDRESS PATTERN
	run run -t "$2" -s 3 --connect "$3"
	status=$?
	said=$(cat "$scratch/out" "$scratch/err")
	judge "$1" "exit $status, $said" \
		"$([ $status -eq 2 ] && echo "$said" | grep -q "$4"; echo $?)"
}
refused "https" http+json https://127.0.0.1:1/ 'means TLS, and there is none here'
refused "wss in capitals" ws+bytes WSS://127.0.0.1:1/ 'means TLS, and there is none here'
refused "a user's name" http+json http://who:what@127.0.0.1:1/ "a user's name before its host"
judge "a password is not shown" "$said" "$(! echo "$said" | grep -q what@; echo $?)"
refused "a fragment" lws+bytes ws://127.0.0.1:1/x#y 'a fragment, "#y"'
refused "another scheme" http+json ws://127.0.0.1:1/ 'no address for the carrier http'

# A socket file that is not there.
run run -t unix+bytes -s 3 --connect unix:///nonexistent/file.sock --csv "$scratch/b.csv"
said=$(column "$scratch/b.csv" reason unix+bytes)
judge "no socket file" "$said" \
	"$(echo "$said" | grep -q 'unix:///nonexistent/file.sock: No such file or directory'; echo $?)"

# The network itself: with loopback down, each carrier names what the kernel says.
if unshare -n true 2>/dev/null; then
	for transport in http+json ws+bytes lws+bytes mp+pickle tcp+bytes; do
		said=$(unshare -n "$IPCTOP" run -t $transport -s 3 -n 1 --blocks 1 2>&1 </dev/null)
		judge "loopback down, $transport" "$said" \
			"$(echo "$said" | grep -qiE 'network is unreachable|loopback'; echo $?)"
	done
else
	skip "loopback down" "no network namespace may be made"
fi
finish
