"""Form fields that find a row by what people call it: never a list of thousands to choose from.

They are text inputs, so they work without script and on any phone. Where several rows fit, the
error names them, and the input offers them.
"""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Cooperative, IndustryCode, Member, Person
from malaka_portal.identity_numbers import bare_digits
from malaka_portal.names import NameKey, search_words
from malaka_portal.villages import DatalistInput

OFFERED = 6  # rows that an error names
LONGEST_TEXT = 250  # characters: a name, its village and its number
LONGEST_NUMBER = 13  # digits; more is a NIK


class RowFormField(forms.CharField):
    """One row of `model`, None when blank. A subclass says how it is found and called.

    A form's __init__ calls `choose_for(user, known=...)`: only rows in the user's sight are found,
    and `known`, the row that is stored, which stays whoever looks at it.
    """

    model = None
    user = known = None
    not_found = _("Nothing is recorded under this name. Check the spelling.")
    unclear = _("Several fit. Write one of: %(names)s.")

    def __init__(self, **kwargs):
        kwargs["widget"] = DatalistInput(
            suggestions=list, attrs={"autocomplete": "off", "maxlength": LONGEST_TEXT}
        )
        super().__init__(**kwargs)

    def choose_for(self, user, *, known=None):
        self.user, self.known, self.offered = user, known, []
        self.widget.suggestions = self.suggestions

    def suggestions(self):
        return self.offered

    def rows(self):
        return self.model.objects.visible_to(self.user).listed()

    def label_of(self, row):
        return str(row)

    def find(self, text):
        """The rows that `text` may mean, at most OFFERED of them."""
        raise NotImplementedError

    def stored_row(self, pk):
        if self.known is not None and self.known.pk == pk:
            return self.known
        return self.model.objects.filter(pk=pk).first()

    def prepare_value(self, value):
        row = self.stored_row(value) if isinstance(value, int) else value
        return self.label_of(row) if isinstance(row, self.model) else row

    def to_python(self, value):
        text = " ".join(super().to_python(value).split())[:LONGEST_TEXT]
        if not text:
            return None
        if self.known is not None and text == self.label_of(self.known):
            return self.known
        # the database knows no NUL; whoever sends one finds nothing
        found = [] if "\0" in text else list(self.find(text)[:OFFERED])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(self.not_found, "not_found")
        self.offered = [self.label_of(row) for row in found]
        raise ValidationError(self.unclear, "unclear", {"names": "; ".join(self.offered)})

    def has_changed(self, initial, data):
        try:
            row = self.to_python(data or "")
        except ValidationError:
            return True
        return (row.pk if row else None) != getattr(initial, "pk", initial)


class PersonFormField(RowFormField):
    """Somebody on record: by name, by member number, or as `Maria Bria (Wehali, no. 12)`."""

    model = Person
    not_found = _(
        "Nobody of this name is on record whom you may see. Check the spelling, or record the "
        "person first."
    )
    numbered = re.compile(r"no\. ([0-9]{1,9})\)$")

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("The name as it is recorded, or the member number."))
        super().__init__(**kwargs)

    def rows(self):
        return super().rows().current().select_related("village")

    def label_of(self, person):
        """Names repeat, also in one village: the number of the record does not."""
        place = f"{person.village.name}, " if person.village else ""
        return f"{person.name} ({place}no. {person.pk})"

    def to_python(self, value):
        if sum(c.isdigit() for c in str(value or "")) > LONGEST_NUMBER:
            raise ValidationError(
                _("No NIK here. Write the name or the member number."), "nik_in_text"
            )
        return super().to_python(value)

    def find(self, text):
        people = self.rows()
        if numbered := self.numbered.search(text):
            return people.filter(pk=numbered[1])
        lines = Member.objects.visible_to(self.user).listed().current().filter(number__iexact=text)
        same = people.filter(pk__in=list(lines.values_list("person_id", flat=True)[:OFFERED]))
        return (
            list(same)
            or list(people.filter(name_key=NameKey(Value(text)))[:OFFERED])
            or search_words(people, text)
        )


class CooperativeFormField(RowFormField):
    """A cooperative by its name or its NIK Koperasi."""

    model = Cooperative
    unclear = _("Write the whole name of one cooperative. Found: %(names)s.")
    not_found = _("No cooperative of this name is recorded that you may see. Check the spelling.")

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Cooperative"))
        kwargs.setdefault("help_text", _("Its name or its NIK Koperasi."))
        super().__init__(**kwargs)

    def label_of(self, cooperative):
        number = cooperative.registry_number
        return f"{cooperative.name} ({number})" if number else cooperative.name

    def find(self, text):
        name, _open, number = text.rpartition(" (")
        same = Q(name__iexact=text)
        if digits := bare_digits(text) or (name and bare_digits(number.rstrip(")"))):
            same |= Q(registry_number=digits)
        return list(self.rows().filter(same)[:OFFERED]) or search_words(self.rows(), text)


class IndustryCodeFormField(RowFormField):
    """A KBLI code by its five digits, its title, or words of the title.

    A code that stands in both versions means the newer one, unless the version is written too.
    """

    model = IndustryCode
    not_found = _("This KBLI code is not known here. Choose one from the list.")

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Business classification (KBLI)"))
        kwargs.setdefault("help_text", _("Type the code or a word, and choose."))
        super().__init__(**kwargs)

    def suggestions(self):
        return [self.label_of(row) for row in self.rows()[:200]]

    def find(self, text):
        code, _blank, rest = text.partition(" ")
        if len(code) == 5 and code.isdecimal():
            rows = self.rows().filter(code=code).order_by("-classification")
            return [row for row in rows if rest and str(row) == text] or rows[:1]
        exact = self.rows().filter(title__iexact=text).order_by("-classification")[:1]
        return list(exact) or self.rows().filter(title__icontains=text)
