"""What every number means. No other file computes a percentage of progress.

Money is whole rupiah (int), amounts are Decimal, and every percentage is an exact Fraction on the scale 0-100, or None
where there is nothing to divide by. Nothing is rounded here: `tracker.formats` rounds once, when a value is shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

STRAIGHT_LINE = (Fraction(25), Fraction(50), Fraction(75), Fraction(100))
ZERO, FULL = Fraction(0), Fraction(100)


class Status(Enum):
    """How an activity or a group stands against its plan; the value is the word of the address filter."""

    ON_TRACK = "sesuai"
    ATTENTION = "perhatian"
    LATE = "terlambat"
    NOT_REPORTED = "belum-lapor"
    NOT_RATED = "tidak-dihitung"


BEHIND = (Status.LATE, Status.ATTENTION)


@dataclass(frozen=True, slots=True)
class Band:
    """One class of Permendagri 86/2017: it begins at `lower_bound` percent and belongs to a status."""

    name: str
    lower_bound: int
    status: Status


class Rating:
    """The rating bands, to look up a ratio in. The lowest band also takes what lies below it.

    Without any band (reference data not loaded yet) nothing is rated.
    """

    def __init__(self, bands: Iterable[Band]):
        self.bands = sorted(bands, key=lambda band: band.lower_bound, reverse=True)

    def of(self, ratio: Fraction) -> Band | None:
        """The band of a ratio by its lower bound, on the unrounded value, not capped at 100."""
        return next((band for band in self.bands if ratio >= band.lower_bound), self.bands[-1] if self.bands else None)


def in_force(original, revised):
    """The revised value where there is one, else the original; for budgets and targets, in all quarters alike."""
    return original if revised is None else revised


def is_expected(starts_quarter: int, revised_budget: int | None, quarter: int) -> bool:
    """Whether a report is due at `quarter`: the activity has started and was not stopped (revised budget 0)."""
    return starts_quarter <= quarter and revised_budget != 0


def percent(part: int, whole: int) -> Fraction | None:
    """`part` in percent of `whole`; None when there is no whole."""
    return Fraction(part * 100, whole) if whole else None


def achievement(direction: str, baseline: Decimal | None, target: Decimal, realised: Decimal) -> Fraction | None:
    """Capaian keluaran. Up: realised / target. Down: (baseline - realised) / (baseline - target). Not capped."""
    if direction == "down":
        return percent(_thousandths(baseline - realised), _thousandths(baseline - target))
    return percent(_thousandths(realised), _thousandths(target))


def _thousandths(quantity: Decimal | int) -> int:
    """Quantities have three decimals, so that this loses nothing."""
    return int(quantity * 1000)


def has_measure(direction: str, baseline: Decimal | None, target: Decimal) -> bool:
    """Whether the indicator can be measured at all: not when the target is 0 going up, or equals the baseline."""
    return baseline != target if direction == "down" else target != 0


def plan_at(plans: Sequence[Decimal | None], quarter: int) -> Fraction:
    """Rencana: the planned cumulative percentage at `quarter`, else the straight line 25/50/75/100."""
    planned = plans[quarter - 1]
    return STRAIGHT_LINE[quarter - 1] if planned is None else Fraction(planned)


def held(percentage: Fraction) -> Fraction:
    """A percentage held between 0 and 100, as it enters the mean of a group (and only there)."""
    if percentage.numerator <= 0:
        return ZERO
    return FULL if percentage.numerator >= 100 * percentage.denominator else percentage


class WeightedMean:
    """An exact mean of percentages weighted by pagu. Numerators are kept per denominator, as many rows share one."""

    __slots__ = ("numerators",)

    def __init__(self):
        self.numerators = {}

    def add(self, weight: int, percentage: Fraction):
        denominator = percentage.denominator
        self.numerators[denominator] = self.numerators.get(denominator, 0) + weight * percentage.numerator

    def over(self, weight: int) -> Fraction:
        return sum((Fraction(number, below) for below, number in self.numerators.items()), ZERO) / weight


@dataclass(slots=True)
class Figures:
    """The figures of one activity or one group at a quarter. Percentages are Fractions or None."""

    programs: int  # programs with an activity in the row
    activities: int
    budget: int  # pagu in force
    budget_outside: int  # of that, money outside the district's own budget (APBD)
    realised: int | None  # rupiah spent; None without any position
    physical: Fraction | None
    physical_high: Fraction | None  # the same if every missing report were as planned
    plan: Fraction | None
    represented: Fraction | None  # share of budget with a counted report at exactly this quarter
    missing: int  # activities without one
    undefined: int  # activities left out of physical and plan because their indicator cannot be measured
    measured_budget: int  # pagu of the others, by which physical and plan are weighted
    status: Status | None = None  # None: nothing in the row
    rating: str = ""  # predikat; empty where there is none

    @property
    def absorption(self) -> Fraction | None:
        """Serapan: rupiah spent in percent of pagu; activities without a position add nothing to what was spent."""
        return None if self.realised is None else percent(self.realised, self.budget)

    @property
    def reported(self) -> int:
        """Activities with a counted report at exactly this quarter."""
        return self.activities - self.missing

    @property
    def remaining(self) -> int | None:
        """Sisa anggaran: pagu minus what was spent; below zero when more was spent than there is."""
        return None if self.realised is None else self.budget - self.realised

    @property
    def remaining_percent(self) -> Fraction | None:
        return None if self.remaining is None else percent(self.remaining, self.budget)

    @property
    def deviation(self) -> Fraction | None:
        """Fisik minus rencana, in percentage points."""
        return None if self.physical is None or self.plan is None else self.physical - self.plan

    @property
    def ratio(self) -> Fraction | None:
        """Fisik in percent of rencana."""
        return None if self.physical is None or not self.plan else self.physical * 100 / self.plan

    @property
    def impact(self) -> Fraction | None:
        """Dampak: pagu times deviation; orders what needs a decision, most negative first."""
        return None if self.deviation is None else self.budget * self.deviation

    def rate(self, rating: Rating, quarter: int) -> "Figures":
        """Set status and predikat. Until TW III both rate fisik against rencana, at TW IV the predikat against 100."""
        if not self.activities:
            return self
        if self.missing == self.activities:
            self.status = Status.NOT_REPORTED
        elif self.physical is None or not self.budget or not rating.bands:
            self.status = Status.NOT_RATED
        else:
            self.status = rating.of(self.ratio).status if self.plan else Status.ON_TRACK
            judged = self.physical if quarter == 4 else self.ratio
            self.rating = rating.of(judged).name if judged is not None else ""
        return self


def of_activity(row, rating: Rating, quarter: int) -> Figures:
    """Figures of one activity; its fisik is shown as it is, above 100 or below 0 included."""
    return Figures(
        programs=1,
        activities=1,
        budget=row.budget,
        budget_outside=0 if row.in_apbd else row.budget,
        realised=row.position.realised_budget if row.position else None,
        physical=row.physical,
        physical_high=at_best(row.physical, row.plan, has_report=row.has_report) if row.physical is not None else None,
        plan=row.plan if row.is_measured else None,
        represented=percent(row.budget if row.has_report else 0, row.budget),
        missing=0 if row.has_report else 1,
        undefined=0 if row.is_measured else 1,
        measured_budget=row.budget if row.is_measured else 0,
    ).rate(rating, quarter)


def of_group(rows: Sequence, rating: Rating, quarter: int) -> Figures:
    """Figures of a group of activity rows: money as sums, fisik and rencana as means weighted by pagu.

    Activities without a position count 0 in fisik; those that cannot be measured are left out of fisik, its upper
    bound and rencana. A group without any position has a plan and a budget, and nothing else.
    """
    budget = reported = outside = realised = weight = missing = 0
    physical, high, plan = WeightedMean(), WeightedMean(), WeightedMean()
    has_position = False
    for row in rows:
        budget += row.budget
        if not row.in_apbd:
            outside += row.budget
        if row.has_report:
            reported += row.budget
        else:
            missing += 1
        if row.position:
            has_position = True
            realised += row.position.realised_budget
        if row.is_measured:
            weight += row.budget
            plan.add(row.budget, row.plan)
            physical.add(row.budget, row.low)
            high.add(row.budget, row.high)
    has_physical = weight and has_position
    low = physical.over(weight) if has_physical else None
    return Figures(
        programs=len({row.program_id for row in rows}),
        activities=len(rows),
        budget=budget,
        budget_outside=outside,
        realised=realised if has_position else None,
        physical=low,
        physical_high=high.over(weight) if has_physical and missing else low,
        plan=plan.over(weight) if weight else None,
        represented=percent(reported, budget),
        missing=missing,
        undefined=sum(not row.is_measured for row in rows),
        measured_budget=weight,
    ).rate(rating, quarter)


def at_best(low: Fraction, plan: Fraction, *, has_report: bool) -> Fraction:
    """Fisik if a missing report were as planned: the greater of the last position and the plan."""
    return low if has_report else max(low, plan)
