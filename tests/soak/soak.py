#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs ipctop for long and looks whether it grows.

soak.py IPCTOP [--seconds N] [--seed N]

The first half is `ipctop run` over all transports again and again, every way of waiting,
memory and source in turn; the second half is one dashboard on a pseudo-terminal whose keys
are random.  Every two seconds the memory, descriptors and number of our processes are taken,
and the names left in /dev/shm and /tmp.  For each figure it prints the medians of the thirds,
its peak and its slope, and it fails if the last third is above the middle one: a leak has not
stopped by then.  The first two minutes, at most half, are warm-up: a dashboard has all its
memory only when its second run has replaced the first.
"""
import argparse
import fcntl
import glob
import itertools
import os
import pty
import random
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

MARK = f"SOAK_MARK=soak-{os.getpid()}-{time.time_ns()}"
SAMPLE_S = 2
WARM_UP_S = 120
SHAPES = "16x3x5,100x100"
WAYS = list(itertools.product(("block", "spin", "hybrid"), ("reused", "fresh"), ("ready", "fresh")))

# By how much a figure may end above its middle: a share of it, and a number.
FIGURES = {
    "runner_kib": (0.15, 4096),
    "workers_kib": (0.25, 16384),
    "runner_fds": (0.10, 4),
    "workers_fds": (0.25, 16),
    "processes": (0.25, 3),
    "names": (0.25, 4),
}

# Out of reach of the random keys: what ends the dashboard, and what makes a run that is
# not small.  They move to letters that are never sent.
OUT_OF_REACH = ("toggle", "all", "invert", "edit", "add-shape", "preset", "left", "right",
                "remove-shape", "quit", "leave", "quit-now", "suspend", "help-do")
KEYS = ([bytes([byte]) for byte in b"?!rprsxf[]<>ImvYX+-=0L1234cekjgGMy n"
         b"\t\r\x02\x06\x04\x15\x0c\x13\x7f"] +
        [b"\x1b", b"\x1b[A", b"\x1b[B", b"\x1b[5~", b"\x1b[6~", b"\x1bOP", b"\x1b[Z"])
CTRL_C_S = 5  # twice within two seconds would quit
ROUND = 25    # keys, after which whatever is open is closed and another run begins


def ours():
    """Processes that carry the mark, whoever their parent is."""
    found = []
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            with open(path, "rb") as file:
                if MARK.encode() in file.read().split(b"\0"):
                    found.append(int(path.split("/")[2]))
        except OSError:
            pass  # it has ended, or is somebody else's
    return found


def memory_kib(pid):
    """What is the process's alone, and its share of what it shares."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        for line in file:
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def names_of(runner):
    return glob.glob(f"/dev/shm/ipctop-{runner}-*") + glob.glob(f"/tmp/ipctop-{runner}-*")


def sample(runner):
    """The figures of now, or None if the runner has just ended."""
    figures = dict.fromkeys(FIGURES, 0)
    for pid in ours():
        kind = "runner" if pid == runner else "workers"
        try:
            figures[kind + "_kib"] += memory_kib(pid)
            figures[kind + "_fds"] += len(os.listdir(f"/proc/{pid}/fd"))
            figures["processes"] += 1
        except OSError:
            if pid == runner:
                return None
    figures["names"] = len(names_of(runner))
    return figures if figures["runner_kib"] else None


def left_behind(runner):
    """Waits a moment for the workers to end; then nothing may be there."""
    for _ in range(100):
        if not ours():
            break
        time.sleep(0.1)
    return [f"process {pid}" for pid in ours()] + names_of(runner)


def slope_an_hour(series):
    if len(series) < 2:
        return 0
    return statistics.linear_regression(*zip(*series)).slope * 3600


def report(title, series):
    """Prints the figures, and returns the names of those that grew."""
    grown = []
    warm_s = min(WARM_UP_S, series[-1][0] / 2)
    series = [(at, figures) for at, figures in series if at >= warm_s]
    third = max(1, len(series) // 3)
    print(f"{title}: {len(series)} samples in {series[-1][0] - series[0][0]:.0f} s")
    print(f"  {'':14}{'start':>10}{'middle':>10}{'end':>10}{'peak':>10}{'an hour':>12}")
    for name, (share, room) in FIGURES.items():
        values = [figures[name] for _, figures in series]
        start, middle, end = (statistics.median(part) for part in
                              (values[:third], values[third:-third] or values, values[-third:]))
        slope = slope_an_hour([(at, figures[name]) for at, figures in series])
        grew = end > middle * (1 + share) + room
        print(f"  {name:14}{start:10.0f}{middle:10.0f}{end:10.0f}{max(values):10.0f}{slope:+12.0f}"
              f"{'   GREW' if grew else ''}")
        if grew:
            grown.append(f"{title}: {name} grew from {middle:.0f} to {end:.0f}")
    return grown


def environment(scratch):
    name, _, value = MARK.partition("=")
    return dict(os.environ, **{name: value}, XDG_STATE_HOME=scratch, XDG_CONFIG_HOME=scratch,
                TERM="xterm-256color", LC_ALL="C.UTF-8")


def soak_runs(ipctop, seconds, scratch):
    """Run after run; returns what went wrong."""
    problems, series, runs = [], [], 0
    started = time.monotonic()
    for wait, memory, source in itertools.cycle(WAYS):
        if time.monotonic() - started >= seconds:
            break
        command = [ipctop, "run", "-t", "all", "-s", SHAPES, "--wait", wait, "--memory", memory,
                   "--source", source, "--blocks", "3", "-n", "60", "-b", "0.2"]
        with open(os.path.join(scratch, "stderr"), "w+") as errors:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors,
                                       env=environment(scratch), cwd=scratch)
            interrupted = False
            while process.poll() is None:
                figures = sample(process.pid)
                if figures:
                    series.append((time.monotonic() - started, figures))
                if time.monotonic() - started >= seconds and not interrupted:
                    process.send_signal(signal.SIGINT)
                    interrupted = True
                try:
                    process.wait(SAMPLE_S)
                except subprocess.TimeoutExpired:
                    pass
            runs += 1
            if process.returncode not in ((0, 130) if interrupted else (0,)):
                errors.seek(0)
                problems.append(f"{' '.join(command)}: exit {process.returncode}: "
                                f"{errors.read()[-300:]}")
        problems += [f"left by a run: {left}" for left in left_behind(process.pid)]
    print(f"run: {runs} runs")
    return problems + report("run", series)


class Dashboard:
    """ipctop on a terminal that is read as fast as it writes."""

    def __init__(self, ipctop, scratch):
        with open(os.path.join(scratch, "ipctop", "keys.conf"), "w") as file:
            for name, letter in zip(OUT_OF_REACH, "àáâãäåæçèéêëìí"):
                file.write(f"{name} = {letter}\n")
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(scratch)
            os.execve(ipctop, [ipctop, "-t", "all", "-s", SHAPES, "--blocks", "2", "-n", "60",
                               "-b", "0.2"], environment(scratch))
        self.resize(40, 120)

    def resize(self, rows, columns):
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, key):
        os.write(self.terminal, key)

    def drain(self, seconds):
        """Reads for so long. False once the dashboard has gone."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if select.select([self.terminal], [], [], left)[0]:
                try:
                    os.read(self.terminal, 65536)
                except OSError:
                    return False
        return True

    def begin_run(self):
        """From wherever the keys have led. A lone Esc must stay alone for a while."""
        for key in (b"\x1b", b"\x1b", b"\x1b", b"1", b"r", b"y"):
            self.press(key)
            if not self.drain(0.2):
                return False
        return True

    def end(self):
        """By a signal, which it takes on every screen. Returns its status."""
        os.kill(self.pid, signal.SIGTERM)  # it is not reaped yet, so this pid is its own
        while self.drain(1):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def soak_dashboard(ipctop, seconds, scratch, dice):
    os.makedirs(os.path.join(scratch, "ipctop"), exist_ok=True)
    dashboard = Dashboard(ipctop, scratch)
    started = sampled = stopped = time.monotonic()
    series, keys, alive = [], 0, dashboard.drain(1)
    while alive and (now := time.monotonic()) - started < seconds:
        if keys % ROUND == 0:
            alive = dashboard.begin_run()
        if not alive:
            break
        dashboard.press(dice.choice(KEYS))
        keys += 1
        if dice.random() < 0.005 and now - stopped > CTRL_C_S:
            dashboard.press(b"\x03")
            stopped = now
        if dice.random() < 0.01:
            dashboard.resize(dice.randint(5, 60), dice.randint(20, 200))
        if now - sampled >= SAMPLE_S:
            figures = sample(dashboard.pid)
            sampled = now
            if figures:
                series.append((now - started, figures))
        alive = dashboard.drain(dice.choice((0.01, 0.05, 0.2)))
    problems = [] if alive else ["the dashboard ended by itself"]
    status = dashboard.end()
    if status not in (0, 143):
        problems.append(f"the dashboard ended with {status}")
    problems += [f"left by the dashboard: {left}" for left in left_behind(dashboard.pid)]
    print(f"dashboard: {keys} keys")
    if not any(figures["processes"] > 1 for _, figures in series):
        return problems + ["no run of the dashboard was seen"]
    return problems + report("dashboard", series)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ipctop")
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1000000)
    arguments = parser.parse_args()
    ipctop = os.path.abspath(arguments.ipctop)
    print(f"soak: {arguments.seconds:.0f} s, seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="soak-") as scratch:
        problems = soak_runs(ipctop, arguments.seconds / 2, scratch)
        sys.stdout.flush()
        problems += soak_dashboard(ipctop, arguments.seconds / 2, scratch,
                                   random.Random(arguments.seed))
    for problem in problems:
        print(f"not ok {problem}")
    if not problems:
        print("ok soak")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
