"""Two people, one record: the second save is refused, told what the first one stored, and keeps what was typed."""

import pytest
from django.urls import reverse

from tests import make
from tests.admin.browser_form import sent_by
from tracker.models import Report


def page(kind, record):
    return reverse(f"admin:tracker_{kind}_change", args=[record.pk])


@pytest.fixture
def activity(dinsos):
    make.periods(2025)
    return make.activity(make.program(dinsos, 2025), name="Bantuan sembako")


def save_as(user, record, **changes):
    for name, value in changes.items():
        setattr(record, name, value)
    record._history_user = user
    record.save()


def test_a_stale_form_is_refused_and_keeps_what_was_typed(as_secretary, activity, operator):
    address = page("activity", activity)
    opened = as_secretary.get(address)
    save_as(operator, activity, budget=2_000_000)

    answer = as_secretary.post(address, sent_by(opened, budget="3.000.000"))
    form = answer.context["adminform"].form
    [message] = form.non_field_errors()
    assert "sudah diubah oleh operator pada" in message
    assert form.errors["budget"] == ["Sekarang tersimpan: Rp\u00a02.000.000."]
    assert sent_by(answer)["budget"] == "3.000.000"
    activity.refresh_from_db()
    assert activity.budget == 2_000_000

    # Having seen both values, the person decides.
    assert as_secretary.post(address, sent_by(answer)).status_code == 302
    activity.refresh_from_db()
    assert activity.budget == 3_000_000


@pytest.mark.parametrize("version", ["", "0", "99", "abc", "-1", "1e9"])
def test_a_missing_or_forged_version_is_refused(as_secretary, activity, version):
    address = page("activity", activity)
    answer = as_secretary.post(address, sent_by(as_secretary.get(address), version=version, name="Lain"))
    assert answer.status_code == 200
    activity.refresh_from_db()
    assert activity.name == "Bantuan sembako"


def test_a_stale_quarter_is_refused_and_keeps_what_was_typed(as_secretary, activity, operator):
    report = make.report(activity, 2, realised_budget=100_000, realised_output=10)
    address = page("activity", activity)
    opened = as_secretary.get(address)
    save_as(operator, report, realised_budget=200_000)

    answer = as_secretary.post(address, sent_by(opened, **{"reports-2-realised_budget": "300.000"}))
    quarter = answer.context["inline_admin_formsets"][1].formset.forms[1]
    assert "sudah diubah oleh operator" in quarter.non_field_errors()[0]
    assert quarter.errors["realised_budget"] == ["Sekarang tersimpan: Rp\u00a0200.000."]
    assert sent_by(answer)["reports-2-realised_budget"] == "300.000"
    report.refresh_from_db()
    assert report.realised_budget == 200_000


def test_a_quarter_that_somebody_else_reported_meanwhile_is_not_overwritten(as_secretary, activity):
    address = page("activity", activity)
    opened = as_secretary.get(address)
    make.report(activity, 3, realised_budget=500_000, realised_output=50)

    answer = as_secretary.post(
        address, sent_by(opened, **{"reports-3-realised_budget": "1", "reports-3-realised_output": "1"})
    )
    assert answer.status_code == 200
    assert Report.objects.get().realised_budget == 500_000


def test_a_report_of_somebody_else_stays_when_its_quarter_was_left_empty(as_secretary, activity):
    address = page("activity", activity)
    opened = as_secretary.get(address)
    make.report(activity, 3, realised_budget=500_000, realised_output=50)

    figures = {"reports-2-realised_budget": "100.000", "reports-2-realised_output": "10"}
    assert as_secretary.post(address, sent_by(opened, **figures)).status_code == 302
    assert list(Report.objects.order_by("period").values_list("realised_budget", flat=True)) == [100_000, 500_000]


def test_a_stale_row_is_neither_changed_nor_deleted(as_secretary, activity, operator):
    location = make.location(activity, make.district("16.04.01"))
    other = make.district("16.04.02")
    address = page("activity", activity)
    opened = as_secretary.get(address)
    save_as(operator, location, district=other)

    deleting = as_secretary.post(address, sent_by(opened, **{"locations-0-DELETE": "on"}))
    assert "tidak dihapus" in str(deleting.context["inline_admin_formsets"][0].formset.non_form_errors())
    changing = as_secretary.post(address, sent_by(opened))
    assert changing.context["inline_admin_formsets"][0].formset.errors[0]["district"] == [
        f"Sekarang tersimpan: {other}."
    ]
    location.refresh_from_db()
    assert location.district == other


def test_a_row_deleted_meanwhile_is_explained(as_secretary, activity):
    location = make.location(activity, make.district("16.04.01"))
    address = page("activity", activity)
    opened = as_secretary.get(address)
    location.delete()

    answer = as_secretary.post(address, sent_by(opened))
    [errors, *_] = answer.context["inline_admin_formsets"][0].formset.errors
    assert "sudah dihapus orang lain" in errors["__all__"][0]


@pytest.mark.parametrize("kind", ["opd", "user", "period", "priority"])
def test_every_form_carries_its_version(as_secretary, dinsos, secretary, kind):
    record = {"opd": dinsos, "user": secretary, "period": make.period(2025), "priority": make.priority()}[kind]
    sent = sent_by(as_secretary.get(page(kind, record)))
    assert sent["version"] == str(record.version)
    answer = as_secretary.post(page(kind, record), sent | {"version": "7"})
    assert answer.context["adminform"].form.non_field_errors()


def test_one_save_makes_one_version_and_one_history_entry(as_secretary, dinsos):
    answer = as_secretary.post(
        page("opd", dinsos), sent_by(as_secretary.get(page("opd", dinsos)), aliases="Dinsos P3A")
    )
    assert answer.status_code == 302
    dinsos.refresh_from_db()
    assert (dinsos.version, dinsos.history.count()) == (2, 2)
    assert dinsos.history.first().history_user_name == "sekretariat"
