"""What a file is, by its content: names lie."""

import re

from tracker.imports.reading import delimited, package, workbook
from tracker.imports.reading.refusals import PASSWORD, SAVE_AS_XLSX, TOO_MUCH, Refused

LARGEST = 50 * 1024 * 1024  # more than anybody may upload; a zip has limits of its own
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

NOT_A_SHEET = "Berkas ini {}, bukan lembar kerja: salin tabelnya ke Excel, simpan sebagai XLSX, lalu unggah hasilnya."
STILL_PACKED = "Berkas ini arsip {}, bukan lembar kerja: buka dahulu, lalu unggah berkas XLSX di dalamnya."
WEB_PAGE = f"Berkas ini halaman web ({{}}) walaupun mungkin bernama .xls: {SAVE_AS_XLSX}"

SIGNATURES = {
    b"%PDF": NOT_A_SHEET.format("PDF"),
    **dict.fromkeys((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*"), NOT_A_SHEET.format("gambar")),
    b"RIFF": NOT_A_SHEET.format("gambar atau rekaman"),
    b"{\\rtf": NOT_A_SHEET.format("dokumen teks (RTF)"),
    **dict.fromkeys((b"MZ", b"\x7fELF"), NOT_A_SHEET.format("program komputer")),
    b"SQLite format 3\x00": NOT_A_SHEET.format("basis data SQLite"),
    b"\x1f\x8b": STILL_PACKED.format("GZIP"),
    b"7z\xbc\xaf\x27\x1c": STILL_PACKED.format("7-Zip"),
    b"Rar!\x1a\x07": STILL_PACKED.format("RAR"),
    b"BZh": STILL_PACKED.format("BZIP2"),
    b"\xfd7zXZ\x00": STILL_PACKED.format("XZ"),
}
# The first that fits: a page may begin as XML does.
TEXTS = (
    (r"\s*<.*?urn:schemas-microsoft-com:office:spreadsheet", f"Berkas ini XML Spreadsheet 2003: {SAVE_AS_XLSX}"),
    (r"\s*(?=<).*?<(!doctype html|html|head|meta|style|script|body|div|p|table)[\s>]", WEB_PAGE.format("HTML")),
    (r"\s*MIME-Version:", WEB_PAGE.format("MHTML")),
    (r"\s*<[?!a-z]", NOT_A_SHEET.format("XML")),
    (r'\s*(\{\s*["}]|\[\s*[\[{\]])', NOT_A_SHEET.format("JSON")),
)
BEGINNING = 4000


def read_file(path, output):
    read_by_kind(path, output)
    output.end()


def read_by_kind(path, output):
    with open(path, "rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused(TOO_MUCH)
    if content.startswith(ZIP):
        del content
        with package.opened(path) as opened:
            workbook.read(opened, output)
        return
    if content.startswith(OLE2):
        raise Refused(older_office_file(content))
    for signature, sentence in SIGNATURES.items():
        if content.startswith(signature):
            raise Refused(sentence)
    text, encoding = delimited.decoded(content)
    for shape, sentence in TEXTS:
        if re.match(shape, text[:BEGINNING], re.IGNORECASE | re.DOTALL):
            raise Refused(sentence)
    delimited.read(text, encoding, output)


def older_office_file(content):
    """The names of the streams inside are UTF-16. A workbook with a password is one of these, too."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return PASSWORD
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return f"Berkas ini buku kerja Excel lama (.xls): {SAVE_AS_XLSX}"
    return NOT_A_SHEET.format("dokumen Office lama")
