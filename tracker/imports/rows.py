"""What the rows of both sheets share: cells are compared with what is stored, and judged like entries of a form."""

import datetime
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import cache

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from tracker import exports, formats, numbers
from tracker.form_fields import ENTRY
from tracker.imports.cells import BadCell, CellReader, Manner
from tracker.imports.columns import NUMBERS, TABLE_COLUMNS, Kind
from tracker.imports.outcomes import Change, Judged, Plan, Problem
from tracker.imports.sheets import text_of
from tracker.models.constraints import broken
from tracker.models.history import REASON, refuse_hidden_or_private
from tracker.models.scope import may_write
from tracker.values import EMPTY

MOST_SHOWN = 80
LONGEST_REASON = 300
# Columns that always hold something: an empty cell leaves it as it is.
KEPT_WHEN_EMPTY = frozenset(
    {
        "year",
        "quarter",
        "opd",
        "program",
        "program_code",
        "direction",
        "starts_quarter",
        "is_extreme_poverty",
        "is_cash_for_work",
        "status",
        "version",
        "reason",
    }
)
REQUIRED = "Kolom ini wajib diisi."
# Which names say what a relation points to.
RELATIONS = {
    "funding_source": "funding_sources",
    "obstacle_category": "obstacles",
    "strategy": "strategies",
    "priority": "priorities",
}


class SheetRows:
    """The rows of one file, judged for one person; `sheet` says of which kind."""

    sheet = None

    def __init__(self, user, names, layout):
        self.user, self.names, self.kind = user, names, layout.kind
        self.reader = CellReader(names, layout.manner)
        self.given = set(layout.columns.values()) | {key for key, text in layout.fixed.items() if text}
        if "level_code" in self.given:
            self.given |= {"program_code", "program", "code", "name"}
        self.columns = {column.key: column for column in self.kind.columns}
        self.written = {
            column.key: table.value for column, table in zip(self.kind.columns, TABLE_COLUMNS[self.sheet], strict=True)
        }
        self.judged: list[Judged] = []
        self._lines_by_key, self._is_own = {}, {}

    def read(self, rows):
        """Take in some of the rows."""
        raise NotImplementedError

    def finish(self, plan: Plan):
        """Judge what was read, and put into the plan what it adds up to and what is to be written."""
        raise NotImplementedError

    # Cells

    def value(self, row, key, judged):
        """What the cell holds; None where it is empty, or bad: then the problem is noted."""
        cell = row.cells.get(key)
        try:
            return self.reader.read(cell, self.columns[key])
        except BadCell as bad:
            self.refuse(judged, key, cell, str(bad))
            return None

    def refuse(self, judged, key, cell, reason):
        title = self.columns[key].title if key in self.columns else ""
        judged.problems.append(Problem(title, shortened(cell), reason))

    def refuse_others(self, row, judged):
        """A line of an OPD for which this person may not write."""
        if judged.opd not in self._is_own:
            self._is_own[judged.opd] = may_write(self.user, self.names.opds.get(judged.opd))
        if not self._is_own[judged.opd]:
            own = self.user.opd.short_name if self.user.opd_id else "OPD sendiri"
            reason = f"Baris ini milik {judged.opd}; Anda hanya dapat mengisi {own}. Hapus barisnya dari berkas."
            self.refuse(judged, "opd", row.cells.get("opd"), reason)

    def reason_of(self, row, judged) -> str:
        reason = (self.value(row, "reason", judged) or "").strip()
        if len(reason) > LONGEST_REASON:
            self.refuse(judged, "reason", reason, f"Paling panjang {LONGEST_REASON} huruf.")
        try:
            refuse_hidden_or_private(reason)
        except ValidationError as error:
            self.refuse(judged, "reason", reason, error.messages[0])
        return reason

    def differing(self, row, line, judged, keys) -> dict:
        """The values of those cells that do not say what is stored in `line`; bad cells are noted."""
        found = {}
        for key in keys:
            cell, plain = row.cells.get(key), self.written[key](line)
            if self.is_untouched(key, cell, plain) or (cell is None and key in KEPT_WHEN_EMPTY):
                continue
            before = len(judged.problems)
            value = self.value(row, key, judged)
            if len(judged.problems) == before and not self.is_same(key, value, self.stored(line, key)):
                found[key] = value
        return found

    def is_untouched(self, key, cell, plain) -> bool:
        """Whether a cell is as we wrote it. Numbers that are entered in a manner of others may only look so."""
        column = self.columns[key]
        may_mislead = self.reader.manner != Manner() and column.kind in NUMBERS and not column.is_for_reading
        return is_as_written(cell, plain) and not may_mislead

    def stored(self, line, key):
        """What is stored, as cells.py would read it."""
        return self.written[key](line)

    def is_same(self, key, value, stored) -> bool:
        if isinstance(value, str) or isinstance(stored, str):
            return same_text(value or "", stored or "")
        return value == stored

    def first_line_with(self, key, number) -> int | None:
        """The line that had this key before; None for the first one."""
        first = self._lines_by_key.setdefault(key, number)
        return None if first == number else first

    # Records

    def enter(self, record, key, value, judged, cell, *, name=None):
        """Put a value into the record as a form would; what the form would refuse is noted.

        `name` is the field, where it is not called like the column.
        """
        name = name or key
        field, entry = entry_of(type(record), name)
        if value is None or value == "":
            if not field.blank:
                self.refuse(judged, key, cell, REQUIRED)
            else:
                setattr(record, name, None if field.null else "")
        elif field.is_relation:
            setattr(record, name, getattr(self.names, RELATIONS[name]).get(str(value)))
        else:
            try:
                value = field.clean(value if field.choices or isinstance(value, bool) else entry.clean(value), record)
            except ValidationError as error:
                self.refuse(judged, key, cell, " ".join(error.messages))
            else:
                setattr(record, name, value)

    def judge(self, record, before, judged, row, *, rules: tuple[Callable, ...], reason):
        """The rules of the model for a record whose cells are all readable; `row` has the cells to be named."""
        for rule in rules:
            self.collect(rule, judged, row)
        for constraint in broken(record):
            key = self.blamed(constraint.condition.referenced_base_fields, record, before, row)
            self.refuse(judged, key, row.cells.get(key), constraint.get_violation_error_message())
        if not judged.problems:
            for name, sentence in record.refusals(before, by=self.user, reason=reason).items():
                key = "reason" if name == REASON else name
                self.refuse(judged, key, row.cells.get(key), sentence)

    def blamed(self, names, record, before, row) -> str:
        """The column to be named where several do not fit together: one that was changed, and rather a filled one."""
        keys = [key for key in self.columns if key in names and key in self.given]
        if before:
            keys = [key for key in keys if getattr(record, key) != getattr(before, key)] or keys
        return next((key for key in keys if row.cells.get(key) is not None), keys[0] if keys else "")

    def collect(self, rule, judged, row):
        try:
            rule()
        except ValidationError as error:
            by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
            for name, sentences in by_field.items():
                self.refuse(judged, name, row.cells.get(name), " ".join(sentences))

    def change(self, key, old, new) -> Change:
        return Change(self.columns[key].title, self.shown(key, old), self.shown(key, new))

    def shown(self, key, value) -> str:
        """A value in words."""
        kind = self.columns[key].kind
        if value is None or value in ("", ()):
            return EMPTY
        if kind is Kind.MONEY:
            return formats.full_rupiah(value)
        if kind in (Kind.NUMBER, Kind.COUNT):
            return formats.number(value)
        if kind is Kind.QUARTER:
            return formats.quarter(value)
        if kind is Kind.DAY:
            return formats.date(value)
        if isinstance(value, bool):
            return "ya" if value else "tidak"
        return str(value)


@cache
def entry_of(model, name) -> tuple:
    """A field of a model, and the field of the form in which it is typed; relations are found by their names."""
    field = model._meta.get_field(name)
    options = next((ENTRY[kind] for kind in type(field).__mro__ if kind in ENTRY), {})
    return field, None if field.is_relation else field.formfield(**options)


def is_as_written(cell, plain) -> bool:
    """Whether a cell still holds what exports.py would write for the value `plain`, in a CSV or in a workbook."""
    if cell is None:
        return plain is None or plain == ""
    if isinstance(plain, str):
        if not isinstance(cell, str):
            return is_number_in(cell, plain)
        written = exports.harmless(plain)
        return same_text(cell, written) or same_text(cell, exports.held(written))
    if isinstance(plain, datetime.date):
        # Excel writes the dates of a CSV in the way of its country.
        return cell == plain or cell in (
            f"{plain:%d-%m-%Y}",
            f"{plain:%d/%m/%Y}",
            f"{plain.day}/{plain.month}/{plain.year}",
        )
    if isinstance(cell, str):
        return plain is not None and cell == exports.human_cell(plain)
    return cell == plain and not isinstance(cell, bool)


def is_number_in(cell, text: str) -> bool:
    """Whether a spreadsheet took a text such as "007" or "1.000" for this number, when it opened a CSV."""
    if isinstance(cell, bool) or not isinstance(cell, int | Decimal):
        return False
    try:
        return numbers.parse_number(text) == cell
    except ValidationError:
        return False


def same_text(first: str, second: str) -> bool:
    """Equal but for what spreadsheets and forms change by themselves: ends of lines, and space around."""
    return first == second or _plain_lines(first) == _plain_lines(second)


def _plain_lines(text) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def shortened(cell) -> str:
    if cell is None:
        return ""
    text = text_of(cell)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def totals_after(before: dict, differences: Counter) -> dict:
    """Sums by key with what the file adds, for keys that it touches."""
    return {key: (before.get(key, 0), before.get(key, 0) + differences[key]) for key in differences}
