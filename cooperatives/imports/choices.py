"""Words of offices for the registry's choices."""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cooperatives.models import Cooperative, Person
from malaka_portal.workbooks.values import text_of

LANGUAGES = ("id", "en")
Work = Person.Occupation
Kind, Status = Cooperative.Kind, Cooperative.Status


def folded(text):
    return " ".join(str(text).lower().split())


class Words:
    """What offices write for the choices of a field: labels, in both languages, and `others`."""

    def __init__(self, choices, others=None):
        self.choices, self.others = choices, others or {}

    @cached_property
    def known(self):
        found = {value: value for value in self.choices.values}
        for language in LANGUAGES:
            with override(language):
                found |= {folded(label): value for value, label in self.choices.choices}
        return found | self.others

    def find(self, text):
        """The choice that a text names; None when it is none of them."""
        return self.known.get(folded(text))

    def reader(self, reason):
        """A Source's `read`: blank stays blank, an unknown word is refused under `reason`."""

        def read(cell, desk):
            text = text_of(cell)
            found = self.find(text) if text else ""
            if found is None:
                known = ", ".join(str(label) for label in self.choices.labels)
                raise ValidationError(
                    _("“%(text)s” is none of these: %(known)s."),
                    reason,
                    {"text": text[:60], "known": known},
                )
            return found

        return read


SEXES = Words(Person.Sex)  # as lists that were taken out name them
OCCUPATIONS = Words(
    Work,
    {
        "tani": Work.FARMER,
        "pekebun": Work.FARMER,
        "irt": Work.HOUSEWIFE,
        "mengurus rumah tangga": Work.HOUSEWIFE,
        "tenun": Work.WEAVER,
        "jualan": Work.TRADER,
        "berdagang": Work.TRADER,
        "peternak": Work.LIVESTOCK,
        "pengrajin": Work.CRAFTSMAN,
        "perajin": Work.CRAFTSMAN,
        "tukang": Work.CRAFTSMAN,
        "pns": Work.CIVIL,
        "asn": Work.CIVIL,
        "pegawai negeri": Work.CIVIL,
        "tni": Work.FORCES,
        "polri": Work.FORCES,
        "kepala desa": Work.VILLAGE,
        "perangkat desa": Work.VILLAGE,
        "pelajar": Work.STUDENT,
        "mahasiswa": Work.STUDENT,
    },
)

COOPERATIVE_KINDS = Words(
    Kind,
    {
        "ksp": Kind.SAVINGS,
        "usp": Kind.SAVINGS,
        "simpan pinjam": Kind.SAVINGS,
        "kredit": Kind.SAVINGS,
        "kopdit": Kind.SAVINGS,
        "konsumsi": Kind.CONSUMER,
        "produksi": Kind.PRODUCER,
        "jasa": Kind.SERVICE,
        "pemasaran": Kind.MARKETING,
        "serba usaha": Kind.MULTI,
        "ksu": Kind.MULTI,
        "kud": Kind.MULTI,
        "unit desa": Kind.MULTI,
    },
)
COOPERATIVE_STATUSES = Words(
    Status,
    {
        "tdk aktif": Status.INACTIVE,
        "non aktif": Status.INACTIVE,
        "nonaktif": Status.INACTIVE,
        "pasif": Status.INACTIVE,
        "beku": Status.FROZEN,
        "bubar": Status.DISSOLVED,
        "dibubarkan": Status.DISSOLVED,
    },
)


def cooperative_kind(cell, desk):
    """What a cooperative does, with or without the word itself: "KSP", "Koperasi Jasa"."""
    text = text_of(cell) or ""
    bare = folded(text).removeprefix("koperasi ")
    return COOPERATIVE_KINDS.find(bare) or COOPERATIVE_KINDS.reader("unknown_kind")(text, desk)


def kind_in_name(name):
    """The kind that the name of a cooperative tells: "KSU Tasi Feto", "Koperasi Jasa Loro"."""
    words = folded(name).removeprefix("koperasi ").replace(".", "").split()
    found = (COOPERATIVE_KINDS.find(" ".join(words[:n])) for n in (2, 1))
    return next(filter(None, found), "")


def status_or_remark(cell, desk):
    """(status, remark) of the column "Ket": whatever is no status is a remark."""
    text = text_of(cell) or ""
    found = COOPERATIVE_STATUSES.find(text) if text else None
    return (found or "", "" if found else text)
