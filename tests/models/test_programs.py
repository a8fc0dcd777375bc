"""Programs, sub kegiatan, their register numbers and places."""

import os
import subprocess
import sys
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import ProtectedError

from tests import make
from tracker.models import Activity, Location, Program, RegisterCounter


def complaints(row):
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    return refusal.value.message_dict


# Programs


def test_a_program_without_strategy_and_priority_is_no_error(dinsos):
    make.program(dinsos, strategy=None, priority=None).full_clean()


def test_year_and_opd_may_change_while_a_program_is_empty(dinsos, dinkes):
    program = make.program(dinsos)
    program.opd, program.fiscal_year = dinkes, 2027
    program.full_clean()


@pytest.mark.parametrize("field", ["opd", "fiscal_year"])
def test_year_and_opd_are_fixed_once_a_program_has_sub_kegiatan(dinsos, dinkes, field):
    program = make.program(dinsos, fiscal_year=2026)
    make.activity(program)
    setattr(program, field, {"opd": dinkes, "fiscal_year": 2027}[field])
    assert complaints(program) == {
        "__all__": [
            "Tahun anggaran dan OPD tidak dapat diganti karena program ini sudah mempunyai sub kegiatan. "
            "Buatlah program baru untuk tahun atau OPD lain."
        ]
    }


def test_other_fields_may_change_when_a_program_has_sub_kegiatan(dinsos):
    program = make.program(dinsos)
    make.activity(program)
    program.name, program.strategy = "Nama baru", make.strategy(2)
    program.full_clean()


def test_an_opd_has_one_program_of_a_code_in_a_year(dinsos, dinkes):
    make.program(dinsos, code="1.06.05")
    twin = Program(opd=dinsos, fiscal_year=2026, code="1.06.05", name="Lain")
    assert complaints(twin) == {"code": ["OPD ini sudah mempunyai program dengan kode tersebut pada tahun itu."]}
    Program(opd=dinkes, fiscal_year=2026, code="1.06.05", name="Lain").full_clean()
    Program(opd=dinsos, fiscal_year=2027, code="1.06.05", name="Lain").full_clean()


def test_an_opd_has_one_program_of_a_name_without_code_in_a_year(dinsos, dinkes):
    make.program(dinsos, name="Rehabilitasi sosial")
    twin = Program(opd=dinsos, fiscal_year=2026, name="Rehabilitasi sosial")
    assert complaints(twin) == {
        "name": ["OPD ini sudah mempunyai program tanpa kode dengan nama tersebut pada tahun itu."]
    }
    Program(opd=dinsos, fiscal_year=2026, name="Rehabilitasi sosial", code="1.06.04").full_clean()
    Program(opd=dinkes, fiscal_year=2026, name="Rehabilitasi sosial").full_clean()


def test_a_stored_program_is_not_its_own_twin(dinsos):
    make.program(dinsos, code="1.06.05").full_clean()
    make.program(dinsos).full_clean()


def test_a_program_with_sub_kegiatan_is_not_deleted(dinsos):
    program = make.activity(make.program(dinsos)).program
    with pytest.raises(ProtectedError):
        program.delete()


def test_years_are_listed_newest_first_with_their_sample_programs(dinsos):
    make.program(dinsos, fiscal_year=2025)
    make.program(dinsos, fiscal_year=2026, is_sample=True)
    make.program(dinsos, fiscal_year=2026)
    assert list(Program.objects.years()) == [(2026, 1), (2025, 0)]


@pytest.mark.parametrize("code", ["", "1.06.05", "X.XX.01", "7.01.02"])
def test_an_ordinary_program_code_gives_no_warning(code):
    assert Program(code=code).warnings() == []


@pytest.mark.parametrize("code", ["1.6.5", "1.06", "1.06.05.2.01", "program 5", "1,06,05", "١.06.05"])
def test_an_odd_program_code_gives_a_warning(code):
    assert Program(code=code).warnings() == [
        f"Kode “{code}” tidak berbentuk kode SIPD seperti 1.06.05. Data tetap disimpan; periksa kembali kodenya."
    ]


# Sub kegiatan


@pytest.mark.parametrize("code", ["", "1.06.05.2.01.0001", "1.06.05.2.01.01", "X.XX.01.2.01.0002"])
def test_an_ordinary_activity_code_gives_no_warning(code):
    assert Activity(code=code).warnings() == []


@pytest.mark.parametrize("code", ["1.06.05", "1.06.05.2.01.001", "1.06.05.2.1.0001", "sub 1"])
def test_an_odd_activity_code_gives_a_warning(code):
    assert Activity(code=code).warnings() == [
        f"Kode “{code}” tidak berbentuk kode SIPD seperti 1.06.05.2.01.0001. "
        "Data tetap disimpan; periksa kembali kodenya."
    ]


def test_budget_and_target_in_force_are_the_original_ones_without_a_revision(db):
    activity = make.activity(budget=500, target=Decimal("12.5"))
    assert (activity.budget_in_force, activity.target_in_force) == (500, Decimal("12.5"))


def test_budget_and_target_in_force_are_the_revised_ones_even_when_they_are_zero(db):
    activity = make.activity(budget=500, target=12, revised_budget=0, revised_target=Decimal(0))
    assert (activity.budget_in_force, activity.target_in_force) == (0, 0)


def test_an_activity_cannot_start_after_its_first_report(db):
    activity = make.activity()
    make.report(activity, 3)
    make.report(activity, 2)
    activity.starts_quarter = 3
    assert complaints(activity) == {
        "starts_quarter": ["Laporan TW II 2026 sudah ada, jadi sub kegiatan ini mulai paling lambat TW II."]
    }
    activity.starts_quarter = 2
    activity.full_clean()


def test_an_activity_with_reports_is_not_deleted(db):
    activity = make.report(make.activity(), status="draft").activity
    with pytest.raises(ProtectedError):
        activity.delete()


def test_an_activity_without_reports_is_deleted_with_its_places(db):
    activity = make.activity()
    make.location(activity, make.district())
    activity.delete()
    assert Location.objects.count() == 0


def test_a_quantity_keeps_fifteen_digits(db):
    activity = make.activity(target=Decimal("123456789012.345"))
    activity.refresh_from_db()
    assert activity.target == Decimal("123456789012.345")


def test_the_largest_budget_is_kept_to_the_rupiah(db):
    activity = make.activity(budget=999_999_999_999_999)
    activity.refresh_from_db()
    assert activity.budget == 999_999_999_999_999


# Register numbers


def test_register_numbers_count_within_the_fiscal_year(dinsos):
    this_year, next_year = make.program(dinsos, fiscal_year=2026), make.program(dinsos, fiscal_year=2027)
    refs = [make.activity(program).ref for program in (this_year, this_year, next_year, this_year)]
    assert refs == ["2026-0001", "2026-0002", "2027-0001", "2026-0003"]


def test_a_register_number_stays_when_the_activity_is_saved_again(db):
    activity = make.activity()
    activity.name = "Nama baru"
    activity.save()
    assert (activity.ref, RegisterCounter.objects.get(year=2026).last) == ("2026-0001", 1)


def test_a_register_number_is_never_reused_after_a_deletion(db):
    make.activity()
    make.activity().delete()
    assert make.activity().ref == "2026-0003"


def test_many_register_numbers_are_taken_in_order(db):
    make.activity()
    assert RegisterCounter.take(2026, 3) == ["2026-0002", "2026-0003", "2026-0004"]
    assert make.activity().ref == "2026-0005"


def test_register_numbers_go_on_after_9999(db):
    RegisterCounter.objects.create(year=2026, last=9998)
    assert RegisterCounter.take(2026, 2) == ["2026-9999", "2026-10000"]


def test_a_refused_activity_takes_no_register_number(db):
    with pytest.raises(Exception, match="activity_budget_range"):
        make.activity(budget=-1)
    assert make.activity().ref == "2026-0001"


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="see the test below: SQLite needs a file")
@pytest.mark.django_db(transaction=True)
def test_people_who_add_at_the_same_time_get_different_register_numbers():
    barrier, refs = threading.Barrier(8), []

    def add():
        try:
            barrier.wait()
            for _ in range(5):
                refs.extend(RegisterCounter.take(2026))
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(refs) == [f"2026-{number:04d}" for number in range(1, 41)]


TAKE_IN_THREADS = """
import threading, django
django.setup()
from django.db import connection
from tracker.models import RegisterCounter
with connection.schema_editor() as editor:
    editor.create_model(RegisterCounter)
barrier, refs = threading.Barrier(8), []
def add():
    barrier.wait()
    for _ in range(5):
        refs.extend(RegisterCounter.take(2026))
    connection.close()
threads = [threading.Thread(target=add) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(*sorted(refs))
"""


def test_people_who_add_at_the_same_time_get_different_register_numbers_in_a_sqlite_file(tmp_path):
    """In a process of its own: the tests' SQLite lives in memory, where threads lock each other out."""
    environment = {
        **os.environ,
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'register.sqlite3'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", TAKE_IN_THREADS], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == [f"2026-{number:04d}" for number in range(1, 41)], done.stderr


# Places


def test_a_village_lies_in_the_district_that_was_chosen(db):
    activity, village = make.activity(), make.village("16.04.01.2001", name="Talang Sawah")
    make.district("16.04.01", name="Jarai")
    other = make.district("16.04.02", name="Lahat")
    village.refresh_from_db()
    assert complaints(Location(activity=activity, district=other, village=village)) == {
        "village": ["Desa Talang Sawah, Kec. Jarai tidak berada di kecamatan yang dipilih."]
    }
    Location(activity=activity, district=village.district, village=village).full_clean()


def test_a_place_is_written_as_files_write_it(db):
    activity, village = make.activity(), make.village("16.04.01.2001", name="Talang Sawah")
    jarai = make.district("16.04.01", name="Jarai")
    assert str(make.location(activity, jarai)) == "Jarai"
    assert str(make.location(activity, jarai, village=village)) == "Jarai/Desa Talang Sawah"


@pytest.mark.django_db
def test_sub_kegiatan_moves_only_within_its_opd_and_year():
    activity = make.activity(make.program(make.opd("Dinsos"), name="Lama"))
    activity.program = make.program(make.opd("Dinkes"), name="Milik lain")
    with pytest.raises(ValidationError) as refusal:
        activity.full_clean()
    assert "hanya dapat dipindah ke program Dinsos tahun" in refusal.value.message_dict["program"][0]
    activity.program = make.program(make.opd("Dinsos"), name="Baru")
    activity.full_clean()
