"""What an address asks for: the period when none is named, each filter alone and together, and what is refused."""

import datetime

import pytest
from django.http import Http404

from tests import make
from tests.small_world import TW3, YEAR, small_world
from tracker.progress import groups
from tracker.selection import BadSelection, Selection


def on(day, month, year):
    return datetime.date(year, month, day)


def period_asked(today, **data):
    selection = Selection(data, today=today)
    return selection.year, selection.quarter


class TestDefaultPeriod:
    """The latest ended quarter of a year that has programs."""

    @pytest.mark.parametrize(
        ("today", "expected"),
        [
            (on(1, 1, 2026), (2025, 4)),
            (on(31, 3, 2026), (2025, 4)),  # the last day of a quarter still belongs to it
            (on(1, 4, 2026), (2026, 1)),
            (on(30, 6, 2026), (2026, 1)),
            (on(1, 7, 2026), (2026, 2)),
            (on(30, 9, 2026), (2026, 2)),
            (on(1, 10, 2026), (2026, 3)),
            (on(31, 12, 2026), (2026, 3)),
            (on(1, 1, 2027), (2026, 4)),
            (on(1, 1, 2040), (2026, 4)),
        ],
    )
    def test_is_the_latest_ended_quarter(self, db, today, expected):
        make.program(fiscal_year=2025)
        make.program(fiscal_year=2026)
        assert period_asked(today) == expected

    def test_skips_years_without_programs(self, db):
        make.program(fiscal_year=2023)
        assert period_asked(on(15, 5, 2026)) == (2023, 4)

    def test_is_the_first_quarter_of_the_first_year_while_no_quarter_has_ended(self, db):
        make.program(fiscal_year=2028)
        make.program(fiscal_year=2027)
        assert period_asked(on(15, 5, 2026)) == (2027, 1)
        assert period_asked(on(31, 3, 2027)) == (2027, 1)

    def test_a_year_that_has_only_begun_waits_behind_the_year_before(self, db):
        make.program(fiscal_year=2026)
        make.program(fiscal_year=2027)
        assert period_asked(on(31, 3, 2027)) == (2026, 4)
        assert period_asked(on(1, 4, 2027)) == (2027, 1)

    @pytest.mark.parametrize(
        ("today", "expected"),
        [
            (on(15, 2, 2026), (2026, 1)),
            (on(15, 5, 2026), (2026, 1)),
            (on(15, 11, 2026), (2026, 3)),
        ],
    )
    def test_without_programs_it_is_the_current_year(self, db, today, expected):
        assert period_asked(today) == expected

    def test_a_year_asked_for_shows_its_latest_ended_quarter(self, db):
        make.program(fiscal_year=2025)
        make.program(fiscal_year=2026)
        today = on(15, 8, 2026)
        assert period_asked(today, tahun="2025") == (2025, 4)
        assert period_asked(today, tahun="2026") == (2026, 2)
        assert period_asked(today, tahun="2030") == (2030, 1)

    def test_a_quarter_asked_for_keeps_the_default_year(self, db):
        make.program(fiscal_year=2025)
        make.program(fiscal_year=2026)
        assert period_asked(on(15, 2, 2026), tw="2") == (2025, 2)
        assert period_asked(on(15, 8, 2026), tw="4") == (2026, 4)

    def test_year_and_quarter_asked_for_are_taken(self, db):
        assert period_asked(on(15, 8, 2026), tahun="2024", tw="1") == (2024, 1)

    def test_the_business_date_is_that_of_western_indonesia(self, db):
        assert Selection({}).today == datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))).date()


class TestHasEnded:
    def test_a_quarter_ends_with_its_last_day(self, db):
        asked = {"tahun": "2026", "tw": "3"}
        assert not Selection(asked, today=on(30, 9, 2026)).has_ended
        assert Selection(asked, today=on(1, 10, 2026)).has_ended

    def test_who_has_not_reported_is_called_by_what_is_asked(self, db):
        asked, ended, running = {"tahun": "2026", "tw": "3"}, on(1, 10, 2026), on(30, 9, 2026)
        verified = asked | {"hitung": "terverifikasi"}
        assert Selection(asked, today=ended).missing_words == "belum lapor"
        assert Selection(verified, today=ended).missing_words == "belum terverifikasi"
        assert Selection(asked, today=running).missing_words == "menunggu laporan"
        assert Selection(verified, today=running).missing_words == "menunggu laporan"

    @pytest.mark.parametrize(
        ("quarter", "days", "in_year", "left"),
        [("1", 90, 365, 275), ("2", 181, 365, 184), ("3", 273, 365, 92), ("4", 365, 365, 0)],
    )
    def test_the_share_of_the_year_counts_its_days(self, db, quarter, days, in_year, left):
        selection = Selection({"tahun": "2025", "tw": quarter}, today=on(1, 1, 2026))
        assert selection.elapsed_percent * in_year == days * 100
        assert selection.days_left == left

    def test_a_leap_year_has_one_more(self, db):
        assert Selection({"tahun": "2024", "tw": "1"}).elapsed_percent * 366 == 91 * 100

    def test_of_a_running_quarter_only_what_has_passed_counts(self, db):
        asked = {"tahun": "2025", "tw": "4"}
        assert Selection(asked, today=on(10, 1, 2025)).elapsed_percent * 365 == 10 * 100
        assert Selection(asked, today=on(31, 12, 2024)).elapsed_percent == 0


def chosen(**data) -> list[str]:
    """The names of the sub kegiatan an address chooses at TW III of the small world."""
    selection = Selection(TW3 | data, today=on(1, 11, 2025))
    names = [row.facts.name for row in selection.progress.rows()]
    assert sorted(activity.name for activity in selection.listed) == sorted(names), "page and file choose alike"
    return sorted(names)


EVERYTHING = ["Bedah rumah", "Gizi balita", "Imunisasi", "Pasar murah", "Rabat beton", "Sembako"]


class TestEachFilter:
    @pytest.fixture(autouse=True)
    def world(self, db):
        return small_world()

    def test_none_chooses_the_whole_year(self):
        assert chosen() == EVERYTHING

    def test_tahun(self):
        assert chosen(tahun="2024") == []

    def test_opd(self, world):
        assert chosen(opd=str(world.dinkes.pk)) == ["Gizi balita", "Imunisasi"]

    def test_an_opd_without_programs_is_an_empty_answer(self):
        assert chosen(opd=str(make.opd("Perkim").pk)) == []

    def test_strategi(self):
        assert chosen(strategi="1") == ["Bedah rumah", "Pasar murah", "Sembako"]
        assert chosen(strategi="3") == []
        assert chosen(strategi="-") == ["Rabat beton"]

    def test_prioritas(self):
        assert chosen(prioritas="2021-2") == ["Gizi balita", "Imunisasi"]
        assert chosen(prioritas="2021-4") == []
        assert chosen(prioritas="-") == ["Rabat beton"]

    def test_prioritas_of_another_year_is_another_priority(self):
        make.priority(2024, 1)
        assert chosen(prioritas="2024-1") == []

    def test_rkpd(self, world):
        world.health.priority = make.priority(2024, 1)
        world.health.save()
        assert chosen(rkpd="2024") == ["Gizi balita", "Imunisasi"]
        assert chosen(rkpd="2021") == ["Bedah rumah", "Pasar murah", "Sembako"]

    def test_kecamatan(self):
        assert chosen(kecamatan="16.04.11") == ["Imunisasi", "Sembako"]
        assert chosen(kecamatan="16.04.02") == ["Imunisasi"]
        assert chosen(kecamatan="-") == ["Bedah rumah", "Gizi balita", "Pasar murah", "Rabat beton"]

    def test_two_villages_of_one_kecamatan_do_not_double_a_sub_kegiatan(self, world):
        village = make.village("16.04.11.2001", district=world.jarai)
        make.location(world.sembako, world.jarai, village=village)
        assert chosen(kecamatan="16.04.11") == ["Imunisasi", "Sembako"]
        selection = Selection(TW3 | {"kecamatan": "16.04.11"})
        assert groups.total(selection.progress).figures.budget == 300_000_000

    def test_sumber(self):
        assert chosen(sumber="CSR") == ["Imunisasi"]
        assert chosen(sumber="luar") == ["Imunisasi"]
        assert chosen(sumber="apbd") == [name for name in EVERYTHING if name != "Imunisasi"]
        assert chosen(sumber="DAU") == [name for name in EVERYTHING if name != "Imunisasi"]

    def test_status_is_that_of_the_sub_kegiatan(self):
        assert chosen(status="sesuai") == ["Sembako"]
        assert chosen(status="perhatian") == ["Imunisasi"]
        assert chosen(status="terlambat") == []
        assert chosen(status="belum-lapor") == ["Bedah rumah", "Rabat beton"]

    def test_status_is_that_of_the_quarter(self):
        assert chosen(status="belum-lapor", tw="2") == ["Imunisasi", "Rabat beton", "Sembako"]
        assert chosen(status="terlambat", tw="2") == ["Bedah rumah"]
        assert chosen(status="perhatian", tw="2") == []
        assert chosen(status="belum-lapor", tw="4") == [name for name in EVERYTHING if name != "Pasar murah"]

    def test_hitung_changes_what_counts_and_not_what_is_chosen(self):
        assert chosen(hitung="terverifikasi") == EVERYTHING
        assert chosen(hitung="semua") == EVERYTHING
        assert chosen(hitung="terverifikasi", status="belum-lapor") == ["Bedah rumah", "Imunisasi", "Rabat beton"]

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("sembako", ["Sembako"]),  # sub kegiatan
            ("SEMBAKO", ["Sembako"]),
            ("layanan", ["Gizi balita", "Imunisasi"]),  # program
            ("Dinas Kesehatan", ["Gizi balita", "Imunisasi"]),  # OPD
            ("dinkes", ["Gizi balita", "Imunisasi"]),
            ("rumah sosial", ["Bedah rumah"]),  # every word, wherever it stands
            ("sosial jalan", []),
            ("  sembako  ", ["Sembako"]),
            ("%", []),  # nothing is a wildcard
            ("_", []),
            ("' OR 1=1 --", []),
        ],
    )
    def test_q_finds_every_word_in_the_names(self, words, found):
        assert chosen(q=words) == found

    def test_q_finds_register_and_code(self, world):
        world.sembako.code = "1.06.05.2.01.0001"
        world.sembako.save()
        assert chosen(q=world.concrete.ref) == ["Rabat beton"]
        assert chosen(q="1.06.05.2.01") == ["Sembako"]

    def test_an_empty_filter_is_no_filter(self):
        empty = dict.fromkeys(["opd", "strategi", "prioritas", "rkpd", "kecamatan", "sumber", "status", "q"], "")
        assert chosen(**empty) == EVERYTHING
        assert chosen(q="   ", opd=" ") == EVERYTHING


class TestTogether:
    @pytest.fixture(autouse=True)
    def world(self, db):
        return small_world()

    def test_filters_narrow_each_other(self, world):
        assert chosen(kecamatan="16.04.11", strategi="1") == ["Sembako"]
        assert chosen(kecamatan="16.04.11", strategi="1", sumber="luar") == []
        assert chosen(opd=str(world.dinsos.pk), status="belum-lapor") == ["Bedah rumah"]
        assert chosen(strategi="-", prioritas="-", q="beton") == ["Rabat beton"]
        assert chosen(prioritas="2021-1", rkpd="2021", sumber="apbd", kecamatan="-", status="belum-lapor") == [
            "Bedah rumah"
        ]

    def test_they_choose_before_anything_is_grouped(self):
        """The program's own figures change with the filter: the group is what is left of it."""
        selection = Selection(TW3 | {"kecamatan": "16.04.11", "opd": ""})
        figures = {group.name: group.figures for group in groups.figures_by_program(selection.progress)}
        assert list(figures) == ["Layanan kesehatan", "Bantuan sosial"]
        assert (figures["Bantuan sosial"].budget, figures["Bantuan sosial"].physical) == (100_000_000, 75)

    def test_a_fixed_filter_wins_over_the_one_in_the_address(self):
        selection = Selection(TW3 | {"strategi": "2"}, fixed={"strategi": "1"})
        assert {row.facts.strategy for row in selection.progress.rows()} == {1}


UNKNOWN = [
    ("tahun", "abc"),
    ("tahun", "99999999999"),
    ("tahun", "1999"),
    ("tahun", "2101"),
    ("tahun", "-2025"),
    ("tahun", "2025.0"),
    ("tahun", "２０２５"),
    ("tahun", "٢٠٢٦"),
    ("tahun", "2²"),
    ("tw", "9"),
    ("tw", "0"),
    ("tw", "III"),
    ("tw", "³"),
    ("opd", "abc"),
    ("opd", "999999"),
    ("opd", "9" * 40),
    ("opd", "1 OR 1=1"),
    ("strategi", "x"),
    ("strategi", "4"),
    ("strategi", "--"),
    ("prioritas", "2021"),
    ("prioritas", "2021-9"),
    ("prioritas", "2021-1-1"),
    ("rkpd", "1900"),
    ("rkpd", "-"),
    ("kecamatan", "zz"),
    ("sumber", "xx"),
    ("sumber", "APBD"),
    ("status", "x"),
    ("status", "tidak-dihitung"),
    ("status", "on_track"),
    ("hitung", "x"),
    ("q", "a\0b"),
    ("q", "x" * 201),
    ("opd", "\0"),
    ("kecamatan", "16.04.11\0"),
]


def shown(value):
    return value.encode("unicode_escape").decode()[:20]


@pytest.mark.parametrize(("name", "value"), UNKNOWN, ids=[f"{name}={shown(value)}" for name, value in UNKNOWN])
def test_what_is_not_offered_is_refused_in_a_sentence(db, name, value):
    small_world()
    with pytest.raises(BadSelection) as refused:
        Selection(TW3 | {name: value})
    [sentence] = refused.value.messages
    assert sentence.startswith("Saringan ") and sentence.endswith(".")


def test_every_wrong_filter_is_named_at_once(db):
    with pytest.raises(BadSelection) as refused:
        Selection({"tw": "9", "status": "x", "hitung": "y"})
    assert [sentence.split(" tidak")[0] for sentence in refused.value.messages] == [
        "Saringan Triwulan",
        "Saringan Status",
        "Saringan Yang dihitung",
    ]


def test_a_long_value_is_repeated_only_in_part(db):
    with pytest.raises(BadSelection) as refused:
        Selection({"q": "x" * 100_000})
    assert len(refused.value.messages[0]) < 200


def test_what_the_path_names_and_does_not_exist_is_not_found(db):
    small_world()
    with pytest.raises(Http404):
        Selection(TW3, fixed={"strategi": "9"})


def test_as_many_words_as_fit_are_searched(db):
    small_world()
    assert chosen(q="a " * 100) == [name for name in EVERYTHING if "a" in name.lower()]


class TestLinks:
    def test_a_link_always_names_its_period(self, db):
        make.program(fiscal_year=YEAR)
        assert Selection({}, today=on(1, 11, 2025)).query() == "?tahun=2025&tw=3"

    def test_a_link_keeps_the_other_filters(self, db):
        small_world()
        selection = Selection(TW3 | {"strategi": "1", "q": "bedah rumah", "hitung": "terverifikasi"})
        assert selection.query(strategi=None) == "?tahun=2025&tw=3&hitung=terverifikasi&q=bedah+rumah"
        assert selection.query(tw=4, q="") == "?tahun=2025&tw=4&strategi=1&hitung=terverifikasi"

    def test_other_pages_keep_the_period_and_what_counts_and_nothing_else(self, db):
        small_world()
        selection = Selection(TW3 | {"strategi": "1", "q": "bedah", "hitung": "terverifikasi"})
        assert selection.frame == "?tahun=2025&tw=3&hitung=terverifikasi"
        assert Selection({}).frame == ""
