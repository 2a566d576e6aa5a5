"""Only a group has members, and with members it stays one: the database keeps it for every door."""

import threading
import uuid
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperatives.models import Enterprise, GroupMember
from malaka_portal.actors import acting
from tests.factories.cooperatives import PersonFactory
from tests.factories.enterprises import EnterpriseFactory, GroupMemberFactory
from tests.factories.portal import UserFactory

OF_A_GROUP = "cooperatives_groupmember_of_a_group"
STAYS = "cooperatives_enterprise_with_members_is_a_group"
LEFT = date(2025, 1, 2)


def refused(act):
    """The constraint that the database names when it refuses the act."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    return caught.value.__cause__.diag.constraint_name


# --- the two rules --------------------------------------------------------------------------------
@pytest.mark.django_db
def test_only_a_group_has_members():
    alone, member = EnterpriseFactory(), GroupMemberFactory()
    joint = GroupMemberFactory(enterprise=EnterpriseFactory(kind="group"))
    company = EnterpriseFactory(kind="company")
    mine = GroupMember.objects.filter(pk=member.pk)

    assert refused(lambda: GroupMemberFactory(enterprise=alone)) == OF_A_GROUP
    assert refused(lambda: GroupMemberFactory(enterprise=company, left_on=LEFT)) == OF_A_GROUP
    assert refused(lambda: mine.update(enterprise=alone)) == OF_A_GROUP
    assert mine.update(enterprise=joint.enterprise) == 1


@pytest.mark.django_db
def test_an_enterprise_with_members_stays_a_group():
    member = GroupMemberFactory()
    kept = Enterprise.objects.filter(pk=member.enterprise_id)

    assert refused(lambda: kept.update(kind="individual")) == STAYS
    assert refused(lambda: kept.update(kind="company")) == STAYS
    assert kept.update(kind="group") == 1

    GroupMember.objects.update(left_on=LEFT)
    assert kept.update(kind="company") == 1
    assert refused(lambda: GroupMember.objects.update(left_on=None)) == OF_A_GROUP
    assert GroupMember.objects.update(role="secretary") == 1  # the line stays to be corrected


@pytest.mark.django_db
def test_of_many_rows_in_one_statement_one_wrong_row_refuses_all():
    groups = EnterpriseFactory.create_batch(2, kind="weavers")
    alone, people = EnterpriseFactory(), PersonFactory.create_batch(3)

    def put(*enterprises):
        rows = zip(enterprises, people, strict=False)
        GroupMember.objects.bulk_create(
            GroupMember(enterprise=enterprise, person=person, joined_on=date(2024, 1, 2))
            for enterprise, person in rows
        )

    assert refused(lambda: put(*groups, alone)) == OF_A_GROUP
    assert GroupMember.objects.count() == 0
    put(*groups)
    assert GroupMember.objects.count() == 2


@pytest.mark.django_db
def test_rows_that_come_by_the_thousand_are_looked_at_once():
    """Bit 0 of `tgtype` marks a trigger that runs for each row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgtype & 1 FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 4 > 0"
            " AND tgrelid = 'cooperatives_groupmember'::regclass"
        )
        assert cursor.fetchall() == [(0,)]


# --- at each door a sentence ----------------------------------------------------------------------
@pytest.fixture
def looked_too_early(monkeypatch):
    """As if the rows had changed between the form's look at them and its saving."""
    monkeypatch.setattr(GroupMember, "clean", lambda row: None)
    monkeypatch.setattr(Enterprise, "clean", lambda row: None)


@pytest.fixture
def root(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def fields_of(response):
    form = response.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, [])}


@pytest.mark.django_db
def test_the_portal_says_that_only_a_group_has_members(root, looked_too_early):
    person = PersonFactory(name="Maria Bria")
    url = reverse("cooperatives:groupmember-create", args=[EnterpriseFactory().pk])
    typed = {"person": person.name, "role": "member", "joined_on": "2-1-2024"}
    response = root.post(url, typed | {"_kunci": str(uuid.uuid4())})

    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [_("Only a group has members.")]


@pytest.mark.django_db
def test_the_portal_says_that_a_group_has_members_still(root, looked_too_early):
    enterprise = GroupMemberFactory().enterprise
    url = reverse("cooperatives:enterprise-update", args=[enterprise.pk])
    form = root.get(url).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in typed.items() if value not in (None, [])}
    response = root.post(url, typed | {"kind": "individual"})

    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [
        _("This group still has members. Record first that they left.")
    ]


@pytest.mark.django_db
def test_the_back_office_says_so_too(root, looked_too_early):
    member, alone = GroupMemberFactory(), EnterpriseFactory()
    added = root.post(
        reverse("admin:cooperatives_groupmember_add"),
        {
            "enterprise": alone.pk,
            "person": PersonFactory().pk,
            "role": "member",
            "joined_on": "2-1-2024",
        },
    )
    url = reverse("admin:cooperatives_enterprise_change", args=[member.enterprise_id])
    changed = root.post(url, fields_of(root.get(url)) | {"kind": "individual"})

    told = [response.context["adminform"].form.non_field_errors() for response in (added, changed)]
    assert told == [
        [_("Only a group has members.")],
        [_("This group still has members. Record first that they left.")],
    ]


# --- two at the same moment -----------------------------------------------------------------------
def at_once(*acts):
    """Each act in a transaction of its own, begun before any of them ends; how many succeeded."""
    ready, done = threading.Barrier(len(acts)), []

    def run(act):
        try:
            with acting(command="test"), transaction.atomic():
                connection.ensure_connection()
                ready.wait(10)
                act()
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(0.3)")
            done.append(act)
        except IntegrityError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return len(done)


def join_and_change():
    """Somebody joins a group while somebody else makes a company of it; how many succeeded, and
    whether the rows contradict each other then."""
    enterprise, person = EnterpriseFactory(kind="weavers"), PersonFactory()
    succeeded = at_once(
        lambda: GroupMemberFactory(enterprise=enterprise, person=person),
        lambda: Enterprise.objects.filter(pk=enterprise.pk).update(kind="company"),
    )
    enterprise.refresh_from_db()
    return succeeded, not enterprise.is_group and enterprise.group_members.exists()


@pytest.mark.django_db(transaction=True)
def test_who_joins_a_group_and_who_changes_its_kind_do_not_both_succeed():
    assert [join_and_change() for _turn in range(4)] == [(1, False)] * 4


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_they_both_succeed():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc, p.oid::regprocedure FROM pg_proc p"
            " JOIN pg_trigger t ON t.tgfoid = p.oid"
            " WHERE t.tgrelid = 'cooperatives_groupmember'::regclass"
            " AND tgname LIKE '%%of_a_group_insert%%'"
        )
        body, name = cursor.fetchone()
        create = "CREATE OR REPLACE FUNCTION {} RETURNS trigger LANGUAGE plpgsql AS $body${}$body$"
        try:
            cursor.execute(create.format(name, body.replace("PERFORM FROM", "-- PERFORM FROM")))
            found = join_and_change()
        finally:
            cursor.execute(create.format(name, body))

    assert found == (2, True)


@pytest.mark.django_db(transaction=True)
def test_two_who_join_a_group_do_not_wait_for_each_other():
    """Both hold the enterprise's row at the same time, and both are in."""
    enterprise, people = EnterpriseFactory(kind="weavers"), PersonFactory.create_batch(2)
    inside = threading.Barrier(2)

    def join(person):
        GroupMemberFactory(enterprise=enterprise, person=person)
        inside.wait(10)

    assert at_once(*(lambda person=person: join(person) for person in people)) == 2
