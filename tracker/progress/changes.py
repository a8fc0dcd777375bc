"""What changed between the previous quarter and the chosen one."""

from dataclasses import dataclass
from fractions import Fraction

from tracker.progress import groups
from tracker.progress.activities import YearProgress
from tracker.progress.figures import Figures, Status
from tracker.progress.groups import GroupRow


@dataclass(frozen=True, slots=True)
class Changes:
    """Totals then and now, and the programs whose status turned since."""

    quarter: int
    before: Figures
    now: Figures
    newly_late: list[GroupRow]
    recovered: list[GroupRow]  # on plan now, late or in need of attention before

    @property
    def physical_change(self) -> Fraction:
        return self.now.physical - self.before.physical

    @property
    def deviation_change(self) -> Fraction:
        """Below zero where the distance to the plan has worsened."""
        return self.now.deviation - self.before.deviation


def since_previous_quarter(progress: YearProgress, programs: list[GroupRow]) -> Changes | None:
    """Changes of `programs` since the quarter before; None in TW I and where that quarter had no position."""
    quarter = progress.quarter - 1
    if quarter < 1:
        return None
    before, now = progress.total(quarter), progress.total()
    if before.physical is None or now.physical is None:
        return None
    then = {group.key: group.figures.status for group in groups.figures_by_program(progress, quarter=quarter)}
    return Changes(
        quarter=quarter,
        before=before,
        now=now,
        newly_late=[
            group for group in programs if group.figures.status is Status.LATE and then.get(group.key) != Status.LATE
        ],
        recovered=[
            group
            for group in programs
            if group.figures.status is Status.ON_TRACK and then.get(group.key) in (Status.LATE, Status.ATTENTION)
        ],
    )
