"""What stands on the papers of an office: the columns of the forms, and the state of a day."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _

from cooperatives.models import MeetingState
from cooperatives.reports.books import BOOKS, BoardBook, MemberBook, SupervisorBook
from cooperatives.reports.enterprise_paper import EnterprisePaper
from cooperatives.reports.office_papers import CooperativePaper, DistrictSummary, MeetingPaper
from cooperatives.reports.standing import held
from malaka_portal.models import Region, User
from malaka_portal.papers.pdf import as_pdf
from malaka_portal.papers.sheet import Section
from malaka_portal.papers.xlsx import as_xlsx
from tests.factories.cooperatives import (
    AmendmentFactory,
    ConsentFactory,
    CooperativeFactory,
    MemberFactory,
    OfficerFactory,
    PersonFactory,
    StatusChangeFactory,
    YearlySnapshotFactory,
)
from tests.factories.enterprises import (
    CredentialFactory,
    EnterpriseFactory,
    EnterpriseSnapshotFactory,
)
from tests.factories.portal import LetterheadFactory, RegionFactory, UserFactory, village
from tests.factories.roles import actor, group
from tests.printed import pages_of, table_of, words_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


@pytest.fixture
def staff():
    user = UserFactory(area=RegionFactory(code="53.21", level=2, name="Malaka", parent=malaka()))
    user.groups.add(group("Staf program"))
    return User.objects.get(pk=user.pk)


def malaka():
    return RegionFactory(code="53")


def rows_of(paper):
    return [row for row in paper.sheet().rows if not isinstance(row, Section)]


def records_of(paper):
    """{label: value} of each row; of columns with one label the last."""
    labels = [str(column.label) for column in paper.columns]
    return [dict(zip(labels, row, strict=True)) for row in rows_of(paper)]


def known(**more):
    """A person of whom everything is known that a book asks for."""
    values = {"birth_place": "Betun", "born_on": date(1985, 7, 5), "address": "RT 03"}
    return PersonFactory(**values | {"hamlet": "Metamauk", "occupation": "weaver"} | more)


# --- books ----------------------------------------------------------------------------------------
PERSON = ["No.", "Full name", "Place and date of birth", "Sex", "Occupation", "Address"]
MEMBERS = [
    *PERSON,
    "Date of joining",
    "Print of the member's left thumb",
    "Signature of the member",
    "Signature of the chair, and date",
    "Date of asking to leave",
    "Date of leaving or dismissal",
    "Reason of leaving or dismissal",
    "Signature of the chair, and date",
]
BOARD = [
    *PERSON,
    "Number as a member",
    "Office on the board",
    "Date of election by the members' meeting",
    "Print of the left thumb",
    "Signature of the board member",
    "Date of ending",
    "Reason of ending",
    "Signature of the board member, and date",
]
SUPERVISORS = [
    text.replace("Office on the board", "Office among the supervisors").replace(
        "board member", "supervisor"
    )
    for text in BOARD
]


@pytest.mark.parametrize(
    ("book", "labels"),
    [(MemberBook, MEMBERS), (BoardBook, BOARD), (SupervisorBook, SUPERVISORS)],
    ids=lambda value: getattr(value, "slug", ""),
)
def test_the_columns_are_those_of_the_form(staff, book, labels):
    made = book(staff, day=DAY, cooperative=CooperativeFactory()).sheet()
    table = table_of(as_xlsx(made), _("No."))
    lower = [
        second if second is not None else first
        for first, second in zip(table[0], table[1], strict=True)
    ]

    wanted = [_(label) for label in labels]
    assert [str(column.label) for column in made.columns] == wanted
    assert (lower if book is MemberBook else list(table[0])) == wanted


def test_the_register_has_two_common_headings(staff):
    made = MemberBook(staff, day=DAY, cooperative=CooperativeFactory()).sheet()

    assert [(str(label), len(columns)) for label, columns in made.groups if label] == [
        (_("ADMITTED AS A MEMBER"), 4),
        (_("LEFT AS A MEMBER"), 4),
    ]


def test_a_thumb_fits_into_a_row(staff):
    assert {
        book(staff, day=DAY, cooperative=CooperativeFactory()).row_height for book in BOOKS
    } == {24}


def test_the_register_tells_who_is_known_how(staff):
    cooperative = CooperativeFactory()
    MemberFactory(cooperative=cooperative, person=known(name="Maria Bria"))

    (row,) = rows_of(MemberBook(staff, day=DAY, cooperative=cooperative, with_personal=True))

    assert row == [
        1,
        "Maria Bria",
        "Betun, 05-07-1985",
        "P",
        _("weaver"),
        "RT 03, Metamauk, Alas Selatan",
        date(2024, 1, 2),
        *[None] * 5,
        "",
        None,
    ]


def test_the_register_is_that_of_the_day(staff):
    cooperative = CooperativeFactory()
    for name, joined, left in (
        ("Lama", date(2020, 1, 1), None),
        ("Pergi", date(2021, 1, 1), date(2025, 6, 1)),
        ("Baru", date(2026, 1, 1), None),
    ):
        MemberFactory(
            cooperative=cooperative,
            person=PersonFactory(name=name),
            joined_on=joined,
            left_on=left,
            left_reason="moved" if left else "",
        )

    def names(day, **more):
        book = MemberBook(staff, day=day, cooperative=cooperative, **more)
        return [(row[1], row[11], row[12]) for row in rows_of(book)]

    gone = ("Pergi", date(2025, 6, 1), _("moved away"))
    assert names(date(2019, 1, 1)) == []
    assert names(date(2025, 5, 31)) == [("Lama", None, ""), ("Pergi", None, "")]
    assert names(date(2025, 6, 1)) == [("Lama", None, ""), gone]
    assert names(DAY) == [("Lama", None, ""), gone, ("Baru", None, "")]
    assert [row[0] for row in names(DAY, with_former=False)] == ["Lama", "Baru"]


def test_the_board_of_the_day_with_member_numbers(staff):
    cooperative, chair = CooperativeFactory(), PersonFactory(name="Ketua Lama")
    MemberFactory(cooperative=cooperative, person=chair, number="TFM-0007")
    OfficerFactory(
        cooperative=cooperative,
        person=chair,
        role="chair",
        ended_on=date(2025, 3, 1),
        end_reason="masa jabatan habis",
        elected_in="RAT 2023",
    )
    OfficerFactory(
        cooperative=cooperative,
        person=PersonFactory(name="Ketua Baru"),
        role="chair",
        started_on=date(2025, 3, 1),
    )
    OfficerFactory(cooperative=cooperative, body="supervisors", role="member")

    def told(day):
        found = rows_of(BoardBook(staff, day=day, cooperative=cooperative))
        return [(row[1], row[6], row[8], row[11], row[12]) for row in found]

    assert told(date(2025, 2, 28)) == [
        ("Ketua Lama", "TFM-0007", "01-01-2024 (RAT 2023)", None, "")
    ]
    assert told(DAY) == [
        ("Ketua Lama", "TFM-0007", "01-01-2024 (RAT 2023)", date(2025, 3, 1), "masa jabatan habis"),
        ("Ketua Baru", "", "01-03-2025", None, ""),
    ]


def test_a_book_is_whole_whoever_objects(staff):
    """The law wants the register; the person stands in no other list."""
    cooperative, person = CooperativeFactory(), PersonFactory()
    MemberFactory(cooperative=cooperative, person=person)
    ConsentFactory(person=person, purpose="record", withdrawn_on=date(2026, 3, 1), given_on=None)

    assert len(rows_of(MemberBook(staff, day=DAY, cooperative=cooperative))) == 1


def test_the_chair_signs_and_the_office_takes_note(staff):
    LetterheadFactory()
    cooperative = CooperativeFactory(name="Tenun Feto")
    OfficerFactory(cooperative=cooperative, role="chair", person=PersonFactory(name="Yosefina"))

    with time_machine.travel(DAY):
        made = MemberBook(staff, day=date(2025, 12, 31), cooperative=cooperative).sheet()

    office, chair = made.signatures
    assert (office.name, office.opening) == ("Maria Contoh, S.E.", _("Seen by"))
    assert (chair.name, chair.opening) == ("Yosefina", "Betun, 24 November 2026")
    assert "DINAS KOPERASI, USAHA KECIL DAN MENENGAH" in words_of(as_pdf(made))


# --- whose columns --------------------------------------------------------------------------------
def personal_of(user, cooperative):
    book = MemberBook(user, day=DAY, cooperative=cooperative, with_personal=True)
    return [(row[2], row[5]) for row in rows_of(book)]


FILLED = [("Betun, 05-07-1985", "RT 03, Metamauk, Alas Selatan")]


@pytest.mark.parametrize(
    ("role", "found"),
    [
        ("officer", FILLED),
        ("supervisor", FILLED),
        ("staff", FILLED),
        ("keeper", FILLED),
        ("administrator", FILLED),
        ("viewer", [(None, None)]),
        ("stranger", []),
    ],
)
def test_personal_columns_by_role(role, found):
    cooperative = CooperativeFactory()
    MemberFactory(cooperative=cooperative, person=known())

    assert personal_of(actor(role, {"Cooperative": cooperative}), cooperative) == found


@pytest.mark.parametrize(("role", "found"), [("officer", (None, None)), ("staff", FILLED[0])])
def test_of_who_left_an_officer_prints_the_line_alone(role, found):
    cooperative = CooperativeFactory()
    MemberFactory(
        cooperative=cooperative, person=known(), left_on=date(2025, 1, 1), left_reason="moved"
    )

    assert personal_of(actor(role, {"Cooperative": cooperative}), cooperative) == [found]


def test_a_reviewer_who_is_an_officer_fills_the_own_book_only():
    own, other = CooperativeFactory(), CooperativeFactory()
    for cooperative in (own, other):
        MemberFactory(cooperative=cooperative, person=known())
    reviewer = actor("viewer", {"Cooperative": own})
    OfficerFactory(cooperative=own, user=reviewer)
    reviewer = User.objects.get(pk=reviewer.pk)

    assert personal_of(reviewer, own) == FILLED
    assert personal_of(reviewer, other) == [(None, None)]


def test_without_being_asked_the_columns_stay_empty(staff):
    cooperative = CooperativeFactory()
    MemberFactory(cooperative=cooperative, person=known())

    (row,) = rows_of(MemberBook(staff, day=DAY, cooperative=cooperative))

    assert (row[2], row[5]) == (None, None)


# --- cooperatives on a day ------------------------------------------------------------------------
def test_the_summary_has_a_line_for_every_district_and_the_totals(staff):
    here, there = village("53.21.01.2001", "Wehali"), village("53.21.02.2001", "Haitimuk")
    RegionFactory(code="53.21.03", level=3, name="Rinhat", parent_id="53.21")
    first = CooperativeFactory(
        village=here,
        certificate_grade="A",
        certificate_valid_until=date(2026, 1, 1),
        last_annual_meeting_on=date(2026, 3, 1),
        legal_entity_date=date(2015, 1, 1),
    )
    CooperativeFactory(village=here, legal_entity_date=date(2015, 1, 1))
    second = CooperativeFactory(village=there, certificate_grade="C3")
    StatusChangeFactory(cooperative=second, since=date(2025, 1, 1), status="inactive")
    YearlySnapshotFactory(
        cooperative=first, fiscal_year=2025, members_male=10, members_female=20, net_surplus=-5
    )
    YearlySnapshotFactory(cooperative=second, fiscal_year=2024, members_female=7, total_assets=100)
    gone = CooperativeFactory(village=here)
    StatusChangeFactory(cooperative=gone, since=date(2025, 1, 1), status="dissolved")

    paper = DistrictSummary(staff, day=DAY)
    keys = [column.value for column in paper.columns]
    found = [dict(zip(keys, row, strict=True)) for row in rows_of(paper)]
    told = [
        [row[key] for key in ("active", "inactive", "uncertified", "certified", "in_force")]
        + [row[key] for key in ("expired", "members_male", "members_female", "total_assets")]
        + [row[key] for key in ("net_surplus", "held", "owed", "A", "other")]
        for row in found
    ]

    assert [row["district"] for row in found] == ["Region 53.21.01", "Region 53.21.02", "Rinhat"]
    assert told == [
        [2, 0, 1, 1, 0, 1, 10, 20, 0, -5, 1, 1, 1, 0],
        [0, 1, 0, 1, 1, 0, 0, 7, 100, 0, 0, 1, 0, 1],
        [0] * 14,
    ]
    totals = dict(zip(keys, paper.sheet().totals, strict=True))
    assert (totals["active"], totals["members_female"], totals["net_surplus"]) == (2, 27, -5)


def test_the_summary_of_one_district(staff):
    village("53.21.01.2001", "Wehali"), village("53.21.02.2001", "Haitimuk")
    CooperativeFactory(village=village("53.21.02.2001", "Haitimuk"))

    paper = DistrictSummary(staff, day=DAY, district=Region.objects.get(pk="53.21.01"))

    assert [row[1:3] for row in rows_of(paper)] == [["Region 53.21.01", 0]]


def test_no_cooperative_before_its_founding_and_its_status_of_then(staff):
    cooperative = CooperativeFactory(legal_entity_date=date(2020, 5, 6))
    StatusChangeFactory(cooperative=cooperative, since=date(2024, 1, 1), status="inactive")
    StatusChangeFactory(cooperative=cooperative, since=date(2025, 1, 1), status="dissolved")

    def counts(day):
        (row,) = records_of(DistrictSummary(staff, day=day))
        return row[_("active")], row[_("not active")]

    assert counts(date(2020, 5, 5)) == (0, 0)
    assert counts(date(2020, 5, 6)) == (1, 0)
    assert counts(date(2024, 1, 1)) == (0, 1)
    assert counts(date(2025, 1, 1)) == (0, 0)


def test_figures_are_those_of_the_day_with_corrections(staff):
    cooperative = CooperativeFactory()
    with time_machine.travel(date(2026, 2, 1)):
        for year, women in ((2023, 5), (2024, 6), (2024, 7), (2025, 8)):
            YearlySnapshotFactory(cooperative=cooperative, fiscal_year=year, members_female=women)
    with time_machine.travel(date(2026, 6, 1)):
        YearlySnapshotFactory(cooperative=cooperative, fiscal_year=2026, members_female=9)

    def women(day):
        return records_of(CooperativePaper(staff, day=day))[0][_("Number of members, women")]

    assert women(date(2023, 12, 30)) is None  # the year is not over, and nothing is on record
    assert women(date(2023, 12, 31)) == 5
    assert women(date(2025, 12, 30)) == 7
    assert women(date(2025, 12, 31)) == 8
    assert women(date(2026, 5, 31)) == 8
    assert women(date(2026, 6, 1)) == 9  # of this year, but on record by then


def test_the_list_has_the_fields_of_the_profile(staff):
    place = village("53.21.01.2001", "Wehali")
    cooperative = CooperativeFactory(
        name="Tenun Feto",
        village=place,
        address="Jalan Lingkar",
        legal_entity_number="0012/BH/2019",
        legal_entity_date=date(2019, 1, 2),
        registry_number="5321010010001",
        certificate_grade="B",
        certificate_valid_until=date(2027, 5, 6),
        last_annual_meeting_on=date(2026, 3, 1),
        sector="C",
    )
    AmendmentFactory(cooperative=cooperative, number="PAD/1", date=date(2024, 5, 6))
    AmendmentFactory(cooperative=cooperative, number="PAD/2", date=date(2026, 12, 1))
    for role, body, name in (
        ("chair", "board", "Maria"),
        ("secretary", "board", "Yosef"),
        ("treasurer", "board", "Ana"),
        ("chair", "supervisors", "Petrus"),
        ("member", "supervisors", "Agus"),
    ):
        OfficerFactory(
            cooperative=cooperative, role=role, body=body, person=PersonFactory(name=name)
        )
    YearlySnapshotFactory(
        cooperative=cooperative, members_male=10, employees_male=1, employees_female=2
    )

    paper = CooperativePaper(staff, day=DAY)
    ((_no, *row),) = rows_of(paper)

    assert row == [
        "Tenun Feto", "0012/BH/2019", date(2019, 1, 2), "PAD/1", date(2024, 5, 6),
        date(2026, 3, 1), "Jalan Lingkar", "Wehali", "Region 53.21.01", "Malaka",
        "Nusa Tenggara Timur",
        f"{_('primary')} {_('regency or city')}".capitalize(), _("producer").capitalize(),
        _("general public").capitalize(), _("manufacturing and crafts").capitalize(),
        "Maria", "Yosef", "Ana", "Petrus, Agus", None, 10, 20, 30, None, 3, "5321010010001",
        _("Certified"), date(2027, 5, 6), "B",
    ]  # fmt: skip
    written = table_of(as_xlsx(paper.sheet()), _("No."))[1]
    assert (written[2], written[26]) == ("0012/BH/2019", "5321010010001")
    assert "5321010010001" in words_of(as_pdf(paper.sheet()))


def test_who_objects_is_not_named_in_the_list(staff):
    cooperative, person = CooperativeFactory(), PersonFactory(name="Rahasia")
    OfficerFactory(cooperative=cooperative, role="chair", person=person)
    ConsentFactory(person=person, purpose="record", withdrawn_on=date(2026, 3, 1), given_on=None)

    (row,) = records_of(CooperativePaper(staff, day=DAY))

    assert row[_("Name of the chair")] is None


# --- annual meetings ------------------------------------------------------------------------------
A, B, C = date(2024, 2, 1), date(2025, 2, 1), date(2026, 2, 1)


@pytest.mark.parametrize(
    ("values", "days"),
    [
        ([None], []),
        ([None, A, B], [A, B]),
        ([A, C, B], [A, B]),  # a day that was set back was a mistake
        ([A, B, None], [A]),
        ([A, A, B], [A, B]),
        ([B, A, C], [A, C]),
    ],
)
def test_the_meetings_held_are_read_off_the_history(values, days):
    assert list(dict.fromkeys(held(values))) == days


def states(staff, day, year):
    found = records_of(MeetingPaper(staff, day=day, fiscal_year=year))
    return {row[_("Cooperative")]: row[_("State")] for row in found}


def test_the_state_of_the_meetings_about_a_year(staff):
    for name, held_on in (
        ("tepat", date(2026, 3, 31)),
        ("terlambat", date(2026, 4, 1)),
        ("lewat", date(2026, 7, 1)),
        ("belum", date(2025, 3, 1)),
    ):
        CooperativeFactory(
            name=name, last_annual_meeting_on=held_on, legal_entity_date=date(2015, 1, 1)
        )

    def told(day, year=2025):
        return {name: state.lower() for name, state in states(staff, day, year).items()}

    label = {state: str(state.label).lower() for state in MeetingState}
    over = _("fiscal year not over")
    assert told(date(2025, 12, 31)) == dict.fromkeys(["tepat", "terlambat", "lewat", "belum"], over)
    assert told(date(2026, 3, 31))["belum"] == label[MeetingState.DUE]
    assert told(date(2026, 3, 31))["tepat"] == label[MeetingState.IN_TIME]
    assert told(date(2026, 4, 1))["terlambat"] == label[MeetingState.LATE]
    assert told(date(2026, 4, 1))["belum"] == label[MeetingState.MINISTRY]
    assert told(date(2026, 7, 1))["belum"] == label[MeetingState.LAW]
    assert told(DAY)["lewat"] == label[MeetingState.AFTER_LAW]


def test_a_meeting_of_an_earlier_year_comes_from_the_history(staff):
    cooperative = CooperativeFactory(
        name="Tenun", last_annual_meeting_on=date(2025, 3, 1), legal_entity_date=date(2015, 1, 1)
    )
    cooperative.last_annual_meeting_on = date(2026, 5, 1)
    cooperative.save()

    def told(day, year):
        (row,) = records_of(MeetingPaper(staff, day=day, fiscal_year=year))
        return row[_("Date of the meeting")], row[_("State")].lower()

    in_time, late = str(MeetingState.IN_TIME.label), str(MeetingState.LATE.label)
    assert told(DAY, 2024) == (date(2025, 3, 1), in_time.lower())
    assert told(DAY, 2025) == (date(2026, 5, 1), late.lower())
    assert told(date(2026, 4, 30), 2025)[0] is None  # as it was known then
    assert records_of(CooperativePaper(staff, day=date(2026, 4, 30)))[0][
        _("Date of the last annual meeting")
    ] == date(2025, 3, 1)


def test_deadlines_follow_the_fiscal_year_and_the_notes_count(staff):
    CooperativeFactory(fiscal_year_end=6, legal_entity_date=date(2015, 1, 1))

    paper = MeetingPaper(staff, day=DAY, fiscal_year=2025)
    (row,) = records_of(paper)

    assert [row[_(label)] for label in ("Ministry's deadline", "Deadline by the law")] == [
        date(2025, 9, 30),
        date(2025, 12, 31),
    ]
    danger = _("in danger of being declared not active")
    assert row[_("State")].endswith(danger)
    told = _(
        "%(count)d in danger of being declared not active: no meeting on two fiscal years "
        "one after the other."
    ) % {"count": 1}
    assert told in paper.sheet().notes


# --- enterprises ----------------------------------------------------------------------------------
def test_enterprises_by_village_with_what_they_held_on_the_day(staff):
    here, there = village("53.21.01.2001", "Wehali"), village("53.21.02.2001", "Haitimuk")
    weaver = EnterpriseFactory(
        name="Tenun Bria", village=there, phone="+6281234567890", address="RT 02"
    )
    EnterpriseFactory(name="Warung", village=here, started_on=date(2026, 1, 1))
    EnterpriseFactory(name="Tutup", village=here, status="closed", closed_on=date(2026, 2, 1))
    EnterpriseSnapshotFactory(enterprise=weaver)
    CredentialFactory(enterprise=weaver, number="9000000000001")
    CredentialFactory(
        enterprise=weaver, kind="pirt", number="510353210100012", valid_until=date(2026, 6, 1)
    )
    CredentialFactory(enterprise=weaver, kind="trademark", number="", status="in_process")

    def told(day):
        rows = EnterprisePaper(staff, day=day, with_personal=True).sheet().rows
        return [row.text if isinstance(row, Section) else row[1] for row in rows]

    sections = [
        _("District %(district)s, village %(village)s") % {"district": district, "village": name}
        for district, name in (("Region 53.21.01", "Wehali"), ("Region 53.21.02", "Haitimuk"))
    ]
    assert told(DAY) == [sections[0], "Warung", sections[1], "Tenun Bria"]
    assert told(date(2025, 12, 31)) == [sections[0], "Tutup", sections[1], "Tenun Bria"]
    row = records_of(EnterprisePaper(staff, day=DAY, with_personal=True))[1]
    assert row[_("Turnover a month (rupiah)")] == 2_000_000
    assert (row[_("Telephone")], row[_("Address")]) == ("0812-3456-7890", "RT 02")
    assert (row["NIB"], row[_("Trade mark")]) == ("9000000000001", _("in process"))
    ran_out = _("ran out on %(day)s") % {"day": "01-06-2026"}
    assert row["P-IRT"] == f"5103532101000-12\n{ran_out}"
    early = records_of(EnterprisePaper(staff, day=date(2023, 1, 1)))[-1]
    assert early["NIB"] is None  # issued in 2024


def test_an_officer_prints_the_own_enterprises(staff):
    own = CooperativeFactory(name="Koperasi Sendiri")
    EnterpriseFactory(name="Sendiri", cooperative=own, phone="+6281234567890")
    EnterpriseFactory(name="Lain")
    officer = actor("officer", {"Cooperative": own})

    paper = EnterprisePaper(officer, day=DAY, with_personal=True)

    assert [row[_("Name of the enterprise")] for row in records_of(paper)] == ["Sendiri"]
    assert records_of(paper)[0][_("Telephone")] == "0812-3456-7890"
    assert paper.sheet().lines[0] == "Koperasi Sendiri"


def test_owners_who_object_are_in_no_list(staff):
    enterprise = EnterpriseFactory()
    ConsentFactory(
        person=enterprise.owner, purpose="record", withdrawn_on=date(2026, 3, 1), given_on=None
    )

    assert rows_of(EnterprisePaper(staff, day=DAY)) == []


# --- all of them ----------------------------------------------------------------------------------
OFFICE = [
    (DistrictSummary, {}),
    (CooperativePaper, {}),
    (MeetingPaper, {"fiscal_year": 2025}),
    (EnterprisePaper, {}),
]


def everything(count):
    for _number in range(count):
        cooperative = CooperativeFactory(last_annual_meeting_on=date(2026, 3, 1))
        YearlySnapshotFactory(cooperative=cooperative)
        OfficerFactory(cooperative=cooperative)
        enterprise = EnterpriseFactory(cooperative=cooperative)
        CredentialFactory(enterprise=enterprise)
        EnterpriseSnapshotFactory(enterprise=enterprise)


@pytest.mark.parametrize(("paper", "asked"), OFFICE, ids=lambda value: getattr(value, "slug", ""))
def test_an_equal_number_of_queries_for_one_and_three(staff, paper, asked):
    counts = []
    for more in (1, 2):
        everything(more)
        with CaptureQueriesContext(connection) as queries:
            paper(User.objects.get(pk=staff.pk), day=DAY, **asked).sheet()
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 15


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.slug)
def test_an_equal_number_of_queries_for_one_and_three_lines(staff, book):
    cooperative, counts = CooperativeFactory(), []
    for more in (1, 2):
        for _number in range(more):
            MemberFactory(cooperative=cooperative)
            OfficerFactory(cooperative=cooperative)
            OfficerFactory(cooperative=cooperative, body="supervisors", role="member")
        with CaptureQueriesContext(connection) as queries:
            book(User.objects.get(pk=staff.pk), day=DAY, cooperative=cooperative).sheet()
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize(("paper", "asked"), OFFICE, ids=lambda value: getattr(value, "slug", ""))
def test_with_no_row_and_with_one(staff, paper, asked):
    RegionFactory(code="53.21.03", level=3, name="Rinhat", parent_id="53.21")
    district = Region.objects.get(pk="53.21.03")
    empty = paper(staff, day=DAY, district=district, **asked).sheet()

    assert len(pages_of(as_pdf(empty))) == 1
    assert table_of(as_xlsx(empty), _("No."))

    everything(1)
    one = paper(staff, day=DAY, **asked).sheet()
    assert len(pages_of(as_pdf(one))) == 1
    assert len(rows_of(paper(staff, day=DAY, **asked))) >= 1


def test_a_name_that_is_a_formula_stays_a_name(staff):
    evil = '=HYPERLINK("http://jahat.example","x")'
    cooperative = CooperativeFactory(name=evil)
    MemberFactory(cooperative=cooperative, person=PersonFactory(name=evil))
    EnterpriseFactory(cooperative=cooperative, name=evil)

    sheets = [paper(staff, day=DAY, **asked).sheet() for paper, asked in OFFICE]
    sheets.append(MemberBook(staff, day=DAY, cooperative=cooperative).sheet())

    for made in sheets[1:]:
        values = [value for row in table_of(as_xlsx(made), _("No.")) for value in row]
        assert evil in values
