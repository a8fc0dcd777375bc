"""The XLSX files, read back by python's zip and XML, and opened in a real LibreOffice, cell by cell."""

import csv
import datetime
import os
import subprocess
import zipfile
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

import pytest

from tests import make
from tracker import exports
from tracker.tables import Column, Table

pytestmark = pytest.mark.usefixtures("bands")

NAMES = {"main": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
# Comma as the separator, every sheet as its own file, values as they are and not as they look.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


def workbook(client, address, folder):
    response = client.get(address)
    assert response.status_code == 200
    path = folder / "berkas.xlsx"
    path.write_bytes(b"".join(response.streaming_content))
    return path


def sheet_xml(path, number):
    with zipfile.ZipFile(path) as archive:
        return ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))


def in_libreoffice(path):
    """The rows of every sheet as LibreOffice reads the file, by the name of the sheet."""
    profile = path.parent / "profile"
    command = [os.environ["SOFFICE"], f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", AS_CSV]
    subprocess.run([*command, "--outdir", path.parent, path], check=True, capture_output=True, timeout=120)
    sheets = {}
    for file in path.parent.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as text:
            sheets[file.stem.removeprefix(f"{path.stem}-")] = list(csv.reader(text))
    return sheets


def as_read(value) -> str:
    """A value of a table as LibreOffice writes it into its CSV when it is told to write values, not looks."""
    if value is None:
        return ""
    if isinstance(value, str):
        return exports.harmless(value)
    if isinstance(value, Fraction):
        value = exports.formats.rounded(value, 2)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


@pytest.fixture
def activity():
    program = make.program(make.opd("Dinsos"), code="1.06.05", name="=SUM(1;2)", strategy=make.strategy(1))
    found = make.activity(
        program, code="1.06.05.2.01.0001", name='Bantuan "beras", 5 kg;\nuntuk lansia 🍚', budget=1_250_000_000
    )
    make.report(found, 3, realised_budget=333_333_333, realised_output=Decimal("12.5"), obstacle="-", follow_up="+62")
    return found


@pytest.mark.libreoffice
@pytest.mark.parametrize("address", ["/program/", "/realisasi/?tahun=2026&tw=3", "/strategi/", "/opd/", "/"])
def test_libreoffice_reads_the_same_cells_as_the_table_has(as_viewer, activity, address, tmp_path, monkeypatch):
    tables = []
    write = exports.write_workbook

    def remembered(file, table, about):
        lines = list(table.cells())
        tables.append((table.titles, lines))
        known = Table(
            table.slug,
            tuple(
                Column(c.title, lambda line, n=n: line[n], c.width, c.is_money) for n, c in enumerate(table.columns)
            ),
            lines,
        )
        write(file, known, about)

    monkeypatch.setattr(exports, "write_workbook", remembered)
    separator = "&" if "?" in address else "?"
    sheets = in_libreoffice(workbook(as_viewer, f"{address}{separator}format=xlsx", tmp_path))
    [(titles, lines)] = tables
    [name] = sheets.keys() - {"Keterangan"}
    assert sheets[name] == [titles, *([as_read(value) for value in line] for line in lines)]


def test_numbers_are_numbers_and_codes_are_text(as_viewer, activity, tmp_path):
    cells = sheet_xml(workbook(as_viewer, "/program/?format=xlsx", tmp_path), 1).findall(".//main:c", NAMES)
    kinds = {cell.get("r"): cell.get("t") for cell in cells}
    values = {cell.get("r"): cell.findtext("main:v", namespaces=NAMES) for cell in cells}
    # Tahun, Pagu: numbers; Kode program, Register: text.
    assert (kinds["B2"], values["B2"]) == (None, "2026")
    assert (kinds["R2"], values["R2"]) == (None, "1250000000")
    assert {kinds["A2"], kinds["D2"]} <= {"s", "inlineStr"}


def test_no_cell_is_a_formula(as_viewer, activity, tmp_path):
    path = workbook(as_viewer, "/program/?format=xlsx", tmp_path)
    assert sheet_xml(path, 1).findall(".//main:f", NAMES) == []


def test_the_heading_stays_in_view_and_columns_have_widths(as_viewer, activity, tmp_path):
    sheet = sheet_xml(workbook(as_viewer, "/program/?format=xlsx", tmp_path), 1)
    pane = sheet.find(".//main:pane", NAMES)
    assert (pane.get("state"), pane.get("ySplit")) == ("frozen", "1")
    assert len(sheet.findall(".//main:col", NAMES)) > 1


@pytest.mark.libreoffice
def test_the_second_sheet_says_what_the_file_is_and_who_has_not_reported(as_viewer, activity, tmp_path):
    silent = make.activity(activity.program, name="Belum dilaporkan")
    address = "/strategi/?tahun=2026&tw=3&sumber=apbd&format=xlsx"
    note = dict(in_libreoffice(workbook(as_viewer, address, tmp_path))["Keterangan"])
    assert note["Tahun anggaran"] == "2026"
    assert note["Data"] == "TW III, s.d. 30 September 2026"
    assert note["Saringan Sumber dana"] == "APBD"
    assert note["Belum lapor"] == "1 sub kegiatan"
    assert note["Dinsos"] == f"{silent.ref} {silent.name}"


def test_dates_and_long_texts_arrive_whole(tmp_path):
    long = "x" * 40_000
    columns = (Column("Tanggal", lambda row: row[0]), Column("Teks", lambda row: row[1]))
    path = tmp_path / "berkas.xlsx"
    with path.open("wb") as file:
        exports.write_workbook(file, Table("uji", columns, [(datetime.date(2026, 9, 30), long)]), [("Judul", "Uji")])
    cells = sheet_xml(path, 1).findall(".//main:c", NAMES)
    assert cells[2].findtext("main:v", namespaces=NAMES) == "46295"
    assert len("".join(cells[3].itertext())) == exports.LONGEST_CELL
