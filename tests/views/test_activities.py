"""One sub kegiatan: its four quarters and its facts. Its history: test_timeline.py."""

from tests import make
from tests.reading import csv_rows, headline, links, text
from tests.small_world import YEAR


def page(client, activity, **query):
    return client.get(f"/sub-kegiatan/{activity.ref}/", query)


def quarter(response, name) -> str:
    """What the timeline says of one quarter."""
    names = ["TW I s.d.", "TW II s.d.", "TW III s.d.", "TW IV s.d.", "Sub kegiatan ini"]
    after = names[names.index(f"{name} s.d.") + 1]
    return text(response).split(f"{name} s.d.")[1].split(after)[0]


def test_the_headline_says_how_it_stands(world, as_viewer):
    assert headline(page(as_viewer, world.sembako, tw="3")) == "Sembako: fisik 75,0 %, tepat pada rencana."
    assert headline(page(as_viewer, world.houses, tw="3")) == (
        "Bedah rumah: fisik 30,0 %, 45,0 persen poin di bawah rencana."
    )
    assert headline(page(as_viewer, world.concrete, tw="3")) == "Rabat beton: belum ada laporan s.d. TW III 2025."
    assert headline(page(as_viewer, world.vaccines, tw="3", hitung="terverifikasi")) == (
        "Imunisasi: belum ada laporan terverifikasi s.d. TW III 2025."
    )


def test_its_fisik_is_not_held_at_one_hundred(db, bands, as_viewer):
    activity = make.activity(make.program(fiscal_year=YEAR), name="Sembako")
    make.report(activity, 3, realised_output=130)
    assert headline(page(as_viewer, activity, tw="3")) == "Sembako: fisik 130,0 %, 55,0 persen poin di atas rencana."


def test_the_timeline_shows_reported_and_missing_quarters(world, as_viewer):
    answer = page(as_viewer, world.houses, tw="3")
    assert "Belum lapor" in quarter(answer, "TW I")
    assert "%" not in quarter(answer, "TW I").replace("Rencana 25,0 %", "")
    assert "Fisik 30,0 %" in quarter(answer, "TW II") and "Serapan 30,0 %" in quarter(answer, "TW II")
    assert "Posisi terakhir 30,0 % per TW II." in quarter(answer, "TW III")
    assert "Belum lapor" in quarter(answer, "TW III")


def test_quarters_before_its_start_are_not_asked_for(world, as_viewer):
    answer = page(as_viewer, world.late_start, tw="3")
    assert [("Belum ditagih" in quarter(answer, name)) for name in ["TW I", "TW II", "TW III", "TW IV"]] == [
        True,
        True,
        True,
        False,
    ]
    assert "Mulai TW IV" in text(answer)


def test_a_stopped_one_says_so(world, as_viewer):
    answer = page(as_viewer, world.stopped, tw="3")
    assert "Dihentikan" in text(answer)
    assert "Belum lapor" not in quarter(answer, "TW III")


def test_quarters_to_come_accuse_nobody(db, bands, as_viewer):
    activity = make.activity(make.program(fiscal_year=2099))
    answer = page(as_viewer, activity)
    for name in ["TW I", "TW II", "TW III", "TW IV"]:
        assert "Belum lapor" not in quarter(answer, name)


def test_plans_of_its_own_are_used_and_the_straight_line_is_named(world, as_viewer):
    assert "garis lurus 25/50/75/100" in text(page(as_viewer, world.sembako, tw="3"))
    planned = make.activity(world.aid, plan_q1=0, plan_q2=10, plan_q3=40, plan_q4=100)
    make.report(planned, 3, realised_output=50)
    answer = page(as_viewer, planned, tw="3")
    assert "garis lurus" not in text(answer)
    assert headline(answer).endswith(": fisik 50,0 %, 10,0 persen poin di atas rencana.")


def test_a_falling_indicator_is_measured_from_its_baseline(db, bands, as_viewer):
    activity = make.activity(
        make.program(fiscal_year=YEAR), name="Stunting", direction="down", baseline=20, target=15, unit="%"
    )
    make.report(activity, 3, realised_output="16.5")  # (20 − 16,5) ÷ (20 − 15) = 70 %
    answer = page(as_viewer, activity, tw="3")
    assert headline(answer) == "Stunting: fisik 70,0 %, 5,0 persen poin di bawah rencana."
    assert "nilai awal 20" in text(answer)


def test_a_revision_shows_both_values_and_its_note(db, bands, as_viewer):
    activity = make.activity(
        make.program(fiscal_year=YEAR),
        budget=8_000_000,
        revised_budget=2_000_000,
        target=40,
        revised_target=50,
        revision_note="Perda 5/2025",
    )
    shown = text(page(as_viewer, activity))
    assert "50 KPM (semula 40)" in shown
    assert "Rp 2.000.000 (semula Rp 8.000.000)" in shown
    assert "Perda 5/2025" in shown


def test_places_are_named_and_none_is_the_whole_district(world, as_viewer):
    assert "Lokasi Jarai, Lahat" in text(page(as_viewer, world.vaccines))
    assert "Lokasi Tingkat kabupaten" in text(page(as_viewer, world.houses))


def test_money_from_outside_says_so(world, as_viewer):
    assert "di luar APBD" in text(page(as_viewer, world.vaccines))
    assert "di luar APBD" not in text(page(as_viewer, world.sembako))


def test_a_report_from_before_its_start_is_history_without_a_failure(world, as_viewer):
    """Loaded from old sheets: the quarter was reported though it was not asked for."""
    make.report(world.late_start, 3, realised_output=50, realised_budget=1)
    assert page(as_viewer, world.late_start, tw="3").status_code == 200
    assert page(as_viewer, world.late_start, tw="4").status_code == 200


def test_its_files_hold_four_quarters(world, as_viewer):
    rows = csv_rows(page(as_viewer, world.houses, format="csv"))
    assert [
        (row["Triwulan"], row["Realisasi keluaran"], row["Realisasi anggaran"], row["Status"]) for row in rows
    ] == [
        ("TW I", "", "", ""),
        ("TW II", "60", "90000000", "Diajukan"),
        ("TW III", "", "", ""),
        ("TW IV", "", "", ""),
    ]
    rows = csv_rows(page(as_viewer, world.houses, format="csv", tabel="angka"))
    assert [(row["Nama"], row["Fisik"], row["Rencana"], row["Status"]) for row in rows] == [
        ("TW I", "", "25,00", "Belum lapor"),
        ("TW II", "30,00", "50,00", "Terlambat"),
        ("TW III", "30,00", "75,00", "Belum lapor"),
        ("TW IV", "30,00", "100,00", "Belum lapor"),
    ]


def test_quarter_links_stay_on_the_page_and_in_the_year(world, as_viewer):
    found = links(page(as_viewer, world.sembako, tw="3"))
    assert found["TW II"] == "?tahun=2025&tw=2"
    assert found["Bantuan sosial"].startswith(f"/program/{world.aid.pk}/")


def test_only_staff_are_offered_the_form(world, as_viewer, as_secretary):
    assert "Isi atau ubah" not in links(page(as_viewer, world.sembako))
    assert links(page(as_secretary, world.sembako))["Isi atau ubah"] == (
        f"/admin/tracker/activity/{world.sembako.pk}/change/"
    )
