"""Writes the keys that `.env` lacks, for `./dev`: never overwrites one, never prints one.

Standard library only: it runs before the settings can.
"""

import base64
import os
import secrets
import sys
from pathlib import Path


def missing_lines(text):
    """The lines that a working `.env` needs and `text` does not have."""
    have = {line.partition("=")[0].strip() for line in text.splitlines()}
    wanted = {
        "SECRET_KEY": lambda: secrets.token_urlsafe(50),
        "NIK_CIPHER_KEYS": lambda: "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "NIK_HASH_KEY": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
        "DEBUG": lambda: "on",
    }
    return [f"{name}={make()}" for name, make in wanted.items() if name not in have]


def write_missing(path):
    """Append what is missing to `path`, readable by its owner alone."""
    text = path.read_text() if path.exists() else ""
    if lines := missing_lines(text):
        separator = "" if not text or text.endswith("\n") else "\n"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a") as file:
            file.write(separator + "\n".join(lines) + "\n")
    path.chmod(0o600)


if __name__ == "__main__":
    write_missing(Path(sys.argv[1]))
