"""The lines of a worksheet as rows of a sheet: which are data, and which only look like it.

Titles, numbers of columns, sums and blank lines are left out and said so; a sum is never counted with what it sums.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from tracker.exports import as_typed
from tracker.imports.columns import folded
from tracker.imports.layout import Layout
from tracker.imports.sheets import Line
from tracker.models.programs import ACTIVITY_CODE, PROGRAM_CODE

SUM = re.compile(r"(sub\s*-?\s*total|subjumlah|sub\s+jumlah|jumlah|grand\s+total|total)\b", re.IGNORECASE)
COLUMN_NUMBER = re.compile(r"\(?\d{1,2}[a-z]?\)?", re.IGNORECASE | re.ASCII)
# Affairs, programs and kegiatan of the national nomenclature, above the sub kegiatan.
UPPER_CODE = re.compile(r"(\d|X)(\.(\d\d|XX)){0,2}(\.\d\.\d\d)?", re.ASCII)


class Row(NamedTuple):
    """A line of data: its cells by the keys of the columns, empty ones left out."""

    number: int
    cells: dict[str, Any]


class LeftOut(NamedTuple):
    """A line that is no data, and what it is instead."""

    number: int
    why: str


def rows_of(lines: Iterable[Line], layout: Layout, headings: list[str]) -> Iterator[Row | LeftOut]:
    """Every line below the headings, in order."""
    chosen = set(layout.left_out)
    levels = Levels() if "level_code" in layout.columns.values() else None
    last = layout.last_heading
    for line in lines:
        if line.number <= layout.last_heading:
            continue
        yield from (LeftOut(number, "Baris kosong.") for number in range(last + 1, line.number))
        last = line.number
        if line.number in chosen:
            yield LeftOut(line.number, "Dilewati seperti yang dipilih.")
        elif why := no_data(line, layout, headings):
            yield LeftOut(line.number, why)
        else:
            row = Row(line.number, cells_of(line, layout))
            yield levels.placed(row) if levels else row


def cells_of(line, layout) -> dict[str, Any]:
    cells = {key: text for key, text in layout.fixed.items() if text}
    codes = []
    for index, key in layout.columns.items():
        if index < len(line.cells) and (cell := line.cells[index]) is not None:
            if key == "level_code":
                codes.append(cell)
            else:
                cells[key] = cell
    if codes:
        cells["level_code"] = codes[0] if len(codes) == 1 else ".".join(str(code).strip() for code in codes)
    return cells


def no_data(line, layout, headings) -> str:
    """What a line is that is no data; empty for data."""
    given = [(index, cell) for index, cell in enumerate(line.cells) if cell is not None]
    if not given:
        return "Baris kosong."
    texts = [(index, cell) for index, cell in given if isinstance(cell, str)]
    if texts and SUM.match(texts[0][1].strip()) and not _names_a_row(line, layout):
        return "Baris jumlah."
    if len(texts) == len(given) and _repeats(texts, headings):
        return "Judul kolom yang berulang."
    if len(given) > 2 and all(_is_column_number(cell, index) for index, cell in given):
        return "Nomor kolom."
    return ""


def _names_a_row(line, layout) -> bool:
    """Whether a line that begins with a word for sums names a register, or is named in full: "Jumlah Desa Mandiri"."""
    for index, key in layout.columns.items():
        if index < len(line.cells) and line.cells[index] is not None and key in ("ref", "code", "level_code"):
            return True
    filled = {
        key for index, key in layout.columns.items() if index < len(line.cells) and line.cells[index] is not None
    }
    return {"opd", "unit"} <= filled or {"program", "name"} <= filled


def _repeats(texts, headings) -> bool:
    known = sum(folded(text) == folded(headings[index]) for index, text in texts if index < len(headings))
    return known > len(texts) / 2


def _is_column_number(cell, index) -> bool:
    if isinstance(cell, int):
        return 0 < cell <= index + 2
    return isinstance(cell, str) and bool(COLUMN_NUMBER.fullmatch(cell.strip()))


class Levels:
    """Rows of a sheet in which programs, kegiatan and sub kegiatan stand below one another, each with its sums."""

    def __init__(self):
        self.program = {}

    def placed(self, row: Row) -> Row | LeftOut:
        """A sub kegiatan with the program above it. Rows of the levels above are left out: they hold sums."""
        code = as_typed(str(row.cells.get("level_code", ""))).strip().rstrip(".")
        name = row.cells.get("level_name", row.cells.get("name"))
        if ACTIVITY_CODE.fullmatch(code):
            own = {key: cell for key, cell in row.cells.items() if key not in ("level_code", "level_name")}
            return Row(row.number, {**self.program, **own, "code": code, "name": name})
        if PROGRAM_CODE.fullmatch(code):
            self.program = {"program_code": code, "program": name}
            return LeftOut(row.number, "Baris program: nama dan kodenya dipakai untuk sub kegiatan di bawahnya.")
        if UPPER_CODE.fullmatch(code):
            if len(code) < len("1.06.05"):
                self.program = {}
            return LeftOut(row.number, "Baris urusan atau kegiatan di atas sub kegiatan.")
        if not code:
            return LeftOut(row.number, "Baris tanpa kode, jadi bukan sub kegiatan.")
        return Row(row.number, {**self.program, **row.cells, "code": code, "name": name})
