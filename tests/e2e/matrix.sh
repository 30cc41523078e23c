#!/bin/sh
# SPDX-License-Identifier: MIT
# Foreign programs and ours hold the same arrays, bit for bit. Shapes: the arguments, or
# one element, an odd size, and 38.5 MB.
. "$(dirname "$0")/lib.inc"

unset http_proxy HTTP_PROXY all_proxy ALL_PROXY IPCTOP_AUTHKEY
NODE_PATH=/usr/share/nodejs
MATRIX_LARGE_JSON=yes
export NODE_PATH MATRIX_LARGE_JSON
if [ $# -gt 0 ]; then
	MATRIX_LARGE_JSON= # takes tens of GB in Python
else
	set -- 1 3x5x7 2x3x16x224x224
fi
E2E_MARK=$mark /usr/bin/python3 "$here/matrix.py" "$IPCTOP" "$scratch" "$@" >"$scratch/matrix" 2>&1
status=$?
cat "$scratch/matrix"
judge "all programs" "exit $status" "$status"
failures=$((failures + $(grep -c '^not ok' "$scratch/matrix")))
judge "no process is left" "$(marked | tr '\n' ' ')" "$(until_ 20 none_marked; echo $?)"
finish
