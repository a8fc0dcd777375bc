"""Files with a fault each, made by code: what people upload by mistake, and what nobody uploads by mistake.

FILES says for each name how it is made and the sentence that answers it; None where it is read in spite of all.
"""

import bz2
import gzip
import io
import json
import lzma
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from tracker.imports.reading.kinds import NOT_A_SHEET, SAVE_AS_XLSX, STILL_PACKED, WEB_PAGE
from tracker.imports.reading.refusals import DAMAGED, EMPTY, ENCODING, PASSWORD, TOO_MUCH, UNKNOWN

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NIK = "1604051203850001"
GOOD_ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>Register</t></is></c><c r="B1"><v>5</v></c></row>'


class BadFile(NamedTuple):
    make: Callable[[], bytes]
    sentence: str | None


# Workbooks by their parts.


def sheet_xml(rows=GOOD_ROW, *, before="", after=""):
    return f"<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def cell(inside, attributes=""):
    return f'<row r="1"><c r="A1" {attributes}>{inside}</c></row>'


def workbook_parts(*sheets, names=None, **changes):
    """{name: XML} of a whole workbook. `changes` replace a part (workbook, rels, shared …); None leaves it out."""
    sheets = sheets or (sheet_xml(),)
    names = names or [f"Lembar{number}" for number in range(1, len(sheets) + 1)]
    entries = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(names, start=1)
    )
    targets = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    targets += [("rIdT", "sharedStrings", "sharedStrings.xml"), ("rIdS", "styles", "styles.xml")]
    parts = {
        "types": "<Types/>",
        "workbook": f"<workbook {MAIN} {LINKS}><sheets>{entries}</sheets></workbook>",
        "rels": relationships(*targets),
        "shared": f"<sst {MAIN}><si><t>Dinas Sosial</t></si></sst>",
        "styles": f'<styleSheet {MAIN}><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>',
    }
    paths = {
        "types": "[Content_Types].xml",
        "workbook": "xl/workbook.xml",
        "rels": "xl/_rels/workbook.xml.rels",
        "shared": "xl/sharedStrings.xml",
        "styles": "xl/styles.xml",
    }
    found = {paths[key]: xml for key, xml in (parts | changes).items() if xml is not None}
    return found | {f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in enumerate(sheets, start=1)}


def relationships(*targets):
    links = "".join(f'<Relationship Id="{key}" Type="{KINDS}/{kind}" Target="{to}"/>' for key, kind, to in targets)
    return f"<Relationships>{links}</Relationships>"


def archive(parts, compression=zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as packed:
        for name, content in parts.items():
            packed.writestr(zipfile.ZipInfo(name), content, compression)
    return file.getvalue()


def xlsx(*sheets, extra=None, **changes) -> bytes:
    return archive(workbook_parts(*sheets, **changes) | (extra or {}))


def with_rows(rows, **changes):
    return xlsx(sheet_xml(rows), **changes)


# Archives that are not what they say.


def patched(content, *changes) -> bytes:
    """Bytes at offsets counted from the entry of a member in the directory: (member, offset, format, value)."""
    content = bytearray(content)
    for member, offset, shape, value in changes:
        start = content.index(b"PK\x01\x02")
        while content[start + 46 : start + 46 + len(member)] != member.encode():
            start = content.index(b"PK\x01\x02", start + 4)
        struct.pack_into(shape, content, start + offset, value)
    return bytes(content)


SHEET = "xl/worksheets/sheet1.xml"
FLAGS, METHOD, CHECKSUM, UNPACKED_SIZE = (8, "<H"), (10, "<H"), (16, "<I"), (24, "<I")


def lying(field, value, content=None):
    return patched(content or with_rows(GOOD_ROW + many_rows(2, 300)), (SHEET, *field, value))


def many_rows(first, last):
    return "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(first, last + 1))


def truncated(share) -> bytes:
    content = with_rows(many_rows(1, 300))
    return content[: int(len(content) * share)]


def broken_stream() -> bytes:
    content = bytearray(with_rows(many_rows(1, 300)))
    start = content.index(SHEET.encode()) + len(SHEET)
    content[start + 20 : start + 60] = bytes(40)
    return bytes(content)


def twice_the_same_member() -> bytes:
    parts = workbook_parts()
    other = SHEET.replace("1", "2")
    return archive(parts | {other: sheet_xml(many_rows(1, 9))}).replace(other.encode(), SHEET.encode())


def nested_bomb() -> bytes:
    content = bytes(3_000_000)
    for level in range(5):
        content = archive({f"{level}-{copy}.zip": content for copy in range(4)})
    return content


def zeros(megabytes):
    return bytes(megabytes * 1024 * 1024)


def noise(size):
    return random.Random(5).randbytes(size)


LONG_TEXT = f"<sst {MAIN}><si><t>{'x' * 39_000}</t></si></sst>"


def long_texts(*, rows, cells):
    """The same long text again and again: little to read, and much to write."""
    return ("<row>" + '<c t="s"><v>0</v></c>' * cells + "</row>") * rows


def heavy_tree() -> bytes:
    """Four million elements in one cell: more than a gigabyte for who keeps them."""
    inside = '<a b=""/>' * 4_000_000
    return with_rows(f"<row><c>{inside}</c></row>", extra={"docProps/noise.bin": noise(700_000)})


# Hostile XML.


def laughs(root, inside=""):
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><{root} {MAIN}>{inside}&a9;</{root}>'


def foreign(root, address="file:///etc/passwd"):
    return f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]><{root} {MAIN}>&e;</{root}>'


def quadratic():
    return f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]><sst {MAIN}><si><t>{"&a;" * 10_000}</t></si></sst>'


# Old Office files.


def ole2(*streams) -> bytes:
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\x00") for name in ("Root Entry", *streams))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00") + names + noise(2000)


# Texts.


def csv_rows(*rows):
    return "\r\n".join(rows).encode()


def document(kind, name):
    return archive({"mimetype": f"application/vnd.oasis.opendocument.{kind}", name: "<x/>"}, zipfile.ZIP_STORED)


def gap(row, blank, sheet="lembar “Lembar1” "):
    return (
        f"Ada isi di {sheet}baris {row} setelah {blank} baris kosong: hapus baris kosong itu, "
        "atau hapus isi di bawahnya bila bukan bagian tabel, lalu unggah lagi."
    )


def too_wide(column, sheet="lembar “Lembar1” ", row=1):
    return (
        f"Ada isi di {sheet}baris {row} kolom {column}, padahal paling banyak 200 kolom dibaca: "
        "hapus isi di luar tabel, lalu unggah lagi."
    )


def too_long(place):
    return f"Isi {place} lebih dari 40.000 karakter: ringkas isinya, lalu unggah lagi."


def quotes(row):
    return (
        f'Tanda kutip (") di baris {row} tidak berpasangan atau salah tempat: perbaiki isinya, '
        "atau simpan sebagai XLSX (Buku Kerja Excel), lalu unggah lagi."
    )


def private(place, how_many=1):
    return (
        f"Berkas ini memuat 16 angka seperti NIK atau nomor KK di {how_many} tempat, yang pertama di {place}: "
        "hapus data pribadi itu dari berkas, lalu unggah lagi."
    )


TOO_MANY_ROWS = (
    "Berkas ini memuat lebih dari 20.000 baris berisi: bagi menjadi beberapa berkas, lalu unggah satu per satu."
)
TOO_MANY_SHEETS = "Buku kerja ini memuat lebih dari 40 lembar: hapus lembar yang tidak perlu, lalu unggah lagi."
ZIP = STILL_PACKED.format("ZIP")
PICTURE, HTML = NOT_A_SHEET.format("gambar"), WEB_PAGE.format("HTML")
WORD = f"Berkas ini dokumen Word, bukan lembar kerja: salin tabelnya ke Excel, {SAVE_AS_XLSX}"
SLIDES = f"Berkas ini presentasi PowerPoint, bukan lembar kerja: salin tabelnya ke Excel, {SAVE_AS_XLSX}"
OTHER_OPEN_DOCUMENT = f"Berkas ini dokumen OpenDocument, bukan lembar kerja: salin tabelnya ke Excel, {SAVE_AS_XLSX}"


def inline(text):
    return cell(f"<is><t>{text}</t></is>", 't="inlineStr"')


ARCHIVES = {
    "zip bomb in one part": (lambda: xlsx(extra={"xl/theme/theme1.xml": zeros(60)}), TOO_MUCH),
    "zip bomb in the sheet": (lambda: with_rows(GOOD_ROW + " " * 40_000_000), TOO_MUCH),
    "zip bomb of zips": (nested_bomb, ZIP),
    "zip bomb of zips inside a workbook": (lambda: xlsx(extra={"xl/media/a.zip": nested_bomb()}), None),
    "501 members": (lambda: xlsx(extra={f"xl/media/{n}.png": b"" for n in range(501)}), TOO_MUCH),
    "size stated as 4 GB": (lambda: lying(UNPACKED_SIZE, 0xFFFF_FFF0), TOO_MUCH),
    "size stated as 201 MB": (lambda: lying(UNPACKED_SIZE, 201 * 1024 * 1024), TOO_MUCH),
    "size stated smaller than it is": (lambda: lying(UNPACKED_SIZE, 600), DAMAGED),
    "size stated as nothing": (lambda: lying(UNPACKED_SIZE, 0), DAMAGED),
    "wrong checksum": (lambda: lying(CHECKSUM, 1), DAMAGED),
    "unknown compression": (lambda: lying(METHOD, 97), DAMAGED),
    "member with a password": (lambda: lying(FLAGS, 1), PASSWORD),
    "broken stream": (broken_stream, DAMAGED),
    "truncated at a tenth": (lambda: truncated(0.1), DAMAGED),
    "truncated in the middle": (lambda: truncated(0.5), DAMAGED),
    "truncated near the end": (lambda: truncated(0.9), DAMAGED),
    "last ten bytes lost": (lambda: with_rows(many_rows(1, 300))[:-10], DAMAGED),
    "two members of one name": (twice_the_same_member, DAMAGED),
    "two members but for upper case": (lambda: xlsx(extra={SHEET.upper(): sheet_xml()}), DAMAGED),
    "paths that leave the folder": (lambda: xlsx(extra={"../../etc/cron.d/x": "x", "/etc/passwd": "x"}), None),
    "empty archive": (lambda: b"PK\x05\x06" + bytes(18), ZIP),
    "beginning of an archive": (lambda: b"PK\x03\x04" + noise(500), DAMAGED),
    "program before the archive": (lambda: b"MZ" + noise(100) + xlsx(), NOT_A_SHEET.format("program komputer")),
    "rubbish after the archive": (lambda: xlsx() + noise(100_000), DAMAGED),
    "more memory than allowed": (heavy_tree, TOO_MUCH),
}

PARTS = {
    **{
        f"entity bomb in {part}": (partial(xlsx, **{part: laughs(root)}), DAMAGED)
        for part, root in {
            "workbook": "workbook",
            "rels": "Relationships",
            "shared": "sst",
            "styles": "styleSheet",
        }.items()
    },
    "entity bomb in the sheet": (lambda: xlsx(laughs("worksheet", f"<sheetData>{GOOD_ROW}</sheetData>")), DAMAGED),
    "entity bomb in a part nobody reads": (lambda: xlsx(types=laughs("Types")), None),
    "one large entity many times": (lambda: xlsx(shared=quadratic()), DAMAGED),
    "entity from a file": (lambda: xlsx(shared=foreign("sst")), DAMAGED),
    "entity from the network": (lambda: xlsx(foreign("worksheet", "http://127.0.0.1:9/")), DAMAGED),
    "document type from a file": (lambda: xlsx(f'<!DOCTYPE x SYSTEM "/etc/passwd">{sheet_xml()}'), DAMAGED),
    "entity bomb in UTF-16": (lambda: xlsx(laughs("worksheet").encode("utf-16")), DAMAGED),
    "entity bomb in EBCDIC": (
        lambda: xlsx(b'<?xml version="1.0" encoding="cp037"?>' + laughs("worksheet").encode("cp037")),
        DAMAGED,
    ),
    "XML said to be UTF-7": (lambda: xlsx('<?xml version="1.0" encoding="utf-7"?>+ADw-worksheet+AD4-'), DAMAGED),
    **{
        f"broken XML in {part}": (partial(xlsx, **{part: "<a><b></a>"}), DAMAGED)
        for part in ("workbook", "rels", "shared", "styles")
    },
    "broken XML in the sheet": (lambda: xlsx(sheet_xml()[:-20]), DAMAGED),
    "zero as a character reference": (lambda: with_rows(inline("&#0;")), DAMAGED),
    "half a surrogate pair as a character reference": (lambda: with_rows(inline("&#xD800;")), DAMAGED),
    "half a surrogate pair as bytes": (
        lambda: xlsx(sheet_xml(inline("X")).encode().replace(b"X", b"\xed\xa0\x80")),
        DAMAGED,
    ),
    "half a surrogate pair as Excel escapes it": (lambda: with_rows(inline("_xD800_")), None),
    "zero bytes in the sheet": (lambda: xlsx(sheet_xml(inline("X")).encode().replace(b"X", b"\x00")), DAMAGED),
    "empty sheet part": (lambda: xlsx(""), DAMAGED),
    "web page as the sheet": (lambda: xlsx("<html><body><table></table></body></html>"), DAMAGED),
    "a hundred thousand levels": (
        lambda: xlsx(f"<worksheet>{'<a>' * 100_000}{'</a>' * 100_000}</worksheet>"),
        DAMAGED,
    ),
    "no data in the sheet": (lambda: xlsx(f"<worksheet {MAIN}/>"), DAMAGED),
    "data twice in the sheet": (lambda: xlsx(sheet_xml(after="<sheetData/>")), DAMAGED),
    "attribute twice": (lambda: with_rows('<row r="1" r="2"/>'), DAMAGED),
    "prefix without a namespace": (lambda: with_rows("<x:row/>"), DAMAGED),
    "sheet missing": (lambda: archive({k: v for k, v in workbook_parts().items() if k != SHEET}), DAMAGED),
    "relationships missing": (lambda: xlsx(rels=None), DAMAGED),
    "workbook missing": (lambda: xlsx(workbook=None), DAMAGED),
    "shared texts missing": (lambda: with_rows(cell("<v>0</v>", 't="s"'), shared=None), DAMAGED),
    "styles missing": (lambda: xlsx(styles=None), DAMAGED),
    "sheet without a relationship": (
        lambda: xlsx(rels=relationships(("rId9", "worksheet", "worksheets/sheet1.xml"))),
        DAMAGED,
    ),
    "sheet outside the archive": (
        lambda: xlsx(rels=relationships(("rId1", "worksheet", "../../../etc/passwd"))),
        DAMAGED,
    ),
    "sheet on the network": (
        lambda: xlsx(
            rels=f'<Relationships><Relationship Id="rId1" Type="{KINDS}/worksheet" Target="http://127.0.0.1:9/" '
            'TargetMode="External"/></Relationships>'
        ),
        DAMAGED,
    ),
    "workbook as its own sheet": (lambda: xlsx(rels=relationships(("rId1", "worksheet", "workbook.xml"))), DAMAGED),
    "one part as two sheets": (
        lambda: xlsx(
            sheet_xml(),
            sheet_xml(),
            rels=relationships(*((f"rId{n}", "worksheet", "worksheets/sheet1.xml") for n in (1, 2))),
        ),
        DAMAGED,
    ),
    "no sheet": (lambda: xlsx(workbook=f"<workbook {MAIN}><sheets/></workbook>"), DAMAGED),
    "only a chart": (lambda: xlsx(rels=relationships(("rId1", "chartsheet", "chartsheets/sheet1.xml"))), DAMAGED),
    "sheet name of 300 letters": (lambda: xlsx(names=["x" * 300]), DAMAGED),
    "format number that is a word": (
        lambda: xlsx(styles=f'<styleSheet {MAIN}><cellXfs><xf numFmtId="x"/></cellXfs></styleSheet>'),
        DAMAGED,
    ),
}

POSITIONS = {
    **{
        f"row number {number}": (partial(with_rows, f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>'), DAMAGED)
        for number in ("0", "-5", "1048577", "99999999999999999999", "abc", "1.5", "²")
    },
    "rows that go back": (lambda: with_rows(many_rows(5, 6) + many_rows(2, 3)), DAMAGED),
    "one row twice": (lambda: with_rows(many_rows(1, 1) * 2), DAMAGED),
    "cell of another row": (lambda: with_rows('<row r="3"><c r="A4"><v>1</v></c></row>'), DAMAGED),
    "one cell twice": (lambda: with_rows('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'), DAMAGED),
    "columns that go back": (
        lambda: with_rows('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>'),
        DAMAGED,
    ),
    "column beyond the last one": (lambda: with_rows('<row r="1"><c r="XFE1"><v>1</v></c></row>'), DAMAGED),
    "column of ten thousand letters": (
        lambda: with_rows(f'<row r="1"><c r="{"A" * 10_000}1"><v>1</v></c></row>'),
        DAMAGED,
    ),
    "cell turned round": (lambda: with_rows('<row r="1"><c r="1A"><v>1</v></c></row>'), DAMAGED),
    "twenty thousand cells in a row": (lambda: with_rows(f"<row>{'<c><v>1</v></c>' * 20_000}</row>"), DAMAGED),
    "twenty thousand styled cells in a row": (lambda: with_rows(f"<row>{'<c/>' * 20_000}</row>"), DAMAGED),
    "cell in the last corner": (
        lambda: with_rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        gap(1_048_576, 1_048_575),
    ),
    "cell in the last column": (lambda: with_rows('<row r="1"><c r="XFD1"><v>1</v></c></row>'), too_wide("XFD")),
    "a stray cell far below": (lambda: with_rows(GOOD_ROW + many_rows(100_003, 100_003)), gap(100_003, 100_001)),
    "100,001 styled blank rows, then data": (
        lambda: with_rows(
            GOOD_ROW
            + "".join(f'<row r="{row}" s="1" customFormat="1"/>' for row in range(2, 100_003))
            + many_rows(100_003, 100_003)
        ),
        gap(100_003, 100_001),
    ),
    "100 blank rows in the second sheet": (
        lambda: xlsx(sheet_xml(), sheet_xml(many_rows(1, 2) + many_rows(103, 103))),
        gap(103, 100, "lembar “Lembar2” "),
    ),
    "size stated as the whole sheet": (lambda: xlsx(sheet_xml(before='<dimension ref="A1:XFD1048576"/>')), None),
    "size stated as nonsense": (lambda: xlsx(sheet_xml(before='<dimension ref="ZZZ0:-5"/>')), None),
    "20,001 rows": (lambda: with_rows(many_rows(1, 20_001)), TOO_MANY_ROWS),
    "20,001 rows in two sheets": (
        lambda: xlsx(sheet_xml(many_rows(1, 20_000)), sheet_xml(many_rows(1, 1))),
        TOO_MANY_ROWS,
    ),
    "201 columns": (lambda: with_rows(f"<row>{'<c><v>1</v></c>' * 201}</row>"), too_wide("GS")),
    "41 sheets": (lambda: xlsx(*[sheet_xml()] * 41), TOO_MANY_SHEETS),
    "text of 40,001 letters": (lambda: with_rows(inline("x" * 40_001)), too_long("lembar “Lembar1” baris 1 kolom A")),
    "formula of 40,001 letters": (
        lambda: with_rows(cell(f"<f>{'1+' * 20_000}1</f>")),
        too_long("lembar “Lembar1” baris 1 kolom A"),
    ),
    "a row of a million letters": (
        lambda: with_rows(long_texts(rows=1, cells=26), shared=LONG_TEXT),
        "Isi lembar “Lembar1” baris 1 seluruhnya lebih dari 1.000.000 karakter: ringkas isinya, lalu unggah lagi.",
    ),
    "a long text two thousand times": (lambda: with_rows(long_texts(rows=80, cells=25), shared=LONG_TEXT), TOO_MUCH),
    "merged range that is none": (
        lambda: xlsx(sheet_xml(after='<mergeCells><mergeCell ref="A1:"/></mergeCells>')),
        DAMAGED,
    ),
    "merged range beyond the sheet": (
        lambda: xlsx(sheet_xml(after='<mergeCells><mergeCell ref="A1:ZZZZ9999999"/></mergeCells>')),
        DAMAGED,
    ),
    "only blank cells": (lambda: with_rows('<row r="1"><c r="A1" s="0"/></row>'), EMPTY),
}

VALUES = {
    **{
        f"shared text number {number}": (partial(with_rows, cell(f"<v>{number}</v>", 't="s"')), DAMAGED)
        for number in ("1", "-1", "99999999999", "x", "")
    },
    **{
        f"number {text}": (partial(with_rows, cell(f"<v>{text}</v>")), DAMAGED)
        for text in ("abc", "1_000", "0x10", "1,5", "--1")
    },
    "unknown kind of cell": (lambda: with_rows(cell("<v>1</v>", 't="zz"')), DAMAGED),
    "ISO date that is none": (lambda: with_rows(cell("<v>2026-13-45</v>", 't="d"')), DAMAGED),
    "what a DDE attack writes": (lambda: with_rows(inline("=cmd|'/c calc'!A1")), None),
}

OTHER_TYPES = {
    "old workbook": (lambda: ole2("Workbook"), f"Berkas ini buku kerja Excel lama (.xls): {SAVE_AS_XLSX}"),
    "very old workbook": (lambda: ole2("Book"), f"Berkas ini buku kerja Excel lama (.xls): {SAVE_AS_XLSX}"),
    "workbook with a password": (lambda: ole2("EncryptionInfo", "EncryptedPackage"), PASSWORD),
    "old Word document": (lambda: ole2("WordDocument"), NOT_A_SHEET.format("dokumen Office lama")),
    "binary workbook": (
        lambda: archive({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": noise(300)}),
        f"Berkas ini buku kerja biner Excel (.xlsb): {SAVE_AS_XLSX}",
    ),
    "OpenDocument sheet": (
        lambda: document("spreadsheet", "content.xml"),
        f"Berkas ini lembar kerja OpenDocument (.ods): {SAVE_AS_XLSX}",
    ),
    "OpenDocument text": (lambda: document("text", "content.xml"), OTHER_OPEN_DOCUMENT),
    "Word document": (lambda: archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), WORD),
    "presentation": (lambda: archive({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"}), SLIDES),
    "other Office archive": (
        lambda: archive({"[Content_Types].xml": "<Types/>", "visio/document.xml": "<v/>"}),
        DAMAGED,
    ),
    "archive of files": (lambda: archive({"realisasi.xlsx": xlsx()}), ZIP),
    "PDF": (lambda: b"%PDF-1.7\n%" + noise(300), NOT_A_SHEET.format("PDF")),
    "PNG": (lambda: b"\x89PNG\r\n\x1a\n" + noise(300), PICTURE),
    "JPEG": (lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF" + noise(300), PICTURE),
    "GIF": (lambda: b"GIF89a" + noise(300), PICTURE),
    "TIFF": (lambda: b"II*\x00" + noise(300), PICTURE),
    "WEBP": (lambda: b"RIFF\x10\x00\x00\x00WEBP" + noise(300), NOT_A_SHEET.format("gambar atau rekaman")),
    "RTF": (lambda: b"{\\rtf1\\ansi Halo}", NOT_A_SHEET.format("dokumen teks (RTF)")),
    "program of Windows": (lambda: b"MZ\x90\x00" + noise(300), NOT_A_SHEET.format("program komputer")),
    "program of Linux": (lambda: b"\x7fELF\x02\x01" + noise(300), NOT_A_SHEET.format("program komputer")),
    "SQLite": (lambda: b"SQLite format 3\x00" + noise(300), NOT_A_SHEET.format("basis data SQLite")),
    "gzip": (lambda: gzip.compress(xlsx()), STILL_PACKED.format("GZIP")),
    "gzip bomb": (lambda: gzip.compress(zeros(50)), STILL_PACKED.format("GZIP")),
    "bzip2": (lambda: bz2.compress(xlsx()), STILL_PACKED.format("BZIP2")),
    "xz": (lambda: lzma.compress(xlsx()), STILL_PACKED.format("XZ")),
    "7-Zip": (lambda: b"7z\xbc\xaf\x27\x1c\x00\x04" + noise(300), STILL_PACKED.format("7-Zip")),
    "RAR": (lambda: b"Rar!\x1a\x07\x01\x00" + noise(300), STILL_PACKED.format("RAR")),
    "table of a web page named .xls": (lambda: b"<table border=1><tr><td>Kode<td>Pagu</table>", HTML),
    "web page with a mark": (lambda: b"\xef\xbb\xbf\r\n<!DOCTYPE HTML>\n<HTML><BODY></BODY></HTML>", HTML),
    "web page that begins as XML": (lambda: b'<?xml version="1.0"?>\n<html xmlns="x"><body/></html>', HTML),
    "web page that begins with a comment": (lambda: b"<!-- ekspor -->\n<style>td {}</style><table></table>", HTML),
    "web page in UTF-16": (lambda: "<html><table></table></html>".encode("utf-16"), HTML),
    "web page of many comments": (lambda: b"<!-- -->" * 5000, NOT_A_SHEET.format("XML")),
    "web archive": (lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related", WEB_PAGE.format("MHTML")),
    "XML of Excel 2003": (
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        f"Berkas ini XML Spreadsheet 2003: {SAVE_AS_XLSX}",
    ),
    "XML": (lambda: b'<?xml version="1.0"?><data><baris/></data>', NOT_A_SHEET.format("XML")),
    "entity bomb as a file": (lambda: laughs("data").encode(), NOT_A_SHEET.format("XML")),
    "JSON object": (lambda: json.dumps({"program": [1, 2]}).encode(), NOT_A_SHEET.format("JSON")),
    "JSON list": (lambda: json.dumps([{"program": 1}]).encode(), NOT_A_SHEET.format("JSON")),
    "compressed rubbish": (lambda: zlib.compress(noise(3000)), UNKNOWN),
}

ROW = "2026-0001;Dinsos;5"

TEXTS = {
    "empty file": (lambda: b"", EMPTY),
    "only a mark": (lambda: b"\xef\xbb\xbf", EMPTY),
    "only a mark of UTF-16": (lambda: b"\xff\xfe", EMPTY),
    "only spaces and lines": (lambda: b" \r\n\t\r\n\xc2\xa0\r\n", EMPTY),
    "only delimiters": (lambda: b";;;;\r\n;;;;\r\n", EMPTY),
    "only a stated delimiter": (lambda: b"sep=;\r\n", EMPTY),
    "UTF-16 without a mark": (lambda: ROW.encode("utf-16-le"), UNKNOWN),
    "UTF-32": (lambda: ROW.encode("utf-32"), UNKNOWN),
    "UTF-7": (lambda: b"+/v8-" + ROW.encode("utf-7"), ENCODING),
    "UTF-16 cut in a character": (lambda: ROW.encode("utf-16")[:-1], ENCODING),
    "UTF-16 with half a pair": (lambda: "\ud800".join(ROW).encode("utf-16", "surrogatepass"), ENCODING),
    "UTF-8 with half a pair": (lambda: f"{ROW}\ud800".encode("utf-8", "surrogatepass"), ENCODING),
    "UTF-8 with one broken byte": (lambda: f"{ROW};–".encode() + b"\xe2\x80", ENCODING),
    "UTF-8 with a mark, but not UTF-8": (lambda: b"\xef\xbb\xbf" + f"{ROW};Café".encode("cp1252"), ENCODING),
    "no code page at all": (lambda: ROW.encode() + b";\x81\x8d\x90", ENCODING),
    "zero in the middle": (lambda: b"a;b\r\n1;\x00\r\n", UNKNOWN),
    "random bytes": (lambda: b"\x01" + noise(5000), UNKNOWN),
    "signs nobody types": (lambda: bytes(range(1, 9)) * 50, UNKNOWN),
    "quotation mark not closed": (lambda: csv_rows("a;b", '1;"2', "3;4", "5;6"), quotes(2)),
    "quotation mark closed too early": (lambda: csv_rows("a;b", "1;2", '3;"4" kg'), quotes(3)),
    "quotation mark before 5 MB": (lambda: b'a;b\r\n1;"' + b"x;y\r\n" * 1_000_000, quotes(2)),
    "one line of 5 MB": (lambda: b"x" * 5_000_000, too_long("baris 1 kolom A")),
    "one line of a million cells": (lambda: b"1;" * 1_000_000, too_wide("BDWGN", "")),
    "20,001 lines": (lambda: b"1;2\n" * 20_001, TOO_MANY_ROWS),
    "201 cells in line 2": (lambda: b"a;b\n" + b";".join([b"1"] * 201), too_wide("GS", "", 2)),
    "100 blank lines, then data": (lambda: b"a;b\n" + b"\n" * 100 + b"1;2\n", gap(102, 100, "")),
    "line of 100,001 only delimiters, then data": (
        lambda: b"a;b\n" + b";\n" * 100_001 + b"1;2\n",
        gap(100_003, 100_001, ""),
    ),
    "what a DDE attack writes, as CSV": (lambda: csv_rows("a;b", "=cmd|'/c calc'!A1;@SUM(1)"), None),
}

GROUPED = "160405 120385 0001"

PRIVATE = {
    "NIK in a cell": (
        lambda: with_rows(GOOD_ROW + f'<row r="2"><c r="C2" t="str"><v>{NIK}</v></c></row>'),
        private("lembar “Lembar1” baris 2 kolom C"),
    ),
    "NIK as a number": (lambda: with_rows(cell(f"<v>{NIK}</v>")), private("lembar “Lembar1” baris 1 kolom A")),
    "NIK as Excel writes large numbers": (
        lambda: with_rows(cell("<v>1.60405120385E15</v>")),
        private("lembar “Lembar1” baris 1 kolom A"),
    ),
    "NIK as a shared text": (
        lambda: with_rows(cell("<v>0</v>", 't="s"'), shared=f"<sst {MAIN}><si><t>NIK {NIK}</t></si></sst>"),
        private("lembar “Lembar1” baris 1 kolom A"),
    ),
    "NIK half bold": (
        lambda: with_rows(cell(f"<is><r><t>{NIK[:6]}</t></r><r><t>{NIK[6:]}</t></r></is>", 't="inlineStr"')),
        private("lembar “Lembar1” baris 1 kolom A"),
    ),
    "NIK in groups": (lambda: with_rows(inline(GROUPED)), private("lembar “Lembar1” baris 1 kolom A")),
    "NIK in a title": (lambda: with_rows(inline(f"Penerima ({NIK})")), private("lembar “Lembar1” baris 1 kolom A")),
    "NIK in a formula": (
        lambda: with_rows(cell(f'<f>"{NIK}"</f>')),
        private("lembar “Lembar1” baris 1 kolom A"),
    ),
    "NIK in an error": (
        lambda: with_rows(cell(f"<v>#{NIK}</v>", 't="e"')),
        private("lembar “Lembar1” baris 1 kolom A"),
    ),
    "NIK in a hidden sheet": (
        lambda: xlsx(
            sheet_xml(),
            sheet_xml(inline(NIK)),
            workbook=f'<workbook {MAIN} {LINKS}><sheets><sheet name="Data" r:id="rId1"/>'
            '<sheet name="Rahasia" state="veryHidden" r:id="rId2"/></sheets></workbook>',
        ),
        private("lembar “Rahasia” baris 1 kolom A"),
    ),
    "NIK as the name of a sheet": (
        lambda: xlsx(names=[f"KK {NIK}"]),
        private("lembar “KK ****************” namanya"),
    ),
    "NIK in a CSV": (lambda: csv_rows("Nama;NIK", f"Ani;{NIK}", f"Budi;{NIK}"), private("baris 2 kolom B", 2)),
    "NIK in the heading of a CSV": (lambda: csv_rows(f"Nama;{GROUPED}"), private("baris 1 kolom B")),
    "NIK in a CSV behind an apostrophe": (lambda: csv_rows("Nama;NIK", f"Ani;'{NIK}"), private("baris 2 kolom B")),
    "NIK in a sentence of the reader": (
        lambda: xlsx(sheet_xml(many_rows(200, 200)), names=[NIK]),
        gap(200, 199, "lembar “****************” "),
    ),
}

FILES = {
    name: BadFile(*each)
    for group in (ARCHIVES, PARTS, POSITIONS, VALUES, OTHER_TYPES, TEXTS, PRIVATE)
    for name, each in group.items()
}
