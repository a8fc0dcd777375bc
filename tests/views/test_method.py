"""How to read the pages: nothing on it may disagree with what the program does."""

from tests.reading import csv_rows, headline, table_row, text
from tests.small_world import TABLES
from tests.test_tables import BELUM_LAPOR, PELAPORAN, PROGRAM, REALISASI, REKAP


def test_it_shows_the_bands_that_are_in_force(world, as_viewer):
    answer = as_viewer.get("/metode/")
    assert headline(answer) == "Cara membaca dan metode"
    bands = ["Sangat tinggi", "Tinggi", "Sedang", "Rendah", "Sangat rendah"]
    assert [table_row(answer, name)["Batas bawah"] for name in bands] == ["91", "76", "66", "51", "0"]
    assert [table_row(answer, name)["Status"] for name in bands] == [
        "Sesuai rencana",
        "Perlu perhatian",
        "Perlu perhatian",
        "Terlambat",
        "Terlambat",
    ]


def test_the_bands_are_a_file_as_well(world, as_viewer):
    rows = csv_rows(as_viewer.get("/metode/", {"format": "csv"}))
    assert [(row["Predikat"], row["Batas bawah"]) for row in rows] == [
        ("Sangat tinggi", "91"),
        ("Tinggi", "76"),
        ("Sedang", "66"),
        ("Rendah", "51"),
        ("Sangat rendah", "0"),
    ]


def test_it_names_every_column_of_the_files(world, as_viewer):
    shown = text(as_viewer.get("/metode/"))
    for columns in (PROGRAM, REALISASI, REKAP, PELAPORAN, BELUM_LAPOR):
        assert "; ".join(columns) in shown


def test_it_names_every_further_table_of_every_page(world, as_viewer):
    shown = text(as_viewer.get("/metode/")).split("Berkas CSV dan XLSX")[1]
    for slugs in TABLES.values():
        for slug in slugs[1:]:
            assert slug in shown
