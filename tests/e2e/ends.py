# SPDX-License-Identifier: MIT
"""Programs that end a pair each in its way: ends.py server|client WAY. They speak over TCP."""
import os
import signal
import socket
import sys
import threading

ROLE, WAY = sys.argv[1], sys.argv[2]
OPTIONS = dict(line.rstrip("\n").partition(" ")[::2] for line in iter(sys.stdin.readline, "begin\n"))
ENDING = threading.Lock()


def say(text):
    print(text, flush=True)


def end():
    """What the way has for this role, once something goes wrong."""
    if WAY == "raises":
        raise RuntimeError(f"the {ROLE}'s own trouble")
    if WAY == "eof":  # words that sound as if the other end had gone
        raise EOFError("Ran out of input")
    if WAY == "leaves":
        sys.exit(0)
    if WAY == "killed":
        os.kill(os.getpid(), signal.SIGSEGV)
        threading.Event().wait()
    if WAY == "rubbish":
        say("<html>rubbish</html>")
        sys.exit(0)
    if WAY == "error":
        say(f"error the {ROLE} gives up")
        sys.exit(0)


def end_all():
    """The same in a thread, which ends the program. Of several, only the first has a say."""
    ENDING.acquire()
    try:
        end()
    except Exception as trouble:
        sys.excepthook(type(trouble), trouble, trouble.__traceback__)
        os._exit(1)
    except SystemExit:
        os._exit(0)


def answer(connection):
    served = 0
    while connection.recv(1):
        served += 1
        if served == 3:
            end_all()
        connection.sendall(b"x")


def serve():
    listener = socket.create_server(("127.0.0.1", 0))
    if WAY == "set-up":
        raise RuntimeError("the server's own trouble")
    say(f"ready {listener.getsockname()[1]}")
    threads = []
    for _ in range(int(OPTIONS["clients"])):
        threads.append(threading.Thread(target=answer, args=listener.accept()[:1]))
        threads[-1].start()
    for thread in threads:
        thread.join()
    if WAY == "goes-on":
        sys.stdin.read()


def ask():
    if WAY == "set-up":
        raise RuntimeError("the client's own trouble")
    connection = socket.create_connection(("127.0.0.1", int(OPTIONS["address"])))
    say("ready")
    asked = 0
    while sys.stdin.readline() == "next\n":
        asked += 1
        if asked == 3 and OPTIONS["client"] == "0":
            end()
        connection.send(b"?")
        if not connection.recv(1):
            raise RuntimeError("a short reply") if WAY == "short" else EOFError("no reply")
        say("sample 1000")
        if asked == 2 and WAY == "after":
            raise RuntimeError("the client's own trouble")


(serve if ROLE == "server" else ask)()
