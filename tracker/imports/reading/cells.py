"""What the cells of an XLSX mean."""

import datetime
import functools

from tracker.imports.reading.looks import moment, number, seen
from tracker.imports.reading.package import is_true, local
from tracker.imports.reading.refusals import DAMAGED, Refused
from tracker.imports.reading.texts import plain_text, visible

MOST_COLUMNS_OF_EXCEL = 16_384


class Cells:
    """`is_uncalculated`: the program that wrote the file left its formulas to Excel, and a 0 where a value belongs."""

    def __init__(self, *, texts, looks, starts_1904, is_uncalculated):
        self.texts, self.looks, self.is_uncalculated = texts, looks, is_uncalculated
        # The same days come again and again.
        self.seen = functools.lru_cache(10_000)(functools.partial(seen, starts_1904=starts_1904))

    def of(self, row, label):
        """The values from column A to the last cell that is not blank; `label` is the number of the row as text."""
        values, column = [], 0
        for cell in row:
            reference = cell.get("r")
            following = column_number(reference.removesuffix(label)) if reference else column + 1
            if following <= column:
                raise Refused(DAMAGED)
            column = following
            if not len(cell):
                continue
            value = self.value(cell)
            if value is not None:
                if column - len(values) > 1:
                    values += [None] * (column - len(values) - 1)
                values.append(value)
        return values

    def value(self, cell):
        kind = cell.get("t", "n")
        if kind == "s" and len(cell) == 1:
            return self.texts[cell[0].text]
        stored = formula = None
        for part in cell:
            name = local(part.tag)
            if name == "v":
                stored = part
            elif name == "f":
                formula = part
            elif name == "is":
                return plain_text(part)
        text = None if stored is None else stored.text
        if formula is not None and self.lacks_value(kind, stored):
            return {"f": f"={formula.text or ''}"}
        if text is None:
            return None
        if kind != "n":
            return self.no_number(kind, text)
        value = number(text)
        look = self.looks.get(cell.get("s"))
        return self.seen(value, look) if look and type(value) is not dict else value

    def lacks_value(self, kind, stored):
        """An empty text is a value, an empty number is none."""
        if stored is None:
            return True
        return kind == "n" and (stored.text is None or (stored.text == "0" and self.is_uncalculated))

    def no_number(self, kind, text):
        match kind:
            case "s":
                return self.texts[text]
            case "str":
                return visible(text)
            case "b":
                return is_true(text)
            case "e":
                return {"e": text}
            case "d":
                return moment(datetime.datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0))
        raise Refused(DAMAGED)


@functools.cache
def column_number(letters):
    """A = 1."""
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise Refused(DAMAGED)
        number = number * 26 + ord(letter) - ord("A") + 1
    if not 0 < number <= MOST_COLUMNS_OF_EXCEL:
        raise Refused(DAMAGED)
    return number
