# SPDX-License-Identifier: MIT
"""Ratios of alternating runs: the part that peers.py, oracles.py and small.py share.

A line compares one way of ours with one of others.  Its ways are measured in
turns, ours, theirs, ours, theirs; each run gives one ratio, of two figures
taken next to each other.  The line's ratio is the median over its runs, with a
95 % interval made of order statistics, which asks of no distribution what it is.

Every figure is appended to a CSV as soon as it is there: a script that was
interrupted goes on where it stopped.  Figures of another build are left alone
and not used.
"""
import argparse
import csv
import datetime
import fnmatch
import hashlib
import math
import os
import statistics
import subprocess
import sys
import time

RUNS = 7  # fewer have no interval of 95 %: 1 - 2 / 2^5 is 94 %
COLUMNS = ["line", "payload_bytes", "run", "way", "value_ns", "exchanges", "build", "utc"]
SHAPES = {1204224: "1x3x224x224", 4194304: "2x1024x16x16", 38535168: "2x3x16x224x224",
          1 << 30: "128x1024x1024"}


class Failed(Exception):
    """A measurement did not come about; says why in a sentence."""


# ---- statistics

def coverage(count, rank):
    """How often [x(rank), x(count + 1 - rank)] of count values holds the median of all."""
    return 1 - 2 * sum(math.comb(count, i) for i in range(rank)) / 2 ** count


def interval(values, confidence=0.95):
    """Of the median.  Between two ranks by Hettmansperger and Sheather (Statistics and
    Probability Letters 4, 1986); the whole range where even that holds it too rarely."""
    ordered = sorted(values)
    count = len(ordered)
    rank = 1
    while rank + 1 <= count // 2 and coverage(count, rank + 1) >= confidence:
        rank += 1
    wide = coverage(count, rank)
    if wide < confidence or rank + 1 > (count + 1) // 2:
        return ordered[0], ordered[-1]
    share = (wide - confidence) / (wide - coverage(count, rank + 1))
    inward = (count - rank) * share / (rank + (count - 2 * rank) * share)
    low = (1 - inward) * ordered[rank - 1] + inward * ordered[rank]
    high = (1 - inward) * ordered[count - rank] + inward * ordered[count - rank - 1]
    return low, high


# ---- lines

class Line:
    """One comparison at one size.

    ways: name -> function that measures once and returns nanoseconds, in the
    order of one run.  "ours" is ours; those that begin with "peer " are rivals,
    of which the one with the least median counts.  "small ours" and "small peer",
    where they are there, are what an exchange costs with next to no payload:
    the rival is given ours in place of its own.
    """

    def __init__(self, name, size, ways, exchanges, bound=None, sense="most", seconds=1.0,
                 enough=True):
        self.name, self.size, self.ways, self.exchanges = name, size, ways, exchanges
        self.bound, self.sense = bound, sense
        self.seconds = seconds  # what one run is expected to take
        self.enough = enough    # as many exchanges as the rules ask for


class Result:
    def __init__(self, line, runs):
        rivals = [way for way in line.ways if way.startswith("peer ")]
        self.line, self.runs = line, len(runs)
        self.rival = min(rivals, key=lambda way: statistics.median(run[way] for run in runs))
        more = (statistics.median(run.get("small ours", 0) for run in runs)
                - statistics.median(run.get("small peer", 0) for run in runs))
        ours = [run["ours"] for run in runs]
        theirs = [run[self.rival] + more for run in runs]
        if min(theirs) <= 0:
            raise Failed("the correction for small messages is larger than the rival's exchange")
        ratios = [a / b if line.sense != "least" else b / a for a, b in zip(ours, theirs)]
        self.ours, self.theirs = statistics.median(ours), statistics.median(theirs)
        self.ratio = statistics.median(ratios)
        self.low, self.high = interval(ratios)

    def met(self):
        bound = self.line.bound
        if bound is None:
            return None
        return {"most": self.low <= bound,
                "least": self.high >= bound,
                "within": self.low <= bound and self.high >= 1 / bound}[self.line.sense]

    def verdict(self):
        word = {None: "-", True: "met", False: "NOT MET"}[self.met()]
        return word if self.runs >= RUNS and self.line.enough else word + ", too few"


# ---- figures kept as they come

class Book:
    def __init__(self, path, build):
        self.build, self.runs = build, {}
        there = os.path.exists(path) and os.path.getsize(path) > 0
        if there:
            with open(path, newline="") as file:
                for row in csv.DictReader(file):
                    self.load(path, row)
        self.file = open(path, "a", newline="", buffering=1)
        self.writer = csv.writer(self.file, lineterminator="\n")
        if not there:
            self.writer.writerow(COLUMNS)

    def load(self, path, row):
        try:
            if row["build"] == self.build:
                self.slot(row["line"], int(row["payload_bytes"]), int(row["exchanges"]),
                          int(row["run"]))[row["way"]] = float(row["value_ns"])
        except (KeyError, TypeError, ValueError):
            sys.exit(f"{path}: not a file of figures that this script wrote; name another by --csv")

    def slot(self, name, size, exchanges, run):
        return self.runs.setdefault((name, size, exchanges, run), {})

    def of(self, line, run):
        return self.slot(line.name, line.size, line.exchanges, run)

    def add(self, line, run, way, value):
        self.of(line, run)[way] = value
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.writer.writerow([line.name, line.size, run, way, f"{value:.0f}", line.exchanges,
                              self.build, now])

    def whole(self, line, run):
        return set(line.ways) <= set(self.of(line, run))

    def complete(self, line, runs):
        return [self.of(line, run) for run in range(runs) if self.whole(line, run)]


def build_of(program):
    with open(program, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()[:12]


# ---- measuring

def time_text(ns):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if ns >= size:
            return f"{ns / size:.3g} {unit}" if ns < 1000 * size else f"{ns / size:.0f} {unit}"
    return f"{ns:.0f} ns"


def size_text(size):
    if size >= 1 << 30 and size % (1 << 30) == 0:
        return f"{size >> 30} GiB"
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size} B"


HEAD = (f"{'LINE':34} {'PAYLOAD':>8} {'RUNS':>6} {'OURS':>8} {'PEER':>8} {'RATIO':>6} "
        f"{'95 % INTERVAL':>15} {'BOUND':>9}  VERDICT")


def row_of(result):
    line = result.line
    sign = {"most": "<=", "least": ">=", "within": "+-"}[line.sense]
    bound = "-" if line.bound is None else f"{sign} {line.bound:.3g}"
    rival = result.rival[len("peer "):]
    more = "" if len([way for way in line.ways if way.startswith("peer ")]) < 2 else f" ({rival})"
    runs = f"{result.runs}x{line.exchanges}"
    span = f"{result.low:.3f}..{result.high:.3f}"
    return (f"{line.name:34} {size_text(line.size):>8} {runs:>6} {time_text(result.ours):>8} "
            f"{time_text(result.theirs):>8} {result.ratio:6.3f} {span:>15} {bound:>9}  "
            f"{result.verdict()}{more}")


def measure_line(line, runs, book, ends):
    """False if the time is up before it is whole."""
    for run in range(runs):
        for way, measure in line.ways.items():
            if way in book.of(line, run):
                continue
            if time.monotonic() >= ends:
                return False
            book.add(line, run, way, measure())
    return True


def measure_all(lines, arguments, book):
    """Prints each line as it is whole; returns (results, what failed)."""
    ends = time.monotonic() + arguments.minutes * 60
    results, failed = [], []
    print(HEAD, flush=True)
    for line in lines:
        try:
            whole = measure_line(line, arguments.runs, book, ends)
            if not whole:
                print(f"{line.name:34} {size_text(line.size):>8} not measured: the time is up")
                continue
            results.append(Result(line, book.complete(line, arguments.runs)))
            print(row_of(results[-1]), flush=True)
        except Failed as error:
            failed.append(line)
            print(f"{line.name:34} {size_text(line.size):>8} failed: {error}", flush=True)
    return results, failed


def conclude(lines, results, failed):
    """The last word; the exit status is about measuring, not about what came out."""
    judged = [result for result in results if result.met() is not None]
    missed = [result for result in judged if not result.met()]
    print(f"{len(judged) - len(missed)} of {len(judged)} bounds met"
          + (f", {len(failed)} lines failed" if failed else "")
          + (f", {len(lines) - len(results) - len(failed)} not measured"
             if len(results) + len(failed) < len(lines) else ""))
    for result in missed:
        print(f"not met: {result.line.name}, {size_text(result.line.size)}: {result.ratio:.3f}")
    return 1 if failed else 0


def expected_s(lines, runs, book):
    return sum(line.seconds for line in lines for run in range(runs) if not book.whole(line, run))


def parser_for(doc, csv_name, sizes):
    """sizes: name -> bytes, the ones that --sizes may name, "all" aside."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ipctop", help="the program, built")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"a line (default: {RUNS})")
    parser.add_argument("--sizes", help="of " + ",".join(sizes) + ", or all")
    parser.add_argument("--only", default="*", metavar="PATTERN",
                        help="lines whose name matches, as *shm*")
    parser.add_argument("--exchanges", type=int,
                        help="a run; fewer than the rules ask for is said in the verdict")
    parser.add_argument("--minutes", type=float, default=600, help="stop after that long")
    parser.add_argument("--csv", default=csv_name, metavar="FILE",
                        help=f"where figures are kept, and found again (default: {csv_name})")
    parser.add_argument("--list", action="store_true", help="the lines and the time they take")
    return parser


def parse(parser):
    arguments = parser.parse_args()
    for program in (arguments.ipctop, getattr(arguments, "bareloop", arguments.ipctop)):
        if not os.access(program, os.X_OK):
            parser.error(f"{program} is not a program; build it with make all micro")
    if arguments.runs < 1 or (arguments.exchanges is not None and arguments.exchanges < 1):
        parser.error("--runs and --exchanges are at least 1")
    return arguments


def sizes_of(parser, text, sizes, otherwise):
    names = list(sizes) if text == "all" else (text or otherwise).split(",")
    for name in names:
        if name not in sizes:
            parser.error(f"--sizes: {name} is not one of {', '.join(sizes)}")
    return [sizes[name] for name in names]


def main_of(lines, arguments):
    lines = [line for line in lines if fnmatch.fnmatch(line.name, arguments.only)]
    if not lines:
        sys.exit("--only: no line has such a name; --list shows them")
    if arguments.list:
        for line in lines:
            print(f"{line.name:34} {size_text(line.size):>8} {line.seconds * arguments.runs:6.0f} s")
        return 0
    book = Book(arguments.csv, build_of(arguments.ipctop))
    expected = expected_s(lines, arguments.runs, book)
    print(f"{len(lines)} lines, {arguments.runs} runs each, about {expected / 60:.1f} min to go; "
          f"figures in {arguments.csv}", flush=True)
    try:
        results, failed = measure_all(lines, arguments, book)
    except KeyboardInterrupt:
        print("\ninterrupted: start again with the same --csv to go on")
        return 130
    return conclude(lines, results, failed)


# ---- ways

def run_text(command, timeout_s, env=None, cpus=None):
    """What a command prints.  cpus: the processors it may use."""
    def place():
        if cpus is not None:
            os.sched_setaffinity(0, cpus)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, env=env,
                              stdin=subprocess.DEVNULL, preexec_fn=place)
    except subprocess.TimeoutExpired:
        raise Failed(f"{os.path.basename(command[0])} took longer than {timeout_s:.0f} s") from None
    except OSError as error:
        raise Failed(f"{command[0]}: {error.strerror}") from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Failed(f"{os.path.basename(command[0])} ended with {done.returncode}: "
                     f"{said[-1] if said else 'said nothing'}")
    return done.stdout


def cpus():
    """The server's and the client's, as `--pin split` chooses them."""
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        sys.exit("two CPUs are needed, one for each end")
    return allowed[0], allowed[1]


def ours(ipctop, transport, shape, exchanges, *options, memory="reused", wait="block"):
    """The median latency of one fresh pair of ours, in ns."""
    command = [ipctop, "run", "-t", transport, "-s", shape, "--blocks", "1", "-n", str(exchanges),
               "-w", str(20 if exchanges > 100 else 1), "-b", "3600", "--timeout", "300",
               "--source", "ready", "--memory", memory, "--pages", "small", "--wait", wait,
               *options, "--csv", "-"]
    if "--connect" not in options:
        command[2:2] = ["--pin", "split"]
    text = run_text(command, 1800)
    row = next(csv.DictReader(text.splitlines()), None)
    if not row or row["state"] != "done" or not row["p50_ns"]:
        raise Failed(f"{transport}: {row['reason'] if row else 'no row'}")
    if int(row["samples"]) < exchanges:
        raise Failed(f"{transport}: {row['samples']} exchanges of {exchanges} in its time")
    return float(row["p50_ns"])
