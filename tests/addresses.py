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


def with_a_row():
    """{name: view} of every address that names a row by its number: tests/test_matrix.py."""
    return {name: p.callback for name, p in patterns() if "pk" in p.pattern.converters}


def with_a_permission():
    """{name: permission} of every address without a row that asks for one."""
    rest = {name: view for name, view in views().items() if name not in with_a_row()}
    found = {name: getattr(view, "view_class", view) for name, view in rest.items()}
    return {
        name: view.permission_required
        for name, view in found.items()
        if getattr(view, "permission_required", None)
    }
