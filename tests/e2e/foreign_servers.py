#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
Servers of arrays as people write them who never saw ipctop's code:
foreign_servers.py PROGRAM SHAPE FILE... [--key]. Serves the files, raw float64, in turn;
prints "ready ADDRESS" and serves until it is killed.
"""
import asyncio
import base64
import http.server
import itertools
import os
import socket
import struct
import sys
import tempfile
from multiprocessing import resource_tracker
from multiprocessing.connection import Listener
from multiprocessing.shared_memory import SharedMemory

import numpy as np

PIECE = 1 << 20


def ready(address):
    print("ready " + address, flush=True)


def in_segment(array):
    """A segment of its own for every reply: the client removes it."""
    segment = SharedMemory(create=True, size=max(array.nbytes, 1))
    np.ndarray(array.shape, dtype=array.dtype, buffer=segment.buf)[...] = array
    resource_tracker.unregister(segment._name, "shared_memory")
    segment.close()
    return segment.name


def bound():
    # asyncio switches Nagle's algorithm off only where the protocol is named.
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


def pieces(data):
    for start in range(0, len(data), PIECE):
        yield data[start:start + PIECE]


def serve_fastapi(arrays, key):
    import uvicorn
    from fastapi import FastAPI, WebSocket, WebSocketDisconnect
    from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse

    app = FastAPI()

    @app.get("/random_tolist")
    def random_tolist():
        return JSONResponse(next(arrays).tolist())

    @app.get("/random_tobytes")
    def random_tobytes():
        return PlainTextResponse(base64.b64encode(next(arrays).tobytes()))

    @app.get("/random_sharedmemory")
    def random_sharedmemory():
        return PlainTextResponse(in_segment(next(arrays)))

    @app.get("/streamed/tobytes")
    def streamed():
        return StreamingResponse(pieces(next(arrays).tobytes()),
                                 media_type="application/octet-stream")

    @app.get("/closing/tobytes")
    def closing():
        return PlainTextResponse(base64.b64encode(next(arrays).tobytes()),
                                 headers={"Connection": "close"})

    async def answer(connection, send, encode):
        await connection.accept()
        try:
            while True:
                await connection.receive_text()
                await send(encode(next(arrays)))
        except WebSocketDisconnect:
            pass

    @app.websocket("/ws/random_tobytes")
    async def ws_random_tobytes(connection: WebSocket):
        await answer(connection, connection.send_bytes, lambda array: array.tobytes())

    @app.websocket("/ws/random_sharedmemory")
    async def ws_random_sharedmemory(connection: WebSocket):
        await answer(connection, connection.send_text, in_segment)

    listener = bound()
    ready("http://127.0.0.1:%d" % listener.getsockname()[1])
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])


def serve_websockets(arrays, key):
    import websockets

    encoders = {
        "/ws/random_tobytes": lambda array: array.tobytes(),
        "/ws/random_sharedmemory": in_segment,
        "/ws/fragments": lambda array: list(pieces(array.tobytes())),
    }

    async def answer(connection, path):
        async for _ in connection:
            await connection.ping()
            await connection.send(encoders[path](next(arrays)))

    async def main():
        async with websockets.serve(answer, "127.0.0.1", 0, max_size=None) as server:
            ready("ws://127.0.0.1:%d" % server.sockets[0].getsockname()[1])
            await asyncio.Future()

    asyncio.run(main())


def serve_listener(arrays, key):
    """One client after the other, as long as they ask."""
    with Listener(("127.0.0.1", 0), authkey=key) as listener:
        ready("mp://127.0.0.1:%d" % listener.address[1])
        while True:
            with listener.accept() as connection:
                try:
                    while True:
                        connection.recv()
                        connection.send(next(arrays))
                except EOFError:
                    pass


def serve_http_server(arrays, key):
    """HTTP/1.0 without a length: the reply ends where the connection does."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "application/octet-stream")
            self.end_headers()
            self.wfile.write(next(arrays).tobytes())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        ready("http://127.0.0.1:%d" % server.server_address[1])
        server.serve_forever()


def receive(connection, count):
    data = bytearray()
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


def chunk(data):
    return struct.pack("<I", len(data)) + data


def serve_chunks(listener, address, arrays):
    """ipctop-pair(7)'s framing, after its description."""
    ready(address)
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                receive(connection, struct.unpack("<I", receive(connection, 4))[0])
                connection.sendall(chunk(b""))
                while True:
                    receive(connection, 4)
                    for piece in pieces(next(arrays).tobytes()):
                        connection.sendall(chunk(piece))
                    connection.sendall(chunk(b""))
            except EOFError:
                pass


def serve_tcp(arrays, key):
    listener = bound()
    serve_chunks(listener, "tcp://127.0.0.1:%d" % listener.getsockname()[1], arrays)


def serve_unix(arrays, key):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "socket")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()
        serve_chunks(listener, "unix://" + path, arrays)


PROGRAMS = {
    "fastapi": serve_fastapi,
    "websockets": serve_websockets,
    "listener": serve_listener,
    "http.server": serve_http_server,
    "tcp": serve_tcp,
    "unix": serve_unix,
}


def main():
    program, shape, *files = sys.argv[1:]
    shape = tuple(int(extent) for extent in shape.split("x"))
    key = os.environ.get("SERVER_KEY")
    arrays = [np.fromfile(file, dtype="<f8").reshape(shape) for file in files]
    PROGRAMS[program](itertools.cycle(arrays), key.encode() if key else None)


if __name__ == "__main__":
    main()
