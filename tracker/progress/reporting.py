"""Who has reported at a quarter and who has not: per OPD, with what became of the reports and how late they are."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Max, Q
from django.utils import timezone

from tracker import formats
from tracker.models import Period, Report
from tracker.progress import groups
from tracker.progress.activities import ActivityRow, YearProgress
from tracker.progress.figures import Figures
from tracker.progress.groups import GroupRow


@dataclass(frozen=True, slots=True)
class Reporting:
    """A group of expected activities with what became of their reports at exactly this quarter."""

    group: GroupRow
    verified: int
    returned: int
    days_late: int | None

    @property
    def figures(self) -> Figures:
        return self.group.figures

    @property
    def is_complete(self) -> bool:
        return not self.figures.missing

    @property
    def missing(self) -> list[ActivityRow]:
        """The activities without a counted report at exactly this quarter."""
        return [row for row in self.group.rows if not row.has_report]

    @property
    def missing_budget(self) -> int:
        return sum(row.budget for row in self.missing)

    @property
    def reported_budget(self) -> int:
        """Pagu sudah lapor: the pagu of activities with a counted report at exactly this quarter."""
        return self.figures.budget - self.missing_budget


@dataclass(frozen=True, slots=True)
class QuarterReporting:
    """The reporting of a quarter: each OPD from which something is expected, and all of them together."""

    period: Period | None  # None while it has not been made, or where nothing is expected
    opds: Sequence[Reporting]
    total: Reporting

    @property
    def incomplete(self) -> list[Reporting]:
        return [each for each in self.opds if not each.is_complete]

    @property
    def complete(self) -> list[Reporting]:
        return [each for each in self.opds if each.is_complete]


def reporting_by_opd(progress: YearProgress, *, today: datetime.date) -> QuarterReporting:
    """Who misses reports comes first, by days late and by the pagu that is missing; then who has reported all.

    While the quarter runs nobody is ranked: the OPDs stand by name.
    """
    period, received = received_by_opd(progress)
    found = []
    for group in groups.figures_by_opd(progress):
        here = received.get(group.rows[0].facts.opd_id, Received())
        late = days_late(
            period,
            last_submitted_at=here.last_submitted_at,
            is_missing=here.counted < len(group.rows),
            today=today,
        )
        found.append(Reporting(group, verified=here.verified, returned=here.returned, days_late=late))
    total = Reporting(
        groups.total(progress),
        verified=sum(each.verified for each in found),
        returned=sum(each.returned for each in found),
        days_late=max((each.days_late for each in found if each.days_late is not None), default=None),
    )
    if formats.quarter_end(progress.year, progress.quarter) < today:
        found.sort(key=_most_missing_first)
    return QuarterReporting(period, found, total)


def _most_missing_first(reporting):
    return (reporting.is_complete, -(reporting.days_late or 0), -reporting.missing_budget, reporting.group.name)


def days_late(
    period: Period | None,
    *,
    last_submitted_at: datetime.datetime | None,
    is_missing: bool,
    today: datetime.date,
) -> int | None:
    """Hari terlambat: the days from the due date to the day (WIB) the last report came in, or to today while one is
    missing; at least 0, and None before the due date, before the quarter has ended and where there is no period."""
    if period is None or today <= period.ends_on or today < period.due_on:
        return None
    if is_missing:
        return (today - period.due_on).days
    return max((timezone.localdate(last_submitted_at) - period.due_on).days, 0) if last_submitted_at else 0


class Received(NamedTuple):
    """What came in of an OPD's expected activities at exactly this quarter, in numbers."""

    counted: int = 0  # whatever the page counts: waiting for verification makes no report late
    verified: int = 0
    returned: int = 0
    last_submitted_at: datetime.datetime | None = None


def received_by_opd(progress: YearProgress) -> tuple[Period | None, dict[int, Received]]:
    """The period of the quarter and, per OPD with reports of expected activities, their numbers: one statement."""
    expected = [row.facts.pk for row in progress.expected()]
    if not expected:
        return None, {}
    found = list(
        Period.objects.filter(fiscal_year=progress.year, quarter=progress.quarter)
        .annotate(
            opd_id=F("reports__activity__program__opd"),
            is_expected=ExpressionWrapper(Q(reports__activity__in=expected), BooleanField()),
        )
        .annotate(
            counted=Count("reports", filter=Q(reports__status__in=Report.COUNTED)),
            verified=Count("reports", filter=Q(reports__status=Report.Status.VERIFIED)),
            returned=Count("reports", filter=Q(reports__status=Report.Status.RETURNED)),
            last_submitted_at=Max("reports__submitted_at"),
        )
    )
    received = {
        each.opd_id: Received(each.counted, each.verified, each.returned, each.last_submitted_at)
        for each in found
        if each.is_expected
    }
    return found[0] if found else None, received
