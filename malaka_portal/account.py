"""Signing in and out, and one's own account."""

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash, views
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy, translate_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from malaka_portal import invitations, sessions, throttle
from malaka_portal.forms import AccountForm, InvitationForm, SignInForm

# Invited accounts have a password of their own, so their sessions belong to Django's own backend.
PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"
INVITATION_REFUSED = gettext_lazy(
    "This name and code do not match, the code was used or is too old, or there were too many "
    "attempts. Check them, try again in a few minutes, or ask the office for a new code."
)


def open_session(request, user, *, own_phone, to, backend=None):
    """Sign `user` in under the session policy and send them to the address `to`."""
    login(request, user, backend=backend)
    sessions.begin(request, own_phone=own_phone)
    response = redirect(to)
    throttle.remember_device(response, user.get_username())
    return response


def home(user):
    """The home page in the language of the account."""
    return translate_url(reverse("dashboard"), user.language)


class SignInView(views.LoginView):
    """One step today. A second factor for staff would stand between `form_valid` and `login`."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get(self, request, *args, **kwargs):
        sessions.explain_end(request)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form):
        user = form.get_user()
        return open_session(
            self.request,
            user,
            own_phone=form.cleaned_data["own_phone"],
            to=self.get_redirect_url() or home(user),
        )


@sensitive_post_parameters()
@never_cache
@login_not_required
def invitation(request):
    """Trade a code from the office for a password of one's own; public, so throttled."""
    form = InvitationForm(request.POST or None)
    user = accept_invitation(request, form) if form.is_valid() else None
    if user is None:
        return render(request, "malaka_portal/invitation.html", {"form": form})
    messages.success(request, _("Welcome! Your password is set. From now on sign in with it."))
    return open_session(
        request,
        user,
        own_phone=form.cleaned_data["own_phone"],
        to=home(user),
        backend=PASSWORD_BACKEND,
    )


def accept_invitation(request, form):
    """The user whose invitation the form has just used up, or None and the form says why."""
    data = form.cleaned_data
    counted_as = f"invitation:{data['username']}"  # no user name has a colon: a count of its own
    if throttle.must_wait(request, counted_as):
        form.add_error(None, INVITATION_REFUSED)
        return None
    try:
        user = invitations.accept(data["username"], data["code"], data["new_password1"])
    except invitations.NoSuchInvitation:
        throttle.add_failure(request, counted_as)
        form.add_error(None, INVITATION_REFUSED)
    except ValidationError as error:
        form.add_error("new_password1", error)
    else:
        throttle.forget(request, counted_as)
        return user
    return None


class SignOutView(views.LogoutView):
    """Also tells the browser to forget what it kept, since phones are shared."""

    def post(self, request, *args, **kwargs):
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class PasswordView(views.PasswordChangeView):
    template_name = "malaka_portal/account_password.html"
    success_url = reverse_lazy("account")

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.use_required_attribute = False
        return form

    def form_valid(self, form):
        response = super().form_valid(form)
        messages.success(self.request, _("Your password is changed."))
        return response


def account(request):
    form = AccountForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect(translate_url(reverse("account"), form.cleaned_data["language"]))
    return render(request, "malaka_portal/account.html", {"form": form})


@require_POST
def end_sessions(request):
    """Every other browser is signed out; this one stays."""
    request.user.end_all_sessions()
    update_session_auth_hash(request, request.user)
    messages.success(request, _("All your other sessions have ended."))
    return redirect("account")
