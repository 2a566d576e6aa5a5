"""Nothing is written on a record that was joined into another: the database keeps it for every
door, also while the joining is under way."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperatives import services
from cooperatives.models import Consent, Enterprise, GroupMember, Member, Officer
from malaka_portal.actors import acting
from tests.factories.cooperatives import (
    ConsentFactory,
    CooperativeFactory,
    JoiningFactory,
    MemberFactory,
    OfficerFactory,
    PersonFactory,
)
from tests.factories.enterprises import EnterpriseFactory, GroupMemberFactory
from tests.factories.portal import UserFactory, village

MESSAGE = "This record belongs to another record of the same person. Choose that one."
# model: (its factory, its column, the constraint that its trigger names)
ROWS = {
    Member: (MemberFactory, "person", "cooperatives_member_not_joined"),
    Officer: (OfficerFactory, "person", "cooperatives_officer_not_joined"),
    GroupMember: (GroupMemberFactory, "person", "cooperatives_groupmember_not_joined"),
    Enterprise: (EnterpriseFactory, "owner", "cooperatives_enterprise_owner_not_joined"),
    Consent: (ConsentFactory, "person", "cooperatives_consent_not_joined"),
}


@pytest.fixture(params=ROWS, ids=lambda model: model.__name__)
def model(request):
    return request.param


def refused(act):
    """The constraint that the database names when it refuses the act."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    return caught.value.__cause__.diag.constraint_name


@pytest.mark.django_db
def test_no_row_comes_to_a_joined_record(model):
    factory, column, name = ROWS[model]
    joined = JoiningFactory().duplicate

    assert refused(lambda: factory(**{column: joined})) == name
    assert str(model.trigger_messages[name]) == _(MESSAGE)


@pytest.mark.django_db
def test_no_row_is_moved_to_a_joined_record(model):
    factory, column, name = ROWS[model]
    row, joining = factory(), JoiningFactory()
    rows = model.objects.filter(pk=row.pk)

    assert refused(lambda: rows.update(**{column: joining.duplicate})) == name
    assert rows.update(**{column: joining.survivor}) == 1


@pytest.mark.django_db
def test_the_back_office_says_whose_the_record_is(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    response = client.post(
        reverse("admin:cooperatives_officer_add"),
        {
            "cooperative": CooperativeFactory().pk,
            "person": JoiningFactory().duplicate.pk,
            "body": "board",
            "role": "chair",
            "started_on": "2-1-2024",
        },
    )

    assert response.status_code == 200
    assert response.context["adminform"].form.non_field_errors() == [_(MESSAGE)]


# --- while two records are joined -----------------------------------------------------------------
def while_joining(write, *, joining_first):
    """`write` a row on the duplicate while it is joined and neither has committed; returns (errors,
    the id of whose record stays)."""
    place, by = village(), UserFactory()
    duplicate, survivor = (PersonFactory(name="Maria Bria", village=place) for _number in range(2))
    begun, failed = threading.Event(), []

    def join():
        services.join_people(duplicate=duplicate, survivor=survivor, by=by)

    def run(act, is_first):
        try:
            with acting(command="test"), transaction.atomic():
                if not is_first:
                    begun.wait(10)
                act()
                if is_first:
                    begun.set()
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_sleep(0.4)")
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    acts = [(join, joining_first), (lambda: write(duplicate), not joining_first)]
    threads = [threading.Thread(target=run, args=act) for act in acts]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return failed, survivor.pk


def race(model, *, joining_first):
    """(constraints that refused the row, whose the row is: "none", "survivor" or "joined")"""
    factory, column, _name = ROWS[model]
    others = {
        Member: {"cooperative": CooperativeFactory},
        Officer: {"cooperative": CooperativeFactory, "user": UserFactory},
        GroupMember: {"enterprise": lambda: EnterpriseFactory(kind="weavers")},
        Enterprise: {"village": village},
        Consent: {"given_on": lambda: date(2024, 1, 2)},
    }[model]
    made = {name: make() for name, make in others.items()}
    before = set(model.objects.values_list("pk", flat=True))

    failed, survivor = while_joining(
        lambda person: factory(**{column: person}, **made), joining_first=joining_first
    )
    row = model.objects.exclude(pk__in=before).first()
    whose = "none"
    if row:
        whose = "survivor" if getattr(row, f"{column}_id") == survivor else "joined"
    return [error.__cause__.diag.constraint_name for error in failed], whose


@pytest.mark.django_db(transaction=True)
def test_a_row_that_comes_before_the_joining_goes_along(model):
    assert race(model, joining_first=False) == ([], "survivor")


@pytest.mark.django_db(transaction=True)
def test_a_row_that_comes_after_the_joining_is_refused(model):
    assert race(model, joining_first=True) == ([ROWS[model][2]], "none")


@pytest.mark.django_db(transaction=True)
def test_control_without_the_trigger_the_row_is_on_the_joined_record(model):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s",
            [table, "%not_joined_insert%"],
        )
        name = cursor.fetchone()[0]
        try:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
            found = race(model, joining_first=True)
        finally:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")

    assert found == ([], "joined")
