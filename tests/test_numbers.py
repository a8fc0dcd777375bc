"""Which numbers people may type, and what is refused rather than guessed."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from tests import make
from tracker.models import Activity, Report
from tracker.numbers import QuantityFormField, RupiahFormField, parse_number

ACCEPTED = [
    ("0", "0"),
    ("7", "7"),
    ("1250000", "1250000"),
    ("1.250.000", "1250000"),
    ("1.250", "1250"),
    ("12.345.678.901.234", "12345678901234"),
    ("12,5", "12.5"),
    ("0,125", "0.125"),
    ("1.250,75", "1250.75"),
    ("1250,75", "1250.75"),
    ("0012", "12"),
    ("-3", "-3"),
    ("−3,5", "-3.5"),
    ("Rp 1.250.000", "1250000"),
    ("Rp1.250.000", "1250000"),
    ("Rp. 1.250.000", "1250000"),
    ("rp 500", "500"),
    ("Rp\u00a0500", "500"),
    ("  500\t", "500"),
    ("\u00a0500\u00a0", "500"),
    ("500\r\n", "500"),
    ("9" * 30, "9" * 30),
]
REFUSED = [
    "",
    " ",
    "-",
    "Rp",
    "abc",
    "1.234.56",
    "12.34",
    "0.125",
    "1.2345",
    "0.500",
    "01.250",
    "1234.567",
    "1,234.56",
    "1,234,567",
    "1.250.000,",
    ",5",
    "12,",
    ".500",
    "1_000",
    "1e5",
    "1E5",
    "0x10",
    "NaN",
    "nan",
    "Infinity",
    "-inf",
    "1.5 juta",
    "2 miliar",
    "1 000",
    "1\u00a0000",
    "1'000",
    "50%",
    "5+5",
    "=5",
    "--5",
    "5-",
    "- 5",
    "$ 500",
    "IDR 500",
    "١٢٣",  # Arabic digits
    "१२३",
    "１２３",  # full width
    "²",
    "½",
    "1.250\n000",
    "True",
    "None",
]
HINT = (
    "bukan angka yang dikenal. Tulis misalnya 1.250.000 atau 12,5: "
    "titik untuk ribuan, koma untuk desimal, tanpa kata “juta” atau “miliar”."
)


@pytest.mark.parametrize(("text", "value"), ACCEPTED)
def test_numbers_as_offices_write_them_are_read(text, value):
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", REFUSED)
def test_everything_else_is_refused_with_a_hint(text):
    with pytest.raises(ValidationError) as refusal:
        parse_number(text)
    assert refusal.value.messages == [f"“{text.strip()}” {HINT}"]


def test_a_long_text_is_cut_in_the_hint():
    with pytest.raises(ValidationError) as refusal:
        parse_number("x" * 5000)
    assert refusal.value.messages == [f"“{'x' * 60}” {HINT}"]


@pytest.mark.parametrize("text", [text for text, value in ACCEPTED if len(value) <= 15])
def test_what_is_shown_is_read_back_as_the_same_number(text):
    value = parse_number(text)
    assert parse_number(QuantityFormField().prepare_value(value)) == value


# Rupiah


@pytest.mark.parametrize(
    ("text", "value"), [("1.250.000", 1_250_000), ("Rp 0", 0), ("500,00", 500), ("1250000", 1_250_000), (75, 75)]
)
def test_rupiah_are_whole_numbers(text, value):
    result = RupiahFormField().clean(text)
    assert (result, type(result)) == (value, int)


@pytest.mark.parametrize("text", ["500,5", "0,01"])
def test_rupiah_with_sen_are_refused(text):
    with pytest.raises(ValidationError) as refusal:
        RupiahFormField().clean(text)
    assert refusal.value.messages == ["Rupiah ditulis utuh tanpa sen, misalnya 1.250.000."]


def test_an_empty_box_is_nothing_and_not_zero():
    assert RupiahFormField(required=False).clean("") is None
    assert QuantityFormField(required=False).clean("") is None


# Quantities


@pytest.mark.parametrize(
    ("text", "value"),
    [("12,5", "12.5"), ("0,125", "0.125"), ("12,5000", "12.5"), ("999.999.999.999,999", "999999999999.999")],
)
def test_quantities_are_read_exactly(text, value):
    assert QuantityFormField().clean(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1.000.000.000.000", "-1.000.000.000.000", "9" * 40])
def test_quantities_beyond_fifteen_digits_are_refused(text):
    with pytest.raises(ValidationError) as refusal:
        QuantityFormField().clean(text)
    assert refusal.value.messages == ["Angka ini terlalu besar: paling banyak 12 angka di depan koma."]


@pytest.mark.parametrize("text", ["0,1255", "1,0001"])
def test_quantities_with_four_decimals_are_refused(text):
    with pytest.raises(ValidationError) as refusal:
        QuantityFormField().clean(text)
    assert refusal.value.messages == ["Paling banyak 3 angka di belakang koma."]


# The boxes


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1_250_000, "1.250.000"),
        (Decimal("12.500"), "12,5"),
        (Decimal("0.125"), "0,125"),
        (None, None),
        ("12 juta", "12 juta"),  # what was typed stays for correction
    ],
)
def test_a_box_shows_thousands_points_and_keeps_what_was_typed(value, shown):
    assert QuantityFormField().prepare_value(value) == shown


@pytest.mark.parametrize(
    ("initial", "typed", "has_changed"),
    [
        (1_250_000, "1.250.000", False),
        (1_250_000, "1250000", False),
        (Decimal("12.500"), "12,5", False),
        (None, "", False),
        (1_250_000, "1.250.001", True),
        (0, "", True),
        (None, "0", True),
        (5, "lima", True),
    ],
)
def test_writing_the_same_number_otherwise_is_no_change(initial, typed, has_changed):
    assert QuantityFormField(required=False).has_changed(initial, typed) is has_changed


def test_every_money_and_quantity_box_uses_the_strict_reader():
    fields = [Activity._meta.get_field(name) for name in ("budget", "revised_budget", "target", "baseline", "plan_q1")]
    fields += [Report._meta.get_field(name) for name in ("realised_budget", "realised_output", "physical_percent")]
    assert [type(field.formfield()).__name__ for field in fields] == [
        "RupiahFormField",
        "RupiahFormField",
        "QuantityFormField",
        "QuantityFormField",
        "QuantityFormField",
        "RupiahFormField",
        "QuantityFormField",
        "QuantityFormField",
    ]


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("realised_budget", "-1", "Pastikan nilai ini lebih besar dari atau sama dengan 0."),
        ("realised_output", "-0,5", "Pastikan nilai ini lebih besar dari atau sama dengan 0."),
        ("physical_percent", "100,001", "Pastikan nilai ini lebih kecil dari atau sama dengan 100."),
        (
            "realised_budget",
            "1.000.000.000.000.001",
            "Pastikan nilai ini lebih kecil dari atau sama dengan 1000000000000000.",
        ),
    ],
)
def test_a_form_refuses_what_lies_out_of_bounds_in_indonesian(db, field, text, message):
    report = make.report(make.activity())
    setattr(report, field, Report._meta.get_field(field).formfield().clean(text))
    with pytest.raises(ValidationError) as refusal:
        report.full_clean()
    assert refusal.value.message_dict[field] == [message]
