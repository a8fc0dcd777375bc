"""What becomes of each line of a file, in words and counts: the shape of a plan. plan.py fills it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from tracker.models.imports import Sheet


class Outcome(models.TextChoices):
    NEW = "new", "Baru"
    CHANGED = "changed", "Berubah"
    UNCHANGED = "unchanged", "Tidak berubah"
    REFUSED = "refused", "Ditolak"
    LEFT_OUT = "left_out", "Dilewati"


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that differs from what is stored, both in words."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line is refused: which cell, what it holds, and what is wrong and what to do about it."""

    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Judged:
    """What becomes of one line."""

    number: int
    ref: str = ""
    name: str = ""
    opd: str = ""
    is_new: bool = False
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    why_left_out: str = ""

    @property
    def outcome(self) -> Outcome:
        if self.why_left_out:
            return Outcome.LEFT_OUT
        if self.problems:
            return Outcome.REFUSED
        if self.is_new:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.UNCHANGED

    @property
    def outcome_label(self) -> str:
        return self.outcome.label


@dataclass(frozen=True, slots=True)
class Total:
    """Rupiah of one OPD before and after, over all that is stored and not only what the file holds.

    `when` is the year, or the quarter up to whose end the figures are cumulative.
    """

    opd: str
    when: str
    before: int
    after: int

    @property
    def name(self) -> str:
        return f"{self.opd}, {self.when}" if self.when else self.opd

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(slots=True)
class Plan:
    """`told` are the lines about which there is something to say; `writes` is what applying.py carries out."""

    sheet: Sheet
    counts: Counter = field(default_factory=Counter)
    outcomes: list[tuple[int, str]] = field(default_factory=list)
    told: list[Judged] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    totals_of: str = ""
    notes: list[str] = field(default_factory=list)
    writes: Any = None

    @property
    def refused(self) -> list[Judged]:
        return [judged for judged in self.told if judged.problems]

    @property
    def problems(self) -> list[tuple[Judged, Problem]]:
        return [(judged, problem) for judged in self.told for problem in judged.problems]

    @property
    def changed(self) -> list[Judged]:
        return [judged for judged in self.told if judged.outcome in (Outcome.NEW, Outcome.CHANGED)]

    @property
    def left_out(self) -> list[Judged]:
        return [judged for judged in self.told if judged.outcome is Outcome.LEFT_OUT]

    @property
    def warned(self) -> list[Judged]:
        return [judged for judged in self.told if judged.warnings and not judged.problems]

    @property
    def has_work(self) -> bool:
        return bool(self.counts[Outcome.NEW] + self.counts[Outcome.CHANGED])

    @property
    def is_applicable(self) -> bool:
        return self.has_work and not self.counts[Outcome.REFUSED]
