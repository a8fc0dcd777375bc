"""A table written as a file. Only this module, and kit/ for sheets to fill in, know about file formats."""

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
from xlsxwriter.worksheet import Worksheet

from tracker import formats
from tracker.tables import Table

# Text a spreadsheet would run. Apostrophes before it are doubled as well, so that reading back is exact.
RUNS_IN_A_SPREADSHEET = re.compile(r"'*[=+\-@\t\r]")
ROWS_AT_ONCE = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(text: str) -> str:
    """Text with a leading apostrophe where a spreadsheet would take it for a formula; a lone dash stays."""
    return f"'{text}" if text != "-" and RUNS_IN_A_SPREADSHEET.match(text) else text


def as_typed(text: str) -> str:
    """The text of which `harmless` made this one. What it cannot have made stays as it is."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text


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


# A cell holds no more than this, in UTF-16 units; a longer text would be left out of the file without a word.
LONGEST_CELL = 32_767
NUMBER_FORMATS = {"money": "#,##0", Fraction: "0.00", datetime.date: "dd-mm-yyyy"}
HEADING = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}


class Sheet(Worksheet):
    """A sheet in which text is text: what begins with <r> and ends with </r> the library takes for its own markup."""

    def _xml_rich_inline_string(self, string, attributes=()):
        self._xml_inline_string(string, False, attributes)


def write_workbook(file, table: Table, about: Iterable[tuple[str, str]]):
    """The table as an XLSX file: numbers stay numbers, codes stay text, and a second sheet says what it is."""
    workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
    heading = workbook.add_format(HEADING)
    styles = {kind: workbook.add_format({"num_format": shape}) for kind, shape in NUMBER_FORMATS.items()}

    sheet = workbook.add_worksheet(table.slug, Sheet)
    sheet.freeze_panes(1, 0)
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width)
        write_text(sheet, 0, number, column.title, heading)
    money = {number for number, column in enumerate(table.columns) if column.is_money}
    row = 0
    for row, line in enumerate(table.cells(), start=1):
        for number, value in enumerate(line):
            if value is not None and value != "":
                write_cell(sheet, row, number, value, styles["money"] if number in money else styles.get(type(value)))
    sheet.autofilter(0, 0, row, len(table.columns) - 1)
    write_about(workbook, about)
    workbook.close()


def write_about(workbook, about: Iterable[tuple[str, str]]):
    """The sheet that says what the file is."""
    heading = workbook.add_format(HEADING)
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet("Keterangan", Sheet)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for row, (label, text) in enumerate(about):
        write_text(sheet, row, 0, label, heading)
        write_text(sheet, row, 1, text, wrapped)


def write_cell(sheet, row, column, value, style=None):
    """A value that is there, as a cell of its kind."""
    if isinstance(value, str):
        write_text(sheet, row, column, value, style)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, value, style)
    else:
        number = formats.rounded(value, 2) if isinstance(value, Fraction) else value
        sheet.write_number(row, column, number, style)


def write_text(sheet, row, column, text, style=None):
    sheet.write_string(row, column, held(harmless(text)), style)


def held(text: str) -> str:
    """As much of a text as a cell holds."""
    if len(text) <= LONGEST_CELL // 2:
        return text
    return text.encode("utf-16-le")[: 2 * LONGEST_CELL].decode("utf-16-le", "ignore")


def xlsx_response(table: Table, filename: str, about) -> FileResponse:
    return workbook_response(f"{filename}.xlsx", lambda file: write_workbook(file, table, about))


def workbook_response(filename: str, write) -> FileResponse:
    """What `write` writes into a file, to be kept under this name."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it when it has been sent)
    write(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)


RESPONSES = {"csv": csv_response, "xlsx": xlsx_response}
