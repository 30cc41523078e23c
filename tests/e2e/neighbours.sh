#!/bin/sh
# SPDX-License-Identifier: MIT
# Another user of the machine reads nothing, gets in nowhere and makes no run fail.
# Runs alone: the neighbour tries while a block lasts.
. "$(dirname "$0")/lib.inc"

if [ "$(id -u)" -ne 0 ]; then
	skip "neighbours" "only root can be another user as well"
	finish
fi
E2E_MARK=$mark "$here/neighbours.py" "$IPCTOP" "$scratch" || failures=1
clean "neighbours: no process is left" none
finish
