"""PostgreSQL's own programs (pg_dump and the like), pointed at the tests' database."""

import os
import shutil
import subprocess

import pytest
from django.db import connection

from malaka_portal import database


def run(program, *args, check=True, **env):
    """The finished process; the test is skipped where the server came without `program`."""
    try:
        bins = database.bin_dir()
    except database.LocalServerError:  # DATABASE_URL is set, and only a client is installed
        bins = ""
    if not (found := shutil.which(program, path=f"{bins}:{os.environ['PATH']}")):
        pytest.skip(f"No {program} beside the server's programs.")
    settings = connection.settings_dict
    there = {f"PG{key}": str(settings[key]) for key in ("HOST", "PORT", "USER", "PASSWORD")}
    return subprocess.run(
        [found, *args],
        env=os.environ | {key: value for key, value in there.items() if value} | env,
        capture_output=True,
        text=True,
        check=check,
    )
