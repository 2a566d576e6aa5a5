"""What Django has no setting for: response headers, and who must sign in."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse

from malaka_portal.submissions import QUEUED


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends strangers to the sign-in page, except a phone's queue, which gets a plain 401."""

    def handle_no_permission(self, request, view_func):
        if QUEUED in request.headers:
            return HttpResponse(status=401)
        if request.method == "POST":
            request.session["not_saved"] = True
        return super().handle_no_permission(request, view_func)


class IsolationHeadersMiddleware:
    """Keeps other sites from embedding our answers, pages from asking for sensors, and search
    engines from showing what is no public page (see `visitors.public_page`)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=()"
        )
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        if request.resolver_match and not getattr(response, "may_be_indexed", False):
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response
