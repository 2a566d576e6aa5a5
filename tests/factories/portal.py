import uuid
from datetime import date, timedelta

import factory
from django.contrib.auth.models import Permission
from django.utils import timezone

from malaka_portal.models import (
    AccessLog,
    Invitation,
    JobRun,
    Letterhead,
    Parameter,
    RateCount,
    Region,
    RegionAlias,
    SignInFailures,
    Submission,
    User,
)

PASSWORD = "kapas lungsi pakan"


class RegionFactory(factory.django.DjangoModelFactory):
    """A province, unless told otherwise; `village()` makes a whole branch."""

    class Meta:
        model = Region
        django_get_or_create = ["code"]

    code = "53"
    level = Region.Level.PROVINCE
    name = "Nusa Tenggara Timur"


def village(code="53.21.10.2004", name="Alas Selatan"):
    """A village with the district, regency and province above it."""
    parts = code.split(".")
    parent = None
    for depth in range(1, 5):
        here = ".".join(parts[:depth])
        label = name if depth == 4 else f"Region {here}"
        parent = RegionFactory(code=here, level=depth, name=label, parent=parent)
    return parent


class RegionAliasFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RegionAlias

    region = factory.LazyFunction(village)
    name = factory.Sequence("Alas Sel. {}".format)


class ParameterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Parameter

    key = "scale.sales.micro"
    value = 2_000_000_000
    valid_from = date(1990, 1, 1)
    regulation = "UU 1/1990"


class RateCountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RateCount

    key = factory.Sequence("{:064d}".format)
    count = 1
    since = factory.LazyFunction(timezone.now)


class SignInFailuresFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SignInFailures

    key = factory.Sequence("{:064d}".format)
    count = 1
    last_at = factory.LazyFunction(timezone.now)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("user{}".format)
    first_name = "Maria"
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def granted(self, create, extracted, **kwargs):
        for perm in extracted or []:
            app, codename = perm.split(".")
            self.user_permissions.add(
                Permission.objects.get(content_type__app_label=app, codename=codename)
            )


class SubmissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Submission

    user = factory.SubFactory(UserFactory)
    form = "member-create"
    key = factory.LazyFunction(uuid.uuid4)
    fingerprint = "0" * 64
    result_url = "/anggota/1/"


class InvitationFactory(factory.django.DjangoModelFactory):
    """An open invitation; nobody knows its code. `invitations.invite` makes one that is known."""

    class Meta:
        model = Invitation

    user = factory.SubFactory(UserFactory)
    created_by = factory.SubFactory(UserFactory, is_staff=True)
    code_hash = factory.Sequence("{:064x}".format)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


class AccessLogFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AccessLog

    user = factory.SubFactory(UserFactory)
    kind = AccessLog.Kind.REVEAL
    subject = "cooperatives.person"
    object_id = 1


class LetterheadFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Letterhead

    valid_from = date(2020, 1, 1)
    institution = "PEMERINTAH KABUPATEN MALAKA"
    office = "DINAS KOPERASI, USAHA KECIL DAN MENENGAH"
    address = "Jalan Contoh Nomor 1, Betun 85762"
    place = "Betun"
    signatory_title = "Kepala Dinas Koperasi, Usaha Kecil dan Menengah"
    signatory_name = "Maria Contoh, S.E."
    signatory_rank = "Pembina Utama Muda"
    signatory_number = "197001012000012001"


class JobRunFactory(factory.django.DjangoModelFactory):
    """A job that never ran."""

    class Meta:
        model = JobRun

    name = factory.Sequence("job_{}".format)
