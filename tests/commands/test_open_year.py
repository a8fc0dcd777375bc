import pytest
from django.core.management import CommandError, call_command

from tests import make
from tests.commands.running import said_by
from tracker.models import Activity, Location, Period, Program, Report

pytestmark = pytest.mark.django_db


def test_a_year_gets_its_four_quarters_once():
    assert said_by("open_year", "2027") == "Tahun anggaran 2027: TW I, TW II, TW III, dan TW IV dibuka.\n"
    assert said_by("open_year", "2027") == "Tahun anggaran 2027: keempat triwulan sudah dibuka.\n"
    assert list(Period.objects.of_year(2027).values_list("quarter", flat=True)) == [1, 2, 3, 4]


def test_only_the_missing_quarters_are_opened():
    make.period(2027, 1)
    assert said_by("open_year", "2027") == "Tahun anggaran 2027: TW II, TW III, dan TW IV dibuka.\n"


@pytest.mark.parametrize(
    ("arguments", "explanation"),
    [
        (["1999"], "Tahun anggaran harus antara 2000 dan 2100."),
        (["2027", "--copy-from", "2027"], "Tahun asal salinan harus lain daripada tahun yang dibuka."),
        (["2027", "--copy-from", "2020"], "Tahun anggaran 2020 tidak mempunyai program untuk disalin."),
    ],
)
def test_what_cannot_be_opened_is_explained_and_nothing_is_opened(arguments, explanation):
    with pytest.raises(CommandError) as refused:
        call_command("open_year", *arguments)
    assert str(refused.value) == explanation
    assert not Period.objects.exists()


@pytest.fixture
def last_year(dinsos):
    """A program of 2026 with a revised, an unchanged and a stopped sub kegiatan, places, a partner and a report."""
    program = make.program(
        dinsos,
        2026,
        code="1.06.05",
        name="Perlindungan",
        strategy=make.strategy(1),
        priority=make.priority(2021, 1),
        is_sample=True,
    )
    program.partners.add(make.partner("Baznas Lahat"))
    revised = make.activity(program, name="Bantuan", budget=900, revised_budget=700, target=90, revised_target=70)
    make.activity(program, name="Pendataan", budget=500, target=50)
    make.activity(program, name="Dihentikan", budget=300, revised_budget=0)
    make.location(revised, make.district("16.04.06"))
    make.location(revised, make.district("16.04.07"), village=make.village("16.04.07.2001"))
    make.report(revised, 1, realised_budget=100, realised_output=10)
    return program


def test_programs_are_carried_over_without_reports(last_year):
    assert said_by("open_year", "2027", "--copy-from", "2026").splitlines()[1:] == [
        "Disalin dari 2026: 1 program, 2 sub kegiatan, 2 lokasi. Laporan tidak disalin.",
        "1 sub kegiatan yang dihentikan tidak disalin.",
    ]
    [program] = Program.objects.of_year(2027)
    same = ("opd", "code", "name", "strategy", "priority", "is_extreme_poverty", "objective", "is_sample")
    assert [getattr(program, name) for name in same] == [getattr(last_year, name) for name in same]
    assert [partner.name for partner in program.partners.all()] == ["Baznas Lahat"]
    assert Report.objects.count() == 1


def test_what_was_in_force_becomes_the_original_under_a_new_register(last_year):
    call_command("open_year", "2027", "--copy-from", "2026")
    figures = ("ref", "name", "budget", "revised_budget", "target", "revised_target", "revision_note")
    assert list(Activity.objects.of_year(2027).values_list(*figures)) == [
        ("2027-0001", "Bantuan", 700, None, 70, None, ""),
        ("2027-0002", "Pendataan", 500, None, 50, None, ""),
    ]


def test_places_are_copied(last_year):
    call_command("open_year", "2027", "--copy-from", "2026")
    places = Location.objects.filter(activity__program__fiscal_year=2027)
    assert list(places.values_list("activity__ref", "district__code", "village__code").order_by("district__code")) == [
        ("2027-0001", "16.04.06", None),
        ("2027-0001", "16.04.07", "16.04.07.2001"),
    ]


def test_every_copy_begins_its_history_with_the_reason(last_year):
    call_command("open_year", "2027", "--copy-from", "2026")
    for rows in (
        Program.history.filter(fiscal_year=2027),
        Activity.history.filter(ref__startswith="2027"),
        Location.history.filter(activity_id__in=Activity.objects.of_year(2027).values("pk")),
    ):
        assert set(rows.values_list("history_change_reason", flat=True)) == {"Disalin dari tahun anggaran 2026"}


def test_nothing_is_copied_twice(last_year):
    call_command("open_year", "2027", "--copy-from", "2026")
    assert said_by("open_year", "2027", "--copy-from", "2026").splitlines()[1:] == [
        "Disalin dari 2026: 0 program, 0 sub kegiatan, 0 lokasi. Laporan tidak disalin.",
        "1 program sudah ada pada 2027 dan dilewati.",
    ]
    assert Activity.objects.of_year(2027).count() == 2


@pytest.mark.parametrize("twin", [{"code": "1.06.05", "name": "Nama baru"}, {"code": "", "name": "Perlindungan"}])
def test_a_program_that_is_there_by_code_or_name_is_left_alone(last_year, dinsos, twin):
    make.program(dinsos, 2027, **twin)
    call_command("open_year", "2027", "--copy-from", "2026")
    assert Program.objects.of_year(2027).count() == 1
    assert not Activity.objects.of_year(2027).exists()


def test_the_same_code_at_another_opd_is_another_program(last_year, dinkes):
    make.program(dinkes, 2027, code="1.06.05", name="Perlindungan")
    call_command("open_year", "2027", "--copy-from", "2026")
    assert Program.objects.of_year(2027).count() == 2
