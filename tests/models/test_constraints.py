"""What no row may say, whoever writes it: the database refuses, and a form explains it in Indonesian."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction

from tests import make
from tracker.models import Activity, IndicatorTarget, IndicatorValue, Location, PovertyPocket, Report, Village
from tracker.models.fields import MOST_RUPIAH, QuantityField


def activity():
    return make.activity()


def report():
    return make.report(make.activity())


def period():
    return make.period(2026, 2)


def indicator_value():
    return IndicatorValue.objects.create(
        indicator=make.indicator(), region="Kabupaten Lahat", year=2025, month=3, value=14, source="BPS"
    )


def indicator_target():
    return IndicatorTarget.objects.create(indicator=make.indicator(), year=2025, value=14, document="RPD")


def poverty_pocket():
    return PovertyPocket.objects.create(year=2025, village=make.village(), source="DTSEN")


def rating_band():
    return make.rating_bands()[0]


YEARS = [1999, 2101]
TOO_MUCH = MOST_RUPIAH + 1
PLANS = {"plan_q1": 10, "plan_q2": 40, "plan_q3": 70, "plan_q4": 100}
NEEDS_NOTE = "Target atau pagu perubahan memerlukan catatan perubahan."
NEEDS_BASELINE = "Untuk arah turun, nilai awal wajib diisi dan tidak boleh lebih kecil dari target yang berlaku."
ALL_PLANS = "Rencana fisik diisi untuk keempat triwulan atau dikosongkan semuanya."
RISING_PLANS = "Rencana fisik bersifat kumulatif, jadi tidak boleh turun dari triwulan sebelumnya."

# maker, what is wrong, constraint, message
REFUSED = [
    *(
        (maker, {field: year}, f"{name}_{field}_range", f"{label} harus antara 2000 dan 2100.")
        for maker, name, field, label in [
            (make.program, "program", "fiscal_year", "Tahun anggaran"),
            (period, "period", "fiscal_year", "Tahun anggaran"),
            (make.priority, "priority", "rkpd_year", "Tahun RKPD"),
            (indicator_value, "indicatorvalue", "year", "Tahun"),
            (indicator_target, "indicatortarget", "year", "Tahun"),
            (poverty_pocket, "povertypocket", "year", "Tahun"),
        ]
        for year in YEARS
    ),
    (make.strategy, {"number": 0}, "strategy_number_range", "Hanya ada strategi 1 sampai 3."),
    (make.strategy, {"number": 4}, "strategy_number_range", "Hanya ada strategi 1 sampai 3."),
    (make.priority, {"number": 0}, "priority_number_range", "Nomor prioritas harus antara 1 dan 99."),
    (make.priority, {"number": 100}, "priority_number_range", "Nomor prioritas harus antara 1 dan 99."),
    (
        rating_band,
        {"lower_bound": 1001},
        "ratingband_lower_bound_range",
        "Batas bawah harus antara 0 dan 1000.",
    ),
    (period, {"quarter": 0}, "period_quarter_range", "Triwulan harus 1 sampai 4."),
    (period, {"quarter": 5}, "period_quarter_range", "Triwulan harus 1 sampai 4."),
    (
        period,
        {"due_on": "2026-03-31", "opens_on": "2026-04-01"},
        "period_due_after_opening",
        "Tenggat tidak boleh sebelum tanggal buka.",
    ),
    (indicator_value, {"month": 0}, "indicatorvalue_month_range", "Bulan harus 1 sampai 12."),
    (indicator_value, {"month": 13}, "indicatorvalue_month_range", "Bulan harus 1 sampai 12."),
    # Sub kegiatan
    (activity, {"target": Decimal("-0.001")}, "activity_target_not_negative", "Target tidak boleh kurang dari 0."),
    (
        activity,
        {"revised_target": -1, "revision_note": "x"},
        "activity_revised_target_not_negative",
        "Target perubahan tidak boleh kurang dari 0.",
    ),
    (activity, {"baseline": -1}, "activity_baseline_not_negative", "Nilai awal tidak boleh kurang dari 0."),
    *(
        (activity, {"budget": wrong}, "activity_budget_range", "Pagu harus antara 0 dan seribu triliun rupiah.")
        for wrong in (-1, TOO_MUCH)
    ),
    *(
        (
            activity,
            {"revised_budget": wrong, "revision_note": "x"},
            "activity_revised_budget_range",
            "Pagu perubahan harus antara 0 dan seribu triliun rupiah.",
        )
        for wrong in (-1, TOO_MUCH)
    ),
    (activity, {"starts_quarter": 0}, "activity_starts_quarter_range", "Mulai triwulan harus 1 sampai 4."),
    (activity, {"starts_quarter": 5}, "activity_starts_quarter_range", "Mulai triwulan harus 1 sampai 4."),
    (
        activity,
        {**PLANS, "plan_q1": Decimal("-0.1")},
        "activity_plan_q1_range",
        "Rencana s.d. TW I harus 0 sampai 100 persen.",
    ),
    (
        activity,
        {"plan_q1": -30, "plan_q2": -20, "plan_q3": 0, "plan_q4": 100},
        "activity_plan_q2_range",
        "Rencana s.d. TW II harus 0 sampai 100 persen.",
    ),
    (
        activity,
        {**PLANS, "plan_q3": Decimal("100.001"), "plan_q4": 101},
        "activity_plan_q3_range",
        "Rencana s.d. TW III harus 0 sampai 100 persen.",
    ),
    (
        activity,
        {**PLANS, "plan_q4": Decimal("100.001")},
        "activity_plan_q4_range",
        "Rencana s.d. TW IV harus 0 sampai 100 persen.",
    ),
    *(
        (activity, {**PLANS, field: None}, "activity_plan_all_or_none", ALL_PLANS)
        for field in ("plan_q1", "plan_q2", "plan_q3", "plan_q4")
    ),
    (activity, {"plan_q3": 50}, "activity_plan_all_or_none", ALL_PLANS),
    (activity, {**PLANS, "plan_q1": 41}, "activity_plan_q1_not_falling", RISING_PLANS),
    (activity, {**PLANS, "plan_q2": 71}, "activity_plan_q1_not_falling", RISING_PLANS),
    (activity, {**PLANS, "plan_q4": 69}, "activity_plan_q1_not_falling", RISING_PLANS),
    (activity, {"direction": "down"}, "activity_down_needs_baseline", NEEDS_BASELINE),
    (activity, {"direction": "down", "baseline": 99}, "activity_down_needs_baseline", NEEDS_BASELINE),
    (
        activity,
        {"direction": "down", "baseline": 150, "revised_target": 151, "revision_note": "x"},
        "activity_down_needs_baseline",
        NEEDS_BASELINE,
    ),
    (activity, {"revised_target": 90}, "activity_revision_needs_note", NEEDS_NOTE),
    (activity, {"revised_budget": 0}, "activity_revision_needs_note", NEEDS_NOTE),
    # Laporan
    *(
        (
            report,
            {"realised_budget": wrong},
            "report_realised_budget_range",
            "Realisasi anggaran harus antara 0 dan seribu triliun rupiah.",
        )
        for wrong in (-1, TOO_MUCH)
    ),
    (
        report,
        {"realised_output": -1},
        "report_realised_output_not_negative",
        "Realisasi keluaran tidak boleh kurang dari 0.",
    ),
    *(
        (
            report,
            {"physical_percent": wrong},
            "report_physical_percent_range",
            "Fisik harus 0 sampai 100 persen.",
        )
        for wrong in (-1, Decimal("100.001"))
    ),
    (
        report,
        {"status": "returned"},
        "report_return_needs_note",
        "Laporan yang dikembalikan memerlukan catatan.",
    ),
]
REFUSED_IDS = [f"{name}-{changes}" for _, changes, name, _ in REFUSED]

# maker, what is exactly at the bound
ACCEPTED = [
    (activity, {"target": 0, "baseline": 0, "budget": 0, "starts_quarter": 4}),
    (activity, {"budget": MOST_RUPIAH, "target": Decimal("999999999999.999")}),
    (activity, {"plan_q1": 0, "plan_q2": 0, "plan_q3": 100, "plan_q4": 100}),
    (activity, {"direction": "down", "baseline": 100}),
    (activity, {"direction": "down", "baseline": 90, "revised_target": 90, "revision_note": "x"}),
    (activity, {"revised_budget": 0, "revised_target": 0, "revision_note": "dihentikan"}),
    (report, {"physical_percent": 0, "realised_output": 0, "realised_budget": 0}),
    (report, {"physical_percent": 100, "realised_budget": MOST_RUPIAH}),
    (report, {"status": "returned", "return_note": "Bukti kurang"}),
    (period, {"opens_on": "2026-04-01", "due_on": "2026-04-01"}),
    (make.program, {"fiscal_year": 2000}),
    (make.program, {"fiscal_year": 2100}),
]


def changed(row, changes):
    for field, value in changes.items():
        setattr(row, field, row._meta.get_field(field).to_python(value))
    return row


def holds(constraint, row):
    try:
        constraint.validate(type(row), row)
    except ValidationError:
        return False
    return True


def assert_refused_by_database(names, write):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    assert any(name in str(refusal.value) for name in names), refusal.value


@pytest.mark.parametrize(("maker", "changes", "name", "message"), REFUSED, ids=REFUSED_IDS)
def test_an_update_past_all_forms_is_refused_by_the_database(db, maker, changes, name, message):
    row = maker()
    changed(row, changes)
    broken = {constraint.name for constraint in row._meta.constraints if not holds(constraint, row)}
    assert name in broken
    assert_refused_by_database(broken, lambda: type(row).objects.filter(pk=row.pk).update(**changes))


@pytest.mark.parametrize(("maker", "changes", "name", "message"), REFUSED, ids=REFUSED_IDS)
def test_the_refusal_is_explained_in_indonesian(db, maker, changes, name, message):
    row = changed(maker(), changes)
    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()
    assert message in refusal.value.messages
    with pytest.raises(ValidationError):
        row.full_clean()


@pytest.mark.parametrize(("maker", "changes"), ACCEPTED, ids=[str(changes) for _, changes in ACCEPTED])
def test_a_value_at_the_bound_is_accepted(db, maker, changes):
    row = changed(maker(), changes)
    row.validate_constraints()
    type(row).objects.filter(pk=row.pk).update(**changes)
    row.refresh_from_db()
    for field, value in changes.items():
        assert getattr(row, field) == row._meta.get_field(field).to_python(value)


def test_every_check_of_every_model_stands_in_the_table_above():
    checks = {
        constraint.name
        for model in apps.get_app_config("tracker").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    }
    assert checks == {name for _, _, name, _ in REFUSED} | FINITE.keys()


def test_every_constraint_has_an_indonesian_message():
    unexplained = {
        constraint.name
        for model in apps.get_app_config("tracker").get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message == constraint.default_violation_error_message
    }
    assert unexplained == set()


def test_a_broken_row_is_refused_when_it_is_saved(db):
    assert_refused_by_database(["activity_budget_range"], lambda: make.activity(budget=-1))


def test_a_broken_row_is_refused_when_many_are_inserted(db):
    whole = make.activity()
    broken = [
        Activity(
            ref=f"2026-900{number}",
            program=whole.program,
            name="x",
            indicator="x",
            unit="x",
            target=number,
            funding_source=whole.funding_source,
            budget=1,
        )
        for number in (1, -1)
    ]
    assert_refused_by_database(["activity_target_not_negative"], lambda: Activity.objects.bulk_create(broken))
    assert Activity.objects.count() == 1


def test_a_broken_row_is_refused_when_many_are_updated(db):
    row = make.report(make.activity())
    row.physical_percent = 101
    assert_refused_by_database(
        ["report_physical_percent_range"], lambda: Report.objects.bulk_update([row], ["physical_percent"])
    )


QUANTITIES = [
    (model, field)
    for model in apps.get_app_config("tracker").get_models()
    for field in model._meta.fields
    if isinstance(field, QuantityField) and not model.__name__.startswith("Historical")
]


@pytest.mark.parametrize("field", ["target", "baseline", "plan_q1"])
def test_not_a_number_is_refused(db, field):
    row = make.activity()
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        Activity.objects.filter(pk=row.pk).update(**{field: Decimal("NaN")})
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        setattr(row, field, Decimal("NaN"))
        row.save()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite keeps no NaN")
@pytest.mark.parametrize(("model", "field"), QUANTITIES, ids=[f"{m.__name__}.{f.name}" for m, f in QUANTITIES])
def test_not_a_number_is_refused_past_the_orm(db, model, field):
    make.report(make.activity())
    indicator_value()
    indicator_target()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {field.column} = 'NaN'")


# No form and no ORM writes such values: the field itself refuses them first.
FINITE = {
    "indicatorvalue_value_finite": indicator_value,
    "indicatortarget_value_finite": indicator_target,
}


@pytest.mark.parametrize("name", FINITE)
@pytest.mark.parametrize("value", [10**12, -(10**12)])
def test_an_indicator_stays_within_fifteen_digits_past_the_orm(db, name, value):
    row = FINITE[name]()
    with pytest.raises((IntegrityError, DataError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET value = {value}")


# Once only

TWICE = [
    (lambda: make.opd("Dinsos"), lambda: make.opd("Dinkes"), {"short_name": "Dinsos"}, None),
    (lambda: make.strategy(1), lambda: make.strategy(2), {"number": 1}, None),
    (
        lambda: make.priority(2021, 1),
        lambda: make.priority(2021, 2),
        {"number": 1},
        "Nomor prioritas ini sudah ada pada tahun RKPD tersebut.",
    ),
    (
        lambda: make.period(2026, 1),
        lambda: make.period(2026, 2),
        {"quarter": 1},
        "Triwulan ini sudah ada pada tahun anggaran tersebut.",
    ),
    (
        poverty_pocket,
        lambda: PovertyPocket.objects.create(year=2024, village=make.village(), source="DTSEN"),
        {"year": 2025},
        "Desa ini sudah tercatat pada tahun tersebut.",
    ),
    (
        indicator_value,
        lambda: IndicatorValue.objects.create(
            indicator=make.indicator(), region="Kabupaten Lahat", year=2025, month=9, value=13, source="BPS"
        ),
        {"month": 3},
        "Nilai untuk wilayah, tahun, dan bulan ini sudah ada.",
    ),
    (
        lambda: IndicatorValue.objects.create(
            indicator=make.indicator(), region="Kabupaten Lahat", year=2025, value=13, source="BPS"
        ),
        indicator_value,
        {"month": None},
        "Nilai tahunan untuk wilayah dan tahun ini sudah ada.",
    ),
    (
        indicator_target,
        lambda: IndicatorTarget.objects.create(indicator=make.indicator(), year=2024, value=1, document="RPD"),
        {"year": 2025},
        "Target tahun ini sudah ada.",
    ),
]


@pytest.mark.parametrize(("first", "second", "changes", "message"), TWICE)
def test_a_second_row_of_the_same_thing_is_refused(db, first, second, changes, message):
    first()
    row = second()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**changes)
    for field, value in changes.items():
        setattr(row, field, value)
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    if message:
        assert refusal.value.messages == [message]


def test_an_activity_has_one_report_a_quarter(db):
    activity = make.activity()
    make.report(activity, 2)
    assert_refused_twice(
        Report(activity=activity, period=make.period(quarter=2), realised_budget=0, realised_output=0),
        "Sub kegiatan ini sudah mempunyai laporan pada triwulan tersebut.",
    )


def test_a_village_is_recorded_once_per_activity(db):
    activity, village = make.activity(), make.village()
    make.location(activity, village.district, village=village)
    assert_refused_twice(
        Location(activity=activity, district=village.district, village=village), "Lokasi ini sudah tercatat."
    )


def test_a_whole_district_is_recorded_once_per_activity(db):
    activity, district = make.activity(), make.district()
    make.location(activity, district)
    assert_refused_twice(Location(activity=activity, district=district), "Kecamatan ini sudah tercatat.")


def test_a_district_may_be_recorded_beside_one_of_its_villages(db):
    activity, village = make.activity(), make.village()
    make.location(activity, village.district)
    make.location(activity, village.district, village=village)
    assert activity.locations.count() == 2


def test_villages_of_the_same_name_may_lie_in_two_districts(db):
    make.village("16.04.01.2001", name="Karang Anyar")
    make.village("16.04.02.2001", name="Karang Anyar")
    assert Village.objects.filter(name="Karang Anyar").count() == 2


def assert_refused_twice(row, message):
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert refusal.value.messages == [message]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
