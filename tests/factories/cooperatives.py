from datetime import date

import factory
from django.utils import timezone

from cooperatives.models import (
    Amendment,
    Consent,
    Cooperative,
    Joining,
    Member,
    NikClaim,
    Officer,
    Person,
    PersonToCompare,
    Proposal,
    StatusChange,
    Suspicion,
    YearlySnapshot,
)
from malaka_portal import national_id
from tests.factories.portal import UserFactory, village

# Serials from 9000 on belong to nobody.
NIK = "5321104507909001"
OTHER_NIK = "5321014507859001"


class CooperativeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cooperative

    name = factory.Sequence("Koperasi Tenun {}".format)
    kind = Cooperative.Kind.PRODUCER
    village = factory.LazyFunction(village)
    member_number_prefix = "TFM"


class StatusChangeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StatusChange

    cooperative = factory.SubFactory(CooperativeFactory)
    status = Cooperative.Status.INACTIVE
    since = date(2025, 1, 1)
    reason = "Tidak ada RAT"


class AmendmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Amendment

    cooperative = factory.SubFactory(CooperativeFactory)
    number = factory.Sequence("PAD/{}".format)
    date = date(2024, 5, 6)


class YearlySnapshotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = YearlySnapshot

    cooperative = factory.SubFactory(CooperativeFactory)
    fiscal_year = 2025
    members_female = 20


class PersonFactory(factory.django.DjangoModelFactory):
    """Somebody without a NIK; `with_nik` gives one."""

    class Meta:
        model = Person

    name = factory.Sequence("Maria Bria {}".format)
    sex = Person.Sex.FEMALE
    village = factory.LazyFunction(village)


def with_nik(person, nik=NIK):
    """`person`, holding a confirmed NIK."""
    person.confirm_national_id(nik)
    person.save()
    return person


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consent

    person = factory.SubFactory(PersonFactory)
    purpose = Consent.Purpose.PUBLIC
    text_version = "2026-1"
    given_on = date(2026, 1, 2)


class OfficerFactory(factory.django.DjangoModelFactory):
    """A secretary of the board with an account, in office since 2024."""

    class Meta:
        model = Officer

    cooperative = factory.SubFactory(CooperativeFactory)
    person = factory.SubFactory(PersonFactory)
    user = factory.SubFactory(UserFactory)
    body = Officer.Body.BOARD
    role = Officer.Role.SECRETARY
    started_on = date(2024, 1, 1)


class MemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Member

    cooperative = factory.SubFactory(CooperativeFactory)
    person = factory.SubFactory(PersonFactory)
    number = factory.Sequence("TFM-{:04d}".format)
    joined_on = date(2024, 1, 2)


class NikClaimFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NikClaim

    class Params:
        nik = NIK

    cooperative = factory.SubFactory(CooperativeFactory)
    person = factory.SubFactory(PersonFactory)
    nik_cipher = factory.LazyAttribute(lambda o: national_id.seal(o.nik))
    nik_hash = factory.LazyAttribute(lambda o: national_id.fingerprint(o.nik))
    nik_last4 = factory.LazyAttribute(lambda o: o.nik[-4:])


class ProposalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Proposal

    cooperative = factory.SubFactory(CooperativeFactory)
    person = factory.SubFactory(PersonFactory)
    values = factory.LazyFunction(lambda: {"name": "Maria Seran"})
    seen = factory.LazyFunction(lambda: {"name": "Maria Bria"})
    proposed_by = factory.SubFactory(UserFactory)


class PersonToCompareFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PersonToCompare

    person_id = factory.LazyFunction(lambda: PersonFactory().pk)


class SuspicionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Suspicion

    first = factory.SubFactory(PersonFactory)
    second = factory.SubFactory(PersonFactory)
    score = 80
    reasons = factory.LazyFunction(lambda: ["name_alike", "born_same"])


class JoiningFactory(factory.django.DjangoModelFactory):
    """A joining of which nothing moved but the duplicate itself."""

    class Meta:
        model = Joining

    survivor = factory.SubFactory(PersonFactory)
    duplicate = factory.LazyAttribute(
        lambda o: PersonFactory(
            joined_into=o.survivor,
            nik_state="joined",
            nik_missing="",
            name=o.survivor.name,
            village=o.survivor.village,
        )
    )
    joined_by = factory.SubFactory(UserFactory)
    joined_at = factory.LazyFunction(timezone.now)
    moved = factory.LazyFunction(list)
    before = factory.LazyFunction(
        lambda: {
            "survivor": {},
            "duplicate": {"nik_state": "none", "nik_missing": "unknown", "joined_into_id": None},
        }
    )
    after = factory.LazyAttribute(
        lambda o: {
            "survivor": {},
            "duplicate": {
                "nik_state": "joined",
                "nik_missing": "",
                "joined_into_id": o.survivor.pk,
            },
        }
    )


def decided(status):
    """What a decided row says beside its status."""
    return {"status": status, "decided_at": timezone.now()}
