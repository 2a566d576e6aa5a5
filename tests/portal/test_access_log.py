import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from malaka_portal.models import AccessLog
from tests.factories.portal import AccessLogFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_database_refuses_to_change_or_delete_a_row():
    log = AccessLogFactory(reason="Verifikasi data")

    for act in (
        lambda: AccessLog.objects.update(reason=""),
        lambda: AccessLog.objects.all().delete(),
        lambda: AccessLog.objects.filter(pk=log.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            act()

    assert list(AccessLog.objects.values_list("reason", flat=True)) == ["Verifikasi data"]


def test_the_database_refuses_an_unknown_kind():
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessLogFactory(kind="look")


def test_everybody_sees_their_own_rows_only():
    mine, _other = AccessLogFactory(), AccessLogFactory()

    assert list(AccessLog.objects.visible_to(mine.user)) == [mine]
    assert list(AccessLog.objects.managed_by(mine.user)) == []


def test_whoever_may_view_the_log_sees_all_rows():
    AccessLogFactory.create_batch(2)
    auditor = UserFactory(granted=["malaka_portal.view_accesslog"])

    assert AccessLog.objects.visible_to(auditor).count() == 2


@pytest.mark.parametrize(("name", "status"), [("add", 403), ("change", 200), ("delete", 403)])
def test_the_back_office_shows_and_changes_nothing(client, name, status):
    log = AccessLogFactory()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    args = [] if name == "add" else [log.pk]
    url = reverse(f"admin:malaka_portal_accesslog_{name}", args=args)

    assert client.get(url).status_code == status
    assert client.post(url, {"reason": "x"}).status_code == 403
