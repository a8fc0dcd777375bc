"""The kinds of value in an answer. Each field says in Indonesian what it is, with an example."""

import datetime
from decimal import Decimal

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker import formats

DECIMAL = {"type": "string", "format": "decimal", "pattern": r"^-?\d+(\.\d+)?$"}


class Described:
    def __init__(self, meaning, example, **kwargs):
        self.example = example
        super().__init__(help_text=meaning, read_only=True, **kwargs)


class Text(Described, serializers.CharField):
    """Text that is missing is null, like everything that is missing."""

    def to_representation(self, value):
        return str(value) or None


class Whole(Described, serializers.IntegerField):
    pass


class YesNo(Described, serializers.BooleanField):
    pass


class Day(Described, serializers.DateField):
    pass


class Moment(Described, serializers.DateTimeField):
    pass


class Texts(Described, serializers.ListField):
    """A list of texts; in CSV with bars between."""

    def __init__(self, meaning, example, **kwargs):
        super().__init__(meaning, example, child=serializers.CharField(), **kwargs)


class Word(Described, serializers.ChoiceField):
    """One of a few words."""

    def to_representation(self, value):
        return value or None


@extend_schema_field(DECIMAL)
class Quantity(Described, serializers.Field):
    """A number as it was entered, with all its decimals. As a decimal string: no program rounds it by reading it."""

    def to_representation(self, value):
        value = Decimal(value)
        return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


@extend_schema_field(DECIMAL)
class Percent(Described, serializers.Field):
    """A computed percentage, rounded once, half up, to two decimals, as in the files of the pages."""

    def to_representation(self, value):
        return formats.rounded(value, 2)


class Record(serializers.Serializer):
    """A row of an answer; in CSV its columns, those of a nested one with the name of both."""

    @classmethod
    def example(cls) -> dict:
        return {name: example_of(field) for name, field in cls().fields.items()}

    @property
    def titles(self) -> list[str]:
        found = []
        for name, field in self.fields.items():
            nested = [f"{name}_{title}" for title in field.titles] if isinstance(field, Record) else [name]
            found += nested
        return found

    def line(self, instance) -> list:
        """The row as plain values in the order of `titles`."""
        found = []
        for value in self.to_representation(instance).values():
            found += value.values() if isinstance(value, dict) else [value]
        return found


def example_of(field):
    """What a field holds in the example of its record, as JSON."""
    if isinstance(field, serializers.ListSerializer):
        return [field.child.example()]
    if isinstance(field, Record):
        return field.example()
    return field.example.isoformat() if isinstance(field.example, datetime.date) else field.example
