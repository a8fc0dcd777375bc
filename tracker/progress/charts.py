"""Rows turned into what a picture draws: positions as text with a decimal point, for SVG attributes."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from tracker import formats
from tracker.progress import figures, groups
from tracker.progress.activities import YearProgress
from tracker.progress.figures import Figures, Status

TONES = {
    Status.ON_TRACK: "ok",
    Status.ATTENTION: "attention",
    Status.LATE: "late",
    Status.NOT_REPORTED: "none",
    Status.NOT_RATED: "na",
    None: "na",
}


def length(percentage: Fraction | None) -> str:
    """A percentage held between 0 and 100 as an SVG length: "62.2%"; empty for None."""
    return "" if percentage is None else f"{formats.rounded(figures.held(Fraction(percentage)), 1)}%"


@dataclass(frozen=True, slots=True)
class Bar:
    """A bullet: the value, what it could be at most, and the plan mark."""

    tone: str
    value: str
    high: str
    plan: str


def bar(row: Figures, status: Status | None) -> Bar:
    """The bullet of a row in the tone of the status it is shown with."""
    value, high = length(row.physical), length(row.physical_high)
    tone = TONES[status]
    return Bar(
        tone={"ok": "", "na": "none"}.get(tone, tone),
        value=value,
        high=high if high != value else "",
        plan=length(row.plan),
    )


def shares(counts: dict[Status, int]) -> list[dict]:
    """Segments of the bar that divides programs by status, with a small gap between two."""
    total, x, segments = sum(counts.values()), Fraction(0), []
    for status, count in counts.items():
        if count:
            width = Fraction(count * 100, total)
            shown = max(width - Fraction(1, 2), width / 2)
            segments.append({"tone": TONES[status], "x": length(x), "width": length(shown)})
            x += width
    return segments


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A quarter of the S-curve; `x` and the heights are percentages, None where nothing is known yet."""

    quarter: int
    x: Fraction
    figures: Figures
    is_known: bool

    @property
    def x_length(self):
        return length(self.x)

    @property
    def plan_y(self):
        return length(100 - self.figures.plan)

    @property
    def physical_y(self):
        return length(100 - self.figures.physical)


@dataclass(frozen=True, slots=True)
class Curve:
    """The S-curve of a selection: plan for the whole year, fisik and serapan up to the chosen quarter."""

    points: list[CurvePoint]

    @property
    def known(self):
        return [point for point in self.points if point.is_known]

    @property
    def last(self):
        return self.known[-1]

    def line(self, name, points):
        values = [(point.x, getattr(point.figures, name)) for point in points]
        pairs = [(Fraction(0), Fraction(0)), *((x, value) for x, value in values if value is not None)]
        return " ".join(f"{_plain(x)},{_plain(100 - figures.held(value))}" for x, value in pairs)

    @property
    def plan_line(self):
        return self.line("plan", self.points)

    @property
    def physical_line(self):
        return self.line("physical", self.known)

    @property
    def money_line(self):
        return self.line("absorption", self.known)


def _plain(value):
    return str(formats.rounded(value, 1))


def s_curve(progress: YearProgress) -> Curve | None:
    """The S-curve, or None while there is no plan to draw or no position at all."""
    points = []
    for quarter, days in zip((1, 2, 3, 4), (90, 181, 273, 365), strict=True):
        at_quarter = progress.total(quarter)
        is_known = quarter <= progress.quarter and at_quarter.physical is not None
        if at_quarter.plan is not None:
            points.append(CurvePoint(quarter, Fraction(days * 100, 365), at_quarter, is_known))
    curve = Curve(points)
    return curve if curve.known else None


@dataclass(frozen=True, slots=True)
class Dot:
    """A group on the strip: where it stands, how high it is stacked, and where its name goes if it has one."""

    name: str
    tone: str
    x: str
    y: str
    label_y: str  # empty: no name is written


@dataclass(frozen=True, slots=True)
class Strip:
    """One dot per group along the ratio of fisik to rencana, with the lower bounds of the statuses."""

    dots: list[Dot]
    limits: list[tuple[str, int]]  # position and percentage where a status begins
    low: int
    high: int


STRIP_LOW, STRIP_HIGH = 40, 130
MOST_NAMES, NAME_ROOM, DOT_ROOM = 5, 11, 13


def dot_strip(found: list[groups.GroupRow], rating: figures.Rating) -> Strip | None:
    """The groups that have a ratio; the late ones are named, worst first. None while nobody has one."""
    rated = [group for group in found if group.figures.rating and group.figures.ratio is not None]
    if not rated:
        return None
    stacked, dots = Counter(), []
    for group in sorted(rated, key=lambda group: group.figures.ratio):
        place = int(_on_strip(group.figures.ratio) * 50 / 100)
        is_named = group.figures.status is Status.LATE and len(dots) < MOST_NAMES
        dots.append(
            Dot(
                name=group.key,
                tone=TONES[group.figures.status],
                x=length(_on_strip(group.figures.ratio)),
                y=length(Fraction(max(67 - DOT_ROOM * stacked[place], 2))),
                label_y=length(Fraction(4 + NAME_ROOM * len(dots))) if is_named else "",
            )
        )
        stacked[place] += 1
    begins = {}
    for band in rating.bands:
        begins[band.status] = band.lower_bound
    limits = [(length(_on_strip(bound)), bound) for bound in begins.values() if STRIP_LOW < bound < STRIP_HIGH]
    return Strip(dots, limits, STRIP_LOW, STRIP_HIGH)


def _on_strip(ratio) -> Fraction:
    return figures.held(Fraction(ratio - STRIP_LOW) * 100 / (STRIP_HIGH - STRIP_LOW))


def spark(values: list) -> list[tuple[str, str]]:
    """Points of a small line without axes, from left to right, as (x, y) between 2 and 98 and 8 and 92 percent."""
    low, high = min(values), max(values)
    steps, spread = max(len(values) - 1, 1), (high - low) or 1
    return [
        (
            _plain(2 + Fraction(96 * number, steps)),
            _plain(92 - Fraction(84) * Fraction(value - low) / Fraction(spread)),
        )
        for number, value in enumerate(values)
    ]
