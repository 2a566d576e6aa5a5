"""A form field that finds a village by what people call it."""

from collections import Counter

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from malaka_portal.models import Region

REGENCY_LENGTH = 5  # characters of a regency's code, "53.21"
MALAKA = "53.21"


class DatalistInput(forms.TextInput):
    """A text input with suggestions; without script and on any phone it is still a text input."""

    template_name = "malaka_portal/widgets/datalist.html"

    def __init__(self, *, suggestions, attrs=None):
        super().__init__(attrs)
        self.suggestions = suggestions

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id', name)}_list"
        context["widget"]["attrs"]["list"] = list_id
        return context | {"list_id": list_id, "suggestions": self.suggestions()}


class VillageFormField(forms.CharField):
    """A village by name, spelling variant or code; `Umalawain (Weliman)` where names repeat.

    Names are looked up in `regency` (a code, Malaka by default) and codes everywhere. The value is
    a Region, None when blank.
    """

    def __init__(self, *, regency=MALAKA, **kwargs):
        self.regency = regency
        kwargs.setdefault("label", _("Village"))
        kwargs.setdefault("help_text", _("Type the first letters and choose."))
        kwargs["widget"] = DatalistInput(
            suggestions=self.suggestions, attrs={"autocomplete": "off"}
        )
        super().__init__(**kwargs)

    def villages(self):
        found = Region.objects.current().villages().below(self.regency)
        return found.select_related("parent").order_by("name", "code")

    def suggestions(self):
        """Names, with the district where a name repeats: short enough for a phone's list."""
        villages = list(self.villages())
        times = Counter(village.name for village in villages)
        return [v.name if times[v.name] == 1 else full_name(v) for v in villages]

    def prepare_value(self, value):
        if isinstance(value, Region):
            return full_name(value)
        if isinstance(value, str) and value.count(".") == 3:
            village = Region.objects.select_related("parent").filter(pk=value).first()
            return full_name(village) if village else value
        return value

    def to_python(self, value):
        text = " ".join(super().to_python(value).split())
        if not text:
            return None
        # the database knows no NUL; whoever sends one finds nothing
        found = [] if "\0" in text else list(self.matches(text))
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(
                _("There is no village “%(text)s” here. Choose one from the list."),
                "village_unknown",
                {"text": text},
            )
        raise ValidationError(
            _("Several villages have this name. Write one of: %(names)s."),
            "village_ambiguous",
            {"names": "; ".join(full_name(village) for village in found[:5])},
        )

    def matches(self, text):
        everywhere = Region.objects.villages().select_related("parent")
        if text.count(".") == 3:
            return everywhere.filter(code=text)
        name, _open, district = text.partition(" (")
        named = Q(name__iexact=name) | Q(aliases__name__iexact=name)
        found = self.villages().filter(named).distinct()
        if district:
            found = found.filter(parent__name__iexact=district.rstrip(")"))
        return found

    def has_changed(self, initial, data):
        try:
            village = self.to_python(data or "")
        except ValidationError:
            return True
        return (village.pk if village else "") != (getattr(initial, "pk", initial) or "")


def full_name(village):
    """`Wehali (Malaka Tengah)`: names repeat between districts."""
    return f"{village.name} ({village.parent.name})"
