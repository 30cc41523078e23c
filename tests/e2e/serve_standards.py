#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
Holds `ipctop serve` to RFC 9112 and RFC 6455 where libraries seldom go, on bare sockets:
serve_standards.py http|ws ADDRESS BYTES. A line for each: "ok NAME" or "not ok NAME: why".
"""
import base64
import os
import socket
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

KIND, ADDRESS, BYTES = sys.argv[1], sys.argv[2], int(sys.argv[3])
PLACE = (urlsplit(ADDRESS).hostname, urlsplit(ADDRESS).port)


class Stream:
    """A connection that is read as it comes."""

    def __init__(self, data=b""):
        self.socket = socket.create_connection(PLACE, timeout=60)
        self.socket.sendall(data)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def head(self):
        """The status and the headers, in small letters."""
        status = self.file.readline().split(None, 2)
        assert len(status) > 1 and status[0] in (b"HTTP/1.1", b"HTTP/1.0"), status
        headers = {}
        for line in iter(self.file.readline, b"\r\n"):
            assert line.endswith(b"\r\n") and b":" in line, line
            name, value = line.split(b":", 1)
            headers[name.strip().lower().decode()] = value.strip().decode()
        return int(status[1]), headers

    def exactly(self, count):
        data = self.file.read(count)
        assert len(data) == count, "%d bytes of %d" % (len(data), count)
        return data

    def body(self, headers):
        if "content-length" in headers:
            return self.exactly(int(headers["content-length"]))
        if headers.get("transfer-encoding", "") != "chunked":
            return self.file.read()
        data = b""
        while True:
            size = int(self.file.readline().split(b";")[0], 16)
            data += self.exactly(size)
            assert self.exactly(2) == b"\r\n", "a chunk without its end"
            if size == 0:
                return data

    def reply(self, status=200, size=BYTES):
        got, headers = self.head()
        assert got == status, "status %d" % got
        data = self.body(headers)
        assert size is None or len(data) == size, "%d bytes" % len(data)
        return data

    def ended(self):
        assert self.file.read() == b"", "more follows"


def request(method="GET", path="/", version="1.1", headers="Host: x\r\n", body=b""):
    return ("%s %s HTTP/%s\r\n%s\r\n" % (method, path, version, headers)).encode() + body


def http_pipelined():
    with Stream(request() + request(path="/b") + request(headers="Host: x\r\nConnection: close\r\n")) \
            as stream:
        bodies = {stream.reply() for _ in range(3)}
        assert len(bodies) == 3, "an array came twice"
        stream.ended()


def http_head():
    with Stream(request("HEAD")) as stream:
        status, headers = stream.head()
        assert status == 200, status
        if headers.get("connection", "").lower() == "close":
            stream.ended()
            return
        stream.socket.sendall(request())
        stream.reply()


def http_10():
    with Stream(request(version="1.0", headers="")) as stream:
        status, headers = stream.head()
        assert status == 200 and "transfer-encoding" not in headers, headers
        assert len(stream.body(headers)) == BYTES
        stream.ended()


def http_10_kept():
    with Stream(request(version="1.0", headers="Connection: keep-alive\r\n")) as stream:
        stream.reply()


def http_bodies():
    chunked = request(headers="Host: x\r\nTransfer-Encoding: chunked\r\n",
                      body=b"5\r\nhello\r\n0\r\n\r\n")
    long = request(headers="Host: x\r\nContent-Length: 70000\r\n", body=bytes(70000))
    with Stream(chunked + long + request()) as stream:
        for _ in range(3):
            stream.reply()


def http_trickle():
    with Stream() as stream:
        for byte in request():
            stream.socket.sendall(bytes([byte]))
        stream.reply()


def http_paths():
    for path in "/", "/a/b/c", "/%2e%2e/x?y=%00&z", "/" + "a" * 4000, "*":
        with Stream(request(path=path)) as stream:
            stream.reply()


def http_malformed():
    for data in b"nonsense\r\n\r\n", b"GET / HTTP/1.1 and more\r\n\r\n", b"\0" * 100, \
            b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n":
        with Stream(data) as stream:
            stream.socket.shutdown(socket.SHUT_WR)
            answer = stream.file.read()
            assert answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer[:60]


def at_once(count, ask):
    with ThreadPoolExecutor(count) as pool:
        bodies = list(pool.map(lambda _: ask(), range(count)))
    assert len(set(bodies)) == count, "an array came twice"


def http_at_once():
    def ask():
        with Stream(request()) as stream:
            return stream.reply()

    at_once(8, ask)


def handshake(headers="", version="13", path="/ws"):
    key = base64.b64encode(os.urandom(16)).decode()
    return request(path=path, headers="Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   "Sec-WebSocket-Version: %s\r\nSec-WebSocket-Key: %s\r\n%s" %
                   (version, key, headers))


def frame(first, payload=b"", mask=b"\1\2\3\4"):
    assert len(payload) < 126
    masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    return bytes([first, 0x80 | len(payload)]) + mask + masked


TEXT, BINARY, CLOSE, PING, PONG, MORE = 0x81, 0x82, 0x88, 0x89, 0x8a, 0x80


def opened(data=b"", **options):
    stream = Stream(handshake(**options))
    status, headers = stream.head()
    assert status == 101, "status %d" % status
    assert "sec-websocket-extensions" not in headers, headers
    stream.socket.sendall(data)
    return stream


def read_frame(stream):
    first, length = stream.exactly(2)
    assert not length & 0x80, "masked"
    if length == 126:
        length, = struct.unpack(">H", stream.exactly(2))
    elif length == 127:
        length, = struct.unpack(">Q", stream.exactly(8))
    return first, stream.exactly(length)


def ws_reply(stream):
    first, payload = read_frame(stream)
    assert first == BINARY and len(payload) == BYTES, (first, len(payload))
    return payload


def ws_close_of(stream, code):
    first, payload = read_frame(stream)
    assert first == CLOSE and struct.unpack(">H", payload[:2])[0] == code, (first, payload)


def ws_fragments():
    with opened(frame(0x01, b"a") + frame(PING, b"between") + frame(0x00, b"b") +
                frame(0x00) + frame(MORE, b"c")) as stream:
        first, payload = read_frame(stream)
        assert first == PONG and payload == b"between", (first, payload)
        ws_reply(stream)


def ws_kinds():
    with opened(frame(TEXT) + frame(BINARY) + frame(BINARY, b"any") + frame(TEXT, b"x" * 125)) \
            as stream:
        assert len({ws_reply(stream) for _ in range(4)}) == 4, "an array came twice"


def ws_trickle():
    with opened() as stream:
        for byte in frame(TEXT, b"slowly"):
            stream.socket.sendall(bytes([byte]))
        ws_reply(stream)


def ws_pings():
    with opened() as stream:
        for payload in b"", b"x" * 125:
            stream.socket.sendall(frame(PING, payload))
            assert read_frame(stream) == (PONG, payload)
        stream.socket.sendall(frame(PONG, b"unasked") + frame(TEXT))
        ws_reply(stream)


def ws_closes():
    with opened(frame(CLOSE, struct.pack(">H", 1000) + b"enough")) as stream:
        ws_close_of(stream, 1000)
        stream.ended()


def ws_hostile():
    """
    Each ends the connection: by a close frame, or the connection's end. (A frame that is not
    masked would have to as well, but libwebsockets takes it.)
    """
    for data in (frame(0xc1, b"reserved bit"),
                 frame(0x83, b"unknown kind"), frame(0x09, b"a ping in fragments"),
                 bytes([TEXT, 0xff]) + b"\xff" * 8 + b"\0\0\0\0",
                 bytes([PING, 0xfe]) + struct.pack(">H", 200) + bytes(204)):
        with opened(data) as stream:
            stream.socket.shutdown(socket.SHUT_WR)
            answer = stream.file.read()
            assert not answer or answer[0] == CLOSE, (data[:4], answer[:40])


def ws_too_much():
    """A request of 2 MiB: it hangs up, and says so where it complains."""
    with opened() as stream:
        try:
            stream.socket.sendall(bytes([BINARY, 0xff]) + struct.pack(">Q", 1 << 21) +
                                  bytes(4 + (1 << 21)))
            stream.file.read()
        except ConnectionError:
            pass  # while it was being sent


def ws_many():
    """More requests in one piece than may wait, but that none is read while one is answered."""
    with opened(frame(TEXT) * 100) as stream:
        assert len({ws_reply(stream) for _ in range(100)}) == 100, "an array came twice"


def ws_no_upgrade():
    with Stream(request(headers="Host: x\r\nConnection: close\r\n")) as stream:
        answer = stream.file.read()
        assert answer == b"" or answer.split(b" ")[1][:1] == b"4", answer[:60]


def ws_extensions():
    with opened(frame(TEXT), headers="Sec-WebSocket-Extensions: permessage-deflate\r\n") as stream:
        ws_reply(stream)


def ws_subprotocols():
    """RFC 6455, 4.2.2: a server that knows none of them leaves the header out, and goes on."""
    many = "Sec-WebSocket-Protocol: %s\r\n" % ", ".join("chat-%d.example" % i for i in range(60))
    folded = "sec-websocket-protocol: a,\r\n b\r\nSec-WebSocket-Protocol: ipctop\r\n"
    for offer in "Sec-WebSocket-Protocol: binary\r\n", many, folded:
        with Stream(handshake(offer) + frame(TEXT)) as stream:
            status, headers = stream.head()
            assert status == 101, "status %d" % status
            assert "sec-websocket-protocol" not in headers, headers
            ws_reply(stream)


def ws_many_extensions():
    offers = ", ".join("x-extension-%d; a=1" % i for i in range(40))
    with opened(frame(TEXT), headers="Sec-WebSocket-Extensions: %s\r\n" % offers) as stream:
        ws_reply(stream)


def ws_slow_handshake():
    with Stream() as stream:
        for byte in handshake("Sec-WebSocket-Protocol: binary\r\n"):
            stream.socket.sendall(bytes([byte]))
        assert stream.head()[0] == 101
        stream.socket.sendall(frame(TEXT))
        ws_reply(stream)


def ws_browser():
    """From a page that was got elsewhere."""
    with opened(frame(TEXT), headers="Origin: http://elsewhere.example\r\n") as stream:
        ws_reply(stream)


def ws_at_once():
    def ask():
        with opened(frame(TEXT)) as stream:
            return ws_reply(stream)

    at_once(8, ask)


CHECKS = {
    "http": (http_pipelined, http_head, http_10, http_10_kept, http_bodies, http_trickle,
             http_paths, http_malformed, http_at_once),
    "ws": (ws_fragments, ws_kinds, ws_trickle, ws_pings, ws_closes, ws_hostile, ws_too_much,
           ws_many, ws_no_upgrade, ws_extensions, ws_subprotocols,
           ws_many_extensions, ws_slow_handshake, ws_browser, ws_at_once),
}


def main():
    for check in CHECKS[KIND]:
        name = check.__name__.replace("_", " ")
        try:
            check()
            print("ok " + name, flush=True)
        except Exception as problem:  # whatever it is, it is what the test has to say
            print("not ok %s: %s: %s" % (name, type(problem).__name__, problem), flush=True)


main()
