"""What stands beside the fields of a quarter: the last position, the plan, and what the stored figures amount to."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.template.loader import render_to_string

from tracker.models import Activity, Report
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


def facts_of(activity: Activity) -> dict[int, QuarterFacts]:
    """The facts of each quarter, from what is stored."""
    rows = progress_of(activity)
    return {
        quarter: QuarterFacts(activity, quarter, row, before)
        for quarter, (before, row) in enumerate(zip([None, *rows], rows, strict=False), start=1)
    }
