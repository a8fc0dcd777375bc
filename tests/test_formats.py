"""How values look to people. Spaces before units are no-break spaces, minus is the minus sign."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from tracker import formats

D, F = Decimal, Fraction


@pytest.mark.parametrize(
    ("value", "places", "result"),
    [
        (F(125, 10), 0, "13"),
        (F(115, 10), 0, "12"),  # not 11: half up, not half to even
        (F(-125, 10), 0, "-13"),
        (D("0.05"), 1, "0.1"),
        (D("0.049999999999999999999"), 1, "0.0"),
        (D("-0.05"), 1, "-0.1"),
        (F(2, 3), 1, "0.7"),
        (F(1, 3), 2, "0.33"),
        (D("2.675"), 2, "2.68"),
        (99.95, 1, "100.0"),  # the float lies a little above
        (0, 1, "0.0"),
        (10**18 + 1, 0, "1000000000000000001"),
        (F(10**17 * 3 + 2, 3), 2, "100000000000000000.67"),
    ],
)
def test_rounding_is_half_up_and_exact(value, places, result):
    assert str(formats.rounded(value, places)) == result


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (None, None, "–"),
        (None, 1, "–"),
        (0, None, "0"),
        (0, 1, "0,0"),
        (7, None, "7"),
        (999, None, "999"),
        (1000, None, "1.000"),
        (1234567, None, "1.234.567"),
        (-1234567, None, "−1.234.567"),
        (D("1234567.5"), None, "1.234.567,5"),
        (D("12.500"), None, "12,5"),
        (D("0.125"), None, "0,125"),
        (D("100.000"), None, "100"),
        (D("1E+3"), None, "1.000"),
        (D("-0.000"), None, "0"),
        (D("-0.5"), None, "−0,5"),
        (D("999999999999.999"), None, "999.999.999.999,999"),
        (F(1, 3), 1, "0,3"),
        (F(-1, 3), 1, "−0,3"),
        (F(-1, 30), 1, "0,0"),
        (D("-0.04"), 1, "0,0"),
        (D("999.95"), 1, "1.000,0"),
        (1234, 2, "1.234,00"),
        (D("12.5"), 0, "13"),
        (F(123456789012345678, 1), 0, "123.456.789.012.345.678"),
    ],
)
def test_numbers_have_thousands_points_and_a_decimal_comma(value, places, text):
    assert formats.number(value, places) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0, "0,0\u00a0%"),
        (F(200, 3), "66,7\u00a0%"),
        (D("64.25"), "64,3\u00a0%"),
        (100, "100,0\u00a0%"),
        (F(123456, 100), "1.234,6\u00a0%"),
        (D("-5.05"), "−5,1\u00a0%"),
    ],
)
def test_percentages_have_one_decimal_and_their_sign(value, text):
    assert formats.percent(value) == text


def test_percentages_of_files_have_two_decimals():
    assert formats.percent(F(200, 3), 2) == "66,67\u00a0%"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (D("4.2"), "+4,2"),
        (D("-26.6"), "−26,6"),
        (0, "0,0"),
        (D("0.04"), "0,0"),
        (D("-0.04"), "0,0"),
        (D("0.05"), "+0,1"),
        (D("-0.05"), "−0,1"),
        (1234, "+1.234,0"),
    ],
)
def test_deviations_bear_their_sign_unless_they_round_to_zero(value, text):
    assert formats.signed(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0, "Rp\u00a00"),
        (75_000, "Rp\u00a075.000"),
        (999_999, "Rp\u00a0999.999"),
        (1_000_000, "Rp\u00a01\u00a0juta"),
        (1_005_000, "Rp\u00a01,01\u00a0juta"),
        (1_250_000, "Rp\u00a01,25\u00a0juta"),
        (620_000_000, "Rp\u00a0620\u00a0juta"),
        (12_345_678, "Rp\u00a012,3\u00a0juta"),
        (1_250_000_000, "Rp\u00a01,25\u00a0miliar"),
        (12_000_000_000, "Rp\u00a012\u00a0miliar"),
        (1_250_000_000_000, "Rp\u00a01,25\u00a0triliun"),
        (1_234_000_000_000_000, "Rp\u00a01.234\u00a0triliun"),
        (-1_250_000, "Rp\u00a0−1,25\u00a0juta"),
    ],
)
def test_rupiah_are_short_enough_to_say_aloud(value, text):
    assert formats.rupiah(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (999_950_000, "Rp\u00a01\u00a0miliar"),
        (999_999_999, "Rp\u00a01\u00a0miliar"),
        (999_999_999_999, "Rp\u00a01\u00a0triliun"),
        (9_999_999, "Rp\u00a010\u00a0juta"),
        (999_900_000, "Rp\u00a0999,9\u00a0juta"),
    ],
)
def test_rupiah_that_round_up_to_the_next_word_use_it(value, text):
    assert formats.rupiah(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0, "0,0"),
        (1_250_000_000, "1,3"),
        (100_000_000, "0,1"),
        (99_999_999, "0,10"),
        (5_000_000, "0,01"),
        (4_999_999, "0,00"),
        (1_234_567_000_000, "1.234,6"),
    ],
)
def test_billions_have_one_decimal_and_two_below_one_hundred_million(value, text):
    assert formats.billions(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (0, "Rp\u00a00"), (1_250_000_000, "Rp\u00a01.250.000.000"), (-5, "Rp\u00a0−5")]
)
def test_full_rupiah_show_every_digit(value, text):
    assert formats.full_rupiah(value) == text


def test_dates_name_their_month():
    assert formats.date(datetime.date(2026, 10, 5)) == "5 Oktober 2026"
    assert formats.short_date(datetime.date(2026, 8, 17)) == "17\u00a0Agu\u00a02026"
    assert (formats.date(None), formats.short_date(None)) == ("–", "–")


def test_every_month_has_its_name():
    dates = [datetime.date(2026, month, 1) for month in range(1, 13)]
    assert [formats.date(day).split()[1] for day in dates] == formats.MONTHS
    assert [formats.short_date(day).split("\u00a0")[1] for day in dates] == formats.SHORT_MONTHS


def test_quarters_are_roman():
    assert [formats.quarter(number) for number in (1, 2, 3, 4)] == ["TW I", "TW II", "TW III", "TW IV"]


def test_quarters_end_with_their_last_day():
    assert [str(formats.quarter_end(2026, number)) for number in (1, 2, 3, 4)] == [
        "2026-03-31",
        "2026-06-30",
        "2026-09-30",
        "2026-12-31",
    ]


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A dan B"),
        (["A", "B", "C"], "A, B, dan C"),
        (["A", "B", "C", "D"], "A, B, C, dan D"),  # "1 lainnya" would be longer than the name
        (["A", "B", "C", "D", "E"], "A, B, C, dan 2 lainnya"),
        (iter("ABCDEF"), "A, B, C, dan 3 lainnya"),
    ],
)
def test_lists_can_be_read_aloud(names, text):
    assert formats.listed(names) == text


@pytest.mark.parametrize(
    ("due_on", "words"),
    [((2026, 10, 12), "2 hari lagi"), ((2026, 10, 10), "hari ini"), ((2026, 10, 7), "lewat 3 hari")],
)
def test_how_far_away_a_due_date_is(due_on, words):
    assert formats.days_to(datetime.date(*due_on), datetime.date(2026, 10, 10)) == words
