#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
Takes arrays of every dtype from `ipctop serve` and judges them with numpy; gives numpy's arrays to
`run --connect` and compares its hashes of them: dtypes.py IPCTOP FOLDER.
With one seed each server's first client gets the same arrays: what comes as plain bytes is the
measure for other encodings, and float64 for narrower floats.
"""
import base64
import csv
import http.server
import io
import itertools
import json
import os
import subprocess
import sys
import threading
from multiprocessing.connection import Client, Listener
from multiprocessing.shared_memory import SharedMemory
from urllib.parse import urlsplit

import numpy as np
import requests
import xxhash

IPCTOP = sys.argv[1]
FOLDER = sys.argv[2]
DTYPES = ["float64", "float32", "float16", "int8", "int16", "int32", "int64", "uint8", "uint16",
          "uint32", "uint64", "bool"]
SHAPES = ["1", "3x7x5", "2x5001"]
BFLOAT16 = "bfloat16"
EXACT = ["int8", "int16", "int32", "uint8", "uint16", "uint32", "bool"]
TIMES = 2


def extents(shape):
    return tuple(int(extent) for extent in shape.split("x"))


def stored(dtype):
    """The numpy dtype of its bits."""
    return np.dtype("<u2" if dtype == BFLOAT16 else dtype).newbyteorder("<")


def to_bfloat16(values):
    """float64 rounded to bfloat16, as its bits: to nearest even, by candidates."""
    low = (values.astype(np.float32).view(np.uint32) >> 16).astype(np.int64)
    # numpy has rounded once, perhaps upwards: one below is a candidate too.
    around = np.stack([low - 1, low, low + 1]).clip(0, 0xffff).astype(np.uint32)
    distance = np.abs((around << 16).view(np.float32).astype(np.float64) - values)
    nearest = distance == distance.min(axis=0)
    even = nearest & (around % 2 == 0)
    chosen = np.where(nearest.sum(axis=0) > 1, even.argmax(axis=0), nearest.argmax(axis=0))
    return np.take_along_axis(around, chosen[None], 0)[0].astype(np.uint16)


def rounded(values, dtype):
    if dtype != BFLOAT16:
        return values.astype(dtype)
    return to_bfloat16(np.abs(values)) | np.signbit(values).astype("<u2") << 15


class Server:
    def __init__(self, transport, shape, dtype):
        self.errors = open(os.path.join(FOLDER, "dtypes.err"), "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [IPCTOP, "serve", "-t", transport, "-s", f"{shape}:{dtype}", "--seed", "7",
             "--source", "fresh"], stdout=subprocess.PIPE, stderr=self.errors, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("ready "):
            self.process.wait()
            self.errors.seek(0)
            raise AssertionError(f"not ready: {self.errors.read()}")
        self.address = line.split()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()


def read_bytes(data, shape, dtype):
    return np.frombuffer(data, stored(dtype)).reshape(extents(shape))


def from_segment(name, shape, dtype):
    segment = SharedMemory(name=name)
    try:
        return np.ndarray(extents(shape), stored(dtype), segment.buf).copy()
    finally:
        segment.close()
        segment.unlink()


def from_json(text, shape, dtype):
    """Numbers of the dtype's own kind, which read back to the value as numpy reads them."""
    wide = "float64" if dtype == BFLOAT16 else dtype
    kind = {"b": bool, "i": int, "u": int, "f": float}[np.dtype(wide).kind]
    elements = json.loads(text)
    flat = np.array(elements, dtype=object).reshape(-1)
    assert all(type(element) is kind for element in flat), "numbers of another kind"
    array = np.array(elements, wide).reshape(extents(shape))
    return rounded(array, BFLOAT16) if dtype == BFLOAT16 else array


def saved(array, version=None):
    """As numpy.save writes it."""
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version, allow_pickle=False)
    return file.getvalue()


def from_npy(data, _shape, _dtype):
    array = np.load(io.BytesIO(data))
    assert saved(array) == data, "another header than numpy's"
    return array


SAFETENSORS = {"float64": "F64", "float32": "F32", "float16": "F16", BFLOAT16: "BF16",
               "int8": "I8", "int16": "I16", "int32": "I32", "int64": "I64", "uint8": "U8",
               "uint16": "U16", "uint32": "U32", "uint64": "U64", "bool": "BOOL"}


def in_safetensors(array):
    """A file of one tensor, remarks included, as the format's description has it."""
    header = json.dumps({"__metadata__": {"format": "np"}, "a tensor": {
        "dtype": SAFETENSORS[array.dtype.name], "shape": list(array.shape),
        "data_offsets": [0, array.nbytes]}}).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header + array.tobytes()


def from_safetensors(data, shape, dtype):
    start = 8 + int.from_bytes(data[:8], "little")
    assert start % 8 == 0, "elements are not aligned"
    (tensor,) = json.loads(data[8:start]).values()
    elements = data[start:]
    assert tensor == {"dtype": SAFETENSORS[dtype], "shape": list(extents(shape)),
                      "data_offsets": [0, len(elements)]}, tensor
    return read_bytes(elements, shape, dtype)


def over_http(read):
    def fetch(address, shape, dtype):
        with requests.Session() as session:
            return [read(session.get(address, timeout=60), shape, dtype) for _ in range(TIMES)]
    return fetch


def over_mp(address, _shape, _dtype):
    place = urlsplit(address)
    arrays = []
    with Client((place.hostname, place.port)) as client:
        for _ in range(TIMES):
            client.send("")
            arrays.append(client.recv())
    return arrays


READERS = {
    "http+bytes": over_http(lambda reply, *kind: read_bytes(reply.content, *kind)),
    "http+base64": over_http(lambda reply, *kind: read_bytes(base64.b64decode(reply.text), *kind)),
    "http+shm": over_http(lambda reply, *kind: from_segment(reply.text, *kind)),
    "http+json": over_http(lambda reply, *kind: from_json(reply.text, *kind)),
    "http+cjson": over_http(lambda reply, *kind: from_json(reply.text, *kind)),
    "http+npy": over_http(lambda reply, *kind: from_npy(reply.content, *kind)),
    "http+safetensors": over_http(lambda reply, *kind: from_safetensors(reply.content, *kind)),
    "http+f16": over_http(lambda reply, shape, dtype:
                          read_bytes(reply.content, shape, "float16").astype(dtype)),
    "mp+pickle": over_mp,
}


def take(transport, shape, dtype):
    """The first arrays that a client gets."""
    with Server(transport, shape, dtype) as server:
        return READERS[transport](server.address, shape, dtype)


def same(array, want):
    assert array.shape == want.shape and array.dtype == want.dtype, (array.shape, array.dtype)
    assert array.tobytes() == want.tobytes(), "other elements"


def check_values(arrays, dtype, normals):
    for array, normal in zip(arrays, normals):
        if dtype == BFLOAT16 or np.dtype(dtype).kind == "f":
            same(array, rounded(normal, dtype))
        elif array.size > 1000:
            low, high = (0, 1) if dtype == "bool" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
            off = array.astype(np.float64).mean() - (low / 2 + high / 2)
            assert abs(off) < (high - low) * 0.02, "the mean"
    if arrays[0].size > 100:
        assert not np.array_equal(arrays[0], arrays[1]), "the same array again"


def carried():
    """The dtypes of each transport."""
    listing = subprocess.run([IPCTOP, "list", "--json"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    return {row["name"]: row["dtypes"] for row in json.loads(listing)["transports"]}


def judge(transport, dtype, references):
    for shape in SHAPES:
        arrays = take(transport, shape, dtype)
        if transport == "http+bytes":
            check_values(arrays, dtype, references.get((shape, "float64"), arrays))
            references[shape, dtype] = arrays
        for array, want in zip(arrays, references[shape, dtype]):
            same(array, lost(transport, want))


class Given(http.server.BaseHTTPRequestHandler):
    """Answers whatever is asked for with the arrays of its server, in turn."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = self.server.message(next(self.server.arrays))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def give_over_http(message):
    def give(arrays):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Given)
        server.message, server.arrays = message, arrays
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return "http://127.0.0.1:%d/" % server.server_address[1]
    return give


def answer_mp(listener, arrays):
    with listener.accept() as connection:
        while True:
            try:
                connection.recv()
            except EOFError:
                return
            connection.send(next(arrays))


def give_over_mp(arrays):
    listener = Listener(("127.0.0.1", 0))
    threading.Thread(target=answer_mp, args=(listener, arrays), daemon=True).start()
    return "mp://127.0.0.1:%d" % listener.address[1]


GIVERS = {
    "http+bytes": give_over_http(lambda array: array.tobytes()),
    "http+base64": give_over_http(lambda array: base64.b64encode(array.tobytes())),
    "http+json": give_over_http(lambda array: json.dumps(array.tolist()).encode()),
    "http+npy": give_over_http(saved),
    "http+npy, version 3": give_over_http(lambda array: saved(array, (3, 0))),
    "http+safetensors": give_over_http(in_safetensors),
    "http+f16": give_over_http(lambda array: array.astype("<f2").tobytes()),
    "mp+pickle": give_over_mp,
}


def lost(transport, array):
    """The array as it is behind a transport."""
    return array.astype("<f2").astype(array.dtype) if transport == "http+f16" else array


def hash_of(array):
    return xxhash.xxh3_64_hexdigest(array.tobytes())


def give(transport, shape, dtype, order="<"):
    """Our client's hashes of what numpy has drawn, which are numpy's."""
    random = np.random.default_rng(5)
    arrays = []
    for _ in range(4):
        bits = random.integers(0, 256, int(np.prod(extents(shape))) * np.dtype(dtype).itemsize,
                               np.uint8)
        array = (bits & 1 if dtype == "bool" else bits).view(dtype).reshape(extents(shape))
        if np.dtype(dtype).kind == "f":
            array = random.standard_normal(extents(shape)).astype(dtype)
        arrays.append(array)
    address = GIVERS[transport](itertools.cycle([array.astype(array.dtype.newbyteorder(order))
                                                 for array in arrays]))
    path = os.path.join(FOLDER, "dtypes.csv")
    ran = subprocess.run([IPCTOP, "run", "-t", transport.split(",")[0], "-s", f"{shape}:{dtype}",
                          "--connect", address, "-n", "4", "-w", "0", "--blocks", "1",
                          "--samples-csv", path], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-300:] + ran.stderr[-300:]
    with open(path, newline="", encoding="utf-8") as file:
        hashes = [row["hash"] for row in csv.DictReader(file)]
    known = {hash_of(lost(transport, array)) for array in arrays}
    assert len(hashes) >= 3 and set(hashes) <= known, "other elements"


def judge_givers():
    """Python's arrays, taken by our client; what tells its byte order in either."""
    bad = False
    for dtype in DTYPES:
        for transport, order in [("http+bytes", "<"), ("http+base64", "<"), ("http+json", "<"),
                                 ("http+npy", "<"), ("http+npy", ">"), ("http+npy, version 3", "<"),
                                 ("http+safetensors", "<"), ("http+f16", "<"),
                                 ("mp+pickle", "<"), ("mp+pickle", ">")]:
            if transport == "http+f16" and dtype not in ("float64", "float32"):
                continue
            name = f"{transport} of {order if order == '>' else ''}{dtype} from numpy"
            try:
                give(transport, "7x3", dtype, order)
                print("ok", name)
            except AssertionError as error:
                bad = True
                print(f"not ok {name}: {error}")
    return bad


def main():
    bad = judge_givers()
    references = {}
    dtypes_of = carried()
    for dtype in DTYPES + [BFLOAT16]:
        for transport in READERS:
            if dtype not in dtypes_of[transport]:
                continue
            # cJSON loses bits of others, and prints 1.0 as 1.
            if transport == "http+cjson" and dtype not in EXACT:
                continue
            try:
                judge(transport, dtype, references)
                print(f"ok {transport} of {dtype}")
            except AssertionError as error:
                bad = True
                print(f"not ok {transport} of {dtype}: {error}")
    return bad


sys.exit(main())
