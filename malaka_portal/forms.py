"""Forms of the portal."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from malaka_portal.models import User


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
    own_phone = forms.BooleanField(
        label=_("This is my own phone"),
        required=False,
        help_text=_("Leave empty on a phone or computer that others use too."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = _("Enter your user name.")
        self.fields["password"].error_messages["required"] = _("Enter your password.")


class AccountForm(forms.ModelForm):
    """What users may change of their own account."""

    use_required_attribute = False

    class Meta:
        model = User
        fields = ["language"]
