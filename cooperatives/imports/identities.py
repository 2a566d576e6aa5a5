"""By what a line of a file is known again: numbers first, then name, birth date and village."""

from django.db import connection


def name_keys(names):
    """{name: key} by the database's own rule, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, public.name_key(name) FROM unnest(%s::text[]) name", [sorted(names)]
        )
        return dict(cursor.fetchall())


class Identities:
    """Rows by each of the ways in which they are known (any hashable key; an empty one is none).

    Lines of one file are never taken for each other: `earlier` tells who named a key before.
    """

    def __init__(self):
        self.rows = {}
        self.lines = {}

    def add(self, row, keys):
        for key in keys:
            if key:
                self.rows.setdefault(key, row)

    def find(self, key):
        return self.rows.get(key)

    def earlier(self, draft, key):
        """The line that named `key` before this one, if any."""
        if not key:
            return None
        first = self.lines.setdefault(key, draft)
        return None if first is draft else first
