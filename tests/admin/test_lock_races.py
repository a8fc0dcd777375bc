"""Locking a quarter while somebody writes in it: what is written is wholly in before the lock, or refused.

Two threads with connections of their own, held at the moment that matters: the one who writes has been judged and has
not yet written. On SQLite, where a transaction keeps all other writers out, that needs a database in a file.
"""

import pytest
from django.db import transaction
from django.urls import reverse

from tests import make
from tests.admin.browser_form import sent_by
from tests.conftest import signed_in
from tests.racing import A_WHILE, TOO_LONG, Gate, Thread
from tracker.models import Period, Report

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_a_file")]
FIGURES = {"realised_budget": "700", "realised_output": "7"}


@pytest.fixture
def period(in_a_file):
    return make.periods(2025)[0]


@pytest.fixture
def activity(period, dinsos):
    return make.activity(make.program(dinsos, 2025))


def page(kind, record, what="change"):
    return reverse(f"admin:tracker_{kind}_{what}", args=[record.pk])


def through_the_form_of_its_sub_kegiatan(client, activity):
    address = page("activity", activity)
    figures = {f"reports-1-{name}": value for name, value in FIGURES.items()}
    sent = sent_by(client.get(address), **figures, **{"reports-1-status": "submitted"})
    return lambda: client.post(address, sent), lambda: Report.objects.filter(realised_budget=700).exists()


def through_its_own_form(client, activity):
    report = make.report(activity, 1, status="draft")
    sent = sent_by(client.get(page("report", report)), **FIGURES, status="draft")
    return lambda: client.post(page("report", report), sent), lambda: Report.objects.get().realised_budget == 700


def by_deleting_it(client, activity):
    report = make.report(activity, 1, status="draft")
    address = page("report", report, "delete")
    return lambda: client.post(address, {"post": "yes"}), lambda: not Report.objects.exists()


def by_submitting_it_from_the_list(client, activity):
    report = make.report(activity, 1, status="draft")
    chosen = {"action": "submit_selected", "_selected_action": [report.pk]}
    address = reverse("admin:tracker_report_changelist")
    return lambda: client.post(address, chosen), lambda: Report.objects.get().status == Report.Status.SUBMITTED


DOORS = [
    through_the_form_of_its_sub_kegiatan,
    through_its_own_form,
    by_deleting_it,
    by_submitting_it_from_the_list,
]
each_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)


@each_door
def test_a_lock_waits_for_what_was_judged_before_it(door, period, activity, operator, secretary, before_writing):
    before_writing.reached.set()  # making the report for the test is no race
    write, is_written = door(signed_in(operator), activity)
    before_writing.reached.clear()

    writer = Thread(write)
    assert before_writing.reached.wait(TOO_LONG)
    locker = Thread(lambda: period.lock(by=secretary, reason="Rakor I"))
    is_locked_first = locker.is_done_within(A_WHILE)
    before_writing.opened.set()
    writer.finish(), locker.finish()

    assert Period.objects.get(pk=period.pk).locked_at is not None
    assert not is_locked_first, "the quarter was locked between judging and writing"
    assert is_written()


@each_door
def test_what_is_judged_while_the_quarter_is_being_locked_waits_and_is_refused(
    door, period, activity, operator, secretary
):
    write, is_written = door(signed_in(operator), activity)
    gate = Gate()

    def lock_slowly():
        with transaction.atomic():
            period.lock(by=secretary, reason="Rakor I")
            gate.hold()

    locker = Thread(lock_slowly)
    assert gate.reached.wait(TOO_LONG)
    writer = Thread(write)
    is_written_first = writer.is_done_within(A_WHILE) and is_written()
    gate.opened.set()
    locker.finish(), writer.finish()

    assert Period.objects.get(pk=period.pk).locked_at is not None
    assert is_written_first or not is_written(), "written after the quarter had been locked"


def test_an_exception_is_taken_away_after_what_was_judged_under_it(
    period, activity, operator, secretary, dinsos, before_writing
):
    make.period_exception(period, dinsos, make.period(2099).opens_on)
    period.lock(by=secretary, reason="Rakor I")
    write, is_written = through_the_form_of_its_sub_kegiatan(signed_in(operator), activity)
    sekretariat = signed_in(secretary)
    without = sent_by(sekretariat.get(page("period", period)), **{"exceptions-0-DELETE": "on"})

    writer = Thread(write)
    assert before_writing.reached.wait(TOO_LONG)
    taker = Thread(lambda: sekretariat.post(page("period", period), without))
    is_taken_first = taker.is_done_within(A_WHILE)
    before_writing.opened.set()
    writer.finish()

    assert taker.finish().status_code == 302
    assert not period.exceptions.exists()
    assert not is_taken_first, "the exception was taken away between judging and writing"
    assert is_written()


def test_a_step_waits_for_a_change_of_the_quarter_and_is_then_refused_as_outdated(period, secretary):
    sekretariat, address = signed_in(secretary), page("period", period, "lock")
    sent = sent_by(sekretariat.get(address), reason="Rakor I")
    gate = Gate()

    def change_slowly():
        with transaction.atomic():
            period.due_on = period.ends_on
            period.save()
            gate.hold()

    changer = Thread(change_slowly)
    assert gate.reached.wait(TOO_LONG)
    locker = Thread(lambda: sekretariat.post(address, sent))
    locker.join(A_WHILE)
    gate.opened.set()
    changer.finish()

    assert "sesudah formulir ini dibuka" in locker.finish().context["form"].non_field_errors()[0]
    assert Period.objects.get(pk=period.pk).locked_at is None
