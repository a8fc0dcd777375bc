"""The lines of a worksheet as rows of a sheet: which are data, and which only look like it.

Titles, numbers of columns, sums and blank lines are left out and said so; a sum is never counted with what it sums.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from tracker.imports.columns import NUMBERS, folded
from tracker.imports.layout import Layout, code_of
from tracker.imports.sheets import Line
from tracker.models.programs import ACTIVITY_CODE, PROGRAM_CODE

SUM = re.compile(r"(sub\s*-?\s*total|subjumlah|sub\s+jumlah|jumlah|grand\s+total|total)\b", re.IGNORECASE)
COLUMN_NUMBER = re.compile(r"\(?\d{1,2}[a-z]?\)?", re.IGNORECASE | re.ASCII)
# Affairs, programs and kegiatan of the national nomenclature, above the sub kegiatan.
UPPER_CODE = re.compile(r"(\d|X)(\.(\d\d|XX)(\.\d\d\.\d\.\d\d)?)?", re.ASCII)
# Accounts of expenditure below a sub kegiatan, and units of the government above the programs.
ACCOUNT_CODE = re.compile(r"[456]\.\d(\.\d\d)*(\.\d{4,5})?", re.ASCII)
UNIT_CODE = re.compile(r"(\d|X)\.(\d\d|XX)(\.\d\.\d\d){2}\.\d\d(\.\d{4})?", re.ASCII)
BLANK, SUMS = "Baris kosong.", "Baris jumlah."


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
    notes = Notes(layout)
    for row in _each_line(lines, layout, headings):
        yield from notes.after(row)
    yield from notes.left_out()


def _each_line(lines, layout, headings):
    chosen = set(layout.left_out)
    levels = Levels() if "level_code" in layout.columns.values() else None
    last = layout.last_heading
    for line in lines:
        if line.number <= layout.last_heading:
            continue
        yield from (LeftOut(number, BLANK) for number in range(last + 1, line.number))
        last = line.number
        if line.number in chosen:
            yield LeftOut(line.number, "Dilewati seperti yang dipilih.")
            if levels:
                levels.program = {}  # it may have been another one
        elif why := no_data(line, layout, headings):
            yield LeftOut(line.number, why)
        else:
            row = Row(line.number, cells_of(line, layout))
            yield levels.placed(row) if levels else row


class Notes:
    """Place, date, names and remarks below a table: a few texts after a blank line or a sum, and no row after them."""

    def __init__(self, layout):
        kind = layout.kind
        self.telling = {column.key for column in kind.columns if column.kind in NUMBERS} | {"ref"}
        self.fixed = layout.fixed.keys()
        self.has_ended, self.held = False, []

    def after(self, row) -> Iterator[Row | LeftOut]:
        """What is known of the lines now that this one has been read."""
        if isinstance(row, LeftOut):
            self.has_ended = self.has_ended or row.why in (BLANK, SUMS)
        elif not self.has_ended or not self.may_be_note(row):
            self.has_ended = False
            yield from self.released()
        self.held.append(row)
        if not self.has_ended:
            yield from self.released()

    def may_be_note(self, row) -> bool:
        given = row.cells.keys() - self.fixed
        return len(given) <= 2 and not given & self.telling

    def released(self):
        held, self.held = self.held, []
        return held

    def left_out(self) -> Iterator[LeftOut]:
        """At the end of the sheet."""
        for row in self.held:
            yield row if isinstance(row, LeftOut) else LeftOut(row.number, "Catatan di bawah tabel.")


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
        cells["level_code"] = code_of(codes)
    return cells


def no_data(line, layout, headings) -> str:
    """What a line is that is no data; empty for data."""
    given = [(index, cell) for index, cell in enumerate(line.cells) if cell is not None]
    if not given:
        return BLANK
    texts = [(index, cell) for index, cell in given if isinstance(cell, str)]
    if texts and SUM.match(texts[0][1].strip()) and not _names_a_row(line, layout):
        return SUMS
    if len(texts) == len(given) and _repeats(texts, headings):
        return "Judul kolom yang berulang."
    if len(given) > 2 and all(_is_column_number(cell, index) for index, cell in given):
        return "Nomor kolom."
    return ""


def _names_a_row(line, layout) -> bool:
    """Whether a line that begins with a word for sums names a register, or is named in full: "Jumlah Desa Mandiri"."""
    filled = {
        key: line.cells[index]
        for index, key in layout.columns.items()
        if index < len(line.cells) and line.cells[index] is not None
    }
    # The word itself often stands in the first column, which is the register in our own sheets.
    if any(key in filled and not SUM.match(str(filled[key]).strip()) for key in ("ref", "code", "level_code")):
        return True
    filled = filled.keys()
    return {"opd", "unit"} <= filled or {"program", "name"} <= filled


def _repeats(texts, headings) -> bool:
    known = sum(folded(text) == folded(headings[index]) for index, text in texts if index < len(headings))
    return known > len(texts) / 2


def _is_column_number(cell, index) -> bool:
    if isinstance(cell, int):
        return 0 < cell <= index + 2
    return isinstance(cell, str) and bool(COLUMN_NUMBER.fullmatch(cell.strip()))


def is_below(code, program_code) -> bool:
    """Whether a sub kegiatan belongs to the program above it; X stands for every affair."""
    parts = zip(code.split("."), program_code.split("."), strict=False)
    return bool(program_code) and all(own == above or "X" in own + above for own, above in parts)


class Levels:
    """Rows of a sheet in which programs, kegiatan and sub kegiatan stand below one another, each with its sums."""

    def __init__(self):
        self.unit, self.program = {}, {}

    def placed(self, row: Row) -> Row | LeftOut:
        """A sub kegiatan with the program above it. Rows of the levels above are left out: they hold sums."""
        code = row.cells.get("level_code", "")
        name = row.cells.get("level_name", row.cells.get("name"))
        if why := self.level_above(code, name):
            return LeftOut(row.number, why)
        own = {key: cell for key, cell in row.cells.items() if key not in ("level_code", "level_name")}
        own["code"] = code
        if name is not None:
            own["name"] = name
        if not ACTIVITY_CODE.fullmatch(code):
            return Row(row.number, own)
        program = self.program if is_below(code, self.program.get("program_code", "")) else {}
        return Row(row.number, {**program, **own, **self.unit})

    def level_above(self, code, name) -> str:
        """What a row with this code is, unless it is a sub kegiatan or its code cannot be understood."""
        if PROGRAM_CODE.fullmatch(code):
            self.program = {"program_code": code, "program": name}
            return "Baris program: nama dan kodenya dipakai untuk sub kegiatan di bawahnya."
        if UNIT_CODE.fullmatch(code):
            self.unit, self.program = {"opd": name}, {}
            return "Baris OPD: namanya dipakai untuk sub kegiatan di bawahnya."
        if UPPER_CODE.fullmatch(code):
            if len(code) < len("1.06.05"):
                self.program = {}
            return "Baris urusan atau kegiatan di atas sub kegiatan."
        if ACCOUNT_CODE.fullmatch(code):
            return "Baris rekening belanja di bawah sub kegiatan."
        return "" if any(map(str.isdigit, code)) else "Baris tanpa kode, jadi bukan sub kegiatan."
