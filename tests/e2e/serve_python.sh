#!/bin/sh
# SPDX-License-Identifier: MIT
# `serve` answers plain Python programs and curl, and leaves nothing behind when it is told to go.
. "$(dirname "$0")/lib.inc"

# The tests' clients talk to this machine only.
unset http_proxy HTTP_PROXY all_proxy ALL_PROXY

is_ready() {
	grep -q '^ready ' "$scratch/out"
}

# serve NAME ARGS...: starts it; $address is where it listens.
serve() {
	name=$1
	shift
	start serve "$@"
	if ! until_ 100 is_ready; then
		not_ok "$name" "not ready: $(cat "$scratch/err")"
		return 1
	fi
	address=$(sed -n 's/^ready //p' "$scratch/out")
}

# stopped NAME SIGNAL: the signal ends it, at once and tidily.
stopped() {
	kill "-$2" "$pid"
	wait "$pid"
	status=$?
	judge "$1: SIG$2 ends it" "exit $status: $(tail -n 3 "$scratch/err")" \
		"$([ $status -eq 0 ]; echo $?)"
	clean "$1: nothing is left" "$pid"
}

# answers TRANSPORT SHAPE ARGS...: the Python client of that name is served well.
answers() {
	transport=$1
	shape=$2
	shift 2
	title="$transport $shape${*:+ $*}${IPCTOP_AUTHKEY:+ with a key}"
	serve "$title" -t "$transport" -s "$shape" "$@" || return
	said=$(/usr/bin/python3 "$here/foreign_clients.py" "$transport" "$address" "$shape" 2>&1)
	judge "$title" "$said; $(tail -n 3 "$scratch/err")" "$([ -z "$said" ]; echo $?)"
	stopped "$title" TERM
}

for transport in http+json http+base64 http+shm ws+bytes ws+shm lws+bytes mp+pickle tcp+bytes; do
	answers $transport 1x3x224x224
done
answers http+json 2x1x3
answers mp+pickle 2x1x3
for transport in http+base64 http+shm ws+shm mp+pickle; do
	answers $transport 2x3x50 --source fresh --memory fresh
done
IPCTOP_AUTHKEY=secret
export IPCTOP_AUTHKEY
answers mp+pickle 3x50x7
unset IPCTOP_AUTHKEY

# What curl makes of it.
if serve "curl" -t http+base64 -s 3x50; then
	said=$(curl -sSI "$address/random_tobytes" 2>&1)
	judge "curl -I" "$said" "$(echo "$said" | grep -q '^HTTP/1.1 200'; echo $?)"
	bytes=$(curl -sS -0 "$address/random_tobytes" | base64 -d | wc -c)
	judge "curl -0" "$bytes bytes" "$([ "$bytes" -eq 1200 ]; echo $?)"
	bytes=$(curl -sS "$address/a" "$address/b" "$address/c" | wc -c)
	judge "curl, three in a row" "$bytes bytes" "$([ "$bytes" -eq 4800 ]; echo $?)"

	port=${address##*:}
	E2E_MARK=$mark timeout 20 "$IPCTOP" serve -t http+json -s 3 --port "$port" \
		>"$scratch/out2" 2>"$scratch/err2" </dev/null
	status=$?
	judge "port in use" "exit $status: $(cat "$scratch/out2" "$scratch/err2")" \
		"$([ $status -eq 2 ] && lines_are "$scratch/err2" 1 && [ ! -s "$scratch/out2" ]; echo $?)"
	stopped "curl" INT
fi
if serve "curl, Unix socket" -t uhttp+base64 -s 3x50; then
	unix=${address#uhttp://}
	bytes=$(curl -sS --unix-socket "$unix" http://localhost/a http://localhost/b | wc -c)
	judge "curl --unix-socket, two in a row" "$bytes bytes" "$([ "$bytes" -eq 3200 ]; echo $?)"
	bytes=$(curl -sS -0 --unix-socket "$unix" http://localhost/ | base64 -d | wc -c)
	judge "curl --unix-socket -0" "$bytes bytes" "$([ "$bytes" -eq 1200 ]; echo $?)"
	said=$("$IPCTOP" run -t uhttp+base64 -s 3x50 --connect "$address" -n 3 -w 0 --blocks 1 \
		--csv "$scratch/unix.csv" 2>&1 </dev/null)
	judge "connected to as a foreign server" "$said" \
		"$(grep -c ',uhttp+base64,.*,done,,' "$scratch/unix.csv" | grep -qx 1; echo $?)"
	stopped "curl, Unix socket" TERM
fi
if serve "curl, json" -t http+json -s 30000x3; then
	said=$(curl -sSI "$address/random_tolist" 2>&1)
	judge "curl -I, length unknown" "$said" "$(echo "$said" | grep -q '^HTTP/1.1 200'; echo $?)"
	said=$(curl -sS -0 "$address/random_tolist" |
		/usr/bin/python3 -c 'import json, sys; print(len(json.load(sys.stdin)))' 2>&1)
	judge "curl -0, length unknown" "$said" "$([ "$said" = 30000 ]; echo $?)"
	stopped "curl, json" TERM
fi

# It says that it is open, listens on this machine only, and shows no stranger's bytes.
for transport in http+json ws+bytes lws+bytes mp+pickle tcp+bytes unix+bytes; do
	serve "strangers, $transport" -t $transport -s 3 || continue
	said=$(/usr/bin/python3 "$here/strangers.py" "$pid" "$address" 2>&1)
	judge "strangers, $transport: loopback only" "$said" "$([ -z "$said" ]; echo $?)"
	judge "strangers, $transport: open, and says so" "$(cat "$scratch/err")" \
		"$(grep -q 'anyone who can connect is answered' "$scratch/err"; echo $?)"
	stopped "strangers, $transport" TERM
	said=$(LC_ALL=C grep -aE "$(printf '[\001-\010\013-\037\177-\377]')" "$scratch/err")
	judge "strangers, $transport: no escapes" "$said" "$([ -z "$said" ]; echo $?)"
done

# It goes on where its complaints are not read, and ends when it is told to.
for transport in tcp+bytes mp+pickle; do
	said=$(E2E_MARK=$mark /usr/bin/python3 "$here/unread.py" "$IPCTOP" $transport 2>&1)
	judge "complaints that nobody reads, $transport" "$said" "$([ -z "$said" ]; echo $?)"
	clean "complaints that nobody reads, $transport: nothing is left" none
done

# Few descriptors: a client that there is none for is hung up on; no loop asks for one for ever.
descriptors=$(ulimit -S -n)
for wait in block hybrid; do
	ulimit -S -n 24
	serve "crowd, $wait" -t http+bytes -s 3 --wait $wait
	status=$?
	ulimit -S -n "$descriptors"
	[ $status -eq 0 ] || continue
	said=$(/usr/bin/python3 "$here/crowd.py" "$address" 2>&1)
	judge "crowd, $wait: each is answered or hung up on" "$said" "$([ -z "$said" ]; echo $?)"
	stopped "crowd, $wait" TERM
done

# Where libraries seldom go.
for transport in http+bytes ws+bytes lws+bytes; do
	if serve "standards, $transport" -t $transport -s 3000x3; then
		/usr/bin/python3 "$here/serve_standards.py" "$(echo $transport | sed 's/^l*\([a-z]*\)+.*/\1/')" \
			"$address" 72000 >"$scratch/standards" 2>&1
		judge "standards, $transport" "ended badly" "$?"
		sed "s/^\(ok\|not ok\) /\1 $transport: /" "$scratch/standards"
		failures=$((failures + $(grep -c '^not ok' "$scratch/standards")))
		case $transport in *ws+*)
			judge "standards, $transport: complains of too much" "$(tail -n 3 "$scratch/err")" \
				"$(grep -q 'a request of more than' "$scratch/err"; echo $?)"
			;;
		esac
		stopped "standards, $transport" TERM
	fi
done

# A client that does not unlink what it was given, and one that is in the middle when it ends.
if serve "segments not unlinked" -t http+shm -s 100x100 --memory fresh; then
	for _ in 1 2 3; do
		curl -sS "$address/x" >>"$scratch/names"
		echo >>"$scratch/names"
	done
	judge "segments not unlinked: names" "$(cat "$scratch/names")" \
		"$([ "$(sort -u "$scratch/names" | grep -c '^ipctop-[^/]*$')" -ge 1 ]; echo $?)"
	stopped "segments not unlinked" TERM
fi
has_part() {
	[ -s "$scratch/part" ]
}

if serve "stopped in a reply" -t http+bytes -s 5000000; then
	curl -sSN --limit-rate 10k -o "$scratch/part" "$address/x" >/dev/null 2>&1 &
	curl=$!
	judge "stopped in a reply: it has begun" "no byte came" "$(until_ 100 has_part; echo $?)"
	stopped "stopped in a reply" TERM
	kill "$curl" 2>/dev/null
fi
finish
