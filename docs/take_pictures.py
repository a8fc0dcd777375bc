"""Takes the pictures of the README and the handbook from the real pages, with sample data of its own.

make pictures
"""

import csv
import io
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "gambar"
ADDRESS = "http://127.0.0.1:8753"
PASSWORD = secrets.token_urlsafe(12)


def main():
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DEBUG": "1",
            "DATABASE_URL": f"sqlite:///{folder}/pictures.sqlite3",
            "SAMPLE_PASSWORD": PASSWORD,
        }

        def manage(*words):
            return [sys.executable, ROOT / "manage.py", *words]

        for words in (("migrate", "--verbosity", "0"), ("load_reference",), ("load_sample",)):
            subprocess.run(manage(*words), env=environment, check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen(
            manage("runserver", "--noreload", ADDRESS.removeprefix("http://")),
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for_server()
            take_all()
        finally:
            server.terminate()
            server.wait()


def wait_for_server():
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{ADDRESS}/masuk/").close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The site did not start.")


def take_all():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-background-networking", "--no-first-run"],
        )
        page = signed_in(browser, "sekretariat")
        take(page, "ringkasan")
        for name, path in (
            ("strategi", "/strategi/1/"),
            ("opd", "/opd/"),
            ("program", "/program/?strategi=3"),
            ("pelaporan", "/pelaporan/"),
        ):
            page.goto(ADDRESS + path)
            take(page, name)
        page.goto(ADDRESS + "/realisasi/")
        page.click("details.filters summary")
        take(page, "saringan")
        page.goto(ADDRESS + "/admin/")
        take(page, "isi-data")
        page.goto(ADDRESS + "/admin/tracker/program/add/")
        take(page, "isi-program")
        page.goto(ADDRESS + "/admin/tracker/activity/add/")
        take(page, "isi-sub-kegiatan")
        page.goto(ADDRESS + "/admin/tracker/user/add/")
        page.fill("[name=username]", "rina.dinsos")
        page.get_by_label("Operator OPD").check()
        page.locator("h2:has-text('Orang dan OPD')").evaluate("title => title.scrollIntoView()")
        take(page, "pengguna")
        page.goto(ADDRESS + "/admin/tracker/period/")
        page.click("text=TW III")
        page.click("text=Kunci triwulan")
        page.get_by_label("Alasan").fill("Dibahas pada rakor 20 Oktober")
        take(page, "kunci-triwulan")
        page.goto(ADDRESS + "/program/")
        page.click("tbody tr:nth-child(2) a")
        take(page, "sub-kegiatan")
        page.click("text=Isi atau ubah")
        page.locator("h2:has-text('Realisasi per triwulan')").evaluate("title => title.scrollIntoView()")
        take(page, "isi-realisasi")

        page = signed_in(browser, "operator")
        page.goto(ADDRESS + "/admin/")
        take(page, "kerja-operator")

        take_imports(page)

        page = signed_in(browser, "verifikator")
        page.goto(ADDRESS + "/admin/tracker/report/periksa/?tw=3")
        take(page, "periksa")
        browser.close()


def take_imports(page):
    """A sheet that comes back filled in, and a list of somebody else's shape."""
    answer = page.request.get(ADDRESS + "/realisasi/?format=csv&tw=4")
    rows = list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"), newline=""), delimiter=";"))
    own = [row for row in rows if row["OPD"] == "Dinsos"]
    for row in own[:4]:
        row.update({"Realisasi keluaran": row["Target berlaku"], "Realisasi anggaran": row["Pagu berlaku"]})
    own[4]["Realisasi anggaran"] = "1,5 juta"
    page.goto(ADDRESS + "/impor/")
    take(page, "impor")
    send(page, "realisasi-tw4.csv", [list(rows[0]), *(list(row.values()) for row in own)])
    take(page, "pratinjau")
    foreign = [
        ["DAFTAR BELANJA TAHUN 2026"],
        ["No", "SKPD", "Uraian", "Sumber Dana", "Volume", "Satuan", "Jumlah (Rp)"],
        ["1", "Dinas Sosial", "Bantuan sembako lansia", "DAU", "1,250", "KPM", "1,500,000,000"],
        ["2", "Dinas Sosial", "Pelatihan relawan", "DAU", "60", "orang", "120,000,000"],
        ["", "", "JUMLAH", "", "", "", "1,620,000,000"],
    ]
    page.goto(ADDRESS + "/impor/")
    send(page, "daftar-belanja.csv", foreign)
    page.locator("h2:has-text('Kolomnya')").evaluate("title => title.scrollIntoView()")
    take(page, "cocokkan-kolom")


def send(page, name, rows):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";").writerows(rows)
    sent = {"name": name, "mimeType": "text/csv", "buffer": file.getvalue().encode()}
    page.set_input_files("input[type=file]", sent)
    page.click("main button.primary")


def signed_in(browser, username) -> Page:
    page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="id-ID").new_page()
    page.goto(ADDRESS)
    if username == "sekretariat":
        take(page, "masuk")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    return page


def take(page: Page, name):
    page.screenshot(path=PICTURES / f"{name}.png")
    print(PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
