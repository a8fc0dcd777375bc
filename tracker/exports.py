"""A table written as a file. Only this module knows about file formats."""

import csv
import datetime
import io
import itertools
import re
from decimal import Decimal
from fractions import Fraction

from django.http import StreamingHttpResponse

from tracker import formats
from tracker.tables import Table

# Text a spreadsheet would run. Apostrophes before it are doubled as well, so that reading back is exact.
RUNS_IN_A_SPREADSHEET = re.compile(r"'*[=+\-@\t\r]")
ROWS_AT_ONCE = 500


def harmless(text: str) -> str:
    """Text with a leading apostrophe where a spreadsheet would take it for a formula; a lone dash stays."""
    return f"'{text}" if text != "-" and RUNS_IN_A_SPREADSHEET.match(text) else text


def human_cell(value) -> str:
    """A value as Excel with Indonesian settings reads it: decimal comma, no thousands points, dd-mm-yyyy."""
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, Fraction):
        return str(formats.rounded(value, 2)).replace(".", ",")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    if isinstance(value, datetime.date):
        return f"{value:%d-%m-%Y}"
    return str(value)


def human_csv(table: Table):
    """Chunks of the CSV that people open in Excel: semicolons, CRLF, UTF-8 with its mark."""
    buffer = io.StringIO()
    write = csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerows
    buffer.write("\ufeff")
    lines = itertools.chain([table.titles], table.cells())
    while chunk := list(itertools.islice(lines, ROWS_AT_ONCE)):
        write([human_cell(value) for value in line] for line in chunk)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def csv_response(table: Table, filename: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(human_csv(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}.csv"'
    return response
