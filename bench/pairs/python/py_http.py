# SPDX-License-Identifier: MIT
"""py-http: FastAPI on uvicorn, asked by requests over one kept connection."""
import base64
import socket
from contextvars import ContextVar

import numpy as np

import pair


def serve(sources):
    import uvicorn
    from fastapi import BackgroundTasks, FastAPI
    from fastapi.responses import JSONResponse, PlainTextResponse

    asked = ContextVar("asked")

    class Json(JSONResponse):
        def render(self, content):
            return asked.get().encoded(super().render(content))

    app = FastAPI(openapi_url=None)  # which would tell anybody the paths

    # What settles an exchange runs in a thread: the loop still sends the reply meanwhile.

    @app.get(f"/{pair.TOKEN}/random_tolist", response_class=Json)
    async def random_tolist(background: BackgroundTasks, client: int = 0):
        asked.set(sources[client])
        background.add_task(sources[client].settle)
        return sources[client].make().tolist()

    @app.get(f"/{pair.TOKEN}/random_tobytes", response_class=PlainTextResponse)
    async def random_tobytes(background: BackgroundTasks, client: int = 0):
        background.add_task(sources[client].settle)
        return sources[client].encoded(base64.b64encode(sources[client].make().tobytes()))

    @app.get(f"/{pair.TOKEN}/random_sharedmemory", response_class=PlainTextResponse)
    async def random_sharedmemory(background: BackgroundTasks, client: int = 0):
        background.add_task(sources[client].settle)
        return sources[client].encoded(sources[client].copy_to_segment())

    # With its protocol named, or asyncio leaves Nagle's algorithm on: 40 ms a reply.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    pair.start(uvicorn.Server(config).run, [listener])
    pair.serve_until_stop(f"http://127.0.0.1:{listener.getsockname()[1]}/{pair.TOKEN}")


def ask(options):
    import requests

    session = requests.Session()
    session.trust_env = False  # no proxy between two processes of one machine
    session.get(options.address)  # connects
    reader = pair.SegmentReader(options) if options.encoding == "shm" else None

    def json():
        reply = session.get(f"{options.address}/random_tolist?client={options.client}")
        arrived_ns = pair.now()
        return np.array(reply.json(), np.float64).reshape(options.shape), arrived_ns

    def text():
        reply = session.get(f"{options.address}/random_tobytes?client={options.client}")
        arrived_ns = pair.now()
        return np.frombuffer(base64.b64decode(reply.content)).reshape(options.shape), arrived_ns

    def shm():
        reply = session.get(f"{options.address}/random_sharedmemory?client={options.client}")
        arrived_ns = pair.now()
        return reader.open(reply.text), arrived_ns

    exchange = {"json": json, "base64": text, "shm": shm}[options.encoding]
    pair.say("ready")
    pair.measure(options, exchange, reader.release if reader else lambda: None)


pair.main(serve, ask)
