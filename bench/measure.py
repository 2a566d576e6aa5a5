"""Timing: callables in turn, round by round, so that whatever else the machine does hits all."""

import time
from pathlib import Path
from random import Random
from statistics import median

from django.db import connection

QUIET = (0.9, 1.1)  # a control outside of this says that the machine was too restless


class Samples:
    """What the calls of one page took, in milliseconds: by the clock, and of all processors."""

    def __init__(self):
        self.wall, self.cpu = [], []

    @property
    def least(self):
        return min(self.wall)

    @property
    def median(self):
        return median(self.wall)

    @property
    def cost(self):
        """The least time of the processors; of the clock where the server's is not known."""
        return min(self.cpu) if self.cpu else self.least


def server_cpu():
    """Nanoseconds that this connection's server process has used; None on another machine."""
    if connection.connection is None:
        return None
    path = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError):
        return None


def one(call, samples):
    call.prepare()
    server, own, clock = server_cpu(), time.process_time_ns(), time.perf_counter_ns()
    call()
    clock, own = time.perf_counter_ns() - clock, time.process_time_ns() - own
    samples.wall.append(clock / 1e6)
    if server is not None:
        samples.cpu.append((own + server_cpu() - server) / 1e6)


def interleaved(calls, *, rounds=30, seconds=10.0):
    """{name: Samples} of `calls` ({name: Call}); at least two rounds, then until `seconds`."""
    for call in calls.values():
        for _ in range(3):  # the first calls compile templates and warm caches
            call.prepare()
            call()
    found = {name: Samples() for name in calls}
    end, order, draw = time.monotonic() + seconds, list(calls), Random(5321)
    for done in range(rounds):
        draw.shuffle(order)  # whoever follows a heavy page finds its caches emptied
        for name in order:
            one(calls[name], found[name])
        if done and time.monotonic() > end:
            break
    return found


def is_quiet(control):
    return QUIET[0] <= control <= QUIET[1]
