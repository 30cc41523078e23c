# SPDX-License-Identifier: MIT
"""What the six pairs share: ipctop's lines, the server's arrays, shared memory.

ipctop-pair(7) says what passes over stdin and stdout, and ipctop(1) what is
timed. perf_counter_ns is CLOCK_MONOTONIC, as ipctop's own clock.
"""
import ctypes
import os
import secrets
import sys
import threading
import types
import zlib
from multiprocessing import resource_tracker, shared_memory
from time import perf_counter_ns as now

import numpy as np

ELEMENTS_A_PAGE = 4096 // 8


def say(*words):
    """A line in one piece, whichever threads speak."""
    os.write(1, (" ".join(words) + "\n").encode())


def read_options():
    """What ipctop wants of this end, up to `begin`."""
    if sys.stdin.readline() != "ipctop-pair 1\n":
        sys.exit("this is played by ipctop run: it speaks ipctop-pair(7), version 1")
    options = {}
    for line in sys.stdin:
        if line == "begin\n":
            break
        name, _, value = line.rstrip("\n").partition(" ")
        options[name] = value
    options["shape"] = tuple(int(extent) for extent in options["shape"].split("x"))
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


class Source:
    """What the server has for one client: its array, exchange by exchange, and its segments."""

    def __init__(self, options, client):
        self.options = options
        self.client = client
        self.random = np.random.default_rng([int(options.seed), client])
        self.segments = SegmentWriter(options, client) if options.encoding == "shm" else None
        self.exchange = 0
        self.array = self.random.standard_normal(options.shape)
        self.checksum = zlib.crc32(self.array)
        self.began_ns = self.made_ns = self.encoded_ns = 0

    def make(self):
        """A request has arrived: its array."""
        self.began_ns = now()
        if self.options.fresh_source and self.options.fresh_memory:
            self.array = self.random.standard_normal(self.options.shape)
        elif self.options.fresh_source:
            self.random.standard_normal(out=self.array)
        self.made_ns = now()
        return self.array

    def copy_to_segment(self):
        """Makes the array and copies it. Returns the message, which is the segment's name."""
        return self.segments.write(self.make())

    def encoded(self, message):
        """The array has become a message, which goes out now."""
        self.encoded_ns = now()
        return message

    def settle(self):
        """After the reply, outside the clock; ipctop asks again once it has read this line."""
        sent = zlib.crc32(self.array) if self.options.fresh_source else self.checksum
        if not self.options.fresh_source:
            changing = self.array.reshape(-1)[::ELEMENTS_A_PAGE]
            changing[:] = self.random.standard_normal(changing.size)
            self.checksum = zlib.crc32(self.array)
        elif self.options.fresh_memory:
            self.array = None
        self.exchange += 1
        # Last of all: the next request may be here before this returns.
        say(f"exchange {self.exchange - 1} client={self.client}",
            f"make={self.made_ns - self.began_ns} encode={self.encoded_ns - self.made_ns} checksum={sent:x}")


def forget(segment):
    """The other end removes the object: Python's own list of what to remove must not have it."""
    resource_tracker.unregister(segment._name, "shared_memory")


def kept_name(options, client):
    """Of the segment that is set up once: both ends know it, and open it before the clock."""
    return f"{options.prefix}-kept-{client}"


def view(segment, shape):
    return np.ndarray(shape, np.float64, segment.buf)


class SegmentWriter:
    """The server's end of shared memory: a segment for each exchange, or one for all."""

    def __init__(self, options, client):
        self.options = options
        self.kept = None
        if not options.fresh_memory:
            self.kept = self.create(kept_name(options, client))
            view(self.kept, options.shape).fill(0)

    def create(self, name):
        size = max(1, 8 * int(np.prod(self.options.shape)))
        return shared_memory.SharedMemory(name, create=True, size=size)

    def write(self, array):
        """Copies the array. Returns the segment's name, which is the message."""
        segment = self.kept or self.create(f"{self.options.prefix}-{secrets.token_hex(8)}")
        np.copyto(view(segment, array.shape), array)
        if segment is not self.kept:
            forget(segment)
            segment.close()
        return segment.name

    def close(self):
        if self.kept:
            self.kept.close()
            self.kept.unlink()


class SegmentReader:
    """The client's end. The array lies in the segment, and is read there."""

    def __init__(self, options):
        self.options = options
        self.segment = None
        if not options.fresh_memory:
            self.open(kept_name(options, options.client)).sum()
            forget(self.segment)

    def open(self, name):
        self.segment = self.segment or shared_memory.SharedMemory(name)
        return view(self.segment, self.options.shape)

    def release(self):
        if self.options.fresh_memory:
            self.segment.close()
            self.segment.unlink()
            self.segment = None


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


def measure(options, exchange, release=lambda: None):
    """The client's loop. exchange() asks, and returns the array and when decoding it began."""
    for line in sys.stdin:
        if line != "next\n":
            break
        began_ns = now()
        array, arrived_ns = exchange()
        ended_ns = now()
        array.sum()
        read_ns = now() - ended_ns
        if array.shape != options.shape or array.dtype != np.float64:
            say(f"error an array of {array.shape} {array.dtype} came")
            break
        checksum = zlib.crc32(array)
        array = None
        release_ns = now()
        release()
        release_ns = now() - release_ns
        say(f"sample {ended_ns - began_ns} decode={ended_ns - arrived_ns} read={read_ns}",
            f"release={release_ns} checksum={checksum:x}")


def main(serve, ask):
    """Plays the role that ipctop asks for."""
    options = read_options()
    set_up_heap(options.fresh_memory)
    if options.role == "client":
        ask(options)
        return
    sources = [Source(options, client) for client in range(int(options.clients))]
    serve(sources)
    for source in sources:
        if source.segments:
            source.segments.close()
