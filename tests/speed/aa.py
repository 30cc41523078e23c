#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that a duel between equals has no winner.

aa.py IPCTOP [--duels N] [--rounds N] [-t TRANSPORT] [-s SHAPE]

Duels of a transport with itself, each with a seed of its own. A verdict that one
side is faster is false there, and at most 1 % of duels may end so; "same" and
"undecided" are both right. Of 200 duels more than 10 false ones have, at 1 %, a
chance below one in a hundred thousand: then the exit status is 1.
"""
import argparse
import collections
import json
import math
import subprocess
import sys

LEVEL = 0.01
CHANCE = 1e-5  # of calling an honest test dishonest


def duel(options, seed):
    command = [options.ipctop, "duel", options.transport, options.transport, "-s", options.shape,
               "--blocks", str(options.rounds), "-b", str(options.rounds * 0.02),
               "--seed", str(seed), "--json", "-"]
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True).stdout
    return json.loads(text)["duel"]


def chance_above(false, duels):
    """That more than so many of the duels have a verdict, if each has one at the level."""
    return 1 - sum(math.comb(duels, k) * LEVEL ** k * (1 - LEVEL) ** (duels - k)
                   for k in range(false + 1))


def allowed(duels):
    false = 0
    while chance_above(false, duels) > CHANCE:
        false += 1
    return false


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ipctop")
    parser.add_argument("--duels", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=20, help="at most, of 20 ms a block")
    parser.add_argument("-t", "--transport", default="unix+bytes")
    parser.add_argument("-s", "--shape", default="1000")
    options = parser.parse_args()
    verdicts = collections.Counter()
    for seed in range(1, options.duels + 1):
        said = duel(options, seed)
        verdicts[said["verdict"]] += 1
        if said["verdict"].endswith("faster"):
            print(f"seed {seed}: {said['verdict']} after {said['rounds']} rounds, ratio "
                  f"{said['ratio']:.4f}, {said['low']:.4f} to {said['high']:.4f}", flush=True)
    false = verdicts["A faster"] + verdicts["B faster"]
    print(f"{options.duels} duels of {options.transport} {options.shape} with itself: "
          + ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
          + f"; {false} false verdicts, bound <= {allowed(options.duels)}: "
          + ("met" if false <= allowed(options.duels) else "NOT MET"))
    return false > allowed(options.duels)


sys.exit(main())
