import datetime

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from tests import make
from tests.commands.running import said_by
from tests.imports.sending import PROGRAM, received, rows_of, sheet_of
from tracker import reference_data
from tracker.models import (
    Activity,
    ApiToken,
    ImportBatch,
    Location,
    Period,
    PovertyPocket,
    Program,
    RegisterCounter,
    Report,
    User,
    Village,
)
from tracker.models.history import Record
from tracker.sample import year as sample_year
from tracker.sample.accounts import ensure_accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(db):
    """A small sample year beside the reference data, loaded the way `load_sample` does it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.DEBUG", True)
        reference_data.load()
        users, _ = ensure_accounts("padi-kopi-karet")
        sample_year.load(2025, users=users, how_many=20, now=datetime.datetime(2026, 3, 20, tzinfo=datetime.UTC))
        return users


@pytest.fixture
def real_user(db):
    return make.user("sri", is_superuser=True)


def row_counts():
    """Rows and history rows of every record."""
    models = [model for model in apps.get_app_config("tracker").get_models() if issubclass(model, Record)]
    return {model.__name__: (model.objects.count(), model.history.count()) for model in models}


def written_by(user, row, **changes):
    row._history_user = user
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row


def refusal():
    with pytest.raises(CommandError) as refused:
        call_command("clear_sample", "--noinput")
    assert Program.objects.filter(is_sample=True).exists()
    return str(refused.value)


def test_nothing_of_the_sample_is_left_behind(settings):
    settings.DEBUG = True
    reference_data.load()
    Period.objects.open_year(2025)
    before = row_counts()
    said_by("load_sample", "--year", "2025", "--activities", "20")
    program = Program.objects.first()
    program.partners.add(make.partner())
    PovertyPocket.objects.create(year=2025, village=Village.objects.first(), source="Contoh", is_sample=True)
    Report.objects.first().delete()
    said_by("clear_sample", "--noinput")
    before["Partner"] = (1, 1)
    before["Period"] = (4, 8)  # the periods of the year note that the sample went, so that kept pages are renewed
    assert row_counts() == before
    assert not Program.history.model._meta.get_field("historicalprogram_partners").related_model.objects.exists()


def test_it_says_what_was_removed_and_then_that_nothing_is_left(sample):
    reports, places = Report.objects.count(), Location.objects.count()
    programs = Program.objects.count()
    assert said_by("clear_sample", "--noinput").splitlines() == [
        f"Dihapus: {reports} laporan triwulan.",
        f"Dihapus: {places} lokasi.",
        "Dihapus: 20 sub kegiatan.",
        f"Dihapus: {programs} program.",
        "Dihapus: 5 pengguna.",
    ]
    assert said_by("clear_sample", "--noinput") == "Tidak ada data contoh.\n"


def test_files_that_sample_accounts_uploaded_go_with_them(sample):
    received(sheet_of(rows_of(PROGRAM, sample["operator"])), sample["operator"])
    assert "Dihapus: 1 impor." in said_by("clear_sample", "--noinput").splitlines()
    assert not ImportBatch.objects.exists()


def test_tokens_of_sample_accounts_go_with_them(sample, real_user):
    make.token(User.objects.filter(is_sample=True).first(), "Coba")
    kept, _ = make.token(real_user, "Dasbor")
    call_command("clear_sample", noinput=True)
    assert ApiToken.objects.get() == kept
    assert set(ApiToken.history.values_list("id", flat=True)) == {kept.pk}


def test_a_file_that_a_real_person_uploaded_stays(sample, real_user):
    received(sheet_of(rows_of(PROGRAM, real_user)), real_user)
    said_by("clear_sample", "--noinput")
    assert ImportBatch.objects.get().uploaded_by == real_user


def test_register_numbers_are_not_used_again(sample):
    said_by("clear_sample", "--noinput")
    assert RegisterCounter.take(2025) == ["2025-0021"]


def test_real_programs_beside_the_sample_stay(sample, real_user):
    report = make.report(make.activity(make.program(fiscal_year=2025)), 1)
    said_by("clear_sample", "--noinput")
    assert list(Report.objects.all()) == [report]
    assert list(User.objects.all()) == [real_user]
    assert Activity.history.count() == 1


def test_a_sub_kegiatan_entered_by_a_real_person_is_named_and_kept(sample, real_user):
    activity = make.activity(Program.objects.first(), name="Bedah rumah warga")
    Activity.history.model._base_manager.filter(id=activity.pk).update(history_user=real_user)
    assert f"sub kegiatan {activity.ref} Bedah rumah warga" in refusal()
    assert Activity.objects.filter(pk=activity.pk).exists()


def test_a_report_changed_by_a_real_person_is_named_by_its_register(sample, real_user):
    report = written_by(real_user, Report.objects.first(), realised_budget=7)
    assert f"laporan triwulan {report.activity.ref} · {report.period}" in refusal()


def test_a_place_added_by_a_real_person_is_named_by_its_register(sample, real_user):
    activity = Activity.objects.first()
    place = Location(activity=activity, district=make.district("16.04.01"), village=make.village("16.04.01.2001"))
    Location.objects.filter(activity=activity).delete()
    written_by(real_user, place)
    assert f"lokasi {activity.ref} · Tanjungsakti Pumu/Desa Kembang Ayun" in refusal()


def test_a_change_by_somebody_whose_account_is_gone_still_counts_as_real(sample, real_user):
    report = written_by(real_user, Report.objects.first(), realised_budget=7)
    real_user.delete()
    assert report.activity.ref in refusal()


def test_changes_by_sample_accounts_are_sample(sample):
    written_by(sample["operator"], Report.objects.first(), realised_budget=7)
    make.activity(Program.objects.first())
    said_by("clear_sample", "--noinput")
    assert not Activity.objects.exists()


def test_a_real_report_that_a_sample_account_verified_is_named(sample):
    activity = make.activity(make.program(fiscal_year=2025))
    make.report(activity, 1, verified_by=sample["verifikator"])
    message = refusal()
    assert f"laporan triwulan {activity.ref} · TW I 2025 (diverifikasi oleh verifikator)" in message


def test_a_quarter_that_a_sample_account_locked_is_named(sample):
    written_by(None, Period.objects.get(fiscal_year=2025, quarter=1), locked_by=sample["sekretariat"])
    assert "periode pelaporan TW I 2025 (dikunci oleh sekretariat)" in refusal()


def test_many_real_rows_are_not_all_listed(sample, real_user):
    for report in Report.objects.all()[:25]:
        written_by(real_user, report, realised_budget=7)
    assert refusal().count("\n  - ") == 21


def test_it_asks_before_removing(sample, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _: "tidak")
    with pytest.raises(CommandError, match="Dibatalkan"):
        call_command("clear_sample")
    monkeypatch.setattr("builtins.input", lambda _: "ya")
    said_by("clear_sample")
    assert not Program.objects.exists()
