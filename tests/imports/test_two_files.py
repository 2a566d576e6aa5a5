"""The same list brought in twice: in two tabs, or by two people at the same moment."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection

from cooperatives.models import Cooperative
from malaka_portal.actors import acting
from malaka_portal.imports import acts
from malaka_portal.imports.kinds import KINDS
from malaka_portal.imports.saving import Stale, save_lines
from malaka_portal.models import Import
from tests.factories.portal import UserFactory, village

LIST = "No;Nama Koperasi;Jenis;Desa\n1;Tenun Feto;Produsen;Alas Selatan\n2;Loro;KSP;Alas Selatan\n"


@pytest.fixture
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES["default"].get("OPTIONS", {}).update(location=str(tmp_path))


def received(user):
    upload = SimpleUploadedFile("data.csv", LIST.encode())
    return acts.receive(kind=KINDS["cooperatives"], upload=upload, user=user)


def test_of_two_checked_files_the_second_is_checked_again(db, uploads):
    village()
    first, second = received(UserFactory()), received(UserFactory())
    assert first.counts["created"] == second.counts["created"] == 2

    acts.save(first)
    with pytest.raises(ValidationError) as caught:
        acts.save(second)

    assert caught.value.code == "checked_again"
    assert Cooperative.objects.count() == 2
    second.refresh_from_db()
    assert (second.state, second.counts["unchanged"]) == ("checked", 2)


def test_a_file_that_was_taken_back_leaves_the_next_one_to_be_checked_again(db, uploads):
    village()
    first = received(UserFactory())
    acts.save(first)
    second = received(UserFactory())
    assert second.counts["unchanged"] == 2

    acts.undo(first)
    with pytest.raises(ValidationError) as caught:
        acts.save(second)

    assert caught.value.code == "checked_again"


def test_a_file_that_was_saved_in_another_tab_keeps_the_record_of_it(db, uploads):
    village()
    row = received(UserFactory())
    acts.save(Import.objects.get(pk=row.pk))
    written = row.writes.count()

    with pytest.raises(ValidationError) as caught:
        acts.check(row)  # it was read before, and knows nothing of the saving

    assert caught.value.code == "not_checked"
    assert (Import.objects.get().state, row.writes.count()) == ("saved", written)
    acts.undo(row)
    assert Cooperative.objects.count() == 0


def test_a_file_that_was_dropped_in_another_tab_is_not_called_saved(db, uploads):
    village()
    row = received(UserFactory())
    acts.drop(Import.objects.get(pk=row.pk))

    with pytest.raises(Stale):
        save_lines(row, KINDS["cooperatives"].parts)

    assert Import.objects.get().state == "dropped"


def test_a_file_whose_check_fails_is_not_left_behind(db, uploads, tmp_path, monkeypatch):
    monkeypatch.setattr(acts, "check_drafts", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        received(UserFactory())

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_saved_file_never_waits_to_be_saved_again(db, uploads):
    village()
    acts.save(received(UserFactory()))

    with pytest.raises(IntegrityError, match="saved_has_a_time"):
        Import.objects.update(state="checked")


def save_at_once(rows):
    """The code of what each saving said, or "saved"."""
    told, gate = [], threading.Barrier(len(rows))

    def work(row):
        gate.wait()
        try:
            with acting(command="test"):
                acts.save(row)
            told.append("saved")
        except ValidationError as error:
            told.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[row]) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_saved_at_the_same_moment_one_wins(uploads):
    village()
    user = UserFactory()
    rows = [received(user), received(user)]

    assert save_at_once(rows) == ["checked_again", "saved"]
    assert Cooperative.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_count_both_would_be_saved(uploads):
    """The negative control."""
    village()
    user = UserFactory()
    rows = [received(user), received(user)]
    for row in rows:
        del row.layout["saves"]
        Import.objects.filter(pk=row.pk).update(layout=row.layout)

    assert save_at_once(rows) == ["saved", "saved"]
    assert Cooperative.objects.count() == 4
