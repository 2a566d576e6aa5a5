"""Signing in and out, and one's own account."""

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash, views
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy, translate_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from malaka_portal import sessions, throttle
from malaka_portal.forms import AccountForm, SignInForm


class SignInView(views.LoginView):
    """One step today. A second factor for staff would stand between `form_valid` and `login`."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get(self, request, *args, **kwargs):
        sessions.explain_end(request)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form):
        user = form.get_user()
        login(self.request, user)
        sessions.begin(self.request, own_phone=form.cleaned_data["own_phone"])
        response = redirect(self.destination(user))
        throttle.remember_device(response, user.get_username())
        return response

    def destination(self, user):
        return self.get_redirect_url() or translate_url(reverse("dashboard"), user.language)


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
