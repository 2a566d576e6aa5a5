"""NIK: searched for, claimed by officers, decided by the programme."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Member, NikClaim, Person
from cooperatives.services.joining import join_people, lock_people
from cooperatives.services.person import home_cooperative, serving_cooperative
from malaka_portal import national_id
from malaka_portal.models import AccessLog
from malaka_portal.rules import PERSONAL, grants

NIK_SEARCHES_PER_HOUR = 30


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
    people = scope(by).with_national_id(nik).select_related("village")
    if not grants(by, "cooperatives.make_dossier"):  # who objects is found for their own requests
        people = people.listed()
    people = list(people)
    AccessLog.objects.create(
        user=by, kind=AccessLog.Kind.SEARCH, subject=Person._meta.label_lower, rows=len(people)
    )
    return people


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


def pending_claim(claim, *others):
    """`claim` with its person, both locked, as are the people `others`: people first, as whoever
    joins two records does. ValidationError when it has been decided already."""
    person, *_others = lock_people(NikClaim.objects.get(pk=claim.pk).person, *others)
    claim = NikClaim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if claim.status != NikClaim.Status.PENDING or claim.person_id != person.pk:
        raise ValidationError(_("Somebody else has decided this already."), "decided")
    claim.person = person
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


def holder_of(claim):
    """Whoever else holds the claimed number; None when nobody does."""
    return Person.objects.filter(nik_hash=claim.nik_hash).exclude(pk=claim.person_id).first()


@transaction.atomic
def join_claim(*, claim, by, picks=(), seen=""):
    """The person is the one who holds the number already: returns the Joining, which settles the
    claim too. ValidationError when nobody holds it, or as `join_people` says."""
    survivor = holder_of(claim)
    if survivor is None:
        pending_claim(claim)
        raise ValidationError(_("Nobody else holds this NIK. Confirm it instead."), "nik_free")
    claim = pending_claim(claim, survivor)
    refuse_second_number(claim)
    return join_people(duplicate=claim.person, survivor=survivor, by=by, picks=picks, seen=seen)


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
