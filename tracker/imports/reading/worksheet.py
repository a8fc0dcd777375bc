"""The rows of a worksheet, one at a time. What it says about its own size is not asked."""

import re

from tracker.imports.reading.cells import MOST_COLUMNS_OF_EXCEL, column_number
from tracker.imports.reading.package import children
from tracker.imports.reading.refusals import DAMAGED, Refused

MOST_ROWS_OF_EXCEL = 1_048_576
ROWS_OF_HEADINGS = 60  # merged cells below are of no interest
RANGE = re.compile(r"([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?", re.ASCII)


def read_sheet(growing, cells, output):
    rows, previous = None, 0
    for root in growing:
        if rows is None:
            rows = next(iter(children(root, "sheetData")), None)
        if rows is None or not len(rows):
            continue
        complete = rows[:-1]
        previous = read_rows(complete, previous, cells, output)
        del rows[: len(complete)]
        if len(rows[0]) > MOST_COLUMNS_OF_EXCEL:
            raise Refused(DAMAGED)
    if len(children(root, "sheetData")) != 1:
        raise Refused(DAMAGED)
    read_rows(rows, previous, cells, output)
    output.merged(merged_headings(root))


def read_rows(rows, previous, cells, output):
    """Returns the number of the last row, which the next one has to follow."""
    for row in rows:
        label = row.get("r") or str(previous + 1)
        number = row_number(label)
        if number <= previous:
            raise Refused(DAMAGED)
        previous = number
        if values := cells.of(row, label):
            output.row(number, values)
    return previous


def row_number(label):
    if label.isdigit() and len(label) <= len(str(MOST_ROWS_OF_EXCEL)) and 0 < int(label) <= MOST_ROWS_OF_EXCEL:
        return int(label)
    raise Refused(DAMAGED)


def merged_headings(root):
    """[first row, first column, last row, last column] of each range that begins among the headings."""
    ranges = (RANGE.fullmatch(each.get("ref", "")) for group in children(root, "mergeCells") for each in group)
    found = []
    for letters, row, last_letters, last_row in (each.groups() for each in ranges):
        if row_number(row) <= ROWS_OF_HEADINGS:
            corner = [row_number(last_row or row), column_number(last_letters or letters)]
            found.append([int(row), column_number(letters), *corner])
    return found
