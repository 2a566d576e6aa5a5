"""The office's lists through the pages of the wizard, as the programme's staff."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperatives.models import Cooperative, Enterprise
from malaka_portal.imports.kinds import KINDS
from malaka_portal.models import Import
from tests.factories.portal import RegionFactory, UserFactory, village
from tests.factories.roles import group

LISTS = {
    "cooperatives": (
        Cooperative,
        "No;Nama Koperasi;Jenis;Desa;Ketua;Ket\n"
        "1;Tenun Feto;Produsen;Alas Selatan;Maria Bria;Tidak aktif\n"
        "2;KSU Loro;;Alas Selatan;;pindah kantor\n"
        "3;KSU Loro;;Alas Selatan;;\n",
    ),
    "enterprises": (
        Enterprise,
        "No;Nama;NIK;L/P;Alamat/desa;Jenis usaha;Modal;Omzet/bln;TK;NIB;P-IRT;Halal;HP;"
        "Bantuan yang pernah diterima\n"
        "1;Maria Bria;5321104507909001;P;Alas Selatan;Tenun;5 jt;1,5 jt;3;9120001234567;ada;belum;"
        "081234567890;Alat tenun 2023\n"
        "2;Yosef Seran;;L;Alas Selatan;Kios;;;;;;;;\n"
        "3;Yosef Seran;;L;Alas Selatan;Kios;;;;;;;;\n",
    ),
}


@pytest.fixture
def staff(db, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    village()
    user = UserFactory(area=RegionFactory._meta.model.objects.get(pk="53.21"))
    user.groups.add(group("Staf program"))
    client.force_login(user)
    return user


@pytest.mark.parametrize("kind", LISTS)
def test_staff_bring_a_list_and_look_at_its_lines(client, staff, kind):
    model, text = LISTS[kind]
    assert KINDS[kind].may_import(staff)
    upload = SimpleUploadedFile("data 2025.csv", text.encode())

    page = client.get(reverse("import-create", args=[kind]))
    key = page.content.decode().split('name="_kunci" value="')
    data = {"file": upload} | ({"_kunci": key[1].split('"')[0]} if len(key) > 1 else {})
    client.post(reverse("import-create", args=[kind]), data)
    row = Import.objects.get()

    assert (row.state, row.counts["created"], row.counts["refused"]) == ("checked", 2, 1)
    assert client.get(row.get_absolute_url()).status_code == 200
    for outcome in ("created", "changed", "refused", "skipped", "unchanged"):
        lines = client.get(reverse("import-lines", args=[row.pk]), {"hasil": outcome})
        assert lines.status_code == 200
        assert "5321104507909001" not in lines.content.decode()
    assert model.objects.count() == 0


@pytest.mark.parametrize("kind", LISTS)
def test_whoever_is_no_staff_does_not_get_there(client, db, kind):
    client.force_login(UserFactory())

    assert client.get(reverse("import-create", args=[kind])).status_code == 403


def test_what_the_kinds_are_called():
    assert [str(KINDS[kind].label) for kind in LISTS] == [
        _("cooperatives of the district office"),
        _("enterprises (UMKM)"),
    ]
