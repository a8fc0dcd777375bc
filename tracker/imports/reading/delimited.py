"""CSV as Excel, LibreOffice and other programs write it."""

import csv
import io
import re
from collections import Counter
from contextlib import suppress
from itertools import islice

from tracker.imports.reading.refusals import EMPTY, ENCODING, UNKNOWN, XLSX, Refused

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
UTF_7 = (b"+/v8", b"+/v9", b"+/v+", b"+/v/")
SOME_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
STATED_DELIMITER = re.compile(r'"?sep=([;,\t])"?(?:\r\n|\r|\n|$)', re.IGNORECASE)
DELIMITERS = ";\t,"
RECORDS_TO_COMPARE = 50
LONGEST_FIELD = 2**31 - 1  # an open quotation mark takes in all that follows, and is told from a long text


def decoded(content):
    """The text and the name of its encoding: what its mark says, else UTF-8, else that of Windows."""
    for encoding in candidates(content):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            break
    else:
        is_text = content.startswith(tuple(MARKS)) or not is_rubbish(content.decode("latin-1"))
        raise Refused(ENCODING if is_text else UNKNOWN)
    if not text.strip():
        raise Refused(EMPTY)
    if is_rubbish(text):
        raise Refused(UNKNOWN)
    return text, encoding.removesuffix("-sig")


def candidates(content):
    if content.startswith(UTF_7):
        return []
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return [encoding]
    # Read as Windows text, UTF-8 with a fault somewhere would come out garbled everywhere.
    return ["utf-8"] if SOME_UTF_8.search(content) else ["utf-8", "cp1252"]


def is_rubbish(text):
    """A zero nowhere, and of the other signs that nobody types no more than a slip."""
    beginning = text[:4000]
    return "\x00" in text or len(re.findall("[\x01-\x08\x0e-\x1f]", beginning)) > len(beginning) / 100


def read(text, encoding, output):
    stated = STATED_DELIMITER.match(text)
    if stated:
        text = text[stated.end() :]
    delimiter = stated[1] if stated else probable_delimiter(text)
    output.begin("csv", delimiter=delimiter, encoding=encoding)
    output.sheet("")
    number = 0
    try:
        for number, record in enumerate(records(text, delimiter, strict=True), start=1):
            if cells := filled(record):
                output.row(number, cells)
    except csv.Error as error:
        raise Refused(
            f'Tanda kutip (") di baris {number + 1} tidak berpasangan atau salah tempat: perbaiki isinya, '
            f"atau simpan sebagai {XLSX}, lalu unggah lagi."
        ) from error
    output.merged([])


def records(text, delimiter, **options):
    csv.field_size_limit(LONGEST_FIELD)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or DELIMITERS[0], **options)


def filled(record):
    cells = [cell if cell.strip() else None for cell in record]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def probable_delimiter(text):
    """The sign that cuts most of the first records into the same number of cells; None where no sign cuts any."""
    best = max(DELIMITERS, key=lambda delimiter: regularity(text, delimiter))
    return best if regularity(text, best) > (0, 0) else None


def regularity(text, delimiter):
    """How many records have the same number of cells, and that number."""
    widths = []
    with suppress(csv.Error):
        for record in islice(records(text, delimiter), RECORDS_TO_COMPARE):
            widths.append(len(record))
    same = Counter(width for width in widths if width > 1)
    return max(((count, width) for width, count in same.items()), default=(0, 0))
