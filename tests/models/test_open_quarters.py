"""The database and the model agree on which quarters can be written."""

import datetime

import pytest
from django.db.models import OuterRef
from django.utils import timezone

from tests import make
from tracker.models import Period, Report
from tracker.models.periods import open_to

TODAY = datetime.date(2026, 5, 20)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def periods(dinsos, dinkes):
    """Open, not yet open, locked; locked with an exception in force, expired, of another OPD; excepted too early."""
    at = timezone.now()
    make.period(2025, 1, opens_on=TODAY, due_on=TODAY)
    make.period(2025, 2, opens_on=TODAY + DAY, due_on=TODAY + DAY)
    make.period(2025, 3, locked_at=at)
    make.period_exception(make.period(2025, 4, locked_at=at), dinsos, TODAY)
    make.period_exception(make.period(2024, 1, locked_at=at), dinsos, TODAY - DAY)
    make.period_exception(make.period(2024, 2, locked_at=at), dinkes, TODAY)
    early = make.period(2024, 3, opens_on=TODAY + DAY, due_on=TODAY + DAY, locked_at=at)
    make.period_exception(early, dinsos, TODAY)
    return Period.objects.order_by("fiscal_year", "quarter")


def test_periods(periods, dinsos):
    found = periods.filter(open_to(dinsos.pk, today=TODAY))
    assert list(found) == [period for period in periods if not period.refusal(dinsos, TODAY)]
    assert [str(period) for period in found] == ["TW I 2025", "TW IV 2025"]


def test_reports_of_whatever_opd(periods, dinsos, dinkes):
    programs = {(opd, year): make.program(opd, year) for opd in (dinsos, dinkes) for year in (2024, 2025)}
    for period in periods:
        for opd in (dinsos, dinkes):
            make.report(make.activity(programs[opd, period.fiscal_year]), period=period)
    reports = Report.objects.select_related("activity__program", "period").order_by("pk")
    of_report = open_to(OuterRef("activity__program__opd"), period="period__", today=TODAY)
    expected = [report for report in reports if not report.period.refusal(report.activity.program.opd_id, TODAY)]
    assert list(reports.filter(of_report)) == expected
    assert len(expected) == 4
