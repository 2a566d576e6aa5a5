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


PERSONAL = "cooperatives.view_personal_data"


def may_see_personal(user, row):
    """May `user` see the personal columns of `row`: by their groups, or by an office of theirs?"""
    if grants(user, PERSONAL):
        return True
    return type(row)._default_manager.seen_by(user).filter(pk=row.pk).exists()


def may_see_personal_in(user, model):
    """The same for a whole list of `model`: rows seen by an office, not by a group alone."""
    opts = model._meta
    by_group = grants(user, f"{opts.app_label}.view_{opts.model_name}")
    return grants(user, PERSONAL) or not by_group
