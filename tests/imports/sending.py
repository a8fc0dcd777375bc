"""Sheets as people send them: exported by us, edited in a spreadsheet, and read back."""

import csv
import io
import tempfile

from tracker import exports, tables
from tracker.imports import applying
from tracker.imports.plan import plan_of
from tracker.imports.receiving import receive
from tracker.models import Activity

PROGRAM, REPORTS = "program", "realisasi"


def table_of(sheet, user, *, activities=None, quarters=(1, 2, 3, 4)):
    activities = Activity.objects.all() if activities is None else activities
    if sheet == PROGRAM:
        return tables.programs(sheet, activities)
    return tables.reports(sheet, activities, quarters, user)


def as_csv(table) -> bytes:
    return b"".join(exports.human_csv(table))


def as_xlsx(table) -> bytes:
    file = io.BytesIO()
    exports.write_workbook(file, table, [("Judul", "Uji")])
    return file.getvalue()


def rows_of(sheet, user, **options) -> list[dict[str, str]]:
    """The lines of the exported CSV as dictionaries, to be edited."""
    text = as_csv(table_of(sheet, user, **options)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def sheet_of(rows, *, delimiter=";", encoding="utf-8-sig", above=(), headings=None) -> bytes:
    """A CSV of such dictionaries, perhaps with lines `above` the headings."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
    headings = headings or list(rows[0])
    writer.writerows([*above, headings, *([row.get(heading, "") for heading in headings] for row in rows)])
    return file.getvalue().encode(encoding)


def received(content: bytes, user, *, name="kiriman.csv", wanted=None):
    """The batch and the proposal for a file with this content."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return receive(file.name, name, user, wanted=wanted)


def planned(content: bytes, user, **options):
    batch, proposal = received(content, user, **options)
    assert proposal.complaints == []
    return plan_of(batch, user)


def applied(content: bytes, user, **options):
    batch, proposal = received(content, user, **options)
    assert proposal.complaints == []
    return applying.apply(batch, user)


def outcomes(plan) -> dict[str, int]:
    return {outcome.value: number for outcome, number in plan.counts.items() if number}


def problems(plan) -> list[tuple]:
    """Each problem as (line, column, value, reason)."""
    return [(judged.number, problem.column, problem.value, problem.reason) for judged, problem in plan.problems]


def changes(plan) -> list[tuple]:
    """Each changed cell as (line, column, old, new)."""
    return [
        (judged.number, change.column, change.old, change.new) for judged in plan.changed for change in judged.changes
    ]
