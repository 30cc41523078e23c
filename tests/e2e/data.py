# SPDX-License-Identifier: MIT
"""data.py SCRATCH PROGRAM

Writes .npy files of every dtype with numpy, in both byte orders and both orders of indices, has
them served and read again, and judges each by the bytes that come.
"""

import os
import subprocess
import sys
import urllib.request
import zlib

import numpy as np

SCRATCH, PROGRAM = sys.argv[1:3]
DTYPES = ["bool", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
          "float16", "float32", "float64"]
DRAW = np.random.default_rng(17)


def values(dtype):
    """Some of each sign, an odd shape, more than one block of 4096 bytes."""
    drawn = DRAW.integers(-100, 100, (5, 7, 131))
    return (drawn > 0) if dtype == "bool" else drawn.astype(dtype)


def served(*args):
    """The raw bytes of one reply."""
    server = subprocess.Popen([PROGRAM, "serve", "-t", "http+bytes", *args], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        line = server.stdout.readline()
        if not line.startswith("ready "):
            raise ValueError(server.communicate()[1])
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(line.split()[1], timeout=30) as reply:
            return reply.read()
    finally:
        server.terminate()
        server.wait()


def judge(name, complaint):
    print(f"not ok {name}: {complaint}" if complaint else f"ok {name}", flush=True)


def compare(dtype, order, fortran):
    """All elements are the file's, but for one of each 4096 bytes, which may be another of it."""
    array = values(dtype)
    path = os.path.join(SCRATCH, "a.npy")
    stored = array.astype(array.dtype.newbyteorder(order))
    np.save(path, np.asfortranarray(stored) if fortran else stored)
    got = np.frombuffer(served("--data", path), dtype=array.dtype)
    if got.size != array.size:
        return f"{got.size} elements, not {array.size}"
    differ = np.flatnonzero(got != array.ravel())
    blocks = -(-array.nbytes // 4096)
    if len(differ) > blocks or len(set(differ * array.itemsize // 4096)) != len(differ):
        return f"{len(differ)} elements differ in {blocks} blocks"
    return ""


for dtype in DTYPES:
    for order in "<>":
        judge(f"{order}{dtype}, C order", compare(dtype, order, False))
    judge(f"{dtype}, Fortran order", compare(dtype, "<", True))
judge(">float32, Fortran order", compare("float32", ">", True))

for dtype in DTYPES:
    sizes = [len(zlib.compress(served("-s", f"100000:{dtype}", "--data", data)))
             for data in ("random", "smooth")]
    judge(f"smooth {dtype} compresses better than random",
          "" if sizes[1] < 0.8 * sizes[0] else f"{sizes[1]} bytes, random {sizes[0]}")


def write(name, array, **options):
    np.save(os.path.join(SCRATCH, name), array, **options)


write("frame.npy", DRAW.integers(0, 255, (48, 64, 3)).astype("uint8"))
write("column.npy", np.asfortranarray(DRAW.normal(size=(33, 50)).astype(">f4")))
write("one.npy", np.full(3000, 7.0))
write("nan.npy", np.array([[1, np.nan]]))
write("inf.npy", np.array([1, -np.inf], "f2"))
write("object.npy", np.array([1, None], dtype=object), allow_pickle=True)
write("records.npy", np.zeros(3, [("a", "f4"), ("b", "i4")]))
write("complex.npy", np.zeros(3, "complex128"))
write("scalar.npy", np.float64(3))
with open(os.path.join(SCRATCH, "frame.npy"), "rb") as file:
    whole = file.read()
for name, text in (("short", whole[:-1]), ("long", whole + b"\0"), ("head", whole[:40]),
                   ("version", whole[:6] + b"\x07" + whole[7:]),
                   ("text", b"1,2,3\n4,5,6\n")):
    with open(os.path.join(SCRATCH, name + ".npy"), "wb") as file:
        file.write(text)
with open(os.path.join(SCRATCH, "bool.npy"), "wb") as file:
    np.save(file, np.array([True, False]))
    file.seek(-1, os.SEEK_END)
    file.write(b"\x02")
