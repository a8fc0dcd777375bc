"""What the reports of programs that lag say: the obstacle, the next step, its owner and its date."""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from tracker.models import Report
from tracker.progress.activities import YearProgress
from tracker.progress.groups import GroupRow


class Obstacle(NamedTuple):
    obstacle: str
    follow_up: str
    owner: str
    due: datetime.date | None


def obstacles_of(programs: Sequence[GroupRow], progress: YearProgress) -> dict[str, Obstacle]:
    """Per program key, the obstacle of the activity with the greatest impact that reports one at its position."""
    positions = {
        row.facts.pk: row.position.quarter for program in programs for row in program.rows if row.position is not None
    }
    said = {
        activity_id: Obstacle(*texts)
        for activity_id, quarter, *texts in Report.objects.counted()
        .filter(activity__in=positions, period__fiscal_year=progress.year)
        .exclude(obstacle="", follow_up="")
        .order_by()
        .values_list("activity_id", "period__quarter", "obstacle", "follow_up", "follow_up_owner", "follow_up_due")
        if positions[activity_id] == quarter
    }
    found = {}
    for program in programs:
        rows = [row for row in program.rows if row.facts.pk in said]
        if rows:
            worst = min(rows, key=lambda row: row.figures.impact if row.figures.impact is not None else 0)
            found[program.key] = said[worst.facts.pk]
    return found
