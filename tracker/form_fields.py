"""The form fields for dates and counts: strict where Django takes what nobody writes here. See also numbers.py."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from tracker.models.constraints import FIRST_YEAR, LAST_YEAR
from tracker.numbers import NumberFormField

DAY = re.compile(r"\d{1,2}-\d{1,2}-\d{4}", re.ASCII)
WHOLE_NUMBER = re.compile(r"\d+", re.ASCII)


class CountFormField(NumberFormField):
    """How many of something, with thousands points; returns int or None."""

    def to_python(self, value):
        number = super().to_python(value)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise ValidationError("Jumlah ditulis utuh tanpa koma, misalnya 1.250.", code="invalid")
        return int(number)


class ShortNumberFormField(forms.IntegerField):
    """A year, a quarter, a place in an order: plain digits. Django also takes 2_026, 2026.0 and Arabic digits."""

    default_error_messages = {"invalid": "Tulis dengan angka 0 sampai 9 saja, tanpa titik, koma, atau spasi."}

    def to_python(self, value):
        if isinstance(value, str) and value.strip() and not WHOLE_NUMBER.fullmatch(value.strip()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class DayFormField(forms.DateField):
    """dd-mm-yyyy in plain digits. Django also takes 2026-12-31, whatever the formats of the language say."""

    default_error_messages = {"invalid": "Tulis tanggal, bulan, dan tahun seperti 31-12-2026."}

    def to_python(self, value):
        if isinstance(value, str) and value.strip() and not DAY.fullmatch(value.strip()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        day = super().to_python(value)
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(f"Tahun pada tanggal harus antara {FIRST_YEAR} dan {LAST_YEAR}.", code="invalid")
        return day


# How the fields of a model are entered, in forms and in sheets.
ENTRY = {
    models.DateField: {"form_class": DayFormField},
    models.PositiveIntegerField: {"form_class": CountFormField},
    models.PositiveSmallIntegerField: {"form_class": ShortNumberFormField},
    models.URLField: {"assume_scheme": "https"},
}
