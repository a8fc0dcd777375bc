"""One cell: what people and spreadsheets write in it, and what is refused with what to do instead."""

import datetime
from decimal import Decimal

import pytest

from tests import make
from tracker.imports.cells import LISTS, BadCell, CellReader, Manner
from tracker.imports.columns import SHEETS, Kind, SheetColumn
from tracker.imports.names import Names
from tracker.imports.rows import is_as_written
from tracker.imports.sheets import CellError, NoValue, Percent
from tracker.models.imports import Sheet

PROGRAM, REPORTS = SHEETS[Sheet.PROGRAM], SHEETS[Sheet.REPORTS]
MONEY, TARGET, PLAN, COUNT = (PROGRAM[key] for key in ("budget", "target", "plan_q1", "target_beneficiaries"))
CODE, NAME, YEAR, PRIORITY, QUARTER, YES_NO = (
    PROGRAM[key] for key in ("code", "name", "year", "priority", "starts_quarter", "is_cash_for_work")
)
FISIK, DUE, STATUS = (REPORTS[key] for key in ("physical_percent", "follow_up_due", "status"))
DAY = datetime.date(2026, 3, 4)


@pytest.fixture
def read(db):
    """Reads a cell as a file of this manner means it."""

    def read(cell, column, **manner):
        return CellReader(Names(), Manner(**manner)).read(cell, column)

    return read


def why(read, cell, column, **manner) -> str:
    with pytest.raises(BadCell) as bad:
        read(cell, column, **manner)
    return str(bad.value)


# Numbers and rupiah


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        *[(text, 1_250_000) for text in ("1250000", "1.250.000", "Rp1.250.000", "Rp 1.250.000", "rp. 1.250.000")],
        *[(text, 1_250_000) for text in ("Rp\u00a01.250.000", " 1.250.000 ", "1.250.000,00", "Rp. 1.250.000,00")],
        *[
            (text, 1_250_000)
            for text in ("1.250.000,-", "Rp 1.250.000,-", "Rp1.250.000,--", "1.250.000,–", "1250000,-")
        ],
        *[(text, 1_250_000) for text in ("Rp 1.250.000 ,-", "1.250.000.-")],
        (1_250_000, 1_250_000),
        (Decimal("1250000.0"), 1_250_000),
        ("0", 0),
        ("−5", -5),
    ],
)
def test_rupiah_is_read_as_offices_write_it(read, cell, amount):
    assert read(cell, MONEY) == amount


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "1,250,000",
            "1.25.000",
            "1 250 000",
            "1,5 juta",
            "1.250.000 rupiah",
            "Rp",
            ",-",
            "1e5",
            "1_000",
            "١٢٣",
            "5,-0",
        ),
        *("-", "Rp -", "(5.000)", "5-", "1.250.000,-,-", "12.500.-00", "Rp Rp 5", "nan", "1.250.000,- (2x)"),
    ],
)
def test_what_is_no_clear_amount_is_refused(read, cell):
    assert "bukan angka" in why(read, cell, MONEY)


@pytest.mark.parametrize("cell", ["5,-", "Rp 5,-"])
def test_only_rupiah_end_with_a_dash(read, cell):
    assert "bukan angka" in why(read, cell, TARGET)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        *[(text, Decimal("1250000.5")) for text in ("1,250,000.50", "1250000.5", "Rp1,250,000.50", "IDR 1,250,000.5")],
        ("1,250,000.-", 1_250_000),
        ("12.500", Decimal("12.5")),
    ],
)
def test_decimal_points_are_read_where_they_were_declared(read, cell, amount):
    assert read(cell, MONEY, has_decimal_points=True) == amount


@pytest.mark.parametrize("cell", ["1.250.000", "12,5", "1,25,000", "1.250,00"])
def test_indonesian_numbers_are_refused_where_decimal_points_were_declared(read, cell):
    assert "bukan angka dengan koma ribuan dan titik desimal" in why(read, cell, TARGET, has_decimal_points=True)


@pytest.mark.parametrize("cell", ["1.250,5", Decimal("1250.5")])
def test_rupiah_in_thousands_or_millions(read, cell):
    assert read(cell, MONEY, rupiah_in=1000) == 1_250_500
    assert read(cell, MONEY, rupiah_in=1_000_000) == 1_250_500_000
    assert read(cell, TARGET, rupiah_in=1000) == Decimal("1250.5"), "other numbers are not money"


# Percent, dates, codes: what a spreadsheet makes of them


@pytest.mark.parametrize("column", [PLAN, FISIK])
def test_a_percent_cell_is_a_percentage_where_one_is_asked(read, column):
    assert read(Percent(Decimal("0.455")), column) == Decimal("45.5")
    assert read("45,5", column) == Decimal("45.5")
    assert read("45,5%", column) == Decimal("45.5")
    assert read("45,5 %", column) == Decimal("45.5")


def test_elsewhere_it_is_refused(read):
    for column in (MONEY, TARGET, COUNT):
        assert why(read, Percent(Decimal("0.5")), column) == (
            "Sel ini berformat persen, padahal kolom ini bukan persen. Ketik angkanya sendiri."
        )
    assert "bukan angka" in why(read, "50%", TARGET)


@pytest.mark.parametrize("column", [MONEY, TARGET, COUNT, PLAN])
@pytest.mark.parametrize("cell", [DAY, datetime.datetime(2026, 3, 4, 12, 0)])
def test_a_date_in_a_column_of_numbers_is_refused(read, column, cell):
    assert why(read, cell, column) == (
        "Excel membaca sel ini sebagai tanggal, padahal kolom ini memuat angka. "
        "Ubah format selnya menjadi Angka, lalu ketik kembali."
    )


@pytest.mark.parametrize("cell", [DAY, datetime.datetime(2026, 3, 4, 9, 30), "04-03-2026", "4-3-2026", "4/3/2026"])
def test_a_date_is_read_from_cells_and_from_texts(read, cell):
    if cell == "4/3/2026":
        assert why(read, cell, DUE).startswith("Tanggal ini dapat berarti 4 Maret 2026 atau 3 April 2026.")
    else:
        assert read(cell, DUE) == DAY


@pytest.mark.parametrize("cell", ["2026-03-04", "4 Maret 2026", "13/13/2026", "29-02-2026", "4-3-26", 46085, True])
def test_what_is_no_clear_date_is_refused(read, cell):
    assert why(read, cell, DUE) == ("Tanggal ditulis dengan urutan tanggal, bulan, tahun: misalnya 31-12-2026.")


@pytest.mark.parametrize(
    ("cell", "what"),
    [(DAY, "tanggal"), (Decimal("1.06"), "angka"), (Percent(Decimal("0.5")), "angka"), (True, "angka")],
)
def test_a_code_that_lost_its_shape_is_refused_with_what_to_do(read, cell, what):
    assert why(read, cell, CODE) == (
        f"Excel membaca kode ini sebagai {what}, jadi bentuk aslinya mungkin hilang. "
        "Ubah format selnya menjadi Teks, lalu ketik kembali kodenya."
    )


def test_a_code_of_digits_alone_has_lost_nothing(read):
    assert read(106, CODE) == "106"
    assert read(2026, YEAR) == 2026
    assert read(" 1.06.05 ", CODE) == "1.06.05"


@pytest.mark.parametrize(
    "cell", ["2021-1", datetime.date(2021, 1, 1), datetime.datetime(2021, 1, 1), "2021-1 Prioritas 1"]
)
def test_a_priority_that_became_a_date_is_read_back(read, cell):
    make.priority(2021, 1)
    assert read(cell, PRIORITY) == "2021-1"


def test_another_day_is_no_priority(read):
    make.priority(2021, 1)
    assert why(read, datetime.date(2021, 1, 2), PRIORITY).startswith("Excel membaca kode ini sebagai tanggal")


# Words


@pytest.mark.parametrize(
    ("cell", "quarter"),
    [
        *[
            (text, 2)
            for text in ("TW II", "tw ii", "TW2", "TW. 2", "II", "2", "triwulan ii", "Triwulan 2", "Tri Wulan II")
        ],
        *[(text, 2) for text in ("Q2", "TW-II", "tw.ii", " II ", "Triwulan ke-2", "TRIWULAN KE II")],
        (2, 2),
        *[("TW I", 1), ("III", 3), ("Triwulan IV", 4), ("iv", 4)],
    ],
)
def test_a_quarter_has_many_names(read, cell, quarter):
    assert read(cell, QUARTER) == quarter


@pytest.mark.parametrize("cell", ["TW V", "5", "IIII", "0", "12", "TW", "Semester II", 5])
def test_what_is_no_quarter_is_refused(read, cell):
    assert why(read, cell, QUARTER) == "Triwulan ditulis TW I, TW II, TW III, atau TW IV."


@pytest.mark.parametrize("cell", ["26", "20266", "tahun 2026", "2026/2027", "dua ribu"])
def test_a_year_has_four_digits(read, cell):
    assert why(read, cell, YEAR) == "Tahun ditulis dengan empat angka, misalnya 2026."


@pytest.mark.parametrize("cell", ["ya", "Ya", "YA", "y", "V", "✓", "x", "1", 1, True, "TRUE", "benar"])
def test_yes(read, cell):
    assert read(cell, YES_NO) is True


@pytest.mark.parametrize("cell", ["tidak", "Tidak", "t", "n", "0", 0, False, "FALSE"])
def test_no(read, cell):
    assert read(cell, YES_NO) is False


def test_what_is_neither_is_refused(read):
    assert why(read, "mungkin", YES_NO) == "Tulis ya atau tidak."


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'=1+1", "=1+1"),
        ("''=1", "'=1"),
        ("'tanda", "'tanda"),
        (12, "12"),
        (Decimal("12.5"), "12,5"),
        (Percent(Decimal("0.125")), "12,5%"),
        (True, "ya"),
    ],
)
def test_a_text_is_what_was_typed(read, cell, text):
    assert read(cell, NAME) == text


def test_a_date_in_a_text_is_refused(read):
    assert why(read, DAY, NAME) == (
        "Excel membaca sel ini sebagai tanggal. Ubah format selnya menjadi Teks, lalu ketik kembali."
    )


# Cells that hold nothing to be read


@pytest.mark.parametrize("kind", Kind)
def test_errors_and_formulas_without_value_are_refused_everywhere(read, kind):
    column = SheetColumn("x", "X", kind)
    assert why(read, CellError("#REF!"), column) == (
        "Sel ini berisi galat #REF!. Perbaiki rumusnya atau ketik nilainya."
    )
    assert why(read, NoValue("=A1"), column).startswith("Sel ini berisi rumus yang hasilnya tidak tersimpan.")
    assert read(None, column) == (() if kind in LISTS else None)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "cell", ["", " ", "x", "'", 0, -1, 10**30, Decimal("1E-9"), True, DAY, Percent(Decimal(9)), "9" * 5000, "\u0000"]
)
def test_no_cell_breaks_the_reader(read, kind, cell):
    try:
        read(cell, SheetColumn("x", "X", kind))
    except BadCell as bad:
        assert str(bad)


# Whether a cell still says what was stored


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        (None, None),
        (None, ""),
        ("2026", 2026),
        (2026, 2026),
        ("12,5", Decimal("12.500")),
        (Decimal("12.5"), Decimal("12.500")),
        ("04-03-2026", DAY),
        ("04/03/2026", DAY),
        ("4/3/2026", DAY),
        (DAY, DAY),
        ("'=1", "=1"),
        ("a\nb", "a\r\nb"),
        ("x" * 32_767, "x" * 40_000),
        ("🍚" * 16_383, "🍚" * 40_000),
        ("'=" + "x" * 32_765, "=" + "x" * 40_000),
        (7, "007"),
        (1000, "1.000"),
        (Decimal("0.5"), "0,5"),
    ],
)
def test_a_cell_as_it_was_written(cell, plain):
    assert is_as_written(cell, plain)


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        (None, 0),
        (None, "-"),
        ("", "-"),
        ("0", None),
        (True, 1),
        ("12.5", Decimal("12.5")),
        ("03/04/2026", DAY),
        ("x" * 100, "x" * 40_000),
        ("7", "007"),
        (8, "007"),
        (True, "1"),
        (106, "1.06"),
        (Decimal("1.06"), "1.06"),
        ("A", "a"),
    ],
)
def test_a_cell_that_says_something_else(cell, plain):
    assert not is_as_written(cell, plain)
