"""A locked or unopened quarter is shown with its reason and accepts nothing, forged or not."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.admin.browser_form import sent_by
from tracker.models import Period, Report


def page(kind, record):
    return reverse(f"admin:tracker_{kind}_change", args=[record.pk])


@pytest.fixture
def activity(dinsos, secretary):
    make.periods(2025)
    make.period(2025, 1, locked_at=timezone.now(), locked_by=secretary, lock_reason="Rakor I")
    return make.activity(make.program(dinsos, 2025))


def test_a_locked_quarter_shows_why_and_sends_nothing(as_secretary, activity):
    form = as_secretary.get(page("activity", activity))
    assert "TW I 2025 sudah dikunci oleh sekretariat" in form.content.decode()
    assert not [name for name in sent_by(form) if name.startswith("reports-1-")]
    assert [name for name in sent_by(form) if name.startswith("reports-2-")]


def test_a_forged_report_of_a_locked_quarter_is_refused(as_secretary, activity):
    address = page("activity", activity)
    forged = {"reports-1-realised_budget": "1", "reports-1-realised_output": "1", "reports-1-status": "submitted"}
    answer = as_secretary.post(address, sent_by(as_secretary.get(address), **forged))
    quarter = answer.context["inline_admin_formsets"][1].formset.forms[0]
    assert "sudah dikunci" in quarter.non_field_errors()[0]
    assert not Report.objects.exists()


def test_what_was_typed_stays_when_the_quarter_was_locked_meanwhile(as_secretary, activity):
    report = make.report(activity, 2, realised_budget=1, realised_output=1)
    address = page("activity", activity)
    opened = as_secretary.get(address)
    make.period(2025, 2, locked_at=timezone.now())
    answer = as_secretary.post(address, sent_by(opened, **{"reports-2-realised_budget": "300.000"}))
    assert sent_by(answer)["reports-2-realised_budget"] == "300.000"
    report.refresh_from_db()
    assert report.realised_budget == 1


def test_other_quarters_are_saved_beside_a_locked_one(as_secretary, activity):
    Report.objects.bulk_create(
        [Report(activity=activity, period=make.period(2025, 1), realised_budget=5, realised_output=5, version=1)]
    )
    address = page("activity", activity)
    figures = {"reports-2-realised_budget": "10", "reports-2-realised_output": "10"}
    assert as_secretary.post(address, sent_by(as_secretary.get(address), **figures)).status_code == 302
    assert Report.objects.count() == 2


def test_the_form_of_a_locked_report_is_for_reading(as_secretary, activity):
    report = make.report(activity, 2, realised_budget=1, realised_output=1)
    opened = as_secretary.get(page("report", report))
    make.period(2025, 2, locked_at=timezone.now())
    closed = as_secretary.get(page("report", report))
    assert "realised_budget" not in sent_by(closed)
    assert 'name="_save"' not in closed.content.decode()
    answer = as_secretary.post(page("report", report), sent_by(opened, realised_budget="7"))
    assert "sudah dikunci" in answer.context["adminform"].form.non_field_errors()[0]
    delete = reverse("admin:tracker_report_delete", args=[report.pk])
    assert as_secretary.post(delete, {"post": "yes"}).status_code == 403
    assert Report.objects.get().realised_budget == 1


def test_an_exception_reopens_a_locked_quarter_for_one_opd(as_secretary, activity, dinsos):
    make.period_exception(make.period(2025, 1), dinsos, timezone.localdate())
    form = as_secretary.get(page("activity", activity))
    assert "reports-1-realised_budget" in sent_by(form)


def test_a_quarter_that_has_not_opened_says_when_it_will(as_secretary, activity):
    make.period(2025, 4, opens_on=datetime.date(2999, 10, 1), due_on=datetime.date(3000, 1, 10))
    form = as_secretary.get(page("activity", activity))
    assert "TW IV 2025 belum dibuka. Laporan dapat diisi mulai 1 Oktober 2999." in form.content.decode()
    assert not [name for name in sent_by(form) if name.startswith("reports-4-")]


def test_a_year_that_was_not_opened_says_so(as_secretary, dinsos):
    activity = make.activity(make.program(dinsos, 2024))
    assert "Tahun anggaran ini belum dibuka" in as_secretary.get(page("activity", activity)).content.decode()


def test_a_year_is_opened_from_the_list_of_periods(as_secretary, db):
    address = reverse("admin:tracker_period_open_year")
    answer = as_secretary.post(address, {"year": "2025"}, follow=True)
    [message] = answer.context["messages"]
    assert str(message).startswith("Tahun anggaran 2025 dibuka: TW I, TW II, TW III")
    assert Period.objects.of_year(2025).count() == 4
    assert Period.objects.first().history.first().history_user_name == "sekretariat"
    as_secretary.post(address, {"year": "2025"})
    assert Period.objects.count() == 4


@pytest.mark.parametrize("year", ["", "abc", "1999", "2999", "1e999"])
def test_an_odd_year_is_explained(as_secretary, year):
    answer = as_secretary.post(reverse("admin:tracker_period_open_year"), {"year": year}, follow=True)
    assert answer.status_code == 200
    assert len(answer.context["messages"]) == 1
    assert not Period.objects.exists()


def test_a_lock_is_not_typed_into_the_form_of_a_period(as_secretary, activity):
    period = make.period(2025, 3)
    opened = as_secretary.get(page("period", period))
    assert not [name for name in sent_by(opened) if name.startswith("lock")]
    forged = {"locked_at": "2025-11-01 08:00", "locked_at_0": "01-11-2025", "locked_at_1": "08.00", "lock_reason": "x"}
    assert as_secretary.post(page("period", period), sent_by(opened, **forged)).status_code == 302
    period.refresh_from_db()
    assert (period.locked_at, period.lock_reason) == (None, "")
