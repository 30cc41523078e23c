#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
What `ipctop run --connect` makes of servers that are wrong, broken, slow or hostile:
connect_faults.py IPCTOP FOLDER. A line for each: "ok NAME" or "not ok NAME: why".
"""
import base64
import csv
import os
import pickle
import re
import socket
import struct
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Listener

import numpy as np

sys.dont_write_bytecode = True
from connect_servers import (ARRAY, LIST, Raw, drip, frame, http, mp, mp_raw, reply,  # noqa: E402
                             silent, slam, tcp, ws, ws_loop)
from connect_strangers import handshake_cases, protocol_cases, stranger_cases  # noqa: E402

IPCTOP, FOLDER = sys.argv[1:3]
SHAPE = "2x3"
KEY = "fj3k-the-key-Q8"


class Keyed:
    """Python's own listener, with a key or without."""

    def __init__(self, key):
        self.listener = Listener(("127.0.0.1", 0), authkey=key)
        self.url = "mp://127.0.0.1:%d" % self.listener.address[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection = self.listener.accept()
            except OSError:
                return  # closed
            except Exception:
                continue  # a wrong key
            threading.Thread(target=self.run, args=(connection,), daemon=True).start()

    @staticmethod
    def run(connection):
        try:
            while True:
                connection.recv()
                connection.send(ARRAY)
        except (EOFError, OSError):
            pass

    def close(self):
        self.listener.close()


class Hostile:
    def __reduce__(self):
        return os.mkdir, (os.path.join(FOLDER, "was-run"),)


def in_shm(name, size=ARRAY.nbytes):
    """An object in shared memory by another hand; returns its name."""
    name = "e2e-%d-%s" % (os.getpid(), name)
    with open("/dev/shm/" + name, "wb") as file:
        file.write(ARRAY.tobytes()[:size].ljust(size, b"\0"))
    os.chmod("/dev/shm/" + name, 0o600)
    return name


def names():
    """Objects that no client may open."""
    os.mkfifo("/dev/shm/e2e-%d-fifo" % os.getpid())
    os.symlink("/etc/passwd", "/dev/shm/e2e-%d-link" % os.getpid())
    yield "shm: another size", in_shm("small", 40), "wrong", "has 40 bytes, the array 48"
    yield "shm: larger", in_shm("large", 4096 * 3), "wrong", "has 12288 bytes, the array 48"
    yield "shm: no such", "e2e-%d-none" % os.getpid(), "failed", "No such file"
    yield "shm: a path", "../../etc/passwd", "wrong", "no name of a segment"
    yield "shm: fifo", "e2e-%d-fifo" % os.getpid(), "wrong", "no shared memory"
    yield "shm: link", "e2e-%d-link" % os.getpid(), "failed", "symbolic links"
    yield "shm: empty name", "", "wrong", "0 bytes"
    yield "shm: control characters", "e2e\x1b[31m", "wrong", "0x1b"
    if os.geteuid() == 0:
        name = in_shm("other")
        os.chown("/dev/shm/" + name, 65534, 65534)
        yield "shm: another user's", name, "wrong", "belongs to user 65534"


def with_nan(value):
    array = ARRAY.copy()
    array[1, 2] = value
    return array


def http_cases():
    octets = ARRAY.tobytes()
    yield "status", "http+json", http(reply(b'{"detail":"Not Found"}', status=b"404 Not Found")), \
        "failed", r'status 404: \{"detail":"Not Found"\}'
    yield "status, escapes", "http+json", http(reply(b"\x1b[31mno\r\nway", status=b"500 Oh")), \
        "failed", r"status 500: \\x1b\[31mno\\x0d\\nway"
    yield "redirect", "http+json", \
        http(reply(b"", b"Location: /random_tolist", status=b"307 Temporary Redirect")), \
        "failed", r"status 307, a redirect to http://127.0.0.1:\d+/random_tolist, .* not followed"
    yield "no content", "http+bytes", http(b"HTTP/1.1 204 No Content\r\n\r\n"), \
        "failed", "status 204"
    yield "wrong shape", "http+json", http(reply(b"[[0.5,1.5],[2.5,3.5],[4.5,5.5]]")), \
        "wrong", "has 2 elements, the array 3"
    yield "too flat", "http+json", http(reply(b"[0.5,1.5,2.5]")), "wrong", "1 deep, the array 2"
    yield "too deep", "http+json", http(reply(b"[" * 100000)), "wrong", "deeper"
    yield "not finite", "http+json", http(reply(LIST.replace(b"5.5", b"NaN"))), \
        "wrong", r"element \[1, 2\] is -?nan"
    yield "no list", "http+json", http(reply(b'{"array": 1}')), "wrong", "no list"
    yield "cut list", "http+json", http(reply(LIST[:-5])), "wrong", "ends"
    yield "cut body", "http+json", http(reply(LIST)[:-5], "close"), "failed", "bytes remaining"
    yield "cut chunks", "http+json", \
        http(reply(b"ff\r\n" + LIST, b"Transfer-Encoding: chunked", length=False), "close"), \
        "failed", "."
    yield "more than the list", "http+json", http(reply(LIST + b"[]")), "wrong", "goes on"
    yield "cjson: not finite", "http+cjson", http(reply(LIST.replace(b"5.5", b"null"))), \
        "wrong", "null"
    yield "bytes: fewer", "http+bytes", http(reply(octets[:-8])), "wrong", "40 bytes"
    yield "bytes: more", "http+bytes", http(reply(octets + bytes(8))), "wrong", "56 bytes"
    yield "bytes: more, in chunks", "http+bytes", \
        http(reply(b"38\r\n" + octets + bytes(8) + b"\r\n0\r\n\r\n",
                   b"Transfer-Encoding: chunked", length=False)), "wrong", "longer"
    yield "bytes: without a length, cut", "http+bytes", \
        http(reply(octets[:-1], length=False), "close"), "wrong", "1 bytes short"
    yield "bytes: nan", "http+bytes", http(reply(with_nan(np.nan).tobytes())), \
        "wrong", r"element \[1, 2\] is -?nan"
    yield "bytes: infinite", "http+bytes", http(reply(with_nan(-np.inf).tobytes())), \
        "wrong", r"element \[1, 2\] is -inf"
    yield "base64: fewer", "http+base64", http(reply(base64.b64encode(octets[:40]))), \
        "wrong", "56 characters"
    yield "base64: no such letter", "http+base64", \
        http(reply(base64.b64encode(octets).replace(b"A", b"*", 1))), "wrong", "0x2a"
    for length in (b"99999999999999999999", b"9223372036854775807", b"-5", b"junk"):
        yield "length " + length.decode(), "http+json", \
            http(reply(LIST[:-1], b"Content-Length: " + length, length=False), "close"), \
            "failed|wrong", "."
    yield "length 2^62, cjson", "http+cjson", \
        http(reply(LIST, b"Content-Length: %d" % (1 << 62), length=False), "close"), \
        "wrong", "too many"
    yield "not http", "http+json", http(b"220 mail ready\r\n", "close"), "failed", "."
    yield "http: hangs up", "http+json", ("http", slam), "failed", "."
    yield "http: silent", "http+json", ("http", silent), "failed", "no reply within 3 s"
    yield "http: hangs in a reply", "http+bytes", http(reply(octets)[:-9], "hang"), \
        "failed", "no reply within 3 s"
    yield "http: drips", "http+json", ("http", drip), "failed", "no reply within 3 s"
    yield "http: works", "http+json", http(reply(LIST)), "done", "^$"
    yield "http: connects again", "http+json", http(reply(LIST, b"Connection: close"), "close"), \
        "done", "connecting again is in the latency"


def ws_cases():
    octets = ARRAY.tobytes()
    yield "ws: works", "ws+bytes", ws_loop(frame(2, octets)), "done", "^$"
    yield "ws: fragments, pings between", "ws+bytes", \
        ws_loop(frame(2, octets[:5], 0) + frame(9, b"?") + frame(0, b"", 0) +
                frame(10, b"unasked") + frame(0, octets[5:])), "done", "^$"
    yield "lws: works", "lws+bytes", ws_loop(frame(2, octets)), "done", "^$"
    for carrier in "ws", "lws":
        yield carrier + ": text for bytes", carrier + "+bytes", ws(frame(1, b"x" * 48)), \
            "wrong", "a text message, and the array comes in a binary one"
        yield carrier + ": bytes for text", carrier + "+json", ws(frame(2, LIST)), \
            "wrong", "a binary message, and the array comes in a text one"
        yield carrier + ": closes", carrier + "+bytes", \
            ws(frame(8, struct.pack(">H", 1011) + b"out of arrays")), \
            "failed", "status 1011: out of arrays"
        yield carrier + ": fewer", carrier + "+bytes", ws(frame(2, octets[:-1])), "wrong", "."
        yield carrier + ": silent", carrier + "+bytes", ws(b""), "failed", "no reply within 3 s"
        yield carrier + ": handshake refused", carrier + "+bytes", \
            ("ws", http(reply(b"", status=b"403 Forbidden"))[1]), "failed", "HTTP status 403"
        yield carrier + ": no handshake", carrier + "+bytes", ("ws", silent), \
            "failed", "no connection within 3 s"
    yield "ws: more", "ws+bytes", ws(frame(2, octets + b"x")), "wrong", "49 bytes"
    yield "ws: 2^63 bytes", "ws+bytes", ws(b"\x82\x7f\x80" + bytes(7)), "failed", "wrongly"
    yield "ws: 2^63 - 1 bytes", "ws+json", ws(b"\x81\x7f\x7f" + b"\xff" * 7 + b"[[1,2],"), \
        "wrong", "2 elements, the array 3"
    yield "ws: masked", "ws+bytes", ws(b"\x82\xb0\0\0\0\0" + octets), "failed", "masked"
    yield "ws: hangs up", "ws+bytes", ws(frame(2, octets)[:20], "close"), "failed", "hung up"
    yield "ws: not finite", "ws+bytes", ws(frame(2, with_nan(np.inf).tobytes())), \
        "wrong", r"element \[1, 2\] is inf"


def mp_cases():
    yield "mp: float32", "mp+pickle", mp(pickle.dumps(ARRAY.astype("f4"))), "wrong", "float32"
    yield "mp: float32", "mp+pickle", mp(pickle.dumps(ARRAY.astype("f4"))), "wrong", "float32"
    yield "mp: wrong shape", "mp+pickle", mp(pickle.dumps(ARRAY.T.copy())), \
        "wrong", "shape 3x2, the array float64 of shape 2x3"
    yield "mp: list", "mp+pickle", mp(pickle.dumps(ARRAY.tolist())), "wrong", "numpy array"
    yield "mp: dict", "mp+pickle", mp(pickle.dumps({"array": ARRAY})), "wrong", "numpy array"
    yield "mp: objects", "mp+pickle", mp(pickle.dumps(np.array([[Hostile()] * 3] * 2))), \
        "wrong", "."
    for protocol in range(6):
        yield "mp: hostile, protocol %d" % protocol, "mp+pickle", \
            mp(pickle.dumps(Hostile(), protocol)), "wrong|failed", "."
    yield "mp: not finite", "mp+pickle", mp(pickle.dumps(with_nan(np.nan))), \
        "wrong", r"element \[1, 2\] is -?nan"
    yield "mp: cut", "mp+pickle", mp(pickle.dumps(ARRAY)[:-3]), "wrong", "."
    yield "mp: garbage", "mp+pickle", mp(b"\x80\x04hello"), "failed|wrong", "."
    yield "mp: empty", "mp+pickle", mp(b""), "wrong", "empty"
    for name, head in (("negative", b"\x80\0\0\0"), ("2^63", b"\xff" * 4 + b"\x80" + bytes(7)),
                       ("2^63 - 1", b"\xff" * 4 + b"\x7f" + b"\xff" * 7)):
        yield "mp: length " + name, "mp+pickle", mp_raw(head + pickle.dumps(ARRAY)[:40]), \
            "failed|wrong", "."
    yield "mp: hangs up", "mp+pickle", ("mp", slam), "failed", "."
    yield "mp: silent", "mp+pickle", ("mp", silent), "failed", "no reply within 3 s"


def column_of(path):
    try:
        with open(path, newline="") as file:
            return next(csv.DictReader(file))
    except (OSError, StopIteration):
        return {"state": "no row", "reason": ""}


def measure(number, transport, url, pattern, key=None, clients=1):
    """Returns the row, what was printed, and the exit status. Who is to be waited for, is."""
    path = os.path.join(FOLDER, "fault-%d.csv" % number)
    environment = dict(os.environ, **({"IPCTOP_AUTHKEY": key} if key else {}))
    patience = "3" if "within" in pattern else "60"
    ended = subprocess.run(
        [IPCTOP, "run", "-t", transport, "-s", SHAPE, "--connect", url, "--blocks", "1", "-w",
         "0", "-n", str(3 * clients), "--clients", str(clients), "--timeout", patience, "--csv",
         path], env=environment, timeout=120,
        stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return column_of(path), ended.stdout + ended.stderr, ended.returncode


def judge(name, row, said, status, want, pattern):
    right = re.fullmatch(want, row["state"]) and re.search(pattern, row["reason"])
    if right and status == (0 if row["state"] == "done" else 1) and row.get("verified", "") == "":
        return "ok " + name
    return "not ok %s: exit %d, %s: %s; %s" % (name, status, row["state"], row["reason"], said)


def run_case(number, name, transport, scripted, want, pattern):
    server = Raw(*scripted)
    try:
        row, said, status = measure(number, transport, server.url, pattern)
    finally:
        server.close()
    return judge(name, row, said, status, want, pattern)


def run_keyed(number, name, key, given, want, pattern):
    server = Keyed(key)
    try:
        row, said, status = measure(number, "mp+pickle", server.url, pattern, given)
    finally:
        server.close()
    if given and (given in said or given in repr(row)):
        return "not ok %s: the key is shown" % name
    return judge(name, row, said, status, want, pattern)


def run_unheard(number):
    """A port that is nobody else's either, where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = "http://127.0.0.1:%d/x" % taken.getsockname()[1]
        return judge("nobody listens", *measure(number, "http+json", url, ""), "failed", "refused")


def run_keyless(number, name, transport, scripted, want, pattern):
    """A key that is set says nothing where the carrier has none."""
    server = Raw(*scripted)
    try:
        row, said, status = measure(number, transport, server.url, pattern, KEY)
    finally:
        server.close()
    return judge(name, row, said, status, want, pattern)


KEYLESS = (
    ("no keys: http works", "http+json", http(reply(LIST)), "done", "^$"),
    ("no keys: tcp works", "tcp+bytes", tcp(ARRAY.tobytes()), "done", "^$"),
    ("no keys: ws is silent", "ws+bytes", ("ws", silent), "failed",
     r"^no connection within 3 s \(--timeout\)$"),
)


def run_several(number):
    """Three clients at once, each with a connection of its own."""
    server = Keyed(None)
    try:
        row, said, status = measure(number, "mp+pickle", server.url, "", clients=3)
    finally:
        server.close()
    if row.get("clients") != "3" or int(row.get("samples") or 0) < 3:
        return "not ok several clients: %s of %s; %s" % (row.get("samples"),
                                                         row.get("clients"), said)
    return judge("several clients", row, said, status, "done", "^$")


def all_cases():
    yield from http_cases()
    yield from ws_cases()
    yield from mp_cases()
    yield from stranger_cases()
    yield from protocol_cases()
    yield from handshake_cases()
    for name, segment, want, pattern in names():
        yield name, "http+shm", http(reply(segment.encode())), want, pattern


KEYED = (
    ("key: right", KEY.encode(), KEY, "done", "^$"),
    ("key: another", b"something else", KEY, "failed", "authkey"),
    ("key: none given", KEY.encode(), None, "failed", "IPCTOP_AUTHKEY"),
    ("key: none asked for", None, KEY, "failed",
     "no connection within 3 s .*: IPCTOP_AUTHKEY is set, and a server without a key never asks"),
    ("key: neither", None, None, "done", "^$"),
)


def main():
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(run_case, number, *case) for number, case in enumerate(all_cases())]
        jobs += [pool.submit(run_keyed, 1000 + number, *case)
                 for number, case in enumerate(KEYED)]
        jobs += [pool.submit(run_keyless, 1500 + number, *case)
                 for number, case in enumerate(KEYLESS)]
        jobs.append(pool.submit(run_several, 2000))
        jobs.append(pool.submit(run_unheard, 3000))
        for job in jobs:
            print(job.result().replace("\n", " "), flush=True)
    for name in os.listdir("/dev/shm"):
        if name.startswith("e2e-%d-" % os.getpid()):
            os.unlink("/dev/shm/" + name)
    ran = os.path.exists(os.path.join(FOLDER, "was-run"))
    print("not ok hostile: it was run" if ran else "ok hostile: none was run")


main()
