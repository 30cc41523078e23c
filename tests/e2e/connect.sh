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
finish
