"""The same thing entered twice: in rows of one form, by two people, by a button pressed twice."""

import datetime

import pytest
from django.urls import reverse

from tests import make
from tests.admin.browser_form import sent_by
from tracker.models import Activity, IndicatorValue, Location, Opd

ADD = reverse("admin:tracker_activity_add")
DISTRICT_TWICE = ["Kecamatan ini sudah tercatat."]


def page(kind, record):
    return reverse(f"admin:tracker_{kind}_change", args=[record.pk])


@pytest.fixture
def activity(dinsos):
    make.periods(2025)
    return make.activity(make.program(dinsos, 2025), name="Bantuan sembako")


@pytest.fixture
def entries(activity):
    """What somebody types into an empty form of a sub kegiatan."""
    return {
        "program": activity.program_id,
        "name": "Bantuan modal",
        "indicator": "Jumlah keluarga",
        "unit": "KPM",
        "target": "100",
        "funding_source": make.funding_source().pk,
        "budget": "1.000.000",
    }


def rows_of(answer):
    return answer.context["inline_admin_formsets"][0].formset


def with_rows(form, *districts, **changes):
    rows = {f"locations-{number}-district": district.pk for number, district in enumerate(districts)}
    return sent_by(form, **{"locations-TOTAL_FORMS": len(districts)}, **rows, **changes)


def messages_of(answer):
    return [str(message) for message in answer.context["messages"]]


def test_a_kecamatan_that_is_already_stored_is_refused_at_its_row(as_secretary, activity):
    district = make.district()
    make.location(activity, district)
    address = page("activity", activity)
    answer = as_secretary.post(address, with_rows(as_secretary.get(address), district, district))
    assert [form.non_field_errors() for form in rows_of(answer).forms] == [[], DISTRICT_TWICE]
    assert Location.objects.count() == 1


@pytest.mark.parametrize("is_new", [True, False])
def test_two_new_rows_of_one_kecamatan_are_refused_at_the_second(as_secretary, activity, entries, is_new):
    district = make.district()
    address = ADD if is_new else page("activity", activity)
    sent = with_rows(as_secretary.get(address), district, district, **entries)
    answer = as_secretary.post(address, sent)
    assert [form.non_field_errors() for form in rows_of(answer).forms] == [[], DISTRICT_TWICE]
    assert not Location.objects.exists()


def test_a_village_that_is_already_stored_is_refused_at_its_row(as_secretary, activity):
    village = make.village()
    make.location(activity, village.district, village=village)
    address = page("activity", activity)
    sent = with_rows(as_secretary.get(address), village.district, village.district)
    answer = as_secretary.post(address, sent | {"locations-1-village": village.pk})
    assert rows_of(answer).forms[1].non_field_errors() == ["Lokasi ini sudah tercatat."]


def test_a_kecamatan_and_one_of_its_villages_go_together(as_secretary, activity):
    village = make.village()
    make.location(activity, village.district, village=village)
    address = page("activity", activity)
    sent = with_rows(as_secretary.get(address), village.district, village.district)
    assert as_secretary.post(address, sent).status_code == 302
    assert Location.objects.count() == 2


def test_a_deleted_row_makes_place_for_a_new_one(as_secretary, activity):
    district = make.district()
    make.location(activity, district)
    address = page("activity", activity)
    sent = with_rows(as_secretary.get(address), district, district, **{"locations-0-DELETE": "on"})
    assert as_secretary.post(address, sent).status_code == 302
    assert Location.objects.get().district == district


def test_two_rows_that_change_places_are_refused_in_words(as_secretary, activity):
    first, second = make.district("16.04.01"), make.district("16.04.02")
    make.location(activity, first), make.location(activity, second)
    address = page("activity", activity)
    answer = as_secretary.post(address, with_rows(as_secretary.get(address), second, first))
    assert [form.non_field_errors() for form in rows_of(answer).forms] == [DISTRICT_TWICE, DISTRICT_TWICE]


def test_stored_rows_sent_as_new_ones_are_refused(as_secretary, activity):
    make.location(activity, make.district())
    address = page("activity", activity)
    sent = sent_by(as_secretary.get(address), **{"locations-INITIAL_FORMS": "0"})
    answer = as_secretary.post(address, sent)
    assert answer.status_code == 200
    assert rows_of(answer).forms[0].non_field_errors() == DISTRICT_TWICE


def test_two_values_of_a_region_and_a_year_are_refused(as_secretary):
    indicator = make.indicator()
    address = page("indicator", indicator)
    row = {"region": "Indonesia", "year": "2025", "value": "8,5", "source": "BPS"}
    rows = {f"values-{number}-{name}": value for number in (0, 1) for name, value in row.items()}
    answer = as_secretary.post(address, sent_by(as_secretary.get(address), **rows, **{"values-TOTAL_FORMS": "2"}))
    assert rows_of(answer).forms[1].non_field_errors() == ["Nilai tahunan untuk wilayah dan tahun ini sudah ada."]
    assert not IndicatorValue.objects.exists()


def test_who_saves_the_same_at_the_same_moment_reads_it_in_the_form(as_secretary, monkeypatch):
    """The other one's row comes between this form's check and its saving: the first check does not see it."""
    make.opd("Dinsos")
    check, looks = Opd.validate_unique, []

    def too_early(opd, exclude=None):
        looks.append(opd)
        return check(opd, exclude) if len(looks) > 1 else None

    monkeypatch.setattr(Opd, "validate_unique", too_early)
    add = reverse("admin:tracker_opd_add")
    answer = as_secretary.post(add, sent_by(as_secretary.get(add), name="Dinas Sosial", short_name="Dinsos"))
    assert answer.status_code == 200
    assert "short_name" in answer.context["adminform"].form.errors
    assert Opd.objects.filter(short_name="Dinsos").count() == 1


def test_a_form_that_is_sent_twice_makes_one_sub_kegiatan(as_secretary, entries):
    sent = sent_by(as_secretary.get(ADD), **entries)
    first = as_secretary.post(ADD, sent)
    second = as_secretary.post(ADD, sent, follow=True)
    made = Activity.objects.get(name="Bantuan modal")
    assert first.url == second.redirect_chain[0][0] == page("activity", made)
    assert f"baru saja disimpan sebagai {made.ref}" in messages_of(second)[-1]


def test_the_same_entries_of_another_day_or_another_person_are_saved_with_a_warning(as_secretary, entries, operator):
    sent = sent_by(as_secretary.get(ADD), **entries)
    as_secretary.post(ADD, sent)
    first = Activity.objects.get(name="Bantuan modal")
    earlier = first.history.first().history_date - datetime.timedelta(days=1)
    Activity.history.model._base_manager.filter(id=first.pk).update(history_date=earlier)
    as_secretary.post(ADD, sent)
    assert Activity.objects.filter(name="Bantuan modal").count() == 2
    Activity.history.model._base_manager.update(history_user=operator)
    answer = as_secretary.post(ADD, sent, follow=True)
    refs = Activity.objects.filter(name="Bantuan modal").order_by("ref").values_list("ref", flat=True)
    assert len(refs) == 3
    assert any(f"yang sama: {refs[0]} dan {refs[1]}." in message for message in messages_of(answer))


@pytest.mark.parametrize(
    ("fields", "is_double"),
    [
        ({"name": "BANTUAN sembako"}, True),
        ({"name": "Lain", "code": "1.06.05.2.01.0001"}, True),
        ({"name": "Lain", "code": ""}, False),
        ({"name": "Bantuan sembako", "funding_source": "PAD"}, False),
        ({"name": "Bantuan sembako", "program": None}, False),
    ],
)
def test_a_second_register_of_the_same_work_and_money_is_warned_of(dinsos, fields, is_double):
    program = make.program(dinsos, 2025)
    first = make.activity(program, name="Bantuan sembako", code="1.06.05.2.01.0001")
    fields = {"program": program, **fields}
    fields["program"] = fields["program"] or make.program(dinsos, 2025)
    if "funding_source" in fields:
        fields["funding_source"] = make.funding_source(fields["funding_source"])
    warnings = make.activity(**fields).warnings()
    assert any(first.ref in warning for warning in warnings) == is_double
