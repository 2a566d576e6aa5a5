"""Registers of members in every kind of mess, from a seed, with the truth of every row.

    register = messy_register(seed)
    register.write(path)            # .xlsx or .csv, by the name
    register.truth                  # {row number: what the record says}
    register.skipped                # {row number: why there is no record}

Print the seed when a test fails: it makes the same register again.
"""

import csv
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import openpyxl

from malaka_portal.parsing import format_date, format_date_short, format_number, format_phone
from malaka_portal.places import Village
from tests.workbooks.columns import MEMBER_COLUMNS, TODAY

FIRST_NAMES = ["Maria", "Yosefina", "Petrus", "José", "Wilhelmina", "Jumlah", "Ketua", "Blasius"]
LAST_NAMES = ["Bete Nahak", "Seran", "Tae", "Klau", "Un", "Luruk Asa", "Total"]
OCCUPATIONS = ["Petani", "Penenun", "Guru honorer", "Ibu rumah tangga", None]
TITLES = ["BUKU DAFTAR ANGGOTA", "KOPERASI PRODUSEN TENUN", "Tahun Buku 2025", "Kabupaten Malaka"]
VILLAGES = [
    Village("53.21.06.2001", "Biau", "Io Kufeu"),
    Village("53.21.02.2001", "Motaulun", "Malaka Barat"),
    Village("53.21.06.2007", "Ikan Tuanbeis", "Io Kufeu"),
    Village("53.21.06.2005", "Bani-Bani", "Io Kufeu"),
    Village("53.21.05.2017", "Tafuli I", "Rinhat"),
    Village("53.21.01.2001", "Barene", "Malaka Tengah"),
]
KEYS = [column.key for column in MEMBER_COLUMNS]


@dataclass
class Register:
    """A messy sheet and what is true of it. Rows are counted as Excel does, from 1."""

    seed: int
    rows: list = field(default_factory=list)
    truth: dict = field(default_factory=dict)
    skipped: dict = field(default_factory=dict)

    def add(self, cells, *, reason=None, says=None):
        self.rows.append(cells)
        if reason:
            self.skipped[len(self.rows)] = reason
        else:
            self.truth[len(self.rows)] = says

    def write(self, path):
        """Returns the path."""
        if path.suffix == ".csv":
            self._write_text(path)
        else:
            self._write_workbook(path)
        return path

    def _write_workbook(self, path):
        book = openpyxl.Workbook()
        for at, row in enumerate(self.rows, start=1):
            for place, cell in enumerate(row, start=1):
                book.active.cell(at, place, cell)
        book.save(path)

    def _write_text(self, path):
        chance = random.Random(self.seed)
        encoding = chance.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"])
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, delimiter=chance.choice(";\t,"))
            for row in self.rows:
                writer.writerow(["" if cell is None else _as_text(cell) for cell in row])


def _as_text(cell):
    if isinstance(cell, float):
        return f"{cell:.15g}".replace(".", ",")
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)


class Mess:
    """Chances for one register: its headings, and how its cells are written."""

    def __init__(self, seed, count):
        self.chance = random.Random(seed)
        self.count = count
        self.register = Register(seed)
        self.serial = self.chance.random() < 0.9
        self.keys = self._keys()
        self.pages = self.chance.random() < 0.3

    def _keys(self):
        """The columns in some order; the name is always there, two others may be missing."""
        others = [key for key in KEYS if key not in ("name", "nik")]
        missing = self.chance.sample(others, self.chance.randrange(3))
        keys = [key for key in KEYS if key not in missing]
        if self.chance.random() < 0.5:
            self.chance.shuffle(keys)
        return keys

    def make(self):
        self._titles()
        heading = self._heading()
        for at in range(1, self.count + 1):
            if self.pages and at % 20 == 0:
                self._add_heading(heading)
            self._record(at)
            if self.chance.random() < 0.05:
                self._add([], reason="blank")
        self._end()
        return self.register

    def _add(self, cells, **options):
        self.register.add(cells, **options)

    def _titles(self):
        for title in self.chance.sample(TITLES, self.chance.randrange(1, len(TITLES))):
            self._add([None] * self.chance.randrange(3) + [title], reason="title")
        for _n in range(self.chance.randrange(3)):
            self._add([], reason="blank")

    def _heading(self):
        names = [self._name_of(key) for key in self.keys]
        heading = [self.chance.choice(["No", "NO.", "No. Urut"]), *names] if self.serial else names
        self._add_heading(heading, reason="header")
        return heading

    def _name_of(self, key):
        column = next(column for column in MEMBER_COLUMNS if column.key == key)
        name = self.chance.choice([column.label, *column.names])
        dress = [str, str.upper, lambda n: f" {n} ", lambda n: n.replace(" ", "\n", 1)]
        return self.chance.choice(dress)(name)

    def _add_heading(self, heading, reason="repeated_header"):
        self._add(heading, reason=reason)
        numbers = range(1, len(heading) + 1)
        form = self.chance.choice([None, int, str, "({})".format, "{}.".format])
        if form:
            self._add([form(n) for n in numbers], reason="column_numbers")

    def _end(self):
        width = len(self.keys) + self.serial
        if self.chance.random() < 0.7:
            total = [None] * width
            total[self.serial + self.keys.index("name")] = self.chance.choice(["JUMLAH", "Total"])
            if "savings" in self.keys:
                total[self.serial + self.keys.index("savings")] = self.chance.choice([None, 9e6])
            self._add(total, reason="total")
        self._add([None, "-"], reason="blank")
        # where nothing is numbered, a place and date alone may be somebody's birth
        if self.serial and self.chance.random() < 0.7:
            self._add([None] * (width - 2) + ["Betun, 31 Desember 2025"], reason="signature")
            offices = [None, "Mengetahui,", *[None] * (width - 4), "Bendahara,"]
            self._add(offices, reason="signature")

    # --- records --------------------------------------------------------------------------------
    def _record(self, at):
        chance = self.chance
        says = self._person(at)
        cells = [getattr(self, f"_write_{key}")(says[key]) for key in self.keys]
        if self.serial:
            cells.insert(0, chance.choice([at, at, str(at), f"{at}."]))
        self._add(cells, says={key: says[key] for key in self.keys})

    def _person(self, at):
        chance = self.chance
        born = date(1950, 1, 1) + timedelta(chance.randrange(20_000))
        sex = chance.choice("LP")
        day = born.day + (40 if sex == "P" else 0)
        return {
            "name": f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}",
            "nik": chance.choice([f"532110{day:02}{born:%m%y}{at % 9999 + 1:04}"] * 5 + [None]),
            "birth": (chance.choice(["Betun", "Bani-Bani", "Kota Kupang"]), born),
            "sex": sex,
            "occupation": chance.choice(OCCUPATIONS),
            "village": chance.choice(VILLAGES),
            "address": chance.choice([f"Dusun A RT {at % 20:03}", None]),
            "phone": chance.choice([f"+628{chance.randrange(10**8, 10**10)}", None]),
            "number": f"{at:04}",
            "joined_on": date(2005, 1, 1) + timedelta(chance.randrange(7_000)),
            "savings": chance.choice([100_000, 50_000, 1_500_000]),
        }

    def _nothing(self):
        return self.chance.choice([None, "", "-", " ", "–"])

    def _write_name(self, name):
        return self.chance.choice([name, name.upper(), f" {name}", name.replace(" ", "  ")])

    def _write_nik(self, nik):
        if nik is None:
            return self.chance.choice([self._nothing(), "belum ada", "Tidak ada"])
        dotted = f"{nik[:6]}.{nik[6:12]}.{nik[12:]}"
        return self.chance.choice([nik, f"'{nik}", f" {nik} ", dotted, f"{nik[:6]} {nik[6:]}"])

    def _write_birth(self, birth):
        place, day = birth
        return f"{place}{self.chance.choice([', ', ',', ' '])}{self._written_day(day)}"

    def _written_day(self, day):
        forms = [format_date, format_date_short, "{:%d-%m-%Y}".format, "{:%d/%m/%Y}".format]
        return self.chance.choice([*forms, "{0.day}.{0.month}.{0.year}".format])(day)

    def _write_sex(self, sex):
        men, women = ["L", "l", "Laki-laki", "LK", "Pria"], ["P", "p", "Perempuan", "PR", "Wanita"]
        return self.chance.choice(men if sex == "L" else women)

    def _write_occupation(self, text):
        return text or self._nothing()

    _write_address = _write_occupation

    def _write_village(self, village):
        name = self.chance.choice([str, str.upper, str.lower])(village.name)
        dress = ["{}", "Ds. {}", "Desa {}", "{} ", "Kel. {}", f"{{}}, Kec. {village.district}"]
        return self.chance.choice(dress).format(name)

    def _write_phone(self, phone):
        if phone is None:
            return self._nothing()
        forms = [phone, format_phone(phone), phone[1:], "0" + phone[3:], int(phone[3:])]
        return self.chance.choice(forms)

    def _write_number(self, number):
        return self.chance.choice([number, f"'{number}"])

    def _write_joined_on(self, day):
        moment = datetime(day.year, day.month, day.day)
        return self.chance.choice([self._written_day(day), f"{day:%d/%m/%y}", day, moment])

    def _write_savings(self, amount):
        grouped = format_number(amount)
        millions = f"{amount / 1e6:g} jt".replace(".", ",")
        forms = [amount, float(amount), grouped, f"Rp {grouped}", f"Rp{grouped},00", millions]
        return self.chance.choice(forms)


def messy_register(seed, count=40):
    """A Register of `count` members; what it says agrees with `TODAY` of `columns`."""
    assert count < 9999 and TODAY.year < 2050
    return Mess(seed, count).make()
