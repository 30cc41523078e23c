# SPDX-License-Identifier: MIT
"""The client of unix_server.py: receives into one array, and reads it."""
import array
import math
import socket
import sys
import zlib
from time import perf_counter_ns as now

options = dict(line.rstrip("\n").partition(" ")[::2] for line in iter(sys.stdin.readline, "begin\n"))
size = 8 * math.prod(int(extent) for extent in options["shape"].split("x"))
destination = array.array("d", bytes(size))
connection = socket.socket(socket.AF_UNIX)
connection.connect(options["address"])


def exchange():
    connection.send(b"?")
    connection.recv(1)
    rest = memoryview(destination).cast("B")
    while rest:
        got = connection.recv_into(rest)
        if not got:
            sys.exit("the server hung up")
        rest = rest[got:]


print("ready", flush=True)
while sys.stdin.readline() == "next\n":
    began_ns = now()
    exchange()
    ended_ns = now()
    sum(destination)
    read_ns = now() - ended_ns
    checksum = zlib.crc32(destination)
    print(f"sample {ended_ns - began_ns} read={read_ns} checksum={checksum:x}", flush=True)
