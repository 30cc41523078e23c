#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long a fresh pair takes to be up.

start.py IPCTOP [--rounds N] [-t LIST]

From the start of both processes until the client is connected, with an array of one
element, whose own set-up takes no time.  The carriers take turns; a bound is met if the
95 % interval of the median over their pairs reaches it.
"""
import argparse
import json
import statistics
import subprocess
import sys

import ratios

# transport, milliseconds
BOUNDS = {"unix+bytes": 10, "tcp+bytes": 10, "mp+bytes": 25, "ws+bytes": 25, "lws+bytes": 25,
          "http+bytes": 25}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ipctop")
    parser.add_argument("--rounds", type=int, default=25, help="pairs of each carrier")
    parser.add_argument("-t", "--transports", default=",".join(BOUNDS))
    options = parser.parse_args()
    command = [options.ipctop, "run", "-t", options.transports, "-s", "1", "--blocks",
               str(options.rounds), "-n", str(options.rounds), "-w", "0", "--json", "-"]
    cells = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, text=True).stdout)["cells"]
    print(f"{'TRANSPORT':12} {'PAIRS':>5} {'LEAST':>8} {'MEDIAN':>8} {'95 % INTERVAL':>15} "
          f"{'BOUND':>8}  VERDICT")
    for cell in cells:
        took_ms = [block["setup_ns"] / 1e6 for block in cell["block_results"]]
        low, high = ratios.interval(took_ms)
        bound = BOUNDS.get(cell["transport"], 25)
        verdict = "met" if low <= bound else "NOT MET"
        if len(took_ms) < ratios.RUNS:
            verdict += ", too few"
        print(f"{cell['transport']:12} {len(took_ms):5} {min(took_ms):5.1f} ms "
              f"{statistics.median(took_ms):5.1f} ms {f'{low:.1f}..{high:.1f}':>15} "
              f"{f'<= {bound}':>5} ms  {verdict}")


main()
