"""Where the headings of a worksheet stand, and which column is taken for which."""

import pytest

from tests import make
from tracker.imports.cells import Manner
from tracker.imports.columns import SHEETS
from tracker.imports.layout import Layout, heading_digest, headings_of, propose
from tracker.imports.sheets import Line
from tracker.models.imports import Sheet

PROGRAM_TITLES, REPORT_TITLES = ([column.title for column in SHEETS[sheet].columns] for sheet in Sheet)
pytestmark = pytest.mark.django_db


def worksheet(*lines, name="", is_hidden=False, merged=()):
    """A worksheet whose lines begin at 1; None is a line that is blank."""
    given = [Line(number, cells) for number, cells in enumerate(lines, start=1) if cells]
    return {"name": name, "is_hidden": is_hidden, "merged": [list(each) for each in merged]}, given


def proposed(*worksheets, wanted=None):
    return propose([about for about, _ in worksheets], lambda number: iter(worksheets[number][1]), wanted=wanted)


def columns_of(headings, *rows) -> dict:
    """What is proposed for a table, by heading."""
    layout = proposed(worksheet(headings, *rows), wanted=Sheet.PROGRAM).layout
    return {headings[index]: key for index, key in layout.columns.items()}


# Our own sheets


@pytest.mark.parametrize(("sheet", "titles"), [("program", PROGRAM_TITLES), ("realisasi", REPORT_TITLES)])
def test_our_own_sheets_leave_no_doubt(sheet, titles):
    proposal = proposed(worksheet(titles))
    assert (proposal.layout.sheet, proposal.layout.first_heading, proposal.complaints) == (sheet, 1, [])
    assert list(proposal.layout.columns.values()) == [column.key for column in SHEETS[sheet].columns]


@pytest.mark.parametrize(
    "change",
    [str.upper, str.lower, "  {}  ".format, lambda title: title.replace(" ", "   "), "{}\n".format, "{}:".format],
)
def test_case_spaces_and_points_do_not_matter(change):
    assert proposed(worksheet([change(title) for title in REPORT_TITLES])).complaints == []


def test_titles_and_blank_lines_may_stand_above_the_headings():
    above = [["REALISASI TRIWULAN I", None, "2026"], ["Dinas Sosial", "Tahun", None, "OPD"], None, None]
    proposal = proposed(worksheet(*above, REPORT_TITLES))
    assert (proposal.layout.first_heading, proposal.complaints) == (5, [])


def test_other_names_for_columns_are_known():
    aliases = {
        "OPD": "Perangkat Daerah",
        "Triwulan": "TW",
        "Realisasi anggaran": "Realisasi Keuangan",
        "Penanggung jawab": "PIC",
        "Fisik": "Fisik (%)",
    }
    assert proposed(worksheet([aliases.get(title, title) for title in REPORT_TITLES])).complaints == []


def test_columns_may_come_in_any_order_and_some_be_absent():
    proposal = proposed(worksheet(["Realisasi anggaran", "Realisasi keluaran", "TW", "Register"]))
    assert proposal.complaints == []
    assert proposal.layout.columns == {0: "realised_budget", 1: "realised_output", 2: "quarter", 3: "ref"}


def test_what_was_wrong_with_the_rows_is_no_column():
    assert proposed(worksheet([*REPORT_TITLES, "Masalah"])).complaints == []
    assert "“Masalah” (kolom A)" in proposed(worksheet(["Masalah", *REPORT_TITLES])).complaints[0]
    assert heading_digest(["A", "B", "Masalah"]) == heading_digest(["a ", "B"]) != heading_digest(["A"])


# What stops a file


def test_an_unknown_column_is_named_with_its_letter():
    proposal = proposed(worksheet([*REPORT_TITLES, "Foto", None, "Catatan camat"]))
    assert proposal.complaints == ["Judul kolom ini tidak dikenal: “Foto” (kolom W) dan “Catatan camat” (kolom Y)."]


def test_a_doubled_column_is_named_with_both_letters():
    assert proposed(worksheet([*REPORT_TITLES, "Realisasi keuangan"])).complaints == [
        "Kolom “Realisasi anggaran” ada 2 kali: J dan W."
    ]


def test_missing_columns_are_named():
    assert proposed(worksheet(["Register", "Triwulan", "Kendala"])).complaints == [
        "Kolom ini tidak ada: Realisasi keluaran dan Realisasi anggaran."
    ]
    without = [title for title in PROGRAM_TITLES if title not in ("Register", "Pagu", "Satuan")]
    assert proposed(worksheet(without)).complaints == ["Kolom ini tidak ada: Satuan dan Pagu."]


def test_the_other_sheet_is_named():
    assert proposed(worksheet(REPORT_TITLES), wanted=Sheet.PROGRAM).complaints == [
        "Berkas ini lembar realisasi, bukan program."
    ]


def test_no_table_is_no_proposal():
    assert proposed(worksheet(None)) is None
    assert proposed(worksheet(PROGRAM_TITLES, is_hidden=True)) is None


# Several worksheets


@pytest.mark.parametrize("name", ["Keterangan", "Petunjuk", "PILIHAN"])
def test_sheets_of_notes_are_passed_over(name):
    notes = worksheet(["Register", "Tahun", "OPD", "Program"], name=name)
    assert proposed(notes, worksheet(REPORT_TITLES, name="realisasi")).layout.worksheet == 1


def test_the_sheet_with_the_best_headings_is_taken():
    cover, hidden = worksheet(["Daftar isi", "Halaman", "Ket"]), worksheet(PROGRAM_TITLES, is_hidden=True)
    assert proposed(cover, hidden, worksheet(None, ["No", "OPD", "Pagu"])).layout.worksheet == 2


# Headings of several lines


def test_merged_headings_are_said_for_each_column_below():
    merged = [(1, 1, 2, 1), (1, 2, 1, 3)]
    _, lines = worksheet(["Register", "Realisasi", None, "Catatan"], [None, "Keluaran", "Anggaran"])
    assert headings_of(lines, 1, 2, merged) == ["Register", "Realisasi Keluaran", "Realisasi Anggaran", "Catatan"]


def test_our_columns_are_known_under_merged_headings():
    merged = [(3, 1, 4, 1), (3, 2, 4, 2), (3, 3, 3, 4)]
    table = worksheet(
        ["REALISASI"], None, ["Register", "TW", "Realisasi", None], [None, None, "Keluaran", "Anggaran"], merged=merged
    )
    proposal = proposed(table)
    assert (proposal.layout.first_heading, proposal.layout.last_heading, proposal.complaints) == (3, 4, [])


def test_a_title_over_several_columns_is_no_part_of_the_headings():
    merged = [(1, 1, 1, 22), (2, 1, 2, 22)]
    layout = proposed(worksheet(["REALISASI"], ["Dinas Sosial"], REPORT_TITLES, merged=merged)).layout
    assert (layout.first_heading, layout.last_heading) == (3, 3)


# Guesses


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Indikator Kinerja", "indicator"),
        ("Indikator Kinerja Program/Kegiatan", "indicator"),
        ("Kebutuhan Dana/ Pagu Indikatif (Rp)", "budget"),
        ("Pagu Indikatif (Rp.)", "budget"),
        ("Anggaran Rp", "budget"),
        ("Pagu Dana", "budget"),
        ("Dana (Rp)", "budget"),
        ("Asal/Sumber Dana", "funding_source"),
        ("Nama Kegiatan / Sub Kegiatan", "name"),
        ("Uraian Pekerjaan", "name"),
        ("Lokasi Pelaksanaan", "places"),
        ("Target Capaian Kinerja", "target"),
        ("Unit Kerja Perangkat Daerah Penanggung Jawab", "opd"),
        ("Sumber Dana/Pembiayaan", "funding_source"),
        ("Kelompok Sasaran Kegiatan", "target_group"),
        ("Kode Rekening", "code"),
    ],
)
def test_a_similar_heading_is_guessed(heading, key):
    assert columns_of(["No", heading, "Ket"]) == {heading: key}


@pytest.mark.parametrize(
    "heading", ["Kode Akun", "No", "Catatan Penting", "Tahun lalu", "Prakiraan Maju", "Nama Kepala"]
)
def test_a_heading_of_something_else_is_not_guessed(heading):
    assert columns_of(["Pagu", heading, "Lokasi"]) == {"Pagu": "budget", "Lokasi": "places"}


def test_a_known_heading_goes_before_a_similar_one_wherever_it_stands():
    assert columns_of(["Target Renstra", "Uraian", "Sub kegiatan", "Target"]) == {
        "Sub kegiatan": "name",
        "Target": "target",
    }


def test_a_whole_heading_goes_before_one_that_only_begins_alike():
    assert columns_of(["Target Renstra", "Uraian", "Volume"]) == {"Uraian": "name", "Volume": "target"}


def test_an_upper_line_tells_before_the_beginning_of_a_lower_one():
    table = worksheet(["Pagu", "Kelompok Sasaran"], [None, "Uraian singkat"], merged=[(1, 1, 2, 1)])
    assert proposed(table, wanted=Sheet.PROGRAM).layout.columns == {0: "budget", 1: "target_group"}


def test_the_lower_line_of_a_heading_tells_before_the_upper_one():
    merged = [(1, 1, 2, 1), (1, 2, 1, 4), (1, 5, 1, 6)]
    table = worksheet(
        ["Program", "Rencana 2026", None, None, "Pagu", None],
        [None, "Lokasi", "Target (K)", "Rp", "Murni", "Perubahan"],
        merged=merged,
    )
    columns = proposed(table, wanted=Sheet.PROGRAM).layout.columns
    assert columns == {0: "program", 1: "places", 2: "target", 3: "budget", 5: "revised_budget"}


def test_columns_tell_themselves_by_their_cells():
    make.opd("Dinsos", name="Dinas Sosial")
    make.funding_source("DAU")
    make.district("16.04.11", name="Jarai")
    rows = [["DAU", "Dinas Sosial", "Kec. Jarai", "x"], ["DAU", "dinsos", "Jarai", "y"], ["-", "Dinsos", "Jarai", "z"]]
    assert columns_of(["Asal", "Pemilik", "Wilayah", "Lain"], *rows) == {
        "Asal": "funding_source",
        "Pemilik": "opd",
        "Wilayah": "places",
    }
    strange = [["DAU", "Dinsos", "Jarai", "x"], ["?", "?", "?", "y"]]
    assert columns_of(["Asal", "Pemilik", "Wilayah", "Lain"], *strange) == {}


LEVELS = [
    ["1.06.05", "PROGRAM PERLINDUNGAN"],
    ["1.06.05.2.01", "Bantuan"],
    ["1.06.05.2.01.0001", "Beras untuk lansia"],
]


@pytest.mark.parametrize(
    "headings", [["Kode", "Uraian"], ["Kode program", "Program"], ["A", "B"], ["Kode Sub", "Kegiatan"]]
)
def test_codes_of_several_levels_are_seen(headings):
    assert list(columns_of(headings, *LEVELS).values()) == ["level_code", "level_name"]


def test_codes_of_one_level_are_plain_codes():
    rows = [[f"1.06.05.2.01.000{number}", "Beras"] for number in range(1, 5)]
    assert columns_of(["Kode", "Uraian"], *rows) == {"Kode": "code", "Uraian": "name"}


# How numbers are written


@pytest.mark.parametrize(
    ("amounts", "has_decimal_points"),
    [
        (["1,250,000", "5"], True),
        (["1,250.50"], True),
        (["12.5", "7"], True),
        (["1.250.000", "1,250,000"], False),
        (["12,5", "12.5"], False),
        (["1.250", "1,250"], False),
        ([1_250_000, 5], False),
        (["", "x"], False),
    ],
)
def test_decimal_points_are_proposed_where_nothing_else_fits(amounts, has_decimal_points):
    rows = [["1.06", "2.5", amount] for amount in amounts]
    layout = proposed(worksheet(["Kode", "Versi berkas", "Pagu Dana"], *rows), wanted=Sheet.PROGRAM).layout
    assert layout.columns == {0: "code", 2: "budget"}
    assert layout.manner == Manner(has_decimal_points=has_decimal_points)


def test_a_layout_is_kept_as_json():
    layout = Layout(Sheet.PROGRAM, 1, 2, 3, {0: "opd", 4: "budget"}, {"year": "2026"}, Manner(True, 1000), (7, 9))
    assert Layout.from_json(layout.as_json()) == layout
