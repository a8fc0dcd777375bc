import datetime
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError
from django.db.models import F

from tests import make
from tests.commands.running import said_by
from tracker import reference_data
from tracker.models import Activity, Location, Opd, Period, Program, RegisterCounter, Report, User
from tracker.sample import clearing
from tracker.sample import year as sample_year
from tracker.sample.accounts import ensure_accounts

pytestmark = pytest.mark.django_db

WIB = ZoneInfo("Asia/Jakarta")
AFTER_THE_YEAR = datetime.datetime(2026, 3, 20, 9, 0, tzinfo=WIB)
IN_NOVEMBER = datetime.datetime(2025, 11, 21, 9, 0, tzinfo=WIB)


@pytest.fixture(autouse=True)
def trying_out(settings, monkeypatch):
    settings.DEBUG = True
    monkeypatch.setenv("SAMPLE_PASSWORD", "padi-kopi-karet")


@pytest.fixture
def reference(db):
    reference_data.load()


def load(year=2025, *, now=IN_NOVEMBER, how_many=None, seed=1):
    users, _ = ensure_accounts("padi-kopi-karet")
    return sample_year.load(year, users=users, how_many=how_many, seed=seed, now=now)


def everything():
    """Every figure of the sample by the name of its sub kegiatan, registers left out."""
    return sorted(
        Report.objects.values_list(
            "activity__program__opd__short_name",
            "activity__name",
            "activity__funding_source__code",
            "activity__budget",
            "activity__revised_budget",
            "period__quarter",
            "realised_budget",
            "realised_output",
            "status",
            "submitted_at",
        ),
        key=str,
    )


def test_a_year_is_loaded_and_described(reference):
    said = said_by("load_sample", "--year", "2025")
    assert said.splitlines()[0] == (
        f"Data contoh 2025 dimuat: {Program.objects.count()} program, {Activity.objects.count()} sub kegiatan, "
        f"{Location.objects.count()} lokasi, {Report.objects.count()} laporan."
    )
    assert Program.objects.count() >= 55
    assert 180 <= Activity.objects.count() <= 230
    assert Opd.objects.filter(programs__isnull=False).distinct().count() >= 30


def test_the_year_of_the_last_ended_quarter_is_usual():
    assert sample_year.last_ended_year(datetime.date(2026, 11, 21)) == 2026
    assert sample_year.last_ended_year(datetime.date(2026, 3, 31)) == 2025
    assert sample_year.last_ended_year(datetime.date(2026, 4, 1)) == 2026


def test_the_same_seed_gives_the_same_figures_and_another_one_others(reference):
    worlds = []
    for seed in (7, 7, 8):
        load(how_many=60, seed=seed)
        worlds.append(everything())
        clearing.clear()
    assert worlds[0] == worlds[1]
    assert worlds[0] != worlds[2]


@pytest.mark.parametrize("how_many", [1, 12, 400])
def test_the_number_of_sub_kegiatan_is_a_choice(reference, how_many):
    assert load(how_many=how_many).activities == how_many
    assert Activity.objects.count() == how_many
    names = Counter(Activity.objects.values_list("program", "name", "funding_source"))
    assert max(names.values()) == 1


def test_a_few_sub_kegiatan_come_from_many_opds_and_every_strategy(reference):
    load(how_many=12)
    assert Program.objects.values("opd").distinct().count() == 12
    assert set(Program.objects.values_list("strategy__number", flat=True)) == {1, 2, 3}


def test_every_row_is_marked_and_has_its_history(reference):
    load(how_many=40)
    assert not Program.objects.filter(is_sample=False).exists()
    assert not User.objects.filter(is_sample=False).exists()
    for model in (Program, Activity, Location, Report):
        assert set(model.history.values_list("history_change_reason", flat=True)) == {"Data contoh dimuat"}
        assert model.history.count() == model.objects.count()


def test_every_row_would_pass_its_form(reference):
    load(how_many=230)
    for model in (Program, Activity, Location, Report):
        for row in model.objects.order_by("?")[:30]:
            row.full_clean()


def test_figures_never_fall(reference):
    load(now=AFTER_THE_YEAR)
    before = {}
    for report in Report.objects.select_related("activity").order_by("activity", "period__quarter"):
        sign = -1 if report.activity.direction == "down" else 1
        figures = report.realised_budget, sign * report.realised_output, report.physical_percent or 0
        earlier = before.get(report.activity_id, figures)
        assert all(now >= then for now, then in zip(figures, earlier, strict=True)), report
        before[report.activity_id] = figures


def test_only_ended_quarters_are_reported(reference):
    load(how_many=40, now=IN_NOVEMBER)
    assert set(Report.objects.values_list("period__quarter", flat=True)) == {1, 2, 3}
    assert Period.objects.of_year(2025).count() == 4


def test_a_year_that_has_not_begun_has_plans_only(reference):
    assert load(2026, how_many=20, now=IN_NOVEMBER).reports == 0
    assert not Activity.objects.exclude(revision_note="").exists()


def test_nothing_is_dated_in_the_future(reference):
    shortly_after = datetime.datetime(2025, 10, 3, 9, 0, tzinfo=WIB)
    load(now=shortly_after)
    assert not Report.objects.filter(submitted_at__gt=shortly_after).exists()
    assert not Report.objects.filter(verified_at__gt=shortly_after).exists()


def test_the_sample_is_as_untidy_as_life(reference):
    load()
    last = Report.objects.filter(period__quarter=3)
    assert {row["status"] for row in last.values("status")} == {"draft", "submitted", "verified", "returned"}
    expected = Activity.objects.exclude(revised_budget=0)
    silent = expected.exclude(pk__in=last.counted().values("activity"))
    assert 0.05 <= silent.count() / expected.count() <= 0.12
    assert any(report.is_late for report in last.select_related("period"))
    assert last.filter(status="returned").exclude(return_note="").exists()
    assert last.exclude(obstacle="").exclude(follow_up="").filter(follow_up_due__isnull=False).exists()
    assert last.filter(local_workers__gt=0, activity__is_cash_for_work=True).exists()
    assert last.filter(physical_percent__isnull=False).exists()
    assert Activity.objects.filter(revised_budget=0).count() == 2
    assert Activity.objects.filter(revised_target__isnull=False).exists()
    assert not Activity.objects.filter(funding_source__in_apbd=False).exclude(revision_note="").exists()
    absurd = Report.objects.filter(
        activity__revised_budget=None, realised_budget__gt=F("activity__budget") + F("activity__budget") / 20
    )
    assert not absurd.exists()


def test_nobody_verifies_what_he_submitted(reference):
    load()
    assert not Report.objects.filter(verified_by=F("submitted_by")).exists()
    own = Report.objects.filter(submitted_by__username="operator")
    assert set(own.values_list("activity__program__opd__short_name", flat=True)) == {"Dinsos"}


def test_a_second_run_adds_nothing_and_says_so(reference):
    said_by("load_sample", "--year", "2025", "--activities", "12")
    before = [model.objects.count() for model in (Program, Activity, Report, User, RegisterCounter)]
    said = said_by("load_sample", "--year", "2025", "--activities", "50")
    assert said.splitlines()[0] == "Data contoh 2025 sudah ada; tidak ada yang ditambahkan."
    assert [model.objects.count() for model in (Program, Activity, Report, User, RegisterCounter)] == before


def test_without_reference_data_it_says_what_to_run():
    with pytest.raises(CommandError, match="load_reference"):
        said_by("load_sample", "--year", "2025")
    assert not User.objects.exists()


def test_a_renamed_opd_keeps_its_programs(reference):
    opd = Opd.objects.get(short_name="Dinkes")
    opd.short_name = "Dinkes P2KB"
    opd.save()
    load(how_many=12)
    assert opd.programs.exists()
    assert User.objects.get(username="operator2").opd == opd


def test_what_staff_deleted_is_left_out(reference):
    Opd.objects.get(short_name="Setwan").delete()
    load()
    assert Program.objects.count() > 50


def test_the_accounts_are_listed_with_role_and_password(reference):
    table = said_by("load_sample", "--year", "2025", "--activities", "12").splitlines()[2:]
    assert [line.split("  ")[0] for line in table] == [
        "Akun",
        "sekretariat",
        "verifikator",
        "operator",
        "operator2",
        "pimpinan",
    ]
    assert all(line.endswith("padi-kopi-karet") for line in table[1:])
    for user in User.objects.all():
        assert user.is_sample and user.check_password("padi-kopi-karet")
        assert user.is_staff == (user.username != "pimpinan")
        assert not user.is_superuser


def test_a_new_sample_password_replaces_the_old_one(reference):
    ensure_accounts("yang-lama")
    said_by("load_sample", "--year", "2025", "--activities", "12")
    assert all(user.check_password("padi-kopi-karet") for user in User.objects.all())


def test_without_a_sample_password_the_accounts_keep_theirs(reference, monkeypatch):
    ensure_accounts("yang-lama")
    monkeypatch.delenv("SAMPLE_PASSWORD")
    said = said_by("load_sample", "--year", "2025", "--activities", "12")
    assert "Kata sandi akun yang sudah ada tidak diubah." in said
    assert all(user.check_password("yang-lama") for user in User.objects.all())


def test_without_a_sample_password_a_random_one_is_printed(reference, monkeypatch):
    monkeypatch.delenv("SAMPLE_PASSWORD")
    password = said_by("load_sample", "--year", "2025", "--activities", "12").split()[-1]
    assert all(user.check_password(password) for user in User.objects.all())


def test_production_gets_no_sample_accounts(reference, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        said_by("load_sample", "--year", "2025")
    assert not User.objects.exists()
    assert not Program.objects.exists()


def test_a_real_account_is_never_taken_over(reference):
    make.user("operator")
    with pytest.raises(CommandError, match="Nama akun operator sudah dipakai akun sungguhan"):
        said_by("load_sample", "--year", "2025")
    assert not Program.objects.exists()


@pytest.mark.parametrize("arguments", [["--year", "1999"], ["--year", "2025", "--activities", "0"]])
def test_impossible_wishes_are_explained(reference, arguments):
    with pytest.raises(CommandError):
        said_by("load_sample", *arguments)
    assert not Program.objects.exists()


def test_beside_real_programs_a_cautious_start_adds_nothing(reference):
    make.program()
    assert "tidak dimuat" in said_by("load_sample", if_empty=True)
    assert not User.objects.filter(is_sample=True).exists()
    assert Program.objects.filter(is_sample=True).count() == 0


def test_beside_a_real_program_entered_while_trying_the_accounts_are_still_told(reference):
    said_by("load_sample", year=2025, activities=12, if_empty=True)
    make.program()
    before = Program.objects.count()
    assert "padi-kopi-karet" in said_by("load_sample", year=2026, if_empty=True)
    assert Program.objects.count() == before


def test_a_locked_quarter_takes_no_sample_reports(reference):
    make.period(2025, 1, locked_at=AFTER_THE_YEAR)
    with pytest.raises(CommandError, match="TW I 2025 dikunci, jadi data contoh tahun 2025 tidak dimuat"):
        said_by("load_sample", "--year", "2025", "--activities", "12")
    assert not Program.objects.exists()
