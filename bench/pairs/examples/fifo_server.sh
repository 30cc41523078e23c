#!/bin/sh
# SPDX-License-Identifier: MIT
# A server in shell: the array is a file of random bytes, the carrier two named pipes.
while read -r name value && [ "$name" != begin ]; do
	case $name in
	shape) bytes=$((8 * $(echo "$value" | sed 's/x/ * /g'))) ;;
	source) source=$value ;;
	clients) [ "$value" = 1 ] || { echo "error it serves one client"; exit 1; } ;;
	directory) cd "$value" || exit 1 ;;
	esac
done

draw() {
	head -c "$bytes" /dev/urandom >array
}

# CRC-32, which is at the end of what gzip writes.
checksum() {
	gzip -1 <"$1" | tail -c 8 | od -An -N4 -tx4 | tr -d ' '
}

serve() {
	exchange=0
	while read -r _ <request; do
		[ "$source" = ready ] || draw
		cat array >reply
		sent=$(checksum array)
		[ "$source" = fresh ] || draw
		echo "exchange $exchange checksum=$sent"
		exchange=$((exchange + 1))
	done
}

rm -f array request reply
mkfifo request reply
draw
echo "ready $PWD"
serve &
while read -r line && [ "$line" != stop ]; do :; done
kill $!
rm -f array request reply
