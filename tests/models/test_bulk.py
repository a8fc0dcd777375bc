"""Many records written at once leave what saving one after the other leaves."""

import copy
import datetime
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import make
from tests.racing import A_WHILE, Thread
from tracker.models import Activity, Location, Program, RegisterCounter, Report
from tracker.models.bulk import Deletions, Inserts, Outdated, Updates
from tracker.models.fields import MOST_RUPIAH
from tracker.models.history import data_version

KEYS = {Activity: ["ref"], Report: ["activity", "period"], Location: ["activity", "district", "village"]}


def write(step, user=None, source=""):
    with transaction.atomic():
        step.write(user=user, source=source)


def change(records, names, **told):
    write(Updates(type(records[0]), records, names), **told)


def add(records, **told):
    model = type(records[0])
    write(Inserts(model, records, KEYS[model]), **told)


def remove(records, **told):
    write(Deletions(type(records[0]), records), **told)


# As if saved one by one

MOMENT = datetime.datetime(2026, 7, 9, 10, 30, 15, 123456, tzinfo=datetime.UTC)
TEXT = "Beras “premium” 100% 'A' \\n \\ \n\tKec. Jarai 🌾 ' OR {}\u2028"


def activity():
    return Activity(
        ref="2026-0900",
        program=make.program(),
        name=TEXT,
        indicator="007",
        unit="null",
        target=Decimal("999999999999.999"),
        revised_target=Decimal(0),
        revision_note="[]",
        funding_source=make.funding_source(),
        budget=MOST_RUPIAH,
        plan_q1=Decimal("0.1"),
        plan_q2=Decimal("33.333"),
        plan_q3=Decimal(50),
        plan_q4=100,
        is_cash_for_work=True,
    )


def report():
    return Report(
        activity=make.activity(),
        period=make.period(),
        realised_budget=1_250_000,
        realised_output=Decimal("12.5"),
        beneficiaries=0,
        obstacle_category=make.obstacle_category(),
        obstacle=TEXT,
        follow_up_due=datetime.date(2026, 10, 31),
        status="submitted",
        submitted_at=MOMENT,
        submitted_by=make.user(),
    )


def place():
    return Location(activity=make.activity(), district=make.district())


def place_in_a_village():
    return Location(activity=make.activity(), district=make.district(), village=make.village())


NEW = [activity, report, place, place_in_a_village]
CHANGES = [
    (
        activity,
        lambda: {
            "name": "Baru " + TEXT,
            "program": make.program(),
            "baseline": Decimal("0.001"),
            "revised_target": None,
            "budget": 0,
            "plan_q1": Decimal("12.345"),
            "is_cash_for_work": False,
        },
    ),
    (
        report,
        lambda: {
            "realised_output": Decimal(100),
            "beneficiaries": None,
            "obstacle_category": None,
            "obstacle": "",
            "follow_up_due": None,
            "status": Report.Status.VERIFIED,
            "submitted_at": MOMENT + datetime.timedelta(microseconds=1),
            "verified_by": make.user(),
        },
    ),
    (place, lambda: {"village": make.village()}),
    (place_in_a_village, lambda: {"village": None}),
]


def newest(model) -> dict:
    """The newest row as the database holds it, and of what kind: SQLite keeps any kind in any column."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY {model._meta.pk.column} DESC LIMIT 1")
        names, row = [column[0] for column in cursor.description], cursor.fetchone() or ()
        return {name: repr(value) for name, value in zip(names, row, strict=False) if name not in UNLIKE}


UNLIKE = ("id", "history_id", "history_date")


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def left_by(record, work, *args):
    """The row and the entry that this work leaves; afterwards nothing of it has happened."""
    with undone():
        work(record, *args)
        entry = type(record).history.latest("history_id")
        assert entry.id == record.pk or record.pk is None
        assert datetime.timedelta(0) <= timezone.now() - entry.history_date < datetime.timedelta(minutes=1)
        return newest(type(record)), newest(type(record).history.model)


def by_one(record, user, reason, name="save"):
    record._history_user, record._change_reason = user, reason
    getattr(record, name)()


def by_many(record, user, reason, work, *args):
    record._change_reason = reason
    work([record], *args, user=user)


WHO = [("operator", "Salah ketik"), (None, None)]


@pytest.fixture(params=WHO, ids=["with a reason", "without"])
def told(request):
    """Who writes, and why."""
    name, reason = request.param
    return name and request.getfixturevalue(name), reason


@pytest.mark.parametrize("new", NEW)
def test_a_record_added_in_bulk_is_as_if_saved(db, told, new):
    record = new()
    saved = left_by(copy.copy(record), by_one, *told)
    assert left_by(record, by_many, *told, add) == saved
    assert saved[1]["history_type"] == repr("+")


@pytest.mark.parametrize(("new", "changes"), CHANGES)
def test_a_record_changed_in_bulk_is_as_if_saved(db, told, new, changes):
    record, changes = new(), changes()
    record.save()
    for name, value in changes.items():
        setattr(record, name, value)
    saved = left_by(copy.copy(record), by_one, *told)
    assert left_by(record, by_many, *told, change, list(changes)) == saved
    assert saved[1]["history_type"] == repr("~")


@pytest.mark.parametrize("new", NEW)
def test_a_record_removed_in_bulk_is_as_if_deleted(db, told, new):
    record = new()
    record.save()
    deleted = left_by(copy.copy(record), by_one, *told, "delete")
    assert left_by(record, by_many, *told, remove) == deleted
    assert (deleted[0], deleted[1]["history_type"]) == ({}, repr("-"))


texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t'\"\\{}[]%$"), max_size=30)
quantities = st.decimals(0, Decimal("999999999999.999"), places=3)
figures = st.fixed_dictionaries(
    {
        "realised_budget": st.integers(0, MOST_RUPIAH),
        "realised_output": quantities,
        "physical_percent": st.none() | st.decimals(0, 100, places=3),
        "beneficiaries": st.none() | st.integers(0, 2**31 - 1),
        "obstacle": texts,
        "follow_up_due": st.none() | st.dates(),
        "submitted_at": st.none() | st.datetimes(timezones=st.just(datetime.UTC)),
    }
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(figures, figures)
def test_whatever_is_written_in_bulk_is_as_if_saved(first, then):
    with undone():
        record = Report(activity=make.activity(), period=make.period(), **first)
        saved = left_by(copy.copy(record), by_one, None, None)
        assert left_by(copy.copy(record), by_many, None, None, add) == saved
        record.save()
        for name, value in then.items():
            setattr(record, name, value)
        saved = left_by(copy.copy(record), by_one, None, None)
        assert left_by(record, by_many, None, None, change, list(then)) == saved


# Who, why and from where


@pytest.fixture
def reports(db):
    """Three drafts of a year without a second thought."""
    activity = make.activity()
    return [make.report(activity, quarter, status="draft") for quarter in (1, 2, 3)]


def entries(model, *names):
    return list(model.history.order_by("history_id").values_list(*names))


def test_the_history_names_the_person_the_reason_of_each_record_and_the_file(reports, operator):
    reports[0]._change_reason, reports[1]._change_reason = "Salah ketik", ""
    change(reports, ["obstacle"], user=operator, source="realisasi TW II.xlsx")
    operator.delete()
    names = ("history_user", "history_user_name", "history_change_reason", "history_source")
    assert set(Report.history.filter(version=2).values_list("id", *names)) == {
        (record.pk, None, "operator", reason, "realisasi TW II.xlsx")
        for record, reason in zip(reports, ["Salah ketik", None, None], strict=True)
    }


def test_only_the_named_fields_are_written(reports):
    reports[0].obstacle, reports[0].realised_budget = "Hujan", 5
    change(reports[:1], ["obstacle"])
    row = Report.objects.get(pk=reports[0].pk)
    assert (row.obstacle, row.realised_budget) == ("Hujan", 0)


def test_only_the_given_records_are_written(reports):
    change(reports[:2], ["obstacle"])
    remove(reports[:1])
    assert list(Report.objects.order_by("pk").values_list("pk", "version")) == [(reports[1].pk, 2), (reports[2].pk, 1)]


def test_the_version_rises_with_every_write(reports):
    for version in (2, 3):
        change(reports, ["obstacle"])
        assert [record.version for record in reports] == [version] * 3
        assert set(Report.objects.values_list("version", flat=True)) == {version}


def test_every_write_changes_the_data_version(reports):
    record = Report(activity=reports[0].activity, period=make.period(quarter=4), realised_budget=0, realised_output=0)
    seen = [data_version()]
    add([record])
    seen.append(data_version())
    change(reports, ["obstacle"])
    seen.append(data_version())
    remove(reports)
    seen.append(data_version())
    assert len(set(seen)) == 4


@pytest.mark.parametrize(
    "step",
    [Inserts(Report, [], KEYS[Report]), Updates(Report, [], ["obstacle"]), Deletions(Report, [])],
    ids=lambda step: type(step).__name__,
)
def test_writing_nothing_changes_nothing(db, step):
    before = data_version()
    write(step)
    assert data_version() == before


def test_many_rows_take_as_many_queries_as_one(reports):
    districts = [make.district(f"16.04.{number:02}") for number in (1, 2, 3)]

    def of(count):
        rows = list(Report.objects.all()[:count])
        places = [Location(activity=rows[0].activity, district=district) for district in districts[:count]]
        return Inserts(Location, places, KEYS[Location]), Updates(Report, rows, ["obstacle"]), Deletions(Report, rows)

    def queries(step):
        with undone(), CaptureQueriesContext(connection) as asked:
            step.write(user=None, source="")
        return len(asked)

    assert list(map(queries, of(1))) == list(map(queries, of(3))) == [4, 4, 4]


# New records that need one another


def new_activities(count):
    given = {"program": make.program(), "funding_source": make.funding_source()}
    return [
        Activity(name=f"Bantuan {number}", indicator="x", unit="KPM", target=1, budget=number, **given)
        for number in range(count)
    ]


def test_new_records_take_numbers_and_keys_that_are_given_between_preparing_and_writing(db):
    activities = new_activities(3)
    village = make.village()
    places = [
        Location(activity=activity, district=village.district, village=village if number else None)
        for activity in reversed(activities)
        for number in (0, 1)
    ]
    first = Inserts(Activity, activities, ["ref"], late=["ref"])
    second = Inserts(Location, places, KEYS[Location], late=["activity"])
    with transaction.atomic():
        for activity, ref in zip(activities, RegisterCounter.take(make.YEAR, 3), strict=True):
            activity.ref = ref
        first.write(user=None, source="")
        second.write(user=None, source="")
    stored = dict(Activity.objects.values_list("name", "ref"))
    assert stored == {"Bantuan 0": "2026-0001", "Bantuan 1": "2026-0002", "Bantuan 2": "2026-0003"}
    for activity in activities:
        row = Activity.objects.get(pk=activity.pk)
        assert (row.name, row.ref) == (activity.name, activity.ref)
        assert set(row.locations.values_list("village", flat=True)) == {None, village.pk}
    for place in places:
        row = Location.objects.get(pk=place.pk)
        assert (row.activity_id, row.village_id) == (place.activity.pk, place.village_id)


def test_a_new_record_can_be_changed_afterwards(db):
    [activity] = new_activities(1)
    activity.ref = "2026-0001"
    add([activity])
    activity.name = "Bantuan pangan"
    change([activity], ["name"])
    assert entries(Activity, "history_type", "name", "version") == [("+", "Bantuan 0", 1), ("~", "Bantuan pangan", 2)]


# Written whole or not at all


def everything():
    return [list(model.order_by("pk").values()) for model in (Report.objects, Report.history)]


def saved_meanwhile(report):
    Report.objects.get(pk=report.pk).save()


def deleted_meanwhile(report):
    Report.objects.get(pk=report.pk).delete()


@pytest.mark.parametrize("meanwhile", [saved_meanwhile, deleted_meanwhile])
@pytest.mark.parametrize(
    "prepare", [lambda reports: Updates(Report, reports, ["obstacle"]), lambda reports: Deletions(Report, reports)]
)
def test_nothing_is_written_when_one_record_is_not_what_it_was(reports, prepare, meanwhile):
    step = prepare(reports)
    meanwhile(reports[1])
    before = everything()
    with transaction.atomic(), pytest.raises(Outdated):
        step.write(user=None, source="")
    assert everything() == before
    assert [record.version for record in reports] == [1, 1, 1]


def test_nothing_is_written_without_its_history(reports):
    new = Report(activity=reports[0].activity, period=make.period(quarter=4), realised_budget=0, realised_output=0)
    nameless = make.user()
    nameless.username = None  # which no entry may hold
    before = everything()
    for step in (
        Inserts(Report, [new], KEYS[Report]),
        Updates(Report, reports, ["obstacle"]),
        Deletions(Report, reports),
    ):
        with transaction.atomic(), pytest.raises(IntegrityError, match="history_user_name"):
            step.write(user=nameless, source="")
    assert everything() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="on SQLite one waits before reading")
def test_who_writes_while_another_one_saves_waits_and_is_outdated():
    report = make.report(make.activity(), status="draft")
    step = Updates(Report, [Report.objects.get()], ["obstacle"])
    with transaction.atomic():
        report.save()
        second = Thread(lambda: write(step))
        assert not second.is_done_within(A_WHILE)
    with pytest.raises(Outdated):
        second.finish()
    assert entries(Report, "version") == [(1,), (2,)]


def test_a_bound_of_the_database_holds_for_all(reports):
    before = everything()
    reports[2].realised_budget = -1
    with pytest.raises(IntegrityError):
        change(reports, ["realised_budget"])
    with pytest.raises(IntegrityError):
        add([Report(activity=reports[0].activity, period=reports[0].period, realised_budget=0, realised_output=0)])
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_a_relation_to_nothing_is_refused():
    report = make.report(make.activity(), status="draft")
    before = everything()
    report.obstacle_category_id = 999_999
    with pytest.raises(IntegrityError):
        change([report], ["obstacle_category"])
    with pytest.raises(IntegrityError):
        add([Report(activity_id=999_999, period=report.period, realised_budget=0, realised_output=0)])
    assert everything() == before


# Refused before anything is asked of the database


def test_a_history_with_relations_is_not_written_in_bulk():
    with pytest.raises(TypeError, match="The history of Program keeps relations"):
        Updates(Program, [], ["name"])


def test_a_value_that_only_the_database_can_compute_is_refused(reports):
    reports[0].realised_budget = F("realised_budget") + 1
    with pytest.raises(TypeError, match="not JSON serializable"):
        Updates(Report, reports, ["realised_budget"])
