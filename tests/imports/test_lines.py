"""Which lines of a sheet are rows, and what the others are called."""

from decimal import Decimal

import pytest

from tracker.imports.layout import Layout
from tracker.imports.lines import LeftOut, Row, rows_of
from tracker.imports.sheets import Line
from tracker.models.imports import Sheet

HEADINGS = ["No", "OPD", "Sub kegiatan", "Target", "Satuan", "Pagu"]
COLUMNS = {1: "opd", 2: "name", 3: "target", 4: "unit", 5: "budget"}
ROW = ["1", "Dinsos", "Beras", "10", "KPM", "5.000"]
BLANK, SUMS, REPEATED = "Baris kosong.", "Baris jumlah.", "Judul kolom yang berulang."
NUMBERS, NOTES, CHOSEN = "Nomor kolom.", "Catatan di bawah tabel.", "Dilewati seperti yang dipilih."


def read(*lines, columns=COLUMNS, fixed=None, left_out=(), sheet=Sheet.PROGRAM):
    """What becomes of these lines below the headings in line 1; None is a line that the file does not have."""
    layout = Layout(sheet, 0, 1, 1, columns, fixed or {}, left_out=left_out)
    given = [Line(1, HEADINGS), *(Line(number, cells) for number, cells in enumerate(lines, start=2) if cells)]
    return list(rows_of(given, layout, HEADINGS))


def told(*lines, **options) -> list[str]:
    """The reason for each line, "" for a row."""
    return [each.why if isinstance(each, LeftOut) else "" for each in read(*lines, **options)]


def test_a_row_has_its_cells_by_column_and_the_number_of_its_line():
    cells = {"opd": "Dinsos", "name": "Beras", "target": "10", "unit": "KPM", "budget": "5.000"}
    assert read(ROW) == [Row(2, cells)]


def test_blank_lines_between_rows_are_told():
    assert told(ROW, None, None, ROW) == ["", BLANK, BLANK, ""]


@pytest.mark.parametrize(
    "cells",
    [
        ["Jumlah", None, None, None, None, 10_000],
        [None, None, "JUMLAH", None, None, "10.000"],
        [None, "Sub Total", None, None, None, "10.000"],
        ["Sub-total Dinsos", None, None, 20, None, 10_000],
        [None, "Subjumlah", None, None, None, 10_000],
        [None, None, "Total", None, None, 10_000],
        [None, None, None, "Grand Total", None, 10_000],
        ["JUMLAH (A+B)", None, None, None, None, 10_000],
        [3, "Jumlah", None, None, None, 10_000],
    ],
)
def test_sums_are_left_out(cells):
    assert told(ROW, cells, ROW) == ["", SUMS, ""]


@pytest.mark.parametrize("name", ["Jumlahkan data", "Totalitas layanan", "Penjumlahan", "Sub kegiatan total"])
def test_words_that_only_begin_alike_are_no_sums(name):
    assert told([None, None, name, 5, "KPM", 5]) == [""]


def test_a_row_in_full_is_no_sum_whatever_its_name():
    assert told([None, "Dinsos", "Jumlah Desa Mandiri", 5, "desa", 5]) == [""]
    named_first = {0: "name", 1: "opd", 4: "unit", 5: "budget"}
    assert told(["Jumlah Desa Mandiri", "Dinsos", None, 5, "desa", 5], columns=named_first) == [""]


def test_a_row_with_a_register_is_no_sum_but_the_word_in_its_place_is():
    columns = {0: "ref", 2: "name", 5: "budget"}
    assert told(["2026-0001", None, "Jumlah Desa Mandiri", None, None, 5], columns=columns) == [""]
    assert told(["Jumlah", None, None, None, None, 5], columns=columns) == [SUMS]


@pytest.mark.parametrize(
    "cells", [HEADINGS, [text.upper() for text in HEADINGS], ["NO", None, "Sub  Kegiatan", "TARGET", None, "Pagu"]]
)
def test_headings_on_every_page_are_left_out(cells):
    assert told(ROW, cells, ROW) == ["", REPEATED, ""]


@pytest.mark.parametrize(
    "cells",
    [
        [1, 2, 3, 4, 5, 6],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["1", "2", "3", "4", "5=3x4"[:1], "6"],
        [1, 2, 3, "4a", "4b", 5],
        [None, "1", "2", "3", "4", "5"],
    ],
)
def test_the_numbers_of_columns_are_left_out(cells):
    assert told(cells, ROW) == [NUMBERS, ""]


@pytest.mark.parametrize("cells", [[1, "Dinsos", 3, 4, 5, 6], [None, None, "Beras", 4, None, 6], [9, 2, 3, 4, 5, 600]])
def test_figures_are_no_numbers_of_columns(cells):
    assert told(cells) == [""]


def test_lines_that_were_chosen_are_left_out():
    assert told(ROW, ROW, ROW, left_out=(3,)) == ["", CHOSEN, ""]


# Below the table

SIGNATURE = (
    [None, None, None, None, "Lahat, 5 Januari 2026"],
    [None, None, None, None, "Kepala Dinas,"],
    None,
    [None, "Mengetahui", None, None, "CONTOH NAMA, S.Sos."],
)


@pytest.mark.parametrize("end", [None, [None, None, "Jumlah", None, None, 5]])
def test_notes_and_signatures_below_the_table_are_no_rows(end):
    why = BLANK if end is None else SUMS
    assert told(ROW, end, *SIGNATURE) == ["", why, NOTES, NOTES, BLANK, NOTES]


def test_texts_between_rows_are_rows_so_that_nothing_is_passed_over():
    heading = [None, "DINAS KESEHATAN"]
    assert told(ROW, None, heading, ROW) == ["", BLANK, "", ""]
    assert told(ROW, None, heading, None, heading, None, ROW) == ["", BLANK, "", BLANK, "", BLANK, ""]
    assert [each.number for each in read(ROW, None, heading, ROW)] == [2, 3, 4, 5]


def test_texts_right_below_the_last_row_belong_to_the_table():
    assert told(ROW, [None, "DINAS KESEHATAN"]) == ["", ""]


@pytest.mark.parametrize(
    "cells",
    [[None, None, "Telur", None, None, 5], [None, "Dinsos", "Telur", 5], [None, "Dinsos", "Telur", None, "KPM"]],
)
def test_a_row_with_a_figure_or_three_texts_is_no_note(cells):
    assert told(ROW, None, cells) == ["", BLANK, ""]


def test_a_register_alone_is_no_note():
    assert told(ROW, None, ["2026-0001"], columns={0: "ref", 2: "name"}) == ["", BLANK, ""]


def test_what_stands_for_every_row_makes_no_row_of_a_note():
    fixed = {"year": "2026", "funding_source": "DAU", "program": "Bantuan"}
    assert told(ROW, None, *SIGNATURE, fixed=fixed)[2:] == [NOTES, NOTES, BLANK, NOTES]


# Levels

LEVELS = {0: "level_code", 2: "level_name", 5: "budget"}
ABOVE = "Baris urusan atau kegiatan di atas sub kegiatan."
PROGRAM = "Baris program: nama dan kodenya dipakai untuk sub kegiatan di bawahnya."
UNIT = "Baris OPD: namanya dipakai untuk sub kegiatan di bawahnya."
ACCOUNT = "Baris rekening belanja di bawah sub kegiatan."
NO_CODE = "Baris tanpa kode, jadi bukan sub kegiatan."


def level(code, name="Nama"):
    return [code, None, name, None, None, 5]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        *[
            (code, ABOVE)
            for code in ("1", 1, "1.06", Decimal("1.06"), "1.06.05.2.01", "X", "X.XX", "X.XX.01.2.06", "1.")
        ],
        *[(code, PROGRAM) for code in ("1.06.05", "X.XX.01", " 1.06.05 ", "1.06.05.")],
        *[(code, UNIT) for code in ("1.06.0.00.0.00.01.0000", "1.06.2.14.0.00.01")],
        *[(code, ACCOUNT) for code in ("5.1", "5.1.02", "5.1.02.01.01.0001", "5.1.02.01.01.00012")],
        *[(code, NO_CODE) for code in (None, "-", "Mengetahui,")],
        *[
            (code, "")
            for code in ("1.06.05.2.01.0001", "1.06.05.2.01.01", "X.XX.01.2.06.0001", "1.06.05.2.01.1", "A.1")
        ],
    ],
)
def test_a_code_tells_the_level(code, why):
    assert told(level(code), columns=LEVELS) == [why]


def test_a_sub_kegiatan_belongs_to_the_program_and_the_unit_above_it():
    rows = read(
        level("1.06.0.00.0.00.01.0000", "Dinas Sosial"),
        level("1.06.05", "Perlindungan"),
        level("1.06.05.2.01.0001", "Beras"),
        level("1.06.06", "Lain"),
        level("1.06.06.2.01.0001", "Telur"),
        columns=LEVELS,
        fixed={"opd": "Dinkes"},
    )
    found = [row.cells for row in rows if isinstance(row, Row)]
    assert [(cells["opd"], cells["program_code"], cells["program"], cells["name"]) for cells in found] == [
        ("Dinas Sosial", "1.06.05", "Perlindungan", "Beras"),
        ("Dinas Sosial", "1.06.06", "Lain", "Telur"),
    ]


@pytest.mark.parametrize("code", ["1.07", "2", "1.07.0.00.0.00.01.0000"])
def test_a_program_ends_where_another_part_begins(code):
    *_, row = read(level("1.06.05"), level(code), level("1.07.05.2.01.0001"), columns=LEVELS)
    assert "program" not in row.cells


def test_parts_of_a_code_are_joined_with_the_zeros_that_are_certain():
    columns = dict.fromkeys(range(5), "level_code") | {5: "level_name"}
    *_, row = read(
        [1, 6, 5, None, None, "Perlindungan"],
        [1, 6, 5, Decimal("2.1"), "0001", "Beras"],
        columns=columns,
    )
    assert (row.cells["program_code"], row.cells["code"]) == ("1.06.05", "1.06.05.2.10.0001")


@pytest.mark.parametrize(
    ("program", "is_below"), [("1.06.05", True), ("X.XX.05", True), ("1.06.02", False), ("2.06.05", False)]
)
def test_a_sub_kegiatan_under_another_program_is_given_none(program, is_below):
    lines = [[program, "Program"], ["1.06.05.2.01.0001", "Beras"]]
    [row] = [each for each in read(*lines, columns={0: "level_code", 1: "level_name"}) if isinstance(each, Row)]
    assert row.cells.get("program") == ("Program" if is_below else None)


def test_a_program_ends_at_a_line_that_was_left_out():
    lines = [["1.06.05", "Program A"], ["1.06.5", "Program B"], ["1.06.05.2.01.0001", "Beras"]]
    found = read(*lines, columns={0: "level_code", 1: "level_name"}, left_out=(3,))
    assert "program" not in found[-1].cells
