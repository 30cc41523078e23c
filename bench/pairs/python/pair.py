# SPDX-License-Identifier: MIT
"""What the six pairs share: ipctop's lines, the server's arrays, shared memory.

ipctop-pair(7) says what passes over stdin and stdout, and ipctop(1) what is
timed. perf_counter_ns is CLOCK_MONOTONIC, as ipctop's own clock.
"""
import ctypes
import math
import os
import secrets
import sys
import threading
import types
import zlib
from multiprocessing import resource_tracker, shared_memory
from time import perf_counter_ns as now

import numpy as np


class Kind:
    """What an array of one way is known by: shape and dtype."""

    def __init__(self, shape, dtype):
        self.shape = tuple(int(extent) for extent in shape.split("x"))
        self.dtype = np.dtype(dtype)
        self.bytes = self.dtype.itemsize * math.prod(self.shape)

    def has(self, array):
        return array.shape == self.shape and array.dtype == self.dtype


def say(*words):
    """A line in one piece, whichever threads speak."""
    os.write(1, (" ".join(words) + "\n").encode())


def read_options():
    """What ipctop wants of this end, up to `begin`."""
    if sys.stdin.readline() != "ipctop-pair 2\n":
        sys.exit("this is played by ipctop run: it speaks ipctop-pair(7), version 2")
    options = {}
    for line in sys.stdin:
        if line == "begin\n":
            break
        name, _, value = line.rstrip("\n").partition(" ")
        options[name] = value
    measured = Kind(options["shape"], options["dtype"])
    options["reply"] = None if options["direction"] == "push" else measured
    options["request"] = None
    if options["direction"] != "pull":
        options["request"] = Kind(options["request_shape"], options["request_dtype"])
    options["fresh_source"] = options["source"] == "fresh"
    options["fresh_memory"] = options["memory"] == "fresh"
    options["encoding"] = options["transport"].partition("+")[2]
    if options["pages"] != "small":
        say("error Python's memory has small pages")
        sys.exit(1)
    return types.SimpleNamespace(**options)


def set_up_heap(fresh):
    """Memory fresh: whatever is large is mapped anew and unmapped after; reused: the heap keeps it.

    What Python does with small objects (the numbers of a list) it does in both.
    """
    trim_threshold, mmap_threshold, mmap_max = -1, -3, -4  # glibc's names for them in malloc.h
    libc = ctypes.CDLL(None)
    if fresh:
        libc.mallopt(mmap_threshold, 128 << 10)
    else:
        libc.mallopt(mmap_max, 0)
        libc.mallopt(trim_threshold, 2**31 - 1)


def draw(random, array):
    """Fills the array: normals rounded to its dtype, integers of their whole range, fair bools."""
    dtype = array.dtype
    if dtype in (np.float64, np.float32):
        random.standard_normal(out=array, dtype=dtype)
    elif dtype.kind == "f":
        array[...] = random.standard_normal(array.shape, np.float32)
    elif dtype.kind == "b":
        array[...] = random.integers(0, 2, array.shape, bool)
    else:
        limits = np.iinfo(dtype)
        array[...] = random.integers(limits.min, limits.max, array.shape, dtype, endpoint=True)


def change(random, array):
    """At least one element in every 4096 bytes becomes another."""
    changing = array.reshape(-1)[::4096 // array.itemsize]
    drawn = np.empty_like(changing)
    draw(random, drawn)
    same = drawn == changing
    drawn[same] = -drawn[same] if drawn.dtype.kind == "f" else ~drawn[same]
    changing[:] = drawn


class Source:
    """What an end has to send: its array, exchange by exchange, and its segments."""

    def __init__(self, options, kind, client, segment):
        self.options = options
        self.kind = kind
        self.random = np.random.default_rng([int(options.seed), client, kind is options.request])
        self.segments = segment and SegmentWriter(options, kind, segment)
        self.array = np.empty(kind.shape, kind.dtype)
        draw(self.random, self.array)
        self.checksum = zlib.crc32(self.array)
        self.began_ns = self.made_ns = self.encoded_ns = 0

    def make(self):
        """It is wanted now."""
        self.began_ns = now()
        if self.options.fresh_source:
            if self.options.fresh_memory:
                self.array = np.empty(self.kind.shape, self.kind.dtype)
            draw(self.random, self.array)
        self.made_ns = now()
        return self.array

    def copy_to_segment(self):
        """Makes the array and copies it. Returns the message, which is the segment's name."""
        return self.segments.write(self.make())

    def encoded(self, message):
        """The array has become a message, which goes out now."""
        self.encoded_ns = now()
        return message

    def settle(self, prefix=""):
        """After the exchange, outside the clock. Returns what to tell ipctop of the array."""
        sent = zlib.crc32(self.array) if self.options.fresh_source else self.checksum
        if not self.options.fresh_source:
            change(self.random, self.array)
            self.checksum = zlib.crc32(self.array)
        elif self.options.fresh_memory:
            self.array = None
        return (f"{prefix}make={self.made_ns - self.began_ns}"
                f" {prefix}encode={self.encoded_ns - self.made_ns} {prefix}checksum={sent:x}")


class Seat:
    """What the server has for one client: what it sends, and what it has been sent."""

    def __init__(self, options, client):
        shm = options.encoding == "shm"
        self.client = client
        self.exchange = 0
        self.source = self.reader = self.array = None
        if options.reply:
            self.source = Source(options, options.reply, client,
                                 shm and kept_name(options, client))
        if options.request and shm:
            self.reader = SegmentReader(options, options.request)
            if not options.fresh_memory:
                self.reader.create(kept_name(options, client, "-request"))
        self.kind = options.request
        self.decode_ns = 0

    def take(self, decode, message):
        """A request has arrived, with an array in it."""
        arrived_ns = now()
        self.array = decode(message, self.kind)
        self.decode_ns = now() - arrived_ns

    def take_segment(self, name):
        self.take(lambda name, _: self.reader.open(name), name)

    def settle_request(self):
        began_ns = now()
        self.array.sum()
        read_ns = now() - began_ns
        if not self.kind.has(self.array):
            say(f"error a request's array of {self.array.shape} {self.array.dtype} came")
        checksum = zlib.crc32(self.array)
        self.array = None
        release_ns = now()
        if self.reader:
            self.reader.close()
        return (f"request_decode={self.decode_ns} request_read={read_ns}"
                f" request_release={now() - release_ns} request_checksum={checksum:x}")

    def settle(self):
        """After the reply, outside the clock; ipctop asks again once it has read this line."""
        told = [self.settle_request()] if self.kind else []
        if self.source:
            told.append(self.source.settle())
        self.exchange += 1
        # Last of all: the next request may be here before this returns.
        say(f"exchange {self.exchange - 1} client={self.client}", *told)

    def close(self):
        if self.source and self.source.segments:
            self.source.segments.close()
        if self.reader:
            self.reader.remove()


def forget(segment):
    """The other end removes the object: Python's own list of what to remove must not have it."""
    resource_tracker.unregister(segment._name, "shared_memory")


def kept_name(options, client, way=""):
    """Of the segment that is set up once: both ends know it, and open it before the clock."""
    return f"{options.prefix}-kept{way}-{client}"


def view(segment, kind):
    return np.ndarray(kind.shape, kind.dtype, segment.buf)


def create_segment(name, kind):
    return shared_memory.SharedMemory(name, create=True, size=max(1, kind.bytes))


class SegmentWriter:
    """The giver's end of shared memory: a segment for each exchange, or one for all.

    The server makes those that are kept, for either way, and removes them; of the others the
    client removes each, be it the giver or the taker.
    """

    def __init__(self, options, kind, name):
        self.options = options
        self.kind = kind
        self.server = options.role == "server"
        self.kept = self.segment = None
        if options.fresh_memory:
            return
        self.kept = create_segment(name, kind) if self.server else shared_memory.SharedMemory(name)
        view(self.kept, kind).fill(0)
        if not self.server:
            forget(self.kept)

    def write(self, array):
        """Copies the array. Returns the segment's name, which is the message."""
        segment = self.kept or create_segment(f"{self.options.prefix}-{secrets.token_hex(8)}",
                                              self.kind)
        np.copyto(view(segment, self.kind), array)
        if segment is not self.kept and self.server:
            forget(segment)
            segment.close()
        elif segment is not self.kept:
            self.segment = segment
        return segment.name

    def release(self):
        """A client's: the server has it open, or has had."""
        if self.segment:
            self.segment.close()
            self.segment.unlink()
            self.segment = None

    def close(self):
        if self.kept:
            self.kept.close()
            self.kept.unlink()


class SegmentReader:
    """The taker's end. The array lies in the segment, and is read there."""

    def __init__(self, options, kind):
        self.options = options
        self.kind = kind
        self.segment = None

    def create(self, name):
        """The server's, before the client opens it to write."""
        self.segment = create_segment(name, self.kind)
        view(self.segment, self.kind).fill(0)

    def open_kept(self, name):
        if not self.options.fresh_memory:
            self.open(name).sum()
            forget(self.segment)

    def open(self, name):
        self.segment = self.segment or shared_memory.SharedMemory(name)
        return view(self.segment, self.kind)

    def close(self):
        """The server's: the client removes what it has made."""
        if self.options.fresh_memory:
            forget(self.segment)
            self.segment.close()
            self.segment = None

    def release(self):
        """The client's."""
        if self.options.fresh_memory:
            self.segment.close()
            self.segment.unlink()
            self.segment = None

    def remove(self):
        if self.segment:
            self.segment.close()
            self.segment.unlink()


def start(target, *arguments):
    """In a thread that does not outlive the main one, which listens to ipctop."""
    threading.Thread(target=target, args=arguments, daemon=True).start()


# In a server's address, and so known to its clients only: whoever else connects is not answered.
TOKEN = secrets.token_hex(16)


def serve_until_stop(address):
    """What a server's main thread does while another serves."""
    say("ready", address)
    for line in sys.stdin:
        if line == "stop\n":
            break


class Asker:
    """What a client has for its exchanges: the request's array, and the reply's segments."""

    def __init__(self, options):
        shm = options.encoding == "shm"
        self.options = options
        self.source = self.reader = None
        if options.reply and shm:
            self.reader = SegmentReader(options, options.reply)
            self.reader.open_kept(kept_name(options, options.client))
        if options.request:
            self.source = Source(options, options.request, int(options.client),
                                 shm and kept_name(options, options.client, "-request"))

    def message(self, encode):
        """The request: an array that becomes a message, or None."""
        return self.source and self.source.encoded(encode(self.source.make()))

    def exchange(self, send, encode, decode):
        """One exchange. Returns the array, and when decoding it began."""
        if self.source and self.source.segments:
            encode = self.source.segments.write
        reply, arrived_ns = send(self.message(encode))
        if not self.options.reply:
            return None if reply else np.empty(0), arrived_ns
        return (self.reader.open(reply) if self.reader else
                decode(reply, self.options.reply)), arrived_ns

    def release(self):
        if self.reader:
            self.reader.release()
        if self.source and self.source.segments:
            self.source.segments.release()

    def measure(self, send, encode=None, decode=None):
        """The client's loop. send(message) asks; it returns the reply and when it was there."""
        for line in sys.stdin:
            if line != "next\n":
                break
            began_ns = now()
            array, arrived_ns = self.exchange(send, encode, decode)
            ended_ns = now()
            told = [f"sample {ended_ns - began_ns}"]
            if self.options.reply:
                array.sum()
                told.append(f"decode={ended_ns - arrived_ns} read={now() - ended_ns}")
                if not self.options.reply.has(array):
                    say(f"error an array of {array.shape} {array.dtype} came")
                    break
                told.append(f"checksum={zlib.crc32(array):x}")
            elif array is None:
                say("error the reply is no acknowledgement")
                break
            array = None
            release_ns = now()
            self.release()
            told.append(f"release={now() - release_ns}")
            if self.source:
                told.append(self.source.settle("request_"))
            say(*told)


def main(serve, ask):
    """Plays the role that ipctop asks for."""
    options = read_options()
    set_up_heap(options.fresh_memory)
    if options.role == "client":
        ask(options)
        return
    seats = [Seat(options, client) for client in range(int(options.clients))]
    serve(options, seats)
    for seat in seats:
        seat.close()
