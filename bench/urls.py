"""The portal's addresses, the floor and the peers' pages."""

from django.http import HttpResponse
from django.urls import path

from bench.peers.views import PaginatorView, site
from malaka_portal.urls import handler400, urlpatterns

__all__ = ["handler400", "urlpatterns"]


def floor(request):
    """The least that a page of somebody signed in can cost: the session and the user are read."""
    return HttpResponse(str(request.user.pk))


urlpatterns = [
    *urlpatterns,
    path("bench/floor/", floor),
    path("bench/list/", PaginatorView.as_view()),
    path("bench/admin/", site.urls),
]
