from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests import make
from tests.commands.running import said_by
from tests.imports.sending import PROGRAM, REPORTS, received, rows_of, sheet_of
from tracker.imports.layout import heading_digest
from tracker.models import Activity, ColumnMapping, ImportBatch, Report


@pytest.fixture
def activity(dinsos):
    make.periods()
    return make.activity(make.program(dinsos), name="Sembako")


@pytest.fixture
def file(tmp_path):
    """Writes a sheet of such rows and gives its path."""

    def write(rows, **options):
        path = tmp_path / "kiriman.csv"
        path.write_bytes(sheet_of(rows, **options))
        return str(path)

    return write


def reported(user, **figures):
    figures = {"Realisasi keluaran": "40", "Realisasi anggaran": "400000", **figures}
    return [row | figures for row in rows_of(REPORTS, user, quarters=[1])]


def imported(path, user, *options, sheet=REPORTS):
    return said_by("import_sheet", path, "--sheet", sheet, "--user", user.username, *options)


def refusal(*args, **options) -> str:
    with pytest.raises(CommandError) as refused:
        imported(*args, **options)
    return str(refused.value)


def test_without_apply_it_tells_and_stores_nothing(activity, operator, file):
    assert imported(file(reported(operator)), operator).splitlines() == [
        "Realisasi anggaran yang tercatat, draf ikut dihitung, Dinsos, TW I 2026: Rp\u00a00 menjadi Rp\u00a0400.000",
        "1 baru, 0 berubah, 0 tidak berubah, 0 ditolak, 0 dilewati.",
        "Belum disimpan. Ulangi dengan --apply untuk menyimpannya.",
    ]
    assert not Report.objects.exists()
    assert not ImportBatch.objects.exists()


def test_with_apply_it_stores_in_the_name_of_the_user(activity, operator, file):
    assert imported(file(reported(operator)), operator, "--apply").splitlines()[-1] == "Disimpan."
    entry = Report.objects.get().history.get()
    assert (entry.history_user, entry.history_source) == (operator, "kiriman.csv")
    assert ImportBatch.objects.get().state == "applied"


def test_every_problem_is_told_with_its_place(activity, operator, file):
    path, out = file(reported(operator, **{"Realisasi anggaran": "1,5 juta", "Fisik": "x"})), StringIO()
    with pytest.raises(CommandError, match="Tidak ada yang disimpan"):
        call_command("import_sheet", path, sheet=REPORTS, user="operator", apply=True, stdout=out)
    said = out.getvalue().splitlines()
    assert said[0].startswith("Baris 2, kolom Realisasi anggaran (“1,5 juta”): “1,5 juta” bukan angka yang dikenal.")
    assert said[1].startswith("Baris 2, kolom Fisik (“x”): ")
    assert said[2:] == ["0 baru, 0 berubah, 0 tidak berubah, 1 ditolak, 0 dilewati."]
    assert not Report.objects.exists()


def test_the_rights_of_the_user_hold(activity, stranger, coordinator, viewer, file):
    path = file(reported(stranger))
    assert refusal(path, stranger, "--apply") == "Tidak ada yang disimpan: perbaiki baris yang ditolak, lalu ulangi."
    for user in (coordinator, viewer):
        assert refusal(path, user).startswith(f"{user.username} tidak berhak mengisi data")


def test_who_is_not_there_or_gone_imports_nothing(activity, operator, file):
    path = file(reported(operator))
    operator.is_active = False
    operator.save()
    assert refusal(path, operator) == "Tidak ada pengguna aktif bernama operator."


def test_a_file_that_is_not_there_or_no_sheet_is_named(operator, tmp_path):
    path = tmp_path / "tidak-ada.xlsx"
    assert refusal(str(path), operator) == f"Berkas {path} tidak ada."
    path.write_bytes(b"%PDF-1.7")
    assert "PDF" in refusal(str(path), operator)


def test_the_other_sheet_is_called_by_its_name(activity, operator, file):
    assert refusal(file(rows_of(PROGRAM, operator)), operator).splitlines()[0] == (
        "Berkas ini lembar program, bukan realisasi."
    )


def test_nothing_to_do_is_said(activity, operator, file):
    assert imported(file(rows_of(PROGRAM, operator)), operator, sheet=PROGRAM).splitlines() == [
        "0 baru, 0 berubah, 1 tidak berubah, 0 ditolak, 0 dilewati.",
        "Tidak ada yang perlu disimpan.",
    ]


# Headings of others


@pytest.fixture
def foreign(activity, file):
    return file([{"Nomor": activity.ref, "Dana": "5000000"}])


def test_unknown_headings_stop_it_with_their_names(foreign, operator):
    said = refusal(foreign, operator, sheet=PROGRAM).splitlines()
    assert said[0] == "Judul kolom ini tidak dikenal: “Nomor” (kolom A) dan “Dana” (kolom B)."
    assert said[-1].startswith("Unggah berkas ini satu kali di halaman Impor")


def remembered(foreign, user, name="Daftar dana"):
    _, proposal = received(Path(foreign).read_bytes(), user, wanted=PROGRAM)
    layout = proposal.layout.as_json() | {"columns": {"0": "ref", "1": "budget"}}
    headings = heading_digest(proposal.headings)
    return ColumnMapping.objects.create(name=name, sheet=PROGRAM, layout=layout, headings=headings, made_by=user)


def test_a_remembered_mapping_reads_them(foreign, operator):
    remembered(foreign, operator)
    imported(foreign, operator, "--apply", sheet=PROGRAM)
    assert Activity.objects.get().budget == 5_000_000


def test_a_mapping_is_chosen_by_its_name(foreign, operator):
    remembered(foreign, operator)
    assert imported(foreign, operator, "--mapping", "Daftar dana", sheet=PROGRAM).splitlines()[-2] == (
        "0 baru, 1 berubah, 0 tidak berubah, 0 ditolak, 0 dilewati."
    )
    assert refusal(foreign, operator, "--mapping", "Lain", sheet=PROGRAM) == (
        "Tidak ada susunan kolom bernama “Lain” untuk lembar ini."
    )


@pytest.mark.parametrize("above", [0, 1, 3])
@pytest.mark.parametrize("options", [(), ("--mapping", "Daftar dana")])
def test_a_mapping_finds_its_headings_wherever_they_stand(activity, file, operator, above, options):
    remembered(file([{"Nomor": activity.ref, "Dana": "5000000"}], above=[["Daftar"], ["Tahun ini"]]), operator)
    path = file([{"Nomor": activity.ref, "Dana": "7000000"}], above=[["Judul"]] * above)
    imported(path, operator, "--apply", *options, sheet=PROGRAM)
    assert Activity.objects.get().budget == 7_000_000


def test_a_mapping_of_other_headings_is_refused(foreign, activity, file, operator):
    remembered(foreign, operator)
    other = file([{"Nomor": activity.ref, "Uang": "5000000"}])
    assert refusal(other, operator, "--mapping", "Daftar dana", sheet=PROGRAM) == (
        "Judul kolom berkas ini berbeda dari susunan “Daftar dana”."
    )
