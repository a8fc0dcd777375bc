"""The same sheet in the ways in which offices and their programs write it."""

import datetime
import io
from decimal import Decimal

import pytest
import xlsxwriter

from tests import make
from tests.imports.sending import (
    PROGRAM,
    REPORTS,
    applied,
    as_xlsx,
    changes,
    outcomes,
    planned,
    problems,
    received,
    rows_of,
    sheet_of,
    table_of,
)
from tracker.imports.plan import plan_of
from tracker.models import Activity, Report
from tracker.models.imports import Sheet

FIGURES = {"Realisasi keluaran": "12,5", "Realisasi anggaran": "1.250.000", "Kendala": "Hujan – “lebat” ½ hari"}


@pytest.fixture
def activity(dinsos):
    make.periods()
    make.strategy(1)
    make.priority(2021, 1)
    dinsos.aliases, dinsos.code = "Dinas Sosial Lahat | Dinsosnaker", "1.06.0.00.01"
    dinsos.save()
    make.district("16.04.11", name="Jarai", aliases="Djarai")
    return make.activity(make.program(dinsos, code="1.06.05", name="Bantuan"), name="Sembako", budget=5_000_000)


def row_of(user, sheet=REPORTS, **edit):
    [row] = rows_of(sheet, user, **({"quarters": [1]} if sheet == REPORTS else {}))
    return row | edit


def workbook(*worksheets, formats=None) -> bytes:
    """An XLSX of (name, lines); a cell is written as the library takes it, or as (value, number format)."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        for name, lines in worksheets:
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                for column, cell in enumerate(line):
                    look = book.add_format({"num_format": cell[1]}) if isinstance(cell, tuple) else None
                    sheet.write(number, column, cell[0] if look else cell, look)
    return file.getvalue()


def typed(row, **cells) -> bytes:
    """A row of an exported sheet as a workbook, with such cells in it."""
    row = {key: value for key, value in row.items() if value != ""} | cells
    return workbook(("realisasi", [list(row), list(row.values())]))


# Files


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252", "utf-16"])
def test_delimiters_and_encodings(activity, operator, delimiter, encoding):
    content = sheet_of([row_of(operator, **FIGURES)], delimiter=delimiter, encoding=encoding)
    assert outcomes(applied(content, operator)) == {"new": 1}
    report = Report.objects.get()
    assert (report.realised_budget, report.obstacle) == (1_250_000, FIGURES["Kendala"])


def test_a_cell_that_looks_like_a_row_is_one_cell(activity, operator):
    text = 'a;b\nc;"d"\r\n2026-0001;2026'
    applied(sheet_of([row_of(operator, **FIGURES | {"Kendala": text})]), operator)
    assert Report.objects.get().obstacle.replace("\r\n", "\n") == text.replace("\r\n", "\n")


# Lines


def test_titles_blank_lines_sums_and_headings_again(activity, operator):
    second = make.activity(activity.program, name="Beras")
    rows = sorted(rows_of(REPORTS, operator, quarters=[1]), key=lambda row: row["Register"])
    rows = [row | {"Realisasi keluaran": "1", "Realisasi anggaran": "500"} for row in rows]
    total = {"Register": "Jumlah", "Realisasi anggaran": "1000", "Pagu berlaku": "6000000"}
    headings = list(rows[0])
    numbers = dict(zip(headings, map(str, range(1, 23)), strict=True))
    again = dict(zip(headings, headings, strict=True))
    lines = [numbers, rows[0], {}, again, rows[1], total | {"Register": "Sub total"}, total]
    content = sheet_of(lines, above=[["LAPORAN REALISASI"], [], ["Dinas Sosial"]], headings=headings)
    plan = applied(content, operator)
    assert [(judged.number, judged.why_left_out) for judged in plan.left_out] == [
        (5, "Nomor kolom."),
        (7, "Baris kosong."),
        (8, "Judul kolom yang berulang."),
        (10, "Baris jumlah."),
        (11, "Baris jumlah."),
    ]
    assert outcomes(plan) == {"new": 2, "left_out": 5}
    [total] = plan.totals
    assert (total.before, total.after) == (0, 1000)
    assert Report.objects.filter(activity__in=[activity, second]).count() == 2


def test_a_sheet_of_instructions_may_stand_before_ours(activity, operator):
    row = row_of(operator, **FIGURES)
    lines = [list(row), list(row.values())]
    note = [["Register", "Isi nomor register"], ["Tahun", "Empat angka"], ["OPD", "Nama singkat"]]
    for name in ("Petunjuk", "Keterangan"):
        content = workbook((name, note), ("Sheet2", []), ("isian", lines))
        assert outcomes(planned(content, operator)) == {"new": 1}


# Names and words


@pytest.mark.parametrize(
    "name", ["Dinsos", "DINSOS", "Dinas Sosial", "dinas  sosial", "Dinas Sosial Lahat", "dinsosnaker", "1.06.0.00.01"]
)
def test_an_opd_by_any_of_its_names(activity, operator, name):
    for sheet in (PROGRAM, REPORTS):
        assert outcomes(planned(sheet_of([row_of(operator, sheet, OPD=name)]), operator)) == {"unchanged": 1}


@pytest.mark.parametrize("quarter", ["TW I", "tw i", "1", "I", "Triwulan I", "triwulan 1", "Q1"])
def test_a_quarter_by_any_of_its_names(activity, operator, quarter):
    plan = planned(sheet_of([row_of(operator, **FIGURES | {"Triwulan": quarter})]), operator)
    assert outcomes(plan) == {"new": 1}
    assert plan.writes.new[0].period.quarter == 1


@pytest.mark.parametrize("place", ["Jarai", "JARAI", "Kec. Jarai", "djarai", "16.04.11"])
def test_a_kecamatan_by_any_of_its_names(activity, operator, place):
    applied(sheet_of([row_of(operator, PROGRAM, Lokasi=place)]), operator)
    assert [str(location) for location in activity.locations.all()] == ["Jarai"]


# Numbers


@pytest.mark.parametrize("amount", ["1250000", "1.250.000", "Rp 1.250.000", "Rp1.250.000,00", "Rp 1.250.000,-"])
def test_rupiah_in_texts(activity, operator, amount):
    applied(sheet_of([row_of(operator, **FIGURES | {"Realisasi anggaran": amount})]), operator)
    assert Report.objects.get().realised_budget == 1_250_000


def test_decimal_points_and_thousands_of_rupiah_are_declared(activity, operator):
    batch, _ = received(
        sheet_of([row_of(operator, **FIGURES | {"Realisasi keluaran": "12.500", "Realisasi anggaran": "1,250.5"})]),
        operator,
    )
    batch.layout["manner"] = {"has_decimal_points": True, "rupiah_in": 1000}
    plan = plan_of(batch, operator)
    assert problems(plan) == []
    [report] = plan.writes.new
    assert (report.realised_output, report.realised_budget) == (12.5, 1_250_500)


@pytest.mark.parametrize("manner", [{"rupiah_in": 1000}, {"has_decimal_points": True}])
def test_a_number_that_looks_like_the_stored_one_is_read_in_the_manner_of_its_file(activity, operator, manner):
    """Sent without “ribuan” by mistake, and sent again with it."""
    Activity.objects.update(budget=400, target=Decimal("1.125"))
    batch, _ = received(sheet_of([row_of(operator, PROGRAM)]), operator)
    batch.layout["manner"] |= manner
    wanted = ("Pagu", "Rp\u00a0400", "Rp\u00a0400.000") if "rupiah_in" in manner else ("Target", "1,125", "1.125")
    assert changes(plan_of(batch, operator)) == [(2, *wanted)]


def test_percent_cells_in_columns_of_percentages(activity, operator):
    applied(
        typed(row_of(operator), **{"Realisasi keluaran": 5, "Realisasi anggaran": 5, "Fisik": (0.455, "0.0%")}),
        operator,
    )
    assert float(Report.objects.get().physical_percent) == 45.5
    plans = {
        f"Rencana TW {quarter}": (share, "0%")
        for quarter, share in zip(("I", "II", "III", "IV"), (0.1, 0.2, 0.3, 1), strict=True)
    }
    applied(typed(row_of(operator, PROGRAM), **plans), operator)
    activity.refresh_from_db()
    assert [activity.plan_q1, activity.plan_q4] == [10, 100]


@pytest.mark.parametrize(
    ("column", "cell", "value", "part"),
    [
        (
            "Realisasi anggaran",
            datetime.date(2026, 3, 4),
            "04-03-2026",
            "Excel membaca sel ini sebagai tanggal, padahal",
        ),
        ("Realisasi anggaran", (0.5, "0%"), "50,0%", "Sel ini berformat persen"),
        ("Realisasi anggaran", True, "ya", "Sel ini berisi ya/tidak"),
        ("Realisasi anggaran", 1.5, "1,5", "Rupiah ditulis utuh"),
        ("Kendala", datetime.date(2026, 3, 4), "04-03-2026", "Ubah format selnya menjadi Teks"),
        ("Register", 2026.5, "2026,5", "Excel membaca kode ini sebagai angka"),
        ("Register", datetime.date(2026, 1, 1), "01-01-2026", "Excel membaca kode ini sebagai tanggal"),
    ],
)
def test_what_a_spreadsheet_made_of_a_cell_is_refused(activity, operator, column, cell, value, part):
    cells = {"Realisasi keluaran": 5, "Realisasi anggaran": 5} | {column: cell}
    [(line, title, said, reason)] = problems(planned(typed(row_of(operator), **cells), operator))
    assert (line, title, said) == (2, column, value)
    assert part in reason


@pytest.mark.parametrize(
    ("formula", "value", "said", "part"),
    [
        ("=A1", "#REF!", "#REF!", "Sel ini berisi galat #REF!. Perbaiki rumusnya atau ketik nilainya."),
        ("=A1+1", None, "=A1+1", "Sel ini berisi rumus yang hasilnya tidak tersimpan."),
    ],
)
def test_a_formula_without_value_is_refused_and_one_with_it_is_read(activity, operator, formula, value, said, part):
    row = {key: cell for key, cell in row_of(operator).items() if cell != ""}
    row |= {"Realisasi keluaran": "5", "Realisasi anggaran": ""}

    def content(result):
        file = io.BytesIO()
        with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
            sheet = book.add_worksheet("realisasi")
            sheet.write_row(0, 0, list(row))
            sheet.write_row(1, 0, list(row.values()))
            sheet.write_formula(
                1, list(row).index("Realisasi anggaran"), formula, value="" if result is None else result
            )
        return file.getvalue()

    if value:
        [(_, column, cell, reason)] = problems(planned(content(value), operator))
        assert (column, cell) == ("Realisasi anggaran", said)
        assert reason == part
    assert outcomes(planned(content(5), operator)) == {"new": 1}


def test_a_priority_that_became_a_date_is_read_back(activity, operator):
    row = row_of(operator, PROGRAM)
    applied(typed(row, **{"Prioritas RKPD": datetime.date(2021, 1, 1)}), operator)
    activity.program.refresh_from_db()
    assert activity.program.priority.code == "2021-1"


def test_words_that_became_booleans(activity, operator):
    applied(typed(row_of(operator, PROGRAM), **{"PPKE": True, "Padat karya": True}), operator)
    activity = Activity.objects.get()
    assert (activity.program.is_extreme_poverty, activity.is_cash_for_work) == (True, True)


def test_dates_as_cells_and_as_texts(activity, operator):
    figures = {"Realisasi keluaran": 5, "Realisasi anggaran": 5}
    for cell in (datetime.date(2026, 3, 4), datetime.datetime(2026, 3, 4, 8, 30), "04-03-2026", "4-3-2026"):
        plan = planned(typed(row_of(operator), **figures, Tenggat=cell), operator)
        assert [report.follow_up_due for report in plan.writes.new] == [datetime.date(2026, 3, 4)]


def test_texts_that_a_spreadsheet_took_for_numbers_are_as_they_were(activity, operator):
    Activity.objects.update(code="007", unit="1.000", indicator="12,5")
    row = row_of(operator, PROGRAM)
    cells = {"Kode sub kegiatan": 7, "Satuan": 1000, "Indikator": 12.5}
    assert outcomes(planned(typed(row, **cells), operator)) == {"unchanged": 1}
    assert changes(planned(typed(row, **cells | {"Satuan": 1001}), operator)) == [(2, "Satuan", "1.000", "1001")]


def test_a_text_cut_at_the_end_of_its_cell_is_as_it_was(activity, operator):
    """A cell holds 32.767 units, of which 🍚 takes two."""
    make.report(activity, 1, obstacle="🍚" * 20_000, follow_up="=" + "x" * 40_000)
    assert outcomes(planned(as_xlsx(table_of(REPORTS, operator, quarters=[1])), operator)) == {"unchanged": 1}


# What stops a file


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        ({"Foto": "x"}, "Judul kolom ini tidak dikenal: “Foto” (kolom W)."),
        ({"Realisasi keuangan": "5"}, "Kolom “Realisasi anggaran” ada 2 kali: J dan W."),
    ],
)
def test_unknown_and_doubled_columns_stop_it(activity, operator, edit, complaint):
    batch, proposal = received(sheet_of([row_of(operator) | edit]), operator)
    assert (batch.layout, proposal.complaints) == (None, [complaint])


def test_a_missing_column_stops_it(activity, operator):
    row = row_of(operator)
    del row["Triwulan"]
    _, proposal = received(sheet_of([row]), operator)
    assert proposal.complaints == ["Kolom ini tidak ada: Triwulan."]


def test_the_wrong_sheet_stops_it(activity, operator):
    _, proposal = received(sheet_of([row_of(operator)]), operator, wanted=Sheet.PROGRAM)
    assert proposal.complaints == ["Berkas ini lembar realisasi, bukan program."]


# Which cell is named


@pytest.mark.parametrize(
    ("stored", "edit", "column"),
    [
        ({}, {"Pagu perubahan": "5"}, "Pagu perubahan"),
        ({"revised_budget": 5}, {"Catatan perubahan": ""}, "Catatan perubahan"),
        ({"direction": "down", "baseline": 200}, {"Nilai awal": "50"}, "Nilai awal"),
        ({"direction": "down", "baseline": 200}, {"Target": "500"}, "Target"),
        ({}, {"Arah": "turun"}, "Arah"),
        ({}, {"Rencana TW III": "50"}, "Rencana TW III"),
    ],
)
def test_of_cells_that_do_not_fit_together_the_changed_one_is_named(activity, operator, stored, edit, column):
    new = make.activity(activity.program, **stored)
    [row] = rows_of(PROGRAM, operator, activities=Activity.objects.filter(pk=new.pk))
    assert [(line, title) for line, title, *_ in problems(planned(sheet_of([row | edit]), operator))] == [(2, column)]


# A row moves


def test_a_program_that_a_row_moves_to_is_made_as_the_row_describes_it(activity, operator):
    activity.program.partners.add(make.partner("Baznas Lahat"))
    activity.program.strategy, activity.program.is_extreme_poverty = make.strategy(1), True
    activity.program.save()
    applied(sheet_of([row_of(operator, PROGRAM) | {"Program": "Rehabilitasi", "Kode program": "1.06.04"}]), operator)
    program = Activity.objects.get().program
    assert (program.code, program.name, program.strategy.number) == ("1.06.04", "Rehabilitasi", 1)
    assert (program.is_extreme_poverty, [str(each) for each in program.partners.all()]) == (True, ["Baznas Lahat"])
    assert (activity.program.name, activity.program.activities.count()) == ("Bantuan", 0)
