# SPDX-License-Identifier: MIT
"""py-ws: the server of websockets, the client of websocket-client."""
import asyncio
import threading

import numpy as np

import pair


def serve(options, source, segments):
    import websockets

    paths = {
        "/ws/random_tobytes": lambda: source.make().tobytes(),
        "/ws/random_sharedmemory": lambda: segments.write(source.make()),
    }

    async def answer(socket, path):
        async for _ in socket:
            await socket.send(source.encoded(paths[path]()))
            await asyncio.to_thread(source.settle)  # the loop still sends the reply

    started = threading.Event()
    port = []

    async def run():
        server = await websockets.serve(answer, "127.0.0.1", 0)
        port.append(server.sockets[0].getsockname()[1])
        started.set()
        await server.wait_closed()

    threading.Thread(target=asyncio.run, args=(run(),), daemon=True).start()
    started.wait()
    address = f"ws://127.0.0.1:{port[0]}"
    pair.serve_until_stop(address + (segments.fragment if segments else ""))


def ask(options):
    import websocket

    address = options.address.partition("#")[0]
    path = {"bytes": "random_tobytes", "shm": "random_sharedmemory"}[options.encoding]
    began_ns = pair.now()
    socket = websocket.create_connection(f"{address}/ws/{path}", http_no_proxy=["*"])
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
