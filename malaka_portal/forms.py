"""Forms of the portal."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordMixin, UsernameField
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _

from malaka_portal.changes import in_wita, in_words, last_change, state_at
from malaka_portal.models import User


def own_phone_field():
    return forms.BooleanField(
        label=_("This is my own phone"),
        required=False,
        help_text=_("Leave empty on a phone or computer that others use too."),
    )


class SignInForm(AuthenticationForm):
    """Name, password, and whether the phone is one's own."""

    use_required_attribute = False
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "This name and password do not match, or there were too many attempts. "
            "Check them, and try again in a few minutes."
        ),
    }
    own_phone = own_phone_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = _("Enter your user name.")
        self.fields["password"].error_messages["required"] = _("Enter your password.")


class InvitationForm(SetPasswordMixin, forms.Form):
    """The code that staff handed over, and the password it is traded for.

    The password is checked against the name as typed; what else the account says about its owner
    is compared only once the code has proved right, lest this page tell who has an account.
    """

    use_required_attribute = False
    username = UsernameField(
        label=_("User name"),
        error_messages={"required": _("Enter your user name.")},
        max_length=150,
    )
    code = forms.CharField(
        label=_("Invitation code"),
        max_length=40,
        help_text=_("10 letters and digits, as ACDEF-34679. Small letters will do."),
        error_messages={"required": _("Enter the code that you were given.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    new_password1, new_password2 = SetPasswordMixin.create_password_fields(
        label1=_("New password"), label2=_("New password, once more")
    )
    own_phone = own_phone_field()

    def clean(self):
        self.validate_passwords("new_password1", "new_password2")
        typed = User(username=self.cleaned_data.get("username", ""))
        self.validate_password_for_user(typed, "new_password1")
        return super().clean()


class AccountForm(forms.ModelForm):
    """What users may change of their own account."""

    use_required_attribute = False

    class Meta:
        model = User
        fields = ["language"]


NO_CHOICE = ("", "–")


class PortalForm(forms.ModelForm):
    """A form of the portal's pages.

    Fixed fields come from the address, never from the browser. They stay fields, so that the
    constraints that name them are checked (a ModelForm skips constraints on excluded fields).
    """

    use_required_attribute = False
    fixed_fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # not a ModelChoiceField: a look at its choices would load the whole table
            if isinstance(field, forms.TypedChoiceField) and field.choices[:1] == BLANK_CHOICE_DASH:
                field.choices = [NO_CHOICE, *field.choices[1:]]
        for name in self.fixed_fields:
            self.fields[name].disabled = True
            self.fields[name].widget = forms.HiddenInput()

    def validate_unique(self):
        """Also the constraints that name columns which the form does not show, if they are set."""
        super().validate_unique()
        if self.errors:
            return
        unset = {
            field.name
            for field in self.instance._meta.local_fields
            if field.generated  # by the database, so not yet
            or (not field.null and getattr(self.instance, field.attname) is None)
        }
        try:
            self.instance.validate_constraints(exclude=unset)
        except ValidationError as error:
            self.add_error(None, error.messages)

    def save(self, commit=True):
        """ValidationError when a row that was saved meanwhile stands in the way."""
        try:
            with transaction.atomic():
                return super().save(commit)
        except IntegrityError as error:
            raise ValidationError(violation_message(self.instance, error)) from None


def violation_message(row, error):
    """The sentence of the constraint that the database found broken.

    A trigger that refuses names a constraint too; its sentence stands in the model's
    `trigger_messages`.
    """
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if sentence := getattr(row, "trigger_messages", {}).get(name):
        return sentence
    for constraint in row._meta.constraints:
        if constraint.name == name:
            return constraint.get_violation_error_message()
    return _("Somebody saved the same thing at this moment. Look at it, then try again.")


class VersionedForm(PortalForm):
    """A form that notices when somebody else saved the row after it was opened.

    The portal's pages and the back office share it. The row must have been read with
    `select_for_update`. The second editor sees, at each field that differs, what is stored now
    beside what they typed; saving again is then their decision.
    """

    _versi = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = {name: self[name].initial for name in self.shown_fields()}
        self.stored_version = self.instance.version
        if self.instance.pk:
            self.fields["_versi"].initial = self.stored_version
        else:
            del self.fields["_versi"]

    def shown_fields(self):
        columns = {field.name for field in self.instance._meta.fields}
        return [name for name in self.fields if name in columns]

    def clean(self):
        cleaned = super().clean()
        opened = cleaned.get("_versi")
        if self.instance.pk and opened != self.stored_version:
            seen = state_at(self.instance, opened)
            self.take_over_untouched(seen)
            self.tell_conflict(seen)
        return self.cleaned_data

    def take_over_untouched(self, seen):
        """Fields that this editor left as they were keep what somebody else has stored since.

        `seen` is the event of the version that this editor opened; None when it is not known.
        """
        self.data = self.data.copy()
        for name in self.shown_fields() if seen else []:
            field, kept = self.fields[name], self.instance._meta.get_field(name)
            before = getattr(seen, kept.attname)
            if name in self.cleaned_data and not field.has_changed(before, self[name].data):
                self.cleaned_data[name] = getattr(self.instance, name)
                shown = field.prepare_value(self.stored[name])
                if isinstance(shown, list):  # several ticks
                    self.data.setlist(self.add_prefix(name), shown)
                else:
                    self.data[self.add_prefix(name)] = "" if shown is None else shown

    def tell_conflict(self, seen):
        """Mark the fields that both editors changed, unlike; there are none: nothing is lost."""
        differing = [
            name
            for name in self.shown_fields()
            if self.differs(name) and self.changed_since(seen, name)
        ]
        # whoever sends the form again has seen the stored values
        self.data[self.add_prefix("_versi")] = self.stored_version
        if not differing:
            return
        who, when = last_change(self.instance)
        self.add_error(
            None,
            ValidationError(
                _(
                    "%(who)s changed this at %(when)s, after you opened it. Compare the marked "
                    "fields, mend them and save again."
                ),
                "edit_conflict",
                {"who": who or _("Somebody"), "when": in_wita(when)},
            ),
        )
        for name in differing:
            self.add_error(
                name,
                ValidationError(_("Stored now: %(value)s"), params={"value": self.spell(name)}),
            )

    def changed_since(self, seen, name):
        """Has somebody else changed the field since `seen`, the state that this editor opened?"""
        if seen is None:
            return True
        column = self.instance._meta.get_field(name).attname
        return getattr(self.instance, column) != getattr(seen, column)

    def differs(self, name):
        """Does what was typed differ from what is stored? Unreadable input has its own error."""
        if name not in self.cleaned_data:
            return False
        field = self.fields[name]
        return field.has_changed(self.stored[name], self[name].data)

    def spell(self, name):
        """The stored value of a field as people write it."""
        field = self.instance._meta.get_field(name)
        if field.is_relation:
            related = field.remote_field.model._default_manager.filter(pk=self.stored[name])
            return str(related.first() or "–")
        return in_words(field, self.stored[name], {})
