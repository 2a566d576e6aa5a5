"""The back office (Django's admin): its doors are the portal's own.

Signing in, signing out and changing the password each happen in one place, so that the throttle
and the session policy have no second door.
"""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from malaka_portal.account import SignOutView


class BackOfficeSite(admin.AdminSite):
    site_header = site_title = "Portal Malaka"

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request, extra_context=None):
        """Sends strangers to the portal's sign-in page; whoever may not enter gets a page."""
        index = reverse("admin:index")
        if self.has_permission(request):
            return redirect(index)
        if request.user.is_authenticated:
            raise PermissionDenied  # to the sign-in page it would go round in circles
        return redirect_to_login(request.GET.get("next") or index, reverse("login"))

    def logout(self, request, extra_context=None):
        return SignOutView.as_view()(request)

    def password_change(self, request, extra_context=None):
        return redirect("account-password")
