"""Who may do what in the registry. Reading is a matter of `visible_to`; see docs/conventions.md."""

import rules

from cooperatives.models import Cooperative, access
from malaka_portal.rules import allow, manages


def holds(*roles):
    """The user holds one of these offices in the cooperative (or the row's cooperative)."""

    @rules.predicate(name=f"holds:{','.join(roles)}")
    def predicate(user, row):
        if row is None:
            return False
        cooperative = row.pk if isinstance(row, Cooperative) else row.cooperative_id
        return any(
            (place, body) == (cooperative, access.BOARD) and role in roles
            for place, body, role in access.open_terms(user)
        )

    return predicate


@rules.predicate
def serves(user, person):
    """The person is a member or an officer now in a cooperative that the user runs."""
    if person is None:
        return False
    here = {"cooperative_id__in": access.ids_run_by(user)}
    if person.members.current().filter(**here).exists():
        return True
    return person.terms.open(on=access.today()).filter(**here).exists()


@rules.predicate
def serves_its_person(user, row):
    """The row's person has a line or a term in a cooperative that the user runs."""
    return row is not None and serves(user, row.person)


# The office keeps cooperatives, their figures and their officers.
for model in ("cooperative", "statuschange", "amendment", "yearlysnapshot", "officer"):
    allow(f"cooperatives.add_{model}")
    allow(f"cooperatives.change_{model}")
allow("cooperatives.invite_officer")  # asked of the term

# A board keeps its own register.
allow("cooperatives.add_member", manages)  # asked of the cooperative
allow("cooperatives.change_member", manages)

# People may be changed by those who run everything that concerns them; others propose.
allow("cooperatives.add_person")
allow("cooperatives.change_person", manages)
allow("cooperatives.propose_person", serves)
allow("cooperatives.claim_person", serves)
allow("cooperatives.add_consent", serves)  # asked of the person
allow("cooperatives.change_consent", serves_its_person)
allow("cooperatives.reveal_national_id")
allow("cooperatives.export_national_id")

# What officers wrote down is decided by the programme.
allow("cooperatives.decide_nikclaim")
allow("cooperatives.decide_proposal")
