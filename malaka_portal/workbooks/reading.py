"""`read(path, name)`: one way into XLSX, XLS and CSV.

The file is read by `child`, under limits. A file that cannot be read whole is refused with a
`ValidationError` (codes in `refusals`) that says how to mend it; none is ever cut short.
"""

import json
import logging
import mmap
import os
import signal
import subprocess
import sys
from array import array
from pathlib import Path
from tempfile import TemporaryFile

from malaka_portal.workbooks import limits
from malaka_portal.workbooks.book import Book, Rows, Sheet
from malaka_portal.workbooks.refusals import refusal

ROOT = Path(__file__).parents[2]
_COMMAND = [sys.executable, "-m", "malaka_portal.workbooks.child"]
logger = logging.getLogger(__name__)
_NEEDED = ("PATH", "LD_LIBRARY_PATH")  # and nothing else: the process gets no secrets


def read(path, name):
    """The `Book` in the file at `path`; `name` is what the person called it, and decides nothing.

    What a file is shows in its content. Raises ValidationError.
    """
    with open(path, "rb") as file, TemporaryFile() as answer:
        _check_size(os.fstat(file.fileno()).st_size)
        code = _run(file, answer)
        if not answer.seek(0, os.SEEK_END):
            raise _without_answer(code)
        memory = mmap.mmap(answer.fileno(), 0, access=mmap.ACCESS_READ)
    return Book(name, tuple(_sheets(memory, Path(name).stem or name, code)))


def _check_size(size):
    if not size:
        raise refusal("file_empty", {})
    if size > limits.TEXT.megabytes * limits.MEGABYTE:
        raise refusal("text_too_large", {"megabytes": limits.TEXT.megabytes})


def _run(file, answer):
    """What the process ended with: 0, another code, or minus the signal that ended it."""
    try:
        done = subprocess.run(
            _COMMAND,
            stdin=file,
            stdout=answer,
            stderr=subprocess.DEVNULL,  # it could quote the file
            timeout=limits.SECONDS,
            env={key: os.environ[key] for key in _NEEDED if key in os.environ},
            cwd=ROOT,
        )
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    return done.returncode


def _without_answer(code):
    """The refusal for a process that was ended by a limit (a signal), or that failed."""
    logger.warning("The process that reads spreadsheets ended with code %d.", code)
    return refusal("file_too_heavy" if code < 0 else "file_damaged", {})


def _sheets(memory, name, code):
    """The sheets of an answer; a text file's only sheet has the name of the file."""
    sheets, ends = [], array("Q", [0])
    place = 0
    for line in iter(memory.readline, b""):
        place += len(line)
        if line.startswith(b"["):
            ends.append(place)
            continue
        if not line.endswith(b"\n"):
            break
        said = json.loads(line)
        if "refused" in said:
            raise refusal(said["refused"], said["facts"])
        if "end" in said:
            return sheets
        sheets.append(Sheet(said["sheet"] or name, Rows(memory, ends), said["hidden"]))
        ends = array("Q", [place])
    raise _without_answer(code)
