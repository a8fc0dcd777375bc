"""The sheet "realisasi": each row is judged as if it had been typed."""

import datetime

import pytest
from django.utils import timezone

from tests import make
from tests.imports.sending import REPORTS, applied, changes, outcomes, planned, problems, rows_of, sheet_of
from tracker.models import Report

FIGURES = {"Realisasi keluaran": "40", "Realisasi anggaran": "400000"}


@pytest.fixture
def activity(dinsos):
    make.periods()
    make.obstacle_category("Cuaca")
    return make.activity(make.program(dinsos), name="Sembako")


@pytest.fixture
def other(dinkes):
    return make.activity(make.program(dinkes), name="Imunisasi")


def sent(user, *edits, quarter=1, **options) -> bytes:
    """The exported sheet of one quarter with the edits of its lines, in the order of the registers."""
    rows = sorted(rows_of(REPORTS, user, quarters=[quarter], **options), key=lambda row: row["Register"])
    for row, edit in zip(rows, edits, strict=False):
        row.update(edit)
    return sheet_of(rows)


def test_figures_become_a_submitted_report_with_its_history(activity, operator):
    plan = applied(
        sent(operator, {**FIGURES, "Kendala": "Hujan", "Kategori kendala": "cuaca", "Tenggat": "25-10-2026"}), operator
    )
    assert outcomes(plan) == {"new": 1}
    report = Report.objects.get()
    assert (report.realised_output, report.realised_budget, report.obstacle, report.obstacle_category.name) == (
        40,
        400_000,
        "Hujan",
        "Cuaca",
    )
    assert report.follow_up_due == datetime.date(2026, 10, 25)
    assert (report.status, report.submitted_by, report.version) == ("submitted", operator, 1)
    [entry] = report.history.all()
    assert (entry.history_user_name, entry.history_source, entry.history_change_reason) == (
        "operator",
        "kiriman.csv",
        None,
    )


@pytest.mark.parametrize(("word", "status"), [("Draf", "draft"), ("diajukan", "submitted"), ("", "submitted")])
def test_a_row_says_whether_it_is_a_draft(activity, operator, word, status):
    applied(sent(operator, {**FIGURES, "Status": word}), operator)
    assert Report.objects.get().status == status


@pytest.mark.parametrize("word", ["Diverifikasi", "Dikembalikan"])
def test_nobody_verifies_or_returns_by_file(activity, operator, secretary, word):
    for user in (operator, secretary):
        [(line, column, value, reason)] = problems(planned(sent(user, {**FIGURES, "Status": word}), user))
        assert (line, column, value) == (2, "Status", word)
        assert reason.startswith("Lewat berkas hanya status Draf dan Diajukan")


def test_a_row_without_figures_is_no_report(activity, operator):
    assert outcomes(applied(sent(operator), operator)) == {"unchanged": 1}
    assert not Report.objects.exists()


def test_words_without_figures_are_not_lost_in_silence(activity, operator):
    [(line, column, value, _)] = problems(planned(sent(operator, {"Kendala": "Hujan"}), operator))
    assert (line, column, value) == (2, "Kendala", "Hujan")


def test_a_stored_report_is_not_deleted_by_emptying_its_row(activity, operator):
    make.report(activity, 1, realised_budget=5, realised_output=5)
    empty = {"Realisasi keluaran": "", "Realisasi anggaran": ""}
    [(_, column, _, reason)] = problems(planned(sent(operator, empty), operator))
    assert (column, reason) == (
        "Realisasi anggaran",
        "Laporan yang sudah ada tidak dihapus lewat berkas. Isi angkanya, atau hapus barisnya dari berkas.",
    )


def test_one_figure_needs_the_other(activity, operator):
    assert problems(planned(sent(operator, {"Realisasi anggaran": "5"}), operator)) == [
        (2, "Realisasi keluaran", "", "Kolom ini wajib diisi.")
    ]


def test_only_changed_rows_are_written(activity, operator):
    make.report(activity, 1, realised_budget=5, realised_output=5, status="draft")
    second = make.activity(activity.program, name="Beras")
    make.report(second, 1, realised_budget=7, realised_output=7, status="draft")
    plan = applied(sent(operator, {}, {"Realisasi anggaran": "8"}), operator)
    assert outcomes(plan) == {"unchanged": 1, "changed": 1}
    assert changes(plan) == [(3, "Realisasi anggaran", "Rp\u00a07", "Rp\u00a08")]
    assert [(report.realised_budget, report.version) for report in Report.objects.order_by("pk")] == [(5, 1), (8, 2)]


# Whose rows


def test_rows_of_others_may_stand_in_the_file_unchanged(activity, other, operator):
    make.report(other, 1, realised_budget=5, realised_output=5)
    assert outcomes(planned(sent(operator, FIGURES), operator)) == {"new": 1, "unchanged": 1}


def test_nobody_writes_for_another_opd(activity, other, operator):
    make.report(other, 1, realised_budget=5, realised_output=5)
    expected = "Baris ini milik Dinkes; Anda hanya dapat mengisi Dinsos. Hapus barisnya dari berkas."
    assert problems(planned(sent(operator, FIGURES, {"Realisasi anggaran": "6"}), operator)) == [
        (3, "OPD", "Dinkes", expected)
    ]


@pytest.mark.parametrize("guess", ["5", "6"])
def test_a_file_tells_nothing_of_a_draft_of_others(activity, other, operator, guess):
    """Whether the guess is right or wrong, and whether there is a draft at all, the answer is the same."""
    rows = rows_of(REPORTS, operator, quarters=[1])
    make.report(other, 1, realised_budget=5, realised_output=5, status="draft")
    for row in rows:
        if row["OPD"] == "Dinkes":
            row.update({"Realisasi anggaran": guess, "Realisasi keluaran": "5", "Status": "Draf", "Versi": "1"})
    [(_, column, value, reason)] = problems(planned(sheet_of(rows), operator))
    assert (column, value) == ("OPD", "Dinkes")
    assert reason.startswith("Baris ini milik Dinkes")


def test_the_sekretariat_writes_for_everybody(activity, other, secretary):
    assert outcomes(applied(sent(secretary, FIGURES, FIGURES), secretary)) == {"new": 2}
    assert Report.objects.filter(submitted_by=secretary).count() == 2


# Locks, versions, reasons


def test_a_locked_quarter_refuses_in_the_words_of_the_form(activity, operator, secretary):
    period = make.period(quarter=1, locked_at=timezone.now(), locked_by=secretary, lock_reason="Rakor")
    [(line, column, value, reason)] = problems(planned(sent(operator, FIGURES), operator))
    assert (line, column, value, reason) == (2, "Triwulan", "TW I", period.refusal(activity.program.opd_id))


def test_an_exception_opens_it_for_its_opd(activity, other, secretary):
    period = make.period(quarter=1, locked_at=timezone.now())
    make.period_exception(period, activity.program.opd, timezone.localdate())
    plan = planned(sent(secretary, FIGURES, FIGURES), secretary)
    assert [(line, column) for line, column, *_ in problems(plan)] == [(3, "Triwulan")]


def test_a_quarter_that_has_not_opened_refuses(activity, operator):
    make.period(quarter=4, opens_on=datetime.date(2099, 10, 1), due_on=datetime.date(2100, 1, 10))
    assert [
        (line, column) for line, column, *_ in problems(planned(sent(operator, FIGURES, quarter=4), operator))
    ] == [(2, "Triwulan")]


def test_a_year_that_was_not_opened_refuses(dinsos, operator):
    make.activity(make.program(dinsos, 2031))
    assert problems(planned(sent(operator, FIGURES), operator)) == [
        (2, "Triwulan", "TW I", "Tahun anggaran 2031 belum dibuka. Mintalah Sekretariat TKPK membukanya.")
    ]


def test_work_that_has_not_begun_takes_no_report(dinsos, operator):
    make.periods()
    make.activity(make.program(dinsos), starts_quarter=3)
    [(_, _, _, reason)] = problems(planned(sent(operator, FIGURES), operator))
    assert reason.startswith("Sub kegiatan ini mulai TW III.")


def test_a_stale_version_is_refused_and_an_empty_one_is_not_checked(activity, operator):
    report = make.report(activity, 1, realised_budget=5, realised_output=5, status="draft")
    content = sent(operator, {"Realisasi anggaran": "9"})
    report.realised_budget = 6
    report.save()
    [(_, column, value, reason)] = problems(planned(content, operator))
    assert (column, value) == ("Versi", "1")
    assert "sekarang versi 2" in reason
    assert outcomes(planned(sent(operator, {"Realisasi anggaran": "9", "Versi": ""}), operator)) == {"changed": 1}


def test_a_version_of_a_report_that_is_gone_is_stale_too(activity, operator):
    assert [column for _, column, *_ in problems(planned(sent(operator, {**FIGURES, "Versi": "3"}), operator))] == [
        "Versi"
    ]


def test_a_falling_figure_asks_for_its_reason(activity, operator):
    make.report(activity, 1, realised_budget=500, realised_output=50)
    content = {"Realisasi keluaran": "60", "Realisasi anggaran": "400"}
    [(_, column, _, reason)] = problems(planned(sent(operator, content, quarter=2), operator))
    assert column == "Alasan perubahan"
    assert reason == (
        "Tulis alasannya, karena realisasi anggaran TW II 2026 (Rp\u00a0400) lebih kecil daripada "
        "TW I 2026 (Rp\u00a0500)."
    )
    applied(sent(operator, {**content, "Alasan perubahan": "Uang muka kembali"}, quarter=2), operator)
    assert Report.objects.get(period__quarter=2).history.get().history_change_reason == "Uang muka kembali"


def test_two_quarters_in_one_file_are_judged_together(activity, operator):
    rows = rows_of(REPORTS, operator, quarters=[1, 2])
    rows[0].update({"Realisasi keluaran": "60", "Realisasi anggaran": "600"})
    rows[1].update({"Realisasi keluaran": "50", "Realisasi anggaran": "700"})
    [(_, column, _, reason), *_] = problems(planned(sheet_of(rows), operator))
    assert column == "Alasan perubahan"
    assert "realisasi keluaran TW II 2026 (50) lebih kecil daripada TW I 2026 (60)" in reason


def test_a_correction_of_both_quarters_at_once_falls_nowhere(activity, operator):
    make.report(activity, 1, realised_budget=500, realised_output=50)
    make.report(activity, 2, realised_budget=600, realised_output=60)
    rows = rows_of(REPORTS, operator, quarters=[1, 2])
    for row, amount in zip(rows, ("700", "800"), strict=True):
        row["Realisasi anggaran"] = amount
    assert outcomes(planned(sheet_of(rows), operator)) == {"changed": 2}


def test_a_change_of_a_verified_report_needs_a_reason_and_is_judged_anew(activity, operator):
    make.report(activity, 1, realised_budget=500, realised_output=50, status="verified", verified_at=timezone.now())
    assert problems(planned(sent(operator, {"Realisasi anggaran": "600"}), operator)) == [
        (2, "Alasan perubahan", "", "Tulis alasannya, karena laporan ini sudah diverifikasi.")
    ]
    plan = applied(sent(operator, {"Realisasi anggaran": "600", "Alasan perubahan": "Salah ketik"}), operator)
    assert changes(plan)[1:] == [(2, "Status", "Diverifikasi", "Diajukan")]
    report = Report.objects.get()
    assert (report.status, report.verified_at) == ("submitted", None)


def test_the_same_file_again_finds_nothing_to_do(activity, operator):
    make.report(activity, 1, realised_budget=500, realised_output=50, status="verified", verified_at=timezone.now())
    content = sent(operator, {"Realisasi anggaran": "600", "Alasan perubahan": "Salah ketik"})
    applied(content, operator)
    assert outcomes(planned(content, operator)) == {"unchanged": 1}


@pytest.mark.parametrize("reason", ["NI\u202eK", "a" * 301])
def test_a_reason_is_short_and_hides_nothing(activity, operator, reason):
    assert [
        column
        for _, column, *_ in problems(planned(sent(operator, {**FIGURES, "Alasan perubahan": reason}), operator))
    ] == ["Alasan perubahan"]


# Cells


@pytest.mark.parametrize(
    ("column", "value", "part"),
    [
        ("Realisasi anggaran", "1,5 juta", "bukan angka yang dikenal"),
        ("Realisasi anggaran", "1,234.56", "bukan angka yang dikenal"),
        ("Realisasi anggaran", "1000,5", "Rupiah ditulis utuh"),
        ("Realisasi anggaran", "-5", "lebih besar dari atau sama dengan 0"),
        ("Realisasi keluaran", "1,2345", "Paling banyak 3 angka di belakang koma"),
        ("Realisasi keluaran", "1e5", "bukan angka yang dikenal"),
        ("Fisik", "101", "lebih kecil dari atau sama dengan 100"),
        ("Penerima", "1,5", "Jumlah ditulis utuh"),
        ("Penerima", "99999999999999999999", "lebih kecil dari atau sama dengan"),
        ("Kategori kendala", "Gempa", "Kategori kendala “Gempa” tidak dikenal"),
        ("Tenggat", "12/31/2026", "urutan tanggal, bulan, tahun"),
        ("Tenggat", "03/04/2026", "dapat berarti 3 April 2026 atau 4 Maret 2026"),
        ("Tenggat", "31-02-2026", "urutan tanggal, bulan, tahun"),
        ("Tenggat", "01-01-1999", "Tahun pada tanggal harus antara 2000 dan 2100"),
        ("Bukti", "javascript:alert(1)", "URL"),
        ("Penanggung jawab", "a" * 201, "200"),
        ("Kendala", "ang\u202eka", "karakter yang tidak terlihat"),
        ("Status", "Selesai", "Tulis Draf atau Diajukan."),
        ("Target berlaku", "101", "Kolom ini hanya untuk dibaca; sekarang isinya 100."),
        ("Pagu berlaku", "5", "sekarang isinya Rp\u00a01.000.000"),
        ("Sub kegiatan", "Beras", "sekarang isinya Sembako"),
        ("OPD", "Dinkes", "sekarang isinya Dinsos"),
        ("Tahun", "2025", "sekarang isinya 2026"),
        ("Triwulan", "TW V", "Triwulan ditulis TW I"),
        ("Triwulan", "", "Kolom ini wajib diisi"),
        ("Register", "2026-9999", "Register ini tidak ada"),
        ("Versi", "satu", "bukan angka yang dikenal"),
    ],
)
def test_what_a_cell_may_not_hold_is_named_with_its_place(activity, dinkes, operator, column, value, part):
    edited = {**FIGURES, column: value}
    found = problems(planned(sent(operator, edited), operator))
    assert [(line, title, said) for line, title, said, _ in found] == [
        (2, column, value[:80] + "…" * (len(value) > 80))
    ]
    assert part in found[0][3]


def test_all_problems_come_at_once(activity, operator):
    edited = {"Realisasi keluaran": "x", "Realisasi anggaran": "y", "Fisik": "z"}
    assert [column for _, column, *_ in problems(planned(sent(operator, edited), operator))] == [
        "Realisasi keluaran",
        "Realisasi anggaran",
        "Fisik",
    ]


def test_a_register_stands_once_per_quarter(activity, operator):
    [row] = rows_of(REPORTS, operator, quarters=[1])
    plan = planned(sheet_of([row | FIGURES, row | FIGURES]), operator)
    assert problems(plan) == [
        (3, "Register", activity.ref, f"{activity.ref} TW I sudah ada di baris 2. Hapus salah satunya.")
    ]


def test_a_row_without_register_is_found_by_its_name(activity, operator):
    [row] = rows_of(REPORTS, operator, quarters=[1])
    assert outcomes(applied(sheet_of([row | FIGURES | {"Register": ""}]), operator)) == {"new": 1}
    assert Report.objects.get().activity == activity


def test_a_name_that_two_have_needs_the_register(activity, operator):
    second = make.activity(activity.program, name="Sembako")
    [row, _] = rows_of(REPORTS, operator, quarters=[1])
    assert problems(planned(sheet_of([row | FIGURES | {"Register": ""}]), operator)) == [
        (
            2,
            "Register",
            "",
            f"Nama ini dipakai oleh {activity.ref} dan {second.ref}. Isi kolom Register dengan salah satunya.",
        )
    ]


def test_a_realisation_above_the_budget_is_kept_with_a_warning(activity, operator):
    plan = applied(sent(operator, {**FIGURES, "Realisasi anggaran": "2000000"}), operator)
    [judged] = plan.warned
    assert judged.warnings == Report.objects.get().warnings()


# Sums


def test_the_totals_run_over_all_reports_of_the_opd_and_quarter(activity, operator):
    second = make.activity(activity.program, name="Beras")
    make.report(activity, 1, realised_budget=100)
    make.report(second, 1, realised_budget=30)
    plan = planned(sent(operator, {}, {"Realisasi anggaran": "50"}), operator)
    [total] = plan.totals
    assert (total.name, total.before, total.after, total.difference) == ("Dinsos, TW I 2026", 130, 150, 20)
