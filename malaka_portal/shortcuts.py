"""For views that are functions."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404


def get_permitted_or_404(queryset, user, perm, **lookup):
    """The row: 404 when it is out of sight, 403 when the act is refused."""
    row = get_object_or_404(queryset.visible_to(user), **lookup)
    if not user.has_perm(perm, row):
        raise PermissionDenied
    return row


def on_row(queryset, perm):
    """Decorate `view(request, row)`: `row` is the one of `queryset` in the address, if it may be.

    What it asks stands on the view as `model` and `permission_required`, as on a class-based one.
    """

    def decorate(view):
        @wraps(view)
        def answer(request, pk):
            return view(request, get_permitted_or_404(queryset.all(), request.user, perm, pk=pk))

        answer.model, answer.permission_required = queryset.model, perm
        return answer

    return decorate
