"""Changing the keys of identity numbers, and checking that the keys at hand are the right ones."""

from django.db import connection, transaction

from cooperatives.models import NikClaim, Person
from malaka_portal import national_id

SEALED = (Person, NikClaim)  # every model with a nik_cipher
BATCH = 1000  # rows held in memory at a time

# `updated_at` stays as it is: nobody has changed what the row says.
WRITE = """
    UPDATE {table} AS row SET nik_cipher = new.cipher, nik_hash = new.hash
    FROM unnest(%s::bigint[], %s::bytea[], %s::text[]) AS new (id, cipher, hash)
    WHERE row.id = new.id
"""


class WrongKeys(Exception):
    """Some identity numbers cannot be opened or compared with the keys in the settings."""

    def __init__(self, wrong, total):
        super().__init__(f"{wrong} of {total} identity numbers do not fit these keys.")


@transaction.atomic
def rotate():
    """Seal every identity number with the first key and compute its fingerprint anew.

    All or nothing; returns how many. Nobody can write a number meanwhile. WrongKeys when one of
    them cannot be opened.
    """
    lock()
    return go_through(rewrite)


def check():
    """Open every identity number and compare its fingerprint, changing nothing; returns how many.

    WrongKeys when one of them cannot be opened, or was fingerprinted with another key.
    """
    return go_through(lambda model, opened: None, compare=True)


def lock():
    """Others may read, but a number written under the former keys must not slip in between."""
    with connection.cursor() as cursor:
        for model in SEALED:
            cursor.execute(f"LOCK TABLE {model._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def go_through(act, *, compare=False):
    """`act(model, {id: number})` on every batch of sealed numbers; returns how many there are."""
    total = wrong = 0
    for model in SEALED:
        for rows in batches(model):
            opened = dict(opened_numbers(rows, compare))
            total += len(rows)
            wrong += len(rows) - len(opened)
            act(model, opened)
    if wrong:
        raise WrongKeys(wrong, total)
    return total


def batches(model):
    """Lists of (id, sealed number, fingerprint), in the order of the ids."""
    sealed = model.objects.filter(nik_cipher__isnull=False).order_by("pk")
    rows, last = True, 0
    while rows:
        rows = list(sealed.filter(pk__gt=last).values_list("pk", "nik_cipher", "nik_hash")[:BATCH])
        if rows:
            yield rows
            last = rows[-1][0]


def opened_numbers(rows, compare):
    """(id, 16 digits) of the rows whose number fits the keys."""
    for pk, sealed, fingerprint in rows:
        try:
            nik = national_id.unseal(sealed)
        except national_id.Unreadable:
            continue
        if not compare or national_id.fingerprint(nik) == fingerprint:
            yield pk, nik


def rewrite(model, opened):
    ids, numbers = list(opened), opened.values()
    ciphers = [national_id.seal(nik) for nik in numbers]
    hashes = [national_id.fingerprint(nik) for nik in numbers]
    with connection.cursor() as cursor:
        cursor.execute(WRITE.format(table=model._meta.db_table), [ids, ciphers, hashes])
