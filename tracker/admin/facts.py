"""Facts about the quarters of a sub kegiatan: beside the fields of one, all four in a table, as a mark in a list."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.template.loader import render_to_string

from tracker import formats
from tracker.models import Activity, Period, Report
from tracker.progress import figures
from tracker.progress.activities import ActivityRow, Position, progress_of


@dataclass(frozen=True)
class QuarterFacts:
    activity: Activity
    quarter: int
    row: ActivityRow  # at this quarter
    before: ActivityRow | None  # at the quarter before it

    @property
    def budget(self) -> int:
        return self.row.budget

    @property
    def target(self) -> Decimal:
        return self.row.target

    @property
    def plan(self) -> Fraction:
        return self.row.plan

    @property
    def previous(self) -> Position | None:
        """The latest counted report before this quarter."""
        return self.before.position if self.before else None

    def absorption(self, realised_budget) -> Fraction | None:
        return figures.percent(realised_budget, self.budget)

    def achievement(self, realised_output) -> Fraction | None:
        facts = self.row.facts
        return figures.achievement(facts.direction, facts.baseline, self.target, realised_output)

    def line(self, period: Period, report: Report | None) -> "QuarterLine":
        """This quarter in the table of the four, as `report` is now: what is typed into it later changes nothing."""
        return QuarterLine(
            period=period,
            plan=self.plan,
            realised_budget=report and report.realised_budget,
            absorption=report and self.absorption(report.realised_budget),
            realised_output=report and report.realised_output,
            achievement=report and self.achievement(report.realised_output),
            state=state_of(report and report.status, is_expected=self.row.is_expected, period=period),
        )

    def beside(self, report: Report) -> str:
        """The block of facts for a report of this quarter, stored or still to be written."""
        stored = report.pk is not None
        return render_to_string(
            "admin/quarter_facts.html",
            {
                "facts": self,
                "previous": self.previous,
                "previous_absorption": self.before and self.before.figures.absorption,
                "previous_achievement": self.before and self.before.achievement,
                "stored": stored,
                "absorption": self.absorption(report.realised_budget) if stored else None,
                "achievement": self.achievement(report.realised_output) if stored else None,
            },
        )


@dataclass(frozen=True)
class ReportState:
    """Where the report of a quarter stands: a mark that fits a narrow cell, and what it means."""

    mark: str
    words: str
    is_counted: bool = False


def state_of(status: str | None, *, is_expected: bool, period: Period | None) -> ReportState:
    """`status` is that of the report, None where there is none."""
    if status is not None:
        label = Report.Status(status).label.lower()
        is_counted = status in Report.COUNTED
        return ReportState("●" if is_counted else label, label, is_counted)
    if not is_expected:
        return ReportState(formats.DASH, "tidak ditagih")
    if period is None or period.state() == Period.State.NOT_OPEN:
        return ReportState("○", "belum dibuka")
    return ReportState("○", "belum ada laporan")


@dataclass(frozen=True)
class QuarterLine:
    """A quarter in the table of the four. Figures are those of its own report, None where there is none."""

    period: Period
    plan: Fraction
    realised_budget: int | None
    absorption: Fraction | None
    realised_output: Decimal | None
    achievement: Fraction | None
    state: ReportState


@dataclass(frozen=True)
class ActivityLine:
    """A sub kegiatan in the table of its program."""

    activity: Activity
    states: list[ReportState]  # of TW I to TW IV


def lines_of(program) -> list[ActivityLine]:
    """The sub kegiatan of a program with the state of their reports; three statements, however many there are."""
    periods = {period.quarter: period for period in Period.objects.of_year(program.fiscal_year)}
    reports = {
        (activity, quarter): status
        for activity, quarter, status in Report.objects.filter(activity__program=program)
        .order_by()
        .values_list("activity_id", "period__quarter", "status")
    }
    return [
        ActivityLine(
            activity,
            [
                state_of(
                    reports.get((activity.pk, quarter)),
                    is_expected=figures.is_expected(activity.starts_quarter, activity.revised_budget, quarter),
                    period=periods.get(quarter),
                )
                for quarter in formats.QUARTER_NAMES
            ],
        )
        for activity in program.activities.select_related("funding_source").order_by("ref")
    ]


def facts_of(activity: Activity) -> dict[int, QuarterFacts]:
    """The facts of each quarter, from what is stored."""
    rows = progress_of(activity)
    return {
        quarter: QuarterFacts(activity, quarter, row, before)
        for quarter, (before, row) in enumerate(zip([None, *rows], rows, strict=False), start=1)
    }
