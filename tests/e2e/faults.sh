#!/bin/sh
# SPDX-License-Identifier: MIT
# Transports x stages x faults x roles; FAULTS=all takes every transport and every combination,
# FAULTS=NAME,... every combination of these.
# Runs alone: stages last for milliseconds, timeouts are two seconds.
[ -z "${FAULTS:-}" ] || E2E_SECONDS=10800
. "$(dirname "$0")/lib.inc"

E2E_MARK=$mark "$here/faults.py" "$IPCTOP" "$scratch" "${FAULTS:-}" || failures=1
clean "faults: nothing is left of any run" none
finish
