"""The frame of printed papers: pages, headings, signatures, and what may not become a formula."""

from datetime import date
from io import BytesIO

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import Image

from malaka_portal.models import Letterhead
from malaka_portal.papers.paper import of_office
from malaka_portal.papers.pdf import Print, as_pdf
from malaka_portal.papers.sheet import (
    BLANK,
    COUNT,
    DATE,
    IDENTIFIER,
    MONEY,
    ORDINAL,
    THUMB,
    PaperColumn,
    Section,
    Sheet,
    Signature,
)
from malaka_portal.papers.typesetting import REGULAR, plain_text, width_of, wrap
from malaka_portal.papers.xlsx import as_xlsx
from tests.factories.portal import LetterheadFactory, UserFactory
from tests.printed import pages_of, sheet_of, table_of, words_of

COLUMNS = [
    PaperColumn("No", kind=ORDINAL, width=8),
    PaperColumn("Nama", width=40),
    PaperColumn("Nomor", kind=IDENTIFIER, width=30),
    PaperColumn("Tanggal", kind=DATE, width=20, group="DITERIMA"),
    PaperColumn("Cap", kind=THUMB, width=24, group="DITERIMA"),
    PaperColumn("Aset", kind=MONEY, width=30, total=True),
    PaperColumn("Anggota", kind=COUNT, width=14, total=True, upright=True),
    PaperColumn("Paraf", kind=BLANK),
]
SIGNING = [Signature("Betun, 24 November 2026", "Kepala Dinas", "Maria Bria", ("NIP. 1",))]


def row(number, name="Maria Bria", **more):
    return [number, name, "0012345678901", date(2024, 1, 2), None, 1_500_000, 3, None]


def paper(rows, **more):
    values = {"title": "DAFTAR", "lines": ["Keadaan"], "columns": COLUMNS, "foot": "Portal"}
    return Sheet(rows=rows, **values | {"signatures": SIGNING} | more)


# --- PDF ------------------------------------------------------------------------------------------
def test_every_page_has_the_headings_and_its_number():
    pages = pages_of(as_pdf(paper([row(n) for n in range(1, 101)])))

    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert _("Page %(number)d of %(count)d") % {"number": number, "count": len(pages)} in text
        assert "DITERIMA" in text and "Anggota" in text


def test_all_rows_are_printed_once_and_in_order():
    pages = pages_of(as_pdf(paper([row(n, f"Orang{n:04}") for n in range(1, 1201)])))

    names = [word for text in pages for word in text.split() if word.startswith("Orang")]
    assert names == [f"Orang{n:04}" for n in range(1, 1201)]


def test_a_row_is_not_split_and_grows_with_a_long_name():
    long = "Emerensiana Yosefina Maria Goreti " * 4
    printed = Print(paper([row(1, long), row(2)], row_height=20))

    tall, usual = printed.table.rows[:2]
    assert len(tall.cells[1]) > 3
    assert usual.height == pytest.approx(20 * 72 / 25.4)
    assert sum(len(page) for page in printed.paginate()) == len(printed.table.rows)


def test_signatures_never_stand_alone_on_a_page():
    for count in range(1, 60):
        pages = Print(paper([row(n) for n in range(count)])).paginate()

        assert count < 2 or all(pages)
        assert len(pages) == 1 or len(pages[-1]) >= 2  # the total, and a row before it


def test_a_section_is_never_the_last_on_its_page():
    rows = [item for n in range(60) for item in (Section(f"Desa {n}"), row(n))]

    for page in Print(paper(rows)).paginate():
        assert not page or not page[-1].is_section


def test_a_number_is_set_smaller_rather_than_broken():
    columns = [PaperColumn("No", kind=ORDINAL, width=2), PaperColumn("Nama", width=80)]
    made = paper([[123_456, "Maria"]], columns=columns)

    assert "123456" in pages_of(as_pdf(made))[0]


def test_totals_are_added_up():
    text = words_of(as_pdf(paper([row(1), row(2)])))

    assert f"{_('TOTAL')} 3.000.000 6" in text


def test_an_empty_paper_says_so_and_keeps_its_headings():
    (text,) = pages_of(as_pdf(paper([])))

    assert _("There is nothing to list.") in text and "Nama" in text and "Kepala Dinas" in text
    assert table_of(as_xlsx(paper([])), "No")[2][0] == _("There is nothing to list.")


@pytest.mark.parametrize(("landscape", "size"), [(True, (842, 595)), (False, (595, 842))])
def test_it_is_a4(landscape, size):
    box = pypdf.PdfReader(BytesIO(as_pdf(paper([row(1)], landscape=landscape)))).pages[0].mediabox

    assert (round(box.width), round(box.height)) == size


def test_stacked_columns_share_one_in_print_and_have_their_own_in_a_spreadsheet():
    columns = [
        PaperColumn("Nama"),
        PaperColumn("Ketua", stack="orang", prefix="Ketua:"),
        PaperColumn("Bendahara", stack="orang", prefix="Bendahara:"),
    ]
    made = paper([["Tenun", "Maria", None]], columns=columns)

    assert "Ketua: Maria Bendahara: –" in words_of(as_pdf(made))
    assert table_of(as_xlsx(made), "Nama")[:2] == [
        ("Nama", "Ketua", "Bendahara"),
        ("Tenun", "Maria", None),
    ]


def test_lines_fit_whatever_the_word():
    for text in ("AHU-0012345.AH.01.26.Tahun 2021", "Q" * 80, "kata " * 30, ""):
        lines = wrap(text, REGULAR, 8, 50)

        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(width_of(line, REGULAR, 8) <= 50 for line in lines)


def test_a_letter_that_the_font_lacks_becomes_a_question_mark():
    assert plain_text("Nahak 中 é") == "Nahak ? é"


# --- XLSX -----------------------------------------------------------------------------------------
FORMULAS = ["=1+1", "+62812", "-3", "@SUM(A1)", "https://example.com", "{=A1}", "\tx", "1.000"]


def test_no_value_becomes_a_formula_a_link_or_a_number():
    rows = table_of(as_xlsx(paper([row(n, text) for n, text in enumerate(FORMULAS)])), "No")
    sheet = sheet_of(as_xlsx(paper([row(n, text) for n, text in enumerate(FORMULAS)])))

    assert [found[1] for found in rows[2 : 2 + len(FORMULAS)]] == FORMULAS
    kinds = {cell.data_type for line in sheet.iter_rows() for cell in line}
    assert "f" not in kinds
    assert not any(cell.hyperlink for line in sheet.iter_rows() for cell in line)


def test_formulas_in_everything_else_stay_texts_too():
    evil = "=cmd|' /C calc'!A0"
    head = Letterhead(institution=evil, office=evil, address=evil)
    signing = [Signature(evil, evil, evil, (evil,))]
    made = paper([Section(evil)], title=evil, lines=[evil], notes=[evil], signatures=signing)
    made = Sheet(**vars(made) | {"letterhead": head})

    sheet = sheet_of(as_xlsx(made))

    assert "f" not in {cell.data_type for line in sheet.iter_rows() for cell in line}


def test_values_keep_their_kind():
    _head, _second, found, *_rest = table_of(as_xlsx(paper([row(1)])), "No")
    cells = [c for c in sheet_of(as_xlsx(paper([row(1)]))).iter_rows() if c[0].value == 1][0]

    assert found[:3] == (1, "Maria Bria", "0012345678901")
    assert (found[3].date(), found[5], found[6]) == (date(2024, 1, 2), 1_500_000, 3)
    assert cells[2].number_format == "@"
    assert cells[3].number_format == "dd-mm-yyyy"
    assert cells[5].number_format == "#,##0"


def test_amounts_of_a_whole_regency_are_not_shown_as_hashes():
    sheet = sheet_of(as_xlsx(paper([row(1)])))

    assert sheet.column_dimensions["F"].width >= len("999.999.999.999")


def test_it_is_set_up_for_print():
    sheet = sheet_of(as_xlsx(paper([row(n) for n in range(3)])))

    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert int(sheet.page_setup.fitToHeight) == 0  # as many pages as it takes, one wide
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$4:$5"
    assert "D4:E4" in {str(merged) for merged in sheet.merged_cells.ranges}


# --- letterhead -----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_letterhead_in_use_is_the_latest_that_has_begun():
    LetterheadFactory(valid_from=date(2020, 1, 1), office="Lama")
    LetterheadFactory(valid_from=date(2026, 1, 1), office="Baru")

    on = Letterhead.objects.on
    assert on(date(2019, 12, 31)) is None
    assert [on(date(2025, 12, 31)).office, on(date(2026, 1, 1)).office] == ["Lama", "Baru"]


@pytest.mark.django_db
def test_two_letterheads_do_not_begin_on_one_day():
    LetterheadFactory()

    with pytest.raises(IntegrityError):
        LetterheadFactory()


@pytest.mark.django_db
def test_a_nip_has_18_digits():
    with pytest.raises(ValidationError) as caught:
        LetterheadFactory.build(signatory_number="123").full_clean()

    assert list(caught.value.message_dict) == ["signatory_number"]


def test_who_signs_has_name_rank_and_spaced_number():
    signature = of_office(LetterheadFactory.build(), "Betun, 24 November 2026")

    assert signature.below == ("Pembina Utama Muda", "NIP. 19700101 200001 2 001")


@pytest.mark.django_db
def test_the_coat_of_arms_is_drawn_in_both_forms(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    picture = BytesIO()
    Image.new("RGB", (60, 60), "red").save(picture, "PNG")
    head = LetterheadFactory(logo=ContentFile(picture.getvalue(), name="arms.png"))
    made = Sheet(**vars(paper([row(1)])) | {"letterhead": head})

    images = pypdf.PdfReader(BytesIO(as_pdf(made))).pages[0].images
    assert len(images) == 1
    assert len(sheet_of(as_xlsx(made))._images) == 1

    head.logo.storage.delete(head.logo.name)
    assert "DINAS KOPERASI" in words_of(as_pdf(made))  # a file that is gone breaks no paper


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [({"is_superuser": True}, 200), ({}, 403)])
def test_an_administrator_writes_the_letterhead_in_the_back_office(client, who, status):
    client.force_login(UserFactory(is_staff=True, **who))

    assert client.get(reverse("admin:malaka_portal_letterhead_add")).status_code == status


@pytest.mark.django_db
def test_a_letterhead_is_recorded_with_its_arms(client, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    picture = BytesIO()
    Image.new("RGB", (9, 9), "red").save(picture, "PNG")
    values = {
        "valid_from": "1-1-2026",
        "office": "Dinas Koperasi",
        "place": "Betun",
        "signatory_title": "Kepala Dinas",
    }
    url = reverse("admin:malaka_portal_letterhead_add")

    arms = ContentFile(picture.getvalue(), name="lambang.png")
    assert client.post(url, values | {"logo": arms}).status_code == 302
    again = client.post(url, values)

    head = Letterhead.objects.get()
    assert (head.office, head.valid_from, bool(head.logo)) == (
        "Dinas Koperasi",
        date(2026, 1, 1),
        True,
    )
    assert _("There is a letterhead from this day on already.") in again.content.decode()


def test_a_text_too_long_for_a_page_says_that_there_is_more():
    made = paper([row(1, "kata " * 3000)])

    assert "…" in pages_of(as_pdf(made))[0]
