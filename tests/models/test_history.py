"""Versions, history, and what is never recorded."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from simple_history.models import HistoricalRecords
from simple_history.utils import bulk_update_with_history, update_change_reason

from tests import make
from tracker.models import Activity, Opd, Program, User
from tracker.models.history import IDENTITY_NUMBER_MESSAGE, HistoryIsFinal, Record, create_many

RECORDS = [model for model in apps.get_app_config("tracker").get_models() if issubclass(model, Record)]


# Versions


def test_a_version_is_one_at_first_and_rises_by_one_with_every_save(db):
    program = make.program()
    assert program.version == 1
    program.save()
    program.refresh_from_db()
    assert program.version == 2


def test_a_version_rises_when_only_some_fields_are_saved(db):
    program = make.program()
    program.name = "Nama baru"
    program.save(update_fields=["name"])
    program.refresh_from_db()
    assert (program.name, program.version) == ("Nama baru", 2)


def test_records_inserted_in_bulk_begin_with_version_one(db):
    [opd] = create_many([Opd(name="Dinas Pangan", short_name="Pangan")])
    opd.refresh_from_db()
    assert opd.version == 1


def test_signing_in_raises_no_version_and_writes_no_history(operator):
    Client().force_login(operator)
    operator.refresh_from_db()
    assert operator.last_login is not None
    assert (operator.version, operator.history.count()) == (1, 1)


# History


def test_every_record_keeps_history():
    assert {model.__name__ for model in RECORDS} == {
        "Activity",
        "ApiToken",
        "ColumnMapping",
        "District",
        "FundingSource",
        "Indicator",
        "IndicatorTarget",
        "IndicatorValue",
        "Location",
        "ObstacleCategory",
        "Opd",
        "Partner",
        "Period",
        "PeriodException",
        "PovertyPocket",
        "Priority",
        "Program",
        "RatingBand",
        "Report",
        "Strategy",
        "User",
        "Village",
    }
    assert [model for model in RECORDS if not hasattr(model, "history")] == []


def test_adding_changing_and_deleting_leave_a_row_each(db):
    activity = make.activity(name="Bantuan beras")
    activity.name = "Bantuan pangan"
    activity.save()
    key = activity.pk
    activity.delete()
    rows = Activity.history.filter(id=key).order_by("history_id").values_list("history_type", "name", "version")
    assert list(rows) == [("+", "Bantuan beras", 1), ("~", "Bantuan pangan", 2), ("-", "Bantuan pangan", 2)]


def test_history_names_the_user_and_the_reason(operator):
    program = make.program()
    program._history_user, program._change_reason = operator, "Salah ketik"
    program.save()
    entry = program.history.first()
    assert (entry.history_user, entry.history_user_name, entry.history_change_reason) == (
        operator,
        "operator",
        "Salah ketik",
    )


def test_the_name_in_the_history_outlives_the_account(operator):
    program = make.program()
    program._history_user = operator
    program.save()
    operator.delete()
    entry = program.history.first()
    assert (entry.history_user, entry.history_user_name) == (None, "operator")


def test_the_name_in_the_history_is_the_one_of_that_day(operator):
    program = make.program()
    program._history_user = operator
    program.save()
    operator.username = "operator-lama"
    operator.save()
    assert program.history.first().history_user_name == "operator"


def test_a_change_without_a_user_has_no_name(db):
    assert make.program().history.get().history_user_name == ""


def test_records_inserted_in_bulk_have_history_with_name_and_reason(secretary):
    opds = create_many(
        [Opd(name="Dinas Pangan", short_name="Pangan"), Opd(name="Dinas Sosial", short_name="Dinsos")],
        user=secretary,
        reason="Data awal",
    )
    secretary.delete()
    entries = [opd.history.get() for opd in opds]
    assert [
        (e.short_name, e.history_type, e.version, e.history_user_name, e.history_change_reason) for e in entries
    ] == [
        ("Pangan", "+", 1, "sekretariat", "Data awal"),
        ("Dinsos", "+", 1, "sekretariat", "Data awal"),
    ]


def test_inserting_nothing_in_bulk_is_no_error(db):
    assert create_many([]) == []


def test_a_long_reason_is_kept_whole(db):
    program = make.program()
    program._change_reason = "Kata. " * 500
    program.save()
    assert program.history.first().history_change_reason == "Kata. " * 500


def test_the_history_of_a_program_keeps_its_partners(db):
    program = make.program()
    program.partners.add(make.partner("Baznas Lahat"))
    assert [entry.partner.name for entry in program.history.first().partners.all()] == ["Baznas Lahat"]


def test_the_history_of_a_deleted_opd_can_still_be_read(db):
    opd = make.opd("Pangan")
    opd.delete()
    assert [entry.short_name for entry in Opd.history.all()] == ["Pangan", "Pangan"]


def test_a_password_is_never_in_the_history(operator):
    operator.set_password("rahasia-yang-panjang")
    operator.save()
    kept = {field.name for field in User.history.model._meta.get_fields()}
    assert kept.isdisjoint({"password", "last_login"})
    assert not any("md5" in str(value) for row in User.history.values() for value in row.values())


# Whose name


@pytest.fixture
def during_a_request(secretary, rf, monkeypatch):
    """The middleware of simple_history has seen a request of the Sekretariat."""
    request = rf.post("/")
    request.user = secretary
    monkeypatch.setattr(HistoricalRecords.context, "request", request, raising=False)


@pytest.mark.usefixtures("during_a_request")
def test_whatever_is_written_during_a_request_has_the_name_of_its_person(db):
    opd, program = make.opd("Pangan"), make.program()
    program.partners.add(make.partner())
    program.partners.clear()
    [other] = create_many([Opd(name="Dinas Perikanan", short_name="Perikanan")])
    bulk_update_with_history([other], Opd, ["source"])
    for record in (opd, other, program):
        record.delete()
    for model, count in ((Opd, 5), (Program, 4)):
        rows = model.history.exclude(short_name="Dinsos") if model is Opd else model.history.all()
        assert [entry.history_user_name for entry in rows] == ["sekretariat"] * count, model


@pytest.mark.usefixtures("during_a_request")
def test_a_named_person_comes_before_that_of_the_request(operator):
    program = make.program()
    program._history_user = operator
    program.save()
    [opd] = create_many([Opd(name="Dinas Pangan", short_name="Pangan")], user=operator)
    assert [record.history.first().history_user_name for record in (program, opd)] == ["operator", "operator"]


def test_rows_written_in_bulk_without_anybody_have_no_name(db):
    [opd] = create_many([Opd(name="Dinas Pangan", short_name="Pangan")])
    assert (opd.history.get().history_user, opd.history.get().history_user_name) == (None, "")


def test_a_deletion_has_the_name_and_the_reason(operator):
    program = make.program()
    program._history_user, program._change_reason = operator, "Tercatat dua kali"
    program.delete()
    entry = Program.history.first()
    assert (entry.history_type, entry.history_user_name, entry.history_change_reason) == (
        "-",
        "operator",
        "Tercatat dua kali",
    )


def test_deleting_an_account_touches_nothing_of_the_history_but_the_account(operator):
    program = make.program()
    program._history_user, program._change_reason = operator, "Salah ketik"
    program.partners.add(make.partner())
    before = list(Program.history.values())
    operator.delete()
    assert list(Program.history.values()) == [row | {"history_user_id": None} for row in before]
    assert User.history.first().username == "operator"


# Edited by nobody


@pytest.fixture
def entry(db):
    program = make.program(name="Bantuan beras")
    program.partners.add(make.partner("Baznas Lahat"))
    return program.history.first()


def history_rows():
    links = HistoricalRecords.m2m_models[Program.partners.field]
    return [list(rows.order_by("pk").values()) for rows in (Program.history.all(), links.objects.all())]


EDITS = {
    "save": lambda entry: entry.save(),
    "save of some fields": lambda entry: entry.save(update_fields=["name"]),
    "save of a copy": lambda entry: type(entry).objects.get(pk=entry.pk).save(),
    "delete": lambda entry: entry.delete(),
    "update": lambda entry: Program.history.update(name="Lain"),
    "update of its own": lambda entry: entry.instance.history.filter(pk=entry.pk).update(name="Lain"),
    "update by the other manager": lambda entry: type(entry).objects.update(name="Lain"),
    "bulk_update": lambda entry: type(entry).objects.bulk_update([entry], ["name"]),
    "update_or_create": lambda entry: type(entry).objects.update_or_create({"name": "Lain"}, pk=entry.pk),
    "delete of several": lambda entry: Program.history.all().delete(),
    "delete by the other manager": lambda entry: type(entry).objects.filter(pk=entry.pk).delete(),
    "a reason afterwards": lambda entry: update_change_reason(Program.objects.get(), "Lain"),
    "a partner": lambda entry: entry.partners.first().delete(),
    "a partner saved": lambda entry: entry.partners.first().save(),
    "partners": lambda entry: HistoricalRecords.m2m_models[Program.partners.field].objects.all().delete(),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_what_has_happened_is_neither_changed_nor_deleted(entry, edit):
    before = history_rows()
    entry.name = "Lain"
    with pytest.raises(HistoryIsFinal, match="Riwayat tidak dapat diubah atau dihapus"), transaction.atomic():
        edit(entry)
    assert history_rows() == before


def test_the_key_of_an_entry_is_not_taken_over(entry):
    before = history_rows()
    forged = type(entry)(**{field.attname: getattr(entry, field.attname) for field in entry._meta.fields})
    forged.name = "Lain"
    with pytest.raises(IntegrityError), transaction.atomic():
        forged.save()
    assert history_rows() == before


def test_only_sample_history_is_ever_erased():
    """By its own name, which is looked for here: no other way of writing uses it."""
    files = Path(apps.get_app_config("tracker").path).rglob("*.py")
    used = [path.name for path in files if ".erase()" in path.read_text(encoding="utf-8")]
    assert used == ["clearing.py"]


# Identity numbers


@pytest.mark.parametrize(
    "text",
    [
        "1604011203850001",
        "NIK 1604011203850001 atas nama Budi",
        "NIK1604011203850001",
        "1604.0112.0385.0001",
        "1604 0112 0385 0001",
        "1604-0112-0385-0001",
        "160401-120385-0001",
        "160401 120385 0001",
        "KK: 160401.120385.0001.",
    ],
)
def test_an_identity_number_is_refused(db, text):
    program = make.program(objective=text)
    with pytest.raises(ValidationError) as refusal:
        program.full_clean()
    assert refusal.value.message_dict == {"objective": [IDENTITY_NUMBER_MESSAGE]}


@pytest.mark.parametrize(
    "text",
    [
        "160401120385000",  # fifteen digits
        "16040112038500011",  # seventeen
        "1.06.05.2.01.0001",
        "Rp 1.250.000.000.000.000",
        "tahun 2025 2026 2027",
    ],
)
def test_other_numbers_are_accepted(db, text):
    make.program(objective=text).full_clean()


@pytest.mark.parametrize("field", ["obstacle", "follow_up", "follow_up_owner", "return_note"])
def test_an_identity_number_is_refused_in_every_text_of_a_report(db, field):
    report = make.report(make.activity(), **{field: "1604011203850001"})
    with pytest.raises(ValidationError) as refusal:
        report.full_clean()
    assert refusal.value.message_dict[field] == [IDENTITY_NUMBER_MESSAGE]


def test_an_identity_number_is_refused_in_the_name_of_a_sub_kegiatan(db):
    activity = make.activity(name="Bantuan 1604011203850001", target_group="1604011203850001")
    with pytest.raises(ValidationError) as refusal:
        activity.full_clean()
    assert set(refusal.value.message_dict) == {"name", "target_group"}
