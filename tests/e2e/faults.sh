#!/bin/sh
# SPDX-License-Identifier: MIT
# Transports x stages x faults x roles; FAULTS=all takes every transport and every combination.
. "$(dirname "$0")/lib.inc"

if [ "${FAULTS:-}" = all ]; then
	deadline=1800
fi
E2E_MARK=$mark "$here/faults.py" "$IPCTOP" "$scratch" "${FAULTS:-}" || failures=1
clean "faults: nothing is left of any run" none
finish
