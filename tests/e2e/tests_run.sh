#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/run itself: what it counts, what it takes for a failure, in which order it says so.
. "$(dirname "$0")/lib.inc"

# toy NAME TEXT...: a test that is such a script, in the scratch folder.
toy() {
	name=$1
	shift
	printf '%s\n' '#!/bin/sh' "$@" >"$scratch/$name.sh"
	chmod +x "$scratch/$name.sh"
}

# runs NAME STATUS LAST-LINE TOY...: their exit status and their last line; output in $scratch/out.
limit=60
runs() {
	name=$1 want=$2 last=$3
	shift 3
	for each in "$@"; do
		shift
		set -- "$@" "$scratch/$each.sh"
	done
	TEST_SLOWNESS=1 TEST_TIMEOUT=$limit tests/run "$@" >"$scratch/out" 2>&1 </dev/null
	status=$?
	said=$(tail -n 1 "$scratch/out")
	judge "$name" "exit $status: $(cat "$scratch/out")" \
		"$([ "$status" -eq "$want" ] && [ "$said" = "$last" ]; echo $?)"
}

# has NAME LINE: the output has the line.
has() {
	judge "$1" "$(cat "$scratch/out")" "$(grep -qxF -- "$2" "$scratch/out"; echo $?)"
}

toy good 'echo ok one' 'echo and more' 'echo ok two'
toy bad 'echo ok one' 'echo "not ok two: of no use"' 'exit 1'
toy skipped 'echo "skip one: not here"' 'echo ok two'
toy dies 'echo ok one' 'echo the last words' 'kill -SEGV $$'
toy ends 'echo ok one' 'exit 3'
toy silent 'true'
toy hangs 'echo ok one' 'exec tail -f /dev/null'
toy noted 'echo ok one' 'echo "==1==ERROR: of a worker" >"${ASAN_OPTIONS#log_path=}.1"'
toy alone '# Runs alone: to see that it comes last.' 'echo ok one'
toy late "until [ -e '$scratch/early' ]; do sleep 0.01; done" 'echo ok late'
toy early ": >'$scratch/early'" 'echo ok early'

runs "what passes" 0 "2 passed, 0 failed" good
runs "what fails" 1 "1 passed, 1 failed" bad
has "a failure is named" "bad.sh: not ok two: of no use"
runs "what is skipped" 0 "1 passed, 0 failed, 1 skipped" skipped
has "a skip is named" "skipped.sh: skip one: not here"
runs "what dies" 1 "1 passed, 1 failed" dies
has "what dies: its status" "dies.sh: not ok the test: ended with status 139"
has "what dies: its words" "the last words"
runs "what ends badly" 1 "1 passed, 1 failed" ends
runs "what says nothing" 1 "0 passed, 1 failed" silent
limit=3
runs "what hangs" 1 "1 passed, 1 failed" hangs
limit=60
has "what hangs: its status" "hangs.sh: not ok the test: ended with status 124"
runs "a report" 1 "3 passed, 1 failed" noted good
has "a report is its test's" "noted.sh: not ok address.1: ==1==ERROR: of a worker"
runs "nothing" 1 "0 passed, 0 failed"
if [ "$(nproc)" -gt 1 ]; then
	runs "side by side" 0 "2 passed, 0 failed" late early
	said=$(sed 's/ .*//' "$scratch/out" | paste -sd' ')
	judge "in order" "$said" "$([ "$said" = "late.sh: early.sh: 2" ]; echo $?)"
else
	skip "side by side" "one CPU"
fi
runs "alone" 0 "3 passed, 0 failed" alone good
said=$(sed 's/ .*//' "$scratch/out" | paste -sd' ')
judge "alone comes last" "$said" "$([ "$said" = "good.sh: alone.sh: 3" ]; echo $?)"

# Told to end, it ends what it runs.
toy waits "E2E_MARK=$mark exec tail -f /dev/null"
TEST_TIMEOUT=100 tests/run "$scratch/waits.sh" >"$scratch/out" 2>&1 </dev/null &
pid=$!
some_marked() {
	! none_marked
}
until_ 100 some_marked
kill -TERM "$pid"
wait "$pid"
status=$?
judge "told to end" "exit $status: $(cat "$scratch/out")" "$([ $status -eq 130 ]; echo $?)"
judge "told to end: nothing is left" "$(marked)" "$(until_ 20 none_marked; echo $?)"
finish
