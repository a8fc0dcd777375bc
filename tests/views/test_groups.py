"""By strategy, priority and OPD: the same figures on the page, in the file, and added by hand."""

import pytest

from tests import make
from tests.reading import csv_rows, headline, links, table_row, text
from tests.small_world import TW3, YEAR

# Added by hand in small_world.py, as the page shows them
BY_HAND = {
    "aid": {
        "Sub kegiatan": "2",
        "Pagu": "0,4",
        "Fisik": "41,3 % s.d. 75,0 %",
        "Deviasi": "−33,8",
        "Serapan": "37,5 %",
        "Mewakili": "25,0 % 1 belum lapor",
        "Status": "Terlambat",
    },
    "health": {
        "Sub kegiatan": "1",
        "Pagu": "0,2",
        "Fisik": "60,0 %",
        "Deviasi": "−15,0",
        "Serapan": "50,0 %",
        "Mewakili": "100,0 %",
        "Status": "Perlu perhatian",
    },
    "roads": {
        "Sub kegiatan": "1",
        "Pagu": "0,4",
        "Fisik": "–",
        "Deviasi": "–",
        "Serapan": "–",
        "Mewakili": "0,0 % 1 belum lapor",
        "Status": "Belum lapor",
    },
    "all": {
        "Sub kegiatan": "4",
        "Pagu": "1,0",
        "Fisik": "28,5 % s.d. 72,0 %",
        "Deviasi": "−46,5",
        "Serapan": "25,0 %",
        "Mewakili": "30,0 % 2 belum lapor",
        "Status": "Terlambat",
    },
}
LISTS = [
    (
        "/strategi/",
        {
            "Mengurangi beban pengeluaran": "aid",
            "Meningkatkan pendapatan": "health",
            "Belum dipetakan": "roads",
            "Jumlah": "all",
        },
    ),
    ("/prioritas/", {"Prioritas 1": "aid", "Prioritas 2": "health", "Belum dipetakan": "roads", "Jumlah": "all"}),
    ("/opd/", {"Dinas Sosial": "aid", "Dinas Kesehatan": "health", "Dinas Pekerjaan Umum": "roads", "Jumlah": "all"}),
    ("/strategi/1/", {"Bantuan sosial": "aid", "Jumlah": "aid"}),
    ("/prioritas/2021/2/", {"Layanan kesehatan": "health", "Jumlah": "health"}),
    ("/opd/{pupr}/", {"Jalan desa": "roads", "Jumlah": "roads"}),
]


@pytest.mark.parametrize(("address", "rows"), LISTS, ids=[address for address, _ in LISTS])
def test_the_table_shows_the_figures_added_by_hand(world, as_viewer, address, rows):
    answer = as_viewer.get(address.format(pupr=world.pupr.pk), TW3)
    for name, figures in rows.items():
        row = table_row(answer, name)
        assert {column: row[column] for column in BY_HAND[figures]} == BY_HAND[figures], name


class TestHeadline:
    def test_of_strategies_names_those_that_lag(self, world, as_viewer):
        assert headline(as_viewer.get("/strategi/", TW3)) == (
            "2 dari 2 strategi di bawah rencana: Mengurangi beban pengeluaran dan Meningkatkan pendapatan."
        )

    def test_of_priorities_names_those_that_lag(self, world, as_viewer):
        assert headline(as_viewer.get("/prioritas/", TW3)) == (
            "2 dari 2 prioritas RKPD di bawah rencana: Prioritas 1 dan Prioritas 2."
        )

    def test_says_when_nothing_lags(self, world, as_viewer):
        assert headline(as_viewer.get("/strategi/", TW3 | {"status": "sesuai"})) == (
            "Semua strategi yang sudah lapor sesuai rencana."
        )

    def test_says_when_nobody_has_reported(self, world, as_viewer):
        assert headline(as_viewer.get("/strategi/", {"tahun": "2025", "tw": "1"})) == (
            "Belum ada laporan menurut strategi s.d. TW I 2025."
        )

    def test_of_opds_counts_them_by_status(self, world, as_viewer):
        assert headline(as_viewer.get("/opd/", TW3)) == (
            "0 dari 3 OPD sesuai rencana; 1 terlambat, 1 perlu perhatian, 1 belum lapor."
        )
        assert headline(as_viewer.get("/opd/", TW3 | {"hitung": "terverifikasi"})) == (
            "0 dari 3 OPD sesuai rencana; 1 terlambat, 2 belum terverifikasi."
        )
        assert headline(as_viewer.get("/opd/", TW3 | {"status": "sesuai"})) == "1 dari 1 OPD sesuai rencana."

    def test_of_opds_without_programs(self, world, as_viewer):
        assert headline(as_viewer.get("/opd/", {"tahun": "2031", "tw": "1"})) == (
            "Belum ada OPD yang mempunyai sub kegiatan pada tahun 2031."
        )

    @pytest.mark.parametrize(
        ("address", "sentence"),
        [
            ("/strategi/1/", "Mengurangi beban pengeluaran: fisik 41,3 %, 33,8 persen poin di bawah rencana."),
            ("/prioritas/2021/2/", "Prioritas 2: fisik 60,0 %, 15,0 persen poin di bawah rencana."),
            ("/opd/{dinsos}/", "Dinas Sosial: fisik 41,3 %, 33,8 persen poin di bawah rencana."),
            ("/opd/{pupr}/", "Dinas Pekerjaan Umum: belum ada laporan s.d. TW III 2025."),
            ("/strategi/3/", "Mengurangi kantong kemiskinan: belum ada sub kegiatan yang ditagih s.d. TW III 2025."),
        ],
    )
    def test_of_one_group(self, world, as_viewer, address, sentence):
        place = {"dinsos": world.dinsos.pk, "pupr": world.pupr.pk}
        assert headline(as_viewer.get(address.format(**place), TW3)) == sentence

    def test_of_one_group_with_verified_figures_only(self, world, as_viewer):
        assert headline(as_viewer.get("/strategi/2/", TW3 | {"hitung": "terverifikasi"})) == (
            "Meningkatkan pendapatan: belum ada laporan terverifikasi s.d. TW III 2025."
        )


def test_the_file_holds_the_same_rows_as_the_page(world, as_viewer):
    for address in ["/strategi/", "/prioritas/", "/opd/", "/strategi/1/", "/prioritas/2021/1/"]:
        page = as_viewer.get(address, TW3)
        for row in csv_rows(as_viewer.get(address, TW3 | {"format": "csv"})):
            shown = table_row(page, row["Nama"])
            assert shown["Sub kegiatan"] == row["Sub kegiatan"]
            assert (shown["Fisik"] == "–") == (row["Fisik"] == "")
            assert (shown["Serapan"] == "–") == (row["Serapan"] == "")
            if row["Status"]:
                assert shown["Status"] == row["Status"]


def test_opds_stand_in_the_order_of_their_ratio(world, as_viewer):
    rows = csv_rows(as_viewer.get("/opd/", TW3 | {"format": "csv"}))
    assert [row["Kelompok"] for row in rows] == ["Dinkes", "Dinsos", "PUPR", ""]


def test_programs_of_a_group_stand_with_the_most_behind_first(world, as_viewer):
    strategy = make.strategy(1)
    for name, done in [("Depan", 90), ("Tengah", 60), ("Buncit", 10)]:
        activity = make.activity(make.program(world.dinsos, YEAR, name=name, strategy=strategy))
        make.report(activity, 3, realised_output=done)
    make.activity(make.program(world.dinsos, YEAR, name="Diam", strategy=strategy))
    rows = csv_rows(as_viewer.get("/strategi/1/", TW3 | {"format": "csv"}))
    assert [row["Nama"] for row in rows] == ["Buncit", "Bantuan sosial", "Tengah", "Depan", "Diam", "Jumlah"]


def test_names_lead_to_the_group_and_numbers_to_its_rows(world, as_viewer):
    found = links(as_viewer.get("/strategi/", TW3 | {"opd": str(world.dinsos.pk)}))
    assert found["Mengurangi beban pengeluaran"] == f"/strategi/1/?tahun=2025&tw=3&opd={world.dinsos.pk}"
    assert found["2"] == f"/program/?tahun=2025&tw=3&opd={world.dinsos.pk}&strategi=1"


def test_the_number_who_have_not_reported_leads_to_them(world, as_viewer):
    proof = links(as_viewer.get("/strategi/", TW3))["1 belum lapor"]
    shown = as_viewer.get(proof)
    assert table_row(shown, "Bedah rumah")
    assert "Sembako" not in text(shown)


def test_what_is_not_mapped_leads_to_its_programs(world, as_viewer):
    answer = as_viewer.get(links(as_viewer.get("/strategi/", TW3))["Belum dipetakan"])
    assert headline(answer).startswith("1 sub kegiatan dalam 1 program")
    assert table_row(answer, "Rabat beton")


def test_without_unmapped_programs_there_is_no_such_row(world, as_viewer):
    world.roads.strategy = make.strategy(3)
    world.roads.save()
    assert [row["Kelompok"] for row in csv_rows(as_viewer.get("/strategi/", TW3 | {"format": "csv"}))] == [
        "1",
        "2",
        "3",
        "",
    ]


def test_a_filter_leaves_only_the_groups_that_have_rows(world, as_viewer):
    rows = csv_rows(as_viewer.get("/strategi/", TW3 | {"format": "csv", "opd": str(world.dinkes.pk)}))
    assert [(row["Kelompok"], row["Pagu"]) for row in rows] == [("2", "200000000"), ("", "200000000")]


def test_late_starters_and_stopped_ones_enter_no_group(world, as_viewer):
    """Dinkes has 500 jt more from TW IV on; what was stopped never counts."""
    quarters = {
        tw: csv_rows(as_viewer.get("/opd/", {"tahun": "2025", "tw": tw, "format": "csv"})) for tw in ["3", "4"]
    }
    pagu = {tw: {row["Kelompok"]: row["Pagu"] for row in rows} for tw, rows in quarters.items()}
    assert pagu["3"] == {"Dinkes": "200000000", "Dinsos": "400000000", "PUPR": "400000000", "": "1000000000"}
    assert pagu["4"] == {"Dinkes": "700000000", "Dinsos": "400000000", "PUPR": "400000000", "": "1500000000"}


class TestPriorities:
    def test_are_those_of_the_newest_rkpd_year_up_to_the_year(self, world, as_viewer):
        for number in (1, 2):
            make.priority(2024, number)
            make.priority(2026, number)
        rows = csv_rows(as_viewer.get("/prioritas/", TW3 | {"format": "csv"}))
        assert [row["Kelompok"] for row in rows] == ["2024-1", "2024-2", "2021-1", "2021-2", "-", ""]

    def test_of_another_year_are_shown_where_programs_use_them(self, world, as_viewer):
        world.roads.priority = make.priority(2019, 3)
        world.roads.save()
        rows = csv_rows(as_viewer.get("/prioritas/", TW3 | {"format": "csv"}))
        assert [row["Kelompok"] for row in rows] == ["2021-1", "2021-2", "2021-3", "2021-4", "2019-3", ""]


def test_groups_whose_names_are_equal_stay_apart(db, bands, as_viewer):
    for _ in range(2):
        activity = make.activity(make.program(fiscal_year=YEAR, name="Sama"))
        make.report(activity, 3, realised_output=75)
    rows = csv_rows(as_viewer.get(f"/opd/{make.opd().pk}/", TW3 | {"format": "csv"}))
    assert [row["Nama"] for row in rows] == ["Sama", "Sama", "Jumlah"]
    assert len({row["Kelompok"] for row in rows}) == 3


def test_names_are_shown_and_not_run(db, bands, as_viewer):
    nasty = "<img src=x onerror=alert(1)> & \"kutip\" 'satu'"
    opd = make.opd("X", name=nasty)
    program = make.program(opd, YEAR, name=nasty, objective=nasty)
    activity = make.activity(program, name=nasty, indicator=nasty, unit="<b>KPM", revision_note=nasty)
    make.report(activity, 3, realised_output=1, obstacle=nasty, follow_up=nasty, follow_up_owner=nasty)
    for address in ["/", "/opd/", f"/opd/{opd.pk}/", "/program/", f"/program/{program.pk}/", "/realisasi/"]:
        html = as_viewer.get(address, TW3).content.decode()
        assert "<img" not in html and "<b>KPM" not in html, address
    html = as_viewer.get(f"/sub-kegiatan/{activity.ref}/", {"tw": "3"}).content.decode()
    assert "<img" not in html and "&lt;img src=x onerror=alert(1)&gt;" in html
