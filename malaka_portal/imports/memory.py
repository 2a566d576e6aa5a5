"""What an office's words meant before: its headings, and its spellings of villages."""

from malaka_portal.models import ImportMemory

About = ImportMemory.About


def office_of(row):
    """Whose habits count: those of the cooperative that keeps the file, else of the area."""
    if row.target_id:
        return f"row {row.target_id}"
    area = row.user.area_id if row.user else None
    return f"area {area or ''}"


def recall(row, about):
    known = ImportMemory.objects.filter(kind=row.kind, office=office_of(row), about=about)
    return dict(known.values_list("said", "meant"))


def columns(row):
    """{heading: key of a column, None for one that is left out}."""
    return {said: meant or None for said, meant in recall(row, About.COLUMN).items()}


def villages(row):
    """{spelling: code of a village}."""
    return recall(row, About.VILLAGE)


def remember(row, about, meanings):
    """Keep {said: meant} for the next file of the office; later decisions replace earlier ones."""
    ImportMemory.objects.bulk_create(
        [
            ImportMemory(
                kind=row.kind, office=office_of(row), about=about, said=said, meant=meant or ""
            )
            for said, meant in meanings.items()
            if len(said) <= ImportMemory.LONGEST
        ],
        update_conflicts=True,
        unique_fields=["kind", "office", "about", "said"],
        update_fields=["meant"],
    )
