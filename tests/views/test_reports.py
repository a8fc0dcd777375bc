"""The figures of a quarter for every sub kegiatan, reported or not."""

from tests import make
from tests.reading import csv_rows, headline, lead, table_row, text
from tests.small_world import TW3, YEAR


def test_the_headline_says_how_much_the_figures_stand_for(world, as_viewer):
    assert headline(as_viewer.get("/realisasi/", TW3)) == (
        "2 dari 4 sub kegiatan sudah lapor TW III 2025, mewakili 30,0 % pagu."
    )
    assert headline(as_viewer.get("/realisasi/", TW3 | {"hitung": "terverifikasi"})) == (
        "1 dari 4 sub kegiatan terverifikasi TW III 2025, mewakili 10,0 % pagu."
    )
    assert headline(as_viewer.get("/realisasi/", {"tahun": "2025", "tw": "1"})) == (
        "0 dari 4 sub kegiatan sudah lapor TW I 2025, mewakili 0,0 % pagu."
    )


def test_where_nothing_is_due_it_says_so(world, as_viewer):
    assert headline(as_viewer.get("/realisasi/", {"tahun": "2031", "tw": "1"})) == (
        "Belum ada sub kegiatan yang ditagih pada TW I 2031."
    )
    later = make.activity(make.program(make.opd("Perkim"), YEAR), starts_quarter=4)
    answer = as_viewer.get("/realisasi/", TW3 | {"opd": str(later.program.opd_id)})
    assert headline(answer) == "Belum ada sub kegiatan yang ditagih pada TW III 2025."
    assert table_row(answer, later.name)["Laporan"] == "Mulai TW IV"


def test_the_lead_adds_the_money(world, as_viewer):
    assert "Serapan 25,0 %: Rp 250 juta dari Rp 1 miliar, termasuk Rp 200 juta di luar APBD." in lead(
        as_viewer.get("/realisasi/", TW3)
    )


def test_reported_rows_show_their_figures_and_state(world, as_viewer):
    answer = as_viewer.get("/realisasi/", TW3)
    assert {name: value for name, value in table_row(answer, "Sembako").items() if name != "Sub kegiatan"} == {
        "Pagu": "100.000.000",
        "Realisasi": "60.000.000",
        "Serapan": "60,0 %",
        "Keluaran": "75 / 100 KPM",
        "Fisik": "75,0 %",
        "Laporan": "Diverifikasi",
    }
    assert table_row(answer, "Imunisasi")["Laporan"] == "Diajukan"


def test_who_has_not_reported_shows_dashes_and_the_last_position_with_its_quarter(world, as_viewer):
    answer = as_viewer.get("/realisasi/", TW3)
    houses = table_row(answer, "Bedah rumah")
    assert (houses["Realisasi"], houses["Serapan"], houses["Keluaran"]) == ("–", "–", "– / 200 KPM")
    assert (houses["Fisik"], houses["Laporan"]) == ("– 30,0 % per TW II", "Belum lapor")
    assert table_row(answer, "Rabat beton")["Fisik"] == "–"
    assert table_row(answer, "Gizi balita")["Laporan"] == "Mulai TW IV"
    assert table_row(answer, "Pasar murah")["Laporan"] == "Dihentikan"


def test_with_verified_figures_only_a_submitted_report_does_not_pass_for_one(world, as_viewer):
    row = table_row(as_viewer.get("/realisasi/", TW3 | {"hitung": "terverifikasi"}), "Imunisasi")
    assert (row["Serapan"], row["Fisik"]) == ("–", "–")
    assert row["Laporan"] in ("Belum terverifikasi", "Diajukan")


def test_the_file_lists_every_sub_kegiatan_once_reported_or_not(world, as_viewer):
    rows = csv_rows(as_viewer.get("/realisasi/", TW3 | {"format": "csv"}))
    assert [(row["Sub kegiatan"], row["Status"], row["Realisasi anggaran"]) for row in rows] == [
        ("Imunisasi", "Diajukan", "100000000"),
        ("Gizi balita", "", ""),
        ("Rabat beton", "", ""),
        ("Sembako", "Diverifikasi", "60000000"),
        ("Bedah rumah", "", ""),
        ("Pasar murah", "", ""),
    ]


def test_the_file_follows_the_filters(world, as_viewer):
    def names(**query):
        rows = csv_rows(as_viewer.get("/realisasi/", TW3 | query | {"format": "csv"}))
        return [row["Sub kegiatan"] for row in rows]

    assert names(status="belum-lapor") == ["Rabat beton", "Bedah rumah"]
    assert names(kecamatan="16.04.11", strategi="1") == ["Sembako"]
    assert names(sumber="luar") == ["Imunisasi"]
    assert names(q="xyzzy") == []


def test_the_page_has_fifty_rows_and_the_file_all_of_them(world, as_viewer):
    for number in range(60):
        make.report(make.activity(world.aid, name=f"Tambahan {number}"), 3, realised_output=number)
    asked = TW3 | {"q": "Tambahan"}
    assert text(as_viewer.get("/realisasi/", asked)).count(" / 100 KPM") == 50
    assert text(as_viewer.get("/realisasi/", asked | {"hal": "2"})).count(" / 100 KPM") == 10
    rows = csv_rows(as_viewer.get("/realisasi/", asked | {"hal": "2", "format": "csv"}))
    assert sorted(int(row["Realisasi keluaran"]) for row in rows) == list(range(60))


def test_a_report_of_another_quarter_or_year_is_not_shown(world, as_viewer):
    other = make.activity(make.program(world.dinsos, 2024, name="Tahun lalu"))
    make.report(other, 3, realised_budget=123_123_123)
    for query in [TW3, TW3 | {"format": "csv"}]:
        answer = as_viewer.get("/realisasi/", query)
        shown = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"123.123.123" not in shown and b"123123123" not in shown and b"90.000.000" not in shown
