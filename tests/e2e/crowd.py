#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
More clients of `ipctop serve` over HTTP than it has descriptors for: crowd.py ADDRESS. Each asks
and stays; says how many were neither answered nor hung up on.
"""
import os
import socket
import sys
from urllib.parse import urlsplit

URL = urlsplit(sys.argv[1])
CLIENTS = 60
WAIT_S = 20 * int(os.environ.get("TEST_SLOWNESS", 1))


def is_left_alone(wire):
    try:
        wire.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        wire.recv(65536)
    except socket.timeout:
        return True
    except OSError:
        pass  # hung up on
    return False


wires = []
for _ in range(CLIENTS):
    wires.append(socket.create_connection((URL.hostname, URL.port), WAIT_S))
    if is_left_alone(wires[-1]):
        print(f"client {len(wires)} of {CLIENTS} is left alone")
        break
