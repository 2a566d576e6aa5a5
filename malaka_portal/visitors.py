"""Pages for everybody: who may open them, who may keep a copy, and what search engines may show."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import patch_cache_control

FRESH = 60  # seconds for which a copy may be shown again without asking


def public_page(view):
    """Decorate a view that everybody may open and that shows nothing of whoever opens it.

    A visitor's copy is kept for a minute and then compared by its ETag, which costs no bytes;
    whoever is signed in gets it anew each time. All other pages carry `X-Robots-Tag: noindex`.
    """

    @login_not_required
    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.user.is_authenticated or response.status_code not in (200, 304):
            return response
        if hasattr(response, "render"):
            response = response.render()
        response = ConditionalGetMiddleware(lambda request, found=response: found)(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=FRESH)
        response.may_be_indexed = True
        return response

    return answer


def private_address(view):
    """Decorate a page under a secret address: nobody keeps it, and no link tells where it is."""

    @login_not_required
    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return answer
