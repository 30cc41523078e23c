#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Small messages beside the bare loop of the primitive that carries them.

small.py IPCTOP BARELOOP [options]

Request to reply, 64 bytes to 64 KiB, an end on each of two CPUs.  Blocking ends
have a bound; spinning ones are shown beside a bare loop that spins.
"""
import sys

import ratios

SIZES = {"64B": 64, "1KiB": 1 << 10, "4KiB": 4 << 10, "16KiB": 16 << 10, "64KiB": 64 << 10}
EXCHANGES = 2000
# carrier, the primitive under it, how many times the bare loop's time if both block
CARRIERS = [("unix", "unix", 1.3), ("tcp", "tcp", 1.3), ("mp", "tcp", 1.3), ("ws", "tcp", 1.5),
            ("http", "tcp", 2.0)]


def bare(program, primitive, size, wait, exchanges):
    text = ratios.run_text([program, primitive, str(size), wait, str(exchanges)], 120)
    return float(text)


def line_of(arguments, row, wait, size):
    carrier, primitive, bound = row
    count = arguments.exchanges or EXCHANGES
    ways = {
        "ours": lambda: ratios.ours(arguments.ipctop, carrier + "+bytes", str(size // 8), count,
                                    wait=wait),
        "peer bare": lambda: bare(arguments.bareloop, primitive, size, wait, count),
    }
    return ratios.Line(f"{carrier}+bytes {wait} : bare {primitive}", size, ways, count,
                       bound if wait == "block" else None, "most", 0.3 + 2 * count * 1.2e-4,
                       count >= 20)


def main():
    parser = ratios.parser_for(__doc__, "bench-small.csv", SIZES)
    parser.add_argument("bareloop", help="the bare loop, built")
    arguments = ratios.parse(parser)
    sizes = ratios.sizes_of(parser, arguments.sizes, SIZES, "64B,4KiB,64KiB")
    return ratios.main_of([line_of(arguments, row, wait, size) for wait in ("block", "spin")
                           for row in CARRIERS for size in sizes], arguments)


sys.exit(main())
