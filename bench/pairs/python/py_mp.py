# SPDX-License-Identifier: MIT
"""py-mp: multiprocessing.connection over TCP, which pickles the array at both ends.

Its send() and recv() are written out, as what they consist of, for the time between the two steps.
"""
from multiprocessing.connection import Client, Listener, answer_challenge, deliver_challenge
from multiprocessing.reduction import ForkingPickler
from urllib.parse import urlsplit

import pair


def serve(sources):
    listener = Listener(("localhost", 0), backlog=128)

    def answer(connection):
        with connection:
            # Before a word is unpickled; here, so that who does not answer holds up nobody else.
            deliver_challenge(connection, pair.TOKEN.encode())
            answer_challenge(connection, pair.TOKEN.encode())
            while True:
                source = sources[int(connection.recv() or 0)]
                connection.send_bytes(source.encoded(ForkingPickler.dumps(source.make())))
                source.settle()

    def accept():
        while True:
            pair.start(answer, listener.accept())

    pair.start(accept)
    host, port = listener.address
    pair.serve_until_stop(f"mp://{host}:{port}/{pair.TOKEN}")


def ask(options):
    url = urlsplit(options.address)
    began_ns = pair.now()
    connection = Client((url.hostname, url.port), authkey=url.path[1:].encode())
    connect_ns = pair.now() - began_ns
    request = options.client.removeprefix("0")

    def exchange():
        connection.send(request)
        message = connection._recv_bytes()
        arrived_ns = pair.now()
        return ForkingPickler.loads(message.getbuffer()), arrived_ns

    pair.say(f"ready connect={connect_ns}")
    pair.measure(options, exchange)


pair.main(serve, ask)
