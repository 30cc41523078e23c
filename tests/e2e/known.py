#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs ipctop over transports whose delays and faults are known, and compares.

known.py PROGRAM SCRATCH

PROGRAM is ipctop with the transports of tests/known/. Prints a line a test, as
tests/run counts them. What is compared, and how exactly:

- Delays: the clients' clock is detached (tests/known/clock.h), so that nothing but
  the delays takes any time, whatever the machine does. Every figure must be what
  arithmetic says, within the histogram's 0.05 % and SLACK_NS for looks at the clock.
- Duels, likewise.
- One run on the kernel's clock: no sample is shorter than its delay, and the
  figures of the row are those of its own samples; how much longer is the machine's.
- Faults: one reply, or one request, is spoilt. The cell must be wrong (or failed, where the
  message ended early), after as many good ones as there were, and name the
  element, its value and the value that it should have had.
"""
import concurrent.futures
import csv
import itertools
import json
import math
import os
import re
import statistics
import struct
import subprocess
import sys
import tempfile

PROGRAM, SCRATCH = sys.argv[1:3]
LISTED = json.loads(subprocess.check_output([PROGRAM, "list", "--json"]))["transports"]
SPOILT = [row["name"].split("+bad-") for row in LISTED if "+bad-" in row["name"]]
CARRIERS = list(dict.fromkeys(carrier for carrier, _ in SPOILT))
ENCODINGS = list(dict.fromkeys(encoding for _, encoding in SPOILT))
LOSSY = ["cjson", "f16"]
KEPT_BIT = 45  # of a float64, which they carry
MS = 1_000_000
HISTOGRAM = 0.0005  # a percentile's relative error
LOOK_NS = 20        # what a look at the detached clock takes
SLACK_NS = 50 * LOOK_NS  # an exchange never looks so often
BLOCK = 512         # elements in 4 KiB: of a ready array one in each is replaced every time
CJSON_EPSILON = 2.3e-16


def listed(complaints):
    try:
        return list(complaints)
    except Exception as error:  # one test's trouble is not the others'
        return [repr(error)]


def judge_all(tests):
    """Runs what (name, generator of complaints) says, side by side. Returns whether all are well."""
    well = True
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, future in [(name, pool.submit(listed, complaints)) for name, complaints in tests]:
            said = "; ".join(future.result()[:3])
            well = well and not said
            print(f"not ok {name}: {said}" if said else f"ok {name}", flush=True)
    return well


def rows(path):
    with open(path, newline="") as file:
        return [row for row in csv.DictReader(file) if row["transport"] != "reference"]


class Run:
    """A run, or a duel, of the program: its rows, its exit status, where it wrote the rest."""

    def __init__(self, transports, shape, *options, **environment):
        self.folder = tempfile.mkdtemp(dir=SCRATCH)
        asked = transports if transports[0] == "duel" else [
            "run", "-t", ",".join(transports), "--blocks", "1"]
        command = [PROGRAM, *asked, "-s", shape, "--csv", f"{self.folder}/known.csv",
                   "--json", f"{self.folder}/known.json",
                   "--samples-csv", f"{self.folder}/samples.csv", "--timeout", "20", *options]
        known = {f"KNOWN_{name.upper()}": str(value) for name, value in environment.items()}
        done = subprocess.run(command, env=os.environ | known, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{command}: exit {done.returncode}: {done.stderr}")
        self.status = done.returncode
        self.rows = rows(f"{self.folder}/known.csv")
        self.row = self.rows[0]

    def samples(self):
        return rows(f"{self.folder}/samples.csv")

    def document(self):
        with open(f"{self.folder}/known.json") as file:
            return json.load(file)

    def wanted(self, count, status=1):
        if (len(self.rows), self.status) != (count, status):
            yield f"{len(self.rows)} rows, exit {self.status}"


# Delays.


def percentile(values, percent):
    """The nearest rank."""
    return sorted(values)[max(1, math.ceil(percent * len(values) / 100 - 1e-9)) - 1]


PERCENTILES = {"p50": 50, "p90": 90, "p99": 99}


def expect(row, column, want, slack=SLACK_NS, share=HISTOGRAM):
    """Complains unless the column is what is wanted: from below by the share, from above by both."""
    got = float(row[column] or "nan")
    if not want * (1 - share) <= got <= want * (1 + share) + slack:
        yield f"{column} is {row[column]}, not {want:.10g}"


def expect_percentiles(row, prefix, values, slack=SLACK_NS):
    for name, percent in PERCENTILES.items():
        if len(values) * (100 - percent) / 100 >= 10:
            yield from expect(row, f"{prefix}{name}_ns", percentile(values, percent), slack)


def expect_latencies(row, delays):
    """The row's figures are those of exchanges that took just the delays."""
    if (row["state"], row["samples"], row["verified"]) != ("done", *[str(len(delays))] * 2):
        yield f"{row['state']}, {row['verified']} of {row['samples']}, not {len(delays)}: {row['reason']}"
    yield from expect_percentiles(row, "", delays)
    yield from expect(row, "min_ns", min(delays), share=0)
    yield from expect(row, "max_ns", max(delays), share=0)
    yield from expect(row, "mean_ns", statistics.fmean(delays), share=1e-9)
    yield from expect(row, "stddev_ns", statistics.pstdev(delays), share=0.001)
    yield from expect(row, "p50_with_read_ns", percentile(delays, 50), 2 * SLACK_NS)
    yield from expect(row, "read_ns", LOOK_NS, 0)
    phases = sum(float(row[phase]) for phase in ("make_ns", "encode_ns", "decode_ns"))
    yield from expect(row, "carry_ns", statistics.fmean(delays) - phases, share=1e-6)
    yield from expect(row, "throughput_bytes_per_s",
                      int(row["payload_bytes"]) * 1e9 / percentile(delays, 50), 1, 0.001)


def expect_all(run, delays):
    """So does the JSON document, and the samples are the delays, in order."""
    row = run.row
    cell = run.document()["cells"][0]
    yield from expect_latencies(row, delays)
    for column in ("p50_ns", "p90_ns", "p99_ns", "max_ns", "samples"):
        if str(cell[column] or "") != row[column]:
            yield f"{column} is {cell[column]} in the JSON, {row[column]} in the CSV"
    taken = [int(sample["latency_ns"]) for sample in run.samples()]
    if len(taken) != len(delays) or any(
            not delay <= ns <= delay + SLACK_NS for ns, delay in zip(taken, delays)):
        yield "the samples are not the delays"


def delayed(samples, *options, **environment):
    return Run(["delayed+bytes"], "8", "-n", str(samples), "-b", "1000", *options,
               clock="detached", **environment)


def constant():
    run = delayed(2000, "-w", "5", low_ns=10 * MS)
    yield from expect_all(run, [10 * MS] * 2000)
    yield from expect(run.row, "modes", 1, 0)
    yield from expect(run.row, "drift_ratio", 1, 0)
    yield from expect(run.row, "achieved_rate", 100, 0, 0.001)


def budget():
    """A budget of a second is full with the hundredth of 10 ms."""
    run = delayed(2000, "-w", "0", "-b", "1", low_ns=10 * MS)
    yield from expect_all(run, [10 * MS] * 100)


def humps(share):
    """share of any hundred take 20 ms, the others 10."""
    delays = [20 * MS if i * share % 100 < share else 10 * MS for i in range(5, 1005)]
    run = delayed(1000, "-w", "5", delay="humps", low_ns=10 * MS, high_ns=20 * MS, share=share)
    yield from expect_all(run, delays)
    yield from expect(run.row, "modes", 2, 0)
    if "two humps" not in run.row["trust_reason"]:
        yield f"the two humps are no reason: {run.row['trust_reason']}"


def line(low_ns, high_ns, over, first, count):
    return [low_ns + int((high_ns - low_ns) * i / over) for i in range(first, first + count)]


def tenths_ratio(delays):
    """The median of the last tenth of the time over that of the first."""
    ends = list(itertools.accumulate(delays))
    first = [ns for ns, end in zip(delays, ends) if end <= ends[-1] / 10]
    last = [ns for ns, end in zip(delays, ends) if end >= ends[-1] * 9 / 10]
    return statistics.median(last) / statistics.median(first)


def drift(low_ns, high_ns, warmup, first):
    """In a straight line, which also tells which exchange was the first sample."""
    delays = line(low_ns, high_ns, 1100, first, 1000)
    run = delayed(1000, *warmup, delay="drift", low_ns=low_ns, high_ns=high_ns, exchange=1100)
    yield from expect_all(run, delays)
    # Slices of time have bins of an eighth of an octave.
    yield from expect(run.row, "drift_ratio", tenths_ratio(delays), 0, 2 ** (1 / 8) - 1)
    if "drifts to" not in run.row["trust_reason"]:
        yield f"the drift is no reason: {run.row['trust_reason']}"


def planned(delays, interval_ns):
    """What each took from its planned start, each beginning when it is due and the last is over."""
    end_ns = 0
    for i, delay_ns in enumerate(delays):
        end_ns = max(end_ns, i * interval_ns) + delay_ns
        yield end_ns - i * interval_ns


def expect_planned(row, latencies):
    """What an exchange adds to its delay piles up while it is late."""
    yield from expect_percentiles(row, "planned_", latencies, 500 * SLACK_NS)
    yield from expect(row, "planned_max_ns", max(latencies), 500 * SLACK_NS, 0)


def stall():
    """400 a second; sample 299 stalls for 500 ms, and each of 1 ms wins back 1.5 ms: 333 are late.

    So of a thousand in order the 900th came 100 exchanges after it: 350 ms; the 990th 10: 485 ms.
    """
    delays = [500 * MS if i == 299 else 1 * MS for i in range(1000)]
    latencies = list(planned(delays, 2.5 * MS))
    run = delayed(1000, "-w", "700", "--rate", "400", delay="stall", low_ns=1 * MS,
                  high_ns=500 * MS, exchange=1000)
    assert sum(ns > MS for ns in latencies) == 333
    assert [percentile(latencies, p) for p in (50, 90, 99, 100)] == [MS, 350 * MS, 485 * MS, 500 * MS]
    yield from expect_all(run, delays)
    yield from expect_planned(run.row, latencies)
    yield from expect(run.row, "achieved_rate", 400, 0, 0.001)
    if float(run.row["p99_ns"]) > 2 * MS:
        yield "the raw p99 shows the stall, which is one sample in a thousand"


def stall_of_one():
    """
    Two clients at 400 a second together; every 200th of client 1 stalls. Where that
    begins depends on how long it had to wait for client 0, and the samples tell.
    """
    run = delayed(1000, "-w", "5", "--rate", "400", "--clients", "2", delay="stall",
                  low_ns=1 * MS, high_ns=500 * MS, exchange=200, client=1)
    samples = run.samples()
    of = {client: [500 * MS if int(sample["latency_ns"]) > 250 * MS else 1 * MS
                   for sample in samples if sample["client"] == client] for client in "01"}
    stalls = [i for i, ns in enumerate(of["1"]) if ns > MS]
    if (len(of["0"]), len(of["1"]), max(of["0"])) != (500, 500, MS) or len(stalls) not in (2, 3):
        yield f"samples {len(of['0'])} and {len(of['1'])}, client 1 stalls at {stalls}"
    if any(b - a != 200 for a, b in zip(stalls, stalls[1:])):
        yield f"client 1 stalls at {stalls}"
    latencies = [ns for delays in of.values() for ns in planned(delays, 5 * MS)]
    yield from expect_latencies(run.row, of["0"] + of["1"])
    yield from expect_planned(run.row, latencies)


def kernel_clock():
    """The machine may make any sample longer, none shorter; the row says what the samples say."""
    run = Run(["delayed+bytes"], "8", "-n", "100", "-w", "1", "-b", "1000", low_ns=10 * MS)
    taken = [int(sample["latency_ns"]) for sample in run.samples()]
    if len(taken) != 100 or min(taken) < 10 * MS:
        yield f"{len(taken)} samples, the shortest {min(taken)} ns"
    yield from expect_percentiles(run.row, "", taken, 0)
    yield from expect(run.row, "min_ns", min(taken), 0, 0)
    yield from expect(run.row, "max_ns", max(taken), 0, 0)
    yield from expect(run.row, "mean_ns", statistics.fmean(taken), 1, 1e-6)


def duel(a, b, percent, verdict, ratio):
    """A ratio of medians that is known."""
    run = Run(["duel", a, b], "8", "-w", "5", "-n", "4000", clock="detached", low_ns=10 * MS,
              rival=percent)
    said = run.document()["duel"]
    if (said["a"], said["b"], said["verdict"], run.status) != (a, b, verdict, 0):
        yield f"{said['a']} against {said['b']}: {said['verdict']}, exit {run.status}"
    for figure in ("ratio", "low", "high"):
        if not math.isclose(said[figure] or math.nan, ratio, rel_tol=2 * HISTOGRAM):
            yield f"{figure} is {said[figure]}, not {ratio}"


DELAYS = [
    ("constant delay: every figure", constant()),
    ("a budget holds as many delays as fit", budget()),
    ("two humps, 30 %: every figure, modes", humps(30)),
    ("two humps, 60 %: every figure, modes", humps(60)),
    ("drift up: every figure, drift_ratio", drift(10 * MS, 20 * MS, ("-w", "7"), 7)),
    ("drift down, automatic warm-up", drift(20 * MS, 10 * MS, (), 20)),
    ("a stall, open loop: planned and raw percentiles", stall()),
    ("a stall of one of two clients, open loop", stall_of_one()),
    ("a duel that the first wins", duel("delayed+bytes", "rival+bytes", 10, "A faster", 1 / 1.1)),
    ("a duel that the second wins", duel("rival+bytes", "delayed+bytes", 10, "B faster", 1.1)),
    ("a duel that nobody wins", duel("rival+bytes", "delayed+bytes", 0, "same", 1)),
    ("the kernel's clock: never less than the delay", kernel_clock()),
]


# Faults. The fault is at exchange 6, the warm-up is 2: four good samples come before.

GOOD = 4
FAULTY = ["-n", "9", "-w", "2", "--seed", "7"]
FAULTY_PAIR = ["-n", "40", "-w", "2", "--seed", "7", "--clients", "2"]
SAID = re.compile(r"element \[([\d, ]+)\] is (\S+), expected (\S+); (\d+) of (\d+) elements differ")


def bits(number):
    return struct.unpack("<Q", struct.pack("<d", number))[0]


def flipped(number, bit):
    return struct.unpack("<d", struct.pack("<Q", bits(number) ^ 1 << bit))[0]


def same(got, want, encoding):
    if encoding == "bad-cjson":
        return math.isclose(got, want, rel_tol=CJSON_EPSILON)
    if encoding == "bad-f16":
        return math.isclose(got, want, rel_tol=2 ** -11, abs_tol=2 ** -25)
    return bits(got) == bits(want)


class Shape:
    def __init__(self, text):
        self.extents = [int(extent) for extent in text.split("x")]
        self.count = math.prod(self.extents)
        self.position = {"first": 0, "middle": self.count // 2, "last": self.count - 1}

    def index(self, position):
        indices = []
        for extent in reversed(self.extents):
            indices.insert(0, position % extent)
            position //= extent
        return ", ".join(map(str, indices))


def bad(encodings=None):
    return [f"{carrier}+bad-{encoding}" for carrier in CARRIERS for encoding in encodings or ENCODINGS]


def caught(row, states=("wrong",), good=GOOD):
    if row["state"] not in states:
        yield f"{row['transport']} is {row['state']}: {row['reason']}"
    elif good is not None and row["verified"] != str(good):
        yield f"{row['transport']}: {row['verified']} good replies, not {good}"


def alike(row, differ):
    """How many of so many other numbers may be the same by chance, within float16's tolerance."""
    return differ // 25 if row["encoding"].endswith("f16") else 0


def pinpointed(row, shape, position, differ, right):
    """The reason names the element of that position, and values for which right() holds."""
    said = SAID.search(row["reason"])
    where = "server: in the request: " if row["direction"] == "push" else "client: "
    if not said or not row["reason"].startswith(where):
        yield f"{row['transport']} names no element and end: {row['reason']}"
        return
    index, got, expected, wrong, of = said.groups()
    if index != shape.index(position):
        yield f"{row['transport']} blames [{index}], not [{shape.index(position)}]"
    if int(of) != shape.count or not differ - alike(row, differ) <= int(wrong) <= differ:
        yield f"{row['transport']}: {wrong} of {of} differ, not {differ} of {shape.count}"
    if not right(float(got), float(expected), row["encoding"]):
        yield f"{row['transport']}: [{index}] is {got}, expected {expected}"


def flip(shape_text, element, source, memory, values, *way):
    """The lowest bit; of those that lose it, one that they keep. Keeps what was expected."""
    shape = Shape(shape_text)
    position = shape.position[element]
    for bit, encodings in ((0, [e for e in ENCODINGS if e not in LOSSY]), (KEPT_BIT, LOSSY)):
        run = Run(bad(encodings), shape_text, *FAULTY, "--source", source, "--memory",
                                memory, *way, fault="flip", element=element, bit=bit, exchange=6)
        yield from run.wanted(len(CARRIERS) * len(encodings))
        for row in run.rows:
            yield from caught(row)
            yield from pinpointed(row, shape, position, 1, lambda got, expected, encoding:
                                  same(got, flipped(expected, bit), encoding))
            if said := SAID.search(row["reason"]):
                values[shape_text, source, position] = float(said.group(3))


def swap(shape_text, element, source, memory, values, *way):
    """With the opposite element: each has the other's value, which the flips have told."""
    shape = Shape(shape_text)
    place = shape.position[element]
    first, second = sorted((place, shape.count - 1 - place))
    run = Run(bad(), shape_text, *FAULTY, "--source", source, "--memory", memory,
                            *way, fault="swap", element=element, exchange=6)
    yield from run.wanted(len(bad()))
    for row in run.rows:
        yield from caught(row)
        yield from pinpointed(row, shape, first, 2, lambda got, expected, encoding:
                              same(got, values[shape_text, source, second], encoding) and
                              same(expected, values[shape_text, source, first], "bytes"))


def stale(shape_text, source, memory, *way):
    """fresh: every element is another. ready: one in each block; which is the array's affair."""
    shape = Shape(shape_text)
    differ = shape.count if source == "fresh" else math.ceil(shape.count / BLOCK)
    run = Run(bad(), shape_text, *FAULTY, "--source", source, "--memory", memory,
                            *way, fault="stale", exchange=6)
    yield from run.wanted(len(bad()))
    places = set()
    for row in run.rows:
        yield from caught(row)
        if not (said := SAID.search(row["reason"])):
            yield f"{row['transport']} names no element: {row['reason']}"
            continue
        places.add(said.group(1))
        if not differ - alike(row, differ) <= int(said.group(4)) <= differ:
            yield f"{row['transport']}: {said.group(4)} differ, not {differ}"
    if len(places) > 1 or (source == "fresh" and places != {shape.index(0)}):
        yield f"the first wrong element is at {places}"


def early(fault, source, memory, *way):
    """The last byte is missing, though announced, or from the length as well."""
    run = Run(bad(), "13x3x9", *FAULTY, "--source", source, "--memory", memory,
                            *way, fault=fault, exchange=6)
    yield from run.wanted(len(bad()))
    for row in run.rows:
        yield from caught(row, ("wrong", "failed"))
        if not re.search("ends|hung up|bytes short|characters|(reply|request) has|No such|cannot read|not as long|not of the",
                         row["reason"]):
            yield f"{row['transport']}: {row['reason']}"


def hidden():
    """The last bit is within their tolerances: no fault, and the reason says what is lost."""
    run = Run(bad(LOSSY), "7x3x11", *FAULTY, fault="flip", element="middle",
                            bit=0, exchange=6)
    yield from run.wanted(len(CARRIERS) * len(LOSSY), 0)
    for row in run.rows:
        yield from caught(row, ("done",), 9)
        if not re.search("last bits differ|11 bits are left", row["reason"]):
            yield f"{row['transport']} does not say what is lost: {row['reason']}"


def of_client(element, source, encodings):
    """Client 1's reply alone is spoilt: of which it is, its expected element tells."""
    shape = Shape("5x7x3")
    expected = {0: set(), 1: set()}
    for client in (0, 1):
        run = Run(bad(encodings), "5x7x3", *FAULTY_PAIR, "--source", source, fault="flip",
                  element=element, bit=KEPT_BIT, exchange=12, client=client)
        yield from run.wanted(len(CARRIERS) * len(encodings))
        for row in run.rows:
            yield from caught(row, good=None)
            yield from pinpointed(row, shape, shape.position[element], 1, lambda got, want, encoding:
                                  same(got, flipped(want, KEPT_BIT), encoding))
            if said := SAID.search(row["reason"]):
                expected[client].add(float(said.group(3)))
    if len(expected[0]) != 1 or len(expected[1]) != 1 or expected[0] == expected[1]:
        yield f"of client 0 is expected {expected[0]}, of client 1 {expected[1]}"


def mixed(transports, *options, **environment):
    """A reply that was another client's: every element is wrong."""
    shape = Shape("5x7x3")
    run = Run(transports, "5x7x3", *FAULTY_PAIR, *options, **environment)
    yield from run.wanted(len(transports))
    for row in run.rows:
        yield from caught(row, good=None)
        yield from pinpointed(row, shape, 0, shape.count, lambda got, expected, _: got != expected)


def npy(name, values):
    """A file of them, 9x13x5, as numpy.save writes it."""
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (9, 13, 5), }".ljust(117) + b"\n"
    path = os.path.join(SCRATCH, name + ".npy")
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)
        file.write(struct.pack("<585d", *values))
    return path


PUSH = "--direction", "push"
# Sizes that eight does not divide; the second has two blocks, the last of them short.
VALUES = {}
SENT = {}  # of requests, which are of another stream
FLIPS = [
    (f"a bit, {element} of {shape}, {source}, memory {memory}",
     flip(shape, element, source, memory, VALUES))
    for shape, element, source, memory in (("7x3x11", "first", "ready", "reused"),
                                           ("7x3x11", "last", "ready", "fresh"),
                                           ("9x13x5", "first", "fresh", "fresh"),
                                           ("9x13x5", "last", "fresh", "reused"),
                                           ("9x13x5", "middle", "ready", "reused"),
                                           ("7x3x11", "middle", "fresh", "fresh"))
] + [
    (f"a request: a bit, {element} of {shape}, {source}, memory {memory}",
     flip(shape, element, source, memory, SENT, *PUSH))
    for shape, element, source, memory in (("9x13x5", "first", "fresh", "reused"),
                                           ("9x13x5", "last", "fresh", "fresh"),
                                           ("7x3x11", "middle", "ready", "fresh"))
]
DATA = [
    (f"data {data}: {name}", judge)
    for data, file in (("smooth", "smooth"), ("of a file", npy("ramp", range(585))),
                       ("of a file that is all one", npy("one", [3.5] * 585)))
    for way in ((), PUSH)
    for name, judge in ((f"a bit{' of a request' if way else ''}",
                         flip("9x13x5", "middle", "ready", "reused", {}, "--data", file, *way)),
                        (f"a stale {'request' if way else 'reply'}",
                         stale("9x13x5", "ready", "reused", "--data", file, *way)))
]
FAULTS = [
    ("two swapped, ready, memory reused", swap("7x3x11", "last", "ready", "reused", VALUES)),
    ("two swapped, fresh, memory fresh", swap("9x13x5", "first", "fresh", "fresh", VALUES)),
    ("a stale reply, ready, memory reused", stale("9x13x5", "ready", "reused")),
    ("a stale reply, ready, memory fresh", stale("7x3x11", "ready", "fresh")),
    ("a stale reply, fresh, memory reused", stale("7x3x11", "fresh", "reused")),
    ("a reply ends before its length", early("ends-early", "ready", "reused")),
    ("a reply ends before its length, fresh", early("ends-early", "fresh", "fresh")),
    ("a reply and its length are short", early("short", "fresh", "reused")),
    ("a bit within the tolerance of lossy encodings", hidden()),
    ("one of two clients, ready", of_client("middle", "ready", ENCODINGS)),
    ("one of two clients, fresh", of_client("last", "fresh", ["bytes", "shm"])),
    ("another client's array, ready", mixed(bad(), fault="other", exchange=4, client=1)),
    ("another client's array, fresh",
     mixed(bad(), "--source", "fresh", "--memory", "fresh", fault="other", exchange=4)),
    ("a request: two swapped, fresh", swap("9x13x5", "first", "fresh", "fresh", SENT, *PUSH)),
    ("a request: stale, ready", stale("9x13x5", "ready", "reused", *PUSH)),
    ("a request: stale, fresh", stale("7x3x11", "fresh", "fresh", *PUSH)),
    ("a request ends before its length", early("ends-early", "ready", "reused", *PUSH)),
    ("a request and its length are short", early("short", "fresh", "fresh", *PUSH)),
    ("tickets mixed up", mixed([f"mixed-{carrier}+bytes" for carrier in CARRIERS])),
]

# The swaps know from the flips what the elements are.
sys.exit(not all([judge_all(DELAYS), judge_all(FLIPS), judge_all(DATA), judge_all(FAULTS)]))
