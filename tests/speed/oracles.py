#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds ipctop's medians beside those of programs that others wrote.

oracles.py IPCTOP [options]

They are to agree within 20 %, one way or the other: tcp+bytes at 64 bytes with
sockperf's ping-pong over TCP; unix+bytes and tcp+bytes with the loops of PEERS;
and our client with wrk, each asking the same `ipctop serve -t http+bytes`.
Who is missing is skipped, with the package to install.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import peers
import ratios

WITHIN = 1.2
SMALL_SHAPE, SMALL_BYTES = "8", 64
SMALL_EXCHANGES = 3000
SECONDS = 2  # of sockperf and of wrk, a run
PATIENCE_S = 20
ALLOWED = os.sched_getaffinity(0)
UNITS = {"us": 1e3, "ms": 1e6, "s": 1e9}


class Program:
    """One in the background, on one CPU, ended when its block is left."""

    def __init__(self, command, cpu, **options):
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=lambda: os.sched_setaffinity(0, {cpu}), **options)

    def __enter__(self):
        return self.process

    def __exit__(self, *exception):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def await_port(process, port):
    """Until somebody listens there; connecting would be taken for the client."""
    wanted = f":{port:04X} 00000000:0000 0A"
    ends = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < ends:
        with open("/proc/net/tcp") as file:
            if wanted in file.read():
                return
        time.sleep(0.01)
    raise ratios.Failed("sockperf's server does not listen")


def sockperf_median(seconds):
    server_cpu, client_cpu = ratios.cpus()
    port = str(peers.free_port())
    place = ["-i", "127.0.0.1", "-p", port, "--tcp"]
    with Program(["sockperf", "server", *place], server_cpu, stdout=subprocess.DEVNULL) as server:
        await_port(server, int(port))
        text = ratios.run_text(["sockperf", "ping-pong", *place, "-m", str(SMALL_BYTES), "-t",
                                str(seconds), "--full-rtt"], 60, cpus={client_cpu})
    found = re.search(r"percentile 50\.000 = +([0-9.]+)", text)
    if not found:
        raise ratios.Failed("sockperf printed no median")
    return float(found.group(1)) * 1e3


def serve(ipctop):
    return Program([ipctop, "serve", "-t", "http+bytes", "-s", SMALL_SHAPE], ratios.cpus()[0],
                   stdout=subprocess.PIPE, text=True)


def address_of(server):
    said = server.stdout.readline().split()
    if len(said) != 2 or said[0] != "ready":
        raise ratios.Failed("ipctop serve did not say where it is")
    return said[1]


def wrk_median(ipctop, seconds):
    with serve(ipctop) as server:
        text = ratios.run_text(["wrk", "-t1", "-c1", f"-d{seconds}s", "--latency",
                                address_of(server) + "/random_tobytes"], 60,
                               cpus={ratios.cpus()[1]})
    found = re.search(r"50% +([0-9.]+)(us|ms|s)", text)
    if not found or "Non-2xx" in text:
        raise ratios.Failed("wrk printed no median, or errors")
    return float(found.group(1)) * UNITS[found.group(2)]


def connect_median(ipctop, exchanges):
    """Our client on such a server, on the CPU that wrk has there."""
    with serve(ipctop) as server:
        address = address_of(server)
        os.sched_setaffinity(0, {ratios.cpus()[1]})
        try:
            return ratios.ours(ipctop, "http+bytes", SMALL_SHAPE, exchanges, "--connect", address)
        finally:
            os.sched_setaffinity(0, ALLOWED)


def connects(ipctop):
    """Whether this build can be the client of somebody else's server."""
    with serve(ipctop) as server:
        done = subprocess.run([ipctop, "run", "-t", "http+bytes", "-s", SMALL_SHAPE, "-n", "1",
                               "-w", "1", "--blocks", "1", "--connect", address_of(server)],
                              capture_output=True, timeout=60)
    return done.returncode == 0


def sockperf_lines(arguments):
    if not shutil.which("sockperf"):
        print("skipped: sockperf is not installed; it is the Debian package sockperf")
        return []
    count = arguments.exchanges or SMALL_EXCHANGES
    seconds = 1 if arguments.exchanges else SECONDS
    ways = {
        "ours": lambda: ratios.ours(arguments.ipctop, "tcp+bytes", SMALL_SHAPE, count),
        "peer sockperf": lambda: sockperf_median(seconds),
    }
    return [ratios.Line("tcp+bytes : sockperf", SMALL_BYTES, ways, count, WITHIN, "within",
                        seconds + 3, count >= 20)]


def wrk_lines(arguments):
    if not shutil.which("wrk"):
        print("skipped: wrk is not installed; it is the Debian package wrk")
        return []
    if not connects(arguments.ipctop):
        print("skipped: wrk beside our client needs `ipctop run --connect`, which failed here")
        return []
    count = arguments.exchanges or SMALL_EXCHANGES
    seconds = 1 if arguments.exchanges else SECONDS
    ways = {
        "ours": lambda: connect_median(arguments.ipctop, count),
        "peer wrk": lambda: wrk_median(arguments.ipctop, seconds),
    }
    return [ratios.Line("http+bytes --connect : wrk", SMALL_BYTES, ways, count, WITHIN, "within",
                        seconds + 2, count >= 20)]


def loop_lines(arguments, sizes, loops):
    if not arguments.peers:
        print("skipped: the loops; --peers names the folder of the peer programs")
        return []
    lines = []
    for transport, peer in (("unix+bytes", "uds"), ("tcp+bytes", "tcp")):
        for size in sizes:
            shape = SMALL_SHAPE if size == SMALL_BYTES else ratios.SHAPES[size]
            count = arguments.exchanges or (SMALL_EXCHANGES if size == SMALL_BYTES
                                            else peers.EXCHANGES[size])
            ways = {
                "ours": lambda t=transport, s=shape, n=count: ratios.ours(arguments.ipctop, t, s, n),
                "peer " + peer: lambda p=peer, s=size, n=count: loops().median(p, s, n),
            }
            lines.append(ratios.Line(f"{transport} : {peer}", size, ways, count, WITHIN, "within",
                                     2 * (peers.start_s(size) + count * 1.5e-4 + size * 2e-8),
                                     count >= min(20, peers.EXCHANGES.get(size, 20))))
    return lines


def main():
    sizes = {"64B": SMALL_BYTES, **peers.SIZES}
    parser = ratios.parser_for(__doc__, "bench-oracles.csv", sizes)
    parser.add_argument("--peers", metavar="DIR", help="the folder of the peer programs")
    arguments = ratios.parse(parser)
    wanted = ratios.sizes_of(parser, arguments.sizes, sizes, "64B,4.2MB")
    with tempfile.TemporaryDirectory() as build:
        loops = peers.loops_in(arguments.peers, build)
        lines = [*sockperf_lines(arguments), *wrk_lines(arguments),
                 *loop_lines(arguments, wanted, loops)]
        return ratios.main_of(lines, arguments) if lines else 0


if __name__ == "__main__":
    sys.exit(main())
