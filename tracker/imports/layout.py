"""How a worksheet is laid out: where its headings stand, and which column is which.

Our own sheets say it themselves; for others a layout is proposed, and a person corrects it.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace

from tracker import formats
from tracker.exports import as_typed
from tracker.imports.cells import BadCell, CellReader, Manner
from tracker.imports.columns import SHEETS, Kind, SheetColumns, folded
from tracker.imports.names import Names
from tracker.imports.sheets import Line, column_letter
from tracker.models.imports import Sheet
from tracker.models.programs import ACTIVITY_CODE, PROGRAM_CODE

LOOKED_AT = 60  # lines in which headings are looked for
SAMPLED = 300  # lines whose cells tell what a column holds
NOT_DATA = frozenset({"keterangan", "petunjuk", "pilihan"})
# The last column of a sheet that says what was wrong with its rows: it comes back with them, and says nothing then.
PROBLEMS = "Masalah"
ENGLISH = re.compile(r"-?\d{1,3}(,\d{3}){2,}(\.\d+)?|-?\d{1,3}(,\d{3})+\.\d+|-?\d+\.\d{1,2}", re.ASCII)
INDONESIAN = re.compile(r"-?\d{1,3}(\.\d{3}){2,}(,\d+)?|-?\d{1,3}(\.\d{3})+,\d+|-?\d+,\d{1,2}", re.ASCII)
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
        return cls(
            **{
                **data,
                "sheet": Sheet(data["sheet"]),
                "columns": {int(index): key for index, key in data["columns"].items()},
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
    last = _last_heading(worksheets[worksheet]["merged"], heading)
    return propose_columns(sheet, worksheet, heading, last, worksheets, lines_of)


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


def _last_heading(merged, first) -> int:
    """Headings of two or three lines are merged downwards, at least some of them."""
    return max([end for start, _, end, _ in merged if start == first and end - start <= 3], default=first)


def headings_of(lines: Iterable[Line], first, last, merged=()) -> list[str]:
    """The text over each column; of several lines joined, a heading over several columns said for each of them."""
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
    return [" ".join(text for _, text in sorted(parts.get(index, {}).items())) for index in range(width)]


def propose_columns(sheet, worksheet, first, last, worksheets, lines_of) -> Proposal:
    """The columns of a worksheet whose headings stand in the lines `first` to `last`."""
    kind = SHEETS[sheet]
    headings = headings_of(lines_of(worksheet), first, last, worksheets[worksheet]["merged"])
    sure = {index: key for index, heading in enumerate(headings) if (key := kind.key_of(heading))}
    layout = Layout(sheet, worksheet, first, last, sure)
    complaints = complaints_about(layout, headings)
    if not complaints:
        return Proposal(layout, headings, [])
    sample = [
        line
        for line, _ in zip((line for line in lines_of(worksheet) if line.number > last), range(SAMPLED), strict=False)
    ]
    columns = _without_doubles({**_guesses(kind, headings, sample, sure), **_first_of_each(sure)})
    layout = replace(layout, columns=columns, manner=Manner(has_decimal_points=_has_decimal_points(sample)))
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


def _guesses(kind, headings, sample, sure) -> dict[int, str]:
    """What columns without a known heading may be, by a similar heading or by their cells."""
    found = {}
    taken = set(sure.values())
    for index, heading in enumerate(headings):
        if index in sure or not heading:
            continue
        key = kind.guess_of(heading)
        if key and key not in taken:
            found[index] = key
            taken.add(key)
    if kind.sheet == Sheet.PROGRAM and (level := _level_column(sample)) is not None:
        found = {index: key for index, key in found.items() if key not in ("code", "name")}
        found[level] = "level_code"
        name = next((index for index, key in {**found, **sure}.items() if key in ("name", "program")), None)
        others = [index for index in range(len(headings)) if index not in found and index not in sure]
        texts = max(others, key=lambda index: _length_of_texts(sample, index), default=None) if name is None else name
        if texts is not None:
            found[texts] = "level_name"
    return found | _told_by_cells(kind, headings, sample, {**found, **sure})


def _told_by_cells(kind, headings, sample, taken) -> dict[int, str]:
    """Columns whose cells name OPDs, sources of money or places."""
    reader = CellReader(Names(), Manner())
    found = {}
    for column in kind.columns:
        if column.kind not in TOLD_BY_CELLS or column.key in taken.values():
            continue
        for index in range(len(headings)):
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


def _level_column(sample) -> int | None:
    """The column whose codes are partly of programs and partly of sub kegiatan."""
    width = max((len(line.cells) for line in sample), default=0)
    for index in range(width):
        texts = [cell.strip() for cell in _cells(sample, index) if isinstance(cell, str)]
        programs = sum(PROGRAM_CODE.fullmatch(text) is not None for text in texts)
        activities = sum(ACTIVITY_CODE.fullmatch(text) is not None for text in texts)
        if programs and activities and programs + activities > len(texts) * 0.3:
            return index
    return None


def _length_of_texts(sample, index) -> int:
    return sum(len(cell) for cell in _cells(sample, index) if isinstance(cell, str))


def _has_decimal_points(sample) -> bool:
    """Whether numbers written as text can only be read with commas for thousands."""
    texts = [cell.strip() for line in sample for cell in line.cells if isinstance(cell, str)]
    english = sum(ENGLISH.fullmatch(text) is not None for text in texts)
    return english > 0 and not any(INDONESIAN.fullmatch(text) for text in texts)
