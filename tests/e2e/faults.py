#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What becomes of a run when one of its processes dies or stops, at every stage.

faults.py IPCTOP SCRATCH [all|NAME,...]: a line for each combination of transport,
stage, fault and role; by names, every combination of those transports. A stage is
found by looking, in /proc and in what the run has written; nothing sleeps in its place.
"""
import collections
import concurrent.futures
import contextlib
import csv
import glob
import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

IPCTOP, SCRATCH = sys.argv[1:3]
ALL = sys.argv[3:] not in ([], [""])
TIMEOUT_S = 2
TIMEOUT_FOREIGN_S = 10  # Python takes its time to start
GIVE_UP_S = 60  # on a stage that never comes, and on a run that never ends
GIVE_UP_LARGE_S = 180
LOOK_S = 0.0005  # between two looks at something
AT_ONCE = 3  # cases mostly wait

STAGES = ("starting", "warm-up", "reply", "stopping", "interrupted")
FAULTS = ("KILL", "STOP", "ABRT")
ROLES = ("server", "client")
LARGE = "reply of 1 GiB"  # the first: one at a time, and with FAULTS only

# What ends a runner: all that does nothing else by itself. By INT, TERM and HUP it ends in order
# (run_faults.sh), PIPE and XFSZ it ignores. Of the real-time ones, the first and the last.
SPARED = "INT TERM HUP PIPE XFSZ CHLD URG WINCH CONT STOP TSTP TTIN TTOU".split()
DEADLY = [number for number in (*range(1, 32), signal.SIGRTMIN, signal.SIGRTMAX)
          if number not in [getattr(signal, "SIG" + name) for name in SPARED]]
FEW_DEADLY = [signal.SIGKILL, signal.SIGSEGV, signal.SIGQUIT, signal.SIGALRM, signal.SIGXCPU,
              signal.SIGRTMAX]

# One of each carrier, and memory by name, which has no large reply: its stages are those of small ones.
FEW = ("unix+bytes", "tcp+json", "http+base64", "ws+bytes", "lws+json", "mp+pickle", "unix+shm")
THOROUGH = "tcp+json"  # gets every combination, the others a part that covers every pair of two

SLOW = re.compile(r"lws|json")  # several times slower than the rest: these get less to do
HUGE = re.compile(r"cjson|py-.*json")  # they have no room or no time for 1 GiB

Case = collections.namedtuple("Case", "transport stage fault role")


class Missed(Exception):
    """The stage was over before it could be seen."""


def until(condition, what):
    """Looks until the condition is true. Returns its value."""
    end = time.monotonic() + GIVE_UP_S
    while not (value := condition()):
        if time.monotonic() > end:
            raise Missed(what)
        time.sleep(LOOK_S)
    return value


def read(path):
    try:
        return pathlib.Path(path).read_text(errors="replace")
    except OSError:
        return ""


def is_foreign(transport):
    return transport.startswith("py-")


def timeout_of(case):
    return TIMEOUT_FOREIGN_S if is_foreign(case.transport) else TIMEOUT_S


def state_of(pid):
    return read(f"/proc/{pid}/stat").rpartition(") ")[2][:1]


def children(pid):
    text = "".join(read(path) for path in glob.glob(f"/proc/{pid}/task/*/children"))
    return [int(child) for child in text.split()]


def family(pid):
    """Those that the process has started, those that they have, and so on."""
    return [each for child in children(pid) for each in (child, *family(child))]


def crew(pid, pattern):
    """Paths in /proc of the process and its family: the ends of a foreign pair are there."""
    return [path for each in (pid, *family(pid)) for path in glob.glob(f"/proc/{each}/{pattern}")]


def switches(pid):
    """How often its threads have waited: it grows with every exchange."""
    text = "".join(read(path) for path in crew(pid, "task/*/status"))
    return sum(map(int, re.findall(r"^voluntary_ctxt_switches:\s*(\d+)", text, re.M)))


def sockets(pid):
    links = []
    for path in crew(pid, "fd/*"):
        try:
            links.append(os.readlink(path))
        except OSError:
            pass
    return {link[8:-1] for link in links if link.startswith("socket:[")}


def unread(pid):
    """Whether bytes of a reply lie in a TCP socket of the process."""
    mine = sockets(pid)
    rows = (line.split() for line in read("/proc/net/tcp").splitlines()[1:])
    return any(row[9] in mine and int(row[4].partition(":")[2], 16) for row in rows)


def sending(pid):
    """Whether a thread of the process waits for room in a Unix socket."""
    return any("sock_alloc_send" in read(path) for path in crew(pid, "task/*/wchan"))


def go_on(pid):
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        pass  # killed, and reaped by its runner


def environment(case):
    """A runner that is to die by a signal is not to have it handled by a sanitizer."""
    unhandled = ":".join(f"handle_{name}=0" for name in ("segv", "abort", "sigbus", "sigfpe",
                                                         "sigill"))
    options = {} if case.role != "runner" else {
        name: f"{os.environ.get(name, '')}:{unhandled}"
        for name in ("ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")}
    return {**os.environ, **options}


class Run:
    def __init__(self, case, number):
        self.case = case
        self.by_name = case.transport.endswith("+shm")
        self.bystander = "unix+shm" if not self.by_name else "tcp+bytes"
        self.large = case.stage == LARGE
        self.patience = GIVE_UP_LARGE_S if self.large else GIVE_UP_S
        self.path = f"{SCRATCH}/{number}"
        self.csv, self.samples = self.path + ".csv", self.path + ".samples"
        endless = case.stage in ("warm-up", "reply", "interrupted")
        # The victim's warm-up and samples last until it is hurt; the bystander's are as many.
        many = 300 if self.by_name or is_foreign(case.transport) else 60
        warmup, samples = {"warm-up": (many, 1), "stopping": (1, 300)}.get(case.stage, (1, many))
        if SLOW.search(case.transport):
            endless, samples = False, min(samples, 40)
        shape = "2x1024x16x16" if endless else "1x3x224x224"
        if self.large:
            warmup, samples, shape = 0, 5 if self.by_name else 1, "128x1024x1024"
        self.family = []
        self.out = open(self.path + ".out", "w+")
        self.process = subprocess.Popen(
            [IPCTOP, "run", "-t", f"{case.transport},{self.bystander}", "-s", shape,
             "-n", str(samples), "-w", str(warmup), "--blocks", "1", "-b", "100",
             "--timeout", str(timeout_of(case)), "--csv", self.csv],
            stdin=subprocess.DEVNULL, stdout=self.out, stderr=self.out, env=environment(case))
        self.pid = self.process.pid

    def worker(self, role):
        for child in children(self.pid):
            if read(f"/proc/{child}/cmdline").replace("\0worker\0", "\0").split("\0")[1:2] == [role]:
                return child
        return None

    def victim(self, role):
        """The process of the first cell that plays the role."""
        return until(lambda: self.worker(role) or self.process.poll() is not None and
                     self.miss("ended"), f"no {role}")

    def miss(self, what):
        raise Missed(what)

    def exchanging(self, number):
        """Both are there, connected, and have waited for each other so often since."""
        server, client = self.victim("server"), self.victim("client")
        until(lambda: len(sockets(client)) > 1 or not sockets(client), "no connection")
        before = switches(client)
        until(lambda: switches(client) >= before + number or state_of(client) in ("", "Z"),
              "no exchanges")
        if state_of(client) in ("", "Z"):
            raise Missed("the block is over")
        return server, client

    def in_reply(self):
        """Stops the client where part of a reply has not been read, and lets it go on otherwise."""
        server, client = self.exchanging(0 if self.large else 4)
        if self.by_name:
            return
        client = (family(client) or [client])[-1]
        end = time.monotonic() + self.patience / 2
        while time.monotonic() < end:
            os.kill(client, signal.SIGSTOP)
            until(lambda: state_of(client) in ("T", "Z"), "no stop")
            seen = unread(client) or sending(server)
            if seen:
                self.stopped = client
                return
            go_on(client)
            time.sleep(LOOK_S)
        raise Missed("no reply was seen half read")

    def reach(self):
        """Waits for the stage. Returns what to do once the fault has happened."""
        stage = self.case.stage
        self.stopped = None
        if stage == "starting" and self.case.role == "runner":
            until(lambda: children(self.pid), "no child")
        elif stage == "starting":
            self.victim(self.case.role)
        elif stage == "warm-up":
            self.exchanging(4)
        elif stage in ("reply", "interrupted", LARGE):
            self.in_reply()
        elif stage == "stopping":
            # The runner looks away while the client finishes; then the server is hurt.
            client = self.exchanging(4)[1]
            os.kill(self.pid, signal.SIGSTOP)
            until(lambda: state_of(client) == "Z", "the client does not finish")

    def hurt(self):
        self.reach()
        self.family = family(self.pid)
        victim = self.pid if self.case.role == "runner" else self.worker(self.case.role)
        try:
            os.kill(victim, number_of(self.case.fault))
        except (TypeError, ProcessLookupError):
            raise Missed("the victim has gone already") from None
        if self.case.stage == "interrupted":
            os.kill(self.pid, signal.SIGINT)
        if self.case.stage == "stopping":
            until(lambda: state_of(victim) in ("T", "Z"), "the fault does not happen")
            os.kill(self.pid, signal.SIGCONT)
        if self.stopped and (self.case.fault, self.case.role) != ("STOP", "client"):
            go_on(self.stopped)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.out.close()

    def rows(self):
        with open(self.csv, newline="") as file:
            return {row["transport"]: row for row in csv.DictReader(file)}


def number_of(fault):
    return fault if isinstance(fault, int) else getattr(signal, "SIG" + fault)


def reason_wanted(case, state):
    if case.stage == "interrupted" and state == "interrupted":
        return "the run was stopped"
    # Who is interrupted does not wait for the cause of what the other end has noticed.
    noticed = f"|^{'client' if case.role == 'server' else 'server'}: " \
        if case.stage == "interrupted" else ""
    if case.fault == "KILL":
        return rf"the {case.role} was killed by signal 9{noticed}"
    if case.fault == "ABRT":
        return rf"the {case.role} was killed by signal 6{noticed}"
    if case.stage == "stopping":
        return r"the server did not end within 10 s: a signal has stopped the server"
    return rf"within {timeout_of(case)} s \(--timeout\): a signal has stopped the {case.role}"


def left(run):
    """What the run has left two seconds after its end, if anything."""
    names = f"/dev/shm/ipctop-{run.pid}-*", f"/tmp/ipctop-{run.pid}-*"
    end = time.monotonic() + 2
    while (found := [name for pattern in names for name in glob.glob(pattern)] +
           [f"process {pid}" for pid in run.family if state_of(pid) not in ("", "Z", "X")]) and \
            time.monotonic() < end:
        time.sleep(LOOK_S)
    return found


def judge(run, status):
    """What is wrong with how it ended, or None."""
    if run.case.role == "runner":
        return judge_death(run, status)
    case, rows = run.case, run.rows()
    stopped = case.stage == "interrupted"
    row = rows[case.transport]
    if status != (130 if stopped else 1):
        return f"exit {status}"
    # Which of the two the runner hears of first, the fault or the interrupt, is nobody's choice.
    if row["state"] not in ("failed", "interrupted" if stopped else "failed"):
        return f"{row['state']}: {row['reason']}"
    if not re.search(reason_wanted(case, row["state"]), row["reason"]):
        return f"the reason says: {row['reason']}"
    other = rows[run.bystander]
    if other["state"] != ("interrupted" if stopped else "done"):
        return f"{run.bystander} {other['state']}: {other['reason']}"
    files = left(run)
    return f"left: {' '.join(files)}" if files else None


def judge_death(run, status):
    if status != -run.case.fault:
        return f"exit {status}"
    files = left(run)
    return f"left: {' '.join(files)}" if files else None


def attempt(case, number):
    run = Run(case, number)
    try:
        run.hurt()
        return judge(run, run.process.wait(run.patience))
    except subprocess.TimeoutExpired:
        return "no end"
    finally:
        run.end()


def check(case, number):
    for again in range(4):
        try:
            return attempt(case, f"{number}-{again}")
        except (Missed, ProcessLookupError) as missed:
            why = f"the stage was not seen: {missed}"
    return why


def transports():
    if not ALL:
        return FEW
    if sys.argv[3] != "all":
        return sys.argv[3].split(",")
    listed = json.loads(subprocess.check_output([IPCTOP, "list", "--json"]))
    return [row["name"] for row in listed["transports"]]


def cases():
    for index, transport in enumerate(transports()):
        for number, stage in enumerate(STAGES):
            # After its last exchange the client waits for nothing: only the server can stop.
            pairs = [(fault, role) for fault, role in itertools.product(FAULTS, ROLES)
                     if stage != "stopping" or role == "server"]
            if not ALL and transport != THOROUGH:
                pairs = [pairs[(index + number) % len(pairs)]]
            yield from (Case(transport, stage, *pair) for pair in pairs)
        if ALL and not HUGE.search(transport):
            yield from (Case(transport, LARGE, *pair) for pair in itertools.product(FAULTS, ROLES))


def deaths():
    """The runner dies: by every signal with one transport, by SIGKILL with each."""
    for number in DEADLY if ALL else FEW_DEADLY:
        yield Case(THOROUGH, "reply", number, "runner")
    for transport in transports():
        for stage in ("starting", "warm-up", "reply") if ALL else ("reply",):
            yield Case(transport, stage, signal.SIGKILL, "runner")


def main():
    lock = threading.Lock()
    alone = threading.Lock()
    failed = 0

    def one(numbered):
        nonlocal failed
        number, case = numbered
        name = f"{case.transport}, {case.stage}: " \
            f"{signal.Signals(number_of(case.fault)).name} of the {case.role}"
        try:
            with alone if case.stage == LARGE else contextlib.nullcontext():
                why = check(case, number)
        except Exception as error:  # of this script: says so and goes on
            why = repr(error)
        with lock:
            failed += why is not None
            print(f"not ok {name}: {why}" if why else f"ok {name}", flush=True)

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, enumerate(itertools.chain(deaths(), cases()))))
    return 1 if failed else 0


sys.exit(main())
