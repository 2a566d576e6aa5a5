"""Ways round the registry's rules that a review found: what is seen, written, or broken by them."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cooperatives import services
from cooperatives.models import (
    Consent,
    Cooperative,
    Enterprise,
    Member,
    NikClaim,
    Officer,
    Person,
    QuoteRequest,
    access,
)
from malaka_portal.changes import in_words
from malaka_portal.models import User
from tests.addresses import open_with_a_row, views, with_a_row
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    ConsentFactory,
    CooperativeFactory,
    JoiningFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    ProposalFactory,
    SuspicionFactory,
    with_nik,
)
from tests.factories.imports import ImportFactory
from tests.factories.portal import RegionFactory, UserFactory, village
from tests.factories.roles import MALAKA, group, rows_of_enterprise
from tests.test_architecture import arguments
from tests.test_matrix import asked_of

pytestmark = pytest.mark.django_db
FAR = "33.01.01.2001"
PERSONAL = {
    "phones": ["+6281200004321"],
    "address": "Jalan Pribadi 7",
    "birth_place": "Tempat Pribadi",
    "born_on": "1991-07-13",
}
# Pages of published rows, the same for everybody: tests/cooperatives/test_showcase.py.
OPEN = {*open_with_a_row(), "cooperatives:quote-status"}
SHOWN = ("4321", "Jalan Pribadi", "Tempat Pribadi", "1991", "••9001", "Saksi Pribadi")


def signed_in(client, group_name, **more):
    village()
    user = UserFactory(area=RegionFactory(code=MALAKA), **more)
    user.groups.add(group(group_name))
    client.force_login(user)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def viewer(client):
    return signed_in(client, "Peninjau")


@pytest.fixture
def staff(client):
    return signed_in(client, "Staf program")


def post(client, name, row, /, **data):
    url = reverse(f"cooperatives:{name}", args=[row.pk])
    return client.post(url, {"_kunci": str(uuid.uuid4())} | data)


def as_shown(form):
    """What a browser would send if nothing were changed."""
    shown = {n: form.fields[n].prepare_value(form[n].value()) for n in form.fields}
    return {n: "" if value is None else value for n, value in shown.items()}


def rows_with_personal_data():
    line = MemberFactory(person=with_nik(PersonFactory(**PERSONAL)))
    person, cooperative = line.person, line.cooperative
    rows = [
        line,
        person,
        cooperative,
        OfficerFactory(person=person, cooperative=cooperative),
        ConsentFactory(person=person, channel="spoken", witness="Saksi Pribadi"),
        ProposalFactory(person=person, cooperative=cooperative),
        NikClaimFactory(person=PersonFactory(), cooperative=cooperative),
        SuspicionFactory(first=person, second=PersonFactory()),
        JoiningFactory(survivor=person),
        *rows_of_enterprise(cooperative, person, person.village),
        ImportFactory(target_id=cooperative.pk, place=cooperative.village_id),
    ]
    Enterprise.objects.update(address="Jalan Pribadi 8", phone="+6281234561991")
    QuoteRequest.objects.update(contact_name="Saksi Pribadi", message="Jalan Pribadi 9")
    return {type(row): row for row in rows}


# --- what is seen -------------------------------------------------------------------------------
@pytest.mark.parametrize("name", sorted(set(views()) - OPEN))
def test_a_viewer_finds_nothing_personal_on_any_page(client, viewer, name):
    rows = rows_with_personal_data()
    args = arguments(name, rows[Cooperative])
    if name in with_a_row():
        args = [rows[asked_of(views()[name])[0]].pk]

    shown = client.get(reverse(name, args=args)).getvalue().decode(errors="replace")

    assert [text for text in SHOWN if text in shown] == []


def test_control_staff_are_shown_what_a_viewer_is_not(client, staff):
    line = rows_with_personal_data()[Member]
    page = client.get(reverse("cooperatives:member-detail", args=[line.pk])).content.decode()

    assert [text for text in SHOWN if text in page] == list(SHOWN[:-1])


def test_a_viewer_is_not_told_of_consents(client, viewer):
    consent = ConsentFactory()
    page = client.get(reverse("cooperatives:person-detail", args=[consent.person_id]))

    assert consent.get_purpose_display().lower() not in page.content.decode().lower()


def test_a_viewer_finds_nobody_by_nik(client, viewer):
    with_nik(PersonFactory())
    response = client.post(reverse("cooperatives:search"), {"q": NIK})

    assert response.context["people"] == []


def test_a_viewer_is_not_told_the_state_of_a_nik_by_the_history(client, viewer):
    person = with_nik(PersonFactory())
    page = client.get(reverse("cooperatives:person-history", args=[person.pk])).content.decode()

    assert person.get_nik_state_display().lower() not in page.lower()


@pytest.mark.parametrize("field", ["nik_last4", "nik_hash", "address", "birth_place", "nik_state"])
def test_the_back_office_answers_no_question_about_a_hidden_column(client, field):
    signed_in(client, "Peninjau", is_staff=True)
    person = with_nik(PersonFactory(**PERSONAL))
    url = reverse("admin:cooperatives_person_changelist")

    response = client.get(url, {field: getattr(person, field)})

    assert response.status_code == 400


def test_a_viewer_who_is_an_officer_elsewhere_keeps_that_cooperative(client, viewer):
    term = OfficerFactory(user=viewer, cooperative__village=village(FAR, "Jauh"))
    mine = MemberFactory(cooperative=term.cooperative)

    urls = [term.cooperative.get_absolute_url(), mine.get_absolute_url()]
    urls.append(reverse("cooperatives:member-create", args=[term.cooperative_id]))
    assert [client.get(url).status_code for url in urls] == [200, 200, 200]


def test_staff_of_an_area_do_not_join_with_somebody_out_of_sight(client, staff):
    there = village(FAR, "Jauh")
    line = MemberFactory(
        person__name="Rahasia Jauh", person__village=there, cooperative__village=there
    )
    holder = with_nik(line.person)
    claim = NikClaimFactory()

    response = post(client, "nikclaim-join", claim, simpan="1")

    assert "Rahasia" not in client.get(response["Location"]).content.decode()
    assert not Person.objects.visible_to(staff).filter(pk=holder.pk).exists()


def test_a_claimed_nik_is_shown_to_those_only_who_may_have_one_shown(client):
    may = ["cooperatives.view_nikclaim", "cooperatives.decide_nikclaim"]
    client.force_login(UserFactory(granted=may))
    response = post(client, "nikclaim-decide", NikClaimFactory(), act="reveal")

    assert NIK not in response.content.decode()


def test_a_nik_is_not_left_in_a_note(client, staff):
    claim = NikClaimFactory()
    post(client, "nikclaim-decide", claim, act="refuse", reason=f"Yang benar {OTHER_NIK}")
    claim.refresh_from_db()

    assert claim.note == ""


def test_whoever_invites_gets_no_access_outside_their_area(client, staff):
    there = OfficerFactory(cooperative__village=village(FAR, "Jauh"))
    here = OfficerFactory(person=there.person, user=None)

    assert post(client, "officer-invite", here).status_code == 302


# --- what is written ----------------------------------------------------------------------------
def test_staff_of_an_area_record_no_cooperative_outside_it(client, staff):
    village(FAR, "Jauh")
    before = CooperativeFactory()
    url = reverse("cooperatives:cooperative-update", args=[before.pk])
    data = as_shown(client.get(url).context["form"]) | {"village": FAR}
    client.post(url, data)
    data.pop("_versi")
    create = reverse("cooperatives:cooperative-create")
    client.post(create, data | {"_kunci": str(uuid.uuid4())})

    assert list(Cooperative.objects.values_list("village", flat=True)) == ["53.21.10.2004"]


def test_nor_do_they_in_the_back_office(client):
    signed_in(client, "Staf program", is_staff=True)
    village(FAR, "Jauh")
    url = reverse("admin:cooperatives_cooperative_add")
    form = client.get(url).context["adminform"].form
    data = as_shown(form) | {"name": "Jauh", "kind": "producer", "village": FAR}

    refused = client.post(url, data)
    kept = client.post(url, data | {"name": "Dekat", "village": village().pk})

    assert "di luar wilayah" in refused.content.decode()
    assert kept.status_code == 302
    assert [c.name for c in Cooperative.objects.all()] == ["Dekat"]


def test_staff_of_an_area_see_the_person_they_have_recorded(client, staff):
    village(FAR, "Jauh")
    data = {"name": "Yosef", "nik_missing": "lost", "village": FAR, "_kunci": str(uuid.uuid4())}
    response = client.post(reverse("cooperatives:person-create"), data, follow=True)

    assert response.status_code == 200  # the person's page, or the form that refuses the village


def test_a_confirmed_nik_is_not_overwritten_by_an_old_claim(client, staff):
    line = MemberFactory()
    claim = NikClaimFactory(person=line.person, cooperative=line.cooperative, nik=OTHER_NIK)
    with_nik(line.person)

    post(client, "nikclaim-decide", claim, act="confirm")

    assert Person.objects.get(pk=line.person_id).national_id() == NIK


def test_what_waits_for_the_programme_follows_a_joined_person(staff):
    holder = with_nik(MemberFactory().person)
    line = MemberFactory()
    proposal = ProposalFactory(person=line.person, cooperative=line.cooperative)
    claim = NikClaimFactory(person=line.person, cooperative=line.cooperative)

    services.join_claim(claim=claim, by=staff)

    proposal.refresh_from_db()
    assert proposal.person == holder


def test_after_a_join_no_consent_is_in_force_that_the_person_has_withdrawn(staff):
    holder, line = with_nik(PersonFactory()), MemberFactory()
    ConsentFactory(person=holder)
    ConsentFactory(person=line.person)
    claim = NikClaimFactory(person=line.person, cooperative=line.cooperative)
    services.join_claim(claim=claim, by=staff)

    holder.consents.update(withdrawn_on=access.today())

    assert Consent.objects.in_force().count() == 0


def joined_record():
    person = PersonFactory()
    joined = {"nik_state": "joined", "nik_missing": "", "joined_into": with_nik(PersonFactory())}
    Person.objects.filter(pk=person.pk).update(**joined)
    return Person.objects.get(pk=person.pk)


def test_a_joined_record_is_not_changed(client, staff):
    url = reverse("cooperatives:person-update", args=[joined_record().pk])

    assert client.get(url).status_code in (403, 404)


def test_a_joined_record_gets_no_new_line():
    line = MemberFactory.build(person=joined_record(), cooperative=CooperativeFactory())

    with pytest.raises(ValidationError):
        line.full_clean()


def test_a_proposal_is_accepted_only_as_staff_saw_it(client, staff):
    line = MemberFactory()
    proposal = ProposalFactory(person=line.person, cooperative=line.cooperative)
    client.get(reverse("cooperatives:proposal-decide", args=[proposal.pk]))
    Person.objects.filter(pk=line.person_id).update(name="Nama Benar")

    post(client, "proposal-decide", proposal, accept="1", _versi="1")

    assert Person.objects.get(pk=line.person_id).name == "Nama Benar"


def test_an_account_is_not_moved_to_another_person_in_the_back_office(client):
    signed_in(client, "Staf program", is_staff=True)
    term, other = OfficerFactory(), PersonFactory()
    url = reverse("admin:cooperatives_officer_change", args=[term.pk])
    data = as_shown(client.get(url).context["adminform"].form)

    client.post(url, data | {"person": other.pk})

    assert Officer.objects.get(pk=term.pk).person == term.person


def test_whoever_leaves_the_cooperative_has_no_access_to_it():
    line = MemberFactory()
    term = OfficerFactory(person=line.person, cooperative=line.cooperative)

    with pytest.raises(ValidationError):
        services.close_line(member=line, on=access.today(), reason="moved")

    assert Officer.objects.get(pk=term.pk).is_open


def test_nor_by_the_back_office(client):
    signed_in(client, "Staf program", is_staff=True)
    line = MemberFactory()
    OfficerFactory(person=line.person, cooperative=line.cooperative)
    url = reverse("admin:cooperatives_member_change", args=[line.pk])
    data = as_shown(client.get(url).context["adminform"].form)

    page = client.post(url, data | {"left_on": "1-1-2026", "left_reason": "moved"})

    assert "masih menjabat" in page.content.decode()
    assert Member.objects.get(pk=line.pk).left_on is None


def test_a_consent_is_withdrawn_by_whoever_may_record_it(client):
    line = MemberFactory()
    MemberFactory(person=line.person)
    consent = ConsentFactory(person=line.person)
    client.force_login(OfficerFactory(cooperative=line.cooperative).user)

    assert post(client, "consent-withdraw", consent).status_code == 302


# --- no 500 -------------------------------------------------------------------------------------
def test_a_term_that_would_end_before_it_began_is_refused_with_a_sentence(client, staff):
    term = OfficerFactory()
    response = post(client, "officer-end", term, on="1-1-2020", reason="")

    errors = response.context["form"].non_field_errors()
    assert errors == ["Masa jabatan harus berakhir setelah hari mulainya."]


def test_a_term_that_would_begin_after_its_end_is_refused_with_a_sentence(client, staff):
    term = OfficerFactory(ended_on="2025-01-01")
    url = reverse("cooperatives:officer-update", args=[term.pk])
    data = as_shown(client.get(url).context["form"])
    response = client.post(url, data | {"started_on": "1-1-2026"})

    assert response.status_code == 200


def test_an_administrator_may_propose_too(client):
    client.force_login(UserFactory(is_superuser=True))
    line = MemberFactory()
    url = reverse("cooperatives:person-propose", args=[line.person_id])
    data = as_shown(client.get(url).context["form"]) | {"name": "Nama Baru"}

    assert client.post(url, data | {"_kunci": str(uuid.uuid4())}).status_code == 302


def test_somebody_with_a_nik_of_their_own_is_not_joined(client, staff):
    with_nik(PersonFactory(), OTHER_NIK)
    line = MemberFactory()
    claim = NikClaimFactory(person=line.person, cooperative=line.cooperative, nik=OTHER_NIK)
    with_nik(line.person)

    response = post(client, "nikclaim-join", claim, simpan="1")

    claim.refresh_from_db()
    assert (response.status_code, claim.status) == (200, "pending")


def test_two_people_of_one_name_are_invited_at_the_same_moment(client, staff, monkeypatch):
    """The other account is made between the look-up of free names and this one's row."""

    def made_meanwhile(user):
        User.objects.get_or_create(username=user.username)

    monkeypatch.setattr(User, "set_unusable_password", made_meanwhile)
    term = OfficerFactory(user=None, person__name="Maria Bria")

    assert post(client, "officer-invite", term).status_code in (200, 302)


def test_a_number_taken_while_a_member_is_saved_is_explained(client, staff, monkeypatch):
    cooperative, check = CooperativeFactory(), Member.full_clean

    def taken_meanwhile(line, *args, **kwargs):
        check(line, *args, **kwargs)
        monkeypatch.undo()
        MemberFactory(cooperative=cooperative, number=line.number)

    monkeypatch.setattr(Member, "full_clean", taken_meanwhile)
    data = {"name": "Yosef", "sex": "L", "village": "Alas Selatan", "nik_missing": "lost"}

    assert post(client, "member-create", cooperative, simpan="1", **data).status_code == 200


def test_an_address_with_a_nul_is_not_found(client, viewer):
    assert client.get("/wilayah/%00/").status_code == 404


def test_a_consent_of_tomorrow_is_not_withdrawn_today_with_an_error_page(client, staff):
    consent = ConsentFactory(given_on=access.today() + timedelta(days=1))

    assert post(client, "consent-withdraw", consent).status_code == 302


# --- words --------------------------------------------------------------------------------------
def test_the_history_tells_moments_in_wita():
    moment = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    words = in_words(NikClaim._meta.get_field("decided_at"), moment, {})

    assert words == "24 November 2026 08.30 WITA"


def test_a_term_does_not_end_in_a_year_to_come(client, staff):
    term = OfficerFactory()
    response = post(client, "officer-end", term, on="1-1-2099", reason="")

    assert "on" in response.context["form"].errors
    assert Officer.objects.get(pk=term.pk).ended_on is None
