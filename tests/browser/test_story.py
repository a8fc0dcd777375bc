"""The main job, by typing and clicking only: from an empty register to the figures on the page and in the file."""

import csv

import pytest

from tests import make
from tests.browser.conftest import sign_in
from tracker.models import Period

pytestmark = pytest.mark.browser


@pytest.fixture
def open_2025(reference):
    Period.objects.open_year(2025)
    make.user("sekretariat", is_staff=True, is_superuser=True)


def choose(page, label, words):
    """Types into a field with suggestions and takes the first that fits."""
    row = page.locator(".form-row", has=page.get_by_text(label, exact=True)).first
    row.locator(".select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").fill(words)
    page.locator(".select2-results__option", has_text=words).first.click()


def figures(page, name):
    """The cells of the row with this name, by the first line of their heading."""
    table = page.locator("table", has=page.get_by_role("rowheader", name=name)).last
    heads = [text.split("\n")[0] for text in table.locator("thead th").all_inner_texts()]
    row = table.locator("tr", has=page.get_by_role("rowheader", name=name)).last
    cells = row.locator("th, td").all_inner_texts()
    return {head: " ".join(cell.split()) for head, cell in zip(heads, cells, strict=True)}


def test_a_program_is_entered_and_found_on_every_page_and_in_the_file(visit, open_2025):
    watch = visit()
    page = sign_in(watch, "sekretariat")

    # An empty site says what to do, and leads there.
    page.get_by_role("link", name="Isi program pertama").click()
    page.get_by_label("Tahun anggaran").fill("2025")
    choose(page, "OPD:", "Dinas Sosial")
    page.get_by_label("Nama program").fill("Perlindungan dan Jaminan Sosial")
    page.get_by_label("Kode program").fill("1.06.05")
    page.get_by_label("Strategi", exact=False).first.select_option(index=1)
    page.locator("#id_priority").select_option(index=1)
    page.locator("input[name=_save]").click()

    # Its sub kegiatan
    page.get_by_role("link", name="Tambah sub kegiatan").click()
    page.get_by_label("Nama sub kegiatan").fill("Bantuan sembako keluarga miskin")
    page.get_by_label("Kode sub kegiatan").fill("1.06.05.2.01.0001")
    page.get_by_label("Indikator keluaran").fill("Jumlah keluarga yang menerima sembako")
    page.get_by_label("Satuan", exact=True).or_(page.get_by_label("Satuan:", exact=True)).first.fill("KPM")
    page.locator("#id_target").fill("1.250")
    page.locator("#id_funding_source").select_option(index=1)
    page.locator("#id_budget").fill("Rp 1.250.000.000")
    page.locator("input[name=_save]").click()

    # The report of TW III: 700 of 1.250 KPM and 620 of 1.250 million
    quarter = page.locator("details.quarter", has=page.locator("summary", has_text="TW III 2025"))
    if not quarter.evaluate("details => details.open"):
        quarter.locator("summary").first.click()
    quarter.locator("[name$=-realised_budget]").fill("620.000.000")
    quarter.locator("[name$=-realised_output]").fill("700")
    page.locator("input[name=_save]").first.click()
    assert page.locator(".errornote, .errorlist").count() == 0
    assert watch.taken_faults() == []

    # 700 ÷ 1.250 = 56 % against 75 %; 620 ÷ 1.250 = 49,6 %
    expected = {"Fisik": "56,0 %", "Deviasi": "−19,0", "Serapan": "49,6 %"}
    sentence = "fisik 56,0 %, 19,0 persen poin di bawah rencana."
    watch.open("/?tahun=2025&tw=3")
    assert page.locator("h1").inner_text().replace("\xa0", " ") == (
        "Fisik 56,0 %, 19,0 persen poin di bawah rencana; tidak ada program terlambat."
    )
    for menu in ["Strategi", "Prioritas", "OPD"]:
        page.get_by_role("navigation", name="Menu utama").get_by_role("link", name=menu, exact=True).click()
        found = next(
            (
                row
                for row in page.locator("tbody tr").all()
                if "56,0" in row.inner_text() and row.locator("th a").count()
            ),
            None,
        )
        assert found is not None, f"the program does not show under {menu}"
        row = figures(page, found.locator("th a").first.inner_text())
        assert {column: row[column] for column in expected} == expected
        found.locator("th a").first.click()
        assert page.locator("h1").inner_text().replace("\xa0", " ").endswith(sentence)
        row = figures(page, "Perlindungan dan Jaminan Sosial")
        assert {column: row[column] for column in expected} == expected
    assert page.locator("h1").inner_text().startswith("Dinas Sosial: ")

    # Down to the sub kegiatan and its quarter
    page.get_by_role("link", name="Perlindungan dan Jaminan Sosial").first.click()
    page.get_by_role("link", name="Bantuan sembako keluarga miskin").click()
    assert page.locator("h1").inner_text().replace("\xa0", " ") == f"Bantuan sembako keluarga miskin: {sentence}"

    # The file for the meeting, taken by its link
    page.get_by_role("navigation", name="Menu utama").get_by_role("link", name="Strategi", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh CSV").first.click()
    assert download.value.suggested_filename == "pantau-strategi-2025-tw3.csv"
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    total = rows[-1]
    assert {name: total[name] for name in ["Nama", "Program", "Sub kegiatan", "Pagu", "Realisasi"]} == {
        "Nama": "Jumlah",
        "Program": "1",
        "Sub kegiatan": "1",
        "Pagu": "1250000000",
        "Realisasi": "620000000",
    }
    figures_in_file = [total[name] for name in ["Serapan", "Fisik", "Rencana", "Deviasi", "Status", "Mewakili"]]
    assert figures_in_file == ["49,60", "56,00", "75,00", "-19,00", "Perlu perhatian", "100,00"]
    assert rows[0]["Kelompok"] == "1" and rows[0]["Fisik"] == "56,00"

    page.get_by_role("navigation", name="Menu utama").get_by_role("link", name="Realisasi", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh CSV").first.click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        [row] = list(csv.DictReader(file, delimiter=";"))
    assert (row["Register"], row["Triwulan"], row["OPD"], row["Status"]) == (
        "2025-0001",
        "TW III",
        "Dinsos",
        "Diajukan",
    )
    assert (row["Realisasi keluaran"], row["Realisasi anggaran"]) == ("700", "620000000")

    page.get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/masuk/")
    assert watch.taken_faults() == []
