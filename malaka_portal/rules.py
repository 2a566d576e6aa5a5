"""The vocabulary of permissions; each app's rules.py is a table written in it."""

import rules


@rules.predicate
def manages(user, row):
    """`row` belongs to an organisation the user runs: the queryset is the only authority."""
    return row is not None and type(row)._default_manager.managed_by(user).contains(row)


def grants(user, perm):
    """Do the user's groups grant `perm`? (Superusers have every permission.)"""
    return perm in user.get_all_permissions()


@rules.predicate
def within_area(user, row):
    """`row` lies in the area in which the user's groups' rights hold."""
    if row is None or not user.area_id:
        return True
    return type(row)._default_manager.filter(pk=row.pk).within(user.area_id).exists()


def allow(perm, predicate=rules.always_deny):
    """`perm` passes on the rows of their area if the user's groups grant it, and wherever
    `predicate` holds."""
    granted = rules.predicate(lambda user: grants(user, perm), name=f"granted:{perm}")
    rules.add_perm(perm, (granted & within_area) | predicate)


# A file that was brought in: whoever brought it works on it, the office looks and takes back.
allow("malaka_portal.view_import", manages)
allow("malaka_portal.change_import", manages)
allow("malaka_portal.undo_import", manages)

PERSONAL = "cooperatives.view_personal_data"


def shows_person(user, row):
    """May `user` see in `row` what is known of its person today? Not in a closed line which is
    theirs to read by an office alone."""
    return getattr(row, "shows_person", True) or not sees_by_office(user, type(row))


def may_see_personal(user, row):
    """May `user` see the personal columns of `row`: by their groups, or by an office of theirs?"""
    if grants(user, PERSONAL):
        return True
    if not shows_person(user, row):
        return False
    return type(row)._default_manager.seen_by(user).filter(pk=row.pk).exists()


def may_see_personal_in(user, model):
    """The same for a whole list of `model`: rows seen by an office, not by a group alone. Rows
    that do not show their person (`shows_person`) keep such columns blank."""
    return grants(user, PERSONAL) or sees_by_office(user, model)


def sees_by_office(user, model):
    """Does `user` see rows of `model` by an office alone, and not by a group?"""
    opts = model._meta
    by_group = grants(user, f"{opts.app_label}.view_{opts.model_name}")
    return not by_group and not grants(user, PERSONAL)
