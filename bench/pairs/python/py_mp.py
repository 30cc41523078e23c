# SPDX-License-Identifier: MIT
"""py-mp: multiprocessing.connection over TCP, which pickles the array at both ends.

Its send() and recv() are written out, as what they consist of, for the time between the two steps.
"""
from multiprocessing.connection import Client, Listener
from multiprocessing.reduction import ForkingPickler

import pair


def serve(sources):
    listener = Listener(("localhost", 0))

    def answer(connection):
        with connection:
            while True:
                source = sources[int(connection.recv() or 0)]
                connection.send_bytes(source.encoded(ForkingPickler.dumps(source.make())))
                source.settle()

    def accept():
        while True:
            pair.start(answer, listener.accept())

    pair.start(accept)
    host, port = listener.address
    pair.serve_until_stop(f"mp://{host}:{port}")


def ask(options):
    host, _, port = options.address.removeprefix("mp://").rpartition(":")
    began_ns = pair.now()
    connection = Client((host, int(port)))
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
