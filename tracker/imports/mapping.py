"""How the columns of a foreign file are understood: what a person sees of them, and what was remembered before."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from tracker.imports import sheets
from tracker.imports.cells import BadCell
from tracker.imports.layout import LOOKED_AT, SAMPLED, Layout, Proposal, heading_digest, headings_of, propose_columns
from tracker.imports.lines import LeftOut
from tracker.imports.names import Names
from tracker.imports.plan import ROWS, lines_of
from tracker.imports.receiving import proposal_for
from tracker.imports.rows import shortened
from tracker.models import ColumnMapping
from tracker.models.imports import Sheet

MOST_VALUES = 3
MOST_EXAMPLES = 8


class Place(NamedTuple):
    """Where a table stands in a file, and which of our sheets it is."""

    sheet: Sheet
    worksheet: int
    first_heading: int
    last_heading: int

    @classmethod
    def of(cls, layout: Layout):
        return cls(layout.sheet, layout.worksheet, layout.first_heading, layout.last_heading)


@dataclass(frozen=True)
class FileColumn:
    index: int
    heading: str
    values: list[Any]

    @property
    def letter(self) -> str:
        return sheets.column_letter(self.index)


@dataclass(frozen=True)
class Start:
    """What the mapping of a batch begins with; `mapping` is the remembered one that gave the layout, if any."""

    layout: Layout
    complaints: list[str] = field(default_factory=list)
    mapping: ColumnMapping | None = None


def start_of(batch) -> Start:
    if batch.layout is not None:
        return Start(Layout.from_json(batch.layout))
    proposal = proposal_for(batch, wanted=Sheet(batch.sheet) if batch.sheet else None)
    mapping, layout = remembered(batch, proposal)
    return Start(layout or proposal.layout, proposal.complaints, mapping)


def remembered(batch, proposal: Proposal) -> tuple[ColumnMapping | None, Layout | None]:
    """A mapping made for the same headings, with the lines in which they stand in this file."""
    for mapping in ColumnMapping.objects.order_by("-pk"):
        if layout := fitted(mapping, batch, proposal):
            return mapping, layout
    return None, None


def fitted(mapping: ColumnMapping, batch, proposal: Proposal) -> Layout | None:
    """The layout of a mapping where its headings stand in this file; None where they do not."""
    layout = Layout.from_json(mapping.layout)
    if heading_digest(proposal.headings) == mapping.headings:
        return moved(layout, Place.of(proposal.layout))
    # Where somebody had to show the headings, the proposal looks at other lines.
    place = Place.of(layout)._replace(worksheet=proposal.layout.worksheet)
    return moved(layout, place) if heading_digest(headings_at(batch, place)) == mapping.headings else None


def moved(layout: Layout, place: Place) -> Layout:
    """The same columns at another place. Lines to be left out belong to one file only."""
    return replace(layout, **place._asdict() | {"sheet": layout.sheet, "left_out": ()})


def headings_at(batch, place: Place) -> list[str]:
    merged = batch.worksheets[place.worksheet]["merged"]
    return headings_of(sheets.lines(batch.rows, place.worksheet), place.first_heading, place.last_heading, merged)


def proposal_at(batch, place: Place) -> Proposal:
    return propose_columns(*place, batch.worksheets, lambda number: sheets.lines(batch.rows, number))


def columns_at(batch, place: Place) -> list[FileColumn]:
    """The columns of a table with their first values; those without a heading and without any value are left out."""
    headings = headings_at(batch, place)
    below = (line for line in sheets.lines(batch.rows, place.worksheet) if line.number > place.last_heading)
    sample = list(itertools.islice(below, SAMPLED))
    width = max([len(headings), *(len(line.cells) for line in sample)])
    found = []
    for index in range(width):
        cells = (line.cells[index] for line in sample if index < len(line.cells))
        values = [shortened(cell) for cell in itertools.islice(filter(is_filled, cells), MOST_VALUES)]
        heading = headings[index] if index < len(headings) else ""
        if heading or values:
            found.append(FileColumn(index, heading, values))
    return found


def is_filled(cell) -> bool:
    return cell is not None


# The first rows, interpreted


class Interpreted(NamedTuple):
    """A line as it would be understood: what its cells hold or what is wrong with them, or why it is left out."""

    number: int
    cells: list[tuple[str, str]]
    why_left_out: str = ""


def interpreted(batch, layout: Layout, user) -> tuple[list[str], list[Interpreted]]:
    """The titles of our columns that the file gives, and its first lines under them."""
    rows = ROWS[layout.sheet](user, Names(), layout)
    columns = [column for column in layout.kind.columns if column.key in rows.given]
    return [column.title for column in columns], list(first_lines(lines_of(batch, layout), rows, columns))


def first_lines(lines, rows, columns) -> Iterator[Interpreted]:
    """Sheets of several levels have lines between their rows, but no more than a few."""
    data = 0
    for line in itertools.islice(lines, LOOKED_AT):
        if isinstance(line, LeftOut):
            yield Interpreted(line.number, [], line.why)
            continue
        yield Interpreted(line.number, [understood(rows, line.cells.get(column.key), column) for column in columns])
        data += 1
        if data == MOST_EXAMPLES:
            return


def understood(rows, cell, column) -> tuple[str, str]:
    """(text, fault) of a cell."""
    try:
        value = rows.reader.read(cell, column)
    except BadCell as bad:
        return shortened(cell), str(bad)
    return ("", "") if value is None or value == () else (shortened(rows.shown(column.key, value)), "")
