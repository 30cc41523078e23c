#!/bin/sh
# SPDX-License-Identifier: MIT
# --timeout: an exchange that takes longer ends its cell in words, and so do connecting and set-up.
. "$(dirname "$0")/lib.inc"

csv="$scratch/a.csv"
known=${BUILD:-build/release}/tests/known/ipctop

# ended NAME TRANSPORT PATTERN: of the run before, whose CSV is $csv.
ended() {
	said="$(column "$csv" state "$2"): $(column "$csv" reason "$2")"
	judge "$1" "exit $status, $said $(cat "$scratch/err")" \
		"$([ $status -eq 1 ] && echo "$said" | grep -q "^failed: $3"; echo $?)"
	clean "$1: nothing is left" "$pid"
}

# A server that does what its word says, on a port of its own: mute takes a request and says
# nothing, drip sends a byte a second, full accepts nobody.
server() {
	: >"$scratch/ready"
	E2E_MARK=$mark /usr/bin/python3 -u - "$1" >"$scratch/ready" 2>&1 <<'PY' &
import select, socket, sys, threading, time
def serve(client):
    try:
        while client.recv(65536):
            if sys.argv[1] == "drip":
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[[1.5")
                for _ in range(1000):
                    client.sendall(b"0")
                    time.sleep(1)
    except OSError:
        pass
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(0)
if sys.argv[1] == "full":
    waiting = [socket.socket() for _ in range(4)]
    for one in waiting:
        one.setblocking(False)
        one.connect_ex(listener.getsockname())
    select.select([], waiting[:1], [])
print("ready", listener.getsockname()[1])
while sys.argv[1] == "full":
    time.sleep(1000)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
PY
	server=$!
	until_ 100 grep -q '^ready ' "$scratch/ready"
	port=$(sed -n 's/^ready //p' "$scratch/ready")
}

# connect WORD TRANSPORT SCHEME PATTERN
connect() {
	server "$1"
	run run -t "$2" -s 2x3 -n 3 -w 0 --blocks 1 --timeout "$slowness" --csv "$csv" \
		--connect "$3://127.0.0.1:$port"
	status=$?
	kill "$server"
	wait "$server" 2>/dev/null
	ended "$1 server, $2" "$2" "$4"
}

connect mute http+json http "no reply within $slowness s (--timeout)"
connect drip http+json http "no reply within $slowness s (--timeout)"
connect full http+json http "no connection within $slowness s (--timeout)"
connect mute ws+bytes ws "no connection within $slowness s (--timeout)"
connect mute lws+bytes ws "no connection within $slowness s (--timeout)"
connect mute mp+pickle mp "no reply within $slowness s (--timeout)"
connect mute tcp+bytes tcp "no connection within $slowness s (--timeout)"

# Foreign pairs that never get as far as they should.
cat >"$scratch/pairs.json" <<-'END'
	{"pairs": [
		{"name": "never+bytes", "server": ["sh", "-c", "cat >/dev/null"],
		 "client": ["sh", "-c", "cat >/dev/null"]},
		{"name": "half+bytes", "server": ["sh", "-c", "sed -u /begin/q >/dev/null; echo ready x; cat >/dev/null"],
		 "client": ["sh", "-c", "cat >/dev/null"]},
		{"name": "mute+bytes", "server": ["sh", "-c", "sed -u /begin/q >/dev/null; echo ready x; cat >/dev/null"],
		 "client": ["sh", "-c", "sed -u /begin/q >/dev/null; echo ready; cat >/dev/null"]}]}
END
for pair in "never:the server was not set up" "half:no connection" "mute:no reply"; do
	run run --pairs "$scratch/pairs.json" -t "${pair%%:*}+bytes" -s 2x3 -n 3 -w 0 --blocks 1 \
		--timeout "$slowness" --csv "$csv"
	status=$?
	ended "a foreign pair, ${pair%%:*}" "${pair%%:*}+bytes" "${pair#*:} within $slowness s (--timeout)"
done

# Late is late, also if the reply comes before anybody has looked. The clock is moved by the
# delays alone: two seconds each, which pass at once.
for warmup in 0 1; do
	E2E_MARK=$mark KNOWN_CLOCK=detached KNOWN_DELAY=constant KNOWN_LOW_NS=2000000000 \
		"$known" run -t delayed+bytes -s 8 -n 3 -w $warmup --blocks 1 -b 100 --timeout 1 \
		--csv "$csv" >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	ended "an exchange that takes twice the timeout, warm-up $warmup" delayed+bytes \
		'client: no reply within 1 s (--timeout): it took 2 s'
done
cat >"$scratch/late.json" <<-'END'
	{"pairs": [{"name": "late+bytes",
		"server": ["sh", "-c", "sed -u /begin/q >/dev/null; echo ready x; cat >/dev/null"],
		"client": ["sh", "-c", "sed -u /begin/q >/dev/null; echo ready; while read -r next; do sleep 0.3; echo sample 200000000; done"]}]}
END
run run --pairs "$scratch/late.json" -t late+bytes -s 2x3x16x224x224 -n 3 -w 0 --blocks 1 \
	--timeout 100ms --csv "$csv"
status=$?
ended "a foreign pair, late" late+bytes 'client: no reply within 0.1 s (--timeout): it took 0.2 s'

# 0.9 seconds each.
E2E_MARK=$mark KNOWN_CLOCK=detached KNOWN_DELAY=constant KNOWN_LOW_NS=900000000 \
	"$known" run -t delayed+bytes -s 8 -n 3 -w 0 --blocks 1 -b 100 --timeout 1 \
	--csv "$csv" >"$scratch/out" 2>"$scratch/err" </dev/null
status=$?
judge "an exchange that is in time" "exit $status: $(cat "$scratch/out" "$scratch/err")" "$status"
finish
