# SPDX-License-Identifier: MIT
"""py-http: FastAPI on uvicorn, asked by requests over one kept connection."""
import base64
import json
import socket
from contextvars import ContextVar

import numpy as np

import pair


def from_json(text, kind):
    return np.array(json.loads(text), kind.dtype).reshape(kind.shape)


def from_base64(text, kind):
    return np.frombuffer(base64.b64decode(text), kind.dtype).reshape(kind.shape)


def to_base64(array):
    return base64.b64encode(array.tobytes())


def serve(options, seats):
    import uvicorn
    from fastapi import BackgroundTasks, FastAPI, Request, Response
    from fastapi.responses import JSONResponse, PlainTextResponse

    asked = ContextVar("asked")

    class Json(JSONResponse):
        def render(self, content):
            return asked.get().encoded(super().render(content))

    app = FastAPI(openapi_url=None)  # which would tell anybody the paths

    # What settles an exchange runs in a thread: the loop still sends the reply meanwhile.

    @app.get(f"/{pair.TOKEN}/random_tolist", response_class=Json)
    async def random_tolist(background: BackgroundTasks, client: int = 0):
        asked.set(seats[client].source)
        background.add_task(seats[client].settle)
        return seats[client].source.make().tolist()

    @app.get(f"/{pair.TOKEN}/random_tobytes", response_class=PlainTextResponse)
    async def random_tobytes(background: BackgroundTasks, client: int = 0):
        background.add_task(seats[client].settle)
        source = seats[client].source
        return source.encoded(to_base64(source.make()))

    @app.get(f"/{pair.TOKEN}/random_sharedmemory", response_class=PlainTextResponse)
    async def random_sharedmemory(background: BackgroundTasks, client: int = 0):
        background.add_task(seats[client].settle)
        return seats[client].source.encoded(seats[client].source.copy_to_segment())

    # The same with an array in the request; pushed, it is acknowledged.

    async def answered(reply, background, client):
        if options.reply:
            return await reply(background, client)
        background.add_task(seats[client].settle)
        return Response(status_code=204)

    @app.post(f"/{pair.TOKEN}/random_tolist", response_class=Json)
    async def take_tolist(request: Request, background: BackgroundTasks, client: int = 0):
        seats[client].take(from_json, await request.body())
        return await answered(random_tolist, background, client)

    @app.post(f"/{pair.TOKEN}/random_tobytes", response_class=PlainTextResponse)
    async def take_tobytes(request: Request, background: BackgroundTasks, client: int = 0):
        seats[client].take(from_base64, await request.body())
        return await answered(random_tobytes, background, client)

    @app.post(f"/{pair.TOKEN}/random_sharedmemory", response_class=PlainTextResponse)
    async def take_sharedmemory(request: Request, background: BackgroundTasks, client: int = 0):
        seats[client].take_segment((await request.body()).decode())
        return await answered(random_sharedmemory, background, client)

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
    asker = pair.Asker(options)
    path, encode, decode = {
        "json": ("random_tolist", lambda array: json.dumps(array.tolist()), from_json),
        "base64": ("random_tobytes", to_base64, from_base64),
        "shm": ("random_sharedmemory", None, None),
    }[options.encoding]
    url = f"{options.address}/{path}?client={options.client}"

    def send(message):
        reply = session.get(url) if message is None else session.post(url, data=message)
        arrived_ns = pair.now()
        reply.raise_for_status()
        return reply.text if options.encoding == "shm" else reply.content, arrived_ns

    pair.say("ready")
    asker.measure(send, encode, decode)


pair.main(serve, ask)
