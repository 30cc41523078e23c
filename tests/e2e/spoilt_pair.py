# SPDX-License-Identifier: MIT
"""A program of bench/pairs/python that spoils what it sends: spoilt_pair.py PROGRAM ROLE WAY.

It does so in ROLE alone and from its third exchange on, with the right checksum told: only a
comparison with what its taker has got can notice.
"""
import os
import sys

import numpy as np

program, role, way = sys.argv[1:]
sys.path.insert(0, os.getcwd())
import pair  # noqa: E402 (it is in the folder where this starts)

make = pair.Source.make
state = {"exchange": 0, "last": None}


def flip(array):
    array.reshape(-1).view(np.uint8)[-1] ^= 1


def swap(array):
    """The first two elements that differ change places."""
    flat = array.reshape(-1)
    other = int(np.argmax(flat != flat[0]))
    flat[[0, other]] = flat[[other, 0]]


def stale(array):
    array[...] = state["last"]


def spoilt(source):
    array = make(source)
    if source.options.role != role:
        return array
    sent = array.copy()
    if state["exchange"] >= 2:
        {"flip": flip, "swap": swap, "stale": stale}[way](sent)
    state["exchange"] += 1
    state["last"] = array.copy()
    return sent


pair.Source.make = spoilt
sys.argv = [program]
with open(program) as text:
    exec(compile(text.read(), program, "exec"), {"__name__": "__main__"})
