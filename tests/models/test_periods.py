"""When a quarter may be reported."""

import datetime

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from tests import make
from tracker.models import Period

DAY = datetime.timedelta(days=1)


def test_a_quarter_opens_on_its_first_day_and_is_due_ten_days_after_its_last(db):
    dates = [(str(period.opens_on), str(period.ends_on), str(period.due_on)) for period in make.periods(2026)]
    assert dates == [
        ("2026-01-01", "2026-03-31", "2026-04-10"),
        ("2026-04-01", "2026-06-30", "2026-07-10"),
        ("2026-07-01", "2026-09-30", "2026-10-10"),
        ("2026-10-01", "2026-12-31", "2027-01-10"),
    ]


def test_opening_a_year_adds_its_four_quarters(db, secretary):
    opened = Period.objects.open_year(2026, user=secretary)
    assert [str(period) for period in opened] == ["TW I 2026", "TW II 2026", "TW III 2026", "TW IV 2026"]
    entry = opened[0].history.get()
    assert (entry.history_user_name, entry.history_change_reason) == ("sekretariat", "Tahun anggaran dibuka")


def test_opening_a_year_again_adds_only_what_is_missing_and_changes_nothing(db):
    make.period(2026, 2, due_on=datetime.date(2026, 8, 1))
    assert [period.quarter for period in Period.objects.open_year(2026)] == [1, 3, 4]
    assert Period.objects.open_year(2026) == []
    assert str(Period.objects.get(quarter=2).due_on) == "2026-08-01"


@pytest.mark.parametrize(
    ("today", "state"),
    [
        ("2026-03-31", Period.State.NOT_OPEN),
        ("2026-04-01", Period.State.OPEN),
        ("2026-07-10", Period.State.OPEN),
        ("2026-07-11", Period.State.OVERDUE),
    ],
)
def test_the_state_of_a_quarter_follows_from_the_day(db, today, state):
    assert make.period(2026, 2).state(datetime.date.fromisoformat(today)) == state


def test_a_locked_quarter_is_locked_on_every_day(db):
    period = make.period(2026, 2, locked_at=timezone.now())
    days = [period.opens_on - DAY, period.opens_on, period.due_on + DAY]
    assert {period.state(day) for day in days} == {Period.State.LOCKED}


def test_an_open_or_overdue_quarter_refuses_nobody(dinsos):
    period = make.period(2026, 2)
    assert [period.refusal(dinsos, day) for day in (period.opens_on, period.due_on, period.due_on + DAY)] == [
        "",
        "",
        "",
    ]


def test_a_quarter_before_its_opening_refuses(dinsos):
    period = make.period(2026, 2)
    assert period.refusal(dinsos, period.opens_on - DAY) == (
        "TW II 2026 belum dibuka. Laporan dapat diisi mulai 1 April 2026."
    )


def test_a_lock_without_name_and_reason_refuses_with_its_date(dinsos):
    locked_at = datetime.datetime(2026, 7, 20, 3, 0, tzinfo=datetime.UTC)
    assert make.period(2026, 2, locked_at=locked_at).refusal(dinsos) == (
        "TW II 2026 sudah dikunci pada 20 Juli 2026. Mintalah Sekretariat TKPK membukanya untuk OPD ini."
    )


def test_an_exception_opens_the_quarter_for_its_opd_up_to_and_including_its_last_day(dinsos, dinkes):
    period = make.period(2026, 2, locked_at=timezone.now())
    until = datetime.date(2026, 8, 15)
    make.period_exception(period, dinsos, until)
    assert period.refusal(dinsos, until) == ""
    assert period.refusal(dinsos, until + DAY) != ""
    assert period.refusal(dinkes, until) != ""


def test_an_exception_opens_no_other_quarter(dinsos):
    make.period_exception(make.period(2026, 2, locked_at=timezone.now()), dinsos, datetime.date(2099, 1, 1))
    assert make.period(2026, 1, locked_at=timezone.now()).refusal(dinsos) != ""


def test_a_quarter_with_reports_is_not_deleted(db):
    period = make.report(make.activity(), 2).period
    with pytest.raises(ProtectedError):
        period.delete()
