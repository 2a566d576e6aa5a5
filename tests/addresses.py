"""Every address of the portal, from the URLconf itself."""

from django.urls import URLResolver, get_resolver


def patterns(resolver=None, prefix=""):
    """(name with its namespace, pattern) of every address but the admin's own."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if not isinstance(pattern, URLResolver):
            yield f"{prefix}{pattern.name}", pattern
        elif pattern.namespace != "admin":
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from patterns(pattern, inner)


def views():
    """{name: view} of every address."""
    return {name: pattern.callback for name, pattern in patterns()}


def is_open(view):
    """May everybody open it, without signing in?"""
    return not getattr(view, "login_required", True)


def naming_a_row():
    return {name: p.callback for name, p in patterns() if "pk" in p.pattern.converters}


def with_a_row():
    """{name: view} of every address that names a row by its number, for those who have signed in:
    tests/test_matrix.py."""
    return {name: view for name, view in naming_a_row().items() if not is_open(view)}


def open_with_a_row():
    """The same for the pages that everybody may open; they show published rows only."""
    return {name: view for name, view in naming_a_row().items() if is_open(view)}


def with_a_permission():
    """{name: permission} of every address without a row that asks for one."""
    rest = {name: view for name, view in views().items() if name not in naming_a_row()}
    found = {name: getattr(view, "view_class", view) for name, view in rest.items()}
    return {
        name: view.permission_required
        for name, view in found.items()
        if getattr(view, "permission_required", None)
    }
