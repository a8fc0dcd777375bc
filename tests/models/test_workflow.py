"""The steps of a report: draft, submitted, verified or returned, and again. Who may take which, and what it leaves."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import make
from tracker.models import Program, Report
from tracker.models.scope import Role

STATES = Report.Status.values


@pytest.fixture
def activity(dinsos):
    make.periods()
    return make.activity(make.program(dinsos))


@pytest.fixture
def everybody(secretary, operator, stranger, coordinator, viewer):
    return {
        "secretary": secretary,
        "operator": operator,
        "stranger": stranger,
        "coordinator": coordinator,
        "viewer": viewer,
    }


STEPS = {
    "submit": lambda report, user: report.submit(by=user),
    "withdraw": lambda report, user: report.withdraw(by=user),
    "verify": lambda report, user: report.verify(by=user),
    "send_back": lambda report, user: report.send_back("Angka keluaran tidak cocok", by=user),
}


def can(step, report, user) -> bool:
    before = Report.objects.get(pk=report.pk)
    try:
        STEPS[step](report, user)
    except ValidationError as error:
        assert all(message.endswith(".") for message in error.messages)
        after = Report.objects.get(pk=report.pk)
        assert (after.status, after.version) == (before.status, before.version)
        return False
    return True


@pytest.mark.parametrize(
    ("step", "possible", "result"),
    [
        ("submit", {"draft", "returned"}, "submitted"),
        ("withdraw", {"submitted"}, "draft"),
        ("verify", {"submitted"}, "verified"),
        ("send_back", {"submitted", "verified"}, "returned"),
    ],
)
def test_a_step_begins_in_some_states_and_ends_in_one(activity, secretary, step, possible, result):
    reports = {state: make.report(make.activity(activity.program), 1, status=state) for state in STATES}
    assert {state for state, report in reports.items() if can(step, report, secretary)} == possible
    assert {Report.objects.get(pk=reports[state].pk).status for state in possible} == {result}


@pytest.mark.parametrize(
    ("step", "state", "people"),
    [
        ("submit", "draft", {"secretary", "operator"}),
        ("withdraw", "submitted", {"secretary", "operator"}),
        ("verify", "submitted", {"secretary", "coordinator"}),
        ("send_back", "submitted", {"secretary", "coordinator"}),
        ("send_back", "verified", {"secretary", "coordinator"}),
    ],
)
def test_each_step_belongs_to_some_people(activity, everybody, step, state, people):
    allowed = {
        name
        for name, user in everybody.items()
        if can(step, make.report(make.activity(activity.program), 1, status=state), user)
    }
    assert allowed == people


@pytest.mark.parametrize("step", STEPS)
def test_a_locked_quarter_refuses_every_step(activity, secretary, step):
    reports = [make.report(make.activity(activity.program), 1, status=state) for state in STATES]
    make.period(make.YEAR, 1, locked_at=timezone.now())
    for report in reports:
        assert not can(step, Report.objects.get(pk=report.pk), secretary)


def test_nobody_verifies_the_reports_of_his_own_opd(activity, dinsos, dinkes):
    report = make.report(activity, 1)
    assert not can("verify", report, make.user("ani", Role.VERIFIER, opd=dinsos))
    assert not can("verify", report, make.user("adi", Role.SECRETARIAT, opd=dinsos))
    assert can("verify", report, make.user("ida", Role.VERIFIER, opd=dinkes))


def test_nobody_verifies_what_he_submitted(activity, secretary, coordinator):
    report = make.report(activity, 1, status="draft")
    report.submit(by=secretary)
    assert report.refusal_to_verify(secretary).endswith("Anda isi sendiri, jadi diverifikasi orang lain.")
    assert not can("verify", report, secretary)
    assert can("verify", report, coordinator)


def test_nobody_verifies_figures_he_entered_even_when_somebody_else_submitted_them(activity, secretary, operator):
    report = make.report(activity, 1, status="draft")
    report._history_user = secretary
    report.realised_budget = 5
    report.save()
    report._history_user = operator
    report.obstacle = "Hujan"
    report.save()
    report.submit(by=operator)
    assert not can("verify", report, secretary)


def test_whoever_only_judged_a_report_may_judge_it_again(activity, operator, coordinator):
    report = make.report(activity, 1, status="draft")
    report.submit(by=operator)
    report.send_back("Periksa", by=coordinator)
    report.submit(by=operator)
    report.verify(by=coordinator)
    report.send_back("Masih salah", by=coordinator)
    report.submit(by=operator)
    assert can("verify", report, coordinator)


def test_the_story_of_a_report_is_in_its_stamps_and_its_history(activity, operator, coordinator):
    report = make.report(activity, 1, status="draft")
    report.submit(by=operator)
    submitted_at = report.submitted_at
    report.send_back("  Angka keluaran tidak cocok ", by=coordinator)
    assert (report.return_note, report.verified_by) == ("Angka keluaran tidak cocok", None)
    report.submit(by=operator)
    assert (report.return_note, report.submitted_at, report.submitted_by) == ("", submitted_at, operator)
    report.verify(by=coordinator)
    assert report.verified_by == coordinator
    report.send_back("Bukti hilang", by=coordinator)
    assert (report.verified_at, report.verified_by) == (None, None)
    assert [
        (entry.status, entry.history_user_name, entry.history_change_reason)
        for entry in report.history.order_by("history_id")
    ] == [
        ("draft", "", None),
        ("submitted", "operator", None),
        ("returned", "koordinator", "Angka keluaran tidak cocok"),
        ("submitted", "operator", None),
        ("verified", "koordinator", None),
        ("returned", "koordinator", "Bukti hilang"),
    ]


def test_withdrawing_takes_the_submission_back(activity, operator):
    report = make.report(activity, 1, status="draft")
    report.submit(by=operator)
    report.withdraw(by=operator)
    assert (report.submitted_at, report.submitted_by) == (None, None)


@pytest.mark.parametrize("note", ["", "   ", "NIK 1604010101900001 salah", "ang\u202eka"])
def test_returning_needs_a_note_without_private_data(activity, coordinator, note):
    report = make.report(activity, 1)
    with pytest.raises(ValidationError):
        report.send_back(note, by=coordinator)
    assert Report.objects.get().status == "submitted"


# What has to be explained


def clauses(report):
    return report.reasons_asked(Report.objects.filter(pk=report.pk).first())


def new_report(activity, quarter, **figures):
    return Report(
        activity=activity,
        period=make.period(make.YEAR, quarter),
        **{"realised_budget": 0, "realised_output": 0} | figures,
    )


def test_an_ordinary_report_needs_no_reason(activity):
    make.report(activity, 1, realised_budget=100, realised_output=10)
    assert clauses(new_report(activity, 2, realised_budget=100, realised_output=10)) == []


def test_money_that_falls_against_the_last_counted_quarter_has_to_be_explained(activity):
    make.report(activity, 1, realised_budget=300_000)
    make.report(activity, 2, realised_budget=999_000, status="draft")
    assert clauses(new_report(activity, 3, realised_budget=299_999)) == [
        "realisasi anggaran TW III 2026 (Rp\u00a0299.999) lebih kecil daripada TW I 2026 (Rp\u00a0300.000)"
    ]


def test_output_that_falls_has_to_be_explained_by_its_direction(activity, dinsos):
    make.report(activity, 1, realised_output=10)
    assert clauses(new_report(activity, 2, realised_output=9)) == [
        "realisasi keluaran TW II 2026 (9) lebih kecil daripada TW I 2026 (10)"
    ]
    stunting = make.activity(make.program(dinsos), direction="down", baseline=100, target=50)
    make.report(stunting, 1, realised_output=80)
    assert clauses(new_report(stunting, 2, realised_output=79)) == []
    assert clauses(new_report(stunting, 2, realised_output=81)) == [
        "realisasi keluaran TW II 2026 (81) lebih besar daripada TW I 2026 (80)"
    ]


def test_a_correction_that_makes_the_next_quarter_fall_has_to_be_explained(activity):
    first = make.report(activity, 1, realised_budget=100)
    make.report(activity, 2, realised_budget=200)
    first.realised_budget = 201
    assert clauses(first) == [
        "realisasi anggaran TW II 2026 (Rp\u00a0200) lebih kecil daripada TW I 2026 (Rp\u00a0201)"
    ]


def test_a_figure_that_stays_as_it_was_asks_nothing_again(activity):
    make.report(activity, 1, realised_budget=300)
    report = make.report(activity, 2, realised_budget=200)
    report.obstacle = "Hujan"
    assert clauses(report) == []
    report.realised_budget = 201
    assert len(clauses(report)) == 1


def test_a_draft_that_fell_behind_unexplained_is_not_submitted_in_bulk(activity, operator):
    report = make.report(activity, 2, realised_budget=200, status="draft")
    make.report(activity, 1, realised_budget=300)
    assert not can("submit", report, operator)
    report._change_reason = "Uang muka dikembalikan"
    report.save()
    assert can("submit", Report.objects.get(pk=report.pk), operator)


def test_a_change_after_verification_or_lock_has_to_be_explained(activity, dinsos):
    report = make.report(activity, 1, status="verified")
    report.obstacle = "Hujan"
    assert clauses(report) == ["laporan ini sudah diverifikasi"]
    other = make.report(make.activity(activity.program), 2)
    make.period(make.YEAR, 2, locked_at=timezone.now())
    other = Report.objects.get(pk=other.pk)
    assert clauses(other) == []
    other.beneficiaries = 3
    assert clauses(other) == ["TW II 2026 sudah dikunci"]


SETTLED_VALUES = {
    "direction": "down",
    "baseline": 200,
    "target": 5,
    "revised_target": 7,
    "budget": 5,
    "revised_budget": 0,
    "starts_quarter": 2,
    "plan_q2": 3,
}


@pytest.mark.parametrize("field", SETTLED_VALUES)
@pytest.mark.parametrize("state", ["draft", "submitted", "verified", "locked"])
def test_figures_of_a_plan_are_guarded_once_a_report_was_verified_or_locked(activity, field, state):
    make.report(activity, 1, status="submitted" if state == "locked" else state)
    if state == "locked":
        make.period(make.YEAR, 1, locked_at=timezone.now())
    before = type(activity).objects.get(pk=activity.pk)
    setattr(activity, field, SETTLED_VALUES[field])
    assert activity.guarded_changes(before) == ([field] if state in ("verified", "locked") else [])
    assert bool(activity.reasons_asked(before)) is (state in ("verified", "locked"))
    activity.name = "Nama lain"
    assert activity.guarded_changes(before) == ([field] if state in ("verified", "locked") else [])


def test_strategy_and_priority_of_a_program_are_guarded_too(activity):
    program, stored = activity.program, Program.objects.filter(pk=activity.program_id)
    program.strategy, program.priority = make.strategy(1), make.priority()
    assert program.guarded_changes(stored.get()) == []
    make.report(activity, 1, status="verified")
    assert program.guarded_changes(stored.get()) == ["strategy", "priority"]
