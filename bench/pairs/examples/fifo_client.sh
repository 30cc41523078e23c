#!/bin/sh
# SPDX-License-Identifier: MIT
# The client of fifo_server.sh. Its clock is a process, date: it counts by the millisecond.
while read -r name value && [ "$name" != begin ]; do
	case $name in
	address) cd "$value" || exit 1 ;;
	esac
done

checksum() {
	gzip -1 <"$1" | tail -c 8 | od -An -N4 -tx4 | tr -d ' '
}

echo ready
while read -r line && [ "$line" = next ]; do
	began=$(date +%s%N)
	echo >request
	cat reply >copy
	ended=$(date +%s%N)
	echo "sample $((ended - began)) checksum=$(checksum copy)"
done
rm -f copy
