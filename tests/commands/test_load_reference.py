import csv
import shutil

import pytest

from tests import make
from tests.commands.running import said_by
from tracker import reference_data
from tracker.data_files import DATA_DIR, DataError
from tracker.models import District, Indicator, IndicatorTarget, IndicatorValue, Opd, Strategy, Village

pytestmark = pytest.mark.django_db

EVERY_KIND = [
    "Strategi",
    "Prioritas RKPD",
    "OPD",
    "Sumber dana",
    "Kategori kendala",
    "Predikat kinerja",
    "Kecamatan",
    "Desa/kelurahan",
    "Indikator makro",
    "Nilai indikator",
    "Target indikator",
]


@pytest.fixture
def reference(db):
    reference_data.load()


@pytest.fixture
def own_files(tmp_path):
    """A copy of the data files that a test may spoil."""
    shutil.copytree(DATA_DIR, tmp_path / "data")
    return tmp_path / "data"


def lines_in(file):
    with (DATA_DIR / file).open(encoding="utf-8", newline="") as lines:
        return sum(1 for _ in csv.DictReader(lines))


def test_every_row_of_every_file_is_loaded(reference):
    loaded = {kind.file: kind.model.objects.count() for kind in reference_data.KINDS}
    assert loaded == {kind.file: lines_in(kind.file) for kind in reference_data.KINDS}
    assert (Strategy.objects.count(), District.objects.count()) == (3, 24)


def test_every_file_is_used():
    assert sorted(path.name for path in DATA_DIR.glob("*.csv")) == sorted(kind.file for kind in reference_data.KINDS)


def test_one_line_per_kind_says_what_was_added_and_a_second_run_adds_nothing():
    first, second = said_by("load_reference").splitlines(), said_by("load_reference").splitlines()
    assert first[:-1] == [
        f"{label}: {kind.model.objects.count()} ditambahkan."
        for label, kind in zip(EVERY_KIND, reference_data.KINDS, strict=True)
    ]
    assert second[:-1] == [f"{label}: tidak ada yang baru." for label in EVERY_KIND]
    assert first[-1].startswith("Peran") and second[-1].startswith("Peran sudah ada")


def test_a_second_run_asks_few_questions(reference, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        reference_data.load()


def test_every_row_begins_its_history_with_a_reason(reference):
    for kind in reference_data.KINDS:
        reasons = kind.model.history.values_list("history_type", "history_change_reason")
        assert set(reasons) == {("+", "Data acuan dimuat")}


def test_every_row_says_where_it_comes_from(reference):
    for kind in reference_data.KINDS:
        assert not kind.model.objects.filter(source="").exists()


def test_an_edited_row_stays_edited(reference):
    strategy = Strategy.objects.get(number=2)
    strategy.name = "Menaikkan pendapatan"
    strategy.save()
    reference_data.load()
    assert Strategy.objects.get(number=2).name == "Menaikkan pendapatan"


def test_a_deleted_row_stays_deleted(reference):
    Village.objects.order_by("code").first().delete()
    Opd.objects.get(short_name="Setwan").delete()
    count = Village.objects.count()
    reference_data.load()
    assert Village.objects.count() == count
    assert not Opd.objects.filter(short_name="Setwan").exists()


def test_a_renamed_opd_is_not_added_again(reference):
    opd = Opd.objects.get(short_name="Dinsos")
    opd.short_name, opd.aliases = "Dinsos PPPA", "Dinsos"
    opd.save()
    count = Opd.objects.count()
    reference_data.load()
    assert Opd.objects.count() == count
    assert not Opd.objects.filter(short_name="Dinsos").exists()


def test_values_of_a_renamed_indicator_are_not_added_again(reference):
    indicator = Indicator.objects.get(name__startswith="Persentase penduduk miskin")
    indicator.name = "Tingkat kemiskinan"
    indicator.save()
    counts = Indicator.objects.count(), IndicatorValue.objects.count()
    reference_data.load()
    assert (Indicator.objects.count(), IndicatorValue.objects.count()) == counts


def test_values_of_a_deleted_indicator_stay_deleted(reference):
    Indicator.objects.get(name__startswith="Persentase penduduk miskin").delete()
    counts = IndicatorValue.objects.count(), IndicatorTarget.objects.count()
    reference_data.load()
    assert (IndicatorValue.objects.count(), IndicatorTarget.objects.count()) == counts


def test_a_row_that_people_entered_first_is_theirs():
    make.opd("Dinsos", name="Dinas Sosial dan Pemberdayaan")
    reference_data.load()
    assert Opd.objects.get(short_name="Dinsos").name == "Dinas Sosial dan Pemberdayaan"


def rewritten(path, line, old, new):
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "line", "old", "new", "explanation"),
    [
        ("villages.csv", 3, "16.04.01,", "16.04.99,", "villages.csv baris 3: district_code “16.04.99” tidak dikenal."),
        ("strategies.csv", 4, "3,", "4,", "strategies.csv baris 4: Hanya ada strategi 1 sampai 3."),
        ("strategies.csv", 3, "2,", "1,", "strategies.csv baris 3: kunci baris ini sudah dipakai baris lain"),
        ("opds.csv", 2, ",yes,", ",ya,", "opds.csv baris 2: kolom is_verified berisi “ya”; tulis yes atau no."),
        ("opds.csv", 2, "badan", "balai", "opds.csv baris 2: "),
        ("opds.csv", 2, "badan", "badan,badan", "opds.csv baris 2: jumlah kolom tidak sama dengan baris judul."),
        ("indicator_values.csv", 2, "17.92", "17,92", "indicator_values.csv baris 2: "),
        ("indicator_values.csv", 2, "17.92", "banyak", "indicator_values.csv baris 2: kolom value: "),
        ("priorities.csv", 1, "name", "nama", "priorities.csv: kolom nama, name tidak dikenal atau tidak ada."),
    ],
)
def test_a_broken_row_is_named_and_nothing_is_loaded(own_files, file, line, old, new, explanation):
    rewritten(own_files / file, line, old, new)
    with pytest.raises(DataError) as refused:
        reference_data.load(own_files)
    assert str(refused.value).startswith(explanation)
    assert not Strategy.objects.exists()


def test_a_missing_file_is_named(own_files):
    (own_files / "opds.csv").unlink()
    with pytest.raises(DataError, match=r"opds\.csv tidak ada"):
        reference_data.load(own_files)
