"""Figures of a year: never overwritten, so a file brings another row when it says otherwise."""

from malaka_portal.imports.kinds import is_blank


def latest(queryset, names, *, owner, year):
    """{(owner id, year): the row that counts} of yearly figures, as dicts. One query."""
    rows = queryset.current().values(owner, year, *names)
    return {(row[owner], row[year]): row for row in rows}


def differing(told, known):
    """The figures to write when `told` {column: value} says something else than the `known` row of
    that year (None: there is none); {} when it does not. Blanks keep what is known."""
    given = {name: value for name, value in told.items() if not is_blank(value)}
    if not given or (known and all(known[name] == value for name, value in given.items())):
        return {}
    return {name: known[name] for name in told} | given if known else given
