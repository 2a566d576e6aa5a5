"""How long a list is when it is too long to be counted for every page: from the summaries."""

from django.core.exceptions import EmptyResultSet

from cooperatives.models import RegionSummary, whole_region
from malaka_portal.lists import KnownCount


def chosen(view):
    """{filter: value} of the filters in use; None where a search narrows the list too."""
    if view.search_text:
        return None
    return {item.name: value for item, value in view.filter_form.active}


def rolled_up(view, columns):
    """The sum of `columns` of the summary of the nation or a province; None for a user who sees
    less than all rows of either."""
    region = whole_region(view.request.user, view.queryset.model)
    if region is None:
        return None
    row = f"FROM {RegionSummary._meta.db_table} WHERE region_id IS NOT DISTINCT FROM %s"
    sum_of = f"SELECT {' + '.join(columns)} {row}"
    return KnownCount(sum_of, (region or None,), f"SELECT as_of {row}")


def summed(summaries, columns):
    """The sum of `columns` over these summaries, as it is at this moment."""
    try:
        sql, params = summaries.order_by().values(*columns).query.sql_with_params()
    except EmptyResultSet:
        return KnownCount("SELECT 0")
    return KnownCount(f"SELECT sum({' + '.join(columns)}) FROM ({sql}) AS summed", params)


def counted(view, columns):
    """The same, or for a smaller area or a cooperative the rows themselves, all of them."""
    if region := rolled_up(view, columns):
        return region
    try:
        sql, params = view.rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return KnownCount("SELECT 0")
    return KnownCount(f"SELECT count(*) FROM ({sql}) AS listed", params)
