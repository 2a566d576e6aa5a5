"""Two records made one: what moves, what stands in the way, and taking it back to the last byte."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cooperatives import services
from cooperatives.models import Joining, Member, NikClaim, Person, Suspicion
from cooperatives.services import joining as joinings
from cooperatives.services import moving
from malaka_portal.actors import acting
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    ConsentFactory,
    CooperativeFactory,
    JoiningFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    ProposalFactory,
    SuspicionFactory,
    decided,
    with_nik,
)
from tests.factories.portal import UserFactory, village

pytestmark = pytest.mark.django_db
TABLES = ("person", "member", "officer", "consent", "nikclaim", "proposal", "suspicion")
BOOKKEEPING = {"version", "updated_at"}


def plan(duplicate, survivor, **more):
    return services.plan_joining(duplicate=duplicate, survivor=survivor, by=UserFactory(), **more)


def join(duplicate, survivor, **more):
    return services.join_people(duplicate=duplicate, survivor=survivor, by=UserFactory(), **more)


def undo(joining):
    return services.undo_joining(joining=joining, by=UserFactory())


def everything():
    """Every column of every row of the registry's tables, without the bookkeeping, as text."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM cooperatives_{table} ORDER BY id")
            names = [column.name for column in cursor.description]
            for row in cursor.fetchall():
                kept = {n: v for n, v in zip(names, row, strict=True) if n not in BOOKKEEPING}
                kept = {n: bytes(v) if isinstance(v, memoryview) else v for n, v in kept.items()}
                found[table, kept["id"]] = kept
    return found


@pytest.fixture
def pair():
    """Two records of one person, each with a line, a term, and whatever else there is."""
    survivor = PersonFactory(
        name="Emerensiana Abuk", born_on=date(1985, 7, 5), phones=["+6281200000001"]
    )
    duplicate = PersonFactory(
        name="Emerenciana Abuk",
        birth_year=1985,
        phones=["+6281200000002"],
        hamlet="Metamauk",
        nik_missing="lost",
    )
    MemberFactory(person=survivor)
    line = MemberFactory(person=duplicate)
    MemberFactory(person=duplicate, left_on=date(2025, 1, 1), left_reason="moved")
    OfficerFactory(person=duplicate, cooperative=line.cooperative)
    for person in (survivor, duplicate):
        ConsentFactory(person=person, purpose="public")
    ConsentFactory(person=duplicate, purpose="contact")
    NikClaimFactory(person=duplicate, cooperative=line.cooperative, **decided("refused"))
    ProposalFactory(person=duplicate, cooperative=line.cooperative)
    return survivor, duplicate


# --- what moves -----------------------------------------------------------------------------------
def test_the_plan_counts_exactly_what_moves_per_table(pair):
    survivor, duplicate = pair
    found = {table.model.__name__: table.count for table in plan(duplicate, survivor).moving}

    assert found == {"Member": 2, "Officer": 1, "Consent": 2, "NikClaim": 1, "Proposal": 1}


def test_the_plan_writes_nothing(pair):
    survivor, duplicate = pair
    before = everything()
    plan(duplicate, survivor)

    assert everything() == before


def test_what_the_plan_counts_is_what_moves(pair):
    survivor, duplicate = pair
    promised = {table.model: table.count for table in plan(duplicate, survivor).moving}
    before = {model: model.objects.filter(person=survivor).count() for model in promised}
    join(duplicate, survivor)
    after = {model: model.objects.filter(person=survivor).count() for model in promised}

    assert {model: after[model] - before[model] for model in promised} == promised
    assert [m.objects.filter(person=duplicate).count() for m in promised] == [0] * 5


def test_every_relation_to_a_person_is_in_the_plan_by_itself():
    relations = {
        (column.model._meta.label, column.name)
        for column in moving.columns()
        if not column.model.__name__.endswith("Event")
    }

    assert {
        ("cooperatives.Member", "person"),
        ("cooperatives.Officer", "person"),
        ("cooperatives.Consent", "person"),
        ("cooperatives.NikClaim", "person"),
        ("cooperatives.Proposal", "person"),
        ("cooperatives.Person", "joined_into"),
        ("cooperatives.Suspicion", "first"),
        ("cooperatives.Joining", "survivor"),
    } <= relations
    assert len(relations) == len(moving.columns())


def test_a_rule_names_a_relation_that_there_is():
    known = {(column.model._meta.label_lower, column.name) for column in moving.columns()}

    assert set(moving.RULES) <= known


def test_a_relation_without_a_rule_moves_and_one_with_a_rule_obeys_it(pair, monkeypatch):
    survivor, duplicate = pair
    proposals = {t.model.__name__: t.count for t in plan(duplicate, survivor).tables}
    monkeypatch.setitem(moving.RULES, ("cooperatives.proposal", "person"), moving.stay)
    obeyed = {t.model.__name__: t.count for t in plan(duplicate, survivor).tables}

    assert (proposals["Proposal"], obeyed["Proposal"]) == (1, 0)


def test_the_duplicate_leads_to_the_survivor(pair):
    survivor, duplicate = pair
    join(duplicate, survivor)
    duplicate.refresh_from_db()

    assert (duplicate.joined_into, duplicate.nik_state) == (survivor, "joined")
    assert duplicate not in Person.objects.current()


def test_the_lines_take_the_survivors_name(pair):
    survivor, duplicate = pair
    join(duplicate, survivor)

    orders = set(Member.objects.filter(person=survivor).values_list("name_order", flat=True))
    assert orders == {"EMERENSIANA ABUK"}


# --- which values stay ----------------------------------------------------------------------------
def test_what_is_known_stays_and_what_both_know_is_the_survivors(pair):
    survivor, duplicate = pair
    join(duplicate, survivor)
    survivor.refresh_from_db()

    assert (survivor.name, survivor.hamlet, survivor.phones) == (
        "Emerensiana Abuk",
        "Metamauk",
        ["+6281200000001"],
    )
    assert (survivor.born_on, survivor.birth_year) == (date(1985, 7, 5), None)
    assert survivor.nik_missing == "lost"


def test_picks_say_whose_value_stays(pair):
    survivor, duplicate = pair
    join(
        duplicate,
        survivor,
        picks={"name": "duplicate", "phones": "both", "born_on": "duplicate", "hamlet": "survivor"},
    )
    survivor.refresh_from_db()

    assert (survivor.name, survivor.hamlet) == ("Emerenciana Abuk", "")
    assert survivor.phones == ["+6281200000001", "+6281200000002"]
    assert (survivor.born_on, survivor.birth_year) == (None, 1985)


def test_six_telephone_numbers_are_too_many_to_keep_both():
    one = PersonFactory(phones=[f"+62812000000{n}" for n in range(10, 14)])
    other = PersonFactory(phones=[f"+62812000000{n}" for n in range(20, 22)])

    assert not services.may_keep_both(one, other, ("phones",))


def test_whoever_holds_a_checked_nik_stays_else_the_older_record():
    older, newer = PersonFactory(), PersonFactory()
    assert services.order(newer, older) == (older, newer)

    with_nik(newer)
    assert services.order(newer, older) == (newer, older)


# --- what stands in the way -----------------------------------------------------------------------
def refused(duplicate, survivor):
    before = everything()
    with pytest.raises(ValidationError) as error:
        join(duplicate, survivor)
    assert everything() == before
    assert error.value.messages == list(map(str, plan(duplicate, survivor).problems))
    return error.value.messages


def test_two_checked_niks_are_not_joined():
    one, other = with_nik(PersonFactory(), NIK), with_nik(PersonFactory(), OTHER_NIK)

    assert len(refused(one, other)) == 1


def test_a_checked_nik_is_not_joined_away():
    assert len(refused(with_nik(PersonFactory()), PersonFactory())) == 1


def test_a_joined_record_is_not_joined_again(pair):
    survivor, duplicate = pair
    join(duplicate, survivor)

    assert len(refused(duplicate, PersonFactory())) == 1
    assert len(refused(PersonFactory(), duplicate)) == 1


def test_terms_that_exclude_each_other_are_refused_with_the_databases_own_sentence(pair):
    survivor, duplicate = pair
    term = duplicate.terms.get()
    OfficerFactory(person=survivor, cooperative=term.cooperative, body="supervisors", role="member")

    [sentence] = refused(duplicate, survivor)
    assert "pengurus dan pengawas" in sentence


def test_what_changed_since_it_was_shown_is_shown_again(pair):
    survivor, duplicate = pair
    seen = plan(duplicate, survivor).fingerprint()
    assert plan(duplicate, survivor).fingerprint() == seen

    ConsentFactory(person=duplicate, purpose="survey")
    with pytest.raises(ValidationError) as error:
        join(duplicate, survivor, seen=seen)

    assert error.value.code == "changed_since"
    assert Joining.objects.count() == 0


# --- lines of one register ------------------------------------------------------------------------
OPEN, MISTAKE = None, "mistake"


def lines(first, second):
    """Two people with a line each in one register, as (joined, left[, reason])."""
    cooperative = CooperativeFactory(name="Tenun Feto")
    made = []
    for number, (joined, left, *reason) in enumerate((first, second), 1):
        made.append(
            MemberFactory(
                cooperative=cooperative,
                number=f"TFM-{number}",
                joined_on=date(joined, 1, 1),
                left_on=left and date(left, 1, 1),
                left_reason=(reason or ["moved"])[0] if left else "",
            )
        )
    return made


@pytest.mark.parametrize(
    ("survivors", "duplicates", "fits", "repeats"),
    [
        ((2020, OPEN), (2021, OPEN), False, None),  # both open
        ((2020, OPEN), (2021, 2022), True, "duplicates"),  # within an open one
        ((2021, 2022), (2020, OPEN), True, "survivors"),
        ((2018, 2024), (2020, 2022), True, "duplicates"),  # within a closed one
        ((2020, 2022), (2018, 2024), True, "survivors"),
        ((2020, 2022), (2020, 2022), True, "duplicates"),  # the same
        ((2020, 2022), (2021, 2023), False, None),  # in part
        ((2020, 2022), (2021, OPEN), False, None),
        ((2021, OPEN), (2020, 2022), False, None),
        ((2020, 2022), (2022, OPEN), True, None),  # left and came back
        ((2018, 2019), (2020, OPEN), True, None),
        ((2020, 2022, MISTAKE), (2021, OPEN), True, None),
        ((2021, OPEN), (2020, 2022, MISTAKE), True, None),
    ],
)
def test_lines_of_one_register(survivors, duplicates, fits, repeats):
    mine, other = lines(survivors, duplicates)
    found = plan(other.person, mine.person)
    if not fits:
        assert ["TFM-1" in text and "TFM-2" in text for text in found.problems] == [True]
        assert len(refused(other.person, mine.person)) == 1
        return

    join(other.person, mine.person)
    mine.refresh_from_db()
    other.refresh_from_db()
    marked = {"survivors": mine.repeats_id, "duplicates": other.repeats_id}
    expected = {"survivors": other.pk, "duplicates": mine.pk}
    assert marked == {role: expected[role] if role == repeats else None for role in marked}
    assert len(found.notes) == (1 if repeats else 0)
    assert mine.person_id == other.person_id


def test_lines_of_two_registers_never_clash():
    mine, other = MemberFactory(), MemberFactory()

    assert plan(other.person, mine.person).problems == []


def test_one_open_line_is_kept_by_the_database():
    mine, other = lines((2020, OPEN), (2021, OPEN))
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=other.pk).update(person=mine.person)


# --- consents and claims --------------------------------------------------------------------------
@pytest.mark.parametrize("newer", ["survivors", "duplicates"])
@pytest.mark.parametrize("purpose", ["public", "record"])
def test_of_a_consent_on_record_twice_the_newer_one_holds(newer, purpose):
    survivor, duplicate = PersonFactory(), PersonFactory()
    days = {"survivors": date(2026, 1, 2), "duplicates": date(2026, 1, 3)}
    if newer == "survivors":
        days["duplicates"] = date(2025, 1, 1)
    mine = ConsentFactory(person=survivor, purpose=purpose, given_on=days["survivors"])
    other = ConsentFactory(person=duplicate, purpose=purpose, given_on=days["duplicates"])
    before = everything()
    joining = join(duplicate, survivor)
    mine.refresh_from_db()
    other.refresh_from_db()
    survivor.refresh_from_db()

    ended, held = (other, mine) if newer == "survivors" else (mine, other)
    assert (ended.withdrawn_on, held.withdrawn_on) == (days[newer], None)
    assert (mine.person, other.person) == (survivor, survivor)
    assert not survivor.is_withheld  # nobody took anything back

    undo(joining)
    assert everything() == before


def test_an_objection_of_the_duplicate_is_the_survivors():
    survivor, duplicate = PersonFactory(), PersonFactory(hamlet="Metamauk")
    services.record_objection(person=duplicate, channel="written")
    before = everything()
    joining = join(duplicate, survivor)
    survivor.refresh_from_db()
    duplicate.refresh_from_db()

    assert (survivor.is_withheld, survivor.hamlet) == (True, "Metamauk")
    assert list(Person.objects.current().listed().filter(pk=survivor.pk)) == []

    undo(joining)
    assert everything() == before


def test_a_nik_that_waits_moves_along_to_who_has_none():
    survivor, claim = PersonFactory(), NikClaimFactory()
    Person.objects.filter(pk=claim.person_id).update(nik_state="claimed", nik_missing="")
    join(claim.person, survivor)
    survivor.refresh_from_db()
    claim.refresh_from_db()

    assert (survivor.nik_state, survivor.nik_missing) == ("claimed", "")
    assert (claim.person, claim.status) == (survivor, "pending")


def test_a_nik_that_waits_is_settled_when_the_survivor_holds_it():
    survivor, claim = with_nik(PersonFactory()), NikClaimFactory()
    joining = join(claim.person, survivor)
    claim.refresh_from_db()

    assert (claim.status, claim.decided_by) == ("joined", joining.joined_by)


@pytest.mark.parametrize("other", [OTHER_NIK, None])
def test_a_nik_that_waits_beside_another_one_is_decided_first(other):
    claim, survivor = NikClaimFactory(), PersonFactory()
    if other:
        with_nik(survivor, other)
    else:
        NikClaimFactory(person=survivor)
        Person.objects.filter(pk=survivor.pk).update(nik_state="claimed", nik_missing="")

    assert len(refused(claim.person, survivor)) == 1


def test_no_nik_is_kept_with_a_joining():
    survivor, claim = with_nik(PersonFactory()), NikClaimFactory()
    join(claim.person, survivor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT j::text FROM cooperatives_joining j")
        [(text,)] = cursor.fetchall()

    assert [n for n in (NIK, NIK[-4:], claim.nik_hash) if n in text] == []


# --- taking it back -------------------------------------------------------------------------------
def test_undone_both_are_as_before_to_the_last_byte(pair):
    survivor, duplicate = pair
    SuspicionFactory(first=survivor, second=duplicate)
    before = everything()
    joining = join(
        duplicate, survivor, picks={"name": "duplicate", "phones": "both", "born_on": "duplicate"}
    )
    assert everything() != before

    undo(joining)

    assert everything() == before


@pytest.mark.parametrize(
    ("survivors", "duplicates"), [((2021, 2022), (2020, OPEN)), ((2020, OPEN), (2021, 2022))]
)
def test_undone_no_line_is_marked(survivors, duplicates):
    mine, other = lines(survivors, duplicates)
    before = everything()
    undo(join(other.person, mine.person))

    assert everything() == before


def test_undone_the_nik_waits_again():
    survivor, claim = with_nik(PersonFactory()), NikClaimFactory()
    Person.objects.filter(pk=claim.person_id).update(nik_state="claimed", nik_missing="")
    before = everything()
    joining = services.join_claim(claim=claim, by=UserFactory())
    undo(joining)

    assert joining.survivor == survivor
    assert everything() == before


def test_it_is_undone_once_and_then_can_be_joined_anew(pair):
    survivor, duplicate = pair
    joining = join(duplicate, survivor)
    undo(joining)
    with pytest.raises(ValidationError):
        undo(joining)

    assert join(duplicate, survivor).pk != joining.pk


def test_after_thirty_days_it_stays(pair):
    survivor, duplicate = pair
    joining = join(duplicate, survivor)
    moment = timezone.now() - timedelta(days=30, minutes=1)
    Joining.objects.filter(pk=joining.pk).update(joined_at=moment)
    joining.refresh_from_db()

    assert not joining.is_open
    with pytest.raises(ValidationError):
        undo(joining)
    Joining.objects.filter(pk=joining.pk).update(joined_at=moment + timedelta(minutes=5))
    undo(joining)


def change_the_name(joining):
    Person.objects.filter(pk=joining.survivor_id).update(name="Nama Lain")


def join_on(joining):
    join(joining.survivor, PersonFactory())


def move_a_line(joining):
    line = Member.objects.filter(person=joining.survivor).last()
    Member.objects.filter(pk=line.pk).update(person=PersonFactory())


def confirm_the_nik(joining):
    claim = NikClaim.objects.get(status="pending")
    services.confirm_claim(claim=claim, by=UserFactory())


@pytest.mark.parametrize("later", [change_the_name, join_on, move_a_line, confirm_the_nik])
def test_later_work_stands_in_the_way_and_nothing_is_half_undone(pair, later):
    survivor, duplicate = pair
    NikClaimFactory(person=duplicate, cooperative=duplicate.members.first().cooperative)
    Person.objects.filter(pk=duplicate.pk).update(nik_state="claimed", nik_missing="")
    joining = join(duplicate, survivor, picks={"name": "duplicate"})
    later(joining)
    before = everything()

    with pytest.raises(ValidationError) as error:
        undo(joining)

    assert error.value.messages != []
    assert everything() == before


def test_later_work_elsewhere_does_not_stand_in_the_way(pair):
    survivor, duplicate = pair
    joining = join(duplicate, survivor)
    Person.objects.filter(pk=survivor.pk).update(education="sma")
    line = Member.objects.filter(person=survivor, left_on=None).last()
    OfficerFactory._meta.model.objects.all().delete()
    new = MemberFactory(person=survivor)

    with pytest.raises(ValidationError):
        undo(joining)  # the term is gone

    joining.moved = [row for row in joining.moved if row["model"] != "cooperatives.officer"]
    joining.save()
    undo(joining)
    line.refresh_from_db()
    new.refresh_from_db()
    survivor.refresh_from_db()
    assert (line.person, new.person, survivor.education) == (duplicate, survivor, "sma")


# --- suspicions -----------------------------------------------------------------------------------
def test_joining_decides_the_suspicion_and_undoing_opens_it_again(pair):
    survivor, duplicate = pair
    suspicion = SuspicionFactory(first=survivor, second=duplicate)
    joining = services.join_suspects(suspicion=suspicion, by=UserFactory())
    suspicion.refresh_from_db()
    assert (suspicion.status, suspicion.decided_by) == ("joined", joining.joined_by)

    undo(joining)
    suspicion.refresh_from_db()
    assert (suspicion.status, suspicion.decided_by, suspicion.decided_at) == ("pending", None, None)


def test_a_pair_that_is_not_one_person_never_returns():
    people = PersonFactory.create_batch(2, name="Maria Bria", born_on=date(1985, 7, 5))
    services.find_duplicates()
    suspicion = Suspicion.objects.get()
    services.mark_different(suspicion=suspicion, by=UserFactory(), note="Kembar")
    Person.objects.filter(pk=people[0].pk).update(phones=["+6281200000001"])
    services.find_duplicates()

    assert list(Suspicion.objects.pending()) == []
    assert Suspicion.objects.get().note == "Kembar"


def test_the_second_to_decide_is_told_who_was_first():
    suspicion = SuspicionFactory()
    first = UserFactory(first_name="Rani", last_name="Seran")
    services.mark_different(suspicion=suspicion, by=first)

    for act in (services.mark_different, services.join_suspects):
        with pytest.raises(ValidationError) as error:
            act(suspicion=suspicion, by=UserFactory())
        assert "Rani Seran" in error.value.messages[0]


# --- constraints ----------------------------------------------------------------------------------
def impossible(**values):
    with pytest.raises(IntegrityError), transaction.atomic():
        JoiningFactory(**values)
    return True


def test_the_database_refuses_a_joining_that_cannot_be():
    person = PersonFactory()

    assert impossible(survivor=person, duplicate=person)
    assert impossible(undone_at=timezone.now())
    assert impossible(undone_by=UserFactory())


def test_a_record_is_joined_once_at_a_time():
    joining = JoiningFactory()
    assert impossible(survivor=PersonFactory(), duplicate=joining.duplicate)

    Joining.objects.update(undone_at=timezone.now(), undone_by=UserFactory())
    assert JoiningFactory(survivor=PersonFactory(), duplicate=joining.duplicate).pk


# --- at once --------------------------------------------------------------------------------------
def at_once(*acts):
    """Run the acts in threads, all starting together; (results, errors)."""
    barrier = threading.Barrier(len(acts))
    done, failed = [], []

    def run(act):
        try:
            with acting(command="test"):
                barrier.wait()
                done.append(act())
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return done, failed


@pytest.fixture
def suspicion():
    place = village()
    people = [PersonFactory(name=name, village=place) for name in ("Maria Bria", "Klara Un")]
    for person in people:
        MemberFactory(person=person)
    return SuspicionFactory(first=people[0], second=people[1])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_the_second_is_told(suspicion):
    rani, yosef = UserFactory(first_name="Rani"), UserFactory(first_name="Yosef")
    done, failed = at_once(
        lambda: services.join_suspects(suspicion=suspicion, by=rani),
        lambda: services.mark_different(suspicion=suspicion, by=yosef),
    )

    suspicion.refresh_from_db()
    assert (len(done), [type(e) for e in failed]) == (1, [ValidationError])
    assert suspicion.decided_by.first_name in failed[0].messages[0]
    assert Joining.objects.count() == (1 if suspicion.status == "joined" else 0)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_decide(suspicion, monkeypatch):
    waiting = threading.Barrier(2)

    def unlocked(suspicion):
        found = Suspicion.objects.select_related("first", "second").get(pk=suspicion.pk)
        assert found.status == "pending"
        waiting.wait(5)
        return found

    monkeypatch.setattr(joinings, "pending_suspicion", unlocked)
    users = UserFactory(), UserFactory()
    done, failed = at_once(
        *(lambda by=by: services.mark_different(suspicion=suspicion, by=by) for by in users)
    )

    assert (len(done), failed) == (2, [])


@pytest.mark.django_db(transaction=True)
def test_two_pairs_with_one_person_in_common_are_joined_one_after_the_other():
    place = village()
    people = [PersonFactory(name=f"Orang {n} {'abc'[n] * 5}", village=place) for n in range(3)]
    by = UserFactory()
    done, failed = at_once(
        lambda: services.join_people(duplicate=people[2], survivor=people[0], by=by),
        lambda: services.join_people(duplicate=people[0], survivor=people[1], by=by),
        lambda: services.join_people(duplicate=people[2], survivor=people[1], by=by),
    )

    assert [type(error) for error in failed] in ([ValidationError], [ValidationError] * 2)
    assert Joining.objects.count() == len(done) == Person.objects.exclude(joined_into=None).count()


@pytest.mark.django_db(transaction=True)
def test_joining_and_looking_for_duplicates_do_not_wait_in_a_circle():
    place = village()
    people = PersonFactory.create_batch(6, name="Maria Bria", village=place)
    by = UserFactory()
    Person.objects.update(birth_year=1980)
    done, failed = at_once(
        lambda: services.find_duplicates(),
        lambda: services.join_people(duplicate=people[5], survivor=people[0], by=by),
        lambda: services.join_people(duplicate=people[4], survivor=people[1], by=by),
    )

    assert (len(done), failed) == (3, [])
