"""Of two records of one person: which of them stays, and whose values it keeps."""

from cooperatives.models import Person

# What can be chosen, one choice per line; a date of birth and a year exclude each other.
GROUPS = (
    ("name",),
    ("sex",),
    ("birth_place",),
    ("born_on", "birth_year"),
    ("village_id",),
    ("hamlet",),
    ("address",),
    ("phones",),
    ("occupation",),
    ("education",),
    ("nik_missing",),
)
MOST_PHONES = 5
SURVIVOR, DUPLICATE, BOTH = "survivor", "duplicate", "both"


def order(one, other):
    """(survivor, duplicate): whoever holds a checked NIK stays, else the older record."""
    first, second = sorted([one, other], key=lambda person: person.pk)
    if second.nik_hash and not first.nik_hash:
        return second, first
    return first, second


def values_of(person, group):
    return [getattr(person, column) for column in group]


def is_blank(values):
    return not any(values)


def differing(survivor, duplicate):
    """The groups of `GROUPS` in which the two records differ."""
    states = {survivor.nik_state, duplicate.nik_state}
    return [
        group
        for group in GROUPS
        if values_of(survivor, group) != values_of(duplicate, group)
        and (group != ("nik_missing",) or states == {Person.NikState.NONE})
    ]


def proposed(survivor, duplicate, group):
    """Whose value of `group` stays, unless somebody chooses: what is known, else the survivor's."""
    blank = is_blank(values_of(survivor, group))
    if group == ("nik_missing",):
        blank = survivor.nik_missing == Person.NikMissing.UNKNOWN
    return DUPLICATE if blank and not is_blank(values_of(duplicate, group)) else SURVIVOR


def all_phones(survivor, duplicate):
    return list(dict.fromkeys([*survivor.phones, *duplicate.phones]))


def may_keep_both(survivor, duplicate, group):
    numbers = all_phones(survivor, duplicate)
    return (
        group == ("phones",)
        and all([survivor.phones, duplicate.phones])
        and (len(numbers) <= MOST_PHONES)
    )


def kept_values(survivor, duplicate, picks):
    """The survivor's new values by column. `picks` says whose value of a group stays, by the
    group's first column; what it does not name is as `proposed`."""
    found = {}
    for group in differing(survivor, duplicate):
        pick = picks.get(group[0]) or proposed(survivor, duplicate, group)
        if pick == BOTH and may_keep_both(survivor, duplicate, group):
            found["phones"] = all_phones(survivor, duplicate)
        elif pick == DUPLICATE:
            found |= dict(zip(group, values_of(duplicate, group), strict=True))
    return found
