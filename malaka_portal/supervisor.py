"""Starts the web server and the worker, and ends both together: what `./dev run` becomes.

    python -m malaka_portal.supervisor 127.0.0.1:8000

A worker that dies is started again, after a while that grows; without the server everything ends.
SIGTERM, SIGINT and SIGHUP stop both. Should this process be killed outright, the kernel tells its
children (Linux), and the worker sees by itself that its parent is gone.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GRACE = 12.0  # seconds to end in, before a child is killed
TICK = 0.1
SHORTEST, LONGEST = 1.0, 30.0  # seconds before a dead worker is started again
PR_SET_PDEATHSIG = 1
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

try:
    prctl = ctypes.CDLL(None).prctl
except (OSError, AttributeError):  # not Linux
    prctl = None


def server(address):
    """gunicorn, not runserver: its workers end by themselves when their parent is killed."""
    options = ["--bind", address, "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    quiet = ["--no-control-socket", "--log-level", "warning"]
    return [sys.executable, "-m", "gunicorn", "malaka_portal.wsgi", *options, *quiet]


def worker():
    return [sys.executable, str(ROOT / "manage.py"), "work"]


def start(command):
    """The process; it gets a SIGTERM when this one dies, however it dies."""
    parent = os.getpid()

    def follow_parent():
        if prctl:
            prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before the kernel knew of our wish
            os._exit(1)

    return subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=follow_parent)


class Supervisor:
    """Keeps a server and a worker (two commands) running until told to stop."""

    def __init__(self, server, worker):
        self.commands = {"server": server, "worker": worker}
        self.running, self.stopping = {}, False
        self.delay, self.restart_at = SHORTEST, 0.0

    def stop(self, *_):
        self.stopping = True

    def run(self):
        """Until a signal comes (0) or the server ends (with its code)."""
        for number in SIGNALS:
            signal.signal(number, self.stop)
        try:
            for name in self.commands:
                self.begin(name)
            while not self.stopping and self.running["server"].poll() is None:
                self.look_after_worker()
                time.sleep(TICK)
            code = self.running["server"].poll()
        finally:
            self.end()
        return 0 if self.stopping else abs(code or 0)

    def begin(self, name):
        self.running[name] = start(self.commands[name])
        self.began = time.monotonic()

    def look_after_worker(self):
        process, now = self.running["worker"], time.monotonic()
        if process.poll() is None:
            return
        if not self.restart_at:
            lived = now - self.began
            self.delay = SHORTEST if lived > LONGEST else min(self.delay * 2, LONGEST)
            self.restart_at = now + self.delay
            print(f"The worker ended ({process.returncode}).", file=sys.stderr)
        elif now >= self.restart_at:
            self.restart_at = 0.0
            self.begin("worker")

    def end(self):
        """Tell both to end, and see to it that they do."""
        deadline = time.monotonic() + GRACE
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


if __name__ == "__main__":
    sys.exit(Supervisor(server(sys.argv[1]), worker()).run())
