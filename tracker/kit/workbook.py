"""A kit written as an XLSX file: what may not change is locked, and what is filled in is checked while it is typed."""

import textwrap
from collections.abc import Iterable, Iterator
from itertools import count

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_range_abs

from tracker import exports
from tracker.kit.contents import Kit
from tracker.kit.entries import ENTRIES, NUMBER, TEXT, VERIFIED_HINT, WHOLE
from tracker.kit.guidance import facts, steps
from tracker.models import Report
from tracker.tables import REPORT_COLUMNS

COLUMN = {column.title: number for number, column in enumerate(REPORT_COLUMNS)}
LAST_COLUMN = len(REPORT_COLUMNS) - 1
FROZEN = COLUMN["Sub kegiatan"] + 1
# Narrower than in other files, so that the frozen columns leave room for the others.
WIDTHS = {
    "Register": 11,
    "Tahun": 7,
    "Triwulan": 9,
    "OPD": 11,
    "Sub kegiatan": 34,
    "Satuan": 11,
    "Kendala": 34,
    "Tindak lanjut": 34,
    "Versi": 7,
}
LINE, MOST_LINES = 15, 25  # points, and what Excel shows of a row
SAID_WIDTH = 84
A4 = 9

PALE, DARK, GREEN = "#ECECEC", "#D4D4D4", "#CFE6E8"
CELL = {"border": 1, "border_color": "#BFBFBF", "valign": "top"}
TITLE = {"border": 1, "border_color": "#7F7F7F", "valign": "top", "bold": True, "text_wrap": True}
EMPTY = {"bg_color": "#FFF6D9"}
VERIFIED = {"bg_color": "#DDEBF4"}
TOO_MUCH = {"bg_color": "#F6C9C4", "font_color": "#8C1D18", "bold": True}
ALLOWED = {"autofilter": True, "format_columns": True, "format_rows": True}


def write_kit(file, kit: Kit, about: Iterable[tuple[str, str]]):
    workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
    write_entries(workbook, kit)
    write_guidance(workbook, kit)
    write_choices(workbook, kit)
    exports.write_about(workbook, about)
    workbook.close()


def write_entries(workbook, kit):
    """The sheet to fill in."""
    sheet = workbook.add_worksheet(kit.table.slug, exports.Sheet)
    looks = Looks(workbook)
    sheet.freeze_panes(1, FROZEN)
    sheet.set_row(0, 2 * LINE)
    for number, column in enumerate(kit.table.columns):
        sheet.set_column(number, number, width_of(column))
        sheet.write_string(0, number, column.title, looks.title(column))
    row, open_rows, states = 0, Runs(), Runs()
    for row, line in enumerate(kit.table.rows(), start=1):
        is_open = kit.is_open(line)
        open_rows.add(row, is_open)
        states.add(row, is_open and (line.of_report("status"),))
        values = [column.value(line) for column in kit.table.columns]
        give_room(sheet, row, zip(values, map(width_of, kit.table.columns), strict=True))
        for number, (column, value) in enumerate(zip(kit.table.columns, values, strict=True)):
            write_entry(sheet, row, number, value, looks.cell(column, value, is_open=is_open))
    sheet.autofilter(0, 0, row, LAST_COLUMN)
    for _, first, last in open_rows.found():
        check(sheet, kit, first, last)
        colour(sheet, looks, first, last)
    for (status,), first, last in states.found():
        check_status(sheet, status, first, last)
    sheet.protect("", ALLOWED)
    print_on_two_pages(sheet)


def write_entry(sheet, row, column, value, look):
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)  # else it would be locked
    else:
        exports.write_cell(sheet, row, column, value, look)


def width_of(column) -> int:
    return WIDTHS.get(column.title, column.width)


def give_room(sheet, row, cells, *, gap=0):
    """Make a row, before it is written, as high as its texts, given as (text, width): only Excel does so by itself."""
    lines = max((lines_of(text, width) for text, width in cells if isinstance(text, str)), default=1)
    if lines > 1 or gap:
        sheet.set_row(row, min(lines, MOST_LINES) * LINE + gap)


def lines_of(text, width) -> int:
    """Widths count digits; of letters a tenth more go into a line."""
    return sum(len(textwrap.wrap(line, width * 11 // 10)) or 1 for line in text.splitlines())


class Runs(list):
    """Neighbouring rows with the same key, as [key, first, last]."""

    def add(self, row, key):
        if self and self[-1][0] == key:
            self[-1][2] = row
        else:
            self.append([key, row, row])

    def found(self) -> Iterator[list]:
        """Those whose key is true."""
        return (run for run in self if run[0])


class Looks:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook):
        self.workbook = workbook
        self.made = {}

    def of(self, **properties):
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.workbook.add_format(properties)
        return self.made[key]

    def title(self, column):
        return self.of(**TITLE, bg_color=GREEN if column.title in ENTRIES else DARK)

    def cell(self, column, value, *, is_open):
        entry = ENTRIES.get(column.title)
        shape = entry.shape if entry else TEXT if isinstance(value, str) else WHOLE if column.is_money else NUMBER
        access = {"locked": False} if entry and is_open else {"bg_color": PALE}
        return self.of(**CELL, **access, num_format=shape, text_wrap=shape == TEXT)


def check(sheet, kit, first, last):
    """What the cells of these rows take, and what is said about them."""
    for title, entry in ENTRIES.items():
        rule = dict(entry.rule)
        if title == "Kategori kendala":
            rule["source"] = f"=Pilihan!{xl_range_abs(1, 0, max(len(kit.categories), 1), 0)}"
        if title != "Status":
            check_column(sheet, title, first, last, rule, entry.message)


def check_status(sheet, status, first, last):
    """The states that may follow the present one, which is among them."""
    labels = [choice.label for choice in Report.CHOICES_FROM[status]]
    hint = VERIFIED_HINT if status == Report.Status.VERIFIED else ENTRIES["Status"].message
    check_column(sheet, "Status", first, last, ENTRIES["Status"].rule | {"source": labels}, hint)


def check_column(sheet, title, first, last, rule, hint):
    at = COLUMN[title]
    words = {
        "input_title": title,
        "input_message": hint,
        "error_title": "Isian belum sesuai",
        "error_message": ENTRIES[title].error,
    }
    sheet.data_validation(first, at, last, at, rule | words)


def colour(sheet, looks, first, last):
    """Mark what is still empty, what is above its pagu, and where a change needs its reason."""
    cell = {title: f"${xl_col_to_name(number)}{first + 1}" for title, number in COLUMN.items()}
    output, money, reason = (COLUMN[n] for n in ("Realisasi keluaran", "Realisasi anggaran", "Alasan perubahan"))
    spent, done = cell["Realisasi anggaran"], cell["Realisasi keluaran"]
    for left, right, condition, look in (
        (money, money, f"=AND(ISNUMBER({spent}),{spent}>{cell['Pagu berlaku']})", TOO_MUCH),
        (reason, reason, f'={cell["Status"]}="{Report.Status.VERIFIED.label}"', VERIFIED),
        (output, LAST_COLUMN, f'=AND({spent}="",{done}="")', EMPTY),
    ):
        rule = {"type": "formula", "criteria": condition, "format": looks.of(**look)}
        sheet.conditional_format(first, left, last, right, rule)


def print_on_two_pages(sheet):
    """Two pages wide, with the names of the rows on both."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(2, 0)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, FROZEN - 1)
    sheet.set_footer("&L&A&RHalaman &P dari &N")


def write_guidance(workbook, kit):
    sheet = workbook.add_worksheet("Petunjuk", exports.Sheet)
    large = workbook.add_format({"bold": True, "font_size": 15})
    label = workbook.add_format({"bold": True, "valign": "top", "align": "left"})
    text = workbook.add_format({"text_wrap": True, "valign": "top"})
    framed = workbook.add_format({"text_wrap": True, "valign": "top", "bold": True, "border": 2})
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, SAID_WIDTH)
    sheet.hide_gridlines(2)
    rows = count()

    def write(name, said, label=label, text=text):
        row = next(rows)
        give_room(sheet, row, [(said, SAID_WIDTH)], gap=5)
        exports.write_cell(sheet, row, 0, name, label)
        exports.write_text(sheet, row, 1, said, text)

    sheet.write_string(next(rows), 0, f"Petunjuk mengisi realisasi {kit}", large)
    next(rows)
    if kit.refusal:
        write("Perhatian", f"Berkas ini hanya untuk dibaca. {kit.refusal}", framed, framed)
        next(rows)
    for name, said in facts(kit):
        write(name, said)
    next(rows)
    if not kit.refusal:
        for number, said in enumerate(steps(kit), start=1):
            write(number, said)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", ALLOWED)


def write_choices(workbook, kit):
    """What cells choose from: Excel takes no list of more than 255 characters within a rule."""
    sheet = workbook.add_worksheet("Pilihan", exports.Sheet)
    title, cell = workbook.add_format(TITLE | {"bg_color": DARK}), workbook.add_format(CELL)
    sheet.set_column(0, 0, 36)
    sheet.write_string(0, 0, "Kategori kendala", title)
    for row, name in enumerate(kit.categories, start=1):
        exports.write_text(sheet, row, 0, name, cell)
    sheet.protect("", ALLOWED)
