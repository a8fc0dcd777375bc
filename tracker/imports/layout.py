"""How a worksheet is laid out: where its headings stand, and which column is which.

Our own sheets say it themselves; for others a layout is proposed, and a person corrects it.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal

from tracker import formats
from tracker.exports import as_typed
from tracker.imports.cells import BadCell, CellReader, Manner
from tracker.imports.columns import LEVEL_CODE, LEVEL_NAME, NUMBERS, SHEETS, Kind, SheetColumns, folded
from tracker.imports.names import Names
from tracker.imports.sheets import Line, column_letter
from tracker.models.imports import Sheet
from tracker.models.programs import PROGRAM_CODE

LOOKED_AT = 60  # lines in which headings are looked for
SAMPLED = 300  # lines whose cells tell what a column holds
NOT_DATA = frozenset({"keterangan", "petunjuk", "pilihan"})
# The last column of a sheet that says what was wrong with its rows: it comes back with them, and says nothing then.
PROBLEMS = "Masalah"
ENGLISH = re.compile(r"-?\d{1,3}(,\d{3}){2,}(\.\d+)?|-?\d{1,3}(,\d{3})+\.\d+|-?\d+\.\d{1,2}", re.ASCII)
INDONESIAN = re.compile(r"-?\d{1,3}(\.\d{3}){2,}(,\d+)?|-?\d{1,3}(\.\d{3})+,\d+|-?\d+,\d{1,2}", re.ASCII)
UNIT_OF_MONEY = re.compile(r"[\s(]*\b(rp|rupiah)\b[.)\s]*$", re.IGNORECASE)
# Letters of a name, before a longer heading that begins with it is taken for it: "Pagu Dana", but no "Kode Akun".
LONG_ENOUGH = 6
SHORT_TITLES = frozenset({"pagu", "fisik", "mitra", "bukti"})
ACTIVITY_CODE_PERHAPS = re.compile(r"(\d|X)\.(\d\d|XX)\.\d\d\.\d\.\d\d\.\d{1,4}", re.ASCII)
PARTS_OF_CODES = (1, 4, 5, 6, 7)  # columns over which a code is spread
LEVELS = (LEVEL_CODE.key, LEVEL_NAME.key)
SURE = 0.6  # the share of cells that must be readable as something before it is proposed
# What cells give away by themselves, whatever their heading says.
TOLD_BY_CELLS = (Kind.OPD, Kind.FUNDING_SOURCE, Kind.PLACES)


@dataclass(frozen=True)
class Layout:
    """Line numbers are those that a spreadsheet shows; columns are counted from 0.

    `columns` says which of them is which, by key; one that is not there is ignored. `fixed` holds texts that stand for
    every row where the file has no such column, or an empty cell.
    """

    sheet: Sheet
    worksheet: int
    first_heading: int
    last_heading: int
    columns: dict[int, str]
    fixed: dict[str, str] = field(default_factory=dict)
    manner: Manner = field(default_factory=Manner)
    left_out: tuple[int, ...] = ()

    @property
    def kind(self) -> SheetColumns:
        return SHEETS[self.sheet]

    def as_json(self) -> dict:
        return {**asdict(self), "columns": {str(index): key for index, key in self.columns.items()}}

    @classmethod
    def from_json(cls, data) -> "Layout":
        """A column that a later release does not have any more is ignored."""
        known = dict(SHEETS[data["sheet"]].choices)
        return cls(
            **{
                **data,
                "sheet": Sheet(data["sheet"]),
                "columns": {int(index): key for index, key in data["columns"].items() if key in known},
                "manner": Manner(**data["manner"]),
                "left_out": tuple(data["left_out"]),
            }
        )

    def missing(self) -> list[str]:
        """The titles of columns without which the rows cannot be understood."""
        given = {*self.columns.values(), *(key for key, text in self.fixed.items() if text)}
        if "level_code" in given:
            given |= {"program", "name"}
        if self.sheet == Sheet.REPORTS:
            absent = [] if given & {"ref", "name"} else ["ref"]
            absent += [key for key in self.kind.needed if key not in given]
        else:
            absent = [] if "ref" in given else [key for key in self.kind.needed if key not in given]
        return [self.kind[key].title for key in absent]


@dataclass(frozen=True)
class Proposal:
    """A layout, what the headings say, and what keeps it from being taken as it is: nothing for our own sheets."""

    layout: Layout
    headings: list[str]
    complaints: list[str]


def holds_problems(headings: list[str], index: int) -> bool:
    return index == len(headings) - 1 and folded(headings[index]) == folded(PROBLEMS)


def heading_digest(headings: list[str]) -> str:
    """The same for files of the same shape."""
    headings = [heading for index, heading in enumerate(headings) if not holds_problems(headings, index)]
    return hashlib.sha256("\n".join(map(folded, headings)).rstrip("\n").encode()).hexdigest()


def propose(worksheets, lines_of, *, wanted: Sheet | None = None) -> Proposal | None:
    """What a file most likely is; None where no worksheet holds a table.

    `worksheets` are those of a batch, `lines_of(number)` gives the lines of one, from its beginning.
    """
    found = []
    for number, worksheet in enumerate(worksheets):
        if worksheet["is_hidden"] or worksheet["name"].casefold() in NOT_DATA:
            continue
        beginning = [line for line, _ in zip(lines_of(number), range(LOOKED_AT), strict=False)]
        if beginning:
            found.append(_best(beginning, number, wanted))
    found = [each for each in found if each is not None]
    if not found:
        return None
    _, sheet, worksheet, heading = max(found, key=lambda each: each[0])
    merged = worksheets[worksheet]["merged"]
    first = _first_heading(merged, heading)
    return propose_columns(sheet, worksheet, first, _last_heading(merged, first), worksheets, lines_of)


def _best(lines, worksheet, wanted):
    """(how well, sheet, worksheet, line number) of the line that looks most like headings."""
    candidates = []
    for position, line in enumerate(lines):
        texts = [cell for cell in line.cells if isinstance(cell, str) and any(map(str.isalpha, cell))]
        for sheet in [wanted] if wanted else Sheet:
            sure = sum(SHEETS[sheet].key_of(text) is not None for text in texts)
            # A title or a sum has words of headings too, but not many words.
            guessed = sum(SHEETS[sheet].guess_of(text) is not None for text in texts) if len(texts) > 2 else 0
            # Without any known heading: the first line with several texts is better than one further down.
            candidates.append(((sure, guessed, min(len(texts), 3), -position), sheet, worksheet, line.number))
    return max(candidates, key=lambda each: each[0])


def _first_heading(merged, line) -> int:
    """Headings of two or three lines are merged downwards, at least some of them; known ones stand in any of them."""
    return min([start for start, _, end, _ in merged if start <= line <= end <= start + 3], default=line)


def _last_heading(merged, first) -> int:
    return max([end for start, _, end, _ in merged if start == first and end - start <= 3], default=first)


def headings_of(lines: Iterable[Line], first, last, merged=()) -> list[str]:
    """The text over each column; of several lines joined, a heading over several columns said for each of them."""
    return list(map(" ".join, heading_parts(lines, first, last, merged)))


def heading_parts(lines, first, last, merged) -> list[list[str]]:
    """The same line by line."""
    parts = {}
    for line in lines:
        if line.number > last:
            break
        if line.number >= first:
            for index, cell in enumerate(line.cells):
                if cell is not None:
                    parts.setdefault(index, {})[line.number] = as_typed(str(cell)).strip()
    for start, left, _, right in merged:
        if first <= start <= last and (text := parts.get(left - 1, {}).get(start)):
            for index in range(left, min(right, 200)):
                parts.setdefault(index, {}).setdefault(start, text)
    width = max(parts, default=-1) + 1
    return [[text for _, text in sorted(parts.get(index, {}).items())] for index in range(width)]


def propose_columns(sheet, worksheet, first, last, worksheets, lines_of) -> Proposal:
    """The columns of a worksheet whose headings stand in the lines `first` to `last`."""
    kind = SHEETS[sheet]
    parts = heading_parts(lines_of(worksheet), first, last, worksheets[worksheet]["merged"])
    headings = list(map(" ".join, parts))
    sure = {index: key for index, heading in enumerate(headings) if (key := kind.key_of(heading))}
    layout = Layout(sheet, worksheet, first, last, sure)
    complaints = complaints_about(layout, headings)
    if not complaints:
        return Proposal(layout, headings, [])
    sample = [
        line
        for line, _ in zip((line for line in lines_of(worksheet) if line.number > last), range(SAMPLED), strict=False)
    ]
    guesses = _guesses(kind, parts, sample, sure)
    levels = {index: key for index, key in guesses.items() if key in LEVELS}
    columns = _without_doubles({**guesses, **_first_of_each(sure), **levels})
    manner = Manner(has_decimal_points=_has_decimal_points(kind, columns, sample))
    layout = replace(layout, columns=columns, manner=manner)
    return Proposal(layout, headings, complaints)


def complaints_about(layout, headings) -> list[str]:
    """Why these headings cannot be taken as one of our sheets: unknown, doubled or missing columns, by name."""
    for other in SHEETS.values():
        if other is not layout.kind and all(other.key_of(heading) for heading in headings if heading):
            return [f"Berkas ini lembar {other.sheet.value}, bukan {layout.sheet.value}."]
    complaints = []
    unknown = [
        f"“{heading[:60]}” (kolom {column_letter(index)})"
        for index, heading in enumerate(headings)
        if heading and index not in layout.columns and not holds_problems(headings, index)
    ]
    if unknown:
        complaints.append(f"Judul kolom ini tidak dikenal: {formats.listed(unknown, most=12)}.")
    by_key = Counter(layout.columns.values())
    for key, times in by_key.items():
        if times > 1:
            letters = [column_letter(index) for index, other in layout.columns.items() if other == key]
            complaints.append(f"Kolom “{layout.kind[key].title}” ada {times} kali: {formats.listed(letters, most=8)}.")
    if missing := layout.missing():
        complaints.append(f"Kolom ini tidak ada: {formats.listed(missing, most=12)}.")
    return complaints


def _first_of_each(columns):
    first = {}
    for index, key in columns.items():
        first.setdefault(key, index)
    return {index: key for key, index in first.items()}


def _without_doubles(columns):
    """A column that stands for itself before one that was guessed; codes of several columns belong together."""
    taken, kept = set(), {}
    for index, key in columns.items():
        if key not in taken or key == "level_code":
            kept[index] = key
            taken.add(key)
    return dict(sorted(kept.items()))


def _guesses(kind, parts, sample, sure) -> dict[int, str]:
    """What columns without a known heading may be, by a similar heading or by their cells."""
    found = _by_headings(kind, parts, sure)
    if kind.sheet == Sheet.PROGRAM and (levels := _level_columns(sample)):
        named = (index for index, key in {**found, **sure}.items() if key in ("name", "program"))
        name = next((index for index in named if index not in levels), None)
        found = {index: key for index, key in found.items() if key not in ("code", "name", "program", "program_code")}
        if name is None:
            others = [index for index in range(len(parts)) if index not in (*found, *sure, *levels)]
            name = max(others, key=lambda index: _length_of_texts(sample, index), default=None)
        if name is not None:
            found[name] = "level_name"
        found |= dict.fromkeys(levels, "level_code")
    return found | _told_by_cells(kind, parts, sample, {**found, **sure})


def _by_headings(kind, parts, sure) -> dict[int, str]:
    """First what the headings say, then what their lines say, then how they begin, then what stands in them."""
    found = {}
    taken = set(sure.values())
    for guess in (_as_it_stands, _by_lines, _by_beginning, _between_strokes):
        for index, lines in enumerate(parts):
            if lines and index not in sure and index not in found and (key := guess(kind, lines, taken)):
                found[index] = key
                taken.add(key)
    return found


def _as_it_stands(kind, lines, taken) -> str | None:
    key = kind.guess_of(" ".join(lines))
    return key if key not in taken else None


def _by_lines(kind, lines, taken) -> str | None:
    """The lower lines of a heading, then the upper ones."""
    texts = [" ".join(lines[start:]) for start in range(len(lines))]
    texts += [" ".join(lines[:end]) for end in range(len(lines) - 1, 0, -1)]
    return _first_guess(kind, texts, taken)


def _between_strokes(kind, lines, taken) -> str | None:
    return _first_guess(kind, [part for text in reversed(lines) for part in text.split("/")], taken)


def _first_guess(kind, texts, taken) -> str | None:
    """With the unit of money, or without it."""
    keys = (kind.guess_of(text) or kind.guess_of(UNIT_OF_MONEY.sub("", text)) for text in texts)
    return next((key for key in keys if key and key not in taken), None)


def _by_beginning(kind, lines, taken) -> str | None:
    """The longest name of a column with which the last line begins: "Indikator Kinerja Program/Kegiatan"."""
    words = folded(lines[-1]).split()
    for length in range(len(words) - 1, 0, -1):
        beginning = " ".join(words[:length])
        key = kind.guess_of(beginning)
        if key and key not in taken and (len(beginning) >= LONG_ENOUGH or beginning in SHORT_TITLES):
            return key
    return None


def _told_by_cells(kind, parts, sample, taken) -> dict[int, str]:
    """Columns whose cells name OPDs, sources of money or places."""
    reader = CellReader(Names(), Manner())
    found = {}
    for column in kind.columns:
        if column.kind not in TOLD_BY_CELLS or column.key in taken.values():
            continue
        for index in range(len(parts)):
            if index not in taken and index not in found and _readable_share(reader, column, sample, index) >= SURE:
                found[index] = column.key
                break
    return found


def _readable_share(reader, column, sample, index) -> float:
    cells = [cell for cell in _cells(sample, index) if isinstance(cell, str)]
    return sum(_is_readable(reader, column, cell) for cell in cells) / len(cells) if cells else 0


def _is_readable(reader, column, cell) -> bool:
    try:
        return bool(reader.read(cell, column))
    except BadCell:
        return False


def _cells(sample, index):
    return [line.cells[index] for line in sample if index < len(line.cells) and line.cells[index] is not None]


def _level_columns(sample) -> list[int]:
    """The column whose codes are partly of programs and partly of sub kegiatan, or those that hold their parts."""
    width = max((len(line.cells) for line in sample), default=0)
    spans = ([*range(start, start + parts)] for parts in PARTS_OF_CODES for start in range(width - parts + 1))
    return next((span for span in spans if _has_levels(sample, span)), [])


def _has_levels(sample, span) -> bool:
    codes = [code_of(cells) for line in sample if any(cells := line.cells[span[0] : span[-1] + 1])]
    programs = sum(PROGRAM_CODE.fullmatch(code) is not None for code in codes)
    activities = sum(ACTIVITY_CODE_PERHAPS.fullmatch(code) is not None for code in codes)
    return bool(programs and activities) and programs + activities > len(codes) * 0.3


def code_of(cells) -> str:
    """A code that stands in one cell, or in parts in several: 1, 06, 05, 2.01, 0001."""
    parts = [cell for cell in cells if cell is not None]
    if len(parts) > 1:
        parts = [_with_zeros(place, part) for place, part in enumerate(parts)]
    return ".".join(filter(None, (as_typed(str(part)).strip().strip(".") for part in parts)))


def _with_zeros(place, part):
    """What a spreadsheet took from a part of a code. The last one has two digits or four: that nobody can know."""
    if isinstance(part, int) and place in (1, 2):
        return f"{part:02d}"
    return f"{part:.2f}" if isinstance(part, Decimal) and place == 3 else part


def _length_of_texts(sample, index) -> int:
    return sum(len(cell) for cell in _cells(sample, index) if isinstance(cell, str))


def _has_decimal_points(kind, columns, sample) -> bool:
    """Whether numbers written as text can only be read with commas for thousands.

    Codes look like numbers with a decimal point, so in columns that nobody has recognised only grouped digits count.
    """
    numeric = {index for index, key in columns.items() if kind[key].kind in NUMBERS}
    texts = [
        (cell.strip(), index in numeric)
        for line in sample
        for index, cell in enumerate(line.cells)
        if isinstance(cell, str) and (index in numeric or index not in columns)
    ]
    is_english = any(ENGLISH.fullmatch(text) and (is_number or "," in text) for text, is_number in texts)
    return is_english and not any(INDONESIAN.fullmatch(text) for text, is_number in texts if is_number)
