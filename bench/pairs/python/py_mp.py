# SPDX-License-Identifier: MIT
"""py-mp: multiprocessing.connection over TCP, which pickles the array at both ends.

Its send() and recv() are written out, as what they consist of, for the time between the two steps.
"""
import socket
import threading
import time
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener, answer_challenge, deliver_challenge
from multiprocessing.reduction import ForkingPickler
from urllib.parse import urlsplit

import pair

STRANGERS_MAX = 128  # as ipctop's own servers have it
NO_DESCRIPTOR_S = 0.01  # to wait where there is none, and no stranger that has one


class Strangers:
    """Connections that have not shown the token. For one too many the oldest is hung up on."""

    def __init__(self):
        self.lock = threading.Lock()
        self.connections = {}  # a dict keeps their order

    def enter(self, connection):
        with self.lock:
            self.connections[connection] = True
            if len(self.connections) > STRANGERS_MAX:
                self.evict()

    def leave(self, connection):
        with self.lock:
            self.connections.pop(connection, None)

    def evict(self):
        """Its thread wakes up and closes it. Returns False if there is none."""
        oldest = next(iter(self.connections), None)
        if oldest is None:
            return False
        del self.connections[oldest]
        wire = socket.socket(fileno=oldest.fileno())
        try:
            wire.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it has hung up itself
        finally:
            wire.detach()
        return True


def unpickle(message, kind=None):
    return ForkingPickler.loads(message.getbuffer())


def greet(connection):
    """Whether it knows the token; before a word is unpickled."""
    try:
        deliver_challenge(connection, pair.TOKEN.encode())
        answer_challenge(connection, pair.TOKEN.encode())
    except (AssertionError, AuthenticationError, EOFError, OSError):
        return False
    return True


def serve(options, seats):
    listener = Listener(("localhost", 0), backlog=128)
    strangers = Strangers()

    def meet(connection):
        """Whose connection it is, as it says first; None: it has hung up."""
        try:
            return seats[int(connection.recv())]
        except (EOFError, OSError):
            return None

    def answer(connection):
        with connection:
            # Here, so that who does not answer holds up nobody else.
            known = greet(connection)
            strangers.leave(connection)
            seat = known and meet(connection)
            while seat:
                try:
                    message = connection._recv_bytes()
                except (EOFError, OSError):
                    break  # it has hung up
                if options.request:
                    seat.take(unpickle, message)
                else:
                    unpickle(message)
                source = seat.source
                connection.send_bytes(source.encoded(ForkingPickler.dumps(source.make()))
                                      if source else ForkingPickler.dumps(""))
                seat.settle()

    def accept():
        while True:
            try:
                connection = listener.accept()
            except OSError:  # no descriptor is left, or it has hung up already
                with strangers.lock:
                    evicted = strangers.evict()
                if not evicted:
                    time.sleep(NO_DESCRIPTOR_S)
                continue
            strangers.enter(connection)
            pair.start(answer, connection)

    pair.start(accept)
    host, port = listener.address
    pair.serve_until_stop(f"mp://{host}:{port}/{pair.TOKEN}")


def ask(options):
    url = urlsplit(options.address)
    began_ns = pair.now()
    connection = Client((url.hostname, url.port), authkey=url.path[1:].encode())
    connection.send(options.client)
    connect_ns = pair.now() - began_ns
    asker = pair.Asker(options)

    def send(message):
        if message is None:
            connection.send("")
        else:
            connection.send_bytes(message)
        reply = connection._recv_bytes()
        arrived_ns = pair.now()
        # An acknowledgement is a pickled empty string.
        return reply if options.reply else unpickle(reply), arrived_ns

    pair.say(f"ready connect={connect_ns}")
    asker.measure(send, ForkingPickler.dumps, unpickle)


pair.main(serve, ask)
