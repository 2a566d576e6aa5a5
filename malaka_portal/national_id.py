"""Identity numbers at rest: sealed for the few who may read them, fingerprinted to be compared.

A person's NIK is never stored as it is. `seal` encrypts it (AES-GCM; the name of the key stands in
front, so that keys can be changed); `fingerprint` is a keyed hash by which two equal numbers meet
in a UNIQUE column; the last four digits are kept to show. See docs/adr/0004-national-id.md.
"""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.checks import Error
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NONCE = 12  # bytes, as AES-GCM wants
KEY = 32  # bytes


class Unreadable(ValidationError):
    """A sealed number that none of the keys opens: the keys of another database are in use."""

    def __init__(self):
        super().__init__(
            _("This NIK cannot be opened: its key is missing. Tell whoever runs the portal."),
            "nik_unreadable",
        )


def keys(text):
    """`k2:base64,k1:base64` as {name: bytes}; the first one seals, all of them open."""
    pairs = (part.split(":", 1) for part in text.split(",") if part.strip())
    return {name.strip(): base64.b64decode(value) for name, value in pairs}


def seal(nik):
    """The 16 digits as bytes that say nothing without the key; different at every call."""
    name, key = next(iter(keys(settings.NIK_CIPHER_KEYS).items()))
    nonce = os.urandom(NONCE)
    sealed = AESGCM(key).encrypt(nonce, nik.encode(), name.encode())
    return name.encode() + b":" + nonce + sealed


def unseal(sealed):
    """The 16 digits again. Raises `Unreadable` when the key is gone or the bytes were changed."""
    name, _colon, rest = bytes(sealed).partition(b":")
    key = keys(settings.NIK_CIPHER_KEYS).get(name.decode(errors="replace"))
    if key is None:
        raise Unreadable
    try:
        return AESGCM(key).decrypt(rest[:NONCE], rest[NONCE:], name).decode()
    except (InvalidTag, ValueError):  # the latter for bytes that were cut off
        raise Unreadable from None


def fingerprint(nik):
    """A keyed hash (HMAC-SHA-256, hex): equal for equal numbers, useless without the key."""
    key = base64.b64decode(settings.NIK_HASH_KEY)
    return hmac.new(key, nik.encode(), hashlib.sha256).hexdigest()


def sealed_columns(nik):
    """The three columns in which a NIK is kept, by name."""
    return {"nik_cipher": seal(nik), "nik_hash": fingerprint(nik), "nik_last4": nik[-4:]}


def check_keys(**kwargs):
    """A system check: without usable keys the first NIK that somebody types would fail."""
    found = []
    for setting, example in (("NIK_CIPHER_KEYS", "k1:BASE64"), ("NIK_HASH_KEY", "BASE64")):
        text = getattr(settings, setting)
        if not usable(text if setting == "NIK_CIPHER_KEYS" else f"hash:{text}"):
            hint = f"Write {setting}={example}, the key being {KEY} random bytes."
            found.append(Error(f"{setting} holds no usable key.", hint, id="malaka_portal.E001"))
    return found


def usable(text):
    try:
        return {len(key) for key in keys(text).values()} == {KEY}
    except ValueError:  # no colon, or no base64
        return False
