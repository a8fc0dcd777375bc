"""What a plan says as tables to be kept: the file with its problems beside its rows, and the changes cell by cell."""

import datetime
from collections import defaultdict
from functools import partial
from operator import itemgetter

from tracker.exports import as_typed
from tracker.imports import sheets
from tracker.imports.cells import PERCENTAGES
from tracker.imports.layout import PROBLEMS, Layout, headings_of, holds_problems
from tracker.imports.sheets import CellError, NoValue, Percent, text_of
from tracker.tables import Column, Table


def problem_sheet(slug, batch, plan) -> Table:
    """The rows of the file under its own headings, and in a last column what is wrong with each.

    Corrected, it is uploaded in place of the file.
    """
    layout = Layout.from_json(batch.layout)
    merged = batch.worksheets[layout.worksheet]["merged"]
    lines = partial(sheets.lines, batch.rows, layout.worksheet)
    headings = headings_of(lines(), layout.first_heading, layout.last_heading, merged)
    if headings and holds_problems(headings, len(headings) - 1):
        headings = headings[:-1]
    width = max(len(headings), max(layout.columns, default=-1) + 1)
    headings += [""] * (width - len(headings))
    columns = [Column(heading, itemgetter(index), 18) for index, heading in enumerate(headings)]
    percentages = {index for index, key in layout.columns.items() if key in PERCENTAGES}

    def rows():
        by_line = defaultdict(list)
        for judged, problem in plan.problems:
            by_line[judged.number].append(f"{problem.column}: {problem.reason}" if problem.column else problem.reason)
        for line in lines():
            if line.number > layout.last_heading:
                cells = [as_stored(cell, index in percentages) for index, cell in enumerate(line.cells[:width])]
                yield [*cells, *[None] * (width - len(cells)), " · ".join(by_line[line.number])]

    return Table(slug, (*columns, Column(PROBLEMS, itemgetter(width), 60)), rows)


def as_stored(cell, is_percentage):
    """A cell as a table holds it, so that it is read back as it was read, and what was wrong with it stays wrong."""
    if isinstance(cell, str):
        return as_typed(cell)
    if isinstance(cell, Percent) and is_percentage:
        return cell.value * 100
    if isinstance(cell, bool | CellError | NoValue | Percent):
        return text_of(cell)
    return cell.date() if isinstance(cell, datetime.datetime) else cell


def change_table(slug, plan) -> Table:
    columns = (
        Column("Baris", lambda row: row[0].number),
        Column("Hasil", lambda row: row[0].outcome_label),
        Column("Register", lambda row: row[0].ref),
        Column("OPD", lambda row: row[0].opd, 14),
        Column("Sub kegiatan", lambda row: row[0].name, 44),
        Column("Kolom", lambda row: row[1].column, 24),
        Column("Semula", lambda row: row[1].old, 36),
        Column("Menjadi", lambda row: row[1].new, 36),
    )
    return Table(slug, columns, [(judged, change) for judged in plan.changed for change in judged.changes])
