"""Which cooperatives a user runs or may read, by an open term of office. Ids, never subqueries:
a subquery under an ORDER BY defeats the index (design, Decision 1)."""

from django.utils import timezone

BOARD = "board"


def today():
    """The date in Malaka (WITA), by which terms begin and end."""
    return timezone.localdate()


def open_terms(user):
    """(cooperative id, body, role) of the user's open terms; asked once per user object.

    A request loads its user anew, so an ended term ends the access at the next request.
    """
    if not user.is_authenticated:
        return []
    if not hasattr(user, "_open_terms"):
        user._open_terms = list(
            user.offices.open(on=today()).values_list("cooperative_id", "body", "role")
        )
    return user._open_terms


def ids_seen_by(user):
    """The cooperatives whose board or supervisors the user belongs to."""
    return sorted({cooperative for cooperative, _body, _role in open_terms(user)})


def ids_run_by(user):
    """The cooperatives whose board the user belongs to: supervisors read, they do not write."""
    return sorted({cooperative for cooperative, body, _role in open_terms(user) if body == BOARD})


def only(queryset, field, ids):
    """The rows whose `field` is one of `ids`: one literal id, or a list of them."""
    if len(ids) == 1:
        return queryset.filter(**{field: ids[0]})
    return queryset.filter(**{f"{field}__in": ids}) if ids else queryset.none()
