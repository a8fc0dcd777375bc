"""An uploaded file -> worksheets with their lines. Only this module and reading/ know what formats files have."""

import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from tracker.imports.reading import output, refusals
from tracker.models.history import IDENTITY_NUMBER

READER = Path(__file__).with_name("reader.py")
REFUSED, CANNOT_WRITE = 2, 3  # exit codes of the reader
MOST_SECONDS = 60
MOST_PLACES = 1000
PIECE, MOST_AT_ONCE = 16 * 1024, 256 * 1024  # bytes, packed and unpacked

# Every identity number is one of these in the line as it is written. Most lines have none, and need no closer look.
SIXTEEN_DIGITS = re.compile(rb"\d{4}(?:\d{12}|[ .-]\d{4}[ .-]\d{4}[ .-]\d{4}|\d\d[ .-]\d{6}[ .-]\d{4})")

BUSY = "Berkas belum dapat dibaca karena server sedang sibuk: tunggu beberapa menit, lalu unggah lagi."
NO_ROOM = "Berkas belum dapat dibaca karena penyimpanan server penuh: beri tahu pengelola, lalu unggah lagi nanti."


class Unreadable(Exception):
    """`args[0]` says why, in a sentence. `places`: (sheet, row, column letter) of identity numbers, the first 1,000.

    One in the name of a sheet stands in row 0, without a column. A CSV is a sheet without a name.
    """

    def __init__(self, sentence, places=()):
        super().__init__(sentence)
        self.places = list(places)


@dataclass(frozen=True, slots=True)
class CellError:
    text: str  # such as #REF!


@dataclass(frozen=True, slots=True)
class NoValue:
    """A formula whose result is not in the file."""

    formula: str


@dataclass(frozen=True, slots=True)
class Percent:
    value: Decimal  # 0.45 where the cell shows 45 %


class Line(NamedTuple):
    number: int  # as the spreadsheet shows it
    cells: list[Any]  # None, str, int, Decimal, bool, date, datetime, CellError, NoValue or Percent


class SheetInfo(NamedTuple):
    """`merged`: (first row, first column, last row, last column) of merged headings, from 1; `rows` counts lines."""

    name: str
    is_hidden: bool
    merged: tuple[tuple[int, int, int, int], ...] = ()
    rows: int = 0


class Reading(NamedTuple):
    """`packed` holds the lines of all sheets, which lines() gives back."""

    format: str
    delimiter: str | None
    encoding: str | None
    sheets: tuple[SheetInfo, ...]
    packed: bytes


def read(path) -> Reading:
    """The rows of an XLSX or CSV; raises Unreadable."""
    with tempfile.TemporaryFile() as written:
        run_reader(path, written)
        written.seek(0)
        return Packing().of(written)


def run_reader(path, written):
    """The child gets neither settings nor secrets of this process, and does not outlive the call."""
    command = [sys.executable, "-I", "-S", READER, os.path.abspath(path)]
    environment = {name: os.environ[name] for name in ["SYSTEMROOT"] if name in os.environ}  # Windows needs it
    quiet = {"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        code = subprocess.run(command, env=environment, stdout=written, timeout=MOST_SECONDS, **quiet).returncode
    except subprocess.TimeoutExpired:
        raise Unreadable(refusals.TOO_MUCH) from None
    except OSError:
        raise Unreadable(BUSY) from None
    if code == CANNOT_WRITE:
        raise Unreadable(NO_ROOM)
    if code not in (0, REFUSED):
        raise Unreadable(refusals.TOO_MUCH)  # a limit ended it


class Packing:
    """Goes through what the reader wrote line by line: many rows need no more memory than few."""

    def __init__(self):
        self.sheets, self.places, self.identity_numbers = [], [], 0
        self.compressor, self.pieces = zlib.compressobj(level=3), []

    def of(self, written) -> Reading:
        about = told(written.readline())
        for line in written:
            self.add(line)
        if self.identity_numbers:
            raise Unreadable(self.identity_sentence(), self.places)
        packed = b"".join([*self.pieces, self.compressor.flush()])
        return Reading(about["format"], about["delimiter"], about["encoding"], tuple(self.sheets), packed)

    def add(self, line):
        if line.startswith(b"{"):
            part = told(line)
            if "merged" in part:
                self.sheets[-1] = self.sheets[-1]._replace(merged=tuple(map(tuple, part["merged"])))
                return
            self.sheets.append(SheetInfo(part["sheet"], part["hidden"]))
        else:
            self.sheets[-1] = self.sheets[-1]._replace(rows=self.sheets[-1].rows + 1)
        if SIXTEEN_DIGITS.search(line):
            self.look_for_identity_numbers(line)
        self.pieces.append(self.compressor.compress(line))

    def look_for_identity_numbers(self, line):
        if line.startswith(b"{"):
            columns, number = [""] if IDENTITY_NUMBER.search(self.sheets[-1].name) else [], 0
        else:
            number, cells = decode(line.decode())
            columns = [column_letter(index) for index, cell in enumerate(cells) if is_identity_number(cell)]
        self.identity_numbers += len(columns)
        room = MOST_PLACES - len(self.places)
        self.places += [(masked(self.sheets[-1].name), number, column) for column in columns[:room]]

    def identity_sentence(self):
        sheet, row, column = self.places[0]
        place = f"baris {row} kolom {column}" if row else "namanya"
        return (
            f"Berkas ini memuat 16 angka seperti NIK atau nomor KK di {self.identity_numbers} tempat, yang pertama di "
            f"{f'lembar “{sheet}” ' if sheet else ''}{place}: hapus data pribadi itu dari berkas, lalu unggah lagi."
        )


def told(line) -> dict:
    """What the reader says about a file or a sheet, unless it refuses."""
    part = json.loads(line)
    if "refused" in part:
        raise Unreadable(masked(part["refused"]))
    return part


def is_identity_number(cell) -> bool:
    if type(cell) is int:
        return len(str(abs(cell))) == 16
    text = cell.formula if isinstance(cell, NoValue) else cell.text if isinstance(cell, CellError) else cell
    return isinstance(text, str) and bool(IDENTITY_NUMBER.search(text))


def masked(text) -> str:
    return IDENTITY_NUMBER.sub("*" * 16, text)


def lines(packed: bytes, sheet: int) -> Iterator[Line]:
    """The lines of a sheet, counted from 0 as in Reading.sheets."""
    current = -1
    for line in unpacked(packed):
        if line.startswith("{"):
            current += 1
            if current > sheet:
                return
        elif current == sheet:
            number, cells = decode(line)
            yield Line(number, cells)


def unpacked(packed) -> Iterator[str]:
    decompressor = zlib.decompressobj()
    rest = b""
    for start in range(0, len(packed), PIECE):
        piece = packed[start : start + PIECE]
        while piece:
            *complete, rest = (rest + decompressor.decompress(piece, MOST_AT_ONCE)).split(b"\n")
            yield from map(bytes.decode, complete)
            piece = decompressor.unconsumed_tail


def special(cell: dict):
    [(kind, value)] = cell.items()
    return SPECIAL[kind](value)


SPECIAL = {
    "d": datetime.date.fromisoformat,
    "t": datetime.datetime.fromisoformat,
    "p": lambda value: Percent(Decimal(value)),
    "e": CellError,
    "f": NoValue,
}
decode = json.JSONDecoder(parse_float=Decimal, object_hook=special).decode


def column_letter(index: int) -> str:
    """0 -> A, 27 -> AB."""
    return output.column_letter(index + 1)


def text_of(cell) -> str:
    """A cell as the spreadsheet shows it, more or less."""
    if isinstance(cell, CellError):
        return cell.text
    if isinstance(cell, NoValue):
        return cell.formula
    if isinstance(cell, Percent):
        return f"{cell.value * 100:f}".replace(".", ",") + "%"
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, datetime.date):
        return f"{cell:%d-%m-%Y}"
    return str(cell).replace(".", ",") if isinstance(cell, Decimal) else str(cell)
