"""What people call OPDs, places, sources and partners; and what is refused because it may mean another one."""

import pytest

from tests import make
from tracker.imports.names import Names, Unknown


@pytest.fixture
def names(db):
    make.opd("Dinsos", name="Dinas Sosial", code="1.06.0.00.01", aliases="Dinas Sosial dan Naker | DINSOSNAKER")
    make.opd("Dinkes", name="Dinas Kesehatan", aliases="Dinas Sosial dan Naker")
    make.funding_source("DAU", name="Dana Alokasi Umum")
    make.strategy(1, short_name="Beban")
    make.priority(2021, 1, name="Infrastruktur")
    make.obstacle_category("Cuaca")
    lahat = make.district("16.04.02", name="Lahat")
    jarai = make.district("16.04.11", name="Jarai", aliases="Djarai | Jaray")
    for district, code, name, kind in (
        (lahat, "16.04.02.2001", "Makartitama", "desa"),
        (jarai, "16.04.11.2001", "Makartitama", "desa"),
        (lahat, "16.04.02.1001", "Pasar Lama", "kelurahan"),
        (lahat, "16.04.02.1002", "Bandar", "kelurahan"),
        (lahat, "16.04.02.2002", "Bandar", "desa"),
    ):
        make.village(code, name=name, district=district, kind=kind)
    return Names()


def why(ask, text) -> str:
    with pytest.raises(Unknown) as unknown:
        ask(text)
    return str(unknown.value)


@pytest.mark.parametrize(
    "text",
    [
        *("Dinsos", "dinsos", " DINSOS ", "Dinas Sosial", "dinas  sosial", "DINAS\nSOSIAL", "1.06.0.00.01"),
        *("dinsosnaker", "DinsosNaker"),
    ],
)
def test_an_opd_has_a_short_name_a_full_one_others_and_a_code(names, text):
    assert names.opds.get(text).short_name == "Dinsos"


def test_a_name_of_two_opds_is_refused_with_both(names):
    assert why(names.opds.get, "Dinas Sosial dan Naker") == (
        "OPD “Dinas Sosial dan Naker” dapat berarti Dinas Kesehatan dan Dinas Sosial; tulis yang lebih lengkap."
    )


@pytest.mark.parametrize("text", ["Dinas", "Sosial", "Dinsos Lahat", "", "1.06", "x" * 500])
def test_an_opd_is_never_guessed(names, text):
    assert why(names.opds.get, text) == (
        f"OPD “{text[:60]}” tidak dikenal. Tulis nama singkatnya seperti pada berkas unduhan, misalnya Dinsos."
    )


@pytest.mark.parametrize("text", ["DAU", "dau", "Dana Alokasi Umum", "dana alokasi  umum"])
def test_a_source_has_a_code_and_a_name(names, text):
    assert names.funding_sources.get(text).code == "DAU"


@pytest.mark.parametrize("text", ["1", "Strategi 1", "strategi 1", "beban", "Mengurangi beban pengeluaran"])
def test_a_strategy_has_a_number_and_names(names, text):
    assert names.strategies.get(text).number == 1


@pytest.mark.parametrize("text", ["2021-1", "2021-1 Infrastruktur"])
def test_a_priority_has_a_code(names, text):
    assert names.priorities.get(text).code == "2021-1"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        *[(text, ["Jarai"]) for text in ("Jarai", "JARAI", "Kec. Jarai", "kec Jarai", "Kecamatan  Jarai", "16.04.11")],
        *[(text, ["Jarai"]) for text in ("djarai", "Kec. Jaray", "Jarai | jarai", " Jarai ;")],
        *[
            (text, ["Jarai", "Lahat"])
            for text in ("Jarai | Lahat", "Lahat; Jarai", "Jarai\nLahat", "jarai|kec. lahat")
        ],
        *[(text, ["Jarai", "Lahat"]) for text in ("Jarai, Lahat", "Jarai dan Lahat", "Kec. Jarai, Kec. Lahat")],
        *[
            (text, [])
            for text in ("Kabupaten Lahat", "Kab. Lahat", "tingkat kabupaten", "se-Kabupaten", "Kabupaten", "|")
        ],
        *[
            (text, ["Lahat/Desa Makartitama"])
            for text in (
                "Lahat/Desa Makartitama",
                "Lahat/Makartitama",
                "lahat / ds. makartitama",
                "Kec. Lahat/Desa Makartitama",
                "Desa Makartitama, Kec. Lahat",
                "Desa Makartitama Kecamatan Lahat",
                "Ds. Makartitama, Kec. Lahat",
                "Makartitama kec. Lahat",
                "16.04.02.2001",
            )
        ],
        ("Lahat/Kelurahan Bandar", ["Lahat/Kelurahan Bandar"]),
        ("Kel. Bandar, Kec. Lahat", ["Lahat/Kelurahan Bandar"]),
        ("Lahat/Desa Bandar", ["Lahat/Desa Bandar"]),
        ("Jarai/Desa Makartitama | Lahat/Desa Makartitama", ["Jarai/Desa Makartitama", "Lahat/Desa Makartitama"]),
    ],
)
def test_places_are_written_in_many_ways(names, text, places):
    assert sorted(map(shown, names.places_of(text))) == places


def shown(place) -> str:
    district, village = place
    name = make.District.objects.get(pk=district).name
    if village is None:
        return name
    village = make.Village.objects.get(pk=village)
    return f"{name}/{village.kind.capitalize()} {village.name}"


ALONE = (
    "Desa “{}” ditulis tanpa kecamatannya, dan nama desa dapat sama di beberapa kecamatan. "
    "Tulis misalnya Lahat/Desa Makartitama."
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Makartitama", ALONE.format("Makartitama")),
        ("Desa Makartitama", ALONE.format("Desa Makartitama")),
        ("Kel. Pasar Lama", ALONE.format("Kel. Pasar Lama")),
        ("Jarai | Pasar Lama", ALONE.format("Pasar Lama")),
        ("Lahat/Bandar", "“Bandar” di Kecamatan Lahat dapat berarti desa atau kelurahan; tulis yang mana."),
        ("Jarai/Pasar Lama", "“Pasar Lama” tidak ada di Kecamatan Jarai. Periksa ejaan dan kecamatannya."),
        ("Lahat/Desa Pasar Lama", "“Desa Pasar Lama” tidak ada di Kecamatan Lahat. Periksa ejaan dan kecamatannya."),
        ("Atlantis", "Kecamatan “Atlantis” tidak dikenal. Tulis nama kecamatannya seperti pada halaman Kecamatan."),
        ("Jarai | Kab. Lahat", "Lokasi memuat tingkat kabupaten bersama kecamatan; tulis salah satunya saja."),
    ],
)
def test_a_place_that_may_be_another_one_is_refused(names, text, reason):
    assert why(names.places_of, text) == reason


def test_partners_are_joined_by_bars_or_semicolons(names):
    baznas, company = make.partner("Baznas Lahat"), make.partner("PT Bukit Asam, Tbk")
    names = Names()
    for text in (
        "Baznas Lahat | PT Bukit Asam, Tbk",
        "PT BUKIT ASAM, TBK;baznas lahat",
        "baznas lahat\nPT Bukit Asam, Tbk",
    ):
        assert names.partners_of(text) == (baznas.pk, company.pk)
    assert why(names.partners_of, "Baznas Lahat | PT X").startswith("Mitra “PT X” tidak dikenal.")
