#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a hostile neighbour, another user of this machine, can do to a run.

neighbours.py IPCTOP SCRATCH (as root): runs every carrier while the neighbour
(this program again, as user 65534) is told of every port and every name, as if
it had guessed them all. It connects, tries what it must not be able to do, and
tells what it could.
"""
import csv
import errno
import fcntl
import glob
import itertools
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import termios
import time

NOBODY = 65534
RUN_S = 120
HELD_A_PORT = 150  # connections, more than a server keeps without a ticket
LOOK_S = 0.002  # between two looks

# What it says on a connection, and then goes on to hold it.
GREETINGS = (
    b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost:",
    b"GET /0123456789abcdef0123456789abcde/0 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n",
    b"\x21\0\0\0" + b"0123456789abcdef0123456789abcde/0", b"\x21\0\0\0", b"\xff" * 500,
    b"GET /random_tobytes HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /ws/random_tobytes HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    b"\x81\x80\0\0\0\0", b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\0\0\0\x0e\x80\x04\x95\x03\0\0\0\0\0\0\0\x8c\0.",  # a pickled ""
    b"\0\0\0\x0b#CHALLENGE#", b"\0\0\0\x14" + b"x" * 20, b"\x1b[2J\x1b]0;owned\x07\r\n\r\n",
)
PRIZES = (b"200 OK", b"#WELCOME#", b"101 Switching")

TRANSPORTS = ("http+bytes", "http+shm", "ws+bytes", "lws+bytes", "mp+pickle", "unix+bytes",
              "unix+shm", "tcp+bytes", "tcp+json", "py-http+base64", "py-ws+bytes", "py-mp+pickle")


# The neighbour.

def served(port):
    """Whether root's server is there still."""
    rows = (line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:])
    return any(row[1] == f"0100007F:{port:04X}" and row[3] == "0A" and row[7] == "0"
               for row in rows)


class Neighbour:
    def __init__(self):
        self.held = {}  # port: connections
        self.tried = {}  # what: how often
        self.could = set()  # what it must not be able to do, and was

    def attempt(self, what, action):
        self.tried[what] = self.tried.get(what, 0) + 1
        try:
            action()
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EADDRINUSE, errno.ENOENT,
                                   errno.ESRCH):
                self.could.add(f"{what}: {error}")
        else:
            self.could.add(what)

    def take_port(self, port):
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "0.0.0.0"),
                             (socket.AF_INET6, "::")):
            def bind():
                with socket.socket(family, socket.SOCK_STREAM) as taken:
                    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                    taken.bind((host, port))
                    taken.listen()
                    if not served(port):  # the pair is over: anybody may have it
                        raise OSError(errno.EADDRINUSE, "too late")
            self.attempt(f"bind a server's port on {host}", bind)

    def connect(self, port):
        for number in range(HELD_A_PORT):
            try:
                wire = socket.create_connection(("127.0.0.1", port), 5)
                self.tried["connect"] = self.tried.get("connect", 0) + 1
                yield wire
                wire.sendall(GREETINGS[number % len(GREETINGS)])
            except OSError:
                continue  # the pair is over, or it was hung up on

    def listen_in(self):
        """Whether any of the answers is more than a refusal."""
        for wire in itertools.chain.from_iterable(self.held.values()):
            try:
                wire.setblocking(False)
                said = wire.recv(65536, socket.MSG_PEEK)
            except OSError:
                continue
            self.could.update(f"be answered {prize.decode()}" for prize in PRIZES if prize in said)
            if len(said) > 2000:
                self.could.add("be sent an array")

    def knock(self, port):
        for wire in itertools.chain.from_iterable(self.held.values()):
            wire.close()  # of the last server's
        self.take_port(port)
        self.held = {port: list(self.connect(port))}

    def try_all(self, words):
        for path in words:
            if path.startswith("port:"):
                self.knock(int(path[5:]))
            elif path.endswith(".sock"):
                self.attempt("connect to a socket file",
                             lambda: socket.socket(socket.AF_UNIX).connect(path))
            elif path.startswith("/tmp"):
                self.attempt("list a directory", lambda: os.listdir(path))
            elif path.startswith("/dev/shm"):
                self.attempt("read a segment", lambda: open(path, "rb"))
                self.attempt("write a segment", lambda: open(path, "r+b"))
                self.attempt("remove a segment", lambda: os.unlink(path))
            elif path.startswith("/proc"):
                self.attempt("read a worker's memory", lambda: open(path + "/mem", "rb"))
                self.attempt("see a worker's descriptors", lambda: os.listdir(path + "/fd"))

    def run(self):
        end = time.monotonic() + RUN_S
        print("ready", flush=True)
        for line in sys.stdin:
            self.try_all(line.split())
            self.listen_in()
            print("done", flush=True)
            if time.monotonic() > end:
                break
        print(json.dumps({"tried": self.tried, "could": sorted(self.could)}), flush=True)


# The run that it neighbours.

FAILED = 0


def judge(name, why):
    global FAILED
    FAILED += bool(why)
    print(f"not ok {name}: {why}" if why else f"ok {name}", flush=True)


def guesses(scratch, neighbour):
    """Names like those of a dead run, made by the neighbour, that lead to a file of root's."""
    target = pathlib.Path(scratch, "target")
    target.write_text("root's\n")
    realm = "".join(f"{os.stat('/proc/self/ns/' + space).st_ino:08x}" for space in ("pid", "time"))
    names = [f"ipctop-{os.getpid()}-1-{realm}-{number:016x}" for number in range(50)]
    links = [f"{folder}/{name}" for folder in ("/tmp", "/dev/shm") for name in names]
    os.seteuid(neighbour)  # never root's, not for a moment: another ipctop of root's may sweep
    for link in links:
        os.symlink(target, link)
    os.seteuid(0)
    return target, links


def listening(worker):
    """Where the process listens: "port:N" on loopback, else the address."""
    mine = set()
    for link in glob.glob(f"{worker}/fd/*"):
        try:
            mine.update(re.findall(r"^socket:\[(\d+)\]$", os.readlink(link)))
        except OSError:
            pass
    for name in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in pathlib.Path(name).read_text().splitlines()[1:]:
            row = line.split()
            host, _, port = row[1].partition(":")
            if row[3] == "0A" and row[9] in mine:
                yield f"port:{int(port, 16)}" if host == "0100007F" else f"open:{row[1]}"


def family(pid):
    """Those that the process has started, those that they have, and so on."""
    for path in glob.glob(f"/proc/{pid}/task/*/children"):
        try:
            children = pathlib.Path(path).read_text().split()
        except OSError:
            continue  # it has ended
        for child in children:
            yield child
            yield from family(child)


def places(pid):
    """Names and ports of the run that are there now, and its workers."""
    names = [f"/dev/shm/ipctop-{pid}-*", f"/tmp/ipctop-{pid}-*", f"/tmp/ipctop-{pid}-*/*"]
    workers = [f"/proc/{child}" for child in family(pid)]
    ports = [port for worker in workers for port in listening(worker)]
    return [name for pattern in names for name in glob.glob(pattern)] + workers + ports


def clients(pid):
    """The run's client workers."""
    for name in places(pid):
        try:
            if b"client" in pathlib.Path(name, "cmdline").read_bytes():
                yield int(name[6:])
        except OSError:
            pass  # no process, or one that has ended


def send(pids, sign):
    for pid in pids:
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            pass


def tell(pid, neighbour, names):
    """Waits until the neighbour has tried; a server's client is held up for so long."""
    held = list(clients(pid)) if any(name.startswith("port:") for name in names) else []
    send(held, signal.SIGSTOP)
    neighbour.stdin.write(" ".join(names) + "\n")
    neighbour.stdin.flush()
    neighbour.stdout.readline()
    send(held, signal.SIGCONT)


def watch(run, neighbour):
    """Tells the neighbour of every name, and looks at its mode. Returns modes that are wrong."""
    told, wrong = set(), set()
    while run.poll() is None:
        new = set(places(run.pid)) - told
        told |= new
        for name in new:
            if name.startswith("open:"):
                wrong.add(f"a server listens on {name[5:]}")
            if not name.startswith(("/tmp", "/dev/shm")):
                continue
            try:
                mode = os.stat(name).st_mode & 0o7777
            except OSError:
                continue
            if mode & 0o077:
                wrong.add(f"{name} has mode {mode:o}")
        if new:
            tell(run.pid, neighbour, new)
        time.sleep(LOOK_S)
    return told, wrong


def main(ipctop, scratch):
    path = f"{scratch}/a.csv"
    os.chmod(scratch, 0o755)
    program = pathlib.Path(scratch, "neighbour.py")
    program.write_bytes(pathlib.Path(__file__).read_bytes())
    neighbour = subprocess.Popen(
        ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
         "/usr/bin/python3", str(program), "--neighbour"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    neighbour.stdout.readline()
    target, links = guesses(scratch, NOBODY)
    with open(f"{scratch}/out", "w+") as out:
        run = subprocess.Popen([ipctop, "run", "-t", ",".join(TRANSPORTS), "-s", "1x3x224x224",
                                "-n", "1000000", "--blocks", "1", "-b", "1", "--timeout", "20",
                                "--csv", path], stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        told, wrong = watch(run, neighbour)
    report = json.loads(neighbour.communicate(timeout=30)[0].splitlines()[-1])
    with open(path, newline="") as file:
        bad = [f"{row['transport']} {row['state']}: {row['reason']}"
               for row in csv.DictReader(file) if row["state"] != "done"]
    judge("the run goes well beside it", "; ".join(bad) or run.returncode and "exit status")
    judge("every name is the user's alone", "; ".join(sorted(wrong)))
    judge("it can do nothing", "; ".join(report["could"]))
    judge("it has tried", untried(report, told))
    stay = all(os.path.islink(link) for link in links) and target.read_text() == "root's\n"
    for link in links:
        os.unlink(link)
    judge("guessed names do no harm", "" if stay else "a link or what it leads to has changed")
    judge("its link is not written through", links_elsewhere(ipctop, scratch))
    judge("a file that it cannot replace, it is told of first", not_replaced(ipctop, scratch))
    judge("another user's terminal that does not read holds up no signal", deaf_terminal(scratch))
    return 1 if FAILED else 0


def links_elsewhere(ipctop, scratch):
    """Where everybody may make names, the neighbour's link says which file root's results replace."""
    shared, target = pathlib.Path(scratch, "shared"), pathlib.Path(scratch, "precious")
    shared.mkdir()
    shared.chmod(0o1777)
    target.write_text("root's\n")
    for number, name in enumerate(("a.csv", "a.json")):
        link = shared / name
        link.symlink_to(target)
        os.chown(link, NOBODY, NOBODY, follow_symlinks=False)
        option = ("--csv", "--json")[number]
        ended = subprocess.run([ipctop, "run", "-t", "unix+bytes", "-s", "3", "-n", "1", "--blocks",
                                "1", option, str(link)], capture_output=True, text=True)
        if target.read_text() != "root's\n" or not link.is_symlink():
            return f"{option} has followed it"
        if ended.returncode != 2 or "a link of another user's" not in ended.stderr:
            return f"exit {ended.returncode}: {ended.stderr}"
    return ""


def not_replaced(ipctop, scratch):
    """There the neighbour may write root's file, but not put its results in the file's place."""
    path = pathlib.Path(scratch, "shared", "root.csv")
    path.write_text("root's\n")
    path.chmod(0o666)
    program = pathlib.Path(scratch, "neighbours_ipctop")
    program.write_bytes(pathlib.Path(ipctop).read_bytes())
    program.chmod(0o755)
    ended = subprocess.run(["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
                            str(program), "run", "-t", "unix+bytes", "-s", "3", "-n", "1",
                            "--blocks", "1", "--csv", str(path)],
                           cwd="/", capture_output=True, text=True)
    if path.read_text() != "root's\n":
        return "it was written"
    if ended.returncode != 2 or "another user's, in a sticky directory" not in ended.stderr:
        return f"exit {ended.returncode}: {ended.stderr}"
    return ""


def deaf_terminal(scratch):
    """As after su(1): a terminal of root's that controls the neighbour's run stops reading."""
    master, slave = os.openpty()
    run = subprocess.Popen(
        ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
         f"{scratch}/neighbours_ipctop", "run", "-t", "unix+bytes", "-s", "3", "-n", "100000000",
         "--blocks", "1", "-b", "100"],
        cwd="/", stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    said = b""
    while b"running" not in said:
        said += os.read(master, 4096)
    termios.tcflow(slave, termios.TCOOFF)
    run.terminate()
    try:
        status = run.wait(30)
    except subprocess.TimeoutExpired:
        run.kill()
        status = run.wait()
    os.close(master)
    os.close(slave)
    return "" if status == 128 + signal.SIGTERM else f"exit {status}"


def untried(report, told):
    wanted = {"connect", "bind a server's port on 127.0.0.1", "bind a server's port on 0.0.0.0",
              "bind a server's port on ::", "connect to a socket file", "list a directory",
              "read a segment", "write a segment", "remove a segment", "read a worker's memory",
              "see a worker's descriptors"}
    missing = wanted - set(report["tried"])
    ports = sum(name.startswith("port:") for name in told)
    tcp = sum(not name.startswith("unix") for name in TRANSPORTS)
    if missing:
        return f"never: {', '.join(sorted(missing))}; told of {len(told)} names"
    if ports < tcp or report["tried"]["connect"] < tcp * HELD_A_PORT / 4:
        return f"{ports} ports, {report['tried']['connect']} connections"
    return ""


if sys.argv[1] == "--neighbour":
    Neighbour().run()
else:
    sys.exit(main(*sys.argv[1:3]))
