"""What comes out of the files that people upload: every cell as it was typed, in its row and column."""

import datetime
import io
import os
import signal
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from django.conf import settings

from tests.imports.bad_files import (
    FILES,
    MAIN,
    NIK,
    archive,
    cell,
    inline,
    many_rows,
    sheet_xml,
    with_rows,
    workbook_parts,
    xlsx,
)
from tracker import exports
from tracker.imports import sheets
from tracker.imports.reading.looks import MOMENT, PERCENT, look_of
from tracker.imports.reading.refusals import TOO_MUCH
from tracker.imports.sheets import CellError, Line, NoValue, Percent, SheetInfo, Unreadable, column_letter, lines
from tracker.tables import Column, Table


@pytest.fixture
def read(tmp_path):
    def read(content):
        path = tmp_path / "berkas"
        path.write_bytes(content)
        return sheets.read(path)

    return read


@pytest.fixture
def cells(read):
    """The lines of the first sheet of a file, as (number, cells)."""
    return lambda content, sheet=0: [tuple(line) for line in lines(read(content).packed, sheet)]


@pytest.fixture
def only_cell(cells):
    def only_cell(content):
        [(_, [found])] = cells(content)
        return found

    return only_cell


def written(fill, **options) -> bytes:
    """A workbook by XlsxWriter; `fill` is given the workbook and its first sheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, options) as workbook:
        fill(workbook, workbook.add_worksheet("program"))
    return file.getvalue()


# Texts.

TEXTS = [
    "Dinas Sosial",
    "  di tengah ruang  ",
    "dua\nbaris",
    "dua\r\nbaris, cara Windows",
    "satu\rbaris, cara lama",
    "kolom\tdan\ttab\t",
    "beras 🍚 untuk lansia",
    "_x0041_",
    "x_x000D_y",
    "'=SUM(A1)",
    "=SUM(A1)",
    "0012",
    "1.06.05",
    "2026-10-25",
    "#REF!",
    "45%",
    "TRUE",
    "a\u00a0b",
    "<b>&amp;</b>",
    "\x01",
    "\u200b",
]


@pytest.mark.parametrize("constant_memory", [False, True])
def test_every_text_comes_out_exactly_as_it_was_written(cells, constant_memory):
    def fill(workbook, sheet):
        for row, text in enumerate(TEXTS):
            sheet.write_string(row, 0, text)

    found = cells(written(fill, constant_memory=constant_memory))
    assert found == [(row, [text]) for row, text in enumerate(TEXTS, start=1)]


def test_formatted_text_is_its_letters(only_cell):
    def fill(workbook, sheet):
        bold = workbook.add_format({"bold": True})
        sheet.write_rich_string(0, 0, "Bantuan ", bold, " pangan", "\nberas ")

    assert only_cell(written(fill)) == "Bantuan  pangan\nberas "


def test_phonetic_guides_are_no_text(only_cell):
    item = "<si><t>Lahat</t><rPh sb='0' eb='1'><t>la-hat</t></rPh></si>"
    assert only_cell(with_rows(cell("<v>0</v>", 't="s"'), shared=f"<sst {MAIN}>{item}</sst>")) == "Lahat"


def test_half_a_surrogate_pair_stays_as_it_is_written(only_cell):
    assert only_cell(with_rows(inline("_xD800_"))) == "_xD800_"
    assert only_cell(with_rows(inline("a_x0000_b"))) == "a_x0000_b"


def test_what_shows_nothing_is_empty(cells):
    blank = ["", " ", "\u00a0", "\u202f \u00a0", "\n", "_x000D_"]
    row = "".join(f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>' for text in blank)
    assert cells(with_rows(f"<row>{row}<c><v>1</v></c></row>")) == [(1, [None] * len(blank) + [1])]


# Numbers.


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ("0", 0),
        ("-0", 0),
        ("1250000000", 1_250_000_000),
        ("-5", -5),
        ("5.0", 5),
        ("0.30000000000000004", Decimal("0.3")),
        ("0.1", Decimal("0.1")),
        ("12.5", Decimal("12.5")),
        ("0.33333333333333331", Decimal("0.333333333333333")),
        ("1E-3", Decimal("0.001")),
        ("1.5E+3", 1500),
        ("1.23456789012E14", 123_456_789_012_000),
        ("999999999999999999", 999_999_999_999_999_999),
        ("1E308", Decimal("1E+308")),
        ("NaN", CellError("#NUM!")),
        ("1E309", CellError("#NUM!")),
        ("-inf", CellError("#NUM!")),
    ],
)
def test_a_number_has_the_digits_that_excel_shows(only_cell, stored, value):
    found = only_cell(with_rows(cell(f"<v>{stored}</v>")))
    assert (type(found), found) == (type(value), value)


def test_yes_and_no_of_a_spreadsheet(cells):
    def fill(workbook, sheet):
        sheet.write_row(0, 0, [True, False, 1])

    [(_, found)] = cells(written(fill))
    assert [(type(value), value) for value in found] == [(bool, True), (bool, False), (int, 1)]


@pytest.mark.parametrize(
    ("code", "look"),
    [
        ("General", None),
        ("0.00E+00", None),
        ("#,##0", None),
        ('"Rp"#,##0', None),
        ('_-"Rp"* #,##0_-;-"Rp"* #,##0_-', None),
        ("[$Rp-421]#,##0", None),
        ("[Red]-#,##0;#,##0", None),
        ('#,##0" hari"', None),
        (r"0\%", None),
        ('0"%"', None),
        ("0%", PERCENT),
        ("0.00%;[Red]-0.00%", PERCENT),
        ("dd-mm-yyyy", MOMENT),
        ("[$-421]dd mmmm yyyy;@", MOMENT),
        ("mmm-yy", MOMENT),
        ("h:mm AM/PM", MOMENT),
        ("[h]:mm:ss", MOMENT),
        ("[ss]", MOMENT),
    ],
)
def test_a_format_tells_percentages_and_days_from_numbers(code, look):
    assert look_of(code) == look


@pytest.mark.parametrize("shape", [9, 10, "0.0%"])
def test_a_percentage_says_that_it_is_one(cells, shape):
    def fill(workbook, sheet):
        percent = workbook.add_format()
        percent.set_num_format(shape)
        sheet.write_row(0, 0, [0.45, 1, 0.005], percent)
        sheet.write_string(0, 3, "45%", percent)

    [(_, found)] = cells(written(fill))
    assert found == [Percent(Decimal("0.45")), Percent(Decimal(1)), Percent(Decimal("0.005")), "45%"]


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ("46320", datetime.date(2026, 10, 25)),
        ("46320.4375", datetime.datetime(2026, 10, 25, 10, 30)),
        ("46320.999999999", datetime.date(2026, 10, 26)),
        ("1", datetime.date(1900, 1, 1)),
        ("59", datetime.date(1900, 2, 28)),
        ("60", datetime.date(1900, 2, 28)),  # the 29 February that never was
        ("61", datetime.date(1900, 3, 1)),
        ("0.4375", datetime.datetime(1899, 12, 31, 10, 30)),
        ("2958465", datetime.date(9999, 12, 31)),
        ("2958465.999999999", Decimal("2958466")),
        ("2958466", 2_958_466),
        ("1E300", Decimal("1E+300")),
        ("-1", -1),
        ("NaN", CellError("#NUM!")),
    ],
)
def test_a_day_is_read_where_excel_shows_one(only_cell, stored, value):
    styles = f'<styleSheet {MAIN}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    found = only_cell(with_rows(cell(f"<v>{stored}</v>", 's="1"'), styles=styles))
    assert found == value


def test_days_of_the_old_macintosh_count_from_1904(only_cell):
    def fill(workbook, sheet):
        sheet.write_datetime(0, 0, datetime.date(2026, 10, 25), workbook.add_format({"num_format": "dd-mm-yyyy"}))

    assert only_cell(written(fill, date_1904=True)) == datetime.date(2026, 10, 25)


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ("2026-10-25", datetime.date(2026, 10, 25)),
        ("2026-10-25T00:00:00", datetime.date(2026, 10, 25)),
        ("2026-10-25T10:30:00Z", datetime.datetime(2026, 10, 25, 10, 30)),
    ],
)
def test_days_of_strict_files_are_written_as_text(only_cell, stored, value):
    assert only_cell(with_rows(cell(f"<v>{stored}</v>", 't="d"'))) == value


# Errors and formulas.


@pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"])
def test_an_error_is_told_from_a_text_that_looks_like_one(cells, error):
    def fill(workbook, sheet):
        sheet.write_formula(0, 0, "=A9", value=error)
        sheet.write_string(0, 1, error)

    assert cells(written(fill)) == [(1, [CellError(error), error])]


@pytest.mark.parametrize(
    ("inside", "attributes", "value"),
    [
        ("<f>SUM(B1:C1)</f><v>12.5</v>", "", Decimal("12.5")),
        ("<f>B1</f><v>0</v>", "", 0),
        ("<f>B1</f><v>Dinsos</v>", 't="str"', "Dinsos"),
        ("<f>B1&gt;1</f><v>1</v>", 't="b"', True),
        ("<f>SUM(B1:C1)</f>", "", NoValue("=SUM(B1:C1)")),
        ("<f>SUM(B1:C1)</f><v/>", "", NoValue("=SUM(B1:C1)")),
        ("<f>B1</f>", 't="str"', NoValue("=B1")),
        ('<f t="shared" si="0"/>', "", NoValue("=")),
    ],
)
def test_a_formula_is_its_stored_value_or_says_that_it_has_none(only_cell, inside, attributes, value):
    found = only_cell(with_rows(cell(inside, attributes)))
    assert (type(found), found) == (type(value), value)


def test_a_formula_that_gives_no_text_is_an_empty_cell(cells):
    assert cells(with_rows('<row><c t="str"><f>""</f><v></v></c><c><v>1</v></c></row>')) == [(1, [None, 1])]


def test_a_zero_is_no_value_where_formulas_were_left_to_excel(cells):
    def fill(workbook, sheet):  # XlsxWriter asks for a calculation when the file is opened
        sheet.write_formula(0, 0, "=SUM(C1:D1)")
        sheet.write_formula(0, 1, "=SUM(C1:D1)", value=7)

    assert cells(written(fill)) == [(1, [NoValue("=SUM(C1:D1)"), 7])]


def test_formulas_by_openpyxl_have_no_value(only_cell):
    workbook, file = openpyxl.Workbook(), io.BytesIO()
    workbook.active["A1"] = "=SUM(B1:C1)"
    workbook.save(file)
    assert only_cell(file.getvalue()) == NoValue("=SUM(B1:C1)")


# Where cells are.


def test_rows_and_columns_are_those_of_the_sheet(cells):
    def fill(workbook, sheet):
        sheet.write_string(4, 2, "Register")
        sheet.write_number(6, 1, 7)
        sheet.write_blank(9, 9, None, workbook.add_format({"bold": True}))

    assert cells(written(fill)) == [(5, [None, None, "Register"]), (7, [None, 7])]


def test_cells_without_references_follow_one_another(cells):
    rows = "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c r='B3'><v>4</v></c><c><v>5</v></c></row>"
    assert cells(with_rows(rows)) == [(1, [1, None, 3]), (3, [None, 4, 5])]


@pytest.mark.parametrize("stated", ["A1", "B2:C3", "A1:XFD1048576", "ZZZ0"])
def test_what_a_sheet_says_about_its_size_is_not_believed(cells, stated):
    sheet = sheet_xml(many_rows(1, 30), before=f'<dimension ref="{stated}"/>')
    assert cells(xlsx(sheet)) == [(row, [row]) for row in range(1, 31)]


def test_limits_are_reached_without_being_passed(read):
    rows = many_rows(1, 1) + many_rows(101, 20_098)
    wide = f'<row>{"<c><v>1</v></c>" * 199}<c t="inlineStr"><is><t>{"x" * 40_000}</t></is></c><c s="0"/></row>'
    reading = read(xlsx(sheet_xml(rows), sheet_xml(wide), *[sheet_xml("")] * 38))
    assert [sheet.rows for sheet in reading.sheets] == [19_999, 1] + [0] * 38


def test_strict_files_and_prefixes_are_read_as_others(cells):
    prefixed = (
        '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row r="2">'
        '<x:c r="B2" t="inlineStr"><x:is><x:t>Dinsos</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert cells(xlsx(prefixed)) == [(2, [None, "Dinsos"])]


def test_parts_are_found_with_other_cases_and_from_the_root(cells):
    parts = workbook_parts(sheet_xml(many_rows(1, 1)))
    rels = parts["xl/_rels/workbook.xml.rels"].replace("worksheets/sheet1", "/XL/Worksheets/Sheet1")
    renamed = {name.replace("/", "\\"): xml for name, xml in parts.items()} | {"xl\\_rels\\workbook.xml.rels": rels}
    assert cells(archive(renamed)) == [(1, [1])]


def test_each_sheet_has_its_name_its_rows_and_its_merged_headings(read):
    def fill(workbook, sheet):
        sheet.merge_range(0, 0, 0, 3, "Laporan")
        sheet.merge_range(1, 0, 2, 0, "Register")
        sheet.merge_range(80, 0, 81, 0, "jauh di bawah")
        sheet.write_row(70, 0, [1, 2])
        hidden = workbook.add_worksheet("Bantu & lain")
        hidden.write_number(0, 0, 5)
        hidden.hide()
        workbook.add_worksheet("Sangat tersembunyi").very_hidden()
        chart = workbook.add_chart({"type": "column"})
        chart.add_series({"values": "=program!$A$71:$B$71"})
        workbook.add_chartsheet("Grafik").set_chart(chart)

    reading = read(written(fill))
    assert reading.sheets == (
        SheetInfo("program", False, ((1, 1, 1, 4), (2, 1, 3, 1)), 4),
        SheetInfo("Bantu & lain", True, (), 1),
        SheetInfo("Sangat tersembunyi", True, (), 0),
    )
    assert (reading.format, reading.delimiter, reading.encoding) == ("xlsx", None, None)
    assert [list(lines(reading.packed, sheet)) for sheet in (1, 2, 3)] == [[Line(1, [5])], [], []]


def test_a_workbook_with_macros_is_read_for_its_values(cells):
    """Macros are neither run nor kept, and ministries hand out templates with them."""
    parts = workbook_parts(sheet_xml(many_rows(1, 1))) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
    assert cells(archive(parts)) == [(1, [1])]


@pytest.mark.libreoffice
def test_libreoffice_writes_the_same_cells_as_it_was_given(cells, tmp_path):
    def fill(workbook, sheet):
        shape = workbook.add_format
        sheet.merge_range(0, 0, 0, 5, "Laporan\ntriwulan")
        sheet.write_row(2, 1, [5, 0.1, "0012", "_x0041_", True])
        sheet.write_number(3, 1, 0.45, shape({"num_format": "0%"}))
        sheet.write_datetime(3, 2, datetime.date(2026, 10, 25), shape({"num_format": "dd-mm-yyyy"}))
        sheet.write_formula(3, 3, "=1/0", value="#DIV/0!")
        sheet.write_formula(3, 4, "=B3*2", value=10)

    (tmp_path / "asal.xlsx").write_bytes(written(fill))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [os.environ["SOFFICE"], profile, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "hasil"]
    subprocess.run([*command, tmp_path / "asal.xlsx"], check=True, capture_output=True, timeout=120)
    assert cells((tmp_path / "hasil" / "asal.xlsx").read_bytes()) == [
        (1, ["Laporan\ntriwulan"]),
        (3, [None, 5, Decimal("0.1"), "0012", "_x0041_", True]),
        (4, [None, Percent(Decimal("0.45")), datetime.date(2026, 10, 25), CellError("#DIV/0!"), 10]),
    ]


# CSV.


@pytest.mark.parametrize(
    ("text", "delimiter", "rows"),
    [
        ("a;b\n1;2\n", ";", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,2\n", ",", [["a", "b"], ["1", "2"]]),
        ("a\tb\n1\t2\n", "\t", [["a", "b"], ["1", "2"]]),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";", [["a", "b"], ["1,5", "2,5"], ["3,5", "4,5"]]),
        ('a,b\n"1;5","2;5"\n', ",", [["a", "b"], ["1;5", "2;5"]]),
        ('a;b\n"x, y\nz, w";2\n', ";", [["a", "b"], ["x, y\nz, w", "2"]]),
        ("Laporan, tahun 2026\n\na;b;c\n1;2;3\n", ";", [["Laporan, tahun 2026"], ["a", "b", "c"], ["1", "2", "3"]]),
        ("sep=,\na;x,b\n1;x,2\n", ",", [["a;x", "b"], ["1;x", "2"]]),
        ('"sep=;"\r\na;b\r\n', ";", [["a", "b"]]),
        ("Register\n2026-0001\n", None, [["Register"], ["2026-0001"]]),
        ('a;b\n" 5"" pipa ";x"y\n', ";", [["a", "b"], [' 5" pipa ', 'x"y']]),
        ("a;b;;\n;2; ;\n", ";", [["a", "b"], [None, "2"]]),
    ],
)
def test_a_csv_is_cut_as_it_was_meant(read, text, delimiter, rows):
    reading = read(text.encode())
    assert (reading.format, reading.delimiter, reading.encoding) == ("csv", delimiter, "utf-8")
    assert reading.sheets == (SheetInfo("", False, (), len(rows)),)
    assert [line.cells for line in lines(reading.packed, 0)] == rows


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
def test_a_csv_is_read_in_the_letters_it_was_saved_with(read, encoding, name):
    reading = read("Café – “beras”\t5\r\n".encode(encoding))
    assert reading.encoding == name
    assert list(lines(reading.packed, 0)) == [Line(1, ["Café – “beras”", "5"])]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_rows_of_a_csv_have_the_numbers_that_a_spreadsheet_shows(cells, end):
    text = end.join(["a;b", "", f'"dua{end}baris";1', ";", "c;2", ""])
    assert cells(text.encode()) == [(1, ["a", "b"]), (3, [f"dua{end}baris", "1"]), (5, ["c", "2"])]


def test_texts_of_a_csv_stay_as_they_are(cells):
    assert cells(b"'=SUM(A1); 0012 ;45%;-;1.500,5\r\n") == [(1, ["'=SUM(A1)", " 0012 ", "45%", "-", "1.500,5"])]


def test_our_own_files_come_back_cell_by_cell(cells):
    values = ["2026-0001", 2026, 1_250_000_000, Decimal("12.5"), datetime.date(2026, 10, 25), None, " teks\r\n", 5]
    columns = tuple(Column(f"K{n}", lambda row, n=n: row[n]) for n in range(len(values)))
    table = Table("program", columns, [values])
    titles = [column.title for column in columns]
    file = io.BytesIO()
    exports.write_workbook(file, table, [("Judul", "Uji")])
    assert cells(file.getvalue()) == [(1, titles), (2, values)]
    assert cells(file.getvalue(), sheet=1) == [(1, ["Judul", "Uji"])]

    typed = ["2026-0001", "2026", "1250000000", "12,5", "25-10-2026", None, " teks\r\n", "5"]
    assert cells(b"".join(exports.human_csv(table))) == [(1, titles), (2, typed)]


# Lines.


def test_the_packed_lines_are_json_that_zlib_opens(read):
    reading = read(xlsx(sheet_xml(many_rows(1, 2)), sheet_xml(many_rows(3, 3))))
    assert zlib.decompress(reading.packed).decode().splitlines() == [
        '{"sheet":"Lembar1","hidden":false}',
        "[1,[1]]",
        "[2,[2]]",
        '{"sheet":"Lembar2","hidden":false}',
        "[3,[3]]",
    ]


def test_lines_come_from_the_database_as_well(read):
    """PostgreSQL gives a memoryview; many lines are unpacked a little at a time."""
    reading = read(with_rows(many_rows(1, 20_000)))
    found = [line.number for line in lines(memoryview(reading.packed), 0)]
    assert found == list(range(1, 20_001))


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
)
def test_columns_have_the_letters_of_a_spreadsheet(index, letters):
    assert column_letter(index) == letters


# Identity numbers.


def places(read, content):
    with pytest.raises(Unreadable) as refusal:
        read(content)
    return refusal.value.places


def test_every_place_of_an_identity_number_is_named(read):
    def fill(workbook, sheet):
        sheet.write_row(0, 0, ["Nama", f"NIK {NIK}"])
        sheet.write_row(2, 26, [int(NIK), NIK, "160405 120385 0001"])
        other = workbook.add_worksheet(f"KK {NIK}")
        other.write_string(9, 0, "1604-0512-0385-0001")
        other.hide()

    found = places(read, written(fill))
    masked = "KK " + "*" * 16
    first = [("program", 1, "B"), ("program", 3, "AA"), ("program", 3, "AB"), ("program", 3, "AC")]
    assert found == [*first, (masked, 0, ""), (masked, 10, "A")]


def test_a_thousand_places_are_enough(read):
    found = places(read, f"{NIK};{NIK}\n".encode() * 700)
    assert (len(found), found[-1]) == (1000, ("", 500, "B"))


def test_other_long_numbers_are_no_identity_numbers(cells):
    values = ["123456789012345", "12345678901234567", "1234 5678 9012", "2026.2026.2026.2026"]
    numbers = "".join(f"<c><v>{number}</v></c>" for number in ("999999999999999", "0.0123456789012345"))
    texts = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
    expected = [*values, 999_999_999_999_999, Decimal("0.0123456789012345")]
    assert cells(with_rows(f"<row>{texts}{numbers}</row>")) == [(1, expected)]


# The process that reads.


@pytest.fixture
def reader_is(tmp_path, monkeypatch):
    """Another script in the place of the reader, which does what a reader only does in bad times."""

    def replace(script):
        path = tmp_path / "reader.py"
        path.write_text(script)
        monkeypatch.setattr(sheets, "READER", path)

    return replace


def no_child_is_left():
    try:
        return os.waitpid(-1, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return True


def test_the_reader_knows_no_secret_and_no_database(reader_is, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "rahasia")
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@h/db")
    reader_is(f"import os; open({str(tmp_path / 'seen')!r}, 'w').write(repr(sorted(os.environ))); os._exit(1)")
    with pytest.raises(Unreadable):
        sheets.read(tmp_path / "berkas")
    assert set(eval((tmp_path / "seen").read_text())) <= {"LC_CTYPE", "SYSTEMROOT"}


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("import time; time.sleep(60)", TOO_MUCH),
        ("while True: pass", TOO_MUCH),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", TOO_MUCH),
        ("import os; os.abort()", TOO_MUCH),
        ("import sys; print('[1,[2'); sys.exit(1)", TOO_MUCH),
        ("import sys; sys.exit(3)", sheets.NO_ROOM),
    ],
)
def test_a_reader_that_does_not_come_to_its_end_is_explained(reader_is, tmp_path, monkeypatch, script, sentence):
    reader_is(script)
    monkeypatch.setattr(sheets, "MOST_SECONDS", 0.5)
    with pytest.raises(Unreadable) as refusal:
        sheets.read(tmp_path / "berkas")
    assert refusal.value.args == (sentence,)
    assert no_child_is_left()


@pytest.mark.skipif(not hasattr(signal, "alarm"), reason="Windows has no such limits")
@pytest.mark.parametrize(
    ("limit", "work", "endings"),
    [
        ("MOST_CPU_SECONDS = 1", "while True: pass", {signal.SIGXCPU, signal.SIGKILL}),
        ("MOST_SECONDS = 1", "signal.pause()", {signal.SIGALRM}),
        ("MOST_MEMORY = 2**28", "bytearray(2**28)", {-1}),
    ],
)
def test_the_reader_ends_itself_when_nobody_is_left_to_end_it(limit, work, endings):
    script = f"import signal; from tracker.imports import reader; reader.{limit}; reader.limit_this_process(); {work}"
    command = [sys.executable, "-c", script.replace("; while", "\nwhile")]
    ended = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, timeout=20)
    assert -ended.returncode in endings


def test_a_server_without_room_for_a_process_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    with pytest.raises(Unreadable) as refusal:
        sheets.read(tmp_path / "berkas")
    assert refusal.value.args == (sheets.BUSY,)


@pytest.mark.skipif(sys.platform != "linux", reason="asks the system for a full disk")
def test_a_full_disk_is_no_fault_of_the_file(tmp_path):
    path = tmp_path / "berkas"
    path.write_bytes(with_rows(many_rows(1, 20_000)))
    with open("/dev/full", "wb") as full, pytest.raises(Unreadable) as refusal:
        sheets.run_reader(path, full)
    assert refusal.value.args == (sheets.NO_ROOM,)


def test_many_uploads_at_once_do_not_hurt_one_another(tmp_path, monkeypatch):
    temporary = tmp_path / "sementara"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))

    def one(number):
        path = tmp_path / f"{number}"
        path.write_bytes(
            with_rows(many_rows(number, number)) if number % 3 else FILES["truncated in the middle"].make()
        )
        try:
            return [line.cells for line in lines(sheets.read(path).packed, 0)]
        except Unreadable as refusal:
            return refusal.args[0]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, range(1, 25)))
    damaged = FILES["truncated in the middle"].sentence
    assert found == [[[number]] if number % 3 else damaged for number in range(1, 25)]
    assert list(temporary.iterdir()) == []
    assert no_child_is_left()


def test_a_file_that_is_gone_is_explained(tmp_path):
    with pytest.raises(Unreadable) as refusal:
        sheets.read(tmp_path / "tidak ada")
    assert refusal.value.args == (FILES["truncated in the middle"].sentence,)
