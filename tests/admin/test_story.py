"""The main job: a program, its sub kegiatan and a TW III report, entered by somebody who only sees the forms."""

import pytest
from django.urls import reverse

from tests import make
from tests.admin.browser_form import sent_by
from tracker.models import Activity, Program, Report

PROGRAM_ADD = reverse("admin:tracker_program_add")
ACTIVITY_ADD = reverse("admin:tracker_activity_add")


def page(kind, record):
    return reverse(f"admin:tracker_{kind}_change", args=[record.pk])


@pytest.fixture
def past_year(db):
    """All quarters of 2025 have opened, whatever today is."""
    return make.periods(2025)


@pytest.fixture
def activity(dinsos, past_year):
    return make.activity(make.program(dinsos, 2025), name="Bantuan sembako")


def test_program_with_sub_kegiatan_and_report_is_entered_through_the_forms(as_secretary, dinsos, past_year):
    strategy, priority, funding = make.strategy(1), make.priority(), make.funding_source()
    form = as_secretary.get(PROGRAM_ADD)
    answer = as_secretary.post(
        PROGRAM_ADD,
        sent_by(
            form,
            fiscal_year="2025",
            opd=dinsos.pk,
            name="Perlindungan sosial",
            code="1.06.05",
            strategy=strategy.pk,
            priority=priority.pk,
        ),
    )
    program = Program.objects.get()
    assert answer.url == page("program", program)

    add = f"{ACTIVITY_ADD}?program={program.pk}"
    answer = as_secretary.post(
        add,
        sent_by(
            as_secretary.get(add),
            name="Bantuan sembako",
            code="1.06.05.2.01.0001",
            indicator="Jumlah keluarga",
            unit="KPM",
            target="1.250",
            funding_source=funding.pk,
            budget="Rp 1.250.000.000",
        ),
    )
    activity = Activity.objects.get()
    assert (activity.program, activity.ref) == (program, "2025-0001")
    assert (activity.target, activity.budget) == (1250, 1_250_000_000)
    assert answer.url.split("?")[0] == page("activity", activity)

    form = as_secretary.get(answer.url)
    answer = as_secretary.post(
        answer.url,
        sent_by(form, **{"reports-3-realised_budget": "620.000.000", "reports-3-realised_output": "312,5"}),
    )
    assert answer.status_code == 302
    report = Report.objects.get()
    assert (str(report.period), report.realised_budget, report.realised_output) == ("TW III 2025", 620_000_000, 312.5)
    assert (report.status, report.submitted_by.username) == ("submitted", "sekretariat")
    assert report.submitted_at is not None


def test_quarters_stand_in_order_with_the_position_before_and_the_plan(as_secretary, activity, bands):
    make.report(activity, 1, realised_budget=250_000, realised_output=20)
    html = as_secretary.get(page("activity", activity)).content.decode()
    places = [html.index(f"<b>TW {quarter} 2025</b>") for quarter in ("I", "II", "III", "IV")]
    assert places == sorted(places)
    assert "Rp\u00a0250.000 (25,0\u00a0%)<br>20 KPM (20,0\u00a0%)" in html
    assert "50,0\u00a0%" in html


def test_untouched_quarters_create_nothing_and_leave_no_history(as_secretary, activity):
    address = page("activity", activity)
    answer = as_secretary.post(address, sent_by(as_secretary.get(address)))
    assert answer.status_code == 302
    assert not Report.objects.exists()
    activity.refresh_from_db()
    assert (activity.version, activity.history.count()) == (1, 1)


def test_choosing_only_a_state_creates_nothing(as_secretary, activity):
    address = page("activity", activity)
    as_secretary.post(address, sent_by(as_secretary.get(address), **{"reports-2-status": "draft"}))
    assert not Report.objects.exists()


def test_a_quarter_with_one_figure_missing_is_explained(as_secretary, activity):
    address = page("activity", activity)
    answer = as_secretary.post(address, sent_by(as_secretary.get(address), **{"reports-2-realised_budget": "1.000"}))
    formset = answer.context["inline_admin_formsets"][1].formset
    assert list(formset.forms[1].errors) == ["realised_output"]
    assert not Report.objects.exists()


def test_a_stored_report_can_be_corrected_in_the_form_of_its_sub_kegiatan(as_secretary, activity):
    report = make.report(activity, 2, realised_budget=400_000, realised_output=40)
    address = page("activity", activity)
    form = as_secretary.get(address)
    assert sent_by(form)["reports-2-realised_budget"] == "400.000"
    as_secretary.post(address, sent_by(form, **{"reports-2-realised_budget": "450.000"}))
    report.refresh_from_db()
    assert (report.realised_budget, report.version, report.history.count()) == (450_000, 2, 2)


@pytest.mark.parametrize("typed", ["1,234.56", "1.5 juta", "1e5"])
def test_odd_numbers_are_refused_with_a_hint(as_secretary, activity, typed):
    address = page("activity", activity)
    answer = as_secretary.post(address, sent_by(as_secretary.get(address), budget=typed))
    [message] = answer.context["adminform"].form.errors["budget"]
    assert "Tulis misalnya 1.250.000 atau 12,5" in message
    assert sent_by(answer)["budget"] == typed


def test_counts_take_thousands_points_too(as_secretary, activity):
    address = page("activity", activity)
    as_secretary.post(address, sent_by(as_secretary.get(address), target_beneficiaries="1.250"))
    activity.refresh_from_db()
    assert activity.target_beneficiaries == 1250
    answer = as_secretary.post(address, sent_by(as_secretary.get(address), target_beneficiaries="1,5"))
    assert "ditulis utuh" in answer.context["adminform"].form.errors["target_beneficiaries"][0]


def test_realisation_above_pagu_is_saved_with_a_warning(as_secretary, activity):
    address = page("activity", activity)
    answer = as_secretary.post(
        address,
        sent_by(
            as_secretary.get(address),
            **{"reports-2-realised_budget": "1.000.001", "reports-2-realised_output": "100"},
        ),
        follow=True,
    )
    assert Report.objects.get().realised_budget == 1_000_001
    assert any("melebihi pagu" in str(message) for message in answer.context["messages"])


def test_an_odd_code_is_saved_with_a_warning(as_secretary, activity):
    address = page("activity", activity)
    answer = as_secretary.post(address, sent_by(as_secretary.get(address), code="106.5"), follow=True)
    activity.refresh_from_db()
    assert activity.code == "106.5"
    assert any("tidak berbentuk kode SIPD" in str(message) for message in answer.context["messages"])


def test_a_village_of_another_district_is_refused(as_secretary, activity):
    village = make.village("16.04.02.2001")
    address = page("activity", activity)
    answer = as_secretary.post(
        address,
        sent_by(
            as_secretary.get(address),
            **{"locations-0-district": make.district("16.04.01").pk, "locations-0-village": village.pk},
        ),
    )
    [errors, *_] = answer.context["inline_admin_formsets"][0].formset.errors
    assert "tidak berada di kecamatan" in errors["village"][0]


def test_year_and_opd_of_a_program_are_fixed_once_it_has_sub_kegiatan(as_secretary, activity, dinkes):
    program = activity.program
    address = page("program", program)
    form = as_secretary.get(address)
    assert not {"fiscal_year", "opd"} & set(sent_by(form))
    as_secretary.post(address, sent_by(form, fiscal_year="2024", opd=dinkes.pk, name="Nama baru"))
    program.refresh_from_db()
    assert (program.fiscal_year, program.opd.short_name, program.name) == (2025, "Dinsos", "Nama baru")


def test_a_sub_kegiatan_moves_only_within_its_year_and_opd(as_secretary, activity, dinkes):
    other = make.program(dinkes, 2025)
    address = page("activity", activity)
    answer = as_secretary.post(address, sent_by(as_secretary.get(address), program=other.pk))
    assert list(answer.context["adminform"].form.errors) == ["program"]


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("draft", ["draft", "submitted"]),
        ("submitted", ["submitted", "draft"]),
        ("returned", ["returned", "submitted", "draft"]),
        ("verified", ["verified"]),
    ],
)
def test_the_form_offers_no_state_that_is_a_step_of_others(as_secretary, activity, status, offered):
    address = page("report", make.report(activity, 1, status=status))
    opened = as_secretary.get(address)
    form = opened.context["adminform"].form
    assert [value for value, _ in form.fields["status"].choices] == offered
    for forged in set(Report.Status.values) - set(offered):
        answer = as_secretary.post(address, sent_by(opened, status=forged))
        assert list(answer.context["adminform"].form.errors) == ["status"]


def test_a_report_is_entered_in_its_own_form(as_secretary, activity, past_year):
    add = reverse("admin:tracker_report_add")
    form = as_secretary.get(add)
    assert sent_by(form)["status"] == "submitted"
    answer = as_secretary.post(
        add,
        sent_by(form, activity=activity.pk, period=past_year[0].pk, realised_budget="1.000", realised_output="1"),
    )
    assert answer.status_code == 302
    assert Report.objects.get().submitted_by.username == "sekretariat"
