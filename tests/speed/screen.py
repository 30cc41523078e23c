#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that a measurement does not feel the screen.

screen.py IPCTOP [--runs N] [--transports LIST]

Short runs of the dashboard (on a pseudo-terminal of 120x40 that is read as fast as
it writes) and of `ipctop run` take turns, in random order.  A machine that is faster
for one minute than for the next moves both of a round alike, so each round gives one
ratio of medians, dashboard over run.  For each cell: their median with its 95 %
interval, the dashboard's own share of one core while it measured, and the verdict: met
if the interval holds 1.
"""
import argparse
import csv
import fcntl
import glob
import io
import os
import pty
import random
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

from ratios import interval

CELLS = [("unix+bytes", "1x3x224x224"), ("ws+shm", "2x1024x16x16"), ("http+json", "2x1024x16x16")]
MEASURING = ["--blocks", "8", "-b", "1.6", "-n", "2000", "--pin", "split"]
PATIENCE_S = 60


def headless(ipctop, transport, shape):
    command = [ipctop, "run", "-t", transport, "-s", shape, *MEASURING, "--csv", "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(next(csv.DictReader(io.StringIO(text)))["p50_ns"])


def finished(state):
    for path in glob.glob(os.path.join(state, "ipctop", "**", "*.csv"), recursive=True):
        with open(path, newline="") as file:
            for row in csv.DictReader(file):
                if row["state"] == "done":
                    return float(row["p50_ns"])
    return None


def dashboard(ipctop, transport, shape):
    """The median, and the share of one core that the dashboard's own process took."""
    with tempfile.TemporaryDirectory() as state:
        environment = dict(os.environ, XDG_STATE_HOME=state, XDG_CONFIG_HOME=state,
                           TERM="xterm-256color", LC_ALL="C.UTF-8")
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(ipctop, [ipctop, "-t", transport, "-s", shape, *MEASURING], environment)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.write(terminal, b"r")
        started = time.monotonic()
        median = None
        while median is None and time.monotonic() - started < PATIENCE_S:
            if select.select([terminal], [], [], 0.2)[0]:
                os.read(terminal, 65536)
            else:
                median = finished(state)
        elapsed = time.monotonic() - started
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        os.write(terminal, b"QQy")
        try:
            while os.read(terminal, 65536):
                pass
        except OSError:
            pass
        os.waitpid(pid, 0)
        if median is None:
            sys.exit(f"{transport} {shape}: the dashboard did not finish in {PATIENCE_S} s")
        return median, own / elapsed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ipctop")
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--transports", default="unix+bytes,ws+shm,http+json")
    arguments = parser.parse_args()
    random.seed(1)
    print("transport,shape,dashboard_p50_ns,run_p50_ns,ratio,ci_low,ci_high,dashboard_cpu_share,verdict")
    for transport, shape in CELLS:
        if transport not in arguments.transports.split(","):
            continue
        shown, plain, shares = [], [], []
        for _ in range(arguments.runs):
            if random.random() < 0.5:
                plain.append(headless(arguments.ipctop, transport, shape))
            median, share = dashboard(arguments.ipctop, transport, shape)
            shown.append(median)
            shares.append(share)
            if len(plain) < len(shown):
                plain.append(headless(arguments.ipctop, transport, shape))
        ratios = [a / b for a, b in zip(shown, plain)]
        low, high = interval(ratios)
        print(f"{transport},{shape},{statistics.median(shown):.0f},{statistics.median(plain):.0f},"
              f"{statistics.median(ratios):.3f},{low:.3f},{high:.3f},"
              f"{statistics.median(shares):.4f},{'met' if low <= 1 <= high else 'NOT MET'}",
              flush=True)


main()
