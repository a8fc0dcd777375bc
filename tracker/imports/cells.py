"""One cell read as what its column holds: the same values that the tables write, whatever the file made of them.

A value comes out as plain data that can be compared: str, int, Decimal, bool, date, a tuple of keys, or None.
"""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError

from tracker import formats, numbers
from tracker.exports import as_typed
from tracker.imports.columns import Kind, SheetColumn
from tracker.imports.names import Names, Unknown, folded
from tracker.imports.sheets import CellError, NoValue, Percent
from tracker.models import Activity, Report

ENGLISH_NUMBER = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?", re.ASCII)
DAY = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})", re.ASCII)
YEAR = re.compile(r"\d{4}", re.ASCII)
QUARTER = re.compile(r"(?:triwulan|tw|tri wulan|q)?[\s.-]*(?:ke[\s-]*)?(iv|iii|ii|i|[1-4])", re.IGNORECASE | re.ASCII)
# "Rp 1.250.000,-": no sen, written so that nobody adds a digit.
NO_SEN = re.compile(r"(?<=\d)\s?[,.](?:--?|[–—])$", re.ASCII)
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
YES, NO = (
    {"ya", "y", "yes", "v", "✓", "√", "x", "1", "true", "benar"},
    {"tidak", "t", "no", "n", "0", "false", "salah"},
)
DIRECTIONS = {
    **dict.fromkeys(("naik", "up", "positif", "maksimal"), Activity.Direction.UP.value),
    **dict.fromkeys(("turun", "down", "negatif", "minimal"), Activity.Direction.DOWN.value),
}
STATUSES = {folded(status.label): status.value for status in Report.Status}
UNIT_KINDS = {folded(word): kind.value for kind in Activity.UnitKind for word in (kind.value, kind.label)}
LISTS = (Kind.PLACES, Kind.PARTNERS)  # a cell names several rows at once, or none
PERCENTAGES = frozenset({"physical_percent", "plan_q1", "plan_q2", "plan_q3", "plan_q4"})


class BadCell(ValueError):
    """What is wrong with a cell and what to do, in full sentences."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file writes: decimal points instead of commas, and in how many rupiah money is given."""

    has_decimal_points: bool = False
    rupiah_in: int = 1


class CellReader:
    """Reads cells of one file; `names` finds what they name."""

    def __init__(self, names: Names, manner: Manner):
        self.names, self.manner = names, manner

    def read(self, cell, column: SheetColumn):
        """The value of a cell; raises BadCell."""
        if cell is None:
            return () if column.kind in LISTS else None
        if isinstance(cell, CellError):
            raise BadCell(f"Sel ini berisi galat {cell.text}. Perbaiki rumusnya atau ketik nilainya.")
        if isinstance(cell, NoValue):
            raise BadCell(
                "Sel ini berisi rumus yang hasilnya tidak tersimpan. Buka berkas di Excel, simpan, lalu unggah lagi; "
                "atau ketik nilainya."
            )
        try:
            return READERS[column.kind](self, cell, column)
        except Unknown as unknown:
            raise BadCell(str(unknown)) from None
        except ValidationError as error:
            raise BadCell(" ".join(error.messages)) from None

    def text(self, cell, column) -> str | None:
        if isinstance(cell, str):
            return as_typed(cell)
        if isinstance(cell, bool):
            return "ya" if cell else "tidak"
        if isinstance(cell, datetime.date):
            raise BadCell(
                "Excel membaca sel ini sebagai tanggal. Ubah format selnya menjadi Teks, lalu ketik kembali."
            )
        if isinstance(cell, Percent):
            cell = cell.value * 100
            return f"{formats.number(cell)}%"
        return str(cell).replace(".", ",")

    def code(self, cell, column) -> str | None:
        """Codes are text; what a spreadsheet has made a number or a date of may have lost its zeros and points."""
        if isinstance(cell, str):
            return as_typed(cell).strip()
        if isinstance(cell, int) and not isinstance(cell, bool):
            return str(cell)
        what = "tanggal" if isinstance(cell, datetime.date) else "angka"
        raise BadCell(
            f"Excel membaca kode ini sebagai {what}, jadi bentuk aslinya mungkin hilang. "
            "Ubah format selnya menjadi Teks, lalu ketik kembali kodenya."
        )

    def number(self, cell, column) -> Decimal | None:
        if isinstance(cell, str):
            text = cell.strip(numbers.SPACES)
            if column.key in PERCENTAGES:
                text = text.removesuffix("%").rstrip(numbers.SPACES)
            if not text:
                return None
            return self._english(text) if self.manner.has_decimal_points else numbers.parse_number(text)
        if isinstance(cell, bool):
            raise BadCell("Sel ini berisi ya/tidak, padahal kolom ini memuat angka.")
        if isinstance(cell, datetime.date):
            raise BadCell(
                "Excel membaca sel ini sebagai tanggal, padahal kolom ini memuat angka. "
                "Ubah format selnya menjadi Angka, lalu ketik kembali."
            )
        if isinstance(cell, Percent):
            if column.key not in PERCENTAGES:
                raise BadCell("Sel ini berformat persen, padahal kolom ini bukan persen. Ketik angkanya sendiri.")
            return cell.value * 100
        return Decimal(cell)

    def _english(self, text) -> Decimal:
        plain = re.sub(r"^(Rp|IDR)\.?\s*", "", text, flags=re.IGNORECASE).replace("\u2212", "-")
        match = ENGLISH_NUMBER.fullmatch(plain)
        if not match:
            raise BadCell(
                f"“{text[:60]}” bukan angka dengan koma ribuan dan titik desimal seperti 1,250,000.50. "
                "Perbaiki selnya, atau pilih cara penulisan angka yang lain."
            )
        sign, whole, fraction = match.groups()
        return Decimal(f"{sign}{whole.replace(',', '')}.{fraction or '0'}")

    def money(self, cell, column) -> Decimal | None:
        if isinstance(cell, str):
            cell = NO_SEN.sub("", cell.strip(numbers.SPACES))
        amount = self.number(cell, column)
        return None if amount is None else amount * self.manner.rupiah_in

    def year(self, cell, column) -> int | None:
        text = self.code(cell, column)
        if not YEAR.fullmatch(text):
            raise BadCell("Tahun ditulis dengan empat angka, misalnya 2026.")
        return int(text)

    def quarter(self, cell, column) -> int | None:
        match = QUARTER.fullmatch(self.code(cell, column))
        if not match:
            raise BadCell("Triwulan ditulis TW I, TW II, TW III, atau TW IV.")
        word = match[1].casefold()
        return ROMAN.get(word) or int(word)

    def day(self, cell, column) -> datetime.date | None:
        if isinstance(cell, datetime.datetime):
            return cell.date()
        if isinstance(cell, datetime.date):
            return cell
        match = DAY.fullmatch(cell.strip()) if isinstance(cell, str) else None
        try:
            day, month, year = int(match[1]), int(match[3]), int(match[4])
            found = datetime.date(year, month, day)
        except (TypeError, ValueError):
            raise BadCell("Tanggal ditulis dengan urutan tanggal, bulan, tahun: misalnya 31-12-2026.") from None
        if match[2] == "/" and day <= 12 and day != month:
            # Excel writes dates so, in the order of the country it was set up for.
            other = formats.date(datetime.date(year, day, month))
            raise BadCell(
                f"Tanggal ini dapat berarti {formats.date(found)} atau {other}. "
                f"Tulis dengan tanda hubung, misalnya {found:%d-%m-%Y}."
            )
        return found

    def yes_no(self, cell, column) -> bool | None:
        if isinstance(cell, bool):
            return cell
        word = folded(self.text(cell, column))
        if word not in YES and word not in NO:
            raise BadCell("Tulis ya atau tidak.")
        return word in YES

    def direction(self, cell, column) -> str | None:
        return self._word(cell, DIRECTIONS, "Tulis naik (makin besar makin baik) atau turun (makin kecil makin baik).")

    def status(self, cell, column) -> str | None:
        return self._word(cell, STATUSES, "Tulis Draf atau Diajukan.")

    def unit_kind(self, cell, column) -> str | None:
        kinds = ", ".join(kind.value for kind in Activity.UnitKind)
        return self._word(cell, UNIT_KINDS, f"Tulis salah satu: {kinds}.")

    def _word(self, cell, words, advice):
        value = words.get(folded(as_typed(str(cell))))
        if value is None:
            raise BadCell(advice)
        return value

    def strategy(self, cell, column) -> int | None:
        return self.names.strategies.get(self.name(cell)).number

    def priority(self, cell, column) -> str | None:
        """Spreadsheets make a date of 2021-1; the first of a month gives it back."""
        if isinstance(cell, datetime.date) and cell.day == 1:
            cell = f"{cell.year}-{cell.month}"
        return self.names.priorities.get(self.code(cell, column)).code

    def opd(self, cell, column) -> str | None:
        return self.names.opds.get(self.name(cell)).short_name

    def funding_source(self, cell, column) -> str | None:
        return self.names.funding_sources.get(self.name(cell)).code

    def obstacle(self, cell, column) -> str | None:
        return self.names.obstacles.get(self.name(cell)).name

    def places(self, cell, column) -> tuple:
        return self.names.places_of(self.name(cell))

    def partners(self, cell, column) -> tuple:
        return self.names.partners_of(self.name(cell))

    def name(self, cell) -> str:
        return as_typed(cell).strip() if isinstance(cell, str) else str(cell)


READERS = {
    Kind.TEXT: CellReader.text,
    Kind.CODE: CellReader.code,
    Kind.MONEY: CellReader.money,
    Kind.NUMBER: CellReader.number,
    Kind.COUNT: CellReader.number,
    Kind.YEAR: CellReader.year,
    Kind.QUARTER: CellReader.quarter,
    Kind.DAY: CellReader.day,
    Kind.YES_NO: CellReader.yes_no,
    Kind.DIRECTION: CellReader.direction,
    Kind.STRATEGY: CellReader.strategy,
    Kind.PRIORITY: CellReader.priority,
    Kind.STATUS: CellReader.status,
    Kind.UNIT_KIND: CellReader.unit_kind,
    Kind.OPD: CellReader.opd,
    Kind.FUNDING_SOURCE: CellReader.funding_source,
    Kind.OBSTACLE: CellReader.obstacle,
    Kind.PLACES: CellReader.places,
    Kind.PARTNERS: CellReader.partners,
}
