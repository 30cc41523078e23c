#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
Strangers that knock at the server of py-mp: mp_strangers.py FOLDER. They may be as many as they
like, say nothing or anything; who knows the token is served. Says what is wrong.
"""
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from multiprocessing.connection import Client
from urllib.parse import urlsplit

STRANGERS = 300
THREADS_MAX = 128 + 10
WAIT_S = 20 * int(os.environ.get("TEST_SLOWNESS", 1))
GREETINGS = (b"", b"\0", b"\xff" * 500, b"\0\0\0\x0b#CHALLENGE#", b"\0\0\0\x14" + b"x" * 20,
             b"\0\0\0\x0e\x80\x04\x95\x03\0\0\0\0\0\0\0\x8c\0.", b"GET / HTTP/1.1\r\n\r\n")
OPTIONS = {"role": "server", "transport": "py-mp+pickle", "shape": "2x3", "dtype": "float64",
           "direction": "pull",
           "source": "ready", "memory": "reused", "pages": "small", "wait": "block", "seed": "1",
           "clients": "1", "prefix": "none", "directory": "/dev/null"}


def limit(descriptors):
    if descriptors:
        resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))


def threads(server):
    return len(os.listdir(f"/proc/{server.pid}/task"))


def knock(url, number):
    """Some hang up at once, the others stay."""
    wire = socket.create_connection((url.hostname, url.port), WAIT_S)
    try:
        wire.sendall(GREETINGS[number % len(GREETINGS)])
    except ConnectionError:
        pass  # hung up on
    if number % 10 == 9:
        wire.close()
    return wire


def ask(url):
    with Client((url.hostname, url.port), authkey=url.path[1:].encode()) as client:
        client.send("0")
        client.send("")
        if not client.poll(WAIT_S):
            return "who knows the token is not answered"
        return "" if client.recv().shape == (2, 3) else "another array came"


def judge(server, url):
    held = [knock(url, number) for number in range(STRANGERS)]
    wrong = ask(url)
    end = time.monotonic() + WAIT_S
    while threads(server) > THREADS_MAX and not wrong:
        time.sleep(0.05)
        if time.monotonic() > end:
            wrong = f"{threads(server)} threads"
    for wire in held:
        wire.close()
    return wrong


def play(folder, descriptors):
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(["/usr/bin/python3", "py_mp.py"], cwd=folder, stderr=log,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                  preexec_fn=lambda: limit(descriptors))
        lines = "".join(f"{name} {value}\n" for name, value in OPTIONS.items())
        server.stdin.write(f"ipctop-pair 2\n{lines}begin\n")
        server.stdin.flush()
        try:
            wrong = judge(server, urlsplit(server.stdout.readline().split()[1]))
        except (EOFError, OSError) as error:
            wrong = repr(error)
        server.stdin.write("stop\n")
        server.stdin.close()
        server.wait()
        log.seek(0)
        said = log.read()
        if said or wrong:
            print(f"{descriptors or 'many'} descriptors: {wrong} its log: {said[-300:]}")


play(sys.argv[1], None)
play(sys.argv[1], 64)
