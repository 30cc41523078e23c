# SPDX-License-Identifier: MIT
"""py-ws: the server of websockets, the client of websocket-client."""
import asyncio
import threading
from urllib.parse import urlsplit

import numpy as np

import pair


def from_bytes(message, kind):
    return np.frombuffer(message, kind.dtype).reshape(kind.shape)


def serve(options, seats):
    import websockets

    messages = {
        f"/{pair.TOKEN}/ws/random_tobytes": lambda source: source.make().tobytes(),
        f"/{pair.TOKEN}/ws/random_sharedmemory": pair.Source.copy_to_segment,
    }
    takes = {
        f"/{pair.TOKEN}/ws/random_tobytes": lambda seat, message: seat.take(from_bytes, message),
        f"/{pair.TOKEN}/ws/random_sharedmemory": pair.Seat.take_segment,
    }

    async def answer(socket, target):
        url = urlsplit(target)
        seat = seats[int(url.query.removeprefix("client=") or 0)]
        source = seat.source
        async for message in socket:
            if options.request:
                takes[url.path](seat, message)
            await socket.send(source.encoded(messages[url.path](source)) if source else "")
            await asyncio.to_thread(seat.settle)  # the loop still sends the reply

    async def refuse(target, headers):
        return None if urlsplit(target).path in messages else (404, [], b"")

    started = threading.Event()
    port = []

    async def run():
        server = await websockets.serve(answer, "127.0.0.1", 0, process_request=refuse,
                                        max_size=None)
        port.append(server.sockets[0].getsockname()[1])
        started.set()
        await server.wait_closed()

    pair.start(asyncio.run, run())
    started.wait()
    pair.serve_until_stop(f"ws://127.0.0.1:{port[0]}/{pair.TOKEN}")


def ask(options):
    import websocket

    path = {"bytes": "random_tobytes", "shm": "random_sharedmemory"}[options.encoding]
    began_ns = pair.now()
    socket = websocket.create_connection(f"{options.address}/ws/{path}?client={options.client}",
                                         http_no_proxy=["*"])
    connect_ns = pair.now() - began_ns
    asker = pair.Asker(options)

    def send(message):
        if isinstance(message, bytes):
            socket.send_binary(message)
        else:
            socket.send(message or "")
        reply = socket.recv()
        return reply, pair.now()

    pair.say(f"ready connect={connect_ns}")
    asker.measure(send, np.ndarray.tobytes, from_bytes)


pair.main(serve, ask)
