"""The sheet "program": sub kegiatan, their programs, places and partners."""

from decimal import Decimal

import pytest

from tests import make
from tests.imports.sending import PROGRAM, applied, changes, outcomes, planned, problems, received, rows_of, sheet_of
from tracker import values
from tracker.imports import applying
from tracker.models import Activity, Location, Partner, Program
from tracker.models.history import SECRETARIAT_ONLY

NEW = {
    "Register": "",
    "Tahun": "2026",
    "OPD": "Dinas Sosial",
    "Program": "Perlindungan sosial",
    "Kode program": "1.06.05",
    "Kode sub kegiatan": "1.06.05.2.01.0001",
    "Sub kegiatan": "Beras bulanan",
    "Sumber dana": "DAU",
    "Indikator": "Keluarga yang dibantu",
    "Satuan": "KPM",
    "Target": "1.250",
    "Pagu": "Rp 1.500.000.000",
}


@pytest.fixture
def activity(dinsos):
    make.periods()
    for number in (1, 2, 3):
        make.strategy(number)
    make.priority(2021, 1)
    make.district("16.04.11", name="Jarai")
    lahat = make.district("16.04.02", name="Lahat")
    make.village("16.04.02.2001", name="Makartitama", district=lahat)
    make.partner("Baznas Lahat")
    program = make.program(dinsos, name="Bantuan sosial", code="1.06.02", strategy=make.strategy(1))
    return make.activity(program, name="Sembako")


def sent(user, *edits, **options) -> bytes:
    """The exported sheet with the edits of its lines, in the order of the registers."""
    rows = sorted(rows_of(PROGRAM, user, **options), key=lambda row: row["Register"])
    for row, edit in zip(rows, edits, strict=False):
        row.update(edit)
    return sheet_of(rows)


# New rows


def test_a_row_without_register_becomes_a_new_sub_kegiatan_of_a_new_program(activity, operator):
    plan = applied(sheet_of([NEW]), operator)
    assert outcomes(plan) == {"new": 1}
    new = Activity.objects.get(name="Beras bulanan")
    assert (new.ref, new.target, new.budget, new.direction, new.starts_quarter) == (
        "2026-0002",
        1250,
        1_500_000_000,
        "up",
        1,
    )
    assert (new.program.name, new.program.code, new.program.opd.short_name) == (
        "Perlindungan sosial",
        "1.06.05",
        "Dinsos",
    )
    for record in (new, new.program):
        [entry] = record.history.all()
        assert (entry.history_type, entry.history_user_name, entry.history_source) == ("+", "operator", "kiriman.csv")
    assert [judged.ref for judged in plan.changed] == ["2026-0002"]


def test_the_reason_of_a_new_row_stands_in_its_history_and_in_that_of_its_program(activity, operator):
    applied(sheet_of([NEW | {"Alasan perubahan": "DPA baru"}]), operator)
    for record in (Activity.objects.get(name="Beras bulanan"), Program.objects.get(code="1.06.05")):
        assert record.history.get().history_change_reason == "DPA baru"


def test_many_new_programs_take_no_more_statements(activity, operator, django_assert_max_num_queries):
    rows = [NEW | {"Kode program": f"1.06.{n}", "Sub kegiatan": f"Nomor {n}"} for n in range(20, 60)]
    batch, _ = received(sheet_of(rows), operator)
    with django_assert_max_num_queries(70):
        assert outcomes(applying.apply(batch, operator)) == {"new": 40}
    assert Program.history.filter(history_source="kiriman.csv").count() == 40


def test_several_rows_share_a_new_program(activity, operator):
    applied(sheet_of([NEW, NEW | {"Sub kegiatan": "Telur"}]), operator)
    [program] = Program.objects.filter(code="1.06.05")
    assert program.activities.count() == 2


@pytest.mark.parametrize("code", ["1.06.02", ""])
def test_a_program_is_found_by_its_code_else_by_its_name(activity, operator, code):
    applied(sheet_of([NEW | {"Kode program": code, "Program": "Bantuan sosial"}]), operator)
    assert Activity.objects.get(name="Beras bulanan").program == activity.program
    assert Program.objects.get().code == "1.06.02"


def test_another_code_is_another_program_of_the_same_name(activity, operator):
    applied(sheet_of([NEW | {"Program": "Bantuan sosial"}]), operator)
    assert sorted(Program.objects.values_list("code", flat=True)) == ["1.06.02", "1.06.05"]


def test_a_name_without_code_that_two_programs_have_is_refused(activity, operator):
    make.program(activity.program.opd, name="Bantuan sosial", code="1.06.03")
    assert problems(planned(sheet_of([NEW | {"Kode program": "", "Program": "Bantuan sosial"}]), operator)) == [
        (
            2,
            "Program",
            "Bantuan sosial",
            "Nama ini dipakai oleh program dengan kode 1.06.02 dan 1.06.03. Isi kolom Kode program.",
        )
    ]


def test_rows_that_disagree_about_their_program_are_refused(activity, operator):
    rows = [NEW | {"Strategi": "1"}, NEW | {"Strategi": "2", "Sub kegiatan": "Telur"}]
    assert problems(planned(sheet_of(rows), operator)) == [
        (3, "Strategi", "2", "Baris 2 menyebut 1 untuk program yang sama. Samakan pada semua baris program itu.")
    ]


def test_all_that_a_new_row_lacks_is_said_at_once(activity, operator):
    row = NEW | {"Indikator": "", "Pagu": "", "Sumber dana": "Dana langit"}
    assert [(column, value) for _, column, value, _ in problems(planned(sheet_of([row]), operator))] == [
        ("Sumber dana", "Dana langit"),
        ("Indikator", ""),
        ("Pagu", ""),
    ]


def test_the_same_new_row_twice_is_refused(activity, operator):
    assert problems(planned(sheet_of([NEW, NEW]), operator)) == [
        (3, "Sub kegiatan", "Beras bulanan", "Baris ini sama dengan baris 2. Hapus salah satunya.")
    ]


def test_a_new_row_like_a_stored_one_warns(activity, operator):
    row = NEW | {"Sub kegiatan": "SEMBAKO", "Program": "Bantuan sosial", "Kode program": "1.06.02"}
    [judged] = planned(sheet_of([row]), operator).warned
    assert judged.warnings == [
        f"Program ini sudah mempunyai sub kegiatan dengan nama atau kode dan sumber dana yang sama: {activity.ref}. "
        "Data tetap disimpan; hapus salah satunya bila tercatat dua kali."
    ]


def test_nobody_makes_a_program_for_another_opd(activity, dinkes, operator):
    assert problems(planned(sheet_of([NEW | {"OPD": "Dinkes"}]), operator)) == [
        (2, "OPD", "Dinkes", "Baris ini milik Dinkes; Anda hanya dapat mengisi Dinsos. Hapus barisnya dari berkas.")
    ]


# Existing rows


@pytest.mark.parametrize(
    ("column", "value", "name", "stored"),
    [
        ("Sub kegiatan", "Beras", "name", "Beras"),
        ("Kode sub kegiatan", "1.06.02.2.01.0001", "code", "1.06.02.2.01.0001"),
        ("Target", "12,5", "target", Decimal("12.5")),
        ("Pagu", "2.000.000", "budget", 2_000_000),
        ("Kelompok sasaran", "Lansia", "target_group", "Lansia"),
        ("Jumlah sasaran", "1.250", "target_beneficiaries", 1250),
        ("Mulai TW", "TW II", "starts_quarter", 2),
        ("Padat karya", "ya", "is_cash_for_work", True),
        ("Jenis unit pelaksana", "Puskesmas", "implementing_unit_kind", "puskesmas"),
        ("Nilai awal", "200", "baseline", 200),
    ],
)
def test_a_changed_cell_changes_its_field_and_nothing_else(activity, operator, column, value, name, stored):
    before = Activity.objects.values().get()
    assert outcomes(applied(sent(operator, {column: value}), operator)) == {"changed": 1}
    after = Activity.objects.values().get()
    assert after[name] == stored
    assert {key for key in after if after[key] != before[key]} == {name, "version"}
    assert after["version"] == 2


def test_an_empty_cell_empties_its_field_but_not_one_that_always_holds_something(activity, operator):
    Activity.objects.update(target_group="Lansia", direction="down", baseline=200, is_cash_for_work=True)
    applied(
        sent(operator, {"Kelompok sasaran": "", "Arah": "", "Padat karya": "", "Program": "", "OPD": ""}), operator
    )
    activity.refresh_from_db()
    assert (activity.target_group, activity.direction, activity.is_cash_for_work) == ("", "down", True)


def test_a_column_that_is_not_there_changes_nothing(activity, operator):
    row = {"Register": activity.ref, "Pagu": "5"}
    assert changes(applied(sheet_of([row]), operator)) == [(2, "Pagu", "Rp\u00a01.000.000", "Rp\u00a05")]
    assert Activity.objects.get().name == "Sembako"


@pytest.mark.parametrize(("column", "value"), [("Tahun", "2027"), ("OPD", "Dinkes")])
def test_year_and_opd_of_a_register_are_fixed(activity, dinkes, secretary, column, value):
    [(_, title, said, reason)] = problems(planned(sent(secretary, {column: value}), secretary))
    assert (title, said) == (column, value)
    assert reason.startswith(f"{activity.ref} adalah sub kegiatan Dinsos tahun 2026, dan itu tetap.")


def test_a_row_moves_to_another_program_of_its_opd(activity, operator):
    second = make.program(activity.program.opd, name="Rehabilitasi", code="1.06.04")
    applied(sent(operator, {"Program": "Rehabilitasi", "Kode program": "1.06.04"}), operator)
    assert Activity.objects.get().program == second


def test_a_row_moves_to_a_program_that_the_file_makes(activity, operator):
    applied(sent(operator, {"Program": "Rehabilitasi", "Kode program": "1.06.04"}), operator)
    assert Activity.objects.get().program.name == "Rehabilitasi"
    assert Activity.objects.get().version == 2


def test_a_program_gets_another_name_by_its_code(activity, operator):
    plan = applied(sent(operator, {"Program": "Jaminan sosial"}), operator)
    assert changes(plan) == [(2, "Program", "Bantuan sosial", "Jaminan sosial")]
    program = Program.objects.get()
    assert (program.name, program.version, Activity.objects.get().version) == ("Jaminan sosial", 2, 1)


def test_a_program_gets_another_code_by_its_name(activity, operator):
    applied(sent(operator, {"Kode program": "1.06.09"}), operator)
    assert Program.objects.get().code == "1.06.09"


def test_what_belongs_to_the_program_is_changed_once(activity, operator):
    make.activity(activity.program, name="Telur")
    applied(sent(operator, *[{"Strategi": "2", "Prioritas RKPD": "2021-1", "PPKE": "ya"}] * 2), operator)
    program = Program.objects.get()
    assert (program.strategy.number, program.priority.code, program.is_extreme_poverty) == (2, "2021-1", True)
    assert program.version == 2


def test_one_row_alone_does_not_change_the_program_of_two(activity, operator):
    make.activity(activity.program, name="Telur")
    [(line, column, *_)] = problems(planned(sent(operator, {"Strategi": "2"}), operator))
    assert (line, column) == (3, "Strategi")


def test_a_change_of_a_program_says_for_how_many_it_holds(activity, operator):
    make.activity(activity.program, name="Telur")
    assert planned(sent(operator, *[{"Strategi": "2"}] * 2), operator).notes == [
        "Program Bantuan sosial: perubahan Strategi berlaku untuk 2 sub kegiatan di bawahnya."
    ]


def test_an_old_file_that_brings_back_what_somebody_has_changed_says_so(activity, operator):
    content = sent(operator)
    program = activity.program
    program.strategy, program._history_user = make.strategy(3), make.user("sri")
    program.save()
    [note] = planned(content, operator).notes
    moment = values.moment(program.history.first().history_date)
    assert note.endswith(f" Strategi 1 adalah isi lama; sri menggantinya pada {moment}.")


def test_an_emptied_cell_takes_the_partners_away(activity, operator):
    activity.program.partners.add(make.partner())
    content = sent(operator, {"Mitra": ""})
    assert changes(applied(content, operator)) == [(2, "Mitra", "Baznas Lahat", "kosong")]
    assert not Program.objects.get().partners.exists()
    assert outcomes(planned(content, operator)) == {"unchanged": 1}


def test_partners_are_joined_by_bars(activity, operator):
    make.partner("PT Bukit Asam")
    applied(sent(operator, {"Mitra": "PT Bukit Asam | baznas lahat"}), operator)
    assert set(Program.objects.get().partners.all()) == set(Partner.objects.all())
    assert changes(planned(sent(operator, {"Mitra": ""}), operator))[0][1:] == (
        "Mitra",
        "Baznas Lahat | PT Bukit Asam",
        "kosong",
    )


# Places


def test_places_come_and_go(activity, operator):
    jarai = make.location(activity, make.district("16.04.11"))
    applied(sent(operator, {"Lokasi": "Lahat/Desa Makartitama"}), operator)
    [place] = Location.objects.all()
    assert str(place) == "Lahat/Desa Makartitama"
    gone, came = Location.history.get(id=jarai.pk, history_type="-"), place.history.get()
    assert (gone.history_source, came.history_source, came.history_type) == ("kiriman.csv", "kiriman.csv", "+")


@pytest.mark.parametrize("text", ["Jarai", "kec. jarai", "16.04.11", "Kecamatan Jarai"])
def test_a_place_is_known_by_name_and_code(activity, operator, text):
    applied(sent(operator, {"Lokasi": text}), operator)
    assert [str(place) for place in Location.objects.all()] == ["Jarai"]


@pytest.mark.parametrize(
    "text", ["Lahat/Desa Makartitama", "lahat/makartitama", "Desa Makartitama, Kec. Lahat", "16.04.02.2001"]
)
def test_a_village_is_known_with_its_kecamatan(activity, operator, text):
    applied(sent(operator, {"Lokasi": text}), operator)
    assert [str(place) for place in Location.objects.all()] == ["Lahat/Desa Makartitama"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Desa Makartitama", "ditulis tanpa kecamatannya"),
        ("Makartitama", "ditulis tanpa kecamatannya"),
        ("Jarai/Makartitama", "tidak ada di Kecamatan Jarai"),
        ("Atlantis", "Kecamatan “Atlantis” tidak dikenal"),
        ("Jarai | Kabupaten Lahat", "tulis salah satunya"),
    ],
)
def test_a_place_that_is_not_clear_is_refused(activity, operator, text, part):
    [(_, column, value, reason)] = problems(planned(sent(operator, {"Lokasi": text}), operator))
    assert (column, value) == ("Lokasi", text)
    assert part in reason


def test_an_emptied_cell_takes_the_places_away(activity, operator):
    make.location(activity, make.district("16.04.11"))
    plan = applied(sent(operator, {"Lokasi": ""}), operator)
    assert changes(plan) == [(2, "Lokasi", "Jarai", "kosong")]
    assert not Location.objects.exists()


def test_places_are_shown_as_they_were_understood(activity, operator):
    plan = planned(sent(operator, {"Lokasi": "makartitama, kec. lahat | 16.04.11"}), operator)
    assert changes(plan) == [(2, "Lokasi", "kosong", "Jarai | Lahat/Desa Makartitama")]


@pytest.mark.parametrize("text", ["Kab. Lahat, Kec. Jarai", "Kabupaten Lahat Kecamatan Jarai", "Kab. Lahat / Jarai"])
def test_a_kabupaten_with_its_kecamatan_is_not_taken_for_the_whole(activity, operator, text):
    make.location(activity, make.district("16.04.11"))
    assert [column for _, column, *_ in problems(planned(sent(operator, {"Lokasi": text}), operator))] == ["Lokasi"]


def test_the_whole_kabupaten_is_no_place(activity, operator):
    make.location(activity, make.district("16.04.11"))
    applied(sent(operator, {"Lokasi": "Kabupaten Lahat"}), operator)
    assert not Location.objects.exists()


# The rules of the models


@pytest.mark.parametrize(
    ("edit", "column", "part"),
    [
        ({"Arah": "turun"}, "Arah", "nilai awal wajib diisi"),
        ({"Rencana TW I": "25"}, "Rencana TW I", "keempat triwulan"),
        (
            {f"Rencana TW {q}": p for q, p in zip(("I", "II", "III", "IV"), ("50", "40", "75", "100"), strict=True)},
            "Rencana TW I",
            "tidak boleh turun",
        ),
        ({"Rencana TW IV": "101"}, "Rencana TW IV", "100"),
        ({"Target perubahan": "5"}, "Target perubahan", "memerlukan catatan"),
        ({"Target": ""}, "Target", "wajib diisi"),
        ({"Sub kegiatan": "a" * 301}, "Sub kegiatan", "300"),
        ({"Sumber dana": ""}, "Sumber dana", "wajib diisi"),
        ({"Strategi": "4"}, "Strategi", "tidak dikenal"),
        ({"Prioritas RKPD": "2021-9"}, "Prioritas RKPD", "tidak dikenal"),
        ({"PPKE": "mungkin"}, "PPKE", "Tulis ya atau tidak."),
        ({"Arah": "miring"}, "Arah", "Tulis naik"),
        ({"Mitra": "PT Tak Ada"}, "Mitra", "tidak dikenal"),
        ({"Jenis unit pelaksana": "warung"}, "Jenis unit pelaksana", "Tulis salah satu"),
        ({"Register": "2026-0099"}, "Register", "Register ini tidak ada"),
        ({"Pagu": "5", "Versi": "7"}, "Versi", "sekarang versi 1"),
    ],
)
def test_what_a_form_refuses_a_sheet_refuses(activity, operator, edit, column, part):
    found = problems(planned(sent(operator, edit), operator))
    assert [(line, title) for line, title, _, _ in found] == [(2, column)]
    assert part in found[0][3]


def test_a_settled_plan_is_for_the_sekretariat_with_a_reason(activity, operator, secretary):
    make.report(activity, 1, status="verified")
    for edit, column in [({"Pagu": "5"}, "Pagu"), ({"Strategi": "2"}, "Strategi"), ({"Lokasi": "Jarai"}, "Lokasi")]:
        reasoned = edit | {"Alasan perubahan": "APBD Perubahan"}
        assert [(title, reason) for _, title, _, reason in problems(planned(sent(operator, reasoned), operator))] == [
            (column, SECRETARIAT_ONLY)
        ]
        [(_, title, _, reason)] = problems(planned(sent(secretary, edit), secretary))
        assert title in ("Alasan perubahan", "Lokasi")
        assert reason.startswith("Tulis alasan")
        assert outcomes(planned(sent(secretary, reasoned), secretary)) == {"changed": 1}


def test_the_reason_of_a_program_stands_in_its_history(activity, secretary):
    make.report(activity, 1, status="verified")
    applied(sent(secretary, {"Strategi": "2", "Alasan perubahan": "Pemetaan ulang"}), secretary)
    assert Program.objects.get().history.first().history_change_reason == "Pemetaan ulang"


def test_a_start_after_the_first_report_is_refused(activity, operator):
    make.report(activity, 1)
    [(_, column, _, reason)] = problems(planned(sent(operator, {"Mulai TW": "2"}), operator))
    assert (column, reason) == (
        "Mulai TW",
        "Laporan TW I 2026 sudah ada, jadi sub kegiatan ini mulai paling lambat TW I.",
    )


def test_a_register_stands_once(activity, operator):
    [row] = rows_of(PROGRAM, operator)
    assert problems(planned(sheet_of([row, row]), operator)) == [
        (3, "Register", activity.ref, "Register ini sudah ada di baris 2. Hapus salah satunya.")
    ]


def test_nothing_is_written_unless_all_is_well(activity, operator):
    assert outcomes(applied(sheet_of([NEW, NEW | {"Sub kegiatan": "Telur", "Pagu": "x"}]), operator)) == {
        "new": 1,
        "refused": 1,
    }
    assert Activity.objects.count() == 1
    assert Program.objects.count() == 1


def test_the_totals_run_over_the_whole_opd_and_year(activity, operator):
    make.activity(activity.program, name="Telur", budget=500)
    rows = [*rows_of(PROGRAM, operator, activities=Activity.objects.filter(pk=activity.pk)), NEW]
    rows[0]["Pagu"] = "1000100"
    plan = planned(sheet_of(rows), operator)
    [total] = plan.totals
    assert (total.name, total.before, total.difference) == ("Dinsos, 2026", 1_000_500, 1_500_000_100)
    assert plan.totals_of == "Pagu yang berlaku"
