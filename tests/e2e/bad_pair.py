# SPDX-License-Identifier: MIT
"""Programs that play a pair badly, each in its way: bad_pair.py WAY. `good` does nothing wrong."""
import os
import signal
import socket
import subprocess
import sys

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m"


def say(text):
    print(text, flush=True)


def options():
    return dict(line.rstrip("\n").partition(" ")[::2] for line in iter(sys.stdin.readline, "begin\n"))


def asked():
    return sys.stdin.readline() == "next\n"


def answer(line):
    """A client that has one answer."""
    say("ready")
    while asked():
        say(line)


def forever():
    while True:
        signal.pause()


def die(status):
    sys.stderr.write(f"first line\n{ESCAPES}the reason\n")
    sys.exit(status)


def flood():
    say("ready")
    while True:
        os.write(1, b"sample 1000\n" * 300)


def long_line():
    say("ready")
    asked()
    for _ in range(1 << 20):
        os.write(1, b"x" * 1024)


def garbage():
    say("ready")
    asked()
    while True:
        os.write(1, os.urandom(4096))


def ignores_stop():
    answer("sample 1000")
    forever()


def loud():
    for _ in range(2000):
        sys.stderr.write(ESCAPES + "noise " * 1000 + "\n")
    answer("sample 1000")


def spawns():
    subprocess.Popen(["sleep", "1000"])
    say("ready")
    asked()
    sys.exit(7)


def late_lines():
    say("ready")
    asked()
    say("sample 1000\nsample 1000")
    forever()


def killed():
    say("ready")
    asked()
    os.kill(os.getpid(), signal.SIGKILL)


def wrong_checksum():
    """A client of unix_server.py that says another checksum than what came has."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(OPTIONS["address"])
    say("ready")
    while asked():
        connection.send(b"?")
        connection.recv(1)
        connection.recv(48, socket.MSG_WAITALL)  # of shape 2x3
        say("sample 1000 checksum=1234567")


def serve(lines):
    say("ready nowhere")
    for line in lines:
        say(line)
    sys.stdin.read()


WAYS = {
    "good": lambda: answer("sample 1000"),
    "flood": flood,
    "long-line": long_line,
    "garbage": garbage,
    "negative": lambda: answer("sample -5"),
    "zero": lambda: answer("sample 0"),
    "absurd": lambda: answer("sample 99999999999999999999999"),
    "too-long": lambda: answer("sample 70000000000000"),
    "too-long-read": lambda: answer("sample 1000 read=70000000000000"),
    "bad-field": lambda: answer("sample 1000 read=1e9"),
    "unknown": lambda: answer(ESCAPES + "hello"),
    "error": lambda: say("error " + ESCAPES + "no luck today"),
    "not-ready": lambda: say("sample 1000"),
    "ready-twice": lambda: answer("ready"),
    "dies": lambda: die(3),
    "killed": killed,
    "never-ready": forever,
    "never-answers": lambda: (say("ready"), forever()),
    "ignores-stop": ignores_stop,
    "loud": loud,
    "spawns": spawns,
    "late-lines": late_lines,
    "closes-stdout": lambda: (os.close(1), forever()),
    "closes-stdin": lambda: (say("ready"), os.close(0), forever()),
    "blank-end": lambda: (sys.stderr.write("the reason\n  +------\n \t\n\n"), sys.exit(4)),
    "wrong-checksum": wrong_checksum,
    "checksum": lambda: answer("sample 1000 checksum=1"),
    "server": lambda: serve([]),
    "server-no-address": lambda: say("ready"),
    "server-flood": lambda: serve(f"exchange {i} checksum=1" for i in range(10**9)),
    "server-samples": lambda: serve(["sample 1000"]),
    "server-stranger": lambda: serve(["exchange 0 client=9 checksum=1"]),
    "server-skips": lambda: serve(["exchange 7 checksum=1"]),
}

OPTIONS = options()
WAYS[sys.argv[1]]()
