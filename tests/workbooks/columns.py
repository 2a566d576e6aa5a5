"""The columns of a register of members, for tests of reading and matching."""

from datetime import date
from functools import partial

from malaka_portal.workbooks.columns import Column, names_of
from malaka_portal.workbooks.values import (
    code_of,
    date_of,
    national_id_of,
    phone_of,
    place_and_date,
    rupiah_of,
    sex_of,
    text_of,
)

TODAY = date(2026, 11, 24)
MEMBER_COLUMNS = (
    Column("name", "Nama", ("Nama Lengkap", "Nama Anggota"), is_required=True),
    Column(
        "nik", "NIK", ("No. KTP", "Nomor KTP", "NIK/No. KTP"), partial(national_id_of, today=TODAY)
    ),
    Column(
        "birth",
        "Tempat, Tanggal Lahir",
        ("TTL", "Tempat/Tgl Lahir", "Tempat & Tgl. Lahir"),
        partial(place_and_date, latest=TODAY),
    ),
    Column("sex", "L/P", ("Jenis Kelamin", "JK", "Kelamin"), sex_of),
    Column("occupation", "Pekerjaan", ("Mata Pencaharian",)),
    Column("village", "Desa", ("Desa/Kelurahan", "Kelurahan/Desa", "Nama Desa"), text_of),
    Column("address", "Alamat", ("Alamat Rumah", "Alamat Lengkap")),
    Column("phone", "No. HP", ("HP", "Telp/HP", "Nomor HP", "No. Telepon"), phone_of),
    Column("number", "No. Anggota", ("Nomor Anggota", "No. Induk Anggota"), code_of),
    Column(
        "joined_on",
        "Tgl Masuk",
        ("Tanggal Masuk", "Tanggal Masuk Menjadi Anggota"),
        partial(date_of, latest=TODAY, earliest=date(1945, 1, 1), short_years=True),
    ),
    Column("savings", "Simpanan Pokok", ("Simp. Pokok",), rupiah_of),
)
MEMBER_NAMES = names_of(MEMBER_COLUMNS)
