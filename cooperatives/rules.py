"""Who may do what in the registry. Reading is a matter of `visible_to`; see docs/conventions.md."""

import rules

from cooperatives.models import Cooperative, access
from malaka_portal.rules import allow, manages, may_see_personal


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


@rules.predicate
def sees_personal(user, row):
    """The row's personal columns are for the user's eyes."""
    return row is not None and may_see_personal(user, row)


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
allow("cooperatives.make_dossier")
allow("cooperatives.export_national_id")

# Enterprises and what they make: the cooperative that keeps the record, and the office.
OF_ENTERPRISE = ("groupmember", "enterprisemembership", "enterprisesnapshot", "support")
for model in ("enterprise", "credential", "product", "pricechange", "productphoto", *OF_ENTERPRISE):
    # adding is asked of the parent: the cooperative, the enterprise or the product
    allow(f"cooperatives.add_{model}", manages)
    allow(f"cooperatives.change_{model}", manages)
rules.add_perm("cooperatives.take_credential", sees_personal)  # the copy of a paper
allow("cooperatives.add_motif")
allow("cooperatives.change_motif")
# A cooperative agrees to be shown, and shows its products.
allow("cooperatives.publish_cooperative", manages)
allow("cooperatives.publish_product", manages)
allow("cooperatives.answer_quoterequest", manages)

# What officers wrote down is decided by the programme.
allow("cooperatives.decide_nikclaim")
allow("cooperatives.decide_proposal")

# Two records of one person: both lie in the area of whoever joins them.
allow("cooperatives.join_people")  # asked of the suspicion, or of the claim
allow("cooperatives.undo_joining")
