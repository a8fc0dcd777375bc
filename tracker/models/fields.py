"""The three kinds of number in this project, with the forms people type them into."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from tracker.numbers import QuantityFormField, RupiahFormField

# One quadrillion: far above any district budget, far below what SQLite or a spreadsheet would round.
MOST_RUPIAH = 10**15


class RupiahField(models.BigIntegerField):
    """Money: whole rupiah, never negative."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("validators", [MinValueValidator(0), MaxValueValidator(MOST_RUPIAH)])
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        return name, path, args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": RupiahFormField, **kwargs})


class QuantityField(models.DecimalField):
    """An amount of something: 15 digits, 3 of them decimals, which is what SQLite keeps exactly; never negative."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_digits", 15)
        kwargs.setdefault("decimal_places", 3)
        kwargs.setdefault("validators", [MinValueValidator(Decimal(0))])
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        return name, path, args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": QuantityFormField, **kwargs})


class PercentField(QuantityField):
    """A percentage from 0 to 100."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_digits", 6)
        kwargs.setdefault("validators", [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))])
        super().__init__(*args, **kwargs)
