#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
`ipctop serve` whose complaints nobody reads: unread.py IPCTOP TRANSPORT. Strangers give it reason
for more of them than a pipe holds; says whom it leaves alone, and whether SIGTERM still ends it.
"""
import fcntl
import os
import socket
import subprocess
import sys
from urllib.parse import urlsplit

IPCTOP, TRANSPORT = sys.argv[1:3]
STRANGERS = 800
PIPE_BYTES = 16384
WAIT_S = 20 * int(os.environ.get("TEST_SLOWNESS", 1))


def is_left_alone(url):
    with socket.create_connection((url.hostname, url.port), WAIT_S) as wire:
        try:
            wire.sendall(b"\xff" * 40)
            wire.shutdown(socket.SHUT_WR)
            while wire.recv(65536):
                pass
        except socket.timeout:
            return True
        except OSError:
            pass  # hung up on
    return False


server = subprocess.Popen([IPCTOP, "serve", "-t", TRANSPORT, "-s", "3"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
fcntl.fcntl(server.stderr, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
address = urlsplit(server.stdout.readline().decode().split()[1])
for number in range(STRANGERS):
    if is_left_alone(address):
        print(f"stranger {number} is left alone")
        break
server.terminate()
try:
    if server.wait(WAIT_S) != 0:
        print("exit", server.returncode)
except subprocess.TimeoutExpired:
    print("SIGTERM does not end it")
    server.kill()
if len(server.stderr.read()) < PIPE_BYTES / 2:
    print("it did not complain")
