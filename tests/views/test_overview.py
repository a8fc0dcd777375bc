"""The first page: where we are against plan, what needs a decision, what changed."""

import re

import pytest
from django.utils import timezone

from tests import make
from tests.reading import csv_rows, headline, lead, links, table_row, text
from tests.small_world import TW3, YEAR
from tracker import formats
from tracker.models import Indicator, IndicatorTarget, IndicatorValue

MILLION = 1_000_000


def reported(quarter=3, year=YEAR, done=75, budget=100 * MILLION, **fields):
    """A program of one sub kegiatan with one report: `done` % of its target."""
    activity = make.activity(make.program(fiscal_year=year, **fields), budget=budget)
    make.report(activity, quarter, realised_output=done, realised_budget=0)
    return activity


def _without_legend(response):
    """The headline and the figures, without the filter form and the legend, which name every status."""
    return headline(response) + text(response).split("Terapkan")[-1].split("Batang: fisik")[0]


def headline_at(client, **query):
    return headline(client.get("/", {k: str(v) for k, v in query.items()}))


class TestHeadline:
    def test_says_where_we_stand_and_how_many_programs_are_late(self, world, as_viewer):
        assert headline_at(as_viewer, **TW3) == "Fisik 28,5 %, 46,5 persen poin di bawah rencana; 1 program terlambat."

    def test_says_the_same_of_verified_figures_only(self, world, as_viewer):
        assert headline_at(as_viewer, hitung="terverifikasi", **TW3) == (
            "Fisik 7,5 %, 67,5 persen poin di bawah rencana; 1 program terlambat."
        )

    def test_says_it_of_each_quarter(self, world, as_viewer):
        # TW II: only Bedah rumah, 300 × 30 ÷ 1.000 = 9 against 50. TW IV: 500 jt of Gizi balita join: 28.500 ÷ 1.500.
        assert headline_at(as_viewer, tahun=2025, tw=2) == (
            "Fisik 9,0 %, 41,0 persen poin di bawah rencana; 1 program terlambat."
        )
        assert headline_at(as_viewer, tahun=2025, tw=4) == (
            "Fisik 19,0 %, 81,0 persen poin di bawah rencana; tidak ada program terlambat."
        )

    def test_before_the_first_report_nothing_is_zero(self, world, as_viewer):
        answer = as_viewer.get("/", {"tahun": "2025", "tw": "1"})
        assert headline(answer) == "Belum ada laporan s.d. TW I 2025."
        assert "0,0 %" not in text(answer).replace("Mewakili 0,0 % pagu", "").replace("mewakili 0,0 % pagu", "")

    def test_without_a_verified_report_it_says_so(self, db, bands, as_viewer):
        reported()
        assert headline_at(as_viewer, hitung="terverifikasi", **TW3) == (
            "Belum ada laporan terverifikasi s.d. TW III 2025."
        )

    @pytest.mark.parametrize(
        ("done", "sentence"),
        [
            (75, "Fisik 75,0 %, tepat pada rencana; tidak ada program terlambat."),
            (90, "Fisik 90,0 %, 15,0 persen poin di atas rencana; tidak ada program terlambat."),
            (100, "Fisik 100,0 %, 25,0 persen poin di atas rencana; tidak ada program terlambat."),
            (130, "Fisik 100,0 %, 25,0 persen poin di atas rencana; tidak ada program terlambat."),
            ("74.96", "Fisik 75,0 %, tepat pada rencana; tidak ada program terlambat."),
            ("74.95", "Fisik 75,0 %, 0,1 persen poin di bawah rencana; tidak ada program terlambat."),
            (0, "Fisik 0,0 %, 75,0 persen poin di bawah rencana; 1 program terlambat."),
        ],
    )
    def test_of_one_program(self, db, bands, as_viewer, done, sentence):
        reported(done=done)
        assert headline_at(as_viewer, **TW3) == sentence

    def test_a_reported_zero_is_a_zero(self, db, bands, as_viewer):
        """Nobody is silent here: the report says that nothing was done."""
        reported(done=0)
        answer = as_viewer.get("/", TW3)
        assert "belum lapor" not in lead(answer)

    def test_what_cannot_be_measured_is_said(self, db, bands, as_viewer):
        make.report(make.activity(make.program(fiscal_year=YEAR), target=0), 3, realised_budget=5)
        assert headline_at(as_viewer, **TW3) == "Fisik tidak dapat dihitung karena indikatornya belum terukur."

    def test_a_year_without_anything(self, world, as_viewer):
        answer = as_viewer.get("/", {"tahun": "2031", "tw": "2"})
        assert headline(answer) == "Belum ada sub kegiatan yang ditagih s.d. TW II 2031."
        assert "Program dan sub kegiatan tahun 2031 belum diisi." in text(answer)

    def test_an_empty_database_tells_who_may_what_to_do(self, as_viewer, as_secretary, as_operator):
        assert "Isi program pertama" not in links(as_viewer.get("/"))
        assert links(as_secretary.get("/"))["Isi program pertama"] == "/admin/tracker/program/add/"

    def test_a_filter_that_finds_nothing_offers_to_drop_it(self, world, as_viewer):
        answer = as_viewer.get("/", TW3 | {"strategi": "3"})
        assert headline(answer) == "Belum ada sub kegiatan yang ditagih s.d. TW III 2025."
        assert links(answer)["Hapus saringan"] == "?tahun=2025&tw=3"


class TestRunningQuarter:
    """A quarter that has not ended accuses nobody: the one that today lies in, and one that has not begun."""

    TODAY = timezone.localdate()
    YEAR, QUARTER = TODAY.year, (TODAY.month + 2) // 3
    NOW = {"tahun": str(YEAR), "tw": str(QUARTER)}
    NAME = f"{formats.quarter(QUARTER)} {YEAR}"

    def test_without_reports_it_is_running(self, db, bands, as_viewer):
        make.activity(make.program(fiscal_year=self.YEAR))
        assert headline(as_viewer.get("/", self.NOW)) == f"{self.NAME} masih berjalan dan belum ada laporan."

    def test_one_that_has_not_begun_says_so(self, db, bands, as_viewer):
        make.activity(make.program(make.opd("PUPR"), 2099))
        asked = {"tahun": "2099", "tw": "2"}
        assert headline(as_viewer.get("/", asked)) == "TW II 2099 belum mulai."
        rows = csv_rows(as_viewer.get("/opd/", asked | {"format": "csv"}))
        assert [row["Status"] for row in rows] == ["Belum mulai", "Belum mulai"]

    def test_it_says_that_it_has_not_ended_and_blames_nobody(self, db, bands, as_viewer):
        reported(self.QUARTER, year=self.YEAR, opd=make.opd("Dinsos"), name="Sembako")
        make.activity(make.program(make.opd("PUPR"), self.YEAR, name="Jalan desa"))
        for address in ["/", "/strategi/", "/opd/", "/program/", "/realisasi/", f"/opd/{make.opd('PUPR').pk}/"]:
            shown = text(as_viewer.get(address, self.NOW))
            assert "belum berakhir" in shown, address
            for word in ["Belum lapor", "belum lapor", "sama sekali", "Terlambat", "terlambat"]:
                assert word not in shown.split("Saringan:")[-1].split("Terapkan")[-1].split("Batang: fisik")[0], (
                    address,
                    word,
                )

    def test_being_behind_the_plan_of_its_end_is_not_being_late(self, db, bands, as_viewer):
        """The plan is that of the last day; half-way there nobody is late, and nothing needs a decision yet."""
        activity = reported(self.QUARTER, year=self.YEAR, done=1, opd=make.opd("Dinsos"), name="Sembako")
        asked = self.NOW
        blame = "[1-9] terlambat|Terlambat|Perlu perhatian|Predikat"
        places = ["/", "/opd/", "/strategi/", "/program/", f"/opd/{make.opd('Dinsos').pk}/"]
        accused = [
            address
            for address in [*places, f"/program/{activity.program_id}/", f"/sub-kegiatan/{activity.ref}/"]
            if re.search(
                blame,
                _without_legend(as_viewer.get(address, asked)),
            )
        ]
        assert accused == []
        assert csv_rows(as_viewer.get("/", asked | {"format": "csv", "tabel": "keputusan"})) == []

    def test_its_file_says_running_instead_of_belum_lapor(self, db, bands, as_viewer):
        make.activity(make.program(make.opd("PUPR"), self.YEAR))
        rows = csv_rows(as_viewer.get("/opd/", self.NOW | {"format": "csv"}))
        assert [row["Status"] for row in rows] == ["Triwulan berjalan", "Triwulan berjalan"]


class TestLead:
    def test_says_what_it_takes_from_here(self, world, as_viewer):
        # 71,5 points are left; TW III added 28,5 − 9 = 19,5: 3,67 times that.
        assert "Agar target tercapai pada 31 Desember, laju per triwulan perlu 3,7 kali laju TW III." in lead(
            as_viewer.get("/", TW3)
        )

    def test_without_a_pace_it_says_how_much_each_quarter_must_bring(self, db, bands, as_viewer):
        reported(2, done=40)
        assert (
            "Agar target setahun tercapai, fisik perlu naik rata-rata 30,0 persen poin setiap triwulan yang tersisa."
            in lead(as_viewer.get("/", {"tahun": "2025", "tw": "2"}))
        )

    def test_at_the_end_of_the_year_it_says_what_was_missed(self, db, bands, as_viewer):
        reported(4, done=88)
        assert "Sampai akhir tahun 12,0 % dari target tidak tercapai." in lead(
            as_viewer.get("/", {"tahun": "2025", "tw": "4"})
        )


class TestFigures:
    def test_the_position_line_says_who_has_reported(self, world, as_viewer):
        shown = text(as_viewer.get("/", TW3))
        assert "Lapor 2 dari 4 sub kegiatan , mewakili 30,0 % pagu" in shown
        assert "TA 2025 Data s.d. 30 September 2025 (TW III)" in shown
        assert "Waktu berjalan 74,8 %" in shown  # 273 of 365 days

    def test_with_verified_figures_only_they_are_called_so(self, world, as_viewer):
        answer = as_viewer.get("/", TW3 | {"hitung": "terverifikasi"})
        assert "Terverifikasi 1 dari 4 sub kegiatan , mewakili 10,0 % pagu" in text(answer)
        assert "Belum terverifikasi" in text(answer)
        assert "Belum lapor" not in _without_legend(answer)

    def test_money_says_what_is_outside_the_district_budget(self, world, as_viewer):
        shown = text(as_viewer.get("/", TW3))
        assert "Rp 250 juta dari Rp 1 miliar" in shown
        assert "Termasuk Rp 200 juta di luar APBD" in shown
        assert "25,0 % dari pagu" in shown

    def test_the_range_and_the_share_that_has_reported_stand_beside_fisik(self, world, as_viewer):
        assert "Rentang 28,5–72,0 % Mewakili 30,0 % pagu Predikat sangat rendah terhadap rencana" in text(
            as_viewer.get("/", TW3)
        )

    def test_at_the_end_of_the_year_the_predikat_says_that_it_judges_the_whole_year(self, db, bands, as_viewer):
        reported(4, done=92)
        assert "Predikat sangat tinggi terhadap target setahun" in text(
            as_viewer.get("/", {"tahun": "2025", "tw": "4"})
        )

    def test_programs_are_counted_by_status(self, world, as_viewer):
        shown = text(as_viewer.get("/", TW3))
        assert "Program sesuai rencana 0 dari 3 program" in shown
        assert "1 terlambat 1 perhatian 1 belum lapor" in shown

    def test_every_strategy_is_a_row_and_what_is_not_mapped_as_well(self, world, as_viewer):
        answer = as_viewer.get("/", TW3)
        first = table_row(answer, "Mengurangi beban pengeluaran")
        assert (first["Fisik"], first["Deviasi"], first["Serapan"]) == ("41,3 %", "−33,8", "37,5 %")
        assert "Terlambat" in first["Nama"]
        empty = table_row(answer, "Mengurangi kantong kemiskinan")
        assert (empty["Fisik"], empty["Deviasi"], empty["Serapan"]) == ("–", "–", "–")
        unmapped = table_row(answer, "Belum dipetakan")
        assert (unmapped["Fisik"], unmapped["Serapan"]) == ("–", "–")
        assert "Belum lapor" in unmapped["Nama"]

    def test_a_number_of_late_programs_leads_to_those_programs(self, world, as_viewer):
        proof = links(as_viewer.get("/", TW3))["1 terlambat"]
        assert "Bantuan sosial" in text(as_viewer.get(proof)).split("Terapkan")[-1]

    def test_a_number_of_programs_in_need_of_attention_leads_to_those_programs(self, world, as_viewer):
        proof = links(as_viewer.get("/", TW3))["1 perhatian"]
        assert "Layanan kesehatan" in text(as_viewer.get(proof)).split("Terapkan")[-1]


class TestDecisions:
    def test_the_greatest_impact_stands_first(self, db, bands, as_viewer):
        reported(name="Kecil", done=10, budget=10 * MILLION)  # 10 × −65 = −650
        reported(name="Besar", done=50, budget=1000 * MILLION)  # 1.000 × −25 = −25.000
        reported(name="Sehat", done=80, budget=1000 * MILLION)
        rows = csv_rows(as_viewer.get("/", TW3 | {"format": "csv", "tabel": "keputusan"}))
        assert [(row["Nama"], row["Deviasi"]) for row in rows] == [("Besar", "-25,00"), ("Kecil", "-65,00")]
        shown = text(as_viewer.get("/", TW3)).split("Perlu keputusan")[1].split("Menurut strategi")[0]
        assert shown.index("Besar") < shown.index("Kecil")
        assert "Sehat" not in shown.split("Yang berubah")[0]

    def test_obstacle_next_step_owner_and_date_come_from_the_report(self, db, bands, as_viewer):
        activity = make.activity(make.program(fiscal_year=YEAR))
        make.report(
            activity,
            3,
            realised_output=10,
            obstacle="Lelang gagal dua kali.",
            follow_up="Terbitkan ulang paket",
            follow_up_owner="Kepala Dinas",
            follow_up_due="2025-11-14",
        )
        shown = text(as_viewer.get("/", TW3))
        assert "Lelang gagal dua kali." in shown
        assert "Terbitkan ulang paket · Kepala Dinas · paling lambat 14 Nov 2025" in shown

    def test_who_has_not_reported_is_no_decision(self, world, as_viewer):
        rows = csv_rows(as_viewer.get("/", TW3 | {"format": "csv", "tabel": "keputusan"}))
        assert [row["Nama"] for row in rows] == ["Bantuan sosial", "Layanan kesehatan"]


class TestChanges:
    def test_what_changed_since_the_quarter_before(self, world, as_viewer):
        shown = text(as_viewer.get("/", TW3))
        assert "Berubah sejak TW II" in shown
        assert "+19,5 poin Fisik dari 9,0 % (TW II) menjadi 28,5 %." in shown
        assert "−5,5 poin Deviasi melebar dari −41,0 menjadi −46,5." in shown

    def test_opds_that_are_silent_are_named(self, world, as_viewer):
        shown = text(as_viewer.get("/", TW3))
        assert "1 OPD Belum lapor TW III sama sekali: PUPR." in shown

    def test_in_the_first_quarter_there_is_nothing_to_compare(self, db, bands, as_viewer):
        reported(1, done=25)
        assert "Belum ada triwulan sebelumnya untuk dibandingkan" in text(
            as_viewer.get("/", {"tahun": "2025", "tw": "1"})
        )


class TestPoverty:
    def test_the_rate_stands_beside_its_target_with_its_source(self, world, as_viewer, settings):
        indicator = Indicator.objects.create(name="Persentase penduduk miskin (P0)", unit="persen", agency="BPS")
        people = Indicator.objects.create(name="Jumlah penduduk miskin", unit="jiwa", agency="BPS")
        source = "https://lahatkab.bps.go.id/"
        for of, value in [(indicator, "14.14"), (people, 60_170)]:
            IndicatorValue.objects.create(
                indicator=of, region=settings.REGION_NAME, year=2025, value=value, source=source
            )
        IndicatorTarget.objects.create(
            indicator=indicator, year=2025, value="14.20", document="Turunan", is_derived=True
        )
        shown = text(as_viewer.get("/", TW3))
        assert "Tingkat kemiskinan 14,14 % Target (turunan) 14,20 % · −0,06 poin" in shown
        assert "60.170 jiwa (2025)" in shown


def test_sample_data_is_marked_on_every_page(world, as_viewer):
    assert "Data contoh" not in text(as_viewer.get("/"))
    world.aid.is_sample = True
    world.aid.save()
    for address in ["/", "/opd/", "/metode/", f"/program/{world.aid.pk}/", f"/sub-kegiatan/{world.sembako.ref}/"]:
        assert "Data contoh" in text(as_viewer.get(address))


def test_chips_name_the_filters_and_take_them_away(world, as_viewer):
    answer = as_viewer.get("/", TW3 | {"strategi": "1", "kecamatan": "16.04.11"})
    assert "Strategi: Mengurangi beban pengeluaran" in lead(answer)
    assert links(answer)["× Hapus saringan Strategi"] == "?tahun=2025&tw=3&kecamatan=16.04.11"
    assert links(answer)["× Hapus saringan Kecamatan"] == "?tahun=2025&tw=3&strategi=1"
    assert headline(answer) == "Fisik 75,0 %, tepat pada rencana; tidak ada program terlambat."
