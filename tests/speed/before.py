#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
Is this build as fast as the one before? Both take turns, line by line and round by round; a
line's ratio, this one's median over the other's, has an interval of 95 % by Student's t over the
rounds, on logarithms. Met: the geometric mean over all lines is within 2 %, and no line's
interval lies above 1.03.

    before.py IPCTOP BEFORE [--rounds N] [--only TRANSPORT,...]
"""
import argparse
import csv
import io
import math
import statistics
import subprocess
import sys

SMALL = "unix+bytes tcp+bytes ws+bytes lws+bytes mp+pickle http+bytes http+json unix+shm".split()
LARGE = ("unix+bytes tcp+bytes ws+bytes mp+pickle http+bytes http+base64 http+json unix+shm "
         "ws+shm").split()
SHAPES = ["1x3x224x224", "2x1024x16x16", "2x3x16x224x224"]
# Student's t at 97.5 %, by degrees of freedom.
T = [math.nan, 12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179,
     2.160, 2.145, 2.131]
MEAN_WITHIN = 0.02
LINE_MOST = 1.03


def lines():
    for transport in SMALL:
        yield transport, "8", ["-n", "3000", "-b", "0.25"]
    for transport in LARGE:
        for shape in SHAPES:
            yield transport, shape, ["-n", "400", "-b", "0.5" if shape == SHAPES[-1] else "0.3"]


def median_ns(program, transport, shape, options):
    result = subprocess.run([program, "run", "-t", transport, "-s", shape, "--blocks", "1",
                             "--csv", "-", *options],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return float(next(csv.DictReader(io.StringIO(result.stdout)))["p50_ns"])


def log_ratio(now, before, line, turn):
    """Of one run each, next to each other; who begins changes from round to round."""
    if turn % 2:
        mine, theirs = median_ns(now, *line), median_ns(before, *line)
    else:
        theirs, mine = median_ns(before, *line), median_ns(now, *line)
    return math.log(mine / theirs)


def report(line, logs):
    mean = statistics.mean(logs)
    half = T[min(len(logs) - 1, len(T) - 1)] * statistics.stdev(logs) / math.sqrt(len(logs))
    slower = mean - half > math.log(LINE_MOST)
    print(f"{line[0]:12} {line[1]:16} {math.exp(mean):.3f}  "
          f"[{math.exp(mean - half):.3f} {math.exp(mean + half):.3f}]"
          f"{'  NOT MET' if slower else ''}")
    return statistics.median(logs), slower


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ipctop")
    parser.add_argument("before")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--only", help="transports, with commas")
    arguments = parser.parse_args()
    if arguments.rounds < 3:
        parser.error("an interval takes three rounds at least")
    wanted = [line for line in lines()
              if not arguments.only or line[0] in arguments.only.split(",")]
    logs = {index: [] for index in range(len(wanted))}
    for turn in range(arguments.rounds):
        for index, line in enumerate(wanted):
            logs[index].append(log_ratio(arguments.ipctop, arguments.before, line, turn))
    verdicts = [report(line, logs[index]) for index, line in enumerate(wanted)]
    mean = statistics.mean(middle for middle, _ in verdicts)
    met = abs(mean) <= MEAN_WITHIN and not any(slower for _, slower in verdicts)
    print(f"geometric mean {math.exp(mean):.4f} over {len(wanted)} lines, "
          f"bound 1 +- {MEAN_WITHIN}, no line above {LINE_MOST}: {'met' if met else 'NOT MET'}")
    return 0


sys.exit(main())
