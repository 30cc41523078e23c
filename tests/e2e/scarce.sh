#!/bin/sh
# SPDX-License-Identifier: MIT
# What runs out: descriptors, the size that files may have, room on a disk and in /dev/shm.
. "$(dirname "$0")/lib.inc"

csv="$scratch/a.csv"
samples="$scratch/s.csv"

# Few descriptors: an error in words, wherever they run out.
wrong=
short=0
for number in 3 4 5 6 8 10 12 13 14 16 20 24 28 32 40; do
	rm -f "$csv"
	: >"$scratch/err"
	(
		ulimit -n "$number"
		E2E_MARK=$mark exec "$IPCTOP" run -t http+json,unix+shm -s 3x5 -n 2 -w 1 --blocks 1 \
			--timeout 5 --csv "$csv"
	) >"$scratch/out" 2>"$scratch/err"
	status=$?
	[ $status -eq 0 ] || [ -s "$scratch/err" ] || grep -q failed "$csv" 2>/dev/null ||
		wrong="$wrong $number: exit $status without a word;"
	[ $status -le 2 ] || [ $status -eq 127 ] || wrong="$wrong $number: exit $status;"
	if grep -q "signal [0-9]" "$csv" 2>/dev/null; then
		wrong="$wrong $number: $(cat "$csv");"
	fi
	# The runner has more to open than either of its workers.
	if grep -q ',failed,' "$csv" 2>/dev/null; then
		short=$((short + 1))
		[ "$(grep -c 'Too many open files' "$csv")" -eq 2 ] ||
			wrong="$wrong $number: $(column "$csv" reason http+json);"
	fi
done
judge "few descriptors" "$wrong $short with cells that failed" \
	"$([ -z "$wrong" ] && [ $short -gt 0 ]; echo $?)"

# A worker alone has few, where the library can be put in front.
scarce() {
	wrong=
	short=0
	for number in 3 4 5 6 7 8 9 10 11; do
		FAILMALLOC_ROLE=$1 FAILMALLOC_FILES=$number LD_PRELOAD=$preload \
			run run -t http+json,ws+bytes,lws+bytes,mp+pickle,tcp+bytes,unix+shm -s 3x5 \
			-n 2 -w 1 --blocks 1 --timeout 2 --csv "$csv"
		for transport in http+json ws+bytes lws+bytes mp+pickle tcp+bytes unix+shm; do
			said="$(column "$csv" state $transport): $(column "$csv" reason $transport)"
			case $said in
			done:*) ;;
			failed:*signal* | failed:\ ) wrong="$wrong $number: $transport $said;" ;;
			failed:*) short=$((short + 1)) ;;
			*) wrong="$wrong $number: $transport $said;" ;;
			esac
		done
	done
	judge "few descriptors, of the $1 alone" "$wrong $short cells failed" \
		"$([ -z "$wrong" ] && [ $short -gt 0 ]; echo $?)"
	clean "few descriptors, of the $1 alone: nothing is left" "$pid"
}

# exhausted ROLE TRANSPORT: in the middle of a cell, where each exchange opens a segment.
exhausted() {
	name="descriptors run out, $2, of the $1"
	if ! begin -t "$2" --memory fresh; then
		not_ok "$name" "no run to hurt: $(cat "$scratch/err")"
		return
	fi
	prlimit --pid "$(worker_of "$pid" "$1")" --nofile=3:3
	wait "$pid"
	said="exit $?, $(column "$csv" state "$2"): $(column "$csv" reason "$2")"
	judge "$name" "$said" \
		"$(echo "$said" | grep -q "^exit 1, failed: $1: .*Too many open files"; echo $?)"
	clean "$name: nothing is left" "$pid"
}

preload=$(pwd)/$BUILD/tests/preload/failmalloc.so
case $BUILD in
*san) # its library is in that place already, and opens files when a process ends
	skip "few descriptors, of a worker alone" "the sanitizer is in the place of what limits them"
	;;
*)
	for role in server client; do
		scarce $role
		for carrier in $(rows carriers); do
			exhausted $role $carrier+shm
		done
	done
	;;
esac

# Files that may not grow: as few descriptors, and no signal of the kernel's.
wrong=
limits="0 1 8 64 4096"
case $BUILD in *tsan) limits="8 64 4096" ;; esac # it has files of its own before main begins
for blocks in $limits; do
	rm -f "$csv" "$samples"
	said=$(
		ulimit -f "$blocks"
		E2E_MARK=$mark exec "$IPCTOP" run -t unix+bytes,ws+shm -s 3x5,1x3x224x224 -n 20000 \
			-w 1 --blocks 1 -b 0.5 --timeout 5 --csv "$csv" --samples-csv "$samples" 2>&1
	)
	status=$?
	[ $status -le 2 ] || wrong="$wrong $blocks: exit $status;"
	[ $status -eq 0 ] || echo "$said" | grep -qe 'File too large' -e 'writing the samples failed' ||
		wrong="$wrong $blocks: $said;"
done
judge "files that may not grow" "$wrong" "$([ -z "$wrong" ]; echo $?)"

# Room that runs out while it is measured, in a mount namespace of our own.
small='mount -t tmpfs -o size=$0 tmpfs "$1" && shift && exec "$@"'
if unshare -m sh -c "$small" 1m "$scratch" true 2>/dev/null; then
	mkdir "$scratch/disk"
	full='export PATH; printf "before\n" >"$0/a.csv"; cat /dev/zero >"$0/fill" 2>/dev/null
		"$@" --csv "$0/a.csv"; status=$?; cat "$0/a.csv"; ls -A "$0"; exit $status'
	unshare -m sh -c "$small" 64k "$scratch/disk" sh -c "$full" "$scratch/disk" \
		"$IPCTOP" run -t tcp+bytes,unix+bytes -s 3x5 -n 2 --blocks 1 \
		>"$scratch/out" 2>"$scratch/err"
	status=$?
	judge "disk full: exit 1 or 2, and why" "exit $status: $(cat "$scratch/err")" \
		"$({ [ $status -eq 1 ] || [ $status -eq 2 ]; } &&
			grep -q 'No space left' "$scratch/err"; echo $?)"
	judge "disk full: the file from before stays, and nothing beside it" \
		"$(tail -n 4 "$scratch/out")" \
		"$([ "$(tail -n 3 "$scratch/out" | tr '\n' ' ')" = "before a.csv fill " ]; echo $?)"

	# It fills up while it is measured: the run goes on, and the file from before is whole.
	filler='export PATH; "$@" --csv "$0/a.csv" & pid=$!
		until [ -s "$0/a.csv" ]; do sleep 0.1; done
		cat /dev/zero >"$0/fill" 2>/dev/null; wait $pid; status=$?
		echo "rows $(wc -l <"$0/a.csv")"; ls -A "$0"; exit $status'
	rm -f "$scratch"/disk/*
	unshare -m sh -c "$small" 64k "$scratch/disk" sh -c "$filler" "$scratch/disk" \
		"$IPCTOP" run -t unix+bytes,http+json,tcp+bytes -s 1x3x224x224 -n 300 -b 1000 --blocks 1 \
		>"$scratch/out" 2>"$scratch/err"
	status=$?
	judge "disk fills up: the run goes on, and says why it fails" \
		"exit $status: $(cat "$scratch/err" "$scratch/out")" \
		"$([ $status -eq 1 ] && grep -q 'No space left' "$scratch/err" &&
			[ "$(grep -c ' 300 ok' "$scratch/out")" -eq 3 ]; echo $?)"
	judge "disk fills up: that is told once, when it happens" "$(cat "$scratch/err")" \
		"$([ "$(grep -c 'results are not saved: .*No space left' "$scratch/err")" -eq 1 ]
			echo $?)"
	judge "disk fills up: what was on it stays, and nothing beside it" \
		"$(tail -n 3 "$scratch/out")" \
		"$([ "$(tail -n 3 "$scratch/out" | tr '\n' ' ')" = "rows 2 a.csv fill " ]; echo $?)"

	# The filler takes what is left once samples are being taken, until the cell has its row.
	filler='"$@" & pid=$!
		until [ "$(wc -l <"$0" 2>/dev/null || echo 0)" -gt 1 ]; do sleep 0.1; done
		until grep -q ",$transport," "$csv" 2>/dev/null; do
			cat /dev/zero >>/dev/shm/filler 2>/dev/null
		done
		wait $pid; status=$?
		rm /dev/shm/filler; ls -A /dev/shm; exit $status'
	export csv transport
	for transport in ws+shm unix+shm; do
		rm -f "$samples" "$csv"
		unshare -m sh -c "$small" 8m /dev/shm sh -c "$filler" "$samples" \
			"$IPCTOP" run -t $transport,tcp+bytes -s 1x3x224x224 -n 8000 -w 1 \
			--blocks 1 -b 60 --memory fresh --csv "$csv" --samples-csv "$samples" \
			>"$scratch/out" 2>"$scratch/err"
		status=$?
		reason=$(column "$csv" reason $transport)
		judge "/dev/shm fills up, $transport: the cell fails, and why" \
			"exit $status: $reason" \
			"$([ $status -eq 1 ] && echo "$reason" | grep -q '/dev/shm is full'; echo $?)"
		judge "/dev/shm fills up, $transport: the other cell goes on" \
			"$(column "$csv" reason tcp+bytes)" \
			"$([ "$(column "$csv" state tcp+bytes)" = done ]; echo $?)"
		judge "/dev/shm fills up, $transport: nothing is left in it" \
			"$(tail -n 1 "$scratch/out")" \
			"$(! grep -q '^ipctop-' "$scratch/out"; echo $?)"
	done
else
	skip "disk full, /dev/shm fills up" "no mount namespace may be made here"
fi
finish
