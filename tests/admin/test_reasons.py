"""What has to be explained, what only the Sekretariat may change, and what an edit does to a verified report."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.admin.browser_form import sent_by
from tracker.models import Activity, Location, Program, Report

REASON = "Salah ketik pada lembar OPD"


def page(kind, record):
    return reverse(f"admin:tracker_{kind}_change", args=[record.pk])


@pytest.fixture
def activity(dinsos):
    make.periods(2025)
    return make.activity(make.program(dinsos, 2025, name="Perlindungan"))


def saved(client, record, **fields):
    """The answer to the form of a record with these fields."""
    address = page(record._meta.model_name, record)
    return client.post(address, sent_by(client.get(address), **fields))


def errors(answer):
    return answer.context["adminform"].form.errors


def quarter(answer, number):
    [formset] = [inline.formset for inline in answer.context["inline_admin_formsets"] if inline.opts.model is Report]
    return formset.forms[number - 1]


# A report


def test_money_that_falls_is_refused_until_it_is_explained(as_operator, activity):
    make.report(activity, 1, realised_budget=300, realised_output=10)
    typed = {"reports-2-realised_budget": "200", "reports-2-realised_output": "10"}
    answer = saved(as_operator, activity, **typed)
    assert quarter(answer, 2).errors == {
        "history_change_reason": [
            "Tulis alasannya, karena realisasi anggaran TW II 2025 (Rp\u00a0200) lebih kecil daripada TW I 2025 "
            "(Rp\u00a0300)."
        ]
    }
    assert sent_by(answer)["reports-2-realised_budget"] == "200"
    assert Report.objects.count() == 1
    answer = saved(as_operator, activity, **typed, **{"reports-2-history_change_reason": f"  {REASON} "})
    assert answer.status_code == 302
    report = Report.objects.get(period__quarter=2)
    assert [entry.history_change_reason for entry in report.history.all()] == [REASON]


def test_the_form_of_one_report_asks_as_well(as_operator, activity):
    make.report(activity, 1, realised_budget=300)
    report = make.report(activity, 2, realised_budget=400)
    assert list(errors(saved(as_operator, report, realised_budget="200"))) == ["history_change_reason"]
    assert saved(as_operator, report, realised_budget="200", history_change_reason=REASON).status_code == 302
    assert report.history.first().history_change_reason == REASON


@pytest.mark.parametrize("who", ["as_operator", "as_secretary"])
def test_an_edit_of_a_verified_report_is_explained_and_submits_it_again(request, activity, coordinator, who):
    client = request.getfixturevalue(who)
    report = make.report(activity, 1, status="verified", verified_by=coordinator, verified_at=timezone.now())
    assert list(errors(saved(client, report, realised_budget="5"))) == ["history_change_reason"]
    assert saved(client, report, realised_budget="5", history_change_reason=REASON).status_code == 302
    report.refresh_from_db()
    assert (report.status, report.verified_by, report.verified_at) == ("submitted", None, None)
    assert report.submitted_by is not None


def test_an_edit_of_a_verified_quarter_inside_the_sub_kegiatan_does_the_same(as_operator, activity):
    report = make.report(activity, 1, status="verified")
    assert list(quarter(saved(as_operator, activity, **{"reports-1-obstacle": "Hujan"}), 1).errors) == [
        "history_change_reason"
    ]
    given = {"reports-1-obstacle": "Hujan", "reports-1-history_change_reason": REASON}
    assert saved(as_operator, activity, **given).status_code == 302
    report.refresh_from_db()
    assert (report.status, report.obstacle) == ("submitted", "Hujan")


def test_an_edit_of_a_returned_report_submits_it_again_unless_it_stays_a_draft(as_operator, activity):
    report = make.report(activity, 1, status="returned")
    assert saved(as_operator, report, realised_budget="5").status_code == 302
    report.refresh_from_db()
    assert (report.status, report.return_note) == ("submitted", "")
    other = make.report(activity, 2, status="returned", realised_budget=5)
    assert saved(as_operator, other, realised_budget="6", status="draft").status_code == 302
    other.refresh_from_db()
    assert (other.status, other.return_note) == ("draft", "Periksa kembali angkanya")


def test_an_untouched_verified_report_stays_as_it_is(as_operator, activity):
    report = make.report(activity, 1, status="verified")
    assert saved(as_operator, activity, name="Nama yang lebih jelas").status_code == 302
    assert saved(as_operator, report, history_change_reason=REASON).status_code == 302
    report.refresh_from_db()
    assert (report.status, report.version, report.history.count()) == ("verified", 1, 1)


def test_a_change_in_a_locked_quarter_by_exception_is_explained(as_operator, activity, dinsos):
    report = make.report(activity, 1)
    period = make.period(2025, 1, locked_at=timezone.now())
    make.period_exception(period, dinsos, timezone.localdate())
    assert list(errors(saved(as_operator, report, realised_budget="5"))) == ["history_change_reason"]
    assert saved(as_operator, report, realised_budget="5", history_change_reason=REASON).status_code == 302
    given = {"reports-1-realised_budget": "7", "reports-1-realised_output": "7"}
    other = make.activity(activity.program)
    assert saved(as_operator, other, **given).status_code == 302  # a late first report changes nothing


@pytest.mark.parametrize("reason", ["NIK 1604010101900001", "ang\u202eka", "a" * 301])
def test_a_reason_holds_no_private_data_and_is_short(as_operator, activity, reason):
    report = make.report(activity, 1, status="verified")
    assert list(errors(saved(as_operator, report, realised_budget="5", history_change_reason=reason))) == [
        "history_change_reason"
    ]


@pytest.mark.parametrize("status", ["submitted", "verified"])
def test_what_counts_is_not_deleted_in_one_step(as_secretary, activity, status):
    report = make.report(activity, 1, status=status)
    delete = reverse("admin:tracker_report_delete", args=[report.pk])
    assert as_secretary.post(delete, {"post": "yes"}).status_code == 403
    assert Report.objects.exists()


def test_a_draft_of_the_own_opd_is_deleted(as_operator, activity):
    report = make.report(activity, 1, status="draft")
    assert (
        as_operator.post(reverse("admin:tracker_report_delete", args=[report.pk]), {"post": "yes"}).status_code == 302
    )
    assert not Report.objects.exists()


# A plan with verified or locked reports


def test_the_plan_of_a_verified_sub_kegiatan_is_for_the_sekretariat_with_a_reason(as_operator, as_secretary, activity):
    make.report(activity, 1, status="verified")
    refused = saved(as_operator, activity, budget="2.000.000", history_change_reason=REASON)
    assert list(errors(refused)) == ["budget"]
    assert "Hanya Sekretariat TKPK" in errors(refused)["budget"][0]
    assert errors(saved(as_secretary, activity, budget="2.000.000")) == {
        "history_change_reason": [
            "Tulis alasannya, karena pagu berubah, padahal sudah ada laporan yang diverifikasi atau dikunci."
        ]
    }
    assert Activity.objects.get().budget == 1_000_000
    assert saved(as_secretary, activity, budget="2.000.000", history_change_reason=REASON).status_code == 302
    assert Activity.objects.get().history.first().history_change_reason == REASON


def test_words_of_a_verified_sub_kegiatan_stay_with_its_operator(as_operator, activity):
    make.report(activity, 1, status="verified")
    assert saved(as_operator, activity, name="Nama yang lebih jelas").status_code == 302


def test_before_verification_an_operator_corrects_the_plan_without_a_reason(as_operator, activity):
    make.report(activity, 1, status="submitted")
    assert saved(as_operator, activity, budget="2.000.000").status_code == 302


def test_strategy_and_priority_of_a_verified_program_too(as_operator, as_secretary, activity):
    make.strategy(1)
    make.report(activity, 1, status="verified")
    chosen = {"strategy": make.strategy(2).pk}
    assert list(errors(saved(as_operator, activity.program, **chosen))) == ["strategy"]
    assert list(errors(saved(as_secretary, activity.program, **chosen))) == ["history_change_reason"]
    assert saved(as_secretary, activity.program, **chosen, history_change_reason=REASON).status_code == 302
    assert Program.objects.get().strategy.number == 2


def places(district):
    return {"locations-TOTAL_FORMS": "1", "locations-0-district": district.pk, "locations-0-village": ""}


def test_places_of_a_verified_sub_kegiatan_too(as_operator, as_secretary, activity):
    jarai = make.district("16.04.11", name="Jarai")
    make.report(activity, 1, status="verified")
    for client, reason, is_saved in [
        (as_operator, REASON, False),
        (as_secretary, "", False),
        (as_secretary, REASON, True),
    ]:
        answer = saved(client, activity, **places(jarai), history_change_reason=reason)
        assert (answer.status_code == 302, Location.objects.exists()) == (is_saved, is_saved)
    assert Location.objects.get().history.get().history_change_reason == REASON
    removed = {"locations-0-DELETE": "on"}
    assert saved(as_operator, activity, **removed, history_change_reason=REASON).status_code == 200
    assert saved(as_secretary, activity, **removed).status_code == 200
    assert saved(as_secretary, activity, **removed, history_change_reason="Pindah").status_code == 302
    assert Location.history.first().history_change_reason == "Pindah"


# Many at once


def chosen(action, *reports):
    return {"action": action, "_selected_action": [report.pk for report in reports]}


def messages(answer):
    return [str(message) for message in answer.context["messages"]]


def test_the_chosen_drafts_are_submitted_and_the_others_named(as_operator, activity, operator):
    draft, verified = make.report(activity, 1, status="draft"), make.report(activity, 2, status="verified")
    answer = as_operator.post("/admin/tracker/report/", chosen("submit_selected", draft, verified), follow=True)
    assert messages(answer) == [
        "1 laporan diajukan.",
        "2025-0001 · TW II 2025 berstatus Diverifikasi, jadi tidak dapat diajukan.",
    ]
    draft.refresh_from_db()
    assert (draft.status, draft.submitted_by) == ("submitted", operator)
    assert draft.history.first().history_user_name == "operator"


def test_the_chosen_reports_are_verified_without_those_of_the_own_opd(activity, dinkes, coordinator):
    from tests.conftest import signed_in

    coordinator.opd = dinkes
    coordinator.save()
    own = make.report(make.activity(make.program(dinkes, 2025)), 1)
    other = make.report(activity, 1)
    client = signed_in(coordinator)
    answer = client.post("/admin/tracker/report/", chosen("verify_selected", own, other), follow=True)
    assert messages(answer)[0] == "1 laporan diverifikasi."
    assert "OPD Anda sendiri" in messages(answer)[1]
    assert set(Report.objects.values_list("activity__program__opd__short_name", "status")) == {
        ("Dinkes", "submitted"),
        ("Dinsos", "verified"),
    }


def test_foreign_rows_are_no_part_of_a_bulk_step(as_stranger, activity):
    report = make.report(activity, 1, status="draft")
    for everything in ({}, {"select_across": "1"}):
        as_stranger.post("/admin/tracker/report/", chosen("submit_selected", report) | everything)
        assert Report.objects.get().status == "draft"


@pytest.mark.parametrize(
    ("who", "action"), [("as_operator", "verify_selected"), ("as_coordinator", "submit_selected")]
)
def test_a_bulk_step_needs_its_right(request, activity, who, action):
    report = make.report(activity, 1, status="draft" if action == "submit_selected" else "submitted")
    request.getfixturevalue(who).post("/admin/tracker/report/", chosen(action, report))
    assert Report.objects.get().version == 1
