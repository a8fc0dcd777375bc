"""The history of a sub kegiatan: who changed what, when and why, on the page and in its files."""

import datetime
import io
import re
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.changing import change
from tests.reading import addresses, attributes, content, csv_lines, csv_rows, elements, links, page, text, words
from tracker.models import Report

COLUMNS = ["Waktu", "Siapa", "Apa", "Isian", "Semula", "Menjadi", "Alasan", "Berkas"]
MOMENT = re.compile(r"\d{1,2} \w{3} \d{4} \d\d\.\d\d ?")


@pytest.fixture
def activity(dinsos, bands):
    make.periods(2025)
    program = make.program(dinsos, 2025, name="Bantuan sosial", strategy=make.strategy(1))
    return make.activity(program, name="Sembako")


def address_of(activity):
    return f"/sub-kegiatan/{activity.ref}/"


def entries(response) -> list:
    """The entries as they stand on the page, newest first."""
    [ordered] = [ol for ol in elements(page(response), "ol") if attributes(ol).get("class") == "dated"]
    return [child for child in ordered.children if not isinstance(child, str)]


def told(client, activity, **query) -> list[str]:
    """Each entry in words, without its moment."""
    return [MOMENT.sub("", words(entry)) for entry in entries(client.get(address_of(activity), query))]


def newest(client, activity) -> str:
    return told(client, activity)[0]


def history_file(client, activity):
    return client.get(address_of(activity), {"format": "csv", "tabel": "riwayat"})


# What is told


def test_a_change_says_who_what_from_what_to_what_and_why(activity, as_viewer, operator):
    change(
        activity,
        by=operator,
        reason="Pergeseran anggaran",
        revised_budget=1_250_000,
        revised_target=Decimal("12.5"),
        revision_note="Perda 5/2025",
    )
    assert newest(as_viewer, activity) == (
        "operator Sub kegiatan diubah "
        "Target perubahan: kosong → 12,5 "
        "Pagu perubahan: kosong → Rp 1.250.000 "
        "Catatan perubahan: kosong → Perda 5/2025 "
        "Alasan: Pergeseran anggaran"
    )


def test_a_stop_is_a_change_from_empty_to_zero(activity, as_viewer):
    change(activity, revised_budget=0, revision_note="Dihentikan")
    assert "Pagu perubahan: kosong → Rp 0" in newest(as_viewer, activity)


def test_choices_and_boxes_are_told_in_words(activity, as_viewer):
    change(activity, starts_quarter=2, is_cash_for_work=True)
    assert newest(as_viewer, activity) == (
        "sistem Sub kegiatan diubah Mulai triwulan: TW I → TW II Padat karya: tidak → ya"
    )


def test_the_first_values_are_told_once(activity, as_viewer):
    first = next(entry for entry in told(as_viewer, activity) if entry.startswith("sistem Sub kegiatan dibuat"))
    assert first == (
        "sistem Sub kegiatan dibuat Program: Bantuan sosial (2025) · Nama sub kegiatan: Sembako · "
        "Indikator keluaran: Jumlah keluarga yang dibantu · Satuan: KPM · Arah: Naik (makin besar makin baik) · "
        "Target: 100 · Sumber dana: DAU · Pagu: Rp 1.000.000 · Mulai triwulan: TW I"
    )


def test_a_save_that_changed_nothing_is_not_told(activity, as_viewer):
    before = told(as_viewer, activity)
    change(activity)
    assert told(as_viewer, activity) == before
    change(activity, reason="Diperiksa ulang")
    assert newest(as_viewer, activity) == "sistem Sub kegiatan diubah Alasan: Diperiksa ulang"


def test_the_moment_is_western_indonesian_time(activity, as_viewer):
    at = datetime.datetime(2026, 3, 31, 17, 5, tzinfo=datetime.UTC)
    change(activity, name="Nama lain", at=at)
    shown = [words(entry) for entry in entries(as_viewer.get(address_of(activity)))]
    assert any(entry.startswith("1 Apr 2026 00.05 sistem Sub kegiatan diubah") for entry in shown)
    assert "01-04-2026 00.05" in [row["Waktu"] for row in csv_rows(history_file(as_viewer, activity))]


def test_the_name_outlives_the_account(activity, as_viewer):
    clerk = make.user("ani")
    change(activity, by=clerk, name="Nama lain")
    clerk.delete()
    assert newest(as_viewer, activity).startswith("ani Sub kegiatan diubah")


def test_what_people_write_is_shown_and_not_run(activity, as_viewer):
    change(activity, name="<script>alert(1)</script>", reason="<b>tebal</b>")
    html = as_viewer.get(address_of(activity)).content.decode()
    assert "<script>alert" not in html and "<b>tebal" not in html
    assert "&lt;script&gt;alert(1)" in html and "&lt;b&gt;tebal" in html


# Program and places


def test_the_mapping_of_the_program_is_part_of_it(activity, as_viewer, secretary):
    change(activity.program, by=secretary, strategy=make.strategy(2), priority=make.priority(), name="Bansos")
    assert newest(as_viewer, activity) == (
        "sekretariat Program diubah Nama program: Bantuan sosial → Bansos "
        "Strategi: 1. Mengurangi beban pengeluaran → 2. Meningkatkan pendapatan "
        "Prioritas RKPD: kosong → 2021-1 Prioritas 1"
    )


def test_partners_are_told_by_name(activity, as_viewer):
    activity.program.partners.set([make.partner("PT Bukit Asam"), make.partner("Baznas Lahat")])
    assert newest(as_viewer, activity) == "sistem Program diubah Mitra: kosong → Baznas Lahat; PT Bukit Asam"
    make.partner("Baznas Lahat").delete()
    assert newest(as_viewer, activity) == "sistem Program diubah Mitra: kosong → PT Bukit Asam; sudah dihapus"


def test_each_program_is_told_for_the_time_it_was_in_it(activity, as_viewer, dinsos):
    first = activity.program
    second = change(make.program(dinsos, 2025, name="Jaminan sosial"), objective="Sebelum pindah")
    change(activity, program=second)
    change(first, objective="Sesudah pindah")
    change(second, objective="Bersama")
    shown = told(as_viewer, activity)
    assert shown[0] == "sistem Program diubah Tujuan: Sebelum pindah → Bersama"
    assert shown[1] == "sistem Sub kegiatan diubah Program: Bantuan sosial (2025) → Jaminan sosial (2025)"
    assert not any("Sesudah pindah" in entry for entry in shown)
    assert [entry.split(" Tahun")[0] for entry in shown if "Program dibuat" in entry] == ["sistem Program dibuat"]


def test_places_come_move_and_go(activity, as_viewer, operator):
    jarai, lahat = make.district("16.04.11", name="Jarai"), make.district("16.04.02", name="Lahat")
    village = make.village("16.04.02.2001", name="Makartitama", district=lahat)
    place = change(make.location(activity, jarai), by=operator, district=lahat, village=village)
    place.delete()
    assert told(as_viewer, activity)[:3] == [
        "operator Lokasi dihapus: Lahat/Desa Makartitama",
        "operator Lokasi diubah: Lahat/Desa Makartitama Kecamatan: Jarai → Lahat "
        "Desa/kelurahan: kosong → Desa Makartitama, Kec. Lahat",
        "sistem Lokasi ditambahkan: Jarai",
    ]


def test_what_was_deleted_since_says_so(activity, as_viewer):
    source, category = make.funding_source("CSR"), make.obstacle_category("Cuaca")
    change(activity, funding_source=source)
    change(activity, funding_source=make.funding_source("DAU"))
    report = make.report(activity, 1, obstacle_category=category)
    change(report, obstacle_category=None)
    make.location(activity, make.district("16.04.11", name="Jarai")).delete()
    source.delete(), category.delete(), make.district("16.04.11").delete()
    shown = told(as_viewer, activity)
    assert "sistem Sub kegiatan diubah Sumber dana: sudah dihapus → DAU" in shown
    assert "sistem Laporan TW I 2025 diubah Kategori kendala: sudah dihapus → kosong" in shown
    assert "sistem Lokasi dihapus: sudah dihapus" in shown


def test_another_one_of_the_same_program_has_a_history_of_its_own(activity, as_viewer):
    other = make.activity(activity.program, name="KENARI-LAIN")
    make.location(other, make.district("16.04.11", name="KENARI-TEMPAT"))
    make.report(other, 1, obstacle="KENARI-KENDALA")
    assert not any("KENARI" in entry for entry in told(as_viewer, activity))


# Reports


def test_the_steps_of_a_report_are_called_by_their_names(activity, as_operator, operator, coordinator):
    report = make.report(activity, 1, status="draft", realised_budget=100_000)
    change(report, by=operator, status="submitted")
    change(report, by=operator, status="draft")
    change(report, by=operator, status="submitted", realised_budget=200_000)
    change(report, by=coordinator, status="returned", return_note="Periksa angka", reason="Periksa angka")
    change(report, by=operator, status="submitted", return_note="", reason="Salah ketik", realised_budget=150_000)
    change(report, by=coordinator, status="verified")
    change(report, by=operator, beneficiaries=1_250, reason="Data susulan")
    report.delete()
    name = "Laporan TW I 2025"
    assert told(as_operator, activity)[:9] == [
        f"operator {name} dihapus Realisasi anggaran: Rp 150.000 · Realisasi keluaran: 0 · Penerima manfaat: 1.250 · "
        "Status: Diverifikasi Alasan: Data susulan",
        f"operator {name} diubah Penerima manfaat: kosong → 1.250 Alasan: Data susulan",
        f"koordinator {name} diverifikasi Status: Diajukan → Diverifikasi",
        f"operator {name} diajukan Realisasi anggaran: Rp 200.000 → Rp 150.000 Status: Dikembalikan → Diajukan "
        "Alasan: Salah ketik",
        f"koordinator {name} dikembalikan Status: Diajukan → Dikembalikan Alasan: Periksa angka",
        f"operator {name} diajukan Realisasi anggaran: Rp 100.000 → Rp 200.000 Status: Draf → Diajukan",
        f"operator {name} ditarik menjadi draf Status: Diajukan → Draf",
        f"operator {name} diajukan Status: Draf → Diajukan",
        f"sistem {name} disimpan sebagai draf Realisasi anggaran: Rp 100.000 · Realisasi keluaran: 0 · Status: Draf",
    ]


def test_a_note_that_is_not_the_reason_is_told_to_those_who_read_it(activity, as_operator):
    report = make.report(activity, 1)
    change(report, status="returned", return_note="Periksa angka")
    assert newest(as_operator, activity) == (
        "sistem Laporan TW I 2025 dikembalikan Status: Diajukan → Dikembalikan "
        "Catatan pengembalian: kosong → Periksa angka"
    )


def test_others_read_from_one_counted_state_to_the_next(activity, as_viewer, operator, coordinator):
    report = make.report(activity, 1, status="draft", realised_budget=111_111)
    change(report, by=operator, status="submitted", realised_budget=200_000)
    change(report, by=coordinator, status="returned", return_note="Periksa", reason="Periksa")
    change(report, by=operator, realised_budget=222_222, reason="Coba")
    change(report, by=operator, status="submitted", return_note="", realised_budget=150_000, reason="Salah ketik")
    name = "Laporan TW I 2025"
    assert [entry for entry in told(as_viewer, activity) if "Laporan" in entry] == [
        f"operator {name} diajukan Realisasi anggaran: Rp 200.000 → Rp 150.000 Alasan: Salah ketik",
        f"{name} tidak lagi dihitung",
        f"operator {name} diajukan Realisasi anggaran: Rp 200.000 · Realisasi keluaran: 0 · Status: Diajukan",
    ]


def test_whether_it_came_in_time_is_told_by_western_indonesian_days(activity, as_viewer):
    due_evening = datetime.datetime(2025, 4, 10, 16, 59, tzinfo=datetime.UTC)  # 23.59 WIB, in time
    report = make.report(activity, 1, submitted_at=due_evening)
    assert "Laporan TW I 2025 diajukan" in told(as_viewer, activity)[-1]
    assert "tenggat" not in text(as_viewer.get(address_of(activity)))
    change(report, submitted_at=due_evening + datetime.timedelta(minutes=1))
    assert any("diajukan, sesudah tenggat" in entry for entry in told(as_viewer, activity))


def test_reports_loaded_after_the_fact_tell_their_steps_at_their_moments(activity, as_viewer):
    """Old sheets and sample data: the history begins on the day of loading, the report says when it was sent."""
    clerk, checker = make.user("ani"), make.user("budi")
    make.report(
        activity,
        3,
        status="verified",
        submitted_at=datetime.datetime(2025, 10, 10, 16, 59, tzinfo=datetime.UTC),
        submitted_by=clerk,
        verified_at=datetime.datetime(2025, 10, 12, 3, tzinfo=datetime.UTC),
        verified_by=checker,
    )
    shown = [words(entry) for entry in entries(as_viewer.get(address_of(activity)))]
    assert shown[-2:] == [
        "12 Okt 2025 10.00 budi Laporan TW III 2025 diverifikasi",
        "10 Okt 2025 23.59 ani Laporan TW III 2025 diajukan",
    ]
    assert MOMENT.sub("", shown[0]).startswith("sistem Laporan TW III 2025 dibuat ")


# How much of it is shown


def test_the_newest_twenty_are_shown_and_all_on_request(activity, as_viewer):
    for number in range(25):
        change(activity, name=f"Nama {number}")
    answer = as_viewer.get(address_of(activity), {"tw": "2", "hitung": "terverifikasi"})
    assert len(entries(answer)) == 20
    assert "20 terbaru dari 27 perubahan" in text(answer)
    whole = links(answer)["Tampilkan semua"]
    assert whole == "?tahun=2025&tw=2&hitung=terverifikasi&riwayat=semua#h-history"
    assert len(entries(as_viewer.get(address_of(activity) + whole.split("#")[0]))) == 27
    assert newest(as_viewer, activity).endswith("Nama sub kegiatan: Nama 23 → Nama 24")
    assert {row["Apa"] for row in csv_rows(history_file(as_viewer, activity))} >= {"Program dibuat"}


@pytest.mark.parametrize("asked", ["x", "semua\0", "SEMUA", "s" * 5000])
def test_another_part_of_it_is_not_known(activity, as_viewer, asked):
    answer = as_viewer.get(address_of(activity), {"riwayat": asked})
    assert answer.status_code == 400
    assert "tidak dikenal. Yang tersedia: semua." in text(answer)


def test_without_any_history_the_page_says_so(activity, as_viewer):
    for model in (type(activity), type(activity.program)):
        model.history.all().erase()
    assert "Belum ada perubahan yang tercatat." in text(as_viewer.get(address_of(activity)))


def statements(client, address, **query):
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        content(client.get(address, query))
    return len(asked)


@pytest.mark.parametrize("query", [{}, {"riwayat": "semua"}, {"format": "csv", "tabel": "riwayat"}])
@pytest.mark.parametrize("who", ["as_viewer", "as_operator"])
def test_a_long_history_asks_as_much_as_a_short_one(activity, request, who, query):
    client = request.getfixturevalue(who)
    report = make.report(activity, 1, obstacle_category=make.obstacle_category())
    make.location(activity, make.village().district, village=make.village())
    activity.program.partners.add(make.partner())
    before = statements(client, address_of(activity), **query)
    for number in range(3):
        change(activity, funding_source=make.funding_source(f"SD{number}"))
        change(activity.program, priority=make.priority(2021, number + 1))
        change(report, obstacle_category=make.obstacle_category(f"Kendala {number}"), status="draft")
        change(report, status="submitted")
        place = make.location(activity, make.village(f"16.04.0{number + 2}.2001").district)
        change(place, village=make.village(f"16.04.0{number + 2}.2001"))
        activity.program.partners.add(make.partner(f"Mitra {number}"))
    assert statements(client, address_of(activity), **query) == before
    assert before <= 17


# Files


def test_its_columns_never_change(activity, as_viewer):
    assert csv_lines(history_file(as_viewer, activity))[0] == COLUMNS


def test_the_file_has_a_row_for_every_field_and_plain_values(activity, as_viewer, operator):
    change(
        activity,
        by=operator,
        reason="=1+1",
        revised_budget=1_250_000,
        revised_target=Decimal("12.5"),
        revision_note="Perda 5/2025",
        is_cash_for_work=True,
    )
    change(make.report(activity, 1), follow_up_due=datetime.date(2026, 10, 25))
    make.location(activity, make.district("16.04.11", name="Jarai"))
    rows = csv_rows(history_file(as_viewer, activity))
    assert [tuple(row[name] for name in COLUMNS[1:]) for row in rows][:2] == [
        ("sistem", "Lokasi ditambahkan: Jarai", "", "", "", "", ""),
        ("sistem", "Laporan TW I 2025 diubah", "Tenggat tindak lanjut", "", "25-10-2026", "", ""),
    ]
    assert [tuple(row[name] for name in COLUMNS[1:]) for row in rows if row["Siapa"] == "operator"] == [
        ("operator", "Sub kegiatan diubah", "Target perubahan", "", "12,5", "'=1+1", ""),
        ("operator", "Sub kegiatan diubah", "Pagu perubahan", "", "1250000", "'=1+1", ""),
        ("operator", "Sub kegiatan diubah", "Catatan perubahan", "", "Perda 5/2025", "'=1+1", ""),
        ("operator", "Sub kegiatan diubah", "Padat karya", "tidak", "ya", "'=1+1", ""),
    ]


def test_in_the_workbook_numbers_are_numbers(activity, as_viewer):
    change(activity, budget=2_500_000)
    answer = as_viewer.get(address_of(activity), {"format": "xlsx", "tabel": "riwayat"})
    with zipfile.ZipFile(io.BytesIO(content(answer))) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    cells = {cell.get("r"): cell for cell in sheet.findall(".//{*}c")}
    assert [(cells[name].get("t"), cells[name].find("{*}v").text) for name in ("E2", "F2")] == [
        (None, "1000000"),
        (None, "2500000"),
    ]


def test_the_page_offers_its_files(activity, as_viewer):
    answer = as_viewer.get(address_of(activity))
    assert {"?format=csv&tabel=riwayat", "?format=xlsx&tabel=riwayat"} <= addresses(answer)


def test_a_report_that_was_deleted_is_not_there_and_yet_in_the_history(activity, as_operator):
    make.report(activity, 1, status="draft", realised_budget=5).delete()
    assert not Report.objects.exists()
    assert newest(as_operator, activity).startswith("sistem Laporan TW I 2025 dihapus Realisasi anggaran: Rp 5")
