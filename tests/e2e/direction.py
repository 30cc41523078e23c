#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
Directions, looked at from outside. Prints what is wrong; silent if nothing is.

direction.py rows CSV DIRECTION CELLS SAMPLES   what a run says of pushes, or of both ways
direction.py push TRANSPORT ADDRESS SHAPE       plain Python sends arrays to `ipctop serve`
direction.py both TRANSPORT ADDRESS SHAPE       and takes one for each
"""
import base64
import csv
import json
import math
import re
import sys
from multiprocessing.connection import Client
from multiprocessing.shared_memory import SharedMemory
from urllib.parse import urlsplit

import numpy as np


def bytes_of(shape):
    return 8 * math.prod(int(extent) for extent in shape.split("x"))


def stages(row):
    """Of the measured array; of both ways, those of the request besides."""
    ways = ["", "request_"] if row["direction"] == "both" else [""]
    return sum(float(row[f"{way}{stage}_ns"]) for way in ways
               for stage in ("make", "encode", "decode"))


def complaints(row, direction, samples):
    if (row["state"], row["direction"]) != ("done", direction):
        yield f"{row['state']}, {row['direction']}: {row['reason']}"
        return
    if (row["samples"], row["verified"]) != (samples, samples):
        yield f"{row['verified']} of {row['samples']} verified, not {samples}"
    moved = bytes_of(row["request_shape"])
    if (row["request_dtype"], row["request_bytes"]) != (row["dtype"], str(moved)):
        yield f"{row['request_bytes']} bytes of {row['request_dtype']} in requests"
    if direction == "push" and row["request_shape"] != row["shape"]:
        yield f"{row['request_shape']} in requests, and {row['shape']} is measured"
    for figure in ("wire_bytes", "make_ns", "encode_ns", "decode_ns", "read_ns"):
        if not row["request_" + figure]:
            yield f"request_{figure} is empty"
        elif direction == "push" and row["request_" + figure] != row[figure]:
            yield f"{figure} is {row[figure]}, of the request {row['request_' + figure]}"
    if row["encoding"] == "bytes" and int(row["request_wire_bytes"]) < moved:
        yield f"{row['request_wire_bytes']} bytes on the wire for {moved}"
    if row["encoding"] == "shm" and int(row["request_wire_bytes"]) > 4096:
        yield f"{row['request_wire_bytes']} bytes on the wire for a name"
    moved += bytes_of(row["shape"]) if direction == "both" else 0
    rate = moved / float(row["p50_ns"]) * 1e9
    if abs(float(row["throughput_bytes_per_s"]) / rate - 1) > 0.01:
        yield f"{row['throughput_bytes_per_s']} bytes a second, not {rate:.0f}"
    left = float(row["mean_ns"]) - stages(row)
    if abs(float(row["carry_ns"]) - float(row["overlap_ns"]) - left) > 1:
        yield "the stages do not add up to the mean"
    if float(row["p50_with_read_ns"]) < float(row["p50_ns"]) * 0.999:
        yield "reading takes less than nothing"


def rows(path, direction, cells, samples):
    with open(path, newline="") as file:
        found = [row for row in csv.DictReader(file) if row["transport"] != "reference"]
    if len(found) != int(cells):
        yield f"{len(found)} rows for {cells} cells"
    for row in found:
        for text in complaints(row, direction, samples):
            yield f"{row['transport']} {row['shape']}: {text}"


def check_normals(array, shape):
    assert array.shape == shape and array.dtype == np.float64, (array.shape, array.dtype)
    assert np.isfinite(array).all() and np.abs(array).max() < 10, "no normals"


class Segment:
    """An array in shared memory, which its giver unlinks."""

    def __init__(self, array):
        self.memory = SharedMemory(create=True, size=array.nbytes)
        np.ndarray(array.shape, array.dtype, buffer=self.memory.buf)[...] = array

    def __enter__(self):
        return self.memory.name

    def __exit__(self, *_):
        self.memory.close()
        self.memory.unlink()


def from_segment(name, shape):
    memory = SharedMemory(name=name)
    array = np.ndarray(shape, dtype=np.float64, buffer=memory.buf).copy()
    memory.close()
    memory.unlink()
    return array


ENCODE = {
    "json": lambda array: json.dumps(array.tolist()),
    "base64": lambda array: base64.b64encode(array.tobytes()).decode(),
    "bytes": lambda array: array.tobytes(),
}
DECODE = {
    "json": lambda text, shape: np.array(json.loads(text)),
    "base64": lambda text, shape: np.frombuffer(base64.b64decode(text)).reshape(shape),
    "bytes": lambda data, shape: np.frombuffer(data).reshape(shape),
    "shm": lambda name, shape: from_segment(name if isinstance(name, str) else name.decode(), shape),
}


def exchange_message(send, array, encoding):
    if encoding != "shm":
        return send(ENCODE[encoding](array))
    with Segment(array) as name:
        return send(name)


def http(address, encoding, array, both):
    import requests

    session = requests.Session()

    def send(message):
        reply = session.post(address + "/array", data=message, timeout=60)
        assert reply.status_code == (200 if both else 204), (reply.status_code, reply.text[:200])
        return reply.content

    for _ in range(3):
        yield exchange_message(send, array, encoding)
    for message in (b"!", ENCODE["bytes"](array)[:-3]):
        reply = requests.post(address + "/array", data=message, timeout=60)
        assert reply.status_code == 400, reply.status_code
        assert re.search("the request|the segment|a segment", reply.text), reply.text
    yield exchange_message(send, array, encoding)  # the server has gone on


def ws(address, encoding, array, both):
    import websocket

    connection = websocket.create_connection(address + "/array", timeout=60)

    def send(message):
        if isinstance(message, str):
            connection.send(message)
        else:
            connection.send_binary(message)
        return connection.recv()

    for _ in range(3):
        yield exchange_message(send, array, encoding)
    connection.close()


def mp(address, encoding, array, both):
    place = urlsplit(address)
    with Client((place.hostname, place.port)) as connection:
        for _ in range(3):
            connection.send(array)
            yield connection.recv()


CARRIERS = {"http": http, "ws": ws, "lws": ws, "mp": mp}
EMPTY = {"http": b"", "ws": "", "lws": "", "mp": ""}


def clients(way, transport, address, shape):
    carrier, encoding = transport.split("+")
    shape = tuple(int(extent) for extent in shape.split("x"))
    array = np.random.default_rng(7).standard_normal(shape)
    replies = 0
    for reply in CARRIERS[carrier](address, encoding, array, way == "both"):
        replies += 1
        if way == "push":
            assert reply == EMPTY[carrier], f"no acknowledgement: {reply[:100]!r}"
        else:
            check_normals(reply if encoding == "pickle" else DECODE[encoding](reply, shape), shape)
    if replies < 3:
        yield f"{replies} replies"


MODES = {"rows": rows}
print("; ".join(list(MODES[sys.argv[1]](*sys.argv[2:]) if sys.argv[1] in MODES else
                     clients(*sys.argv[1:]))[:5]), end="")
