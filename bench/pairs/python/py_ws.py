# SPDX-License-Identifier: MIT
"""py-ws: the server of websockets, the client of websocket-client."""
import asyncio
import threading
from urllib.parse import urlsplit

import numpy as np

import pair


def serve(sources):
    import websockets

    messages = {
        f"/{pair.TOKEN}/ws/random_tobytes": lambda source: source.make().tobytes(),
        f"/{pair.TOKEN}/ws/random_sharedmemory": pair.Source.copy_to_segment,
    }

    async def answer(socket, target):
        url = urlsplit(target)
        source = sources[int(url.query.removeprefix("client=") or 0)]
        async for _ in socket:
            await socket.send(source.encoded(messages[url.path](source)))
            await asyncio.to_thread(source.settle)  # the loop still sends the reply

    async def refuse(target, headers):
        return None if urlsplit(target).path in messages else (404, [], b"")

    started = threading.Event()
    port = []

    async def run():
        server = await websockets.serve(answer, "127.0.0.1", 0, process_request=refuse)
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
    reader = pair.SegmentReader(options) if options.encoding == "shm" else None

    def bytes_():
        socket.send("")
        message = socket.recv()
        arrived_ns = pair.now()
        return np.frombuffer(message).reshape(options.shape), arrived_ns

    def shm():
        socket.send("")
        name = socket.recv()
        arrived_ns = pair.now()
        return reader.open(name), arrived_ns

    pair.say(f"ready connect={connect_ns}")
    pair.measure(options, shm if reader else bytes_, reader.release if reader else lambda: None)


pair.main(serve, ask)
