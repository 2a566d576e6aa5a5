"""Columns are known by their headings; what is not sure is asked, and nothing is left unsaid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from malaka_portal.workbooks.book import Sheet
from malaka_portal.workbooks.columns import Column, columns_by_name
from malaka_portal.workbooks.headings import Heading, fold
from malaka_portal.workbooks.matching import match
from malaka_portal.workbooks.reading import read
from malaka_portal.workbooks.tables import find
from tests.workbooks.columns import MEMBER_COLUMNS, MEMBER_NAMES
from tests.workbooks.test_reading import DATA

COLUMNS = (
    Column("name", "Nama Koperasi", ("Nama",), is_required=True),
    Column("legal_number", "Badan Hukum Nomor", ("No. Badan Hukum",)),
    Column("registry_number", "NIK Koperasi", ("NIK",)),
    Column("chair", "Ketua", ("Nama Ketua",)),
    Column("savings", "Simpanan Pokok", ("Pokok",)),
    Column("assets", "Aset", ("Total Aset",)),
    Column("women", "Anggota P", ()),
)


def headings(*texts):
    return [
        Heading(at, text if isinstance(text, tuple) else (text,) if text else ())
        for at, text in enumerate(texts)
    ]


def sure(*texts, **remembered):
    found = match(headings(*texts), COLUMNS, remembered)
    return {key: heading.position for key, heading in found.sure.items()}


def test_the_register_is_understood_without_a_question():
    (sheet,) = read(DATA / "buku-daftar-anggota.xlsx", "x").sheets
    table = find(sheet, MEMBER_NAMES)

    found = match(table.headings, MEMBER_COLUMNS)

    assert found.is_settled
    assert {key: heading.letter for key, heading in found.sure.items()} == dict(
        zip((column.key for column in MEMBER_COLUMNS), "BCDEFGHIJKL", strict=True)
    )
    assert [heading.text for heading in found.left_out] == ["No"]
    first = found.cells(next(table.records()))
    assert (first["name"], first["number"], first["savings"]) == ("Rosalia Mali", "0001", "0,1 jt")


def test_case_accents_and_signs_do_not_matter():
    assert sure(" NAMA  Koperasi* ", "N.I.K", "Kétua:", "ASET (Rp)") == {
        "name": 0,
        "chair": 2,
        "assets": 3,
    }
    assert sure("NIK", "Nama\nKoperasi") == {"registry_number": 0, "name": 1}


def test_groups_are_part_of_the_name():
    assert sure(("Badan Hukum", "Nomor"), ("Anggota", "P"), ("Anggota", "L")) == {
        "legal_number": 0,
        "women": 1,
    }


def test_the_last_part_is_enough_where_it_is_unambiguous():
    assert sure(("Simpanan Anggota", "Pokok"), "Nama") == {"savings": 0, "name": 1}
    assert sure(("Modal Awal", "Aset"), ("Modal Akhir", "Aset")) == {}
    assert sure(("Keadaan", "Aset"), "Total Aset") == {"assets": 1}


def test_a_group_about_somebody_else_is_not_overheard():
    found = match(headings("Nama Koperasi", ("Ketua", "NIK")), COLUMNS)

    assert list(found.sure) == ["name"]
    assert [heading.text for heading in found.unknown] == ["Ketua NIK"]


def test_close_spellings_are_doubts():
    found = match(headings("Nama Koprasi", "Total Aset Koperasi", "Kuta"), COLUMNS)

    assert [(doubt.heading.text, doubt.suggestion) for doubt in found.doubts] == [
        ("Nama Koprasi", "name"),
        ("Total Aset Koperasi", "assets"),
    ]
    assert [heading.text for heading in found.unknown] == ["Kuta"]
    assert (found.missing, found.is_settled) == (["name"], False)


def test_two_headings_for_one_column_are_asked():
    found = match(headings("Nama", "Nama Koperasi", "Aset"), COLUMNS)

    assert [h.letter for h in found.duplicates["name"]] == ["A", "B"]
    assert (list(found.sure), found.missing, found.is_settled) == (["assets"], [], False)


def test_what_was_settled_is_remembered():
    remembered = {"sebutan": "name", "ket": None, "nama": None, "lama": "gone"}
    found = match(headings("Sebutan", "Ket.", "Nama", "Lama"), COLUMNS, remembered)

    assert {key: h.text for key, h in found.sure.items()} == {"name": "Sebutan"}
    assert [h.text for h in found.left_out] == ["Ket.", "Nama"]
    assert [h.text for h in found.unknown] == ["Lama"]


def test_a_column_that_is_taken_is_not_suggested():
    found = match(headings("Sebutan", "Nama"), COLUMNS, {"sebutan": "name"})

    assert [h.text for h in found.unknown] == ["Nama"]


def test_values_without_a_heading_are_asked_about():
    table = find(
        Sheet("x", [["No", "Nama", "NIK"], [1, "Maria", "532", None, "pindah"]]), {"nama", "nik"}
    )
    found = match(table.headings, MEMBER_COLUMNS)

    assert [(h.letter, h.text) for h in found.unknown] == [("E", "")]


def test_names_belong_to_one_column():
    with pytest.raises(ValueError, match="'no hp'"):
        columns_by_name([Column("a", "No. HP", ()), Column("b", "HP", ("NO HP",))])


PARTS = st.sampled_from(
    ["Nama", "NIK", "Ketua", "Pokok", "Aset", "No", "Namaa", "x", "Badan Hukum"]
)


@given(
    st.lists(st.one_of(st.none(), PARTS, st.tuples(PARTS, PARTS)), max_size=8),
    st.dictionaries(PARTS.map(fold), st.sampled_from(["name", "chair", None, "gone"]), max_size=3),
)
def test_every_heading_has_one_place(texts, remembered):
    found = match(headings(*texts), COLUMNS, remembered)

    doubts = [doubt.heading for doubt in found.doubts]
    shared = [heading for alike in found.duplicates.values() for heading in alike]
    places = [*found.sure.values(), *doubts, *found.unknown, *found.left_out, *shared]
    assert sorted(h.position for h in places if h.parts) == [at for at, t in enumerate(texts) if t]
