#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Servers that answer as a test says, for the scripts that hold clients to their words."""
import base64
import gzip
import hashlib
import re
import socket
import struct
import threading

import numpy as np

ARRAY = np.arange(6, dtype="<f8").reshape(2, 3) + 0.5
LIST = b"[[0.5,1.5,2.5],[3.5,4.5,5.5]]"


class Raw:
    """A listener that lets a function speak with every client, and may hang up."""

    def __init__(self, scheme, speak, host="127.0.0.1"):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.socket(family)
        self.listener.bind((host, 0))
        self.listener.listen()
        self.url = "%s://%s:%d/x" % (scheme, "[%s]" % host if ":" in host else host,
                                     self.listener.getsockname()[1])
        self.speak = speak
        self.over = threading.Event()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        try:
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self.run, args=(connection,), daemon=True).start()
        except OSError:
            pass  # closed

    def run(self, connection):
        with connection:
            try:
                self.speak(connection, self.over)
            except (OSError, EOFError):
                pass  # the client has gone

    def close(self):
        self.over.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def receive_head(connection):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            raise EOFError
        head += byte
    return head


def reply(body, head=b"", status=b"200 OK", length=True):
    lines = [b"HTTP/1.1 " + status, head] if head else [b"HTTP/1.1 " + status]
    if length:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def http(answer, then="keep"):
    """Answers every request alike, and then keeps the connection, closes it, or hangs."""
    def speak(connection, over):
        while True:
            receive_head(connection)
            connection.sendall(answer)
            if then == "close":
                return
            if then == "hang":
                over.wait()

    return "http", speak


def drip(connection, over):
    receive_head(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not over.wait(0.05):
        connection.sendall(b"1\r\n \r\n")


def silent(connection, over):
    over.wait()


def slam(connection, over):
    return


def ws(answer, then="hang"):
    """Shakes hands, and answers the first message with these bytes."""
    def speak(connection, over):
        key = re.search(rb"(?i)sec-websocket-key: *(\S+)", receive_head(connection)).group(1)
        accept = hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                           b"Connection: Upgrade\r\nSec-WebSocket-Accept: " +
                           base64.b64encode(accept) + b"\r\n\r\n")
        connection.recv(6)
        connection.sendall(answer)
        if then == "hang":
            over.wait()

    return "ws", speak


def ws_head(head):
    """Answers the handshake with just that."""
    def speak(connection, over):
        key = re.search(rb"(?i)sec-websocket-key: *(\S+)", receive_head(connection)).group(1)
        accept = hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        connection.sendall(head.replace(b"ACCEPT", base64.b64encode(accept)))
        over.wait()

    return "ws", speak


def asked_plainly(connection, over):
    """Compresses for whoever does not ask it not to."""
    while True:
        plain = b"\r\nAccept-Encoding: identity\r\n" in receive_head(connection)
        connection.sendall(reply(LIST if plain else gzip.compress(LIST)))


def receive_exactly(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def tcp(*chunks):
    """tcp's framing around a message, after ipctop-pair(7)."""
    def speak(connection, over):
        receive_exactly(connection, struct.unpack("<I", receive_exactly(connection, 4))[0])
        connection.sendall(bytes(4))
        while True:
            receive_exactly(connection, 4)
            connection.sendall(b"".join(struct.pack("<I", len(c)) + c for c in chunks) + bytes(4))

    return "tcp", speak


def says(data):
    """Says that at once, in whatever protocol it is."""
    def speak(connection, over):
        connection.sendall(data)
        over.wait()

    return speak


def frame(opcode, payload, first=0x80):
    return bytes([first | opcode, len(payload)]) + payload


def mp(message):
    def speak(connection, over):
        connection.recv(64)
        connection.sendall(struct.pack(">I", len(message)) + message)
        over.wait()

    return "mp", speak


def mp_raw(data, then="close"):
    def speak(connection, over):
        connection.recv(64)
        connection.sendall(data)
        if then == "hang":
            over.wait()

    return "mp", speak


def receive_frame(connection):
    """A client's, which is masked, of 125 bytes at most. Returns its opcode."""
    first, length = receive_exactly(connection, 2)
    receive_exactly(connection, 4 + (length & 0x7f))
    return first & 15


def ws_loop(answer):
    """Answers every message; a client's answer to a ping is none."""
    scheme, begin = ws(answer, "go on")

    def speak(connection, over):
        begin(connection, over)
        while True:
            if receive_frame(connection) != 10:
                connection.sendall(answer)

    return scheme, speak
