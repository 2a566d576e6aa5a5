import factory
from django.contrib.auth.models import Permission
from django.utils import timezone

from malaka_portal.models import Region, RegionAlias, SignInFailures, User

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
