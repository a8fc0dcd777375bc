"""A table written as a file. Only this module knows about file formats."""

import csv
import datetime
import io
import itertools
import re
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse

from tracker import formats
from tracker.tables import Table

# Text a spreadsheet would run. Apostrophes before it are doubled as well, so that reading back is exact.
RUNS_IN_A_SPREADSHEET = re.compile(r"'*[=+\-@\t\r]")
ROWS_AT_ONCE = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(text: str) -> str:
    """Text with a leading apostrophe where a spreadsheet would take it for a formula; a lone dash stays."""
    return f"'{text}" if text != "-" and RUNS_IN_A_SPREADSHEET.match(text) else text


def human_cell(value) -> str:
    """A value as Excel with Indonesian settings reads it: decimal comma, no thousands points, dd-mm-yyyy."""
    if isinstance(value, str):
        return harmless(value)
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Fraction):
        return str(formats.rounded(value, 2)).replace(".", ",")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    if isinstance(value, datetime.date):
        return f"{value:%d-%m-%Y}"
    return str(value)


def human_csv(table: Table):
    """Chunks of the CSV that people open in Excel: semicolons, CRLF, UTF-8 with its mark."""
    yield b"\xef\xbb\xbf"
    yield from csv_chunks(itertools.chain([table.titles], table.cells()), human_cell, delimiter=";")


def csv_chunks(lines, cell, *, delimiter) -> Iterator[bytes]:
    buffer = io.StringIO()
    write = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows
    lines = iter(lines)
    while chunk := list(itertools.islice(lines, ROWS_AT_ONCE)):
        write([cell(value) for value in line] for line in chunk)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def machine_cell(value) -> str:
    """A value as other programs read it: decimal point, ISO dates, true and false; a list with bars between."""
    if isinstance(value, str):
        return harmless(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return harmless(" | ".join(map(str, value)))
    return str(value)


def machine_csv_response(titles, lines, filename: str) -> StreamingHttpResponse:
    """RFC 4180 for other programs: commas, CRLF, no byte order mark. `lines` are read while they are sent."""
    chunks = csv_chunks(itertools.chain([titles], lines), machine_cell, delimiter=",")
    response = StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}.csv"'
    return response


def csv_response(table: Table, filename: str, about) -> StreamingHttpResponse:
    response = StreamingHttpResponse(human_csv(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}.csv"'
    return response


# A cell holds no more than this; a longer text would be left out of the file without a word.
LONGEST_CELL = 32_767
NUMBER_FORMATS = {"money": "#,##0", Fraction: "0.00", datetime.date: "dd-mm-yyyy"}


def write_workbook(file, table: Table, about: Iterable[tuple[str, str]]):
    """The table as an XLSX file: numbers stay numbers, codes stay text, and a second sheet says what it is."""
    workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
    heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    styles = {kind: workbook.add_format({"num_format": shape}) for kind, shape in NUMBER_FORMATS.items()}

    sheet = workbook.add_worksheet(table.slug)
    sheet.freeze_panes(1, 0)
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, harmless(column.title), heading)
    money = {number for number, column in enumerate(table.columns) if column.is_money}
    row = 0
    for row, line in enumerate(table.cells(), start=1):
        for number, value in enumerate(line):
            write_cell(sheet, row, number, value, styles, is_money=number in money)
    sheet.autofilter(0, 0, row, len(table.columns) - 1)

    note = workbook.add_worksheet("Keterangan")
    note.set_column(0, 0, 24)
    note.set_column(1, 1, 100)
    for row, (label, text) in enumerate(about):
        note.write_string(row, 0, label, heading)
        note.write_string(row, 1, harmless(text)[:LONGEST_CELL], wrapped)
    workbook.close()


def write_cell(sheet, row, column, value, styles, *, is_money):
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(row, column, harmless(value)[:LONGEST_CELL])
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, value, styles[datetime.date])
    elif isinstance(value, Fraction):
        sheet.write_number(row, column, formats.rounded(value, 2), styles[Fraction])
    else:
        sheet.write_number(row, column, value, styles["money"] if is_money else None)


def xlsx_response(table: Table, filename: str, about) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it when it has been sent)
    write_workbook(file, table, about)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{filename}.xlsx", content_type=XLSX)


RESPONSES = {"csv": csv_response, "xlsx": xlsx_response}
