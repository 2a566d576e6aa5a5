"""Lines of a file from cells, checked and saved as the wizard does it, without a file."""

from malaka_portal.imports import acts
from malaka_portal.imports.kinds import KINDS, Desk, Draft, check_drafts
from malaka_portal.imports.saving import save_lines
from malaka_portal.imports.staging import stage
from malaka_portal.places import VillageIndex
from tests.factories.imports import ImportFactory


def desk_of(user=None, *, area="53.21", title="", file_name="data.xlsx", sheet="Sheet1", **more):
    return Desk(
        user=user,
        file_name=file_name,
        sheets=[sheet],
        titles={0: title},
        villages=VillageIndex.within(area),
        **more,
    )


def checked(kind, *lines, user=None, **desk):
    """The checked drafts of lines of cells, numbered from 5."""
    drafts = [Draft(at, cells=dict(cells)) for at, cells in enumerate(lines, 5)]
    return check_drafts(KINDS[kind], drafts, desk_of(user, **desk))


def one(kind, *lines, **desk):
    return checked(kind, *lines, **desk)[-1]


def save(kind, drafts):
    """The Import with these drafts, saved."""
    row = ImportFactory(kind=kind, file_name="data.xlsx", layout={"lines": len(drafts)})
    stage(row, drafts, [])
    row.save()
    save_lines(row, KINDS[kind].parts)
    return row


def bring(kind, *lines, **desk):
    """Check and save in one; returns (the Import, the drafts)."""
    drafts = checked(kind, *lines, **desk)
    return save(kind, drafts), drafts


def undo(row):
    return acts.undo(row)


def reasons(drafts):
    """What was refused and why: [(number, column, reason)]."""
    return [(d.number, *d.problem[:2]) for d in drafts if d.problem]


def outcomes(drafts):
    return [draft.outcome for draft in drafts]


def warnings(draft):
    return [warning["reason"] for warning in draft.warnings]
