#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
Strangers that knock at `ipctop serve`: strangers.py PID ADDRESS. Says what is wrong with where the
process listens, and sends it what would move a terminal's cursor, and handshakes; of each it shuts
down its half, and must be hung up on.
"""
import glob
import os
import re
import socket
import sys
from urllib.parse import urlsplit

PID, ADDRESS = sys.argv[1:3]
URL = urlsplit(ADDRESS)
ESCAPES = b"\x1b]0;owned\x07\x1b[2J\xc2\x9b31m"
HTTP = b"GET /" + ESCAPES + b" HTTP/1.1\r\nHost: " + ESCAPES + b"\r\n"
HANDSHAKE = b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
OFFER = b"Sec-WebSocket-Protocol: a\r\n"
GREETINGS = (
    ESCAPES, HTTP + b"\r\n", ESCAPES + b" / HTTP/1.1\r\n\r\n",
    HTTP + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + ESCAPES +
    b"\r\nSec-WebSocket-Version: 13\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n" + ESCAPES,
    HANDSHAKE, HANDSHAKE + OFFER, HANDSHAKE + OFFER + b"\r\n", HANDSHAKE + OFFER + b"\r\n\x81\x85",
    HTTP + b"Content-Length: 9\r\n\r\n" + ESCAPES,
    bytes([len(ESCAPES), 0, 0, 0]) + ESCAPES, b"\0\0\0" + bytes([len(ESCAPES)]) + ESCAPES,
)


def listens():
    """Where it listens by TCP, as the kernel writes it."""
    links = [os.readlink(path) for path in glob.glob(f"/proc/{PID}/fd/*")]
    mine = set(re.findall(r"socket:\[(\d+)\]", " ".join(links)))
    for name in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(name) as file:
            for row in map(str.split, list(file)[1:]):
                if row[3] == "0A" and row[9] in mine:
                    yield row[1].partition(":")[0]


def knock(greeting):
    family = socket.AF_INET if URL.port else socket.AF_UNIX
    with socket.socket(family) as wire:
        wire.connect((URL.hostname, URL.port) if URL.port else URL.path)
        wire.settimeout(60)  # against hanging
        try:
            wire.sendall(greeting)
            wire.shutdown(socket.SHUT_WR)
            while wire.recv(65536):
                pass
        except socket.timeout:
            print("not hung up on:", greeting)
        except OSError:
            pass  # hung up on, and be it before the shutdown


want = ["0100007F"] if URL.port else []
if list(listens()) != want:
    print("listens on", *listens())
if not URL.port and os.stat(os.path.dirname(URL.path)).st_mode & 0o077:
    print("others may enter", os.path.dirname(URL.path))
for greeting in GREETINGS:
    knock(greeting)
