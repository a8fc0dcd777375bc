"""The quarter whose reports are asked for now: how far they are in the whole district."""

import datetime
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from tracker import formats
from tracker.models import Activity, Period, Report
from tracker.workplace.conditions import due, due_without_report
from tracker.workplace.lists import Waiting, list_of

MOST_DEBTORS = 5


def latest_ended_quarter(today: datetime.date | None = None) -> tuple[int, int]:
    """The year and number of the last quarter that is over."""
    today = today or timezone.localdate()
    ended = [quarter for quarter in (1, 2, 3, 4) if formats.quarter_end(today.year, quarter) < today]
    return (today.year, ended[-1]) if ended else (today.year - 1, 4)


@dataclass(frozen=True)
class ReportedQuarter:
    """The quarter whose reports are asked for now: the last one that is over."""

    year: int
    quarter: int
    today: datetime.date
    period: Period | None  # None while its year has not been opened
    running: Period | None  # the quarter of today, which may be filled in already
    due: int
    missing: Waiting
    debtors: list[Waiting]  # the OPDs that miss most
    other_debtors: int
    unfinished: list[Waiting]  # drafts, and what was returned

    def __str__(self):
        return f"{formats.quarter(self.quarter)} {self.year}"

    @property
    def is_locked(self) -> bool:
        return self.period.state(self.today) == Period.State.LOCKED

    @property
    def days(self) -> str:
        return formats.days_to(self.period.due_on, self.today)


def quarter_to_report(today: datetime.date | None = None) -> ReportedQuarter:
    today = today or timezone.localdate()
    year, quarter = latest_ended_quarter(today)
    now = (today.year, (today.month + 2) // 3)
    periods = {
        (period.fiscal_year, period.quarter): period
        for period in Period.objects.filter(fiscal_year__in=(year, now[0]))
    }
    asked = list_of("activity", f"tanpa_laporan={year}-{quarter}")
    counts = Activity.objects.aggregate(
        due=Count("pk", filter=due(year, quarter)), missing=Count("pk", filter=due_without_report(year, quarter))
    )
    debtors = (
        Activity.objects.filter(due_without_report(year, quarter))
        .values_list("program__opd__short_name", "program__opd_id")
        .annotate(missing=Count("pk"))
        .order_by("-missing", "program__opd__short_name")
    )
    statuses = dict(
        Report.objects.filter(period__fiscal_year=year, period__quarter=quarter)
        .order_by()
        .values_list("status")
        .annotate(Count("pk"))
    )
    reports = list_of("report", f"period__fiscal_year={year}&period__quarter__exact={quarter}&status__exact=")
    return ReportedQuarter(
        year=year,
        quarter=quarter,
        today=today,
        period=periods.get((year, quarter)),
        running=periods.get(now),
        due=counts["due"],
        missing=Waiting("belum ada laporan", counts["missing"], asked),
        debtors=[
            Waiting(name, missing, f"{asked}&program__opd__id__exact={opd}")
            for name, opd, missing in debtors[:MOST_DEBTORS]
        ],
        other_debtors=max(len(debtors) - MOST_DEBTORS, 0),
        unfinished=[
            Waiting(status.label, statuses[status], f"{reports}{status}")
            for status in (Report.Status.DRAFT, Report.Status.RETURNED)
            if status in statuses
        ],
    )
