#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
Plain Python clients of `ipctop serve`, written as people write them who never saw its code:
foreign_clients.py CLIENT ADDRESS SHAPE. Prints what is wrong; silent if nothing is.
"""
import asyncio
import base64
import os
import socket
import struct
import sys
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from multiprocessing.shared_memory import SharedMemory
from urllib.parse import urlsplit

import numpy as np
import requests
import websocket
import websockets


def check_array(array, shape, earlier=None):
    assert array.dtype == np.float64, array.dtype
    assert array.shape == shape, array.shape
    assert np.isfinite(array).all(), "not finite"
    assert np.abs(array).max() < 10 and np.unique(array).size > array.size * 0.99, "no normals"
    if array.size > 10000:
        assert abs(array.mean()) < 0.05 and abs(array.std() - 1) < 0.05, "no normals"
    if earlier is not None:
        assert not np.array_equal(array, earlier), "the same array again"


def check_twice(fetch, shape, times=3):
    earlier = None
    for _ in range(times):
        array = fetch()
        check_array(array, shape, earlier)
        earlier = array


def from_bytes(data, shape):
    return np.frombuffer(data, dtype="<f8").reshape(shape)


def from_segment(name, shape):
    segment = SharedMemory(name=name)
    try:
        count = int(np.prod(shape))
        array = np.ndarray(shape, dtype=np.float64, buffer=segment.buf)[:].copy()
        assert segment.size >= 8 * count, segment.size
        return array
    finally:
        segment.close()
        segment.unlink()


def http_get(http, address, path, media_type):
    reply = http.get(address + path, timeout=60)
    assert reply.status_code == 200, reply.status_code
    assert reply.headers["Content-Type"].startswith(media_type), reply.headers
    return reply


def http_client(address, shape, path, media_type, read):
    """On a kept connection, and on a new one for each request."""
    session = requests.Session()
    for http in (session, requests):
        check_twice(lambda: read(http_get(http, address, path, media_type)), shape)
    assert requests.head(address + path, timeout=60).status_code == 200
    assert requests.post(address + path, timeout=60).status_code == 405
    check_twice(lambda: read(http_get(session, address, path, media_type)), shape)
    session.close()


def http_json(address, shape):
    http_client(address, shape, "/random_tolist", "application/json",
                lambda reply: np.array(reply.json()))


def http_base64(address, shape):
    http_client(address, shape, "/random_tobytes", "text/plain",
                lambda reply: from_bytes(base64.b64decode(reply.text, validate=True), shape))


def http_shm(address, shape):
    http_client(address, shape, "/random_sharedmemory", "text/plain",
                lambda reply: from_segment(reply.text, shape))


def ws_exchange(connection, kind):
    connection.send("")
    message = connection.recv()
    assert isinstance(message, kind), type(message)
    return message


def ws_client(address, shape, path, kind, read):
    """By two libraries: websocket-client, with several connections, and websockets."""
    connections = [websocket.create_connection(address + path, timeout=60) for _ in range(3)]
    arrays = [read(ws_exchange(connection, kind)) for connection in connections]
    for number, array in enumerate(arrays):
        check_array(array, shape, arrays[number - 1])
    connections[0].ping("are you there")
    check_twice(lambda: read(ws_exchange(connections[0], kind)), shape)
    for connection in connections:
        connection.close()
    asyncio.run(ws_other_library(address + path, shape, kind, read))


async def ws_other_library(url, shape, kind, read):
    async with websockets.connect(url, max_size=None) as connection:
        earlier = None
        for _ in range(3):
            await connection.send("")
            message = await connection.recv()
            assert isinstance(message, kind), type(message)
            array = read(message)
            check_array(array, shape, earlier)
            earlier = array
            await (await connection.ping())


def ws_bytes(address, shape):
    ws_client(address, shape, "/ws/random_tobytes", bytes, lambda data: from_bytes(data, shape))


def ws_shm(address, shape):
    ws_client(address, shape, "/ws/random_sharedmemory", str,
              lambda name: from_segment(name, shape))


def mp_fetch(connection):
    connection.send("")
    return connection.recv()


def mp_pickle(address, shape):
    place = (urlsplit(address).hostname, urlsplit(address).port)
    key = os.environ.get("IPCTOP_AUTHKEY")
    if key:
        try:
            Client(place, authkey=b"not the key").close()
            raise AssertionError("a wrong key is good")
        except (AuthenticationError, EOFError, ConnectionResetError):
            pass
    for _ in range(2):
        with Client(place, authkey=key.encode() if key else None) as connection:
            check_twice(lambda: mp_fetch(connection), shape)


def receive(connection, count):
    data = bytearray()
    while len(data) < count:
        piece = connection.recv(min(count - len(data), 1 << 20))
        assert piece, "the server hung up"
        data += piece
    return bytes(data)


def tcp_fetch(connection, shape):
    """An empty chunk asks; chunks answer, of which an empty one is the last."""
    connection.sendall(struct.pack("<I", 0))
    message = bytearray()
    while True:
        size, = struct.unpack("<I", receive(connection, 4))
        if size == 0:
            return from_bytes(bytes(message), shape)
        message += receive(connection, size)


def tcp_bytes(address, shape):
    place = (urlsplit(address).hostname, urlsplit(address).port)
    with socket.create_connection(place, timeout=60) as connection:
        connection.sendall(struct.pack("<I", 0))  # no ticket
        assert receive(connection, 4) == bytes(4), "no welcome"
        check_twice(lambda: tcp_fetch(connection, shape), shape)


CLIENTS = {
    "http+json": http_json,
    "http+base64": http_base64,
    "http+shm": http_shm,
    "ws+bytes": ws_bytes,
    "ws+shm": ws_shm,
    "lws+bytes": ws_bytes,
    "mp+pickle": mp_pickle,
    "tcp+bytes": tcp_bytes,
}


def main():
    transport, address, shape = sys.argv[1:4]
    try:
        CLIENTS[transport](address, tuple(int(extent) for extent in shape.split("x")))
    except Exception as problem:  # whatever it is, it is what the test has to say
        print("%s: %s" % (type(problem).__name__, problem))
        sys.exit(1)


if __name__ == "__main__":
    main()
