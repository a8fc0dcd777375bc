"""The sheet that an OPD fills in: the rows and columns of the export, what may change, what is said. See kit/."""

import datetime
import os
import subprocess
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.conftest import signed_in
from tests.imports.sending import changes, outcomes, planned, problems
from tests.reading import content, links, text
from tests.small_world import TW3, YEAR, small_world
from tests.test_xlsx import in_libreoffice
from tracker.kit import ENTRIES
from tracker.models import ObstacleCategory, Report
from tracker.models.scope import Role
from tracker.tables import REPORT_COLUMNS

NOVEMBER = datetime.date(2025, 11, 22)
TITLES = [column.title for column in REPORT_COLUMNS]
OPEN = [
    "Realisasi keluaran", "Realisasi anggaran", "Fisik", "Penerima", "Kategori kendala", "Kendala", "Tindak lanjut",
    "Penanggung jawab", "Tenggat", "Bukti", "Status", "Tenaga kerja lokal", "Alasan perubahan",
]  # fmt: skip


@pytest.fixture
def world(db):
    make.obstacle_category("Cuaca"), make.obstacle_category("Lahan")
    return small_world()


@pytest.fixture(autouse=True)
def in_november(monkeypatch):
    """TW III 2025 is over and overdue, TW IV runs."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: NOVEMBER)


def ask(client, **query):
    return client.get("/realisasi/", TW3 | {"format": "kit"} | query)


def kit(client, opd=None, **query):
    answer = ask(client, **({"opd": str(opd.pk)} if opd else {}), **query)
    assert answer.status_code == 200
    return openpyxl.load_workbook(BytesIO(content(answer)))


def rows(book) -> list[dict]:
    titles, *lines = book["realisasi"].values
    return [dict(zip(titles, line, strict=True)) for line in lines]


def names(book) -> list[str]:
    return [row["Sub kegiatan"] for row in rows(book)]


def cell(book, name, title):
    """The cell of this column in the row of this sub kegiatan."""
    return book["realisasi"].cell(names(book).index(name) + 2, TITLES.index(title) + 1)


def unlocked(book) -> dict[str, list[str]]:
    """By sub kegiatan the columns that can be filled in, where there are any."""
    found = {}
    for row in book["realisasi"].iter_rows(min_row=2):
        if titles := [title for title, cell in zip(TITLES, row, strict=True) if not cell.protection.locked]:
            found[row[TITLES.index("Sub kegiatan")].value] = titles
    return found


def rules(book) -> dict:
    """The data validations by title of the column and the rows they are for."""
    found = {}
    for rule in book["realisasi"].data_validations.dataValidation:
        [area] = rule.sqref.ranges
        assert area.min_col == area.max_col
        found[TITLES[area.min_col - 1], area.min_row, area.max_row] = rule
    return found


def guidance(book) -> list[str]:
    return [" ".join(str(value) for value in line if value) for line in book["Petunjuk"].values if any(line)]


def lock(quarter=3, **fields):
    return make.period(YEAR, quarter, locked_at=datetime.datetime(2025, 10, 31, 3, tzinfo=datetime.UTC), **fields)


class TestWhatItHolds:
    def test_its_sheets_and_its_name(self, world, as_operator):
        answer = ask(as_operator, opd=str(world.dinsos.pk))
        assert answer["Content-Disposition"] == 'attachment; filename="isian-realisasi-dinsos-2025-tw3.xlsx"'
        assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        book = openpyxl.load_workbook(BytesIO(content(answer)))
        assert book.sheetnames == ["realisasi", "Petunjuk", "Pilihan", "Keterangan"]
        assert book.active.title == "realisasi"

    @pytest.mark.parametrize(
        ("short_name", "part"), [("Dinas P & K/Ö", "dinas-p-ko"), ("../x", "x"), ("a\tb", "a-b"), ("-", None)]
    )
    def test_the_name_is_safe_whatever_the_opd_is_called(self, world, as_viewer, short_name, part):
        opd = make.opd(short_name)
        make.activity(make.program(opd, YEAR))
        assert ask(as_viewer, opd=str(opd.pk))["Content-Disposition"] == (
            f'attachment; filename="isian-realisasi-{part or opd.pk}-2025-tw3.xlsx"'
        )

    def test_of_several_opds_the_name_names_none(self, world, as_viewer):
        assert 'filename="isian-realisasi-2025-tw3.xlsx"' in ask(as_viewer)["Content-Disposition"]
        assert names(kit(as_viewer)) == ["Imunisasi", "Rabat beton", "Sembako", "Bedah rumah"]

    def test_the_columns_and_cells_are_those_of_the_export(self, world, as_operator):
        fields = {"physical_percent": Decimal("12.5"), "follow_up_due": datetime.date(2025, 12, 1), "local_workers": 0}
        texts = {"obstacle": "=1+1", "follow_up": "-", "evidence_url": "https://x.example/", "follow_up_owner": "'a"}
        cause = make.obstacle_category("Lahan")
        make.report(world.houses, 3, status="draft", obstacle_category=cause, beneficiaries=7, **fields, **texts)
        answer = as_operator.get("/realisasi/", TW3 | {"format": "xlsx"})
        titles, *lines = openpyxl.load_workbook(BytesIO(content(answer)))["realisasi"].values
        assert list(titles) == TITLES
        exported = [dict(zip(titles, line, strict=True)) for line in lines]
        book = kit(as_operator)
        assert next(book["realisasi"].values) == titles
        assert rows(book) == [row for row in exported if row["Sub kegiatan"] not in ("Gizi balita", "Pasar murah")]
        assert cell(book, "Bedah rumah", "Kendala").value == "'=1+1"

    def test_what_is_not_asked_for_is_left_out_unless_it_was_reported(self, world, as_viewer):
        """Pasar murah was stopped, Gizi balita begins in TW IV."""
        assert names(kit(as_viewer, world.dinsos)) == ["Sembako", "Bedah rumah"]
        assert names(kit(as_viewer, world.dinkes, tw="4")) == ["Imunisasi", "Gizi balita"]
        make.report(world.stopped, 3, status="verified")
        assert names(kit(as_viewer, world.dinsos)) == ["Sembako", "Bedah rumah", "Pasar murah"]

    @pytest.mark.parametrize(
        ("who", "seen"),
        [("as_operator", True), ("as_secretary", True), ("as_coordinator", True), ("as_stranger", False),
         ("as_viewer", False)],
    )  # fmt: skip
    def test_a_draft_shows_to_those_to_whom_the_export_shows_it(self, world, request, who, seen):
        """Neither its figures nor, where nothing is asked for, that there is one."""
        make.report(world.houses, 3, status="draft", realised_budget=876_543_219, obstacle="KENARI")
        make.report(world.stopped, 3, status="returned", obstacle="KENARI")
        book = kit(request.getfixturevalue(who), world.dinsos)
        assert ("Pasar murah" in names(book)) is seen
        assert cell(book, "Bedah rumah", "Realisasi anggaran").value == (876_543_219 if seen else None)
        assert cell(book, "Bedah rumah", "Versi").value == (1 if seen else None)
        shown = str([list(sheet.values) for sheet in book])
        assert ("KENARI" in shown) is seen

    def test_the_filters_choose_the_rows(self, world, as_viewer):
        assert names(kit(as_viewer, strategi="1", kecamatan="16.04.11")) == ["Sembako"]
        assert names(kit(as_viewer, status="belum-lapor")) == ["Rabat beton", "Bedah rumah"]
        assert names(kit(as_viewer, sumber="luar")) == ["Imunisasi"]
        note = dict(line for line in kit(as_viewer, sumber="luar")["Keterangan"].values)
        assert note["Saringan Sumber dana"] == "Luar APBD"

    def test_without_rows_it_is_its_heading(self, world, as_viewer):
        for query in ({"q": "xyzzy"}, {"tahun": "2031"}):
            book = kit(as_viewer, **query)
            assert list(book["realisasi"].values) == [tuple(TITLES)]
            assert rules(book) == {}

    def test_what_the_file_is_stands_in_it_as_in_every_other(self, world, as_viewer):
        note = [line for line in kit(as_viewer)["Keterangan"].values if line[0] != "Diunduh"]
        other = as_viewer.get("/realisasi/", TW3 | {"format": "xlsx"})
        said = openpyxl.load_workbook(BytesIO(content(other)))["Keterangan"].values
        assert note == [line for line in said if line[0] != "Diunduh"]


class TestWhatMayChange:
    def test_exactly_the_cells_of_a_report(self, world, as_operator):
        book = kit(as_operator, world.dinsos)
        assert list(ENTRIES) == OPEN
        assert unlocked(book) == {"Sembako": OPEN, "Bedah rumah": OPEN}
        assert all(cell.protection.locked for cell in book["realisasi"][1])
        assert all(cell.protection.locked for cell in book["realisasi"][4])  # below the last row

    def test_the_sheets_are_protected_without_a_password(self, world, as_operator):
        book = kit(as_operator, world.dinsos)
        for name in ("realisasi", "Petunjuk", "Pilihan"):
            lock = book[name].protection
            assert (lock.sheet, lock.password) == (True, None), name
        # What stands here as False is not forbidden.
        lock = book["realisasi"].protection
        allowed = [lock.autoFilter, lock.formatColumns, lock.formatRows, lock.selectLockedCells]
        assert (allowed, lock.insertRows, lock.deleteRows) == ([False] * 4, True, True)

    def test_what_may_not_change_is_grey(self, world, as_operator):
        book = kit(as_operator, world.dinsos)
        for title in TITLES:
            shade = cell(book, "Sembako", title).fill.fgColor.rgb
            assert shade == ("00000000" if title in OPEN else "FFECECEC"), title

    def test_a_verified_report_can_still_be_filled_in(self, world, as_operator):
        book = kit(as_operator, world.dinsos)
        assert cell(book, "Sembako", "Status").value == "Diverifikasi"
        assert not cell(book, "Sembako", "Realisasi anggaran").protection.locked
        assert rules(book)["Status", 2, 2].prompt == (
            "Laporan ini sudah diverifikasi. Bila isinya diubah, tulis alasannya; laporan lalu diajukan lagi."
        )

    def test_nothing_in_a_locked_quarter(self, world, as_operator):
        lock(lock_reason="Rapat TKPK")
        book = kit(as_operator, world.dinsos)
        assert (names(book), unlocked(book), rules(book)) == (["Sembako", "Bedah rumah"], {}, {})
        assert len(book["realisasi"].conditional_formatting) == 0
        assert book["realisasi"].protection.sheet

    def test_nothing_before_a_quarter_opens_or_is_made(self, world, as_operator):
        make.period(YEAR, 4, opens_on=datetime.date(2025, 12, 1), due_on=datetime.date(2026, 1, 10))
        assert unlocked(kit(as_operator, world.dinsos, tw="4")) == {}
        make.period(YEAR, 4).delete()
        assert unlocked(kit(as_operator, world.dinsos, tw="4")) == {}

    def test_an_exception_opens_the_rows_of_its_opd_and_no_other(self, world, as_secretary):
        period = lock()
        make.period_exception(period, world.pupr, NOVEMBER)
        make.period_exception(period, world.dinkes, NOVEMBER - datetime.timedelta(days=1))
        book = kit(as_secretary)
        assert unlocked(book) == {"Rabat beton": OPEN}
        assert {(first, last) for _, first, last in rules(book)} == {(3, 3)}
        assert unlocked(kit(as_secretary, world.pupr)) == {"Rabat beton": OPEN}
        assert unlocked(kit(as_secretary, world.dinkes)) == {}


class TestWhatACellTakes:
    @pytest.mark.parametrize(
        ("title", "rule"),
        [
            ("Realisasi keluaran", ("decimal", "greaterThanOrEqual", "0", None)),
            ("Realisasi anggaran", ("whole", "greaterThanOrEqual", "0", None)),
            ("Fisik", ("decimal", None, "0", "100")),  # None stands for between
            ("Penerima", ("whole", "greaterThanOrEqual", "0", None)),
            ("Kategori kendala", ("list", None, "Pilihan!$A$2:$A$3", None)),
            ("Kendala", (None, None, None, None)),
            ("Tindak lanjut", (None, None, None, None)),
            ("Penanggung jawab", ("textLength", "lessThanOrEqual", "200", None)),
            ("Tenggat", ("date", None, "36526", "73415")),  # 01-01-2000, 31-12-2100
            ("Bukti", ("textLength", "lessThanOrEqual", "500", None)),
            ("Tenaga kerja lokal", ("whole", "greaterThanOrEqual", "0", None)),
            ("Alasan perubahan", (None, None, None, None)),
        ],
    )
    def test_is_checked_while_it_is_typed(self, world, as_operator, title, rule):
        found = rules(kit(as_operator, world.dinsos))[title, 2, 3]
        assert (found.type, found.operator, found.formula1, found.formula2) == rule
        assert (found.allow_blank, found.errorStyle) == (True, None)  # None stands for stop

    def test_the_states_are_those_that_may_follow(self, world, as_operator):
        for status in ("draft", "returned", "submitted", "verified", "verified"):
            make.report(make.activity(world.aid, name=status), 3, status=status)
        book = kit(as_operator, world.dinsos)
        assert names(book)[2:] == ["draft", "returned", "submitted", "verified", "verified"]
        found = rules(book).items()
        assert {(first, last): rule.formula1 for (title, first, last), rule in found if title == "Status"} == {
            (2, 2): '"Diverifikasi"',  # Sembako
            (3, 3): '"Draf,Diajukan"',  # Bedah rumah, without a report
            (4, 4): '"Draf,Diajukan"',
            (5, 5): '"Dikembalikan,Diajukan,Draf"',
            (6, 6): '"Diajukan,Draf"',
            (7, 8): '"Diverifikasi"',
        }

    def test_what_a_cell_holds_now_is_among_what_it_takes(self, world, as_operator):
        for status in Report.Status.values:
            make.report(make.activity(world.aid), 3, status=status)
        book = kit(as_operator, world.dinsos)
        for (title, first, last), rule in rules(book).items():
            if title == "Status":
                held = {book["realisasi"].cell(row, TITLES.index(title) + 1).value for row in range(first, last + 1)}
                assert held - {None} <= set(rule.formula1.strip('"').split(","))

    def test_the_categories_may_be_many_and_stand_as_in_the_cells(self, world, as_operator):
        causes = [make.obstacle_category(f"={number} {'Kendala panjang ' * 4}"[:60].strip()) for number in range(30)]
        make.report(world.houses, 3, obstacle_category=causes[0])
        book = kit(as_operator, world.dinsos)
        listed = [row[0] for row in book["Pilihan"].values]
        assert listed[0] == "Kategori kendala"
        assert len(listed) == 1 + ObstacleCategory.objects.count()
        assert rules(book)["Kategori kendala", 2, 3].formula1 == f"Pilihan!$A$2:$A${len(listed)}"
        assert cell(book, "Bedah rumah", "Kategori kendala").value in listed[1:]

    def test_every_column_says_what_belongs_there_and_what_was_wrong(self, world, as_operator):
        found = rules(kit(as_operator, world.pupr))
        assert {title for title, *_ in found} == set(OPEN)
        for (title, *_), rule in found.items():
            assert rule.promptTitle == title
            assert rule.prompt.endswith((".", "…")), title
            assert (rule.error or "").endswith(".") is (rule.type is not None), title
        assert found["Realisasi anggaran", 2, 2].prompt == (
            "Rupiah utuh, kumulatif sejak Januari s.d. akhir triwulan ini."
        )

    @pytest.mark.parametrize(
        ("title", "shape"),
        [
            ("Register", "@"),
            ("Sub kegiatan", "@"),
            ("Pagu berlaku", "#,##0"),
            ("Realisasi anggaran", "#,##0"),
            ("Realisasi keluaran", "General"),
            ("Fisik", "General"),
            ("Penerima", "#,##0"),
            ("Tenaga kerja lokal", "#,##0"),
            ("Kategori kendala", "@"),
            ("Status", "@"),
            ("Kendala", "@"),
            ("Tindak lanjut", "@"),
            ("Penanggung jawab", "@"),
            ("Alasan perubahan", "@"),
            ("Bukti", "@"),
            ("Tenggat", "dd-mm-yyyy"),
        ],
    )
    def test_cells_have_a_format_whether_filled_or_not(self, world, as_operator, title, shape):
        """Text as text: else a spreadsheet makes a date of 1-2."""
        book = kit(as_operator, world.dinsos)
        assert [cell(book, name, title).number_format for name in ("Sembako", "Bedah rumah")] == [shape] * 2


class TestWhatIsSeen:
    def test_the_heading_and_the_name_of_a_row_stay_in_view(self, world, as_operator):
        sheet = kit(as_operator, world.dinsos)["realisasi"]
        assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("F2", "A1:V3")
        assert sheet["E1"].value == "Sub kegiatan"
        widths = [sheet.column_dimensions[letter].width for letter in "ABCDE"]
        assert sum(widths) < 80  # characters: half of a small screen
        assert sheet.print_title_rows == "$1:$1"

    def test_what_is_empty_or_above_its_pagu_or_verified_is_marked(self, world, as_operator):
        sheet = kit(as_operator, world.dinsos)["realisasi"]
        found = {str(area.sqref): rule for area in sheet.conditional_formatting for rule in area.rules}
        assert {area: rule.formula for area, rule in found.items()} == {
            "I2:V3": ['AND($J2="",$I2="")'],
            "J2:J3": ["AND(ISNUMBER($J2),$J2>$H2)"],
            "V2:V3": ['$S2="Diverifikasi"'],
        }
        assert [TITLES[n] for n in (7, 8, 9, 18, 21)] == [
            "Pagu berlaku", "Realisasi keluaran", "Realisasi anggaran", "Status", "Alasan perubahan",
        ]  # fmt: skip
        assert found["J2:J3"].dxf.font.b, "also on paper without colour"

    def test_a_row_is_as_high_as_its_texts(self, world, as_operator):
        make.report(world.houses, 3, obstacle="Hujan terus.\nJalan putus.\nBahan belum datang.")
        sheet = kit(as_operator, world.dinsos)["realisasi"]
        assert sheet.row_dimensions[2].height is None  # Sembako
        assert sheet.row_dimensions[3].height == 15 * 3


class TestPetunjuk:
    def test_to_the_letter(self, world, as_operator):
        assert guidance(kit(as_operator, world.dinsos)) == [
            "Petunjuk mengisi realisasi TW III 2025",
            "Untuk Dinas Sosial (Dinsos)",
            "Triwulan TW III 2025, angka s.d. 30 September 2025",
            "Tenggat 10 Oktober 2025",
            "Keadaan TW III 2025 lewat tenggat 10 Oktober 2025. Laporan masih dapat diisi dan disebut terlambat.",
            "Bantuan Bila ada yang kurang jelas, tanyakan kepada Sekretariat TKPK.",
            "1 Isi lembar “realisasi”, hanya kolom berjudul hijau. Kolom abu-abu terkunci, supaya baris tetap "
            "dikenali.",
            "2 Tulis angka kumulatif, yaitu sejak Januari s.d. akhir triwulan ini, bukan angka triwulan ini saja. "
            "Rupiah ditulis utuh tanpa “Rp” dan tanpa titik ribuan, misalnya 1250000.",
            "3 Baris kuning belum berisi realisasi. Biarkan kosong bila belum ada laporan. Tulis 0 hanya bila "
            "realisasinya benar-benar nol.",
            "4 Pilih Status: Draf bila masih akan dilengkapi, Diajukan bila sudah selesai; kosong berarti Diajukan. "
            "Draf belum dihitung.",
            "5 Isi Alasan perubahan bila angka turun dari triwulan sebelumnya, atau bila laporan yang sudah "
            "diverifikasi diubah (kotak alasannya biru). Laporan itu lalu diajukan lagi.",
            "6 Realisasi anggaran yang merah melebihi pagu. Isian itu tetap diterima, tetapi periksa dahulu angkanya.",
            "7 Tulis jabatan, bukan nama orang. Jangan menulis nama penerima atau NIK di kolom mana pun.",
            "8 Simpan sebagai XLSX, lalu unggah lewat menu Impor di http://testserver/impor/ – apa yang akan berubah "
            "ditunjukkan dahulu sebelum disimpan.",
            "9 Pakailah berkas yang baru diunduh. Baris yang sementara itu diubah di aplikasi ditolak, supaya tidak "
            "ada isian yang tertimpa.",
        ]

    def test_a_locked_quarter_says_so_first_and_nothing_of_filling_in(self, world, as_operator):
        lock(lock_reason="Rapat TKPK")
        said = guidance(kit(as_operator, world.dinsos))
        assert said[1] == (
            "Perhatian Berkas ini hanya untuk dibaca. TW III 2025 sudah dikunci pada 31 Oktober 2025 pukul 10.00 WIB. "
            "Alasan: Rapat TKPK. Mintalah Sekretariat TKPK memberi OPD ini pengecualian untuk TW III 2025; sebutkan "
            "alasannya dan sampai tanggal berapa."
        )
        assert [line.split()[0] for line in said[2:]] == ["Untuk", "Triwulan", "Tenggat", "Bantuan"]

    def test_a_quarter_to_come_says_when_it_opens(self, world, as_operator):
        make.period(YEAR, 4, opens_on=datetime.date(2025, 12, 1))
        assert guidance(kit(as_operator, world.dinsos, tw="4"))[1] == (
            "Perhatian Berkas ini hanya untuk dibaca. TW IV 2025 belum dibuka. "
            "Laporan dapat diisi mulai 1 Desember 2025."
        )
        make.period(YEAR, 4).delete()
        assert guidance(kit(as_operator, world.dinsos, tw="4"))[1:4] == [
            "Perhatian Berkas ini hanya untuk dibaca. TW IV 2025 belum dibuka oleh Sekretariat TKPK, "
            "jadi laporannya belum dapat diisi.",
            "Untuk Dinas Sosial (Dinsos)",
            "Triwulan TW IV 2025, angka s.d. 31 Desember 2025",
        ]

    def test_an_exception_is_named(self, world, as_operator, as_secretary):
        make.period_exception(lock(), world.dinsos, NOVEMBER)
        own, all_of_them = guidance(kit(as_operator, world.dinsos)), guidance(kit(as_secretary))
        assert own[4] == "Keadaan TW III 2025 sudah dikunci pada 31 Oktober 2025 pukul 10.00 WIB."
        assert own[5] == all_of_them[5] == "Pengecualian Masih dapat diisi oleh Dinsos."
        assert all_of_them[1] == "Untuk Semua OPD di lembar realisasi"
        assert guidance(kit(as_operator, world.pupr))[1].startswith("Perhatian Berkas ini hanya untuk dibaca.")

    def test_the_address_is_that_of_the_site_it_came_from(self, world, as_operator, settings):
        settings.ALLOWED_HOSTS = ["pantau.lahat.example"]
        address = f"/realisasi/?tahun=2025&tw=3&format=kit&opd={world.dinsos.pk}"
        answer = as_operator.get(address, headers={"host": "pantau.lahat.example"}, secure=True)
        said = guidance(openpyxl.load_workbook(BytesIO(content(answer))))
        assert "menu Impor di https://pantau.lahat.example/impor/ –" in said[-2]


class TestTheAddress:
    def test_only_the_reports_of_a_quarter_have_one(self, world, as_viewer):
        answer = as_viewer.get("/opd/", TW3 | {"format": "kit"})
        assert (answer.status_code, "Yang tersedia: csv, xlsx." in text(answer)) == (400, True)
        answer = ask(as_viewer, tabel="rekap")
        assert (answer.status_code, "Yang tersedia: realisasi." in text(answer)) == (400, True)
        answer = as_viewer.get("/realisasi/", TW3 | {"format": "pdf"})
        assert "Yang tersedia: csv, xlsx, kit." in text(answer)

    def test_an_unknown_opd_is_explained(self, world, as_viewer):
        for value in ("0", "x", "99999999999999999999"):
            assert ask(as_viewer, opd=value).status_code == 400

    def test_it_is_for_those_who_are_signed_in(self, world, as_nobody):
        assert ask(as_nobody).url.startswith("/masuk/?next=")

    @pytest.mark.parametrize("is_locked", [False, True])
    def test_it_asks_as_much_for_many_rows_as_for_few(self, world, as_operator, is_locked):
        def asked():
            cache.clear()
            with CaptureQueriesContext(connection) as statements:
                kit(as_operator)
            return len(statements)

        if is_locked:
            make.period_exception(lock(), world.dinsos, NOVEMBER)
        few = asked()
        for number in range(20):
            opd = make.opd(f"OPD{number}")
            make.report(make.activity(make.program(opd, YEAR)), 3, obstacle_category=make.obstacle_category())
        assert (asked(), few <= 14) == (few, True)


class TestTheWayBack:
    """By the ordinary import."""

    def planned(self, book, user):
        file = BytesIO()
        book.save(file)
        return planned(file.getvalue(), user, name="isian-realisasi-dinsos-2025-tw3.xlsx")

    def test_sent_back_as_it_came_it_changes_nothing(self, world, as_operator, operator):
        """Whatever was written, and however the sheets beside it read."""
        texts = {
            "obstacle": "=1+1\nbaris dua",
            "follow_up": "'-",
            "follow_up_owner": "-",
            "evidence_url": "https://x.example/",
        }
        for status in Report.Status.values:
            fields = {"physical_percent": Decimal("12.345"), "follow_up_due": datetime.date(2025, 12, 1)}
            make.report(
                make.activity(world.aid), 3, realised_output=Decimal("0.125"), status=status, **fields, **texts
            )
        content_of_it = content(ask(as_operator, opd=str(world.dinsos.pk)))
        assert outcomes(planned(content_of_it, operator)) == {"unchanged": 6}
        assert outcomes(self.planned(kit(as_operator), operator)) == {"unchanged": 8}

    def test_what_is_filled_in_arrives(self, world, as_operator, operator):
        book = kit(as_operator, world.dinsos)
        for title, value in {
            "Realisasi keluaran": 120.5,
            "Realisasi anggaran": 150_000_000,
            "Kategori kendala": "Cuaca",
            "Kendala": "Hujan",
            "Tenggat": datetime.date(2025, 12, 1),
            "Status": "Draf",
        }.items():
            cell(book, "Bedah rumah", title).value = value
        cell(book, "Sembako", "Realisasi anggaran").value = 61_000_000
        plan = self.planned(book, operator)
        assert outcomes(plan) == {"new": 1, "refused": 1}
        assert problems(plan) == [
            (2, "Alasan perubahan", "", "Tulis alasannya, karena laporan ini sudah diverifikasi.")
        ]
        cell(book, "Sembako", "Alasan perubahan").value = "Salah ketik"
        plan = self.planned(book, operator)
        assert outcomes(plan) == {"new": 1, "changed": 1}
        assert [change for change in changes(plan) if change[0] == 2] == [
            (2, "Realisasi anggaran", "Rp\u00a060.000.000", "Rp\u00a061.000.000"),
            (2, "Status", "Diverifikasi", "Diajukan"),
        ]


class TestTheWayThere:
    """From the start page of an operator; that of /pelaporan/ is tried in views/test_reporting.py."""

    def offered(self, client) -> dict[str, str]:
        return {name: address for name, address in links(client.get("/admin/")).items() if "format=kit" in address}

    def test_an_operator_finds_the_quarter_that_is_over_and_the_one_that_runs(self, world, as_operator):
        """TW I and TW II are over as well, and could still be filled in one by one."""
        address = "/realisasi/?tahun=2025&tw={}&opd={}&format=kit"
        assert self.offered(as_operator) == {
            "TW III 2025": address.format(3, world.dinsos.pk),
            "TW IV 2025": address.format(4, world.dinsos.pk),
        }
        assert "Unduh berkas isian TW III 2025 atau TW IV 2025 (XLSX)" in text(as_operator.get("/admin/"))
        book = openpyxl.load_workbook(BytesIO(content(as_operator.get(self.offered(as_operator)["TW III 2025"]))))
        assert unlocked(book) == {"Sembako": OPEN, "Bedah rumah": OPEN}

    def test_only_what_can_be_filled_in_is_offered(self, world, as_operator, as_stranger):
        period = lock()
        assert list(self.offered(as_operator)) == ["TW IV 2025"]
        make.period_exception(period, world.dinsos, NOVEMBER)
        make.period(YEAR, 4, opens_on=datetime.date(2025, 12, 1))
        assert list(self.offered(as_operator)) == ["TW III 2025"]
        assert self.offered(as_stranger) == {}

    def test_nothing_is_offered_where_nothing_is_expected(self, world, as_operator):
        for activity in (world.sembako, world.houses):
            activity.starts_quarter = 4
            activity.save()
        assert list(self.offered(as_operator)) == ["TW IV 2025"]
        client = signed_in(make.user("baru", Role.OPERATOR, opd=make.opd("Perkim")))
        assert self.offered(client) == {}
        assert "berkas isian" not in text(client.get("/admin/"))


@pytest.mark.libreoffice
class TestLibreOffice:
    def test_it_reads_what_the_table_holds(self, world, as_operator, tmp_path):
        make.report(world.houses, 3, status="draft", obstacle="-", follow_up="+62", evidence_url="https://x.example/")
        path = tmp_path / "isian.xlsx"
        path.write_bytes(content(ask(as_operator, opd=str(world.dinsos.pk))))
        titles, sembako, houses = in_libreoffice(path)["realisasi"]
        assert titles == TITLES
        assert (sembako[TITLES.index("Status")], sembako[TITLES.index("Realisasi anggaran")]) == (
            "Diverifikasi",
            "60000000",
        )
        assert [houses[TITLES.index(title)] for title in ("Kendala", "Tindak lanjut", "Bukti", "Versi")] == [
            "-", "'+62", "https://x.example/", "1",
        ]  # fmt: skip

    def test_what_it_saves_is_guarded_as_before_and_changes_nothing(self, world, as_operator, operator, tmp_path):
        path = tmp_path / "isian.xlsx"
        make.report(world.houses, 3, physical_percent=Decimal("12.345"), obstacle="-1\nbaris dua")
        path.write_bytes(content(ask(as_operator, opd=str(world.dinsos.pk))))
        before = openpyxl.load_workbook(path)
        command = [os.environ["SOFFICE"], f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
        command += ["--convert-to", "xlsx", "--outdir", tmp_path / "saved", path]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        saved = tmp_path / "saved" / "isian.xlsx"
        assert outcomes(planned(saved.read_bytes(), operator)) == {"unchanged": 2}
        book = openpyxl.load_workbook(saved)
        assert book.sheetnames == before.sheetnames
        assert book["realisasi"].protection.sheet
        assert unlocked(book) == unlocked(before)
        assert rows(book) == rows(before)
        kept = {(title, first): (rule.type, rule.formula1) for (title, first, _), rule in rules(book).items()}
        for (title, first, _), rule in rules(before).items():
            if rule.type:
                assert kept[title, first] == (rule.type, rule.formula1), title
