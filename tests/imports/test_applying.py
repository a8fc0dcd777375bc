"""Applying: wholly or not at all, on what is stored at that moment, and with everybody else saving meanwhile."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from tests import make
from tests.admin.browser_form import sent_by
from tests.conftest import signed_in
from tests.imports.sending import PROGRAM, REPORTS, outcomes, received, rows_of, sheet_of
from tests.racing import Gate, Thread
from tracker.imports import applying
from tracker.imports.plan import plan_of
from tracker.models import Activity, ImportBatch, Period, Program, Report
from tracker.models.history import data_version
from tracker.models.scope import Role

FIGURES = {"Realisasi keluaran": "40", "Realisasi anggaran": "400000"}


@pytest.fixture
def activity(dinsos):
    make.periods()
    return make.activity(make.program(dinsos), name="Sembako")


def sent(sheet, user, **edit):
    quarters = {"quarters": [1]} if sheet == REPORTS else {}
    return received(sheet_of([row | edit for row in rows_of(sheet, user, **quarters)]), user)[0]


def test_a_preview_writes_no_facts(activity, operator):
    batch = sent(REPORTS, operator, **FIGURES)
    before = data_version()
    plan_of(batch, operator)
    assert data_version() == before
    assert not Report.objects.exists()


def test_the_batch_keeps_what_became_of_each_line(activity, operator):
    make.activity(activity.program, name="Telur")
    rows = rows_of(REPORTS, operator, quarters=[1])
    batch, _ = received(sheet_of([rows[0] | FIGURES, rows[1]]), operator)
    applying.apply(batch, operator)
    assert (batch.state, batch.applied_by, batch.counts) == ("applied", operator, {"new": 1, "unchanged": 1})
    assert batch.outcomes == [[2, "new", rows[0]["Register"]], [3, "unchanged", ""]]


def test_kept_pages_learn_of_it(activity, operator):
    batch = sent(REPORTS, operator, **FIGURES)
    before = data_version()
    applying.apply(batch, operator)
    assert data_version() != before


@pytest.mark.parametrize("state", ["applied", "cancelled"])
def test_a_batch_is_applied_once(activity, operator, state):
    batch = sent(REPORTS, operator, **FIGURES)
    ImportBatch.objects.update(state=state)
    with pytest.raises(applying.NotOpen):
        applying.apply(batch, operator)
    assert not Report.objects.exists()


def test_what_is_refused_meanwhile_is_not_applied(activity, operator):
    batch = sent(REPORTS, operator, **FIGURES)
    assert plan_of(batch, operator).is_applicable
    make.report(activity, 1, realised_budget=7)
    assert outcomes(applying.apply(batch, operator)) == {"changed": 1}
    batch = sent(REPORTS, operator, **{**FIGURES, "Realisasi anggaran": "9", "Alasan perubahan": "Koreksi"})
    report = Report.objects.get()
    report.save()
    assert outcomes(applying.apply(batch, operator)) == {"refused": 1}
    assert (Report.objects.get().realised_budget, batch.state) == (400_000, "read")


def test_a_role_taken_away_acts_on_applying(activity, operator):
    batch = sent(REPORTS, operator, **FIGURES)
    operator.groups.clear()
    assert outcomes(applying.apply(batch, operator)) == {"refused": 1}


def test_a_failure_in_the_middle_leaves_nothing(activity, operator, monkeypatch):
    make.report(activity, 1, realised_budget=1, status="draft")
    make.activity(activity.program, name="Telur")
    batch = sent(REPORTS, operator, **FIGURES)
    monkeypatch.setattr(applying, "note", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        applying.apply(batch, operator)
    assert [report.realised_budget for report in Report.objects.all()] == [1]
    assert Report.history.count() == 1
    assert ImportBatch.objects.get().state == "read"


def test_statements_do_not_grow_with_the_rows(dinsos, operator, django_assert_max_num_queries):
    make.periods()
    program = make.program(dinsos)
    for _ in range(3):
        make.activity(program)
    three = sent(REPORTS, operator, **FIGURES)
    with django_assert_max_num_queries(60) as first:
        applying.apply(three, operator)
    for _ in range(30):
        make.activity(program)
    rows = [
        row | {"Realisasi anggaran": "500000", "Realisasi keluaran": "50"}
        for row in rows_of(REPORTS, operator, quarters=[1])
    ]
    many, _ = received(sheet_of(rows), operator)
    with django_assert_max_num_queries(len(first.captured_queries) + 6):
        assert outcomes(applying.apply(many, operator)) == {"changed": 3, "new": 30}


# Others at the same time


def changed_once(monkeypatch, change):
    """Let `change` happen after the plan was made and before it is written, the first time only."""
    write, times = applying.write, []

    def wrapped(*args):
        times.append(1)
        if len(times) == 1:
            change()
        return write(*args)

    monkeypatch.setattr(applying, "write", wrapped)
    return times


@pytest.mark.parametrize(
    ("change", "result"),
    [
        (lambda activity: make.period(quarter=1, locked_at="2026-04-20T00:00Z"), {"refused": 1}),
        (lambda activity: make.report(activity, 1, realised_budget=5), {"changed": 1}),
        (lambda activity: make.report(activity, 2, realised_budget=5), {"refused": 1}),
        (lambda activity: Activity.objects.get().save(), {"new": 1}),
        (lambda activity: Program.objects.get().save(), {"new": 1}),
    ],
)
def test_what_the_plan_rests_on_is_looked_at_again(activity, operator, monkeypatch, change, result):
    batch = sent(REPORTS, operator, **FIGURES)
    times = changed_once(monkeypatch, lambda: change(activity))
    assert outcomes(applying.apply(batch, operator)) == result
    assert len(times) == (1 if "refused" in result else 2)


def test_what_has_nothing_to_do_with_it_does_not_disturb(activity, operator, dinkes, monkeypatch):
    other = make.activity(make.program(dinkes))
    batch, _ = received(
        sheet_of([row | FIGURES for row in rows_of(REPORTS, operator, quarters=[1]) if row["OPD"] == "Dinsos"]),
        operator,
    )
    times = changed_once(monkeypatch, lambda: make.report(other, 1))
    applying.apply(batch, operator)
    assert len(times) == 1


def test_a_plan_of_programs_is_looked_at_again_too(activity, secretary, monkeypatch):
    batch = sent(PROGRAM, secretary, Pagu="5")
    changed_once(monkeypatch, lambda: make.report(activity, 1, status="verified"))
    assert outcomes(applying.apply(batch, secretary)) == {"refused": 1}
    assert Activity.objects.get().budget == 1_000_000


@pytest.mark.parametrize(
    ("change", "result"),
    [
        (lambda activity: make.report(activity, 1, status="verified"), {"refused": 1}),
        (lambda activity: make.location(activity, make.district("16.04.11")), {"unchanged": 1}),
        (lambda activity: activity.delete(), {"refused": 1}),
    ],
)
def test_a_place_that_comes_rests_on_its_sub_kegiatan(activity, operator, monkeypatch, change, result):
    make.district("16.04.11", name="Jarai")
    batch = sent(PROGRAM, operator, Lokasi="Jarai")
    changed_once(monkeypatch, lambda: change(activity))
    assert outcomes(applying.apply(batch, operator)) == result


def test_a_lock_of_another_year_does_not_disturb(activity, operator, monkeypatch):
    batch = sent(REPORTS, operator, **FIGURES)
    times = changed_once(monkeypatch, lambda: make.period(2031, 1))
    applying.apply(batch, operator)
    assert len(times) == 1


def test_whoever_is_always_overtaken_is_told_and_nothing_is_written(activity, operator, monkeypatch):
    batch = sent(REPORTS, operator, **FIGURES)
    write = applying.write

    def overtaken(*args):
        Activity.objects.get().save()
        return write(*args)

    monkeypatch.setattr(applying, "write", overtaken)
    with pytest.raises(applying.Busy):
        applying.apply(batch, operator)
    assert not Report.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="in memory, threads lock each other out")
class TestAtOnce:
    @pytest.fixture
    def world(self):
        make.periods()
        dinsos = make.opd("Dinsos")
        activity = make.activity(make.program(dinsos))
        return activity, make.user("operator", Role.OPERATOR, opd=dinsos), make.user("sekretariat", Role.SECRETARIAT)

    def test_two_presses_of_the_button_write_once(self, world):
        _, operator, _ = world
        batch = sent(REPORTS, operator, **FIGURES)
        start = threading.Barrier(2)

        def press():
            start.wait()
            try:
                return outcomes(applying.apply(ImportBatch.objects.get(pk=batch.pk), operator))
            except applying.NotOpen:
                return "not open"

        threads = [Thread(press), Thread(press)]
        assert sorted(map(str, (thread.finish() for thread in threads))) == ["not open", "{'new': 1}"]
        assert Report.history.count() == 1

    def test_a_lock_waits_for_the_file_and_the_next_file_for_the_lock(self, world, monkeypatch):
        _, operator, secretary = world
        batch = sent(REPORTS, operator, **FIGURES)
        gate, note = Gate(), applying.note

        def held(*args):
            gate.hold()
            return note(*args)

        monkeypatch.setattr(applying, "note", held)
        applied = Thread(lambda: outcomes(applying.apply(batch, operator)))
        assert gate.reached.wait(10)
        lock = Thread(lambda: Period.objects.get(quarter=1).lock(by=secretary, reason="Rakor"))
        assert not lock.is_done_within(1)
        gate.opened.set()
        assert applied.finish() == {"new": 1}
        lock.finish()
        again = sent(REPORTS, operator, **{**FIGURES, "Realisasi anggaran": "500000", "Alasan perubahan": "x"})
        assert outcomes(applying.apply(again, operator)) == {"refused": 1}

    @pytest.mark.parametrize("sheet", [PROGRAM, REPORTS])
    def test_a_file_and_a_form_never_wait_for_each_other(self, world, monkeypatch, sheet):
        activity, operator, secretary = world
        report = make.report(activity, 1, realised_budget=5, realised_output=5)
        edit = {"Pagu": "7"} if sheet == PROGRAM else {"Realisasi anggaran": "7"}
        batch = sent(sheet, operator, **edit)
        gate, refuse_outdated = Gate(), applying.refuse_outdated

        def held(*args):
            gate.hold()
            return refuse_outdated(*args)

        monkeypatch.setattr(applying, "refuse_outdated", held)
        applied = Thread(lambda: outcomes(applying.apply(batch, operator)))
        assert gate.reached.wait(10)
        record = activity if sheet == PROGRAM else report
        address = reverse(f"admin:tracker_{record._meta.model_name}_change", args=[record.pk])
        client = signed_in(secretary)
        typed = sent_by(client.get(address), name="Lain", obstacle="Hujan")
        saved = Thread(lambda: client.post(address, typed))
        assert not saved.is_done_within(1)
        gate.opened.set()
        assert applied.finish() == {"changed": 1}
        assert saved.finish().status_code == 200  # told what the file has changed meanwhile
