"""Quarterly reports: which are accepted, which count, who may see them, what looks wrong."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import make
from tracker.models import Report

LONG_AGO, LONG_AHEAD = datetime.date(2001, 1, 1), datetime.date(2099, 12, 31)


@pytest.fixture
def activity(dinsos):
    for period in make.periods():  # open whatever the day on which the tests run
        make.period(period.fiscal_year, period.quarter, opens_on=LONG_AGO, due_on=LONG_AHEAD)
    return make.activity(make.program(dinsos), budget=1_000_000)


def new_report(activity, quarter=1, **fields):
    return Report(activity=activity, period=make.period(2026, quarter), realised_budget=0, realised_output=0, **fields)


def complaints(report):
    with pytest.raises(ValidationError) as refusal:
        report.full_clean()
    return refusal.value.message_dict


def lock(quarter, **fields):
    return make.period(2026, quarter, locked_at=timezone.now(), **fields)


# What is accepted


def test_a_report_in_an_open_quarter_is_accepted(activity):
    new_report(activity).full_clean()


def test_a_report_of_another_year_is_refused(activity):
    report = new_report(activity)
    report.period = make.period(2025, 1)
    assert complaints(report) == {"period": ["TW I 2025 bukan triwulan tahun anggaran 2026, tahun program ini."]}


def test_a_report_before_the_activity_starts_is_refused(activity):
    activity.starts_quarter = 3
    activity.save()
    assert complaints(new_report(activity, 2)) == {
        "__all__": [
            "Sub kegiatan ini mulai TW III. "
            "Bila pekerjaan sudah berjalan, ubah dulu isian “mulai triwulan” pada sub kegiatan."
        ]
    }
    new_report(activity, 3).full_clean()


def test_a_report_in_a_quarter_that_has_not_opened_is_refused(activity):
    make.period(2026, 1, opens_on=datetime.date(2099, 1, 1), due_on=LONG_AHEAD)
    assert complaints(new_report(activity)) == {
        "__all__": ["TW I 2026 belum dibuka. Laporan dapat diisi mulai 1 Januari 2099."]
    }


def test_a_late_report_is_accepted(activity):
    make.period(2026, 1, due_on=LONG_AGO)
    new_report(activity).full_clean()


def test_a_report_in_a_locked_quarter_is_refused(activity, secretary):
    locked_at = datetime.datetime(2026, 4, 20, 18, 0, tzinfo=datetime.UTC)  # already the 21st in Lahat
    make.period(2026, 1, locked_at=locked_at, locked_by=secretary, lock_reason="Rapat triwulan")
    assert complaints(new_report(activity)) == {
        "__all__": [
            "TW I 2026 sudah dikunci oleh sekretariat pada 21 April 2026 pukul 01.00 WIB. Alasan: Rapat triwulan. "
            "Mintalah Sekretariat TKPK memberi OPD ini pengecualian untuk TW I 2026; sebutkan alasannya dan sampai "
            "tanggal berapa."
        ]
    }


def test_an_edit_in_a_locked_quarter_is_refused(activity):
    report = make.report(activity)
    lock(1)
    report.refresh_from_db()
    report.realised_budget = 5
    with pytest.raises(ValidationError) as refusal:
        report.clean()
    assert refusal.value.code == "locked"


def test_a_report_is_not_moved_out_of_a_locked_quarter(activity):
    report = make.report(activity, 1)
    lock(1)
    report.period = make.period(2026, 2)
    with pytest.raises(ValidationError) as refusal:
        report.clean()
    assert refusal.value.code == "locked"


def test_a_report_is_not_moved_into_a_locked_quarter(activity):
    report = make.report(activity, 1)
    report.period = lock(2)
    with pytest.raises(ValidationError) as refusal:
        report.clean()
    assert refusal.value.code == "locked"


def test_a_report_is_not_moved_out_of_a_locked_quarter_to_an_opd_that_may_still_write(activity, dinkes):
    report = make.report(activity, 1)
    make.period_exception(lock(1), dinkes, LONG_AHEAD)
    report.activity = make.activity(make.program(dinkes))
    with pytest.raises(ValidationError) as refusal:
        report.clean()
    assert refusal.value.code == "locked"


def test_a_locked_quarter_is_open_to_the_opd_of_an_exception_only(activity, dinsos, dinkes):
    make.period_exception(lock(1), dinsos, LONG_AHEAD)
    new_report(activity).full_clean()
    with pytest.raises(ValidationError):
        new_report(make.activity(make.program(dinkes))).full_clean()


def test_an_exception_that_has_run_out_opens_nothing(activity, dinsos):
    make.period_exception(lock(1), dinsos, LONG_AGO)
    with pytest.raises(ValidationError):
        new_report(activity).full_clean()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://lahat.go.id/x", "file:///etc/passwd", "bukti.pdf"])
def test_a_link_to_evidence_leads_to_a_web_page(activity, address):
    assert set(complaints(new_report(activity, evidence_url=address))) == {"evidence_url"}


def test_a_web_page_is_accepted_as_evidence(activity):
    new_report(activity, evidence_url="https://drive.lahat.go.id/berkas/12?x=1").full_clean()


# Which count


@pytest.mark.parametrize(
    ("status", "counts", "counts_when_verified_only"),
    [
        ("draft", False, False),
        ("submitted", True, False),
        ("verified", True, True),
        ("returned", False, False),
    ],
)
def test_submitted_and_verified_reports_count(activity, status, counts, counts_when_verified_only):
    make.report(activity, status=status)
    assert Report.objects.counted().exists() is counts
    assert Report.objects.counted(verified_only=True).exists() is counts_when_verified_only


def test_reports_are_chosen_by_fiscal_year(activity, dinsos):
    report = make.report(activity)
    make.report(make.activity(make.program(dinsos, fiscal_year=2025)))
    assert list(Report.objects.of_year(2026)) == [report]


# Who may see them


@pytest.fixture
def everybody(secretary, operator, stranger, coordinator, viewer):
    idle = make.user("keluar", opd=operator.opd, is_active=False)
    return {
        "secretary": secretary,
        "operator": operator,
        "stranger": stranger,
        "coordinator": coordinator,
        "viewer": viewer,
        "nobody": AnonymousUser(),
        "idle operator": idle,
    }


@pytest.mark.parametrize(
    ("status", "readers"),
    [
        ("draft", {"secretary", "coordinator", "operator"}),
        ("returned", {"secretary", "coordinator", "operator"}),
        ("submitted", {"secretary", "operator", "stranger", "coordinator", "viewer"}),
        ("verified", {"secretary", "operator", "stranger", "coordinator", "viewer"}),
    ],
)
def test_drafts_and_returned_reports_stay_with_their_opd_and_those_who_verify(activity, everybody, status, readers):
    make.report(activity, status=status)
    seen_by = {name for name, user in everybody.items() if Report.objects.visible_to(user).exists()}
    assert seen_by == readers


# What looks wrong


def test_an_ordinary_report_gives_no_warning(activity):
    make.report(activity, 1, realised_budget=400_000)
    assert make.report(activity, 2, realised_budget=1_000_000).warnings() == []


def test_spending_above_the_budget_in_force_gives_a_warning(activity):
    activity.revised_budget, activity.revision_note = 900_000, "APBD Perubahan"
    activity.save()
    assert make.report(activity, realised_budget=900_001).warnings() == [
        "2026-0001 · TW I 2026: realisasi Rp\u00a0900.001 melebihi pagu Rp\u00a0900.000. "
        "Data tetap disimpan; periksa kembali angkanya."
    ]


# Who did it, and when


def test_submitting_notes_who_and_when_once(activity, operator, stranger):
    report = new_report(activity, status="submitted")
    report.stamp(operator)
    first = report.submitted_at
    report.stamp(stranger)
    assert (report.submitted_at, report.submitted_by, report.verified_at) == (first, operator, None)


def test_verifying_notes_who_and_when(activity, operator, coordinator):
    report = new_report(activity, status="submitted")
    report.stamp(operator)
    report.status = "verified"
    report.stamp(coordinator)
    assert (report.submitted_by, report.verified_by) == (operator, coordinator)


def test_a_draft_bears_no_stamp(activity, operator):
    report = new_report(activity, status="draft")
    report.stamp(operator)
    assert (report.submitted_at, report.submitted_by) == (None, None)


@pytest.mark.parametrize(
    ("submitted_at", "is_late"),
    [
        (None, False),
        (datetime.datetime(2026, 4, 10, 16, 59, tzinfo=datetime.UTC), False),  # 23.59 in Lahat
        (datetime.datetime(2026, 4, 10, 17, 0, tzinfo=datetime.UTC), True),  # midnight in Lahat
    ],
)
def test_a_report_is_late_after_the_due_date_in_western_indonesian_time(dinsos, submitted_at, is_late):
    report = make.report(make.activity(), 1, submitted_at=submitted_at)
    assert report.period.due_on == datetime.date(2026, 4, 10)
    assert report.is_late is is_late
