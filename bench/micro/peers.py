#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Alternates ipctop with the peer programs of PEERS/c and PEERS/python; prints ratios as CSV.

peers.py IPCTOP PEERS_DIR [--runs N] [--python]

Each row: ours, the peer, the array's bytes, the median of ours, of the peer's,
and the ratio of the medians of the alternated runs with its smallest and
largest single pair.  Against the C loops lower than 1 means that ours is
faster; against Python the ratio is how many times faster ours is.
"""
import argparse
import csv
import io
import os
import statistics
import subprocess
import tempfile

SIZES = {1204224: "1x3x224x224", 4194304: "2x1024x16x16", 38535168: "2x3x16x224x224"}
LOOPS = [
    ("unix+bytes", "uds", "reused"),
    ("tcp+bytes", "tcp", "reused"),
    ("mp+pickle", "tcp", "reused"),
    ("ws+bytes", "tcp", "reused"),
    ("http+bytes", "tcp", "reused"),
    ("http+base64", "tcp", "reused"),
    ("http+shm", "shm_futex", "reused"),
    ("ws+shm", "shm_futex", "reused"),
    ("http+shm", "shm_fresh_write_read", "fresh"),
    ("ws+shm", "shm_fresh_write_read", "fresh"),
]
PYTHON = {
    "http+json": "http_json", "http+base64": "http_base64", "ws+bytes": "ws_bytes",
    "http+shm": "http_shm", "ws+shm": "ws_shm", "mp+pickle": "mp",
}


def ours(ipctop, transport, size, memory, pin):
    command = [ipctop, "run", "-t", transport, "-s", SIZES[size], "--blocks", "1", "-b", "2",
               "-n", "60", "-w", "5", "--memory", memory, "--pin", pin, "--csv", "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    row = next(csv.DictReader(io.StringIO(text)))
    # The peers that read do so inside their clock.
    return float(row["p50_with_read_ns" if memory == "fresh" else "p50_ns"])


def loop(program, peer, size):
    environment = dict(os.environ, MAX_SIZE=str(size), ITER_SCALE="0.3")
    text = subprocess.run([program, peer], check=True, capture_output=True, text=True,
                          env=environment).stdout
    return next(float(row[3]) for row in csv.reader(io.StringIO(text))
                if row[0] == peer and row[1] == str(size))


def scheme(folder, name, size):
    command = ["/usr/bin/python3", os.path.join(folder, "run.py"), "--transports", name,
               "--shapes", SIZES[size], "--modes", "transfer"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(next(csv.DictReader(io.StringIO(text)))["median_ns"])


def report(transport, peer, memory, size, pairs, inverse):
    ratios = [b / a if inverse else a / b for a, b in pairs]
    a = statistics.median(pair[0] for pair in pairs)
    b = statistics.median(pair[1] for pair in pairs)
    print(f"{transport},{memory},{peer},{size},{a:.0f},{b:.0f},"
          f"{b / a if inverse else a / b:.3f},{min(ratios):.3f},{max(ratios):.3f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ipctop")
    parser.add_argument("peers")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--python", action="store_true", help="the Python schemes instead of the C loops")
    arguments = parser.parse_args()
    print("ours,memory,peer,payload_bytes,ours_p50_ns,peer_p50_ns,ratio,ratio_min,ratio_max")
    if arguments.python:
        for memory in ("reused", "fresh"):
            for transport, name in PYTHON.items():
                for size in SIZES:
                    pairs = [(ours(arguments.ipctop, transport, size, memory, "none"),
                              scheme(os.path.join(arguments.peers, "python"), name, size))
                             for _ in range(arguments.runs)]
                    report(transport, "python " + name, memory, size, pairs, True)
        return
    with tempfile.TemporaryDirectory() as build:
        subprocess.run(["make", "-s", "-C", os.path.join(arguments.peers, "c"), f"BUILD={build}",
                        f"{build}/raw"], check=True)
        for transport, peer, memory in LOOPS:
            for size in SIZES:
                pairs = [(ours(arguments.ipctop, transport, size, memory, "split"),
                          loop(os.path.join(build, "raw"), peer, size))
                         for _ in range(arguments.runs)]
                report(transport, peer, memory, size, pairs, False)


main()
