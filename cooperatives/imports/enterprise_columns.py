"""The columns of a list of enterprises: the offices' (DATA UMKM), and the portal's own."""

from django.utils.translation import gettext_lazy as _

from cooperatives.imports import business_words as words
from cooperatives.imports import reading, titles
from cooperatives.models import Cooperative, Enterprise, Person, Support
from malaka_portal.imports.kinds import Source

SOURCES = (
    Source("_id", "_id", ("_id",), read=reading.row_id),
    Source("_versi", "_versi", ("_versi",), read=reading.text),
    Source(
        "name",
        _("Name"),
        ("nama", "nama lengkap", "name"),
        read=reading.words_for(Enterprise, "name"),  # or the owner's
    ),
    Source(
        "business",
        _("Name of the enterprise"),
        ("nama usaha", "nama umkm", "merek usaha", "merk usaha", "name of the enterprise"),
        read=reading.words_for(Enterprise, "name"),
    ),
    Source(
        "owner",
        _("Owner"),
        ("pemilik", "nama pemilik", "nama pengusaha", "pelaku usaha", "nama pelaku usaha", "owner"),
        read=reading.words_for(Person, "name"),
    ),
    Source(
        "nik",
        _("NIK (KTP)"),
        ("nik", "no nik", "nomor nik", "no ktp", "nomor ktp", "ktp", "nik ktp", "nik pemilik"),
        read=reading.nik,
        private=True,
    ),
    Source(
        "sex",
        _("Sex"),
        ("l/p", "lp", "l p", "jenis kelamin", "jk", "kelamin", "sex"),
        read=reading.sex,
    ),
    Source(
        "village",
        _("Village"),
        ("alamat desa", "desa", "desa kelurahan", "kelurahan", "nama desa", "village"),
        read=titles.village,
    ),
    Source(
        "hamlet",
        _("Hamlet"),
        ("dusun", "hamlet"),
        read=reading.words_for(Enterprise, "hamlet"),
    ),
    Source(
        "address",
        _("Address"),
        ("alamat", "alamat usaha", "alamat lengkap", "address"),
        read=reading.words_for(Enterprise, "address"),
    ),
    Source(
        "kind",
        _("Kind of enterprise"),
        ("bentuk usaha", "bentuk", "kind of enterprise"),
        read=words.KINDS.reader("unknown_kind"),
    ),
    Source(
        "line",
        _("Line of business"),
        ("jenis usaha", "bidang usaha", "usaha", "line of business"),
        read=words.line_of_business,
    ),
    Source(
        "status",
        _("Status"),
        ("status", "status usaha"),
        read=words.STATUSES.reader("unknown_status"),
    ),
    Source(
        "cooperative",
        _("Cooperative"),
        ("koperasi", "anggota koperasi", "nama koperasi", "cooperative"),
        read=reading.words_for(Cooperative, "name"),
    ),
    Source(
        "scale_year",
        _("Scale (year)"),
        ("skala tahun", "skala", "skala usaha", "scale year"),
        read=words.year_in_scale,
    ),
    Source(
        "kbli",
        _("KBLI"),
        ("kbli", "kode kbli"),
        read=reading.code,
    ),
    Source(
        "channels",
        _("Where it sells"),
        ("tempat menjual", "pemasaran", "where it sells"),
        read=words.channels,
    ),
    Source(
        "capital",
        _("Business capital"),
        ("modal", "modal usaha", "business capital"),
        read=reading.money_paid,
    ),
    Source(
        "monthly_turnover",
        _("Turnover a month"),
        ("omzet bln", "omzet bulan", "omzet per bulan", "omset bln", "omset per bulan", "omzet")
        + ("omset", "omset bulan", "turnover a month"),
        read=reading.money_paid,
    ),
    Source(
        "workers",
        _("Workers"),
        ("tk", "tenaga kerja", "jumlah tenaga kerja", "jumlah tk", "karyawan", "workers"),
        read=reading.count,
    ),
    Source(
        "workers_paid_male",
        _("Paid workers, men"),
        ("tenaga kerja dibayar l", "tk dibayar l", "paid workers men"),
        read=reading.count,
    ),
    Source(
        "workers_paid_female",
        _("Paid workers, women"),
        ("tenaga kerja dibayar p", "tk dibayar p", "paid workers women"),
        read=reading.count,
    ),
    Source(
        "workers_unpaid_male",
        _("Unpaid workers, men"),
        ("tenaga kerja tidak dibayar l", "tk tidak dibayar l", "unpaid workers men"),
        read=reading.count,
    ),
    Source(
        "workers_unpaid_female",
        _("Unpaid workers, women"),
        ("tenaga kerja tidak dibayar p", "tk tidak dibayar p", "unpaid workers women"),
        read=reading.count,
    ),
    Source("nib", _("NIB"), ("nib", "no nib", "nomor nib"), read=words.nib),
    Source("pirt", _("P-IRT"), ("p irt", "pirt", "no pirt", "no p irt"), read=words.pirt),
    Source(
        "halal",
        _("Halal"),
        ("halal", "sertifikat halal", "no halal", "nomor halal"),
        read=words.halal,
    ),
    Source(
        "phones",
        _("Telephone"),
        ("hp", "no hp", "nomor hp", "telepon", "no telepon", "no telp", "no wa", "telephone"),
        read=reading.phones,
    ),
    Source(
        "support",
        _("Support received"),
        ("bantuan", "bantuan yang pernah diterima", "bantuan yang diterima", "support received"),
        read=lambda cell, desk: reading.fits(
            words.support(cell, desk), Support._meta.get_field("what")
        ),
    ),
)
