#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
What servers send that are no servers of ours, and what has to be said of it: cases for
connect_faults.py, each a name, a transport, a server, the state and a pattern of the reason.
"""
import base64
import gzip
import io
import pickle
import socket
import zlib

import numpy as np

from connect_servers import (ARRAY, LIST, asked_plainly, frame, http, mp, mp_raw, reply, says, tcp,
                             ws, ws_head, ws_loop)

def npy():
    file = io.BytesIO()
    np.save(file, ARRAY)
    return file.getvalue()


PAGE = b"<!DOCTYPE html><html><title>Bad Gateway</title></html>"


def stranger_cases():
    """Replies that speak of arrays in other ways, or of no array: each is named and shown."""
    octets, text = ARRAY.tobytes(), base64.b64encode(ARRAY.tobytes())
    page = "it looks like an HTML page: <!DOCTYPE html><html><title>Bad"
    for encoding in "base64", "bytes", "shm", "pickle":
        yield encoding + ": a page", "http+" + encoding, http(reply(PAGE)), "wrong", page
        yield encoding + ": a page in chunks", "http+" + encoding, \
            http(reply(b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE),
                       b"Transfer-Encoding: chunked", length=False)), "wrong", page
    for encoding in "json", "cjson":
        over = "http+" + encoding
        yield encoding + ": a page", over, http(reply(PAGE)), "wrong", \
            "<!DOCTYPE html>.*; it looks like an HTML page"
        yield encoding + ": gzip", over, \
            http(reply(gzip.compress(LIST), b"Content-Encoding: gzip")), "wrong", \
            "gzip .send it uncompressed.; the server says Content-Encoding: gzip, and was asked"
        yield encoding + ": zlib", over, http(reply(zlib.compress(LIST))), "wrong", "zlib"
        yield encoding + ": another coding", over, \
            http(reply(b"\x8b\x0e\x80...", b"Content-Encoding: br")), "wrong", \
            "Content-Encoding: br, and was asked for identity"
        yield encoding + ": asks for none", over, ("http", asked_plainly), "done", "^$"
        yield encoding + ": byte order mark", over, http(reply(b"\xef\xbb\xbf" + LIST)), \
            "wrong", "byte order mark"
        yield encoding + ": UTF-16", over, http(reply(LIST.decode().encode("utf-16"))), \
            "wrong", "UTF-16"
        yield encoding + ": comma too many", over, http(reply(LIST[:-1] + b",]")), \
            "wrong", "one too many"
        yield encoding + ": two documents", over, http(reply(LIST + b"\n" + LIST)), \
            "wrong", "goes on after its list: .*a second document"
        yield encoding + ": comment", over, http(reply(b"/* x */" + LIST)), "wrong", "a comment"
        yield encoding + ": encoded twice", over, http(reply(b'"%s"' % LIST)), \
            "wrong", "a list within a string"
        yield encoding + ": strings", over, \
            http(reply(b'[["0.5","1.5","2.5"],["3.5","4.5","5.5"]]')), "wrong", \
            "JSON's numbers have no quotation marks"
        yield encoding + ": another coding, unseen", over, \
            http(reply(b"\x8b\x8e6\xd03\xd51", b"Content-Encoding: deflate")), "wrong", \
            "Content-Encoding: deflate, and was asked for identity"
        yield encoding + ": a status with words", over, \
            http(reply(b'{"detail":"Not Found"}', status=b"404 Not Found")), "failed", \
            r'status 404: \{"detail":"Not Found"\}$'
        yield encoding + ": plus", over, http(reply(LIST.replace(b"0.5", b"+0.5"))), \
            "wrong", "no plus sign"
        yield encoding + ": odd white space", over, http(reply(b"\f" + LIST)), \
            "wrong", "white space that JSON does not have"
        yield encoding + ": works", over, http(reply(b" \n" + LIST + b"\r\n")), "done", "^$"
    for name, data, pattern in (
            ("quoted", b'"%s"' % text, 'quotation marks .send the text alone.: "AAAA'),
            ("line break", text + b"\n", "a line break|with line breaks"),
            ("in lines", base64.encodebytes(octets * 2), "with line breaks"),
            ("in other letters", base64.urlsafe_b64encode(np.full((2, 3), 1e300).tobytes())
             .replace(b"A", b"_"), "URL-safe"),
            ("in hexadecimal", octets.hex().encode(), "hexadecimal digits"),
            ("of float32", base64.b64encode(ARRAY.astype("f4").tobytes()),
             "float32 would have that size"),
            ("of a file", base64.b64encode(npy()), "base64 of a .npy file"),
            ("repr", b"b'%s'" % text, "Python's repr of bytes"),
            ("none, raw", octets, "the encoding bytes takes those"),
            ("none, a list", LIST, "the encoding json takes those"),
            ("empty", b"", "it is empty")):
        yield "base64: " + name, "http+base64", http(reply(data)), "wrong", pattern
    for name, data, pattern in (
            ("float32", ARRAY.astype("f4").tobytes(), "float32 would have that size"),
            ("float16", ARRAY.astype("f2").tobytes(), "float16 would have that size"),
            ("twice", octets * 2, "2 arrays, would have that size"),
            ("a file", npy(), "a .npy file"), ("a pickle", pickle.dumps(ARRAY), "a pickle"),
            ("an old pickle", pickle.dumps(ARRAY, 0), "a pickle of protocol 0"),
            ("base64", text, "the encoding base64 takes"),
            ("text", b"no array today, sorry", "it looks like text .*: no array today"),
            ("empty", b"", "it is empty")):
        yield "bytes: " + name, "http+bytes", http(reply(data)), "wrong", pattern
        yield "bytes over ws: " + name, "ws+bytes", ws(frame(2, data[:120])), "wrong", \
            pattern if len(data) <= 120 else "it looks like"
        yield "bytes over tcp: " + name, "tcp+bytes", tcp(*([data] if data else [])), "wrong", \
            pattern if len(data) <= 48 else "longer than the array"
    for name, data, pattern in (
            ("in quotation marks", b'"psm_1"', "No such file.* in quotation marks"),
            ("a path", b"/dev/shm/psm_1", "send the segment's name alone, without folders"),
            ("a line break", b"psm_1\n", "a line break"), ("an object", b'{"name":1}', "an object")):
        yield "shm: " + name, "http+shm", http(reply(data)), "wrong|failed", pattern
    for protocol in 0, 1:
        yield "pickle: protocol %d" % protocol, "http+pickle", \
            http(reply(pickle.dumps(ARRAY, protocol))), "failed", \
            "a pickle of protocol %d, not 2 to 5" % protocol
        yield "mp: protocol %d" % protocol, "mp+pickle", mp(pickle.dumps(ARRAY, protocol)), \
            "failed", "a pickle of protocol %d, not 2 to 5" % protocol
    yield "pickle: raw bytes", "http+pickle", http(reply(octets)), "wrong", "bytes takes those"
    yield "pickle: a list", "http+pickle", http(reply(LIST)), "wrong", "json takes those"
    for name, value, pattern in (
            ("a list", ARRAY.tolist(), "is a list, not a numpy array .send numpy.array of it"),
            ("Fortran order", np.asfortranarray(ARRAY), "send numpy.ascontiguousarray of it"),
            ("float32", ARRAY.astype("f4"), r'float32 of .*send its .astype\("float64"\)'),
            ("big-endian", ARRAY.astype(">f4"), r'float32 .*send its .astype\("float64"\)'),
            ("objects", ARRAY.astype(object), "is object of shape 2x3, the array float64 [^(]*$")):
        yield "pickled: " + name, "http+pickle", http(reply(pickle.dumps(value))), "wrong", pattern
        yield "pickled over mp: " + name, "mp+pickle", mp(pickle.dumps(value)), "wrong", pattern
        yield "pickled over tcp: " + name, "tcp+pickle", tcp(pickle.dumps(value)), "wrong", \
            pattern


def protocol_cases():
    """Servers that speak something else, and what is said of that by each client."""
    greeting, page = b"220 mail ready\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"
    yield "http: another protocol", "http+json", ("http", says(greeting)), "failed", \
        r"does not answer in HTTP: 220 mail ready\\x0d\\n"
    for carrier in "ws", "lws":
        yield carrier + ": another protocol", carrier + "+bytes", ("ws", says(greeting)), \
            "failed", r"does not answer in HTTP: 220 mail ready\\x0d\\n"
    yield "tcp: another protocol", "tcp+bytes", ("tcp", says(greeting)), "failed", \
        "answered our ticket with a chunk: 220 mail ready"
    yield "tcp: a web server", "tcp+bytes", ("tcp", says(page)), "failed", "HTTP/1.1 400 Bad"
    yield "mp: a web server", "mp+pickle", mp_raw(page), "wrong", 'read from the text "HTTP"'
    yield "http: capitals", "http+json", ("HTTP",) + http(reply(LIST))[1:], "done", "^$"
    yield "ws: capitals", "ws+bytes", ("Ws",) + ws_loop(frame(2, ARRAY.tobytes()))[1:], \
        "done", "^$"
    for carrier, scripted in (("http+json", http(reply(LIST))),
                              ("ws+bytes", ws_loop(frame(2, ARRAY.tobytes()))),
                              ("lws+bytes", ws_loop(frame(2, ARRAY.tobytes()))),
                              ("tcp+bytes", tcp(ARRAY.tobytes()))):
        if socket.has_ipv6:
            yield carrier + ": IPv6", carrier, scripted + ("::1",), "done", "^$"


def handshake_cases():
    switching = b"HTTP/1.1 101 Switching Protocols\r\n"
    good = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\n"
    for name, head, pattern in (
            ("redirect", b"HTTP/1.1 307 T\r\nLocation: ws://127.0.0.1:1/y\r\n",
             "HTTP status 307, a redirect to ws://127.0.0.1:1/y, which is not followed"),
            ("redirect to TLS", b"HTTP/1.1 301 M\r\nLocation: wss://h.example/\r\n",
             "HTTP status 301, a redirect to wss://h.example/, which is not followed"),
            ("redirect to escapes", b"HTTP/1.1 302 F\r\nLocation: \x1b[31m\r\n",
             r"a redirect to \\x1b\[31m, which is not followed"),
            ("unauthorized", b"HTTP/1.1 401 U\r\n", "HTTP status 401$"),
            ("a page", b"HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nbusy",
             "HTTP status 503: busy$"),
            ("no upgrade, but a reply", b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n[1,2]",
             r"HTTP status 200: \[1,2\]$"),
            ("subprotocol", switching + good + b"Sec-WebSocket-Protocol: chat\r\n",
             'names a subprotocol, and none was asked for: "chat"'),
            ("extension", switching + good + b"Sec-WebSocket-Extensions: permessage-deflate\r\n",
             'names an extension, and none was asked for: "permessage-deflate"'),
            ("another key", switching + good.replace(b"ACCEPT", b"A" * 27 + b"="),
             "Sec-WebSocket-Accept is not the one that belongs to our key"),
            ("no accept", switching + b"Upgrade: websocket\r\nConnection: Upgrade\r\n",
             "has no Sec-WebSocket-Accept"),
            ("no upgrade", switching + good.replace(b"Upgrade: websocket\r\n", b""),
             "has no Upgrade: websocket"),
            ("upgrade elsewhere", switching + good.replace(b"websocket", b"h2c", 1),
             "something other than websocket"),
            ("no connection header", switching + good.replace(b"Connection: Upgrade\r\n", b""),
             "has no Connection: Upgrade")):
        for carrier in "ws", "lws":
            yield "%s: %s" % (carrier, name), carrier + "+bytes", ws_head(head + b"\r\n"), \
                "failed", pattern
    for carrier in "ws", "lws":
        yield carrier + ": an error in text", carrier + "+bytes", \
            ws(frame(1, b'{"error": "no array"}')), "wrong", \
            r'comes in a binary one; it looks like an object in JSON: \{"error": "no array"\}'
        for name, payload, pattern in (
                ("a reason", b"\x03\xf3no array today", "with status 1011: no array today$"),
                ("no reason", b"\x03\xe8", "with status 1000$"), ("no status", b"", "connection$"),
                ("a reason in no UTF-8", b"\x03\xf0\xff\xfe", r"with status 1008: \?\?$")):
            yield "%s: closes with %s" % (carrier, name), carrier + "+bytes", \
                ws(frame(8, payload)), "failed", "the server closed the .*" + pattern
        for name, frames in (
                ("a ping first", frame(9, b"hi") + frame(2, ARRAY.tobytes())),
                ("a ping between fragments", frame(2, ARRAY.tobytes()[:20], 0) + frame(9, b"") +
                 frame(0, ARRAY.tobytes()[20:]))):
            yield "%s: %s" % (carrier, name), carrier + "+bytes", ws_loop(frames), "done", "^$"
        yield carrier + ": float32 in fragments", carrier + "+bytes", \
            ws(frame(2, bytes(12), 0) + frame(0, bytes(12))), "wrong", \
            "float32 would have that size"
    yield "ws: a status that may not be sent", "ws+bytes", ws(frame(8, b"\x03\xeex")), "failed", \
        "closed with a malformed status"
    yield "lws: a status that may not be sent", "lws+bytes", ws(frame(8, b"\x03\xeex")), "failed", \
        "libwebsockets says 1002 for any status that may not be sent, too"
    yield "ws: compressed", "ws+bytes", ws(frame(2, ARRAY.tobytes(), 0xc0)), \
        "failed", "a compressed message, and no extension was agreed on"
    yield "lws: compressed", "lws+bytes", ws(frame(2, ARRAY.tobytes(), 0xc0)), \
        "failed", "libwebsockets did not take what the server sent"
