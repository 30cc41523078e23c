#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
Foreign program x transport x direction, on real processes: does the far side hold the same
array, bit for bit, by numpy's own judgement? matrix.py IPCTOP FOLDER SHAPE...
A line for each: "ok NAME" or "not ok NAME: why".

ours to theirs: `serve` draws the same arrays for a seed as `run` does, whose two processes
agree on their hashes; those are in its --samples-csv.
theirs to ours: numpy draws them; what our client got is hashed in its --samples-csv.
"""
import asyncio
import base64
import contextlib
import csv
import json
import os
import signal
import socket
import subprocess
import sys
from multiprocessing.connection import Client
from urllib.parse import urlsplit

import numpy as np
import requests
import websocket
import websockets
import xxhash

import foreign_clients as clients

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = "7"
KEY = "matrix"
LARGE = 1 << 20  # elements: fewer exchanges from here on


def hash_of(array):
    return xxhash.xxh3_64_hexdigest(np.ascontiguousarray(array).tobytes())


def shape_of(text):
    return tuple(int(extent) for extent in text.split("x"))


def is_large(shape):
    return int(np.prod(shape_of(shape))) >= LARGE


def is_possible(program, transport, shape, large_json):
    """Large lists are left to one program; Node's strings end before 512 MiB."""
    if transport == "http+json":
        return not is_large(shape) or program == large_json
    text = 8 * int(np.prod(shape_of(shape))) * 4 / 3
    return program != "node" or transport != "http+base64" or text < 0x1fffffe8


def count_for(transport, shape):
    return 1 if is_large(shape) and transport.endswith("json") else 2 if is_large(shape) else 3


@contextlib.contextmanager
def running(*command, **environment):
    """A server; gives its address."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True,
                               env=dict(os.environ, **environment))
    try:
        line = process.stdout.readline()
        assert line.startswith("ready "), process.stderr.read()
        yield line.split()[1]
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def run(ipctop, folder, *options, **environment):
    """The hashes of the samples of a run of one cell."""
    samples = os.path.join(folder, "samples.csv")
    result = os.path.join(folder, "result.csv")
    ended = subprocess.run([ipctop, "run", *options, "--blocks", "1", "-w", "0", "-b", "600",
                            "--samples-csv", samples, "--csv", result],
                           stdin=subprocess.DEVNULL, capture_output=True, text=True,
                           env=dict(os.environ, **environment), timeout=600)
    with open(result, newline="") as file:
        row = next(csv.DictReader(file))
    assert ended.returncode == 0 and row["state"] == "done", \
        "%s: %s; %s" % (row["state"], row["reason"], ended.stderr)
    with open(samples, newline="") as file:
        return [sample["hash"] for sample in csv.DictReader(file)]


# Ours to theirs: each takes an address, a shape and how many, and gives the arrays.

def python_http(path, read):
    def fetch(address, shape, count, folder):
        with requests.Session() as session:
            return [read(session.get(address + path, timeout=600), shape) for _ in range(count)]

    return fetch


def python_ws(path, read):
    def fetch(address, shape, count, folder):
        async def ask():
            async with websockets.connect(address + path, max_size=None) as connection:
                arrays = []
                for _ in range(count):
                    await connection.send(["", ""])  # an empty message in fragments
                    await connection.ping()
                    arrays.append(read(await connection.recv(), shape))
                return arrays

        return asyncio.run(ask())

    return fetch


def other_ws(path, read):
    def fetch(address, shape, count, folder):
        connection = websocket.create_connection(address + path, timeout=600)
        arrays = []
        for _ in range(count):
            connection.send("")
            connection.ping("?")
            arrays.append(read(connection.recv(), shape))
        connection.close()
        return arrays

    return fetch


def python_mp(key):
    def fetch(address, shape, count, folder):
        place = (urlsplit(address).hostname, urlsplit(address).port)
        with Client(place, authkey=key) as connection:
            return [clients.mp_fetch(connection) for _ in range(count)]

    return fetch


def python_chunks(family):
    def fetch(address, shape, count, folder):
        parts = urlsplit(address)
        with socket.socket(family) as connection:
            connection.connect(parts.path if family == socket.AF_UNIX else
                               (parts.hostname, parts.port))
            connection.sendall(bytes(4))  # no ticket
            assert clients.receive(connection, 4) == bytes(4), "no welcome"
            return [clients.tcp_fetch(connection, shape) for _ in range(count)]

    return fetch


def curl(read, *options):
    """On one connection."""
    def fetch(address, shape, count, folder):
        files = [os.path.join(folder, "curl-%d" % i) for i in range(count)]
        command = ["curl", "-sS", "--fail", *options]
        for i, file in enumerate(files):
            command += ["-o", file, "%s/any/path?%d" % (address, i)]
        subprocess.run(command, check=True, timeout=600)
        arrays = []
        for file in files:
            with open(file, "rb") as body:
                arrays.append(read(body.read(), shape))
        return arrays

    return fetch


def node(transport):
    def fetch(address, shape, count, folder):
        ended = subprocess.run(["node", os.path.join(HERE, "foreign_node.js"), transport, address,
                                str(count), folder], stdin=subprocess.DEVNULL, timeout=600,
                               capture_output=True, text=True)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return [np.fromfile(os.path.join(folder, str(i)), dtype="<f8").reshape(shape)
                for i in range(count)]

    return fetch


def from_list(reply, shape):
    return np.array(reply.json(), dtype=np.float64)


def from_text(reply, shape):
    return clients.from_bytes(base64.b64decode(reply.text, validate=True), shape)


def from_name(reply, shape):
    return clients.from_segment(reply.text, shape)


CLIENTS = (
    ("http+json", "requests", python_http("/random_tolist", from_list)),
    ("http+json", "curl", curl(lambda body, shape: np.array(json.loads(body)))),
    ("http+json", "node", node("http+json")),
    ("http+base64", "requests", python_http("/random_tobytes", from_text)),
    ("http+base64", "curl", curl(lambda body, shape:
                                 clients.from_bytes(base64.b64decode(body), shape))),
    ("http+base64", "node", node("http+base64")),
    ("http+bytes", "requests", python_http("/", lambda reply, shape:
                                           clients.from_bytes(reply.content, shape))),
    ("http+bytes", "curl", curl(clients.from_bytes)),
    ("http+bytes", "node", node("http+bytes")),
    ("http+shm", "requests", python_http("/random_sharedmemory", from_name)),
    ("http+shm", "curl", curl(lambda body, shape: clients.from_segment(body.decode(), shape))),
    ("http+shm", "node", node("http+shm")),
    ("ws+bytes", "websockets", python_ws("/ws/random_tobytes", clients.from_bytes)),
    ("ws+bytes", "websocket-client", other_ws("/ws/random_tobytes", clients.from_bytes)),
    ("ws+bytes", "node", node("ws+bytes")),
    ("ws+shm", "websockets", python_ws("/ws/random_sharedmemory", clients.from_segment)),
    ("ws+shm", "websocket-client", other_ws("/ws/random_sharedmemory", clients.from_segment)),
    ("ws+shm", "node", node("ws+shm")),
    ("lws+bytes", "websockets", python_ws("/", clients.from_bytes)),
    ("lws+bytes", "node", node("lws+bytes")),
    ("mp+pickle", "multiprocessing", python_mp(None)),
    ("mp+pickle", "multiprocessing with a key", python_mp(KEY.encode())),
    ("tcp+bytes", "python", python_chunks(socket.AF_INET)),
    ("unix+bytes", "python", python_chunks(socket.AF_UNIX)),
)


def same_bits(arrays, hashes, shape, known):
    """known holds the arrays once they have the right hashes; then numpy compares."""
    for number, (array, hash_) in enumerate(zip(arrays, hashes)):
        assert array.dtype == np.float64 and array.shape == shape, (array.dtype, array.shape)
        assert hash_of(array) == hash_, "array %d has another hash" % number
        if len(known) == number:
            known.append(array)
        assert np.array_equal(array.view(np.uint64), known[number].view(np.uint64)), \
            "array %d differs" % number


def ours_to_theirs(ipctop, folder, text, large_json):
    shape = shape_of(text)
    hashes = run(ipctop, folder, "-t", "unix+bytes", "-s", text, "--seed", SEED, "-n", "3")
    assert len(set(hashes)) == 3, hashes
    known = []
    for transport, program, fetch in CLIENTS:
        if not is_possible(program, transport, text, large_json):
            continue
        key = {"IPCTOP_AUTHKEY": KEY} if "key" in program else {}

        def check():
            with running(ipctop, "serve", "-t", transport, "-s", text, "--seed", SEED,
                         **key) as address:
                count = count_for(transport, text)
                arrays = fetch(address, shape, count, folder)
                assert len(arrays) == count, "%d arrays" % len(arrays)
                same_bits(arrays, hashes, shape, known)

        yield "%s %s: ours to %s" % (transport, text, program), check


# Theirs to ours: program, its transports and the paths.
SERVERS = (
    ("fastapi", (("http+json", "/random_tolist"), ("http+base64", "/random_tobytes"),
                 ("http+shm", "/random_sharedmemory"), ("http+bytes", "/streamed/tobytes"),
                 ("http+base64", "/closing/tobytes"), ("ws+bytes", "/ws/random_tobytes"),
                 ("ws+shm", "/ws/random_sharedmemory"), ("lws+bytes", "/ws/random_tobytes"))),
    ("websockets", (("ws+bytes", "/ws/random_tobytes"), ("ws+bytes", "/ws/fragments"),
                    ("ws+shm", "/ws/random_sharedmemory"), ("lws+bytes", "/ws/fragments"))),
    ("http.server", (("http+bytes", "/"),)),
    ("node", (("http+json", "/random_tolist"), ("http+base64", "/random_tobytes"),
              ("http+shm", "/random_sharedmemory"), ("http+bytes", "/bytes"),
              ("ws+bytes", "/ws/random_tobytes"), ("ws+shm", "/ws/random_sharedmemory"))),
    ("listener", (("mp+pickle", ""),)),
    ("listener with a key", (("mp+pickle", ""),)),
    ("tcp", (("tcp+bytes", ""),)),
    ("unix", (("unix+bytes", ""),)),
)

# Numbers that a careless hand loses.
TELLING = [5e-324, 1.7976931348623157e308, -2.2250738585072014e-308, 1 / 3, -1e-310, 0.1]


def write_arrays(folder, shape):
    """Three of them, each in a file of its own. Returns the files and the hashes."""
    random = np.random.default_rng(7)
    files, hashes = [], []
    for number in range(3):
        array = random.standard_normal(shape)
        telling = (TELLING[number:] + TELLING)[:array.size]
        array.reshape(-1)[:len(telling)] = telling
        files.append(os.path.join(folder, "theirs-%d" % number))
        array.tofile(files[-1])
        hashes.append(hash_of(array))
    return files, hashes


def command_of(program, shape, files):
    if program == "node":
        return ["node", os.path.join(HERE, "foreign_node.js"), "serve", shape, *files]
    return ["/usr/bin/python3", os.path.join(HERE, "foreign_servers.py"), program.split()[0],
            shape, *files]


def follows(got, hashes):
    """One after the other, from wherever the server's turn is."""
    start = hashes.index(got[0]) if got[0] in hashes else 0
    return got == [hashes[(start + i) % len(hashes)] for i in range(len(got))]


def measured(ipctop, folder, text, transport, url, hashes, program):
    if "ws+" in transport:
        url = url.replace("http://", "ws://")
    key = {"IPCTOP_AUTHKEY": KEY} if "key" in program else {}
    count = count_for(transport, text)
    got = run(ipctop, folder, "-t", transport, "-s", text, "--connect", url, "-n", str(count),
              **key)
    assert len(got) == count and follows(got, hashes), "%s came, %s went" % (got, hashes)


def theirs_to_ours(ipctop, folder, text, large_json):
    files, hashes = write_arrays(folder, shape_of(text))
    for program, transports in SERVERS:
        key = {"SERVER_KEY": KEY} if "key" in program else {}
        with running(*command_of(program, text, files), **key) as address:
            for transport, path in transports:
                if not is_possible(program, transport, text, large_json):
                    continue
                yield "%s %s: %s%s to ours" % (transport, text, program, path), \
                    lambda: measured(ipctop, folder, text, transport, address + path, hashes,
                                     program)


def main():
    ipctop, folder, *shapes = sys.argv[1:]
    large_json = os.environ.get("MATRIX_LARGE_JSON", "")
    for shape in shapes:
        for make, program in ((ours_to_theirs, "requests"), (theirs_to_ours, "node")):
            for name, check in make(ipctop, folder, shape, large_json and program):
                try:
                    check()
                    print("ok " + name, flush=True)
                except Exception as problem:  # whatever it is, it is what the test has to say
                    said = "%s: %s" % (type(problem).__name__, problem)
                    print("not ok %s: %s" % (name, said.replace("\n", " ")), flush=True)


main()
