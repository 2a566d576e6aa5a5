"""`./dev run`: the server and the worker live and end together, and nothing is left behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SLEEPER = "import time; time.sleep(600)"
# Two commands in the place of the real ones: quick to start, and told apart by a word.
TRIAL = """
import sys
from malaka_portal import supervisor
supervisor.SHORTEST = 0.1
server, worker = ([sys.executable, "-c", code] for code in sys.argv[1:3])
sys.exit(supervisor.Supervisor(server, worker).run())
"""


def processes(mark):
    """Ids of the living processes with `mark` in their environment."""
    found = set()
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            ended = (place / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            if not ended and mark.encode() in (place / "environ").read_bytes():
                found.add(int(place.name))
    return found


def wait_for(condition, patience=20):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    return condition()


@pytest.fixture
def launch():
    """Starts a command with an environment of its own; kills what is left of it in the end."""
    marks = []

    def launch(*args, **env):
        mark = f"PORTAL_TEST_MARK={uuid.uuid4()}"
        marks.append(mark)
        name, value = mark.split("=")
        process = subprocess.Popen(
            args, cwd=ROOT, env=os.environ | {name: value} | env, start_new_session=True
        )
        return process, mark

    yield launch
    for mark in marks:
        for pid in processes(mark):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def trial(launch, server=SLEEPER, worker=SLEEPER):
    return launch(sys.executable, "-c", TRIAL, server, worker)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_no_process_is_left_behind(launch, number):
    process, mark = trial(launch)
    assert wait_for(lambda: len(processes(mark)) == 3)
    time.sleep(0.3)  # the handlers stand
    process.send_signal(number)

    assert process.wait(15) == (-9 if number == signal.SIGKILL else 0)
    assert wait_for(lambda: not processes(mark))


def test_a_child_that_does_not_listen_is_killed(launch):
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
    code = TRIAL.replace("supervisor.SHORTEST = 0.1", "supervisor.GRACE = 0.5")
    process, mark = launch(sys.executable, "-c", code, deaf, deaf)
    assert wait_for(lambda: len(processes(mark)) == 3)
    time.sleep(0.5)
    process.terminate()

    assert process.wait(15) == 0
    assert processes(mark) == set()


def test_a_dead_worker_is_started_again(launch, tmp_path):
    notes = tmp_path / "notes"
    worker = f"import os, time; print(os.getpid(), file=open({str(notes)!r}, 'a')); {SLEEPER}"
    process, mark = trial(launch, worker=worker)

    def started():
        return [int(line) for line in notes.read_text().split()] if notes.exists() else []

    first = wait_for(started)[0]
    os.kill(first, signal.SIGKILL)
    assert wait_for(lambda: len(started()) == 2)
    assert process.poll() is None
    process.terminate()
    process.wait(15)
    assert wait_for(lambda: not processes(mark))


def test_without_the_server_everything_ends_with_its_code(launch):
    process, mark = trial(launch, server="raise SystemExit(3)")

    assert process.wait(15) == 3
    assert wait_for(lambda: not processes(mark))


# --- the real server and the real worker ----------------------------------------------------------
def free_port():
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return made.getsockname()[1]


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_gunicorn_and_the_worker_leave_nothing_behind(launch, number):
    port = free_port()
    address = f"127.0.0.1:{port}"
    # gunicorn asks the database for nothing before the first page; the worker keeps trying
    nowhere = "postgres://nobody@127.0.0.1:9/nothing"
    process, mark = launch(
        sys.executable,
        "-m",
        "malaka_portal.supervisor",
        address,
        DJANGO_SETTINGS_MODULE="tests.settings",
        DATABASE_URL=nowhere,
    )
    # the supervisor, the worker, gunicorn and its two
    assert wait_for(lambda: answers(port) and len(processes(mark)) == 5, 40)
    time.sleep(1)
    process.send_signal(number)

    process.wait(20)
    assert wait_for(lambda: not processes(mark), 40)


def test_when_gunicorn_is_killed_everything_ends(launch):
    port = free_port()
    process, mark = launch(
        sys.executable,
        "-m",
        "malaka_portal.supervisor",
        f"127.0.0.1:{port}",
        DJANGO_SETTINGS_MODULE="tests.settings",
        DATABASE_URL="postgres://nobody@127.0.0.1:9/nothing",
    )
    assert wait_for(lambda: answers(port) and len(processes(mark)) == 5, 40)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    master = next(p for p in children if b"gunicorn" in Path(f"/proc/{p}/cmdline").read_bytes())
    os.kill(int(master), signal.SIGKILL)

    assert process.wait(20) == 9
    assert wait_for(lambda: not processes(mark), 40)
