"""Two people who change the same row: the second sees both values, and nothing is lost silently."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cooperatives.models import Member, Person
from malaka_portal.actors import acting
from malaka_portal.models import User
from tests.factories.cooperatives import MemberFactory, OfficerFactory

EDITORS, EDITS = 16, 50


@pytest.fixture
def member():
    return MemberFactory(number="0")


@pytest.fixture
def officer(member):
    return OfficerFactory(cooperative=member.cooperative).user


def data(number, version):
    return {"number": number, "status": "member", "joined_on": "2-1-2024", "_versi": version}


@pytest.mark.django_db
def test_the_second_editor_sees_both_values_and_decides(client, member, officer):
    client.force_login(officer)
    url = reverse("cooperatives:member-update", args=[member.pk])
    client.post(url, data("first", 1))

    response = client.post(url, data("second", 1))

    text = response.content.decode()
    assert response.status_code == 200
    assert "Maria" in text and 'value="second"' in text
    assert "first" in str(response.context["form"].errors["number"])
    assert 'name="_versi" value="2"' in text
    assert Member.objects.get().number == "first"

    assert client.post(url, data("second", 2)).status_code == 302
    assert Member.objects.get().number == "second"


@pytest.mark.django_db
def test_changes_of_different_fields_are_both_kept(client, member, officer):
    person = member.person
    client.force_login(officer)
    url = reverse("cooperatives:person-update", args=[person.pk])
    form = client.get(url).context["form"]
    shown = {name: form.fields[name].prepare_value(form[name].value()) for name in form.fields}
    sent = {name: "" if value is None else value for name, value in shown.items()}
    client.post(url, sent | {"phones": "0812-0000-1111", "occupation": "weaver"})

    assert client.post(url, sent | {"hamlet": "Metamauk"}).status_code == 302
    both = client.post(url, sent | {"occupation": "farmer", "address": "Jalan Baru"})

    person.refresh_from_db()
    assert (person.phones, person.hamlet) == (["+6281200001111"], "Metamauk")
    assert set(both.context["form"].errors) == {"__all__", "occupation"}
    assert 'value="Metamauk"' in both.content.decode()
    assert person.address == ""


@pytest.mark.django_db
def test_the_same_change_twice_is_no_conflict(client, member, officer):
    client.force_login(officer)
    url = reverse("cooperatives:member-update", args=[member.pk])
    client.post(url, data("same", 1))

    assert client.post(url, data("same", 1)).status_code == 302


@pytest.mark.django_db
def test_a_form_without_its_version_is_taken_for_an_old_one(client, member, officer):
    client.force_login(officer)
    url = reverse("cooperatives:member-update", args=[member.pk])

    response = client.post(url, data("x", ""))

    assert response.status_code == 200
    assert Member.objects.get().number == "0"


@pytest.mark.django_db
def test_lists_villages_and_dates_are_compared_as_values(client, member, officer):
    person = member.person
    person.phones = ["+6281234567890"]
    person.save()
    client.force_login(officer)
    url = reverse("cooperatives:person-update", args=[person.pk])
    form = client.get(url).context["form"]
    same = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in same.items()}
    sent |= {
        "phones": "0812-3456-7890",
        "village": "Alas Selatan",
        "_versi": 1,  # one behind
    }

    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent | {"phones": "0813-0000-1111"}).status_code == 200
    assert Person.objects.get(pk=person.pk).phones == ["+6281234567890"]


def edit_at_once(act):
    """EDITORS threads make EDITS edits each; how many were saved, and how many were told."""
    saved, told = [], []

    def run(number):
        try:
            for turn in range(EDITS):
                (saved if act(number, turn) else told).append((number, turn))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(EDITORS)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return len(saved), len(told)


@pytest.mark.django_db(transaction=True)
def test_of_800_edits_at_once_none_is_lost_silently(member, officer):
    url = reverse("cooperatives:member-update", args=[member.pk])
    user = User.objects.get(pk=officer.pk)
    clients = []
    for _ in range(EDITORS):
        clients.append(Client())
        clients[-1].force_login(user)

    def edit(number, turn):
        version = Member.objects.values_list("version", flat=True).get(pk=member.pk)
        response = clients[number].post(url, data(f"{number}-{turn}", version))
        return response.status_code == 302

    saved, told = edit_at_once(edit)

    events = Member.pgh_event_model.objects.filter(pgh_obj=member, pgh_label="update")
    assert saved + told == EDITORS * EDITS
    assert told > 0
    # every edit that was said to be saved is in the history, on top of the one before
    assert events.count() == saved
    assert Member.objects.get().version == 1 + saved


@pytest.mark.django_db(transaction=True)
def test_control_without_versions_edits_are_lost(member):
    """Each edit adds a day to the day it has read: what is missing was overwritten unseen."""
    first = member.joined_on

    def edit(number, turn):
        day = Member.objects.values_list("joined_on", flat=True).get(pk=member.pk)
        with acting(command="test"):
            Member.objects.filter(pk=member.pk).update(joined_on=day + timedelta(days=1))
        return True

    saved, _told = edit_at_once(edit)

    assert saved == EDITORS * EDITS
    assert (Member.objects.get().joined_on - first).days < saved
