"""The register of sub kegiatan by program, and one program."""

import pytest

from tests import make
from tests.reading import csv_rows, headline, lead, links, table_row, text
from tests.small_world import TW3, YEAR


class TestRegister:
    def test_the_headline_counts_what_is_due_and_the_lead_names_the_rest(self, world, as_viewer):
        answer = as_viewer.get("/program/", TW3)
        assert headline(answer) == "4 sub kegiatan dalam 3 program, pagu Rp 1 miliar."
        assert (
            "Fisik 28,5 %, rencana 75,0 %; serapan 25,0 %; termasuk Rp 200 juta di luar APBD. "
            "2 sub kegiatan lain belum mulai atau dihentikan, sehingga tidak dihitung."
        ) in lead(answer)

    def test_every_sub_kegiatan_is_a_row_under_its_program(self, world, as_viewer):
        answer = as_viewer.get("/program/", TW3)
        sembako = table_row(answer, "Sembako")
        assert {name: sembako[name] for name in ["Pagu", "Fisik", "Serapan", "Keluaran", "Status"]} == {
            "Pagu": "0,1",
            "Fisik": "75,0 %",
            "Serapan": "60,0 %",
            "Keluaran": "75 / 100 KPM",
            "Status": "Sesuai rencana",
        }
        shown = text(answer)
        order = ["Layanan kesehatan", "Imunisasi", "Gizi balita", "Jalan desa", "Rabat beton", "Bantuan sosial"]
        places = [shown.index(f"{name} ") for name in order]
        assert places == sorted(places)

    def test_the_last_position_is_shown_with_its_quarter_and_not_as_zero(self, world, as_viewer):
        answer = as_viewer.get("/program/", TW3)
        assert table_row(answer, "Bedah rumah")["Fisik"] == "30,0 % per TW II"
        assert table_row(answer, "Bedah rumah")["Status"] == "Belum lapor"
        never = table_row(answer, "Rabat beton")
        assert (never["Fisik"], never["Serapan"], never["Keluaran"]) == ("–", "–", "– / 100 KPM")
        assert never["Status"] == "Belum lapor"

    def test_stopped_and_late_starting_ones_say_so_and_are_not_asked_for(self, world, as_viewer):
        answer = as_viewer.get("/program/", TW3)
        assert table_row(answer, "Pasar murah")["Status"] == "Dihentikan"
        assert table_row(answer, "Gizi balita")["Status"] == "Mulai TW IV"
        at_the_end = as_viewer.get("/program/", TW3 | {"tw": "4"})
        assert table_row(at_the_end, "Gizi balita")["Status"] == "Belum lapor"
        assert table_row(at_the_end, "Pasar murah")["Status"] == "Dihentikan"

    def test_with_verified_figures_only_the_words_change(self, world, as_viewer):
        answer = as_viewer.get("/program/", TW3 | {"hitung": "terverifikasi"})
        assert table_row(answer, "Sembako")["Status"] == "Sesuai rencana"
        assert table_row(answer, "Imunisasi")["Status"] == "Belum terverifikasi"
        assert table_row(answer, "Imunisasi")["Fisik"] == "–"

    def test_nothing_found_is_said(self, world, as_viewer):
        assert headline(as_viewer.get("/program/", TW3 | {"q": "xyzzy"})) == (
            "Belum ada sub kegiatan pada 2025 dengan pilihan ini."
        )

    def test_each_page_has_fifty_rows_and_the_file_all_of_them(self, world, as_viewer):
        for number in range(60):
            make.activity(world.aid, name=f"Tambahan {number}")
        first = as_viewer.get("/program/", TW3 | {"q": "Tambahan"})
        second = as_viewer.get("/program/", TW3 | {"q": "Tambahan", "hal": "2"})
        assert [text(page).count(" / 100 KPM") for page in (first, second)] == [50, 10]
        assert "Halaman 1 dari 2" in text(first)
        assert links(first)["Berikutnya"] == "?tahun=2025&tw=3&q=Tambahan&hal=2"
        assert "Berikutnya" not in links(second)
        download = links(second)["Unduh CSV program dan sub kegiatan"]
        assert download == "?tahun=2025&tw=3&q=Tambahan&format=csv"
        assert len(csv_rows(as_viewer.get(f"/program/{download}"))) == 60
        assert len(csv_rows(as_viewer.get("/program/", TW3 | {"q": "Tambahan", "hal": "2", "format": "csv"}))) == 60

    def test_the_figures_of_a_program_are_those_of_all_its_rows_on_every_page(self, world, as_viewer):
        for number in range(60):
            make.activity(world.aid, name=f"Tambahan {number}", budget=10_000_000)
        for number in ["1", "2"]:
            assert "pagu Rp 1 miliar · fisik 16,5 %" in text(as_viewer.get("/program/", TW3 | {"hal": number}))

    def test_links_keep_the_chosen_period(self, world, as_viewer):
        found = links(as_viewer.get("/program/", TW3))
        assert found["Sembako"] == f"/sub-kegiatan/{world.sembako.ref}/?tahun=2025&tw=3"
        assert found["Bantuan sosial"] == f"/program/{world.aid.pk}/?tahun=2025&tw=3"


class TestOneProgram:
    def test_the_headline_says_how_it_stands(self, world, as_viewer):
        address = f"/program/{world.aid.pk}/"
        assert headline(as_viewer.get(address, {"tw": "3"})) == (
            "Bantuan sosial: fisik 41,3 %, 33,8 persen poin di bawah rencana."
        )
        assert headline(as_viewer.get(address, {"tw": "1"})) == ("Bantuan sosial: belum ada laporan s.d. TW I 2025.")
        assert headline(as_viewer.get(address, {"tw": "3", "hitung": "terverifikasi"})) == (
            # 100 × 75 ÷ 400
            "Bantuan sosial: fisik 18,8 %, 56,3 persen poin di bawah rencana."
        )

    def test_it_opens_at_its_own_year_whatever_the_default_is(self, world, as_viewer):
        make.activity(make.program(fiscal_year=2024, name="Lama"))
        old = make.program(fiscal_year=2024, name="Lebih lama")
        make.activity(old)
        assert "TA 2024" in text(as_viewer.get(f"/program/{old.pk}/"))

    def test_it_leads_to_its_opd_strategy_and_priority(self, world, as_viewer):
        found = links(as_viewer.get(f"/program/{world.aid.pk}/", TW3))
        assert found["Dinas Sosial"] == f"/opd/{world.dinsos.pk}/?tahun=2025&tw=3"
        assert found["Pengeluaran"] == "/strategi/1/?tahun=2025&tw=3"
        assert found["2021-1 Prioritas 1"] == "/prioritas/2021/1/?tahun=2025&tw=3"

    def test_without_strategy_and_priority_it_says_so(self, world, as_viewer):
        shown = text(as_viewer.get(f"/program/{world.roads.pk}/", TW3))
        assert "Strategi belum dipetakan" in shown and "Prioritas belum dipetakan" in shown

    def test_its_rows_are_its_own_only(self, world, as_viewer):
        for table in ["program", "sub-kegiatan"]:
            rows = csv_rows(
                as_viewer.get(f"/program/{world.health.pk}/", {"format": "csv", "tabel": table, "tw": "3"})
            )
            names = [row.get("Nama", row["Sub kegiatan"]) for row in rows]
            assert "Imunisasi" in names and "Sembako" not in names

    def test_what_stands_in_the_way_is_shown_with_its_next_step(self, world, as_viewer):
        report = world.vaccines.reports.get()
        report.obstacle, report.follow_up, report.follow_up_owner = "Vaksin habis.", "Pesan ulang", "Kepala Puskesmas"
        report.save()
        shown = text(as_viewer.get(f"/program/{world.health.pk}/", {"tw": "3"}))
        assert "Vaksin habis." in shown and "Pesan ulang" in shown and "Kepala Puskesmas" in shown

    def test_without_sub_kegiatan_it_is_a_work_list_and_not_an_error(self, world, as_viewer, as_secretary):
        empty = make.program(world.dinsos, YEAR, name="Baru")
        answer = as_viewer.get(f"/program/{empty.pk}/", {"tw": "3"})
        assert headline(answer) == "Baru: belum ada sub kegiatan yang ditagih s.d. TW III 2025."
        assert "Isi sub kegiatan" not in links(answer)
        assert links(as_secretary.get(f"/program/{empty.pk}/"))["Isi sub kegiatan"] == (
            f"/admin/tracker/program/{empty.pk}/change/"
        )

    @pytest.mark.parametrize("tw", ["1", "2", "3", "4"])
    def test_a_program_that_was_stopped_or_has_not_begun_opens_in_every_quarter(self, world, as_viewer, tw):
        stopped = make.activity(make.program(world.dinsos, YEAR), revised_budget=0)
        later = make.activity(make.program(world.dinsos, YEAR), starts_quarter=4)
        for activity in (stopped, later):
            assert as_viewer.get(f"/program/{activity.program_id}/", {"tw": tw}).status_code == 200
            assert as_viewer.get(f"/sub-kegiatan/{activity.ref}/", {"tw": tw}).status_code == 200
