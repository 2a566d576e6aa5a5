"""Acts that write more than one record. Each is all or nothing; the caller names the actor."""

import re
import unicodedata
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Cooperative, Member, NikClaim, Person, Proposal, access
from malaka_portal import invitations, national_id
from malaka_portal.forms import violation_message
from malaka_portal.models import AccessLog, User
from malaka_portal.rules import PERSONAL, grants

NIK_SEARCHES_PER_HOUR = 30


# --- members --------------------------------------------------------------------------------------
@transaction.atomic
def register_member(*, cooperative, person, nik="", joined_on=None):
    """Record `person` (not saved yet) and open a line for them; returns the Member.

    A NIK (16 digits) becomes a claim for the programme to check, whoever holds it already: the
    statements are the same for a known and an unknown number (docs/adr/0004-national-id.md).
    ValidationError when a rule of the rows is broken.
    """
    person.full_clean()
    person.save()
    member = Member(
        cooperative=cooperative,
        person=person,
        number=next_member_number(cooperative),
        joined_on=joined_on or access.today(),
    )
    member.full_clean()
    save_or_explain(member)
    if nik:
        claim_national_id(person=person, cooperative=cooperative, nik=nik)
    return member


@transaction.atomic
def enrol(*, person, cooperative, joined_on):
    """Open a line for somebody who is on record already; returns the Member.

    ValidationError when they are a member there, or their record is joined into another.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    member = Member(
        cooperative=cooperative,
        person=person,
        number=next_member_number(cooperative),
        joined_on=joined_on,
    )
    member.full_clean()
    save_or_explain(member)
    return member


def save_or_explain(row):
    """ValidationError when a row that was saved meanwhile stands in the way."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ValidationError(violation_message(row, error)) from None


def next_member_number(cooperative):
    """The next free number of the register, such as `TFM-0042`.

    The cooperative's row stays locked until the transaction ends, so two officers who save at the
    same moment get different numbers.
    """
    prefix = f"{cooperative.member_number_prefix}-" if cooperative.member_number_prefix else ""
    row = Cooperative.objects.filter(pk=cooperative.pk)
    while True:
        row.update(last_member_serial=F("last_member_serial") + 1)
        serial = row.values_list("last_member_serial", flat=True).get()
        number = f"{prefix}{serial:04d}"
        # numbers are unique whatever their case: "tfm-0001" stands in the way of TFM-0001
        if not Member.objects.filter(cooperative=cooperative, number__iexact=number).exists():
            return number


def line_with_national_id(cooperative, nik):
    """The open line of this cooperative whose person holds or claims `nik`; None if there is none.

    It looks at this cooperative's own register only, and so tells an officer nothing else.
    """
    found = national_id.fingerprint(nik)
    held = Q(person__nik_hash=found)
    claimed = Q(
        person__nikclaims__nik_hash=found,
        person__nikclaims__status=NikClaim.Status.PENDING,
    )
    lines = Member.objects.current().filter(cooperative=cooperative)
    return lines.filter(held | claimed).select_related("person").first()


def find_by_national_id(*, nik, by):
    """The person with this NIK among those `by` may see, as a list; None when `by` has searched
    by NIK too often within the hour. Every search is logged, without the number."""
    recent = AccessLog.objects.filter(
        user=by, kind=AccessLog.Kind.SEARCH, at__gt=timezone.now() - timedelta(hours=1)
    )
    if recent.count() >= NIK_SEARCHES_PER_HOUR:
        return None
    scope = Person.objects.visible_to if grants(by, PERSONAL) else Person.objects.seen_by
    people = list(scope(by).with_national_id(nik).select_related("village"))
    AccessLog.objects.create(
        user=by, kind=AccessLog.Kind.SEARCH, subject=Person._meta.label_lower, rows=len(people)
    )
    return people


@transaction.atomic
def close_line(*, member, on, reason):
    """The member leaves on the day `on` for `reason` (Member.LeftReason). ValidationError when
    the day is before they joined, the line is closed already, or the member is in office."""
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if member.left_on:
        raise ValidationError(_("This line is already closed."), "line_closed")
    member.left_on, member.left_reason = on, reason
    member.full_clean()
    member.save()
    return member


# --- NIK ------------------------------------------------------------------------------------------
@transaction.atomic
def claim_national_id(*, person, cooperative, nik):
    """An officer of `cooperative` says that `person` holds `nik`; returns the NikClaim."""
    claim = NikClaim.objects.create(
        cooperative=cooperative, person=person, **national_id.sealed_columns(nik)
    )
    Person.objects.filter(pk=person.pk).exclude(nik_state=Person.NikState.CONFIRMED).update(
        nik_state=Person.NikState.CLAIMED, nik_missing=""
    )
    return claim


@transaction.atomic
def claim_for(*, person, nik, by):
    """`by` says that `person`, who has no NIK so far, holds `nik`; returns the NikClaim.

    ValidationError when the person has one, or one is waiting, or nobody's register has them.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if person.nik_state != Person.NikState.NONE:
        raise ValidationError(_("This person has a NIK already, or one is waiting."), "nik_known")
    cooperative = serving_cooperative(person, by) or home_cooperative(person)
    if cooperative is None:
        raise ValidationError(_("This person is in no cooperative's register yet."), "no_register")
    if line := line_with_national_id(cooperative, nik):
        raise ValidationError(
            _("This NIK is already recorded here, for member %(number)s."),
            "nik_in_own_register",
            {"number": line.number},
        )
    return claim_national_id(person=person, cooperative=cooperative, nik=nik)


def home_cooperative(person):
    """The cooperative of the person's first line or term."""
    here = Q(members__person=person) | Q(officers__person=person)
    return Cooperative.objects.filter(here).order_by("id").first()


def pending_claim(claim):
    """`claim` with its person, both locked. ValidationError when it has been decided already."""
    claim = (
        NikClaim.objects.select_for_update(of=("self",)).select_related("person").get(pk=claim.pk)
    )
    if claim.status != NikClaim.Status.PENDING:
        raise ValidationError(_("Somebody else has decided this already."), "decided")
    claim.person = Person.objects.select_for_update(of=("self",)).get(pk=claim.person_id)
    return claim


def refuse_second_number(claim):
    """Staff may have written another number on the person since the officer claimed this one."""
    if claim.person.nik_hash not in (None, claim.nik_hash):
        raise ValidationError(
            _("This person has another NIK on record by now. Refuse this one."), "nik_settled"
        )


@transaction.atomic
def confirm_claim(*, claim, by):
    """The person really holds the number, and nobody else does: it moves to the person.

    ValidationError when another person holds it: then the two records are to be joined.
    """
    claim = pending_claim(claim)
    refuse_second_number(claim)
    person = claim.person
    person.confirm_national_id(claim.national_id())
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise ValidationError(
            _("Another person holds this NIK. Join the two records instead."), "nik_held"
        ) from None
    claim.decide(NikClaim.Status.CONFIRMED, by=by)
    return person


@transaction.atomic
def join_claim(*, claim, by):
    """The person is the one who holds the number already: their lines move there.

    ValidationError when nobody holds it, or when both have an open line in one register.
    """
    claim = pending_claim(claim)
    refuse_second_number(claim)
    survivor = (
        Person.objects.select_for_update(of=("self",)).filter(nik_hash=claim.nik_hash).first()
    )
    if survivor is None or survivor.pk == claim.person_id:
        raise ValidationError(_("Nobody else holds this NIK. Confirm it instead."), "nik_free")
    claim.decide(NikClaim.Status.JOINED, by=by)
    join_people(duplicate=claim.person, survivor=survivor)
    return survivor


@transaction.atomic
def refuse_claim(*, claim, by, note):
    """The number is a mistake, for the reason `note`: the person is without a NIK again."""
    claim = pending_claim(claim)
    claim.decide(NikClaim.Status.REFUSED, by=by, note=note)
    person = claim.person
    if person.nik_state == Person.NikState.CLAIMED:
        person.nik_state, person.nik_missing = Person.NikState.NONE, Person.NikMissing.UNKNOWN
        person.save()
    return claim


def join_people(*, duplicate, survivor):
    """Move every line, term and consent of `duplicate` to `survivor`, and mark it as joined."""
    for line in duplicate.members.select_related("cooperative"):
        clash = survivor.members.current().filter(cooperative=line.cooperative).first()
        if clash and not line.left_on:
            raise ValidationError(
                _(
                    "Both are members of %(cooperative)s, as %(first)s and %(second)s. "
                    "Close one of the two lines first, as recorded by mistake."
                ),
                "both_members",
                {
                    "cooperative": line.cooperative,
                    "first": clash.number,
                    "second": line.number,
                },
            )
        line.person = survivor
        line.save()
    for term in duplicate.terms.all():
        term.person = survivor
        term.full_clean()
        term.save()
    in_force = survivor.consents.in_force().values("purpose")
    duplicate.consents.exclude(withdrawn_on__isnull=True, purpose__in=in_force).update(
        person=survivor
    )
    # what is left would stand beside the survivor's own consent and outlive its withdrawal
    doubled = duplicate.consents.in_force()
    for consent in doubled.select_for_update():
        consent.withdrawn_on = max(access.today(), consent.given_on)
        consent.save()
    duplicate.proposals.pending().update(person=survivor)
    duplicate.nik_state, duplicate.nik_missing = Person.NikState.JOINED, ""
    duplicate.joined_into = survivor
    duplicate.save()


# --- proposed changes -----------------------------------------------------------------------------
def serving_cooperative(person, user):
    """The cooperative through which `user`, an officer, has to do with `person`."""
    here = Q(members__person=person) | Q(officers__person=person)
    return Cooperative.objects.managed_by(user).filter(here).distinct().first()


def pending_proposal(proposal):
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.status != Proposal.Status.PENDING:
        raise ValidationError(_("Somebody else has decided this already."), "decided")
    return proposal


@transaction.atomic
def accept_proposal(*, proposal, form, by):
    """Save `form`, a valid form of the person bound to the proposed values, and close it."""
    proposal = pending_proposal(proposal)
    person = form.save()
    proposal.decide(Proposal.Status.ACCEPTED, by=by)
    return person


@transaction.atomic
def refuse_proposal(*, proposal, by, note):
    """The person stays as they are, for the reason `note`."""
    proposal = pending_proposal(proposal)
    proposal.decide(Proposal.Status.REFUSED, by=by, note=note)
    return proposal


# --- officers -------------------------------------------------------------------------------------
@transaction.atomic
def invite_officer(*, officer, by):
    """Give the officer's person an account without any rights of its own, and a one-time code
    that sets its password; returns (user, code). ValidationError when the term is not open."""
    officer = type(officer).objects.select_for_update(of=("self",)).get(pk=officer.pk)
    if not officer.is_open:
        raise ValidationError(_("Only an open term gives access."), "term_closed")
    Person.objects.select_for_update(of=("self",)).get(pk=officer.person_id)  # one account each
    if officer.user is None:
        known = officer.person.terms.filter(user__isnull=False).select_related("user").first()
        officer.user = known.user if known else new_account(officer.person)
        officer.save()
    return officer.user, invitations.invite(officer.user, by=by)


def new_account(person):
    """An account for `person` under a name that is still free."""
    first, _space, last = person.name.partition(" ")
    stem = re.sub(r"[^a-z]", "", unicodedata.normalize("NFD", first).lower()) or "pengurus"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    names = (stem, *(f"{stem}{number}" for number in range(2, len(taken) + 3)))
    user = User(
        username=next(name for name in names if name not in taken),
        first_name=first,
        last_name=last[:150],
    )
    user.set_unusable_password()
    save_or_explain(user)
    return user


@transaction.atomic
def end_term(*, officer, on, reason):
    """The term is over from the day `on`; so is the account's access, at its next request."""
    officer = type(officer).objects.select_for_update(of=("self",)).get(pk=officer.pk)
    if officer.ended_on:
        raise ValidationError(_("This term has ended already."), "term_ended")
    officer.ended_on, officer.end_reason = on, reason
    officer.full_clean()
    officer.save()
    return officer
