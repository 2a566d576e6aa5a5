"""What the registry's pages show, beyond who may open them."""

import pytest
from django.urls import reverse

from malaka_portal.forms import NO_CHOICE
from malaka_portal.models import User
from malaka_portal.villages import VillageFormField
from tests.factories.cooperatives import CooperativeFactory, MemberFactory, OfficerFactory
from tests.factories.portal import UserFactory, village
from tests.factories.roles import group

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return OfficerFactory(cooperative__name="Tenun Feto Malaka")


@pytest.fixture
def staff():
    user = UserFactory(area_id=village().pk[:5])
    user.groups.add(group("Staf program"))
    return User.objects.get(pk=user.pk)


def page(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"cooperatives:{name}", args=args))


def test_nothing_is_said_of_a_birth_that_is_not_known(client, officer):
    text = page(client, officer.user, "person-detail", officer.person_id).content.decode()

    assert "<dt>Lahir</dt>" in text
    assert "None" not in text


def test_the_form_of_a_cooperative_has_its_parts(client, staff):
    text = page(client, staff, "cooperative-create").content.decode()

    parts = ["Tentang koperasi", "Surat-surat", "Letak dan kontak"]
    assert [part for part in parts if f'<legend class="legend">{part}</legend>' in text] == parts
    assert text.count("<form method") == 1


def test_choices_begin_with_a_capital_and_no_choice_is_a_dash(client, staff):
    response = page(client, staff, "cooperative-create")
    text = response.content.decode()

    assert response.context["form"].fields["kind"].choices[0] == NO_CHOICE
    assert ">Produsen</option>" in text and ">produsen<" not in text


def test_an_edit_conflict_is_told_once(client, officer):
    member = MemberFactory(cooperative=officer.cooperative, number="1")
    client.force_login(officer.user)
    sent = {"number": "3", "status": "member", "joined_on": "2-1-2024", "_versi": "0"}
    url = reverse("cooperatives:member-update", args=[member.pk])
    text = client.post(url, sent).content.decode()

    assert text.count("setelah Anda membukanya") == 1
    assert text.count("Yang tersimpan sekarang: 1") == 2  # in the summary, and at the field


def test_an_officer_adds_a_member_from_the_list(client, officer):
    MemberFactory(cooperative=officer.cooperative)
    form = reverse("cooperatives:member-create", args=[officer.cooperative_id])

    assert f'href="{form}"' in page(client, officer.user, "member-list").content.decode()


def test_an_officer_of_two_cooperatives_chooses_which(client, officer):
    second = OfficerFactory(cooperative=CooperativeFactory(), user=officer.user)
    MemberFactory(cooperative=second.cooperative)
    response = page(client, officer.user, "member-list")

    assert response.context["empty_action"][1] == reverse("cooperatives:record")


def test_staff_add_no_members_from_the_list(client, officer, staff):
    MemberFactory(cooperative=officer.cooperative)

    assert page(client, staff, "member-list").context["empty_action"] == ("", "")


def test_the_column_of_the_cooperative_is_for_whoever_sees_several(client, officer, staff):
    MemberFactory(cooperative=officer.cooperative)

    def columns(user):
        response = page(client, user, "member-list")
        return [item["column"].name for item in response.context["headings"]]

    assert "cooperative" not in columns(officer.user)
    assert "cooperative" in columns(staff)


def test_a_village_is_offered_by_its_name_and_with_its_district_where_that_repeats():
    for code, name in (
        ("53.21.10.2004", "Alas"),
        ("53.21.01.2001", "Wehali"),
        ("53.21.02.2001", "Wehali"),
    ):
        village(code, name)

    assert VillageFormField().suggestions() == [
        "Alas",
        "Wehali (Region 53.21.01)",
        "Wehali (Region 53.21.02)",
    ]


def test_pages_carry_no_indentation_of_the_templates(client):
    assert "\n  " not in client.get("/masuk/").content.decode()
