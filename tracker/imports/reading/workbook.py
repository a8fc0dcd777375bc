"""An XLSX: its worksheets, and what their cells share."""

from tracker.imports.reading.cells import Cells
from tracker.imports.reading.looks import special_looks
from tracker.imports.reading.package import attribute, children, is_true
from tracker.imports.reading.refusals import DAMAGED, Refused
from tracker.imports.reading.texts import shared_texts
from tracker.imports.reading.worksheet import read_sheet

MOST_SHEETS = 40
LONGEST_NAME = 255  # Excel takes 31


def read(package, output):
    root = package.whole("xl/workbook.xml")
    links = package.links("xl/_rels/workbook.xml.rels", "xl")
    sheets = worksheets(root, links)
    shared = dict(links.values())  # one part of each kind, beside the sheets
    output.begin("xlsx")
    cells = Cells(
        texts=shared_texts(package.growing(shared["sharedStrings"])) if "sharedStrings" in shared else {},
        looks=special_looks(package.whole(shared["styles"])) if "styles" in shared else {},
        starts_1904=any(is_true(each.get("date1904")) for each in children(root, "workbookPr")),
        is_uncalculated=any(is_true(each.get("fullCalcOnLoad")) for each in children(root, "calcPr")),
    )
    for sheet, part in sheets:
        output.sheet(sheet.get("name", ""), is_hidden=sheet.get("state", "visible") != "visible")
        read_sheet(package.growing(part), cells, output)


def worksheets(root, links):
    """Each <sheet> with the name of its part; sheets that hold a chart or macros have no rows."""
    found = [
        (sheet, *links[attribute(sheet, "id")])
        for group in children(root, "sheets")
        for sheet in children(group, "sheet")
    ]
    sheets = [(sheet, part) for sheet, kind, part in found if kind == "worksheet"]
    if len(sheets) > MOST_SHEETS:
        raise Refused(
            f"Buku kerja ini memuat lebih dari {MOST_SHEETS} lembar: hapus lembar yang tidak perlu, lalu unggah lagi."
        )
    if not sheets or len({part for _, part in sheets}) < len(sheets):
        raise Refused(DAMAGED)
    if any(len(sheet.get("name", "")) > LONGEST_NAME for sheet, _ in sheets):
        raise Refused(DAMAGED)
    return sheets
