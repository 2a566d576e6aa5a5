"""The wizard by its addresses: what each step shows, saves and refuses, and to whom."""

import uuid
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperatives.models import Member, Person
from malaka_portal.imports import acts, background
from malaka_portal.models import Import, ImportLine, ImportMemory
from tests.factories.cooperatives import CooperativeFactory, MemberFactory, OfficerFactory
from tests.factories.portal import UserFactory, village
from tests.factories.roles import group

HEADINGS = ("No Anggota", "Nama Lengkap", "Desa", "Tgl Masuk")
GOOD = [("0001", "Maria Bria", "Alas Selatan", "1-2-2020"), ("0002", "Yosef Seran", "", "2-2-2020")]
BAD = ("0003", "Martina Abuk", "Alas Selaten", "3-2-2020")


def spreadsheet(*lines, headings=HEADINGS, name="buku.xlsx"):
    book, out = openpyxl.Workbook(), BytesIO()
    for line in (headings, *lines):
        book.active.append(line)
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())


@pytest.fixture
def cooperative(db):
    return CooperativeFactory(village=village())


@pytest.fixture
def officer(cooperative):
    user = UserFactory()
    OfficerFactory(cooperative=cooperative, user=user, role="secretary")
    return user


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def post(client, url, **data):
    return client.post(url, {"_kunci": str(uuid.uuid4())} | data)


def upload(client, cooperative, file):
    """Bring the file; the Import, or the response that refuses it."""
    url = reverse("import-create-for", args=["members", cooperative.pk])
    response = post(client, url, file=file)
    return Import.objects.latest("id") if response.status_code == 302 else response


def test_the_check_shows_the_sums_and_saves_nothing(desk, cooperative):
    row = upload(desk, cooperative, spreadsheet(*GOOD, BAD))

    page = desk.get(row.get_absolute_url())

    assert row.counts == {
        "read": 4,
        "created": 2,
        "changed": 0,
        "unchanged": 0,
        "refused": 1,
        "skipped": 1,
    }
    assert "Alas Selaten" in page.content.decode()
    assert Member.objects.count() == Person.objects.count() - 1 == 0


def test_saving_writes_the_good_lines_once(desk, cooperative):
    row = upload(desk, cooperative, spreadsheet(*GOOD, BAD))
    url = reverse("import-save", args=[row.pk])

    first, second = post(desk, url), post(desk, url)

    assert (first["Location"], second["Location"]) == (row.get_absolute_url(),) * 2
    assert Member.objects.count() == 2
    row.refresh_from_db()
    assert row.state == Import.State.SAVED
    assert Member.pgh_event_model.objects.first().pgh_context.metadata["user"] == row.user_id


def test_a_village_is_chosen_once_for_all_its_rows_and_remembered(desk, cooperative):
    row = upload(desk, cooperative, spreadsheet(BAD, ("0004", "Y. Seran", *BAD[2:])))
    url = reverse("import-villages", args=[row.pk])
    assert 'value="Alas Selatan (' in desk.get(url).content.decode()

    post(desk, url, village_0="Alas Selatan")
    again = upload(desk, cooperative, spreadsheet(("0009", "Rosa Klau", *BAD[2:])))

    row.refresh_from_db()
    assert (row.counts["created"], row.counts["refused"]) == (2, 0)
    assert again.counts["created"] == 1


def test_a_doubtful_heading_is_asked_once_and_remembered(desk, cooperative):
    headings = ("No Anggota", "Nama Lengkap", "Kampung", "Tgl Masuk")
    row = upload(desk, cooperative, spreadsheet(*GOOD, headings=headings))
    assert row.state == Import.State.UPLOADED
    assert "Kampung" in desk.get(row.get_absolute_url()).content.decode()

    post(desk, reverse("import-columns", args=[row.pk]), column_0="village")
    again = upload(desk, cooperative, spreadsheet(*GOOD, headings=headings))

    row.refresh_from_db()
    assert row.state == again.state == Import.State.CHECKED
    assert ImportMemory.objects.get(about="column").meant == "village"


def test_a_file_without_the_names_is_refused_and_not_kept(desk, cooperative):
    file = spreadsheet(("0001", "1-2-2020"), headings=("No Anggota", "Tgl Masuk"))

    response = upload(desk, cooperative, file)

    assert response.status_code == 200
    assert _("Name") in response.context["form"].errors["file"][0]
    assert Import.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"\0\1\2" * 50, b"<html><table><tr><td>x</table>"])
def test_what_is_no_spreadsheet_is_refused_in_a_sentence(desk, cooperative, content):
    response = upload(desk, cooperative, SimpleUploadedFile("data.xlsx", content))

    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert Import.objects.count() == 0


def test_the_refused_rows_come_back_and_can_be_brought_in_again(desk, cooperative):
    titled = [("BUKU DAFTAR ANGGOTA",), (), HEADINGS, *GOOD, BAD]
    row = upload(desk, cooperative, spreadsheet(*titled[1:], headings=titled[0]))

    response = desk.post(reverse("import-refused", args=[row.pk]))
    content = b"".join(response.streaming_content)

    sheet = openpyxl.load_workbook(BytesIO(content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [tuple(cell or None for cell in line[:4]) for line in rows] == [
        ("BUKU DAFTAR ANGGOTA", None, None, None),
        (None, None, None, None),
        HEADINGS,
        BAD,
    ]
    assert "Alas Selaten" in rows[3][4]
    again = upload(desk, cooperative, SimpleUploadedFile("galat.xlsx", content))
    assert (again.state, again.counts["refused"]) == (Import.State.CHECKED, 1)


def test_without_refused_rows_there_is_no_file_of_them(desk, cooperative):
    checked = upload(desk, cooperative, spreadsheet(*GOOD))
    headings = ("No Anggota", "Nama Lengkap", "Kampung", "Tgl Masuk")
    asked = upload(desk, cooperative, spreadsheet(*GOOD, headings=headings))

    for row in (checked, asked):
        response = desk.post(reverse("import-refused", args=[row.pk]))
        assert (response.status_code, response["Location"]) == (302, row.get_absolute_url())


def test_a_file_is_dropped_with_its_lines(desk, cooperative, django_capture_on_commit_callbacks):
    row = upload(desk, cooperative, spreadsheet(*GOOD))
    stored, name = row.file.storage, row.file.name
    assert desk.get(reverse("import-drop", args=[row.pk])).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        post(desk, reverse("import-drop", args=[row.pk]))

    row.refresh_from_db()
    assert (row.state, row.file.name) == (Import.State.DROPPED, "")
    assert not stored.exists(name)
    assert ImportLine.objects.count() == 0


def test_an_import_is_taken_back_by_whoever_brought_it(desk, cooperative):
    row = upload(desk, cooperative, spreadsheet(*GOOD))
    post(desk, reverse("import-save", args=[row.pk]))
    assert desk.get(reverse("import-undo", args=[row.pk])).status_code == 200

    post(desk, reverse("import-undo", args=[row.pk]))

    row.refresh_from_db()
    assert row.state == Import.State.UNDONE
    assert Member.objects.count() == 0


def test_what_changed_since_the_check_is_shown_anew_before_it_is_saved(desk, cooperative):
    row = upload(desk, cooperative, spreadsheet(*GOOD))
    MemberFactory(cooperative=cooperative, number="0001", person__name="Orang Lain")

    page = post(desk, reverse("import-save", args=[row.pk]))
    shown = desk.get(page["Location"]).content.decode()

    row.refresh_from_db()
    assert (row.state, row.counts["created"], row.counts["refused"]) == ("checked", 1, 1)
    assert _("The records were changed meanwhile. Look at the new check, then save.") in shown
    assert Member.objects.count() == 1


def test_a_line_that_changes_shows_old_and_new(desk, cooperative):
    known = {"person__name": "Maria Bria", "person__village": None}
    MemberFactory(cooperative=cooperative, number="0001", **known)
    row = upload(desk, cooperative, spreadsheet(GOOD[0]))

    lines = desk.get(reverse("import-lines", args=[row.pk]) + "?hasil=changed").context["lines"]

    told = [(change["old"], change["new"]) for change in lines[0].changes]
    assert told == [("", "Alas Selatan"), ("2 Jan 2024", "1 Feb 2020")]


# --- to whom --------------------------------------------------------------------------------------
@pytest.fixture
def stranger(client):
    """An officer of another cooperative."""
    user = UserFactory()
    OfficerFactory(cooperative=CooperativeFactory(), user=user, role="secretary")
    return user


PAGES = ["detail", "lines", "columns", "villages", "save", "drop", "undo", "refused"]


@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_sees_a_file(client, desk, cooperative, stranger, page):
    row = upload(desk, cooperative, spreadsheet(*GOOD))
    client.force_login(stranger)

    assert client.get(reverse(f"import-{page}", args=[row.pk])).status_code == 404
    assert post(client, reverse(f"import-{page}", args=[row.pk])).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_the_office_looks_and_takes_back_but_saves_nothing(client, desk, cooperative, page):
    row = upload(desk, cooperative, spreadsheet(*GOOD))
    staff = UserFactory()
    staff.groups.add(group("Staf program"))
    client.force_login(staff)

    status = client.get(reverse(f"import-{page}", args=[row.pk])).status_code

    assert status == (200 if page in ("detail", "lines", "undo") else 403)


def test_who_is_out_of_office_works_on_the_file_no_more(desk, cooperative, officer):
    row = upload(desk, cooperative, spreadsheet(*GOOD))
    officer.offices.update(ended_on="2020-01-01", started_on="2019-01-01")

    assert post(desk, reverse("import-save", args=[row.pk])).status_code == 403
    assert Member.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "wanted"), [("members", 404), ("tidak-ada", 404)], ids=["no cooperative", "no kind"]
)
def test_a_kind_and_its_target_belong_together(desk, kind, wanted):
    assert desk.get(reverse("import-create", args=[kind])).status_code == wanted


def test_another_cooperative_is_out_of_sight(desk):
    other = CooperativeFactory()

    url = reverse("import-create-for", args=["members", other.pk])

    assert desk.get(url).status_code == 404


def queries(client, url):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize("query", ["", "baris/?hasil=created", "baris/?hasil=refused", "desa/"])
def test_as_many_queries_for_many_lines_as_for_one(desk, cooperative, query):
    def lines(start, count):
        good = [(f"{n:04}", f"Anggota {n}", "", "1-2-2020") for n in range(start, start + count)]
        return [*good, *((f"B{n}", *BAD[1:2], f"Desa X{n}", BAD[3]) for n in range(count))]

    few = upload(desk, cooperative, spreadsheet(*lines(1, 1)))
    many = upload(desk, cooperative, spreadsheet(*lines(100, 30)))

    first = queries(desk, few.get_absolute_url() + query)
    assert queries(desk, many.get_absolute_url() + query) == first


# --- long files -----------------------------------------------------------------------------------
def test_a_long_file_is_left_to_the_worker(desk, cooperative, monkeypatch):
    monkeypatch.setattr(acts, "AT_ONCE", 1)
    row = upload(desk, cooperative, spreadsheet(*GOOD))
    assert row.state == Import.State.QUEUED
    assert desk.get(row.get_absolute_url()).status_code == 200

    background.work_on_imports()
    row.refresh_from_db()
    assert (row.state, row.counts["created"]) == (Import.State.CHECKED, 2)

    post(desk, reverse("import-save", args=[row.pk]))
    assert Member.objects.count() == 0
    assert desk.get(row.get_absolute_url()).status_code == 200
    background.work_on_imports()

    row.refresh_from_db()
    assert (row.state, Member.objects.count()) == (Import.State.SAVED, 2)
    assert Member.pgh_event_model.objects.first().pgh_context.metadata["user"] == row.user_id


def test_a_trouble_in_the_background_is_told_and_stops_no_other_file(
    desk, cooperative, monkeypatch
):
    monkeypatch.setattr(acts, "AT_ONCE", 1)
    broken, sound = (upload(desk, cooperative, spreadsheet(*GOOD)) for _time in range(2))
    broken.file.storage.delete(broken.file.name)

    background.work_on_imports()

    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, sound.state) == (Import.State.UPLOADED, Import.State.CHECKED)
    assert broken.trouble in desk.get(broken.get_absolute_url()).content.decode()


def test_files_and_lines_are_forgotten_after_seven_days(desk, cooperative):
    row = upload(desk, cooperative, spreadsheet(*GOOD))
    post(desk, reverse("import-save", args=[row.pk]))
    fresh = upload(desk, cooperative, spreadsheet(BAD))
    Import.objects.filter(pk=row.pk).update(saved_at=timezone.now() - timedelta(days=8))

    background.forget_files()

    row.refresh_from_db()
    fresh.refresh_from_db()
    assert (row.file.name, row.lines.count(), Member.objects.count()) == ("", 0, 2)
    assert fresh.file and fresh.lines.count()
    assert desk.get(row.get_absolute_url()).status_code == 200
