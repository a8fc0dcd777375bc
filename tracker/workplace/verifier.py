"""What waits for verification: the reports that a person may verify, and those he leaves to somebody else."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, OuterRef
from django.urls import reverse

from tracker.models import Report
from tracker.models.periods import open_to


class Submitted(NamedTuple):
    key: int
    opd: int
    opd_name: str
    since: datetime.datetime | None
    by: int | None
    is_open: bool  # its quarter can be written now


@dataclass(frozen=True)
class OpdQueue:
    name: str
    count: int
    since: datetime.datetime | None
    url: str


@dataclass(frozen=True)
class Queue:
    """The submitted reports, the longest waiting first, without those that this person may not verify."""

    reports: list[Submitted]
    of_own_opd: int = 0
    entered_by_himself: int = 0
    closed: int = 0

    @property
    def total(self) -> int:
        return len(self.reports) + self.of_own_opd + self.entered_by_himself + self.closed

    @property
    def left_to_others(self) -> list[tuple[int, str]]:
        """How many are not his to verify, and why."""
        reasons = (
            (self.of_own_opd, "laporan OPD Anda sendiri, jadi diverifikasi orang lain"),
            (self.entered_by_himself, "laporan Anda isi sendiri, jadi diverifikasi orang lain"),
            (self.closed, "laporan dari triwulan yang dikunci, jadi tidak dapat diverifikasi"),
        )
        return [(count, reason) for count, reason in reasons if count]

    def without(self, key: int) -> "Queue":
        return Queue([report for report in self.reports if report.key != key])

    def after(self, key: int | None) -> int | None:
        """The report to look at after the one with this key; the first one where that is not among them."""
        keys = [report.key for report in self.reports]
        following = keys[keys.index(key) + 1 :] if key in keys else keys
        return following[0] if following else None

    def place_of(self, key: int) -> int | None:
        """Counted from 1; None where that report is not among them."""
        return next((place for place, report in enumerate(self.reports, start=1) if report.key == key), None)

    @property
    def by_opd(self) -> list[OpdQueue]:
        """Who has most waiting comes first."""
        by_opd = defaultdict(list)
        for report in self.reports:
            by_opd[report.opd].append(report)
        found = [
            OpdQueue(reports[0].opd_name, len(reports), reports[0].since, f"{next_review()}?opd={opd}")
            for opd, reports in by_opd.items()
        ]
        return sorted(found, key=lambda opd: (-opd.count, opd.name))


def next_review() -> str:
    return reverse("admin:tracker_report_review_next")


def queue_of(user, **narrowed) -> Queue:
    """What waits for this person; `narrowed` are conditions on the reports."""
    waiting = Report.objects.waiting().workable_by(user).filter(**narrowed)
    is_open = open_to(OuterRef("activity__program__opd"), period="period__")
    rows = [
        Submitted(*row)
        for row in waiting.values_list(
            "pk",
            "activity__program__opd",
            "activity__program__opd__short_name",
            "submitted_at",
            "submitted_by",
            ExpressionWrapper(is_open, BooleanField()),
        )
    ]
    entered = waiting.order_by().entered_by(user)
    found = defaultdict(list)
    for row in rows:
        if row.opd == user.opd_id:
            found["of_own_opd"].append(row)
        elif row.key in entered:
            found["entered_by_himself"].append(row)
        else:
            found["reports" if row.is_open else "closed"].append(row)
    reports = found.pop("reports", [])
    return Queue(reports, **{name: len(rows) for name, rows in found.items()})
