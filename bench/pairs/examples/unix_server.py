# SPDX-License-Identifier: MIT
"""A server in plain Python: one client on a Unix socket, a byte asks, the array's bytes answer."""
import math
import os
import socket
import sys
import threading
import zlib

options = dict(line.rstrip("\n").partition(" ")[::2] for line in iter(sys.stdin.readline, "begin\n"))
if options["clients"] != "1":
    sys.exit(print("error it serves one client", flush=True))
size = 8 * math.prod(int(extent) for extent in options["shape"].split("x"))
path = f"{options['directory']}/python-unix"


def serve():
    connection, _ = listener.accept()
    array = os.urandom(size)
    exchange = 0
    while connection.recv(1):
        if options["source"] == "fresh":
            array = os.urandom(size)
        connection.sendall(b"!")  # even an empty array has a reply
        connection.sendall(array)
        sent = zlib.crc32(array)
        if options["source"] == "ready":
            array = os.urandom(size)
        print(f"exchange {exchange} checksum={sent:x}", flush=True)
        exchange += 1


listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen()
print("ready", path, flush=True)
threading.Thread(target=serve, daemon=True).start()
while sys.stdin.readline() not in ("stop\n", ""):
    pass
os.unlink(path)
