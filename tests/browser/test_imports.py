"""A sheet goes in by the browser: chosen, looked at, applied; and the columns of a foreign one are matched."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESK, PHONE, sign_in
from tests.imports.sending import PROGRAM, REPORTS, as_csv, as_xlsx, rows_of, sheet_of, table_of
from tracker.models import Activity, Report, User

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("sample")]
FOREIGN = """Nama Paket;Asal;Vol;Sat;Hasil;Biaya
Beras;DAU;5;KPM;Keluarga;75,000,000.00
Gula;DAU;5;KPM;Keluarga;1,000.00
"""
WINDOWS = {
    "desk": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light"},
}


@pytest.fixture
def operator():
    return User.objects.get(username="operator")


def upload(watch, name, content):
    page = watch.open("/impor/")
    kind = "text/csv" if name.endswith("csv") else "application/octet-stream"
    page.get_by_label("Berkas XLSX atau CSV").set_input_files({"name": name, "mimeType": kind, "buffer": content})
    page.get_by_role("button", name="Unggah dan lihat hasilnya").click()
    return page


def faults(watch) -> list[str]:
    """What is wrong with the page as it is now."""
    page, found = watch.page, watch.taken_faults()
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found += [f"scrolls sideways by {wider} px"] if wider > 0 else []
    if page.viewport_size != PHONE:
        rules = Axe().run(page).response["violations"]
        found += [f"axe {rule['id']}: {node['html'][:120]}" for rule in rules for node in rule["nodes"][:3]]
        watch.faults.clear()
    return found


def filled(operator):
    """The sheet of the own OPD with half of each pagu spent in TW III."""
    own = Activity.objects.filter(program__opd=operator.opd)
    rows = rows_of(REPORTS, operator, activities=own, quarters=[3])
    for row in rows:
        spent = str(int(row["Pagu berlaku"]) // 2)
        row |= {"Realisasi keluaran": "1", "Realisasi anggaran": spent, "Alasan perubahan": "Koreksi"}
    return rows


@pytest.mark.parametrize("window", WINDOWS)
def test_every_step_is_clean(visit, operator, window):
    watch = visit(**WINDOWS[window])
    page = sign_in(watch, "operator")
    found = {}
    rows = filled(operator)
    watch.open("/impor/")
    found["upload"] = faults(watch)
    upload(watch, "rusak.xlsx", b"PK\x03\x04rusak")
    found["unreadable"] = faults(watch)
    upload(watch, "salah.csv", sheet_of([row | {"Fisik": "1.5 juta"} for row in rows]))
    assert page.get_by_role("heading", name="Yang harus diperbaiki").is_visible()
    found["problems"] = faults(watch)
    upload(watch, "lain.csv", FOREIGN.encode())
    page.get_by_role("button", name="Lanjut ke pratinjau").click()
    found["columns"] = faults(watch)
    upload(watch, "realisasi.csv", sheet_of(rows))
    found["preview"] = faults(watch)
    page.get_by_role("button", name="Terapkan").click()
    assert page.locator("h1").inner_text().startswith("Sudah diterapkan: ")
    found["done"] = faults(watch)
    watch.open("/impor/")
    found["list"] = faults(watch)
    assert {step: said for step, said in found.items() if said} == {}


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_report_goes_in_with_a_file(visit, operator, java_script_enabled):
    watch = visit(java_script_enabled=java_script_enabled)
    page = sign_in(watch, "operator")
    rows = filled(operator)
    upload(watch, "realisasi.csv", sheet_of(rows))
    page.get_by_role("button", name=f"Terapkan {len(rows)} baris").click()
    assert page.get_by_text("Semua perubahan dari berkas ini sudah ditulis.").is_visible()
    ref = rows[0]["Register"]
    assert (
        Report.objects.get(activity__ref=ref, period__quarter=3).realised_budget == int(rows[0]["Pagu berlaku"]) // 2
    )
    page.get_by_role("link", name=ref).click()
    assert page.url.endswith(f"/sub-kegiatan/{ref}/")
    page.go_back()
    page.go_back()  # to the preview as it was
    if page.get_by_role("button", name="Terapkan").count():
        page.get_by_role("button", name="Terapkan").click()
    assert page.get_by_role("button", name="Terapkan").count() == 0
    assert watch.faults == []


def test_the_columns_of_a_foreign_file_are_matched_by_hand(visit, operator):
    watch = visit()
    page = sign_in(watch, "operator")
    upload(watch, "paket.csv", FOREIGN.encode())
    meaning = ["Sub kegiatan", "Sumber dana", "Target", "Satuan", "Indikator", "Pagu"]
    for letter, title in zip("ABCDEF", meaning, strict=True):
        page.get_by_label(f"Arti kolom {letter}").select_option(title)
    page.get_by_label("Tahun").fill("2026")
    page.get_by_label("Program", exact=True).fill("Paket sembako")
    page.get_by_role("button", name="Lihat hasil bacaan").click()
    assert page.get_by_role("group", name="Tabel hasil bacaan").get_by_text("Rp 75.000.000").is_visible()
    page.get_by_role("button", name="Lanjut ke pratinjau").click()
    assert page.locator("h1").inner_text() == "2 baris baru, siap diterapkan."
    page.get_by_role("button", name="Terapkan 2 baris").click()
    assert list(Activity.objects.filter(program__name="Paket sembako").values_list("budget", flat=True)) == [
        75_000_000,
        1_000,
    ]
    assert watch.taken_faults() == []


def test_what_was_downloaded_comes_back_unchanged(visit, operator):
    watch = visit()
    page = sign_in(watch, "operator")
    own = Activity.objects.filter(program__opd=operator.opd)
    for name, write in (("program.csv", as_csv), ("program.xlsx", as_xlsx)):
        upload(watch, name, write(table_of(PROGRAM, operator, activities=own)))
        assert page.locator("h1").inner_text() == "Tidak ada yang berubah: isi berkas ini sama dengan yang tersimpan."
