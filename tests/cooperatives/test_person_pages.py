"""People's pages: consents, proposals, NIK on demand, and what staff decide."""

import uuid

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from cooperatives.models import Consent, NikClaim, Officer, Person, Proposal, access
from cooperatives.rules import holds
from malaka_portal.models import AccessLog, User
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    ConsentFactory,
    CooperativeFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    ProposalFactory,
    with_nik,
)
from tests.factories.portal import RegionFactory, UserFactory, village
from tests.factories.roles import MALAKA, group

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return MemberFactory()


@pytest.fixture
def officer(client, member):
    user = OfficerFactory(cooperative=member.cooperative).user
    client.force_login(user)
    return user


@pytest.fixture
def staff(client):
    village()
    user = UserFactory(area=RegionFactory(code=MALAKA))
    user.groups.add(group("Staf program"))
    client.force_login(user)
    return user


def post(client, name, row, **data):
    return client.post(
        reverse(f"cooperatives:{name}", args=[row.pk]), {"_kunci": str(uuid.uuid4())} | data
    )


def test_staff_record_a_person_with_a_nik_that_is_confirmed_at_once(client, staff):
    data = {"name": "Yosef Klau", "nik": NIK, "sex": "L", "village": "Alas Selatan"}
    data["phones"] = "0812-0000-0001, 081300000002"
    response = client.post(
        reverse("cooperatives:person-create"), data | {"_kunci": str(uuid.uuid4())}
    )

    person = Person.objects.get()
    assert response["Location"] == person.get_absolute_url()
    assert (person.nik_state, person.national_id()) == ("confirmed", NIK)
    assert person.phones == ["+6281200000001", "+6281300000002"]


def test_staff_are_told_of_a_nik_that_somebody_holds(client, staff):
    with_nik(PersonFactory())
    data = {"name": "Yosef Klau", "nik": NIK, "_kunci": str(uuid.uuid4())}
    response = client.post(reverse("cooperatives:person-create"), data)

    assert "sudah tercatat" in str(response.context["form"].errors["nik"])
    assert Person.objects.count() == 1


def test_without_nik_and_reason_a_person_is_not_recorded(client, staff):
    data = {"name": "Yosef Klau", "nik_missing": "", "_kunci": str(uuid.uuid4())}
    response = client.post(reverse("cooperatives:person-create"), data)

    assert response.status_code == 200
    assert Person.objects.count() == 0


def test_a_consent_is_recorded_and_withdrawn(client, officer, member):
    response = post(
        client,
        "consent-create",
        member.person,
        purpose="public",
        text_version="2026-1",
        channel="written",
        given_on="1-1-2026",
    )
    consent = Consent.objects.get()
    post(client, "consent-withdraw", consent)
    consent.refresh_from_db()

    assert response["Location"] == member.person.get_absolute_url()
    assert consent.withdrawn_on == access.today()


def test_a_spoken_consent_without_witness_is_refused_with_a_sentence(client, officer, member):
    response = post(
        client,
        "consent-create",
        member.person,
        purpose="public",
        text_version="2026-1",
        channel="spoken",
        given_on="1-1-2026",
    )

    assert "saksi" in str(response.context["form"].errors)


def test_the_same_consent_twice_is_refused_with_a_sentence(client, officer, member):
    ConsentFactory(person=member.person)
    response = post(
        client,
        "consent-create",
        member.person,
        purpose="public",
        text_version="2026-2",
        channel="written",
        given_on="2-1-2026",
    )

    assert "sudah berlaku" in str(response.context["form"].errors)


def edit(client, page, row, **changes):
    url = reverse(f"cooperatives:{page}", args=[row.pk])
    form = client.get(url).context["form"]
    shown = {n: form.fields[n].prepare_value(form[n].value()) for n in form.fields}
    sent = {n: "" if value is None else value for n, value in shown.items()}
    return client.post(url, sent | changes | {"_kunci": str(uuid.uuid4())})


def test_somebody_known_elsewhere_is_changed_by_proposal(client, officer, member, staff):
    MemberFactory(person=member.person)
    client.force_login(officer)

    assert (
        client.get(reverse("cooperatives:person-update", args=[member.person_id])).status_code
        == 403
    )
    response = edit(
        client,
        "person-propose",
        member.person,
        name="Maria Seran",
        phones="0812-0000-9999",
        reason="Salah tulis",
    )
    proposal = Proposal.objects.get()
    member.person.refresh_from_db()
    assert response.status_code == 302
    assert proposal.values == {"name": "Maria Seran", "phones": "0812-0000-9999"}
    assert (proposal.seen["name"], proposal.cooperative) == (member.person.name, member.cooperative)
    assert member.person.name != "Maria Seran"

    client.force_login(staff)
    page = client.get(reverse("cooperatives:proposal-decide", args=[proposal.pk]))
    assert "0812-0000-9999" in page.content.decode()
    post(client, "proposal-decide", proposal, accept="1")

    person = Person.objects.get(pk=member.person_id)
    proposal.refresh_from_db()
    assert (person.name, person.phones) == ("Maria Seran", ["+6281200009999"])
    assert (proposal.status, proposal.decided_by) == ("accepted", staff)


def test_a_proposal_that_no_longer_fits_is_explained_and_stays(client, staff):
    proposal = ProposalFactory(values={"born_on": "31-2-1990"}, seen={"born_on": ""})
    response = post(client, "proposal-decide", proposal, accept="1")

    proposal.refresh_from_db()
    assert (response.status_code, proposal.status) == (200, "pending")
    assert response.context["form"].errors != {}


def test_a_proposal_is_refused_with_a_reason(client, staff):
    proposal = ProposalFactory()
    empty = post(client, "proposal-decide", proposal, refuse="1", reason="")
    post(client, "proposal-decide", proposal, refuse="1", reason="Tidak benar")
    proposal.refresh_from_db()

    assert empty.status_code == 200
    assert (proposal.status, proposal.note) == ("refused", "Tidak benar")


def test_a_nik_is_shown_once_the_reason_is_written_down(client, staff):
    person = with_nik(PersonFactory())
    silent = post(client, "person-reveal", person, reason="")
    told = post(client, "person-reveal", person, reason="Cocokkan dengan KTP")

    assert NIK not in silent.content.decode()
    assert NIK in told.content.decode()
    log = AccessLog.objects.get()
    assert (log.user, log.kind, log.object_id, log.reason) == (
        staff,
        "reveal",
        person.pk,
        "Cocokkan dengan KTP",
    )


def test_staff_see_a_claim_masked_reveal_it_and_decide(client, staff):
    claim = NikClaimFactory()
    masked = client.get(reverse("cooperatives:nikclaim-decide", args=[claim.pk]))
    shown = post(client, "nikclaim-decide", claim, act="reveal")
    post(client, "nikclaim-decide", claim, act="confirm")
    again = post(client, "nikclaim-decide", claim, act="confirm")
    claim.refresh_from_db()

    assert NIK not in masked.content.decode()
    assert NIK in shown.content.decode()
    assert AccessLog.objects.get().kind == "reveal"
    assert (claim.status, again.status_code) == ("confirmed", 302)


def test_staff_write_somebody_on_record_into_a_register(client, staff, member):
    person = PersonFactory(name="Yosef Klau")
    name = member.cooperative.name
    where = {"cooperative": name.lower(), "joined_on": "1-2-2026"}
    response = post(client, "person-enrol", person, **where)
    again = post(client, "person-enrol", person, **where)
    far = CooperativeFactory(village=village("33.01.01.2001", "Jauh"), name="Koperasi Jauh")
    unseen = post(client, "person-enrol", person, cooperative=far.name, joined_on="1-2-2026")

    line = person.members.get()
    assert response["Location"] == line.get_absolute_url()
    assert (line.cooperative, line.number) == (member.cooperative, "TFM-0001")
    assert "sudah menjadi anggota" in str(again.context["form"].errors)
    assert "cooperative" in unseen.context["form"].errors


def test_the_officer_is_told_why_a_nik_was_refused(client, officer, member, staff):
    claim = NikClaimFactory(cooperative=member.cooperative, person=member.person)
    post(client, "nikclaim-decide", claim, act="refuse", reason="Angka terakhir salah")
    url = reverse("cooperatives:person-detail", args=[member.person_id])
    client.force_login(officer)

    assert "Angka terakhir salah" in client.get(url).content.decode()

    post(client, "person-claim", member.person, nik=OTHER_NIK)

    assert "Angka terakhir salah" not in client.get(url).content.decode()


def test_the_work_list_shows_staff_all_and_officers_their_own(client, officer, member, staff):
    ours = NikClaimFactory(cooperative=member.cooperative, person__name="Ours")
    NikClaimFactory(person__name="Theirs")
    url = reverse("cooperatives:work-list")

    client.force_login(officer)
    own = client.get(url).content.decode()
    client.force_login(staff)
    everything = client.get(url).content.decode()

    assert "Ours" in own and "Theirs" not in own
    assert reverse("cooperatives:nikclaim-decide", args=[ours.pk]) not in own
    assert "Ours" in everything and "Theirs" in everything


def test_a_nik_found_later_is_claimed_by_the_officer(client, officer, member):
    response = post(client, "person-claim", member.person, nik=OTHER_NIK)
    again = post(client, "person-claim", member.person, nik=OTHER_NIK)

    claim = NikClaim.objects.get()
    assert response["Location"] == member.person.get_absolute_url()
    assert (claim.person, claim.cooperative) == (member.person, member.cooperative)
    assert again.status_code == 200


def test_the_reason_of_a_missing_nik_is_changed_while_there_is_none(client, officer, member):
    edit(client, "person-update", member.person, nik_missing="lost")
    member.person.refresh_from_db()
    assert member.person.nik_missing == "lost"

    with_nik(member.person)
    form = client.get(reverse("cooperatives:person-update", args=[member.person_id])).context[
        "form"
    ]
    assert "nik_missing" not in form.fields


# --- officers ---------------------------------------------------------------------------------
def test_staff_record_an_officer_by_the_member_number(client, staff, member):
    data = {
        "member_number": member.number,
        "body": "board",
        "role": "chair",
        "started_on": "1-1-2026",
    }
    response = post(client, "officer-create", member.cooperative, **data)

    officer = Officer.objects.get()
    assert response["Location"] == member.cooperative.get_absolute_url()
    assert (officer.person, officer.role) == (member.person, "chair")


def test_a_second_chair_and_a_stranger_are_refused_with_a_sentence(client, staff, member):
    OfficerFactory(cooperative=member.cooperative, role="chair")
    data = {"body": "board", "role": "chair", "started_on": "1-1-2026"}
    second = post(client, "officer-create", member.cooperative, member_number=member.number, **data)
    stranger = post(client, "officer-create", member.cooperative, member_number="404", **data)

    assert "Sudah ada ketua" in str(second.context["form"].errors)
    assert "404" in str(stranger.context["form"].errors["member_number"])
    assert Officer.objects.count() == 1


def test_a_term_moved_into_another_is_refused_with_a_sentence(client, staff, member):
    both = {"cooperative": member.cooperative, "person": member.person}
    OfficerFactory(**both, ended_on="2025-01-01")
    second = OfficerFactory(**both, body="supervisors", role="member", started_on="2025-01-01")
    response = edit(client, "officer-update", second, started_on="1-6-2024")

    assert "pengurus dan pengawas" in str(response.context["form"].errors)


def test_an_officer_is_invited_and_the_code_is_shown_once(client, staff, member):
    officer = OfficerFactory(cooperative=member.cooperative, person=member.person, user=None)
    response = post(client, "officer-invite", officer)

    officer.refresh_from_db()
    assert response.context["code"] in response.content.decode()
    assert officer.user.get_username() in response.content.decode()


def test_an_ended_term_is_not_invited_and_says_why(client, staff, member):
    officer = OfficerFactory(cooperative=member.cooperative, user=None, ended_on="2025-01-01")
    response = post(client, "officer-invite", officer)

    assert response.status_code == 302
    assert not User.objects.filter(offices__isnull=False).exists()


def test_holding_an_office_is_asked_of_the_cooperative_and_of_its_rows(officer, member):
    secretary, treasurer = holds("secretary"), holds("treasurer", "chair")

    assert secretary(officer, member.cooperative) and secretary(officer, member)
    assert not treasurer(officer, member.cooperative)
    assert not secretary(officer, MemberFactory())


def test_a_group_that_may_change_people_but_not_see_personal_data_changes_the_rest(client):
    person = PersonFactory(village=village(), address="Jalan Rahasia 7", hamlet="Wekmidar")
    user = UserFactory(area=RegionFactory(code=MALAKA))
    for codename in ("view_person", "change_person"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    url = reverse("cooperatives:person-update", args=[person.pk])

    page = client.get(url).content.decode()
    sent = {"name": "Maria Seran", "village": "53.21.10.2004", "address": "x", "_versi": "1"}
    response = client.post(url, sent)
    person.refresh_from_db()

    assert "Rahasia" not in page
    assert response.status_code == 302
    assert (person.name, person.address, person.hamlet) == ("Maria Seran", "Jalan Rahasia 7", "")
