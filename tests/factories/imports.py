import factory
from django.utils import timezone

from malaka_portal.imports.staging import OUTCOMES
from malaka_portal.models import Import, ImportLine, ImportMemory, ImportWrite
from tests.factories.portal import UserFactory


class ImportFactory(factory.django.DjangoModelFactory):
    """A file that was checked, and of which nothing is saved."""

    class Meta:
        model = Import

    class Params:
        saved = factory.Trait(state=Import.State.SAVED, saved_at=factory.LazyFunction(timezone.now))

    kind = "members"
    user = factory.SubFactory(UserFactory)
    file_name = "buku-daftar-anggota.xlsx"
    file_hash = "0" * 64
    state = Import.State.CHECKED
    counts = factory.LazyFunction(lambda: dict.fromkeys(("read", *OUTCOMES), 0))


class ImportLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ImportLine

    import_of = factory.SubFactory(ImportFactory)
    number = factory.Sequence(lambda n: n + 5)
    outcome = ImportLine.Outcome.CREATED


class ImportWriteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ImportWrite

    line = factory.SubFactory(ImportLineFactory)
    import_of = factory.SelfAttribute("line.import_of")
    part = "person"
    row_id = factory.Sequence(lambda n: n + 1)


class ImportMemoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ImportMemory

    kind = "members"
    office = "area "
    about = ImportMemory.About.COLUMN
    said = factory.Sequence("nama warga {}".format)
    meant = "name"
