"""What applying a file would do now: every line new, changed, unchanged, refused or left out, and why.

The preview shows the plan; applying makes the same plan again and writes it. A line is judged by the rules of the
models, as if it had been typed; nothing is written here.
"""

import itertools
from collections.abc import Iterable, Iterator

from tracker.imports import sheets
from tracker.imports.layout import Layout, headings_of
from tracker.imports.lines import LeftOut, rows_of
from tracker.imports.names import Names
from tracker.imports.outcomes import Judged, Outcome, Plan
from tracker.imports.program_rows import ProgramRows
from tracker.imports.report_rows import ReportRows
from tracker.models.imports import Sheet

LINES_AT_ONCE = 500
ROWS = {Sheet.PROGRAM: ProgramRows, Sheet.REPORTS: ReportRows}


def plan_of(batch, user, *, on_line=None) -> Plan:
    """The plan of an uploaded batch for this person. `on_line` is called for every line that was looked at."""
    layout = Layout.from_json(batch.layout)
    rows = ROWS[layout.sheet](user, Names(), layout)
    plan = Plan(layout.sheet)
    for chunk in in_chunks(lines_of(batch, layout)):
        for line in chunk:
            if isinstance(line, LeftOut):
                rows.judged.append(Judged(line.number, why_left_out=line.why))
            if on_line:
                on_line()
        rows.read([line for line in chunk if not isinstance(line, LeftOut)])
    rows.finish(plan)
    for judged in rows.judged:
        outcome = judged.outcome
        plan.counts[outcome] += 1
        plan.outcomes.append((judged.number, outcome.value))
        if outcome is not Outcome.UNCHANGED or judged.warnings:
            plan.told.append(judged)
    plan.told.sort(key=lambda judged: judged.number)
    return plan


def lines_of(batch, layout: Layout) -> Iterator:
    """The rows of a batch, and the lines that are none."""
    merged = batch.worksheets[layout.worksheet]["merged"]
    beginning = sheets.lines(batch.rows, layout.worksheet)
    headings = headings_of(beginning, layout.first_heading, layout.last_heading, merged)
    return rows_of(sheets.lines(batch.rows, layout.worksheet), layout, headings)


def in_chunks(rows: Iterable) -> Iterator[list]:
    rows = iter(rows)
    while chunk := list(itertools.islice(rows, LINES_AT_ONCE)):
        yield chunk
