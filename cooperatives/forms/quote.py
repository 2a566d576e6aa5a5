"""What a visitor asks a cooperative for, and what the cooperative answers."""

import time

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from cooperatives.models import QuoteRequest, access
from malaka_portal.fields import CountFormField, PortalDateFormField
from malaka_portal.forms import PortalForm, VersionedForm
from malaka_portal.identity_numbers import refuse_national_id

FASTEST = 3  # seconds: nobody fills in the form in less, but a program does
STAMP = "cooperatives.quote.opened_at"
MOST = 1_000_000  # pieces of one thing
TRAP = "kosongkan"  # a name that neither browsers nor keepers of passwords know how to fill in


class QuantityFormField(CountFormField):
    """From 1 to a million pieces."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.validators += [
            MinValueValidator(1, _("Ask for one at least.")),
            MaxValueValidator(MOST, _("That is too many. Write what you need first.")),
        ]


class QuoteRequestForm(PortalForm):
    """One sheet for a visitor without an account, with two catches for programs.

    The box `TRAP` is out of everybody's sight: mostly a program fills it in, but a browser may have
    done so for somebody. `opened_at` is the signed moment of the form's rendering. A form with the
    box filled in, or one that comes back at once, is not saved: it says so, and can be sent again.
    """

    quantity = QuantityFormField(label=_("How many"))
    needed_by = PortalDateFormField(label=_("Needed by"), required=False, earliest=access.today)
    kosongkan = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    opened_at = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = QuoteRequest
        fields = [
            "what",
            "quantity",
            "unit",
            "needed_by",
            "contact_name",
            "contact_phone",
            "message",
        ]
        widgets = {"message": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "what": _("For example: red shawls, woven, 60 x 200 cm."),
            "contact_phone": _("The answer goes to this number. For example 0812-3456-7890."),
        }
        error_messages = {
            "what": {"required": _("Write what you need.")},
            "contact_name": {"required": _("Write your name.")},
            "contact_phone": {"required": _("Write the number to which the answer goes.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("what", "contact_name", "message"):
            self.fields[name].validators.append(refuse_national_id)
        self.fields["quantity"].error_messages["required"] = _("Write how many you need.")
        # these are the visitor's own: the browser may offer them
        self.fields["contact_name"].widget.attrs["autocomplete"] = "name"
        self.fields["contact_phone"].widget.attrs["autocomplete"] = "tel"
        self.fields["opened_at"].initial = stamp()

    @property
    def shown_fields(self):
        """The fields that people see, in their order."""
        return [self[name] for name in self._meta.fields]

    def clean(self):
        cleaned = super().clean()
        is_trapped = bool(self.data.get(TRAP))
        opened = read_stamp(self.data.get("opened_at", ""))
        if is_trapped:
            self.show_again(TRAP, "")
        if opened is None:
            self.show_again("opened_at", stamp())
        if self.errors:  # whoever has something to mend sends it again anyway
            return cleaned
        if is_trapped:
            raise ValidationError(
                _(
                    "Not sent yet: a box that nobody sees was filled in, perhaps by your browser. "
                    "We have emptied it. Look at your request, then send it again."
                ),
                "trapped",
            )
        if opened is None or time.time() - opened < FASTEST:
            raise ValidationError(
                _("This was sent faster than people write. Look at it, then send it again."),
                "too_fast",
            )
        return cleaned

    def show_again(self, name, value):
        """Let the form hold `value` when it is shown again."""
        self.data = self.data.copy()
        self.data[name] = value


def stamp():
    """This moment, signed."""
    return signing.dumps(time.time(), salt=STAMP)


def read_stamp(text):
    """The moment of a stamp in seconds; None when we did not write it."""
    try:
        return signing.loads(text, salt=STAMP)
    except signing.BadSignature:
        return None


ANSWERS = [c for c in QuoteRequest.Status.choices if c[0] != QuoteRequest.Status.NEW]
BUYER_READS = _("Price, how many and when. The buyer reads this on their own page.")


def check_words(form, status):
    """Whoever answers, and does not decline, says something."""
    given = status == QuoteRequest.Status.ANSWERED
    if given and not form.cleaned_data.get("answer") and "answer" not in form.errors:
        form.add_error("answer", _("Write what you answer: price, how many and when."))


class AnswerForm(forms.Form):
    """What a cooperative says to a request; one of `act`'s three buttons sends it."""

    use_required_attribute = False
    quiet_labels = True  # whether the words are needed depends on the button
    answer = forms.CharField(
        label=_("Answer"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[refuse_national_id],
        help_text=BUYER_READS,
    )
    act = forms.ChoiceField(
        choices=ANSWERS,
        error_messages={"required": _("Press one of the three buttons.")},
    )

    def clean(self):
        cleaned = super().clean()
        check_words(self, cleaned.get("act"))
        return cleaned


class CorrectionForm(VersionedForm):
    """Another answer in place of one that was given; the history keeps that.

    `user` signs it. Sent unchanged, it leaves the first answer with its time.
    """

    field_order = ["status", "answer"]
    quiet_labels = True  # whether the words are needed depends on the status
    status = forms.ChoiceField(label=_("Status"), choices=ANSWERS, widget=forms.RadioSelect)

    class Meta:
        model = QuoteRequest
        fields = ["answer"]
        widgets = {"answer": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"answer": BUYER_READS}

    def __init__(self, *args, instance, user, **kwargs):
        kwargs["initial"] = (kwargs.get("initial") or {}) | {"status": instance.status}
        super().__init__(*args, instance=instance, **kwargs)
        self.user = user
        self.fields["answer"].validators.append(refuse_national_id)

    def clean(self):
        cleaned = super().clean()
        if self.stored["status"] == QuoteRequest.Status.NEW:
            raise ValidationError(_("Nobody has answered this yet."), "not_answered")
        check_words(self, cleaned.get("status"))
        return cleaned

    def save(self, commit=True):
        given = {name: self.cleaned_data[name] for name in ("status", "answer")}
        if given != self.stored:
            self.instance.close(**given, by=self.user)
        return super().save(commit)
