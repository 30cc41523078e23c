#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Ratios of ipctop to the peer programs of PEERS/c and PEERS/python.

peers.py IPCTOP PEERS [options]

The C loops (--group c): source ready, an end on each of two CPUs, small pages,
both ends reading their array in full between exchanges (peers_settle.h).  At
1.2 MB a bound is a fifth wider.  Of shared memory, the rival is given this
carrier's own round trip of 64 bytes in place of its own.  http+json stands
beside formatting the same array alone on one core: by C++'s <charconv>, and by
its own formatter, which takes an eighth of that, so that sending cannot hide behind
it; and, without a bound, beside parsing it.

The Python schemes (--group python): mode transfer, an end on each of two CPUs.
Their ratio is how many times faster ours is.  They read nothing between
exchanges, which is to their favour.
"""
import functools
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile

import ratios

SIZES = {"1.2MB": 1204224, "4.2MB": 4194304, "38.5MB": 38535168, "1GiB": 1 << 30}
EXCHANGES = {1204224: 100, 4194304: 40, 38535168: 20, 1 << 30: 5}
SLOW_S = 1  # exchanges that take longer than this are as few as those of 1 GiB
FEW = 5
SMALL_BYTES, SMALL_SHAPE, SMALL_EXCHANGES = 64, "8", 400

# transport, memory, peers, bound, the peer that crosses as they do with next to no payload
LOOPS = [
    ("unix+bytes", "reused", ["uds"], 1.05, None),
    ("tcp+bytes", "reused", ["tcp"], 1.05, None),
    ("ws+bytes", "reused", ["tcp"], 1.15, None),
    ("mp+pickle", "reused", ["tcp"], 1.15, None),
    ("http+bytes", "reused", ["tcp"], 1.35, None),
    ("http+base64", "reused", ["tcp"], 1.8, None),
    ("http+json", "reused", ["charconv"], 1.15, None),
    ("http+json", "reused", ["format"], 1.15, None),
    ("http+json", "reused", ["parse"], None, None),
] + [
    (carrier + "+shm", memory, peers, bound, small)
    for memory, peers, bound, small in (
        ("fresh", ["shm_fresh", "shm_fresh_populate_read", "shm_fresh_write_read"], 1.1, "uds"),
        ("reused", ["shm_futex"], 1.15, "shm_futex"))
    for carrier in ("http", "ws")
]
# transport, scheme, how many times faster: memory reused, fresh
SCHEMES = [
    ("http+json", "http_json", 35, 35),
    ("http+base64", "http_base64", 20, 12),
    ("ws+bytes", "ws_bytes", 5, 3),
    ("mp+pickle", "mp", 8, 4),
    ("http+shm", "http_shm", 6, 1),
    ("ws+shm", "ws_shm", 6, 1),
]
# Nanoseconds a byte of ours or the C peer's, and of the Python scheme, for the estimate only.
NS_A_BYTE = {"http+json": 2, "http+base64": 1.2}
PYTHON_NS_A_BYTE = {"http_json": 330, "http_base64": 15, "ws_bytes": 5, "mp": 4}


class Loops:
    """PEERS/c/raw, built with what verification does between exchanges."""

    def __init__(self, folder, build):
        self.program = os.path.join(build, "raw")
        here = os.path.dirname(os.path.abspath(__file__))
        before = " ".join("-include " + os.path.abspath(path) for path in (
            os.path.join(folder, "bench.h"), os.path.join(here, "peers_settle.h")))
        ratios.run_text(["make", "-s", "-B", "-C", folder, f"BUILD={build}",
                         f"CFLAGS=-O2 -march=native {before}", self.program], 300)

    def median(self, peer, size, exchanges):
        environment = dict(os.environ, PEERS_SIZES=str(size), PEERS_EXCHANGES=str(exchanges))
        text = ratios.run_text([self.program, peer], 600, environment)
        for row in (line.split(",") for line in text.splitlines()):
            if row[0] == peer and row[1] == str(size):
                return float(row[3])
        raise ratios.Failed(f"{peer}: no such row at {size} bytes")


def loops_in(peers, build):
    """A function that returns the loops, built when they are first wanted."""
    @functools.cache
    def loops():
        return Loops(os.path.join(peers, "c"), build)
    return loops


def stage_alone(program, stage, size, exchanges):
    command = [program, stage, str(size), str(exchanges)]
    text = ratios.run_text(command, 600, cpus={ratios.cpus()[0]})
    return float(text)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def scheme_server(folder, scheme, shape, port, cpu, ready):
    """Started, with its end of the pipe `ready` as descriptor 3."""
    def place():
        os.dup2(ready, 3)
        os.set_inheritable(3, True)
        os.sched_setaffinity(0, {cpu})
    return subprocess.Popen(
        ["/usr/bin/python3", os.path.join(folder, "server.py"), scheme, shape, "transfer", str(port)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        close_fds=False, preexec_fn=place)


def scheme_median(folder, scheme, size, exchanges):
    server_cpu, client_cpu = ratios.cpus()
    shape, port = ratios.SHAPES[size], free_port()
    told, ready = os.pipe()
    server = scheme_server(folder, scheme, shape, port, server_cpu, ready)
    os.close(ready)
    try:
        if not os.read(told, 16):
            raise ratios.Failed(f"{scheme}: its server did not start")
        text = ratios.run_text(
            ["/usr/bin/python3", os.path.join(folder, "client.py"), scheme, shape, "transfer",
             str(port), str(exchanges), "1"], 3600, cpus={client_cpu})
        return float(statistics.median(json.loads(text)["samples"]))
    finally:
        os.close(told)
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def exchanges_of(arguments, size, nanoseconds):
    """How many a run, and whether that is as many as the rules ask for."""
    ruled = FEW if nanoseconds > SLOW_S * 1e9 else EXCHANGES[size]
    count = arguments.exchanges or ruled
    return count, count >= min(ruled, 20)


def start_s(size):
    """What a fresh pair takes before its first exchange: two arrays to draw, and their pages."""
    return 0.3 + size * 5e-9


def loop_line(arguments, loops, row, size):
    transport, memory, peers, bound, small = row
    each_ns = size * NS_A_BYTE.get(transport, 0.4) + size * 0.4  # and what verification takes
    count, enough = exchanges_of(arguments, size, each_ns)
    short = min(count * 10, SMALL_EXCHANGES)
    carrier = transport.split("+", maxsplit=1)[0]
    ways = {"ours": lambda: ratios.ours(arguments.ipctop, transport, ratios.SHAPES[size], count,
                                        memory=memory)}
    for peer in peers:
        ways["peer " + peer] = (
            (lambda peer=peer: stage_alone(arguments.alone, peer, size, count))
            if peer in ("charconv", "format", "parse") else
            (lambda peer=peer: loops().median(peer, size, count)))
    if small:
        ways["small ours"] = lambda: ratios.ours(arguments.ipctop, carrier + "+bytes", SMALL_SHAPE,
                                                 short)
        ways["small peer"] = lambda: loops().median(small, SMALL_BYTES, short)
    seconds = (1 + len(peers)) * (start_s(size) + count * each_ns * 1e-9) + (0.5 if small else 0)
    return ratios.Line(f"{transport} {memory} : {peers[0] if len(peers) == 1 else 'shm_fresh*'}",
                       size, ways, count, bound and bound * (1.2 if size == 1204224 else 1), "most",
                       seconds, enough)


def scheme_line(arguments, row, memory, size):
    transport, scheme, *bounds = row
    slow_ns = size * PYTHON_NS_A_BYTE.get(scheme, 1.5)
    count, enough = exchanges_of(arguments, size, slow_ns)
    folder = os.path.join(arguments.peers, "python")
    ways = {
        "ours": lambda: ratios.ours(arguments.ipctop, transport, ratios.SHAPES[size], count,
                                    memory=memory),
        "peer " + scheme: lambda: scheme_median(folder, scheme, size, count),
    }
    seconds = 2 + 2 * start_s(size) + (count + 1) * slow_ns * 1.1e-9
    return ratios.Line(f"{transport} {memory} : python {scheme}", size, ways, count,
                       bounds[memory == "fresh"], "least", seconds, enough)


def lines_of(arguments, loops, sizes):
    if arguments.group == "c":
        return [loop_line(arguments, loops, row, size) for row in LOOPS for size in sizes]
    return [scheme_line(arguments, row, memory, size)
            for memory in ("reused", "fresh") for row in SCHEMES for size in sizes]


def python_is_there():
    modules = "fastapi, uvicorn, websockets, websocket, numpy, requests"
    done = subprocess.run(["/usr/bin/python3", "-c", "import " + modules], capture_output=True)
    return done.returncode == 0


def main():
    parser = ratios.parser_for(__doc__, "bench-peers.csv", SIZES)
    parser.add_argument("peers", help="the folder of the peer programs")
    parser.add_argument("--group", choices=("c", "python"), default="c")
    parser.add_argument("--alone", default="build/release/tests/speed/alone",
                        help="the program that formats and parses alone (default: %(default)s)")
    arguments = ratios.parse(parser)
    folder = os.path.join(arguments.peers, arguments.group)
    if not os.path.isdir(folder):
        parser.error(f"no peers: {folder} is not a folder")
    if arguments.group == "python" and not python_is_there():
        print("skipped: the Python schemes need the Debian packages python3-fastapi, "
              "python3-uvicorn, python3-websockets, python3-websocket, python3-numpy and "
              "python3-requests")
        return 0
    sizes = ratios.sizes_of(parser, arguments.sizes, SIZES,
                            "1.2MB,4.2MB,38.5MB" if arguments.group == "c" else "4.2MB,38.5MB")
    with tempfile.TemporaryDirectory() as build:
        loops = loops_in(arguments.peers, build)
        return ratios.main_of(lines_of(arguments, loops, sizes), arguments)


if __name__ == "__main__":
    sys.exit(main())
