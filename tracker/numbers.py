"""How people's numbers are read: one strict parser, and the form fields that use it.

Django's own fields accept "1.234.56", "1_000" and "1e5", and read "0.125" as 125 under Indonesian settings.
"""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from tracker import formats

NUMBER = re.compile(r"(-?)([1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,(\d+))?", re.ASCII)
SPACES = " \u00a0\u202f"


def parse_number(text: str) -> Decimal:
    """Read a number as Indonesian offices write it: "Rp 1.250.000", "12,5", "1250000".

    Thousands points stand in groups of three, the decimal sign is a comma. Raises ValidationError with a hint
    for everything else.
    """
    text = str(text).strip(SPACES + "\t\r\n")
    plain = re.sub(r"^Rp\.?\s*", "", text, flags=re.IGNORECASE).replace("\u2212", "-")
    match = NUMBER.fullmatch(plain)
    if not match:
        raise ValidationError(
            "“%(text)s” bukan angka yang dikenal. Tulis misalnya 1.250.000 atau 12,5: "
            "titik untuk ribuan, koma untuk desimal, tanpa kata “juta” atau “miliar”.",
            code="invalid",
            params={"text": text[:60]},
        )
    sign, whole, fraction = match.groups()
    return Decimal(f"{sign}{whole.replace('.', '')}.{fraction or '0'}")


class NumberInput(forms.TextInput):
    """A text box for numbers: right aligned, with the number pad on a phone."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "class": "number-input", **(attrs or {})})


class NumberFormField(forms.Field):
    """Base of the two number fields: shows thousands points, accepts them back, keeps what was typed on errors."""

    def __init__(self, *, min_value=None, max_value=None, widget=None, **kwargs):
        # The admin hands in its own number widget, which cannot show thousands points.
        super().__init__(widget=NumberInput, **kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, int | Decimal):
            return Decimal(value)
        return parse_number(value)

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else formats.number(value)

    def has_changed(self, initial, data):
        if self.disabled:
            return False
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True


class RupiahFormField(NumberFormField):
    """Whole rupiah; returns int or None."""

    def to_python(self, value):
        number = super().to_python(value)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise ValidationError("Rupiah ditulis utuh tanpa sen, misalnya 1.250.000.", code="invalid")
        return int(number)


class QuantityFormField(NumberFormField):
    """A Decimal within `max_digits` and `decimal_places`, or None."""

    def __init__(self, *, max_digits=15, decimal_places=3, **kwargs):
        self.max_digits, self.decimal_places = max_digits, decimal_places
        super().__init__(**kwargs)

    def to_python(self, value):
        number = super().to_python(value)
        if number is None:
            return None
        whole_digits = self.max_digits - self.decimal_places
        if abs(number) >= 10**whole_digits:
            raise ValidationError(f"Angka ini terlalu besar: paling banyak {whole_digits} angka di depan koma.")
        if number != round(number, self.decimal_places):
            raise ValidationError(f"Paling banyak {self.decimal_places} angka di belakang koma.")
        return number
