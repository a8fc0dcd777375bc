"""The columns of the files: their names and order never change between releases. Typed from design.md section 5."""

import datetime
from decimal import Decimal

import pytest

from tests import make
from tests.reading import csv_lines, csv_rows
from tests.small_world import TW3, YEAR, small_world

PROGRAM = [
    "Register", "Tahun", "OPD", "Kode program", "Program", "Kode sub kegiatan", "Sub kegiatan", "Strategi",
    "Prioritas RKPD", "PPKE", "Sumber dana", "Indikator", "Satuan", "Arah", "Nilai awal", "Target", "Target perubahan",
    "Pagu", "Pagu perubahan", "Catatan perubahan", "Kelompok sasaran", "Jumlah sasaran", "Satuan sasaran",
    "Basis data sasaran", "Lokasi", "Rencana TW I", "Rencana TW II", "Rencana TW III", "Rencana TW IV", "Mulai TW",
    "Jenis unit pelaksana", "Unit pelaksana", "Padat karya", "Versi", "Mitra", "Alasan perubahan",
]  # fmt: skip
REALISASI = [
    "Register", "Tahun", "Triwulan", "OPD", "Sub kegiatan", "Satuan", "Target berlaku", "Pagu berlaku",
    "Realisasi keluaran", "Realisasi anggaran", "Fisik", "Penerima", "Kategori kendala", "Kendala", "Tindak lanjut",
    "Penanggung jawab", "Tenggat", "Bukti", "Status", "Tenaga kerja lokal", "Versi", "Alasan perubahan",
]  # fmt: skip
PELAPORAN = [
    "OPD", "Nama", "Ditagih", "Lapor", "Diverifikasi", "Dikembalikan", "Belum lapor", "Hari terlambat", "Pagu",
    "Pagu sudah lapor", "Mewakili",
]  # fmt: skip
BELUM_LAPOR = ["Register", "OPD", "Program", "Sub kegiatan", "Pagu", "Posisi terakhir (TW)"]
REKAP = [
    "Kelompok", "Nama", "Program", "Sub kegiatan", "Pagu", "Realisasi", "Serapan", "Fisik", "Fisik tertinggi",
    "Rencana", "Deviasi", "Status", "Mewakili", "Belum lapor", "Pagu luar APBD",
]  # fmt: skip
COLUMNS = {
    ("/", "strategi"): REKAP,
    ("/", "prioritas"): REKAP,
    ("/", "keputusan"): REKAP,
    ("/strategi/", "strategi"): REKAP,
    ("/strategi/1/", "strategi"): REKAP,
    ("/prioritas/", "prioritas"): REKAP,
    ("/prioritas/2021/1/", "prioritas"): REKAP,
    ("/opd/", "opd"): REKAP,
    ("/opd/{dinsos}/", "opd"): REKAP,
    ("/program/", "program"): PROGRAM,
    ("/program/", "sub-kegiatan"): REKAP,
    ("/program/", "rekap"): REKAP,
    ("/program/{aid}/", "program"): PROGRAM,
    ("/program/{aid}/", "sub-kegiatan"): REKAP,
    ("/sub-kegiatan/{sembako}/", "triwulan"): REALISASI,
    ("/sub-kegiatan/{sembako}/", "angka"): REKAP,
    ("/realisasi/", "realisasi"): REALISASI,
    ("/pelaporan/", "pelaporan"): PELAPORAN,
    ("/pelaporan/", "belum-lapor"): BELUM_LAPOR,
}


@pytest.fixture
def world(db):
    return small_world()


def file(client, address, **query):
    return client.get(address, TW3 | query | {"format": "csv"})


@pytest.mark.parametrize(
    ("place", "columns"), COLUMNS.items(), ids=lambda part: "".join(part) if isinstance(part, tuple) else ""
)
def test_columns_to_the_letter(world, as_viewer, place, columns):
    address, slug = place
    address = address.format(dinsos=world.dinsos.pk, aid=world.aid.pk, sembako=world.sembako.ref)
    assert csv_lines(file(as_viewer, address, tabel=slug))[0] == columns


def test_the_first_table_of_a_page_is_its_file(world, as_viewer):
    for address, slug in {"/": "strategi", "/program/": "program", "/realisasi/": "realisasi"}.items():
        assert csv_lines(file(as_viewer, address)) == csv_lines(file(as_viewer, address, tabel=slug))


class TestProgram:
    @pytest.fixture
    def full(self, db, as_viewer):
        """Everything filled in that can be."""
        opd = make.opd("Dinsos", name="Dinas Sosial")
        program = make.program(
            opd, YEAR, code="1.06.05", name="Perlindungan sosial", strategy=make.strategy(2),
            priority=make.priority(2021, 3), is_extreme_poverty=True,
        )  # fmt: skip
        program.partners.set([make.partner("Baznas Lahat"), make.partner("Universitas Serelo")])
        activity = make.activity(
            program, code="1.06.05.2.01.0001", name="Bantuan sembako", indicator="Stunting", unit="persen",
            direction="down", baseline="20.125", target="15.5", revised_target="14", budget=1_250_000_000,
            revised_budget=999_999_999_999, revision_note="Perda 5/2025", funding_source=make.funding_source("DAK"),
            starts_quarter=2, plan_q1=0, plan_q2="12.5", plan_q3="60.125", plan_q4=100, target_group="KPM desil 1-2",
            target_beneficiaries=1250, beneficiary_unit="KPM", beneficiary_source="DTSEN",
            implementing_unit_kind="puskesmas", implementing_unit="Puskesmas Jarai", is_cash_for_work=True,
        )  # fmt: skip
        jarai = make.district("16.04.11", name="Jarai")
        lahat = make.district("16.04.02", name="Lahat")
        make.location(activity, lahat, village=make.village("16.04.02.2001", district=lahat, name="X", kind="desa"))
        make.location(activity, jarai)
        activity.save()  # the second version
        return activity

    def test_every_value_has_its_form(self, full, as_viewer):
        [row] = csv_rows(file(as_viewer, "/program/"))
        assert row == {
            "Register": full.ref,
            "Tahun": "2025",
            "OPD": "Dinsos",
            "Kode program": "1.06.05",
            "Program": "Perlindungan sosial",
            "Kode sub kegiatan": "1.06.05.2.01.0001",
            "Sub kegiatan": "Bantuan sembako",
            "Strategi": "2",
            "Prioritas RKPD": "2021-3",
            "PPKE": "ya",
            "Sumber dana": "DAK",
            "Indikator": "Stunting",
            "Satuan": "persen",
            "Arah": "turun",
            "Nilai awal": "20,125",
            "Target": "15,5",
            "Target perubahan": "14",
            "Pagu": "1250000000",
            "Pagu perubahan": "999999999999",
            "Catatan perubahan": "Perda 5/2025",
            "Kelompok sasaran": "KPM desil 1-2",
            "Jumlah sasaran": "1250",
            "Satuan sasaran": "KPM",
            "Basis data sasaran": "DTSEN",
            "Lokasi": "Jarai | Lahat/Desa X",
            "Rencana TW I": "0",
            "Rencana TW II": "12,5",
            "Rencana TW III": "60,125",
            "Rencana TW IV": "100",
            "Mulai TW": "2",
            "Jenis unit pelaksana": "puskesmas",
            "Unit pelaksana": "Puskesmas Jarai",
            "Padat karya": "ya",
            "Versi": "2",
            "Mitra": "Baznas Lahat | Universitas Serelo",
            "Alasan perubahan": "",
        }

    def test_what_is_missing_is_empty_and_what_is_zero_is_zero(self, db, as_viewer):
        make.activity(make.program(fiscal_year=YEAR, name="P"), target=0, budget=0, name="A")
        [row] = csv_rows(file(as_viewer, "/program/"))
        zero = {name for name, value in row.items() if value == "0"}
        empty = {name for name, value in row.items() if value == ""}
        assert zero == {"Target", "Pagu"}
        assert empty == {
            "Kode program", "Kode sub kegiatan", "Strategi", "Prioritas RKPD", "Nilai awal", "Target perubahan",
            "Pagu perubahan", "Catatan perubahan", "Kelompok sasaran", "Jumlah sasaran", "Satuan sasaran",
            "Basis data sasaran", "Lokasi", "Rencana TW I", "Rencana TW II", "Rencana TW III", "Rencana TW IV",
            "Jenis unit pelaksana", "Unit pelaksana", "Mitra", "Alasan perubahan",
        }  # fmt: skip
        assert (row["PPKE"], row["Padat karya"], row["Arah"]) == ("tidak", "tidak", "naik")

    def test_a_pagu_revised_to_zero_is_not_an_empty_one(self, db, as_viewer):
        make.activity(make.program(fiscal_year=YEAR), revised_budget=0)
        [row] = csv_rows(file(as_viewer, "/program/"))
        assert row["Pagu perubahan"] == "0"

    def test_the_file_is_the_whole_register_stopped_and_late_ones_included(self, world, as_viewer):
        names = [row["Sub kegiatan"] for row in csv_rows(file(as_viewer, "/program/"))]
        assert sorted(names) == [
            "Bedah rumah", "Gizi balita", "Imunisasi", "Pasar murah", "Rabat beton", "Sembako",
        ]  # fmt: skip


class TestRealisasi:
    def test_every_value_has_its_form(self, db, as_viewer):
        activity = make.activity(
            make.program(make.opd("Dinsos"), YEAR), name="Jalan", unit="km", target=40, revised_target="37.5",
            budget=5, revised_budget=8_000_000_000,
        )  # fmt: skip
        make.report(
            activity, 3, realised_output="12.345", realised_budget=6_100_000_001, physical_percent="62.5",
            beneficiaries=1200, local_workers=35, obstacle_category=make.obstacle_category("Cuaca"), obstacle="Banjir",
            follow_up="Tetapkan jadwal", follow_up_owner="Kepala Dinas", follow_up_due=datetime.date(2025, 10, 5),
            evidence_url="https://lahatkab.go.id/bukti?a=1;b=2", status="verified",
        )  # fmt: skip
        [row] = csv_rows(file(as_viewer, "/realisasi/"))
        assert row == {
            "Register": activity.ref,
            "Tahun": "2025",
            "Triwulan": "TW III",
            "OPD": "Dinsos",
            "Sub kegiatan": "Jalan",
            "Satuan": "km",
            "Target berlaku": "37,5",
            "Pagu berlaku": "8000000000",
            "Realisasi keluaran": "12,345",
            "Realisasi anggaran": "6100000001",
            "Fisik": "62,5",
            "Penerima": "1200",
            "Kategori kendala": "Cuaca",
            "Kendala": "Banjir",
            "Tindak lanjut": "Tetapkan jadwal",
            "Penanggung jawab": "Kepala Dinas",
            "Tenggat": "05-10-2025",
            "Bukti": "https://lahatkab.go.id/bukti?a=1;b=2",
            "Status": "Diverifikasi",
            "Tenaga kerja lokal": "35",
            "Versi": "1",
            "Alasan perubahan": "",
        }

    @pytest.mark.parametrize(
        ("status", "name"),
        [("draft", "Draf"), ("submitted", "Diajukan"), ("verified", "Diverifikasi"), ("returned", "Dikembalikan")],
    )
    def test_the_status_is_its_indonesian_name(self, db, as_secretary, status, name):
        make.report(make.activity(make.program(fiscal_year=YEAR)), 3, status=status)
        [row] = csv_rows(file(as_secretary, "/realisasi/"))
        assert row["Status"] == name

    def test_a_report_of_zeros_is_not_a_missing_one(self, db, as_viewer):
        make.report(make.activity(make.program(fiscal_year=YEAR)), 3)
        [row] = csv_rows(file(as_viewer, "/realisasi/"))
        assert (row["Realisasi keluaran"], row["Realisasi anggaran"], row["Fisik"], row["Versi"]) == (
            "0",
            "0",
            "",
            "1",
        )

    def test_a_missing_report_leaves_all_figures_empty(self, db, as_viewer):
        make.activity(make.program(fiscal_year=YEAR))
        [row] = csv_rows(file(as_viewer, "/realisasi/"))
        assert {row[name] for name in REALISASI[8:]} == {""}


class TestRekap:
    """Added by hand in small_world.py."""

    ALL = ["", "Jumlah", "3", "4", "1000000000", "250000000", "25,00", "28,50", "72,00", "75,00", "-46,50"]
    ALL += ["Terlambat", "30,00", "2", "200000000"]
    AID = ["1", "2", "400000000", "150000000", "37,50", "41,25", "75,00", "75,00", "-33,75", "Terlambat", "25,00"]
    AID += ["1", "0"]
    HEALTH = ["1", "1", "200000000", "100000000", "50,00", "60,00", "60,00", "75,00", "-15,00", "Perlu perhatian"]
    HEALTH += ["100,00", "0", "200000000"]
    ROADS = ["1", "1", "400000000", "", "", "", "", "75,00", "", "Belum lapor", "0,00", "1", "0"]
    NOTHING = ["0", "0", "0", "", "", "", "", "", "", "", "", "0", "0"]

    def test_by_strategy(self, world, as_viewer):
        assert csv_lines(file(as_viewer, "/strategi/"))[1:] == [
            ["1", "Mengurangi beban pengeluaran", *self.AID],
            ["2", "Meningkatkan pendapatan", *self.HEALTH],
            ["3", "Mengurangi kantong kemiskinan", *self.NOTHING],
            ["-", "Belum dipetakan", *self.ROADS],
            self.ALL,
        ]

    def test_by_priority(self, world, as_viewer):
        assert csv_lines(file(as_viewer, "/prioritas/"))[1:] == [
            ["2021-1", "Prioritas 1", *self.AID],
            ["2021-2", "Prioritas 2", *self.HEALTH],
            ["2021-3", "Prioritas 3", *self.NOTHING],
            ["2021-4", "Prioritas 4", *self.NOTHING],
            ["-", "Belum dipetakan", *self.ROADS],
            self.ALL,
        ]

    def test_by_opd(self, world, as_viewer):
        assert csv_lines(file(as_viewer, "/opd/"))[1:] == [
            ["Dinkes", "Dinas Kesehatan", *self.HEALTH],
            ["Dinsos", "Dinas Sosial", *self.AID],
            ["PUPR", "Dinas Pekerjaan Umum", *self.ROADS],
            self.ALL,
        ]

    def test_by_program(self, world, as_viewer):
        lines = csv_lines(file(as_viewer, "/program/", tabel="rekap"))[1:]
        assert sorted(lines[:-1]) == sorted(
            [
                [str(world.aid.pk), "Bantuan sosial", *self.AID],
                [str(world.health.pk), "Layanan kesehatan", *self.HEALTH],
                [str(world.roads.pk), "Jalan desa", *self.ROADS],
            ]
        )
        assert lines[-1] == self.ALL

    def test_by_sub_kegiatan(self, world, as_viewer):
        rows = csv_rows(file(as_viewer, "/program/", tabel="sub-kegiatan"))
        assert {row["Kelompok"]: (row["Nama"], row["Fisik"], row["Status"]) for row in rows} == {
            world.sembako.ref: ("Sembako", "75,00", "Sesuai rencana"),
            world.houses.ref: ("Bedah rumah", "30,00", "Belum lapor"),
            world.vaccines.ref: ("Imunisasi", "60,00", "Perlu perhatian"),
            world.concrete.ref: ("Rabat beton", "", "Belum lapor"),
            "": ("Jumlah", "28,50", "Terlambat"),
        }

    def test_with_verified_figures_only(self, world, as_viewer):
        rows = csv_rows(file(as_viewer, "/strategi/", hitung="terverifikasi"))
        assert {row["Kelompok"]: (row["Fisik"], row["Serapan"], row["Mewakili"], row["Status"]) for row in rows} == {
            "1": ("18,75", "15,00", "25,00", "Terlambat"),
            "2": ("", "", "0,00", "Belum terverifikasi"),
            "3": ("", "", "", ""),
            "-": ("", "", "0,00", "Belum terverifikasi"),
            "": ("7,50", "6,00", "10,00", "Terlambat"),
        }

    def test_what_cannot_be_rated_says_so(self, db, bands, as_viewer):
        make.report(make.activity(make.program(fiscal_year=YEAR), target=0), 3, realised_budget=500_000)
        rows = csv_rows(file(as_viewer, "/opd/"))
        assert [(row["Fisik"], row["Rencana"], row["Serapan"], row["Status"]) for row in rows] == [
            ("", "", "50,00", "Tidak dihitung"),
            ("", "", "50,00", "Tidak dihitung"),
        ]

    def test_an_empty_selection_still_has_its_last_row(self, world, as_viewer):
        lines = csv_lines(file(as_viewer, "/opd/", q="xyzzy"))
        assert lines == [REKAP, ["", "Jumlah", *self.NOTHING]]

    @pytest.mark.parametrize("address", ["/strategi/", "/prioritas/", "/opd/"])
    def test_groups_add_up_to_the_last_row_and_to_the_register(self, world, as_viewer, address):
        """Money and counts of the rows, the last row, and an independent sum over the two registers agree."""
        *rows, total = csv_rows(file(as_viewer, address))
        for column in ["Sub kegiatan", "Pagu", "Realisasi", "Belum lapor", "Pagu luar APBD"]:
            assert sum(int(row[column] or 0) for row in rows) == int(total[column])
        register = {row["Register"]: row for row in csv_rows(file(as_viewer, "/program/"))}
        due = [row for row in register.values() if row["Pagu perubahan"] != "0" and int(row["Mulai TW"]) <= 3]
        assert sum(int(row["Pagu perubahan"] or row["Pagu"]) for row in due) == int(total["Pagu"])
        positions = {}
        for quarter in ["1", "2", "3"]:
            for row in csv_rows(file(as_viewer, "/realisasi/", tw=quarter)):
                if row["Status"] in ("Diajukan", "Diverifikasi"):
                    positions[row["Register"]] = row
        assert sum(int(row["Realisasi anggaran"]) for row in positions.values()) == int(total["Realisasi"])
        weighted = sum(
            Decimal(row["Pagu berlaku"])
            * Decimal(row["Realisasi keluaran"].replace(",", "."))
            / Decimal(row["Target berlaku"].replace(",", "."))
            for row in positions.values()
        )
        assert f"{weighted * 100 / int(total['Pagu']):.2f}".replace(".", ",") == total["Fisik"]
