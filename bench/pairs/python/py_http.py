# SPDX-License-Identifier: MIT
"""py-http: FastAPI on uvicorn, asked by requests over one kept connection."""
import base64
import socket
import threading

import numpy as np

import pair


def serve(options, source, segments):
    import uvicorn
    from fastapi import BackgroundTasks, FastAPI
    from fastapi.responses import JSONResponse, PlainTextResponse

    class Json(JSONResponse):
        def render(self, content):
            return source.encoded(super().render(content))

    app = FastAPI()

    @app.get("/random_tolist", response_class=Json)
    async def random_tolist(background: BackgroundTasks):
        background.add_task(source.settle)  # in a thread: the loop still sends the reply
        return source.make().tolist()

    @app.get("/random_tobytes", response_class=PlainTextResponse)
    async def random_tobytes(background: BackgroundTasks):
        background.add_task(source.settle)
        return source.encoded(base64.b64encode(source.make().tobytes()))

    @app.get("/random_sharedmemory", response_class=PlainTextResponse)
    async def random_sharedmemory(background: BackgroundTasks):
        background.add_task(source.settle)
        return source.encoded(segments.write(source.make()))

    # With its protocol named, or asyncio leaves Nagle's algorithm on: 40 ms a reply.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    threading.Thread(target=uvicorn.Server(config).run, args=([listener],), daemon=True).start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    pair.serve_until_stop(address + (segments.fragment if segments else ""))


def ask(options):
    import requests

    address = options.address.partition("#")[0]
    session = requests.Session()
    session.trust_env = False  # no proxy between two processes of one machine
    session.get(address)  # connects
    reader = pair.SegmentReader(options) if options.encoding == "shm" else None

    def json():
        reply = session.get(f"{address}/random_tolist")
        arrived_ns = pair.now()
        return np.array(reply.json(), np.float64).reshape(options.shape), arrived_ns

    def text():
        reply = session.get(f"{address}/random_tobytes")
        arrived_ns = pair.now()
        return np.frombuffer(base64.b64decode(reply.content)).reshape(options.shape), arrived_ns

    def shm():
        reply = session.get(f"{address}/random_sharedmemory")
        arrived_ns = pair.now()
        return reader.open(reply.text), arrived_ns

    exchange = {"json": json, "base64": text, "shm": shm}[options.encoding]
    pair.say("ready")
    pair.measure(options, exchange, reader.release if reader else lambda: None)


pair.main(serve, ask)
