"""One plain row per activity of a year with its position at a quarter: the facts every figure is built from.

Two statements fetch a year, whatever its size: the activities, and their counted reports. Everything after that is
arithmetic on these rows, so that all tables of a page add up.
"""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from tracker.models import Activity, Location, RatingBand, Report
from tracker.progress import figures


class Facts(NamedTuple):
    """What is known of an activity whatever the quarter; names follow the order of FACT_FIELDS."""

    pk: int
    ref: str
    name: str
    unit: str
    direction: str
    baseline: Decimal | None
    original_target: Decimal
    revised_target: Decimal | None
    original_budget: int
    revised_budget: int | None
    starts_quarter: int
    plan_q1: Decimal | None
    plan_q2: Decimal | None
    plan_q3: Decimal | None
    plan_q4: Decimal | None
    in_apbd: bool
    program_id: int
    program_name: str
    opd_id: int
    opd_short_name: str
    opd_name: str
    strategy: int | None
    strategy_name: str | None
    rkpd_year: int | None
    priority_number: int | None
    funding_source: str


FACT_FIELDS = (
    "pk",
    "ref",
    "name",
    "unit",
    "direction",
    "baseline",
    "target",
    "revised_target",
    "budget",
    "revised_budget",
    "starts_quarter",
    "plan_q1",
    "plan_q2",
    "plan_q3",
    "plan_q4",
    "funding_source__in_apbd",
    "program_id",
    "program__name",
    "program__opd_id",
    "program__opd__short_name",
    "program__opd__name",
    "program__strategy__number",
    "program__strategy__short_name",
    "program__priority__rkpd_year",
    "program__priority__number",
    "funding_source__code",
)


class Position(NamedTuple):
    """A counted report: cumulative figures up to the end of `quarter`."""

    quarter: int
    realised_budget: int
    realised_output: Decimal
    physical_percent: Decimal | None
    is_verified: bool


class ActivityRow:
    """An activity at a quarter: its facts, its position, and the figures that follow from both."""

    __slots__ = (
        "_figures",
        "_rating",
        "budget",
        "facts",
        "has_report",
        "high",
        "in_apbd",
        "is_expected",
        "is_measured",
        "low",
        "physical",
        "plan",
        "position",
        "program_id",
        "quarter",
        "target",
    )

    def __init__(self, facts: Facts, position: Position | None, quarter: int, rating: figures.Rating):
        self.facts = facts
        self.position = position
        self.quarter = quarter
        self.program_id = facts.program_id
        self.in_apbd = facts.in_apbd
        self.is_expected = figures.is_expected(facts.starts_quarter, facts.revised_budget, quarter)
        self.budget = figures.in_force(facts.original_budget, facts.revised_budget)
        self.target = figures.in_force(facts.original_target, facts.revised_target)
        self.has_report = position is not None and position.quarter == quarter
        self.plan = figures.plan_at((facts.plan_q1, facts.plan_q2, facts.plan_q3, facts.plan_q4), quarter)
        stated = position.physical_percent if position else None
        self.is_measured = stated is not None or figures.has_measure(facts.direction, facts.baseline, self.target)
        if stated is not None:
            self.physical = Fraction(stated)
        else:
            self.physical = self.achievement
        # As it enters the mean of a group: without a position 0, and at best as planned.
        self.low = figures.ZERO if self.physical is None else figures.held(self.physical)
        self.high = figures.at_best(self.low, self.plan, has_report=self.has_report)
        self._rating, self._figures = rating, None

    @property
    def figures(self) -> figures.Figures:
        if self._figures is None:
            self._figures = figures.of_activity(self, self._rating, self.quarter)
        return self._figures

    @property
    def achievement(self) -> Fraction | None:
        """Capaian keluaran at the position; None without a position or where it cannot be measured."""
        if self.position is None:
            return None
        facts = self.facts
        return figures.achievement(facts.direction, facts.baseline, self.target, self.position.realised_output)

    @property
    def is_straight_line(self) -> bool:
        """The plan is the elapsed share of the year because none was entered."""
        return self.facts.plan_q1 is None

    @property
    def priority(self) -> str | None:
        """The priority as files and addresses write it: "2021-1"."""
        facts = self.facts
        return None if facts.rkpd_year is None else f"{facts.rkpd_year}-{facts.priority_number}"


class YearProgress:
    """The activities of one fiscal year and their counted reports up to a quarter, loaded once.

    `activities` is the queryset that the filters left; `verified_only` narrows what counts to verified reports;
    `status` keeps only the activities that have it at `quarter`.
    """

    def __init__(
        self, activities, *, year: int, quarter: int, verified_only=False, status: figures.Status | None = None
    ):
        self.year, self.quarter, self.status = year, quarter, status
        self._activities = activities.of_year(year).order_by(
            "program__opd__name", "program__name", "program_id", "ref"
        )
        self._verified_only = verified_only
        self._rows, self._expected, self._totals = {}, {}, {}

    @cached_property
    def rating(self) -> figures.Rating:
        return rating()

    @cached_property
    def facts(self) -> list[Facts]:
        facts = [Facts._make(values) for values in self._activities.values_list(*FACT_FIELDS)]
        if self.status is None:
            return facts
        rows = (self._row(each, self.quarter) for each in facts)
        return [row.facts for row in rows if row.is_expected and row.figures.status == self.status]

    @cached_property
    def reports(self) -> dict[int, list[Position]]:
        """Counted reports per activity, in the order of their quarters."""
        found = defaultdict(list)
        reports = (
            Report.objects.counted(verified_only=self._verified_only)
            .filter(activity__in=self._activities.order_by().values("pk"))
            .filter(period__fiscal_year=self.year, period__quarter__lte=self.quarter)
            .order_by("period__quarter")
            .values_list(
                "activity_id", "period__quarter", "realised_budget", "realised_output", "physical_percent", "status"
            )
        )
        for activity_id, quarter, budget, output, physical, status in reports:
            is_verified = status == Report.Status.VERIFIED
            found[activity_id].append(Position(quarter, budget, output, physical, is_verified))
        return found

    @cached_property
    def districts(self) -> dict[int, set[str]]:
        """The codes of the kecamatan of each activity; none for those that work in the whole kabupaten."""
        found = defaultdict(set)
        places = Location.objects.filter(activity__in=self._activities.order_by().values("pk")).order_by()
        for activity_id, code in places.values_list("activity_id", "district__code"):
            found[activity_id].add(code)
        return found

    def rows(self, quarter: int | None = None) -> list[ActivityRow]:
        """Every activity at `quarter` (by default the chosen one), expected or not."""
        quarter = quarter or self.quarter
        if quarter not in self._rows:
            self._rows[quarter] = [self._row(facts, quarter) for facts in self.facts]
        return self._rows[quarter]

    def expected(self, quarter: int | None = None) -> list[ActivityRow]:
        """The activities from which a report is due at `quarter`: only these enter groups and counts."""
        quarter = quarter or self.quarter
        if quarter not in self._expected:
            self._expected[quarter] = [row for row in self.rows(quarter) if row.is_expected]
        return self._expected[quarter]

    def total(self, quarter: int | None = None) -> figures.Figures:
        """The figures of all expected activities: from the facts, not from adding groups."""
        quarter = quarter or self.quarter
        if quarter not in self._totals:
            self._totals[quarter] = self.figures(self.expected(quarter), quarter)
        return self._totals[quarter]

    def figures(self, rows: list[ActivityRow], quarter: int | None = None) -> figures.Figures:
        """The figures of a group of rows taken at `quarter`."""
        return figures.of_group(rows, self.rating, quarter or self.quarter)

    def _row(self, facts, quarter):
        return ActivityRow(facts, self._position(facts.pk, quarter), quarter, self.rating)

    def _position(self, activity_id, quarter):
        """The latest counted report at or before `quarter`."""
        return next(
            (report for report in reversed(self.reports.get(activity_id, ())) if report.quarter <= quarter), None
        )


def rating() -> figures.Rating:
    """The rating bands as they stand in the database."""
    status = {
        RatingBand.Status.ON_TRACK: figures.Status.ON_TRACK,
        RatingBand.Status.ATTENTION: figures.Status.ATTENTION,
        RatingBand.Status.LATE: figures.Status.LATE,
    }
    bands = RatingBand.objects.values_list("name", "lower_bound", "status")
    return figures.Rating(figures.Band(name, bound, status[word]) for name, bound, word in bands)


def progress_of(activity: Activity, *, verified_only: bool = False) -> list[ActivityRow]:
    """One activity at each of its four quarters."""
    progress = YearProgress(
        Activity.objects.filter(pk=activity.pk),
        year=activity.program.fiscal_year,
        quarter=4,
        verified_only=verified_only,
    )
    return [row for quarter in (1, 2, 3, 4) for row in progress.rows(quarter)]
